//! The language of an article that names none.

use crate::extract::doc::Doc;
use crate::extract::token::shape;
use crate::text::floor_boundary;

/// Bytes that are looked at: more do not make the answer surer.
const ENOUGH: usize = 1000;

/// Letters from which an answer can be trusted.
const FEWEST_LETTERS: usize = 24;

/// Words that are counted to tell English, and how many there must be.
const SAMPLE: usize = 120;
const FEWEST_WORDS: usize = 10;

/// So many words without one of the small ones are not English.
const WORDS_WITHOUT: usize = 15;

/// From so many words on, what is found to be another language is one, though it shares small words with English.
const SURE_WORDS: usize = 40;

/// How many words in a hundred are such small words at least; English news has 9 to 20.
const SHARE: usize = 5;

/// Small words that no other language written in these letters has.
const ENGLISH: [&str; 15] = [
    "the", "and", "from", "with", "that", "which", "his", "they", "were", "their", "have", "been", "after", "would",
    "said",
];

/// Small words of English that some other languages have too.
const SHARED: [&str; 20] = [
    "of", "to", "by", "for", "at", "is", "are", "when", "near", "into", "you", "what", "this", "has", "but", "says",
    "told", "not", "will", "it",
];

/// The language of a text cut up: English is told by its small words, which costs nothing; the rest by its letters.
pub fn of(doc: &Doc) -> Option<String> {
    let (words, english) = count(doc, 0, &ENGLISH);
    let is_english = words >= FEWEST_WORDS && english >= 2 && english * 100 >= words * SHARE;
    if is_english { Some("en".to_owned()) } else { detect(doc.text) }
}

/// Whether a text is in another language than English, when `language` is what its source says or what was found.
///
/// Sources sometimes give the language of the outlet for that of the article, and that of a short text is a guess: what has
/// small words of English, in its beginning, its middle or its end, is English. Nor is a language needed to see that a text has none.
pub fn is_foreign(doc: &Doc, language: Option<&str>) -> bool {
    let all = doc.tokens.len();
    let (mut words, mut english, mut shared) = (0, 0, 0);
    for from in [0, all / 2, all.saturating_sub(2 * SAMPLE)] {
        let (here, known) = count(doc, from, &ENGLISH);
        if known > 0 && known * 100 >= here * SHARE {
            return false;
        }
        words += here;
        english += known;
        shared += count(doc, from, &SHARED).1;
        // The rest was in this sample already.
        if all <= 2 * SAMPLE {
            break;
        }
    }
    match language {
        Some("en") => false,
        Some(_) if words < SURE_WORDS && shared > 0 => false,
        Some(_) => detect(doc.text).as_deref() != Some("en"),
        None => english == 0 && shared == 0 && words >= WORDS_WITHOUT,
    }
}

/// How many words are counted from a token on, and how many of them are among `small`.
fn count(doc: &Doc, from: usize, small: &[&str]) -> (usize, usize) {
    let words = doc.tokens.get(from..).unwrap_or_default().iter().filter(|token| token.is(shape::WORD)).take(SAMPLE);
    let (mut all, mut hits) = (0, 0);
    for token in words {
        all += 1;
        hits += usize::from(
            token.end - token.start <= 5 && small.iter().any(|word| doc.slice_of(token).eq_ignore_ascii_case(word)),
        );
    }
    (all, hits)
}

/// The ISO 639-1 code of the language, when it is certain.
pub fn detect(text: &str) -> Option<String> {
    let head = &text[..floor_boundary(text, ENOUGH)];
    if head.chars().filter(|c| c.is_alphabetic()).take(FEWEST_LETTERS).count() < FEWEST_LETTERS {
        return None;
    }
    // Upper-case articles are looked at in small letters: the statistics are those of ordinary text.
    let info = whatlang::detect(&head.to_lowercase())?;
    let sure = info.is_reliable() || info.confidence() > 0.6;
    sure.then(|| two_letters(info.lang())).flatten().map(str::to_owned)
}

/// The two-letter code of a language; `None` for those that have none.
fn two_letters(lang: whatlang::Lang) -> Option<&'static str> {
    let three = lang.code();
    let known = CODES.iter().find(|(code, _)| *code == three);
    known.map(|(_, two)| *two)
}

const CODES: &[(&str, &str)] = &[
    ("epo", "eo"),
    ("eng", "en"),
    ("rus", "ru"),
    ("cmn", "zh"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("ben", "bn"),
    ("fra", "fr"),
    ("deu", "de"),
    ("ukr", "uk"),
    ("kat", "ka"),
    ("ara", "ar"),
    ("hin", "hi"),
    ("jpn", "ja"),
    ("heb", "he"),
    ("yid", "yi"),
    ("pol", "pl"),
    ("amh", "am"),
    ("jav", "jv"),
    ("kor", "ko"),
    ("nob", "nb"),
    ("dan", "da"),
    ("swe", "sv"),
    ("fin", "fi"),
    ("tur", "tr"),
    ("nld", "nl"),
    ("hun", "hu"),
    ("ces", "cs"),
    ("ell", "el"),
    ("bul", "bg"),
    ("bel", "be"),
    ("mar", "mr"),
    ("kan", "kn"),
    ("ron", "ro"),
    ("slv", "sl"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("mkd", "mk"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("tam", "ta"),
    ("vie", "vi"),
    ("urd", "ur"),
    ("tha", "th"),
    ("guj", "gu"),
    ("uzb", "uz"),
    ("pan", "pa"),
    ("aze", "az"),
    ("ind", "id"),
    ("tel", "te"),
    ("pes", "fa"),
    ("mal", "ml"),
    ("ori", "or"),
    ("mya", "my"),
    ("nep", "ne"),
    ("sin", "si"),
    ("khm", "km"),
    ("tuk", "tk"),
    ("aka", "ak"),
    ("zul", "zu"),
    ("sna", "sn"),
    ("afr", "af"),
    ("lat", "la"),
    ("slk", "sk"),
    ("cat", "ca"),
    ("tgl", "tl"),
    ("hye", "hy"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_languages_are_named() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(detect(text).as_deref(), expected, "{text}");
        check(
            "The ministers met in the morning and agreed that the border would stay closed for another week.",
            Some("en"),
        );
        check(
            "THE MINISTERS MET IN THE MORNING AND AGREED THAT THE BORDER WOULD STAY CLOSED FOR ANOTHER WEEK.",
            Some("en"),
        );
        check(
            "Die Minister trafen sich am Morgen und beschlossen, dass die Grenze noch eine Woche geschlossen bleibt.",
            Some("de"),
        );
        check("Министры встретились утром и решили, что граница останется закрытой ещё на неделю.", Some("ru"));
        check("Oslo", None);
        check("", None);
    }
}
