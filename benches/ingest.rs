//! Indexing: the whole way from files to an index, against tantivy alone on the same documents.
//!
//! Every contestant is a process of its own (this program run again), so that its memory and its time on the
//! processor are its own. The contestants climb from one indexed field to the whole program, so that the difference
//! between two neighbours is the price of one thing.

mod corpus;
mod measure;
mod raw;
mod raw_documents;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chancery::article::Article;
use chancery::catalogue::Catalogue;
use chancery::date::Moment;
use chancery::engine::tantivy::TantivyEngine;
use chancery::engine::{Engine, Stored};
use chancery::extract::{self, Tables};
use chancery::facts::Facts;

use crate::corpus::{News, Newsroom};
use crate::measure::{
    again, folder_bytes, is_asked, is_trial, median, peak_bytes, process_seconds, rate, ratio, rounds, seconds, table,
};

const CORPUS: &str = "CHANCERY_BENCH_CORPUS";
const INDEX: &str = "CHANCERY_BENCH_INDEX";

/// The file of documents that the yardstick of all documents writes.
const PREPARED: &str = "CHANCERY_BENCH_PREPARED";

/// Who runs, by its role.
const CONTESTANTS: [(&str, &str); 11] = [
    ("one-field", "tantivy, one field"),
    ("own-fields", "tantivy, our text fields"),
    ("apart", "tantivy, a field a question"),
    ("documents", "tantivy, all our documents"),
    ("our-analyser", "+ our analyser"),
    ("sorted", "+ sorted by date"),
    ("articles", "our engine, articles without facts"),
    ("extraction", "extraction alone, one core"),
    ("actors", "our engine, with extraction and actors"),
    ("chancery", "chancery"),
    ("words-only", "chancery, words only"),
];

/// The contestant that the others are compared with: the same fields, which is less than the same answers.
const YARDSTICK: usize = 1;

/// The one that can answer the same questions.
const SAME_ANSWERS: usize = 2;

/// The one that has the same documents: quotes, names and ids too.
const SAME_DOCUMENTS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    match measure::role() {
        Some(role) => contestant(&role),
        None => contest(),
    }
}

/// What one run of one contestant cost.
#[derive(Clone, Copy)]
struct Cost {
    clock: f64,
    processor: f64,
    peak: f64,
    index: f64,
}

fn contest() -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    // A folder of one's own keeps the last index, for other benches.
    let folder = std::env::var_os("CHANCERY_BENCH_FOLDER").map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let (corpus, articles, bytes) = news(&folder.join("corpus"))?;
    let prepared = folder.join("prepared");
    if is_asked(CONTESTANTS[SAME_DOCUMENTS].0) {
        prepare(&corpus, &prepared)?;
    }
    let mut costs: BTreeMap<usize, Vec<Cost>> = BTreeMap::new();
    for _ in 0..rounds(5) {
        for (place, (role, _)) in
            CONTESTANTS.iter().enumerate().filter(|(place, (role, _))| *place == YARDSTICK || is_asked(role))
        {
            costs.entry(place).or_default().push(run_once(role, &corpus, &folder.join("index"))?);
        }
    }
    let middle = |place: usize, part: fn(&Cost) -> f64| {
        median(costs.get(&place).map(|costs| costs.iter().map(part).collect()).unwrap_or_default())
    };
    let rows: Vec<Vec<String>> = CONTESTANTS
        .iter()
        .enumerate()
        .filter(|(place, _)| costs.contains_key(place))
        .map(|(place, (_, name))| {
            let (processor, peak) = (middle(place, |cost| cost.processor), middle(place, |cost| cost.peak));
            let index = middle(place, |cost| cost.index);
            let shown = |known: bool, text: String| if known { text } else { "n/a".to_owned() };
            let against = |yardstick: usize| {
                let times = middle(yardstick, |cost| cost.clock) / middle(place, |cost| cost.clock);
                shown(costs.contains_key(&yardstick), ratio(times))
            };
            vec![
                (*name).to_owned(),
                rate(bytes, middle(place, |cost| cost.clock)),
                rate(bytes, processor),
                ratio(processor / middle(YARDSTICK, |cost| cost.processor)),
                ratio(middle(YARDSTICK, |cost| cost.clock) / middle(place, |cost| cost.clock)),
                against(SAME_ANSWERS),
                against(SAME_DOCUMENTS),
                shown(index > 0.0, format!("{:.2}", index / bytes as f64)),
                shown(peak > 0.0, format!("{:.0}", peak / 1e6)),
            ]
        })
        .collect();
    let title = format!(
        "{articles} articles, {:.1} MB of text. CPU (all threads together) and throughput (on the clock) compared with \"{}\"; the next two columns are throughput against \"{}\" and \"{}\".",
        bytes as f64 / 1e6,
        CONTESTANTS[YARDSTICK].1,
        CONTESTANTS[SAME_ANSWERS].1,
        CONTESTANTS[SAME_DOCUMENTS].1
    );
    table(
        &title,
        &[
            "writer",
            "MB/s",
            "MB/s of CPU",
            "CPU",
            "throughput",
            "a field a question",
            "all documents",
            "index / text",
            "peak MB",
        ],
        &rows,
    );
    if costs.len() < CONTESTANTS.len() {
        return Ok(());
    }
    let [.., articles, extraction, actors, whole, _] = std::array::from_fn::<_, { CONTESTANTS.len() }, _>(|place| {
        middle(place, |cost: &Cost| cost.processor) * 1e9 / bytes as f64
    });
    let parts = [
        ("the words of the articles", articles),
        ("extraction", extraction),
        ("actors: names, ids, facts stored", actors - articles - extraction),
        ("quotes as documents; conveyor and catalogue", whole - actors),
        ("chancery", whole),
    ];
    let rows: Vec<Vec<String>> = parts
        .iter()
        .map(|(name, cost)| vec![(*name).to_owned(), format!("{cost:.0}"), format!("{:.0} %", cost / whole * 100.0)])
        .collect();
    table("Where the time goes: nanoseconds of CPU for a byte of text.", &["part", "ns", "share"], &rows);
    Ok(())
}

/// Where the news lie, how many there are, and the bytes of their texts: a file of JSON lines as it is
/// (`CHANCERY_BENCH_LINES`, for the contestants that read one), or written into a folder.
fn news(folder: &Path) -> Result<(PathBuf, usize, usize), Box<dyn Error>> {
    if let Some(file) = std::env::var_os("CHANCERY_BENCH_LINES").map(PathBuf::from) {
        let (mut articles, mut bytes) = (0, 0);
        raw::each(&file, &mut |_, _, text| {
            articles += 1;
            bytes += text.len();
            Ok(())
        })?;
        return Ok((file, articles, bytes));
    }
    let bytes = if is_trial() { 50_000 } else { corpus::bytes_wanted() };
    let (articles, bytes) = match corpus::given()? {
        Some(articles) => corpus::write(folder, articles.iter().enumerate().filter_map(News::again))?,
        None => corpus::write(folder, Newsroom::open()?.take_bytes(bytes))?,
    };
    Ok((folder.to_owned(), articles, bytes))
}

fn run_once(role: &str, corpus: &Path, index: &Path) -> Result<Cost, Box<dyn Error>> {
    if index.exists() {
        fs::remove_dir_all(index)?;
    }
    fs::create_dir_all(index)?;
    let prepared = index.with_file_name("prepared");
    let output = again(role)?.env(CORPUS, corpus).env(INDEX, index).env(PREPARED, prepared).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{role}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let figures: Vec<f64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [clock, processor, peak] = figures[..] else { return Err(format!("{role} said `{said}`").into()) };
    let size = folder_bytes(index)? as f64;
    Ok(Cost { clock, processor, peak, index: size })
}

/// Runs one contestant and prints its seconds on the clock, on the processor, and its peak of memory.
fn contestant(role: &str) -> Result<(), Box<dyn Error>> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).ok_or("a contestant is started by the bench");
    let (corpus, index) = (folder(CORPUS)?, folder(INDEX)?);
    let clock = Instant::now();
    let plain = raw::Plan { words: raw::Words::One, our_analyser: false, sorted: false, night: false };
    let apart = raw::Plan { words: raw::Words::Apart, ..plain };
    match role {
        "one-field" => raw::write(&index, &corpus, plain)?,
        "own-fields" => raw::write(&index, &corpus, raw::Plan { words: raw::Words::Own, ..plain })?,
        "apart" => raw::write(&index, &corpus, apart)?,
        "documents" => raw_documents::write(&index, &folder(PREPARED)?)?,
        "our-analyser" => raw::write(&index, &corpus, raw::Plan { our_analyser: true, ..apart })?,
        "sorted" => raw::write(&index, &corpus, raw::Plan { our_analyser: true, sorted: true, ..apart })?,
        "articles" => put_all(&index, &corpus, |_, _| Facts::default())?,
        "actors" => put_all(&index, &corpus, |article, tables| Facts { quotes: Vec::new(), ..found(article, tables) })?,
        "chancery" => corpus::build(&index, &corpus, false)?,
        "words-only" => corpus::build(&index, &corpus, true)?,
        "extraction" => {
            let spent = extraction(&corpus)?;
            println!("{spent} {spent} 0");
            return Ok(());
        }
        other => return Err(format!("no contestant `{other}`").into()),
    }
    let clock = clock.elapsed().as_secs_f64();
    println!("{clock} {} {}", process_seconds().unwrap_or(clock), peak_bytes().unwrap_or(0.0));
    Ok(())
}

/// Writes down the documents of every article of a corpus.
fn prepare(corpus: &Path, file: &Path) -> Result<(), Box<dyn Error>> {
    let tables = Tables::builtin();
    let mut preparing = raw_documents::Preparing::new(file)?;
    each_article(corpus, &mut |article| preparing.add(&article, &found(&article, tables)))?;
    preparing.finish()
}

/// Puts every article into our engine, one after the other, with the facts that `facts` finds.
fn put_all(index: &Path, corpus: &Path, facts: fn(&Article, &Tables) -> Facts) -> Result<(), Box<dyn Error>> {
    let tables = Tables::builtin();
    let engine = TantivyEngine::open_for_writing(index, tables.version(), false, Duration::ZERO)?;
    let mut writer = engine.writer()?;
    let mut maker = writer.maker();
    each_article(corpus, &mut |article| {
        let facts = facts(&article, tables);
        Ok(writer.put(maker.make(&Stored { article, facts, ingested: Moment::now() })?)?)
    })?;
    writer.commit(&Catalogue { generation: 1, complete: true, ..Catalogue::default() })?;
    Ok(writer.finish()?)
}

/// The seconds of extraction alone: files are read before and outside of them.
fn extraction(corpus: &Path) -> Result<f64, Box<dyn Error>> {
    let mut articles = Vec::new();
    each_article(corpus, &mut |article| {
        articles.push(article);
        Ok(())
    })?;
    let tables = Tables::builtin();
    Ok(seconds(|| {
        for article in &articles {
            std::hint::black_box(found(article, tables));
        }
    }))
}

fn found(article: &Article, tables: &Tables) -> Facts {
    extract::extract(article, tables, &extract::Options { beliefs: false })
}

/// Hands over every article of a corpus.
fn each_article(
    folder: &Path,
    take: &mut dyn FnMut(Article) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let options = corpus::options();
    for found in chancery::corpus::walk(folder, &options)?.flatten() {
        let mut taken = Ok(());
        let mut sink = |record: chancery::corpus::Record| {
            taken = record.map_or(Ok(()), &mut *take);
            taken.is_ok()
        };
        chancery::corpus::articles(&found, &options, &mut sink).map_err(|failure| failure.reason)?;
        taken?;
    }
    Ok(())
}
