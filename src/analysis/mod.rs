//! Text to search tokens: ours, one analyser for every engine, its version written into the index.
//!
//! What counts as the same word, in short: case and accents aside; `China’s` is `China`; `don't` is `dont`; `U.S.` is
//! `US`, but the pronoun `us` is not; `cease-fire` is `cease` + `fire` and also `ceasefire`; `l’Iran` has `Iran` in it, as
//! the Turkish `Erdoğan’ın` has `Erdoğan`; `1,342` is `1342`; scripts that write without blanks give a token a character.
//! No word is dropped for being common. The stemmed form of a token is Snowball's English stem, pinned by version, because
//! a stem that changes under an index loses words.
//!
//! ```
//! use chancery::analysis::{Form, tokens};
//! let words: Vec<String> = tokens("The U.S.-led cease-fire", Form::Folded).map(|token| token.text).collect();
//! assert_eq!(words, ["the", "US", "USled", "led", "cease", "ceasefire", "fire"]);
//! ```

mod analyst;
mod book;
mod elision;
mod filed;
mod lexicon;
pub(crate) mod packed;
mod row;

use std::borrow::Cow;
use std::collections::VecDeque;

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use self::analyst::{Analysed, Analyst};
pub use self::book::{Book, Edition, MOST_NUMBERED};
pub use self::filed::{all_under, beginning, filed, filed_form, others_under, word_of};
pub use self::lexicon::{Counts, Lexicon};
pub use self::row::{Row, Step};
use crate::text::{Span, floor_boundary, fold_into, is_hebrew, is_invisible, is_unspaced};

/// Names the rules of this room and the stemmer behind them; an index of another version is not searched.
pub const VERSION: &str = "3+frostem-english-1.20260821.8";

/// The longest token in bytes; what is longer is no word and is known by its beginning, in articles and in questions.
pub const LONGEST_TOKEN: usize = 120;

/// Words that more hyphens tie are no compound.
const MOST_PARTS: usize = 256;

/// Acronyms whose letters are also an everyday word; in capitals they keep a form of their own.
const ACRONYMS_LIKE_WORDS: [&str; 4] = ["US", "IT", "WHO", "IS"];

/// A line is shouted, and its capitals tell nothing, from this many words without a small letter.
const SHOUTED_WORDS: usize = 4;

/// Which form of a word a token carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Folded and stemmed: any inflection.
    Stemmed,
    /// Folded only: case and accents aside.
    Folded,
    /// Folded, and filed under its stem: any inflection, and the very form.
    Filed,
    /// As written, case and accents kept: exact forms.
    Written,
    /// As written, and filed under the folded form; only where the two differ. A folded form that is not written at all,
    /// as the whole of a compound, has nothing filed under it.
    Spelt,
}

/// One search token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What is indexed.
    pub text: String,
    /// The word it stands for, in the text.
    pub span: Span,
    /// Its place in the row of words, counted from 0. Two forms of one word share a place.
    pub position: u32,
}

/// Yields the tokens of `text` in one form, in order of position. Linear in `text`, one word at a time.
pub fn tokens(text: &str, form: Form) -> Tokens<'_> {
    Tokens {
        scanner: Scanner::new(text),
        form,
        initials: Initials::ALL,
        stemmer: Stemmer::new(Algorithm::English),
        position: 0,
        queue: VecDeque::new(),
        parts: Vec::new(),
    }
}

/// The two letters or digits that words begin with, whatever their case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Initials {
    first: u128,
    second: u128,
}

impl Initials {
    /// Every word.
    pub const ALL: Self = Self { first: u128::MAX, second: u128::MAX };

    /// With the words that begin as this token does.
    #[must_use]
    pub fn with(self, token: &str) -> Self {
        let first = token.bytes().next().map_or(0, Self::bit);
        // A stem of two letters may be all that an ending has left of a word; and a letter beyond ASCII may be written as
        // one within, and an accent after it.
        let second = token.as_bytes().get(1).copied().filter(|byte| token.len() > 2 && byte.is_ascii());
        let second = second.map_or(u128::MAX, Self::alike);
        Self { first: self.first | first, second: self.second | second }
    }

    /// Whether a word may become a token that begins so. Folding and stemming leave the first two letters as they are, but
    /// for `y` that becomes `i` (`dying`, `die`); for letters beyond ASCII, and those that an accent after them makes such;
    /// and for what is written with marks inside (`U.S.`). Of these nothing is said.
    fn may_have(self, word: &[u8]) -> bool {
        match word {
            [] => true,
            [first] => !first.is_ascii() || self.first & Self::bit(*first) != 0,
            [first, second, ..] if first.is_ascii() && second.is_ascii() => {
                let is_second = !second.is_ascii_alphanumeric() || self.second & Self::alike(*second) != 0;
                is_second && self.first & Self::bit(*first) != 0
            }
            _ => true,
        }
    }

    fn bit(byte: u8) -> u128 {
        1_u128.checked_shl(byte.to_ascii_lowercase().into()).unwrap_or(0)
    }

    /// The bit of a second letter.
    fn alike(byte: u8) -> u128 {
        Self::bit(if byte.eq_ignore_ascii_case(&b'y') { b'i' } else { byte })
    }
}

/// Those of the [`tokens`] of `text` that may begin with certain letters, and perhaps others: to look for few words in a
/// text, most of it need not be stemmed.
pub fn tokens_with(text: &str, form: Form, initials: Initials) -> Tokens<'_> {
    Tokens { initials, ..tokens(text, form) }
}

/// What a word written so may be filed under, in [`Form::Spelt`] or as its very form.
pub fn folds_of(written: &str) -> Vec<String> {
    let mut folded = String::with_capacity(written.len());
    fold_into(written, &mut folded);
    let upper = ACRONYMS_LIKE_WORDS.iter().find(|acronym| acronym.eq_ignore_ascii_case(written));
    std::iter::once(cut(folded)).chain(upper.map(|upper| (*upper).to_owned())).collect()
}

/// Stems one folded word.
pub fn stem(folded: &str) -> String {
    stem_with(&Stemmer::new(Algorithm::English), folded).into_owned()
}

fn stem_with<'a>(stemmer: &Stemmer, folded: &'a str) -> Cow<'a, str> {
    if ACRONYMS_LIKE_WORDS.contains(&folded) { Cow::Borrowed(folded) } else { stemmer.stem(folded) }
}

/// The iterator of [`tokens`].
pub struct Tokens<'a> {
    scanner: Scanner<'a>,
    form: Form,
    initials: Initials,
    stemmer: Stemmer,
    position: u32,
    queue: VecDeque<Token>,
    parts: Vec<Span>,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            if let Some(token) = self.queue.pop_front() {
                return Some(token);
            }
            let mut parts = std::mem::take(&mut self.parts);
            if self.initials != Initials::ALL {
                self.position += self.scanner.skip_plain(self.initials);
            }
            if !self.scanner.next_compound(&mut parts) {
                return None;
            }
            self.emit_compound(&parts);
            self.parts = parts;
        }
    }
}

impl Tokens<'_> {
    /// Emits a word, and with it the parts that hyphens tie to it, each at its own place; the compound as one token
    /// stands at the place of its first part.
    fn emit_compound(&mut self, parts: &[Span]) {
        for (number, part) in parts.iter().enumerate() {
            let word = part.of(self.scanner.text);
            if !self.initials.may_have(word.as_bytes()) {
                self.position += 1;
                continue;
            }
            let forms = Forms::of(word, Some(self.form), &self.stemmer);
            for text in forms.tokens(self.form, self.scanner.shouted) {
                self.queue.push_back(Token { text: text.into_owned(), span: *part, position: self.position });
            }
            if let ([first, _, .., last] | [first, last], 0) = (parts, number)
                && self.form != Form::Written
            {
                let joined = joined(self.scanner.text, parts).map(|folded| match self.form {
                    Form::Stemmed => stem_with(&self.stemmer, &folded).into_owned(),
                    Form::Filed => filed(&stem_with(&self.stemmer, &folded), &folded),
                    Form::Spelt => filed(&folded, ""),
                    Form::Folded | Form::Written => folded,
                });
                let span = Span { start: first.start, end: last.end };
                let token = |text| Token { text, span, position: self.position };
                self.queue.extend(joined.map(token));
            }
            self.position += 1;
        }
    }
}

/// Every form of one word.
#[derive(Debug, Clone, Default)]
struct Forms {
    written: String,
    /// The capitals of `US`, where they make another word of it.
    capital: Option<String>,
    /// Whether full stops say that it is an acronym, however loud the line.
    dotted: bool,
    folded: String,
    stem: String,
    /// The folded form under its stem.
    filed: String,
    /// The word as written under its folded form or its capitals; empty when it is written so.
    spelt: String,
}

impl Forms {
    /// The forms of a word, all of them or what `only` one needs; the others are empty.
    fn of(word: &str, only: Option<Form>, stemmer: &Stemmer) -> Self {
        let needs = |form: Form| only.is_none_or(|only| only == form);
        let written = written(word);
        if only == Some(Form::Written) {
            return Self { written: cut(written.into_owned()), ..Self::default() };
        }
        let dotted = word.contains('.');
        let upper = ACRONYMS_LIKE_WORDS.iter().find(|acronym| acronym.eq_ignore_ascii_case(&written));
        let capital = upper.filter(|upper| **upper == &*written || dotted).map(|upper| (*upper).to_owned());
        let mut folded = String::with_capacity(written.len());
        fold_into(&written, &mut folded);
        let folded = cut(folded);
        let mut forms = Self { written: cut(written.into_owned()), capital, dotted, folded, ..Self::default() };
        if needs(Form::Stemmed) || needs(Form::Filed) {
            forms.stem = stem_with(stemmer, &forms.folded).into_owned();
        }
        if needs(Form::Filed) {
            forms.filed = filed(&forms.stem, &forms.folded);
        }
        let under = forms.capital.as_ref().unwrap_or(&forms.folded);
        if needs(Form::Spelt) && *under != forms.written {
            forms.spelt = filed(under, &forms.written);
        }
        forms
    }

    /// The tokens of the word in a form, in a line that is shouted or not.
    fn tokens(&self, form: Form, shouted: bool) -> impl Iterator<Item = Cow<'_, str>> {
        let capital = self.capital.as_deref().map(Cow::Borrowed);
        let is_both = capital.is_some() && shouted && !self.dotted;
        let (capital, usual) = match form {
            Form::Written => (None, Cow::Borrowed(self.written.as_str())),
            Form::Folded => (capital, Cow::Borrowed(self.folded.as_str())),
            Form::Stemmed => (capital, Cow::Borrowed(self.stem.as_str())),
            Form::Filed => (capital, Cow::Borrowed(self.filed.as_str())),
            // Where the word stands for its small letters as well, it is not written so.
            Form::Spelt if is_both => (None, Cow::Owned(filed(&self.folded, ""))),
            Form::Spelt => (None, Cow::Borrowed(self.spelt.as_str())),
        };
        let usual = Some(usual).filter(|_| capital.is_none() || is_both);
        capital.into_iter().chain(usual).filter(|text| !text.is_empty())
    }
}

/// A compound as one folded word; nothing when it is too long for one.
fn joined(text: &str, parts: &[Span]) -> Option<String> {
    if parts.len() > MOST_PARTS {
        return None;
    }
    let mut joined = String::new();
    for part in parts {
        let part = written(part.of(text));
        if ACRONYMS_LIKE_WORDS.contains(&&*part) { joined.push_str(&part) } else { fold_into(&part, &mut joined) }
    }
    (joined.len() <= LONGEST_TOKEN && !joined.is_empty()).then_some(joined)
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_TOKEN {
        text.truncate(floor_boundary(&text, LONGEST_TOKEN));
    }
    text
}

/// Finds words and the hyphens that tie them, and knows in which lines capitals say nothing.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line_end: usize,
    shouted: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line_end: 0, shouted: false }
    }

    /// The next word, with those that hyphens tie to it; false at the end.
    fn next_compound(&mut self, parts: &mut Vec<Span>) -> bool {
        parts.clear();
        let Some(first) = self.next_word() else { return false };
        self.note_line(first.start as usize);
        parts.push(first);
        while let Some(tie) = tie_before_word(self.text, parts[parts.len() - 1]) {
            let start = self.at + tie;
            let end = start + word_length(&self.text[start..]);
            parts.push(Span::new(start, end));
            self.at = end;
        }
        true
    }

    /// Goes past words of plain letters that begin otherwise than asked for, as far as the line is known; returns how
    /// many there were. It stops before whatever may be more than a word of letters between blanks.
    fn skip_plain(&mut self, initials: Initials) -> u32 {
        let line = &self.text.as_bytes()[..self.line_end.max(self.at)];
        let mut words = 0;
        loop {
            let start = self.at + line[self.at..].iter().take_while(|byte| **byte == b' ').count();
            let length = line[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let end = match line[start + length..] {
                [b' ', ..] => start + length,
                [b',' | b'.', b' ', ..] => start + length + 1,
                _ => return words,
            };
            if length == 0 || initials.may_have(&line[start..start + length]) {
                return words;
            }
            self.at = end;
            words += 1;
        }
    }

    /// The next run of word characters, and past it.
    fn next_word(&mut self) -> Option<Span> {
        let rest = &self.text[self.at..];
        let Some(lead) = rest.find(|c: char| c.is_alphanumeric()) else {
            self.at = self.text.len();
            return None;
        };
        let start = self.at + lead;
        let end = start + word_length(&self.text[start..]);
        self.at = end;
        Some(Span::new(start, end))
    }

    /// Looks once at every line: in a line without small letters the capitals of `US` say nothing.
    fn note_line(&mut self, at: usize) {
        if at < self.line_end {
            return;
        }
        let bytes = self.text.as_bytes();
        self.line_end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let line = &self.text[at..self.line_end];
        self.shouted = !line.chars().any(char::is_lowercase)
            && line
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.len() > 1)
                .nth(SHOUTED_WORDS - 1)
                .is_some();
    }
}

/// The length in bytes of the word that `text` begins with.
fn word_length(text: &str) -> usize {
    // Nearly every word is plain letters up to something that can be no part of it.
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let ends = match text.as_bytes()[plain..] {
        [] => true,
        [b'\'', ..] => false,
        // Single letters with full stops may be an acronym, figures with them a number.
        [b'.' | b',', next, ..] => plain > 1 && !next.is_ascii_digit(),
        [b'.' | b','] => plain > 1,
        [next, ..] => next.is_ascii(),
    };
    if plain > 0 && ends {
        return plain;
    }
    if let Some(length) = dotted_acronym(text) {
        return length;
    }
    let mut chars = text.char_indices().peekable();
    let Some((_, first)) = chars.next() else { return 0 };
    if is_unspaced(first) {
        let marks = chars.take_while(|(_, c)| is_combining_mark(*c) || matches!(c, 'ﾞ' | 'ﾟ'));
        return first.len_utf8() + marks.map(|(_, mark)| mark.len_utf8()).sum::<usize>();
    }
    let mut previous = first;
    let mut end = first.len_utf8();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let inside = match c {
            _ if is_apostrophe(c) => {
                let both = previous.is_alphabetic() && next.is_some_and(char::is_alphabetic);
                both && !elision::ties(&text[..at], &text[at + c.len_utf8()..])
            }
            '"' | '”' | '“' | '״' | '׳' => is_hebrew(previous) && next.is_some_and(is_hebrew),
            '.' | ',' => previous.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit()),
            _ if is_invisible(c) => {
                text[at..].trim_start_matches(is_invisible).starts_with(|next: char| next.is_alphanumeric())
            }
            c => is_combining_mark(c) || c.is_alphanumeric() && !is_unspaced(c),
        };
        if !inside {
            break;
        }
        // What is written onto a letter, or not seen, stands for none.
        previous = if is_combining_mark(c) || is_invisible(c) { previous } else { c };
        end = at + c.len_utf8();
    }
    end
}

/// The length of `U.S.`, `U.N` or `J.K.` at the beginning of `text`: single letters parted by full stops.
fn dotted_acronym(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let dot = |at: usize| bytes.get(at) == Some(&b'.');
    let mut at = 0;
    while letter(at) && dot(at + 1) && letter(at + 2) {
        at += 2;
    }
    let open = text.get(at + 1..)?.chars().next();
    let ends = open.is_none_or(|c| !c.is_alphanumeric() && !is_combining_mark(c));
    (at > 0 && ends).then_some(if dot(at + 1) { at + 2 } else { at + 1 })
}

/// The bytes of what ties a word to the one that ends here: a hyphen, or the apostrophe of `l’Iran` and `Erdoğan’ın`, if a
/// word follows at once.
fn tie_before_word(text: &str, last: Span) -> Option<usize> {
    let rest = &text[last.end as usize..];
    let mut chars = rest.chars();
    let tie = chars.next()?;
    chars.next().filter(|c| c.is_alphanumeric() && !is_unspaced(*c))?;
    let ties = match tie {
        '-' | '\u{2010}' | '\u{2011}' => true,
        _ => is_apostrophe(tie) && elision::ties(last.of(text), &rest[tie.len_utf8()..]),
    };
    ties.then_some(tie.len_utf8())
}

/// Whether `c` may stand for a letter that is left out. An opening mark does between two letters (`Xi‘an`).
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘')
}

/// The word as written, without what is not part of it: possessive ending, apostrophes, full stops of an acronym,
/// commas of a number, marks of a Hebrew abbreviation, what is not seen.
fn written(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Cow::Borrowed(word);
    }
    let base = ["'s", "’s", "ʼs", "'S", "’S", "ʼS"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let number = base.starts_with(|c: char| c.is_ascii_digit());
    let kept = |c: &char| match c {
        ',' | '"' | '”' | '“' | '״' | '׳' => false,
        '.' => number,
        c => !is_apostrophe(*c) && !is_invisible(*c),
    };
    Cow::Owned(base.nfc().filter(kept).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `word/place` for every token.
    fn shown(text: &str, form: Form) -> String {
        let tokens: Vec<String> =
            tokens(text, form).map(|token| format!("{}/{}", token.text, token.position)).collect();
        tokens.join(" ")
    }

    #[test]
    fn words_are_folded() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text, Form::Folded), expected, "{text}");
        check("", "");
        check(" \n—…", "");
        check("Xi met Putin.", "xi/0 met/1 putin/2");
        check("China’s and Russia's others' ships", "china/0 and/1 russia/2 others/3 ships/4");
        check("don't O’Brien 'tis", "dont/0 obrien/1 tis/2");
        check("São Tomé, Erdoğan", "sao/0 tome/1 erdogan/2");
        check("1,342 men, 3.5 % in 2022.", "1342/0 men/1 3.5/2 in/3 2022/4");
        check("2022-02-05", "2022/0 20220205/0 02/1 05/2");
        check("習近平 and ไทย", "習/0 近/1 平/2 and/3 ไ/4 ท/5 ย/6");
        check("ปี ปู", "ปี/0 ปู/1");
        check("ガス ｶﾞｽ カス", "ガ/0 ス/1 ガ/2 ス/3 カ/4 ス/5");
        check("दिल दल भारत", "दिल/0 दल/1 भारत/2");
        check("조선일보", "조선일보/0");
        check("צה\"ל צה״ל \"צה ל\"", "צהל/0 צהל/1 צה/2 ל/3");
        check("צה”ל", "צהל/0");
        check("Krem\u{200b}lin Ukra\u{2060}ine Kre\u{200b}\u{200b}ml", "kremlin/0 ukraine/1 kreml/2");
        check("Zoe\u{308}’s plan", "zoe/0 plan/1");
        check("Qaʿida Sana‘a Xi'an", "qaida/0 sanaa/1 xian/2");
        check("co\u{ad}operate", "cooperate/0");
        check("e.g. this", "eg/0 this/1");
        check("user_name@mail.example", "user/0 name/1 mail/2 example/3");
    }

    #[test]
    fn acronyms_are_not_words() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text, Form::Folded), expected, "{text}");
        check("US", "US/0");
        check("us", "us/0");
        check("U.S. u.s. U.S", "US/0 US/1 US/2");
        check("U.N. UN un", "un/0 un/1 un/2");
        check("The US told us", "the/0 US/1 told/2 us/3");
        check("the U.S.-led force", "the/0 US/1 USled/1 led/2 force/3");
        check("U.S.A. wins", "usa/0 wins/1");
        check("WHO says who", "WHO/0 says/1 who/2");
        check("TALKS BETWEEN US AND CUBA", "talks/0 between/1 US/2 us/2 and/3 cuba/4");
        check("He said.Then", "he/0 said/1 then/2");
    }

    #[test]
    fn hyphens_join_and_part() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text, Form::Folded), expected, "{text}");
        check("cease-fire", "cease/0 ceasefire/0 fire/1");
        check("Russia- China", "russia/0 china/1");
        check("state-of-the-art x", "state/0 stateoftheart/0 of/1 the/2 art/3 x/4");
        check("Indo\u{2011}Pacific", "indo/0 indopacific/0 pacific/1");
        check("talks - then war", "talks/0 then/1 war/2");
    }

    #[test]
    fn elisions_and_endings_part_as_hyphens_do() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text, Form::Folded), expected, "{text}");
        check("l’Iran", "l/0 liran/0 iran/1");
        check("Côte d'Ivoire's", "cote/0 d/1 divoire/1 ivoire/2");
        check("Qu'il l'été dell'Italia", "qu/0 quil/0 il/1 l/2 lete/2 ete/3 dell/4 dellitalia/4 italia/5");
        check("Erdoğan'ın Erdoğan'a", "erdogan/0 erdoganin/0 in/1 erdogan/2 erdogana/2 a/3");
        check("Türkiye’nin Irak’ta", "turkiye/0 turkiyenin/0 nin/1 irak/2 irakta/2 ta/3");
        check("Sana'a Shi'a don't I'm we'll O'Brien c'mon", "sanaa/0 shia/1 dont/2 im/3 well/4 obrien/5 cmon/6");
    }

    #[test]
    fn stems_and_written_forms() {
        assert_eq!(shown("Invading invaders invaded Us US", Form::Stemmed), "invad/0 invad/1 invad/2 us/3 US/4");
        assert_eq!(
            shown("Turkey’s U.S. São O'Brien cease-fire", Form::Written),
            "Turkey/0 US/1 São/2 OBrien/3 cease/4 fire/5"
        );
        assert_eq!(stem("negotiations"), stem("negotiation"));
    }

    #[test]
    fn a_token_of_any_length_is_known_by_its_beginning() {
        let long = "é".repeat(100_000);
        let found: Vec<Token> = tokens(&long, Form::Folded).collect();
        assert_eq!((found.len(), found[0].text.len()), (1, LONGEST_TOKEN));
    }

    /// Whether looking for the beginning of each token finds it wherever it is.
    fn misses_no_token(text: &str) -> Result<(), TestCaseError> {
        for form in [Form::Stemmed, Form::Folded, Form::Written] {
            let all: Vec<Token> = tokens(text, form).collect();
            for wanted in &all {
                let some: Vec<Token> = tokens_with(text, form, Initials::default().with(&wanted.text)).collect();
                let same = |token: &&Token| token.text == wanted.text;
                prop_assert!(some.iter().filter(same).eq(all.iter().filter(same)), "{wanted:?}");
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_token_points_at_its_word(text in "\\PC{0,80}") {
            for form in [Form::Stemmed, Form::Folded, Form::Written] {
                let mut last = 0;
                for token in tokens(&text, form) {
                    prop_assert!(text.get(token.span.range()).is_some_and(|word| !word.is_empty()));
                    prop_assert!(token.position >= last && token.text.len() <= LONGEST_TOKEN);
                    last = token.position;
                }
            }
        }

        #[test]
        fn no_token_is_missed_by_its_beginning(text in "(([a-cA-C]{1,3} {1,2}){0,4}[ -.’é\n]{0,2}US ?){0,8}\\PC{0,40}") {
            misses_no_token(&text)?;
        }

        #[test]
        fn no_stem_is_missed_by_its_beginning(text in "([a-zA-Z]{1,4}(y|ying|ies|ied|ing|ed|s|ly|’s)?[,.-]? ?){0,8}") {
            misses_no_token(&text)?;
        }

        #[test]
        fn an_accent_of_its_own_hides_no_token(text in "([A-Za-z]{1,3}[\u{300}-\u{304}][a-z]{0,3} ){1,3}") {
            misses_no_token(&text)?;
        }

        #[test]
        fn a_folded_word_analyses_to_itself(word in "[a-z]{1,12}") {
            prop_assert_eq!(shown(&word, Form::Folded), format!("{word}/0"));
        }
    }
}
