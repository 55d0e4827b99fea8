//! The order of lists: relevance, date, both, and what the options turn.

use crate::harness::{Place, Ran};

/// Three articles: the old one has the word most often, the new one once, the undated one twice.
fn three() -> Place {
    let place = Place::with(&[
        ("corpus/old.txt", " date 2012-01-10 Harbour. The harbour of the harbour town is a harbour."),
        ("corpus/new.txt", " date 2022-01-10 Ships came and went; some of them lay in a harbour for a day or two."),
        ("corpus/none.txt", "A harbour is a place. Ships lie in it for a day or two, as in any harbour."),
    ]);
    place.index();
    place
}

#[track_caller]
fn check(place: &Place, options: &[&str], expected: &str) {
    let found = place.found(&[&["harbour"], options].concat());
    let names: Vec<&str> = found.iter().map(|path| path.trim_end_matches(".txt")).collect();
    assert_eq!(names.join(" "), expected, "{options:?}");
}

#[test]
fn every_sort_has_its_order() {
    let place = three();
    check(&place, &["--sort", "newest"], "new old none");
    check(&place, &["--sort", "oldest"], "old new none");
    check(&place, &["--sort", "relevance"], "old none new");
    check(&place, &["--recency", "0"], "old none new");
    check(&place, &["--recency", "1"], "new old none");
}

#[test]
fn ages_count_from_the_newest_article_or_from_a_day() {
    let place = three();
    let recency = |options: &str| {
        let hits = place.line(&format!("search harbour --format jsonl {options}")).expect(0).json();
        let of = |name: &str| hits.iter().find(|hit| hit["path"] == name).map(|hit| hit["recency"].as_f64().unwrap());
        (of("new.txt").unwrap(), of("old.txt").unwrap(), of("none.txt"))
    };
    assert_eq!(recency(""), (1.0, 0.3007, Some(0.3)));
    assert_eq!(recency("--as-of 2012-01-10"), (0.3007, 1.0, Some(0.3)), "the distance has no sign");
    assert_eq!(recency("--recency 0"), (1.0, 1.0, Some(1.0)));
    assert_eq!(recency("--recency 1"), (1.0, 0.001, Some(0.0)));
    assert_eq!(recency("--half-life 1"), (1.0, 0.3, Some(0.3)));
    assert_eq!(recency("--sort newest"), (1.0, 1.0, Some(1.0)), "the date is the order, not a weight");
    assert_eq!(recency("--since 2000"), (1.0, 1.0, None), "a question with dates of its own gets no decay");
    assert_eq!(recency("since:2000"), (1.0, 1.0, None));
    let (_, old, _) = recency("--half-life 36525");
    assert!(old > 0.9, "{old}");
}

#[test]
fn as_of_changes_the_order() {
    let place = three();
    check(&place, &["--recency", "1", "--as-of", "2012-01-10"], "old new none");
    check(&place, &["--recency", "1", "--as-of", "2022-02-01"], "new old none");
}

#[test]
fn a_date_in_the_future_cannot_win() {
    let place = Place::with(&[
        ("corpus/typo.txt", " date 2202-01-10 The harbour is open."),
        ("corpus/sound.txt", " date 2022-01-10 The harbour is open."),
        ("corpus/other.txt", " date 2021-06-10 The harbour is open."),
    ]);
    place.index();
    assert_eq!(place.found(&["harbour"]), ["sound.txt", "other.txt", "typo.txt"]);
}

#[test]
fn ties_are_broken_by_date_and_then_by_id() {
    let place = Place::new();
    for number in 0..12 {
        let date = if number % 2 == 0 { "2022-01-10" } else { "2022-01-20" };
        let line =
            format!("{{\"id\":\"n{:02}\",\"date\":\"{date}\",\"text\":\"The harbour is open.\"}}\n", 11 - number);
        place.write(format!("corpus/{number}.jsonl"), line);
    }
    place.index();
    let ids = |ran: Ran| ran.json().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let expected = ["n00", "n02", "n04", "n06", "n08", "n10", "n01", "n03", "n05", "n07", "n09", "n11"];
    for options in ["", "--sort relevance --since 2022", "--sort newest"] {
        assert_eq!(ids(place.line(&format!("search harbour --format jsonl {options}"))), expected, "{options}");
    }
    let all = place.line("search harbour --format jsonl").out;
    place.line("index corpus --rebuild").expect(0);
    assert_eq!(place.line("search harbour --format jsonl").out, all, "a rebuild answers alike");
    let halves =
        ["-n 5", "--offset 5 -n 20"].map(|page| ids(place.line(&format!("search harbour --format jsonl {page}"))));
    assert_eq!(halves.concat(), expected);
}

#[test]
fn ids_that_begin_alike_break_ties_across_segments() {
    let place = Place::new();
    for run in 0..3 {
        let line = |number: usize| {
            let id =
                if number.is_multiple_of(4) { format!("n{number:02}") } else { format!("harbour-wire-{number:02}") };
            format!("{{\"id\":\"{id}\",\"date\":\"2022-01-10\",\"text\":\"The harbour is open.\"}}\n")
        };
        let lines: String = (0..12).rev().filter(|number| number % 3 == run).map(line).collect();
        place.write(format!("corpus/{run}.jsonl"), lines);
        place.index();
    }
    for options in ["-n 12", "-n 7", "-n 10 --sort newest"] {
        let hits = place.line(&format!("search harbour --format jsonl --all {options}")).json();
        let ids: Vec<&str> = hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        assert_eq!(ids, sorted, "{options}");
        assert_eq!(ids[0], "harbour-wire-01", "{options}");
        assert_eq!(ids[6], "harbour-wire-09", "{options}");
    }
}

#[test]
fn explained_hits_say_how_they_got_their_score() {
    let place = three();
    let hits = place.line("search harbour ships --explain --format jsonl").expect(0).json();
    for hit in &hits {
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let terms = hit["explain"]["terms"].as_array().unwrap();
        let names: Vec<&str> = terms.iter().map(|term| term["term"].as_str().unwrap()).collect();
        assert_eq!(names[..2], ["harbour", "ships"], "{hit}");
        for term in terms {
            let sum: f64 = term["fields"].as_array().unwrap().iter().map(|share| number(&share["score"])).sum();
            assert!((sum - number(&term["score"])).abs() < 1e-3, "{term}");
        }
        let sum: f64 = terms.iter().map(|term| number(&term["score"])).sum();
        assert!((sum - number(&hit["relevance"])).abs() < 1e-2, "the parts do not make up the whole: {hit}");
        assert!(hit["explain"]["sentence"].as_str().unwrap().starts_with("score "));
    }
    let text = place.line("search harbour --explain --format text").expect(0).out;
    assert!(text.contains("× recency"), "{text}");
}

#[test]
fn words_in_the_headline_and_side_by_side_count_more() {
    let place = Place::with(&[(
        "corpus/a.jsonl",
        r#"{"id":"body","date":"2022","title":"Ships","text":"There is a summit on security. It was a long day for all of them."}
{"id":"head","date":"2022","title":"Security summit","text":"Ships and a summit. There is security, a long day for all of them, too."}
{"id":"apart","date":"2022","title":"Boats","text":"There is security for all of them. It was a long day at a summit here."}"#,
    )]);
    place.index();
    let found = place.line("search security summit --format jsonl").json();
    assert_eq!(found[0]["id"], "head");
    place.line("search \"security summit\"").expect(0);
}

/// Articles of few words over many years, some undated, some dated in the future; written in several runs, so that the
/// index has several segments, and deleted documents in them.
fn many() -> Place {
    let words = [
        "harbour",
        "ship",
        "strait",
        "treaty",
        "harbours",
        "ships",
        "summit",
        "sanctions",
        "border",
        "envoy",
        "off-shore",
        "treaties",
    ];
    let place = Place::new();
    for run in 0..4 {
        let mut lines = String::new();
        for number in 0..150u32 {
            // The same numbers on every machine: the articles of a later run replace some of an earlier one.
            let dice = |salt: u32| {
                let seed = u64::from(number + run * 150) << 32 | u64::from(salt);
                let mixed = (seed ^ seed >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                ((mixed ^ mixed >> 29).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) as u32
            };
            let text: Vec<&str> =
                (0..4 + dice(1) % 30).map(|at| words[(dice(at + 2) % 12).min(dice(at + 77) % 12) as usize]).collect();
            let date = match dice(5) % 12 {
                0 => String::new(),
                1 => ",\"date\":\"2199-01-01\"".to_owned(),
                2 => format!(",\"date\":\"{}\"", 1990 + dice(6) % 30),
                _ => format!(",\"date\":\"{}-0{}-1{}\"", 2000 + dice(7) % 20, 1 + dice(8) % 9, dice(9) % 10),
            };
            let word = |salt: u32| words[dice(salt) as usize % 12];
            let said: Vec<&str> = (0..3 + dice(12) % 6).map(|at| word(at + 40)).collect();
            let line = format!(
                "{{\"id\":\"a{}\"{date},\"title\":\"{}\",\"text\":\"{}. “We see {} here,” said Ann Smith.\"}}\n",
                number + run * 150,
                word(10),
                text.join(" "),
                said.join(" ")
            );
            lines.push_str(&line);
        }
        place.write(format!("corpus/{run}.jsonl"), &lines);
        place.line("index corpus").expect(0);
        // A third of them goes again, so that documents are deleted in a segment.
        let kept: Vec<&str> = lines.lines().skip(50).collect();
        place.write(format!("corpus/{run}.jsonl"), kept.join("\n"));
        place.line("index corpus --allow-shrink").expect(0);
    }
    place
}

#[test]
fn the_best_ten_are_the_first_ten_of_all() {
    use std::collections::BTreeMap;

    use chancery::archive::{Archive, Plan, Ranking, Sort};
    use chancery::query::{Options, parse};

    let place = many();
    let archive = Archive::open(&place.path("index")).unwrap();
    let options = Options { today: "2024-06-15".parse().unwrap(), any: false };
    let questions = [
        "harbour",
        "harbour ship",
        "harbour OR ship",
        "harbour OR ship OR strait OR treaty",
        "ships",
        "ships harbour treaties",
        "treaties OR harbours",
        "off-shore ships",
        "off-shore OR ships",
        "strait ship harbour",
        "harbour date:2005..2010",
        "harbour OR strait -ship",
        "ship NEAR/2 harbour",
        "\"harbour ship\"",
        "(harbour OR ship) summit date:2012",
        "atleast2(treaty)",
        "har* -date:2008",
        "*",
        "date:none",
        "-harbour",
    ];
    for question in questions {
        let query = parse(question, &options).unwrap().query;
        let matching = archive.count(&query).unwrap();
        let mut relevances: Vec<BTreeMap<String, String>> = Vec::new();
        for sort in [Sort::Blend, Sort::Relevance, Sort::Newest, Sort::Oldest] {
            for (floor, feedback) in [(0.0, false), (0.3, true), (0.9, false)] {
                let ranking = Ranking { sort, floor, feedback, ..Ranking::default() };
                let plan = |limit: usize| Plan { limit, offset: 0, ranking, explain: false, snippets: 0, fold: false };
                let ids = |limit: usize| -> Vec<(String, String)> {
                    let hits = archive.search(&query, &plan(limit)).unwrap();
                    assert_eq!(hits.total, matching, "{question} {sort:?} {limit}");
                    hits.hits.iter().map(|hit| (hit.id.clone(), format!("{:.4}", hit.score))).collect()
                };
                let relevance = |plan: &Plan| -> BTreeMap<String, String> {
                    let hits = archive.search(&query, plan).unwrap().hits;
                    hits.into_iter().map(|hit| (hit.id, format!("{:.4}", hit.parts.relevance))).collect()
                };
                if !feedback {
                    relevances.push(relevance(&plan(1000)));
                }
                let all = ids(1000);
                assert!(all.len() > 1, "{question} finds too little");
                for limit in [0, 1, 3, 10] {
                    assert_eq!(ids(limit), all[..limit.min(all.len())], "{question} {sort:?} {floor} {limit}");
                }
            }
        }
        assert!(relevances.windows(2).all(|two| two[0] == two[1]), "{question}: relevance depends on the order");
    }
}

#[test]
fn the_best_quotes_are_the_first_of_all() {
    use chancery::archive::{Archive, Plan, Ranking, Sort};
    use chancery::query::{Options, parse};

    let place = many();
    let archive = Archive::open(&place.path("index")).unwrap();
    let options = Options { today: "2024-06-15".parse().unwrap(), any: false };
    let questions = [
        "harbour",
        "ships harbour treaties",
        "harbour OR ship OR treaties",
        "off-shore ships",
        "\"harbour ship\"",
        "=ships",
        "trea*",
        "ship NEAR/3 harbour",
        "treaties speaker:Smith",
        "speaker:Smith",
        "ships date:2005..2010",
        "harbour -ship",
    ];
    for question in questions {
        let query = parse(question, &options).unwrap().query;
        for sort in [Sort::Blend, Sort::Relevance, Sort::Newest, Sort::Oldest] {
            let ranking = Ranking { sort, ..Ranking::default() };
            let list = |limit: usize, offset: usize| {
                let plan = Plan { limit, offset, ranking, explain: false, snippets: 0, fold: false };
                let found = archive.quotes(&query, &plan).unwrap();
                let quotes =
                    found.quotes.into_iter().map(|quote| (quote.article, quote.span, format!("{:.4}", quote.score)));
                (quotes.collect::<Vec<_>>(), found.total)
            };
            let (all, total) = list(1000, 0);
            assert_eq!(all.len() as u64, total, "{question} {sort:?}");
            assert!(all.len() > 1, "{question} finds too little");
            for (limit, offset) in [(0, 0), (1, 0), (7, 0), (5, 2)] {
                let part = all.iter().skip(offset).take(limit).cloned().collect();
                assert_eq!(list(limit, offset), (part, total), "{question} {sort:?} {limit} {offset}");
            }
        }
    }
}
