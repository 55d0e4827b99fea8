//! States and organisations named inside the names of their bodies: `Norwegian` in `Norwegian Foreign Ministry`, `the
//! United Nations` in `United Nations General Assembly`. The longer name is what is meant; the shorter is still named.

use std::ops::Range;

use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::name::{Name, Names};
use crate::extract::tables::Tables;
use crate::facts::{ActorKind, Form};

/// Names inside names, in the order of the text.
pub fn find(doc: &Doc, names: &Names, cast: &mut Cast, tables: &Tables) -> Vec<Name> {
    let mut found = Vec::new();
    for name in names.list.iter().filter(|name| name.tokens.len() > 1) {
        let whole = &cast.get(name.actor).actor;
        let (kind, country) = (whole.kind, whole.country.as_deref());
        let bodies = [ActorKind::Government, ActorKind::Ministry, ActorKind::Court, ActorKind::Igo, ActorKind::Region];
        if !bodies.contains(&kind) || kind == ActorKind::Region && !doc.tokens[name.tokens.start].is_lower() {
            continue;
        }
        let Some((tokens, known, form)) = inner(doc, name.tokens.clone(), country, tables) else { continue };
        let actor = cast.add_known(known, tables);
        if actor != name.actor {
            found.push(Name { tokens, actor, form, confidence: name.confidence, rule: "inside", person: false });
        }
    }
    found
}

/// The state, or the organisation, that a name begins with, or ends with behind `of`.
fn inner(doc: &Doc, whole: Range<usize>, country: Option<&str>, tables: &Tables) -> Option<(Range<usize>, u32, Form)> {
    let last = (whole.start + 1..whole.end).rev().find(|&at| doc.reads(at, "of"));
    let begin = whole.start + usize::from(doc.reads(whole.start, "the"));
    let lower = doc.tokens[begin].is_lower();
    let starts = [Some(begin + usize::from(lower)), last.map(|of| of + 1), last.map(|of| of + 2)];
    starts.into_iter().flatten().filter(|&at| at < whole.end).find_map(|at| {
        let mut best = None;
        tables.lexicon.names.each(doc.tokens[at..whole.end].iter().map(|token| token.word), |length, senses| {
            let end = at + length;
            let placed = if at == begin { end < whole.end } else { end == whole.end };
            let sense = senses.iter().find(|sense| {
                let known = &tables.lexicon.actors[sense.actor as usize];
                let parent = match known.kind {
                    ActorKind::State => known.country.as_deref() == country,
                    ActorKind::Igo => country.is_none() && length > 1,
                    _ => false,
                };
                parent && !sense.doubtful && sense.fits(&doc.tokens[at..end], false)
            });
            best = sense.filter(|_| placed).map(|sense| (at..end, sense.actor, sense.form)).or(best.take());
        });
        best
    })
}
