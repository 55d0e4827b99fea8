//! A cold question: the whole process of `chancery search`, against a process that opens the same index with tantivy
//! alone, runs the same two words, and fetches the same number of documents.
//!
//! Cold means a new process; the files are in the memory of the system, as they are on any machine in use.

mod corpus;
mod measure;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use chancery::analysis;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, ReloadPolicy, TantivyDocument, Term};

use crate::corpus::Newsroom;
use crate::measure::{again, in_turn, is_trial, ratio, rounds, table};

/// The question.
const WORDS: [&str; 2] = ["sanctions", "ceasefire"];

/// How many hits are asked for.
const LIMIT: usize = 10;

/// The sizes of the archives.
const ARTICLES: [usize; 2] = [1_000, 20_000];

const STORE: &str = "CHANCERY_BENCH_INDEX";

/// An archive that is there already, to be asked instead of synthetic ones.
const ARCHIVE: &str = "CHANCERY_BENCH_ARCHIVE";

/// The contestant that the others are compared with.
const YARDSTICK: usize = 1;

#[derive(Clone, Copy)]
enum Contestant {
    Nothing,
    Tantivy,
    Version,
    Count,
    Search,
}

impl Contestant {
    const ALL: [Self; 5] = [Self::Nothing, Self::Tantivy, Self::Version, Self::Count, Self::Search];

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "a process that does nothing",
            Self::Tantivy => "tantivy: open, ask, fetch",
            Self::Version => "chancery --version",
            Self::Count => "chancery count",
            Self::Search => "chancery search",
        }
    }

    fn command(self, index: &Path) -> Result<Command, Box<dyn Error>> {
        let mut chancery = Command::new(env!("CARGO_BIN_EXE_chancery"));
        chancery.env("CHANCERY_INDEX", index);
        Ok(match self {
            Self::Nothing => again("nothing")?,
            Self::Tantivy => {
                let mut command = again("tantivy")?;
                command.env(STORE, index);
                command
            }
            Self::Version => {
                chancery.arg("--version");
                chancery
            }
            Self::Count => {
                chancery.arg("count").args(WORDS);
                chancery
            }
            Self::Search => {
                chancery.args(["search", "-n", &LIMIT.to_string(), "--format", "jsonl"]).args(WORDS);
                chancery
            }
        })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    match measure::role().as_deref() {
        Some("nothing") => Ok(()),
        Some(_) => ask(&PathBuf::from(std::env::var_os(STORE).ok_or("a contestant is started by the bench")?)),
        None if std::env::var_os(ARCHIVE).is_some() => {
            contest(&PathBuf::from(std::env::var_os(ARCHIVE).unwrap_or_default()), "an archive of one's own")
        }
        None => ARTICLES.into_iter().try_for_each(|articles| synthetic(if is_trial() { 20 } else { articles })),
    }
}

fn synthetic(articles: usize) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (corpus, index) = (folder.path().join("corpus"), folder.path().join("index"));
    let (_, bytes) = corpus::write(&corpus, Newsroom::open()?.take(articles))?;
    corpus::build(&index, &corpus, false)?;
    contest(&index, &format!("{articles} articles, {:.1} MB of text", bytes as f64 / 1e6))
}

fn contest(index: &Path, what: &str) -> Result<(), Box<dyn Error>> {
    let hits = Contestant::Count.command(index)?.output()?;
    let medians = in_turn(&Contestant::ALL, rounds(30), |contestant| {
        contestant.command(index).and_then(|command| timed(command, *contestant)).unwrap_or_else(|error| {
            eprintln!("{}: {error}", contestant.name());
            f64::NAN
        })
    });
    let row = |(contestant, time): (&Contestant, &f64)| {
        vec![contestant.name().to_owned(), format!("{:.1}", time * 1e3), ratio(time / medians[YARDSTICK])]
    };
    let rows: Vec<_> = Contestant::ALL.iter().zip(&medians).map(row).collect();
    let title = format!(
        "{what}, `{}` ({} hits, {LIMIT} fetched): from start to exit.",
        WORDS.join(" "),
        String::from_utf8_lossy(&hits.stdout).trim()
    );
    table(&title, &["process", "ms", "time"], &rows);
    Ok(())
}

fn timed(mut command: Command, contestant: Contestant) -> Result<f64, Box<dyn Error>> {
    let clock = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let elapsed = clock.elapsed().as_secs_f64();
    if output.status.success() || is_trial() {
        Ok(elapsed)
    } else {
        Err(format!("{} failed: {}", contestant.name(), String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Opens the live store of an archive with tantivy alone and asks.
fn ask(index: &Path) -> Result<(), Box<dyn Error>> {
    let store = index.join(fs::read_to_string(index.join("CURRENT"))?.lines().next().unwrap_or_default());
    let index = Index::open_in_dir(store)?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let field = index.schema().get_field("all")?;
    let clauses = WORDS.map(|word| {
        let term = Term::from_field_text(field, &analysis::stem(word));
        (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
    });
    let query = BooleanQuery::new(clauses.into());
    for (score, address) in searcher.search(&query, &TopDocs::with_limit(LIMIT).order_by_score())? {
        let document: TantivyDocument = searcher.doc(address)?;
        println!("{score} {}", document.len());
    }
    Ok(())
}
