//! The archive: where corpus, extraction and engine come together. Everything a door offers is done here.
//!
//! It knows no format of output and no command line; the clock, the wish to stop and the eye on the progress come in
//! as arguments. Reading and writing an archive are apart: [`Archive`] answers questions, [`run::index`] brings an
//! index up to date with its corpus.

mod absence;
mod batch;
mod codes;
mod deep;
mod diff;
pub mod dump;
mod facets;
pub mod journal;
mod owners;
mod records;
mod refresh;
pub mod report;
mod revision;
mod roots;
pub mod run;
mod slowest;
pub mod tables;
mod timeline;
pub mod upkeep;

use std::path::Path;

use crate::article::{Article, ArticleId};
use crate::catalogue::{Catalogue, Failure};
use crate::corpus;
use crate::engine::Engine;
use crate::engine::tantivy::TantivyEngine;
use crate::error::{Error, Result};
use crate::extract::{self, Tables};
use crate::facts::Facts;
use crate::field::Field;
use crate::hits::{Cast, Facet, FacetBy, Hit, Hits, QuoteHit, QuoteHits, Reading, Readings, Timeline, Unit};
use crate::query::{Node, Query};
use crate::text::Span;

pub use self::absence::{Absence, Relaxed, Without};
pub use self::codes::{country_code, parse};
pub use self::deep::Deep;
pub use self::report::BUILD_STEP_MB;
pub use self::tables::TablesState;
pub use crate::corpus::{DEFAULT_MAX_FILE_BYTES, Options as CorpusOptions};
pub use crate::engine::{Plan, Status, Stored};
pub use crate::extract::{Counts, OwnTables, Score, Trained};
pub use crate::rank::{FLOOR, HALF_LIFE_DAYS, OFFSET_DAYS, Ranking, Sort};

/// An archive that can be asked.
pub struct Archive {
    engine: Box<dyn Engine>,
    dictionary: String,
}

impl Archive {
    /// Opens the archive in `folder` for reading.
    ///
    /// # Errors
    /// No index there, one of another version, or one that cannot be read.
    pub fn open(folder: &Path) -> Result<Self> {
        let engine = TantivyEngine::open(folder)?;
        let dictionary = engine.dictionary().unwrap_or_default().to_owned();
        Ok(Self { engine: Box::new(engine), dictionary })
    }

    /// Whether a run has changed the index since it was opened; [`Archive::open`] it again to see the new state.
    ///
    /// # Errors
    /// The index is gone or cannot be read.
    pub fn is_outdated(&self) -> Result<bool> {
        self.engine.is_outdated()
    }

    /// The articles that answer a question.
    pub fn search(&self, query: &Query, plan: &Plan) -> Result<Hits> {
        self.engine.search(query, &dateless(query, plan))
    }

    /// Hands every article that answers a question to `sink`, by rank; returns how many.
    pub fn stream(&self, query: &Query, plan: &Plan, sink: &mut dyn FnMut(Hit) -> Result<()>) -> Result<u64> {
        self.engine.stream(query, &dateless(query, plan), sink)
    }

    /// The quotes that answer a question.
    pub fn quotes(&self, query: &Query, plan: &Plan) -> Result<QuoteHits> {
        self.engine.quotes(query, &dateless(query, plan))
    }

    /// Hands every quote that answers a question to `sink`, by rank; returns how many.
    pub fn stream_quotes(
        &self,
        query: &Query,
        plan: &Plan,
        sink: &mut dyn FnMut(QuoteHit) -> Result<()>,
    ) -> Result<u64> {
        self.engine.stream_quotes(query, &dateless(query, plan), sink)
    }

    /// How many articles answer a question.
    pub fn count(&self, query: &Query) -> Result<u64> {
        self.engine.count(query)
    }

    /// The articles that answer a question over time, beside all articles; `unit` is how long a bin is.
    pub fn timeline(&self, query: &Query, unit: Option<Unit>) -> Result<Timeline> {
        let all = self.engine.dates(&Query { root: Node::All })?;
        Ok(timeline::timeline(&self.engine.dates(query)?, &all, unit))
    }

    /// The same for several questions, over one axis of time.
    pub fn compare(&self, queries: &[Query], unit: Option<Unit>) -> Result<Vec<Timeline>> {
        let all = self.engine.dates(&Query { root: Node::All })?;
        let dates = queries.iter().map(|query| self.engine.dates(query)).collect::<Result<Vec<_>>>()?;
        Ok(timeline::timelines(&dates, &all, unit))
    }

    /// The articles that answer a question, counted by the values of `by`: the `limit` most frequent ones, or all periods
    /// in their order.
    pub fn facet(&self, query: &Query, by: FacetBy, limit: usize) -> Result<Facet> {
        facets::facet(self.engine.as_ref(), query, by, limit)
    }

    /// Who is in the articles that answer a question: the `limit` actors that most of them name, each with the `beside`
    /// others named most with it.
    pub fn cast(&self, query: &Query, limit: usize, beside: usize) -> Result<Cast> {
        facets::cast(self.engine.as_ref(), query, limit, beside)
    }

    /// How each part of a question is understood, and how many articles have it.
    pub fn readings(&self, query: &Query) -> Result<Readings> {
        let counts = self.engine.terms(query)?;
        let articles = |term: &str| counts.iter().find(|count| count.term == term).map(|count| count.articles);
        let part = |(term, reading): (String, String)| Reading { articles: articles(&term), term, reading };
        let parts = query.readings().into_iter().map(part).collect();
        Ok(Readings { query: query.to_string(), articles: self.count(query)?, parts })
    }

    /// Says why a question has no hits: which term has none, what the filters removed, what to drop.
    pub fn absence(&self, query: &Query) -> Result<Absence> {
        absence::absence(self.engine.as_ref(), query)
    }

    /// The articles most like the one with this id.
    ///
    /// # Errors
    /// There is no article with this id.
    pub fn similar(&self, id: &str, plan: &Plan) -> Result<Hits> {
        self.engine.similar(&ArticleId::from_own(id), plan)?.ok_or_else(|| no_article(id))
    }

    /// The article with this id.
    ///
    /// # Errors
    /// There is none.
    pub fn article(&self, id: &str) -> Result<Stored> {
        let stored = self.engine.article(&ArticleId::from_own(id))?;
        stored.ok_or_else(|| no_article(id))
    }

    /// Where the words of `query` stand in a text.
    pub fn marks(&self, query: &Query, text: &str) -> Vec<Span> {
        crate::engine::snippet::Matcher::new(query).marks(text)
    }

    /// What the index was made from.
    pub fn catalogue(&self) -> Result<Catalogue> {
        self.engine.catalogue()
    }

    /// Figures about the index.
    pub fn status(&self) -> Result<Status> {
        self.engine.status()
    }

    /// How the tables that the index was made with stand to those of a run in `folder` now; `actors` is the folder of
    /// the user's own tables, if it is not the one beside the index.
    pub fn tables_state(&self, folder: &Path, actors: Option<&Path>) -> Result<TablesState> {
        Ok(TablesState::new(&self.dictionary, tables::overlay(folder, actors)?))
    }

    /// Compares documents, catalogue and files; every line says one thing that is wrong.
    pub fn check(&self) -> Result<Vec<String>> {
        self.engine.check()
    }

    /// Extracts about `sample` articles anew and compares what is found with what the index has.
    pub fn check_deep(&self, tables: &Tables, sample: usize) -> Result<Deep> {
        deep::check(self.engine.as_ref(), tables, sample)
    }
}

/// Whether `folder` has an index, sound or not.
pub fn exists(folder: &Path) -> bool {
    TantivyEngine::exists(folder)
}

/// What is wrong with the files of an index that cannot be opened; every line says one thing.
pub fn damage(folder: &Path) -> Vec<String> {
    TantivyEngine::damage(folder)
}

fn no_article(id: &str) -> Error {
    Error::not_found(format!("article `{id}`")).hint("the ids are in the lists of `chancery search`")
}

/// What extraction sees in the files of `path`, without an index, one article at a time.
///
/// # Errors
/// The path cannot be read, or `sink` fails. Failures inside a file go to `failed`, with the file.
pub fn extract_path(
    path: &Path,
    options: &CorpusOptions,
    tables: &Tables,
    beliefs: bool,
    failed: &mut dyn FnMut(&str, Failure),
    sink: &mut dyn FnMut(&Article, &Facts) -> Result<()>,
) -> Result<()> {
    for found in corpus::walk(path, options)? {
        let found = match found {
            Ok(found) => found,
            Err(refusal) => {
                failed(&refusal.relative, Failure { line: None, reason: refusal.reason });
                continue;
            }
        };
        // A path that was typed is shown as it was typed.
        let named = if path.is_dir() { path.join(&found.relative) } else { path.to_owned() };
        let named = named.to_string_lossy().into_owned();
        let mut result = Ok(());
        let read = corpus::articles(&found, options, &mut |record| {
            match record {
                Ok(mut article) => {
                    article.origin.path = named.clone();
                    let facts = extract::extract(&article, tables, &extract::Options { beliefs });
                    result = sink(&article, &facts);
                }
                Err(failure) => failed(&named, failure),
            }
            result.is_ok()
        });
        if let Err(failure) = read {
            failed(&named, failure);
        }
        result?;
    }
    Ok(())
}

/// A question with a date range of its own gets no decay: the range already says what counts.
fn dateless(query: &Query, plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    if query.has_period(Field::Date) && plan.ranking.sort == Sort::Blend {
        plan.ranking.floor = 1.0;
    }
    plan
}
