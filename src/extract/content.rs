//! Where reported words begin and end when no quotation marks say it.

use std::ops::Range;

use crate::extract::bounds::{Hold, clause_end, trim_end};
use crate::extract::cue::Cue;
use crate::extract::phrase::{is_verbal, opens_clause, right};
use crate::extract::tables::frame;
use crate::extract::token::{Token, shape};
use crate::extract::view::View;
use crate::extract::vocabulary::class;

/// Tokens between a cue and its `that` at most.
const FAR_THAT: usize = 16;

/// Reported words in a clause, and who is told.
#[derive(Debug, Clone)]
pub struct Clause {
    /// The words.
    pub tokens: Range<usize>,
    /// The tokens that name the one told.
    pub addressee: Option<Range<usize>>,
    /// Which rule found it.
    pub rule: &'static str,
}

/// The clause or phrase that a cue governs on its right.
pub fn forward(view: &View, cue: &Cue, end: usize, hold: Hold) -> Option<Clause> {
    let doc = view.doc;
    let at = view.skip_light(cue.tokens.end, end);
    if at >= end {
        return None;
    }
    let clause = |start: usize, addressee, rule| {
        let stop = clause_end(view, start, end, hold);
        (stop > start + 1).then_some(Clause { tokens: start..stop, addressee, rule })
    };
    if cue.takes(frame::THAT | frame::ZERO | frame::QUOTE | frame::WRITE)
        && let Some(that) = far_that(view, at, end)
    {
        let addressee = (cue.takes(frame::PERSON) && that > at).then(|| right(doc, view.names, at, that)).flatten();
        return clause(that + 1, addressee.map(|phrase| phrase.core), "that");
    }
    if doc.reads_any(at, &["whether", "why", "how", "what", "where", "if", "who"])
        && cue.takes(frame::THAT | frame::ZERO | frame::NOUN | frame::PERSON | frame::INFINITIVE)
    {
        return clause(at, None, "question");
    }
    if cue.takes(frame::INFINITIVE)
        && let Some(to) = (at..end.min(at + 14)).find(|&n| doc.reads(n, "to") && n > at)
    {
        let phrase = right(doc, view.names, at, to + 1);
        if phrase.as_ref().is_some_and(|p| p.tokens.end == to) || doc.tokens[at].any(class::PRONOUN) && to == at + 1 {
            return clause(at, phrase.map(|p| p.core), "infinitive");
        }
    }
    if cue.takes(frame::ACCUSE) {
        return clause(at, None, "accuse").filter(|accused| doc.tokens[accused.tokens.start].is(shape::WORD));
    }
    if cue.takes(frame::VOW) && (doc.reads(at, "to") || doc.reads(at, "not") && doc.reads(at + 1, "to")) {
        return clause(at, None, "vow");
    }
    if cue.takes(frame::PERSON) {
        if let Some(start) = after_person(view, at, end)
            && has_verb(view, start, end)
        {
            let told = at..start;
            return clause(start, Some(told), "told");
        }
        if cue.takes(frame::INFINITIVE) || !cue.takes(frame::ZERO | frame::NOUN) {
            return None;
        }
    }
    zero_or_object(view, cue, at, end, hold)
}

/// A clause without `that`, or a noun phrase.
fn zero_or_object(view: &View, cue: &Cue, at: usize, end: usize, hold: Hold) -> Option<Clause> {
    let doc = view.doc;
    let clause = |start: usize, rule| {
        let stop = clause_end(view, start, end, if rule == "object" { Hold::Object } else { hold });
        (stop > start + 1).then_some(Clause { tokens: start..stop, addressee: None, rule })
    };
    if cue.takes(frame::ZERO) {
        let start = after_place(view, at, end);
        if (opens_clause(&doc.tokens[start]) || doc.tokens[start].is_lower() && !doc.tokens[start].any(NO_SUBJECT))
            && !mere_object(view, start)
            && has_verb(view, start, if cue.takes(frame::NOUN) { clause_reach(view, start, end) } else { end })
            && doc.tokens[start].is(shape::WORD)
        {
            return clause(start, "zero");
        }
    }
    if cue.takes(frame::NOUN) && (doc.tokens[at].is(shape::WORD) || doc.tokens[at].is(shape::MARK)) {
        let lone = doc.tokens[at].any(class::CONJUNCTION | class::SUBORDINATOR | class::AUXILIARY)
            && !doc.tokens[at].any(class::DETERMINER);
        let preposition = doc.tokens[at].any(class::PREPOSITION)
            && cue.tokens.len() == 1
            && !doc.reads_any(at, &["as", "against", "on", "about", "for", "to", "with"]);
        if !lone && !preposition {
            return clause(at, "object");
        }
    }
    None
}

/// Words that are no subject, nor begin one.
const NO_SUBJECT: u32 = class::PREPOSITION | class::CONJUNCTION | class::SUBORDINATOR;

/// `said it over and over`, `says something about him`: the thing said, and no clause.
fn mere_object(view: &View, at: usize) -> bool {
    let doc = view.doc;
    let Some(next) = doc.tokens.get(at + 1) else { return false };
    doc.reads_any(at, &["it", "so", "something", "anything", "nothing", "much", "little", "more"])
        && next.any(class::PREPOSITION | class::CONJUNCTION | class::ADVERB | class::DETERMINER)
        && !next.any(class::AUXILIARY | class::VERB)
        && !(next.any(class::ADVERB) && has_verb(view, at + 1, at + 4))
}

/// How far the verb of a clause may stand behind its start, when the cue may as well take a noun: `predicted a win in
/// Oslo, which votes in May`.
fn clause_reach(view: &View, start: usize, end: usize) -> usize {
    let doc = view.doc;
    let stops = |n: usize| {
        matches!(doc.str(n), "," | ";" | ":")
            || doc.reads_any(n, &["who", "which", "whose", "when", "after", "because", "while", "as", "that", "where"])
    };
    (start + 1..end).find(|&n| stops(n)).unwrap_or(end)
}

/// The `that` of the cue, behind an addressee, a place or a time, but behind no other verb.
fn far_that(view: &View, at: usize, end: usize) -> Option<usize> {
    let doc = view.doc;
    if doc.reads_any(at, &["he", "she", "they", "we", "i"]) {
        // `said he was late and that …`: the clause has begun.
        return None;
    }
    for n in at..end.min(at + FAR_THAT) {
        let token = &doc.tokens[n];
        if token.quoted != 0 {
            return None;
        }
        if doc.reads(n, "that") {
            // `warned that should …` is a clause, `the plan that was …` is none.
            let clause = |next: &Token| n == at || !next.any(class::AUXILIARY | class::VERB);
            // `said that day`: a determiner, not a conjunction.
            let next = doc.tokens.get(n + 1);
            return next.is_some_and(|next| clause(next) && !next.any(class::TIME)).then_some(n);
        }
        if token.any(class::AUXILIARY)
            || n > at
                && token.any(class::PRONOUN)
                && !doc.reads_any(n, &["him", "her", "them", "us", "me", "you", "it"])
            || matches!(doc.str(n), ";" | ":")
        {
            return None;
        }
        if token.is_lower() && token.any(class::VERB) && is_verbal(doc, n, at) {
            return None;
        }
        // Another cue takes the `that` for itself.
        let cue = view.cues.partition_point(|cue| cue.tokens.start < n);
        if view.cues.get(cue).is_some_and(|cue| cue.tokens.start == n) {
            return None;
        }
    }
    None
}

/// Where the clause begins behind the one told.
fn after_person(view: &View, at: usize, end: usize) -> Option<usize> {
    let doc = view.doc;
    if doc.reads_any(at, &["him", "her", "them", "us", "me", "you", "it"]) {
        return Some(view.skip_light(at + 1, end)).filter(|&n| n < end);
    }
    if let Some(name) = view.names.over(at) {
        let next = view.skip_light(name.tokens.end, end);
        return Some(next).filter(|&n| n < end && (opens_clause(&doc.tokens[n])));
    }
    if doc.tokens[at].is_lower() && doc.str(at).ends_with('s') {
        return Some(view.skip_light(at + 1, end)).filter(|&n| n < end && opens_clause(&doc.tokens[n]));
    }
    if doc.tokens[at].any(class::DETERMINER) {
        let noun = at + 2;
        return Some(noun).filter(|&n| n < end && opens_clause(&doc.tokens[n]));
    }
    None
}

/// Behind `in an interview` and the like, when a clause begins there.
fn after_place(view: &View, at: usize, end: usize) -> usize {
    let doc = view.doc;
    let open = &doc.tokens[at];
    // `said on Monday as he left`: what happened besides.
    let besides = open.any(class::SUBORDINATOR) && doc.tokens.get(at + 1).is_some_and(|next| next.any(class::PRONOUN));
    if !open.any(class::PREPOSITION) || open.any(class::DETERMINER) || besides {
        return at;
    }
    let stop = end.min(at + 16);
    let comma = (at..stop).find(|&n| doc.str(n) == ",");
    if let Some(comma) = comma.filter(|&n| n + 1 < end && doc.tokens[n + 1].quoted == 0)
        && (at..comma).all(|n| !doc.tokens[n].any(class::AUXILIARY | class::SUBORDINATOR))
    {
        return comma + 1;
    }
    let pronoun = (at + 1..stop).find(|&n| doc.reads_any(n, &["he", "she", "they", "it", "there", "we"]));
    pronoun.unwrap_or(at)
}

/// Whether a finite verb stands between, so that it is a clause.
pub fn has_verb(view: &View, from: usize, to: usize) -> bool {
    let doc = view.doc;
    (from..to.min(from + 60)).any(|n| {
        let token = &doc.tokens[n];
        view.names.at[n] == 0
            && token.is(shape::WORD)
            && (token.any(class::AUXILIARY | class::VERB)
                || token.is_lower() && n > from && (is_verbal(doc, n, from) || token.any(class::CUE_START))
                || doc.str(n).ends_with("n't")
                || doc.str(n).ends_with("n’t")
                || token.any(class::PRONOUN) && doc.str(n).contains(['\'', '’'])
                || n > from && token.is(shape::POSSESSIVE) && doc.tokens[n - 1].any(class::PRONOUN))
    })
}

/// The reported words before `, S said`: from the clause's start to the comma.
pub fn backward(view: &View, floor: usize, comma: usize) -> Option<Range<usize>> {
    let doc = view.doc;
    let mut start = floor;
    while start < comma {
        let token = &doc.tokens[start];
        let connective = token.any(class::ADVERB | class::CONJUNCTION) && !token.any(class::DETERMINER);
        if connective || !token.is(shape::WORD) && token.quoted == 0 {
            start += 1;
        } else {
            break;
        }
    }
    let words = doc.tokens[start..comma].iter().filter(|t| t.is(shape::WORD)).count();
    (words >= 3 && has_verb(view, start, comma)).then_some(start..trim_end(doc, start, comma))
}
