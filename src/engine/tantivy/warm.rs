//! What every question needs of the index and would open anew: columns of its segments, its newest day.
//!
//! Opening a column costs tens of microseconds for each segment, more than a ranked list of a small one. An engine
//! shows one state of the index for life, so what was opened once is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, Searcher, SegmentReader};

use super::values::FacetColumn;
use super::{failed, schema};
use crate::date::{Day, FIRST_PLAUSIBLE_YEAR, FUTURE_SLACK_DAYS, Moment};
use crate::error::Result;

/// What was opened of one state of the index.
#[derive(Default)]
pub struct Warm {
    newest: OnceLock<Option<Day>>,
    segments: Vec<OnceLock<Columns>>,
    facets: Mutex<HashMap<&'static str, Arc<FacetColumn>>>,
}

/// The columns of one segment that lists are made from.
#[derive(Clone)]
pub struct Columns {
    /// The day; the segment is sorted by it.
    pub day: Column<u64>,
    /// The hash of the article's id.
    pub key: Column<u64>,
    /// The beginning of the article's id.
    pub start: Column<u64>,
    /// The article's id.
    pub id: Option<StrColumn>,
}

impl Warm {
    /// Room for as many segments as there are.
    pub fn new(searcher: &Searcher) -> Self {
        let segments = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        Self { newest: OnceLock::new(), segments, facets: Mutex::default() }
    }

    /// The day of the newest plausible article.
    pub fn newest(&self, searcher: &Searcher) -> Result<Option<Day>> {
        if let Some(known) = self.newest.get() {
            return Ok(*known);
        }
        let newest = newest_plausible(searcher)?;
        Ok(*self.newest.get_or_init(|| newest))
    }

    /// The columns of a segment.
    pub fn columns(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<Columns> {
        let kept = self.segments.get(segment as usize);
        if let Some(columns) = kept.and_then(OnceLock::get) {
            return Ok(columns.clone());
        }
        let fast = reader.fast_fields();
        let columns = Columns {
            day: fast.u64(schema::DAY)?,
            key: fast.u64("key")?,
            start: fast.u64(schema::START)?,
            id: fast.str("id")?,
        };
        Ok(kept.map_or_else(|| columns.clone(), |kept| kept.get_or_init(|| columns.clone()).clone()))
    }

    /// A column that articles are counted by.
    pub fn facets(&self, searcher: &Searcher, name: &'static str) -> tantivy::Result<Arc<FacetColumn>> {
        let mut opened = self.facets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(column) = opened.get(name) {
            return Ok(Arc::clone(column));
        }
        let column = Arc::new(FacetColumn::open(searcher, name)?);
        opened.insert(name, Arc::clone(&column));
        Ok(column)
    }

    /// The day and the key of a document.
    pub fn day_and_key(&self, searcher: &Searcher, address: DocAddress) -> Result<(u64, u64)> {
        let reader = searcher.segment_reader(address.segment_ord);
        let columns = self.columns(address.segment_ord, reader).map_err(failed)?;
        let of = |column: &Column<u64>| column.first(address.doc_id).unwrap_or(0);
        Ok((of(&columns.day), of(&columns.key)))
    }
}

/// The newest article whose date was plausible when it came in; ages are counted from it.
fn newest_plausible(searcher: &Searcher) -> Result<Option<Day>> {
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
