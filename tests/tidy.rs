//! The house and its rules: who may import whom, who may name which crate, and how long things get.
//!
//! The floors are those of the map in `src/lib.rs`. Each rule is a function from sources to complaints; each has a test
//! that it holds for the tree, and one that it would notice a breach.

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use self::source::{Source, tokens};

/// The words of floor 0 in the order in which they may build on one another.
const WORDS: [&str; 8] = ["error", "text", "date", "article", "facts", "field", "hits", "catalogue"];

/// The rooms above, with their floor and what they may import besides floor 0.
const ROOMS: [(&str, &[&str]); 10] = [
    ("analysis", &[]),
    ("extract", &[]),
    ("query", &[]),
    ("rank", &[]),
    ("story", &[]),
    ("present", &[]),
    ("corpus", &[]),
    ("engine", &["analysis", "query", "rank", "story"]),
    ("archive", &["analysis", "extract", "query", "rank", "story", "corpus", "engine"]),
    ("cli", &["archive", "present", "query"]),
];

/// Crates that only one place may name: `tantivy` leaves no trace outside its folder, and so on.
const CRATES: [(&str, &[&str]); 14] = [
    ("tantivy", &["engine/tantivy/"]),
    ("flate2", &["engine/tantivy/parcel.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("chrono", &["date.rs"]),
    ("toml_span", &["cli/settings.rs", "extract/overlay/toml.rs"]),
    ("walkdir", &["corpus/walk.rs"]),
    ("quick_xml", &["corpus/xml.rs", "corpus/markup.rs"]),
    ("mail_parser", &["corpus/mail.rs"]),
    (
        "serde",
        &[
            "present/json.rs",
            "present/copies.rs",
            "present/period_json.rs",
            "present/actors_json.rs",
            "present/article_json.rs",
            "corpus/jsonl.rs",
            "corpus/document.rs",
            "corpus/value.rs",
            "engine/tantivy/",
            "archive/journal.rs",
            "archive/dump.rs",
        ],
    ),
    (
        "serde_json",
        &[
            "present/json.rs",
            "corpus/jsonl.rs",
            "corpus/value.rs",
            "corpus/annotated.rs",
            "engine/tantivy/",
            "archive/journal.rs",
            "archive/dump.rs",
        ],
    ),
    ("ureq", &["cli/ping.rs"]),
];

const MOST_LINES_OF_A_FILE: usize = 400;
const MOST_LINES_OF_A_FUNCTION: usize = 60;

/// Every file of the library and the program, without those that hold tests alone.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let relative = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                all.push(Source::new(&relative, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let tests: BTreeSet<Vec<String>> = all.iter().flat_map(Source::test_modules).collect();
    all.retain(|source| !tests.contains(&source.module) || source.module.is_empty());
    all.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(all.len() > 50, "the tree was not found");
    all
}

/// Complains of imports that climb, and of rooms that should be strangers.
fn floors(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !source.module.is_empty()) {
        let from = source.room();
        for (path, line) in source.paths() {
            let Some(to) = path.first().filter(|to| *to != from) else { continue };
            if !may_import(from, to) {
                wrong.push(format!("{}:{line}: `{from}` may not import `{to}`", source.path));
            }
        }
    }
    wrong
}

fn may_import(from: &str, to: &str) -> bool {
    let word = |name: &str| WORDS.iter().position(|word| *word == name);
    match (word(from), word(to)) {
        (Some(from), Some(to)) => to < from,
        (Some(_), None) => false,
        (None, Some(_)) => true,
        (None, None) => ROOMS.iter().any(|(room, may)| *room == from && may.contains(&to)),
    }
}

/// Complains of modules that are in no list of this test, and of those that are listed and not there.
fn unlisted(sources: &[Source]) -> Vec<String> {
    let there: BTreeSet<&str> = sources.iter().map(Source::room).filter(|room| !room.is_empty()).collect();
    let listed: BTreeSet<&str> = WORDS.into_iter().chain(ROOMS.map(|(room, _)| room)).collect();
    there.symmetric_difference(&listed).map(|room| format!("`{room}` has no floor, or is not there")).collect()
}

/// Complains of files that import one another in a circle. A folder's `mod.rs` is the face of its files, not a
/// stranger to them.
fn circles(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<&[String]> = sources.iter().map(|source| source.module.as_slice()).collect();
    let mut imports: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for source in sources {
        let from = source.module.as_slice();
        for (path, _) in source.paths() {
            let longest = (1..=path.len()).rev().find_map(|length| modules.get(&path[..length]));
            let Some(to) = longest.filter(|to| !to.starts_with(from) && !from.starts_with(to)) else { continue };
            imports.entry(from).or_default().insert(to);
        }
    }
    let mut wrong = Vec::new();
    for start in imports.keys() {
        let mut reached: BTreeSet<&[String]> = BTreeSet::new();
        let mut open: Vec<&[String]> = vec![start];
        while let Some(from) = open.pop() {
            let next = imports.get(from).into_iter().flatten();
            open.extend(next.filter(|to| reached.insert(to)));
        }
        if reached.contains(start) {
            wrong.push(format!("`{}` imports itself in a circle", start.join("::")));
        }
    }
    wrong
}

/// Complains of crates that are named outside their place.
fn strangers(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        for (name, line) in source.crates() {
            let Some((_, places)) = CRATES.iter().find(|(known, _)| *known == name) else { continue };
            if !places.iter().any(|place| source.path.starts_with(place)) {
                wrong.push(format!("{}:{line}: `{name}` belongs into {}", source.path, places.join(", ")));
            }
        }
    }
    wrong
}

/// Complains of long files and long functions.
fn sizes(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let lines = source.lines();
        if lines > MOST_LINES_OF_A_FILE {
            wrong.push(format!("{}: {lines} lines of code", source.path));
        }
        for (name, lines) in source.functions() {
            if lines > MOST_LINES_OF_A_FUNCTION {
                wrong.push(format!("{}: `{name}` has {lines} lines", source.path));
            }
        }
    }
    wrong
}

/// Complains of what is unfinished, unsafe to meet at run time, unexplained, or named after nothing.
fn habits(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let path = &source.path;
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{path}: does not open with what it is for"));
        }
        if source.text.contains(concat!("FIX", "ME")) {
            wrong.push(format!("{path}: something is left to be fixed"));
        }
        let last = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
        let junk = ["util", "utils", "common", "helper", "helpers", "misc", "new", "prelude"];
        if last.split('_').any(|part| junk.contains(&part)) {
            wrong.push(format!("{path}: the name says nothing"));
        }
        let tokens = tokens(&source.code);
        for four in tokens.windows(4) {
            let [a, b, c, d] = [four[0].text, four[1].text, four[2].text, four[3].text];
            let trap = match (a, b) {
                (".", "unwrap") => c == "(" && d == ")",
                // A method of our own may be called like this; that of `Option` and `Result` takes words.
                (".", "expect") => d == "\"",
                ("todo" | "unimplemented" | "dbg", "!") => true,
                _ => false,
            };
            if trap {
                wrong.push(format!("{path}:{}: `{a}{b}`", four[1].line));
            }
        }
    }
    wrong
}

#[track_caller]
fn holds(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "the house is not in order:\n{}", complaints.join("\n"));
}

/// Fails unless the rule complains of this file, and of nothing in `sound`.
#[track_caller]
fn breach(rule: fn(&[Source]) -> Vec<String>, path: &str, text: &str) {
    let source = [Source::new(path, text)];
    assert!(!rule(&source).is_empty(), "nobody noticed {path}: {text}");
}

#[track_caller]
fn sound(rule: fn(&[Source]) -> Vec<String>, path: &str, text: &str) {
    assert_eq!(rule(&[Source::new(path, text)]), Vec::<String>::new(), "{path}: {text}");
}

#[test]
fn imports_climb_down_only() {
    holds(floors(&sources()));
    holds(unlisted(&sources()));
}

#[test]
fn climbing_imports_are_noticed() {
    breach(floors, "date.rs", "use crate::query::Query;");
    breach(floors, "error.rs", "use crate::date::Day;");
    breach(floors, "text.rs", "fn f(hit: crate::hits::Hit) {}");
    breach(floors, "query/lexer.rs", "use crate::{error::Error, analysis};");
    breach(floors, "extract/mod.rs", "use crate::rank;");
    breach(floors, "corpus/mod.rs", "use crate::engine::Engine;");
    breach(floors, "corpus/mod.rs", "use crate::query::Query;");
    breach(floors, "engine/mod.rs", "use super::corpus;");
    breach(floors, "engine/tantivy/mod.rs", "use crate::present::line;");
    breach(floors, "archive/mod.rs", "use crate::present;");
    breach(floors, "archive/mod.rs", "use crate::cli;");
    breach(floors, "cli/mod.rs", "use crate::engine::Plan;");
    breach(floors, "present/json.rs", "use super::super::query::Query;");
    breach(unlisted, "novel.rs", "");
    sound(floors, "date.rs", "use crate::text; use crate::date::Day;");
    sound(floors, "date.rs", "#[cfg(test)]\nmod tests { use crate::cli; }");
    sound(floors, "cli/show.rs", "use crate::archive::Archive; use crate::present::{self, line}; use super::tell;");
    sound(floors, "engine/tantivy/lower.rs", "use crate::query::Query; use crate::analysis;");
}

#[test]
fn no_files_import_one_another_in_a_circle() {
    holds(circles(&sources()));
}

#[test]
fn circles_are_noticed() {
    let check = |files: &[(&str, &str)], circular: bool| {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        assert_eq!(!circles(&sources).is_empty(), circular, "{files:?}");
    };
    check(&[("a/b.rs", "use super::c::X;"), ("a/c.rs", "use super::b::Y;")], true);
    check(&[("a.rs", "use crate::b;"), ("b.rs", "use crate::c;"), ("c.rs", "fn f() { crate::a::g() }")], true);
    check(&[("a/mod.rs", "use self::b::X;"), ("a/b.rs", "use super::Y;")], false);
    check(&[("a.rs", "use crate::b;"), ("b.rs", "#[cfg(test)]\nmod tests { use crate::a; }")], false);
}

#[test]
fn crates_stay_in_their_rooms() {
    holds(strangers(&sources()));
}

#[test]
fn stray_crates_are_noticed() {
    breach(strangers, "archive/mod.rs", "use tantivy::Index;");
    breach(strangers, "engine/mod.rs", "fn f(x: tantivy::Term) {}");
    breach(strangers, "engine/mod.rs", "fn f(x: ::tantivy::Term) {}");
    breach(strangers, "present/text.rs", "use clap;");
    breach(strangers, "query/date.rs", "use chrono::Utc;");
    breach(strangers, "corpus/load.rs", "use walkdir::WalkDir;");
    breach(strangers, "article.rs", "#[derive(serde::Serialize)] struct A;");
    sound(strangers, "archive/mod.rs", "use crate::engine::tantivy::TantivyEngine;");
    sound(strangers, "engine/mod.rs", "pub mod tantivy; // use tantivy::Index");
    sound(strangers, "engine/tantivy/lower.rs", "use tantivy::Term;");
}

#[test]
fn files_and_functions_stay_short() {
    holds(sizes(&sources()));
}

#[test]
fn long_files_and_functions_are_noticed() {
    breach(sizes, "a.rs", &"const A: u8 = 0;\n".repeat(MOST_LINES_OF_A_FILE + 1));
    let body = "    f();\n".repeat(MOST_LINES_OF_A_FUNCTION - 1);
    breach(sizes, "a.rs", &format!("fn f() {{\n{body}}}\n"));
    sound(sizes, "a.rs", &format!("fn f() {{\n{}}}\n", &body[10..]));
    sound(sizes, "a.rs", &"/// Words.\n\n".repeat(MOST_LINES_OF_A_FILE));
    sound(sizes, "a.rs", &format!("#[cfg(test)]\nmod tests {{\n fn f() {{\n{body}{body}}}\n}}\n"));
}

#[test]
fn the_habits_are_kept() {
    holds(habits(&sources()));
}

#[test]
fn bad_habits_are_noticed() {
    breach(habits, "a.rs", "use std::fs;");
    breach(habits, "a.rs", &format!("//! A.\n// FIX{}: later", "ME"));
    for path in ["util.rs", "cli/common.rs", "present/text_helpers.rs"] {
        breach(habits, path, "//! A.");
    }
    for code in ["x.unwrap();", "x.expect(\"why\");", "x\n    .unwrap()\n    .y();", "todo!();", "dbg!(x);"] {
        breach(habits, "a.rs", &format!("//! A.\nfn f() {{ {code} }}"));
    }
    sound(
        habits,
        "a.rs",
        "//! A.\nfn f() { x.unwrap_or(0); self.expect(rows)?; }\n/// `x.unwrap()`\nconst A: &str = \"dbg!(x)\";",
    );
    sound(habits, "a.rs", "//! A.\n#[cfg(test)]\nmod tests { fn f() { x.unwrap() } }");
}
