//! What a run looks at before it changes an archive: whether the corpus is all there, and the disk large enough.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Run;
use crate::archive::batch::FileDone;
use crate::archive::report::Options;
use crate::archive::revision::{Hashes, Revision, hashes};
use crate::archive::roots;
use crate::article::Standing;
use crate::catalogue::{FileKey, FileRecord};
use crate::engine::tantivy::TantivyEngine;
use crate::error::{Error, Result};

/// A run that would remove more than one article in this many stops and says so.
const SHRINK_GUARD: usize = 10;

/// A build in which one article for so many lost its id warns.
const REPLACED_WARNING: usize = 10;

/// Fewer than this are read one by one where they are told.
const LEAST_REPLACED: usize = 10;

/// How many bytes an index may take for a byte of the files it is made from: what it takes in the end
/// (`docs/performance.md`), and room to merge.
const SPACE_FOR_A_BYTE: u64 = 5;

/// What a run needs on the disk however little changed.
const LEAST_SPACE: u64 = 8 << 20;

/// Sees that there is a corpus to read or an index to forget one of, before anything is made.
pub(super) fn nothing_to_begin_with(folder: &Path, given: &[PathBuf], options: &Options) -> Result<()> {
    match TantivyEngine::exists(folder) {
        false if !options.forget.is_empty() => Err(Error::index_missing(folder)),
        false if given.is_empty() => Err(roots::none(options)),
        _ => Ok(()),
    }
}

/// Sees that a run without extraction does not leave facts that belong to other texts.
pub(super) fn extraction(options: &Options, tables_changed: bool) -> Result<()> {
    if !tables_changed || !options.no_extract {
        return Ok(());
    }
    Err(Error::usage("this index has actors and quotes, which a run without extraction would leave stale")
        .hint("add `--rebuild` for an index without them, or leave out `--no-extract`"))
}

impl Run<'_> {
    /// How many articles stand in files that are gone, other than those that are to be forgotten, or that are not read
    /// any more.
    pub(super) fn vanished_articles(&self) -> usize {
        let vanished = self.diff.vanished.iter().filter(|key| !self.options.keep_vanished && !self.is_forgotten(key));
        let files = vanished.chain(&self.diff.given_up).filter_map(|key| self.old.files.get(key));
        files.map(|file| file.indexed().count()).sum()
    }

    /// How many articles stand in files of folders that are to be forgotten.
    pub(super) fn forgotten_articles(&self) -> usize {
        let forgotten = self.diff.vanished.iter().filter(|key| self.is_forgotten(key));
        let files = forgotten.filter_map(|key| self.old.files.get(key));
        files.map(|file: &FileRecord| file.indexed().count()).sum()
    }

    fn is_forgotten(&self, key: &FileKey) -> bool {
        self.forgotten.contains(&key.root)
    }

    /// How many articles there were, without those that are to be forgotten.
    pub(super) fn articles_before(&self) -> usize {
        self.old.article_count().max(self.salvaged).saturating_sub(self.forgotten_articles())
    }

    /// How many of the articles that are `gone` nobody meant to go, and how many are to be forgotten. Others are held back or
    /// were withdrawn by their sources.
    pub(super) fn lost(&self, revision: &Revision, gone: &HashSet<&str>) -> (usize, usize) {
        if gone.is_empty() {
            return (0, 0);
        }
        let forgotten = revision.changed().filter(|(key, _)| self.is_forgotten(key));
        let forgotten = forgotten.flat_map(|(_, file)| file.indexed()).map(|article| article.id.as_str());
        let forgotten: HashSet<&str> = forgotten.filter(|id| gone.contains(id)).collect();
        let articles = revision.catalogue().files.values().flat_map(|file| &file.articles);
        let held = articles.filter(|article| article.standing != Standing::Usable).map(|article| article.id.as_str());
        let meant: HashSet<&str> = held.filter(|id| gone.contains(id)).chain(forgotten.iter().copied()).collect();
        (gone.len() - meant.len(), forgotten.len())
    }

    /// What would stop this run, in words, as far as can be told without reading a file.
    pub(super) fn obstacles(&self, folder: &Path) -> Vec<String> {
        let busy = if TantivyEngine::is_being_written(folder) {
            Err(Error::busy("another run is writing this index"))
        } else {
            Ok(())
        };
        // A rebuild compares files with none; those that it will not meet are known by their paths.
        let gone = if self.options.rebuild { self.unmet_articles() } else { self.vanished_articles() };
        let shrink = self.guard_shrink(gone, self.articles_before());
        let stops = [busy, self.guard_space(TantivyEngine::free_bytes(folder)), shrink].into_iter();
        stops
            .filter_map(Result::err)
            .map(|error| match error.hint_text() {
                Some(hint) => format!("this would stop the run: {error} ({hint})"),
                None => format!("this would stop the run: {error}"),
            })
            .collect()
    }

    /// How many articles stood in files that a rebuild does not meet.
    fn unmet_articles(&self) -> usize {
        let met: HashSet<(u32, &str)> = self.diff.tasks.iter().map(|task| self.place(&task.key)).collect();
        let unmet = self.old.files.iter().filter(|(key, _)| !met.contains(&self.place(key)));
        unmet.map(|(_, file)| file.indexed().count()).sum()
    }

    /// Warns of a build in which many articles lost their ids: one source may count from one in every file.
    pub(super) fn shared_ids(&self, articles: usize) -> Option<String> {
        let replaced = self.report.replaced.len();
        let whole = self.options.rebuild || !self.old.complete;
        (whole && replaced >= LEAST_REPLACED && replaced * REPLACED_WARNING > articles).then(|| {
            format!(
                "{replaced} articles have the id of a newer one and are not in the index; if they are not older texts of \
                 the same articles, their source gives ids twice (`chancery status --failures` lists them)"
            )
        })
    }

    /// Warns of a rebuild after which most articles go by other ids: notes about them lead nowhere, and they count as new.
    pub(super) fn other_ids(&self, now: &Hashes<'_>) -> Option<String> {
        let before = hashes(self.old.files.values());
        let kept = before.keys().filter(|id| now.contains_key(*id)).count();
        (kept * 2 < before.len() && now.len() * 2 > before.len()).then(|| {
            format!(
                "{} of {} articles have no article of their id any more, so that others count as come in now; did a \
                 folder move? Ids rest on the path inside the first folder, and on the whole path in others",
                before.len() - kept,
                before.len()
            )
        })
    }

    /// Stops before the work if the disk is sure to be too small for it; `free` is unknown on odd file systems.
    pub(super) fn guard_space(&self, free: Option<u64>) -> Result<()> {
        let bytes: u64 = self.diff.tasks.iter().map(|task| task.found.size).sum();
        let needed = LEAST_SPACE + bytes.saturating_mul(SPACE_FOR_A_BYTE);
        match free {
            Some(free) if free < needed && !self.options.allow_low_space => Err(Error::space(needed, free)),
            _ => Ok(()),
        }
    }

    pub(super) fn guard_shrink(&self, gone: usize, total: usize) -> Result<()> {
        let allowed = self.options.allow_shrink || gone * SHRINK_GUARD <= total;
        if allowed { Ok(()) } else { Err(Error::shrink(gone, total)) }
    }

    /// A rebuild has no other source than the files: it must not lose what it could not read. Of a file that nothing is
    /// known of any article may be in it now; one that was read in part, or is refused by a rule, can lose only its own.
    pub(super) fn guard_unreadable(&self, now: &Hashes<'_>) -> Result<()> {
        let of_kind = |kind: fn(&FileDone) -> bool| {
            let done = self.done.iter().filter(move |(_, done)| kind(done));
            done.map(|(task, _)| &*self.diff.tasks[*task].key)
        };
        let refused = |by_system| self.diff.refused.iter().filter(move |one| one.by_system == by_system);
        let unread = of_kind(|done| matches!(done, FileDone::Unreadable(_)));
        let unread = unread.chain(refused(true).map(|refused| &refused.key)).next();
        let in_part = of_kind(|done| matches!(done, FileDone::Torn { .. }));
        let in_part: HashSet<(u32, &str)> =
            in_part.chain(refused(false).map(|refused| &refused.key)).map(|key| self.place(key)).collect();
        let is_lost = |file: &FileRecord| file.indexed().any(|article| !now.contains_key(article.id.as_str()));
        let suspects: Vec<(&FileKey, &FileRecord)> =
            self.old.files.iter().filter(|(key, _)| unread.is_some() || self.lies_in(key, &in_part)).collect();
        let Some((first_lost, _)) = suspects.iter().find(|(_, file)| is_lost(file)) else { return Ok(()) };
        let lost =
            hashes(suspects.iter().map(|(_, file)| *file)).into_keys().filter(|id| !now.contains_key(id)).count();
        if self.options.allow_shrink {
            return Ok(());
        }
        Err(Error::unreadable(lost, &unread.unwrap_or(first_lost).path))
    }

    /// Where a file lies, for comparing it with files of the last index: a rebuild of which no folder was one before tells
    /// them by their paths alone.
    fn place<'k>(&self, key: &'k FileKey) -> (u32, &'k str) {
        let moved = !self.old.roots.iter().any(|root| !root.is_empty() && self.roots.contains(root));
        (if moved { 0 } else { key.root }, key.path.as_str())
    }

    /// Whether a file is one of these places, or lies in a folder that is.
    fn lies_in(&self, key: &FileKey, places: &HashSet<(u32, &str)>) -> bool {
        let (root, path) = self.place(key);
        let mut ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        !places.is_empty() && ends.any(|end| places.contains(&(root, &path[..end])))
    }

    /// Times of ingestion are nowhere but in the catalogue of the index that a rebuild replaces, and in dumps of it.
    pub(super) fn warn_of_lost_times(&mut self, folder: &Path) {
        let are_lost = self.options.rebuild && self.old.generation == 0 && TantivyEngine::exists(folder);
        if are_lost && self.restored.is_empty() {
            self.report.warnings.push(
                "when articles came in cannot be read from the damaged index: all of them count as come in now, unless \
                 you `chancery restore` a dump and rebuild again"
                    .to_owned(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::archive::diff::Walks;
    use crate::catalogue::{ArticleRecord, Catalogue, Failure};
    use crate::date::Moment;

    fn file(ids: &[&str]) -> FileRecord {
        let article = |id: &&str| {
            let (hash, ingested, standing) = ([1; 16], Moment(0), Standing::Usable);
            ArticleRecord { id: (*id).to_owned(), hash, ingested, quotes: 0, standing }
        };
        FileRecord { articles: ids.iter().map(article).collect(), ..FileRecord::default() }
    }

    #[test]
    fn a_rebuild_does_not_lose_what_a_file_had_that_was_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for name in ["a.jsonl", "b.txt"] {
            std::fs::write(root.join(name), "words").unwrap();
        }
        let key = |path: &str| FileKey { root: 0, path: path.to_owned() };
        let files = [(key("a.jsonl"), file(&["x", "y"])), (key("b.txt"), file(&["z"]))].into();
        let roots = vec![root.to_string_lossy().into_owned()];
        let old = Catalogue { generation: 3, complete: true, roots, files, ..Catalogue::default() };
        let options = Options { rebuild: true, ..Options::usual(Moment(0), 0) };
        let stop = AtomicBool::new(false);
        let check = |done: FileDone, now: &[&str], lost: Option<usize>| {
            let walks = Walks::new(Path::new("no index"), &options.corpus);
            let mut run = Run::begin(old.clone(), std::slice::from_ref(&root), &options, &stop, true, walks).unwrap();
            run.done.insert(0, done);
            let now: Hashes<'_> = now.iter().map(|id| (*id, [1; 16])).collect();
            let said = run.guard_unreadable(&now).err().map(|error| error.to_string());
            let expected = lost.map(|lost| {
                format!("{lost} articles of the index are in nothing that could be read; `a.jsonl` could not")
            });
            assert_eq!(said, expected, "{now:?}");
        };
        let torn = || FileDone::Torn { failures: Vec::new() };
        check(torn(), &["x", "y", "z"], None);
        check(torn(), &["x", "z"], Some(1));
        check(torn(), &["x", "y"], None);
        check(FileDone::Unreadable(Failure { line: None, reason: String::new() }), &["x", "y"], Some(1));
        check(FileDone::Read { hash: [0; 16], failures: Vec::new() }, &["x"], None);
    }
}
