//! The guide of the query language: every example is asked, every refusal is met.

use chancery::query::{Options, parse};

use crate::harness::Place;

/// The rows of the tables of the guide whose header begins with these words, as their cells.
fn rows(header: &str) -> Vec<Vec<String>> {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/query.md")).unwrap();
    let table = guide.lines().skip_while(|line| !line.starts_with(header)).skip(2);
    let cells = |line: &str| {
        let inner = line.trim_matches('|').replace("\\|", "\u{1}");
        inner.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
    };
    table.take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// What stands between backticks.
fn codes(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_example_is_a_question_that_finds_something() {
    let place = Place::with_samples();
    // The sample archive is plain text: it has neither headlines of its own nor authors and sources.
    let record = serde_json::json!({
        "id": "wire-1", "title": "Summit ends with a red line", "author": "Jane Doe", "source": "Reuters",
        "url": "https://example.org/summit", "date": "2021-05-06",
        "text": "President Joe Biden told Congress that the summit was over.",
    });
    place.write("corpus/wire.jsonl", record.to_string());
    place.index();
    let rows = rows("| Write | Finds |");
    assert!(rows.len() > 30, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let examples = codes(&row[2]);
        assert!(!examples.is_empty(), "no example: {row:?}");
        for example in examples {
            let ran = place.run(&["count", "--", example]);
            if ran.code != 0 || ran.out.trim() == "0" {
                wrong.push(format!("{example}: {} {}", ran.code, ran.err.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_date_can_be_asked() {
    let options = Options { today: "2024-06-15".parse().unwrap(), any: false };
    for row in rows("| Write | Means |") {
        for example in codes(&row[0]) {
            // The field is written once in a row of values.
            let has_field = example.contains([':', '>', '<']);
            let asked = if has_field { example.to_owned() } else { format!("date:{example}") };
            parse(&asked, &options).unwrap_or_else(|error| panic!("{asked}: {error}"));
        }
    }
}

#[test]
fn everything_refused_is_refused() {
    let options = Options { today: "2024-06-15".parse().unwrap(), any: false };
    let rows = rows("| Query | Why |");
    assert!(rows.len() > 15, "{} rows", rows.len());
    for row in rows {
        for example in codes(&row[0]) {
            assert!(parse(example, &options).is_err(), "`{example}` is read");
        }
        for instead in codes(&row[2]).into_iter().filter(|instead| !instead.contains('…')) {
            assert!(
                parse(instead, &options).is_ok() || !instead.contains(' ') && !instead.contains(':'),
                "`{instead}`"
            );
        }
    }
}
