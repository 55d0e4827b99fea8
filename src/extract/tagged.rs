//! Lets the tagger speak on what the tables are not sure of: names that the rules found by shape it may confirm, change
//! or reject, and it adds names where there were none. What the tables know stays as it is; a country or place may become
//! part of a longer name, as it does by the rules.

use std::ops::Range;

use crate::extract::finder::Finder;
use crate::extract::name::Person;
use crate::extract::tagger::{Model, Reading, Readings, Sight, runs};
use crate::extract::token::shape;
use crate::facts::{ActorKind, Form};

/// The rule of names that the tagger found.
pub const RULE: &str = "tagger";

/// Confidence below which even a name of the tables is open.
const SURE: f32 = 0.6;

/// Kinds among which the tagger does not correct the rules, which tell them apart by their words.
fn family(kind: ActorKind) -> u8 {
    match kind {
        ActorKind::Person => 0,
        ActorKind::State | ActorKind::Place | ActorKind::Region => 1,
        _ => 2,
    }
}

impl Finder<'_, '_, '_> {
    /// What tables and rules have found so far.
    pub(super) fn readings(&self) -> Readings {
        let known = |id: &str| self.tables.lexicon.find(id).is_some();
        let names = self.names.iter().enumerate().map(|(number, name)| {
            let actor = &self.cast.get(name.actor).actor;
            Reading {
                tokens: name.tokens.clone(),
                kind: actor.kind,
                rule: name.rule,
                sure: name.confidence >= SURE && known(&actor.id),
                land: name.form == Form::Demonym || matches!(family(actor.kind), 1) || actor.id.starts_with("gov:"),
                number,
            }
        });
        let persons = self.persons.iter().enumerate().map(|(number, person)| Reading {
            tokens: person.tokens.clone(),
            kind: ActorKind::Person,
            rule: person.rule,
            sure: self.known_person(person.tokens.clone()).is_some(),
            land: false,
            number: self.names.len() + number,
        });
        Readings::new(names.chain(persons).collect(), self.doc.tokens.len())
    }

    /// Takes what the tagger finds.
    pub(super) fn tag(&mut self, model: &Model) {
        let readings = self.readings();
        let sight = Sight::new(self.doc, &readings);
        let mut gone = vec![false; self.names.len() + self.persons.len()];
        let mut new = Vec::new();
        let mut found = Vec::new();
        for run in runs(self.doc, &readings) {
            found.clear();
            model.names(&sight, run.clone(), &mut found);
            // A small word or mark ends no name, whatever the weights say.
            for (tokens, _) in &mut found {
                while tokens.len() > 1 && self.doc.tokens[tokens.end - 1].shape & (shape::CAPITAL | shape::DIGIT) == 0 {
                    tokens.end -= 1;
                }
            }
            found.retain(|(tokens, _)| self.doc.tokens[tokens.start].is(shape::WORD));
            settle(&readings, run, model, &mut found, &mut gone);
            new.append(&mut found);
        }
        for reading in readings.list.iter().filter(|reading| gone[reading.number]) {
            self.taken[reading.tokens.clone()].fill(false);
        }
        let names = self.names.len();
        let mut number = 0..names;
        self.names.retain(|_| number.next().is_none_or(|number| !gone[number]));
        let mut number = names..gone.len();
        self.persons.retain(|_| number.next().is_none_or(|number| !gone[number]));
        for (tokens, kind) in new {
            self.take_tagged(tokens, kind, model.confidence(kind));
        }
    }

    fn take_tagged(&mut self, tokens: Range<usize>, kind: ActorKind, confidence: f32) {
        let doc = self.doc;
        match family(kind) {
            0 => {
                self.taken[tokens.clone()].fill(true);
                let gender = crate::extract::shape::given_gender(&doc.tokens[tokens.start]);
                self.persons.push(Person { tokens, gender, family_first: false, rule: RULE, confidence });
            }
            1 => {
                let kind = if kind == ActorKind::Region { kind } else { ActorKind::Place };
                let actor = self.land(tokens.clone(), kind);
                self.push(tokens, actor, Form::Name, confidence, RULE);
            }
            _ => {
                let kind = if kind == ActorKind::Unknown { ActorKind::Ngo } else { kind };
                let country = self.country_inside(tokens.clone());
                let actor = self.body(tokens.clone(), kind, country);
                let letters = tokens.len() == 1 && doc.tokens[tokens.start].is(shape::UPPER);
                self.push(tokens, actor, if letters { Form::Acronym } else { Form::Name }, confidence, RULE);
            }
        }
    }
}

/// Leaves in `found` what is to be added, and notes which readings are gone.
fn settle(
    readings: &Readings,
    run: Range<usize>,
    model: &Model,
    found: &mut Vec<(Range<usize>, ActorKind)>,
    gone: &mut [bool],
) {
    let mut at = run.start;
    while at < run.end {
        let Some(reading) = readings.over(at) else {
            at += 1;
            continue;
        };
        at = reading.tokens.end.max(at + 1);
        let over = |tokens: &Range<usize>| tokens.start < reading.tokens.end && reading.tokens.start < tokens.end;
        let around = |tokens: &Range<usize>| {
            tokens.start <= reading.tokens.start && reading.tokens.end <= tokens.end && *tokens != reading.tokens
        };
        // A kind that the examples do not have is not rejected, but what has another kind in them may change to that.
        let learned = model.kinds().iter().any(|kind| family(*kind) == family(reading.kind))
            || found.iter().any(|(tokens, _)| *tokens == reading.tokens);
        let same =
            found.iter().any(|(tokens, kind)| *tokens == reading.tokens && family(*kind) == family(reading.kind));
        let inside = run.start <= reading.tokens.start && reading.tokens.end <= run.end;
        if reading.sure && reading.land && found.iter().any(|(tokens, _)| around(tokens)) {
            gone[reading.number] = true;
        } else if reading.sure || same || !learned || !inside {
            found.retain(|(tokens, _)| !over(tokens));
        } else {
            gone[reading.number] = true;
        }
    }
}
