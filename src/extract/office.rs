//! Offices and what news call their holders: `the Russian foreign minister`, `the UN chief`, `the pope`.
//!
//! A title alone says little; with a state or an organisation beside it, it names an office, and `tenure.rs` knows who
//! held that office when.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::extract::lexicon::Lexicon;
use crate::extract::table::{Row, TableError, rows};
use crate::extract::token::cut;
use crate::extract::trie::Trie;
use crate::extract::vocabulary::{Vocabulary, WordId, key};

/// An office of one state or body, or of every state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Key of the state's code or the organisation's letters; `None` for every state.
    pub place: Option<u64>,
    /// What it is: `foreign-minister`.
    pub role: String,
    /// Whether one person holds it at a time.
    pub single: bool,
    /// Actors that stand before its title, by their number in the lexicon.
    bodies: Vec<u32>,
}

/// How a title names an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// With the state or the body.
    Placed,
    /// With the body only, not with the mere state.
    Embodied,
    /// Also without either.
    Alone,
    /// Beside a family name only.
    Beside,
}

/// One meaning of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    /// Which office, by its place in the table.
    pub office: u16,
    /// How it names it.
    pub usage: Use,
}

/// The state or organisation that a title stands with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Its number in the lexicon, if the tables know it.
    pub known: Option<u32>,
    /// Key of the code of a state, or of its government.
    pub state: Option<u64>,
}

/// All offices with the trie of their titles.
#[derive(Debug, Default)]
pub struct Offices {
    /// The offices.
    pub list: Vec<Office>,
    /// Their titles.
    pub titles: Trie<Title>,
    /// Offices by the keys of place and role; place 0 for every state.
    ids: FxHashMap<(u64, u64), u16>,
    /// Places that are organisations, so that no state's office is meant.
    bodies: FxHashSet<u32>,
}

impl Offices {
    /// Reads `offices.tsv`.
    pub fn parse(text: &str, lexicon: &Lexicon, words: &mut Vocabulary) -> Result<Self, TableError> {
        let mut offices = Self::default();
        for row in rows("offices.tsv", text, &["id", "bodies", "titles", "beside", "class", "holders"])? {
            let number = offices.list.len() as u16;
            let id = row.needed(0)?;
            let (place, role) = id.split_once('.').ok_or_else(|| row.error(format!("`{id}` has no dot")))?;
            let place = (place != "*").then(|| key(place));
            if offices.ids.insert((place.unwrap_or(0), key(role)), number).is_some() {
                return Err(row.error(format!("the id `{id}` is there twice")));
            }
            let single = match row.needed(5)? {
                "one" => true,
                "many" => false,
                other => return Err(row.error(format!("`{other}` is neither one nor many"))),
            };
            let bodies = bodies(&row, lexicon)?;
            offices.bodies.extend(&bodies);
            offices.list.push(Office { place, role: role.to_owned(), single, bodies });
            for title in row.list(2) {
                let (title, usage) = usage(title);
                offices.add_title(title, Title { office: number, usage }, words);
            }
            row.list(3).for_each(|title| offices.add_title(title, Title { office: number, usage: Use::Beside }, words));
        }
        Ok(offices)
    }

    fn add_title(&mut self, title: &str, meaning: Title, words: &mut Vocabulary) {
        for form in forms(title) {
            let ids = word_ids(&form, words);
            if !ids.is_empty() {
                self.titles.insert(&ids, meaning);
            }
        }
    }

    /// The office with this id, and the key of the country it goes to (`ambassador-to-cn`).
    pub fn find(&self, place: &str, role: &str) -> Option<(u16, u64)> {
        let (place, whole) = (key(place), key(role));
        if let Some(&number) = self.ids.get(&(place, whole)).or_else(|| self.ids.get(&(0, whole))) {
            return Some((number, 0));
        }
        let fits = |office: &Office, own: bool| {
            let (front, back) = office.role.split_once('*')?;
            let placed = if own { office.place == Some(place) } else { office.place.is_none() };
            let middle = role.strip_prefix(front)?.strip_suffix(back)?;
            (placed && !middle.is_empty()).then_some(middle)
        };
        [true, false].iter().find_map(|&own| {
            let mut all = self.list.iter().enumerate();
            all.find_map(|(number, office)| {
                let middle = fits(office, own)?;
                Some((number as u16, if office.role.ends_with('*') { key(middle) } else { 0 }))
            })
        })
    }

    /// Key of the place whose office the title names when it stands with this body, if it names one.
    pub fn placed(&self, title: Title, body: Body) -> Option<u64> {
        let office = &self.list[title.office as usize];
        if body.known.is_some_and(|known| office.bodies.contains(&known)) {
            return office.place.or(body.state);
        }
        let state = body.state.filter(|_| title.usage != Use::Embodied)?;
        match office.place {
            Some(place) => (place == state).then_some(state),
            // What a state has a row of its own for is not read from the row for all.
            None => (!self.ids.contains_key(&(state, key(&office.role)))).then_some(state),
        }
    }

    /// Whether offices are told of this actor of the lexicon.
    pub fn is_body(&self, known: u32) -> bool {
        self.bodies.contains(&known)
    }

    /// Whether the office needs the country it goes to behind its title.
    pub fn has_object(&self, office: u16) -> bool {
        self.list[office as usize].role.ends_with('*')
    }
}

fn bodies(row: &Row, lexicon: &Lexicon) -> Result<Vec<u32>, TableError> {
    row.list(1).map(|id| lexicon.find(id).ok_or_else(|| row.error(format!("no table has `{id}`")))).collect()
}

/// What the sign at the end of a title says.
fn usage(title: &str) -> (&str, Use) {
    if let Some(bare) = title.strip_suffix('!') {
        return (bare, Use::Alone);
    }
    title.strip_suffix('@').map_or((title, Use::Placed), |bare| (bare, Use::Embodied))
}

/// The title with its hyphens and without, for men, women and both.
fn forms(title: &str) -> Vec<String> {
    let mut found = vec![title.to_owned()];
    for (stem, others) in [
        ("spokesman", ["spokeswoman", "spokesperson", "mouthpiece"]),
        ("chairman", ["chairwoman", "chairperson", "chair"]),
    ] {
        if let Some(front) = title.strip_suffix(stem) {
            found.extend(others.iter().map(|other| format!("{front}{other}")));
        }
    }
    let blanks: Vec<String> =
        found.iter().filter(|form| form.contains('-')).map(|form| form.replace('-', " ")).collect();
    found.extend(blanks);
    found
}

/// The words of a phrase, added to the vocabulary.
pub fn word_ids(phrase: &str, words: &mut Vocabulary) -> Vec<WordId> {
    let mut tokens = Vec::new();
    cut(phrase, 0, phrase.len(), &Vocabulary::default(), &mut tokens);
    tokens.iter().map(|token| words.add(&phrase[token.start as usize..token.end as usize], 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tables::Tables;

    #[test]
    fn an_office_is_found_by_its_id() {
        let offices = &Tables::builtin().offices;
        let check = |id: &str, expected: Option<(&str, &str)>| {
            let (place, role) = id.split_once('.').unwrap();
            let found = offices.find(place, role);
            let found = found.map(|(number, object)| (offices.list[number as usize].role.as_str(), object));
            assert_eq!(
                found,
                expected.map(|(role, object)| (role, if object.is_empty() { 0 } else { key(object) })),
                "{id}"
            );
        };
        check("no.foreign-minister", Some(("foreign-minister", "")));
        check("us.secretary-of-state", Some(("secretary-of-state", "")));
        check("us.ambassador-to-cn", Some(("ambassador-to-*", "cn")));
        check("no.fisheries-minister", Some(("*-minister", "")));
        check("no.gatekeeper", None);
    }
}
