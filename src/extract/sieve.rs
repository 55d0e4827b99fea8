//! What the sieve carries from rule to rule: who owns which words, which cues are used, and what was said so far.

use std::ops::Range;

use crate::extract::phrase::Phrase;
use crate::extract::view::View;
use crate::facts::QuoteKind;

/// Something said, in tokens.
#[derive(Debug, Clone)]
pub struct Said {
    /// The words.
    pub parts: Vec<Range<usize>>,
    /// How they are rendered.
    pub kind: QuoteKind,
    /// The cue.
    pub cue: Option<Range<usize>>,
    /// Who says it.
    pub source: Option<Phrase>,
    /// Who is told.
    pub addressee: Option<Range<usize>>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Which rule.
    pub rule: &'static str,
}

/// The state of the sieve.
pub(super) struct Sieve<'a> {
    pub(super) view: View<'a>,
    /// For every marked stretch the number of what was said in it.
    pub(super) owner: Vec<Option<usize>>,
    pub(super) used: Vec<bool>,
    pub(super) sources: Vec<Option<Phrase>>,
    pub(super) said: Vec<Said>,
    /// Whose turn it is in a transcript.
    pub(super) labelled: Option<Phrase>,
}

impl Sieve<'_> {
    /// Keeps something said; the marked stretches in it are its own unless they are taken.
    pub(super) fn push(&mut self, said: Said, marked: Range<usize>) {
        let number = self.said.len();
        for owner in &mut self.owner[marked] {
            owner.get_or_insert(number);
        }
        self.said.push(said);
    }
}
