//! Extraction: an article in, facts out. Who is in it, who said what, which countries it is about, in which language.
//!
//! Rules and tables only, and a model if the user has trained one: no network, no clock; the same article gives the same facts on every machine. The
//! stages, each a file of its own, walk over one array of tokens:
//!
//! ```text
//! token, doc   words, sentences, paragraphs, headings
//! mark         quotation marks, paired
//! name         names by the tables (lexicon, sense), then by their shape (finder, shape, letters, link); bodies of states
//!              (nation), places by the words around them (land); cast joins them
//! tagged       names by a tagger that the user has trained (tagger/), where there is one
//! ministry     ministries and agencies of every state, by a pattern and a country
//! body_alone   bodies whose name leaves their state out
//! inside       states named inside the names of their bodies
//! role         offices beside names
//! office       offices that stand for who held them on the article's date (tenure)
//! cue          words that report speech
//! quote        the sieve: content (where words begin and end), source and phrase (who stands beside a verb), according, rest
//! speaker      names, pronouns and nouns led back to actors
//! calibrate    how often a quote is right that a rule found so
//! salience     countries; language
//! cameo        lists of other programs (shouted)
//! overlay, own the users' tables, laid over the built-in ones
//! ```
//!
//! It may import floor 0 only, and reads nothing but its arguments. It finds nothing rather than guess: a speaker that
//! is not certain stays empty.

mod according;
mod bodies;
mod body_alone;
mod bounds;
mod calibrate;
mod cameo;
mod cast;
mod content;
mod contexts;
mod cue;
mod doc;
mod evidence;
mod finder;
mod foreign;
mod inside;
mod land;
mod language;
mod letters;
mod lexicon;
mod link;
mod locate;
mod mark;
mod ministry;
mod ministry_find;
mod name;
mod nation;
mod office;
mod office_find;
mod office_link;
mod overlay;
mod own;
mod phrase;
mod quote;
mod rest;
mod role;
mod salience;
mod sense;
mod shape;
mod shouted;
mod sieve;
mod source;
mod sources;
mod speaker;
mod table;
mod tables;
mod tagged;
mod tagger;
mod tenure;
mod token;
mod trie;
mod view;
mod vocabulary;

use std::borrow::Cow;
use std::ops::Range;

use crate::article::Article;
use crate::facts::{Facts, Form, Mention, Quote, QuoteKind, TITLE_BESIDE};
use crate::text::Span;

pub use crate::extract::cameo::import;
pub use crate::extract::overlay::{Finding, Overlay, OwnFile};
pub use crate::extract::own::{OwnTables, version_of};
pub use crate::extract::sources::{BUILTIN, Sources};
pub use crate::extract::table::TableError;
pub use crate::extract::tables::Tables;
pub use crate::extract::tagger::{Counts, Example, FILE as TAGGER_FILE, Model, Score, Trained, train};

use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::name::{Name, Names};
use crate::extract::office_find::Incumbent;
use crate::extract::sieve::Said;
use crate::extract::speaker::Resolver;
use crate::extract::view::View;

/// What to look for beyond speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Also report what somebody is said to believe or intend.
    pub beliefs: bool,
}

/// Finds the actors, quotes, countries and language of an article.
pub fn extract(article: &Article, tables: &Tables, options: &Options) -> Facts {
    extract_with(article, tables, tables.tagger.as_ref(), options)
}

/// The same with this tagger, or without one, whatever the tables have.
fn extract_with(article: &Article, tables: &Tables, tagger: Option<&Model>, options: &Options) -> Facts {
    let mut doc = Doc::new(&article.text, tables);
    let language = article.language.clone().or_else(|| language::of(&doc));
    doc.foreign = language::is_foreign(&doc, language.as_deref());
    let marked = mark::pair(&mut doc);
    let mut cast = Cast::default();
    let mut names = finder::find(&doc, tables, tagger, &mut cast);
    ministry_find::settle(&doc, &mut names, &mut cast, tables);
    body_alone::settle(&doc, &mut names, &mut cast, tables);
    let date = article.date.map(|published| published.date);
    office_link::settle(&doc, &mut names, &mut cast, date, tables);
    let role::Offices { list: offices, titles } = role::find(&doc, &names, &mut cast, tables);
    let incumbents =
        date.map_or_else(Vec::new, |date| office_find::find(&doc, &names, &mut cast, &offices, date, tables));
    let inside = inside::find(&doc, &names, &mut cast, tables);
    let cues = cue::find(&doc, &names, tables);
    let view = View { doc: &doc, names: &names, cues: &cues, marked: &marked };
    let said = quote::find(&view, tables, options.beliefs);
    let mut mentions = mentions(&doc, &names, &inside, &incumbents, &titles);
    let mut resolver = Resolver::new(&doc, &names, &cast, &offices, &incumbents, tables);
    let mut quotes = Vec::with_capacity(said.len());
    for one in &said {
        let speakers = resolver.resolve(one);
        if let Some((tokens, form, rule)) = &speakers.mention {
            let span = doc.span(tokens.clone());
            let mention = |actor: &u32| {
                (*actor, Mention { span, form: *form, confidence: speakers.confidence, rule: Cow::Borrowed(*rule) })
            };
            mentions.extend(speakers.actors.iter().map(mention));
        }
        quotes.extend(quote_of(&view, &cast, one, &speakers, tables));
    }
    let actors = cast.finish(mentions);
    let countries = salience::countries(&doc, &article.title, &actors, tables);
    Facts { actors, quotes, countries, language }
}

/// What names somebody: names, names inside names, offices that stand for their holders, and offices beside names.
fn mentions(
    doc: &Doc,
    names: &Names,
    inside: &[Name],
    incumbents: &[Incumbent],
    titles: &[(u32, Range<usize>)],
) -> Vec<(u32, Mention)> {
    let mention = |tokens: &Range<usize>, form: Form, confidence: f32, rule: &'static str| Mention {
        span: doc.span(tokens.clone()),
        form,
        confidence,
        rule: Cow::Borrowed(rule),
    };
    let named = names.list.iter().chain(&names.alternatives).chain(inside);
    let named = named.map(|name| (name.actor, mention(&name.tokens, name.form, name.confidence, name.rule)));
    let held = incumbents
        .iter()
        .filter_map(|one| Some((one.actor?, mention(&one.tokens, Form::Title, one.confidence, "office"))));
    let titles = titles.iter().filter(|(_, tokens)| !tokens.is_empty());
    let titles = titles.map(|(actor, tokens)| (*actor, mention(tokens, Form::Title, BESIDE, TITLE_BESIDE)));
    named.chain(held).chain(titles).collect()
}

/// What an office beside a name is sure by.
const BESIDE: f32 = 0.9;

/// The finished quote: spans instead of tokens, ids instead of indices.
fn quote_of(view: &View, cast: &Cast, said: &Said, speakers: &speaker::Speakers, tables: &Tables) -> Option<Quote> {
    let doc = view.doc;
    let mut parts: Vec<Span> =
        said.parts.iter().map(|part| part_span(doc, part.clone())).filter(|span| !span.is_empty()).collect();
    parts.sort();
    parts.dedup();
    // A verb with an object and nobody known behind it is as likely no speech at all.
    let doubtful = said.rule == "object" && said.kind == QuoteKind::Indirect && speakers.actors.is_empty();
    if parts.is_empty() || doubtful {
        return None;
    }
    let addressee = said
        .addressee
        .clone()
        .and_then(|tokens| view.names.within(tokens).last())
        .map(|name| cast.get(name.actor).actor.id.clone());
    let ids = speakers.actors.iter().map(|&actor| cast.get(actor).actor.id.clone()).collect();
    let sure = if speakers.actors.is_empty() { 1.0 } else { speakers.confidence };
    Some(Quote {
        parts,
        kind: said.kind,
        cue: said.cue.clone().map(|tokens| doc.span(cue::verb_group(doc, view.names, tokens))),
        source: said.source.as_ref().map(|phrase| doc.span(phrase.tokens.clone())),
        speakers: ids,
        addressee,
        confidence: tables.calibration.chance(said.rule, said.confidence * sure),
        rule: Cow::Borrowed(said.rule),
    })
}

/// The bytes of a part: from its first word or mark to its last.
fn part_span(doc: &Doc, tokens: Range<usize>) -> Span {
    doc.span(tokens)
}

#[cfg(test)]
mod office_tests;
#[cfg(test)]
mod tests;
