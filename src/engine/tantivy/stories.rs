//! Which articles are copies of one story, gathered at a commit and kept beside it.
//!
//! Every article's sketch stands in a column of the index. At the end of a run the sketches of all its articles are
//! put into families; the file with the families is named in the commit's payload, like the catalogue, so articles and
//! families are one state.

use std::collections::HashMap;
use std::path::Path;

use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

use super::record::{pack, unpack};
use super::schema;
use super::sidecar::{self, Sidecar};
use super::{TantivyEngine, failed};
use crate::article::Article;
use crate::error::Result;
use crate::story::{Family, Grouping, Sketch};

/// What a writer has put in and taken out since its last commit.
#[derive(Default)]
pub struct Changes {
    /// Articles by key: the day and the sketch of what was put in, nothing for what was taken out.
    of: HashMap<u64, Option<(u64, Sketch)>>,
}

impl Changes {
    /// Notes an article that is put in, with its sketch.
    pub fn put(&mut self, article: &Article, sketch: Option<Sketch>) {
        let [day, ..] = schema::day_numbers(article.date.map(|published| published.date));
        self.of.insert(schema::key_of(article.id.as_str()), sketch.map(|sketch| (day, sketch)));
    }

    /// Notes an article that is taken out.
    pub fn remove(&mut self, id: &str) {
        self.of.insert(schema::key_of(id), None);
    }

    /// Forgets everything: it is in the index now.
    pub fn clear(&mut self) {
        self.of.clear();
    }
}

/// Where the sketch of an article is.
enum Place {
    Index { segment: usize, doc: u32 },
    Changed,
}

/// The families of what the index will hold after the next commit.
pub fn gather(index: &Index, changes: &Changes) -> tantivy::Result<Vec<Family>> {
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    gather_from(&reader.searcher(), changes)
}

/// The families of one state of the index with some changes.
fn gather_from(searcher: &Searcher, changes: &Changes) -> tantivy::Result<Vec<Family>> {
    let mut order: Vec<(u64, u64, Place)> = Vec::new();
    let mut columns = Vec::new();
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let fast = reader.fast_fields();
        let (kind, day, key) = (fast.u64("kind")?, fast.u64(schema::DAY)?, fast.u64("key")?);
        let sketch = fast.u64("sketch")?;
        for doc in reader.doc_ids_alive() {
            let (Some(day), Some(key)) = (day.first(doc), key.first(doc)) else { continue };
            let sketched = kind.first(doc) == Some(schema::ARTICLE) && sketch.first(doc).is_some();
            if sketched && !changes.of.contains_key(&key) {
                order.push((day, key, Place::Index { segment, doc }));
            }
        }
        columns.push(sketch);
    }
    let put = changes.of.iter().filter_map(|(key, put)| put.as_ref().map(|(day, _)| (*day, *key, Place::Changed)));
    order.extend(put);
    order.sort_unstable_by_key(|(day, key, _)| (*day, *key));
    let mut grouping = Grouping::default();
    for (day, key, place) in order {
        let sketch = match place {
            Place::Changed => changes.of.get(&key).and_then(|put| put.as_ref()).map(|(_, sketch)| sketch.clone()),
            Place::Index { segment, doc } => {
                let numbers = columns[segment].values_for_doc(doc).map(|number| u32::try_from(number).unwrap_or(0));
                Sketch::from_numbers(&numbers.collect::<Vec<u32>>())
            }
        };
        sketch.into_iter().for_each(|sketch| grouping.take(day, key, sketch));
    }
    Ok(grouping.finish())
}

/// Writes the families beside the index, synced, and says where they are.
pub fn write(folder: &Path, generation: u64, families: &[Family]) -> Result<Sidecar> {
    let rows: Vec<(u64, u64)> = families.iter().map(|family| (family.member, family.story)).collect();
    sidecar::write(folder, sidecar::STORIES, generation, &pack(&rows)?)
}

/// The story of every article that has copies or is one.
pub struct Stories {
    of: HashMap<u64, u64>,
}

impl Stories {
    /// The families of the last commit; `None` after the steps of a first build, which gather none.
    pub fn read(engine: &TantivyEngine) -> Result<Option<Self>> {
        let Some(held) = &engine.stories_file else { return Ok(None) };
        let rows: Vec<(u64, u64)> = unpack(&held.read(&engine.folder, "list of stories")?)?;
        Ok(Some(Self { of: rows.into_iter().collect() }))
    }

    /// Whether no article has a copy.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The story of an article, by its key.
    pub fn of(&self, key: u64) -> Option<u64> {
        self.of.get(&key).copied()
    }
}

/// Compares the kept families with those that the index would give now; every line says one thing that is wrong.
pub fn check(engine: &TantivyEngine) -> Result<Vec<String>> {
    let Some(stories) = Stories::read(engine)? else { return Ok(Vec::new()) };
    let families = gather_from(&engine.searcher(), &Changes::default()).map_err(failed)?;
    let same = families.len() == stories.of.len()
        && families.iter().all(|family| stories.of(family.member) == Some(family.story));
    Ok(if same { Vec::new() } else { vec!["the list of stories is not that of the articles".to_owned()] })
}
