//! The field table, for `chancery fields`: what a query can name.

use std::io::{self, Write};

use super::paint::{FAINT, PLAIN, Pen, STRONG, padded};
use super::runs::Run;
use super::table::{BETWEEN, Table};
use super::{Format, Style, json, lines};
use crate::error::{Error, Result};
use crate::field::{FieldInfo, FieldKind, TABLE};

/// Columns of the name in the layout for people.
const NAME_COLUMNS: usize = 14;

/// Writes the field table.
pub fn fields(out: &mut dyn Write, format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text => text(out, style),
        Format::Lines => {
            TABLE.iter().try_for_each(|row| lines::columns(out, &cells(row).each_ref().map(String::as_str)))
        }
        Format::Jsonl => TABLE.iter().try_for_each(|row| {
            json::field(out, row, kind(row))?;
            out.write_all(b"\n")
        }),
        Format::Json => array(out),
        Format::Csv | Format::Tsv => table(out, format == Format::Tsv),
    };
    done.map_err(Error::output)
}

fn text(out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    let next = Run::owned(" ".repeat(NAME_COLUMNS), PLAIN);
    for row in TABLE {
        let mut help = vec![Run::new(row.help, PLAIN)];
        if !row.aliases.is_empty() {
            help.push(Run::owned(format!(" (also {})", row.aliases.join(", ")), FAINT));
        }
        if let FieldKind::Choice(values) = row.kind {
            help.push(Run::owned(format!(": {}", values.join(", ")), PLAIN));
        }
        pen.block(&Run::owned(padded(row.name, NAME_COLUMNS), STRONG), &next, &help, usize::MAX)?;
        pen.block(&next, &next, &[Run::new(row.example, FAINT)], usize::MAX)?;
    }
    Ok(())
}

fn array(out: &mut dyn Write) -> io::Result<()> {
    for (number, row) in TABLE.iter().enumerate() {
        out.write_all(if number == 0 { b"[\n" } else { b",\n" })?;
        json::field(out, row, kind(row))?;
    }
    out.write_all(b"\n]\n")
}

fn table(out: &mut dyn Write, tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&["name", "aliases", "kind", "help", "example"])?;
    for row in TABLE {
        table.row(&cells(row).each_ref().map(String::as_str))?;
    }
    table.finish()
}

fn cells(row: &FieldInfo) -> [String; 5] {
    [row.name.to_owned(), row.aliases.join(BETWEEN), kind(row).to_owned(), row.help.to_owned(), row.example.to_owned()]
}

/// The word for how a value is read.
fn kind(row: &FieldInfo) -> &'static str {
    match row.kind {
        FieldKind::Words => "words",
        FieldKind::Name => "name",
        FieldKind::Keyword => "keyword",
        FieldKind::Period => "period",
        FieldKind::Chance => "0 to 1",
        FieldKind::Choice(_) => "choice",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(format: Format) -> String {
        let mut out = Vec::new();
        fields(&mut out, format, &Style::PLAIN).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_format_has_every_field() {
        let check = |format: Format, part: &str| {
            let shown = shown(format);
            assert!(shown.contains(part), "{shown}");
            assert!(TABLE.iter().all(|row| shown.contains(row.name)));
        };
        check(
            Format::Text,
            "title         words of the headline (also hd, headline, intitle)\n              title:summit\n",
        );
        check(Format::Lines, "title\thd; headline; intitle\twords\twords of the headline\ttitle:summit\n");
        check(Format::Lines, "person\t-\tname\ta person named\t");
        check(Format::Csv, "name,aliases,kind,help,example\r\ntitle,hd; headline; intitle,words,");
        check(
            Format::Jsonl,
            r#"{"name":"title","aliases":["hd","headline","intitle"],"kind":"words","values":[],"help":"words of the headline","example":"title:summit"}"#,
        );
        check(Format::Json, r#""kind":"choice","values":["quote","speaker""#);
    }
}
