//! How many matching articles have each value of a column: actors, speakers, sources, countries, languages.

use std::collections::BTreeMap;
use std::io;
use std::ops::{Bound, Range};

use tantivy::collector::TopDocs;
use tantivy::columnar::StrColumn;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use super::blocks::{self, Finding};
use super::clause::{intersection, term};
use super::lower::{Lowering, Target};
use super::parcel::Parcel;
use super::schema::ARTICLE;
use super::values::{FacetColumn, Values};
use super::{TantivyEngine, failed};
use crate::error::Result;
use crate::hits::{FacetBy, Tally};
use crate::query::Query;
use crate::text::fold;

/// The column of the ids of all actors of an article.
pub const CAST: &str = "cast";

/// The column that holds what articles are counted by; dates are counted by the timeline.
fn column_of(by: FacetBy) -> Option<&'static str> {
    match by {
        FacetBy::Actor | FacetBy::Person | FacetBy::Org | FacetBy::Kind => Some(CAST),
        FacetBy::Speaker => Some("voices"),
        FacetBy::Country => Some("country"),
        FacetBy::Source => Some("source"),
        FacetBy::Language => Some("lang"),
        FacetBy::Year | FacetBy::Month => None,
    }
}

/// Counts the values of one column over the articles that answer a question; the `limit` most frequent are named.
pub fn tally(engine: &TantivyEngine, query: &Query, by: FacetBy, limit: usize) -> Result<Tally> {
    let Some(name) = column_of(by) else { return Ok(Tally::default()) };
    let searcher = engine.searcher();
    let clause = Lowering::matching(&searcher, engine.fields, Target::Articles).query(query)?;
    let column = engine.warm.facets(&searcher, name).map_err(failed)?;
    let finding = blocks::finding(&searcher, &clause).map_err(failed)?;
    counted(&searcher, &finding, &column, by, limit).map_err(failed)
}

/// The name to show for a value, as one of the articles that have it writes it.
pub fn name(engine: &TantivyEngine, by: FacetBy, value: &str) -> Result<Option<String>> {
    let id = match by {
        FacetBy::Actor | FacetBy::Person | FacetBy::Org | FacetBy::Speaker => value.to_owned(),
        FacetBy::Country => format!("state:{value}"),
        FacetBy::Source => return source_name(engine, value),
        FacetBy::Kind | FacetBy::Language | FacetBy::Year | FacetBy::Month => return Ok(None),
    };
    let searcher = engine.searcher();
    let Some(address) = naming(engine, &searcher, &id).map_err(failed)? else { return Ok(None) };
    let head = Parcel::head_at(&searcher, address)?;
    Ok(head.actors().into_iter().find(|actor| actor.id == id).map(|actor| actor.name))
}

/// An article that names an actor. An article is also found under what its actors belong to, which it need not name.
fn naming(engine: &TantivyEngine, searcher: &Searcher, id: &str) -> tantivy::Result<Option<DocAddress>> {
    let column = engine.warm.facets(searcher, CAST)?;
    let term = Term::from_field_text(engine.fields.actor, &fold(id));
    for ((segment, reader), values) in (0..).zip(searcher.segment_readers()).zip(&column.segments) {
        let Some(values) = values else { continue };
        let Some(place) = values.place(id)? else { continue };
        let index = reader.inverted_index(engine.fields.actor)?;
        let Some(mut articles) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        while articles.doc() != TERMINATED {
            let doc = articles.doc();
            let mut named = values.column.ords().values_for_doc(doc);
            if !reader.is_deleted(doc) && named.any(|ord| ord == u64::from(place)) {
                return Ok(Some(DocAddress::new(segment, doc)));
            }
            articles.advance();
        }
    }
    Ok(None)
}

fn source_name(engine: &TantivyEngine, value: &str) -> Result<Option<String>> {
    let searcher = engine.searcher();
    let source = Term::from_field_text(engine.fields.source, value);
    // Quotes carry the source too, and nothing that is stored.
    let article = Term::from_field_u64(engine.fields.kind, ARTICLE);
    let query = intersection(vec![term(source), term(article)]);
    let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(failed)?;
    let Some((_, address)) = found.first() else { return Ok(None) };
    Ok(Parcel::head_at(&searcher, *address)?.source)
}

/// Whether ids of a kind, the part before their colon, are counted under `by`.
fn is_counted(kind: &str, by: FacetBy) -> bool {
    match by {
        FacetBy::Person => kind == "person",
        FacetBy::Org => !matches!(kind, "person" | "state" | "place" | "region"),
        _ => true,
    }
}

/// The ids of one kind in a column: they stand together, because the values of a column are sorted.
struct Group {
    name: String,
    ords: Range<u64>,
    counted: bool,
}

/// The groups of a column of ids, in the order of their values.
fn groups(column: &StrColumn, by: FacetBy) -> io::Result<Vec<Group>> {
    let all = column.num_terms() as u64;
    if !matches!(by, FacetBy::Person | FacetBy::Org | FacetBy::Kind) {
        return Ok(vec![Group { name: String::new(), ords: 0..all, counted: true }]);
    }
    let (mut groups, mut first, mut value): (Vec<Group>, u64, String) = (Vec::new(), 0, String::new());
    while first < all {
        value.clear();
        column.ord_to_str(first, &mut value)?;
        let kind = value.split_once(':').map_or(value.as_str(), |(kind, _)| kind);
        // `;` is the character behind `:`.
        let behind = format!("{kind};");
        let bounds = column.dictionary().term_bounds_to_ord(Bound::Unbounded, Bound::Excluded(behind.as_bytes()))?;
        let end = match bounds.1 {
            Bound::Included(last) => last.saturating_add(1).min(all),
            Bound::Excluded(end) => end.min(all),
            Bound::Unbounded => all,
        };
        let end = end.max(first + 1);
        groups.push(Group { counted: is_counted(kind, by), name: kind.to_owned(), ords: first..end });
        first = end;
    }
    Ok(groups)
}

/// Where the documents of one segment are counted.
struct Counts {
    /// By the place of the value, or of its group where kinds are counted.
    articles: Vec<u32>,
    /// Articles with a value that is counted.
    having: u64,
    /// Articles with values of which none is counted.
    without: u64,
    /// All articles.
    total: u64,
}

/// No slot: the value is not counted.
const NOWHERE: u32 = u32::MAX;

/// Where each value is counted, by its place; `None` when each value counts for itself.
fn slots(groups: &[Group], by: FacetBy) -> Option<Vec<u32>> {
    if !matches!(by, FacetBy::Person | FacetBy::Org | FacetBy::Kind) {
        return None;
    }
    let mut slots = Vec::new();
    for (at, group) in (0..).zip(groups) {
        slots.extend(group.ords.clone().map(|ord| match by {
            FacetBy::Kind => at,
            _ if group.counted => u32::try_from(ord).unwrap_or(NOWHERE),
            _ => NOWHERE,
        }));
    }
    Some(slots)
}

/// Counts the documents of a segment that match.
fn count(finding: &Finding, reader: &SegmentReader, values: &Values, slots: Option<&[u32]>) -> tantivy::Result<Counts> {
    let mut counts = Counts { articles: vec![0; values.column.num_terms()], having: 0, without: 0, total: 0 };
    let mut last_of = vec![0; if slots.is_some() { counts.articles.len() } else { 0 }];
    let mut reading = values.open();
    blocks::each(finding, reader, |docs| {
        counts.total += docs.len() as u64;
        match slots {
            None => reading.each(docs, |values| counts.each(values)),
            Some(slots) => reading.each(docs, |values| counts.once(values, slots, &mut last_of)),
        }
    })?;
    values.was_asked(counts.total);
    Ok(counts)
}

impl Counts {
    /// A document with these values.
    fn each(&mut self, values: &[u32]) {
        self.having += 1;
        for value in values {
            if let Some(articles) = self.articles.get_mut(*value as usize) {
                *articles += 1;
            }
        }
    }

    /// The same, once for each slot, however many of its values stand in it; `last_of` is the last document of each.
    fn once(&mut self, values: &[u32], slots: &[u32], last_of: &mut [u64]) {
        // Documents are numbered as they come, from 1.
        let this = self.having + self.without + 1;
        let mut any = false;
        for value in values {
            let slot = slots.get(*value as usize).map_or(usize::MAX, |slot| *slot as usize);
            if let (Some(articles), Some(last)) = (self.articles.get_mut(slot), last_of.get_mut(slot))
                && *last != this
            {
                *last = this;
                *articles += 1;
                any = true;
            }
        }
        self.having += u64::from(any);
        self.without += u64::from(!any);
    }
}

fn counted(
    searcher: &Searcher,
    finding: &Finding,
    column: &FacetColumn,
    by: FacetBy,
    limit: usize,
) -> tantivy::Result<Tally> {
    let mut tally = Tally::default();
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut found: Vec<(u32, Vec<u32>)> = Vec::new();
    for ((segment, reader), values) in (0..).zip(searcher.segment_readers()).zip(&column.segments) {
        let Some(values) = values else {
            let mut all = 0;
            blocks::each(finding, reader, |docs| all += docs.len() as u64)?;
            tally.total += all;
            tally.missing += all;
            continue;
        };
        let groups = groups(&values.column, by)?;
        let counts = count(finding, reader, values, slots(&groups, by).as_deref())?;
        tally.total += counts.total;
        tally.missing += counts.total - counts.having;
        if by == FacetBy::Kind {
            for (group, articles) in groups.into_iter().zip(counts.articles).filter(|(_, articles)| *articles > 0) {
                *kinds.entry(group.name).or_default() += u64::from(articles);
            }
        } else if counts.having > 0 {
            found.push((segment, counts.articles));
        }
    }
    if by == FacetBy::Kind {
        let kinds: Vec<(String, u64)> = kinds.into_iter().collect();
        tally.values = kinds.len() as u64;
        tally.counts = most(kinds, limit);
        return Ok(tally);
    }
    let segments = Segments { column, found };
    let counts = segments.together()?;
    tally.values = counts.len() as u64;
    for (number, articles) in most(counts, limit) {
        let value = segments.value(number)?;
        // Codes are written large; the index keeps them folded.
        tally.counts.push((if by == FacetBy::Country { value.to_uppercase() } else { value }, articles));
    }
    Ok(tally)
}

/// The counts of the segments that have any, by the places of the values there.
struct Segments<'a> {
    column: &'a FacetColumn,
    found: Vec<(u32, Vec<u32>)>,
}

impl Segments<'_> {
    /// All counts by the number of the value, without those that did not come up. In a single segment the places are the
    /// numbers.
    fn together(&self) -> io::Result<Vec<(u32, u64)>> {
        match &self.found[..] {
            [] => Ok(Vec::new()),
            [(_, counts)] => Ok(numbered(counts.iter().map(|articles| u64::from(*articles)))),
            several => {
                let numbering = self.column.numbering()?;
                let mut all = vec![0u64; numbering.len()];
                for (segment, counts) in several {
                    for (number, articles) in numbering.of_segment(*segment).iter().zip(counts) {
                        if let Some(sum) = all.get_mut(*number as usize) {
                            *sum += u64::from(*articles);
                        }
                    }
                }
                Ok(numbered(all.into_iter()))
            }
        }
    }

    /// The value with a number.
    fn value(&self, number: u32) -> io::Result<String> {
        let home = match &self.found[..] {
            [(segment, _)] => Some((*segment, number)),
            _ => self.column.numbering()?.home(number),
        };
        self.column.value(home.ok_or_else(|| io::Error::other("a value has no place"))?)
    }
}

fn numbered(counts: impl Iterator<Item = u64>) -> Vec<(u32, u64)> {
    (0..).zip(counts).filter(|(_, articles)| *articles > 0).collect()
}

/// The `limit` most frequent values, the most frequent first; of equal ones those that come first by themselves.
pub fn most<T: Ord>(mut values: Vec<(T, u64)>, limit: usize) -> Vec<(T, u64)> {
    let order = |a: &(T, u64), b: &(T, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
    if limit > 0 && limit < values.len() {
        values.select_nth_unstable_by(limit - 1, order);
    }
    values.truncate(limit);
    values.sort_unstable_by(order);
    values
}
