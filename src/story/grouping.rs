//! Families of a whole archive: every article joins the story it copies, or begins one.
//!
//! Articles are taken in the order of their days. One that is like the first article of a story joins it; being like
//! another member is not enough, so families do not grow along chains. What comes out depends on the articles alone,
//! not on when each was indexed.

use std::collections::{HashMap, VecDeque};

use super::sketch::Sketch;

/// A copy comes at most this many days after the first article of its story. A column that is printed again after
/// weeks, or a yearly notice, is not a copy.
const DAYS_APART: u64 = 7;

/// How many of its lowest hashes a story is looked up by.
const LOOKED_UP: usize = 16;

/// A shingle that opens more stories than this is boilerplate, and finds nothing any more.
const MOST_STORIES: usize = 48;

/// One article and the story it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Family {
    /// The article's key.
    pub member: u64,
    /// The key of the first article of the story; its own, for that one.
    pub story: u64,
}

/// Stories being gathered, the oldest article first.
#[derive(Debug, Default)]
pub struct Grouping {
    day: u64,
    /// The first articles of stories that may still be joined, oldest first, and the number of the oldest.
    open: VecDeque<Story>,
    first: usize,
    /// The stories that have a hash among their lowest, by their numbers.
    by_shingle: HashMap<u32, Vec<usize>>,
    families: Vec<Family>,
}

#[derive(Debug)]
struct Story {
    day: u64,
    key: u64,
    sketch: Sketch,
    copied: bool,
}

impl Grouping {
    /// Takes the next article. They come in the order of `(day, key)`; `day` 0 says that the date is not known.
    pub fn take(&mut self, day: u64, key: u64, sketch: Sketch) {
        debug_assert!(day >= self.day, "the days go backwards");
        if day > self.day {
            self.close_before(day);
            self.day = day;
        }
        match self.story_of(day, &sketch) {
            Some(number) => {
                let story = &mut self.open[number - self.first];
                if !std::mem::replace(&mut story.copied, true) {
                    self.families.push(Family { member: story.key, story: story.key });
                }
                self.families.push(Family { member: key, story: story.key });
            }
            None => self.begin(Story { day, key, sketch, copied: false }),
        }
    }

    /// Every article that has copies or is one, with its story, in the order of the keys.
    pub fn finish(mut self) -> Vec<Family> {
        self.families.sort_unstable();
        self.families
    }

    /// The story that is most like the article; the earliest of several.
    fn story_of(&self, day: u64, sketch: &Sketch) -> Option<usize> {
        let mut numbers: Vec<usize> =
            sketch.shingles().iter().filter_map(|hash| self.by_shingle.get(hash)).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut best: Option<(f32, usize)> = None;
        for number in numbers {
            let Some(story) = number.checked_sub(self.first).and_then(|place| self.open.get(place)) else { continue };
            let likeness = sketch.likeness(&story.sketch);
            let same = if day == 0 { likeness.is_same_text() } else { likeness.is_copy() };
            if same && best.is_none_or(|(shared, _)| likeness.shared > shared) {
                best = Some((likeness.shared, number));
            }
        }
        best.map(|(_, number)| number)
    }

    fn begin(&mut self, story: Story) {
        let number = self.first + self.open.len();
        for hash in story.sketch.shingles().iter().take(LOOKED_UP) {
            let stories = self.by_shingle.entry(*hash).or_default();
            if stories.len() < MOST_STORIES {
                stories.push(number);
            }
        }
        self.open.push_back(story);
    }

    /// Forgets the stories that nothing can join any more.
    fn close_before(&mut self, day: u64) {
        let oldest = if self.day == 0 { 1 } else { day.saturating_sub(DAYS_APART) };
        while self.open.front().is_some_and(|story| story.day < oldest) {
            let Some(story) = self.open.pop_front() else { break };
            self.first += 1;
            for hash in story.sketch.shingles().iter().take(LOOKED_UP) {
                if let Some(stories) = self.by_shingle.get_mut(hash) {
                    stories.retain(|number| *number >= self.first);
                    if stories.is_empty() {
                        self.by_shingle.remove(hash);
                    }
                }
            }
        }
    }
}
