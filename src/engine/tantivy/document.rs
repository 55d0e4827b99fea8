//! An article and its quotes as documents: which words, ids and numbers go into which field.

use std::sync::Arc;
use std::time::Instant;

use tantivy::schema::Field;

use super::names::{Named, Names};
use super::parcel::Packer;
use super::prepared::{Kept, Prepared};
use super::schema::{self, Fields};
use super::waiting::Waiting;
use crate::analysis::{Analyst, Book, Row};
use crate::date::{Date, FUTURE_SLACK_DAYS};
use crate::engine::bounds::{Word, bounds};
use crate::engine::{Made, Maker, Stored};
use crate::error::Result;
use crate::facts::{Actor, ActorKind, Facts, Quote, QuoteKind};
use crate::story::Sketch;
use crate::text::{Span, fold};

/// How many values every document has in columns, about, and how many it is found by that no column has.
const KEPT: usize = 12;
const KEYWORDS: usize = 8;

/// In how many fields an article and a quote have words.
const MOST_ROWS: usize = 9;
const MOST_ROWS_OF_QUOTE: usize = 3;

/// An article as the writer takes it.
pub struct Article {
    /// Its id.
    pub id: String,
    /// The number of its day; 0 when it is undated.
    pub day: u64,
    /// What tells copies of its text; `None` where it is too short for that.
    pub sketch: Option<Sketch>,
    /// Itself, and then its quotes.
    pub documents: Vec<Prepared>,
    /// Where its words are numbered.
    pub book: Book,
}

/// Makes documents, and remembers words and names from one article to the next.
pub struct Documents {
    fields: Fields,
    analyst: Analyst,
    names: Names,
    packer: Packer,
    waiting: Arc<Waiting>,
}

impl Documents {
    /// For an index with these fields, with words numbered in this book, as long as no more waits than may.
    pub fn new(fields: Fields, book: Book, waiting: Arc<Waiting>) -> Self {
        let (names, packer) = (Names::default(), Packer::default());
        Self { fields, analyst: Analyst::new(book), names, packer, waiting }
    }

    /// All there is of an article.
    fn of(&mut self, stored: &Stored) -> Result<Article> {
        let facts = &stored.facts;
        let cast = self.names.of(&facts.actors, &stored.article.text, &mut self.analyst);
        let sketch = Sketch::of(&stored.article.text);
        let common = Common::of(stored);
        let mut documents = Vec::with_capacity(1 + facts.quotes.len());
        documents.push(self.article(stored, &common, &cast, sketch.as_ref())?);
        for (number, quote) in (0..).zip(&facts.quotes) {
            documents.push(self.quote(stored, &common, &cast, number, quote));
        }
        Ok(Article { id: common.id.to_string(), day: common.days[0], sketch, documents, book: self.analyst.book() })
    }

    fn article(
        &mut self,
        stored: &Stored,
        common: &Common,
        cast: &[Named],
        sketch: Option<&Sketch>,
    ) -> Result<Prepared> {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let actors = facts.actors.len();
        let numbers: Vec<u32> = sketch.into_iter().flat_map(Sketch::to_numbers).collect();
        let room = Prepared::with_capacity(KEPT + 2 * actors + numbers.len(), KEYWORDS + 2 * actors, MOST_ROWS);
        let mut document = common.begin(room, &fields, schema::ARTICLE);
        document.kept.push((fields.parcel, Kept::Bytes(self.packer.pack(stored)?)));
        self.add_words(&mut document, stored, cast);
        let mut authors = Row::default();
        for author in &article.authors {
            authors.extend(&self.analyst.analyse(author).row);
            authors.part(1);
        }
        document.row(fields.author, authors);
        add_actors(&mut document, &fields, facts);
        facts.countries.iter().for_each(|code| document.text(&fields, fields.country, folded(code)));
        what_it_has(stored).into_iter().for_each(|has| document.text(&fields, fields.has, has));
        let qualities = date_qualities(stored).into_iter().map(schema::date_flag);
        qualities.for_each(|flag| document.text(&fields, fields.has, flag));
        numbers.into_iter().for_each(|number| document.number(fields.sketch, u64::from(number)));
        Ok(document)
    }

    /// The words of text, headline and names. What is indexed of them in which form, `inverted` knows.
    fn add_words(&mut self, document: &mut Prepared, stored: &Stored, cast: &[Named]) {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let text = self.analyst.analyse(&article.text);
        document.row(fields.bounds, self.marks(&article.text, &text.places, facts));
        document.row(fields.text_forms, text.row);
        if !article.title_derived {
            // A headline that was made from the first sentence would count its words again.
            document.row(fields.title_forms, self.analyst.analyse(&article.title).row);
        }
        // Every stem of every name, once: an article that says only `the Kremlin` is found by `Russia`.
        let mut stems = Row::default();
        self.names.add_stems(cast, &mut stems);
        document.row(fields.all, stems);
        let with_names = |actor: &dyn Fn(&Actor) -> bool| {
            let of_these = facts.actors.iter().zip(cast).filter(|(one, _)| actor(one));
            names(of_these.map(|(_, named)| named))
        };
        for field in fields.names() {
            document.row(field, with_names(&|actor| field_of(actor, &fields) == field));
        }
        let is_about = |actor: &Actor| {
            actor.id.strip_prefix("state:").is_some_and(|code| facts.countries.iter().any(|country| country == code))
        };
        document.row(fields.country_name, with_names(&is_about));
    }

    /// Where sentences, paragraphs and quoted stretches begin and end, at the places of the words.
    fn marks(&mut self, text: &str, places: &[Word], facts: &Facts) -> Row {
        let said = facts.quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect);
        let quoted: Vec<Span> = said.flat_map(|quote| quote.parts.iter().copied()).collect();
        let (mut row, mut next) = (Row::default(), 0);
        for (place, mark) in bounds(text, places, &quoted) {
            if place > next {
                row.part(place - next);
            }
            self.analyst.mark(mark.term(), place < next, &mut row);
            next = place + 1;
        }
        row
    }

    fn quote(&mut self, stored: &Stored, common: &Common, cast: &[Named], number: u64, quote: &Quote) -> Prepared {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let mut document =
            common.begin(Prepared::with_capacity(KEPT, KEYWORDS, MOST_ROWS_OF_QUOTE), &fields, schema::QUOTE);
        document.row(fields.said_forms, self.analyst.analyse(&quote.words(&article.text)).row);
        document.number(fields.number, number);
        document.number(fields.confidence, (quote.confidence.clamp(0.0, 1.0) * 100.0).round() as u64);
        document.text(&fields, fields.rendering, quote.kind.name());
        let known = |id: &str| facts.actors.iter().zip(cast).find(|(actor, _)| actor.id == id);
        if let Some(id) = &quote.addressee {
            document.text(&fields, fields.addressee, folded(id));
            document.row(fields.addressee_name, names(known(id).map(|(_, named)| named)));
        }
        let mut speakers = Vec::new();
        for id in &quote.speakers {
            document.text(&fields, fields.speaker, folded(id));
            let Some((actor, named)) = known(id) else { continue };
            actor.parent.iter().for_each(|parent| document.text(&fields, fields.speaker, folded(parent)));
            speakers.push(named);
        }
        document.row(fields.speaker_name, names(speakers));
        document
    }
}

impl Maker for Documents {
    fn make(&mut self, stored: &Stored) -> Result<Made> {
        let mut article = self.of(stored)?;
        let bytes = article.documents.iter().map(Prepared::bytes).sum();
        let began = Instant::now();
        if let Some(first) = article.documents.first_mut() {
            first.share = Some(self.waiting.share(bytes));
        }
        Ok(Made { article: Box::new(article), waited: began.elapsed() })
    }
}

/// What both kinds of document carry; its texts are shared by all documents of an article.
struct Common {
    id: Arc<str>,
    key: u64,
    start: u64,
    days: [u64; 3],
    ingested: u64,
    path: Arc<str>,
    source: Option<Arc<str>>,
    language: Option<Arc<str>>,
}

impl Common {
    fn of(stored: &Stored) -> Self {
        let Stored { article, facts, ingested } = stored;
        let id = article.id.as_str();
        Self {
            id: id.into(),
            key: schema::key_of(id),
            start: schema::start_of(id),
            days: schema::day_numbers(article.date.map(|published| published.date)),
            ingested: u64::try_from(ingested.0).unwrap_or(0),
            path: folded(&article.origin.path),
            source: article.source.as_deref().map(folded),
            language: article.language.as_ref().or(facts.language.as_ref()).map(|language| folded(language)),
        }
    }

    /// What a new document of a kind has in common with the others.
    fn begin(&self, mut document: Prepared, fields: &Fields, kind: u64) -> Prepared {
        let [day, first, last] = self.days;
        document.number(fields.kind, kind);
        document.text(fields, fields.id, self.id.clone());
        document.number(fields.key, self.key);
        document.number(fields.start, self.start);
        document.number(fields.day, day);
        document.number(fields.first, first);
        document.number(fields.last, last);
        document.number(fields.ingested, self.ingested);
        document.text(fields, fields.path, self.path.clone());
        self.source.iter().for_each(|source| document.text(fields, fields.source, source.clone()));
        self.language.iter().for_each(|language| document.text(fields, fields.lang, language.clone()));
        document
    }
}

/// The names of some actors as one row.
fn names<'a>(all: impl IntoIterator<Item = &'a Named>) -> Row {
    let mut row = Row::default();
    all.into_iter().for_each(|named| named.add_words(&mut row));
    row
}

fn add_actors(document: &mut Prepared, fields: &Fields, facts: &Facts) {
    let mut found_by: Vec<Arc<str>> = Vec::with_capacity(3 * facts.actors.len());
    let mut cast: Vec<Arc<str>> = Vec::with_capacity(facts.actors.len());
    for actor in &facts.actors {
        let id: Arc<str> = actor.id.as_str().into();
        found_by.push(if is_folded(&id) { id.clone() } else { fold(&id).into() });
        found_by.extend(actor.parent.as_deref().map(folded));
        found_by.extend(actor.country.as_ref().map(|code| folded(&format!("country:{code}"))));
        cast.push(id);
    }
    let voices = facts.quotes.iter().flat_map(|quote| &quote.speakers).map(|id| id.as_str().into()).collect();
    for (field, mut ids) in [(fields.actor, found_by), (fields.cast, cast), (fields.voices, voices)] {
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().for_each(|id| document.text(fields, field, id));
    }
}

/// An id as it is found by; nearly all of them are written so.
fn folded(id: &str) -> Arc<str> {
    if is_folded(id) { id.into() } else { fold(id).into() }
}

fn is_folded(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
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
