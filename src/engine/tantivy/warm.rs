//! What every question needs of the index and would open anew: columns of its segments, its newest day.
//!
//! Opening a column costs tens of microseconds for each segment, more than a ranked list of a small one. An engine
//! shows one state of the index for life, so what was opened once is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, Searcher, SegmentReader};

use super::days::{Days, Stretches};
use super::values::FacetColumn;
use super::{failed, schema};
use crate::date::{Day, FIRST_PLAUSIBLE_YEAR, FUTURE_SLACK_DAYS, Moment};
use crate::error::Result;

/// What was opened of one state of the index.
#[derive(Default)]
pub struct Warm {
    newest: OnceLock<Option<Day>>,
    segments: Vec<Columns>,
    facets: Mutex<HashMap<&'static str, Arc<FacetColumn>>>,
}

/// The columns of one segment that lists are made from, each opened when it is first asked for.
#[derive(Default)]
struct Columns {
    day: OnceLock<Days>,
    key: OnceLock<Column<u64>>,
    start: OnceLock<Column<u64>>,
    id: OnceLock<Option<StrColumn>>,
    kind: OnceLock<Column<u64>>,
    number: OnceLock<Column<u64>>,
}

impl Warm {
    /// Room for as many segments as there are.
    pub fn new(searcher: &Searcher) -> Self {
        Self::knowing(None, searcher.segment_readers().iter().map(|_| None))
    }

    /// With what is known already: the newest plausible day, and the days of each segment.
    pub fn knowing(newest: Option<Day>, days: impl Iterator<Item = Option<Stretches>>) -> Self {
        let columns = |days: Option<Stretches>| Columns { day: kept(days.map(Days::Stretches)), ..Columns::default() };
        Self { newest: kept(newest.map(Some)), segments: days.map(columns).collect(), facets: Mutex::default() }
    }

    /// The day of the newest plausible article.
    pub fn newest(&self, searcher: &Searcher) -> Result<Option<Day>> {
        if let Some(known) = self.newest.get() {
            return Ok(*known);
        }
        let newest = self.newest_plausible(searcher).map_err(failed)?;
        Ok(*self.newest.get_or_init(|| newest))
    }

    /// The newest article whose date was plausible when it came in; ages are counted from it.
    fn newest_plausible(&self, searcher: &Searcher) -> tantivy::Result<Option<Day>> {
        let mut segments = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let day = self.days(searcher, segment)?;
            segments.push((schema::day_of(day.of(0)), day, reader));
        }
        segments.sort_by_key(|(first, ..)| std::cmp::Reverse(*first));
        let mut newest = None;
        for (first, day, reader) in segments {
            // A segment is sorted newest first, so its first plausible article is its newest.
            if newest.is_some() && newest >= first {
                break;
            }
            let (earliest, ingested) = (reader.fast_fields().u64("first")?, reader.fast_fields().u64("ingested")?);
            let found = reader.doc_ids_alive().find_map(|doc| {
                let date = schema::day_of(day.of(doc))?;
                let earliest = schema::day_of(earliest.first(doc)?)?;
                let seen = Moment(i64::try_from(ingested.first(doc)?).ok()?).day();
                let plausible = date.ymd().0 >= FIRST_PLAUSIBLE_YEAR && earliest.since(seen) <= FUTURE_SLACK_DAYS;
                plausible.then_some(date)
            });
            newest = newest.max(found);
        }
        Ok(newest)
    }

    /// The days of the documents of a segment, which is sorted by them.
    pub fn days(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Days> {
        let column = |reader: &SegmentReader| reader.fast_fields().u64(schema::DAY).map(Days::Column);
        self.column(searcher, segment, |columns| &columns.day, column)
    }

    /// The hashes of the ids of their articles.
    pub fn keys(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Column<u64>> {
        self.column(searcher, segment, |columns| &columns.key, |reader| reader.fast_fields().u64("key"))
    }

    /// The beginnings of these ids.
    pub fn starts(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Column<u64>> {
        self.column(searcher, segment, |columns| &columns.start, |reader| reader.fast_fields().u64(schema::START))
    }

    /// The ids.
    pub fn ids(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Option<StrColumn>> {
        self.column(searcher, segment, |columns| &columns.id, |reader| reader.fast_fields().str("id"))
    }

    /// Whether each is an article or a quote.
    pub fn kinds(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Column<u64>> {
        self.column(searcher, segment, |columns| &columns.kind, |reader| reader.fast_fields().u64("kind"))
    }

    /// The numbers of quotes among those of their articles.
    pub fn numbers(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Column<u64>> {
        self.column(searcher, segment, |columns| &columns.number, |reader| reader.fast_fields().u64("number"))
    }

    fn column<T: Clone>(
        &self,
        searcher: &Searcher,
        segment: u32,
        place: fn(&Columns) -> &OnceLock<T>,
        open: impl FnOnce(&SegmentReader) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        let reader = searcher.segment_reader(segment);
        let Some(kept) = self.segments.get(segment as usize).map(place) else { return open(reader) };
        if let Some(column) = kept.get() {
            return Ok(column.clone());
        }
        let column = open(reader)?;
        Ok(kept.get_or_init(|| column).clone())
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
        let days = self.days(searcher, address.segment_ord).map_err(failed)?;
        let keys = self.keys(searcher, address.segment_ord).map_err(failed)?;
        Ok((days.of(address.doc_id), keys.first(address.doc_id).unwrap_or(0)))
    }
}

/// A place that is filled already, or still to be.
fn kept<T>(known: Option<T>) -> OnceLock<T> {
    known.map_or_else(OnceLock::new, OnceLock::from)
}
