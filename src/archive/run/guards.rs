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

    /// How many articles stood in files that a rebuild does not meet. Where none of its folders was one before, they are
    /// told by their paths alone.
    fn unmet_articles(&self) -> usize {
        let moved = !self.old.roots.iter().any(|root| !root.is_empty() && self.roots.contains(root));
        let root = |key: &FileKey| if moved { 0 } else { key.root };
        let met: HashSet<(u32, &str)> =
            self.diff.tasks.iter().map(|task| (root(&task.key), task.key.path.as_str())).collect();
        let unmet = self.old.files.iter().filter(|(key, _)| !met.contains(&(root(key), key.path.as_str())));
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

    /// A rebuild has no other source than the files: it must not lose what it could not read.
    pub(super) fn guard_unreadable(&self, now: &Hashes<'_>) -> Result<()> {
        let unread = self.done.iter().filter(|(_, done)| matches!(done, FileDone::Unreadable(_)));
        let unread = unread.map(|(task, _)| &self.diff.tasks[*task].key.path);
        let refused = self.diff.refused.iter().map(|refused| &refused.key.path);
        let Some(first) = unread.chain(refused).next() else { return Ok(()) };
        let lost = hashes(self.old.files.values()).into_keys().filter(|id| !now.contains_key(id)).count();
        if lost == 0 || self.options.allow_shrink { Ok(()) } else { Err(Error::unreadable(lost, first)) }
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
