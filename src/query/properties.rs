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

fn near(operand: impl Strategy<Value = Node> + Clone + 'static) -> impl Strategy<Value = Node> {
    let how = prop_oneof![
        (1..=MOST_WORDS).prop_map(How::Near),
        (1..=MOST_WORDS).prop_map(How::Adj),
        Just(How::Sentence),
        Just(How::Paragraph)
    ];
    let pair = move |left: BoxedStrategy<Node>, right: BoxedStrategy<Node>| {
        (left, right, how.clone())
            .prop_map(|(left, right, how)| Node::Near(Near { left: Box::new(left), right: Box::new(right), how }))
    };
    let pair = std::rc::Rc::new(pair);
    let one = pair(operand.clone().boxed(), operand.clone().boxed()).boxed();
    let either = prop_oneof![2 => operand, 1 => one.clone()].boxed();
    prop_oneof![2 => one, 1 => pair(either.clone(), either)]
}

/// What has a place in a text and can be near something.
fn operand() -> impl Strategy<Value = Node> + Clone {
    let placed = words_only().prop_map(|node| match node {
        Node::Word(Word { text, form: Form::Exact }) => Node::Word(Word { text, form: Form::Fuzzy(1) }),
        Node::Phrase(phrase) => Node::Phrase(Phrase { slop: 0, ..phrase }),
        node => node,
    });
    let placed = placed.boxed();
    prop_oneof![3 => placed.clone(), 1 => prop::collection::vec(placed, 2..4).prop_map(Node::any_of)].boxed()
}

/// Words, proximities and counts: what can stand in a part of the text.
fn of_text() -> impl Strategy<Value = Node> {
    let counted = operand().prop_map(|node| match node {
        Node::Or(mut children) => children.remove(0),
        node => node,
    });
    prop_oneof![
        4 => words_only(),
        2 => near(operand()),
        1 => (2..=MOST_TIMES, counted).prop_map(|(times, node)| Node::AtLeast(times, Box::new(node))),
    ]
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
    let words_fields =
        prop::sample::select(vec![Field::Title, Field::Said, Field::Speaker, Field::Actor, Field::Addressee]);
    let value_fields = prop::sample::select(vec![Field::Source, Field::Path]);
    let day = (-700_000i32..2_900_000, prop::option::of(0i32..900)).prop_map(|(from, length)| Period {
        from: Day::from_number(from),
        to: length.and_then(|length| Day::from_number(from + length)),
    });
    let leaf = prop_oneof![
        6 => of_text(),
        2 => (prop::bool::ANY, grouped(of_text(), 2)).prop_map(|(quote, node)| {
            let zone = if quote { Zone::Quote } else { Zone::Narration };
            let words = match &node {
                Node::And(children) => children.iter().any(|child| !matches!(child, Node::Not(_))),
                node => !matches!(node, Node::Not(_)),
            };
            // Of exclusions alone nothing can be looked for.
            if words { Node::Inside(zone, Box::new(node)) } else { node }
        }),
        2 => (words_fields, grouped(words_only(), 2)).prop_map(|(field, node)| Node::within(field, node)),
        2 => (value_fields, grouped(value(), 2)).prop_map(|(field, node)| Node::within(field, node)),
        1 => day.prop_map(|period| Node::Period(Field::Date, period)),
        1 => (0u8..=100, 0u8..=100).prop_map(|(a, b)| Node::Confidence(Chance { from: a.min(b), to: a.max(b) })),
        1 => prop::sample::select(crate::field::HAS).prop_map(|what| Node::Is(Field::Has, what)),
        1 => prop::sample::select(crate::field::DATE_QUALITIES).prop_map(|what| Node::Is(Field::DateQuality, what)),
        1 => prop::sample::select(crate::field::RENDERINGS).prop_map(|what| Node::Is(Field::Kind, what)),
        1 => Just(Node::All),
    ];
    grouped(leaf, 4)
}

/// How many trees are tried; `CHANCERY_TREES=100000` tries more than a usual run has time for.
fn config() -> ProptestConfig {
    let cases = std::env::var("CHANCERY_TREES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4_000);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config())]

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
    fn what_is_read_prints_and_reads_back(text in "([a-z]{1,3}|[()|\"“~*?=.,:&/ '-]|AND|OR|NOT |title:|source:|in:quote |NEAR/2 |SAME/S |atleast2[(]|actor:|date:2022| ){0,24}", any: bool) {
        if let Ok(parsed) = parse(&text, &Options { any, ..options() }) {
            let canonical = parsed.query.to_string();
            let again = parse(&canonical, &options());
            prop_assert!(again.is_ok(), "{}: {}", canonical, again.unwrap_err());
            prop_assert_eq!(again.unwrap().query, parsed.query, "{}", canonical);
        }
    }
}
