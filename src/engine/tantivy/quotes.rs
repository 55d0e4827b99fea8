//! Quotes that answer a question: words and speaker within one quote, filters through its article.

use tantivy::Searcher;
use tantivy::collector::Count;

use super::collect::{Ranked, Watch};
use super::lower::{Lowering, Target};
use super::plan::sees_all;
use super::record::{QuoteRecord, unpack};
use super::search::stored_head;
use super::{TantivyEngine, failed, order};
use crate::engine::Plan;
use crate::engine::snippet::Matcher;
use crate::error::Result;
use crate::hits::{QuoteHit, QuoteHits};
use crate::query::Query;

/// One page of quotes.
pub fn page(engine: &TantivyEngine, query: &Query, plan: &Plan) -> Result<QuoteHits> {
    let search = QuoteSearch::new(engine, query)?;
    let limit = plan.offset.saturating_add(plan.limit);
    let mut total = 0;
    let ranked = if limit > 0 && !plan.ranking.sort.is_by_date() && sees_all(query) {
        search.ranked(plan, limit, Some(&mut |_| total += 1))?
    } else {
        total = search.total()?;
        search.ranked(plan, limit, None)?
    };
    let quotes = ranked.iter().skip(plan.offset).map(|ranked| search.quote(ranked)).collect::<Result<_>>()?;
    Ok(QuoteHits { quotes, total })
}

/// Every quote, in order, into `sink`; returns how many.
pub fn stream(
    engine: &TantivyEngine,
    query: &Query,
    plan: &Plan,
    sink: &mut dyn FnMut(QuoteHit) -> Result<()>,
) -> Result<u64> {
    let search = QuoteSearch::new(engine, query)?;
    let ranked = search.ranked(plan, usize::try_from(search.total()?).unwrap_or(usize::MAX), None)?;
    for one in &ranked {
        sink(search.quote(one)?)?;
    }
    Ok(ranked.len() as u64)
}

struct QuoteSearch<'a> {
    engine: &'a TantivyEngine,
    searcher: Searcher,
    query: &'a Query,
    matcher: Matcher,
}

impl<'a> QuoteSearch<'a> {
    fn new(engine: &'a TantivyEngine, query: &'a Query) -> Result<Self> {
        let searcher = engine.searcher();
        Ok(Self { engine, query, matcher: Matcher::new(query), searcher })
    }

    fn ranked(&self, plan: &Plan, limit: usize, watch: Option<Watch<'_>>) -> Result<Vec<Ranked>> {
        let sort = plan.ranking.sort;
        let lowering = Lowering::listing(&self.searcher, self.engine.fields, Target::Quotes, self.query, sort)?;
        let as_of = order::as_of(self.engine, &self.searcher, plan)?;
        order::ranked(self.engine, &lowering, self.query, plan, (as_of, limit), watch)
    }

    fn total(&self) -> Result<u64> {
        let lowered = Lowering::matching(&self.searcher, self.engine.fields, Target::Quotes).query(self.query)?;
        self.searcher.search(&lowered, &Count).map(|count| count as u64).map_err(failed)
    }

    fn quote(&self, ranked: &Ranked) -> Result<QuoteHit> {
        let record: QuoteRecord = unpack(&stored_head(&self.searcher, &self.engine.fields, ranked.address)?)?;
        let marks = self.matcher.marks(record.text());
        Ok(record.into_hit(ranked.score, marks))
    }
}
