//! The names of actors as they are indexed: every name an actor can be asked for, packed once and kept.
//!
//! The same few thousand names come up in article after article, for the actor, for the one who speaks, for the country.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::analysis::{Form as TokenForm, Ready, tokens};
use crate::facts::{Actor, Form, Mention, TITLE_BESIDE};
use crate::text::fold;

/// How many names are kept; those of persons whom one article names must not fill the memory.
const MOST_NAMES: usize = 100_000;

/// One name, packed.
#[derive(Debug)]
pub struct Name {
    /// The name folded, by which equal ones are told.
    folded: String,
    /// Its folded words.
    pub words: Ready,
    /// The stems of its words, for the field that ranks.
    pub stems: Vec<String>,
}

/// The names met so far, as they are written.
#[derive(Default)]
pub struct Names {
    known: FxHashMap<Box<str>, Rc<Name>>,
}

impl Names {
    /// Every name an actor can be asked for: its own, those of the tables, and those this article uses; each once.
    pub fn of(&mut self, actor: &Actor, text: &str) -> Vec<Rc<Name>> {
        let named = |one: &&Mention| !matches!(one.form, Form::Pronoun | Form::Nominal) && one.rule != TITLE_BESIDE;
        let used = actor.mentions.iter().filter(named).map(|mention| mention.span.of(text));
        let known = std::iter::once(actor.name.as_str()).chain(actor.aliases.iter().map(String::as_str));
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let written = known.chain(used).filter(|name| seen.insert(name));
        let mut names: Vec<Rc<Name>> = written.map(|name| self.one(name)).collect();
        names.sort_unstable_by(|a, b| a.folded.cmp(&b.folded));
        names.dedup_by(|a, b| a.folded == b.folded);
        names
    }

    fn one(&mut self, name: &str) -> Rc<Name> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let folded = fold(name);
        let words = Ready::of(&folded, TokenForm::Folded);
        // Its name says of what; that it is a government would be found in every article.
        let of_what = folded.strip_prefix("government of ").unwrap_or(&folded);
        let stems = tokens(of_what, TokenForm::Stemmed).map(|token| token.text).collect();
        let made = Rc::new(Name { folded, words, stems });
        if self.known.len() < MOST_NAMES {
            self.known.insert(name.into(), made.clone());
        }
        made
    }
}
