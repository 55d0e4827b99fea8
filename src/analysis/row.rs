//! Texts as rows of numbers, one for each word.
//!
//! An index is made of the forms of words, and news says the same words over and over. Whoever writes an index counts
//! numbers and looks at letters once for each word.

use super::{Counts, Lexicon, MOST_NUMBERED};

/// One step along a row: a word, places left free, or another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step(u32);

impl Step {
    /// In a step: it stands at the place of the one before.
    const SAME_PLACE: u32 = 1 << 31;
    /// In a step: it is so many places left free.
    const FREE: u32 = 1 << 30;
    /// In a step: it is a row of the book.
    const ROW: u32 = 1 << 29;
    /// All that is left for a number.
    const NUMBER: u32 = Self::ROW - 1;

    /// A word at the next place, by its number. Numbers from [`MOST_NUMBERED`] are those of the lexicon of its row.
    #[inline]
    pub fn word(number: u32) -> Self {
        Self(number.min(Self::NUMBER))
    }

    /// So many places left free, over which no phrase reaches.
    #[inline]
    pub fn gap(places: u32) -> Self {
        Self(Self::FREE | places.min(Self::NUMBER))
    }

    /// The same word at the place of the step before.
    #[must_use]
    pub fn at_same_place(self) -> Self {
        Self(self.0 | Self::SAME_PLACE)
    }

    /// Whether it stands at the place of the step before.
    #[inline]
    pub fn is_at_same_place(self) -> bool {
        self.0 & Self::SAME_PLACE != 0
    }

    /// The number of its word; `None` for places left free, and for another row.
    #[inline]
    pub fn number(self) -> Option<u32> {
        (self.0 & (Self::FREE | Self::ROW) == 0).then_some(self.0 & Self::NUMBER)
    }

    /// Another row, by its number in the book.
    #[inline]
    pub(super) fn row_of(number: u32) -> Self {
        Self(Self::ROW | number & Self::NUMBER)
    }

    /// The number of the row it stands for.
    #[inline]
    pub(super) fn row(self) -> Option<u32> {
        (self.0 & Self::ROW != 0).then_some(self.0 & Self::NUMBER)
    }

    /// How many places it leaves free.
    #[inline]
    pub(super) fn free(self) -> u32 {
        if self.0 & Self::FREE == 0 { 0 } else { self.0 & Self::NUMBER }
    }

    /// The number of its word in the lexicon of its row, if that is where it is.
    pub fn rare(self) -> Option<usize> {
        self.number().and_then(|number| number.checked_sub(MOST_NUMBERED)).map(|rare| rare as usize)
    }

    /// The same step with another number.
    #[must_use]
    pub fn renumbered(self, number: u32) -> Self {
        Self(Self::word(number).0 | self.0 & Self::SAME_PLACE)
    }
}

/// A text as its words.
#[derive(Debug, Clone, Default)]
pub struct Row {
    steps: Vec<Step>,
    /// How many tokens that comes to.
    counts: Counts,
    /// The words for which the book had no room, if there are any.
    rare: Option<Box<Lexicon>>,
}

impl Row {
    /// With room for so many steps.
    pub fn with_capacity(steps: usize) -> Self {
        Self { steps: Vec::with_capacity(steps), ..Self::default() }
    }

    /// The same as one step, which is a row of the book with the same steps.
    pub(super) fn as_one(&self, step: Step) -> Self {
        Self { steps: vec![step], counts: self.counts, rare: None }
    }

    /// Its steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many tokens its words have.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Its words that have no number in the book, if there are any.
    pub fn rare(&self) -> Option<&Lexicon> {
        self.rare.as_deref()
    }

    /// Whether it has nothing.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.steps.capacity() * size_of::<Step>() + self.rare().map_or(0, Lexicon::bytes)
    }

    /// Leaves so many places free.
    pub fn part(&mut self, places: u32) {
        self.steps.push(Step::gap(places));
    }

    /// Adds a word by its number in the book; it has so many tokens.
    pub fn push(&mut self, step: Step, counts: Counts<u8>) {
        self.counts.add(counts);
        self.steps.push(step);
    }

    /// Adds a word that has no number in the book.
    pub fn push_rare(&mut self, packed: &str, same_place: bool, counts: Counts<u8>) {
        // One that has no room here either is a place left free.
        match self.rare.get_or_insert_default().push(packed).map(|rare| Step::word(MOST_NUMBERED + rare)) {
            Some(step) if same_place => self.push(step.at_same_place(), counts),
            Some(step) => self.push(step, counts),
            None if same_place => (),
            None => self.part(1),
        }
    }

    /// Adds all steps of another row.
    pub fn extend(&mut self, other: &Self) {
        self.counts.add(other.counts);
        let Some(rare_words) = other.rare() else {
            // Stems of names come one by one, and many.
            match other.steps.as_slice() {
                [one] => self.steps.push(*one),
                all => self.steps.extend_from_slice(all),
            }
            return;
        };
        for step in &other.steps {
            match step.rare() {
                // They are counted.
                Some(rare) => {
                    self.push_rare(rare_words.packed(rare), step.is_at_same_place(), Counts::default());
                }
                None => self.steps.push(*step),
            }
        }
    }
}
