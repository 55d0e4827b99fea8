//! `chancery timeline`: how many articles answer a question, over time.

use std::path::Path;

use crate::cli::args::TimelineArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present;

/// Runs the command; `drawn` is a drawing.
pub fn run(arguments: &TimelineArguments, folder: &Path, terminal: &Terminal, drawn: bool) -> Result<Exit> {
    let query = ask::question(&arguments.question, terminal)?;
    let archive = ask::open(folder)?;
    let found = archive.timeline(&query, arguments.by.map(Into::into))?;
    if found.total() == 0 {
        ask::explain_absence(&archive.absence(&query)?, "articles");
        return Ok(Exit::Nothing);
    }
    if drawn {
        ask::check_drawn(found.bins.len())?;
        let title = query.to_string();
        output(|out| present::timeline_svg(out, &title, &found, arguments.share))?;
        return Ok(Exit::Success);
    }
    output(|out| present::timeline(out, &found, arguments.share, terminal.format, &terminal.style))?;
    terminal.say(&present::articles(found.total()));
    Ok(Exit::Success)
}
