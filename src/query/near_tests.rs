//! Proximity, counts and parts of the text: what is read, how it is printed, what is refused.

use super::tests::{check, refuse};
use super::*;

#[test]
fn every_spelling_is_printed_in_one() {
    check("red NEAR/5 line", "red NEAR/5 line");
    check("red near5 line", "red NEAR/5 line");
    check("red w/5 line", "red NEAR/5 line");
    check("red /5 line", "red NEAR/5 line");
    check("red AROUND(5) line", "red NEAR/5 line");
    check("red pre/3 line", "red ADJ/3 line");
    check("red adj3 line", "red ADJ/3 line");
    check("red w/s line", "red SAME/S line");
    check("red same/p line", "red SAME/P line");
    check("a w/o b", "a w o b");
    check("a NEAR b", "a NEAR b");
    check("w/5 a", "w 5 a");
    check("a (near5) b", "a (near5) b");
    check("ATLEAST3(sanctions)", "atleast3(sanctions)");
    check("atleast1(sanctions)", "sanctions");
    check("atleast3", "atleast3");
    check("atleast (a)", "atleast a");
}

#[test]
fn proximity_binds_first() {
    check("a b NEAR/5 c", "a b NEAR/5 c");
    check("a (b NEAR/5 c)", "a b NEAR/5 c");
    check("-a NEAR/5 b", "-(a NEAR/5 b)");
    check("a NEAR/5 b NEAR/3 c", "a NEAR/5 b NEAR/3 c");
    check("(a NEAR/5 b) NEAR/3 c", "a NEAR/5 b NEAR/3 c");
    check("a NEAR/5 (b NEAR/3 c)", "a NEAR/5 (b NEAR/3 c)");
    check("a NEAR/5 (b OR \"c d\")", "a NEAR/5 (b OR \"c d\")");
    check("(a NEAR/5 b) OR c", "(a NEAR/5 b) OR c");
    check("title:(a NEAR/5 b)", "title:(a NEAR/5 b)");
    check("said:(a ADJ/2 b) speaker:Xi", "said:(a ADJ/2 b) speaker:Xi");
    check("kritenb* NEAR/5 nato~1", "kritenb* NEAR/5 nato~1");
    check("atleast2(\"red line\") NATO", "atleast2(\"red line\") NATO");
    check("title:(atleast2(line))", "title:(atleast2(line))");
}

#[test]
fn parts_of_the_text() {
    check("sanctions in:quote", "sanctions in:quote");
    check("in:quote sanctions oil", "sanctions oil in:quote");
    check("sanctions in:narration date:2022", "(sanctions in:narration) date:2022");
    check("(a in:quote) b", "(a in:quote) b");
    check("(a in:quote) (b in:narration)", "(a in:quote) (b in:narration)");
    check("(a in:quote) OR b", "(a in:quote) OR b");
    check("(a OR b) in:quote", "(a OR b) in:quote");
    check("a -b in:quote", "a -b in:quote");
    check("-(a in:quote)", "-(a in:quote)");
    check("a NEAR/3 b in:quote", "a NEAR/3 b in:quote");
    check("source:ap a in:quote", "source:ap (a in:quote)");
}

#[test]
fn what_has_no_place_is_refused() {
    refuse("a NEAR/0 b", 2, "cannot be `0` apart");
    refuse("a NEAR/101 b", 2, "cannot be `101` apart");
    refuse("a NEAR/5 -b", 9, "is excluded");
    refuse("a NEAR/5 (b c)", 2, "groups of them with OR");
    refuse("a NEAR/5 date:2022", 2, "groups of them with OR");
    refuse("=Turkey NEAR/5 b", 8, "has no place in the index");
    refuse("\"a b\"~3 NEAR/5 c", 8, "stretched phrase");
    refuse("speaker:(Xi NEAR/5 Li)", 12, "in the text, in `title:` and in `said:` only");
    refuse("a NEAR/5 b OR c", 2, "mixed without parentheses");
    refuse("a OR b NEAR/5 c", 7, "mixed without parentheses");
    refuse("atleast0(a)", 0, "`0` times");
    refuse("atleast101(a)", 0, "`101` times");
    refuse("atleast3(a b)", 8, "one word or phrase");
    refuse("atleast3(=Turkey)", 8, "cannot be counted");
    refuse("speaker:(atleast2(Xi))", 9, "`title:` and in `said:` only");
    refuse("in:quote", 0, "no words to look for");
    refuse("date:2022 in:quote", 10, "no words to look for");
    refuse("-b in:quote", 3, "no words to look for");
    refuse("a OR b in:narration OR c", 7, "beside an `OR`");
    refuse("a in:quote in:narration", 2, "two parts of the text");
    refuse("a -in:quote", 3, "cannot be excluded");
    refuse("a in:(quote OR narration)", 5, "one value");
    refuse("a in:title", 5, "it is one of quote, narration");
    refuse("date-quality:vague", 13, "it is one of day");
}

#[test]
fn any_of_the_words_in_one_part() {
    let options = Options { any: true, ..super::tests::options() };
    let any = |text: &str| parse(text, &options).unwrap().query.to_string();
    assert_eq!(any("a b in:quote"), "(a OR b) in:quote");
    assert_eq!(any("a b source:ap in:quote"), "((a OR b) in:quote) source:ap");
}
