//! Bounds on the confidence of quotes: `confidence>=0.8`, `confidence:0.5..0.8`.
//!
//! Confidence is kept in hundredths, so a bound is a pair of whole numbers and no rounding decides what is found.

use std::fmt::{self, Display, Formatter};

use crate::error::{Error, Result};
use crate::query::date::Bound;

/// Hundredths from the least to the most that count, both included; at most 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    /// The least.
    pub from: u8,
    /// The most.
    pub to: u8,
}

impl Display for Chance {
    /// Writes `0.8..`, `..0.5`, `0.5..0.8` or `0.8`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shown = |hundredths: u8| match hundredths % 10 {
            0 => format!("{:.1}", f32::from(hundredths) / 100.0),
            _ => format!("{:.2}", f32::from(hundredths) / 100.0),
        };
        match (self.from, self.to) {
            (from, to) if from == to => f.write_str(&shown(from)),
            (from, 100) => write!(f, "{}..", shown(from)),
            (0, to) => write!(f, "..{}", shown(to)),
            (from, to) => write!(f, "{}..{}", shown(from), shown(to)),
        }
    }
}

/// Returns the bounds that `text`, the value at byte `at`, stands for.
///
/// # Errors
/// When it is no number from 0 to 1, or nothing lies between its ends.
pub(super) fn bounds(bound: Bound, text: &str, at: usize) -> Result<Chance> {
    let wrong = |message: String| {
        Error::query(message, at).hint("write `confidence>=0.8`, `confidence<0.5` or `confidence:0.5..0.8`")
    };
    let number = |text: &str| -> Result<f64> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = text.parse::<f64>().ok().filter(|value| plain && (0.0..=1.0).contains(value));
        value
            .map(|value| value * 100.0)
            .ok_or_else(|| wrong(format!("`{text}` is no confidence; it lies between 0 and 1")))
    };
    // What a decimal fraction loses as a binary one.
    let slack = 1e-6;
    let (up, down) = (|value: f64| (value - slack).ceil() as i32, |value: f64| (value + slack).floor() as i32);
    let text = text.trim();
    let (from, to) = match (bound, text.split_once("..")) {
        (Bound::On, Some((from, to))) => {
            let from = if from.is_empty() { 0 } else { up(number(from)?) };
            (from, if to.is_empty() { 100 } else { down(number(to)?) })
        }
        (_, Some(_)) => return Err(wrong(format!("`{text}` is a range where one number belongs"))),
        (Bound::On, None) => (up(number(text)?), down(number(text)?)),
        (Bound::Since, None) => (up(number(text)?), 100),
        (Bound::Until, None) => (0, down(number(text)?)),
        (Bound::After, None) => (down(number(text)?) + 1, 100),
        (Bound::Before, None) => (0, up(number(text)?) - 1),
    };
    match (u8::try_from(from), u8::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to && to <= 100 => Ok(Chance { from, to }),
        _ => Err(wrong(format!("no confidence lies in `{text}`; it is kept in hundredths"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_hundredths() {
        let check = |bound: Bound, text: &str, expected: &str| {
            let found = bounds(bound, text, 0).map_or_else(|error| error.to_string(), |chance| chance.to_string());
            assert!(found.contains(expected), "{bound:?} {text}: {found}");
        };
        check(Bound::Since, "0.8", "0.8..");
        check(Bound::After, "0.8", "0.81..");
        check(Bound::Until, "0.855", "..0.85");
        check(Bound::Before, "0.5", "..0.49");
        check(Bound::On, "0.5..0.75", "0.5..0.75");
        check(Bound::On, "..", "0.0..");
        check(Bound::On, ".9", "0.9");
        check(Bound::On, "1", "1.0");
        check(Bound::Since, "2", "between 0 and 1");
        check(Bound::Since, "-0.1", "between 0 and 1");
        check(Bound::Since, "NaN", "between 0 and 1");
        check(Bound::Since, "", "between 0 and 1");
        check(Bound::Since, "0.5..0.8", "one number");
        check(Bound::After, "1", "no confidence lies");
        check(Bound::Before, "0", "no confidence lies");
        check(Bound::On, "0.555", "no confidence lies");
        check(Bound::On, "0.8..0.5", "no confidence lies");
    }
}
