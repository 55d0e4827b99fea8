//! The names of actors as they are indexed: every name an actor can be asked for, packed once and kept.
//!
//! The same few thousand names come up in article after article, for the actor, for the one who speaks, for the country.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

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

/// The names met so far.
#[derive(Default)]
pub struct Names {
    /// As they are written.
    known: FxHashMap<Box<str>, Rc<Name>>,
    /// Those of an actor of the tables, by where its list lies in the memory.
    lists: FxHashMap<usize, List>,
}

/// The names that the tables have for an actor.
struct List {
    /// Held, so that no other list can come to lie where it lies.
    aliases: Arc<Vec<String>>,
    /// In the order of their folded forms, each once.
    names: Vec<Rc<Name>>,
}

impl Names {
    /// Every name an actor can be asked for: its own, those of the tables, and those this article uses; each once.
    pub fn of(&mut self, actor: &Actor, text: &str) -> Vec<Rc<Name>> {
        let named = |one: &&Mention| !matches!(one.form, Form::Pronoun | Form::Nominal) && one.rule != TITLE_BESIDE;
        let used = actor.mentions.iter().filter(named).map(|mention| mention.span.of(text));
        let mut names = self.list(&actor.aliases);
        let listed = names.len();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for name in std::iter::once(actor.name.as_str()).chain(used) {
            if seen.insert(name) && !actor.aliases.iter().any(|alias| alias == name) {
                names.push(self.one(name));
            }
        }
        if names.len() > listed {
            in_order(&mut names);
        }
        names
    }

    fn list(&mut self, aliases: &Arc<Vec<String>>) -> Vec<Rc<Name>> {
        let place = Arc::as_ptr(aliases) as usize;
        if let Some(known) = self.lists.get(&place).filter(|known| Arc::ptr_eq(&known.aliases, aliases)) {
            return known.names.clone();
        }
        let mut names: Vec<Rc<Name>> = aliases.iter().map(|alias| self.one(alias)).collect();
        in_order(&mut names);
        if !aliases.is_empty() && self.lists.len() < MOST_NAMES {
            self.lists.insert(place, List { aliases: aliases.clone(), names: names.clone() });
        }
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

fn in_order(names: &mut Vec<Rc<Name>>) {
    names.sort_unstable_by(|a, b| a.folded.cmp(&b.folded));
    names.dedup_by(|a, b| a.folded == b.folded);
}
