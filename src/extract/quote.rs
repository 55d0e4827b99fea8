//! The sieve: ties words to cues and sources, the most trusted pattern first.
//!
//! 1. A stretch in marks followed by `, said S` or `, S said`. 2. What a cue governs on its right: a stretch in marks,
//! or a clause with or without marks. 3. A clause followed by `, S said` or `according to S`. 4. What is left of the
//! marked stretches: the same paragraph's speaker goes on, the sentence's subject speaks, or nobody is named.

use std::ops::Range;

use crate::extract::content::{View, backward, clause_end, forward, has_verb, trim_end};
use crate::extract::cue::Cue;
use crate::extract::phrase::{Phrase, clause_subject, left, right};
use crate::extract::rest::{SPEECH_WORDS, is_speech, label, near_cue, stands_alone, subject};
use crate::extract::tables::{Tables, frame};
use crate::extract::token::shape;
use crate::extract::vocabulary::class;
use crate::facts::QuoteKind;

/// Something said, in tokens.
#[derive(Debug, Clone)]
pub struct Said {
    /// The words.
    pub parts: Vec<Range<usize>>,
    /// How they are rendered.
    pub kind: QuoteKind,
    /// The cue.
    pub cue: Option<Range<usize>>,
    /// Who says it.
    pub source: Option<Phrase>,
    /// Who is told.
    pub addressee: Option<Range<usize>>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Which rule.
    pub rule: &'static str,
}

/// Finds everything said, in the order of the text.
pub fn find(view: &View, tables: &Tables, beliefs: bool) -> Vec<Said> {
    let mut sieve = Sieve {
        view: *view,
        owner: vec![None; view.marked.len()],
        used: vec![false; view.cues.len()],
        sources: vec![None; view.cues.len()],
        said: Vec::new(),
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
    said.sort_by_key(|one| one.parts.iter().map(|part| part.start).min());
    said
}

struct Sieve<'a> {
    view: View<'a>,
    /// For every marked stretch the number of what was said in it.
    owner: Vec<Option<usize>>,
    used: Vec<bool>,
    sources: Vec<Option<Phrase>>,
    said: Vec<Said>,
}

impl Sieve<'_> {
    fn push(&mut self, said: Said, marked: Range<usize>) {
        let number = self.said.len();
        for owner in &mut self.owner[marked] {
            owner.get_or_insert(number);
        }
        self.said.push(said);
    }

    /// `“…,” said S` and `“…,” S said`.
    fn after(&mut self, number: usize) {
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
    fn before_after(&self, number: usize) -> (Vec<Range<usize>>, QuoteKind, usize) {
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
        (vec![start..trim_end(doc, start, marked.after())], QuoteKind::Mixed, first)
    }

    /// Cue and source right behind a stretch in marks.
    fn following(&self, start: usize, limit: usize, ended: bool) -> Option<(Option<usize>, Phrase, &'static str)> {
        let View { doc, names, cues, .. } = self.view;
        let first = cues.partition_point(|cue| cue.tokens.start < start);
        if doc.reads(start, "according") && doc.reads(start + 1, "to") {
            return right(doc, names, start + 2, limit).map(|source| (None, source, "according"));
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
            let floor = if doc.tokens[start].any(class::CONJUNCTION | class::SUBORDINATOR) { start + 1 } else { start };
            if let Some(source) = left(doc, names, cue.tokens.start, floor) {
                if source.tokens.start <= lead.max(floor) + 1 && (ended || source.tokens.start <= floor) {
                    return Some((Some(number), source, "subject-said"));
                }
            }
            if !cue.gerund {
                return None;
            }
        }
        None
    }

    /// What a cue governs: a stretch in marks, a clause, or the clause before it.
    fn govern(&mut self, number: usize) {
        let view = self.view;
        let cue = &view.cues[number];
        let sentence = view.long_sentence(cue.tokens.start);
        let source = self.source_of(number, sentence.start);
        self.sources[number].clone_from(&source);
        let end = trim_end(view.doc, cue.tokens.end.min(sentence.end), sentence.end);
        if let Some(marked) = self.direct_object(cue, sentence.end) {
            if self.owner[marked].is_none() && !(cue.guarded && source.is_none()) {
                self.take_direct(number, marked, source);
                return;
            }
        }
        if cue.guarded || cue.passive || cue.infinitive {
            return;
        }
        let Some(source) = source else { return };
        if self.postposed(number, &sentence, &source) {
            return;
        }
        let Some(clause) = forward(&view, cue, end) else { return };
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

    /// The marked stretch that is the cue's object: right behind it, or behind a comma, a colon, an addressee.
    fn direct_object(&self, cue: &Cue, end: usize) -> Option<usize> {
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
        if open - at > 30 {
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
    fn whole_clause(&self, number: usize) -> bool {
        let marked = &self.view.marked[number];
        has_verb(&self.view, marked.inner.start, marked.inner.end)
            && self.view.doc.tokens.get(marked.after()).is_none_or(|t| !t.is_lower())
    }

    fn take_direct(&mut self, number: usize, marked: usize, source: Option<Phrase>) {
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
    fn postposed(&mut self, number: usize, sentence: &Range<usize>, source: &Phrase) -> bool {
        let view = self.view;
        let doc = view.doc;
        let cue = &view.cues[number];
        if !cue.takes(frame::QUOTE | frame::ZERO) || cue.gerund || source.tokens.start <= sentence.start + 3 {
            return false;
        }
        let inverted = source.tokens.start >= cue.tokens.end;
        let comma = if inverted { cue.tokens.start - 1 } else { source.tokens.start - 1 };
        if doc.str(comma) != "," {
            return false;
        }
        let after = view.skip_light(if inverted { source.tokens.end } else { cue.tokens.end }, sentence.end);
        let closed = after >= sentence.end
            || !doc.tokens[after].is(shape::WORD)
            || doc.tokens[after].any(class::PREPOSITION) && !doc.tokens[after].any(class::DETERMINER);
        if !closed {
            return false;
        }
        let mut floor = sentence.start;
        if let Some(before) = view.marked[..view.opened_within(0..comma).end].last().filter(|m| m.after() > floor) {
            if self.owner[doc.tokens[before.open].quoted as usize - 1].is_some() {
                floor = before.after();
            }
        }
        let Some(tokens) = backward(&view, floor, comma) else { return false };
        let inside = view.opened_within(tokens.clone());
        let kind = if inside.is_empty() { QuoteKind::Indirect } else { QuoteKind::Mixed };
        let said = Said {
            parts: vec![tokens],
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

    /// Who stands as the subject of a cue.
    fn source_of(&self, number: usize, sentence: usize) -> Option<Phrase> {
        let View { doc, names, cues, .. } = self.view;
        let cue = &cues[number];
        let at = cue.tokens.start;
        let before = cues[..number].iter().rposition(|c| c.tokens.start >= sentence && !c.infinitive);
        let inherited = || before.and_then(|n| self.sources[n].clone());
        if cue.gerund {
            let comma = at > sentence && matches!(doc.str(at - 1), "," | "—" | "--");
            return inherited()
                .filter(|_| comma)
                .or_else(|| clause_subject(doc, names, sentence, at))
                .or_else(inherited);
        }
        if cue.infinitive {
            return clause_subject(doc, names, sentence, at);
        }
        let mut floor = sentence;
        if let Some(last) = (sentence..at).rev().find(|&n| doc.tokens[n].quoted != 0 && names.at[n] == 0) {
            floor = last + 1;
        }
        if at > floor && doc.tokens[at - 1].any(class::CONJUNCTION)
            || at > floor + 1 && doc.tokens[at - 1].any(class::ADVERB) && doc.tokens[at - 2].any(class::CONJUNCTION)
        {
            return inherited().or_else(|| clause_subject(doc, names, floor, at));
        }
        if at > floor && doc.str(at - 1) == "," && cue.takes(frame::QUOTE) {
            if let Some(source) = right(doc, names, cue.tokens.end, doc.sentence(at).end) {
                return Some(source);
            }
        }
        let source = left(doc, names, at, floor)?;
        if doc.reads_any(source.core.start, &["who", "which", "that"]) && source.core.len() == 1 {
            let who = source.core.start;
            return left(doc, names, who - usize::from(who > floor && doc.str(who - 1) == ","), floor).or(Some(source));
        }
        Some(source)
    }

    /// `According to S, C` and `C, according to S`.
    fn phrases(&mut self, tables: &Tables) {
        let view = self.view;
        let doc = view.doc;
        let mut at = 0;
        while at < doc.tokens.len() {
            let token = &doc.tokens[at];
            let sentence = doc.sentence(at);
            let found = (token.any(class::PHRASE_START) && token.quoted == 0)
                .then(|| tables.phrases.longest(doc.tokens[at..sentence.end].iter().map(|t| t.word)))
                .flatten();
            let Some((length, cues)) = found.filter(|(_, cues)| cues[0].source_follows && cues[0].prior >= 0.3) else {
                at += 1;
                continue;
            };
            self.phrase(at..at + length, cues[0].prior, sentence);
            at += length;
        }
    }

    fn phrase(&mut self, cue: Range<usize>, prior: f32, sentence: Range<usize>) {
        let view = self.view;
        let doc = view.doc;
        let Some(source) = right(doc, view.names, cue.end, sentence.end) else { return };
        let fronted = cue.start <= sentence.start + 1;
        let tokens = if fronted {
            let start = source.core.end + usize::from(doc.str(source.core.end) == ",");
            let start = if source.tokens.end > source.core.end && has_verb(&view, start, source.tokens.end) {
                start
            } else {
                source.tokens.end + usize::from(doc.str(source.tokens.end) == ",")
            };
            let end = view.long_sentence(cue.start).end;
            if start >= end {
                return;
            }
            start..clause_end(&view, start, end)
        } else {
            let comma = cue.start - usize::from(doc.str(cue.start - 1) == ",");
            match backward(&view, sentence.start, comma) {
                Some(tokens) => tokens,
                None => return,
            }
        };
        let inside = view.opened_within(tokens.clone());
        if tokens.len() < 2 || inside.clone().any(|marked| self.owner[marked].is_some()) {
            return;
        }
        let core =
            Phrase { tokens: if fronted { source.core.clone() } else { source.tokens.clone() }, core: source.core };
        let direct = inside.len() == 1
            && view.marked[inside.start].open == tokens.start
            && view.marked[inside.start].after() >= tokens.end;
        let kind = if direct {
            QuoteKind::Direct
        } else if inside.is_empty() {
            QuoteKind::Indirect
        } else {
            QuoteKind::Mixed
        };
        let parts = if direct { vec![view.marked[inside.start].inner.clone()] } else { vec![tokens] };
        let said = Said {
            parts,
            kind,
            cue: Some(cue),
            source: Some(core),
            addressee: None,
            confidence: prior,
            rule: "according",
        };
        self.push(said, inside);
    }

    /// A marked stretch that no cue governs.
    fn rest(&mut self, number: usize) {
        let view = self.view;
        let marked = &view.marked[number];
        if !is_speech(&view, marked) {
            return;
        }
        let alone = stands_alone(&view, marked);
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
        if alone {
            if let Some(source) = self.introduced(number) {
                return self.leave(number, None, Some(source), 0.6, "introduced");
            }
        }
        self.leave(number, None, None, 0.4, "unattributed");
    }

    fn leave(
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

    /// Joins the words to what the same speaker said just before, in this paragraph or over an unclosed mark.
    fn goes_on(&mut self, number: usize) -> bool {
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
    fn introduced(&self, number: usize) -> Option<Phrase> {
        let View { doc, names, .. } = self.view;
        let open = self.view.marked[number].open;
        let sentence = doc.sentence(open).start;
        let last = sentence.checked_sub(1)?;
        let near = doc.paragraph_number(open) - doc.paragraph_number(last);
        let before = doc.sentence(last);
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
