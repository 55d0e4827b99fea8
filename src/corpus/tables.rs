//! Reads the users' own tables: the files of one folder, or single files.

use std::path::{Path, PathBuf};

use crate::corpus::load;
use crate::error::{Error, Result};

/// The limit on one file: a hundred times the largest list of actors that anybody shares.
const LARGEST_TABLE_BYTES: u64 = 64 << 20;

/// The tables in `path`, a folder or a file: path and bytes of each `.tsv` and `.toml`, in the order of their names.
/// Names of other files of the folder go to `passed`; hidden ones, folders and notes for people (`.md`, `.txt`) do not.
///
/// # Errors
/// The path or one of its tables cannot be read.
pub fn tables(path: &Path, passed: &mut dyn FnMut(&Path)) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let refused = |path: &Path, reason: String| Error::usage(format!("{}: {reason}", path.display()));
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in path.read_dir().map_err(|error| Error::io(path, error))? {
            let entry = entry.map_err(|error| Error::io(path, error))?.path();
            let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            match entry.extension().and_then(|ending| ending.to_str()) {
                _ if hidden || entry.is_dir() => {}
                Some("tsv" | "toml") => files.push(entry),
                Some("md" | "txt") => {}
                _ => passed(&entry),
            }
        }
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    let read = |file: PathBuf| {
        // A link is a way to share one list between archives, so it is followed here.
        let real = file.canonicalize().map_err(|error| Error::io(&file, error))?;
        let bytes = load::load(&real, LARGEST_TABLE_BYTES).map_err(|reason| refused(&file, reason))?;
        Ok((file, bytes))
    };
    files.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.tsv", "a.toml", "README.md", ".hidden.tsv", "list.csv"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        std::fs::create_dir(folder.path().join("old.tsv")).unwrap();
        let mut passed = Vec::new();
        let found = tables(folder.path(), &mut |path| passed.push(path.to_owned())).unwrap();
        let names: Vec<String> = found.iter().map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap()).collect();
        assert_eq!(names, ["a.toml", "b.tsv"]);
        assert_eq!(passed, [folder.path().join("list.csv")]);
        assert!(tables(&folder.path().join("none"), &mut |_| {}).is_err());
    }
}
