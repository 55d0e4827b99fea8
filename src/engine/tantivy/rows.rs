//! Words as they come in, document after document, and the same by word: where each of them stands.
//!
//! Both are written and read from one end to the other, which is what memory is fast at. A list for each word that grows
//! with every document would be another place in the memory for every word of a text. What comes in is packed, so that a
//! segment has room for many articles and need not be merged soon.

use tantivy::DocId;

use crate::analysis::packed::{Steps, put, put_step, take};
use crate::analysis::{Counts, Step};

/// A document and a place in it, as one number: sorting these sorts by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot(u64);

impl Spot {
    /// A place in a document.
    pub fn new(doc: DocId, place: u32) -> Self {
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

/// So many units lie together, at most; a longer row lies alone.
const MOST_TOGETHER: usize = 1 << 17;
/// And at least, so that a field of few words takes little.
const LEAST_TOGETHER: usize = 1 << 7;

/// The words of a field, document after document.
///
/// They lie in pieces: one that grows would be copied, and half of it might be empty. A row is how many documents it
/// comes after the one before, doubled; one more says that it is a single step of a token in each form, which follows.
/// Else its counts of tokens follow, how many units its steps take, and these.
#[derive(Debug, Default)]
pub struct Rows {
    pieces: Vec<Vec<u16>>,
    /// For how many units there is room.
    units: usize,
    tokens: u64,
    /// The document of the last row.
    last: DocId,
    /// Room for packing a row.
    packed: Vec<u16>,
}

/// A row as it lies there.
struct Found<'a> {
    /// How many documents after that of the row before.
    after: u32,
    counts: Counts,
    steps: Steps<'a>,
    /// Where the next one is.
    next: Place,
}

/// Where a row lies. No piece has four thousand million units: an article of 4 GiB is refused, and the names of its
/// actors come to less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    piece: u32,
    start: u32,
}

impl Place {
    const FIRST: Self = Self { piece: 0, start: 0 };
    const NOWHERE: Self = Self { piece: u32::MAX, start: 0 };
}

impl Rows {
    /// Adds steps of a document, which comes after those before; their words have so many tokens. What is added twice for a
    /// document is two rows, so that only where places mean nothing may that be done.
    pub fn add(&mut self, doc: DocId, steps: impl ExactSizeIterator<Item = Step>, counts: Counts) {
        let (count, mut packed) = (steps.len(), std::mem::take(&mut self.packed));
        packed.clear();
        steps.for_each(|step| put_step(&mut packed, step));
        let is_plain = count == 1 && counts == Counts::one();
        let after = (doc - self.last) << 1 | u32::from(is_plain);
        let piece = self.piece(packed.len());
        put(piece, after);
        if !is_plain {
            counts.each().into_iter().for_each(|count| put(piece, count));
            put(piece, packed.len() as u32);
        }
        piece.extend_from_slice(&packed);
        let tokens = counts.each().into_iter().max().unwrap_or_default();
        self.tokens += u64::from(tokens).max(count as u64);
        self.last = doc;
        // Of a long row nothing stays but itself.
        self.packed = if packed.capacity() > MOST_TOGETHER { Vec::new() } else { packed };
    }

    /// A piece with room for a row whose steps take so many units.
    fn piece(&mut self, steps: usize) -> &mut Vec<u16> {
        /// Five numbers before the steps, of three units at most.
        const BEFORE: usize = 15;
        let fits = |piece: &Vec<u16>| piece.capacity() - piece.len() >= BEFORE + steps;
        if !self.pieces.last().is_some_and(fits) {
            let room = self.units.clamp(LEAST_TOGETHER, MOST_TOGETHER).max(BEFORE + steps);
            self.units += room;
            self.pieces.push(Vec::with_capacity(room));
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How many tokens its words have, in the form in which they have the most; or how many steps there are, if those are more.
    pub fn tokens(&self) -> u64 {
        self.tokens
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        (self.units + self.packed.capacity()) * size_of::<u16>()
    }

    /// The row that lies somewhere; `None` behind the last one.
    #[inline]
    fn find(&self, mut place: Place) -> Option<Found<'_>> {
        let mut piece = self.pieces.get(place.piece as usize)?.as_slice();
        if place.start as usize == piece.len() {
            place = Place { piece: place.piece + 1, start: 0 };
            piece = self.pieces.get(place.piece as usize)?;
        }
        let mut rest = piece.get(place.start as usize..)?;
        let header = take(&mut rest)?;
        let (counts, steps) = if header & 1 == 1 {
            let (from, mut step) = (rest, Steps(rest));
            step.next()?;
            rest = step.0;
            (Counts::one(), &from[..from.len() - rest.len()])
        } else {
            let counts = [take(&mut rest)?, take(&mut rest)?, take(&mut rest)?];
            let units = take(&mut rest)? as usize;
            let (steps, behind) = rest.split_at_checked(units)?;
            rest = behind;
            (Counts::from(counts), steps)
        };
        let next = Place { piece: place.piece, start: (piece.len() - rest.len()) as u32 };
        Some(Found { after: header >> 1, counts, steps: Steps(steps), next })
    }

    /// Hands over all rows as they came in: document, place, and the row.
    fn each_found<'a>(&'a self, mut row: impl FnMut(DocId, Place, Found<'a>)) {
        let (mut doc, mut place) = (0, Place::FIRST);
        while let Some(found) = self.find(place) {
            doc += found.after;
            let next = found.next;
            row(doc, place, found);
            place = next;
        }
    }

    /// Hands over each document, as they came in, and how many tokens its words have.
    pub fn each_count(&self, mut row: impl FnMut(DocId, Counts)) {
        self.each_found(|doc, _, found| row(doc, found.counts));
    }

    /// Hands over the steps of all documents.
    pub fn each(&self, mut row: impl FnMut(Steps<'_>)) {
        self.each_found(|_, _, found| row(found.steps));
    }

    /// The same in an order of all documents.
    pub fn in_order(&self, order: &[DocId]) -> InOrder<'_> {
        let mut by_doc = vec![Place::NOWHERE; order.len()];
        let mut documents = 0;
        self.each_found(|doc, place, _| {
            let first = &mut by_doc[doc as usize];
            if *first == Place::NOWHERE {
                *first = place;
                documents += 1;
            }
        });
        let mut places = Vec::with_capacity(documents);
        let found = (0..).zip(order).map(|(new, old)| (new, by_doc[*old as usize]));
        places.extend(found.filter(|(_, place)| *place != Place::NOWHERE));
        InOrder { rows: self, places }
    }
}

/// The words of a field in an order of all documents.
#[derive(Debug)]
pub struct InOrder<'a> {
    rows: &'a Rows,
    /// The documents that have any, by their new numbers, and where the first of their rows lies.
    places: Vec<(DocId, Place)>,
}

impl InOrder<'_> {
    /// Hands over the steps of each document, with its new number.
    pub fn each(&self, mut row: impl FnMut(DocId, Steps<'_>)) {
        for (doc, place) in &self.places {
            let mut found = self.rows.find(*place);
            while let Some(these) = found {
                row(*doc, these.steps);
                found = self.rows.find(these.next).filter(|next| next.after == 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documents with the steps of each of their rows.
    fn check(documents: &[(DocId, Vec<Vec<Step>>)]) {
        let mut rows = Rows::default();
        for (doc, own) in documents {
            for steps in own {
                let counts = if steps.len() == 1 { Counts::one() } else { Counts::from([steps.len() as u32; 3]) };
                rows.add(*doc, steps.iter().copied(), counts);
            }
        }
        let all = documents.last().map_or(0, |(doc, _)| doc + 1);
        // The last comes first.
        let order: Vec<DocId> = (0..all).rev().collect();
        let mut found = Vec::new();
        rows.in_order(&order).each(|doc, steps| found.push((all - 1 - doc, steps.collect::<Vec<_>>())));
        let each =
            |(doc, own): &(DocId, Vec<Vec<Step>>)| own.iter().map(|steps| (*doc, steps.clone())).collect::<Vec<_>>();
        let expected: Vec<(DocId, Vec<Step>)> = documents.iter().rev().flat_map(each).collect();
        assert!(found == expected, "{} documents", documents.len());
        let mut counts = 0;
        rows.each_count(|_, row| counts += u64::from(row.of(crate::analysis::Form::Filed)));
        assert_eq!(counts, rows.tokens());
    }

    #[test]
    fn rows_come_back_in_any_order() {
        let words = |from: u32, count: u32| (from..from + count).map(Step::word).collect::<Vec<_>>();
        check(&[]);
        check(&[(0, vec![words(7, 1)]), (1, vec![words(1, 3)])]);
        // No document for a long while, and a word with a large number.
        check(&[(3, vec![words(2, 2)]), (70_000, vec![words(0x1_0000, 1)]), (70_001, vec![words(1, 1)])]);
        // Rows of a document in several pieces, and one that is longer than a piece.
        let many = |doc| (doc, (0..40).map(|row| words(row, 1 + row % 3)).collect());
        check(&(0..200).map(many).collect::<Vec<_>>());
        check(&[many(0), (1, vec![words(0, 200_000)]), many(2)]);
    }
}
