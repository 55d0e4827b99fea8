//! An averaged perceptron over sequences: where the best labels are wrong, the features of the right ones gain one and
//! those of the wrong ones lose one; the weights of a model are the average over all steps.

use crate::extract::tagger::path::{OUTSIDE, best};

/// What the weights of a model are multiplied by to be whole numbers.
pub const SCALE: i64 = 100;

/// A run to learn from.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    /// The numbers of the features of each word.
    pub features: Vec<Vec<u32>>,
    /// The right labels.
    pub right: Vec<u8>,
}

/// The average weights, times [`SCALE`].
#[derive(Debug)]
pub struct Learned {
    /// A row for each feature.
    pub weights: Vec<i64>,
    /// A row for each label before.
    pub after: Vec<i64>,
}

/// Sums of changes, now and weighted by when they came.
struct Weights {
    now: Vec<i32>,
    early: Vec<i64>,
}

impl Weights {
    fn new(size: usize) -> Self {
        Self { now: vec![0; size], early: vec![0; size] }
    }

    fn change(&mut self, at: usize, by: i32, step: i64) {
        self.now[at] += by;
        self.early[at] += i64::from(by) * step;
    }

    /// The average over so many steps: a change counts for the steps that came after it.
    fn average(self, steps: i64) -> Vec<i64> {
        let mean = |(now, early): (i32, i64)| (i64::from(now) * steps - early) * SCALE / steps;
        self.now.into_iter().zip(self.early).map(mean).collect()
    }
}

/// Learns from the sequences, again and again in another order; the same sequences give the same weights.
pub fn learn(sequences: &[&Sequence], features: usize, labels: usize, rounds: usize) -> Learned {
    let mut weights = Weights::new(features * labels);
    let mut after = Weights::new(labels * labels);
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    let mut step = 0;
    let mut scores = Vec::new();
    for round in 0..rounds {
        shuffle(&mut order, round as u64 + 1);
        for &number in &order {
            let sequence = sequences[number];
            step += 1;
            score(sequence, &weights.now, labels, &mut scores);
            let found = best(&scores, &after.now, labels);
            if found == sequence.right {
                continue;
            }
            for (word, (&wrong, &right)) in found.iter().zip(&sequence.right).enumerate() {
                if wrong != right {
                    for &feature in &sequence.features[word] {
                        let row = feature as usize * labels;
                        weights.change(row + usize::from(right), 1, step);
                        weights.change(row + usize::from(wrong), -1, step);
                    }
                }
            }
            for (path, by) in [(&sequence.right, 1), (&found, -1)] {
                for pair in path.windows(2) {
                    after.change(usize::from(pair[0]) * labels + usize::from(pair[1]), by, step);
                }
            }
        }
    }
    let steps = step.max(1);
    Learned { weights: weights.average(steps), after: after.average(steps) }
}

fn score(sequence: &Sequence, weights: &[i32], labels: usize, scores: &mut Vec<i32>) {
    scores.clear();
    scores.resize(sequence.features.len() * labels, i32::from(OUTSIDE));
    for (features, row) in sequence.features.iter().zip(scores.chunks_mut(labels)) {
        for &feature in features {
            let from = feature as usize * labels;
            row.iter_mut().zip(&weights[from..from + labels]).for_each(|(score, weight)| *score += weight);
        }
    }
}

/// Puts a list into another order, always the same for the same seed.
pub fn shuffle(list: &mut [usize], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for last in (1..list.len()).rev() {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        list.swap(last, ((mixed ^ (mixed >> 31)) % (last as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feature 0 is a title, 1 a word, 2 a verb: the word behind a title is a name, behind a verb it is none.
    fn toy() -> Vec<Sequence> {
        let sequence = |features: &[&[u32]], right: &[u8]| Sequence {
            features: features.iter().map(|word| word.to_vec()).collect(),
            right: right.to_vec(),
        };
        vec![
            sequence(&[&[0], &[1, 3]], &[0, 1]),
            sequence(&[&[2], &[1, 4]], &[0, 0]),
            sequence(&[&[0], &[1, 3], &[1, 5]], &[0, 1, 2]),
        ]
    }

    #[test]
    fn a_simple_rule_is_learned() {
        let toy = toy();
        let sequences: Vec<&Sequence> = toy.iter().collect();
        let learned = learn(&sequences, 6, 3, 10);
        let whole = |weights: &[i64]| weights.iter().map(|&weight| weight as i32).collect::<Vec<_>>();
        let mut scores = Vec::new();
        for sequence in &sequences {
            score(sequence, &whole(&learned.weights), 3, &mut scores);
            assert_eq!(best(&scores, &whole(&learned.after), 3), sequence.right);
        }
        assert_eq!(learn(&sequences, 6, 3, 10).weights, learned.weights);
    }

    #[test]
    fn nothing_is_learned_from_nothing() {
        let learned = learn(&[], 1, 3, 5);
        assert!(learned.weights.iter().chain(&learned.after).all(|&weight| weight == 0));
    }
}
