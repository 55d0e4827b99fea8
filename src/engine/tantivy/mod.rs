//! The engine in a folder: one tantivy index of articles and quotes, with the catalogue of every commit beside it.
//!
//! No tantivy type leaves this folder. The folder of an archive holds `CURRENT` (the name of the live store), the
//! store itself, and `lock`. A rebuild writes a new store beside the old one and turns `CURRENT` over at the end, in
//! one rename; a store that was never committed is never seen.

mod beside;
mod blocks;
mod check;
mod clause;
mod collect;
mod dates;
mod directory;
mod expand;
mod explain;
mod extras;
mod facets;
mod feedback;
mod filters;
mod fold;
mod grounds;
mod lock;
mod lower;
mod merge;
mod near;
mod numbering;
mod order;
mod placed;
mod plan;
mod quotes;
mod record;
mod schema;
mod search;
mod sidecar;
mod similar;
mod snapshot;
mod statistics;
mod stories;
mod together;
mod tokens;
mod values;
mod very_form;
mod warm;
mod write;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tantivy::{Index, IndexReader, ReloadPolicy, Searcher, TantivyError};

use self::directory::Store;
use self::lock::Lock;
use self::schema::Fields;
use self::snapshot::Stamp;
use self::stories::Stories;
use self::warm::Warm;
use crate::article::ArticleId;
use crate::catalogue::Catalogue;
use crate::engine::{Engine, Plan, Status, Stored, Writer};
use crate::error::{Blame, Error, Result};
use crate::hits::{Dated, FacetBy, Hit, Hits, QuoteHit, QuoteHits, Tally, TermCount};
use crate::query::Query;

const CURRENT: &str = "CURRENT";
const STORE: &str = "store-";

/// An archive in a folder.
pub struct TantivyEngine {
    root: PathBuf,
    folder: PathBuf,
    store: Store,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// What the last commit says; `None` in a new store.
    stamp: Option<Stamp>,
    dictionary: String,
    lock: Mutex<Option<Lock>>,
    /// Read when the first list is folded.
    stories: OnceLock<Option<Arc<Stories>>>,
    warm: Arc<Warm>,
}

impl TantivyEngine {
    /// Opens the archive in `root` for reading.
    ///
    /// # Errors
    /// No index there, one of another version, or one that cannot be read.
    pub fn open(root: &Path) -> Result<Self> {
        let folder = current(root)?.ok_or_else(|| Error::index_missing(root))?;
        Self::open_folder(root, folder, None, String::new())
    }

    /// Opens the archive in `root` for writing, or begins one; `rebuild` begins anew beside what is there.
    ///
    /// Takes the lock first and reads the state under it. `wait` is how long to wait for another writer.
    pub fn open_for_writing(root: &Path, dictionary: &str, rebuild: bool, wait: Duration) -> Result<Self> {
        fs::create_dir_all(root).map_err(|error| Error::io(root, error))?;
        let lock = Lock::take(root, wait)?;
        let live = match current(root) {
            // A rebuild is the way out of a damaged archive, so the damage does not stop it.
            Err(error) if rebuild && error.blame() == Blame::Index => None,
            found => found?,
        };
        match live {
            Some(folder) if !rebuild => {
                // A killed rebuild leaves a store that nobody sees and nobody else would remove.
                sweep_stores(root, Some(&folder))?;
                Self::open_folder(root, folder, Some(lock), dictionary.to_owned())
            }
            live => {
                let folder = begin_store(root, live.as_deref())?;
                Self::create_folder(root, folder, lock, dictionary.to_owned())
            }
        }
    }

    /// The last catalogue in `root`, even of an index that this program cannot search; `None` when there is none.
    pub fn salvage(root: &Path) -> Option<Catalogue> {
        current(root).ok().flatten().and_then(|folder| snapshot::salvage(&folder))
    }

    fn open_folder(root: &Path, folder: PathBuf, lock: Option<Lock>, dictionary: String) -> Result<Self> {
        let store = Store::open(&folder)?;
        let damaged = |error: TantivyError| Error::index_damaged(root, error.to_string());
        let mut index = Index::open(store.clone()).map_err(damaged)?;
        let payload = index.load_metas().map_err(damaged)?.payload.unwrap_or_default();
        let stamp = Stamp::parse(root, &payload)?;
        let (schema, fields) = schema::build();
        if index.schema() != schema {
            return Err(Error::index_version(root, "schema", "another", schema::FORMAT_VERSION));
        }
        index.set_tokenizers(tokens::manager());
        check::small_norms(&index).map_err(|cause| Error::index_damaged(root, cause))?;
        let reader = || index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(damaged);
        let reader = unshaken(root, reader)?;
        let (root, stamp, lock) = (root.to_owned(), Some(stamp), Mutex::new(lock));
        let (stories, warm) = (OnceLock::new(), Arc::new(Warm::new(&IndexReader::searcher(&reader))));
        Ok(Self { root, folder, store, index, reader, fields, stamp, dictionary, lock, stories, warm })
    }

    fn create_folder(root: &Path, folder: PathBuf, lock: Lock, dictionary: String) -> Result<Self> {
        let store = Store::open(&folder)?;
        let (schema, fields) = schema::build();
        let builder = Index::builder().schema(schema).settings(schema::settings()).tokenizers(tokens::manager());
        let index = builder.open_or_create(store.clone()).map_err(|error| fault(&store, error))?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.try_into().map_err(|error| fault(&store, error))?;
        let (root, stamp, lock) = (root.to_owned(), None, Mutex::new(Some(lock)));
        let (stories, warm) = (OnceLock::new(), Arc::new(Warm::new(&IndexReader::searcher(&reader))));
        Ok(Self { root, folder, store, index, reader, fields, stamp, dictionary, lock, stories, warm })
    }

    /// The version of the actor tables the index was written with; `None` before the first commit.
    pub fn dictionary(&self) -> Option<&str> {
        self.stamp.as_ref().map(|stamp| stamp.dictionary.as_str())
    }

    /// The scores of the page of [`Engine::search`]: what ranking alone costs, without reading or counting articles.
    pub fn scores(&self, query: &Query, plan: &Plan) -> Result<Vec<f32>> {
        match if plan.fold { self.stories()? } else { None } {
            Some(stories) if !stories.is_empty() => fold::scores(self, query, plan, &stories),
            _ => search::scores(self, query, plan),
        }
    }

    /// The stories of the last commit, if it gathered any.
    fn stories(&self) -> Result<Option<Arc<Stories>>> {
        if let Some(known) = self.stories.get() {
            return Ok(known.clone());
        }
        let read = Stories::read(self)?.map(Arc::new);
        Ok(self.stories.get_or_init(|| read).clone())
    }

    fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

impl Engine for TantivyEngine {
    fn writer(&self) -> Result<Box<dyn Writer>> {
        write::open(self)
    }

    fn search(&self, query: &Query, plan: &Plan) -> Result<Hits> {
        let stories = if plan.fold { self.stories()? } else { None };
        match stories {
            Some(stories) if !stories.is_empty() => fold::page(self, query, plan, stories),
            stories => {
                let hits = search::page(self, query, plan)?;
                Ok(Hits { stories: stories.map(|_| hits.total), ..hits })
            }
        }
    }

    fn stream(&self, query: &Query, plan: &Plan, sink: &mut dyn FnMut(Hit) -> Result<()>) -> Result<u64> {
        search::stream(self, query, plan, sink)
    }

    fn quotes(&self, query: &Query, plan: &Plan) -> Result<QuoteHits> {
        quotes::page(self, query, plan)
    }

    fn stream_quotes(&self, query: &Query, plan: &Plan, sink: &mut dyn FnMut(QuoteHit) -> Result<()>) -> Result<u64> {
        quotes::stream(self, query, plan, sink)
    }

    fn count(&self, query: &Query) -> Result<u64> {
        search::count(self, query)
    }

    fn dates(&self, query: &Query) -> Result<Vec<Dated>> {
        dates::dates(self, query)
    }

    fn tally(&self, query: &Query, by: FacetBy, limit: usize) -> Result<Tally> {
        facets::tally(self, query, by, limit)
    }

    fn beside(&self, query: &Query, actors: &[String], limit: usize) -> Result<Vec<Vec<(String, u64)>>> {
        beside::beside(self, query, actors, limit)
    }

    fn facet_name(&self, by: FacetBy, value: &str) -> Result<Option<String>> {
        facets::name(self, by, value)
    }

    fn terms(&self, query: &Query) -> Result<Vec<TermCount>> {
        explain::term_counts(self, query)
    }

    fn similar(&self, id: &ArticleId, plan: &Plan) -> Result<Option<Hits>> {
        similar::similar(self, id, plan)
    }

    fn article(&self, id: &ArticleId) -> Result<Option<Stored>> {
        search::article(self, id)
    }

    fn each(&self, sink: &mut dyn FnMut(Stored, u64) -> Result<()>) -> Result<()> {
        search::each(self, sink)
    }

    fn catalogue(&self) -> Result<Catalogue> {
        match &self.stamp {
            Some(stamp) => snapshot::read(&self.folder, stamp),
            None => Ok(Catalogue::default()),
        }
    }

    fn status(&self) -> Result<Status> {
        check::status(self)
    }

    fn check(&self) -> Result<Vec<String>> {
        unshaken(&self.root, || check::check(self))
    }
}

/// Reads files that may be damaged: a panic of tantivy over them is damage, told with its way out.
fn unshaken<T>(root: &Path, read: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing of a failed reading is kept, so nothing half made is seen afterwards.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Error::index_damaged(root, "one of its files does not have the bytes it was written with"))
    })
}

/// The folder of the live store, if one was ever committed.
fn current(root: &Path) -> Result<Option<PathBuf>> {
    let path = root.join(CURRENT);
    match fs::read_to_string(&path) {
        Ok(name) => {
            let name = name.trim();
            let known = name.strip_prefix(STORE).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
            if known {
                Ok(Some(root.join(name)))
            } else {
                Err(Error::index_damaged(root, format!("`{CURRENT}` names no store")))
            }
        }
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Error::io(&path, error)),
    }
}

/// Makes an empty store beside the live one and sweeps what killed runs left; the caller holds the lock.
fn begin_store(root: &Path, live: Option<&Path>) -> Result<PathBuf> {
    sweep_stores(root, live)?;
    let number =
        live.and_then(|folder| folder.file_name()?.to_str()?.strip_prefix(STORE)?.parse::<u64>().ok()).unwrap_or(0);
    let folder = root.join(format!("{STORE}{}", number.saturating_add(1)));
    fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
    Ok(folder)
}

/// Removes every store but `live`.
fn sweep_stores(root: &Path, live: Option<&Path>) -> Result<()> {
    let entries = fs::read_dir(root).map_err(|error| Error::io(root, error))?;
    for entry in entries.flatten() {
        let stray = entry.file_name().to_str().is_some_and(|name| name.starts_with(STORE))
            && Some(entry.path().as_path()) != live;
        if stray {
            fs::remove_dir_all(entry.path()).map_err(|error| Error::io(&entry.path(), error))?;
        }
    }
    Ok(())
}

/// Makes `folder` the live store, durably, in one step, and removes the others.
fn turn_over(root: &Path, folder: &Path) -> Result<()> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let (path, partial) = (root.join(CURRENT), root.join("CURRENT.part"));
    let written = (|| {
        let mut file = fs::File::create(&partial)?;
        std::io::Write::write_all(&mut file, name.as_bytes())?;
        file.sync_all()?;
        fs::rename(&partial, &path)?;
        sidecar::sync_folder(root)
    })();
    written.map_err(|error| Error::io(&path, error))?;
    sweep_stores(root, Some(folder))
}

/// What tantivy says, with the cause it has lost.
fn fault(store: &Store, error: TantivyError) -> Error {
    if let Some(cause) = store.first_fault() {
        return cause;
    }
    match error {
        TantivyError::LockFailure(..) => Error::busy("another process writes to this index"),
        other => Error::engine(format!("the index failed: {other}")),
    }
}

/// What tantivy says while it searches.
fn failed(error: TantivyError) -> Error {
    Error::engine(format!("the index cannot be searched: {error}")).hint("run `chancery check`")
}
