//! Who may write into a folder, and the end of it.
//!
//! Tantivy writes from threads of its own. When one of them fails it returns without waiting for the others (0.27.0,
//! `IndexWriter::prepare_commit` and merges), and they would go on writing beside whoever comes next. All of them hold
//! the directory they write to: a hand each.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The hands that were given out. When this is dropped, it waits until all of them are gone.
#[derive(Debug, Default)]
pub struct Hands(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    held: Mutex<usize>,
    fewer: Condvar,
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
        drop(self.0.fewer.wait_while(self.0.held(), |held| *held > 0));
    }
}

/// Held by whatever may write.
#[derive(Debug)]
pub struct Hand(Arc<Count>);

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
                drop(second);
            }
        });
        drop(first);
        assert_eq!(*hands.0.held(), 1);
        let waits = thread::spawn(move || drop(hands));
        assert!(!waits.is_finished());
        end.send(()).unwrap();
        waits.join().unwrap();
        worker.join().unwrap();
    }
}
