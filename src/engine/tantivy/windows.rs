//! Documents that have all of some terms, window by window.
//!
//! Tantivy looks up every document of the rarest term in the lists of the others. Where none is much commoner than the
//! rarest, reading all lists through costs less: each marks its documents in a window of numbers that stays in the nearest
//! memory of the processor, and the last one finds those that all the others have marked.

use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader, Term};

/// Documents in a window; each has a byte.
const WINDOW: DocId = 1 << 15;

/// Documents looked at together: those of a block.
const AT_ONCE: usize = 128;

/// With a term so many times as common as the rarest, looking up costs less.
const MUCH_COMMONER: u32 = 8;

/// Marks are bytes, and each list has one of its own.
const MOST_TERMS: usize = 32;

/// The terms of a clause that asks for all of some terms, and for nothing else.
pub fn terms(clause: &dyn Query) -> Option<Vec<Term>> {
    let clauses = clause.downcast_ref::<BooleanQuery>()?.clauses();
    if !(2..=MOST_TERMS).contains(&clauses.len()) {
        return None;
    }
    let term = |(occur, clause): &(Occur, Box<dyn Query>)| {
        let term = clause.downcast_ref::<TermQuery>().filter(|_| *occur == Occur::Must);
        term.map(|query| query.term().clone())
    };
    clauses.iter().map(term).collect()
}

/// The lists of some terms in a segment.
pub struct Windows {
    /// None where a term is in no document.
    lists: Vec<List>,
}

impl Windows {
    /// Opens the lists; `None` where looking up costs less than reading them through.
    pub fn open(reader: &SegmentReader, terms: &[Term]) -> tantivy::Result<Option<Self>> {
        let mut lists = Vec::with_capacity(terms.len());
        for term in terms {
            let inverted = reader.inverted_index(term.field())?;
            let Some(blocks) = inverted.read_block_postings(term, IndexRecordOption::Basic)? else {
                return Ok(Some(Self { lists: Vec::new() }));
            };
            lists.push(List { blocks, at: 0 });
        }
        let having = || lists.iter().map(|list| list.blocks.doc_freq());
        let (rarest, commonest) = (having().min().unwrap_or(0), having().max().unwrap_or(0));
        Ok((commonest / MUCH_COMMONER <= rarest).then_some(Self { lists }))
    }

    /// Hands the documents that are in all lists to `sink`, in their order, deleted ones too.
    pub fn each(mut self, sink: &mut dyn FnMut(&[DocId])) {
        let mut marks: Marks = [0; WINDOW as usize];
        let mut found = Vec::new();
        let others = self.lists.len().saturating_sub(1) as u8;
        let mut before = 0u8;
        let mut last = None;
        // Lists of a damaged file may not be in order, and must not be walked for ever.
        while let Some(start) = self.next_window().filter(|start| Some(*start) > last) {
            last = Some(start);
            if before > u8::MAX - others {
                (marks, before) = ([0; WINDOW as usize], 0);
            }
            let end = start.saturating_add(WINDOW);
            for (number, list) in (0..).zip(&mut self.lists) {
                list.take(start, |_| {});
                match number {
                    0 => list.take(end, |docs| docs.iter().for_each(|doc| marks[place(*doc)] = before + 1)),
                    _ if number == others => list.take(end, |docs| keep(docs, &marks, before + others, &mut found)),
                    _ => list.take(end, |docs| {
                        let mark = |mark: &mut u8| *mark += u8::from(*mark == before + number);
                        docs.iter().for_each(|doc| mark(&mut marks[place(*doc)]));
                    }),
                }
            }
            before += others;
            if !found.is_empty() {
                sink(&found);
                found.clear();
            }
        }
    }

    /// The start of the next window in which all lists may have documents.
    fn next_window(&self) -> Option<DocId> {
        let firsts: Option<Vec<DocId>> = self.lists.iter().map(List::first).collect();
        firsts?.into_iter().max().map(|first| first - first % WINDOW)
    }
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
    use tantivy::schema::{STRING, Schema};
    use tantivy::{Index, IndexWriter, TantivyDocument};

    use super::*;
    use crate::engine::tantivy::blocks;

    #[test]
    fn windows_find_what_all_lists_have() {
        const DOCS: u64 = 100_000;
        type Has = fn(u64) -> bool;
        let mut schema = Schema::builder();
        let field = schema.add_text_field("word", STRING);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 60_000_000).unwrap();
        // Words with gaps over windows, exact blocks, the last document, and one that is in every other.
        let words: [(&str, Has); 6] = [
            ("third", |doc| doc % 3 == 0),
            ("seventh", |doc| doc % 7 == 2),
            ("most", |doc| doc % 10 != 4),
            ("edges", |doc| !(10_000..95_000).contains(&doc)),
            ("block", |doc| doc % 700 < 2 && doc < 44_800),
            ("rare", |doc| doc == 12),
        ];
        for doc in 0..DOCS {
            let mut document = TantivyDocument::default();
            words.iter().filter(|(_, has)| has(doc)).for_each(|(word, _)| document.add_text(field, word));
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let reader = searcher.segment_reader(0);
        let check = |names: &[&str]| {
            let terms: Vec<Term> = names.iter().map(|name| Term::from_field_text(field, name)).collect();
            let has = |doc: u64| names.iter().all(|name| words.iter().any(|(word, has)| word == name && has(doc)));
            let expected: Vec<u64> = (0..DOCS).filter(|doc| has(*doc)).collect();
            let mut found = Vec::new();
            let windows = Windows::open(reader, &terms).unwrap();
            let is_read_through = windows.is_some();
            windows.into_iter().for_each(|windows| windows.each(&mut |docs| found.extend_from_slice(docs)));
            if is_read_through {
                assert!(found.iter().map(|doc| u64::from(*doc)).eq(expected.iter().copied()), "{names:?}");
            }
            let clauses = terms.iter().map(|term| super::super::clause::term(term.clone())).collect();
            let clause: Box<dyn Query> = Box::new(BooleanQuery::intersection(clauses));
            let finding = blocks::finding(&searcher, &clause).unwrap();
            let mut all = Vec::new();
            blocks::each(&finding, reader, |docs| all.extend(docs.iter().map(|doc| u64::from(*doc)))).unwrap();
            assert_eq!(all, expected, "{names:?}");
            is_read_through
        };
        assert!(check(&["third", "seventh"]));
        assert!(check(&["third", "most", "seventh", "edges"]));
        assert!(check(&["edges", "third"]));
        assert!(check(&["third", "third"]));
        assert!(check(&["third", "nowhere"]));
        assert!(check(&["block", "block"]));
        assert!(!check(&["third", "block"]));
        assert!(!check(&["rare", "most"]));
    }
}
