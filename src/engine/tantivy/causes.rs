//! What tantivy says when it fails, in the words of the archive: what happened to which file, and the way out.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError};

use super::directory::Store;
use crate::error::{Error, Result};

/// Reads files that may be damaged: a panic of tantivy over them is damage, told with its way out.
pub fn unshaken<T>(root: &Path, read: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing of a failed reading is kept, so nothing half made is seen afterwards.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Error::index_damaged(root, altered(None))))
}

/// What tantivy says, with the cause it has lost.
pub fn fault(store: &Store, error: TantivyError) -> Error {
    if let Some(cause) = store.first_fault() {
        return cause;
    }
    match error {
        TantivyError::LockFailure(LockError::IoError(cause), _) => {
            Error::io(store.root(), io::Error::new(cause.kind(), cause.to_string()))
        }
        TantivyError::LockFailure(..) => Error::busy("another process writes to this index"),
        other => Error::engine(format!("the index failed: {}", told(&other))),
    }
}

/// What tantivy says when it opens an index: damage, unless the system would not let this user read.
pub fn unreadable(root: &Path, folder: &Path, error: TantivyError) -> Error {
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath })
            if io_error.kind() == io::ErrorKind::PermissionDenied =>
        {
            Error::io(&folder.join(filepath), io::Error::new(io_error.kind(), io_error.to_string()))
                .hint("its owner may let you read it: `chmod -R g+rX` or `o+rX` on the folder of the index")
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) if is_of_system(&io_error) => {
            let cause = io_error.raw_os_error().map_or_else(|| io_error.kind().into(), io::Error::from_raw_os_error);
            Error::io(&folder.join(filepath), cause).hint(OF_SYSTEM)
        }
        other => Error::index_damaged(root, told(&other)),
    }
}

/// The way out where the system has no more to give, or its disk fails.
const OF_SYSTEM: &str =
    "the index may be sound: look at the limits of this process (`ulimit -v`, `ulimit -n`), and at the disk";

/// Whether the system refused for want of memory or of open files, or because of the disk: that says nothing of the index.
fn is_of_system(error: &io::Error) -> bool {
    const EIO: i32 = 5;
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    error.kind() == io::ErrorKind::OutOfMemory
        || cfg!(unix) && matches!(error.raw_os_error(), Some(EIO | ENFILE | EMFILE))
}

/// What tantivy says while it searches.
pub fn failed(error: TantivyError) -> Error {
    Error::engine(format!("the index cannot be searched: {}", told(&error))).hint("run `chancery check`")
}

/// The message of an error, where it has one for people; tantivy shows its structs.
fn told(error: &TantivyError) -> String {
    match error {
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
            format!("`{}` is missing", path.display())
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            // What is no error of the system is one of our own, which says what the file is or does.
            let colon = if io_error.raw_os_error().is_some() { ":" } else { "" };
            format!("`{}`{colon} {io_error}", filepath.display())
        }
        TantivyError::DataCorruption(corruption) => altered(named(&format!("{corruption:?}"))),
        other => other.to_string(),
    }
}

fn altered(file: Option<&str>) -> String {
    match file {
        Some(file) => format!("`{file}` does not have the bytes it was written with"),
        None => "one of its files does not have the bytes it was written with".to_owned(),
    }
}

/// The file that tantivy says is corrupt, which it tells nobody but in its message.
fn named(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("(in file `\"")?;
    rest.split_once("\"`)").map(|(file, _)| file)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use tantivy::error::DataCorruption;

    use super::*;

    #[test]
    fn no_struct_is_shown() {
        let check = |error: TantivyError, expected: &str| assert_eq!(told(&error), expected);
        let path = || PathBuf::from("a.store");
        check(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path())), "`a.store` is missing");
        let io_error = Arc::new(io::Error::other("has 1 byte"));
        check(
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath: path() }),
            "`a.store` has 1 byte",
        );
        let altered = "`a.store` does not have the bytes it was written with";
        check(TantivyError::DataCorruption(DataCorruption::new(path(), "content: \"`)".to_owned())), altered);
        let altered = "one of its files does not have the bytes it was written with";
        check(TantivyError::DataCorruption(DataCorruption::comment_only("no footer")), altered);
    }
}
