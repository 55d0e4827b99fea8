//! What a run looks at before it changes an archive: whether the corpus is all there, and the disk large enough.

use std::path::Path;

use super::Run;
use crate::archive::batch::FileDone;
use crate::archive::revision::{Hashes, hashes};
use crate::catalogue::{FileKey, FileRecord};
use crate::engine::tantivy::TantivyEngine;
use crate::error::{Error, Result};

/// A run that would remove more than one article in this many stops and says so.
const SHRINK_GUARD: usize = 10;

/// How many bytes an index may take for a byte of the files it is made from: what it takes in the end
/// (`docs/performance.md`), and room to merge.
const SPACE_FOR_A_BYTE: u64 = 5;

/// What a run needs on the disk however little changed.
const LEAST_SPACE: u64 = 8 << 20;

impl Run<'_> {
    /// How many articles stand in files that are gone, other than those that are to be forgotten.
    pub(super) fn vanished_articles(&self) -> usize {
        if self.options.keep_vanished {
            return 0;
        }
        let vanished = self.diff.vanished.iter().filter(|key| !self.is_forgotten(key));
        let files = vanished.filter_map(|key| self.old.files.get(key));
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

    /// What would stop this run before it begins.
    pub(super) fn obstacles(&self, folder: &Path) -> Vec<Error> {
        let shrink = self.guard_shrink(self.vanished_articles(), self.old.article_count());
        [self.guard_space(TantivyEngine::free_bytes(folder)), shrink].into_iter().filter_map(Result::err).collect()
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
        let refused = self.diff.refused.iter().map(|(key, _)| &key.path);
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
