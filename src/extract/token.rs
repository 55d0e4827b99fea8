//! Cuts a text into tokens: words, numbers and single marks, each with its byte range, its shape and its word.
//!
//! A word is looked up once, here; every later stage compares numbers and bits. Dots inside abbreviations belong to
//! the token (`U.S.`, `Mr.`) but not to its word, so that `U.S.` and `US` are one. A possessive `'s` is a token of
//! its own, and a hyphen is one too: `Russia-China` is three tokens.

use crate::extract::vocabulary::{Vocabulary, WordId, class};

/// Bits that describe how a token is written.
pub mod shape {
    /// Letters or digits, as against marks.
    pub const WORD: u16 = 1;
    /// Begins with a capital letter.
    pub const CAPITAL: u16 = 1 << 1;
    /// Two letters or more, all capitals.
    pub const UPPER: u16 = 1 << 2;
    /// Begins with a digit.
    pub const DIGIT: u16 = 1 << 3;
    /// Holds or ends in an abbreviation's dot.
    pub const DOTTED: u16 = 1 << 4;
    /// A possessive ending.
    pub const POSSESSIVE: u16 = 1 << 5;
    /// White space stands before it.
    pub const SPACED: u16 = 1 << 6;
    /// One capital letter, with or without a dot.
    pub const INITIAL: u16 = 1 << 7;
    /// An address or handle of the web.
    pub const WEB: u16 = 1 << 8;
    /// First token of its sentence.
    pub const FIRST: u16 = 1 << 9;
    /// A double quotation mark, of any convention.
    pub const MARK: u16 = 1 << 10;
    /// A single quotation mark or apostrophe.
    pub const SINGLE: u16 = 1 << 11;
}

/// One token.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Its word in the vocabulary; 0 when no table knows it.
    pub word: WordId,
    /// Bits of [`shape`].
    pub shape: u16,
    /// Bits of [`class`] of its word.
    pub class: u32,
    /// Number of the stretch in quotation marks around it, counted from 1; 0 outside.
    pub quoted: u32,
    /// Number of its sentence.
    pub sentence: u32,
    /// Hash of its folded letters.
    pub key: u64,
}

impl Token {
    /// Whether it has all these bits of [`shape`].
    pub fn is(&self, bits: u16) -> bool {
        self.shape & bits == bits
    }

    /// Whether its word has one of these bits of [`class`].
    pub fn any(&self, bits: u32) -> bool {
        self.class & bits != 0
    }

    /// Whether no table knows it but as a word of a person's name.
    pub fn is_strange(&self) -> bool {
        self.word == 0 || self.class & !class::NAME_START == class::PERSONAL
    }

    /// Whether it is a word with a capital.
    pub fn is_capital(&self) -> bool {
        self.is(shape::WORD | shape::CAPITAL)
    }

    /// Whether it is a word in small letters.
    pub fn is_lower(&self) -> bool {
        self.is(shape::WORD) && self.shape & (shape::CAPITAL | shape::DIGIT | shape::POSSESSIVE | shape::WEB) == 0
    }
}

/// Appends the tokens of `text[from..to]` to `tokens`.
pub fn cut(text: &str, from: usize, to: usize, vocabulary: &Vocabulary, tokens: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let first = tokens.len();
    let mut at = from;
    let mut spaced = true;
    while at < to {
        let byte = bytes[at];
        if byte.is_ascii_whitespace() {
            at += 1;
            spaced = true;
            continue;
        }
        let c = text[at..].chars().next().unwrap_or(' ');
        if c.is_whitespace() || c == '\u{feff}' {
            at += c.len_utf8();
            spaced = true;
            continue;
        }
        let (end, bits) = if starts_word(c) || (c == '@' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)) {
            word_end(text, at, to, c)
        } else {
            mark_end(text, at, to, c)
        };
        let bits = bits | if spaced { shape::SPACED } else { 0 };
        push(text, at, end, bits, vocabulary, tokens);
        at = end;
        spaced = false;
    }
    // Looked up in a row: the processor waits for many places of memory at once.
    for token in &mut tokens[first..] {
        if token.shape & shape::WORD != 0 {
            (token.word, token.class) = vocabulary.find(token.key);
        }
    }
}

fn starts_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

fn push(text: &str, start: usize, end: usize, bits: u16, vocabulary: &Vocabulary, tokens: &mut Vec<Token>) {
    let piece = &text[start..end];
    let (key, mut bits) = if bits & shape::WORD != 0 {
        (crate::extract::vocabulary::key(piece), bits | case_bits(piece))
    } else {
        (u64::from(piece.as_bytes()[0]), bits)
    };
    let (word, class) = if matches!(piece, "-" | "&" | "/" | "'" | "’") {
        // They stand in names: `Workers' Party`.
        vocabulary.find(crate::extract::vocabulary::key(piece))
    } else {
        (0, 0)
    };
    if bits & shape::WEB != 0 {
        bits &= !(shape::CAPITAL | shape::UPPER);
    }
    let (start, end) = (start as u32, end as u32);
    tokens.push(Token { start, end, word, shape: bits, class, quoted: 0, sentence: 0, key });
}

/// Capital bits of a word.
fn case_bits(piece: &str) -> u16 {
    let bytes = piece.as_bytes();
    // Most words are small letters and nothing else.
    if bytes.iter().all(u8::is_ascii_lowercase) {
        return 0;
    }
    let mut bits = 0;
    let mut letters = 0;
    let mut upper = 0;
    for (place, c) in piece.chars().enumerate() {
        if c.is_uppercase() {
            upper += 1;
            if place == 0 {
                bits |= shape::CAPITAL;
            }
        }
        letters += usize::from(c.is_alphabetic());
    }
    if letters >= 2 && upper == letters {
        bits |= shape::UPPER;
    }
    if letters == 1 && upper == 1 && piece.len() <= 3 {
        bits |= shape::INITIAL;
    }
    bits
}

/// Where the word that begins at `at` ends, and its bits.
fn word_end(text: &str, at: usize, to: usize, first: char) -> (usize, u16) {
    let bytes = text.as_bytes();
    let is_address = || ["http://", "https://"].iter().any(|start| text[at..to].starts_with(start));
    if first == '@' || first == 'h' && is_address() {
        let end =
            text[at..to].find(|c: char| c.is_whitespace() || matches!(c, '"' | '”' | ')' | ',')).map_or(to, |n| at + n);
        return (end, shape::WORD | shape::WEB);
    }
    let digit = if first.is_ascii_digit() { shape::DIGIT } else { 0 };
    let mut end = at + first.len_utf8();
    while end < to {
        let byte = bytes[end];
        if byte.is_ascii_alphanumeric() {
            end += 1;
            continue;
        }
        // Nearly every word ends here: with a blank, a comma, a full stop.
        if byte.is_ascii() && byte != b'\'' && digit == 0 {
            break;
        }
        let Some(c) = text[end..to].chars().next() else { break };
        let next = text[end + c.len_utf8()..to].chars().next();
        if byte >= 0x80 && (c.is_alphanumeric() || is_joining(c)) {
            end += c.len_utf8();
        } else if (is_apostrophe(c) || c == '‘') && next.is_some_and(char::is_alphabetic) {
            let rest = &text[end + c.len_utf8()..to];
            if is_possessive(rest) {
                break;
            }
            end += c.len_utf8();
        } else if digit != 0 && matches!(byte, b'.' | b',') && next.is_some_and(|c| c.is_ascii_digit()) {
            end += 1;
        } else {
            break;
        }
    }
    dotted_end(text, at, end, to)
        .map_or((end, shape::WORD | digit), |dotted| (dotted, shape::WORD | shape::DOTTED | digit))
}

fn is_joining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}') || crate::text::is_invisible(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Whether what follows an apostrophe is a lone `s`.
fn is_possessive(rest: &str) -> bool {
    let mut chars = rest.chars();
    matches!(chars.next(), Some('s' | 'S')) && !chars.next().is_some_and(|c| c.is_alphanumeric() || is_apostrophe(c))
}

/// Abbreviations that end in a dot and do not end a sentence by it.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "lt", "col", "maj", "capt", "cmdr", "sgt", "cpl",
    "pvt", "adm", "brig", "rev", "hon", "st", "ste", "mt", "ft", "jr", "sr", "amb", "pres", "supt", "det", "insp",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "inc", "corp", "co", "ltd",
    "bros", "vs", "no", "nos", "messrs", "mme", "mlle", "mgr", "msgr", "fr", "sec", "atty", "d", "dept", "est",
    "approx", "art", "cf", "al", "ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga", "ill", "ind",
    "kan", "ky", "la", "md", "mass", "mich", "minn", "miss", "mo", "mont", "neb", "nev", "okla", "ore", "pa", "tenn",
    "tex", "va", "vt", "wash", "wis", "wyo", "ph",
];

/// The end of the token with its dots, when the word is an abbreviation or an initial.
fn dotted_end(text: &str, at: usize, end: usize, to: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if end >= to || bytes[end] != b'.' {
        return None;
    }
    let piece = &text[at..end];
    if piece.chars().count() == 1 && piece.chars().all(char::is_alphabetic) {
        let mut dotted = end + 1;
        while dotted + 1 < to && bytes[dotted].is_ascii_alphabetic() && bytes[dotted + 1] == b'.' {
            dotted += 2;
        }
        let lone = dotted == end + 1;
        let upper = piece.chars().all(char::is_uppercase);
        return (!lone || upper).then_some(dotted);
    }
    // Asked first: most words before a full stop are small ones that end a sentence.
    let may_be = piece.as_bytes()[0].is_ascii_uppercase() || matches!(piece, "vs" | "est" | "cf" | "approx");
    let is_known = || ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(piece));
    (may_be && piece.len() <= 6 && piece.is_ascii() && is_known()).then_some(end + 1)
}

/// Where the mark that begins at `at` ends, and its bits.
fn mark_end(text: &str, at: usize, to: usize, c: char) -> (usize, u16) {
    let bytes = text.as_bytes();
    let one = at + c.len_utf8();
    let rest = &text[one..to];
    match c {
        '\'' | '`' if bytes.get(one) == Some(&bytes[at]) && one < to => (one + 1, shape::MARK),
        '\'' | '’' if is_possessive(rest) => (one + 1, shape::WORD | shape::POSSESSIVE),
        '-' | '.' if one < to && bytes[one] == bytes[at] => {
            let run = bytes[at..to].iter().take_while(|&&b| b == bytes[at]).count();
            (at + run, 0)
        }
        _ if crate::text::is_double_mark(c) => (one, shape::MARK),
        _ if crate::text::is_single_mark(c) => (one, shape::SINGLE),
        _ => (one, 0),
    }
}

/// Whether the word can stand for grammar only: no name begins or ends with it.
pub fn is_function(token: &Token) -> bool {
    token.any(
        class::DETERMINER
            | class::PREPOSITION
            | class::CONJUNCTION
            | class::SUBORDINATOR
            | class::AUXILIARY
            | class::PRONOUN,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_dots_and_lose_their_possessives() {
        let vocabulary = Vocabulary::default();
        let check = |text: &str, expected: &[&str]| {
            let mut tokens = Vec::new();
            cut(text, 0, text.len(), &vocabulary, &mut tokens);
            let found: Vec<&str> = tokens.iter().map(|t| &text[t.start as usize..t.end as usize]).collect();
            assert_eq!(found, expected);
        };
        check("Mr. Doe's plan.", &["Mr.", "Doe", "'s", "plan", "."]);
        check("the U.S. and the U.K.", &["the", "U.S.", "and", "the", "U.K."]);
        check("Sana‘a and Xi‘an", &["Sana‘a", "and", "Xi‘an"]);
        check("the Ukra\u{2060}ine war", &["the", "Ukra\u{2060}ine", "war"]);
        check("Oslo-Riga talks", &["Oslo", "-", "Riga", "talks"]);
        check("don’t pay 1,200.50", &["don’t", "pay", "1,200.50"]);
        check("''Now,'' he said--twice", &["''", "Now", ",", "''", "he", "said", "--", "twice"]);
        check("the ministers' “plan”", &["the", "ministers", "'", "“", "plan", "”"]);
        check("Ó'Dálaigh @desk https://a.b/c?d=1 x", &["Ó'Dálaigh", "@desk", "https://a.b/c?d=1", "x"]);
    }
}
