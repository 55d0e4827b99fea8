//! Reads the plain format: one article a file, ` date 2022-02-05 ` in front of it, then the text.
//!
//! The header may be missing or less exact; a header that cannot be read leaves the article undated and is reported.
//! The text is taken as it stands, so that a span in it points into the file, with two exceptions: other encodings
//! and the line ends of the old Macintosh are translated, and `text_offset` is then absent.

use std::borrow::Cow;

use crate::article::{Article, ArticleId, Origin};
use crate::catalogue::Failure;
use crate::corpus::{encoding, reason, title};
use crate::date::{Provenance, Published};

/// What the first line says about the date, and where the text begins after it.
pub struct Header {
    /// The date, when there is one that can be read.
    pub date: Option<Published>,
    /// Where the rest of the text begins.
    pub text_start: usize,
    /// What is wrong with a header that cannot be read.
    pub warning: Option<String>,
}

/// The longest token that may be a date; a time stamp with its zone has 35 characters.
const LONGEST_DATE: usize = 64;

/// How months and days of the week begin, for dates that are written in words.
const DATE_WORDS: [&str; 19] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
    "fri", "sat", "sun",
];

/// Reads one file as one article.
pub fn read(relative: &str, bytes: &[u8], sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let failure = |line: Option<u64>, reason: String| Err(Failure { line, reason });
    let opened = match encoding::open(bytes) {
        Ok(opened) => opened,
        Err(reason) => return sink(failure(None, reason)),
    };
    let (decoded, broken) = encoding::decode(&opened.bytes);
    let verbatim = matches!((&opened.bytes, &decoded), (Cow::Borrowed(_), Cow::Borrowed(_)));
    let (whole, verbatim) = match old_lines(&decoded) {
        Some(translated) => (Cow::Owned(translated), false),
        None => (decoded, verbatim),
    };
    let header = header(&whole);
    let rest = &whole[header.text_start..];
    let text = rest.trim();
    if let Some(markup) = markup(text) {
        return sink(failure(None, format!("looks like {markup} in wide characters; save it as UTF-8")));
    }
    let title = title::derive(text);
    if title.is_empty() {
        return sink(failure(None, "no text in it".to_owned()));
    }
    let start = opened.start + header.text_start + (rest.len() - rest.trim_start().len());
    sink(Ok(Article {
        id: ArticleId::from_path(relative, 0),
        date: header.date,
        title,
        title_derived: true,
        text: text.to_owned(),
        text_offset: verbatim.then_some(start as u64),
        language: None,
        source: None,
        authors: Vec::new(),
        url: None,
        origin: Origin { path: relative.to_owned(), ordinal: 0 },
        standing: crate::article::Standing::Usable,
    }));
    if let Some(warning) = header.warning {
        sink(failure(Some(1), warning));
    }
    for warning in opened.warning.into_iter().chain(broken) {
        sink(failure(None, warning));
    }
}

/// The text with line feeds, if its lines end in bare carriage returns.
fn old_lines(text: &str) -> Option<String> {
    let is_old = memchr::memchr(b'\r', text.as_bytes()).is_some() && memchr::memchr(b'\n', text.as_bytes()).is_none();
    // A file of two lines with the wrong end at its end only is still verbatim.
    (is_old && text.trim_end().contains('\r')).then(|| text.replace('\r', "\n"))
}

/// Reads the header of a text; one without a header keeps all of its text and has no date.
pub fn header(text: &str) -> Header {
    let absent = Header { date: None, text_start: 0, warning: None };
    let Some(after) = after_word(text.trim_start()) else { return absent };
    let rest = after.trim_start_matches([' ', '\t', '\u{a0}']);
    let text_start = text.len() - rest.len();
    if rest.starts_with(['\n', '\r']) {
        return Header { date: None, text_start, warning: Some("no date after `date`; kept as undated".to_owned()) };
    }
    let token = rest.split(char::is_whitespace).next().unwrap_or(rest);
    if token.len() <= LONGEST_DATE
        && let Ok(published) = Published::parse(token, Provenance::Header)
    {
        return Header { date: Some(published), text_start: text_start + token.len(), warning: None };
    }
    let numbers = token.find(|c: char| !c.is_numeric() && !is_separator(c)).unwrap_or(token.len());
    let warning = |value: &str| {
        Some(format!("{} is not a date (write YYYY-MM-DD, YYYY-MM or YYYY); kept as undated", reason::quoted(value)))
    };
    match &token[..numbers] {
        date if groups(date) >= 2 && date.chars().filter(|c| c.is_numeric()).count() >= 4 => {
            // What is glued to the numbers is text, so only the numbers are taken away.
            let end = if token.len() - numbers <= 1 { token.len() } else { numbers };
            Header { date: None, text_start: text_start + end, warning: warning(token) }
        }
        date if date.chars().filter(|c| c.is_numeric()).count() >= 4 || is_in_words(rest) => {
            let line = rest.split(['\n', '\r']).next().unwrap_or(rest);
            let value = line.split_inclusive(' ').take(4).map(str::len).sum::<usize>();
            let value = if groups(date) == 1 && !is_in_words(rest) { token } else { line[..value].trim() };
            Header { warning: warning(value), ..absent }
        }
        _ => absent,
    }
}

/// The kind of markup that a text is, by the way such files begin.
fn markup(text: &str) -> Option<&'static str> {
    const OPENINGS: [(&str, &str); 3] = [("<?xml", "XML"), ("<!doctype", "HTML"), ("<html", "HTML")];
    let opens = |opening: &str| text.get(..opening.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(opening));
    OPENINGS.iter().find(|(opening, _)| opens(opening)).map(|(_, name)| *name)
}

/// What follows the word `date` (or `date:`) when it is a word of its own.
fn after_word(text: &str) -> Option<&str> {
    let word = text.get(..4).filter(|word| word.eq_ignore_ascii_case("date"))?;
    let after = &text[word.len()..];
    let after = after.strip_prefix(':').unwrap_or(after);
    (after.is_empty() || after.starts_with(char::is_whitespace)).then_some(after)
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '/' | '.' | ':' | '–' | '‑')
}

/// How many groups of digits the separators part.
fn groups(date: &str) -> usize {
    date.split(is_separator).filter(|group| !group.is_empty()).count()
}

/// Whether the words after `date` are `5 February 2022`, `Feb 5, 2022` or the like.
fn is_in_words(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(4).map(|word| word.trim_matches([',', '.'])).collect();
    let is_number = |word: &str| (1..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = |word: &str| {
        let begin = word.get(..3).unwrap_or("").to_ascii_lowercase();
        DATE_WORDS.contains(&begin.as_str())
    };
    let first = words.first().is_some_and(|word| is_number(word) || is_name(word));
    first && words.iter().any(|word| is_name(word)) && words.iter().any(|word| word.len() == 4 && is_number(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> (Vec<Article>, Vec<Failure>) {
        let (mut articles, mut failures) = (Vec::new(), Vec::new());
        read("a.txt", bytes, &mut |item| match item {
            Ok(article) => {
                if let Some(offset) = article.text_offset {
                    assert!(bytes[offset as usize..].starts_with(article.text.as_bytes()));
                }
                articles.push(article);
            }
            Err(failure) => failures.push(failure),
        });
        (articles, failures)
    }

    #[test]
    fn the_header_dates_the_text() {
        let check = |file: &str, date: Option<&str>, offset: u64, text: &str| {
            let (articles, failures) = all(file.as_bytes());
            assert_eq!(failures, [], "{file:?}");
            assert_eq!(articles[0].date.map(|published| published.date.to_string()).as_deref(), date, "{file:?}");
            assert_eq!((articles[0].text_offset, articles[0].text.as_str()), (Some(offset), text), "{file:?}");
        };
        check(" date 2022-02-05 Talks.", Some("2022-02-05"), 17, "Talks.");
        check("date 2022-02-05 Talks.\n\nMore.\n", Some("2022-02-05"), 16, "Talks.\n\nMore.");
        check("\u{feff} date 2022-02-05 Talks.", Some("2022-02-05"), 20, "Talks.");
        check("\r\n\tDATE  2022-02-05\r\n\r\nTalks.\r\nOn.", Some("2022-02-05"), 23, "Talks.\r\nOn.");
        check("Date: 2022-02-05\nTalks.", Some("2022-02-05"), 17, "Talks.");
        check(" date 2022-02 Talks.", Some("2022-02"), 14, "Talks.");
        check(" date 2022 Talks.", Some("2022"), 11, "Talks.");
        check(" date 2022-02-05T10:00:00Z Talks.", Some("2022-02-05"), 27, "Talks.");
        check("Talks. date 2022-02-05 More.", None, 0, "Talks. date 2022-02-05 More.");
        check("Date palms are tall.", None, 0, "Date palms are tall.");
        check("date 12 people met.", None, 0, "date 12 people met.");
        check("Date 3.5 of it.", None, 0, "Date 3.5 of it.");
        check("Dated 2022-02-05", None, 0, "Dated 2022-02-05");
        check("date", None, 0, "date");
        check(
            "a\0b \u{1b}[31m is what the whole of this article says, and no more",
            None,
            0,
            "a\0b \u{1b}[31m is what the whole of this article says, and no more",
        );
    }

    #[test]
    fn a_bad_date_is_reported_and_the_text_kept() {
        let check = |file: &str, part: &str, text: &str| {
            let (articles, failures) = all(file.as_bytes());
            assert_eq!((articles[0].date, articles[0].text.as_str()), (None, text));
            assert_eq!(failures[0].line, Some(1));
            assert!(
                failures[0].reason.contains(part) && failures[0].reason.ends_with("; kept as undated"),
                "{failures:?}"
            );
        };
        check(" date 2022-13-45 Talks.", "`2022-13-45` is not a date", "Talks.");
        check(" date 05/06/2024 Talks.", "`05/06/2024` is not a date", "Talks.");
        check(" date 2022-02-05, Talks.", "`2022-02-05,` is not a date", "Talks.");
        check(" date 2022-02-05Talks went.", "`2022-02-05Talks` is not a date", "Talks went.");
        check(" date ٢٠٢٢-٠٢-٠٥ Talks.", "`٢٠٢٢-٠٢-٠٥` is not a date", "Talks.");
        check(" date 0000-01-01 Talks.", "`0000-01-01` is not a date", "Talks.");
        check(" date 292277026596 Talks.", "`292277026596` is not a date", "date 292277026596 Talks.");
        check(" date 5 February 2022 Talks.", "`5 February 2022 Talks.` is", "date 5 February 2022 Talks.");
        check(" date \nTalks.", "no date after `date`", "Talks.");
    }

    #[test]
    fn other_encodings_and_line_ends_have_no_offset() {
        let check = |file: &[u8], text: &str| {
            let (articles, failures) = all(file);
            assert_eq!((articles[0].text.as_str(), articles[0].text_offset), (text, None));
            assert_eq!(articles[0].date.map(|published| published.date.to_string()), Some("2022-02-05".to_owned()));
            assert_eq!(failures, []);
        };
        check(b" date 2022-02-05 He said \x93no\x94.", "He said “no”.");
        check(b" date 2022-02-05 One.\r\rTwo.\r", "One.\n\nTwo.");
        let wide: Vec<u8> = "\u{feff} date 2022-02-05 Zoë.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, "Zoë.");
    }

    #[test]
    fn broken_characters_are_reported_and_the_article_kept() {
        let (articles, failures) = all(b" date 2022-02-05 Zo\xc3\xab \xff Zo\xc3\xab.");
        assert_eq!((articles[0].text.as_str(), articles[0].text_offset), ("Zoë \u{fffd} Zoë.", None));
        assert!(failures[0].reason.starts_with("broken UTF-8 at byte 22"), "{failures:?}");
    }

    #[test]
    fn files_without_text_are_failures() {
        let check = |file: &[u8], reason: &str| {
            let (articles, failures) = all(file);
            assert_eq!((articles.len(), failures.len()), (0, 1));
            assert_eq!((failures[0].line, failures[0].reason.as_str()), (None, reason));
        };
        check(b"", "no text in it");
        check(b" \n\t\r\n", "no text in it");
        check(b"\xef\xbb\xbf", "no text in it");
        check(b" date 2022-02-05 \n", "no text in it");
        check(b"<!DOCTYPE html>\n<p>Talks.", "looks like HTML in wide characters; save it as UTF-8");
        check(b"%PDF-1.4 text", "not text (looks like PDF)");
    }
}
