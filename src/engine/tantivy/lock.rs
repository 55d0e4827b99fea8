//! The lock that lets one process write: an OS lock on a file, so it dies with its holder and is never stale.
//!
//! The file also says who holds it and since when, for the message to others; the text decides nothing.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use fs4::fs_std::FileExt;

use crate::date::Moment;
use crate::error::{Error, Result};

/// The name of the file that is locked; it stays.
pub const FILE: &str = "lock";

const PAUSE: Duration = Duration::from_millis(200);

/// Whoever looks whether the lock is held has it for less than this.
const GLANCE: Duration = Duration::from_millis(50);

/// The right to write, as long as it lives.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the archive in `root`, waiting for at most `wait`.
    ///
    /// # Errors
    /// Busy, with the holder's process number and start, when somebody else has it.
    pub fn take(root: &Path, wait: Duration) -> Result<Self> {
        let path = root.join(FILE);
        let io = |error| Error::io(&path, error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        let began = Instant::now();
        let wait = wait.max(GLANCE);
        while !FileExt::try_lock_exclusive(&file).map_err(io)? {
            let left = wait.saturating_sub(began.elapsed());
            if left.is_zero() {
                let mut holder = String::new();
                // The holder's note is a courtesy; without it the message is only shorter.
                let _ = file.read_to_string(&mut holder);
                return Err(Error::busy(format!("another run is writing this index ({})", holder.trim())));
            }
            std::thread::sleep(PAUSE.min(left));
        }
        let note = format!("process {}, since {}\n", std::process::id(), Moment::now());
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(note.as_bytes())).map_err(io)?;
        Ok(Self { _file: file })
    }
}

impl Lock {
    /// Whether somebody holds the lock of the archive in `root`; nobody does where it cannot be looked at.
    pub fn is_held(root: &Path) -> bool {
        let Ok(file) = File::open(root.join(FILE)) else { return false };
        // A shared lock is let go with the file, a moment later.
        matches!(FileExt::try_lock_shared(&file), Ok(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Blame;

    #[test]
    fn the_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path(), Duration::ZERO).unwrap();
        let error = Lock::take(folder.path(), Duration::ZERO).err().unwrap();
        assert_eq!(error.blame(), Blame::Busy);
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
        drop(first);
        assert!(Lock::take(folder.path(), Duration::ZERO).is_ok());
    }
}
