//! A question of places asked of text and headline at once: a match in either will do, and both add up.
//!
//! Places are the dearest thing to read in an index. How often a document has the words is known without them, and with
//! it the most that the document can score: where that would not do, no place is read.

use tantivy::query::{BooleanQuery, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::clause::{Clause, boosted};
use super::near::{Places, Positional, PositionalWeight};

/// A question of places in one ground.
#[derive(Debug, Clone)]
pub struct Ground {
    /// What an explanation calls the ground.
    pub name: &'static str,
    /// The question.
    pub query: Positional,
    /// How much it counts there.
    pub boost: Score,
}

impl Ground {
    /// The question in this ground alone.
    pub fn clause(self) -> Clause {
        boosted(Box::new(self.query), self.boost)
    }
}

/// The same question in every ground it is asked of.
#[derive(Debug, Clone)]
pub struct Grounds(pub Vec<Ground>);

impl Query for Grounds {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut clauses: Vec<Clause> = self.0.iter().cloned().map(Ground::clause).collect();
        let whole = match clauses.len() {
            1 => clauses.remove(0).weight(scoring)?,
            _ => BooleanQuery::union(clauses).weight(scoring)?,
        };
        let weigh = |ground: &Ground| Ok((ground.query.weigh(scoring)?, ground.boost));
        Ok(Box::new(GroundsWeight { parts: self.0.iter().map(weigh).collect::<tantivy::Result<_>>()?, whole }))
    }
}

struct GroundsWeight {
    parts: Vec<(PositionalWeight, Score)>,
    whole: Box<dyn Weight>,
}

/// One ground in one segment.
struct Walk {
    candidates: Box<dyn Scorer>,
    places: Places,
}

impl Weight for GroundsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.whole.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.whole.explain(reader, doc)
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let mut grounds = Vec::with_capacity(self.parts.len());
        for (weight, boost) in &self.parts {
            grounds.push(Walk { candidates: weight.candidates(reader)?, places: weight.places(reader, *boost)? });
        }
        let next = |grounds: &[Walk]| grounds.iter().map(|ground| ground.candidates.doc()).min();
        while let Some(doc) = next(&grounds).filter(|doc| *doc != TERMINATED) {
            let here = |ground: &&mut Walk| ground.candidates.doc() == doc;
            let ceiling: Score = grounds.iter_mut().filter(here).map(|ground| ground.places.ceiling(doc)).sum();
            if ceiling > threshold {
                let mut score = None;
                for ground in grounds.iter_mut().filter(here) {
                    let found = ground.places.count(doc);
                    if found > 0 {
                        *score.get_or_insert(0.0) += ground.places.score(doc, found);
                    }
                }
                if let Some(score) = score.filter(|score| *score > threshold) {
                    threshold = callback(doc, score);
                }
            }
            for ground in grounds.iter_mut().filter(here) {
                ground.candidates.advance();
            }
        }
        Ok(())
    }
}
