//! Pairs quotation marks, of every convention, one paragraph at a time.
//!
//! Straight marks are told open from close by their neighbours, directed ones by what the article mostly does with
//! them (German and Swedish papers turn them round). Damage stays inside its paragraph. A mark left open runs on when
//! the next paragraph opens again, as long quotations do; else it is closed where the words end, if there are enough
//! of them to be speech.

use std::ops::Range;

use crate::extract::doc::Doc;
use crate::extract::token::shape;
use crate::text::{is_hebrew, is_unspaced};

/// A stretch in quotation marks.
#[derive(Debug, Clone)]
pub struct Marked {
    /// The opening mark's token.
    pub open: usize,
    /// The tokens between the marks.
    pub inner: Range<usize>,
    /// Whether a closing mark was found.
    pub closed: bool,
    /// Whether the next paragraph goes on with the same words.
    pub continues: bool,
    /// How many words it holds.
    pub words: usize,
}

impl Marked {
    /// The token after the closing mark.
    pub fn after(&self) -> usize {
        self.inner.end + usize::from(self.closed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Open,
    Close,
    Either,
}

/// Characters that an unclosed stretch needs to be taken for speech.
const ENOUGH: u32 = 30;

/// Finds all stretches in marks, and notes for every token which one it lies in.
pub fn pair(doc: &mut Doc) -> Vec<Marked> {
    let turned = Turned::vote(doc);
    let mut found = Vec::new();
    for number in 0..doc.paragraphs.len() {
        let singles = turned.singles || doc.paragraphs[number].heading;
        pair_paragraph(doc, number, &turned, singles, &mut found);
    }
    for (number, marked) in found.iter().enumerate() {
        let end = marked.after();
        for token in &mut doc.tokens[marked.open..end] {
            token.quoted = number as u32 + 1;
        }
    }
    found
}

/// What this article does with marks that have a direction, and whether single marks are its first choice.
struct Turned {
    curly: bool,
    guillemets: bool,
    right_right: bool,
    singles: bool,
}

impl Turned {
    fn vote(doc: &Doc) -> Self {
        let (mut curly, mut guillemets, mut right, mut left_seen, mut doubles, mut singles) =
            (0i32, 0i32, 0i32, 0, 0, 0);
        for (at, token) in doc.tokens.iter().enumerate() {
            if token.shape & (shape::MARK | shape::SINGLE) == 0 {
                continue;
            }
            let side = by_neighbours(doc, at);
            let weight = i32::from(side == Side::Open) - i32::from(side == Side::Close);
            match doc.str(at) {
                "“" => {
                    curly += weight;
                    left_seen += 1;
                }
                "«" => guillemets += weight,
                "”" => right += weight,
                "‘" => singles += 1,
                "'" if side == Side::Open => singles += 1,
                _ => {}
            }
            doubles += i32::from(token.is(shape::MARK));
        }
        Self {
            curly: curly < 0,
            guillemets: guillemets < 0,
            right_right: left_seen == 0 && right.abs() < doubles / 2,
            singles: doubles == 0 && singles > 0,
        }
    }

    fn side(&self, doc: &Doc, at: usize) -> Side {
        match doc.str(at) {
            "“" | "‟" if self.curly => Side::Close,
            "“" | "‟" | "„" | "「" | "『" | "``" => Side::Open,
            "”" if self.right_right => by_neighbours(doc, at),
            "”" => Side::Close,
            "」" | "』" => Side::Close,
            "«" if self.guillemets => Side::Close,
            "«" => Side::Open,
            "»" if self.guillemets => Side::Open,
            "»" => Side::Close,
            _ => by_neighbours(doc, at),
        }
    }
}

/// What blanks and punctuation around a mark say.
fn by_neighbours(doc: &Doc, at: usize) -> Side {
    let token = &doc.tokens[at];
    let paragraph = &doc.paragraph(at).tokens;
    let first = at == paragraph.start;
    let last = at + 1 >= paragraph.end;
    let before_free = first || token.is(shape::SPACED) || matches!(doc.str(at - 1), "(" | "[" | "-" | "--" | "—" | "–");
    let after_tight = !last && !doc.tokens[at + 1].is(shape::SPACED);
    let after_word = after_tight
        && (doc.tokens[at + 1].is(shape::WORD)
            || matches!(doc.str(at + 1), "[" | "(" | "$" | "..." | "…" | "‘" | "'" | "#"));
    match (before_free, after_tight) {
        (true, true) => Side::Open,
        (false, false) => Side::Close,
        (false, true) if !after_word => Side::Close,
        _ => Side::Either,
    }
}

/// The side of a single mark, which is most often an apostrophe.
fn single_side(doc: &Doc, at: usize, end: usize, open: bool) -> Option<Side> {
    if doc.str(at) == "‘" {
        return Some(Side::Open);
    }
    let elision = at + 1 < end
        && !doc.tokens[at + 1].is(shape::SPACED)
        && (doc.tokens[at + 1].is(shape::DIGIT) || doc.reads_any(at + 1, &["tis", "em", "cause", "til", "n", "twas"]));
    match by_neighbours(doc, at) {
        Side::Open if !open && !elision && doc.str(at) != "’" => Some(Side::Open),
        Side::Close if open && !is_plural_possessive(doc, at, end) => Some(Side::Close),
        _ => None,
    }
}

/// Whether this is the apostrophe of `ministers' plan` with the true closing mark still to come.
fn is_plural_possessive(doc: &Doc, at: usize, end: usize) -> bool {
    let after_s = at > 0 && doc.str(at - 1).ends_with(['s', 'S']);
    if !after_s || at + 1 >= end || !doc.tokens[at + 1].is_lower() {
        return false;
    }
    let sentence = doc.sentence(at).end.min(end);
    (at + 1..sentence).any(|later| doc.tokens[later].is(shape::SINGLE) && by_neighbours(doc, later) == Side::Close)
}

fn pair_paragraph(doc: &Doc, number: usize, turned: &Turned, singles: bool, found: &mut Vec<Marked>) {
    let tokens = doc.paragraphs[number].tokens.clone();
    let mut open: Option<(usize, bool)> = None;
    // Marks of another kind inside the words: `«Never “that” again»`.
    let mut inner: Option<Kind> = None;
    for at in tokens.clone() {
        let token = &doc.tokens[at];
        let side = if token.is(shape::MARK) {
            Some(turned.side(doc, at)).filter(|_| !is_letter_mark(doc, at))
        } else if token.is(shape::SINGLE) && singles {
            single_side(doc, at, tokens.end, open.is_some_and(|(_, single)| single))
        } else {
            None
        };
        let single = token.is(shape::SINGLE);
        match (side, open) {
            (Some(Side::Open | Side::Either), None) => {
                open = Some((at, single));
                inner = None;
            }
            (Some(Side::Close), Some(_)) if inner.is_some() && inner == kind(doc, at) => inner = None,
            (Some(Side::Close | Side::Either), Some((start, same))) if same == single => {
                found.extend(stretch(doc, start, at, true));
                open = None;
            }
            (Some(Side::Open), Some((start, same))) if same == single && lost_closer(doc, start, at) => {
                found.extend(stretch(doc, start, sentence_end_before(doc, start, at), false));
                open = Some((at, single));
                inner = None;
            }
            (Some(Side::Open), Some((start, same))) if same == single && kind(doc, start) != kind(doc, at) => {
                inner = kind(doc, at);
            }
            _ => {}
        }
    }
    if let Some((start, _)) = open {
        finish(doc, number, start, turned, found);
    }
}

/// Which marks belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Curly,
    Guillemets,
    Corners,
    DoubleCorners,
    Straight,
}

fn kind(doc: &Doc, at: usize) -> Option<Kind> {
    match doc.str(at) {
        "“" | "”" | "„" | "‟" => Some(Kind::Curly),
        "«" | "»" => Some(Kind::Guillemets),
        "「" | "」" => Some(Kind::Corners),
        "『" | "』" => Some(Kind::DoubleCorners),
        "\"" => Some(Kind::Straight),
        _ => None,
    }
}

/// Whether the mark stands between two letters of Hebrew, as in an abbreviation.
fn is_letter_mark(doc: &Doc, at: usize) -> bool {
    let token = &doc.tokens[at];
    let (before, after) =
        (doc.text[..token.start as usize].chars().next_back(), doc.text[token.end as usize..].chars().next());
    matches!(doc.str(at), "\"" | "”" | "“") && before.is_some_and(is_hebrew) && after.is_some_and(is_hebrew)
}

/// Whether the stretch that began at `start` lost its closing mark before `at`: a sentence ended in between.
fn lost_closer(doc: &Doc, start: usize, at: usize) -> bool {
    doc.tokens[start].sentence != doc.tokens[at].sentence
}

fn sentence_end_before(doc: &Doc, start: usize, at: usize) -> usize {
    doc.sentences[doc.tokens[at].sentence as usize].start.max(start + 1)
}

/// What becomes of a mark that is open at the end of its paragraph.
fn finish(doc: &Doc, number: usize, start: usize, turned: &Turned, found: &mut Vec<Marked>) {
    let end = doc.paragraphs[number].tokens.end;
    let next = doc.paragraphs.get(number + 1).map(|paragraph| paragraph.tokens.start);
    let continues = next.is_some_and(|at| doc.tokens[at].is(shape::MARK) && turned.side(doc, at) == Side::Open);
    let size = doc.tokens[end - 1].end - doc.tokens[start].start;
    if !continues && size < ENOUGH {
        return;
    }
    if let Some(mut marked) = stretch(doc, start, end, false) {
        marked.continues = continues;
        found.push(marked);
    }
}

/// The stretch between an opening mark and the token `close`, if there is a word in it.
fn stretch(doc: &Doc, open: usize, close: usize, closed: bool) -> Option<Marked> {
    let inner = open + 1..close;
    let words = doc.tokens[inner.clone()].iter().filter(|t| t.is(shape::WORD) && !t.is(shape::POSSESSIVE));
    let words = words.map(|token| words_of(doc.slice_of(token))).sum();
    (words > 0).then_some(Marked { open, inner, closed, continues: false, words })
}

/// How many words stand in a token: Chinese, Japanese and Thai have no blanks between words, which have two letters or more.
fn words_of(token: &str) -> usize {
    if token.starts_with(is_unspaced) { token.chars().count().div_ceil(2) } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tables::Tables;

    fn check(text: &str, expected: &[&str]) {
        let mut doc = Doc::new(text, Tables::builtin());
        let found = pair(&mut doc);
        let words: Vec<&str> = found.iter().map(|marked| doc.slice(marked.inner.clone())).collect();
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn every_convention_is_paired() {
        check("“Stay,” he said. \"Or go.\"", &["Stay,", "Or go."]);
        check("''Stay,'' he said.", &["Stay,"]);
        check("„Bleib“, sagte er. „Oder geh“, bat sie.", &["Bleib", "Oder geh"]);
        check("»Bliv«, sagde han, »eller gå«.", &["Bliv", "eller gå"]);
        check("« Reste », dit-il.", &["Reste"]);
        check("‘It’s the workers’ turn,’ he said.", &["It’s the workers’ turn,"]);
        check("The dogs' owners' club met.", &[]);
        check("«Nunca este “chantaje” de nadie», dijo.", &["Nunca este “chantaje” de nadie"]);
        check("“Not «that» and not \"this\",” he said.", &["Not «that» and not \"this\","]);
        check("„Bleib «nie» hier“, sagte er.", &["Bleib «nie» hier"]);
        check("דובר צה\"ל מסר הודעה. יו\"ר הכנסת הגיב.", &[]);
    }

    #[test]
    fn damage_stays_in_its_paragraph() {
        check("He said: \"We shall all go home at once.\n\nNothing else.", &["We shall all go home at once."]);
        check("He had a 5\" pipe.\n\n\"Fine,\" he said.", &["Fine,"]);
        check(
            "“One long word after another.\n\n“And more of it.” He left.",
            &["One long word after another.", "And more of it."],
        );
    }
}
