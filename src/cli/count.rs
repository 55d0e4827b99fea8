//! `chancery count`: how many articles answer a question.

use std::path::Path;

use crate::cli::args::QueryArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::{Error, Result};
use crate::present::{self, Format, Report, Value};

/// Runs the command.
pub fn run(arguments: &QueryArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let query = ask::question(arguments, terminal)?;
    let archive = ask::open(folder)?;
    let count = archive.count(&query)?;
    if !terminal.quiet {
        output(|out| match terminal.format {
            Format::Text | Format::Lines => writeln!(out, "{count}").map_err(Error::output),
            format => {
                let rows = vec![("query", Value::Text(query.to_string())), ("articles", Value::Number(count))];
                present::report(out, &Report { rows }, format, &terminal.style)
            }
        })?;
    }
    if count == 0 {
        if !terminal.quiet {
            ask::explain_absence(&archive.absence(&query)?, "articles");
        }
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Success)
}
