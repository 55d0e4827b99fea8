//! The values of a column, read by blocks of documents.
//!
//! A column is packed, and finding the values of a document costs several times what counting them does. A reader that
//! asks once reads what it needs; one that asks about many documents again and again gets the column unpacked.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tantivy::columnar::StrColumn;
use tantivy::{DocId, Searcher, SegmentReader};

use super::numbering::{self, Numbering};

/// A question is a large one when it has one in so many documents of a segment.
const LARGE: u64 = 16;

/// No column of a segment is unpacked that would take more memory than this, in bytes.
const MOST_BYTES: usize = 256 << 20;

/// A column of strings in all segments of one state of the index.
pub struct FacetColumn {
    /// The column in each segment, `None` where no document has a value.
    pub segments: Vec<Option<Values>>,
    numbering: OnceLock<Numbering>,
}

impl FacetColumn {
    /// Opens a column.
    pub fn open(searcher: &Searcher, name: &str) -> tantivy::Result<Self> {
        let open = |reader: &SegmentReader| {
            let column = reader.fast_fields().str(name)?;
            Ok(column.map(|column| Values::new(column, reader.max_doc())))
        };
        let segments = searcher.segment_readers().iter().map(open).collect::<tantivy::Result<_>>()?;
        Ok(Self { segments, numbering: OnceLock::new() })
    }

    /// The values of all segments under one numbering, made when it is first asked for.
    pub fn numbering(&self) -> io::Result<&Numbering> {
        if let Some(known) = self.numbering.get() {
            return Ok(known);
        }
        let columns: Vec<_> = self.segments.iter().map(|values| values.as_ref().map(|values| &values.column)).collect();
        let numbering = Numbering::of(&columns)?;
        Ok(self.numbering.get_or_init(|| numbering))
    }

    /// The number of the value at a place of a segment, among those of all segments.
    pub fn number(&self, segment: u32, place: u32) -> tantivy::Result<u32> {
        if self.segments.len() == 1 {
            return Ok(place);
        }
        let number = self.numbering()?.of_segment(segment).get(place as usize).copied();
        Ok(number.ok_or_else(|| io::Error::other("a value has no number"))?)
    }

    /// The value with a number among those of all segments.
    pub fn numbered(&self, number: u32) -> tantivy::Result<String> {
        let home = if self.segments.len() == 1 { Some((0, number)) } else { self.numbering()?.home(number) };
        Ok(self.value(home.ok_or_else(|| io::Error::other("a value has no place"))?)?)
    }

    /// A value by its place in a segment.
    pub fn value(&self, (segment, place): (u32, u32)) -> io::Result<String> {
        match self.segments.get(segment as usize) {
            Some(Some(values)) => numbering::value(values.column.dictionary(), place),
            _ => Err(io::Error::other("a value has no segment")),
        }
    }
}

/// A column of strings in one segment.
pub struct Values {
    /// The column.
    pub column: StrColumn,
    docs: DocId,
    unpacked: OnceLock<Option<Unpacked>>,
    /// Whether a large question was asked.
    wanted: AtomicBool,
}

/// The values of all documents, and where those of each begin: counted from the first value of its stretch, because
/// reading memory is what counting takes most time for.
#[derive(Default)]
struct Unpacked {
    /// The first value of each stretch of [`STRETCH`] documents.
    bases: Vec<u32>,
    /// Where the values of a document begin in its stretch.
    starts: Vec<u16>,
    values: Vec<u32>,
}

/// So many documents share a base.
const STRETCH: usize = 64;

impl Unpacked {
    /// Where the values of a document begin.
    fn start(&self, doc: usize) -> Option<usize> {
        Some(*self.bases.get(doc / STRETCH)? as usize + usize::from(*self.starts.get(doc)?))
    }

    fn own(&self, doc: DocId) -> Option<&[u32]> {
        self.values.get(self.start(doc as usize)?..self.start(doc as usize + 1)?)
    }

    /// Takes the document after the last one, whose values begin at `start`; `None` when a stretch has too many values.
    fn push(&mut self, start: u32) -> Option<()> {
        if self.starts.len().is_multiple_of(STRETCH) {
            self.bases.push(start);
        }
        self.starts.push(u16::try_from(start - self.bases.last()?).ok()?);
        Some(())
    }
}

impl Values {
    /// A column of a segment with so many documents.
    pub fn new(column: StrColumn, docs: DocId) -> Self {
        Self { column, docs, unpacked: OnceLock::new(), wanted: AtomicBool::new(false) }
    }

    /// The place of a value, if it is there.
    pub fn place(&self, value: &str) -> tantivy::Result<Option<u32>> {
        let ord = self.column.dictionary().term_ord(value)?;
        Ok(ord.and_then(|ord| u32::try_from(ord).ok()))
    }

    /// The column for one question.
    pub fn open(&self) -> Reading<'_> {
        let wanted = self.wanted.load(Ordering::Relaxed) && self.bytes() <= MOST_BYTES;
        let unpacked = if wanted { Some(self.unpacked.get_or_init(|| self.unpack())) } else { self.unpacked.get() };
        let unpacked = unpacked.and_then(Option::as_ref);
        Reading {
            column: &self.column,
            unpacked,
            rows: Vec::new(),
            owners: Vec::new(),
            values: Vec::new(),
            own: Vec::new(),
        }
    }

    /// Tells how many documents of the segment a question had.
    pub fn was_asked(&self, docs: u64) {
        if docs.saturating_mul(LARGE) >= u64::from(self.docs) {
            self.wanted.store(true, Ordering::Relaxed);
        }
    }

    fn bytes(&self) -> usize {
        (self.docs as usize).saturating_add(self.column.ords().values.num_vals() as usize).saturating_mul(4)
    }

    /// `None` when a few documents have so many values that they cannot be counted in sixteen bits.
    fn unpack(&self) -> Option<Unpacked> {
        let ords = self.column.ords();
        let mut unpacked = Unpacked::default();
        let mut end = 0;
        for doc in 0..self.docs {
            unpacked.push(end)?;
            let rows = ords.index.value_row_ids(doc);
            end = if rows.is_empty() { end } else { rows.end };
        }
        unpacked.push(end)?;
        unpacked.values = ords.values.iter().map(|value| u32::try_from(value).unwrap_or(u32::MAX)).collect();
        Some(unpacked)
    }
}

/// A column that one question reads.
pub struct Reading<'a> {
    column: &'a StrColumn,
    unpacked: Option<&'a Unpacked>,
    rows: Vec<u32>,
    owners: Vec<DocId>,
    values: Vec<u64>,
    own: Vec<u32>,
}

impl Reading<'_> {
    /// Hands the values of each document that has any to `sink`, by their places in the segment.
    pub fn each(&mut self, docs: &[DocId], mut sink: impl FnMut(&[u32])) {
        if let Some(unpacked) = self.unpacked {
            for doc in docs {
                if let Some(own @ [_, ..]) = unpacked.own(*doc) {
                    sink(own);
                }
            }
            return;
        }
        let ords = self.column.ords();
        self.rows.clear();
        self.owners.clear();
        ords.row_ids_for_docs(docs, &mut self.owners, &mut self.rows);
        self.values.resize(self.rows.len(), 0);
        ords.values.get_vals(&self.rows, &mut self.values);
        let narrow = |value: &u64| u32::try_from(*value).unwrap_or(u32::MAX);
        let mut values = self.values.iter().map(narrow);
        for run in self.owners.chunk_by(|one, next| one == next) {
            self.own.clear();
            self.own.extend(values.by_ref().take(run.len()));
            sink(&self.own);
        }
    }
}
