//! `chancery actors`: looks after the tables of actors.

use std::fs;
use std::path::Path;

use crate::archive::tables;
use crate::archive::{Archive, OwnTables, country_code};
use crate::cli::args::{ActorsCommand, ListName, TablesArguments};
use crate::cli::exit::Exit;
use crate::cli::export::to_file;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::cli::train;
use crate::date::Day;
use crate::error::{Blame, Error, Result};
use crate::facts::{ActorKind, BUILT_IN, TableActor};
use crate::present::{self, Format, Report, Value, thousands};
use crate::query;

/// How many lines that an import could not use are printed one by one.
const MOST_SHOWN: usize = 20;

/// Runs the command.
pub fn run(command: &ActorsCommand, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    match command {
        ActorsCommand::Check { paths, tables } => {
            let checked = tables::check(folder, tables.typed(), paths)?;
            tell_check(&checked, terminal)
        }
        ActorsCommand::Show { names, tables } => show(names, tables, folder, terminal),
        ActorsCommand::List { kind, country, own, tables: arguments } => {
            let kind = kind.as_deref().map(kind_of).transpose()?;
            let country = country.as_deref().map(country_of).transpose()?;
            let tables = load(arguments, folder)?;
            let wanted = |actor: &TableActor| {
                kind.is_none_or(|kind| actor.kind == kind)
                    && country.as_ref().is_none_or(|code| actor.country.as_ref() == Some(code))
                    && (!own || is_own(actor))
            };
            let found: Vec<TableActor> = tables.actors().filter(wanted).collect();
            output(|out| present::actors(out, &found, false, terminal.format, &terminal.style))?;
            let actors = if found.len() == 1 { "actor" } else { "actors" };
            terminal.say(&format!("{} {actors}", thousands(found.len() as u64)));
            let model = tables::tagger_file(folder, arguments.typed());
            if let Some(tagger) = tables.tagger_line(&model.display().to_string()) {
                terminal.say(&format!("a tagger of your own in {tagger}"));
            }
            Ok(if found.is_empty() { Exit::Nothing } else { Exit::Success })
        }
        ActorsCommand::Train { files, to, tables } => {
            train::run(files, to.as_deref(), tables.typed(), folder, terminal)
        }
        ActorsCommand::Import { file, from: ListName::Cameo, to, report } => {
            import(file, to.as_deref(), report.as_deref(), terminal)
        }
    }
}

fn load(arguments: &TablesArguments, folder: &Path) -> Result<OwnTables> {
    tables::load(folder, arguments.typed()).map(|(tables, _)| tables)
}

fn is_own(actor: &TableActor) -> bool {
    actor.origin != BUILT_IN || !actor.changes.is_empty() || actor.names.iter().any(|name| name.origin != BUILT_IN)
}

fn kind_of(word: &str) -> Result<ActorKind> {
    let all = ActorKind::ALL.map(ActorKind::name).join(", ");
    ActorKind::from_name(word)
        .ok_or_else(|| Error::usage(format!("`{word}` is no kind of actor")).hint(format!("the kinds are {all}")))
}

/// The code of a country that is named by it, in any case, or by a name.
fn country_of(word: &str) -> Result<String> {
    let is_code = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    country_code(word).or_else(|| is_code.then(|| word.to_uppercase())).ok_or_else(|| {
        Error::usage(format!("`{word}` is no country of the tables")).hint("write its ISO code (NO, RU), or its name")
    })
}

fn tell_check(checked: &tables::Checked, terminal: &Terminal) -> Result<Exit> {
    let tables::Checked { files, errors, warnings } = checked;
    match terminal.format {
        Format::Text | Format::Lines => {
            errors.iter().for_each(|line| trouble(line));
            warnings.iter().for_each(|line| terminal.say(&format!("{line} (a warning)")));
        }
        format => {
            let rows = vec![
                ("ok", Value::Flag(errors.is_empty())),
                ("files", Value::Number(*files as u64)),
                ("errors", Value::List(errors.clone())),
                ("warnings", Value::List(warnings.clone())),
            ];
            output(|out| present::report(out, &Report { rows }, format, &terminal.style))?;
        }
    }
    let count = |number: usize, one: &str| {
        if number == 1 { format!("1 {one}") } else { format!("{} {one}s", thousands(number as u64)) }
    };
    if *files == 0 {
        terminal.say("there are no tables of your own");
    } else {
        let (errors, warnings) = (count(errors.len(), "mistake"), count(warnings.len(), "warning"));
        terminal.say(&format!("{}: {errors}, {warnings}", count(*files, "file")));
    }
    Ok(if errors.is_empty() { Exit::Success } else { Exit::Usage })
}

fn show(names: &[String], arguments: &TablesArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let tables = load(arguments, folder)?;
    let mut found: Vec<TableActor> = Vec::new();
    let mut missing = false;
    for name in names {
        let mut actors: Vec<TableActor> = tables.actor(name).into_iter().collect();
        if actors.is_empty() {
            actors = tables.actors_named(name);
        }
        if actors.is_empty() {
            trouble(&format!("no table has an actor with the id or name `{name}`"));
            missing = true;
        }
        for actor in actors {
            if !found.iter().any(|other| other.id == actor.id) {
                found.push(actor);
            }
        }
    }
    count_articles(&mut found, folder)?;
    output(|out| present::actors(out, &found, true, terminal.format, &terminal.style))?;
    Ok(if missing { Exit::Nothing } else { Exit::Success })
}

/// Counts the articles of each actor, where there is an index that can be searched.
fn count_articles(actors: &mut [TableActor], folder: &Path) -> Result<()> {
    let archive = match Archive::open(folder) {
        Err(error) if error.blame() == Blame::Index => return Ok(()),
        opened => opened?,
    };
    for actor in actors {
        let question = format!("actor:\"{}\"", actor.id);
        let options = query::Options { today: Day::today(), any: false };
        actor.articles = Some(archive.count(&query::parse(&question, &options)?.query)?);
    }
    Ok(())
}

fn import(file: &Path, to: Option<&Path>, report: Option<&Path>, terminal: &Terminal) -> Result<Exit> {
    let imported = tables::import(file)?;
    match to.filter(|path| *path != Path::new("-")) {
        Some(path) => {
            // The usual place, `index/actors`, is not there before the first table.
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
            }
            to_file(path, |out| out.write_all(imported.table.as_bytes()).map_err(Error::output))?;
        }
        None => output(|out| out.write_all(imported.table.as_bytes()).map_err(Error::output))?,
    }
    if let Some(path) = report {
        let mut all = imported.unused.join("\n");
        all.push_str(if all.is_empty() { "" } else { "\n" });
        to_file(path, |out| out.write_all(all.as_bytes()).map_err(Error::output))?;
    } else {
        imported.unused.iter().take(MOST_SHOWN).for_each(|line| trouble(line));
        if imported.unused.len() > MOST_SHOWN {
            let more = thousands((imported.unused.len() - MOST_SHOWN) as u64);
            trouble(&format!("and {more} more: `--report FILE` writes all of them"));
        }
    }
    terminal.say(&format!(
        "{} actors with {} names; {} names are known already; {} lines could not be used",
        thousands(imported.actors as u64),
        thousands(imported.names as u64),
        thousands(imported.known as u64),
        thousands(imported.unused.len() as u64),
    ));
    Ok(if imported.unused.is_empty() { Exit::Success } else { Exit::Partial })
}
