//! A document on its way to tantivy: what its columns and its store keep, and the words that we put into lists ourselves.

use std::iter::{Empty, Map};
use std::slice::Iter;
use std::sync::Arc;

use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf};
use tantivy::schema::{Document, Field, Value};

use super::schema::Fields;
use super::waiting::Share;
use crate::analysis::Row;

/// A value that tantivy keeps in a column or in its store.
#[derive(Debug)]
pub enum Kept {
    /// A number of a column.
    Number(u64),
    /// A text of a column; the documents of an article share some.
    Text(Arc<str>),
    /// What is stored.
    Bytes(Vec<u8>),
}

/// A document, all of it but the order of its parts.
#[derive(Debug, Default)]
pub struct Prepared {
    /// What tantivy keeps.
    pub kept: Vec<(Field, Kept)>,
    /// Whole values to be found by that no column has.
    pub keywords: Vec<(Field, Arc<str>)>,
    /// Words to be found by.
    pub rows: Vec<(Field, Row)>,
    /// The share of its article in what waits, held by the first of its documents from the making until it is taken up.
    pub share: Option<Share>,
}

impl Prepared {
    /// With room for so many values, keywords, and rows of words.
    pub fn with_capacity(kept: usize, keywords: usize, rows: usize) -> Self {
        Self {
            kept: Vec::with_capacity(kept),
            keywords: Vec::with_capacity(keywords),
            rows: Vec::with_capacity(rows),
            share: None,
        }
    }

    /// Adds a number of a column.
    pub fn number(&mut self, field: Field, number: u64) {
        self.kept.push((field, Kept::Number(number)));
    }

    /// Adds a text to be found by, or to be counted by in a column, or both, as its field is.
    pub fn text(&mut self, fields: &Fields, field: Field, text: impl Into<Arc<str>>) {
        if fields.columns_of_texts().contains(&field) {
            self.kept.push((field, Kept::Text(text.into())));
        } else {
            self.keywords.push((field, text.into()));
        }
    }

    /// Adds words to be found by, if there are any.
    pub fn row(&mut self, field: Field, row: Row) {
        if !row.is_empty() {
            self.rows.push((field, row));
        }
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        let kept = |kept: &Kept| match kept {
            Kept::Number(_) => 0,
            Kept::Text(text) => text.len(),
            Kept::Bytes(bytes) => bytes.capacity(),
        };
        self.kept.capacity() * size_of::<(Field, Kept)>()
            + self.kept.iter().map(|(_, one)| kept(one)).sum::<usize>()
            + self.keywords.capacity() * size_of::<(Field, Arc<str>)>()
            + self.keywords.iter().map(|(_, text)| text.len()).sum::<usize>()
            + self.rows.capacity() * size_of::<(Field, Row)>()
            + self.rows.iter().map(|(_, row)| row.bytes()).sum::<usize>()
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
