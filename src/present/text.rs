//! Hits and quotes for people at a terminal.
//!
//! A hit is a dated line, then what names it (id, path, score), who is in it, and where it matched:
//!
//! ```text
//! 2022-02-04  Example Wire  Xi and Putin meet before the Games
//!             b3k0x7q2m9wd  2022/summit.txt  score 7.1
//!             Xi Jinping, Vladimir Putin
//!             the two leaders met in Beijing hours before the opening of …
//! ```
//!
//! The layout is free to change; programs read one of the other formats.

use std::io::{self, Write};

use super::paint::{DATE, FAINT, MARK, PLAIN, Pen, SPEAKER, STRONG, padded};
use super::runs::{Run, clip, marked};
use super::{Style, copies, date_or_undated, number, score};
use crate::date::Day;
use crate::facts::QuoteKind;
use crate::hits::{ActorRef, Hit, Hits, QuoteHit};

/// The column at which everything but the date begins: ten for a day, two between.
const MARGIN: usize = 12;

/// How many actors are named; the rest is a number.
const ACTORS: usize = 8;

/// How many lines a stretch of text may take.
const SNIPPET_LINES: usize = 2;

/// An outlet's name is cut here, so that the headline has room.
const SOURCE_COLUMNS: usize = 24;

/// Writes the hits, a blank line between them.
pub(super) fn hits(out: &mut dyn Write, hits: &Hits, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    for (number, hit) in hits.hits.iter().enumerate() {
        if number > 0 {
            pen.end()?;
        }
        headline(&mut pen, hit)?;
        names(&mut pen, hit)?;
        explanation(&mut pen, hit, hits.as_of)?;
        actors(&mut pen, &hit.actors)?;
        snippets(&mut pen, hit)?;
        copies(&mut pen, hit)?;
    }
    Ok(())
}

/// Writes the quotes, a blank line between them.
pub(super) fn quotes(out: &mut dyn Write, quotes: &[QuoteHit], style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    for (number, quote) in quotes.iter().enumerate() {
        if number > 0 {
            pen.end()?;
        }
        speaker(&mut pen, quote)?;
        words(&mut pen, quote)?;
        let origin = [Run::new(&quote.article, FAINT), Run::new("  ", PLAIN), Run::new(&quote.title, FAINT)];
        pen.block(&indent(), &indent(), &origin, 1)?;
    }
    Ok(())
}

fn indent() -> Run<'static> {
    Run::owned(" ".repeat(MARGIN), PLAIN)
}

fn headline(pen: &mut Pen<'_>, hit: &Hit) -> io::Result<()> {
    pen.put(&padded(&date_or_undated(hit.date), MARGIN), DATE)?;
    let taken = MARGIN + outlet(pen, hit.source.as_deref())?;
    let room = pen.room(taken);
    for line in clip(&[Run::new(&hit.title, STRONG)], room, 1) {
        pen.link(&line, hit.url.as_deref())?;
    }
    pen.end()
}

/// Writes the outlet, if known, and two blanks; returns the columns taken.
fn outlet(pen: &mut Pen<'_>, source: Option<&str>) -> io::Result<usize> {
    let shown = clip(&[Run::new(source.unwrap_or(""), PLAIN)], SOURCE_COLUMNS, 1);
    let Some(line) = shown.first() else { return Ok(0) };
    pen.runs(line)?;
    pen.put("  ", PLAIN)?;
    Ok(line.iter().map(Run::width).sum::<usize>() + 2)
}

/// The line to copy from: id, path and score are never cut.
fn names(pen: &mut Pen<'_>, hit: &Hit) -> io::Result<()> {
    pen.put(&" ".repeat(MARGIN), PLAIN)?;
    pen.put(&format!("{}  {}", hit.id, hit.path), FAINT)?;
    if hit.ordinal > 0 {
        pen.put(&format!(" #{}", hit.ordinal), FAINT)?;
    }
    // Lists that no words were asked for have no score worth showing.
    if hit.score > 0.0 {
        pen.put(&format!("  score {}", number::score(hit.score)), FAINT)?;
    }
    pen.end()
}

fn explanation(pen: &mut Pen<'_>, hit: &Hit, as_of: Option<Day>) -> io::Result<()> {
    if hit.parts.terms.is_empty() {
        return Ok(());
    }
    let sentence = Run::owned(score::sentence(hit, as_of), PLAIN);
    pen.block(&indent(), &indent(), &[sentence], usize::MAX)?;
    let deeper = Run::owned(" ".repeat(MARGIN + 2), PLAIN);
    for part in &hit.parts.terms {
        pen.block(&deeper, &deeper, &[Run::owned(score::term(part), PLAIN)], usize::MAX)?;
    }
    Ok(())
}

fn actors(pen: &mut Pen<'_>, actors: &[ActorRef]) -> io::Result<()> {
    let mut names: Vec<String> = actors.iter().take(ACTORS).map(|actor| actor.name.clone()).collect();
    if actors.len() > ACTORS {
        names.push(format!("+{}", actors.len() - ACTORS));
    }
    pen.block(&indent(), &indent(), &[Run::owned(names.join(", "), PLAIN)], usize::MAX)
}

fn snippets(pen: &mut Pen<'_>, hit: &Hit) -> io::Result<()> {
    for snippet in &hit.snippets {
        let mut runs = marked(&snippet.text, &snippet.marks, PLAIN, MARK);
        // The first paragraph is where one looks anyway.
        if snippet.paragraph > 1 {
            runs.insert(0, Run::owned(format!("¶{} ", snippet.paragraph), FAINT));
        }
        pen.block(&indent(), &indent(), &runs, SNIPPET_LINES)?;
    }
    Ok(())
}

fn copies(pen: &mut Pen<'_>, hit: &Hit) -> io::Result<()> {
    let line = copies::line(&hit.copies).map(|line| Run::owned(line, FAINT));
    line.map_or(Ok(()), |line| pen.block(&indent(), &indent(), &[line], 1))
}

fn speaker(pen: &mut Pen<'_>, quote: &QuoteHit) -> io::Result<()> {
    pen.put(&padded(&date_or_undated(quote.date), MARGIN), DATE)?;
    match speakers(&quote.speakers) {
        Some(names) => pen.put(&names, SPEAKER)?,
        None => pen.put("speaker unresolved", FAINT)?,
    }
    if let Some(source) = &quote.source {
        pen.put(&format!("  {source}"), PLAIN)?;
    }
    if quote.kind != QuoteKind::Direct {
        pen.put(&format!("  {}", quote.kind.name()), FAINT)?;
    }
    pen.end()
}

fn words(pen: &mut Pen<'_>, quote: &QuoteHit) -> io::Result<()> {
    let mut runs = marked(&quote.text, &quote.marks, PLAIN, MARK);
    // Only words that stand in quotation marks in the article get them here.
    if quote.kind == QuoteKind::Direct {
        runs.insert(0, Run::new("“", PLAIN));
        runs.push(Run::new("”", PLAIN));
    }
    pen.block(&indent(), &indent(), &runs, usize::MAX)
}

/// The names of those who speak, unless nobody is known to.
pub(super) fn speakers(speakers: &[ActorRef]) -> Option<String> {
    let names: Vec<&str> = speakers.iter().map(|speaker| speaker.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn shown(hit: Hit, style: &Style) -> String {
        let mut out = Vec::new();
        hits(&mut out, &sample::hits(vec![hit]), style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_hit_is_a_dated_line_and_what_belongs_to_it() {
        let check = |change: fn(&mut Hit), expected: &[&str]| {
            let mut hit = sample::hit();
            change(&mut hit);
            let shown = shown(hit, &Style { color: false, links: false, width: 60 });
            assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
        };
        let rest = [
            "            b3k0x7q2m9wd  2022/summit.txt  score 7.1",
            "            Xi Jinping, Vladimir Putin",
            "            Xi met Putin in Beijing before the Games.",
        ];
        let with = |first| [first, rest[0], rest[1], rest[2]];
        check(|_| (), &with("2022-02-04  Example Wire  Xi and Putin meet before the Games"));
        check(|hit| hit.source = None, &with("2022-02-04  Xi and Putin meet before the Games"));
        check(|hit| hit.date = None, &with("undated     Example Wire  Xi and Putin meet before the Games"));
        check(
            |hit| hit.date = sample::date("2022-02"),
            &with("2022-02     Example Wire  Xi and Putin meet before the Games"),
        );
        check(
            |hit| hit.title = "Xi and Putin meet in Beijing before the Games open".into(),
            &with("2022-02-04  Example Wire  Xi and Putin meet in Beijing…"),
        );
    }

    #[test]
    fn many_actors_end_in_a_number() {
        let mut hit = sample::hit();
        hit.actors = (1..=11).map(|n| sample::actor(&format!("person:p{n}"), &format!("P{n}"))).collect();
        assert!(shown(hit, &Style::PLAIN).contains(" P1, P2, P3, P4, P5, P6, P7, P8, +3\n"));
    }

    #[test]
    fn an_explained_hit_says_how_it_got_its_score() {
        let shown = shown(sample::explained_hit(), &Style::PLAIN);
        assert!(shown.contains("\n            score 7.1 = relevance 8.2 × recency 0.87 (310 days from 2022-12-12)\n"));
        assert!(shown.contains("\n              \"nato\" 4.1: text 3.0, title 1.1\n"), "{shown}");
    }

    #[test]
    fn marks_and_links_show_on_a_terminal() {
        let shown = shown(sample::hit(), &Style { color: true, links: true, width: 80 });
        assert!(shown.contains("\x1b[1m\x1b[4mPutin\x1b[0m"), "{shown:?}");
        assert!(shown.contains("\x1b]8;;https://example.org/summit\x1b\\"));
    }

    #[test]
    fn a_quote_is_a_block_under_its_speaker() {
        let check = |change: fn(&mut QuoteHit), expected: &[&str]| {
            let mut quote = sample::quote();
            change(&mut quote);
            let mut out = Vec::new();
            quotes(&mut out, &[quote], &Style::PLAIN).unwrap();
            assert_eq!(String::from_utf8(out).unwrap().lines().collect::<Vec<_>>(), expected);
        };
        let origin = "            b3k0x7q2m9wd Xi and Putin meet before the Games";
        check(|_| (), &["2022-02-04  Xi Jinping  Example Wire", "            “We stand back to back”", origin]);
        check(
            |quote| {
                quote.speakers.clear();
                quote.kind = QuoteKind::Indirect;
            },
            &["2022-02-04  speaker unresolved  Example Wire  indirect", "            We stand back to back", origin],
        );
    }
}
