//! `chancery show`: one article, its actors and quotes marked.

use std::path::Path;

use crate::archive::Archive;
use crate::cli::args::ShowArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::date::Day;
use crate::error::Result;
use crate::present;

/// Runs the command.
pub fn run(arguments: &ShowArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let archive = Archive::open(folder)?;
    let stored = match archive.article(&arguments.id) {
        Err(error) if error.is_not_found() => {
            super::tell(&error);
            return Ok(Exit::Nothing);
        }
        found => found?,
    };
    let marks = if arguments.query.is_empty() {
        Vec::new()
    } else {
        let query = ask::read(&arguments.query, false, Day::today(), terminal)?;
        archive.marks(&query, &stored.article.text)
    };
    output(|out| present::article(out, &stored.article, &stored.facts, &marks, terminal.format, &terminal.style))?;
    Ok(Exit::Success)
}
