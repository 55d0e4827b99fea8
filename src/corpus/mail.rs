//! Reads one mail (RFC 5322, MIME): newsletters, press releases, and what a mailing list brings.
//!
//! The library knows the many ways in which mails are encoded and broken. What is attached is not read.

use mail_parser::{Address, HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::key::Value;
use crate::corpus::record::Record;
use crate::corpus::{markup, out};

/// Headers that a mail begins with; two of them tell one whatever its file is called.
const HEADERS: [&str; 14] = [
    "from",
    "to",
    "date",
    "subject",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "content-type",
    "delivered-to",
    "reply-to",
    "x-mailer",
    "dkim-signature",
    "list-id",
];

/// More mails than this inside one another are not taken apart: each takes a piece of the stack.
const MOST_INSIDE: usize = 256;

/// How much of a file is looked at to tell a mail.
const SAMPLE: usize = 64 << 10;

/// Headers that only a mail has: who dates a text by hand may write `Date:` and `From:` above it too.
const SURE: [&str; 7] =
    ["message-id", "mime-version", "received", "return-path", "delivered-to", "dkim-signature", "content-type"];

/// Whether bytes begin like a mail: a block of headers, two of them known and one that only mails have, or a sender with an
/// address, and an empty line or the end behind it.
pub fn is_one(bytes: &[u8]) -> bool {
    let (mut known, mut sure) = (0, false);
    let bytes = bytes.trim_ascii_start();
    for (at, line) in bytes[..bytes.len().min(SAMPLE)].split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            [] => return known > 1 && sure,
            [b' ' | b'\t', ..] if at > 0 => continue,
            _ => {}
        }
        let Some(colon) = memchr::memchr(b':', line) else { return false };
        let name = &line[..colon];
        if name.is_empty()
            || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        {
            return false;
        }
        let is = |header: &&str| header.as_bytes().eq_ignore_ascii_case(name);
        known += usize::from(HEADERS.iter().any(is));
        sure |= SURE.iter().any(is) || is(&"from") && line.contains(&b'@');
    }
    known > 1 && sure
}

/// Reads one mail.
pub fn read(relative: &str, bytes: &[u8], sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let mut refuse = |reason: String| sink(Err(Failure { line: None, reason }));
    if inside(bytes) > MOST_INSIDE {
        return refuse(format!("more than {MOST_INSIDE} mails inside it"));
    }
    // The library promises not to panic; a run must not hang on that.
    let taken =
        std::panic::catch_unwind(|| MessageParser::default().parse(bytes.trim_ascii_start()).as_ref().map(record));
    let record = match taken {
        Ok(Some(record)) => record,
        Ok(None) => return refuse("no mail: it has no headers".to_owned()),
        Err(_) => return refuse("a mail that cannot be taken apart (please report it)".to_owned()),
    };
    out::only(relative, record, sink);
}

/// How many mails are inside one, at most: `message/rfc822` and `multipart/digest` announce them.
fn inside(bytes: &[u8]) -> usize {
    let announces = |at: &usize| {
        let before = bytes.get(at.wrapping_sub(7)..*at).is_some_and(|word| word.eq_ignore_ascii_case(b"message"));
        before || bytes.get(at + 1..at + 7).is_some_and(|word| word.eq_ignore_ascii_case(b"digest"))
    };
    memchr::memchr_iter(b'/', bytes).filter(announces).count()
}

fn record(mail: &Message<'_>) -> Record {
    let mut record = Record::default();
    record.put_text("text", body(mail).or_else(|| mail.subject().map(str::to_owned)));
    record.put_text("title", mail.subject().map(str::to_owned));
    let date = mail.date().filter(|date| date.is_valid()).map(mail_parser::DateTime::to_rfc3339);
    record.put_text("date", date.or_else(|| mail.header_raw(HeaderName::Date).map(|date| date.trim().to_owned())));
    record.put_text("id", mail.message_id().map(str::to_owned));
    let senders = mail.from().into_iter().flat_map(Address::iter);
    let names =
        senders.filter_map(|sender| sender.name().or(sender.address())).map(|name| Value::Text(name.to_owned()));
    record.put_named("authors", Value::List(names.collect()));
    record
}

/// The words of the parts that a reader of mails would show: plain text where there is any, else HTML.
fn body(mail: &Message<'_>) -> Option<String> {
    let plain = words(mail.text_bodies());
    plain.or_else(|| words(mail.html_bodies())).or_else(|| mail.parts.iter().find_map(forwarded))
}

/// The words of a mail inside a mail, as one that is handed on without a word.
fn forwarded(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Message(inner) => body(inner),
        _ => None,
    }
}

/// Text of which the lines were broken by the sender's program, and are to be joined where they end with a blank (RFC 3676).
fn flowed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line);
        if !line.ends_with(' ') || line == "-- " {
            out.push('\n');
        }
    }
    out
}

fn words<'a>(parts: impl Iterator<Item = &'a MessagePart<'a>>) -> Option<String> {
    let mut texts: Vec<String> = Vec::new();
    for part in parts {
        let text = match &part.body {
            PartType::Text(text) if is_flowed(part) => flowed(&text.replace("\r\n", "\n")).trim().to_owned(),
            PartType::Text(text) => text.replace("\r\n", "\n").trim().to_owned(),
            PartType::Html(html) => markup::prose(html),
            _ => continue,
        };
        if !text.is_empty() && part.attachment_name().is_none() {
            texts.push(text);
        }
    }
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn is_flowed(part: &MessagePart<'_>) -> bool {
    let kind = part.content_type().and_then(|kind| kind.attribute("format"));
    kind.is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::told_of;

    /// Title, text, date, authors, then what was said.
    fn shown(name: &str, mail: &str) -> String {
        let (articles, said) = told_of(name, mail.as_bytes());
        let one = |article: &Article| {
            let date = article.date.map(|published| published.date.to_string()).unwrap_or_default();
            [article.title.clone(), article.text.replace('\n', "/"), date, article.authors.join(", ")].join("|")
        };
        articles.iter().map(one).chain(said).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn mails_are_articles() {
        let check =
            |mail: &str, expected: &str| assert_eq!(shown("a.eml", &mail.replace('\n', "\r\n")), expected, "{mail}");
        let head = "From: Press Desk <press@example.org>\nDate: Sat, 5 Feb 2022 10:00:00 +0100\nSubject: Talks =?utf-8?q?=C3=A0?= deux\n";
        check(&format!("{head}\nFirst.\n\nSecond.\n"), "Talks à deux|First.//Second.|2022-02-05|Press Desk");
        let html = "MIME-Version: 1.0\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n";
        check(&format!("{head}{html}\n<p>Caf=E9</p><p>two</p>"), "Talks à deux|Café//two|2022-02-05|Press Desk");
        let both = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n";
        let parts = "--x\nContent-Type: text/plain\n\nPlain.\n--x\nContent-Type: text/html\n\n<p>Rich.</p>\n--x--\n";
        check(&format!("{head}{both}\n{parts}"), "Talks à deux|Plain.|2022-02-05|Press Desk");
        let flowed = "MIME-Version: 1.0\nContent-Type: text/plain; format=flowed\n";
        check(
            &format!("{head}{flowed}\nOne \nline.\n\nTwo.\n-- \nAnn"),
            "Talks à deux|One line.//Two./-- /Ann|2022-02-05|Press Desk",
        );
        let inner = "MIME-Version: 1.0\nContent-Type: message/rfc822\n\nSubject: Inner\n\nInner words.\n";
        check(&format!("{head}{inner}"), "Talks à deux|Inner words.|2022-02-05|Press Desk");
        check(&format!("{head}\n"), "Talks à deux|Talks à deux|2022-02-05|Press Desk");
        check("From: press@example.org\n\nNo subject. More.\n", "No subject.|No subject. More.||press@example.org");
    }

    #[test]
    fn mails_are_told_by_their_headers() {
        let check = |text: &str, expected: bool| assert_eq!(is_one(text.as_bytes()), expected, "{text}");
        check("From: a@example.org\nSubject: b\n\nWords.", true);
        check("Received: from x\n\tby y\r\nDate: z\r\n\r\nWords.", true);
        check("Subject: one header\n\nWords.", false);
        check("Date: 2022-02-05\nFrom: Example Wire\n\nWords.", false);
        check("From: here to there\nthe road is long.", false);
        check("The minister: \"No.\"\n\nWords.", false);
        check("  \nFrom: a@example.org\nTo: b\n\n", true);
        check("", false);
        // A name that promises plain text does not hide a mail.
        assert_eq!(shown("a.txt", "From: Ann <a@example.org>\nSubject: b\n\nWords."), "b|Words.||Ann");
    }

    #[test]
    fn hostile_mails_cost_what_others_cost() {
        let deep = (0..2_000).fold(String::new(), |mut mail, at| {
            mail.push_str(&format!("Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n"));
            mail
        });
        let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(20_000);
        let parts = format!("Content-Type: multipart/mixed; boundary=x\r\n\r\n{}", "--x\r\n\r\na\r\n".repeat(20_000));
        for mail in
            [deep, messages, parts, "From: a\r\n".repeat(20_000), format!("Subject: {}", "=?utf-8?q?".repeat(20_000))]
        {
            told_of("a.eml", mail.as_bytes());
        }
    }
}
