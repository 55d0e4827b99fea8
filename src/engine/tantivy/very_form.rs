//! A word in the very form that was asked for, scored by the length of the field that ranks.
//!
//! The field that ranks has every word stemmed, so a word comes up there at least as often as it does in any one form.
//! Scored by the same length, the form can never add more than a multiple of what the stem gives: the ranked list needs
//! to look for it only where the stem alone might do.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, Term};

use super::clause::meets;

/// One word of a field, scored by the length of another.
#[derive(Debug, Clone)]
pub struct VeryForm {
    /// The word in its very form.
    pub term: Term,
    /// The field whose length counts: the one that ranks.
    pub length_of: Field,
}

impl Query for VeryForm {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                let all = statistics_provider.total_num_docs()?;
                let length = statistics_provider.total_num_tokens(self.length_of)? as Score / all.max(1) as Score;
                let having = statistics_provider.doc_freq(&self.term)?.min(all);
                Some(Bm25Weight::for_one_term_without_explain(having, all, length))
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(VeryFormWeight { query: self.clone(), bm25 }))
    }
}

struct VeryFormWeight {
    query: VeryForm,
    bm25: Option<Bm25Weight>,
}

impl Weight for VeryFormWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let VeryForm { term, length_of } = &self.query;
        let inverted = reader.inverted_index(term.field())?;
        let Some(postings) = inverted.read_postings(term, IndexRecordOption::WithFreqs)? else {
            return Ok(Box::new(EmptyScorer));
        };
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(*length_of)?,
            None => None,
        };
        let bm25 = self.bm25.as_ref().map(|weight| weight.boost_by(boost));
        Ok(Box::new(VeryFormScorer { postings, norms, bm25 }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        Ok(Explanation::new("very form", if meets(scorer.as_mut(), doc) { scorer.score() } else { 0.0 }))
    }
}

struct VeryFormScorer {
    postings: SegmentPostings,
    norms: Option<FieldNormReader>,
    bm25: Option<Bm25Weight>,
}

impl DocSet for VeryFormScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }
}

impl Scorer for VeryFormScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.as_ref().map_or(1, |norms| norms.fieldnorm_id(self.postings.doc()));
        self.bm25.as_ref().map_or(0.0, |bm25| bm25.score(norm, self.postings.term_freq()))
    }
}
