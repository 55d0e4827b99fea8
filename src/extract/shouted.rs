//! Names in capitals, with underscores between their words, as people write them.

use crate::extract::tables::Tables;
use crate::extract::vocabulary::{class, key};

/// A name that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shouted {
    /// As people write it.
    pub text: String,
    /// How many words it has.
    pub words: usize,
    /// Its letters in capitals, when it is one word.
    pub letters: String,
    /// The first letters of its words, small words aside.
    pub initials: String,
    /// Letters in brackets behind it.
    pub bracketed: Option<String>,
    /// One short word that cannot be spoken, or has dots.
    pub is_acronym: bool,
}

/// Reads a name, or says why it cannot be used.
pub fn read_name(raw: &str, tables: &Tables) -> Result<Shouted, String> {
    let plain = raw.replace('_', " ");
    let (plain, bracketed) = match plain.split_once('(') {
        Some((before, rest)) => match rest.split_once(')') {
            Some((inside, after)) if after.trim().is_empty() => (before.to_owned(), Some(inside.trim().to_owned())),
            _ => return Err(format!("`{raw}` holds brackets in its middle")),
        },
        None => (plain, None),
    };
    if let Some(odd) = plain.chars().find(|c| !(c.is_alphanumeric() || " .,'’`-&/".contains(*c))) {
        return Err(format!("`{raw}` holds `{odd}`"));
    }
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    if words.len() > 1 && words[0].eq_ignore_ascii_case("THE") {
        words.remove(0);
    }
    if !words.iter().any(|word| word.chars().any(char::is_alphabetic)) {
        return Err(format!("`{raw}` is no name"));
    }
    if words.len() > 16 {
        return Err(format!("`{raw}` has more than 16 words"));
    }
    if is_office(&words, tables) {
        return Err(format!("`{raw}` is an office, not its holder"));
    }
    let small = |word: &str| {
        let bits = tables.vocabulary.find(key(word)).1;
        bits & (class::DETERMINER | class::PREPOSITION | class::CONJUNCTION | class::PARTICLE) != 0
            && !word.contains('.')
    };
    let acronym = |word: &str| is_acronym(word);
    let written: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(place, word)| {
            if place > 0 && small(word) {
                word.to_lowercase()
            } else if acronym(word) {
                (*word).to_owned()
            } else {
                capitalised(word)
            }
        })
        .collect();
    let initials = words.iter().filter(|word| !small(word)).filter_map(|word| word.chars().next()).collect();
    let letters = if words.len() == 1 { words[0].replace('.', "") } else { String::new() };
    let is_acronym = words.len() == 1 && is_acronym(words[0]);
    let bracketed = bracketed.filter(|inside| {
        (2..=8).contains(&inside.len()) && inside.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-'))
    });
    Ok(Shouted { text: written.join(" "), words: words.len(), letters, initials, bracketed, is_acronym })
}

/// Whether the last words are those of an office: `UN SECRETARY GENERAL`.
fn is_office(words: &[&str], tables: &Tables) -> bool {
    let ids: Vec<u32> = words.iter().map(|word| tables.vocabulary.find(key(word)).0).collect();
    (1..=words.len()).any(|length| !tables.roles.exact(&ids[ids.len() - length..]).is_empty())
}

/// A word of capitals that nobody could speak, or one with dots between its letters.
fn is_acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let dotted = letters >= 2 && word.matches('.').count() >= 2;
    let mute = !word.chars().any(|c| "AEIOUYaeiouy".contains(c));
    let capitals = word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    capitals && (dotted || (2..=6).contains(&letters) && mute && !word.contains('.') && letters == word.chars().count())
}

/// `OCONNOR` as `Oconnor`, `BAN KI-MOON` as `Ban Ki-moon`, `AL-QUDS` as `Al-Quds`, `O'BRIEN` as `O'Brien`.
fn capitalised(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut part = 0;
    let mut up = true;
    for c in word.chars() {
        if c.is_alphanumeric() {
            if up {
                out.extend(c.to_uppercase())
            } else {
                out.extend(c.to_lowercase())
            }
            part += 1;
            up = false;
        } else {
            out.push(c);
            // Behind a hyphen a small letter fits both ways of writing; behind an article or an O' it would look wrong.
            up = match c {
                '-' => matches!(out.as_str(), "Al-" | "El-" | "Ul-" | "Ad-" | "An-" | "As-" | "Ash-" | "Ar-"),
                '\'' | '’' | '`' => part == 1,
                _ => true,
            };
            part = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_people_write_them() {
        let check = |raw: &str, expected: &str| {
            let text = read_name(raw, Tables::builtin()).map(|name| name.text);
            assert_eq!(text.as_deref().unwrap_or_else(|reason| reason), expected);
        };
        check("BANG_KO-MAEL_", "Bang Ko-mael");
        check("AL-PIERISH_BRIGADES", "Al-Pierish Brigades");
        check("PAT_O'PIERSON_", "Pat O'Pierson");
        check("FRONT_FOR_THE_LIBERATION_OF_PIERS_", "Front for the Liberation of Piers");
        check("J.B._PIERSON_", "J.B. Pierson");
        check("PIER_SECRETARY_GENERAL_", "`PIER_SECRETARY_GENERAL_` is an office, not its holder");
        check("_", "`_` is no name");
        let acronym = |raw: &str| read_name(raw, Tables::builtin()).is_ok_and(|name| name.is_acronym);
        assert!(acronym("PXLF_") && acronym("P.X.L.") && !acronym("PIER_") && !acronym("P.X._LAND_"));
    }
}
