//! Why a question has no hits, as a value: every door can show it.

use crate::date::Day;
use crate::engine::Engine;
use crate::error::Result;
use crate::field::Field;
use crate::hits::TermCount;
use crate::query::{Node, Query};

/// How many conditions are tried out one by one.
const MOST_DROPPED: usize = 10;

/// From this many words on, one of them may be missing from an answer that comes near.
const FEWEST_TO_RELAX: usize = 3;

/// Why a question has no hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Every term of the question with the number of articles that have it.
    pub terms: Vec<TermCount>,
    /// How many articles the words alone would find, when the question has filters besides words.
    pub without_filters: Option<u64>,
    /// The conditions without which there would be articles, with how many; at most ten are tried.
    pub without: Vec<Without>,
    /// The question with one of its words missing, when that finds something.
    pub relaxed: Option<Relaxed>,
    /// How many articles have at least one of the words, when every word has some.
    pub any_word: Option<u64>,
    /// The first and the last day of the archive's dates, when the question asks for a date.
    pub covers: Option<(Day, Day)>,
}

/// One condition that a question could do without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Without {
    /// The condition in canonical text.
    pub condition: String,
    /// How many articles answer the rest.
    pub articles: u64,
}

/// A question that is content with one word less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxed {
    /// Any of the words may be missing, but only one; every other condition holds.
    pub query: Query,
    /// How many words the question has.
    pub words: usize,
    /// How many articles have all of them but one.
    pub articles: u64,
}

/// Says why `query` has no hits.
pub fn absence(engine: &dyn Engine, query: &Query) -> Result<Absence> {
    let terms = engine.terms(query)?;
    let words = without_filters(&query.root);
    let count = |root: Node| engine.count(&Query { root });
    let filtered = words.as_ref().is_some_and(|words| *words != query.root);
    let without_filters = if filtered { words.clone().map(count).transpose()? } else { None };
    let all_known = terms.len() > 1 && terms.iter().all(|term| term.articles > 0);
    let any_word = match words {
        Some(Node::And(words)) if all_known && without_filters.unwrap_or(0) == 0 => Some(count(Node::Or(words))?),
        _ => None,
    };
    let covers = if query.has_period(Field::Date) { covers(engine)? } else { None };
    Ok(Absence {
        terms,
        without_filters,
        without: without(engine, query)?,
        relaxed: relaxed(engine, query)?,
        any_word,
        covers,
    })
}

/// What each single condition costs.
fn without(engine: &dyn Engine, query: &Query) -> Result<Vec<Without>> {
    let clauses = query.clauses();
    let mut without = Vec::new();
    if clauses.len() < 2 {
        return Ok(without);
    }
    for (at, clause) in clauses.iter().enumerate().take(MOST_DROPPED) {
        let articles = engine.count(&query.without(at))?;
        if articles > 0 {
            without.push(Without { condition: clause.to_string(), articles });
        }
    }
    Ok(without)
}

/// The question with one of its words missing.
fn relaxed(engine: &dyn Engine, query: &Query) -> Result<Option<Relaxed>> {
    let is_word = |node: &&Node| matches!(node, Node::Word(_) | Node::Phrase(_) | Node::Near(_));
    let (words, others): (Vec<&Node>, Vec<&Node>) = query.clauses().iter().partition(is_word);
    if !(FEWEST_TO_RELAX..=MOST_DROPPED).contains(&words.len()) {
        return Ok(None);
    }
    let all_but = |left_out: usize| {
        let kept = words.iter().enumerate().filter(|(at, _)| *at != left_out);
        Node::all_of(kept.map(|(_, word)| (*word).clone()).collect())
    };
    let mut root = vec![Node::any_of((0..words.len()).map(all_but).collect())];
    root.extend(others.into_iter().cloned());
    let query = Query { root: Node::all_of(root) };
    let articles = engine.count(&query)?;
    Ok((articles > 0).then_some(Relaxed { query, words: words.len(), articles }))
}

/// The first and the last day that any date of the archive may mean.
fn covers(engine: &dyn Engine) -> Result<Option<(Day, Day)>> {
    let dates = engine.dates(&Query { root: Node::All })?;
    let days = || dates.iter().filter_map(|dated| dated.days);
    Ok(days().map(|(first, _)| first).min().zip(days().map(|(_, last)| last).max()))
}

/// The positive words of a question, without its filters; `None` when it has no words.
fn without_filters(node: &Node) -> Option<Node> {
    match node {
        Node::Word(_) | Node::Phrase(_) | Node::Near(_) | Node::AtLeast(..) | Node::Inside(..) => Some(node.clone()),
        Node::And(children) => {
            let mut kept: Vec<Node> = children.iter().filter_map(without_filters).collect();
            if kept.len() > 1 { Some(Node::And(kept)) } else { kept.pop() }
        }
        Node::Or(_) => Some(node.clone()),
        Node::In(field, _) => (!field.is_keyword()).then(|| node.clone()),
        Node::All | Node::Not(_) | Node::Period(..) | Node::Confidence(_) | Node::Is(..) => None,
    }
}
