//! Files that belong to a commit and stand beside the index: written whole and synced before it, named in its payload.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::faults;
use crate::error::{Error, Result};

/// How the names of catalogues begin.
pub const CATALOGUE: &str = "catalogue";
/// How the names of lists of stories begin.
pub const STORIES: &str = "stories";
/// How the names of files that save time begin; no commit names one, and none is needed.
pub const SHORTCUTS: &str = "shortcuts";

/// Files up to this many bytes are compared with their hash whenever they are used; a check compares them all.
pub const SMALL_FILE: usize = 128 << 10;

/// Whether comparing a file with its hash costs nothing to speak of.
pub fn is_small(bytes: &[u8]) -> bool {
    bytes.len() <= SMALL_FILE
}

/// The name of the file of one kind that belongs to a commit.
pub fn name(kind: &str, generation: u64) -> String {
    format!("{kind}-{generation:010}.bin")
}

/// A file that belongs to a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Its name in the folder of the index.
    pub name: String,
    /// BLAKE3 of its bytes, in hex.
    pub hash: String,
}

/// Writes a file of one kind for a commit, whole and synced.
pub fn write(folder: &Path, kind: &str, generation: u64, bytes: &[u8]) -> Result<Sidecar> {
    let name = name(kind, generation);
    let path = folder.join(&name);
    replace(&path, bytes).map_err(|error| Error::io(&path, error))?;
    Ok(Sidecar { name, hash: blake3::hash(bytes).to_hex().to_string() })
}

/// A file that belongs to the commit a reader has open: later commits remove it, and it can still be read.
pub struct Held {
    sidecar: Sidecar,
    file: Option<Mutex<File>>,
}

impl Held {
    /// Holds a file open, if it is there; one that is missing is told when it is needed.
    pub fn new(folder: &Path, sidecar: &Sidecar) -> Self {
        let file = File::open(folder.join(&sidecar.name)).ok().map(Mutex::new);
        Self { sidecar: sidecar.clone(), file }
    }

    /// Reads it; `what` says in an error what it is. A missing or altered one is a damaged index.
    pub fn read(&self, folder: &Path, what: &str) -> Result<Vec<u8>> {
        let Some(file) = &self.file else { return read(folder, &self.sidecar, what) };
        let mut bytes = Vec::new();
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes));
        read.map_err(|error| Error::io(&folder.join(&self.sidecar.name), error))?;
        verified(folder, &self.sidecar, what, bytes)
    }
}

/// Reads a file that a commit names; `what` says in an error what it is. A missing or altered one is a damaged index.
pub fn read(folder: &Path, sidecar: &Sidecar, what: &str) -> Result<Vec<u8>> {
    let bytes = fs::read(folder.join(&sidecar.name)).map_err(|error| sidecar.unread(folder, what, error))?;
    verified(folder, sidecar, what, bytes)
}

fn verified(folder: &Path, sidecar: &Sidecar, what: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
    if sidecar.is_of(&bytes) { Ok(bytes) } else { Err(sidecar.altered(folder, what)) }
}

impl Sidecar {
    /// Whether these are the bytes it was written with.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        blake3::hash(bytes).to_hex().as_str() == self.hash
    }

    /// The error of a file with other bytes; `what` says what it is.
    pub fn altered(&self, folder: &Path, what: &str) -> Error {
        Error::index_damaged(folder, format!("its {what} `{}` was altered", self.name))
    }

    /// The error of a file that cannot be read; `what` says what it is.
    pub fn unread(&self, folder: &Path, what: &str, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::NotFound => Error::index_damaged(folder, format!("its {what} `{}` is missing", self.name)),
            _ => Error::io(&folder.join(&self.name), error),
        }
    }
}

/// The file of one kind that the latest commit wrote, or was about to.
pub fn newest(folder: &Path, kind: &str) -> Option<PathBuf> {
    let is_of_kind = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".bin") && name.split_once('-').is_some_and(|(of, _)| of == kind)
    };
    fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).filter(is_of_kind).max()
}

/// Removes the files of other commits.
pub fn sweep(folder: &Path, keep: &[&str]) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = name.split_once('-').map_or("", |(kind, _)| kind);
        if [CATALOGUE, STORIES, SHORTCUTS].contains(&kind) && !keep.contains(&name.as_str()) {
            // A leftover that cannot be removed costs space, nothing else; the next commit tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    faults::point(path)?;
    let mut file = File::create(path)?;
    faults::point(path)?;
    file.write_all(bytes)?;
    faults::point(path)?;
    file.sync_all()
}

/// Puts a file in its place, or in that of another, whole and durably or not at all.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let partial = path.with_file_name(name);
    write_whole(&partial, bytes).inspect_err(|_| {
        // What is half there is of no use to anybody.
        let _ = fs::remove_file(&partial);
    })?;
    faults::point(path)?;
    fs::rename(&partial, path)?;
    faults::point(path)?;
    match path.parent().filter(|_| cfg!(unix)) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
