//! A question over time: bars for people, rows for machines.
//!
//! ```text
//! 2022-01      3   1.2 %  ████
//! 2022-02     12   4.8 %  ████████████████
//! undated      1   0.9 %
//! ```

use std::io::{self, Write};

use super::number::thousands;
use super::paint::{DATE, FAINT, PLAIN, Pen, QUOTE, padded};
use super::{Format, Style, period_json};
use crate::error::{Error, Result};
use crate::hits::{Share, Timeline};

/// What stands for the articles whose dates fit no bin, and for those without any.
const VAGUE: &str = "imprecise";
const UNDATED: &str = "undated";

/// Columns of a number and of a share, with the blanks between.
const NUMBER: usize = 10;
const PERCENT: usize = 10;

/// A bar of full width has this many columns at most.
const LONGEST_BAR: usize = 60;

/// So many periods in a row without a hit are one line for people: one mistyped date would fill the screen otherwise.
const LONG_GAP: usize = 24;

/// Pieces of a bar, in eighths of a column.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Writes a timeline. Bars are as long as the number of articles, or as their share of all articles if `by_share`.
///
/// # Errors
/// It cannot be written.
pub fn timeline(out: &mut dyn Write, found: &Timeline, by_share: bool, format: Format, style: &Style) -> Result<()> {
    let rows: Vec<(&str, Share)> = rows(found);
    let done = match format {
        Format::Text => text(out, &rows, by_share, style),
        Format::Lines => parted(out, &rows, "\t", "\n", None),
        Format::Tsv => parted(out, &rows, "\t", "\n", Some("period\tarticles\tall\tshare")),
        Format::Csv => parted(out, &rows, ",", "\r\n", Some("period,articles,all,share")),
        Format::Jsonl | Format::Json => objects(out, &rows, format == Format::Json),
    };
    done.map_err(Error::output)
}

/// The bins, and what lies in none where there is any.
pub(super) fn rows(found: &Timeline) -> Vec<(&str, Share)> {
    let others = [(VAGUE, found.vague), (UNDATED, found.undated)];
    let bins = found.bins.iter().map(|bin| (bin.label.as_str(), bin.articles));
    bins.chain(others.into_iter().filter(|(_, share)| share.all > 0)).collect()
}

/// Which part of all articles of their time they are; nothing where there are none.
pub(super) fn share(of: Share) -> Option<f64> {
    (of.all > 0).then(|| of.hits as f64 / of.all as f64)
}

/// A line of the layout for people.
pub(super) enum Line {
    /// The row with this number.
    Row(usize),
    /// So many rows without a hit.
    Gap(usize),
}

/// The lines for rows of which some have no hit.
pub(super) fn folded(empty: &[bool]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(empty.len());
    let mut at = 0;
    for stretch in empty.chunk_by(|one, next| one == next) {
        match stretch {
            [true, ..] if stretch.len() >= LONG_GAP => lines.push(Line::Gap(stretch.len())),
            _ => lines.extend((at..at + stretch.len()).map(Line::Row)),
        }
        at += stretch.len();
    }
    lines
}

/// What people read where rows are left out.
pub(super) fn gap(rows: usize) -> String {
    format!("… {} periods without a hit", thousands(rows as u64))
}

fn text(out: &mut dyn Write, rows: &[(&str, Share)], by_share: bool, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    let label = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    let room = pen.room(label + NUMBER + PERCENT + 2).min(LONGEST_BAR);
    let measure = |of: Share| if by_share { share(of).unwrap_or(0.0) } else { of.hits as f64 };
    let most = rows.iter().map(|(_, of)| measure(*of)).fold(0.0, f64::max);
    let empty: Vec<bool> = rows.iter().map(|(_, of)| of.hits == 0).collect();
    for line in folded(&empty) {
        let (name, of) = match line {
            Line::Row(at) => &rows[at],
            Line::Gap(count) => {
                pen.put(&gap(count), FAINT)?;
                pen.end()?;
                continue;
            }
        };
        let percent = share(*of).map_or_else(String::new, |share| format!("{:.1} %", share * 100.0));
        pen.put(&padded(name, label), DATE)?;
        pen.put(&format!("{:>NUMBER$}", thousands(of.hits)), PLAIN)?;
        pen.put(&format!("{percent:>PERCENT$}"), FAINT)?;
        let eighths = if most > 0.0 { (measure(*of) / most * 8.0 * room as f64).round() as usize } else { 0 };
        // What is there is seen, however small beside the greatest.
        let eighths = if of.hits > 0 { eighths.max(1) } else { 0 };
        if eighths > 0 {
            pen.put("  ", PLAIN)?;
            pen.put(&bar(eighths), QUOTE)?;
        }
        pen.end()?;
    }
    Ok(())
}

/// A bar of so many eighths of a column.
pub(super) fn bar(eighths: usize) -> String {
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn parted(
    out: &mut dyn Write,
    rows: &[(&str, Share)],
    between: &str,
    end: &str,
    header: Option<&str>,
) -> io::Result<()> {
    if let Some(header) = header {
        write!(out, "{header}{end}")?;
    }
    for (name, of) in rows {
        let share = share(*of).map_or_else(|| "-".to_owned(), |share| format!("{share:.4}"));
        let share = if header.is_some() && share == "-" { "" } else { &share };
        write!(out, "{name}{between}{}{between}{}{between}{share}{end}", of.hits, of.all)?;
    }
    Ok(())
}

fn objects(out: &mut dyn Write, rows: &[(&str, Share)], array: bool) -> io::Result<()> {
    let shape = |(name, of): &(&str, Share)| -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        period_json::period(&mut line, name, *of, share(*of))?;
        Ok(line)
    };
    let lines = rows.iter().map(shape).collect::<io::Result<Vec<_>>>()?;
    if array {
        writeln!(out, "[{}]", lines.iter().map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join(","))
    } else {
        lines.iter().try_for_each(|line| out.write_all(line).and_then(|()| out.write_all(b"\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hits::{Bin, Unit};

    fn shown(format: Format) -> String {
        let bin = |label: &str, hits: u64| Bin { label: label.into(), articles: Share { hits, all: 40 } };
        let bins = vec![bin("2022-01", 1), bin("2022-02", 0), bin("2022-03", 16)];
        let undated = Share { hits: 2, all: 3 };
        let found = Timeline { unit: Unit::Month, bins, vague: Share::default(), undated };
        let mut out = Vec::new();
        timeline(&mut out, &found, false, format, &Style { width: 47, ..Style::PLAIN }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn long_gaps_are_one_line() {
        let check = |hits: &str, expected: &str| {
            let empty: Vec<bool> = hits.bytes().map(|one| one == b'.').collect();
            let shown = folded(&empty).into_iter().map(|line| match line {
                Line::Row(at) => hits[at..=at].to_owned(),
                Line::Gap(count) => format!("<{count}>"),
            });
            assert_eq!(shown.collect::<String>(), expected);
        };
        check("x....x", "x....x");
        check(&format!("x{}xx", ".".repeat(LONG_GAP)), &format!("x<{LONG_GAP}>xx"));
        check(&format!("x{}x", ".".repeat(LONG_GAP - 1)), &format!("x{}x", ".".repeat(LONG_GAP - 1)));
        check("", "");
    }

    #[test]
    fn every_format_of_a_timeline() {
        let check = |format: Format, expected: &str| assert_eq!(shown(format), expected, "{format:?}");
        check(
            Format::Text,
            "2022-01         1     2.5 %  █▎\n2022-02         0     0.0 %\n\
             2022-03        16    40.0 %  ████████████████████\nundated         2    66.7 %  ██▌\n",
        );
        check(
            Format::Lines,
            "2022-01\t1\t40\t0.0250\n2022-02\t0\t40\t0.0000\n2022-03\t16\t40\t0.4000\nundated\t2\t3\t0.6667\n",
        );
        check(
            Format::Csv,
            "period,articles,all,share\r\n2022-01,1,40,0.0250\r\n2022-02,0,40,0.0000\r\n2022-03,16,40,0.4000\r\n\
             undated,2,3,0.6667\r\n",
        );
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).unwrap();
        assert_eq!(json[2], serde_json::json!({"period": "2022-03", "articles": 16, "all": 40, "share": 0.4}));
        assert_eq!(shown(Format::Jsonl).lines().count(), 4);
    }
}
