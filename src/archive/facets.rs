//! The articles that answer a question, by who is in them, where they come from, and when they were published.

use super::timeline::timeline;
use crate::engine::Engine;
use crate::error::Result;
use crate::hits::{Facet, FacetBy, FacetCount, Tally, Unit};
use crate::query::Query;

/// Counts the values of `by` over the answers; the `limit` most frequent ones, or all periods in their order.
pub fn facet(engine: &dyn Engine, query: &Query, by: FacetBy, limit: usize) -> Result<Facet> {
    let unit = match by {
        FacetBy::Year => Some(Unit::Year),
        FacetBy::Month => Some(Unit::Month),
        _ => None,
    };
    if let Some(unit) = unit {
        return periods(engine, query, by, unit);
    }
    let Tally { counts, values, missing, total } = engine.tally(query, by, limit)?;
    let left_out = values.saturating_sub(counts.len() as u64);
    let named = |(value, articles): (String, u64)| -> Result<FacetCount> {
        Ok(FacetCount { name: engine.facet_name(by, &value)?, value, articles })
    };
    let counts = counts.into_iter().map(named).collect::<Result<_>>()?;
    Ok(Facet { by, counts, left_out, missing, total })
}

fn periods(engine: &dyn Engine, query: &Query, by: FacetBy, unit: Unit) -> Result<Facet> {
    let found = timeline(&engine.dates(query)?, &[], Some(unit));
    let total = found.total();
    let bins = found.bins.into_iter().filter(|bin| bin.articles.hits > 0);
    let counts = bins.map(|bin| FacetCount { value: bin.label, name: None, articles: bin.articles.hits }).collect();
    Ok(Facet { by, counts, left_out: 0, missing: found.vague.hits + found.undated.hits, total })
}
