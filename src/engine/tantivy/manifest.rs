//! Name, size and hash of every file of a commit, so that a file that was cut, swapped or altered is found out.
//!
//! A manifest is named after the hash of the `meta.json` that it belongs to and is on the disk before it. So a
//! `meta.json` that nobody wrote has no manifest, and the list of segments is as safe as the segments are. Sizes are
//! compared whenever a file is opened, hashes by a check. tantivy's own checksums rest on a list that may be lost with
//! them, and do not cover `meta.json`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::{pack, unpack};
use super::sidecar::replace;
use crate::error::Result;

/// The file of tantivy that says which segments a commit has.
pub const META: &str = "meta.json";

const BEGINNING: &str = "manifest-";

/// What is known of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its size in bytes.
    pub size: u64,
    /// BLAKE3 of its bytes.
    pub hash: [u8; 32],
}

/// The files of a commit, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest(pub BTreeMap<String, Row>);

impl Manifest {
    /// Reads the manifest of the present `meta.json`, with the bytes of that; `None` when either is not there.
    ///
    /// # Errors
    /// A file is there and cannot be read.
    pub fn read(folder: &Path) -> io::Result<Option<(Self, Vec<u8>)>> {
        let Some(mut meta) = content(&folder.join(META))? else { return Ok(None) };
        loop {
            if let Some(bytes) = content(&folder.join(name_of(&meta)))? {
                return match Self::unsealed(&bytes) {
                    Some(manifest) => Ok(Some((manifest, meta))),
                    None => Err(io::Error::other(format!("`{}` was altered", name_of(&meta)))),
                };
            }
            // A writer may have put another in its place since it was read.
            match content(&folder.join(META))? {
                Some(now) if now != meta => meta = now,
                _ => return Ok(None),
            }
        }
    }

    /// Writes the manifest of a `meta.json` that is about to be written, synced.
    pub fn write(&self, folder: &Path, meta: &[u8]) -> io::Result<()> {
        let mut bytes = pack(self).map_err(io::Error::other)?;
        let seal = blake3::hash(&bytes);
        bytes.extend_from_slice(seal.as_bytes());
        replace(&folder.join(name_of(meta)), &bytes)
    }

    /// The manifest of bytes that end in the hash of what stands before it.
    fn unsealed(bytes: &[u8]) -> Option<Self> {
        let (packed, seal) = bytes.split_at_checked(bytes.len().checked_sub(blake3::OUT_LEN)?)?;
        if blake3::hash(packed).as_bytes() == seal { unpack(packed).ok() } else { None }
    }

    /// The files that a `meta.json` refers to, of all that are `known`.
    pub fn of(meta: &[u8], known: &BTreeMap<String, Row>) -> Self {
        let segments = segments(meta);
        let is_live = |name: &str| {
            let mut parts = name.split('.');
            let Some(deletes) = parts.next().and_then(|segment| segments.get(segment)) else { return false };
            match (parts.next(), parts.next()) {
                (Some(stamp), Some("del")) => deletes.as_deref() == Some(stamp),
                (_, Some(_)) => false,
                _ => true,
            }
        };
        Self(known.iter().filter(|(name, _)| is_live(name)).map(|(name, row)| (name.clone(), *row)).collect())
    }

    /// Compares every file with its row; every line says one thing that is wrong.
    pub fn verify(&self, folder: &Path) -> Vec<String> {
        let wrong = |(name, row): (&String, &Row)| match hash_file(&folder.join(name)) {
            Ok(found) if found == *row => None,
            Ok(found) if found.size != row.size => {
                Some(format!("`{name}` has {} bytes and was written with {}", found.size, row.size))
            }
            Ok(_) => Some(format!("`{name}` does not have the bytes it was written with")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(format!("`{name}` is missing")),
            Err(error) => Some(format!("`{name}` cannot be read: {error}")),
        };
        self.0.iter().filter_map(wrong).collect()
    }
}

/// Verifies the files of the present commit; every line says one thing that is wrong.
///
/// # Errors
/// `meta.json` or its manifest is there and cannot be read.
pub fn verify(folder: &Path) -> Result<Vec<String>> {
    let io = |error| crate::error::Error::io(folder, error);
    loop {
        let Some((manifest, meta)) = Manifest::read(folder).map_err(io)? else {
            return Ok(vec![format!("`{META}` is not the one that was written")]);
        };
        let wrong = manifest.verify(folder);
        // A run that is under way may have taken files away that its next commit no longer has.
        if wrong.is_empty() || content(&folder.join(META)).map_err(io)?.is_none_or(|now| now == meta) {
            return Ok(wrong);
        }
    }
}

/// Removes the manifests of other commits; a reader that looks for one of them looks at `meta.json` again.
pub fn sweep(folder: &Path, keep: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(BEGINNING) && name != keep {
            // A leftover that cannot be removed costs space, nothing else; the next commit tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The name of the manifest of a `meta.json`.
pub fn name_of(meta: &[u8]) -> String {
    format!("{BEGINNING}{}.bin", &blake3::hash(meta).to_hex()[..32])
}

/// What the commit of a `meta.json` says about itself; tantivy's own reading of it takes ten times as long.
pub fn payload(meta: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Meta {
        payload: Option<String>,
    }
    serde_json::from_slice::<Meta>(meta).ok()?.payload
}

/// The segments that a `meta.json` names, as the names of their files begin, each with the stamp of its deletions.
fn segments(meta: &[u8]) -> BTreeMap<String, Option<String>> {
    let meta: serde_json::Value = serde_json::from_slice(meta).unwrap_or_default();
    let segments = meta.get("segments").and_then(serde_json::Value::as_array);
    let named = |segment: &serde_json::Value| {
        let id = segment.get("segment_id")?.as_str()?.replace('-', "");
        let stamp = segment.get("deletes").and_then(|deletes| deletes.get("opstamp")?.as_u64());
        Some((id, stamp.map(|stamp| stamp.to_string())))
    };
    segments.into_iter().flatten().filter_map(named).collect()
}

fn content(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn hash_file(path: &Path) -> io::Result<Row> {
    let mut file = File::open(path)?;
    let mut sum = Sum::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(sum.row()),
            read => sum.add(&buffer[..read]),
        }
    }
}

/// Size and hash of what passes by.
#[derive(Debug, Default)]
pub struct Sum {
    size: u64,
    hasher: blake3::Hasher,
}

impl Sum {
    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.hasher.update(bytes);
    }

    /// What came by so far.
    pub fn row(&self) -> Row {
        Row { size: self.size, hash: *self.hasher.finalize().as_bytes() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_live_segments_belong_to_a_commit() {
        let meta =
            br#"{"segments":[{"segment_id":"ab-cd","deletes":{"opstamp":7}},{"segment_id":"ef","deletes":null}]}"#;
        let row = Row { size: 1, hash: [0; 32] };
        let names = ["abcd.idx", "abcd.7.del", "abcd.6.del", "abcd.store.temp", "ef.idx", "ef.9.del", "99.idx"];
        let known = names.iter().map(|name| ((*name).to_owned(), row)).collect();
        let live: Vec<String> = Manifest::of(meta, &known).0.into_keys().collect();
        assert_eq!(live, ["abcd.7.del", "abcd.idx", "ef.idx"]);
        assert_eq!(Manifest::of(b"garbage", &known), Manifest::default());
    }

    #[test]
    fn a_manifest_belongs_to_its_meta_and_finds_every_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("a.idx"), "four").unwrap();
        let manifest = Manifest([("a.idx".to_owned(), hash_file(&path.join("a.idx")).unwrap())].into());
        manifest.write(path, b"{}").unwrap();
        assert_eq!(Manifest::read(path).unwrap(), None);
        fs::write(path.join(META), "{}").unwrap();
        assert_eq!(Manifest::read(path).unwrap(), Some((manifest, b"{}".to_vec())));
        let check = |content: &str, expected: &str| {
            fs::write(path.join("a.idx"), content).unwrap();
            assert_eq!(verify(path).unwrap().concat(), expected);
        };
        check("four", "");
        check("fouR", "`a.idx` does not have the bytes it was written with");
        check("fou", "`a.idx` has 3 bytes and was written with 4");
        fs::remove_file(path.join("a.idx")).unwrap();
        assert_eq!(verify(path).unwrap(), ["`a.idx` is missing"]);
        fs::write(path.join(META), "{ }").unwrap();
        assert_eq!(verify(path).unwrap(), ["`meta.json` is not the one that was written"]);
        sweep(path, "");
        assert_eq!(fs::read_dir(path).unwrap().count(), 1);
    }
}
