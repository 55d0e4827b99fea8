//! Articles and quotes into documents, and commits that carry their catalogue.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::PoisonError;

use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::directory::Store;
use super::lock::Lock;
use super::record::{Head, QuoteRecord, pack, pack_facts};
use super::schema::{self, Fields};
use super::stores::Stores;
use super::stories::{self, Changes};
use super::tokens;
use super::{TantivyEngine, fault, merge, sidecar, snapshot};
use crate::analysis::{self, Form as TokenForm};
use crate::article::Article;
use crate::catalogue::Catalogue;
use crate::date::{Date, FUTURE_SLACK_DAYS};
use crate::engine::bounds::{Mark, Word, bounds};
use crate::engine::{Stored, Writer};
use crate::error::{Error, Result};
use crate::facts::{Actor, ActorKind, Facts, Form, Mention, Quote, QuoteKind, TITLE_BESIDE};
use crate::rank::TITLE_COUNT;
use crate::story::Sketch;
use crate::text::{Span, fold};

/// Memory of one indexing thread before it writes a segment.
const BYTES_PER_THREAD: usize = 96 << 20;

/// Opens the writer of an engine that was opened for writing.
pub fn open(engine: &TantivyEngine) -> Result<Box<dyn Writer>> {
    let lock = engine.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    let lock = lock.ok_or_else(|| Error::busy("this index is open for reading, or has its writer already"))?;
    let threads = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, 4));
    let writer: IndexWriter = engine
        .index
        .writer_with_num_threads(threads, threads * BYTES_PER_THREAD)
        .map_err(|error| fault(&engine.store, error))?;
    writer.set_merge_policy(merge::policy());
    Ok(Box::new(TantivyWriter {
        root: engine.root.clone(),
        folder: engine.folder.clone(),
        store: engine.store.clone(),
        fields: engine.fields,
        dictionary: engine.dictionary.clone(),
        live: engine.stamp.is_some(),
        whole: engine.stamp.is_none(),
        writer,
        changes: Changes::default(),
        _lock: lock,
    }))
}

struct TantivyWriter {
    root: PathBuf,
    folder: PathBuf,
    store: Store,
    fields: Fields,
    dictionary: String,
    /// Whether this store is the one that readers open.
    live: bool,
    /// Whether everything in this store was written by this run.
    whole: bool,
    writer: IndexWriter,
    changes: Changes,
    _lock: Lock,
}

impl Writer for TantivyWriter {
    fn put(&mut self, stored: &Stored) -> Result<()> {
        self.remove(stored.article.id.as_str())?;
        let sketch = Sketch::of(&stored.article.text);
        let mut document = article_document(&self.fields, stored)?;
        for number in sketch.iter().flat_map(Sketch::to_numbers) {
            document.add_u64(self.fields.sketch, u64::from(number));
        }
        self.changes.put(&stored.article, sketch);
        self.add(document)?;
        for quote in &stored.facts.quotes {
            self.add(quote_document(&self.fields, stored, quote)?)?;
        }
        Ok(())
    }

    fn remove(&mut self, id: &str) -> Result<()> {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
        self.changes.remove(id);
        Ok(())
    }

    fn commit(&mut self, catalogue: &Catalogue) -> Result<()> {
        let mut stamp = snapshot::write(&self.folder, catalogue, &self.dictionary)?;
        let store = &self.store;
        if catalogue.complete {
            let families = stories::gather(self.writer.index(), &self.changes).map_err(|error| fault(store, error))?;
            stamp.stories = Some(stories::write(&self.folder, catalogue.generation, &families)?);
        }
        let mut prepared = self.writer.prepare_commit().map_err(|error| fault(store, error))?;
        prepared.set_payload(&stamp.payload()?);
        prepared.commit().map_err(|error| fault(store, error))?;
        sidecar::sweep(&self.folder, &stamp.files());
        self.changes.clear();
        let first = !Stores::exist(&self.root);
        if !self.live && (first || catalogue.complete) {
            // An index whose `CURRENT` was damaged is nothing to go back to.
            let previous = Stores::read(&self.root).ok().flatten().map(|stores| stores.live);
            Stores { live: self.folder.clone(), previous }.write(&self.root)?;
            self.live = true;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let store = self.store.clone();
        let index = self.writer.index().clone();
        self.writer.wait_merging_threads().map_err(|error| fault(&store, error))?;
        // An interrupted build is finished by the next run.
        if self.whole && self.live {
            merge::settle(&index).map_err(|error| fault(&store, error))?;
        }
        Ok(())
    }
}

impl TantivyWriter {
    fn add(&self, document: TantivyDocument) -> Result<()> {
        self.writer.add_document(document).map(|_| ()).map_err(|error| fault(&self.store, error))
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

fn article_document(fields: &Fields, stored: &Stored) -> Result<TantivyDocument> {
    let Stored { article, facts, .. } = stored;
    let mut document = common(fields, schema::ARTICLE, stored);
    document.add_bytes(fields.head, &pack(&Head::new(stored))?);
    document.add_bytes(fields.facts, &pack_facts(facts)?);
    document.add_text(fields.text, &article.text);
    add_words(&mut document, fields, article, facts);
    for author in &article.authors {
        document.add_text(fields.author, author);
    }
    add_actors(&mut document, fields, article, facts);
    for code in &facts.countries {
        document.add_text(fields.country, fold(code));
        let state = format!("state:{code}");
        for actor in facts.actors.iter().filter(|actor| actor.id == state) {
            actor_names(actor, &article.text).iter().for_each(|name| document.add_text(fields.country_name, name));
        }
    }
    for has in what_it_has(article, facts) {
        document.add_text(fields.has, has);
    }
    for quality in date_qualities(stored) {
        document.add_text(fields.has, schema::date_flag(quality));
    }
    Ok(document)
}

/// The words of text and headline, each in the forms it is asked for, and all of them in the field that ranks.
fn add_words(document: &mut TantivyDocument, fields: &Fields, article: &Article, facts: &Facts) {
    let stems = tokens::analysed(&article.text, TokenForm::Stemmed);
    document.add_pre_tokenized_text(fields.bounds, marks(&article.text, &stems, facts));
    let mut all = stems.clone();
    document.add_pre_tokenized_text(fields.text_stem, stems);
    for field in [fields.text_exact, fields.written] {
        document.add_text(field, &article.text);
    }
    if !article.title_derived {
        // A headline that was made from the first sentence would count its words again.
        let stems = tokens::analysed(&article.title, TokenForm::Stemmed);
        for _ in 0..TITLE_COUNT {
            all.tokens.extend_from_slice(&stems.tokens);
        }
        document.add_pre_tokenized_text(fields.title_stem, stems);
        for field in [fields.title_exact, fields.written] {
            document.add_text(field, &article.title);
        }
    }
    all.tokens.extend(names_once(article, facts).into_iter().map(tokens::bare));
    document.add_pre_tokenized_text(fields.all, all);
}

/// Where sentences, paragraphs and quoted stretches begin and end, at the places of the words.
fn marks(text: &str, words: &PreTokenizedString, facts: &Facts) -> PreTokenizedString {
    let word = |token: &Token| Word {
        start: token.offset_from,
        end: token.offset_to,
        place: u32::try_from(token.position).unwrap_or(u32::MAX),
    };
    let words: Vec<Word> = words.tokens.iter().map(word).collect();
    let said = facts.quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect);
    let quoted: Vec<Span> = said.flat_map(|quote| quote.parts.iter().copied()).collect();
    let token = |(place, mark): (u32, Mark)| Token { position: place as usize, ..tokens::bare(mark.term().to_owned()) };
    PreTokenizedString { text: String::new(), tokens: bounds(text, &words, &quoted).into_iter().map(token).collect() }
}

/// Every stem of every name of the actors, once: an article that says only `the Kremlin` is found by `Russia`.
fn names_once(article: &Article, facts: &Facts) -> BTreeSet<String> {
    let mut stems = BTreeSet::new();
    for actor in &facts.actors {
        for name in actor_names(actor, &article.text) {
            // Its name says of what; that it is a government would be found in every article.
            let name = name.strip_prefix("government of ").unwrap_or(&name);
            stems.extend(analysis::tokens(name, TokenForm::Stemmed).map(|token| token.text));
        }
    }
    stems
}

fn add_actors(document: &mut TantivyDocument, fields: &Fields, article: &Article, facts: &Facts) {
    let mut ids = BTreeSet::new();
    for actor in &facts.actors {
        ids.insert(fold(&actor.id));
        ids.extend(actor.parent.as_deref().map(fold));
        ids.extend(actor.country.as_ref().map(|code| fold(&format!("country:{code}"))));
        for name in actor_names(actor, &article.text) {
            document.add_text(fields.actor_name, &name);
            if actor.kind == ActorKind::Person {
                document.add_text(fields.person_name, &name);
            } else if actor.kind.is_organisation() {
                document.add_text(fields.org_name, &name);
            }
        }
    }
    ids.iter().for_each(|id| document.add_text(fields.actor, id));
    let cast: BTreeSet<&String> = facts.actors.iter().map(|actor| &actor.id).collect();
    cast.into_iter().for_each(|id| document.add_text(fields.cast, id));
    let voices: BTreeSet<&String> = facts.quotes.iter().flat_map(|quote| &quote.speakers).collect();
    voices.into_iter().for_each(|id| document.add_text(fields.voices, id));
}

/// Every name an actor can be asked for: its own, those of the tables, and those this article uses.
fn actor_names(actor: &Actor, text: &str) -> BTreeSet<String> {
    let named = |one: &Mention| !matches!(one.form, Form::Pronoun | Form::Nominal) && one.rule != TITLE_BESIDE;
    let used = actor.mentions.iter().filter(|mention| named(mention)).map(|mention| mention.span.of(text));
    let known = std::iter::once(actor.name.as_str()).chain(actor.aliases.iter().map(String::as_str));
    known.chain(used).map(fold).collect()
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

fn what_it_has(article: &Article, facts: &Facts) -> Vec<&'static str> {
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

fn quote_document(fields: &Fields, stored: &Stored, quote: &Quote) -> Result<TantivyDocument> {
    let Stored { article, facts, .. } = stored;
    let mut document = common(fields, schema::QUOTE, stored);
    let record = QuoteRecord::new(article, facts, quote);
    for field in [fields.said_stem, fields.said_exact, fields.said_written] {
        document.add_text(field, record.text());
    }
    document.add_bytes(fields.head, &pack(&record)?);
    document.add_u64(fields.confidence, (quote.confidence.clamp(0.0, 1.0) * 100.0).round() as u64);
    document.add_text(fields.rendering, quote.kind.name());
    if let Some(id) = &quote.addressee {
        document.add_text(fields.addressee, fold(id));
        if let Some(actor) = facts.actor(id) {
            actor_names(actor, &article.text).iter().for_each(|name| document.add_text(fields.addressee_name, name));
        }
    }
    for id in &quote.speakers {
        document.add_text(fields.speaker, fold(id));
        if let Some(actor) = facts.actor(id) {
            actor.parent.iter().for_each(|parent| document.add_text(fields.speaker, fold(parent)));
            actor_names(actor, &article.text).iter().for_each(|name| document.add_text(fields.speaker_name, name));
        }
    }
    Ok(document)
}
