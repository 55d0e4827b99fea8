//! The language of an article that names none.

use crate::extract::doc::Doc;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

/// Bytes that are looked at: more do not make the answer surer.
const ENOUGH: usize = 1000;

/// Letters from which an answer can be trusted.
const FEWEST_LETTERS: usize = 24;

/// Words that are counted to tell English.
const SAMPLE: usize = 120;

/// The language of a text cut up: English is told by its small words, which costs nothing; the rest by its letters.
pub fn of(doc: &Doc) -> Option<String> {
    let small = class::DETERMINER | class::PREPOSITION | class::CONJUNCTION | class::AUXILIARY | class::PRONOUN;
    let words = doc.tokens.iter().filter(|token| token.is(shape::WORD)).take(SAMPLE);
    let (mut all, mut grammar, mut articles) = (0, 0, 0);
    for token in words {
        all += 1;
        grammar += usize::from(token.any(small));
        articles += usize::from(matches!(doc.slice_of(token), "the" | "The" | "THE"));
    }
    // English prose has two small words in five; its neighbours share some of them, but not `the`.
    let english = all >= 20 && grammar * 10 >= all * 3 && articles >= 2;
    if english { Some("en".to_owned()) } else { detect(doc.text) }
}

/// The ISO 639-1 code of the language, when it is certain.
pub fn detect(text: &str) -> Option<String> {
    let mut end = text.len().min(ENOUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
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
