//! Words that a phrase gives to a source: `According to S, C` and `C, according to S`.

use std::ops::Range;

use crate::extract::bounds::{Hold, clause_end};
use crate::extract::content::{backward, has_verb};
use crate::extract::phrase::{Phrase, right};
use crate::extract::sieve::{Said, Sieve};
use crate::extract::tables::Tables;
use crate::extract::vocabulary::class;
use crate::facts::QuoteKind;

impl Sieve<'_> {
    /// `According to S, C` and `C, according to S`.
    pub(super) fn phrases(&mut self, tables: &Tables) {
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

    pub(super) fn phrase(&mut self, cue: Range<usize>, prior: f32, sentence: Range<usize>) {
        let view = self.view;
        let doc = view.doc;
        let Some(source) = right(doc, view.names, cue.end, sentence.end) else { return };
        let fronted = cue.start <= sentence.start + 1;
        let tokens = if fronted {
            // The first comma behind the source, unless an apposition follows it.
            let apposed =
                source.tokens.end > source.core.end && !has_verb(&view, source.core.end + 1, source.tokens.end);
            let from = if apposed { source.tokens.end } else { source.core.end };
            let Some(comma) = (from..sentence.end.min(from + 20)).find(|&at| doc.str(at) == ",") else { return };
            let start = comma + 1;
            let end = view.long_sentence(cue.start).end;
            if start >= end {
                return;
            }
            start..clause_end(&view, start, end, Hold::Clause)
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
}
