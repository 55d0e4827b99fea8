//! Reads a corpus: walks folders, chooses a reader for each file, and streams articles; one file format, one reader.
//!
//! The three steps are apart, so that a caller can skip files it knows: [`walk`] lists what may be read and names
//! what is not, [`load`] takes the bytes of one file, [`read`] makes articles of them. A corpus is written by
//! strangers: pipes, devices and links are never opened, a bad article never hides a good one, and everything that is
//! left out is said, as a [`Refusal`] of a file or as a [`Failure`] inside one. This room writes nothing and knows no
//! index. `docs/corpus.md` tells users what is read.
//!
//! ```
//! use chancery::corpus;
//! let bytes = b" date 2022-02-05 Talks went on. Nobody signed.";
//! corpus::read("a.txt", bytes, &mut |article| {
//!     let article = article.unwrap();
//!     assert_eq!(article.title, "Talks went on.");
//!     assert_eq!(&bytes[article.text_offset.unwrap() as usize..], article.text.as_bytes());
//! });
//! ```

mod annotated;
mod document;
mod element;
mod encoding;
mod feed;
mod jsonl;
mod key;
mod language;
mod layout;
mod load;
mod mail;
mod markup;
mod name;
mod out;
mod page;
mod plain;
mod reason;
mod record;
mod select;
mod stream;
mod surrogate;
mod survey;
mod tables;
mod telegram;
#[cfg(test)]
mod tests;
mod title;
mod value;
mod walk;
mod wire;
mod xml;

use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::name::Format;
use crate::error::Result;

pub use crate::corpus::annotated::{Annotated, annotated};
pub use crate::corpus::language::code as language_code;
pub use crate::corpus::name::extension;
pub use crate::corpus::stream::Ending;
pub use crate::corpus::survey::{Survey, survey};
pub use crate::corpus::tables::tables;

/// Version of the readers: raised when they read what they could not read before, or read it otherwise, so that files
/// with failures are tried again.
pub const VERSION: &str = "2";

/// The usual limit on one file: more text than any newspaper prints in a year.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 256 << 20;

/// The limit of a file that is held whole, which no option lifts: a legacy encoding may grow threefold, and spans count
/// to 4 GiB.
const LARGEST_FILE_BYTES: u64 = 1 << 30;

/// What to read and what to leave out.
///
/// A glob without `/` is matched against the names of the file and of the folders it lies in, one with `/` against
/// the path from the root; `*` stops at `/`, `**` does not. A match on a folder takes everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Globs of the files to read; empty for all.
    pub include: Vec<String>,
    /// Globs of what to leave out; they win over `include`, and what they match is not reported.
    pub exclude: Vec<String>,
    /// Larger files are refused, and of files of lines larger lines; [`DEFAULT_MAX_FILE_BYTES`] unless the user says
    /// otherwise, 1 GiB at most.
    pub max_file_bytes: u64,
}

impl Options {
    /// The same without a folder that lies inside the root; both are absolute, with all links followed.
    pub fn without(&self, root: &Path, folder: &Path) -> Self {
        let mut options = self.clone();
        let inside = folder.strip_prefix(root).ok().and_then(Path::to_str).filter(|inside| !inside.is_empty());
        options.exclude.extend(inside.map(select::exactly));
        options
    }
}

/// A file that may hold articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where to open it: the root as it was given, and the path inside.
    pub path: PathBuf,
    /// The path inside the root with `/` between folders; the bare name when the root is the file itself.
    ///
    /// A byte that is not UTF-8 is written `\xFF`, a backslash before an `x` is written `\x5C`, so that two files
    /// never share a name here. Control characters stay: whoever prints it must guard them.
    pub relative: String,
    /// Size in bytes.
    pub size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub modified: i64,
}

/// Something in a corpus folder that is not read, and why.
///
/// A refused folder stands for everything below it: nothing there was seen, so nothing there is known to be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its path inside the root, written as in [`Found::relative`].
    pub relative: String,
    /// Why it is not read: lower case, no full stop, nothing in it that could upset a terminal.
    pub reason: String,
    /// What made it so.
    pub cause: Cause,
}

/// What makes that something is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is of a sort that no reader is for: left out by nature, not failed.
    Nature,
    /// A rule of ours: it is too large, a link, a pipe.
    Rule,
    /// The system would not show it, and may do so another time: nothing is known of what is there.
    System,
    /// It was taken away between being listed and being looked at.
    Gone,
}

/// Lists the files below `root`, sorted by name folder by folder, and names what is not read.
///
/// Hidden files and folders and the companions of a corpus (README, LICENSE, Markdown, …) are passed over without a
/// word, unless `root` is that file itself. Memory is bounded by the largest single folder.
///
/// # Errors
/// When `root` is missing, unreadable, or neither a file nor a folder, and when a glob is malformed.
pub fn walk(
    root: &Path,
    options: &Options,
) -> Result<impl Iterator<Item = std::result::Result<Found, Refusal>> + use<>> {
    let (names, rules) = walk::begin(root, options)?;
    Ok(names.map(move |named| rules.look(named)))
}

/// Reads the bytes of one file, which must still be a regular file within the limit.
///
/// # Errors
/// When it vanished, cannot be read, became something else than a file, grew too large, or changed while it was read.
pub fn load(found: &Found, options: &Options) -> std::result::Result<Vec<u8>, Failure> {
    load::load(&found.path, limit(options)).map_err(|reason| Failure { line: None, reason })
}

/// Streams the articles of one file into `sink`, and what went wrong between them.
///
/// The reader is chosen by the extension and the content; an unknown extension is read as plain text. A failure may
/// concern an article that is kept nevertheless (its date could not be read); its reason then says what was kept.
pub fn read(relative: &str, bytes: &[u8], sink: &mut dyn FnMut(std::result::Result<Article, Failure>)) {
    match told(relative, bytes) {
        Some(Format::Xml) => xml::read(relative, bytes, sink),
        Some(Format::Page) => page::read(relative, bytes, sink),
        Some(Format::Mail) => mail::read(relative, bytes, sink),
        Some(Format::Telegram) => telegram::read(relative, bytes, sink),
        Some(Format::Lines) => jsonl::read(relative, bytes, false, sink),
        Some(Format::Json) => jsonl::read(relative, bytes, true, sink),
        Some(Format::Plain) | None => plain::read(relative, bytes, sink),
    }
}

/// The format of a file: that of its name, unless it begins like something else than the plain text that the name promises.
fn told(relative: &str, bytes: &[u8]) -> Option<Format> {
    match name::format(relative) {
        Some(Format::Plain | Format::Xml) | None if page::is_one(bytes) => Some(Format::Page),
        Some(Format::Plain) | None if xml::is_one(bytes) => Some(Format::Xml),
        Some(Format::Plain) | None if mail::is_one(bytes) => Some(Format::Mail),
        Some(Format::Plain) | None if telegram::is_one(bytes) => Some(Format::Telegram),
        by_name => by_name,
    }
}

/// An article, or what went wrong between two of them.
pub type Record = std::result::Result<Article, Failure>;

/// Whether a file is so large that its records are read one by one with [`stream`]; [`load`] refuses what is over its limit.
pub fn is_streamed(found: &Found) -> bool {
    stream::is_streamed(&found.relative, found.size)
}

/// Streams the articles of a large file of lines into `sink`, which says whether it wants more; `seen` gets the bytes.
/// `None` when the file turns out to be no lines, and has to be read whole.
///
/// # Errors
/// The file vanished, cannot be read, or became something else.
pub fn stream(
    found: &Found,
    options: &Options,
    seen: &mut dyn FnMut(&[u8]),
    sink: &mut dyn FnMut(Record) -> bool,
) -> std::result::Result<Option<Ending>, Failure> {
    stream::read(found, limit(options), seen, sink)
}

/// Hands on the articles of one file as they are read, of a large file of lines without holding it, until `sink` wants no more.
///
/// # Errors
/// As [`load`] and [`stream`]; what was handed on before stands.
pub fn articles(
    found: &Found,
    options: &Options,
    sink: &mut dyn FnMut(Record) -> bool,
) -> std::result::Result<(), Failure> {
    if is_streamed(found) {
        match stream(found, options, &mut |_| {}, sink)? {
            Some(Ending::Torn(reason)) => return Err(Failure { line: None, reason }),
            Some(Ending::Whole | Ending::Stopped) => return Ok(()),
            None => {}
        }
    }
    let bytes = load(found, options)?;
    let mut open = true;
    read(&found.relative, &bytes, &mut |record| open = open && sink(record));
    Ok(())
}

/// Whether there is a reader for files of this name: plain text, JSON, XML, pages, mails.
pub fn handles(relative: &str) -> bool {
    name::format(relative).is_some()
}

fn limit(options: &Options) -> u64 {
    options.max_file_bytes.min(LARGEST_FILE_BYTES)
}

/// The articles of a file, and what was said of it with the line before it, for the tests of the readers.
#[cfg(test)]
fn told_of(relative: &str, bytes: &[u8]) -> (Vec<Article>, Vec<String>) {
    let (mut articles, mut said) = (Vec::new(), Vec::new());
    read(relative, bytes, &mut |record| match record {
        Ok(article) => articles.push(article),
        Err(Failure { line: Some(line), reason }) => said.push(format!("{line}: {reason}")),
        Err(failure) => said.push(failure.reason),
    });
    (articles, said)
}
