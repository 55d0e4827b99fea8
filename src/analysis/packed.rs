//! Rows in few bytes, for whoever keeps many of them.
//!
//! A step is a unit of 16 bits. The words that are met first have the lowest numbers, and these are the frequent ones, so
//! that hardly any needs more than one.

use super::Step;

/// Units from 0: as many words.
const WORDS: u32 = 0x8000;
/// Units from [`WORDS`]: as many rows.
const ROWS: u32 = 0x6000;
/// Units behind those: as many lengths of places left free.
const FREE: u32 = 0x1000;

/// Before two units with a number that is too large for one, low half first.
const LARGE_WORD: u16 = 0xfffb;
const LARGE_ROW: u16 = 0xfffc;
const LARGE_FREE: u16 = 0xfffd;
/// Before those of a word at the place of the one before, however small its number.
const SAME_PLACE: u16 = 0xfffe;
/// Before those of a number that is no step.
const LARGE: u16 = 0xffff;

/// Adds a number.
pub fn put(units: &mut Vec<u16>, number: u32) {
    if number < u32::from(LARGE) { units.push(number as u16) } else { put_large(units, LARGE, number) }
}

fn put_large(units: &mut Vec<u16>, mark: u16, number: u32) {
    units.extend([mark, number as u16, (number >> 16) as u16]);
}

/// Takes a number from the front; `None` at the end.
#[inline]
pub fn take(units: &mut &[u16]) -> Option<u32> {
    let (first, rest) = units.split_first()?;
    *units = rest;
    if *first == LARGE { take_large(units) } else { Some(u32::from(*first)) }
}

fn take_large(units: &mut &[u16]) -> Option<u32> {
    let ([low, high], rest) = units.split_first_chunk()?;
    *units = rest;
    Some(u32::from(*high) << 16 | u32::from(*low))
}

/// Adds a step.
#[inline]
pub fn put_step(units: &mut Vec<u16>, step: Step) {
    let mut unit = |number: u32, first: u32, count: u32, large: u16| {
        if number < count { units.push((first + number) as u16) } else { put_large(units, large, number) }
    };
    match (step.number(), step.row()) {
        (Some(number), _) if step.is_at_same_place() => put_large(units, SAME_PLACE, number),
        (Some(number), _) => unit(number, 0, WORDS, LARGE_WORD),
        (None, Some(row)) => unit(row, WORDS, ROWS, LARGE_ROW),
        (None, None) => unit(step.free(), WORDS + ROWS, FREE, LARGE_FREE),
    }
}

/// Steps that were packed one behind the other.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a>(pub &'a [u16]);

impl Steps<'_> {
    fn other(&mut self, unit: u16) -> Option<Step> {
        let number = u32::from(unit) - WORDS;
        match unit {
            SAME_PLACE => take_large(&mut self.0).map(|number| Step::word(number).at_same_place()),
            LARGE_WORD => take_large(&mut self.0).map(Step::word),
            LARGE_ROW => take_large(&mut self.0).map(Step::row_of),
            LARGE_FREE => take_large(&mut self.0).map(Step::gap),
            _ if number < ROWS => Some(Step::row_of(number)),
            _ => Some(Step::gap(number - ROWS)),
        }
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    #[inline]
    fn next(&mut self) -> Option<Step> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        let number = u32::from(*first);
        if number < WORDS { Some(Step::word(number)) } else { self.other(*first) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(steps: &[Step]) {
        let mut units = Vec::new();
        steps.iter().for_each(|step| put_step(&mut units, *step));
        assert_eq!(Steps(&units).collect::<Vec<_>>(), steps);
        // What is cut short ends there.
        (0..units.len()).for_each(|end| assert!(Steps(&units[..end]).count() <= steps.len()));
    }

    proptest! {
        #[test]
        fn steps_come_back(numbers in prop::collection::vec((0..4, prop_oneof![0..0x20000_u32, 0..u32::MAX >> 3]), 0..20)) {
            let step = |(kind, number)| match kind {
                0 => Step::word(number),
                1 => Step::word(number).at_same_place(),
                2 => Step::gap(number),
                _ => Step::row_of(number),
            };
            check(&numbers.into_iter().map(step).collect::<Vec<_>>());
        }

        #[test]
        fn numbers_come_back(number in prop_oneof![0xfff0..0x10010_u32, any::<u32>()]) {
            let mut units = Vec::new();
            put(&mut units, number);
            prop_assert_eq!(take(&mut units.as_slice()), Some(number));
        }
    }

    #[test]
    fn frequent_words_and_rows_take_a_unit() {
        fn check(step: Step, expected: usize) {
            let mut units = Vec::new();
            put_step(&mut units, step);
            assert_eq!(units.len(), expected, "{step:?}");
        }
        check(Step::word(0), 1);
        check(Step::word(0x7fff), 1);
        check(Step::word(0x8000), 3);
        check(Step::row_of(0x5fff), 1);
        check(Step::row_of(0x6000), 3);
        check(Step::gap(0xfff), 1);
        check(Step::gap(0x1000), 3);
        check(Step::word(1).at_same_place(), 3);
    }
}
