//! Spans of text, paragraphs, sentences, folding, and names as parts of ids: what every room shares when it points into an
//! article.
//!
//! A [`Span`] is a half-open byte range that always lies on character boundaries of the text it points into. Everything
//! is linear in its input.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A half-open byte range `start..end` into an article's own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span; texts over 4 GiB do not exist here because the corpus refuses files that large.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The span as a range of `usize`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text it covers; empty when the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The same span moved right by `by` bytes.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start as usize + by, self.end as usize + by)
    }
}

fn clamp(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Yields the paragraphs of `text`: runs of lines parted by blank lines, without the white space around them.
pub fn paragraphs(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            if rest.is_empty() {
                return None;
            }
            let (end, next) = blank_line(rest).unwrap_or((rest.len(), rest.len()));
            let piece = &rest[..end];
            let lead = piece.len() - piece.trim_start().len();
            let body = piece.trim();
            let start = at + lead;
            at += next;
            if !body.is_empty() {
                return Some(Span::new(start, start + body.len()));
            }
        }
    })
}

/// The end of the first paragraph of `text` and the start of what follows its blank line.
fn blank_line(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'\n', &bytes[from..]) {
        let newline = from + found;
        let line = bytes[newline + 1..].iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        match line {
            Some(skip) if bytes[newline + 1 + skip] == b'\n' => return Some((newline, newline + 2 + skip)),
            Some(_) => from = newline + 1,
            None => return None,
        }
    }
    None
}

/// Whether `c` ends a sentence.
pub fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟')
}

/// Whether `c` opens or closes a quotation, of any convention, except the apostrophe-like single marks.
pub fn is_double_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '＂')
}

/// Whether `c` may be an apostrophe or a single quotation mark.
pub fn is_single_mark(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' | '`' | '´')
}

/// Whether `c` is a letter of Hebrew; between two of them a quotation mark makes an abbreviation of a word.
pub fn is_hebrew(c: char) -> bool {
    ('א'..='ת').contains(&c)
}

/// Whether `c` is not seen, and separates no words: places where a line may break or may not, the direction of writing.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether `c` belongs to a script that writes words without blanks between them.
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x20000..=0x3ffff)
}

/// The last place of `text`, up to `limit`, at which no letter is cut in two.
pub fn floor_boundary(text: &str, limit: usize) -> usize {
    (0..=limit.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Folds one word for matching: lower case, compatibility forms unified, accents dropped from Latin and Greek
/// letters, Arabic and Hebrew vowel points dropped; marks of other scripts are kept.
///
/// Cyrillic `й` keeps its breve (it is a letter of its own), `ё` becomes `е` because newspapers mix the two.
/// Idempotent: `fold(fold(x)) == fold(x)`.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// Appends what [`fold`] returns to `out`; for callers that fold many words.
pub fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
        return;
    }
    for c in word.nfkc().flat_map(char::to_lowercase) {
        match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            // A Cyrillic letter with a mark is a letter of its own, `ё` aside.
            '\u{400}'..='\u{52f}' => out.push(if c == 'ё' { 'е' } else { c }),
            c if c.is_ascii() => out.push(c),
            c if is_accent(c) => {}
            c => {
                let mut parts = c.nfd();
                match parts.next() {
                    Some(letter) if parts.all(is_accent) => fold_letter(letter, out),
                    // A syllable of Korean, or a letter whose mark makes another one of it (`ガ`).
                    _ => out.push(c),
                }
            }
        }
    }
}

/// Whether a mark only says how a letter is spoken: accents of Latin and Greek letters, vowel points of Hebrew and Arabic.
/// The marks of other scripts (Indic vowels, tones of Thai, the voiced sound of Japanese) are letters to their readers.
fn is_accent(c: char) -> bool {
    let accent = matches!(u32::from(c), 0x300..=0x36f | 0x591..=0x5c7 | 0x610..=0x61a | 0x64b..=0x65f | 0x670 | 0x6d6..=0x6ed
        | 0x8d3..=0x8ff | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe20..=0xfe2f);
    accent && is_combining_mark(c)
}

/// A name as part of an id: folded, runs of other characters made one hyphen.
///
/// Stored ids rest on it and on [`fold`]: whoever changes what they return changes the version of the index format.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    slug_letters(name, &mut |c| out.push(c));
    out
}

/// Whether `id` is the [`slug`] of a name, which then need not be made.
pub fn is_slug(id: &str, name: &str) -> bool {
    let (mut rest, mut same) = (id.chars(), true);
    slug_letters(name, &mut |c| same = same && rest.next() == Some(c));
    same && rest.next().is_none()
}

/// Hands over the letters of a [`slug`].
fn slug_letters(name: &str, sink: &mut dyn FnMut(char)) {
    let (mut begun, mut parted) = (false, false);
    let mut take = |c: char| match c {
        c if c.is_alphanumeric() => {
            if std::mem::take(&mut parted) {
                sink('-');
            }
            begun = true;
            sink(c);
        }
        '\'' | '’' | '.' => {}
        _ => parted = begun,
    };
    if name.is_ascii() {
        name.bytes().for_each(|byte| take(char::from(byte.to_ascii_lowercase())));
    } else {
        fold(name).chars().for_each(take);
    }
}

/// A letter without its marks, as its readers write it on other keyboards.
fn fold_letter(letter: char, out: &mut String) {
    match letter {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ł' => out.push('l'),
        'þ' => out.push_str("th"),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        // What stands for a sound of Arabic in Latin letters, which most leave out (`Qaʿida`).
        'ـ' | 'ʿ' | 'ʾ' | 'ʻ' | 'ʼ' => {}
        other => out.extend(other.to_lowercase()),
    }
}

/// Levenshtein distance of two short names; beyond 64 characters the first counts no more.
pub fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paragraphs_are_trimmed_and_parted_by_blank_lines() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = paragraphs(text).map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("", &[]);
        check(" \n\n ", &[]);
        check("one", &["one"]);
        check(" one \n\ntwo\n", &["one", "two"]);
        check("one\nstill one\n \t\r\ntwo", &["one\nstill one", "two"]);
        check("a\n\n\n\nb\r\n\r\nc", &["a", "b", "c"]);
    }

    #[test]
    fn folding_unifies_what_readers_take_for_the_same_word() {
        let check = |word: &str, expected: &str| assert_eq!(fold(word), expected);
        check("NATO", "nato");
        check("São", "sao");
        check("Türkiye", "turkiye");
        check("Erdoğan", "erdogan");
        check("İstanbul", "istanbul");
        check("Ǣlfric", "aelfric");
        check("Łódź", "lodz");
        check("Straße", "strasse");
        check("ﬁne", "fine");
        check("Горбачёв", "горбачев");
        check("Сергей", "сергей");
        check("Αθήνας", "αθηνασ");
        check("مُحَمَّد", "محمد");
    }

    #[test]
    fn slugs_are_plain() {
        let check = |name: &str, expected: &str| {
            assert_eq!(slug(name), expected);
            assert!(is_slug(expected, name) && !is_slug(&format!("{expected}a"), name), "{name}");
        };
        check("Xi Jinping", "xi-jinping");
        check("  Édouard O'Neill, Jr. ", "edouard-oneill-jr");
        check("U.S.", "us");
        check("--", "");
        // What indexes on disk were written with.
        check("Łódź", "lodz");
        check("Straße des 17. Juni", "strasse-des-17-juni");
        check("İstanbul", "istanbul");
        check("Сергей Горбачёв", "сергей-горбачев");
        check("مُحَمَّد", "محمد");
        check("習近平 ﬁ", "習近平-fi");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(word in "\\PC{0,20}") {
            let once = fold(&word);
            prop_assert_eq!(fold(&once), once.clone());
        }

        #[test]
        fn every_paragraph_lies_inside_its_text(text in "[a-z \\n\\r\\t“”é]{0,60}") {
            let mut last = 0;
            for span in paragraphs(&text) {
                prop_assert!(span.start as usize >= last && !span.of(&text).is_empty());
                last = span.end as usize;
            }
        }
    }
}
