//! The words of a refusal: foreign values and system errors made fit for a report.
//!
//! A reason ends up on terminals and in mails. What a stranger wrote is cut short here and its control characters are
//! spelled out, so that no reason needs guarding again.

use std::io::{self, ErrorKind};

/// How many characters of a foreign value are shown.
const LONGEST_VALUE: usize = 60;

/// Puts a value into backquotes, shortened, with control and direction characters spelled out.
pub fn quoted(value: &str) -> String {
    let mut out = String::from("`");
    for c in value.chars().take(LONGEST_VALUE) {
        match c {
            c if is_unsafe(c) => out.extend(c.escape_unicode()),
            '`' => out.push('\''),
            c => out.push(c),
        }
    }
    if value.chars().nth(LONGEST_VALUE).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// Says in plain words why the system would not read something.
pub fn io(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// Says that a file is over the limit, in bytes, and what the limit is.
pub fn too_large(size: u64, limit: u64) -> String {
    format!("{size} bytes are over the limit of {limit}")
}

/// Characters that move the cursor, switch the direction of writing or are not there to see.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_tame() {
        let check = |value: &str, expected: &str| assert_eq!(quoted(value), expected);
        check("2022-13-45", "`2022-13-45`");
        check("a`b", "`a'b`");
        check("a\u{1b}[31m\n", "`a\\u{1b}[31m\\u{a}`");
        check("a\u{202e}b", "`a\\u{202e}b`");
        check(&"é".repeat(61), &format!("`{}…`", "é".repeat(60)));
    }
}
