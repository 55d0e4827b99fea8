//! An article with everything found in it as JSON; see `json.rs` for why shapes are mirrored.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{CONFIDENCE_PLACES, write};
use super::{date, number, precision};
use crate::article::Article;
use crate::facts::{Actor, Facts, Mention, Quote};
use crate::text::Span;

/// Writes it as one object on one line.
pub(super) fn article(out: &mut dyn Write, article: &Article, facts: &Facts) -> io::Result<()> {
    write(out, &ExtractShape::of(article, facts))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct ExtractShape<'a> {
    path: &'a str,
    ordinal: u32,
    id: &'a str,
    date: Option<String>,
    date_precision: Option<&'static str>,
    title: &'a str,
    language: Option<&'a str>,
    text_offset: Option<u64>,
    text: &'a str,
    countries: &'a [String],
    actors: Vec<FoundActorShape<'a>>,
    quotes: Vec<FoundQuoteShape<'a>>,
    source: Option<&'a str>,
    url: Option<&'a str>,
    authors: &'a [String],
}

impl<'a> ExtractShape<'a> {
    fn of(article: &'a Article, facts: &'a Facts) -> Self {
        let text = &article.text;
        Self {
            path: &article.origin.path,
            ordinal: article.origin.ordinal,
            id: article.id.as_str(),
            date: date(article.date),
            date_precision: precision(article.date),
            title: &article.title,
            language: facts.language.as_deref().or(article.language.as_deref()),
            text_offset: article.text_offset,
            text,
            countries: &facts.countries,
            actors: found_actors(facts, text),
            quotes: facts.quotes.iter().map(|quote| FoundQuoteShape::of(quote, text)).collect(),
            source: article.source.as_deref(),
            url: article.url.as_deref(),
            authors: &article.authors,
        }
    }
}

fn found_actors<'a>(facts: &'a Facts, text: &'a str) -> Vec<FoundActorShape<'a>> {
    let saliences = facts.saliences(text);
    facts.actors.iter().zip(saliences).map(|(actor, salience)| FoundActorShape::of(actor, salience, text)).collect()
}

#[derive(Serialize)]
struct FoundActorShape<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    country: Option<&'a str>,
    roles: &'a [String],
    salience: f64,
    mentions: Vec<MentionShape<'a>>,
}

impl<'a> FoundActorShape<'a> {
    fn of(actor: &'a Actor, salience: f32, text: &'a str) -> Self {
        Self {
            id: &actor.id,
            kind: actor.kind.name(),
            name: &actor.name,
            country: actor.country.as_deref(),
            roles: &actor.roles,
            salience: number::rounded(salience, CONFIDENCE_PLACES),
            mentions: actor.mentions.iter().map(|mention| MentionShape::of(mention, text)).collect(),
        }
    }
}

#[derive(Serialize)]
struct MentionShape<'a> {
    start: u32,
    end: u32,
    text: &'a str,
    form: &'static str,
    confidence: f64,
    rule: &'a str,
}

impl<'a> MentionShape<'a> {
    fn of(mention: &'a Mention, text: &'a str) -> Self {
        Self {
            start: mention.span.start,
            end: mention.span.end,
            text: mention.span.of(text),
            form: mention.form.name(),
            confidence: number::rounded(mention.confidence, CONFIDENCE_PLACES),
            rule: &mention.rule,
        }
    }
}

#[derive(Serialize)]
struct FoundQuoteShape<'a> {
    parts: Vec<PlaceShape<'a>>,
    kind: &'static str,
    cue: Option<PlaceShape<'a>>,
    source: Option<PlaceShape<'a>>,
    speakers: &'a [String],
    confidence: f64,
    rule: &'a str,
}

impl<'a> FoundQuoteShape<'a> {
    fn of(quote: &'a Quote, text: &'a str) -> Self {
        Self {
            parts: quote.parts.iter().map(|part| PlaceShape::of(*part, text)).collect(),
            kind: quote.kind.name(),
            cue: quote.cue.map(|cue| PlaceShape::of(cue, text)),
            source: quote.source.map(|source| PlaceShape::of(source, text)),
            speakers: &quote.speakers,
            confidence: number::rounded(quote.confidence, CONFIDENCE_PLACES),
            rule: &quote.rule,
        }
    }
}

#[derive(Serialize)]
struct PlaceShape<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

impl<'a> PlaceShape<'a> {
    fn of(span: Span, text: &'a str) -> Self {
        Self { start: span.start, end: span.end, text: span.of(text) }
    }
}
