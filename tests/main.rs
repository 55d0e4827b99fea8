//! The program tested from outside, in one binary: folders are written, the program is run, its answers are read.
//!
//! One concern has one file; unit tests stand under the code they test. `harness` is the folder and the run, `tidy`
//! reads the source and holds the house to its rules. Goldens live in `data/` and are refreshed with
//! `UPDATE_GOLDENS=1 cargo test --test main`; read the difference before you accept it.

mod actors;
mod cases;
mod commands;
mod crash;
mod damage;
mod export;
mod extraction;
mod facets;
mod folding;
mod forget;
mod guide;
mod harness;
mod held_back;
mod malformed;
mod nightly;
mod ranking;
mod runs;
mod search;
mod settings;
mod stories;
mod tagger;
mod terminal;
mod tidy;
