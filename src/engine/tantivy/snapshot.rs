//! The catalogue on disk, and the stamp that ties it to a commit.
//!
//! Every commit writes its own snapshot file, whole and synced, before tantivy commits; its name and hash travel in
//! the commit's payload together with the versions. So documents and catalogue change in one atomic step, and a
//! snapshot that no payload names is a leftover of a killed run, to be swept away.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::manifest;
use super::record::{pack, unpack};
use super::schema::FORMAT_VERSION;
use super::sidecar::{self, Held, Sidecar};
use crate::analysis;
use crate::article::Standing;
use crate::catalogue::{ArticleRecord, Catalogue, Failure, FileKey, FileRecord};
use crate::date::Moment;
use crate::error::{Error, Result};

/// What a commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: String,
    /// [`analysis::VERSION`] of the writer.
    pub analyser: String,
    /// Version of the actor tables of the writer.
    pub dictionary: String,
    /// Counts the commits.
    pub generation: u64,
    /// Name of the snapshot file.
    pub catalogue: String,
    /// BLAKE3 of the snapshot file, in hex.
    pub hash: String,
    /// The list of stories; `None` after the steps of a build.
    pub stories: Option<Sidecar>,
    /// How many articles the catalogue has, for those who cannot read it any more.
    pub articles: u64,
}

impl Stamp {
    /// The names of the files that belong to the commit.
    pub fn files(&self) -> Vec<&str> {
        let stories = self.stories.iter().map(|stories| stories.name.as_str());
        stories.chain([self.catalogue.as_str()]).collect()
    }

    /// The file of the catalogue.
    pub fn sidecar(&self) -> Sidecar {
        Sidecar { name: self.catalogue.clone(), hash: self.hash.clone() }
    }

    /// Reads the payload of a commit; refuses versions that this program cannot search.
    pub fn parse(root: &Path, payload: &str) -> Result<Self> {
        let stamp: Self = serde_json::from_str(payload).map_err(|error| {
            Error::index_damaged(root, format!("its commit says nothing readable about itself ({error})"))
        })?;
        if stamp.format != FORMAT_VERSION {
            return Err(Error::index_version(root, "format version", stamp.format, FORMAT_VERSION));
        }
        if stamp.analyser != analysis::VERSION {
            return Err(Error::index_version(root, "analyser", stamp.analyser, analysis::VERSION));
        }
        Ok(stamp)
    }

    /// The payload of a commit.
    pub fn payload(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::engine(error.to_string()))
    }
}

#[derive(Serialize, Deserialize)]
struct CatalogueRecord<'a> {
    #[serde(borrow)]
    head: HeadRecord<'a>,
    #[serde(borrow)]
    files: Vec<FileRow<'a>>,
}

/// What a catalogue begins with; it can be read without the rest.
#[derive(Serialize, Deserialize)]
struct HeadRecord<'a> {
    generation: u64,
    complete: bool,
    written: Option<i64>,
    readers: &'a str,
    #[serde(borrow)]
    roots: Vec<&'a str>,
}

/// Id, hash, time of ingestion, quotes; and when its embargo ends, the last moment there is for an article that is
/// withdrawn, nothing for one that stands in the index.
type ArticleRow<'a> = (&'a str, [u8; 16], i64, u32, Option<i64>);

#[derive(Serialize, Deserialize)]
struct FileRow<'a> {
    root: u32,
    path: &'a str,
    size: u64,
    modified: i64,
    hash: [u8; 16],
    #[serde(borrow)]
    articles: Vec<ArticleRow<'a>>,
    #[serde(borrow)]
    failures: Vec<(Option<u64>, &'a str)>,
    contested: bool,
    vanished: bool,
}

/// Writes the catalogue beside the index, synced, and returns the stamp that names it.
pub fn write(root: &Path, catalogue: &Catalogue, dictionary: &str) -> Result<Stamp> {
    let bytes = pack(&to_record(catalogue))?;
    let Sidecar { name, hash } = sidecar::write(root, sidecar::CATALOGUE, catalogue.generation, &bytes)?;
    Ok(Stamp {
        format: FORMAT_VERSION.to_owned(),
        analyser: analysis::VERSION.to_owned(),
        dictionary: dictionary.to_owned(),
        generation: catalogue.generation,
        catalogue: name,
        hash,
        stories: None,
        articles: catalogue.article_count() as u64,
    })
}

/// What an error calls the file of the catalogue.
const CATALOGUE: &str = "catalogue";

/// Reads the catalogue that `stamp` names; a missing or altered one is a damaged index.
pub fn read(root: &Path, stamp: &Stamp) -> Result<Catalogue> {
    unpack(&sidecar::read(root, &stamp.sidecar(), CATALOGUE)?).map(from_record)
}

/// Reads the catalogue of the commit that a reader holds.
pub fn read_held(root: &Path, held: &Held) -> Result<Catalogue> {
    unpack(&held.read(root, CATALOGUE)?).map(from_record)
}

/// How many bytes of a catalogue are looked at for its roots.
const HEAD: u64 = 64 << 10;

/// The roots at the head of the catalogue that `stamp` names, those that were forgotten too, without a look at the rest,
/// which may be large; none when they cannot be read so. Whoever goes by them must hold them against the catalogue, which is verified.
pub fn roots(root: &Path, stamp: &Stamp) -> Vec<String> {
    roots_of(&root.join(&stamp.catalogue))
}

fn roots_of(file: &Path) -> Vec<String> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(HEAD).read_to_end(&mut bytes));
    let head = read.ok().and_then(|_| postcard::take_from_bytes::<HeadRecord<'_>>(&bytes).ok());
    head.map_or_else(Vec::new, |(head, _)| head.roots.into_iter().map(str::to_owned).collect())
}

/// Reads the last catalogue of a store, whatever its versions: what a rebuild needs to keep of an index that this
/// program cannot search. `None` when it cannot be read.
pub fn salvage(root: &Path) -> Option<Catalogue> {
    let stamp: Stamp = serde_json::from_str(&payload(root)?).ok()?;
    read(root, &stamp).ok()
}

/// The roots of the newest catalogue in a store, though no commit vouches for it. They name folders, so a wrong one is
/// found out when it is looked for; what else such a catalogue says could be wrong in silence.
pub fn salvage_roots(root: &Path) -> Vec<String> {
    sidecar::newest(root, sidecar::CATALOGUE).map_or_else(Vec::new, |file| roots_of(&file))
}

/// How many articles a store has according to its last commit, whatever state its catalogue is in.
pub fn salvage_count(root: &Path) -> Option<usize> {
    let stamp: Stamp = serde_json::from_str(&payload(root)?).ok()?;
    usize::try_from(stamp.articles).ok()
}

/// Whether a store was ever committed, in this format or another.
pub fn is_committed(root: &Path) -> bool {
    payload(root).is_some_and(|payload| !payload.is_empty())
}

/// Whether the last commit of a store is the end of a run, not a step on the way.
pub fn is_whole(root: &Path) -> bool {
    let stamp = payload(root).and_then(|payload| serde_json::from_str::<Stamp>(&payload).ok());
    stamp.is_some_and(|stamp| stamp.stories.is_some())
}

/// What the last commit says about itself, unread.
fn payload(root: &Path) -> Option<String> {
    manifest::payload(&fs::read(root.join(manifest::META)).ok()?)
}

fn to_record(catalogue: &Catalogue) -> CatalogueRecord<'_> {
    let files = catalogue.files.iter().map(|(key, file)| FileRow {
        root: key.root,
        path: &key.path,
        size: file.size,
        modified: file.modified,
        hash: file.hash,
        articles: file.articles.iter().map(article_row).collect(),
        failures: file.failures.iter().map(|failure| (failure.line, failure.reason.as_str())).collect(),
        contested: file.contested,
        vanished: file.vanished,
    });
    let head = HeadRecord {
        generation: catalogue.generation,
        complete: catalogue.complete,
        written: catalogue.written.map(|moment| moment.0),
        readers: &catalogue.readers,
        roots: catalogue.roots.iter().map(String::as_str).collect(),
    };
    CatalogueRecord { head, files: files.collect() }
}

fn article_row(one: &ArticleRecord) -> ArticleRow<'_> {
    let held = match one.standing {
        Standing::Usable => None,
        Standing::Embargoed(end) => Some(end.0),
        Standing::Withdrawn => Some(i64::MAX),
    };
    (one.id.as_str(), one.hash, one.ingested.0, one.quotes, held)
}

fn from_record(record: CatalogueRecord<'_>) -> Catalogue {
    let article = |(id, hash, ingested, quotes, held): ArticleRow<'_>| ArticleRecord {
        id: id.to_owned(),
        hash,
        ingested: Moment(ingested),
        quotes,
        standing: match held {
            None => Standing::Usable,
            Some(i64::MAX) => Standing::Withdrawn,
            Some(end) => Standing::Embargoed(Moment(end)),
        },
    };
    let failure = |(line, reason): (Option<u64>, &str)| Failure { line, reason: reason.to_owned() };
    let files = record.files.into_iter().map(|row| {
        let key = FileKey { root: row.root, path: row.path.to_owned() };
        let file = FileRecord {
            size: row.size,
            modified: row.modified,
            hash: row.hash,
            articles: row.articles.into_iter().map(article).collect(),
            failures: row.failures.into_iter().map(failure).collect(),
            contested: row.contested,
            vanished: row.vanished,
        };
        (key, file)
    });
    Catalogue {
        generation: record.head.generation,
        complete: record.head.complete,
        written: record.head.written.map(Moment),
        readers: record.head.readers.to_owned(),
        roots: record.head.roots.into_iter().map(str::to_owned).collect(),
        files: files.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Catalogue {
        let article = ArticleRecord {
            id: "a1".into(),
            hash: [7; 16],
            ingested: Moment(5),
            quotes: 2,
            standing: Standing::Withdrawn,
        };
        let failure = Failure { line: Some(3), reason: "not a JSON object".into() };
        let file = FileRecord {
            size: 9,
            modified: -1,
            hash: [1; 16],
            articles: vec![article],
            failures: vec![failure],
            contested: true,
            vanished: false,
        };
        let mut catalogue =
            Catalogue { generation: 4, complete: true, written: Some(Moment(8)), ..Catalogue::default() };
        let root = catalogue.root_number("/news");
        catalogue.files.insert(FileKey { root, path: "a.jsonl".into() }, file);
        catalogue
    }

    #[test]
    fn a_catalogue_comes_back_and_leftovers_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("catalogue-0000000001.bin"), "old").unwrap();
        let stamp = write(folder.path(), &sample(), "tables 1").unwrap();
        assert_eq!(Stamp::parse(folder.path(), &stamp.payload().unwrap()).unwrap(), stamp);
        assert_eq!(read(folder.path(), &stamp).unwrap(), sample());
        assert_eq!(roots(folder.path(), &stamp), ["/news"]);
        sidecar::sweep(folder.path(), &stamp.files());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_catalogue_of_another_version_is_salvaged() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = write(folder.path(), &sample(), "").unwrap();
        let other = Stamp { analyser: "another".into(), ..stamp };
        let meta = serde_json::json!({ "payload": other.payload().unwrap() });
        fs::write(folder.path().join("meta.json"), meta.to_string()).unwrap();
        assert_eq!(salvage(folder.path()), Some(sample()));
        fs::write(folder.path().join("meta.json"), "{}").unwrap();
        assert_eq!(salvage(folder.path()), None);
        fs::write(folder.path().join("catalogue-0000000003.bin"), "of a commit before it").unwrap();
        assert_eq!(salvage_roots(folder.path()), ["/news"]);
        fs::write(folder.path().join(&other.catalogue), "").unwrap();
        assert!(salvage_roots(folder.path()).is_empty());
    }

    #[test]
    fn an_altered_catalogue_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = write(folder.path(), &sample(), "").unwrap();
        let path = folder.path().join(&stamp.catalogue);
        let mut bytes = fs::read(&path).unwrap();
        bytes[3] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(read(folder.path(), &stamp).unwrap_err().to_string().contains("was altered"));
        fs::remove_file(&path).unwrap();
        assert!(read(folder.path(), &stamp).unwrap_err().to_string().contains("is missing"));
    }

    #[test]
    fn other_versions_are_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = write(folder.path(), &sample(), "").unwrap();
        let other = Stamp { format: "0".into(), ..stamp.clone() };
        let error = Stamp::parse(folder.path(), &other.payload().unwrap()).unwrap_err();
        assert!(error.hint_text().is_some_and(|hint| hint.contains("--rebuild")), "{error}");
        assert!(Stamp::parse(folder.path(), "{}").is_err());
    }
}
