//! A document on its way to tantivy: what its columns and its store keep, and the words that we put into lists ourselves.

use std::iter::{Empty, Map};
use std::slice::Iter;

use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf};
use tantivy::schema::{Document, Field, Value};

use super::waiting::Share;
use crate::analysis::Row;

/// A value that tantivy keeps in a column or in its store.
#[derive(Debug)]
pub enum Kept {
    /// A number of a column.
    Number(u64),
    /// A text of a column.
    Text(Box<str>),
    /// What is stored.
    Bytes(Vec<u8>),
}

/// A document, all of it but the order of its parts.
#[derive(Debug, Default)]
pub struct Prepared {
    /// What tantivy keeps.
    pub kept: Vec<(Field, Kept)>,
    /// Whole values to be found by that no column has.
    pub keywords: Vec<(Field, Box<str>)>,
    /// Words to be found by.
    pub rows: Vec<(Field, Row)>,
    /// The share of its article in what waits, held by the first of its documents until it is taken up, or with the
    /// writer.
    pub share: Option<Share>,
}

/// How many values a document has without actors, about.
const KEPT: usize = 16;
/// The same of keywords; each actor adds itself, and some their country and what they are part of.
const KEYWORDS: usize = 8;
/// In how many fields a document has words, about.
const ROWS: usize = 8;

impl Prepared {
    /// With room for a document of so many actors.
    pub fn with_capacity(actors: usize) -> Self {
        Self {
            kept: Vec::with_capacity(KEPT + actors),
            keywords: Vec::with_capacity(KEYWORDS + 2 * actors),
            rows: Vec::with_capacity(ROWS),
            share: None,
        }
    }

    /// Adds a number of a column.
    pub fn number(&mut self, field: Field, number: u64) {
        self.kept.push((field, Kept::Number(number)));
    }

    /// Adds a text of a column.
    pub fn column(&mut self, field: Field, text: impl Into<Box<str>>) {
        self.kept.push((field, Kept::Text(text.into())));
    }

    /// Adds a value to be found by.
    pub fn keyword(&mut self, field: Field, text: impl Into<Box<str>>) {
        self.keywords.push((field, text.into()));
    }

    /// Adds words to be found by, if there are any.
    pub fn row(&mut self, field: Field, row: Row) {
        if !row.is_empty() {
            self.rows.push((field, row));
        }
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let kept = |kept: &Kept| match kept {
            Kept::Number(_) => 0,
            Kept::Text(text) => text.len(),
            Kept::Bytes(bytes) => bytes.capacity(),
        };
        let kept: usize = self.kept.iter().map(|(_, one)| size_of::<Kept>() + kept(one)).sum();
        let keywords: usize = self.keywords.iter().map(|(_, text)| size_of::<Box<str>>() + text.len()).sum();
        kept + keywords + self.rows.iter().map(|(_, row)| size_of::<Row>() + row.bytes()).sum::<usize>()
    }
}

impl Document for Prepared {
    type Value<'a> = &'a Kept;
    type FieldsValuesIter<'a> = Map<Iter<'a, (Field, Kept)>, fn(&'a (Field, Kept)) -> (Field, &'a Kept)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.kept.iter().map(|(field, kept)| (*field, kept))
    }
}

impl<'a> Value<'a> for &'a Kept {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self {
            Kept::Number(number) => ReferenceValueLeaf::U64(*number),
            Kept::Text(text) => ReferenceValueLeaf::Str(text),
            Kept::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}
