//! The articles that answer a question, by who is in them, where they come from, and when they were published.

use std::collections::HashMap;

use super::timeline::timeline;
use crate::engine::Engine;
use crate::error::Result;
use crate::hits::{Cast, CastMember, Facet, FacetBy, FacetCount, Tally, Unit};
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

/// Who is in the answers: the `limit` actors that most of them name, each with the `beside` others named most with it.
pub fn cast(engine: &dyn Engine, query: &Query, limit: usize, beside: usize) -> Result<Cast> {
    let Facet { counts, left_out, missing, total, .. } = facet(engine, query, FacetBy::Actor, limit)?;
    let ids: Vec<String> = counts.iter().map(|actor| actor.value.clone()).collect();
    let with = if beside == 0 { vec![Vec::new(); ids.len()] } else { engine.beside(query, &ids, beside)? };
    let mut names: HashMap<String, Option<String>> =
        counts.iter().map(|actor| (actor.value.clone(), actor.name.clone())).collect();
    let mut members = Vec::with_capacity(counts.len());
    for (actor, with) in counts.into_iter().zip(with) {
        let mut others = Vec::with_capacity(with.len());
        for (value, articles) in with {
            let name = match names.get(&value) {
                Some(known) => known.clone(),
                None => engine.facet_name(FacetBy::Actor, &value)?,
            };
            names.insert(value.clone(), name.clone());
            others.push(FacetCount { value, name, articles });
        }
        members.push(CastMember { actor, beside: others });
    }
    Ok(Cast { members, left_out, missing, total })
}

fn periods(engine: &dyn Engine, query: &Query, by: FacetBy, unit: Unit) -> Result<Facet> {
    let found = timeline(&engine.dates(query)?, &[], Some(unit));
    let total = found.total();
    let bins = found.bins.into_iter().filter(|bin| bin.articles.hits > 0);
    let counts = bins.map(|bin| FacetCount { value: bin.label, name: None, articles: bin.articles.hits }).collect();
    Ok(Facet { by, counts, left_out: 0, missing: found.vague.hits + found.undated.hits, total })
}
