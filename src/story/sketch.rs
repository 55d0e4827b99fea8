//! The sketch of a text: the few of its word shingles that hash lowest, and the figures in it.
//!
//! A *shingle* is a run of [`WIDTH`] words. Keeping the lowest hashes of a set (Broder's bottom-k sketch, 1997) keeps
//! a fair sample of it, the same sample wherever the shingle occurs, so two sketches tell how much of either text
//! stands in the other: not only how alike two texts are, but also that one is the beginning of the other.

use crate::text::fold;

/// Words in a shingle.
const WIDTH: usize = 3;

/// Shingles kept of a text.
const SHINGLES: usize = 48;

/// Figures kept of a text.
const FIGURES: usize = 8;

/// A text with fewer shingles than this gets no sketch: a formula of one sentence is no story.
const FEWEST_SHINGLES: u32 = 24;

/// Bits of a hash that are kept.
const HASH_BITS: u32 = 24;

/// Part of the shorter text that must stand in the longer one.
const SHARED: f32 = 0.62;

/// The same for the shortest texts there are: a news item of one sentence shares much of it with the next day's.
const SHARED_OF_SHORTEST: f32 = 0.9;

/// From this many shingles on a text is not short.
const LONG_ENOUGH: u32 = 120;

/// Part of the shorter text that is enough, whatever its figures are.
const NEARLY_ALL: f32 = 0.9;

/// Part of the figures of the shorter text that must stand in the longer one: forms that are filled in every day
/// share their words and not their figures.
const SHARED_FIGURES: f32 = 0.55;

/// A text shorter than this part of another one is not a copy of it, but a piece: of a digest, say.
const SHORTEST_PART: f32 = 0.33;

/// What is kept of a text to compare it with others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// How many different shingles the text has.
    count: u32,
    /// The lowest hashes of its shingles, ascending.
    shingles: Vec<u32>,
    /// The lowest hashes of its figures, ascending.
    figures: Vec<u32>,
    /// A bit for each of its shingles, by which most pairs of texts are told apart.
    bits: Bits,
}

/// A set of hashes as bits: what has a bit that another set has not is not in that set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Bits([u64; 4]);

impl Bits {
    fn of(hashes: &[u32]) -> Self {
        let mut bits = Self::default();
        for hash in hashes {
            bits.0[*hash as usize / 64 % 4] |= 1 << (hash % 64);
        }
        bits
    }

    /// How many of these hashes are in the set, at most.
    fn having(self, hashes: &[u32]) -> usize {
        let bit = |hash: &u32| (self.0[*hash as usize / 64 % 4] >> (hash % 64) & 1) as usize;
        hashes.iter().map(bit).sum()
    }

    /// How many there are that another set has not, at least.
    fn without(self, other: Self) -> usize {
        self.0.iter().zip(other.0).map(|(one, two)| (one & !two).count_ones() as usize).sum()
    }
}

/// How alike two texts are, as far as their sketches tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Which part of the shorter text stands in the longer one.
    pub shared: f32,
    /// Which part of all figures of the one with fewer stands in the other; `None` where one has none.
    pub figures: Option<f32>,
    /// Length of the shorter text as a part of the longer.
    pub length: f32,
    /// Which part of the shorter text must stand in the longer one, by its length.
    pub needed: f32,
}

impl Likeness {
    /// Whether the two are copies of one story.
    pub fn is_copy(self) -> bool {
        let figures = self.figures.is_none_or(|shared| shared >= SHARED_FIGURES) || self.shared >= NEARLY_ALL;
        self.length >= SHORTEST_PART && self.shared >= self.needed && figures
    }

    /// Whether the two are copies beyond doubt, so that no date is needed to tell.
    pub fn is_same_text(self) -> bool {
        self.is_copy() && self.shared >= NEARLY_ALL && self.length >= NEARLY_ALL
    }
}

impl Sketch {
    /// Sketches a text; `None` when it is too short for a verdict.
    pub fn of(text: &str) -> Option<Self> {
        let mut shingles = Lowest::new(SHINGLES);
        let mut figures = Lowest::new(FIGURES);
        let mut last = [0_u64; WIDTH];
        let mut words = 0_usize;
        each_word(text, &mut |word, figure| {
            last.rotate_left(1);
            last[WIDTH - 1] = word;
            words += 1;
            if words >= WIDTH {
                shingles.take(mix(last.iter().fold(0, |hash, word| hash.rotate_left(23) ^ *word)));
            }
            if figure {
                figures.take(mix(word));
            }
        });
        let count = shingles.estimate();
        (count >= FEWEST_SHINGLES).then(|| Self::with(count, shingles.kept, figures.kept))
    }

    fn with(count: u32, shingles: Vec<u32>, figures: Vec<u32>) -> Self {
        let bits = Bits::of(&shingles);
        Self { count, shingles, figures, bits }
    }

    /// The sketch as numbers below 2^24, to be kept in this order.
    pub fn to_numbers(&self) -> impl Iterator<Item = u32> + '_ {
        let head = [self.count, u32::try_from(self.figures.len()).unwrap_or(0)];
        head.into_iter().chain(self.figures.iter().copied()).chain(self.shingles.iter().copied())
    }

    /// Reads what [`Sketch::to_numbers`] gave; `None` when it is not that.
    pub fn from_numbers(numbers: &[u32]) -> Option<Self> {
        let (&[count, figures], rest) = numbers.split_first_chunk::<2>()?;
        let (figures, shingles) = rest.split_at_checked(figures as usize)?;
        let ascending = |list: &[u32]| list.is_sorted() && list.iter().all(|hash| hash >> HASH_BITS == 0);
        let whole = ascending(figures) && ascending(shingles) && !shingles.is_empty();
        whole.then(|| Self::with(count, shingles.to_vec(), figures.to_vec()))
    }

    /// The lowest hashes of the shingles, ascending.
    pub fn shingles(&self) -> &[u32] {
        &self.shingles
    }

    /// Whether two texts may be copies; most pairs are told apart after a few hashes. What is a copy may be one.
    pub fn may_be_copy(&self, other: &Sketch) -> bool {
        let (short, long) = (self.count.min(other.count), self.count.max(other.count));
        if (short as f32 / long.max(1) as f32) < SHORTEST_PART {
            return false;
        }
        let (one, two) = comparable(&self.shingles, &other.shingles, SHINGLES);
        let (fewer, more, bits_of_more) =
            if one.len() <= two.len() { (one, two, other.bits) } else { (two, one, self.bits) };
        // One more than may be missing, for what is lost in rounding.
        let spare = (fewer.len() as f32 * (1.0 - needed(short))) as usize + 1;
        // Told by a few instructions: what one has and the other has not is in any case not shared.
        let (whole, other) = if one.len() == self.shingles.len() { (self, other) } else { (other, self) };
        let most_shared = whole.shingles.len() - whole.bits.without(other.bits);
        if most_shared + spare < fewer.len() {
            return false;
        }
        // The same of the fewer alone, where the whole list is the longer one.
        if bits_of_more.having(fewer) + spare < fewer.len() {
            return false;
        }
        let (mut missing, mut at) = (0, 0);
        for hash in fewer {
            while more.get(at).is_some_and(|other| other < hash) {
                at += 1;
            }
            missing += usize::from(more.get(at) != Some(hash));
            if missing > spare {
                return false;
            }
        }
        true
    }

    /// Compares two texts.
    pub fn likeness(&self, other: &Sketch) -> Likeness {
        let (one, two, both) = overlap(&self.shingles, &other.shingles, SHINGLES);
        let figures = overlap(&self.figures, &other.figures, FIGURES);
        let part = |(one, two, both): (usize, usize, usize)| both as f32 / one.min(two) as f32;
        let (short, long) = (self.count.min(other.count), self.count.max(other.count));
        Likeness {
            shared: if both == 0 { 0.0 } else { part((one, two, both)) },
            figures: (figures.0.min(figures.1) > 0).then(|| part(figures)),
            length: short as f32 / long.max(1) as f32,
            needed: needed(short),
        }
    }
}

/// Falls with the length of the shorter text, from [`SHARED_OF_SHORTEST`] to [`SHARED`].
fn needed(shingles: u32) -> f32 {
    let missing = LONG_ENOUGH.saturating_sub(shingles) as f32 / (LONG_ENOUGH - FEWEST_SHINGLES) as f32;
    SHARED + (SHARED_OF_SHORTEST - SHARED) * missing.min(1.0)
}

/// How many each list has of those hashes that both would have kept, and how many of them are in both.
fn overlap(one: &[u32], two: &[u32], most: usize) -> (usize, usize, usize) {
    let (one, two) = comparable(one, two, most);
    let both = one.iter().filter(|hash| two.binary_search(hash).is_ok()).count();
    (one.len(), two.len(), both)
}

/// What each list has of those hashes that both would have kept.
fn comparable<'a>(one: &'a [u32], two: &'a [u32], most: usize) -> (&'a [u32], &'a [u32]) {
    let limit = |list: &[u32]| if list.len() < most { u32::MAX } else { list.last().copied().unwrap_or(u32::MAX) };
    let limit = limit(one).min(limit(two));
    (up_to(one, limit), up_to(two, limit))
}

fn up_to(list: &[u32], limit: u32) -> &[u32] {
    // One of two lists ends at the limit.
    if list.last().is_none_or(|last| *last <= limit) {
        return list;
    }
    &list[..list.partition_point(|hash| *hash <= limit)]
}

/// The lowest different hashes of those it is given.
struct Lowest {
    most: usize,
    kept: Vec<u32>,
}

impl Lowest {
    fn new(most: usize) -> Self {
        Self { most, kept: Vec::with_capacity(most) }
    }

    fn take(&mut self, hash: u64) {
        let hash = (hash >> (64 - HASH_BITS)) as u32;
        if self.kept.len() == self.most && self.kept.last().is_some_and(|highest| hash >= *highest) {
            return;
        }
        if let Err(place) = self.kept.binary_search(&hash) {
            self.kept.truncate(self.most - 1);
            self.kept.insert(place, hash);
        }
    }

    /// How many different hashes there were: counted, or told by how low the kept ones are.
    fn estimate(&self) -> u32 {
        match self.kept.last() {
            Some(highest) if self.kept.len() == self.most => {
                let all = (self.most - 1) as f64 * f64::from(1_u32 << HASH_BITS) / f64::from(highest + 1);
                (all as u32).min((1 << HASH_BITS) - 1)
            }
            _ => self.kept.len() as u32,
        }
    }
}

/// Hands the hash of every word to `sink`, and whether it is a figure. A word is a run of letters and digits, without
/// its apostrophes; a character of a script that is written without blanks is a word of its own.
fn each_word(text: &str, sink: &mut dyn FnMut(u64, bool)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // Most words are of plain letters between plain marks.
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let next = bytes.get(at + length).copied().unwrap_or(b' ');
        if next.is_ascii() && !matches!(next, b'.' | b',' | b'\'') {
            if length > 0 {
                sink(hash_bytes(bytes[at..at + length].iter().copied()), bytes[at].is_ascii_digit());
            }
            at += length + 1;
        } else {
            at = any_word(text, at, sink);
        }
    }
}

/// The same for the next word, whatever its letters are, and the character behind it; returns where that ends.
fn any_word(text: &str, from: usize, sink: &mut dyn FnMut(u64, bool)) -> usize {
    let mut start = None;
    let mut end = from;
    let mut chars = text[from..].char_indices().map(|(at, c)| (from + at, c)).peekable();
    while let Some((at, c)) = chars.next() {
        let alone = is_written_solid(c);
        let inside = if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() && !alone };
        let digit_before = start.is_some() && text.as_bytes()[at - 1].is_ascii_digit();
        let digit_after = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if inside {
            start = start.or(Some(at));
            end = at + c.len_utf8();
        } else if (matches!(c, '.' | ',') && digit_before && digit_after) || is_apostrophe(c) || is_joined(c) {
            // Still the same word, should more of it come.
        } else {
            if let Some(start) = start {
                hash_word(&text[start..end], sink);
            }
            if alone {
                hash_word(&text[at..at + c.len_utf8()], sink);
            }
            return at + c.len_utf8();
        }
    }
    if let Some(start) = start {
        hash_word(&text[start..end], sink);
    }
    text.len()
}

fn hash_word(word: &str, sink: &mut dyn FnMut(u64, bool)) {
    let figure = word.as_bytes()[0].is_ascii_digit();
    let hash = if word.is_ascii() { hash_bytes(word.bytes()) } else { hash_bytes(fold(word).bytes()) };
    sink(hash, figure);
}

/// FNV-1a over the letters in lower case, without apostrophes.
fn hash_bytes(bytes: impl Iterator<Item = u8>) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.filter(|byte| *byte != b'\'').fold(0xcbf2_9ce4_8422_2325, step)
}

/// The finalizer of SplitMix64: spreads what FNV leaves close together.
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Marks that belong to the letter before them, and characters that are not seen.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// Whether words of its script stand without blanks between them: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
fn is_written_solid(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
        | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_words_are_hashed_like_any(text in "([a-zA-Z]{1,3}|[0-9]|[ .,'’-]|[é\u{301}\u{ad}習—]){0,40}") {
            let (mut fast, mut any) = (Vec::new(), Vec::new());
            each_word(&text, &mut |hash, figure| fast.push((hash, figure)));
            let mut at = 0;
            while at < text.len() {
                at = any_word(&text, at, &mut |hash, figure| any.push((hash, figure)));
            }
            prop_assert_eq!(fast, any);
        }
    }
}
