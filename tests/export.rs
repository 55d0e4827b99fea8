//! `export`: every hit in every format, to a file or to the next program; a file is whole or as it was.

use std::fs;

use serde_json::Value;

use crate::harness::{Place, is_root, set_mode};

/// Hits that are hard on every format: marks, breaks, formulas, other scripts.
fn hard() -> Place {
    let place = Place::new();
    let titles =
        ["He said \"no\", twice", "=1+1", "-2", "@sum", "Line\none\tand two", "Путин и 習近平", " '=x", "plain"];
    for (number, title) in titles.iter().enumerate() {
        let record = serde_json::json!({
            "id": format!("r{number}"), "title": title, "text": "The harbour is open.", "source": "=HYPERLINK(1)",
            "date": format!("2022-01-{:02}", number + 1),
        });
        place.write(format!("corpus/{number}.jsonl"), format!("{record}\n"));
    }
    place.index();
    place
}

/// Every row of a table as its reader sees it.
fn rows(text: &str, tabs: bool) -> Vec<Vec<String>> {
    if tabs {
        return text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_file_and_standard_output_get_the_same() {
    let place = hard();
    for format in ["csv", "tsv", "jsonl", "json"] {
        let file = format!("out.{format}");
        let ran = place.run(&["export", "harbour", "-o", &file]).expect(0);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", "8 articles exported\n"));
        let out = place.run(&["export", "harbour", "--format", format]).expect(0).out;
        assert_eq!(place.read(&file), out, "{format}");
        assert_eq!(place.run(&["export", "harbour", "--format", format, "-o", "-"]).out, out);
    }
    assert_eq!(place.line("export harbour").out, place.read("out.csv"), "CSV unless asked otherwise");
    place.line("export harbour -o OUT.NDJSON").expect(0);
    assert_eq!(place.read("OUT.NDJSON"), place.read("out.jsonl"));
    let files: Vec<_> = fs::read_dir(place.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(files.iter().all(|name| !name.to_string_lossy().contains("part")), "{files:?}");
}

#[test]
fn tables_read_back_to_the_rows_and_formulas_are_guarded() {
    let place = hard();
    for (format, tabs) in [("csv", false), ("tsv", true)] {
        let guarded = rows(&place.run(&["export", "harbour", "--sort", "oldest", "--format", format]).out, tabs);
        let raw = rows(&place.run(&["export", "harbour", "--sort", "oldest", "--raw", "--format", format]).out, tabs);
        let titles = |rows: &[Vec<String>]| rows[1..].iter().map(|row| row[2].clone()).collect::<Vec<_>>();
        let plain =
            ["He said \"no\", twice", "=1+1", "-2", "@sum", "Line one and two", "Путин и 習近平", "'=x", "plain"];
        assert_eq!(titles(&raw), plain, "{format}");
        for (cell, plain) in titles(&guarded).iter().zip(plain) {
            let formula = plain.trim_start_matches('\'').starts_with(['=', '-', '@']);
            let bare = if formula { cell.strip_prefix('\'').unwrap() } else { cell };
            assert_eq!(bare, plain, "{format}");
        }
        assert!(guarded.iter().all(|row| row.len() == guarded[0].len()));
        assert_eq!(guarded[1][5], "'=HYPERLINK(1)");
        assert_eq!(raw[1][5], "=HYPERLINK(1)");
    }
}

#[test]
fn an_export_is_the_whole_of_a_search() {
    let place = Place::with_samples();
    place.index();
    let search = place.line("search * -n 1000 --format jsonl").json();
    let export = place.line("export * --format jsonl").json();
    let ids = |hits: &[Value]| hits.iter().map(|hit| hit["id"].clone()).collect::<Vec<_>>();
    assert_eq!((ids(&search), search.len()), (ids(&export), 33));
    let array: Vec<Value> = serde_json::from_str(&place.line("export * --format json").out).unwrap();
    assert_eq!(array, export);
    let oldest = place.line("export * --sort oldest --format jsonl").json();
    assert_eq!(oldest[0]["date"], "2014-03-18");
}

#[test]
fn an_export_of_nothing_is_still_a_file_of_its_kind() {
    let place = hard();
    for (format, expected) in [("jsonl", ""), ("json", "[]\n")] {
        assert_eq!(place.run(&["export", "zzzz", "--format", format]).expect(1).out, expected);
    }
    place.line("export zzzz -o none.csv").expect(1);
    assert!(place.read("none.csv").starts_with("rank,id,title,date,"));
    assert_eq!(place.read("none.csv").lines().count(), 1);
}

#[test]
fn a_failed_export_leaves_the_old_file() {
    let place = hard();
    place.write("out.csv", "precious");
    place.run(&["export", "a (", "-o", "out.csv"]).expect(2);
    place.run(&["export", "harbour", "--index", "nowhere", "-o", "out.csv"]).expect(3);
    place.run(&["export", "harbour", "--format", "text", "-o", "out.csv"]).expect(2).says("no layout for people");
    assert_eq!(place.read("out.csv"), "precious");
    // The index is damaged under the export: what is there already must survive.
    let store = fs::read_dir(place.path("index/store-1")).unwrap().map(|entry| entry.unwrap().path());
    for file in store.filter(|path| path.extension().is_some_and(|ending| ending == "store")) {
        fs::write(file, "garbage").unwrap();
    }
    assert_ne!(place.line("export harbour -o out.csv").code, 0);
    assert_eq!(place.read("out.csv"), "precious");
    assert!(!place.path("out.csv.part").exists());
}

#[cfg(unix)]
#[test]
fn links_and_pipes_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt, symlink};

    let place = hard();
    let expected = place.line("export harbour --format csv").expect(0).out;
    place.write("elsewhere/out.csv", "old");
    symlink("elsewhere/out.csv", place.path("link.csv")).unwrap();
    place.line("export harbour -o link.csv").expect(0);
    assert!(place.path("link.csv").is_symlink());
    symlink("elsewhere/new.csv", place.path("new-link.csv")).unwrap();
    place.line("export harbour -o new-link.csv").expect(0);
    assert!(place.path("new-link.csv").is_symlink());
    assert_eq!(place.read("elsewhere/new.csv"), expected);
    assert_eq!(place.line("export harbour -o /dev/stdout --format csv").expect(0).out, expected);
    assert_eq!(place.read("elsewhere/out.csv"), expected);
    let pipe = place.path("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    place.line("export harbour -o pipe.csv").expect(0);
    assert_eq!(reader.join().unwrap(), expected);
    assert!(fs::metadata(pipe).unwrap().file_type().is_fifo());
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let place = hard();
    place.line("export harbour -o no/such/folder/out.csv").expect(2).says("no/such/folder/out.csv");
    place.line("export harbour -o out.xlsx").expect(2).says("`.xlsx`").says("--format csv");
    place.line("export harbour -o corpus").expect(2).says("`corpus`");
    assert!(place.path("corpus/1.jsonl").is_file());
    fs::create_dir(place.path("closed")).unwrap();
    set_mode(&place.path("closed"), 0o555);
    let ran = place.line("export harbour -o closed/out.csv");
    assert_eq!(ran.code, if is_root() { 0 } else { 2 }, "{ran}");
    set_mode(&place.path("closed"), 0o755);
}

#[test]
fn quotes_and_actors_have_rows_of_their_own() {
    let place = hard();
    let header = |what: &str| {
        let ran = place.run(&["export", "harbour", "--output", what]);
        assert!(matches!(ran.code, 0 | 1), "{ran}");
        ran.out.lines().next().unwrap().to_owned()
    };
    assert_eq!(
        header("hits"),
        "rank,id,title,date,date_precision,source,language,url,path,ordinal,score,relevance,recency,actors,quotes,snippet"
    );
    assert_eq!(
        header("quotes"),
        "article,title,date,date_precision,source,path,speakers,speaker_ids,kind,text,cue,start,end,confidence,rule,url"
    );
    assert_eq!(header("actors"), "id,name,kind,articles");
}
