//! Which documents of each segment belong to a story with copies, so that a list need not read the key of every match.
//!
//! Written at the end of a run, when documents have their numbers for good, and named after the commit it belongs to. It
//! saves time and nothing else: for a segment that it does not have, keys are read instead, and so they are for all
//! where the file is missing, cut, or made for other stories, and where a small one is altered; a check compares all of it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustc_hash::FxHashMap;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentId;
use tantivy::{DocId, Index, IndexReader, ReloadPolicy, Searcher, SegmentReader};

use super::directory::Store;
use super::failed;
use super::schema;
use super::sidecar::{self, Sidecar};
use super::snapshot::Stamp;
use super::stories::Stories;
use crate::error::Result;

/// The file: what the list of stories hashes to, as text; how many segments there are; of each its id as text and its
/// number of rows; then the rows, a document and the place of its member among the stories each, by document; at last the
/// BLAKE3 of all that.
pub struct Copies {
    bytes: OwnedBytes,
    /// Where the rows of each segment are, by its id.
    segments: FxHashMap<String, Range<usize>>,
}

/// Characters of a BLAKE3 in hex.
const HASH: usize = 2 * blake3::OUT_LEN;
/// Characters of the id of a segment.
const ID: usize = 32;
/// Bytes of a number, and of a row of two.
const NUMBER: usize = 4;
const ROW: usize = 2 * NUMBER;

impl Copies {
    /// What belongs to a commit; `None` where it is of no use.
    pub fn open(store: &Store, stamp: &Stamp) -> Option<Self> {
        let bytes = store.map(&sidecar::name(sidecar::COPIES, stamp.generation)).ok()?;
        let trusted = !sidecar::is_small(&bytes) || is_sealed(&bytes);
        Self::parse(bytes, stamp.stories.as_ref()?).filter(|_| trusted)
    }

    fn parse(bytes: OwnedBytes, stories: &Sidecar) -> Option<Self> {
        let (hash, rest) = bytes.split_at_checked(HASH)?;
        let (count, mut rest) = take_number(rest)?;
        if hash != stories.hash.as_bytes() {
            return None;
        }
        let mut at = HASH + NUMBER + count.checked_mul(ID + NUMBER)?;
        let mut segments = FxHashMap::default();
        for _ in 0..count {
            let (id, after) = rest.split_at_checked(ID)?;
            let (rows, after) = take_number(after)?;
            let end = at.checked_add(rows.checked_mul(ROW)?)?;
            segments.insert(std::str::from_utf8(id).ok()?.to_owned(), at..end);
            (at, rest) = (end, after);
        }
        let is_whole = at + blake3::OUT_LEN == bytes.len();
        is_whole.then_some(Self { bytes, segments })
    }

    /// The rows of a segment; `None` where it is not known.
    pub fn of(&self, segment: &SegmentReader) -> Option<Rows<'_>> {
        let range = self.segments.get(&segment.segment_id().uuid_string())?;
        self.bytes.get(range.clone()).map(Rows)
    }
}

/// The rows of one segment.
#[derive(Clone, Copy)]
pub struct Rows<'a>(&'a [u8]);

impl Rows<'_> {
    /// The place of a document's article among the members of stories.
    pub fn place_of(&self, doc: DocId) -> Option<usize> {
        let (mut low, mut high) = (0, self.0.len() / ROW);
        while low < high {
            let middle = low.midpoint(high);
            let (found, rest) = take_number(self.0.get(middle * ROW..)?)?;
            match found.cmp(&(doc as usize)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return take_number(rest).map(|(place, _)| place),
            }
        }
        None
    }
}

/// Writes what belongs to the present state of an index; nothing where no article has a copy. The commit stands and is
/// searched without it, so what goes wrong here fails nothing.
pub fn write(index: &Index, store: &Store) {
    let Ok(Some((stamp, stories))) = Stories::last(index, store) else { return };
    if stories.is_empty() {
        return;
    }
    let bytes = || -> tantivy::Result<Vec<u8>> {
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        bytes_of(&reader.searcher(), &stamp, &stories)
    };
    // tantivy panics over some altered bytes; nothing of the attempt is kept.
    if let Ok(Ok(bytes)) = catch_unwind(AssertUnwindSafe(bytes)) {
        let _ = sidecar::write(store.root(), sidecar::COPIES, stamp.generation, &bytes);
    }
}

fn bytes_of(searcher: &Searcher, stamp: &Stamp, stories: &Stories) -> tantivy::Result<Vec<u8>> {
    let members: FxHashMap<u64, u32> = stories.rows().map(|(member, _)| member).zip(0..).collect();
    let hash = stamp.stories.as_ref().map_or("", |stories| &stories.hash);
    let (mut head, mut rows) = (hash.as_bytes().to_vec(), Vec::new());
    let number = |to: &mut Vec<u8>, number: u32| to.extend(number.to_le_bytes());
    number(&mut head, searcher.segment_readers().len() as u32);
    for segment in searcher.segment_readers() {
        let (kinds, keys) = (segment.fast_fields().u64("kind")?, segment.fast_fields().u64("key")?);
        let before = rows.len();
        for doc in segment.doc_ids_alive().filter(|doc| kinds.first(*doc) == Some(schema::ARTICLE)) {
            if let Some(place) = keys.first(doc).and_then(|key| members.get(&key)) {
                number(&mut rows, doc);
                number(&mut rows, *place);
            }
        }
        head.extend(segment.segment_id().uuid_string().into_bytes());
        number(&mut head, ((rows.len() - before) / ROW) as u32);
    }
    head.append(&mut rows);
    let seal = blake3::hash(&head);
    head.extend(seal.as_bytes());
    Ok(head)
}

/// What is wrong with the file, if it is there, beside stories that are sound.
pub fn check(searcher: &Searcher, store: &Store, stamp: &Stamp, stories: &Stories) -> Result<Option<String>> {
    let name = sidecar::name(sidecar::COPIES, stamp.generation);
    let Ok(bytes) = store.map(&name) else { return Ok(None) };
    let then: BTreeSet<SegmentId> = searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
    let now = searcher.index().searchable_segment_ids().map_err(failed)?;
    if then != now.into_iter().collect() {
        // A run has merged since this state was opened, and written the file of the state after.
        return Ok(None);
    }
    let anew = bytes_of(searcher, stamp, stories).map_err(failed)?;
    let known = |copies: Copies| searcher.segment_readers().iter().all(|segment| copies.of(segment).is_some());
    let sound = bytes.as_slice() == anew && Copies::open(store, stamp).is_some_and(known);
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
