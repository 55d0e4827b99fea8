//! Rows in few bytes, for whoever keeps many of them.
//!
//! The words that are met first have the lowest numbers, and these are the frequent ones, so that most words of a text
//! take a byte or two.

use super::Step;

/// Before the number of a word at the place of the one before.
const SAME_PLACE: u32 = 0;
/// Before how many places are left free.
const FREE: u32 = 1;
/// Before the number of another row.
const ROW: u32 = 2;
/// What is added to the number of any other word.
const WORD: u32 = 3;

/// In a byte: another one follows.
const MORE: u8 = 0x80;
const BITS: u32 = 7;

/// Adds a number, seven bits a byte, the lowest first.
pub fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= u32::from(MORE) {
        bytes.push(number as u8 | MORE);
        number >>= BITS;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front; `None` at the end.
pub fn take(bytes: &mut &[u8]) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & !MORE).wrapping_shl(shift);
        if byte & MORE == 0 {
            return Some(number);
        }
        shift += BITS;
    }
}

/// Adds a step.
pub fn put_step(bytes: &mut Vec<u8>, step: Step) {
    let mut marked = |mark, number| {
        put(bytes, mark);
        put(bytes, number);
    };
    match (step.row(), step.number()) {
        (Some(row), _) => marked(ROW, row),
        (None, None) => marked(FREE, step.free()),
        (None, Some(number)) if step.is_at_same_place() => marked(SAME_PLACE, number),
        (None, Some(number)) => put(bytes, number + WORD),
    }
}

/// Steps that were packed one behind the other.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a>(pub &'a [u8]);

impl Iterator for Steps<'_> {
    type Item = Step;

    #[inline]
    fn next(&mut self) -> Option<Step> {
        match take(&mut self.0)? {
            SAME_PLACE => take(&mut self.0).map(|number| Step::word(number).at_same_place()),
            FREE => take(&mut self.0).map(Step::gap),
            ROW => take(&mut self.0).map(Step::row_of),
            word => Some(Step::word(word - WORD)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(steps: &[Step]) {
        let mut bytes = Vec::new();
        steps.iter().for_each(|step| put_step(&mut bytes, *step));
        assert_eq!(Steps(&bytes).collect::<Vec<_>>(), steps);
        // What is cut short ends there.
        (0..bytes.len()).for_each(|end| assert!(Steps(&bytes[..end]).count() <= steps.len()));
    }

    proptest! {
        #[test]
        fn steps_come_back(numbers in prop::collection::vec((0..4, prop_oneof![0..300_u32, 0..u32::MAX >> 3]), 0..20)) {
            let step = |(kind, number)| match kind {
                0 => Step::word(number),
                1 => Step::word(number).at_same_place(),
                2 => Step::gap(number),
                _ => Step::row_of(number),
            };
            check(&numbers.into_iter().map(step).collect::<Vec<_>>());
        }

        #[test]
        fn numbers_come_back(number in prop_oneof![0..300_u32, any::<u32>()]) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            prop_assert!(bytes.len() <= 5);
            prop_assert_eq!(take(&mut bytes.as_slice()), Some(number));
        }
    }

    #[test]
    fn frequent_words_take_a_byte() {
        let mut bytes = Vec::new();
        put_step(&mut bytes, Step::word(124));
        assert_eq!(bytes.len(), 1);
        put_step(&mut bytes, Step::word(16_380));
        assert_eq!(bytes.len(), 3);
    }
}
