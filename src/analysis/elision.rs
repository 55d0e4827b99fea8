//! Apostrophes between two words: before one that begins with a vowel, in French and Italian (`l’Iran`), and between a name
//! and its ending, in Turkish (`Erdoğan’ın`). Elsewhere an apostrophe stands inside of one word (`O’Brien`, `Sana’a`).

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// What stands before and behind such apostrophes, each with its kind; read when the first one is met.
static PARTS: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("data/apostrophes.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// Letters from which a name has an ending.
const FEWEST_LETTERS: usize = 3;

/// Whether an apostrophe between these two parts two words; `after` goes on beyond the word.
pub fn ties(before: &str, after: &str) -> bool {
    is_elision(before, after) || is_ending(before, after)
}

fn is_elision(before: &str, after: &str) -> bool {
    let vowel = after.chars().next().is_some_and(|c| {
        matches!(
            c.to_lowercase().next(),
            Some('a' | 'e' | 'h' | 'i' | 'o' | 'u' | 'y' | 'à'..='æ' | 'è'..='ï' | 'ò'..='ö' | 'ù'..='ü' | 'œ')
        )
    });
    vowel && PARTS.contains(&("shortened", &*lowered(before)))
}

fn is_ending(before: &str, after: &str) -> bool {
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    let ending = lowered(&after[..end]);
    let is_name = before.starts_with(char::is_uppercase) && before.chars().count() >= FEWEST_LETTERS;
    let is = |kind| PARTS.contains(&(kind, &*ending));
    is_name && (is("ending") || before.contains(is_turkish) && is("short-ending")) && fits(&lowered(before), &ending)
}

/// Whether an ending of Turkish fits the name before it. An ending that begins with `y`, or with `n` and a vowel, stands behind
/// a vowel, one that begins with a vowel behind a consonant; and its vowel is one of those that follow the last one of
/// the name, unless it is a letter that no other language has. `Natal'ya` and `Sham'un` have none.
fn fits(name: &str, ending: &str) -> bool {
    let mut letters = ending.chars();
    let (first, second) = (letters.next(), letters.next());
    let behind_vowel = name.chars().next_back().is_some_and(is_vowel);
    let joint = match (first, second) {
        (Some('y'), _) => behind_vowel,
        (Some('n'), Some(second)) if is_vowel(second) => behind_vowel,
        (Some(first), _) if is_vowel(first) => !behind_vowel,
        _ => true,
    };
    let last = name.chars().rev().find(|c| is_vowel(*c));
    let harmony = match (last, ending.chars().find(|c| is_vowel(*c))) {
        (_, None | Some('ı' | 'ü')) => true,
        (Some(last), Some('a')) => matches!(last, 'a' | 'ı' | 'o' | 'u'),
        (Some(last), Some('e')) => matches!(last, 'e' | 'i' | 'ö' | 'ü'),
        (Some(last), Some('i')) => matches!(last, 'e' | 'i'),
        (Some(last), Some('u')) => matches!(last, 'o' | 'u'),
        _ => false,
    };
    joint && harmony
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'ı' | 'i' | 'o' | 'ö' | 'u' | 'ü')
}

/// Letters that hardly any language of Latin letters has but Turkish.
fn is_turkish(c: char) -> bool {
    matches!(
        c,
        'ğ' | 'Ğ' | 'ş' | 'Ş' | 'ı' | 'İ' | 'ç' | 'Ç' | 'ö' | 'Ö' | 'ü' | 'Ü' | '\u{306}' | '\u{327}' | '\u{308}'
    )
}

/// In small letters, composed; `İ` is `i`, not a letter and a dot.
fn lowered(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.nfc().flat_map(|c| if c == 'İ' { 'i' } else { c }.to_lowercase()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_of_a_kind_and_folded() {
        for (kind, part) in PARTS.iter() {
            assert!(["shortened", "ending", "short-ending"].contains(kind), "{kind}");
            assert!(
                !part.is_empty() && *part == part.to_lowercase() && part.chars().all(char::is_alphabetic),
                "{part}"
            );
        }
        let lines = include_str!("data/apostrophes.tsv").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(PARTS.len(), lines.count(), "a line is there twice, or is no part");
    }

    #[test]
    fn only_two_words_are_parted() {
        let check =
            |before: &str, after: &str, expected: bool| assert_eq!(ties(before, after), expected, "{before}'{after}");
        check("l", "Iran met", true);
        check("L", "Élysée", true);
        check("Dell", "Unione", true);
        check("d", "Estaing", true);
        check("don", "t", false);
        check("O", "Brien", false);
        check("d", "Souza", false);
        check("Erdoğan", "ın konuşması", true);
        check("Erdoğan", "a", true);
        check("Ankara", "ya gitti", true);
        check("TÜRKİYE", "NİN YENİ", true);
        check("Irak", "ta", true);
        check("Putin", "in", true);
        check("Biden", "ın", true);
        for (before, after) in [("Natal", "ya"), ("Dar", "ya"), ("Shin", "ya"), ("Yong", "in"), ("Sham", "un")] {
            check(before, after, false);
        }
        check("Sana", "a", false);
        check("Shi", "ite", false);
        check("Rock", "n", false);
        check("", "", false);
    }
}
