//! A title and a family name: `President Lund` is the Lund who was president on the article's date.
//!
//! A full name of somebody else in the article comes first: the short name has joined that one before this runs.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::date::Date;
use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::name::Names;
use crate::extract::office::{Body, Title};
use crate::extract::office_find::body_of;
use crate::extract::tables::Tables;
use crate::extract::token::shape;
use crate::extract::vocabulary::name_keys;
use crate::facts::{ActorKind, Form};

/// Words of a title at most.
const LONGEST_TITLE: usize = 10;

/// Gives persons that the article names by a title and a family name the id of the tables.
pub fn settle(doc: &Doc, names: &mut Names, cast: &mut Cast, date: Option<Date>, tables: &Tables) {
    let near = names.list.iter().filter_map(|name| cast.get(name.actor).actor.country.as_deref()).collect();
    let linker = Linker { doc, names, cast, date, tables, near };
    let mut found: FxHashMap<u32, u32> = FxHashMap::default();
    for (number, name) in names.list.iter().enumerate() {
        if name.person
            && !found.contains_key(&name.actor)
            && tables.lexicon.find(&cast.get(name.actor).actor.id).is_none()
        {
            let known = linker.by_alias(number).or_else(|| linker.by_office(number));
            found.extend(known.map(|known| (name.actor, known)));
        }
    }
    let mut pairs: Vec<(u32, u32)> = found.into_iter().collect();
    pairs.sort_unstable();
    let moved: FxHashMap<u32, u32> =
        pairs.into_iter().map(|(actor, known)| (actor, cast.adopt(actor, known, tables))).collect();
    if !moved.is_empty() {
        for name in &mut names.list {
            name.actor = moved.get(&name.actor).copied().unwrap_or(name.actor);
        }
    }
}

struct Linker<'a> {
    doc: &'a Doc<'a>,
    names: &'a Names,
    cast: &'a Cast,
    date: Option<Date>,
    tables: &'a Tables,
    /// Countries that the article speaks of.
    near: FxHashSet<&'a str>,
}

impl Linker<'_> {
    /// A lone word behind a title that is by itself a name of one person only.
    fn by_alias(&self, number: usize) -> Option<u32> {
        let name = &self.names.list[number];
        if self.cast.get(name.actor).keys.len() != 1 || name.tokens.len() != 1 {
            return None;
        }
        let tokens = &self.doc.tokens[name.tokens.clone()];
        let (length, senses) = self.tables.lexicon.names.longest(tokens.iter().map(|token| token.word))?;
        let [sense] = senses else { return None };
        let known = &self.tables.lexicon.actors[sense.actor as usize];
        let person = known.kind == ActorKind::Person && sense.form == Form::Name && !sense.doubtful;
        (person && length == 1 && sense.fits(tokens, false)).then_some(sense.actor)
    }

    /// The one person of this family name who held the office that stands before the name.
    fn by_office(&self, number: usize) -> Option<u32> {
        let date = self.date?;
        let name = &self.names.list[number];
        let own = &self.cast.get(name.actor).keys;
        let (start, titles) = title_before(self.doc, name.tokens.start, self.tables)?;
        let (body, past) = self.body_before(start);
        let mut found = None;
        for &word in own {
            for person in self.tables.tenures.by_family(word) {
                if found == Some(person) || !self.fits(person, own) {
                    continue;
                }
                if !titles.iter().any(|title| self.held(person, *title, body, date, past)) {
                    continue;
                }
                if found.is_some() {
                    return None;
                }
                found = Some(person);
            }
        }
        found.filter(|&person| body.is_some() || self.is_near(person))
    }

    /// The state or body before the title, and whether the office is a former one.
    fn body_before(&self, start: usize) -> (Option<Body>, bool) {
        let doc = self.doc;
        let past = |at: usize| doc.reads_any(at, &["former", "ex", "late", "then"]);
        let sentence = doc.sentence(start).start;
        let mut at = start;
        let mut over = false;
        while at > sentence && (doc.tokens[at - 1].is(shape::POSSESSIVE) || past(at - 1) || doc.str(at - 1) == "-") {
            over |= past(at - 1);
            at -= 1;
        }
        let Some(name) = at.checked_sub(1).filter(|_| at > sentence).and_then(|at| self.names.over(at)) else {
            return (None, over);
        };
        let first = name.tokens.start;
        over |=
            first > sentence && past(first - 1) || first > sentence + 1 && doc.str(first - 1) == "-" && past(first - 2);
        (body_of(name.actor, self.cast, self.tables).map(|(body, _)| body), over)
    }

    fn held(&self, person: u32, title: Title, body: Option<Body>, date: Date, past: bool) -> bool {
        let office = &self.tables.offices.list[title.office as usize];
        let place = match body {
            // `US Secretary Doe` needs an office of that state; a title beside a name counts with its state too.
            Some(body) => match self.tables.offices.placed(title, body) {
                Some(place) => Some(place),
                None => return false,
            },
            None => office.place,
        };
        self.tables.tenures.held(person, title.office, place, date, past)
    }

    /// Whether the words of the article's name are the person's family name, or its first and last.
    fn fits(&self, person: u32, own: &[u64]) -> bool {
        let known = &self.tables.lexicon.actors[person as usize];
        let full = name_keys(&known.name);
        full.ends_with(own)
            || known.family_first && full.starts_with(own)
            || own.len() >= 2 && full.len() >= 2 && own.first() == full.first() && own.last() == full.last()
    }

    /// Whether the article speaks of the person's country at all.
    fn is_near(&self, person: u32) -> bool {
        let country = self.tables.lexicon.actors[person as usize].country.as_deref();
        country.is_some_and(|country| self.near.contains(country))
    }
}

/// The title of an office that ends where the name begins: its first token and its meanings.
pub fn title_before(doc: &Doc, name: usize, tables: &Tables) -> Option<(usize, Vec<Title>)> {
    let sentence = doc.sentence(name).start;
    (name.saturating_sub(LONGEST_TITLE).max(sentence)..name).find_map(|at| {
        let mut found = None;
        tables.offices.titles.each(doc.tokens[at..name].iter().map(|token| token.word), |length, titles| {
            if at + length == name {
                found = Some(titles.to_vec());
            }
        });
        found.map(|titles| (at, titles))
    })
}
