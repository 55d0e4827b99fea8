//! Where an article matched: marks on what was asked, and the stretches of text around them.
//!
//! Works on the text and the question alone, so every engine shows the same. A phrase is marked where its words stand
//! in a row, never word by word elsewhere.

use crate::analysis::{self, Form as TokenForm, Initials, Token};
use crate::field::Field;
use crate::hits::Snippet;
use crate::query::{Form, Node, Query};
use crate::text::{Span, paragraphs};

/// About how many bytes of text a snippet shows.
const SNIPPET_BYTES: usize = 240;

/// Marks beyond this many in one text are not looked for; the snippets are long chosen by then.
const MOST_MARKS: usize = 10_000;

/// What the positive words of a question look like in a text.
#[derive(Debug, Default)]
pub struct Matcher {
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
enum Pattern {
    /// Tokens in a row, each in the given form; one token for a single word.
    Row(TokenForm, Vec<String>),
    Glob(String),
    Fuzzy(String, u8),
}

impl Matcher {
    /// Collects the words of `query` that can stand in the text of an article.
    pub fn new(query: &Query) -> Self {
        let mut matcher = Self::default();
        matcher.collect(&query.root, None);
        matcher
    }

    fn collect(&mut self, node: &Node, field: Option<Field>) {
        match node {
            Node::And(children) | Node::Or(children) => children.iter().for_each(|child| self.collect(child, field)),
            Node::In(field, child) if shows_in_text(*field) => self.collect(child, Some(*field)),
            Node::Word(word) => self.add_word(&word.text, word.form, field),
            Node::Phrase(phrase) if phrase.slop == 0 => self.add_row(&phrase.text, TokenForm::Folded),
            // The words of a stretched phrase stand apart.
            Node::Phrase(phrase) => phrase.text.split(' ').for_each(|word| self.add_row(word, TokenForm::Folded)),
            Node::Near(near) => {
                self.collect(&near.left, field);
                self.collect(&near.right, field);
            }
            Node::AtLeast(_, inside) | Node::Inside(_, inside) => self.collect(inside, field),
            Node::All | Node::Not(_) | Node::In(..) | Node::Period(..) | Node::Confidence(_) | Node::Is(..) => {}
        }
    }

    fn add_word(&mut self, text: &str, form: Form, field: Option<Field>) {
        match form {
            Form::Plain if field.is_none_or(|field| !is_name(field)) => self.add_row(text, TokenForm::Stemmed),
            Form::Plain => self.add_row(text.rsplit(':').next().unwrap_or(text), TokenForm::Folded),
            Form::Exact => self.add_row(text, TokenForm::Written),
            Form::Pattern => self.patterns.push(Pattern::Glob(crate::text::fold(text))),
            Form::Fuzzy(edits) => self.patterns.push(Pattern::Fuzzy(crate::text::fold(text), edits)),
        }
    }

    fn add_row(&mut self, text: &str, form: TokenForm) {
        let row: Vec<String> = one_a_place(analysis::tokens(text, form)).map(|token| token.text).collect();
        if !row.is_empty() {
            self.patterns.push(Pattern::Row(form, row));
        }
    }

    /// Every place in `text` that matches, in order, none inside another; with the number of the pattern.
    fn find(&self, text: &str) -> Vec<(Span, usize)> {
        let mut found = Vec::new();
        for form in [TokenForm::Stemmed, TokenForm::Folded, TokenForm::Written] {
            if self.patterns.iter().any(|pattern| pattern.form() == form) {
                let tokens: Vec<Token> = analysis::tokens_with(text, form, self.initials(form)).collect();
                self.find_in(&tokens, form, &mut found);
            }
        }
        found.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        found.retain(|(span, _)| {
            let fresh = span.start >= end;
            end = end.max(span.end);
            fresh
        });
        found
    }

    /// What the words begin with that are looked for in one form.
    fn initials(&self, form: TokenForm) -> Initials {
        let of_form = self.patterns.iter().filter(|pattern| pattern.form() == form);
        of_form.fold(Initials::default(), |initials, pattern| match pattern {
            Pattern::Row(_, row) => row.iter().fold(initials, |initials, word| initials.with(word)),
            Pattern::Glob(_) | Pattern::Fuzzy(..) => Initials::ALL,
        })
    }

    fn find_in(&self, tokens: &[Token], form: TokenForm, found: &mut Vec<(Span, usize)>) {
        for at in 0..tokens.len() {
            for (number, pattern) in self.patterns.iter().enumerate().filter(|(_, pattern)| pattern.form() == form) {
                if found.len() >= MOST_MARKS {
                    return;
                }
                if let Some(span) = pattern.matches(&tokens[at..]) {
                    found.push((span, number));
                }
            }
        }
    }

    /// All marks in `text`: for showing the whole article.
    pub fn marks(&self, text: &str) -> Vec<Span> {
        self.find(text).into_iter().map(|(span, _)| span).collect()
    }

    /// Up to `most` stretches of `text` that show as many different words of the question as they can; the opening
    /// of the text, unmarked, when nothing of it stands there.
    pub fn snippets(&self, text: &str, most: usize) -> Vec<Snippet> {
        if most == 0 {
            return Vec::new();
        }
        let marks = self.find(text);
        let mut windows = best_windows(&marks, most);
        if windows.is_empty() {
            windows.push(Span::new(0, 0));
        }
        let mut stretches: Vec<(usize, usize)> = Vec::with_capacity(windows.len());
        for (start, end) in windows.into_iter().map(|window| around(text, window)) {
            match stretches.last_mut().filter(|last| start <= last.1) {
                // Two that touch are one.
                Some(last) => last.1 = last.1.max(end),
                None => stretches.push((start, end)),
            }
        }
        let mut paragraphs = paragraphs(text).peekable();
        let mut number = 0;
        let snippets = stretches.into_iter().map(|(start, end)| {
            while paragraphs.next_if(|paragraph| (paragraph.start as usize) < end).is_some() {
                number += 1;
            }
            Snippet { paragraph: number, ..cut(text, start, end, &marks) }
        });
        snippets.filter(|snippet| !snippet.text.is_empty()).collect()
    }
}

impl Pattern {
    fn form(&self) -> TokenForm {
        match self {
            Self::Row(form, _) => *form,
            Self::Glob(_) | Self::Fuzzy(..) => TokenForm::Folded,
        }
    }

    /// The span matched by the tokens from the first of `tokens` on.
    fn matches(&self, tokens: &[Token]) -> Option<Span> {
        let first = tokens.first()?;
        let matched = match self {
            Self::Row(_, row) => return row_matches(row, tokens),
            Self::Glob(glob) => glob_matches(glob, &first.text),
            Self::Fuzzy(word, edits) => within_edits(word, &first.text, usize::from(*edits)),
        };
        matched.then_some(first.span)
    }
}

fn row_matches(row: &[String], tokens: &[Token]) -> Option<Span> {
    let first = tokens.first().filter(|token| token.text == row[0])?;
    let mut end = first.span.end;
    let mut rest = tokens;
    for (place, word) in (first.position..).zip(row) {
        let at = rest
            .iter()
            .take_while(|token| token.position <= place)
            .position(|token| token.position == place && token.text == *word)?;
        end = end.max(rest[at].span.end);
        rest = &rest[at..];
    }
    Some(Span { start: first.span.start, end })
}

/// One token for each place: the word itself rather than the compound it begins.
fn one_a_place(tokens: impl Iterator<Item = Token>) -> impl Iterator<Item = Token> {
    let mut last = None;
    tokens.filter(move |token| last.replace(token.position) != Some(token.position))
}

fn shows_in_text(field: Field) -> bool {
    is_name(field) || matches!(field, Field::Text | Field::Title | Field::Said)
}

fn is_name(field: Field) -> bool {
    matches!(field, Field::Actor | Field::Person | Field::Org | Field::Speaker | Field::Country)
}

/// Whether `word` fits `glob`, where `*` stands for any letters and `?` for one. Linear but for repeated stars, which
/// fall back no further than to the last one.
pub fn glob_matches(glob: &str, word: &str) -> bool {
    let (glob, word): (Vec<char>, Vec<char>) = (glob.chars().collect(), word.chars().collect());
    let (mut g, mut w, mut star) = (0, 0, None);
    while w < word.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, w));
                g += 1;
            }
            Some(c) if *c == '?' || *c == word[w] => {
                g += 1;
                w += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                (g, w) = (at + 1, from + 1);
            }
        }
    }
    glob[g..].iter().all(|c| *c == '*')
}

/// Whether the two words differ by at most `most` inserted, dropped, replaced or swapped letters.
pub fn within_edits(a: &str, b: &str, most: usize) -> bool {
    edits(a, b, most).is_some()
}

/// How many letters are inserted, dropped, replaced or swapped (neighbours) between the two, if at most `most`.
pub fn edits(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(row[j - 1] + 1).min(above[j] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().all(|cost| *cost > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above[b.len()]).filter(|cost| *cost <= most)
}

/// The stretches that hold the most different patterns, then the most marks; in the order of the text.
fn best_windows(marks: &[(Span, usize)], most: usize) -> Vec<Span> {
    let mut windows: Vec<(usize, usize, Span)> = Vec::new();
    for (at, (first, _)) in marks.iter().enumerate() {
        let limit = first.start as usize + SNIPPET_BYTES * 3 / 4;
        let inside: Vec<&(Span, usize)> =
            marks[at..].iter().take(64).take_while(|(span, _)| span.end as usize <= limit).collect();
        let mut kinds: Vec<usize> = inside.iter().map(|(_, number)| *number).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let end = inside.last().map_or(first.end, |(span, _)| span.end);
        windows.push((kinds.len(), inside.len(), Span { start: first.start, end }));
    }
    windows.sort_by_key(|(kinds, count, span)| (std::cmp::Reverse((*kinds, *count)), span.start));
    let mut chosen: Vec<Span> = Vec::new();
    for (_, _, window) in windows {
        let apart = |other: &Span| {
            window.start as usize > other.end as usize + SNIPPET_BYTES / 2
                || (window.end as usize) + SNIPPET_BYTES / 2 < other.start as usize
        };
        if chosen.len() < most && chosen.iter().all(apart) {
            chosen.push(window);
        }
    }
    chosen.sort();
    chosen
}

/// The stretch around `window`, from blank to blank and inside its paragraph.
fn around(text: &str, window: Span) -> (usize, usize) {
    let spare = SNIPPET_BYTES.saturating_sub(window.len());
    let start = snippet_start(text, window.start as usize, spare / 2);
    (start, snippet_end(text, window.end as usize, spare - (window.start as usize - start).min(spare)))
}

/// Cuts a stretch out of `text`, white space folded.
fn cut(text: &str, start: usize, end: usize, marks: &[(Span, usize)]) -> Snippet {
    let at = Span::new(start, end).start;
    let mut snippet = Snippet { text: String::with_capacity(end - start), marks: Vec::new(), at, paragraph: 0 };
    let mut mark = marks
        .iter()
        .map(|(span, _)| *span)
        .filter(|span| span.start as usize >= start && span.end as usize <= end)
        .peekable();
    let mut open = None;
    for (offset, c) in text[start..end].char_indices() {
        let at = start + offset;
        if open.is_none() && mark.peek().is_some_and(|span| span.start as usize == at) {
            open = Some(snippet.text.len());
        }
        if !c.is_whitespace() {
            snippet.text.push(c);
        } else if !snippet.text.is_empty() && !snippet.text.ends_with(' ') {
            snippet.text.push(' ');
        }
        if let Some(from) = open
            && mark.peek().is_some_and(|span| span.end as usize <= at + c.len_utf8())
        {
            snippet.marks.push(Span::new(from, snippet.text.len()));
            open = None;
            mark.next();
        }
    }
    snippet.text.truncate(snippet.text.trim_end().len());
    snippet
}

fn snippet_start(text: &str, at: usize, spare: usize) -> usize {
    let paragraph = text[..at].rfind("\n\n").map_or(0, |found| found + 2);
    let low = at.saturating_sub(spare).max(paragraph);
    if low == paragraph {
        return paragraph;
    }
    let low = (low..=at).find(|position| text.is_char_boundary(*position)).unwrap_or(at);
    text[low..at].char_indices().find(|(_, c)| c.is_whitespace()).map_or(low, |(blank, c)| low + blank + c.len_utf8())
}

fn snippet_end(text: &str, at: usize, spare: usize) -> usize {
    let paragraph = text[at..].find("\n\n").map_or(text.len(), |found| at + found);
    let high = (at + spare).min(paragraph);
    if high == paragraph {
        return paragraph;
    }
    let high = (at..=high).rev().find(|position| text.is_char_boundary(*position)).unwrap_or(at);
    text[at..high].rfind(char::is_whitespace).map_or(high, |blank| at + blank).max(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Phrase, Word};

    fn word(text: &str, form: Form) -> Node {
        Node::Word(Word { text: text.to_owned(), form })
    }

    fn marked(node: Node, text: &str) -> Vec<&str> {
        let matcher = Matcher::new(&Query { root: node });
        matcher.marks(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn marks_are_what_was_asked() {
        let text = "Russia’s allies warned NATO. The alliance warns the US, not us; cease-fires fail. Türkiye votes on turkey.";
        let check = |node: Node, expected: &[&str]| assert_eq!(marked(node.clone(), text), expected, "{node:?}");
        check(word("warning", Form::Plain), &["warned", "warns"]);
        check(word("russia", Form::Plain), &["Russia’s"]);
        check(word("US", Form::Plain), &["US"]);
        check(word("us", Form::Plain), &["us"]);
        check(word("turkey", Form::Exact), &["turkey"]);
        check(word("alli*", Form::Pattern), &["allies", "alliance"]);
        check(word("turkyie", Form::Fuzzy(1)), &["Türkiye"]);
        check(Node::Phrase(Phrase { text: "the alliance".to_owned(), slop: 0 }), &["The alliance"]);
        check(Node::Phrase(Phrase { text: "cease fires".to_owned(), slop: 0 }), &["cease-fires"]);
        check(Node::Not(Box::new(word("nato", Form::Plain))), &[]);
    }

    #[test]
    fn a_snippet_shows_the_most_different_words() {
        let filler = "Nothing of note was said about it by anybody that day. ".repeat(20);
        let text = format!("NATO met. {filler}\n\nLater Kritenbrink spoke of\nNATO. {filler}");
        let query = Query { root: Node::And(vec![word("nato", Form::Plain), word("kritenbrink", Form::Plain)]) };
        let snippets = Matcher::new(&query).snippets(&text, 2);
        assert_eq!(snippets.len(), 2);
        let second = &snippets[1];
        assert!(second.text.starts_with("Later Kritenbrink spoke of NATO."), "{}", second.text);
        let words: Vec<&str> = second.marks.iter().map(|span| span.of(&second.text)).collect();
        assert_eq!(words, ["Kritenbrink", "NATO"]);
        assert_eq!(snippets.iter().map(|snippet| snippet.paragraph).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn stretches_that_touch_are_one() {
        let text = format!("NATO {} NATO {} NATO", "met with others ".repeat(9), "and met again ".repeat(40));
        let snippets = Matcher::new(&Query { root: word("nato", Form::Plain) }).snippets(&text, 3);
        assert_eq!(snippets.len(), 2);
        assert_eq!(snippets[0].marks.len(), 2);
        let all: usize = snippets.iter().map(|snippet| snippet.text.len()).sum();
        assert!(all < text.len());
    }

    #[test]
    fn a_text_without_a_match_shows_its_opening() {
        let snippets =
            Matcher::new(&Query { root: word("absent", Form::Plain) }).snippets("Talks began.\n\nThey ended.", 2);
        assert_eq!(snippets.len(), 1);
        assert_eq!((snippets[0].text.as_str(), snippets[0].marks.len()), ("Talks began.", 0));
    }

    #[test]
    fn a_snippet_begins_at_a_character_whatever_the_blank() {
        let text = format!("{}\u{a0}\u{2003}été NATO {}", "é\u{a0}".repeat(200), "\u{3000}é".repeat(200));
        for start in 0..text.len() {
            if text.is_char_boundary(start) {
                let snippets = Matcher::new(&Query { root: word("nato", Form::Plain) }).snippets(&text[start..], 2);
                assert!(!snippets.is_empty());
            }
        }
    }

    #[test]
    fn globs_and_edits() {
        assert!(glob_matches("kritenb*", "kritenbrink") && glob_matches("w?m*n", "women") && glob_matches("*", ""));
        assert!(!glob_matches("a?", "a") && !glob_matches("*b", "abc"));
        assert!(!glob_matches(&"*a".repeat(500), &"a".repeat(499)));
        assert_eq!(edits("puttin", "putin", 2), Some(1));
        assert_eq!(edits("lavrvo", "lavrov", 1), Some(1));
        assert_eq!(edits("xi", "jinping", 2), None);
    }
}
