//! How many matching articles have each date.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader};

use super::lower::{Lowering, Target};
use super::{TantivyEngine, failed, schema};
use crate::error::Result;
use crate::hits::Dated;
use crate::query::Query;

/// The dates of the articles that answer a question, each once.
pub fn dates(engine: &TantivyEngine, query: &Query) -> Result<Vec<Dated>> {
    let searcher = engine.searcher();
    let lowering = Lowering::matching(&searcher, engine.fields, Target::Articles);
    let counts = searcher.search(&lowering.query(query)?, &Dates).map_err(failed)?;
    let dated = |((first, last), articles): ((u64, u64), u64)| Dated {
        days: schema::day_of(first).zip(schema::day_of(last)),
        articles,
    };
    Ok(counts.into_iter().map(dated).collect())
}

/// Counts documents by the first and the last day of their date.
struct Dates;

impl Collector for Dates {
    type Fruit = HashMap<(u64, u64), u64>;
    type Child = SegmentDates;

    fn for_segment(&self, _: u32, reader: &SegmentReader) -> tantivy::Result<SegmentDates> {
        let columns = reader.fast_fields();
        Ok(SegmentDates {
            first: columns.u64("first")?,
            last: columns.u64("last")?,
            counts: HashMap::new(),
            run: ((0, 0), 0),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<HashMap<(u64, u64), u64>>) -> tantivy::Result<Self::Fruit> {
        let mut all = HashMap::new();
        for (days, count) in segments.into_iter().flatten() {
            *all.entry(days).or_default() += count;
        }
        Ok(all)
    }
}

/// The child of [`Dates`].
struct SegmentDates {
    first: Column<u64>,
    last: Column<u64>,
    counts: HashMap<(u64, u64), u64>,
    /// The date of the last documents, and how many had it: the segment is sorted by date, so runs are long.
    run: ((u64, u64), u64),
}

impl SegmentDates {
    fn count(&mut self, days: (u64, u64)) {
        if days != self.run.0 {
            self.end_run();
            self.run.0 = days;
        }
        self.run.1 += 1;
    }

    fn end_run(&mut self) {
        let (days, count) = std::mem::take(&mut self.run);
        if count > 0 {
            *self.counts.entry(days).or_default() += count;
        }
    }
}

impl SegmentCollector for SegmentDates {
    type Fruit = HashMap<(u64, u64), u64>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.count((self.first.first(doc).unwrap_or(0), self.last.first(doc).unwrap_or(0)));
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        for docs in docs.chunks(COLLECT_BLOCK_BUFFER_LEN) {
            let (mut first, mut last) = ([None; COLLECT_BLOCK_BUFFER_LEN], [None; COLLECT_BLOCK_BUFFER_LEN]);
            self.first.first_vals(docs, &mut first[..docs.len()]);
            self.last.first_vals(docs, &mut last[..docs.len()]);
            for (first, last) in first.iter().zip(&last).take(docs.len()) {
                self.count((first.unwrap_or(0), last.unwrap_or(0)));
            }
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.end_run();
        self.counts
    }
}
