//! Mends JSON whose strings hold half a character: a `\ud83d` without its second half.
//!
//! Programs that cut text at a fixed length leave such halves behind an emoji. JSON forbids them, but an article is
//! worth more than half a character.

/// The text with `\ufffd` for every lone half of a surrogate pair, or `None` when there is none.
pub fn mend(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    let (mut kept, mut from) = (0, 0);
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let at = from + found;
        // Every escape but `\u` is two bytes; stepping over both keeps `\\ud83d` from being taken for one.
        from = at + 2;
        let Some(unit) = unit_at(bytes, at) else { continue };
        let is_high = (0xd800..0xdc00).contains(&unit);
        let is_pair = is_high && unit_at(bytes, at + 6).is_some_and(|next| (0xdc00..0xe000).contains(&next));
        from = at + if is_pair { 12 } else { 6 };
        if (0xd800..0xe000).contains(&unit) && !is_pair {
            out.push_str(&json[kept..at]);
            out.push_str("\\ufffd");
            kept = from;
        }
    }
    if kept == 0 {
        return None;
    }
    out.push_str(&json[kept..]);
    Some(out)
}

/// The unit that is written `\u0123` at `at`.
fn unit_at(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_halves_are_replaced() {
        let check = |json: &str, expected: Option<&str>| assert_eq!(mend(json).as_deref(), expected, "{json}");
        check("", None);
        check("no escapes", None);
        check(r"\u00e9 \n \\", None);
        check(r"\ud83d\udd4a", None);
        check(r"\\ud83d", None);
        check(r"a \ud83d b", Some(r"a \ufffd b"));
        check(r"\udd4a", Some(r"\ufffd"));
        check(r"\ud83d\ud83d\udd4a", Some(r"\ufffd\ud83d\udd4a"));
        check(r"\uD83D\n\uDD4Aé", Some(r"\ufffd\n\ufffdé"));
        check(r"\ud83", None);
        check("\\", None);
    }
}
