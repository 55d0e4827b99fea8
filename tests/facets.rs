//! Counts of values over the articles that answer a question.

use crate::harness::Place;

#[test]
fn every_field_is_counted_once_an_article() {
    let place = Place::with(&[
        (
            "corpus/a.txt",
            " date 2021-12-31 NATO met in Brussels. NATO spoke. “We met,” said Ann Smith of NATO in Turkey.",
        ),
        ("corpus/b.txt", " date 2022-02-03 NATO left Turkey. The Kremlin was silent about NATO and Turkey."),
        (
            "corpus/c.jsonl",
            r#"{"id":"c","date":"2022-03","title":"Talks","source":"The Harbour Post","language":"en","text":"Turkey talked."}"#,
        ),
        ("corpus/d.txt", "A harbour, undated."),
    ]);
    place.index();
    let check = |line: &str, expected: &str| {
        assert_eq!(place.line(&format!("facets {line} --format lines")).expect(0).out, expected, "{line}");
    };
    check("NATO --by org -n 1", "igo:nato\t2\t1.0000\tNorth Atlantic Treaty Organization\n");
    check("* --by person", "person:ann-smith\t1\t0.2500\tAnn Smith\n");
    check("* --by speaker", "person:ann-smith\t1\t0.2500\tAnn Smith\n");
    check("talked --by country", "TR\t1\t1.0000\tTurkey\n");
    check("* --by source", "the harbour post\t1\t0.2500\tThe Harbour Post\n");
    check("talked --by language", "en\t1\t1.0000\ten\n");
    check("* --by year", "2021\t1\t0.2500\t2021\n2022\t2\t0.5000\t2022\n");
    check("NATO --by month", "2021-12\t1\t0.5000\t2021-12\n2022-02\t1\t0.5000\t2022-02\n");
    check("silent --by kind", "gov\t1\t1.0000\tgov\nigo\t1\t1.0000\tigo\nstate\t1\t1.0000\tstate\n");
    place.line("facets * --by year").expect(0).says("4 articles; 1 have none");
    place.line("facets lagoon --by actor").expect(1).says("lagoon: in no article");
    place.line("facets harbour --by colour").expect(2);
    let row = &place.line("facets * --by source --format jsonl").expect(0).json()[0];
    assert_eq!(
        *row,
        serde_json::json!({"value": "the harbour post", "name": "The Harbour Post", "articles": 1, "share": 0.25})
    );
}

#[test]
fn updates_and_removals_are_counted_as_they_are_now() {
    let place =
        Place::with(&[("corpus/a.txt", "NATO met."), ("corpus/b.txt", "NATO left."), ("corpus/c.txt", "A harbour.")]);
    place.index();
    place.write("corpus/a.txt", "The harbour froze.");
    std::fs::remove_file(place.path("corpus/b.txt")).unwrap();
    place.line("index corpus --allow-shrink").expect(0);
    place.line("facets * --by org").expect(0).says("2 articles; 2 have none");
    assert_eq!(place.line("facets * --by org").out, "");
}
