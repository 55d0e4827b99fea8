//! The day of each document of a segment: from a list of stretches, or from the column where there is none.
//!
//! A segment is sorted by day, so a few thousand stretches tell the days of millions of documents. Opening the column
//! costs a process that asks one question more than the question, because tantivy unpacks a table of all of it.

use std::cell::Cell;

use tantivy::DocId;
use tantivy::columnar::Column;
use tantivy::directory::OwnedBytes;

/// Bytes of a number, and of a stretch of two: its first document, and the day as the index keeps it.
const NUMBER: usize = 4;
const STRETCH: usize = 2 * NUMBER;

/// The days of a segment.
#[derive(Clone)]
pub enum Days {
    /// Stretches of documents of one day.
    Stretches(Stretches),
    /// A number for each document.
    Column(Column<u64>),
}

impl Days {
    /// The day of a document as the index keeps it, 0 when undated.
    pub fn of(&self, doc: DocId) -> u64 {
        self.around(doc).day
    }

    /// Which documents about this one are known to have its day.
    fn around(&self, doc: DocId) -> Around {
        match self {
            Self::Stretches(stretches) => stretches.around(doc),
            Self::Column(column) => Around { from: doc, to: doc + 1, day: column.first(doc).unwrap_or(0) },
        }
    }
}

/// Stretches of documents of one day, as bytes.
#[derive(Clone)]
pub struct Stretches(OwnedBytes);

impl Stretches {
    /// Stretches from bytes; `None` where they do not begin with the first document.
    pub fn new(bytes: OwnedBytes) -> Option<Self> {
        let stretches = Self(bytes);
        stretches.stretch(0).filter(|(first, _)| *first == 0).map(|_| stretches.clone())
    }

    /// The days of `docs` documents as bytes.
    pub fn pack(docs: DocId, day: impl Fn(DocId) -> u64, to: &mut Vec<u8>) {
        let mut last = None;
        for doc in 0..docs {
            // No day of the calendar comes near the end of these numbers.
            let day = u32::try_from(day(doc)).unwrap_or(u32::MAX);
            if last.replace(day) != Some(day) {
                to.extend(doc.to_le_bytes());
                to.extend(day.to_le_bytes());
            }
        }
    }

    fn stretch(&self, at: usize) -> Option<(DocId, u32)> {
        let (first, rest) = self.0.get(at * STRETCH..)?.split_first_chunk::<NUMBER>()?;
        let (day, _) = rest.split_first_chunk::<NUMBER>()?;
        Some((u32::from_le_bytes(*first), u32::from_le_bytes(*day)))
    }

    fn around(&self, doc: DocId) -> Around {
        let (mut low, mut high) = (0, self.0.len() / STRETCH);
        while low < high {
            let middle = low.midpoint(high);
            if self.stretch(middle).is_some_and(|(first, _)| first <= doc) { low = middle + 1 } else { high = middle }
        }
        let (from, day) = low.checked_sub(1).and_then(|at| self.stretch(at)).unwrap_or_default();
        let to = self.stretch(low).map_or(DocId::MAX, |(first, _)| first);
        Around { from, to, day: u64::from(day) }
    }
}

/// Documents of one day: from one up to before another.
#[derive(Clone, Copy, Default)]
struct Around {
    from: DocId,
    to: DocId,
    day: u64,
}

/// Days that are asked for mostly in the order of documents.
pub struct DayWalk {
    days: Days,
    last: Cell<Around>,
}

impl DayWalk {
    /// Begins anywhere.
    pub fn new(days: Days) -> Self {
        Self { days, last: Cell::default() }
    }

    /// The day of a document as the index keeps it, 0 when undated.
    pub fn of(&self, doc: DocId) -> u64 {
        let last = self.last.get();
        if (last.from..last.to).contains(&doc) {
            return last.day;
        }
        let around = self.days.around(doc);
        self.last.set(around);
        around.day
    }
}

/// The first of `docs` documents that is not newer than `day`, when they are sorted newest first; `docs` where there is none.
pub fn first_up_to(docs: DocId, day: u64, of: impl Fn(DocId) -> u64) -> DocId {
    let (mut low, mut high) = (0, docs);
    while low < high {
        let middle = low.midpoint(high);
        if of(middle) > day { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stretches_tell_the_days_they_were_made_from(days in prop::collection::vec(0_u64..6, 1..60), asked in prop::collection::vec(0_usize..60, 0..40)) {
            let mut bytes = Vec::new();
            Stretches::pack(days.len() as DocId, |doc| days[doc as usize], &mut bytes);
            let stretches = Days::Stretches(Stretches::new(OwnedBytes::new(bytes)).unwrap());
            let walk = DayWalk::new(stretches.clone());
            for at in asked.into_iter().filter(|at| *at < days.len()).chain(0..days.len()) {
                prop_assert_eq!(stretches.of(at as DocId), days[at]);
                prop_assert_eq!(walk.of(at as DocId), days[at]);
            }
        }

        #[test]
        fn altered_stretches_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..50), doc in any::<DocId>()) {
            if let Some(stretches) = Stretches::new(OwnedBytes::new(bytes)) {
                Days::Stretches(stretches).of(doc);
            }
        }
    }

    #[test]
    fn the_first_document_of_a_day() {
        let check = |days: &[u64], day, expected| {
            assert_eq!(first_up_to(days.len() as DocId, day, |doc| days[doc as usize]), expected)
        };
        check(&[], 5, 0);
        check(&[9, 7, 7, 5, 0], 9, 0);
        check(&[9, 7, 7, 5, 0], 7, 1);
        check(&[9, 7, 7, 5, 0], 6, 3);
        check(&[9, 7], 6, 2);
    }
}
