//! Finds the words that report speech, and tells verbs from nouns, refusals and passives.
//!
//! A cue inside quotation marks belongs to the one who speaks there and does not count. Guards (`declined to say`,
//! `is said to`, `might argue`) cancel the cues they cover.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::name::Names;
use crate::extract::tables::{CueClass, CueForm, Guard, Tables, inflection};
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

/// One cue.
#[derive(Debug, Clone)]
pub struct Cue {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What the tables say of it.
    pub form: CueForm,
    /// An `-ing` form: its subject is that of the clause it hangs on.
    pub gerund: bool,
    /// Behind `to`: somebody is to say it.
    pub infinitive: bool,
    /// The one told, not the one who tells, stands before it.
    pub passive: bool,
    /// Negated, refused or only imagined.
    pub guarded: bool,
}

impl Cue {
    /// Whether it takes one of these frames.
    pub fn takes(&self, frames: u16) -> bool {
        self.form.frames & frames != 0
    }

    /// Whether it reports what was said or written, as against thought.
    pub fn is_speech(&self) -> bool {
        matches!(self.form.class, CueClass::Speech | CueClass::Writing)
    }
}

/// All cues outside quotation marks, in order.
pub fn find(doc: &Doc, names: &Names, tables: &Tables) -> Vec<Cue> {
    let guards = guards(doc, tables);
    let mut guard = 0;
    let mut found = Vec::new();
    let mut at = 0;
    while at < doc.tokens.len() {
        let token = &doc.tokens[at];
        if !token.any(class::CUE_START) || token.quoted != 0 || names.at[at] != 0 {
            at += 1;
            continue;
        }
        let end = doc.sentence(at).end;
        let words = doc.tokens[at..end].iter().map(|token| token.word);
        let Some((length, forms)) = tables.cues.longest(words) else {
            at += 1;
            continue;
        };
        let tokens = at..at + length;
        while guard < guards.len() && guards[guard].end <= at {
            guard += 1;
        }
        let guarded = guards[guard.min(guards.len())..].iter().take(3).any(|g| g.start < tokens.end && at < g.end);
        if let Some(cue) = judge(doc, tokens, forms[0], guarded) {
            found.push(cue);
        }
        at += length;
    }
    found
}

/// The verb group that a cue ends: `has repeatedly said` for `said`, back to what is no auxiliary and no adverb.
pub fn verb_group(doc: &Doc, names: &Names, cue: Range<usize>) -> Range<usize> {
    let sentence = doc.sentence(cue.start).start;
    let mut start = cue.start;
    while start > sentence {
        let token = &doc.tokens[start - 1];
        let part = token.is_lower()
            && token.any(class::AUXILIARY | class::ADVERB | class::NEGATION)
            && !token.any(class::DETERMINER | class::PRONOUN | class::CONJUNCTION | class::TIME)
            && names.at[start - 1] == 0
            && token.quoted == 0;
        if !part {
            break;
        }
        start -= 1;
    }
    start..cue.end
}

/// The stretches that guards cover; a noun guard covers itself only.
fn guards(doc: &Doc, tables: &Tables) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, token) in doc.tokens.iter().enumerate() {
        if !token.any(class::GUARD_START) || token.quoted != 0 {
            continue;
        }
        let end = doc.sentence(at).end;
        let longest = tables.guards.longest(doc.tokens[at..end].iter().map(|token| token.word));
        let Some((length, kinds)) = longest else { continue };
        if kinds[0] == Guard::Passive
            && doc.reads_any(at + length - 1, &["told", "asked", "warned", "urged", "accused"])
        {
            continue;
        }
        found.push(at..at + length);
    }
    found
}

/// Words that say how many speak, and stand alone before the verb.
const COUNTED: [&str; 19] = [
    "all",
    "both",
    "many",
    "some",
    "few",
    "several",
    "this",
    "that",
    "one",
    "others",
    "another",
    "most",
    "half",
    "more",
    "fewer",
    "each",
    "dozens",
    "hundreds",
    "thousands",
];

fn judge(doc: &Doc, tokens: Range<usize>, form: CueForm, guarded: bool) -> Option<Cue> {
    let at = tokens.start;
    let token = &doc.tokens[at];
    let sentence = doc.sentence(at).start;
    if token.is(shape::CAPITAL) && !token.is(shape::FIRST) && !doc.paragraph(at).upper && !doc.paragraph(at).titled {
        return None;
    }
    let before = (at > sentence).then(|| &doc.tokens[at - 1]);
    let gerund = form.inflections & inflection::GERUND != 0
        && doc.str(at).len() > 4
        && doc.slice(tokens.clone()).contains("ing");
    let single = tokens.len() == 1;
    let nounish =
        form.inflections & (inflection::BASE | inflection::THIRD) != 0 && form.inflections & inflection::PAST == 0;
    if let Some(before) = before {
        let marked = before.any(class::DETERMINER) && !before.any(class::PRONOUN) || before.is(shape::POSSESSIVE);
        let modified = before.any(class::PREPOSITION) && !doc.reads(at - 1, "to") && before.quoted == 0;
        if single && marked && !doc.reads_any(at - 1, &COUNTED) {
            return None;
        }
        if single && nounish && (modified || before.is(shape::SPACED) && doc.str(at - 1) == "-") {
            return None;
        }
        if single && doc.str(at - 1) == "-" {
            return None;
        }
    }
    if single && nounish && (doc.reads(tokens.end, "of") || form.is_noun() && stands_as_noun(doc, at)) {
        return None;
    }
    // `individual states, alliances`: a noun in a list; `a briefing,` likewise.
    let quote = doc.tokens.get(tokens.end + 1).is_some_and(|next| next.quoted != 0);
    if single
        && (nounish || gerund)
        && !quote
        && doc.str(tokens.end) == ","
        && before.is_some_and(|t| t.is_lower() && !t.any(class::ADVERB | class::AUXILIARY))
    {
        return None;
    }
    let infinitive = form.inflections & inflection::BASE != 0 && before.is_some_and(|_| doc.reads(at - 1, "to"));
    let passive = form.inflections & inflection::PARTICIPLE != 0 && follows_be(doc, at, sentence);
    let guarded = guarded || negated(doc, at, sentence);
    Some(Cue { tokens, form, gerund, infinitive, passive, guarded })
}

/// Whether a word that is a noun as well stands where a noun does: `the jobs report cheered them`, `key states`.
fn stands_as_noun(doc: &Doc, at: usize) -> bool {
    let Some(next) = doc.tokens.get(at + 1) else { return true };
    let finite = next.any(class::AUXILIARY) || next.is_lower() && next.any(class::VERB);
    let bare = at > 0
        && doc.tokens[at - 1].is_lower()
        && !doc.str(at - 1).ends_with('s')
        && !doc.tokens[at - 1].any(class::PRONOUN | class::ADVERB | class::AUXILIARY | class::MODAL)
        && !doc.str(at).ends_with('s');
    finite || bare || at > 0 && doc.tokens[at - 1].any(class::DETERMINER) || disagrees(doc, at)
}

/// Words before a cue in which its subject must begin.
const SUBJECT_WORDS: usize = 6;

/// Words before which a phrase is over, or with which it begins.
const OPENS_PHRASE: u32 = class::DETERMINER
    | class::PREPOSITION
    | class::CONJUNCTION
    | class::SUBORDINATOR
    | class::AUXILIARY
    | class::PRONOUN;

/// Whether the word agrees with no subject before it, so that it is a noun: `the New York state Senate`, `of new rules`.
fn disagrees(doc: &Doc, at: usize) -> bool {
    let sentence = doc.sentence(at).start;
    let Some(before) = at.checked_sub(1).filter(|&n| n >= sentence) else { return false };
    let token = &doc.tokens[before];
    let floor = sentence.max(at.saturating_sub(SUBJECT_WORDS));
    if doc.tokens.get(at + 1).is_some_and(|next| next.quoted != 0) || doc.paragraph(at).heading {
        return false;
    }
    if !doc.str(at).ends_with('s') {
        let singular = token.is_capital() && !token.any(class::PRONOUN) && !doc.str(before).ends_with('s');
        let known = class::CONJUNCTION | class::AUXILIARY | class::MODAL;
        return singular && !doc.reads(at + 1, "that") && !(floor..at).any(|n| doc.tokens[n].any(known));
    }
    if !token.is_lower() || token.any(class::ADVERB | class::PRONOUN | class::AUXILIARY | class::TIME) {
        return false;
    }
    let open = (floor..before).rev().find(|&n| !doc.tokens[n].is_lower() || doc.tokens[n].any(OPENS_PHRASE));
    let subject = class::DETERMINER | class::PRONOUN | class::ADVERB | class::AUXILIARY;
    !open.is_some_and(|n| {
        let open = &doc.tokens[n];
        open.any(subject) || open.is_capital() || open.is(shape::POSSESSIVE) || open.is(shape::DIGIT)
    })
}

/// Whether a form of `be` stands before, adverbs aside.
fn follows_be(doc: &Doc, at: usize, sentence: usize) -> bool {
    let mut before = at;
    while before > sentence && doc.tokens[before - 1].any(class::ADVERB | class::NEGATION) {
        before -= 1;
    }
    before > sentence && doc.reads_any(before - 1, &["is", "are", "was", "were", "be", "been", "being", "am"])
}

/// Whether `not` or `never` stands in the verb group.
fn negated(doc: &Doc, at: usize, sentence: usize) -> bool {
    let mut before = at;
    while before > sentence && at - before < 4 {
        let token = &doc.tokens[before - 1];
        if token.any(class::NEGATION) && !doc.reads(before - 1, "no") {
            return true;
        }
        if !token.any(class::AUXILIARY | class::ADVERB) {
            return false;
        }
        before -= 1;
    }
    false
}
