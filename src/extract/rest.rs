//! What becomes of words in marks that no cue governs.
//!
//! Words that only name something (titles, terms, a few words) are no speech. The others belong to the speaker who is
//! already speaking, to the subject of their sentence, or to nobody that the text names.

use crate::extract::mark::Marked;
use crate::extract::phrase::{Phrase, clause_subject, left, right};
use crate::extract::sieve::{Said, Sieve};
use crate::extract::token::shape;
use crate::extract::view::View;
use crate::extract::vocabulary::class;
use crate::facts::QuoteKind;

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
    let dash = |at: usize| matches!(doc.str(at), "—" | "–" | "―" | "--" | "-");
    if dash(after)
        && doc.paragraph_number(after) == doc.paragraph_number(open)
        && doc.tokens.get(after + 1).is_some_and(super::token::Token::is_capital)
    {
        return right(doc, view.names, after + 1, doc.sentence(after + 1).end);
    }
    // `… Jane Doe -- “…” --`
    let name = view.names.over(open.checked_sub(2)?).filter(|name| name.person)?;
    (dash(open - 1) && dash(after)).then(|| Phrase { tokens: name.tokens.clone(), core: name.tokens.clone() })
}

/// `“DOE: We go on.”`: the label of a transcript inside the marks.
pub fn transcript(view: &View, marked: &Marked) -> Option<Phrase> {
    let doc = view.doc;
    let start = marked.inner.start;
    let colon = (start + 1..marked.inner.end.min(start + 4)).find(|&at| doc.str(at) == ":")?;
    let upper = doc.tokens[start..colon].iter().all(|t| t.is(shape::UPPER | shape::WORD) || t.is(shape::INITIAL));
    (upper && colon + 2 < marked.inner.end).then_some(Phrase { tokens: start..colon, core: start..colon })
}

impl Sieve<'_> {
    /// A marked stretch that no cue governs.
    pub(super) fn rest(&mut self, number: usize) {
        let view = self.view;
        let marked = &view.marked[number];
        if self.interrupted(number) || !is_speech(&view, marked) {
            return;
        }
        let alone = stands_alone(&view, marked);
        if let Some(label) = transcript(&view, marked) {
            self.labelled = Some(label.clone());
            let inner = label.tokens.end + 1..marked.inner.end;
            let said = Said {
                parts: vec![inner],
                kind: QuoteKind::Direct,
                cue: None,
                source: Some(label),
                addressee: None,
                confidence: 0.85,
                rule: "transcript",
            };
            return self.push(said, number..number + 1);
        }
        if let Some(label) = self.labelled.clone().filter(|_| alone && !self.goes_on_near(number)) {
            return self.leave(number, None, Some(label), 0.6, "transcript");
        }
        // Another language has cues that are not known here, and they may give the words to somebody else.
        if view.doc.foreign {
            return self.leave(number, None, None, 0.4, "unattributed");
        }
        if let Some(source) = label(&view, marked) {
            return self.leave(number, None, Some(source), 0.8, "label");
        }
        if alone && self.goes_on(number) {
            return;
        }
        if !alone {
            if let Some((cue, source)) = near_cue(&view, marked) {
                return self.leave(number, Some(cue), Some(source), 0.6, "near-cue");
            }
            if let Some(source) = subject(&view, marked) {
                return self.leave(number, None, Some(source), 0.5, "subject");
            }
        }
        if alone && let Some(source) = self.introduced(number) {
            return self.leave(number, None, Some(source), 0.6, "introduced");
        }
        self.leave(number, None, None, 0.4, "unattributed");
    }

    /// Whether a cue of this paragraph stands near, so that the transcript's turn does not count.
    pub(super) fn goes_on_near(&self, number: usize) -> bool {
        let view = self.view;
        let paragraph = view.doc.paragraph(view.marked[number].open).tokens.clone();
        let from = view.cues.partition_point(|cue| cue.tokens.start < paragraph.start);
        view.cues.get(from).is_some_and(|cue| cue.tokens.start < paragraph.end && cue.is_speech())
    }

    pub(super) fn leave(
        &mut self,
        number: usize,
        cue: Option<usize>,
        source: Option<Phrase>,
        confidence: f32,
        rule: &'static str,
    ) {
        let view = self.view;
        let inner = view.marked[number].inner.clone();
        let cue = cue.map(|n| view.cues[n].tokens.clone());
        let said = Said { parts: vec![inner], kind: QuoteKind::Direct, cue, source, addressee: None, confidence, rule };
        self.push(said, number..number + 1);
    }

    /// `“One part,” S said, “and the other.”`
    pub(super) fn interrupted(&mut self, number: usize) -> bool {
        let view = self.view;
        let now = &view.marked[number];
        let Some(before) = number.checked_sub(1) else { return false };
        let Some(owner) = self.owner[before] else { return false };
        let Some(cue) = self.said[owner].cue.clone() else { return false };
        let after = view.marked[before].after();
        let same = view.doc.paragraph_number(view.marked[before].open) == view.doc.paragraph_number(now.open);
        let between = cue.start >= after && cue.end <= now.open && now.open - cue.end <= 30;
        if !same || !between || self.said[owner].kind == QuoteKind::Indirect {
            return false;
        }
        let other = view.cues.partition_point(|c| c.tokens.start < cue.end);
        if view
            .cues
            .get(other)
            .is_some_and(|c| c.tokens.start < now.open && !c.gerund && !c.infinitive && self.sources[other].is_some())
        {
            return false;
        }
        self.said[owner].parts.push(now.inner.clone());
        self.owner[number] = Some(owner);
        true
    }

    /// Joins the words to what the same speaker said just before, in this paragraph or over an unclosed mark.
    pub(super) fn goes_on(&mut self, number: usize) -> bool {
        let view = self.view;
        let doc = view.doc;
        let Some(before) = number.checked_sub(1) else { return false };
        let Some(owner) = self.owner[before] else { return false };
        let (now, then) = (&view.marked[number], &view.marked[before]);
        let paragraphs = doc.paragraph_number(now.open) - doc.paragraph_number(then.open);
        if then.continues && paragraphs == 1 && self.said[owner].kind == QuoteKind::Direct {
            self.said[owner].parts.push(now.inner.clone());
            self.owner[number] = Some(owner);
            return true;
        }
        if paragraphs != 0 || self.said[owner].source.is_none() {
            return false;
        }
        // One sentence of narrative may stand between, as long as nobody else is its subject.
        let between = doc.tokens[now.open].sentence - doc.tokens[then.after().min(doc.tokens.len()) - 1].sentence;
        if between > 2 {
            return false;
        }
        let source = self.said[owner].source.clone();
        let cue = self.said[owner].cue.clone();
        if self.said[owner].kind == QuoteKind::Direct && between <= 1 {
            self.said[owner].parts.push(now.inner.clone());
            self.owner[number] = Some(owner);
            return true;
        }
        let said = Said {
            parts: vec![now.inner.clone()],
            kind: QuoteKind::Direct,
            cue,
            source,
            addressee: None,
            confidence: 0.75,
            rule: "goes-on",
        };
        self.push(said, number..number + 1);
        true
    }

    /// The subject of the sentence before, when it leads up to the words: `He put it plainly: “…”`, `He was blunt. “…”`.
    pub(super) fn introduced(&self, number: usize) -> Option<Phrase> {
        let View { doc, names, .. } = self.view;
        let open = self.view.marked[number].open;
        let sentence = doc.sentence(open).start;
        let last = sentence.checked_sub(1)?;
        let near = doc.paragraph_number(open) - doc.paragraph_number(last);
        let before = doc.sentence(last);
        // Who spoke in the sentence before goes on.
        let spoke = self
            .said
            .iter()
            .rev()
            .take(200)
            .find(|said| said.source.is_some() && said.cue.as_ref().is_some_and(|cue| before.contains(&cue.start)));
        if let Some(said) = spoke.filter(|_| near == 0) {
            return said.source.clone();
        }
        if near == 0 || near == 1 && matches!(doc.str(last), ":" | ",") {
            return crate::extract::phrase::clause_subject(doc, names, before.start, before.end);
        }
        if near == 1 {
            // The words go on from the paragraph before when its speaker ended it.
            let then = number.checked_sub(1)?;
            let owner = self.owner[then]?;
            let same = doc.paragraph_number(self.view.marked[then].open) + 1 == doc.paragraph_number(open);
            return self.said[owner].source.clone().filter(|_| same);
        }
        None
    }
}
