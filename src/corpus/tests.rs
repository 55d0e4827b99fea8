//! The walk over hostile folders, and what must hold for every file whatever its bytes.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn options(include: &[&str], exclude: &[&str]) -> Options {
    let owned = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
    Options { include: owned(include), exclude: owned(exclude), max_file_bytes: 100 }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What the walk says, one line a thing: the path, and the reason of a refusal behind it.
fn walked(root: &Path, options: &Options) -> Vec<String> {
    let line = |item: std::result::Result<Found, Refusal>| match item {
        Ok(found) => found.relative,
        Err(refusal) => format!("{}: {}", refusal.relative, refusal.reason),
    };
    walk(root, options).unwrap().map(line).collect()
}

const TREE: [(&str, &str); 9] = [
    ("b.txt", "b"),
    ("2022/a.jsonl", "{}"),
    ("2022/drafts/c.txt", "c"),
    ("scan.pdf", "%PDF"),
    ("README.md", "about"),
    ("2022/LICENSE", "mine"),
    (".git/config.txt", "hidden"),
    ("2022/.hidden.txt", "hidden"),
    (
        "large.txt",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789!",
    ),
];

#[test]
fn the_walk_is_sorted_and_says_what_it_leaves_out() {
    let folder = folder(&TREE);
    let check = |include: &[&str], exclude: &[&str], expected: &[&str]| {
        assert_eq!(walked(folder.path(), &options(include, exclude)), expected, "{include:?} {exclude:?}");
    };
    let large = "large.txt: 101 bytes are over the limit of 100";
    let pdf = "scan.pdf: no reader for `.pdf` files";
    check(&[], &[], &["2022/a.jsonl", "2022/drafts/c.txt", "b.txt", large, pdf]);
    check(&["*.txt"], &["large.*"], &["2022/drafts/c.txt", "b.txt"]);
    check(&["2022"], &["drafts"], &["2022/a.jsonl"]);
    check(&[], &["2022/**", "*.pdf", "large.txt"], &["b.txt"]);
}

#[test]
fn a_survey_meets_what_a_walk_meets() {
    let many: Vec<(String, String)> =
        (0..1_000).map(|number| (format!("{}/{number:04}.txt", number % 7), format!("{number}"))).collect();
    let folder = folder(&many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    let plain = options(&[], &[]);
    let walked: Vec<_> = walk(folder.path(), &plain).unwrap().collect();
    assert_eq!(walked.len(), many.len());
    for waiting in [1, 1_000] {
        let survey = survey::begin(folder.path(), &plain, waiting).unwrap();
        // So that the one who lists finds no room.
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(survey.collect::<Vec<_>>(), walked, "{waiting}");
    }
    drop(survey::begin(folder.path(), &plain, 1).unwrap());
}

#[test]
fn a_root_may_be_written_in_any_way() {
    let folder = folder(&TREE[..2]);
    let root = folder.path().to_str().unwrap();
    let check = |root: String| assert_eq!(walked(Path::new(&root), &options(&[], &[])), ["2022/a.jsonl", "b.txt"]);
    check(format!("{root}/"));
    check(format!("{root}/."));
    check(format!("{root}//2022/.."));
}

#[test]
fn a_single_file_is_a_corpus() {
    let folder = folder(&TREE);
    let check = |path: &str, expected: &str| {
        assert_eq!(walked(&folder.path().join(path), &options(&[], &[])), [expected]);
    };
    check("b.txt", "b.txt");
    check("2022/.hidden.txt", ".hidden.txt");
    check("2022/LICENSE", "LICENSE");
    check("README.md", "README.md: no reader for `.md` files");
}

#[test]
fn a_root_that_is_not_there_is_an_error_with_a_hint() {
    let folder = folder(&[]);
    assert_eq!(walked(folder.path(), &options(&[], &[])), [""; 0]);
    let error = walk(&folder.path().join("gone"), &options(&[], &[])).err().unwrap();
    assert!(error.to_string().ends_with("gone: no such file or folder"), "{error}");
    assert!(error.hint_text().is_some());
}

#[test]
fn what_was_found_can_be_loaded() {
    let folder = folder(&[("2022/a.txt", " date 2022-02-05 Talks.")]);
    let options = options(&[], &[]);
    let found = walk(folder.path(), &options).unwrap().next().unwrap().unwrap();
    assert_eq!((found.path.clone(), found.size), (folder.path().join("2022").join("a.txt"), 23));
    assert!(found.modified > 0);
    assert_eq!(load(&found, &options).unwrap(), b" date 2022-02-05 Talks.");
    fs::write(&found.path, "x".repeat(101)).unwrap();
    assert_eq!(load(&found, &options).unwrap_err().reason, "101 bytes are over the limit of 100");
    fs::remove_file(&found.path).unwrap();
    assert_eq!(load(&found, &options).unwrap_err().reason, "no such file or folder");
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn links_are_never_followed() {
        let outside = folder(&[("secret.txt", "secret")]);
        let folder = folder(&[("a.txt", "a"), ("sub/b.txt", "b"), (".store/c.txt", "c")]);
        let link = |target: &Path, name: &str| symlink(target, folder.path().join(name)).unwrap();
        link(Path::new("a.txt"), "l1.txt");
        link(&outside.path().join("secret.txt"), "l2.txt");
        link(outside.path(), "l3");
        link(Path::new("l4.txt"), "l4.txt");
        link(Path::new("."), "l5");
        link(Path::new("gone"), "l6.txt");
        link(Path::new("sub"), "l7");
        link(Path::new(".store/c.txt"), "l8.txt");
        link(Path::new("/dev/zero"), "l9.txt");
        link(Path::new(".."), "sub/up");
        let found = walked(folder.path(), &options(&[], &[]));
        let check = |at: usize, expected: &str| assert!(found[at].starts_with(expected), "{found:?}");
        check(0, "a.txt");
        check(1, "l1.txt: a link to `a.txt`, which is read under its own name");
        check(2, "l2.txt: a link out of the corpus");
        check(3, "l3: a link out of the corpus");
        check(4, "l4.txt: a link that leads nowhere");
        check(5, "l5: a link to the corpus folder itself");
        check(6, "l6.txt: a link to nothing");
        check(7, "l7: a link to `sub`, which is read under its own name");
        check(8, "l8.txt: a link to `.store/c.txt`, which is not read");
        check(9, "l9.txt: a link out of the corpus");
        check(10, "sub/b.txt");
        check(11, "sub/up: a link to the corpus folder itself");
        assert_eq!(found.len(), 12);
    }

    #[test]
    fn a_root_may_be_a_link() {
        let folder = folder(&[("real/a.txt", "a")]);
        symlink("real", folder.path().join("link")).unwrap();
        symlink("real/a.txt", folder.path().join("a.txt")).unwrap();
        assert_eq!(walked(&folder.path().join("link"), &options(&[], &[])), ["a.txt"]);
        let options = options(&[], &[]);
        let found = walk(&folder.path().join("a.txt"), &options).unwrap().next().unwrap().unwrap();
        assert_eq!((found.relative.as_str(), load(&found, &options)), ("a.txt", Ok(b"a".to_vec())));
    }

    #[test]
    fn pipes_sockets_and_devices_are_never_opened() {
        let folder = folder(&[("z.txt", "z")]);
        let pipe = folder.path().join("pipe.txt");
        let _socket = UnixListener::bind(folder.path().join("socket.txt")).unwrap();
        let options = options(&[], &[]);
        let mut expected = vec!["socket.txt: a socket, not a file", "z.txt"];
        if Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
            expected.insert(0, "pipe.txt: a pipe, not a file");
            let found = Found { path: pipe.clone(), relative: "pipe.txt".to_owned(), size: 0, modified: 0 };
            assert_eq!(load(&found, &options).unwrap_err().reason, "is no longer a regular file");
            assert!(walk(&pipe, &options).is_err());
        }
        assert_eq!(walked(folder.path(), &options), expected);
        assert!(walk(Path::new("/dev/zero"), &options).is_err());
    }

    #[test]
    fn unreadable_folders_and_files_are_named() {
        let folder = folder(&[("a/a.txt", "a"), ("b.txt", "b"), ("c.txt", "c")]);
        let options = options(&[], &[]);
        let lock = |name: &str, mode: u32| {
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        lock("a", 0);
        lock("b.txt", 0);
        // The administrator reads everything; then there is nothing to see here.
        if fs::read(folder.path().join("b.txt")).is_err() {
            assert_eq!(walked(folder.path(), &options), ["a: no permission to read it", "b.txt", "c.txt"]);
            let found = walk(folder.path(), &options).unwrap().find_map(std::result::Result::ok).unwrap();
            assert_eq!(load(&found, &options).unwrap_err().reason, "no permission to read it");
        }
        lock("a", 0o700);
    }

    #[test]
    fn odd_names_are_read_and_kept_apart() {
        let folder = folder(&[("a\nb\u{1b}.txt", "1"), ("-n.txt", "2"), ("\u{202e}txt.a.txt", "3"), ("<b>.txt", "4")]);
        fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9.txt")), "5").unwrap();
        fs::write(folder.path().join("caf\\xE9.txt"), "6").unwrap();
        let found = walked(folder.path(), &options(&[], &[]));
        let expected = ["-n.txt", "<b>.txt", "a\nb\u{1b}.txt", "caf\\x5CxE9.txt", "caf\\xE9.txt", "\u{202e}txt.a.txt"];
        assert_eq!(found, expected);
    }

    #[test]
    fn folders_are_deep_only_so_far() {
        let folder = folder(&[]);
        let deepest = folder.path().join("d/".repeat(walk::DEEPEST + 1));
        fs::create_dir_all(&deepest).unwrap();
        fs::write(folder.path().join("d/".repeat(walk::DEEPEST - 1)).join("a.txt"), "a").unwrap();
        fs::write(deepest.join("b.txt"), "b").unwrap();
        let found = walked(folder.path(), &options(&[], &[]));
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with("d/a.txt") && found[1].ends_with("d/d: more than 200 folders deep"), "{found:?}");
    }
}

/// Reads a file of each kind, and checks what must hold for every article and failure.
fn holds(bytes: &[u8]) {
    for name in ["a.txt", "a.jsonl", "a.json", "a.bin", "", "a.xml", "a.eml", "a.html"] {
        let mut items = 0;
        read(name, bytes, &mut |item| {
            items += 1;
            match item {
                Ok(article) => {
                    assert!(!article.text.trim().is_empty() && !article.title.is_empty());
                    assert_eq!(article.origin.path, name);
                    if let Some(offset) = article.text_offset {
                        assert!(bytes[offset as usize..].starts_with(article.text.as_bytes()));
                    }
                }
                Err(failure) => {
                    assert!(!failure.reason.is_empty() && !failure.reason.contains(char::is_control), "{failure:?}");
                }
            }
        });
        // A feed without an item is whole.
        assert!(items > 0 || bytes.contains(&b'<'), "{name} says nothing about its content");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        holds(&bytes);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "(\u{feff})?[ \\n\\r]{0,2}([dD]ate:? )?[0-9T:/.-]{0,12}(\\PC|[ \\n\\r\\t.\0]){0,60}") {
        holds(text.as_bytes());
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(&wide);
    }

    #[test]
    fn no_xml_makes_a_reader_panic(text in "(<rss>|<item>|</item>|<feed|<entry|<nitf>|<newsItem>|<NewsItem|<title>|</title>|<content|<body>|<p>|<pre>|<br/>| type=\"xhtml\"|<!\\[CDATA\\[|\\]\\]>|&amp;|&#x?[0-9]{1,6};|&|<!--|-->|<\\?|<!D|[a-zé \n\u{1}<>/:=\"'!-]){0,50}") {
        holds(text.as_bytes());
    }

    #[test]
    fn no_page_makes_a_reader_panic(text in "(<html lang=en>|<meta name=\"date\" content=|<title>|</title>|<script type=application/ld\\+json>|</script>|\\{\"@graph\": \\[|\\}|<div class=|<p>|</p>|<a href=x>|</a>|<article>|</article>|<time datetime=|<h1>|</h1>|<!--|-->|The ministers met, and left without a word, again and again. |[a-zé \\n<>/=\"'&;]){0,60}") {
        holds(text.as_bytes());
    }

    #[test]
    fn no_mail_makes_a_reader_panic(text in "(From: |Subject: |Date: |Content-Type: |multipart/mixed; boundary=|message/rfc822|text/html; charset=|base64|=\\?utf-8\\?[qb]\\?|\\?=|--|\r\n|[a-zé <>@=;0-9]){0,50}") {
        holds(text.as_bytes());
        holds(format!("\u{1}{text}\u{2}^{text}\n\n{text}\u{3}{text}").as_bytes());
    }

    #[test]
    fn no_json_makes_a_reader_panic(text in "([\\[{}\\],:\"\\\\ \\n0-9.eE-]|\"text\":|\"date\":|\\{\"text\": \"a\"\\}|\\\\ud83d|true|null){0,40}") {
        holds(text.as_bytes());
    }
}

#[test]
fn articles_of_a_file_are_the_same_however_it_is_read() {
    let lines = "{\"text\":\"One.\"}\nbroken\n{\"text\":\"Two.\"}\n";
    let folder = folder(&[("a.jsonl", lines), ("b.txt", "Three.")]);
    let told = |relative: &str, size: u64, most: usize| {
        let found = Found { path: folder.path().join(relative), relative: relative.to_owned(), size, modified: 0 };
        let mut told = Vec::new();
        let whole = articles(&found, &options(&[], &[]), &mut |record| {
            told.push(record.map_or_else(|failure| format!("{:?}", failure.line), |article| article.text));
            told.len() < most
        });
        whole.map(|()| told.join(" ")).map_err(|failure| failure.reason)
    };
    let check = |relative: &str, size: u64, most: usize, expected: &str| {
        assert_eq!(told(relative, size, most).as_deref(), Ok(expected), "{relative} of {size} bytes");
    };
    check("a.jsonl", lines.len() as u64, 9, "One. Some(2) Two.");
    check("a.jsonl", 1 << 30, 9, "One. Some(2) Two.");
    check("a.jsonl", lines.len() as u64, 1, "One.");
    check("a.jsonl", 1 << 30, 1, "One.");
    check("b.txt", 1 << 30, 9, "Three.");
    assert_eq!(told("c.txt", 1, 9), Err("no such file or folder".to_owned()));
}
