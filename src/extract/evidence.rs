//! What the article says without ambiguity, as evidence for names that mean several things.
//!
//! Tbilisi speaks for the state of Georgia, Atlanta for the one in America; `Ron English` makes `English` a person's
//! name for the rest of the article.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::extract::doc::Doc;
use crate::extract::lexicon::Sense;
use crate::extract::tables::Tables;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

/// A phrase of the article that the tables know, with all it can mean.
#[derive(Debug, Clone)]
pub struct Spot<'t> {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// What it can mean, as written here.
    pub senses: Vec<&'t Sense>,
}

/// How often each country and actor is named without ambiguity, and which words belong to persons here.
#[derive(Debug, Default)]
pub struct Evidence<'t> {
    countries: FxHashMap<&'t str, i32>,
    /// Cities and provinces, apart from seats of government.
    inland: FxHashMap<&'t str, i32>,
    actors: FxHashMap<u32, i32>,
    total: i32,
    /// Words of tables that are part of a person's name somewhere in the article.
    personal: FxHashSet<u64>,
}

impl<'t> Evidence<'t> {
    /// Counts what the spots say without ambiguity.
    pub fn gather(doc: &Doc, spots: &[Spot<'t>], tables: &'t Tables) -> Self {
        let mut evidence = Self::default();
        let mut end = 0;
        for spot in spots {
            if is_personal(doc, spot, end) {
                evidence.personal.insert(doc.tokens[spot.from].key);
            }
            end = spot.to;
        }
        for spot in spots {
            evidence.count(doc, spot, tables);
        }
        evidence
    }

    fn count(&mut self, doc: &Doc, spot: &Spot<'t>, tables: &'t Tables) {
        let known = |sense: &Sense| &tables.lexicon.actors[sense.actor as usize];
        let doubtful = |sense: &&Sense| sense.doubtful || is_weak(sense, tables);
        let unsure = spot.senses.iter().any(doubtful) && !is_short_form(doc, spot);
        if unsure || self.is_personal(doc, spot) || is_code(doc, spot) {
            return;
        }
        if let [sense] = spot.senses.as_slice() {
            *self.actors.entry(sense.actor).or_default() += 1;
        }
        let mut countries = spot.senses.iter().map(|sense| known(sense).country.as_deref());
        let Some(Some(country)) = countries.next() else { return };
        if !countries.all(|other| other == Some(country)) {
            return;
        }
        *self.countries.entry(country).or_default() += 1;
        self.total += 1;
        if matches!(known(spot.senses[0]).kind, ActorKind::Place | ActorKind::Region) {
            *self.inland.entry(country).or_default() += 1;
        }
    }

    /// How much speaks for this sense: the article names its country, or itself.
    pub fn of(&self, sense: &Sense, tables: &Tables) -> i32 {
        let named = tables.lexicon.actors[sense.actor as usize].country.as_deref().map_or(0, |code| self.country(code));
        named + 2 * self.actors.get(&sense.actor).copied().unwrap_or(0)
    }

    fn country(&self, code: &str) -> i32 {
        // Where Zaire has its own name, the other Congo keeps the word.
        let named = |code: &str| self.countries.get(code).copied().unwrap_or(0);
        named(code) + if code == "CG" { named("ZR") } else { 0 }
    }

    /// How much speaks for this sense against a rival of another country.
    ///
    /// A province or city with the name of a state is meant where the article stays at home: it names other places of
    /// its country, and few other countries.
    pub fn against(&self, sense: &Sense, rivals: &[&Sense], tables: &Tables) -> i32 {
        let known = |sense: &Sense| &tables.lexicon.actors[sense.actor as usize];
        let own = known(sense);
        let local = matches!(own.kind, ActorKind::Region | ActorKind::Place)
            && rivals.iter().any(|rival| known(rival).kind == ActorKind::State);
        let Some(country) = own.country.as_deref().filter(|_| local) else { return self.of(sense, tables) };
        let inland = self.inland.get(country).copied().unwrap_or(0);
        let abroad = self.total - self.country(country);
        if inland > 0 { inland + 1 - 2 * abroad } else { 0 }
    }

    /// Whether this word is part of a person's name in the article.
    pub fn is_personal(&self, doc: &Doc, spot: &Spot) -> bool {
        spot.to - spot.from == 1 && self.personal.contains(&doc.tokens[spot.from].key)
    }
}

/// Letters that stand for a party or a company stand for many other things too: they need evidence.
pub fn is_weak(sense: &Sense, tables: &Tables) -> bool {
    let known = &tables.lexicon.actors[sense.actor as usize];
    sense.form == Form::Acronym
        && matches!(known.kind, ActorKind::Party | ActorKind::Company)
        && known.country.is_some()
}

/// `Dayton, Ohio` and `Erie, Pa.`: short letters with a dot right behind a comma and a capital.
pub fn is_short_form(doc: &Doc, spot: &Spot) -> bool {
    let at = spot.from;
    at >= 2 && doc.str(at - 1) == "," && doc.tokens[at - 2].is_capital() && doc.tokens[at].is(shape::DOTTED)
}

/// `<UK>`: letters in angle brackets are the code of a share.
pub fn is_code(doc: &Doc, spot: &Spot) -> bool {
    let token = &doc.tokens[spot.from];
    spot.to - spot.from == 1
        && spot.from > 0
        && doc.str(spot.from - 1) == "<"
        && token.end - token.start <= 5
        && (token.is(shape::UPPER) || token.is(shape::INITIAL))
}

/// A word behind a given name, an initial or a title, or a given name before another capital.
fn is_personal(doc: &Doc, spot: &Spot, previous_end: usize) -> bool {
    let at = spot.from;
    let paragraph = doc.paragraph(at);
    if spot.to - at != 1 || paragraph.upper || paragraph.titled || !doc.tokens[at].is_capital() {
        return false;
    }
    is_given_name(doc, spot) || (at > previous_end && is_named_before(doc, at))
}

fn is_named_before(doc: &Doc, at: usize) -> bool {
    let token = &doc.tokens[at];
    if at == 0 || !token.is(shape::SPACED) || token.is(shape::UPPER) {
        return false;
    }
    let before = &doc.tokens[at - 1];
    let named = before.any(class::GIVEN) && !before.any(class::NAME_START | class::ROLE_START | class::ORG_FIRST);
    let initial = before.is(shape::INITIAL) && at >= 2 && doc.tokens[at - 2].any(class::GIVEN);
    let titled = before.any(class::TITLE) && !before.is(shape::UPPER);
    before.sentence == token.sentence
        && before.is_capital()
        && !is_function(before)
        && !before.any(class::TIME | class::PLAIN)
        && (named || initial || titled)
}

/// `Chad Moreno`, `Jordan Ellis`: a country's name in front of another capital that is no name itself.
pub fn is_given_name(doc: &Doc, spot: &Spot) -> bool {
    if spot.to - spot.from != 1 || !doc.tokens[spot.from].any(class::GIVEN) {
        return false;
    }
    let Some(next) = doc.tokens.get(spot.to) else { return false };
    next.is_capital()
        && next.is(shape::SPACED)
        && !next.is(shape::UPPER)
        && (!next.any(class::NAME_START) || next.is_strange())
        && !next.any(class::ROLE_START | class::ORG_LAST | class::PLAIN | class::EVENT)
}
