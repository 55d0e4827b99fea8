//! Apostrophes between two words: before one that begins with a vowel, in French and Italian (`l’Iran`), and between a name
//! and its ending, in Turkish (`Erdoğan’ın`). Elsewhere an apostrophe stands inside of one word (`O’Brien`, `Sana’a`).

use std::borrow::Cow;

/// What French and Italian shorten before a vowel; folded, in alphabetical order.
const SHORTENED: [&str; 22] = [
    "all", "c", "d", "dall", "dell", "j", "jusqu", "l", "lorsqu", "m", "n", "nell", "puisqu", "qu", "quell", "quest",
    "s", "sull", "t", "tutt", "un", "vostr",
];

/// The endings of Turkish that are no word or part of a name elsewhere, in alphabetical order of their letters.
const ENDINGS: [&str; 61] = [
    "da", "daki", "dan", "de", "deki", "den", "dir", "dur", "dür", "dır", "la", "lar", "ların", "le", "ler", "lerin",
    "na", "nda", "ndaki", "ndan", "nde", "ndeki", "nden", "ne", "ni", "nin", "nu", "nun", "nü", "nün", "nı", "nın",
    "ta", "taki", "tan", "te", "teki", "ten", "tir", "tur", "tür", "tır", "un", "ya", "ydi", "ydı", "ye", "yi", "yla",
    "yle", "ylü", "yu", "yü", "yı", "in", "ün", "ü", "ı", "ın", "ları", "leri",
];

/// Endings that other languages have inside of names (`Sana’a`), and Turkish behind its own letters only.
const SHORT_ENDINGS: [&str; 4] = ["a", "e", "i", "u"];

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
    let before = lowered(before);
    vowel && SHORTENED.contains(&&*before)
}

fn is_ending(before: &str, after: &str) -> bool {
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    let ending = lowered(&after[..end]);
    let known = ENDINGS.contains(&&*ending) || SHORT_ENDINGS.contains(&&*ending) && before.contains(is_turkish);
    known && before.starts_with(char::is_uppercase) && before.chars().count() >= FEWEST_LETTERS
}

/// Letters that hardly any language of Latin letters has but Turkish.
fn is_turkish(c: char) -> bool {
    matches!(c, 'ğ' | 'Ğ' | 'ş' | 'Ş' | 'ı' | 'İ' | 'ç' | 'Ç' | 'ö' | 'Ö' | 'ü' | 'Ü')
}

fn lowered(word: &str) -> Cow<'_, str> {
    if word.chars().any(char::is_uppercase) { Cow::Owned(word.to_lowercase()) } else { Cow::Borrowed(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check("Sana", "a", false);
        check("Shi", "ite", false);
        check("Rock", "n", false);
        check("", "", false);
    }
}
