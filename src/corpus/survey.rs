//! The walk with two threads, for large corpora: one lists names, and the other looks at the files.
//!
//! Either may be the slower one, by the depth of folders and the speed of the disk; so the one that lists looks as well
//! when many names wait.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::vec::IntoIter;

use crate::corpus::walk::{self, Named, Names, Rules};
use crate::corpus::{Found, Options, Refusal};
use crate::error::{Error, Result};

/// How many names go from thread to thread at once.
const BATCH: usize = 256;

/// How many batches may wait: some 65,000 names, 15 MB of them, so that a walk may begin before anybody asks.
const BATCHES: usize = 256;

/// What the walk met, or what came of a look at it.
type Met = std::result::Result<Found, Refusal>;

enum Batch {
    Names(Vec<Named>),
    Looked(Vec<Met>),
}

/// A walk that is under way; dropped, it ends. It yields what [`super::walk`] yields, in the same order.
pub struct Survey {
    batches: Receiver<Batch>,
    lister: Option<JoinHandle<()>>,
    rules: Arc<Rules>,
    looked: IntoIter<Met>,
    names: IntoIter<Named>,
}

/// Begins a walk that goes on by itself while its caller does something else.
///
/// # Errors
/// As for [`super::walk`], and when no thread can be started.
pub fn survey(root: &Path, options: &Options) -> Result<Survey> {
    begin(root, options, BATCHES)
}

/// The same with so many batches waiting at most.
pub(super) fn begin(root: &Path, options: &Options, most: usize) -> Result<Survey> {
    let (names, rules) = walk::begin(root, options)?;
    let (batches_in, batches) = sync_channel(most);
    let rules_of_names = rules.clone();
    let started = std::thread::Builder::new().spawn(move || list(names, &rules_of_names, &batches_in));
    let lister = started.map_err(|error| Error::engine(format!("no thread could be started: {error}")))?;
    let (looked, names) = (Vec::new().into_iter(), Vec::new().into_iter());
    Ok(Survey { batches, lister: Some(lister), rules, looked, names })
}

fn list(mut names: Names, rules: &Rules, batches: &SyncSender<Batch>) {
    loop {
        let batch: Vec<Named> = names.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        let sent = match batches.try_send(Batch::Names(batch)) {
            Err(TrySendError::Full(Batch::Names(batch))) => {
                let looked = batch.into_iter().map(|named| rules.look(named)).collect();
                batches.send(Batch::Looked(looked)).is_ok()
            }
            sent => sent.is_ok(),
        };
        if !sent {
            return;
        }
    }
}

impl Iterator for Survey {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        loop {
            if let Some(named) = self.names.next() {
                return Some(self.rules.look(named));
            }
            if let Some(met) = self.looked.next() {
                return Some(met);
            }
            match self.batches.recv() {
                Ok(Batch::Names(names)) => self.names = names.into_iter(),
                Ok(Batch::Looked(met)) => self.looked = met.into_iter(),
                // A walk cut short by a fault of ours must not look like a corpus that shrank.
                Err(RecvError) => match self.lister.take()?.join() {
                    Ok(()) => return None,
                    Err(fault) => std::panic::resume_unwind(fault),
                },
            }
        }
    }
}
