//! The only way out: turns hits, quotes, articles, facts and reports into text, lines, JSON, CSV or TSV.
//!
//! One output format, one file. The room is given plain data and a [`Write`]; it knows no terminal, no clock, no
//! engine and no file. What the terminal can do comes in as [`Style`]. Every format is documented with its version in
//! `docs/formats.md`, and everything from outside passes the sanitizer (or the JSON escapes) on its way out.
//!
//! ```
//! use chancery::hits::Hits;
//! use chancery::present::{self, Format, Style};
//! let none = Hits { hits: Vec::new(), total: 0, stories: None, as_of: None };
//! let mut out = Vec::new();
//! present::hits(&mut out, &none, Format::Json, &Style::PLAIN).unwrap();
//! assert_eq!(out, b"[]\n");
//! ```

mod actors;
mod actors_json;
mod article_json;
mod cast;
mod compare;
mod copies;
mod explain;
mod export;
mod facets;
mod fields;
mod json;
mod lines;
mod number;
mod page;
mod paint;
mod period_json;
mod readings;
mod report;
mod runs;
#[cfg(test)]
mod sample;
mod sanitize;
mod score;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod timeline;

use std::io::Write;

pub use self::actors::actors;
pub use self::cast::{cast, cast_line};
pub use self::compare::comparison;
pub use self::export::Exporter;
pub use self::facets::{facet, facet_line};
pub use self::fields::fields;
pub use self::number::{articles, count_line, stories_line, thousands};
pub use self::readings::readings;
pub use self::report::{report, reports};
pub use self::sanitize::line;
pub use self::svg::{comparison_svg, timeline_svg};
pub use self::timeline::timeline;

use crate::article::Article;
use crate::date::Published;
use crate::error::{Error, Result};
use crate::facts::{ActorKind, Facts};
use crate::hits::{Hits, QuoteHit};
use crate::text::Span;

/// The version of every machine-readable shape; its history is in `docs/formats.md`.
pub const FORMAT_VERSION: u32 = 1;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A layout for people at a terminal; may change at any time.
    Text,
    /// One stable line for each item, columns parted by tabs.
    Lines,
    /// One JSON object a line.
    Jsonl,
    /// One JSON array (or one object, where there is one thing).
    Json,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
}

impl Format {
    /// Every format, in the order of listings.
    pub const ALL: [Self; 6] = [Self::Text, Self::Lines, Self::Jsonl, Self::Json, Self::Csv, Self::Tsv];

    /// The word that asks for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Lines => "lines",
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What an export has one row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Articles.
    Hits,
    /// Quotes.
    Quotes,
    /// Actors, with the number of articles that name them.
    Actors,
}

/// An actor and how many of the matching articles name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorCount {
    /// Its id.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// What sort of actor.
    pub kind: ActorKind,
    /// How many articles.
    pub articles: u64,
}

/// Named values, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The names (lower case, words joined by `_`) and their values.
    pub rows: Vec<(&'static str, Value)>,
}

/// One value of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words, a path, a date.
    Text(String),
    /// A count.
    Number(u64),
    /// A share, a duration.
    Float(f64),
    /// Several values, such as failures; may be empty.
    List(Vec<String>),
    /// Yes or no.
    Flag(bool),
    /// There is none, or it is not known.
    Absent,
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

impl From<Option<u64>> for Value {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Absent, Self::Number)
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Absent, Self::Float)
    }
}

/// What the terminal can do; decided by the doors, who can see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// It shows colours and bold text.
    pub color: bool,
    /// It shows hyperlinks (OSC 8).
    pub links: bool,
    /// How many columns it has.
    pub width: usize,
}

impl Style {
    /// A pipe or a file: no escape sequence at all.
    pub const PLAIN: Self = Self { color: false, links: false, width: 100 };
}

/// Writes a page of hits.
pub fn hits(out: &mut dyn Write, hits: &Hits, format: Format, style: &Style) -> Result<()> {
    if format == Format::Text {
        return text::hits(out, hits, style).map_err(Error::output);
    }
    let mut exporter = Exporter::new(out, format, Rows::Hits, false)?.as_of(hits.as_of);
    for hit in &hits.hits {
        exporter.hit(hit)?;
    }
    exporter.finish()
}

/// Writes a page of quotes.
pub fn quotes(out: &mut dyn Write, quotes: &[QuoteHit], format: Format, style: &Style) -> Result<()> {
    if format == Format::Text {
        return text::quotes(out, quotes, style).map_err(Error::output);
    }
    let mut exporter = Exporter::new(out, format, Rows::Quotes, false)?;
    for quote in quotes {
        exporter.quote(quote)?;
    }
    exporter.finish()
}

/// Writes what extraction sees in one article, as one JSON line.
pub fn extract(out: &mut dyn Write, article: &Article, facts: &Facts) -> Result<()> {
    article_json::article(out, article, facts).map_err(Error::output)
}

/// Writes what extraction sees in one article, marked in its text with the rule of each finding, for people.
///
/// Lines gives the same page without looks, each paragraph on one line; the JSON of [`extract`] holds the rules already.
pub fn explain(out: &mut dyn Write, article: &Article, facts: &Facts, format: Format, style: &Style) -> Result<()> {
    let style = match format {
        Format::Text => *style,
        Format::Lines => Style { width: usize::MAX, ..Style::PLAIN },
        _ => return Err(unfit(format, "an explanation", "text or lines, or leave `--explain` out")),
    };
    explain::explain(out, article, facts, &style).map_err(Error::output)
}

/// Writes one article with its actors and quotes marked, and `highlights` (spans of its text) on top.
///
/// Lines gives the same page without looks, each paragraph on one line; CSV and TSV have no shape for it.
pub fn article(
    out: &mut dyn Write,
    article: &Article,
    facts: &Facts,
    highlights: &[Span],
    format: Format,
    style: &Style,
) -> Result<()> {
    let done = match format {
        Format::Text => page::article(out, article, facts, highlights, style),
        Format::Lines => page::article(out, article, facts, highlights, &Style { width: usize::MAX, ..Style::PLAIN }),
        Format::Jsonl | Format::Json => article_json::article(out, article, facts),
        Format::Csv | Format::Tsv => return Err(unfit(format, "an article", "text, lines, json or jsonl")),
    };
    done.map_err(Error::output)
}

/// Writes the paragraph of one article that `hit` stands in, between its neighbours; marked as [`article`] does.
pub fn article_around(
    out: &mut dyn Write,
    article: &Article,
    facts: &Facts,
    highlights: &[Span],
    hit: Span,
    format: Format,
    style: &Style,
) -> Result<()> {
    let style = match format {
        Format::Text => *style,
        Format::Lines => Style { width: usize::MAX, ..Style::PLAIN },
        _ => return Err(unfit(format, "a part of an article", "text or lines, or leave --hit out")),
    };
    page::around(out, article, facts, highlights, hit, &style).map_err(Error::output)
}

/// The refusal of a format that has no shape for what was asked.
fn unfit(format: Format, what: &str, others: &str) -> Error {
    Error::usage(format!("`{}` cannot hold {what}", format.name())).hint(format!("ask for {others}"))
}

/// The date as every format writes it, when there is one.
fn date(date: Option<Published>) -> Option<String> {
    date.map(|published| published.date.to_string())
}

/// The date for people; an undated article says so.
fn date_or_undated(published: Option<Published>) -> String {
    date(published).unwrap_or_else(|| "undated".to_owned())
}

/// How exact the date is, when there is one.
fn precision(date: Option<Published>) -> Option<&'static str> {
    date.map(|published| published.date.precision().name())
}
