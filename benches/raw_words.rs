//! The yardstick of questions: one stemmed field with positions, tantivy's own queries and its ten best by BM25.

use std::error::Error;
use std::fs;
use std::path::Path;

use chancery::analysis::{self, Form};
use chancery::engine::Stored;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexReader, IndexWriter, TantivyDocument, Term};

const BYTES: usize = 96 << 20;

/// What is asked of the yardstick.
pub enum Question {
    /// One of the words.
    Any(Vec<String>),
    /// Every word.
    All(Vec<String>),
    /// The words in a row, or with so many places between them.
    Phrase(Vec<String>, u32),
}

/// An index of tantivy alone.
pub struct RawIndex {
    reader: IndexReader,
    text: Field,
}

impl RawIndex {
    /// Writes the texts and ids of the articles.
    pub fn build(folder: &Path, articles: impl Iterator<Item = Stored>) -> Result<(), Box<dyn Error>> {
        fs::create_dir_all(folder)?;
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let id = schema.add_text_field("id", STRING | STORED);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let index = Index::create_in_dir(folder, schema.build())?;
        let mut writer: IndexWriter = index.writer_with_num_threads(1, BYTES)?;
        for Stored { article, .. } in articles {
            let mut document = TantivyDocument::default();
            document.add_text(id, article.id.as_str());
            // The same tokens on both sides, so that both find the same articles.
            let token = |token: analysis::Token| Token {
                offset_from: token.span.start as usize,
                offset_to: token.span.end as usize,
                position: token.position as usize,
                text: token.text,
                position_length: 1,
            };
            let tokens = analysis::tokens(&article.text, Form::Stemmed).map(token).collect();
            document.add_pre_tokenized_text(text, PreTokenizedString { text: article.text.clone(), tokens });
            writer.add_document(document)?;
        }
        writer.commit()?;
        Ok(writer.wait_merging_threads()?)
    }

    /// Opens what was written.
    pub fn open(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let index = Index::open_in_dir(folder)?;
        let text = index.schema().get_field("text")?;
        Ok(Self { reader: index.reader()?, text })
    }

    /// A question as tantivy's own query.
    pub fn query(&self, question: &Question) -> Box<dyn Query> {
        let term = |word: &String| Term::from_field_text(self.text, &analysis::stem(word));
        let clauses = |occur: Occur, words: &[String]| {
            let clause = |word: &String| {
                (occur, Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)) as Box<dyn Query>)
            };
            Box::new(BooleanQuery::new(words.iter().map(clause).collect())) as Box<dyn Query>
        };
        match question {
            Question::Any(words) => clauses(Occur::Should, words),
            Question::All(words) => clauses(Occur::Must, words),
            Question::Phrase(words, slop) => {
                let mut phrase = PhraseQuery::new(words.iter().map(term).collect());
                phrase.set_slop(*slop);
                Box::new(phrase)
            }
        }
    }

    /// The ten best by BM25, not fetched.
    pub fn best(&self, query: &dyn Query) -> tantivy::Result<usize> {
        Ok(self.reader.searcher().search(query, &TopDocs::with_limit(10).order_by_score())?.len())
    }
}
