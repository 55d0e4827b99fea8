//! A searchable full-text archive of geopolitical articles: text, dates, actors, and who said what.
//!
//! The map, in reading order. Data flows one way and imports climb down only:
//!
//! ```text
//! corpus file -> corpus -> Article -> extract -> Facts -> engine Writer -> index/
//! query text  -> query  -> Query   -> engine search x rank -> Hits -> present -> terminal | JSON | CSV
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// Floor 0: words. Plain data, no I/O, no engine, no clock.
pub mod article;
pub mod catalogue;
pub mod date;
pub mod error;
pub mod facts;
pub mod field;
pub mod hits;
pub mod text;

// Floor 1: makers. Pure functions, strangers to one another.
pub mod analysis;
pub mod extract;
pub mod present;
pub mod query;
pub mod rank;
pub mod story;

// Floor 2: hands. All I/O, each behind one door.
pub mod corpus;
pub mod engine;

// Floor 3: work.
pub mod archive;

// Floor 4: doors.
pub mod cli;
