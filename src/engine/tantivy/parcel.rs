//! An article as it is stored: its record, its text and its facts, packed together.
//!
//! Tantivy would compress what is stored when it writes a segment, and anew with every merge. A parcel is packed once and
//! only copied ever after. The record and the facts repeat the names of the text, so that packed with it they cost little.
//!
//! A parcel opens with its seal, a CRC-32 of all that follows: one turned bit would otherwise unpack to another text. Then
//! come three numbers, the lengths of its parts, and the parts themselves as one stream of raw DEFLATE (RFC 1951).

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};
use tantivy::directory::OwnedBytes;
use tantivy::{DocAddress, Searcher};

use super::failed;
use super::findings::{self, stored_of};
use super::record::{self, Head};
use crate::engine::Stored;
use crate::error::{Error, Result};

/// Level 1 of zlib-rs leaves two fifths more; higher ones take longer for a hundredth less.
const LEVEL: u32 = 2;

/// Bytes of the seal.
const SEAL: usize = size_of::<u32>();

/// DEFLATE makes at most about a thousand bytes of one (RFC 1951: 258 bytes of two bits).
const MOST_TIMES: usize = 1032;

/// How many bytes the head, the text and the facts have.
type Lengths = [usize; 3];

/// How far a parcel is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UpTo {
    Head,
    Text,
    Facts,
}

impl UpTo {
    /// The bytes up to there; `None` for more than there can be.
    fn bytes(self, [head, text, facts]: Lengths) -> Option<usize> {
        match self {
            Self::Head => Some(head),
            Self::Text => head.checked_add(text),
            Self::Facts => head.checked_add(text)?.checked_add(facts),
        }
    }
}

/// Makes parcels.
pub struct Packer {
    deflate: Compress,
}

impl Default for Packer {
    fn default() -> Self {
        Self { deflate: Compress::new(Compression::new(LEVEL), false) }
    }
}

impl Packer {
    /// The parcel of an article.
    ///
    /// # Errors
    /// The article cannot be packed: it has more than 4 GiB.
    pub fn pack(&mut self, stored: &Stored) -> Result<Vec<u8>> {
        let (head, facts) = (record::pack(&Head::new(stored))?, findings::pack(&stored.facts)?);
        let parts = [head.as_slice(), stored.article.text.as_bytes(), &facts];
        let lengths: Lengths = parts.map(<[u8]>::len);
        let all = lengths.iter().sum::<usize>();
        let mut parcel = vec![0; SEAL];
        parcel.extend(record::pack(&lengths)?);
        // Most articles pack to this or less; for others there is more room below.
        parcel.reserve(all / 8 * 5);
        self.deflate.reset();
        self.add(parts[0], FlushCompress::None, &mut parcel)?;
        self.add(parts[1], FlushCompress::None, &mut parcel)?;
        self.add(parts[2], FlushCompress::Finish, &mut parcel)?;
        if self.deflate.total_in() != all as u64 {
            return Err(unpackable("it is too long"));
        }
        let seal = seal_of(&parcel[SEAL..]);
        parcel[..SEAL].copy_from_slice(&seal);
        Ok(parcel)
    }

    fn add(&mut self, part: &[u8], flush: FlushCompress, parcel: &mut Vec<u8>) -> Result<()> {
        let mut rest = part;
        loop {
            let before = (self.deflate.total_in(), self.deflate.total_out());
            let status = self.deflate.compress_vec(rest, parcel, flush).map_err(unpackable)?;
            let read = usize::try_from(self.deflate.total_in() - before.0).unwrap_or(usize::MAX);
            rest = rest.get(read..).unwrap_or_default();
            if status == Status::StreamEnd || (flush == FlushCompress::None && rest.is_empty()) {
                return Ok(());
            }
            let stands = before == (self.deflate.total_in(), self.deflate.total_out());
            if stands && parcel.len() < parcel.capacity() {
                return Err(unpackable("the compressor does not go on"));
            }
            parcel.reserve(parcel.len());
        }
    }
}

thread_local! {
    /// Made once: each has tables of its own, which a hit should not pay for.
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// A parcel that is open, as far as was asked.
#[derive(Debug)]
pub struct Parcel {
    /// The parts in a row.
    bytes: Vec<u8>,
    lengths: Lengths,
}

impl Parcel {
    /// The record of an article alone.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head_at(searcher: &Searcher, address: DocAddress) -> Result<Head<'static>> {
        Self::at(searcher, address, UpTo::Head)?.head()
    }

    /// Opens the parcel of an article up to the end of its text: what a list shows.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn listed(searcher: &Searcher, address: DocAddress) -> Result<Self> {
        Self::at(searcher, address, UpTo::Text)
    }

    /// Opens the parcel of an article with its facts.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn whole(searcher: &Searcher, address: DocAddress) -> Result<Self> {
        Self::at(searcher, address, UpTo::Facts)
    }

    fn at(searcher: &Searcher, address: DocAddress, up_to: UpTo) -> Result<Self> {
        // Over some damaged bytes tantivy panics; nothing of the attempt is kept.
        let document = catch_unwind(AssertUnwindSafe(|| stored_bytes(searcher, address)));
        let document = document.unwrap_or_else(|_| Err(damaged()))?;
        Self::open(only_value(&document).ok_or_else(damaged)?, up_to)
    }

    fn open(packed: &[u8], up_to: UpTo) -> Result<Self> {
        let (seal, sealed) = packed.split_at_checked(SEAL).ok_or_else(damaged)?;
        if seal != seal_of(sealed) {
            return Err(damaged());
        }
        let (lengths, stream) = postcard::take_from_bytes::<Lengths>(sealed).map_err(|_| damaged())?;
        let wanted = up_to.bytes(lengths).ok_or_else(damaged)?;
        let mut bytes = Vec::new();
        // More than the whole of DEFLATE can make of these bytes is nonsense; less is a matter of memory.
        if wanted / MOST_TIMES > stream.len() {
            return Err(damaged());
        }
        bytes.try_reserve_exact(wanted).map_err(|_| {
            Error::engine(format!("not enough memory for an article of {wanted} bytes"))
                .hint("look at the limits of this process (`ulimit -v`); the index may be sound")
        })?;
        let status = INFLATE.with_borrow_mut(|inflate| {
            inflate.reset(false);
            inflate.decompress_vec(stream, &mut bytes, FlushDecompress::Finish)
        });
        let ends = status.map_err(|_| damaged())? == Status::StreamEnd;
        if bytes.len() < wanted || (up_to == UpTo::Facts && !ends) {
            return Err(damaged());
        }
        bytes.truncate(wanted);
        Ok(Self { bytes, lengths })
    }

    /// The record of the article.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head(&self) -> Result<Head<'static>> {
        record::unpack(self.part(0, self.lengths[0])?)
    }

    /// The text of the article.
    ///
    /// # Errors
    /// It is no UTF-8, or the parcel was not opened so far.
    pub fn text(&self) -> Result<&str> {
        let [head, text, _] = self.lengths;
        std::str::from_utf8(self.part(head, text)?).map_err(|_| damaged())
    }

    /// The bytes of the facts.
    ///
    /// # Errors
    /// The parcel was not opened so far.
    pub fn facts(&self) -> Result<&[u8]> {
        let [head, text, facts] = self.lengths;
        self.part(head.checked_add(text).ok_or_else(damaged)?, facts)
    }

    /// The article put together again.
    ///
    /// # Errors
    /// A part cannot be read, or the parcel was not opened so far.
    pub fn stored(&self) -> Result<Stored> {
        stored_of(self.head()?, self.text()?.to_owned(), self.facts()?)
    }

    fn part(&self, start: usize, length: usize) -> Result<&[u8]> {
        self.bytes.get(start..).and_then(|rest| rest.get(..length)).ok_or_else(damaged)
    }
}

fn seal_of(sealed: &[u8]) -> [u8; SEAL] {
    let mut crc = Crc::new();
    crc.update(sealed);
    crc.sum().to_le_bytes()
}

/// The bytes of an article, as they are stored.
///
/// Tantivy would read a value of bytes one byte at a time, and takes the memory for whatever length it finds.
fn stored_bytes(searcher: &Searcher, address: DocAddress) -> Result<OwnedBytes> {
    let reader = searcher.segment_reader(address.segment_ord);
    let store = reader.get_store_reader(0).map_err(|error| failed(error.into()))?;
    store.get_document_bytes(address.doc_id).map_err(failed)
}

/// The one stored value of a document of an article, without what tantivy writes before it: that there is one (a byte), its
/// field (four), its type (one), and its length, in bytes of seven bits of which the last has the highest bit set.
fn only_value(document: &[u8]) -> Option<&[u8]> {
    const ONE: u8 = 0x81;
    const BYTES: u8 = 4;
    let [ONE, _, _, _, _, BYTES, rest @ ..] = document else { return None };
    let last = rest.iter().position(|byte| byte & 0x80 != 0)?;
    let (length, value) = rest.split_at_checked(last + 1)?;
    let seven = |sum: usize, byte: &u8| sum.checked_mul(0x80)?.checked_add(usize::from(byte & 0x7f));
    (length.iter().rev().try_fold(0, seven)? == value.len()).then_some(value)
}

fn unpackable(why: impl std::fmt::Display) -> Error {
    Error::engine(format!("cannot pack an article: {why}"))
}

/// What is stored of an article is not what was stored.
pub fn damaged() -> Error {
    Error::engine("a stored article was altered")
        .hint("`chancery check` tells which file; `chancery index --rebuild` writes the index anew")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::tantivy::findings::tests::sample;

    fn with_text(text: String) -> Stored {
        let mut stored = sample();
        stored.article.text = text;
        stored
    }

    /// Numbers, so that it packs badly.
    fn numbers(count: usize) -> String {
        (0..count).map(|number| format!("{} ", number * 7919 % 104_729)).collect()
    }

    fn check(packer: &mut Packer, stored: &Stored) {
        let packed = packer.pack(stored).unwrap();
        assert_eq!(Parcel::open(&packed, UpTo::Facts).unwrap().stored().unwrap(), *stored);
        let listed = Parcel::open(&packed, UpTo::Text).unwrap();
        assert_eq!(listed.head().unwrap().id, stored.article.id.as_str());
        assert_eq!(listed.text().unwrap(), stored.article.text);
        assert!(listed.facts().is_err());
        let head = Parcel::open(&packed, UpTo::Head).unwrap();
        assert_eq!(head.head().unwrap().title, stored.article.title);
        assert!(stored.article.text.is_empty() || head.text().is_err());
    }

    #[test]
    fn what_is_packed_comes_back_whole() {
        let mut packer = Packer::default();
        for text in [String::new(), numbers(1), numbers(100_000), "a".repeat(10_000_000), numbers(2)] {
            check(&mut packer, &with_text(text));
        }
    }

    proptest! {
        #[test]
        fn texts_of_any_length_that_hardly_pack_come_back(text in "\\PC{0,700}") {
            check(&mut Packer::default(), &with_text(text));
        }
    }

    #[test]
    fn every_damage_is_an_error() {
        let packed = Packer::default().pack(&with_text(numbers(300))).unwrap();
        for length in 0..packed.len() {
            assert!(Parcel::open(&packed[..length], UpTo::Head).is_err(), "{length} bytes of {}", packed.len());
        }
        for at in 0..packed.len() * 8 {
            let mut turned = packed.clone();
            turned[at / 8] ^= 1 << (at % 8);
            assert!(Parcel::open(&turned, UpTo::Head).is_err(), "bit {at}");
        }
        assert!(Parcel::open(&packed, UpTo::Facts).is_ok(), "the next one is opened all the same");
    }

    #[test]
    fn nonsense_under_a_seal_is_an_error() {
        let sealed = |lengths: Lengths, stream: &[u8]| {
            let mut parcel = vec![0; SEAL];
            parcel.extend(record::pack(&lengths).unwrap());
            parcel.extend(stream);
            let seal = seal_of(&parcel[SEAL..]);
            parcel[..SEAL].copy_from_slice(&seal);
            parcel
        };
        for lengths in [[0; 3], [1; 3], [usize::MAX; 3], [usize::MAX, 0, 0], [1, usize::MAX / 4, 0], [1 << 40, 0, 0]] {
            for stream in [&[][..], &[0xff; 40], &[0; 40]] {
                assert!(Parcel::open(&sealed(lengths, stream), UpTo::Facts).is_err(), "{lengths:?}");
            }
        }
    }

    #[test]
    fn values_are_cut_out_of_documents() {
        fn check(document: &[u8], expected: Option<&[u8]>) {
            assert_eq!(only_value(document), expected, "{document:?}");
        }
        let long = [&[0x81, 11, 0, 0, 0, 4, 0x02, 0x81][..], &[7; 130]].concat();
        check(&long, Some(&[7; 130]));
        check(&long[..long.len() - 1], None);
        check(&[0x81, 11, 0, 0, 0, 4, 0x82, 1, 2], Some(&[1, 2]));
        check(&[0x81, 11, 0, 0, 0, 4, 0x80], Some(&[]));
        check(&[0x81, 11, 0, 0, 0, 0, 0x82, 1, 2], None);
        check(&[0x82, 11, 0, 0, 0, 4, 0x82, 1, 2], None);
        check(&[0x81, 11, 0, 0, 0, 4, 2], None);
        check(&[0x80], None);
        check(&[], None);
    }
}
