//! The schema: which tantivy field holds what, for documents of two kinds.
//!
//! An article and each of its quotes are documents of their own in one index; both carry the article's id, so that one
//! delete takes an article out with its quotes. Text fields belong to one kind only: a word asked of articles never
//! meets a quote. The index is sorted by `day`, newest first.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::store::Compressor;
use tantivy::{IndexSettings, IndexSortByField, Order};

use super::tokens;
use crate::date::{Date, Day};

/// Version of what this folder writes; an index of another version is not opened.
///
/// History: 1, the first; 2, facts carry their seal; 3, quotes can be sifted by confidence; 4, one field for ranking,
/// bounds of sentences and quotes, columns to count by; 5, sketches and stories; 6, beginnings of ids as a column;
/// 7, manifests, and a catalogue that knows its readers; 8, quotes are kept with their article, facts in few bytes;
/// 9, every word once, under its stem; 10, the words of a quote and the names of an actor in one field only; 11, what is
/// stored of an article is packed as one; 12, what is folded keeps the marks of scripts in which they make another word.
pub const FORMAT_VERSION: &str = "12";

/// The field that the index is sorted by.
pub const DAY: &str = "day";

/// The column of the beginnings of ids.
pub const START: &str = "start";

/// Makes every day of the years 1 to 9999 a positive number, so that 0 can mean undated.
const DAY_OFFSET: i64 = 719_163;

/// Value of the `kind` field of an article.
pub const ARTICLE: u64 = 0;
/// Value of the `kind` field of a quote.
pub const QUOTE: u64 = 1;

/// Every field of the index.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// [`ARTICLE`] or [`QUOTE`].
    pub kind: Field,
    /// The article's id, on both kinds.
    pub id: Field,
    /// A 64-bit hash of the article's id, on both kinds: what quotes and articles are joined by.
    pub key: Field,
    /// The beginning of the article's id as a number, [`start_of`].
    pub start: Field,
    /// The middle day of the article's date, 0 when undated; see [`day_number`].
    pub day: Field,
    /// The first day its date may mean, 0 when undated.
    pub first: Field,
    /// The last day its date may mean, 0 when undated.
    pub last: Field,
    /// Seconds since 1970 at which the article first came in.
    pub ingested: Field,
    /// Folded name of the outlet.
    pub source: Field,
    /// ISO 639-1 code.
    pub lang: Field,
    /// File inside the corpus, folded.
    pub path: Field,
    /// The article with its facts, as a [`Parcel`](super::parcel::Parcel).
    pub parcel: Field,
    /// Everything a plain word is looked up in, stemmed and weighed by repetition: text, headline, names of actors.
    pub all: Field,
    /// Where sentences, paragraphs and quoted stretches begin and end, at the positions of the text's words.
    pub bounds: Field,
    /// Words of the headline, each under its stem.
    pub title_forms: Field,
    /// Words of the text, each under its stem.
    pub text_forms: Field,
    /// Words of headline and text as written, where they are not written as they are folded.
    pub spelt: Field,
    /// Folded words of the authors.
    pub author: Field,
    /// Ids of the actors, of what they are part of, and of their countries, folded.
    pub actor: Field,
    /// Words of every name of every person.
    pub person_name: Field,
    /// The same of bodies of people.
    pub org_name: Field,
    /// The same of all other actors.
    pub other_name: Field,
    /// Ids of the actors, as a column to count by.
    pub cast: Field,
    /// Ids of those who are quoted, as a column to count by.
    pub voices: Field,
    /// What tells copies of its text, as a column of several numbers in their order; see [`crate::story::Sketch`].
    pub sketch: Field,
    /// Codes of the countries it is about, folded.
    pub country: Field,
    /// Words of the names of these countries.
    pub country_name: Field,
    /// Which of [`crate::field::HAS`] the article has.
    pub has: Field,
    /// The number of the quote among those of its article, counted from 0: all that is kept of it besides its words.
    pub number: Field,
    /// Words of the quote, each under its stem: what finds it and what ranks it.
    pub said_forms: Field,
    /// Words of the quote as written, where they are not written as they are folded.
    pub said_spelt: Field,
    /// Ids of those who say it, folded.
    pub speaker: Field,
    /// Words of every name of every speaker.
    pub speaker_name: Field,
    /// Id of the one spoken to, folded.
    pub addressee: Field,
    /// Words of every name of the one spoken to.
    pub addressee_name: Field,
    /// How the words are rendered: direct, mixed or indirect.
    pub rendering: Field,
    /// How sure the quote is, in hundredths.
    pub confidence: Field,
}

impl Fields {
    /// The fields of texts that have a column.
    pub fn columns_of_texts(&self) -> [Field; 6] {
        [self.id, self.source, self.lang, self.country, self.cast, self.voices]
    }

    /// The fields of the names of actors: each actor is in one of them.
    pub fn names(&self) -> [Field; 3] {
        [self.person_name, self.org_name, self.other_name]
    }
}

/// Builds the schema and the handles into it.
pub fn build() -> (Schema, Fields) {
    let mut schema = SchemaBuilder::new();
    let kept = || NumericOptions::from(FAST);
    let fields = Fields {
        kind: schema.add_u64_field("kind", NumericOptions::default().set_fast().set_indexed()),
        id: schema.add_text_field("id", keyword().set_fast("raw")),
        key: schema.add_u64_field("key", kept()),
        start: schema.add_u64_field(START, kept()),
        day: schema.add_u64_field(DAY, kept()),
        first: schema.add_u64_field("first", kept()),
        last: schema.add_u64_field("last", kept()),
        ingested: schema.add_u64_field("ingested", kept()),
        source: schema.add_text_field("source", keyword().set_fast("raw")),
        lang: schema.add_text_field("lang", keyword().set_fast("raw")),
        path: schema.add_text_field("path", keyword()),
        parcel: schema.add_bytes_field("parcel", STORED),
        all: schema.add_text_field("all", counted()),
        bounds: schema.add_text_field("bounds", places()),
        title_forms: schema.add_text_field("title_forms", words()),
        text_forms: schema.add_text_field("text_forms", words()),
        spelt: schema.add_text_field("spelt", counted()),
        author: schema.add_text_field("author", words()),
        actor: schema.add_text_field("actor", keyword()),
        person_name: schema.add_text_field("person_name", words()),
        org_name: schema.add_text_field("org_name", words()),
        other_name: schema.add_text_field("other_name", words()),
        cast: schema.add_text_field("cast", TextOptions::default().set_fast("raw")),
        voices: schema.add_text_field("voices", TextOptions::default().set_fast("raw")),
        sketch: schema.add_u64_field("sketch", kept()),
        country: schema.add_text_field("country", keyword().set_fast("raw")),
        country_name: schema.add_text_field("country_name", words()),
        has: schema.add_text_field("has", keyword()),
        number: schema.add_u64_field("number", kept()),
        said_forms: schema.add_text_field("said_forms", words()),
        said_spelt: schema.add_text_field("said_spelt", counted()),
        speaker: schema.add_text_field("speaker", keyword()),
        speaker_name: schema.add_text_field("speaker_name", words()),
        addressee: schema.add_text_field("addressee", keyword()),
        addressee_name: schema.add_text_field("addressee_name", words()),
        rendering: schema.add_text_field("rendering", keyword()),
        confidence: schema.add_u64_field("confidence", kept()),
    };
    (schema.build(), fields)
}

/// The settings every index of ours is made with: newest first, and what is stored as it is given, for it is packed
/// already.
pub fn settings() -> IndexSettings {
    IndexSettings {
        sort_by_field: Some(IndexSortByField { field: DAY.to_owned(), order: Order::Desc }),
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// The number a day is kept under; never 0, which means undated.
pub fn day_number(day: Day) -> u64 {
    u64::try_from(i64::from(day.number()) + DAY_OFFSET).unwrap_or(1).max(1)
}

/// The day kept under a number; `None` for undated.
pub fn day_of(number: u64) -> Option<Day> {
    let number = i64::try_from(number).ok().filter(|number| *number > 0)?;
    i32::try_from(number - DAY_OFFSET).ok().and_then(Day::from_number)
}

/// The three numbers of a date: middle, first, last; zeros when undated.
pub fn day_numbers(date: Option<Date>) -> [u64; 3] {
    date.map_or([0; 3], |date| [date.middle(), date.first(), date.last()].map(day_number))
}

/// The number that quotes and articles of one id share.
pub fn key_of(id: &str) -> u64 {
    let hash = blake3::hash(id.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// The first eight bytes of an id as a number: ids are in the order of these, and equal where these do not tell.
///
/// Ids that were made from a path differ in them but for one pair in a trillion.
pub fn start_of(id: &str) -> u64 {
    id.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |start, byte| start << 8 | u64::from(byte))
}

/// The flag of an article's date: its precision, where it was read, or what is odd about it.
pub fn date_flag(what: &str) -> String {
    format!("date-{what}")
}

fn indexing(tokenizer: &str, option: IndexRecordOption) -> TextFieldIndexing {
    TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option)
}

fn words() -> TextOptions {
    TextOptions::default().set_indexing_options(indexing(tokens::READY, IndexRecordOption::WithFreqsAndPositions))
}

/// Of marks: nothing is ranked by them.
fn places() -> TextOptions {
    let marks = indexing(tokens::READY, IndexRecordOption::WithFreqsAndPositions).set_fieldnorms(false);
    TextOptions::default().set_indexing_options(marks)
}

fn counted() -> TextOptions {
    TextOptions::default().set_indexing_options(indexing(tokens::READY, IndexRecordOption::WithFreqs))
}

fn keyword() -> TextOptions {
    let raw = indexing(tokens::RAW, IndexRecordOption::Basic).set_fieldnorms(false);
    TextOptions::default().set_indexing_options(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_keep_their_order_and_come_back() {
        for text in ["0001-01-01", "1500-02-28", "1969-12-31", "2022-02-05", "9999-12-31"] {
            let day: Day = text.parse().unwrap();
            assert!(day_number(day) > 0);
            assert_eq!(day_of(day_number(day)), Some(day));
        }
        assert_eq!(day_of(0), None);
        assert_eq!(day_numbers(None), [0; 3]);
    }

    #[test]
    fn columns_of_texts_are_those_of_the_schema() {
        let (schema, fields) = build();
        for (field, entry) in schema.fields() {
            let is_column = entry.is_fast() && entry.field_type().is_str();
            assert_eq!(fields.columns_of_texts().contains(&field), is_column, "{}", entry.name());
        }
    }

    #[test]
    fn beginnings_are_in_the_order_of_their_ids() {
        let ids = ["", "0", "0-", "00", "a", "ab", "abcdefg", "abcdefgh", "abcdefgh1", "abcdefgz", "b", "n~"];
        let starts: Vec<u64> = ids.iter().map(|id| start_of(id)).collect();
        assert!(starts.is_sorted());
        assert_eq!(start_of("abcdefgh"), start_of("abcdefgh1"), "only eight bytes are kept");
    }
}
