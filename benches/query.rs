//! Warm questions: our ranked lists against the ten best of tantivy alone, over the same articles.
//!
//! The yardstick is an index of one stemmed field with positions, asked with tantivy's own queries for its ten best by
//! BM25, nothing fetched. Ours blends relevance with dates, over all fields, and fetches nothing either; beside it stands
//! the whole page, with its articles read and all that match counted. They answer one question after the other in one
//! process, in turn; every figure is a median over the questions of a class.

mod corpus;
mod measure;
mod raw_words;
mod zipf;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chancery::catalogue::Catalogue;
use chancery::date::Day;
use chancery::engine::tantivy::TantivyEngine;
use chancery::engine::{Engine, Plan};
use chancery::hits::FacetBy;
use chancery::query::{self, Query};
use chancery::rank::{Ranking, Sort};

use crate::measure::{is_asked, is_trial, median, ratio, rounds, table};
use crate::raw_words::{Question, RawIndex};
use crate::zipf::Articles;

/// Articles when `CHANCERY_BENCH_ARTICLES` does not say.
const USUAL_ARTICLES: usize = 100_000;

/// How many values of a facet are named: as many as the program shows.
const FACETS: usize = 20;

/// Questions of a class.
const QUESTIONS: usize = 36;

/// Ranks of words from which questions are put together: common, middling and rare ones.
const BANDS: [(usize, usize); 3] = [(8, 60), (60, 1_000), (1_000, 20_000)];

fn main() -> Result<(), Box<dyn Error>> {
    let told = std::env::var("CHANCERY_BENCH_ARTICLES").ok().and_then(|text| text.parse().ok());
    let articles = if is_trial() { 300 } else { told.unwrap_or(USUAL_ARTICLES) };
    let temporary = tempfile::tempdir()?;
    // A folder of one's own keeps the indexes for the next time.
    let kept = std::env::var_os("CHANCERY_BENCH_INDEX").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(temporary.path());
    let (ours, raw) = (folder.join(format!("ours-{articles}")), folder.join(format!("raw-{articles}")));
    if !ours.join("CURRENT").exists() {
        let clock = Instant::now();
        build(&ours, articles)?;
        eprintln!("our index: {:.0} s", clock.elapsed().as_secs_f64());
    }
    if !raw.join("meta.json").exists() {
        let clock = Instant::now();
        RawIndex::build(&raw, Articles::open()?.take(articles))?;
        eprintln!("the yardstick: {:.0} s", clock.elapsed().as_secs_f64());
    }
    let engine = TantivyEngine::open(&ours)?;
    let raw = RawIndex::open(&raw)?;
    lists(&engine, &raw, articles)?;
    if is_asked("views") { counts(&engine, articles) } else { Ok(()) }
}

/// Writes the archive through the seam, as a run does.
fn build(index: &Path, articles: usize) -> Result<(), Box<dyn Error>> {
    let engine = TantivyEngine::open_for_writing(index, "bench", false, Duration::ZERO)?;
    let mut writer = engine.writer()?;
    let mut maker = writer.maker();
    for stored in Articles::open()?.take(articles) {
        writer.put(maker.make(&stored)?)?;
    }
    writer.commit(&Catalogue { generation: 1, complete: true, ..Catalogue::default() })?;
    Ok(writer.finish()?)
}

/// One class of questions.
struct Class {
    name: &'static str,
    target: f64,
    sort: Sort,
    shape: fn(&[String]) -> (String, Question),
    words: usize,
}

fn any(words: &[String]) -> (String, Question) {
    (words.join(" OR "), Question::Any(words.to_vec()))
}

fn all(words: &[String]) -> (String, Question) {
    (words.join(" "), Question::All(words.to_vec()))
}

fn phrase(words: &[String]) -> (String, Question) {
    (format!("\"{}\"", words.join(" ")), Question::Phrase(words.to_vec(), 0))
}

fn near(words: &[String]) -> (String, Question) {
    (words.join(" NEAR/5 "), Question::Phrase(words.to_vec(), 5))
}

fn classes() -> Vec<Class> {
    let class = |name, target, sort, shape, words| Class { name, target, sort, shape, words };
    vec![
        class("1 word", 1.0, Sort::Blend, any as fn(&[String]) -> (String, Question), 1),
        class("2 words, OR", 1.0, Sort::Blend, any, 2),
        class("3 words, OR", 1.0, Sort::Blend, any, 3),
        class("4 words, OR", 1.0, Sort::Blend, any, 4),
        class("2 words, AND", 1.0, Sort::Blend, all, 2),
        class("3 words, AND", 1.0, Sort::Blend, all, 3),
        class("4 words, AND", 1.0, Sort::Blend, all, 4),
        class("phrase of 2", 1.2, Sort::Blend, phrase, 2),
        class("phrase of 3", 1.2, Sort::Blend, phrase, 3),
        class("NEAR/5", 1.2, Sort::Blend, near, 2),
        class("newest of 1 word", 0.2, Sort::Newest, any, 1),
        class("newest of 2, OR", 0.2, Sort::Newest, any, 2),
        class("newest of 2, AND", 0.2, Sort::Newest, all, 2),
    ]
}

/// The words of the questions of a class: bands in turn, so that common words meet rare ones.
fn words(articles: &Articles, class: &Class, number: usize) -> Vec<String> {
    let together = class.name.starts_with("phrase") || class.name.starts_with("NEAR");
    let word = |place: usize| {
        // Words that are to stand together have to be common ones, or there is nothing to find.
        let (from, to) = BANDS[if together { 0 } else { (number + place) % BANDS.len() }];
        articles.word(from + (number * 7919 + place * 104_729) % (to - from)).to_owned()
    };
    (0..class.words).map(word).collect()
}

fn parsed(question: &str) -> Result<Query, Box<dyn Error>> {
    let today = Day::from_ymd(2025, 1, 1).ok_or("no such day")?;
    Ok(query::parse(question, &query::Options { today, any: false })?.query)
}

fn milliseconds<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<f64, E> {
    let clock = Instant::now();
    work()?;
    Ok(clock.elapsed().as_secs_f64() * 1e3)
}

fn lists(engine: &TantivyEngine, raw: &RawIndex, articles: usize) -> Result<(), Box<dyn Error>> {
    let vocabulary = Articles::open()?;
    let mut rows = Vec::new();
    for class in classes().into_iter().filter(|class| is_asked(class.name)) {
        let ranking = Ranking { sort: class.sort, ..Ranking::default() };
        let plan = Plan { limit: 10, offset: 0, ranking, explain: false, snippets: 0, fold: true };
        let (mut ours, mut whole, mut theirs, mut found) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for number in 0..if is_trial() { 2 } else { QUESTIONS } {
            let (text, question) = (class.shape)(&words(&vocabulary, &class, number));
            let (query, asked) = (parsed(&text)?, raw.query(&question));
            let mut turns = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..rounds(5) {
                turns[0].push(milliseconds(|| engine.scores(&query, &plan))?);
                turns[1].push(milliseconds(|| raw.best(&*asked))?);
                turns[2].push(milliseconds(|| engine.search(&query, &plan))?);
            }
            found.push(engine.count(&query)? as f64);
            let [best, yardstick, page] = turns.map(median);
            ours.push(best);
            theirs.push(yardstick);
            whole.push(page);
        }
        let (ours, theirs, whole) = (median(ours), median(theirs), median(whole));
        rows.push(vec![
            class.name.to_owned(),
            format!("{:.0}", median(found)),
            format!("{theirs:.2}"),
            format!("{ours:.2}"),
            ratio(ours / theirs),
            format!("{}", class.target),
            format!("{whole:.2}"),
        ]);
    }
    let title = format!(
        "{articles} articles: the ten best, in milliseconds; the page also reads them and counts all that match."
    );
    table(&title, &["question", "hits", "tantivy", "ours", "ratio", "target", "page"], &rows);
    Ok(())
}

/// Facets and timelines against a count of the same question.
fn counts(engine: &TantivyEngine, articles: usize) -> Result<(), Box<dyn Error>> {
    let vocabulary = Articles::open()?;
    let facets = [FacetBy::Actor, FacetBy::Speaker, FacetBy::Source, FacetBy::Country, FacetBy::Language];
    let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); facets.len() + 1];
    let mut counted = Vec::new();
    for number in 0..if is_trial() { 2 } else { QUESTIONS } {
        // A single word is counted without looking at an article; two are as many questions are.
        let (from, to) = BANDS[number % 2];
        let word = |place: usize| vocabulary.word(from + (number * 7919 + place * 104_729) % (to - from)).to_owned();
        let query = parsed(&format!("{} OR {}", word(0), word(1)))?;
        let mut turns: Vec<Vec<f64>> = vec![Vec::new(); facets.len() + 2];
        for _ in 0..rounds(5) {
            turns[0].push(milliseconds(|| engine.count(&query))?);
            turns[1].push(milliseconds(|| engine.dates(&query))?);
            for (by, turn) in facets.iter().zip(&mut turns[2..]) {
                turn.push(milliseconds(|| engine.tally(&query, *by, FACETS))?);
            }
        }
        let figures: Vec<f64> = turns.into_iter().map(median).collect();
        counted.push(figures[0]);
        for (ratios, figure) in ratios.iter_mut().zip(&figures[1..]) {
            ratios.push(figure / figures[0]);
        }
    }
    let names = ["timeline", "facet: actor", "facet: speaker", "facet: source", "facet: country", "facet: language"];
    let row = |(name, ratios): (&str, Vec<f64>)| vec![name.to_owned(), ratio(median(ratios)), "10".to_owned()];
    let rows: Vec<_> = names.into_iter().zip(ratios).map(row).collect();
    let title = format!("{articles} articles: times the count of the same question ({:.2} ms).", median(counted));
    table(&title, &["view", "ratio", "target"], &rows);
    Ok(())
}
