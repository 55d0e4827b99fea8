//! From where words stand to the lists of a field: which tokens its words are, and what each of their lists has.

use std::io;
use std::sync::Arc;

use tantivy::DocId;
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption};

use super::rows::{InOrder, Rows, Spot};
use crate::analysis::packed::Steps;
use crate::analysis::{Edition, Form, Lexicon, MOST_NUMBERED};

/// So many spots are sorted at a time: 64 MB of them. Fewer would have the words read through more often, and more take
/// memory from what waits to be written.
pub const MOST_SPOTS: usize = 8 << 20;

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

/// That a word of a source is indexed as a token.
struct Entry<'a> {
    /// The first bytes of the token, by which most are told apart.
    start: u64,
    token: &'a [u8],
    source: usize,
    word: usize,
}

/// Which words of a source are where, for some of its words at a time.
struct Sorted<'a> {
    rows: InOrder<'a>,
    source: Source,
    /// How often each word comes up.
    counts: Vec<u32>,
    /// Where the spots of each of these words end.
    ends: Vec<u32>,
    spots: Vec<Spot>,
}

impl<'a> Sorted<'a> {
    /// Of a word that is not among these.
    const OTHER: u32 = u32::MAX;

    fn new(rows: &'a Rows, source: Source, vocabulary: &Vocabulary, order: &[DocId]) -> Self {
        let mut counts = vec![0_u32; vocabulary.words(&source)];
        rows.each(|steps| {
            vocabulary.each_word(steps, &source, |word, _| counts[word] = counts[word].saturating_add(1));
        });
        let ends = vec![Self::OTHER; counts.len()];
        Self { rows: rows.in_order(order), source, counts, ends, spots: Vec::new() }
    }

    /// Sorts the spots of these words, for an entry of each.
    ///
    /// They are numbered in 32 bits: there are [`MOST_SPOTS`], or one word, which would have to be met that often in the
    /// documents that a writer has in its memory.
    fn sort(&mut self, words: impl Iterator<Item = usize>, vocabulary: &Vocabulary) {
        self.ends.fill(Self::OTHER);
        let mut all = 0;
        for word in words {
            if self.ends[word] == Self::OTHER {
                self.ends[word] = all;
                all += self.counts[word];
            }
        }
        self.spots.clear();
        self.spots.resize(all as usize, Spot::new(0, 0));
        if all == 0 {
            return;
        }
        let Self { rows, source, ends, spots, .. } = self;
        rows.each(|doc, steps| {
            vocabulary.each_word(steps, source, |word, place| {
                let end = &mut ends[word];
                if *end != Self::OTHER {
                    spots[*end as usize] = Spot::new(doc, place);
                    *end += 1;
                }
            });
        });
    }

    /// Where a word stands that is among these, sorted.
    fn spots(&self, word: usize) -> &[Spot] {
        let end = self.ends[word] as usize;
        &self.spots[end - self.counts[word] as usize..end]
    }
}

/// Writes the lists of a field whose words are in some rows, for an order of all documents; so many spots are sorted at a
/// time.
pub fn write(
    sources: &[(&Rows, Source)],
    vocabulary: &Vocabulary,
    order: &[DocId],
    most_spots: usize,
    lists: &mut Lists,
) -> io::Result<()> {
    let sources = sources.iter().filter(|(rows, _)| !rows.is_empty());
    let mut sorted: Vec<Sorted> =
        sources.map(|(rows, source)| Sorted::new(rows, *source, vocabulary, order)).collect();
    let entries = entries(&sorted, vocabulary);
    let mut rest = entries.as_slice();
    while !rest.is_empty() {
        let (these, later) = rest.split_at(together(rest, &sorted, most_spots));
        for (at, sorted) in sorted.iter_mut().enumerate() {
            sorted.sort(these.iter().filter(|entry| entry.source == at).map(|entry| entry.word), vocabulary);
        }
        these.chunk_by(|a, b| a.token == b.token).try_for_each(|entries| lists.write(entries, &sorted))?;
        rest = later;
    }
    Ok(())
}

/// All tokens of all words that are there, sorted by token.
fn entries<'a>(sorted: &[Sorted], vocabulary: &'a Vocabulary) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    for (at, Sorted { counts, source, .. }) in sorted.iter().enumerate() {
        for (word, _) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            entries.extend(vocabulary.of(word, source).map(|token| Entry {
                start: start_of(token),
                token,
                source: at,
                word,
            }));
        }
    }
    entries.sort_unstable_by(|a, b| (a.start, a.token).cmp(&(b.start, b.token)));
    entries
}

/// How many of the first entries have no more spots than these, or are of the first token; never some of a token.
fn together(entries: &[Entry], sorted: &[Sorted], most_spots: usize) -> usize {
    let (mut number, mut spots) = (0, 0);
    for same in entries.chunk_by(|a, b| a.token == b.token) {
        spots += same.iter().map(|entry| sorted[entry.source].counts[entry.word] as usize).sum::<usize>();
        if number > 0 && spots > most_spots {
            break;
        }
        number += same.len();
    }
    number
}

/// The first eight bytes of a token, as a number that sorts as they do.
fn start_of(token: &[u8]) -> u64 {
    let mut start = [0; 8];
    let length = token.len().min(8);
    start[..length].copy_from_slice(&token[..length]);
    u64::from_be_bytes(start)
}

/// Writes the lists of a field, one after the other.
pub struct Lists<'a> {
    option: IndexRecordOption,
    serializer: FieldSerializer<'a>,
    /// Room for where a token stands that several words have.
    spots: Vec<Spot>,
    /// Each document, and how often it has the token.
    docs: Vec<(DocId, u32)>,
    /// The places in each document, from one to the next.
    steps: Vec<u32>,
}

impl<'a> Lists<'a> {
    /// For a field whose lists keep so much.
    pub fn new(option: IndexRecordOption, serializer: FieldSerializer<'a>) -> Self {
        Self { option, serializer, spots: Vec::new(), docs: Vec::new(), steps: Vec::new() }
    }

    /// All have been written.
    pub fn close(self) -> io::Result<()> {
        self.serializer.close()
    }

    /// The list of a token, from all that have it.
    fn write(&mut self, entries: &[Entry], sorted: &[Sorted]) -> io::Result<()> {
        let spots = |entry: &Entry| (sorted[entry.source].spots(entry.word), sorted[entry.source].source.times);
        match entries {
            [one] if spots(one).1 == 1 => self.write_spots(one.token, spots(one).0),
            [first, ..] => {
                let mut all = std::mem::take(&mut self.spots);
                all.clear();
                for (spots, times) in entries.iter().map(spots) {
                    (0..times).for_each(|_| all.extend_from_slice(spots));
                }
                all.sort();
                let written = self.write_spots(first.token, &all);
                self.spots = all;
                written
            }
            [] => Ok(()),
        }
    }

    fn write_spots(&mut self, token: &[u8], spots: &[Spot]) -> io::Result<()> {
        let (option, serializer) = (self.option, &mut self.serializer);
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
