//! An article and its quotes as documents: which words, ids and numbers go into which field.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::names::{Named, Names};
use super::parcel::Packer;
use super::schema::{self, Fields};
use crate::analysis::{Analysed, Analyst, Form as TokenForm, Ready};
use crate::date::{Date, FUTURE_SLACK_DAYS};
use crate::engine::Stored;
use crate::engine::bounds::{Mark, Word, bounds};
use crate::error::Result;
use crate::facts::{Actor, ActorKind, Facts, Quote, QuoteKind};
use crate::rank::TITLE_COUNT;
use crate::story::Sketch;
use crate::text::{Span, fold};

/// Room in a document for ids and names, which are not counted beforehand; more finds room.
const ROOM_BESIDES: usize = 1024;
const ROOM_PER_ACTOR: usize = 64;

/// Makes documents, and remembers words and names from one article to the next.
pub struct Documents {
    /// The fields of the index.
    pub fields: Fields,
    analyst: Analyst,
    names: Names,
    packer: Packer,
}

impl Documents {
    /// For an index with these fields.
    pub fn new(fields: Fields) -> Self {
        Self { fields, analyst: Analyst::default(), names: Names::default(), packer: Packer::default() }
    }

    /// The documents of an article, itself and then its quotes, and about how many bytes they take.
    pub fn of(&mut self, stored: &Stored, sketch: Option<&Sketch>) -> Result<(Vec<TantivyDocument>, usize)> {
        let Stored { article, facts, .. } = stored;
        let cast = self.names.of(&facts.actors, &article.text);
        let common = Common::of(stored);
        let mut documents = Vec::with_capacity(1 + facts.quotes.len());
        let (document, mut bytes) = self.article(stored, &common, &cast, sketch)?;
        documents.push(document);
        for (number, quote) in (0..).zip(&facts.quotes) {
            let (document, room) = self.quote(stored, &common, &cast, number, quote);
            documents.push(document);
            bytes += room;
        }
        Ok((documents, bytes))
    }

    fn article(
        &mut self,
        stored: &Stored,
        common: &Common,
        cast: &[Named],
        sketch: Option<&Sketch>,
    ) -> Result<(TantivyDocument, usize)> {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let parcel = self.packer.pack(stored)?;
        let rows = self.rows(stored, cast);
        let length: usize = rows.iter().map(|(_, row)| row.as_str().len()).sum();
        // Growing step by step, a document of this size would be copied again and again.
        let ids = facts.actors.len() * ROOM_PER_ACTOR;
        let room = length + parcel.len() + ids + ROOM_BESIDES;
        let mut document = common.document(&fields, schema::ARTICLE, room);
        document.add_bytes(fields.parcel, &parcel);
        rows.iter().for_each(|(field, row)| add_row(&mut document, *field, row));
        for author in &article.authors {
            add_row(&mut document, fields.author, &Ready::of(author, TokenForm::Folded));
        }
        add_actors(&mut document, &fields, facts);
        for code in &facts.countries {
            document.add_text(fields.country, fold(code));
        }
        for has in what_it_has(stored) {
            document.add_text(fields.has, has);
        }
        for quality in date_qualities(stored) {
            document.add_text(fields.has, schema::date_flag(quality));
        }
        for number in sketch.into_iter().flat_map(Sketch::to_numbers) {
            document.add_u64(fields.sketch, u64::from(number));
        }
        Ok((document, room))
    }

    /// The words of text, headline and names, each in the forms it is asked for, and all of them in the field that ranks.
    fn rows(&mut self, stored: &Stored, cast: &[Named]) -> Vec<(Field, Ready)> {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let text = self.analyst.analyse(&article.text);
        let mut rows = vec![(fields.bounds, marks(&article.text, &text, facts))];
        let mut all = text.stemmed;
        rows.extend([(fields.text_forms, text.filed), (fields.spelt, text.spelt)]);
        if !article.title_derived {
            // A headline that was made from the first sentence would count its words again.
            let title = self.analyst.analyse(&article.title);
            for _ in 0..TITLE_COUNT {
                all.extend(&title.stemmed);
            }
            rows.extend([(fields.title_forms, title.filed), (fields.spelt, title.spelt)]);
        }
        // Every stem of every name, once: an article that says only `the Kremlin` is found by `Russia`.
        self.names.stems(cast).for_each(|stem| all.push_bare(stem));
        rows.push((fields.all, all));
        let with_names = |actor: &dyn Fn(&Actor) -> bool| {
            let of_these = facts.actors.iter().zip(cast).filter(|(one, _)| actor(one));
            names(of_these.map(|(_, named)| named))
        };
        for field in fields.names() {
            rows.push((field, with_names(&|actor| field_of(actor, &fields) == field)));
        }
        let is_about = |actor: &Actor| {
            actor.id.strip_prefix("state:").is_some_and(|code| facts.countries.iter().any(|country| country == code))
        };
        rows.push((fields.country_name, with_names(&is_about)));
        rows
    }

    fn quote(
        &mut self,
        stored: &Stored,
        common: &Common,
        cast: &[Named],
        number: u64,
        quote: &Quote,
    ) -> (TantivyDocument, usize) {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let said = self.analyst.analyse(&quote.words(&article.text));
        let room = said.filed.as_str().len() + said.spelt.as_str().len() + ROOM_BESIDES;
        let mut document = common.document(&fields, schema::QUOTE, room);
        add_row(&mut document, fields.said_forms, &said.filed);
        add_row(&mut document, fields.said_spelt, &said.spelt);
        document.add_u64(fields.number, number);
        document.add_u64(fields.confidence, (quote.confidence.clamp(0.0, 1.0) * 100.0).round() as u64);
        document.add_text(fields.rendering, quote.kind.name());
        let known = |id: &str| facts.actors.iter().zip(cast).find(|(actor, _)| actor.id == id);
        if let Some(id) = &quote.addressee {
            document.add_text(fields.addressee, fold(id));
            add_row(&mut document, fields.addressee_name, &names(known(id).map(|(_, named)| named)));
        }
        let mut speakers = Vec::new();
        for id in &quote.speakers {
            document.add_text(fields.speaker, fold(id));
            let Some((actor, named)) = known(id) else { continue };
            actor.parent.iter().for_each(|parent| document.add_text(fields.speaker, fold(parent)));
            speakers.push(named);
        }
        add_row(&mut document, fields.speaker_name, &names(speakers));
        (document, room)
    }
}

/// What both kinds of document carry.
struct Common<'a> {
    id: &'a str,
    key: u64,
    start: u64,
    days: [u64; 3],
    ingested: u64,
    path: String,
    source: Option<String>,
    language: Option<String>,
}

impl<'a> Common<'a> {
    fn of(stored: &'a Stored) -> Self {
        let Stored { article, facts, ingested } = stored;
        let id = article.id.as_str();
        Self {
            id,
            key: schema::key_of(id),
            start: schema::start_of(id),
            days: schema::day_numbers(article.date.map(|published| published.date)),
            ingested: u64::try_from(ingested.0).unwrap_or(0),
            path: fold(&article.origin.path),
            source: article.source.as_deref().map(fold),
            language: article.language.as_ref().or(facts.language.as_ref()).map(|language| fold(language)),
        }
    }

    /// A new document of a kind, with room for so many bytes.
    fn document(&self, fields: &Fields, kind: u64, room: usize) -> TantivyDocument {
        let mut document = TantivyDocument::with_capacity(room);
        let [day, first, last] = self.days;
        document.add_u64(fields.kind, kind);
        document.add_text(fields.id, self.id);
        document.add_u64(fields.key, self.key);
        document.add_u64(fields.start, self.start);
        document.add_u64(fields.day, day);
        document.add_u64(fields.first, first);
        document.add_u64(fields.last, last);
        document.add_u64(fields.ingested, self.ingested);
        document.add_text(fields.path, &self.path);
        self.source.iter().for_each(|source| document.add_text(fields.source, source));
        self.language.iter().for_each(|language| document.add_text(fields.lang, language));
        document
    }
}

/// An empty row is nothing to index.
fn add_row(document: &mut TantivyDocument, field: Field, row: &Ready) {
    if !row.is_empty() {
        document.add_text(field, row.as_str());
    }
}

/// The names of some actors as one row.
fn names<'a>(all: impl IntoIterator<Item = &'a Named>) -> Ready {
    let mut row = Ready::default();
    all.into_iter().for_each(|named| named.add_words(&mut row));
    row
}

/// Where sentences, paragraphs and quoted stretches begin and end, at the places of the words.
fn marks(text: &str, words: &Analysed, facts: &Facts) -> Ready {
    let word = |(span, place): &(Span, u32)| Word { start: span.start as usize, end: span.end as usize, place: *place };
    let words: Vec<Word> = words.places.iter().map(word).collect();
    let said = facts.quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect);
    let quoted: Vec<Span> = said.flat_map(|quote| quote.parts.iter().copied()).collect();
    let mut marks: Vec<(u32, Mark)> = bounds(text, &words, &quoted);
    marks.sort_by_key(|(place, _)| *place);
    let mut row = Ready::default();
    marks.into_iter().for_each(|(place, mark)| row.push(mark.term(), place));
    row
}

fn add_actors(document: &mut TantivyDocument, fields: &Fields, facts: &Facts) {
    let mut ids = BTreeSet::new();
    for actor in &facts.actors {
        ids.insert(fold(&actor.id));
        ids.extend(actor.parent.as_deref().map(fold));
        ids.extend(actor.country.as_ref().map(|code| fold(&format!("country:{code}"))));
    }
    ids.iter().for_each(|id| document.add_text(fields.actor, id));
    let cast: BTreeSet<&String> = facts.actors.iter().map(|actor| &actor.id).collect();
    cast.into_iter().for_each(|id| document.add_text(fields.cast, id));
    let voices: BTreeSet<&String> = facts.quotes.iter().flat_map(|quote| &quote.speakers).collect();
    voices.into_iter().for_each(|id| document.add_text(fields.voices, id));
}

/// The field of the names of actors of its kind.
fn field_of(actor: &Actor, fields: &Fields) -> Field {
    match actor.kind {
        ActorKind::Person => fields.person_name,
        kind if kind.is_organisation() => fields.org_name,
        _ => fields.other_name,
    }
}

/// How exact its date is, where it was read, and whether it lies in the future of the day the article came in.
fn date_qualities(stored: &Stored) -> Vec<&'static str> {
    let Some(published) = stored.article.date else { return vec!["undated"] };
    let precision = match published.date {
        Date::Day(_) => "day",
        Date::Month(..) => "month",
        Date::Year(_) => "year",
    };
    let future = published.date.first().since(stored.ingested.day()) > FUTURE_SLACK_DAYS;
    let mut qualities = vec![precision, published.provenance.name()];
    qualities.extend(future.then_some("future"));
    qualities
}

fn what_it_has(stored: &Stored) -> Vec<&'static str> {
    let Stored { article, facts, .. } = stored;
    let speaker = facts.quotes.iter().any(|quote| !quote.speakers.is_empty());
    let all = [
        ("quote", !facts.quotes.is_empty()),
        ("speaker", speaker),
        ("date", article.date.is_some()),
        ("actor", !facts.actors.is_empty()),
        ("author", !article.authors.is_empty()),
        ("source", article.source.is_some()),
        ("url", article.url.is_some()),
    ];
    all.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}
