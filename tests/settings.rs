//! Settings out of a file: what is typed wins, then the environment, then the file.

use crate::harness::Place;

/// Three articles about a harbour, in a folder that only the settings name.
fn place(settings: &str) -> Place {
    let place = Place::with(&[
        ("news/a.txt", " date 2021-05-02 A harbour froze."),
        ("news/b.txt", " date 2022-05-02 The harbour thawed."),
        ("news/c.txt", " date 2023-05-02 A harbour burned."),
    ]);
    place.write("etc/chancery.toml", settings);
    place
}

const SETTINGS: &str = "\
index = '../archive'

[command.index]
paths = ['../news']
quiet = true

[command.search]
limit = 1
sort = 'oldest'
";

#[test]
fn settings_stand_for_what_is_not_typed() {
    let place = place(SETTINGS);
    let line = |line: &str| place.line(&format!("--config etc/chancery.toml {line}"));
    assert_eq!(line("index").expect(0).err, "", "quiet, and the folder is known");
    assert!(place.path("archive/CURRENT").is_file(), "paths are meant from the folder of the file");
    let days = |line_typed: &str| -> Vec<String> {
        line(line_typed).expect(0).out.lines().map(|hit| hit[..10].to_owned()).collect()
    };
    assert_eq!(days("search harbour"), ["2021-05-02"]);
    assert_eq!(days("search harbour -n 2"), ["2021-05-02", "2022-05-02"], "what is typed wins");
    assert_eq!(
        days("search --sort newest harbour -- -froze"),
        ["2023-05-02"],
        "settings come before the end of options"
    );
    line("count harbour").expect(0);
    line("search harbour --index elsewhere").expect(3);
    let variables = [("CHANCERY_CONFIG", "etc/chancery.toml")];
    place.run_with(&["count", "harbour"], &variables).expect(0);
    place.run_with(&["count", "harbour"], &[("CHANCERY_CONFIG", "")]).expect(3);
    let elsewhere = [variables[0], ("CHANCERY_INDEX", "elsewhere")];
    place.run_with(&["count", "harbour"], &elsewhere).expect(3).says("elsewhere");
    place.run_with(&["count", "harbour"], &[variables[0], ("CHANCERY_INDEX", "")]).expect(0);
}

#[test]
fn a_setting_that_cannot_be_is_told_with_its_line() {
    let check = |settings: &str, said: &str| {
        place(settings).line("--config etc/chancery.toml count harbour").expect(2).says(said);
    };
    check("index = ", "etc/chancery.toml:1: not TOML");
    check("\nindx = 'a'", "etc/chancery.toml:2: `indx` is no option of any command; did you mean `index`?");
    check("[command.search]\nlimit = 5\n[command.count]\nany = 'yes'", "etc/chancery.toml:4: `any` is true or false");
    check("\ncolor = 'blue'", "etc/chancery.toml:2: invalid value 'blue' for '--color <WHEN>' [possible values: auto");
    check("since = 2022-01-01", "etc/chancery.toml:1: not TOML that is read here");
    place("").line("--config etc/missing.toml count harbour").expect(2).says("etc/missing.toml");
    place("").line("--config etc/chancery.toml count harbour").expect(3);
}
