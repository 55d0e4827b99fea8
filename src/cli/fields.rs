//! `chancery fields`: the fields that a question can name.

use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present;

/// Runs the command.
pub fn run(terminal: &Terminal) -> Result<Exit> {
    output(|out| present::fields(out, terminal.format, &terminal.style))?;
    Ok(Exit::Success)
}
