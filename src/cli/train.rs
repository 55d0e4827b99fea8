//! `chancery actors train`: a tagger from texts in which the user has marked the names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::{Counts, Score, Trained, tables};
use crate::cli::exit::Exit;
use crate::cli::export::to_file;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::error::{Error, Result};
use crate::present::{self, Report, Value};

/// How many lines that cannot be used are printed one by one.
const MOST_SHOWN: usize = 20;

/// Runs the command.
pub fn run(
    files: &[PathBuf],
    to: Option<&Path>,
    actors: Option<&Path>,
    index: &Path,
    terminal: &Terminal,
) -> Result<Exit> {
    let training = tables::train(index, actors, files)?;
    training.unused.iter().take(MOST_SHOWN).for_each(|line| trouble(line));
    if training.unused.len() > MOST_SHOWN {
        trouble(&format!("and {} more lines", training.unused.len() - MOST_SHOWN));
    }
    let trained = training.trained.map_err(|reason| {
        Error::usage(reason).hint("mark more: `chancery extract FILE` prints articles in a form that can be corrected")
    })?;
    let usual = tables::tagger_file(index, actors);
    let file = to.unwrap_or(&usual);
    let worse = to.is_none() && is_worse(&trained);
    if !worse && file != Path::new("-") {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        }
        to_file(file, |out| out.write_all(trained.text.as_bytes()).map_err(Error::output))?;
    }
    if file == Path::new("-") {
        output(|out| out.write_all(trained.text.as_bytes()).map_err(Error::output))?;
        lines(&trained.scores).iter().for_each(|line| terminal.say(line));
    } else {
        let written = if worse { String::new() } else { file.display().to_string() };
        let rows = vec![
            ("texts", Value::Number(training.texts as u64)),
            ("names", Value::Number(trained.names as u64)),
            ("out_of_reach", Value::Number(trained.beyond as u64)),
            ("held_out", Value::Number(trained.held_out as u64)),
            ("figures", Value::List(lines(&trained.scores))),
            ("features", Value::Number(trained.features as u64)),
            ("model", Value::Text(written)),
        ];
        output(|out| present::report(out, &Report { rows }, terminal.format, &terminal.style))?;
    }
    if worse {
        trouble("the texts held out went worse with the tagger than without, so no model was written");
        trouble("hint: mark more texts, and every name in them; `-o FILE` writes the model all the same");
        return Ok(Exit::Nothing);
    }
    Ok(if training.unused.is_empty() { Exit::Success } else { Exit::Partial })
}

/// Whether the names of the texts held out are found less well with the tagger.
fn is_worse(trained: &Trained) -> bool {
    let mean = |counts: Counts| counts.shares().2;
    trained.scores.last().is_some_and(|all| mean(all.after) < mean(all.before))
}

/// The figures, a line for each kind.
fn lines(scores: &[Score]) -> Vec<String> {
    let figures = |counts: Counts| {
        let (precision, recall, mean) = counts.shares();
        format!("P {precision:.2} R {recall:.2} F1 {mean:.2}")
    };
    let line = |score: &Score| {
        let kind = match score.kind.map(crate::facts::ActorKind::name) {
            None => "all",
            Some("unknown") => "org",
            Some(kind) => kind,
        };
        let (before, after) = (figures(score.before), figures(score.after));
        format!("{kind}: {before} before, {after} after ({} names)", score.after.there)
    };
    scores.iter().map(line).collect()
}
