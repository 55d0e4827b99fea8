//! Two articles with one id: the newer one is kept, and the other file gets a note that names it.
//!
//! Newer is the one whose file was changed last; of files changed at the same moment the one later in the corpus, and
//! within a file the later one. So a fresh build and a night's delta agree, whatever order the articles come in.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::diff::{Diff, Task};
use super::report::path_of;
use super::revision::Revision;
use crate::catalogue::{Catalogue, Failure, FileKey};

/// The right of one article to its id; the greatest wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// When its file was changed, in nanoseconds since 1970.
    pub modified: i64,
    /// Its file.
    pub file: Arc<FileKey>,
    /// Its number in the order of reading.
    pub number: u64,
}

/// When the file of an article was changed, and which it is, by the article's id; of files that are not read. There are
/// many, and few of them are looked at.
pub type Steady<'a> = HashMap<&'a str, (i64, &'a FileKey)>;

/// Who has the right to each id that came up in this run.
#[derive(Debug, Default)]
pub struct Owners(HashMap<String, Claim>);

impl Owners {
    /// Whether this is the newest article of its id so far; `steady` holds the claims of files that are not read.
    pub fn claim(&mut self, id: &str, claim: Claim, steady: &Steady<'_>) -> bool {
        let steady = steady.get(id).map(|(modified, file)| Claim {
            modified: *modified,
            file: Arc::new((*file).clone()),
            number: 0,
        });
        let best = self.0.get(id).cloned().max(steady);
        let wins = best.as_ref().is_none_or(|best| claim > *best);
        self.0.insert(id.to_owned(), best.filter(|_| !wins).unwrap_or(claim));
        wins
    }

    /// The ids of this run that stand at more than one place of the catalogue, the places to be filled in. Most ids stand
    /// at one, and a corpus may have millions.
    fn contested(&self, revision: &Revision) -> HashMap<&str, Vec<(FileKey, usize)>> {
        let mut met = FxHashSet::default();
        let articles = revision.catalogue().files.values().flat_map(|file| &file.articles);
        let of_this_run = articles.filter_map(|article| self.0.get_key_value(&article.id));
        of_this_run.filter(|(id, _)| !met.insert(id.as_str())).map(|(id, _)| (id.as_str(), Vec::new())).collect()
    }

    /// Leaves every id to its owner; each of the others loses its place and gets a note, so that its file is read
    /// again and can take over when the owner goes.
    pub fn settle(&self, revision: &mut Revision) {
        let mut places = self.contested(revision);
        for (key, file) in &revision.catalogue().files {
            for (place, article) in file.articles.iter().enumerate() {
                if let Some(places) = places.get_mut(article.id.as_str()) {
                    places.push((key.clone(), place));
                }
            }
        }
        let mut losers: Vec<(FileKey, usize, String, FileKey)> = Vec::new();
        for (id, mut places) in places {
            let owner = &*self.0[id].file;
            let winner = places.iter().rposition(|(key, _)| key == owner).unwrap_or(places.len() - 1);
            let (winner, _) = places.remove(winner);
            losers.extend(places.into_iter().map(|(key, place)| (key, place, id.to_owned(), winner.clone())));
        }
        losers.sort_by(|a, b| (&b.0, b.1).cmp(&(&a.0, a.1)));
        let roots = revision.catalogue().roots.clone();
        for (key, place, id, winner) in losers {
            let there = if winner == key {
                "later in this file".to_owned()
            } else {
                format!("in `{}`", path_of(&roots, &winner))
            };
            let note = Failure::replaced(&id, &there);
            revision.change(&key, |file| {
                file.articles.remove(place);
                file.failures.push(note);
                file.contested = true;
            });
        }
    }
}

/// The claim of an article of a file that is read.
pub fn claim(task: &Task, number: u64) -> Claim {
    Claim { modified: task.found.modified, file: task.key.clone(), number }
}

/// The claims of files that are as they were: they hold their ids against older files that come in.
pub fn steady_claims<'a>(catalogue: &'a Catalogue, diff: &Diff) -> Steady<'a> {
    let mut moving: HashSet<&FileKey> = diff.tasks.iter().map(|task| &*task.key).collect();
    moving.extend(diff.vanished.iter().chain(&diff.given_up));
    let steady = catalogue.files.iter().filter(|(key, _)| !diff.tasks.is_empty() && !moving.contains(key));
    let claims = steady
        .flat_map(|(key, file)| file.articles.iter().map(move |article| (article.id.as_str(), (file.modified, key))));
    claims.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(modified: i64, path: &str, number: u64) -> Claim {
        Claim { modified, file: Arc::new(FileKey { root: 0, path: path.to_owned() }), number }
    }

    #[test]
    fn the_newer_article_wins_in_any_order() {
        let older = claim(1, "z", 9);
        let newer = claim(2, "a", 0);
        for order in [[older.clone(), newer.clone()], [newer.clone(), older.clone()]] {
            let mut owners = Owners::default();
            let steady = Steady::new();
            let [first, second] = order;
            assert!(owners.claim("x", first, &steady));
            owners.claim("x", second, &steady);
            assert_eq!(owners.0["x"], newer);
        }
        let steady = Steady::from([("x", (newer.modified, &*newer.file))]);
        assert!(!Owners::default().claim("x", older, &steady));
    }
}
