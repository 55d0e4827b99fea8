//! The yardstick: tantivy as a minimal program would use it, without anything of ours unless asked for.
//!
//! The yardstick has a field for each question that a text of the archive can be asked: stemmed, folded and written words,
//! the stemmed ones once more for ranking, and the text stored. The archive itself answers them from fewer fields.
#![allow(dead_code, reason = "each bench is a program of its own and uses its own part")]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use chancery::analysis::{self, Form, Tokens};
use frostem::{Algorithm, Stemmer};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer,
    TokenizerManager,
};
use tantivy::{Index, IndexSettings, IndexSortByField, IndexWriter, Order, TantivyDocument};

/// Memory of one indexing thread before it writes a segment: what the archive gives its own.
const BYTES_PER_THREAD: usize = 384 << 20;
const BYTES: usize = 2 * BYTES_PER_THREAD;

/// The longest token, tantivy's own choice.
const LONGEST_TOKEN: usize = 40;

/// What is written, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// In which fields the words of a text are.
    pub words: Words,
    /// Our analyser, or tantivy's own chain.
    pub our_analyser: bool,
    /// Sorted by day, newest first, as the archive is.
    pub sorted: bool,
    /// With the threads that the archive has for a night.
    pub night: bool,
}

/// The fields of the words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// One: folded, with places.
    One,
    /// Those of the archive: folded with places, as written, and stems. With tantivy's own chain the folded ones are not
    /// filed under their stems, and every word is in the field of those as written.
    Own,
    /// One for each question: stems and folded words apart, both with places, as written, and stems once more.
    Apart,
}

struct Fields {
    id: Field,
    day: Field,
    text: Field,
    words: Vec<Field>,
}

/// Writes the corpus in `corpus` into a new index in `folder`, up to the last merge.
pub fn write(folder: &Path, corpus: &Path, plan: Plan) -> Result<(), Box<dyn Error>> {
    let (schema, fields) = schema(plan);
    let sort_by_field = plan.sorted.then(|| IndexSortByField { field: "day".to_owned(), order: Order::Desc });
    let builder = Index::builder()
        .schema(schema)
        .settings(IndexSettings { sort_by_field, ..IndexSettings::default() })
        .tokenizers(if plan.our_analyser { our_tokenizers() } else { plain_tokenizers() });
    let index = builder.create_in_dir(folder)?;
    let mut writer = writer(&index, plan.night)?;
    each(corpus, &mut |id, date, text| {
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, id);
        document.add_u64(fields.day, date.replace('-', "").parse()?);
        document.add_text(fields.text, text);
        fields.words.iter().for_each(|field| document.add_text(*field, text));
        writer.add_document(document)?;
        Ok(())
    })?;
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// A writer with as many threads as the archive takes for a build or for a night, if not asked for otherwise.
pub fn writer(index: &Index, night: bool) -> tantivy::Result<IndexWriter> {
    let threads = std::env::var("CHANCERY_BENCH_THREADS").ok().and_then(|asked| asked.parse().ok());
    let half = std::thread::available_parallelism().map_or(0, |cores| cores.get() / 2);
    let threads = threads.unwrap_or_else(|| (half + usize::from(!night)).clamp(1, 4));
    index.writer_with_num_threads(threads, (threads * BYTES_PER_THREAD).min(BYTES))
}

/// Takes id, date and text of an article.
pub type Take<'a> = dyn FnMut(&str, &str, &str) -> Result<(), Box<dyn Error>> + 'a;

/// Hands over id, date and text of every article: of a folder of plain files by year, or of a file of JSON lines.
pub fn each(corpus: &Path, take: &mut Take<'_>) -> Result<(), Box<dyn Error>> {
    if corpus.is_file() {
        for line in BufReader::new(fs::File::open(corpus)?).lines() {
            let record: serde_json::Value = serde_json::from_str(&line?)?;
            let part = |name: &str| record[name].as_str().unwrap_or_default();
            take(part("id"), part("date"), part("text"))?;
        }
        return Ok(());
    }
    for year in fs::read_dir(corpus)? {
        for file in fs::read_dir(year?.path())? {
            let path = file?.path();
            let plain = fs::read_to_string(&path)?;
            let (date, text) =
                plain.trim_start().strip_prefix("date ").and_then(|rest| rest.split_once(' ')).ok_or("no date")?;
            take(&path.to_string_lossy(), date, text)?;
        }
    }
    Ok(())
}

fn schema(plan: Plan) -> (Schema, Fields) {
    let mut schema = SchemaBuilder::new();
    let words = |name: &str, option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(name).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let (placed, counted) = (IndexRecordOption::WithFreqsAndPositions, IndexRecordOption::WithFreqs);
    let (id, day) = (schema.add_text_field("id", STRING), schema.add_u64_field("day", FAST));
    let mut field = |name: &str, form, option| schema.add_text_field(name, words(form, option));
    let words = match plan.words {
        Words::One => vec![field("folded", "folded", placed)],
        Words::Own => {
            vec![field("forms", "filed", placed), field("spelt", "spelt", counted), field("all", "stemmed", counted)]
        }
        Words::Apart => vec![
            field("stemmed", "stemmed", placed),
            field("folded", "folded", placed),
            field("written", "written", counted),
            field("all", "stemmed", counted),
        ],
    };
    let fields = Fields { id, day, text: schema.add_text_field("text", STORED), words };
    (schema.build(), fields)
}

/// tantivy's own chain for a form of words.
pub fn plain_analyser(form: Form) -> TextAnalyzer {
    let bare = TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(LONGEST_TOKEN));
    match form {
        Form::Written | Form::Spelt => bare.build(),
        Form::Folded | Form::Filed => bare.filter(LowerCaser).build(),
        Form::Stemmed => bare.filter(LowerCaser).filter(Stem).build(),
    }
}

/// tantivy's own chains for all forms.
pub fn plain_tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, form) in NAMES {
        manager.register(name, plain_analyser(form));
    }
    manager
}

fn our_tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, form) in NAMES {
        manager.register(name, Ours(form));
    }
    manager
}

const NAMES: [(&str, Form); 5] = [
    ("stemmed", Form::Stemmed),
    ("folded", Form::Folded),
    ("filed", Form::Filed),
    ("written", Form::Written),
    ("spelt", Form::Spelt),
];

/// Our analyser, handed to tantivy as the archive does.
#[derive(Clone)]
struct Ours(Form);

struct OurStream<'a> {
    tokens: Tokens<'a>,
    token: Token,
}

impl Tokenizer for Ours {
    type TokenStream<'a> = OurStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> OurStream<'a> {
        OurStream { tokens: analysis::tokens(text, self.0), token: Token::default() }
    }
}

impl TokenStream for OurStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        self.token.offset_from = token.span.start as usize;
        self.token.offset_to = token.span.end as usize;
        self.token.position = token.position as usize;
        self.token.text = token.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// tantivy's own stemming filter, which this build of tantivy leaves out; the stemmer is the same.
#[derive(Clone)]
struct Stem;

#[derive(Clone)]
struct StemTokenizer<T>(T);

struct StemStream<T> {
    tail: T,
    stemmer: Stemmer,
}

impl TokenFilter for Stem {
    type Tokenizer<T: Tokenizer> = StemTokenizer<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> StemTokenizer<T> {
        StemTokenizer(tokenizer)
    }
}

impl<T: Tokenizer> Tokenizer for StemTokenizer<T> {
    type TokenStream<'a> = StemStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        StemStream { tail: self.0.token_stream(text), stemmer: Stemmer::new(Algorithm::English) }
    }
}

impl<T: TokenStream> TokenStream for StemStream<T> {
    fn advance(&mut self) -> bool {
        if !self.tail.advance() {
            return false;
        }
        let token = self.tail.token_mut();
        let stem = self.stemmer.stem(&token.text).into_owned();
        token.text = stem;
        true
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}
