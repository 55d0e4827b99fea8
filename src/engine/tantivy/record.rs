//! What is stored with a document, as bytes: our own mirror of the words, so that no word knows how it is stored.
//!
//! The shape belongs to [`super::schema::FORMAT_VERSION`]: whoever changes one changes the other.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::article::{Article, ArticleId, Origin};
use crate::date::{Date, Day, Moment, Provenance, Published};
use crate::engine::Stored;
use crate::error::{Error, Result};
use crate::facts::{Actor, ActorKind, Facts};
use crate::hits::ActorRef;
use crate::text::{is_slug, slug};

/// Added to the kind of an actor whose id is stored up to its colon, because the rest of it follows from the name.
const FOLLOWS: u8 = 0x80;
const _: () = assert!(ActorKind::ALL.len() <= FOLLOWS as usize, "a kind and the mark are one byte");

/// What a line of hits shows of an article, and what makes it whole again together with its text and facts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Head<'a> {
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
    /// In the order of [`Facts::actors`].
    pub actors: Vec<ActorRecord<'a>>,
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

/// An actor as lists show it; the rest of it is with the facts.
///
/// It is stored as its id, or the beginning of it; its name; its kind, with the mark [`FOLLOWS`] when the rest of the id is
/// the [`slug`] of the name; and how often it is named.
#[derive(Debug)]
pub struct ActorRecord<'a> {
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    kind: u8,
    mentions: u32,
}

impl<'a> Head<'a> {
    pub fn new(stored: &'a Stored) -> Self {
        let Stored { article, facts, ingested } = stored;
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
            actors: facts.actors.iter().map(ActorRecord::from).collect(),
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

    /// Its actors, those that are named most first.
    pub fn actors(&self) -> Vec<ActorRef> {
        let mut actors: Vec<&ActorRecord> = self.actors.iter().collect();
        actors.sort_by_key(|actor| std::cmp::Reverse(actor.mentions));
        actors.into_iter().map(ActorRecord::shown).collect()
    }

    /// Puts the article together again.
    pub fn with_facts(self, text: String, facts: Facts) -> Stored {
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

impl Serialize for ActorRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let start = self.id.find(':').map_or(0, |colon| colon + 1);
        let (id, kind) = match is_slug(&self.id[start..], &self.name) {
            true => (&self.id[..start], self.kind | FOLLOWS),
            false => (&*self.id, self.kind),
        };
        (id, &self.name, kind, self.mentions).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ActorRecord<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (mut id, name, kind, mentions) = <(String, String, u8, u32)>::deserialize(deserializer)?;
        if kind & FOLLOWS != 0 {
            id += &slug(&name);
        }
        Ok(Self { id: id.into(), name: name.into(), kind: kind & !FOLLOWS, mentions })
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

impl<'a> From<&'a Actor> for ActorRecord<'a> {
    fn from(actor: &'a Actor) -> Self {
        let mentions = u32::try_from(actor.mentions.len()).unwrap_or(u32::MAX);
        let kind = place(&ActorKind::ALL, actor.kind);
        Self { id: actor.id.as_str().into(), name: actor.name.as_str().into(), kind, mentions }
    }
}

impl ActorRecord<'_> {
    pub fn kind(&self) -> ActorKind {
        nth(&ActorKind::ALL, self.kind).unwrap_or(ActorKind::Unknown)
    }

    fn shown(&self) -> ActorRef {
        ActorRef { id: self.id.to_string(), name: self.name.to_string(), kind: self.kind() }
    }
}

/// Any record as bytes.
pub fn pack<T: Serialize>(record: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(record).map_err(|error| Error::engine(format!("cannot store a record: {error}")))
}

/// Any record from bytes.
pub fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|error| Error::engine(format!("a stored record cannot be read: {error}")))
}

/// The number of a value among all of its kind.
pub fn place<T: PartialEq>(all: &[T], value: T) -> u8 {
    all.iter().position(|other| *other == value).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

/// The value with this number.
pub fn nth<T: Copy>(all: &[T], at: u8) -> Option<T> {
    all.get(usize::from(at)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_follows_from_the_name_takes_no_room() {
        fn check(id: &str, name: &str, bytes: usize) {
            let actor = ActorRecord { id: id.into(), name: name.into(), kind: 2, mentions: 3 };
            let packed = pack(&actor).unwrap();
            let back: ActorRecord = unpack(&packed).unwrap();
            assert_eq!((&*back.id, &*back.name, back.kind, back.mentions), (id, name, 2, 3));
            assert_eq!(packed.len(), bytes, "{id}");
        }
        check("person:xi-jinping", "Xi Jinping", 1 + 7 + 1 + 10 + 2);
        check("state:RU", "Russia", 1 + 8 + 1 + 6 + 2);
        check("person:", "Xi", 1 + 7 + 1 + 2 + 2);
        check("person:", "", 1 + 7 + 1 + 2);
        check("xi", "Xi", 1 + 1 + 2 + 2);
        check("", "", 1 + 1 + 2);
    }

    #[test]
    fn nonsense_on_disk_is_an_error() {
        assert!(unpack::<Head>(&[0xff; 40]).is_err());
    }
}
