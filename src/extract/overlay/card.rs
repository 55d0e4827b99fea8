//! Shows an actor of the tables: all its names with their forms, and where each piece of knowledge stands.

use super::Own;
use crate::extract::lexicon::{Gender, Known, Lexicon};
use crate::extract::token::cut;
use crate::extract::vocabulary::{Vocabulary, WordId};
use crate::facts::{BUILT_IN, Form, TableActor, TableName};

/// The actor with this number.
pub fn card(lexicon: &Lexicon, words: &Vocabulary, own: &Own, number: u32) -> TableActor {
    let known: &Known = &lexicon.actors[number as usize];
    let origin = own.added.get(&known.id).map_or(BUILT_IN, String::as_str).to_owned();
    let all = std::iter::once(&known.name).chain(known.aliases.iter()).chain(&known.demonyms);
    let names = all.filter_map(|text| name(lexicon, words, own, number, &origin, text)).collect();
    TableActor {
        id: known.id.clone(),
        kind: known.kind,
        name: known.name.clone(),
        country: known.country.clone(),
        parent: known.parent.clone(),
        gender: known.gender.map(|gender| if gender == Gender::Male { "m" } else { "f" }),
        family_first: known.family_first,
        names,
        origin,
        changes: own.changes.get(&known.id).cloned().unwrap_or_default(),
        articles: None,
    }
}

/// One name as the trie has it; `None` for a name that is shown and not searched for.
fn name(lexicon: &Lexicon, words: &Vocabulary, own: &Own, actor: u32, origin: &str, text: &str) -> Option<TableName> {
    let senses = lexicon.names.exact(&phrase(text, words)?);
    let sense = senses.iter().find(|sense| sense.actor == actor)?;
    let id = &lexicon.actors[actor as usize].id;
    let at = own.names.get(&(id.clone(), text.to_owned())).map_or(origin, String::as_str);
    let form: Form = sense.form;
    Some(TableName { text: text.to_owned(), form, ambiguous: sense.doubtful, origin: at.to_owned() })
}

/// The numbers of all actors with this name, whatever its case and accents.
pub fn named(lexicon: &Lexicon, words: &Vocabulary, text: &str) -> Vec<u32> {
    let senses = phrase(text, words).map_or(&[][..], |ids| lexicon.names.exact(&ids));
    let mut actors: Vec<u32> = senses.iter().map(|sense| sense.actor).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    actors.retain(|actor| seen.insert(*actor));
    actors
}

/// The words of a name, if the tables know all of them.
pub fn phrase(text: &str, words: &Vocabulary) -> Option<Vec<WordId>> {
    let mut tokens = Vec::new();
    cut(text, 0, text.len(), &Vocabulary::default(), &mut tokens);
    let ids: Vec<WordId> = tokens
        .iter()
        .take(32)
        .map(|token| words.find(crate::extract::vocabulary::key(&text[token.start as usize..token.end as usize])).0)
        .collect();
    (!ids.is_empty() && !ids.contains(&0)).then_some(ids)
}
