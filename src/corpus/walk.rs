//! The walk over a corpus, in two steps that two threads may share ([`super::survey`]): names, then a look at each file.
//!
//! Links are never followed, so it cannot go round in circles or leave the root.

use std::fs::FileType;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use crate::corpus::select::Selection;
use crate::corpus::{Cause, Found, Options, Refusal, handles, limit, load, name, reason, stream};
use crate::error::{Error, Result};

/// How many folders may lie inside one another; real archives nest a handful.
pub const DEEPEST: usize = 200;

/// What the walk met, before anybody looked at it.
pub enum Named {
    /// Something with a name that may be read, and its path inside the root.
    Entry(DirEntry, String),
    /// Something that is not read, whatever it is.
    Refused(Refusal),
}

/// Begins a walk: the names in their order, and the rules to look at each by.
pub fn begin(root: &Path, options: &Options) -> Result<(Names, Arc<Rules>)> {
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
    // Within a folder this is the order of names, and paths are compared in a tenth of the time that names take to be cut.
    let entries = WalkDir::new(&start).sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str())).into_iter();
    let rules = Arc::new(Rules { start, real, folder, selection, most_bytes: limit(options) });
    Ok((Names { entries, rules: rules.clone() }, rules))
}

/// The names of a corpus, sorted folder by folder.
pub struct Names {
    entries: walkdir::IntoIter,
    rules: Arc<Rules>,
}

impl Iterator for Names {
    type Item = Named;

    fn next(&mut self) -> Option<Named> {
        loop {
            let judged = match self.entries.next()? {
                Ok(entry) => self.judge(entry),
                Err(error) => self.unreadable(&error),
            };
            if judged.is_some() {
                return judged;
            }
        }
    }
}

impl Names {
    fn judge(&mut self, entry: DirEntry) -> Option<Named> {
        let rules = &self.rules;
        if rules.folder && entry.depth() == 0 {
            return None;
        }
        let relative = rules.relative(entry.path());
        let is_folder = entry.file_type().is_dir();
        if rules.folder && name::is_hidden(&relative) || rules.selection.excludes(&relative, is_folder) {
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
            let reason = format!("more than {DEEPEST} folders deep");
            return Some(Named::Refused(Refusal { relative, reason, cause: Cause::Rule }));
        }
        if !rules.selection.includes(&relative) || rules.folder && name::is_companion(&relative) {
            return None;
        }
        Some(Named::Entry(entry, relative))
    }

    fn unreadable(&self, error: &walkdir::Error) -> Option<Named> {
        let relative = error.path().map(|path| self.rules.relative(path)).unwrap_or_default();
        if self.rules.selection.excludes(&relative, true) {
            return None;
        }
        let (cause, reason) = refused_by_system(error);
        Some(Named::Refused(Refusal { relative, reason, cause }))
    }
}

/// What a walk goes by.
pub struct Rules {
    start: PathBuf,
    real: PathBuf,
    folder: bool,
    selection: Selection,
    most_bytes: u64,
}

impl Rules {
    /// Looks at what has a name: size and time of a file that may be read, or why it may not.
    pub fn look(&self, named: Named) -> std::result::Result<Found, Refusal> {
        let (entry, relative) = match named {
            Named::Entry(entry, relative) => (entry, relative),
            Named::Refused(refusal) => return Err(refusal),
        };
        match self.admit(&entry, &relative) {
            Ok((size, modified)) => Ok(Found { path: entry.into_path(), relative, size, modified }),
            Err((Cause::Rule, reason)) if !handles(&relative) => {
                Err(Refusal { relative, reason, cause: Cause::Nature })
            }
            Err((cause, reason)) => Err(Refusal { relative, reason, cause }),
        }
    }

    fn admit(&self, entry: &DirEntry, relative: &str) -> std::result::Result<(u64, i64), (Cause, String)> {
        let refuse = |reason: String| Err((Cause::Rule, reason));
        if entry.file_type().is_symlink() {
            return refuse(self.link(entry.path()));
        }
        if !entry.file_type().is_file() {
            return refuse(special(entry.file_type()).to_owned());
        }
        if !handles(relative) {
            return refuse(format!("no reader for `.{}` files", name::extension(relative).unwrap_or_default()));
        }
        let metadata = entry.metadata().map_err(|error| refused_by_system(&error))?;
        // The limit of a file that is read line by line is one of its lines.
        if metadata.len() > self.most_bytes && !stream::is_streamed(relative, metadata.len()) {
            return refuse(reason::too_large(metadata.len(), self.most_bytes));
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

    fn relative(&self, path: &Path) -> String {
        if let Some(inside) = self.plainly_inside(path) {
            return name::relative(Path::new(inside));
        }
        let inside = if self.folder { path.strip_prefix(&self.start).ok() } else { path.file_name().map(Path::new) };
        name::relative(inside.unwrap_or(path))
    }

    /// What comes behind the root in a path that is text: a walk writes the root at the head of every path as it was given.
    fn plainly_inside<'p>(&self, path: &'p Path) -> Option<&'p str> {
        let inside = path.to_str()?.strip_prefix(self.start.to_str()?)?;
        (self.folder && cfg!(unix)).then(|| inside.trim_start_matches('/'))
    }
}

fn refused_by_system(error: &walkdir::Error) -> (Cause, String) {
    match error.io_error() {
        Some(source) if source.kind() == ErrorKind::NotFound => (Cause::Gone, reason::io(source)),
        Some(source) => (Cause::System, reason::io(source)),
        None => (Cause::System, "cannot be read".to_owned()),
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
