//! Finds the names of an article: by the tables first, then by their shape.
//!
//! A run of capitals that no table knows is a person when a title, a role or a given name stands before it, and an
//! organisation when its last or first words say so. In headlines and in upper-case texts shape tells nothing, so only
//! the tables speak there, and names that the rest of the article has established.

use std::ops::Range;

use crate::extract::cast::{Cast, keys};
use crate::extract::doc::Doc;
use crate::extract::lexicon::{Gender, Sense};
use crate::extract::sense::{Evidence, Spot, choose};
use crate::extract::shape::{body_end, given_gender, person_end, title_gender};
use crate::extract::tables::Tables;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

/// One place where an actor is named.
#[derive(Debug, Clone)]
pub struct Name {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Index into the cast.
    pub actor: u32,
    /// How.
    pub form: Form,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Which rule found it.
    pub rule: &'static str,
}

/// All names of an article, in order, none overlapping.
#[derive(Debug, Default)]
pub struct Names {
    /// The names.
    pub list: Vec<Name>,
    /// For every token the number of the name it lies in, counted from 1; 0 outside.
    pub at: Vec<u32>,
}

impl Names {
    /// The name that covers this token.
    pub fn over(&self, token: usize) -> Option<&Name> {
        let number = *self.at.get(token)? as usize;
        self.list.get(number.checked_sub(1)?)
    }

    /// The names inside these tokens.
    pub fn within(&self, tokens: Range<usize>) -> impl Iterator<Item = &Name> {
        let from = self.list.partition_point(|name| name.tokens.start < tokens.start);
        self.list[from..].iter().take_while(move |name| name.tokens.end <= tokens.end)
    }
}

/// A person found by shape, before the cast is made.
struct Person {
    tokens: Range<usize>,
    gender: Option<Gender>,
    family_first: bool,
    rule: &'static str,
}

/// Finds all names and makes the cast.
pub fn find<'t>(doc: &Doc, tables: &'t Tables, cast: &mut Cast) -> Names {
    let spots = spots(doc, tables);
    let evidence = Evidence::gather(&spots, tables);
    let mut finder =
        Finder { doc, tables, cast, taken: vec![false; doc.tokens.len()], names: Vec::new(), persons: Vec::new() };
    let mut next = 0;
    let mut at = 0;
    while at < doc.tokens.len() {
        while next < spots.len() && spots[next].from < at {
            next += 1;
        }
        let spot = spots.get(next).filter(|spot| spot.from == at);
        at = finder.step(at, spot, &evidence).max(at + 1);
    }
    finder.settle_persons();
    finder.link_rest();
    let mut list = finder.names;
    list.sort_by_key(|name| (name.tokens.start, std::cmp::Reverse(name.tokens.end)));
    let mut end = 0;
    list.retain(|name| {
        let free = name.tokens.start >= end;
        end = end.max(name.tokens.end);
        free
    });
    let mut at = vec![0; doc.tokens.len()];
    for (number, name) in list.iter().enumerate() {
        at[name.tokens.clone()].fill(number as u32 + 1);
    }
    Names { list, at }
}

/// Every phrase of the tables, longest first from the left.
fn spots<'t>(doc: &Doc, tables: &'t Tables) -> Vec<Spot<'t>> {
    let mut found = Vec::new();
    for paragraph in &doc.paragraphs {
        let end = paragraph.tokens.end;
        let mut at = paragraph.tokens.start;
        while at < end {
            let token = &doc.tokens[at];
            let spot = if token.any(class::NAME_START) { spot_at(doc, at, end, paragraph.upper, tables) } else { None };
            at = spot.as_ref().map_or(at + 1, |spot| spot.to);
            found.extend(spot);
        }
    }
    found
}

fn spot_at<'t>(doc: &Doc, at: usize, end: usize, free: bool, tables: &'t Tables) -> Option<Spot<'t>> {
    let words = doc.tokens[at..end].iter().map(|token| token.word);
    let mut best: Option<Spot> = None;
    tables.lexicon.names.each(words, |length, senses| {
        let tokens = &doc.tokens[at..at + length];
        let fits: Vec<&Sense> = senses.iter().filter(|sense| sense.fits(tokens, free)).collect();
        if !fits.is_empty() {
            best = Some(Spot { from: at, to: at + length, senses: fits });
        }
    });
    best
}

struct Finder<'d, 't, 'c> {
    doc: &'d Doc<'d>,
    tables: &'t Tables,
    cast: &'c mut Cast,
    taken: Vec<bool>,
    names: Vec<Name>,
    persons: Vec<Person>,
}

impl Finder<'_, '_, '_> {
    /// Handles what begins at `at`; returns the token to go on with.
    fn step(&mut self, at: usize, spot: Option<&Spot>, evidence: &Evidence) -> usize {
        let doc = self.doc;
        let paragraph = doc.paragraph(at);
        let shaped = !paragraph.upper && !paragraph.titled;
        if let Some(spot) = spot {
            if shaped && self.is_given_name_of_person(spot) {
                if let Some(end) = self.try_person(at, None, "given") {
                    return end;
                }
            }
            return self.take_spot(spot, evidence, shaped);
        }
        let token = &doc.tokens[at];
        if !shaped || !token.is_capital() {
            return at + 1;
        }
        if token.any(class::ORG_FIRST) {
            if let Some((end, kind)) = self.first_words(at) {
                return self.take_body(at..end, kind, None, "org-first");
            }
        }
        if token.any(class::TITLE) && !token.is(shape::UPPER) {
            let gender = title_gender(doc, at);
            let after = self.skip_titles(at);
            if let Some(end) = self.try_person(after, gender, "title") {
                return end;
            }
        }
        if token.any(class::ROLE_START) {
            if let Some((length, gender)) = self.role(at) {
                if let Some(end) = self.try_person(at + length, gender, "role") {
                    return end;
                }
            }
        }
        if let Some((end, kind)) = body_end(doc, at, self.tables) {
            return self.take_body(at..end, kind, None, "org-last");
        }
        if token.any(class::GIVEN | class::FAMILY) {
            if let Some(end) = self.try_person(at, None, if token.any(class::GIVEN) { "given" } else { "family" }) {
                return end;
            }
        }
        if let Some(end) = self.try_unknown(at) {
            return end;
        }
        at + 1
    }

    /// `Chad Moreno`, `Jordan Ellis`: a country's name in front of another capital that is no name itself.
    fn is_given_name_of_person(&self, spot: &Spot) -> bool {
        let doc = self.doc;
        if spot.to - spot.from != 1 || !doc.tokens[spot.from].any(class::GIVEN) {
            return false;
        }
        let Some(next) = doc.tokens.get(spot.to) else { return false };
        next.is_capital()
            && next.is(shape::SPACED)
            && !next.is(shape::UPPER)
            && !next.any(class::NAME_START | class::ROLE_START | class::ORG_LAST | class::PLAIN | class::EVENT)
    }

    fn take_spot(&mut self, spot: &Spot, evidence: &Evidence, shaped: bool) -> usize {
        let Some((sense, confidence)) = choose(self.doc, spot, evidence, self.tables) else {
            if shaped && self.doc.tokens[spot.from].any(class::GIVEN) {
                if let Some(end) = self.try_person(spot.from, None, "given") {
                    return end;
                }
            }
            return spot.to;
        };
        let known = &self.tables.lexicon.actors[sense.actor as usize];
        let geographic =
            matches!(known.kind, ActorKind::State | ActorKind::Place | ActorKind::Region | ActorKind::Government);
        if shaped && geographic {
            if let Some((end, kind)) = body_end(self.doc, spot.to, self.tables).filter(|_| self.goes_on(spot.to)) {
                return self.take_body(spot.from..end, kind, known.country.clone(), "org-country");
            }
        }
        let actor = self.cast.add_known(sense.actor, self.tables);
        self.push(spot.from..spot.to, actor, sense.form, confidence, "table");
        spot.to
    }

    /// Whether the capital at `at` follows its neighbour directly, as one name.
    fn goes_on(&self, at: usize) -> bool {
        self.doc.tokens.get(at).is_some_and(|t| t.is_capital() && t.is(shape::SPACED))
            && self.doc.tokens[at].sentence == self.doc.tokens[at - 1].sentence
    }

    /// `Ministry of …`, `Bank of …`, when the tables know the first words.
    fn first_words(&self, at: usize) -> Option<(usize, ActorKind)> {
        let doc = self.doc;
        let end = doc.sentence(at).end;
        let (length, kinds) = self.tables.first.longest(doc.tokens[at..end].iter().map(|token| token.word))?;
        let mut last = at + length;
        if length == 1 {
            if !doc.reads_any(last, &["of", "for"]) {
                return None;
            }
            last += 1;
        }
        let stop = crate::extract::shape::capitals_end(doc, last, end);
        (stop > last).then(|| (stop, kinds[0]))
    }

    fn take_body(
        &mut self,
        tokens: Range<usize>,
        kind: ActorKind,
        country: Option<String>,
        rule: &'static str,
    ) -> usize {
        let country = country.or_else(|| self.country_inside(tokens.clone()));
        let end = tokens.end;
        let actor = self.cast.add_body(self.doc.slice(tokens.clone()), kind, country);
        self.push(tokens, actor, Form::Name, 0.7, rule);
        end
    }

    /// The country that a name inside these tokens tells.
    fn country_inside(&self, tokens: Range<usize>) -> Option<String> {
        let doc = self.doc;
        tokens.clone().find_map(|at| {
            let spot = doc.tokens[at]
                .any(class::NAME_START)
                .then(|| spot_at(doc, at, tokens.end, false, self.tables))
                .flatten()?;
            self.tables.lexicon.actors[spot.senses[0].actor as usize].country.clone()
        })
    }

    fn skip_titles(&self, at: usize) -> usize {
        let mut after = at;
        while after < self.doc.tokens.len() && after < at + 4 {
            let token = &self.doc.tokens[after];
            if token.is_capital() && token.any(class::TITLE) {
                after += 1;
            } else {
                break;
            }
        }
        after
    }

    fn role(&self, at: usize) -> Option<(usize, Option<Gender>)> {
        let end = self.doc.sentence(at).end;
        let (length, roles) = self.tables.roles.longest(self.doc.tokens[at..end].iter().map(|token| token.word))?;
        Some((length, roles[0].gender))
    }

    /// A person whose name begins at `at`, if the words allow one.
    fn try_person(&mut self, at: usize, gender: Option<Gender>, rule: &'static str) -> Option<usize> {
        let doc = self.doc;
        let named = matches!(rule, "title" | "role");
        let end = person_end(doc, at, named, self.tables)?;
        let words = end - at;
        let family_first = doc.tokens[at].any(class::FAMILY)
            && !(doc.tokens[at].any(class::GIVEN) && !named)
            && words >= 2
            && words <= 4;
        match rule {
            "given" if words < 2 => return None,
            "family" if !family_first || words < 2 => return None,
            _ => {}
        }
        let gender = gender.or_else(|| given_gender(&doc.tokens[at]));
        self.persons.push(Person { tokens: at..end, gender, family_first, rule });
        self.taken[at..end].fill(true);
        Some(end)
    }

    /// Two or three capitals that no table knows: a person when something said or an apposition follows.
    fn try_unknown(&mut self, at: usize) -> Option<usize> {
        let doc = self.doc;
        let end = person_end(doc, at, false, self.tables)?;
        let words = end - at;
        let first = &doc.tokens[at];
        let said = doc.tokens.get(end).is_some_and(|t| t.any(class::CUE_START) && t.is_lower());
        let aged = doc.str(end) == ","
            && doc
                .tokens
                .get(end + 1)
                .is_some_and(|t| t.is(shape::DIGIT) || doc.reads_any(end + 1, &["a", "an", "the", "who"]));
        let strange = doc.tokens[at..end]
            .iter()
            .all(|t| (t.word == 0 || t.any(class::FAMILY | class::PARTICLE)) || t.is(shape::INITIAL));
        let single_said =
            words == 1 && said && !first.any(class::PLAIN | class::TIME) && first.word == 0 && !first.is(shape::UPPER);
        if words >= 2 && words <= 4 && (said || aged || strange) && !first.any(class::PLAIN) || single_said {
            self.persons.push(Person { tokens: at..end, gender: None, family_first: false, rule: "shape" });
            self.taken[at..end].fill(true);
            return Some(end);
        }
        None
    }

    fn push(&mut self, tokens: Range<usize>, actor: u32, form: Form, confidence: f32, rule: &'static str) {
        self.taken[tokens.clone()].fill(true);
        self.names.push(Name { tokens, actor, form, confidence, rule });
    }

    /// Longest names first, so that the short ones find what they belong to.
    fn settle_persons(&mut self) {
        let mut persons = std::mem::take(&mut self.persons);
        persons.sort_by_key(|person| (std::cmp::Reverse(person.tokens.len()), person.tokens.start));
        for person in persons {
            let name = self.doc.slice(person.tokens.clone());
            let actor = self.cast.add_person(name, person.family_first, person.gender);
            let confidence = match person.rule {
                "title" | "given" => 0.9,
                "role" | "family" => 0.8,
                _ => 0.6,
            };
            self.push(person.tokens, actor, Form::Name, confidence, person.rule);
        }
    }

    /// Single words that name a person of the cast.
    fn link_rest(&mut self) {
        let doc = self.doc;
        for at in 0..doc.tokens.len() {
            let token = &doc.tokens[at];
            if self.taken[at] || !token.is_capital() || is_function(token) || token.any(class::TIME) {
                continue;
            }
            let candidates = self.cast.by_surname(token.key);
            if candidates.is_empty() || (token.is(shape::FIRST) && token.any(class::PLAIN)) {
                continue;
            }
            let actor = match *candidates {
                [only] => Some(only),
                _ => self.latest(candidates, at),
            };
            if let Some(actor) = actor {
                let confidence = if candidates.len() == 1 { 0.85 } else { 0.5 };
                self.push(at..at + 1, actor, Form::Name, confidence, "surname");
            }
        }
    }

    /// Of several persons with one surname, the one named last before here.
    fn latest(&self, candidates: &[u32], at: usize) -> Option<u32> {
        let before = self.names.iter().filter(|name| name.tokens.start < at && candidates.contains(&name.actor));
        before.max_by_key(|name| name.tokens.start).map(|name| name.actor)
    }
}

/// Keys of the words of these tokens, as the cast compares them.
pub fn keys_of(doc: &Doc, tokens: Range<usize>) -> Vec<u64> {
    keys(doc.slice(tokens))
}
