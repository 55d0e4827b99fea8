//! JSON: one private mirror of each documented shape, and a writer whose strings are safe on a terminal.
//!
//! The shapes are a contract, key order included; `docs/formats.md` tells them key by key. They are mirrors so that a
//! change to our own types cannot change them unseen. JSON itself lets DEL, the C1 controls, line separators,
//! bidirectional controls and tag characters stand in a string; they are written as `\uXXXX` here, so that a JSON line
//! read in a terminal cannot command it and still means the same text.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::ser::Formatter;

use super::copies::CopiesShape;
use super::runs::fits;
use super::{ActorCount, Report, Value, date, number, precision, sanitize, score};
use crate::date::Day;
use crate::field::{FieldInfo, FieldKind};
use crate::hits::{ActorRef, FacetCount, Hit, QuoteHit, Reading, Readings, Snippet};

/// Decimals of scores, and of confidences.
const SCORE_PLACES: i32 = 4;
pub(super) const CONFIDENCE_PLACES: i32 = 2;

/// Writes one hit, without a line end.
pub(super) fn hit(out: &mut dyn Write, hit: &Hit, as_of: Option<Day>) -> io::Result<()> {
    write(out, &HitShape::of(hit, as_of))
}

/// Writes one quote, without a line end.
pub(super) fn quote(out: &mut dyn Write, quote: &QuoteHit) -> io::Result<()> {
    write(out, &QuoteShape::of(quote))
}

/// Writes one counted actor, without a line end.
pub(super) fn actor(out: &mut dyn Write, actor: &ActorCount) -> io::Result<()> {
    write(out, &CountShape { id: &actor.id, name: &actor.name, kind: actor.kind.name(), articles: actor.articles })
}

/// Writes one row of the field table, without a line end.
pub(super) fn field(out: &mut dyn Write, row: &FieldInfo, kind: &str) -> io::Result<()> {
    let values = match row.kind {
        FieldKind::Choice(values) => values,
        _ => &[],
    };
    let (name, aliases, help, example) = (row.name, row.aliases, row.help, row.example);
    write(out, &FieldShape { name, aliases, kind, values, help, example })
}

/// Writes a report as one object on one line.
pub(super) fn report(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    write(out, &ReportShape(report))?;
    out.write_all(b"\n")
}

/// Writes reports as an array, one object a line.
pub(super) fn reports(out: &mut dyn Write, reports: &[Report]) -> io::Result<()> {
    out.write_all(b"[")?;
    for (place, report) in reports.iter().enumerate() {
        out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
        write(out, &ReportShape(report))?;
    }
    out.write_all(b"\n]\n")
}

#[derive(Serialize)]
struct ValueShape<'a> {
    value: &'a str,
    name: Option<&'a str>,
    articles: u64,
    share: f64,
}

/// Writes one value of a facet as one object.
pub(super) fn value_count(out: &mut dyn Write, row: &FacetCount, share: f64) -> io::Result<()> {
    let share = (share * 10_000.0).round() / 10_000.0;
    write(out, &ValueShape { value: &row.value, name: row.name.as_deref(), articles: row.articles, share })
}

#[derive(Serialize)]
struct ReadingsShape<'a> {
    query: &'a str,
    articles: u64,
    terms: Vec<ReadingShape<'a>>,
}

#[derive(Serialize)]
struct ReadingShape<'a> {
    term: &'a str,
    articles: Option<u64>,
    reading: &'a str,
}

impl<'a> ReadingShape<'a> {
    fn of(part: &'a Reading) -> Self {
        Self { term: &part.term, articles: part.articles, reading: &part.reading }
    }
}

/// Writes how a question is understood as one object on one line.
pub(super) fn readings(out: &mut dyn Write, found: &Readings) -> io::Result<()> {
    let terms = found.parts.iter().map(ReadingShape::of);
    write(out, &ReadingsShape { query: &found.query, articles: found.articles, terms: terms.collect() })?;
    out.write_all(b"\n")
}

/// Writes any shape.
pub(super) fn write(out: &mut dyn Write, shape: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Safe);
    shape.serialize(&mut serializer).map_err(io::Error::from)
}

/// Compact JSON that also escapes what a terminal would obey or hide.
struct Safe;

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
            return out.write_all(fragment.as_bytes());
        }
        let mut written = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| sanitize::is_hostile(*c)) {
            out.write_all(&fragment.as_bytes()[written..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[written..])
    }
}

#[derive(Serialize)]
struct HitShape<'a> {
    rank: usize,
    id: &'a str,
    path: &'a str,
    ordinal: u32,
    title: &'a str,
    date: Option<String>,
    date_precision: Option<&'static str>,
    source: Option<&'a str>,
    url: Option<&'a str>,
    language: Option<&'a str>,
    score: f64,
    relevance: f64,
    recency: f64,
    actors: Vec<ActorShape<'a>>,
    quotes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    copies: Option<CopiesShape<'a>>,
    snippets: Vec<SnippetShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<ExplainShape<'a>>,
}

impl<'a> HitShape<'a> {
    fn of(hit: &'a Hit, as_of: Option<Day>) -> Self {
        Self {
            rank: hit.rank,
            id: &hit.id,
            path: &hit.path,
            ordinal: hit.ordinal,
            title: &hit.title,
            date: date(hit.date),
            date_precision: precision(hit.date),
            source: hit.source.as_deref(),
            url: hit.url.as_deref(),
            language: hit.language.as_deref(),
            score: number::rounded(hit.score, SCORE_PLACES),
            relevance: number::rounded(hit.parts.relevance, SCORE_PLACES),
            recency: number::rounded(hit.parts.recency, SCORE_PLACES),
            actors: hit.actors.iter().map(ActorShape::of).collect(),
            quotes: hit.quotes,
            copies: (hit.copies.total > 0).then(|| CopiesShape::of(&hit.copies)),
            snippets: hit.snippets.iter().map(SnippetShape::of).collect(),
            explain: (!hit.parts.terms.is_empty()).then(|| ExplainShape::of(hit, as_of)),
        }
    }
}

#[derive(Serialize)]
struct ActorShape<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
}

impl<'a> ActorShape<'a> {
    fn of(actor: &'a ActorRef) -> Self {
        Self { id: &actor.id, name: &actor.name, kind: actor.kind.name() }
    }
}

#[derive(Serialize)]
struct SnippetShape<'a> {
    text: &'a str,
    marks: Vec<[u32; 2]>,
    paragraph: u32,
}

impl<'a> SnippetShape<'a> {
    /// Marks that do not fit the text are left out: who reads this slices by them.
    fn of(snippet: &'a Snippet) -> Self {
        let sound = snippet.marks.iter().filter(|mark| fits(**mark, &snippet.text));
        Self {
            text: &snippet.text,
            marks: sound.map(|mark| [mark.start, mark.end]).collect(),
            paragraph: snippet.paragraph,
        }
    }
}

#[derive(Serialize)]
struct ExplainShape<'a> {
    terms: Vec<TermShape<'a>>,
    age_days: Option<i32>,
    sentence: String,
}

#[derive(Serialize)]
struct TermShape<'a> {
    term: &'a str,
    score: f64,
    fields: Vec<ShareShape<'a>>,
}

#[derive(Serialize)]
struct ShareShape<'a> {
    field: &'a str,
    score: f64,
}

impl<'a> ExplainShape<'a> {
    fn of(hit: &'a Hit, as_of: Option<Day>) -> Self {
        let share =
            |(field, share): &'a (String, f32)| ShareShape { field, score: number::rounded(*share, SCORE_PLACES) };
        let terms = hit.parts.terms.iter().map(|part| TermShape {
            term: &part.term,
            score: number::rounded(part.score, SCORE_PLACES),
            fields: part.fields.iter().map(share).collect(),
        });
        Self { terms: terms.collect(), age_days: hit.parts.age_days, sentence: score::sentence(hit, as_of) }
    }
}

#[derive(Serialize)]
struct QuoteShape<'a> {
    article: &'a str,
    path: &'a str,
    date: Option<String>,
    speakers: Vec<SpeakerShape<'a>>,
    kind: &'static str,
    text: &'a str,
    cue: Option<&'a str>,
    start: u32,
    end: u32,
    confidence: f64,
    rule: &'a str,
    date_precision: Option<&'static str>,
    title: &'a str,
    source: Option<&'a str>,
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct SpeakerShape<'a> {
    id: &'a str,
    name: &'a str,
}

impl<'a> QuoteShape<'a> {
    fn of(quote: &'a QuoteHit) -> Self {
        Self {
            article: &quote.article,
            path: &quote.path,
            date: date(quote.date),
            speakers: quote.speakers.iter().map(|who| SpeakerShape { id: &who.id, name: &who.name }).collect(),
            kind: quote.kind.name(),
            text: &quote.text,
            cue: quote.cue.as_deref(),
            start: quote.span.start,
            end: quote.span.end,
            confidence: number::rounded(quote.confidence, CONFIDENCE_PLACES),
            rule: &quote.rule,
            date_precision: precision(quote.date),
            title: &quote.title,
            source: quote.source.as_deref(),
            url: quote.url.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct CountShape<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    articles: u64,
}

#[derive(Serialize)]
struct FieldShape<'a> {
    name: &'a str,
    aliases: &'a [&'a str],
    kind: &'a str,
    values: &'a [&'a str],
    help: &'a str,
    example: &'a str,
}

struct ReportShape<'a>(&'a Report);

impl Serialize for ReportShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.rows.len()))?;
        for (key, value) in &self.0.rows {
            match value {
                Value::Text(text) => map.serialize_entry(key, text)?,
                Value::Number(number) => map.serialize_entry(key, number)?,
                Value::Float(float) => map.serialize_entry(key, float)?,
                Value::List(list) => map.serialize_entry(key, list)?,
                Value::Flag(flag) => map.serialize_entry(key, flag)?,
                Value::Absent => map.serialize_entry(key, &None::<u64>)?,
            }
        }
        map.end()
    }
}
