//! The facts of an article as stored bytes: places as steps from one another, and every reason once.
//!
//! What the head has already, the ids and names of the actors, is not here again; the names of the tables are searched
//! but not stored at all. The shape belongs to [`super::schema::FORMAT_VERSION`]: whoever changes one changes the other.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::record::{self, ActorRecord, Head, nth, place};
use crate::engine::Stored;
use crate::error::{Error, Result};
use crate::facts::{Actor, Facts, Form, Mention, Quote, QuoteKind};
use crate::text::Span;

#[derive(Debug, Serialize, Deserialize)]
struct FactsRecord<'a> {
    /// [`Facts::seal`], which covers the names of the tables too.
    seal: u64,
    /// In the order of the head.
    actors: Vec<FullActorRecord<'a>>,
    quotes: Vec<QuotePlaceRecord>,
    countries: Cow<'a, [String]>,
    /// The ids that quotes refer to by their number, after those of the actors.
    others: Vec<Cow<'a, str>>,
    /// Why there is a mention or a quote: form, confidence and rule. An article has hundreds of mentions and a dozen of
    /// these.
    reasons: Vec<Reason<'a>>,
}

type Reason<'a> = (u8, f32, Cow<'a, str>);

#[derive(Debug, Serialize, Deserialize)]
struct FullActorRecord<'a> {
    country: Option<Cow<'a, str>>,
    parent: Option<Cow<'a, str>>,
    roles: Cow<'a, [String]>,
    mentions: Vec<(Place, u32)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct QuotePlaceRecord {
    parts: Vec<Place>,
    kind: u8,
    cue: Option<Place>,
    source: Option<Place>,
    speakers: Vec<u32>,
    addressee: Option<u32>,
    reason: u32,
}

/// A span: the step to its start from that of the one before, and its length.
type Place = (i32, u32);

/// Where the last span began.
#[derive(Default)]
struct Steps(u32);

impl Steps {
    fn to(&mut self, span: Span) -> Place {
        let step = span.start.wrapping_sub(self.0).cast_signed();
        self.0 = span.start;
        (step, span.end.wrapping_sub(span.start))
    }

    fn span(&mut self, (step, length): Place) -> Span {
        self.0 = self.0.wrapping_add_signed(step);
        Span { start: self.0, end: self.0.wrapping_add(length) }
    }
}

/// Gives each different value a number.
struct Numbered<T>(Vec<T>);

impl<T> Numbered<T> {
    fn number(&mut self, is_same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> u32 {
        let at = self.0.iter().position(is_same).unwrap_or_else(|| {
            self.0.push(make());
            self.0.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The facts as stored bytes.
pub fn pack<'a>(facts: &'a Facts) -> Result<Vec<u8>> {
    let mut reasons = Numbered(Vec::new());
    let mut last = 0;
    let mut reason = |form: u8, confidence: f32, rule: &'a str| {
        let is_same = |known: &Reason| known.0 == form && known.1.to_bits() == confidence.to_bits() && known.2 == rule;
        // Most often it is the same as of the mention before.
        if !reasons.0.get(last).is_some_and(is_same) {
            last = reasons.number(is_same, || (form, confidence, Cow::Borrowed(rule))) as usize;
        }
        last as u32
    };
    let actors = facts.actors.iter().map(|actor| {
        let mut steps = Steps::default();
        let mention = |mention: &'a Mention| {
            let why = reason(place(&Form::ALL, mention.form), mention.confidence, &mention.rule);
            (steps.to(mention.span), why)
        };
        FullActorRecord {
            country: actor.country.as_deref().map(Cow::Borrowed),
            parent: actor.parent.as_deref().map(Cow::Borrowed),
            roles: Cow::Borrowed(&actor.roles),
            mentions: actor.mentions.iter().map(mention).collect(),
        }
    });
    let actors: Vec<FullActorRecord> = actors.collect();
    let mut ids = Numbered(facts.actors.iter().map(|actor| actor.id.as_str()).collect());
    let mut steps = Steps::default();
    let mut quotes = Vec::with_capacity(facts.quotes.len());
    for quote in &facts.quotes {
        let mut id = |id| ids.number(|known| *known == id, || id);
        quotes.push(QuotePlaceRecord {
            parts: quote.parts.iter().map(|span| steps.to(*span)).collect(),
            kind: place(&QuoteKind::ALL, quote.kind),
            cue: quote.cue.map(|span| steps.to(span)),
            source: quote.source.map(|span| steps.to(span)),
            speakers: quote.speakers.iter().map(|speaker| id(speaker.as_str())).collect(),
            addressee: quote.addressee.as_deref().map(&mut id),
            reason: reason(0, quote.confidence, &quote.rule),
        });
    }
    let others = ids.0.iter().skip(actors.len()).map(|id| Cow::Borrowed(*id)).collect();
    let countries = Cow::Borrowed(facts.countries.as_slice());
    record::pack(&FactsRecord { seal: facts.seal(), actors, quotes, countries, others, reasons: reasons.0 })
}

/// The seal of stored facts.
pub fn seal_of(bytes: &[u8]) -> Result<u64> {
    record::unpack::<FactsRecord>(bytes).map(|record| record.seal)
}

/// An article put together again from its head, its text, and the bytes of its facts.
///
/// # Errors
/// The bytes are not those of this article's facts.
pub fn stored_of(mut head: Head, text: String, bytes: &[u8]) -> Result<Stored> {
    let facts = unpack(std::mem::take(&mut head.actors), bytes)?;
    Ok(head.with_facts(text, facts))
}

/// The facts from stored bytes and the actors of the head; the language is kept with the head.
fn unpack(heads: Vec<ActorRecord<'_>>, bytes: &[u8]) -> Result<Facts> {
    let record: FactsRecord = record::unpack(bytes)?;
    if heads.len() != record.actors.len() {
        return Err(foreign());
    }
    let others = record.others.into_iter().map(Cow::into_owned);
    let ids: Vec<String> = heads.iter().map(|actor| actor.id.to_string()).chain(others).collect();
    let reasons = record.reasons;
    let quotes = Quotes { ids: &ids, reasons: &reasons, steps: Steps::default() }.all(record.quotes)?;
    let actors = heads.into_iter().zip(record.actors).map(|(head, full)| {
        let mut steps = Steps::default();
        let mention = |(place, why): (Place, u32)| {
            let (form, confidence, rule) = reasons.get(why as usize).ok_or_else(foreign)?;
            let form = nth(&Form::ALL, *form).unwrap_or(Form::Name);
            Ok(Mention { span: steps.span(place), form, confidence: *confidence, rule: Cow::Owned(rule.to_string()) })
        };
        Ok(Actor {
            kind: head.kind(),
            id: head.id.into_owned(),
            name: head.name.into_owned(),
            aliases: Arc::default(),
            country: full.country.map(Cow::into_owned),
            parent: full.parent.map(Cow::into_owned),
            roles: full.roles.into_owned(),
            mentions: full.mentions.into_iter().map(mention).collect::<Result<_>>()?,
        })
    });
    Ok(Facts {
        actors: actors.collect::<Result<_>>()?,
        quotes,
        countries: record.countries.into_owned(),
        language: None,
    })
}

struct Quotes<'a> {
    ids: &'a [String],
    reasons: &'a [Reason<'a>],
    steps: Steps,
}

impl Quotes<'_> {
    fn all(mut self, records: Vec<QuotePlaceRecord>) -> Result<Vec<Quote>> {
        records.into_iter().map(|record| self.one(record)).collect()
    }

    fn one(&mut self, record: QuotePlaceRecord) -> Result<Quote> {
        let id = |number: u32| self.ids.get(number as usize).cloned().ok_or_else(foreign);
        let (_, confidence, rule) = self.reasons.get(record.reason as usize).ok_or_else(foreign)?;
        Ok(Quote {
            speakers: record.speakers.into_iter().map(id).collect::<Result<_>>()?,
            addressee: record.addressee.map(id).transpose()?,
            parts: record.parts.into_iter().map(|place| self.steps.span(place)).collect(),
            kind: nth(&QuoteKind::ALL, record.kind).unwrap_or(QuoteKind::Indirect),
            cue: record.cue.map(|place| self.steps.span(place)),
            source: record.source.map(|place| self.steps.span(place)),
            confidence: *confidence,
            rule: Cow::Owned(rule.to_string()),
        })
    }
}

fn foreign() -> Error {
    Error::engine("the stored facts of an article are not those of its head").hint("run `chancery check`")
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::article::{Article, ArticleId, Origin};
    use crate::date::{Moment, Provenance, Published};
    use crate::facts::ActorKind;

    /// An article with one actor, who says something.
    pub fn sample() -> Stored {
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
        let head: Head = record::unpack(&record::pack(&Head::new(&stored)).unwrap()).unwrap();
        let facts = pack(&stored.facts).unwrap();
        assert_eq!(stored_of(head, stored.article.text.clone(), &facts).unwrap(), stored);
    }

    #[test]
    fn nonsense_on_disk_is_an_error() {
        assert!(stored_of(Head::new(&sample()), String::new(), &[0xff; 40]).is_err());
        let nobody = Facts::default();
        assert!(stored_of(Head::new(&sample()), String::new(), &pack(&nobody).unwrap()).is_err());
    }
}
