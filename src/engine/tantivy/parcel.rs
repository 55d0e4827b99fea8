//! An article as it is stored: its record, its text and its facts, packed together.
//!
//! Tantivy would compress what is stored when it writes a segment, and anew with every merge. A parcel is packed once and
//! only copied ever after. The record and the facts repeat the names of the text, so that packed with it they cost little.
//!
//! A parcel opens with three numbers, the lengths of its parts; the parts follow as one stream of raw DEFLATE (RFC 1951).

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use tantivy::directory::OwnedBytes;
use tantivy::{DocAddress, Searcher};

use super::failed;
use super::findings::{self, stored_of};
use super::record::{Head, pack, unpack};
use crate::engine::Stored;
use crate::error::{Error, Result};

/// Level 1 of zlib-rs leaves half as much again; higher ones take longer for a hundredth less.
const LEVEL: u32 = 2;

/// DEFLATE makes no more bytes than this of one: lengths beyond are those of a damaged parcel.
const MOST_OF_A_BYTE: usize = 1032;

/// The head, the text and the facts.
const ALL: usize = 3;

/// How many bytes each part has.
type Lengths = [usize; ALL];

/// Makes parcels.
pub struct Packer {
    deflate: Compress,
    /// The parts of an article in a row.
    parts: Vec<u8>,
}

impl Default for Packer {
    fn default() -> Self {
        Self { deflate: Compress::new(Compression::new(LEVEL), false), parts: Vec::new() }
    }
}

impl Packer {
    /// The parcel of an article.
    ///
    /// # Errors
    /// The article cannot be packed; no article is known that cannot.
    pub fn pack(&mut self, stored: &Stored) -> Result<Vec<u8>> {
        let (head, facts) = (pack(&Head::new(stored))?, findings::pack(&stored.facts)?);
        let parts = [head.as_slice(), stored.article.text.as_bytes(), &facts];
        self.parts.clear();
        parts.iter().for_each(|part| self.parts.extend_from_slice(part));
        let mut parcel = pack::<Lengths>(&parts.map(<[u8]>::len))?;
        parcel.reserve(self.parts.len() / 2);
        self.deflate.reset();
        loop {
            let read = usize::try_from(self.deflate.total_in()).unwrap_or(usize::MAX);
            let rest = self.parts.get(read..).unwrap_or_default();
            let status = self.deflate.compress_vec(rest, &mut parcel, FlushCompress::Finish);
            match status.map_err(|error| Error::engine(format!("cannot pack an article: {error}")))? {
                Status::StreamEnd => return Ok(parcel),
                Status::Ok | Status::BufError => parcel.reserve(parcel.len().max(rest.len() / 4)),
            }
        }
    }
}

thread_local! {
    /// To make one costs as much as to open a parcel with it.
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// A parcel that is open.
#[derive(Debug)]
pub struct Parcel {
    bytes: Vec<u8>,
    lengths: Lengths,
}

impl Parcel {
    /// The record of an article alone.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head_at(searcher: &Searcher, address: DocAddress) -> Result<Head> {
        Self::of(searcher, address, 1)?.head()
    }

    /// That of an article, opened up to the end of the text: what a list shows.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn listed(searcher: &Searcher, address: DocAddress) -> Result<Self> {
        Self::of(searcher, address, 2)
    }

    /// That of an article with its facts.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn whole(searcher: &Searcher, address: DocAddress) -> Result<Self> {
        Self::of(searcher, address, ALL)
    }

    fn of(searcher: &Searcher, address: DocAddress, parts: usize) -> Result<Self> {
        let document = stored_bytes(searcher, address)?;
        Self::open(only_value(&document).ok_or_else(damaged)?, parts)
    }

    /// Opens the first parts.
    fn open(packed: &[u8], parts: usize) -> Result<Self> {
        let (lengths, stream) = postcard::take_from_bytes::<Lengths>(packed).map_err(|_| damaged())?;
        let wanted = lengths.iter().take(parts).try_fold(0usize, |sum, length| sum.checked_add(*length));
        let most = stream.len().saturating_mul(MOST_OF_A_BYTE);
        let wanted = wanted.filter(|wanted| *wanted <= most).ok_or_else(damaged)?;
        let mut bytes = Vec::with_capacity(wanted);
        let status = INFLATE.with_borrow_mut(|inflate| {
            inflate.reset(false);
            inflate.decompress_vec(stream, &mut bytes, FlushDecompress::Finish)
        });
        let ends = status.map_err(|_| damaged())? == Status::StreamEnd;
        if bytes.len() < wanted || (parts == ALL && !(ends && bytes.len() == wanted)) {
            return Err(damaged());
        }
        Ok(Self { bytes, lengths })
    }

    /// The record of the article.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head(&self) -> Result<Head> {
        unpack(self.part(0, self.lengths[0]))
    }

    /// The text of the article.
    ///
    /// # Errors
    /// It is no UTF-8.
    pub fn text(&self) -> Result<&str> {
        let [head, text, _] = self.lengths;
        std::str::from_utf8(self.part(head, text)).map_err(|_| damaged())
    }

    /// The article put together again; the parcel is [whole](Self::whole).
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn stored(&self) -> Result<Stored> {
        stored_of(self.head()?, self.text()?.to_owned(), self.facts())
    }

    /// The bytes of the facts; none of a parcel that was opened for a list.
    pub fn facts(&self) -> &[u8] {
        let [head, text, facts] = self.lengths;
        self.part(head + text, facts)
    }

    fn part(&self, start: usize, length: usize) -> &[u8] {
        self.bytes.get(start..).and_then(|rest| rest.get(..length)).unwrap_or_default()
    }
}

fn damaged() -> Error {
    Error::engine("a stored article cannot be unpacked").hint("run `chancery check`")
}

/// The bytes of an article, as they are stored.
///
/// Tantivy would read them byte by byte, and believes whatever length it finds.
fn stored_bytes(searcher: &Searcher, address: DocAddress) -> Result<OwnedBytes> {
    let reader = searcher.segment_reader(address.segment_ord);
    let store = reader.get_store_reader(0).map_err(|error| failed(error.into()))?;
    store.get_document_bytes(address.doc_id).map_err(failed)
}

/// The only stored value of a document, without what tantivy writes before it: that there is one (a byte), its field
/// (four), its type (one), and its length, seven bits a byte, of which the last has the highest bit set.
fn only_value(document: &[u8]) -> Option<&[u8]> {
    let length = document.get(6..)?;
    let last = length.iter().position(|byte| byte & 0x80 != 0)?;
    length.get(last + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tantivy::findings::tests::sample;

    fn long(words: usize) -> Stored {
        let mut stored = sample();
        // Numbers, so that every text is another and packs badly.
        stored.article.text = (0..words).map(|number| format!("{} ", number * 7919 % 104_729)).collect();
        stored
    }

    #[test]
    fn what_is_packed_comes_back_whole() {
        let mut packer = Packer::default();
        for stored in [sample(), long(1), long(100_000), long(0), sample()] {
            let packed = packer.pack(&stored).unwrap();
            assert_eq!(Parcel::open(&packed, ALL).unwrap().stored().unwrap(), stored);
            let listed = Parcel::open(&packed, 2).unwrap();
            assert_eq!(listed.head().unwrap().id, stored.article.id.as_str());
            assert_eq!(listed.text().unwrap(), stored.article.text);
            assert!(listed.facts().is_empty());
        }
    }

    #[test]
    fn no_damage_panics_or_takes_the_memory() {
        let packed = Packer::default().pack(&long(300)).unwrap();
        for length in 0..packed.len() {
            assert!(Parcel::open(&packed[..length], ALL).is_err(), "{length} bytes of {}", packed.len());
        }
        for at in 0..packed.len() {
            let mut turned = packed.clone();
            turned[at] ^= 1 << (at % 8);
            for parts in [1, 2, ALL] {
                if let Ok(parcel) = Parcel::open(&turned, parts) {
                    let _ = (parcel.head().is_ok(), parcel.text().is_ok());
                }
            }
        }
        assert!(Parcel::open(&[0xff; 40], ALL).is_err());
        assert!(Parcel::open(&[], 2).is_err());
    }
}
