//! `chancery check`: whether documents, catalogue and files agree.

use std::path::Path;

use crate::archive::{self, Archive, tables};
use crate::cli::args::CheckArguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output, trouble, untold};
use crate::error::{Error, Result};
use crate::present::{self, Format, Report, Value};

/// The way out of damage.
const REBUILD: &str = "run `chancery index --rebuild` to write the index anew from the corpus";

/// Runs the command.
pub fn run(arguments: &CheckArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let (archive, mut wrong) = match checked(folder) {
        Err(error) if error.is_damage() => {
            untold(list(&unopened(folder, &error), terminal))?;
            trouble(REBUILD);
            return Ok(Exit::Index);
        }
        checked => checked?,
    };
    let sound = wrong.is_empty();
    if sound && arguments.deep {
        wrong.extend(deep(&archive, arguments, folder, terminal)?);
    }
    untold(list(&wrong, terminal))?;
    if wrong.is_empty() {
        let catalogue = archive.catalogue()?;
        let articles = present::thousands(catalogue.article_count() as u64);
        terminal.say(&format!(
            "ok: {articles} articles and {} quotes, as the catalogue says",
            present::thousands(catalogue.quote_count())
        ));
        return Ok(Exit::Success);
    }
    trouble(match sound {
        true => "extraction is another than the index was made with; `chancery index --rebuild` brings it in",
        false => REBUILD,
    });
    Ok(Exit::Index)
}

fn list(wrong: &[String], terminal: &Terminal) -> Result<()> {
    match terminal.format {
        Format::Text | Format::Lines => {
            wrong.iter().for_each(|line| trouble(line));
            Ok(())
        }
        format => {
            let rows = vec![("ok", Value::Flag(wrong.is_empty())), ("wrong", Value::List(wrong.to_vec()))];
            output(|out| present::report(out, &Report { rows }, format, &terminal.style))
        }
    }
}

/// What is wrong with an index that cannot be opened: what opening it said, if its files do not say the same, and they.
fn unopened(folder: &Path, error: &Error) -> Vec<String> {
    let (said, mut wrong) = (error.to_string(), archive::damage(folder));
    if !wrong.iter().any(|line| said.ends_with(line.as_str())) {
        wrong.insert(0, said);
    }
    wrong
}

/// Checks an archive; where a run changed it meanwhile, what was found wrong is looked at again in its new state.
fn checked(folder: &Path) -> Result<(Archive, Vec<String>)> {
    loop {
        let archive = Archive::open(folder)?;
        let wrong = archive.check();
        let sound = wrong.as_ref().is_ok_and(Vec::is_empty);
        if sound || !archive.is_outdated()? {
            return wrong.map(|wrong| (archive, wrong));
        }
    }
}

/// Compares a sample with what extraction finds now; not where the tables are others, which tells itself.
fn deep(archive: &Archive, arguments: &CheckArguments, folder: &Path, terminal: &Terminal) -> Result<Vec<String>> {
    let typed = arguments.tables.typed();
    if archive.tables_state(folder, typed)?.changed() {
        terminal.say("no sample is extracted: the actor tables changed, and the next `chancery index` brings them in");
        return Ok(Vec::new());
    }
    let (tables, _) = tables::load(folder, typed)?;
    let found = archive.check_deep(&tables, arguments.sample)?;
    terminal.say(&format!("{} articles were extracted anew", present::thousands(found.sampled as u64)));
    Ok(found.wrong)
}
