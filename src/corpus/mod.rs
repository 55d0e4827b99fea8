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
mod encoding;
mod jsonl;
mod language;
mod load;
mod name;
mod plain;
mod reason;
mod record;
mod select;
mod stream;
mod surrogate;
mod tables;
#[cfg(test)]
mod tests;
mod title;

use std::fs::FileType;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::name::Format;
use crate::corpus::select::Selection;
use crate::error::{Error, Result};

pub use crate::corpus::annotated::{Annotated, annotated};
pub use crate::corpus::stream::Ending;
pub use crate::corpus::tables::tables;

/// Version of the readers: raised when they read what they could not read before, or read it otherwise, so that files
/// with failures are tried again.
pub const VERSION: &str = "1";

/// The usual limit on one file: more text than any newspaper prints in a year.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 256 << 20;

/// The limit of a file that is held whole, which no option lifts: a legacy encoding may grow threefold, and spans count
/// to 4 GiB.
const LARGEST_FILE_BYTES: u64 = 1 << 30;

/// How many folders may lie inside one another; real archives nest a handful.
const DEEPEST: usize = 200;

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
    /// Whether it is a file of a sort that no reader is for: left out by nature, not failed.
    pub by_nature: bool,
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
    let selection = Selection::new(&options.include, &options.exclude)?;
    let refuse = |source: &std::io::Error| {
        Error::input(root, None, reason::io(source)).hint("check the path, and whether the disk is mounted")
    };
    let real = root.canonicalize().map_err(|source| refuse(&source))?;
    let folder = real.is_dir();
    if folder {
        real.read_dir().map_err(|source| refuse(&source))?;
    } else if !real.is_file() {
        return Err(Error::input(root, None, "neither a file nor a folder").hint("name a folder of articles"));
    }
    // A root that is a link to a file is resolved here because `load` opens no links.
    let start = if folder { root.to_owned() } else { real.clone() };
    let entries = WalkDir::new(&start).sort_by_file_name().into_iter();
    Ok(Walk { entries, start, real, folder, selection, most_bytes: limit(options) })
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
    match name::format(relative) {
        Some(Format::Lines) => jsonl::read(relative, bytes, false, sink),
        Some(Format::Json) => jsonl::read(relative, bytes, true, sink),
        Some(Format::Plain) | None => plain::read(relative, bytes, sink),
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

/// Whether there is a reader for files of this name: `.txt`, `.text`, no extension, `.jsonl`, `.ndjson`, `.json`.
pub fn handles(relative: &str) -> bool {
    name::format(relative).is_some()
}

fn limit(options: &Options) -> u64 {
    options.max_file_bytes.min(LARGEST_FILE_BYTES)
}

/// The walk itself; links are never followed, so it cannot go round in circles or leave the root.
struct Walk {
    entries: walkdir::IntoIter,
    start: PathBuf,
    real: PathBuf,
    folder: bool,
    selection: Selection,
    most_bytes: u64,
}

impl Iterator for Walk {
    type Item = std::result::Result<Found, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let judged = match self.entries.next()? {
                Ok(entry) => self.judge(&entry),
                Err(error) => self.unreadable(&error),
            };
            if judged.is_some() {
                return judged;
            }
        }
    }
}

impl Walk {
    fn judge(&mut self, entry: &DirEntry) -> Option<std::result::Result<Found, Refusal>> {
        if self.folder && entry.depth() == 0 {
            return None;
        }
        let relative = self.relative(entry.path());
        let is_folder = entry.file_type().is_dir();
        if self.folder && name::is_hidden(&relative) || self.selection.excludes(&relative, is_folder) {
            if is_folder {
                self.entries.skip_current_dir();
            }
            return None;
        }
        if is_folder {
            if entry.depth() < DEEPEST {
                return None;
            }
            self.entries.skip_current_dir();
            return Some(Err(Refusal {
                relative,
                reason: format!("more than {DEEPEST} folders deep"),
                by_nature: false,
            }));
        }
        if !self.selection.includes(&relative) || self.folder && name::is_companion(&relative) {
            return None;
        }
        Some(match self.admit(entry, &relative) {
            Ok((size, modified)) => Ok(Found { path: entry.path().to_owned(), relative, size, modified }),
            Err(reason) => Err(Refusal { by_nature: !handles(&relative), relative, reason }),
        })
    }

    /// Size and time of a file that may be read, or why it may not.
    fn admit(&self, entry: &DirEntry, relative: &str) -> std::result::Result<(u64, i64), String> {
        if entry.file_type().is_symlink() {
            return Err(self.link(entry.path()));
        }
        if !entry.file_type().is_file() {
            return Err(special(entry.file_type()).to_owned());
        }
        if !handles(relative) {
            return Err(format!("no reader for `.{}` files", name::extension(relative).unwrap_or_default()));
        }
        let metadata = entry.metadata().map_err(|error| match error.io_error() {
            Some(source) => reason::io(source),
            None => "cannot be read".to_owned(),
        })?;
        // The limit of a file that is read line by line is one of its lines.
        if metadata.len() > self.most_bytes && !stream::is_streamed(relative, metadata.len()) {
            return Err(reason::too_large(metadata.len(), self.most_bytes));
        }
        Ok((metadata.len(), load::modified(&metadata)))
    }

    fn link(&self, path: &Path) -> String {
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return "a link to nothing".to_owned(),
            Err(error) => return format!("a link that leads nowhere: {}", reason::io(&error)),
        };
        let Ok(inside) = target.strip_prefix(&self.real) else { return "a link out of the corpus".to_owned() };
        let inside = name::relative(inside);
        if inside.is_empty() {
            return "a link to the corpus folder itself".to_owned();
        }
        let hidden = inside.split('/').any(name::is_hidden);
        let is_read = !hidden
            && (target.is_dir() || handles(&inside) && !name::is_companion(&inside))
            && !self.selection.excludes(&inside, target.is_dir())
            && (target.is_dir() || self.selection.includes(&inside));
        let fate =
            if is_read { "which is read under its own name" } else { "which is not read; links are not followed" };
        format!("a link to {}, {fate}", reason::quoted(&inside))
    }

    fn unreadable(&self, error: &walkdir::Error) -> Option<std::result::Result<Found, Refusal>> {
        let relative = error.path().map(|path| self.relative(path)).unwrap_or_default();
        if self.selection.excludes(&relative, true) {
            return None;
        }
        let reason = error.io_error().map_or_else(|| "cannot be read".to_owned(), reason::io);
        Some(Err(Refusal { relative, reason, by_nature: false }))
    }

    fn relative(&self, path: &Path) -> String {
        let inside = if self.folder { path.strip_prefix(&self.start).ok() } else { path.file_name().map(Path::new) };
        name::relative(inside.unwrap_or(path))
    }
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;

    match kind {
        kind if kind.is_fifo() => "a pipe, not a file",
        kind if kind.is_socket() => "a socket, not a file",
        kind if kind.is_block_device() || kind.is_char_device() => "a device, not a file",
        _ => "not a regular file",
    }
}

#[cfg(not(unix))]
fn special(_kind: FileType) -> &'static str {
    "not a regular file"
}
