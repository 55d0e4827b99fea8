//! `search` and `count`: the first search builds the index, answers have the shape that scripts read, no answer says why.

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use crate::harness::{Place, golden};

/// The keys of a hit, in order; they change only with the version of the format.
const HIT_KEYS: [&str; 16] = [
    "rank",
    "id",
    "path",
    "ordinal",
    "title",
    "date",
    "date_precision",
    "source",
    "url",
    "language",
    "score",
    "relevance",
    "recency",
    "actors",
    "quotes",
    "snippets",
];

/// A record in which every field has a value.
const RECORD: &str = r#"{"id":"wire-7","date":"2022-02-05","title":"Talks in Geneva","text":"Delegates met in Geneva. Nobody signed the paper.","source":"Example Wire","url":"https://example.org/7","language":"en","authors":["Jane Doe"]}"#;

/// A JSON object that keeps the order of its keys.
struct Ordered(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Ordered;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = map.next_entry()? {
                    rows.push(row);
                }
                Ok(Ordered(rows))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// The keys of a JSON object as they were written.
pub fn keys(line: &str) -> Vec<String> {
    serde_json::from_str::<Ordered>(line).unwrap().0.into_iter().map(|(key, _)| key).collect()
}

#[test]
fn the_first_search_builds_the_index_and_says_so() {
    let place = Place::with_samples();
    let ran = place.line("search Kritenbrink NATO --format jsonl").expect(0);
    let ran = ran.says("no index yet: building it in `index` from `./corpus`").says("33 files: 33 new");
    assert_eq!(ran.json()[0]["path"], "2022/kritenbrink-xi-putin-meeting.txt");
    assert!(place.path("index/CURRENT").is_file());
    let second = place.line("search Kritenbrink NATO --format jsonl").expect(0);
    assert_eq!((second.out.as_str(), second.err.as_str()), (ran.out.as_str(), "1 of 1 articles\n"));
}

#[test]
fn a_hit_has_these_keys_in_this_order() {
    let place = Place::with(&[("corpus/a.jsonl", RECORD)]);
    place.index();
    let line = place.line("search paper --format jsonl").expect(0).out;
    assert_eq!(keys(&line), HIT_KEYS);
    let hit: Value = serde_json::from_str(&line).unwrap();
    let check = |key: &str, expected: Value| assert_eq!(hit[key], expected, "{key}");
    check("rank", 1.into());
    check("id", "wire-7".into());
    check("path", "a.jsonl".into());
    check("ordinal", 0.into());
    check("title", "Talks in Geneva".into());
    check("date", "2022-02-05".into());
    check("date_precision", "day".into());
    check("source", "Example Wire".into());
    check("url", "https://example.org/7".into());
    check("language", "en".into());
    let (score, relevance) = (hit["score"].as_f64().unwrap(), hit["relevance"].as_f64().unwrap());
    assert!((score - relevance * hit["recency"].as_f64().unwrap()).abs() < 1e-3, "{line}");
    assert!(hit["actors"].is_array() && hit["quotes"].is_u64(), "{line}");
    let snippet = &hit["snippets"][0];
    let mark = &snippet["marks"][0];
    let at = |end: usize| usize::try_from(mark[end].as_u64().unwrap()).unwrap();
    assert_eq!(&snippet["text"].as_str().unwrap()[at(0)..at(1)], "paper");
}

#[test]
fn what_is_missing_is_null() {
    let place = Place::with(&[("corpus/a.txt", "Nobody signed the paper."), ("corpus/b.txt", " date 2016 Paper.")]);
    place.index();
    let hits = place.line("search paper --sort oldest --format jsonl").expect(0).json();
    assert_eq!((&hits[0]["date"], &hits[0]["date_precision"]), (&"2016".into(), &"year".into()));
    for key in ["date", "date_precision", "source", "url"] {
        assert_eq!(hits[1][key], Value::Null, "{key}");
    }
}

#[test]
fn confidence_is_asked_of_the_same_quote() {
    let text = "“We shall open the strait tomorrow,” Jane Doe said. John Roe condemned the storm.";
    let place = Place::with(&[("corpus/a.txt", text)]);
    place.index();
    let check = |question: &str, quotes: usize, articles: usize| {
        let code = |rows: usize| i32::from(rows == 0);
        let found = place.run(&["quotes", question, "--format", "jsonl"]).expect(code(quotes)).out;
        assert_eq!(found.lines().count(), quotes, "{question}");
        let found = place.run(&["search", question, "--format", "jsonl"]).expect(code(articles)).out;
        assert_eq!(found.lines().count(), articles, "{question}");
    };
    check("confidence>=0", 2, 1);
    check("speaker:Doe confidence>=0.9", 1, 1);
    check("speaker:Roe confidence>=0.9", 0, 0);
    check("speaker:Roe confidence<0.9", 1, 1);
    check("said:strait confidence<0.9", 0, 0);
    check("confidence>=0.9 -speaker:Doe", 0, 0);
}

#[test]
fn a_pipe_gets_one_line_for_each_hit() {
    let place = Place::with(&[("corpus/a.jsonl", RECORD), ("corpus/b/c.txt", "No paper, no date.")]);
    place.index();
    let ran = place.line("search paper").expect(0);
    let id = place.line("search -wire date:none --format jsonl").json()[0]["id"].as_str().unwrap().to_owned();
    let expected = format!(
        "2022-02-05\twire-7\ta.jsonl\tExample Wire\tTalks in Geneva\nundated\t{id}\tb/c.txt\t-\tNo paper, no date.\n"
    );
    assert_eq!(ran.out, expected);
    assert_eq!(place.line("search paper --format lines").out, ran.out);
    assert_eq!(ran.err, "2 of 2 articles\n");
}

#[test]
fn every_format_of_an_answer() {
    let place = Place::with_samples();
    place.index();
    for format in ["text", "lines", "jsonl", "json", "csv", "tsv"] {
        let none = place.run(&["search", "zzzz", "--format", format]).expect(1);
        let some = place.run(&["search", "NATO", "--format", format]).expect(0);
        let rows = match format {
            "text" => continue,
            "json" => serde_json::from_str::<Vec<Value>>(&some.out).unwrap().len(),
            "csv" | "tsv" => some.out.lines().count() - 1,
            _ => some.out.lines().count(),
        };
        assert_eq!(rows, 5, "{format}");
        let empty = match format {
            "json" => none.out == "[]\n",
            "csv" => none.out.ends_with("snippet\r\n") && none.out.lines().count() == 1,
            "tsv" => none.out.ends_with("snippet\n") && none.out.lines().count() == 1,
            _ => none.out.is_empty(),
        };
        assert!(empty, "{none}");
    }
}

#[test]
fn pages_and_the_line_that_counts() {
    let place = Place::with_samples();
    place.index();
    let check = |line: &str, rows: usize, said: &str| {
        let ran = place.line(line);
        assert_eq!((ran.out.lines().count(), ran.err.as_str()), (rows, said), "{ran}");
    };
    check("search *", 20, "20 of 33 articles\n");
    check("search * -n 50", 33, "33 of 33 articles\n");
    check("search * -n5", 5, "5 of 33 articles\n");
    check("search * --limit 5 --offset 30", 3, "3 of 33 articles\n");
    check("search * -n 0", 0, "0 of 33 articles\n");
    check("search * --offset 99", 0, "0 of 33 articles\n");
    let all = place.line("search * -n 33").out;
    let pages: String = (0..4).map(|page| place.line(&format!("search * -n 10 --offset {}", page * 10)).out).collect();
    assert_eq!(pages, all);
}

#[test]
fn no_hits_say_why() {
    let place = Place::with_samples();
    place.index();
    let check = |line: &str, reasons: &[&str]| {
        let ran = place.line(line).expect(1).says("no articles");
        assert_eq!(ran.out, "", "{ran}");
        reasons.iter().for_each(|reason| assert!(ran.err.contains(reason), "`{reason}`\n{ran}"));
    };
    check("search zzzzq NATO", &["zzzzq: in no article", "NATO: in 5 articles"]);
    check("search Kritenbrnk", &["did you mean `kritenbrink`?"]);
    check("search Kritenbrink Finland", &["no article has all of them; 2 have at least one (--any)"]);
    check(
        "search NATO date:2001",
        &["NATO: in 5 articles", "without `date:2001", ": 5 articles", "the archive covers 2014"],
    );
    check("search NATO --on 2001", &["without `date:2001", ": 5 articles"]);
    check("search NATO date:2001 source:nobody", &["without the filters: 5 articles"]);
    check("search NATO Finland lettuce --format jsonl", &["no article has all 3 words", "without `lettuce`"]);
    check("search NATO Finland lettuce --format text --strict", &["no article has all 3 words"]);
    let near = place.line("search NATO Finland lettuce --format text").expect(1).says("these have 2 of the 3 words");
    assert!(near.out.contains("finland-joins-nato"), "{near}");
    check("search source:nobody", &["source:nobody: in no article"]);
}

#[test]
fn a_question_is_explained_without_a_search() {
    let place = Place::with_samples();
    place.index();
    let check = |line: &str, expected: &str| assert_eq!(place.line(line).expect(0).out, expected, "{line}");
    check(
        "search Kritenbrink -=NATO --explain-query --format lines",
        "Kritenbrink\t1\tany inflection, case and accents aside; text, headline, and every name of the actors in it\n\
         =NATO\t-\texcluded: exactly as written; text and headline\n",
    );
    let shown = &place.line("search since:2022 NATO~1 --explain-query --format json").expect(0).json()[0];
    assert_eq!((&shown["query"], &shown["terms"][1]["term"]), (&"date:2022-01-01.. NATO~1".into(), &"NATO~1".into()));
    assert!(shown["articles"].as_u64() <= shown["terms"][1]["articles"].as_u64(), "{shown}");
}

#[test]
fn a_question_that_cannot_be_read_is_pointed_at() {
    let place = Place::with_samples();
    place.index();
    let ran = place.run(&["search", "NATO (summit"]).expect(2);
    assert_eq!(
        ran.err,
        "  NATO (summit\n       ^\nchancery: `(` is never closed (at byte 5 of the query)\n  close the group with `)`, or leave it out\n"
    );
    place.run(&["search", "speeker:Xi"]).expect(2).says("did you mean `speaker:`?");
    place.run(&["search", "NATO", "--since", "soon"]).expect(2).says("--since: ");
}

#[test]
fn without_an_index_and_a_corpus_there_is_a_way_out() {
    let place = Place::new();
    for line in ["search a", "quotes a", "show a", "export a", "count a", "status", "check"] {
        place.line(line).expect(3).says("no index in `index`").says("run `chancery index PATH`");
    }
    let corpus = Place::with_samples();
    for line in ["quotes a", "show a", "export a", "count a", "status", "check"] {
        corpus.line(line).expect(3).says("no index in `index`");
    }
    assert!(!corpus.path("index").exists() && !place.path("index").exists(), "only `search` and `index` build");
}

#[test]
fn a_bad_question_builds_nothing() {
    let place = Place::with_samples();
    place.run(&["search", "a ("]).expect(2);
    assert!(!place.path("index").exists());
}

#[test]
fn the_index_may_be_elsewhere() {
    let place = Place::with_samples();
    place.line("--index there index corpus").expect(0);
    place.line("search NATO --index there").expect(0);
    let ran = place.run_with(&["search", "NATO"], &[("CHANCERY_INDEX", "there")]).expect(0);
    assert_eq!(ran.out.lines().count(), 5);
    place.run_with(&["count", "NATO", "--index", "nowhere"], &[("CHANCERY_INDEX", "there")]).expect(3);
}

#[test]
fn dates_narrow_the_list() {
    let place = Place::with(&[
        ("corpus/day.txt", " date 2022-02-05 Paper on a day."),
        ("corpus/month.txt", " date 2022-02 Paper in a month."),
        ("corpus/year.txt", " date 2022 Paper in a year."),
        ("corpus/old.txt", " date 2014-12-31 Paper of old."),
        ("corpus/none.txt", "Paper of no date."),
    ]);
    place.index();
    let check = |arguments: &[&str], expected: &[&str]| {
        let mut found = place.found(&[&["paper"], arguments].concat());
        found.sort();
        let mut expected: Vec<String> = expected.iter().map(|name| format!("{name}.txt")).collect();
        expected.sort();
        assert_eq!(found, expected, "{arguments:?}");
    };
    check(&[], &["day", "month", "year", "old", "none"]);
    check(&["--since", "2022"], &["day", "month", "year"]);
    check(&["--since", "2022-02-01"], &["day", "month"]);
    check(&["--since", "2022-02-05"], &["day"]);
    check(&["--until", "2021"], &["old"]);
    check(&["--until", "2014-12-30"], &[]);
    check(&["--on", "2022-02"], &["day", "month"]);
    check(&["--on", "2022-Q1"], &["day", "month"]);
    check(&["--since", "2014", "--until", "2022-02-04"], &["old"]);
    check(&["date:none"], &["none"]);
    check(&["-has:date"], &["none"]);
    check(&["--since", "1y"], &[]);
    check(&["before:2022"], &["old"]);
    check(&["after:2014"], &["day", "month", "year"]);
}

#[test]
fn the_language_of_questions_reaches_the_engine() {
    let place = Place::with(&[
        (
            "corpus/a.txt",
            " date 2022-02-05 The ministers crossed a red line over Turkey.\n\nThe line was not red before.",
        ),
        ("corpus/b.txt", " date 2022-02-06 A minister ate turkey; his line of red wine was long."),
        (
            "corpus/sub/c.jsonl",
            r#"{"id":"c1","title":"Minister resigns","text":"He told us nothing. The U.S. embassy did.","source":"Le Monde","lang":"fr","author":"Zoé Brûlé"}"#,
        ),
    ]);
    place.index();
    let check = |question: &str, expected: &str| {
        let mut found = place.found(&["--", question]);
        found.sort();
        assert_eq!(found.join(" "), expected, "{question}");
    };
    check("minister", "a.txt b.txt sub/c.jsonl");
    check("=Turkey", "a.txt");
    check("turkey", "a.txt b.txt");
    check("\"red line\"", "a.txt");
    check("“line red”~5", "a.txt b.txt");
    check("minister -turkey", "sub/c.jsonl");
    check("-turkey", "sub/c.jsonl");
    check("embassy OR wine", "b.txt sub/c.jsonl");
    check("minist* wom?n", "");
    check("mnister~1 turkey", "b.txt");
    check("title:resign", "sub/c.jsonl");
    check("title:turkey", "");
    check("source:\"le monde\" lang:fr", "sub/c.jsonl");
    check("author:brule", "sub/c.jsonl");
    check("path:sub/*", "sub/c.jsonl");
    check("id:c1", "sub/c.jsonl");
    check("has:author", "sub/c.jsonl");
    check("=U.S.", "sub/c.jsonl");
    check("*", "a.txt b.txt sub/c.jsonl");
    let any = place.found(&["--any", "embassy", "wine", "-turkey"]);
    assert_eq!(any, ["sub/c.jsonl"]);
}

#[test]
fn count_is_a_number() {
    let place = Place::with_samples();
    place.index();
    assert_eq!(place.line("count NATO").expect(0).out, "5\n");
    let none = place.line("count zzzz").expect(1).says("zzzz: in no article");
    assert_eq!(none.out, "0\n");
    let json = place.line("count NATO since:2022 --format json").expect(0).out;
    assert_eq!(json, "{\"query\":\"NATO date:2022-01-01..\",\"articles\":3}\n");
    assert_eq!(place.line("count -- -NATO").expect(0).out, "28\n");
}

#[test]
fn quiet_answers_by_the_exit_code() {
    let place = Place::with_samples();
    let built = place.line("search NATO -q").expect(0);
    assert_eq!((built.out.as_str(), built.err.as_str()), ("", ""));
    for (line, code) in [("search zzzz -q", 1), ("count NATO -q", 0), ("count zzzz -q", 1), ("quotes zzzz -q", 1)] {
        let ran = place.line(line).expect(code);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""), "{ran}");
    }
    assert!(!place.run(&["search", "-q", "a ("]).expect(2).err.is_empty(), "trouble is told however quiet");
}

#[test]
fn the_sample_archive_answers_as_it_did() {
    let place = Place::with_samples();
    place.index();
    let mut shown = String::new();
    let questions = [
        "Kritenbrink NATO",
        "NATO",
        "ceasefire",
        "Putin Ukraine since:2022",
        "\"no limits\"",
        "Xi OR Putin",
        "nuclear -Iran",
        "title:NATO",
        "=Turkey",
        "diplomac*",
        "has:date before:2016",
        "date:none",
    ];
    for question in questions {
        shown.push_str(&format!("? {question}\n"));
        let ran = place.run(&["search", "-n", "5", "--format", "lines", question]);
        for line in ran.out.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            shown.push_str(&format!("  {} {}\n", columns[0], columns[2]));
        }
        shown.push_str(&format!("  {}", ran.err.lines().next_back().map_or(String::new(), |line| format!("{line}\n"))));
    }
    golden("questions.txt", &shown);
}

#[test]
fn a_timeline_counts_every_hit_once() {
    let place = Place::with(&[
        ("corpus/a.txt", " date 2021-12-31 The harbour froze."),
        ("corpus/b.txt", " date 2022-02-03 The harbour thawed."),
        ("corpus/c.txt", " date 2022-02-04 A strait closed."),
        ("corpus/d.txt", " date 2022 The harbour opened."),
        ("corpus/e.txt", "The harbour, undated."),
    ]);
    place.index();
    let check = |line: &str, expected: &str| assert_eq!(place.line(line).expect(0).out, expected, "{line}");
    check(
        "timeline harbour --by month",
        "2021-12\t1\t1\t1.0000\n2022-01\t0\t0\t-\n2022-02\t1\t2\t0.5000\nimprecise\t1\t1\t1.0000\nundated\t1\t1\t1.0000\n",
    );
    check("timeline harbour --by year", "2021\t1\t1\t1.0000\n2022\t2\t3\t0.6667\nundated\t1\t1\t1.0000\n");
    check(
        "timeline strait --since 2022 --by day --format csv",
        "period,articles,all,share\r\n2022-02-04,1,1,1.0000\r\nimprecise,0,1,0.0000\r\nundated,0,1,0.0000\r\n",
    );
    let svg = place.line("timeline harbour --by month --format svg").expect(0).out;
    assert!(svg.starts_with("<svg") && svg.contains("2021-12: 1 of 1 articles") && svg.contains("undated"), "{svg}");
    place.line("search harbour --format svg").expect(2).says("only a timeline and a comparison can be drawn");
    place.line("timeline lagoon").expect(1).says("lagoon: in no article");
    place.line("timeline harbour --by decade").expect(2);
}

#[test]
fn words_near_one_another() {
    let text = " date 2022-02-03 The minister drew a red line. Trade grew in the north. “The line is thin,” said Mr. Ann Smith. She drew no red cross.\n\nThe harbour froze. A line of ships lay before it; a line, a long line.";
    let place = Place::with(&[
        ("corpus/a.txt", text),
        ("corpus/b.jsonl", r#"{"id":"b","date":"2022-03","title":"Red harbour","text":"A line was drawn under it."}"#),
    ]);
    place.index();
    let check = |query: &str, expected: &str| {
        let mut found = place.found(&[query]);
        found.sort();
        assert_eq!(found.join(" "), expected, "{query}");
    };
    check("red NEAR/1 line", "a.txt");
    check("line w/1 red", "a.txt");
    check("line ADJ/1 red", "");
    check("red ADJ/1 lines", "a.txt");
    check("minister NEAR/3 line", "");
    check("minister NEAR/4 line", "a.txt");
    check("minister SAME/S line", "a.txt");
    check("minister SAME/S trade", "");
    check("smith SAME/S thin", "a.txt");
    check("minister SAME/P cross", "a.txt");
    check("minister SAME/P harbour", "");
    check("red NEAR/1 harbour", "b.jsonl");
    check("title:(red NEAR/1 harbour)", "b.jsonl");
    check("text:(red NEAR/1 harbour)", "");
    check("(minister ADJ/4 red) NEAR/1 line", "a.txt");
    check("min* NEAR/2 drew", "a.txt");
    check("(cross OR line) NEAR/1 red", "a.txt");
    check("\"red line\" NEAR/4 minister", "a.txt");
    check("\"minister drew line\"~2", "a.txt");
    check("\"minister drew line\"~1", "");
    check("\"line red\"~2", "a.txt");
    check("\"line red\"~1", "");
    check("atleast5(line)", "a.txt");
    check("atleast6(line)", "");
    check("atleast2(\"a line\")", "a.txt");
    check("line in:quote", "a.txt");
    check("trade in:quote", "");
    check("thin in:narration", "");
    check("line in:narration", "a.txt b.jsonl");
    check("(thin in:quote) (trade in:narration)", "a.txt");
    check("line -trade in:quote", "a.txt");
    check("said:(line NEAR/2 thin)", "a.txt");
    check("said:(line NEAR/1 thin)", "");
    check("date-quality:month", "b.jsonl");
    check("date-quality:header", "a.txt");
    check("date-quality:stated", "a.txt b.jsonl");
    check("date-quality:undated", "");
    check("kind:direct", "a.txt");
    check("kind:indirect", "");
    check("kind:direct speaker:Smith", "a.txt");
    place.line("quotes line NEAR/2 thin").expect(0);
    place.run(&["search", "=Red in:quote"]).expect(2).says("no place in the index");
}

#[test]
fn articles_like_one() {
    let place = Place::with(&[
        ("corpus/a.jsonl", r#"{"id":"a","text":"The harbour froze over night. Ships lay before the frozen harbour."}"#),
        ("corpus/b.jsonl", r#"{"id":"b","text":"A frozen harbour held the ships."}"#),
        ("corpus/c.jsonl", r#"{"id":"c","text":"Ships left the strait."}"#),
        ("corpus/d.jsonl", r#"{"id":"d","text":"Ministers spoke about bread."}"#),
    ]);
    place.index();
    let ids = |line: &str| -> Vec<String> {
        place.line(line).expect(0).json().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("similar a --format jsonl"), ["b", "c"]);
    assert_eq!(ids("similar a --format jsonl -n 1"), ["b"]);
    place.line("similar d --format jsonl").expect(1);
    place.line("similar zz").expect(1).says("article `zz`");
}

#[test]
fn show_goes_from_hit_to_hit() {
    let place = Place::with(&[(
        "corpus/a.txt",
        " date 2022-01-02 NATO met.\n\nA harbour froze.\n\nThe talks of NATO went on.\n\nNobody came.\n\nThe end.",
    )]);
    place.index();
    let id = place.line("search nato --format jsonl").json()[0]["id"].as_str().unwrap().to_owned();
    let shown = |number: &str| place.line(&format!("show {id} nato --hit {number} --format text"));
    let first = shown("1").expect(0).says("hit 1 of 2; the next: --hit 2");
    assert!(first.out.contains("NATO met.") && first.out.contains("A harbour froze."), "{first}");
    assert!(!first.out.contains("went on"), "{first}");
    let second = shown("2").expect(0).says("hit 2 of 2; the one before: --hit 1");
    assert!(second.out.contains("A harbour froze.") && second.out.contains("Nobody came."), "{second}");
    assert!(!second.out.contains("The end."), "{second}");
    shown("3").expect(1).says("no hit 3: there are 2 hits");
    shown("0").expect(2);
    place.line(&format!("show {id} --hit 1")).expect(2);
    place.line(&format!("show {id} lagoon --hit 1")).expect(1).says("none of the words stands in its text");
    place.line(&format!("show {id} nato --hit 1 --format csv")).expect(2);
}

#[test]
fn questions_are_compared_over_one_axis() {
    let place = Place::with(&[
        ("corpus/a.txt", " date 2021-05-02 A harbour froze."),
        ("corpus/b.txt", " date 2022-05-02 A strait froze."),
        ("corpus/c.txt", "The harbour and the strait, undated."),
    ]);
    place.index();
    let run = |arguments: &[&str]| place.run(&[&["compare"], arguments].concat());
    let expected = "harbour\t2021\t1\t1\t1.0000\nharbour\t2022\t0\t1\t0.0000\nharbour\tundated\t1\t1\t1.0000\n\
        strait -harbour\t2021\t0\t1\t0.0000\nstrait -harbour\t2022\t1\t1\t1.0000\nstrait -harbour\tundated\t0\t1\t0.0000\n";
    assert_eq!(run(&["harbour", "strait -harbour", "--by", "year", "--format", "lines"]).expect(0).out, expected);
    assert!(run(&["harbour", "strait", "--format", "svg"]).expect(0).out.starts_with("<svg"));
    assert!(run(&["harbour", "strait", "--format", "text"]).expect(0).out.starts_with("1  harbour 2 articles\n"));
    run(&["harbour", "lagoon"]).expect(0).says("lagoon: in no article");
    run(&["lagoon"]).expect(1);
    run(&["harbour", "date:2022-13"]).expect(2).says("in question 2 of 2");
    assert!(run(&["harbour", "strait", "--since", "2022"]).expect(0).out.starts_with("harbour date:2022-01-01..\t"));
    run(&["harbour", "--on", "2022-13"]).expect(2).says("--on:");
    place.write("corpus/d.txt", " date 1461-03-29 A harbour burned.");
    place.index();
    run(&["harbour", "--by", "day", "--format", "svg"]).expect(2).says("--by year");
    assert!(run(&["harbour", "--by", "year", "--format", "text"]).expect(0).out.contains("559 periods without a hit"));
    run(&["a"; 7]).expect(2).says("7 questions cannot be compared");
    run(&[]).expect(2);
}
