//! Decides what a name with several meanings means here, by evidence and never by a list of forbidden words.
//!
//! Evidence is what the article says without ambiguity (Tbilisi speaks for the state, Atlanta for the place), then the
//! words around the name: a capital after `in` is a place, one before a verb acts for its government.

use crate::extract::doc::Doc;
use crate::extract::evidence::{Evidence, is_code, is_short_form, is_weak};
use crate::extract::lexicon::{Known, Sense};
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

/// What a name means here.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'t> {
    /// The likeliest meaning.
    pub sense: &'t Sense,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Another meaning that nothing in the article speaks against.
    pub other: Option<&'t Sense>,
}

/// What the spot means here; `None` when it is more likely no name at all.
pub fn choose<'t>(doc: &Doc, spot: &Spot<'t>, evidence: &Evidence, tables: &'t Tables) -> Option<Choice<'t>> {
    if is_code(doc, spot) || is_common(doc, spot) || is_person(doc, spot, evidence, tables) {
        return None;
    }
    let firm: Vec<&'t Sense> =
        spot.senses.iter().copied().filter(|sense| is_firm(doc, spot, sense, evidence, tables)).collect();
    let (best, other) = match firm.as_slice() {
        [] => (short_form(doc, spot, tables)?, None),
        [only] => (*only, None),
        several => strongest(several, evidence, tables),
    };
    let best = seat_or_place(doc, spot, best, tables);
    let confidence = match (firm.len(), other) {
        _ if best.doubtful => 0.6,
        (_, Some(_)) => 0.6,
        (0 | 1, None) => 0.95,
        _ => 0.8,
    };
    Some(Choice { sense: best, confidence, other })
}

/// Whether a sense counts here: it is not doubtful, or the article speaks for it, or a city stands where places stand.
fn is_firm(doc: &Doc, spot: &Spot, sense: &Sense, evidence: &Evidence, tables: &Tables) -> bool {
    let known = &tables.lexicon.actors[sense.actor as usize];
    if !sense.doubtful && !is_weak(sense, tables) || evidence.of(sense, tables) > 0 {
        return true;
    }
    if sense.form == Form::Acronym {
        return sense.doubtful && speaks(doc, spot);
    }
    known.kind == ActorKind::Place && (spot.from > 0 && doc.reads(spot.from - 1, "in") || is_dateline(doc, spot))
}

/// `IS claimed`: letters in capitals that head a sentence or follow `the`, before a verb of saying.
fn speaks(doc: &Doc, spot: &Spot) -> bool {
    let heads = doc.tokens[spot.from].is(shape::FIRST) || doc.reads(spot.from - 1, "the");
    let says = doc.tokens.get(spot.to).is_some_and(|next| next.is_lower() && next.any(class::CUE_START));
    heads && says && !doc.paragraph(spot.from).upper
}

/// The sense with most evidence, the dominant one, which stands first, when in doubt; then the other is kept too.
fn strongest<'t>(several: &[&'t Sense], evidence: &Evidence, tables: &Tables) -> (&'t Sense, Option<&'t Sense>) {
    let mut best = several[0];
    let mut most = evidence.against(best, several, tables);
    let mut other = None;
    for sense in &several[1..] {
        if same_country(best, sense, tables) {
            continue;
        }
        let rival = evidence.against(sense, several, tables);
        if rival > most {
            (best, most, other) = (sense, rival, None);
        } else if rival == most && other.is_none() {
            other = Some(*sense);
        }
    }
    (best, other)
}

/// A capital acts for its government, or is a place on the map.
fn seat_or_place<'t>(doc: &Doc, spot: &Spot<'t>, best: &'t Sense, tables: &'t Tables) -> &'t Sense {
    let kind = |sense: &Sense| tables.lexicon.actors[sense.actor as usize].kind;
    if best.form == Form::Metonym && is_location(doc, spot) {
        let place = spot.senses.iter().find(|s| kind(s) == ActorKind::Place && same_country(best, s, tables));
        place.copied().unwrap_or(best)
    } else if kind(best) == ActorKind::Place && !is_location(doc, spot) {
        let seat = spot.senses.iter().find(|s| s.form == Form::Metonym && !s.doubtful && same_country(best, s, tables));
        seat.copied().unwrap_or(best)
    } else {
        best
    }
}

/// `Erie, Pa.`: a doubtful region right behind a comma and a capital.
fn short_form<'t>(doc: &Doc, spot: &Spot<'t>, tables: &Tables) -> Option<&'t Sense> {
    let region = |sense: &&&Sense| tables.lexicon.actors[sense.actor as usize].kind == ActorKind::Region;
    spot.senses.iter().find(region).copied().filter(|_| is_short_form(doc, spot))
}

fn same_country(a: &Sense, b: &Sense, tables: &Tables) -> bool {
    let country = |sense: &Sense| tables.lexicon.actors[sense.actor as usize].country.as_deref();
    country(a).is_some() && country(a) == country(b)
}

/// Words that make a country's name a thing of the kitchen or the house: `Turkey sandwiches`, `Guinea pigs`.
const THINGS: &[(&str, &[&str])] = &[
    ("turkey", &["sandwich", "sandwiches", "breast", "meat", "dinner", "dinners", "soup", "leg", "legs", "burger", "burgers", "bacon", "farm", "farms", "shoot", "stuffing"]),
    ("china", &["plate", "plates", "cup", "cups", "cabinet", "shop", "doll", "dolls", "tea", "clay", "vase"]),
    ("guinea", &["pig", "pigs", "fowl", "fowls", "hen", "hens", "worm"]),
    ("chile", &["pepper", "peppers", "sauce", "powder", "con"]),
    ("jersey", &["cow", "cows", "number", "numbers", "barrier", "barriers"]),
    ("brazil", &["nut", "nuts"]),
    ("bermuda", &["shorts", "grass", "onion", "onions"]),
    ("panama", &["hat", "hats"]),
    ("swiss", &["cheese", "roll", "chard"]),
    ("french", &["fries", "toast", "horn", "window", "windows", "fry"]),
    ("danish", &["pastry", "pastries"]),
    ("german", &["shepherd", "shepherds", "measles"]),
    ("brussels", &["sprout", "sprouts"]),
];

/// Whether the word is no name here: a thing, or a verb at the head of a sentence (`Polish the silver`).
fn is_common(doc: &Doc, spot: &Spot) -> bool {
    if spot.to - spot.from != 1 {
        return false;
    }
    let token = &doc.tokens[spot.from];
    let next = doc.tokens.get(spot.to).filter(|next| next.is(shape::SPACED));
    if next.is_some_and(|next| next.is_lower() || doc.paragraph(spot.from).upper)
        && THINGS.iter().any(|(name, things)| doc.reads(spot.from, name) && doc.reads_any(spot.to, things))
    {
        return true;
    }
    doc.reads(spot.from, "polish")
        && token.is(shape::FIRST)
        && next.is_some_and(|next| next.is_lower() && next.any(class::DETERMINER))
}

/// Whether the word names a person of the article: it does so elsewhere, and nothing else speaks for the country.
fn is_person(doc: &Doc, spot: &Spot, evidence: &Evidence, tables: &Tables) -> bool {
    let geographic = |sense: &&Sense| {
        let kind = tables.lexicon.actors[sense.actor as usize].kind;
        matches!(kind, ActorKind::State | ActorKind::Region | ActorKind::Place | ActorKind::Government)
    };
    evidence.is_personal(doc, spot)
        && spot.senses.iter().all(|sense| geographic(sense) && evidence.of(sense, tables) == 0)
        && !is_location(doc, spot)
        && !(spot.from > 0 && doc.tokens[spot.from - 1].any(class::DETERMINER))
}

/// `San Jose, Calif.`: the region behind the comma, when it lies in another country than every place of this name.
pub fn region_behind<'t>(doc: &Doc, spot: &Spot<'t>, behind: &Spot<'t>, tables: &'t Tables) -> Option<&'t Known> {
    let known = |sense: &Sense| &tables.lexicon.actors[sense.actor as usize];
    let region = behind.senses.iter().map(|sense| known(sense)).find(|known| known.kind == ActorKind::Region)?;
    let country = region.country.as_deref()?;
    let closed = doc.tokens[behind.from].is(shape::DOTTED)
        || matches!(doc.str(behind.to), "," | "." | ";" | ")" | "-" | "--" | "–" | "—" | "(" | "");
    let town = |sense: &Sense| {
        matches!(known(sense).kind, ActorKind::Place | ActorKind::Government | ActorKind::State)
            && sense.form != Form::Demonym
            && sense.form != Form::Acronym
    };
    let elsewhere = |sense: &&Sense| known(sense).country.as_deref() != Some(country);
    let fits = spot.senses.iter().all(|sense| elsewhere(sense) && town(sense));
    (closed && fits).then_some(region)
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
    // `Tokyo, Japan`.
    is_dateline(doc, spot)
        || (next == ","
            && doc.tokens.get(spot.to + 1).is_some_and(|t| t.is_capital() && t.any(class::NAME_START | class::TIME)))
        || before.is_some_and(|at| {
            doc.str(at) == "," && at > 0 && doc.tokens[at - 1].any(class::NAME_START) && doc.tokens[at - 1].is_capital()
        })
}

/// Whether the name opens a paragraph as the place of the report: before a dash or a bracket, or in capitals.
pub fn is_dateline(doc: &Doc, spot: &Spot) -> bool {
    let paragraph = doc.paragraph(spot.from);
    let opens = spot.from <= paragraph.tokens.start + 3 && !paragraph.upper;
    opens
        && (matches!(doc.str(spot.to), "(" | "—" | "--" | "–" | "-")
            || doc.tokens.get(spot.from).is_some_and(|t| t.is(shape::UPPER)))
}
