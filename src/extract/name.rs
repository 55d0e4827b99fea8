//! Finds the names of an article: by the tables first, then by their shape.
//!
//! A run of capitals that no table knows is a person when a title, a role or a given name stands before it, and an
//! organisation when its last or first words say so. In headlines and in upper-case texts shape tells nothing, so only
//! the tables speak there, and names that the rest of the article has established.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::evidence::Spot;
use crate::extract::lexicon::{Gender, Sense};
use crate::extract::tables::Tables;
use crate::extract::token::{Token, is_function};
use crate::extract::vocabulary::class;
use crate::facts::Form;

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
    /// Whether it names a person.
    pub person: bool,
}

/// All names of an article, in order, none overlapping.
#[derive(Debug, Default)]
pub struct Names {
    /// The names.
    pub list: Vec<Name>,
    /// For every token the number of the name it lies in, counted from 1; 0 outside.
    pub at: Vec<u32>,
    /// Second meanings of names in `list` that nothing in the article decides, in order.
    pub alternatives: Vec<Name>,
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
pub(super) struct Person {
    pub(super) tokens: Range<usize>,
    pub(super) gender: Option<Gender>,
    pub(super) family_first: bool,
    pub(super) rule: &'static str,
    pub(super) confidence: f32,
}

impl Person {
    /// A person that one of our rules found.
    pub(super) fn new(tokens: Range<usize>, gender: Option<Gender>, family_first: bool, rule: &'static str) -> Self {
        let confidence = match rule {
            "title" | "given" => 0.9,
            "role" | "family" => 0.8,
            _ => 0.6,
        };
        Self { tokens, gender, family_first, rule, confidence }
    }
}

/// Every phrase of the tables, longest first from the left.
pub(super) fn spots<'t>(doc: &Doc, tables: &'t Tables) -> Vec<Spot<'t>> {
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

/// The longest phrase of the tables that begins here, with the senses that fit how it is written.
pub(super) fn spot_at<'t>(doc: &Doc, at: usize, end: usize, free: bool, tables: &'t Tables) -> Option<Spot<'t>> {
    let words = doc.tokens[at..end].iter().map(|token| token.word);
    let mut best: Option<(usize, &'t [Sense])> = None;
    // `THE US`: in capitals the article tells the letters from the pronoun.
    let free = free && !(at > 0 && doc.reads(at - 1, "the"));
    tables.lexicon.names.each(words, |length, senses| {
        let tokens = &doc.tokens[at..at + length];
        let attribute = length > 1 && is_attribute(doc, at + length - 1);
        if !attribute && senses.iter().any(|sense| sense.fits(tokens, free)) {
            best = Some((length, senses));
        }
    });
    best.map(|(length, senses)| {
        let tokens = &doc.tokens[at..at + length];
        let senses = senses.iter().filter(|sense| sense.fits(tokens, free)).collect();
        Spot { from: at, to: at + length, senses }
    })
}

/// `the country's military build-up`: the last word goes with the noun behind it, not with the name before.
pub(super) fn is_attribute(doc: &Doc, last: usize) -> bool {
    let next = doc.tokens.get(last + 1);
    let noun = |token: &Token| {
        token.is_lower()
            && !is_function(token)
            && !token.any(class::VERB | class::ADVERB | class::CUE_START | class::ROLE_START | class::TIME)
    };
    doc.reads(last, "military") && next.is_some_and(noun)
}
