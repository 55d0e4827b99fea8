//! The ranked list of a question: lowering, collecting, and learning from the best answers.

use std::cell::OnceCell;
use std::sync::Arc;

use tantivy::Searcher;
use tantivy::query::EnableScoring;

use super::clause::meets;
use super::collect::{self, Best, Ranked, Watch};
use super::extras::{Bonus, Extras};
use super::lower::{Lowering, Target};
use super::plan::Ranking;
use super::{TantivyEngine, failed, feedback};
use crate::date::{Date, Day, FIRST_PLAUSIBLE_YEAR};
use crate::engine::Plan;
use crate::error::Result;
use crate::query::Query;
use crate::rank::FEEDBACK_DEPTH;

/// The `limit` best documents of the lowering's kind, in order; with a `watch` by score, it is told of all that match.
pub fn ranked(
    engine: &TantivyEngine,
    lowering: &Lowering<'_>,
    query: &Query,
    plan: &Plan,
    (as_of, limit): (Day, usize),
    watch: Option<Watch<'_>>,
) -> Result<Vec<Ranked>> {
    let learning = plan.ranking.feedback
        && lowering.target == Target::Articles
        && !plan.ranking.sort.is_by_date()
        && feedback::is_long(query);
    // What was learnt puts the best answers in order again, always the same number of them, so that pages fit.
    let depth = if learning { limit.max(FEEDBACK_DEPTH) } else { limit };
    let mut ranked = collect_lowered(engine, lowering, lowering.plan(query)?, plan, (as_of, depth), watch)?;
    if learning {
        let learnt = ranked.len().min(FEEDBACK_DEPTH);
        feedback::reorder(engine, lowering, query, plan, as_of, &mut ranked[..learnt])?;
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
    (as_of, limit): (Day, usize),
    watch: Option<Watch<'_>>,
) -> Result<Vec<Ranked>> {
    let searcher = lowering.searcher;
    let statistics = lowering.statistics();
    let silent = EnableScoring::disabled_from_searcher(searcher);
    let scoring = match lowering.scored {
        true => EnableScoring::enabled_from_statistics_provider(&statistics, searcher),
        false => silent,
    };
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
        scored: lowered.has_words && !plan.ranking.sort.is_by_date(),
    };
    let mut ranked = best.collect(searcher, &*weight, watch).map_err(failed)?;
    collect::sort(searcher, &engine.warm, &mut ranked).map_err(failed)?;
    ranked.truncate(limit);
    Ok(ranked)
}

/// Gives the documents of a list the relevance that they have for a question, whatever the list is sorted by.
pub fn weigh<'r>(lowering: &Lowering<'_>, query: &Query, list: impl Iterator<Item = &'r mut Ranked>) -> Result<()> {
    let Ranking { scored, extras, ceiling, has_words, .. } = lowering.plan(query)?;
    if !has_words {
        return Ok(());
    }
    let searcher = lowering.searcher;
    let statistics = lowering.statistics();
    let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
    let weight = scored.weight(scoring).map_err(failed)?;
    let bonus = Bonus { extras, ceiling, scoring, weighed: OnceCell::new() };
    // Scorers walk forward only, so the documents are visited in the order of the index.
    let mut list: Vec<&mut Ranked> = list.collect();
    list.sort_by_key(|ranked| ranked.address);
    for part in list.chunk_by_mut(|a, b| a.address.segment_ord == b.address.segment_ord) {
        let reader = searcher.segment_reader(part[0].address.segment_ord);
        let mut scorer = weight.scorer(reader, 1.0).map_err(failed)?;
        let mut extras = Extras::new(&bonus, reader);
        for ranked in part {
            let doc = ranked.address.doc_id;
            if meets(scorer.as_mut(), doc) {
                ranked.relevance = scorer.score() + extras.score(doc).map_err(failed)?;
            }
        }
    }
    Ok(())
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
