//! Documents that have all of some terms, window by window.
//!
//! Tantivy looks up every document of the rarest term in the lists of the others. Where all lists together are not much longer
//! than the rarest, reading all lists through costs less: each marks its documents in a window of numbers that stays in the nearest
//! memory of the processor, and the last one finds those that all the others have marked.

use std::sync::Arc;

use tantivy::error::DataCorruption;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader, TantivyError, Term};

/// Documents in a window; each has a byte. Tests have smaller ones, so that marks begin anew within what they can index.
const WINDOW: DocId = if cfg!(test) { 1 << 11 } else { 1 << 15 };

/// Documents looked at together: those of a block.
const AT_ONCE: usize = 128;

/// Documents handed over together, so that what is looked up for them stays near.
const HANDED: usize = 1024;

/// Where all lists together are longer than so many times the rarest, looking up costs less.
const MUCH_LONGER: u64 = 9;

/// Marks are bytes, and each list but one takes one in every window.
const MOST_TERMS: usize = 32;

/// Two terms or more that are all required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(Vec<Term>);

impl Terms {
    /// Those of a clause that asks for all of some terms, and for nothing else.
    pub fn of(clause: &dyn Query) -> Option<Self> {
        let clause = clause.downcast_ref::<BooleanQuery>()?;
        let clauses = clause.clauses();
        if !(2..=MOST_TERMS).contains(&clauses.len()) || clause.get_minimum_number_should_match() > 0 {
            return None;
        }
        let term = |(occur, clause): &(Occur, Box<dyn Query>)| {
            let term = clause.downcast_ref::<TermQuery>().filter(|_| *occur == Occur::Must);
            term.map(|query| query.term().clone())
        };
        clauses.iter().map(term).collect::<Option<_>>().map(Self)
    }
}

/// The lists of some terms in a segment.
pub struct Windows {
    /// The rarest first; none where a term is in no document.
    lists: Vec<List>,
    /// Documents of the segment.
    docs: DocId,
}

impl Windows {
    /// Opens the lists; `None` where looking up costs less than reading them through.
    pub fn open(reader: &SegmentReader, Terms(terms): &Terms) -> tantivy::Result<Option<Self>> {
        let docs = reader.max_doc();
        let mut known = Vec::with_capacity(terms.len());
        for term in terms {
            let inverted = reader.inverted_index(term.field())?;
            let Some(info) = inverted.get_term_info(term)? else {
                return Ok(Some(Self { lists: Vec::new(), docs }));
            };
            known.push((inverted, info));
        }
        known.sort_by_key(|(_, info)| info.doc_freq);
        let all: u64 = known.iter().map(|(_, info)| u64::from(info.doc_freq)).sum();
        if known.first().is_none_or(|(_, rarest)| all > u64::from(rarest.doc_freq) * MUCH_LONGER) {
            return Ok(None);
        }
        let open = |(inverted, info): &(Arc<InvertedIndexReader>, TermInfo)| {
            let blocks = inverted.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            Ok(List { blocks, at: 0 })
        };
        let lists = known.iter().map(open).collect::<tantivy::Result<_>>()?;
        Ok(Some(Self { lists, docs }))
    }

    /// Hands the documents that are in all lists to `sink`, in their order, deleted ones too.
    ///
    /// # Errors
    /// The lists are not in order, or have documents that the segment has not: its file is damaged.
    pub fn each(mut self, sink: &mut dyn FnMut(&[DocId])) -> tantivy::Result<()> {
        let mut marks: Marks = [0; WINDOW as usize];
        let mut found = Vec::new();
        let others = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(0);
        let mut before = 0u8;
        let mut last = None;
        while let Some(start) = self.next_window() {
            if Some(start) <= last {
                return Err(damaged());
            }
            last = Some(start);
            if before > u8::MAX - others {
                marks.fill(0);
                before = 0;
            }
            self.window(start, before, &mut marks, &mut found);
            before += others;
            if found.last().is_some_and(|doc| *doc >= self.docs) {
                return Err(damaged());
            }
            found.chunks(HANDED).for_each(&mut *sink);
            found.clear();
        }
        Ok(())
    }

    /// Finds what all lists have in one window, with marks above those of the windows `before`.
    fn window(&mut self, start: DocId, before: u8, marks: &mut Marks, found: &mut Vec<DocId>) {
        let end = start.saturating_add(WINDOW);
        let last = self.lists.len().saturating_sub(1);
        for (number, list) in self.lists.iter_mut().enumerate() {
            // There is room above: lists are few, and marks begin anew in time.
            let mark = before + number as u8;
            list.take(start, |_| {});
            if number == 0 {
                list.take(end, |docs| docs.iter().for_each(|doc| marks[place(*doc)] = mark + 1));
            } else if number < last {
                let next = |known: &mut u8| *known += u8::from(*known == mark);
                list.take(end, |docs| docs.iter().for_each(|doc| next(&mut marks[place(*doc)])));
            } else {
                list.take(end, |docs| keep(docs, marks, mark, found));
            }
        }
    }

    /// The start of the next window in which all lists may have documents.
    fn next_window(&self) -> Option<DocId> {
        let firsts: Option<Vec<DocId>> = self.lists.iter().map(List::first).collect();
        firsts?.into_iter().max().map(|first| first - first % WINDOW)
    }
}

fn damaged() -> TantivyError {
    DataCorruption::comment_only("the list of a word has documents in no order").into()
}

type Marks = [u8; WINDOW as usize];

/// Where a document has its mark; windows begin at multiples of their size.
fn place(doc: DocId) -> usize {
    doc as usize % WINDOW as usize
}

/// Adds those documents that have this mark. Whether one has can hardly be guessed, so nothing branches on it.
fn keep(docs: &[DocId], marks: &Marks, mark: u8, found: &mut Vec<DocId>) {
    let mut kept = [0; AT_ONCE];
    for docs in docs.chunks(AT_ONCE) {
        let mut count = 0;
        for doc in docs {
            kept[count % AT_ONCE] = *doc;
            count += usize::from(marks[place(*doc)] == mark);
        }
        found.extend_from_slice(&kept[..count]);
    }
}

/// The documents of a term, and where in their block the next one is.
struct List {
    blocks: BlockSegmentPostings,
    at: usize,
}

impl List {
    fn first(&self) -> Option<DocId> {
        self.blocks.docs().get(self.at).copied()
    }

    /// Hands over the next documents, up to one that is not before `end`.
    fn take(&mut self, end: DocId, mut sink: impl FnMut(&[DocId])) {
        loop {
            let docs = self.blocks.docs();
            let rest = docs.get(self.at..).unwrap_or_default();
            let here = match rest.last() {
                Some(last) if *last < end => rest.len(),
                _ => rest.partition_point(|doc| *doc < end),
            };
            sink(&rest[..here]);
            self.at += here;
            if self.at < docs.len() || docs.is_empty() {
                return;
            }
            self.blocks.advance();
            self.at = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use tantivy::collector::Count;
    use tantivy::query::ConstScoreQuery;
    use tantivy::schema::{Field, STRING, Schema};
    use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};

    use super::*;
    use crate::engine::tantivy::blocks;
    use crate::engine::tantivy::clause::term;

    const DOCS: u64 = 160_000;
    type Has = fn(u64) -> bool;

    /// Words with gaps over windows, in whole blocks, in the last document, in most of all, and in one.
    const WORDS: [(&str, Has); 7] = [
        ("third", |doc| doc % 3 == 0),
        ("seventh", |doc| doc % 7 == 2 || doc == DOCS - 1),
        ("most", |doc| doc % 10 != 4),
        ("edges", |doc| !(10_000..140_000).contains(&doc)),
        ("block", |doc| doc % 700 < 2 && doc < 44_800),
        ("rare", |doc| doc == 12),
        ("early", |doc| doc < 75_000),
    ];

    /// Some documents in two segments, of which the second lacks a word; one in 1,000 is deleted.
    fn index() -> (Searcher, Field) {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("word", STRING);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 200_000_000).unwrap();
        for doc in 0..DOCS {
            if doc == 150_000 {
                writer.commit().unwrap();
            }
            let mut document = TantivyDocument::default();
            WORDS.iter().filter(|(_, has)| has(doc)).for_each(|(word, _)| document.add_text(field, word));
            document.add_text(field, if doc % 1000 == 6 { "gone" } else { "kept" });
            writer.add_document(document).unwrap();
        }
        writer.delete_term(Term::from_field_text(field, "gone"));
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), field)
    }

    #[test]
    fn windows_find_what_all_lists_have() {
        let (searcher, field) = index();
        let check = |names: &[&str], read_through: bool| {
            let terms: Vec<Term> = names.iter().map(|name| Term::from_field_text(field, name)).collect();
            let clauses = terms.iter().map(|one| term(one.clone())).collect();
            let clause: Box<dyn Query> = Box::new(BooleanQuery::intersection(clauses));
            assert_eq!(Terms::of(&*clause), Some(Terms(terms.clone())));
            let windows = Windows::open(searcher.segment_reader(0), &Terms(terms)).unwrap();
            assert_eq!(windows.is_some(), read_through, "{names:?}");
            let has = |doc: u64| names.iter().all(|name| WORDS.iter().any(|(word, has)| word == name && has(doc)));
            let expected = (0..DOCS).filter(|doc| has(*doc) && doc % 1000 != 6).count();
            let (finding, mut found) = (blocks::finding(&searcher, &clause).unwrap(), 0);
            for reader in searcher.segment_readers() {
                let mut last = None;
                let each = |docs: &[DocId]| {
                    assert!(docs.is_sorted() && docs.first().copied() > last);
                    (last, found) = (docs.last().copied(), found + docs.len());
                };
                blocks::each(&finding, reader, each).unwrap();
            }
            assert_eq!(found, expected, "{names:?}");
            assert_eq!(blocks::count(&searcher, &clause).unwrap(), expected as u64, "{names:?}");
            assert_eq!(searcher.search(&clause, &Count).unwrap(), expected, "{names:?}");
        };
        check(&["third", "seventh"], true);
        check(&["seventh", "third"], true);
        check(&["edges", "seventh", "third"], true);
        check(&["third", "most", "early"], true);
        check(&["most"; MOST_TERMS], false);
        check(&["most"; 9], true);
        check(&["third"; 6], true);
        check(&["third", "nowhere"], true);
        check(&["block", "block"], true);
        check(&["third", "block"], false);
        check(&["rare", "most"], false);
        check(&["seventh", "most", "most"], false);
    }

    #[test]
    fn other_clauses_are_not_taken_for_terms() {
        let word = || term(Term::from_field_text(Field::from_field_id(0), "a"));
        let of = |clauses: Vec<(Occur, Box<dyn Query>)>| Terms::of(&BooleanQuery::new(clauses)).is_some();
        assert!(of(vec![(Occur::Must, word()), (Occur::Must, word())]));
        assert!(!of(vec![(Occur::Must, word()), (Occur::Should, word())]));
        assert!(!of(vec![(Occur::Must, word()), (Occur::MustNot, word())]));
        assert!(!of(vec![(Occur::Must, word()), (Occur::Must, Box::new(ConstScoreQuery::new(word(), 0.0)))]));
        assert!(!of(vec![(Occur::Must, word())]));
        assert!(!of((0..=MOST_TERMS).map(|_| (Occur::Must, word())).collect()));
        assert!(Terms::of(&*word()).is_none());
        let least = vec![(Occur::Must, word()), (Occur::Must, word())];
        assert!(Terms::of(&BooleanQuery::with_minimum_required_clauses(least, 1)).is_none());
    }
}
