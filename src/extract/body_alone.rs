//! Bodies whose name leaves their state out: `the Supreme Court`, `the National Assembly`, in an article that says of
//! which country it speaks.

use crate::extract::bodies::head_key;
use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::name::{Name, Names};
use crate::extract::tables::Tables;
use crate::facts::ActorKind;
use crate::text::slug;

/// States to ask at most; an article that names more of them is about none.
const STATES: usize = 12;

/// Names to look back over for a state.
const REACH: usize = 200;

/// What a body found without its state is sure by.
const SURE: f32 = 0.6;

/// Gives bodies named without a state to the only state of the article that has one, else to the state last named.
pub fn settle(doc: &Doc, names: &mut Names, cast: &mut Cast, tables: &Tables) {
    let alone = |name: &Name, cast: &Cast| {
        let actor = &cast.get(name.actor).actor;
        name.rule == "org-last" && name.tokens.len() > 1 && actor.country.is_none() && actor.id.starts_with("org:")
    };
    if !names.list.iter().any(|name| alone(name, cast)) {
        return;
    }
    let states = states(names, cast);
    for number in 0..names.list.len() {
        if !alone(&names.list[number], cast) {
            continue;
        }
        let head = &doc.tokens[names.list[number].tokens.clone()];
        let tail = slug(doc.slice(names.list[number].tokens.clone()));
        let body = |country: &str, cast: &mut Cast| {
            let known = tables.bodies.get(&head_key(country, doc.text, head)).copied();
            let known = known.map(|known| cast.add_known(known, tables));
            known.or_else(|| cast.find(&format!("org:{}.{tail}", country.to_lowercase())))
        };
        let mut found: Vec<(&str, u32)> = Vec::new();
        for country in &states {
            found.extend(body(country, cast).map(|actor| (country.as_str(), actor)));
        }
        let actor = match found.as_slice() {
            [(_, only)] => Some(*only),
            [] => None,
            several => {
                let last = last_named(names, cast, number, several);
                several.iter().find(|(country, _)| Some(*country) == last).map(|(_, actor)| *actor)
            }
        };
        if let Some(actor) = actor {
            let name = &mut names.list[number];
            (name.actor, name.rule, name.confidence) = (actor, "body-alone", SURE);
        }
    }
}

/// The states of the article, if they are few.
fn states(names: &Names, cast: &Cast) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    for name in &names.list {
        let actor = &cast.get(name.actor).actor;
        let kinds = [ActorKind::State, ActorKind::Government, ActorKind::Place, ActorKind::Region, ActorKind::Ministry];
        let Some(country) = actor.country.as_ref().filter(|_| kinds.contains(&actor.kind)) else { continue };
        if !states.contains(country) {
            states.push(country.clone());
        }
        if states.len() > STATES {
            return Vec::new();
        }
    }
    states
}

/// Which of these countries was named last before the name with this number.
fn last_named<'a>(names: &Names, cast: &Cast, number: usize, several: &[(&'a str, u32)]) -> Option<&'a str> {
    names.list[..number].iter().rev().take(REACH).find_map(|name| {
        let country = cast.get(name.actor).actor.country.as_deref()?;
        several.iter().map(|(code, _)| *code).find(|code| *code == country)
    })
}
