//! Runs: stretches of text with one look each, and how a line of them is cut at marks, wrapped and shortened.
//!
//! A run is clean from birth ([`Run::new`] passes it through the sanitizer), so widths are counted on what will be
//! shown. Widths are terminal columns: a Chinese character takes two, an accent none. Spans that do not fit their
//! text are ignored, because they may come from a damaged index.

use std::borrow::Cow;

use anstyle::Style as Ink;
use unicode_width::UnicodeWidthChar;

use super::sanitize;
use crate::text::Span;

/// A stretch of clean text with one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run<'a> {
    /// The text; holds no control character.
    pub text: Cow<'a, str>,
    /// Its look on a terminal with colour.
    pub ink: Ink,
}

impl<'a> Run<'a> {
    /// Cleans `text` and gives it a look.
    pub fn new(text: &'a str, ink: Ink) -> Self {
        Self { text: sanitize::line(text), ink }
    }

    /// The same for text that nobody else owns.
    pub fn owned(text: String, ink: Ink) -> Run<'static> {
        Run { text: Cow::Owned(sanitize::line(&text).into_owned()), ink }
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        width(&self.text)
    }
}

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Whether `span` points at whole characters of `text`.
pub(super) fn fits(span: Span, text: &str) -> bool {
    text.get(span.range()).is_some()
}

/// Cuts `text` at its marks: `plain` between them, `marked` inside.
pub(super) fn marked<'a>(text: &'a str, marks: &[Span], plain: Ink, marked: Ink) -> Vec<Run<'a>> {
    let mut marks: Vec<Span> = marks.iter().copied().filter(|mark| fits(*mark, text)).collect();
    marks.sort_unstable();
    let mut runs = Vec::with_capacity(marks.len() * 2 + 1);
    let mut at = 0;
    for mark in marks {
        let (start, end) = (mark.range().start.max(at), mark.range().end);
        if start < end {
            push(&mut runs, &text[at..start], plain);
            push(&mut runs, &text[start..end], marked);
            at = end;
        }
    }
    push(&mut runs, &text[at..], plain);
    runs
}

/// Adds a run unless it is empty.
pub(super) fn push<'a>(runs: &mut Vec<Run<'a>>, text: &'a str, ink: Ink) {
    if !text.is_empty() {
        runs.push(Run::new(text, ink));
    }
}

/// Breaks runs into lines of at most `width` columns, at blanks where there are any; white space folds to one blank.
pub(super) fn wrap(runs: &[Run<'_>], width: usize) -> Vec<Vec<Run<'static>>> {
    let mut wrapper = Wrapper { width: width.max(2), ..Wrapper::default() };
    for run in runs {
        for c in run.text.chars() {
            if c.is_whitespace() {
                wrapper.end_word();
                wrapper.gap = Some(run.ink);
            } else {
                wrapper.add(c, run.ink);
            }
        }
    }
    wrapper.end_word();
    wrapper.end_line();
    wrapper.lines
}

/// Wraps and keeps the first `limit` lines; `…` at the end says that there is more.
pub(super) fn clip(runs: &[Run<'_>], width: usize, limit: usize) -> Vec<Vec<Run<'static>>> {
    let mut lines = wrap(runs, width);
    if lines.len() > limit {
        lines.truncate(limit);
        if let Some(last) = lines.last_mut() {
            shorten(last, width.saturating_sub(1));
            let ink = last.last().map_or(Ink::new(), |run| run.ink);
            append(last, '…', ink);
        }
    }
    lines
}

/// Takes characters off the end until at most `width` columns are left.
fn shorten(line: &mut Vec<Run<'static>>, width: usize) {
    let mut taken: usize = line.iter().map(Run::width).sum();
    while taken > width {
        let Some(run) = line.last_mut() else { return };
        match run.text.to_mut().pop() {
            Some(c) => taken -= columns(c),
            None => {
                line.pop();
            }
        }
    }
}

/// The state of a line being filled.
#[derive(Default)]
struct Wrapper {
    width: usize,
    lines: Vec<Vec<Run<'static>>>,
    line: Vec<Run<'static>>,
    line_width: usize,
    word: Vec<Run<'static>>,
    word_width: usize,
    /// The look of the blank that stands before the word.
    gap: Option<Ink>,
}

impl Wrapper {
    fn add(&mut self, c: char, ink: Ink) {
        if self.word_width + columns(c) > self.width {
            self.end_word();
            self.end_line();
        }
        append(&mut self.word, c, ink);
        self.word_width += columns(c);
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        if self.line_width > 0 && self.line_width + 1 + self.word_width > self.width {
            self.end_line();
        }
        if let Some(gap) = self.gap.take()
            && !self.line.is_empty()
        {
            // A blank between two looks takes the plainer side, so that underlines end with their word.
            let before = self.line.last().map_or(gap, |run| run.ink);
            append(&mut self.line, ' ', if before == gap { gap } else { Ink::new() });
            self.line_width += 1;
        }
        for run in self.word.drain(..) {
            match self.line.last_mut() {
                Some(last) if last.ink == run.ink => last.text.to_mut().push_str(&run.text),
                _ => self.line.push(run),
            }
        }
        self.line_width += std::mem::take(&mut self.word_width);
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        self.line_width = 0;
        self.gap = None;
    }
}

fn append(runs: &mut Vec<Run<'static>>, c: char, ink: Ink) {
    match runs.last_mut() {
        Some(last) if last.ink == ink => last.text.to_mut().push(c),
        _ => runs.push(Run { text: Cow::Owned(c.to_string()), ink }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flat(lines: &[Vec<Run<'_>>]) -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|run| run.text.as_ref()).collect()).collect()
    }

    #[test]
    fn lines_break_at_blanks_and_long_words_anywhere() {
        let check = |text: &str, width: usize, expected: &[&str]| {
            assert_eq!(flat(&wrap(&[Run::new(text, Ink::new())], width)), expected, "{text:?}");
        };
        check("", 10, &[]);
        check("   ", 10, &[]);
        check("one two three", 7, &["one two", "three"]);
        check("one\n two ", 20, &["one two"]);
        check("abcdefgh ij", 3, &["abc", "def", "gh", "ij"]);
        check("習近平和普京", 4, &["習近", "平和", "普京"]);
        check("習", 0, &["習"]);
    }

    #[test]
    fn a_clipped_text_says_so() {
        let check = |text: &str, width: usize, limit: usize, expected: &[&str]| {
            assert_eq!(flat(&clip(&[Run::new(text, Ink::new())], width, limit)), expected, "{text:?}");
        };
        check("one two three", 7, 1, &["one tw…"]);
        check("one two", 7, 1, &["one two"]);
        check("one two three four", 8, 2, &["one two", "three…"]);
    }

    #[test]
    fn marks_cut_and_odd_marks_are_ignored() {
        let bold = Ink::new().bold();
        let check = |marks: &[(u32, u32)], expected: &str| {
            let marks: Vec<Span> = marks.iter().map(|&(start, end)| Span { start, end }).collect();
            let runs = marked("née Putin", &marks, Ink::new(), bold);
            let shown: String = runs
                .iter()
                .map(|run| if run.ink == bold { format!("[{}]", run.text) } else { run.text.to_string() })
                .collect();
            assert_eq!(shown, expected);
        };
        check(&[], "née Putin");
        check(&[(5, 10)], "née [Putin]");
        check(&[(0, 4), (5, 10)], "[née] [Putin]");
        check(&[(5, 8), (6, 10)], "née [Put][in]");
        check(&[(2, 4), (5, 99), (9, 5), (u32::MAX, 0), (7, 7)], "née Putin");
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(text in "[a-z習é \\n]{0,80}", width in 2usize..20) {
            let lines = flat(&wrap(&[Run::new(&text, Ink::new())], width));
            prop_assert!(lines.iter().all(|line| super::width(line) <= width));
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeeze(&lines.join(" ")), squeeze(&text));
        }
    }
}
