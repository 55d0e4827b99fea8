//! Reads files of records that are too large to be held whole: a line at a time, in memory of one line.
//!
//! Only files that are lines of UTF-8, or of an older encoding of single bytes, can be read so; what they are is told from
//! their beginning. A file that changes meanwhile has been read as far as it was, and the caller is told.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use crate::catalogue::Failure;
use crate::corpus::jsonl::Lines;
use crate::corpus::name::{self, Format};
use crate::corpus::{Found, Record, encoding, load, reason};

/// Files of lines from this size on are streamed; smaller ones are looked at whole, which tells more about encodings.
pub const STREAMED_BYTES: u64 = 32 << 20;

/// How much of a file tells what it is.
const SAMPLE: u64 = 4 << 20;

/// How much is read at once.
const BUFFER: usize = 1 << 20;

/// How reading a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It was read to its end.
    Whole,
    /// It changed while it was read, or reading failed; what came before stands.
    Torn(String),
    /// The caller wanted no more.
    Stopped,
}

/// Whether a file of this name and size may be read as a stream.
pub fn is_streamed(relative: &str, size: u64) -> bool {
    size >= STREAMED_BYTES && matches!(name::format(relative), Some(Format::Lines))
}

/// Streams the records of a large file; `None` when its beginning shows that it has to be read whole.
///
/// `seen` gets all bytes in their order, `sink` the articles and failures, and says whether to go on. A line longer than
/// `most_line` bytes is a failure of its own.
pub fn read(
    found: &Found,
    most_line: u64,
    seen: &mut dyn FnMut(&[u8]),
    sink: &mut dyn FnMut(Record) -> bool,
) -> Result<Option<Ending>, Failure> {
    let refuse = |reason: String| Failure { line: None, reason };
    let system = |error: io::Error| refuse(reason::io(&error));
    let (mut file, opened) = load::open(&found.path).map_err(refuse)?;
    let mut sample = Vec::new();
    (&mut file).take(SAMPLE).read_to_end(&mut sample).map_err(system)?;
    // The last line of the sample may be cut.
    sample.truncate(memchr::memrchr(b'\n', &sample).unwrap_or(0));
    let is_lines = !sample.is_empty() && memchr::memchr(0, &sample).is_none() && Lines::are_in(&sample);
    if !is_lines {
        return Ok(None);
    }
    let legacy = match std::str::from_utf8(&sample) {
        Ok(_) => None,
        Err(_) => encoding::legacy(sample.split(|byte| *byte == b'\n')),
    };
    drop(sample);
    file.seek(SeekFrom::Start(0)).map_err(system)?;
    let mut lines = Lines::new(&found.relative, legacy, sink);
    let ending = walk(BufReader::with_capacity(BUFFER, &mut file), most_line, seen, &mut lines);
    lines.finish();
    let after = file.metadata().map_err(system)?;
    let same = after.len() == opened.len() && load::modified(&after) == load::modified(&opened);
    Ok(Some(match ending {
        Ok(true) if same => Ending::Whole,
        Ok(true) => Ending::Torn("changed while it was read".to_owned()),
        Ok(false) => Ending::Stopped,
        Err(error) => Ending::Torn(reason::io(&error)),
    }))
}

/// Hands on line after line; false when the reader of the articles wanted no more.
fn walk(
    mut file: BufReader<&mut File>,
    most_line: u64,
    seen: &mut dyn FnMut(&[u8]),
    lines: &mut Lines<'_>,
) -> io::Result<bool> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut file).take(most_line).read_until(b'\n', &mut line)?;
        seen(&line);
        if read == 0 {
            return Ok(true);
        }
        if read as u64 == most_line && !line.ends_with(b"\n") {
            let more = skip_line(&mut file, seen)?;
            lines.too_long(read as u64 + more, most_line);
        } else {
            lines.take(&line);
        }
        if !lines.goes_on() {
            return Ok(false);
        }
    }
}

/// Passes over the rest of a line; returns how long it was.
fn skip_line(file: &mut BufReader<&mut File>, seen: &mut dyn FnMut(&[u8])) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let there = file.fill_buf()?;
        let end = memchr::memchr(b'\n', there).map(|end| end + 1);
        let length = end.unwrap_or(there.len());
        seen(&there[..length]);
        file.consume(length);
        skipped += length as u64;
        if end.is_some() || length == 0 {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The articles and failures of a file, read as a stream whatever its size.
    fn streamed(content: &[u8], most_line: u64) -> Option<(Vec<String>, Vec<String>, Vec<u8>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, content).unwrap();
        let found = Found { path, relative: "a.jsonl".into(), size: content.len() as u64, modified: 0 };
        let (mut articles, mut failures, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        let mut sink = |record: Record| {
            match record {
                Ok(article) => articles.push(format!("{} {}", article.id.as_str(), article.text)),
                Err(failure) => failures.push(format!("{:?} {}", failure.line, failure.reason)),
            }
            true
        };
        let ending = read(&found, most_line, &mut |more| bytes.extend_from_slice(more), &mut sink).unwrap()?;
        assert_eq!(ending, Ending::Whole);
        Some((articles, failures, bytes))
    }

    #[test]
    fn a_stream_gives_what_reading_the_whole_gives() {
        let lines = [
            "{\"id\":\"a\",\"text\":\"One.\"}\n",
            "broken\n",
            "\r\n",
            "{\"text\":\"Two, of no name.\"}\r\n",
            "{\"id\":\"c\",\"text\":\"Three\u{e9}.\"}\n",
            "{\"id\":\"d\",\"text\":\"Four.\"}",
        ];
        for count in 2..=lines.len() {
            for beginning in ["", "\u{feff}"] {
                let content = format!("{beginning}{}", lines[..count].concat());
                let (articles, failures, bytes) = streamed(content.as_bytes(), 1000).unwrap();
                let (mut whole, mut wrong) = (Vec::new(), Vec::new());
                crate::corpus::read("a.jsonl", content.as_bytes(), &mut |record| match record {
                    Ok(article) => whole.push(format!("{} {}", article.id.as_str(), article.text)),
                    Err(failure) => wrong.push(format!("{:?} {}", failure.line, failure.reason)),
                });
                assert_eq!((articles, failures, bytes), (whole, wrong, content.into_bytes()));
            }
        }
    }

    #[test]
    fn a_line_over_the_limit_costs_itself_only() {
        let long = format!("{{\"id\":\"b\",\"text\":\"{}\"}}\n", "x".repeat(500));
        let content = format!("{{\"id\":\"a\",\"text\":\"One.\"}}\n{long}{{\"id\":\"c\",\"text\":\"Two.\"}}\n");
        let (articles, failures, bytes) = streamed(content.as_bytes(), 100).unwrap();
        assert_eq!(articles, ["a One.", "c Two."]);
        assert_eq!(failures, [format!("Some(2) {} bytes are over the limit of 100", long.len())]);
        assert_eq!(bytes, content.into_bytes());
    }

    #[test]
    fn what_is_no_file_of_lines_is_read_whole() {
        assert!(streamed(b"[\n{\"text\":\"One.\"},\n{\"text\":\"Two.\"}\n]\n", 1000).is_none());
        assert!(streamed(b"\xff\xfe{\0\n\0", 1000).is_none());
        assert!(streamed(b"", 1000).is_none());
    }
}
