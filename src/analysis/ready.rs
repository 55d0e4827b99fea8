//! Tokens ready to be indexed: all forms of a text in one pass, each as one string that costs little to hand on and to read.
//!
//! News says the same words over and over. An [`Analyst`] keeps the forms of those it has met, so that all but long
//! words are folded and stemmed once and looked up ever after. What it gives is what [`super::tokens`] gives, which a property holds it to.

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use super::{Form, Forms, Scanner, filed, joined, stem_with, tokens};
use crate::text::Span;

/// How many words an analyst keeps; the rarest of a hostile text must not fill the memory.
const MOST_WORDS: usize = 200_000;

/// Longer words, in bytes, are analysed each time. A word of this length and its length are one number, so that finding it
/// needs no look at its letters elsewhere in the memory, which is what looking up words costs.
const LONGEST_WORD: usize = 15;

/// Room is made at once for texts of up to so many bytes; longer ones find theirs.
const MOST_RESERVED: usize = 1 << 20;

/// Ends a token.
const END: u8 = 0;

/// Stands before the step from the place of the token before, where it is not one; [`STEP_END`] stands after.
const STEP: u8 = 1;
const STEP_END: u8 = 2;

/// A row of tokens in one string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ready {
    packed: String,
    /// The place after the last one.
    next: u32,
}

impl Ready {
    /// Adds a token at a place not before that of the last one.
    pub fn push(&mut self, text: &str, place: u32) {
        self.go_to(place);
        self.packed.push_str(text);
        self.packed.push(char::from(END));
    }

    /// Adds a token that ends with [`END`] already.
    fn push_ended(&mut self, token: &str, place: u32) {
        self.go_to(place);
        self.packed.push_str(token);
    }

    fn go_to(&mut self, place: u32) {
        if place != self.next {
            // The step counts from the last token's own place, and may be none.
            let step = (place + 1).saturating_sub(self.next);
            self.packed.push(char::from(STEP));
            self.packed.push_str(&step.to_string());
            self.packed.push(char::from(STEP_END));
        }
        self.next = place + 1;
    }

    /// Adds a token in a field in which places mean nothing.
    pub fn push_bare(&mut self, text: &str) {
        self.push(text, self.next);
    }

    /// Adds all tokens of another row behind these.
    pub fn extend(&mut self, other: &Self) {
        self.packed.push_str(&other.packed);
        self.next += other.next;
    }

    /// Leaves a place free, over which no phrase reaches.
    pub fn part(&mut self) {
        self.packed.push(char::from(END));
        self.next += 1;
    }

    /// Whether it has nothing.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// The tokens of a text in one form.
    pub fn of(text: &str, form: Form) -> Self {
        let mut ready = Self::default();
        tokens(text, form).for_each(|token| ready.push(&token.text, token.position));
        ready
    }

    /// The string that [`Words`] reads.
    pub fn as_str(&self) -> &str {
        &self.packed
    }
}

/// Reads the tokens of a [`Ready`] string: text and place of each.
pub struct Words<'a> {
    rest: &'a str,
    next: u32,
}

impl<'a> Words<'a> {
    /// Begins at the first token.
    pub fn new(packed: &'a str) -> Self {
        Self { rest: packed, next: 0 }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = (&'a str, u32);

    fn next(&mut self) -> Option<Self::Item> {
        // A token without a letter is a place left free.
        while self.rest.as_bytes().first() == Some(&END) {
            self.rest = &self.rest[1..];
            self.next += 1;
        }
        let end = memchr::memchr(END, self.rest.as_bytes())?;
        let mut text = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let mut place = self.next;
        if text.as_bytes().first() == Some(&STEP)
            && let Some((step, word)) = text[1..].split_once(char::from(STEP_END))
        {
            place = (place + step.parse::<u32>().unwrap_or(1)).saturating_sub(1);
            text = word;
        }
        self.next = place + 1;
        Some((text, place))
    }
}

/// All forms of a text.
#[derive(Debug, Clone, Default)]
pub struct Analysed {
    /// Its words folded and stemmed.
    pub stemmed: Ready,
    /// Its words folded, each filed under its stem.
    pub filed: Ready,
    /// Its words as written, each filed under its folded form, where the two differ; their places mean nothing.
    pub spelt: Ready,
    /// The stretch and the place of each token of `stemmed`.
    pub places: Vec<(Span, u32)>,
}

impl Analysed {
    /// With room for the tokens of a text of so many bytes; those of news take about this much.
    fn with_capacity(bytes: usize) -> Self {
        let bytes = bytes.min(MOST_RESERVED);
        let row = |bytes| Ready { packed: String::with_capacity(bytes), next: 0 };
        Self {
            stemmed: row(bytes),
            filed: row(bytes + bytes / 3),
            spelt: row(bytes / 2),
            places: Vec::with_capacity(bytes / 5),
        }
    }
}

/// Where the tokens of a word in each form stand, one behind the other, as they are packed.
#[derive(Clone, Copy)]
struct Known {
    start: u32,
    /// How long that of `stemmed` is, that of `filed`, and that of `spelt`, if there is one.
    stemmed: u16,
    filed: u16,
    spelt: u16,
}

impl Known {
    /// Writes the tokens behind those of the words before; nothing for a word whose forms depend on the line it stands in.
    fn of(forms: &Forms, tokens: &mut String) -> Option<Self> {
        if forms.capital.is_some() {
            return None;
        }
        let start = tokens.len();
        let mut length = |form| {
            let before = tokens.len();
            for token in forms.tokens(form, false) {
                tokens.push_str(&token);
                tokens.push(char::from(END));
            }
            u16::try_from(tokens.len() - before)
        };
        let lengths = (u32::try_from(start), length(Form::Stemmed), length(Form::Filed), length(Form::Spelt));
        match lengths {
            (Ok(start), Ok(stemmed @ 1..), Ok(filed @ 1..), Ok(spelt)) => Some(Self { start, stemmed, filed, spelt }),
            // A word without a stem, as a lone accent, has no place either.
            _ => {
                tokens.truncate(start);
                None
            }
        }
    }
}

/// A short word as a number.
fn number_of(word: &str) -> Option<u128> {
    let mut bytes = [0; LONGEST_WORD + 1];
    bytes.get_mut(..word.len()).filter(|_| word.len() <= LONGEST_WORD)?.copy_from_slice(word.as_bytes());
    bytes[LONGEST_WORD] = u8::try_from(word.len()).ok()?;
    Some(u128::from_le_bytes(bytes))
}

/// Analyses text after text and remembers the words it has met.
pub struct Analyst {
    stemmer: Stemmer,
    known: FxHashMap<u128, Known>,
    /// What is known, in the order in which it was met: words of every text stand near one another.
    tokens: String,
    parts: Vec<Span>,
}

impl Default for Analyst {
    fn default() -> Self {
        Self {
            stemmer: Stemmer::new(Algorithm::English),
            known: FxHashMap::default(),
            tokens: String::new(),
            parts: Vec::new(),
        }
    }
}

impl Analyst {
    /// The tokens of a text in the forms that are indexed.
    pub fn analyse(&mut self, text: &str) -> Analysed {
        let mut all = Analysed::with_capacity(text.len());
        let mut scanner = Scanner::new(text);
        let mut parts = std::mem::take(&mut self.parts);
        let mut place = 0;
        while scanner.next_compound(&mut parts) {
            for (number, part) in parts.iter().enumerate() {
                self.word(part.of(text), scanner.shouted, place, *part, &mut all);
                if number == 0 && parts.len() > 1 {
                    self.compound(text, &parts, place, &mut all);
                }
                place += 1;
            }
        }
        self.parts = parts;
        all
    }

    fn word(&mut self, word: &str, shouted: bool, place: u32, span: Span, all: &mut Analysed) {
        let number = number_of(word);
        if let Some(known) = number.and_then(|number| self.known.get(&number)) {
            let rest = &self.tokens[known.start as usize..];
            let (stemmed, rest) = rest.split_at(usize::from(known.stemmed));
            let (filed, rest) = rest.split_at(usize::from(known.filed));
            all.stemmed.push_ended(stemmed, place);
            all.filed.push_ended(filed, place);
            if known.spelt > 0 {
                all.spelt.push_ended(&rest[..usize::from(known.spelt)], all.spelt.next);
            }
            all.places.push((span, place));
            return;
        }
        let forms = Forms::of(word, None, &self.stemmer);
        if let Some(number) = number.filter(|_| self.known.len() < MOST_WORDS)
            && let Some(known) = Known::of(&forms, &mut self.tokens)
        {
            self.known.insert(number, known);
        }
        forms.tokens(Form::Spelt, shouted).for_each(|text| all.spelt.push_bare(&text));
        forms.tokens(Form::Filed, shouted).for_each(|text| all.filed.push(&text, place));
        for text in forms.tokens(Form::Stemmed, shouted) {
            all.stemmed.push(&text, place);
            all.places.push((span, place));
        }
    }

    fn compound(&mut self, text: &str, parts: &[Span], place: u32, all: &mut Analysed) {
        let Some(folded) = joined(text, parts) else { return };
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
        let stem = stem_with(&self.stemmer, &folded);
        all.stemmed.push(&stem, place);
        all.filed.push(&filed(&stem, &folded), place);
        all.spelt.push_bare(&filed(&folded, ""));
        all.places.push((Span { start: first.start, end: last.end }, place));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{filed_form, folds_of, others_under};

    fn unpacked(ready: &Ready) -> Vec<(String, u32)> {
        Words::new(ready.as_str()).map(|(text, place)| (text.to_owned(), place)).collect()
    }

    /// Holds all forms of an analyst against the tokens of each form.
    fn same(analyst: &mut Analyst, text: &str) {
        let all = analyst.analyse(text);
        let texts = |row: &[(String, u32)]| row.iter().map(|(text, _)| text.clone()).collect::<Vec<_>>();
        let spelt: Vec<String> = tokens(text, Form::Spelt).map(|token| token.text).collect();
        assert_eq!(texts(&unpacked(&all.spelt)), spelt, "{text:?}");
        for (form, ready) in [(Form::Filed, &all.filed), (Form::Stemmed, &all.stemmed)] {
            let expected: Vec<(String, u32)> = tokens(text, form).map(|token| (token.text, token.position)).collect();
            assert_eq!(unpacked(ready), expected, "{text:?} {form:?}");
            assert_eq!(unpacked(&Ready::of(text, form)), expected);
        }
        let places: Vec<(Span, u32)> = tokens(text, Form::Stemmed).map(|token| (token.span, token.position)).collect();
        assert_eq!(all.places, places, "{text:?}");
    }

    #[test]
    fn an_analyst_gives_the_tokens_of_every_form() {
        let mut analyst = Analyst::default();
        for text in [
            "",
            "The U.S.-led cease-fire of the US, not of us",
            "TALKS BETWEEN US AND CUBA\nUS and us",
            "u.s. U.S. state-of-the-art 2022-02-05 1,342 don't O’Brien’s",
            "習近平 São Tomé co\u{ad}operate",
            "A-\u{300}b WHO-led IT is",
        ] {
            same(&mut analyst, text);
            same(&mut analyst, text);
        }
        same(&mut analyst, &"é".repeat(1000));
    }

    #[test]
    fn rows_are_put_behind_one_another() {
        let mut row = Ready::of("red line", Form::Folded);
        row.extend(&Ready::of("cease-fire", Form::Folded));
        row.part();
        row.part();
        row.extend(&Ready::of("the end", Form::Folded));
        row.push_bare("of");
        row.part();
        let expected =
            [("red", 0), ("line", 1), ("cease", 2), ("ceasefire", 2), ("fire", 3), ("the", 6), ("end", 7), ("of", 8)];
        assert_eq!(unpacked(&row), expected.map(|(text, place)| (text.to_owned(), place)));
    }

    /// How often a text has each word as it is written, told from the forms that are indexed.
    fn spelt_from_index(text: &str, written: &str) -> usize {
        let all = Analyst::default().analyse(text);
        let count = |row: &Ready, wanted: &dyn Fn(&str) -> bool| {
            unpacked(row).iter().filter(|(token, _)| wanted(token)).count()
        };
        let (mut counted, mut but) = (0, 0);
        for under in folds_of(written) {
            if under == written {
                counted += count(&all.filed, &|token| token == filed_form(&under));
                let (from, to) = others_under(&under);
                but += count(&all.spelt, &|token| (from.as_str()..to.as_str()).contains(&token));
            } else {
                counted += count(&all.spelt, &|token| token == filed(&under, written));
            }
        }
        counted - but
    }

    /// Holds what the index tells of every word of a text, and of some others, against the words as written.
    fn same_spelling(text: &str) {
        let words: Vec<String> = tokens(text, Form::Written).map(|token| token.text).collect();
        let others = ["US", "us", "Us", "WHO", "who", "Who", "IT", "ab", "usus"].map(str::to_owned);
        for word in words.iter().chain(&others) {
            let expected = words.iter().filter(|other| *other == word).count();
            assert_eq!(spelt_from_index(text, word), expected, "{word:?} in {text:?}");
        }
    }

    #[test]
    fn words_as_written_are_told_from_what_is_indexed() {
        for text in [
            "The US told us that Us is not US, nor U.S. nor u.s.",
            "TALKS BETWEEN US AND CUBA ON WHO IS WHO\nWho is who? us, US",
            "cease-fire Cease-Fire ceasefire Ceasefire U-S us-us IT’s it's São sao SAO",
        ] {
            same_spelling(text);
        }
    }

    proptest! {
        #[test]
        fn no_spelling_is_lost(text in "[a-cUSuIiTtWwHhOos.'’ \\-éÉ\n]{0,60}|(US |us |WHO |Who |U.S. |u.s. |CUBA |ab-AB |usUS |\n){0,12}") {
            same_spelling(&text);
        }

        #[test]
        fn no_text_makes_a_difference(texts in prop::collection::vec("[a-cUSIT.' \\-é\n]{0,30}|\\PC{0,40}", 1..4)) {
            let mut analyst = Analyst::default();
            texts.iter().for_each(|text| same(&mut analyst, text));
        }
    }
}
