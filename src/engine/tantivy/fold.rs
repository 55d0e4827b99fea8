//! A page of hits that shows every story once.
//!
//! Of the copies of a story that answer the question, the one that ranks best stands for all. How many articles and
//! how many stories there are is counted over everything that matches, not over what was ranked.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::collect::Ranked;
use super::search::Search;
use super::stories::Stories;
use super::{TantivyEngine, failed};
use crate::engine::Plan;
use crate::error::Result;
use crate::hits::{Copies, Hits};
use crate::query::Query;

/// How many copies of a hit are named; the rest is a number.
const NAMED: usize = 5;

/// One page of stories.
pub fn page(engine: &TantivyEngine, query: &Query, plan: &Plan, stories: Arc<Stories>) -> Result<Hits> {
    let search = &Search::new(engine, query, plan)?;
    let mut ranked = leading(search, &stories, plan.offset.saturating_add(plan.limit))?;
    search.weigh(ranked.iter_mut().skip(plan.offset).map(|(ranked, _)| ranked))?;
    let matched = Matched { stories: Arc::clone(&stories) };
    let Found { total, members } = search.searcher.search(&search.matching()?, &matched).map_err(failed)?;
    let mut of: BTreeMap<u64, Vec<DocAddress>> = BTreeMap::new();
    for (story, address) in members {
        of.entry(story).or_default().push(address);
    }
    let folded: u64 = of.values().map(|members| members.len() as u64 - 1).sum();
    let mut hits = Vec::new();
    for (place, (ranked, story)) in ranked.iter().enumerate().skip(plan.offset) {
        let mut hit = search.hit(place, ranked)?;
        if let Some(members) = story.and_then(|story| of.get(&story)) {
            hit.copies = copies(search, members, ranked.address)?;
        }
        hits.push(hit);
    }
    Ok(Hits { hits, total, stories: Some(total - folded), as_of: Some(search.as_of) })
}

/// The scores of the same page; no article is read.
pub fn scores(engine: &TantivyEngine, query: &Query, plan: &Plan, stories: &Stories) -> Result<Vec<f32>> {
    let search = Search::new(engine, query, plan)?;
    let ranked = leading(&search, stories, plan.offset.saturating_add(plan.limit))?;
    Ok(ranked.iter().skip(plan.offset).map(|(ranked, _)| ranked.score).collect())
}

/// The best article of each of the best stories, with the story where it has copies.
fn leading(search: &Search<'_>, stories: &Stories, wanted: usize) -> Result<Vec<(Ranked, Option<u64>)>> {
    let mut depth = wanted;
    loop {
        let ranked = search.ranked(depth)?;
        let exhausted = ranked.len() < depth;
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(wanted);
        for ranked in ranked {
            let story = stories.of(search.engine.warm.day_and_key(&search.searcher, ranked.address)?.1);
            if story.is_none_or(|story| seen.insert(story)) {
                kept.push((ranked, story));
            }
        }
        if exhausted || kept.len() >= wanted {
            kept.truncate(wanted);
            return Ok(kept);
        }
        depth = depth.saturating_mul(2);
    }
}

/// The other articles of a story, the oldest named first.
fn copies(search: &Search<'_>, members: &[DocAddress], shown: DocAddress) -> Result<Copies> {
    let mut others = Vec::with_capacity(members.len());
    for address in members.iter().filter(|address| **address != shown) {
        others.push((search.engine.warm.day_and_key(&search.searcher, *address)?, *address));
    }
    others.sort_unstable();
    let named = others.iter().take(NAMED).map(|(_, address)| search.copy(*address));
    Ok(Copies { total: others.len() as u64, named: named.collect::<Result<_>>()? })
}

/// Counts what matches, and gathers the members of stories among it.
struct Matched {
    stories: Arc<Stories>,
}

/// What [`Matched`] found.
#[derive(Default)]
struct Found {
    total: u64,
    members: Vec<(u64, DocAddress)>,
}

impl Collector for Matched {
    type Fruit = Found;
    type Child = SegmentMatched;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentMatched> {
        let key = reader.fast_fields().u64("key")?;
        Ok(SegmentMatched { stories: Arc::clone(&self.stories), segment, key, found: Found::default() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for segment in segments {
            all.total += segment.total;
            all.members.extend(segment.members);
        }
        Ok(all)
    }
}

/// The child of [`Matched`].
struct SegmentMatched {
    stories: Arc<Stories>,
    segment: SegmentOrdinal,
    key: Column<u64>,
    found: Found,
}

impl SegmentCollector for SegmentMatched {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.found.total += 1;
        if let Some(story) = self.key.first(doc).and_then(|key| self.stories.of(key)) {
            self.found.members.push((story, DocAddress::new(self.segment, doc)));
        }
    }

    fn harvest(self) -> Found {
        self.found
    }
}
