//! A night: what a run costs when nothing changed, against a walk by `find`, and when one file in a hundred changed,
//! against tantivy alone on those files.
//!
//! Every contestant is a process; time is on the clock, from its start to its end, with the files in the memory of the
//! system. `CHANCERY_BENCH_FILES` says how many files there are, `CHANCERY_BENCH_NEWS` of which articles they are made.

mod corpus;
mod measure;
mod raw;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use chancery::article::Article;

use crate::corpus::{News, Newsroom};
use crate::measure::{again, is_trial, median, ratio, rounds, table};

/// Files when `CHANCERY_BENCH_FILES` does not say.
const USUAL_FILES: usize = 20_000;

/// One file in so many is changed.
const CHANGED: usize = 100;

const CORPUS: &str = "CHANCERY_BENCH_CORPUS";
const INDEX: &str = "CHANCERY_BENCH_INDEX";

fn main() -> Result<(), Box<dyn Error>> {
    match measure::role() {
        Some(_) => alone(),
        None => contest(),
    }
}

fn contest() -> Result<(), Box<dyn Error>> {
    let told = std::env::var("CHANCERY_BENCH_FILES").ok().and_then(|text| text.parse().ok());
    let files = if is_trial() { 200 } else { told.unwrap_or(USUAL_FILES) };
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    let (corpus, index, few) = (path("corpus"), path("index"), path("few"));
    let stock = Stock(corpus::given()?);
    let (files, bytes) = corpus::write(&corpus, stock.news()?.take(files))?;
    timed(&mut chancery(&index, &corpus))?;
    // The first run after a build reads again what was written while it began.
    timed(&mut chancery(&index, &corpus))?;
    let (mut find, mut quiet, mut busy, mut raw) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds(5) {
        find.push(timed(Command::new("find").arg(&corpus).args(["-type", "f", "-printf", "%p %s %T@\n"]))?);
        quiet.push(timed(&mut chancery(&index, &corpus))?);
        change(&corpus, &few, stock.news()?.take(files), round)?;
        busy.push(timed(&mut chancery(&index, &corpus))?);
        raw.push(timed(again("raw")?.env(CORPUS, &few).env(INDEX, path("raw")))?);
        fs::remove_dir_all(path("raw"))?;
    }
    let (find, quiet, busy, raw) = (median(find), median(quiet), median(busy), median(raw));
    let row = |name: &str, time: f64, against: String| vec![name.to_owned(), format!("{:.0}", time * 1e3), against];
    let rows = [
        row("find -type f -printf", find, "1.00 find".to_owned()),
        row("a night without change", quiet, format!("{} find", ratio(quiet / find))),
        row("tantivy alone, the files that changed", raw, "1.00 tantivy".to_owned()),
        row(
            "a night in which one file in 100 changed",
            busy,
            format!("night + {} tantivy", ratio((busy - quiet) / raw)),
        ),
    ];
    let title = format!("{files} files, {:.1} MB of text, milliseconds on the clock.", bytes as f64 / 1e6);
    table(&title, &["process", "ms", "against"], &rows);
    Ok(())
}

fn chancery(index: &Path, corpus: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.arg("--index").arg(index).arg("index").arg(corpus).arg("--quiet");
    command
}

/// Seconds from start to end of a process, which must end well.
fn timed(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let clock = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    let elapsed = clock.elapsed().as_secs_f64();
    if status.success() { Ok(elapsed) } else { Err(format!("{command:?}: {status}").into()) }
}

/// What the files are made of: articles of one's own, or synthetic news.
struct Stock(Option<Vec<Article>>);

impl Stock {
    /// The same news every time.
    fn news(&self) -> Result<Box<dyn Iterator<Item = News> + '_>, Box<dyn Error>> {
        Ok(match &self.0 {
            Some(articles) => Box::new(articles.iter().enumerate().filter_map(News::again)),
            None => Box::new(Newsroom::open()?),
        })
    }
}

/// Writes one file in a hundred anew, and the same files into a folder of their own.
fn change(corpus: &Path, few: &Path, news: impl Iterator<Item = News>, round: usize) -> Result<(), Box<dyn Error>> {
    if few.exists() {
        fs::remove_dir_all(few)?;
    }
    let news = news.enumerate().filter(|(number, _)| (number + round).is_multiple_of(CHANGED));
    let changed = |(_, mut news): (usize, News)| {
        news.text.push_str(&format!(" Round {round} of the talks."));
        news
    };
    let changed: Vec<News> = news.map(changed).collect();
    for folder in [corpus, few] {
        for news in &changed {
            let path = folder.join(&news.path);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, news.plain())?;
        }
    }
    // A file that was written just before a run is in doubt, and read once more by the next.
    std::thread::sleep(std::time::Duration::from_millis(50));
    Ok(())
}

/// Writes the files that changed with tantivy alone.
fn alone() -> Result<(), Box<dyn Error>> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).ok_or("a contestant is started by the bench");
    let (corpus, index) = (folder(CORPUS)?, folder(INDEX)?);
    fs::create_dir_all(&index)?;
    raw::write(&index, &corpus, raw::Plan { words: raw::Words::Apart, our_analyser: false, sorted: false, night: true })
}
