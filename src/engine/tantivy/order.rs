//! The ranked list of a question: lowering, collecting, and learning from the best answers.

use std::cell::OnceCell;
use std::sync::Arc;

use tantivy::Searcher;
use tantivy::query::EnableScoring;

use super::collect::{self, Best, Ranked};
use super::extras::Bonus;
use super::lower::{Lowering, Target};
use super::plan::Ranking;
use super::{TantivyEngine, failed, feedback};
use crate::date::{Date, Day, FIRST_PLAUSIBLE_YEAR};
use crate::engine::Plan;
use crate::error::Result;
use crate::query::Query;
use crate::rank::{FEEDBACK_DEPTH, Sort};

/// The `limit` best documents of the lowering's kind, in order.
pub fn ranked(
    engine: &TantivyEngine,
    lowering: &Lowering<'_>,
    query: &Query,
    plan: &Plan,
    as_of: Day,
    limit: usize,
) -> Result<Vec<Ranked>> {
    let learning = plan.ranking.feedback
        && lowering.target == Target::Articles
        && matches!(plan.ranking.sort, Sort::Blend | Sort::Relevance)
        && feedback::is_long(query);
    // What was learnt puts the best answers in order again, always the same number of them, so that pages fit.
    let depth = if learning { limit.max(FEEDBACK_DEPTH) } else { limit };
    let mut ranked = collect_lowered(engine, lowering, lowering.plan(query)?, plan, as_of, depth)?;
    if learning {
        feedback::reorder(engine, lowering, query, plan, as_of, &mut ranked)?;
        ranked.truncate(limit);
    }
    Ok(ranked)
}

/// The `limit` best documents of a question that was lowered already.
pub fn collect_lowered(
    engine: &TantivyEngine,
    lowering: &Lowering<'_>,
    lowered: Ranking,
    plan: &Plan,
    as_of: Day,
    limit: usize,
) -> Result<Vec<Ranked>> {
    let searcher = lowering.searcher;
    let statistics = lowering.statistics()?;
    let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
    let silent = EnableScoring::disabled_from_searcher(searcher);
    let weight = lowered.scored.weight(scoring).map_err(failed)?;
    let sifter = lowered.sifter.map(|clause| clause.weight(silent)).transpose().map_err(failed)?;
    let bonus = Bonus { extras: lowered.extras, ceiling: lowered.ceiling, scoring, weighed: OnceCell::new() };
    let most = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX);
    let best = Best {
        limit: limit.min(most),
        warm: Arc::clone(&engine.warm),
        ranking: plan.ranking,
        as_of,
        sifter,
        bonus,
        days: lowered.days,
        scored: lowered.has_words,
    };
    let mut ranked = best.collect(searcher, &*weight).map_err(failed)?;
    collect::sort(searcher, &engine.warm, &mut ranked).map_err(failed)?;
    ranked.truncate(limit);
    Ok(ranked)
}

/// The day that ages are counted from.
///
/// An archive without a plausible date has nothing to count ages from; every article gets the floor.
pub fn as_of(engine: &TantivyEngine, searcher: &Searcher, plan: &Plan) -> Result<Day> {
    match plan.ranking.as_of {
        Some(day) => Ok(day),
        None => Ok(engine.warm.newest(searcher)?.unwrap_or(Date::Year(FIRST_PLAUSIBLE_YEAR).first())),
    }
}
