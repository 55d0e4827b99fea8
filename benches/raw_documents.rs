//! The yardstick of all documents: tantivy alone, with the articles, quotes, names and ids that the archive has.
//!
//! What the archive finds is written down beforehand, as plain text for each field, and the clock runs from there: tantivy
//! has its own tokenizers, and words in as many fields. It does not read news, find actors and quotes, tell copies, mark
//! sentences, or keep facts and a catalogue, all of which the archive does besides.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use chancery::article::Article;
use chancery::facts::{Actor, ActorKind, Facts, Form, Quote};
use chancery::rank::TITLE_COUNT;
use chancery::text::fold;
use serde::{Deserialize, Serialize};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexSettings, IndexSortByField, IndexWriter, Order, TantivyDocument};

use crate::raw;

/// How a field of text is kept.
enum Kind {
    /// Looked up as it is.
    Keyword,
    /// Looked up as it is, and counted by.
    Key,
    /// Counted by.
    Column,
    /// Shown.
    Shown,
    /// Words by a tokenizer, with their places.
    Placed(&'static str),
    /// Words by a tokenizer, with how often they come up.
    Counted(&'static str),
}

/// The fields of text, as the archive has them.
const TEXTS: [(&str, Kind); 23] = [
    ("id", Kind::Key),
    ("path", Kind::Keyword),
    ("source", Kind::Key),
    ("lang", Kind::Key),
    ("text", Kind::Shown),
    ("forms", Kind::Placed("filed")),
    ("spelt", Kind::Counted("spelt")),
    ("all", Kind::Counted("stemmed")),
    ("title", Kind::Placed("filed")),
    ("actor", Kind::Keyword),
    ("cast", Kind::Column),
    ("voices", Kind::Column),
    ("person_name", Kind::Placed("folded")),
    ("org_name", Kind::Placed("folded")),
    ("other_name", Kind::Placed("folded")),
    ("country", Kind::Key),
    ("country_name", Kind::Placed("folded")),
    ("said", Kind::Placed("filed")),
    ("said_spelt", Kind::Counted("spelt")),
    ("speaker", Kind::Keyword),
    ("speaker_name", Kind::Placed("folded")),
    ("addressee_name", Kind::Placed("folded")),
    ("rendering", Kind::Keyword),
];

/// The columns of numbers.
const NUMBERS: [&str; 6] = ["kind", "key", "day", "ingested", "number", "confidence"];

/// A document: its numbers in the order of [`NUMBERS`], and its texts with the name of their field.
#[derive(Serialize, Deserialize)]
struct Prepared {
    numbers: [u64; NUMBERS.len()],
    texts: Vec<(u8, String)>,
}

/// Writes down the documents of articles.
pub struct Preparing(BufWriter<File>);

impl Preparing {
    /// Begins a file.
    pub fn new(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self(BufWriter::new(File::create(file)?)))
    }

    /// Adds the documents of an article: itself and its quotes.
    pub fn add(&mut self, article: &Article, facts: &Facts) -> Result<(), Box<dyn Error>> {
        let day = article.date.map_or(0, |published| published.date.middle().number() + 1_000_000);
        let key = article.id.as_str().bytes().fold(0u64, |key, byte| key.wrapping_mul(31).wrapping_add(byte.into()));
        let numbers = [0, key, day.try_into()?, 1_700_000_000, 0, 0];
        let mut texts = shared(article, facts);
        texts.extend(of_article(article, facts));
        self.write(numbers, &texts)?;
        for (number, quote) in (0..).zip(&facts.quotes) {
            let [_, key, day, ingested, ..] = numbers;
            let confidence = (quote.confidence * 100.0) as u64;
            let mut texts = shared(article, facts);
            texts.extend(of_quote(&article.text, facts, quote));
            self.write([1, key, day, ingested, number, confidence], &texts)?;
        }
        Ok(())
    }

    fn write(&mut self, numbers: [u64; NUMBERS.len()], texts: &[(&str, String)]) -> Result<(), Box<dyn Error>> {
        let place = |name: &str| TEXTS.iter().position(|(known, _)| *known == name).ok_or("no such field");
        let texts = texts.iter().map(|(name, text)| Ok((place(name)?.try_into()?, text.clone())));
        let texts = texts.collect::<Result<Vec<(u8, String)>, Box<dyn Error>>>()?;
        let bytes = postcard::to_stdvec(&Prepared { numbers, texts })?;
        self.0.write_all(&u32::try_from(bytes.len())?.to_le_bytes())?;
        Ok(self.0.write_all(&bytes)?)
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<(), Box<dyn Error>> {
        Ok(self.0.flush()?)
    }
}

fn shared(article: &Article, facts: &Facts) -> Vec<(&'static str, String)> {
    let mut texts = vec![("id", article.id.as_str().to_owned()), ("path", fold(&article.origin.path))];
    texts.extend(article.source.as_deref().map(|source| ("source", fold(source))));
    texts.extend(article.language.as_ref().or(facts.language.as_ref()).map(|language| ("lang", fold(language))));
    texts
}

fn of_article(article: &Article, facts: &Facts) -> Vec<(&'static str, String)> {
    let text = &article.text;
    let mut texts = vec![("text", text.clone()), ("forms", text.clone()), ("spelt", spelt(text))];
    let mut all = text.clone();
    if !article.title_derived {
        (0..TITLE_COUNT).for_each(|_| all.extend([" ", &article.title]));
        texts.extend([("title", article.title.clone()), ("spelt", spelt(&article.title))]);
    }
    let mut ids = BTreeSet::new();
    let mut stems = BTreeSet::new();
    for actor in &facts.actors {
        ids.extend([Some(&actor.id), actor.parent.as_ref()].into_iter().flatten().map(|id| fold(id)));
        ids.extend(actor.country.iter().map(|code| format!("country:{}", fold(code))));
        let field = match actor.kind {
            ActorKind::Person => "person_name",
            kind if kind.is_organisation() => "org_name",
            _ => "other_name",
        };
        let names = names(actor, text);
        stems.extend(names.iter().flat_map(|name| name.split_whitespace().map(str::to_owned)));
        texts.push((field, names.join(" ")));
        texts.push(("cast", actor.id.clone()));
        let is_about = |country: &String| actor.id.strip_prefix("state:") == Some(country);
        if facts.countries.iter().any(is_about) {
            texts.push(("country_name", names.join(" ")));
        }
    }
    stems.iter().for_each(|word| all.extend([" ", word]));
    texts.push(("all", all));
    texts.extend(ids.into_iter().map(|id| ("actor", id)));
    let voices: BTreeSet<&String> = facts.quotes.iter().flat_map(|quote| &quote.speakers).collect();
    texts.extend(voices.into_iter().map(|id| ("voices", id.clone())));
    texts.extend(facts.countries.iter().map(|code| ("country", fold(code))));
    texts
}

fn of_quote(text: &str, facts: &Facts, quote: &Quote) -> Vec<(&'static str, String)> {
    let words = quote.words(text);
    let mut texts = vec![("said_spelt", spelt(&words)), ("said", words), ("rendering", quote.kind.name().to_owned())];
    let known = |id: &String| facts.actors.iter().find(|actor| actor.id == *id);
    texts.extend(quote.speakers.iter().map(|id| ("speaker", fold(id))));
    let speakers = quote.speakers.iter().filter_map(known);
    texts.extend(speakers.map(|actor| ("speaker_name", names(actor, text).join(" "))));
    let addressee = quote.addressee.as_ref().and_then(known);
    texts.extend(addressee.map(|actor| ("addressee_name", names(actor, text).join(" "))));
    texts
}

/// The words that are not written as they are folded.
fn spelt(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().any(char::is_uppercase)).collect::<Vec<_>>().join(" ")
}

/// Every name that an actor can be asked for, folded, each once.
fn names(actor: &Actor, text: &str) -> Vec<String> {
    let used = actor.mentions.iter().filter(|one| !matches!(one.form, Form::Pronoun | Form::Nominal | Form::Title));
    let used = used.map(|mention| mention.span.of(text));
    let all = actor.aliases.iter().map(String::as_str).chain([actor.name.as_str()]).chain(used);
    all.map(fold).collect::<BTreeSet<String>>().into_iter().collect()
}

/// Writes the documents of a file that was prepared into a new index in `folder`, up to the last merge.
pub fn write(folder: &Path, prepared: &Path) -> Result<(), Box<dyn Error>> {
    let mut schema = Schema::builder();
    let numbers = NUMBERS.map(|name| schema.add_u64_field(name, FAST));
    let texts: Vec<Field> = TEXTS.iter().map(|(name, kind)| schema.add_text_field(name, options(kind))).collect();
    let sorted = IndexSortByField { field: "day".to_owned(), order: Order::Desc };
    let index = Index::builder()
        .schema(schema.build())
        .settings(IndexSettings { sort_by_field: Some(sorted), ..IndexSettings::default() })
        .tokenizers(raw::plain_tokenizers())
        .create_in_dir(folder)?;
    let mut writer: IndexWriter = raw::writer(&index, false)?;
    let mut file = BufReader::new(File::open(prepared)?);
    let mut bytes = Vec::new();
    while next(&mut file, &mut bytes)? {
        let prepared: Prepared = postcard::from_bytes(&bytes)?;
        let mut document = TantivyDocument::default();
        numbers.iter().zip(prepared.numbers).for_each(|(field, number)| document.add_u64(*field, number));
        for (place, text) in &prepared.texts {
            document.add_text(texts[usize::from(*place)], text);
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

fn options(kind: &Kind) -> TextOptions {
    let words = |tokenizer: &str, option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    match kind {
        Kind::Keyword => STRING,
        Kind::Key => STRING.set_fast("raw"),
        Kind::Column => TextOptions::default().set_fast("raw"),
        Kind::Shown => STORED.into(),
        Kind::Placed(tokenizer) => words(tokenizer, IndexRecordOption::WithFreqsAndPositions),
        Kind::Counted(tokenizer) => words(tokenizer, IndexRecordOption::WithFreqs),
    }
}

/// Reads the next document; there is none at the end.
fn next(file: &mut impl Read, bytes: &mut Vec<u8>) -> Result<bool, Box<dyn Error>> {
    let mut length = [0; 4];
    match file.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
        read => read?,
    }
    bytes.resize(u32::from_le_bytes(length) as usize, 0);
    file.read_exact(bytes)?;
    Ok(true)
}
