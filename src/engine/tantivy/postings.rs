//! From where words stand to the lists of a field: which tokens its words are, and what each of their lists has.

use std::io;
use std::sync::Arc;

use tantivy::DocId;
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};

use super::rows::{ByWord, Spot};
use crate::analysis::{Edition, Form, Lexicon, MOST_NUMBERED, Step};

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

    /// The words of some steps of a source, each less than [`words`](Self::words) and with its place.
    pub fn in_steps<'a>(&'a self, steps: &'a [Step], source: &Source) -> impl Iterator<Item = (usize, u32)> + 'a {
        let (book, is_keyword) = (self.book.lexicon.len(), source.form.is_none());
        let word = move |number: u32| match number.checked_sub(MOST_NUMBERED) {
            Some(rare) if !is_keyword => book + rare as usize,
            _ => number as usize,
        };
        self.book.words(steps).map(move |(number, place)| (word(number), place))
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

/// That a word of a source is indexed as a token.
struct Entry<'a> {
    /// The first bytes of the token, by which most are told apart.
    start: u64,
    token: &'a [u8],
    source: usize,
    word: usize,
}

/// Writes the lists of a field.
pub fn write(
    sources: &[(&ByWord, Source)],
    vocabulary: &Vocabulary,
    option: IndexRecordOption,
    serializer: &mut FieldSerializer,
) -> io::Result<()> {
    let mut entries = Vec::new();
    for (at, (by_word, source)) in sources.iter().enumerate() {
        for word in by_word.words() {
            entries.extend(vocabulary.of(word, source).map(|token| Entry {
                start: start_of(token),
                token,
                source: at,
                word,
            }));
        }
    }
    entries.sort_unstable_by(|a, b| (a.start, a.token).cmp(&(b.start, b.token)));
    let mut list = List::default();
    for entries in entries.chunk_by(|a, b| a.token == b.token) {
        let spots = |entry: &Entry| {
            let (by_word, source) = sources[entry.source];
            (by_word.spots(entry.word), source.times)
        };
        match entries {
            [one] if spots(one).1 == 1 => list.write(one.token, spots(one).0, option, serializer)?,
            [first, ..] => {
                let mut all = std::mem::take(&mut list.spots);
                all.clear();
                for (spots, times) in entries.iter().map(spots) {
                    (0..times).for_each(|_| all.extend_from_slice(spots));
                }
                all.sort();
                list.write(first.token, &all, option, serializer)?;
                list.spots = all;
            }
            [] => (),
        }
    }
    Ok(())
}

/// The first eight bytes of a token, as a number that sorts as they do.
fn start_of(token: &[u8]) -> u64 {
    let mut start = [0; 8];
    let length = token.len().min(8);
    start[..length].copy_from_slice(&token[..length]);
    u64::from_be_bytes(start)
}

/// Room for the list of a token.
#[derive(Default)]
struct List {
    spots: Vec<Spot>,
    /// Each document, and how often it has the token.
    docs: Vec<(DocId, u32)>,
    /// The places in each document, from one to the next.
    steps: Vec<u32>,
}

impl List {
    fn write(
        &mut self,
        token: &[u8],
        spots: &[Spot],
        option: IndexRecordOption,
        serializer: &mut FieldSerializer,
    ) -> io::Result<()> {
        self.docs.clear();
        self.steps.clear();
        for spots in spots.chunk_by(|a, b| a.doc() == b.doc()) {
            let count = u32::try_from(spots.len()).unwrap_or(u32::MAX);
            self.docs.extend(spots.first().map(|spot| (spot.doc(), count)));
            if option.has_positions() {
                let mut last = 0;
                self.steps.extend(spots.iter().map(|spot| spot.place() - std::mem::replace(&mut last, spot.place())));
            }
        }
        // Tantivy takes the number of documents only where it counts tokens.
        let documents = u32::try_from(self.docs.len()).unwrap_or(u32::MAX);
        serializer.new_term(token, if option.has_freq() { documents } else { 0 }, option.has_freq())?;
        let mut steps = self.steps.as_slice();
        for (doc, count) in &self.docs {
            let count = if option.has_freq() { *count } else { 0 };
            let (these, rest) = steps.split_at(if option.has_positions() { count as usize } else { 0 });
            steps = rest;
            serializer.write_doc(*doc, count, these);
        }
        serializer.close_term()
    }
}
