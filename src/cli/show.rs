//! `chancery show`: one article, its actors and quotes marked.

use std::path::Path;

use crate::archive::Stored;
use crate::cli::args::ShowArguments;
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, output};
use crate::date::Day;
use crate::error::Result;
use crate::present;
use crate::text::Span;

/// Runs the command.
pub fn run(arguments: &ShowArguments, folder: &Path, terminal: &Terminal) -> Result<Exit> {
    let archive = ask::open(folder)?;
    let stored = match archive.article(&arguments.id) {
        Err(error) if error.is_not_found() => {
            super::tell(&error);
            return Ok(Exit::Nothing);
        }
        found => found?,
    };
    let marks = if arguments.query.is_empty() {
        Vec::new()
    } else {
        let query = ask::read(&arguments.query, false, Day::today(), terminal)?;
        archive.marks(&query, &stored.article.text)
    };
    if let Some(number) = arguments.hit {
        return show_hit(&stored, &marks, number, terminal);
    }
    output(|out| present::article(out, &stored.article, &stored.facts, &marks, terminal.format, &terminal.style))?;
    Ok(Exit::Success)
}

/// Shows one hit between its neighbours, and says where the next one is.
fn show_hit(stored: &Stored, marks: &[Span], number: u64, terminal: &Terminal) -> Result<Exit> {
    let (article, total) = (&stored.article, marks.len());
    let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
    let Some(hit) = marks.get(place).copied() else {
        let there = match total {
            0 => "none of the words stands in its text".to_owned(),
            1 => "there is 1 hit".to_owned(),
            _ => format!("there are {} hits", present::thousands(total as u64)),
        };
        terminal.say(&format!("no hit {number}: {there}"));
        return Ok(Exit::Nothing);
    };
    let (format, style) = (terminal.format, &terminal.style);
    output(|out| present::article_around(out, article, &stored.facts, marks, hit, format, style))?;
    let next = if place + 1 < total { format!("; the next: --hit {}", number + 1) } else { String::new() };
    let before = if place > 0 { format!("; the one before: --hit {}", number - 1) } else { String::new() };
    terminal.say(&format!("hit {number} of {}{next}{before}", present::thousands(total as u64)));
    Ok(Exit::Success)
}
