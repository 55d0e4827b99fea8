//! Families of a whole archive: every article joins the story it copies, or begins one.
//!
//! Articles are taken in the order of their days. One that is like the first article of a story joins it; being like
//! another member is not enough, so families do not grow along chains. What comes out depends on the articles alone,
//! not on when each was indexed.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::sketch::Sketch;

/// A copy comes at most this many days after the first article of its story. A column that is printed again after
/// weeks, or a yearly notice, is not a copy.
pub(super) const DAYS_APART: u64 = 7;

/// How many of its lowest hashes a story is looked up by.
const LOOKED_UP: usize = 16;

/// A hash that leads to so many open stories is of a formula: alone it brings no article and story together, as any other
/// hash does.
pub(super) const FORMULA: usize = 8;

/// How many open stories a shingle leads to, the oldest: one that opens more is boilerplate.
const MOST_STORIES: usize = 48;

/// One article and the story it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Family {
    /// The article's key.
    pub member: u64,
    /// The key of the first article of the story; its own, for that one.
    pub story: u64,
}

/// Which story each copy has joined; the first article of a story is not in it.
pub type Joined = FxHashMap<u64, u64>;

/// Every article that has copies or is one, with its story, in the order of the keys.
pub fn families(joined: &Joined) -> Vec<Family> {
    let mut families: Vec<Family> =
        joined.iter().map(|(member, story)| Family { member: *member, story: *story }).collect();
    families.extend(joined.values().map(|story| Family { member: *story, story: *story }));
    families.sort_unstable();
    families.dedup();
    families
}

/// The hashes that a story with this first article is looked up by.
pub(super) fn looked_up(sketch: &Sketch) -> impl Iterator<Item = &u32> {
    sketch.shingles().iter().take(LOOKED_UP)
}

/// Stories being gathered, the oldest article first.
#[derive(Debug, Default)]
pub struct Grouping {
    day: u64,
    /// The first articles of stories that may still be joined, oldest first, and the number of the oldest.
    open: VecDeque<Story>,
    first: usize,
    /// The open stories that have a hash among their lowest, by their numbers, ascending.
    by_shingle: FxHashMap<u32, VecDeque<usize>>,
    /// How many articles there were, and by open story twice the number of the last that met it; one more where it was
    /// worth a look.
    articles: u64,
    met: VecDeque<u64>,
    worth_it: Vec<usize>,
}

#[derive(Debug)]
struct Story {
    day: u64,
    key: u64,
    sketch: Sketch,
}

impl Grouping {
    /// Takes the next article, and says by its key which story it joins; `None` when it begins one. Articles come in the
    /// order of `(day, key)`; `day` 0 says that the date is not known.
    pub fn take(&mut self, day: u64, key: u64, sketch: Sketch) -> Option<u64> {
        self.advance(day);
        let story = self.story_of(day, &sketch).and_then(|number| self.open.get(number - self.first));
        let story = story.map(|story| story.key);
        if story.is_none() {
            self.begin(day, key, sketch);
        }
        story
    }

    /// Goes on to a day; whatever is taken or begun next is of this day or a later one.
    pub(super) fn advance(&mut self, day: u64) {
        debug_assert!(day >= self.day, "the days go backwards");
        if day > self.day {
            self.close_before(day);
            self.day = day;
        }
    }

    /// How many open stories a hash leads to, those among them that are not looked at because there are too many.
    pub(super) fn stories_of(&self, hash: u32) -> usize {
        self.by_shingle.get(&hash).map_or(0, VecDeque::len)
    }

    /// The story that is most like the article; the earliest of several.
    fn story_of(&mut self, day: u64, sketch: &Sketch) -> Option<usize> {
        self.meet(sketch);
        let mut best: Option<(f32, usize)> = None;
        for number in &self.worth_it {
            let Some(story) = number.checked_sub(self.first).and_then(|place| self.open.get(place)) else { continue };
            if !sketch.may_be_copy(&story.sketch) {
                continue;
            }
            let likeness = sketch.likeness(&story.sketch);
            let same = if day == 0 { likeness.is_same_text() } else { likeness.is_copy() };
            let is_better = |(shared, earliest): (f32, usize)| {
                likeness.shared > shared || (likeness.shared == shared && *number < earliest)
            };
            if same && best.is_none_or(is_better) {
                best = Some((likeness.shared, *number));
            }
        }
        best.map(|(_, number)| number)
    }

    /// Finds the open stories that are worth a look: an article shares two hashes with them, or one that is no formula.
    fn meet(&mut self, sketch: &Sketch) {
        let Self { first, by_shingle, met, worth_it, articles, .. } = self;
        *articles += 1;
        worth_it.clear();
        for stories in sketch.shingles().iter().filter_map(|hash| by_shingle.get(hash)) {
            let is_formula = stories.len() >= FORMULA;
            for number in stories.iter().take(MOST_STORIES) {
                let Some(met) = number.checked_sub(*first).and_then(|place| met.get_mut(place)) else { continue };
                let (once, enough) = (2 * *articles, 2 * *articles + 1);
                if is_formula && *met < once {
                    *met = once;
                } else if *met < enough {
                    *met = enough;
                    worth_it.push(*number);
                }
            }
        }
    }

    /// Begins a story with an article of which it is known that it joins none; they come in the order of the articles.
    pub fn begin(&mut self, day: u64, key: u64, sketch: Sketch) {
        let number = self.first + self.open.len();
        for hash in looked_up(&sketch) {
            self.by_shingle.entry(*hash).or_default().push_back(number);
        }
        self.open.push_back(Story { day, key, sketch });
        self.met.push_back(0);
    }

    /// Forgets the stories that nothing can join any more.
    fn close_before(&mut self, day: u64) {
        let oldest = day.saturating_sub(DAYS_APART).max(1);
        while self.open.front().is_some_and(|story| story.day < oldest) {
            let Some(story) = self.open.pop_front() else { break };
            self.met.pop_front();
            self.first += 1;
            for hash in looked_up(&story.sketch) {
                let Some(stories) = self.by_shingle.get_mut(hash) else { continue };
                while stories.front().is_some_and(|number| *number < self.first) {
                    stories.pop_front();
                }
                if stories.is_empty() {
                    self.by_shingle.remove(hash);
                }
            }
        }
    }
}
