//! A thin wrapper around tantivy's directory of files.
//!
//! It adds what tantivy leaves out: the folder is synced after every atomic write (tantivy renames `meta.json` without
//! it, so an exit code of 0 would not yet be on the disk, and to files that only their owner may read); the first failed write is remembered with its path
//! (tantivy only says that a writer was killed); an archive that may only be read can be searched (tantivy wants to
//! write a lock file); name, size and hash of every file are kept in a `manifest`.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fs4::fs_std::FileExt;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

use super::hands::Hand;
use super::manifest::{self, META, Manifest, Row, Sum};
use super::{faults, sidecar};
use crate::error::{Error, Result};

/// What every index file ends in at least: the length of its footer and a mark, four bytes each.
const FOOTER_BYTES: usize = 8;

/// How the names of unsorted copies of stored articles end.
const UNSORTED: &str = ".store.temp";

/// A folder of index files.
#[derive(Debug, Clone)]
pub struct Store {
    files: MmapDirectory,
    root: PathBuf,
    fault: Fault,
    /// The first file that could not be removed: it may be the cause where no write failed, or of no consequence.
    left: Fault,
    known: Known,
    /// What the present `meta.json` says of its commit, if it is one that was written here and its manifest is there.
    pub sealed: Option<String>,
    /// Of whoever writes.
    hand: Option<Hand>,
}

/// The files that were written here, or that the manifest of the last commit names.
#[derive(Debug, Clone, Default)]
struct Known(Arc<Mutex<BTreeMap<String, Row>>>);

impl Known {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Row>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The first write that failed, shared by all handles of one folder.
#[derive(Debug, Clone, Default)]
struct Fault(Arc<Mutex<Option<(PathBuf, io::ErrorKind, String)>>>);

impl Fault {
    fn first(&self) -> Option<(PathBuf, io::ErrorKind, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep<T>(&self, path: &Path, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| (path.to_owned(), error.kind(), error.to_string()));
        }
        result
    }
}

impl Store {
    /// Opens the folder `root`, which must exist.
    pub fn open(root: &Path) -> Result<Self> {
        let files = MmapDirectory::open(root).map_err(|error| match error {
            OpenDirectoryError::DoesNotExist(path) | OpenDirectoryError::NotADirectory(path) => {
                Error::index_missing(&path)
            }
            OpenDirectoryError::IoError { io_error, directory_path } => {
                Error::io(&directory_path, io::Error::new(io_error.kind(), io_error))
            }
            other => Error::index_damaged(root, other.to_string()),
        })?;
        let manifest = Manifest::read(root).map_err(|error| Error::index_damaged(root, error.to_string()))?;
        let (manifest, meta) = manifest.unzip();
        let sealed = meta.map(|meta| manifest::payload(&meta).unwrap_or_default());
        let known = Known(Arc::new(Mutex::new(manifest.map(|manifest| manifest.0).unwrap_or_default())));
        Ok(Self {
            files,
            root: root.to_owned(),
            fault: Fault::default(),
            left: Fault::default(),
            known,
            sealed,
            hand: None,
        })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The same folder for whoever writes to it: every handle that is made of this one has a hand too.
    pub fn held_by(&self, hand: Hand) -> Self {
        Self { hand: Some(hand), ..self.clone() }
    }

    /// A step that changes a file: whether it may be taken.
    fn step(&self, path: &Path) -> io::Result<()> {
        may_write(self.hand.as_ref())?;
        faults::point(&self.root.join(path))
    }

    /// Removes the unsorted copies of stored articles that sorting leaves; to be called when nothing is written any more.
    pub fn remove_unsorted(&self) {
        for entry in std::fs::read_dir(&self.root).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().ends_with(UNSORTED) {
                // One that stays costs space, nothing else; the next run tries again.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// The bytes of a file beside the index, mapped: what is not looked at is not read. On Unix what is mapped outlives its file.
    pub fn map(&self, name: &str) -> io::Result<OwnedBytes> {
        let handle = self.files.get_file_handle(Path::new(name)).map_err(|error| match error {
            OpenReadError::FileDoesNotExist(path) => {
                io::Error::new(io::ErrorKind::NotFound, path.display().to_string())
            }
            OpenReadError::IoError { io_error, .. } => io::Error::new(io_error.kind(), io_error.to_string()),
            other => io::Error::other(other.to_string()),
        })?;
        handle.read_bytes(0..handle.len())
    }

    /// How many bytes a file was written with, as far as the last commit knows it.
    pub fn known_size(&self, path: &Path) -> Option<u64> {
        self.known.with(|known| known.get(&name_of(path)).map(|row| row.size))
    }

    /// The first write that failed here, or the first file that could not be removed, as the cause of whatever tantivy says about it.
    pub fn first_fault(&self) -> Option<Error> {
        let (path, kind, message) = self.fault.first().or_else(|| self.left.first())?;
        let error = Error::io(&self.root.join(path), io::Error::new(kind, message));
        Some(if kind == io::ErrorKind::StorageFull {
            error.hint("free some space and run again; whatever was committed stays as it is")
        } else {
            error
        })
    }
}

impl Directory for Store {
    fn get_file_handle(&self, path: &Path) -> std::result::Result<Arc<dyn FileHandle>, OpenReadError> {
        let handle = self.files.get_file_handle(path)?;
        if handle.len() < FOOTER_BYTES {
            // tantivy reads the end of a file without looking whether there is one.
            let error = io::Error::new(io::ErrorKind::UnexpectedEof, format!("was cut to {} bytes", handle.len()));
            return Err(OpenReadError::wrap_io_error(error, path.to_owned()));
        }
        if let Some(expected) = self.known_size(path).filter(|expected| *expected != handle.len() as u64) {
            let message = format!("has {} bytes and was written with {expected}", handle.len());
            return Err(OpenReadError::wrap_io_error(io::Error::other(message), path.to_owned()));
        }
        Ok(handle)
    }

    fn delete(&self, path: &Path) -> std::result::Result<(), DeleteError> {
        self.step(path)
            .map_err(|error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() })?;
        self.files.delete(path).inspect_err(|error| {
            if let DeleteError::IoError { io_error, .. } = error {
                let _ = self.left.keep::<()>(path, Err(io::Error::new(io_error.kind(), io_error.to_string())));
            }
        })?;
        self.known.with(|known| known.remove(&name_of(path)));
        Ok(())
    }

    fn exists(&self, path: &Path) -> std::result::Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> std::result::Result<WritePtr, OpenWriteError> {
        let mut opened = match self.step(path) {
            Ok(()) => self.files.open_write(path),
            Err(error) => Err(OpenWriteError::wrap_io_error(error, path.to_owned())),
        };
        let is_known = self.known.with(|known| known.contains_key(&name_of(path)));
        if matches!(opened, Err(OpenWriteError::FileAlreadyExists(_))) && !is_known {
            // No commit has this file: a run that failed left it, and would be in the way for ever.
            std::fs::remove_file(self.root.join(path))
                .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
            opened = self.files.open_write(path);
        }
        if let Err(OpenWriteError::IoError { io_error, .. }) = &opened {
            let _ = self.fault.keep::<()>(path, Err(io::Error::new(io_error.kind(), io_error.to_string())));
        }
        let (fault, known) = (self.fault.clone(), self.known.clone());
        let full_path = self.root.join(path);
        let (path, sum, hand) = (path.to_owned(), Sum::default(), self.hand.clone());
        let watched = Watched { inner: opened?, path, full_path, sum, fault, known, hand };
        Ok(WritePtr::new(Box::new(watched)))
    }

    fn atomic_read(&self, path: &Path) -> std::result::Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        may_write(self.hand.as_ref())?;
        let written = if path == Path::new(META) {
            // The manifest is there before what it belongs to, and that of the commit before goes after it.
            let manifest = self.known.with(|known| Manifest::of(data, known));
            manifest.write(&self.root, data).and_then(|()| sidecar::replace(&self.root.join(path), data))
        } else {
            sidecar::replace(&self.root.join(path), data)
        };
        self.fault.keep(path, written)?;
        if path == Path::new(META) {
            manifest::sweep(&self.root, &manifest::name_of(data));
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        let synced = faults::point(&self.root).and_then(|()| self.files.sync_directory());
        self.fault.keep(Path::new("."), synced)
    }

    fn acquire_lock(&self, lock: &Lock) -> std::result::Result<DirectoryLock, LockError> {
        match self.files.acquire_lock(lock) {
            // A reader only guards files against being deleted under it; whoever may not write here cannot ask for
            // the lock, but may share it, and where even that is impossible nobody deletes.
            Err(LockError::IoError(error)) if lock.is_blocking && is_refusal(&error) => {
                Ok(shared_lock(&self.root.join(&lock.filepath)))
            }
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

/// Whether a handle may still change files; one that nobody counts may.
fn may_write(hand: Option<&Hand>) -> io::Result<()> {
    hand.map_or(Ok(()), Hand::may_write)
}

fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn shared_lock(path: &Path) -> DirectoryLock {
    let file: Option<File> =
        OpenOptions::new().read(true).open(path).ok().filter(|file| FileExt::lock_shared(file).is_ok());
    DirectoryLock::from(Box::new(file))
}

/// A file being written, whose first failure is remembered, and its size and hash when it is whole.
struct Watched {
    inner: WritePtr,
    path: PathBuf,
    /// The same from the root of the file system.
    full_path: PathBuf,
    sum: Sum,
    fault: Fault,
    known: Known,
    /// Goes last: what was buffered is written when a file is dropped.
    hand: Option<Hand>,
}

impl Write for Watched {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        may_write(self.hand.as_ref())?;
        let written = faults::point(&self.full_path).and_then(|()| self.inner.write(data));
        if let Ok(count) = written {
            self.sum.add(&data[..count]);
        }
        self.fault.keep(&self.path, written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.fault.keep(&self.path, flushed)
    }
}

impl TerminatingWrite for Watched {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        may_write(self.hand.as_ref())?;
        let ended = faults::point(&self.full_path).and_then(|()| self.inner.terminate_ref(token));
        if ended.is_ok() {
            self.known.with(|known| known.insert(name_of(&self.path), self.sum.row()));
        }
        self.fault.keep(&self.path, ended)
    }
}
