//! An article and its quotes as documents: which words, ids and numbers go into which field.

use std::collections::BTreeSet;
use std::rc::Rc;

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::findings;
use super::names::{Name, Names};
use super::record::{Head, pack};
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

/// Makes documents, and remembers words and names from one article to the next.
pub struct Documents {
    /// The fields of the index.
    pub fields: Fields,
    analyst: Analyst,
    names: Names,
}

/// The names of every actor of an article, in the order of its actors.
type Cast = Vec<Vec<Rc<Name>>>;

impl Documents {
    /// For an index with these fields.
    pub fn new(fields: Fields) -> Self {
        Self { fields, analyst: Analyst::default(), names: Names::default() }
    }

    /// The documents of an article: itself, then its quotes.
    pub fn of(&mut self, stored: &Stored, sketch: Option<&Sketch>) -> Result<Vec<TantivyDocument>> {
        let Stored { article, facts, .. } = stored;
        let cast: Cast = facts.actors.iter().map(|actor| self.names.of(actor, &article.text)).collect();
        let mut documents = Vec::with_capacity(1 + facts.quotes.len());
        documents.push(self.article(stored, &cast, sketch)?);
        documents.extend((0..).zip(&facts.quotes).map(|(number, quote)| self.quote(stored, &cast, number, quote)));
        Ok(documents)
    }

    fn article(&mut self, stored: &Stored, cast: &Cast, sketch: Option<&Sketch>) -> Result<TantivyDocument> {
        let Stored { article, facts, .. } = stored;
        let mut document = common(&self.fields, schema::ARTICLE, stored);
        let fields = self.fields;
        document.add_bytes(fields.head, &pack(&Head::new(stored))?);
        document.add_bytes(fields.facts, &findings::pack(facts)?);
        document.add_text(fields.text, &article.text);
        self.add_words(&mut document, stored, cast);
        for author in &article.authors {
            add_row(&mut document, fields.author, &Ready::of(author, TokenForm::Folded));
        }
        add_actors(&mut document, &fields, facts, cast);
        let mut country_names = Vec::new();
        for code in &facts.countries {
            document.add_text(fields.country, fold(code));
            let state = format!("state:{code}");
            let names =
                facts.actors.iter().zip(cast).filter(|(actor, _)| actor.id == state).flat_map(|(_, names)| names);
            country_names.extend(names);
        }
        add_names(&mut document, fields.country_name, country_names);
        for has in what_it_has(stored) {
            document.add_text(fields.has, has);
        }
        for quality in date_qualities(stored) {
            document.add_text(fields.has, schema::date_flag(quality));
        }
        for number in sketch.into_iter().flat_map(Sketch::to_numbers) {
            document.add_u64(fields.sketch, u64::from(number));
        }
        Ok(document)
    }

    /// The words of text and headline, each in the forms it is asked for, and all of them in the field that ranks.
    fn add_words(&mut self, document: &mut TantivyDocument, stored: &Stored, cast: &Cast) {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let text = self.analyst.analyse(&article.text);
        add_row(document, fields.bounds, &marks(&article.text, &text, facts));
        add_row(document, fields.text_forms, &text.filed);
        add_row(document, fields.spelt, &text.spelt);
        let mut all = text.stemmed;
        if !article.title_derived {
            // A headline that was made from the first sentence would count its words again.
            let title = self.analyst.analyse(&article.title);
            for _ in 0..TITLE_COUNT {
                all.extend(&title.stemmed);
            }
            add_row(document, fields.title_forms, &title.filed);
            add_row(document, fields.spelt, &title.spelt);
        }
        // Every stem of every name, once: an article that says only `the Kremlin` is found by `Russia`.
        let stems: BTreeSet<&str> = cast.iter().flatten().flat_map(|name| &name.stems).map(String::as_str).collect();
        stems.into_iter().for_each(|stem| all.push_bare(stem));
        add_row(document, fields.all, &all);
    }

    fn quote(&mut self, stored: &Stored, cast: &Cast, number: u64, quote: &Quote) -> TantivyDocument {
        let (Stored { article, facts, .. }, fields) = (stored, self.fields);
        let mut document = common(&fields, schema::QUOTE, stored);
        let said = self.analyst.analyse(&quote.words(&article.text));
        add_row(&mut document, fields.said_forms, &said.filed);
        add_row(&mut document, fields.said_spelt, &said.spelt);
        document.add_u64(fields.number, number);
        document.add_u64(fields.confidence, (quote.confidence.clamp(0.0, 1.0) * 100.0).round() as u64);
        document.add_text(fields.rendering, quote.kind.name());
        let known = |id: &str| facts.actors.iter().zip(cast).find(|(actor, _)| actor.id == id);
        if let Some(id) = &quote.addressee {
            document.add_text(fields.addressee, fold(id));
            add_names(&mut document, fields.addressee_name, known(id).into_iter().flat_map(|(_, names)| names));
        }
        let mut speaker_names = Vec::new();
        for id in &quote.speakers {
            document.add_text(fields.speaker, fold(id));
            let Some((actor, names)) = known(id) else { continue };
            actor.parent.iter().for_each(|parent| document.add_text(fields.speaker, fold(parent)));
            speaker_names.extend(names);
        }
        add_names(&mut document, fields.speaker_name, speaker_names);
        document
    }
}

/// What both kinds of document carry.
fn common(fields: &Fields, kind: u64, stored: &Stored) -> TantivyDocument {
    let Stored { article, facts, ingested } = stored;
    let mut document = TantivyDocument::default();
    let [day, first, last] = schema::day_numbers(article.date.map(|published| published.date));
    document.add_u64(fields.kind, kind);
    document.add_text(fields.id, article.id.as_str());
    document.add_u64(fields.key, schema::key_of(article.id.as_str()));
    document.add_u64(fields.start, schema::start_of(article.id.as_str()));
    document.add_u64(fields.day, day);
    document.add_u64(fields.first, first);
    document.add_u64(fields.last, last);
    document.add_u64(fields.ingested, u64::try_from(ingested.0).unwrap_or(0));
    document.add_text(fields.path, fold(&article.origin.path));
    if let Some(source) = &article.source {
        document.add_text(fields.source, fold(source));
    }
    if let Some(language) = article.language.as_ref().or(facts.language.as_ref()) {
        document.add_text(fields.lang, fold(language));
    }
    document
}

fn add_row(document: &mut TantivyDocument, field: Field, row: &Ready) {
    document.add_text(field, row.as_str());
}

/// Names as one value: no phrase reaches from one into the next.
fn add_names<'a>(document: &mut TantivyDocument, field: Field, names: impl IntoIterator<Item = &'a Rc<Name>>) {
    let mut row = Ready::default();
    for name in names {
        row.extend(&name.words);
        row.part();
    }
    if !row.is_empty() {
        add_row(document, field, &row);
    }
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

fn add_actors(document: &mut TantivyDocument, fields: &Fields, facts: &Facts, cast: &Cast) {
    let mut ids = BTreeSet::new();
    for actor in &facts.actors {
        ids.insert(fold(&actor.id));
        ids.extend(actor.parent.as_deref().map(fold));
        ids.extend(actor.country.as_ref().map(|code| fold(&format!("country:{code}"))));
    }
    for field in fields.names() {
        let named = facts.actors.iter().zip(cast).filter(|(actor, _)| field_of(actor, fields) == field);
        add_names(document, field, named.flat_map(|(_, names)| names));
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
