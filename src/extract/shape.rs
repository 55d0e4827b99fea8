//! Where names end, and what their words tell of them: the shapes of persons and organisations.

use crate::extract::doc::Doc;
use crate::extract::lexicon::Gender;
use crate::extract::tables::Tables;
use crate::extract::token::{Token, is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::ActorKind;

/// Words a person's name has at most, particles and initials included.
const LONGEST_PERSON: usize = 5;

/// Words an organisation's name has at most.
const LONGEST_BODY: usize = 9;

/// The end of the person's name that begins at `at`, if one can.
///
/// `named` says that a title or role stands before, so that one word is enough.
pub fn person_end(doc: &Doc, at: usize, named: bool, tables: &Tables) -> Option<usize> {
    let first = doc.tokens.get(at)?;
    let begins = first.is_capital()
        && !is_function(first)
        && !first.any(class::TIME | class::EVENT)
        && (named || !first.any(class::PLAIN));
    let particle = named && first.any(class::PARTICLE) && doc.tokens.get(at + 1).is_some_and(Token::is_capital);
    if !begins && !particle {
        return None;
    }
    let sentence = doc.sentence(at).end;
    let mut end = at + 1;
    while end < sentence && end - at < LONGEST_PERSON {
        let token = &doc.tokens[end];
        if !token.is(shape::SPACED) {
            if doc.str(end) == "-"
                && end + 1 < sentence
                && doc.tokens[end + 1].is(shape::WORD)
                && !doc.tokens[end + 1].is(shape::SPACED)
                && !is_function(&doc.tokens[end + 1])
                && (doc.tokens[end + 1].is_capital() || doc.tokens[at].any(class::FAMILY))
            {
                end += 2;
                continue;
            }
            break;
        }
        if token.is(shape::INITIAL) || (token.is_capital() && continues_person(doc, at, end, tables)) {
            end += 1;
        } else if is_particle(doc, end)
            && end + 2 < sentence
            && doc.str(end + 1) == "-"
            && doc.tokens[end + 2].is_capital()
            && !doc.tokens[end + 2].is(shape::SPACED)
        {
            end += 3;
        } else if is_particle(doc, end)
            && end + 1 < sentence
            && doc.tokens[end + 1].is_capital()
            && !doc.tokens[end + 1].any(class::TIME)
        {
            end += if doc.tokens[end + 1].any(class::PARTICLE) && end + 2 < sentence { 2 } else { 1 };
        } else {
            break;
        }
    }
    while end > at + 1 && (doc.tokens[end - 1].any(class::PARTICLE) && doc.tokens[end - 1].is_lower()) {
        end -= 1;
    }
    Some(end)
}

fn is_particle(doc: &Doc, at: usize) -> bool {
    doc.tokens[at].any(class::PARTICLE)
        && doc.tokens[at].is_lower()
        && !doc.reads_any(at, &["e", "y", "do", "da", "al", "st", "ben", "don"])
        || doc.tokens[at].is_lower() && doc.reads_any(at, &["da", "dos", "bin", "al", "el"])
}

/// Whether the capital at `at` can belong to the person's name begun at `start`.
fn continues_person(doc: &Doc, start: usize, at: usize, _tables: &Tables) -> bool {
    let token = &doc.tokens[at];
    if is_function(token)
        || token.any(class::TIME | class::EVENT | class::ORG_LAST)
        || token.is(shape::DIGIT | shape::WORD)
    {
        return token.any(class::SUFFIX);
    }
    if token.any(class::ROLE_START) && !token.any(class::GIVEN | class::FAMILY) {
        return false;
    }
    if token.is(shape::UPPER) && token.end - token.start > 3 && !doc.tokens[start].is(shape::UPPER) {
        return true;
    }
    !(token.is(shape::UPPER) && token.any(class::NAME_START))
}

/// The end of the run of capitals from `at`, with the small words that join them (`of the`, `and`, `for`).
pub fn capitals_end(doc: &Doc, at: usize, end: usize) -> usize {
    let mut last = at;
    let mut next = at;
    while next < end && next - at < LONGEST_BODY {
        let token = &doc.tokens[next];
        if token.is_capital() && !token.any(class::TIME) {
            last = next + 1;
        } else if !(doc.reads_any(next, &["of", "for", "the", "and", "&", "on", "in"])
            || token.is(shape::POSSESSIVE)
            || (doc.str(next) == "-" && !token.is(shape::SPACED)))
        {
            break;
        } else if doc.reads_any(next, &["in", "on"]) || doc.reads(next, "and") && doc.reads(next + 1, "the") {
            // `Institute for Research on Peace` goes on, `Ministry of Justice in Oslo` does not.
            break;
        }
        next += 1;
    }
    last
}

/// The end and kind of an organisation's name that begins at `at` and has a telling last word.
pub fn body_end(doc: &Doc, at: usize, tables: &Tables) -> Option<(usize, ActorKind)> {
    if !doc.tokens.get(at)?.is_capital() {
        return None;
    }
    let sentence = doc.sentence(at).end;
    let mut found = None;
    let mut joined = false;
    let mut next = at;
    while next < sentence && next - at < LONGEST_BODY {
        let token = &doc.tokens[next];
        let joins = doc.reads_any(next, &["&", "and", "for", "of"])
            && next > at
            && doc.tokens.get(next + 1).is_some_and(Token::is_capital);
        let hyphen = doc.str(next) == "-" && !token.is(shape::SPACED);
        if !(token.is_capital() || joins || hyphen || (token.is(shape::POSSESSIVE) && next > at))
            || token.any(class::TIME)
        {
            break;
        }
        let role = || tables.roles.longest(doc.tokens[next..sentence].iter().map(|token| token.word)).is_some();
        if next > at && token.is_capital() && token.any(class::ROLE_START) && !token.any(class::ORG_LAST) && role() {
            break;
        }
        // `Kano State and Lagos University` are two, and so are `the Senate and the Assembly`.
        if joins && (found.is_some_and(|(_, kind)| is_land(kind)) || doc.tokens[next + 1].any(class::ROLE_START)) {
            break;
        }
        joined |= joins;
        if token.is_capital()
            && token.any(class::ORG_LAST)
            && let Some(kind) = tables.last.get(&token.word)
            && (!is_land(*kind) || !joined && is_land_type(doc, at, next))
        {
            found = Some((next + 1, *kind));
        }
        next += 1;
    }
    let (mut end, kind) = found?;
    // `Ministry` alone, or after a sentence's first word like `The`, is no name of its own.
    if end - at == 1
        && !doc.reads_any(end, &["of", "for"])
        && !(at > 0 && doc.tokens[at - 1].is_capital() && doc.tokens[at - 1].any(class::NAME_START))
    {
        return None;
    }
    if !is_land(kind)
        && doc.reads_any(end, &["of", "for"])
        && doc.tokens.get(end + 1).is_some_and(|t| t.is_capital() && !t.any(class::TIME))
    {
        end = capitals_end(doc, end + 1, sentence).max(end);
    }
    Some((end, kind))
}

/// Whether it lies on the map.
pub fn is_land(kind: ActorKind) -> bool {
    matches!(kind, ActorKind::Place | ActorKind::Region)
}

/// Whether the type of land at `last` ends a name that begins at `at`.
///
/// Types that are names of persons too need more: `Judge Hill`, `Chung Hee Park`, but `Virunga National Park`.
fn is_land_type(doc: &Doc, at: usize, last: usize) -> bool {
    let before = last.checked_sub(1).filter(|&before| before >= at);
    let Some(before) = before else { return false };
    let common =
        doc.reads_any(before, &["National", "Memorial", "Industrial", "State", "Theme", "Provincial", "Marine"]);
    (!doc.tokens[last].any(class::GIVEN | class::FAMILY) && !doc.reads(last, "park") || common)
        && !doc.tokens[before].is(shape::POSSESSIVE)
        && !(before == at && doc.tokens[at].any(class::TITLE | class::ROLE_START | class::PLAIN))
}

/// What a title tells of sex.
pub fn title_gender(doc: &Doc, at: usize) -> Option<Gender> {
    let word = doc.str(at).trim_end_matches('.');
    match word {
        "Mr" | "Sir" | "Lord" | "King" | "Prince" | "Congressman" | "Chairman" | "Herr" | "Monsieur" | "Baron"
        | "Duke" | "Councilman" | "Pope" => Some(Gender::Male),
        "Mrs" | "Ms" | "Miss" | "Lady" | "Dame" | "Queen" | "Princess" | "Congresswoman" | "Chairwoman" | "Frau"
        | "Madame" | "Mme" | "Baroness" | "Duchess" => Some(Gender::Female),
        _ => None,
    }
}

/// What a given name tells of sex.
pub fn given_gender(token: &Token) -> Option<Gender> {
    match (token.any(class::MALE), token.any(class::FEMALE)) {
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        _ => None,
    }
}
