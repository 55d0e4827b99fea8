//! Words filed under something they share, so that one row of tokens answers two questions.
//!
//! `sanctions` is filed under its stem as `sanction` + [`UNDER`] + `sanctions`; `sanction`, which is its own stem, stands
//! as it is. In the order of the word list all forms of a stem are neighbours: [`all_under`] is one stretch of it, and a
//! form alone is one token of it. In the same way a word as written is filed under its folded form.

use super::stem;

/// Stands between what a word is filed under and the word. Less than any character of a word.
pub const UNDER: char = '\u{3}';

/// The character after [`UNDER`].
const PAST: char = '\u{4}';

/// What English stems end in, beyond what they share with a form: `hope` and `hoping`, `citi` and `city`, `die` and
/// `dying`, `sky` and `skies`, `visibl` and `visibility`. Follows from the replacements of Snowball's English stemmer.
const ENDINGS: [&str; 7] = ["", "e", "i", "ie", "l", "le", "y"];

/// A word under what it is filed under.
pub fn filed(under: &str, word: &str) -> String {
    if under == word { word.to_owned() } else { format!("{under}{UNDER}{word}") }
}

/// A folded word as it is filed.
pub fn filed_form(folded: &str) -> String {
    filed(&stem(folded), folded)
}

/// The word of a filed token; of any other token the token itself.
pub fn word_of(token: &str) -> &str {
    token.split_once(UNDER).map_or(token, |(_, word)| word)
}

/// The stretch of the word list that has everything filed under `under`, itself with it: from the first, up to before the
/// second.
pub fn all_under(under: &str) -> (String, String) {
    (under.to_owned(), format!("{under}{PAST}"))
}

/// The same without the word that stands as it is.
pub fn others_under(under: &str) -> (String, String) {
    (format!("{under}{UNDER}"), format!("{under}{PAST}"))
}

/// The stretches of the word list that have every form beginning with `start`, and perhaps other words.
pub fn beginning(start: &str) -> Vec<(String, String)> {
    let past = |from: String| (from.clone(), format!("{from}{}", char::MAX));
    let mut stretches = vec![past(start.to_owned())];
    let shares = start.char_indices().map(|(at, _)| &start[..at]).chain([start]);
    for share in shares.filter(|share| !share.is_empty()) {
        for ending in ENDINGS {
            let stem = format!("{share}{ending}");
            if !stem.starts_with(start) {
                stretches.push(past(format!("{stem}{UNDER}{start}")));
            }
        }
    }
    stretches.sort();
    stretches.dedup();
    stretches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a pattern that begins as `word` does would meet it in the word list, whatever its length.
    fn is_met(word: &str) -> bool {
        let token = filed_form(word);
        word.char_indices().skip(1).map(|(at, _)| &word[..at]).chain([word]).all(|start| {
            let met = |(from, to): &(String, String)| (from.as_str()..to.as_str()).contains(&token.as_str());
            beginning(start).iter().any(met)
        })
    }

    #[test]
    fn forms_of_a_stem_are_neighbours() {
        let (from, to) = all_under("sanction");
        let lies = |word: &str| (from.as_str()..to.as_str()).contains(&filed_form(word).as_str());
        assert!(["sanction", "sanctions", "sanctioned", "sanctioning"].into_iter().all(lies));
        assert!(!["sanctify", "sanctuary", "sanctionsx", "san", "tion"].into_iter().any(lies));
        let (from, to) = others_under("nato");
        assert!((from.as_str()..to.as_str()).contains(&filed("nato", "NATO").as_str()));
        assert!(!(from.as_str()..to.as_str()).contains(&"nato"));
        assert_eq!(filed_form("sanctions"), "sanction\u{3}sanctions");
        assert_eq!(word_of("sanction\u{3}sanctions"), "sanctions");
        assert_eq!(word_of("US"), "US");
    }

    #[test]
    fn every_form_is_met_by_its_beginnings() {
        for word in [
            "hoping",
            "hopping",
            "city",
            "cities",
            "dying",
            "lying",
            "tying",
            "vying",
            "ties",
            "skies",
            "skis",
            "idly",
            "gently",
            "ugly",
            "early",
            "only",
            "singly",
            "visibility",
            "possibly",
            "activity",
            "national",
            "rational",
            "organization",
            "generously",
            "analogously",
            "geologist",
            "happiness",
            "criticality",
            "sky",
            "é",
            "naïve",
        ] {
            assert!(is_met(word), "{word} {}", stem(word));
        }
    }

    proptest! {
        #[test]
        fn no_form_is_lost(
            start in "[a-z]{1,6}",
            endings in prop::collection::vec(prop::sample::select(vec![
                "s", "es", "ies", "ied", "ed", "edly", "eed", "eedly", "ing", "ingly", "y", "ying", "tional", "enci",
                "ency", "ancy", "ably", "ently", "izer", "ization", "ational", "ation", "ator", "alism", "ality", "ally",
                "fulness", "fully", "ously", "ousness", "iveness", "ivity", "bility", "bly", "logy", "logist", "lessly",
                "li", "ly", "alize", "icate", "icity", "ical", "ful", "ness", "ative", "al", "ance", "ence", "er", "ic",
                "able", "ible", "ant", "ement", "ment", "ent", "ism", "ate", "iti", "ity", "ous", "ive", "ize", "ion",
                "sion", "e", "le", "ll", "at", "bl", "iz",
            ]), 0..4),
        ) {
            let word = format!("{start}{}", endings.concat());
            prop_assert!(is_met(&word), "{word} {}", stem(&word));
        }
    }
}
