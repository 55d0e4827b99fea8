//! The actors that are known beforehand, and every way to write them.
//!
//! One alias may stand for several actors (`Georgia`, `Washington`): the trie keeps all senses, and `sense.rs` decides
//! by evidence. An alias with a trailing `?` counts only with evidence.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::extract::table::{Row, TableError, rows};
use crate::extract::token::{Token, cut, shape};
use crate::extract::trie::Trie;
use crate::extract::vocabulary::{Vocabulary, WordId, class};
use crate::facts::{ActorKind, Form};
use crate::text::slug;

/// The sex a name or a title tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// he
    Male,
    /// she
    Female,
}

impl Gender {
    /// Reads `m` or `f`.
    pub fn parse(cell: &str) -> Option<Self> {
        match cell {
            "m" => Some(Self::Male),
            "f" => Some(Self::Female),
            _ => None,
        }
    }
}

/// An actor known beforehand.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// What sort of actor.
    pub kind: ActorKind,
    /// The name to show.
    pub name: String,
    /// The country it belongs to.
    pub country: Option<String>,
    /// The actor it is part of.
    pub parent: Option<String>,
    /// Its other names.
    pub aliases: Arc<Vec<String>>,
    /// The words for its people.
    pub demonyms: Vec<String>,
    /// The sex of a person.
    pub gender: Option<Gender>,
    /// Whether the family name stands first.
    pub family_first: bool,
}

/// One meaning of an alias.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sense {
    /// Index into [`Lexicon::actors`].
    pub actor: u32,
    /// How the alias names it.
    pub form: Form,
    /// Counts only with evidence.
    pub doubtful: bool,
    /// Which words need a capital, the first in the lowest bit.
    pub capitals: u32,
    /// Which words need all capitals.
    pub uppers: u32,
}

impl Sense {
    /// Whether the tokens are written as this alias must be; `free` when case tells nothing.
    pub fn fits(&self, tokens: &[Token], free: bool) -> bool {
        if free {
            // In capitals `US` may be `us`: a letter-word that is also a word needs its dots.
            let plain = self.form == Form::Acronym && tokens.len() == 1;
            return !plain || tokens[0].is(shape::DOTTED) || !is_plain(&tokens[0]);
        }
        tokens.iter().enumerate().all(|(place, token)| {
            let bit = 1 << place.min(31);
            (self.capitals & bit == 0 || token.is(shape::CAPITAL) || token.is(shape::DIGIT))
                && (self.uppers & bit == 0 || token.is(shape::UPPER) || token.is(shape::DOTTED))
        })
    }
}

fn is_plain(token: &Token) -> bool {
    crate::extract::token::is_function(token) || token.any(class::PLAIN | class::ADVERB | class::VERB | class::TIME)
}

/// All known actors with the trie of their names.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// The actors.
    pub actors: Vec<Known>,
    /// Their names.
    pub names: Trie<Sense>,
    ids: FxHashMap<String, u32>,
}

impl Lexicon {
    /// The actor with this id.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// Adds an actor that is not there yet; returns its number.
    pub fn push(&mut self, known: Known) -> u32 {
        let number = self.actors.len() as u32;
        self.ids.insert(known.id.clone(), number);
        self.actors.push(known);
        number
    }

    /// Lets an id lead to another actor from now on.
    pub fn redirect(&mut self, id: &str, actor: u32) {
        self.ids.insert(id.to_owned(), actor);
    }

    fn add_actor(&mut self, known: Known, row: &Row) -> Result<u32, TableError> {
        if self.ids.contains_key(&known.id) {
            return Err(row.error(format!("the id `{}` is there twice", known.id)));
        }
        Ok(self.push(known))
    }

    /// The class of a word that nothing but this actor's name has brought.
    pub fn new_word(&self, actor: u32) -> u32 {
        if self.actors[actor as usize].kind == ActorKind::Person { class::PERSONAL } else { 0 }
    }

    /// Adds one alias of an actor; a trailing `?` makes it doubtful.
    pub fn add_name(&mut self, alias: &str, actor: u32, form: Form, words: &mut Vocabulary) {
        let (ids, sense) = spelled(alias, actor, form, self.new_word(actor), words);
        let alias = alias.strip_suffix('?').unwrap_or(alias);
        if !ids.is_empty() {
            self.names.insert(&ids, sense);
        }
        let known = &mut self.actors[actor as usize];
        if form == Form::Demonym {
            known.demonyms.push(alias.to_owned());
        } else if alias != known.name && !known.aliases.iter().any(|other| other == alias) {
            Arc::make_mut(&mut known.aliases).push(alias.to_owned());
        }
    }

    /// Reads `states.tsv`: a state, and its government under its capital and seats.
    pub fn add_states(&mut self, text: &str, words: &mut Vocabulary) -> Result<(), TableError> {
        let columns = [
            "code",
            "iso3",
            "status",
            "name",
            "names",
            "acronyms",
            "adjectives",
            "people",
            "capital",
            "seats",
            "from",
            "to",
            "source",
        ];
        for row in rows("states.tsv", text, &columns)? {
            let code = row.needed(0)?;
            if !(2..=4).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(row.error(format!("`{code}` is not a country code")));
            }
            check_dates(&row, 10, 11)?;
            let name = row.needed(3)?;
            let country = Some(code.to_owned());
            let state =
                self.add_actor(known(format!("state:{code}"), ActorKind::State, name, country.clone(), None), &row)?;
            self.add_name(name, state, Form::Name, words);
            for (column, form) in [(4, Form::Name), (5, Form::Acronym), (6, Form::Demonym), (7, Form::Demonym)] {
                row.list(column).for_each(|alias| self.add_name(alias, state, form, words));
            }
            let parent = Some(format!("state:{code}"));
            let title = format!("Government of {}", name.trim_end_matches('?'));
            let government =
                self.add_actor(known(format!("gov:{code}"), ActorKind::Government, &title, country, parent), &row)?;
            row.list(8).chain(row.list(9)).for_each(|alias| self.add_name(alias, government, Form::Metonym, words));
            // The capitals of former states belong to those that hold them.
            for capital in row.list(8).filter(|_| row.cell(2) != "historical") {
                self.add_capital(capital, code, words);
            }
        }
        Ok(())
    }

    /// A capital is also a place; its sense as a government comes first in the trie.
    fn add_capital(&mut self, capital: &str, code: &str, words: &mut Vocabulary) {
        let name = capital.trim_end_matches('?');
        let id = format!("place:{}", slug(name));
        if self.ids.contains_key(&id) {
            return;
        }
        let number = self.push(known(id, ActorKind::Place, name, Some(code.to_owned()), None));
        self.add_name(capital, number, Form::Name, words);
    }

    /// Reads `places.tsv` or another table of its shape.
    pub fn add_places(&mut self, file: &str, text: &str, words: &mut Vocabulary) -> Result<(), TableError> {
        for row in rows(file, text, &["id", "kind", "name", "country", "names", "demonyms", "source"])? {
            let (id, kind) = (row.needed(0)?, kind_of(&row, 1)?);
            let name = row.needed(2)?;
            let country = row.optional(3).map(str::to_owned);
            let place = match self.find(id) {
                Some(place) if kind == ActorKind::Place => place,
                _ => self.add_actor(known(id.to_owned(), kind, name.trim_end_matches('?'), country, None), &row)?,
            };
            self.add_name(name, place, Form::Name, words);
            row.list(4).for_each(|alias| self.add_name(alias, place, Form::Name, words));
            row.list(5).for_each(|alias| self.add_name(alias, place, Form::Demonym, words));
        }
        Ok(())
    }

    /// Reads `orgs.tsv`.
    pub fn add_orgs(&mut self, text: &str, words: &mut Vocabulary) -> Result<(), TableError> {
        let columns =
            ["id", "kind", "name", "country", "parent", "names", "acronyms", "metonyms", "from", "to", "source"];
        for row in rows("orgs.tsv", text, &columns)? {
            check_dates(&row, 8, 9)?;
            let parent = row.optional(4).map(str::to_owned);
            let actor = self.add_body(&row, parent, words)?;
            for (column, form) in [(5, Form::Name), (6, Form::Acronym), (7, Form::Metonym)] {
                row.list(column).for_each(|alias| self.add_name(alias, actor, form, words));
            }
        }
        Ok(())
    }

    /// Reads `groups.tsv`.
    pub fn add_groups(&mut self, text: &str, words: &mut Vocabulary) -> Result<(), TableError> {
        let columns = ["id", "kind", "name", "country", "names", "acronyms", "from", "to", "source"];
        for row in rows("groups.tsv", text, &columns)? {
            check_dates(&row, 6, 7)?;
            let actor = self.add_body(&row, None, words)?;
            for (column, form) in [(4, Form::Name), (5, Form::Acronym)] {
                row.list(column).for_each(|alias| self.add_name(alias, actor, form, words));
            }
        }
        Ok(())
    }

    fn add_body(&mut self, row: &Row, parent: Option<String>, words: &mut Vocabulary) -> Result<u32, TableError> {
        let name = row.needed(2)?;
        let country = row.optional(3).map(str::to_owned);
        let id = row.needed(0)?.to_owned();
        let bare = name.trim_end_matches('?');
        let actor = self.add_actor(known(id, kind_of(row, 1)?, bare, country, parent), row)?;
        self.add_name(name, actor, Form::Name, words);
        Ok(actor)
    }

    /// Reads `persons.tsv`.
    pub fn add_persons(&mut self, text: &str, words: &mut Vocabulary) -> Result<(), TableError> {
        for row in rows("persons.tsv", text, &["id", "name", "order", "gender", "country", "aliases"])? {
            let name = row.needed(1)?;
            let country = row.optional(4).map(str::to_owned);
            let mut person = known(row.needed(0)?.to_owned(), ActorKind::Person, name, country, None);
            person.gender = Gender::parse(row.cell(3));
            person.family_first = match row.needed(2)? {
                "given-first" => false,
                "family-first" => true,
                other => return Err(row.error(format!("`{other}` is no order of names"))),
            };
            let person = self.add_actor(person, &row)?;
            self.add_name(name, person, Form::Name, words);
            row.list(5).for_each(|alias| self.add_name(alias, person, Form::Name, words));
        }
        Ok(())
    }
}

/// The words of an alias, and what it means: which of them need capitals, and whether it is doubtful.
pub fn spelled(alias: &str, actor: u32, form: Form, new: u32, words: &mut Vocabulary) -> (Vec<WordId>, Sense) {
    let (alias, doubtful) = alias.strip_suffix('?').map_or((alias, false), |bare| (bare, true));
    let mut tokens = Vec::new();
    cut(alias, 0, alias.len(), &Vocabulary::default(), &mut tokens);
    let mut sense = Sense { actor, form, doubtful, capitals: 0, uppers: 0 };
    let mut ids: Vec<WordId> = Vec::with_capacity(tokens.len());
    for (place, token) in tokens.iter().enumerate().take(32) {
        let word = &alias[token.start as usize..token.end as usize];
        let start = if place == 0 { class::NAME_START } else { 0 };
        ids.push(words.add_first(word, start, new));
        sense.capitals |= u32::from(token.is(shape::CAPITAL)) << place;
        sense.uppers |= u32::from(form == Form::Acronym && token.is(shape::UPPER)) << place;
    }
    (ids, sense)
}

/// An actor without aliases.
pub fn known(id: String, kind: ActorKind, name: &str, country: Option<String>, parent: Option<String>) -> Known {
    let name = name.to_owned();
    Known {
        id,
        kind,
        name,
        country,
        parent,
        aliases: Arc::default(),
        demonyms: Vec::new(),
        gender: None,
        family_first: false,
    }
}

fn kind_of(row: &Row, column: usize) -> Result<ActorKind, TableError> {
    let cell = row.needed(column)?;
    ActorKind::from_name(cell).ok_or_else(|| row.error(format!("`{cell}` is no kind of actor")))
}

/// Two date cells must hold `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or nothing.
fn check_dates(row: &Row, from: usize, to: usize) -> Result<(), TableError> {
    for column in [from, to] {
        let Some(cell) = row.optional(column) else { continue };
        cell.parse::<crate::date::Date>().map_err(|reason| row.error(reason))?;
    }
    Ok(())
}
