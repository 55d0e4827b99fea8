//! How a question is understood, part by part.

use std::io::{self, Write};

use super::number::thousands;
use super::paint::{DATE, FAINT, PLAIN, Pen, padded};
use super::table::Table;
use super::{Format, Style, json, sanitize};
use crate::error::{Error, Result};
use crate::hits::{Reading, Readings};

/// Columns of a number, with the blanks between.
const NUMBER: usize = 10;

/// Terms are parted from what is said of them by so many columns at most.
const WIDEST: usize = 30;

/// Writes the canonical question, and of each part how it is matched, where, and how many articles have it.
///
/// # Errors
/// It cannot be written.
pub fn readings(out: &mut dyn Write, found: &Readings, format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text => text(out, found, style),
        Format::Lines => found.parts.iter().try_for_each(|part| {
            writeln!(out, "{}\t{}\t{}", sanitize::line(&part.term), number(part, "-"), part.reading)
        }),
        Format::Csv | Format::Tsv => table(out, found, format == Format::Tsv),
        Format::Json | Format::Jsonl => json::readings(out, found),
    };
    done.map_err(Error::output)
}

fn number(part: &Reading, none: &str) -> String {
    part.articles.map_or_else(|| none.to_owned(), |articles| articles.to_string())
}

fn text(out: &mut dyn Write, found: &Readings, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    pen.line(&sanitize::line(&found.query), DATE)?;
    let width = found.parts.iter().map(|part| part.term.chars().count()).max().unwrap_or(0).min(WIDEST);
    for part in &found.parts {
        pen.put(&format!("  {}", padded(&sanitize::line(&part.term), width)), PLAIN)?;
        pen.put(&format!("{:>NUMBER$}  ", part.articles.map_or_else(|| "-".to_owned(), thousands)), PLAIN)?;
        pen.put(&part.reading, FAINT)?;
        pen.end()?;
    }
    pen.line(&format!("  {:width$}{:>NUMBER$}  articles answer the question", "", thousands(found.articles)), PLAIN)
}

fn table(out: &mut dyn Write, found: &Readings, tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&["term", "articles", "reading"])?;
    for part in &found.parts {
        table.row(&[&part.term, &number(part, ""), &part.reading])?;
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_of_readings() {
        let part = |term: &str, articles: Option<u64>| Reading {
            term: term.to_owned(),
            articles,
            reading: "any inflection".to_owned(),
        };
        let found = Readings {
            query: "NATO -Xi".to_owned(),
            articles: 1200,
            parts: vec![part("NATO", Some(1300)), part("Xi", None)],
        };
        let check = |format: Format, expected: &str| {
            let mut out = Vec::new();
            readings(&mut out, &found, format, &Style::PLAIN).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{format:?}");
        };
        check(Format::Lines, "NATO\t1300\tany inflection\nXi\t-\tany inflection\n");
        check(Format::Csv, "term,articles,reading\r\nNATO,1300,any inflection\r\nXi,,any inflection\r\n");
        check(
            Format::Json,
            "{\"query\":\"NATO -Xi\",\"articles\":1200,\"terms\":[{\"term\":\"NATO\",\"articles\":1300,\
             \"reading\":\"any inflection\"},{\"term\":\"Xi\",\"articles\":null,\"reading\":\"any inflection\"}]}\n",
        );
        check(
            Format::Text,
            "NATO -Xi\n  NATO     1,300  any inflection\n  Xi           -  any inflection\n           1,200  articles answer the question\n",
        );
    }
}
