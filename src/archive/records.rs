//! What the catalogue keeps of a file, by how its reading ended.

use std::collections::HashSet;

use super::batch::FileDone;
use super::diff::{IN_DOUBT, Task};
use crate::catalogue::{ArticleRecord, Failure, FileRecord};

/// How exact the time stamps of a file system may be, in nanoseconds; a file changed this close to the run is in doubt.
const CLOCK_GRAIN: i64 = 20_000_000;

/// The same for a file system that keeps whole seconds only, or every other one, as a stamp without a fraction tells.
const COARSE_GRAIN: i64 = 2 * SECOND;

const SECOND: i64 = 1_000_000_000;

/// The record of a file that was read in a run that began at `started`, in nanoseconds since 1970; without an end, of
/// one that is being read.
pub fn file_record(
    task: &Task,
    done: Option<&FileDone>,
    read: Option<&Vec<(u64, ArticleRecord)>>,
    started: i64,
) -> FileRecord {
    let grain = if task.found.modified % SECOND == 0 { COARSE_GRAIN } else { CLOCK_GRAIN };
    let in_doubt = task.found.modified >= started - grain;
    let modified = if in_doubt { IN_DOUBT } else { task.found.modified };
    let size = task.found.size;
    let none = FileRecord { size, modified, ..FileRecord::default() };
    let old = || task.old.clone().unwrap_or(none.clone());
    // What was not read to its end, or changed meanwhile, is read again; what is known of it besides stays.
    let in_part = |failures: &[Failure]| {
        let read = articles_in_order(read);
        let ids: HashSet<&str> = read.iter().map(|article| article.id.as_str()).collect();
        let kept = task.old.iter().flat_map(|old| &old.articles).filter(|old| !ids.contains(old.id.as_str()));
        let kept: Vec<ArticleRecord> = kept.cloned().collect();
        let articles = read.into_iter().chain(kept).collect();
        FileRecord { modified: IN_DOUBT, articles, failures: failures.to_vec(), ..none.clone() }
    };
    match done {
        None => in_part(&[]),
        Some(FileDone::Touched) => FileRecord { size, modified, vanished: false, ..old() },
        Some(FileDone::Read { hash, failures }) => {
            FileRecord { hash: *hash, articles: articles_in_order(read), failures: failures.clone(), ..none }
        }
        Some(FileDone::Torn { failures }) => in_part(failures),
        // What cannot be read tonight is not gone; its articles stay, and it is tried again.
        Some(FileDone::Unreadable(failure)) => {
            FileRecord { modified: IN_DOUBT, failures: vec![failure.clone()], ..old() }
        }
    }
}

/// The articles of a file as they stand in it; they come off the conveyor in any order.
fn articles_in_order(read: Option<&Vec<(u64, ArticleRecord)>>) -> Vec<ArticleRecord> {
    let mut read: Vec<&(u64, ArticleRecord)> = read.into_iter().flatten().collect();
    read.sort_unstable_by_key(|(number, _)| *number);
    read.into_iter().map(|(_, record)| record.clone()).collect()
}
