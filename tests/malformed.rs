//! The list of malformed inputs: files of a corpus, questions, command lines. Each is a row of data.
//!
//! Files are indexed all in one run beside sound ones, which must come through; a row says how many articles are kept
//! of it, and what the run says about it. Questions and command lines are run one by one: exit code and a part of what
//! is said. Nothing here may ever panic or hang.

mod files;
mod lines;
mod questions;

use std::collections::HashMap;
use std::fs;

use crate::harness::Place;

/// How many rows there must be at least.
const ROWS: usize = 300;

/// How many bytes the longest line has; extraction reads it in seconds without optimisation.
const LONG: usize = 4_000_000;

/// How many bytes the longest file has; nothing of it is extracted.
const ENORMOUS: usize = 50_000_000;

/// Sound articles among the malformed ones.
const SOUND: usize = 5;

#[test]
fn there_are_enough_rows() {
    let rows = files::rows().len() + questions::ROWS.len() + lines::ROWS.len();
    assert!(rows >= ROWS, "{rows} rows");
}

#[test]
fn files_of_every_malformed_sort() {
    let rows = files::rows();
    let place = Place::new();
    for number in 0..SOUND {
        place.write(format!("corpus/sound/{number}.txt"), format!(" date 2022-01-0{} A sound article.", number + 1));
    }
    rows.iter().for_each(|row| place.write(format!("corpus/{}", row.path), &row.bytes));
    let ran = place.line("index corpus").expect(4);
    assert!(ran.err.len() < 10_000, "a long report is no report\n{ran}");
    let status = place.line("status --failures --format json").expect(0).json().remove(0);
    let failures: Vec<&str> = status["failed"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let mut articles: HashMap<String, usize> = HashMap::new();
    for hit in place.line("export * --format jsonl").expect(0).json() {
        *articles.entry(hit["path"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let mut wrong = Vec::new();
    for row in &rows {
        let path = row.path.replace("\\x", "\\x5Cx");
        let said: Vec<&&str> = failures.iter().filter(|said| said.starts_with(&format!("{path}:"))).collect();
        let found = articles.get(&path).copied().unwrap_or(0);
        let told = if row.said.is_empty() { said.is_empty() } else { said.iter().any(|said| said.contains(row.said)) };
        if found != row.articles || !told {
            let content = String::from_utf8_lossy(&row.bytes[..row.bytes.len().min(60)]).into_owned();
            wrong.push(format!(
                "{path:?} {content:?}\n  wanted {} `{}`\n  found {found} {:?}",
                row.articles,
                row.said,
                &said[..said.len().min(4)]
            ));
        }
        assert!(said.iter().all(|said| said.len() < 400 && !said.contains('\u{1b}')), "{said:?}");
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(articles.keys().filter(|path| path.starts_with("sound/")).count(), SOUND);
    place.line("check").expect(0);
    let again = place.line("index corpus --retry").expect(4);
    assert_eq!(again.err, ran.err.replace(&new_counts(&ran.err), &new_counts(&again.err)));
}

/// The line that counts files, which differs between a first run and a second.
fn new_counts(said: &str) -> String {
    said.lines().find(|line| line.contains(" unchanged, ")).unwrap_or_default().to_owned()
}

#[test]
fn what_is_no_file_is_never_opened() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let place = Place::with(&[("corpus/sound.txt", "A sound article."), ("outside.txt", "A secret.")]);
    let corpus = place.path("corpus");
    symlink("sound.txt", corpus.join("inside.txt")).unwrap();
    symlink("../outside.txt", corpus.join("out.txt")).unwrap();
    symlink("nowhere.txt", corpus.join("dangling.txt")).unwrap();
    symlink("circle.txt", corpus.join("circle.txt")).unwrap();
    symlink("..", corpus.join("up")).unwrap();
    symlink("/dev/zero", corpus.join("zero.txt")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(corpus.join("pipe.txt")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(corpus.join("socket.txt")).unwrap();
    fs::write(corpus.join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "A raw byte in its name.").unwrap();
    let deep = (0..205).fold(corpus.clone(), |path, _| path.join("d"));
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("deep.txt"), "A deep article.").unwrap();
    let ran = place.line("index corpus").expect(4);
    for said in [
        "inside.txt: a link to",
        "out.txt: a link out of the corpus",
        "dangling.txt: ",
        "circle.txt: ",
        "up: ",
        "zero.txt: a link out of the corpus",
        "pipe.txt: a pipe, not a file",
        "socket.txt: ",
        "more than 200 folders deep",
    ] {
        assert!(ran.err.contains(said), "`{said}`\n{ran}");
    }
    let mut found = place.found(&["*"]);
    found.sort();
    assert_eq!(found, ["caf\\xE9.txt", "sound.txt"]);
    assert_eq!(place.found(&["path:caf*"]).len(), 1);
}

#[test]
fn a_long_line_is_an_article_like_any_other() {
    let place = Place::new();
    let text = "The harbour stands by the water; ".repeat(LONG / 33);
    place.write("corpus/line.jsonl", format!("{{\"text\":\"{text}\"}}\n{{\"text\":\"A sound article.\"}}\n"));
    place.write("corpus/sound.txt", "A sound article.");
    place.index();
    assert_eq!(place.found(&["harbour"]), ["line.jsonl"]);
    assert_eq!(place.found(&["sound"]).len(), 2);
    place.line("check").expect(0);
}

#[test]
fn enormous_files_are_refused_for_what_they_are() {
    let place = Place::with(&[("corpus/sound.txt", "A sound article.")]);
    let text = "The harbour stands by the water; ".repeat(ENORMOUS / 33);
    place.write("corpus/open.jsonl", format!("{{\"text\":\"{text}\n{{\"text\":\"A sound article.\"}}\n"));
    place.write("corpus/line.txt", &text);
    let ran = place.line("index corpus --exclude line.txt").expect(4).says("open.jsonl:1: bad JSON");
    assert!(ran.err.len() < 1000, "{ran}");
    assert_eq!(place.found(&["sound"]).len(), 2);
    let ran = place.line("--index small index corpus --max-file-bytes 1000000").expect(4);
    ran.says("line.txt: 49999983 bytes are over the limit of 1000000").says("open.jsonl: ");
    assert_eq!(place.line("--index small count sound").out, "1\n");
}

#[test]
fn questions_of_every_malformed_sort() {
    let place = Place::with_samples();
    place.index();
    let mut wrong = Vec::new();
    for (question, code, said) in questions::ROWS {
        let ran = place.run(&["count", "--", question]);
        if ran.code != *code || !ran.err.contains(said) {
            wrong.push(format!("{question:?}: wanted {code} `{said}`\n{ran}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn command_lines_of_every_malformed_sort() {
    let place = Place::with_samples();
    place.index();
    let mut wrong = Vec::new();
    for (line, code, said) in lines::ROWS {
        let arguments: Vec<&str> = if line.is_empty() { Vec::new() } else { line.split(' ').collect() };
        let ran = place.run(&arguments);
        if ran.code != *code || !ran.err.contains(said) {
            wrong.push(format!("wanted {code} `{said}`\n{ran}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
    place.line("check").expect(0);
}

#[test]
fn enormous_questions_are_refused_at_once() {
    use chancery::date::Day;
    use chancery::query::{Options, parse};

    let place = Place::with_samples();
    place.index();
    let most = 120_000;
    let mega = 1 << 20;
    let options = Options { today: Day::from_ymd(2024, 6, 1).unwrap(), any: false };
    let units =
        ["a", "a ", "(", ")", "\"", "“", "-", "NOT ", "title:(", "a OR ", "*", "~", ":", "date:", "é", "\u{1b}"];
    for unit in units {
        let question = unit.repeat(most / unit.len());
        let ran = place.run(&["count", "--", &question]).expect(2).says("4096 at most");
        assert!(ran.err.len() < 1000, "{ran}");
        let error = parse(&unit.repeat(mega / unit.len()), &options).unwrap_err();
        assert!(error.to_string().contains("4096 at most"), "{error}");
    }
    for depth in [33, 1000, 2000] {
        let question = format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        place.run(&["count", &question]).expect(2).says("nested deeper than 32");
    }
    let words = vec!["harbour"; 257].join(" ");
    place.run(&["count", &words]).expect(2).says("more than 256");
    let many: Vec<String> = (0..5000).map(|number| format!("w{number}")).collect();
    place.run(&[vec!["count".to_owned()], many].concat()).expect(2).says("4096 at most");
}
