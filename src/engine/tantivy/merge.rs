//! When segments become one: by size as a run goes on, and the small ones at the end of a whole build.

use tantivy::index::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy, NoMergePolicy};
use tantivy::{Index, IndexWriter};

/// Segments are merged up to this many documents, because a sorted merge holds the positions of one term in memory.
const MOST_DOCS_TO_MERGE: usize = 2_000_000;

/// A segment with this share of deleted documents is written anew.
const DELETED_SHARE: f32 = 0.2;

/// A segment with at least one in so many of the documents that tantivy asks for, which are all but those in merges, is
/// merged with no other: that would cost a good part of what the whole archive costs. There are never more than so many.
const LARGE_SHARE: u64 = 20;

/// Smaller ones are merged all the same.
const LEAST_LARGE_DOCS: u64 = 25_000;

/// The small segments that a whole build leaves are merged while they have no more than one in so many of all documents,
/// so that it costs little beside the build.
const SETTLED_SHARE: u64 = 32;

/// So many documents are merged in any case; that takes a fraction of a second.
const FEW_DOCS: u64 = 20_000;

/// Memory of the writer that merges and indexes nothing; the least that tantivy takes.
const LEAST_BYTES: usize = 15_000_000;

/// The policy of a run.
pub fn policy() -> Box<dyn MergePolicy> {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
    policy.set_max_docs_before_merge(MOST_DOCS_TO_MERGE);
    Box::new(AllButLarge(policy))
}

/// A policy for all segments but the large ones.
#[derive(Debug)]
struct AllButLarge(LogMergePolicy);

impl MergePolicy for AllButLarge {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let all = segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
        let (large, small): (Vec<_>, Vec<_>) =
            segments.iter().cloned().partition(|segment| is_large(segment.num_docs().into(), all));
        let mut candidates = self.0.compute_merge_candidates(&small);
        // One alone is written anew when many of its documents are deleted.
        candidates.extend(large.iter().flat_map(|one| self.0.compute_merge_candidates(std::slice::from_ref(one))));
        candidates
    }
}

/// Whether a segment of so many documents is a large one where there are so many in all.
fn is_large(docs: u64, all: u64) -> bool {
    docs >= (all / LARGE_SHARE).max(LEAST_LARGE_DOCS)
}

/// Merges the small segments of an index that was built as a whole: every question looks up its words in each segment.
///
/// The index is committed already; a merge that is cut short leaves it as it was.
pub fn settle(index: &Index) -> tantivy::Result<()> {
    // Their files go once nothing refers to the segments, so only numbers are kept.
    let segments = index.searchable_segment_metas()?;
    let small = small(segments.into_iter().map(|segment| (u64::from(segment.num_docs()), segment.id())).collect());
    if small.len() < 2 {
        return Ok(());
    }
    let mut writer: IndexWriter = index.writer_with_num_threads(1, LEAST_BYTES)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    writer.merge(&small).wait()?;
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()
}

/// The smallest segments that have together no more than their share of all documents, or few.
fn small<Id: Ord + Copy>(mut segments: Vec<(u64, Id)>) -> Vec<Id> {
    let most = (segments.iter().map(|(docs, _)| docs).sum::<u64>() / SETTLED_SHARE).max(FEW_DOCS);
    segments.sort_unstable();
    let mut together = 0;
    let is_small = |(docs, _): &(u64, Id)| {
        together += docs;
        together <= most
    };
    segments.into_iter().take_while(is_small).map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use tantivy::index::SegmentId;

    use super::*;

    #[test]
    fn large_segments() {
        fn check(thousands: u64, of: u64, expected: bool) {
            assert_eq!(is_large(thousands * 1000, of * 1000), expected, "{thousands} of {of}");
        }
        check(24, 24, false);
        check(25, 25, true);
        check(25, 500, true);
        check(25, 520, false);
        check(800, 9600, true);
        check(800, 17_000, false);
    }

    #[test]
    fn what_is_merged() {
        /// Thousands of documents of each segment, and how many of these are deleted.
        fn check(segments: &[(u32, u32)], expected: &[&[usize]]) {
            let index = Index::create_in_ram(tantivy::schema::Schema::builder().build());
            let meta = |(docs, deleted): &(u32, u32)| {
                let meta = index.new_segment_meta(SegmentId::generate_random(), docs * 1000);
                if *deleted > 0 { meta.with_delete_meta(deleted * 1000, 1) } else { meta }
            };
            let metas: Vec<SegmentMeta> = segments.iter().map(meta).collect();
            let mut found: Vec<Vec<usize>> = policy()
                .compute_merge_candidates(&metas)
                .iter()
                .map(|merge| (0..metas.len()).filter(|at| merge.0.contains(&metas[*at].id())).collect())
                .collect();
            found.sort();
            assert_eq!(found, expected, "{segments:?}");
        }
        check(&[(800, 0); 12], &[]);
        check(&[(1, 0); 8], &[&[0, 1, 2, 3, 4, 5, 6, 7]]);
        check(&[(800, 0), (800, 200), (800, 100)], &[&[1]]);
        let night = [&[(800, 0); 12][..], &[(2, 0); 8]].concat();
        check(&night, &[&[12, 13, 14, 15, 16, 17, 18, 19]]);
        check(&[(800, 0); 21], &[&(0..21).collect::<Vec<_>>()]);
    }

    #[test]
    fn small_segments() {
        fn check(thousands: &[u64], expected: &[usize]) {
            let segments = thousands.iter().map(|docs| docs * 1000).zip(0..).collect();
            assert_eq!(small(segments), expected, "{thousands:?}");
        }
        check(&[], &[]);
        check(&[100], &[]);
        check(&[100, 100], &[]);
        check(&[10, 10], &[0, 1]);
        check(&[30, 15, 5], &[2, 1]);
        check(&[15, 15, 15], &[0]);
        check(&[880, 80, 10, 10, 10, 10], &[2, 3, 4]);
        check(&[10, 700, 10, 280], &[0, 2]);
        check(&[100; 63], &[0]);
        check(&[100; 64], &[0, 1]);
    }
}
