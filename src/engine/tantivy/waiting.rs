//! What waits to be indexed: the documents of an article go to the indexing threads together, and only so many bytes wait.
//!
//! Tantivy bounds the number of batches that wait, not their size, and wakes a thread for every one of them. Here those who
//! make documents are held up when too much waits and go on when half of it is done, so that nobody takes turns at every
//! document.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Bytes of documents that may wait; one article more is let in when half of it is done.
const MOST_BYTES: usize = 16 << 20;

/// How long a maker waits for a share before it goes on without: what waits for threads that have died stays where
/// it is, and only tantivy can say that they have.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bytes that wait, and the word that some have gone.
#[derive(Debug, Default)]
pub struct Waiting {
    bytes: Mutex<usize>,
    gone: Condvar,
}

impl Waiting {
    /// Takes a share of so many bytes; waits until there is room for it, or until nothing has been done for a while.
    pub fn share(self: &Arc<Self>, bytes: usize) -> Share {
        let mut waiting = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if *waiting > 0 && *waiting + bytes > MOST_BYTES {
            loop {
                let before = *waiting;
                let is_full = |waiting: &mut usize| *waiting > MOST_BYTES / 2;
                let waited = self.gone.wait_timeout_while(waiting, PATIENCE, is_full);
                let (now, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                waiting = now;
                if !timeout.timed_out() || *waiting >= before {
                    break;
                }
            }
        }
        *waiting += bytes;
        Share { bytes, of: self.clone() }
    }
}

/// Bytes that wait as long as this is held.
#[derive(Debug)]
pub struct Share {
    bytes: usize,
    of: Arc<Waiting>,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut waiting = self.of.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_sub(self.bytes);
        if *waiting <= MOST_BYTES / 2 {
            self.of.gone.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn more_than_may_wait_waits_for_half_to_be_gone() {
        let waiting = Arc::new(Waiting::default());
        let bytes = || *waiting.bytes.lock().unwrap();
        let alone = waiting.share(3 * MOST_BYTES);
        thread::scope(|scope| {
            let next = scope.spawn(|| waiting.share(1));
            drop(alone);
            assert_eq!(next.join().unwrap().bytes, 1);
        });
        assert_eq!(bytes(), 0);
        let shares: Vec<Share> = (0..4).map(|_| waiting.share(MOST_BYTES / 4)).collect();
        assert_eq!(bytes(), MOST_BYTES);
        drop(shares);
        assert_eq!(bytes(), 0);
    }

    #[test]
    fn what_nobody_takes_up_is_not_waited_for() {
        let waiting = Arc::new(Waiting::default());
        let left = waiting.share(MOST_BYTES);
        assert_eq!(waiting.share(1).bytes, 1);
        assert_eq!(left.bytes, MOST_BYTES);
    }
}
