//! The command line: arguments in, an exit code out. One command, one file.
//!
//! Every command looks the same: it takes its arguments and the `Terminal`, asks the archive, hands the answer to
//! `present`, and returns how it ended. Nothing is searched, ranked or formatted here.

mod actors;
mod args;
mod ask;
mod cast;
mod check;
mod compare;
mod count;
mod dump;
mod exit;
mod export;
mod extract;
mod facets;
mod fields;
mod guide;
mod index;
mod manual;
mod ping;
mod quotes;
mod runs;
mod search;
mod settings;
mod show;
mod similar;
mod status;
mod terminal;
mod timeline;
mod train;
mod upkeep;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Parser;

use self::args::{Arguments, Command, Later};
use self::exit::Exit;
use self::terminal::{Terminal, Weight, talk};
use crate::error::{Error, Result};

/// Runs one command line and returns its exit code; never panics on what was typed.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed = args::hide_exclusions(arguments);
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Success };
            // Help that cannot be printed has no other place to go.
            let _ = error.print();
            return exit.into();
        }
    };
    let arguments = match arguments.global.settings().map(|file| settings::applied(&typed, file)) {
        None => arguments,
        Some(Ok(arguments)) => arguments,
        Some(Err(error)) => {
            tell(&error);
            return Exit::from(error.blame()).into();
        }
    };
    let terminal = Terminal::new(&arguments.global);
    match guarded(|| dispatch(arguments, &terminal)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            tell(&error);
            Exit::from(error.blame()).into()
        }
    }
}

/// Makes an error of a panic: damage in an index can reach code of others that knows no other way to fail.
fn guarded(work: impl FnOnce() -> Result<Exit>) -> Result<Exit> {
    static FIRST: OnceLock<String> = OnceLock::new();
    panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let words = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref().map(String::as_str));
        let words = words.unwrap_or("no reason given");
        let place = panic.location().map(|place| format!(" ({place})")).unwrap_or_default();
        // Only the first of several threads tells the cause.
        let _ = FIRST.set(format!("{words}{place}"));
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let cause = FIRST.get().map_or("no reason given", String::as_str);
        Err(Error::engine(format!("this should not happen: {cause}"))
            .hint("run `chancery check` to see whether the index is damaged; if it is sound, please report this"))
    })
}

fn dispatch(arguments: Arguments, terminal: &Terminal) -> Result<Exit> {
    let folder = &arguments.global.folder();
    let asked_format = arguments.global.format;
    let drawn = asked_format == Some(args::FormatName::Svg);
    if drawn && !matches!(arguments.command, Command::Timeline(_) | Command::Compare(_)) {
        return Err(Error::usage("only a timeline and a comparison can be drawn")
            .hint("write `chancery timeline … --format svg`, or `compare`"));
    }
    match arguments.command {
        Command::Index(Later(arguments)) => index::run(&arguments, folder, terminal),
        Command::Search(Later(arguments)) => search::run(&arguments, folder, terminal),
        Command::Quotes(Later(arguments)) => quotes::run(&arguments, folder, terminal),
        Command::Show(Later(arguments)) => show::run(&arguments, folder, terminal),
        Command::Export(Later(arguments)) => export::run(&arguments, folder, terminal, asked_format),
        Command::Count(Later(arguments)) => count::run(&arguments, folder, terminal),
        Command::Similar(Later(arguments)) => similar::run(&arguments, folder, terminal),
        Command::Facets(Later(arguments)) => facets::run(&arguments, folder, terminal),
        Command::Compare(Later(arguments)) => compare::run(&arguments, folder, terminal, drawn),
        Command::Timeline(Later(arguments)) => timeline::run(&arguments, folder, terminal, drawn),
        Command::Extract(Later(arguments)) => extract::run(&arguments, folder, terminal),
        Command::Actors(arguments) => match &arguments.command {
            Some(command) => actors::run(command, folder, terminal),
            None => cast::run(&arguments, folder, terminal),
        },
        Command::Fields => fields::run(terminal),
        Command::Status(Later(arguments)) => status::run(&arguments, folder, terminal),
        Command::Runs(Later(arguments)) => runs::run(&arguments, folder, terminal),
        Command::Check(Later(arguments)) => check::run(&arguments, folder, terminal),
        Command::Rollback => upkeep::rollback(folder, terminal),
        Command::Prune(Later(arguments)) => upkeep::prune(&arguments, folder, terminal),
        Command::Dump(Later(arguments)) => dump::dump(&arguments, folder, terminal),
        Command::Restore(Later(arguments)) => dump::restore(&arguments, folder, terminal),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { page, dir } => manual::pages(page, dir.as_deref()),
    }
}

/// Prints an error and its way out; a closed pipe is no error.
fn tell(error: &Error) {
    if error.blame() != crate::error::Blame::Closed {
        talk(&format!("chancery: {error}"), Weight::Error);
        if let Some(hint) = error.hint_text() {
            talk(&format!("  {hint}"), Weight::Error);
        }
    }
}
