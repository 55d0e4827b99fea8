//! Texts as rows of numbers, one for each word, and the book that knows the forms behind a number.
//!
//! An index is made of the forms of words, and news says the same words over and over. Whoever writes an index counts
//! numbers and looks at letters once for each word.

use std::ops::Add;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustc_hash::FxHashMap;

use super::{Form, word_of};

/// How many words have a number of their own; the rarest of a hostile text must not fill the memory.
pub const MOST_NUMBERED: u32 = 200_000;

/// How many steps the rows have that have a number.
const MOST_STEPS: usize = 1 << 20;

/// Ends a token.
const END: char = '\0';

/// Ends the tokens of a form.
const FORM_END: char = '\u{1}';

/// The forms that are kept of a word, in the order in which they are.
const KEPT: [Form; 3] = [Form::Stemmed, Form::Filed, Form::Spelt];

/// The forms of words, by number; and rows that come up again and again, by number.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    packed: String,
    /// Where the forms of each word end.
    ends: Vec<u32>,
    steps: Vec<Step>,
    /// Where the steps of each row end.
    rows: Vec<usize>,
}

impl Lexicon {
    /// How many words it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.packed.len() + self.ends.len() * size_of::<u32>()
    }

    /// The forms of a word as one string, which no other word has unless its forms are the same.
    pub fn packed(&self, number: usize) -> &str {
        let end = |at: Option<usize>| at.and_then(|at| self.ends.get(at)).map_or(0, |end| *end as usize);
        self.packed.get(end(number.checked_sub(1))..end(Some(number))).unwrap_or_default()
    }

    /// Adds a word whose forms are [`packed`](Self::packed) so; `None` when it would be too large to be addressed.
    pub fn push(&mut self, packed: &str) -> Option<u32> {
        let number = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.packed.len() + packed.len()).ok()?;
        self.packed.push_str(packed);
        self.ends.push(end);
        Some(number)
    }

    /// The steps of a row that has a number.
    fn row(&self, number: u32) -> &[Step] {
        let number = number as usize;
        let end = |at: usize| self.rows.get(at).copied().unwrap_or_default();
        self.steps.get(number.checked_sub(1).map_or(0, end)..end(number)).unwrap_or_default()
    }

    /// The words of some steps by their numbers, each with its place.
    pub fn words<'a>(&'a self, steps: &'a [Step]) -> impl Iterator<Item = (u32, u32)> + 'a {
        let mut next = 0_u32;
        let place = move |step: &Step| {
            let Some(number) = step.number() else {
                next = next.saturating_add(step.free());
                return None;
            };
            let place = if step.is_at_same_place() { next.saturating_sub(1) } else { next };
            next = place.saturating_add(1);
            Some((number, place))
        };
        let all = |step: &'a Step| step.row().map_or(std::slice::from_ref(step), |number| self.row(number));
        steps.iter().flat_map(all).filter_map(place)
    }

    /// The tokens of a word in a form: those that [`super::tokens`] gives for it.
    ///
    /// [`Form::Written`] is not kept; of it there are none.
    pub fn tokens(&self, number: usize, form: Form) -> impl Iterator<Item = &str> {
        let tokens = part_of(form).and_then(|part| self.packed(number).split(FORM_END).nth(part)).unwrap_or_default();
        tokens.split_terminator(END).map(move |token| if form == Form::Folded { word_of(token) } else { token })
    }
}

/// Packs the tokens of a word, form after form, and counts them.
pub fn pack(packed: &mut String, mut of: impl FnMut(Form, &mut dyn FnMut(&str))) -> Counts<u8> {
    packed.clear();
    let mut counts = Counts::default();
    for (form, count) in KEPT.into_iter().zip(&mut counts.0) {
        of(form, &mut |token| {
            packed.push_str(token);
            packed.push(END);
            *count += 1;
        });
        packed.push(FORM_END);
    }
    counts
}

/// How many tokens something has in each form that is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts<Count = u32>([Count; KEPT.len()]);

impl<Count: Copy + Default> Counts<Count> {
    /// One in each form.
    pub fn one() -> Self
    where
        Count: From<u8>,
    {
        Self([Count::from(1); KEPT.len()])
    }

    /// Those of one form; of [`Form::Written`], which is not kept, there are none.
    pub fn of(&self, form: Form) -> Count {
        part_of(form).map(|part| self.0[part]).unwrap_or_default()
    }
}

impl<Count: Copy + Default + Ord + Add<Output = Count>> Counts<Count> {
    /// The most of any form.
    pub fn most(&self) -> Count {
        self.0.into_iter().max().unwrap_or_default()
    }

    /// Adds others.
    pub fn add<More: Copy + Into<Count>>(&mut self, more: Counts<More>) {
        for (count, more) in self.0.iter_mut().zip(more.0) {
            *count = *count + more.into();
        }
    }
}

/// Where the tokens of a form are among those that are kept: folded ones are in filed ones.
fn part_of(form: Form) -> Option<usize> {
    let kept = if form == Form::Folded { Form::Filed } else { form };
    KEPT.iter().position(|one| *one == kept)
}

/// A lexicon that several threads add to and read.
#[derive(Debug, Clone, Default)]
pub struct Book(Arc<RwLock<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    lexicon: Lexicon,
    words: FxHashMap<Box<str>, u32>,
    rows: FxHashMap<Box<[Step]>, u32>,
}

impl Book {
    /// The words so far. A number that was handed out stands for the same word ever after.
    pub fn lexicon(&self) -> Lexicon {
        self.read().lexicon.clone()
    }

    /// The number of a word, if there is room for it.
    pub fn number(&self, packed: &str) -> Option<u32> {
        let known = |pages: &Pages| pages.words.get(packed).copied();
        if let Some(number) = known(&self.read()) {
            return Some(number);
        }
        let mut pages = self.write();
        if let Some(number) = known(&pages) {
            return Some(number);
        }
        let has_room = pages.lexicon.len() < MOST_NUMBERED as usize;
        let number = has_room.then(|| pages.lexicon.push(packed)).flatten()?;
        pages.words.insert(packed.into(), number);
        Some(number)
    }

    /// The same row as one step, if there is room: for rows that will come up again and again.
    pub fn keep(&self, row: Row) -> Row {
        if !row.rare.is_empty() || row.steps.iter().any(|step| step.row().is_some()) {
            return row;
        }
        let mut pages = self.write();
        let Pages { lexicon, rows, .. } = &mut *pages;
        let number = match rows.get(row.steps.as_slice()) {
            Some(number) => *number,
            None if lexicon.steps.len() + row.steps.len() > MOST_STEPS => return row,
            None => {
                // There are fewer rows than steps.
                let number = lexicon.rows.len() as u32;
                lexicon.steps.extend_from_slice(&row.steps);
                lexicon.rows.push(lexicon.steps.len());
                rows.insert(row.steps.as_slice().into(), number);
                number
            }
        };
        Row { steps: vec![Step(Step::ROW | number)], ..row }
    }

    fn read(&self) -> RwLockReadGuard<'_, Pages> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Pages> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One step along a row: a word, places left free, or another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step(u32);

impl Step {
    /// A place left free, over which no phrase reaches.
    pub const GAP: Self = Self(Self::FREE | 1);

    /// In a step: it stands at the place of the one before.
    const SAME_PLACE: u32 = 1 << 31;
    /// In a step: it is so many places left free.
    const FREE: u32 = 1 << 30;
    /// In a step: it is a row of the book.
    const ROW: u32 = 1 << 29;
    /// All that is left for a number.
    const NUMBER: u32 = Self::ROW - 1;

    /// A word at the next place, by its number. Numbers from [`MOST_NUMBERED`] are those of the lexicon of its row.
    pub fn word(number: u32) -> Self {
        Self(number.min(Self::NUMBER))
    }

    /// So many places left free.
    pub fn gap(places: u32) -> Self {
        Self(Self::FREE | places.min(Self::NUMBER))
    }

    /// The same word at the place of the step before.
    #[must_use]
    pub fn at_same_place(self) -> Self {
        Self(self.0 | Self::SAME_PLACE)
    }

    /// Whether it stands at the place of the step before.
    pub fn is_at_same_place(self) -> bool {
        self.0 & Self::SAME_PLACE != 0
    }

    /// The number of its word; `None` for places left free, and for another row.
    pub fn number(self) -> Option<u32> {
        (self.0 & (Self::FREE | Self::ROW) == 0).then_some(self.0 & Self::NUMBER)
    }

    /// The number of the row it stands for.
    fn row(self) -> Option<u32> {
        (self.0 & Self::ROW != 0).then_some(self.0 & Self::NUMBER)
    }

    /// How many places it leaves free.
    fn free(self) -> u32 {
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
    /// The words for which the book had no room.
    rare: Lexicon,
}

impl Row {
    /// With room for so many steps.
    pub fn with_capacity(steps: usize) -> Self {
        Self { steps: Vec::with_capacity(steps), ..Self::default() }
    }

    /// Its steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many tokens its words have.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Its words that have no number in the book.
    pub fn rare(&self) -> &Lexicon {
        &self.rare
    }

    /// Whether it has nothing.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.steps()) + self.rare.bytes()
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
        match self.rare.push(packed).map(|rare| Step::word(MOST_NUMBERED + rare)) {
            Some(step) if same_place => self.push(step.at_same_place(), counts),
            Some(step) => self.push(step, counts),
            None if same_place => (),
            None => self.part(1),
        }
    }

    /// Adds all steps of another row.
    pub fn extend(&mut self, other: &Self) {
        self.counts.add(other.counts);
        if other.rare.is_empty() {
            self.steps.extend_from_slice(&other.steps);
            return;
        }
        for step in &other.steps {
            match step.rare() {
                // They are counted.
                Some(rare) => {
                    self.push_rare(other.rare.packed(rare), step.is_at_same_place(), Counts::default());
                }
                None => self.steps.push(*step),
            }
        }
    }
}
