//! Words as they come in, document after document, and the same by word: where each of them stands.
//!
//! Both are written and read from one end to the other, which is what memory is fast at. A list for each word that grows
//! with every document would be another place in the memory for every word of a text.

use tantivy::DocId;

use crate::analysis::{Counts, Step};

/// A document and a place in it, as one number: sorting these sorts by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot(u64);

impl Spot {
    fn new(doc: DocId, place: u32) -> Self {
        Self(u64::from(doc) << 32 | u64::from(place))
    }

    /// The document.
    pub fn doc(self) -> DocId {
        (self.0 >> 32) as DocId
    }

    /// The place.
    pub fn place(self) -> u32 {
        self.0 as u32
    }
}

/// So many steps lie together, at most; a longer row lies alone.
const MOST_TOGETHER: usize = 1 << 16;
/// And at least, so that a field of few words takes little.
const LEAST_TOGETHER: usize = 1 << 8;

/// The words of a field, document after document.
///
/// They lie in pieces: one that grows would be copied, and half of it might be empty.
#[derive(Debug, Default)]
pub struct Rows {
    pieces: Vec<Vec<Step>>,
    rows: Vec<Stretch>,
    bytes: usize,
    /// How many steps there are, and how many tokens they come to.
    steps: usize,
    counts: Counts<u64>,
}

/// Where a row lies, and how many tokens its words have. No row has four thousand million steps: an article of 4 GiB is
/// refused, and the names of its actors come to less.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    doc: DocId,
    piece: u32,
    start: u32,
    end: u32,
    counts: Counts,
}

impl Rows {
    /// Adds steps of a document, which comes after those before; their words have so many tokens. What is added twice for a
    /// document is one row or two, so that only where places mean nothing may that be done.
    pub fn add(&mut self, doc: DocId, steps: impl ExactSizeIterator<Item = Step>, counts: Counts) {
        let fits = |piece: &Vec<Step>| piece.capacity() - piece.len() >= steps.len();
        if !self.pieces.last().is_some_and(fits) {
            let before = self.bytes / size_of::<Step>();
            let room = before.clamp(LEAST_TOGETHER, MOST_TOGETHER).max(steps.len());
            self.bytes += room * size_of::<Step>();
            self.pieces.push(Vec::with_capacity(room));
        }
        let number = self.pieces.len() - 1;
        let piece = &mut self.pieces[number];
        self.steps += steps.len();
        self.counts.add(counts);
        let start = piece.len() as u32;
        piece.extend(steps);
        let row = Stretch { doc, piece: number as u32, start, end: piece.len() as u32, counts };
        match self.rows.last_mut() {
            Some(last) if last.doc == doc && (last.piece, last.end) == (row.piece, start) => {
                last.end = row.end;
                last.counts.add(counts);
            }
            _ => self.rows.push(row),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.bytes + self.rows.capacity() * size_of::<Stretch>()
    }

    /// How many bytes it takes by word.
    pub fn bytes_by_word(&self) -> usize {
        // A word may have no token, and a step may be many words.
        (self.counts.most() as usize).max(self.steps) * size_of::<Spot>()
    }

    /// How many tokens each document has, in an order of all documents; nothing where none has any.
    pub fn counts(&self, order: &[DocId]) -> Vec<Counts> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut by_doc = vec![Counts::default(); order.len()];
        self.rows.iter().for_each(|row| by_doc[row.doc as usize].add(row.counts));
        order.iter().map(|old| by_doc[*old as usize]).collect()
    }

    /// The steps of each document that has any, with their new numbers, in an order of all documents.
    pub fn in_order<'a>(&'a self, order: &'a [DocId]) -> impl Iterator<Item = (DocId, &'a [Step])> {
        let mut first = vec![self.rows.len(); order.len()];
        for (at, row) in self.rows.iter().enumerate().rev() {
            first[row.doc as usize] = at;
        }
        let rows = move |(new, old): (DocId, &'a DocId)| {
            let these = self.rows[first[*old as usize]..].iter().take_while(move |row| row.doc == *old);
            let steps = |row: &Stretch| &self.pieces[row.piece as usize][row.start as usize..row.end as usize];
            these.map(move |row| (new, steps(row)))
        };
        (0..).zip(order).flat_map(rows)
    }

    /// The same by word, for an order of all documents. `words_of` gives the words of some steps, each less than `words`
    /// and with its place.
    ///
    /// All spots are counted as a number of 32 bits: the memory of a writer ends long before, but for one article.
    pub fn by_word<'a, Words: Iterator<Item = (usize, u32)>>(
        &'a self,
        order: &'a [DocId],
        words: usize,
        words_of: impl Fn(&'a [Step]) -> Words,
    ) -> ByWord {
        // How often a word comes up; then where its next spot goes, and in the end where its spots end.
        let mut ends = vec![0_u32; words];
        self.pieces.iter().flat_map(|steps| words_of(steps)).for_each(|(word, _)| ends[word] += 1);
        let mut all = 0;
        ends.iter_mut().for_each(|count| all += std::mem::replace(count, all));
        let mut spots = vec![Spot(0); all as usize];
        for (doc, steps) in self.in_order(order) {
            for (word, place) in words_of(steps) {
                spots[ends[word] as usize] = Spot::new(doc, place);
                ends[word] += 1;
            }
        }
        ByWord { ends, spots }
    }
}

/// Where each word stands.
#[derive(Debug)]
pub struct ByWord {
    /// Where the spots of each end.
    ends: Vec<u32>,
    spots: Vec<Spot>,
}

impl ByWord {
    /// The words that are anywhere.
    pub fn words(&self) -> impl Iterator<Item = usize> {
        (0..self.ends.len()).filter(|word| !self.spots(*word).is_empty())
    }

    /// Where a word stands, sorted.
    pub fn spots(&self, word: usize) -> &[Spot] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.spots[start as usize..self.ends[word] as usize]
    }
}
