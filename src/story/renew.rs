//! Families brought up to date: only the days around what changed are gathered again.
//!
//! What a story is depends on the stories that are open when its first article comes, and those reach back a few days.
//! So gathering can begin at any day, with the stories that were open then, and end as soon as a whole span of days
//! has begun the same stories as before: from there on nothing can come out otherwise. Within these days an article is
//! compared with all open stories only where what it joined may be gone, or one that came may be like it. What comes out
//! is what gathering all days would give.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::grouping::{DAYS_APART, FORMULA, Grouping, Joined, looked_up};
use super::sketch::Sketch;

/// What is other than before among the stories: first of all the articles that changed, then what follows from them.
#[derive(Debug, Default)]
pub struct Stirred {
    /// Articles that changed, and those that began a story before or begin one now, and not both.
    keys: FxHashSet<u64>,
    /// How many stories may have come or gone at each hash that stories are looked up by.
    hashes: FxHashMap<u32, usize>,
    /// The stories that came, by these hashes.
    come: FxHashMap<u32, Vec<Rc<Sketch>>>,
}

impl Stirred {
    /// Adds an article that changed, as it was or as it is, with its sketch, if it had or has one.
    pub fn add(&mut self, key: u64, sketch: Option<&Sketch>) {
        self.keys.insert(key);
        sketch.into_iter().flat_map(looked_up).for_each(|hash| *self.hashes.entry(*hash).or_default() += 1);
    }

    /// Adds an article that begins a story and began none like it before.
    fn begin(&mut self, sketch: &Sketch) {
        let story = Rc::new(sketch.clone());
        for hash in looked_up(sketch).filter(|hash| self.hashes.get(hash).is_none_or(|count| *count < FORMULA)) {
            self.come.entry(*hash).or_default().push(Rc::clone(&story));
        }
    }

    /// Whether an article may now join another story than the one it `joined`, or begin one, or no more.
    fn may_move(&self, key: u64, sketch: &Sketch, joined: Option<u64>, grouping: &Grouping) -> bool {
        if self.keys.contains(&key) || joined.is_some_and(|story| self.keys.contains(&story)) {
            return true;
        }
        let mut stirred = sketch.shingles().iter().filter_map(|hash| Some((*hash, self.hashes.get(hash)?)));
        stirred.any(|(hash, count)| {
            // One that comes or goes may make a formula of a hash, or move the others that are looked at.
            let crowded = grouping.stories_of(hash) + count >= FORMULA;
            crowded || self.come.get(&hash).is_some_and(|come| come.iter().any(|story| sketch.may_be_copy(story)))
        })
    }
}

/// Brings `joined` up to date, in which nothing is left of the articles that changed.
///
/// `touched` are the days of the articles that changed, as they were and as they are, and `stirred` has these articles, as
/// they were and as they are; `articles` gives the articles of a day as they are now, in the order of their keys.
///
/// # Errors
/// What `articles` says.
pub fn renew<E>(
    joined: &mut Joined,
    touched: &BTreeSet<u64>,
    mut stirred: Stirred,
    articles: &mut dyn FnMut(u64) -> Result<Vec<(u64, Sketch)>, E>,
) -> Result<(), E> {
    let mut next = touched.first().copied();
    while let Some(first) = next {
        let mut grouping = Grouping::default();
        // Without a date nothing comes before.
        for day in first.saturating_sub(DAYS_APART).max(1)..first {
            let known = articles(day)?.into_iter().filter(|(key, _)| !joined.contains_key(key));
            known.for_each(|(key, sketch)| grouping.begin(day, key, sketch));
        }
        let last = gather_from(first, &mut grouping, joined, (touched, &mut stirred), articles)?;
        next = touched.range(last + 1..).next().copied();
    }
    Ok(())
}

/// Gathers day after day until the stories are those of before; returns the last day.
fn gather_from<E>(
    first: u64,
    grouping: &mut Grouping,
    joined: &mut Joined,
    (touched, stirred): (&BTreeSet<u64>, &mut Stirred),
    articles: &mut dyn FnMut(u64) -> Result<Vec<(u64, Sketch)>, E>,
) -> Result<u64, E> {
    let (mut day, mut calm) = (first, 0);
    loop {
        let mut same = !touched.contains(&day);
        grouping.advance(day);
        for (key, sketch) in articles(day)? {
            let before = joined.get(&key).copied();
            if !stirred.may_move(key, &sketch, before, grouping) {
                if before.is_none() {
                    grouping.begin(day, key, sketch);
                }
                continue;
            }
            let story = grouping.take(day, key, sketch.clone());
            match story {
                Some(story) => joined.insert(key, story),
                None => joined.remove(&key),
            };
            let as_before = story.is_some() == before.is_some();
            if story.is_none() && (!as_before || stirred.keys.contains(&key)) {
                stirred.begin(&sketch);
            }
            if !as_before {
                stirred.add(key, Some(&sketch));
            }
            same &= as_before;
        }
        calm = if same { calm + 1 } else { 0 };
        if day == 0 || calm >= DAYS_APART {
            return Ok(day);
        }
        day += 1;
    }
}
