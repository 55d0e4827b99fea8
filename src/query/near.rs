//! Words near one another: the operators between them, in the spellings of the press databases.

use std::fmt::{self, Display, Formatter};

use crate::error::{Error, Result};
use crate::field::Field;
use crate::query::{Form, Node, Word};

/// The most words of distance that can be asked for.
pub const MOST_WORDS: u32 = 100;

/// The most times that `atleast` can ask for.
pub const MOST_TIMES: u32 = 100;

/// Two operands near one another.
///
/// An operand is a word, a phrase, an `Or` of those, or another `Near`, which counts from its first to its last word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The one before the operator.
    pub left: Box<Node>,
    /// The one behind it.
    pub right: Box<Node>,
    /// How near.
    pub how: How,
}

/// How near two operands are; they never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// At most so many words of distance, in either order; neighbours are 1 apart. From 1 to [`MOST_WORDS`].
    Near(u32),
    /// The same, the left one first.
    Adj(u32),
    /// In one sentence, in either order.
    Sentence,
    /// In one paragraph, in either order.
    Paragraph,
}

/// Which part of the text words are looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// What somebody says.
    Quote,
    /// What nobody is quoted with.
    Narration,
}

impl Zone {
    /// The value of `in:` that asks for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Narration => "narration",
        }
    }

    /// The zone that a value of `in:` asks for.
    pub(super) fn named(name: &str) -> Self {
        if name == "quote" { Self::Quote } else { Self::Narration }
    }
}

impl Display for How {
    /// Writes the canonical operator.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Near(words) => write!(f, "NEAR/{words}"),
            Self::Adj(words) => write!(f, "ADJ/{words}"),
            Self::Sentence => f.write_str("SAME/S"),
            Self::Paragraph => f.write_str("SAME/P"),
        }
    }
}

/// Reads a proximity operator; `None` when this is none.
///
/// `NEAR/5`, `near5`, `w/5`, `/5` and `AROUND(5)` are one, as in Nexis and Factiva; so are `ADJ/5`, `adj5` and `pre/5`,
/// and `SAME/S`, `w/s` and `/s`.
pub(super) fn operator(chunk: &str) -> Option<How> {
    if let Some(number) = chunk.strip_prefix("AROUND(") {
        return number.strip_suffix(')').and_then(distance).map(How::Near);
    }
    let lower = chunk.to_ascii_lowercase();
    let after = |names: &[&str]| names.iter().find_map(|name| lower.strip_prefix(name).map(str::to_owned));
    match after(&["same/", "w/", "/"]).as_deref() {
        Some("s") => return Some(How::Sentence),
        Some("p") => return Some(How::Paragraph),
        _ => {}
    }
    let adjacent = after(&["adj/", "adj", "pre/"]).and_then(|number| distance(&number)).map(How::Adj);
    adjacent.or_else(|| after(&["near/", "near", "w/", "/"]).and_then(|number| distance(&number)).map(How::Near))
}

/// Nobody asks for words thousands of words apart; a longer number is a year or a code.
fn distance(number: &str) -> Option<u32> {
    let plain = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| plain)
}

/// Holds the distance of an operator at byte `at` to its bounds.
///
/// # Errors
/// It is 0 or more than [`MOST_WORDS`].
pub(super) fn check_distance(how: How, at: usize) -> Result<()> {
    match how {
        How::Near(words) | How::Adj(words) if !(1..=MOST_WORDS).contains(&words) => {
            Err(Error::query(format!("words cannot be `{words}` apart here"), at).hint(format!(
                "write a number from 1 (neighbours) to {MOST_WORDS}; SAME/P finds words of one paragraph"
            )))
        }
        _ => Ok(()),
    }
}

/// Joins two operands by the operator at byte `at`, under `field`.
///
/// # Errors
/// One of them has no places in a text, or the field has none.
pub(super) fn near(left: Node, right: Node, how: How, field: Option<Field>, at: usize) -> Result<Node> {
    check_distance(how, at)?;
    if !has_places(field) {
        return Err(Error::query(format!("`{how}` works in the text, in `title:` and in `said:` only"), at)
            .hint("put the words under one of these, or write them side by side"));
    }
    for node in [&left, &right] {
        check_operand(node, how, at)?;
    }
    Ok(Node::Near(Near { left: Box::new(left), right: Box::new(right), how }))
}

/// Whether words have places in a field.
pub(super) fn has_places(field: Option<Field>) -> bool {
    matches!(field, None | Some(Field::Text | Field::Title | Field::Said))
}

fn check_operand(node: &Node, how: How, at: usize) -> Result<()> {
    match node {
        Node::Word(Word { form: Form::Exact, text }) => {
            Err(Error::query(format!("`={text}` has no place in the index, so nothing can be near it"), at)
                .hint(format!("write `{text}` without `=`")))
        }
        Node::Phrase(phrase) if phrase.slop > 0 => {
            Err(Error::query(format!("a stretched phrase has no fixed place that `{how}` could count from"), at)
                .hint("leave its `~` out, or put the words together with ADJ: `(a ADJ/3 b) NEAR/5 c`"))
        }
        Node::Word(_) | Node::Phrase(_) | Node::Near(_) => Ok(()),
        Node::Or(children) if !children.iter().any(|child| matches!(child, Node::Near(_))) => {
            children.iter().try_for_each(|child| check_operand(child, how, at))
        }
        _ => Err(Error::query(format!("`{how}` stands between words, phrases and groups of them with OR"), at)
            .hint(format!("write for example `missile {how} (launch OR test)`; other conditions stand beside it"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_has_its_meaning() {
        let check = |text: &str, expected: &str| {
            assert_eq!(operator(text).map_or(String::new(), |how| how.to_string()), expected, "{text}");
        };
        check("NEAR/5", "NEAR/5");
        check("near5", "NEAR/5");
        check("w/5", "NEAR/5");
        check("W/15", "NEAR/15");
        check("/5", "NEAR/5");
        check("AROUND(5)", "NEAR/5");
        check("ADJ/5", "ADJ/5");
        check("adj5", "ADJ/5");
        check("pre/5", "ADJ/5");
        check("SAME/S", "SAME/S");
        check("w/s", "SAME/S");
        check("/p", "SAME/P");
        for word in ["near", "NEAR", "near-5", "w/o", "same", "adjust", "near2022", "/", "w/", "AROUND()", "AROUND"] {
            check(word, "");
        }
    }
}
