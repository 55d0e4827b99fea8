//! Takes the bytes of one file, and of nothing that is not a file.
//!
//! Between the walk and the reading, strangers may swap a file for a pipe, a device or a link, or write on. So what
//! lies there is looked at right before it is opened, again when it is open, and again when it has been read.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::corpus::reason;

/// Reads a regular file of at most `most_bytes`, or says why not.
pub fn load(path: &Path, most_bytes: u64) -> Result<Vec<u8>, String> {
    let refuse = |error: std::io::Error| reason::io(&error);
    let (mut file, opened) = open(path)?;
    if opened.len() > most_bytes {
        return Err(reason::too_large(opened.len(), most_bytes));
    }
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(usize::try_from(opened.len()).unwrap_or(usize::MAX)).is_err() {
        return Err(format!("{} bytes are more than there is memory for", opened.len()));
    }
    // One byte over the limit is enough to see that a file grows faster than it is read.
    (&mut file).take(most_bytes + 1).read_to_end(&mut bytes).map_err(refuse)?;
    let read = bytes.len() as u64;
    if read > most_bytes {
        return Err(reason::too_large(read, most_bytes));
    }
    let after = file.metadata().map_err(refuse)?;
    if read != opened.len() || after.len() != read || modified(&after) != modified(&opened) {
        return Err("changed while it was read".to_owned());
    }
    Ok(bytes)
}

/// Opens a regular file, and nothing that lies in its place.
pub fn open(path: &Path) -> Result<(File, Metadata), String> {
    let refuse = |error: std::io::Error| reason::io(&error);
    let expected = path.symlink_metadata().map_err(refuse)?;
    check(&expected)?;
    let file = File::open(path).map_err(refuse)?;
    let opened = file.metadata().map_err(refuse)?;
    check(&opened)?;
    if !is_same_file(&expected, &opened) {
        return Err("replaced while it was opened".to_owned());
    }
    Ok((file, opened))
}

/// The time of the last change in nanoseconds since 1970, negative before; 0 where the system keeps none.
pub fn modified(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

fn check(metadata: &Metadata) -> Result<(), String> {
    if metadata.is_symlink() {
        return Err("became a link".to_owned());
    }
    if !metadata.is_file() {
        return Err("is no longer a regular file".to_owned());
    }
    Ok(())
}

#[cfg(unix)]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    one.created().ok() == other.created().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_within_the_limit_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "four").unwrap();
        assert_eq!(load(&file, 4), Ok(b"four".to_vec()));
        assert_eq!(load(&file, 3), Err("4 bytes are over the limit of 3".to_owned()));
        assert_eq!(load(&folder.path().join("b.txt"), 4), Err("no such file or folder".to_owned()));
        assert_eq!(load(folder.path(), u64::MAX - 1), Err("is no longer a regular file".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_became_a_link_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("a.txt");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        assert_eq!(load(&link, 100), Err("became a link".to_owned()));
    }
}
