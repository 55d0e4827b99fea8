//! From typed words to a question, and from options to a plan; errors point at the place in the question.

use std::path::Path;

use crate::archive::{Absence, Archive, FLOOR, Plan, Ranking, Relaxed, Sort, Without, parse};
use crate::cli::args::{DateArguments, PageArguments, QueryArguments, RankingArguments, SortName, typed};
use crate::cli::terminal::{Terminal, trouble};
use crate::date::{Day, Period};
use crate::error::{Error, Result};
use crate::field::Field;
use crate::hits::TermCount;
use crate::present;
use crate::query::{Node, Options, Query};
use crate::text::floor_boundary;

/// Bars of a drawing: more are thinner than a line on any screen.
const MOST_BARS: usize = 5_000;

/// How much of a long question is shown around an error.
const SHOWN_BYTES: usize = 60;

/// Reads the question, adds the dates of the options, and passes on the parser's hints.
pub fn question(arguments: &QueryArguments, terminal: &Terminal) -> Result<Query> {
    let today = Day::today();
    dated(read(&arguments.query, arguments.any, today, terminal)?, &arguments.dates, today)
}

/// The question with the dates of the options.
///
/// # Errors
/// An option is no date.
pub fn dated(query: Query, dates: &DateArguments, today: Day) -> Result<Query> {
    let options = [
        ("--since", dates.since.as_ref().map(|date| format!("{date}.."))),
        ("--until", dates.until.as_ref().map(|date| format!("..{date}"))),
        ("--on", dates.on.clone()),
    ];
    options.into_iter().filter_map(|(option, period)| Some((option, period?))).try_fold(
        query,
        |query, (option, period)| {
            let period =
                Period::parse(&period, today).map_err(|message| Error::usage(format!("{option}: {message}")))?;
            Ok(query.and(Node::Period(Field::Date, period)))
        },
    )
}

/// Opens an archive for the rest of the process: handing back what is mapped takes a tenth of the time of a question, and
/// the system does it anyway when the process ends.
pub fn open(folder: &Path) -> Result<&'static Archive> {
    Archive::open(folder).map(|archive| &*Box::leak(Box::new(archive)))
}

/// Reads the words of a question.
pub fn read(words: &[String], any: bool, today: Day, terminal: &Terminal) -> Result<Query> {
    let text = typed(words);
    match parse(&text, &Options { today, any }) {
        Ok(parsed) => {
            parsed.hints.iter().for_each(|hint| terminal.say(&format!("hint: {hint}")));
            Ok(parsed.query)
        }
        Err(error) => {
            if let Some(at) = error.query_position() {
                trouble(&pointed(&text, at));
            }
            Err(error)
        }
    }
}

/// The question with a caret under the place that is wrong, cut to what fits a line.
fn pointed(text: &str, at: usize) -> String {
    let at = floor_boundary(text, at);
    let start = text[..at].char_indices().rev().nth(SHOWN_BYTES / 2).map_or(0, |(start, _)| start);
    let end = text[at..].char_indices().nth(SHOWN_BYTES / 2).map_or(text.len(), |(length, _)| at + length);
    let shown = |part: &str| part.replace(char::is_control, " ");
    let before = shown(&text[start..at]);
    let caret = " ".repeat(before.chars().count());
    format!("  {before}{}\n  {caret}^", shown(&text[at..end]))
}

/// What decides the order of a list.
pub fn ranking(arguments: &RankingArguments, any: bool) -> Ranking {
    let sort = match arguments.sort {
        SortName::Blend => Sort::Blend,
        SortName::Relevance => Sort::Relevance,
        SortName::Newest => Sort::Newest,
        SortName::Oldest => Sort::Oldest,
    };
    Ranking {
        sort,
        floor: arguments.recency.map_or(FLOOR, |recency| 1.0 - recency),
        half_life_days: arguments.half_life,
        feedback: any && !arguments.no_feedback,
        as_of: arguments.as_of,
        ..Ranking::default()
    }
}

/// One page of a list.
pub fn plan(ranking: Ranking, page: &PageArguments, explain: bool) -> Plan {
    let PageArguments { limit, offset } = *page;
    Plan { limit, offset, ranking, explain, snippets: 2, fold: false }
}

/// Sees that a drawing has no more bars than anybody can look at.
///
/// # Errors
/// It would have more.
pub fn check_drawn(bars: usize) -> Result<()> {
    if bars <= MOST_BARS {
        return Ok(());
    }
    let message = format!("a drawing of {} bars is of use to nobody", present::thousands(bars as u64));
    Err(Error::usage(message).hint("take a longer period (`--by year`), or some of the time (`--since`, `--until`)"))
}

/// Says why there are no hits.
pub fn explain_absence(absence: &Absence, what: &str) {
    trouble(&format!("no {what}"));
    for TermCount { term, articles, nearest } in &absence.terms {
        let found = match articles {
            0 => "in no article".to_owned(),
            articles => format!("in {}", present::articles(*articles)),
        };
        let nearest = nearest.as_ref().map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
        trouble(&format!("  {term}: {found}{nearest}"));
    }
    let told = |count: u64| absence.without.iter().any(|without| without.articles == count);
    if let Some(count) = absence.without_filters.filter(|count| *count > 0 && !told(*count)) {
        trouble(&format!("  without the filters: {}", present::articles(count)));
    }
    for Without { condition, articles } in &absence.without {
        trouble(&format!("  without `{condition}`: {}", present::articles(*articles)));
    }
    if let Some(Relaxed { words, articles, .. }) = &absence.relaxed {
        let have = if *articles == 1 { "has" } else { "have" };
        trouble(&format!(
            "  no article has all {words} words; {} {have} {} of them",
            present::thousands(*articles),
            words - 1
        ));
    } else if let Some(count) = absence.any_word.filter(|count| *count > 0) {
        trouble(&format!("  no article has all of them; {} have at least one (--any)", present::thousands(count)));
    }
    if let Some((first, last)) = &absence.covers {
        trouble(&format!("  the archive covers {first} to {last}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_fault() {
        assert_eq!(pointed("a (b", 2), "  a (b\n    ^");
        assert_eq!(pointed("été (b", 6), "  été (b\n      ^");
        let long = "x ".repeat(5000);
        let shown = pointed(&long, 5000);
        assert!(shown.lines().all(|line| line.len() < 70), "{shown}");
        assert_eq!(pointed("a", 99), "  a\n   ^");
        assert!(!pointed("\u{1b}[31m(", 5).contains('\u{1b}'));
    }
}
