//! The conveyor of a run: one thread reads files, several extract and make articles ready for the writer, and the caller
//! hands them to it.
//!
//! Files go in one after the other; findings come out in any order. Every article gets a number when it is read, and
//! of two with one id the one that was read for keeps is known by its number, so the order does not matter. Channels
//! are short: a slow writer holds up the readers, memory stays flat.

mod reading;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use self::reading::Reading;
use super::diff::Task;
use crate::article::Article;
use crate::catalogue::{ArticleRecord, Catalogue, Failure};
use crate::corpus;
use crate::date::Moment;
use crate::engine::{Made, Maker, Stored, Writer};
use crate::error::{self, Error};
use crate::extract::{self, Tables};
use crate::facts::Facts;

/// How many articles may wait to be extracted.
const WAITING: usize = 64;

/// A worker takes up to so many articles at once, and of texts up to so many bytes, and hands them on together: waking
/// the next thread for each of them costs as much as a short article.
const TOGETHER: usize = 8;
const TOGETHER_BYTES: usize = 64 << 10;

/// How often workers and reader can hand on before what they have found is taken.
const HANDED_ON: usize = 64;

/// What is known of the articles of the last commit, by id.
pub type Known<'a> = HashMap<&'a str, &'a ArticleRecord>;

/// Everything that the last commit knows of its articles.
pub fn known_articles(catalogue: &Catalogue) -> Known<'_> {
    let articles = catalogue.files.values().flat_map(|file| &file.articles);
    articles.map(|article| (article.id.as_str(), article)).collect()
}

/// An article that was read.
struct Job {
    number: u64,
    task: usize,
    article: Article,
    hash: [u8; 16],
    ingested: Moment,
}

/// What comes off the conveyor.
pub enum Outcome {
    /// An article to be put into the index.
    Put {
        /// Its number, in the order of reading.
        number: u64,
        /// Which task it belongs to.
        task: usize,
        /// Hash of all that the index keeps of it.
        hash: [u8; 16],
        /// The article with its facts.
        stored: Box<Stored>,
        /// The same for the writer.
        made: error::Result<Made>,
        /// How long extraction took.
        spent: Duration,
        /// How long it took to make it ready for the writer.
        making: Duration,
    },
    /// An article that the index has already, unchanged, or is not to have.
    Kept {
        /// Its number, in the order of reading.
        number: u64,
        /// Which task it belongs to.
        task: usize,
        /// What is known of it.
        record: ArticleRecord,
    },
    /// A file that was read to its end, or could not be read.
    File {
        /// Which task.
        task: usize,
        /// What happened.
        done: FileDone,
        /// How many bytes were read.
        bytes: u64,
        /// How long reading took, without waiting for extraction.
        spent: Duration,
    },
    /// An article on which extraction broke down, so that there is nothing to be put into the index.
    Unextracted {
        /// Which task it belongs to.
        task: usize,
        /// Its id.
        id: String,
    },
    /// Making an article ready broke down and takes the run with it: nothing that was sent will be complete.
    Broken,
    /// Everything read so far is on its way; the reader waits for the word to go on.
    Pause {
        /// How many articles were sent in all.
        sent: u64,
    },
}

/// How the reading of a file ended.
pub enum FileDone {
    /// Its bytes are what they were.
    Touched,
    /// It was read; the failures are those of single lines.
    Read {
        /// Hash of its bytes.
        hash: [u8; 16],
        /// What could not be used.
        failures: Vec<Failure>,
    },
    /// It changed while it was read: what was read stands, what is known besides stays, and it is read again.
    Torn {
        /// What could not be used, the change among it.
        failures: Vec<Failure>,
    },
    /// It could not be read at all; what is known of it stays.
    Unreadable(Failure),
}

impl FileDone {
    /// What of it could not be used.
    pub fn failures(&self) -> &[Failure] {
        match self {
            Self::Touched => &[],
            Self::Read { failures, .. } | Self::Torn { failures } => failures,
            Self::Unreadable(failure) => std::slice::from_ref(failure),
        }
    }
}

/// What a run reads, and with what.
pub struct Conveyor<'a> {
    /// The files.
    pub tasks: &'a [Task],
    /// The folder of each root, for ids of files whose path is not unique among roots.
    pub roots: &'a [String],
    /// What the index has.
    pub known: &'a Known<'a>,
    /// Limits of files.
    pub options: &'a corpus::Options,
    /// The moment given to articles that are new.
    pub now: Moment,
    /// When articles came in that were in an archive before this one.
    pub restored: &'a HashMap<String, Moment>,
    /// Whether an unchanged article is written again.
    pub rewrite: bool,
    /// What extraction looks up; without it nothing is extracted.
    pub tables: Option<&'a Tables>,
    /// After how many bytes of new articles, counted as for [`Options::step`](super::report::Options::step), the reader
    /// pauses for a commit, at least, in the middle of a large file too; 0 for never.
    pub pause_every: u64,
    /// The wish to stop.
    pub stop: &'a AtomicBool,
}

impl Conveyor<'_> {
    /// Runs to the end of the tasks, or until `stop` is set or `take` fails; `take` gets every outcome in turn. Each maker
    /// has a thread.
    pub fn run(
        &self,
        makers: Vec<Box<dyn Maker>>,
        take: &mut dyn FnMut(Outcome) -> error::Result<()>,
    ) -> error::Result<()> {
        let (jobs_in, jobs) = sync_channel::<Job>(WAITING);
        let (outcomes_in, outcomes) = sync_channel::<Vec<Outcome>>(HANDED_ON);
        let (go_on, resumed) = channel::<()>();
        // The workers own the receiving end, so that the reader ends when all of them have.
        let jobs = Arc::new(Mutex::new(jobs));
        std::thread::scope(|scope| {
            let to_writer = outcomes_in.clone();
            thread(scope, move || Reading::new(self, &jobs_in, &to_writer, &resumed).read_all())?;
            for mut maker in makers {
                let (jobs, to_writer) = (jobs.clone(), outcomes_in.clone());
                thread(scope, move || extract_all(&jobs, &to_writer, self.tables, &mut *maker))?;
            }
            drop((jobs, outcomes_in));
            drain(outcomes, go_on, take)
        })
    }
}

/// More threads than these make articles faster than any writer takes them, and each remembers words and names.
const MOST_MAKERS: usize = 16;

/// As many makers of a writer as there are threads to be busy with them.
pub fn makers(writer: &dyn Writer) -> Vec<Box<dyn Maker>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::iter::repeat_with(|| writer.maker()).take(threads.min(MOST_MAKERS)).collect()
}

/// Starts a thread; where the system has none left, that is said, and what was started ends for want of listeners.
pub fn thread<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> error::Result<ScopedJoinHandle<'scope, T>> {
    std::thread::Builder::new().spawn_scoped(scope, work).map_err(|error| {
        Error::engine(format!("no thread could be started: {error}"))
            .hint("give the program more processes or memory (`ulimit -u`, `ulimit -v`)")
    })
}

fn extract_all(
    jobs: &Mutex<Receiver<Job>>,
    out: &SyncSender<Vec<Outcome>>,
    tables: Option<&Tables>,
    maker: &mut dyn Maker,
) {
    while let Some(jobs) = take_together(jobs) {
        let found = catch_unwind(AssertUnwindSafe(|| jobs.into_iter().map(|job| put(job, tables, maker)).collect()));
        let (found, panic) = match found {
            Ok(found) => (found, None),
            // Whoever waits for what it had would wait for ever.
            Err(panic) => (vec![Outcome::Broken], Some(panic)),
        };
        let is_taken = out.send(found).is_ok();
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
        if !is_taken {
            return;
        }
    }
}

fn put(job: Job, tables: Option<&Tables>, maker: &mut dyn Maker) -> Outcome {
    let Job { number, task, article, hash, ingested } = job;
    let began = Instant::now();
    let found = tables.map_or_else(|| Some(Facts::default()), |tables| facts(&article, tables));
    let Some(facts) = found else { return Outcome::Unextracted { task, id: article.id.as_str().to_owned() } };
    let spent = began.elapsed();
    let stored = Box::new(Stored { article, facts, ingested });
    let made = maker.make(&stored);
    let waited = made.as_ref().map_or(Duration::ZERO, |made| made.waited);
    let making = began.elapsed().saturating_sub(spent + waited);
    Outcome::Put { number, task, hash, stored, made, spent, making }
}

/// What is found in an article; `None` when extraction breaks down on it, which is a fault of ours and must not take the
/// other articles with it. It is a function, so nothing half done is left behind.
pub fn facts(article: &Article, tables: &Tables) -> Option<Facts> {
    let extract = || {
        #[cfg(test)]
        assert!(!article.text.contains(tests::BREAKS), "a test breaks extraction");
        extract::extract(article, tables, &extract::Options { beliefs: false })
    };
    catch_unwind(AssertUnwindSafe(extract)).ok()
}

/// The next articles that are there; `None` when there will be no more.
fn take_together(jobs: &Mutex<Receiver<Job>>) -> Option<Vec<Job>> {
    let waiting = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    let first = waiting.recv().ok()?;
    let mut bytes = first.article.text.len();
    let mut taken = vec![first];
    while taken.len() < TOGETHER
        && bytes < TOGETHER_BYTES
        && let Ok(next) = waiting.try_recv()
    {
        bytes += next.article.text.len();
        taken.push(next);
    }
    Some(taken)
}

/// Hands on the outcomes; a pause is handed on once everything sent before it has arrived.
fn drain(
    outcomes: Receiver<Vec<Outcome>>,
    go_on: Sender<()>,
    take: &mut dyn FnMut(Outcome) -> error::Result<()>,
) -> error::Result<()> {
    let mut arrived = 0;
    let mut pause = None;
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            Outcome::Pause { sent } => pause = Some(sent),
            Outcome::Broken => break,
            outcome => {
                let is_article = !matches!(outcome, Outcome::File { .. });
                arrived += u64::from(is_article);
                take(outcome)?;
            }
        }
        if pause.is_some_and(|sent| sent == arrived) {
            take(Outcome::Pause { sent: arrived })?;
            pause = None;
            if go_on.send(()).is_err() {
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// What extraction breaks down on in tests.
    pub const BREAKS: &str = "ThisTextBreaksExtraction";

    #[test]
    fn a_pause_waits_for_what_was_sent_but_not_for_what_broke() {
        let kept = |number| {
            let (id, hash, quotes) = (String::new(), [0; 16], 0);
            let standing = crate::article::Standing::Usable;
            let record = ArticleRecord { id, hash, ingested: Moment(0), quotes, standing };
            Outcome::Kept { number, task: 0, record }
        };
        let check = |sent: Vec<Vec<Outcome>>, expected: usize| {
            let (outcomes_in, outcomes) = sync_channel(8);
            let (go_on, resumed) = channel();
            sent.into_iter().for_each(|some| outcomes_in.send(some).unwrap());
            // The reader holds its end as long as it waits.
            let reader = std::thread::spawn(move || {
                let has_resumed = resumed.recv().is_ok();
                drop(outcomes_in);
                has_resumed
            });
            let mut taken = 0;
            let mut take = |_| {
                taken += 1;
                Ok(())
            };
            drain(outcomes, go_on, &mut take).unwrap();
            assert_eq!(taken, expected);
            reader.join().unwrap()
        };
        assert!(check(vec![vec![kept(0)], vec![Outcome::Pause { sent: 2 }], vec![kept(1)]], 3));
        assert!(!check(vec![vec![kept(0)], vec![Outcome::Pause { sent: 2 }], vec![Outcome::Broken]], 1));
    }
}
