//! A trie over words: finds the longest phrase that begins at a token.
//!
//! Word boundaries come for free, most tokens fail at the first step, and building is a hash insert per word.

use rustc_hash::FxHashMap;

use crate::extract::vocabulary::WordId;

/// Phrases of words with the values they stand for.
#[derive(Debug)]
pub struct Trie<T> {
    /// Where the first word of a phrase leads, by its number; 0 is nowhere. Most tokens are done with here.
    first: Vec<u32>,
    steps: FxHashMap<(u32, WordId), u32>,
    values: Vec<Vec<T>>,
    /// Nodes at which a phrase ends.
    ends: Bits,
    /// For each node, which words lead on from it, by the last six bits of their numbers: nearly every step that leads
    /// nowhere is told by this alone, without a look at the table of all steps.
    leads: Vec<u64>,
}

/// The bit of a word in [`Trie::leads`].
fn bit_of(word: WordId) -> u64 {
    1 << (word % 64)
}

/// A set of small numbers.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn add(&mut self, number: u32) {
        let place = number as usize / 64;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (number % 64);
    }

    fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|bits| bits >> (number % 64) & 1 != 0)
    }
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self {
            first: Vec::new(),
            steps: FxHashMap::default(),
            values: vec![Vec::new()],
            ends: Bits::default(),
            leads: vec![0],
        }
    }
}

impl<T> Trie<T> {
    /// Makes room for so many words of phrases, so that nothing is moved while they are added.
    pub fn reserve(&mut self, words: usize) {
        self.steps.reserve(words);
        self.values.reserve(words);
        self.leads.reserve(words);
    }

    /// Adds a phrase; several values of one phrase are kept in the order they came.
    pub fn insert(&mut self, words: &[WordId], value: T) {
        let mut node = 0;
        for (place, &word) in words.iter().enumerate() {
            let next = self.values.len() as u32;
            if place == 0 {
                if self.first.len() <= word as usize {
                    self.first.resize(word as usize + 1, 0);
                }
                let known = &mut self.first[word as usize];
                if *known == 0 {
                    *known = next;
                }
                node = *known;
            } else {
                self.leads[node as usize] |= bit_of(word);
                node = *self.steps.entry((node, word)).or_insert(next);
            }
            if node == next {
                self.values.push(Vec::new());
                self.leads.push(0);
            }
        }
        self.ends.add(node);
        self.values[node as usize].push(value);
    }

    /// Calls `found` with the length and the values of every phrase that begins at the first word, shortest first.
    pub fn each<'a>(&'a self, words: impl Iterator<Item = WordId>, mut found: impl FnMut(usize, &'a [T])) {
        let mut node = 0;
        for (place, word) in words.enumerate() {
            if word == 0 {
                return;
            }
            match self.step(node, word) {
                Some(next) => node = next,
                None => return,
            }
            if self.ends.has(node) {
                let values = &self.values[node as usize];
                // An overlay may have taken all values away.
                if !values.is_empty() {
                    found(place + 1, values);
                }
            }
            if self.leads[node as usize] == 0 {
                return;
            }
        }
    }

    /// The longest phrase that begins at the first word.
    pub fn longest(&self, words: impl Iterator<Item = WordId>) -> Option<(usize, &[T])> {
        let mut best = None;
        self.each(words, |length, values| best = Some((length, values)));
        best
    }

    /// The values of exactly this phrase.
    pub fn exact(&self, words: &[WordId]) -> &[T] {
        self.node(words).map_or(&[], |node| &self.values[node])
    }

    /// The values of exactly this phrase, to be changed; `None` when no phrase leads through these words.
    pub fn exact_mut(&mut self, words: &[WordId]) -> Option<&mut Vec<T>> {
        self.node(words).map(|node| &mut self.values[node])
    }

    /// The values of every phrase, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Vec<T>> {
        self.values.iter_mut()
    }

    fn node(&self, words: &[WordId]) -> Option<usize> {
        words.iter().try_fold(0, |node, word| self.step(node, *word)).map(|node| node as usize)
    }

    fn step(&self, node: u32, word: WordId) -> Option<u32> {
        match node {
            0 => self.first.get(word as usize).copied().filter(|&next| next != 0),
            _ if self.leads[node as usize] & bit_of(word) == 0 => None,
            _ => self.steps.get(&(node, word)).copied(),
        }
    }

    /// How many phrases there are.
    pub fn len(&self) -> usize {
        self.values.iter().filter(|values| !values.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let mut trie = Trie::default();
        trie.insert(&[1], 'a');
        trie.insert(&[1, 2, 3], 'b');
        trie.insert(&[1], 'c');
        let find = |words: &[u32]| trie.longest(words.iter().copied()).map(|(n, v)| (n, v.to_vec()));
        assert_eq!(find(&[1, 2, 3, 4]), Some((3, vec!['b'])));
        assert_eq!(find(&[1, 2, 4]), Some((1, vec!['a', 'c'])));
        assert_eq!(find(&[2]), None);
        assert_eq!(find(&[0]), None);
        assert_eq!((trie.exact(&[1, 2]), trie.exact(&[1, 2, 3]), trie.exact(&[7])), (&[][..], &['b'][..], &[][..]));
        assert!(trie.exact_mut(&[7]).is_none());
        assert_eq!(trie.len(), 2);
    }
}
