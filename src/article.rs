//! What a reader yields: one article, with its identity and where it lies.
//!
//! `text` is the article's own text, verbatim, paragraphs parted by a blank line; every [`crate::text::Span`] anywhere
//! points into it. Nothing here knows a file format or an index.

use std::fmt;

use crate::date::{Moment, Published};

/// The name an article keeps for life: short, printable, the same after every re-index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(String);

/// The longest identifier of a source that is taken over as it is; longer ones are hashed.
const LONGEST_OWN_ID: usize = 48;

impl ArticleId {
    /// Takes a stored id as it is.
    pub fn from_stored(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Makes the id from the source's own identifier: taken over when it is plain and short, hashed otherwise.
    pub fn from_own(own: &str) -> Self {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        let own = own.trim();
        let keep =
            !own.is_empty() && own.len() <= LONGEST_OWN_ID && own.bytes().all(plain) && !own.starts_with(['-', '.']);
        if keep { Self(own.to_owned()) } else { Self::hashed(&["own", own]) }
    }

    /// Makes the id from where the article lies: its path inside the corpus and its place in that file.
    pub fn from_path(path: &str, ordinal: u32) -> Self {
        Self::hashed(&["path", path, &ordinal.to_string()])
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Twelve characters of base 32 (no i, l, o, u) out of a BLAKE3 hash: 60 bits; one clash in a billion
    /// articles has odds of about one in three.
    fn hashed(parts: &[&str]) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        let hash = hasher.finalize();
        let mut bits = hash.as_bytes().iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        let mut id = String::with_capacity(12);
        for _ in 0..12 {
            id.push(char::from(ALPHABET[(bits >> 59) as usize]));
            bits <<= 5;
        }
        Self(id)
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an article lies inside the corpus.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The file, relative to its corpus root, with `/` between folders.
    pub path: String,
    /// Which article of that file it is, counted from 0.
    pub ordinal: u32,
}

/// Whether an article may be shown, as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Standing {
    /// It may.
    #[default]
    Usable,
    /// Not before this moment.
    Embargoed(Moment),
    /// Never again: its source has withdrawn it.
    Withdrawn,
}

impl Standing {
    /// What it comes to at the moment `now`: an embargo ends.
    pub fn at(self, now: Moment) -> Self {
        match self {
            Self::Embargoed(end) if end <= now => Self::Usable,
            other => other,
        }
    }
}

/// One article, as its source tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its name for life.
    pub id: ArticleId,
    /// When it was published; `None` for an undated article.
    pub date: Option<Published>,
    /// Its headline, or the shortened first sentence where the source has none.
    pub title: String,
    /// Whether the title was derived from the text.
    pub title_derived: bool,
    /// Its text, verbatim; every span points into it.
    pub text: String,
    /// Where `text` begins in the file, in bytes, when the text stands there verbatim.
    pub text_offset: Option<u64>,
    /// ISO 639-1 code of the language, if the source names one.
    pub language: Option<String>,
    /// The outlet or wire it comes from.
    pub source: Option<String>,
    /// Its authors, in the source's order.
    pub authors: Vec<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Where it lies in the corpus.
    pub origin: Origin,
    /// Whether it may be shown.
    pub standing: Standing,
}

impl Article {
    /// A hash of everything the index keeps of the article; equal hashes need no re-indexing.
    pub fn content_hash(&self) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        let date = self
            .date
            .map(|published| format!("{} {:?} {}", published.date, published.time, published.provenance.name()));
        let fields = [
            Some(self.id.as_str()),
            date.as_deref(),
            Some(&self.title),
            Some(&self.text),
            self.language.as_deref(),
            self.source.as_deref(),
            self.url.as_deref(),
            Some(&self.origin.path),
        ];
        for field in fields.into_iter().chain(self.authors.iter().map(|author| Some(author.as_str()))) {
            let bytes = field.unwrap_or("").as_bytes();
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(&[u8::from(field.is_some())]);
            hasher.update(bytes);
        }
        hasher.update(&self.origin.ordinal.to_le_bytes());
        hasher.update(&[u8::from(self.title_derived)]);
        match self.standing {
            Standing::Usable => {}
            Standing::Withdrawn => {
                hasher.update(b"withdrawn");
            }
            Standing::Embargoed(end) => {
                hasher.update(&end.0.to_le_bytes());
            }
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_plain() {
        let check = |id: ArticleId, expected: &str| assert_eq!(id.as_str(), expected);
        check(ArticleId::from_own("ce-00123"), "ce-00123");
        check(
            ArticleId::from_own(" tag:reuters.com,2019:newsml_KBN "),
            ArticleId::from_own("tag:reuters.com,2019:newsml_KBN").as_str(),
        );
        assert_eq!(ArticleId::from_own("tag:reuters.com,2019:newsml_KBN").as_str().len(), 12);
        assert_eq!(ArticleId::from_own("").as_str().len(), 12);
        assert_eq!(ArticleId::from_own("-n").as_str().len(), 12);
        assert_ne!(ArticleId::from_path("a", 11), ArticleId::from_path("a1", 1));
    }
}
