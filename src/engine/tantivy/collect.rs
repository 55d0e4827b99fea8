//! The best hits of a question, by relevance × date, without scoring what cannot win.
//!
//! A document can enter the list only if its relevance beats the k-th best score divided by the best recency still
//! possible. In a segment sorted newest first, once the walk is past `as_of`, the best recency still possible is that
//! of the present document, so the bar rises while the walk goes on; on the future side of `as_of` it stays 1.

use std::cell::OnceCell;
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::query::{Scorer, Weight};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, TERMINATED};

use super::clause::meets;
use super::days::{DayWalk, first_up_to};
use super::extras::{Bonus, Extras};
use super::schema;
use super::warm::Warm;
use crate::date::Day;
use crate::rank::{self, Sort};

/// Room for what [`rank::settled`] rounds, and for the rounding of a product and a quotient.
const SLACK: f32 = 1.0 - 5e-4;

/// One document of the ranked list.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// What the list is sorted by.
    pub score: f32,
    /// BM25; 0 in a list by date until it is weighed.
    pub relevance: f32,
    day: u64,
    /// Where the document is.
    pub address: DocAddress,
}

impl Ranked {
    /// By score, then newest first.
    fn compare(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(other.day.cmp(&self.day))
    }

    /// What its date leaves of its relevance.
    pub fn decay(&self, ranking: &rank::Ranking, as_of: Day) -> f32 {
        decay(self.day, ranking, as_of)
    }
}

/// Sorts a list by score, then newest first, then by id. Looking for an id costs as much as ranking a hundred documents, so
/// it is looked for only where scores and days decide nothing, and read only where its beginning decides nothing either.
pub fn sort(searcher: &Searcher, warm: &Warm, list: &mut [Ranked]) -> tantivy::Result<()> {
    list.sort_by(Ranked::compare);
    for equal in list.chunk_by_mut(|a, b| a.compare(b).is_eq()).filter(|equal| equal.len() > 1) {
        let mut keyed = Vec::with_capacity(equal.len());
        for ranked in equal.iter() {
            let start = warm.starts(searcher, ranked.address.segment_ord)?.first(ranked.address.doc_id);
            keyed.push((start.unwrap_or(u64::MAX), ranked.clone()));
        }
        keyed.sort_by_key(|(start, _)| *start);
        for same in keyed.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            sort_by_id(searcher, warm, same)?;
        }
        equal.iter_mut().zip(keyed).for_each(|(place, (_, ranked))| *place = ranked);
    }
    Ok(())
}

fn sort_by_id(searcher: &Searcher, warm: &Warm, list: &mut [(u64, Ranked)]) -> tantivy::Result<()> {
    let place = |column: &StrColumn, address: DocAddress| column.ords().first(address.doc_id).unwrap_or(u64::MAX);
    let segment = list[0].1.address.segment_ord;
    if list.iter().all(|(_, ranked)| ranked.address.segment_ord == segment) {
        let column = warm.ids(searcher, segment)?;
        list.sort_by_key(|(_, ranked)| (column.as_ref().map(|column| place(column, ranked.address)), ranked.address));
        return Ok(());
    }
    let mut ids = HashMap::new();
    for (_, Ranked { address, .. }) in list.iter() {
        let mut id = String::new();
        if let Some(column) = warm.ids(searcher, address.segment_ord)? {
            // An id that cannot be read only loses its place among equals.
            let _ = column.ord_to_str(place(&column, *address), &mut id);
        }
        ids.insert(*address, id);
    }
    list.sort_by(|(_, a), (_, b)| (&ids[&a.address], a.address).cmp(&(&ids[&b.address], b.address)));
    Ok(())
}

/// What the date of an article leaves of its relevance.
fn decay(day: u64, ranking: &rank::Ranking, as_of: Day) -> f32 {
    match schema::day_of(day) {
        Some(day) => ranking.decay(day.since(as_of).unsigned_abs()),
        None => ranking.floor,
    }
}

/// Collects the `limit` best documents.
pub struct Best<'a> {
    /// How many.
    pub limit: usize,
    /// The columns of the index.
    pub warm: Arc<Warm>,
    /// By what.
    pub ranking: rank::Ranking,
    /// The day that ages are counted from.
    pub as_of: Day,
    /// What a match must meet besides; it scores nothing.
    pub sifter: Option<Box<dyn Weight>>,
    /// What adds to the score of a match.
    pub bonus: Bonus<'a>,
    /// The first and the last day that a match may have.
    pub days: (u64, u64),
    /// Whether scores decide; without words all matches score alike.
    pub scored: bool,
}

/// A document inside its segment: everything that decides its place. The greatest is the best.
#[derive(Clone, Copy)]
struct Place<'a> {
    score: f32,
    day: u64,
    relevance: f32,
    doc: DocId,
    segment: &'a Segment<'a>,
}

impl Ord for Place<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_day = self.score.total_cmp(&other.score).then(self.day.cmp(&other.day));
        if by_day.is_ne() || self.doc == other.doc {
            return by_day;
        }
        let start = |place: &Self| place.segment.start(place.doc);
        let id = |place: &Self| (place.segment.id(place.doc), place.doc);
        start(other).cmp(&start(self)).then_with(|| id(other).cmp(&id(self)))
    }
}

impl PartialOrd for Place<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Place<'_> {}

/// What is told of every match, in the order of the index.
pub type Watch<'a> = &'a mut dyn FnMut(DocAddress);

/// The `limit` best places of a segment.
struct Top<'a> {
    limit: usize,
    heap: BinaryHeap<Reverse<Place<'a>>>,
    /// Score and day of the last document of a list that other segments have filled.
    floor: Option<(f32, u64)>,
}

impl<'a> Top<'a> {
    fn push(&mut self, place: Place<'a>) {
        if self.floor.is_some_and(|(score, day)| place.score.total_cmp(&score).then(place.day.cmp(&day)).is_lt()) {
            return;
        }
        if self.heap.len() < self.limit {
            self.heap.push(Reverse(place));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && place > worst.0
        {
            *worst = Reverse(place);
        }
    }

    /// The score and the day of the last document in a full list: who is to enter must not stand behind it.
    fn bar(&self) -> Option<(f32, u64)> {
        let full = self.heap.len() >= self.limit;
        let worst = self.heap.peek().filter(|_| full).map(|worst| (worst.0.score, worst.0.day));
        match (worst, self.floor) {
            (Some(worst), Some(floor)) => {
                Some(if worst.0.total_cmp(&floor.0).then(worst.1.cmp(&floor.1)).is_lt() { floor } else { worst })
            }
            (worst, floor) => worst.or(floor),
        }
    }
}

/// The decay of the last day asked for: documents come in the order of their days.
struct Decay<'a> {
    best: &'a Best<'a>,
    last: Option<(u64, f32)>,
}

impl Decay<'_> {
    fn of(&mut self, day: u64) -> f32 {
        match self.last {
            Some((known, decay)) if known == day => decay,
            _ => {
                let decay = decay(day, &self.best.ranking, self.best.as_of);
                self.last = Some((day, decay));
                decay
            }
        }
    }
}

impl Best<'_> {
    /// The best documents of the whole index, and those that share the place of the last of them; in no order.
    ///
    /// The segments with the newest documents come first: where they fill the list, the others need only beat it. With a
    /// `watch` nothing is skipped, if scores decide; lists by date end early all the same.
    pub fn collect(
        &self,
        searcher: &Searcher,
        weight: &dyn Weight,
        mut watch: Option<Watch<'_>>,
    ) -> tantivy::Result<Vec<Ranked>> {
        let mut segments = Vec::new();
        for (ord, reader) in (0..).zip(searcher.segment_readers()) {
            if self.limit == 0 || reader.max_doc() == 0 {
                continue;
            }
            let day = DayWalk::new(self.warm.days(searcher, ord)?);
            let (start, id) = (OnceCell::new(), OnceCell::new());
            segments.push(Segment { ord, reader, searcher, warm: &self.warm, day, start, id });
        }
        segments.sort_by_key(|segment| Reverse(segment.day(0)));
        if self.ranking.sort == Sort::Oldest {
            segments.reverse();
        }
        let mut list: Vec<Ranked> = Vec::new();
        for segment in &segments {
            let mut top = Top { limit: self.limit, heap: BinaryHeap::new(), floor: self.floor(&mut list) };
            match self.ranking.sort {
                Sort::Blend | Sort::Relevance if self.scored => {
                    self.by_score(weight, segment, &mut top, &mut watch)?;
                }
                _ => self.by_date(weight, segment, &mut top)?,
            }
            list.extend(top.heap.into_iter().map(|Reverse(place)| Ranked {
                score: place.score,
                relevance: place.relevance,
                day: place.day,
                address: DocAddress::new(segment.ord, place.doc),
            }));
            segment.failure()?;
        }
        Ok(list)
    }

    /// The last place of a full list; whatever stands behind it is taken out.
    fn floor(&self, list: &mut Vec<Ranked>) -> Option<(f32, u64)> {
        if list.len() < self.limit {
            return None;
        }
        list.sort_by(Ranked::compare);
        let last = list.get(self.limit - 1)?.clone();
        list.retain(|ranked| ranked.compare(&last).is_le());
        Some((last.score, last.day))
    }

    /// By score: every match is offered, the bar tells the engine which need no score.
    fn by_score<'s>(
        &self,
        weight: &dyn Weight,
        segment: &'s Segment<'s>,
        top: &mut Top<'s>,
        watch: &mut Option<Watch<'_>>,
    ) -> tantivy::Result<()> {
        let blend = self.ranking.sort == Sort::Blend;
        let as_of = schema::day_number(self.as_of);
        let mut sieve = self.sieve(segment)?;
        let mut extras = Extras::new(&self.bonus, segment.reader);
        let mut decay = Decay { best: self, last: None };
        let (from, to) = self.days;
        // What the words of a document must give, when this is the day and the decay of the next one at best.
        let needed = |top: &Top<'_>, day: u64, decay: f32| {
            let best_to_come = if blend && day <= as_of { decay } else { 1.0 };
            // Where the date leaves nothing of any relevance, nothing is needed.
            let bar = top.bar().filter(|_| best_to_come > 0.0);
            bar.map_or(Score::MIN, |(score, _)| self.bonus.ceiling.under(score / best_to_come * SLACK))
        };
        let mut failure = None;
        let newest = segment.day(0);
        let mut threshold = if watch.is_some() { Score::MIN } else { needed(top, newest, decay.of(newest)) };
        weight.for_each_pruning(threshold, segment.reader, &mut |doc, base| {
            let day = segment.day(doc);
            if day < from {
                // Every document to come is older still: no score is enough.
                threshold = Score::MAX;
                return threshold;
            }
            let decay = if blend { decay.of(day) } else { 1.0 };
            let bar = top.bar().map_or(Score::MIN, |(score, _)| score * SLACK);
            let may_enter = self.bonus.ceiling.over(base) * decay >= bar;
            if day <= to && (may_enter || watch.is_some()) && sieve.passes(doc) {
                if let Some(watch) = watch {
                    watch(DocAddress::new(segment.ord, doc));
                }
                let mut enter = || {
                    let relevance = base + extras.score(doc)?;
                    top.push(segment.place(doc, rank::settled(relevance * decay), relevance));
                    Ok(())
                };
                if may_enter && let Err(error) = enter() {
                    failure = Some(error);
                    threshold = Score::MAX;
                    return threshold;
                }
            }
            if watch.is_none() {
                threshold = threshold.max(needed(top, day, decay));
            }
            threshold
        })?;
        failure.map_or(Ok(()), Err)
    }

    /// By date: the segment is sorted newest first, so the newest are the first.
    fn by_date<'s>(&self, weight: &dyn Weight, segment: &'s Segment<'s>, top: &mut Top<'s>) -> tantivy::Result<()> {
        let newest = self.ranking.sort != Sort::Oldest;
        let (from, to) = self.days;
        let first = first_up_to(segment.reader.max_doc(), to, |doc| segment.day(doc));
        let too_old = |top: &Top<'_>, day: u64| day < from || newest && top.bar().is_some_and(|(_, bar)| bar > day);
        if first >= segment.reader.max_doc() || too_old(top, segment.day(first)) {
            return Ok(());
        }
        let mut sieve = self.sieve(segment)?;
        let mut scorer = weight.scorer(segment.reader, 1.0)?;
        let mut doc = if scorer.doc() < first { scorer.seek(first) } else { scorer.doc() };
        while doc != TERMINATED {
            let day = segment.day(doc);
            if too_old(top, day) {
                break;
            }
            if sieve.passes(doc) {
                let score = match self.ranking.sort {
                    Sort::Blend | Sort::Relevance => 0.0,
                    // Undated articles stand last in both directions.
                    Sort::Oldest if day > 0 => -(day as f32),
                    _ => day as f32 - 1e7,
                };
                top.push(segment.place(doc, score, 0.0));
            }
            doc = scorer.advance();
        }
        Ok(())
    }

    fn sieve<'a>(&self, segment: &Segment<'a>) -> tantivy::Result<Sieve<'a>> {
        let scorer = self.sifter.as_ref().map(|weight| weight.scorer(segment.reader, 1.0)).transpose()?;
        Ok(Sieve { alive: segment.reader.alive_bitset(), scorer })
    }
}

/// One segment, sorted by day, newest first, undated last.
struct Segment<'a> {
    ord: u32,
    reader: &'a SegmentReader,
    searcher: &'a Searcher,
    warm: &'a Warm,
    day: DayWalk,
    /// The beginnings of ids, opened where scores and days do not tell two documents apart.
    start: OnceCell<tantivy::Result<Column<u64>>>,
    /// The ids, opened where beginnings do not tell two documents apart.
    id: OnceCell<tantivy::Result<Option<StrColumn>>>,
}

impl Segment<'_> {
    fn day(&self, doc: DocId) -> u64 {
        self.day.of(doc)
    }

    fn place(&self, doc: DocId, score: f32, relevance: f32) -> Place<'_> {
        Place { score, day: self.day(doc), relevance, doc, segment: self }
    }

    /// The beginning of its id; the last there is where it cannot be read, which is a [`failure`](Self::failure).
    fn start(&self, doc: DocId) -> u64 {
        let column = self.start.get_or_init(|| self.warm.starts(self.searcher, self.ord));
        column.as_ref().ok().and_then(|start| start.first(doc)).unwrap_or(u64::MAX)
    }

    /// The place of its id among those of the segment, in the same way.
    fn id(&self, doc: DocId) -> u64 {
        let column = self.id.get_or_init(|| self.warm.ids(self.searcher, self.ord));
        column.as_ref().ok().and_then(Option::as_ref).and_then(|id| id.ords().first(doc)).unwrap_or(u64::MAX)
    }

    /// What could not be read while documents were compared.
    fn failure(&self) -> tantivy::Result<()> {
        let start = self.start.get().and_then(|column| column.as_ref().err());
        let id = self.id.get().and_then(|column| column.as_ref().err());
        start.or(id).map_or(Ok(()), |error| Err(error.clone()))
    }
}

/// What a document must be besides matching; asked in the order of documents.
struct Sieve<'a> {
    alive: Option<&'a AliveBitSet>,
    scorer: Option<Box<dyn Scorer>>,
}

impl Sieve<'_> {
    fn passes(&mut self, doc: DocId) -> bool {
        if self.alive.is_some_and(|alive| alive.is_deleted(doc)) {
            return false;
        }
        self.scorer.as_mut().is_none_or(|scorer| meets(scorer.as_mut(), doc))
    }
}
