//! Names inside a corpus: how a path is written down, what its extension says, and which files only keep it company.
//!
//! A written path must be text, because it is stored, searched and printed, and must stay one to one with the file,
//! because it is the identity of the articles in it. So `caf\xE9.txt` stands for a name with that raw byte in it.

use std::ffi::OsStr;
use std::path::{Component, Path};

/// Which reader a file asks for by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One article, plain text.
    Plain,
    /// One JSON object a line.
    Lines,
    /// One JSON object, or an array of them.
    Json,
    /// XML: a feed, or an article of a wire.
    Xml,
    /// A page of the web.
    Page,
    /// One mail.
    Mail,
    /// One article between control characters; no name promises it.
    Telegram,
}

/// Files that stand beside articles and are none, in capitals as their kind is always written; the word must be the
/// whole name, or be followed by `.` or `-`, so that `NOTICES to shipping.txt` stays an article.
const COMPANIONS: [&str; 15] = [
    "README",
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "CHANGELOG",
    "CONTRIBUTING",
    "CITATION",
    "CODEOWNERS",
    "MANIFEST",
    "SHA256SUMS",
    "SHA512SUMS",
    "MD5SUMS",
    "VERSION",
];

/// Files known by their exact name, whatever its case.
const HOUSEKEEPING: [&str; 6] = ["makefile", "justfile", "dockerfile", "thumbs.db", "desktop.ini", "readme.txt"];

/// The longest ending that is taken for an extension; beyond it, a dot is part of a title.
const LONGEST_EXTENSION: usize = 12;

/// Writes a path down with `/` between folders, see [`crate::corpus::Found::relative`].
pub fn relative(path: &Path) -> String {
    // Almost every path is written as it is.
    if let Some(text) = path.to_str().filter(|text| cfg!(unix) && is_plain(text)) {
        return text.to_owned();
    }
    let mut out = String::new();
    for component in path.components().filter(|component| matches!(component, Component::Normal(_))) {
        if !out.is_empty() {
            out.push('/');
        }
        write_name(component.as_os_str(), &mut out);
    }
    out
}

/// Whether a path has nothing but names with one slash between them, and nothing that would read as an escape.
fn is_plain(path: &str) -> bool {
    !path.is_empty() && !path.contains('\\') && path.split('/').all(|name| !matches!(name, "" | "." | ".."))
}

/// Whether the last name of the path begins with a dot.
pub fn is_hidden(relative: &str) -> bool {
    file_name(relative).starts_with('.')
}

/// Whether the file keeps a corpus company and holds no article.
pub fn is_companion(relative: &str) -> bool {
    let name = file_name(relative);
    let word = name.split(['.', '-']).next().unwrap_or(name);
    COMPANIONS.contains(&word) || HOUSEKEEPING.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The reader for a file of this name, if there is one.
pub fn format(relative: &str) -> Option<Format> {
    let Some(extension) = extension(relative) else { return Some(Format::Plain) };
    match extension.to_ascii_lowercase().as_str() {
        "txt" | "text" | "anpa" | "iptc" | "tst" => Some(Format::Plain),
        "jsonl" | "ndjson" => Some(Format::Lines),
        "json" => Some(Format::Json),
        "xml" | "rss" | "atom" | "rdf" | "nitf" | "newsml" => Some(Format::Xml),
        "html" | "htm" | "xhtml" => Some(Format::Page),
        "eml" => Some(Format::Mail),
        _ => None,
    }
}

/// What follows the last dot, when it reads like an extension: short, plain, with a letter in it.
///
/// `Report No. 5` and `dispatch.001` have none.
pub fn extension(relative: &str) -> Option<&str> {
    let (stem, extension) = file_name(relative).rsplit_once('.')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'~');
    let is_one = !stem.is_empty()
        && (1..=LONGEST_EXTENSION).contains(&extension.len())
        && extension.bytes().all(plain)
        && extension.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_one.then_some(extension)
}

fn file_name(relative: &str) -> &str {
    relative.rsplit('/').next().unwrap_or(relative)
}

#[cfg(unix)]
fn write_name(name: &OsStr, out: &mut String) {
    use std::os::unix::ffi::OsStrExt;

    for chunk in name.as_bytes().utf8_chunks() {
        // Only a backslash that would read as an escape is escaped: other names stay as they are.
        out.push_str(&chunk.valid().replace("\\x", "\\x5Cx"));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
}

#[cfg(not(unix))]
fn write_name(name: &OsStr, out: &mut String) {
    out.push_str(&name.to_string_lossy());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_choose_the_reader() {
        let check = |name: &str, expected: Option<Format>| assert_eq!(format(name), expected, "{name}");
        check("a.txt", Some(Format::Plain));
        check("2022/a.TXT", Some(Format::Plain));
        check("a.b.text", Some(Format::Plain));
        check("dispatch", Some(Format::Plain));
        check("v1.2/dispatch", Some(Format::Plain));
        check("dispatch.001", Some(Format::Plain));
        check("Report No. 5 on the U.S. Navy", Some(Format::Plain));
        check("a.jsonl", Some(Format::Lines));
        check("a.ndjson", Some(Format::Lines));
        check("a.Json", Some(Format::Json));
        check("a.pdf", None);
        check("a.txt~", None);
        check("a.txt.gz", None);
        check("a.7z", None);
    }

    #[test]
    fn companions_are_known_by_whole_words() {
        let check = |name: &str, expected: bool| assert_eq!(is_companion(name), expected, "{name}");
        check("README", true);
        check("2022/README.txt", true);
        check("readme.txt", true);
        check("LICENSE-MIT", true);
        check("notes.md", false);
        check("Makefile", true);
        check("NOTICES to shipping.txt", false);
        check("license to kill.txt", false);
        check("README/a.txt", false);
        check("version.txt", false);
    }

    #[cfg(unix)]
    mod raw {
        use std::os::unix::ffi::OsStrExt;

        use proptest::prelude::*;

        use super::*;

        /// The way back, to show that there is one.
        fn unwritten(written: &str) -> Vec<u8> {
            let mut parts = written.split("\\x");
            let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
            for part in parts {
                out.push(u8::from_str_radix(&part[..2], 16).unwrap());
                out.extend_from_slice(&part.as_bytes()[2..]);
            }
            out
        }

        #[test]
        fn names_are_written_one_to_one() {
            let check = |name: &[u8], expected: &str| {
                let written = relative(Path::new(OsStr::from_bytes(name)));
                assert_eq!(written, expected);
                assert_eq!(unwritten(&written), name);
            };
            check(b"a/b.txt", "a/b.txt");
            check("é.txt".as_bytes(), "é.txt");
            check(b"caf\xe9.txt", "caf\\xE9.txt");
            check(b"caf\\xE9.txt", "caf\\x5CxE9.txt");
            check(b"a\\b%20c\nd", "a\\b%20c\nd");
        }

        proptest! {
            #[test]
            fn no_two_names_are_written_alike(name in prop::collection::vec(prop_oneof![Just(b'\\'), Just(b'x'), any::<u8>()], 1..12)) {
                prop_assume!(!name.contains(&b'/') && !name.contains(&0) && !name.starts_with(b"."));
                let written = relative(Path::new(OsStr::from_bytes(&name)));
                prop_assert_eq!(unwritten(&written), name);
            }
        }
    }
}
