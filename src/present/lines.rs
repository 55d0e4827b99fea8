//! One stable line for each item, columns parted by tabs: what a pipe gets.
//!
//! The columns are documented in `docs/formats.md` and change only with the format version. A value never holds a tab
//! or a newline, and an absent one is `-`, because the shell's `read` swallows empty columns.

use std::io::{self, Write};

use super::{ActorCount, date_or_undated, sanitize, text};
use crate::hits::{Hit, QuoteHit};

/// Stands for a value that is not there.
const ABSENT: &str = "-";

/// Writes `date id path source title`.
pub(super) fn hit(out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
    let date = date_or_undated(hit.date);
    columns(out, &[&date, &hit.id, &hit.path, hit.source.as_deref().unwrap_or(""), &hit.title])
}

/// Writes `date speakers source kind words article`.
pub(super) fn quote(out: &mut dyn Write, quote: &QuoteHit) -> io::Result<()> {
    let date = date_or_undated(quote.date);
    let speakers = text::speakers(&quote.speakers).unwrap_or_default();
    let source = quote.source.as_deref().unwrap_or("");
    columns(out, &[&date, &speakers, source, quote.kind.name(), &quote.text, &quote.article])
}

/// Writes `articles id kind name`.
pub(super) fn actor(out: &mut dyn Write, actor: &ActorCount) -> io::Result<()> {
    columns(out, &[&actor.articles.to_string(), &actor.id, actor.kind.name(), &actor.name])
}

/// Writes values as one line.
pub(super) fn columns(out: &mut dyn Write, values: &[&str]) -> io::Result<()> {
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            out.write_all(b"\t")?;
        }
        let clean = sanitize::line(value);
        let shown = if clean.trim().is_empty() { ABSENT } else { &clean };
        out.write_all(shown.as_bytes())?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_hit_is_five_columns() {
        let check = |change: fn(&mut Hit), expected: &str| {
            let mut item = sample::hit();
            change(&mut item);
            let mut out = Vec::new();
            hit(&mut out, &item).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(|_| (), "2022-02-04\tb3k0x7q2m9wd\t2022/summit.txt\tExample Wire\tXi and Putin meet before the Games\n");
        check(
            |hit| {
                hit.date = None;
                hit.source = None;
                hit.title = "Xi\tand\nPutin".into();
            },
            "undated\tb3k0x7q2m9wd\t2022/summit.txt\t-\tXi and Putin\n",
        );
    }

    #[test]
    fn a_quote_is_six_columns() {
        let check = |change: fn(&mut QuoteHit), expected: &str| {
            let mut item = sample::quote();
            change(&mut item);
            let mut out = Vec::new();
            quote(&mut out, &item).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(|_| (), "2022-02-04\tXi Jinping\tExample Wire\tdirect\tWe stand back to back\tb3k0x7q2m9wd\n");
        check(
            |quote| quote.speakers.push(sample::actor("person:vladimir-putin", "Vladimir Putin")),
            "2022-02-04\tXi Jinping; Vladimir Putin\tExample Wire\tdirect\tWe stand back to back\tb3k0x7q2m9wd\n",
        );
        check(
            |quote| quote.speakers.clear(),
            "2022-02-04\t-\tExample Wire\tdirect\tWe stand back to back\tb3k0x7q2m9wd\n",
        );
    }
}
