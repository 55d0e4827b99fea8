//! `chancery similar`: the articles most like one.

use std::path::Path;

use crate::archive::{Ranking, Sort};
use crate::cli::args::SimilarArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present;

/// Runs the command.
pub fn run(arguments: &SimilarArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let archive = ask::open(folder)?;
    // What is alike is so at any age.
    let ranking = Ranking { sort: Sort::Relevance, ..Ranking::default() };
    let hits = match archive.similar(&arguments.id, &ask::plan(ranking, &arguments.page, false)) {
        Err(error) if error.is_not_found() => {
            super::tell(&error);
            return Ok(Exit::Nothing);
        }
        found => found?,
    };
    output(|out| present::hits(out, &hits, terminal.format, &terminal.style))?;
    Ok(if hits.hits.is_empty() { Exit::Nothing } else { Exit::Success })
}
