//! Who may write into a folder, and the end of it.
//!
//! Tantivy writes from threads of its own. When one of them fails it returns without waiting for the others (0.27.0,
//! `IndexWriter::prepare_commit` and merges), and they would go on writing beside whoever comes next. All of them hold
//! the directory they write to, or a file of it: a hand each.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The hands that were given out. When this is dropped, none of them may write any more, and it waits until all of them
/// are gone: what a merge writes would not be used.
#[derive(Debug, Default)]
pub struct Hands(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    held: Mutex<usize>,
    fewer: Condvar,
    ended: AtomicBool,
}

impl Count {
    fn held(&self) -> MutexGuard<'_, usize> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hands {
    /// Gives one out.
    pub fn give(&self) -> Hand {
        *self.0.held() += 1;
        Hand(self.0.clone())
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
        drop(self.0.fewer.wait_while(self.0.held(), |held| *held > 0));
    }
}

/// Held by whatever may write.
#[derive(Debug)]
pub struct Hand(Arc<Count>);

impl Hand {
    /// Whether it may still write.
    ///
    /// # Errors
    /// The writer is gone.
    pub fn may_write(&self) -> io::Result<()> {
        if self.0.ended.load(Ordering::Relaxed) { Err(io::Error::other("the run has ended")) } else { Ok(()) }
    }
}

impl Clone for Hand {
    fn clone(&self) -> Self {
        *self.0.held() += 1;
        Self(self.0.clone())
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        *self.0.held() -= 1;
        self.0.fewer.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    #[test]
    fn all_hands_are_waited_for() {
        let hands = Hands::default();
        let first = hands.give();
        let (end, ends) = channel::<()>();
        let worker = thread::spawn({
            let second = first.clone();
            move || {
                ends.recv().unwrap();
                while second.may_write().is_ok() {
                    thread::yield_now();
                }
            }
        });
        assert!(first.may_write().is_ok());
        drop(first);
        assert_eq!(*hands.0.held(), 1);
        end.send(()).unwrap();
        drop(hands);
        worker.join().unwrap();
    }
}
