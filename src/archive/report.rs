//! What a run is told, and what it says it did.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::catalogue::{Catalogue, Failure, FileKey};
use crate::corpus;
use crate::date::Moment;
use crate::facts::Facts;

/// What a run is to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// What to read and what to leave out.
    pub corpus: corpus::Options,
    /// Write everything anew, beside the old index, and turn over at the end.
    pub rebuild: bool,
    /// Keep the articles of files that are gone.
    pub keep_vanished: bool,
    /// Folders of the corpus that are taken out of the index, there or not.
    pub forget: Vec<PathBuf>,
    /// Read files with failures again though they are as they were.
    pub retry: bool,
    /// Look for no actors and no quotes: words and dates only.
    pub no_extract: bool,
    /// The folder of the user's own tables; `None` for the one beside the index.
    pub actors: Option<PathBuf>,
    /// Let the archive lose more than a tenth of its articles.
    pub allow_shrink: bool,
    /// Stop, and change nothing, once more than so many files and lines could not be read.
    pub max_failures: Option<usize>,
    /// Begin even though the disk may be too small for the work.
    pub allow_low_space: bool,
    /// How long to wait for another run to end.
    pub wait: Duration,
    /// After how many bytes of text, at least, a build commits on the way, so that a killed one goes on from there. An
    /// article counts [`ARTICLE_BYTES`] more.
    pub step: u64,
    /// The present moment, given to articles that are new.
    pub now: Moment,
    /// The same moment in nanoseconds since 1970: files changed after it are in doubt.
    pub started: i64,
}

/// A build is committed after this many megabytes of text, at least, which is a minute's work or two. Every commit ends the
/// segments that are being written, and small ones have to be merged.
pub const BUILD_STEP_MB: u64 = 600;

/// What an article costs besides its text, as so many bytes of one.
pub const ARTICLE_BYTES: u64 = 1 << 10;

impl Options {
    /// A run as it is without any option, which begins at `now`; `started` is the same moment in nanoseconds.
    pub fn usual(now: Moment, started: i64) -> Self {
        Self {
            corpus: corpus::Options {
                include: Vec::new(),
                exclude: Vec::new(),
                max_file_bytes: corpus::DEFAULT_MAX_FILE_BYTES,
            },
            rebuild: false,
            keep_vanished: false,
            forget: Vec::new(),
            retry: false,
            no_extract: false,
            actors: None,
            allow_shrink: false,
            max_failures: None,
            allow_low_space: false,
            wait: Duration::ZERO,
            step: BUILD_STEP_MB << 20,
            now,
            started,
        }
    }
}

/// What happens while a run is under way.
#[derive(Debug, Clone, Copy)]
pub enum Progress {
    /// The tables changed: every article of the index is extracted anew.
    Refreshing,
    /// The corpus was walked: so many bytes have to be read.
    ToRead(u64),
    /// One more article is done, with a text of so many bytes.
    Article(u64),
    /// One more file of so many bytes was read.
    File(u64),
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
    /// Whether an earlier run told it, and the file is as it was then or was not read again.
    pub known: bool,
}

impl std::fmt::Display for FileFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.failure.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.failure.reason),
            None => write!(f, "{}: {}", self.path, self.failure.reason),
        }
    }
}

/// How long each stage of a run took. Stages run side by side, so they do not add up to the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Timings {
    /// Walking the corpus and comparing it with the catalogue.
    pub walk: Duration,
    /// Reading files and making articles of them.
    pub read: Duration,
    /// Extraction, all threads together.
    pub extract: Duration,
    /// Making articles ready for the writer, all threads together, and handing them to it.
    pub write: Duration,
    /// Commits, with all that they wait for.
    pub commit: Duration,
    /// Waiting for merges at the end.
    pub merge: Duration,
    /// The whole run.
    pub total: Duration,
}

/// What extraction found in the articles of a run: a fall from run to run tells that a source changed its form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Yield {
    /// Articles that were extracted.
    pub articles: u64,
    /// Bytes of their text.
    pub text_bytes: u64,
    /// How many of them have a date.
    pub dated: u64,
    /// Actors found in them, each once an article.
    pub actors: u64,
    /// Quotes found in them.
    pub quotes: u64,
    /// How many of the quotes have a speaker.
    pub attributed: u64,
}

impl Yield {
    /// Counts one article.
    pub fn count(&mut self, text: &str, dated: bool, facts: &Facts) {
        let attributed = facts.quotes.iter().filter(|quote| !quote.speakers.is_empty()).count();
        self.articles += 1;
        self.text_bytes += text.len() as u64;
        self.dated += u64::from(dated);
        self.actors += facts.actors.len() as u64;
        self.quotes += facts.quotes.len() as u64;
        self.attributed += attributed as u64;
    }
}

/// A file that took long.
#[derive(Debug, Clone, PartialEq)]
pub struct Slow {
    /// The file inside its corpus root.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Reading, extraction, and making its articles ready for the index.
    pub spent: Duration,
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
    /// Files of a sort that no reader is for, by the ending of their names.
    pub passed_over: BTreeMap<String, usize>,
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
    /// The articles that lost their ids to newer ones, in the same order.
    pub replaced: Vec<FileFailure>,
    /// The generation that the run wrote; `None` when there was nothing to write.
    pub generation: Option<u64>,
    /// Whether the actor tables changed since the index was written.
    pub tables_changed: bool,
    /// Articles written again because the tables changed what is found in them.
    pub refreshed: usize,
    /// Bytes of the files that were read.
    pub bytes_read: u64,
    /// What extraction found in the articles of this run.
    pub found: Yield,
    /// How long each stage took.
    pub timings: Timings,
    /// The files that took longest, the slowest first.
    pub slowest: Vec<Slow>,
    /// What deserves a look though nothing failed.
    pub warnings: Vec<String>,
}

impl Report {
    /// The failures that this run met, without those of files it did not read.
    pub fn fresh_failures(&self) -> impl Iterator<Item = &FileFailure> {
        self.failures.iter().filter(|failure| !failure.known)
    }

    /// The articles that lost their ids in this run.
    pub fn fresh_replaced(&self) -> impl Iterator<Item = &FileFailure> {
        self.replaced.iter().filter(|replaced| !replaced.known)
    }

    /// How many failures have the same reason, but for numbers and names in it; the most frequent are not first.
    pub fn reasons(&self) -> BTreeMap<String, u64> {
        let mut reasons = BTreeMap::new();
        for one in &self.failures {
            *reasons.entry(generic(&one.failure.reason)).or_default() += 1;
        }
        reasons
    }
}

/// A reason without what is particular to one file: numbers become `N`, names in backquotes `…`.
fn generic(reason: &str) -> String {
    let mut kept = String::with_capacity(reason.len());
    for (place, part) in reason.split('`').enumerate() {
        if place % 2 == 1 {
            kept.push_str("`…`");
            continue;
        }
        let mut digits = false;
        for letter in part.chars() {
            if !letter.is_ascii_digit() {
                kept.push(letter);
            } else if !digits {
                kept.push('N');
            }
            digits = letter.is_ascii_digit();
        }
    }
    kept
}

/// Parts what is noted of the files of a catalogue: failures, and articles that were replaced.
pub fn parted(notes: Vec<FileFailure>) -> (Vec<FileFailure>, Vec<FileFailure>) {
    notes.into_iter().partition(|note| !note.failure.is_replaced())
}

/// Every failure of a catalogue with its file, and every note on an article that was replaced.
pub fn notes_of(catalogue: &Catalogue) -> Vec<FileFailure> {
    let all = catalogue.files.iter().flat_map(|(key, file)| file.failures.iter().map(move |failure| (key, failure)));
    let path = |key| path_of(&catalogue.roots, key);
    all.map(|(key, failure)| FileFailure { path: path(key), failure: failure.clone(), known: true }).collect()
}

/// What a file is called in a report: its root is named where there are several.
pub fn path_of(roots: &[String], key: &FileKey) -> String {
    match roots.get(key.root as usize) {
        Some(root) if roots.iter().filter(|root| !root.is_empty()).count() > 1 => format!("{root}/{}", key.path),
        _ => key.path.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_without_numbers_and_names() {
        let check = |reason: &str, expected: &str| assert_eq!(generic(reason), expected);
        check("4 bytes are over the limit of 300", "N bytes are over the limit of N");
        check(
            "article `a7` stands also in `b/c.txt`; the newer one is kept",
            "article `…` stands also in `…`; the newer one is kept",
        );
        check("bad JSON: EOF (at byte 12)", "bad JSON: EOF (at byte N)");
        check("", "");
    }
}
