//! `chancery dump` and `chancery restore`: what no rebuild brings back.

use std::io::Write;
use std::path::Path;

use crate::archive::dump::{self, Amount};
use crate::cli::args::{DumpArguments, RestoreArguments};
use crate::cli::exit::Exit;
use crate::cli::export::to_file;
use crate::cli::terminal::{Terminal, output};
use crate::date::Moment;
use crate::error::Result;
use crate::present::thousands;

/// Writes a dump.
pub fn dump(arguments: &DumpArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let typed = arguments.tables.typed();
    let mut amount = Amount::default();
    let mut write = |out: &mut dyn Write| {
        amount = dump::dump(folder, typed, Moment::now(), out)?;
        Ok(())
    };
    match &arguments.file {
        None => output(write)?,
        Some(file) => to_file(file, &mut write)?,
    }
    terminal.say(&format!("dumped {}", shown(amount)));
    Ok(Exit::Success)
}

/// Takes in a dump.
pub fn restore(arguments: &RestoreArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let amount = dump::restore(folder, &arguments.file, arguments.replace)?;
    terminal.say(&format!("restored {}", shown(amount)));
    let next = if crate::archive::exists(folder) { "chancery index --rebuild" } else { "chancery index PATH" };
    terminal.say(&format!("`{next}` gives the articles the times at which they first came in"));
    Ok(Exit::Success)
}

fn shown(amount: Amount) -> String {
    let tables = if amount.tables == 1 { "1 table".to_owned() } else { format!("{} tables", thousands(amount.tables)) };
    format!("{tables} of your own and the times of {} articles", thousands(amount.articles))
}
