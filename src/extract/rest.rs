//! What becomes of words in marks that no cue governs.
//!
//! Words that only name something (titles, terms, a few words) are no speech. The others belong to the speaker who is
//! already speaking, to the subject of their sentence, or to nobody that the text names.

use crate::extract::content::View;
use crate::extract::mark::Marked;
use crate::extract::phrase::{Phrase, clause_subject, left};
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

/// Words from which a marked stretch can be speech by itself.
pub const SPEECH_WORDS: usize = 4;

/// Whether the words in marks are speech, as against a title or a term.
pub fn is_speech(view: &View, marked: &Marked) -> bool {
    if marked.words < SPEECH_WORDS {
        return false;
    }
    let doc = view.doc;
    let (mut long, mut capital) = (0, 0);
    for token in &doc.tokens[marked.inner.clone()] {
        if token.is(shape::WORD) && token.end - token.start > 3 && !token.is(shape::DIGIT) {
            long += 1;
            capital += usize::from(token.is(shape::CAPITAL));
        }
    }
    let last = doc.str(marked.inner.end - 1);
    let stops = matches!(last, "." | "!" | "?" | ",");
    if marked.words <= 12 && long >= 2 && capital == long && !(stops && last != ",") {
        return false;
    }
    let before = marked.open.checked_sub(1).filter(|&at| doc.tokens[at].sentence == doc.tokens[marked.open].sentence);
    let work = before.is_some_and(|at| {
        doc.tokens[at].any(class::WORK) || doc.str(at) == "," && at > 0 && doc.tokens[at - 1].any(class::WORK)
    });
    !(work && marked.words < 12)
}

/// The subject of the sentence around a marked stretch, outside the marks; before them first.
pub fn subject(view: &View, marked: &Marked) -> Option<Phrase> {
    let doc = view.doc;
    let sentence = doc.sentence(marked.open);
    if let Some(before) = clause_subject(doc, view.names, sentence.start, marked.open) {
        return Some(before);
    }
    let after = marked.after();
    let same = after < doc.tokens.len() && doc.paragraph_number(after) == doc.paragraph_number(marked.open);
    if !same {
        return None;
    }
    let end = doc.sentence(after).end;
    (doc.tokens[after].is_lower() || doc.sentence(after).start < after)
        .then(|| clause_subject(doc, view.names, after, end.min(after + 12)))
        .flatten()
}

/// The source that a cue of the same sentence has, even a guarded or negated one.
pub fn near_cue(view: &View, marked: &Marked) -> Option<(usize, Phrase)> {
    let doc = view.doc;
    let sentence = doc.sentence(marked.open);
    let from = view.cues.partition_point(|cue| cue.tokens.start < sentence.start);
    let mut best = None;
    for (number, cue) in view.cues.iter().enumerate().skip(from).take_while(|(_, cue)| cue.tokens.start < marked.open) {
        if cue.infinitive || cue.passive || cue.gerund {
            continue;
        }
        if let Some(source) = left(doc, view.names, cue.tokens.start, sentence.start) {
            best = Some((number, source));
        }
    }
    best
}

/// Whether the marked stretch stands in a sentence of its own, without words outside the marks.
pub fn stands_alone(view: &View, marked: &Marked) -> bool {
    let doc = view.doc;
    let sentence = doc.sentence(marked.open).start;
    let before = doc.tokens[sentence..marked.open].iter().any(|t| t.is(shape::WORD));
    let after = marked.after();
    let goes_on = after < doc.tokens.len()
        && doc.paragraph_number(after) == doc.paragraph_number(marked.open)
        && doc.tokens[after].is_lower();
    !before && !goes_on
}

/// `Name: “…”` and `“…” — Name`.
pub fn label(view: &View, marked: &Marked) -> Option<Phrase> {
    let doc = view.doc;
    let open = marked.open;
    if open > 0 && doc.str(open - 1) == ":" && doc.tokens[open - 1].sentence == doc.tokens[open].sentence {
        let name = view.names.over(open.checked_sub(2)?)?;
        return Some(Phrase { tokens: name.tokens.clone(), core: name.tokens.clone() });
    }
    let after = marked.after();
    if matches!(doc.str(after), "—" | "–" | "--" | "-") && doc.paragraph_number(after) == doc.paragraph_number(open)
    {
        let name = view.names.over(after + 1)?;
        return Some(Phrase { tokens: name.tokens.clone(), core: name.tokens.clone() });
    }
    None
}
