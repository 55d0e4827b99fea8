//! The commands around the search: show, fields, status, check, extract, completions, man, help.

use serde_json::Value;

use crate::harness::{Place, golden};
use crate::search::keys;

/// One article with a title, a date and two paragraphs.
fn one() -> Place {
    let place = Place::with(&[(
        "corpus/a.jsonl",
        r#"{"id":"wire-7","date":"2022-02","title":"Talks in Geneva","text":"Delegates met in Geneva.\n\nNobody signed the paper.","source":"Example Wire","url":"https://example.org/7"}"#,
    )]);
    place.index();
    place
}

#[test]
fn show_is_the_article() {
    let place = one();
    for format in ["lines", "text"] {
        let page = place.run(&["show", "wire-7", "--format", format]).expect(0).out;
        for part in ["Talks in Geneva", "2022-02 (month, from the record)", "Example Wire", "Nobody signed the paper."]
        {
            let part = if part.contains("record") { "2022-02 (month" } else { part };
            assert!(page.contains(part), "`{part}` in {page}");
        }
    }
    let line = place.line("show wire-7 --format json").expect(0).out;
    let expected = [
        "path",
        "ordinal",
        "id",
        "date",
        "date_precision",
        "title",
        "language",
        "text_offset",
        "text",
        "countries",
        "actors",
        "quotes",
        "source",
        "url",
        "authors",
    ];
    assert_eq!(keys(&line), expected);
    let article: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(article["text"], "Delegates met in Geneva.\n\nNobody signed the paper.");
    assert_eq!(place.line("show wire-7 --format jsonl").out, line);
    place.line("show wire-7 --format csv").expect(2).says("cannot hold an article");
    let marked = place.run(&["show", "wire-7", "paper", "--format", "text", "--color", "always"]).expect(0).out;
    assert!(marked.contains("\u{1b}[1m") || marked.contains("\u{1b}[4m"), "{marked:?}");
}

#[test]
fn show_of_nothing_is_said() {
    let place = one();
    place.line("show wire-8").expect(1).says("there is no article `wire-8`").says("chancery search");
    place.run(&["show", ""]).expect(1);
    place.run(&["show", "wire-7", "a ("]).expect(2);
    place.line("show WIRE-7").expect(1);
}

#[test]
fn the_plain_text_points_into_its_file() {
    let file = " date 2022-02-05 Talks went on in Geneva.\n\nNobody signed.\n";
    let place = Place::with(&[("corpus/a.txt", file)]);
    place.index();
    let id = place.line("search talks --format jsonl").json()[0]["id"].as_str().unwrap().to_owned();
    let article = place.line(&format!("show {id} --format json")).json().remove(0);
    let offset = usize::try_from(article["text_offset"].as_u64().unwrap()).unwrap();
    assert_eq!(&file[offset..], "Talks went on in Geneva.\n\nNobody signed.\n");
    assert_eq!(article["text"], "Talks went on in Geneva.\n\nNobody signed.");
}

#[test]
fn fields_are_listed() {
    let place = Place::new();
    golden("fields.txt", &place.line("fields").expect(0).out);
    let rows = place.line("fields --format jsonl").expect(0);
    assert_eq!(keys(rows.out.lines().next().unwrap()), ["name", "aliases", "kind", "values", "help", "example"]);
    assert_eq!(rows.json().len(), place.line("fields").out.lines().count());
}

#[test]
fn status_says_what_there_is() {
    let place = one();
    let ran = place.line("status --format json").expect(0);
    let expected = [
        "index",
        "corpus",
        "articles",
        "quotes",
        "files",
        "failures",
        "articles_replaced",
        "newest",
        "written",
        "generation",
        "complete",
        "bytes",
        "segments",
        "format",
        "analyser",
        "tables",
        "tables_changed",
        "tagger",
        "tables_due",
        "last_run",
        "can_roll_back",
    ];
    assert_eq!(keys(&ran.out), expected);
    assert_eq!((ran.number("articles"), ran.number("files"), ran.number("generation")), (1, 1, 1));
    let status = &ran.json()[0];
    assert_eq!(status["corpus"][0], place.path("corpus").canonicalize().unwrap().to_str().unwrap());
    assert_eq!(status["complete"], true);
    let text = place.line("status --format text").expect(0).out;
    assert!(text.lines().any(|line| line.starts_with("articles  ") && line.ends_with("  1")), "{text}");
}

#[test]
fn status_lists_the_failures() {
    let place = one();
    place.write("corpus/broken.jsonl", "broken\n");
    place.line("index").expect(4);
    assert!(!place.line("status").out.contains("broken.jsonl"));
    let ran = place.line("status --failures --format json").expect(0);
    assert_eq!(ran.number("failures"), 1);
    assert!(ran.json()[0]["failed"][0].as_str().unwrap().starts_with("broken.jsonl:1: "), "{ran}");
}

#[test]
fn check_finds_nothing_wrong() {
    let place = one();
    let ran = place.line("check").expect(0).says("ok: 1 articles and 0 quotes, as the catalogue says");
    assert_eq!(ran.out, "");
    assert_eq!(place.line("check --format json").expect(0).out, "{\"ok\":true,\"wrong\":[]}\n");
    assert_eq!(place.line("check -q").expect(0).err, "");
}

#[test]
fn extract_needs_no_index() {
    let place = Place::with(&[
        ("a.txt", " date 2022-02-05 Talks went on in Geneva.\n\nNobody signed."),
        ("b.jsonl", "{\"text\":\"One.\"}\nbroken\n{\"text\":\"Two.\"}\n"),
    ]);
    let ran = place.line("extract a.txt").expect(0);
    let article = &ran.json()[0];
    assert_eq!((&article["path"], &article["text_offset"]), (&"a.txt".into(), &17.into()));
    let ran = place.line("extract a.txt b.jsonl").expect(4).says("b.jsonl:2: not a JSON object");
    assert_eq!(ran.out.lines().count(), 3);
    place.line("extract nowhere.txt").expect(4).says("nowhere.txt");
    assert!(!place.path("index").exists());
}

#[test]
fn completions_and_manual_pages() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&["completions", shell]).expect(0).out;
        assert!(script.contains("chancery") && script.contains("keep-vanished"), "{shell}");
        assert!(shell != "bash" || script.contains("help__subcmd__actors,import)"), "{script}");
    }
    place.line("completions tcsh").expect(2).says("bash");
    assert!(place.line("man").expect(0).out.contains(".TH chancery 1"));
    place.line("man --dir pages").expect(0);
    let guide = place.line("man query").expect(0).out;
    assert!(guide.contains(".SH WORDS NEAR ONE ANOTHER") && guide.contains("\\fBKritenbrink NATO\\fR"), "{guide}");
    assert_eq!(place.read("pages/chancery-query.7"), guide);
    place.line("man query --dir pages").expect(2);
    for page in ["chancery.1", "chancery-search.1", "chancery-index.1", "chancery-query.7"] {
        assert!(place.read(format!("pages/{page}")).contains(".SH NAME"), "{page}");
    }
    assert!(place.read("pages/chancery-index.1").contains("keep\\-vanished"));
    assert!(place.read("pages/chancery-actors-import.1").contains(".SH NAME"));
}

#[test]
fn help_is_an_answer() {
    let place = Place::new();
    let help = place.line("--help").expect(0);
    for command in
        ["index", "search", "quotes", "show", "export", "count", "extract", "actors", "fields", "status", "check"]
    {
        assert!(help.out.contains(&format!("\n  {command} ")), "{help}");
        let page = place.run(&[command, "--help"]).expect(0);
        let about = help.out.split(&format!("\n  {command} ")).nth(1).unwrap().trim_start();
        assert!(page.out.split(' ').next() == about.split(' ').next(), "{page}");
        assert!(page.out.contains("Usage: chancery") && page.err.is_empty(), "{page}");
    }
    assert!(help.out.contains("75 another run holds the lock"), "{help}");
    assert_eq!(place.line("--version").expect(0).out, format!("chancery {}\n", env!("CARGO_PKG_VERSION")));
}
