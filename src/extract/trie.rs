//! A trie over words: finds the longest phrase that begins at a token.
//!
//! Word boundaries come for free, most tokens fail at the first step, and building is a hash insert per word.

use rustc_hash::FxHashMap;

use crate::extract::vocabulary::WordId;

/// Phrases of words with the values they stand for.
#[derive(Debug)]
pub struct Trie<T> {
    steps: FxHashMap<(u32, WordId), u32>,
    values: Vec<Vec<T>>,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { steps: FxHashMap::default(), values: vec![Vec::new()] }
    }
}

impl<T> Trie<T> {
    /// Makes room for so many words of phrases, so that nothing is moved while they are added.
    pub fn reserve(&mut self, words: usize) {
        self.steps.reserve(words);
        self.values.reserve(words);
    }

    /// Adds a phrase; several values of one phrase are kept in the order they came.
    pub fn insert(&mut self, words: &[WordId], value: T) {
        let mut node = 0;
        for &word in words {
            let next = self.values.len() as u32;
            node = *self.steps.entry((node, word)).or_insert(next);
            if node == next {
                self.values.push(Vec::new());
            }
        }
        self.values[node as usize].push(value);
    }

    /// Calls `found` with the length and the values of every phrase that begins at the first word, shortest first.
    pub fn each<'a>(&'a self, words: impl Iterator<Item = WordId>, mut found: impl FnMut(usize, &'a [T])) {
        let mut node = 0;
        for (place, word) in words.enumerate() {
            match self.steps.get(&(node, word)) {
                Some(&next) if word != 0 => node = next,
                _ => return,
            }
            let values = &self.values[node as usize];
            if !values.is_empty() {
                found(place + 1, values);
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
        let step = |node: u32, word: &WordId| self.steps.get(&(node, *word)).copied();
        words.iter().try_fold(0, step).map(|node| node as usize)
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
