//! The engine in a folder: one tantivy index of articles and quotes, with the catalogue of every commit beside it.
//!
//! No tantivy type leaves this folder. The folder of an archive holds `CURRENT` (the name of the live store), the
//! store itself, and `lock`. A rebuild writes a new store beside the old one and turns `CURRENT` over at the end, in
//! one rename; a store that was never committed is never seen.

mod beside;
mod blocks;
mod causes;
mod check;
mod clause;
mod collect;
mod dates;
mod days;
mod directory;
mod document;
mod expand;
mod explain;
mod extras;
mod facets;
#[cfg(not(test))]
mod faults;
#[cfg(test)]
pub mod faults;
mod feedback;
mod filters;
mod findings;
mod fold;
mod grounds;
mod hands;
mod inverted;
#[cfg(test)]
mod inverted_tests;
mod lock;
mod lower;
mod manifest;
mod merge;
mod names;
mod near;
mod numbering;
mod order;
mod parcel;
mod placed;
mod plan;
mod postings;
mod prepared;
mod quotes;
mod record;
mod reorder;
mod rows;
mod schema;
mod search;
mod shortcuts;
mod sidecar;
mod similar;
mod snapshot;
mod sorted;
mod sources;
mod statistics;
mod stores;
mod stories;
mod tally;
mod together;
mod tokens;
mod values;
mod vocabulary;
mod waiting;
mod warm;
mod windows;
mod words;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tantivy::{Index, IndexReader, ReloadPolicy, Searcher, TantivyError};

use self::causes::{failed, fault, unreadable, unshaken};
use self::directory::Store;
pub use self::lock::Lock;
use self::schema::Fields;
use self::shortcuts::Shortcuts;
use self::sidecar::Held;
use self::snapshot::Stamp;
use self::stores::Stores;
use self::stories::Stories;
use self::warm::Warm;
use crate::article::ArticleId;
use crate::catalogue::Catalogue;
use crate::engine::{Engine, Plan, Status, Stored, Writer};
use crate::error::{Blame, Error, Result};
use crate::hits::{Dated, FacetBy, Hit, Hits, QuoteHit, QuoteHits, Tally, TermCount};
use crate::query::Query;

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
    /// Files of the commit that is open, held because the next one removes them.
    catalogue_file: Option<Held>,
    /// Nothing where there are none, or they cannot be read.
    stories: Option<Arc<Stories>>,
    shortcuts: Option<Shortcuts>,
    warm: Arc<Warm>,
}

impl TantivyEngine {
    /// Opens the archive in `root` for reading.
    ///
    /// # Errors
    /// No index there, one of another version, or one that cannot be read.
    pub fn open(root: &Path) -> Result<Self> {
        let state = || -> Result<(PathBuf, Option<Vec<u8>>)> {
            let Stores { live, .. } = Stores::read(root)?.ok_or_else(|| Error::index_missing(root))?;
            let meta = fs::read(live.join(manifest::META)).ok();
            Ok((live, meta))
        };
        let mut before = state()?;
        loop {
            let opened = Self::open_folder(root, before.0.clone(), None, String::new());
            // Whatever was read while a run committed, merged, or turned to another store is no one state.
            let after = state()?;
            if after == before {
                return opened;
            }
            before = after;
        }
    }

    /// Opens the archive in `root` for writing, or begins one; `rebuild` begins anew beside what is there.
    ///
    /// Takes the lock first and reads the state under it. `wait` is how long to wait for another writer.
    pub fn open_for_writing(root: &Path, dictionary: &str, rebuild: bool, wait: Duration) -> Result<Self> {
        fs::create_dir_all(root).map_err(|error| Error::io(root, error))?;
        let lock = Lock::take(root, wait)?;
        let stores = match Stores::read(root) {
            // A rebuild is the way out of a damaged archive, so the damage does not stop it.
            Err(error) if rebuild && error.blame() == Blame::Index => None,
            found => found?,
        };
        match stores {
            Some(stores) if !rebuild => {
                // A killed rebuild leaves a store that nobody sees and nobody else would remove.
                stores::sweep(root, Some(&stores))?;
                // Where the file that names the stores was lost, it is there again from here on.
                stores.keep(root)?;
                Self::open_folder(root, stores.live, Some(lock), dictionary.to_owned())
            }
            stores => {
                let folder = stores::begin(root, stores.as_ref())?;
                Self::create_folder(root, folder, lock, dictionary.to_owned())
            }
        }
    }

    /// Takes the right to write into the folder of an index, there or not yet, for something that is no run.
    ///
    /// # Errors
    /// Another run holds the lock, or the folder cannot be made.
    pub fn hold(root: &Path) -> Result<Lock> {
        fs::create_dir_all(root).map_err(|error| Error::io(root, error))?;
        let busy = |error: Error| match error.blame() {
            Blame::Busy => error.hint("try again when it is done"),
            _ => error,
        };
        Lock::take(root, Duration::ZERO).map_err(busy)
    }

    /// Goes back to the store that was live before the last rebuild, which stays as what can be gone back to.
    ///
    /// # Errors
    /// There is none; it cannot be opened by this program; another run holds the lock.
    pub fn rollback(root: &Path) -> Result<()> {
        let missing = || Error::index_missing(root);
        if !Self::exists(root) {
            return Err(missing());
        }
        let _lock = Self::hold(root)?;
        // A run that ended just now may have turned to another store.
        let stores = Stores::read(root)?.ok_or_else(missing)?;
        let Some(previous) = stores.previous else {
            return Err(Error::usage("there is no earlier index to go back to")
                .hint("a rebuild keeps the one before it, until the next rebuild or `chancery prune`"));
        };
        Self::open_folder(root, previous.clone(), None, String::new())?;
        Stores { live: previous, previous: Some(stores.live) }.write(root)
    }

    /// Removes what a run could do without: the store before the last rebuild, and what killed runs left; returns how
    /// many bytes were freed.
    ///
    /// # Errors
    /// Another run holds the lock, or the disk refused.
    pub fn prune(root: &Path) -> Result<u64> {
        if Stores::read(root)?.is_none() && !stores::are_begun(root) {
            return Err(Error::index_missing(root));
        }
        let _lock = Self::hold(root)?;
        let before = folder_bytes(root);
        match Stores::read(root)?.map(|stores| Stores { previous: None, ..stores }) {
            // On a full disk not even the few bytes that name the store can be written before there is room.
            Some(live) => {
                live.write(root).or_else(|_| stores::sweep(root, Some(&live)).and_then(|()| live.write(root)))?
            }
            None => stores::sweep(root, None)?,
        }
        Ok(before.saturating_sub(folder_bytes(root)))
    }

    /// Whether `root` has an index, sound or not.
    pub fn exists(root: &Path) -> bool {
        Stores::exist(root)
    }

    /// Whether there is an earlier index to go back to.
    pub fn has_previous(root: &Path) -> bool {
        Stores::read(root).is_ok_and(|stores| stores.is_some_and(|stores| stores.previous.is_some()))
    }

    /// Whether a run holds the lock of this index now.
    pub fn is_being_written(root: &Path) -> bool {
        Lock::is_held(root)
    }

    /// How many bytes are free on the disk that an index is on, or would be; `None` where the system does not say.
    pub fn free_bytes(root: &Path) -> Option<u64> {
        let there = std::path::absolute(root).ok()?;
        fs4::available_space(there.ancestors().find(|folder| folder.is_dir())?).ok()
    }

    /// How many articles the index in `root` has, even one whose catalogue is damaged.
    pub fn salvage_count(root: &Path) -> Option<usize> {
        Stores::last(root).and_then(|store| snapshot::salvage_count(&store))
    }

    /// The last catalogue in `root`, even of an index that this program cannot search; `None` when there is none.
    pub fn salvage(root: &Path) -> Option<Catalogue> {
        Stores::last(root).and_then(|store| snapshot::salvage(&store))
    }

    /// The folders that the index in `root` was made from, even if nothing else of its catalogue can be relied on.
    pub fn salvage_roots(root: &Path) -> Vec<String> {
        Stores::last(root).map_or_else(Vec::new, |store| snapshot::salvage_roots(&store))
    }

    /// What is wrong with the files of an index, even of one that cannot be opened; every line says one thing.
    pub fn damage(root: &Path) -> Vec<String> {
        let Some(store) = Stores::last(root) else { return Vec::new() };
        manifest::verify(&store).unwrap_or_else(|error| vec![error.to_string()])
    }

    fn open_folder(root: &Path, folder: PathBuf, lock: Option<Lock>, dictionary: String) -> Result<Self> {
        let store = Store::open(&folder)?;
        let damaged = |error: TantivyError| unreadable(root, &folder, error);
        let Some(payload) = &store.sealed else {
            let altered = || Error::index_damaged(root, "its `meta.json` is not the one that was written");
            // An index of another version may have no manifest of ours, and then that is what to say.
            let payload = Index::open(store.clone()).and_then(|index| index.load_metas()).map(|metas| metas.payload);
            return Err(payload
                .ok()
                .flatten()
                .map_or_else(altered, |payload| Stamp::parse(root, &payload).err().unwrap_or_else(altered)));
        };
        let mut index = Index::open(store.clone()).map_err(damaged)?;
        let stamp = Stamp::parse(root, payload)?;
        let (schema, fields) = schema::build();
        if index.schema() != schema {
            return Err(Error::index_version(root, "schema", "another", schema::FORMAT_VERSION));
        }
        index.set_tokenizers(tokens::manager());
        // Parcels are read past tantivy's cache of stored documents.
        let reader = || index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0);
        let reader = unshaken(root, || reader().try_into().map_err(damaged))?;
        check::small_files(&reader.searcher(), &store).map_err(|cause| Error::index_damaged(root, cause))?;
        let catalogue_file = Some(Held::new(&folder, &stamp.sidecar()));
        // Lists that need no stories do without; what is wrong with them is told to those that do.
        let stories = Stories::open(&store, &stamp).ok().flatten().map(Arc::new);
        let shortcuts = Shortcuts::open(&store, &stamp);
        let searcher = IndexReader::searcher(&reader);
        let warm = shortcuts.as_ref().map_or_else(|| Warm::new(&searcher), |known| known.warm(&searcher));
        Ok(Self {
            root: root.to_owned(),
            folder,
            store,
            warm: Arc::new(warm),
            index,
            reader,
            fields,
            stamp: Some(stamp),
            dictionary,
            lock: Mutex::new(lock),
            catalogue_file,
            stories,
            shortcuts,
        })
    }

    fn create_folder(root: &Path, folder: PathBuf, lock: Lock, dictionary: String) -> Result<Self> {
        let store = Store::open(&folder)?;
        let (schema, fields) = schema::build();
        let builder = Index::builder().schema(schema).settings(schema::settings()).tokenizers(tokens::manager());
        let index = builder.open_or_create(store.clone()).map_err(|error| fault(&store, error))?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.try_into().map_err(|error| fault(&store, error))?;
        Ok(Self {
            root: root.to_owned(),
            folder,
            store,
            warm: Arc::new(Warm::new(&IndexReader::searcher(&reader))),
            index,
            reader,
            fields,
            stamp: None,
            dictionary,
            lock: Mutex::new(Some(lock)),
            catalogue_file: None,
            stories: None,
            shortcuts: None,
        })
    }

    /// Whether anybody ever began to write an index into this folder.
    pub fn is_begun(folder: &Path) -> bool {
        folder.join(lock::FILE).exists()
    }

    /// The roots of the corpus as the catalogue names them, at once and unverified; none when they cannot be read so.
    pub fn roots(&self) -> Vec<PathBuf> {
        let stamp = self.stamp.as_ref();
        stamp.map_or_else(Vec::new, |stamp| {
            let roots = snapshot::roots(&self.folder, stamp).into_iter().filter(|root| !root.is_empty());
            roots.map(PathBuf::from).collect()
        })
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

    /// The stories of the commit that is open, if it gathered any.
    fn stories(&self) -> Result<Option<Arc<Stories>>> {
        match (&self.stories, &self.stamp) {
            (None, Some(stamp)) => Stories::open(&self.store, stamp).map(|stories| stories.map(Arc::new)),
            (known, _) => Ok(known.clone()),
        }
    }

    fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

impl Engine for TantivyEngine {
    fn is_outdated(&self) -> Result<bool> {
        let stores = Stores::read(&self.root)?.ok_or_else(|| Error::index_missing(&self.root))?;
        if stores.live != self.folder {
            return Ok(true);
        }
        let metas = self.index.load_metas().map_err(|error| Error::index_damaged(&self.root, error.to_string()))?;
        let stamp = Stamp::parse(&self.root, &metas.payload.unwrap_or_default())?;
        Ok(self.stamp.as_ref() != Some(&stamp))
    }

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
        match &self.catalogue_file {
            Some(held) => snapshot::read_held(&self.folder, held),
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

/// How many bytes the files of a folder and of the folders in it have; what vanishes meanwhile counts as nothing.
fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => folder_bytes(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}
