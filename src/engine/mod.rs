//! The seam: what an engine must do, in plain data.
//!
//! One engine keeps the archive in a folder ([`tantivy`]); another may keep it on a cluster. The traits speak of
//! articles, facts, queries and hits only, so that the rooms above cannot tell engines apart. What holds for any engine is
//! tested through the program, in `tests/`. An engine prints nothing, reads no settings and does not know the corpus.

pub mod bounds;
pub mod proximity;
pub mod snippet;
pub mod tantivy;

use std::any::Any;
use std::time::Duration;

use crate::article::{Article, ArticleId};
use crate::catalogue::Catalogue;
use crate::date::{Day, Moment};
use crate::error::Result;
use crate::facts::Facts;
use crate::hits::{Dated, FacetBy, Hit, Hits, QuoteHit, QuoteHits, Tally, TermCount};
use crate::query::Query;
use crate::rank::Ranking;

/// What is asked besides the question itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many hits to return.
    pub limit: usize,
    /// How many to pass over first.
    pub offset: usize,
    /// What decides their order.
    pub ranking: Ranking,
    /// Whether every hit says how it got its score.
    pub explain: bool,
    /// How many snippets a hit gets at most; 0 spares reading the text.
    pub snippets: usize,
    /// Whether a page of articles shows every story once; of no meaning to streams and quotes.
    pub fold: bool,
}

/// An article as the archive keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The article.
    pub article: Article,
    /// What was found in it.
    pub facts: Facts,
    /// When it first came into the archive.
    pub ingested: Moment,
}

/// What an engine says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Articles in the index.
    pub articles: u64,
    /// Quotes in the index.
    pub quotes: u64,
    /// Size on disk in bytes.
    pub bytes: u64,
    /// How many pieces the index consists of.
    pub segments: usize,
    /// Version of the index format.
    pub format: String,
    /// Version of the analyser it was written with.
    pub analyser: String,
    /// Version of the actor tables it was written with.
    pub dictionary: String,
    /// The day of the newest plausible article.
    pub newest: Option<Day>,
}

/// A place where articles are kept and found.
pub trait Engine {
    /// Whether the archive has changed since the engine was opened, so that another one would see more.
    fn is_outdated(&self) -> Result<bool>;

    /// Opens the only writer; fails with a busy error while another one lives.
    fn writer(&self) -> Result<Box<dyn Writer>>;

    /// The articles that answer a question.
    fn search(&self, query: &Query, plan: &Plan) -> Result<Hits>;

    /// Hands every article that answers a question to `sink`, by rank, however many there are.
    fn stream(&self, query: &Query, plan: &Plan, sink: &mut dyn FnMut(Hit) -> Result<()>) -> Result<u64>;

    /// The quotes that answer a question.
    fn quotes(&self, query: &Query, plan: &Plan) -> Result<QuoteHits>;

    /// Hands every quote that answers a question to `sink`, by rank.
    fn stream_quotes(&self, query: &Query, plan: &Plan, sink: &mut dyn FnMut(QuoteHit) -> Result<()>) -> Result<u64>;

    /// How many articles answer a question.
    fn count(&self, query: &Query) -> Result<u64>;

    /// The dates of the articles that answer a question, with how many have each.
    fn dates(&self, query: &Query) -> Result<Vec<Dated>>;

    /// How many of the articles that answer a question have each value, for the `limit` most frequent values; nothing for
    /// periods, which are [`Engine::dates`].
    fn tally(&self, query: &Query, by: FacetBy, limit: usize) -> Result<Tally>;

    /// For each of these actors, by id, the `limit` others that most answers name beside it, with how many.
    fn beside(&self, query: &Query, actors: &[String], limit: usize) -> Result<Vec<Vec<(String, u64)>>>;

    /// The name to show for a value that was counted, if it has one.
    fn facet_name(&self, by: FacetBy, value: &str) -> Result<Option<String>>;

    /// How many articles have each term of a question, alone.
    fn terms(&self, query: &Query) -> Result<Vec<TermCount>>;

    /// The articles most like the one with this id, without itself; `None` when there is no such article.
    fn similar(&self, id: &ArticleId, plan: &Plan) -> Result<Option<Hits>>;

    /// One article by its id.
    fn article(&self, id: &ArticleId) -> Result<Option<Stored>>;

    /// Hands every article of the last commit to `sink`, with the seal of what was found in it; its facts are left out.
    fn each(&self, sink: &mut dyn FnMut(Stored, u64) -> Result<()>) -> Result<()>;

    /// The catalogue of the last commit.
    fn catalogue(&self) -> Result<Catalogue>;

    /// Figures about the index.
    fn status(&self) -> Result<Status>;

    /// Compares documents and catalogue; every line says one thing that is wrong.
    fn check(&self) -> Result<Vec<String>>;
}

/// Makes articles ready for a writer, and remembers what they have in common.
pub trait Maker: Send {
    /// All that the archive is to know of an article.
    ///
    /// # Errors
    /// It cannot be kept.
    fn make(&mut self, stored: &Stored) -> Result<Made>;
}

/// An article ready for a writer.
pub struct Made {
    /// What its engine makes of it.
    pub article: Box<dyn Any + Send>,
    /// How long the maker had to wait because enough was made: no part of the making.
    pub waited: Duration,
}

/// The one hand that changes an index. Nothing is visible before [`Writer::commit`]; dropping it forgets the rest.
pub trait Writer {
    /// One that makes articles ready for this writer. Making takes most of the time; each thread may have its own.
    fn maker(&self) -> Box<dyn Maker>;

    /// Adds an article that one of its makers has made ready, in place of any of the same id.
    fn put(&mut self, made: Made) -> Result<()>;

    /// Takes an article out, with its quotes.
    fn remove(&mut self, id: &str) -> Result<()>;

    /// Makes everything since the last commit visible at once, together with the catalogue that describes it.
    fn commit(&mut self, catalogue: &Catalogue) -> Result<()>;

    /// Waits for work in the background; to be called last.
    fn finish(self: Box<Self>) -> Result<()>;
}
