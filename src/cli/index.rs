//! `chancery index`: brings the index up to date with its corpus.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::archive::run::{self, Options, Progress};
use crate::cli::args::IndexArguments;
use crate::cli::exit::Exit;
use crate::cli::extract::{corpus_options, shown_failure};
use crate::cli::terminal::{Terminal, output, trouble};
use crate::date::Moment;
use crate::error::{Error, Result};
use crate::present::{self, Format, Report, Style, Value, thousands};

/// The folder that is read when no other is known.
const USUAL_CORPUS: &str = "corpus";

/// How many failures are printed one by one; the rest is in `chancery status --failures`.
const MOST_FAILURES_SHOWN: usize = 20;

/// Runs the command.
pub fn run(arguments: &IndexArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let options = Options {
        corpus: corpus_options(&arguments.corpus),
        rebuild: arguments.rebuild,
        keep_vanished: arguments.keep_vanished,
        actors: arguments.tables.actors.clone(),
        allow_shrink: arguments.allow_shrink,
        wait: arguments.wait,
        now: Moment::now(),
        started: Moment::now_nanoseconds(),
    };
    let paths = paths_of(arguments, folder);
    let report = if arguments.dry_run {
        terminal.say("nothing is written: this is what a run would do");
        run::preview(folder, &paths, &options)?
    } else {
        index(folder, &paths, &options, terminal)?
    };
    if let Some(file) = &arguments.report {
        write_report(&report, file)?;
    }
    tell(&report, terminal)?;
    Ok(if report.failures.is_empty() { Exit::Success } else { Exit::Partial })
}

/// Builds an index for the first time, for a search that found none.
pub fn build(corpus: &Path, folder: &Path, terminal: &Terminal) -> Result<()> {
    let options = Options {
        corpus: crate::archive::CorpusOptions {
            include: Vec::new(),
            exclude: Vec::new(),
            max_file_bytes: crate::archive::DEFAULT_MAX_FILE_BYTES,
        },
        rebuild: false,
        keep_vanished: false,
        actors: None,
        allow_shrink: false,
        wait: Duration::ZERO,
        now: Moment::now(),
        started: Moment::now_nanoseconds(),
    };
    let report = index(folder, &[corpus.to_owned()], &options, terminal)?;
    terminal.say(&summary(&report));
    tell_failures(&report, terminal);
    Ok(())
}

/// The folders typed; else none, so that those of the last run are taken; else `./corpus` for a first run.
fn paths_of(arguments: &IndexArguments, folder: &Path) -> Vec<PathBuf> {
    let first = !folder.join("CURRENT").exists();
    if arguments.paths.is_empty() && first && Path::new(USUAL_CORPUS).is_dir() {
        return vec![PathBuf::from(USUAL_CORPUS)];
    }
    arguments.paths.clone()
}

fn index(folder: &Path, paths: &[PathBuf], options: &Options, terminal: &Terminal) -> Result<run::Report> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = stop.clone();
    // Without a handler Ctrl-C ends the process at once, which is safe too: nothing half-done is ever visible.
    let _ = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    });
    let bar = if terminal.watched && !terminal.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} files, {eta} left {msg}") {
        bar.set_style(style);
    }
    let result = run::index(folder, paths, options, &stop, &mut |progress| match progress {
        Progress::Refreshing => bar.set_message("the tables changed: extracting anew"),
        Progress::ToRead(files) => bar.set_length(files as u64),
        Progress::File => bar.inc(1),
        Progress::Committing => bar.set_message("writing"),
    });
    bar.finish_and_clear();
    result.map_err(|error| match error.blame() {
        crate::error::Blame::Interrupted => error.hint("the index is as it was; run the same command again to go on"),
        _ => error,
    })
}

fn tell(report: &run::Report, terminal: &Terminal) -> Result<()> {
    tell_failures(report, terminal);
    if terminal.quiet {
        return Ok(());
    }
    match terminal.format {
        Format::Text | Format::Lines => {
            terminal.say(&summary(report));
            Ok(())
        }
        format => output(|out| present::report(out, &rows(report), format, &terminal.style)),
    }
}

fn tell_failures(report: &run::Report, terminal: &Terminal) {
    for one in report.failures.iter().take(MOST_FAILURES_SHOWN) {
        trouble(&shown_failure(&one.path, &one.failure));
    }
    if report.failures.len() > MOST_FAILURES_SHOWN {
        let more = report.failures.len() - MOST_FAILURES_SHOWN;
        trouble(&format!("and {} more failures: `chancery status --failures` lists them", thousands(more as u64)));
    }
    if report.passed_over > 0 {
        terminal.say(&format!("{} files are of a sort that no reader is for", thousands(report.passed_over as u64)));
    }
    let held =
        [(report.embargoed, "held back until their embargo ends"), (report.withdrawn, "withdrawn by their source")];
    for (count, why) in held.into_iter().filter(|(count, _)| *count > 0) {
        terminal.say(&format!("{} articles are {why}", thousands(count as u64)));
    }
    if report.tables_changed {
        terminal.say(&match (report.generation, report.refreshed) {
            (None, _) => "the actor tables changed: every article would be extracted anew".to_owned(),
            (_, 0) => "the actor tables changed: every article was extracted anew, and none has other facts".to_owned(),
            (_, 1) => "the actor tables changed: every article was extracted anew, and 1 has other facts".to_owned(),
            (_, count) => format!(
                "the actor tables changed: every article was extracted anew, and {} have other facts",
                thousands(count as u64)
            ),
        });
    }
}

fn summary(report: &run::Report) -> String {
    let count = |number: usize| thousands(number as u64);
    format!(
        "{} files: {} new, {} changed, {} unchanged, {} gone; {} articles added, {} updated, {} removed\n\
         the index holds {} articles and {} quotes; {} failures",
        count(report.seen),
        count(report.new_files),
        count(report.changed_files),
        count(report.unchanged_files),
        count(report.vanished_files),
        count(report.added),
        count(report.updated),
        count(report.removed),
        count(report.articles),
        thousands(report.quotes),
        count(report.failures.len()),
    )
}

fn rows(report: &run::Report) -> Report {
    let number = |number: usize| Value::Number(number as u64);
    let failures = report.failures.iter().map(|one| shown_failure(&one.path, &one.failure));
    Report {
        rows: vec![
            ("files_seen", number(report.seen)),
            ("files_new", number(report.new_files)),
            ("files_changed", number(report.changed_files)),
            ("files_unchanged", number(report.unchanged_files)),
            ("files_gone", number(report.vanished_files)),
            ("files_passed_over", number(report.passed_over)),
            ("articles_added", number(report.added)),
            ("articles_updated", number(report.updated)),
            ("articles_removed", number(report.removed)),
            ("articles", number(report.articles)),
            ("quotes", Value::Number(report.quotes)),
            ("generation", report.generation.map_or(Value::Text(String::new()), Value::Number)),
            ("failures", Value::List(failures.collect())),
            ("articles_refreshed", number(report.refreshed)),
            ("articles_embargoed", number(report.embargoed)),
            ("articles_withdrawn", number(report.withdrawn)),
        ],
    }
}

fn write_report(report: &run::Report, file: &Path) -> Result<()> {
    let mut text = Vec::new();
    present::report(&mut text, &rows(report), Format::Json, &Style::PLAIN)?;
    fs::write(file, text).map_err(|error| Error::io(file, error))
}
