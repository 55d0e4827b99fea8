//! The names of actors as they are indexed: every name an actor can be asked for, analysed once and kept.
//!
//! The same few thousand names come up in article after article, for the actor, for the one who speaks, for the country.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::analysis::{Analyst, Form as TokenForm, Row, tokens};
use crate::facts::{Actor, Form, Mention, TITLE_BESIDE};
use crate::text::fold;

/// With how many names, or stems of them, all are forgotten and met anew; those of persons whom one article names must
/// not fill the memory.
const MOST_NAMES: usize = 50_000;

/// One name.
#[derive(Debug)]
struct Name {
    /// The number of the name folded, by which equal ones are told.
    folded: u32,
    /// Its folded words.
    words: Row,
    /// The numbers of the stems of its words, for the field that ranks.
    stems: Vec<u32>,
}

/// The names that the tables have for an actor.
#[derive(Debug, Default)]
struct List {
    /// Held, so that no other list can come to lie where it lies.
    aliases: Arc<Vec<String>>,
    /// The numbers of their folded forms in order, each once.
    folded: Vec<u32>,
    /// The words of all of them.
    words: Row,
    /// The numbers of all their stems, each once.
    stems: Vec<u32>,
}

/// Every name an actor can be asked for in an article.
#[derive(Debug)]
pub struct Named {
    /// Those of the tables.
    listed: Arc<List>,
    /// Its own and those the article uses, where the tables do not have them.
    own: Vec<Arc<Name>>,
}

impl Named {
    /// Adds the words of every name to a row; no phrase reaches from one into the next.
    pub fn add_words(&self, row: &mut Row) {
        row.extend(&self.listed.words);
        for name in &self.own {
            row.extend(&name.words);
            row.part(1);
        }
    }
}

/// The names met so far.
#[derive(Default)]
pub struct Names {
    /// As they are written.
    known: FxHashMap<Box<str>, Arc<Name>>,
    /// Those of an actor of the tables, by where its list lies in the memory.
    lists: FxHashMap<usize, Arc<List>>,
    /// What an actor has of whom the tables know no name.
    unlisted: Arc<List>,
    stems: Stems,
    folded: Numbers,
}

/// The numbers of folded names.
#[derive(Default)]
struct Numbers {
    of: FxHashMap<Box<str>, u32>,
    /// The number of the actor, of all that came up, that was called each last.
    last_of: Vec<u64>,
    actor: u64,
}

impl Numbers {
    fn number(&mut self, folded: &str) -> u32 {
        if let Some(number) = self.of.get(folded) {
            return *number;
        }
        // Names are forgotten long before.
        let number = self.last_of.len() as u32;
        self.last_of.push(0);
        self.of.insert(folded.into(), number);
        number
    }

    /// Whether the present actor is called so for the first time.
    fn is_new(&mut self, number: u32) -> bool {
        std::mem::replace(&mut self.last_of[number as usize], self.actor) != self.actor
    }
}

impl Names {
    /// What the actors of an article, whose text this is, are called.
    pub fn of(&mut self, actors: &[Actor], text: &str, analyst: &mut Analyst) -> Vec<Named> {
        let met = [self.known.len(), self.lists.len(), self.stems.rows.len(), self.folded.of.len()];
        if met.into_iter().any(|count| count >= MOST_NAMES) {
            *self = Self::default();
        }
        actors.iter().map(|actor| self.of_one(actor, text, analyst)).collect()
    }

    /// Its own name, those of the tables, and those this article uses; each once.
    fn of_one(&mut self, actor: &Actor, text: &str, analyst: &mut Analyst) -> Named {
        let named = |one: &&Mention| !matches!(one.form, Form::Pronoun | Form::Nominal) && one.rule != TITLE_BESIDE;
        let used = actor.mentions.iter().filter(named).map(|mention| mention.span.of(text));
        let listed = self.list(&actor.aliases, analyst);
        let mut own: Vec<Arc<Name>> = Vec::new();
        self.folded.actor += 1;
        // An article calls most actors by two or three names, time and again.
        let mut last = [""; 4];
        for (at, name) in std::iter::once(actor.name.as_str()).chain(used).enumerate() {
            if last.contains(&name) {
                continue;
            }
            last[at % last.len()] = name;
            let name = self.one(name, analyst);
            if self.folded.is_new(name.folded) && listed.folded.binary_search(&name.folded).is_err() {
                own.push(name);
            }
        }
        Named { listed, own }
    }

    /// Adds every stem of every name of actors of the last article, once.
    pub fn add_stems(&mut self, named: &[Named], row: &mut Row) {
        let Stems { rows, last_in, article, .. } = &mut self.stems;
        *article += 1;
        let all = named
            .iter()
            .flat_map(|named| named.listed.stems.iter().chain(named.own.iter().flat_map(|name| &name.stems)));
        for stem in all.map(|stem| *stem as usize) {
            if std::mem::replace(&mut last_in[stem], *article) != *article {
                row.extend(&rows[stem]);
            }
        }
    }

    fn list(&mut self, aliases: &Arc<Vec<String>>, analyst: &mut Analyst) -> Arc<List> {
        if aliases.is_empty() {
            return self.unlisted.clone();
        }
        let place = Arc::as_ptr(aliases) as usize;
        if let Some(known) = self.lists.get(&place).filter(|known| Arc::ptr_eq(&known.aliases, aliases)) {
            return known.clone();
        }
        let mut names: Vec<(String, Arc<Name>)> =
            aliases.iter().map(|alias| (fold(alias), self.one(alias, analyst))).collect();
        // Every thread has them in one order, so that their words have one number.
        names.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        names.dedup_by_key(|(_, name)| name.folded);
        let mut words = Row::default();
        for (_, name) in &names {
            words.extend(&name.words);
            words.part(1);
        }
        let mut stems: Vec<u32> = names.iter().flat_map(|(_, name)| name.stems.iter().copied()).collect();
        stems.sort_unstable();
        stems.dedup();
        let mut folded: Vec<u32> = names.iter().map(|(_, name)| name.folded).collect();
        folded.sort_unstable();
        let words = analyst.book().keep(words);
        let list = Arc::new(List { aliases: aliases.clone(), folded, words, stems });
        if self.lists.len() < MOST_NAMES {
            self.lists.insert(place, list.clone());
        }
        list
    }

    fn one(&mut self, name: &str, analyst: &mut Analyst) -> Arc<Name> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let folded = fold(name);
        let words = analyst.analyse(&folded).row;
        // Its name says of what; that it is a government would be found in every article.
        let of_what = folded.strip_prefix("government of ").unwrap_or(&folded);
        let stems = tokens(of_what, TokenForm::Stemmed).map(|token| self.stems.number(token.text, analyst)).collect();
        let made = Arc::new(Name { folded: self.folded.number(&folded), words, stems });
        if self.known.len() < MOST_NAMES {
            self.known.insert(name.into(), made.clone());
        }
        made
    }
}

/// The stems of all names, by number.
#[derive(Default)]
struct Stems {
    numbers: FxHashMap<Box<str>, u32>,
    rows: Vec<Row>,
    /// The number of the article that had each last.
    last_in: Vec<u64>,
    article: u64,
}

impl Stems {
    fn number(&mut self, stem: String, analyst: &mut Analyst) -> u32 {
        let Self { numbers, rows, last_in, .. } = self;
        *numbers.entry(stem.into()).or_insert_with_key(|stem| {
            let mut row = Row::default();
            analyst.stem(stem, &mut row);
            rows.push(row);
            last_in.push(0);
            u32::try_from(rows.len() - 1).unwrap_or(u32::MAX)
        })
    }
}
