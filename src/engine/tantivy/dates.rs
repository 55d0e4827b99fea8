//! How many matching articles have each date.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentReader};

use super::lower::{Lowering, Target};
use super::{TantivyEngine, failed, schema};
use crate::error::Result;
use crate::hits::Dated;
use crate::query::Query;

/// The dates of the articles that answer a question, each once.
pub fn dates(engine: &TantivyEngine, query: &Query) -> Result<Vec<Dated>> {
    let searcher = engine.searcher();
    let lowering = Lowering { searcher: &searcher, fields: engine.fields, target: Target::Articles };
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
        Ok(SegmentDates { first: columns.u64("first")?, last: columns.u64("last")?, counts: HashMap::new() })
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
}

impl SegmentCollector for SegmentDates {
    type Fruit = HashMap<(u64, u64), u64>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let days = (self.first.first(doc).unwrap_or(0), self.last.first(doc).unwrap_or(0));
        *self.counts.entry(days).or_default() += 1;
    }

    fn harvest(self) -> Self::Fruit {
        self.counts
    }
}
