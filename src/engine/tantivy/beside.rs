//! Who is named beside whom in the articles that answer a question.

use rustc_hash::FxHashMap;

use super::facets::{CAST, most};
use super::lower::{Lowering, Target};
use super::values::FacetColumn;
use super::{TantivyEngine, blocks, failed};
use crate::error::Result;
use crate::query::Query;

/// How many articles name each actor beside a given one, by the number of the actor.
type Beside = FxHashMap<u32, u64>;

/// For each of the `actors` the `limit` others that most answers name beside it, with how many.
pub fn beside(
    engine: &TantivyEngine,
    query: &Query,
    actors: &[String],
    limit: usize,
) -> Result<Vec<Vec<(String, u64)>>> {
    let searcher = engine.searcher();
    let clause = Lowering::matching(&searcher, engine.fields, Target::Articles).query(query)?;
    let column = engine.warm.facets(&searcher, CAST).map_err(failed)?;
    let finding = blocks::finding(&searcher, &clause).map_err(failed)?;
    let mut all: Vec<Beside> = vec![Beside::default(); actors.len()];
    for ((segment, reader), values) in (0..).zip(searcher.segment_readers()).zip(&column.segments) {
        let Some(values) = values else { continue };
        let mut asked: FxHashMap<u32, usize> = FxHashMap::default();
        for (slot, actor) in actors.iter().enumerate() {
            asked.extend(values.place(actor).map_err(failed)?.map(|place| (place, slot)));
        }
        let mut found: Vec<Beside> = vec![Beside::default(); actors.len()];
        let mut reading = values.open();
        blocks::each(&finding, reader, |docs| reading.each(docs, |own| add(own, &asked, &mut found)))
            .map_err(failed)?;
        for (all, found) in all.iter_mut().zip(found) {
            for (place, articles) in found {
                *all.entry(column.number(segment, place).map_err(failed)?).or_default() += articles;
            }
        }
    }
    all.into_iter().map(|counts| named(&column, counts, limit)).collect()
}

/// One article that names these actors, by their places.
fn add(own: &[u32], asked: &FxHashMap<u32, usize>, found: &mut [Beside]) {
    for place in own {
        let Some(found) = asked.get(place).and_then(|slot| found.get_mut(*slot)) else { continue };
        for other in own.iter().filter(|other| *other != place) {
            *found.entry(*other).or_default() += 1;
        }
    }
}

fn named(column: &FacetColumn, counts: Beside, limit: usize) -> Result<Vec<(String, u64)>> {
    let most = most(counts.into_iter().collect(), limit);
    most.into_iter().map(|(number, articles)| Ok((column.numbered(number).map_err(failed)?, articles))).collect()
}
