//! A tagger from examples to mentions.

use super::{Example, Model, Trained, train};
use crate::extract::tables::Tables;
use crate::extract::tagged::RULE;
use crate::extract::{Options, Overlay, OwnFile};
use crate::extract::{OwnTables, extract_with};
use crate::facts::{ActorKind, Facts};
use crate::text::Span;

/// Words that no table knows, all different.
fn word(number: usize) -> String {
    let parts = ["Bral", "Dov", "Fent", "Grik", "Holm", "Jast", "Kvel", "Morv", "Plun", "Rusk"];
    let ends = ["ax", "ebin", "ic", "or", "un", "yth"];
    format!("{}{}", parts[number % parts.len()], ends[number / parts.len() % ends.len()])
}

/// Parties stand behind `lawmakers of`, and nothing else does.
fn examples() -> Vec<Example> {
    let example = |number: usize| {
        let name = word(number);
        let text = format!("On Monday lawmakers of {name} opposed the levy on {}.", word(number + 31));
        let start = text.find(&name).unwrap() as u32;
        Example { text, names: vec![(Span { start, end: start + name.len() as u32 }, ActorKind::Party)] }
    };
    (0..60).map(example).collect()
}

fn trained() -> Trained {
    train(&examples(), Tables::builtin()).unwrap()
}

fn facts(text: &str, model: Option<&Model>) -> Facts {
    let article = super::train::article(text);
    extract_with(&article, Tables::builtin(), model, &Options { beliefs: false })
}

#[test]
fn names_behind_the_same_words_are_found() {
    let trained = trained();
    let model = Model::parse("tagger.tsv", &trained.text).unwrap();
    let text = "Later lawmakers of Umbrin opposed the levy on Sarvet.";
    assert!(facts(text, None).actor("org:umbrin").is_none());
    let facts = facts(text, Some(&model));
    let party = facts.actor("org:umbrin").unwrap();
    assert_eq!((party.kind, party.mentions.len(), &*party.mentions[0].rule), (ActorKind::Party, 1, RULE));
    assert!((0.3..=0.9).contains(&party.mentions[0].confidence));
    assert!(facts.actor("org:sarvet").is_none());
    let all = trained.scores.last().unwrap();
    assert_eq!((all.kind, all.before.there, all.before.right), (None, 60, 0));
    assert!(all.after.right > 55, "{all:?}");
    assert_eq!(self::trained().text, trained.text);
}

#[test]
fn what_the_tables_know_stays() {
    let model = Model::parse("tagger.tsv", &trained().text).unwrap();
    let check = |text: &str| assert_eq!(facts(text, Some(&model)).actors, facts(text, None).actors, "{text}");
    check("Later lawmakers of Norway opposed the levy on NATO.");
    check("Later lawmakers of NATO opposed it.");
    check("LATER LAWMAKERS OF UMBRIN OPPOSED THE LEVY.");
    check("Nobody came.");
    // Persons were not in the examples, so those that the rules find are not rejected.
    check("Senator Ulla Brandt met Jane Ruskic.");
}

#[test]
fn too_few_examples_are_refused() {
    let check = |count: usize, expected: &str| {
        let error = train(&examples()[..count], Tables::builtin()).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    };
    check(0, "0 names in 0 texts are too few to learn from; at least 50 names in 10 texts");
    check(9, "9 names in 9 texts are too few");
    check(49, "49 names in 49 texts are too few");
}

#[test]
fn names_of_all_sizes_and_places_are_borne() {
    let mut examples = examples();
    for text in ["", " ", "Ö", "Über Åse-Lill Öst & Co’s", "A A A A A A A A", "THE END"] {
        let names = vec![(Span { start: 0, end: text.len() as u32 }, ActorKind::Person)];
        examples.push(Example { text: text.to_owned(), names });
    }
    let trained = train(&examples, Tables::builtin()).unwrap();
    assert!(trained.beyond >= 3, "{}", trained.beyond);
    let model = Model::parse("tagger.tsv", &trained.text).unwrap();
    for example in &examples {
        for mention in facts(&example.text, Some(&model)).actors.iter().flat_map(|actor| &actor.mentions) {
            assert!(example.text.get(mention.span.start as usize..mention.span.end as usize).is_some());
        }
    }
}

#[test]
fn a_tagger_lies_among_the_tables() {
    let file = |name: &str, text: &str| OwnFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let text = trained().text;
    let (tables, findings) = OwnTables::new(Overlay::read(&[file("a/tagger.tsv", &text)])).unwrap();
    assert!(tables.tagger.is_some() && findings.is_empty());
    assert!(tables.version().contains('+') && tables.version() != Tables::builtin().version());
    let check = |files: &[OwnFile], expected: &str| {
        let findings = OwnTables::new(Overlay::read(files)).unwrap_err();
        assert!(findings[0].error.to_string().starts_with(expected), "{findings:?}");
    };
    check(&[file("a/tagger.tsv", "id\tname\n")], "a/tagger.tsv:1: a model has `chancery tagger` here");
    check(&[file("a/tagger.tsv", &text), file("b/tagger.tsv", &text)], "b/tagger.tsv:1: there is a tagger in a/tagger");
}
