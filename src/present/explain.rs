//! What extraction saw in an article, and by which rule: the text with every name and quote marked in place, and under
//! each paragraph what begins in it.
//!
//! A name stands in brackets, a quote in braces with its number. The marks are runs of their own: without them, what
//! is written is the text. One sweep over the sorted ends of all spans, as in [`page`](super::page).
//!
//! ```text
//!   {1 “We stand back to back,” 1} [Xi] said.
//!       {1} direct: Xi Jinping (person:xi-jinping), source “Xi”, cue “said”; subject-said 0.96
//!       [Xi]        person:xi-jinping  name  table 0.95
//! ```

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, Write};

use anstyle::{Effects, Style as Ink};

use super::Style;
use super::page::head;
use super::paint::{FAINT, PLAIN, Pen, QUOTE, SPEAKER, STRONG, padded};
use super::runs::{Run, fits};
use crate::article::Article;
use crate::facts::{Actor, Facts, Mention, Quote};
use crate::text::{Span, paragraphs};

/// Columns before the text, and before what is told of it.
const INDENT: &str = "  ";
const DEEP: &str = "      ";

/// Columns of the words of a name, and of an actor's id.
const WORDS: usize = 28;
const ID: usize = 30;

/// Writes the article.
pub(super) fn explain(out: &mut dyn Write, article: &Article, facts: &Facts, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    let text = article.text.as_str();
    head(&mut pen, article)?;
    let marks = marks(text, facts);
    let notes = Notes::of(text, facts);
    let (mut mark, mut note) = (0, 0);
    for paragraph in paragraphs(text) {
        pen.end()?;
        let until = mark + marks[mark..].partition_point(|one| one.at < paragraph.end || one.closes_at(paragraph.end));
        let runs = runs(text, paragraph, &marks[mark..until]);
        mark = until;
        let indent = Run::new(INDENT, PLAIN);
        pen.block(&indent, &indent, &runs, usize::MAX)?;
        let last = note + notes.list[note..].partition_point(|(start, _)| *start < paragraph.end);
        notes.list[note..last].iter().try_for_each(|(_, one)| notes.write(&mut pen, one))?;
        note = last;
    }
    summary(&mut pen, text, facts)
}

/// A bracket or brace in the text.
struct Edge {
    at: u32,
    opens: bool,
    /// The other end of the span.
    other: u32,
    /// The number of the quote; none for a name.
    quote: Option<usize>,
}

impl Edge {
    /// What closes at the end of a paragraph still belongs to it.
    fn closes_at(&self, end: u32) -> bool {
        !self.opens && self.at == end
    }

    fn text(&self) -> String {
        match (self.quote, self.opens) {
            (Some(number), true) => format!("{{{number} "),
            (Some(number), false) => format!(" {number}}}"),
            (None, true) => "[".to_owned(),
            (None, false) => "]".to_owned(),
        }
    }
}

/// All marks in the order in which they are written: what closes before what opens, the inner before the outer.
fn marks(text: &str, facts: &Facts) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut add = |span: Span, quote: Option<usize>| {
        if fits(span, text) && !span.is_empty() {
            edges.push(Edge { at: span.start, opens: true, other: span.end, quote });
            edges.push(Edge { at: span.end, opens: false, other: span.start, quote });
        }
    };
    for (number, quote) in facts.quotes.iter().enumerate() {
        quote.parts.iter().for_each(|part| add(*part, Some(number + 1)));
    }
    let mut names: Vec<Span> =
        facts.actors.iter().flat_map(|actor| actor.mentions.iter().map(|mention| mention.span)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().for_each(|span| add(span, None));
    // A quote holds the name that begins or ends with it.
    edges.sort_by_key(|edge| (edge.at, edge.opens, Reverse(edge.other), edge.quote.is_some() != edge.opens));
    edges
}

fn runs<'a>(text: &'a str, paragraph: Span, marks: &[Edge]) -> Vec<Run<'a>> {
    let mut runs = Vec::with_capacity(marks.len() * 2 + 1);
    let (mut at, mut quotes, mut names) = (paragraph.start, 0, 0);
    let ink = |quotes: i32, names: i32| -> Ink {
        let ink = if quotes > 0 { QUOTE } else { PLAIN };
        if names > 0 { ink | Effects::UNDERLINE } else { ink }
    };
    for mark in marks {
        let place = mark.at.clamp(at, paragraph.end);
        super::runs::push(&mut runs, Span { start: at, end: place }.of(text), ink(quotes, names));
        at = place;
        let look = if mark.quote.is_some() { SPEAKER } else { FAINT };
        runs.push(Run::owned(mark.text(), look));
        let depth = if mark.quote.is_some() { &mut quotes } else { &mut names };
        *depth += if mark.opens { 1 } else { -1 };
    }
    super::runs::push(&mut runs, Span { start: at, end: paragraph.end }.of(text), ink(quotes, names));
    runs
}

enum Note<'a> {
    Quote(usize, &'a Quote),
    Name(&'a Actor, &'a Mention),
}

/// What is told of quotes and names, by where they begin.
struct Notes<'a> {
    text: &'a str,
    names: HashMap<&'a str, &'a str>,
    list: Vec<(u32, Note<'a>)>,
}

impl<'a> Notes<'a> {
    fn of(text: &'a str, facts: &'a Facts) -> Self {
        let mut list = Vec::new();
        for (number, quote) in facts.quotes.iter().enumerate() {
            list.extend(quote.parts.first().map(|part| (part.start, Note::Quote(number + 1, quote))));
        }
        for actor in &facts.actors {
            list.extend(actor.mentions.iter().map(|one| (one.span.start, Note::Name(actor, one))));
        }
        list.sort_by_key(|(start, note)| (*start, matches!(note, Note::Name(..))));
        let names = facts.actors.iter().map(|actor| (actor.id.as_str(), actor.name.as_str())).collect();
        Self { text, names, list }
    }

    fn write(&self, pen: &mut Pen<'_>, note: &Note<'_>) -> io::Result<()> {
        let words = |span: Span| if fits(span, self.text) { span.of(self.text) } else { "" };
        match note {
            Note::Quote(number, quote) => {
                let mut line = vec![Run::owned(format!("{{{number}}} {}: ", quote.kind.name()), SPEAKER)];
                line.push(Run::owned(self.speakers(quote), STRONG));
                for (label, span) in [("source", quote.source), ("cue", quote.cue)] {
                    if let Some(span) = span {
                        line.push(Run::owned(format!(", {label} “{}”", words(span)), PLAIN));
                    }
                }
                if let Some(addressee) = &quote.addressee {
                    line.push(Run::owned(format!(", to {addressee}"), PLAIN));
                }
                line.push(Run::owned(format!("; {} {:.2}", quote.rule, quote.confidence), FAINT));
                pen.block(&Run::new(DEEP, PLAIN), &Run::owned(" ".repeat(DEEP.len() + 4), PLAIN), &line, usize::MAX)
            }
            Note::Name(actor, mention) => {
                let name = format!("[{}]", words(mention.span));
                let how = format!("{} {:.2}", mention.rule, mention.confidence);
                pen.put(DEEP, PLAIN)?;
                pen.put(&padded(&name, WORDS), PLAIN)?;
                pen.put(&padded(&format!(" {}", actor.id), ID), STRONG)?;
                pen.put(&padded(&format!(" {}", mention.form.name()), 10), PLAIN)?;
                pen.line(&how, FAINT)
            }
        }
    }

    fn speakers(&self, quote: &Quote) -> String {
        let name = |id: &String| match self.names.get(id.as_str()) {
            Some(name) => format!("{name} ({id})"),
            None => id.clone(),
        };
        match quote.speakers.is_empty() {
            true => "speaker unresolved".to_owned(),
            false => quote.speakers.iter().map(name).collect::<Vec<_>>().join("; "),
        }
    }
}

/// What the article is about.
fn summary(pen: &mut Pen<'_>, text: &str, facts: &Facts) -> io::Result<()> {
    pen.end()?;
    let row = |pen: &mut Pen<'_>, label: &str, value: String| {
        let value = if value.is_empty() { "none".to_owned() } else { value };
        pen.labelled(label, LABEL, &[Run::owned(value, PLAIN)])
    };
    row(pen, "language", facts.language.clone().unwrap_or_default())?;
    row(pen, "countries", facts.countries.join(", "))?;
    let mut salient: Vec<(f32, &Actor)> = facts.saliences(text).into_iter().zip(&facts.actors).collect();
    salient.sort_by(|a, b| b.0.total_cmp(&a.0));
    let salient = salient.iter().map(|(weight, actor)| format!("{} {weight:.2}", actor.name));
    row(pen, "actors", salient.collect::<Vec<_>>().join(", "))?;
    row(pen, "quotes", facts.quotes.len().to_string())
}

/// Columns of the labels at the end.
const LABEL: usize = 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample;
    use super::*;

    #[test]
    fn names_and_quotes_are_marked_with_their_rules() {
        let mut out = Vec::new();
        explain(&mut out, &sample::article(), &sample::facts(), &Style { width: 200, ..Style::PLAIN }).unwrap();
        let page = String::from_utf8(out).unwrap();
        let body = &page[page.find("  [Xi] met").unwrap()..];
        let expected = "  [Xi] met [Putin] in [Beijing].
      [Xi]                         person:xi-jinping             name     name 0.75
      [Putin]                      person:vladimir-putin         name     name 0.75
      [Beijing]                    place:beijing                 name     name 0.75

  “{1 We stand back to back, 1}” [Xi] said.
      {1} direct: Xi Jinping (person:xi-jinping), cue “said”; quote-name-said 0.90
      [Xi]                         person:xi-jinping             name     name 0.75

language  none
countries CN, RU
actors    Xi Jinping 1.00, Vladimir Putin 0.84, Beijing 0.84
quotes    1
";
        assert_eq!(body, expected);
    }

    proptest! {
        #[test]
        fn without_its_marks_it_is_the_text(spans in prop::collection::vec((0u32..90, 0u32..90), 0..12)) {
            let article = sample::article();
            let text = article.text.as_str();
            let mut facts = sample::facts();
            let given = spans.iter().map(|&(a, b)| Span { start: a.min(b), end: a.max(b) });
            facts.quotes[0].parts = given.collect();
            let all = marks(text, &facts);
            let (mut mark, mut seen) = (0, String::new());
            for paragraph in paragraphs(text) {
                let inside = |one: &Edge| one.at < paragraph.end || one.closes_at(paragraph.end);
                let until = mark + all[mark..].partition_point(inside);
                let bare: Vec<String> = all[mark..until].iter().map(Edge::text).collect();
                let mut bare = bare.iter().peekable();
                for run in runs(text, paragraph, &all[mark..until]) {
                    if bare.next_if(|mark| **mark == run.text && [SPEAKER, FAINT].contains(&run.ink)).is_none() {
                        seen.push_str(&run.text);
                    }
                }
                mark = until;
            }
            let whole: String = paragraphs(text).map(|paragraph| paragraph.of(text)).collect();
            prop_assert_eq!(seen, whole);
        }
    }
}
