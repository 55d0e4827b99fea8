//! Who is in an article and who said what, as the program answers it: the sample archive is the text, goldens are the
//! facts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Place, golden};
use crate::search::keys;

const KRITENBRINK: &str = "corpus/2022/kritenbrink-xi-putin-meeting.txt";

fn samples() -> Place {
    let place = Place::with_samples();
    place.index();
    place
}

#[test]
fn a_quote_has_these_keys_in_this_order() {
    let place = samples();
    let ran = place.line("quotes speaker:Kritenbrink --format jsonl").expect(0);
    let expected = "article path date speakers kind text cue start end confidence rule date_precision title source url";
    let expected: Vec<&str> = expected.split(' ').collect();
    for line in ran.out.lines() {
        assert_eq!(keys(line), expected);
    }
    for quote in ran.json() {
        let names: Vec<&str> =
            quote["speakers"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"Daniel Kritenbrink"), "{quote}");
        assert_eq!(quote["path"], "2022/kritenbrink-xi-putin-meeting.txt");
    }
    let count = ran.out.lines().count();
    assert!(count >= 3, "{ran}");
    assert_eq!(ran.err, format!("{count} of {count} quotes\n"));
}

#[test]
fn quotes_in_lines_have_six_columns() {
    let place = samples();
    let ran = place.line("quotes speaker:Kritenbrink").expect(0);
    for line in ran.out.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!((columns.len(), columns[0], columns[1]), (6, "2022-02-05", "Daniel Kritenbrink"), "{line}");
    }
}

#[test]
fn speaker_and_words_are_those_of_one_quote() {
    let place = Place::with(&[(
        "corpus/a.txt",
        " date 2022-02-05 “We will keep the harbour open,” said Foreign Minister Ann Smith on Friday.\n\n“The bridge \
         will be closed,” said President Bob Jones on Saturday. Norway said that the ferry was late.",
    )]);
    place.index();
    let check = |question: &str, quotes: usize| {
        let ran = place.run(&["quotes", "--format", "jsonl", "--", question]);
        assert_eq!(ran.out.lines().count(), quotes, "{question}\n{ran}");
    };
    check("speaker:Smith said:harbour", 1);
    check("speaker:Jones said:harbour", 0);
    check("speaker:Smith said:bridge", 0);
    check("speaker:(Smith OR Jones) said:(bridge OR harbour)", 2);
    check("said:\"harbour open\"", 1);
    check("harbour", 1);
    check("harbour in:quote", 1);
    check("bridge", 1);
    check("ferry", 1);
    check("ferry in:quote", 0);
    let hits = |question: &str| place.found(&["--", question]).len();
    assert_eq!(hits("speaker:Jones said:harbour"), 0);
    assert_eq!(hits("speaker:Jones said:bridge"), 1);
    assert_eq!(hits("actor:Jones harbour"), 1);
    assert_eq!(hits("has:speaker"), 1);
}

#[test]
fn in_other_languages_nobody_is_invented() {
    let place = Place::new();
    let check = |text: &str, persons: &[&str], quotes: usize| {
        place.write("a.txt", text);
        let found = place.line("extract a.txt").expect(0).json().remove(0);
        let all = |list: &str| found[list].as_array().unwrap().clone();
        let is_person = |actor: &&Value| actor["kind"] == "person";
        let names: Vec<String> =
            all("actors").iter().filter(is_person).map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names, persons, "{text}");
        let speakers = all("quotes").iter().filter(|quote| !quote["speakers"].as_array().unwrap().is_empty()).count();
        assert_eq!((all("quotes").len(), speakers), (quotes, 0), "{text}");
    };
    check(
        "Nach Angaben der Hafenmeisterei blieb der Hafen am Montag geschlossen. Angela Merkel war nicht an Bord. Die Ukraine \
         schickte Schlepper. „Wir fahren morgen wieder hinaus“, sagte die Fischerin.",
        &["Angela Merkel"],
        1,
    );
    check(
        "El Puerto Viejo sigue cerrado. La lluvia no cesa. Los barcos de Israel esperan. «Nosotros no sabíamos nada de \
         eso “ayer” por la noche», dijo la ministra.",
        &[],
        1,
    );
    let menu =
        "Home World Africa Asia Europe Opinion Sport Weather Video Login Newsletter Email Print Share ".repeat(10);
    let told = "Foreign Minister Zdravlo Quillenbrink told reporters that the harbour was closed. He had been warned by the pilots \
                and the crews, but nobody from the ministry came. The boats would have to wait.";
    for (stated, text) in [("", format!("{menu}\n\n{told}")), ("\"language\":\"fr\",", told.to_owned())] {
        place.write("b.jsonl", serde_json::json!({"text": text}).to_string().replacen('{', &format!("{{{stated}"), 1));
        let found = place.line("extract b.jsonl").expect(0).json().remove(0);
        let persons: Vec<&str> =
            found["actors"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert!(persons.contains(&"person:zdravlo-quillenbrink"), "{stated}: {persons:?}");
    }
    check("Порт Старый закрыт. Рыбаки ждут. «Мы никуда не пойдём до утра», сказал капитан.", &[], 1);
    check("港は閉鎖された。「明日の朝にはまた海に出るつもりだ」と漁師は語った。", &[], 1);
}

#[test]
fn a_speaker_is_never_invented() {
    let place =
        Place::with(&[("corpus/a.txt", "The harbour is open.\n\n“Nobody knows who said this.”\n\nShips came.")]);
    place.index();
    for quote in place.line("quotes * --format jsonl").json() {
        assert_eq!(quote["speakers"], Value::Array(Vec::new()), "{quote}");
    }
    assert_eq!(place.found(&["has:speaker"]).len(), 0);
    // A capital at the beginning of a sentence makes nobody definite who is new.
    let met = "Detective Inspector Ann Smith said: “The harbour is closed.” ";
    for (source, speakers) in [
        ("An official from Bonn", 1),
        ("One official", 1),
        ("Another inspector", 1),
        ("No official", 1),
        ("The inspector", 2),
    ] {
        place.write("corpus/a.txt", format!("{met}{source} said that the bridge was open."));
        place.index();
        let quotes = place.line("quotes * --format jsonl").json();
        let named = quotes.iter().filter(|quote| !quote["speakers"].as_array().unwrap().is_empty()).count();
        assert_eq!((quotes.len(), named), (2, speakers), "{source}: {quotes:?}");
    }
}

#[test]
fn acronyms_that_are_words_find_their_actors() {
    let place = Place::with(&[
        ("corpus/a.txt", "The United States imposes tariffs. American officials met in Geneva."),
        ("corpus/b.txt", "The World Health Organization said that it was concerned. Doctors met those who left."),
        ("corpus/c.txt", "Nobody told us who came."),
        ("corpus/d.txt", "The Virgin Islands hold elections. The Virgin Islands, he said, are far away."),
    ]);
    place.index();
    let check = |question: &str, expected: &[&str]| {
        let mut found = place.found(&[question]);
        found.sort();
        assert_eq!(found, expected, "{question}");
    };
    // The Virgin Islands have it in a name.
    check("US", &["a.txt", "d.txt"]);
    check("actor:US", &["a.txt", "d.txt"]);
    check("actor:us", &["a.txt", "d.txt"]);
    check("actor:state:US", &["a.txt"]);
    check("country:US", &["a.txt"]);
    check("country:\"US\"", &["a.txt"]);
    check("country:VI", &["d.txt"]);
    check("US tariffs", &["a.txt"]);
    check("WHO", &["b.txt"]);
    check("org:WHO", &["b.txt"]);
    check("speaker:WHO", &["b.txt"]);
    check("text:WHO", &[]);
    check("who", &["b.txt", "c.txt"]);
}

#[test]
fn every_name_of_an_actor_finds_it() {
    let place = samples();
    let first = |question: &str| {
        let found: BTreeSet<String> = place.found(&[question]).into_iter().collect();
        found.contains("2022/kritenbrink-xi-putin-meeting.txt")
    };
    for question in [
        "actor:Kritenbrink",
        "actor:person:daniel-kritenbrink",
        "person:\"Daniel Kritenbrink\"",
        "actor:NATO",
        "actor:igo:nato",
        "org:NATO",
        "actor:\"North Atlantic Treaty Organization\"",
        "actor:state:CN",
        "actor:China",
        "person:xi-jinping",
        "country:CN",
        "country:China",
        "speaker:kritenbrink",
    ] {
        assert!(first(question), "{question}");
    }
    assert!(!first("person:NATO") && !first("org:Kritenbrink") && !first("speaker:xi-jinping -speaker:Xi"));
}

#[test]
fn the_sample_archive_as_extraction_sees_it() {
    let place = Place::with_samples();
    let ran = place.run(&["extract", KRITENBRINK]).expect(0);
    let article = &ran.json()[0];
    let text = article["text"].as_str().unwrap();
    let mut shown = format!("countries {}\n", article["countries"]);
    for actor in article["actors"].as_array().unwrap() {
        let mentions = actor["mentions"].as_array().unwrap();
        let words: BTreeSet<&str> = mentions.iter().map(|mention| part(text, mention)).collect();
        shown.push_str(&format!("{} {} {words:?}\n", actor["id"], mentions.len()));
    }
    for quote in article["quotes"].as_array().unwrap() {
        let parts: Vec<&str> = quote["parts"].as_array().unwrap().iter().map(|one| part(text, one)).collect();
        shown.push_str(&format!("{} {} {parts:?}\n", quote["speakers"], quote["kind"]));
    }
    golden("kritenbrink.txt", &shown);
}

#[test]
fn nobody_is_given_the_words_of_another() {
    let place = samples();
    // The opening names Xi; the sentence is that of the diplomat who is named in the next paragraph.
    for quote in place.line("quotes speaker:Xi path:2022/kritenbrink* --format jsonl").json() {
        assert!(!quote["text"].as_str().unwrap().starts_with("China could have used"), "{quote}");
    }
}

/// The words at a place, which must be those the program gives with it.
#[track_caller]
fn part<'a>(text: &'a str, place: &'a Value) -> &'a str {
    let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
    let words = &text[at("start")..at("end")];
    assert_eq!(place["text"], words);
    words
}

#[test]
fn every_span_lies_inside_its_text() {
    let place = Place::with_samples();
    let mut quotes = 0;
    for article in place.line("extract corpus").expect(0).json() {
        let text = article["text"].as_str().unwrap();
        let ids: BTreeSet<&str> =
            article["actors"].as_array().unwrap().iter().map(|actor| actor["id"].as_str().unwrap()).collect();
        for actor in article["actors"].as_array().unwrap() {
            actor["mentions"].as_array().unwrap().iter().for_each(|mention| _ = part(text, mention));
        }
        for quote in article["quotes"].as_array().unwrap() {
            quotes += 1;
            let parts = quote["parts"].as_array().unwrap();
            assert!(!parts.is_empty(), "{quote}");
            parts.iter().chain([&quote["cue"], &quote["source"]]).filter(|one| !one.is_null()).for_each(|one| {
                part(text, one);
            });
            for speaker in quote["speakers"].as_array().unwrap() {
                assert!(ids.contains(speaker.as_str().unwrap()), "{speaker} is nobody in {}", article["path"]);
            }
        }
    }
    assert!(quotes > 100, "{quotes} quotes in the sample archive");
}

#[test]
fn actors_are_exported_with_their_articles() {
    let place = samples();
    let rows = place.line("export NATO --output actors --format jsonl").expect(0).json();
    let nato = rows.iter().find(|row| row["id"] == "igo:nato").unwrap();
    assert_eq!((&nato["kind"], &nato["articles"]), (&"igo".into(), &5.into()));
    let counts: Vec<u64> = rows.iter().map(|row| row["articles"].as_u64().unwrap()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "most first");
    let quotes = place.line("export speaker:Kritenbrink --output quotes").expect(0).out;
    assert!(quotes.lines().skip(1).all(|row| row.contains("person:daniel-kritenbrink")), "{quotes}");
}

#[test]
fn the_same_archive_has_the_same_facts_every_time() {
    let place = samples();
    let first = place.line("export * --output quotes --format jsonl").out;
    place.line("--index other index corpus").expect(0);
    assert_eq!(place.line("--index other export * --output quotes --format jsonl").out, first);
}

#[test]
fn an_explanation_shows_the_rule_of_every_finding() {
    let place = Place::with(&[("corpus/a.txt", "Norway said that the talks had failed.")]);
    let page = place.line("extract --explain corpus/a.txt").expect(0).out;
    for part in
        ["[Norway] said that {1 the talks had failed 1}.", "state:NO", "{1} indirect: Norway (state:NO)", "; that 0."]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    place.line("extract --explain --format json corpus/a.txt").expect(2).says("cannot hold an explanation");
}
