//! Killed at any moment, an index run leaves the old state or the new one, never a mixture.

use std::time::{Duration, Instant};

use crate::harness::{INDEX, Place};

const FILES: usize = 300;
const KILLS: usize = 20;

/// Numbers that look random and are the same in every run of the tests.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn write(place: &Place, number: usize, round: usize) {
    let text = format!(
        " date 20{:02}-03-04 Article {number} of round {round}. “We stand {round} times,” the minister said.\n",
        number % 20 + 4
    );
    place.write(format!("corpus/{}/{number}.txt", number % 7), text);
}

/// Paths and titles: enough to tell every state of the corpus from every other.
#[track_caller]
fn state(place: &Place, index: &str) -> Vec<String> {
    let ran = place.run(&["--index", index, "export", "*", "--format", "jsonl"]);
    assert!(matches!(ran.code, 0 | 1), "{ran}");
    let mut rows: Vec<String> = ran.json().iter().map(|hit| format!("{} {}", hit["path"], hit["title"])).collect();
    rows.sort();
    rows
}

/// What the corpus says should be there.
fn wanted(place: &Place, rounds: &[Option<usize>]) -> Vec<String> {
    let _ = place;
    let mut rows: Vec<String> = rounds
        .iter()
        .enumerate()
        .filter_map(|(number, round)| round.map(|round| (number, round)))
        .map(|(number, round)| format!("\"{}/{number}.txt\" \"Article {number} of round {round}.\"", number % 7))
        .collect();
    rows.sort();
    rows
}

#[test]
fn a_killed_run_leaves_the_old_state_or_the_new() {
    let place = Place::new();
    let mut rounds = vec![Some(0); FILES];
    (0..FILES).for_each(|number| write(&place, number, 0));
    let began = Instant::now();
    place.line("--index timed index corpus").expect(0);
    let whole = began.elapsed();
    let mut dice = Dice(7);
    let mut old: Option<Vec<String>> = None;
    let mut survived = 0;
    for round in 1..=KILLS {
        // The first kills hit the first build; later ones nightly runs with changes of every kind, and rebuilds.
        if old.is_some() {
            for _ in 0..40 {
                let number = usize::try_from(dice.below(FILES as u64)).unwrap();
                write(&place, number, round);
                rounds[number] = Some(round);
            }
            for number in [round, round * 2] {
                if rounds[number].take().is_some() {
                    place.remove(format!("corpus/{}/{number}.txt", number % 7));
                }
            }
        }
        let rebuild: &[&str] = if round % 3 == 0 { &["--rebuild"] } else { &[] };
        let mut child = place.start(&[&["index", "corpus", "--allow-shrink"], rebuild].concat());
        let limit = u64::try_from(whole.as_micros()).unwrap().max(1);
        std::thread::sleep(Duration::from_micros(dice.below(limit)));
        child.kill().unwrap();
        survived += usize::from(child.wait().unwrap().code() == Some(0));
        let new = wanted(&place, &rounds);
        let search = place.run(&["search", "minister", "--index", INDEX]);
        if search.code == 3 && old.is_none() {
            assert!(search.err.contains("no index"), "round {round}: {search}");
            if round == KILLS / 4 {
                place.index();
                old = Some(new);
            }
            continue;
        }
        assert_eq!(search.code, 0, "round {round}: {search}");
        place.line("check").expect(0);
        let now = state(&place, INDEX);
        assert!(now == new || old.as_ref() == Some(&now), "round {round}: a mixture of {} articles", now.len());
        old = Some(now);
    }
    place.line("index corpus --allow-shrink").expect(0);
    assert_eq!(state(&place, INDEX), wanted(&place, &rounds), "{survived} runs ended before they were killed");
    place.line("--index fresh index corpus").expect(0);
    assert_eq!(place.contents(INDEX), place.contents("fresh"));
    place.line("check").expect(0);
    // The one before the last rebuild stays until it is pruned.
    place.line("prune").expect(0);
    let stores = std::fs::read_dir(place.path(INDEX)).unwrap();
    let stores = stores.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("store-"));
    assert_eq!(stores.count(), 1, "what killed runs left is swept");
}

#[test]
fn an_interrupted_run_says_so_and_keeps_the_index() {
    let place = Place::new();
    (0..FILES).for_each(|number| write(&place, number, 0));
    place.write("small/a.txt", "The minister said so.");
    place.line("index small").expect(0);
    let mut child = place.start(&["index", "corpus"]);
    std::thread::sleep(Duration::from_millis(60));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    // Unix tells of a death by signal with no code at all; the handler may not have been there yet.
    let code = child.wait().unwrap().code();
    assert!(matches!(code, Some(130 | 0) | None), "{code:?}");
    let count = place.line("count minister").expect(0).out;
    assert!(count == "1\n" || count == format!("{}\n", FILES + 1), "{count}");
    place.line("check").expect(0);
    place.line("index small corpus").expect(0);
    assert_eq!(place.line("count minister").out, format!("{}\n", FILES + 1));
}

#[test]
fn an_interrupted_export_leaves_no_part() {
    let place = Place::new();
    (0..FILES).for_each(|number| write(&place, number, 0));
    place.line("index corpus").expect(0);
    let mut caught = 0;
    for _ in 0..5 {
        let mut child = place.start(&["export", "minister", "-o", "hits.csv"]);
        while !place.path("hits.csv.part").exists() && child.try_wait().unwrap().is_none() {}
        let _ = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        caught += usize::from(child.wait().unwrap().code() == Some(130));
        assert!(!place.path("hits.csv.part").exists());
    }
    assert!(caught > 0 || place.path("hits.csv").exists());
}
