//! `chancery quotes`: who said what.

use std::path::Path;

use crate::cli::args::QuotesArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present;

/// Runs the command.
pub fn run(arguments: &QuotesArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let query = ask::question(&arguments.query, terminal)?;
    let archive = ask::open(folder)?;
    let plan = ask::plan(ask::ranking(&arguments.ranking, arguments.query.any), &arguments.page, false);
    let found = archive.quotes(&query, &plan)?;
    if !terminal.quiet {
        output(|out| present::quotes(out, &found.quotes, terminal.format, &terminal.style))?;
    }
    if found.total == 0 {
        if !terminal.quiet {
            ask::explain_absence(&archive.absence(&query)?, "quotes");
        }
        return Ok(Exit::Nothing);
    }
    terminal.say(&present::count_line(found.quotes.len(), found.total, "quotes"));
    Ok(Exit::Success)
}
