//! `chancery index`: brings the index up to date with its corpus.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::archive::journal;
use crate::archive::report::{self, Options, Progress};
use crate::archive::run;
use crate::cli::args::IndexArguments;
use crate::cli::exit::Exit;
use crate::cli::export::to_file;
use crate::cli::extract::corpus_options;
use crate::cli::ping::Ping;
use crate::cli::terminal::{Terminal, output, trouble, untold};
use crate::date::Moment;
use crate::error::{Blame, Result};
use crate::present::{self, Format, Report, Style, Value, thousands};

/// The folder that is read when no other is known.
const USUAL_CORPUS: &str = "corpus";

/// How many failures are printed one by one; the rest is in `chancery status --failures`.
const MOST_FAILURES_SHOWN: usize = 20;

/// How many sorts of files without a reader are named.
const MOST_SORTS_SHOWN: usize = 5;

/// Runs the command.
pub fn run(arguments: &IndexArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let options = Options {
        corpus: corpus_options(&arguments.corpus),
        rebuild: arguments.rebuild,
        keep_vanished: arguments.keep_vanished,
        forget: arguments.forget.clone(),
        retry: arguments.retry,
        no_extract: arguments.no_extract,
        actors: arguments.tables.typed().map(Path::to_owned),
        allow_shrink: arguments.allow_shrink,
        max_failures: arguments.max_failures,
        allow_low_space: arguments.allow_low_space,
        wait: arguments.wait,
        step: arguments.commit_every << 20,
        ..Options::usual(Moment::now(), Moment::now_nanoseconds())
    };
    let paths = paths_of(arguments, folder);
    if arguments.dry_run {
        terminal.say("nothing is written: this is what a run would do");
        let report = run::preview(folder, &paths, &options)?;
        return finish(&report, arguments, terminal);
    }
    let ping = Ping::new(arguments.ping.as_deref())?;
    ping.start();
    let result = catch_unwind(AssertUnwindSafe(|| index(folder, &paths, &options, terminal)));
    let result = result.unwrap_or_else(|panic| {
        ping.end(Exit::from(Blame::System).code(), "the program broke down");
        resume_unwind(panic)
    });
    let said = match &result {
        Ok(report) => summary(report),
        Err(error) => error.to_string(),
    };
    // Files that are known to be bad are no news to a monitor.
    let exit = result.as_ref().map_or_else(|error| Exit::from(error.blame()), |report| ending(report, true));
    ping.end(exit.code(), &said);
    finish(&result?, arguments, terminal)
}

/// How a run ended whose work is done; failures that an earlier run has told may count, or only `new` ones.
fn ending(report: &report::Report, new: bool) -> Exit {
    let failed = if new { report.fresh_failures().next().is_some() } else { !report.failures.is_empty() };
    if failed { Exit::Partial } else { Exit::Success }
}

/// Hands the report to whoever asked for it, and tells how the run ended.
fn finish(report: &report::Report, arguments: &IndexArguments, terminal: &Terminal) -> Result<Exit> {
    // What failed is told before anything else can.
    untold(tell(report, terminal))?;
    if let Some(file) = &arguments.report {
        write_report(report, file)?;
    }
    Ok(ending(report, arguments.new_failures_only))
}

/// Builds an index for the first time, for a search that found none.
pub fn build(corpus: &Path, folder: &Path, terminal: &Terminal) -> Result<()> {
    let options = Options::usual(Moment::now(), Moment::now_nanoseconds());
    let report = index(folder, &[corpus.to_owned()], &options, terminal)?;
    terminal.say(&summary(&report));
    tell_failures(&report, terminal);
    Ok(())
}

/// The folders typed; else none, so that those of the last run are taken; else `./corpus` for a first run.
fn paths_of(arguments: &IndexArguments, folder: &Path) -> Vec<PathBuf> {
    let first = !crate::archive::exists(folder);
    if arguments.paths.is_empty() && first && Path::new(USUAL_CORPUS).is_dir() {
        return vec![PathBuf::from(USUAL_CORPUS)];
    }
    arguments.paths.clone()
}

fn index(folder: &Path, paths: &[PathBuf], options: &Options, terminal: &Terminal) -> Result<report::Report> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = stop.clone();
    // Without a handler Ctrl-C ends the process at once, which is safe too: nothing half-done is ever visible.
    let _ = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    });
    let bar = if terminal.watched && !terminal.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left, {msg}") {
        bar.set_style(style);
    }
    // Articles tell how far a file is, roughly: how many bytes it has besides their texts is known at its end.
    let (mut articles, mut files, mut within) = (0, 0, 0);
    let mut seen = |progress| match progress {
        Progress::Refreshing => bar.set_message("the tables changed: extracting anew"),
        Progress::ToRead(bytes) => bar.set_length(bytes),
        Progress::Article(bytes) => {
            (articles, within) = (articles + 1, within + bytes);
            bar.set_position((files + within).min(bar.length().unwrap_or(0)));
            bar.set_message(format!("{} articles", thousands(articles)));
        }
        Progress::File(bytes) => {
            (files, within) = (files + bytes, 0);
            bar.set_position(files);
        }
        Progress::Committing => bar.set_message("writing"),
    };
    let work = |seen: &mut dyn FnMut(Progress)| run::index(folder, paths, options, &stop, seen);
    let result = journal::recorded(folder, options, &mut seen, work);
    bar.finish_and_clear();
    result.map_err(|error| match error.blame() {
        Blame::Interrupted => error.hint(match run::begun(folder) {
            Some(articles) => format!(
                "{} articles are in the index so far; run the same command again to go on",
                thousands(articles as u64)
            ),
            None => "the index is as it was; run the same command again to go on".to_owned(),
        }),
        _ => error,
    })
}

fn tell(report: &report::Report, terminal: &Terminal) -> Result<()> {
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

fn tell_failures(report: &report::Report, terminal: &Terminal) {
    for one in report.fresh_failures().take(MOST_FAILURES_SHOWN) {
        trouble(&one.to_string());
    }
    let fresh = report.fresh_failures().count();
    if fresh > MOST_FAILURES_SHOWN {
        let more = fresh - MOST_FAILURES_SHOWN;
        trouble(&format!("and {} more failures: `chancery status --failures` lists them", thousands(more as u64)));
    }
    let known = report.failures.len() - fresh;
    if known > 0 {
        terminal.say(&format!(
            "{} known from earlier runs, in files that are as they were (`--retry` reads them again, `chancery status \
             --failures` lists them)",
            if known == 1 { "1 failure is".to_owned() } else { format!("{} failures are", thousands(known as u64)) }
        ));
    }
    tell_replaced(report, terminal);
    report.warnings.iter().for_each(|warning| trouble(&format!("warning: {warning}")));
    if !report.passed_over.is_empty() {
        terminal.say(&passed_over(report));
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

/// Articles that lost their ids to newer ones: what corrections do, and no trouble.
fn tell_replaced(report: &report::Report, terminal: &Terminal) {
    for one in report.fresh_replaced().take(MOST_FAILURES_SHOWN) {
        terminal.say(&one.to_string());
    }
    match report.replaced.len() {
        0 => {}
        1 => terminal.say("1 article is replaced by a newer one of its id (`chancery status --failures` lists it)"),
        count => terminal.say(&format!(
            "{} articles are replaced by newer ones of their ids (`chancery status --failures` lists them)",
            thousands(count as u64)
        )),
    }
}

/// How many files have no reader, and of which sorts most of them are.
fn passed_over(report: &report::Report) -> String {
    let count = |count: usize| thousands(count as u64);
    let mut sorts: Vec<(&String, usize)> = report.passed_over.iter().map(|(ending, count)| (ending, *count)).collect();
    sorts.sort_by_key(|(_, count)| Reverse(*count));
    let all: usize = sorts.iter().map(|(_, count)| count).sum();
    let mut shown: Vec<String> =
        sorts.iter().take(MOST_SORTS_SHOWN).map(|(ending, files)| format!("{} .{ending}", count(*files))).collect();
    let others: usize = sorts.iter().skip(MOST_SORTS_SHOWN).map(|(_, count)| count).sum();
    if others > 0 {
        shown.push(format!("{} others", count(others)));
    }
    format!("{} files are of a sort that no reader is for: {}", count(all), shown.join(", "))
}

fn summary(report: &report::Report) -> String {
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

fn rows(report: &report::Report) -> Report {
    let counts = journal::counts(report);
    let number = |name: &'static str| {
        let count = counts.iter().find(|(known, _)| *known == name).map_or(0, |(_, count)| *count);
        (name, Value::Number(count))
    };
    let failures = report.failures.iter().map(ToString::to_string);
    let first = [
        "files_seen",
        "files_new",
        "files_changed",
        "files_unchanged",
        "files_gone",
        "files_passed_over",
        "articles_added",
        "articles_updated",
        "articles_removed",
        "articles",
        "quotes",
    ];
    let mut rows: Vec<(&'static str, Value)> = first.into_iter().map(number).collect();
    rows.push(("generation", Value::from(report.generation)));
    rows.push(("failures", Value::List(failures.collect())));
    rows.extend(
        ["articles_refreshed", "articles_embargoed", "articles_withdrawn", "failures_known", "bytes_read"].map(number),
    );
    rows.push(number("articles_replaced"));
    rows.push(("replaced", Value::List(report.replaced.iter().map(ToString::to_string).collect())));
    rows.push(("warnings", Value::List(report.warnings.clone())));
    rows.push(("seconds", Value::Float((report.timings.total.as_secs_f64() * 1000.0).round() / 1000.0)));
    Report { rows }
}

fn write_report(report: &report::Report, file: &Path) -> Result<()> {
    to_file(file, |out| present::report(out, &rows(report), Format::Json, &Style::PLAIN))
}
