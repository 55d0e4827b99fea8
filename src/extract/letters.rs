//! Letter-words that an article defines: `Northern Fishing Council (NFC)`.
//!
//! The letters stand for the name in front of the bracket; where no table knows that name, the letters themselves
//! prove that it is an organisation, and show where it begins.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

/// Words that a defined name has at most.
const LONGEST: usize = 10;

/// A bracket that defines letters.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The token of the letters.
    pub letters: usize,
    /// The words in front that begin with them, when they do.
    pub name: Option<Range<usize>>,
    /// The token after the name: the bracket.
    pub bracket: usize,
}

/// All definitions of a text.
pub fn definitions(doc: &Doc) -> Vec<Definition> {
    let mut found = Vec::new();
    for bracket in 1..doc.tokens.len().saturating_sub(2) {
        if doc.str(bracket) != "(" || !are_letters(doc, bracket + 1) || !matches!(doc.str(bracket + 2), ")" | "," | ";")
        {
            continue;
        }
        let name = name_before(doc, bracket);
        found.push(Definition { letters: bracket + 1, name, bracket });
    }
    found
}

/// Whether a token is a letter-word: two capitals or more, eight characters at most.
pub fn are_letters(doc: &Doc, at: usize) -> bool {
    let token = &doc.tokens[at];
    let piece = doc.str(at);
    token.is_capital() && piece.len() <= 10 && piece.chars().filter(|c| c.is_uppercase()).count() >= 2
}

/// The words in front of the bracket whose initials give the letters.
fn name_before(doc: &Doc, bracket: usize) -> Option<Range<usize>> {
    let letters: Vec<char> = doc.str(bracket + 1).chars().filter(|c| c.is_uppercase()).collect();
    let sentence = doc.sentence(bracket).start;
    let mut initials: Vec<char> = Vec::new();
    let mut start = bracket;
    let mut best = None;
    while start > sentence && bracket - start < LONGEST {
        let token = &doc.tokens[start - 1];
        let joins = token.is_lower()
            && (token.any(class::PREPOSITION | class::CONJUNCTION | class::DETERMINER | class::PARTICLE)
                || doc.str(start - 1).len() <= 3)
            || doc.str(start - 1) == "-"
            || token.is(shape::POSSESSIVE);
        if !token.is_capital() && !joins {
            break;
        }
        start -= 1;
        if token.is_capital() {
            initials.insert(0, doc.str(start).chars().next().unwrap_or(' '));
            if initials.first() == letters.first() && is_within(&letters, &initials) {
                best = Some(start..bracket);
            }
        }
    }
    best.filter(|name| name.len() >= 2)
}

/// Whether the letters appear among the initials in order; two thirds of them suffice, for inner letters and endings.
fn is_within(letters: &[char], initials: &[char]) -> bool {
    let mut at = 0;
    let mut hits = 0;
    for letter in letters {
        if let Some(found) = initials[at..].iter().position(|initial| initial == letter) {
            at += found + 1;
            hits += 1;
        }
    }
    hits * 3 >= letters.len() * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tables::Tables;

    #[test]
    fn letters_show_where_the_name_begins() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let doc = Doc::new(text, Tables::builtin());
            let found: Vec<(&str, &str)> = definitions(&doc)
                .into_iter()
                .map(|d| (doc.str(d.letters), d.name.map_or("", |name| doc.slice(name))))
                .collect();
            assert_eq!(found, expected);
        };
        check("Then the Northern Fishing Council (NFC) met.", &[("NFC", "Northern Fishing Council")]);
        check("He leads the Bureau of Tidal Works (BTW).", &[("BTW", "Bureau of Tidal Works")]);
        check("Ruiz (R-Ohio) left. He (HE) sat.", &[("HE", "")]);
    }
}
