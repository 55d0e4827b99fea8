//! Which articles are copies of one story, gathered at a commit and kept beside it.
//!
//! Every article's sketch stands in a column of the index. At the end of a first build the sketches of all articles are
//! put into families; at the end of a night, those around the days that changed. The file with the families is named in
//! the commit's payload, like the catalogue, so articles and families are one state.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::directory::OwnedBytes;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Index, IndexReader, ReloadPolicy, Searcher, TERMINATED, Term};

use super::days::first_up_to;
use super::directory::Store;
use super::schema;
use super::sidecar::{self, Sidecar};
use super::snapshot::Stamp;
use super::{TantivyEngine, failed};
use crate::error::Result;
use crate::story::{self, Family, Grouping, Joined, Sketch, Stirred};

/// What a writer has put in and taken out since its last commit.
pub struct Changes {
    /// Articles by key: the day and the sketch of what was put in, nothing for what was taken out.
    of: FxHashMap<u64, Option<(u64, Sketch)>>,
    /// The ids of all of them; `None` where everything is gathered anyway.
    ids: Option<Vec<String>>,
}

impl Changes {
    /// Nothing yet; in a store that is all new, `whole`, the families are those of everything.
    pub fn new(whole: bool) -> Self {
        Self { of: FxHashMap::default(), ids: (!whole).then(Vec::new) }
    }

    /// Notes an article that is put in, with the number of its day and its sketch.
    pub fn put(&mut self, id: &str, day: u64, sketch: Option<Sketch>) {
        self.note(id, sketch.map(|sketch| (day, sketch)));
    }

    /// Notes an article that is taken out.
    pub fn remove(&mut self, id: &str) {
        self.note(id, None);
    }

    fn note(&mut self, id: &str, put: Option<(u64, Sketch)>) {
        // An article that is replaced is taken out and put in.
        if self.of.insert(schema::key_of(id), put).is_none() {
            self.ids.iter_mut().for_each(|ids| ids.push(id.to_owned()));
        }
    }

    /// Forgets everything: it is in the index now.
    pub fn clear(&mut self) {
        self.of.clear();
        self.ids.iter_mut().for_each(Vec::clear);
    }
}

/// The families of what the index will hold after the next commit; `last` are those of the commit before, if known.
pub fn gather(index: &Index, last: Option<Stories>, changes: &Changes) -> tantivy::Result<Vec<Family>> {
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let joined = match (last, &changes.ids) {
        (Some(last), Some(ids)) => renewed(&searcher, &last, ids, changes)?,
        _ => all_joined(&searcher, changes)?,
    };
    Ok(story::families(&joined))
}

/// The columns that articles of one segment are gathered by.
struct Columns {
    kind: Column<u64>,
    day: Column<u64>,
    key: Column<u64>,
    sketch: Column<u64>,
}

impl Columns {
    fn of(searcher: &Searcher) -> tantivy::Result<Vec<Self>> {
        let columns = searcher.segment_readers().iter().map(|reader| {
            let column = |name: &str| reader.fast_fields().u64(name);
            let (kind, day, key) = (column("kind")?, column(schema::DAY)?, column("key")?);
            Ok(Self { kind, day, key, sketch: column("sketch")? })
        });
        columns.collect()
    }

    /// Day and key of an article that has a sketch and has not changed.
    fn article(&self, doc: DocId, changes: &Changes) -> Option<(u64, u64)> {
        let sketched = self.kind.first(doc) == Some(schema::ARTICLE) && self.sketch.first(doc).is_some();
        let (day, key) = (self.day.first(doc)?, self.key.first(doc)?);
        (sketched && !changes.of.contains_key(&key)).then_some((day, key))
    }

    fn sketch(&self, doc: DocId) -> Option<Sketch> {
        let numbers = self.sketch.values_for_doc(doc).map(|number| u32::try_from(number).unwrap_or(0));
        Sketch::from_numbers(&numbers.collect::<Vec<u32>>())
    }
}

/// A segment and a document in it.
type Place = Option<(usize, DocId)>;

/// Gathers the families of one state of the index with some changes from the first article to the last.
fn all_joined(searcher: &Searcher, changes: &Changes) -> tantivy::Result<Joined> {
    let columns = Columns::of(searcher)?;
    // Each with where its sketch stands; nothing for one that is put in.
    let mut order: Vec<(u64, u64, Place)> = Vec::new();
    for (segment, (columns, reader)) in columns.iter().zip(searcher.segment_readers()).enumerate() {
        let articles = reader.doc_ids_alive().filter_map(|doc| Some((columns.article(doc, changes)?, doc)));
        order.extend(articles.map(|((day, key), doc)| (day, key, Some((segment, doc)))));
    }
    let put = changes.of.iter().filter_map(|(key, put)| put.as_ref().map(|(day, _)| (*day, *key, None)));
    order.extend(put);
    order.sort_unstable_by_key(|(day, key, _)| (*day, *key));
    let mut grouping = Grouping::default();
    let mut joined = Joined::default();
    for (day, key, place) in order {
        let sketch = match place {
            None => changes.of.get(&key).and_then(|put| put.as_ref()).map(|(_, sketch)| sketch.clone()),
            Some((segment, doc)) => columns[segment].sketch(doc),
        };
        let story = sketch.and_then(|sketch| grouping.take(day, key, sketch));
        joined.extend(story.map(|story| (key, story)));
    }
    Ok(joined)
}

/// Brings the families of the last commit up to date around the days that the changes touch.
fn renewed(searcher: &Searcher, last: &Stories, ids: &[String], changes: &Changes) -> tantivy::Result<Joined> {
    let columns = Columns::of(searcher)?;
    let mut joined: Joined = last.rows().filter(|(member, story)| member != story).collect();
    joined.retain(|member, _| !changes.of.contains_key(member));
    let mut put: FxHashMap<u64, Vec<(u64, &Sketch)>> = FxHashMap::default();
    let mut stirred = Stirred::default();
    for (key, change) in &changes.of {
        stirred.add(*key, change.as_ref().map(|(_, sketch)| sketch));
        change.iter().for_each(|(day, sketch)| put.entry(*day).or_default().push((*key, sketch)));
    }
    let mut touched: BTreeSet<u64> = put.keys().copied().collect();
    each_before(searcher, &columns, ids, &mut |day, key, sketch| {
        touched.insert(day);
        stirred.add(key, sketch.as_ref());
    })?;
    let mut articles = |day: u64| -> tantivy::Result<Vec<(u64, Sketch)>> {
        let mut found: Vec<(u64, Sketch)> = Vec::new();
        for (columns, reader) in columns.iter().zip(searcher.segment_readers()) {
            let docs = reader.max_doc();
            let of = |doc| columns.day.first(doc).unwrap_or(0);
            let from = first_up_to(docs, day, of);
            let to = day.checked_sub(1).map_or(docs, |before| first_up_to(docs, before, of));
            for doc in (from..to).filter(|doc| !reader.is_deleted(*doc)) {
                let article = columns.article(doc, changes);
                found.extend(article.and_then(|(_, key)| Some((key, columns.sketch(doc)?))));
            }
        }
        found.extend(put.get(&day).into_iter().flatten().map(|(key, sketch)| (*key, (*sketch).clone())));
        found.sort_unstable_by_key(|(key, _)| *key);
        Ok(found)
    };
    story::renew(&mut joined, &touched, stirred, &mut articles)?;
    Ok(joined)
}

/// Tells day, key and sketch of every article with one of these ids that stands in the index.
fn each_before(
    searcher: &Searcher,
    columns: &[Columns],
    ids: &[String],
    tell: &mut dyn FnMut(u64, u64, Option<Sketch>),
) -> tantivy::Result<()> {
    let id = searcher.schema().get_field("id")?;
    for (columns, reader) in columns.iter().zip(searcher.segment_readers()) {
        let inverted = reader.inverted_index(id)?;
        for text in ids {
            let term = Term::from_field_text(id, text);
            let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            // Its quotes have no sketch; an earlier article of the same id may still be there.
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if let (Some(day), Some(key)) = (columns.day.first(doc), columns.key.first(doc)) {
                    tell(day, key, columns.sketch(doc));
                }
                postings.advance();
            }
        }
    }
    Ok(())
}

/// Writes the families beside the index, synced, and says where they are.
pub fn write(folder: &Path, generation: u64, families: &[Family]) -> Result<Sidecar> {
    let rows = families.iter().flat_map(|family| [family.member, family.story]);
    let numbers = std::iter::once(families.len() as u64).chain(rows);
    sidecar::write(folder, sidecar::STORIES, generation, &numbers.flat_map(u64::to_le_bytes).collect::<Vec<u8>>())
}

/// The story of every article that has copies or is one, as the file has it: how many rows there are, then the keys of
/// each member and of its story, by member. A question looks up a few of them, so none is read before it is asked for.
pub struct Stories(OwnedBytes);

/// What an error calls the file.
const STORIES: &str = "list of stories";

/// Bytes of a number.
const NUMBER: usize = 8;
/// Bytes of a row.
const ROW: usize = 2 * NUMBER;

impl Stories {
    /// The families that a commit names, mapped; `None` after the steps of a first build, which gather none.
    ///
    /// # Errors
    /// The file is missing, cut, or, if it is small, altered.
    pub fn open(store: &Store, stamp: &Stamp) -> Result<Option<Self>> {
        let Some(sidecar) = &stamp.stories else { return Ok(None) };
        let bytes = store.map(&sidecar.name).map_err(|error| sidecar.unread(store.root(), STORIES, error))?;
        let stories = Self(bytes);
        let sound = stories.is_whole() && (!sidecar::is_small(&stories.0) || sidecar.is_of(&stories.0));
        if sound { Ok(Some(stories)) } else { Err(sidecar.altered(store.root(), STORIES)) }
    }

    /// The families of the last commit of a store that is written to, with what it says of itself: what comes after is made
    /// from them, so every byte is compared.
    ///
    /// # Errors
    /// The file is missing, cut or altered; or the commit cannot be read.
    pub fn last(index: &Index, store: &Store) -> Result<Option<(Stamp, Self)>> {
        let payload = index.load_metas().map_err(failed)?.payload.unwrap_or_default();
        let stamp = Stamp::parse(store.root(), &payload)?;
        let Some(stories) = Self::open(store, &stamp)? else { return Ok(None) };
        match &stamp.stories {
            Some(sidecar) if !sidecar.is_of(&stories.0) => Err(sidecar.altered(store.root(), STORIES)),
            _ => Ok(Some((stamp, stories))),
        }
    }

    /// Whether there are as many rows as the file says.
    fn is_whole(&self) -> bool {
        let count = self.0.first_chunk::<NUMBER>().map(|count| u64::from_le_bytes(*count));
        count == Some(self.len() as u64) && self.0.len() == NUMBER + self.len() * ROW
    }

    /// Whether no article has a copy.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The story of an article, by its key.
    pub fn of(&self, key: u64) -> Option<u64> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let (member, story) = self.row(middle)?;
            match member.cmp(&key) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(story),
            }
        }
        None
    }

    /// The story of the member at a place of the list.
    pub fn at(&self, place: usize) -> Option<u64> {
        self.row(place).map(|(_, story)| story)
    }

    /// Every member with its story, by member.
    pub fn rows(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        (0..self.len()).filter_map(|place| self.row(place))
    }

    fn len(&self) -> usize {
        self.0.len().saturating_sub(NUMBER) / ROW
    }

    fn row(&self, place: usize) -> Option<(u64, u64)> {
        let row = self.0.get(NUMBER + place * ROW..)?.get(..ROW)?;
        let (member, story) = row.split_first_chunk::<NUMBER>()?;
        Some((u64::from_le_bytes(*member), u64::from_le_bytes(story.try_into().ok()?)))
    }
}

/// Compares the kept families with those that the index would give now; every line says one thing that is wrong.
pub fn check(engine: &TantivyEngine) -> Result<Vec<String>> {
    let Some(stamp) = &engine.stamp else { return Ok(Vec::new()) };
    let Some(stories) = engine.stories()? else { return Ok(Vec::new()) };
    if !stamp.stories.as_ref().is_some_and(|sidecar| sidecar.is_of(&stories.0)) {
        return Ok(vec![format!("its {STORIES} was altered")]);
    }
    let joined = all_joined(&engine.searcher(), &Changes::new(true)).map_err(failed)?;
    let families = story::families(&joined).into_iter().map(|family| (family.member, family.story));
    let same = stories.rows().eq(families);
    Ok(if same { Vec::new() } else { vec!["the list of stories is not that of the articles".to_owned()] })
}
