//! The code of a language, out of the many ways in which sources name it.

use crate::text::fold;

/// A code of ISO 639-1 and the other names of its language, a line each, separated by tabs.
const LANGUAGES: &str = include_str!("data/languages.tsv");

/// Codes of ISO 639-2 that say that the language is not known, or that there is not one.
const NONE: [&str; 4] = ["mis", "mul", "und", "zxx"];

/// Whether a source says that it does not know the language, or that there are several.
pub fn is_unknown(named: &str) -> bool {
    NONE.contains(&primary(named).as_str())
}

/// The two letters of ISO 639-1 for `en`, `en-US`, `eng` or `English`; nothing for what is no language.
pub fn code(named: &str) -> Option<String> {
    let primary = primary(named);
    let mut lines = LANGUAGES.lines().filter(|line| !line.starts_with('#'));
    // Nearly every source gives a code of two letters.
    if primary.len() == 2 && lines.clone().any(|line| line.split('\t').next() == Some(&primary)) {
        return Some(primary);
    }
    let named = fold(named.trim());
    let is_it = |name: &str| name == primary || name == named || !name.is_ascii() && fold(name) == named;
    lines.find(|line| line.split('\t').any(is_it)).and_then(|line| line.split('\t').next()).map(str::to_owned)
}

/// A tag without its region and script.
fn primary(named: &str) -> String {
    named.trim().split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_codes_become_two_letters() {
        let check = |named: &str, expected: Option<&str>| assert_eq!(code(named).as_deref(), expected, "{named}");
        check("en", Some("en"));
        check(" EN-us ", Some("en"));
        check("zh_Hant", Some("zh"));
        check("eng", Some("en"));
        check("cmn", Some("zh"));
        check("Russian", Some("ru"));
        check("русский", Some("ru"));
        check("Deutsch", Some("de"));
        check("Français", Some("fr"));
        check("haitian creole", Some("ht"));
        check("serbo-croatian", Some("sh"));
        check("iw", Some("he"));
        check("fil", Some("tl"));
        check("日本語", Some("ja"));
        for other in ["xx", "ua", "cn", "jp", "", "Klingon", "日本", "und"] {
            check(other, None);
        }
        assert!(is_unknown("und") && is_unknown("MUL") && !is_unknown("en"));
    }

    #[test]
    fn every_line_is_a_code_and_names_that_no_other_line_has() {
        let mut seen = HashSet::new();
        for line in LANGUAGES.lines().filter(|line| !line.starts_with('#')) {
            let code = line.split('\t').next().unwrap_or_default();
            assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()), "{line}");
            for name in line.split('\t') {
                assert!(!name.is_empty() && name == name.to_lowercase() && seen.insert(fold(name)), "{line}");
            }
        }
    }
}
