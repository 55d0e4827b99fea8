//! `chancery actors QUESTION`: who is in the articles that answer a question, and who beside whom.

use std::path::Path;

use crate::cli::args::ActorsArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present;

/// Runs the command.
pub fn run(arguments: &ActorsArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let query = ask::question(&arguments.question, terminal)?;
    let archive = ask::open(folder)?;
    let found = archive.cast(&query, arguments.limit, arguments.beside)?;
    if found.total == 0 {
        ask::explain_absence(&archive.absence(&query)?, "articles");
        return Ok(Exit::Nothing);
    }
    output(|out| present::cast(out, &found, terminal.format, &terminal.style))?;
    terminal.say(&present::cast_line(&found));
    Ok(Exit::Success)
}
