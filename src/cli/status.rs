//! `chancery status`: what the index holds and how it was made.

use std::path::Path;

use crate::archive::report::{FileFailure, notes_of, parted};
use crate::archive::{TablesState, journal, upkeep};
use crate::cli::args::StatusArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::runs;
use crate::cli::terminal::{Terminal, output};
use crate::error::Result;
use crate::present::{self, Report, Value};

/// Among how many runs the one that is at work is looked for: those that were turned away meanwhile are newer.
const RECENT: usize = 100;

/// Runs the command.
pub fn run(arguments: &StatusArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let archive = ask::open(folder)?;
    let status = archive.status()?;
    let catalogue = archive.catalogue()?;
    let (failures, replaced) = parted(notes_of(&catalogue));
    let told = |notes: &[FileFailure]| notes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let tables = archive.tables_state(folder, arguments.tables.typed())?;
    let mut rows = vec![
        ("index", Value::Text(folder.display().to_string())),
        ("corpus", Value::List(catalogue.live_roots())),
        ("articles", Value::Number(status.articles)),
        ("quotes", Value::Number(status.quotes)),
        ("files", Value::Number(catalogue.files.len() as u64)),
        ("failures", Value::Number(failures.len() as u64)),
        ("articles_replaced", Value::Number(replaced.len() as u64)),
        ("newest", Value::from(status.newest.map(|day| day.to_string()))),
        ("written", Value::from(catalogue.written.map(|moment| moment.to_string()))),
        ("generation", Value::Number(catalogue.generation)),
        ("complete", Value::Flag(catalogue.complete)),
        ("bytes", Value::Number(status.bytes)),
        ("segments", Value::Number(status.segments as u64)),
        ("format", Value::Text(status.format)),
        ("analyser", Value::Text(status.analyser)),
        ("tables", Value::Text(status.dictionary)),
        ("tables_changed", Value::Flag(tables.changed())),
        ("tagger", Value::from(tables.tagger.clone())),
        ("tables_due", Value::from(due(&tables).map(str::to_owned))),
    ];
    let alive = upkeep::is_running(folder);
    let records = journal::list(folder, RECENT, &mut Vec::new())?;
    let last = journal::newest_running(&records).filter(|_| alive).or(records.first());
    let ended = last.map(|run| format!("{}, {}", run.started, runs::ending(run, alive)));
    rows.push(("last_run", Value::from(ended)));
    rows.push(("can_roll_back", Value::Flag(upkeep::can_roll_back(folder))));
    if arguments.failures {
        rows.push(("failed", Value::List(told(&failures))));
        rows.push(("replaced", Value::List(told(&replaced))));
    }
    output(|out| present::report(out, &Report { rows }, terminal.format, &terminal.style))?;
    Ok(Exit::Success)
}

/// What is to be done about the tables, if anything is.
fn due(tables: &TablesState) -> Option<&'static str> {
    match (tables.now.is_some(), tables.builtin_changed, tables.own_changed) {
        (false, ..) => Some("your own tables have mistakes and hold up `chancery index`; see `chancery actors check`"),
        _ if tables.without => {
            Some("the index was made with `--no-extract`; a run without that brings actors and quotes in")
        }
        (_, false, false) => None,
        (_, false, true) => Some("your own tables changed; the next `chancery index` brings them in"),
        (_, true, false) => Some("the built-in tables changed; the next `chancery index` brings them in"),
        (_, true, true) => Some("the built-in tables and your own changed; the next `chancery index` brings them in"),
    }
}
