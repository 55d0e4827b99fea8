//! The articles that a hit stands for: a line for people, an object for programs.

use serde::Serialize;

use super::{date, number};
use crate::hits::{Copies, Copy};

/// `+4 similar: Example Wire, Daily Example, …`: the outlets of the copies, or their ids where none is known.
pub(super) fn line(copies: &Copies) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for copy in &copies.named {
        let name = copy.source.as_deref().unwrap_or(&copy.id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if copies.total > copies.named.len() as u64 {
        names.push("…");
    }
    (copies.total > 0).then(|| format!("+{} similar: {}", number::thousands(copies.total), names.join(", ")))
}

/// The copies of a hit, for programs.
#[derive(Serialize)]
pub(super) struct CopiesShape<'a> {
    total: u64,
    named: Vec<CopyShape<'a>>,
}

#[derive(Serialize)]
struct CopyShape<'a> {
    id: &'a str,
    date: Option<String>,
    source: Option<&'a str>,
    title: &'a str,
}

impl<'a> CopiesShape<'a> {
    /// The shape of them.
    pub(super) fn of(copies: &'a Copies) -> Self {
        let copy = |copy: &'a Copy| CopyShape {
            id: &copy.id,
            date: date(copy.date),
            source: copy.source.as_deref(),
            title: &copy.title,
        };
        Self { total: copies.total, named: copies.named.iter().map(copy).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlets_are_named_once() {
        let check = |total: u64, sources: &[Option<&str>], expected: Option<&str>| {
            let copy = |source: &Option<&str>| Copy {
                id: "b3k0".into(),
                date: None,
                source: source.map(str::to_owned),
                title: "Talks".into(),
            };
            let copies = Copies { total, named: sources.iter().map(copy).collect() };
            assert_eq!(line(&copies).as_deref(), expected);
        };
        check(0, &[], None);
        check(1, &[None], Some("+1 similar: b3k0"));
        check(2, &[Some("A Wire"), Some("A Wire")], Some("+2 similar: A Wire"));
        check(1200, &[Some("A Wire"), Some("B Post")], Some("+1,200 similar: A Wire, B Post, …"));
    }
}
