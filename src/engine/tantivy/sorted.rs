//! Where each word of a field stands, from where they come in: some words at a time, and these in two goes.
//!
//! First what is found is put into buckets of words that come one after the other, each written from one end to the other.
//! Then each bucket is sorted, in the part of the memory that is next to the processor. In one go nearly every spot would
//! be written to another place in the memory than the one before, and waited for.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::rows::{InOrder, Rows, Spot};
use super::vocabulary::{Source, Vocabulary};

/// So many spots are put into buckets at a time: 100 MB of them with their words. With fewer the words would have to be read
/// through more often, and more take memory from what waits to be written.
pub const MOST_SPOTS: usize = 8 << 20;

/// A segment gets no more documents once a field has so many tokens. If all of them were one, it would take 16 bytes for each.
pub const MOST_TOKENS: u64 = 64 << 20;

/// Of what is put into buckets at a time, a bucket has one part in so many, about: half a megabyte of spots.
const BUCKETS: usize = 128;

/// How many spots a bucket has, at most but for those of a single token, where there may be so many in all.
pub fn bucket_size(most_spots: usize) -> usize {
    (most_spots / BUCKETS).max(1)
}

/// The words of a field, in an order of all documents, and how often each of them comes up.
pub struct Counted<'a> {
    rows: InOrder<'a>,
    counts: Vec<u32>,
}

impl<'a> Counted<'a> {
    /// For rows of words that are those of a source.
    pub fn new(rows: &'a Rows, source: &Source, vocabulary: &Vocabulary, order: &[DocId]) -> Self {
        let mut counts = vec![0_u32; vocabulary.words(source)];
        rows.each(|steps| {
            vocabulary.each_word(steps, source, |word, _| counts[word] = counts[word].saturating_add(1));
        });
        Self { rows: rows.in_order(order), counts }
    }

    /// How often a word comes up.
    pub fn count(&self, word: usize) -> usize {
        self.counts[word] as usize
    }

    /// The words that come up.
    pub fn words(&self) -> impl Iterator<Item = usize> {
        self.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(word, _)| word)
    }
}

/// In which bucket a word is that is in none.
const NONE: u16 = u16::MAX;

/// Where a word is in its bucket while it is in none.
const NOWHERE: u32 = u32::MAX;

/// Sorts the spots of a source by word.
pub struct Sorter<'a> {
    words: &'a Counted<'a>,
    source: Source,
    room: Room,
    /// The spots of words that are needed again.
    aside: FxHashMap<usize, Vec<Spot>>,
}

/// What a [`Sorter`] works in, to be used again: new memory has to be cleared first.
#[derive(Default)]
pub struct Room {
    /// In which bucket each word is.
    bucket_of: Vec<u16>,
    /// Where each bucket ends.
    ends: Vec<usize>,
    /// What is in the buckets: words, and where they stand.
    words: Vec<u32>,
    spots: Vec<Spot>,
    /// Where each word of the bucket that was sorted last ends in it.
    word_ends: Vec<u32>,
    sorted: Vec<Spot>,
    /// Where that bucket lies if it has one word only: it is sorted as it is.
    single: Option<Range<usize>>,
}

impl Room {
    /// Where a bucket lies.
    fn bucket(&self, number: usize) -> Range<usize> {
        number.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[number]
    }
}

/// Makes a list so long, whatever is in it.
fn lengthen<T: Clone>(list: &mut Vec<T>, length: usize, with: T) {
    if list.len() < length {
        list.resize(length, with);
    }
}

impl<'a> Sorter<'a> {
    /// For the words of a source.
    pub fn new(words: &'a Counted<'a>, source: Source, room: Room) -> Self {
        Self { words, source, room, aside: FxHashMap::default() }
    }

    /// What it worked in.
    pub fn into_room(self) -> Room {
        self.room
    }

    /// Takes away all buckets.
    pub fn clear(&mut self) {
        let Room { bucket_of, word_ends, ends, .. } = &mut self.room;
        bucket_of.clear();
        bucket_of.resize(self.words.counts.len(), NONE);
        word_ends.clear();
        word_ends.resize(self.words.counts.len(), NOWHERE);
        ends.clear();
    }

    /// Adds a bucket of these words, but for those that are in one or aside already. There are fewer than [`u16::MAX`].
    pub fn add_bucket(&mut self, words: impl Iterator<Item = usize>) {
        let Room { bucket_of, ends, .. } = &mut self.room;
        let mut end = ends.last().copied().unwrap_or_default();
        for word in words {
            if bucket_of[word] == NONE && !self.aside.contains_key(&word) {
                bucket_of[word] = ends.len() as u16;
                end += self.words.count(word);
            }
        }
        ends.push(end);
    }

    /// Fills the buckets.
    pub fn fill(&mut self, vocabulary: &Vocabulary) {
        let Self { words, source, room: Room { bucket_of, ends, words: in_bucket, spots, .. }, .. } = self;
        let all = ends.last().copied().unwrap_or_default();
        if all == 0 {
            return;
        }
        lengthen(in_bucket, all, 0);
        lengthen(spots, all, Spot::new(0, 0));
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let mut next: Vec<usize> = starts.take(ends.len()).collect();
        words.rows.each(|doc, steps| {
            vocabulary.each_word(steps, source, |word, place| {
                if let Some(next) = next.get_mut(usize::from(bucket_of[word])) {
                    in_bucket[*next] = word as u32;
                    spots[*next] = Spot::new(doc, place);
                    *next += 1;
                }
            });
        });
    }

    /// Sorts a bucket; these are its words, each once at least, and whether they are needed again in a later one.
    ///
    /// Its spots are numbered in 32 bits: there are [`MOST_SPOTS`], or those of one token, and a segment has not
    /// many more than [`MOST_TOKENS`].
    pub fn sort(&mut self, bucket: usize, words: impl Iterator<Item = (usize, bool)> + Clone) {
        let range = self.room.bucket(bucket);
        let Room { bucket_of, words: in_bucket, spots, word_ends, sorted, single, .. } = &mut self.room;
        let is_here = |word: usize| usize::from(bucket_of[word]) == bucket;
        let (mut all, mut different) = (0, 0);
        for (word, _) in words.clone().filter(|(word, _)| is_here(*word)) {
            if word_ends[word] == NOWHERE {
                word_ends[word] = all;
                all += self.words.counts[word];
                different += 1;
            }
        }
        *single = (different == 1).then(|| range.clone());
        if single.is_none() {
            lengthen(sorted, all as usize, Spot::new(0, 0));
            for (word, spot) in in_bucket[range.clone()].iter().zip(&spots[range]) {
                let end = &mut word_ends[*word as usize];
                sorted[*end as usize] = *spot;
                *end += 1;
            }
        }
        for (word, _) in words.filter(|(_, again)| *again) {
            if usize::from(self.room.bucket_of[word]) == bucket && !self.aside.contains_key(&word) {
                let spots = self.in_bucket(word).to_vec();
                self.aside.insert(word, spots);
            }
        }
    }

    /// Where a word stands, in order: one of the bucket that was sorted last, or one that was needed again.
    pub fn spots(&self, word: usize) -> &[Spot] {
        self.aside.get(&word).map_or_else(|| self.in_bucket(word), Vec::as_slice)
    }

    fn in_bucket(&self, word: usize) -> &[Spot] {
        let Room { spots, word_ends, sorted, single, .. } = &self.room;
        match single {
            Some(range) => &spots[range.clone()],
            None => &sorted[word_ends[word] as usize - self.words.count(word)..word_ends[word] as usize],
        }
    }

    /// How often each of its words counts.
    pub fn times(&self) -> u32 {
        self.source.times
    }
}
