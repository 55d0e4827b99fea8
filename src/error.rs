//! The one error of the library: a private kind, a constructor for each cause, and a hint kept apart from the message.
//!
//! It imports nothing of ours, so that every room can use it without a circle. Rooms convert foreign errors where
//! they call; nobody outside matches on text. Messages are lower case and carry the thing that failed; the way out
//! goes into the hint.
//!
//! ```
//! use chancery::error::{Blame, Error};
//! let error = Error::index_missing("index".as_ref());
//! assert_eq!(error.blame(), Blame::Index);
//! assert!(error.hint_text().is_some_and(|hint| hint.contains("chancery index")));
//! ```

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Says whose turn it is after a failure; the command line maps it to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The question, an option or a setting is wrong.
    User,
    /// A file of the corpus is wrong or cannot be read.
    Input,
    /// The index is missing, damaged, or of another version.
    Index,
    /// Somebody else holds the lock; trying again later may work.
    Busy,
    /// The user stopped the run.
    Interrupted,
    /// The reader of our output went away (a closed pipe).
    Closed,
    /// The machine refused (disk full, permission), or a fault of ours.
    System,
}

/// A failure with its cause, the thing it happened to, and what to do about it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    hint: Option<String>,
}

#[derive(Debug)]
enum Kind {
    Usage(String),
    Query { message: String, at: usize },
    Io { path: PathBuf, source: io::Error },
    Output(io::Error),
    Input { path: PathBuf, line: Option<u64>, message: String },
    IndexMissing(PathBuf),
    IndexVersion { path: PathBuf, what: &'static str, found: String, wanted: String },
    IndexDamaged { path: PathBuf, message: String },
    NotFound(String),
    Shrink { gone: usize, total: usize },
    Failures { failed: usize, most: usize, last: String },
    Unreadable { lost: usize, first: String },
    Space { needed: u64, free: u64 },
    Busy(String),
    Interrupted,
    Engine(String),
}

impl Error {
    /// A wrong option, setting or argument.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage(message.into()))
    }

    /// A question that cannot be read; `at` is the byte where it went wrong.
    pub fn query(message: impl Into<String>, at: usize) -> Self {
        Self::new(Kind::Query { message: message.into(), at })
    }

    /// A failed read or write of `path`.
    pub fn io(path: &Path, source: io::Error) -> Self {
        Self::new(Kind::Io { path: path.to_owned(), source })
    }

    /// A failed write of our own output. A closed pipe is told apart by [`Error::blame`].
    pub fn output(source: io::Error) -> Self {
        Self::new(Kind::Output(source))
    }

    /// A corpus file, or one line of it (counted from 1), that cannot be used.
    pub fn input(path: &Path, line: Option<u64>, message: impl Into<String>) -> Self {
        Self::new(Kind::Input { path: path.to_owned(), line, message: message.into() })
    }

    /// No index at `path`.
    pub fn index_missing(path: &Path) -> Self {
        Self::new(Kind::IndexMissing(path.to_owned()))
            .hint("run `chancery index PATH` to build one, or name another with `--index DIR`")
    }

    /// The index was written by another version of `what`.
    pub fn index_version(path: &Path, what: &'static str, found: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self::new(Kind::IndexVersion { path: path.to_owned(), what, found: found.into(), wanted: wanted.into() })
            .hint("run `chancery index --rebuild`")
    }

    /// The index contradicts itself or cannot be read.
    pub fn index_damaged(path: &Path, message: impl Into<String>) -> Self {
        Self::new(Kind::IndexDamaged { path: path.to_owned(), message: message.into() })
            .hint("run `chancery check` to see what is wrong, `chancery index --rebuild` to write it anew")
    }

    /// Whether this is [`Error::index_damaged`].
    pub fn is_damage(&self) -> bool {
        matches!(self.kind, Kind::IndexDamaged { .. })
    }

    /// Nothing in the archive goes by this name.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(Kind::NotFound(what.into()))
    }

    /// A run that would remove more of the archive than the guard allows.
    pub fn shrink(gone: usize, total: usize) -> Self {
        Self::new(Kind::Shrink { gone, total })
            .hint("is a disk not mounted? if the articles are really gone, run again with `--allow-shrink`")
    }

    /// A run in which more could not be read than the user allows; a first build may have committed steps.
    pub fn failures(failed: usize, most: usize, last: String, first_build: bool) -> Self {
        let left = match first_build {
            true => "what this build has committed so far stays, and the next run goes on from there",
            false => "the index was left as it is",
        };
        Self::new(Kind::Failures { failed, most, last }).hint(format!(
            "{left}; mend the files, leave them out with `--exclude`, or run without the limit, which names all of them"
        ))
    }

    /// A rebuild that would lose articles because their files cannot be read; `first` is one of these.
    pub fn unreadable(lost: usize, first: &str) -> Self {
        Self::new(Kind::Unreadable { lost, first: first.to_owned() }).hint(
            "let this user read it and run again, or lose them with `--allow-shrink`; if it changed while it was read, run \
             again when nobody writes to it; the index was left as it is",
        )
    }

    /// A disk that is too small for a run, in bytes.
    pub fn space(needed: u64, free: u64) -> Self {
        Self::new(Kind::Space { needed, free })
            .hint("free some space, or begin all the same with `--allow-low-space`; the index was left as it is")
    }

    /// Another process holds the index; the text says which.
    pub fn busy(message: impl Into<String>) -> Self {
        Self::new(Kind::Busy(message.into())).hint("try again when it is done, or wait for it with `--wait 10m`")
    }

    /// The user stopped the run.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted)
    }

    /// The search engine failed in a way that has no better name.
    pub fn engine(message: impl Into<String>) -> Self {
        Self::new(Kind::Engine(message.into()))
    }

    /// Names the file that our output goes to, where it is not standard output.
    #[must_use]
    pub fn of_file(self, path: &Path) -> Self {
        match self.kind {
            Kind::Output(source) => Self { kind: Kind::Io { path: path.to_owned(), source }, hint: self.hint },
            _ => self,
        }
    }

    /// Adds the way out. The last hint given is the one shown.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The way out, if one is known.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The byte of the question at which reading it failed.
    pub fn query_position(&self) -> Option<usize> {
        match self.kind {
            Kind::Query { at, .. } => Some(at),
            _ => None,
        }
    }

    /// Whose turn it is.
    pub fn blame(&self) -> Blame {
        match &self.kind {
            Kind::Usage(_) | Kind::Query { .. } | Kind::NotFound(_) | Kind::Shrink { .. } => Blame::User,
            Kind::Input { .. } | Kind::Failures { .. } | Kind::Unreadable { .. } => Blame::Input,
            Kind::IndexMissing(_) | Kind::IndexVersion { .. } | Kind::IndexDamaged { .. } => Blame::Index,
            Kind::Busy(_) => Blame::Busy,
            Kind::Interrupted => Blame::Interrupted,
            Kind::Output(source) if source.kind() == io::ErrorKind::BrokenPipe => Blame::Closed,
            Kind::Io { .. } | Kind::Output(_) | Kind::Engine(_) | Kind::Space { .. } => Blame::System,
        }
    }

    /// Whether nothing goes by the name that was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, Kind::NotFound(_))
    }

    fn new(kind: Kind) -> Self {
        Self { kind, hint: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Usage(message) | Kind::Busy(message) | Kind::Engine(message) => write!(f, "{message}"),
            Kind::Query { message, at } => write!(f, "{message} (at byte {at} of the query)"),
            Kind::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
            Kind::Output(source) => write!(f, "cannot write the output: {source}"),
            Kind::Input { path, line: Some(line), message } => write!(f, "{}:{line}: {message}", path.display()),
            Kind::Input { path, line: None, message } => write!(f, "{}: {message}", path.display()),
            Kind::IndexMissing(path) => write!(f, "no index in `{}`", path.display()),
            Kind::IndexVersion { path, what, found, wanted } => {
                write!(f, "the index in `{}` has {what} `{found}`, this program needs `{wanted}`", path.display())
            }
            Kind::IndexDamaged { path, message } => {
                write!(f, "the index in `{}` is damaged: {message}", path.display())
            }
            Kind::NotFound(what) => write!(f, "there is no {what} in this archive"),
            Kind::Shrink { gone, total } => {
                write!(f, "{gone} of {total} articles have vanished from the corpus; refusing to remove them")
            }
            Kind::Failures { failed, most, last } => {
                write!(
                    f,
                    "{failed} files and lines could not be read, more than the {most} of `--max-failures`; the last: {last}"
                )
            }
            Kind::Unreadable { lost, first } => {
                write!(f, "{lost} articles of the index are in nothing that could be read; `{first}` could not")
            }
            Kind::Space { needed, free } => {
                let millions = |bytes: &u64| bytes.div_ceil(1_000_000);
                let (needed, free) = (millions(needed), millions(free));
                write!(f, "the disk of the index has {free} MB free, and this run may need {needed} MB")
            }
            Kind::Interrupted => write!(f, "interrupted"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io { source, .. } | Kind::Output(source) => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_file_and_line_and_keeps_the_hint_apart() {
        let error = Error::input("a/b.jsonl".as_ref(), Some(7), "not a JSON object").hint("remove the line");
        assert_eq!(error.to_string(), "a/b.jsonl:7: not a JSON object");
        assert_eq!(error.hint_text(), Some("remove the line"));
        assert_eq!(error.blame(), Blame::Input);
    }

    #[test]
    fn a_closed_pipe_is_nobodys_fault() {
        assert_eq!(Error::output(io::ErrorKind::BrokenPipe.into()).blame(), Blame::Closed);
        assert_eq!(Error::output(io::ErrorKind::StorageFull.into()).blame(), Blame::System);
    }
}
