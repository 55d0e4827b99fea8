//! A disk that fails at every step of a run, in turn: the archive is in the state before or after, and the next run ends
//! the work. Without `CHANCERY_FAULTS=all` only one step in a few is tried.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::index;
use crate::archive::report::Options;
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
        let now = Moment::now();
        // The files were written long ago, as far as this run knows: none of them is in doubt.
        let started = Moment::now_nanoseconds() + 60_000_000_000;
        let options = Options { rebuild, allow_shrink: true, allow_low_space: true, ..Options::usual(now, started) };
        let corpus = [self.path("corpus")];
        index(&self.path("index"), &corpus, &options, &AtomicBool::new(false), &mut |_| {}).map(|_| ())
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
