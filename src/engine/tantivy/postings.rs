//! From where words stand to the lists of a field: which tokens its words are, and what each of their lists has.

use std::io;

use tantivy::DocId;
use tantivy::postings::FieldSerializer;
use tantivy::schema::IndexRecordOption;

use super::rows::Spot;
use super::sorted::{Counted, Room, Sorter, bucket_size};
use super::vocabulary::{Source, Vocabulary};

/// That a word of a source is indexed as a token.
struct Entry<'a> {
    /// The first bytes of the token, by which most are told apart.
    start: u64,
    token: &'a [u8],
    source: usize,
    word: usize,
    /// Whether the word has other tokens.
    has_others: bool,
}

/// Writes the lists of a field whose words come from some sources; so many spots are sorted at a time. The rooms are given out
/// in turn, and only one becomes large where the source with the most words comes first.
pub fn write(
    sources: &[(&Counted, Source)],
    vocabulary: &Vocabulary,
    most_spots: usize,
    rooms: &mut Vec<Room>,
    lists: &mut Lists,
) -> io::Result<()> {
    let entries = entries(sources, vocabulary);
    let mut given = std::mem::take(rooms).into_iter();
    let room = || given.next().unwrap_or_default();
    let mut sorters: Vec<Sorter> = sources
        .iter()
        .zip(std::iter::repeat_with(room))
        .map(|((words, source), room)| Sorter::new(words, *source, room))
        .collect();
    let size = |entry: &Entry| sources[entry.source].0.count(entry.word);
    let mut rest = entries.as_slice();
    while !rest.is_empty() {
        let these = first(&mut rest, |spots| spots <= most_spots, size);
        sorters.iter_mut().for_each(Sorter::clear);
        let (mut buckets, mut unparted) = (Vec::new(), these);
        while !unparted.is_empty() {
            buckets.push(first(&mut unparted, |spots| spots <= bucket_size(most_spots), size));
        }
        for (at, sorter) in sorters.iter_mut().enumerate() {
            buckets.iter().for_each(|bucket| sorter.add_bucket(words_of(bucket, at).map(|(word, _)| word)));
            sorter.fill(vocabulary);
        }
        for (number, bucket) in buckets.iter().enumerate() {
            sorters.iter_mut().enumerate().for_each(|(at, sorter)| sorter.sort(number, words_of(bucket, at)));
            bucket.chunk_by(|a, b| a.token == b.token).try_for_each(|entries| lists.write(entries, &sorters))?;
        }
    }
    rooms.extend(sorters.into_iter().map(Sorter::into_room).chain(given));
    Ok(())
}

/// All tokens of all words that are there, sorted by token.
fn entries<'a>(sources: &[(&Counted, Source)], vocabulary: &'a Vocabulary) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    for (at, (words, source)) in sources.iter().enumerate() {
        for word in words.words() {
            let entry = |token| Entry { start: start_of(token), token, source: at, word, has_others: false };
            let before = entries.len();
            entries.extend(vocabulary.of(word, source).map(entry));
            if let others @ [_, _, ..] = &mut entries[before..] {
                others.iter_mut().for_each(|entry| entry.has_others = true);
            }
        }
    }
    entries.sort_unstable_by(|a, b| (a.start, a.token).cmp(&(b.start, b.token)));
    entries
}

/// Takes from the front as many entries as `fits` allows the spots of, all of a token or none; those of the first token in
/// any case.
fn first<'a, 'b>(
    rest: &mut &'b [Entry<'a>],
    fits: impl Fn(usize) -> bool,
    size: impl Fn(&Entry) -> usize,
) -> &'b [Entry<'a>] {
    let (mut number, mut spots) = (0, 0);
    for same in rest.chunk_by(|a, b| a.token == b.token) {
        spots += same.iter().map(&size).sum::<usize>();
        if number > 0 && !fits(spots) {
            break;
        }
        number += same.len();
    }
    let (first, later) = rest.split_at(number);
    *rest = later;
    first
}

/// The words of a source that some entries have, and whether they may be needed again.
fn words_of(entries: &[Entry], source: usize) -> impl Iterator<Item = (usize, bool)> + Clone {
    entries.iter().filter(move |entry| entry.source == source).map(|entry| (entry.word, entry.has_others))
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
    fn write(&mut self, entries: &[Entry], sorters: &[Sorter]) -> io::Result<()> {
        let spots = |entry: &Entry| (sorters[entry.source].spots(entry.word), sorters[entry.source].times());
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
