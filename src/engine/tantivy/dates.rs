//! How many matching articles have each date.

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, SegmentReader};

use super::blocks::{self, Finding};
use super::lower::{Lowering, Target};
use super::{TantivyEngine, failed, schema};
use crate::error::Result;
use crate::hits::Dated;
use crate::query::Query;

/// The dates of the articles that answer a question, each once.
pub fn dates(engine: &TantivyEngine, query: &Query) -> Result<Vec<Dated>> {
    let searcher = engine.searcher();
    let clause = Lowering::matching(&searcher, engine.fields, Target::Articles).query(query)?;
    let finding = blocks::finding(&searcher, &clause).map_err(failed)?;
    let mut counts = Counts::default();
    for reader in searcher.segment_readers() {
        counts.segment(&finding, reader).map_err(failed)?;
    }
    let dated = |((first, last), articles): (Days, u64)| Dated {
        days: schema::day_of(first).zip(schema::day_of(last)),
        articles,
    };
    Ok(counts.by_days.into_iter().map(dated).collect())
}

/// The first and the last day of a date, as the index keeps days.
type Days = (u64, u64);

/// Counts documents by their date.
#[derive(Default)]
struct Counts {
    by_days: FxHashMap<Days, u64>,
    /// The date of the last documents, and how many had it: a segment is sorted by date, so runs are long.
    run: (Days, u64),
}

impl Counts {
    fn segment(&mut self, finding: &Finding, reader: &SegmentReader) -> tantivy::Result<()> {
        let columns = reader.fast_fields();
        let (firsts, lasts): (Column<u64>, Column<u64>) = (columns.u64("first")?, columns.u64("last")?);
        let (mut first, mut last) = ([None; COLLECT_BLOCK_BUFFER_LEN], [None; COLLECT_BLOCK_BUFFER_LEN]);
        blocks::each(finding, reader, |docs| {
            for docs in docs.chunks(COLLECT_BLOCK_BUFFER_LEN) {
                let (first, last) = (&mut first[..docs.len()], &mut last[..docs.len()]);
                first.fill(None);
                last.fill(None);
                firsts.first_vals(docs, first);
                lasts.first_vals(docs, last);
                for (first, last) in first.iter().zip(&*last) {
                    self.add((first.unwrap_or(0), last.unwrap_or(0)));
                }
            }
        })?;
        self.end_run();
        Ok(())
    }

    fn add(&mut self, days: Days) {
        if days != self.run.0 {
            self.end_run();
            self.run.0 = days;
        }
        self.run.1 += 1;
    }

    fn end_run(&mut self) {
        let (days, count) = std::mem::take(&mut self.run);
        if count > 0 {
            *self.by_days.entry(days).or_default() += count;
        }
    }
}
