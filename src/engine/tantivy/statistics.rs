//! How many documents have a term: what BM25 weighs words by, each looked up once a question.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::sources::Source;
use super::tally::Tally;

/// The frequencies of terms in one state of the index, for as long as one question is asked.
pub struct Frequencies<'a> {
    searcher: &'a Searcher,
    known: RefCell<FxHashMap<Term, u64>>,
    forms: RefCell<FxHashMap<Term, u64>>,
    lengths: RefCell<FxHashMap<Field, u64>>,
}

impl<'a> Frequencies<'a> {
    /// None looked up yet.
    pub fn new(searcher: &'a Searcher) -> Self {
        Self { searcher, known: RefCell::default(), forms: RefCell::default(), lengths: RefCell::default() }
    }

    /// How many documents have `term`, deleted ones among them until they are merged away.
    pub fn of(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(known) = self.known.borrow().get(term) {
            return Ok(*known);
        }
        let counted = self.searcher.doc_freq(term)?;
        self.known.borrow_mut().insert(term.clone(), counted);
        Ok(counted)
    }

    /// How many documents have any form of a stem, in a field where words are filed under their stems: walked.
    pub fn of_forms(&self, field: Field, stem: &str) -> tantivy::Result<u64> {
        let term = Term::from_field_text(field, stem);
        if let Some(known) = self.forms.borrow().get(&term) {
            return Ok(*known);
        }
        let forms = Tally { counted: vec![Source::forms(field, stem)], but: Vec::new(), having: 0, length_of: field };
        let counted = forms.documents(self.searcher)?;
        self.forms.borrow_mut().insert(term, counted);
        Ok(counted)
    }

    /// How many tokens a field has in all documents together.
    fn length_of(&self, field: Field) -> tantivy::Result<u64> {
        if let Some(known) = self.lengths.borrow().get(&field) {
            return Ok(*known);
        }
        let counted = self.searcher.total_num_tokens(field)?;
        self.lengths.borrow_mut().insert(field, counted);
        Ok(counted)
    }
}

/// Statistics of one kind of document, so that quotes do not distort the BM25 of articles nor the other way round.
pub struct KindStatistics<'a> {
    /// The frequencies of terms, which belong to one kind by their fields.
    pub frequencies: Rc<Frequencies<'a>>,
    /// What all documents of the kind have, deleted ones with them, as in the frequencies of terms.
    pub kind: Term,
}

impl Bm25StatisticsProvider for KindStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.frequencies.length_of(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.frequencies.of(&self.kind)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.frequencies.of(term)
    }
}
