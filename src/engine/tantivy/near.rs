//! Proximity as a tantivy query: candidates by the words themselves, then our own matcher over their places.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::clause::{Clause, intersection, term, union};
use crate::engine::bounds::Mark;
use crate::engine::proximity::{Interval, Pattern, Reach, in_zone, intervals};
use crate::rank;

/// Words whose places decide.
#[derive(Debug, Clone)]
pub struct Positional {
    /// The field whose length counts for the score.
    pub field: Field,
    /// The field of the [`Mark`]s.
    pub bounds: Field,
    /// The words of each list of the pattern, any of which will do. Behind them stand the lists of the four marks.
    pub lists: Vec<Vec<Term>>,
    /// What is looked for.
    pub pattern: Pattern,
    /// Whether it must stand inside a quote, or outside of all.
    pub inside: Option<bool>,
    /// How many stretches must match.
    pub times: u32,
}

impl Positional {
    /// The number of the list that has the places of a mark.
    pub fn list_of(words: usize, mark: Mark) -> usize {
        words + Mark::ALL.iter().position(|known| *known == mark).unwrap_or(0)
    }

    /// Documents that have the words at all.
    fn candidates(&self, pattern: &Pattern) -> Clause {
        let any = |list: &usize| union(self.lists[*list].iter().cloned().map(term).collect());
        match pattern {
            Pattern::Word(list) => any(list),
            Pattern::Row(words) | Pattern::Loose(words, _) => {
                intersection(words.iter().map(|(list, _)| any(list)).collect())
            }
            Pattern::AnyOf(parts) => union(parts.iter().map(|part| self.candidates(part)).collect()),
            Pattern::Near(left, right, _) => intersection(vec![self.candidates(left), self.candidates(right)]),
        }
    }

    /// BM25 of all its words together, with the number of stretches as the frequency.
    fn bm25(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Option<Bm25Weight>> {
        let EnableScoring::Enabled { statistics_provider, .. } = scoring else { return Ok(None) };
        let all = statistics_provider.total_num_docs()?;
        let length = statistics_provider.total_num_tokens(self.field)? as Score / all.max(1) as Score;
        let mut sum = 0.0;
        let mut rarest = None;
        for list in &self.lists {
            let mut most = 0;
            for term in list {
                most = statistics_provider.doc_freq(term)?.max(most);
            }
            sum += rank::idf(most, all);
            rarest = Some(rarest.map_or(most, |rarest: u64| rarest.min(most)));
        }
        let Some(rarest) = rarest else { return Ok(None) };
        let weight = Bm25Weight::for_one_term_without_explain(rarest.min(all), all, length);
        let own = rank::idf(rarest, all);
        Ok(Some(weight.boost_by(if own > 0.0 { sum / own } else { 1.0 })))
    }
}

impl Query for Positional {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let silent = match scoring {
            EnableScoring::Enabled { searcher, .. } => EnableScoring::disabled_from_searcher(searcher),
            disabled => disabled,
        };
        Ok(Box::new(PositionalWeight {
            candidates: self.candidates(&self.pattern).weight(silent)?,
            bm25: self.bm25(scoring)?,
            query: self.clone(),
        }))
    }
}

struct PositionalWeight {
    query: Positional,
    candidates: Box<dyn Weight>,
    bm25: Option<Bm25Weight>,
}

impl PositionalWeight {
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<PositionalScorer> {
        let open = |term: &Term| -> tantivy::Result<Option<SegmentPostings>> {
            let index = reader.inverted_index(term.field())?;
            Ok(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?)
        };
        let mut sources = Vec::with_capacity(self.query.lists.len() + Mark::ALL.len());
        for list in &self.query.lists {
            let postings = list.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
            sources.push(postings.into_iter().flatten().collect());
        }
        for mark in Mark::ALL {
            let postings = open(&Term::from_field_text(self.query.bounds, mark.term()))?;
            sources.push(postings.into_iter().collect());
        }
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(self.query.field)?,
            None => None,
        };
        let mut scorer = PositionalScorer {
            candidates: self.candidates.scorer(reader, 1.0)?,
            lists: vec![Vec::new(); sources.len()],
            sources,
            marks_used: marks_used(&self.query),
            query: self.query.clone(),
            bm25: self.bm25.as_ref().map(|weight| weight.boost_by(boost)),
            norms,
            found: 0,
        };
        let first = scorer.candidates.doc();
        scorer.settle(first);
        Ok(scorer)
    }
}

impl Weight for PositionalWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.open(reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let met = scorer.doc() <= doc && (scorer.doc() == doc || scorer.seek(doc) == doc);
        Ok(Explanation::new("proximity", if met { scorer.score() } else { 0.0 }))
    }
}

/// Which lists of marks the pattern needs.
fn marks_used(query: &Positional) -> Vec<bool> {
    fn reaches(pattern: &Pattern, used: &mut [bool]) {
        match pattern {
            Pattern::AnyOf(parts) => parts.iter().for_each(|part| reaches(part, used)),
            Pattern::Near(left, right, reach) => {
                if let Reach::Unit(list) = reach {
                    used[*list] = true;
                }
                reaches(left, used);
                reaches(right, used);
            }
            Pattern::Word(_) | Pattern::Row(_) | Pattern::Loose(..) => {}
        }
    }
    let words = query.lists.len();
    let mut used = vec![false; words + Mark::ALL.len()];
    reaches(&query.pattern, &mut used);
    if query.inside.is_some() {
        used[Positional::list_of(words, Mark::Opens)] = true;
        used[Positional::list_of(words, Mark::Closes)] = true;
    }
    used[..words].fill(true);
    used
}

struct PositionalScorer {
    candidates: Box<dyn Scorer>,
    sources: Vec<Vec<SegmentPostings>>,
    /// The places in the present document, list by list.
    lists: Vec<Vec<u32>>,
    marks_used: Vec<bool>,
    query: Positional,
    bm25: Option<Bm25Weight>,
    norms: Option<FieldNormReader>,
    /// How many stretches match in the present document.
    found: u32,
}

impl PositionalScorer {
    /// Goes on from the candidate `doc` to the first one that matches.
    fn settle(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED {
            self.found = self.count(doc);
            if self.found >= self.query.times {
                return doc;
            }
            doc = self.candidates.advance();
        }
        TERMINATED
    }

    fn count(&mut self, doc: DocId) -> u32 {
        for (at, postings) in self.sources.iter_mut().enumerate().filter(|(at, _)| self.marks_used[*at]) {
            let list = &mut self.lists[at];
            list.clear();
            let mut several = 0;
            for one in postings {
                if one.doc() <= doc && (one.doc() == doc || one.seek(doc) == doc) {
                    one.append_positions_with_offset(0, list);
                    several += 1;
                }
            }
            if several > 1 {
                list.sort_unstable();
            }
            // A headline and a text of several values never begin at one place, but forms of one word do.
            list.dedup();
        }
        let mut found = intervals(&self.query.pattern, &self.lists);
        if let Some(inside) = self.query.inside {
            let words = self.query.lists.len();
            let opens = &self.lists[Positional::list_of(words, Mark::Opens)];
            let closes = &self.lists[Positional::list_of(words, Mark::Closes)];
            let zones: Vec<Interval> =
                opens.iter().zip(closes).map(|(start, end)| Interval { start: *start, end: *end }).collect();
            found = in_zone(found, &zones, inside);
        }
        u32::try_from(found.len()).unwrap_or(u32::MAX)
    }
}

impl DocSet for PositionalScorer {
    fn advance(&mut self) -> DocId {
        let next = self.candidates.advance();
        self.settle(next)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() >= target {
            return self.doc();
        }
        let next = self.candidates.seek(target);
        self.settle(next)
    }

    fn doc(&self) -> DocId {
        self.candidates.doc()
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }
}

impl Scorer for PositionalScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc();
        let norm = self.norms.as_ref().map_or(1, |norms| norms.fieldnorm_id(doc));
        self.bm25.as_ref().map_or(0.0, |bm25| bm25.score(norm, self.found))
    }
}
