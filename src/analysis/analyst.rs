//! Texts to rows: all forms of a text in one pass, each word as one number.
//!
//! News says the same words over and over. An [`Analyst`] keeps those it has met in a [`Book`], so that all but the
//! rarest are folded and stemmed once and looked up ever after. What it gives is what [`super::tokens`] gives, which a
//! property holds it to.

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use super::lexicon::pack;
use super::{Book, Counts, Form, Forms, MOST_PARTS, Row, Scanner, Step, filed, joined, stem_with};
use crate::text::Span;

/// A word of up to so many bytes and its length are one number, so that finding it needs no look at its letters elsewhere
/// in the memory, which is what looking up words costs.
const LONGEST_SHORT: usize = 15;

/// Longer words, in bytes, are analysed each time.
const LONGEST_NUMBERED: usize = 40;

/// How many words of each sort are known; the rest is analysed each time. There are more of them than there are forms: one
/// word can be written in many ways.
const MOST_KNOWN: usize = 200_000;

/// Room is made at once for texts of up to so many bytes; longer ones find theirs.
const MOST_RESERVED: usize = 1 << 20;

/// What is numbered besides plain words; stands before the text it is found by.
#[derive(Clone, Copy)]
enum Kind {
    /// A word of more than a few letters, or one whose forms depend on the line it stands in.
    Word = 1,
    /// The same in a line that is shouted.
    Shouted,
    /// Words that hyphens tie, as one.
    Compound,
    /// A stem without a word.
    Stem,
    /// A mark, which is no word.
    Mark,
}

/// A text as it is indexed.
#[derive(Debug, Clone, Default)]
pub struct Analysed {
    /// Its words.
    pub row: Row,
    /// The stretch and the place of each token of [`Form::Stemmed`].
    pub places: Vec<(Span, u32)>,
}

impl Analysed {
    /// With room for the words of a text of so many bytes; those of news take about this much.
    fn with_capacity(bytes: usize) -> Self {
        let words = bytes.min(MOST_RESERVED) / 5;
        Self { row: Row::with_capacity(words), places: Vec::with_capacity(words) }
    }

    /// Notes where the last word stands, which has so many tokens.
    fn place(&mut self, span: Span, place: u32, counts: Counts<u8>) {
        for _ in 0..counts.of(Form::Stemmed) {
            self.places.push((span, place));
        }
    }
}

/// What is known of a word: its number, and how many tokens it has, for a word may be two.
#[derive(Clone, Copy)]
struct Known {
    number: u32,
    counts: Counts<u8>,
}

impl Known {
    fn add_to(self, row: &mut Row, same_place: bool) -> Counts<u8> {
        let step = Step::word(self.number);
        row.push(if same_place { step.at_same_place() } else { step }, self.counts);
        self.counts
    }
}

/// Takes the tokens of a word.
type Push<'a> = &'a mut dyn FnMut(&str);

/// A short word of a text as a number.
#[inline]
fn number_of(text: &str, word: Span) -> Option<u128> {
    let (start, length) = (word.start as usize, (word.end - word.start) as usize);
    if length > LONGEST_SHORT {
        return None;
    }
    let bytes = text.as_bytes();
    let letters = match bytes.get(start..).and_then(<[u8]>::first_chunk) {
        // With what follows, which is cut off: so many bytes are read at once.
        Some(chunk) => u128::from_le_bytes(*chunk) & !(u128::MAX << (8 * length)),
        None => {
            let mut chunk = [0; size_of::<u128>()];
            chunk.get_mut(..length)?.copy_from_slice(bytes.get(start..start + length)?);
            u128::from_le_bytes(chunk)
        }
    };
    Some(letters | (length as u128) << (8 * LONGEST_SHORT))
}

/// Words are looked up so many at a time, one right after the other: the processor waits for many places of the memory at
/// once. No compound is longer.
const TOGETHER: usize = MOST_PARTS;

/// A word of a text, and what is known of it.
struct Found {
    span: Span,
    /// How many parts the compound has that it begins; none where it begins no compound.
    parts: usize,
    shouted: bool,
    known: Option<Known>,
}

/// Analyses text after text and remembers the words it has met.
pub struct Analyst {
    stemmer: Stemmer,
    book: Book,
    /// Short words whose forms are the same in every line.
    short: FxHashMap<u128, Known>,
    /// All others, by kind and text.
    others: FxHashMap<Box<str>, Known>,
    /// The words of a text that hyphens tie, and how many of them were looked up.
    parts: Vec<Span>,
    taken: usize,
    words: Vec<Found>,
    key: String,
    packed: String,
}

impl Default for Analyst {
    fn default() -> Self {
        Self::new(Book::default())
    }
}

impl Analyst {
    /// One that numbers its words in this book, perhaps with others.
    pub fn new(book: Book) -> Self {
        Self {
            stemmer: Stemmer::new(Algorithm::English),
            book,
            short: FxHashMap::default(),
            others: FxHashMap::default(),
            parts: Vec::new(),
            taken: 0,
            words: Vec::new(),
            key: String::new(),
            packed: String::new(),
        }
    }

    /// The words it has numbered.
    pub fn book(&self) -> Book {
        self.book.clone()
    }

    /// The words of a text.
    pub fn analyse(&mut self, text: &str) -> Analysed {
        let mut all = Analysed::with_capacity(text.len());
        let mut scanner = Scanner::new(text);
        self.parts.clear();
        self.taken = 0;
        let mut words = std::mem::take(&mut self.words);
        let mut place = 0;
        while self.find_next(text, &mut scanner, &mut words) {
            for (at, word) in words.iter().enumerate() {
                let counts = match word.known {
                    Some(known) => known.add_to(&mut all.row, false),
                    None => self.word(text, word.span, word.shouted, &mut all.row),
                };
                all.place(word.span, place, counts);
                if word.parts > 0 {
                    let parts = &words[at..at + word.parts];
                    let whole = Span { end: parts.last().unwrap_or(word).span.end, ..word.span };
                    let counts = self.compound(text, whole, parts, &mut all.row);
                    all.place(whole, place, counts);
                }
                place += 1;
            }
        }
        self.words = words;
        all
    }

    /// Finds the next words of a text and looks them up; false at its end. Those of a compound come together, but for one of
    /// more parts than that, which is too long to be found as one word.
    fn find_next(&mut self, text: &str, scanner: &mut Scanner<'_>, words: &mut Vec<Found>) -> bool {
        words.clear();
        while words.len() < TOGETHER {
            if self.taken == self.parts.len() {
                self.taken = 0;
                if !scanner.next_compound(&mut self.parts) {
                    break;
                }
            }
            let (first, shouted) = (words.len(), scanner.shouted);
            let parts = self.parts[self.taken..].iter().take(TOGETHER);
            words.extend(parts.map(|span| Found { span: *span, parts: 0, shouted, known: None }));
            self.taken += words.len() - first;
            if (2..=TOGETHER).contains(&self.parts.len()) {
                words[first].parts = self.parts.len();
            }
        }
        for word in &mut *words {
            word.known = number_of(text, word.span).and_then(|number| self.short.get(&number)).copied();
        }
        !words.is_empty()
    }

    /// Adds a stem without a word.
    pub fn stem(&mut self, stem: &str, row: &mut Row) {
        self.add(Kind::Stem, stem, false, row, |_, form, push| {
            if form == Form::Stemmed {
                push(stem);
            }
        });
    }

    /// Adds a mark, which is found as [`Form::Filed`]; `same_place` is where the one before is.
    pub fn mark(&mut self, mark: &str, same_place: bool, row: &mut Row) {
        self.add(Kind::Mark, mark, same_place, row, |_, form, push| {
            if form == Form::Filed {
                push(mark);
            }
        });
    }

    /// Adds a word and returns how many tokens it has. One without any, as a lone accent, leaves its place free.
    fn word(&mut self, text: &str, span: Span, shouted: bool, row: &mut Row) -> Counts<u8> {
        let (word, number) = (span.of(text), number_of(text, span));
        // It may have been met since it was looked up.
        if let Some(known) = number.and_then(|number| self.short.get(&number)) {
            return known.add_to(row, false);
        }
        if let Some(number) = number {
            let forms = Forms::of(word, None, &self.stemmer);
            if forms.capital.is_none() {
                let of = |form, push: Push<'_>| forms.tokens(form, shouted).for_each(|token| push(&token));
                let (counts, known) = self.add_new(of, false, row);
                if let Some(known) = known.filter(|_| self.short.len() < MOST_KNOWN) {
                    self.short.insert(number, known);
                }
                return counts;
            }
        }
        let kind = if shouted { Kind::Shouted } else { Kind::Word };
        let mut forms = None;
        self.add(kind, word, false, row, |stemmer, form, push| {
            let forms = forms.get_or_insert_with(|| Forms::of(word, None, stemmer));
            forms.tokens(form, shouted).for_each(|token| push(&token));
        })
    }

    /// Adds a compound as one word, at the place of its first part, and returns how many tokens it has.
    fn compound(&mut self, text: &str, whole: Span, parts: &[Found], row: &mut Row) -> Counts<u8> {
        let mut folded = None;
        let join = || joined(text, &parts.iter().map(|part| part.span).collect::<Vec<_>>());
        self.add(Kind::Compound, whole.of(text), true, row, |stemmer, form, push| {
            let Some(folded) = folded.get_or_insert_with(join) else { return };
            match form {
                Form::Stemmed => push(&stem_with(stemmer, folded)),
                Form::Filed => push(&filed(&stem_with(stemmer, folded), folded)),
                // It is not written so.
                _ => push(&filed(folded, "")),
            }
        })
    }

    /// Adds something by its kind and text, whether it is known or not; returns how many tokens it has.
    fn add(
        &mut self,
        kind: Kind,
        text: &str,
        same_place: bool,
        row: &mut Row,
        mut of: impl FnMut(&Stemmer, Form, Push<'_>),
    ) -> Counts<u8> {
        let stemmer = self.stemmer;
        let of = |form: Form, push: Push<'_>| of(&stemmer, form, push);
        if text.len() > LONGEST_NUMBERED {
            let counts = pack(&mut self.packed, of);
            row.push_rare(&self.packed, same_place, counts);
            return counts;
        }
        self.key.clear();
        self.key.push(char::from(kind as u8));
        self.key.push_str(text);
        if let Some(known) = self.others.get(self.key.as_str()) {
            return known.add_to(row, same_place);
        }
        let (counts, known) = self.add_new(of, same_place, row);
        if let Some(known) = known.filter(|_| self.others.len() < MOST_KNOWN) {
            self.others.insert(self.key.as_str().into(), known);
        }
        counts
    }

    /// Adds a word that has these forms. Returns how many tokens it has, and what is to be known of it if it has a number.
    fn add_new(
        &mut self,
        of: impl FnMut(Form, Push<'_>),
        same_place: bool,
        row: &mut Row,
    ) -> (Counts<u8>, Option<Known>) {
        let counts = pack(&mut self.packed, of);
        let known = self.book.number(&self.packed).map(|number| Known { number, counts });
        match known {
            Some(known) => known.add_to(row, same_place),
            None => {
                row.push_rare(&self.packed, same_place, counts);
                counts
            }
        };
        (counts, known)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{MOST_NUMBERED, filed_form, folds_of, others_under, tokens};

    /// The tokens of a row in a form, each with its place.
    fn unpacked(analyst: &Analyst, row: &Row, form: Form) -> Vec<(String, u32)> {
        let book = analyst.book().edition();
        let mut tokens = Vec::new();
        book.each_word(row.steps().iter().copied(), |number, place| {
            let (lexicon, number) = match (number.checked_sub(MOST_NUMBERED), row.rare()) {
                (Some(rare), Some(lexicon)) => (lexicon, rare),
                _ => (&book.lexicon, number),
            };
            tokens.extend(lexicon.tokens(number as usize, form).map(|token| (token.to_owned(), place)));
        });
        tokens
    }

    /// Holds all forms of an analyst against the tokens of each form.
    fn same(analyst: &mut Analyst, text: &str) {
        let all = analyst.analyse(text);
        for form in [Form::Stemmed, Form::Filed, Form::Folded, Form::Spelt] {
            assert_eq!(all.row.counts().of(form) as usize, tokens(text, form).count(), "{text:?} {form:?}");
            let expected: Vec<(String, u32)> = tokens(text, form).map(|token| (token.text, token.position)).collect();
            assert_eq!(unpacked(analyst, &all.row, form), expected, "{text:?} {form:?}");
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
        for parts in [TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER] {
            same(&mut analyst, &format!("a {}b and c-d", "x-".repeat(parts - 1)));
            same(&mut analyst, &format!("a-{}b", "\u{301}-".repeat(parts - 2)));
        }
    }

    #[test]
    fn what_has_no_number_is_kept_with_its_row() {
        let long = "a".repeat(LONGEST_NUMBERED + 1);
        let mut analyst = Analyst::default();
        for text in [&*long, &format!("US-{long} {long}"), &format!("{long}s and {long}-{long} {long}")] {
            same(&mut analyst, text);
            assert!(analyst.analyse(text).row.rare().is_some());
        }
        for number in 0..MOST_NUMBERED {
            analyst.book.number(&number.to_string());
        }
        for text in ["new words", "a new-fangled word: U.S., US, a word", "TALKS BETWEEN US AND IT"] {
            same(&mut analyst, text);
            assert!(analyst.analyse(text).row.rare().is_some());
        }
        let (first, second) = (analyst.analyse("new words").row, analyst.analyse("of the old-time world").row);
        let (mut both, mut expected) = (first.clone(), unpacked(&analyst, &first, Form::Filed));
        both.part(1);
        both.extend(&second);
        expected.extend(unpacked(&analyst, &second, Form::Filed).into_iter().map(|(text, place)| (text, place + 3)));
        assert_eq!(unpacked(&analyst, &both, Form::Filed), expected);
    }

    #[test]
    fn rows_are_put_behind_one_another() {
        let mut analyst = Analyst::default();
        let mut row = analyst.analyse("red line").row;
        row.extend(&analyst.analyse("cease-fire").row);
        row.part(2);
        let end = analyst.analyse("the end").row;
        let end = analyst.book().keep(end);
        assert_eq!([Form::Filed, Form::Spelt].map(|form| end.counts().of(form)), [2, 0]);
        assert_eq!(end.steps().len(), 1);
        row.extend(&end);
        row.part(1);
        row.extend(&end);
        let expected = [
            ("red", 0),
            ("line", 1),
            ("cease", 2),
            ("ceasefire", 2),
            ("fire", 3),
            ("the", 6),
            ("end", 7),
            ("the", 9),
            ("end", 10),
        ];
        assert_eq!(unpacked(&analyst, &row, Form::Folded), expected.map(|(text, place)| (text.to_owned(), place)));
    }

    #[test]
    fn marks_and_stems_are_no_words() {
        let mut analyst = Analyst::default();
        let mut row = Row::default();
        analyst.stem("negoti", &mut row);
        analyst.mark("p", false, &mut row);
        analyst.mark("s", true, &mut row);
        let of = |form| unpacked(&analyst, &row, form);
        assert_eq!(of(Form::Stemmed), [("negoti".to_owned(), 0)]);
        assert_eq!(of(Form::Filed), [("p".to_owned(), 1), ("s".to_owned(), 1)]);
        assert_eq!(of(Form::Spelt), []);
    }

    /// How often a text has each word as it is written, told from the forms that are indexed.
    fn spelt_from_index(text: &str, written: &str) -> usize {
        let mut analyst = Analyst::default();
        let row = analyst.analyse(text).row;
        let count = |form: Form, wanted: &dyn Fn(&str) -> bool| {
            unpacked(&analyst, &row, form).iter().filter(|(token, _)| wanted(token)).count()
        };
        let (mut counted, mut but) = (0, 0);
        for under in folds_of(written) {
            if under == written {
                counted += count(Form::Filed, &|token| token == filed_form(&under));
                let (from, to) = others_under(&under);
                but += count(Form::Spelt, &|token| (from.as_str()..to.as_str()).contains(&token));
            } else {
                counted += count(Form::Spelt, &|token| token == filed(&under, written));
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
