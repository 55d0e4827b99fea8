//! What a word is: which characters make one, which join two halves, and which words are really operators.
//!
//! The lexer asks where a word ends and the printer asks whether a word would be misread; neither table is kept twice.
//! Nothing here knows fields or trees.

use unicode_normalization::char::is_combining_mark;

use crate::error::{Error, Result};
use crate::query::near;
use crate::text;

/// Which characters belong to a word besides letters and digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joins {
    /// A colon joins: the value is an actor's id, such as `state:CN`.
    pub colon: bool,
    /// `*` and `?` belong to the word; not so inside an address.
    pub wild: bool,
}

/// How many letters a pattern needs before its first `*` or `?`, so that it cannot unfold to half the dictionary.
const MIN_PATTERN_LETTERS: usize = 2;

/// Whether `c` is a letter or digit, or a mark written onto one.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || (!c.is_ascii() && (is_combining_mark(c) || text::fold(c.encode_utf8(&mut [0; 4])).is_empty()))
}

/// Returns the word at the very beginning of `rest`; empty if there is none.
///
/// Full stops, apostrophes and hyphens belong to a word between two letters, comma and colon between two digits. A
/// trailing `?` asks a question and is left out; the last full stop of `U.S.` is taken in.
pub(super) fn take(rest: &str, joins: Joins) -> &str {
    let mut end = 0;
    let mut before = None;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let inside = is_part(c, joins)
            || (at > 0 && next.is_some_and(|next| joins_between(before, c, next, joins)))
            || (c == '.' && is_possessive_acronym(&rest[..at], &rest[at + 1..]));
        if !inside {
            break;
        }
        end = at + c.len_utf8();
        before = Some(c);
    }
    let word = rest[..end].trim_end_matches(|c| c == '?' || is_joiner(c));
    match rest[word.len()..].starts_with('.') && is_acronym(word) {
        true => &rest[..=word.len()],
        false => word,
    }
}

fn is_part(c: char, joins: Joins) -> bool {
    is_letter(c) || (joins.wild && is_wild(c))
}

/// Whether `c` stands for other letters in a pattern.
pub(super) fn is_wild(c: char) -> bool {
    matches!(c, '*' | '?')
}

/// Hyphens of every kind that splits no word, and what is not seen: soft hyphens, the joiners of Persian and Indic script.
fn is_joiner(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | '\u{2010}' | '\u{2011}' | '·')
        || text::is_invisible(c)
        || (text::is_single_mark(c) && !matches!(c, '‹' | '›'))
}

/// Whether the mark at `at` stands between two letters of Hebrew, as in an abbreviation, and opens or closes nothing.
pub(super) fn is_letter_mark(text: &str, at: usize) -> bool {
    let mut after = text[at..].chars().skip(1);
    text[..at].chars().next_back().is_some_and(text::is_hebrew) && after.next().is_some_and(text::is_hebrew)
}

fn joins_between(before: Option<char>, c: char, next: char, joins: Joins) -> bool {
    let digits = next.is_ascii_digit() && before.is_some_and(|before| before.is_ascii_digit());
    match c {
        ',' => digits,
        '"' | '”' | '“' | '״' | '׳' => text::is_hebrew(next) && before.is_some_and(text::is_hebrew),
        ':' => digits || (joins.colon && is_letter(next)),
        _ => is_joiner(c) && is_part(next, joins),
    }
}

/// Whether this is two or more single letters with a full stop between each: `U.S`, `e.g`.
fn is_acronym(word: &str) -> bool {
    let single = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    word.contains('.') && word.split('.').all(single)
}

/// Whether the full stop between these two is the last one of `U.S.'s`.
fn is_possessive_acronym(before: &str, after: &str) -> bool {
    let mut after = after.chars();
    is_acronym(before) && after.next().is_some_and(text::is_single_mark) && after.next().is_some_and(is_letter)
}

/// Holds a pattern to its least number of letters; `at` is where it stands in the question.
///
/// # Errors
/// When the first `*` or `?` comes too early.
pub(super) fn check_pattern(word: &str, at: usize) -> Result<()> {
    let letters = word.chars().take_while(|c| !is_wild(*c)).filter(|c| is_letter(*c)).count();
    if letters >= MIN_PATTERN_LETTERS || !word.contains(is_wild) {
        return Ok(());
    }
    let message = format!("`{word}` has too few letters before its first `*` or `?`; it would match too many words");
    Err(Error::query(message, at).hint("begin with two letters or more, such as `Kritenb*` or `wom?n`"))
}

/// The number after the `~` at the beginning of `rest`; empty if there is none.
pub(super) fn tilde_number(rest: &str) -> &str {
    let after = rest.strip_prefix('~').unwrap_or("");
    let end = after.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(after.len());
    after[..end].trim_end_matches('.')
}

/// Returns the proximity operator that stands alone at the beginning of `rest`, with an operand after it.
pub(super) fn proximity(rest: &str) -> Option<&str> {
    let chunk = rest.split(char::is_whitespace).next().unwrap_or("");
    let after = rest[chunk.len()..].trim_start();
    let has_operand = !after.is_empty() && !after.starts_with([')', '|']);
    (has_operand && is_proximity(chunk)).then_some(chunk)
}

/// Returns what is spelled as our own proximity operators are, at the beginning of `rest`, whatever stands around it.
pub(super) fn spelled_proximity(rest: &str) -> Option<&str> {
    let chunk = rest.split(|c: char| c.is_whitespace() || c == ')').next().unwrap_or("");
    let is_spelled = ["NEAR/", "ADJ/", "SAME/"].iter().any(|start| chunk.starts_with(start));
    (is_spelled && is_proximity(chunk)).then_some(chunk)
}

/// Whether this would be read as a proximity operator between two words.
pub(super) fn is_proximity(chunk: &str) -> bool {
    near::operator(chunk).is_some()
}

/// The number and the length of `atleast3` at the beginning of `rest`, with its parenthesis behind it.
pub(super) fn at_least(rest: &str) -> Option<(u32, usize)> {
    let name = "atleast";
    let number =
        rest.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name)).map(|_| &rest[name.len()..])?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let open = number[digits..].starts_with('(') && (1..=6).contains(&digits);
    number[..digits].parse().ok().filter(|_| open).map(|times| (times, name.len() + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_the_index_ends_them() {
        let check = |text: &str, expected: &str| {
            assert_eq!(take(text, Joins { colon: false, wild: true }), expected, "{text}");
        };
        check("don't stop", "don't");
        check("l’Oréal", "l’Oréal");
        check("O'Brien,", "O'Brien");
        check("states' rights", "states");
        check("U.S. policy", "U.S.");
        check("U.S.", "U.S.");
        check("U.S.?", "U.S.");
        check("U.S.'s plan", "U.S.'s");
        check("J. Doe", "J");
        check("end. Next", "end");
        check("wait...what", "wait");
        check("state-of-the-art", "state-of-the-art");
        check("well--known", "well");
        check("1,000,000 dead", "1,000,000");
        check("one,two", "one");
        check("12:30", "12:30");
        check("3.5%", "3.5");
        check("wom?n", "wom?n");
        check("line?", "line");
        check("what??", "what");
        check("kri*?", "kri*");
        check("erred?\u{200d}?", "erred");
        check("a-?", "a");
        check("AT&T", "AT");
        check("café", "café");
        check("cafe\u{301}s", "cafe\u{301}s");
        check("हिन्दी में", "हिन्दी");
        check("می\u{200c}شود", "می\u{200c}شود");
        check("Россия, Китай", "Россия");
        check("南海", "南海");
        check(", no", "");
    }

    #[test]
    fn proximity_operators_stand_between_operands() {
        assert_eq!(proximity("NEAR/5 b"), Some("NEAR/5"));
        assert_eq!(proximity("NEAR/5"), None);
        assert_eq!(proximity("near5 )"), None);
        assert_eq!(spelled_proximity("NEAR/5"), Some("NEAR/5"));
        assert_eq!(spelled_proximity("SAME/S) b"), Some("SAME/S"));
        assert_eq!([spelled_proximity("near5"), spelled_proximity("w/5 b"), spelled_proximity("NEAR")], [None; 3]);
    }
}
