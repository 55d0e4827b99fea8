//! Proximity: which stretches of a text are what a question asks for, by the places of its words.
//!
//! The algebra is that of minimal intervals (Clarke, Cormack and Burkowski, 1995): every part of a question matches
//! stretches of places, of which only those count that hold no other one. `a NEAR/5 b` so counts from the first to the
//! last word of its tightest matches, and can itself be near something. A phrase with slop follows Lucene's rule: its
//! words may be moved by so many places in all. Everything but slop is linear in the number of places.

/// A stretch of places, from the first to the last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The first place.
    pub start: u32,
    /// The last place.
    pub end: u32,
}

/// What is looked for. Lists of places are named by their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// One word.
    Word(usize),
    /// Words in a row, each with its place in the row.
    Row(Vec<(usize, u32)>),
    /// Words in a row that may be moved by so many places in all.
    Loose(Vec<(usize, u32)>, u32),
    /// Any of these.
    AnyOf(Vec<Pattern>),
    /// Two parts near one another; they never overlap.
    Near(Box<Pattern>, Box<Pattern>, Reach),
}

/// How near two parts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At most so many places from the end of the one to the start of the other, in either order.
    Near(u32),
    /// The same, the left part first.
    Adj(u32),
    /// In one unit of text, in either order; the list has the places where a unit begins.
    Unit(usize),
}

/// The minimal stretches that match, in order, none of which holds another. `lists` are sorted, without doubles.
pub fn intervals(pattern: &Pattern, lists: &[Vec<u32>]) -> Vec<Interval> {
    match pattern {
        Pattern::Word(list) => places(lists, *list).iter().map(|at| Interval { start: *at, end: *at }).collect(),
        Pattern::Row(words) => row(words, lists),
        Pattern::Loose(words, slop) => minimal(loose(words, *slop, lists)),
        Pattern::AnyOf(parts) => minimal(parts.iter().flat_map(|part| intervals(part, lists)).collect()),
        Pattern::Near(left, right, reach) => {
            let (left, right) = (intervals(left, lists), intervals(right, lists));
            let mut found = in_order(&left, &right, *reach, lists);
            if !matches!(reach, Reach::Adj(_)) {
                found.extend(in_order(&right, &left, *reach, lists));
            }
            minimal(found)
        }
    }
}

/// The most stretches that can match, by how often each list of words comes up; no place is needed.
///
/// Minimal stretches differ in their first place and in their last. Those of two parts near one another begin in the one
/// and end in the other, so in either order there are no more than the rarer part has.
pub fn most_stretches(pattern: &Pattern, times: &[u32]) -> u32 {
    let of = |list: &usize| times.get(*list).copied().unwrap_or(0);
    match pattern {
        Pattern::Word(list) => of(list),
        Pattern::Row(words) => words.iter().map(|(list, _)| of(list)).min().unwrap_or(0),
        // A stretch begins at any of its words, whichever of them was moved.
        Pattern::Loose(words, _) => words.iter().map(|(list, _)| of(list)).fold(0, u32::saturating_add),
        Pattern::AnyOf(parts) => parts.iter().map(|part| most_stretches(part, times)).fold(0, u32::saturating_add),
        Pattern::Near(left, right, reach) => {
            let rarer = most_stretches(left, times).min(most_stretches(right, times));
            if matches!(reach, Reach::Adj(_)) { rarer } else { rarer.saturating_mul(2) }
        }
    }
}

/// Whether a glance at the places of two words shows that they are nowhere near one another; `false` promises nothing.
pub fn is_hopeless(pattern: &Pattern, lists: &[Vec<u32>]) -> bool {
    let Pattern::Near(left, right, Reach::Near(most) | Reach::Adj(most)) = pattern else { return false };
    let (Pattern::Word(left), Pattern::Word(right)) = (&**left, &**right) else { return false };
    let (mut left, mut right) = (places(lists, *left).iter().peekable(), places(lists, *right).iter().peekable());
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        // One word near itself has two places, and is left to those who look closer.
        if one.abs_diff(**other) <= *most {
            return false;
        }
        if one < other {
            left.next()
        } else {
            right.next()
        };
    }
    true
}

/// The stretches among `found` that lie wholly inside one of `zones`, or outside of all.
pub fn in_zone(mut found: Vec<Interval>, zones: &[Interval], inside: bool) -> Vec<Interval> {
    found.retain(|one| {
        // The last zone that begins at or before the end of the stretch is the only one it can be in or touch.
        let after = zones.partition_point(|zone| zone.start <= one.end);
        let zone = after.checked_sub(1).map(|at| zones[at]);
        match inside {
            true => zone.is_some_and(|zone| zone.start <= one.start && one.end <= zone.end),
            false => zone.is_none_or(|zone| zone.end < one.start),
        }
    });
    found
}

fn places(lists: &[Vec<u32>], list: usize) -> &[u32] {
    lists.get(list).map_or(&[], Vec::as_slice)
}

/// Words at their very places: the rarest word leads, the others are looked up.
fn row(words: &[(usize, u32)], lists: &[Vec<u32>]) -> Vec<Interval> {
    let Some(&(rarest, lead)) = words.iter().min_by_key(|(list, _)| places(lists, *list).len()) else {
        return Vec::new();
    };
    let last = words.iter().map(|(_, offset)| *offset).max().unwrap_or(0);
    let begins = |at: &u32| at.checked_sub(lead);
    let all = |start: &u32| {
        words.iter().all(|(list, offset)| places(lists, *list).binary_search(&start.saturating_add(*offset)).is_ok())
    };
    let starts = places(lists, rarest).iter().filter_map(begins).filter(all);
    starts.map(|start| Interval { start, end: start.saturating_add(last) }).collect()
}

/// Hulls of a part of `first` and the next part of `second` behind it, where they are near enough.
fn in_order(first: &[Interval], second: &[Interval], reach: Reach, lists: &[Vec<u32>]) -> Vec<Interval> {
    let mut found = Vec::new();
    let mut next = 0;
    for one in first {
        while second.get(next).is_some_and(|other| other.start <= one.end) {
            next += 1;
        }
        // Whatever lies farther behind makes a stretch that holds this one.
        let Some(other) = second.get(next) else { break };
        let hull = Interval { start: one.start, end: other.end };
        let near = match reach {
            Reach::Near(words) | Reach::Adj(words) => other.start - one.end <= words,
            Reach::Unit(starts) => {
                let starts = places(lists, starts);
                let after = starts.partition_point(|start| *start <= hull.start);
                starts.get(after).is_none_or(|start| *start > hull.end)
            }
        };
        if near {
            found.push(hull);
        }
    }
    found
}

/// Those that hold no other one, in order.
fn minimal(mut found: Vec<Interval>) -> Vec<Interval> {
    // From behind, a stretch counts when it ends before every one that begins later.
    found.sort_by_key(|one| (one.start, std::cmp::Reverse(one.end)));
    let mut kept: Vec<Interval> = Vec::with_capacity(found.len());
    let mut first_end = u32::MAX;
    for one in found.into_iter().rev() {
        if one.end < first_end || kept.is_empty() {
            first_end = one.end;
            kept.push(one);
        }
    }
    kept.reverse();
    kept
}

/// Lucene's rule: places, all different, of which `place - place in the row` differ by at most `slop`.
fn loose(words: &[(usize, u32)], slop: u32, lists: &[Vec<u32>]) -> Vec<Interval> {
    let mut bases: Vec<i64> = Vec::new();
    for (list, offset) in words {
        bases.extend(places(lists, *list).iter().map(|at| i64::from(*at) - i64::from(*offset)));
    }
    bases.sort_unstable();
    bases.dedup();
    let mut found = Vec::new();
    // The window of each list moves on with the base; nothing is looked for twice.
    let mut windows = vec![(0, 0); words.len()];
    let mut choices: Vec<&[u32]> = Vec::with_capacity(words.len());
    for base in bases {
        choices.clear();
        for ((list, offset), (from, to)) in words.iter().zip(&mut windows) {
            let all = places(lists, *list);
            let low = base + i64::from(*offset);
            *from += all[*from..].iter().take_while(|at| i64::from(**at) < low).count();
            *to = (*from).max(*to);
            *to += all[*to..].iter().take_while(|at| i64::from(**at) <= low + i64::from(slop)).count();
            choices.push(&all[*from..*to]);
        }
        found.extend(narrowest(&choices));
    }
    found
}

/// A stretch of one place of each list, all different: of the first ones, where these differ.
fn narrowest(choices: &[&[u32]]) -> Option<Interval> {
    let first = |list: &&[u32]| list.first().copied();
    if choices.iter().any(|list| list.is_empty()) {
        return None;
    }
    let differ = choices.iter().enumerate().all(|(at, one)| choices[..at].iter().all(|two| first(two) != first(one)));
    let chosen = if differ { choices.iter().filter_map(first).collect() } else { distinct(choices)? };
    Some(Interval { start: *chosen.iter().min()?, end: *chosen.iter().max()? })
}

/// One place of each list, all different (Kuhn's augmenting paths); `None` when there is no such choice.
fn distinct(choices: &[&[u32]]) -> Option<Vec<u32>> {
    let mut taken: Vec<(u32, usize)> = Vec::new();
    for word in 0..choices.len() {
        if !place(word, choices, &mut taken, &mut Vec::new()) {
            return None;
        }
    }
    Some(taken.into_iter().map(|(at, _)| at).collect())
}

fn place(word: usize, choices: &[&[u32]], taken: &mut Vec<(u32, usize)>, tried: &mut Vec<u32>) -> bool {
    for at in choices[word] {
        if tried.contains(at) {
            continue;
        }
        tried.push(*at);
        let holder = taken.iter().position(|(other, _)| other == at);
        match holder {
            None => {
                taken.push((*at, word));
                return true;
            }
            Some(slot) => {
                let owner = taken[slot].1;
                if place(owner, choices, taken, tried) {
                    // The owner has another place now, and this one is free.
                    taken.retain(|(other, holder)| (other, holder) != (at, &owner));
                    taken.push((*at, word));
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &Pattern, lists: &[&[u32]]) -> String {
        let lists: Vec<Vec<u32>> = lists.iter().map(|list| list.to_vec()).collect();
        let found = intervals(pattern, &lists);
        found.iter().map(|one| format!("{}-{}", one.start, one.end)).collect::<Vec<_>>().join(" ")
    }

    fn near(left: Pattern, right: Pattern, reach: Reach) -> Pattern {
        Pattern::Near(Box::new(left), Box::new(right), reach)
    }

    #[test]
    fn stretches_are_found() {
        use Pattern::{AnyOf, Loose, Row, Word};
        let check = |pattern: Pattern, lists: &[&[u32]], expected: &str| {
            assert_eq!(shown(&pattern, lists), expected, "{pattern:?} {lists:?}");
        };
        check(Row(vec![(0, 0), (1, 1)]), &[&[1, 5], &[2, 9]], "1-2");
        check(Row(vec![(0, 0), (1, 2)]), &[&[0], &[2]], "0-2");
        check(near(Word(0), Word(1), Reach::Near(1)), &[&[1], &[0]], "0-1");
        check(near(Word(0), Word(1), Reach::Adj(1)), &[&[1], &[0]], "");
        check(near(Word(0), Word(1), Reach::Near(2)), &[&[1], &[4]], "");
        check(near(Word(0), Word(0), Reach::Near(5)), &[&[3]], "");
        check(near(Word(0), Word(0), Reach::Near(5)), &[&[3, 4]], "3-4");
        check(near(Word(0), Word(1), Reach::Unit(2)), &[&[1], &[3], &[0, 5]], "1-3");
        check(near(Word(0), Word(1), Reach::Unit(2)), &[&[1], &[5], &[0, 5]], "");
        check(near(AnyOf(vec![Word(0), Word(1)]), Word(2), Reach::Adj(9)), &[&[1], &[2], &[6]], "2-6");
        check(Loose(vec![(0, 0), (1, 1)], 2), &[&[1], &[0]], "0-1");
        check(Loose(vec![(0, 0), (1, 1)], 1), &[&[1], &[0]], "");
        check(Loose(vec![(0, 0), (0, 1)], 5), &[&[3]], "");
        check(Loose(vec![(0, 0), (1, 1), (2, 2)], 2), &[&[0], &[2], &[4]], "0-4");
    }

    #[test]
    fn zones_hold_or_keep_out() {
        let found =
            || vec![Interval { start: 2, end: 3 }, Interval { start: 5, end: 8 }, Interval { start: 9, end: 9 }];
        let zones = [Interval { start: 0, end: 6 }];
        assert_eq!(in_zone(found(), &zones, true), [found()[0]]);
        assert_eq!(in_zone(found(), &zones, false), [found()[2]]);
        assert_eq!(in_zone(found(), &[], false), found());
    }

    /// What the rules say, tried out on every combination of places.
    mod brute {
        use super::*;

        pub fn intervals(pattern: &Pattern, lists: &[Vec<u32>]) -> Vec<Interval> {
            let all = match pattern {
                Pattern::Word(list) => lists[*list].iter().map(|at| Interval { start: *at, end: *at }).collect(),
                Pattern::Row(words) => combine(words, lists, &mut Vec::new(), &|chosen| {
                    let first = i64::from(chosen[0]) - i64::from(words[0].1);
                    (0..chosen.len()).all(|at| i64::from(chosen[at]) - i64::from(words[at].1) == first)
                })
                .into_iter()
                .map(|one| one.hull(words))
                .collect(),
                Pattern::Loose(words, slop) => combine(words, lists, &mut Vec::new(), &|chosen| {
                    let moved: Vec<i64> =
                        (0..chosen.len()).map(|at| i64::from(chosen[at]) - i64::from(words[at].1)).collect();
                    let different = (0..chosen.len()).all(|a| (0..a).all(|b| chosen[a] != chosen[b]));
                    different && moved.iter().max().unwrap() - moved.iter().min().unwrap() <= i64::from(*slop)
                })
                .into_iter()
                .map(|one| Interval { start: one.0, end: *one.1.iter().max().unwrap() })
                .collect(),
                Pattern::AnyOf(parts) => parts.iter().flat_map(|part| intervals(part, lists)).collect(),
                Pattern::Near(left, right, reach) => {
                    pairs(&intervals(left, lists), &intervals(right, lists), *reach, lists)
                }
            };
            least(all)
        }

        fn pairs(left: &[Interval], right: &[Interval], reach: Reach, lists: &[Vec<u32>]) -> Vec<Interval> {
            let mut all = Vec::new();
            for a in left {
                for b in right {
                    let ahead = a.end < b.start;
                    if !ahead && (b.end >= a.start || matches!(reach, Reach::Adj(_))) {
                        continue;
                    }
                    let gap = if ahead { b.start - a.end } else { a.start - b.end };
                    let hull = Interval { start: a.start.min(b.start), end: a.end.max(b.end) };
                    let near = match reach {
                        Reach::Near(words) | Reach::Adj(words) => gap <= words,
                        Reach::Unit(list) => !lists[list].iter().any(|start| hull.start < *start && *start <= hull.end),
                    };
                    if near {
                        all.push(hull);
                    }
                }
            }
            all
        }

        fn least(mut all: Vec<Interval>) -> Vec<Interval> {
            all.sort();
            all.dedup();
            let holds = |a: &Interval, b: &Interval| a != b && a.start <= b.start && b.end <= a.end;
            all.iter().filter(|one| !all.iter().any(|other| holds(one, other))).copied().collect()
        }

        pub struct Chosen(pub u32, pub Vec<u32>);

        impl Chosen {
            fn hull(&self, words: &[(usize, u32)]) -> Interval {
                let base = self.1[0] - words[0].1;
                Interval { start: base, end: base + words.iter().map(|(_, offset)| *offset).max().unwrap() }
            }
        }

        fn combine(
            words: &[(usize, u32)],
            lists: &[Vec<u32>],
            chosen: &mut Vec<u32>,
            accept: &dyn Fn(&[u32]) -> bool,
        ) -> Vec<Chosen> {
            if chosen.len() == words.len() {
                let first = chosen.iter().min().copied().unwrap();
                return if accept(chosen) { vec![Chosen(first, chosen.clone())] } else { Vec::new() };
            }
            let mut all = Vec::new();
            for at in &lists[words[chosen.len()].0] {
                chosen.push(*at);
                all.extend(combine(words, lists, chosen, accept));
                chosen.pop();
            }
            all
        }
    }

    /// Numbers without a library, the same on every machine (xorshift).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % limit
        }

        fn pattern(&mut self, depth: u32) -> Pattern {
            let row = |dice: &mut Self| {
                let mut offset = 0;
                (0..2 + dice.below(3))
                    .map(|_| {
                        let word = (dice.below(3) as usize, offset);
                        offset += 1 + u32::from(dice.below(5) == 0);
                        word
                    })
                    .collect::<Vec<_>>()
            };
            match self.below(if depth == 0 { 3 } else { 6 }) {
                0 => Pattern::Word(self.below(3) as usize),
                1 => Pattern::Row(row(self)),
                2 => Pattern::AnyOf((0..2).map(|_| Pattern::Word(self.below(3) as usize)).collect()),
                _ => {
                    let reach = match self.below(3) {
                        0 => Reach::Near(1 + self.below(4) as u32),
                        1 => Reach::Adj(1 + self.below(4) as u32),
                        _ => Reach::Unit(3),
                    };
                    near(self.pattern(depth - 1), self.pattern(depth - 1), reach)
                }
            }
        }

        fn lists(&mut self) -> Vec<Vec<u32>> {
            let mut list = |most: u64| {
                let mut list: Vec<u32> = (0..self.below(most)).map(|_| self.below(20) as u32).collect();
                list.sort_unstable();
                list.dedup();
                list
            };
            (0..4).map(|_| list(6)).collect()
        }
    }

    #[test]
    fn ten_thousand_cases_equal_brute_force() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut matched = 0;
        for case in 0..10_000 {
            let lists = dice.lists();
            let pattern = dice.pattern(3);
            let expected = brute::intervals(&pattern, &lists);
            assert_eq!(intervals(&pattern, &lists), expected, "case {case}: {pattern:?} {lists:?}");
            matched += usize::from(!expected.is_empty());
            let times: Vec<u32> = lists.iter().map(|list| list.len() as u32).collect();
            assert!(expected.len() <= most_stretches(&pattern, &times) as usize, "case {case}: {pattern:?} {lists:?}");
            assert!(!is_hopeless(&pattern, &lists) || expected.is_empty(), "case {case}: {pattern:?} {lists:?}");
            // Stretches of slop depend on which of several choices is taken; whether there is one does not.
            let words = (0..2 + dice.below(3)).map(|at| (dice.below(3) as usize, at as u32)).collect();
            let pattern = Pattern::Loose(words, dice.below(5) as u32);
            let expected = brute::intervals(&pattern, &lists).is_empty();
            assert!(intervals(&pattern, &lists).len() <= most_stretches(&pattern, &times) as usize, "case {case}");
            assert_eq!(intervals(&pattern, &lists).is_empty(), expected, "case {case}: {pattern:?} {lists:?}");
        }
        assert!((1_000..9_000).contains(&matched), "{matched} cases of 10,000 match: the dice are loaded");
    }

    #[test]
    fn many_places_cost_what_few_do() {
        let lists = vec![(0..200_000).step_by(2).collect(), (1..200_000).step_by(2).collect(), vec![0]];
        let both = near(Pattern::Word(0), Pattern::Word(1), Reach::Unit(2));
        assert_eq!(intervals(&near(both, Pattern::Word(0), Reach::Near(100)), &lists).len(), 99_999);
    }
}
