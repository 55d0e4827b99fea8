//! Every part of the language on a small archive: `tests/data/cases.txt` has each question with the exact articles it
//! finds, or with its error and the byte where it stands. `UPDATE_GOLDENS=1` writes the file anew; read it, then keep it.

use chancery::archive::{Archive, Plan, Ranking};
use chancery::query::{Options, parse};

use crate::harness::{Place, golden};

/// Ten short articles, each named by a letter.
const ARTICLES: &[(&str, &str)] = &[
    (
        "a.txt",
        " date 2022-02-03 The minister drew a red line on sanctions. Turkey and NATO met. “No first use,” said Ann Smith.",
    ),
    ("b.txt", " date 2022-02 Sanctions on oil hurt trade. Ministers of Turkey spoke. The turkey was cold."),
    (
        "c.txt",
        " date 2021 Missiles were launched at the harbour. The Kremlin denied it. Moscow said it would launch no missile.",
    ),
    ("d.txt", "An undated note on a harbour, a strait and a cease-fire. The ceasefire held; the strait was closed."),
    (
        "e.txt",
        " date 2023-05-01 “Sanctions will stay,” Bob Brown told Ann Smith.\n\nThe oil line is red. The line was long, the line of ships longer.",
    ),
    ("f.txt", " date 2014-07-17 Russia annexed nothing that day. U.S. envoys told us so. The WHO reported: who knows?"),
    ("g.txt", " date 2099-01-01 A letter from the future about the harbour."),
    (
        "h.jsonl",
        r#"{"id":"h","date":"2022-03-10","title":"Harbour talks fail","source":"The Strait Post","language":"en","authors":["Jane Doe"],"url":"https://example.org/h","text":"Talks failed. Delegates left."}"#,
    ),
    (
        "i.jsonl",
        r#"{"id":"i","date":"2022-03-11","title":"Oil price","source":"Harbour Wire","language":"de","text":"Der Preis für Öl steigt. Café, naïve, Zürich."}"#,
    ),
    (
        "j.jsonl",
        r#"{"id":"j","date":"2020-12-31","title":"Red lines everywhere","source":"The Strait Post","text":"Commentators see red lines. Not one line is red."}"#,
    ),
];

/// One question a line, or with `--any` in front.
const QUESTIONS: &str = include_str!("data/questions_of_cases.txt");

#[test]
fn every_question_finds_exactly_its_articles() {
    let files: Vec<(String, &str)> = ARTICLES.iter().map(|(name, text)| (format!("corpus/{name}"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let place = Place::with(&files);
    place.index();
    let archive = Archive::open(&place.path("index")).unwrap();
    let mut shown = String::new();
    let mut cases = 0;
    for line in QUESTIONS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (any, text) = line.strip_prefix("--any ").map_or((false, line), |text| (true, text));
        shown.push_str(&format!("{line}\n    {}\n", answer(&archive, text, any)));
        cases += 1;
    }
    assert!(cases >= 150, "only {cases} cases");
    golden("cases.txt", &shown);
}

fn answer(archive: &Archive, text: &str, any: bool) -> String {
    let options = Options { today: "2024-06-15".parse().unwrap(), any };
    let query = match parse(text, &options) {
        Ok(parsed) => parsed.query,
        Err(error) => return format!("refused at {}: {error}", error.query_position().unwrap_or(0)),
    };
    let canonical = query.to_string();
    let again = parse(&canonical, &Options { any: false, ..options }).unwrap();
    assert_eq!(again.query, query, "{text}: {canonical}");
    let plan = Plan { limit: 100, offset: 0, ranking: Ranking::default(), explain: false, snippets: 0, fold: false };
    let hits = match archive.search(&query, &plan) {
        Ok(hits) => hits,
        Err(error) => return format!("refused: {error}"),
    };
    let mut found: Vec<&str> = hits.hits.iter().map(|hit| &hit.path[..1]).collect();
    found.sort_unstable();
    assert_eq!(hits.total, found.len() as u64, "{text}: the count is not the list");
    let shown = if canonical == text { String::new() } else { format!("  ({canonical})") };
    format!("{}{shown}", if found.is_empty() { "-".to_owned() } else { found.join(" ") })
}
