//! Joins what was found: letters with the names they stand for, short names with the persons they belong to.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::extract::finder::Finder;
use crate::extract::letters::{are_letters, definitions};
use crate::extract::name::Name;
use crate::extract::name::spot_at;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

impl Finder<'_, '_, '_> {
    /// Binds the letters that the article defines, and takes the names that only the letters prove.
    pub(super) fn bind_letters(&mut self) {
        let doc = self.doc;
        let by_end: FxHashMap<usize, (usize, u32)> =
            self.names.iter().map(|name| (name.tokens.end, (name.tokens.start, name.actor))).collect();
        for definition in definitions(doc) {
            // `the Council’s (NFC)`: the name ends before the possessive.
            let owned = doc.tokens[definition.bracket - 1].is(shape::POSSESSIVE);
            let end = definition.bracket - usize::from(owned);
            let named = by_end.get(&end).copied();
            // `the United Arab Emirates (UAE)`: the tables know the whole name.
            let whole = |from: usize| definition.name.as_ref().is_none_or(|name| from <= name.start);
            let body = named
                .filter(|&(from, actor)| {
                    let kind = self.cast.get(actor).actor.kind;
                    kind.is_organisation() || kind != ActorKind::Person && whole(from)
                })
                .map(|(_, actor)| actor);
            let actor = match (body, definition.name) {
                (Some(actor), _) => actor,
                (None, Some(mut name)) => {
                    name.end = end;
                    self.persons.retain(|person| person.tokens.end <= name.start || person.tokens.start >= name.end);
                    self.names.retain(|other| {
                        other.tokens.end <= name.start
                            || other.tokens.start >= name.end
                            || other.tokens.len() > name.len()
                    });
                    let kind = if self.speaks_of_parties(name.start) { ActorKind::Party } else { ActorKind::Ngo };
                    let country = self.country_inside(name.clone());
                    let actor = self.body(name.clone(), kind, country);
                    self.push(name, actor, Form::Name, 0.75, "letters");
                    actor
                }
                _ => continue,
            };
            let key = doc.tokens[definition.letters].key;
            self.letters.entry(key).or_insert(actor);
        }
        for name in &mut self.names {
            let first = name.tokens.start;
            if name.tokens.len() == 1
                && are_letters(doc, first)
                && let Some(&actor) = self.letters.get(&doc.tokens[first].key)
            {
                name.actor = actor;
                name.person = false;
            }
        }
        for at in 0..doc.tokens.len() {
            let known = self.letters.get(&doc.tokens[at].key).copied();
            if let Some(actor) = known.filter(|_| !self.taken[at] && are_letters(doc, at)) {
                self.push(at..at + 1, actor, Form::Acronym, 0.85, "letters");
            }
        }
    }

    /// Whether the sentence speaks of parties and elections.
    pub(super) fn speaks_of_parties(&self, at: usize) -> bool {
        let sentence = self.doc.sentence(at);
        sentence.into_iter().any(|n| {
            self.doc.reads_any(
                n,
                &["party", "parties", "election", "elections", "coalition", "list", "vote", "votes", "seats", "led"],
            )
        })
    }

    /// Longest names first, so that the short ones find what they belong to.
    pub(super) fn settle_persons(&mut self) {
        let mut persons = std::mem::take(&mut self.persons);
        persons.sort_by_key(|person| (std::cmp::Reverse(person.tokens.len()), person.tokens.start));
        for person in persons {
            let name = self.doc.slice(person.tokens.clone());
            let actor = match self.known_person(person.tokens.clone()) {
                Some(known) => self.cast.add_known(known, self.tables),
                None => self.cast.add_person(name, person.family_first, person.gender),
            };
            self.push(person.tokens, actor, Form::Name, person.confidence, person.rule);
        }
    }

    /// The person of the tables whose full name stands here.
    pub(super) fn known_person(&self, tokens: Range<usize>) -> Option<u32> {
        let spot = spot_at(self.doc, tokens.start, tokens.end, false, self.tables).filter(|s| s.to == tokens.end)?;
        let person = |actor: u32| self.tables.lexicon.actors[actor as usize].kind == ActorKind::Person;
        let sense = spot.senses.iter().find(|sense| person(sense.actor) && !sense.doubtful)?;
        (tokens.len() > 1 || spot.senses.len() == 1).then_some(sense.actor)
    }

    /// Single words that name a person of the cast.
    pub(super) fn link_rest(&mut self) {
        let doc = self.doc;
        let mut named = Named::new(&self.names);
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
                _ => named.latest(candidates, at),
            };
            if let Some(actor) = actor {
                let confidence = if candidates.len() == 1 { 0.85 } else { 0.5 };
                named.again(actor, at);
                self.push(at..at + 1, actor, Form::Name, confidence, "surname");
            }
        }
    }
}

/// Where each actor is named, so that the one named last is found without a walk over all names.
struct Named {
    first: FxHashMap<u32, Vec<usize>>,
    again: FxHashMap<u32, usize>,
}

impl Named {
    fn new(names: &[Name]) -> Self {
        let mut first: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for name in names.iter().filter(|name| name.person) {
            first.entry(name.actor).or_default().push(name.tokens.start);
        }
        first.values_mut().for_each(|places| places.sort_unstable());
        Self { first, again: FxHashMap::default() }
    }

    /// Notes that a word at `at` was led back to the actor.
    fn again(&mut self, actor: u32, at: usize) {
        self.again.insert(actor, at);
    }

    /// Of several persons with one surname, the one named last before `at`.
    fn latest(&self, candidates: &[u32], at: usize) -> Option<u32> {
        let last = |actor: &u32| {
            let places = self.first.get(actor).map_or(&[][..], Vec::as_slice);
            let before = places.partition_point(|&place| place < at).checked_sub(1).map(|last| places[last]);
            before.max(self.again.get(actor).copied())
        };
        candidates.iter().filter_map(|actor| Some((last(actor)?, *actor))).max().map(|(_, actor)| actor)
    }
}
