//! One article for people: what names it, its text with quotes and actors marked, then who is in it and who speaks.
//!
//! A paragraph that holds a quote stands behind a bar, under the names of those whose words begin in it, so that
//! quotes can be found without colour too; the text itself is never changed. With colour, quoted words are green and
//! italic, actors underlined with dots, what matched the question bold. Marking is one sweep over the sorted ends of all spans:
//! a text with a hundred thousand quotes costs what its length costs.
//!
//! ```text
//! ▌ Xi Jinping
//! ▌ “We stand back to back,” Xi Jinping said.
//! ```

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use anstyle::{Effects, Style as Ink};

use super::paint::{FAINT, MARK, PLAIN, Pen, QUOTE, SPEAKER, STRONG};
use super::runs::{Run, fits, push};
use super::{Style, precision};
use crate::article::Article;
use crate::date::Published;
use crate::facts::{Actor, ActorKind, Facts, Quote};
use crate::text::{Span, paragraphs};

/// Stands before every line of a paragraph that holds a quote, and before every other line.
const BAR: &str = "▌ ";
const NO_BAR: &str = "  ";

/// Columns of the labels in the head and of the kinds in the list of actors.
const LABEL_COLUMNS: usize = 10;
const KIND_COLUMNS: usize = 14;

/// How many lines a quote may take in the list at the end; its whole text stands in the article above.
const LISTED_LINES: usize = 2;

/// What can lie over a place in the text.
const LAYERS: usize = 3;
const QUOTED: usize = 0;
const NAMED: usize = 1;
const MATCHED: usize = 2;

/// Writes the article.
pub(super) fn article(
    out: &mut dyn Write,
    article: &Article,
    facts: &Facts,
    highlights: &[Span],
    style: &Style,
) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    let names = Names::of(facts);
    head(&mut pen, article)?;
    body(&mut pen, &article.text, facts, highlights, &names, Span::new(0, article.text.len()))?;
    actors(&mut pen, facts)?;
    quotes(&mut pen, &article.text, facts, &names)
}

/// Writes what names the article and the paragraph that `hit` stands in, between its neighbours.
pub(super) fn around(
    out: &mut dyn Write,
    article: &Article,
    facts: &Facts,
    highlights: &[Span],
    hit: Span,
    style: &Style,
) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    head(&mut pen, article)?;
    let all: Vec<Span> = paragraphs(&article.text).collect();
    let at = all.partition_point(|paragraph| paragraph.end <= hit.start);
    let shown = all.get(at.saturating_sub(1)..all.len().min(at + 2)).unwrap_or_default();
    let end = shown.last().map_or(hit.end, |paragraph| paragraph.end);
    let shown = Span { start: shown.first().map_or(hit.start, |paragraph| paragraph.start).min(end), end };
    body(&mut pen, &article.text, facts, highlights, &Names::of(facts), shown)
}

/// The names of actors by id; an id without an actor stands for itself.
struct Names<'a>(HashMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    fn of(facts: &'a Facts) -> Self {
        Self(facts.actors.iter().map(|actor| (actor.id.as_str(), actor.name.as_str())).collect())
    }

    fn speakers(&self, quote: &'a Quote) -> Vec<&'a str> {
        let name = |id: &'a String| self.0.get(id.as_str()).copied().unwrap_or(id);
        match quote.speakers.is_empty() {
            true => vec!["speaker unresolved"],
            false => quote.speakers.iter().map(name).collect(),
        }
    }
}

/// What names the article.
pub(super) fn head(pen: &mut Pen<'_>, article: &Article) -> io::Result<()> {
    pen.block(&Run::new("", PLAIN), &Run::new("", PLAIN), &[Run::new(&article.title, STRONG)], usize::MAX)?;
    row(pen, "date", &dated(article.date))?;
    row(pen, "source", article.source.as_deref().unwrap_or(""))?;
    row(pen, "authors", &article.authors.join("; "))?;
    if let Some(url) = &article.url {
        pen.put("url       ", FAINT)?;
        pen.link(&[Run::new(url, PLAIN)], Some(url))?;
        pen.end()?;
    }
    row(pen, "path", &article.origin.path)?;
    if article.origin.ordinal > 0 {
        row(pen, "ordinal", &article.origin.ordinal.to_string())?;
    }
    row(pen, "id", article.id.as_str())?;
    if article.title_derived {
        row(pen, "note", "the title is taken from the text")?;
    }
    Ok(())
}

fn row(pen: &mut Pen<'_>, label: &str, value: &str) -> io::Result<()> {
    pen.labelled(label, LABEL_COLUMNS, &[Run::new(value, PLAIN)])
}

/// The date with how exact it is and where it was read.
fn dated(date: Option<Published>) -> String {
    match date {
        Some(published) => {
            let precision = precision(date).unwrap_or("day");
            format!("{} ({precision}, from the {})", published.date, published.provenance.name())
        }
        None => "undated".to_owned(),
    }
}

/// Writes the paragraphs inside `shown`.
fn body(
    pen: &mut Pen<'_>,
    text: &str,
    facts: &Facts,
    highlights: &[Span],
    names: &Names<'_>,
    shown: Span,
) -> io::Result<()> {
    let mut sweep = Sweep::of(text, facts, highlights);
    let mut parts = quote_parts(text, facts).peekable();
    for paragraph in paragraphs(text) {
        let mut seen = HashSet::new();
        let mut speakers = Vec::new();
        while let Some((_, quote)) = parts.next_if(|(start, _)| *start < paragraph.end) {
            speakers.extend(names.speakers(quote).into_iter().filter(|name| seen.insert(*name)));
        }
        let (runs, quoted) = sweep.runs(paragraph);
        if !shown.contains(paragraph) {
            continue;
        }
        pen.end()?;
        let margin = if quoted { Run::new(BAR, SPEAKER) } else { Run::new(NO_BAR, PLAIN) };
        pen.block(&margin, &margin, &[Run::owned(speakers.join("; "), SPEAKER)], usize::MAX)?;
        pen.block(&margin, &margin, &runs, usize::MAX)?;
    }
    Ok(())
}

/// Where each part of each quote begins, in the order of the text.
fn quote_parts<'a>(text: &str, facts: &'a Facts) -> impl Iterator<Item = (u32, &'a Quote)> {
    let mut parts = Vec::new();
    for quote in &facts.quotes {
        parts.extend(quote.parts.iter().filter(|part| fits(**part, text)).map(|part| (part.start, quote)));
    }
    parts.sort_by_key(|(start, _)| *start);
    parts.into_iter()
}

/// Walks the text once and knows at every place what lies over it.
struct Sweep<'a> {
    text: &'a str,
    /// Where a layer begins (+1) or ends (-1), in the order of the text.
    ends: Vec<(u32, usize, i32)>,
    next: usize,
    depth: [i32; LAYERS],
}

impl<'a> Sweep<'a> {
    fn of(text: &'a str, facts: &Facts, highlights: &[Span]) -> Self {
        let quoted = facts.quotes.iter().flat_map(|quote| &quote.parts).map(|part| (*part, QUOTED));
        let mentions = facts.actors.iter().flat_map(|actor| &actor.mentions);
        let named = mentions.map(|mention| (mention.span, NAMED));
        let matched = highlights.iter().map(|span| (*span, MATCHED));
        let mut ends = Vec::new();
        for (span, layer) in quoted.chain(named).chain(matched).filter(|(span, _)| fits(*span, text)) {
            ends.push((span.start, layer, 1));
            ends.push((span.end, layer, -1));
        }
        ends.sort_unstable();
        Self { text, ends, next: 0, depth: [0; LAYERS] }
    }

    /// The runs of one paragraph, and whether any of it is quoted. Paragraphs are asked for in the order of the text.
    fn runs(&mut self, paragraph: Span) -> (Vec<Run<'a>>, bool) {
        let (mut runs, mut quoted, mut at) = (Vec::new(), false, paragraph.start);
        while let Some((place, layer, step)) = self.ends.get(self.next).copied().filter(|end| end.0 < paragraph.end) {
            if place > at {
                quoted |= self.push(&mut runs, at, place);
                at = place;
            }
            self.depth[layer] += step;
            self.next += 1;
        }
        quoted |= self.push(&mut runs, at, paragraph.end);
        (runs, quoted)
    }

    /// Adds the stretch in the look of what lies over it; says whether it is quoted.
    fn push(&self, runs: &mut Vec<Run<'a>>, start: u32, end: u32) -> bool {
        push(runs, Span { start, end }.of(self.text), look(&self.depth));
        self.depth[QUOTED] > 0
    }
}

fn look(depth: &[i32; LAYERS]) -> Ink {
    let mut ink = if depth[QUOTED] > 0 { QUOTE } else { PLAIN };
    if depth[NAMED] > 0 {
        ink |= Effects::DOTTED_UNDERLINE;
    }
    if depth[MATCHED] > 0 {
        ink |= MARK.get_effects();
    }
    ink
}

fn actors(pen: &mut Pen<'_>, facts: &Facts) -> io::Result<()> {
    if facts.actors.is_empty() {
        return Ok(());
    }
    pen.end()?;
    pen.line("Actors", STRONG)?;
    for kind in ActorKind::ALL {
        let mut named: Vec<&Actor> = facts.actors.iter().filter(|actor| actor.kind == kind).collect();
        named.sort_by_key(|actor| std::cmp::Reverse(actor.mentions.len()));
        let listed: Vec<String> =
            named.iter().map(|actor| format!("{} {}", actor.name, actor.mentions.len())).collect();
        pen.labelled(&format!("  {}", kind.name()), KIND_COLUMNS, &[Run::owned(listed.join(", "), PLAIN)])?;
    }
    Ok(())
}

fn quotes(pen: &mut Pen<'_>, text: &str, facts: &Facts, names: &Names<'_>) -> io::Result<()> {
    if facts.quotes.is_empty() {
        return Ok(());
    }
    pen.end()?;
    pen.line("Quotes", STRONG)?;
    let (first, next) = (Run::new(NO_BAR, PLAIN), Run::owned(" ".repeat(4), PLAIN));
    for quote in &facts.quotes {
        let who = format!("{} ({}): ", names.speakers(quote).join("; "), quote.kind.name());
        let runs = [Run::owned(who, SPEAKER), Run::owned(quote.words(text), QUOTE)];
        pen.block(&first, &next, &runs, LISTED_LINES)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn shown(style: &Style, highlights: &[Span]) -> String {
        let mut out = Vec::new();
        article(&mut out, &sample::article(), &sample::facts(), highlights, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_page_reads_without_colour() {
        let expected = "\
Xi and Putin meet before the Games
date      2022-02-04 (day, from the header)
source    Example Wire
authors   A. Writer; B. Writer
url       https://example.org/summit
path      2022/summit.txt
id        b3k0x7q2m9wd

  Xi met Putin in Beijing.

▌ Xi Jinping
▌ “We stand back to back,” Xi said.

Actors
  person      Xi Jinping 2, Vladimir Putin 1
  place       Beijing 1

Quotes
  Xi Jinping (direct): We stand back to back,
";
        assert_eq!(shown(&Style::PLAIN, &[]), expected);
    }

    #[test]
    fn layers_lie_over_one_another() {
        let text = sample::article().text;
        let at = text.find("back to").unwrap();
        let shown = shown(&Style { color: true, links: false, width: 80 }, &[Span::new(at, at + 4)]);
        for part in ["\x1b[4:4mPutin\x1b[0m", "We stand \x1b[0m", "\x1b[4m\x1b[32mback\x1b[0m \x1b[3m\x1b[32mto back,"]
        {
            assert!(shown.contains(part), "{part:?} in {shown:?}");
        }
    }

    #[test]
    fn a_quote_over_paragraphs_has_its_bar_on_each() {
        let mut article = sample::article();
        article.text = "“One.\n\nTwo.” Three.\n\nFour.".to_owned();
        let mut facts = sample::facts();
        facts.actors.clear();
        facts.quotes[0].parts = vec![Span::new(3, article.text.find('”').unwrap())];
        facts.quotes[0].speakers.clear();
        let mut out = Vec::new();
        super::article(&mut out, &article, &facts, &[], &Style::PLAIN).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(page.contains("▌ speaker unresolved\n▌ “One.\n\n▌ Two.” Three.\n\n  Four.\n"), "{page}");
    }
}
