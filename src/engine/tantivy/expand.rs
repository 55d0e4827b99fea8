//! Patterns and misspellings to the words of the index they stand for.

use std::collections::BTreeMap;

use tantivy::Searcher;
use tantivy::schema::Field;

use crate::analysis::{beginning, word_of};
use crate::engine::snippet::{edits, glob_matches};
use crate::error::{Error, Result};

/// The most words that one pattern may stand for.
pub const MOST_EXPANSIONS: usize = 1024;

/// The words of `fields` that fit a folded pattern with `*` and `?`.
///
/// # Errors
/// More than [`MOST_EXPANSIONS`] words fit.
pub fn pattern(searcher: &Searcher, fields: &[Field], glob: &str) -> Result<Vec<String>> {
    let prefix = glob.split(['*', '?']).next().unwrap_or("");
    let words = collect(searcher, fields, prefix, |word| glob_matches(glob, word))?;
    if words.len() > MOST_EXPANSIONS {
        let message = format!("`{glob}` stands for more than {MOST_EXPANSIONS} words of this archive");
        return Err(Error::usage(message).hint("write more letters before the `*`"));
    }
    Ok(words.into_keys().collect())
}

/// The words of `fields` that differ from a folded word by at most `most` letters.
///
/// # Errors
/// More than [`MOST_EXPANSIONS`] words fit.
pub fn misspelt(searcher: &Searcher, fields: &[Field], word: &str, most: usize) -> Result<Vec<String>> {
    let words = collect(searcher, fields, "", |other| edits(word, other, most).is_some())?;
    if words.len() > MOST_EXPANSIONS {
        let message = format!("`{word}~{most}` stands for more than {MOST_EXPANSIONS} words of this archive");
        return Err(Error::usage(message).hint("allow fewer wrong letters, or write a longer word"));
    }
    Ok(words.into_keys().collect())
}

/// The commonest word of `fields` that is spelt like `word` but for one letter, or two in a long word.
pub fn nearest(searcher: &Searcher, fields: &[Field], word: &str) -> Result<Option<String>> {
    let length = word.chars().count();
    if length < 3 {
        return Ok(None);
    }
    let most = if length > 5 { 2 } else { 1 };
    let near = collect(searcher, fields, "", |other| other.len() > 2 && edits(word, other, most).is_some())?;
    let cost = |other: &str| edits(word, other, most).unwrap_or(most);
    Ok(near
        .into_iter()
        .min_by_key(|(other, count)| (cost(other), std::cmp::Reverse(*count), other.clone()))
        .map(|(other, _)| other))
}

/// Every word beginning with `prefix` that is accepted, with the number of documents that have it; stops one past
/// [`MOST_EXPANSIONS`].
fn collect(
    searcher: &Searcher,
    fields: &[Field],
    prefix: &str,
    accept: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, u64>> {
    let failed = |error: &dyn std::fmt::Display| Error::engine(format!("the word list cannot be read: {error}"));
    let stretches = beginning(prefix);
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        for field in fields {
            let inverted = segment.inverted_index(*field).map_err(|error| failed(&error))?;
            for (from, to) in &stretches {
                let range = inverted.terms().range().ge(from).lt(to);
                let mut stream = range.into_stream().map_err(|error| failed(&error))?;
                while stream.advance() && words.len() <= MOST_EXPANSIONS {
                    if let Some(word) = std::str::from_utf8(stream.key()).ok().map(word_of)
                        && accept(word)
                    {
                        *words.entry(word.to_owned()).or_default() += u64::from(stream.value().doc_freq);
                    }
                }
            }
        }
    }
    Ok(words)
}
