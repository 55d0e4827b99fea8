//! What changed in the corpus since the last commit: a walk, compared with the catalogue, without reading a file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::{Catalogue, Failure, FileKey, FileRecord};
use crate::corpus::{self, Found};
use crate::date::Moment;
use crate::error::{Error, Result};

/// The time stamp of a file that was changed while the run that read it was under way: it fits no file, so the next
/// run reads again.
pub const IN_DOUBT: i64 = i64::MIN;

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its name in the catalogue, which every one of its articles refers to.
    pub key: Arc<FileKey>,
    /// Where it is now.
    pub found: Found,
    /// What is known of it.
    pub old: Option<FileRecord>,
}

/// The difference between a corpus and the catalogue of its index.
#[derive(Debug, Default)]
pub struct Diff {
    /// Files that are new, changed, in doubt, or to be tried again; by root and path.
    pub tasks: Vec<Task>,
    /// Files that are as they were.
    pub unchanged: usize,
    /// Files that are gone.
    pub vanished: Vec<FileKey>,
    /// What the walk refused, with the reason.
    pub refused: Vec<(FileKey, String)>,
    /// How many files are of a sort that no reader is for.
    pub passed_over: usize,
    /// How many files were seen in all.
    pub seen: usize,
}

/// Resolves the roots of a run: those given, else those the index was made from, else none.
///
/// # Errors
/// A root that does not exist, or one inside another.
pub fn roots(paths: &[PathBuf], catalogue: &Catalogue) -> Result<Vec<PathBuf>> {
    let given: Vec<PathBuf> =
        if paths.is_empty() { catalogue.roots.iter().map(PathBuf::from).collect() } else { paths.to_vec() };
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in given {
        let real = path
            .canonicalize()
            .map_err(|error| Error::io(&path, error).hint("is a disk not mounted? the index was left as it is"))?;
        if !roots.contains(&real) {
            roots.push(real);
        }
    }
    let all = roots.iter().map(PathBuf::as_path).chain(catalogue.roots.iter().map(Path::new));
    for outer in all {
        if let Some(inner) = roots.iter().find(|inner| *inner != outer && inner.starts_with(outer)) {
            let message = format!("`{}` lies inside `{}`, which is indexed already", inner.display(), outer.display());
            return Err(Error::usage(message).hint("name the outer folder only"));
        }
        if let Some(known) = catalogue.roots.iter().find(|known| {
            Path::new(known) != outer && Path::new(known).starts_with(outer) && roots.iter().any(|root| root == outer)
        }) {
            let message = format!("`{known}` is indexed already and lies inside `{}`", outer.display());
            return Err(Error::usage(message).hint("run `chancery index --rebuild` with the outer folder"));
        }
    }
    Ok(roots)
}

/// What makes a run read a file whose size and time stamp are as they were.
#[derive(Debug, Clone, Copy)]
pub struct Again {
    /// Files with failures are read again: the user asks for it, or the readers are others.
    pub failed: bool,
    /// Embargoes that have ended by this moment let their articles in.
    pub now: Moment,
}

/// Walks the roots and compares what is there with the catalogue.
pub fn compare(
    roots: &[(u32, PathBuf)],
    catalogue: &Catalogue,
    options: &corpus::Options,
    again: Again,
) -> Result<Diff> {
    let mut diff = Diff::default();
    let mut contested = Vec::new();
    for (number, root) in roots {
        // What the catalogue has and the walk met, by its place in memory: names need not be copied to be compared.
        let mut met: Vec<&FileKey> = Vec::new();
        let mut closed = Vec::new();
        // The walk meets files nearly in the order of the catalogue, so the next one is most often the one to look at.
        let mut ahead = catalogue.files.range(FileKey { root: *number, path: String::new() }..).peekable();
        corpus::survey(root, options, &mut |entry| match entry {
            Ok(mut found) => {
                diff.seen += 1;
                let key = FileKey { root: *number, path: std::mem::take(&mut found.relative) };
                if ahead.peek().is_none_or(|(known, _)| **known != key) {
                    ahead = catalogue.files.range(key.clone()..).peekable();
                }
                let old = ahead.next_if(|(known, _)| **known == key);
                met.extend(old.map(|(known, _)| known));
                let old = old.map(|(_, old)| old);
                let same = old.is_some_and(|old| is_unchanged(old, &found, again));
                if same && !old.is_some_and(|old| old.contested) {
                    diff.unchanged += 1;
                    return;
                }
                found.relative.clone_from(&key.path);
                let list = if same { &mut contested } else { &mut diff.tasks };
                list.push(Task { key: Arc::new(key), found, old: old.cloned() });
            }
            Err(refusal) if refusal.by_nature => diff.passed_over += 1,
            Err(refusal) => {
                closed.push(refusal.relative.clone());
                diff.refused.push((FileKey { root: *number, path: refusal.relative }, refusal.reason));
            }
        })?;
        diff.vanished.extend(vanished(catalogue, *number, &met, &closed));
    }
    // An id can only come free when something else changes, or before a build has come to its end.
    if diff.tasks.is_empty() && diff.vanished.is_empty() && catalogue.complete {
        diff.unchanged += contested.len();
    } else {
        diff.tasks.extend(contested);
        diff.tasks.sort_by(|a, b| a.key.cmp(&b.key));
    }
    Ok(diff)
}

/// Size and time stamp as they were, and nothing to be tried again.
fn is_unchanged(old: &FileRecord, found: &Found, again: Again) -> bool {
    let same = old.size == found.size && old.modified == found.modified && !old.vanished;
    let is_tried_again = again.failed && !old.failures.is_empty() || old.is_due(again.now);
    same && !is_tried_again
}

/// The files of a root that the walk did not meet. What lies in a folder that could not be read is not known to be gone.
fn vanished(catalogue: &Catalogue, root: u32, met: &[&FileKey], closed: &[String]) -> Vec<FileKey> {
    let first = FileKey { root, path: String::new() };
    let of_root = || catalogue.files.range(first.clone()..).take_while(|(key, _)| key.root == root);
    if of_root().count() == met.len() {
        return Vec::new();
    }
    let met: HashSet<&FileKey> = met.iter().copied().collect();

    let hidden = |path: &str| {
        closed.iter().any(|folder| {
            path == folder || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let gone = of_root().filter(|(key, _)| !met.contains(key) && !hidden(&key.path));
    gone.map(|(key, _)| key.clone()).collect()
}

/// The record of something the walk refused: no article, one failure.
pub fn refused_record(reason: String) -> FileRecord {
    let failures = vec![Failure { line: None, reason }];
    FileRecord { modified: IN_DOUBT, failures, ..FileRecord::default() }
}
