//! `chancery search`: articles, best first.

use std::path::Path;

use crate::archive::{Archive, Plan, Relaxed};
use crate::cli::args::SearchArguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::cli::{ask, index};
use crate::error::{Blame, Error, Result};
use crate::present::{self, Format};
use crate::query::Query;

/// The folder that a first search builds its index from.
const USUAL_CORPUS: &str = "corpus";

/// Runs the command.
pub fn run(arguments: &SearchArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let query = ask::question(&arguments.query, terminal)?;
    let archive = open_or_build(folder, terminal)?;
    if arguments.explain_query {
        return explain_query(archive, &query, terminal);
    }
    let ranking = ask::ranking(&arguments.ranking, arguments.query.any);
    // A line of a hit shows none of its text.
    let snippets = if terminal.format == Format::Lines { 0 } else { arguments.snippets };
    let fold = !arguments.all;
    let plan = Plan { fold, snippets, ..ask::plan(ranking, &arguments.page, arguments.explain) };
    if terminal.quiet {
        return Ok(if archive.count(&query)? > 0 { Exit::Success } else { Exit::Nothing });
    }
    let hits = archive.search(&query, &plan)?;
    if hits.total == 0 {
        let absence = archive.absence(&query)?;
        ask::explain_absence(&absence, "articles");
        // People may look at what comes near; programs asked for answers, and get none.
        match absence.relaxed.filter(|_| terminal.format == Format::Text && !arguments.strict) {
            Some(near) => show_near(archive, &near, &plan, terminal)?,
            None => output(|out| present::hits(out, &hits, terminal.format, &terminal.style))?,
        }
        return Ok(Exit::Nothing);
    }
    output(|out| present::hits(out, &hits, terminal.format, &terminal.style))?;
    terminal.say(&present::stories_line(hits.hits.len(), &hits));
    if plan.fold && hits.stories.is_none() {
        terminal.say("copies are not folded: the first run of this index has not finished; run `chancery index`");
    }
    Ok(Exit::Success)
}

/// Says how each part of the question is understood.
fn explain_query(archive: &Archive, query: &Query, terminal: &Terminal) -> Result<Exit> {
    let found = archive.readings(query)?;
    output(|out| present::readings(out, &found, terminal.format, &terminal.style))?;
    Ok(Exit::Success)
}

/// Shows the articles that have all words but one.
fn show_near(archive: &Archive, near: &Relaxed, plan: &Plan, terminal: &Terminal) -> Result<()> {
    let hits = archive.search(&near.query, plan)?;
    terminal.say(&format!("these have {} of the {} words (--strict leaves them out):", near.words - 1, near.words));
    output(|out| present::hits(out, &hits, terminal.format, &terminal.style))
}

/// Opens the archive; where there is none yet but a corpus in its usual place, builds it first and says so.
fn open_or_build(folder: &Path, terminal: &Terminal) -> Result<&'static Archive> {
    match ask::open(folder) {
        Err(error) if is_missing(&error, folder) && Path::new(USUAL_CORPUS).is_dir() => {
            terminal.say(&format!("no index yet: building it in `{}` from `./{USUAL_CORPUS}`", folder.display()));
            index::build(Path::new(USUAL_CORPUS), folder, terminal)?;
            ask::open(folder)
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
