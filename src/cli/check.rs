//! `chancery check`: whether documents, catalogue and files agree.

use std::path::Path;

use crate::archive::Archive;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::error::Result;
use crate::present::{self, Format, Report, Value};

/// Runs the command.
pub fn run(folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let archive = Archive::open(folder)?;
    let wrong = archive.check()?;
    match terminal.format {
        Format::Text | Format::Lines => wrong.iter().for_each(|line| trouble(line)),
        format => {
            let rows = vec![("ok", Value::Flag(wrong.is_empty())), ("wrong", Value::List(wrong.clone()))];
            output(|out| present::report(out, &Report { rows }, format, &terminal.style))?;
        }
    }
    if wrong.is_empty() {
        let catalogue = archive.catalogue()?;
        let articles = present::thousands(catalogue.article_count() as u64);
        terminal.say(&format!(
            "ok: {articles} articles and {} quotes, as the catalogue says",
            present::thousands(catalogue.quote_count())
        ));
        return Ok(Exit::Success);
    }
    trouble("run `chancery index --rebuild` to write the index anew from the corpus");
    Ok(Exit::Index)
}
