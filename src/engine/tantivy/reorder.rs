//! The order in which tantivy writes the documents of a new segment.

use std::path::Path;

use tantivy::directory::{Directory, RamDirectory};
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::indexer::DocIdMapping;
use tantivy::schema::{NumericOptions, Schema};
use tantivy::{DocId, TantivyError};

/// One for each byte of a number of a document.
const PLANES: [&str; size_of::<DocId>()] = ["0", "1", "2", "3"];

/// What the documents are numbered as they came in, in the order in which they are written; as they came in where they
/// are not sorted.
///
/// Tantivy (0.27.0) hands its order to plugins and lets none of them read it. What it does do is to bring lengths of
/// fields into this order, a byte each. So the numbers go there and back as such.
pub fn order(mapping: Option<&DocIdMapping>, docs: DocId) -> tantivy::Result<Vec<DocId>> {
    let Some(mapping) = mapping else { return Ok((0..docs).collect()) };
    let mut schema = Schema::builder();
    let planes =
        PLANES.map(|plane| schema.add_u64_field(plane, NumericOptions::default().set_indexed().set_fieldnorm()));
    let mut norms = FieldNormsWriter::for_schema(&schema.build());
    for doc in 0..docs {
        for (plane, byte) in planes.into_iter().zip(doc.to_le_bytes()) {
            norms.record(doc, plane, FieldNormReader::id_to_fieldnorm(byte));
        }
    }
    let (memory, path) = (RamDirectory::create(), Path::new("order"));
    norms.serialize(FieldNormsSerializer::from_write(memory.open_write(path)?)?, Some(mapping))?;
    let readers = FieldNormReaders::open(memory.open_read(path)?)?;
    let mut order = vec![0; docs as usize];
    for (plane, shift) in planes.into_iter().zip((0..).step_by(8)) {
        let bytes = readers.get_field(plane)?.ok_or_else(disorder)?;
        for (doc, old) in (0..docs).zip(&mut order) {
            *old |= DocId::from(bytes.fieldnorm_id(doc)) << shift;
        }
    }
    let mut seen = vec![false; docs as usize];
    let is_new = |old: &DocId| seen.get_mut(*old as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    if order.iter().all(is_new) { Ok(order) } else { Err(disorder()) }
}

fn disorder() -> TantivyError {
    TantivyError::InternalError("the order of the documents of a segment could not be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_mapping() {
        let docs = 70_000;
        let new: Vec<DocId> = (0..docs).map(|doc| (doc * 40_003 + 7) % docs).collect();
        let mapping = DocIdMapping::new_permutation(new.clone()).unwrap();
        assert_eq!(order(Some(&mapping), docs).unwrap(), new);
        assert_eq!(order(None, 3).unwrap(), [0, 1, 2]);
        assert_eq!(order(None, 0).unwrap(), [0; 0]);
    }
}
