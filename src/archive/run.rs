//! One run of the indexer: first build, nightly delta and resume are the same work.
//!
//! Walk, compare, read what changed, extract, write, and commit once; the steps of a first build are committed on the
//! way, so that a killed one goes on where it was. Killed at any moment, the archive is in the old state or the new.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::batch::{Conveyor, FileDone, Outcome};
use super::diff::{self, Diff, IN_DOUBT, Task};
use super::owners::{Claim, Owners};
use super::{refresh, tables};
use crate::article::Standing;
use crate::catalogue::{ArticleRecord, Catalogue, Failure, FileKey, FileRecord};
use crate::corpus;
use crate::date::Moment;
use crate::engine::tantivy::TantivyEngine;
use crate::engine::{Engine, Writer};
use crate::error::{Error, Result};
use crate::extract::Tables;

/// The steps of a first build are committed after this many articles.
const FIRST_BUILD_STEP: u64 = 20_000;

/// A run that would remove more than one article in this many stops and says so.
const SHRINK_GUARD: usize = 10;

/// How exact the time stamps of a file system may be, in nanoseconds; a file changed this close to the run is in doubt.
const CLOCK_GRAIN: i64 = 20_000_000;

/// What a run is to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// What to read and what to leave out.
    pub corpus: corpus::Options,
    /// Write everything anew, beside the old index, and turn over at the end.
    pub rebuild: bool,
    /// Keep the articles of files that are gone.
    pub keep_vanished: bool,
    /// The folder of the user's own tables; `None` for the one beside the index.
    pub actors: Option<PathBuf>,
    /// Let the archive lose more than a tenth of its articles.
    pub allow_shrink: bool,
    /// How long to wait for another run to end.
    pub wait: Duration,
    /// The present moment, given to articles that are new.
    pub now: Moment,
    /// The same moment in nanoseconds since 1970: files changed after it are in doubt.
    pub started: i64,
}

/// What happens while a run is under way.
#[derive(Debug, Clone, Copy)]
pub enum Progress {
    /// The tables changed: every article of the index is extracted anew.
    Refreshing,
    /// The corpus was walked: so many files have to be read.
    ToRead(usize),
    /// One more file is done.
    File,
    /// Everything is read; the commit is being written.
    Committing,
}

/// A failure with the file it happened in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFailure {
    /// The file inside its corpus root.
    pub path: String,
    /// What went wrong.
    pub failure: Failure,
}

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Files seen.
    pub seen: usize,
    /// Files that were not there before.
    pub new_files: usize,
    /// Files whose bytes changed.
    pub changed_files: usize,
    /// Files that are as they were, by size and time stamp or by their bytes.
    pub unchanged_files: usize,
    /// Files that are gone.
    pub vanished_files: usize,
    /// Files of a sort that no reader is for.
    pub passed_over: usize,
    /// Articles written for the first time.
    pub added: usize,
    /// Articles written again because they changed.
    pub updated: usize,
    /// Articles taken out.
    pub removed: usize,
    /// Articles in the index after the run.
    pub articles: usize,
    /// Quotes in the index after the run.
    pub quotes: u64,
    /// Articles that are held back by an embargo.
    pub embargoed: usize,
    /// Articles that their source has withdrawn.
    pub withdrawn: usize,
    /// Everything that could not be read, in the order of the corpus.
    pub failures: Vec<FileFailure>,
    /// The generation that the run wrote; `None` when there was nothing to write.
    pub generation: Option<u64>,
    /// Whether the actor tables changed since the index was written.
    pub tables_changed: bool,
    /// Articles written again because the tables changed what is found in them.
    pub refreshed: usize,
}

/// Brings the index in `folder` up to date with its corpus.
///
/// # Errors
/// The user's own tables have mistakes; another run holds the lock; a root is missing; too much of the corpus is gone; the disk failed; `stop` was set. In
/// every case the archive is as it was before, but for the committed steps of a first build.
pub fn index(
    folder: &Path,
    paths: &[PathBuf],
    options: &Options,
    stop: &AtomicBool,
    seen: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let tables = tables::load(folder, options.actors.as_deref())?;
    let before = if options.rebuild { before_rebuild(folder, paths) } else { Catalogue::default() };
    // The roots are looked at before anything is made, so that a wrong path leaves nothing behind.
    diff::roots(paths, &before)?;
    let engine = TantivyEngine::open_for_writing(folder, tables.version(), options.rebuild, options.wait)?;
    let tables_changed = engine.dictionary().is_some_and(|version| version != tables.version());
    let old = if options.rebuild { before } else { engine.catalogue()? };
    let mut run = Run::begin(old, paths, options, stop, engine.dictionary().is_none())?;
    run.report.tables_changed = tables_changed;
    seen(Progress::ToRead(run.diff.tasks.len()));
    if !tables_changed && run.nothing_to_do() {
        return Ok(run.finish_idle());
    }
    let mut writer = engine.writer()?;
    run.guard_shrink(run.vanished_articles())?;
    if tables_changed {
        seen(Progress::Refreshing);
        // First of all: whatever is committed from here on bears the version of the new tables.
        run.take_refreshed(&refresh::refresh(&engine, &tables, &mut *writer, stop)?);
    }
    run.work(&tables, &mut *writer, seen)?;
    seen(Progress::Committing);
    let report = run.commit_last(&mut *writer)?;
    writer.finish()?;
    Ok(report)
}

/// What a run would do, without doing it: nothing is locked, read or written.
pub fn preview(folder: &Path, paths: &[PathBuf], options: &Options) -> Result<Report> {
    let old = if options.rebuild { before_rebuild(folder, paths) } else { last_catalogue(folder) };
    let tables = tables::load(folder, options.actors.as_deref())?;
    let live = TantivyEngine::open(folder).ok().filter(|_| !options.rebuild);
    let made_with = live.as_ref().and_then(TantivyEngine::dictionary);
    let never = AtomicBool::new(false);
    let run = Run::begin(old, paths, options, &never, true)?;
    let fresh = run.diff.tasks.iter().filter(|task| task.old.is_none()).count();
    Ok(Report {
        new_files: fresh,
        changed_files: run.diff.tasks.len() - fresh,
        removed: run.vanished_articles(),
        articles: run.old.article_count(),
        quotes: run.old.quote_count(),
        tables_changed: made_with.is_some_and(|version| version != tables.version()),
        ..run.finish_idle()
    })
}

/// The catalogue of the live index, if there is one that can be read: its roots and times of ingestion outlive it.
fn last_catalogue(folder: &Path) -> Catalogue {
    TantivyEngine::salvage(folder).unwrap_or_default()
}

/// What a rebuild knows of the live index: roots count only when no others are given, for they are numbered anew.
fn before_rebuild(folder: &Path, paths: &[PathBuf]) -> Catalogue {
    let last = last_catalogue(folder);
    if paths.is_empty() { last } else { Catalogue { roots: Vec::new(), ..last } }
}

struct Run<'a> {
    old: Catalogue,
    roots: Vec<String>,
    diff: Diff,
    options: &'a Options,
    stop: &'a AtomicBool,
    first_build: bool,
    report: Report,
    /// The articles of the files read so far, by task and then by number of reading.
    read: HashMap<usize, BTreeMap<u64, ArticleRecord>>,
    /// How the reading of each task ended.
    done: BTreeMap<usize, FileDone>,
    owners: Owners,
}

impl<'a> Run<'a> {
    fn begin(
        old: Catalogue,
        paths: &[PathBuf],
        options: &'a Options,
        stop: &'a AtomicBool,
        fresh: bool,
    ) -> Result<Self> {
        let mut numbered = old.clone();
        let roots = diff::roots(paths, &old)?;
        if roots.is_empty() {
            return Err(
                Error::usage("no corpus was given and this index has none yet").hint("run `chancery index PATH`")
            );
        }
        let numbers: Vec<(u32, PathBuf)> =
            roots.into_iter().map(|root| (numbered.root_number(&root.to_string_lossy()), root)).collect();
        let compared =
            if options.rebuild { &Catalogue { roots: numbered.roots.clone(), ..Catalogue::default() } } else { &old };
        let diff = diff::compare(&numbers, compared, &options.corpus)?;
        let report = Report {
            seen: diff.seen,
            unchanged_files: diff.unchanged,
            vanished_files: diff.vanished.len(),
            passed_over: diff.passed_over,
            ..Report::default()
        };
        Ok(Self {
            first_build: fresh && !options.rebuild,
            roots: numbered.roots,
            diff,
            options,
            stop,
            report,
            read: HashMap::new(),
            done: BTreeMap::new(),
            owners: Owners::default(),
            old,
        })
    }

    /// Whether the catalogue already says all there is to say.
    fn nothing_to_do(&self) -> bool {
        let known = |(key, reason): &(FileKey, String)| {
            self.old.files.get(key).is_some_and(|file| file.failures.iter().any(|failure| failure.reason == *reason))
        };
        !self.options.rebuild
            && self.old.generation > 0
            && self.old.complete
            && self.diff.tasks.is_empty()
            && self.diff.refused.iter().all(known)
            && self.diff.vanished.iter().all(|key| self.options.keep_vanished && self.is_marked(key))
            && self.roots == self.old.roots
    }

    fn is_marked(&self, key: &FileKey) -> bool {
        self.old.files.get(key).is_some_and(|file| file.vanished)
    }

    fn finish_idle(&self) -> Report {
        let mut report = self.report.clone();
        report.articles = self.old.article_count();
        report.quotes = self.old.quote_count();
        (report.embargoed, report.withdrawn) = self.old.held_back();
        report.failures = failures_of(&self.old);
        report
    }

    fn vanished_articles(&self) -> usize {
        let count = |key: &FileKey| self.old.files.get(key).map_or(0, |file| file.indexed().count());
        if self.options.keep_vanished { 0 } else { self.diff.vanished.iter().map(count).sum() }
    }

    /// Reads, extracts and writes everything that changed.
    fn work(&mut self, tables: &Tables, writer: &mut dyn Writer, seen: &mut dyn FnMut(Progress)) -> Result<()> {
        let old = std::mem::take(&mut self.old);
        let diff = std::mem::take(&mut self.diff);
        let roots = std::mem::take(&mut self.roots);
        let known = known_articles(&old);
        // A rebuild reads every file there is, so no file holds a claim unread.
        let steady = if self.options.rebuild { HashMap::new() } else { steady_claims(&old, &diff) };
        let conveyor = Conveyor {
            tasks: &diff.tasks,
            roots: &roots,
            known: &known,
            options: &self.options.corpus,
            now: self.options.now,
            rewrite: self.options.rebuild,
            tables,
            pause_every: if self.first_build { FIRST_BUILD_STEP } else { 0 },
            stop: self.stop,
        };
        let mut step = old.generation;
        let result = conveyor.run(&mut |outcome| match outcome {
            Outcome::Pause { .. } => {
                step += 1;
                writer.commit(&self.catalogue(step, &old, &diff, &roots, false))
            }
            Outcome::Put { number, task, hash, stored } => {
                let id = stored.article.id.as_str();
                if self.owners.claim(id, claim(&diff.tasks[task], number), &steady) {
                    writer.put(&stored)?;
                }
                let quotes = u32::try_from(stored.facts.quotes.len()).unwrap_or(u32::MAX);
                let (ingested, standing) = (stored.ingested, Standing::Usable);
                let record = ArticleRecord { id: id.to_owned(), hash, ingested, quotes, standing };
                self.read.entry(task).or_default().insert(number, record);
                Ok(())
            }
            Outcome::Kept { number, task, record } => {
                let wins = self.owners.claim(&record.id, claim(&diff.tasks[task], number), &steady);
                if wins && record.standing != Standing::Usable {
                    writer.remove(&record.id)?;
                }
                self.read.entry(task).or_default().insert(number, record);
                Ok(())
            }
            Outcome::File { task, done } => {
                self.done.insert(task, done);
                seen(Progress::File);
                Ok(())
            }
        });
        drop((known, steady));
        (self.old, self.diff, self.roots) = (Catalogue { generation: step, ..old }, diff, roots);
        result?;
        if self.stop.load(Ordering::Relaxed) { Err(Error::interrupted()) } else { Ok(()) }
    }

    /// Notes in the catalogue what was written again because the tables changed.
    fn take_refreshed(&mut self, quotes: &HashMap<String, u32>) {
        self.report.refreshed = quotes.len();
        for article in self.old.files.values_mut().flat_map(|file| &mut file.articles) {
            article.quotes = quotes.get(&article.id).copied().unwrap_or(article.quotes);
        }
    }

    fn guard_shrink(&self, gone: usize) -> Result<()> {
        let total = self.old.article_count();
        let allowed = self.options.allow_shrink || gone * SHRINK_GUARD <= total;
        if allowed { Ok(()) } else { Err(Error::shrink(gone, total)) }
    }

    /// Takes out what is gone and commits the end of the run.
    fn commit_last(mut self, writer: &mut dyn Writer) -> Result<Report> {
        let mut catalogue = self.catalogue(self.old.generation + 1, &self.old, &self.diff, &self.roots, true);
        self.owners.settle(&mut catalogue);
        let now = article_hashes(&catalogue);
        let before = if self.options.rebuild { HashMap::new() } else { article_hashes(&self.old) };
        let gone: Vec<&str> = before.keys().copied().filter(|id| !now.contains_key(id)).collect();
        // A rebuild may give every article another id, so only their number tells that a corpus is not there.
        let lost = if self.options.rebuild { self.old.article_count().saturating_sub(now.len()) } else { gone.len() };
        self.guard_shrink(lost)?;
        gone.iter().try_for_each(|id| writer.remove(id))?;
        self.report.removed = gone.len();
        self.report.added = now.keys().filter(|id| !before.contains_key(*id)).count();
        self.report.updated = now.iter().filter(|(id, hash)| before.get(*id).is_some_and(|old| old != *hash)).count();
        self.count_files();
        self.report.articles = catalogue.article_count();
        self.report.quotes = catalogue.quote_count();
        (self.report.embargoed, self.report.withdrawn) = catalogue.held_back();
        self.report.failures = failures_of(&catalogue);
        let same = self.old.complete && catalogue.files == self.old.files && catalogue.roots == self.old.roots;
        if !same || self.options.rebuild || self.report.tables_changed {
            writer.commit(&catalogue)?;
            self.report.generation = Some(catalogue.generation);
        }
        Ok(self.report)
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

    /// The catalogue as of now: what was there, with the files done so far in place of their old records.
    fn catalogue(&self, generation: u64, old: &Catalogue, diff: &Diff, roots: &[String], complete: bool) -> Catalogue {
        let mut files = if self.options.rebuild { BTreeMap::new() } else { old.files.clone() };
        for (task, done) in &self.done {
            let task_read = self.read.get(task);
            let task = &diff.tasks[*task];
            files.insert(task.key.clone(), self.file_record(task, done, task_read));
        }
        if complete {
            for key in &diff.vanished {
                if !self.options.keep_vanished {
                    files.remove(key);
                } else if let Some(file) = files.get_mut(key) {
                    file.vanished = true;
                }
            }
            let refused = diff.refused.iter().map(|(key, reason)| (key.clone(), diff::refused_record(reason.clone())));
            files.extend(refused);
        }
        Catalogue { generation, complete, written: Some(self.options.now), roots: roots.to_vec(), files }
    }

    fn file_record(&self, task: &Task, done: &FileDone, read: Option<&BTreeMap<u64, ArticleRecord>>) -> FileRecord {
        let in_doubt = task.found.modified >= self.options.started - CLOCK_GRAIN;
        let modified = if in_doubt { IN_DOUBT } else { task.found.modified };
        let size = task.found.size;
        let none =
            FileRecord { size, modified, hash: [0; 16], articles: Vec::new(), failures: Vec::new(), vanished: false };
        let old = || task.old.clone().unwrap_or(none.clone());
        match done {
            FileDone::Touched => FileRecord { size, modified, vanished: false, ..old() },
            FileDone::Read { hash, failures } => {
                let articles = read.into_iter().flat_map(BTreeMap::values).cloned().collect();
                FileRecord { hash: *hash, articles, failures: failures.clone(), ..none }
            }
            // What cannot be read tonight is not gone; its articles stay, and it is tried again.
            FileDone::Unreadable(failure) => {
                FileRecord { modified: IN_DOUBT, failures: vec![failure.clone()], ..old() }
            }
        }
    }
}

fn claim(task: &Task, number: u64) -> Claim {
    Claim { modified: task.found.modified, file: task.key.clone(), number }
}

fn known_articles(catalogue: &Catalogue) -> HashMap<&str, &ArticleRecord> {
    let articles = catalogue.files.values().flat_map(|file| &file.articles);
    articles.map(|article| (article.id.as_str(), article)).collect()
}

/// The claims of files that are as they were: they hold their ids against older files that come in.
fn steady_claims<'a>(catalogue: &'a Catalogue, diff: &Diff) -> HashMap<&'a str, Claim> {
    let mut moving: HashSet<&FileKey> = diff.tasks.iter().map(|task| &task.key).collect();
    moving.extend(&diff.vanished);
    let steady = catalogue.files.iter().filter(|(key, _)| !diff.tasks.is_empty() && !moving.contains(key));
    let claims = steady.flat_map(|(key, file)| {
        file.articles
            .iter()
            .map(|article| (article.id.as_str(), Claim { modified: file.modified, file: key.clone(), number: 0 }))
    });
    claims.collect()
}

fn article_hashes(catalogue: &Catalogue) -> HashMap<&str, [u8; 16]> {
    let articles = catalogue.files.values().flat_map(FileRecord::indexed);
    articles.map(|article| (article.id.as_str(), article.hash)).collect()
}

/// Every failure of a catalogue with its file; the root is named where there are several.
pub fn failures_of(catalogue: &Catalogue) -> Vec<FileFailure> {
    let path = |key: &FileKey| match catalogue.roots.get(key.root as usize) {
        Some(root) if catalogue.roots.len() > 1 => format!("{root}/{}", key.path),
        _ => key.path.clone(),
    };
    let all = catalogue.files.iter().flat_map(|(key, file)| file.failures.iter().map(move |failure| (key, failure)));
    all.map(|(key, failure)| FileFailure { path: path(key), failure: failure.clone() }).collect()
}
