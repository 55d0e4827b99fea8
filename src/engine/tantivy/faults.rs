//! Where a disk may fail: every step that changes files passes a point here, and tests make points fail.
//!
//! Outside of tests a point is nothing. A test arms a folder with a number; the point with that number inside the folder
//! fails as a full disk does, alone or with all that follow.

#[cfg(not(test))]
use std::io;
#[cfg(not(test))]
use std::path::Path;

/// One step that changes a file, about to be taken.
#[cfg(not(test))]
#[inline]
pub fn point(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub use self::armed::{Armed, point};

#[cfg(test)]
mod armed {
    use std::io;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};

    /// What is armed: a folder, how many points are left before one fails, and whether all that follow fail too.
    static ARMED: Mutex<Vec<(PathBuf, u32, bool)>> = Mutex::new(Vec::new());

    /// A folder whose disk fails, until this is dropped.
    pub struct Armed(PathBuf);

    impl Armed {
        /// Lets the point with this number fail, counted from 0, and all after it if the disk stays `full`.
        pub fn new(folder: &Path, number: u32, full: bool) -> Self {
            with(|armed| armed.push((folder.to_owned(), number + 1, full)));
            Self(folder.to_owned())
        }

        /// Whether the point was reached.
        pub fn has_failed(&self) -> bool {
            with(|armed| armed.iter().any(|(folder, left, _)| *folder == self.0 && *left == 0))
        }
    }

    impl Drop for Armed {
        fn drop(&mut self) {
            with(|armed| armed.retain(|(folder, ..)| *folder != self.0));
        }
    }

    fn with<T>(work: impl FnOnce(&mut Vec<(PathBuf, u32, bool)>) -> T) -> T {
        work(&mut ARMED.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One step that changes a file, about to be taken.
    pub fn point(path: &Path) -> io::Result<()> {
        let fails = with(|armed| {
            armed.iter_mut().find(|(folder, ..)| path.starts_with(folder)).is_some_and(|(_, left, full)| {
                let is_this = *left == 1;
                let was = *left == 0;
                *left = left.saturating_sub(1);
                is_this || was && *full
            })
        });
        if fails { Err(io::Error::new(io::ErrorKind::StorageFull, "no space left (a test)")) } else { Ok(()) }
    }
}
