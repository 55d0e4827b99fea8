//! Operands of one level to one node: what binds tighter, what may not be mixed, which words a part of the text holds.

use crate::error::{Error, Result};
use crate::field::{FieldInfo, FieldKind};
use crate::query::date::Bound;
use crate::query::{Node, Zone};

/// The field whose value is being read, with the bound its dates have.
pub(super) type Scope = Option<(&'static FieldInfo, Bound)>;

/// How an operand hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// By a blank.
    Adjacent,
    /// By `AND`.
    And,
    /// By `OR`.
    Or,
}

/// An operand with what stands before it.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// How it hangs on the one before it.
    pub join: Join,
    /// Where the operator stands.
    pub at: usize,
    /// What it is.
    pub node: Node,
    /// Where the proximity operator stands that no parentheses hold together with its operands.
    pub near: Option<usize>,
}

/// Joins the operands of one level.
///
/// # Errors
/// When `AND` and `OR` are mixed, with both readings.
pub(super) fn join(items: Vec<Item>, scope: Scope) -> Result<Node> {
    let (items, zone) = take_zone(items)?;
    check_mixture(&items, scope)?;
    within(or_first(items), zone)
}

/// Whether this stands for the part of the text that its neighbours are looked up in.
pub(super) fn is_zone(node: &Node) -> bool {
    matches!(node, Node::Inside(_, inside) if **inside == Node::All)
}

/// A part of the text, if one is asked for, and where.
type Placed = Option<(Zone, usize)>;

/// Takes `in:quote` out of the operands of one level, with the place where it stands.
fn take_zone(mut items: Vec<Item>) -> Result<(Vec<Item>, Placed)> {
    let Some(place) = items.iter().position(|item| is_zone(&item.node)) else { return Ok((items, None)) };
    let beside_or = items[place].join == Join::Or || items.get(place + 1).is_some_and(|next| next.join == Join::Or);
    let taken = items.remove(place);
    let Node::Inside(zone, _) = taken.node else { return Ok((items, None)) };
    let name = zone.name();
    if beside_or {
        return Err(Error::query(format!("`in:{name}` stands beside an `OR`"), taken.at)
            .hint(format!("put it with its words into parentheses: `(a in:{name}) OR b`")));
    }
    if items.iter().any(|item| is_zone(&item.node)) {
        return Err(Error::query("two parts of the text are asked for at once", taken.at)
            .hint("each takes its words into parentheses: `(a in:quote) (b in:narration)`"));
    }
    if items.is_empty() {
        return Err(nothing_inside(zone, taken.at));
    }
    if let Some(first) = items.first_mut() {
        first.join = Join::Adjacent;
    }
    Ok((items, Some((zone, taken.at))))
}

fn nothing_inside(zone: Zone, at: usize) -> Error {
    let name = zone.name();
    Error::query(format!("there are no words to look for beside `in:{name}`"), at).hint(format!(
        "write words of the text beside it, as in `sanctions in:{name}`; `has:quote` finds the articles with quotes"
    ))
}

/// Holds the words among the conditions of one level to a part of the text.
fn within(node: Node, zone: Placed) -> Result<Node> {
    let Some((zone, at)) = zone else { return Ok(node) };
    let mut before = Vec::new();
    let mut words = Vec::new();
    let mut after = Vec::new();
    let children = match node {
        Node::And(children) => children,
        single => vec![single],
    };
    for child in children {
        match child.is_of_text() {
            true => words.push(child),
            false if words.is_empty() => before.push(child),
            false => after.push(child),
        }
    }
    if words.iter().all(|word| matches!(word, Node::Not(_))) {
        return Err(nothing_inside(zone, at));
    }
    before.push(Node::Inside(zone, Box::new(Node::all_of(words))));
    before.append(&mut after);
    Ok(Node::all_of(before))
}

/// Joins the operands at the top so that one of the plain words is enough.
///
/// What an explicit operator holds together stays together; fields and exclusions stay required.
pub(super) fn join_any(items: Vec<Item>) -> Result<Node> {
    let (items, zone) = take_zone(items)?;
    check_mixture(&items, None)?;
    let has_or = items.iter().any(|item| item.join == Join::Or);
    let pieces: Vec<Node> = if has_or {
        runs(items, |join| join == Join::Or).map(Node::any_of).collect()
    } else {
        runs(items, |join| join == Join::And).map(Node::all_of).collect()
    };
    let (mut required, wanted): (Vec<Node>, Vec<Node>) = pieces.into_iter().partition(Node::is_filter);
    if !wanted.is_empty() {
        required.insert(0, Node::any_of(wanted));
    }
    within(Node::all_of(required), zone)
}

/// Refuses `AND` next to `OR`, and a proximity next to `OR`: half of the tools our users come from read it one way.
fn check_mixture(items: &[Item], scope: Scope) -> Result<()> {
    let beside_or =
        |place: usize| items[place].join == Join::Or || items.get(place + 1).is_some_and(|next| next.join == Join::Or);
    if let Some((place, at)) = (0..items.len()).find_map(|place| items[place].near.map(|at| (place, at)))
        && (0..items.len()).any(|place| items[place].near.is_some() && beside_or(place))
    {
        let near = &items[place].node;
        return Err(Error::query("a proximity and `OR` are mixed without parentheses", at).hint(format!(
            "write `({near}) OR …`, or put the words of the `OR` into parentheses: `a NEAR/5 (b OR c)`"
        )));
    }
    let first = |join: Join| items.iter().find(|item| item.join == join).map(|item| item.at);
    let (Some(and), Some(or)) = (first(Join::And), first(Join::Or)) else { return Ok(()) };
    let shown = |root: Node| match scope {
        Some((row, _)) if !row.kind.is_range() && !matches!(row.kind, FieldKind::Choice(_)) => {
            Node::within(row.field, root)
        }
        _ => root,
    };
    let and_first = Node::any_of(runs(items.to_vec(), |join| join != Join::Or).map(Node::all_of).collect());
    Err(Error::query("`AND` and `OR` are mixed without parentheses", and.max(or)).hint(format!(
        "write `{}` or `{}`",
        shown(or_first(items.to_vec())),
        shown(and_first)
    )))
}

fn or_first(items: Vec<Item>) -> Node {
    Node::all_of(runs(items, |join| join == Join::Or).map(Node::any_of).collect())
}

/// Cuts the operands into runs, each held together by the joins that are `tight`.
fn runs(items: Vec<Item>, tight: fn(Join) -> bool) -> impl Iterator<Item = Vec<Node>> {
    let mut runs: Vec<Vec<Node>> = Vec::new();
    for item in items {
        match runs.last_mut() {
            Some(run) if tight(item.join) => run.push(item.node),
            _ => runs.push(vec![item.node]),
        }
    }
    runs.into_iter()
}
