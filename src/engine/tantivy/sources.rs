//! Where words are read from: one term of the word list, or a stretch of it.

use rustc_hash::FxHashMap;
use tantivy::postings::SegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use super::clause::{Clause, term};
use crate::analysis::{all_under, others_under};

/// One term, or all terms of a stretch of the word list: every form of a stem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// One term.
    One(Term),
    /// The terms of a field from one up to before another.
    All(Field, (String, String)),
}

impl Source {
    /// A word in one form.
    pub fn one(field: Field, token: &str) -> Self {
        Self::One(Term::from_field_text(field, token))
    }

    /// A word in every form, in a field where words are filed under their stems.
    pub fn forms(field: Field, stem: &str) -> Self {
        Self::All(field, all_under(stem))
    }

    /// Every way a word is written that is not its folded form.
    pub fn spellings(field: Field, folded: &str) -> Self {
        Self::All(field, others_under(folded))
    }

    /// The documents that have it, when it is one term.
    pub fn clause(&self) -> Option<Clause> {
        match self {
            Self::One(only) => Some(term(only.clone())),
            Self::All(..) => None,
        }
    }

    /// The most documents that one of its terms has: fewer never have any of them.
    pub fn most_of_a_term(&self, searcher: &Searcher) -> tantivy::Result<u64> {
        let (field, (from, to)) = match self {
            Self::One(term) => return searcher.doc_freq(term),
            Self::All(field, stretch) => (field, stretch),
        };
        let mut having: FxHashMap<Vec<u8>, u64> = FxHashMap::default();
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(*field)?;
            let mut stream = inverted.terms().range().ge(from).lt(to).into_stream()?;
            while stream.advance() {
                *having.entry(stream.key().to_vec()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
        Ok(having.into_values().max().unwrap_or(0))
    }

    /// What it has in one segment: a list for each term.
    pub fn open(&self, reader: &SegmentReader, option: IndexRecordOption) -> tantivy::Result<Vec<SegmentPostings>> {
        match self {
            Self::One(term) => {
                let inverted = reader.inverted_index(term.field())?;
                Ok(inverted.read_postings(term, option)?.into_iter().collect())
            }
            Self::All(field, (from, to)) => {
                let inverted = reader.inverted_index(*field)?;
                let mut found = Vec::new();
                let mut stream = inverted.terms().range().ge(from).lt(to).into_stream()?;
                while stream.advance() {
                    found.push(inverted.read_postings_from_terminfo(stream.value(), option)?);
                }
                Ok(found)
            }
        }
    }
}

/// What stands for one place of a pattern: words, any of which will do, and what its rarity is taken from.
#[derive(Debug, Clone)]
pub struct List {
    /// The words.
    pub sources: Vec<Source>,
    /// The commonest of these terms tells how rare the list is.
    pub ranks_as: Vec<Term>,
    /// How many documents are known to have one of its words; 0 where the terms tell.
    pub having: u64,
}

impl List {
    /// Words in their very form.
    pub fn of_terms(terms: Vec<Term>) -> Self {
        Self { sources: terms.iter().cloned().map(Source::One).collect(), ranks_as: terms, having: 0 }
    }

    /// The words of several lists as one.
    pub fn any_of(lists: Vec<Self>) -> Self {
        let mut any = Self { sources: Vec::new(), ranks_as: Vec::new(), having: 0 };
        for list in lists {
            any.sources.extend(list.sources);
            any.ranks_as.extend(list.ranks_as);
            any.having = any.having.max(list.having);
        }
        any
    }
}
