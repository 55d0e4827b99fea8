//! `chancery runs`: what the indexer did, night by night.

use std::path::Path;

use crate::archive::journal::{self, Outcome, RunRecord};
use crate::archive::upkeep;
use crate::cli::args::RunsArguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::error::{Error, Result};
use crate::present::{self, Report, Value};

/// Runs the command.
pub fn run(arguments: &RunsArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let mut unread = Vec::new();
    let limit = if arguments.id.is_some() { usize::MAX } else { arguments.limit };
    let records = journal::list(folder, limit, &mut unread)?;
    unread.iter().for_each(|file| trouble(&format!("{file}: not a record of a run; left out")));
    let alive = upkeep::is_running(folder);
    if let Some(id) = &arguments.id {
        let record = records.iter().find(|record| record.id == *id);
        let Some(record) = record else {
            super::tell(&Error::not_found(format!("run `{id}`")).hint("the ids are in the list of `chancery runs`"));
            return Ok(Exit::Nothing);
        };
        let is_alive = alive && journal::newest_running(&records).is_some_and(|newest| newest.id == record.id);
        output(|out| present::report(out, &whole(record, is_alive), terminal.format, &terminal.style))?;
        return Ok(Exit::Success);
    }
    if records.is_empty() {
        if !folder.is_dir() {
            return Err(Error::index_missing(folder));
        }
        terminal.say("no run has left a record in this index");
        return Ok(Exit::Nothing);
    }
    let running = journal::newest_running(&records).filter(|_| alive).map(|record| record.id.as_str());
    let rows: Vec<Report> = records.iter().map(|record| brief(record, running == Some(record.id.as_str()))).collect();
    output(|out| present::reports(out, &rows, terminal.format, &terminal.style))?;
    Ok(Exit::Success)
}

/// The word for how a run ended; one that never said so, and is not under way, was killed.
pub fn ending(record: &RunRecord, alive: bool) -> &'static str {
    match record.outcome {
        Outcome::Running if !alive => "killed",
        outcome => outcome.name(),
    }
}

/// A count of a run; one that came to no end has none.
fn count(record: &RunRecord, name: &str) -> Value {
    Value::from(record.counts.get(name).copied())
}

fn brief(record: &RunRecord, alive: bool) -> Report {
    let rows = vec![
        ("id", Value::Text(record.id.clone())),
        ("outcome", Value::Text(ending(record, alive).to_owned())),
        ("seconds", Value::from(record.seconds)),
        ("files", count(record, "files_seen")),
        ("added", count(record, "articles_added")),
        ("updated", count(record, "articles_updated")),
        ("removed", count(record, "articles_removed")),
        ("articles", count(record, "articles")),
        ("failures", count(record, "failures")),
        ("warnings", Value::Number(record.warnings.len() as u64)),
    ];
    Report { rows }
}

fn whole(record: &RunRecord, alive: bool) -> Report {
    let list = |items: Vec<String>| Value::List(items);
    let found = &record.found;
    let ended = |value| if record.counts.is_empty() { Value::Absent } else { value };
    let mut rows = vec![
        ("id", Value::Text(record.id.clone())),
        ("outcome", Value::Text(ending(record, alive).to_owned())),
        ("program", Value::Text(record.program.clone())),
        ("started", Value::Text(record.started.clone())),
        ("seconds", Value::from(record.seconds)),
        ("error", Value::from(record.error.clone())),
        ("rebuild", Value::Flag(record.rebuild)),
        ("generation", Value::from(record.generation)),
    ];
    rows.extend(journal::COUNTS.map(|name| (name, count(record, name))));
    rows.extend([
        ("extracted", ended(Value::Number(found.articles))),
        ("actors_an_article", ended(Value::Float(found.actors))),
        ("quotes_an_article", ended(Value::Float(found.quotes))),
        ("quotes_with_speaker", ended(Value::Float(found.attributed))),
        ("articles_with_date", ended(Value::Float(found.dated))),
        ("warnings", list(record.warnings.clone())),
        ("reasons", list(record.reasons.iter().map(|(reason, count)| format!("{count} x {reason}")).collect())),
        ("failed", list(record.failures.clone())),
        ("replaced", list(record.replaced.clone())),
        ("stages", list(record.stages.iter().map(|(stage, seconds)| format!("{stage} {seconds:.2} s")).collect())),
        ("slowest", list(record.slowest.iter().map(|file| format!("{:.2} s {}", file.seconds, file.path)).collect())),
    ]);
    Report { rows }
}
