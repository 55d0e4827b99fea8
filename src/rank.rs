//! Relevance × date, as one documented formula.
//!
//! `score = relevance × (floor + (1 − floor) × 0.5^(max(0, |as_of − published| − offset) / half_life))`
//!
//! The product keeps BM25's own scale, so a question of any length feels its date alike; the floor keeps a perfect
//! old match from sinking below a poor new one. The distance has no sign: a typo that puts a date in the future
//! sinks, it cannot win. `as_of` is the newest plausible article of the archive unless it is given, never the wall
//! clock, so that an archive of 2022 ranks today as it did then. docs/ranking.md has every constant with its reason.

use crate::date::{Date, Day};

/// How much of its relevance an article keeps however old it is.
pub const FLOOR: f32 = 0.3;

/// Days around `as_of` in which age does not count yet.
pub const OFFSET_DAYS: u32 = 30;

/// Days after the offset in which what is above the floor halves.
pub const HALF_LIFE_DAYS: f32 = 365.25;

/// How often a word of the headline counts beside the same word in the text, where a plain word is asked; a whole
/// number, because it is counted when the article is indexed, as in BM25F.
pub const TITLE_COUNT: u32 = 2;

/// How much a phrase, pattern or misspelling in the headline counts beside the same in the text.
pub const TITLE_BOOST: f32 = 1.6;

/// How much a phrase, pattern or misspelling counts that is in a name of an actor, whatever name the text uses.
pub const ACTOR_BOOST: f32 = 0.4;

/// How much a word counts on top when it stands in the very inflection that was asked for.
pub const FORM_BOOST: f32 = 0.68;

/// How much more a rare word of a question counts than a common one, beyond what BM25 says: the exponent of a word's
/// rarity (idf) beside that of the rarest word. 0 leaves BM25 as it is.
pub const RARITY: f32 = 0.3;

/// How much two words that are both asked for count on top when they stand side by side as asked.
pub const PAIR_BOOST: f32 = 0.2;

/// From this many plain words on, a question of which any word is enough learns from its own best answers.
pub const FEEDBACK_WORDS: usize = 3;

/// How many of the best answers it learns from.
pub const FEEDBACK_ARTICLES: usize = 6;

/// Of how many bytes of each: the beginning of an article says what it is about, and a dump of megabytes is none.
pub const FEEDBACK_BYTES: usize = 64 << 10;

/// How many of their words it takes.
pub const FEEDBACK_TERMS: usize = 30;

/// How much all words that were learnt count together, beside a question's own.
pub const FEEDBACK_WEIGHT: f32 = 0.25;

/// How many of the best answers are put in order again by what was learnt.
pub const FEEDBACK_DEPTH: usize = 1000;

/// How many words of an article are asked of the others to find those like it.
pub const SIMILAR_TERMS: usize = 25;

/// The most that BM25 gives to one word, as a multiple of its idf: k1 + 1.
pub const SATURATION: f32 = 2.2;

/// How many bits of a score are noise: the same words summed in another order differ in the last bits.
const NOISE_BITS: u32 = 11;

/// A score without its noise: scores that differ by less than a four-thousandth are one, and the date decides. A list
/// is so the same however it was found, in any order of words and segments. Positive numbers only.
pub fn settled(score: f32) -> f32 {
    let half = 1 << (NOISE_BITS - 1);
    f32::from_bits((score.max(0.0).to_bits() + half) & !(2 * half - 1))
}

/// The weight of a word of a question: `(idf / idf of the rarest word) ^ RARITY`, between 0 and 1.
pub fn rarity(idf: f32, rarest: f32) -> f32 {
    if idf > 0.0 && rarest > 0.0 { (idf / rarest).min(1.0).powf(RARITY) } else { 1.0 }
}

/// BM25's inverse document frequency of a term that `having` of `all` documents have.
pub fn idf(having: u64, all: u64) -> f32 {
    let (having, all) = (having as f32, (all as f32).max(having as f32));
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// How the hits are ordered. Ties are broken by date, newest first, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Relevance and date, by the formula above.
    #[default]
    Blend,
    /// Relevance alone.
    Relevance,
    /// Newest first, undated last.
    Newest,
    /// Oldest first, undated last.
    Oldest,
}

impl Sort {
    /// Whether the order is one of dates alone.
    pub fn is_by_date(self) -> bool {
        matches!(self, Self::Newest | Self::Oldest)
    }
}

/// Everything that decides the order of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// What the list is sorted by.
    pub sort: Sort,
    /// Between 0 (only the date counts beside the match) and 1 (the date does not count).
    pub floor: f32,
    /// In days, above 0.
    pub half_life_days: f32,
    /// In days.
    pub offset_days: u32,
    /// Whether a long question of which any word is enough learns from its own best answers.
    pub feedback: bool,
    /// The day that ages are counted from; `None` takes the newest plausible article of the archive.
    pub as_of: Option<Day>,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            sort: Sort::Blend,
            floor: FLOOR,
            half_life_days: HALF_LIFE_DAYS,
            offset_days: OFFSET_DAYS,
            feedback: false,
            as_of: None,
        }
    }
}

impl Ranking {
    /// How much of its relevance an article of this date keeps, between the floor and 1; the floor when undated.
    pub fn recency(&self, published: Option<Date>, as_of: Day) -> f32 {
        match published {
            Some(date) => self.decay(date.middle().since(as_of).unsigned_abs()),
            None => self.floor,
        }
    }

    /// How much an article this many days from `as_of` keeps, between the floor and 1; never rises with distance.
    pub fn decay(&self, distance_days: u32) -> f32 {
        let late = distance_days.saturating_sub(self.offset_days) as f32;
        self.floor + (1.0 - self.floor) * 0.5f32.powf(late / self.half_life_days)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_formula() {
        let ranking = Ranking { half_life_days: 100.0, ..Ranking::default() };
        let check = |days: u32, expected: f32| assert!((ranking.decay(days) - expected).abs() < 1e-6, "{days}");
        check(0, 1.0);
        check(30, 1.0);
        check(130, 0.65);
        check(230, 0.475);
        check(u32::MAX, 0.3);
    }

    #[test]
    fn future_dates_sink_and_undated_articles_get_the_floor() {
        let ranking = Ranking::default();
        let as_of: Day = "2022-06-01".parse().unwrap();
        let recency = |date: &str| ranking.recency(Some(date.parse().unwrap()), as_of);
        assert_eq!(recency("2022-06-01"), 1.0);
        assert!(recency("2220-06-01") < 0.31);
        assert_eq!(recency("2021-06-01"), recency("2023-06-01"));
        assert_eq!(ranking.recency(None, as_of), FLOOR);
    }

    #[test]
    fn noise_makes_no_difference() {
        assert_eq!(settled(12.345_678), settled(12.345_679));
        assert_ne!(settled(12.3), settled(12.31));
        assert_eq!(settled(0.0), 0.0);
        for score in [0.01f32, 1.0, 7.7, 123.4] {
            assert!((settled(score) / score - 1.0).abs() < 2e-4, "{score}");
        }
    }

    proptest! {
        #[test]
        fn recency_lies_between_the_floor_and_one(days in any::<u32>(), floor in 0.0f32..=1.0, half_life in 0.1f32..1e6) {
            let ranking = Ranking { floor, half_life_days: half_life, ..Ranking::default() };
            let now = ranking.decay(days);
            prop_assert!((floor - 1e-6..=1.0 + 1e-6).contains(&now));
            prop_assert!(ranking.decay(days.saturating_add(1)) <= now);
        }
    }
}
