//! Counts of values: a name and a bar for people, rows for machines.
//!
//! ```text
//! NATO            igo:nato       12   48.0 %  ████████████
//! ```

use std::io::{self, Write};

use super::number::{articles, thousands};
use super::paint::{DATE, FAINT, PLAIN, Pen, QUOTE, padded};
use super::table::Table;
use super::{Format, Style, json, sanitize};
use crate::error::{Error, Result};
use crate::hits::{Facet, FacetCount};

/// Columns of a number and of a share, with the blanks between.
const NUMBER: usize = 9;
const PERCENT: usize = 10;

/// Names and values are cut at so many columns.
const WIDEST: usize = 36;

/// A bar of full width has this many columns at most.
const LONGEST_BAR: usize = 30;

/// Writes how many articles have each value.
///
/// # Errors
/// It cannot be written.
pub fn facet(out: &mut dyn Write, found: &Facet, format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text => text(out, found, style),
        Format::Lines => found.counts.iter().try_for_each(|row| {
            let name = row.name.as_deref().unwrap_or(&row.value);
            writeln!(out, "{}\t{}\t{:.4}\t{}", row.value, row.articles, share(found, row), sanitize::line(name))
        }),
        Format::Csv | Format::Tsv => table(out, found, format == Format::Tsv),
        Format::Jsonl | Format::Json => objects(out, found, format == Format::Json),
    };
    done.map_err(Error::output)
}

/// What the list does not show, in one line.
pub fn facet_line(found: &Facet) -> String {
    let mut line = articles(found.total);
    if found.missing > 0 {
        line.push_str(&format!("; {} have none", thousands(found.missing)));
    }
    if found.left_out > 0 {
        line.push_str(&format!("; {} more values (-n)", thousands(found.left_out)));
    }
    line
}

fn share(found: &Facet, row: &FacetCount) -> f64 {
    share_of(row.articles, found.total)
}

/// A part of all articles, between 0 and 1.
pub(super) fn share_of(articles: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { articles as f64 / all as f64 }
}

fn text(out: &mut dyn Write, found: &Facet, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    let named = |row: &FacetCount| row.name.clone().unwrap_or_else(|| row.value.clone());
    let cut = |text: String| text.chars().take(WIDEST).collect::<String>();
    let width = |texts: Vec<String>| texts.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let names: Vec<String> = found.counts.iter().map(|row| cut(sanitize::line(&named(row)).into_owned())).collect();
    let ids: Vec<String> = found
        .counts
        .iter()
        .map(|row| {
            if row.name.as_ref().is_some_and(|name| *name != row.value) {
                cut(row.value.clone())
            } else {
                String::new()
            }
        })
        .collect();
    let (name_width, id_width) = (width(names.clone()), width(ids.clone()));
    let room = pen.room(name_width + id_width + NUMBER + PERCENT + 6).min(LONGEST_BAR);
    let most = found.counts.iter().map(|row| row.articles).max().unwrap_or(1).max(1);
    for ((row, name), id) in found.counts.iter().zip(&names).zip(&ids) {
        pen.put(&padded(name, name_width), DATE)?;
        if id_width > 0 {
            pen.put(&format!("  {}", padded(id, id_width)), FAINT)?;
        }
        pen.put(&format!("{:>NUMBER$}", thousands(row.articles)), PLAIN)?;
        pen.put(&format!("{:>PERCENT$}", format!("{:.1} %", share(found, row) * 100.0)), FAINT)?;
        let bar = (row.articles as f64 / most as f64 * room as f64).ceil() as usize;
        pen.put(&format!("  {}", "█".repeat(bar)), QUOTE)?;
        pen.end()?;
    }
    Ok(())
}

fn table(out: &mut dyn Write, found: &Facet, tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&["value", "name", "articles", "share"])?;
    for row in &found.counts {
        let (articles, share) = (row.articles.to_string(), format!("{:.4}", share(found, row)));
        table.row(&[&row.value, row.name.as_deref().unwrap_or(""), &articles, &share])?;
    }
    table.finish()
}

fn objects(out: &mut dyn Write, found: &Facet, array: bool) -> io::Result<()> {
    let shape = |row: &FacetCount| -> io::Result<String> {
        let mut line = Vec::new();
        json::value_count(&mut line, row, share(found, row))?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    };
    let lines = found.counts.iter().map(shape).collect::<io::Result<Vec<_>>>()?;
    match array {
        true => writeln!(out, "[{}]", lines.join(",")),
        false => lines.iter().try_for_each(|line| writeln!(out, "{line}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hits::FacetBy;

    #[test]
    fn every_format_of_a_facet() {
        let row = |value: &str, name: Option<&str>, articles: u64| FacetCount {
            value: value.to_owned(),
            name: name.map(str::to_owned),
            articles,
        };
        let counts = vec![row("igo:nato", Some("NATO"), 3), row("x:a\u{1b}b", Some("=1+1"), 1)];
        let found = Facet { by: FacetBy::Actor, counts, left_out: 2, missing: 1, total: 4 };
        let check = |format: Format, expected: &str| {
            let mut out = Vec::new();
            facet(&mut out, &found, format, &Style { width: 60, ..Style::PLAIN }).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{format:?}");
        };
        check(Format::Csv, "value,name,articles,share\r\nigo:nato,NATO,3,0.7500\r\nx:a\u{fffd}b,'=1+1,1,0.2500\r\n");
        check(
            Format::Jsonl,
            "{\"value\":\"igo:nato\",\"name\":\"NATO\",\"articles\":3,\"share\":0.75}\n\
             {\"value\":\"x:a\\u001bb\",\"name\":\"=1+1\",\"articles\":1,\"share\":0.25}\n",
        );
        assert_eq!(facet_line(&found), "4 articles; 1 have none; 2 more values (-n)");
        let mut out = Vec::new();
        facet(&mut out, &found, Format::Text, &Style { width: 60, ..Style::PLAIN }).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("NATO  igo:nato") && text.contains("75.0 %  ██") && !text.contains('\u{1b}'),
            "{text}"
        );
    }
}
