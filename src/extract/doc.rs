//! A text as paragraphs, sentences and tokens: what every later stage walks over.
//!
//! Sentences end at a full stop, question or exclamation mark that is followed by a capital, a number or an opening
//! mark; the closing marks after it belong to the sentence. Caps keep hostile texts linear: a sentence is cut after
//! [`LONGEST_SENTENCE`] tokens, a paragraph after [`LONGEST_PARAGRAPH`] bytes.

use std::ops::Range;

use crate::extract::tables::Tables;
use crate::extract::token::{Token, cut, shape};
use crate::text::{Span, paragraphs};

/// Tokens after which a sentence is cut: nobody writes longer ones, and quadratic rules stay bounded.
pub const LONGEST_SENTENCE: usize = 400;

/// Bytes after which a paragraph is cut.
pub const LONGEST_PARAGRAPH: usize = 64 << 10;

/// Words up to which a paragraph without a full stop is a heading.
const LONGEST_HEADING: usize = 16;

/// A paragraph as a range of tokens.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// A short line without a full stop.
    pub heading: bool,
    /// Written in capitals throughout, so that case tells nothing.
    pub upper: bool,
    /// Most of its words have a capital, as in headlines.
    pub titled: bool,
}

/// A text cut up.
#[derive(Debug)]
pub struct Doc<'a> {
    /// The text itself.
    pub text: &'a str,
    /// All tokens.
    pub tokens: Vec<Token>,
    /// All paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// All sentences, as ranges of tokens.
    pub sentences: Vec<Range<usize>>,
    /// The paragraph of each sentence.
    pub paragraph_of: Vec<u32>,
    /// Whether it is written in another language than English, whose words are all that the rules know.
    pub foreign: bool,
}

impl<'a> Doc<'a> {
    /// Cuts up a text.
    pub fn new(text: &'a str, tables: &Tables) -> Self {
        let mut doc = Self {
            text,
            tokens: Vec::with_capacity(text.len() / 5 + 8),
            paragraphs: Vec::new(),
            sentences: Vec::new(),
            paragraph_of: Vec::new(),
            foreign: false,
        };
        for whole in paragraphs(text) {
            let mut from = whole.start as usize;
            while from < whole.end as usize {
                let to = paragraph_cut(text, from, whole.end as usize);
                doc.add_paragraph(from, to, tables);
                from = to;
            }
        }
        doc
    }

    fn add_paragraph(&mut self, from: usize, to: usize, tables: &Tables) {
        let first = self.tokens.len();
        cut(self.text, from, to, &tables.vocabulary, &mut self.tokens);
        let tokens = first..self.tokens.len();
        if tokens.is_empty() {
            return;
        }
        self.split(tokens.clone());
        let (heading, upper, titled) = self.look(tokens.clone());
        self.paragraphs.push(Paragraph { tokens, heading, upper, titled });
    }

    /// Splits a paragraph's tokens into sentences.
    fn split(&mut self, tokens: Range<usize>) {
        let mut start = tokens.start;
        let mut at = start;
        while at < tokens.end {
            let mut end = at + 1;
            if self.ends_sentence(at, tokens.end) {
                while end < tokens.end && self.is_closer(end) {
                    end += 1;
                }
                if end < tokens.end && !self.begins_sentence(at, end) && end - start < LONGEST_SENTENCE {
                    at = end;
                    continue;
                }
            } else if end - start < LONGEST_SENTENCE {
                at = end;
                continue;
            }
            self.push_sentence(start..end);
            start = end;
            at = end;
        }
        if start < tokens.end {
            self.push_sentence(start..tokens.end);
        }
    }

    fn push_sentence(&mut self, tokens: Range<usize>) {
        let number = self.sentences.len() as u32;
        let mut first = true;
        for token in &mut self.tokens[tokens.clone()] {
            token.sentence = number;
            if first && token.is(shape::WORD) {
                token.shape |= shape::FIRST;
                first = false;
            }
        }
        self.sentences.push(tokens);
        self.paragraph_of.push(self.paragraphs.len() as u32);
    }

    /// Whether the token can end a sentence.
    fn ends_sentence(&self, at: usize, end: usize) -> bool {
        let token = &self.tokens[at];
        if token.shape & shape::WORD == 0 {
            return self.str(at).chars().next().is_some_and(crate::text::is_terminator);
        }
        // `the U.S. But` ends one, `the U.S. Senate` does not, and a title never does.
        token.is(shape::DOTTED)
            && self.str(at).matches('.').count() > 1
            && at + 1 < end
            && self.tokens[at + 1].is(shape::CAPITAL)
            && crate::extract::token::is_function(&self.tokens[at + 1])
    }

    /// Closing marks stay with the sentence they close: directly behind, without a blank.
    fn is_closer(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        !token.is(shape::SPACED)
            && (token.shape & (shape::MARK | shape::SINGLE) != 0 || matches!(self.str(at), ")" | "]" | "." | "!" | "?"))
    }

    /// Whether a sentence can begin at `next` after the stop at `stop`.
    fn begins_sentence(&self, stop: usize, next: usize) -> bool {
        let token = &self.tokens[next];
        if !token.is(shape::SPACED) && self.str(stop) == "." && token.is(shape::WORD) {
            return token.is_capital() && self.str(next).len() > 1;
        }
        if token.is_lower() {
            return false;
        }
        if token.is(shape::WORD) || token.shape & (shape::MARK | shape::SINGLE) != 0 {
            return true;
        }
        !matches!(self.str(next), "," | ";" | ":" | "-" | "--" | "–" | "—" | ")" | "]")
    }

    /// Heading, upper case, title case.
    fn look(&self, tokens: Range<usize>) -> (bool, bool, bool) {
        let (mut words, mut letters, mut upper, mut long, mut capital, mut lower) = (0, 0, 0, 0, 0, 0);
        for token in &self.tokens[tokens.clone()] {
            if !token.is(shape::WORD) || token.shape & (shape::DIGIT | shape::WEB | shape::POSSESSIVE) != 0 {
                continue;
            }
            words += 1;
            let size = token.end - token.start;
            letters += u32::from(size > 1);
            upper += u32::from(size > 1 && token.is(shape::UPPER));
            lower += u32::from(token.is_lower());
            if size > 3 {
                long += 1;
                capital += u32::from(token.is(shape::CAPITAL));
            }
        }
        let last = self.str(tokens.end - 1);
        let stopped = last.ends_with(['.', '!', '?', ':', '"', '”', '…']);
        let heading = words <= LONGEST_HEADING && words > 0 && !stopped;
        let in_capitals = letters >= 3 && upper * 10 >= letters * 7 && lower * 4 <= words as u32;
        (heading, in_capitals, !in_capitals && !stopped && words <= 24 && long >= 4 && capital * 10 >= long * 8)
    }

    /// The text of a token.
    pub fn str(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    /// The text of this token.
    pub fn slice_of(&self, token: &Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// Whether the token reads like this, ASCII case aside.
    pub fn reads(&self, at: usize, word: &str) -> bool {
        self.str(at).eq_ignore_ascii_case(word)
    }

    /// Whether the token reads like one of these, ASCII case aside.
    pub fn reads_any(&self, at: usize, words: &[&str]) -> bool {
        let piece = self.str(at);
        words.iter().any(|word| piece.eq_ignore_ascii_case(word))
    }

    /// The bytes from the first to the last of these tokens.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        if tokens.is_empty() || tokens.end > self.tokens.len() {
            return Span { start: 0, end: 0 };
        }
        Span { start: self.tokens[tokens.start].start, end: self.tokens[tokens.end - 1].end }
    }

    /// The text from the first to the last of these tokens.
    pub fn slice(&self, tokens: Range<usize>) -> &'a str {
        self.span(tokens).of(self.text)
    }

    /// The sentence around a token.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        self.tokens.get(at).map_or(0..0, |t| self.sentences[t.sentence as usize].clone())
    }

    /// The paragraph around a token.
    pub fn paragraph(&self, at: usize) -> &Paragraph {
        let sentence = self.tokens.get(at).map_or(0, |t| t.sentence as usize);
        &self.paragraphs[self.paragraph_of[sentence] as usize]
    }

    /// The number of the paragraph around a token.
    pub fn paragraph_number(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(0, |t| self.paragraph_of[t.sentence as usize] as usize)
    }
}

/// The end of the paragraph that begins at `from`: a character boundary not past the cap.
fn paragraph_cut(text: &str, from: usize, end: usize) -> usize {
    if end - from <= LONGEST_PARAGRAPH {
        return end;
    }
    let mut to = from + LONGEST_PARAGRAPH;
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let blank = text.as_bytes()[from..to].iter().rposition(|&byte| byte == b' ' || byte == b'\n');
    blank.filter(|&at| at > 0).map_or(to, |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_readers_stop() {
        let check = |text: &str, expected: &[&str]| {
            let doc = Doc::new(text, Tables::builtin());
            let found: Vec<&str> = doc.sentences.iter().map(|s| doc.slice(s.clone())).collect();
            assert_eq!(found, expected);
        };
        check("Rain fell. Boats sank.", &["Rain fell.", "Boats sank."]);
        check("Mr. Ruiz met Gen. Oba at 5 p.m. on Monday.", &["Mr. Ruiz met Gen. Oba at 5 p.m. on Monday."]);
        check("He left the U.S. The talks failed.", &["He left the U.S.", "The talks failed."]);
        check("The U.S. Senate met.", &["The U.S. Senate met."]);
        check("“It is over.” He sat.", &["“It is over.”", "He sat."]);
        check("\"Is it over?\" asked Ruiz. No.", &["\"Is it over?\" asked Ruiz.", "No."]);
    }

    #[test]
    fn headings_and_capitals_are_seen() {
        let check = |text: &str, expected: (bool, bool, bool)| {
            let doc = Doc::new(text, Tables::builtin());
            let first = &doc.paragraphs[0];
            assert_eq!((first.heading, first.upper, first.titled), expected, "{text}");
        };
        check("Talks end without result", (true, false, false));
        check("Talks end without result.", (false, false, false));
        check("THE TALKS ENDED WITHOUT RESULT IN OSLO.", (false, true, false));
        check("Border Talks Between Neighbours Collapse", (true, false, true));
    }
}
