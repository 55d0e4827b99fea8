//! Every word that a table knows, as a number with its grammatical bits.
//!
//! Words are folded before they are hashed: case, accents and dots do not count here. How a word must be written to
//! be a name is the affair of the tries that use it.

use crate::text::fold_into;

/// The number of a word; 0 is the unknown word.
pub type WordId = u32;

/// Bits that say what a word can be in a sentence.
pub mod class {
    /// the, a, this, his, some, two
    pub const DETERMINER: u32 = 1;
    /// of, in, for
    pub const PREPOSITION: u32 = 1 << 1;
    /// and, or, but
    pub const CONJUNCTION: u32 = 1 << 2;
    /// that, because, while
    pub const SUBORDINATOR: u32 = 1 << 3;
    /// has, was, would
    pub const AUXILIARY: u32 = 1 << 4;
    /// he, they, who
    pub const PRONOUN: u32 = 1 << 5;
    /// also, later, repeatedly
    pub const ADVERB: u32 = 1 << 6;
    /// Friday, March, yesterday
    pub const TIME: u32 = 1 << 7;
    /// A verb that is not a cue.
    pub const VERB: u32 = 1 << 8;
    /// A word often found with a capital at the start of a sentence and never in a name alone.
    pub const PLAIN: u32 = 1 << 9;
    /// Mr, Dr, Sir
    pub const TITLE: u32 = 1 << 10;
    /// van, al, bin
    pub const PARTICLE: u32 = 1 << 11;
    /// not, never
    pub const NEGATION: u32 = 1 << 12;
    /// would, might, if
    pub const MODAL: u32 = 1 << 13;
    /// A given name of men.
    pub const MALE: u32 = 1 << 14;
    /// A given name of women.
    pub const FEMALE: u32 = 1 << 15;
    /// A family name that stands first.
    pub const FAMILY: u32 = 1 << 16;
    /// The first word of an actor's name.
    pub const NAME_START: u32 = 1 << 17;
    /// The first word of a cue.
    pub const CUE_START: u32 = 1 << 18;
    /// The first word of a guard.
    pub const GUARD_START: u32 = 1 << 19;
    /// The first word of a role.
    pub const ROLE_START: u32 = 1 << 20;
    /// The first word of a phrase like `according to`.
    pub const PHRASE_START: u32 = 1 << 21;
    /// The last word of organisations' names.
    pub const ORG_LAST: u32 = 1 << 22;
    /// The first word of organisations' names.
    pub const ORG_FIRST: u32 = 1 << 23;
    /// Nouns before a title of a work or a mere word: `the book "…"`, `the term "…"`.
    pub const WORK: u32 = 1 << 24;
    /// Nouns of events, which are not actors: war, election, summit.
    pub const EVENT: u32 = 1 << 25;
    /// Junior, III
    pub const SUFFIX: u32 = 1 << 26;
    /// A given name of either sex.
    pub const GIVEN: u32 = MALE | FEMALE | 1 << 27;
    /// A unit or word of trade that marks a country, see `markers.tsv`.
    pub const MARKER: u32 = 1 << 28;
    /// A noun for something said: statement, letter, report.
    pub const SAYING: u32 = 1 << 29;
    /// A word that the tables know from names of persons only.
    pub const PERSONAL: u32 = 1 << 30;
    /// A noun for where something is said: rally, broadcast, hearing.
    pub const SETTING: u32 = 1 << 31;
}

/// All words of all tables, in a table of open addressing: every word of a text is looked up, so all that is known of
/// one lies in one line of the cache.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// A power of two of them, at most half full.
    entries: Vec<Entry>,
    /// Where the entry of each word lies, by number.
    places: Vec<u32>,
}

/// A word; with the number 0, a free place.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    key: u64,
    id: WordId,
    class: u32,
}

impl Vocabulary {
    /// Room for all words, so that the tables are not moved while they are read.
    pub fn with_room(words: usize) -> Self {
        let entries = vec![Entry::default(); (2 * words).next_power_of_two()];
        Self { entries, places: Vec::with_capacity(words) }
    }

    /// The number and class of the word with this key.
    pub fn find(&self, key: u64) -> (WordId, u32) {
        if self.entries.is_empty() {
            return (0, 0);
        }
        let entry = &self.entries[self.place(key)];
        (entry.id, entry.class)
    }

    /// Where the word with this key lies, or would.
    fn place(&self, key: u64) -> usize {
        let mask = self.entries.len() - 1;
        let mut place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        while self.entries[place].id != 0 && self.entries[place].key != key {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let larger = vec![Entry::default(); (2 * self.entries.len()).max(64)];
        for entry in std::mem::replace(&mut self.entries, larger) {
            if entry.id != 0 {
                let place = self.place(entry.key);
                self.entries[place] = entry;
                self.places[entry.id as usize - 1] = place as u32;
            }
        }
    }

    /// The number of this word, added if it is new.
    pub fn add(&mut self, word: &str, class: u32) -> WordId {
        self.add_first(word, class, 0)
    }

    /// The same, with more bits where no table has had the word before.
    pub fn add_first(&mut self, word: &str, class: u32, first: u32) -> WordId {
        if 2 * (self.places.len() + 1) > self.entries.len() {
            self.grow();
        }
        let key = key(word);
        let place = self.place(key);
        let entry = &mut self.entries[place];
        if entry.id == 0 {
            self.places.push(place as u32);
            *entry = Entry { key, id: self.places.len() as WordId, class: first };
        }
        entry.class |= class;
        entry.id
    }

    /// Adds bits to a word that is already there.
    pub fn mark(&mut self, id: WordId, class: u32) {
        if let Some(&place) = (id as usize).checked_sub(1).and_then(|at| self.places.get(at)) {
            self.entries[place as usize].class |= class;
        }
    }
}

/// The hash of a word's folded letters, without dots and with one sort of apostrophe.
pub fn key(word: &str) -> u64 {
    let bytes = word.as_bytes();
    if bytes.iter().all(|&byte| byte.is_ascii() && byte != b'.') {
        return hash(bytes);
    }
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    let kept = folded.chars().filter(|c| !matches!(c, '.' | '\u{ad}' | '\u{200c}' | '\u{200d}'));
    let plain: String = kept.map(|c| if matches!(c, '’' | 'ʼ') { '\'' } else { c }).collect();
    hash(plain.as_bytes())
}

/// A hash of bytes, eight at a time, capital letters of ASCII as small ones.
fn hash(bytes: &[u8]) -> u64 {
    let start = bytes.len() as u64;
    let (eights, rest) = bytes.as_chunks::<8>();
    let mixed = eights.iter().fold(start, |hash, eight| step(hash, lower(u64::from_le_bytes(*eight))));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    if rest.is_empty() { mixed } else { step(mixed, lower(u64::from_le_bytes(last))) }
}

/// Eight bytes with capital letters of ASCII made small; bytes beyond ASCII stay.
fn lower(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let seven = eight & (0x7f * EACH);
    // The top bit of a byte is set from `A` on, and from behind `Z` on.
    let (from_a, behind_z) = (seven + (0x80 - 0x41) * EACH, seven + (0x80 - 0x5b) * EACH);
    let capital = from_a & !behind_z & !eight & (0x80 * EACH);
    eight | capital >> 2
}

/// The keys of the words of a name, without initials, titles' dots and suffixes.
pub fn name_keys(name: &str) -> Vec<u64> {
    let words =
        name.split([' ', '-', '\n', '\u{a0}']).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let words = words.filter(|word| !matches!(word.trim_matches(['.', ',']), "Jr" | "Sr" | "II" | "III" | "IV"));
    words.map(key).collect()
}

/// Mixes eight bytes in; the spread of Fibonacci hashing, folded back so that low bits know of high ones.
fn step(hash: u64, eight: u64) -> u64 {
    let mixed = (hash ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_readers_take_for_one_have_one_key() {
        let check = |a: &str, b: &str, same: bool| assert_eq!(key(a) == key(b), same, "{a} {b}");
        check("Parliamentarians", "pARLIAMENTARIANS", true);
        check("Workers’", "workers'", true);
        check("[", "{", false);
        check("@", "`", false);
        check("abcdefgh", "abcdefgh\0", false);
        check("Москва", "МОСКВА", true);
        check("U.S.", "us", true);
        check("Erdoğan", "erdogan", true);
        check("don’t", "don't", true);
        check("Oslo", "Olso", false);
    }

    #[test]
    fn a_word_keeps_its_number_and_gathers_classes() {
        let mut words = Vocabulary::default();
        let will = words.add("will", class::AUXILIARY);
        assert_eq!(words.add("Will", class::MALE), will);
        assert_eq!(words.find(key("WILL")), (will, class::AUXILIARY | class::MALE));
        assert_eq!(words.find(key("won")), (0, 0));
    }
}
