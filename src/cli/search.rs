//! `chancery search`: articles, best first.

use std::path::Path;

use crate::archive::Archive;
use crate::cli::args::SearchArguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::cli::{ask, index};
use crate::error::{Blame, Error, Result};
use crate::present;

/// The folder that a first search builds its index from.
const USUAL_CORPUS: &str = "corpus";

/// Runs the command.
pub fn run(arguments: &SearchArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let query = ask::question(&arguments.query, terminal)?;
    let archive = open_or_build(folder, terminal)?;
    let plan = ask::plan(ask::ranking(&arguments.ranking, arguments.query.any), &arguments.page, arguments.explain);
    if terminal.quiet {
        return Ok(if archive.count(&query)? > 0 { Exit::Success } else { Exit::Nothing });
    }
    let hits = archive.search(&query, &plan)?;
    output(|out| present::hits(out, &hits, terminal.format, &terminal.style))?;
    if hits.total == 0 {
        ask::explain_absence(&archive.absence(&query)?, "articles");
        return Ok(Exit::Nothing);
    }
    terminal.say(&present::count_line(hits.hits.len(), hits.total, "articles"));
    Ok(Exit::Success)
}

/// Opens the archive; where there is none yet but a corpus in its usual place, builds it first and says so.
fn open_or_build(folder: &Path, terminal: &Terminal) -> Result<Archive> {
    match Archive::open(folder) {
        Err(error) if is_missing(&error, folder) && Path::new(USUAL_CORPUS).is_dir() => {
            terminal.say(&format!("no index yet: building it in `{}` from `./{USUAL_CORPUS}`", folder.display()));
            index::build(Path::new(USUAL_CORPUS), folder, terminal)?;
            Archive::open(folder)
        }
        opened => opened,
    }
}

/// A damaged or outdated index is not a missing one: it is never built over without a word. A folder that holds a
/// store, or whatever stands where `CURRENT` should, once was an index.
fn is_missing(error: &Error, folder: &Path) -> bool {
    let store = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        name == "CURRENT" || name.to_string_lossy().starts_with("catalogue-")
    };
    let was_index = std::fs::read_dir(folder).is_ok_and(|entries| {
        let folders: Vec<_> = entries.flatten().collect();
        let stores =
            folders.iter().filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.path().read_dir().ok());
        let committed = stores.flatten().flatten().any(store);
        committed || folders.into_iter().any(store)
    });
    error.blame() == Blame::Index && !was_index
}
