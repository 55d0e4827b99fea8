//! The inverted index of a new segment, written by us in tantivy's format and with tantivy's serializer.
//!
//! Tantivy looks up every token of every field in one large table, and waits for memory most of that time. Here a text
//! comes as numbers of its words, which are put down one behind the other, once for all the fields that its forms go into;
//! when the segment is written, they are sorted by word. What is written is what tantivy would write, to the byte
//! (`docs/decisions/020-own-inverted-index.md`). Tantivy lets a plugin add files to a segment, after its own; this one
//! writes those of the inverted index again, for tantivy was given next to nothing to put into them. Merges are tantivy's.

use std::any::Any;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::directory::Directory;
use tantivy::directory::error::DeleteError;
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders, FieldNormsSerializer};
use tantivy::index::SegmentComponent;
use tantivy::indexer::DocIdMapping;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, FieldType, IndexRecordOption, Schema, TextFieldIndexing};
use tantivy::tokenizer::MAX_TOKEN_LEN;
use tantivy::{DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, TantivyError};

use super::postings::{Lists, write};
use super::prepared::{Kept, Prepared};
use super::reorder::order;
use super::rows::Rows;
use super::schema::Fields;
use super::sorted::{Counted, MOST_TOKENS};
use super::vocabulary::{Source, Vocabulary};
use crate::analysis::{Book, Counts, Form, Lexicon, MOST_NUMBERED, Row, Step};
use crate::rank::TITLE_COUNT;

/// More memory than any writer may take: a segment with so much gets no more documents.
const FULL: usize = usize::MAX / 2;

/// Bytes for an entry of a table, beside what it has.
const ENTRY_BYTES: usize = 64;

/// What writes the inverted index of every new segment of an index.
pub struct Inverted {
    fields: Fields,
    book: Book,
    most_spots: usize,
}

impl Inverted {
    /// For an index with these fields, and documents whose words are numbered in this book; so many spots are sorted at a
    /// time, usually [`MOST_SPOTS`](super::sorted::MOST_SPOTS).
    pub fn new(fields: Fields, book: Book, most_spots: usize) -> Self {
        Self { fields, book, most_spots }
    }
}

/// It has no files of its own, so that tantivy does not miss it in an index that is only read or merged. It would not miss
/// it either where documents are added: `write::open` is where that is done.
impl SegmentPlugin for Inverted {
    fn extensions(&self) -> &[&str] {
        &[]
    }

    fn create_writer(&self, context: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        let fields = context.segment.schema().num_fields();
        let rows = std::iter::repeat_with(Rows::default).take(fields).collect();
        Ok(Box::new(Gathered {
            fields: self.fields,
            book: self.book.clone(),
            most_spots: self.most_spots,
            rows,
            rare: Rare::default(),
            keywords: Keywords::for_fields(fields),
            docs: 0,
        }))
    }

    fn merge(&self, _: PluginMergeContext) -> tantivy::Result<()> {
        Ok(())
    }
}

/// The words of the documents of a segment so far.
struct Gathered {
    fields: Fields,
    book: Book,
    most_spots: usize,
    /// By field; those of keywords have numbers of `keywords`, all others of the book and, behind them, of `rare`.
    rows: Vec<Rows>,
    rare: Rare,
    keywords: Keywords,
    docs: DocId,
}

/// The words that have no number in the book.
#[derive(Default)]
struct Rare {
    numbers: FxHashMap<Box<str>, u32>,
    lexicon: Lexicon,
}

impl Rare {
    fn number(&mut self, packed: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(packed) {
            return Some(*number);
        }
        let number = self.lexicon.push(packed)?;
        self.numbers.insert(packed.into(), number);
        Some(number)
    }

    /// A step of a row, with a number that is good for all rows of the segment.
    fn renumbered(&mut self, step: Step, row: &Row) -> Step {
        let Some(rare) = step.rare() else { return step };
        match row.rare().and_then(|words| self.number(words.packed(rare))) {
            Some(number) => step.renumbered(MOST_NUMBERED + number),
            None => Step::gap(u32::from(!step.is_at_same_place())),
        }
    }
}

/// Whole values.
#[derive(Default)]
struct Keywords {
    numbers: FxHashMap<Arc<[u8]>, u32>,
    values: Vec<Arc<[u8]>>,
    bytes: usize,
    /// The number that each field had last: quotes share most of their values with their article.
    last: Vec<u32>,
}

impl Keywords {
    fn for_fields(fields: usize) -> Self {
        Self { last: vec![0; fields], ..Self::default() }
    }

    fn number(&mut self, field: Field, value: &[u8]) -> Option<u32> {
        let last = &mut self.last[field.field_id() as usize];
        if self.values.get(*last as usize).is_some_and(|known| **known == *value) {
            return Some(*last);
        }
        if let Some(number) = self.numbers.get(value) {
            *last = *number;
            return Some(*number);
        }
        let number = u32::try_from(self.values.len()).ok()?;
        let value: Arc<[u8]> = value.into();
        self.bytes += value.len() + ENTRY_BYTES;
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        *last = number;
        Some(number)
    }
}

impl Gathered {
    fn keyword(&mut self, doc: DocId, field: Field, value: &[u8], schema: &Schema) {
        let is_found = schema.get_field_entry(field).is_indexed() && value.len() <= MAX_TOKEN_LEN;
        if let Some(number) = is_found.then(|| self.keywords.number(field, value)).flatten() {
            self.rows[field.field_id() as usize].add(doc, std::iter::once(Step::word(number)), Counts::one());
        }
    }

    fn row(&mut self, doc: DocId, field: Field, row: &Row) {
        let (rows, rare) = (&mut self.rows[field.field_id() as usize], &mut self.rare);
        if row.rare().is_none() {
            rows.add(doc, row.steps().iter().copied(), row.counts());
        } else {
            rows.add(doc, row.steps().iter().map(|step| rare.renumbered(*step, row)), row.counts());
        }
    }

    /// What the terms of a field are made of: of words or, in fields that do not count them, of whole values.
    fn sources(&self, field: Field, schema: &Schema) -> Vec<Source> {
        let fields = &self.fields;
        let source = |rows: Field, form: Form, times: u32| Source { rows, form: Some(form), times };
        let (text, title, said) = (fields.text_forms, fields.title_forms, fields.said_forms);
        if !schema.get_field_entry(field).is_indexed() {
            Vec::new()
        } else if field == fields.all {
            let (text, names) = (source(text, Form::Stemmed, 1), source(fields.all, Form::Stemmed, 1));
            vec![text, names, source(title, Form::Stemmed, TITLE_COUNT)]
        } else if field == fields.spelt {
            vec![source(text, Form::Spelt, 1), source(title, Form::Spelt, 1)]
        } else if field == fields.said_spelt {
            vec![source(said, Form::Spelt, 1)]
        } else if [text, title, said, fields.bounds].contains(&field) {
            vec![source(field, Form::Filed, 1)]
        } else if record_option(schema, field).has_freq() {
            vec![source(field, Form::Folded, 1)]
        } else {
            vec![Source { rows: field, form: None, times: 1 }]
        }
    }
}

/// What the lists of a field keep.
fn record_option(schema: &Schema, field: Field) -> IndexRecordOption {
    match schema.get_field_entry(field).field_type() {
        FieldType::Str(options) => {
            options.get_indexing_options().map_or(IndexRecordOption::Basic, TextFieldIndexing::index_option)
        }
        _ => IndexRecordOption::Basic,
    }
}

impl PluginWriter for Gathered {
    fn add_document(&mut self, doc: DocId, document: &dyn ErasedDocument, schema: &Schema) -> tantivy::Result<()> {
        let prepared = document.as_any().downcast_ref::<Prepared>();
        let Prepared { kept, keywords, rows, .. } = prepared.ok_or_else(|| {
            TantivyError::InvalidArgument("only documents that were prepared for it go into this index".to_owned())
        })?;
        for (field, kept) in kept {
            match kept {
                Kept::Number(number) => self.keyword(doc, *field, &number.to_be_bytes(), schema),
                Kept::Text(text) => self.keyword(doc, *field, text.as_bytes(), schema),
                Kept::Bytes(_) => (),
            }
        }
        keywords.iter().for_each(|(field, text)| self.keyword(doc, *field, text.as_bytes(), schema));
        rows.iter().for_each(|(field, row)| self.row(doc, *field, row));
        self.docs = doc + 1;
        Ok(())
    }

    fn serialize(mut self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        // From here on nothing gets a number.
        self.rare.numbers = FxHashMap::default();
        self.keywords.numbers = FxHashMap::default();
        let order = order(mapping, self.docs)?;
        let (rare, keywords) = (&self.rare.lexicon, &self.keywords.values);
        let vocabulary = Vocabulary { book: self.book.edition(), rare, keywords };
        Files { gathered: &self, schema: segment.schema(), order, vocabulary }.write(segment)
    }

    fn mem_usage(&self) -> usize {
        if self.rows.iter().any(|rows| rows.tokens() >= MOST_TOKENS) {
            return FULL;
        }
        let rows: usize = self.rows.iter().map(Rows::bytes).sum();
        let rare = 2 * self.rare.lexicon.bytes() + self.rare.lexicon.len() * ENTRY_BYTES;
        rows + rare + self.keywords.bytes
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// The files of a segment, about to be written.
struct Files<'a> {
    gathered: &'a Gathered,
    schema: Schema,
    /// What the documents are numbered as they came in, in the order in which they are written.
    order: Vec<DocId>,
    vocabulary: Vocabulary<'a>,
}

impl Files<'_> {
    fn write(&self, segment: &Segment) -> tantivy::Result<()> {
        let fields: Vec<Field> = self.schema.fields().map(|(field, _)| field).collect();
        let totals = self.write_lengths(&fields, segment)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        for component in [SegmentComponent::Terms, SegmentComponent::Postings, SegmentComponent::Positions] {
            remove(segment, component)?;
        }
        let mut serializer = InvertedIndexSerializer::open(segment)?;
        let (mut rooms, mut counted) = (Vec::new(), FxHashMap::<Field, Counted>::default());
        for (field, total) in fields.into_iter().zip(totals).filter(|(_, total)| *total > 0) {
            let sources = self.sources(field);
            self.count(&sources, field, &mut counted);
            let of = |source: Source| counted.get(&source.rows).map(|words| (words, source));
            let sources: Vec<(&Counted, Source)> = sources.into_iter().filter_map(of).collect();
            let field_serializer = serializer.new_field(field, total, norms.get_field(field)?)?;
            let mut lists = Lists::new(record_option(&self.schema, field), field_serializer);
            write(&sources, &self.vocabulary, self.gathered.most_spots, &mut rooms, &mut lists)?;
            lists.close()?;
        }
        serializer.close()?;
        Ok(())
    }

    /// Counts the words that a field is made of, and forgets those that none needs from here on.
    fn count<'b>(&'b self, sources: &[Source], field: Field, counted: &mut FxHashMap<Field, Counted<'b>>) {
        let from_here = (field.field_id()..self.schema.num_fields() as u32).map(Field::from_field_id);
        let needed: FxHashSet<Field> =
            from_here.flat_map(|field| self.sources(field)).map(|source| source.rows).collect();
        counted.retain(|rows, _| needed.contains(rows));
        for source in sources.iter().filter(|source| !self.rows(source.rows).is_empty()) {
            let count = || Counted::new(self.rows(source.rows), source, &self.vocabulary, &self.order);
            counted.entry(source.rows).or_insert_with(count);
        }
    }

    fn sources(&self, field: Field) -> Vec<Source> {
        self.gathered.sources(field, &self.schema)
    }

    /// Writes how many tokens each document has in each field, and returns how many each field has.
    fn write_lengths(&self, fields: &[Field], segment: &Segment) -> tantivy::Result<Vec<u64>> {
        remove(segment, SegmentComponent::FieldNorms)?;
        let mut norms = FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?;
        let mut totals = Vec::with_capacity(fields.len());
        for field in fields {
            let mut lengths = vec![0_u32; self.order.len()];
            for Source { rows, form, times } in self.sources(*field) {
                self.rows(rows).each_count(|doc, counts| {
                    let (length, count) = (&mut lengths[doc as usize], counts.of(form.unwrap_or(Form::Filed)));
                    *length = length.saturating_add(count.saturating_mul(times));
                });
            }
            totals.push(lengths.iter().map(|length| u64::from(*length)).sum());
            let entry = self.schema.get_field_entry(*field);
            if entry.is_indexed() && entry.has_fieldnorms() {
                let byte = |old: &DocId| FieldNormReader::fieldnorm_to_id(lengths[*old as usize]);
                let bytes: Vec<u8> = self.order.iter().map(byte).collect();
                norms.serialize_field(*field, &bytes)?;
            }
        }
        norms.close()?;
        Ok(totals)
    }

    fn rows(&self, field: Field) -> &Rows {
        &self.gathered.rows[field.field_id() as usize]
    }
}

/// Removes what tantivy has written of a part of a segment.
fn remove(segment: &Segment, component: SegmentComponent) -> tantivy::Result<()> {
    match segment.index().directory().delete(&segment.relative_path(component)) {
        Ok(()) | Err(DeleteError::FileDoesNotExist(_)) => Ok(()),
        Err(DeleteError::IoError { io_error, .. }) => Err(TantivyError::IoError(io_error)),
    }
}
