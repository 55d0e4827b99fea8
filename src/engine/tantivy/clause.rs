//! The small change of lowering: words, rows of words, ranges and sets as tantivy queries.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::query::doc_predicate_query::{DocPredicateQuery, FunctionPredicate};
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, PhraseQuery, Query as Lowered, TermQuery};
use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, Term};

use crate::analysis::{Form as TokenForm, Token, tokens};

/// A lowered clause.
pub type Clause = Box<dyn Lowered>;

/// The tokens of a text, one for each place.
pub fn row(text: &str, form: TokenForm) -> Vec<Token> {
    let mut last = None;
    tokens(text, form).filter(|token| last.replace(token.position) != Some(token.position)).collect()
}

/// The tokens of one word as typed: of a compound its parts, one for each place, and the whole as one word; of any other
/// word no parts.
pub fn parts_and_wholes(text: &str, form: TokenForm) -> (Vec<Token>, Vec<Token>) {
    let parts = row(text, form);
    if parts.len() < 2 {
        return (Vec::new(), tokens(text, form).collect());
    }
    let wholes = tokens(text, form).filter(|token| !parts.contains(token)).collect();
    (parts, wholes)
}

/// One word as typed: a term, or for a compound its parts in a row or the compound written as one.
pub fn compound(field: IndexField, text: &str, form: TokenForm) -> Clause {
    let (parts, wholes) = parts_and_wholes(text, form);
    let in_a_row = (!parts.is_empty()).then(|| phrase(field, parts.iter().map(|token| token.text.as_str())));
    union(in_a_row.into_iter().chain(wholes.iter().map(|token| scored(field, &token.text))).collect())
}

/// Words in a row.
pub fn phrase<'a>(field: IndexField, words: impl Iterator<Item = &'a str>) -> Clause {
    Box::new(PhraseQuery::new(words.map(|word| Term::from_field_text(field, word)).collect()))
}

/// One word, scored by its frequency.
pub fn scored(field: IndexField, word: &str) -> Clause {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
}

/// One value, whether or not it is there.
pub fn term(term: Term) -> Clause {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// A clause that scores nothing.
pub fn filter(clause: Clause) -> Clause {
    Box::new(ConstScoreQuery::new(clause, 0.0))
}

/// A clause that counts more or less.
pub fn boosted(clause: Clause, boost: f32) -> Clause {
    if boost == 1.0 { clause } else { Box::new(BoostQuery::new(clause, boost)) }
}

/// Any of the clauses.
pub fn union(mut clauses: Vec<Clause>) -> Clause {
    match clauses.len() {
        0 => Box::new(EmptyQuery),
        1 => clauses.remove(0),
        _ => Box::new(BooleanQuery::union(clauses)),
    }
}

/// All of the clauses.
pub fn intersection(mut clauses: Vec<Clause>) -> Clause {
    match clauses.len() {
        0 => Box::new(EmptyQuery),
        1 => clauses.remove(0),
        _ => Box::new(BooleanQuery::intersection(clauses)),
    }
}

/// Documents whose number in each of these columns lies between two others, both included.
///
/// Not tantivy's range query: sought as part of an exclusion it goes backwards and loses or overflows (0.27.0,
/// `RangeDocSet::is_last_seek_distance_large`).
pub fn between(bounds: Vec<(&'static str, u64, u64)>) -> Clause {
    let predicate = FunctionPredicate::from(move |segment: &SegmentReader| {
        let columns = bounds
            .iter()
            .map(|(name, from, to)| Ok((segment.fast_fields().u64(name)?, *from, *to)))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let lies = move |doc: DocId| {
            columns
                .iter()
                .all(|(column, from, to)| column.first(doc).is_some_and(|value| (*from..=*to).contains(&value)))
        };
        Ok(lies)
    });
    filter(Box::new(DocPredicateQuery::from(predicate)))
}

/// Documents whose article is one of these.
pub fn having_keys(keys: HashSet<u64>) -> Clause {
    let keys = Arc::new(keys);
    let predicate = FunctionPredicate::from(move |segment: &SegmentReader| {
        let column = segment.fast_fields().u64("key")?;
        let keys = keys.clone();
        Ok(move |doc: DocId| column.first(doc).is_some_and(|key| keys.contains(&key)))
    });
    filter(Box::new(DocPredicateQuery::from(predicate)))
}

/// A pattern with `*` and `?` as a regular expression over whole values.
pub fn glob_to_regex(glob: &str) -> String {
    let mut regex = String::with_capacity(glob.len() * 2);
    for c in glob.chars() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            c if c.is_alphanumeric() || c == '/' || c == '_' || c == ' ' => regex.push(c),
            c if c.is_ascii() => regex.extend(['\\', c]),
            c => regex.push(c),
        }
    }
    regex
}

/// Whether a list or a scorer that stands at or before `doc` has it.
pub fn meets<D: DocSet + ?Sized>(scorer: &mut D, doc: DocId) -> bool {
    scorer.doc() <= doc && (scorer.doc() == doc || scorer.seek(doc) == doc)
}

/// The token of a word that is just one in every reading.
pub fn only_token(text: &str, form: TokenForm) -> Option<String> {
    let mut all = tokens(text, form);
    let first = all.next()?.text;
    all.next().is_none().then_some(first)
}
