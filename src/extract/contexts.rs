//! Words that tell by standing beside a name what the name means, in lists by use; read from `contexts.tsv`.

use rustc_hash::FxHashSet;

use crate::extract::table::{TableError, rows};
use crate::extract::vocabulary::key;

/// What the words of a list tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// Before a place: `in Oslo`, `downtown Oslo`.
    BeforePlace,
    /// Before `to` and a place: `flew to Oslo`.
    Motion,
    /// Before `on` and a place: `drone attacks on Oslo`.
    Attack,
    /// Before `of` and a place: `the outskirts of Oslo`.
    Part,
    /// Behind a place: `the Oslo airport`.
    BehindPlace,
    /// Behind a country that is a currency's: `U.S. dollars`.
    Money,
    /// Behind a name that is a company's: `Norway Fund`.
    Company,
    /// A name and a word behind it that make a thing of both: `Turkey sandwiches`.
    Thing,
}

/// The lists.
#[derive(Debug, Default)]
pub struct Contexts {
    words: FxHashSet<(List, u64)>,
}

impl Contexts {
    /// Reads `contexts.tsv`.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut contexts = Self::default();
        for row in rows("contexts.tsv", text, &["list", "words"])? {
            let name = row.needed(0)?;
            let (list, thing) = match name {
                "before-place" => (List::BeforePlace, 0),
                "motion" => (List::Motion, 0),
                "attack" => (List::Attack, 0),
                "part" => (List::Part, 0),
                "behind-place" => (List::BehindPlace, 0),
                "money" => (List::Money, 0),
                "company" => (List::Company, 0),
                _ => match name.strip_prefix("thing:") {
                    Some(thing) => (List::Thing, key(thing)),
                    None => return Err(row.error(format!("`{name}` is no list"))),
                },
            };
            contexts.words.extend(row.list(1).map(|word| (list, pair(thing, key(word)))));
        }
        Ok(contexts)
    }

    /// Whether the word with this key is in the list.
    pub fn has(&self, list: List, word: u64) -> bool {
        self.words.contains(&(list, pair(0, word)))
    }

    /// Whether these two words together name a thing.
    pub fn is_thing(&self, name: u64, next: u64) -> bool {
        self.words.contains(&(List::Thing, pair(name, next)))
    }
}

fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(17) ^ second
}
