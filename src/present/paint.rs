//! The pen: writes runs to a terminal with the looks and links that it understands, and nothing else.
//!
//! Every text goes through the sanitizer once more on its way out, so the only escape sequences that can leave are
//! the ones made here. Without colour the same characters are written bare.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ink};

use super::Style;
use super::runs::{Run, clip, width};
use super::sanitize;

/// Ordinary text.
pub(super) const PLAIN: Ink = Ink::new();
/// What the eye should find first.
pub(super) const STRONG: Ink = Ink::new().bold();
/// What is there when wanted: ids, paths, scores.
pub(super) const FAINT: Ink = Ink::new().dimmed();
/// What matched the question.
pub(super) const MARK: Ink = Ink::new().bold().underline();
/// Dates.
pub(super) const DATE: Ink = AnsiColor::Cyan.on_default();
/// The words of a quote.
pub(super) const QUOTE: Ink = AnsiColor::Green.on_default().italic();
/// Who speaks.
pub(super) const SPEAKER: Ink = AnsiColor::Green.on_default().bold();

/// Text is never squeezed into fewer columns than this, however narrow the terminal.
const NARROWEST: usize = 20;

/// No address longer than this becomes a link; terminals cut or refuse them.
const LONGEST_LINK: usize = 2048;

/// Writes runs with the looks a terminal understands.
pub(super) struct Pen<'a> {
    out: &'a mut dyn Write,
    style: Style,
}

impl<'a> Pen<'a> {
    /// A pen on `out`.
    pub fn new(out: &'a mut dyn Write, style: &Style) -> Self {
        Self { out, style: *style }
    }

    /// The columns left beside `taken` ones.
    pub fn room(&self, taken: usize) -> usize {
        self.style.width.saturating_sub(taken).max(NARROWEST)
    }

    /// Writes one stretch of text.
    pub fn put(&mut self, text: &str, ink: Ink) -> io::Result<()> {
        let text = sanitize::line(text);
        if text.is_empty() || !self.style.color || ink.is_plain() {
            return self.out.write_all(text.as_bytes());
        }
        write!(self.out, "{}{text}{}", ink.render(), ink.render_reset())
    }

    /// Writes one line of runs without ending it.
    pub fn runs(&mut self, line: &[Run<'_>]) -> io::Result<()> {
        line.iter().try_for_each(|run| self.put(&run.text, run.ink))
    }

    /// Writes one line of runs that leads to `address`, if that is safe to offer.
    pub fn link(&mut self, line: &[Run<'_>], address: Option<&str>) -> io::Result<()> {
        let address = address.filter(|address| self.style.links && is_linkable(address));
        let Some(address) = address else { return self.runs(line) };
        write!(self.out, "\x1b]8;;{address}\x1b\\")?;
        self.runs(line)?;
        self.out.write_all(b"\x1b]8;;\x1b\\")
    }

    /// Ends the line.
    pub fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// Writes a whole line in one look.
    pub fn line(&mut self, text: &str, ink: Ink) -> io::Result<()> {
        self.put(text, ink)?;
        self.end()
    }

    /// Writes `body` wrapped, at most `limit` lines of it, the first after `first` and the others after `next`.
    pub fn block(&mut self, first: &Run<'_>, next: &Run<'_>, body: &[Run<'_>], limit: usize) -> io::Result<()> {
        let room = self.room(first.width().max(next.width()));
        for (number, line) in clip(body, room, limit).iter().enumerate() {
            let lead = if number == 0 { first } else { next };
            self.put(&lead.text, lead.ink)?;
            self.runs(line)?;
            self.end()?;
        }
        Ok(())
    }

    /// Writes `label` in a column of `column` and `body` wrapped beside it; nothing when the body is blank.
    pub fn labelled(&mut self, label: &str, column: usize, body: &[Run<'_>]) -> io::Result<()> {
        let first = Run::owned(padded(label, column), FAINT);
        self.block(&first, &Run::owned(" ".repeat(column), PLAIN), body, usize::MAX)
    }
}

/// Fills `text` with blanks up to `columns`.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Whether an address may become a link: http or https with a host, printable ASCII, no name before an `@` that
/// could pass for the host.
fn is_linkable(address: &str) -> bool {
    let lower = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    let scheme = ["https://", "http://"].into_iter().find(|scheme| lower.starts_with(scheme));
    let Some(rest) = scheme.and_then(|scheme| address.get(scheme.len()..)) else { return false };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or("");
    let printable = address.bytes().all(|byte| byte.is_ascii_graphic());
    address.len() <= LONGEST_LINK && printable && !host.is_empty() && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_become_links() {
        let check = |address: &str, expected: bool| assert_eq!(is_linkable(address), expected, "{address:?}");
        check("https://www.reuters.com/world/x?a=b#c", true);
        check("HTTP://example.org", true);
        check("ftp://example.org", false);
        check("javascript:alert(1)", false);
        check("file:///etc/passwd", false);
        check("https://", false);
        check("http:///path", false);
        check("https://reuters.com@evil.example/", false);
        check("https://example.org/\u{1b}]8;;", false);
        check("https://example.org/a b", false);
        check("https://пример.рф/", false);
        check("héé", false);
        check("", false);
    }

    #[test]
    fn looks_and_links_are_written_only_where_they_are_understood() {
        let check = |color: bool, links: bool, expected: &str| {
            let mut out = Vec::new();
            let mut pen = Pen::new(&mut out, &Style { color, links, width: 80 });
            pen.link(&[Run::new("Xi\u{7}", STRONG)], Some("https://a.b")).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(false, false, "Xi�");
        check(true, false, "\x1b[1mXi�\x1b[0m");
        check(false, true, "\x1b]8;;https://a.b\x1b\\Xi�\x1b]8;;\x1b\\");
    }
}
