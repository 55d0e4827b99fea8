//! Whether a capital acts for its government or is a place on the map, by the words beside it.

use crate::extract::contexts::List;
use crate::extract::doc::Doc;
use crate::extract::evidence::Spot;
use crate::extract::tables::Tables;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

/// Whether a capital is meant as a place on the map.
pub fn is_location(doc: &Doc, spot: &Spot, tables: &Tables) -> bool {
    let sentence = doc.sentence(spot.from).start;
    let is = |list: List, at: Option<usize>| {
        at.filter(|&at| at >= sentence).is_some_and(|at| tables.contexts.has(list, doc.tokens[at].key))
    };
    let before = spot.from.checked_sub(1).filter(|&at| at >= sentence);
    let led = before.is_some_and(|at| {
        let list = match doc.str(at) {
            "to" => List::Motion,
            "on" => List::Attack,
            "of" => List::Part,
            _ => return false,
        };
        is(list, at.checked_sub(1))
    });
    is(List::BeforePlace, before) && !acts_with_another(doc, spot)
        || led
        || is_dateline(doc, spot)
        || is_part_of_more(doc, spot)
        || is_listed(doc, spot, before)
        || doc.tokens.get(spot.to).is_some_and(|next| next.is_lower() && is(List::BehindPlace, Some(spot.to)))
}

/// `between Oslo and Riga`: two governments.
fn acts_with_another(doc: &Doc, spot: &Spot) -> bool {
    spot.from > 0 && doc.reads(spot.from - 1, "between")
}

/// `Oslo Airport`, `Oslo-based`: the name of something in the town.
fn is_part_of_more(doc: &Doc, spot: &Spot) -> bool {
    let Some(next) = doc.tokens.get(spot.to) else { return false };
    let compound = next.is(shape::SPACED) && next.is_capital() && !next.is(shape::UPPER) && !next.any(class::TIME);
    compound && next.sentence == doc.tokens[spot.from].sentence && !doc.paragraph(spot.from).titled
        || doc.str(spot.to) == "-" && doc.reads_any(spot.to + 1, &["based", "born", "area"])
}

/// `Tokyo, Japan`, `Shibuya, Tokyo`.
fn is_listed(doc: &Doc, spot: &Spot, before: Option<usize>) -> bool {
    let behind = doc.str(spot.to) == ","
        && doc.tokens.get(spot.to + 1).is_some_and(|t| t.is_capital() && t.any(class::NAME_START | class::TIME));
    let closed = matches!(doc.str(spot.to), "," | "." | ";" | "");
    let ahead = before.filter(|&at| at > 0 && doc.str(at) == ",").map(|at| &doc.tokens[at - 1]);
    behind || ahead.is_some_and(|t| t.is_capital() && (closed || t.any(class::NAME_START)))
}

/// Whether the name opens a paragraph as the place of the report: before a dash or a bracket, or in capitals.
pub fn is_dateline(doc: &Doc, spot: &Spot) -> bool {
    let paragraph = doc.paragraph(spot.from);
    let opens = spot.from <= paragraph.tokens.start + 3 && !paragraph.upper;
    opens
        && (matches!(doc.str(spot.to), "(" | "—" | "--" | "–" | "-")
            || doc.tokens.get(spot.from).is_some_and(|t| t.is(shape::UPPER)))
}
