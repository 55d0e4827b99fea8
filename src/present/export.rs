//! Streaming export: one row at a time, uncapped, into any format that holds rows.
//!
//! An exporter is opened for one kind of row, fed, and finished; nothing is kept but what the writer buffers. Pages of
//! hits and quotes go the same way, so an export and a search agree to the letter.
//!
//! ```
//! use chancery::present::{Exporter, Format, Rows};
//! let mut out = Vec::new();
//! Exporter::new(&mut out, Format::Csv, Rows::Actors, false).unwrap().finish().unwrap();
//! assert_eq!(out, b"id,name,kind,articles\r\n");
//! ```

use std::io::{self, Write};

use super::table::Table;
use super::{ActorCount, Format, Rows, json, lines, unfit};
use crate::date::Day;
use crate::error::{Error, Result};
use crate::hits::{Hit, QuoteHit};

/// Writes rows as they come.
pub struct Exporter<W: Write> {
    sink: Sink<W>,
    rows: Rows,
    as_of: Option<Day>,
}

enum Sink<W: Write> {
    /// Boxed, because a table is many times as large as the others.
    Table(Box<Table<W>>),
    Lines(W),
    Jsonl(W),
    /// One array; counts its items for the commas between them.
    Json {
        out: W,
        items: u64,
    },
}

impl<W: Write> Exporter<W> {
    /// Opens an export and writes its header, if the format has one; `raw` leaves formulas unguarded in CSV and TSV.
    ///
    /// # Errors
    /// The format is [`Format::Text`], which is a layout and not rows, or the header cannot be written.
    pub fn new(mut out: W, format: Format, rows: Rows, raw: bool) -> Result<Self> {
        let sink = match format {
            Format::Text => return Err(unfit(format, "an export", "csv, tsv, jsonl, json or lines")),
            Format::Lines => Sink::Lines(out),
            Format::Jsonl => Sink::Jsonl(out),
            Format::Json => {
                out.write_all(b"[").map_err(Error::output)?;
                Sink::Json { out, items: 0 }
            }
            Format::Csv | Format::Tsv => {
                let mut table = Table::new(out, format == Format::Tsv, raw);
                table.header(rows).map_err(Error::output)?;
                Sink::Table(Box::new(table))
            }
        };
        Ok(Self { sink, rows, as_of: None })
    }

    /// Names the day that ages were counted from, for explained hits.
    #[must_use]
    pub fn as_of(mut self, day: Option<Day>) -> Self {
        self.as_of = day;
        self
    }

    /// Writes one hit.
    pub fn hit(&mut self, hit: &Hit) -> Result<()> {
        self.expect(Rows::Hits)?;
        let as_of = self.as_of;
        let done = match &mut self.sink {
            Sink::Table(table) => table.hit(hit),
            Sink::Lines(out) => lines::hit(out, hit),
            sink => sink.json(|out| json::hit(out, hit, as_of)),
        };
        done.map_err(Error::output)
    }

    /// Writes one quote.
    pub fn quote(&mut self, quote: &QuoteHit) -> Result<()> {
        self.expect(Rows::Quotes)?;
        let done = match &mut self.sink {
            Sink::Table(table) => table.quote(quote),
            Sink::Lines(out) => lines::quote(out, quote),
            sink => sink.json(|out| json::quote(out, quote)),
        };
        done.map_err(Error::output)
    }

    /// Writes one actor.
    pub fn actor(&mut self, actor: &ActorCount) -> Result<()> {
        self.expect(Rows::Actors)?;
        let done = match &mut self.sink {
            Sink::Table(table) => table.actor(actor),
            Sink::Lines(out) => lines::actor(out, actor),
            sink => sink.json(|out| json::actor(out, actor)),
        };
        done.map_err(Error::output)
    }

    /// Closes what is open and flushes; an export that is dropped without it is not complete.
    pub fn finish(self) -> Result<()> {
        let done = match self.sink {
            Sink::Table(table) => table.finish(),
            Sink::Lines(mut out) | Sink::Jsonl(mut out) => out.flush(),
            Sink::Json { mut out, items } => {
                let end: &[u8] = if items == 0 { b"]\n" } else { b"\n]\n" };
                out.write_all(end).and_then(|()| out.flush())
            }
        };
        done.map_err(Error::output)
    }

    /// A row of another kind is a fault of the caller, but not worth a panic in the middle of a file.
    fn expect(&self, rows: Rows) -> Result<()> {
        if self.rows == rows {
            return Ok(());
        }
        Err(Error::engine(format!("a row of {rows:?} in an export of {:?}", self.rows)))
    }
}

impl<W: Write> Sink<W> {
    /// Writes one object with what parts it from its neighbours.
    fn json(&mut self, object: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match self {
            Sink::Json { out, items } => {
                out.write_all(if *items == 0 { b"\n" } else { b",\n" })?;
                *items += 1;
                object(out)
            }
            Sink::Jsonl(out) | Sink::Lines(out) => {
                object(out)?;
                out.write_all(b"\n")
            }
            Sink::Table(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn exported(format: Format, rows: Rows, items: usize) -> String {
        let mut out = Vec::new();
        let mut exporter = Exporter::new(&mut out, format, rows, false).unwrap();
        for _ in 0..items {
            match rows {
                Rows::Hits => exporter.hit(&sample::hit()),
                Rows::Quotes => exporter.quote(&sample::quote()),
                Rows::Actors => exporter.actor(&sample::count()),
            }
            .unwrap();
        }
        exporter.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_come_with_their_header() {
        let check = |format, rows, expected: &str| assert_eq!(exported(format, rows, 1), expected);
        check(
            Format::Csv,
            Rows::Hits,
            "rank,id,title,date,date_precision,source,language,url,path,ordinal,score,relevance,recency,actors,quotes,snippet\r\n\
             1,b3k0x7q2m9wd,Xi and Putin meet before the Games,2022-02-04,day,Example Wire,en,https://example.org/summit,\
             2022/summit.txt,0,7.1,8.2,0.87,Xi Jinping; Vladimir Putin,6,Xi met Putin in Beijing before the Games.\r\n",
        );
        check(
            Format::Csv,
            Rows::Quotes,
            "article,title,date,date_precision,source,path,speakers,speaker_ids,kind,text,cue,start,end,confidence,rule,url\r\n\
             b3k0x7q2m9wd,Xi and Putin meet before the Games,2022-02-04,day,Example Wire,2022/summit.txt,Xi Jinping,\
             person:xi-jinping,direct,We stand back to back,said,31,52,0.9,quote-said-name,https://example.org/summit\r\n",
        );
        check(Format::Tsv, Rows::Actors, "id\tname\tkind\tarticles\nstate:CN\tChina\tstate\t12\n");
        check(Format::Lines, Rows::Actors, "12\tstate:CN\tstate\tChina\n");
    }

    #[test]
    fn an_empty_export_is_still_a_file_of_its_kind() {
        let check = |format, expected: &str| assert_eq!(exported(format, Rows::Actors, 0), expected);
        check(Format::Csv, "id,name,kind,articles\r\n");
        check(Format::Tsv, "id\tname\tkind\tarticles\n");
        check(Format::Jsonl, "");
        check(Format::Json, "[]\n");
        check(Format::Lines, "");
    }

    #[test]
    fn an_array_has_commas_between_its_items() {
        let item = r#"{"id":"state:CN","name":"China","kind":"state","articles":12}"#;
        assert_eq!(exported(Format::Json, Rows::Actors, 2), format!("[\n{item},\n{item}\n]\n"));
        assert_eq!(exported(Format::Jsonl, Rows::Actors, 2), format!("{item}\n{item}\n"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut out = Vec::new();
        let error = Exporter::new(&mut out, Format::Text, Rows::Hits, false).err().unwrap();
        assert_eq!(error.to_string(), "`text` cannot hold an export");
        let mut exporter = Exporter::new(&mut out, Format::Jsonl, Rows::Quotes, false).unwrap();
        assert!(exporter.hit(&sample::hit()).is_err());
    }

    #[test]
    fn a_closed_pipe_is_told_apart() {
        use crate::error::Blame;

        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in [Format::Lines, Format::Jsonl, Format::Json, Format::Csv, Format::Tsv] {
            let done = Exporter::new(Closed, format, Rows::Hits, false).and_then(|mut exporter| {
                exporter.hit(&sample::hit())?;
                exporter.finish()
            });
            assert_eq!(done.unwrap_err().blame(), Blame::Closed, "{format:?}");
        }
    }
}
