//! Leads a source phrase back to actors: by its name, by a pronoun, by a role or a common noun.
//!
//! What cannot be led back stays open. `A spokesman for Ruiz said` does not make Ruiz speak, and `officials` are
//! nobody in particular.

use std::ops::Range;

use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::lexicon::Gender;
use crate::extract::name::Names;
use crate::extract::office_find::Incumbent;
use crate::extract::office_link::title_before;
use crate::extract::phrase::Phrase;
use crate::extract::role::{Office, country, last_role};
use crate::extract::sieve::Said;
use crate::extract::tables::{RoleClass, Tables};
use crate::extract::token::shape;
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

/// Who speaks, and a mention that the phrase adds when it is no name.
#[derive(Debug, Clone, Default)]
pub struct Speakers {
    /// Indices into the cast.
    pub actors: Vec<u32>,
    /// How sure it is that these are meant.
    pub confidence: f32,
    /// The form of the new mention, with its tokens and the rule.
    pub mention: Option<(Range<usize>, Form, &'static str)>,
}

/// How far back a pronoun looks, in names.
const PRONOUN_REACH: usize = 24;

/// Nouns for several states or leaders.
const PLURALS: &[&str] = &[
    "sides",
    "countries",
    "nations",
    "leaders",
    "states",
    "parties",
    "governments",
    "ministers",
    "presidents",
    "capitals",
    "neighbours",
    "neighbors",
    "allies",
    "pair",
    "duo",
    "two",
];

/// Words before somebody who is new to the article, or is not to be known.
const INDEFINITE: &[&str] =
    &["a", "an", "one", "another", "some", "any", "every", "each", "no", "neither", "either", "such"];

/// Finds the speakers of everything said, in order.
pub struct Resolver<'a> {
    doc: &'a Doc<'a>,
    names: &'a Names,
    cast: &'a Cast,
    offices: &'a [Office],
    incumbents: &'a [Incumbent],
    tables: &'a Tables,
    /// Speakers so far, with the token of their source.
    last: Vec<(usize, Vec<u32>)>,
}

impl<'a> Resolver<'a> {
    /// Starts with nobody having spoken.
    pub fn new(
        doc: &'a Doc<'a>,
        names: &'a Names,
        cast: &'a Cast,
        offices: &'a [Office],
        incumbents: &'a [Incumbent],
        tables: &'a Tables,
    ) -> Self {
        Self { doc, names, cast, offices, incumbents, tables, last: Vec::new() }
    }

    /// The speakers of the next thing said.
    pub fn resolve(&mut self, said: &Said) -> Speakers {
        let Some(source) = &said.source else { return Speakers::default() };
        let found = self.phrase(source);
        if !found.actors.is_empty() {
            self.last.push((source.tokens.start, found.actors.clone()));
        }
        found
    }

    fn phrase(&self, source: &Phrase) -> Speakers {
        let doc = self.doc;
        let core = source.core.clone();
        let first = &doc.tokens[core.start];
        if core.len() == 1 && first.any(class::PRONOUN) && self.names.at[core.start] == 0 {
            return self.pronoun(core.start);
        }
        if let Some(actors) = self.named(core.clone()) {
            return Speakers { actors, confidence: 1.0, mention: None };
        }
        if source.tokens.end > core.end {
            // `His lawyer, Jane Doe, said`
            if let Some(name) = self.names.over(core.end + 1).filter(|name| self.kind(name.actor) == ActorKind::Person)
            {
                return Speakers { actors: vec![name.actor], confidence: 0.95, mention: None };
            }
        }
        self.nominal(core)
    }

    fn kind(&self, actor: u32) -> ActorKind {
        self.cast.get(actor).actor.kind
    }

    /// The actors whose names are the head of the phrase: the last name before a preposition, with those joined to it.
    fn named(&self, core: Range<usize>) -> Option<Vec<u32>> {
        let doc = self.doc;
        // `Secretary of State X`: the preposition belongs to the title.
        let last = self.names.over(core.end - 1).filter(|name| name.person && name.tokens.start > core.start);
        if let Some(name) = last
            && let Some((title, _)) = title_before(doc, name.tokens.start, self.tables)
            && title >= core.start
            && doc.tokens[title..name.tokens.start].iter().any(|token| token.any(class::PREPOSITION))
        {
            return Some(vec![name.actor]);
        }
        let mut end = (core.start + 1..core.end)
            .find(|&at| {
                self.names.at[at] == 0
                    && (doc.tokens[at].any(class::PREPOSITION) && !doc.reads(at, "as")
                        || matches!(doc.str(at), "(" | "—" | "--"))
            })
            .unwrap_or(core.end);
        while end > core.start
            && (!doc.tokens[end - 1].is(shape::WORD)
                || doc.reads_any(end - 1, &["himself", "herself", "itself", "alone", "themselves", "both"]))
            && self.names.at[end - 1] == 0
        {
            end -= 1;
        }
        let mut actors = Vec::new();
        let mut at = end;
        while at > core.start {
            let Some(name) = self.names.over(at - 1) else { break };
            if name.tokens.start < core.start
                || name.form == Form::Demonym
                    && self.kind(name.actor) == ActorKind::State
                    && at == end
                    && !doc.str(at - 1).ends_with('s')
            {
                break;
            }
            actors.push(name.actor);
            at = name.tokens.start;
            let mut joined = at;
            while joined > core.start
                && (matches!(doc.str(joined - 1), ",") || doc.reads_any(joined - 1, &["and", "&", "or"]))
            {
                joined -= 1;
            }
            if joined == at {
                // `France and President X`: look over the role for the `and`.
                break;
            }
            at = joined;
        }
        actors.reverse();
        actors.dedup();
        actors.truncate(4);
        (!actors.is_empty()).then_some(actors)
    }

    /// Whom he, she, it or they means: a person of fitting sex, preferring who spoke last and who stands first.
    fn pronoun(&self, at: usize) -> Speakers {
        let doc = self.doc;
        let form = Some((at..at + 1, Form::Pronoun, "pronoun"));
        let wanted = match doc.str(at).to_ascii_lowercase().as_str() {
            "he" => Some(Gender::Male),
            "she" => Some(Gender::Female),
            "they" => return self.joint(form),
            "it" => {
                let body = self.latest_body(at, |kind| {
                    kind != ActorKind::Person && !matches!(kind, ActorKind::Place | ActorKind::Region)
                });
                return one(body, 0.6, form);
            }
            _ => return Speakers::default(),
        };
        let before = self.names.list.partition_point(|name| name.tokens.start < at);
        let sentence = doc.tokens[at].sentence as i64;
        let mut best: Option<(i64, u32)> = None;
        for name in self.names.list[..before].iter().rev().take(PRONOUN_REACH) {
            let draft = self.cast.get(name.actor);
            let token = &doc.tokens[name.tokens.start];
            if draft.actor.kind != ActorKind::Person
                || draft.gender.is_some() && draft.gender != wanted
                || token.quoted != 0
                || doc.paragraph(name.tokens.start).heading
            {
                continue;
            }
            let score = self.pronoun_score(name.tokens.clone(), name.actor, at, sentence, draft.gender == wanted);
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, name.actor));
            }
        }
        one(best.filter(|(score, _)| *score > -60).map(|(_, actor)| actor), 0.75, form)
    }

    fn pronoun_score(&self, name: Range<usize>, actor: u32, at: usize, sentence: i64, gendered: bool) -> i64 {
        let doc = self.doc;
        let token = &doc.tokens[name.start];
        let distance = sentence - i64::from(token.sentence);
        let paragraph = (doc.paragraph_number(at) - doc.paragraph_number(name.start)) as i64;
        let mut score = -10 * distance - 4 * paragraph;
        let start = doc.sentence(name.start).start;
        let subject = name.start - start <= 6
            && doc.tokens[start..name.start].iter().all(|t| !t.any(class::AUXILIARY | class::VERB));
        score += if subject { 14 } else { 0 };
        // A possessor (`Ruiz's lawyer`) or the object of a preposition is seldom taken up.
        if doc.tokens.get(name.end).is_some_and(|t| t.is(shape::POSSESSIVE)) {
            score -= 6;
        }
        if name.start > 0 && doc.tokens[name.start - 1].any(class::PREPOSITION) {
            score -= 6;
        }
        if self.last.last().is_some_and(|(_, actors)| actors.contains(&actor)) {
            score += 20;
        }
        score + if gendered { 8 } else { 0 }
    }

    /// `they`, `both sides`: the last who spoke together, else a pair that stands as one subject.
    fn joint(&self, form: Option<(Range<usize>, Form, &'static str)>) -> Speakers {
        let at = form.as_ref().map_or(0, |(tokens, ..)| tokens.start);
        let spoken = self.last.iter().rev().take(6).find(|(_, actors)| actors.len() > 1);
        if let Some((_, actors)) = spoken {
            return Speakers { actors: actors.clone(), confidence: 0.8, mention: form };
        }
        let before = self.names.list.partition_point(|name| name.tokens.start < at);
        let pair = self.names.list[..before].windows(2).rev().take(12).find(|pair| {
            let between = pair[0].tokens.end..pair[1].tokens.start;
            let joined = between.len() == 1 && self.doc.reads_any(between.start, &["and", "-"]);
            joined && self.kind(pair[0].actor) == self.kind(pair[1].actor) && pair[0].actor != pair[1].actor
        });
        match pair {
            Some(pair) => Speakers { actors: vec![pair[0].actor, pair[1].actor], confidence: 0.6, mention: form },
            None => Speakers::default(),
        }
    }

    /// The last actor of a fitting kind named before `at`.
    fn latest_body(&self, at: usize, fits: impl Fn(ActorKind) -> bool) -> Option<u32> {
        let before = self.names.list.partition_point(|name| name.tokens.start < at);
        let named = self.names.list[..before].iter().rev().take(12).filter(|name| name.form != Form::Demonym);
        named.map(|name| name.actor).find(|&actor| fits(self.kind(actor)))
    }

    /// A common noun: a role, a body, both sides, a country's government.
    fn nominal(&self, core: Range<usize>) -> Speakers {
        let doc = self.doc;
        let end = (core.start..core.end)
            .find(|&at| at > core.start && doc.tokens[at].any(class::PREPOSITION))
            .unwrap_or(core.end);
        if end == core.start {
            return Speakers::default();
        }
        let incumbent = self.incumbent(core.clone());
        if let Some((actor, office)) = incumbent.and_then(|one| Some((one.actor?, one))) {
            return Speakers { actors: vec![actor], confidence: office.confidence, mention: None };
        }
        let head = end - 1;
        // A capital that only begins the sentence makes `A hospital official` nobody who was met before.
        let definite = doc.reads_any(core.start, &["the", "this", "that", "his", "her", "their", "both"])
            || self.names.at[core.start] != 0
            || doc.tokens[core.start].is_capital() && !doc.reads_any(core.start, INDEFINITE);
        if doc.reads_any(head, PLURALS) {
            let both = doc.reads_any(core.start, &["both"])
                || core.len() >= 2 && doc.reads(core.start + 1, "two")
                || doc.reads(head, "sides");
            return if both { self.joint(Some((core, Form::Nominal, "both"))) } else { Speakers::default() };
        }
        if let Some(found) = self.of_country(core.clone(), head) {
            return found;
        }
        if !definite {
            return Speakers::default();
        }
        if doc.reads_any(head, &["statement", "communique", "communiqué", "declaration", "document"]) {
            // A joint text speaks for those who speak together in the article; a lone one stays open.
            return self.joint(Some((core, Form::Nominal, "joint-text")));
        }
        if let Some((role, at)) = last_role(doc, core.start..core.end, self.tables).filter(|(role, _)| !role.plural) {
            let found = self.by_role(core.clone(), role.class, at, incumbent.is_some());
            if !found.actors.is_empty() || role.class != RoleClass::Other {
                return found;
            }
        }
        let Some(kinds) = kinds_of(doc.str(head)) else { return Speakers::default() };
        if !doc.reads_any(core.start, &["the", "this"]) || core.len() > 3 {
            return Speakers::default();
        }
        one(self.latest_body(core.start, |kind| kinds.contains(&kind)), 0.6, Some((core, Form::Nominal, "nominal")))
    }

    /// The office that the phrase is, if it is one: `the US president`.
    fn incumbent(&self, core: Range<usize>) -> Option<&Incumbent> {
        let from = self.incumbents.partition_point(|one| one.tokens.start < core.start);
        let one = self.incumbents.get(from).filter(|one| one.tokens.end <= core.end)?;
        let led = (core.start..one.tokens.start).len() <= 2;
        let ends = one.tokens.end == core.end || self.doc.tokens[one.tokens.end].any(class::PREPOSITION);
        (led && ends).then_some(one)
    }

    /// `the Chinese side`, `the Russian government`, `a spokesman for the Pentagon`, `a White House spokeswoman`.
    fn of_country(&self, core: Range<usize>, head: usize) -> Option<Speakers> {
        let doc = self.doc;
        let inside = self.names.within(core.clone()).find(|name| self.kind(name.actor) != ActorKind::Person)?;
        let actor = self.cast.get(inside.actor);
        let word = doc.str(head).to_ascii_lowercase();
        let mention = Some((core.clone(), Form::Nominal, "of-country"));
        if matches!(
            word.as_str(),
            "side" | "delegation" | "authorities" | "government" | "administration" | "leadership"
        ) && actor.actor.kind == ActorKind::State
        {
            return Some(Speakers { actors: vec![inside.actor], confidence: 0.8, mention });
        }
        let (role, _) = last_role(doc, core.clone(), self.tables)?;
        let body = actor.actor.kind.is_organisation() && role.class == RoleClass::Spokes;
        body.then(|| Speakers { actors: vec![inside.actor], confidence: 0.7, mention })
    }

    /// The person whom the article gave this role: by its words, then by its class; with the same country.
    ///
    /// An office of the tables whose holder cannot be told (`exact`) is not filled by whoever has another one.
    fn by_role(&self, core: Range<usize>, class: RoleClass, at: Range<usize>, exact: bool) -> Speakers {
        let country = country(self.names, self.cast, core.clone());
        let keys: Vec<u64> = self.doc.tokens[at].iter().map(|token| token.key).collect();
        let of = |office: &&Office| office.country.clone().or(self.cast.get(office.actor).actor.country.clone());
        let fits = |office: &&Office| country.is_none() || of(office).is_none() || country == of(office);
        let same_words: Vec<u32> = self
            .offices
            .iter()
            .filter(fits)
            .filter(|o| o.keys == keys || o.keys.ends_with(&keys) || keys.ends_with(&o.keys))
            .map(|o| o.actor)
            .collect();
        let same_class: Vec<u32> = self
            .offices
            .iter()
            // Another word for the office is evidence only where the country is told of both.
            .filter(|o| !exact && (country == of(o) || country.is_none()))
            .filter(|o| o.class == class || is_office(o.class) && is_office(class) && country.is_some())
            .map(|o| o.actor)
            .collect();
        let mention = Some((core.clone(), Form::Title, "role-again"));
        for (list, confidence) in [(same_words, 0.85), (same_class, 0.7)] {
            if let Some(actor) = self.only(&list, core.start) {
                return one(Some(actor), confidence, mention);
            }
        }
        Speakers::default()
    }

    /// The only actor of the list, or the one among them who spoke last.
    fn only(&self, list: &[u32], at: usize) -> Option<u32> {
        let first = *list.first()?;
        if list.iter().all(|&actor| actor == first) {
            return Some(first);
        }
        let spoken =
            self.last.iter().rev().take(3).flat_map(|(_, actors)| actors).copied().find(|actor| list.contains(actor));
        spoken.or_else(|| {
            let before = self.names.list.partition_point(|name| name.tokens.start < at);
            self.names.list[..before].iter().rev().take(4).map(|name| name.actor).find(|actor| list.contains(actor))
        })
    }
}

/// The kinds of body that a common noun stands for.
fn kinds_of(noun: &str) -> Option<&'static [ActorKind]> {
    match noun.to_ascii_lowercase().as_str() {
        "alliance" | "bloc" | "organisation" | "organization" | "union" | "body" => Some(&[ActorKind::Igo]),
        "ministry" | "department" | "agency" | "bureau" | "service" | "commission" => Some(&[ActorKind::Ministry]),
        "government" | "administration" | "parliament" => Some(&[ActorKind::Government]),
        "company" | "firm" | "bank" | "manufacturer" | "carmaker" | "airline" => Some(&[ActorKind::Company]),
        "party" => Some(&[ActorKind::Party]),
        "group" | "militia" | "movement" => Some(&[ActorKind::ArmedGroup, ActorKind::Ngo, ActorKind::Party]),
        "court" | "tribunal" => Some(&[ActorKind::Court]),
        "newspaper" | "paper" | "daily" | "magazine" | "broadcaster" | "network" | "station" => {
            Some(&[ActorKind::Media])
        }
        "country" | "nation" | "kingdom" => Some(&[ActorKind::State]),
        "charity" | "organisations" | "think-tank" | "watchdog" => Some(&[ActorKind::Ngo]),
        _ => None,
    }
}

fn is_office(class: RoleClass) -> bool {
    matches!(class, RoleClass::Head | RoleClass::Minister | RoleClass::Official | RoleClass::Spokes)
}

fn one(actor: Option<u32>, confidence: f32, mention: Option<(Range<usize>, Form, &'static str)>) -> Speakers {
    match actor {
        Some(actor) => Speakers { actors: vec![actor], confidence, mention },
        None => Speakers::default(),
    }
}
