//! Articles like a given one: the words that tell it from the others, asked of all the others.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur};

use super::clause::{boosted, scored, term, union};
use super::lower::{Lowering, Target};
use super::plan::Ranking;
use super::search::Search;
use super::{TantivyEngine, order};
use crate::analysis::{Form, tokens};
use crate::article::ArticleId;
use crate::engine::Plan;
use crate::error::Result;
use crate::hits::Hits;
use crate::query::{Node, Query};
use crate::rank::{self, SIMILAR_TERMS};

/// How often a word must stand in the archive: what no other article has finds none.
const FEWEST_ARTICLES: u64 = 2;

/// The articles most like the one with this id, which is not among them; `None` when there is no such article.
pub fn similar(engine: &TantivyEngine, id: &ArticleId, plan: &Plan) -> Result<Option<Hits>> {
    let Some(stored) = super::search::article(engine, id)? else { return Ok(None) };
    let searcher = engine.searcher();
    let nothing = Query { root: Node::All };
    let lowering = Lowering::scoring(&searcher, engine.fields, Target::Articles, &nothing)?;
    let words = telling(&lowering, &format!("{}\n\n{}", stored.article.title, stored.article.text))?;
    let itself = term(Term::from_field_text(engine.fields.id, id.as_str()));
    let lowered = Ranking {
        scored: union(words.iter().map(|(word, weight)| boosted(scored(engine.fields.all, word), *weight)).collect()),
        sifter: Some(Box::new(BooleanQuery::new(vec![(Occur::Must, lowering.kind()), (Occur::MustNot, itself)]))),
        ..Ranking::default()
    };
    let as_of = order::as_of(engine, &searcher, plan)?;
    let limit = plan.offset.saturating_add(plan.limit);
    let ranked = order::collect_lowered(engine, &lowering, lowered, plan, (as_of, limit), None)?;
    let search = Search::new(engine, &nothing, plan)?;
    let page = ranked.iter().enumerate().skip(plan.offset).map(|(place, ranked)| search.hit(place, ranked));
    let hits = page.collect::<Result<Vec<_>>>()?;
    Ok(Some(Hits { total: hits.len() as u64, hits, stories: None, as_of: Some(as_of) }))
}

/// The stems that tell a text from the others, by tf x idf, with the weight of each.
fn telling(lowering: &Lowering<'_>, text: &str) -> Result<Vec<(String, f32)>> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for token in tokens(text, Form::Stemmed) {
        *counts.entry(token.text).or_default() += 1;
    }
    let all = lowering.documents(Target::Articles)?;
    let mut words = Vec::with_capacity(counts.len());
    for (word, times) in counts {
        let having = lowering.frequency(&Term::from_field_text(lowering.fields.all, &word))?;
        if having >= FEWEST_ARTICLES {
            words.push((word, (times as f32).sqrt() * rank::idf(having, all)));
        }
    }
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(SIMILAR_TERMS);
    let most = words.first().map_or(1.0, |(_, weight)| weight.max(f32::MIN_POSITIVE));
    Ok(words.into_iter().map(|(word, weight)| (word, weight / most)).collect())
}
