//! Stories: which articles are copies of one wire story, for lists that show it once.
//!
//! An article's text becomes a [`Sketch`] of fixed size when it is indexed; at a commit, [`Grouping`] puts the sketches
//! of the whole archive into families, or [`renew`] those around the days that changed. Nothing here knows an index:
//! days and keys are numbers to it.

mod grouping;
mod renew;
mod sketch;
#[cfg(test)]
mod tests;

pub use grouping::{Family, Grouping, Joined, families};
pub use renew::{Stirred, renew};
pub use sketch::{Likeness, Sketch};
