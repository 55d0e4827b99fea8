//! Precision and recall of what counts as a copy, over pairs that are made from the sample corpus and from forms.
//!
//! One half of the texts and seeds was looked at while the thresholds were chosen, the other was not. `cargo test
//! --test main stories -- --nocapture` prints the figures by kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chancery::story::{Grouping, Sketch};

/// A random number generator that gives the same numbers everywhere (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

/// The texts of the sample corpus, without their headers; those of one half.
fn texts(half: usize) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<_> = walkdir::WalkDir::new(root).into_iter().map(Result::unwrap).collect();
    files.retain(|entry| entry.path().extension().is_some_and(|ending| ending == "txt"));
    files.sort_by(|a, b| a.path().cmp(b.path()));
    let read = |path: &Path| fs::read_to_string(path).unwrap().trim_start_matches(" date ").to_owned();
    files.iter().skip(half).step_by(2).map(|entry| read(entry.path())).collect()
}

/// Replaces each word by what `change` gives for it, keeping the white space.
fn words(text: &str, change: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let pieces = text.split_inclusive(char::is_whitespace).map(|piece| {
        let word = piece.trim_end();
        change(word).map_or_else(|| piece.to_owned(), |new| format!("{new}{}", &piece[word.len()..]))
    });
    pieces.collect()
}

const EDITS: [&str; 12] =
    ["also", "meanwhile", "officials", "again", "nearly", "further", "local", "", "reportedly", "the", "later", "own"];

fn edited(text: &str, percent: usize, dice: &mut Dice) -> String {
    words(text, &mut |_| (dice.roll(100) < percent).then(|| dice.pick(&EDITS).to_owned()))
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(". ").collect()
}

fn first_part(text: &str, percent: usize) -> String {
    let whole = sentences(text);
    let mut part = String::new();
    for sentence in whole {
        if part.len() * 100 >= text.len() * percent {
            break;
        }
        part.push_str(sentence);
    }
    part
}

fn headed(text: &str, dice: &mut Dice) -> String {
    let city = dice.pick(&["GENEVA", "CAIRO", "BRASILIA", "OTTAWA"]);
    let agency = dice.pick(&["Northern Wire", "Levant Press", "Andes News"]);
    format!("Talks, threats and a deadline: what we know so far\n\n{city}, {agency} - {text}")
}

/// Every name as another newspaper would transcribe it, one time in two.
fn transcribed(text: &str, dice: &mut Dice) -> String {
    words(text, &mut |word| {
        let name = word.starts_with(char::is_uppercase) && word.len() > 4 && dice.roll(2) == 0;
        let other = word.replace("ii", "y").replace('y', "i").replace("sh", "ch").replace('k', "kh").replace('v', "w");
        name.then(|| other.replace("ei", "ej").replace("ou", "u"))
    })
}

fn noted(text: &str, dice: &mut Dice) -> String {
    let mut left = 1;
    let figure = words(text, &mut |word| {
        let number = left > 0 && word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty();
        number.then(|| {
            left -= 1;
            (1000 + dice.roll(999)).to_string()
        })
    });
    format!("CORRECTION: in an earlier version of this report one figure was wrong. {figure}")
}

fn set_anew(text: &str) -> String {
    let text = text.replace(['“', '”'], "\"").replace('"', "''").replace('’', "'").replace('—', " -- ");
    text.split("\n\n").map(|paragraph| format!("    {}\r\n", paragraph.replace(". ", ".  "))).collect()
}

fn merged(text: &str, other: &str, dice: &mut Dice) -> String {
    let item = first_part(other, 20 + dice.roll(15));
    if dice.roll(2) == 0 { format!("{text}\n\n{item}") } else { format!("{item}\n\n{text}") }
}

type Pair = (&'static str, bool, String, String);

fn copies(texts: &[String], dice: &mut Dice) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let other = &texts[(place + 3) % texts.len()];
        let mut add = |kind, copy: String| pairs.push((kind, true, text.clone(), copy));
        add("edited 3 %", edited(text, 3, dice));
        add("edited 8 %", edited(text, 8, dice));
        add("cut to 40 %", first_part(text, 40));
        add("cut to 70 %", first_part(text, 70));
        add("headed anew", headed(text, dice));
        add("merged", merged(text, other, dice));
        add("names transcribed", transcribed(text, dice));
        add("corrected", noted(text, dice));
        add("set anew", set_anew(text));
        add("in capitals", text.to_uppercase());
        let cut = first_part(text, 55);
        add("cut, headed, edited 3 %", headed(&edited(&cut, 3, dice), dice));
        let names = transcribed(text, dice);
        add("merged, transcribed", merged(&names, other, dice));
    }
    pairs
}

const FOOTER: &str = "This report was written with the help of our correspondents in three capitals, and edited in our \
    main office. Readers who find a mistake in it may write to the desk, which answers every letter. No part of it may \
    be printed elsewhere without our leave. All times are local times, all sums are in the currency of the country.";

fn others(texts: &[String], dice: &mut Dice) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let at = |place: usize| &texts[place % texts.len()];
    for (place, text) in texts.iter().enumerate() {
        let (next, third) = (at(place + 1), at(place + 2));
        let mut add = |kind, one: String, two: String| pairs.push((kind, false, one, two));
        add("another story", text.clone(), next.clone());
        let background = first_part(text, 30);
        add("follow-up with its background", text.clone(), format!("{}\n\n{background}", first_part(next, 70)));
        add("one footer", format!("{text}\n\n{FOOTER}"), format!("{next}\n\n{FOOTER}"));
        let short = |text: &str| format!("{}\n\n{FOOTER}", first_part(text, 50));
        add("one footer, short texts", short(text), short(third));
        let quote = sentences(text).into_iter().max_by_key(|sentence| sentence.len()).unwrap_or_default();
        add("one sentence in both", text.clone(), format!("{} {quote}", first_part(third, 60)));
        let half = first_part(text, 50);
        add("the other half", text[half.len()..].to_owned(), half);
        let digest = (1..6).map(|step| first_part(at(place + step), 60)).collect::<Vec<_>>().join("\n\n");
        add("in a digest", text.clone(), format!("{digest}\n\n{text}"));
    }
    for _ in 0..texts.len() {
        for form in FORMS {
            pairs.push(("a form filled in anew", false, filled(form, dice), filled(form, dice)));
        }
    }
    pairs
}

/// Forms that are filled in every day: `#` is a figure, `@` a name.
const FORMS: [&str; 6] = [
    "Weather for @: temperatures will reach # degrees on @ after # in the night, with winds of # kilometres an hour \
     from the north. On @ # millimetres of rain are expected in @, and the river will stand at # centimetres. The next \
     report is due at # hours.",
    "Shares in @ closed # percent higher at # points, the exchange said. Turnover was # million. Oil for delivery in @ \
     fell # cents to # a barrel, and the currency stood at # to the dollar after # on the day before. Traders pointed \
     to the figures of the central bank of @.",
    "The observers counted # violations of the ceasefire in the region of @ and # in the region of @ within # hours, \
     most of them explosions. Their patrols found # howitzers and # tanks outside the agreed sites. At the crossing \
     of @ # persons passed on foot and # vehicles were waiting.",
    "The ministry of health of @ reported # new cases of the disease and # deaths in # districts. Since the beginning \
     of the outbreak # persons have fallen ill, # of them children. # beds are free in the hospital of @, and # doses \
     of the vaccine have arrived.",
    "The foreign minister of @ received the ambassador of @, @ @, on the occasion of his farewell visit. They looked \
     at relations between @ and @, at the situation in @, and at the visit of @ @ that is planned for @. The meeting \
     was attended by @ @ and by the head of the protocol, @ @.",
    "The central bank of @ left its key rate at # percent at its meeting on @. Prices rose # percent in the year to \
     @ after # percent, and output by #. The governor, @ @, said that reserves stood at # million and would cover # \
     months of imports. The next meeting is on @ #.",
];

const NAMES: [&str; 24] = [
    "Aldova", "Bermont", "Castria", "Dunmark", "Elvaria", "Feronia", "Galdor", "Hestia", "Ilmar", "Jorvik", "Kestrel",
    "Lomond", "Marzan", "Norland", "Ostrava", "Pellor", "Quarna", "Rosmar", "Selmar", "Tolvan", "Umbria", "Varna",
    "Westry", "Zelmar",
];

fn filled(form: &str, dice: &mut Dice) -> String {
    let fill = |c: char| match c {
        '#' => (3 + dice.roll(9000)).to_string(),
        '@' => dice.pick(&NAMES).to_owned(),
        other => other.to_string(),
    };
    form.chars().map(fill).collect()
}

fn one_story(one: &str, two: &str) -> bool {
    let mut grouping = Grouping::default();
    let mut joins = |key: u64, text| Sketch::of(text).and_then(|sketch| grouping.take(100 + key, key, sketch));
    joins(1, one);
    joins(2, two).is_some()
}

fn measure(half: usize) -> (f64, f64) {
    let texts = texts(half);
    let mut dice = Dice(half as u64 + 1);
    let pairs: Vec<Pair> = copies(&texts, &mut dice).into_iter().chain(others(&texts, &mut dice)).collect();
    assert!(pairs.len() >= 300);
    let mut kinds: BTreeMap<(bool, &str), (usize, usize)> = BTreeMap::new();
    for (kind, copy, one, two) in &pairs {
        let (right, all) = kinds.entry((*copy, kind)).or_default();
        *right += usize::from(one_story(one, two) == *copy);
        *all += 1;
    }
    for ((_, kind), (right, all)) in &kinds {
        println!("half {half}: {kind}: {right} of {all} right");
    }
    let sum = |copy: bool| {
        kinds
            .iter()
            .filter(|((is, _), _)| *is == copy)
            .fold((0, 0), |(right, all), (_, count)| (right + count.0, all + count.1))
    };
    let ((found, copies), (passed, others)) = (sum(true), sum(false));
    let precision = found as f64 / (found + others - passed) as f64;
    let recall = found as f64 / copies as f64;
    println!("half {half}: {} pairs, precision {precision:.4}, recall {recall:.4}", pairs.len());
    (precision, recall)
}

#[test]
fn copies_are_found_and_other_texts_are_not() {
    for half in 0..2 {
        let (precision, recall) = measure(half);
        assert!(precision >= 0.97 && recall >= 0.90, "precision {precision}, recall {recall}");
    }
}
