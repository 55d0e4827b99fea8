//! Reports: named values about a run or an index, for `status`, `check`, `count` and the runs of `index`.
//!
//! Whoever makes the report names its rows; a name is a JSON key (`articles_added`) and becomes a label for people
//! (`articles added`).

use std::io::{self, Write};

use super::number::thousands;
use super::paint::{FAINT, PLAIN, Pen};
use super::runs::Run;
use super::table::{BETWEEN, Table};
use super::{Format, Report, Style, Value, json, lines, sanitize};
use crate::error::{Error, Result};

/// Writes a report: aligned rows for people, one object in JSON, `name value` rows in the other formats.
pub fn report(out: &mut dyn Write, report: &Report, format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text => text(out, report, style),
        Format::Lines => report.rows.iter().try_for_each(|(name, value)| lines::columns(out, &[name, &plain(value)])),
        Format::Jsonl | Format::Json => json::report(out, report),
        Format::Csv | Format::Tsv => table(out, report, format == Format::Tsv),
    };
    done.map_err(Error::output)
}

/// Writes reports of one kind below each other: columns for people, rows for machines, an array or lines of JSON.
pub fn reports(out: &mut dyn Write, reports: &[Report], format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text => columns(out, reports, style),
        Format::Lines => reports.iter().try_for_each(|report| {
            let cells: Vec<String> = report.rows.iter().map(|(_, value)| plain(value)).collect();
            lines::columns(out, &cells.iter().map(String::as_str).collect::<Vec<_>>())
        }),
        Format::Jsonl => reports.iter().try_for_each(|report| json::report(out, report)),
        Format::Json => json::reports(out, reports),
        Format::Csv | Format::Tsv => rows(out, reports, format == Format::Tsv),
    };
    done.map_err(Error::output)
}

fn columns(out: &mut dyn Write, reports: &[Report], style: &Style) -> io::Result<()> {
    let Some(first) = reports.first() else { return Ok(()) };
    let head: Vec<String> = first.rows.iter().map(|(name, _)| name.replace('_', " ")).collect();
    let cells: Vec<Vec<String>> =
        reports.iter().map(|report| report.rows.iter().map(|(_, value)| cell(value)).collect()).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|place| std::iter::once(&head).chain(&cells).map(|row| row[place].chars().count()).max().unwrap_or(0))
        .collect();
    let numbers: Vec<bool> = first.rows.iter().map(|(_, value)| !matches!(value, Value::Text(_))).collect();
    let mut pen = Pen::new(out, style);
    for (row, look) in std::iter::once((&head, FAINT)).chain(cells.iter().map(|row| (row, PLAIN))) {
        let mut line = String::new();
        for ((cell, width), number) in row.iter().zip(&widths).zip(&numbers) {
            let cell = sanitize::line(cell);
            if *number {
                line.push_str(&format!("{cell:>width$}  "));
            } else {
                line.push_str(&format!("{cell:<width$}  "));
            }
        }
        pen.put(line.trim_end(), look)?;
        pen.end()?;
    }
    Ok(())
}

fn rows(out: &mut dyn Write, reports: &[Report], tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    if let Some(first) = reports.first() {
        table.row(&first.rows.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
    }
    for report in reports {
        let cells: Vec<String> = report.rows.iter().map(|(_, value)| plain(value)).collect();
        table.row(&cells.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    table.finish()
}

fn text(out: &mut dyn Write, report: &Report, style: &Style) -> io::Result<()> {
    let column = report.rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    let mut pen = Pen::new(out, style);
    for (name, value) in &report.rows {
        let label = name.replace('_', " ");
        match value {
            // One item a line: items are sentences with commas of their own.
            Value::List(items) if !items.is_empty() => {
                for (number, item) in items.iter().enumerate() {
                    let label = if number == 0 { label.as_str() } else { "" };
                    pen.labelled(label, column, &[Run::new(item, PLAIN)])?;
                }
            }
            value => pen.labelled(&label, column, &[Run::owned(human(value), PLAIN)])?,
        }
    }
    Ok(())
}

/// A value in a column, where a word for nothing would be in the way.
fn cell(value: &Value) -> String {
    if *value == Value::Absent { "-".to_owned() } else { human(value) }
}

fn human(value: &Value) -> String {
    match value {
        Value::Text(text) if text.trim().is_empty() => "none".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => thousands(*number),
        Value::Float(float) => format!("{float:.2}"),
        Value::List(_) | Value::Absent => "none".to_owned(),
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

fn table(out: &mut dyn Write, report: &Report, tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&["name", "value"])?;
    for (name, value) in &report.rows {
        table.row(&[name, &plain(value)])?;
    }
    table.finish()
}

/// The value for programs that read columns.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Float(float) => float.to_string(),
        Value::List(items) => items.join(BETWEEN),
        Value::Flag(flag) => flag.to_string(),
        Value::Absent => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_report_in_every_format() {
        let rows = vec![
            ("index", Value::Text("index".into())),
            ("articles_added", Value::Number(1342)),
            ("seconds", Value::Float(2.5)),
            ("failures", Value::List(vec!["a.txt: not text".into(), "b\u{1b}.txt: too large, 2 GB".into()])),
            ("vanished", Value::List(Vec::new())),
            ("complete", Value::Flag(true)),
            ("generation", Value::Absent),
        ];
        let items = Report { rows };
        let check = |format: Format, expected: &str| {
            let mut out = Vec::new();
            report(&mut out, &items, format, &Style::PLAIN).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(
            Format::Text,
            "index           index\narticles added  1,342\nseconds         2.50\nfailures        a.txt: not text\n\
             \x20               b�.txt: too large, 2 GB\nvanished        none\ncomplete        yes\ngeneration      none\n",
        );
        check(
            Format::Lines,
            "index\tindex\narticles_added\t1342\nseconds\t2.5\nfailures\ta.txt: not text; b�.txt: too large, 2 GB\n\
             vanished\t-\ncomplete\ttrue\ngeneration\t-\n",
        );
        check(
            Format::Json,
            "{\"index\":\"index\",\"articles_added\":1342,\"seconds\":2.5,\
             \"failures\":[\"a.txt: not text\",\"b\\u001b.txt: too large, 2 GB\"],\"vanished\":[],\"complete\":true,\"generation\":null}\n",
        );
        check(
            Format::Csv,
            "name,value\r\nindex,index\r\narticles_added,1342\r\nseconds,2.5\r\n\
             failures,\"a.txt: not text; b�.txt: too large, 2 GB\"\r\nvanished,\r\ncomplete,true\r\ngeneration,\r\n",
        );
    }
}
