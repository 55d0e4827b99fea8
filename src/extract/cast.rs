//! The actors of one article, with the links between their names.
//!
//! A person is known by the keys of the words of the longest name; a shorter name joins the person it is the end of
//! (`Doe` joins `Jane Doe`), any part of it where the family name stands first (`Jinping` joins `Xi Jinping`).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::extract::lexicon::{Gender, Known};
use crate::extract::ministry::Ministry;
use crate::extract::tables::Tables;
use crate::extract::vocabulary::name_keys as keys;
use crate::facts::{Actor, ActorKind, Mention};
use crate::text::slug;

/// An actor in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What will be emitted; its mentions are filled in at the end.
    pub actor: Actor,
    /// The sex of a person, once something tells it.
    pub gender: Option<Gender>,
    /// Keys of the words of a person's name, without initials.
    pub keys: Vec<u64>,
    /// Whether the family name stands first.
    pub family_first: bool,
    /// The sort of a ministry that a pattern made, by its place in `ministries.tsv`.
    pub sort: Option<u16>,
}

/// All actors of an article.
#[derive(Debug, Default)]
pub struct Cast {
    /// The actors.
    pub drafts: Vec<Draft>,
    ids: FxHashMap<String, u32>,
    /// Persons by the key of a word that alone can name them.
    surnames: FxHashMap<u64, Vec<u32>>,
}

impl Cast {
    /// The actor with this index.
    pub fn get(&self, actor: u32) -> &Draft {
        &self.drafts[actor as usize]
    }

    /// The actor with this id.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// The actor of the tables with this number, added when it is new.
    pub fn add_known(&mut self, number: u32, tables: &Tables) -> u32 {
        let known = &tables.lexicon.actors[number as usize];
        if let Some(&found) = self.ids.get(&known.id) {
            return found;
        }
        let keys = if known.kind == ActorKind::Person { keys(&known.name) } else { Vec::new() };
        self.push(Draft {
            actor: actor_of(known),
            gender: known.gender,
            keys,
            family_first: known.family_first,
            sort: None,
        })
    }

    /// A person under this name, joined with one that the name fits.
    pub fn add_person(&mut self, name: &str, family_first: bool, gender: Option<Gender>) -> u32 {
        let keys = keys(name);
        if let Some(found) = self.fitting(&keys) {
            let draft = &mut self.drafts[found as usize];
            draft.gender = draft.gender.or(gender);
            return found;
        }
        let id = format!("person:{}", slug(name));
        if let Some(&found) = self.ids.get(&id) {
            return found;
        }
        let actor = blank(id, ActorKind::Person, name);
        self.push(Draft { actor, gender, keys, family_first, sort: None })
    }

    /// An organisation that no table knows.
    pub fn add_body(&mut self, name: &str, kind: ActorKind, country: Option<String>) -> u32 {
        let id = format!("org:{}", slug(name));
        if let Some(&found) = self.ids.get(&id) {
            return found;
        }
        let mut actor = blank(id, kind, name);
        actor.country = country;
        self.push(Draft { actor, gender: None, keys: Vec::new(), family_first: false, sort: None })
    }

    /// A body of a state that no table knows, under an id made of both.
    pub fn add_state_body(&mut self, id: String, name: &str, kind: ActorKind, country: &str) -> u32 {
        if let Some(&found) = self.ids.get(&id) {
            return found;
        }
        let mut actor = blank(id, kind, name);
        actor.country = Some(country.to_owned());
        actor.parent = Some(format!("gov:{country}"));
        self.push(Draft { actor, gender: None, keys: Vec::new(), family_first: false, sort: None })
    }

    /// A place or region that no table knows.
    pub fn add_land(&mut self, name: &str, kind: ActorKind, country: Option<String>) -> u32 {
        let id = format!("{}:{}", if kind == ActorKind::Region { "region" } else { "place" }, slug(name));
        if let Some(&found) = self.ids.get(&id) {
            return found;
        }
        let mut actor = blank(id, kind, name);
        actor.country = country;
        self.push(Draft { actor, gender: None, keys: Vec::new(), family_first: false, sort: None })
    }

    /// A ministry or agency that a pattern and a country make; without a country it is nobody's in particular.
    pub fn add_ministry(&mut self, ministry: &Ministry, sort: u16, country: Option<&str>, state: Option<&str>) -> u32 {
        let id = match country {
            Some(code) => format!("org:{}.{}", code.to_ascii_lowercase(), ministry.id),
            None => format!("org:{}", ministry.id),
        };
        if let Some(&found) = self.ids.get(&id) {
            return found;
        }
        let name = state.map_or(ministry.name.clone(), |state| format!("{} of {state}", ministry.name));
        let mut actor = blank(id, ministry.kind, &name);
        actor.country = country.map(str::to_owned);
        actor.parent = country.map(|code| format!("gov:{code}"));
        self.push(Draft { actor, gender: None, keys: Vec::new(), family_first: false, sort: Some(sort) })
    }

    /// Makes a person of the article the one of the tables; returns where it is now.
    pub fn adopt(&mut self, actor: u32, number: u32, tables: &Tables) -> u32 {
        let known = &tables.lexicon.actors[number as usize];
        if let Some(&found) = self.ids.get(&known.id) {
            return found;
        }
        self.ids.insert(known.id.clone(), actor);
        let draft = &mut self.drafts[actor as usize];
        let roles = std::mem::take(&mut draft.actor.roles);
        draft.actor = Actor { roles, ..actor_of(known) };
        draft.gender = known.gender.or(draft.gender);
        draft.keys = keys(&known.name);
        draft.family_first = known.family_first;
        self.name_by_keys(actor);
        actor
    }

    fn push(&mut self, draft: Draft) -> u32 {
        let number = self.drafts.len() as u32;
        self.ids.insert(draft.actor.id.clone(), number);
        self.drafts.push(draft);
        self.name_by_keys(number);
        number
    }

    /// Notes the words that alone can name a person.
    fn name_by_keys(&mut self, number: u32) {
        let draft = &self.drafts[number as usize];
        let naming: &[u64] = match draft.keys.as_slice() {
            [] => &[],
            all if draft.family_first => all,
            [.., last] => std::slice::from_ref(last),
        };
        for key in naming {
            let list = self.surnames.entry(*key).or_default();
            // Hostile texts repeat a name without end; nobody tells more namesakes than this apart.
            if list.len() < 8 && !list.contains(&number) {
                list.push(number);
            }
        }
    }

    /// Persons that this one word can name.
    pub fn by_surname(&self, key: u64) -> &[u32] {
        self.surnames.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The person that a name of these words belongs to.
    pub fn fitting(&self, keys: &[u64]) -> Option<u32> {
        let mut fits = keys.iter().flat_map(|key| self.by_surname(*key)).copied().filter(|&n| self.fits(n, keys));
        let first = fits.next()?;
        fits.all(|other| other == first).then_some(first)
    }

    /// Whether these words are a person's whole name, its end, or its first and last word.
    fn fits(&self, number: u32, keys: &[u64]) -> bool {
        let draft = self.get(number);
        let full = draft.keys.as_slice();
        if full.len() < keys.len() {
            return keys.len() - full.len() <= 2 && full.len() >= 2 && ends_meet(full, keys);
        }
        full.ends_with(keys)
            || (draft.family_first && keys.iter().all(|key| full.contains(key)))
            || ends_meet(full, keys)
    }

    /// Adds a role in the article's words, once.
    pub fn add_role(&mut self, actor: u32, role: &str) {
        let roles = &mut self.drafts[actor as usize].actor.roles;
        if roles.len() < 8 && !role.is_empty() && !roles.iter().any(|known| known.eq_ignore_ascii_case(role)) {
            roles.push(role.to_owned());
        }
    }

    /// The finished actors: those that are mentioned, in the order of first mention.
    pub fn finish(mut self, mentions: Vec<(u32, Mention)>) -> Vec<Actor> {
        for (actor, mention) in mentions {
            self.drafts[actor as usize].actor.mentions.push(mention);
        }
        let mut actors: Vec<Actor> =
            self.drafts.into_iter().map(|draft| draft.actor).filter(|actor| !actor.mentions.is_empty()).collect();
        for actor in &mut actors {
            actor.mentions.sort_by_key(|mention| (mention.span.start, mention.span.end));
            actor.mentions.dedup_by_key(|mention| mention.span);
        }
        actors.sort_by_key(|actor| actor.mentions[0].span.start);
        actors
    }
}

/// First and last word agree (`Jane Q. Doe`, `Jane Doe`).
fn ends_meet(full: &[u64], keys: &[u64]) -> bool {
    keys.len() >= 2 && full.len() >= 2 && full.first() == keys.first() && full.last() == keys.last()
}

fn blank(id: String, kind: ActorKind, name: &str) -> Actor {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    Actor {
        id,
        kind,
        name,
        aliases: Arc::default(),
        country: None,
        parent: None,
        roles: Vec::new(),
        mentions: Vec::new(),
    }
}

fn actor_of(known: &Known) -> Actor {
    Actor {
        id: known.id.clone(),
        kind: known.kind,
        name: known.name.clone(),
        aliases: known.aliases.clone(),
        country: known.country.clone(),
        parent: known.parent.clone(),
        roles: Vec::new(),
        mentions: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorter_names_join_longer_ones() {
        let mut cast = Cast::default();
        let jane = cast.add_person("Jane Q. Doe", false, Some(Gender::Female));
        let lin = cast.add_person("Lin Taohua", true, None);
        let check = |name: &str, expected: Option<u32>| assert_eq!(cast.fitting(&keys(name)), expected, "{name}");
        check("Doe", Some(jane));
        check("Jane Doe", Some(jane));
        check("Jane", None);
        check("John Doe", None);
        check("Taohua", Some(lin));
        check("Lin", Some(lin));
        assert_eq!(cast.add_person("Doe", false, None), jane);
        let john = cast.add_person("John Doe", false, None);
        assert_ne!(john, jane);
        assert_eq!(cast.fitting(&keys("Doe")), None);
    }
}
