//! The deep check: whether extraction finds in the kept texts what the index says was found in them.

use crate::article::ArticleId;
use crate::catalogue::FileRecord;
use crate::engine::Engine;
use crate::error::Result;
use crate::extract::{self, Tables};
use crate::facts::{Facts, QuoteKind};
use crate::text::Span;

/// What a deep check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deep {
    /// How many articles were extracted anew.
    pub sampled: usize,
    /// What differs, one line an article.
    pub wrong: Vec<String>,
}

/// Extracts about `sample` articles anew, spread evenly over the catalogue.
pub fn check(engine: &dyn Engine, tables: &Tables, sample: usize) -> Result<Deep> {
    let catalogue = engine.catalogue()?;
    let step = catalogue.article_count().div_ceil(sample.max(1)).max(1);
    let mut deep = Deep { sampled: 0, wrong: Vec::new() };
    for article in catalogue.files.values().flat_map(FileRecord::indexed).step_by(step) {
        let stored = match engine.article(&ArticleId::from_stored(&article.id)) {
            Ok(Some(stored)) => stored,
            Ok(None) => {
                deep.wrong.push(format!("article `{}` is in the catalogue, not in the index", article.id));
                continue;
            }
            Err(error) => {
                deep.wrong.push(format!("article `{}`: {error}", article.id));
                continue;
            }
        };
        deep.sampled += 1;
        let anew = extract::extract(&stored.article, tables, &extract::Options { beliefs: false });
        if outline(&anew) != outline(&stored.facts) {
            let (actors, quotes) = (stored.facts.actors.len(), stored.facts.quotes.len());
            deep.wrong.push(format!(
                "article `{}`: the index has {actors} actors and {quotes} quotes, extraction now finds {} and {}, or others",
                article.id,
                anew.actors.len(),
                anew.quotes.len()
            ));
        }
    }
    Ok(deep)
}

type Outline<'a> = (Vec<(&'a str, Vec<Span>)>, Vec<(&'a [Span], QuoteKind, &'a [String])>);

/// What makes two findings the same: who is where, and who says what.
fn outline(facts: &Facts) -> Outline<'_> {
    let actors = facts.actors.iter();
    let actors = actors.map(|actor| (actor.id.as_str(), actor.mentions.iter().map(|mention| mention.span).collect()));
    let quotes = facts.quotes.iter();
    let quotes = quotes.map(|quote| (quote.parts.as_slice(), quote.kind, quote.speakers.as_slice()));
    (actors.collect(), quotes.collect())
}
