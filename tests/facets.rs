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
fn who_is_in_the_answers_and_beside_whom() {
    let place = Place::with(&[
        ("corpus/a.txt", "NATO met Turkey. Turkey left."),
        ("corpus/b.txt", "NATO spoke of Turkey and of Hungary."),
        ("corpus/c.txt", "NATO was silent."),
        ("corpus/d.txt", "A harbour."),
    ]);
    place.index();
    let check = |line: &str, expected: &str| assert_eq!(place.line(line).expect(0).out, expected, "{line}");
    let name = "North Atlantic Treaty Organization";
    check(
        "actors NATO --format lines",
        &format!(
            "igo:nato\t3\t1.0000\t{name}\tstate:TR 2, state:HU 1\nstate:TR\t2\t0.6667\tTurkey\tigo:nato 2, state:HU 1\n\
             state:HU\t1\t0.3333\tHungary\tigo:nato 1, state:TR 1\n"
        ),
    );
    check("actors NATO -n 1 --beside 1 --format lines", &format!("igo:nato\t3\t1.0000\t{name}\tstate:TR 2\n"));
    check("actors met --beside 0 -n 1 --format lines", &format!("igo:nato\t1\t1.0000\t{name}\t\n"));
    place.line("actors * -n 1").expect(0).says("4 articles; 1 name nobody; 2 more actors");
    place.line("actors lagoon").expect(1).says("lagoon: in no article");
    place.line("actors (").expect(2);
    // A question that begins like a subcommand stands behind two dashes; without them the tables answer.
    place.line("actors -- show").expect(1).says("show: in no article");
    place.line("actors show NATO").expect(0);
    place.line("actors").expect(2);
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

/// Articles with actors, outlets and languages, written in several runs, so that the index has several segments, and
/// deleted documents in them.
fn several_runs() -> Place {
    let names =
        ["NATO", "the Kremlin", "Jens Stoltenberg", "Xi Jinping", "Turkey", "the European Union", "the Pentagon"];
    let place = Place::new();
    for run in 0..4usize {
        let (mut lines, mut kept) = (String::new(), String::new());
        for number in 0..60 {
            let dice = |salt: usize| (number * 7 + run * 13 + salt * 31 + number * number * salt) % 97;
            let there: Vec<&str> = (0..dice(1) % 5).map(|at| names[dice(at + 2) % names.len()]).collect();
            let source =
                if dice(3) % 4 == 0 { String::new() } else { format!(",\"source\":\"Wire {}\"", dice(4) % (run + 3)) };
            let said: Vec<String> =
                there.iter().map(|name| format!("On day {number} {name} spoke of ships.")).collect();
            let line = format!(
                "{{\"id\":\"a{run}-{number}\",\"date\":\"20{:02}-05-{:02}\"{source},\"text\":\"Word of run {run}. {}\"}}\n",
                10 + dice(5) % 9,
                1 + dice(6) % 28,
                said.join(" ")
            );
            if number % 3 > 0 {
                kept.push_str(&line);
            }
            lines.push_str(&line);
        }
        for lines in [lines, kept] {
            place.write(format!("corpus/{run}.jsonl"), &lines);
            place.line("index corpus --allow-shrink").expect(0);
        }
    }
    place
}

#[test]
fn counts_are_those_of_the_articles_found() {
    use std::collections::{BTreeMap, BTreeSet};

    use chancery::archive::{Archive, Plan, Ranking};
    use chancery::hits::{FacetBy, Hit};
    use chancery::query::{Options, parse};

    let place = several_runs();
    let archive = Archive::open(&place.path("index")).unwrap();
    let kind = |id: &str| id.split(':').next().unwrap_or_default().to_owned();
    let values = |hit: &Hit, by: FacetBy| -> BTreeSet<String> {
        let ids = hit.actors.iter().map(|actor| actor.id.clone());
        match by {
            FacetBy::Actor => ids.collect(),
            FacetBy::Person => ids.filter(|id| kind(id) == "person").collect(),
            FacetBy::Org => ids.filter(|id| !["person", "state", "place", "region"].contains(&&*kind(id))).collect(),
            FacetBy::Kind => ids.map(|id| kind(&id)).collect(),
            FacetBy::Source => hit.source.iter().map(|source| source.to_lowercase()).collect(),
            _ => unreachable!("no other is asked for"),
        }
    };
    let mut most = 0;
    // The columns are unpacked once a question had many answers, so all is asked twice.
    for question in ["ships", "run", "spoke Stoltenberg", "NATO -Kremlin", "wire", "ships", "run", "spoke Stoltenberg"]
    {
        let query = parse(question, &Options { today: "2024-06-15".parse().unwrap(), any: false }).unwrap().query;
        let plan =
            Plan { limit: 1000, offset: 0, ranking: Ranking::default(), explain: false, snippets: 0, fold: false };
        let hits = archive.search(&query, &plan).unwrap().hits;
        most = most.max(hits.len());
        for by in [FacetBy::Actor, FacetBy::Person, FacetBy::Org, FacetBy::Kind, FacetBy::Source] {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            hits.iter().flat_map(|hit| values(hit, by)).for_each(|value| *counts.entry(value).or_default() += 1);
            let mut expected: Vec<(String, u64)> = counts.into_iter().collect();
            expected.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let missing = hits.iter().filter(|hit| values(hit, by).is_empty()).count() as u64;
            for limit in [0, 1, 3, 1000] {
                let facet = archive.facet(&query, by, limit).unwrap();
                let shown: Vec<_> = facet.counts.iter().map(|count| (count.value.clone(), count.articles)).collect();
                assert_eq!(shown, expected[..limit.min(expected.len())], "{question} {by:?} {limit}");
                assert_eq!(facet.left_out, (expected.len() - shown.len()) as u64, "{question} {by:?} {limit}");
                assert_eq!((facet.missing, facet.total), (missing, hits.len() as u64), "{question} {by:?} {limit}");
            }
        }
    }
    assert!(most > 100, "{most} articles are few to count");
}
