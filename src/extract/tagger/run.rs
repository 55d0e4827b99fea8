//! Which words the tagger looks at: runs of capitals, with the small words inside them.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::ActorKind;

/// Small words that may stand between two capitals of one run.
const LONGEST_GAP: usize = 3;

/// What the tables and rules made of some words.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The words.
    pub tokens: Range<usize>,
    /// As what.
    pub kind: ActorKind,
    /// By which rule.
    pub rule: &'static str,
    /// Whether the tables know whom it names.
    pub sure: bool,
    /// Whether it is a country's or a place's name, which may be part of another name.
    pub land: bool,
    /// Its place among the names, or among the persons behind them.
    pub number: usize,
}

/// All that the tables and rules made of an article.
#[derive(Debug, Default)]
pub struct Readings {
    /// In no order.
    pub list: Vec<Reading>,
    /// For every word the number of the reading it lies in, counted from 1; 0 outside.
    pub at: Vec<u32>,
}

impl Readings {
    /// Readings of an article of so many words.
    pub fn new(list: Vec<Reading>, words: usize) -> Self {
        let mut at = vec![0; words];
        for (number, reading) in list.iter().enumerate() {
            at[reading.tokens.clone()].fill(number as u32 + 1);
        }
        Self { list, at }
    }

    /// The reading of this word.
    pub fn over(&self, at: usize) -> Option<&Reading> {
        self.list.get((*self.at.get(at)? as usize).checked_sub(1)?)
    }
}

/// The runs of an article that the tables do not explain as a whole.
///
/// Where case tells nothing, in headlines and in texts in capitals, there are none.
pub fn runs(doc: &Doc, readings: &Readings) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for sentence in &doc.sentences {
        let paragraph = doc.paragraph(sentence.start);
        if paragraph.upper || paragraph.titled {
            continue;
        }
        let mut at = sentence.start;
        while at < sentence.end {
            if !doc.tokens[at].is_capital() {
                at += 1;
                continue;
            }
            let end = run_end(doc, at, sentence.end);
            if (at..end).any(|word| is_open(doc, readings, word)) {
                found.push(at..end);
            }
            at = end;
        }
    }
    found
}

/// Where the run ends that begins with the capital at `at`.
fn run_end(doc: &Doc, at: usize, stop: usize) -> usize {
    let mut end = at + 1;
    let mut next = end;
    while next < stop && next - end <= LONGEST_GAP {
        let token = &doc.tokens[next];
        next += 1;
        if token.is_capital() || token.is(shape::DIGIT) && !token.is(shape::SPACED) {
            end = next;
        } else if !joins(doc, next - 1) {
            break;
        }
    }
    end
}

/// Whether a name can go on behind this small word or mark.
fn joins(doc: &Doc, at: usize) -> bool {
    let token = &doc.tokens[at];
    if token.is_lower() {
        return token.any(class::PREPOSITION | class::DETERMINER | class::CONJUNCTION | class::PARTICLE);
    }
    token.is(shape::POSSESSIVE) || matches!(doc.str(at), "-" | "–" | "&" | "/" | "'" | "’" | ".")
}

/// Whether this is a capital that neither the tables nor its place in the sentence explain.
fn is_open(doc: &Doc, readings: &Readings, at: usize) -> bool {
    let token = &doc.tokens[at];
    let explained = readings.over(at).is_some_and(|reading| reading.sure)
        || is_function(token)
        || token.any(class::TIME)
        || token.is(shape::FIRST) && token.any(class::PLAIN);
    token.is_capital() && !explained
}
