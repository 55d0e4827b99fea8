//! Pseudo-relevance feedback: a long question of which any word is enough learns from its own best answers.
//!
//! The words that the best answers have in common, and other articles seldom have, are asked for as well (after
//! Rocchio and RM3). Nothing is found that was not found before: what was learnt only puts the best answers in order
//! again. It is a pure function of the question and the index.

use std::collections::{HashMap, HashSet};

use tantivy::Term;
use tantivy::query::{EnableScoring, Weight};

use super::clause::{boosted, meets, row};
use super::collect::{self, Ranked};
use super::lower::{Lowering, Target};
use super::parcel::Parcel;
use super::sources::Source;
use super::tally::Tally;
use super::{TantivyEngine, failed};
use crate::analysis::{Form as TokenForm, tokens};
use crate::date::Day;
use crate::engine::Plan;
use crate::error::Result;
use crate::query::{Form, Node, Query, Word};
use crate::rank::{self, FEEDBACK_ARTICLES, FEEDBACK_BYTES, FEEDBACK_TERMS, FEEDBACK_WEIGHT, FEEDBACK_WORDS, Sort};
use crate::text::floor_boundary;

/// The shortest stem that is learnt, in bytes.
const SHORTEST: usize = 3;

/// The largest share of all articles that may have a word that is learnt.
const COMMONEST: f32 = 0.2;

/// Of how many words it is looked up how rare they are in the text.
const MOST_LOOKED_AT: usize = 8 * FEEDBACK_TERMS;

/// Whether a question has enough plain words of which any is enough.
pub fn is_long(query: &Query) -> bool {
    let plain = |node: &&Node| matches!(node, Node::Word(Word { form: Form::Plain, .. }));
    query.clauses().iter().any(|node| match node {
        Node::Or(children) => children.iter().filter(plain).count() >= FEEDBACK_WORDS,
        _ => false,
    })
}

/// Puts the best answers in order again by what the very best have in common.
pub fn reorder(
    engine: &TantivyEngine,
    lowering: &Lowering<'_>,
    query: &Query,
    plan: &Plan,
    as_of: Day,
    ranked: &mut [Ranked],
) -> Result<()> {
    let learnt = learn(lowering, query, ranked)?;
    let searcher = lowering.searcher;
    let statistics = lowering.statistics();
    let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
    let mut weights: Vec<Box<dyn Weight>> = Vec::with_capacity(learnt.len());
    for (word, weight) in learnt {
        weights.push(boosted(Box::new(word), weight).weight(scoring).map_err(failed)?);
    }
    // Scorers walk forward only, so the answers are visited in the order of the index.
    let mut order: Vec<usize> = (0..ranked.len()).collect();
    order.sort_by_key(|at| ranked[*at].address);
    let segment_of = |at: usize| ranked[at].address.segment_ord;
    let parts: Vec<Vec<usize>> =
        order.chunk_by(|a, b| segment_of(*a) == segment_of(*b)).map(<[usize]>::to_vec).collect();
    for part in parts {
        let segment = searcher.segment_reader(ranked[part[0]].address.segment_ord);
        for weight in &weights {
            let mut scorer = weight.scorer(segment, 1.0).map_err(failed)?;
            for at in &part {
                let doc = ranked[*at].address.doc_id;
                if meets(scorer.as_mut(), doc) {
                    ranked[*at].relevance += scorer.score();
                }
            }
        }
    }
    for one in ranked.iter_mut() {
        let decay = if plan.ranking.sort == Sort::Blend { one.decay(&plan.ranking, as_of) } else { 1.0 };
        one.score = rank::settled(one.relevance * decay);
    }
    collect::sort(searcher, &engine.warm, ranked).map_err(failed)?;
    Ok(())
}

/// The words that the best answers share, with the weight of each.
fn learn(lowering: &Lowering<'_>, query: &Query, ranked: &[Ranked]) -> Result<Vec<(Tally, f32)>> {
    let asked: HashSet<String> = asked(query);
    let mut best: Vec<&Ranked> = ranked.iter().collect();
    // Equal ones stay in the order of the list.
    best.sort_by(|a, b| b.relevance.total_cmp(&a.relevance));
    best.truncate(FEEDBACK_ARTICLES);
    let sum: f32 = best.iter().map(|one| one.relevance).sum();
    let mut shares: HashMap<String, (f32, usize)> = HashMap::new();
    for one in &best {
        let parcel = Parcel::listed(lowering.searcher, one.address)?;
        let text = parcel.text()?;
        let text = &text[..floor_boundary(text, FEEDBACK_BYTES)];
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut length = 0u32;
        for token in tokens(text, TokenForm::Stemmed) {
            *counts.entry(token.text).or_default() += 1;
            length += 1;
        }
        for (word, count) in counts {
            let share = one.relevance / sum.max(f32::MIN_POSITIVE) * count as f32 / length.max(1) as f32;
            let entry = shares.entry(word).or_default();
            *entry = (entry.0 + share, entry.1 + 1);
        }
    }
    let all = lowering.documents(Target::Articles)?;
    let mut words = Vec::new();
    for (word, (share, articles)) in shares {
        if articles < 2 || word.len() < SHORTEST || asked.contains(&word) {
            continue;
        }
        let having = lowering.frequency(&Term::from_field_text(lowering.fields.all, &word))?;
        words.push((share * rank::idf(having, all), word, share));
    }
    let words = telling(lowering, words)?;
    let total: f32 = words.iter().map(|(_, worth)| worth).sum();
    let budget = FEEDBACK_WEIGHT * asked.len() as f32;
    Ok(words.into_iter().map(|(word, worth)| (word, budget * worth / total)).collect())
}

/// Those of the words that tell most, with what each is worth; they come with what they promise and their share.
///
/// Counting the articles that have a word in the text means to walk all its forms. No fewer have it than have its
/// commonest form, which is looked up, and so no word is worth more than by that: words are counted in the order of
/// what they may be worth, until none of the others can be among the best.
fn telling(lowering: &Lowering<'_>, mut words: Vec<(f32, String, f32)>) -> Result<Vec<(Tally, f32)>> {
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let all = lowering.documents(Target::Articles)?;
    let is_common = |having: u64| having as f32 > COMMONEST * all as f32;
    let text = lowering.fields.text_forms;
    let mut promising = Vec::with_capacity(MOST_LOOKED_AT);
    for (_, word, share) in words {
        let having = Source::forms(text, &word).most_of_a_term(lowering.searcher).map_err(failed)?;
        if !is_common(having) {
            promising.push((share * rank::idf(having, all), word, share));
        }
        if promising.len() == MOST_LOOKED_AT {
            break;
        }
    }
    promising.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut best: Vec<(String, Tally, f32)> = Vec::with_capacity(FEEDBACK_TERMS + 1);
    for (most, word, share) in promising {
        if best.len() == FEEDBACK_TERMS && best.last().is_some_and(|(_, _, least)| *least > most) {
            break;
        }
        let tally = lowering.stem(text, &word)?;
        if !is_common(tally.having) {
            let worth = share * rank::idf(tally.having, all);
            best.push((word, tally, worth));
            best.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
            best.truncate(FEEDBACK_TERMS);
        }
    }
    Ok(best.into_iter().map(|(_, tally, worth)| (tally, worth)).collect())
}

/// The stems of the plain words of a question.
fn asked(query: &Query) -> HashSet<String> {
    let mut asked = HashSet::new();
    for (_, node) in query.terms() {
        if let Node::Word(Word { text, .. }) = node {
            asked.extend(row(text, TokenForm::Stemmed).into_iter().map(|token| token.text));
        }
    }
    asked
}
