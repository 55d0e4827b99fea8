//! A million articles whose words are as frequent as words are: for questions, not for extraction.
//!
//! The vocabulary is that of the sample archive, the most frequent word first, and after it words that are made up; the
//! word of rank r comes up in proportion to 1/r (Zipf's law), and every article says a few words of its own topic again
//! and again, as articles do. Actors and a quote are given, not extracted. The same articles on every machine.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use chancery::analysis::{self, Form};
use chancery::article::{Article, ArticleId, Origin, Standing};
use chancery::corpus;
use chancery::date::{Date, Day, Moment, Provenance, Published};
use chancery::engine::Stored;
use chancery::facts::{Actor, ActorKind, Facts, Form as MentionForm, Mention, Quote, QuoteKind};
use chancery::text::Span;

use crate::corpus::{Random, options};

/// How many words there are.
const VOCABULARY: usize = 300_000;

/// The shortest article in words, and by how much others are longer.
const LENGTHS: (usize, usize) = (60, 120);

/// Words of the topic of an article, and how often one of them comes up, in a hundred words.
const TOPIC: (usize, usize) = (5, 15);

/// How many persons there are.
const PERSONS: usize = 20_000;

/// Seconds since 1970 at which everything came in.
const INGESTED: i64 = 1_735_689_600;

/// Makes articles without end.
pub struct Articles {
    words: Vec<String>,
    random: Random,
    written: u64,
}

impl Articles {
    /// Takes the words of the sample archive and makes up the others.
    pub fn open() -> Result<Self, Box<dyn Error>> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let mut counts: HashMap<String, usize> = HashMap::new();
        for found in corpus::walk(&root, &options())?.flatten() {
            let bytes = std::fs::read(&found.path)?;
            corpus::read(&found.relative, &bytes, &mut |article| {
                let Ok(article) = article else { return };
                for token in analysis::tokens(&article.text, Form::Folded).filter(|token| token.text.is_ascii()) {
                    *counts.entry(token.text).or_default() += 1;
                }
            });
        }
        let mut ranked: Vec<(String, usize)> = counts.into_iter().collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let known = ranked.into_iter().map(|(word, _)| word);
        let made_up = (0..).map(syllables);
        Ok(Self { words: known.chain(made_up).take(VOCABULARY).collect(), random: Random::new(), written: 0 })
    }

    /// The word of a rank, counted from 0.
    pub fn word(&self, rank: usize) -> &str {
        &self.words[rank.min(self.words.len() - 1)]
    }

    fn rank(&mut self, limit: usize) -> usize {
        // The inverse of Zipf's distribution function, within a few parts in a hundred.
        let even = self.random.below(1 << 24) as f64 / f64::from(1 << 24);
        ((even * (limit as f64).ln()).exp() as usize).min(limit) - 1
    }

    fn text(&mut self) -> String {
        let length = LENGTHS.0 + self.random.below(LENGTHS.1);
        let topic: Vec<usize> = (0..TOPIC.0).map(|_| self.rank(VOCABULARY)).collect();
        let mut text = String::with_capacity(length * 7);
        for place in 0..length {
            let rank = if self.random.below(100) < TOPIC.1 {
                topic[self.random.below(topic.len())]
            } else {
                self.rank(VOCABULARY)
            };
            text.push_str(&self.words[rank]);
            text.push_str(match place % 60 {
                59 => ".\n\n",
                14 | 29 | 44 => ". ",
                _ => " ",
            });
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// A word of consonants and vowels that no other number has.
fn syllables(number: usize) -> String {
    let mut rest = number + 400;
    let mut word = String::new();
    while rest > 0 {
        word.push(char::from(b"bdfgklmnprstvz"[rest % 14]));
        rest /= 14;
        word.push(char::from(b"aeiou"[rest % 5]));
        rest /= 5;
    }
    word
}

fn person(number: usize, span: Span) -> Actor {
    let name = format!("Person {}", syllables(number));
    let mention = Mention { span, form: MentionForm::Name, confidence: 0.9, rule: "given".into() };
    Actor {
        id: format!("person:{}", syllables(number)),
        kind: ActorKind::Person,
        name,
        aliases: Arc::default(),
        country: None,
        parent: None,
        roles: Vec::new(),
        mentions: vec![mention],
    }
}

impl Iterator for Articles {
    type Item = Stored;

    fn next(&mut self) -> Option<Stored> {
        let text = self.text();
        let first_word = Span::new(0, text.find(' ').unwrap_or(text.len()));
        let persons: Vec<usize> = (0..3).map(|_| self.rank(PERSONS)).collect();
        let mut actors: Vec<Actor> = persons.iter().map(|number| person(*number, first_word)).collect();
        actors.dedup_by(|a, b| a.id == b.id);
        let said = text.find(". ").map_or(text.len(), |end| end + 1);
        let quote = Quote {
            parts: vec![Span::new(0, said)],
            kind: QuoteKind::Direct,
            cue: None,
            source: None,
            speakers: vec![actors[0].id.clone()],
            addressee: None,
            confidence: 0.9,
            rule: "given".into(),
        };
        let day = Day::from_ymd(2014, 1, 1)?;
        let day = Day::from_number(day.number() + i32::try_from(self.random.below(4_000)).ok()?)?;
        let path = format!("{:08}.txt", self.written);
        self.written += 1;
        let article = Article {
            id: ArticleId::from_path(&path, 0),
            date: Some(Published { date: Date::Day(day), time: None, provenance: Provenance::Metadata }),
            title: text[..first_word.len()].to_owned(),
            title_derived: true,
            text,
            text_offset: None,
            language: Some("en".to_owned()),
            source: Some(format!("wire {}", self.random.below(200))),
            authors: Vec::new(),
            url: None,
            origin: Origin { path, ordinal: 0 },
            standing: Standing::Usable,
        };
        let countries = vec![["US", "CN", "RU", "UA", "FR", "DE", "IR", "IL"][self.random.below(8)].to_owned()];
        let facts = Facts { actors, quotes: vec![quote], countries, language: None };
        Some(Stored { article, facts, ingested: Moment(INGESTED) })
    }
}
