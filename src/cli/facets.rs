//! `chancery facets`: who is in the articles that answer a question, where they come from, when they were published.

use std::path::Path;

use crate::cli::args::FacetsArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present;

/// Runs the command.
pub fn run(arguments: &FacetsArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let query = ask::question(&arguments.question, terminal)?;
    let archive = ask::open(folder)?;
    let found = archive.facet(&query, arguments.by.into(), arguments.limit)?;
    if found.total == 0 {
        ask::explain_absence(&archive.absence(&query)?, "articles");
        return Ok(Exit::Nothing);
    }
    output(|out| present::facet(out, &found, terminal.format, &terminal.style))?;
    terminal.say(&present::facet_line(&found));
    Ok(Exit::Success)
}
