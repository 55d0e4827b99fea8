//! Whose words a cue reports: its subject, before it or behind it, or the subject of the clause it hangs on.

use crate::extract::content::has_verb;
use crate::extract::cue::Cue;
use crate::extract::phrase::{Phrase, clause_subject, left, right};
use crate::extract::sieve::Sieve;
use crate::extract::tables::frame;
use crate::extract::token::shape;
use crate::extract::view::View;
use crate::extract::vocabulary::class;

impl Sieve<'_> {
    /// Who stands as the subject of a cue.
    pub(super) fn source_of(&self, number: usize, sentence: usize) -> Option<Phrase> {
        let View { doc, names, cues, .. } = self.view;
        let cue = &cues[number];
        let at = cue.tokens.start;
        let first = cues.partition_point(|c| c.tokens.start < sentence).min(number);
        let before = (first..number).rev().find(|&n| !cues[n].infinitive);
        let inherited = || before.and_then(|n| self.sources[n].clone());
        if cue.gerund {
            // `with Ruiz saying`, `footage of Ruiz asking`.
            if let Some(name) = at
                .checked_sub(1)
                .and_then(|before| names.over(before))
                .filter(|name| name.person && name.tokens.start >= sentence)
            {
                return Some(Phrase { tokens: name.tokens.clone(), core: name.tokens.clone() });
            }
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
        let inverted = at == floor || at > floor && doc.str(at - 1) == ",";
        if inverted
            && cue.takes(frame::QUOTE)
            && let Some(source) = self.inverted(cue)
        {
            return Some(source);
        }
        let source = left(doc, names, at, floor)?;
        if doc.reads_any(source.core.start, &["who", "which", "that"]) && source.core.len() == 1 {
            let who = source.core.start;
            let antecedent = left(doc, names, who - usize::from(who > floor && doc.str(who - 1) == ","), floor);
            return Some(Phrase { core: antecedent.map_or(source.core, |phrase| phrase.core), tokens: source.tokens });
        }
        Some(source)
    }

    /// The subject behind `said`, when nothing but an ending, a time or a place follows it.
    pub(super) fn inverted(&self, cue: &Cue) -> Option<Phrase> {
        let View { doc, names, .. } = self.view;
        let end = doc.sentence(cue.tokens.start).end;
        let source = right(doc, names, cue.tokens.end, end)
            .filter(|source| !doc.tokens[source.core.start].any(class::PRONOUN) || names.at[source.core.start] != 0)?;
        let next = doc.tokens.get(source.tokens.end).filter(|_| source.tokens.end < end);
        let ends = next.is_none_or(|t| {
            !t.is(shape::WORD)
                || t.any(class::TIME)
                || t.any(class::PREPOSITION) && !t.any(class::SUBORDINATOR | class::AUXILIARY)
        });
        let clause = has_verb(&self.view, source.core.start, source.core.end);
        (ends && !clause).then_some(source)
    }
}
