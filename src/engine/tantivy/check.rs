//! Whether documents and catalogue agree, and figures about the index.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tantivy::Searcher;
use tantivy::index::SegmentComponent;

use super::directory::Store;
use super::manifest;
use super::schema;
use super::shortcuts;
use super::sidecar::SMALL_FILE;
use super::stories;
use super::{TantivyEngine, failed, folder_bytes};
use crate::catalogue::FileRecord;
use crate::engine::{Engine, Status};
use crate::error::Result;

/// How many disagreements are listed one by one.
const MOST_LISTED: usize = 20;

/// Figures about the index.
pub fn status(engine: &TantivyEngine) -> Result<Status> {
    let searcher = engine.searcher();
    let counts = documents(engine)?;
    let stamp = engine.stamp.as_ref();
    let version =
        |read: fn(&super::snapshot::Stamp) -> &String| stamp.map(|stamp| read(stamp).clone()).unwrap_or_default();
    Ok(Status {
        articles: counts.values().map(|(articles, _)| *articles).sum(),
        quotes: counts.values().map(|(_, quotes)| *quotes).sum(),
        bytes: folder_bytes(&engine.folder),
        segments: searcher.segment_readers().len(),
        format: version(|stamp| &stamp.format),
        analyser: version(|stamp| &stamp.analyser),
        dictionary: version(|stamp| &stamp.dictionary),
        newest: engine.warm.newest(&searcher)?,
    })
}

/// Compares the lists of documents, and the lengths that scores rest on, with their checksums where that costs nothing:
/// tantivy reads whatever they say, and nothing else would notice.
pub fn small_files(searcher: &Searcher, store: &Store) -> std::result::Result<(), String> {
    let directory = searcher.index().directory();
    let names = searcher.segment_readers().iter().map(|segment| segment.segment_id().uuid_string());
    let parts = [SegmentComponent::FieldNorms, SegmentComponent::Postings];
    for path in names.flat_map(|name| parts.each_ref().map(|part| PathBuf::from(format!("{name}.{part}")))) {
        if store.known_size(&path).is_some_and(|size| size > SMALL_FILE as u64) {
            continue;
        }
        if !directory.validate_checksum(&path).map_err(|error| error.to_string())? {
            return Err(format!("`{}` does not have the bytes it was written with", path.display()));
        }
    }
    Ok(())
}

/// Compares every document with the catalogue, and every file with its checksum.
pub fn check(engine: &TantivyEngine) -> Result<Vec<String>> {
    let mut wrong = manifest::verify(&engine.folder)?;
    if !wrong.is_empty() {
        // What is read from damaged files says nothing about the others.
        return Ok(wrong);
    }
    let catalogue = engine.catalogue()?;
    let mut found = documents(engine)?;
    let mut differ = Vec::new();
    for article in catalogue.files.values().flat_map(FileRecord::indexed) {
        match found.remove(&article.id) {
            None => differ.push(format!("article `{}` is in the catalogue, not in the index", article.id)),
            Some((1, quotes)) if quotes == u64::from(article.quotes) => {}
            Some((1, quotes)) => differ.push(format!(
                "article `{}` has {quotes} quotes in the index, {} in the catalogue",
                article.id, article.quotes
            )),
            Some((articles, _)) => differ.push(format!("article `{}` is in the index {articles} times", article.id)),
        }
    }
    differ.extend(found.keys().map(|id| format!("article `{id}` is in the index, not in the catalogue")));
    differ.extend(stories::check(engine)?);
    if let (Some(stamp), Some(stories), true) = (&engine.stamp, engine.stories()?, differ.is_empty()) {
        differ.extend(shortcuts::check(&engine.searcher(), &engine.store, stamp, &stories)?);
    }
    let more = differ.len().saturating_sub(MOST_LISTED);
    wrong.extend(differ.into_iter().take(MOST_LISTED));
    if more > 0 {
        wrong.push(format!("and {more} more"));
    }
    Ok(wrong)
}

/// For every id in the index, how many articles and how many quotes carry it.
fn documents(engine: &TantivyEngine) -> Result<BTreeMap<String, (u64, u64)>> {
    let searcher = engine.searcher();
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let kind = segment.fast_fields().u64("kind").map_err(failed)?;
        let Some(ids) = segment.fast_fields().str("id").map_err(failed)? else { continue };
        let mut of_ordinal: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        for doc in segment.doc_ids_alive() {
            let entry = of_ordinal.entry(ids.ords().first(doc).unwrap_or(u64::MAX)).or_default();
            if kind.first(doc) == Some(schema::ARTICLE) { entry.0 += 1 } else { entry.1 += 1 }
        }
        for (ordinal, (articles, quotes)) in of_ordinal {
            let mut id = String::new();
            ids.ord_to_str(ordinal, &mut id).map_err(|error| failed(error.into()))?;
            let entry = counts.entry(id).or_default();
            entry.0 += articles;
            entry.1 += quotes;
        }
    }
    Ok(counts)
}
