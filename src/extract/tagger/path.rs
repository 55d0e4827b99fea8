//! Labels, and the best sequence of them.

/// Outside of every name.
pub const OUTSIDE: u8 = 0;

/// The label of the first word of a name of the kind with this number.
pub fn first(kind: usize) -> u8 {
    1 + 2 * kind as u8
}

/// How many labels there are for so many kinds.
pub fn labels(kinds: usize) -> usize {
    1 + 2 * kinds
}

/// The kind of a label, and whether it begins a name.
pub fn kind_of(label: u8) -> Option<(usize, bool)> {
    let number = usize::from(label.checked_sub(1)?);
    Some((number / 2, number.is_multiple_of(2)))
}

/// Whether `label` can stand behind `before`: a name goes on only as what it began as.
pub fn may_follow(before: Option<u8>, label: u8) -> bool {
    match kind_of(label) {
        Some((kind, false)) => before.and_then(kind_of).is_some_and(|(begun, _)| begun == kind),
        _ => true,
    }
}

/// The labels with the highest sum of `scores`, a row a word, and `after`, a row for each label before.
///
/// Of two equal sums the lower label wins, so that the answer does not hang on anything else.
pub fn best(scores: &[i32], after: &[i32], labels: usize) -> Vec<u8> {
    let words = scores.len() / labels;
    if words == 0 {
        return Vec::new();
    }
    let mut from = vec![0u8; scores.len()];
    let begin = |(label, score): (usize, &i32)| may_follow(None, label as u8).then_some(*score);
    let mut sums: Vec<Option<i32>> = scores[..labels].iter().enumerate().map(begin).collect();
    for word in 1..words {
        let mut next = vec![None; labels];
        for (label, reached) in next.iter_mut().enumerate() {
            let mut best: Option<(i32, usize)> = None;
            for (before, sum) in sums.iter().enumerate() {
                let Some(sum) = sum.filter(|_| may_follow(Some(before as u8), label as u8)) else { continue };
                let sum = sum + after[before * labels + label];
                if best.is_none_or(|(most, _)| sum > most) {
                    best = Some((sum, before));
                }
            }
            if let Some((sum, before)) = best {
                *reached = Some(sum + scores[word * labels + label]);
                from[word * labels + label] = before as u8;
            }
        }
        sums = next;
    }
    let last = sums.iter().enumerate().filter_map(|(label, sum)| Some((sum.as_ref()?, label)));
    let mut label = last.max_by_key(|&(sum, label)| (*sum, std::cmp::Reverse(label))).map_or(0, |(_, label)| label);
    let mut found = vec![OUTSIDE; words];
    for word in (0..words).rev() {
        found[word] = label as u8;
        label = usize::from(from[word * labels + label]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_on_only_as_what_it_began_as() {
        let check = |scores: &[i32], expected: &[u8]| assert_eq!(best(scores, &[0; 25], 5), expected);
        check(&[0, 5, 0, 0, 0, 0, 0, 4, 0, 9], &[1, 2]);
        check(&[0, 0, 9, 0, 0], &[0]);
        check(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 3], &[3, 4]);
        check(&[], &[]);
    }
}
