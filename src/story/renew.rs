//! Families brought up to date: only the days around what changed are gathered again.
//!
//! What a story is depends on the stories that are open when its first article comes, and those reach back a few days.
//! So gathering can begin at any day, with the stories that were open then, and end as soon as a whole span of days
//! has begun the same stories as before: from there on nothing can come out otherwise. What comes out is what
//! gathering all days would give.

use std::collections::BTreeSet;

use super::grouping::{DAYS_APART, Grouping, Joined};
use super::sketch::Sketch;

/// Brings `joined` up to date, in which nothing is left of the articles that changed.
///
/// `touched` are the days of the articles that changed, as they were and as they are; `articles` gives the articles of a
/// day as they are now, in the order of their keys.
///
/// # Errors
/// What `articles` says.
pub fn renew<E>(
    joined: &mut Joined,
    touched: &BTreeSet<u64>,
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
        let last = gather_from(first, &mut grouping, joined, touched, articles)?;
        next = touched.range(last + 1..).next().copied();
    }
    Ok(())
}

/// Gathers day after day until the stories are those of before; returns the last day.
fn gather_from<E>(
    first: u64,
    grouping: &mut Grouping,
    joined: &mut Joined,
    touched: &BTreeSet<u64>,
    articles: &mut dyn FnMut(u64) -> Result<Vec<(u64, Sketch)>, E>,
) -> Result<u64, E> {
    let (mut day, mut calm) = (first, 0);
    loop {
        let mut same = !touched.contains(&day);
        for (key, sketch) in articles(day)? {
            let before = match grouping.take(day, key, sketch) {
                Some(story) => joined.insert(key, story).is_some(),
                None => joined.remove(&key).is_none(),
            };
            same &= before;
        }
        calm = if same { calm + 1 } else { 0 };
        if day == 0 || calm >= DAYS_APART {
            return Ok(day);
        }
        day += 1;
    }
}
