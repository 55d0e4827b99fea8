//! `chancery rollback` and `chancery prune`: the index before the last rebuild, and what it takes on the disk.

use std::path::Path;

use crate::archive::{Archive, upkeep};
use crate::cli::args::PruneArguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::error::Result;
use crate::present::thousands;

/// Goes back to the index before the last rebuild.
pub fn rollback(folder: &Path, terminal: &Terminal) -> Result<Exit> {
    upkeep::rollback(folder)?;
    let catalogue = Archive::open(folder)?.catalogue()?;
    let written = catalogue.written.map(|moment| moment.to_string()).unwrap_or_default();
    let articles = thousands(catalogue.article_count() as u64);
    terminal.say(&format!("the index is that of {written} again, with {articles} articles"));
    terminal.say("`chancery rollback` once more goes forward; the next `chancery index` brings this one up to date");
    Ok(Exit::Success)
}

/// Removes what a run could do without.
pub fn prune(arguments: &PruneArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let freed = upkeep::prune(folder, arguments.keep_runs)?;
    let runs = thousands(freed.runs as u64);
    terminal.say(&format!("{} bytes freed, {runs} records of runs removed", thousands(freed.bytes)));
    Ok(Exit::Success)
}
