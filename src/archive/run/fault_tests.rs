//! A disk that fails at every step of a run, in turn: the archive is in the state before or after, and the next run ends
//! the work. Without `CHANCERY_FAULTS=all` only one step in a few is tried.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::index;
use crate::archive::batch::tests::BREAKS;
use crate::archive::report::{ARTICLE_BYTES, Options, Report};
use crate::article::ArticleId;
use crate::catalogue::Catalogue;
use crate::date::Moment;
use crate::engine::Engine;
use crate::engine::tantivy::TantivyEngine;
use crate::engine::tantivy::faults::Armed;
use crate::error::{Error, Result};

/// One step in so many is tried.
const FEW: usize = 11;

/// The text of every article by its file, and how many quotes the catalogue has of it.
type State = BTreeMap<String, (String, u32)>;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path("corpus").join(name), format!(" date 2022-02-05 {text}")).unwrap();
    }

    fn run(&self, rebuild: bool) -> Result<()> {
        self.run_with(Options { rebuild, ..usual() }).map(|_| ())
    }

    fn run_with(&self, options: Options) -> Result<Report> {
        index(&self.path("index"), &[self.path("corpus")], &options, &AtomicBool::new(false), &mut |_| {})
    }

    /// What a reader finds, which is sound.
    fn state(&self) -> State {
        let engine = TantivyEngine::open(&self.path("index")).unwrap();
        assert_eq!(engine.check().unwrap(), Vec::<String>::new());
        let catalogue = engine.catalogue().unwrap();
        let quotes = |id: &str| {
            let articles = catalogue.files.values().flat_map(|file| &file.articles);
            articles.filter(|article| article.id == id).map(|article| article.quotes).sum()
        };
        let mut state = State::new();
        let mut take = |stored: crate::engine::Stored, _| {
            let count = quotes(stored.article.id.as_str());
            state.insert(stored.article.origin.path, (stored.article.text, count));
            Ok(())
        };
        engine.each(&mut take).unwrap();
        state
    }
}

fn usual() -> Options {
    // The files were written long ago, as far as a run knows: none of them is in doubt.
    let started = Moment::now_nanoseconds() + 60_000_000_000;
    Options { allow_shrink: true, allow_low_space: true, ..Options::usual(Moment::now(), started) }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(std::result::Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An archive of some articles, and a corpus of which some have changed since.
fn place() -> (Place, State) {
    let place = Place { folder: tempfile::tempdir().unwrap() };
    fs::create_dir(place.path("corpus")).unwrap();
    for number in 0..4 {
        place
            .write(&format!("{number}.txt"), &format!("“We agree on point {number},” the Polish prime minister said."));
    }
    place.run(false).unwrap();
    let before = place.state();
    copy(&place.path("index"), &place.path("kept"));
    place.write("1.txt", "“We do not agree any more,” said NATO. “Not on this,” it added.");
    place.write("4.txt", "France and Germany spoke of a new treaty.");
    fs::remove_file(place.path("corpus").join("2.txt")).unwrap();
    (place, before)
}

/// Lets every step fail in turn, or one in a few from the `first` on; returns how many there are.
fn fails_everywhere(rebuild: bool, full: bool, first: u32) -> u32 {
    let all = std::env::var("CHANCERY_FAULTS").is_ok_and(|asked| asked == "all");
    let (first, apart) = if all { (0, 1) } else { (first, FEW) };
    let (place, before) = place();
    place.run(rebuild).unwrap();
    let after = place.state();
    assert_ne!(before, after);
    for number in (first..).step_by(apart) {
        fs::remove_dir_all(place.path("index")).unwrap();
        copy(&place.path("kept"), &place.path("index"));
        let armed = Armed::new(&place.path("index"), number, full);
        let result = place.run(rebuild);
        let failed = armed.has_failed();
        drop(armed);
        let said = result.err().map(|error: Error| error.to_string());
        assert!(failed || said.is_none(), "step {number}: {said:?}");
        let found = place.state();
        assert!(found == before || found == after, "step {number}: {said:?}: {found:?}");
        assert!(said.is_some() || found == after, "step {number} failed without a word");
        place.run(false).unwrap_or_else(|error| panic!("after step {number}: {error}"));
        assert_eq!(place.state(), after, "after step {number}");
        if !failed {
            return number;
        }
    }
    0
}

#[test]
fn a_night_survives_a_fault_at_every_step() {
    let steps = fails_everywhere(false, false, 0);
    assert!(steps > 40, "{steps} steps");
}

#[test]
fn a_night_survives_a_disk_that_fills_at_every_step() {
    fails_everywhere(false, true, 2);
}

#[test]
fn a_rebuild_survives_a_disk_that_fills_at_every_step() {
    let steps = fails_everywhere(true, true, 4);
    assert!(steps > 40, "{steps} steps");
}

/// Lines in the large file of a build in steps, how many ids they have, and how many bytes are a step: some fifty articles.
const LINES: usize = 450;
const IDS: usize = 300;
const STEP: u64 = 50 * (ARTICLE_BYTES + 32);

/// A line of records; a large one has a field that no reader is interested in.
fn line(id: usize, words: &str, padding: usize) -> String {
    let (text, padding) = (format!("“{words} stands,” NATO said."), "x".repeat(padding));
    format!("{{\"id\":\"n{id}\",\"date\":\"2022-02-05\",\"text\":\"{text}\",\"padding\":\"{padding}\"}}\n")
}

fn write_records(file: &Path, records: String, seconds: u64) {
    fs::write(file, records).unwrap();
    let file = fs::File::options().append(true).open(file).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1_600_000_000 + seconds)).unwrap();
}

/// A file so large that it is read as a stream, half of its ids twice in it; an older file with some of its ids and one of its
/// own, and a newer one.
fn write_corpus(corpus: &Path) {
    let lines = (0..LINES).map(|at| line(at % IDS, &format!("Point {at}"), 75_000)).collect();
    write_records(&corpus.join("b.jsonl"), lines, 1);
    write_records(&corpus.join("a.jsonl"), [5, 200, IDS].map(|id| line(id, "An older point", 0)).concat(), 0);
    write_records(&corpus.join("c.jsonl"), [7, 290].map(|id| line(id, "A newer point", 0)).concat(), 2);
}

/// The text of every article by its id, after a check.
fn texts(place: &Place) -> BTreeMap<String, String> {
    let engine = TantivyEngine::open(&place.path("index")).unwrap();
    assert_eq!(engine.check().unwrap(), Vec::<String>::new());
    let mut texts = BTreeMap::new();
    let mut take = |stored: crate::engine::Stored, _| {
        texts.insert(stored.article.id.as_str().to_owned(), stored.article.text);
        Ok(())
    };
    engine.each(&mut take).unwrap();
    texts
}

#[test]
fn a_build_goes_on_in_the_middle_of_a_file() {
    let place = Place { folder: tempfile::tempdir().unwrap() };
    fs::create_dir(place.path("corpus")).unwrap();
    write_corpus(&place.path("corpus"));
    let options = || Options { step: STEP, ..usual() };
    let mut steps = Vec::new();
    for number in (230..).step_by(330) {
        let armed = Armed::new(&place.path("index"), number, true);
        let failed = place.run_with(options()).is_err();
        drop(armed);
        if !failed {
            break;
        }
        // It can be searched, it is sound, and what was there is still there.
        let found = if TantivyEngine::exists(&place.path("index")) { texts(&place).len() } else { 0 };
        assert!(found >= steps.last().copied().unwrap_or(0) && found <= IDS + 1, "{found} after {steps:?}");
        steps.push(found);
        // What a file has no more stands in the index until the end, and at the end no more.
        write_records(&place.path("corpus/a.jsonl"), line(5, "An older point", 0), 0);
    }
    assert!(steps.iter().any(|found| (1..IDS).contains(found)), "no try failed between two steps: {steps:?}");
    let expected = |id: usize| match id {
        7 | 290 => "A newer point".to_owned(),
        _ => format!("Point {}", if id + IDS < LINES { id + IDS } else { id }),
    };
    let expected = (0..IDS).map(|id| (format!("n{id}"), format!("“{} stands,” NATO said.", expected(id)))).collect();
    assert_eq!(texts(&place), expected);
    // A rebuild takes steps too, which nobody sees.
    let generation = TantivyEngine::open(&place.path("index")).unwrap().catalogue().unwrap().generation;
    let rebuilt = place.run_with(Options { rebuild: true, ..options() }).unwrap();
    assert_eq!(texts(&place), expected);
    assert!(rebuilt.generation > Some(generation + 3), "{:?}", rebuilt.generation);
}

/// The reasons of the failures of a run, and how many of them it told first.
fn failures(place: &Place, options: Options) -> (Vec<String>, usize) {
    let report = place.run_with(options).unwrap();
    let reasons = report.failures.iter().map(|failure| failure.failure.reason.clone()).collect();
    (reasons, report.fresh_failures().count())
}

#[test]
fn an_article_that_breaks_extraction_is_named_and_stops_nothing() {
    let place = Place { folder: tempfile::tempdir().unwrap() };
    fs::create_dir(place.path("corpus")).unwrap();
    (0..3).for_each(|number| place.write(&format!("{number}.txt"), &format!("NATO met in {number}.")));
    place.write("3.txt", BREAKS);
    let check = |options: Options, said: &[&str], fresh: usize| {
        let (reasons, told) = failures(&place, options);
        assert_eq!((reasons.len(), told), (said.len(), fresh), "{reasons:?}");
        for (reason, said) in reasons.iter().zip(said) {
            assert!(reason.starts_with("extraction broke down on article `") && reason.contains(said), "{reason}");
        }
    };
    check(usual(), &["not taken in"], 1);
    let before = place.state();
    assert_eq!(before.len(), 3);
    check(usual(), &["not taken in"], 0);
    // What was read of an article before stays.
    place.write("1.txt", &format!("NATO met again. {BREAKS}"));
    check(usual(), &["not taken in"; 2], 1);
    assert_eq!(place.state(), before);
    place.write("3.txt", "NATO met once more.");
    check(usual(), &["not taken in"], 0);
    assert_eq!(place.state().len(), 4);
    // Where the tables change, it is in the index already and stays there.
    check(Options { rebuild: true, no_extract: true, ..usual() }, &[], 0);
    let plain = place.state();
    assert_eq!(plain.len(), 4);
    check(usual(), &["before the tables changed"], 1);
    check(usual(), &["before the tables changed"], 0);
    check(Options { retry: true, ..usual() }, &["not taken in"], 1);
    assert_eq!(place.state(), plain);
    place.write("1.txt", "NATO met again.");
    check(usual(), &[], 0);
}

#[test]
fn files_that_failed_are_read_once_more_when_the_readers_are_others() {
    let place = Place { folder: tempfile::tempdir().unwrap() };
    fs::create_dir(place.path("corpus")).unwrap();
    place.write("0.txt", "NATO met.");
    fs::write(place.path("corpus/bad.jsonl"), "broken\n").unwrap();
    place.run(false).unwrap();
    let live = TantivyEngine::open(&place.path("index")).unwrap();
    let (version, catalogue) = (live.dictionary().unwrap().to_owned(), live.catalogue().unwrap());
    let engine = TantivyEngine::open_for_writing(&place.path("index"), &version, false, Duration::ZERO).unwrap();
    let mut writer = engine.writer().unwrap();
    let generation = catalogue.generation + 1;
    writer.commit(&Catalogue { generation, readers: "others".to_owned(), ..catalogue }).unwrap();
    writer.finish().unwrap();
    drop(engine);
    let run = || place.run_with(usual()).unwrap();
    let (first, second) = (run(), run());
    assert_eq!((first.bytes_read, first.generation), (7, Some(generation + 1)));
    assert_eq!((second.bytes_read, second.generation), (0, None));
}

#[test]
fn restored_times_are_forgotten_when_all_of_them_are_taken_in() {
    for late in [false, true] {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path("corpus")).unwrap();
        fs::create_dir(place.path("index")).unwrap();
        (0..4).for_each(|number| place.write(&format!("{number}.txt"), &format!("NATO met in {number}.")));
        fs::write(place.path("corpus/z.jsonl"), "broken\n").unwrap();
        let restored = place.path("index/restored.jsonl");
        let restore = || {
            let line = |number| {
                let id = ArticleId::from_path(&format!("{number}.txt"), 0);
                format!("{{\"article\":\"{id}\",\"ingested\":\"1999-01-01T00:00:00Z\"}}\n")
            };
            fs::write(&restored, (0..4).map(line).collect::<String>()).unwrap();
        };
        let old = || {
            let catalogue = TantivyEngine::open(&place.path("index")).unwrap().catalogue().unwrap();
            let articles = catalogue.files.values().flat_map(|file| &file.articles);
            articles.filter(|article| article.ingested.to_string().starts_with("1999")).count()
        };
        if !late {
            restore();
        }
        let stopped = Options { step: 1, max_failures: Some(0), ..usual() };
        place.run_with(stopped).unwrap_err();
        assert!(TantivyEngine::exists(&place.path("index")), "steps were committed");
        if late {
            restore();
        }
        place.run(false).unwrap();
        assert_eq!((restored.exists(), old()), (late, if late { 0 } else { 4 }));
        place.run(true).unwrap();
        assert_eq!((restored.exists(), old()), (false, 4));
    }
}
