//! The language as a table of cases, and what a hostile question costs.

use std::time::{Duration, Instant};

use super::*;

pub(super) fn options() -> Options {
    Options { today: Day::from_ymd(2024, 6, 15).unwrap(), any: false }
}

/// The question `text` has the canonical text `expected`, which is read as the same tree again.
pub(super) fn check(text: &str, expected: &str) {
    check_with(text, expected, &options());
}

fn check_with(text: &str, expected: &str, options: &Options) {
    let parsed = parse(text, options).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(parsed.query.to_string(), expected, "{text}");
    let again = parse(expected, &Options { any: false, ..*options }).unwrap();
    assert_eq!(again.query, parsed.query, "{text}");
}

/// The question is refused at byte `at`, with `part` in the message or its hint.
pub(super) fn refuse(text: &str, at: usize, part: &str) {
    let error = match parse(text, &options()) {
        Ok(parsed) => panic!("{text} was read as {}", parsed.query),
        Err(error) => error,
    };
    let hint = error.hint_text().unwrap_or_else(|| panic!("{text}: no hint with {error}"));
    assert_eq!(error.query_position(), Some(at), "{text}: {error}");
    assert!(format!("{error}; {hint}").contains(part), "{text}: {error}; {hint}");
}

/// The question is read with a hint that has `part` in it, or with none if `part` is empty.
fn hint(text: &str, part: &str) {
    let hints = parse(text, &options()).unwrap_or_else(|error| panic!("{text}: {error}")).hints.join("; ");
    assert!(if part.is_empty() { hints.is_empty() } else { hints.contains(part) }, "{text}: {hints}");
}

#[test]
fn words() {
    check("Kritenbrink NATO", "Kritenbrink NATO");
    check("  spaced \t\n out ", "spaced out");
    check("*", "*");
    check("* NATO", "NATO");
    check("=Turkey", "=Turkey");
    check("Kritenbrink~1 Zelenskyy~2", "Kritenbrink~1 Zelenskyy~2");
    check("Kritenb* wom?n", "Kritenb* wom?n");
    check("don't O'Brien l’Oréal", "don't O'Brien l’Oréal");
    check("U.S. policy", "U.S. policy");
    check("state-of-the-art", "state-of-the-art");
    check("12:30 1,000", "12:30 1,000");
    check("Путин 习近平", "Путин 习近平");
    check("习近* source:朝日*", "习近 source:朝日*");
    check("צה\"ל \"צה ל\"", "צה\"ל \"צה ל\"");
    check("\"דובר צה\"ל מסר\"", "\"דובר צה\"ל מסר\"");
    check("Krem\u{200b}lin भारत क्रम", "Krem\u{200b}lin भारत क्रम");
    check("and or not", "and or not");
    check("near adj w same", "near adj w same");
    check("near5 talks", "(near5) talks");
    check("a (near5 b)", "a (near5) b");
    check("=near5", "=near5");
    check("OR~1", "OR~1");
    check("a b-c -d", "a b-c -d");
}

#[test]
fn prose_is_a_question() {
    check("Putin, Xi: \"no limits\"?", "Putin Xi \"no limits\"");
    check("What is Russia's red line?", "What is Russia's red line");
    check("‘Red line’ crossed; 5% rise…", "Red line crossed 5 rise");
    check("Putin – war — Xi", "Putin war Xi");
    check("Putin --who knew-- said", "Putin who knew said");
    check("a - b", "a b");
    check("AT&T profits", "AT T profits");
    check("-AT&T", "-(AT T)");
    check("a OR Reuters/AP b", "(a OR (Reuters AP)) b");
    check("war AND/OR peace", "war and or peace");
    check("https://www.reuters.com/world/x?id=5", "https www.reuters.com world x id 5");
    check("https://host:8080/a:b", "https host 8080 a b");
    check("title: summit", "title summit");
    check("$5 & #tag @handle", "5 tag handle");
    check("-@handle", "-handle");
    check("+a +b", "a b");
    check("\"no limits\"* deal", "\"no limits\" deal");
    check("J. Doe. Jr., 3.5%", "J Doe Jr 3.5");
    check("5 /7", "5 7");
    check("wait:, what: -", "wait what");
}

#[test]
fn confidence() {
    check("a confidence>=0.8", "a confidence:0.8..");
    check("confidence:>0.8", "confidence:0.81..");
    check("confidence<=.5", "confidence:..0.5");
    check("confidence:0.5..0.75 said:x", "confidence:0.5..0.75 said:x");
    check("confidence:[0.5 TO *]", "confidence:0.5..");
    check("confidence:(0.5 OR 0.9)", "confidence:0.5 OR confidence:0.9");
    check("-sure<0.7", "-confidence:..0.69");
    check("confidence in NATO", "confidence in NATO");
}

#[test]
fn phrases() {
    check("\"red line\"", "\"red line\"");
    check(
        "“red line” „rote Linie“ «ligne rouge» »rot« 「赤線」",
        "\"red line\" \"rote Linie\" \"ligne rouge\" \"rot\" \"赤線\"",
    );
    check("‟a” \"b”", "\"a\" \"b\"");
    check("\" red \n line \"", "\"red line\"");
    check("\"a b\"~5", "\"a b\"~5");
    check("\"OR\"", "\"OR\"");
    check("\"near/5 title:x (\"", "\"near/5 title:x (\"");
    check("-\"red line\"", "-\"red line\"");
    check("foo\"bar\"", "foo \"bar\"");
}

#[test]
fn operators() {
    check("a AND b", "a b");
    check("a OR b", "a OR b");
    check("a | b || c", "a OR b OR c");
    check("a|b", "a OR b");
    check("a && b", "a b");
    check("a b OR c", "a (b OR c)");
    check("a OR b c", "(a OR b) c");
    check("(a b) OR c", "(a b) OR c");
    check("a (b (c d))", "a b c d");
    check("a OR (b OR (c))", "a OR b OR c");
    check("((a))", "a");
    check("NOT a", "-a");
    check("a AND NOT b", "a -b");
    check("a NOT b", "a -b");
    check("a -b", "a -b");
    check("-a -b", "-a -b");
    check("NOT NOT a", "a");
    check("--a", "a");
    check("NOT -(NOT a)", "-a");
    check("-(a b)", "-(a b)");
    check("-(a OR b) c", "-(a OR b) c");
    check("a OR -b", "a OR -b");
    check("(-a)|-b", "-a OR -b");
    check("* -a", "-a");
    check("-*", "-*");
    check("a OR *", "a OR *");
    check("(a AND b) OR c", "(a b) OR c");
    check("-near5", "-(near5)");
}

#[test]
fn fields() {
    check("title:summit", "title:summit");
    check("HD:summit", "title:summit");
    check("title:\"red line\"~3", "title:\"red line\"~3");
    check("title:(a b)", "title:(a b)");
    check("title:(a)", "title:a");
    check("title:(a OR b) c", "title:(a OR b) c");
    check("title:(a -b)", "title:(a -b)");
    check("title:(-a)", "-title:a");
    check("-title:a", "-title:a");
    check("NOT title:(NOT a)", "title:a");
    check("title:=Turkey", "title:=Turkey");
    check("title:kri*", "title:kri*");
    check("title:OR", "title:or");
    check("title:near5 a", "title:near5 a");
    check("title:(a near5)", "title:(a (near5))");
    check("title:AT&T", "title:(AT T)");
    check("title:12:30", "title:12:30");
    check("speaker:Xi,Putin", "speaker:(Xi Putin)");
    check("said:“no first use” speaker:\"Xi Jinping\"", "said:\"no first use\" speaker:\"Xi Jinping\"");
    check("actor:state:CN", "actor:state:CN");
    check("actor:(state:CN OR person:xi-jinping)", "actor:(state:CN OR person:xi-jinping)");
    check("actor:person:xi-jinping", "actor:person:xi-jinping");
    check("person:xi-jinping", "person:xi-jinping");
    check("org:us.state", "org:us.state");
    check("source:(reuters OR ap)", "source:(reuters OR ap)");
    check("source:(reuters|ap)", "source:(reuters OR ap)");
    check("source:(\"OR\" OR ap)", "source:(\"OR\" OR ap)");
    check("source:\"the times\"", "source:\"the times\"");
    check("source:\"reuters\"", "source:reuters");
    check("source:=reuters", "source:reuters");
    check("source:\"-x\"", "source:\"-x\"");
    check("source:(a -b)", "source:(a -b)");
    check("source://a", "source://a");
    check("source:OR", "source:\"OR\"");
    check("path:2022/*", "path:2022/*");
    check("path:\"my folder/*\"", "path:\"my folder/*\"");
    check("path:2022/a,b~1.txt", "path:2022/a,b~1.txt");
    check("id:*", "id:*");
    check("lang:en has:quote", "lang:en has:quote");
    check("has:(quote OR SPEAKER)", "has:quote OR has:speaker");
    check("-has:date", "-has:date");
    check("title:a AND text:b", "title:a text:b");
    check("a,title:b", "a title:b");
}

#[test]
fn the_examples_of_the_field_table_are_questions() {
    for row in crate::field::TABLE {
        let parsed = parse(row.example, &options()).unwrap();
        assert!(parsed.query.to_string().contains(row.name) && parsed.hints.is_empty(), "{}", row.example);
    }
}

#[test]
fn dates() {
    check("date:2022", "date:2022");
    check("date:2022-Q1", "date:2022-01-01..2022-03-31");
    check("date:2022-02..2022-03", "date:2022-02-01..2022-03-31");
    check("date:..2014", "date:..2014-12-31");
    check("date:3d..", "date:2024-06-12..");
    check("date:yesterday", "date:2024-06-14");
    check("on:2022-02-05", "date:2022-02-05");
    check("after:2022-02-05", "date:2022-02-06..");
    check("after:2022", "date:2023-01-01..");
    check("before:2022-02", "date:..2022-01-31");
    check("since:2022-02", "date:2022-02-01..");
    check("until:2022-02", "date:..2022-02-28");
    check("since:3w", "date:2024-05-25..");
    check("date>=2020", "date:2020-01-01..");
    check("date >= 2020 a", "date:2020-01-01.. a");
    check("date:>=2020", "date:2020-01-01..");
    check("date:<2021-05", "date:..2021-04-30");
    check("date:<=2021-05", "date:..2021-05-31");
    check("date>2020", "date:2021-01-01..");
    check("date=2020", "date:2020");
    check("date:[2020 TO 2021]", "date:2020-01-01..2021-12-31");
    check("date:[2020 TO *]", "date:2020-01-01..");
    check("date:[* TO 2021]", "date:..2021-12-31");
    check("date:[* TO *]", "has:date");
    check("date:*", "has:date");
    check("date:none", "-has:date");
    check("-date:none", "has:date");
    check("date:(2020 OR 2022)", "date:2020 OR date:2022");
    check("ingested:3d.. -date:2022", "ingested:2024-06-12.. -date:2022");
    check("date:\"2022 .. 2023\"", "date:2022-01-01..2023-12-31");
    check("published: 2022", "published 2022");
}

#[test]
fn any_of_the_words_is_enough() {
    let check = |text: &str, expected: &str| check_with(text, expected, &Options { any: true, ..options() });
    check("a b", "a OR b");
    check("a b date:2022 -c", "(a OR b) date:2022 -c");
    check("a \"b c\" source:ap", "(a OR \"b c\") source:ap");
    check("a AND b c", "(a b) OR c");
    check("a OR b c", "a OR b OR c");
    check("a (b c)", "a OR (b c)");
    check("title:a title:b", "title:a title:b");
    check("(source:ap OR source:afp) a b", "(a OR b) (source:ap OR source:afp)");
    check("-a -b", "-a -b");
    check("a", "a");
}

#[test]
fn refused_syntax() {
    refuse("", 0, "the query is empty");
    refuse("  ", 0, "the query is empty");
    refuse(",;", 0, "no words");
    refuse("a \"red line", 2, "never closed");
    refuse("é “red", 3, "`“` is never closed");
    refuse("a (b", 2, "`(` is never closed");
    refuse("a) b", 1, "`)` closes nothing");
    refuse("a ()", 2, "nothing stands between the parentheses");
    refuse("a \"…\"", 2, "no word between");
    refuse("OR a", 0, "nothing stands before `OR`");
    refuse("a OR", 2, "nothing stands after `OR`");
    refuse("a AND OR b", 2, "nothing stands after `AND`");
    refuse("(a AND) b", 3, "nothing stands after `AND`");
    refuse("a NOT", 2, "nothing stands after `NOT`");
    refuse("NOT (a", 4, "never closed");
    refuse("a AND b OR c", 8, "`a (b OR c)` or `(a b) OR c`");
    refuse("a OR b AND c", 7, "`(a OR b) c` or `a OR (b c)`");
    refuse("x (a AND b OR -c)", 11, "`a (b OR -c)` or `(a b) OR -c`");
    refuse("title:(a AND b OR c)", 15, "`title:(a (b OR c))` or `title:((a b) OR c)`");
    refuse("*foo", 0, "too few letters");
    refuse("a k*", 2, "Kritenb*");
    refuse("title:?ussia", 6, "too few letters");
    refuse("=Turk*", 0, "two ways");
    refuse("wom?n~1", 0, "two ways");
    refuse("word~3", 4, "`word~1` or `word~2`");
    refuse("word~0.8", 4, "`0.8`");
    refuse("\"a b\"~999", 5, "up to 100");
    refuse("NATO^4 summit", 4, "weights");
}

#[test]
fn refused_fields() {
    refuse("a speeker:X", 2, "did you mean `speaker:`");
    refuse("speeker:\"X Y\"", 0, "no field `speeker`");
    refuse("(titel:x)", 1, "did you mean `title:`");
    refuse("zzzzzz:x", 0, "the fields are title, text");
    refuse("state:CN", 0, "actor:state:CN");
    refuse("speeker:'Xi'", 0, "did you mean `speaker:`");
    refuse("speeker:(a b)", 0, "did you mean `speaker:`");
    refuse("title:(a text:b)", 9, "inside `title:`");
    refuse("title:text:b", 6, "inside `title:`");
    refuse("actor:title:b", 6, "inside `actor:`");
    refuse("actor:(title:b)", 7, "inside `actor:`");
    refuse("title:-a", 6, "-title:");
    refuse("source:-a", 7, "-source:");
    refuse("speaker:'Xi Jinping'", 8, "double marks");
    refuse("title:*", 6, "`*` alone");
    refuse("speaker:*", 8, "has:speaker");
    refuse("source:\"\"", 7, "no word between");
    refuse("has:quotes", 4, "quote, speaker, date");
    refuse("title:(", 6, "never closed");
    refuse("title:()", 6, "nothing stands between");
}

#[test]
fn refused_dates() {
    refuse("a date:05/06/2024", 7, "`2024-05-06` or `2024-06-05`");
    refuse("date:soon", 5, "YYYY-MM-DD");
    refuse("date:3w", 5, "`3w..`");
    refuse("after:2022..", 6, "range");
    refuse("after:9999", 6, "no day beyond");
    refuse("before:0001", 7, "no day beyond");
    refuse("date:2022 .. 2023", 9, "no blanks");
    refuse("date:[2020 TO]", 5, "[2020 TO 2021]");
    refuse("date:[2020", 5, "[2020 TO 2021]");
    refuse("date:{2020 TO 2021}", 5, "[2020 TO 2021]");
    refuse("after:(2020 OR 2021)", 6, "one value");
    refuse("date:2023..2022", 5, "ends before it begins");
    refuse("title:(date>2020)", 7, "inside `title:`");
}

#[test]
fn hints() {
    hint("a OR b -c", "");
    hint("习近平~1", "letters stand for themselves");
    hint("a or b", "write `OR`");
    hint("a and b", "write `AND`");
    hint("a not b", "`NOT` or `-`");
    hint("not", "");
    hint("red NEAR line", "`NEAR/5`");
    hint("red SAME line", "`SAME/S`");
    hint("title: summit", "without a blank");
    hint("source=reuters", "write `source:`");
    hint("a !b", "`-word` to exclude");
    hint("a –b", "`-word` to exclude");
    hint("'red line'", "double ones");
    hint("'tis the season", "");
    hint("word~", "`word~1`");
    hint("\"red lin*\"", "single words");
    hint("Putin, Xi: \"no limits\"?", "");
}

#[test]
fn what_engines_ask() {
    let read = |text: &str| parse(text, &options()).unwrap().query;
    let terms = |text: &str| {
        let query = read(text);
        query.terms().iter().map(|(field, node)| format!("{field:?} {node}")).collect::<Vec<_>>()
    };
    assert_eq!(
        terms("a (title:(b OR \"c d\") OR -e) -f date:2022"),
        ["None a", "Some(Title) b", "Some(Title) \"c d\""]
    );
    assert!(terms("*").is_empty());
    assert!(read("a date:2022").has_period(Field::Date));
    assert!(read("a (date:2021 OR date:2022)").has_period(Field::Date));
    assert!(!read("a (date:2021 OR b)").has_period(Field::Date));
    assert!(!read("a -date:2021 ingested:3d..").has_period(Field::Date));
    let since = || read("since:2022").root;
    assert_eq!(read("a b").and(since()).to_string(), "a b date:2022-01-01..");
    assert_eq!(read("a OR b").and(since()), read("(a OR b) since:2022"));
    assert_eq!(read("*").and(since()), read("since:2022"));
    assert_eq!(read("a (b OR c) -d").clauses().len(), 3);
    assert_eq!(read("a (b OR c) -d").without(1), read("a -d"));
    assert_eq!(read("a").without(0), read("*"));
    assert_eq!((read("*").clauses().len(), read("a").without(7)), (0, read("a")));
}

#[test]
fn hostile_questions_are_answered_at_once() {
    let began = Instant::now();
    refuse(&"(".repeat(1 << 20), MAX_BYTES, "4096 at most");
    refuse(&"a".repeat(1 << 20), MAX_BYTES, "1048576 bytes");
    refuse(&"a ".repeat(1 << 19), MAX_BYTES, "4096 at most");
    refuse(&format!("{}a{}", "(".repeat(20_000), ")".repeat(20_000)), MAX_BYTES, "4096 at most");
    refuse(&"(".repeat(4_000), 32, "nested deeper than 32");
    refuse(&format!("{}a{}", "title:(".repeat(33), ")".repeat(33)), 7, "inside `title:`");
    refuse(&vec!["a"; 1_001].join(" OR "), MAX_BYTES, "4096 at most");
    refuse(&vec!["a"; 1_000].join("|"), 512, "more than 256");
    refuse(&"a\"".repeat(101), 201, "never closed");
    check(&format!("{}a", "-".repeat(4_001)), "a");
    check(&format!("{}a", "NOT ".repeat(1_001)), "-a");
    check(&format!("{}a{}", "-(".repeat(32), ")".repeat(32)), "a");
    let deep = format!("{}a b|c{}", "x (y|(".repeat(16), ")".repeat(32));
    refuse(&deep, 0, "written out in full");
    refuse(&vec!["\"ab cd ef gh\""; 255].join("|"), 0, "written out in full");
    let _ = parse(&"a.".repeat(2_000), &options());
    let _ = parse(&"'".repeat(4_000), &options());
    let _ = parse(&" 'a".repeat(1_300), &options());
    let _ = parse(&" -?".repeat(1_300), &options());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
