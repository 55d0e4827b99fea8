//! What every rule about quotes looks at: the text with its names, cues and stretches in marks.

use std::ops::Range;

use crate::extract::cue::Cue;
use crate::extract::doc::Doc;
use crate::extract::mark::Marked;
use crate::extract::name::Names;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

/// Tokens behind a cue within which its sentence may run on: longer ones are no sentences, and each cue looks at all.
const LONGEST: usize = 800;

/// All that the bounds of content depend on.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The text.
    pub doc: &'a Doc<'a>,
    /// Its names.
    pub names: &'a Names,
    /// Its cues.
    pub cues: &'a [Cue],
    /// Its stretches in marks.
    pub marked: &'a [Marked],
}

impl View<'_> {
    /// The stretch in marks that opens with this token.
    pub fn opened_at(&self, at: usize) -> Option<usize> {
        let number = self.doc.tokens.get(at)?.quoted.checked_sub(1)? as usize;
        (self.marked[number].open == at).then_some(number)
    }

    /// The numbers of the stretches that open inside these tokens.
    pub fn opened_within(&self, tokens: Range<usize>) -> Range<usize> {
        let from = self.marked.partition_point(|m| m.open < tokens.start);
        let to = self.marked.partition_point(|m| m.open < tokens.end);
        from..to.max(from)
    }

    /// The end of the sentence around `at`, running on to the end of a stretch in marks that it opens.
    pub fn long_sentence(&self, at: usize) -> Range<usize> {
        let doc = self.doc;
        let mut sentence = doc.sentence(at);
        let paragraph = doc.paragraph(at).tokens.clone();
        while sentence.end < paragraph.end && sentence.end - at < LONGEST {
            let last = doc.tokens[sentence.end - 1].quoted;
            let next = doc.tokens[sentence.end].quoted;
            let inside = next != 0 && next == last;
            let small = doc.tokens[sentence.end].is_lower();
            if !inside && !small {
                break;
            }
            sentence.end = doc.sentence(sentence.end).end;
        }
        sentence
    }

    /// Skips adverbs and times from `at` on.
    pub fn skip_light(&self, mut at: usize, end: usize) -> usize {
        let doc = self.doc;
        while at < end {
            let token = &doc.tokens[at];
            let time = token.any(class::TIME)
                && self.names.at[at] == 0
                && !token.any(class::GIVEN & !class::MALE & !class::FEMALE);
            let dated = (doc.reads_any(at, &["on", "late", "early", "last", "this", "in"]))
                && doc.tokens.get(at + 1).is_some_and(|t| t.any(class::TIME));
            let number = token.is(shape::DIGIT) && at > 0 && doc.tokens[at - 1].any(class::TIME);
            if time || dated || number || token.is_lower() && token.any(class::ADVERB) && !token.any(class::DETERMINER)
            {
                at += 1;
            } else {
                break;
            }
        }
        at
    }
}
