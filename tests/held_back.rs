//! Articles that their source has withdrawn, or that may not be shown yet.

use std::sync::atomic::AtomicBool;

use chancery::archive::report::{Options, Report};
use chancery::archive::run;
use chancery::date::Moment;
use serde_json::json;

use crate::harness::{INDEX, Place};

fn record(id: &str, more: &str) -> String {
    format!("{{\"id\":\"{id}\",\"text\":\"Harbour news of {id}.\"{more}}}\n")
}

/// The ids of what a search finds, in their order.
fn ids(place: &Place) -> Vec<String> {
    let hits = place.line("search harbour --format jsonl").expect(0).json();
    let mut ids: Vec<String> = hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

/// A run at another moment than now.
fn run_at(place: &Place, now: i64) -> Report {
    let options = Options { allow_shrink: true, ..Options::usual(Moment(now), Moment::now_nanoseconds()) };
    let never = AtomicBool::new(false);
    run::index(&place.path(INDEX), &[place.path("corpus")], &options, &never, &mut |_| ()).unwrap()
}

#[test]
fn an_embargo_ends_without_a_change_of_the_file() {
    let place = Place::new();
    let files = record("a", "") + &record("b", ",\"embargoed\":\"2024-05-01T06:00:00Z\"");
    place.write("corpus/wire.jsonl", files);
    let at = |hour: i64| 1_714_521_600 + hour * 3600;
    let first = run_at(&place, at(5));
    assert_eq!((first.articles, first.embargoed, first.added), (1, 1, 1));
    assert_eq!(ids(&place), ["a"]);
    place.line("check").expect(0);
    let again = run_at(&place, at(5));
    assert_eq!((again.articles, again.embargoed, again.generation), (1, 1, None));
    let over = run_at(&place, at(6));
    assert_eq!((over.articles, over.embargoed, over.added), (2, 0, 1));
    assert_eq!(ids(&place).len(), 2);
    place.line("check").expect(0);
    assert_eq!(run_at(&place, at(7)).generation, None);
}

#[test]
fn a_withdrawn_article_goes_and_stays_away() {
    let place = Place::with(&[("corpus/1.jsonl", &(record("a", "") + &record("b", "") + &record("c", "")))]);
    place.index();
    // The notice comes in a later file, without a text.
    place.write("corpus/2.jsonl", "{\"id\":\"b\",\"pubstatus\":\"canceled\"}\n");
    let ran = place.line("index corpus --allow-shrink");
    assert!(matches!(ran.code, 0 | 4), "{ran}");
    ran.says("1 articles are withdrawn by their source");
    assert_eq!(ids(&place), ["a", "c"]);
    place.line("show b").expect(1);
    place.line("check").expect(0);
    // A rebuild reads both files and comes to the same.
    let ran = place.line("index corpus --rebuild --allow-shrink --format json");
    assert!(matches!(ran.code, 0 | 4), "{ran}");
    assert_eq!(ran.json()[0]["articles_withdrawn"], json!(1));
    assert_eq!(ids(&place).len(), 2);
    // Withdrawn in its own place, and usable again.
    place.remove("corpus/2.jsonl");
    place.write("corpus/1.jsonl", record("a", ",\"status\":\"killed\"") + &record("b", ""));
    let ran = place.line("index corpus --allow-shrink");
    assert!(matches!(ran.code, 0 | 4), "{ran}");
    assert_eq!(ids(&place), ["b"]);
    place.write("corpus/1.jsonl", record("a", "") + &record("b", ""));
    place.line("index corpus").expect(0);
    assert_eq!(ids(&place).len(), 2);
    place.line("check").expect(0);
}
