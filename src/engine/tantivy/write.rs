//! Documents into the index, and commits that carry their catalogue.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use rustc_hash::FxHashSet;
use tantivy::indexer::UserOperation;
use tantivy::{Index, IndexWriter, Term};

use super::directory::Store;
use super::document::{Article, Documents};
use super::hands::Hands;
use super::inverted::Inverted;
use super::lock::Lock;
use super::prepared::Prepared;
use super::schema::{self, Fields};
use super::sidecar::{self, Sidecar};
use super::snapshot::{self, Stamp};
use super::sorted::MOST_SPOTS;
use super::stores::Stores;
use super::stories::{self, Changes, Stories};
use super::waiting::Waiting;
use super::{TantivyEngine, fault, merge, shortcuts, tokens};
use crate::analysis::Book;
use crate::catalogue::Catalogue;
use crate::engine::{Made, Maker, Writer};
use crate::error::{Error, Result};

/// Memory of one indexing thread before it writes a segment, and of all of them together, at most.
const BYTES_PER_THREAD: usize = 384 << 20;
const BYTES: usize = 2 * BYTES_PER_THREAD;

/// Indexing threads of the largest machine.
const MOST_THREADS: usize = 4;

/// How many documents go to an indexing thread together.
const MOST_TOGETHER: usize = 64;

/// Opens the writer of an engine that was opened for writing.
pub fn open(engine: &TantivyEngine) -> Result<Box<dyn Writer>> {
    let lock = engine.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    let lock = lock.ok_or_else(|| Error::busy("this index is open for reading, or has its writer already"))?;
    let whole = engine.stamp.is_none();
    // A third of the work of a build is theirs; a night has little for them, and each leaves a segment of its own.
    let half = std::thread::available_parallelism().map_or(0, |cores| cores.get() / 2);
    let threads = (half + usize::from(whole)).clamp(1, MOST_THREADS);
    // An index of its own, so that nothing but the writer and its threads has a hand. Readers do not mind if it removes
    // files: they have mapped theirs.
    let hands = Hands::default();
    let mut index = Index::open(engine.store.held_by(hands.give())).map_err(|error| fault(&engine.store, error))?;
    index.set_tokenizers(tokens::silent());
    let book = Book::default();
    index.register_plugin(Arc::new(Inverted::new(engine.fields, book.clone(), MOST_SPOTS)));
    let bytes = (threads * BYTES_PER_THREAD).min(BYTES);
    let writer: IndexWriter<Prepared> =
        index.writer_with_num_threads(threads, bytes).map_err(|error| fault(&engine.store, error))?;
    writer.set_merge_policy(merge::policy());
    Ok(Box::new(TantivyWriter {
        root: engine.root.clone(),
        folder: engine.folder.clone(),
        store: engine.store.clone(),
        fields: engine.fields,
        book,
        dictionary: engine.dictionary.clone(),
        live: engine.stamp.is_some(),
        whole,
        writer,
        waiting: Arc::default(),
        changes: Changes::new(whole),
        put: FxHashSet::default(),
        _hands: hands,
        _lock: lock,
    }))
}

struct TantivyWriter {
    root: PathBuf,
    folder: PathBuf,
    store: Store,
    fields: Fields,
    /// The numbers of words in whatever its makers make.
    book: Book,
    dictionary: String,
    /// Whether this store is the one that readers open.
    live: bool,
    /// Whether everything in this store was written by this run.
    whole: bool,
    writer: IndexWriter<Prepared>,
    waiting: Arc<Waiting>,
    changes: Changes,
    /// The keys of what this run has put into a store that is all new.
    put: FxHashSet<u64>,
    /// Behind the writer, which tells its threads to end, and before the lock, which stands for them too.
    _hands: Hands,
    _lock: Lock,
}

impl Writer for TantivyWriter {
    fn maker(&self) -> Box<dyn Maker> {
        Box::new(Documents::new(self.fields, self.book.clone(), self.waiting.clone()))
    }

    fn put(&mut self, made: Made) -> Result<()> {
        let made = made.article.downcast::<Article>().ok().filter(|article| article.book.is(&self.book));
        let article = made.ok_or_else(|| Error::engine("an article was made ready for another writer"))?;
        // In a store that is all new only what came in before can be there, and looking for it is not free.
        if !self.whole || !self.put.insert(schema::key_of(&article.id)) {
            self.remove(&article.id)?;
        }
        self.changes.put(&article.id, article.day, article.sketch);
        self.add(article.documents)
    }

    fn remove(&mut self, id: &str) -> Result<()> {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
        self.changes.remove(id);
        Ok(())
    }

    fn commit(&mut self, catalogue: &Catalogue) -> Result<()> {
        let first = !self.live && !Stores::exist(&self.root);
        let Self { writer, changes, folder, store, dictionary, whole, .. } = self;
        let (index, folder, generation) = (writer.index().clone(), folder.as_path(), catalogue.generation);
        // Families that cannot be read are gathered anew, for whatever reason.
        let last = || Stories::last(&index, store).ok().flatten().map(|(_, stories)| stories);
        let families = || -> Result<Option<Sidecar>> {
            if !catalogue.complete {
                return Ok(None);
            }
            let families = stories::gather(&index, last(), changes).map_err(|error| fault(store, error))?;
            stories::write(folder, generation, &families).map(Some)
        };
        let snapshot = || snapshot::write(folder, catalogue, dictionary);
        // Three things that need nothing of one another; all of them are on the disk before the commit names them. A build
        // has large segments to write, and memory for no more than two at once.
        let ((families, snapshot), prepared) = beside(
            || if *whole { (families(), snapshot()) } else { beside(families, snapshot) },
            || writer.prepare_commit().map_err(|error| fault(store, error)),
        );
        let (mut prepared, families) = (prepared?, families?);
        let stamp = Stamp { stories: families, ..snapshot? };
        prepared.set_payload(&stamp.payload()?);
        prepared.commit().map_err(|error| fault(store, error))?;
        sidecar::sweep(&self.folder, &stamp.files());
        self.changes.clear();
        if !self.live && (first || catalogue.complete) {
            // An index whose `CURRENT` was damaged is nothing to go back to.
            let previous = Stores::read(&self.root).ok().flatten().map(|stores| stores.live);
            Stores { live: self.folder.clone(), previous }.write(&self.root)?;
            self.live = true;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let store = self.store.clone();
        let index = self.writer.index().clone();
        self.writer.wait_merging_threads().map_err(|error| fault(&store, error))?;
        // An interrupted build is finished by the next run.
        if self.whole && self.live {
            // The commit stands, and answers the same without it: a full disk here fails nothing.
            let _ = merge::settle(&index);
        }
        store.remove_unsorted();
        shortcuts::write(&index, &store);
        Ok(())
    }
}

/// Does two things at once, or one after the other where no thread can be started.
fn beside<A: Send, B>(there: impl Fn() -> A + Sync, here: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let started = std::thread::Builder::new().name("beside".to_owned()).spawn_scoped(scope, &there);
        let here = here();
        let there = match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => there(),
        };
        (there, here)
    })
}

impl TantivyWriter {
    /// Adds the documents of an article.
    fn add(&self, mut documents: Vec<Prepared>) -> Result<()> {
        // An indexing thread looks at its memory after each batch.
        while !documents.is_empty() {
            let rest = documents.split_off(documents.len().min(MOST_TOGETHER));
            let batch: Vec<UserOperation<Prepared>> = documents.into_iter().map(UserOperation::Add).collect();
            self.writer.run(batch).map_err(|error| fault(&self.store, error))?;
            documents = rest;
        }
        Ok(())
    }
}
