//! Brings an index up to date with tables that changed: every article is extracted anew from the text that the index
//! keeps, and written only where something else was found.
//!
//! Extraction is quick and writing is slow, so nobody has to know in advance what a change of the tables can affect:
//! an alias may take a word from another actor, or give a pronoun another antecedent. The seal of the facts tells.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::batch::{facts, makers, thread};
use crate::engine::{Engine, Made, Maker, Stored, Writer};
use crate::error::{Error, Result};
use crate::extract::Tables;

/// How many articles may wait at each end.
const WAITING: usize = 64;

/// What came of extracting every article anew.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// How many quotes each article has that was written again, by its id.
    pub quotes: HashMap<String, u32>,
    /// The ids of those on which extraction broke down, which stand in the index as they were.
    pub broken: HashSet<String>,
}

/// What came of one article.
enum Anew {
    Changed(Box<Stored>, Result<Made>),
    Broken(String),
}

/// Extracts every article of the last commit anew and hands those to `writer` whose facts are others now.
pub fn refresh(
    engine: &(impl Engine + Sync),
    tables: &Tables,
    writer: &mut dyn Writer,
    stop: &AtomicBool,
) -> Result<Refreshed> {
    let (jobs_in, jobs) = sync_channel::<(Stored, u64)>(WAITING);
    let (changed_in, changed) = sync_channel::<Anew>(WAITING);
    let mut refreshed = Refreshed::default();
    std::thread::scope(|scope| {
        let reader = thread(scope, move || {
            engine.each(&mut |stored, seal| {
                if stop.load(Ordering::Relaxed) {
                    return Err(Error::interrupted());
                }
                // Nobody takes articles any more only when the writer failed, which has its own error.
                jobs_in.send((stored, seal)).map_err(|_| Error::interrupted())
            })
        })?;
        // The workers own the receiving end, so that the reader ends when all of them have.
        let jobs = Arc::new(Mutex::new(jobs));
        for mut maker in makers(writer) {
            let (jobs, changed_in) = (jobs.clone(), changed_in.clone());
            thread(scope, move || extract_all(&jobs, &changed_in, tables, &mut *maker))?;
        }
        drop((jobs, changed_in));
        let written = write_all(changed, writer, &mut refreshed);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and(read)
    })?;
    Ok(refreshed)
}

fn write_all(changed: Receiver<Anew>, writer: &mut dyn Writer, refreshed: &mut Refreshed) -> Result<()> {
    for anew in changed {
        match anew {
            Anew::Changed(stored, made) => {
                writer.put(made?)?;
                let quotes = u32::try_from(stored.facts.quotes.len()).unwrap_or(u32::MAX);
                refreshed.quotes.insert(stored.article.id.as_str().to_owned(), quotes);
            }
            Anew::Broken(id) => _ = refreshed.broken.insert(id),
        }
    }
    Ok(())
}

fn extract_all(
    jobs: &Mutex<Receiver<(Stored, u64)>>,
    changed: &SyncSender<Anew>,
    tables: &Tables,
    maker: &mut dyn Maker,
) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((mut stored, seal)) = next else { return };
        let anew = match facts(&stored.article, tables) {
            Some(facts) if facts.seal() == seal => continue,
            Some(facts) => {
                stored.facts = facts;
                let made = maker.make(&stored);
                Anew::Changed(Box::new(stored), made)
            }
            None => Anew::Broken(stored.article.id.as_str().to_owned()),
        };
        if changed.send(anew).is_err() {
            return;
        }
    }
}
