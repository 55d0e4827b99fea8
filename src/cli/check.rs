//! `chancery check`: whether documents, catalogue and files agree.

use std::path::Path;

use crate::archive::{Archive, tables};
use crate::cli::args::CheckArguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::error::Result;
use crate::present::{self, Format, Report, Value};

/// Runs the command.
pub fn run(arguments: &CheckArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let (archive, mut wrong) = checked(folder)?;
    let sound = wrong.is_empty();
    if sound && arguments.deep {
        wrong.extend(deep(&archive, arguments, folder, terminal)?);
    }
    match terminal.format {
        Format::Text | Format::Lines => wrong.iter().for_each(|line| trouble(line)),
        format => {
            let rows = vec![("ok", Value::Flag(wrong.is_empty())), ("wrong", Value::List(wrong.clone()))];
            output(|out| present::report(out, &Report { rows }, format, &terminal.style))?;
        }
    }
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
        false => "run `chancery index --rebuild` to write the index anew from the corpus",
    });
    Ok(Exit::Index)
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
    let typed = arguments.tables.actors.as_deref();
    if archive.tables_state(folder, typed)?.changed() {
        terminal.say("no sample is extracted: the actor tables changed, and the next `chancery index` brings them in");
        return Ok(Vec::new());
    }
    let (tables, _) = tables::load(folder, typed)?;
    let found = archive.check_deep(&tables, arguments.sample)?;
    terminal.say(&format!("{} articles were extracted anew", present::thousands(found.sampled as u64)));
    Ok(found.wrong)
}
