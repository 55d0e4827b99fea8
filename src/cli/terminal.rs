//! The terminal: what it can do, and talk to the person at it.
//!
//! Data goes to standard output, talk to standard error. Talk never fails a command: a log on a full disk loses lines,
//! not the run.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use crate::cli::args::{Color, FormatName, Global};
use crate::error::{Blame, Error, Result};
use crate::present::{self, Format, Style};

/// The width of text where the terminal does not say.
const USUAL_WIDTH: usize = 100;

/// Where answers and talk go, and how.
pub struct Terminal {
    /// How to write answers when nothing else is asked.
    pub format: Format,
    /// What standard output can show.
    pub style: Style,
    /// Say nothing but trouble.
    pub quiet: bool,
    /// Whether somebody watches standard error.
    pub watched: bool,
}

impl Terminal {
    /// Looks at the streams and the environment.
    pub fn new(global: &Global) -> Self {
        let out = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto => set("CLICOLOR_FORCE") || out && !dumb,
        };
        let width = terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
        let style = Style { color, links: color && out && shows_links(&set), width: width.clamp(40, 160) };
        let format = match global.format {
            Some(name) => format_of(name),
            None if out => Format::Text,
            None => Format::Lines,
        };
        Self { format, style, quiet: global.quiet, watched: io::stderr().is_terminal() }
    }

    /// Says something that is not an answer; not when quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            talk(text, Weight::Notice);
        }
    }
}

/// Terminals that are known to understand OSC 8; others may print it as litter.
fn shows_links(set: &impl Fn(&str) -> bool) -> bool {
    let program = std::env::var("TERM_PROGRAM").unwrap_or_default();
    let known = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"].contains(&program.as_str());
    let vte = std::env::var("VTE_VERSION")
        .ok()
        .and_then(|version| version.parse::<u32>().ok())
        .is_some_and(|version| version >= 5000);
    known || vte || ["KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "FORCE_HYPERLINK"].into_iter().any(set)
}

/// The format behind a name.
pub fn format_of(name: FormatName) -> Format {
    match name {
        FormatName::Text => Format::Text,
        FormatName::Lines => Format::Lines,
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Json => Format::Json,
        FormatName::Csv => Format::Csv,
        FormatName::Tsv => Format::Tsv,
        // Drawn by the one command that can; the others refuse it before they begin.
        FormatName::Svg => Format::Text,
    }
}

/// How much something that is said matters, as the journal of systemd counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The command failed.
    Error = 3,
    /// Something failed, or may have, and the command goes on.
    Warning = 4,
    /// Nothing is wrong.
    Notice = 6,
}

/// Says something that must be heard, each line made safe.
pub fn trouble(text: &str) {
    talk(text, Weight::Warning);
}

/// Says something on standard error, each line made safe; the journal is told how much it matters.
pub fn talk(text: &str, weight: Weight) {
    static JOURNAL: OnceLock<bool> = OnceLock::new();
    let prefix = if *JOURNAL.get_or_init(is_journal) { format!("<{}>", weight as u8) } else { String::new() };
    let mut talk = io::stderr().lock();
    for line in text.lines() {
        // Nobody is left to tell that talk failed.
        let _ = writeln!(talk, "{prefix}{}", present::line(line));
    }
}

/// Whether standard error goes to the journal of systemd, which names the stream that it listens to by device and inode.
#[cfg(unix)]
fn is_journal() -> bool {
    use std::os::unix::fs::MetadataExt;

    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    let Ok(own) = std::fs::metadata("/dev/stderr") else { return false };
    stream == format!("{}:{}", own.dev(), own.ino())
}

#[cfg(not(unix))]
fn is_journal() -> bool {
    false
}

/// What was to be told, where the exit code says the same: who closed the pipe gets it nevertheless.
///
/// # Errors
/// Anything else that kept it from being told.
pub fn untold(told: Result<()>) -> Result<()> {
    match told {
        Err(error) if error.blame() == Blame::Closed => Ok(()),
        told => told,
    }
}

/// Standard output behind a buffer; what could not be written is an error at the end.
pub fn output(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush().map_err(Error::output)
}
