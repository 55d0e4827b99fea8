//! The documents that match, block by block, without scores.

use std::collections::HashSet;

use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocId, Searcher, SegmentReader};

use super::clause::Clause;
use super::windows::{Terms, Windows};

/// A clause that only finds.
pub struct Finding {
    weight: Box<dyn Weight>,
    /// The terms, when it asks for all of some and for nothing else.
    terms: Option<Terms>,
}

/// Makes a clause ready that only finds.
pub fn finding(searcher: &Searcher, clause: &Clause) -> tantivy::Result<Finding> {
    let weight = clause.weight(EnableScoring::disabled_from_searcher(searcher))?;
    Ok(Finding { weight, terms: Terms::of(&**clause) })
}

/// Hands the documents of a segment that match, and are not deleted, to `sink` in their order.
pub fn each(finding: &Finding, reader: &SegmentReader, mut sink: impl FnMut(&[DocId])) -> tantivy::Result<()> {
    let Some(alive) = reader.alive_bitset() else {
        return every(finding, reader, &mut |docs| sink(docs));
    };
    let mut kept = Vec::new();
    every(finding, reader, &mut |docs| {
        kept.clear();
        kept.extend(docs.iter().copied().filter(|doc| alive.is_alive(*doc)));
        sink(&kept);
    })
}

/// Deleted ones too.
fn every(finding: &Finding, reader: &SegmentReader, sink: &mut dyn FnMut(&[DocId])) -> tantivy::Result<()> {
    match finding.windows(reader)? {
        Some(windows) => windows.each(sink),
        None => finding.weight.for_each_no_score(reader, sink),
    }
}

impl Finding {
    /// The lists of its terms, where they are to be read through.
    fn windows(&self, reader: &SegmentReader) -> tantivy::Result<Option<Windows>> {
        self.terms.as_ref().map_or(Ok(None), |terms| Windows::open(reader, terms))
    }
}

/// How many documents match.
pub fn count(searcher: &Searcher, clause: &Clause) -> tantivy::Result<u64> {
    let finding = finding(searcher, clause)?;
    let mut count = 0;
    for reader in searcher.segment_readers() {
        match finding.windows(reader)? {
            Some(windows) => {
                let alive = reader.alive_bitset();
                let lives = |doc: &&DocId| alive.is_none_or(|alive| alive.is_alive(**doc));
                windows.each(&mut |docs| count += docs.iter().filter(lives).count() as u64)?;
            }
            // Often told by the index, without a walk.
            None => count += u64::from(finding.weight.count(reader)?),
        }
    }
    Ok(count)
}

/// The article keys of everything that matches.
pub fn keys(searcher: &Searcher, clause: &Clause) -> tantivy::Result<HashSet<u64>> {
    let finding = finding(searcher, clause)?;
    let mut keys = HashSet::new();
    for reader in searcher.segment_readers() {
        let column = reader.fast_fields().u64("key")?;
        each(&finding, reader, |docs| keys.extend(docs.iter().filter_map(|doc| column.first(*doc))))?;
    }
    Ok(keys)
}
