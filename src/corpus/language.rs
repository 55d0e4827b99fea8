//! The code of a language, out of the many ways in which sources name it.

/// ISO 639-1, ISO 639-2 (both of its codes where there are two), and the English name.
const LANGUAGES: [(&str, &[&str]); 36] = [
    ("ar", &["ara", "arabic"]),
    ("az", &["aze", "azerbaijani"]),
    ("bg", &["bul", "bulgarian"]),
    ("cs", &["ces", "cze", "czech"]),
    ("da", &["dan", "danish"]),
    ("de", &["deu", "ger", "german"]),
    ("el", &["ell", "gre", "greek"]),
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish"]),
    ("fa", &["fas", "per", "persian", "farsi"]),
    ("fi", &["fin", "finnish"]),
    ("fr", &["fra", "fre", "french"]),
    ("he", &["heb", "hebrew", "iw"]),
    ("hi", &["hin", "hindi"]),
    ("hu", &["hun", "hungarian"]),
    ("hy", &["hye", "arm", "armenian"]),
    ("id", &["ind", "indonesian", "in"]),
    ("it", &["ita", "italian"]),
    ("ja", &["jpn", "japanese"]),
    ("ka", &["kat", "geo", "georgian"]),
    ("ko", &["kor", "korean"]),
    ("nl", &["nld", "dut", "dutch"]),
    ("no", &["nor", "norwegian"]),
    ("pl", &["pol", "polish"]),
    ("pt", &["por", "portuguese"]),
    ("ro", &["ron", "rum", "romanian"]),
    ("ru", &["rus", "russian"]),
    ("sr", &["srp", "serbian"]),
    ("sv", &["swe", "swedish"]),
    ("th", &["tha", "thai"]),
    ("tr", &["tur", "turkish"]),
    ("uk", &["ukr", "ukrainian"]),
    ("ur", &["urd", "urdu"]),
    ("vi", &["vie", "vietnamese"]),
    ("zh", &["zho", "chi", "chinese"]),
    ("sw", &["swa", "swahili"]),
];

/// The two letters of ISO 639-1 for `en`, `en-US`, `eng` or `English`; any other two letters are taken on trust.
pub fn code(named: &str) -> Option<String> {
    let primary = named.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let known = LANGUAGES.iter().find(|(_, names)| names.contains(&primary.as_str()));
    match known {
        Some((code, _)) => Some((*code).to_owned()),
        None if primary.len() == 2 && primary.bytes().all(|byte| byte.is_ascii_lowercase()) => Some(primary),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_become_two_letters() {
        let check = |named: &str, expected: Option<&str>| assert_eq!(code(named).as_deref(), expected, "{named}");
        check("en", Some("en"));
        check(" EN-us ", Some("en"));
        check("zh_Hant", Some("zh"));
        check("eng", Some("en"));
        check("Russian", Some("ru"));
        check("xx", Some("xx"));
        check("", None);
        check("Klingon", None);
        check("日本", None);
    }
}
