//! A catalogue on its way from one commit to the next: its files are changed in place, and what stood there is kept.
//!
//! A night changes few of many files; whatever is asked about the change is asked of those alone.

use std::collections::{BTreeMap, HashMap};

use crate::catalogue::{Catalogue, FileKey, FileRecord};

/// A catalogue, some files of which are changed.
#[derive(Debug, Default)]
pub struct Revision {
    catalogue: Catalogue,
    /// What stood in place of each file that was changed; nothing for one that is new.
    before: BTreeMap<FileKey, Option<FileRecord>>,
}

/// Articles that stand in the index, by id, with the hash of what is kept of each.
pub type Hashes<'a> = HashMap<&'a str, [u8; 16]>;

impl Revision {
    /// Nothing changed yet.
    pub fn of(catalogue: Catalogue) -> Self {
        Self { catalogue, before: BTreeMap::new() }
    }

    /// The catalogue as it is now.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Puts a file in its place.
    pub fn put(&mut self, key: &FileKey, file: FileRecord) {
        let old = self.catalogue.files.insert(key.clone(), file);
        self.before.entry(key.clone()).or_insert(old);
    }

    /// Takes a file out.
    pub fn remove(&mut self, key: &FileKey) {
        let old = self.catalogue.files.remove(key);
        self.before.entry(key.clone()).or_insert(old);
    }

    /// Changes a file, if it is there.
    pub fn change(&mut self, key: &FileKey, change: impl FnOnce(&mut FileRecord)) {
        let Some(file) = self.catalogue.files.get_mut(key) else { return };
        self.before.entry(key.clone()).or_insert_with(|| Some(file.clone()));
        change(file);
    }

    /// The file as it was.
    pub fn before(&self, key: &FileKey) -> Option<&FileRecord> {
        self.before.get(key).map_or_else(|| self.catalogue.files.get(key), Option::as_ref)
    }

    /// The files that were changed, as they were.
    pub fn changed(&self) -> impl Iterator<Item = (&FileKey, &FileRecord)> {
        self.before.iter().filter_map(|(key, old)| Some((key, old.as_ref()?)))
    }

    /// Whether every file is as it was.
    pub fn is_same(&self) -> bool {
        self.before.iter().all(|(key, old)| self.catalogue.files.get(key) == old.as_ref())
    }

    /// The articles of the files that were changed, as they were.
    pub fn hashes_before(&self) -> Hashes<'_> {
        hashes(self.before.values().flatten())
    }

    /// The articles of the files that were changed, as they are.
    pub fn hashes_now(&self) -> Hashes<'_> {
        hashes(self.before.keys().filter_map(|key| self.catalogue.files.get(key)))
    }
}

/// The articles of some files.
pub fn hashes<'a>(files: impl Iterator<Item = &'a FileRecord>) -> Hashes<'a> {
    files.flat_map(FileRecord::indexed).map(|article| (article.id.as_str(), article.hash)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &str) -> FileKey {
        FileKey { root: 0, path: path.to_owned() }
    }

    fn file(size: u64) -> FileRecord {
        FileRecord { size, ..FileRecord::default() }
    }

    #[test]
    fn what_was_changed_back_is_as_it_was() {
        let files = BTreeMap::from([(key("a"), file(1)), (key("b"), file(2))]);
        let mut revision = Revision::of(Catalogue { files, ..Catalogue::default() });
        assert!(revision.is_same());
        revision.put(&key("c"), file(3));
        revision.remove(&key("a"));
        revision.change(&key("b"), |file| file.size = 9);
        revision.change(&key("z"), |file| file.size = 9);
        assert!(!revision.is_same());
        let before = |path| revision.before(&key(path)).map(|file| file.size);
        assert_eq!([before("a"), before("b"), before("c"), before("z")], [Some(1), Some(2), None, None]);
        revision.remove(&key("c"));
        revision.put(&key("a"), file(1));
        revision.change(&key("b"), |file| file.size = 2);
        assert!(revision.is_same());
        assert_eq!(revision.catalogue().files.len(), 2);
    }
}
