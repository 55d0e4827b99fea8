//! The sieve: ties words to cues and sources, the most trusted pattern first.
//!
//! - A stretch in marks followed by `, said S` or `, S said`.
//! - What a cue governs on its right: a stretch in marks, or a clause with or without marks.
//! - A clause followed by `, S said` or `according to S`.
//! - What is left of the marked stretches: the speaker goes on, the sentence's subject speaks, or nobody is named.

use std::ops::Range;

use crate::extract::bounds::{Hold, clause_end, trim_end};
use crate::extract::content::{backward, forward, has_verb};
use crate::extract::cue::Cue;
use crate::extract::doc::Doc;
use crate::extract::phrase::{Phrase, left, right};
use crate::extract::rest::SPEECH_WORDS;
use crate::extract::sieve::{Said, Sieve};
use crate::extract::tables::{Tables, frame};
use crate::extract::token::shape;
use crate::extract::view::View;
use crate::extract::vocabulary::class;
use crate::facts::QuoteKind;

/// Finds everything said, in the order of the text.
pub fn find(view: &View, tables: &Tables, beliefs: bool) -> Vec<Said> {
    let mut sieve = Sieve {
        view: *view,
        owner: vec![None; view.marked.len()],
        used: vec![false; view.cues.len()],
        sources: vec![None; view.cues.len()],
        said: Vec::new(),
        labelled: None,
    };
    for number in 0..view.marked.len() {
        sieve.after(number);
    }
    for number in 0..view.cues.len() {
        let cue = &view.cues[number];
        if (cue.is_speech() || beliefs) && !sieve.used[number] {
            sieve.govern(number);
        }
    }
    sieve.phrases(tables);
    for number in 0..view.marked.len() {
        if sieve.owner[number].is_none() {
            sieve.rest(number);
        }
    }
    let mut said = sieve.said;
    said.retain(|one| !one.parts.is_empty());
    drop_nested_objects(&mut said);
    said.sort_by_key(|one| one.parts.iter().map(|part| part.start).min());
    said
}

/// What somebody is reported to reject is no second quote: `They asked that Oslo rule out talks`.
fn drop_nested_objects(said: &mut Vec<Said>) {
    let mut clauses: Vec<Range<usize>> =
        said.iter().filter(|one| one.rule != "object").flat_map(|one| one.parts.iter().cloned()).collect();
    clauses.sort_by_key(|part| part.start);
    // For each start the farthest end so far: clauses may lie in one another.
    let mut far = 0;
    let ends: Vec<(usize, usize)> = clauses
        .iter()
        .map(|part| {
            far = far.max(part.end);
            (part.start, far)
        })
        .collect();
    said.retain(|one| {
        let Some(cue) = one.cue.as_ref().filter(|_| one.rule == "object" && one.kind == QuoteKind::Indirect) else {
            return true;
        };
        let before = ends.partition_point(|(start, _)| *start <= cue.start);
        before.checked_sub(1).is_none_or(|last| ends[last].1 < cue.end)
    });
}

/// Whether the words up to the comma only lead up to a clause: `In March`, `If it rains`, `To win`.
fn is_adjunct(doc: &Doc, from: usize, comma: usize) -> bool {
    let first = (from..comma).find(|&n| doc.tokens[n].is(shape::WORD) && !doc.tokens[n].any(class::CONJUNCTION));
    let Some(first) = first else { return false };
    let token = &doc.tokens[first];
    let leads = token.any(class::SUBORDINATOR | class::PREPOSITION) && !doc.reads_any(first, &["that", "what", "how"])
        || doc.str(first).ends_with("ing") && !token.any(class::PRONOUN | class::DETERMINER);
    leads && !(first..comma).any(|n| doc.str(n) == ",")
}

impl Sieve<'_> {
    /// `“…,” said S` and `“…,” S said`.
    pub(super) fn after(&mut self, number: usize) {
        let view = self.view;
        let doc = view.doc;
        let marked = &view.marked[number];
        if !marked.closed || self.owner[number].is_some() {
            return;
        }
        let mut start = marked.after();
        let paragraph = doc.paragraph(marked.open).tokens.end;
        if start >= paragraph {
            return;
        }
        let outside = doc.str(start) == ",";
        start += usize::from(outside);
        let last = doc.str(marked.inner.end - 1);
        let stopped = matches!(last, "." | "…");
        let ended = outside || matches!(last, "," | "?" | "!" | "-" | "--" | "—" | "...");
        if start >= paragraph || stopped && !doc.tokens[start].is_lower() || (marked.words < SPEECH_WORDS && !ended) {
            return;
        }
        let next_open = view.marked.get(number + 1).map_or(paragraph, |next| next.open);
        let limit = view.doc.sentence(start).end.min(next_open).min(start + 45).min(paragraph);
        if let Some((cue, source, rule)) = self.following(start, limit, ended) {
            let at = cue.map(|n| view.cues[n].tokens.clone());
            if let Some(n) = cue {
                self.used[n] = true;
                self.sources[n] = Some(source.clone());
            }
            let (parts, kind, first) = self.before_after(number);
            let said = Said { parts, kind, cue: at, source: Some(source), addressee: None, confidence: 0.95, rule };
            self.push(said, first..number + 1);
        }
    }

    /// The stretch alone, or with the narrative before it in the same sentence: `The plan “is dead,” he said`.
    pub(super) fn before_after(&self, number: usize) -> (Vec<Range<usize>>, QuoteKind, usize) {
        let view = self.view;
        let doc = view.doc;
        let marked = &view.marked[number];
        let alone = (vec![marked.inner.clone()], QuoteKind::Direct, number);
        let sentence = doc.sentence(marked.open).start;
        let mut floor = sentence;
        while floor < marked.open && (!doc.tokens[floor].is(shape::WORD) && doc.tokens[floor].quoted == 0) {
            floor += 1;
        }
        let words = marked.open.saturating_sub(floor);
        let cued = view
            .cues
            .iter()
            .skip(view.cues.partition_point(|c| c.tokens.start < floor))
            .take_while(|c| c.tokens.start < marked.open)
            .any(Cue::is_speech);
        if words < 2
            || cued
            || matches!(doc.str(marked.open - 1), ":" | ",") && marked.words >= SPEECH_WORDS
            || (floor..marked.open).any(|at| matches!(doc.str(at), ":" | ";"))
        {
            return alone;
        }
        let first = view.opened_within(floor..marked.open + 1).start;
        let first = first.min(number);
        let start = if doc.tokens[floor].quoted != 0 {
            floor
        } else {
            backward(&view, floor, marked.open).map_or(floor, |range| range.start)
        };
        (std::iter::once(start..trim_end(doc, start, marked.after())).collect(), QuoteKind::Mixed, first)
    }

    /// Cue and source right behind a stretch in marks.
    pub(super) fn following(
        &self,
        start: usize,
        limit: usize,
        ended: bool,
    ) -> Option<(Option<usize>, Phrase, &'static str)> {
        let View { doc, names, cues, .. } = self.view;
        let first = cues.partition_point(|cue| cue.tokens.start < start);
        let per = doc.reads(start, "per")
            && !doc.reads_any(start + 1, &["cent", "year", "day", "month", "week", "capita", "person"]);
        if per || doc.reads(start, "according") && doc.reads(start + 1, "to") {
            let at = start + if per { 1 } else { 2 };
            return right(doc, names, at, limit).map(|source| (None, source, "according"));
        }
        for (number, cue) in cues.iter().enumerate().skip(first).take_while(|(_, cue)| cue.tokens.end <= limit) {
            if cue.infinitive
                || cue.passive
                || !cue.takes(frame::QUOTE | frame::THAT | frame::ZERO | frame::PERSON | frame::WRITE) && !ended
            {
                continue;
            }
            let lead = self.view.skip_light(start, cue.tokens.start);
            if lead == cue.tokens.start && !cue.gerund {
                let at = self.view.skip_light(cue.tokens.end, limit);
                if let Some(source) = right(doc, names, at, limit) {
                    return Some((Some(number), source, "said-subject"));
                }
                return None;
            }
            if doc.tokens[start].any(class::CONJUNCTION | class::SUBORDINATOR) && !doc.reads(start, "as") {
                return None;
            }
            let floor = start + usize::from(doc.reads(start, "as"));
            if let Some(source) = left(doc, names, cue.tokens.start, floor)
                && source.tokens.start <= lead.max(floor) + 1
                && (ended || source.tokens.start <= floor)
            {
                return Some((Some(number), source, "subject-said"));
            }
            if !cue.gerund {
                return None;
            }
        }
        None
    }

    /// What a cue governs: a stretch in marks, a clause, or the clause before it.
    pub(super) fn govern(&mut self, number: usize) {
        let view = self.view;
        let cue = &view.cues[number];
        let sentence = view.long_sentence(cue.tokens.start);
        let source = self.source_of(number, sentence.start);
        self.sources[number].clone_from(&source);
        let end = trim_end(view.doc, cue.tokens.end.min(sentence.end), sentence.end);
        if let Some(marked) = self.direct_object(cue, sentence.end)
            && self.owner[marked].is_none()
            && !(cue.guarded && source.is_none())
        {
            self.take_direct(number, marked, source);
            return;
        }
        if cue.guarded || cue.passive || cue.infinitive {
            return;
        }
        let Some(source) = source else { return };
        if self.postposed(number, &sentence, &source) {
            return;
        }
        let hold = if self.is_inner(&source, sentence.start) { Hold::Inner } else { Hold::Clause };
        let Some(clause) = forward(&view, cue, end, hold) else { return };
        let inside = view.opened_within(clause.tokens.clone());
        let taken = inside.clone().any(|marked| self.owner[marked].is_some());
        let kind = if inside.is_empty() { QuoteKind::Indirect } else { QuoteKind::Mixed };
        let mut tokens = clause.tokens;
        if taken {
            // Somebody else already speaks in it: keep what stands before.
            let first = inside.clone().find(|&marked| self.owner[marked].is_some()).unwrap_or(inside.start);
            let open = view.marked[first].open;
            if open <= tokens.start + 2 {
                return;
            }
            tokens.end = trim_end(view.doc, tokens.start, open);
        }
        let confidence = cue.form.prior * if clause.rule == "object" { 0.6 } else { 0.9 };
        let said = Said {
            parts: vec![tokens],
            kind,
            cue: Some(cue.tokens.clone()),
            source: Some(source),
            addressee: clause.addressee,
            confidence,
            rule: clause.rule,
        };
        self.used[number] = true;
        self.push(said, inside);
    }

    /// Whether the cue stands in a subordinate clause: `While S said C, the others …`.
    fn is_inner(&self, source: &Phrase, sentence: usize) -> bool {
        let doc = self.view.doc;
        source.tokens.start.checked_sub(1).is_some_and(|before| {
            before >= sentence
                && doc.reads_any(
                    before,
                    &["while", "although", "though", "when", "after", "because", "if", "since", "as", "where"],
                )
        })
    }

    /// The marked stretch that is the cue's object: right behind it, or behind a comma, a colon, an addressee.
    pub(super) fn direct_object(&self, cue: &Cue, end: usize) -> Option<usize> {
        let View { doc, marked, .. } = self.view;
        let at = cue.tokens.end;
        let inside = self.view.opened_within(at..end);
        let paragraph = doc.paragraph(at - 1).tokens.end;
        if inside.is_empty() {
            // `He said:` with the words in the next paragraph.
            let colon = at < paragraph && doc.str(paragraph - 1) == ":" && paragraph - at < 12;
            return colon.then(|| self.view.opened_at(paragraph)).flatten();
        }
        let first = inside.start;
        let open = marked[first].open;
        let next = self.view.cues.partition_point(|other| other.tokens.start < at);
        let other = self.view.cues.get(next).is_some_and(|other| other.tokens.start < open && !other.infinitive);
        if open - at > 30 || other {
            return None;
        }
        let before = open.checked_sub(1).filter(|&n| n >= at);
        let Some(before) = before else {
            return (marked[first].words >= SPEECH_WORDS || cue.takes(frame::QUOTE) && !cue.takes(frame::NOUN))
                .then_some(first);
        };
        let light = self.view.skip_light(at, open);
        if light == open {
            return (marked[first].words >= SPEECH_WORDS).then_some(first);
        }
        let introduced = matches!(doc.str(before), "," | ":")
            || doc.reads(before, "that") && marked[first].words >= SPEECH_WORDS && self.whole_clause(first);
        let clause = (at..before).any(|n| doc.reads(n, "that") || doc.tokens[n].any(class::AUXILIARY));
        if introduced && !clause || doc.str(before) == ":" {
            return Some(first);
        }
        // `told reporters “…`
        let phrase = right(doc, self.view.names, light, open);
        (phrase.is_some_and(|p| p.tokens.end == open)
            && marked[first].words >= SPEECH_WORDS
            && cue.takes(frame::PERSON))
        .then_some(first)
    }

    /// Whether the marked words are a clause of their own and end the sentence.
    pub(super) fn whole_clause(&self, number: usize) -> bool {
        let marked = &self.view.marked[number];
        has_verb(&self.view, marked.inner.start, marked.inner.end)
            && self.view.doc.tokens.get(marked.after()).is_none_or(|t| !t.is_lower())
    }

    pub(super) fn take_direct(&mut self, number: usize, marked: usize, source: Option<Phrase>) {
        let view = self.view;
        let cue = &view.cues[number];
        let stretch = &view.marked[marked];
        let confidence = if source.is_some() { 0.92 } else { 0.6 };
        let said = Said {
            parts: vec![stretch.inner.clone()],
            kind: QuoteKind::Direct,
            cue: Some(cue.tokens.clone()),
            source,
            addressee: None,
            confidence,
            rule: "cue-quote",
        };
        self.used[number] = true;
        self.push(said, marked..marked + 1);
    }

    /// `C, S said.`: the clause before, when nothing but times and places follows the cue.
    pub(super) fn postposed(&mut self, number: usize, sentence: &Range<usize>, source: &Phrase) -> bool {
        let view = self.view;
        let doc = view.doc;
        let cue = &view.cues[number];
        if !cue.takes(frame::QUOTE | frame::ZERO) || cue.gerund || source.tokens.start < sentence.start + 2 {
            return false;
        }
        let inverted = source.tokens.start >= cue.tokens.end;
        let comma = if inverted { cue.tokens.start - 1 } else { source.tokens.start - 1 };
        if doc.str(comma) != ","
            || inverted && cue.takes(frame::NOUN)
            || cue.form.prior < 0.35
            || doc.reads_any(source.tokens.start, &["who", "which"])
        {
            return false;
        }
        let after = view.skip_light(if inverted { source.tokens.end } else { cue.tokens.end }, sentence.end);
        let promised = cue.takes(frame::VOW | frame::INFINITIVE) && doc.reads(after, "to");
        let closed = after >= sentence.end
            || !doc.tokens[after].is(shape::WORD)
            || doc.tokens[after].any(class::PREPOSITION) && !doc.tokens[after].any(class::DETERMINER);
        if !closed || promised {
            return false;
        }
        let mut floor = sentence.start;
        if let Some(before) = view.marked[..view.opened_within(0..comma).end].last().filter(|m| m.after() > floor)
            && self.owner[doc.tokens[before.open].quoted as usize - 1].is_some()
        {
            floor = before.after();
        }
        let bare = (floor..comma).all(|n| doc.tokens[n].any(class::CONJUNCTION | class::ADVERB | class::SUBORDINATOR));
        let fronted = bare || is_adjunct(doc, floor, comma);
        // `C, S said, D`: the words go on behind the interruption; behind a mere adjunct they only begin there.
        let rest = (doc.str(after) == "," && after + 3 < sentence.end && doc.tokens[after + 1].quoted == 0)
            .then(|| after + 1..clause_end(&view, after + 1, sentence.end, Hold::Clause))
            .filter(|rest| {
                rest.len() > 2
                    && (fronted || !doc.tokens[rest.start].any(class::PRONOUN) && !doc.str(rest.start).ends_with("ing"))
            });
        if fronted && rest.is_none() {
            return false;
        }
        let front = if fronted { (!bare).then_some(floor..comma) } else { backward(&view, floor, comma) };
        if front.is_none() && !bare {
            return false;
        }
        let inside = view.opened_within(front.clone().unwrap_or(comma..comma));
        let kind = if inside.is_empty() { QuoteKind::Indirect } else { QuoteKind::Mixed };
        let said = Said {
            parts: front.into_iter().chain(rest).collect(),
            kind,
            cue: Some(cue.tokens.clone()),
            source: Some(source.clone()),
            addressee: None,
            confidence: 0.85,
            rule: "postposed",
        };
        self.used[number] = true;
        self.push(said, inside);
        true
    }
}
