//! Reads noun phrases around a verb: who stands before `said`, or after it.
//!
//! There is no parser: a phrase is grown word by word and stops at verbs, subordinators, marks and clause starts. A
//! block between commas or brackets right before the verb (`X, the minister, said`) belongs to the phrase.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::name::Names;
use crate::extract::token::{Token, shape};
use crate::extract::vocabulary::class;

/// Tokens that an apposition between commas has at most.
const LONGEST_APPOSITION: usize = 28;

/// A noun phrase: its whole extent, and the part before any apposition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// From its first token to its last, appositions included.
    pub tokens: Range<usize>,
    /// Without what stands behind its first comma.
    pub core: Range<usize>,
}

/// The phrase that ends before the verb at `verb`, not reaching over `floor`.
pub fn left(doc: &Doc, names: &Names, verb: usize, floor: usize) -> Option<Phrase> {
    let mut end = verb;
    while end > floor && is_skipped(doc, names, end - 1, floor) {
        end -= 1;
    }
    let mut last = end;
    let mut rounds = 0;
    while last > floor && rounds < 5 {
        match doc.str(last - 1) {
            "," | "—" | "--" | "–" => last = apposition_start(doc, names, last - 1, floor)?,
            ")" | "]" => last = bracket_start(doc, last - 1, floor)?,
            _ => break,
        }
        rounds += 1;
    }
    // Adverbs may stand before the block as well: `X later, in a speech, said`.
    while last > floor && is_skipped(doc, names, last - 1, floor) {
        last -= 1;
    }
    let start = grow_left(doc, names, last, floor)?;
    Some(Phrase { tokens: start..end, core: start..last })
}

/// Adverbs, auxiliaries and times between a subject and its verb.
fn is_skipped(doc: &Doc, names: &Names, at: usize, floor: usize) -> bool {
    let token = &doc.tokens[at];
    if names.at[at] != 0 || token.quoted != 0 {
        return false;
    }
    if token.any(class::AUXILIARY | class::NEGATION) || (token.is_lower() && token.any(class::ADVERB)) {
        return true;
    }
    if token.any(class::TIME) && (token.is_lower() || token.is(shape::CAPITAL)) && !(at == floor && token.is_lower()) {
        return true;
    }
    if token.is(shape::DIGIT) && at > floor && doc.tokens[at - 1].any(class::TIME) {
        return true;
    }
    let next_time = doc.tokens.get(at + 1).is_some_and(|t| t.any(class::TIME));
    if next_time && doc.reads_any(at, &["on", "last", "this", "late", "early", "in", "next", "since"]) {
        return true;
    }
    token.is_lower()
        && doc.str(at).len() > 4
        && doc.str(at).ends_with("ly")
        && !doc.reads_any(at, &["family", "assembly", "monopoly", "ally", "reply"])
}

/// Where the block that ends at the comma `close` begins: the token of the comma before it.
fn apposition_start(doc: &Doc, names: &Names, close: usize, floor: usize) -> Option<usize> {
    let lowest = floor.max(close.saturating_sub(LONGEST_APPOSITION));
    let mark = doc.str(close);
    let mut fallback = None;
    let mut at = close;
    while at > lowest {
        at -= 1;
        if doc.str(at) != mark || at == floor || doc.tokens[at].quoted != 0 {
            continue;
        }
        // `Jane Doe (R-Ohio), a member, said`: look over the bracket.
        let anchor =
            if doc.str(at - 1) == ")" { bracket_start(doc, at - 1, floor).map_or(at, |open| open) } else { at };
        if anchor <= floor {
            continue;
        }
        let named = names.at[anchor - 1] != 0 || doc.tokens[anchor - 1].is_capital();
        let starts = opens_apposition(doc, at + 1) && at + 1 < close;
        // A person's name is the surest anchor: `Jane Doe, 59, of Oslo, who came, said`.
        if starts && names.over(anchor - 1).is_some_and(|name| name.person) {
            return Some(at);
        }
        if starts && (fallback.is_none() && doc.tokens[anchor - 1].is(shape::WORD)) {
            fallback = Some((at, named));
        } else if starts && named && fallback.is_some_and(|(_, named)| !named) {
            fallback = Some((at, true));
        }
    }
    fallback.map(|(at, _)| at)
}

fn opens_apposition(doc: &Doc, at: usize) -> bool {
    let Some(token) = doc.tokens.get(at) else { return false };
    token.any(class::DETERMINER | class::ROLE_START | class::PREPOSITION)
        || token.is(shape::DIGIT)
        || token.is_capital()
        || doc.reads_any(
            at,
            &["who", "which", "whose", "speaking", "himself", "herself", "now", "then", "also", "formerly", "once"],
        )
        || token.is_lower() && (doc.str(at).ends_with("ing") || doc.str(at).ends_with("ed"))
}

fn bracket_start(doc: &Doc, close: usize, floor: usize) -> Option<usize> {
    let lowest = floor.max(close.saturating_sub(16));
    (lowest..close).rev().find(|&at| matches!(doc.str(at), "(" | "["))
}

/// Grows a phrase to the left from its end; returns its first token.
fn grow_left(doc: &Doc, names: &Names, end: usize, floor: usize) -> Option<usize> {
    let mut start = end;
    while start > floor && end - start < 30 {
        let at = start - 1;
        let token = &doc.tokens[at];
        if token.quoted != 0 && names.at[at] == 0 {
            break;
        }
        if let Some(name) = names.over(at) {
            start = name.tokens.start.max(floor);
            continue;
        }
        if token.any(class::PRONOUN) {
            if start == end {
                return Some(at);
            }
            break;
        }
        match extends(doc, names, at, start, end, floor) {
            Step::Take => start = at,
            Step::TakeLast => {
                start = at;
                break;
            }
            Step::Stop => break,
        }
    }
    while start < end
        && (doc.tokens[start].any(class::CONJUNCTION | class::SUBORDINATOR) && !doc.reads(start, "that")
            || doc.tokens[start].any(class::ADVERB) && !doc.tokens[start].any(class::DETERMINER))
    {
        start += 1;
    }
    if start >= end {
        return None;
    }
    let counted = end - start >= 2 && doc.tokens[end - 1].is(shape::DIGIT) && doc.reads(end - 2, "in");
    let wordy = counted
        || doc.str(end - 1) == "%"
        || doc.tokens[start..end].iter().any(|t| t.is(shape::WORD) && !t.is(shape::DIGIT));
    wordy.then_some(start)
}

enum Step {
    Take,
    TakeLast,
    Stop,
}

fn extends(doc: &Doc, names: &Names, at: usize, start: usize, end: usize, floor: usize) -> Step {
    let token = &doc.tokens[at];
    if token.any(class::DETERMINER) && token.is(shape::WORD) {
        // `the head of the ministry`: the phrase goes on before the preposition.
        let joined = at >= floor + 2
            && doc.reads_any(at - 1, &["of", "for", "from", "at", "in", "with", "all", "both"])
            && is_noun(doc, names, at - 2);
        let piled = at > floor && doc.tokens[at - 1].any(class::DETERMINER) && !doc.reads(at - 1, "that");
        return if joined || piled { Step::Take } else { Step::TakeLast };
    }
    if token.is(shape::POSSESSIVE) || (matches!(doc.str(at), "-" | "'" | "’") && start < end) {
        return Step::Take;
    }
    if doc.str(at) == "%" && start == end {
        return Step::Take;
    }
    if !token.is(shape::WORD) {
        // `A, B and C said`
        let listed = doc.str(at) == ","
            && start < end
            && at > floor
            && list_goes_on(doc, start, end)
            && (names.at[at - 1] != 0 || doc.tokens[at - 1].is_capital())
            && !is_fronted(doc, floor, at);
        return if listed { Step::Take } else { Step::Stop };
    }
    if token.any(class::CONJUNCTION) && doc.reads_any(at, &["and", "or", "&"]) {
        let both = start < end && at > floor && (names.at[at - 1] != 0 || is_noun(doc, names, at - 1));
        let alike = names.at[start] != 0 || doc.tokens[start].is_capital() || (names.at[at.saturating_sub(1)] == 0);
        return if both && alike && !object_before(doc, names, at, floor) { Step::Take } else { Step::Stop };
    }
    if token.any(class::PREPOSITION) && token.is_lower() {
        let inside = start < end
            && at > floor
            && is_noun(doc, names, at - 1)
            && doc.reads_any(at, &["of", "for", "from", "at", "in", "with", "on", "to"]);
        return if inside { Step::Take } else { Step::Stop };
    }
    if token.any(class::AUXILIARY | class::SUBORDINATOR) {
        return Step::Stop;
    }
    if token.is_lower() && is_verbal(doc, at, floor) {
        return Step::Stop;
    }
    Step::Take
}

/// Whether what stands left of `and` at `at` is the object of a verb, so that `and` joins clauses.
fn object_before(doc: &Doc, names: &Names, at: usize, floor: usize) -> bool {
    let mut left = at;
    while left > floor && at - left < 8 {
        let token = &doc.tokens[left - 1];
        let part = doc.reads_any(left - 1, &["of", "for"]);
        if part
            || names.at[left - 1] != 0
            || token.any(class::DETERMINER)
            || (token.is_lower()
                && !is_verbal(doc, left - 1, floor)
                && !token.any(class::AUXILIARY | class::SUBORDINATOR | class::PREPOSITION))
        {
            left -= 1;
        } else {
            break;
        }
    }
    left > floor
        && (doc.tokens[left - 1].any(class::AUXILIARY | class::PREPOSITION)
            || doc.tokens[left - 1].is_lower() && is_verbal(doc, left - 1, floor))
}

/// Whether the comma closes a phrase in front of the clause: `After the talks with Oslo, Riga and Vilnius said`.
fn is_fronted(doc: &Doc, floor: usize, comma: usize) -> bool {
    let mut at = floor;
    while at < comma && (doc.tokens[at].any(class::ADVERB) || !doc.tokens[at].is(shape::WORD)) {
        at += 1;
    }
    let front = doc.tokens[at].any(class::PREPOSITION | class::SUBORDINATOR) || doc.str(at).ends_with("ing");
    front && !(at + 1..comma).any(|n| doc.str(n) == ",")
}

/// Whether the words from `start` on continue a list (`, B and C`).
fn list_goes_on(doc: &Doc, start: usize, end: usize) -> bool {
    (start..end.min(start + 10)).any(|at| doc.reads_any(at, &["and", "or"]))
}

fn is_noun(doc: &Doc, names: &Names, at: usize) -> bool {
    let token = &doc.tokens[at];
    names.at[at] != 0
        || token.is_capital()
        || token.is(shape::POSSESSIVE)
        || token.is(shape::DIGIT)
        || token.is_lower()
            && !token.any(
                class::AUXILIARY
                    | class::PREPOSITION
                    | class::SUBORDINATOR
                    | class::PRONOUN
                    | class::CONJUNCTION
                    | class::ADVERB,
            )
            && !is_verbal(doc, at, 0)
}

/// Whether a word in small letters is more likely a verb than part of a noun phrase.
pub fn is_verbal(doc: &Doc, at: usize, floor: usize) -> bool {
    let token = &doc.tokens[at];
    let piece = doc.str(at);
    let after_determiner =
        at > floor && (doc.tokens[at - 1].any(class::DETERMINER) || doc.tokens[at - 1].is(shape::POSSESSIVE));
    if after_determiner {
        return false;
    }
    if token.any(class::VERB) {
        return true;
    }
    if token.any(class::ROLE_START | class::SAYING) {
        return false;
    }
    if token.any(class::CUE_START) && !piece.ends_with('s') {
        return true;
    }
    piece.len() > 4 && (piece.ends_with("ed") || piece.ends_with("ing"))
}

/// The phrase that begins after the verb, at `at`: the subject of `said X`.
pub fn right(doc: &Doc, names: &Names, at: usize, ceiling: usize) -> Option<Phrase> {
    let first = doc.tokens.get(at).filter(|_| at < ceiling)?;
    let opens = names.at[at] != 0
        || first.is_capital() && !first.any(class::TIME)
        || first.any(class::DETERMINER) && !doc.reads_any(at, &["that", "no", "all"])
        || first.any(class::ROLE_START)
        || doc.reads_any(at, &["he", "she", "they", "it"])
        || first.is_lower()
            && doc.str(at).ends_with('s')
            && !first.any(class::PREPOSITION | class::SUBORDINATOR | class::AUXILIARY | class::ADVERB | class::PRONOUN);
    if !opens || first.quoted != 0 {
        return None;
    }
    if first.any(class::PRONOUN) {
        return Some(Phrase { tokens: at..at + 1, core: at..at + 1 });
    }
    let mut end = at;
    let mut core = None;
    while end < ceiling && end - at < 40 {
        let token = &doc.tokens[end];
        if let Some(name) = names.over(end) {
            end = name.tokens.end.max(end + 1);
            continue;
        }
        if token.quoted != 0 {
            break;
        }
        if doc.str(end) == "," {
            if !goes_on_after_comma(doc, names, end, ceiling) {
                break;
            }
            core.get_or_insert(end);
            end += 1;
            continue;
        }
        if !takes_right(doc, names, end, at, core.is_some()) {
            break;
        }
        end += 1;
    }
    let end = end.min(ceiling);
    let core = core.unwrap_or(end).min(end);
    (end > at).then_some(Phrase { tokens: at..end, core: at..core })
}

fn goes_on_after_comma(doc: &Doc, names: &Names, comma: usize, ceiling: usize) -> bool {
    let next = comma + 1;
    let Some(token) = doc.tokens.get(next).filter(|_| next < ceiling) else { return false };
    token.any(class::DETERMINER) && !token.any(class::SUBORDINATOR)
        || token.any(class::ROLE_START)
        || token.is(shape::DIGIT)
        || names.at[next] != 0
        || token.is_capital() && !token.any(class::TIME)
        || doc.reads_any(next, &["who", "whose", "former", "senior"])
}

fn takes_right(doc: &Doc, names: &Names, end: usize, at: usize, behind_comma: bool) -> bool {
    let token = &doc.tokens[end];
    if token.is(shape::POSSESSIVE) || matches!(doc.str(end), "-" | "&") {
        return true;
    }
    if matches!(doc.str(end), "(" | ")") {
        return true;
    }
    if !token.is(shape::WORD) {
        return false;
    }
    if doc.reads_any(end, &["who", "whose", "which"]) {
        return behind_comma;
    }
    if behind_comma {
        return !token.any(class::TIME) || !token.is_capital();
    }
    if token.any(class::TIME)
        || token.any(class::ADVERB) && !token.any(class::DETERMINER)
        || token.any(class::AUXILIARY | class::SUBORDINATOR | class::PRONOUN)
            && !token.any(class::PREPOSITION | class::DETERMINER)
    {
        return false;
    }
    if token.any(class::CONJUNCTION) {
        let next = doc.tokens.get(end + 1);
        return doc.reads_any(end, &["and", "&"]) && next.is_some_and(|t| t.is_capital() || names.at[end + 1] != 0);
    }
    if token.any(class::PREPOSITION) {
        let after_person = names.over(end.saturating_sub(1)).is_some() && end > at;
        let part = doc.reads_any(end, &["of", "for", "at", "from", "in"]);
        return part && (!after_person || doc.reads(end, "of"));
    }
    !(token.is_lower() && is_verbal(doc, end, at))
}

/// The first phrase of a clause: its subject, when a verb form stands at `verb` without one of its own.
pub fn clause_subject(doc: &Doc, names: &Names, from: usize, verb: usize) -> Option<Phrase> {
    let mut at = from;
    while at < verb {
        let token = &doc.tokens[at];
        if token.any(class::PREPOSITION) && token.is(shape::FIRST) {
            // A fronted phrase: the subject stands behind its comma.
            let comma = (at..verb.min(at + 25)).find(|&n| doc.str(n) == ",");
            match comma {
                Some(comma) => at = comma + 1,
                None => at += 1,
            }
            continue;
        }
        if token.any(class::PRONOUN) && doc.reads_any(at, &["he", "she", "they", "it", "we", "i"]) {
            return Some(Phrase { tokens: at..at + 1, core: at..at + 1 });
        }
        if names.at[at] != 0
            || token.any(class::DETERMINER)
            || token.any(class::ROLE_START)
            || (token.is_capital() && !token.any(class::PLAIN | class::ADVERB | class::TIME))
        {
            return right(doc, names, at, verb);
        }
        at += 1;
    }
    None
}

/// Whether the token can be the first word of a clause's subject.
pub fn opens_clause(token: &Token) -> bool {
    token.any(class::DETERMINER | class::PRONOUN) || token.is(shape::CAPITAL) || token.is(shape::DIGIT)
}
