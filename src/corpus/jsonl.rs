//! Reads JSON: one object a line, one object a file, or an array of objects.
//!
//! Which of the three it is, the content says: `.json` files with a record on each line are common. Values that no
//! field takes are skipped without being built, however deep they nest. In a file of lines a bad line costs nothing
//! but itself; inside an array, JSON cannot be read on behind a fault, which is then said.

use serde::de::DeserializeSeed;

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::document::Document;
use crate::corpus::out::{Out, unnamed};
use crate::corpus::record::Record;
use crate::corpus::{encoding, reason, surrogate};

/// Reads one file; `is_document` says that its name promises a whole document rather than lines.
pub fn read(relative: &str, bytes: &[u8], is_document: bool, sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let mut out = Out::new(relative, sink);
    let opened = match encoding::open(bytes) {
        Ok(opened) => opened,
        Err(reason) => return out.fail(None, reason),
    };
    if let Some(warning) = opened.warning {
        out.fail(None, warning);
    }
    if opened.bytes.trim_ascii().is_empty() {
        out.fail(None, "no text in it".to_owned());
    } else if is_whole(&opened.bytes, is_document) {
        read_whole(&opened.bytes, &mut out);
    } else {
        read_lines(&opened.bytes, &mut out);
    }
    out.finish();
}

/// The records of a file of lines, one line after the other.
pub struct Lines<'a> {
    relative: &'a str,
    legacy: Option<encoding::Legacy>,
    sink: &'a mut dyn FnMut(Result<Article, Failure>) -> bool,
    ordinal: u32,
    failed: u64,
    number: u64,
    open: bool,
}

impl<'a> Lines<'a> {
    /// Whether bytes are the beginning of a file of lines rather than of one document.
    pub fn are_in(sample: &[u8]) -> bool {
        !is_whole(sample, false)
    }

    /// Begins a file; `sink` says whether it wants more.
    pub fn new(
        relative: &'a str,
        legacy: Option<encoding::Legacy>,
        sink: &'a mut dyn FnMut(Result<Article, Failure>) -> bool,
    ) -> Self {
        Self { relative, legacy, sink, ordinal: 0, failed: 0, number: 0, open: true }
    }

    /// Whether more is wanted.
    pub fn goes_on(&self) -> bool {
        self.open
    }

    /// Takes the next line.
    pub fn take(&mut self, line: &[u8]) {
        self.number += 1;
        let bare = if self.number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
        let (legacy, number) = (self.legacy, self.number);
        self.with_out(|out| one_line(bare.trim_ascii(), number, legacy, out));
    }

    /// Notes a line that is over the limit; it counts as a record, so that mending it does not rename those after it.
    pub fn too_long(&mut self, bytes: u64, limit: u64) {
        self.number += 1;
        let number = self.number;
        self.with_out(|out| out.record(Some(number), Err(reason::too_large(bytes, limit)), false));
    }

    /// Says how many failures were not named.
    pub fn finish(self) {
        if let Some(more) = unnamed(self.failed) {
            (self.sink)(Err(more));
        }
    }

    fn with_out(&mut self, work: impl FnOnce(&mut Out<'_>)) {
        let Self { sink, open, .. } = self;
        let mut hand_on = |article| *open &= sink(article);
        let mut out = Out { relative: self.relative, ordinal: self.ordinal, failed: self.failed, sink: &mut hand_on };
        work(&mut out);
        (self.ordinal, self.failed) = (out.ordinal, out.failed);
    }
}

/// Whether the file is one document that goes over lines, not a record on each.
///
/// Two lines decide, so that one bad line at the top does not turn a file of lines into one bad document.
fn is_whole(bytes: &[u8], is_document: bool) -> bool {
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    let first = lines.by_ref().find(|line| !line.is_empty()).unwrap_or_default();
    let second = lines.find(|line| !line.is_empty());
    let is_record = |line: &[u8]| object(&encoding::decode(line).0).is_ok();
    match first {
        [b'[', ..] if is_document => true,
        [b'[', ..] | b"{" => second.is_none_or(|second| !is_record(second)),
        _ if is_document => second.is_none_or(|second| !is_record(second) && !is_record(first)),
        _ => false,
    }
}

fn read_lines(bytes: &[u8], out: &mut Out<'_>) {
    // A bare carriage return cannot stand inside a JSON string, so it always ends a line.
    let end = if memchr::memchr(b'\n', bytes).is_some() { b'\n' } else { b'\r' };
    let legacy = match std::str::from_utf8(bytes) {
        Ok(_) => None,
        Err(_) => encoding::legacy(bytes.split(|byte| *byte == end)),
    };
    let mut rest = bytes;
    let mut number = 0;
    while !rest.is_empty() {
        let length = memchr::memchr(end, rest).unwrap_or(rest.len());
        let line = rest[..length].trim_ascii();
        rest = rest.get(length + 1..).unwrap_or_default();
        number += 1;
        one_line(line, number, legacy, out);
    }
}

/// Reads one line without the white space around it; an empty one is no record.
fn one_line(line: &[u8], number: u64, legacy: Option<encoding::Legacy>, out: &mut Out<'_>) {
    if line.is_empty() {
        return;
    }
    let (text, broken) = encoding::decode_as(line, legacy);
    let (record, mended) = parse(&text);
    out.record(Some(number), record, mended);
    if let Some(warning) = broken {
        out.fail(Some(number), warning);
    }
}

fn read_whole(bytes: &[u8], out: &mut Out<'_>) {
    let (text, broken) = encoding::decode(bytes);
    if let Some(warning) = broken {
        out.fail(None, warning);
    }
    let mended = surrogate::mend(&text);
    if mended.is_some() {
        out.fail(None, "half a surrogate pair in it; kept with `\u{fffd}`".to_owned());
    }
    let text = mended.as_deref().unwrap_or(&text);
    let mut json = serde_json::Deserializer::from_str(text);
    // Objects and arrays may follow one another, as in a file that was appended to.
    loop {
        if let Err(error) = (Document { out, nested: false }).deserialize(&mut json) {
            let reason = format!("{}; nothing behind this is read", reason_of(&error));
            return out.fail(Some(error.line() as u64), reason);
        }
        if json.end().is_ok() {
            return;
        }
    }
}

/// Parses one object, mending halves of surrogate pairs when that is what is wrong with it.
fn parse(text: &str) -> (Result<Record, String>, bool) {
    let record = object(text);
    if record.is_err()
        && let Some(mended) = surrogate::mend(text)
        && let Ok(record) = object(&mended)
    {
        return (Ok(record), true);
    }
    (record, false)
}

fn object(text: &str) -> Result<Record, String> {
    if !text.starts_with('{') {
        return Err("not a JSON object".to_owned());
    }
    serde_json::from_str(text).map_err(|error| format!("{} (at byte {})", reason_of(&error), error.column()))
}

/// The parser's own words without its place, which is told apart; they never repeat what is in the file.
fn reason_of(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.rfind(" at line ").map_or(words.as_str(), |place| &words[..place]);
    format!("bad JSON: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Standing;
    use crate::date::Moment;

    fn all(name: &str, bytes: &[u8]) -> (Vec<Article>, Vec<Failure>) {
        let (mut articles, mut failures) = (Vec::new(), Vec::new());
        read(name, bytes, name.ends_with(".json"), &mut |item| match item {
            Ok(article) => articles.push(article),
            Err(failure) => failures.push(failure),
        });
        (articles, failures)
    }

    fn summary(articles: &[Article]) -> Vec<(u32, &str)> {
        articles.iter().map(|article| (article.origin.ordinal, article.text.as_str())).collect()
    }

    #[test]
    fn a_record_becomes_an_article() {
        let line = r#"{"id": "kb-1", "date": "2022-02-05", "title": " Talks\nbegin ", "text": " They met.\n\nGood. ",
            "source": {"id": null, "name": "Wire"}, "url": "https://a.example/1", "lang": "en-US",
            "authors": ["A. One", {"name": "B. Two"}, null], "score": 1e400, "deep": [[{"x": "\ud83d"}]]}"#;
        let (articles, failures) = all("a.jsonl", line.replace('\n', "").as_bytes());
        assert_eq!(failures, []);
        let article = &articles[0];
        assert_eq!((article.id.as_str(), article.title.as_str()), ("kb-1", "Talks begin"));
        assert_eq!((article.text.as_str(), article.title_derived), ("They met.\n\nGood.", false));
        assert_eq!(article.date.map(|published| published.date.to_string()), Some("2022-02-05".to_owned()));
        assert_eq!((article.source.as_deref(), article.language.as_deref()), (Some("Wire"), Some("en")));
        assert_eq!((article.url.as_deref(), article.text_offset), (Some("https://a.example/1"), None));
        assert_eq!(article.authors, ["A. One", "B. Two"]);
    }

    #[test]
    fn a_bad_line_costs_nothing_but_itself() {
        let check = |bad: &str, part: &str| {
            let file = format!("{{\"text\": \"one\"}}\n{bad}\r\n\n{{\"text\": \"two\"}}");
            let (articles, failures) = all("a.jsonl", file.as_bytes());
            assert_eq!(summary(&articles), [(0, "one"), (2, "two")], "{bad}");
            assert_eq!((failures.len(), failures[0].line), (1, Some(2)), "{bad}");
            assert!(failures[0].reason.contains(part), "{bad}: {}", failures[0].reason);
        };
        check("{\"text\": \"on", "EOF while parsing a string (at byte 12)");
        check("{\"text\": 1e400}", "number out of range");
        check("{\"text\": 5}", "`text` is a number, not text");
        check("{\"body\": [\"a\"]}", "`body` is a list, not text");
        check("{\"title\": \"a\"}", "no `text` in it");
        check("{\"text\": \" \\n\"}", "no `text` in it");
        check("{\"text\": \"a\"} {}", "trailing characters");
        check("[1, 2]", "not a JSON object");
        check("nonsense", "not a JSON object");
        check("{\"text\": \"a\0b\"}", "control character");
        check(&"[".repeat(200_000), "not a JSON object");
        check(&format!("{{\"x\": {}", "[".repeat(200_000)), "EOF");
        check(&format!("{{\"text\": {}", "[".repeat(200_000)), "EOF");
        check(&format!("{{\"author\": {}", "{\"name\":".repeat(200_000)), "EOF");
    }

    #[test]
    fn odd_values_are_named_and_the_article_kept() {
        let check = |member: &str, part: &str| {
            let (articles, failures) = all("a.jsonl", format!("\n{{\"text\": \"one\", {member}}}").as_bytes());
            assert_eq!(summary(&articles), [(0, "one")], "{member}");
            assert_eq!(articles[0].date, None);
            assert_eq!((failures.len(), failures[0].line), (1, Some(2)), "{member}: {failures:?}");
            assert!(failures[0].reason.contains(part), "{member}: {}", failures[0].reason);
        };
        check(r#""date": "2022-02-30""#, "`date`: `2022-02-30` is not a date");
        check(r#""published_at": "last Friday""#, "`publishedat`: `last Friday` is not a date");
        check(r#""date": "a\u001b[31m""#, r"`a\u{1b}[31m` is not a date");
        check(r#""date": 292277026596"#, "`292277026596` is not a date");
        check(r#""date": true"#, "true or false is not a date");
        check(r#""timestamp": 9e30"#, "is not a Unix time");
        check(r#""title": ["a"]"#, "`title` is a list, not text; left out");
        check(r#""id": {"a": 1}"#, "`id` is an object, not text or a number");
        check(r#""authors": [1, 2, "A"]"#, "`authors` is a number, not a name");
        check(r#""lang": "Klingon""#, "`Klingon` is no language known here");
        check(r#""url": "a", "url": "b""#, "`url` is given twice");
        check(r#""title": "a \ud83d b""#, "half a surrogate pair");
    }

    #[test]
    fn what_may_not_be_shown_says_so() {
        let check = |members: &str, expected: Standing, failed: usize| {
            let (articles, failures) = all("a.jsonl", format!("{{\"id\": 1, {members}}}").as_bytes());
            assert_eq!((articles[0].standing, failures.len()), (expected, failed), "{members}: {failures:?}");
        };
        let until = |seconds: i64| Standing::Embargoed(Moment(seconds));
        check(r#""text": "a", "status": "usable""#, Standing::Usable, 0);
        check(r#""text": "a", "status": 200"#, Standing::Usable, 0);
        check(r#""text": "a", "pubstatus": "Canceled""#, Standing::Withdrawn, 0);
        check(r#""status": "killed""#, Standing::Withdrawn, 0);
        check(r#""text": "a", "embargoed": "1970-01-02T01:00:00Z""#, until(90_000), 0);
        check(r#""text": "a", "embargo": "1970-01-02""#, until(86_400), 0);
        check(r#""text": "a", "embargoed": null, "status": "withheld""#, until(i64::MAX - 1), 0);
        check(r#""text": "a", "embargoed": false"#, Standing::Usable, 0);
        check(r#""text": "a", "embargoed": true"#, until(i64::MAX - 1), 1);
        check(r#""text": "a", "embargo": "until noon""#, until(i64::MAX - 1), 1);
        check(r#""text": "a", "embargo": "1970-01-02", "status": "withdrawn""#, Standing::Withdrawn, 0);
        let (articles, failures) = all("a.jsonl", br#"{"id": 1, "status": "usable"}"#);
        assert_eq!((articles.len(), failures.len()), (0, 1));
    }

    #[test]
    fn ids_are_taken_over() {
        let check = |member: &str, expected: &str| {
            let (articles, _) = all("a.jsonl", format!("{{\"text\": \"one\"{member}}}").as_bytes());
            assert_eq!(articles[0].id.as_str(), expected);
        };
        check(", \"id\": 17", "17");
        check(", \"id\": \"x-17\"", "x-17");
        check(", \"id\": \" \"", crate::article::ArticleId::from_path("a.jsonl", 0).as_str());
        check("", crate::article::ArticleId::from_path("a.jsonl", 0).as_str());
    }

    #[test]
    fn the_content_says_whether_records_are_lines() {
        let check = |name: &str, file: &str, texts: &[&str], failed: usize| {
            let (articles, failures) = all(name, file.as_bytes());
            let found: Vec<&str> = articles.iter().map(|article| article.text.as_str()).collect();
            assert_eq!((found.as_slice(), failures.len()), (texts, failed), "{name} {file}: {failures:?}");
        };
        check("a.json", "{\"text\": \"one\"}", &["one"], 0);
        check("a.json", "{\n \"text\": \"one\"\n}\n", &["one"], 0);
        check("a.json", "{\n \"text\": \"one\"\n}\n{\n \"text\": \"two\"\n}", &["one", "two"], 0);
        check("a.json", "[{\"text\": \"one\"}, 5, {\"text\": \"two\"}]", &["one", "two"], 1);
        check("a.json", "{\"text\": \"one\"}\n{\"text\": \"two\"}", &["one", "two"], 0);
        check("a.json", "{\"text\": one}\n{\"text\": \"two\"}", &["two"], 1);
        check("a.json", "[\n{\"text\": \"one\"}\n,{\"text\": \"two\"}]", &["one", "two"], 0);
        check("a.json", "[{\"text\": \"one\"}, {\"text\": ]", &["one"], 1);
        check("a.json", "[[], null, true, -1, 1.5, \"x\", {}]", &[], 7);
        check("a.json", "[{\"text\": \"a \\ud83d\"}]", &["a \u{fffd}"], 1);
        check("a.json", &"[".repeat(200_000), &[], 1);
        check("a.json", "nonsense", &[], 1);
        check("a.json", " \n", &[], 1);
        check("a.jsonl", "[{\"text\": \"one\"},\n{\"text\": \"two\"}]", &["one", "two"], 0);
        check("a.jsonl", "{\n\"text\": \"one\"\n}", &["one"], 0);
        check("a.jsonl", "[\n{\"text\": \"one\"}\n{\"text\": \"two\"}", &["one", "two"], 1);
        check("a.jsonl", "{\n{\"text\": \"one\"}\n{\"text\": \"two\"}", &["one", "two"], 1);
        check("a.jsonl", "\u{feff}{\"text\": \"one\"}\r{\"text\": \"two\"}\r", &["one", "two"], 0);
    }

    #[test]
    fn a_file_may_mix_utf8_with_something_older() {
        let (articles, failures) = all("a.jsonl", b"{\"text\": \"Zo\xc3\xab\"}\n{\"text\": \"he \x93said\x94\"}");
        assert_eq!(summary(&articles), [(0, "Zoë"), (1, "he “said”")]);
        assert_eq!(failures, []);
        // The first line alone would be taken for another encoding than the second gives away.
        let cyrillic =
            encoding_rs::WINDOWS_1251.encode("{\"text\": \"Да\"}\n{\"text\": \"Министр сказал, что согласен\"}").0;
        assert_eq!(summary(&all("a.jsonl", &cyrillic).0)[0], (0, "Да"));
        let wide: Vec<u8> = "\u{feff}{\"text\": \"Zoë\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(summary(&all("a.jsonl", &wide).0), [(0, "Zoë")]);
    }

    #[test]
    fn a_file_of_rubbish_stays_a_small_report() {
        let (articles, failures) = all("a.jsonl", format!("{}{{\"text\": \"one\"}}", "x\n".repeat(5000)).as_bytes());
        assert_eq!(summary(&articles), [(5000, "one")]);
        assert_eq!((failures.len(), failures[1000].reason.as_str()), (1001, "4000 more failures like these"));
    }
}
