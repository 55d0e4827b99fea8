//! Takes names from left to right: what the tables know first, then titles, roles, organisations and given names.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::evidence::{Evidence, Spot, is_given_name};
use crate::extract::lexicon::Gender;
use crate::extract::name::{Name, Names, Person, spot_at, spots};
use crate::extract::sense::{Choice, choose};
use crate::extract::shape::{body_end, given_gender, is_land, person_end, title_gender};
use crate::extract::tables::Tables;
use crate::extract::tagger::Model;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::{ALTERNATIVE, ActorKind, Form};

/// Confidence of the second meaning of a name that nothing decides.
const SECOND_MEANING: f32 = 0.3;

/// Finds all names and makes the cast; a tagger speaks on what the tables are not sure of.
pub fn find(doc: &Doc, tables: &Tables, tagger: Option<&Model>, cast: &mut Cast) -> Names {
    let mut finder = walk(doc, tables, cast);
    if let Some(model) = tagger {
        finder.tag(model);
    }
    finder.bind_letters();
    finder.settle_persons();
    finder.link_rest();
    let alternatives = std::mem::take(&mut finder.alternatives);
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
    Names { list, at, alternatives }
}

/// Takes what tables and rules find from left to right; short names are not yet led back to long ones.
pub(super) fn walk<'d, 't, 'c>(doc: &'d Doc<'d>, tables: &'t Tables, cast: &'c mut Cast) -> Finder<'d, 't, 'c> {
    let spots = spots(doc, tables);
    let evidence = Evidence::gather(doc, &spots, tables);
    let mut finder = Finder {
        doc,
        tables,
        cast,
        taken: vec![false; doc.tokens.len()],
        names: Vec::new(),
        alternatives: Vec::new(),
        persons: Vec::new(),
        letters: FxHashMap::default(),
    };
    let mut next = 0;
    let mut at = 0;
    while at < doc.tokens.len() {
        while next < spots.len() && spots[next].from < at {
            next += 1;
        }
        let spot = spots.get(next).filter(|spot| spot.from == at);
        at = finder.step(at, spot, &evidence).max(at + 1);
    }
    finder
}

/// Walks over the tokens and takes names.
pub(super) struct Finder<'d, 't, 'c> {
    pub(super) doc: &'d Doc<'d>,
    pub(super) tables: &'t Tables,
    pub(super) cast: &'c mut Cast,
    pub(super) taken: Vec<bool>,
    pub(super) names: Vec<Name>,
    /// Second meanings of names that nothing decides.
    pub(super) alternatives: Vec<Name>,
    pub(super) persons: Vec<Person>,
    /// Actors by the letters that the article defines for them.
    pub(super) letters: FxHashMap<u64, u32>,
}

impl Finder<'_, '_, '_> {
    /// Handles what begins at `at`; returns the token to go on with.
    pub(super) fn step(&mut self, at: usize, spot: Option<&Spot>, evidence: &Evidence) -> usize {
        let doc = self.doc;
        let paragraph = doc.paragraph(at);
        let shaped = !paragraph.upper && !paragraph.titled;
        if let Some(spot) = spot {
            if shaped
                && is_given_name(self.doc, spot)
                && let Some(end) = self.try_person(at, None, "given")
            {
                return end;
            }
            if shaped && let Some(end) = self.try_land_behind(at, spot.to) {
                return end;
            }
            return self.take_spot(spot, evidence, shaped);
        }
        let token = &doc.tokens[at];
        if !shaped || !token.is_capital() || is_function(token) {
            return at + 1;
        }
        if doc.foreign {
            return self.step_foreign(at).unwrap_or(at + 1);
        }
        if token.any(class::ROLE_START) && doc.reads_any(at, &["former", "senior", "top", "acting", "late"]) {
            return at + 1;
        }
        if token.any(class::ORG_FIRST)
            && let Some((end, kind)) = self.first_words(at)
        {
            return self.take_body(at..end, kind, None, "org-first");
        }
        if let Some(end) = self.try_land_first(at).or_else(|| self.try_small_land(at, at + 1)) {
            return end;
        }
        if token.any(class::TITLE)
            && !token.is(shape::UPPER)
            && let Some(end) = self.step_title(at)
        {
            return end;
        }
        if token.any(class::ROLE_START)
            && let Some((length, gender)) = self.role(at)
            && let Some(end) = self.try_person(at + length, gender, "role")
        {
            return end;
        }
        if let Some((end, kind)) = body_end(doc, at, self.tables) {
            return self.take_body(at..end, kind, None, "org-last");
        }
        if token.any(class::GIVEN | class::FAMILY)
            && let Some(end) = self.try_person(at, None, if token.any(class::GIVEN) { "given" } else { "family" })
        {
            return end;
        }
        if let Some(end) = self.try_unknown(at) {
            return end;
        }
        at + 1
    }

    /// A title, and the person or the place behind it.
    fn step_title(&mut self, at: usize) -> Option<usize> {
        if let Some(end) = self.try_land_behind(at, at + 1) {
            return Some(end);
        }
        let gender = title_gender(self.doc, at);
        let after = self.skip_titles(at);
        if self.listed_person(after) { Some(after) } else { self.try_person(after, gender, "title") }
    }

    pub(super) fn take_spot(&mut self, spot: &Spot, evidence: &Evidence, shaped: bool) -> usize {
        if let Some(end) = self.take_town(spot) {
            return end;
        }
        let Some(choice) = choose(self.doc, spot, evidence, self.tables) else {
            if shaped
                && self.doc.tokens[spot.from].any(class::GIVEN)
                && let Some(end) = self.try_person(spot.from, None, "given")
            {
                return end;
            }
            // `the Supreme Court` of nobody knows which state.
            let body = body_end(self.doc, spot.from, self.tables).filter(|(end, _)| shaped && *end >= spot.to);
            return body.map_or(spot.to, |(end, kind)| self.take_body(spot.from..end, kind, None, "org-last"));
        };
        let (sense, confidence) = (choice.sense, choice.confidence);
        let known = &self.tables.lexicon.actors[sense.actor as usize];
        let geographic =
            matches!(known.kind, ActorKind::State | ActorKind::Place | ActorKind::Region | ActorKind::Government);
        if known.kind == ActorKind::Party
            && self.goes_on(spot.to)
            && self.doc.reads_any(spot.to, &["Party", "Coalition", "Alliance"])
        {
            let actor = self.cast.add_known(sense.actor, self.tables);
            self.push(spot.from..spot.to + 1, actor, Form::Name, confidence, "table-party");
            return spot.to + 1;
        }
        if shaped
            && !geographic
            && known.kind.is_organisation()
            && self.doc.reads(spot.to, "of")
            && self.geographic_at(spot.to + 1)
        {
            let end = self.spot_end(spot.to + 1);
            return self.take_body(spot.from..end, known.kind, None, "org-of");
        }
        if shaped
            && geographic
            && let Some((end, kind)) = body_end(self.doc, spot.to, self.tables).filter(|_| self.goes_on(spot.to))
        {
            return self.take_body(spot.from..end, kind, known.country.clone(), "org-country");
        }
        if geographic && let Some(end) = self.take_state_head(spot, sense.actor, sense.form) {
            return end;
        }
        if shaped
            && is_land(known.kind)
            && sense.form != Form::Demonym
            && let Some(end) = self.try_small_land(spot.from, spot.to)
        {
            return end;
        }
        if let Some(end) = self.take_administration(spot, known, confidence) {
            return end;
        }
        self.take_sense(spot, &choice, geographic)
    }

    /// Names the actor that the words mean here, and the second one that they may mean.
    fn take_sense(&mut self, spot: &Spot, choice: &Choice, geographic: bool) -> usize {
        let (sense, confidence) = (choice.sense, choice.confidence);
        let actor = self.cast.add_known(sense.actor, self.tables);
        let form = if sense.form != Form::Name || !self.before_event(spot.to) {
            sense.form
        } else if geographic {
            Form::Demonym
        } else {
            Form::Nominal
        };
        self.push(spot.from..spot.to, actor, form, confidence, "table");
        if let Some(other) = choice.other {
            let actor = self.cast.add_known(other.actor, self.tables);
            let tokens = spot.from..spot.to;
            let confidence = SECOND_MEANING;
            let name = Name { tokens, actor, form: other.form, confidence, rule: ALTERNATIVE, person: false };
            self.alternatives.push(name);
        }
        spot.to
    }

    /// Whether the capital at `at` follows its neighbour directly, as one name.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.doc.tokens.get(at).is_some_and(|t| t.is_capital() && t.is(shape::SPACED))
            && self.doc.tokens[at].sentence == self.doc.tokens[at - 1].sentence
    }

    /// Whether a country or place of the tables begins here.
    pub(super) fn geographic_at(&self, at: usize) -> bool {
        let kinds = [ActorKind::State, ActorKind::Region, ActorKind::Place];
        self.spot_here(at).is_some_and(|spot| {
            spot.senses
                .iter()
                .any(|s| kinds.contains(&self.tables.lexicon.actors[s.actor as usize].kind) && s.form != Form::Demonym)
        })
    }

    pub(super) fn spot_here(&self, at: usize) -> Option<Spot<'_>> {
        let token = self.doc.tokens.get(at)?;
        let end = self.doc.sentence(at).end;
        token.any(class::NAME_START).then(|| spot_at(self.doc, at, end, false, self.tables)).flatten()
    }

    pub(super) fn spot_end(&self, at: usize) -> usize {
        self.spot_here(at).map_or(at + 1, |spot| spot.to)
    }

    /// Whether the name only says whose event it is: `the 2009 Norway general election`.
    pub(super) fn before_event(&self, at: usize) -> bool {
        let doc = self.doc;
        let kind = [
            "general",
            "presidential",
            "federal",
            "parliamentary",
            "legislative",
            "local",
            "state",
            "provincial",
            "gubernatorial",
            "midterm",
            "by",
            "-",
            "municipal",
            "congressional",
            "leadership",
            "senate",
            "assembly",
            "constitutional",
        ];
        let mut at = at;
        let mut rounds = 0;
        while rounds < 3 && doc.reads_any(at, &kind) {
            at += 1;
            rounds += 1;
        }
        doc.reads_any(at, &["election", "elections", "referendum", "by-election", "primary", "primaries"])
    }

    /// `Ministry of …`, `Bank of …`, when the tables know the first words.
    pub(super) fn first_words(&self, at: usize) -> Option<(usize, ActorKind)> {
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

    pub(super) fn take_body(
        &mut self,
        tokens: Range<usize>,
        kind: ActorKind,
        country: Option<String>,
        rule: &'static str,
    ) -> usize {
        if is_land(kind) {
            return self.take_land(tokens, kind, "land-last");
        }
        let country = country.or_else(|| self.country_inside(tokens.clone()));
        let end = tokens.end;
        let actor = self.body(tokens.clone(), kind, country);
        self.push(tokens, actor, Form::Name, 0.7, rule);
        end
    }

    /// The country that a name inside these tokens tells.
    pub(super) fn country_inside(&self, tokens: Range<usize>) -> Option<String> {
        let doc = self.doc;
        tokens.clone().find_map(|at| {
            let spot = doc.tokens[at]
                .any(class::NAME_START)
                .then(|| spot_at(doc, at, tokens.end, false, self.tables))
                .flatten()?;
            self.tables.lexicon.actors[spot.senses[0].actor as usize].country.clone()
        })
    }

    pub(super) fn skip_titles(&self, at: usize) -> usize {
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

    pub(super) fn role(&self, at: usize) -> Option<(usize, Option<Gender>)> {
        let end = self.doc.sentence(at).end;
        let (length, roles) = self.tables.roles.longest(self.doc.tokens[at..end].iter().map(|token| token.word))?;
        Some((length, roles[0].gender))
    }

    /// Whether a person of the tables begins here whose name no shape shows whole: `President [Hassan Sheikh Mohamud]`.
    fn listed_person(&self, at: usize) -> bool {
        let person = |spot: &Spot| {
            let known = &self.tables.lexicon.actors[spot.senses[0].actor as usize];
            known.kind == ActorKind::Person
                && person_end(self.doc, at, true, self.tables).is_none_or(|end| end < spot.to)
        };
        self.spot_here(at).is_some_and(|spot| person(&spot))
    }

    /// A person whose name begins at `at`, if the words allow one.
    pub(super) fn try_person(&mut self, at: usize, gender: Option<Gender>, rule: &'static str) -> Option<usize> {
        let doc = self.doc;
        let named = matches!(rule, "title" | "role");
        let end = person_end(doc, at, named, self.tables)?;
        let words = end - at;
        // `Said Jane Doe: “…”`: a verb that is a given name elsewhere.
        if words >= 3 && doc.tokens[at].is(shape::FIRST) && doc.tokens[at].any(class::CUE_START) {
            return None;
        }
        let family_first = (named || !doc.tokens[at].any(class::GIVEN))
            && doc.tokens[at].any(class::FAMILY)
            && (2..=4).contains(&words);
        match rule {
            "given" if words < 2 => return None,
            "family" if !family_first || words < 2 => return None,
            _ => {}
        }
        let gender = gender.or_else(|| given_gender(&doc.tokens[at]));
        self.persons.push(Person::new(at..end, gender, family_first, rule));
        self.taken[at..end].fill(true);
        Some(end)
    }

    /// Two or three capitals that no table knows: a person when something said or an apposition follows.
    pub(super) fn try_unknown(&mut self, at: usize) -> Option<usize> {
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
            .all(|t| (t.is_strange() || t.any(class::FAMILY | class::PARTICLE)) || t.is(shape::INITIAL));
        if self.is_place_in(at, end) {
            return Some(self.take_land(at..end, ActorKind::Place, "place-in"));
        }
        if self.is_placed(at) && !said && strange && words <= 3 && !first.is(shape::UPPER) {
            return Some(self.take_land(at..end, ActorKind::Place, "placed"));
        }
        let single_said = words == 1
            && said
            && !first.any(class::PLAIN | class::TIME)
            && first.is_strange()
            && !first.is(shape::UPPER);
        if (2..=4).contains(&words) && (said || aged || strange) && !first.any(class::PLAIN) || single_said {
            self.persons.push(Person::new(at..end, None, false, "shape"));
            self.taken[at..end].fill(true);
            return Some(end);
        }
        None
    }

    /// `Dayton, Ohio`: capitals before a comma and a country, province or state.
    pub(super) fn is_place_in(&self, at: usize, end: usize) -> bool {
        let doc = self.doc;
        let first = &doc.tokens[at];
        doc.str(end) == ","
            && end - at <= 3
            && !first.any(class::PLAIN | class::TIME | class::TITLE)
            && self.known_behind(end).is_some()
            && !(at > 0 && doc.tokens[at - 1].any(class::TITLE))
    }

    pub(super) fn push(&mut self, tokens: Range<usize>, actor: u32, form: Form, confidence: f32, rule: &'static str) {
        self.taken[tokens.clone()].fill(true);
        let person = self.cast.get(actor).actor.kind == ActorKind::Person;
        self.names.push(Name { tokens, actor, form, confidence, rule, person });
    }
}
