//! A word counted from several lists of the index: in every form of its stem, in one form only, or as it is written.
//!
//! It is scored by the length of a field of choice. The field that ranks has every word under its stem, so a word comes up there
//! at least as often as it does in any one form. Scored by the same length, the form can never add more than a multiple of
//! what the stem gives: a ranked list needs to look for it only where the stem alone might do.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use super::clause::meets;
use super::sources::Source;

/// One word, as often as some lists have it and others do not.
#[derive(Debug, Clone)]
pub struct Tally {
    /// What counts.
    pub counted: Vec<Source>,
    /// What does not count, although it is counted there.
    pub but: Vec<Source>,
    /// How many documents have it: what its score rests on.
    pub having: u64,
    /// The field whose length counts.
    pub length_of: Field,
}

impl Tally {
    /// How many documents have it, deleted ones among them: walked where there are several lists.
    pub fn documents(&self, searcher: &Searcher) -> tantivy::Result<u64> {
        let mut sum = 0;
        for segment in searcher.segment_readers() {
            let (counted, but) = self.open(segment)?;
            sum += u64::from(match (counted.as_slice(), but.as_slice()) {
                ([], _) => 0,
                // A list that is alone knows its length.
                ([only], []) => only.doc_freq(),
                _ => TallyScorer::new(counted, but, None, None).count_including_deleted(),
            });
        }
        Ok(sum)
    }

    /// Its lists in one segment: what counts, and what does not.
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<(Vec<SegmentPostings>, Vec<SegmentPostings>)> {
        let open = |sources: &[Source]| -> tantivy::Result<Vec<SegmentPostings>> {
            let mut lists = Vec::new();
            for source in sources {
                lists.extend(source.open(reader, IndexRecordOption::WithFreqs)?);
            }
            Ok(lists)
        };
        Ok((open(&self.counted)?, open(&self.but)?))
    }
}

impl Query for Tally {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                let all = statistics_provider.total_num_docs()?;
                let length = statistics_provider.total_num_tokens(self.length_of)? as Score / all.max(1) as Score;
                Some(Bm25Weight::for_one_term_without_explain(self.having.min(all), all, length))
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(TallyWeight { query: self.clone(), bm25 }))
    }
}

struct TallyWeight {
    query: Tally,
    bm25: Option<Bm25Weight>,
}

impl Weight for TallyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let (counted, but) = self.query.open(reader)?;
        if counted.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(self.query.length_of)?,
            None => None,
        };
        let bm25 = self.bm25.as_ref().map(|weight| weight.boost_by(boost));
        Ok(Box::new(TallyScorer::new(counted, but, norms, bm25)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        Ok(Explanation::new("word", if meets(scorer.as_mut(), doc) { scorer.score() } else { 0.0 }))
    }
}

struct TallyScorer {
    counted: Vec<SegmentPostings>,
    but: Vec<SegmentPostings>,
    doc: DocId,
    norms: Option<FieldNormReader>,
    bm25: Option<Bm25Weight>,
}

impl TallyScorer {
    /// Stands at the first document that has the word.
    fn new(
        counted: Vec<SegmentPostings>,
        but: Vec<SegmentPostings>,
        norms: Option<FieldNormReader>,
        bm25: Option<Bm25Weight>,
    ) -> Self {
        let mut scorer = Self { counted, but, doc: 0, norms, bm25 };
        scorer.settle();
        scorer
    }

    /// Goes on from where the lists stand to the first document that has the word.
    fn settle(&mut self) -> DocId {
        loop {
            self.doc = self.counted.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
            if self.doc == TERMINATED || self.but.is_empty() || self.times() > 0 {
                return self.doc;
            }
            self.step();
        }
    }

    /// Takes every list past the present document.
    fn step(&mut self) {
        for list in self.counted.iter_mut().filter(|list| list.doc() == self.doc) {
            list.advance();
        }
    }

    /// How often the present document has the word.
    fn times(&mut self) -> u32 {
        let doc = self.doc;
        let counted = self.counted.iter().filter(|list| list.doc() == doc).map(Postings::term_freq);
        let but = self.but.iter_mut().map(|list| if meets(list, doc) { list.term_freq() } else { 0 });
        counted.fold(0, u32::saturating_add).saturating_sub(but.fold(0, u32::saturating_add))
    }
}

impl DocSet for TallyScorer {
    fn advance(&mut self) -> DocId {
        self.step();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for list in self.counted.iter_mut().filter(|list| list.doc() < target) {
            list.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.counted.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}

impl Scorer for TallyScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.as_ref().map_or(1, |norms| norms.fieldnorm_id(self.doc));
        let times = self.times();
        self.bm25.as_ref().map_or(0.0, |bm25| bm25.score(norm, times))
    }
}
