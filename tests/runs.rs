//! What runs leave behind, and what looks after it: records, the way back, room on the disk, dumps.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::harness::{INDEX, Place, is_root, set_mode};

fn archive() -> Place {
    let place = Place::new();
    for number in 0..12 {
        let text = format!(" date 2022-01-{:02} The harbour is open, article {number}.", number + 1);
        place.write(format!("corpus/{number}.txt"), text);
    }
    place.index();
    place
}

/// The whole record of the newest run.
fn last_run(place: &Place) -> serde_json::Value {
    let list = place.line("runs -n 1 --format jsonl").expect(0).json();
    place.line(&format!("runs {} --format json", list[0]["id"].as_str().unwrap())).expect(0).json()[0].clone()
}

#[test]
fn every_run_leaves_a_record() {
    let place = archive();
    place.write("corpus/bad.jsonl", "broken\n{\"id\":\"fine\",\"text\":\"The harbour froze.\"}\n");
    place.line("index").expect(4);
    let run = last_run(&place);
    let number = |name: &str| run[name].as_u64().unwrap_or_else(|| panic!("{name} in {run}"));
    assert_eq!(run["outcome"], "partial");
    assert_eq!((number("files_seen"), number("files_new"), number("files_unchanged")), (13, 1, 12));
    assert_eq!((number("articles_added"), number("articles"), number("failures")), (1, 13, 1));
    assert_eq!(run["failed"][0], "bad.jsonl:1: not a JSON object");
    assert_eq!(run["reasons"][0], "1 x not a JSON object");
    assert_eq!((number("extracted"), run["articles_with_date"].as_f64()), (1, Some(0.0)));
    place.line("index").expect(4);
    assert_eq!(last_run(&place)["failed"], serde_json::json!([]), "what is known is not told again");
    std::fs::rename(place.path("corpus"), place.path("elsewhere")).unwrap();
    place.line("index").expect(2);
    let failed = last_run(&place);
    assert_eq!(failed["outcome"], "failed");
    assert!(failed["error"].as_str().unwrap().contains("is a disk not mounted?"), "{failed}");
    let list = place.line("runs --format csv").expect(0).out;
    assert_eq!(list.lines().count(), 5, "{list}");
    assert!(list.starts_with("id,outcome,seconds,files,added,"), "{list}");
    place.line("runs --format text").expect(0);
    place.line("runs nonsense").expect(1).says("there is no run `nonsense`");
    place.line("status").expect(0).out.contains("failed");
}

#[test]
fn a_killed_run_is_said_to_be_killed() {
    let place = archive();
    let runs = place.path("index/runs");
    let record = std::fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&record).unwrap().replace("\"clean\"", "\"running\"");
    std::fs::write(runs.join("99990101T000000Z-1.json"), text).unwrap();
    std::fs::write(runs.join("99990101T000000Z-2.json"), "garbage").unwrap();
    let ran = place.line("runs -n 1 --format jsonl").expect(0).says("not a record of a run; left out");
    assert_eq!(ran.json()[0]["outcome"], "killed");
}

#[test]
fn a_run_that_came_to_no_end_has_no_counts() {
    let place = archive();
    std::fs::rename(place.path("corpus"), place.path("elsewhere")).unwrap();
    place.line("index").expect(2);
    let list = place.line("runs -n 1 --format jsonl").expect(0).json()[0].clone();
    assert_eq!((&list["outcome"], &list["articles"]), (&"failed".into(), &serde_json::Value::Null), "{list}");
    assert!(place.line("runs -n 1 --format text").expect(0).out.lines().last().unwrap().contains("  -  "));
    let status = place.line("status --format json").expect(0).json()[0].clone();
    assert_eq!((&status["tables_due"], &status["tagger"]), (&serde_json::Value::Null, &serde_json::Value::Null));
}

#[test]
fn files_without_a_reader_are_counted_by_their_sort() {
    let place = archive();
    for name in ["a.pdf", "b.PDF", "c.docx", "d.x1", "e.x2", "f.x3", "g.x4"] {
        place.write(format!("corpus/{name}"), "nothing");
    }
    place
        .line("index")
        .expect(0)
        .says("7 files are of a sort that no reader is for: 2 .pdf, 1 .docx, 1 .x1, 1 .x2, 1 .x3, 1 others");
    assert!(place.line("index --quiet").expect(0).err.is_empty());
}

#[test]
fn no_index_has_no_runs() {
    let place = Place::new();
    place.line("runs").expect(3).says("no index in");
    place.line("index nowhere").expect(2);
    assert!(!place.path(INDEX).exists(), "a wrong path leaves nothing behind");
}

#[test]
fn a_fall_of_what_is_found_is_a_warning() {
    let place = Place::new();
    let rich = |number: usize| {
        format!(
            "{{\"id\":\"r{number}\",\"text\":\"“We are glad of it,” Foreign Minister Ann Smith said in Paris.\"}}\n"
        )
    };
    let poor = |number: usize| format!("{{\"id\":\"p{number}\",\"text\":\"The harbour froze over.\"}}\n");
    place.write("corpus/a.jsonl", (0..60).map(rich).collect::<String>());
    assert!(!place.index().err.contains("warning"));
    place.write("corpus/b.jsonl", (0..60).map(poor).collect::<String>());
    let ran = place.index().says("warning: quotes in an article fell from 1.00 to 0.00; did a source change its form?");
    assert!(ran.err.contains("actors in an article fell"), "{ran}");
    assert_eq!(last_run(&place)["warnings"].as_array().unwrap().len(), 3);
}

#[test]
fn a_rebuild_can_be_taken_back_until_it_is_pruned() {
    let place = archive();
    place.line("rollback").expect(2).says("there is no earlier index");
    place.remove("corpus/3.txt");
    place.line("index --rebuild").expect(0);
    assert_eq!(place.line("count harbour").out, "11\n");
    assert_eq!(place.line("status --format json").json()[0]["can_roll_back"], true);
    place.line("rollback").expect(0).says("with 12 articles");
    assert_eq!(place.line("count harbour").out, "12\n");
    place.line("check").expect(0);
    place.line("rollback").expect(0);
    assert_eq!(place.line("count harbour").out, "11\n");
    place.line("rollback").expect(0);
    place.line("index").expect(0);
    assert_eq!(place.line("count harbour").out, "11\n", "the next run brings the old index up to date");
    place.line("prune --keep-runs 1").expect(0).says("records of runs removed");
    assert_eq!(place.line("runs --format lines").out.lines().count(), 1);
    place.line("rollback").expect(2);
    place.line("check").expect(0);
    assert_eq!(place.line("count harbour").out, "11\n");
}

#[test]
fn a_variable_that_is_set_to_nothing_is_not_set() {
    let place = archive();
    for name in ["CHANCERY_INDEX", "CHANCERY_ACTORS", "CHANCERY_PING"] {
        assert_eq!(place.run_with(&["index", "--quiet"], &[(name, "")]).code, 0, "{name}");
        assert_eq!(place.run_with(&["status"], &[(name, "")]).code, 0, "{name}");
    }
    assert_eq!(place.run_with(&["count", "harbour"], &[("CHANCERY_INDEX", "nowhere")]).code, 3);
}

#[test]
fn a_rebuild_of_what_was_withdrawn_is_no_loss() {
    let place = Place::new();
    let record = |id: usize, status: &str| {
        format!("{{\"id\":\"n{id}\",\"text\":\"The harbour is open, {id}.\",\"status\":\"{status}\"}}\n")
    };
    place.write("corpus/a.jsonl", (0..20).map(|id| record(id, "usable")).collect::<String>());
    place.index();
    let half = |id| record(id, if id < 10 { "canceled" } else { "usable" });
    place.write("corpus/a.jsonl", (0..20).map(half).collect::<String>());
    place.line("index").expect(0);
    place.line("index --rebuild").expect(0);
    assert_eq!(place.line("count harbour").out, "10\n");
    // What was withdrawn before makes no room for what is lost now.
    place.write("corpus/a.jsonl", (0..15).map(half).collect::<String>());
    place.line("index").expect(2).says("5 of 10 articles have vanished");
    place.line("index --rebuild").expect(2).says("5 of 10 articles have vanished");
}

#[test]
fn a_dry_run_tells_what_would_stop_the_run() {
    let place = archive();
    for number in 0..4 {
        place.remove(format!("corpus/{number}.txt"));
    }
    place.line("index --dry-run").expect(0).says("this would stop the run: 4 of 12 articles have vanished");
    assert!(!place.line("index --dry-run --allow-shrink").expect(0).err.contains("stop"));
    place.line("index --no-extract --dry-run").expect(2).says("this index has actors and quotes");
    place.line("index --rebuild --dry-run").expect(0).says("4 of 12 articles have vanished").says("--allow-shrink");
    place.line("--index corpus index --dry-run").expect(2).says("cannot be that of the index too");
}

#[test]
fn a_rollback_to_a_damaged_index_is_refused() {
    let place = archive();
    place.line("index --rebuild").expect(0);
    std::fs::write(place.path("index/store-1/meta.json"), "{}").unwrap();
    place.line("rollback").expect(3);
    place.line("check").expect(0);
    assert_eq!(place.line("count harbour").out, "12\n");
}

#[test]
fn a_dump_brings_back_what_no_rebuild_does() {
    let place = archive();
    place.write("index/actors/mine.tsv", "id\tkind\tname\tcountry\taliases\tacronyms\tmetonyms\n");
    place.line("dump -o dump.jsonl").expect(0).says("dumped 1 table of your own and the times of 12 articles");
    let dump = place.read("dump.jsonl");
    assert_eq!(place.line("dump").expect(0).out.lines().count(), dump.lines().count());
    // Another archive of the same corpus, which has everything in since just now.
    let aged = dump.replace("\"ingested\":\"2", "\"ingested\":\"1");
    place.write("aged.jsonl", aged);
    place.line("--index other restore aged.jsonl").expect(0).says("chancery index PATH");
    place.line("--index other index corpus").expect(0);
    assert_eq!(place.line("--index other count ingested:..1999").out, "12\n");
    assert_eq!(place.read("other/actors/mine.tsv"), place.read("index/actors/mine.tsv"));
    // An archive that is there already takes the times in with its next rebuild.
    place.line("restore aged.jsonl").expect(0).says("chancery index --rebuild");
    place.line("index --rebuild").expect(0);
    assert_eq!(place.line("count ingested:..1999").out, "12\n");
    place.line("index --rebuild").expect(0);
    assert_eq!(place.line("count ingested:..1999").out, "12\n");
}

#[test]
fn a_dump_that_is_not_whole_is_refused() {
    let place = archive();
    place.write("index/actors/mine.tsv", "id\tkind\tname\tcountry\taliases\tacronyms\tmetonyms\n");
    let dump = place.line("dump").expect(0).out;
    let cut: String = dump.lines().take(9).map(|line| format!("{line}\n")).collect();
    let missing: String =
        dump.lines().enumerate().filter(|(at, _)| *at != 4).map(|(_, line)| format!("{line}\n")).collect();
    let check = |text: &str, said: &str| {
        place.write("bad.jsonl", text);
        place.line("--index other restore bad.jsonl").expect(2).says(said);
        assert!(!place.path("other").exists());
    };
    check(&cut, "the dump was cut");
    check(&missing, "lines are missing");
    check("", "the dump was cut");
    check("garbage\n", "bad.jsonl:1: not a line of a dump");
    check(&dump.replace("\"dump\":1", "\"dump\":2"), "a dump of version 2");
    check(&dump.replace("mine.tsv", "../mine.tsv"), "is no name of a table");
    check(&format!("{dump}{dump}"), "two in one file");
    place.write("other/actors/mine.tsv", "other words");
    place.write("good.jsonl", dump);
    place.line("--index other restore good.jsonl").expect(2).says("is there already, with other words");
    place.line("--index other restore good.jsonl --replace").expect(0);
}

#[test]
fn too_many_failures_stop_a_run() {
    let place = archive();
    place.write("corpus/bad.jsonl", "broken\nbroken\nbroken\n");
    place.write("corpus/new.txt", "A new harbour.");
    place.line("index --max-failures 2").expect(2).says("more than the 2 of `--max-failures`").says("bad.jsonl");
    assert_eq!(place.line("count harbour").out, "12\n");
    place.line("check").expect(0);
    place.line("index --max-failures 3").expect(4);
    assert_eq!(place.line("count harbour").out, "13\n");
}

#[test]
fn a_build_commits_on_its_way() {
    let place = Place::new();
    for file in 0..2 {
        let record = |number| format!("{{\"id\":\"{file}-{number}\",\"text\":\"Pier {number} is open.\"}}\n");
        place.write(format!("corpus/{file}.jsonl"), (0..1100).map(record).collect::<String>());
    }
    let build = |options: &str| {
        place.line(&format!("index corpus --rebuild {options}")).expect(0);
        let run = last_run(&place);
        assert_eq!((run["articles"].as_u64(), place.line("count pier").out.as_str()), (Some(2200), "2200\n"));
        run["generation"].as_u64().unwrap()
    };
    // An article counts a kilobyte and its text, so each file is more than a megabyte.
    let (first, once) = (build(""), build(""));
    assert_eq!((once - first, build("--commit-every 1") - once), (1, 3));
    place.line("index --commit-every 0").expect(2).says("0 is not in 1..=1000000");
}

#[test]
fn an_index_without_extraction_gets_its_facts_by_the_next_run() {
    let place = Place::with(&[("corpus/a.txt", "“We are glad,” Foreign Minister Ann Smith said. NATO was silent.")]);
    place.line("index corpus --no-extract").expect(0);
    assert_eq!(place.line("count has:quote").out, "0\n");
    assert_eq!(place.line("count glad").out, "1\n");
    place.line("index --no-extract").expect(0);
    place.line("index").expect(0).says("the actor tables changed");
    assert_eq!(place.line("count has:quote").out, "1\n");
    place.line("check").expect(0);
    place.line("index --no-extract").expect(2).says("this index has actors and quotes");
    place.line("index --no-extract --rebuild").expect(0);
    assert_eq!(place.line("count has:quote").out, "0\n");
    assert!(place.line("status").expect(0).out.contains("made with `--no-extract`"));
}

#[test]
fn a_file_that_was_touched_while_the_tables_changed_keeps_its_new_counts() {
    let place = Place::with(&[("corpus/a.txt", "“We are glad,” Foreign Minister Ann Smith said. NATO was silent.")]);
    place.line("index corpus --no-extract").expect(0);
    place.touch("corpus/a.txt");
    place.line("index").expect(0).says("the actor tables changed");
    assert_eq!(place.line("count has:quote").out, "1\n");
    place.line("check").expect(0);
}

#[test]
fn a_deep_check_extracts_anew() {
    let place = Place::with_samples();
    place.index();
    place.line("check --deep").expect(0).says("articles were extracted anew").says("ok: ");
    place.line("check --deep --sample 3").expect(0);
    place.write("index/actors/mine.tsv", "id\tkind\tname\tcountry\taliases\tacronyms\tmetonyms\n");
    place.line("check --deep").expect(0);
}

#[test]
fn a_long_lived_reader_notices_what_a_run_did() {
    use chancery::archive::Archive;
    use chancery::query::{Options, parse};

    let place = archive();
    let query = parse("harbour", &Options { today: "2024-06-15".parse().unwrap(), any: false }).unwrap().query;
    let open = || Archive::open(&place.path(INDEX)).unwrap();
    let first = open();
    assert!(!first.is_outdated().unwrap());
    place.write("corpus/new.txt", "A new harbour.");
    place.index();
    assert_eq!((first.count(&query).unwrap(), first.is_outdated().unwrap()), (12, true), "it sees one state");
    let second = open();
    assert_eq!((second.count(&query).unwrap(), second.is_outdated().unwrap()), (13, false));
    place.line("index --rebuild").expect(0);
    place.line("prune").expect(0);
    assert_eq!((second.count(&query).unwrap(), second.is_outdated().unwrap()), (13, true));
    std::fs::remove_dir_all(place.path(INDEX)).unwrap();
    assert!(second.is_outdated().is_err());
}

/// A monitor that answers so many calls, and what it was told.
fn monitor(calls: usize) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ping/abc", listener.local_addr().unwrap());
    let told = std::thread::spawn(move || {
        let mut told = Vec::new();
        for stream in listener.incoming().take(calls) {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            let mut buffer = [0; 4096];
            // A request is whole when its body is as long as it says.
            while !is_whole(&request) {
                let read = stream.read(&mut buffer).unwrap();
                request.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK").unwrap();
            told.push(request);
        }
        told
    });
    (url, told)
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

#[test]
fn a_monitor_is_told_of_start_and_end() {
    let place = Place::with(&[("corpus/a.txt", "The harbour is open.")]);
    let (url, told) = monitor(4);
    place.run(&["index", "corpus", "--ping", &url]).expect(0);
    place.run_with(&["index", "nowhere"], &[("CHANCERY_PING", &url)]).expect(2);
    let told = told.join().unwrap();
    let first: Vec<&str> = told.iter().map(|request| request.lines().next().unwrap()).collect();
    let calls = ["/start", "/0", "/start", "/2"].map(|end| format!("POST /ping/abc{end} HTTP/1.1"));
    assert_eq!(first, calls);
    assert!(told[1].contains("1 articles added"), "{}", told[1]);
    place.line("index --ping https://example.org/abc").expect(2).says("begins with http://");
    place.line("index --ping http://127.0.0.1:9/x").expect(0).says("the monitor was not told");
}

#[test]
fn others_may_read_what_a_run_wrote() {
    use std::os::unix::fs::PermissionsExt;

    let place = archive();
    place.line("index --rebuild").expect(0);
    let mut folders = vec![place.path(INDEX)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let mode = std::fs::metadata(&path).unwrap().permissions().mode();
                assert_eq!(mode & 0o444, 0o444, "{} has mode {mode:o}", path.display());
            }
        }
    }
    if !is_root() {
        set_mode(&place.path("index/store-2/meta.json"), 0);
        let ran = place.line("count harbour").expect(2);
        assert!(!ran.err.contains("damaged"), "{ran}");
    }
}
