//! What the tagger sees of a word: pieces of it and of its neighbours, joined as the table of templates says.
//!
//! A feature is written as its template and the pieces, with blanks between (`w+1,shape said cap`), and looked up by a
//! hash of that text, so the pieces of a word are hashed once and no text is built while an article is read.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::tagger::run::Readings;
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;

/// A piece of what is seen of one word.
#[derive(Debug, Clone, Copy)]
enum Piece {
    /// In small letters, digits as 0.
    Word,
    /// How it is written.
    Shape,
    /// Its first three letters.
    Front,
    /// Its last three letters.
    Back,
    /// What it can be, by the tables of words.
    Class,
    /// What tables and rules made of it, with the rule.
    Reading,
    /// The same without the rule.
    Kind,
}

const PIECES: [Piece; 7] =
    [Piece::Word, Piece::Shape, Piece::Front, Piece::Back, Piece::Class, Piece::Reading, Piece::Kind];

/// Words on each side that templates look at.
const REACH: usize = 2;

/// The templates: a name, and the pieces by the place of their word.
const TEMPLATES: [(&str, &[(isize, Piece)]); 30] = [
    ("w", &[(0, Piece::Word)]),
    ("w-1", &[(-1, Piece::Word)]),
    ("w+1", &[(1, Piece::Word)]),
    ("w-2", &[(-2, Piece::Word)]),
    ("w+2", &[(2, Piece::Word)]),
    ("w-1,w", &[(-1, Piece::Word), (0, Piece::Word)]),
    ("w,w+1", &[(0, Piece::Word), (1, Piece::Word)]),
    ("front", &[(0, Piece::Front)]),
    ("back", &[(0, Piece::Back)]),
    ("back,shape", &[(0, Piece::Back), (0, Piece::Shape), (1, Piece::Shape)]),
    ("shape", &[(-1, Piece::Shape), (0, Piece::Shape), (1, Piece::Shape)]),
    ("shapes", &[(0, Piece::Shape), (1, Piece::Shape), (2, Piece::Shape)]),
    ("w-1,shape", &[(-1, Piece::Word), (0, Piece::Shape)]),
    ("w+1,shape", &[(1, Piece::Word), (0, Piece::Shape)]),
    ("class", &[(0, Piece::Class)]),
    ("class-1", &[(-1, Piece::Class)]),
    ("class+1", &[(1, Piece::Class)]),
    ("class-1,0", &[(-1, Piece::Class), (0, Piece::Class)]),
    ("class0,1", &[(0, Piece::Class), (1, Piece::Class)]),
    ("rule", &[(0, Piece::Reading)]),
    ("rule-1", &[(-1, Piece::Reading), (0, Piece::Kind)]),
    ("rule+1", &[(0, Piece::Kind), (1, Piece::Reading)]),
    ("kind-2", &[(-2, Piece::Kind), (-1, Piece::Kind), (0, Piece::Kind)]),
    ("kind+2", &[(0, Piece::Kind), (1, Piece::Kind), (2, Piece::Kind)]),
    ("rule,w", &[(0, Piece::Reading), (0, Piece::Word)]),
    ("rule,w-1", &[(0, Piece::Reading), (-1, Piece::Word)]),
    ("rule,w+1", &[(0, Piece::Reading), (1, Piece::Word)]),
    ("rule,class", &[(0, Piece::Reading), (0, Piece::Class), (0, Piece::Shape)]),
    ("rule,back", &[(0, Piece::Reading), (0, Piece::Back)]),
    ("rule,shape", &[(0, Piece::Reading), (-1, Piece::Shape), (1, Piece::Shape)]),
];

/// Features of each word.
pub const FEATURES: usize = TEMPLATES.len();

/// Bytes of a word beyond which it is none, such as an address of the web.
const LONGEST_WORD: usize = 40;

/// What stands beyond the ends of a sentence.
const NOTHING: &str = "|";

/// An article as the tagger sees it.
#[derive(Debug)]
pub struct Sight<'a> {
    doc: &'a Doc<'a>,
    readings: &'a Readings,
}

/// The hash of a feature as it is written in a model.
pub fn hash_of(feature: &str) -> u64 {
    feature.split(' ').fold(0, |hash, piece| join(hash, hash_piece(piece)))
}

/// What a template's name begins its hash with.
fn hash_piece(piece: &str) -> u64 {
    piece.bytes().fold(BASIS, step)
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a.
fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

fn join(hash: u64, piece: u64) -> u64 {
    (hash.rotate_left(23) ^ piece).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The hashes of the names of all templates.
pub fn heads() -> [u64; FEATURES] {
    TEMPLATES.map(|(name, _)| join(0, hash_piece(name)))
}

impl<'a> Sight<'a> {
    /// What is seen of an article.
    pub fn new(doc: &'a Doc<'a>, readings: &'a Readings) -> Self {
        Self { doc, readings }
    }

    /// Hands the hashes of each word's features to `take`, word by word.
    pub fn features(&self, run: Range<usize>, heads: &[u64; FEATURES], mut take: impl FnMut(&[u64; FEATURES])) {
        let sentence = self.doc.sentence(run.start);
        let nothing = [hash_piece(NOTHING); PIECES.len()];
        let mut pieces = Vec::with_capacity(run.len() + 2 * REACH);
        for place in 0..run.len() + 2 * REACH {
            let at = (run.start + place).checked_sub(REACH).filter(|at| sentence.contains(at));
            pieces.push(at.map_or(nothing, |at| self.pieces(at)));
        }
        for word in 0..run.len() {
            let mut hashes = *heads;
            for (hash, (_, parts)) in hashes.iter_mut().zip(&TEMPLATES) {
                for &(offset, piece) in *parts {
                    let place = (word + REACH).wrapping_add_signed(offset);
                    *hash = join(*hash, pieces[place][piece as usize]);
                }
            }
            take(&hashes);
        }
    }

    /// The features of a word as they are written in a model, in the order of [`Sight::features`].
    pub fn written(&self, at: usize) -> Vec<String> {
        let sentence = self.doc.sentence(at);
        let write = |(name, parts): &(&str, &[(isize, Piece)])| {
            let mut feature = (*name).to_owned();
            for &(offset, piece) in *parts {
                feature.push(' ');
                match at.checked_add_signed(offset).filter(|at| sentence.contains(at)) {
                    Some(at) => {
                        let mut bytes = Vec::new();
                        self.spell(at, piece, &mut |byte| bytes.push(byte));
                        feature.push_str(&String::from_utf8_lossy(&bytes));
                    }
                    None => feature.push_str(NOTHING),
                }
            }
            feature
        };
        TEMPLATES.iter().map(write).collect()
    }

    fn pieces(&self, at: usize) -> [u64; PIECES.len()] {
        PIECES.map(|piece| {
            let mut hash = BASIS;
            self.spell(at, piece, &mut |byte| hash = step(hash, byte));
            hash
        })
    }

    /// Spells a piece byte by byte, so that hash and text are made of the same.
    fn spell(&self, at: usize, piece: Piece, out: &mut impl FnMut(u8)) {
        let text = self.doc.str(at);
        match piece {
            Piece::Word if text.len() > LONGEST_WORD => out(b'*'),
            Piece::Word => lower(text, out),
            Piece::Front => lower(text.char_indices().nth(3).map_or(text, |(end, _)| &text[..end]), out),
            Piece::Back => lower(text.char_indices().rev().nth(2).map_or(text, |(from, _)| &text[from..]), out),
            Piece::Shape => self.shape(at).bytes().for_each(out),
            Piece::Class => self.class(at, out),
            Piece::Reading | Piece::Kind => {
                let Some(reading) = self.readings.over(at) else { return out(b'-') };
                out(if reading.tokens.start == at { b'>' } else { b'=' });
                reading.kind.name().bytes().for_each(&mut *out);
                if matches!(piece, Piece::Reading) {
                    out(b'/');
                    reading.rule.bytes().for_each(&mut *out);
                    out(if reading.sure { b'!' } else { b'?' });
                }
            }
        }
    }

    fn shape(&self, at: usize) -> &'static str {
        let token = &self.doc.tokens[at];
        let inner = |text: &str| text.chars().skip(1).any(char::is_uppercase);
        match () {
            () if !token.is(shape::WORD) => "mark",
            () if token.is(shape::POSSESSIVE) => "own",
            () if token.is(shape::DIGIT) => "digit",
            () if token.is(shape::INITIAL) => "initial",
            () if token.is(shape::UPPER) => "upper",
            () if !token.is(shape::CAPITAL) => "lower",
            () if inner(self.doc.str(at)) => "camel",
            () if token.is(shape::FIRST) => "first",
            () => "cap",
        }
    }

    fn class(&self, at: usize, out: &mut impl FnMut(u8)) {
        let token = &self.doc.tokens[at];
        const LETTERS: [(u32, u8); 14] = [
            (class::GIVEN, b'g'),
            (class::FAMILY, b'f'),
            (class::PLAIN, b'p'),
            (class::TITLE, b't'),
            (class::ROLE_START, b'r'),
            (class::ORG_LAST, b'l'),
            (class::ORG_FIRST, b'o'),
            (class::EVENT, b'e'),
            (class::TIME, b'd'),
            (class::NAME_START, b'n'),
            (class::CUE_START, b'c'),
            (class::VERB, b'v'),
            (class::PARTICLE, b'a'),
            (class::PERSONAL, b'h'),
        ];
        LETTERS.iter().filter(|(bits, _)| token.any(*bits)).for_each(|(_, letter)| out(*letter));
        if is_function(token) {
            out(b'w');
        }
        out(if token.word == 0 { b'?' } else { b'.' });
    }
}

/// Spells a text in small letters, with digits as 0.
fn lower(text: &str, out: &mut impl FnMut(u8)) {
    if text.is_ascii() {
        text.bytes().for_each(|byte| out(if byte.is_ascii_digit() { b'0' } else { byte.to_ascii_lowercase() }));
        return;
    }
    for c in text.chars().flat_map(char::to_lowercase) {
        c.encode_utf8(&mut [0; 4]).bytes().for_each(&mut *out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tables::Tables;

    #[test]
    fn what_is_written_is_what_is_hashed() {
        let doc = Doc::new("Ölrun Kvist’s 12th ally, Tarn-Vik, met 7 M.P.s in Oslo.", Tables::builtin());
        let readings = Readings::default();
        let sight = Sight::new(&doc, &readings);
        let mut at = 0;
        sight.features(0..doc.tokens.len(), &heads(), |hashes| {
            let written: Vec<u64> = sight.written(at).iter().map(|feature| hash_of(feature)).collect();
            assert_eq!(written, hashes, "{:?}", sight.written(at));
            at += 1;
        });
        assert_eq!(at, doc.tokens.len());
        assert_eq!(sight.written(0)[..2], ["w ölrun", "w-1 |"]);
    }
}
