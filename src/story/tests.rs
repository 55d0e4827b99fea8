//! What is a copy and what is not, on hand-made texts; the measured set is in `tests/stories.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

const WIRE: &str = "The foreign ministers of the five coastal states met in Tromso on Tuesday and agreed to open a \
    hotline between their coast guards. Two of them had threatened to leave the talks over fishing rights. The hotline \
    is to begin its work in 90 days, and a first exercise with 12 ships is planned for the autumn.";

const OTHER: &str = "The central bank of the republic left its rate at 14 percent on Friday and said that it would sell \
    dollars again if the currency fell further. Traders had expected a cut after the elections, which the party of the \
    president won in 23 of 31 provinces; the opposition has asked the court to count the votes of 6 of them again.";

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

fn joined(articles: impl IntoIterator<Item = (u64, u64, Sketch)>) -> Joined {
    let mut articles: Vec<(u64, u64, Sketch)> = articles.into_iter().collect();
    articles.sort_by_key(|(day, key, _)| (*day, *key));
    let mut grouping = Grouping::default();
    let taken = |(day, key, sketch)| grouping.take(day, key, sketch).map(|story| (key, story));
    articles.into_iter().filter_map(taken).collect()
}

fn told(articles: &[(u64, u64, &str)]) -> Vec<(u64, u64)> {
    let joined = joined(articles.iter().map(|(day, key, text)| (*day, *key, sketch(text))));
    families(&joined).into_iter().map(|family| (family.member, family.story)).collect()
}

#[test]
fn a_story_is_joined_within_days() {
    let other = WIRE.replace("Tromso", "Bergen");
    assert_eq!(told(&[(100, 5, WIRE), (103, 2, &other), (107, 9, WIRE)]), [(2, 5), (5, 5), (9, 5)]);
    assert_eq!(told(&[(100, 5, WIRE), (108, 2, WIRE)]), []);
    // Without a date only the same text is a copy, and never of one with a date.
    assert_eq!(told(&[(0, 5, WIRE), (0, 2, WIRE), (100, 1, WIRE)]), [(2, 2), (5, 2)]);
    assert_eq!(told(&[(0, 5, WIRE), (0, 2, WIRE.split_once("Two of them").unwrap().1)]), []);
}

/// A form that is filled in every day with other figures: not a copy, and most of its words are the same.
fn form(key: u64) -> String {
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
}

#[test]
fn a_thousand_copies_are_one_story_and_a_thousand_forms_are_none() {
    let copies: Vec<(u64, u64, &str)> = (1..=1000).map(|key| (100, key, WIRE)).collect();
    assert!(told(&copies).iter().all(|(_, story)| *story == 1));
    let forms: Vec<String> = (1..=1000).map(form).collect();
    let forms: Vec<(u64, u64, &str)> = (1..).zip(&forms).map(|(key, text)| (100, key, text.as_str())).collect();
    assert_eq!(told(&forms), []);
}

/// Articles by key: the day and the number of the text of each.
type Articles = BTreeMap<u64, (u64, usize)>;

/// Whether the families of some articles, renewed after some changed, are those that gathering all gives.
fn renewed_is_gathered(
    sketches: &[Sketch],
    before: Articles,
    changes: BTreeMap<u64, Option<(u64, usize)>>,
) -> Result<(), TestCaseError> {
    let sketched =
        |articles: &Articles| joined(articles.iter().map(|(key, (day, text))| (*day, *key, sketches[*text].clone())));
    let mut after = before.clone();
    let mut touched = BTreeSet::new();
    let mut kept = sketched(&before);
    let mut stirred = Stirred::default();
    for (key, change) in changes {
        kept.remove(&key);
        for (day, text) in before.get(&key).copied().into_iter().chain(change) {
            touched.insert(day);
            stirred.add(key, Some(&sketches[text]));
        }
        match change {
            Some(change) => after.insert(key, change),
            None => after.remove(&key),
        };
    }
    let mut articles = |wanted: u64| -> Result<_, Infallible> {
        let of_day = after.iter().filter(|(_, (day, _))| *day == wanted);
        Ok(of_day.map(|(key, (_, text))| (*key, sketches[*text].clone())).collect())
    };
    let Ok(()) = renew(&mut kept, &touched, stirred, &mut articles);
    prop_assert_eq!(kept, sketched(&after));
    Ok(())
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
    fn no_copy_is_ruled_out_early(one in "([a-c0-1]{1,2} ){30,200}", two in "([a-c0-1]{1,2} ){0,60}", cut in 0_usize..400) {
        let other: String = one.chars().take(cut).chain(two.chars()).collect();
        if let (Some(one), Some(other)) = (Sketch::of(&one), Sketch::of(&other)) {
            let copy = one.likeness(&other).is_copy();
            prop_assert!(!copy || one.may_be_copy(&other) && other.may_be_copy(&one));
        }
    }

    /// Articles of few texts on few days, some of them changed: the days around the changes are enough.
    #[test]
    fn families_are_renewed_around_what_changed(
        before in proptest::collection::btree_map(0_u64..60, (0_u64..40, 0_usize..6), 0..60),
        changes in proptest::collection::btree_map(0_u64..80, proptest::option::of((0_u64..40, 0_usize..6)), 0..6),
    ) {
        // Likeness is not passed on: the second is like the first and the third, which are not like one another. The last two
        // are like one another only.
        let backwards: Vec<&str> = WIRE.split(' ').rev().collect();
        let backwards = backwards.join(" ");
        let more = format!("{backwards} And more.");
        let texts = [WIRE.to_owned(), format!("{WIRE} {OTHER}"), OTHER.to_owned(), WIRE.to_uppercase(), backwards, more];
        renewed_is_gathered(&texts.map(|text| sketch(&text)), before, changes)?;
    }

    /// The same where a hash leads to more stories than are looked at.
    #[test]
    fn families_are_renewed_in_a_crowd(
        before in proptest::collection::btree_map(0_u64..400, (0_u64..12, 0_usize..120), 100..200),
        changes in proptest::collection::btree_map(0_u64..400, proptest::option::of((0_u64..12, 0_usize..120)), 0..20),
    ) {
        static FORMS: LazyLock<Vec<Sketch>> = LazyLock::new(|| (0..120).map(|key| sketch(&form(key))).collect());
        renewed_is_gathered(&FORMS, before, changes)?;
    }

    #[test]
    fn no_numbers_and_no_text_are_too_odd(numbers in proptest::collection::vec(any::<u32>(), 0..8), text in "\\PC{0,200}") {
        Sketch::from_numbers(&numbers);
        Sketch::of(&text);
    }
}
