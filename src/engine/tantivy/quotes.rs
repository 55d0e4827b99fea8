//! Quotes that answer a question: words and speaker within one quote, filters through its article.

use tantivy::Searcher;
use tantivy::collector::Count;

use super::clause::Clause;
use super::collect::{Best, KindStatistics, Ranked};
use super::lower::{Lowering, Target};
use super::record::{QuoteRecord, unpack};
use super::schema;
use super::search::{newest_plausible, stored_head};
use super::{TantivyEngine, failed};
use crate::date::{Date, FIRST_PLAUSIBLE_YEAR};
use crate::engine::Plan;
use crate::engine::snippet::Matcher;
use crate::error::Result;
use crate::hits::{QuoteHit, QuoteHits};
use crate::query::Query;

/// One page of quotes.
pub fn page(engine: &TantivyEngine, query: &Query, plan: &Plan) -> Result<QuoteHits> {
    let search = QuoteSearch::new(engine, query)?;
    let ranked = search.ranked(plan, plan.offset.saturating_add(plan.limit))?;
    let quotes = ranked.iter().skip(plan.offset).map(|ranked| search.quote(ranked)).collect::<Result<_>>()?;
    Ok(QuoteHits { quotes, total: search.total()? })
}

/// Every quote, in order, into `sink`; returns how many.
pub fn stream(
    engine: &TantivyEngine,
    query: &Query,
    plan: &Plan,
    sink: &mut dyn FnMut(QuoteHit) -> Result<()>,
) -> Result<u64> {
    let search = QuoteSearch::new(engine, query)?;
    let ranked = search.ranked(plan, usize::try_from(search.total()?).unwrap_or(usize::MAX))?;
    for one in &ranked {
        sink(search.quote(one)?)?;
    }
    Ok(ranked.len() as u64)
}

struct QuoteSearch<'a> {
    engine: &'a TantivyEngine,
    searcher: Searcher,
    lowered: Clause,
    matcher: Matcher,
}

impl<'a> QuoteSearch<'a> {
    fn new(engine: &'a TantivyEngine, query: &Query) -> Result<Self> {
        let searcher = engine.searcher();
        let lowering = Lowering { searcher: &searcher, fields: engine.fields, target: Target::Quotes };
        let lowered = lowering.query(query)?;
        Ok(Self { engine, lowered, matcher: Matcher::new(query), searcher })
    }

    fn ranked(&self, plan: &Plan, limit: usize) -> Result<Vec<Ranked>> {
        let as_of = match plan.ranking.as_of {
            Some(day) => day,
            None => newest_plausible(&self.searcher)?.unwrap_or(Date::Year(FIRST_PLAUSIBLE_YEAR).first()),
        };
        let most = usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX);
        let best = Best { limit: limit.min(most), ranking: plan.ranking, as_of };
        let statistics = KindStatistics::new(&self.searcher, self.engine.fields.kind, schema::QUOTE).map_err(failed)?;
        self.searcher.search_with_statistics_provider(&self.lowered, &best, &statistics).map_err(failed)
    }

    fn total(&self) -> Result<u64> {
        self.searcher.search(&self.lowered, &Count).map(|count| count as u64).map_err(failed)
    }

    fn quote(&self, ranked: &Ranked) -> Result<QuoteHit> {
        let record: QuoteRecord = unpack(&stored_head(&self.searcher, &self.engine.fields, ranked.address)?)?;
        let marks = self.matcher.marks(record.text());
        Ok(record.into_hit(ranked.score, marks))
    }
}
