//! Which store is the live one, and which one can be gone back to.
//!
//! `CURRENT` names the live store in its first line and the one before it in the second; it is replaced by one rename, so
//! that a rebuild, and the way back from it, happen as a whole or not at all. A store that `CURRENT` does not name was
//! left by a killed rebuild and is swept by the next run.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{lock, sidecar, snapshot};
use crate::error::{Error, Result};

const CURRENT: &str = "CURRENT";
const STORE: &str = "store-";

/// The stores of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stores {
    /// The folder that questions are asked of.
    pub live: PathBuf,
    /// The folder that was live before the last rebuild, if it is still there.
    pub previous: Option<PathBuf>,
}

impl Stores {
    /// Reads which stores an archive has; `None` when none was ever committed.
    pub fn read(root: &Path) -> Result<Option<Self>> {
        let path = root.join(CURRENT);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Self::recover(root));
            }
            Err(error) => return Err(Error::io(&path, error)),
        };
        let mut names = text.lines();
        let live = names.next().filter(|name| is_store(name));
        let previous = names.next();
        match live {
            Some(live) if previous.is_none_or(is_store) && names.next().is_none() => {
                let previous = previous.filter(|name| *name != live).map(|name| root.join(name));
                Ok(Some(Self { live: root.join(live), previous: previous.filter(|folder| folder.is_dir()) }))
            }
            _ => Err(Error::index_damaged(root, format!("`{CURRENT}` names no store"))),
        }
    }

    /// The newest store that was ever committed, where `CURRENT` is lost, or a kill came just before it was written; one
    /// that was built to its end before one that was not. The one after it can be gone back to.
    fn recover(root: &Path) -> Option<Self> {
        let entries = fs::read_dir(root).ok()?.flatten();
        let folders = entries.map(|entry| entry.path()).filter(|path| number(path).is_some());
        let committed = folders.filter(|path| snapshot::is_committed(path));
        let mut stores: Vec<_> = committed.map(|path| (snapshot::is_whole(&path), number(&path), path)).collect();
        stores.sort_unstable();
        let (_, _, live) = stores.pop()?;
        let previous = stores.pop().filter(|(whole, ..)| *whole).map(|(_, _, path)| path);
        Some(Self { live, previous })
    }

    /// The live store; where `CURRENT` names none, the newest that was ever committed, or, if no commit of any can be read,
    /// the newest there is.
    pub fn last(root: &Path) -> Option<PathBuf> {
        if let Ok(Some(stores)) = Self::read(root) {
            return Some(stores.live);
        }
        let newest = || {
            let entries = fs::read_dir(root).ok()?.flatten();
            entries.map(|entry| entry.path()).filter(|path| number(path).is_some()).max_by_key(|path| number(path))
        };
        Self::recover(root).map(|stores| stores.live).or_else(newest)
    }

    /// Whether an archive has a live store, sound or not.
    pub fn exist(root: &Path) -> bool {
        root.join(CURRENT).exists() || Self::recover(root).is_some()
    }

    /// Writes down which stores there are where that was lost.
    pub fn keep(&self, root: &Path) -> Result<()> {
        if root.join(CURRENT).exists() { Ok(()) } else { self.write(root) }
    }

    /// Makes this the state of the archive, durably, in one step, and removes all other stores.
    pub fn write(&self, root: &Path) -> Result<()> {
        let name =
            |folder: &Path| folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut text = name(&self.live);
        if let Some(previous) = &self.previous {
            text.push('\n');
            text.push_str(&name(previous));
        }
        let path = root.join(CURRENT);
        sidecar::replace(&path, text.as_bytes()).map_err(|error| Error::io(&path, error))?;
        sweep(root, Some(self))
    }
}

/// Makes an empty store beside those that are there and sweeps what killed runs left; the caller holds the lock.
///
/// Where `CURRENT` is there and names nothing, any store may be the one that people mean: all stay until the new one is done.
pub fn begin(root: &Path, stores: Option<&Stores>) -> Result<PathBuf> {
    match stores {
        // Where the file that names the stores was lost, it is there again before a second one is.
        Some(stores) => stores.keep(root).and_then(|()| sweep(root, Some(stores)))?,
        None if root.join(CURRENT).exists() => {}
        None => sweep(root, None)?,
    }
    let entries = fs::read_dir(root).map_err(|error| Error::io(root, error))?;
    let last = entries.flatten().filter_map(|entry| number(&entry.path())).max().unwrap_or(0);
    let folder = root.join(format!("{STORE}{}", last.saturating_add(1)));
    fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
    Ok(folder)
}

/// Whether all that there is was left by a first build that never came to a commit: nobody can want it, and it takes room.
pub fn are_begun(root: &Path) -> bool {
    let Ok(entries) = fs::read_dir(root) else { return false };
    let mut stores = entries.flatten().map(|entry| entry.path()).filter(|path| number(path).is_some()).peekable();
    // Tantivy's list of its files tells our stores from the folders of others; a catalogue is written before each commit.
    let is_begun =
        |store: PathBuf| store.join(".managed.json").is_file() && sidecar::newest(&store, sidecar::CATALOGUE).is_none();
    root.join(lock::FILE).is_file() && !root.join(CURRENT).exists() && stores.peek().is_some() && stores.all(is_begun)
}

/// Removes every store that is not named; the caller holds the lock.
pub fn sweep(root: &Path, stores: Option<&Stores>) -> Result<()> {
    let entries = fs::read_dir(root).map_err(|error| Error::io(root, error))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let named = stores.is_some_and(|stores| stores.live == path || stores.previous.as_ref() == Some(&path));
        if !named && entry.file_name().to_str().is_some_and(is_store) {
            fs::remove_dir_all(&path).map_err(|error| Error::io(&path, error))?;
        }
    }
    Ok(())
}

/// The number of a store, by the name of its folder.
fn number(folder: &Path) -> Option<u64> {
    folder.file_name()?.to_str()?.strip_prefix(STORE)?.parse().ok()
}

fn is_store(name: &str) -> bool {
    name.strip_prefix(STORE)
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_first_build_began_is_begun() {
        let check = |files: &[&str], expected: bool| {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "").unwrap();
            }
            assert_eq!(are_begun(folder.path()), expected, "{files:?}");
        };
        check(&["lock", "store-1/.managed.json", "store-1/a.idx"], true);
        check(&["lock"], false);
        check(&["store-1/.managed.json"], false);
        check(&["lock", "store-1/goods.csv"], false);
        check(&["lock", "store-1/.managed.json", "store-2/goods.csv"], false);
        check(&["lock", "store-1/.managed.json", "store-1/catalogue-0000000001.bin"], false);
        check(&["lock", "CURRENT", "store-1/.managed.json"], false);
    }

    #[test]
    fn what_is_named_stays_and_the_rest_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(Stores::read(root).unwrap(), None);
        let first = begin(root, None).unwrap();
        Stores { live: first.clone(), previous: None }.write(root).unwrap();
        let second = begin(root, Stores::read(root).unwrap().as_ref()).unwrap();
        Stores { live: second.clone(), previous: Some(first.clone()) }.write(root).unwrap();
        assert!(first.is_dir() && second.is_dir());
        let both = Stores::read(root).unwrap().unwrap();
        assert_eq!(both, Stores { live: second.clone(), previous: Some(first.clone()) });
        fs::create_dir(root.join("store-99")).unwrap();
        fs::create_dir(root.join("store-of-mine")).unwrap();
        fs::remove_file(root.join(CURRENT)).unwrap();
        let third = begin(root, Some(&both)).unwrap();
        assert_eq!(Stores::read(root).unwrap().unwrap(), both);
        fs::write(root.join(CURRENT), "nonsense").unwrap();
        assert!(begin(root, None).unwrap().ends_with("store-4") && first.is_dir() && second.is_dir());
        assert!(third.ends_with("store-3") && !root.join("store-99").exists() && root.join("store-of-mine").exists());
        Stores { live: second, previous: None }.write(root).unwrap();
        assert!(!first.exists() && !third.exists());
    }

    #[test]
    fn a_current_that_names_no_store_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", "store-", "../elsewhere", "store-1/..", "store-1\nx", "store-1\nstore-2\nstore-3", "\0"] {
            fs::write(folder.path().join(CURRENT), text).unwrap();
            assert!(Stores::read(folder.path()).is_err(), "{text:?}");
            assert!(Stores::exist(folder.path()));
        }
    }
}
