//! What changed in the corpus since the last commit: a walk, compared with the catalogue, without reading a file.

use std::collections::HashSet;
use std::collections::btree_map::{BTreeMap, Range};
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::{Catalogue, Failure, FileKey, FileRecord};
use crate::corpus::{self, Cause, Found, Refusal};
use crate::date::Moment;
use crate::error::Result;

/// The size of a file in doubt, as one that changed while the run that read it was under way: none has so many bytes, so
/// the next run that walks it reads it again. Until then its articles stand by the time of its last change.
pub const IN_DOUBT: u64 = u64::MAX;

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its name in the catalogue, which every one of its articles refers to.
    pub key: Arc<FileKey>,
    /// Where it is now.
    pub found: Found,
    /// What tells whether it changed; `None` for one that is new.
    pub old: Option<Before>,
}

/// What tells whether a file says anything new. What is kept of it stands in the catalogue alone, where a change of tables
/// may still correct it when the corpus has been compared.
#[derive(Debug, Clone)]
pub struct Before {
    /// Hash of its bytes.
    pub hash: [u8; 16],
    /// Whether the same bytes could tell nothing new.
    pub is_settled: bool,
    /// The ids of its articles that stand in the index.
    pub ids: Vec<String>,
}

impl Before {
    fn of(file: &FileRecord) -> Self {
        let ids = file.indexed().map(|article| article.id.clone()).collect();
        Self { hash: file.hash, is_settled: file.is_settled(), ids }
    }
}

/// The difference between a corpus and the catalogue of its index.
#[derive(Debug, Default)]
pub struct Diff {
    /// Files that are new, changed, in doubt, or to be tried again; by root and path.
    pub tasks: Vec<Task>,
    /// Files that are as they were.
    pub unchanged: usize,
    /// Files that are gone.
    pub vanished: Vec<FileKey>,
    /// What the walk refused.
    pub refused: Vec<Refused>,
    /// Files that have articles and are refused now by a rule: these articles go.
    pub given_up: Vec<FileKey>,
    /// How many files are of a sort that no reader is for, by the ending of their names.
    pub passed_over: BTreeMap<String, usize>,
    /// How many files were seen in all.
    pub seen: usize,
}

/// Something that the walk refused.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Its name in the catalogue.
    pub key: FileKey,
    /// Why it is not read.
    pub reason: String,
    /// Whether the system refused it, so that nothing is known of what it holds now.
    pub by_system: bool,
}

impl Refused {
    /// Its record, where the catalogue has the record `old`: what the system does not show tonight is not gone, its
    /// articles stay. It is looked at again by the next run.
    pub fn record(&self, old: Option<&FileRecord>) -> FileRecord {
        let failures = vec![Failure { line: None, reason: self.reason.clone() }];
        let kept = old.filter(|_| self.by_system).cloned().unwrap_or_default();
        FileRecord { size: IN_DOUBT, failures, ..kept }
    }
}

/// What makes a run read a file whose size and time stamp are as they were.
#[derive(Debug, Clone, Copy)]
pub struct Again {
    /// Files with failures are read again: the user asks for it, or the readers are others.
    pub failed: bool,
    /// Embargoes that have ended by this moment let their articles in.
    pub now: Moment,
}

/// The walks of a run, which leave out the index, and of which the first may be under way before the catalogue is there to
/// be compared with.
pub struct Walks<'a> {
    options: &'a corpus::Options,
    /// The folder of the index, if it is there.
    index: Option<PathBuf>,
    begun: Option<(PathBuf, corpus::Survey)>,
}

impl<'a> Walks<'a> {
    /// None begun, for an index in this folder.
    pub fn new(index: &Path, options: &'a corpus::Options) -> Self {
        Self { options, index: index.canonicalize().ok(), begun: None }
    }

    /// Begins the walk of the first root. Whatever is wrong with it is told by the comparison, which begins it again.
    #[must_use]
    pub fn begin(mut self, roots: &[PathBuf]) -> Self {
        let begun = roots.first().and_then(|root| Some((root.clone(), self.walk(root).ok()?)));
        self.begun = begun;
        self
    }

    fn over(&mut self, root: &Path) -> Result<corpus::Survey> {
        match self.begun.take_if(|(begun, _)| begun == root) {
            Some((_, survey)) => Ok(survey),
            None => self.walk(root),
        }
    }

    fn walk(&self, root: &Path) -> Result<corpus::Survey> {
        match &self.index {
            Some(index) => corpus::survey(root, &self.options.without(root, index)),
            None => corpus::survey(root, self.options),
        }
    }
}

/// Walks the roots and compares what is there with the catalogue; files of roots that are `forgotten` are gone.
pub fn compare(
    roots: &[(u32, PathBuf)],
    forgotten: &[u32],
    catalogue: &Catalogue,
    mut walks: Walks<'_>,
    again: Again,
) -> Result<Diff> {
    let mut diff = Diff::default();
    let mut contested = Vec::new();
    for (number, root) in roots {
        let mut known = Known::of(catalogue, *number);
        let mut closed = Vec::new();
        for entry in walks.over(root)? {
            match entry {
                Ok(found) => diff.take(found, &mut known, again, &mut contested),
                Err(refusal) => diff.refuse(refusal, &known, &mut closed),
            }
        }
        diff.vanished.extend(known.vanished(&closed));
    }
    diff.vanished.extend(forgotten.iter().flat_map(|root| of_root(catalogue, *root)).map(|(key, _)| key.clone()));
    // An id can only come free when something else changes, or before a build has come to its end.
    if diff.tasks.is_empty() && diff.vanished.is_empty() && diff.given_up.is_empty() && catalogue.complete {
        diff.unchanged += contested.len();
    } else {
        diff.tasks.extend(contested);
        diff.tasks.sort_by(|a, b| a.key.cmp(&b.key));
    }
    Ok(diff)
}

impl Diff {
    fn take(&mut self, mut found: Found, known: &mut Known<'_>, again: Again, contested: &mut Vec<Task>) {
        self.seen += 1;
        let key = FileKey { root: known.root, path: std::mem::take(&mut found.relative) };
        let old = known.meet(&key);
        let same = old.is_some_and(|old| is_unchanged(old, &found, again));
        if same && !old.is_some_and(|old| old.contested) {
            self.unchanged += 1;
            return;
        }
        found.relative.clone_from(&key.path);
        let list = if same { contested } else { &mut self.tasks };
        list.push(Task { key: Arc::new(key), found, old: old.map(Before::of) });
    }
}

impl Diff {
    /// Takes what the walk refused; what may hide files that are there goes to the `closed`.
    fn refuse(&mut self, refusal: Refusal, known: &Known<'_>, closed: &mut Vec<String>) {
        let by_system = match refusal.cause {
            Cause::Nature => {
                let ending = corpus::extension(&refusal.relative).unwrap_or_default().to_ascii_lowercase();
                *self.passed_over.entry(ending).or_default() += 1;
                return;
            }
            // It has vanished like any other, a moment later.
            Cause::Gone => return,
            Cause::Rule => false,
            Cause::System => true,
        };
        closed.push(refusal.relative.clone());
        let key = FileKey { root: known.root, path: refusal.relative };
        let has_articles = known.catalogue.files.get(&key).is_some_and(|file| !file.articles.is_empty());
        if has_articles && !by_system {
            self.given_up.push(key.clone());
        }
        self.refused.push(Refused { key, reason: refusal.reason, by_system });
    }
}

/// The files of one root that the catalogue knows.
struct Known<'c> {
    catalogue: &'c Catalogue,
    root: u32,
    /// A walk meets files nearly in the order of the catalogue, so the next one is most often the one to look at.
    ahead: Peekable<Range<'c, FileKey, FileRecord>>,
    /// What the walk met, by its place in memory: names need not be copied to be compared.
    met: Vec<&'c FileKey>,
}

impl<'c> Known<'c> {
    fn of(catalogue: &'c Catalogue, root: u32) -> Self {
        Self { catalogue, root, ahead: from_root(catalogue, root).peekable(), met: Vec::new() }
    }

    /// What is known of a file that the walk met.
    fn meet(&mut self, key: &FileKey) -> Option<&'c FileRecord> {
        if self.ahead.peek().is_none_or(|(known, _)| *known != key) {
            self.ahead = self.catalogue.files.range(key.clone()..).peekable();
        }
        let (known, old) = self.ahead.next_if(|(known, _)| *known == key)?;
        self.met.push(known);
        Some(old)
    }

    /// The files that the walk did not meet. What lies in a folder that could not be read is not known to be gone.
    fn vanished(&self, closed: &[String]) -> Vec<FileKey> {
        let of_root = || of_root(self.catalogue, self.root);
        if of_root().count() == self.met.len() {
            return Vec::new();
        }
        let met: HashSet<&FileKey> = self.met.iter().copied().collect();
        let hidden = |path: &str| {
            // Where the system does not say in which folder it failed, it may be any.
            closed.iter().any(|folder| {
                folder.is_empty()
                    || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        let gone = of_root().filter(|(key, _)| !met.contains(key) && !hidden(&key.path));
        gone.map(|(key, _)| key.clone()).collect()
    }
}

/// The files of a root and of those after it.
fn from_root(catalogue: &Catalogue, root: u32) -> Range<'_, FileKey, FileRecord> {
    catalogue.files.range(FileKey { root, path: String::new() }..)
}

/// The files of a root.
fn of_root(catalogue: &Catalogue, root: u32) -> impl Iterator<Item = (&FileKey, &FileRecord)> {
    from_root(catalogue, root).take_while(move |(key, _)| key.root == root)
}

/// Size and time stamp as they were, and nothing to be tried again.
fn is_unchanged(old: &FileRecord, found: &Found, again: Again) -> bool {
    let same = old.size == found.size && old.modified == found.modified && !old.vanished;
    let is_tried_again = again.failed && !old.failures.is_empty() || old.is_due(again.now);
    same && !is_tried_again
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Standing;
    use crate::catalogue::ArticleRecord;

    #[test]
    fn only_a_rule_takes_the_articles_of_a_file_that_is_known() {
        let article = ArticleRecord {
            id: "a".to_owned(),
            hash: [1; 16],
            ingested: Moment(7),
            quotes: 2,
            standing: Standing::Usable,
        };
        let old = FileRecord { size: 9, modified: 5, articles: vec![article], ..FileRecord::default() };
        let key = FileKey { root: 0, path: "news/a.txt".to_owned() };
        let files = BTreeMap::from([(key.clone(), old.clone())]);
        let catalogue = Catalogue { files, ..Catalogue::default() };
        let check = |path: &str, cause, (kept, given_up, vanished): (Option<usize>, usize, usize)| {
            let (mut diff, mut closed) = (Diff::default(), Vec::new());
            let known = Known::of(&catalogue, 0);
            let refusal = Refusal { relative: path.to_owned(), reason: "a reason".to_owned(), cause };
            diff.refuse(refusal, &known, &mut closed);
            let records = diff.refused.iter().map(|refused| refused.record(catalogue.files.get(&refused.key)));
            let records: Vec<FileRecord> = records.collect();
            let failed = |file: &FileRecord| file.failures.len() == 1 && file.size == IN_DOUBT;
            assert!(records.iter().all(failed), "{path} {cause:?}: {records:?}");
            let articles = records.first().map(|file| file.articles.len());
            let found = (articles, diff.given_up.len(), known.vanished(&closed).len());
            assert_eq!(found, (kept, given_up, vanished), "{path} {cause:?}");
        };
        check("news/a.txt", Cause::System, (Some(1), 0, 0));
        check("news/a.txt", Cause::Rule, (Some(0), 1, 0));
        check("news/a.txt", Cause::Gone, (None, 0, 1));
        check("news", Cause::System, (Some(0), 0, 0));
        check("news", Cause::Gone, (None, 0, 1));
        check("new", Cause::System, (Some(0), 0, 1));
        check("", Cause::System, (Some(0), 0, 0));
        check("pictures/a.png", Cause::Nature, (None, 0, 1));
    }
}
