//! What is stored with a document, as bytes: our own mirror of the words, so that no word knows how it is stored.
//!
//! The shape belongs to [`super::schema::FORMAT_VERSION`]: whoever changes one changes the other.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::article::{Article, ArticleId, Origin};
use crate::date::{Date, Day, Moment, Provenance, Published};
use crate::engine::Stored;
use crate::error::{Error, Result};
use crate::facts::{Actor, ActorKind, Facts, Form, Mention, Quote, QuoteKind};
use crate::hits::{ActorRef, QuoteHit};
use crate::text::Span;

/// What a line of hits shows of an article, and what makes it whole again together with its text and facts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Head {
    pub id: String,
    pub path: String,
    pub ordinal: u32,
    pub title: String,
    pub title_derived: bool,
    published: Option<PublishedRecord>,
    pub ingested: i64,
    pub source: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    found_language: Option<String>,
    authors: Vec<String>,
    text_offset: Option<u64>,
    actors: Vec<ActorRecord>,
    pub quotes: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct PublishedRecord {
    precision: u8,
    year: i32,
    month: u32,
    day: i32,
    time: Option<u32>,
    provenance: u8,
}

#[derive(Debug, Serialize, Deserialize)]
struct ActorRecord {
    id: String,
    name: String,
    kind: u8,
}

#[derive(Debug, Serialize, Deserialize)]
struct FactsRecord {
    actors: Vec<FullActorRecord>,
    quotes: Vec<QuotePlaceRecord>,
    countries: Vec<String>,
    /// [`Facts::seal`], which covers the names of the tables too.
    seal: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct FullActorRecord {
    actor: ActorRecord,
    country: Option<String>,
    parent: Option<String>,
    roles: Vec<String>,
    mentions: Vec<(u32, u32, u8, f32, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct QuotePlaceRecord {
    parts: Vec<(u32, u32)>,
    kind: u8,
    cue: Option<(u32, u32)>,
    source: Option<(u32, u32)>,
    speakers: Vec<String>,
    addressee: Option<String>,
    confidence: f32,
    rule: String,
}

/// A whole quote, as a list of quotes shows it.
#[derive(Debug, Serialize, Deserialize)]
pub struct QuoteRecord {
    article: String,
    path: String,
    title: String,
    published: Option<PublishedRecord>,
    source: Option<String>,
    speakers: Vec<ActorRecord>,
    kind: u8,
    text: String,
    cue: Option<String>,
    span: (u32, u32),
    confidence: f32,
    rule: String,
}

impl Head {
    pub fn new(stored: &Stored) -> Self {
        let Stored { article, facts, ingested } = stored;
        let mut actors: Vec<&Actor> = facts.actors.iter().collect();
        actors.sort_by_key(|actor| std::cmp::Reverse(actor.mentions.len()));
        Self {
            id: article.id.as_str().to_owned(),
            path: article.origin.path.clone(),
            ordinal: article.origin.ordinal,
            title: article.title.clone(),
            title_derived: article.title_derived,
            published: article.date.map(PublishedRecord::from),
            ingested: ingested.0,
            source: article.source.clone(),
            url: article.url.clone(),
            language: article.language.clone(),
            found_language: facts.language.clone(),
            authors: article.authors.clone(),
            text_offset: article.text_offset,
            actors: actors.into_iter().map(ActorRecord::from).collect(),
            quotes: u32::try_from(facts.quotes.len()).unwrap_or(u32::MAX),
        }
    }

    pub fn published(&self) -> Option<Published> {
        self.published.as_ref().and_then(PublishedRecord::published)
    }

    /// The language of the source, else the one that was found.
    pub fn shown_language(&self) -> Option<String> {
        self.language.clone().or_else(|| self.found_language.clone())
    }

    pub fn actors(&self) -> Vec<ActorRef> {
        self.actors.iter().map(ActorRecord::shown).collect()
    }

    /// Puts the article together again.
    pub fn into_stored(self, text: String, facts: Facts) -> Stored {
        let date = self.published();
        let facts = Facts { language: self.found_language, ..facts };
        let article = Article {
            id: ArticleId::from_stored(self.id),
            date,
            title: self.title,
            title_derived: self.title_derived,
            text,
            text_offset: self.text_offset,
            language: self.language,
            source: self.source,
            authors: self.authors,
            url: self.url,
            origin: Origin { path: self.path, ordinal: self.ordinal },
            standing: crate::article::Standing::Usable,
        };
        Stored { article, facts, ingested: Moment(self.ingested) }
    }
}

impl From<Published> for PublishedRecord {
    fn from(published: Published) -> Self {
        let (precision, year, month, day) = match published.date {
            Date::Year(year) => (0, year, 0, 0),
            Date::Month(year, month) => (1, year, month, 0),
            Date::Day(day) => (2, 0, 0, day.number()),
        };
        let provenance = place(&Provenance::ALL, published.provenance);
        Self { precision, year, month, day, time: published.time, provenance }
    }
}

impl PublishedRecord {
    fn published(&self) -> Option<Published> {
        let date = match self.precision {
            0 => Date::Year(self.year),
            1 => Date::Month(self.year, self.month),
            _ => Date::Day(Day::from_number(self.day)?),
        };
        Some(Published { date, time: self.time, provenance: nth(&Provenance::ALL, self.provenance)? })
    }
}

impl From<&Actor> for ActorRecord {
    fn from(actor: &Actor) -> Self {
        Self { id: actor.id.clone(), name: actor.name.clone(), kind: place(&ActorKind::ALL, actor.kind) }
    }
}

impl ActorRecord {
    fn shown(&self) -> ActorRef {
        let kind = nth(&ActorKind::ALL, self.kind).unwrap_or(ActorKind::Unknown);
        ActorRef { id: self.id.clone(), name: self.name.clone(), kind }
    }
}

impl QuoteRecord {
    pub fn new(article: &Article, facts: &Facts, quote: &Quote) -> Self {
        let extent = quote.extent();
        let speakers = quote.speakers.iter().map(|id| match facts.actor(id) {
            Some(actor) => ActorRecord::from(actor),
            None => ActorRecord { id: id.clone(), name: id.clone(), kind: place(&ActorKind::ALL, ActorKind::Unknown) },
        });
        Self {
            article: article.id.as_str().to_owned(),
            path: article.origin.path.clone(),
            title: article.title.clone(),
            published: article.date.map(PublishedRecord::from),
            source: article.source.clone(),
            speakers: speakers.collect(),
            kind: place(&QuoteKind::ALL, quote.kind),
            text: quote.words(&article.text),
            cue: quote.cue.map(|cue| cue.of(&article.text).to_owned()),
            span: (extent.start, extent.end),
            confidence: quote.confidence,
            rule: quote.rule.clone().into_owned(),
        }
    }

    pub fn into_hit(self, score: f32, marks: Vec<Span>) -> QuoteHit {
        QuoteHit {
            article: self.article,
            path: self.path,
            title: self.title,
            date: self.published.as_ref().and_then(PublishedRecord::published),
            source: self.source,
            speakers: self.speakers.iter().map(ActorRecord::shown).collect(),
            kind: nth(&QuoteKind::ALL, self.kind).unwrap_or(QuoteKind::Indirect),
            text: self.text,
            marks,
            cue: self.cue,
            span: Span { start: self.span.0, end: self.span.1 },
            confidence: self.confidence,
            rule: self.rule,
            score,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The facts as stored bytes. The names of the tables are searched but not stored: they would outweigh the text.
pub fn pack_facts(facts: &Facts) -> Result<Vec<u8>> {
    let pair = |span: Span| (span.start, span.end);
    let mention = |mention: &Mention| {
        let (start, end) = pair(mention.span);
        (start, end, place(&Form::ALL, mention.form), mention.confidence, mention.rule.clone().into_owned())
    };
    let actors = facts.actors.iter().map(|actor| FullActorRecord {
        actor: ActorRecord::from(actor),
        country: actor.country.clone(),
        parent: actor.parent.clone(),
        roles: actor.roles.clone(),
        mentions: actor.mentions.iter().map(mention).collect(),
    });
    let quotes = facts.quotes.iter().map(|quote| QuotePlaceRecord {
        parts: quote.parts.iter().copied().map(pair).collect(),
        kind: place(&QuoteKind::ALL, quote.kind),
        cue: quote.cue.map(pair),
        source: quote.source.map(pair),
        speakers: quote.speakers.clone(),
        addressee: quote.addressee.clone(),
        confidence: quote.confidence,
        rule: quote.rule.clone().into_owned(),
    });
    let countries = facts.countries.clone();
    pack(&FactsRecord { actors: actors.collect(), quotes: quotes.collect(), countries, seal: facts.seal() })
}

/// The seal of stored facts.
pub fn seal_of(bytes: &[u8]) -> Result<u64> {
    unpack::<FactsRecord>(bytes).map(|record| record.seal)
}

/// The facts from stored bytes; the language is kept with the head.
pub fn unpack_facts(bytes: &[u8]) -> Result<Facts> {
    let record: FactsRecord = unpack(bytes)?;
    let span = |(start, end): (u32, u32)| Span { start, end };
    let actors = record.actors.into_iter().map(|full| Actor {
        kind: full.actor.shown().kind,
        id: full.actor.id,
        name: full.actor.name,
        aliases: Arc::default(),
        country: full.country,
        parent: full.parent,
        roles: full.roles,
        mentions: full.mentions.into_iter().map(unpack_mention).collect(),
    });
    let quotes = record.quotes.into_iter().map(|quote| Quote {
        parts: quote.parts.into_iter().map(span).collect(),
        kind: nth(&QuoteKind::ALL, quote.kind).unwrap_or(QuoteKind::Indirect),
        cue: quote.cue.map(span),
        source: quote.source.map(span),
        speakers: quote.speakers,
        addressee: quote.addressee,
        confidence: quote.confidence,
        rule: Cow::Owned(quote.rule),
    });
    Ok(Facts { actors: actors.collect(), quotes: quotes.collect(), countries: record.countries, language: None })
}

fn unpack_mention((start, end, form, confidence, rule): (u32, u32, u8, f32, String)) -> Mention {
    let form = nth(&Form::ALL, form).unwrap_or(Form::Name);
    Mention { span: Span { start, end }, form, confidence, rule: Cow::Owned(rule) }
}

/// Any record as bytes.
pub fn pack<T: Serialize>(record: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(record).map_err(|error| Error::engine(format!("cannot store a record: {error}")))
}

/// Any record from bytes.
pub fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|error| Error::engine(format!("a stored record cannot be read: {error}")))
}

fn place<T: PartialEq>(all: &[T], value: T) -> u8 {
    all.iter().position(|other| *other == value).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

fn nth<T: Copy>(all: &[T], at: u8) -> Option<T> {
    all.get(usize::from(at)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Stored {
        let text = "“We agree,” said Xi.".to_owned();
        let mention = Mention { span: Span::new(21, 23), form: Form::Name, confidence: 0.8, rule: "surname".into() };
        let actor = Actor {
            id: "person:xi-jinping".into(),
            kind: ActorKind::Person,
            name: "Xi Jinping".into(),
            aliases: Arc::default(),
            country: Some("CN".into()),
            parent: None,
            roles: vec!["president".into()],
            mentions: vec![mention],
        };
        let quote = Quote {
            parts: vec![Span::new(3, 12)],
            kind: QuoteKind::Direct,
            cue: Some(Span::new(16, 20)),
            source: Some(Span::new(21, 23)),
            speakers: vec!["person:xi-jinping".into()],
            addressee: None,
            confidence: 0.9,
            rule: "q-v-s".into(),
        };
        let article = Article {
            id: ArticleId::from_own("a1"),
            date: Published::parse("2022-02", Provenance::Header).ok(),
            title: "We agree".into(),
            title_derived: true,
            text,
            text_offset: Some(17),
            language: None,
            source: Some("Wire".into()),
            authors: vec!["A. B.".into()],
            url: None,
            origin: Origin { path: "2022/a.txt".into(), ordinal: 3 },
            standing: crate::article::Standing::Usable,
        };
        let facts = Facts {
            actors: vec![actor],
            quotes: vec![quote],
            countries: vec!["CN".into()],
            language: Some("en".into()),
        };
        Stored { article, facts, ingested: Moment(1_700_000_000) }
    }

    #[test]
    fn what_is_stored_comes_back_whole() {
        let stored = sample();
        let head: Head = unpack(&pack(&Head::new(&stored)).unwrap()).unwrap();
        let facts = unpack_facts(&pack_facts(&stored.facts).unwrap()).unwrap();
        assert_eq!(head.into_stored(stored.article.text.clone(), facts), stored);
    }

    #[test]
    fn nonsense_on_disk_is_an_error() {
        assert!(unpack::<Head>(&[0xff; 40]).is_err());
        assert!(unpack_facts(&[0xff; 40]).is_err());
    }
}
