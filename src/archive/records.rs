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

/// What was read of a file, each article with its number of reading.
type ReadSoFar<'a> = Option<&'a Vec<(u64, ArticleRecord)>>;

/// The record of a file that was read in a run that began at `started`, in nanoseconds since 1970, where the catalogue has
/// the record `old`; without an end, of one that is being read.
pub fn file_record(
    task: &Task,
    old: Option<&FileRecord>,
    done: Option<&FileDone>,
    read: ReadSoFar<'_>,
    started: i64,
) -> FileRecord {
    let grain = if task.found.modified % SECOND == 0 { COARSE_GRAIN } else { CLOCK_GRAIN };
    let in_doubt = task.found.modified >= started - grain;
    let modified = task.found.modified;
    let size = if in_doubt { IN_DOUBT } else { task.found.size };
    let none = FileRecord { size, modified, ..FileRecord::default() };
    let kept = || old.cloned().unwrap_or(none.clone());
    match done {
        None => in_part(task, old, &[], read),
        Some(FileDone::Touched) => FileRecord { size, modified, vanished: false, ..kept() },
        Some(FileDone::Read { hash, failures }) => {
            FileRecord { hash: *hash, articles: articles_in_order(read), failures: failures.clone(), ..none }
        }
        Some(FileDone::Torn { failures }) => in_part(task, old, failures, read),
        // What cannot be read tonight is not gone; its articles stay, and it is tried again.
        Some(FileDone::Unreadable(failure)) if read.is_none() => {
            FileRecord { size: IN_DOUBT, failures: vec![failure.clone()], ..kept() }
        }
        Some(FileDone::Unreadable(failure)) => in_part(task, old, std::slice::from_ref(failure), read),
    }
}

/// The same at a commit on the way. An article that the file has no more stands in the index until the last commit; so
/// the record has it too, and the file is read again should the run not get there.
pub fn step_record(
    task: &Task,
    old: Option<&FileRecord>,
    done: Option<&FileDone>,
    read: ReadSoFar<'_>,
    started: i64,
) -> FileRecord {
    if let (Some(FileDone::Read { failures, .. }), Some(before)) = (done, old) {
        let there = ids(read.into_iter().flatten().map(|(_, article)| article));
        if before.indexed().any(|article| !there.contains(article.id.as_str())) {
            return in_part(task, old, failures, read);
        }
    }
    file_record(task, old, done, read, started)
}

/// A file of which only some was read, or that changed meanwhile: what is known of it besides stays, and it is read again.
fn in_part(task: &Task, old: Option<&FileRecord>, failures: &[Failure], read: ReadSoFar<'_>) -> FileRecord {
    let mut articles = articles_in_order(read);
    let there = ids(articles.iter());
    let old = old.into_iter().flat_map(|old| &old.articles);
    let kept: Vec<ArticleRecord> = old.filter(|old| !there.contains(old.id.as_str())).cloned().collect();
    articles.extend(kept);
    let (modified, failures) = (task.found.modified, failures.to_vec());
    FileRecord { size: IN_DOUBT, modified, articles, failures, ..FileRecord::default() }
}

/// The failure of an article on which extraction broke down when its file was read.
pub fn unextracted(id: &str) -> Failure {
    let reason = format!("extraction broke down on article `{id}`, which is not taken in (please report this)");
    Failure { line: None, reason }
}

/// The failure of an article of the index on which extraction broke down when the tables changed.
pub fn stale(id: &str) -> Failure {
    let reason = format!(
        "extraction broke down on article `{id}`, which keeps the actors and quotes it had before the tables changed \
         (please report this; `chancery index --retry` tries again)"
    );
    Failure { line: None, reason }
}

/// The hash of an article whose facts are older than the tables: no text has it, so whoever reads the article extracts it.
pub const STALE: [u8; 16] = [0; 16];

/// Notes in the record of a file on which of its articles extraction broke down, by their ids. What the index has of them
/// from before, by the record `old`, stays.
pub fn note_unextracted(record: &mut FileRecord, old: Option<&FileRecord>, broken: &[String]) {
    for id in broken {
        let mut before = old.into_iter().flat_map(|old| &old.articles);
        if !record.articles.iter().any(|article| article.id == *id) {
            record.articles.extend(before.find(|article| article.id == *id).cloned());
        }
        record.failures.push(unextracted(id));
    }
}

fn ids<'a>(articles: impl Iterator<Item = &'a ArticleRecord>) -> HashSet<&'a str> {
    articles.map(|article| article.id.as_str()).collect()
}

/// The articles of a file as they stand in it; they come off the conveyor in any order.
fn articles_in_order(read: Option<&Vec<(u64, ArticleRecord)>>) -> Vec<ArticleRecord> {
    let mut read: Vec<&(u64, ArticleRecord)> = read.into_iter().flatten().collect();
    read.sort_unstable_by_key(|(number, _)| *number);
    read.into_iter().map(|(_, record)| record.clone()).collect()
}
