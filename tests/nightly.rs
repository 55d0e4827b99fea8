//! The nightly run: what changed is read and nothing else, what is gone goes when that is safe, and whatever happened,
//! the index is the one that a fresh build would make.

use std::fs;

use chancery::engine::Engine;
use chancery::engine::tantivy::TantivyEngine;

use crate::harness::{INDEX, Place, Ran, is_root, set_mode};

/// Ten plain articles and three records.
fn corpus() -> Place {
    let place = Place::new();
    for number in 0..10 {
        place
            .write(format!("corpus/{number}.txt"), format!(" date 2022-01-{:02} Article {number} stands.", number + 1));
    }
    let record = |name: &str| format!("{{\"id\":\"{name}\",\"text\":\"Record {name} stands.\"}}\n");
    place.write("corpus/records.jsonl", ["one", "two", "three"].map(record).concat());
    place.index();
    place
}

/// A run over the corpus, whose report is its answer.
fn run(place: &Place, options: &str) -> Ran {
    place.line(&format!("index corpus --format json {options}"))
}

/// Fails unless the report has these numbers: files new, changed, unchanged and gone, articles added, updated, removed.
#[track_caller]
fn check(ran: &Ran, expected: [u64; 7]) {
    let names = [
        "files_new",
        "files_changed",
        "files_unchanged",
        "files_gone",
        "articles_added",
        "articles_updated",
        "articles_removed",
    ];
    assert_eq!(names.map(|name| ran.number(name)), expected, "{names:?}\n{ran}");
}

/// Fails unless the index holds what a fresh build of these roots would hold.
#[track_caller]
fn is_as_if_fresh(place: &Place, roots: &[&str]) {
    place.line("check").expect(0);
    let ran = place.run(&[&["--index", "fresh", "index", "--rebuild"], roots].concat());
    assert!(matches!(ran.code, 0 | 4), "{ran}");
    assert_eq!(place.contents(INDEX), place.contents("fresh"));
    let failures = |index: &str| {
        let status = place.run(&["--index", index, "status", "--failures", "--format", "json"]).json().remove(0);
        (status["failed"].clone(), status["articles"].clone(), status["files"].clone())
    };
    assert_eq!(failures(INDEX), failures("fresh"));
    place.remove("fresh");
}

fn generation(place: &Place) -> u64 {
    place.line("status --format json").expect(0).number("generation")
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let place = corpus();
    let before = generation(&place);
    let store = || fs::read_dir(place.path("index/store-1")).unwrap().map(|entry| entry.unwrap().file_name());
    let files: Vec<_> = store().collect();
    let ran = run(&place, "").expect(0);
    check(&ran, [0, 0, 11, 0, 0, 0, 0]);
    assert_eq!((ran.number("articles"), generation(&place)), (13, before));
    assert_eq!(ran.json()[0]["generation"], serde_json::Value::Null, "nothing was written");
    assert_eq!(store().collect::<Vec<_>>(), files);
    check(&place.line("index --format json").expect(0), [0, 0, 11, 0, 0, 0, 0]);
}

#[test]
fn a_touched_file_is_read_and_nothing_is_written_for_it() {
    let place = corpus();
    place.touch("corpus/3.txt");
    check(&run(&place, "").expect(0), [0, 0, 11, 0, 0, 0, 0]);
    check(&run(&place, "").expect(0), [0, 0, 11, 0, 0, 0, 0]);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn changes_of_every_kind_are_taken_in() {
    let place = corpus();
    place.write("corpus/3.txt", " date 2022-01-04 Article 3 was changed.");
    check(&run(&place, "").expect(0), [0, 1, 10, 0, 0, 1, 0]);
    assert_eq!(place.found(&["changed"]), ["3.txt"]);
    place.write("corpus/sub/new.txt", "A new article.");
    check(&run(&place, "").expect(0), [1, 0, 11, 0, 1, 0, 0]);
    place.remove("corpus/4.txt");
    check(&run(&place, "").expect(0), [0, 0, 11, 1, 0, 0, 1]);
    place.rename("corpus/5.txt", "corpus/renamed.txt");
    check(&run(&place, "").expect(0), [1, 0, 10, 1, 1, 0, 1]);
    assert!(place.found(&["\"article 5\""]) == ["renamed.txt"]);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn a_change_that_keeps_size_and_time_is_found_by_a_rebuild() {
    let place = corpus();
    let path = place.path("corpus/3.txt");
    let stamp = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, " date 2022-01-04 Article 3 STANDS.").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(stamp).unwrap();
    check(&run(&place, "").expect(0), [0, 0, 11, 0, 0, 0, 0]);
    run(&place, "--rebuild").expect(0);
    is_as_if_fresh(&place, &["corpus"]);
    assert_eq!(place.found(&["=STANDS"]), ["3.txt"]);
}

#[test]
fn a_file_written_during_the_run_is_read_again() {
    let place = corpus();
    fs::write(place.path("corpus/hot.txt"), "Hot from the press.").unwrap();
    fs::File::options()
        .write(true)
        .open(place.path("corpus/hot.txt"))
        .unwrap()
        .set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(60))
        .unwrap();
    check(&run(&place, "").expect(0), [1, 0, 11, 0, 1, 0, 0]);
    let stamp = fs::metadata(place.path("corpus/hot.txt")).unwrap().modified().unwrap();
    fs::write(place.path("corpus/hot.txt"), "Cold from the press").unwrap();
    fs::File::options().write(true).open(place.path("corpus/hot.txt")).unwrap().set_modified(stamp).unwrap();
    check(&run(&place, "").expect(0), [0, 1, 11, 0, 0, 1, 0]);
}

#[test]
fn records_are_replaced_one_by_one() {
    let place = corpus();
    let text = place.read("corpus/records.jsonl");
    place.write("corpus/records.jsonl", format!("{text}{{\"id\":\"four\",\"text\":\"Record four stands.\"}}\n"));
    check(&run(&place, "").expect(0), [0, 1, 10, 0, 1, 0, 0]);
    let text = place.read("corpus/records.jsonl").replace("Record two stands", "Record two fell");
    place.write("corpus/records.jsonl", &text);
    check(&run(&place, "").expect(0), [0, 1, 10, 0, 0, 1, 0]);
    let without: String = text.lines().filter(|line| !line.contains("one")).map(|line| format!("{line}\n")).collect();
    place.write("corpus/records.jsonl", without);
    // The two records behind the one that is gone have moved up, which the index keeps.
    check(&run(&place, "").expect(0), [0, 1, 10, 0, 0, 3, 1]);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn an_article_keeps_the_time_it_came_in() {
    let place = corpus();
    place.write("corpus/3.txt", " date 2022-01-04 Article 3 was changed.");
    run(&place, "").expect(0);
    assert_eq!(place.line("count ingested:today").expect(0).out, "13\n");
    assert_eq!(place.line("count -- -ingested:2d..").expect(1).out, "0\n");
}

#[test]
fn a_bad_line_is_told_once_and_known_until_it_is_mended() {
    let place = corpus();
    let text = place.read("corpus/records.jsonl");
    place.write("corpus/records.jsonl", format!("{text}broken\n"));
    let bad = "records.jsonl:4: not a JSON object";
    assert_eq!(run(&place, "").expect(4).says(bad).number("failures_known"), 0);
    let known = run(&place, "").expect(4).says("1 failure is known from earlier runs");
    assert!(!known.err.contains(bad), "{known}");
    assert_eq!((known.number("articles"), known.number("failures_known"), known.number("bytes_read")), (13, 1, 0));
    let again = run(&place, "--retry").expect(4).says(bad);
    assert_eq!((again.number("failures_known"), again.number("files_unchanged")), (0, 11));
    assert!(place.line("status --failures").expect(0).out.contains(bad));
    place.write("corpus/records.jsonl", format!("{text}{{\"id\":\"four\",\"text\":\"Mended.\"}}\n"));
    check(&run(&place, "").expect(0), [0, 1, 10, 0, 1, 0, 0]);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn too_much_gone_stops_the_run() {
    let place = corpus();
    for number in 0..3 {
        place.remove(format!("corpus/{number}.txt"));
    }
    let before = place.contents(INDEX);
    let ran = run(&place, "").expect(2).says("3 of 13 articles have vanished").says("--allow-shrink");
    assert_eq!(ran.out, "");
    assert_eq!(place.contents(INDEX), before);
    check(&run(&place, "--keep-vanished").expect(0), [0, 0, 8, 3, 0, 0, 0]);
    assert_eq!(place.contents(INDEX), before);
    check(&run(&place, "--keep-vanished").expect(0), [0, 0, 8, 3, 0, 0, 0]);
    place.write("corpus/0.txt", " date 2022-01-01 Article 0 stands.");
    check(&run(&place, "--keep-vanished").expect(0), [0, 0, 9, 2, 0, 0, 0]);
    check(&run(&place, "--allow-shrink").expect(0), [0, 0, 9, 2, 0, 0, 2]);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn records_that_vanish_inside_a_file_count_too() {
    let place = corpus();
    place.write("corpus/records.jsonl", "{\"id\":\"one\",\"text\":\"Record one stands.\"}\n");
    run(&place, "").expect(2).says("2 of 13 articles have vanished");
    run(&place, "--allow-shrink").expect(0);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn articles_of_files_that_a_rule_refuses_count_as_gone_before_the_work() {
    let place = corpus();
    for number in 0..3 {
        place.write(format!("corpus/{number}.txt"), "A long article. ".repeat(100));
    }
    let before = place.contents(INDEX);
    let dry = run(&place, "--max-file-bytes 500 --dry-run").expect(4).says("this would stop the run: 3 of 13 articles");
    assert_eq!(dry.number("articles_removed"), 3);
    run(&place, "--max-file-bytes 500 --keep-vanished").expect(2).says("3 of 13 articles have vanished");
    assert_eq!(place.contents(INDEX), before);
    check(&run(&place, "--max-file-bytes 500 --allow-shrink").expect(4), [0, 0, 8, 0, 0, 0, 3]);
    check(&run(&place, "--max-file-bytes 500").expect(4), [0, 0, 8, 0, 0, 0, 0]);
    check(&run(&place, "").expect(0), [0, 3, 8, 0, 3, 0, 0]);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn a_corpus_that_is_not_there_keeps_the_index() {
    let place = corpus();
    let before = place.contents(INDEX);
    place.rename("corpus", "unmounted");
    place.line("index").expect(2).says("is a disk not mounted?");
    place.line("index --rebuild").expect(2);
    fs::create_dir(place.path("corpus")).unwrap();
    place.line("index").expect(2).says("13 of 13 articles have vanished");
    assert_eq!(place.contents(INDEX), before);
    place.line("check").expect(0);
}

#[test]
fn a_rebuild_of_an_empty_corpus_keeps_the_index() {
    let place = corpus();
    let before = place.contents(INDEX);
    place.rename("corpus", "unmounted");
    fs::create_dir(place.path("corpus")).unwrap();
    let ran = place.line("index --rebuild");
    assert_eq!(place.contents(INDEX), before, "an unmounted disk must not empty an archive\n{ran}");
}

#[test]
fn an_unreadable_folder_is_not_taken_for_gone() {
    let place = corpus();
    for number in 0..5 {
        place.write(format!("corpus/closed/{number}.txt"), format!("Closed article {number}."));
    }
    run(&place, "").expect(0);
    set_mode(&place.path("corpus/closed"), 0o000);
    let ran = run(&place, "");
    set_mode(&place.path("corpus/closed"), 0o755);
    if is_root() {
        check(&ran.expect(0), [0, 0, 16, 0, 0, 0, 0]);
    } else {
        check(&ran.expect(4).says("closed: no permission to read it"), [0, 0, 11, 0, 0, 0, 0]);
    }
    assert_eq!(place.line("count closed").out, "5\n");
}

#[test]
fn of_two_articles_with_one_id_the_newer_file_wins() {
    let old = "{\"id\":\"twin\",\"text\":\"The old twin.\"}\n";
    let new = "{\"id\":\"twin\",\"text\":\"The new twin.\"}\n";
    for (first, second) in [("a", "b"), ("b", "a")] {
        let place = corpus();
        place.write(format!("corpus/{first}.jsonl"), old);
        run(&place, "").expect(0);
        place.write(format!("corpus/{second}.jsonl"), new);
        let said = format!("{first}.jsonl: article `twin` stands also in `{second}.jsonl`; the newer one is kept");
        run(&place, "").expect(0).says(&said);
        let is_known = |ran: &Ran| !ran.err.contains(&said) && ran.err.contains("1 article is replaced by a newer one");
        let ran = run(&place, "").expect(0);
        assert_eq!((is_known(&ran), ran.number("articles"), ran.number("articles_replaced")), (true, 14, 1), "{ran}");
        // The next night reads the losing file again because another changed, and has nothing new to say of it.
        place.write("corpus/new.txt", "A new article.");
        let ran = run(&place, "").expect(0);
        assert!(is_known(&ran), "{ran}");
        assert_eq!(run(&place, "--quiet").expect(0).err, "");
        run(&place, "--retry").expect(0).says(&said);
        let status = place.line("status --failures --format json").json().remove(0);
        assert_eq!((&status["failures"], &status["articles_replaced"]), (&0.into(), &1.into()), "{status}");
        assert_eq!(status["replaced"], serde_json::json!([said]));
        place.remove("corpus/new.txt");
        run(&place, "").expect(0);
        assert_eq!(place.found(&["twin"]), [format!("{second}.jsonl")]);
        is_as_if_fresh(&place, &["corpus"]);
        place.touch(format!("corpus/{first}.jsonl"));
        run(&place, "").expect(0);
        assert_eq!(place.found(&["twin"]), [format!("{first}.jsonl")]);
        is_as_if_fresh(&place, &["corpus"]);
        place.remove(format!("corpus/{first}.jsonl"));
        run(&place, "").expect(0);
        assert_eq!(place.found(&["twin"]), [format!("{second}.jsonl")], "the other one takes over");
        is_as_if_fresh(&place, &["corpus"]);
    }
}

#[test]
fn of_two_articles_with_one_id_in_one_file_the_later_one_wins() {
    let place = corpus();
    let twin = |text: &str| format!("{{\"id\":\"twin\",\"text\":\"The {text} twin.\"}}\n");
    place.write("corpus/a.jsonl", twin("first") + &twin("second") + &twin("third"));
    run(&place, "").expect(0).says("a.jsonl: article `twin` stands also later in this file");
    assert_eq!((place.found(&["third", "twin"]).len(), place.found(&["twin"]).len()), (1, 1));
    is_as_if_fresh(&place, &["corpus"]);
    place.write("corpus/a.jsonl", twin("third"));
    run(&place, "").expect(0);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn two_roots_may_hold_files_of_one_name() {
    let place = Place::with(&[
        ("corpus/a.txt", "The first harbour."),
        ("more/a.txt", "The second harbour."),
        ("more/b.jsonl", "{\"text\":\"The third harbour.\"}"),
    ]);
    place.line("index corpus more").expect(0);
    assert_eq!(place.found(&["harbour"]).len(), 3);
    place.write("more/a.txt", "The changed harbour.");
    check(&place.line("index --format json").expect(0), [0, 1, 2, 0, 0, 1, 0]);
    is_as_if_fresh(&place, &["corpus", "more"]);
    // A run over one root leaves the other alone.
    check(&place.line("index more --format json").expect(0), [0, 0, 2, 0, 0, 0, 0]);
    assert_eq!(place.found(&["harbour"]).len(), 3);
    place.line("index new-and-missing").expect(2);
    assert_eq!(place.found(&["harbour"]).len(), 3);
}

#[test]
fn known_failures_may_pass() {
    let place = Place::with(&[("corpus/a.txt", "The harbour."), ("corpus/bad.jsonl", "broken\n")]);
    place.line("index corpus --new-failures-only").expect(4);
    place.line("index --new-failures-only").expect(0);
    place.line("index").expect(4);
    place.write("corpus/worse.jsonl", "broken\n");
    place.line("index --new-failures-only --quiet").expect(4).says("worse.jsonl:1");
    place.line("index --new-failures-only --quiet").expect(0);
    place.line("index --new-failures-only --retry").expect(4).says("bad.jsonl:1");
}

#[test]
fn a_root_inside_another_is_refused() {
    let place = Place::with(&[("corpus/sub/a.txt", "The harbour."), ("corpus/b.txt", "The other harbour.")]);
    place.line("index corpus corpus/sub").expect(2).says("lies inside");
    assert!(!place.path("index").exists(), "a refused run leaves nothing behind");
    place.line("index corpus corpus/../corpus").expect(0);
    place.line("index corpus/sub").expect(2).says("which is indexed already");
    let other = Place::with(&[("corpus/sub/a.txt", "The harbour.")]);
    other.line("index corpus/sub").expect(0);
    other.line("index corpus").expect(2).says("is indexed already and lies inside").says("--forget");
    other.line("index corpus --rebuild --dry-run").expect(0);
    other.line("index corpus --rebuild").expect(0);
    assert_eq!(other.found(&["harbour"]), ["sub/a.txt"]);
    let third = Place::with(&[("corpus/sub/a.txt", "The harbour."), ("corpus/b.txt", "The other harbour.")]);
    third.line("index corpus/sub").expect(0);
    third.line("index --forget corpus/sub corpus").expect(0);
    third.line("check").expect(0);
    assert_eq!(third.found(&["harbour"]), ["sub/a.txt", "b.txt"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::with(&[("corpus/a.txt", "The harbour.")]);
    let ran = run(&place, "--dry-run").expect(0).says("nothing is written");
    check(&ran, [1, 0, 0, 0, 0, 0, 0]);
    assert!(!place.path("index").exists());
    place.index();
    let before = (generation(&place), place.contents(INDEX));
    place.write("corpus/a.txt", "The changed harbour.");
    place.write("corpus/b.txt", "The new harbour.");
    check(&run(&place, "--dry-run").expect(0), [1, 1, 0, 0, 0, 0, 0]);
    place.remove("corpus/a.txt");
    check(&run(&place, "--dry-run").expect(0), [1, 0, 0, 1, 0, 0, 1]);
    check(&place.line("index --rebuild --dry-run --format json").expect(0), [1, 0, 0, 0, 0, 0, 0]);
    assert_eq!((generation(&place), place.contents(INDEX)), before);
}

#[test]
fn a_report_goes_to_a_file() {
    let place = corpus();
    place.write("corpus/bad.jsonl", "broken\n");
    let ran = run(&place, "--report report.json").expect(4);
    assert_eq!(place.read("report.json"), ran.out);
    let keys = crate::search::keys(&ran.out);
    let expected = [
        "files_seen",
        "files_new",
        "files_changed",
        "files_unchanged",
        "files_gone",
        "files_passed_over",
        "articles_added",
        "articles_updated",
        "articles_removed",
        "articles",
        "quotes",
        "generation",
        "failures",
        "articles_refreshed",
        "articles_embargoed",
        "articles_withdrawn",
        "failures_known",
        "bytes_read",
        "articles_replaced",
        "replaced",
        "warnings",
        "seconds",
    ];
    assert_eq!(keys, expected);
    let quiet = place.line("index corpus --quiet --report again.json").expect(4);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""), "what is known is no news");
    let quiet = place.line("index corpus --quiet --retry").expect(4);
    assert_eq!(quiet.err, "bad.jsonl:1: not a JSON object\n", "trouble is told however quiet");
    place.line("index corpus --report no/such/folder.json").expect(2).says("no/such/folder.json");
}

#[test]
fn include_and_exclude_choose_files() {
    let place = Place::with(&[
        ("corpus/a.txt", "One harbour."),
        ("corpus/drafts/b.txt", "Two harbours."),
        ("corpus/c.jsonl", "{\"text\":\"Three harbours.\"}"),
        ("corpus/big.txt", &"Four harbours. ".repeat(100)),
    ]);
    place
        .line("--index one index corpus --exclude drafts --max-file-bytes 500")
        .expect(4)
        .says("over the limit of 500");
    assert_eq!(place.line("--index one count harbour").out, "2\n");
    place.line("--index two index corpus --include *.txt").expect(0);
    assert_eq!(place.line("--index two count harbour").out, "3\n");
    place.line("index corpus --include [").expect(2).says("is not a glob");
}

#[test]
fn an_index_inside_the_corpus_is_no_part_of_it() {
    let place = Place::new();
    place.write("corpus/a.txt", "One harbour.");
    place.write("corpus/x/index/b.txt", "Two harbours.");
    for _ in 0..3 {
        place.line("--index corpus/index index corpus").expect(0);
    }
    assert_eq!(place.line("--index corpus/index count *").out, "2\n");
    place.line("--index corpus index corpus").expect(2).says("cannot be that of the index too").says("--index DIR");
    assert!(!place.path("corpus/CURRENT").exists() && !place.path("corpus/runs").exists());
    place.line("--index corpus/index index corpus --dry-run").expect(0).says("2 unchanged");
}

#[test]
fn a_rebuild_that_does_not_know_its_corpus_says_what_to_name() {
    let place = corpus();
    let store = fs::read_dir(place.path(INDEX).join("store-1")).unwrap().flatten().map(|entry| entry.path());
    let is_catalogue = |path: &std::path::PathBuf| path.display().to_string().contains("catalogue");
    fs::write(store.into_iter().find(is_catalogue).unwrap(), "cut").unwrap();
    place.line("index").expect(3).says("index --rebuild");
    place.line("index --rebuild").expect(2).says("chancery index --rebuild PATH...");
    place.line("index --rebuild corpus").expect(0);
    assert_eq!(place.line("count stands").out, "13\n");
}

#[test]
fn a_second_indexer_is_told_who_is_first() {
    let place = corpus();
    place.line("dump -o dump.jsonl").expect(0);
    let held = TantivyEngine::open_for_writing(&place.path(INDEX), "", false, std::time::Duration::ZERO).unwrap();
    place.write("corpus/new.txt", "A new article.");
    let holder = format!("process {}", std::process::id());
    run(&place, "").expect(75).says("another run is writing this index").says(&holder).says("--wait 10m");
    run(&place, "--rebuild").expect(75).says(&holder);
    run(&place, "--wait 1s").expect(75);
    place.line("--index nowhere runs").expect(3).says("no index in");
    for line in ["restore dump.jsonl", "prune"] {
        place.line(line).expect(75).says(&holder).says("try again when it is done");
    }
    assert!(!place.path("index/restored.jsonl").exists());
    place.line("search stands").expect(0);
    place.line("check").expect(0);
    assert_eq!(held.catalogue().unwrap().article_count(), 13);
    drop(held);
    run(&place, "").expect(0);
}

#[test]
fn a_run_may_wait_for_another_one() {
    let place = corpus();
    let held = TantivyEngine::open_for_writing(&place.path(INDEX), "", false, std::time::Duration::ZERO).unwrap();
    place.write("corpus/new.txt", "A new article.");
    let mut child = place.start(&["index", "corpus", "--wait", "1m"]);
    assert!(child.try_wait().unwrap().is_none());
    drop(held);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(place.found(&["new"]), ["new.txt"]);
}

#[test]
fn an_index_may_be_moved_and_read_by_those_who_cannot_write() {
    let place = corpus();
    place.rename("index", "moved");
    place.line("--index moved search stands").expect(0);
    let folders = ["moved/store-1", "moved"].map(|folder| place.path(folder));
    folders.iter().for_each(|folder| set_mode(folder, 0o555));
    let answers = ["search stands", "count stands", "status", "check", "export stands"]
        .map(|line| place.line(&format!("--index moved {line}")));
    let run = place.line("--index moved index corpus --rebuild");
    // Who may do everything has built a store of another name by now.
    folders.iter().filter(|folder| folder.exists()).for_each(|folder| set_mode(folder, 0o755));
    answers.into_iter().for_each(|ran| _ = ran.expect(0));
    assert_eq!(run.code, if is_root() { 0 } else { 2 }, "{run}");
}

/// A file of records that is too large to be held whole, most of it in a key that nobody reads.
fn large(texts: &[&str]) -> String {
    let padding = "x".repeat(1 << 20);
    let line = |(number, text): (usize, &&str)| {
        format!("{{\"id\":\"r{number}\",\"padding\":\"{padding}\",\"text\":\"The harbour is {text}.\"}}\n")
    };
    texts.iter().enumerate().map(line).collect()
}

#[test]
fn a_file_too_large_to_be_held_is_read_line_by_line() {
    let place = Place::new();
    let mut texts = vec!["open"; 34];
    place.write("corpus/large.jsonl", large(&texts));
    place.index();
    assert_eq!(place.line("count open").out, "34\n");
    texts[7] = "frozen";
    place.write("corpus/large.jsonl", large(&texts) + "broken\n");
    let ran = run(&place, "").expect(4).says("large.jsonl:35: not a JSON object");
    assert_eq!((ran.number("articles_updated"), ran.number("articles")), (1, 34), "{ran}");
    assert_eq!(place.found(&["frozen"]).len(), 1);
    // The limit of such a file is one of its lines.
    place
        .line("index corpus --max-file-bytes 2000 --retry --allow-shrink")
        .expect(4)
        .says("bytes are over the limit of 2000");
    assert_eq!(place.line("count harbour").out, "0\n");
    place.touch("corpus/large.jsonl");
    run(&place, "").expect(4);
    is_as_if_fresh(&place, &["corpus"]);
}

#[test]
fn a_file_that_changed_during_its_run_holds_its_ids_against_older_ones_elsewhere() {
    let place = Place::with(&[
        ("one/a.txt", "The harbour."),
        ("older.jsonl", "{\"id\":\"twin\",\"text\":\"The old twin.\"}\n"),
        ("two/b.jsonl", "{\"id\":\"twin\",\"text\":\"The new twin.\"}\n"),
    ]);
    let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    fs::File::options().append(true).open(place.path("two/b.jsonl")).unwrap().set_modified(soon).unwrap();
    place.line("index one two").expect(0);
    place.rename("older.jsonl", "one/older.jsonl");
    place.line("index one").expect(0).says("is replaced by a newer one");
    assert_eq!((place.line("count new").out, place.line("count old").out), ("1\n".to_owned(), "0\n".to_owned()));
    place.line("index").expect(0);
    is_as_if_fresh(&place, &["one", "two"]);
}

/// An owner that was touched, or moved, is not read or not written again; an older twin that comes in beside it must not
/// take its place. Found by the loop that kills runs.
#[test]
fn an_owner_that_is_not_written_again_keeps_its_id() {
    let old = "{\"id\":\"twin\",\"text\":\"The old twin.\"}\n";
    let new = "{\"id\":\"twin\",\"text\":\"The new twin.\"}\n{\"id\":\"other\",\"text\":\"Another.\"}\n";
    for (loser, owner) in [("a", "b"), ("b", "a")] {
        for moved in [false, true] {
            let place = corpus();
            // Written first, so it is older; it comes into the corpus later.
            place.write("elsewhere.jsonl", old);
            place.write(format!("corpus/{owner}.jsonl"), new);
            run(&place, "").expect(0);
            place.rename("elsewhere.jsonl", &format!("corpus/{loser}.jsonl"));
            if moved {
                place.rename(&format!("corpus/{owner}.jsonl"), &format!("corpus/{owner}2.jsonl"));
            } else {
                place.touch(format!("corpus/{owner}.jsonl"));
            }
            run(&place, "--allow-shrink").expect(0);
            assert_eq!(place.found(&["text:old", "id:twin"]), [""; 0], "{loser} {owner} {moved}");
            assert_eq!(place.found(&["id:twin"]).len(), 1);
            is_as_if_fresh(&place, &["corpus"]);
        }
    }
}
