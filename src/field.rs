//! The field table: every field a query can name, with its aliases, kind, help and an example.
//!
//! The parser, the engines and `chancery fields` all read this one table, so a new field is one row here.

use crate::text::edits;

/// A field that a query can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// The text without the headline.
    Text,
    /// Anybody or anything named, under any of its names.
    Actor,
    /// An actor that is a person.
    Person,
    /// An actor that is a body of people.
    Org,
    /// A country the article is about.
    Country,
    /// Somebody who is quoted.
    Speaker,
    /// The words of a quote.
    Said,
    /// Somebody who is spoken to.
    Addressee,
    /// How the words of a quote are rendered.
    Kind,
    /// How sure it is that somebody said it.
    Confidence,
    /// The outlet or wire.
    Source,
    /// Who wrote it.
    Author,
    /// Its language.
    Lang,
    /// Its file inside the corpus.
    Path,
    /// Its id.
    Id,
    /// When it was published.
    Date,
    /// When it came into the archive.
    Ingested,
    /// How exact its date is, and where it was read.
    DateQuality,
    /// What an article has.
    Has,
    /// Which part of the text words are looked up in.
    In,
}

/// How the value of a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words, as in the text: phrases, prefixes and fuzzy forms all work.
    Words,
    /// An actor: an id, or words of any of its names.
    Name,
    /// One exact value, case and accents aside; `*` and `?` work.
    Keyword,
    /// A period of time.
    Period,
    /// Bounds from 0 to 1.
    Chance,
    /// One of a few fixed values.
    Choice(&'static [&'static str]),
}

/// One row of the field table.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo {
    /// Which field.
    pub field: Field,
    /// Its name in canonical queries.
    pub name: &'static str,
    /// Other names that are read as this one.
    pub aliases: &'static [&'static str],
    /// How its value is read.
    pub kind: FieldKind,
    /// What it finds, in one sentence.
    pub help: &'static str,
    /// A query that uses it.
    pub example: &'static str,
}

/// What `has:` can ask for.
pub const HAS: &[&str] = &["quote", "speaker", "date", "actor", "author", "source", "url"];

/// How a quote can be rendered.
pub const RENDERINGS: &[&str] = &["direct", "mixed", "indirect"];

/// Which part of the text words can be looked up in.
pub const ZONES: &[&str] = &["quote", "narration"];

/// What can be asked of a date: its precision, where it was read, whether the source stated it (header, metadata, feed)
/// or it was inferred (url, filename, text), and whether it lies after the day the article came in.
pub const DATE_QUALITIES: &[&str] = &[
    "day", "month", "year", "undated", "header", "metadata", "feed", "url", "filename", "text", "stated", "inferred",
    "future",
];

macro_rules! rows {
    ($($field:ident $name:literal $aliases:expr, $kind:expr, $help:literal, $example:literal;)*) => {
        /// The table, in the order of listings.
        pub const TABLE: &[FieldInfo] = &[$(FieldInfo {
            field: Field::$field, name: $name, aliases: &$aliases, kind: $kind, help: $help, example: $example,
        }),*];
    };
}

rows! {
    Title    "title"    ["hd", "headline", "intitle"], FieldKind::Words,   "words of the headline", "title:summit";
    Text     "text"     ["body"],                      FieldKind::Words,   "words of the article's own text, not of the names of its actors", "text:\"red line\"";
    Actor    "actor"    ["about", "who"],              FieldKind::Name,    "anybody or anything named, under any of its names", "actor:NATO";
    Person   "person"   [],                            FieldKind::Name,    "a person named", "person:\"Xi Jinping\"";
    Org      "org"      ["organisation", "organization"], FieldKind::Name, "an organisation, ministry, party or armed group named", "org:Hezbollah";
    Country  "country"  [],                            FieldKind::Name,    "a country the article is about: a name or an ISO code", "country:CN";
    Speaker  "speaker"  ["by-speaker", "said-by"],     FieldKind::Name,    "somebody who is quoted", "speaker:Kritenbrink";
    Said     "said"     ["quote"],                     FieldKind::Words,   "words of a quote; with speaker: both in the same quote", "said:\"no first use\"";
    Confidence "confidence" ["sure"],                  FieldKind::Chance,  "how sure the program is of a quote, 0 to 1; with said: and speaker: of the same quote", "confidence>=0.8";
    Addressee "addressee" ["to", "said-to"],           FieldKind::Name,    "somebody who is spoken to in a quote; with said: and speaker: in the same one", "addressee:Congress";
    Kind     "kind"     ["rendering"],                 FieldKind::Choice(RENDERINGS), "how a quote is rendered: direct, mixed or indirect; of the same quote as said: and speaker:", "kind:direct";
    Source   "source"   ["sn", "outlet", "site"],      FieldKind::Keyword, "the outlet or wire it comes from", "source:reuters";
    Author   "author"   ["by", "from"],                FieldKind::Words,   "who wrote it", "author:\"Jane Doe\"";
    Lang     "lang"     ["language", "la"],            FieldKind::Keyword, "its language, as an ISO 639-1 code", "lang:en";
    Path     "path"     ["file"],                      FieldKind::Keyword, "its file inside the corpus", "path:2022/*";
    Id       "id"       [],                            FieldKind::Keyword, "its id in this archive", "id:b3k0x7q2m9wd";
    Date     "date"     ["published", "pd"],           FieldKind::Period,  "when it was published", "date:2022-02..2022-03";
    Ingested "ingested" ["added"],                     FieldKind::Period,  "when it came into the archive", "ingested:3d..";
    DateQuality "date-quality" ["datequality", "dq"],  FieldKind::Choice(DATE_QUALITIES), "how exact its date is, and where it was read", "date-quality:inferred";
    Has      "has"      [],                            FieldKind::Choice(HAS), "articles that have a quote, a date, an author …", "has:quote";
    In       "in"       ["inside"],                    FieldKind::Choice(ZONES), "the words beside it stand in a quote, or outside of all", "sanctions in:quote";
}

impl Field {
    /// Whether its values are looked up whole; such a condition finds and gives no score.
    pub fn is_keyword(self) -> bool {
        matches!(info(self).kind, FieldKind::Keyword)
    }

    /// Whether it asks for what one quote has; several of them are met by the same quote.
    pub fn is_of_quote(self) -> bool {
        matches!(self, Self::Said | Self::Speaker | Self::Addressee)
    }
}

impl FieldKind {
    /// Whether its value has a lower and an upper end, so that `>=` and `..` can stand with it.
    pub fn is_range(self) -> bool {
        matches!(self, Self::Period | Self::Chance)
    }
}

/// The row of a field.
pub fn info(field: Field) -> &'static FieldInfo {
    // The table has a row for every variant; the test below holds that.
    TABLE.iter().find(|row| row.field == field).unwrap_or(&TABLE[0])
}

/// The row whose name or alias this is, case aside.
pub fn by_name(name: &str) -> Option<&'static FieldInfo> {
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    TABLE.iter().find(|row| same(row.name) || row.aliases.iter().any(|alias| same(alias)))
}

/// The names nearest to `name` by edit distance, best first, if any is near enough to be meant.
pub fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let names =
        TABLE.iter().flat_map(|row| std::iter::once(&row.name).chain(row.aliases).map(move |known| (row.name, *known)));
    // Typos seldom touch the first letter, so it breaks ties.
    let cost = |known: &str| (edits(&lower, known), known.chars().next() != lower.chars().next());
    let ((distance, _), canonical) = names.map(|(canonical, known)| (cost(known), canonical)).min()?;
    (distance <= 1 + lower.len() / 4).then_some(canonical)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_leads_to_one_row() {
        let mut seen = HashSet::new();
        for row in TABLE {
            assert_eq!(info(row.field).name, row.name);
            for name in std::iter::once(&row.name).chain(row.aliases) {
                assert!(seen.insert(*name), "{name} is there twice");
                assert_eq!(by_name(&name.to_uppercase()).map(|found| found.field), Some(row.field));
            }
        }
    }

    #[test]
    fn a_typo_finds_its_field() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(nearest(name), expected, "{name}");
        check("speeker", Some("speaker"));
        check("titel", Some("title"));
        check("auther", Some("author"));
        check("langage", Some("lang"));
        check("zzzzzz", None);
        check("https", None);
    }
}
