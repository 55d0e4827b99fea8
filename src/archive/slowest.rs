//! How long each file took, for the few that took longest.

use std::collections::BTreeMap;
use std::time::Duration;

/// How many of the slowest files are kept.
const KEPT: usize = 5;

/// The time spent on each file that is still open, and the slowest of those that are done.
///
/// A file's articles are extracted after it was read, by several threads, so its time comes in pieces, the last ones after
/// its end. What comes in late counts as a piece of its own; for the few slowest files that is nothing.
#[derive(Debug, Default)]
pub struct Slowest {
    open: BTreeMap<usize, Duration>,
    done: Vec<(Duration, usize)>,
}

impl Slowest {
    /// Adds time to a file.
    pub fn add(&mut self, file: usize, spent: Duration) {
        match self.done.iter_mut().find(|(_, known)| *known == file) {
            Some((time, _)) => *time += spent,
            None => *self.open.entry(file).or_default() += spent,
        }
    }

    /// Notes that a file was read to its end.
    pub fn end(&mut self, file: usize, spent: Duration) {
        self.add(file, spent);
        // What is still open before this file was added to after its end.
        let later = self.open.split_off(&(file + 1));
        for (file, time) in std::mem::replace(&mut self.open, later) {
            self.done.push((time, file));
        }
        self.done.sort_by(|a, b| b.cmp(a));
        self.done.truncate(KEPT);
    }

    /// The slowest files, with their time.
    pub fn take(&mut self) -> Vec<(usize, Duration)> {
        let open = std::mem::take(&mut self.open);
        self.done.extend(open.into_iter().map(|(file, time)| (time, file)));
        self.done.sort_by(|a, b| b.cmp(a));
        self.done.truncate(KEPT);
        std::mem::take(&mut self.done).into_iter().map(|(time, file)| (file, time)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_come_first_and_few_are_kept() {
        let mut slowest = Slowest::default();
        let second = Duration::from_secs;
        for file in 0..20 {
            slowest.add(file, second(file as u64 % 7));
            slowest.end(file, second(1));
        }
        slowest.add(6, second(3));
        let taken = slowest.take();
        assert_eq!(taken[0], (6, second(10)));
        assert_eq!(taken.iter().map(|(file, _)| *file).collect::<Vec<_>>(), [6, 13, 19, 12, 5]);
        assert!(slowest.take().is_empty());
    }
}
