//! Where sentences, paragraphs and quoted stretches begin and end, in the places of a text's words.
//!
//! Every engine indexes these beside the words, so that `SAME/S`, `SAME/P` and `in:quote` are answered from places alone.

use crate::text::{Span, is_double_mark, is_single_mark, is_terminator, paragraphs};

/// What begins or ends at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A sentence begins with this word.
    Sentence,
    /// A paragraph begins with this word.
    Paragraph,
    /// A quoted stretch begins with this word.
    Opens,
    /// A quoted stretch ends with this word.
    Closes,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 4] = [Self::Sentence, Self::Paragraph, Self::Opens, Self::Closes];

    /// The term it is indexed as.
    pub fn term(self) -> &'static str {
        match self {
            Self::Sentence => "s",
            Self::Paragraph => "p",
            Self::Opens => "q",
            Self::Closes => "e",
        }
    }
}

/// A word of the text, and its place in the row of words. Words are in the order of the text.
pub type Word = (Span, u32);

/// Titles and the like, whose full stop ends no sentence.
const ABBREVIATED: [&str; 23] = [
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Lt", "Col", "Maj", "Capt", "Sgt", "Adm", "Sen", "Rep", "Gov", "Rev",
    "Hon", "St", "Jr", "Sr", "vs", "Inc", "Ltd",
];

/// The marks of a text in order of their places; `quoted` are the stretches that somebody says.
pub fn bounds(text: &str, words: &[Word], quoted: &[Span]) -> Vec<(u32, Mark)> {
    let mut marks = Vec::new();
    let mut next = 0;
    for paragraph in paragraphs(text) {
        for (at, start) in sentence_starts(paragraph.of(text)).into_iter().enumerate() {
            let from = paragraph.start as usize + start;
            next += words[next..].iter().take_while(|(word, _)| (word.start as usize) < from).count();
            let Some((_, place)) = words.get(next).filter(|(word, _)| word.start < paragraph.end) else { continue };
            marks.push((*place, Mark::Sentence));
            if at == 0 {
                marks.push((*place, Mark::Paragraph));
            }
        }
    }
    for stretch in merged(quoted) {
        let from = words.partition_point(|(word, _)| word.start < stretch.start);
        let inside: &[Word] = words.get(from..).unwrap_or_default();
        let count = inside.iter().take_while(|(word, _)| word.end <= stretch.end).count();
        if let [(_, first), ..] = inside[..count] {
            marks.push((first, Mark::Opens));
            marks.push((inside[count - 1].1, Mark::Closes));
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Stretches in order, those that touch made one.
fn merged(quoted: &[Span]) -> Vec<Span> {
    let mut sorted = quoted.to_vec();
    sorted.sort();
    let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
    for stretch in sorted {
        match merged.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => merged.push(stretch),
        }
    }
    merged
}

/// The bytes of a paragraph at which a sentence begins.
fn sentence_starts(paragraph: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut from = 0;
    while let Some((at, c)) = next_terminator(paragraph, from) {
        from = at + c.len_utf8();
        if c == '.' && is_abbreviated(&paragraph[..at]) {
            continue;
        }
        let mut chars = paragraph[from..].char_indices().map(|(at, c)| (from + at, c)).peekable();
        let closes = |c: char| is_terminator(c) || is_double_mark(c) || is_single_mark(c) || matches!(c, ')' | ']');
        while chars.next_if(|(_, next)| closes(*next)).is_some() {}
        let mut blank = !c.is_ascii();
        while chars.next_if(|(_, next)| next.is_whitespace()).is_some() {
            blank = true;
        }
        let next = chars.peek().copied();
        if let Some((start, _)) = next.filter(|(_, next)| blank && !next.is_lowercase()) {
            starts.push(start);
        }
        from = next.map_or(paragraph.len(), |(start, _)| start);
    }
    starts
}

/// The next character at or behind `from` that may end a sentence.
fn next_terminator(paragraph: &str, mut from: usize) -> Option<(usize, char)> {
    let may_be = |byte: &u8| !byte.is_ascii() || byte.is_ascii_punctuation();
    loop {
        let at = from + paragraph.as_bytes()[from..].iter().position(may_be)?;
        let c = paragraph[at..].chars().next()?;
        if is_terminator(c) {
            return Some((at, c));
        }
        from = at + c.len_utf8();
    }
}

/// Whether the full stop behind `before` belongs to an abbreviation: a title, one letter, or letters with full stops.
fn is_abbreviated(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || is_double_mark(c) || c == '(').next().unwrap_or("");
    let single = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_uppercase);
    ABBREVIATED.contains(&word) || (!word.is_empty() && word.split('.').all(single))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Form, tokens};

    #[test]
    fn marks_stand_at_the_first_words() {
        let check = |text: &str, quoted: &[(usize, usize)], expected: &str| {
            let words: Vec<Word> = tokens(text, Form::Folded).map(|token| (token.span, token.position)).collect();
            let quoted: Vec<Span> = quoted.iter().map(|(start, end)| Span::new(*start, *end)).collect();
            let shown: Vec<String> =
                bounds(text, &words, &quoted).iter().map(|(place, mark)| format!("{place}{}", mark.term())).collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        };
        check("One two. Three four.\n\nFive.", &[], "0s 0p 2s 4s 4p");
        check("Mr. Smith met Gen. Jones in the U.S. army. He left.", &[], "0s 0p 9s");
        check("It cost 3.5 billion. “No!” he said.", &[], "0s 0p 4s");
        check("“No.” She left? Yes", &[(3, 5)], "0s 0p 0q 0e 1s 3s");
        check("他来了。她走了。", &[], "0s 0p 3s");
        check("a b c d", &[(0, 3), (2, 5), (6, 6)], "0s 0p 0q 2e");
        check("", &[], "");
        check("...", &[], "");
    }
}
