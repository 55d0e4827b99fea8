//! `chancery compare`: several questions over one axis of time.

use std::path::Path;

use crate::cli::args::CompareArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output, trouble};
use crate::date::Day;
use crate::error::{Error, Result};
use crate::hits::Compared;
use crate::present;

/// More questions than this cannot be told apart, in columns or in a drawing.
const MOST_QUESTIONS: usize = 6;

/// Runs the command; `drawn` is a drawing.
pub fn run(arguments: &CompareArguments, folder: &Path, terminal: &Terminal, drawn: bool) -> Result<Exit> {
    let asked = arguments.questions.len();
    if asked > MOST_QUESTIONS {
        return Err(Error::usage(format!("{asked} questions cannot be compared side by side, {MOST_QUESTIONS} can"))
            .hint("put each in quotation marks, or ask in several turns"));
    }
    let today = Day::today();
    let mut queries = Vec::with_capacity(asked);
    for (number, question) in (1..).zip(&arguments.questions) {
        let read = ask::read(std::slice::from_ref(question), false, today, terminal);
        let query = read.inspect_err(|_| trouble(&format!("  in question {number} of {asked}")))?;
        queries.push(ask::dated(query, &arguments.dates, today)?);
    }
    let archive = ask::open(folder)?;
    let timelines = archive.compare(&queries, arguments.by.map(Into::into))?;
    let compared = |(query, timeline): (&crate::query::Query, _)| Compared { query: query.to_string(), timeline };
    let found: Vec<Compared> = queries.iter().zip(timelines).map(compared).collect();
    for (query, _) in queries.iter().zip(&found).filter(|(_, one)| one.timeline.total() == 0) {
        ask::explain_absence(&archive.absence(query)?, "articles");
    }
    if found.iter().all(|one| one.timeline.total() == 0) {
        return Ok(Exit::Nothing);
    }
    if drawn {
        ask::check_drawn(found.iter().map(|one| one.timeline.bins.len()).sum())?;
    }
    output(|out| match drawn {
        true => present::comparison_svg(out, &found, arguments.share),
        false => present::comparison(out, &found, arguments.share, terminal.format, &terminal.style),
    })?;
    Ok(Exit::Success)
}
