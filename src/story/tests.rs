//! What is a copy and what is not, on hand-made texts; the measured set is in `tests/stories.rs`.

use proptest::prelude::*;

use super::*;

const WIRE: &str = "The foreign ministers of the five coastal states met in Tromso on Tuesday and agreed to open a \
    hotline between their coast guards. Two of them had threatened to leave the talks over fishing rights. The hotline \
    is to begin its work in 90 days, and a first exercise with 12 ships is planned for the autumn.";

fn sketch(text: &str) -> Sketch {
    Sketch::of(text).expect("the text is long enough")
}

#[test]
fn copies_are_told_from_other_texts() {
    let check = |other: &str, expected: bool| {
        assert_eq!(sketch(WIRE).likeness(&sketch(other)).is_copy(), expected, "{other}");
    };
    check(WIRE, true);
    check(&WIRE.to_uppercase().replace(' ', "\n"), true);
    check(&WIRE.replace("hotline", "hot line").replace("Tromso", "Tromsø"), true);
    check(WIRE.split_once("Two of them").unwrap().1, true);
    check(&format!("CORRECTION: the ships are 12. {WIRE} Our agency regrets the error."), true);
    check(&WIRE.replace("90 days", "45 days").replace("12 ships", "7 ships"), false);
    let other = "A court in The Hague heard on Tuesday that two of the coastal states had fished in waters which they \
        had agreed to leave alone for 10 years, and adjourned the case until the autumn.";
    check(other, false);
    check(&format!("{other} {other}").replace("Hague", "North"), false);
}

#[test]
fn short_texts_have_no_sketch() {
    assert_eq!(Sketch::of(""), None);
    assert_eq!(Sketch::of("The prices were not available at the time of going to press."), None);
    // One sentence said a hundred times is no longer than said once.
    assert_eq!(Sketch::of(&"No change. ".repeat(100)), None);
}

#[test]
fn a_sketch_is_the_same_everywhere_and_for_ever() {
    // What is kept in an index must not change its meaning: a change of these numbers is a change of its format.
    let numbers: Vec<u32> = sketch(WIRE).to_numbers().collect();
    assert_eq!(numbers[..6], [51, 2, 12_441_232, 14_604_877, 236_433, 541_748], "{numbers:?}");
}

#[test]
fn scripts_without_blanks_have_words() {
    let chinese = "外交部发言人星期二在北京表示，双方同意在九十天内建立海警热线，并计划于秋季举行首次联合演习。";
    let other = "央行行长星期五在上海宣布下调存款准备金率，以支持中小企业融资，市场对此反应积极，股指收盘上涨。";
    assert!(sketch(chinese).likeness(&sketch(&chinese.replace("星期二", "周二"))).is_copy());
    assert!(!sketch(chinese).likeness(&sketch(other)).is_copy());
}

fn families(articles: &[(u64, u64, &str)]) -> Vec<(u64, u64)> {
    let mut articles = articles.to_vec();
    articles.sort_by_key(|(day, key, _)| (*day, *key));
    let mut grouping = Grouping::default();
    for (day, key, text) in articles {
        grouping.take(day, key, sketch(text));
    }
    grouping.finish().into_iter().map(|family| (family.member, family.story)).collect()
}

#[test]
fn a_story_is_joined_within_days() {
    let other = WIRE.replace("Tromso", "Bergen");
    assert_eq!(families(&[(100, 5, WIRE), (103, 2, &other), (107, 9, WIRE)]), [(2, 5), (5, 5), (9, 5)]);
    assert_eq!(families(&[(100, 5, WIRE), (108, 2, WIRE)]), []);
    // Without a date only the same text is a copy, and never of one with a date.
    assert_eq!(families(&[(0, 5, WIRE), (0, 2, WIRE), (100, 1, WIRE)]), [(2, 2), (5, 2)]);
    assert_eq!(families(&[(0, 5, WIRE), (0, 2, WIRE.split_once("Two of them").unwrap().1)]), []);
}

#[test]
fn a_thousand_copies_are_one_story_and_a_thousand_forms_are_none() {
    let copies: Vec<(u64, u64, &str)> = (1..=1000).map(|key| (100, key, WIRE)).collect();
    assert!(families(&copies).iter().all(|(_, story)| *story == 1));
    let form = |key: u64| {
        format!(
            "The harbour master of the port reports for the day: {} ships arrived, {} ships left, {} tonnes were \
             unloaded and {} tonnes loaded; the depth of the channel is {} centimetres and the wind {} knots.",
            key * 7 + 1,
            key * 11 + 2,
            key * 13 + 3,
            key * 17 + 4,
            key * 19 + 5,
            key * 23 + 6
        )
    };
    let forms: Vec<String> = (1..=1000).map(form).collect();
    let forms: Vec<(u64, u64, &str)> = (1..).zip(&forms).map(|(key, text)| (100, key, text.as_str())).collect();
    assert_eq!(families(&forms), []);
}

proptest! {
    #[test]
    fn a_sketch_comes_back_from_its_numbers(text in "([a-z0-9]{1,5}[ .’]){0,80}") {
        if let Some(sketch) = Sketch::of(&text) {
            let numbers: Vec<u32> = sketch.to_numbers().collect();
            prop_assert!(numbers.iter().all(|number| *number < 1 << 24));
            prop_assert_eq!(Sketch::from_numbers(&numbers), Some(sketch.clone()));
            let itself = sketch.likeness(&sketch);
            prop_assert!(itself.is_copy() && itself.is_same_text());
        }
    }

    #[test]
    fn no_numbers_and_no_text_are_too_odd(numbers in proptest::collection::vec(any::<u32>(), 0..8), text in "\\PC{0,200}") {
        Sketch::from_numbers(&numbers);
        Sketch::of(&text);
    }
}
