//! What may go to a terminal: colours when asked, never what strangers wrote, and no complaint when the pipe closes.

use std::io::Read;
use std::process::Stdio;

use crate::harness::Place;

/// Commands to a terminal, of every family, and text that runs the other way.
const HOSTILE: &str = "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{1b}]52;c;aGk=\u{7} \u{9b}2J \u{8}\u{8} \u{7f} \
                       \u{90}q \u{85} \u{202e}thgir\u{202c} \u{200f}x \u{2066}y\u{2069} hidden\u{e0041}\u{e0042} \u{feff}";

/// An article that is hostile wherever text can stand.
fn hostile() -> Place {
    let place = Place::new();
    let record = serde_json::json!({
        "id": "bad", "title": format!("Harbour {HOSTILE}"), "source": format!("Wire {HOSTILE}"),
        "url": format!("https://example.org/{HOSTILE}"), "authors": [format!("Ann {HOSTILE}")], "date": "2022-01-01",
        "text": format!("{HOSTILE} The harbour is open, “we are glad {HOSTILE} to say it,” said Ann {HOSTILE} Smith."),
    });
    place.write("corpus/a.jsonl", format!("{record}\n"));
    place.write("corpus/b \u{1b}[31m.txt", format!("The harbour {HOSTILE} is a place."));
    place.write("corpus/c \u{1b}[31m.jsonl", "{\n");
    place.line("index corpus").expect(4);
    place
}

/// Fails if any byte could command a terminal; `colours` lets through the sequences that colour text.
#[track_caller]
fn harmless(text: &str, colours: bool) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| {
        c.is_control() && !matches!(c, '\n' | '\t' | '\r')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
            || ('\u{e0000}'..='\u{e007f}').contains(&c)
    }) {
        let sequence = &rest[at..];
        let end = sequence.find('m').unwrap_or(0);
        let colour = sequence.starts_with("\u{1b}[")
            && sequence.get(2..end).is_some_and(|inside| inside.bytes().all(|b| b.is_ascii_digit() || b == b';'))
            && !matches!(&sequence[..=end], "\u{1b}[31m");
        assert!(colours && colour, "{:?} in {text:?}", sequence.chars().take(12).collect::<String>());
        rest = &sequence[end..];
    }
}

#[test]
fn what_strangers_wrote_commands_nothing() {
    let place = hostile();
    for format in ["text", "lines", "jsonl", "json", "csv", "tsv"] {
        for command in ["search harbour --explain", "search *", "quotes *", "status --failures", "count harbour"] {
            let ran = place.line(&format!("{command} --format {format}"));
            harmless(&ran.out, false);
            harmless(&ran.err, false);
        }
        if !matches!(format, "csv" | "tsv") {
            harmless(&place.line(&format!("show bad harbour --format {format}")).expect(0).out, false);
        }
    }
    for what in ["hits", "quotes", "actors"] {
        for format in ["csv", "tsv", "jsonl", "json"] {
            for raw in [&[][..], &["--raw"]] {
                let ran = place.run(&[&["export", "*", "--output", what, "--format", format], raw].concat());
                harmless(&ran.out, false);
            }
        }
    }
    for line in ["search harbour", "show bad harbour", "quotes *", "status --failures"] {
        harmless(&place.line(&format!("{line} --format text --color always")).out, true);
    }
    let again = place.line("index").expect(4);
    harmless(&(again.out + &again.err), false);
    harmless(&place.line("extract corpus").expect(4).err, false);
    harmless(&place.line("extract corpus").out, false);
}

#[test]
fn json_keeps_what_was_written() {
    let place = hostile();
    let article = place.line("show bad --format json").json().remove(0);
    assert!(article["text"].as_str().unwrap().starts_with(HOSTILE.trim()), "{article}");
}

#[test]
fn hostile_words_on_the_command_line_are_shown_harmless() {
    let place = hostile();
    for arguments in [
        &["search", "\u{1b}[31mzz"][..],
        &["search", "\u{1b}[31m ("],
        &["search", "zz\u{202e}zz\u{1b}]0;x\u{7}:y"],
        &["show", "\u{1b}[31m"],
        &["status", "--index", "\u{1b}[31m"],
        &["index", "\u{1b}[31m"],
        &["export", "harbour", "-o", "\u{1b}[31m/x.csv"],
        &["export", "harbour", "-o", "x.\u{1b}[31m"],
        &["extract", "\u{1b}[31m"],
        &["index", "--include", "[\u{1b}[31m", "corpus"],
    ] {
        let ran = place.run(arguments);
        assert_ne!(ran.code, 0, "{ran}");
        harmless(&(ran.out + &ran.err), false);
    }
}

#[test]
fn colours_come_when_they_are_wanted() {
    let place = Place::with_samples();
    place.index();
    let check = |arguments: &[&str], variables: &[(&str, &str)], coloured: bool| {
        let ran = place.run_with(&[&["search", "NATO", "--format", "text"], arguments].concat(), variables).expect(0);
        assert_eq!(ran.out.contains('\u{1b}'), coloured, "{arguments:?} {variables:?}");
        assert!(!ran.out.contains("\u{1b}]8"), "links are for terminals");
    };
    check(&[], &[], false);
    check(&["--color", "always"], &[], true);
    check(&["--color", "never"], &[], false);
    check(&["--color", "auto"], &[], false);
    check(&["--color", "always"], &[("NO_COLOR", "1")], true);
    check(&[], &[("CLICOLOR_FORCE", "1")], true);
    check(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false);
    check(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true);
    check(&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false);
    for format in ["lines", "jsonl", "json", "csv", "tsv"] {
        let ran = place.run(&["search", "NATO", "--color", "always", "--format", format]).expect(0);
        assert!(!ran.out.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn a_closed_pipe_is_quiet_success() {
    let place = Place::new();
    let text = "The harbour is open. ".repeat(40);
    let lines: String = (0..400).map(|n| format!("{{\"id\":\"n{n}\",\"text\":\"{text}\"}}\n")).collect();
    place.write("corpus/a.jsonl", lines);
    place.index();
    for line in [
        "search harbour -n 400 --format jsonl",
        "search harbour -n 400 --format text",
        "export harbour",
        "export harbour --format json",
        "fields --format jsonl",
        "man",
        "completions zsh",
        "extract corpus",
        "show n1",
        "--help",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        for read in [0, 1] {
            let mut command = place.command(&arguments);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut out = child.stdout.take().unwrap();
            out.read_exact(&mut vec![0; read]).unwrap();
            drop(out);
            let ended = child.wait_with_output().unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(ended.status.code(), Some(0), "{line}: {said}");
            assert!(!said.contains("pipe") && !said.contains("panicked"), "{line}: {said}");
        }
    }
}
