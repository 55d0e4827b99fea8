use super::{Overlay, OwnFile};
use crate::article::{Article, ArticleId, Origin};
use crate::extract::{Options, OwnTables, Tables, extract, version_of};
use crate::facts::{Facts, Form};

fn read(files: &[(&str, &str)]) -> Overlay {
    let file = |(name, text): &(&str, &str)| OwnFile { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() };
    Overlay::read(&files.iter().map(file).collect::<Vec<_>>())
}

/// Blanks of two and more part cells here.
fn table(text: &str) -> String {
    let line = |line: &str| {
        let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        cells.iter().map(|cell| if *cell == "." { "" } else { cell }).collect::<Vec<_>>().join("\t")
    };
    text.lines().map(|text| line(text.trim()) + "\n").collect()
}

fn tables(files: &[(&str, &str)]) -> OwnTables {
    OwnTables::new(read(files))
        .map_err(|found| found.iter().map(|one| one.error.to_string()).collect::<Vec<_>>())
        .unwrap()
        .0
}

fn facts(tables: &Tables, text: &str) -> Facts {
    let article = Article {
        id: ArticleId::from_path("a", 0),
        date: None,
        title: String::new(),
        title_derived: true,
        text: text.to_owned(),
        text_offset: None,
        language: None,
        source: None,
        authors: Vec::new(),
        url: None,
        origin: Origin { path: "a".to_owned(), ordinal: 0 },
        standing: crate::article::Standing::Usable,
    };
    extract(&article, tables, &Options { beliefs: false })
}

fn ids(tables: &Tables, text: &str) -> Vec<String> {
    facts(tables, text).actors.into_iter().map(|actor| actor.id).collect()
}

#[test]
fn actors_are_added_with_names_of_every_form() {
    let own = table(
        "id  kind  name  country  parent  aliases  acronyms  metonyms  demonyms
         org:port-board  ministry  Port Board of Oslo  NO  gov:NO  Harbour Watch  PBO  Pier House
         person:ada-brandt  person  Ada Brandt  NO",
    );
    let tables = tables(&[("a.tsv", &own)]);
    for (text, id) in [
        ("The Port Board of Oslo met on Friday.", "org:port-board"),
        ("The Harbour Watch met on Friday.", "org:port-board"),
        ("Officials of PBO met on Friday.", "org:port-board"),
        ("Pier House said on Friday that it would rain.", "org:port-board"),
        ("On Friday Ada Brandt met a delegation.", "person:ada-brandt"),
    ] {
        assert!(ids(&tables, text).contains(&id.to_owned()), "{text} {:?}", ids(&tables, text));
    }
    let card = tables.actor("org:port-board").unwrap();
    let shown: Vec<(&str, Form)> = card.names.iter().map(|name| (name.text.as_str(), name.form)).collect();
    let expected = [
        ("Port Board of Oslo", Form::Name),
        ("Harbour Watch", Form::Name),
        ("PBO", Form::Acronym),
        ("Pier House", Form::Metonym),
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        (card.country.as_deref(), card.parent.as_deref(), card.origin.as_str()),
        (Some("NO"), Some("gov:NO"), "a.tsv:2")
    );
}

#[test]
fn builtin_actors_are_corrected() {
    let own = table(
        "id  name  country  aliases  order
         igo:nato  .  .  Western Pact|-North Atlantic Treaty Organization
         person:xi-jinping  Xi the Elder  HK",
    );
    let tables = tables(&[("a.tsv", &own)]);
    assert!(ids(&tables, "The Western Pact met on Friday.").contains(&"igo:nato".to_owned()));
    let nato = tables.actor("igo:nato").unwrap();
    assert!(!nato.names.iter().any(|name| name.text == "North Atlantic Treaty Organization"), "{nato:?}");
    let pact = nato.names.iter().find(|name| name.text == "Western Pact").unwrap();
    assert_eq!(pact.origin, "a.tsv:2");
    assert_eq!(nato.origin, "built in");
    let xi = tables.actor("person:xi-jinping").unwrap();
    assert_eq!((xi.name.as_str(), xi.country.as_deref()), ("Xi the Elder", Some("HK")));
    assert!(xi.names.iter().any(|name| name.text == "Xi Jinping"));
    assert_eq!(xi.changes[0], ("name Xi the Elder, not Xi Jinping".to_owned(), "a.tsv:3".to_owned()));
    // The others are as they were.
    assert_eq!(tables.actor("igo:un").unwrap(), Tables::builtin().actor("igo:un").unwrap());
}

#[test]
fn one_actor_is_merged_into_another() {
    let own = table(
        "id  merge  name  aliases
         igo:osce  igo:un
         person:adda-brand  person:ada-brandt  Adda Brand
         person:ada-brandt  .  Ada Brandt",
    );
    let tables = tables(&[("a.tsv", &own)]);
    assert_eq!(tables.actor("igo:osce").unwrap().id, "igo:un");
    assert!(tables.actors().all(|actor| actor.id != "igo:osce" && actor.parent.as_deref() != Some("igo:osce")));
    assert_eq!(ids(&tables, "The OSCE met on Friday."), ["igo:un"]);
    let found = facts(&tables, "On Friday Adda Brand met a delegation.");
    assert_eq!((found.actors[0].id.as_str(), found.actors[0].name.as_str()), ("person:ada-brandt", "Ada Brandt"));
}

#[test]
fn toml_says_the_same() {
    let toml = r#"
[[actor]]
id = "org:port-board"
kind = "ministry"
name = "Port Board"
country = "NO"
alias = ["Harbour Watch?", { text = "Pier House", form = "metonym" }]

[[actor]]
id = "igo:nato"
alias = ["-Atlantic Alliance"]
"#;
    let tsv = table(
        "id  kind  name  country  aliases  metonyms
         org:port-board  ministry  Port Board  NO  Harbour Watch?  Pier House",
    );
    let toml = tables(&[("a.toml", toml.split("\n[[actor]]\nid = \"igo").next().unwrap())]);
    let tsv = tables(&[("a.tsv", &tsv)]);
    let mut one = toml.actor("org:port-board").unwrap();
    let mut other = tsv.actor("org:port-board").unwrap();
    for actor in [&mut one, &mut other] {
        actor.origin.clear();
        actor.names.iter_mut().for_each(|name| name.origin.clear());
    }
    assert_eq!(one, other);
    assert_eq!(toml.version(), tsv.version());
}

#[test]
fn the_version_follows_what_is_said_and_not_how() {
    let version = |text: &str| version_of(&read(&[("a.tsv", &table(text))]));
    let builtin = Tables::builtin().version();
    assert_eq!(version("# nothing"), builtin);
    assert_eq!(version("id  name"), builtin);
    let one = version("id  aliases\nigo:nato  Pact");
    assert!(one.starts_with(&format!("{builtin}+")));
    assert_eq!(version("# a comment\nid  note  aliases\nigo:nato  why  Pact"), one);
    assert_ne!(version("id  aliases\nigo:nato  Pact?"), one);
    assert_ne!(version("id  aliases\nigo:nato  -Pact"), one);
    assert_eq!(tables(&[("a.tsv", &table("id  aliases\nigo:nato  Pact"))]).version(), one);
}

#[test]
fn rows_for_cues_and_roles_are_added() {
    let cues = "lemma\tbase\tthird\tpast\tparticiple\tgerund\tframes\tclass\tprior\n\
                trumpet\ttrumpet\ttrumpets\ttrumpeted\ttrumpeted\ttrumpeting\tQT0\tspeech\t0.9\n";
    let roles = "noun\tplural\tclass\tgender\nharbourmaster\tharbourmasters\tofficial\t\n";
    let text = "Harbourmaster Quill Ostrander trumpeted that the pier would stay open.";
    let tables = tables(&[("x/cues.tsv", cues), ("x/roles.tsv", roles)]);
    let found = facts(&tables, text);
    assert_eq!(found.quotes[0].speakers, ["person:quill-ostrander"], "{found:?}");
    assert!(facts(Tables::builtin(), text).quotes.is_empty());
}

#[test]
fn every_mistake_is_found_with_its_line() {
    let check = |file: &str, text: &str, expected: &[&str]| {
        let found = match OwnTables::new(read(&[(file, text)])) {
            Ok((_, warnings)) => warnings,
            Err(found) => found,
        };
        let lines: Vec<String> =
            found.iter().map(|one| format!("{}{}", if one.warning { "w " } else { "" }, one.error)).collect();
        assert!(
            lines.len() == expected.len() && lines.iter().zip(expected).all(|(line, part)| line.starts_with(part)),
            "{lines:#?}\n{expected:#?}"
        );
    };
    let tsv = |text: &str, expected: &[&str]| check("a.tsv", &table(text), expected);
    tsv("id  colour\nigo:nato  red", &["a.tsv:1: `colour` is no column"]);
    tsv("name  kind\nX  person", &["a.tsv:1: the header names no column `id`"]);
    tsv("id  kind\nigo:nato  pact", &["a.tsv:2: `pact` is no kind of actor"]);
    tsv("id  kind\nigo:nato  person", &["a.tsv:2: `igo:nato` cannot be `person`"]);
    tsv("id  country\nigo:nato  ZZ", &["a.tsv:2: `ZZ` is the code of no country"]);
    tsv(
        "id  name\nperson:Ada Brandt  Ada Brandt",
        &[
            "a.tsv:2: `person:Ada Brandt` is no id: small letters, digits, hyphens and dots, or a code in capitals; write `person:ada-brandt`",
        ],
    );
    tsv("id  name\nada  Ada Brandt", &["a.tsv:2: `ada` is no id"]);
    tsv("id  aliases\nigo:nato  Pact\nigo:nato  Old Pact", &["a.tsv:3: `igo:nato` is there twice, first in a.tsv:2"]);
    tsv("id  aliases\nigo:nobody  Pact", &["a.tsv:2: `igo:nobody` is in no table, so it needs a name"]);
    tsv("id  name  aliases\norg:x  X Board", &["a.tsv:2: `org:x` is new, so it needs a kind"]);
    tsv("id  parent\nigo:nato  igo:nobody", &["a.tsv:2: the parent `igo:nobody` is in no table"]);
    tsv("id  aliases\nigo:nato  -Warsaw Pact Office", &["a.tsv:2: `Warsaw Pact Office` is no name of `igo:nato`"]);
    tsv("id  merge\nigo:nato  igo:nobody", &["a.tsv:2: `igo:nobody` is in no table"]);
    tsv(
        "id  merge\nigo:nato  igo:un\nigo:un  igo:osce\nigo:osce  igo:nato",
        &["a.tsv:2: `igo:nato` is merged in a circle", "a.tsv:3", "a.tsv:4"],
    );
    tsv("id  merge\nstate:NO  state:SE", &["a.tsv:2: states and their governments cannot be merged"]);
    tsv("id  merge\nperson:no-body  igo:un", &["a.tsv:2: `person:no-body` is in no table, so it needs its name"]);
    tsv("id  order\nperson:xi-jinping  backwards", &["a.tsv:2: `backwards` is no order of names"]);
    tsv("id  aliases\nigo:nato  ?", &["a.tsv:2: `?` is no name"]);
    tsv("id  name  aliases\norg:x  X  Y  Z", &["a.tsv:2: 4 cells under 3 columns", "a.tsv:2: `org:x` is new, so"]);
    tsv("id  acronyms\nigo:osce  NATO", &["w a.tsv:2: `NATO` is a name of igo:nato too"]);
    let toml = |text: &str, expected: &[&str]| check("a.toml", text, expected);
    toml("[[actor]]\nid = \"igo:nato\"\ncolour = 1\n", &["a.toml:3: `colour` is no key"]);
    toml("[[actor]\n", &["a.toml:1: not TOML"]);
    toml("[[actor]]\nname = \"X\"\n", &["a.toml:1: there is no id"]);
    toml("x = 1\n", &["a.toml:1: `x` is not known here"]);
    toml(
        "[[actor]]\nid = \"igo:nato\"\nalias = [{ text = \"A Pact\", when = \"after:x\" }]\n",
        &["a.toml:3: `when` is no key of a name"],
    );
    toml(&"[".repeat(100_000), &["a.toml:1: brackets are nested too deeply"]);
    check("cues.tsv", "lemma\tbase\n", &["cues.tsv:1: the header must be"]);
    let bytes = OwnFile { name: "a.tsv".to_owned(), bytes: b"id\tname\n\xff".to_vec() };
    assert_eq!(Overlay::read(&[bytes]).findings[0].error.to_string(), "a.tsv:2: not valid UTF-8");
}
