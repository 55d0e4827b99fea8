//! Holds the inverted index that we write against the one that tantivy writes for the same documents: byte by byte.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tantivy::directory::{Directory, RamDirectory};
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::inverted::Inverted;
use super::prepared::Prepared;
use super::sorted::MOST_SPOTS;
use super::{schema, tokens};
use crate::analysis::{Analyst, Book, Form, MOST_NUMBERED, Row, tokens as tokens_of};
use crate::rank::TITLE_COUNT;

/// The files of an inverted index.
const PARTS: [&str; 4] = ["fieldnorm", "term", "idx", "pos"];

const BYTES: usize = 50_000_000;

/// An article as far as these tests need one.
#[derive(Debug, Clone)]
struct Sample {
    day: u64,
    text: String,
    title: String,
    names: Vec<String>,
    /// Between how many places one of its bounds stands.
    bounds: Vec<u32>,
    keywords: Vec<String>,
}

/// The tokens of a text, and the place after them.
fn cut(text: &str, form: Form, from: usize, row: &mut Vec<Token>) {
    row.extend(tokens_of(text, form).map(|token| Token {
        position: from + token.position as usize,
        text: token.text,
        ..Token::default()
    }));
}

fn ready(tokens: Vec<Token>) -> PreTokenizedString {
    PreTokenizedString { text: String::new(), tokens }
}

/// The document as tantivy takes it.
fn plain(sample: &Sample, fields: &schema::Fields) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.kind, schema::ARTICLE);
    document.add_u64(fields.day, sample.day);
    let mut add = |field: Field, texts: &[&String], form: Form| {
        let mut row = Vec::new();
        texts.iter().for_each(|text| cut(text, form, 0, &mut row));
        if !row.is_empty() {
            document.add_pre_tokenized_text(field, ready(row));
        }
    };
    let Sample { text, title, .. } = sample;
    add(fields.text_forms, &[text], Form::Filed);
    add(fields.title_forms, &[title], Form::Filed);
    add(fields.spelt, &[text, title], Form::Spelt);
    let titles = std::iter::repeat_n(title, TITLE_COUNT as usize);
    let all: Vec<&String> = std::iter::once(text).chain(titles).collect();
    let all: Vec<&String> = all.into_iter().chain(&sample.names).collect();
    add(fields.all, &all, Form::Stemmed);
    add(fields.said_forms, &[text], Form::Filed);
    add(fields.said_spelt, &[text], Form::Spelt);
    let mut names = Vec::new();
    let mut from = 0;
    for name in &sample.names {
        cut(name, Form::Folded, from, &mut names);
        from += tokens_of(name, Form::Written).count() + 1;
    }
    if !names.is_empty() {
        document.add_pre_tokenized_text(fields.org_name, ready(names));
    }
    let mut place = 0;
    let bounds = sample.bounds.iter().map(|step| {
        place += *step as usize;
        Token { position: place, text: if step % 2 == 0 { "p" } else { "s" }.to_owned(), ..Token::default() }
    });
    let bounds: Vec<Token> = bounds.collect();
    if !bounds.is_empty() {
        document.add_pre_tokenized_text(fields.bounds, ready(bounds));
    }
    for keyword in &sample.keywords {
        document.add_text(fields.source, keyword);
        document.add_text(fields.actor, keyword);
    }
    document
}

/// The document as we make it.
fn prepared(sample: &Sample, fields: &schema::Fields, analyst: &mut Analyst) -> Prepared {
    let mut document = Prepared::default();
    document.number(fields.kind, schema::ARTICLE);
    document.number(fields.day, sample.day);
    document.row(fields.text_forms, analyst.analyse(&sample.text).row);
    document.row(fields.title_forms, analyst.analyse(&sample.title).row);
    document.row(fields.said_forms, analyst.analyse(&sample.text).row);
    let (mut names, mut stems) = (Row::default(), Row::default());
    for name in &sample.names {
        tokens_of(name, Form::Stemmed).for_each(|token| analyst.stem(&token.text, &mut stems));
        let row = analyst.analyse(name).row;
        names.extend(&analyst.book().keep(row));
        names.part(1);
    }
    document.row(fields.org_name, names);
    document.row(fields.all, stems);
    let (mut bounds, mut next) = (Row::default(), 0);
    let mut place = 0;
    for step in &sample.bounds {
        place += step;
        if place > next {
            bounds.part(place - next);
        }
        analyst.mark(if step % 2 == 0 { "p" } else { "s" }, place < next, &mut bounds);
        next = place + 1;
    }
    document.row(fields.bounds, bounds);
    for keyword in &sample.keywords {
        document.text(fields, fields.source, keyword.as_str());
        document.text(fields, fields.actor, keyword.as_str());
    }
    document
}

/// The files of the only segment.
fn parts(directory: &RamDirectory, index: &Index) -> Vec<Vec<u8>> {
    let segments = index.searchable_segment_ids().unwrap();
    assert_eq!(segments.len(), 1);
    let read = |part: &str| {
        let name = format!("{}.{part}", segments[0].uuid_string());
        directory.open_read(Path::new(&name)).unwrap().read_bytes().unwrap().to_vec()
    };
    PARTS.iter().map(|part| read(part)).collect()
}

fn index(directory: &RamDirectory) -> (Index, schema::Fields) {
    let (schema, fields) = schema::build();
    let builder = Index::builder().schema(schema).settings(schema::settings()).tokenizers(tokens::manager());
    (builder.open_or_create(directory.clone()).unwrap(), fields)
}

/// Holds both against one another, with two analysts taking turns; `room` is for how many words their book has room,
/// and so many spots are sorted at a time.
fn check(samples: &[Sample], room: u32, most_spots: usize) {
    let directory = RamDirectory::create();
    let (theirs, fields) = index(&directory);
    let mut writer: IndexWriter = theirs.writer_with_num_threads(1, BYTES).unwrap();
    for sample in samples {
        writer.add_document(plain(sample, &fields)).unwrap();
    }
    writer.commit().unwrap();
    let expected = parts(&directory, &theirs);

    let directory = RamDirectory::create();
    let (mut ours, fields) = index(&directory);
    ours.set_tokenizers(tokens::silent());
    let book = Book::default();
    (room..MOST_NUMBERED).for_each(|number| _ = book.number(&number.to_string()));
    let mut analysts = [Analyst::new(book.clone()), Analyst::new(book.clone())];
    ours.register_plugin(Arc::new(Inverted::new(fields, book, most_spots)));
    let mut writer: IndexWriter<Prepared> = ours.writer_with_num_threads(1, BYTES).unwrap();
    for (sample, turn) in samples.iter().zip([0, 1].into_iter().cycle()) {
        writer.add_document(prepared(sample, &fields, &mut analysts[turn])).unwrap();
    }
    writer.commit().unwrap();
    for ((part, expected), found) in PARTS.iter().zip(expected).zip(parts(&directory, &ours)) {
        assert!(expected == found, "{part} differs for {samples:?}");
    }
}

fn sample(day: u64, text: &str, title: &str, names: &[&str]) -> Sample {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Sample {
        day,
        text: text.to_owned(),
        title: title.to_owned(),
        names: owned(names),
        bounds: vec![0, 0, 3, 1, 8],
        keywords: owned(names),
    }
}

#[test]
fn lists_are_those_of_tantivy() {
    let named = ["North Atlantic Treaty Organization", "NATO", "the U.S.", ""];
    let samples = [
        sample(3, "The US told us of the cease-fire. Talks, the talk of talks!", "TALKS BETWEEN US AND CUBA", &named),
        sample(9, "", "Talks", &[]),
        sample(1, "\u{301} a\u{301}b ´ state-of-the-art U.S.-led São Tomé", "US", &["Cuba", "Cuba"]),
        sample(3, &"sanction sanctions Sanctions ".repeat(300), "Sanctions", &named),
    ];
    for room in [MOST_NUMBERED, 12, 0] {
        [MOST_SPOTS, 50, 0].into_iter().for_each(|most_spots| check(&samples, room, most_spots));
    }
    // Longer than what lies together, longer than a token may be.
    let long =
        [sample(2, &"a long walk ".repeat(50_000), "Walk", &["k"]), sample(1, "Walks", "A", &[&"k".repeat(70_000)])];
    check(&long, MOST_NUMBERED, MOST_SPOTS);
    let many: Vec<Sample> =
        (0..700).map(|day| sample(day * 7 % 31, "to be or to be", &day.to_string(), &["x"])).collect();
    check(&many, MOST_NUMBERED, 1000);
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let text = "((US|us|Talks|talk|talking|THE|the|a-B|U\\.S\\.|é|\u{301}|x)[ \n-]){0,40}";
    let one = (
        0..5_u64,
        text,
        "(US|Talks|the )[ -](talk){0,3}",
        prop::collection::vec("[a-cUS. -]{0,12}", 0..4),
        prop::collection::vec(0..5_u32, 0..6),
        prop::collection::vec("[a-c\0\u{1}]{0,3}", 0..4),
    );
    let one = one.prop_map(|(day, text, title, names, bounds, keywords)| Sample {
        day,
        text,
        title,
        names,
        bounds,
        keywords,
    });
    prop::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_document_makes_a_difference(
        samples in samples(),
        room in prop_oneof![9 => Just(MOST_NUMBERED), 1 => 0..20_u32],
        most_spots in prop_oneof![Just(MOST_SPOTS), 0..100_usize],
    ) {
        check(&samples, room, most_spots);
    }
}
