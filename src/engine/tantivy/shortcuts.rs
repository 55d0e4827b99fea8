//! What a question can be answered faster by: which documents belong to a story with copies, so that a list need not read
//! the key of every match; the days of the documents as stretches; the newest plausible day.
//!
//! Written at the end of a run, when documents have their numbers for good, and named after the commit it belongs to. It
//! saves time and nothing else: for a segment that it does not have, columns are read instead, and so they are for all
//! where the file is missing, cut, or made for other stories, and where a small one is altered; a check compares all of it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustc_hash::FxHashMap;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentId;
use tantivy::{DocId, Index, IndexReader, ReloadPolicy, Searcher, SegmentReader};

use super::days::Stretches;
use super::directory::Store;
use super::failed;
use super::schema;
use super::sidecar::{self, Sidecar};
use super::snapshot::Stamp;
use super::stories::Stories;
use super::warm::Warm;
use crate::date::Day;
use crate::error::Result;

/// The file: what the list of stories hashes to, as text; the newest plausible day, 0 for none; how many segments there
/// are; of each its id as text and the bytes of its two lists; then these lists: copies (a document and the place of its
/// member among the stories each, by document), and stretches of days; at last the BLAKE3 of all that.
pub struct Shortcuts {
    bytes: OwnedBytes,
    newest: Option<Day>,
    /// Where the lists of each segment are, by its id.
    segments: FxHashMap<String, Lists>,
}

struct Lists {
    copies: Range<usize>,
    days: Range<usize>,
}

/// Characters of a BLAKE3 in hex.
const HASH: usize = 2 * blake3::OUT_LEN;
/// Characters of the id of a segment.
const ID: usize = 32;
/// Bytes of a number, and of a row of two.
const NUMBER: usize = 4;
const ROW: usize = 2 * NUMBER;

impl Shortcuts {
    /// What belongs to a commit; `None` where it is of no use.
    pub fn open(store: &Store, stamp: &Stamp) -> Option<Self> {
        let bytes = store.map(&sidecar::name(sidecar::SHORTCUTS, stamp.generation)).ok()?;
        let trusted = !sidecar::is_small(&bytes) || is_sealed(&bytes);
        Self::parse(bytes, stamp.stories.as_ref()?).filter(|_| trusted)
    }

    fn parse(bytes: OwnedBytes, stories: &Sidecar) -> Option<Self> {
        let (hash, rest) = bytes.split_at_checked(HASH)?;
        let (newest, rest) = take_number(rest)?;
        let (count, mut rest) = take_number(rest)?;
        if hash != stories.hash.as_bytes() {
            return None;
        }
        let mut at = HASH + 2 * NUMBER + count.checked_mul(ID + 2 * NUMBER)?;
        let mut list = |length: usize| {
            let list = at..at.checked_add(length)?;
            at = list.end;
            Some(list)
        };
        let mut segments = FxHashMap::default();
        for _ in 0..count {
            let (id, after) = rest.split_at_checked(ID)?;
            let (copies, after) = take_number(after)?;
            let (days, after) = take_number(after)?;
            let lists = Lists { copies: list(copies)?, days: list(days)? };
            segments.insert(std::str::from_utf8(id).ok()?.to_owned(), lists);
            rest = after;
        }
        let is_whole = at + blake3::OUT_LEN == bytes.len();
        is_whole.then_some(Self { bytes, newest: schema::day_of(newest as u64), segments })
    }

    /// The copies in a segment; `None` where it is not known.
    pub fn copies(&self, segment: &SegmentReader) -> Option<Rows<'_>> {
        self.bytes.get(self.lists(segment)?.copies.clone()).map(Rows::new)
    }

    /// What need not be read from columns any more.
    pub fn warm(&self, searcher: &Searcher) -> Warm {
        let days = |segment: &SegmentReader| {
            let days = self.lists(segment)?.days.clone();
            Stretches::new(self.bytes.slice(days))
        };
        Warm::knowing(self.newest, searcher.segment_readers().iter().map(days))
    }

    fn lists(&self, segment: &SegmentReader) -> Option<&Lists> {
        self.segments.get(&segment.segment_id().uuid_string())
    }
}

/// The copies in one segment, looked up fastest in the order of documents.
pub struct Rows<'a> {
    rows: &'a [u8],
    /// What was asked last, and the first row that is not before it.
    last: DocId,
    at: usize,
}

impl<'a> Rows<'a> {
    fn new(rows: &'a [u8]) -> Self {
        Self { rows, last: 0, at: 0 }
    }

    /// The place of a document's article among the members of stories.
    pub fn place_of(&mut self, doc: DocId) -> Option<usize> {
        let mut low = if doc >= self.last { self.at } else { 0 };
        let mut step = 1;
        while self.is_before(low + step - 1, doc) {
            low += step;
            step *= 2;
        }
        let mut high = low + step - 1;
        while low < high {
            let middle = low.midpoint(high);
            if self.is_before(middle, doc) { low = middle + 1 } else { high = middle }
        }
        (self.last, self.at) = (doc, low);
        self.row(low).filter(|(found, _)| *found == doc as usize).map(|(_, place)| place)
    }

    fn is_before(&self, at: usize, doc: DocId) -> bool {
        self.row(at).is_some_and(|(found, _)| found < doc as usize)
    }

    fn row(&self, at: usize) -> Option<(usize, usize)> {
        let (doc, rest) = take_number(self.rows.get(at.checked_mul(ROW)?..)?)?;
        Some((doc, take_number(rest)?.0))
    }
}

/// Writes what belongs to the present state of an index. The commit stands and is searched without it, so what goes wrong
/// here fails nothing.
pub fn write(index: &Index, store: &Store) {
    let Ok(Some((stamp, stories))) = Stories::last(index, store) else { return };
    let bytes = || -> Result<Vec<u8>> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = reader.try_into().map_err(failed)?;
        bytes_of(&reader.searcher(), &stamp, &stories)
    };
    // tantivy panics over some altered bytes; nothing of the attempt is kept.
    if let Ok(Ok(bytes)) = catch_unwind(AssertUnwindSafe(bytes)) {
        let _ = sidecar::write(store.root(), sidecar::SHORTCUTS, stamp.generation, &bytes);
    }
}

fn bytes_of(searcher: &Searcher, stamp: &Stamp, stories: &Stories) -> Result<Vec<u8>> {
    let members: FxHashMap<u64, u32> = stories.rows().map(|(member, _)| member).zip(0..).collect();
    let warm = Warm::new(searcher);
    let newest = warm.newest(searcher)?.map_or(0, schema::day_number);
    let hash = stamp.stories.as_ref().map_or("", |stories| &stories.hash);
    let (mut head, mut lists) = (hash.as_bytes().to_vec(), Vec::new());
    let number = |to: &mut Vec<u8>, number: usize| to.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    number(&mut head, usize::try_from(newest).unwrap_or(0));
    number(&mut head, searcher.segment_readers().len());
    for (ord, segment) in (0..).zip(searcher.segment_readers()) {
        head.extend(segment.segment_id().uuid_string().into_bytes());
        let before = lists.len();
        copies_of(segment, &members, &mut lists).map_err(failed)?;
        number(&mut head, lists.len() - before);
        let before = lists.len();
        let days = warm.days(searcher, ord).map_err(failed)?;
        Stretches::pack(segment.max_doc(), |doc| days.of(doc), &mut lists);
        number(&mut head, lists.len() - before);
    }
    head.append(&mut lists);
    let seal = blake3::hash(&head);
    head.extend(seal.as_bytes());
    Ok(head)
}

/// The documents of a segment whose articles are among the members of stories.
fn copies_of(segment: &SegmentReader, members: &FxHashMap<u64, u32>, to: &mut Vec<u8>) -> tantivy::Result<()> {
    if members.is_empty() {
        return Ok(());
    }
    let (kinds, keys) = (segment.fast_fields().u64("kind")?, segment.fast_fields().u64("key")?);
    for doc in segment.doc_ids_alive().filter(|doc| kinds.first(*doc) == Some(schema::ARTICLE)) {
        if let Some(place) = keys.first(doc).and_then(|key| members.get(&key)) {
            to.extend(doc.to_le_bytes());
            to.extend(place.to_le_bytes());
        }
    }
    Ok(())
}

/// What is wrong with the file, if it is there, beside stories that are sound.
pub fn check(searcher: &Searcher, store: &Store, stamp: &Stamp, stories: &Stories) -> Result<Option<String>> {
    let name = sidecar::name(sidecar::SHORTCUTS, stamp.generation);
    let Ok(bytes) = store.map(&name) else { return Ok(None) };
    let then: BTreeSet<SegmentId> = searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
    let now = searcher.index().searchable_segment_ids().map_err(failed)?;
    if then != now.into_iter().collect() {
        // A run has merged since this state was opened, and written the file of the state after.
        return Ok(None);
    }
    let opened = Shortcuts::open(store, stamp);
    let is_known = |id: &SegmentId| opened.as_ref().is_some_and(|known| known.segments.contains_key(&id.uuid_string()));
    if is_sealed(&bytes) && !then.iter().all(is_known) {
        // A run that was killed had merged, and did not come to write the file again.
        return Ok(None);
    }
    let anew = bytes_of(searcher, stamp, stories)?;
    let known =
        |shortcuts: Shortcuts| searcher.segment_readers().iter().all(|segment| shortcuts.lists(segment).is_some());
    let sound = bytes.as_slice() == anew && opened.is_some_and(known);
    Ok((!sound).then(|| format!("`{name}` was altered")))
}

fn is_sealed(bytes: &[u8]) -> bool {
    let split = bytes.len().checked_sub(blake3::OUT_LEN).map(|at| bytes.split_at(at));
    split.is_some_and(|(content, seal)| blake3::hash(content).as_bytes() == seal)
}

/// The number at the beginning, and what comes after it.
fn take_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<NUMBER>()?;
    Some((u32::from_le_bytes(*number) as usize, rest))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn altered_shortcuts_are_no_panic(counts in prop::collection::vec(0_u32..90, 0..12), rest in prop::collection::vec(any::<u8>(), 0..300)) {
            let stories = Sidecar { name: String::new(), hash: "a".repeat(HASH) };
            let head = counts.iter().flat_map(|count| count.to_le_bytes());
            let bytes: Vec<u8> = stories.hash.bytes().chain(head).chain(rest).collect();
            if let Some(known) = Shortcuts::parse(OwnedBytes::new(bytes), &stories) {
                for lists in known.segments.values() {
                    Rows::new(&known.bytes[lists.copies.clone()]).place_of(7);
                    Stretches::new(known.bytes.slice(lists.days.clone()));
                }
            }
        }

        #[test]
        fn copies_are_found_in_any_order(known in prop::collection::btree_map(0_u32..90, 0_u32..9, 0..40), asked in prop::collection::vec(0_u32..100, 0..60)) {
            let known: BTreeMap<u32, u32> = known;
            let bytes: Vec<u8> = known.iter().flat_map(|(doc, place)| [doc.to_le_bytes(), place.to_le_bytes()].concat()).collect();
            let mut rows = Rows::new(&bytes);
            for doc in asked.into_iter().chain(0..100) {
                prop_assert_eq!(rows.place_of(doc), known.get(&doc).map(|place| *place as usize));
            }
        }
    }
}
