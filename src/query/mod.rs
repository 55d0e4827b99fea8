//! The query language: text in, a small tree out, and the tree prints itself back as canonical text.
//!
//! The room knows words, fields and periods; it does not know an index, an engine or the clock (`today` is an
//! argument). `parse(query.to_string()) == query` holds for every tree that `parse` yields.

use crate::date::Period;
use crate::field::Field;

/// A question, ready for an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The tree.
    pub root: Node,
}

/// One node of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every article: what an empty question or a question of exclusions alone starts from.
    All,
    /// One word.
    Word(Word),
    /// Words in a row.
    Phrase(Phrase),
    /// All of these; at least two, none of them an `And`.
    And(Vec<Node>),
    /// Any of these; at least two, none of them an `Or`.
    Or(Vec<Node>),
    /// None of this; never directly around another `Not`.
    Not(Box<Node>),
    /// The words below are looked up in this field; never directly around another `In`, `Period` or `Has`.
    In(Field, Box<Node>),
    /// The date in this field ([`Field::Date`] or [`Field::Ingested`]) lies in the period.
    Period(Field, Period),
    /// The article has one of [`crate::field::HAS`].
    Has(&'static str),
}

/// One word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as typed, without its operators; for patterns with `*` and `?` in it.
    pub text: String,
    /// How it is to be matched.
    pub form: Form,
}

/// How a word is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In any inflection, accents and case aside.
    Plain,
    /// Exactly as typed: case, accents and ending (`=Turkey`).
    Exact,
    /// With `*` for any letters and `?` for one (`Kritenb*`, `wom?n`).
    Pattern,
    /// With up to this many letters wrong, 1 or 2 (`Kritenbrink~1`).
    Fuzzy(u8),
}

/// Words in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words as typed between the quotation marks.
    pub text: String,
    /// How many positions the words may be moved in all (`"a b"~5`); 0 for exactly in a row.
    pub slop: u32,
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.root)
    }
}
