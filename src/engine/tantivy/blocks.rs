//! The documents that match, block by block, without scores.

use std::collections::HashSet;

use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocId, Searcher, SegmentReader};

use super::clause::Clause;

/// The weight of a clause that only finds.
pub fn finding(searcher: &Searcher, clause: &Clause) -> tantivy::Result<Box<dyn Weight>> {
    clause.weight(EnableScoring::disabled_from_searcher(searcher))
}

/// Hands the documents of a segment that match, and are not deleted, to `sink` in their order.
pub fn each(weight: &dyn Weight, reader: &SegmentReader, mut sink: impl FnMut(&[DocId])) -> tantivy::Result<()> {
    let Some(alive) = reader.alive_bitset() else {
        return weight.for_each_no_score(reader, &mut |docs| sink(docs));
    };
    let mut kept = Vec::new();
    weight.for_each_no_score(reader, &mut |docs| {
        kept.clear();
        kept.extend(docs.iter().copied().filter(|doc| alive.is_alive(*doc)));
        sink(&kept);
    })
}

/// The article keys of everything that matches.
pub fn keys(searcher: &Searcher, clause: &Clause) -> tantivy::Result<HashSet<u64>> {
    let weight = finding(searcher, clause)?;
    let mut keys = HashSet::new();
    for reader in searcher.segment_readers() {
        let column = reader.fast_fields().u64("key")?;
        each(&*weight, reader, |docs| keys.extend(docs.iter().filter_map(|doc| column.first(*doc))))?;
    }
    Ok(keys)
}
