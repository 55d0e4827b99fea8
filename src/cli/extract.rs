//! `chancery extract`: what extraction sees in files, without an index.

use std::path::Path;

use crate::archive;
use crate::cli::args::{CorpusArguments, ExtractArguments};
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::error::{Blame, Result};
use crate::present;

/// Runs the command.
pub fn run(arguments: &ExtractArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let options = corpus_options(&arguments.corpus);
    let (tables, _) = archive::tables::load(folder, arguments.tables.typed())?;
    let mut failed = false;
    output(|out| {
        for path in &arguments.paths {
            let mut note = |file: &str, failure: crate::catalogue::Failure| {
                failed = true;
                trouble(&shown_failure(file, &failure));
            };
            let read =
                archive::extract_path(path, &options, &tables, arguments.beliefs, &mut note, &mut |article, facts| {
                    match arguments.explain {
                        true => present::explain(out, article, facts, terminal.format, &terminal.style),
                        false => present::extract(out, article, facts),
                    }
                });
            match read {
                Err(error) if error.blame() == Blame::Input => {
                    super::tell(&error);
                    failed = true;
                }
                other => other?,
            }
        }
        Ok(())
    })?;
    Ok(if failed { Exit::Partial } else { Exit::Success })
}

/// The limits of a corpus as typed.
pub fn corpus_options(arguments: &CorpusArguments) -> archive::CorpusOptions {
    archive::CorpusOptions {
        include: arguments.include.clone(),
        exclude: arguments.exclude.clone(),
        max_file_bytes: arguments.max_file_bytes,
    }
}

/// A failure as one line: file, line, reason.
pub fn shown_failure(file: &str, failure: &crate::catalogue::Failure) -> String {
    match failure.line {
        Some(line) => format!("{file}:{line}: {}", failure.reason),
        None => format!("{file}: {}", failure.reason),
    }
}
