//! Decides what a name with several meanings means here, by evidence and never by a list of forbidden words.
//!
//! Evidence is what the article says without ambiguity (Tbilisi speaks for the state, Atlanta for the place), then the
//! words around the name: a capital after `in` is a place, one before a verb acts for its government.

use rustc_hash::FxHashMap;

use crate::extract::doc::Doc;
use crate::extract::lexicon::Sense;
use crate::extract::tables::Tables;
use crate::extract::token::shape;
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

/// How often each country and actor is named without ambiguity.
#[derive(Debug, Default)]
pub struct Evidence<'t> {
    countries: FxHashMap<&'t str, u32>,
    actors: FxHashMap<u32, u32>,
}

impl<'t> Evidence<'t> {
    /// Counts what the spots say without ambiguity.
    pub fn gather(spots: &[Spot<'t>], tables: &'t Tables) -> Self {
        let mut evidence = Self::default();
        for spot in spots {
            let mut countries = spot.senses.iter().map(|s| tables.lexicon.actors[s.actor as usize].country.as_deref());
            let first = countries.next().flatten();
            let Some(country) =
                first.filter(|_| !spot.senses.iter().any(|sense| sense.doubtful || is_weak(sense, tables)))
            else {
                continue;
            };
            if countries.all(|other| other == first) {
                *evidence.countries.entry(country).or_default() += 1;
            }
            if let [sense] = spot.senses.as_slice() {
                *evidence.actors.entry(sense.actor).or_default() += 1;
            }
        }
        evidence
    }

    fn of(&self, sense: &Sense, tables: &Tables) -> u32 {
        let country = tables.lexicon.actors[sense.actor as usize].country.as_deref();
        let named = country.and_then(|code| self.countries.get(code)).copied().unwrap_or(0);
        named + 2 * self.actors.get(&sense.actor).copied().unwrap_or(0)
    }
}

/// Letters that stand for a party or a company stand for many other things too: they need evidence.
fn is_weak(sense: &Sense, tables: &Tables) -> bool {
    let known = &tables.lexicon.actors[sense.actor as usize];
    sense.form == Form::Acronym
        && matches!(known.kind, ActorKind::Party | ActorKind::Company)
        && known.country.is_some()
}

/// What the spot means here, with a confidence; `None` when it is more likely no name at all.
pub fn choose<'t>(doc: &Doc, spot: &Spot<'t>, evidence: &Evidence, tables: &'t Tables) -> Option<(&'t Sense, f32)> {
    let kind = |sense: &Sense| tables.lexicon.actors[sense.actor as usize].kind;
    let firm: Vec<&&Sense> = spot
        .senses
        .iter()
        .filter(|sense| !(sense.doubtful || is_weak(sense, tables)) || evidence.of(sense, tables) > 0)
        .collect();
    let best = match firm.as_slice() {
        [] => short_form(doc, spot, tables)?,
        [only] => **only,
        several => {
            let mut best = *several[0];
            for sense in &several[1..] {
                // Strictly more evidence than the dominant sense, which stands first.
                let rival = evidence.of(sense, tables);
                if rival > evidence.of(best, tables) && !same_country(best, sense, tables) {
                    best = sense;
                }
            }
            best
        }
    };
    let best = if best.form == Form::Metonym && is_location(doc, spot) {
        let place = spot.senses.iter().find(|s| kind(s) == ActorKind::Place && same_country(best, s, tables));
        place.copied().unwrap_or(best)
    } else if kind(best) == ActorKind::Place && !is_location(doc, spot) {
        let seat = spot.senses.iter().find(|s| s.form == Form::Metonym && !s.doubtful && same_country(best, s, tables));
        seat.copied().unwrap_or(best)
    } else {
        best
    };
    let confidence = if firm.len() == 1 { 0.95 } else { 0.8 };
    Some((best, if best.doubtful { 0.6 } else { confidence }))
}

/// `Dayton, Ohio` and `Erie, Pa.`: a doubtful region or place right behind a comma and a capital.
fn short_form<'t>(doc: &Doc, spot: &Spot<'t>, tables: &Tables) -> Option<&'t Sense> {
    let at = spot.from;
    let behind =
        at >= 2 && doc.str(at - 1) == "," && doc.tokens[at - 2].is_capital() && doc.tokens[at].is(shape::DOTTED);
    let region = |sense: &&&Sense| tables.lexicon.actors[sense.actor as usize].kind == ActorKind::Region;
    spot.senses.iter().find(region).copied().filter(|_| behind)
}

fn same_country(a: &Sense, b: &Sense, tables: &Tables) -> bool {
    tables.lexicon.actors[a.actor as usize].country == tables.lexicon.actors[b.actor as usize].country
}

/// Whether a capital is meant as a place on the map.
pub fn is_location(doc: &Doc, spot: &Spot) -> bool {
    let sentence = doc.sentence(spot.from);
    let before = (spot.from > sentence.start).then(|| spot.from - 1);
    let next = doc.str(spot.to);
    if before.is_some_and(|at| {
        doc.reads_any(
            at,
            &[
                "in", "at", "near", "outside", "inside", "around", "across", "through", "from", "via", "central",
                "downtown", "capital", "city", "into", "leaving", "visiting", "visited",
            ],
        )
    }) {
        return true;
    }
    if before.is_some_and(|at| doc.reads(at, "to")) && spot.from >= 2 {
        return doc.reads_any(
            spot.from - 2,
            &[
                "travel",
                "traveled",
                "travelled",
                "flew",
                "fly",
                "flight",
                "trip",
                "visit",
                "went",
                "go",
                "came",
                "come",
                "returned",
                "return",
                "drove",
                "moved",
                "returning",
                "flying",
                "arrived",
                "headed",
            ],
        );
    }
    // `Tokyo, Japan`, and the dateline before a dash or a bracket.
    let paragraph = doc.paragraph(spot.from).tokens.start;
    let dateline = spot.from <= paragraph + 3
        && (matches!(next, "(" | "—" | "--" | "–" | "-")
            || doc.tokens.get(spot.from).is_some_and(|t| t.is(shape::UPPER)));
    dateline
        || (next == ","
            && doc.tokens.get(spot.to + 1).is_some_and(|t| t.is_capital() && t.any(class::NAME_START | class::TIME)))
        || before.is_some_and(|at| {
            doc.str(at) == "," && at > 0 && doc.tokens[at - 1].any(class::NAME_START) && doc.tokens[at - 1].is_capital()
        })
}
