//! Reads one article as wires have sent it since the days of the teleprinter: IPTC 7901, and its American sister ANPA 1312.
//!
//! Control characters part it: a line of service and number, the head, the text, and when it was sent. Agencies fill in the head
//! in ways of their own; of two it is known how (dpa ends a headline with `=`, AP begins lines of the head with `^`).

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::markup::Prose;
use crate::corpus::record::Record;
use crate::corpus::{encoding, out};

/// Start of heading: the line of service and number follows.
const HEADING: u8 = 0x01;

/// Start of text: head and text follow.
const TEXT: char = '\u{2}';

/// End of text: when it was sent follows.
const END: char = '\u{3}';

/// Fillers that may come before it all, so that a teleprinter is up to speed.
const FILLERS: [u8; 4] = [0x16, b'\r', b'\n', 0];

/// A first paragraph of lines longer than this is no headline.
const LONGEST_HEAD: usize = 400;

/// Months as they are written.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Two digits of a year from here on are of the last century: no wire sent in this form before.
const CENTURY_TURNS: u32 = 60;

/// Whether bytes begin like such an article.
pub fn is_one(bytes: &[u8]) -> bool {
    let start = bytes.iter().position(|byte| !FILLERS.contains(byte));
    start.is_some_and(|start| start < 64 && bytes[start] == HEADING)
}

/// Reads one article.
pub fn read(relative: &str, bytes: &[u8], sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let opened = match encoding::open(bytes) {
        Ok(opened) => opened,
        Err(reason) => return sink(Err(Failure { line: None, reason })),
    };
    let (text, broken) = encoding::decode(&opened.bytes);
    let mut record = Record::default();
    match text.split_once(TEXT) {
        None => return sink(Err(Failure { line: None, reason: "a telegram without a text".to_owned() })),
        Some((_, body)) => {
            let (body, sent) = body.split_once(END).unwrap_or((body, ""));
            let (title, text) = parts(body);
            record.put_text("title", title);
            record.put_text("text", Some(text));
            record.put_text("date", date(sent));
        }
    }
    out::only(relative, record, sink);
    if let Some(reason) = broken {
        sink(Err(Failure { line: None, reason }));
    }
}

/// The headline and the text.
fn parts(body: &str) -> (Option<String>, String) {
    let body = body.replace("\r\n", "\n");
    let body = body.trim_start_matches(|c: char| c.is_whitespace());
    if body.starts_with('^') {
        return of_carets(body);
    }
    let (head, text) = body.split_once("\n\n").unwrap_or(("", body));
    // Lines such as REFILE or a byline stand around the headline, which is the longest of them.
    let lines = head.lines().map(|line| line.trim().trim_end_matches('=').trim_end());
    match head.trim_end().ends_with('=') && head.len() <= LONGEST_HEAD {
        true => (lines.max_by_key(|line| line.len()).map(str::to_owned), prose(text)),
        false => (None, prose(body)),
    }
}

/// The same where each line of the head begins with `^` and ends with `<` or `=`: first a slug, then the headline.
fn of_carets(body: &str) -> (Option<String>, String) {
    let mut lines = body.lines().peekable();
    let mut head = Vec::new();
    while let Some(line) = lines.next_if(|line| line.starts_with('^')) {
        let line = line.trim_start_matches('^').trim_end().trim_end_matches(['<', '=']);
        head.push(line.trim());
    }
    let text = prose(&lines.collect::<Vec<_>>().join("\n"));
    let title = head.get(1).or(head.first()).filter(|title| !title.is_empty());
    match (title, text.is_empty()) {
        // Some put the whole text into lines of the head.
        (Some(title), true) => (Some((*title).to_owned()), head.join("\n")),
        (title, _) => (title.map(|title| (*title).to_owned()), text),
    }
}

/// The paragraphs: each begins with blanks, or behind an empty line; their lines were broken by hand.
fn prose(text: &str) -> String {
    let mut prose = Prose::default();
    for line in text.lines() {
        let line = line.replace(|c: char| c.is_control() && c != '\t', "");
        if line.trim().is_empty() || line.starts_with([' ', '\t']) {
            prose.edge("p");
        }
        prose.text(&line);
        prose.text(" ");
    }
    prose.finish()
}

/// When it was sent: `131137 GMT Nov 13` (day, time, month, year), or `AP-WF-11-13-13 1509GMT` (month, day, year).
fn date(sent: &str) -> Option<String> {
    let words: Vec<&str> = sent.split_whitespace().collect();
    let american = words.iter().find_map(|word| {
        let parts: Vec<u32> = word.split('-').filter_map(|part| part.parse().ok()).collect();
        match parts[..] {
            [month, day, year] => Some((year, month, day)),
            _ => None,
        }
    });
    let usual = || {
        let at = words.iter().position(|word| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(word)))?;
        let month = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(words[at]))? as u32 + 1;
        let day = words.first()?.get(..2)?.parse().ok()?;
        Some((words.get(at + 1)?.parse().ok()?, month, day))
    };
    let (year, month, day) = american.or_else(usual)?;
    let year = match year {
        0..CENTURY_TURNS => 2000 + year,
        CENTURY_TURNS..100 => 1900 + year,
        _ => year,
    };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::told_of;

    fn shown(telegram: &str) -> String {
        let (articles, said) = told_of("wire", telegram.as_bytes());
        let one = |article: &Article| {
            let date = article.date.map(|published| published.date.to_string()).unwrap_or_default();
            [article.title.clone(), article.text.replace('\n', "/"), date].join("|")
        };
        articles.iter().map(one).chain(said).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn telegrams_are_read() {
        let check = |telegram: &str, expected: &str| assert_eq!(shown(telegram), expected, "{telegram:?}");
        let usual = "\u{1}exa001 3 i 90 exw 1\r\n\nGeneva/talks/\r\n\u{2}REFILE\r\nMinisters meet in Geneva =\r\n\n   Geneva (exw) - Ministers\r\nmet.\r\n\n   They left.\r\n\n\u{3}051137 GMT Feb 22\r\n";
        check(usual, "Ministers meet in Geneva|Geneva (exw) - Ministers met.//They left.|2022-02-05");
        let carets = "\u{16}\u{16}\u{1}A1\u{1f}x\r\nf l 02-05\r\n\u{2}^BC-Talks,90<\r\n^Ministers meet<\r\n\t   GENEVA _ They met.\r\nAgain.\r\n\t   They left.\r\n\u{3}XX-WF-02-05-98 1509GMT<\r\n";
        check(carets, "Ministers meet|GENEVA _ They met. Again.//They left.|1998-02-05");
        check("\u{1}x\n\u{2}No head at all. More.\n", "No head at all.|No head at all. More.|");
        check("\u{1}x\n", "a telegram without a text");
        check("\u{1}exa001 3 i 90\n\u{2}\n\u{3}999999 GMT Feb 22", "no `text` in it");
        check(
            "\u{1}exa001 3 i 90\n\u{2}Words.\n\u{3}991137 GMT Feb 22",
            "Words.|Words.| `date`: `2022-02-99` is not a date (write YYYY-MM-DD, YYYY-MM, YYYY or an RFC 3339 time); kept as undated",
        );
    }
}
