//! The reading end of the conveyor: file after file, article after article, each with its number.

use std::hash::BuildHasher;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::{Conveyor, FileDone, Job, Outcome};
use crate::archive::diff::{Before, Task};
use crate::archive::report::ARTICLE_BYTES;
use crate::article::{Article, ArticleId, Standing};
use crate::catalogue::{ArticleRecord, Failure};
use crate::corpus::{self, Ending};

/// A step of a build is at least this part of what was read before it.
const STEP_SHARE: u64 = 4;

/// What an article counts, about, that is in the index already: nobody reads it again to know.
const KNOWN_BYTES: u64 = 4 << 10;

/// Nobody wants more.
struct Stopped;

/// What reads the files of a conveyor, and how far it is.
pub struct Reading<'a> {
    conveyor: &'a Conveyor<'a>,
    jobs: &'a SyncSender<Job>,
    out: &'a SyncSender<Vec<Outcome>>,
    resumed: &'a Receiver<()>,
    /// The number of the next article.
    number: u64,
    /// How many bytes of articles were sent to extraction.
    sent: u64,
    /// How many those are when the next step ends; `None` where there are no steps.
    pause_at: Option<u64>,
    /// Hashes of the ids of what this run has written or taken out, if anything was there before: an article of such an id is
    /// not in the index any more, whatever the last commit knows of it. Where two have one hash, one is written for nothing.
    changed: FxHashSet<u64>,
    /// How long others were waited for since the present file was begun.
    waited: Duration,
}

impl<'a> Reading<'a> {
    /// Nothing read yet.
    pub fn new(
        conveyor: &'a Conveyor<'a>,
        jobs: &'a SyncSender<Job>,
        out: &'a SyncSender<Vec<Outcome>>,
        resumed: &'a Receiver<()>,
    ) -> Self {
        let pause_at = (conveyor.pause_every > 0).then_some(conveyor.pause_every);
        let (changed, waited) = (FxHashSet::default(), Duration::ZERO);
        Self { conveyor, jobs, out, resumed, number: 0, sent: 0, pause_at, changed, waited }
    }

    /// Reads every file in turn; ends early when nobody listens any more.
    pub fn read_all(mut self) {
        for place in 0..self.conveyor.tasks.len() {
            self.waited = Duration::ZERO;
            if self.is_unwanted() || !self.read_file(place) || !self.pause_if_due() {
                return;
            }
        }
    }

    fn is_unwanted(&self) -> bool {
        self.conveyor.stop.load(Ordering::Relaxed)
    }

    /// At the end of a step, waits until all of it is committed; false when nobody listens any more.
    fn pause_if_due(&mut self) -> bool {
        if self.pause_at.is_none_or(|end| self.sent < end) {
            return true;
        }
        // Steps grow with what is there: a commit costs in proportion to it.
        let known = if self.conveyor.rewrite { 0 } else { self.conveyor.known.len() as u64 };
        let there = self.sent + KNOWN_BYTES * known;
        self.pause_at = Some(self.sent + self.conveyor.pause_every.max(there / STEP_SHARE));
        let began = Instant::now();
        let goes_on = self.out.send(vec![Outcome::Pause { sent: self.number }]).is_ok() && self.resumed.recv().is_ok();
        self.waited += began.elapsed();
        goes_on
    }

    fn read_file(&mut self, place: usize) -> bool {
        let began = Instant::now();
        let task: &'a Task = &self.conveyor.tasks[place];
        if corpus::is_streamed(&task.found) {
            match self.stream_file(place) {
                Ok(Some(done)) => return self.end(place, done, task.found.size, began),
                // It is no file of lines, and small enough or too large to be read whole.
                Ok(None) => {}
                Err(Stopped) => return false,
            }
        }
        let bytes = match corpus::load(&task.found, self.conveyor.options) {
            Ok(bytes) => bytes,
            Err(failure) => return self.end(place, FileDone::Unreadable(failure), 0, began),
        };
        let length = bytes.len() as u64;
        let hash = short(&blake3::hash(&bytes));
        let stands = |old: &Before| !old.ids.iter().any(|id| self.has_changed(id));
        let same = task.old.as_ref().is_some_and(|old| old.hash == hash && old.is_settled && stands(old));
        if same && !self.conveyor.rewrite {
            return self.end(place, FileDone::Touched, length, began);
        }
        let mut failures = Vec::new();
        let mut open = true;
        corpus::read(&task.found.relative, &bytes, &mut |article| match article {
            Ok(article) if open && !self.is_unwanted() => open = self.send(place, article),
            Ok(_) => {}
            Err(failure) => failures.push(failure),
        });
        // A file that a wish to stop has cut short was not read: no step may say so.
        open && !self.is_unwanted() && self.end(place, FileDone::Read { hash, failures }, length, began)
    }

    /// Says how the reading of a file ended; false when nobody listens any more.
    fn end(&self, task: usize, done: FileDone, bytes: u64, began: Instant) -> bool {
        let spent = began.elapsed().saturating_sub(self.waited);
        self.out.send(vec![Outcome::File { task, done, bytes, spent }]).is_ok()
    }

    /// Reads a large file of lines one by one; nothing when it is none.
    fn stream_file(&mut self, place: usize) -> Result<Option<FileDone>, Stopped> {
        let conveyor = self.conveyor;
        let mut hasher = blake3::Hasher::new();
        let mut failures = Vec::new();
        let mut sink = |record: corpus::Record| match record {
            Ok(article) => self.send(place, article) && self.pause_if_due() && !self.is_unwanted(),
            Err(failure) => {
                failures.push(failure);
                true
            }
        };
        let mut seen = |bytes: &[u8]| {
            hasher.update(bytes);
        };
        let ending = corpus::stream(&conveyor.tasks[place].found, conveyor.options, &mut seen, &mut sink);
        match ending {
            Err(failure) => Ok(Some(FileDone::Unreadable(failure))),
            Ok(None) => Ok(None),
            Ok(Some(Ending::Stopped)) => Err(Stopped),
            Ok(Some(Ending::Whole)) => Ok(Some(FileDone::Read { hash: short(&hasher.finalize()), failures })),
            Ok(Some(Ending::Torn(reason))) => {
                failures.push(Failure { line: None, reason });
                Ok(Some(FileDone::Torn { failures }))
            }
        }
    }

    /// Sends an article to extraction, or past it when the index has it already.
    fn send(&mut self, task: usize, article: Article) -> bool {
        let began = Instant::now();
        let number = self.number;
        self.number += 1;
        let sent = match self.job(task, number, article) {
            Ok(job) => {
                self.sent += ARTICLE_BYTES + job.article.text.len() as u64;
                self.note_change(job.article.id.as_str());
                self.jobs.send(job).is_ok()
            }
            Err(record) => {
                if record.standing != Standing::Usable {
                    self.note_change(&record.id);
                }
                self.out.send(vec![Outcome::Kept { number, task, record }]).is_ok()
            }
        };
        self.waited += began.elapsed();
        sent
    }

    fn note_change(&mut self, id: &str) {
        if !self.conveyor.known.is_empty() && !self.conveyor.rewrite {
            self.changed.insert(FxBuildHasher.hash_one(id));
        }
    }

    fn has_changed(&self, id: &str) -> bool {
        !self.changed.is_empty() && self.changed.contains(&FxBuildHasher.hash_one(id))
    }

    /// What there is to do for an article; the record of one that the index has already, or is not to have.
    fn job(&self, task: usize, number: u64, mut article: Article) -> Result<Job, ArticleRecord> {
        let conveyor = self.conveyor;
        let key = &conveyor.tasks[task].key;
        if key.root > 0 && article.id == ArticleId::from_path(&article.origin.path, article.origin.ordinal) {
            // Two roots may hold files of one relative path; only the first root's files are known by it alone.
            let root = conveyor.roots.get(key.root as usize).map_or("", String::as_str);
            article.id = ArticleId::from_path(&format!("{root}/{}", article.origin.path), article.origin.ordinal);
        }
        let hash = article.content_hash();
        let known = conveyor.known.get(article.id.as_str());
        let standing = article.standing.at(conveyor.now);
        let stands = !conveyor.rewrite && !self.has_changed(article.id.as_str());
        let same = |record: &&&ArticleRecord| record.hash == hash && record.standing == standing && stands;
        if let Some(record) = known.filter(same) {
            return Err((*record).clone());
        }
        let restored = conveyor.restored.get(article.id.as_str()).copied();
        let ingested = known.map(|record| record.ingested).into_iter().chain(restored).min().unwrap_or(conveyor.now);
        if standing != Standing::Usable {
            return Err(ArticleRecord { id: article.id.as_str().to_owned(), hash, ingested, quotes: 0, standing });
        }
        Ok(Job { number, task, article, hash, ingested })
    }
}

/// The short hash that tells whether a file changed.
fn short(hash: &blake3::Hash) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&hash.as_bytes()[..16]);
    short
}
