//! Folders that are taken out of an index, and what must not go with them.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::harness::Place;

fn article(place: &Place, folder: &str, number: usize) {
    let text = format!(" date 2022-01-{:02} The harbour is open, article {number}.", number % 28 + 1);
    place.write(format!("{folder}/{number}.txt"), text);
}

/// Records with these ids, in a file that was changed so many seconds after another moment.
fn records(place: &Place, file: &str, ids: impl IntoIterator<Item = usize>, word: &str, seconds: u64) {
    let line = |id| format!("{{\"id\":\"n{id}\",\"text\":\"The harbour is {word}, {id}.\"}}\n");
    place.write(file, ids.into_iter().map(line).collect::<String>());
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000 + seconds);
    fs::File::options().append(true).open(place.path(file)).unwrap().set_modified(changed).unwrap();
}

fn count(place: &Place, question: &str) -> u64 {
    place.line(&format!("count {question}")).out.trim().parse().unwrap()
}

#[test]
fn a_folder_that_is_gone_can_be_forgotten() {
    let place = Place::new();
    (0..12).for_each(|number| article(&place, "corpus", number));
    place.index();
    place.write("more/1.txt", " date 2022-01-02 The harbour is closed, article 1.");
    place.write("more/bad.jsonl", "broken\n{\"id\":\"fine\",\"text\":\"The harbour froze.\"}\n");
    place.line("index more").expect(4);
    assert_eq!(place.line("count harbour").out, "14\n");
    fs::remove_dir_all(place.path("corpus")).unwrap();
    place.line("index").expect(2).says("--forget DIR");
    place.line("index more").expect(4);
    place.line("index --forget nowhere").expect(2).says("it was made from `");
    place.line("index --forget corpus --keep-vanished").expect(2);
    place.line("index more --forget more").expect(2).says("forgotten in one run");
    place.line("index --forget corpus --forget more").expect(2).says("nothing would be left");
    assert_eq!(place.line("count harbour").out, "14\n");
    let ran = place.line("index --forget corpus --dry-run --format json").expect(4);
    assert_eq!((&ran.json()[0]["articles_removed"], &ran.json()[0]["files_gone"]), (&12.into(), &12.into()));
    place.line("index --forget corpus").expect(4);
    place.line("check").expect(0);
    assert_eq!(place.line("count harbour").out, "2\n");
    let status = place.line("status --format json").json()[0].clone();
    assert_eq!(status["corpus"].as_array().map(Vec::len), Some(1), "{status}");
    let after = place.line("export '*' --format csv").out;
    // What is left is still known.
    let ran = place.line("index --format json").expect(4);
    assert_eq!(
        (&ran.json()[0]["files_unchanged"], &ran.json()[0]["generation"]),
        (&2.into(), &serde_json::Value::Null)
    );
    place.line("index --rebuild").expect(4);
    assert_eq!(place.line("export '*' --format csv").out, after, "ids do not change");
    place.line("index corpus").expect(2);
    // One that comes back is another folder than it was.
    place.write("corpus/1.txt", "The harbour is back.");
    place.line("index corpus").expect(4);
    place.line("index --forget corpus").expect(4);
    assert_eq!(place.line("export '*' --format csv").out, after);
    place.line("check").expect(0);
}

#[test]
fn what_another_folder_has_too_stays() {
    let place = Place::new();
    records(&place, "old/a.jsonl", 0..3, "closed", 0);
    records(&place, "new/a.jsonl", 0..5, "open", 9);
    place.line("index old new").expect(0).says("3 articles are replaced by newer ones");
    assert_eq!((count(&place, "open"), count(&place, "closed")), (5, 0));
    // The folder that takes over may be one that this run does not walk.
    place.write("third/1.txt", "The harbour froze.");
    place.line("index third --forget new").expect(0).says("may have older texts of articles that are gone");
    assert_eq!(count(&place, "open"), 0);
    place.line("index").expect(0);
    assert_eq!((count(&place, "open"), count(&place, "closed")), (0, 3));
    records(&place, "new/a.jsonl", 0..5, "open", 9);
    place.line("index new").expect(0);
    assert_eq!((count(&place, "open"), count(&place, "closed")), (5, 0));
    place.line("index --forget new").expect(0);
    assert_eq!((count(&place, "open"), count(&place, "closed")), (0, 3));
    place.line("check").expect(0);
}

#[test]
fn a_run_that_is_stopped_forgets_nothing_for_good() {
    let place = Place::new();
    let long = "The harbour is open. ".repeat(400);
    let line = |id: usize| format!("{{\"id\":\"n{id}\",\"text\":\"{long}{id}\"}}\n");
    place.write("a/a.jsonl", (0..400).map(line).collect::<String>());
    place.write("b/b.jsonl", (400..800).map(line).chain(["broken\n".into(), "broken\n".into()]).collect::<String>());
    let stopped = "--commit-every 1 --max-failures 1";
    place.line(&format!("index a b {stopped}")).expect(2).says("--max-failures");
    place.line(&format!("index --forget a {stopped}")).expect(2).says("--max-failures");
    let ran = place.line("index --quiet").expect(4).says("b.jsonl:401").says("b.jsonl:402");
    assert!(!ran.err.contains("vanished"), "{ran}");
    place.line("index --forget a");
    assert_eq!(count(&place, "harbour"), 400);
    place.line("check").expect(0);
}

#[test]
fn a_folder_that_is_empty_is_not_forgotten_with_another() {
    let place = Place::new();
    (0..90).for_each(|number| article(&place, "a", number));
    (90..100).for_each(|number| article(&place, "b", number));
    place.line("index a b").expect(0);
    fs::rename(place.path("b"), place.path("elsewhere")).unwrap();
    fs::create_dir(place.path("b")).unwrap();
    place.line("index --forget a --dry-run").expect(0).says("this would stop the run: 10 of 10 articles have vanished");
    place.line("index --forget a").expect(2).says("10 of 10 articles have vanished");
    assert_eq!(count(&place, "harbour"), 100);
    // What comes in again by another folder makes no room for losses.
    fs::remove_dir(place.path("b")).unwrap();
    fs::rename(place.path("elsewhere"), place.path("b")).unwrap();
    records(&place, "outer/sub/own.jsonl", 0..50, "open", 0);
    records(&place, "c/c.jsonl", 100..150, "open", 0);
    place.line("index outer/sub c").expect(0);
    records(&place, "c/c.jsonl", 100..101, "open", 5);
    place
        .line("index outer --forget outer/sub --forget a --forget b c")
        .expect(2)
        .says("49 of 100 articles have vanished");
}

#[test]
fn ids_outlive_a_rebuild_of_what_is_left() {
    let place = Place::new();
    (0..3).for_each(|number| article(&place, "a", number));
    (3..6).for_each(|number| article(&place, "b", number));
    place.line("index a b").expect(0);
    place.line("index --forget a").expect(0);
    let ids = || {
        let mut ids: Vec<String> =
            place.line("search harbour --format jsonl").json().iter().map(|hit| hit["id"].to_string()).collect();
        ids.sort();
        ids
    };
    let before = ids();
    let ran = place.line("index --rebuild b").expect(0);
    assert_eq!((ids(), ran.err.contains("did a folder move?")), (before.clone(), false));
    fs::rename(place.path("b"), place.path("moved")).unwrap();
    place.line("index --rebuild moved").expect(0).says("3 of 3 articles have no article of their id any more");
    assert_ne!(ids(), before);
}

#[test]
fn the_first_folder_may_move_among_others() {
    let place = Place::new();
    (0..10).for_each(|number| article(&place, "a", number));
    article(&place, "b", 11);
    place.line("index a b").expect(0);
    let before = place.line("export '*' --format csv").out;
    fs::rename(place.path("a"), place.path("moved")).unwrap();
    place.line("index").expect(2).says("name all folders");
    place.line("index --rebuild moved --dry-run").expect(0).says("b`, with 1 articles, is not read any more");
    place.line("index --rebuild moved b").expect(0).says("a`, with 10 articles, is not read any more");
    assert_eq!(place.line("export '*' --format csv").out, before);
    place.line("index --rebuild b --dry-run").says("10 of 11 articles have vanished");
}

#[test]
fn a_file_that_waits_for_one_id_keeps_its_others() {
    let place = Place::new();
    records(&place, "old/a.jsonl", [0, 9], "closed", 5);
    records(&place, "new/a.jsonl", [0], "open", 9);
    place.line("index old new").expect(0);
    place.write("third/1.txt", "The harbour froze.");
    place.line("index third --forget new").expect(0);
    records(&place, "third/2.jsonl", [9], "old", 1);
    place.line("index third").expect(0);
    assert_eq!((count(&place, "closed"), count(&place, "old")), (1, 0));
    place.line("index").expect(0);
    assert_eq!((count(&place, "closed"), count(&place, "old")), (2, 0));
    place.line("check").expect(0);
    // A file that is still there may give up an id too.
    records(&place, "new/a.jsonl", [0, 7], "open", 9);
    place.line("index new").expect(0);
    assert_eq!((count(&place, "closed"), count(&place, "open")), (1, 2));
    records(&place, "new/a.jsonl", [7], "open", 11);
    place.line("index new --allow-shrink").expect(0).says("may have older texts");
    place.line("index").expect(0);
    assert_eq!((count(&place, "closed"), count(&place, "open")), (2, 1));
}

#[test]
fn where_no_index_is_there_is_nothing_to_forget() {
    let place = Place::with(&[("corpus/a.txt", "The harbour.")]);
    place.line("index corpus --forget gone").expect(3).says("no index in");
    assert!(!place.path("index").exists());
}
