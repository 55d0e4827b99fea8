//! Proximity as a tantivy query: candidates by the words themselves, then our own matcher over their places.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::clause::{Clause, intersection, meets, union};
use super::sources::{List, Source};
use super::tally::Tally;
use crate::engine::bounds::Mark;
use crate::engine::proximity::{Interval, Pattern, Reach, in_zone, intervals, is_hopeless, most_stretches};
use crate::rank;

/// Words whose places decide.
#[derive(Debug, Clone)]
pub struct Positional {
    /// The field whose length counts for the score.
    pub field: Field,
    /// The field of the [`Mark`]s.
    pub bounds: Field,
    /// The words of each list of the pattern, any of which will do. Behind them stand the lists of the four marks.
    pub lists: Vec<List>,
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
        let any = |list: &usize| self.any(&self.lists[*list]);
        match pattern {
            Pattern::Word(list) => any(list),
            Pattern::Row(words) | Pattern::Loose(words, _) => {
                intersection(words.iter().map(|(list, _)| any(list)).collect())
            }
            Pattern::AnyOf(parts) => union(parts.iter().map(|part| self.candidates(part)).collect()),
            Pattern::Near(left, right, _) => intersection(vec![self.candidates(left), self.candidates(right)]),
        }
    }

    /// Documents that have any word of a list.
    fn any(&self, list: &List) -> Clause {
        let terms: Option<Vec<Clause>> = list.sources.iter().map(Source::clause).collect();
        match terms {
            Some(terms) => union(terms),
            // It only finds, so that no score rests on how many have it.
            None => {
                Box::new(Tally { counted: list.sources.clone(), but: Vec::new(), having: 0, length_of: self.field })
            }
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
            let mut most = list.having;
            for term in &list.ranks_as {
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

impl Positional {
    /// Weighs it in one state of the index.
    pub fn weigh(&self, scoring: EnableScoring<'_>) -> tantivy::Result<PositionalWeight> {
        let silent = match scoring {
            EnableScoring::Enabled { searcher, .. } => EnableScoring::disabled_from_searcher(searcher),
            disabled => disabled,
        };
        Ok(PositionalWeight {
            candidates: self.candidates(&self.pattern).weight(silent)?,
            bm25: self.bm25(scoring)?,
            query: self.clone(),
        })
    }
}

impl Query for Positional {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.weigh(scoring)?))
    }
}

/// A [`Positional`] with what weighs it.
pub struct PositionalWeight {
    query: Positional,
    candidates: Box<dyn Weight>,
    bm25: Option<Bm25Weight>,
}

impl PositionalWeight {
    /// The documents of a segment that have the words at all.
    pub fn candidates(&self, reader: &SegmentReader) -> tantivy::Result<Box<dyn Scorer>> {
        self.candidates.scorer(reader, 1.0)
    }

    /// The places of its words in a segment.
    pub fn places(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Places> {
        let open = |source: &Source| source.open(reader, IndexRecordOption::WithFreqsAndPositions);
        let mut sources = Vec::with_capacity(self.query.lists.len() + Mark::ALL.len());
        for list in &self.query.lists {
            let postings = list.sources.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
            sources.push(postings.into_iter().flatten().collect());
        }
        let used = marks_used(&self.query);
        for (mark, used) in Mark::ALL.into_iter().zip(used) {
            let mark = Source::one(self.query.bounds, mark.term());
            sources.push(if used { open(&mark)? } else { Vec::new() });
        }
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(self.query.field)?,
            None => None,
        };
        Ok(Places {
            lists: vec![Vec::new(); sources.len()],
            sources,
            query: self.query.clone(),
            bm25: self.bm25.as_ref().map(|weight| weight.boost_by(boost)),
            norms,
        })
    }
}

impl Weight for PositionalWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let candidates = self.candidates(reader)?;
        let mut scorer = PositionalScorer { candidates, places: self.places(reader, boost)?, found: 0 };
        let first = scorer.candidates.doc();
        scorer.settle(first);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        Ok(Explanation::new("proximity", if meets(scorer.as_mut(), doc) { scorer.score() } else { 0.0 }))
    }
}

/// Which of [`Mark::ALL`] the pattern needs.
fn marks_used(query: &Positional) -> [bool; Mark::ALL.len()] {
    fn reaches(pattern: &Pattern, lists: &mut Vec<usize>) {
        match pattern {
            Pattern::AnyOf(parts) => parts.iter().for_each(|part| reaches(part, lists)),
            Pattern::Near(left, right, reach) => {
                if let Reach::Unit(list) = reach {
                    lists.push(*list);
                }
                reaches(left, lists);
                reaches(right, lists);
            }
            Pattern::Word(_) | Pattern::Row(_) | Pattern::Loose(..) => {}
        }
    }
    let mut lists = Vec::new();
    reaches(&query.pattern, &mut lists);
    Mark::ALL.map(|mark| {
        let of_quotes = matches!(mark, Mark::Opens | Mark::Closes);
        of_quotes && query.inside.is_some() || lists.contains(&Positional::list_of(query.lists.len(), mark))
    })
}

/// The places of some words in one segment, document by document, asked in the order of documents.
pub struct Places {
    query: Positional,
    sources: Vec<Vec<SegmentPostings>>,
    /// The places in the present document, list by list.
    lists: Vec<Vec<u32>>,
    bm25: Option<Bm25Weight>,
    norms: Option<FieldNormReader>,
}

impl Places {
    /// How many stretches of `doc` match; 0 when they are fewer than are asked for.
    pub fn count(&mut self, doc: DocId) -> u32 {
        for (postings, list) in self.sources.iter_mut().zip(&mut self.lists) {
            list.clear();
            let mut several = 0;
            for one in postings {
                if meets(one, doc) {
                    one.append_positions_with_offset(0, list);
                    several += 1;
                }
            }
            if several > 1 {
                list.sort_unstable();
                // A headline and a text of several values never begin at one place, but forms of one word do.
                list.dedup();
            }
        }
        if is_hopeless(&self.query.pattern, &self.lists) {
            return 0;
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
        let found = u32::try_from(found.len()).unwrap_or(u32::MAX);
        if found < self.query.times { 0 } else { found }
    }

    /// What so many stretches score in `doc`.
    pub fn score(&self, doc: DocId, found: u32) -> Score {
        let norm = self.norms.as_ref().map_or(1, |norms| norms.fieldnorm_id(doc));
        self.bm25.as_ref().map_or(0.0, |bm25| bm25.score(norm, found))
    }

    /// The most that `doc` can score, by how often it has the words: no place is read.
    pub fn ceiling(&mut self, doc: DocId) -> Score {
        let times = |postings: &mut Vec<SegmentPostings>| {
            let of = |one: &mut SegmentPostings| if meets(one, doc) { one.term_freq() } else { 0 };
            postings.iter_mut().map(of).fold(0, u32::saturating_add)
        };
        let words = self.query.lists.len();
        let times: Vec<u32> = self.sources[..words].iter_mut().map(times).collect();
        self.score(doc, most_stretches(&self.query.pattern, &times))
    }
}

struct PositionalScorer {
    candidates: Box<dyn Scorer>,
    places: Places,
    /// How many stretches match in the present document.
    found: u32,
}

impl PositionalScorer {
    /// Goes on from the candidate `doc` to the first one that matches.
    fn settle(&mut self, mut doc: DocId) -> DocId {
        while doc != TERMINATED {
            self.found = self.places.count(doc);
            if self.found > 0 {
                return doc;
            }
            doc = self.candidates.advance();
        }
        TERMINATED
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
        self.places.score(self.doc(), self.found)
    }
}
