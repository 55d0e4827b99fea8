//! How many matching articles have each date, and which is the newest.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, Searcher, SegmentReader};

use super::lower::{Lowering, Target};
use super::{TantivyEngine, failed, schema};
use crate::date::{Day, FIRST_PLAUSIBLE_YEAR, FUTURE_SLACK_DAYS, Moment};
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

/// The newest article whose date was plausible when it came in; ages are counted from it.
pub fn newest_plausible(searcher: &Searcher) -> Result<Option<Day>> {
    let mut newest = None;
    for segment in searcher.segment_readers() {
        let fast = segment.fast_fields();
        let column = |name| fast.u64(name).map_err(failed);
        let (day, first, ingested) = (column(schema::DAY)?, column("first")?, column("ingested")?);
        // The segment is sorted newest first, so the first plausible one is its newest.
        let found = segment.doc_ids_alive().find_map(|doc| {
            let date = schema::day_of(day.first(doc)?)?;
            let first = schema::day_of(first.first(doc)?)?;
            let seen = Moment(i64::try_from(ingested.first(doc)?).ok()?).day();
            let plausible = date.ymd().0 >= FIRST_PLAUSIBLE_YEAR && first.since(seen) <= FUTURE_SLACK_DAYS;
            plausible.then_some(date)
        });
        newest = newest.max(found);
    }
    Ok(newest)
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
        let days = (self.first.first(doc).unwrap_or(0), self.last.first(doc).unwrap_or(0));
        if days != self.run.0 {
            self.end_run();
            self.run.0 = days;
        }
        self.run.1 += 1;
    }

    fn harvest(mut self) -> Self::Fruit {
        self.end_run();
        self.counts
    }
}
