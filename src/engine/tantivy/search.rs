//! Articles that answer a question: ranked, counted, fetched.

use std::cell::OnceCell;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, Term};

use super::collect::{Ranked, Watch};
use super::explain::Explainer;
use super::findings::seal_of;
use super::lower::{Lowering, Target};
use super::parcel::{Parcel, damaged};
use super::schema::{self, Fields};
use super::{TantivyEngine, blocks, failed, order, plan};
use crate::article::ArticleId;
use crate::date::{Day, Moment};
use crate::engine::snippet::Matcher;
use crate::engine::{Plan, Stored};
use crate::error::Result;
use crate::facts::Facts;
use crate::hits::{Copies, Copy, Hit, Hits, ScoreParts};
use crate::query::Query;
use crate::rank::Sort;

/// How many hits of a long list are fetched at a time.
const CHUNK: usize = 512;

/// One page of hits.
pub fn page(engine: &TantivyEngine, query: &Query, plan: &Plan) -> Result<Hits> {
    let search = Search::new(engine, query, plan)?;
    let limit = plan.offset.saturating_add(plan.limit);
    let mut total = 0;
    let lowering = search.lowering()?;
    let mut ranked = match search.sees_all(&lowering, limit)? {
        true => search.ranked(&lowering, limit, Some(&mut |_| total += 1))?,
        false => {
            total = search.total()?;
            search.ranked(&lowering, limit, None)?
        }
    };
    search.weigh(ranked.iter_mut().skip(plan.offset))?;
    let page = ranked.iter().enumerate().skip(plan.offset).map(|(place, ranked)| search.hit(place, ranked));
    let hits = page.collect::<Result<Vec<_>>>()?;
    Ok(Hits { total, hits, stories: None, as_of: Some(search.as_of) })
}

/// The scores of a page of hits; no article is read, and what matches is not counted.
pub fn scores(engine: &TantivyEngine, query: &Query, plan: &Plan) -> Result<Vec<f32>> {
    let search = Search::new(engine, query, plan)?;
    let ranked = search.ranked(&search.lowering()?, plan.offset.saturating_add(plan.limit), None)?;
    Ok(ranked.iter().skip(plan.offset).map(|ranked| ranked.score).collect())
}

/// Every hit, in order, into `sink`; returns how many.
pub fn stream(
    engine: &TantivyEngine,
    query: &Query,
    plan: &Plan,
    sink: &mut dyn FnMut(Hit) -> Result<()>,
) -> Result<u64> {
    let search = Search::new(engine, query, plan)?;
    let total = usize::try_from(search.total()?).unwrap_or(usize::MAX);
    let mut ranked = search.ranked(&search.lowering()?, total, None)?;
    search.weigh(ranked.iter_mut())?;
    for (chunk_number, chunk) in ranked.chunks(CHUNK).enumerate() {
        // A chunk is read in the order in which it is stored.
        let mut order: Vec<usize> = (0..chunk.len()).collect();
        order.sort_by_key(|at| chunk[*at].address);
        let mut hits: Vec<Option<Hit>> = chunk.iter().map(|_| None).collect();
        for at in order {
            hits[at] = Some(search.hit(chunk_number * CHUNK + at, &chunk[at])?);
        }
        hits.into_iter().flatten().try_for_each(&mut *sink)?;
    }
    Ok(ranked.len() as u64)
}

/// How many articles match.
pub fn count(engine: &TantivyEngine, query: &Query) -> Result<u64> {
    count_in(&engine.searcher(), engine.fields, query)
}

fn count_in(searcher: &Searcher, fields: Fields, query: &Query) -> Result<u64> {
    let lowered = Lowering::matching(searcher, fields, Target::Articles).query(query)?;
    blocks::count(searcher, &lowered).map_err(failed)
}

/// One article by its id.
pub fn article(engine: &TantivyEngine, id: &ArticleId) -> Result<Option<Stored>> {
    let searcher = engine.searcher();
    let Some(address) = address_of(engine, &searcher, id.as_str()).map_err(failed)? else { return Ok(None) };
    let stored = Parcel::whole(&searcher, address)?.stored()?;
    if stored.article.id == *id { Ok(Some(stored)) } else { Err(damaged()) }
}

/// Where the article with this id is; its quotes carry the id too.
fn address_of(engine: &TantivyEngine, searcher: &Searcher, id: &str) -> tantivy::Result<Option<DocAddress>> {
    let field = engine.fields.id;
    let term = Term::from_field_text(field, id);
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let Some(mut postings) = reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)? else {
            continue;
        };
        let kinds = engine.warm.kinds(searcher, segment)?;
        let is_it = |doc| kinds.first(doc) == Some(schema::ARTICLE) && !reader.is_deleted(doc);
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if is_it(doc) {
                return Ok(Some(DocAddress::new(segment, doc)));
            }
            doc = postings.advance();
        }
    }
    Ok(None)
}

/// Every article, in the order it is stored in, with the seal of its facts.
pub fn each(engine: &TantivyEngine, sink: &mut dyn FnMut(Stored, u64) -> Result<()>) -> Result<()> {
    let searcher = engine.searcher();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let kinds = reader.fast_fields().u64("kind").map_err(failed)?;
        for doc in reader.doc_ids_alive().filter(|doc| kinds.first(*doc) == Some(schema::ARTICLE)) {
            let parcel = Parcel::whole(&searcher, DocAddress::new(segment, doc))?;
            let seal = seal_of(parcel.facts()?)?;
            sink(parcel.head()?.with_facts(parcel.text()?.to_owned(), Facts::default()), seal)?;
        }
    }
    Ok(())
}

/// One search on one state of the index.
pub struct Search<'a> {
    /// The state of the index.
    pub searcher: Searcher,
    /// The engine that is asked.
    pub engine: &'a TantivyEngine,
    fields: Fields,
    query: &'a Query,
    plan: &'a Plan,
    /// The day that ages are counted from.
    pub as_of: Day,
    matcher: OnceCell<Matcher>,
    explainer: Option<Explainer>,
}

impl<'a> Search<'a> {
    /// Prepares a search.
    pub fn new(engine: &'a TantivyEngine, query: &'a Query, plan: &'a Plan) -> Result<Self> {
        let searcher = engine.searcher();
        let as_of = order::as_of(engine, &searcher, plan)?;
        let explainer = match plan.explain {
            true => {
                let lowering = Lowering::scoring(&searcher, engine.fields, Target::Articles, query)?;
                Some(Explainer::new(&lowering, query)?)
            }
            false => None,
        };
        let matcher = OnceCell::new();
        Ok(Self { engine, fields: engine.fields, query, plan, as_of, matcher, explainer, searcher })
    }

    /// The question as tantivy matches it, without scores.
    pub fn matching(&self) -> Result<Box<dyn tantivy::query::Query>> {
        Lowering::matching(&self.searcher, self.fields, Target::Articles).query(self.query)
    }

    /// An article as the copy of another one.
    pub fn copy(&self, address: DocAddress) -> Result<Copy> {
        let head = Parcel::head_at(&self.searcher, address)?;
        Ok(Copy { date: head.published(), id: head.id, source: head.source, title: head.title })
    }

    /// The question made ready for a list.
    pub fn lowering(&self) -> Result<Lowering<'_>> {
        let sort = self.plan.ranking.sort;
        Lowering::listing(&self.searcher, self.fields, Target::Articles, self.query, sort)
    }

    /// Whether a ranked list of this length sees everything that matches, or might as well, so that a [`Watch`] saves a
    /// walk.
    pub fn sees_all(&self, lowering: &Lowering<'_>, limit: usize) -> Result<bool> {
        let ranks = limit > 0 && !self.plan.ranking.sort.is_by_date();
        Ok(ranks && (plan::sees_all(self.query, Target::Articles) || lowering.meets_few(self.query)?))
    }

    /// The best articles, in order; a `watch` is told of all that match, where the list [sees](Self::sees_all) them.
    pub fn ranked(&self, lowering: &Lowering<'_>, limit: usize, watch: Option<Watch<'_>>) -> Result<Vec<Ranked>> {
        order::ranked(self.engine, lowering, self.query, self.plan, (self.as_of, limit), watch)
    }

    /// Gives hits of a list by date the relevance that the list did not need.
    pub fn weigh<'r>(&self, hits: impl Iterator<Item = &'r mut Ranked>) -> Result<()> {
        if !self.plan.ranking.sort.is_by_date() {
            return Ok(());
        }
        let lowering = Lowering::scoring(&self.searcher, self.fields, Target::Articles, self.query)?;
        order::weigh(&lowering, self.query, hits)
    }

    fn total(&self) -> Result<u64> {
        count_in(&self.searcher, self.fields, self.query)
    }

    fn matcher(&self) -> &Matcher {
        self.matcher.get_or_init(|| Matcher::new(self.query))
    }

    /// The hit at a place of the list, counted from 0.
    pub fn hit(&self, place: usize, ranked: &Ranked) -> Result<Hit> {
        let (head, snippets) = match self.plan.snippets {
            0 => (Parcel::head_at(&self.searcher, ranked.address)?, Vec::new()),
            most => {
                let parcel = Parcel::listed(&self.searcher, ranked.address)?;
                (parcel.head()?, self.matcher().snippets(parcel.text()?, most))
            }
        };
        let date = head.published();
        let recency = self.plan.ranking.recency(date.map(|published| published.date), self.as_of);
        let blend = self.plan.ranking.sort == Sort::Blend;
        Ok(Hit {
            rank: place + 1,
            score: if self.plan.ranking.sort.is_by_date() { ranked.relevance } else { ranked.score },
            parts: ScoreParts {
                relevance: ranked.relevance,
                recency: if blend { recency } else { 1.0 },
                age_days: date.map(|published| self.as_of.since(published.date.middle())),
                terms: self
                    .explainer
                    .as_ref()
                    .map_or(Ok(Vec::new()), |explainer| explainer.terms(&self.searcher, ranked.address))?,
            },
            copies: Copies::default(),
            snippets,
            actors: head.actors(),
            quotes: head.quotes as usize,
            language: head.shown_language(),
            ingested: Moment(head.ingested),
            date,
            id: head.id,
            path: head.path,
            ordinal: head.ordinal,
            title: head.title,
            source: head.source,
            url: head.url,
        })
    }
}
