//! One run of the indexer: first build, nightly delta and resume are the same work.
//!
//! Walk, compare, read what changed, extract, write, and commit once; the steps of a first build are committed on the
//! way, so that a killed one goes on where it was. Killed at any moment, the archive is in the old state or the new.

#[cfg(test)]
mod fault_tests;
mod guards;
mod intake;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem::take;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::batch::FileDone;
use super::diff::{self, Again, Diff, Refused};
use super::owners::Owners;
use super::records::{STALE, file_record, note_unextracted, stale, step_record};
use super::refresh::{self, Refreshed};
use super::report::{FileFailure, Options, Progress, Report, notes_of, parted, path_of};
use super::revision::Revision;
use super::slowest::Slowest;
use super::{dump, roots, tables};
use crate::catalogue::{ArticleRecord, Catalogue, Failure, FileKey, FileRecord};
use crate::corpus;
use crate::date::Moment;
use crate::engine::tantivy::TantivyEngine;
use crate::engine::{Engine, Writer};
use crate::error::Result;
use crate::extract::OwnTables;

/// Brings the index in `folder` up to date with its corpus.
///
/// # Errors
/// The user's own tables have mistakes; another run holds the lock; a root is missing; too much of the corpus is gone; the
/// disk failed; `stop` was set. The archive is as it was before, but for the committed steps of a first build; where the
/// disk failed in what comes after the last commit, it is up to date.
pub fn index(
    folder: &Path,
    paths: &[PathBuf],
    options: &Options,
    stop: &AtomicBool,
    seen: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let began = Instant::now();
    let (tables, version) = tables_of(folder, options)?;
    let before = if options.rebuild { before_rebuild(folder) } else { Catalogue::default() };
    // The roots are looked at before anything is made, so that a wrong path leaves nothing behind.
    let given = roots::roots(paths, &if paths.is_empty() { before.live_roots() } else { Vec::new() })?;
    guards::nothing_to_begin_with(folder, &given, options)?;
    roots::apart(folder, &given)?;
    let engine = TantivyEngine::open_for_writing(folder, &version, options.rebuild, options.wait)?;
    let roots = if given.is_empty() { engine.roots() } else { given };
    roots::apart(folder, &roots)?;
    let walks = diff::Walks::new(folder, &options.corpus);
    let walks = if options.forget.is_empty() { walks.begin(&roots) } else { walks };
    let tables_changed = engine.dictionary().is_some_and(|known| known != version);
    guards::extraction(options, tables_changed)?;
    let old = if options.rebuild { before } else { engine.catalogue()? };
    let mut run = Run::begin(old, paths, options, stop, engine.dictionary().is_none(), walks)?;
    run.report.tables_changed = tables_changed;
    run.salvaged = if options.rebuild { TantivyEngine::salvage_count(folder).unwrap_or(0) } else { 0 };
    run.report.timings.walk = began.elapsed();
    seen(Progress::ToRead(run.diff.tasks.iter().map(|task| task.found.size).sum()));
    if !tables_changed && run.nothing_to_do() {
        let mut report = run.finish_idle();
        // Giving back a large catalogue takes a while, for which nobody need wait; without a thread it is done here.
        let old = run.old;
        let _ = std::thread::Builder::new().spawn(move || drop(old));
        report.timings.total = began.elapsed();
        return Ok(report);
    }
    run.guard_space(TantivyEngine::free_bytes(folder))?;
    run.guard_shrink(run.vanished_articles(), run.articles_before())?;
    run.restored = dump::restored(folder)?;
    run.warn_of_lost_times(folder);
    let takes_all = run.takes_all_times();
    let mut writer = engine.writer()?;
    if let Some(tables) = tables.as_deref().filter(|_| tables_changed) {
        seen(Progress::Refreshing);
        // First of all: whatever is committed from here on bears the version of the new tables.
        run.take_refreshed(&refresh::refresh(&engine, tables, &mut *writer, stop)?);
    }
    run.work(tables.as_deref(), &mut *writer, seen)?;
    seen(Progress::Committing);
    let mut report = run.commit_last(&mut *writer)?;
    if takes_all {
        dump::settle(folder);
    }
    let merging = Instant::now();
    writer.finish()?;
    report.timings.merge = merging.elapsed();
    report.timings.total = began.elapsed();
    Ok(report)
}

/// The tables of a run and their version; a run without extraction has none.
fn tables_of(folder: &Path, options: &Options) -> Result<(Option<OwnTables>, String)> {
    if options.no_extract {
        return Ok((None, tables::NONE.to_owned()));
    }
    let (tables, version) = tables::load(folder, options.actors.as_deref())?;
    Ok((Some(tables), version))
}

/// What a run would do, without doing it: nothing is locked, read or written.
pub fn preview(folder: &Path, paths: &[PathBuf], options: &Options) -> Result<Report> {
    let old = if options.rebuild { before_rebuild(folder) } else { last_catalogue(folder) };
    let (_, version) = tables_of(folder, options)?;
    let is_read = !options.rebuild && TantivyEngine::exists(folder);
    let live = if is_read { Some(TantivyEngine::open(folder)?) } else { None };
    let made_with = live.as_ref().and_then(TantivyEngine::dictionary);
    let tables_changed = made_with.is_some_and(|known| known != version);
    guards::extraction(options, tables_changed)?;
    let never = AtomicBool::new(false);
    let run = Run::begin(old, paths, options, &never, true, diff::Walks::new(folder, &options.corpus))?;
    roots::apart(folder, &run.roots.iter().map(PathBuf::from).collect::<Vec<_>>())?;
    let fresh = run.diff.tasks.iter().filter(|task| task.old.is_none()).count();
    let mut report = run.finish_idle();
    report.new_files = fresh;
    report.changed_files = run.diff.tasks.len() - fresh;
    report.removed = run.vanished_articles() + run.forgotten_articles();
    report.tables_changed = tables_changed;
    report.failures.extend(run.refusals());
    report.warnings.extend(run.obstacles(folder));
    Ok(report)
}

/// How many articles an index has whose first build has not come to its end; `None` for one that is whole, or not there.
pub fn begun(folder: &Path) -> Option<usize> {
    let catalogue = last_catalogue(folder);
    (catalogue.generation > 0 && !catalogue.complete).then(|| catalogue.article_count())
}

/// The catalogue of the live index, if there is one that can be read: its roots and times of ingestion outlive it.
fn last_catalogue(folder: &Path) -> Catalogue {
    TantivyEngine::salvage(folder).unwrap_or_default()
}

/// What a rebuild knows of the live index; of a damaged one its roots, at least, if they can be read.
fn before_rebuild(folder: &Path) -> Catalogue {
    let mut last = last_catalogue(folder);
    if last.roots.is_empty() {
        last.roots = TantivyEngine::salvage_roots(folder);
    }
    last
}

struct Run<'a> {
    old: Catalogue,
    /// All roots by number, those too that are taken out of the index at the end.
    roots: Vec<String>,
    /// The numbers of the roots that are walked.
    walked: Vec<u32>,
    /// The numbers of those that are taken out of the index, or were.
    forgotten: Vec<u32>,
    diff: Diff,
    options: &'a Options,
    stop: &'a AtomicBool,
    first_build: bool,
    report: Report,
    /// The articles of the files read so far by task, each with its number of reading.
    read: HashMap<usize, Vec<(u64, ArticleRecord)>>,
    /// How the reading of each task ended.
    done: BTreeMap<usize, FileDone>,
    /// The articles of each task on which extraction broke down, by their ids.
    unextracted: HashMap<usize, Vec<String>>,
    /// The articles on which it broke down when the tables had changed, and their files.
    stale: Vec<(FileKey, String)>,
    owners: Owners,
    slowest: Slowest,
    /// When articles came in that were in an archive before this one.
    restored: HashMap<String, Moment>,
    /// How many failures the files read so far have.
    failed: usize,
    /// How many articles the index has that a rebuild replaces, where its catalogue cannot be read.
    salvaged: usize,
}

impl<'a> Run<'a> {
    fn begin(
        old: Catalogue,
        paths: &[PathBuf],
        options: &'a Options,
        stop: &'a AtomicBool,
        fresh: bool,
        walks: diff::Walks<'_>,
    ) -> Result<Self> {
        let mut numbered = Catalogue { roots: old.roots.clone(), ..Catalogue::default() };
        if options.rebuild && !paths.is_empty() {
            roots::keep_only(paths, &mut numbered.roots);
        }
        let mut stays = numbered.clone();
        stays.forget_roots(&roots::forgotten(&options.forget, &old.roots)?);
        let (forgotten, roots) = (stays.forgotten_roots(), roots::roots(paths, &stays.live_roots())?);
        if roots.is_empty() {
            return Err(roots::none(options));
        }
        roots::not_both(&roots, &forgotten, &old.roots)?;
        let numbers: Vec<(u32, PathBuf)> =
            roots.into_iter().map(|root| (numbered.root_number(&root.to_string_lossy()), root)).collect();
        let compared =
            if options.rebuild { &Catalogue { roots: numbered.roots.clone(), ..Catalogue::default() } } else { &old };
        let failed = options.retry || old.readers != corpus::VERSION;
        let again = Again { failed, now: options.now };
        let mut diff = diff::compare(&numbers, &forgotten, compared, walks, again)?;
        let report = Report {
            seen: diff.seen,
            unchanged_files: diff.unchanged,
            vanished_files: diff.vanished.len(),
            passed_over: take(&mut diff.passed_over),
            warnings: if options.rebuild { roots::dropped(&old, &numbered.roots) } else { Vec::new() },
            ..Report::default()
        };
        Ok(Self {
            first_build: (fresh || !old.complete) && !options.rebuild,
            walked: numbers.into_iter().map(|(number, _)| number).collect(),
            roots: numbered.roots,
            forgotten,
            diff,
            options,
            stop,
            report,
            read: HashMap::new(),
            done: BTreeMap::new(),
            unextracted: HashMap::new(),
            stale: Vec::new(),
            owners: Owners::default(),
            slowest: Slowest::default(),
            restored: HashMap::new(),
            failed: 0,
            salvaged: 0,
            old,
        })
    }

    /// Whether this run gives their restored times to all articles that have one. A build that goes on leaves alone what
    /// it has committed, which may have been before the times were there; then a rebuild takes them in.
    fn takes_all_times(&self) -> bool {
        let is_late = |article: &ArticleRecord| self.restored.get(&article.id).is_some_and(|at| *at < article.ingested);
        let committed = || self.old.files.values().flat_map(|file| &file.articles);
        self.options.rebuild || self.first_build && !committed().any(is_late)
    }

    /// Whether the catalogue already says all there is to say.
    fn nothing_to_do(&self) -> bool {
        !self.options.rebuild
            && self.old.generation > 0
            && self.old.complete
            && self.old.readers == corpus::VERSION
            && self.diff.tasks.is_empty()
            && self.diff.given_up.is_empty()
            && self.diff.refused.iter().all(|refused| self.is_told(refused))
            && self.diff.vanished.iter().all(|key| self.options.keep_vanished && self.is_marked(key))
            && self.roots_at_end() == self.old.roots
    }

    /// The roots as the last commit names them.
    fn roots_at_end(&self) -> Vec<String> {
        let mut named = Catalogue { roots: self.roots.clone(), ..Catalogue::default() };
        named.forget_roots(&self.forgotten);
        named.roots
    }

    /// The articles of files in folders that were not walked may have lost their ids to articles that are gone now, which
    /// nothing but reading them tells: the next run that walks them does, and a warning says so.
    fn doubt_contested(&self, revision: &mut Revision) -> Option<String> {
        // What is new takes ids; only what goes or changes may give one up.
        let goes = !self.diff.vanished.is_empty() || !self.diff.given_up.is_empty();
        if !goes && self.diff.tasks.iter().all(|task| task.old.is_none()) {
            return None;
        }
        let files = revision.catalogue().files.iter();
        let waiting = files
            .filter(|(key, file)| file.contested && !self.walked.contains(&key.root) && file.size != diff::IN_DOUBT);
        let waiting: Vec<FileKey> = waiting.map(|(key, _)| key.clone()).collect();
        for key in &waiting {
            revision.change(key, |file| file.size = diff::IN_DOUBT);
        }
        let first = waiting.first()?;
        Some(format!(
            "`{}` may have older texts of articles that are gone, in a folder that this run did not read; `chancery index` \
             without a folder reads all of them",
            path_of(&self.roots, first)
        ))
    }

    /// What the walk refused and no run has told yet.
    fn refusals(&self) -> impl Iterator<Item = FileFailure> {
        let fresh = self.diff.refused.iter().filter(|refused| !self.is_told(refused));
        fresh.map(|refused| {
            let failure = Failure { line: None, reason: refused.reason.clone() };
            FileFailure { path: path_of(&self.roots, &refused.key), failure, known: false }
        })
    }

    fn is_told(&self, refused: &Refused) -> bool {
        let told = |file: &FileRecord| file.failures.iter().any(|failure| failure.reason == refused.reason);
        self.old.files.get(&refused.key).is_some_and(told)
    }

    fn is_marked(&self, key: &FileKey) -> bool {
        self.old.files.get(key).is_some_and(|file| file.vanished)
    }

    fn finish_idle(&self) -> Report {
        let mut report = self.report.clone();
        report.articles = self.old.article_count();
        report.quotes = self.old.quote_count();
        (report.embargoed, report.withdrawn) = self.old.held_back();
        (report.failures, report.replaced) = parted(notes_of(&self.old));
        report
    }

    /// Notes in the catalogue what was written again because the tables changed.
    fn take_refreshed(&mut self, refreshed: &Refreshed) {
        self.report.refreshed = refreshed.quotes.len();
        for (key, file) in &mut self.old.files {
            for article in &mut file.articles {
                article.quotes = refreshed.quotes.get(&article.id).copied().unwrap_or(article.quotes);
                if refreshed.broken.contains(&article.id) {
                    article.hash = STALE;
                    self.stale.push((key.clone(), article.id.clone()));
                }
            }
        }
    }

    /// Takes out what is gone and commits the end of the run.
    fn commit_last(mut self, writer: &mut dyn Writer) -> Result<Report> {
        let known = self.old.article_count().max(self.salvaged);
        let files = if self.options.rebuild { BTreeMap::new() } else { take(&mut self.old.files) };
        let mut revision = self.revision(self.old.generation + 1, files, self.roots_at_end(), true);
        self.revise(&mut revision, &self.diff, true);
        self.revise_gone(&mut revision);
        self.owners.settle(&mut revision);
        self.report.warnings.extend(self.doubt_contested(&mut revision));
        let (before, now) = (revision.hashes_before(), revision.hashes_now());
        let mut gone: HashSet<&str> = before.keys().copied().filter(|id| !now.contains_key(id)).collect();
        if !gone.is_empty() {
            // A file that has not changed may have an article of the same id.
            for article in revision.catalogue().files.values().flat_map(FileRecord::indexed) {
                gone.remove(article.id.as_str());
            }
        }
        if self.options.rebuild {
            // It may give every article another id, so only their number tells that a corpus is not there.
            let held = |(embargoed, withdrawn): (usize, usize)| embargoed + withdrawn;
            let held_since = held(revision.catalogue().held_back()).saturating_sub(held(self.old.held_back()));
            self.guard_shrink(known.saturating_sub(now.len() + held_since), known)?;
            self.guard_unreadable(&now)?;
            self.report.warnings.extend(self.other_ids(&now));
        } else {
            let (lost, forgotten) = self.lost(&revision, &gone);
            self.guard_shrink(lost, known.saturating_sub(forgotten))?;
        }
        gone.iter().try_for_each(|id| writer.remove(id))?;
        self.report.removed = gone.len();
        self.report.added = now.keys().filter(|id| !before.contains_key(*id)).count();
        self.report.updated = now.iter().filter(|(id, hash)| before.get(*id).is_some_and(|old| old != *hash)).count();
        self.count_files();
        // Files that other readers failed at were tried again, and the catalogue has to say so.
        let same = self.old.complete
            && self.old.readers == corpus::VERSION
            && revision.is_same()
            && self.roots_at_end() == self.old.roots;
        (self.report.failures, self.report.replaced) = parted(self.notes(&revision));
        self.report.warnings.extend(self.shared_ids(now.len()));
        // What a commit of millions needs is room, and all of this is in the catalogue by now.
        drop((before, now, gone));
        (self.owners, self.read) = Default::default();
        let catalogue = revision.catalogue();
        self.report.articles = catalogue.article_count();
        self.report.quotes = catalogue.quote_count();
        (self.report.embargoed, self.report.withdrawn) = catalogue.held_back();
        if !same || self.options.rebuild || self.report.tables_changed {
            let began = Instant::now();
            writer.commit(catalogue)?;
            self.report.timings.commit += began.elapsed();
            self.report.generation = Some(catalogue.generation);
        }
        Ok(self.report)
    }

    /// Every failure of the corpus, and every article that was replaced. Those that were told before are known, of files
    /// that were not read tonight, or read and found as they were, unless the user asked for them to be tried again.
    fn notes(&self, revision: &Revision) -> Vec<FileFailure> {
        let before = |key: &FileKey| if self.options.rebuild { self.old.files.get(key) } else { revision.before(key) };
        // A build that was stopped has told nothing.
        let told = |key: &FileKey, failure: &Failure| {
            self.old.complete && before(key).is_some_and(|old| old.failures.contains(failure))
        };
        // A file that was read for another reason than its own, as one that shares an id with another, tells nothing new.
        let as_before = |(task, done): (&usize, &FileDone)| match done {
            FileDone::Unreadable(_) | FileDone::Touched => true,
            FileDone::Read { hash, .. } => self.diff.tasks[*task].old.as_ref().is_some_and(|old| old.hash == *hash),
            FileDone::Torn { .. } => false,
        };
        let fresh = self.done.iter().filter(|done| self.options.retry || !as_before(*done));
        let read: HashSet<&FileKey> = fresh.map(|(task, _)| &*self.diff.tasks[*task].key).collect();
        let catalogue = revision.catalogue();
        let files = catalogue.files.iter().flat_map(|(key, file)| file.failures.iter().map(move |_| key));
        let mut notes = notes_of(catalogue);
        for (note, key) in notes.iter_mut().zip(files) {
            note.known = !read.contains(key) && told(key, &note.failure);
        }
        notes
    }

    fn count_files(&mut self) {
        for (task, done) in &self.done {
            match (done, &self.diff.tasks[*task].old) {
                (FileDone::Touched, _) => self.report.unchanged_files += 1,
                (FileDone::Read { hash, .. }, Some(old)) if old.hash == *hash => self.report.unchanged_files += 1,
                (_, Some(_)) => self.report.changed_files += 1,
                (_, None) => self.report.new_files += 1,
            }
        }
    }

    /// Puts the files read so far, and what was read of the one that is being read, in place of their old records. Before
    /// the `last` commit, what a file had and has no more still stands in the index, and in the catalogue.
    fn revise(&self, revision: &mut Revision, diff: &Diff, last: bool) {
        let begun = self.read.keys().filter(|task| !self.done.contains_key(*task));
        for place in self.done.keys().chain(begun) {
            let task = &diff.tasks[*place];
            let (done, read) = (self.done.get(place), self.read.get(place));
            let old = revision.before(&task.key);
            let mut record = match last {
                true => file_record(task, old, done, read, self.options.started),
                false => step_record(task, old, done, read, self.options.started),
            };
            note_unextracted(&mut record, old, self.unextracted.get(place).map_or(&[], Vec::as_slice));
            revision.put(&task.key, record);
        }
        for (key, id) in &self.stale {
            revision.change(key, |file| {
                let stays = file.articles.iter().any(|article| article.id == *id && article.hash == STALE);
                let note = Some(stale(id)).filter(|note| stays && !file.failures.contains(note));
                file.failures.extend(note);
            });
        }
    }

    /// Takes out the files that are gone, and notes what the walk refused.
    fn revise_gone(&self, revision: &mut Revision) {
        for key in &self.diff.vanished {
            if self.options.keep_vanished {
                revision.change(key, |file| file.vanished = true);
            } else {
                revision.remove(key);
            }
        }
        for refused in &self.diff.refused {
            let record = refused.record(revision.before(&refused.key));
            revision.put(&refused.key, record);
        }
    }

    /// A catalogue of these files, about to be changed.
    fn revision(
        &self,
        generation: u64,
        files: BTreeMap<FileKey, FileRecord>,
        roots: Vec<String>,
        complete: bool,
    ) -> Revision {
        let (written, readers) = (Some(self.options.now), corpus::VERSION.to_owned());
        Revision::of(Catalogue { generation, complete, written, readers, roots, files })
    }
}
