//! Words that are all required, the rarest first.
//!
//! Where many documents have them all, the engine's own walk skips whole blocks that cannot reach the list. Where few
//! have, nothing can be skipped, and that walk would visit every block of the commonest word: there the rarest word
//! leads, and the others are only looked up where it stands.

use tantivy::query::{BooleanQuery, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight, intersect_scorers};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::clause::{Clause, meets};

/// Clauses that are all required.
#[derive(Debug)]
pub struct Together {
    /// The rarest first.
    pub clauses: Vec<Clause>,
    /// Whether few documents have them all, or the rarest, so that the rarest had better lead.
    pub few: bool,
}

impl Clone for Together {
    fn clone(&self) -> Self {
        Self { clauses: self.clauses.iter().map(|clause| clause.box_clone()).collect(), few: self.few }
    }
}

impl Query for Together {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.clauses.iter().map(|clause| clause.weight(scoring)).collect::<tantivy::Result<_>>()?;
        let skipping = match self.few {
            true => None,
            false => Some(BooleanQuery::intersection(self.clone().clauses).weight(scoring)?),
        };
        Ok(Box::new(TogetherWeight { parts, skipping }))
    }
}

struct TogetherWeight {
    parts: Vec<Box<dyn Weight>>,
    /// What skips blocks, where that is worth it.
    skipping: Option<Box<dyn Weight>>,
}

impl Weight for TogetherWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorers = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let scorer = part.scorer(reader, boost)?;
            if scorer.doc() == TERMINATED {
                return Ok(Box::new(EmptyScorer));
            }
            scorers.push(scorer);
        }
        Ok(intersect_scorers(scorers, reader.max_doc()))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        Ok(Explanation::new("all words", if meets(scorer.as_mut(), doc) { scorer.score() } else { 0.0 }))
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if let Some(skipping) = &self.skipping {
            return skipping.for_each_pruning(threshold, reader, callback);
        }
        let mut scorer = self.scorer(reader, 1.0)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            let score = scorer.score();
            if score > threshold {
                threshold = callback(doc, score);
            }
            doc = scorer.advance();
        }
        Ok(())
    }
}
