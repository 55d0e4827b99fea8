//! A page of hits that shows every story once.
//!
//! Of the copies of a story that answer the question, the one that ranks best stands for all. How many articles and
//! how many stories there are is counted over everything that matches, not over what was ranked.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::{DocAddress, TantivyError};

use super::collect::{Ranked, Watch};
use super::lower::Lowering;
use super::search::Search;
use super::shortcuts::Rows;
use super::stories::Stories;
use super::{TantivyEngine, blocks, failed};
use crate::engine::Plan;
use crate::error::Result;
use crate::hits::{Copies, Hits};
use crate::query::Query;

/// How many copies of a hit are named; the rest is a number.
const NAMED: usize = 5;

/// One page of stories.
pub fn page(engine: &TantivyEngine, query: &Query, plan: &Plan, stories: Arc<Stories>) -> Result<Hits> {
    let search = &Search::new(engine, query, plan)?;
    let wanted = plan.offset.saturating_add(plan.limit);
    let mut matched = Matched::new(search, &stories);
    let lowering = &search.lowering()?;
    let mut ranked = match search.sees_all(lowering, wanted)? {
        true => leading(search, lowering, &stories, wanted, Some(&mut |address| matched.add(address)))?,
        false => {
            matched.walk()?;
            leading(search, lowering, &stories, wanted, None)?
        }
    };
    search.weigh(ranked.iter_mut().skip(plan.offset).map(|(ranked, _)| ranked))?;
    let Matched { total, of, failure, .. } = matched;
    if let Some(error) = failure {
        return Err(failed(error));
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
    let ranked = leading(&search, &search.lowering()?, stories, plan.offset.saturating_add(plan.limit), None)?;
    Ok(ranked.iter().skip(plan.offset).map(|(ranked, _)| ranked.score).collect())
}

/// The best article of each of the best stories, with the story where it has copies.
fn leading(
    search: &Search<'_>,
    lowering: &Lowering<'_>,
    stories: &Stories,
    wanted: usize,
    mut watch: Option<Watch<'_>>,
) -> Result<Vec<(Ranked, Option<u64>)>> {
    let mut depth = wanted;
    loop {
        // What matches is told once, however deep the list has to go.
        let ranked = search.ranked(lowering, depth, watch.take())?;
        let exhausted = ranked.len() < depth;
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(wanted.min(ranked.len()));
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

/// How the stories of the documents of one segment are found.
enum Look<'a> {
    /// Among the few documents that have one.
    Rows(Rows<'a>),
    /// By their keys.
    Keys(Column<u64>),
}

impl<'a> Look<'a> {
    fn new(search: &'a Search<'a>, segment: u32) -> tantivy::Result<Self> {
        let Search { engine, searcher, .. } = search;
        let rows = engine.shortcuts.as_ref().and_then(|known| known.copies(searcher.segment_reader(segment)));
        rows.map_or_else(|| engine.warm.keys(searcher, segment).map(Self::Keys), |rows| Ok(Self::Rows(rows)))
    }
}

/// What matches: how many, and the members of stories among it.
struct Matched<'a> {
    search: &'a Search<'a>,
    stories: &'a Stories,
    /// How stories are looked up in each segment where something matched.
    looks: Vec<Option<Look<'a>>>,
    /// Keys that could not be read.
    failure: Option<TantivyError>,
    total: u64,
    of: BTreeMap<u64, Vec<DocAddress>>,
}

impl<'a> Matched<'a> {
    fn new(search: &'a Search<'a>, stories: &'a Stories) -> Self {
        let looks = search.searcher.segment_readers().iter().map(|_| None).collect();
        Self { search, stories, looks, failure: None, total: 0, of: BTreeMap::new() }
    }

    fn add(&mut self, address: DocAddress) {
        self.total += 1;
        match self.story(address) {
            Ok(Some(story)) => self.of.entry(story).or_default().push(address),
            Ok(None) => {}
            Err(error) => self.failure = Some(error),
        }
    }

    fn story(&mut self, DocAddress { segment_ord, doc_id }: DocAddress) -> tantivy::Result<Option<u64>> {
        let Some(look) = self.looks.get_mut(segment_ord as usize) else { return Ok(None) };
        let look = match look {
            Some(look) => look,
            None => look.insert(Look::new(self.search, segment_ord)?),
        };
        Ok(match look {
            Look::Rows(rows) => rows.place_of(doc_id).and_then(|place| self.stories.at(place)),
            Look::Keys(keys) => keys.first(doc_id).and_then(|key| self.stories.of(key)),
        })
    }

    /// Everything that matches, in a walk of its own.
    fn walk(&mut self) -> Result<()> {
        let searcher = &self.search.searcher;
        let finding = blocks::finding(searcher, &self.search.matching()?).map_err(failed)?;
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let tell = |docs: &[_]| docs.iter().for_each(|doc| self.add(DocAddress::new(segment, *doc)));
            blocks::each(&finding, reader, tell).map_err(failed)?;
        }
        Ok(())
    }
}
