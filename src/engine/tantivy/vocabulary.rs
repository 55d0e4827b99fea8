//! What the fields of a segment are made of, and the tokens behind the numbers of its words.

use std::sync::Arc;

use tantivy::schema::Field;

use crate::analysis::packed::Steps;
use crate::analysis::{Edition, Form, Lexicon, MOST_NUMBERED};

/// One of the rows of words that a field is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The field whose rows they are.
    pub rows: Field,
    /// The form in which they are indexed; `None` for whole values.
    pub form: Option<Form>,
    /// How often each counts.
    pub times: u32,
}

/// The tokens behind the numbers of a segment.
pub struct Vocabulary<'a> {
    /// Those of words, by number.
    pub book: Edition,
    /// Those of words whose numbers are behind the book's.
    pub rare: &'a Lexicon,
    /// Whole values, by number.
    pub keywords: &'a [Arc<[u8]>],
}

impl Vocabulary<'_> {
    /// How many words there are for a source.
    pub fn words(&self, source: &Source) -> usize {
        if source.form.is_some() { self.book.lexicon.len() + self.rare.len() } else { self.keywords.len() }
    }

    /// Hands over the words of some steps of a source, each less than [`words`](Self::words) and with its place.
    pub fn each_word(&self, steps: Steps<'_>, source: &Source, mut word: impl FnMut(usize, u32)) {
        let (book, is_keyword) = (self.book.lexicon.len(), source.form.is_none());
        self.book.each_word(steps, |number, place| match number.checked_sub(MOST_NUMBERED) {
            Some(rare) if !is_keyword => word(book + rare as usize, place),
            _ => word(number as usize, place),
        });
    }

    /// The tokens of a word of a source.
    pub fn of(&self, word: usize, source: &Source) -> impl Iterator<Item = &[u8]> {
        let keyword = source.form.is_none().then(|| self.keywords.get(word)).flatten();
        let words = source.form.map(|form| match word.checked_sub(self.book.lexicon.len()) {
            Some(rare) => self.rare.tokens(rare, form),
            None => self.book.lexicon.tokens(word, form),
        });
        keyword.map(|value| &**value).into_iter().chain(words.into_iter().flatten().map(str::as_bytes))
    }
}
