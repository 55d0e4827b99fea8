//! Finds ministries and agencies in a text: behind a country, before one, and alone.
//!
//! It works on the names that are already found: a country is widened by the words behind it, and an organisation
//! found by its shape gets its stable id.

use rustc_hash::FxHashMap;

use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::name::{Name, Names};
use crate::extract::tables::Tables;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

/// How far back a ministry that stands alone looks for its like, in names.
const REACH: usize = 200;

/// Gives every ministry of the text its id.
pub fn settle(doc: &Doc, names: &mut Names, cast: &mut Cast, tables: &Tables) {
    let mut settler = Settler { doc, tables, cast, added: Vec::new() };
    for at in 0..names.list.len() {
        settler.placed(names, at);
    }
    settler.bare(names);
    let added = settler.added;
    if !added.is_empty() {
        rebuild(doc, names, added);
    }
}

struct Settler<'a> {
    doc: &'a Doc<'a>,
    tables: &'a Tables,
    cast: &'a mut Cast,
    added: Vec<Name>,
}

impl Settler<'_> {
    /// `Norway's foreign ministry`, `Norwegian Foreign Ministry`, `Ministry of Finance of Norway`.
    fn placed(&mut self, names: &mut Names, number: usize) {
        let doc = self.doc;
        let name = &names.list[number];
        let actor = &self.cast.get(name.actor).actor;
        let tokens = name.tokens.clone();
        if actor.kind == ActorKind::State {
            let Some(country) = actor.country.clone() else { return };
            let owned = doc.tokens.get(tokens.end).is_some_and(|token| token.is(shape::POSSESSIVE));
            let at = tokens.end + usize::from(owned);
            let together = doc.tokens.get(at).is_some_and(|token| token.is(shape::SPACED));
            let pattern = if together { pattern_at(doc, self.tables, at) } else { None };
            let Some((end, sort)) = pattern else { return };
            if names.at[at..end].iter().any(|&other| other != 0 && other as usize <= number) {
                return;
            }
            let actor = self.ministry(sort, Some(&country));
            self.added.push(found(tokens.start..end, actor));
            return;
        }
        if !matches!(name.rule, "org-country" | "org-last" | "org-first" | "org-of") || tokens.len() < 2 {
            return;
        }
        let inside = (tokens.start..tokens.end).find_map(|at| {
            let (end, sort) = pattern_at(doc, self.tables, at).filter(|(end, _)| *end <= tokens.end)?;
            let before = at == tokens.start || at == tokens.start + 1 && doc.tokens[tokens.start].is(shape::POSSESSIVE);
            let led = actor.country.is_some() && end == tokens.end;
            let followed = before && doc.reads(end, "of");
            ((before && end == tokens.end) || led || followed).then_some((at, end, sort))
        });
        let Some((at, end, sort)) = inside else { return };
        let country = actor.country.clone();
        if country.is_none() || at > tokens.start && end < tokens.end {
            return;
        }
        let made = self.ministry(sort, country.as_deref());
        names.list[number].actor = made;
        names.list[number].rule = "ministry";
    }

    /// `the foreign ministry`, `Ministry of Defence`: of the country that the article is about.
    fn bare(&mut self, names: &mut Names) {
        let doc = self.doc;
        let mut main: Option<Option<String>> = None;
        for number in 0..names.list.len() {
            let name = &names.list[number];
            if !matches!(name.rule, "org-last" | "org-first") || self.cast.get(name.actor).actor.country.is_some() {
                continue;
            }
            let tokens = name.tokens.clone();
            let Some((end, sort)) = pattern_at(doc, self.tables, tokens.start) else { continue };
            if end != tokens.end || !self.tables.ministries.list[sort as usize].bare {
                continue;
            }
            let country = self.country_for(names, sort, tokens.start, &mut main);
            let made = self.ministry(sort, country.as_deref());
            names.list[number].actor = made;
            names.list[number].rule = "ministry";
        }
        for at in 1..doc.tokens.len() {
            if !doc.tokens[at - 1].any(class::DETERMINER)
                || !doc.reads(at - 1, "the")
                || names.at[at] != 0
                || !doc.tokens[at].is_lower()
            {
                continue;
            }
            let Some((end, sort)) = pattern_at(doc, self.tables, at) else { continue };
            let free = names.at[at..end].iter().all(|&other| other == 0);
            let closed = !doc.reads_any(end, &["of", "for", "in"]);
            if !free || !closed || !self.tables.ministries.list[sort as usize].bare {
                continue;
            }
            // In small letters a ministry of nobody is a common noun.
            if let Some(country) = self.country_for(names, sort, at, &mut main) {
                let actor = self.ministry(sort, Some(&country));
                let name = Name { form: Form::Nominal, confidence: 0.6, ..found(at..end, actor) };
                self.added.push(name);
            }
        }
    }

    /// The country of a ministry that stands alone: of the same ministry before it, else the one the article is about.
    fn country_for(&self, names: &Names, sort: u16, at: usize, main: &mut Option<Option<String>>) -> Option<String> {
        let before = names.list.partition_point(|name| name.tokens.start < at);
        // A bounded look back keeps hostile texts linear.
        let added = self.added.iter().rev().take(REACH).map(|name| name.actor);
        let same = names.list[..before].iter().rev().take(REACH).map(|name| name.actor).chain(added);
        let same: Vec<&str> = same
            .filter(|&actor| self.sort_of(actor) == Some(sort))
            .filter_map(|actor| self.cast.get(actor).actor.country.as_deref())
            .collect();
        if let Some(first) = same.first() {
            // Two countries' ministries of one sort: nobody can tell.
            return same.iter().all(|other| other == first).then(|| (*first).to_owned());
        }
        if let Some(main) = main.get_or_insert_with(|| main_country(names, self.cast)) {
            return Some(main.clone());
        }
        let sentence = self.doc.sentence(at).start..at;
        let mut named = names.within(sentence).map(|name| &self.cast.get(name.actor).actor);
        let state =
            named.find(|actor| matches!(actor.kind, ActorKind::State | ActorKind::Government | ActorKind::Place));
        state.and_then(|actor| actor.country.clone())
    }

    fn sort_of(&self, actor: u32) -> Option<u16> {
        let draft = self.cast.get(actor);
        self.tables.lexicon.find(&draft.actor.id).and_then(|known| self.tables.ministries.sort_of(known)).or(draft.sort)
    }

    fn ministry(&mut self, sort: u16, country: Option<&str>) -> u32 {
        if let Some(known) = country.and_then(|country| self.tables.ministries.known(sort, country)) {
            return self.cast.add_known(known, self.tables);
        }
        let ministry = &self.tables.ministries.list[sort as usize];
        let state = country.and_then(|code| self.tables.lexicon.find(&format!("state:{code}")));
        let state = state.map(|number| self.tables.lexicon.actors[number as usize].name.as_str());
        self.cast.add_ministry(ministry, sort, country, state)
    }
}

fn found(tokens: std::ops::Range<usize>, actor: u32) -> Name {
    Name { tokens, actor, form: Form::Name, confidence: 0.85, rule: "ministry", person: false }
}

/// The country that most names speak for, when it is named twice as often as any other.
fn main_country(names: &Names, cast: &Cast) -> Option<String> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for name in &names.list {
        let actor = &cast.get(name.actor).actor;
        if let Some(country) = actor.country.as_deref().filter(|_| actor.kind != ActorKind::Company) {
            *counts.entry(country).or_default() += 1;
        }
    }
    let mut list: Vec<(&str, u32)> = counts.into_iter().collect();
    list.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let second = list.get(1).map_or(0, |(_, count)| *count);
    list.first().filter(|(_, count)| *count >= 2 * second).map(|(code, _)| (*code).to_owned())
}

/// Puts the new names in, in place of the shorter ones that they hold.
fn rebuild(doc: &Doc, names: &mut Names, added: Vec<Name>) {
    names.list.extend(added);
    names.list.sort_by_key(|name| (name.tokens.start, std::cmp::Reverse(name.tokens.end)));
    let mut end = 0;
    names.list.retain(|name| {
        let free = name.tokens.start >= end;
        end = end.max(name.tokens.end);
        free
    });
    names.at = vec![0; doc.tokens.len()];
    for (number, name) in names.list.iter().enumerate() {
        names.at[name.tokens.clone()].fill(number as u32 + 1);
    }
}

/// The pattern that begins at `at`: its end and its sort.
fn pattern_at(doc: &Doc, tables: &Tables, at: usize) -> Option<(usize, u16)> {
    let end = doc.sentence(at).end;
    let words = doc.tokens.get(at..end)?.iter().map(|token| token.word);
    let (length, sorts) = tables.ministries.patterns.longest(words)?;
    let end = at + length;
    (!is_attribute(doc, end)).then_some((end, sorts[0]))
}

/// `the military build-up`, `army-backed`, `Police Academy`: the words before `end` go with what follows, not with the country.
fn is_attribute(doc: &Doc, end: usize) -> bool {
    let Some(next) = doc.tokens.get(end) else { return false };
    let one_sentence = doc.tokens[end - 1].sentence == next.sentence;
    if !next.is(shape::SPACED) {
        return doc.str(end) == "-";
    }
    if doc.reads(end - 1, "military") {
        let acts = class::VERB | class::ADVERB | class::CUE_START | class::ROLE_START | class::TIME;
        let verb = next.any(acts) || doc.str(end).ends_with("ed");
        return one_sentence && next.is_lower() && !is_function(next) && !verb;
    }
    one_sentence && next.is_capital() && next.any(class::ORG_LAST)
}
