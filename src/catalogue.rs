//! The catalogue: which files an index was made from, what was in them, and what failed.
//!
//! It is written with every commit and is part of it, so that documents and catalogue are one state; an incremental
//! run compares the corpus with it. Plain data: how it is stored is the engine's affair.

use std::collections::BTreeMap;

use crate::article::Standing;
use crate::date::Moment;

/// What is known of one corpus file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileRecord {
    /// Size in bytes.
    pub size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub modified: i64,
    /// Hash of its bytes.
    pub hash: [u8; 16],
    /// Its articles, in the order of the file.
    pub articles: Vec<ArticleRecord>,
    /// What could not be read, in the order of the file; it is read again when the file changes.
    pub failures: Vec<Failure>,
    /// Whether an article of it lost its id to a newer one elsewhere, so that a change elsewhere may give it back.
    pub contested: bool,
    /// Whether it is gone from the corpus and kept on request.
    pub vanished: bool,
}

/// What is known of one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Its id.
    pub id: String,
    /// Hash of all that the index keeps of it.
    pub hash: [u8; 16],
    /// When it first came into the archive.
    pub ingested: Moment,
    /// How many quotes stand in the index for it.
    pub quotes: u32,
    /// Whether it stands in the index; one that is held back keeps its place here only.
    pub standing: Standing,
}

impl FileRecord {
    /// The articles that stand in the index.
    pub fn indexed(&self) -> impl Iterator<Item = &ArticleRecord> {
        self.articles.iter().filter(|article| article.standing == Standing::Usable)
    }

    /// Whether reading its bytes again could tell nothing new: no failure, no embargo, no quarrel about an id.
    pub fn is_settled(&self) -> bool {
        let waits = |article: &ArticleRecord| matches!(article.standing, Standing::Embargoed(_));
        self.failures.is_empty() && !self.contested && !self.articles.iter().any(waits)
    }

    /// Whether an embargo in it has ended by `now`.
    pub fn is_due(&self, now: Moment) -> bool {
        self.articles.iter().any(|article| matches!(article.standing, Standing::Embargoed(end) if end <= now))
    }
}

/// A file, or one line of it, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line, counted from 1, if the failure has one.
    pub line: Option<u64>,
    /// What went wrong.
    pub reason: String,
}

/// How the note on a replaced article ends.
const KEPT: &str = "; the newer one is kept";

impl Failure {
    /// The note on an article that lost its id to a newer one `there`, which failed in nothing.
    pub fn replaced(id: &str, there: &str) -> Self {
        Self { line: None, reason: format!("article `{id}` stands also {there}{KEPT}") }
    }

    /// Whether it is such a note, and no failure.
    pub fn is_replaced(&self) -> bool {
        self.reason.ends_with(KEPT)
    }
}

/// Where a file belongs: the corpus root it was found under, and its path inside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey {
    /// Which of [`Catalogue::roots`].
    pub root: u32,
    /// The path inside that root, with `/` between folders.
    pub path: String,
}

/// Everything an index was made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// Counts the commits of this index.
    pub generation: u64,
    /// Whether the run that wrote it saw the whole corpus; false for the steps of a build.
    pub complete: bool,
    /// When it was written.
    pub written: Option<Moment>,
    /// Version of the readers that made articles of the files; what they failed at, others may read.
    pub readers: String,
    /// The corpus roots, as absolute paths, in the order they were first given; files name them by number. One that was
    /// forgotten is empty: ids of articles rest on the numbers of the others.
    pub roots: Vec<String>,
    /// Every file ever accepted or failed, in order.
    pub files: BTreeMap<FileKey, FileRecord>,
}

impl Catalogue {
    /// How many articles the index holds.
    pub fn article_count(&self) -> usize {
        self.files.values().map(|file| file.indexed().count()).sum()
    }

    /// How many quotes the index holds.
    pub fn quote_count(&self) -> u64 {
        self.files.values().flat_map(|file| &file.articles).map(|article| u64::from(article.quotes)).sum()
    }

    /// How many articles are held back by an embargo, and how many were withdrawn.
    pub fn held_back(&self) -> (usize, usize) {
        let articles = || self.files.values().flat_map(|file| &file.articles);
        let embargoed = articles().filter(|article| matches!(article.standing, Standing::Embargoed(_)));
        (embargoed.count(), articles().filter(|article| article.standing == Standing::Withdrawn).count())
    }

    /// The number of this root, added if it is new.
    pub fn root_number(&mut self, root: &str) -> u32 {
        let known = self.roots.iter().position(|other| other == root);
        let number = known.unwrap_or_else(|| {
            self.roots.push(root.to_owned());
            self.roots.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// The roots that are read, without those that were forgotten.
    pub fn live_roots(&self) -> Vec<String> {
        self.roots.iter().filter(|root| !root.is_empty()).cloned().collect()
    }

    /// Forgets these roots, by number; others keep theirs.
    pub fn forget_roots(&mut self, numbers: &[u32]) {
        for (number, root) in (0..).zip(&mut self.roots) {
            if numbers.contains(&number) {
                root.clear();
            }
        }
    }

    /// The numbers of the roots that were forgotten.
    pub fn forgotten_roots(&self) -> Vec<u32> {
        (0..).zip(&self.roots).filter(|(_, root)| root.is_empty()).map(|(number, _)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_keeps_its_number_when_others_are_forgotten() {
        let mut catalogue = Catalogue::default();
        for root in ["/a", "/b", "/c", "/d"] {
            catalogue.root_number(root);
        }
        catalogue.forget_roots(&[2, 0]);
        catalogue.forget_roots(&[]);
        assert_eq!(catalogue.live_roots(), ["/b", "/d"]);
        assert_eq!(catalogue.forgotten_roots(), [0, 2]);
        assert_eq!([catalogue.root_number("/d"), catalogue.root_number("/a")], [3, 4]);
    }
}
