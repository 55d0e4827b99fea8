//! The tree as canonical text: what saved searches, exports, links and the headers of runs keep.
//!
//! One spelling for each tree: `AND` is a blank, `NOT` is `-`, `OR` inside anything has parentheses although the
//! parser could do without, quotation marks are straight, dates are absolute. Reading it gives the same tree again.

use std::fmt::{self, Display, Formatter};

use crate::field::{self, Field, FieldKind};
use crate::query::{Form, Near, Node, Phrase, Query, Word, word};
use crate::text;

/// Whether a value stands alone: after its colon nothing is an operator, anywhere else it might be.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Two or more children need parentheses here.
    tight: bool,
    /// Directly after a field's colon.
    after_colon: bool,
    /// Somewhere in a field that takes its values as they stand.
    raw: bool,
}

impl Display for Query {
    /// Writes the canonical text, which parses back to the same tree on any day.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl Display for Node {
    /// Writes the canonical text of this part of a question.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_node(self, Place { tight: false, after_colon: false, raw: false }, f)
    }
}

fn write_node(node: &Node, place: Place, f: &mut Formatter<'_>) -> fmt::Result {
    let inner = Place { tight: true, after_colon: false, ..place };
    match node {
        Node::All => f.write_str("*"),
        Node::Word(value) if place.raw => write_value(&value.text, f),
        Node::Word(word) => write_word(word, place, f),
        Node::Phrase(phrase) => write_phrase(phrase, f),
        Node::And(children) => write_list(children, " ", place, f),
        Node::Or(children) => write_list(children, " OR ", place, f),
        Node::Not(inside) => {
            f.write_str("-")?;
            write_node(inside, inner, f)
        }
        Node::In(field, inside) => {
            let row = field::info(*field);
            write!(f, "{}:", row.name)?;
            write_node(inside, Place { tight: true, after_colon: true, raw: row.kind == FieldKind::Keyword }, f)
        }
        Node::Period(field, period) => write!(f, "{}:{period}", field::info(*field).name),
        Node::Confidence(chance) => write!(f, "{}:{chance}", field::info(Field::Confidence).name),
        Node::Is(field, what) => write!(f, "{}:{what}", field::info(*field).name),
        Node::Near(near) => write_near(near, place, f),
        Node::AtLeast(times, inside) => in_parentheses(place.after_colon, f, |f| {
            write!(f, "atleast{times}(")?;
            write_node(inside, Place { tight: false, after_colon: false, ..place }, f)?;
            f.write_str(")")
        }),
        Node::Inside(zone, inside) => in_parentheses(place.tight, f, |f| {
            // A list is not in parentheses here: `a b in:quote`.
            let is_list = matches!(&**inside, Node::And(_) | Node::Near(_));
            write_node(inside, Place { tight: !is_list, after_colon: false, ..place }, f)?;
            write!(f, " in:{}", zone.name())
        }),
    }
}

fn write_list(children: &[Node], between: &str, place: Place, f: &mut Formatter<'_>) -> fmt::Result {
    in_parentheses(place.tight, f, |f| {
        for (index, child) in children.iter().enumerate() {
            if index > 0 {
                f.write_str(between)?;
            }
            // Beside a blank a proximity is read first; beside an OR it takes parentheses.
            let bare = matches!(child, Node::Near(_)) && between == " ";
            write_node(child, Place { tight: !bare, after_colon: false, ..place }, f)?;
        }
        Ok(())
    })
}

fn write_near(near: &Near, place: Place, f: &mut Formatter<'_>) -> fmt::Result {
    in_parentheses(place.tight, f, |f| {
        let chained = matches!(*near.left, Node::Near(_));
        write_node(&near.left, Place { tight: !chained, after_colon: false, ..place }, f)?;
        write!(f, " {} ", near.how)?;
        write_node(&near.right, Place { tight: true, after_colon: false, ..place }, f)
    })
}

fn in_parentheses(
    needed: bool,
    f: &mut Formatter<'_>,
    inside: impl FnOnce(&mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    if !needed {
        return inside(f);
    }
    f.write_str("(")?;
    inside(f)?;
    f.write_str(")")
}

fn write_word(word: &Word, place: Place, f: &mut Formatter<'_>) -> fmt::Result {
    let text = &word.text;
    match word.form {
        // The word `near5` is a word only where nothing stands before it, as in parentheses.
        Form::Plain if !place.after_colon && word::is_proximity(text) => write!(f, "({text})"),
        Form::Plain | Form::Pattern => f.write_str(text),
        Form::Exact => write!(f, "={text}"),
        Form::Fuzzy(letters) => write!(f, "{text}~{letters}"),
    }
}

fn write_phrase(phrase: &Phrase, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "\"{}\"", phrase.text)?;
    match phrase.slop {
        0 => Ok(()),
        slop => write!(f, "~{slop}"),
    }
}

/// A value as it stands, in quotation marks where a part of it would be read as something else.
fn write_value(value: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let syntax = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|') || text::is_double_mark(c);
    let is_operator = matches!(value, "AND" | "OR" | "NOT");
    let first = |c: char| matches!(c, '-' | '=') || text::is_single_mark(c);
    if is_operator || value.starts_with(first) || value.contains(syntax) {
        write!(f, "\"{value}\"")
    } else {
        f.write_str(value)
    }
}
