//! What adds to the score of an article that has the words: their very form, and words side by side.
//!
//! None of it decides whether an article matches, and none of it can add more than is known beforehand. So a ranked list
//! walks the words alone, and looks for the rest only where the most that it could add would change the list.

use std::cell::OnceCell;

use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader};

use super::clause::{Clause, meets};
use super::near::{Places, Positional, PositionalWeight};

/// What may add to the score of a match.
pub enum Extra {
    /// Any clause that scores.
    Clause(Clause),
    /// Words at certain places, with how much they count.
    Placed(Positional, Score),
}

/// The most that all extras of a question can add to what its words give.
#[derive(Debug, Clone, Copy)]
pub struct Ceiling {
    /// As a multiple of what the words give, at least 1.
    pub times: Score,
    /// On top of that.
    pub plus: Score,
}

impl Default for Ceiling {
    fn default() -> Self {
        Self { times: 1.0, plus: 0.0 }
    }
}

impl Ceiling {
    /// The most that a match can come to whose words give `base`.
    pub fn over(self, base: Score) -> Score {
        base * self.times + self.plus
    }

    /// What the words of a match must give for it to come to `whole`.
    pub fn under(self, whole: Score) -> Score {
        (whole - self.plus) / self.times
    }
}

/// The extras of a question, weighed when the first one is asked for: many lists never ask.
pub struct Bonus<'a> {
    /// The extras.
    pub extras: Vec<Extra>,
    /// The most that they can add.
    pub ceiling: Ceiling,
    /// What they are weighed by.
    pub scoring: EnableScoring<'a>,
    /// Empty at first.
    pub weighed: OnceCell<Vec<Weighed>>,
}

/// An [`Extra`] with its weight in one state of the index.
pub enum Weighed {
    /// Of any clause.
    Clause(Box<dyn Weight>),
    /// Of words at certain places.
    Placed(Box<PositionalWeight>, Score),
}

impl Bonus<'_> {
    fn weighed(&self) -> tantivy::Result<&[Weighed]> {
        if let Some(weighed) = self.weighed.get() {
            return Ok(weighed);
        }
        let weigh = |extra: &Extra| {
            Ok(match extra {
                Extra::Clause(clause) => Weighed::Clause(clause.weight(self.scoring)?),
                Extra::Placed(positional, boost) => Weighed::Placed(Box::new(positional.weigh(self.scoring)?), *boost),
            })
        };
        let weighed = self.extras.iter().map(weigh).collect::<tantivy::Result<_>>()?;
        Ok(self.weighed.get_or_init(|| weighed))
    }
}

/// The extras in one segment, asked in the order of its documents.
pub struct Extras<'a> {
    bonus: &'a Bonus<'a>,
    reader: &'a SegmentReader,
    opened: Option<Vec<Opened>>,
}

enum Opened {
    Clause(Box<dyn Scorer>),
    Placed(Box<Places>),
}

impl<'a> Extras<'a> {
    /// The extras in a segment.
    pub fn new(bonus: &'a Bonus<'a>, reader: &'a SegmentReader) -> Self {
        Self { bonus, reader, opened: None }
    }

    /// What they add to the score of `doc`.
    pub fn score(&mut self, doc: DocId) -> tantivy::Result<Score> {
        if self.bonus.extras.is_empty() {
            return Ok(0.0);
        }
        let opened = match self.opened.take() {
            Some(opened) => opened,
            None => self.bonus.weighed()?.iter().map(|one| open(one, self.reader)).collect::<tantivy::Result<_>>()?,
        };
        let opened = self.opened.insert(opened);
        Ok(opened.iter_mut().map(|one| one.score(doc)).sum())
    }
}

fn open(weight: &Weighed, reader: &SegmentReader) -> tantivy::Result<Opened> {
    Ok(match weight {
        Weighed::Clause(weight) => Opened::Clause(weight.scorer(reader, 1.0)?),
        Weighed::Placed(weight, boost) => Opened::Placed(Box::new(weight.places(reader, *boost)?)),
    })
}

impl Opened {
    fn score(&mut self, doc: DocId) -> Score {
        match self {
            Self::Clause(scorer) => {
                if meets(scorer.as_mut(), doc) {
                    scorer.score()
                } else {
                    0.0
                }
            }
            Self::Placed(places) => match places.count(doc) {
                0 => 0.0,
                found => places.score(doc, found),
            },
        }
    }
}
