//! Rows for spreadsheets and data frames: CSV (RFC 4180) and TSV, always with a header.
//!
//! CSV ends rows with CR LF and may hold newlines inside quoted cells. TSV is never quoted: a value holds no tab and
//! no newline, so `cut` and `awk` can read it. A spreadsheet runs a cell that looks like a formula, so such cells get
//! a leading `'` unless the rows are asked for raw; taking that one character off gives the text back.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{ActorCount, Rows, date, number, precision, sanitize};
use crate::hits::{ActorRef, Hit, QuoteHit};

const HIT_COLUMNS: &[&str] = &[
    "rank",
    "id",
    "title",
    "date",
    "date_precision",
    "source",
    "language",
    "url",
    "path",
    "ordinal",
    "score",
    "relevance",
    "recency",
    "actors",
    "quotes",
    "snippet",
];

const QUOTE_COLUMNS: &[&str] = &[
    "article",
    "title",
    "date",
    "date_precision",
    "source",
    "path",
    "speakers",
    "speaker_ids",
    "kind",
    "text",
    "cue",
    "start",
    "end",
    "confidence",
    "rule",
    "url",
];

const ACTOR_COLUMNS: &[&str] = &["id", "name", "kind", "articles"];

/// What parts several values in one cell.
pub(super) const BETWEEN: &str = "; ";

/// Writes rows of cells.
pub(super) struct Table<W: Write> {
    writer: csv::Writer<W>,
    tabs: bool,
    raw: bool,
}

impl<W: Write> Table<W> {
    /// A table on `out`, parted by tabs or commas.
    pub fn new(out: W, tabs: bool, raw: bool) -> Self {
        let mut builder = WriterBuilder::new();
        if tabs {
            builder.delimiter(b'\t').quote_style(QuoteStyle::Never);
        } else {
            builder.terminator(Terminator::CRLF);
        }
        Self { writer: builder.from_writer(out), tabs, raw }
    }

    /// Writes the header of these rows.
    pub fn header(&mut self, rows: Rows) -> io::Result<()> {
        self.row(match rows {
            Rows::Hits => HIT_COLUMNS,
            Rows::Quotes => QUOTE_COLUMNS,
            Rows::Actors => ACTOR_COLUMNS,
        })
    }

    /// Writes one hit.
    pub fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let score = |score: f32| number::rounded(score, 4).to_string();
        self.row(&[
            &hit.rank.to_string(),
            &hit.id,
            &hit.title,
            &date(hit.date).unwrap_or_default(),
            precision(hit.date).unwrap_or(""),
            hit.source.as_deref().unwrap_or(""),
            hit.language.as_deref().unwrap_or(""),
            hit.url.as_deref().unwrap_or(""),
            &hit.path,
            &hit.ordinal.to_string(),
            &score(hit.score),
            &score(hit.parts.relevance),
            &score(hit.parts.recency),
            &joined(&hit.actors, |actor| &actor.name),
            &hit.quotes.to_string(),
            hit.snippets.first().map_or("", |snippet| &snippet.text),
        ])
    }

    /// Writes one quote.
    pub fn quote(&mut self, quote: &QuoteHit) -> io::Result<()> {
        self.row(&[
            &quote.article,
            &quote.title,
            &date(quote.date).unwrap_or_default(),
            precision(quote.date).unwrap_or(""),
            quote.source.as_deref().unwrap_or(""),
            &quote.path,
            &joined(&quote.speakers, |speaker| &speaker.name),
            &joined(&quote.speakers, |speaker| &speaker.id),
            quote.kind.name(),
            &quote.text,
            quote.cue.as_deref().unwrap_or(""),
            &quote.span.start.to_string(),
            &quote.span.end.to_string(),
            &number::rounded(quote.confidence, 2).to_string(),
            &quote.rule,
            quote.url.as_deref().unwrap_or(""),
        ])
    }

    /// Writes one counted actor.
    pub fn actor(&mut self, actor: &ActorCount) -> io::Result<()> {
        self.row(&[&actor.id, &actor.name, actor.kind.name(), &actor.articles.to_string()])
    }

    /// Writes cells as one row.
    pub fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        for cell in cells {
            let clean = if self.tabs { sanitize::line(cell) } else { sanitize::cell(cell) };
            let safe = if self.raw { clean } else { guarded(clean) };
            self.writer.write_field(safe.as_bytes()).map_err(cause)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(cause)
    }

    /// Writes out what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Puts `'` before a cell that a spreadsheet would take for a formula, also behind blanks, quotation marks and
/// invisible characters that spreadsheets strip.
fn guarded(cell: Cow<'_, str>) -> Cow<'_, str> {
    let active = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let passed_over = |c: char| c.is_whitespace() || is_quote(c) || is_invisible(c);
    let first = cell.chars().find(|c| active(*c) || !passed_over(*c));
    if first.is_some_and(active) { Cow::Owned(format!("'{cell}")) } else { cell }
}

fn is_quote(c: char) -> bool {
    crate::text::is_double_mark(c) || crate::text::is_single_mark(c)
}

/// The byte order mark and the zero-width characters.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

fn joined(actors: &[ActorRef], value: fn(&ActorRef) -> &str) -> String {
    let values: Vec<&str> = actors.iter().map(value).collect();
    values.join(BETWEEN)
}

/// The I/O error inside a csv error, so that a closed pipe stays recognisable.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded() {
        let check = |cell: &str, expected: &str| assert_eq!(guarded(cell.into()), expected, "{cell:?}");
        check("Xi and Putin", "Xi and Putin");
        check("2022-02-04", "2022-02-04");
        check("", "");
        check("'tis", "'tis");
        check("=1+1", "'=1+1");
        check("+7 495", "'+7 495");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\tx", "'\tx");
        check("\nx", "'\nx");
        check("＝1", "'＝1");
        check("＠x", "'＠x");
        check("  =1", "'  =1");
        check("\"=1", "'\"=1");
        check("'=1", "''=1");
        check("\u{feff}=1", "'\u{feff}=1");
        check(" “\u{200b}－1", "' “\u{200b}－1");
    }

    fn written(rows: &[[String; 3]], tabs: bool, raw: bool) -> String {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, tabs, raw);
        for row in rows {
            table.row(&row.each_ref().map(String::as_str)).unwrap();
        }
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_quoted_only_in_csv() {
        let check = |cells: [&str; 3], csv: &str, tsv: &str| {
            let rows = [cells.map(str::to_owned)];
            assert_eq!((written(&rows, false, false).as_str(), written(&rows, true, false).as_str()), (csv, tsv));
        };
        check(["a", "b,c", "\"d\""], "a,\"b,c\",\"\"\"d\"\"\"\r\n", "a\tb,c\t\"d\"\n");
        check(["a\r\nb", "", "c\td"], "\"a\nb\",,c\td\r\n", "a b\t\tc d\n");
        check(["=a", "\u{1b}[2J", "c"], "'=a,�[2J,c\r\n", "'=a\t�[2J\tc\n");
    }

    #[test]
    fn raw_rows_keep_their_formulas() {
        let rows = [["=a", "-b", "\u{7}"].map(str::to_owned)];
        assert_eq!(written(&rows, false, true), "=a,-b,�\r\n");
    }

    proptest! {
        #[test]
        fn csv_read_back_gives_the_rows(rows in proptest::collection::vec(any::<[String; 3]>(), 0..8), raw: bool) {
            let written = written(&rows, false, raw);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_bytes());
            let read: Vec<csv::StringRecord> = reader.records().map(|record| record.unwrap()).collect();
            prop_assert_eq!(read.len(), rows.len());
            for (record, row) in read.iter().zip(&rows) {
                for (found, cell) in record.iter().zip(row) {
                    let clean = sanitize::cell(cell);
                    let recovered = if guarded(clean.clone()) == clean || raw { found } else { &found[1..] };
                    prop_assert_eq!(recovered, clean.as_ref());
                }
            }
        }

        #[test]
        fn tsv_has_a_line_for_each_row(rows in proptest::collection::vec(any::<[String; 3]>(), 0..8)) {
            let written = written(&rows, true, false);
            prop_assert_eq!(written.lines().count(), rows.len());
            prop_assert!(written.lines().all(|line| line.matches('\t').count() == 2));
        }
    }
}
