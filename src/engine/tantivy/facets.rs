//! How many matching articles have each value of a column: actors, speakers, sources, countries, languages.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::ops::{Bound, Range};

use tantivy::collector::{Collector, SegmentCollector, TopDocs};
use tantivy::columnar::StrColumn;
use tantivy::query::TermQuery;
use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{DocId, Score, SegmentReader, Term};

use super::lower::{Lowering, Target};
use super::record::{Head, unpack};
use super::search::stored_head;
use super::{TantivyEngine, failed};
use crate::error::Result;
use crate::hits::{FacetBy, Tally};
use crate::query::Query;
use crate::text::fold;

/// Counts the values of one column over the articles that answer a question.
pub fn tally(engine: &TantivyEngine, query: &Query, by: FacetBy) -> Result<Tally> {
    let searcher = engine.searcher();
    let lowering = Lowering::matching(&searcher, engine.fields, Target::Articles);
    let column = match by {
        FacetBy::Actor | FacetBy::Person | FacetBy::Org | FacetBy::Kind => "cast",
        FacetBy::Speaker => "voices",
        FacetBy::Country => "country",
        FacetBy::Source => "source",
        FacetBy::Language => "lang",
        // Dates are counted by the timeline.
        FacetBy::Year | FacetBy::Month => return Ok(Tally::default()),
    };
    let values = Values { column, by };
    searcher.search(&lowering.query(query)?, &values).map_err(failed)
}

/// The name to show for a value, as one of the articles that have it writes it.
pub fn name(engine: &TantivyEngine, by: FacetBy, value: &str) -> Result<Option<String>> {
    let fields = &engine.fields;
    let (field, term): (IndexField, String) = match by {
        FacetBy::Actor | FacetBy::Person | FacetBy::Org | FacetBy::Speaker => (fields.actor, fold(value)),
        FacetBy::Country => (fields.actor, fold(&format!("state:{value}"))),
        FacetBy::Source => (fields.source, value.to_owned()),
        FacetBy::Kind | FacetBy::Language | FacetBy::Year | FacetBy::Month => return Ok(None),
    };
    let searcher = engine.searcher();
    let query = TermQuery::new(Term::from_field_text(field, &term), IndexRecordOption::Basic);
    let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(failed)?;
    let Some((_, address)) = found.first() else { return Ok(None) };
    if by == FacetBy::Source {
        // Quotes carry the source too, in a record of another shape.
        return Ok(unpack::<Head>(&stored_head(&searcher, fields, *address)?).ok().and_then(|head| head.source));
    }
    let head: Head = unpack(&stored_head(&searcher, fields, *address)?)?;
    Ok(head.actors().into_iter().find(|actor| fold(&actor.id) == term).map(|actor| actor.name))
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

/// Counts documents by the values of a column.
struct Values {
    column: &'static str,
    by: FacetBy,
}

impl Collector for Values {
    type Fruit = Tally;
    type Child = SegmentValues;

    fn for_segment(&self, _: u32, reader: &SegmentReader) -> tantivy::Result<SegmentValues> {
        let column = reader.fast_fields().str(self.column)?;
        let groups = column.as_ref().map(|column| groups(column, self.by)).transpose()?.unwrap_or_default();
        let values = if self.by == FacetBy::Kind {
            groups.len()
        } else {
            column.as_ref().map_or(0, |column| column.num_terms())
        };
        let counts = vec![0; values];
        Ok(SegmentValues { column, by: self.by, groups, counts, seen: BTreeSet::new(), missing: 0, total: 0 })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Tally>) -> tantivy::Result<Tally> {
        let mut all = Tally::default();
        for segment in segments {
            all.missing += segment.missing;
            all.total += segment.total;
            for (value, count) in segment.counts {
                *all.counts.entry(value).or_default() += count;
            }
        }
        Ok(all)
    }
}

/// The child of [`Values`].
struct SegmentValues {
    column: Option<StrColumn>,
    by: FacetBy,
    groups: Vec<Group>,
    /// By the place of the value, or of the group where kinds are counted.
    counts: Vec<u64>,
    /// The groups of one document, each of which counts once.
    seen: BTreeSet<usize>,
    missing: u64,
    total: u64,
}

impl SegmentValues {
    /// Counts the values of a document; returns whether it has any.
    fn count(&mut self, doc: DocId) -> bool {
        let Some(column) = &self.column else { return false };
        let mut any = false;
        if self.groups.len() == 1 && self.by != FacetBy::Kind {
            if !self.groups[0].counted {
                return false;
            }
            for ord in column.ords().values_for_doc(doc) {
                any = true;
                self.counts[ord as usize] += 1;
            }
            return any;
        }
        self.seen.clear();
        for ord in column.ords().values_for_doc(doc) {
            let place = self.groups.partition_point(|group| group.ords.end <= ord);
            if self.groups.get(place).is_none_or(|group| !group.counted) {
                continue;
            }
            any = true;
            let value = if self.by == FacetBy::Kind { place } else { ord as usize };
            if self.by != FacetBy::Kind || self.seen.insert(place) {
                self.counts[value] += 1;
            }
        }
        any
    }

    /// The values that came up, with how often.
    fn named(&self) -> HashMap<String, u64> {
        let counted = || self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        if self.by == FacetBy::Kind {
            return counted().map(|(place, count)| (self.groups[place].name.clone(), *count)).collect();
        }
        let Some(column) = &self.column else { return HashMap::new() };
        let ords: Vec<u64> = counted().map(|(ord, _)| ord as u64).collect();
        let mut named = HashMap::with_capacity(ords.len());
        let mut counts = counted().map(|(_, count)| *count);
        let read = column.dictionary().sorted_ords_to_term_cb(&ords, |value| {
            let value = String::from_utf8_lossy(value);
            // Codes are written large; the index keeps them folded.
            let value = if self.by == FacetBy::Country { value.to_uppercase() } else { value.into_owned() };
            named.extend(counts.next().map(|count| (value, count)));
        });
        debug_assert!(read.is_ok_and(|all| all), "every value that a document has is in the dictionary");
        named
    }
}

impl SegmentCollector for SegmentValues {
    type Fruit = Tally;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total += 1;
        self.missing += u64::from(!self.count(doc));
    }

    fn harvest(self) -> Tally {
        Tally { counts: self.named(), missing: self.missing, total: self.total }
    }
}
