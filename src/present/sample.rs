//! What the tests of this room show: one article about one meeting, its facts, hits and quotes, and hostile strings.

use std::sync::Arc;

use proptest::prelude::*;

use super::ActorCount;
use crate::article::{Article, ArticleId, Origin};
use crate::date::{Day, Moment, Provenance, Published};
use crate::facts::{Actor, ActorKind, Facts, Form, Mention, Quote, QuoteKind};
use crate::hits::{ActorRef, Copies, Hit, Hits, QuoteHit, ScoreParts, Snippet, TermPart};
use crate::text::Span;

const TEXT: &str = "Xi met Putin in Beijing.\n\n“We stand back to back,” Xi said.";

pub(super) fn date(text: &str) -> Option<Published> {
    Published::parse(text, Provenance::Header).ok()
}

pub(super) fn actor(id: &str, name: &str) -> ActorRef {
    ActorRef { id: id.into(), name: name.into(), kind: ActorKind::Person }
}

pub(super) fn count() -> ActorCount {
    ActorCount { id: "state:CN".into(), name: "China".into(), kind: ActorKind::State, articles: 12 }
}

pub(super) fn hit() -> Hit {
    Hit {
        rank: 1,
        id: "b3k0x7q2m9wd".into(),
        path: "2022/summit.txt".into(),
        ordinal: 0,
        title: "Xi and Putin meet before the Games".into(),
        date: date("2022-02-04"),
        ingested: Moment(1_644_000_000),
        source: Some("Example Wire".into()),
        url: Some("https://example.org/summit".into()),
        language: Some("en".into()),
        score: 7.1,
        parts: ScoreParts { relevance: 8.2, recency: 0.87, age_days: Some(-310), terms: Vec::new() },
        actors: vec![actor("person:xi-jinping", "Xi Jinping"), actor("person:vladimir-putin", "Vladimir Putin")],
        quotes: 6,
        copies: Copies::default(),
        snippets: vec![Snippet {
            text: "Xi met Putin in Beijing before the Games.".into(),
            marks: vec![Span { start: 7, end: 12 }],
            at: 0,
            paragraph: 1,
        }],
    }
}

pub(super) fn explained_hit() -> Hit {
    let mut hit = hit();
    let fields = vec![("text".into(), 3.0), ("title".into(), 1.1)];
    hit.parts.terms = vec![TermPart { term: "nato".into(), score: 4.1, fields }];
    hit
}

pub(super) fn hits(hits: Vec<Hit>) -> Hits {
    Hits { total: hits.len() as u64, hits, stories: None, as_of: Day::from_ymd(2022, 12, 12) }
}

pub(super) fn quote() -> QuoteHit {
    QuoteHit {
        article: "b3k0x7q2m9wd".into(),
        path: "2022/summit.txt".into(),
        title: "Xi and Putin meet before the Games".into(),
        date: date("2022-02-04"),
        source: Some("Example Wire".into()),
        url: Some("https://example.org/summit".into()),
        speakers: vec![actor("person:xi-jinping", "Xi Jinping")],
        kind: QuoteKind::Direct,
        text: "We stand back to back".into(),
        marks: vec![Span { start: 3, end: 8 }],
        cue: Some("said".into()),
        span: Span { start: 31, end: 52 },
        confidence: 0.9,
        rule: "quote-said-name".into(),
        score: 3.2,
    }
}

pub(super) fn article() -> Article {
    Article {
        id: ArticleId::from_stored("b3k0x7q2m9wd"),
        date: date("2022-02-04"),
        title: "Xi and Putin meet before the Games".into(),
        title_derived: false,
        text: TEXT.into(),
        text_offset: Some(17),
        language: Some("en".into()),
        source: Some("Example Wire".into()),
        authors: vec!["A. Writer".into(), "B. Writer".into()],
        url: Some("https://example.org/summit".into()),
        origin: Origin { path: "2022/summit.txt".into(), ordinal: 0 },
        standing: crate::article::Standing::Usable,
    }
}

pub(super) fn facts() -> Facts {
    Facts {
        actors: vec![
            found("person:vladimir-putin", ActorKind::Person, "Vladimir Putin", Some("RU"), &["Putin"]),
            found("person:xi-jinping", ActorKind::Person, "Xi Jinping", Some("CN"), &["Xi met", "Xi said"]),
            found("place:beijing", ActorKind::Place, "Beijing", None, &["Beijing"]),
        ],
        quotes: vec![Quote {
            parts: vec![place("We stand back to back,")],
            kind: QuoteKind::Direct,
            cue: Some(place("said")),
            source: None,
            speakers: vec!["person:xi-jinping".into()],
            addressee: None,
            confidence: 0.9,
            rule: "quote-name-said".into(),
        }],
        countries: vec!["CN".into(), "RU".into()],
        language: None,
    }
}

fn place(words: &str) -> Span {
    let start = TEXT.find(words).expect("the sample holds its own words");
    Span::new(start, start + words.len())
}

fn found(id: &str, kind: ActorKind, name: &str, country: Option<&str>, places: &[&str]) -> Actor {
    let mention = |words: &&str| Mention {
        span: Span::new(
            place(words).range().start,
            place(words).range().start + words.split(' ').next().unwrap().len(),
        ),
        form: Form::Name,
        confidence: 0.75,
        rule: "name".into(),
    };
    Actor {
        id: id.into(),
        kind,
        name: name.into(),
        aliases: Arc::default(),
        country: country.map(str::to_owned),
        parent: None,
        roles: Vec::new(),
        mentions: places.iter().map(mention).collect(),
    }
}

/// Strings with what attackers put into them, among ordinary letters.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zé習 ,.=]{0,6}",
        "\\PC{0,3}",
        any::<char>().prop_map(String::from),
        prop_oneof![
            Just("\u{1b}]0;x\u{7}"),
            Just("\u{1b}[2J"),
            Just("\u{9b}31m"),
            Just("\r\n"),
            Just("\t"),
            Just("\0"),
            Just("\u{7f}\u{85}"),
            Just("\u{202e}\u{2066}\u{200f}"),
            Just("\u{2028}\n\n"),
            Just("\u{e0041}"),
            Just("\"'\\<&"),
        ]
        .prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Spans that may point anywhere, also backwards.
pub(super) fn spans() -> impl Strategy<Value = Vec<Span>> {
    let end = prop_oneof![0u32..40, any::<u32>()];
    proptest::collection::vec((end.clone(), end).prop_map(|(start, end)| Span { start, end }), 0..6)
}
