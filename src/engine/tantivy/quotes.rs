//! Quotes that answer a question: words and speaker within one quote, filters through its article.

use std::cell::RefCell;
use std::rc::Rc;

use tantivy::{DocAddress, Searcher};

use super::collect::{Ranked, Watch};
use super::lower::{Lowering, Target};
use super::plan::sees_all;
use super::{TantivyEngine, blocks, failed, order, search};
use crate::article::ArticleId;
use crate::engine::snippet::Matcher;
use crate::engine::{Plan, Stored};
use crate::error::{Error, Result};
use crate::facts::{ActorKind, Quote};
use crate::hits::{ActorRef, QuoteHit, QuoteHits};
use crate::query::Query;
use crate::text::Span;

/// One page of quotes.
pub fn page(engine: &TantivyEngine, query: &Query, plan: &Plan) -> Result<QuoteHits> {
    let search = QuoteSearch::new(engine, query)?;
    let limit = plan.offset.saturating_add(plan.limit);
    let mut total = 0;
    let ranked = if limit > 0 && !plan.ranking.sort.is_by_date() && sees_all(query, Target::Quotes) {
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
    /// The article of the last quote: the next one is often of the same.
    last: RefCell<Option<Rc<Stored>>>,
}

impl<'a> QuoteSearch<'a> {
    fn new(engine: &'a TantivyEngine, query: &'a Query) -> Result<Self> {
        let searcher = engine.searcher();
        Ok(Self { engine, query, matcher: Matcher::new(query), searcher, last: RefCell::default() })
    }

    fn ranked(&self, plan: &Plan, limit: usize, watch: Option<Watch<'_>>) -> Result<Vec<Ranked>> {
        let sort = plan.ranking.sort;
        let lowering = Lowering::listing(&self.searcher, self.engine.fields, Target::Quotes, self.query, sort)?;
        let as_of = order::as_of(self.engine, &self.searcher, plan)?;
        order::ranked(self.engine, &lowering, self.query, plan, (as_of, limit), watch)
    }

    fn total(&self) -> Result<u64> {
        let lowered = Lowering::matching(&self.searcher, self.engine.fields, Target::Quotes).query(self.query)?;
        blocks::count(&self.searcher, &lowered).map_err(failed)
    }

    fn quote(&self, ranked: &Ranked) -> Result<QuoteHit> {
        let (id, number) = self.place(ranked.address).map_err(failed)?;
        let stored = self.article(id)?;
        let quote = usize::try_from(number).ok().and_then(|number| stored.facts.quotes.get(number));
        let quote = quote.ok_or_else(|| lost(stored.article.id.as_str()))?;
        Ok(hit(&stored, quote, ranked.score, |words| self.matcher.marks(words)))
    }

    /// The id of a quote's article, and its number there.
    fn place(&self, address: DocAddress) -> tantivy::Result<(String, u64)> {
        let (warm, segment) = (&self.engine.warm, address.segment_ord);
        let mut id = String::new();
        if let Some(ids) = warm.ids(&self.searcher, segment)? {
            ids.ord_to_str(ids.ords().first(address.doc_id).unwrap_or(u64::MAX), &mut id)?;
        }
        Ok((id, warm.numbers(&self.searcher, segment)?.first(address.doc_id).unwrap_or(u64::MAX)))
    }

    fn article(&self, id: String) -> Result<Rc<Stored>> {
        let mut last = self.last.borrow_mut();
        if let Some(known) = last.as_ref().filter(|known| known.article.id.as_str() == id) {
            return Ok(known.clone());
        }
        let found = search::article(self.engine, &ArticleId::from_stored(id.clone()))?.ok_or_else(|| lost(&id))?;
        Ok(last.insert(Rc::new(found)).clone())
    }
}

/// A quote as a list of quotes shows it.
fn hit(stored: &Stored, quote: &Quote, score: f32, marks: impl FnOnce(&str) -> Vec<Span>) -> QuoteHit {
    let Stored { article, facts, .. } = stored;
    let speaker = |id: &String| match facts.actor(id) {
        Some(actor) => ActorRef { id: actor.id.clone(), name: actor.name.clone(), kind: actor.kind },
        None => ActorRef { id: id.clone(), name: id.clone(), kind: ActorKind::Unknown },
    };
    let text = quote.words(&article.text);
    QuoteHit {
        article: article.id.as_str().to_owned(),
        path: article.origin.path.clone(),
        title: article.title.clone(),
        date: article.date,
        source: article.source.clone(),
        url: article.url.clone(),
        speakers: quote.speakers.iter().map(speaker).collect(),
        kind: quote.kind,
        marks: marks(&text),
        text,
        cue: quote.cue.map(|cue| cue.of(&article.text).to_owned()),
        span: quote.extent(),
        confidence: quote.confidence,
        rule: quote.rule.clone().into_owned(),
        score,
    }
}

fn lost(id: &str) -> Error {
    Error::engine(format!("the index has a quote of article `{id}` that the article does not have"))
        .hint("run `chancery check`")
}
