//! A damaged index is an error with a way out, or it still answers right; it is never a panic and never a mixture.

use std::fs;
use std::path::PathBuf;

use crate::harness::{Place, Ran};

/// An archive of a few articles, written in two runs so that it has a file of deletions too.
fn archive() -> Place {
    let place = Place::new();
    for number in 0..12 {
        let text = format!(
            " date 2022-01-{:02} The harbour is open, article {number}. “We are glad,” said Foreign Minister Ann Smith.",
            number + 1
        );
        place.write(format!("corpus/{number}.txt"), text);
    }
    place.index();
    place.write("corpus/3.txt", " date 2022-01-04 The harbour was closed.");
    place.index();
    place
}

/// Every file of the index but the lock, inside `index`.
fn files(place: &Place) -> Vec<PathBuf> {
    let store = fs::read_dir(place.path("index/store-1")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = store.filter(|path| path.extension().is_none_or(|ending| ending != "lock")).collect();
    files.push(place.path("index/CURRENT"));
    files.sort();
    files
}

/// A way to damage a file; `None` deletes it.
type Harm = fn(Vec<u8>) -> Option<Vec<u8>>;

const HARMS: [(&str, Harm); 7] = [
    ("deleted", |_| None),
    ("empty", |_| Some(Vec::new())),
    ("cut to 7 bytes", |bytes| Some(bytes.into_iter().take(7).collect())),
    ("cut in half", |bytes| Some(bytes[..bytes.len() / 2].to_vec())),
    ("garbage", |bytes| Some((0..bytes.len()).map(|at| (at * 7919 % 251) as u8).collect())),
    ("garbage with a sound end", |mut bytes| {
        let sound = bytes.len().saturating_sub(120);
        bytes[..sound].iter_mut().enumerate().for_each(|(at, byte)| *byte = (at * 7919 % 251) as u8);
        Some(bytes)
    }),
    ("zeros", |bytes| Some(vec![0; bytes.len()])),
];

/// What is wrong with a run on a damaged index, if it neither answered as the sound one nor said what is wrong.
fn fault(ran: &Ran, sound: &str) -> Option<&'static str> {
    match ran.code {
        101 => Some("a panic"),
        _ if ran.err.contains("panicked at") => Some("a panic"),
        0 if ran.out == sound => None,
        0 => Some("a wrong answer"),
        1 => Some("a silent nothing"),
        2 | 3 if ran.out.is_empty() && ran.err.starts_with("chancery: ") => None,
        _ => Some("an unclear end"),
    }
}

#[test]
fn every_file_damaged_in_every_way() {
    let place = archive();
    let lines = ["search harbour --format jsonl", "export * --output quotes --format jsonl", "show {id} --format json"];
    let id = place.line("search closed --format jsonl").json()[0]["id"].as_str().unwrap().to_owned();
    let lines = lines.map(|line| line.replace("{id}", &id));
    let sound = lines.clone().map(|line| place.line(&line).expect(0).out);
    // With `CURRENT` gone there is no index, and with a corpus beside it a search would build one.
    place.rename("corpus", "elsewhere");
    let mut faults = Vec::new();
    for file in files(&place) {
        let bytes = fs::read(&file).unwrap();
        for (how, harm) in HARMS {
            let name = format!("{} {how}", file.file_name().unwrap().to_string_lossy());
            match harm(bytes.clone()) {
                Some(harmed) => fs::write(&file, harmed).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            for (line, sound) in lines.iter().zip(&sound) {
                let ran = place.try_run(&line.split(' ').collect::<Vec<_>>(), &[]);
                faults.extend(fault(&ran, sound).map(|fault| format!("{name}: {fault}\n{ran}")));
            }
            fs::write(&file, &bytes).unwrap();
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    place.line("check").expect(0);
}

#[test]
fn check_finds_every_damage_and_a_rebuild_mends_it() {
    let place = archive();
    let sound = place.contents("index");
    for file in files(&place).into_iter().filter(|file| !file.ends_with(".managed.json")) {
        let bytes = fs::read(&file).unwrap();
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 3] ^= 0x20;
        fs::write(&file, flipped).unwrap();
        let ran = place.line("check");
        assert!(matches!(ran.code, 2 | 3), "{} was altered\n{ran}", file.display());
        fs::write(&file, &bytes).unwrap();
    }
    for file in files(&place) {
        let store = fs::read_dir(place.path("index")).unwrap().map(|entry| entry.unwrap().path());
        let store = store.into_iter().find(|path| path.is_dir()).unwrap();
        let name = file.file_name().unwrap();
        let file = if name == "CURRENT" { place.path("index/CURRENT") } else { store.join(name) };
        if !file.exists() {
            continue;
        }
        fs::write(&file, "garbage").unwrap();
        // Only the catalogue knows of which folders the index was made.
        let paths = if name.to_string_lossy().starts_with("catalogue-") { " corpus" } else { "" };
        place.line(&format!("index --rebuild{paths}")).expect(0);
        assert_eq!(place.contents("index"), sound, "{} was garbage", file.display());
        place.line("check").expect(0);
    }
}

#[test]
fn a_damaged_index_says_what_is_wrong_and_is_rebuilt_without_being_told_of_what() {
    let place = archive();
    let check = |file: &str, content: &str, said: &str| {
        let file = files(&place).into_iter().find(|path| path.to_string_lossy().ends_with(file)).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        fs::write(&file, content).unwrap();
        for command in ["search harbour", "index", "index --dry-run"] {
            place.line(command).expect(3).says("is damaged: ").says("chancery index --rebuild");
        }
        let ran = place.line("check").expect(3).says(&format!("`{name}` {said}"));
        assert!(!ran.err.contains("chancery check") && !ran.err.contains("Error"), "{ran}");
        place.line("rollback").expect(if name == "CURRENT" { 3 } else { 2 });
        let ran = place.line("index --rebuild").expect(0);
        assert_eq!(ran.err.contains("all of them count as come in now"), name == "meta.json", "{ran}");
        fs::remove_dir_all(place.path("index")).unwrap();
        place.index();
    };
    check("CURRENT", "garbage", "names no store");
    check("meta.json", "{\"segments\":", "is not the one that was written");
    check(".store", "too short", "has 9 bytes and was written with");
}

#[test]
fn a_run_on_a_damaged_index_changes_nothing() {
    let place = archive();
    place.write("corpus/new.txt", "A new harbour.");
    for file in files(&place) {
        let bytes = fs::read(&file).unwrap();
        // The list of stories and the shortcuts are made anew by every run that changes something.
        let name = file.to_string_lossy();
        let anew = name.contains("stories-") || name.contains("shortcuts-");
        if anew || file.ends_with("CURRENT") || file.ends_with(".managed.json") {
            continue;
        }
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        let ran = place.line("index corpus");
        assert!(matches!(ran.code, 2 | 3), "{} was cut in half\n{ran}", file.display());
        fs::write(&file, &bytes).unwrap();
    }
    place.line("check").expect(0);
    place.index();
    assert_eq!(place.line("count harbour").out, "13\n");
}

/// Writes `meta.json` as another program might have, with a manifest of its own.
fn write_meta(place: &Place, meta: &str) {
    let store = place.path("index/store-1");
    let name = |meta: &str| format!("manifest-{}.bin", &blake3::hash(meta.as_bytes()).to_hex()[..32]);
    let before = place.read("index/store-1/meta.json");
    fs::rename(store.join(name(&before)), store.join(name(meta))).unwrap();
    fs::write(store.join("meta.json"), meta).unwrap();
}

#[test]
fn an_index_of_another_version_is_refused_with_the_way_out() {
    let place = archive();
    let sound = place.read("index/store-1/meta.json");
    let check = |from: &str, to: &str, said: &str| {
        assert!(sound.contains(from), "{from} in {sound}");
        write_meta(&place, &sound.replace(from, to));
        for line in ["search harbour", "count harbour", "status", "check", "export harbour", "index corpus"] {
            place.line(line).expect(3).says(said).says("chancery index --rebuild");
        }
    };
    check(r#"\"format\":\"12\""#, r#"\"format\":\"0\""#, "has format version `0`, this program needs `12`");
    check(r#"\"analyser\":\"3+"#, r#"\"analyser\":\"9+"#, "has analyser `9+");
    check(r#"\"format\":"#, r#"\"farmat\":"#, "is damaged");
    check(r#""name": "lang""#, r#""name": "lung""#, "has schema `another`");
    fs::write(place.path("index/store-1/meta.json"), format!("{sound} ")).unwrap();
    place.line("search harbour").expect(3).says("its `meta.json` is not the one that was written");
    place.line("index corpus --rebuild").expect(0);
    place.line("search harbour").expect(0);
}

#[test]
fn other_tables_are_told_and_brought_in_by_the_next_run() {
    let place = archive();
    let tables = place.line("status --format json").json()[0]["tables"].as_str().unwrap().to_owned();
    let other = place
        .read("index/store-1/meta.json")
        .replace(&format!(r#"\"dictionary\":\"{tables}\""#), r#"\"dictionary\":\"old\""#);
    write_meta(&place, &other);
    place.line("search harbour").expect(0);
    assert_eq!(place.line("status --format json").json()[0]["tables_changed"], true);
    place.line("index corpus").expect(0).says("the actor tables changed");
    assert_eq!(place.line("status --format json").json()[0]["tables_changed"], false);
}

#[test]
fn what_is_no_index_is_said_to_be_none() {
    let place = Place::with_samples();
    place.write("a-file", "not a folder");
    place.line("count NATO --index a-file").expect(3);
    place.line("index corpus --index a-file").expect(2).says("a-file");
    assert_eq!(place.read("a-file"), "not a folder");
    place.write("foreign/readme", "somebody's papers");
    place.line("count NATO --index foreign").expect(3).says("no index in `foreign`");
    place.line("index corpus --index foreign").expect(0);
    assert_eq!(place.read("foreign/readme"), "somebody's papers");
    let hostile =
        ["../elsewhere", "store-1/../store-1", "store-", "store-999999999999999999999", "\u{0}", "store-1\nx"];
    for name in hostile {
        fs::write(place.path("foreign/CURRENT"), name).unwrap();
        let ran = place.line("count NATO --index foreign");
        assert!(matches!(ran.code, 2 | 3), "{name:?} {ran}");
    }
}
