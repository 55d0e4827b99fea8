//! How many matching articles have each value of a column: actors, speakers, sources, countries, languages.

use std::collections::{BTreeSet, HashMap};

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

/// What of a value is counted under `by`.
fn counted(value: &str, by: FacetBy) -> Option<&str> {
    let kind = value.split_once(':').map_or("", |(kind, _)| kind);
    match by {
        FacetBy::Person => (kind == "person").then_some(value),
        FacetBy::Org => (!matches!(kind, "person" | "state" | "place" | "region")).then_some(value),
        FacetBy::Kind => Some(kind),
        _ => Some(value),
    }
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
        let mut groups: Vec<Option<u32>> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        if let Some(column) = &column {
            // Every value of the segment belongs to one name that is counted, or to none.
            let mut known: HashMap<String, u32> = HashMap::new();
            let mut value = String::new();
            for ord in 0..column.num_terms() as u64 {
                value.clear();
                column.ord_to_str(ord, &mut value)?;
                groups.push(counted(&value, self.by).map(|name| {
                    *known.entry(name.to_owned()).or_insert_with(|| {
                        // Codes are written large; the index keeps them folded.
                        let code = self.by == FacetBy::Country;
                        names.push(if code { name.to_uppercase() } else { name.to_owned() });
                        names.len() as u32 - 1
                    })
                }));
            }
        }
        let counts = vec![0; names.len()];
        Ok(SegmentValues { column, groups, names, counts, seen: BTreeSet::new(), missing: 0, total: 0 })
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
    /// The number of the name that each value is counted under.
    groups: Vec<Option<u32>>,
    names: Vec<String>,
    counts: Vec<u64>,
    /// The names of one document, each of which counts once.
    seen: BTreeSet<u32>,
    missing: u64,
    total: u64,
}

impl SegmentCollector for SegmentValues {
    type Fruit = Tally;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total += 1;
        self.seen.clear();
        if let Some(column) = &self.column {
            let groups = column.ords().values_for_doc(doc).filter_map(|ord| *self.groups.get(ord as usize)?);
            self.seen.extend(groups);
        }
        for group in &self.seen {
            self.counts[*group as usize] += 1;
        }
        self.missing += u64::from(self.seen.is_empty());
    }

    fn harvest(self) -> Tally {
        let counted = self.names.into_iter().zip(self.counts).filter(|(_, count)| *count > 0);
        Tally { counts: counted.collect(), missing: self.missing, total: self.total }
    }
}
