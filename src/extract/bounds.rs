//! Where reported words end when no mark says it: at a semicolon, at another attribution, where the reporter speaks on.

use crate::extract::cue::Cue;
use crate::extract::doc::Doc;
use crate::extract::phrase::{is_verbal, opens_clause};
use crate::extract::tables::frame;
use crate::extract::token::shape;
use crate::extract::view::View;
use crate::extract::vocabulary::class;

/// How a cue holds its words: what may follow them differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// A clause of its own: `said that prices rose`.
    Clause,
    /// A noun phrase: `condemned the attack`.
    Object,
    /// A clause whose cue stands in a subordinate clause: `While Oslo said prices rose, Riga …`.
    Inner,
}

/// Words at most from a preposition to the noun of its phrase.
const SETTING_WORDS: usize = 8;

/// Where the reported words end: at the sentence's end, a semicolon, another attribution.
pub fn clause_end(view: &View, start: usize, end: usize, hold: Hold) -> usize {
    let doc = view.doc;
    let mut stop = end;
    let mut over = start;
    for n in start + 1..end {
        let token = &doc.tokens[n];
        if token.quoted != 0 || n < over {
            continue;
        }
        let piece = doc.str(n);
        if piece == ";" {
            stop = n;
            break;
        }
        if piece == "," && (cut_at_comma(view, n, end) || reporter_goes_on(view, n, end, hold)) {
            stop = n;
            break;
        }
        if is_dash(view, n) {
            match closing_dash(view, n, end) {
                Some(close) => over = close + 1,
                None if dash_ends(view, n, end) => {
                    stop = n;
                    break;
                }
                None => {}
            }
        }
        if hold == Hold::Object && (object_ends(view, n) || n > start + 1 && setting_begins(view, n, end)) {
            stop = n;
            break;
        }
        if token.any(class::CONJUNCTION)
            && doc.reads_any(n, &["and", "but"])
            && (cue_follows(view, n + 1, false) || is_chained(view, start, n + 1))
        {
            stop = n - usize::from(doc.str(n - 1) == "," && n > start + 1);
            break;
        }
        if doc.reads(n, "according") && doc.reads(n + 1, "to") || quoting_gerund(view, n) {
            stop = n;
            break;
        }
    }
    trim_end(doc, start, stop)
}

/// `confirming that …, and [rejecting] …`: two reports by participles of one subject.
fn is_chained(view: &View, start: usize, at: usize) -> bool {
    let gerund = |cue: &&Cue| cue.gerund && cue.is_speech();
    let next = view.cues.partition_point(|cue| cue.tokens.start < at);
    let before = view.cues.partition_point(|cue| cue.tokens.end <= start).checked_sub(1);
    let before = before.and_then(|number| view.cues.get(number)).filter(|cue| cue.tokens.end + 1 >= start);
    before.as_ref().is_some_and(gerund)
        && view.cues.get(next).filter(|cue| cue.tokens.start == at).as_ref().is_some_and(gerund)
}

/// `… saying “…”`, `… adding that …`: another attribution begins, even without a comma.
fn quoting_gerund(view: &View, at: usize) -> bool {
    if !view.doc.tokens[at].any(class::CUE_START) {
        return false;
    }
    let cue = view.cues.partition_point(|cue| cue.tokens.start < at);
    let Some(cue) = view.cues.get(cue).filter(|cue| cue.tokens.start == at && cue.gerund && cue.takes(frame::QUOTE))
    else {
        return false;
    };
    let next = cue.tokens.end + usize::from(matches!(view.doc.str(cue.tokens.end), "," | ":"));
    view.doc.reads(next, "that") || view.opened_at(next).is_some()
}

/// Without final punctuation.
pub fn trim_end(doc: &Doc, start: usize, mut stop: usize) -> usize {
    while stop > start {
        let token = &doc.tokens[stop - 1];
        let mark = token.shape & (shape::MARK | shape::SINGLE) != 0;
        if token.is(shape::WORD)
            || mark
            || !matches!(doc.str(stop - 1), "." | "," | ";" | ":" | "!" | "?" | "-" | "--" | "—" | "–" | "…")
        {
            break;
        }
        stop -= 1;
    }
    stop
}

/// Whether the comma ends the reported words: `, adding …`, `, according to …`, `, and said …`, `, he said`.
fn cut_at_comma(view: &View, comma: usize, end: usize) -> bool {
    let doc = view.doc;
    let mut next = comma + 1;
    if next >= end {
        return true;
    }
    if doc.reads(next, "according") || cue_follows(view, next, true) {
        return true;
    }
    if doc.reads_any(next, &["and", "but"]) {
        next += 1;
        if cue_follows(view, next, false) {
            return true;
        }
    }
    // `, he said` or `, Ruiz added` before the sentence goes on.
    let subject = doc.tokens.get(next).filter(|t| t.any(class::PRONOUN) || view.names.at[next] != 0);
    if subject.is_some() {
        let verb = view.names.over(next).map_or(next + 1, |name| name.tokens.end);
        let cue = view.cues.get(view.cues.partition_point(|c| c.tokens.start < verb));
        if let Some(cue) = cue.filter(|c| c.tokens.start == verb && c.takes(frame::QUOTE)) {
            return cue.tokens.end >= end || !doc.tokens[cue.tokens.end].is(shape::WORD);
        }
    }
    false
}

/// Whether a cue without a subject of its own stands at `at`.
fn cue_follows(view: &View, at: usize, gerund: bool) -> bool {
    let doc = view.doc;
    let mut at = at;
    while doc.tokens.get(at).is_some_and(|t| t.is_lower() && t.any(class::ADVERB)) {
        at += 1;
    }
    let number = view.cues.partition_point(|cue| cue.tokens.start < at);
    view.cues.get(number).is_some_and(|cue| {
        cue.tokens.start == at
            && cue.gerund == gerund
            && cue.is_speech()
            && !cue.infinitive
            && cue.takes(frame::THAT | frame::ZERO | frame::QUOTE)
    })
}

/// Whether the words behind the comma are the reporter's own: `, while others …`, `, but he fell`, `, as has Riga`.
fn reporter_goes_on(view: &View, comma: usize, end: usize, hold: Hold) -> bool {
    let doc = view.doc;
    let next = comma + 1;
    let Some(token) = doc.tokens.get(next).filter(|_| next < end) else { return true };
    if token.quoted != 0 {
        return false;
    }
    if doc.reads_any(next, &["while", "though", "although", "whereas"]) {
        return true;
    }
    if doc.reads(next, "as") && doc.tokens.get(next + 1).is_some_and(|t| t.any(class::AUXILIARY)) {
        return true;
    }
    if doc.reads(next, "but") {
        return begins_clause(doc, next + 1, end);
    }
    match hold {
        Hold::Clause => false,
        Hold::Inner => begins_clause(doc, next, end),
        Hold::Object => {
            !token.any(class::CONJUNCTION | class::PREPOSITION)
                && !doc.reads_any(next, &["whose", "whom", "who", "especially", "particularly", "as"])
                && !listed(doc, next, end)
        }
    }
}

/// Whether a subject stands at `at`, so that a clause of its own begins.
fn begins_clause(doc: &Doc, at: usize, end: usize) -> bool {
    let Some(token) = doc.tokens.get(at).filter(|_| at < end) else { return false };
    if doc.reads_any(at, &["that", "not", "who", "which", "whose", "whom", "no", "only"]) {
        return false;
    }
    opens_clause(token)
        || token.is_lower()
            && doc.str(at).ends_with('s')
            && !token.any(class::VERB | class::CUE_START | class::PREPOSITION | class::AUXILIARY | class::ADVERB)
}

/// Whether a list goes on: `, B and C`.
fn listed(doc: &Doc, at: usize, end: usize) -> bool {
    (at..end.min(at + 8)).any(|n| doc.tokens[n].any(class::CONJUNCTION))
        && !doc.tokens[at].any(class::DETERMINER | class::PRONOUN)
}

/// `condemned the raid and left`, `praised him when he …`: the object is over.
fn object_ends(view: &View, at: usize) -> bool {
    let doc = view.doc;
    if doc.tokens[at].any(class::CONJUNCTION) && doc.reads_any(at, &["and", "but"]) {
        let next = at + 1;
        return doc.tokens.get(next).is_some_and(|token| {
            token.is_lower()
                && !token.any(class::ROLE_START | class::SAYING)
                && (token.any(class::AUXILIARY | class::VERB)
                    || doc.str(next).ends_with("ed") && is_verbal(doc, next, at))
        });
    }
    false
}

/// `condemned the raid [in a statement]`, `praised him [at a rally in Oslo]`: how, when and where the reporter heard it.
fn setting_begins(view: &View, at: usize, end: usize) -> bool {
    let doc = view.doc;
    if !doc.reads_any(at, &["in", "on", "at", "during", "via", "through", "aboard", "after"]) {
        return false;
    }
    let mut head = at + 1;
    for n in at + 1..end.min(at + SETTING_WORDS) {
        let token = &doc.tokens[n];
        let over = token.quoted != 0
            || !token.is(shape::WORD) && doc.str(n) != "-"
            || n > at + 1
                && token.any(class::PREPOSITION | class::CONJUNCTION | class::SUBORDINATOR | class::DETERMINER);
        if over {
            break;
        }
        head = n;
        if token.any(class::SETTING | class::SAYING) {
            return true;
        }
    }
    head == at + 1 && doc.tokens.get(head).is_some_and(|token| token.any(class::TIME))
}

fn is_dash(view: &View, at: usize) -> bool {
    let tokens = &view.doc.tokens;
    let spaced = |at: usize| tokens.get(at).is_some_and(|token| token.is(shape::SPACED));
    let tied = |at: usize| tokens.get(at).is_some_and(|token| token.is_capital() || token.is(shape::DIGIT));
    match view.doc.str(at) {
        "—" | "--" => true,
        // Without blanks it ties names and numbers: the Israel–Hezbollah war, 2–3 weeks.
        "–" => spaced(at) || spaced(at + 1) || at == 0 || !tied(at - 1) || !tied(at + 1),
        "-" => spaced(at) && spaced(at + 1),
        _ => false,
    }
}

/// The dash that closes what this one opens, in the same sentence.
fn closing_dash(view: &View, at: usize, end: usize) -> Option<usize> {
    let mark = view.doc.str(at);
    (at + 2..end.min(at + 30)).find(|&n| is_dash(view, n) && view.doc.str(n) == mark)
}

/// Whether the reporter speaks behind the dash.
fn dash_ends(view: &View, at: usize, end: usize) -> bool {
    let doc = view.doc;
    let next = at + 1;
    if doc.reads_any(next, &["but", "though", "although", "while"]) {
        return true;
    }
    if doc.reads(next, "and") {
        return begins_clause(doc, next + 1, end);
    }
    begins_clause(doc, next, end)
}
