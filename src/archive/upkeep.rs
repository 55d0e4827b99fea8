//! Looking after what runs leave: going back, making room, and whether one is under way.

use std::path::Path;

use super::journal;
use crate::engine::tantivy::TantivyEngine;
use crate::error::Result;

/// What was freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freed {
    /// Bytes of stores and leftovers.
    pub bytes: u64,
    /// Records of runs.
    pub runs: usize,
}

/// Makes the index before the last rebuild the live one again; the present one stays as what can be gone back to.
///
/// # Errors
/// There is none; it cannot be opened by this program; a run holds the lock.
pub fn rollback(folder: &Path) -> Result<()> {
    TantivyEngine::rollback(folder)
}

/// Removes the index before the last rebuild, what killed runs left, and all but the newest `keep_runs` records.
///
/// # Errors
/// There is no index; a run holds the lock; the disk refused.
pub fn prune(folder: &Path, keep_runs: usize) -> Result<Freed> {
    let bytes = TantivyEngine::prune(folder)?;
    Ok(Freed { bytes, runs: journal::prune(folder, keep_runs)? })
}

/// Whether there is an index to go back to.
pub fn can_roll_back(folder: &Path) -> bool {
    TantivyEngine::has_previous(folder)
}

/// Whether a run is under way.
pub fn is_running(folder: &Path) -> bool {
    TantivyEngine::is_being_written(folder)
}
