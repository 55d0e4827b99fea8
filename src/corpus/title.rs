//! Derives a title from a text whose source gives none: its heading, or else its first sentence, kept short.
//!
//! Only the beginning of the text is looked at, so that a text of a single endless line costs nothing.

use crate::text;

/// The most characters of a derived title, the ellipsis among them.
const LONGEST_TITLE: usize = 100;

/// Words that end in a full stop and do not end a sentence, in lower case.
const ABBREVIATIONS: [&str; 45] = [
    "adm", "amb", "apr", "aug", "brig", "capt", "cmdr", "co", "col", "corp", "dec", "dept", "dr", "feb", "fr", "ft",
    "gen", "gov", "hon", "inc", "jan", "jr", "lt", "ltd", "maj", "mme", "mr", "mrs", "ms", "mt", "nov", "oct", "pres",
    "prof", "rep", "rev", "sec", "sen", "sept", "sgt", "sr", "st", "supt", "vs", "messrs",
];

/// The title of a text that has none of its own: one line, at most 100 characters, cut at a word with `…`.
///
/// Empty only when there is nothing to see in the text: white space, control characters and those without a shape.
pub fn derive(text: &str) -> String {
    let text = text.trim_start_matches(is_unseen);
    shorten(heading(text).unwrap_or_else(|| first_sentence(text)))
}

fn is_unseen(c: char) -> bool {
    let shapeless =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_whitespace() || c.is_control() || shapeless
}

/// The first line, when it stands alone above a blank line and does not read like a sentence.
fn heading(text: &str) -> Option<&str> {
    let end = text.find(['\n', '\r'])?;
    let line = text[..end].trim_end();
    let below = text[end..].strip_prefix("\r\n").unwrap_or(&text[end + 1..]);
    let blank = below.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    let is_short = line.chars().nth(LONGEST_TITLE).is_none();
    let is_open = !line.ends_with(|c: char| text::is_terminator(c) || matches!(c, ',' | ';' | ':' | '"' | '”'));
    (blank && is_short && is_open).then_some(line)
}

/// The text up to the end of its first sentence, its first paragraph, or as much as a title can hold.
fn first_sentence(text: &str) -> &str {
    let mut chars = text.char_indices().peekable();
    let mut seen = 0;
    while let Some((at, c)) = chars.next() {
        // White space is counted too: whatever it folds to, enough is read before this many characters.
        seen += 1;
        if seen > 4 * LONGEST_TITLE || c == '\n' && is_blank_line(&text[at + 1..]) {
            return &text[..at];
        }
        if !text::is_terminator(c) || chars.peek().is_some_and(|(_, next)| text::is_terminator(*next)) {
            continue;
        }
        let after = &text[at + c.len_utf8()..];
        let is_wide = matches!(c, '。' | '！' | '？');
        // `“` closes in German, and opens in Chinese.
        let closes = |c: char| is_closing(c) && !(is_wide && c == '“');
        let closing = after.find(|c: char| !closes(c)).unwrap_or(after.len());
        let end = at + c.len_utf8() + closing;
        if is_wide || begins_sentence(&text[end..]) && !(c == '.' && is_abbreviated(&text[..at], after)) {
            return &text[..end];
        }
    }
    text
}

fn is_blank_line(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

fn is_closing(c: char) -> bool {
    text::is_double_mark(c) && !matches!(c, '「' | '『' | '„') || matches!(c, '’' | '\'' | ')' | ']' | '›')
}

/// Whether what follows a full stop is white space and then something a sentence begins with.
fn begins_sentence(after: &str) -> bool {
    let rest = after.trim_start();
    rest.len() < after.len()
        && !rest.starts_with(|c: char| c.is_lowercase() || matches!(c, ',' | ';' | ':' | '-' | '–'))
}

/// Whether the word before a full stop is an abbreviation, an initial, dotted like `U.S`, or the `No` of a number.
fn is_abbreviated(before: &str, after: &str) -> bool {
    let from = before.rfind(char::is_whitespace).unwrap_or(0);
    let word = before[from..].trim_matches(|c: char| !c.is_alphanumeric());
    let is_initial = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    let is_dotted = !word.is_empty() && word.split(['.', '-']).filter(|part| !part.is_empty()).all(is_initial);
    let is_number = word.eq_ignore_ascii_case("no") && after.trim_start().starts_with(|c: char| c.is_ascii_digit());
    is_dotted || is_number || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Folds white space and control characters to single blanks; also for titles that a source gives.
pub fn one_line(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn shorten(text: &str) -> String {
    let mut line = one_line(text);
    let Some((over, _)) = line.char_indices().nth(LONGEST_TITLE) else { return line };
    let room = line[..over].char_indices().last().map_or(0, |(at, _)| at);
    // A blank right behind the room means that the last word fits whole.
    let cut = memchr::memrchr(b' ', &line.as_bytes()[..=room]).filter(|at| *at > 0).unwrap_or(room);
    line.truncate(cut);
    let kept = line.trim_end_matches([' ', ',', ';', ':', '-', '–', '—']).len();
    line.truncate(kept);
    line.push('…');
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_sentence_is_the_title() {
        let check = |text: &str, expected: &str| assert_eq!(derive(text), expected);
        check("", "");
        check(" \0\n", "");
        check("\0\n\nOne. Two.", "One.");
        check("One. Two.", "One.");
        check("One two", "One two");
        check("Will he go? He will.", "Will he go?");
        check("He met Gen. Smith. Then he left.", "He met Gen. Smith.");
        check("The U.S. Navy left. It came back.", "The U.S. Navy left.");
        check("George W. Bush spoke. We heard.", "George W. Bush spoke.");
        check("J.-Y. Le Drian spoke. We heard.", "J.-Y. Le Drian spoke.");
        check("It cost 3.5 million. Too much.", "It cost 3.5 million.");
        check("At 5 p.m. Monday they met. Good.", "At 5 p.m. Monday they met.");
        check("“We won’t go.” He left.", "“We won’t go.”");
        check("He said \"no.\" Then left.", "He said \"no.\"");
        check("Resolution No. 1973 passed. Good.", "Resolution No. 1973 passed.");
        check("Wait... What happened?", "Wait...");
        check("One\nstill one. Two.", "One still one.");
        check("One without an end,\n\nanother paragraph.", "One without an end,");
        check("Министр ответил. Нет.", "Министр ответил.");
        check("Г. Явлинский ответил. Нет.", "Г. Явлинский ответил.");
        check("外交部发言人表示。中方主张。", "外交部发言人表示。");
        check("\u{1b}[31mRed alert. Go.", "[31mRed alert.");
    }

    #[test]
    fn a_heading_is_the_title() {
        let check = |text: &str, expected: &str| assert_eq!(derive(text), expected);
        check("Talks in Geneva\n\nThey met. They left.", "Talks in Geneva");
        check("Talks in Geneva\r\n \r\nThey met.", "Talks in Geneva");
        check("U.S. v. Iran\n\nThey met.", "U.S. v. Iran");
        check("Talks in Geneva\nThey met. They left.", "Talks in Geneva They met.");
        check("They met.\n\nThey left.", "They met.");
    }

    #[test]
    fn long_sentences_are_cut_at_a_word() {
        let check = |text: &str, expected: &str| {
            assert_eq!(derive(text), expected);
            assert!(expected.chars().count() <= LONGEST_TITLE);
        };
        check(&format!("{} end of it", "word ".repeat(30)), &format!("{}word…", "word ".repeat(19)));
        check(&"x".repeat(5000), &format!("{}…", "x".repeat(99)));
        check(&format!("{}, then more", "x".repeat(98)), &format!("{}…", "x".repeat(98)));
        check(&"é".repeat(100), &"é".repeat(100));
        check(&"é".repeat(101), &format!("{}…", "é".repeat(99)));
        check(&format!("{} xx", "x".repeat(99)), &format!("{}…", "x".repeat(99)));
    }

    proptest! {
        #[test]
        fn a_title_is_one_short_line(text in "[A-Z]?[a-zé .!?…\\n\\r\\t“”。]{0,300}") {
            let title = derive(&text);
            prop_assert!(title.chars().count() <= LONGEST_TITLE);
            prop_assert!(!title.contains(|c: char| c.is_control()));
            prop_assert_eq!(title.is_empty(), text.trim().is_empty());
        }
    }
}
