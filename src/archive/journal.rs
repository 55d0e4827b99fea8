//! What every run of the indexer leaves behind: one file in `runs/` of the index, for people, scripts and monitors.
//!
//! The file is written when a run begins, as `running`, and again when it ends; one that still says so when no run is under
//! way was killed. The shape is versioned and described in `docs/formats.md`. Nothing in the archive rests on these files:
//! a run whose record cannot be written says so and goes on.

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::report::{Options, Progress, Report, Yield};
use crate::engine::tantivy::TantivyEngine;
use crate::error::{Blame, Error, Result};

/// The folder of the records inside that of the index.
const FOLDER: &str = "runs";

/// Version of the shape of a record.
///
/// History: 1, the first.
pub const VERSION: u32 = 1;

/// How the name of a record ends while it is being written.
const PARTIAL: &str = "part";

/// What is written for longer than this is written by nobody any more.
const LONGEST_WRITE: Duration = Duration::from_secs(3600);

/// How many records are kept; a year of nights, and some by hand.
const MOST_KEPT: usize = 400;

/// How many failures a record lists; all of them are in `chancery status --failures`.
const MOST_LISTED: usize = 100;

/// How many bytes a record has at least while its run is at work: what it takes to say why one failed.
const ROOM: usize = 4096;

/// A run with fewer articles says nothing about what extraction finds in others.
const LEAST_ARTICLES: u64 = 50;

/// What is found in an article may fall to this part of the last run before it is a warning.
const WORST_FALL: f64 = 0.5;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It has not ended, or was killed.
    Running,
    /// Everything was read.
    Clean,
    /// The index is up to date, but for files that could not be read.
    Partial,
    /// It was stopped by the user; the index is as it was, but for the steps of a first build.
    Interrupted,
    /// It failed; the index is as it was, but for the same, or up to date where it failed after its last commit.
    Failed,
}

impl Outcome {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Clean => "clean",
            Self::Partial => "partial",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

/// What is known of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`VERSION`] of the writer.
    pub format_version: u32,
    /// Names the run: when it began, and its process.
    pub id: String,
    /// The program that ran.
    pub program: String,
    /// When it began, UTC.
    pub started: String,
    /// How long it took, in seconds; `None` while it runs.
    pub seconds: Option<f64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed.
    pub error: Option<String>,
    /// Whether everything was written anew.
    pub rebuild: bool,
    /// The generation it wrote; `None` when there was nothing to write.
    pub generation: Option<u64>,
    /// Counts of files, articles and quotes, by name.
    pub counts: BTreeMap<String, u64>,
    /// Failures by reason, numbers and names left out.
    pub reasons: BTreeMap<String, u64>,
    /// The first failures that this run met.
    pub failures: Vec<String>,
    /// The first articles that lost their ids to newer ones in this run; none in records of before there were any.
    #[serde(default)]
    pub replaced: Vec<String>,
    /// What extraction found.
    pub found: Found,
    /// What deserves a look though nothing failed.
    pub warnings: Vec<String>,
    /// Seconds of each stage; stages run side by side.
    pub stages: BTreeMap<String, f64>,
    /// The files that took longest.
    pub slowest: Vec<SlowFile>,
}

/// What extraction found in the articles of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Articles that were extracted.
    pub articles: u64,
    /// Bytes of their text.
    pub text_bytes: u64,
    /// Actors in an article, on average.
    pub actors: f64,
    /// Quotes in an article, on average.
    pub quotes: f64,
    /// The part of quotes that has a speaker.
    pub attributed: f64,
    /// The part of articles that has a date.
    pub dated: f64,
}

/// A file that took long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlowFile {
    /// The file inside its corpus root.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Reading, extraction, and making its articles ready for the index.
    pub seconds: f64,
}

impl From<Yield> for Found {
    fn from(found: Yield) -> Self {
        let part = |count: u64, of: u64| if of == 0 { 0.0 } else { rounded(count as f64 / of as f64) };
        Self {
            articles: found.articles,
            text_bytes: found.text_bytes,
            actors: part(found.actors, found.articles),
            quotes: part(found.quotes, found.articles),
            attributed: part(found.attributed, found.quotes),
            dated: part(found.dated, found.articles),
        }
    }
}

impl Found {
    /// What fell against an earlier run; nothing when either had few articles, and of actors and quotes nothing when none
    /// were looked for, which `extracted` tells.
    fn falls(&self, earlier: &Self, extracted: bool) -> Vec<String> {
        if self.articles < LEAST_ARTICLES || earlier.articles < LEAST_ARTICLES {
            return Vec::new();
        }
        let rates = [
            ("actors in an article", self.actors, earlier.actors),
            ("quotes in an article", self.quotes, earlier.quotes),
            ("quotes with a speaker", self.attributed, earlier.attributed),
            ("articles with a date", self.dated, earlier.dated),
        ];
        let rates = if extracted { &rates[..] } else { &rates[3..] };
        let fell = rates.iter().filter(|(_, now, before)| *now < before * WORST_FALL);
        fell.map(|(what, now, before)| {
            format!("{what} fell from {before:.2} to {now:.2}; did a source change its form?")
        })
        .collect()
    }
}

/// Runs `work`, which says how far it is, and leaves a record of it in the folder of the index, if there is one by then.
///
/// Warnings about what extraction finds are added to the report.
pub fn recorded(
    folder: &Path,
    options: &Options,
    seen: &mut dyn FnMut(Progress),
    work: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<Report>,
) -> Result<Report> {
    let began = Instant::now();
    let mut record = RunRecord::begin(options);
    // A folder that turns out to be none of ours, as that of the corpus, is left as it is.
    let is_index = || TantivyEngine::is_begun(folder);
    let earlier = last_yield(folder);
    let begun = Cell::new(is_index());
    let mut trouble = if begun.get() { record.write(folder).err() } else { None };
    let mut seen = |progress| {
        // A first build is under way once it has a folder of its own.
        if !begun.replace(true) {
            trouble = record.write(folder).err();
        }
        seen(progress);
    };
    let worked = catch_unwind(AssertUnwindSafe(|| work(&mut seen)));
    let mut result = worked.unwrap_or_else(|panic| {
        // Left as it is, the record would be that of a run that was killed, without a word of why.
        record.fail(&Error::engine(format!("the program broke down (please report this): {}", words_of(&*panic))));
        record.seconds = Some(rounded(began.elapsed().as_secs_f64()));
        if is_index() {
            let _ = record.write(folder);
        }
        resume_unwind(panic)
    });
    match &mut result {
        Ok(report) => {
            let found = Found::from(report.found);
            report.warnings.extend(earlier.iter().flat_map(|earlier| found.falls(earlier, !options.no_extract)));
            record.end(report);
        }
        Err(error) => record.fail(error),
    }
    record.seconds = Some(rounded(began.elapsed().as_secs_f64()));
    if is_index() {
        trouble = record.write(folder).err().or(trouble);
        // An old record that stays costs some kilobytes.
        let _ = prune(folder, MOST_KEPT);
    }
    if let (Ok(report), Some(error)) = (&mut result, trouble) {
        report.warnings.push(format!("the record of this run could not be written: {error}"));
    }
    result
}

/// What a panic says.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    words.unwrap_or("no reason given")
}

impl RunRecord {
    fn begin(options: &Options) -> Self {
        let started = options.now.to_string();
        let compact: String = started.chars().filter(|letter| !matches!(letter, '-' | ':')).collect();
        Self {
            format_version: VERSION,
            id: format!("{compact}-{}", std::process::id()),
            program: format!("chancery {}", env!("CARGO_PKG_VERSION")),
            started,
            seconds: None,
            outcome: Outcome::Running,
            error: None,
            rebuild: options.rebuild,
            generation: None,
            counts: BTreeMap::new(),
            reasons: BTreeMap::new(),
            failures: Vec::new(),
            replaced: Vec::new(),
            found: Found::default(),
            warnings: Vec::new(),
            stages: BTreeMap::new(),
            slowest: Vec::new(),
        }
    }

    fn end(&mut self, report: &Report) {
        self.outcome = if report.failures.is_empty() { Outcome::Clean } else { Outcome::Partial };
        self.generation = report.generation;
        self.counts = counts(report).into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        self.reasons = report.reasons();
        let shown = report.fresh_failures().take(MOST_LISTED);
        self.failures = shown.map(ToString::to_string).collect();
        self.replaced = report.fresh_replaced().take(MOST_LISTED).map(ToString::to_string).collect();
        self.found = report.found.into();
        self.warnings.clone_from(&report.warnings);
        let timings = &report.timings;
        let stages = [
            ("walk", timings.walk),
            ("read", timings.read),
            ("extract", timings.extract),
            ("write", timings.write),
            ("commit", timings.commit),
            ("merge", timings.merge),
        ];
        let seconds = |spent: Duration| rounded(spent.as_secs_f64());
        self.stages = stages.into_iter().map(|(name, spent)| (name.to_owned(), seconds(spent))).collect();
        let slow = report.slowest.iter();
        self.slowest = slow
            .map(|file| SlowFile { path: file.path.clone(), bytes: file.bytes, seconds: seconds(file.spent) })
            .collect();
    }

    fn fail(&mut self, error: &Error) {
        self.outcome = if error.blame() == Blame::Interrupted { Outcome::Interrupted } else { Outcome::Failed };
        self.error = Some(match error.hint_text() {
            Some(hint) => format!("{error} ({hint})"),
            None => error.to_string(),
        });
    }

    fn write(&self, folder: &Path) -> io::Result<()> {
        let runs = folder.join(FOLDER);
        fs::create_dir_all(&runs)?;
        let (path, partial) = (runs.join(format!("{}.json", self.id)), runs.join(format!("{}.{PARTIAL}", self.id)));
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        if self.outcome == Outcome::Running {
            text.resize(text.len().max(ROOM), b' ');
        }
        let written = fs::write(&partial, &text).and_then(|()| fs::rename(&partial, &path));
        written.or_else(|error| {
            // What is half there is of no use to anybody.
            let _ = fs::remove_file(&partial);
            overwrite(&path, text).map_err(|_| error)
        })
    }
}

/// Writes a record over the one that is there, in the room that it has: on a full disk the end of a run can be told still.
fn overwrite(path: &Path, mut text: Vec<u8>) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    let room = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    if text.len() > room {
        return Err(io::ErrorKind::StorageFull.into());
    }
    text.resize(room, b' ');
    file.write_all(&text)
}

/// The names of the counts of a run in every format, in the order they are shown in.
pub const COUNTS: [&str; 18] = [
    "files_seen",
    "files_new",
    "files_changed",
    "files_unchanged",
    "files_gone",
    "files_passed_over",
    "articles_added",
    "articles_updated",
    "articles_removed",
    "articles_refreshed",
    "articles_embargoed",
    "articles_withdrawn",
    "articles_replaced",
    "articles",
    "quotes",
    "bytes_read",
    "failures",
    "failures_known",
];

/// The counts of a report, by their names.
pub fn counts(report: &Report) -> [(&'static str, u64); 18] {
    let counts: [u64; 18] = [
        report.seen as u64,
        report.new_files as u64,
        report.changed_files as u64,
        report.unchanged_files as u64,
        report.vanished_files as u64,
        report.passed_over.values().sum::<usize>() as u64,
        report.added as u64,
        report.updated as u64,
        report.removed as u64,
        report.refreshed as u64,
        report.embargoed as u64,
        report.withdrawn as u64,
        report.replaced.len() as u64,
        report.articles as u64,
        report.quotes,
        report.bytes_read,
        report.failures.len() as u64,
        report.failures.iter().filter(|failure| failure.known).count() as u64,
    ];
    std::array::from_fn(|place| (COUNTS[place], counts[place]))
}

/// The run that is at work if any is; those that were turned away meanwhile are newer.
pub fn newest_running(records: &[RunRecord]) -> Option<&RunRecord> {
    records.iter().find(|record| record.outcome == Outcome::Running)
}

/// The records of an index, the newest first, at most `limit`.
///
/// # Errors
/// The folder is there and cannot be read. A record that cannot be read is left out, with its name in `unread`.
pub fn list(folder: &Path, limit: usize, unread: &mut Vec<String>) -> Result<Vec<RunRecord>> {
    let mut records = Vec::new();
    for path in files(folder)?.into_iter().rev() {
        if records.len() == limit {
            break;
        }
        match read(&path) {
            Some(record) => records.push(record),
            None => unread.push(path.display().to_string()),
        }
    }
    Ok(records)
}

/// Removes all but the newest `keep` records, and what killed runs have left of one; returns how many records.
///
/// # Errors
/// The folder is there and cannot be read, or a record cannot be removed.
pub fn prune(folder: &Path, keep: usize) -> Result<usize> {
    let files = files(folder)?;
    for entry in fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten() {
        let is_old = || entry.metadata()?.modified()?.elapsed().map_err(io::Error::other);
        let is_part = entry.path().extension().is_some_and(|ending| ending == PARTIAL);
        if is_part && is_old().is_ok_and(|age| age > LONGEST_WRITE) {
            // One that stays takes some kilobytes.
            let _ = fs::remove_file(entry.path());
        }
    }
    let old = &files[..files.len().saturating_sub(keep)];
    old.iter().try_for_each(|path| fs::remove_file(path).map_err(|error| Error::io(path, error)))?;
    Ok(old.len())
}

/// The files of the records, the oldest first.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let runs = folder.join(FOLDER);
    let entries = match fs::read_dir(&runs) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(&runs, error)),
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    paths.sort_by_cached_key(|path| order(path));
    Ok(paths)
}

/// Names begin with the moment; of two runs within a second the later one has the higher number of its process, as a number.
fn order(path: &Path) -> (String, Option<u64>, PathBuf) {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let (moment, process) = name.rsplit_once('-').unwrap_or((&name, ""));
    (moment.to_owned(), process.parse().ok(), path.to_owned())
}

fn read(path: &Path) -> Option<RunRecord> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// What extraction found in the last run that had articles enough to tell.
fn last_yield(folder: &Path) -> Option<Found> {
    let files = files(folder).ok()?;
    let found = files.iter().rev().filter_map(|path| read(path)).map(|record| record.found);
    found.take(MOST_KEPT).find(|found| found.articles >= LEAST_ARTICLES)
}

/// Whole ten-thousandths: more digits would only look exact.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_second_are_in_the_order_of_their_processes() {
        let mut names = ["20260101T000001Z-10012.json", "20260101T000002Z-7.json", "20260101T000001Z-9970.json"];
        names.sort_by_cached_key(|name| order(Path::new(name)));
        assert_eq!(names.map(|name| &name[15..]), ["Z-9970.json", "Z-10012.json", "Z-7.json"]);
    }

    #[test]
    fn a_record_can_end_where_nothing_new_can_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::usual(crate::date::Moment(0), 0);
        let mut record = RunRecord::begin(&options);
        record.write(folder.path()).unwrap();
        let path = files(folder.path()).unwrap().remove(0);
        let room = fs::metadata(&path).unwrap().len();
        record.fail(&Error::space(2, 1));
        overwrite(&path, serde_json::to_vec(&record).unwrap()).unwrap();
        assert_eq!(read(&path), Some(record));
        assert_eq!(fs::metadata(&path).unwrap().len(), room);
        assert!(overwrite(&path, vec![b' '; 9_000]).is_err());
        assert!(read(&path).is_some(), "what does not fit leaves the old one alone");
        // A folder in the way of the new file stands for a disk that takes none.
        fs::create_dir(path.with_extension("part")).unwrap();
        let mut record = read(&path).unwrap();
        record.outcome = Outcome::Interrupted;
        record.write(folder.path()).unwrap();
        assert_eq!(read(&path), Some(record));
    }

    #[test]
    fn a_run_that_breaks_down_is_on_record_as_failed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("lock"), "").unwrap();
        let options = Options::usual(crate::date::Moment(0), 0);
        let run = || recorded(folder.path(), &options, &mut |_| {}, |_| panic!("a test breaks {}", "down"));
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err(), "whoever is told of it is told still");
        let record = list(folder.path(), 9, &mut Vec::new()).unwrap().remove(0);
        assert_eq!((record.outcome, record.seconds.is_some()), (Outcome::Failed, true));
        assert!(record.error.unwrap().contains("a test breaks down"));
    }

    #[test]
    fn a_fall_of_what_is_found_is_told() {
        let usual = Found { articles: 500, text_bytes: 0, actors: 6.0, quotes: 3.0, attributed: 0.9, dated: 1.0 };
        assert!(usual.falls(&usual, true).is_empty());
        let poor = Found { quotes: 1.2, dated: 0.4, ..usual };
        assert_eq!(poor.falls(&usual, true).len(), 2);
        assert_eq!(poor.falls(&usual, false).len(), 1, "the dates");
        assert!(poor.falls(&usual, true)[0].starts_with("quotes in an article fell from 3.00 to 1.20"));
        assert!(Found { articles: 3, ..poor }.falls(&usual, true).is_empty());
        assert!(usual.falls(&poor, true).is_empty());
    }
}
