//! Dates in a question: `date:2022`, `after:2022-02-05`, `date>=2022`, `date:[2020 TO 2021]`, all read as whole periods.
//!
//! The grammar of a period is [`Period::parse`]; this file only says which end of it each spelling means. Whatever
//! cannot be read is an error with the position of the value: a lost date filter would be a wrong answer.

use crate::date::{Day, Period};
use crate::error::{Error, Result};
use crate::field::{self, Field, FieldInfo};
use crate::query::Node;

/// Which part of the time line a date stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// The period itself: `date:`, `on:`, `=`.
    On,
    /// From its first day on: `since:`, `>=`.
    Since,
    /// Up to its last day: `until:`, `<=`.
    Until,
    /// Later than its last day: `after:`, `>`.
    After,
    /// Earlier than its first day: `before:`, `<`.
    Before,
}

/// The names that are not fields but ends of [`Field::Date`].
const BOUNDS: [(&str, Bound); 5] = [
    ("on", Bound::On),
    ("since", Bound::Since),
    ("until", Bound::Until),
    ("after", Bound::After),
    ("before", Bound::Before),
];

/// Returns the field and the bound that `name` means before a colon.
pub(super) fn named(name: &str) -> Option<(&'static FieldInfo, Bound)> {
    let bound = BOUNDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match bound {
        Some((_, bound)) => Some((field::info(Field::Date), *bound)),
        None => field::by_name(name).map(|row| (row, Bound::On)),
    }
}

/// Reads a comparison such as `>=` at the beginning of `rest`; returns what it means and its length with blanks.
pub(super) fn comparison(rest: &str) -> Option<(Bound, usize)> {
    let sign = rest.trim_start();
    let (bound, width) = match sign.as_bytes() {
        [b'>', b'=', ..] => (Bound::Since, 2),
        [b'<', b'=', ..] => (Bound::Until, 2),
        [b'>', ..] => (Bound::After, 1),
        [b'<', ..] => (Bound::Before, 1),
        [b'=', ..] if sign.len() == rest.len() => (Bound::On, 1),
        _ => return None,
    };
    let value = sign[width..].trim_start();
    (!value.is_empty()).then_some((bound, rest.len() - value.len()))
}

/// Returns the condition that `text`, the value of `field` at byte `at`, stands for.
///
/// # Errors
/// When it is no period, or has no end on the side that `bound` asks for.
pub(super) fn condition(field: Field, bound: Bound, text: &str, today: Day, at: usize) -> Result<Node> {
    let bare = text.trim();
    if field == Field::Date && bound == Bound::On {
        match bare {
            "*" => return Ok(Node::Is(Field::Has, "date")),
            _ if bare.eq_ignore_ascii_case("none") => return Ok(Node::none_of(Node::Is(Field::Has, "date"))),
            _ => {}
        }
    }
    let period = match bound {
        Bound::On => Period::parse(bare, today),
        _ => bounded(bound, bare, today),
    };
    period.map(|period| Node::Period(field, period)).map_err(|message| {
        let hint =
            "dates are `2022`, `2022-02`, `2022-02-05`, `2022-Q1`, `2022..2023` or `3w..` (the last three weeks)";
        Error::query(message, at).hint(hint)
    })
}

fn bounded(bound: Bound, text: &str, today: Day) -> std::result::Result<Period, String> {
    if text.contains("..") {
        return Err(format!("`{text}` is a range where one date belongs"));
    }
    // An open range also knows the ends that count back from today, such as `3w`.
    let first = Period::parse(&format!("{text}.."), today)?.from;
    let last = Period::parse(&format!("..{text}"), today)?.to;
    let beyond = |day: Option<Day>, days: i32| {
        let moved = day.map(|day| day.plus(days)).filter(|moved| Some(*moved) != day);
        moved.map(Some).ok_or_else(|| format!("there is no day beyond `{text}`"))
    };
    Ok(match bound {
        Bound::On => Period { from: first, to: last },
        Bound::Since => Period { from: first, to: None },
        Bound::Until => Period { from: None, to: last },
        Bound::After => Period { from: beyond(last, 1)?, to: None },
        Bound::Before => Period { from: None, to: beyond(first, -1)? },
    })
}

/// Returns `A..B` for the inside of Lucene's `[A TO B]`, `*` being an open end.
///
/// # Errors
/// When it is not of that form.
pub(super) fn bracketed(inside: &str, at: usize) -> Result<String> {
    let ends: Vec<&str> = inside.split_whitespace().collect();
    match ends[..] {
        ["*", "TO", "*"] => Ok("*".to_owned()),
        ["*", "TO", to] => Ok(format!("..{to}")),
        [from, "TO", "*"] => Ok(format!("{from}..")),
        [from, "TO", to] => Ok(format!("{from}..{to}")),
        _ => Err(Error::query(format!("`[{inside}]` is not a period"), at)
            .hint("write `2020..2021`, or `[2020 TO 2021]` as in Lucene")),
    }
}
