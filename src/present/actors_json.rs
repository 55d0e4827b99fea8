//! Actors of the tables and of answers as JSON; see `json.rs` for why shapes are mirrored.

use std::io::{self, Write};

use serde::Serialize;

use super::facets::share_of;
use super::json::write;
use crate::facts::TableActor;
use crate::hits::{Cast, CastMember, FacetCount};

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

#[derive(Serialize)]
struct CastShape<'a> {
    value: &'a str,
    name: Option<&'a str>,
    articles: u64,
    share: f64,
    beside: Vec<BesideShape<'a>>,
}

#[derive(Serialize)]
struct BesideShape<'a> {
    value: &'a str,
    name: Option<&'a str>,
    articles: u64,
}

impl<'a> BesideShape<'a> {
    fn of(other: &'a FacetCount) -> Self {
        Self { value: &other.value, name: other.name.as_deref(), articles: other.articles }
    }
}

/// Writes who is in the answers, one object an actor: on lines of their own, or in one array.
pub(super) fn cast(out: &mut dyn Write, found: &Cast, array: bool) -> io::Result<()> {
    let open: &[u8] = if array { b"[" } else { b"" };
    out.write_all(open)?;
    for (at, CastMember { actor, beside }) in found.members.iter().enumerate() {
        if array && at > 0 {
            out.write_all(b",")?;
        }
        let shape = CastShape {
            value: &actor.value,
            name: actor.name.as_deref(),
            articles: actor.articles,
            share: (share_of(actor.articles, found.total) * 10_000.0).round() / 10_000.0,
            beside: beside.iter().map(BesideShape::of).collect(),
        };
        write(out, &shape)?;
        if !array {
            out.write_all(b"\n")?;
        }
    }
    let close: &[u8] = if array { b"]\n" } else { b"" };
    out.write_all(close)
}
