//! The forms of words, packed, by number.

use std::ops::Add;

use super::{Form, word_of};

/// Ends a token.
const END: char = '\0';

/// Ends the tokens of a form.
const FORM_END: char = '\u{1}';

/// The forms that are kept of a word, in the order in which they are.
const KEPT: [Form; 3] = [Form::Stemmed, Form::Filed, Form::Spelt];

/// The forms of words, by number.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    packed: String,
    /// Where the forms of each word end.
    ends: Vec<u32>,
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
        self.packed.capacity() + self.ends.capacity() * size_of::<u32>()
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

    /// Those of all forms that are kept.
    pub fn each(self) -> [Count; KEPT.len()] {
        self.0
    }

    /// Those of one form; of [`Form::Written`], which is not kept, there are none.
    pub fn of(&self, form: Form) -> Count {
        part_of(form).map(|part| self.0[part]).unwrap_or_default()
    }
}

impl<Count: Copy + Default + Add<Output = Count>> Counts<Count> {
    /// Adds others.
    pub fn add<More: Copy + Into<Count>>(&mut self, more: Counts<More>) {
        for (count, more) in self.0.iter_mut().zip(more.0) {
            *count = *count + more.into();
        }
    }
}

impl<Count> From<[Count; KEPT.len()]> for Counts<Count> {
    fn from(each: [Count; KEPT.len()]) -> Self {
        Self(each)
    }
}

/// Where the tokens of a form are among those that are kept: folded ones are in filed ones.
fn part_of(form: Form) -> Option<usize> {
    let kept = if form == Form::Folded { Form::Filed } else { form };
    KEPT.iter().position(|one| *one == kept)
}
