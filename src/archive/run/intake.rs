//! What comes off the conveyor of a run, and where it goes: into the writer, into the catalogue, into the report.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Run;
use crate::archive::batch::{Conveyor, FileDone, Outcome, known_articles, makers};
use crate::archive::diff::{Diff, Task};
use crate::archive::owners::{Steady, claim, steady_claims};
use crate::archive::records::unextracted;
use crate::archive::report::{Progress, Slow};
use crate::archive::revision::Revision;
use crate::article::Standing;
use crate::catalogue::{ArticleRecord, Catalogue};
use crate::engine::Writer;
use crate::error::{Error, Result};
use crate::extract::Tables;

impl Run<'_> {
    /// Reads, extracts and writes everything that changed.
    pub(super) fn work(
        &mut self,
        tables: Option<&Tables>,
        writer: &mut dyn Writer,
        seen: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let old = std::mem::take(&mut self.old);
        let diff = std::mem::take(&mut self.diff);
        let roots = std::mem::take(&mut self.roots);
        let restored = std::mem::take(&mut self.restored);
        let known = known_articles(&old);
        // A rebuild reads every file there is, so no file holds a claim unread.
        let steady = if self.options.rebuild { Steady::new() } else { steady_claims(&old, &diff) };
        let conveyor = Conveyor {
            tasks: &diff.tasks,
            roots: &roots,
            known: &known,
            options: &self.options.corpus,
            now: self.options.now,
            restored: &restored,
            rewrite: self.options.rebuild,
            tables,
            // A build may be committed at any point of it, nobody has the archive whole yet; a night is one commit.
            pause_every: if self.first_build || self.options.rebuild { self.options.step } else { 0 },
            stop: self.stop,
        };
        let mut step = old.generation;
        let result = conveyor.run(makers(writer), &mut |outcome| {
            if matches!(outcome, Outcome::Pause { .. }) {
                step += 1;
                let before = if self.options.rebuild { BTreeMap::new() } else { old.files.clone() };
                return self.commit_step(self.revision(step, before, roots.clone(), false), &diff, writer);
            }
            match &outcome {
                Outcome::Put { stored, .. } => seen(Progress::Article(stored.article.text.len() as u64)),
                Outcome::File { task, .. } => seen(Progress::File(diff.tasks[*task].found.size)),
                Outcome::Kept { .. } | Outcome::Unextracted { .. } | Outcome::Pause { .. } | Outcome::Broken => {}
            }
            self.take(outcome, &diff.tasks, &steady, writer)
        });
        drop((known, steady));
        self.report.slowest =
            self.slowest.take().into_iter().map(|(task, spent)| slow(&diff.tasks[task], spent)).collect();
        (self.old, self.diff, self.roots) = (Catalogue { generation: step, ..old }, diff, roots);
        result?;
        if self.stop.load(Ordering::Relaxed) { Err(Error::interrupted()) } else { Ok(()) }
    }

    /// Takes what comes off the conveyor.
    fn take(&mut self, outcome: Outcome, tasks: &[Task], steady: &Steady<'_>, writer: &mut dyn Writer) -> Result<()> {
        match outcome {
            Outcome::Put { number, task, hash, stored, made, spent, making } => {
                let id = stored.article.id.as_str();
                let began = Instant::now();
                if self.owners.claim(id, claim(&tasks[task], number), steady) {
                    writer.put(made?)?;
                }
                self.report.timings.write += making + began.elapsed();
                self.report.timings.extract += spent;
                self.report.found.count(&stored.article.text, stored.article.date.is_some(), &stored.facts);
                self.slowest.add(task, spent + making);
                let quotes = u32::try_from(stored.facts.quotes.len()).unwrap_or(u32::MAX);
                let (ingested, standing) = (stored.ingested, Standing::Usable);
                self.keep(task, number, ArticleRecord { id: id.to_owned(), hash, ingested, quotes, standing });
            }
            Outcome::Kept { number, task, record } => {
                let wins = self.owners.claim(&record.id, claim(&tasks[task], number), steady);
                if wins && record.standing != Standing::Usable {
                    writer.remove(&record.id)?;
                }
                self.keep(task, number, record);
            }
            Outcome::File { task, done, bytes, spent } => {
                self.report.bytes_read += bytes;
                self.report.timings.read += spent;
                self.slowest.end(task, spent);
                if matches!(done, FileDone::Touched) {
                    self.claim_touched(&tasks[task], steady);
                }
                self.failed += done.failures().len();
                let last = done.failures().last().map_or("", |failure| &failure.reason);
                self.guard_failures(&tasks[task], last)?;
                self.done.insert(task, done);
            }
            Outcome::Unextracted { task, id } => {
                self.failed += 1;
                self.guard_failures(&tasks[task], &unextracted(&id).reason)?;
                self.unextracted.entry(task).or_default().push(id);
            }
            Outcome::Pause { .. } | Outcome::Broken => {}
        }
        Ok(())
    }

    /// Commits what was read so far.
    fn commit_step(&mut self, mut revision: Revision, diff: &Diff, writer: &mut dyn Writer) -> Result<()> {
        let began = Instant::now();
        self.revise(&mut revision, diff, false);
        self.owners.settle(&mut revision);
        writer.commit(revision.catalogue())?;
        self.report.timings.commit += began.elapsed();
        Ok(())
    }

    fn keep(&mut self, task: usize, number: u64, record: ArticleRecord) {
        // Most files hold one article; room for more would be most of what a run keeps in memory.
        self.read.entry(task).or_insert_with(|| Vec::with_capacity(1)).push((number, record));
    }

    fn guard_failures(&self, task: &Task, reason: &str) -> Result<()> {
        let last = || format!("`{}`, {reason}", task.key.path);
        match self.options.max_failures {
            Some(most) if self.failed > most => Err(Error::failures(self.failed, most, last(), self.first_build)),
            _ => Ok(()),
        }
    }

    /// A file whose bytes are what they were stands by its articles, though none of them is read.
    fn claim_touched(&mut self, task: &Task, steady: &Steady<'_>) {
        for id in task.old.iter().flat_map(|old| &old.ids) {
            self.owners.claim(id, claim(task, 0), steady);
        }
    }
}

fn slow(task: &Task, spent: Duration) -> Slow {
    Slow { path: task.found.relative.clone(), bytes: task.found.size, spent }
}
