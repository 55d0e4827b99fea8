//! A tagger for names that no table knows, trained by the user on texts of their own; nothing trained is compiled in.
//!
//! It looks at runs of capitals that the tables do not explain as a whole, and gives every word of a run a label: outside
//! of names, first word of a name of some kind, later word of one. What the tables and rules read there is among what it
//! sees, so it learns where to trust them. All numbers are whole ones: a model finds the same on every machine.
//!
//! ```text
//! run       which words are looked at
//! sight     what is seen of each of them
//! path      the best labels for a run
//! learn     an averaged perceptron
//! model     weights, and the file they lie in
//! train     a user's examples in, a model and its figures out
//! ```

mod learn;
mod model;
mod path;
mod run;
mod sight;
#[cfg(test)]
mod tests;
mod train;

pub use self::model::{FILE, Model};
pub use self::run::{Reading, Readings, runs};
pub use self::sight::Sight;
pub use self::train::{Counts, Example, Score, Trained, train};
