//! A tagger of the user's own: from marked texts to names in the index.

use crate::harness::Place;

/// Sixty sentences, each with a party that no table knows behind the same words.
fn marked() -> String {
    let parts = ["Bral", "Dov", "Fent", "Grik", "Holm", "Jast", "Kvel", "Morv", "Plun", "Rusk"];
    let ends = ["ax", "ebin", "ic", "or", "un", "yth"];
    let mut lines = String::new();
    for (number, name) in parts.iter().flat_map(|part| ends.map(|end| format!("{part}{end}"))).enumerate() {
        let text = format!("On day {number} lawmakers of {name} opposed the levy.");
        let start = text.find(&name).unwrap();
        let end = start + name.len();
        lines.push_str(&format!(
            "{{\"text\":\"{text}\",\"entities\":[{{\"start\":{start},\"end\":{end},\"kind\":\"party\"}}]}}\n"
        ));
    }
    lines
}

fn place() -> Place {
    let place = Place::with(&[("corpus/a.txt", " date 2022-02-05 Later lawmakers of Umbrin opposed the levy.")]);
    place.write("marked.jsonl", marked());
    place
}

#[test]
fn a_trained_tagger_finds_names_that_nobody_listed() {
    let place = place();
    place.index();
    assert!(!place.line("extract corpus/a.txt").expect(0).out.contains("org:umbrin"));
    let ran = place.line("actors train marked.jsonl --format json").expect(0);
    assert_eq!((ran.number("texts"), ran.number("names"), ran.number("held_out")), (60, 60, 60));
    assert_eq!(ran.json()[0]["model"], "index/actors/tagger.tsv");
    place.line("actors check").expect(0).says("1 file: 0 mistakes, 0 warnings");
    place.line("actors list --kind igo").expect(0).says("a tagger of your own in index/actors/tagger.tsv: ");
    let facts = place.line("extract corpus/a.txt").expect(0).json();
    let found = facts[0]["actors"].as_array().unwrap().iter().find(|actor| actor["id"] == "org:umbrin").unwrap();
    assert_eq!((&found["kind"], &found["mentions"][0]["rule"]), (&"party".into(), &"tagger".into()));
    let status = place.line("status --format json").expect(0).json();
    assert_eq!(status[0]["tables_changed"], true);
    assert!(status[0]["tagger"].as_str().unwrap().starts_with("index/actors/tagger.tsv: "));
    assert_eq!(place.line("index --format json").expect(0).number("articles_refreshed"), 1);
    assert_eq!(place.found(&["actor:org:umbrin"]), ["a.txt"]);
    // The output of extract can be learned from, and the same texts make the same model.
    let model = place.read("index/actors/tagger.tsv");
    place.line("actors train marked.jsonl -o again.tsv").expect(0);
    assert_eq!(place.read("again.tsv"), model);
    place.write("own.jsonl", place.line("extract corpus/a.txt").out);
    let ran = place.line("actors train marked.jsonl own.jsonl -o more.tsv --format json").expect(0);
    assert_eq!((ran.number("texts"), ran.number("names")), (61, 61));
}

#[test]
fn bad_lines_and_bad_models_are_named() {
    let place = place();
    let wanted = "marked.jsonl:2: `club` is no kind; the kinds are";
    place.write("marked.jsonl", marked().replacen("party", "club", 2).replacen("club", "party", 1));
    place.line("actors train marked.jsonl").expect(4).says(wanted);
    place.line("extract corpus/a.txt").expect(0);
    let model = place.read("index/actors/tagger.tsv");
    place.write("index/actors/tagger.tsv", &model[..model.len() / 2]);
    place.line("extract corpus/a.txt").expect(2).says("index/actors/tagger.tsv:");
    place.line("actors check").expect(2).says("train it anew");
    // A broken model is no obstacle to a new one.
    place.line("actors train marked.jsonl").expect(4);
    place.line("actors check").expect(0);
    place.write("few.jsonl", "{\"text\":\"Nobody came.\",\"entities\":[]}\nnonsense\n");
    let ran = place.line("actors train few.jsonl").expect(2);
    ran.says("few.jsonl:2: not JSON").says("0 names in 1 texts are too few to learn from");
    place.line("actors train nowhere.jsonl").expect(2).says("nowhere.jsonl");
}
