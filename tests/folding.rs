//! Every story once in a list of hits, every copy in a count and an export.

use std::path::PathBuf;

use serde_json::json;

use crate::harness::Place;

const WIRE: &str = "The ministers of the five coastal states agreed on Tuesday to open a hotline between their coast \
    guards. Two of them had threatened to leave the talks over fishing rights. The hotline begins its work in 90 days.";

fn record(id: &str, date: &str, source: &str, text: &str) -> String {
    format!("{}\n", json!({"id": id, "date": date, "source": source, "title": format!("Hotline {id}"), "text": text}))
}

/// Three copies of one report by three outlets, and two other articles.
fn archive() -> Place {
    let note = format!("CORRECTION: the hotline begins in 90 days. {WIRE}");
    let cut = WIRE.split_once(" The hotline begins").unwrap().0;
    let records = [
        record("a", "2022-03-01", "Coast Wire", WIRE),
        record("b", "2022-03-02", "Harbour Post", &note),
        record("c", "2022-03-03", "Island Mail", &format!("{cut} {cut}")),
        record(
            "d",
            "2022-03-03",
            "Island Mail",
            "A hotline is not enough, writes a reader of this paper, who owns a boat.",
        ),
        record("e", "2023-03-01", "Coast Wire", WIRE),
    ];
    let place = Place::with(&[("corpus/wire.jsonl", &records.concat())]);
    place.index();
    place
}

#[test]
fn a_story_is_shown_once_and_counted_both_ways() {
    let place = archive();
    let ids = |line: &str| -> Vec<String> {
        let rows = place.line(&format!("search {line} --format jsonl")).expect(0).json();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("hotline --sort newest"), ["e", "c", "d"]);
    assert_eq!(ids("hotline --sort oldest"), ["a", "d", "e"]);
    assert_eq!(ids("hotline --sort newest --all"), ["e", "c", "d", "b", "a"]);
    assert_eq!(ids("hotline --sort newest -n 1 --offset 1"), ["c"]);
    assert_eq!(ids("hotline --sort newest -n 1 --offset 2"), ["d"]);
    place.line("search hotline").expect(0).says("3 of 3 stories in 5 articles; --all shows every copy");
    place.line("search hotline --all").expect(0).says("5 of 5 articles");
    assert_eq!(place.line("count hotline").expect(0).out, "5\n");
    assert_eq!(place.line("export hotline --format jsonl").expect(0).out.lines().count(), 5);
}

#[test]
fn copies_are_named_and_only_those_that_answer() {
    let place = archive();
    let row = &place.line("search hotline --sort newest --format jsonl").expect(0).json()[1];
    let copy = |id: &str, date: &str, source: &str| json!({"id": id, "date": date, "source": source, "title": format!("Hotline {id}")});
    let named = [copy("a", "2022-03-01", "Coast Wire"), copy("b", "2022-03-02", "Harbour Post")];
    assert_eq!(row["copies"], json!({"total": 2, "named": named}));
    let text = |line: &str| place.line(&format!("search {line} --format text")).expect(0).out;
    assert!(text("hotline --sort newest").contains("            +2 similar: Coast Wire, Harbour Post\n"));
    // Only the corrected copy and the plain ones have the word of the question.
    let rows = place.line("search correction --format jsonl").expect(0).json();
    assert_eq!((rows.len(), &rows[0]["copies"]), (1, &serde_json::Value::Null));
    assert!(text("hotline date:2022-03-01..2022-03-02").contains("+1 similar: "));
}

#[test]
fn stories_follow_what_comes_and_goes() {
    let place = archive();
    let stories = |expected: &str| {
        place.line("check").expect(0);
        place.line("search hotline").expect(0).says(expected);
    };
    // The first article of the story is gone; the others are still copies of one another.
    let rest = [record("b", "2022-03-02", "Harbour Post", WIRE), record("c", "2022-03-03", "Island Mail", WIRE)];
    place.write("corpus/wire.jsonl", rest.concat());
    place.line("index corpus --allow-shrink").expect(0);
    stories("1 of 1 stories in 2 articles");
    place.write("corpus/more.jsonl", record("0", "2022-02-28", "Coast Wire", WIRE));
    place.line("index corpus").expect(0);
    stories("1 of 1 stories in 3 articles");
    place.remove("corpus/more.jsonl");
    place.line("index corpus --allow-shrink").expect(0);
    stories("1 of 1 stories in 2 articles");
}

#[test]
fn a_story_does_not_outlive_an_article_that_was_there_twice() {
    // Both are written, and the one of May, which the other replaces, stands first in the index.
    let twice =
        [record("x", "2022-05-01", "Coast Wire", "An earlier text."), record("x", "2022-03-01", "Coast Wire", WIRE)];
    let copy = record("y", "2022-03-02", "Harbour Post", WIRE);
    let place = Place::with(&[("corpus/a.jsonl", &twice.concat()), ("corpus/b.jsonl", &copy)]);
    place.line("index corpus").expect(0);
    place.line("search hotline").expect(0).says("1 of 1 stories in 2 articles");
    place.remove("corpus/a.jsonl");
    place.line("index corpus --allow-shrink").expect(0);
    place.line("check").expect(0);
    place.line("search hotline").expect(0).says("1 of 1 articles");
}

/// The one file of the index whose name begins so.
fn list(place: &Place, beginning: &str) -> PathBuf {
    let found = place.path("index/store-1").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut found = found.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(beginning));
    let list = found.next().unwrap();
    assert_eq!(found.next(), None);
    list
}

#[test]
fn shortcuts_save_time_and_nothing_else() {
    let place = archive();
    let sound = place.line("search hotline").expect(0).out;
    let shortcuts = list(&place, "shortcuts-");
    let bytes = std::fs::read(&shortcuts).unwrap();
    let mut other = bytes.clone();
    other[bytes.len() / 2] ^= 1;
    for harmed in [&bytes[..bytes.len() / 2], &other, b"", b"damaged, and not like shortcuts at all"] {
        std::fs::write(&shortcuts, harmed).unwrap();
        assert_eq!(place.line("search hotline").expect(0).out, sound);
        place.line("check").expect(3).says("shortcuts-");
    }
    std::fs::remove_file(&shortcuts).unwrap();
    assert_eq!(place.line("search hotline").expect(0).out, sound);
    place.line("check").expect(0);
    place.write("corpus/new.txt", " date 2022-03-09 Something else happened far away.");
    place.line("index corpus").expect(0);
    assert_eq!(place.line("search hotline").expect(0).out, sound);
    // One more segment, with one stretch of one day.
    assert_eq!(list(&place, "shortcuts-").metadata().unwrap().len(), bytes.len() as u64 + 48);
}

#[test]
fn a_lost_list_of_stories_is_damage() {
    let place = archive();
    let list = list(&place, "stories-");
    std::fs::write(&list, "damaged").unwrap();
    place.line("search hotline").expect(3).says("was altered");
    std::fs::remove_file(&list).unwrap();
    place.line("search hotline").expect(3).says("is missing");
    place.line("search hotline --all").expect(0);
    place.line("check").expect(3);
}
