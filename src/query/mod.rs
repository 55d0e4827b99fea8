//! The query language: text in, a small tree out, and the tree prints itself back as canonical text.
//!
//! The room knows words, fields and periods; it does not know an index, an engine or the clock (`today` is an
//! argument). Text goes through three hands: `lexer` cuts it into tokens (with `word`, `value`
//! and `date`), `parser` builds the tree, `print` writes it out again. `docs/query.md` is the user's page.
//!
//! Every tree that [`parse()`] yields is in **normal form**, and the constructors [`Node::all_of`], [`Node::any_of`],
//! [`Node::none_of`] and [`Node::within`] keep it:
//!
//! - `And` has two children or more, none of them an `And` or `All`; `Or` has two or more, none of them an `Or`;
//! - `Not` is never around a `Not`. A question of exclusions alone is just that: `-a` is `Not(a)`, `-a -b` is
//!   `And[Not(a), Not(b)]`, and the engine starts from every article;
//! - `In` holds words, phrases, `And`, `Or`, `Not`, and where words have places `Near` and `AtLeast` only, and is never
//!   directly around a `Not`: `title:(-a)` is `Not(In(title, a))`;
//! - `Inside` holds what can stand in the text: words, phrases, `Near`, `AtLeast` and their `And`, `Or` and `Not`.
//!
//! So `parse(query.to_string()) == query` holds for every tree that `parse` yields.
//!
//! ```
//! use chancery::date::Day;
//! use chancery::query::{Options, parse};
//! let options = Options { today: Day::from_ymd(2024, 6, 1).unwrap(), any: false };
//! let parsed = parse("“red line” speaker:Lavrov since:2022-02", &options).unwrap();
//! assert_eq!(parsed.query.to_string(), "\"red line\" speaker:Lavrov date:2022-02-01..");
//! ```

use crate::date::{Day, Period};
use crate::error::Result;
use crate::field::Field;

mod chance;
mod date;
mod join;
mod lexer;
mod near;
#[cfg(test)]
mod near_tests;
mod parser;
mod print;
#[cfg(test)]
mod properties;
mod reading;
mod scope;
#[cfg(test)]
mod tests;
mod value;
mod word;

pub use self::chance::Chance;
pub use self::near::{How, MOST_TIMES, MOST_WORDS, Near, Zone};

/// How many bytes a question may have, as typed and written out.
pub const MAX_BYTES: usize = 4096;

/// How deep parentheses may be nested.
pub const MAX_DEPTH: usize = 32;

/// How many words, phrases and values a question may have.
pub const MAX_CLAUSES: usize = 256;

/// What the text alone does not say.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day that relative dates count from.
    pub today: Day,
    /// Whether one of the plain words is enough. Fields and exclusions at the top of the question stay required.
    pub any: bool,
}

/// A question that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// What may have been meant otherwise, one sentence each, for the user to see.
    pub hints: Vec<String>,
}

/// Reads a question.
///
/// # Errors
/// With the byte where it went wrong and the way out: an unclosed quotation or parenthesis, an operator without its
/// operands, `AND` mixed with `OR` without parentheses, an unknown field, a value that the field cannot have, a
/// pattern that begins with too few letters, a proximity of what has no place in a text, an empty question, and a question over one of
/// [`MAX_BYTES`], [`MAX_DEPTH`] and [`MAX_CLAUSES`].
pub fn parse(text: &str, options: &Options) -> Result<Parsed> {
    parser::parse(text, options)
}

/// A question, ready for an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The tree.
    pub root: Node,
}

/// One node of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every article: the question `*`.
    All,
    /// One word.
    Word(Word),
    /// Words in a row.
    Phrase(Phrase),
    /// All of these; at least two, none of them an `And` or `All`.
    And(Vec<Node>),
    /// Any of these; at least two, none of them an `Or`.
    Or(Vec<Node>),
    /// None of this; never directly around another `Not`.
    Not(Box<Node>),
    /// The words below are looked up in this field; never directly around a `Not`, never above another `In`, a
    /// `Period`, a `Confidence`, an `Is`, an `Inside` or `All`.
    In(Field, Box<Node>),
    /// The date in this field ([`Field::Date`] or [`Field::Ingested`]) lies in the period.
    Period(Field, Period),
    /// The quote's confidence lies in these bounds; of an article, that of one of its quotes.
    Confidence(Chance),
    /// The field has this one of its few fixed values, as [`crate::field::HAS`] for `has:`.
    Is(Field, &'static str),
    /// Words near one another.
    Near(Near),
    /// This word or phrase stands there so many times or more, from 2 to [`MOST_TIMES`].
    AtLeast(u32, Box<Node>),
    /// The words below are looked up in this part of the text only.
    Inside(Zone, Box<Node>),
}

/// One word of a question, or the value of a field that takes values as they stand (`source:`, `path:` …).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as typed, without its operators; for patterns with `*` and `?` in it.
    pub text: String,
    /// How it is to be matched.
    pub form: Form,
}

/// How a word is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In any inflection, accents and case aside.
    Plain,
    /// Exactly as typed: case, accents and ending (`=Turkey`).
    Exact,
    /// With `*` for any letters and `?` for one (`Kritenb*`, `wom?n`).
    Pattern,
    /// With up to this many letters wrong, 1 or 2 (`Kritenbrink~1`).
    Fuzzy(u8),
}

/// Words in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words as typed between the quotation marks, runs of white space made one blank.
    pub text: String,
    /// How many positions the words may be moved in all (`"a b"~5`); 0 for exactly in a row.
    pub slop: u32,
}

impl Query {
    /// Lists the words and phrases that an article must or may have, with their field, in the order typed.
    ///
    /// What stands under a `Not` is left out: it has no place in a snippet or in the count of articles per word.
    pub fn terms(&self) -> Vec<(Option<Field>, &Node)> {
        let mut terms = Vec::new();
        self.root.collect_terms(None, &mut terms);
        terms
    }

    /// Whether the question itself narrows the date in `field`, other than by an exclusion.
    pub fn has_period(&self, field: Field) -> bool {
        self.root.has_period(field)
    }

    /// Narrows the question by one more condition.
    #[must_use]
    pub fn and(self, node: Node) -> Self {
        Self { root: Node::all_of(vec![self.root, node]) }
    }

    /// The conditions that must all hold, in the order typed; none for the question `*`.
    pub fn clauses(&self) -> &[Node] {
        match &self.root {
            Node::All => &[],
            Node::And(children) => children,
            single => std::slice::from_ref(single),
        }
    }

    /// The question without the condition at `index` of [`Query::clauses`]: what would be found if it were dropped.
    #[must_use]
    pub fn without(&self, index: usize) -> Self {
        let kept = self.clauses().iter().enumerate().filter(|(at, _)| *at != index);
        Self { root: Node::all_of(kept.map(|(_, node)| node.clone()).collect()) }
    }
}

impl Node {
    /// All of these, in normal form; of nothing, it is every article.
    pub fn all_of(nodes: Vec<Node>) -> Self {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Self::And(children) => flat.extend(children),
                Self::All => {}
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::All,
            1 => flat.remove(0),
            _ => Self::And(flat),
        }
    }

    /// Any of these, in normal form; of nothing, it is no article.
    pub fn any_of(nodes: Vec<Node>) -> Self {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Self::Or(children) => flat.extend(children),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::none_of(Self::All),
            1 => flat.remove(0),
            _ => Self::Or(flat),
        }
    }

    /// Everything but this, in normal form.
    pub fn none_of(node: Node) -> Self {
        match node {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The words of `node` looked up in `field`, in normal form; `node` holds no field, period or `All`.
    pub fn within(field: Field, node: Node) -> Self {
        match node {
            Self::Not(inner) => Self::Not(Box::new(Self::In(field, inner))),
            other => Self::In(field, Box::new(other)),
        }
    }

    /// Whether it only sifts what the words find: it stands in fields, or it excludes.
    pub fn is_filter(&self) -> bool {
        match self {
            Self::In(..) | Self::Period(..) | Self::Confidence(_) | Self::Is(..) | Self::Not(_) | Self::All => true,
            Self::And(children) | Self::Or(children) => children.iter().all(Self::is_filter),
            Self::Word(_) | Self::Phrase(_) | Self::Near(_) | Self::AtLeast(..) | Self::Inside(..) => false,
        }
    }

    /// Whether all of it can stand in the text: it names no field and no date.
    pub(super) fn is_of_text(&self) -> bool {
        match self {
            Self::Word(_) | Self::Phrase(_) | Self::Near(_) | Self::AtLeast(..) => true,
            Self::And(children) | Self::Or(children) => children.iter().all(Self::is_of_text),
            Self::Not(inner) => inner.is_of_text(),
            _ => false,
        }
    }

    fn collect_terms<'a>(&'a self, field: Option<Field>, terms: &mut Vec<(Option<Field>, &'a Node)>) {
        match self {
            Self::Word(_) | Self::Phrase(_) => terms.push((field, self)),
            Self::And(children) | Self::Or(children) => {
                for child in children {
                    child.collect_terms(field, terms);
                }
            }
            Self::In(field, inner) => inner.collect_terms(Some(*field), terms),
            Self::Near(near) => {
                near.left.collect_terms(field, terms);
                near.right.collect_terms(field, terms);
            }
            Self::AtLeast(_, inner) | Self::Inside(_, inner) => inner.collect_terms(field, terms),
            Self::All | Self::Not(_) | Self::Period(..) | Self::Confidence(_) | Self::Is(..) => {}
        }
    }

    fn has_period(&self, field: Field) -> bool {
        match self {
            Self::Period(of, _) => *of == field,
            Self::And(children) => children.iter().any(|child| child.has_period(field)),
            Self::Or(children) => children.iter().all(|child| child.has_period(field)),
            _ => false,
        }
    }
}
