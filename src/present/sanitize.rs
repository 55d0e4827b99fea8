//! The one place that makes outside text safe to show.
//!
//! Titles, texts, file names and questions come from strangers. A control character among them can move the cursor,
//! rename the window or rewrite a log; a bidirectional control can show words in another order than they are stored;
//! tag characters hide text from the reader. Here they are replaced or dropped, and nothing else changes: accents,
//! every script, emoji and the zero-width joiner stay.
//!
//! ```
//! use chancery::present::line;
//! assert_eq!(line("Xi\u{1b}[2J meets\nPutin"), "Xi\u{fffd}[2J meets Putin");
//! ```

use std::borrow::Cow;

/// What becomes of a character.
enum Fate {
    /// It is harmless.
    Keep,
    /// It breaks a line or a column.
    Break,
    /// It commands the terminal; the reader should see that something was there.
    Replace,
    /// It is invisible and rearranges or hides text.
    Drop,
}

/// Makes `text` safe on one line: breaks and tabs become blanks, other controls `�`, hidden characters go.
pub fn line(text: &str) -> Cow<'_, str> {
    scrub(text, |_| false)
}

/// Makes `text` safe in a cell that may hold several lines: as [`line`], but newlines and tabs stay.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    scrub(text, |c| matches!(c, '\n' | '\t'))
}

/// Whether JSON must write `c` as an escape although its grammar does not ask for it.
pub(super) fn is_hostile(c: char) -> bool {
    !matches!(c, ' '..='~') && !matches!(fate(c), Fate::Keep)
}

fn fate(c: char) -> Fate {
    match c {
        '\t'..='\r' | '\u{2028}' | '\u{2029}' => Fate::Break,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Fate::Replace,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Fate::Drop,
        '\u{e0000}'..='\u{e007f}' => Fate::Drop,
        _ => Fate::Keep,
    }
}

fn scrub(text: &str, keep: fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(|c| is_hostile(c) && !keep(c)) else {
        return Cow::Borrowed(text);
    };
    let mut clean = String::with_capacity(text.len());
    clean.push_str(&text[..first]);
    let mut rest = text[first..].chars().peekable();
    while let Some(c) = rest.next() {
        match fate(c) {
            Fate::Keep => clean.push(c),
            Fate::Break if keep(c) => clean.push(c),
            // A carriage return and its newline are one break.
            Fate::Break if c == '\r' && rest.peek() == Some(&'\n') => {}
            Fate::Break if c == '\r' && keep('\n') => clean.push('\n'),
            Fate::Break => clean.push(' '),
            Fate::Replace => clean.push(char::REPLACEMENT_CHARACTER),
            Fate::Drop => {}
        }
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_commands_nothing() {
        let check = |text: &str, expected: &str| assert_eq!(line(text), expected, "{text:?}");
        check("Путин, 習近平, naïve 👩‍👧", "Путин, 習近平, naïve 👩‍👧");
        check("\u{1b}]52;c;aGk=\u{7}", "�]52;c;aGk=�");
        check("a\u{9b}31mb\u{7f}\u{8}", "a�31mb��");
        check("one\r\ntwo\tthree\rfour", "one two three four");
        check("one\u{2028}two\u{2029}three\u{85}four", "one two three�four");
        check("\u{202e}nitup\u{202c} \u{2066}x\u{2069}\u{200e}\u{61c}", "nitup x");
        check("plain\u{e0041}\u{e007f}", "plain");
        check("", "");
    }

    #[test]
    fn a_cell_keeps_its_lines() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected, "{text:?}");
        check("one\ntwo\tthree", "one\ntwo\tthree");
        check("one\r\ntwo\rthree", "one\ntwo\nthree");
        check("a\u{1b}b\u{2028}c", "a�b c");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in any::<String>()) {
            let once = line(&text).into_owned();
            prop_assert!(!once.chars().any(is_hostile));
            prop_assert!(matches!(line(&once), Cow::Borrowed(_)));
            let kept = cell(&text).into_owned();
            prop_assert!(matches!(cell(&kept), Cow::Borrowed(_)));
        }
    }
}
