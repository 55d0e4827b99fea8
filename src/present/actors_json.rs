//! Actors of the tables as JSON; see `json.rs` for why shapes are mirrored.

use std::io::{self, Write};

use serde::Serialize;

use super::json::write;
use crate::facts::TableActor;

/// Writes one actor of the tables, without a line end.
pub(super) fn actor(out: &mut dyn Write, actor: &TableActor) -> io::Result<()> {
    let name = |name: &'_ crate::facts::TableName| NameShape {
        text: name.text.clone(),
        form: name.form.name(),
        ambiguous: name.ambiguous,
        origin: name.origin.clone(),
    };
    let order = actor.gender.is_some() || actor.id.starts_with("person:");
    write(
        out,
        &ActorShape {
            id: &actor.id,
            kind: actor.kind.name(),
            name: &actor.name,
            country: actor.country.as_deref(),
            parent: actor.parent.as_deref(),
            gender: actor.gender,
            order: order.then_some(if actor.family_first { "family-first" } else { "given-first" }),
            names: actor.names.iter().map(name).collect(),
            origin: &actor.origin,
            changes: actor.changes.iter().map(|(what, origin)| ChangeShape { what, origin }).collect(),
            articles: actor.articles,
        },
    )
}

#[derive(Serialize)]
struct ActorShape<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    country: Option<&'a str>,
    parent: Option<&'a str>,
    gender: Option<&'static str>,
    order: Option<&'static str>,
    names: Vec<NameShape>,
    origin: &'a str,
    changes: Vec<ChangeShape<'a>>,
    articles: Option<u64>,
}

#[derive(Serialize)]
struct NameShape {
    text: String,
    form: &'static str,
    ambiguous: bool,
    origin: String,
}

#[derive(Serialize)]
struct ChangeShape<'a> {
    what: &'a str,
    origin: &'a str,
}
