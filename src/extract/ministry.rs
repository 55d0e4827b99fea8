//! Ministries and agencies that every state has: a pattern and a country make an organisation.
//!
//! `Norwegian foreign ministry`, `Norway's Foreign Ministry` and `Ministry of Foreign Affairs of Norway` are one actor,
//! `org:no.foreign-ministry`. Where `orgs.tsv` has the organisation under an id of its own, that id is used.

use rustc_hash::FxHashMap;

use crate::extract::lexicon::Lexicon;
use crate::extract::office::word_ids;
use crate::extract::table::{TableError, rows};
use crate::extract::trie::Trie;
use crate::extract::vocabulary::Vocabulary;
use crate::facts::ActorKind;

/// A sort of ministry or agency.
#[derive(Debug, Clone)]
pub struct Ministry {
    /// `foreign-ministry`
    pub id: String,
    /// What sort of actor.
    pub kind: ActorKind,
    /// `Foreign Ministry`
    pub name: String,
    /// Whether it also counts without a country.
    pub bare: bool,
}

/// All sorts with the trie of their patterns.
#[derive(Debug, Default)]
pub struct Ministries {
    /// The sorts.
    pub list: Vec<Ministry>,
    /// Their patterns.
    pub patterns: Trie<u16>,
    /// Organisations of the lexicon by sort and country.
    known: FxHashMap<(u16, String), u32>,
    /// The sort of an organisation of the lexicon.
    sorts: FxHashMap<u32, u16>,
}

impl Ministries {
    /// Reads `ministries.tsv`.
    pub fn parse(text: &str, lexicon: &Lexicon, words: &mut Vocabulary) -> Result<Self, TableError> {
        let mut ministries = Self::default();
        for row in rows("ministries.tsv", text, &["id", "kind", "name", "patterns", "bare", "known"])? {
            let number = ministries.list.len() as u16;
            let kind = ActorKind::from_name(row.needed(1)?).ok_or_else(|| row.error("no kind of actor"))?;
            let bare = match row.needed(4)? {
                "yes" => true,
                "no" => false,
                other => return Err(row.error(format!("`{other}` is neither yes nor no"))),
            };
            let (id, name) = (row.needed(0)?.to_owned(), row.needed(2)?.to_owned());
            ministries.list.push(Ministry { id, kind, name, bare });
            row.list(3).for_each(|pattern| ministries.patterns.insert(&word_ids(pattern, words), number));
            for id in row.list(5) {
                let actor = lexicon.find(id).ok_or_else(|| row.error(format!("no table has `{id}`")))?;
                let country = lexicon.actors[actor as usize].country.clone();
                let country = country.ok_or_else(|| row.error(format!("`{id}` has no country")))?;
                ministries.known.entry((number, country)).or_insert(actor);
                ministries.sorts.entry(actor).or_insert(number);
            }
        }
        Ok(ministries)
    }

    /// The organisation of the lexicon that is this sort of ministry in this country.
    pub fn known(&self, sort: u16, country: &str) -> Option<u32> {
        self.known.get(&(sort, country.to_owned())).copied()
    }

    /// The sort of an organisation of the lexicon.
    pub fn sort_of(&self, known: u32) -> Option<u16> {
        self.sorts.get(&known).copied()
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::tables::Tables;

    #[test]
    fn a_pattern_makes_no_second_id() {
        let tables = Tables::builtin();
        let ministries = &tables.ministries;
        for known in &tables.lexicon.actors {
            let Some((country, rest)) = known.id.strip_prefix("org:").and_then(|id| id.split_once('.')) else {
                continue;
            };
            let Some(sort) = ministries.list.iter().position(|ministry| ministry.id == rest) else { continue };
            let listed = ministries.known(sort as u16, &country.to_ascii_uppercase());
            assert!(listed.is_some(), "{} is not listed under {rest} in ministries.tsv", known.id);
        }
    }
}
