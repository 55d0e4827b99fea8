//! Several questions over one axis of time: columns of bars for people, a row for each question and period for programs.
//!
//! ```text
//! 1  russia 15 articles
//! 2  china 4 articles
//!
//!            1                    2
//! 2022-01    3 ████               4 █████
//! 2022-02   12 ████████████████   0
//! ```

use std::io::{self, Write};

use super::number::thousands;
use super::paint::{DATE, FAINT, PLAIN, Pen, QUOTE, padded};
use super::runs::Run;
use super::table::Table;
use super::timeline::{Line, bar, folded, gap, rows, share};
use super::{Format, Style, lines, period_json};
use crate::error::{Error, Result};
use crate::hits::{Compared, Share};

/// What the rows have for programs.
const COLUMNS: [&str; 5] = ["query", "period", "articles", "all", "share"];

/// Columns of a number with a blank before and behind it.
const NUMBER: usize = 8;

/// A bar has at most and at least so many columns.
const BAR: (usize, usize) = (24, 4);

/// Writes several timelines that share an axis. Bars are as long as the number of articles, or as their share of all
/// articles if `by_share`; one measure holds for all of them.
///
/// # Errors
/// It cannot be written.
pub fn comparison(
    out: &mut dyn Write,
    found: &[Compared],
    by_share: bool,
    format: Format,
    style: &Style,
) -> Result<()> {
    let done = match format {
        Format::Text => text(out, found, by_share, style),
        Format::Lines => each(found, &mut |cells| lines::columns(out, &cells)),
        Format::Csv | Format::Tsv => table(out, found, format == Format::Tsv),
        Format::Jsonl | Format::Json => objects(out, found, format == Format::Json),
    };
    done.map_err(Error::output)
}

fn each(found: &[Compared], row: &mut dyn FnMut([&str; 5]) -> io::Result<()>) -> io::Result<()> {
    for one in found {
        for (period, of) in rows(&one.timeline) {
            let share = share(of).map(|share| format!("{share:.4}")).unwrap_or_default();
            row([&one.query, period, &of.hits.to_string(), &of.all.to_string(), &share])?;
        }
    }
    Ok(())
}

fn table(out: &mut dyn Write, found: &[Compared], tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&COLUMNS)?;
    each(found, &mut |cells| table.row(&cells))?;
    table.finish()
}

fn objects(out: &mut dyn Write, found: &[Compared], array: bool) -> io::Result<()> {
    let mut first = true;
    for one in found {
        for (period, of) in rows(&one.timeline) {
            out.write_all(match (array, first) {
                (true, true) => b"[",
                (true, false) => b",",
                (false, _) => b"",
            })?;
            first = false;
            period_json::compared(out, &one.query, period, of, share(of))?;
            if !array {
                out.write_all(b"\n")?;
            }
        }
    }
    out.write_all(match (array, first) {
        (true, true) => b"[]\n",
        (true, false) => b"]\n",
        (false, _) => b"",
    })
}

fn text(out: &mut dyn Write, found: &[Compared], by_share: bool, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    for (number, one) in (1..).zip(found) {
        let label = Run::owned(format!("{number:<3}"), DATE);
        let total = format!(" {} articles", thousands(one.timeline.total()));
        pen.block(
            &label,
            &Run::new("   ", PLAIN),
            &[Run::new(&one.query, PLAIN), Run::owned(total, FAINT)],
            usize::MAX,
        )?;
    }
    let all: Vec<Vec<(&str, Share)>> = found.iter().map(|one| rows(&one.timeline)).collect();
    let Some(axis) = all.first() else { return Ok(()) };
    let label = axis.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    let room = (pen.room(label) / found.len().max(1)).saturating_sub(NUMBER + 2).clamp(BAR.1, BAR.0);
    let measure = |of: Share| if by_share { share(of).unwrap_or(0.0) } else { of.hits as f64 };
    let most = all.iter().flatten().map(|(_, of)| measure(*of)).fold(0.0, f64::max);
    pen.end()?;
    pen.put(&" ".repeat(label), PLAIN)?;
    for number in 1..=found.len() {
        pen.put(&format!("{number:>NUMBER$}{}", " ".repeat(room + 2)), DATE)?;
    }
    pen.end()?;
    let without = |at: usize| all.iter().all(|rows| rows.get(at).is_none_or(|(_, of)| of.hits == 0));
    let empty: Vec<bool> = (0..axis.len()).map(without).collect();
    for line in folded(&empty) {
        let at = match line {
            Line::Row(at) => at,
            Line::Gap(count) => {
                pen.put(&gap(count), FAINT)?;
                pen.end()?;
                continue;
            }
        };
        pen.put(&padded(axis[at].0, label), DATE)?;
        for rows in &all {
            let of = rows.get(at).map(|(_, of)| *of).unwrap_or_default();
            let eighths = if most > 0.0 { (measure(of) / most * 8.0 * room as f64).round() as usize } else { 0 };
            let drawn = bar(if of.hits > 0 { eighths.max(1) } else { 0 });
            pen.put(&format!("{:>NUMBER$} ", thousands(of.hits)), PLAIN)?;
            pen.put(&format!("{drawn:<width$}", width = room + 1), QUOTE)?;
        }
        pen.end()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hits::{Bin, Timeline, Unit};

    fn shown(format: Format) -> String {
        let compared = |query: &str, hits: [u64; 2]| {
            let bin = |(label, hits): (&str, u64)| Bin { label: label.into(), articles: Share { hits, all: 40 } };
            let bins = ["2022-01", "2022-02"].into_iter().zip(hits).map(bin).collect();
            let timeline = Timeline { unit: Unit::Month, bins, vague: Share::default(), undated: Share::default() };
            Compared { query: query.into(), timeline }
        };
        let found = [compared("russia", [3, 12]), compared("=x, \"y\"", [0, 4])];
        let mut out = Vec::new();
        comparison(&mut out, &found, false, format, &Style { width: 47, ..Style::PLAIN }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_format_of_a_comparison() {
        let check = |format: Format, expected: &str| {
            let shown = shown(format);
            let trimmed: Vec<&str> = shown.lines().map(str::trim_end).collect();
            assert_eq!(trimmed.join("\n"), expected, "{format:?}");
        };
        check(
            Format::Text,
            "1  russia 15 articles\n2  =x, \"y\" 4 articles\n\n              1                   2\n\
             2022-01       3 ██▌               0\n2022-02      12 ██████████        4 ███▍",
        );
        check(
            Format::Lines,
            "russia\t2022-01\t3\t40\t0.0750\nrussia\t2022-02\t12\t40\t0.3000\n=x, \"y\"\t2022-01\t0\t40\t0.0000\n\
             =x, \"y\"\t2022-02\t4\t40\t0.1000",
        );
        let csv = shown(Format::Csv);
        assert!(csv.starts_with("query,period,articles,all,share\r\nrussia,2022-01,3,40,0.0750\r\n"), "{csv}");
        assert!(csv.contains("\"'=x, \"\"y\"\"\",2022-02,4"), "{csv}");
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).unwrap();
        let row = serde_json::json!({"query": "russia", "period": "2022-02", "articles": 12, "all": 40, "share": 0.3});
        assert_eq!((json.as_array().unwrap().len(), &json[1]), (4, &row));
        assert_eq!(shown(Format::Jsonl).lines().count(), 4);
    }
}
