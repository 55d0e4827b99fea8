//! The shapes of timelines for programs: a period, alone or beside other questions.

use std::io::{self, Write};

use serde::Serialize;

use super::json::write;
use crate::hits::Share;

#[derive(Serialize)]
struct PeriodShape<'a> {
    period: &'a str,
    articles: u64,
    all: u64,
    share: Option<f64>,
}

impl<'a> PeriodShape<'a> {
    fn of(period: &'a str, of: Share, share: Option<f64>) -> Self {
        let share = share.map(|share| (share * 10_000.0).round() / 10_000.0);
        Self { period, articles: of.hits, all: of.all, share }
    }
}

/// Writes one period of a timeline as one object.
pub(super) fn period(out: &mut dyn Write, period: &str, of: Share, share: Option<f64>) -> io::Result<()> {
    write(out, &PeriodShape::of(period, of, share))
}

#[derive(Serialize)]
struct ComparedShape<'a> {
    query: &'a str,
    #[serde(flatten)]
    period: PeriodShape<'a>,
}

/// Writes one period of one of several timelines as one object.
pub(super) fn compared(
    out: &mut dyn Write,
    query: &str,
    period: &str,
    of: Share,
    share: Option<f64>,
) -> io::Result<()> {
    write(out, &ComparedShape { query, period: PeriodShape::of(period, of, share) })
}
