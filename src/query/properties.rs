//! The round trip as a property: every tree prints text that is read as the same tree, and no text makes us panic.

use proptest::prelude::*;

use super::*;

fn options() -> Options {
    Options { today: Day::from_ymd(2024, 6, 15).unwrap(), any: false }
}

fn plain_word() -> impl Strategy<Value = Word> {
    let word = |text: String, form: Form| Word { text, form };
    let odd =
        ["near5", "adj12", "U.S.", "don't", "or", "not", "12:30", "1,000", "l’Oréal", "state-run", "习近平", "title"];
    prop_oneof![
        "[a-zé]{1,6}".prop_map(move |text| word(text, Form::Plain)),
        prop::sample::select(odd.to_vec()).prop_map(move |text| word(text.to_owned(), Form::Plain)),
        "[A-Z][a-z]{1,5}".prop_map(move |text| word(text, Form::Exact)),
        "[a-z]{2,3}(\\*|\\?[a-z]|\\?[a-z]\\*)".prop_map(move |text| word(text, Form::Pattern)),
        ("[A-Z]{1,5}", 1u8..=2).prop_map(move |(text, letters)| word(text, Form::Fuzzy(letters))),
    ]
}

fn words_only() -> impl Strategy<Value = Node> {
    let phrase = ("[a-z]{1,4}( [a-zA-Z():|-]{0,4}[a-z])?", 0u32..=3);
    prop_oneof![plain_word().prop_map(Node::Word), phrase.prop_map(|(text, slop)| Node::Phrase(Phrase { text, slop })),]
}

fn value() -> impl Strategy<Value = Node> {
    let text =
        prop_oneof!["[a-z=~,.:/-]{1,5}[a-z]", "[a-z]{1,3} [a-z]{1,3}", Just("OR".to_owned()), Just("'x".to_owned())];
    text.prop_map(|text| Node::Word(Word { text, form: Form::Plain }))
}

fn grouped(leaf: impl Strategy<Value = Node> + 'static, depth: u32) -> impl Strategy<Value = Node> {
    leaf.prop_recursive(depth, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::all_of),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::any_of),
            inner.prop_map(Node::none_of),
        ]
    })
}

fn tree() -> impl Strategy<Value = Node> {
    let words_fields = prop::sample::select(vec![Field::Title, Field::Said, Field::Speaker, Field::Actor]);
    let value_fields = prop::sample::select(vec![Field::Source, Field::Path]);
    let day = (-700_000i32..2_900_000, prop::option::of(0i32..900)).prop_map(|(from, length)| Period {
        from: Day::from_number(from),
        to: length.and_then(|length| Day::from_number(from + length)),
    });
    let leaf = prop_oneof![
        6 => words_only(),
        2 => (words_fields, grouped(words_only(), 2)).prop_map(|(field, node)| Node::within(field, node)),
        2 => (value_fields, grouped(value(), 2)).prop_map(|(field, node)| Node::within(field, node)),
        1 => day.prop_map(|period| Node::Period(Field::Date, period)),
        1 => (0u8..=100, 0u8..=100).prop_map(|(a, b)| Node::Confidence(Chance { from: a.min(b), to: a.max(b) })),
        1 => prop::sample::select(crate::field::HAS).prop_map(Node::Has),
        1 => Just(Node::All),
    ];
    grouped(leaf, 4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn every_tree_prints_and_reads_back(root in tree()) {
        let query = Query { root };
        let canonical = query.to_string();
        match parse(&canonical, &options()) {
            Ok(parsed) => prop_assert_eq!(parsed.query, query, "{}", canonical),
            Err(error) => prop_assert!(false, "{}: {}", canonical, error),
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,200}") {
        let _ = parse(&text, &options());
    }

    #[test]
    fn what_is_read_prints_and_reads_back(text in "([a-z]{1,3}|[()|\"“~*?=.,:&/ '-]|AND|OR|NOT |title:|source:|actor:|date:2022| ){0,24}", any: bool) {
        if let Ok(parsed) = parse(&text, &Options { any, ..options() }) {
            let canonical = parsed.query.to_string();
            let again = parse(&canonical, &options());
            prop_assert!(again.is_ok(), "{}: {}", canonical, again.unwrap_err());
            prop_assert_eq!(again.unwrap().query, parsed.query, "{}", canonical);
        }
    }
}
