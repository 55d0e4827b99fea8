//! The users' own tables: what they change, what they refuse, and that an index follows them.

use crate::harness::{INDEX, Place, Ran};

const HEADER: &str = "id\tkind\tname\tcountry\taliases\tacronyms\tmetonyms\n";

/// Three articles; one of them names a board that no table knows.
fn archive() -> Place {
    let place = Place::with(&[
        (
            "corpus/a.txt",
            " date 2022-02-05 The Quay Stewards said on Friday that the harbour would close.\n\nNATO met.",
        ),
        ("corpus/b.txt", " date 2022-02-06 “We will keep the pier open,” said Ada Brandt of Norway on Saturday."),
        ("corpus/c.txt", " date 2022-02-07 Ships came and went. Nobody spoke of the Old Pact."),
    ]);
    place.index();
    place
}

fn own(place: &Place, rows: &str) {
    place.write("index/actors/mine.tsv", format!("{HEADER}{rows}"));
}

/// Fails unless the index holds what a fresh one would, asked in several ways.
#[track_caller]
fn is_as_if_fresh(place: &Place) {
    place.line("check").expect(0);
    place.line("--index fresh index corpus --rebuild --actors index/actors").expect(0);
    assert_eq!(place.contents(INDEX), place.contents("fresh"));
    for question in
        ["actor:igo:nato", "actor:\"Old Pact\"", "actor:org:quay-stewards", "org:Stewards", "speaker:Brandt"]
    {
        let count = |index: &str| place.run(&["--index", index, "count", question]).out;
        assert_eq!(count(INDEX), count("fresh"), "{question}");
    }
    let articles = place.line("search * --format jsonl").json();
    for article in articles {
        let id = article["id"].as_str().unwrap();
        let shown = |index: &str| place.run(&["--index", index, "show", id, "--format", "json"]).out;
        assert_eq!(shown(INDEX), shown("fresh"));
    }
    place.remove("fresh");
}

fn status(place: &Place, key: &str) -> String {
    let ran = place.line("status --format json").expect(0);
    ran.json()[0][key].to_string()
}

fn run(place: &Place) -> Ran {
    place.line("index --format json").expect(0)
}

#[test]
fn an_index_follows_the_tables() {
    let place = archive();
    assert_eq!(status(&place, "tables_changed"), "false");
    own(&place, "org:quay-stewards\tministry\tQuay Stewards\tNO\t\t\t\nigo:nato\t\t\t\tOld Pact\t\t\n");
    assert_eq!(status(&place, "tables_changed"), "true");
    assert!(status(&place, "tables_due").contains("your own tables changed"));
    place.line("index --dry-run").expect(0).says("would be extracted anew");
    assert_eq!(status(&place, "tables_changed"), "true");
    let ran = run(&place).says("the actor tables changed");
    assert_eq!((ran.number("articles_refreshed"), ran.number("articles_updated")), (2, 0), "{ran}");
    assert_eq!((status(&place, "tables_changed"), status(&place, "tables_due")), ("false".into(), "null".into()));
    assert_eq!(place.found(&["actor:org:quay-stewards"]), ["a.txt"]);
    assert_eq!(place.found(&["actor:igo:nato", "--sort", "oldest"]), ["a.txt", "c.txt"]);
    is_as_if_fresh(&place);
    assert_eq!(run(&place).number("articles_refreshed"), 0);
    // A name that no article holds changes how its actor is found, in the articles that name it.
    own(&place, "igo:nato\t\t\t\tThe Compact\t\t\n");
    assert_eq!(run(&place).number("articles_refreshed"), 2);
    assert_eq!(place.found(&["actor:\"the compact\""]), ["a.txt"]);
    is_as_if_fresh(&place);
    // Both at once: a changed table and a changed corpus.
    own(&place, "igo:nato\t\t\t\tOld Pact|-NATO\t\t\n");
    place.write("corpus/d.txt", " date 2022-02-08 The Old Pact met again.");
    place.remove("corpus/c.txt");
    let ran = place.line("index --format json --allow-shrink").expect(0);
    assert_eq!((ran.number("articles_added"), ran.number("articles_removed")), (1, 1), "{ran}");
    assert_eq!(place.found(&["actor:igo:nato"]), ["d.txt"]);
    is_as_if_fresh(&place);
    place.remove("index/actors");
    run(&place);
    assert_eq!(place.found(&["actor:igo:nato"]), ["a.txt"]);
    is_as_if_fresh_without(&place);
}

#[track_caller]
fn is_as_if_fresh_without(place: &Place) {
    place.line("--index fresh index corpus --rebuild").expect(0);
    assert_eq!(place.contents(INDEX), place.contents("fresh"));
}

#[test]
fn own_tables_outlive_a_rebuild_and_may_come_first() {
    let place = Place::with(&[("corpus/a.txt", "The Quay Stewards met on Friday.")]);
    own(&place, "org:quay-stewards\tministry\tQuay Stewards\tNO\t\t\t\n");
    place.line("search Quay").expect(0);
    assert_eq!(place.found(&["actor:org:quay-stewards"]), ["a.txt"]);
    place.line("index --rebuild").expect(0);
    assert!(place.path("index/actors/mine.tsv").exists());
    assert_eq!(place.found(&["actor:org:quay-stewards"]), ["a.txt"]);
    let ran = place.line("extract corpus/a.txt").expect(0);
    assert_eq!(ran.json()[0]["actors"][0]["id"], "org:quay-stewards");
    place.write("empty/none.tsv", "id\n");
    let ran = place.line("extract corpus/a.txt --actors empty").expect(0);
    assert_ne!(ran.json()[0]["actors"][0]["id"], "org:quay-stewards");
    place.line("extract corpus/a.txt --actors nowhere").expect(2).says("nowhere");
}

#[test]
fn a_mistake_stops_a_run_and_no_search() {
    let place = archive();
    let before = place.contents(INDEX);
    own(&place, "igo:nato\tperson\t\tZZ\t\t\t\norg:x\t\tX\t\t\t\t\n");
    place.write("corpus/d.txt", "A new article.");
    for line in ["index", "index --quiet", "index --rebuild", "index --dry-run", "extract corpus/a.txt"] {
        let ran = place.line(line).expect(2).says("index/actors/mine.tsv:2: `ZZ` is the code of no country");
        ran.says("index/actors/mine.tsv:3: `org:x` is new, so it needs a kind");
    }
    place.line("search harbour").expect(0);
    assert!(status(&place, "tables_due").contains("have mistakes"));
    assert_eq!(place.contents(INDEX), before);
    place.line("actors check").expect(2).says("mine.tsv:2: ").says("1 file: 3 mistakes, 0 warnings");
    place.remove("index/actors/mine.tsv");
    place.line("index").expect(0);
    assert_eq!(place.found(&["article"]), ["d.txt"]);
}

#[test]
fn check_reads_files_and_folders() {
    let place = Place::new();
    place.line("actors check").expect(0).says("there are no tables of your own");
    place.write("lists/a.tsv", format!("{HEADER}person:ada-brandt\t\tAda Brandt\tNO\t\tNATO\t\n"));
    place.write("lists/b.toml", "[[actor]]\nid = \"person:bo-brandt\"\nname = \"Bo Brandt\"\ncolour = \"red\"\n");
    place.write("lists/c.csv", "id\n");
    let ran = place.line("actors check lists").expect(2).says("lists/b.toml:4: `colour` is no key of an actor");
    ran.says("lists/a.tsv:2: `NATO` is a name of igo:nato too").says("lists/c.csv: not read");
    place.line("actors check lists/a.tsv").expect(0).says("1 file: 0 mistakes, 1 warning");
    let ran = place.line("actors check lists --format json").expect(2);
    assert_eq!((ran.json()[0]["ok"].clone(), ran.number("files")), (false.into(), 2));
    assert_eq!(ran.json()[0]["errors"].as_array().unwrap().len(), 1);
    place.line("actors check nowhere.tsv").expect(2).says("nowhere.tsv");
    place.line("actors Xi").expect(3);
}

#[test]
fn show_says_where_everything_stands() {
    let place = archive();
    own(&place, "igo:nato\t\t\t\tOld Pact?|-North Atlantic Alliance\t\t\n");
    let ran = place.line("actors show nato --format jsonl").expect(0);
    let nato = &ran.json()[0];
    assert_eq!(
        (nato["id"].as_str(), nato["origin"].as_str(), nato["articles"].as_u64()),
        (Some("igo:nato"), Some("built in"), Some(1))
    );
    let names = nato["names"].as_array().unwrap();
    let pact = names.iter().find(|name| name["text"] == "Old Pact").unwrap();
    assert_eq!((pact["origin"].as_str(), pact["ambiguous"].as_bool()), (Some("index/actors/mine.tsv:2"), Some(true)));
    assert!(!names.iter().any(|name| name["text"] == "North Atlantic Alliance"));
    assert_eq!(nato["changes"][0]["what"], "without the name North Atlantic Alliance");
    let text = place.line("actors show NATO --format text").expect(0).out;
    assert!(
        text.contains("Old Pact? (only with evidence, index/actors/mine.tsv:2)") && text.contains("in 1 article"),
        "{text}"
    );
    place.run(&["actors", "show", "Nobody Knows"]).expect(1).says("no table has an actor with the id or name");
    let beijing = place.line("actors show Beijing --format jsonl").expect(0);
    assert!(beijing.json().len() > 1, "{beijing}");
    let ran = place.line("actors list --own").expect(0).says("1 actor");
    assert_eq!(ran.out, "igo:nato\tigo\t-\tNorth Atlantic Treaty Organization\tbuilt in\n");
    place.line("actors list --kind pact").expect(2).says("the kinds are");
    let norway = place.line("actors list --kind state --country no").expect(0);
    assert!(norway.out.starts_with("state:NO\tstate\tNO\tNorway\t"), "{norway}");
}

#[test]
fn lists_of_others_become_tables() {
    let place = Place::with(&[(
        "list.txt",
        "# a list\nADA_BRANDTOVA_ ; a comment\n+A._BRANDTOVA_\n\t[NORGOV 010101-050101]\n\t[NORELI]\nPIER_BRIGADE_ \
         [NORREB]\n+BRIGADE_OF_PIERS_\nNORWAY_ [NOR]\n+NORGEVIA_\nFISHERMAN_ [~AGR]\n",
    )]);
    let ran = place.line("actors import list.txt -o index/actors/list.tsv").expect(4);
    let ran = ran.says("list.txt:9: `Norgevia` goes with the country NO").says("list.txt:10: `~AGR` stands for");
    ran.says("2 actors with 4 names; 1 names are known already; 2 lines could not be used");
    let expected = "id\tname\tkind\tcountry\taliases\tacronyms\tnote\n\
        person:ada-brandtova\tAda Brandtova\tperson\tNO\tA. Brandtova\t\tCAMEO NORGOV 010101-050101; NORELI\n\
        group:pier-brigade\tPier Brigade\tarmed-group\tNO\tBrigade of Piers\t\tCAMEO NORREB\n";
    assert_eq!(place.read("index/actors/list.tsv"), expected);
    place.line("actors check").expect(0).says("0 mistakes, 0 warnings");
    let shown = place.line("actors show group:pier-brigade").expect(0).out;
    assert!(shown.contains("Brigade of Piers\tindex/actors/list.tsv:3"), "{shown}");
    let ran = place.line("actors import list.txt --from cameo --report rest.txt").expect(4);
    assert_eq!((ran.out.as_str(), place.read("rest.txt").lines().count()), (expected, 2));
    assert!(!ran.err.contains("Norgevia"), "{ran}");
    place.line("actors import nowhere.txt").expect(2).says("nowhere.txt");
}
