//! The numbers of words, and who hands them out.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustc_hash::FxHashMap;

use super::{Lexicon, Row, Step};

/// How many words have a number of their own; the rarest of a hostile text must not fill the memory.
pub const MOST_NUMBERED: u32 = 200_000;

/// How many steps the rows have that have a number.
const MOST_STEPS: usize = 1 << 20;

/// Numbers words for several threads.
#[derive(Debug, Clone, Default)]
pub struct Book(Arc<RwLock<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    edition: Edition,
    words: FxHashMap<Box<str>, u32>,
    rows: FxHashMap<Box<[Step]>, u32>,
}

impl Pages {
    /// The number of a word, or that there will be none; `None` for one that can be added.
    fn answer(&self, packed: &str) -> Option<Option<u32>> {
        let number = self.words.get(packed).copied();
        let is_full = self.edition.lexicon.len() >= MOST_NUMBERED as usize;
        (number.is_some() || is_full).then_some(number)
    }
}

/// What stands behind the numbers of a [`Book`] at a time. A number that was handed out stands for the same ever after.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// The words that have a number.
    pub lexicon: Lexicon,
    /// The steps of all rows that have a number.
    steps: Vec<Step>,
    /// Where the steps of each end.
    rows: Vec<usize>,
}

impl Edition {
    /// Hands over the words of some steps by their numbers, each with its place.
    #[inline]
    pub fn each_word(&self, steps: impl Iterator<Item = Step>, mut word: impl FnMut(u32, u32)) {
        let mut next = 0_u32;
        let mut at = |step: Step| {
            let Some(number) = step.number() else {
                next = next.saturating_add(step.free());
                return;
            };
            let place = if step.is_at_same_place() { next.saturating_sub(1) } else { next };
            next = place.saturating_add(1);
            word(number, place);
        };
        for step in steps {
            match step.row() {
                Some(number) => self.row(number).iter().for_each(|step| at(*step)),
                None => at(step),
            }
        }
    }

    /// The steps of a row that has a number.
    fn row(&self, number: u32) -> &[Step] {
        let number = number as usize;
        let end = |at: usize| self.rows.get(at).copied().unwrap_or_default();
        self.steps.get(number.checked_sub(1).map_or(0, end)..end(number)).unwrap_or_default()
    }
}

impl Book {
    /// What it has so far.
    pub fn edition(&self) -> Edition {
        self.read().edition.clone()
    }

    /// Whether both are the same book.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The number of a word, by its forms; `None` where there is no room for it.
    pub fn number(&self, packed: &str) -> Option<u32> {
        // Once it is full nobody waits for anybody.
        if let Some(answer) = self.read().answer(packed) {
            return answer;
        }
        let mut pages = self.write();
        if let Some(answer) = pages.answer(packed) {
            return answer;
        }
        let number = pages.edition.lexicon.push(packed)?;
        pages.words.insert(packed.into(), number);
        Some(number)
    }

    /// The same row as one step, if there is room: for rows that will come up again and again.
    pub fn keep(&self, row: Row) -> Row {
        if row.rare().is_some() || row.steps().iter().any(|step| step.row().is_some()) {
            return row;
        }
        if let Some(number) = self.read().rows.get(row.steps()) {
            return row.as_one(Step::row_of(*number));
        }
        let mut pages = self.write();
        let Pages { edition: Edition { steps, rows: ends, .. }, rows, .. } = &mut *pages;
        let number = match rows.get(row.steps()) {
            Some(number) => *number,
            None if steps.len() + row.steps().len() > MOST_STEPS => return row,
            None => {
                // There are fewer rows than steps.
                let number = ends.len() as u32;
                steps.extend_from_slice(row.steps());
                ends.push(steps.len());
                rows.insert(row.steps().into(), number);
                number
            }
        };
        row.as_one(Step::row_of(number))
    }

    fn read(&self) -> RwLockReadGuard<'_, Pages> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Pages> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
