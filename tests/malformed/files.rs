//! Malformed files of a corpus, one row each: what is in it, how many articles come of it all the same, what is said.
//!
//! A row that says nothing is a file that only looks bad, or one that is passed over without a word.

/// One file.
pub struct Row {
    /// Its path inside the corpus.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many articles are indexed from it.
    pub articles: usize,
    /// Part of what is said about it; empty for nothing.
    pub said: &'static str,
}

/// What stands after ` date ` in front of a plain article.
const HEADERS: &[(&str, &str)] = &[
    ("2022-13-45", "`2022-13-45` is not a date"),
    ("2022-00-10", "is not a date"),
    ("2022-02-30", "is not a date"),
    ("2023-02-29", "is not a date"),
    ("2022-04-31", "is not a date"),
    ("2022-02-00", "is not a date"),
    ("2022-2-5", "is not a date"),
    ("2022-02-5", "is not a date"),
    ("22-02-05", "is not a date"),
    ("05/06/2024", "is not a date"),
    ("5.6.2024", "is not a date"),
    ("2022/02/05", "is not a date"),
    ("2022.02.05", "is not a date"),
    ("20220205", "is not a date"),
    ("0000-01-01", "is not a date"),
    ("0000", "is not a date"),
    ("10000-01-01", "is not a date"),
    ("99999999999999999999-01-01", "is not a date"),
    ("2022-02-05-06", "is not a date"),
    ("-2022-02-05", "is not a date"),
    ("2022-02-", "is not a date"),
    ("2022--05", "is not a date"),
    ("2022-02-05T25:00:00Z", "is not a date"),
    ("2022-02-05T10:00:00+99:00", "is not a date"),
    ("2022-02-30T10:00:00Z", "is not a date"),
    ("٢٠٢٢-٠٢-٠٥", "is not a date"),
    ("２０２２-０２-０５", "is not a date"),
    ("2022–02–05", "is not a date"),
    ("2022-02-0\u{200b}5", "is not a date"),
    ("2022-02-05\u{1b}[31m", "is not a date"),
    ("5 February 2022", "is not a date"),
    ("February 5, 2022", "is not a date"),
    ("Feb 5 2022", "is not a date"),
    ("Saturday 5 February 2022", "is not a date"),
    ("2022 13 45", ""),
    ("2022-02-05", ""),
    ("2022-02", ""),
    ("2022", ""),
    ("0001-01-01", ""),
    ("9999-12-31", ""),
    ("2022-02-05T10:00:00Z", ""),
    ("2022-02-05T10:00:00+05:30", ""),
    ("palms grow by the water", ""),
    ("tomorrow", ""),
    ("\n", "no date after `date`"),
    ("\r\n", "no date after `date`"),
];

/// The value under `date` in a record that is sound otherwise.
const DATES: &[(&str, &str)] = &[
    (r#""2022-13-01""#, "`date`: `2022-13-01` is not a date"),
    (r#""2022-02-30""#, "is not a date"),
    (r#""2022-2-5""#, "is not a date"),
    (r#""05/06/2024""#, "is not a date"),
    (r#""yesterday""#, "is not a date"),
    (r#""soon""#, "is not a date"),
    (r#""2022-02-30T00:00:00Z""#, "is not a date"),
    (r#""2022-02-05T99:00:00Z""#, "is not a date"),
    (r#""Thu, 32 Jan 2022 00:00:00 GMT""#, "is not a date"),
    (r#""+002022-02-05""#, "is not a date"),
    (r#""-0044-03-15""#, "is not a date"),
    (r#""2022-02-05\u0000""#, "is not a date"),
    (r#""2022-02-05\u001b[31m""#, "is not a date"),
    (r#""2022-02-05 to 2022-03-05""#, "is not a date"),
    (r#""２０２２""#, "is not a date"),
    (r#""aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#, "is not a date"),
    ("true", "true or false is not a date"),
    ("{}", "an object is not a date"),
    (r#"{"year":2022}"#, "an object is not a date"),
    (r#"["2022"]"#, "a list is not a date"),
    ("20220205", "is not a date"),
    ("2022.5", "is not a date"),
    ("-1", "is not a date"),
    ("0", "is not a date"),
    ("1e99", "is not a date"),
    ("99999999999999999999", "is not a date"),
    ("null", ""),
    (r#""""#, ""),
    (r#""  ""#, ""),
    ("[]", ""),
    ("2022", ""),
    (r#""2022-02""#, ""),
    (r#""Sat, 05 Feb 2022 10:00:00 GMT""#, ""),
    (r#""2022-02-05 10:00:00""#, ""),
    (r#""0001-01-01T00:00:00Z""#, ""),
];

/// A whole line of a file of records, how many articles it is, and what is said.
const LINES: &[(&str, usize, &str)] = &[
    (r#"{"text":"Harbour."#, 0, "bad JSON"),
    (r#"{"text":"Harbour.""#, 0, "bad JSON"),
    (r#"{"text":"Harbour.",}"#, 0, "bad JSON"),
    (r#"{"text" "Harbour."}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour." "id":1}"#, 0, "bad JSON"),
    (r#"{'text':'Harbour.'}"#, 0, "bad JSON"),
    (r#"{text:"Harbour."}"#, 0, "bad JSON"),
    (r#"{"text":Harbour}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":NaN}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":Infinity}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":01}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":+1}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":.5}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":0x1F}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour.","n":tru}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour."} // note"#, 0, "bad JSON"),
    (r#"{"text":"Harbour."} {"text":"Two."}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour."}}"#, 0, "bad JSON"),
    (r#"{"text":"Har\bour\x41."}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour \u12."}"#, 0, "bad JSON"),
    (r#"{"text":"Harbour \u{41}."}"#, 0, "bad JSON"),
    ("{\"text\":\"Harbour \u{1}.\"}", 0, "bad JSON"),
    ("{\"text\":\"Harbour \t.\"}", 0, "bad JSON"),
    ("{\"text\":\"Harbour \0.\"}", 0, "bad JSON"),
    ("\0\0\0\0", 0, "not a JSON object"),
    ("{", 0, "bad JSON"),
    ("}", 0, "not a JSON object"),
    ("[", 0, "not a JSON object"),
    ("\"Harbour.\"", 0, "not a JSON object"),
    ("Harbour.", 0, "not a JSON object"),
    ("42", 0, "not a JSON object"),
    ("null", 0, "not a JSON object"),
    ("true", 0, "not a JSON object"),
    ("{}", 0, "no `text` in it"),
    (r#"{"id":"x"}"#, 0, "no `text` in it"),
    (r#"{"txet":"Harbour."}"#, 0, "no `text` in it"),
    (r#"{"article":{"text":"Harbour."}}"#, 0, "no `text` in it"),
    (r#"{"text":""}"#, 0, "no `text` in it"),
    (r#"{"text":"   \n "}"#, 0, "no `text` in it"),
    (r#"{"text":null}"#, 0, "no `text` in it"),
    (r#"{"text":"\u0000\u0001"}"#, 0, "no `text` in it"),
    (r#"{"text":"\u200b\ufeff"}"#, 0, "no `text` in it"),
    (r#"{"text":" date 2022-02-05 "}"#, 0, "no `text` in it"),
    (r#"{"text":42}"#, 0, "`text` is a number, not text"),
    (r#"{"text":true}"#, 0, "`text` is true or false, not text"),
    (r#"{"text":["Harbour."]}"#, 0, "`text` is a list, not text"),
    (r#"{"text":{"html":"Harbour."}}"#, 0, "`text` is an object, not text"),
    (r#"{"text":"Harbour.","text":"Two."}"#, 1, "`text` is given twice"),
    (r#"{"text":"Harbour.","id":"x1","ID":"x2"}"#, 1, "`id` is given twice"),
    (r#"{"text":"Harbour.","id":{}}"#, 1, "`id` is an object, not text or a number"),
    (r#"{"text":"Harbour.","id":["x"]}"#, 1, "`id` is a list, not text or a number"),
    (r#"{"text":"Harbour.","id":true}"#, 1, "`id` is true or false"),
    (r#"{"text":"Harbour.","title":7}"#, 1, "`title` is a number, not text"),
    (r#"{"text":"Harbour.","title":["x"]}"#, 1, "`title` is a list, not text"),
    (r#"{"text":"Harbour.","source":7}"#, 1, "`source` is a number, not text"),
    (r#"{"text":"Harbour.","source":{"id":"x"}}"#, 1, "`source` is an object, not text"),
    (r#"{"text":"Harbour.","url":7}"#, 1, "`url` is a number, not text"),
    (r#"{"text":"Harbour.","url":{"name":"x"}}"#, 1, "`url` is an object, not text"),
    (r#"{"text":"Harbour.","lang":"Klingon"}"#, 1, "is no language known here"),
    (r#"{"text":"Harbour.","lang":"\u001b[31m"}"#, 1, "is no language known here"),
    (r#"{"text":"Harbour.","lang":7}"#, 1, "`lang` is a number, not text"),
    (r#"{"text":"Harbour.","authors":7}"#, 1, "is a number, not a name"),
    (r#"{"text":"Harbour.","authors":[7,8,[]]}"#, 1, "is a number, not a name"),
    (r#"{"text":"Harbour.","authors":[["Ann"]]}"#, 1, "is a list, not a name"),
    (r#"{"text":"Harbour.","authors":{"given":"Ann"}}"#, 1, "is an object, not a name"),
    (r#"{"text":"Harbour \ud83d."}"#, 1, "half a surrogate pair"),
    (r#"{"text":"Harbour \udc00."}"#, 1, "half a surrogate pair"),
    (r#"{"text":"Harbour.","timestamp":"soon"}"#, 1, "is not a date"),
    (r#"{"text":"Harbour.","timestamp":1e99}"#, 1, "is not a Unix time"),
    (r#"{"text":"Harbour.","timestamp":9223372036854775807}"#, 1, "is not a Unix time"),
    (r#"{"text":"Harbour.","timestamp":-9223372036854775808}"#, 1, "is not a Unix time"),
    (r#"{"text":"Harbour.","timestamp":1644055200}"#, 1, ""),
    (r#"{"text":"Harbour.","timestamp":1644055200000}"#, 1, ""),
    (r#"{"TEXT":"Harbour."}"#, 1, ""),
    (r#"{"text":"Harbour.","other":{"text":[1,{"a":null}]}}"#, 1, ""),
    (r#"{"text":"Harbour.","id":""}"#, 1, ""),
    (r#"{"text":"Harbour.","id":"../../etc/passwd"}"#, 1, ""),
    (r#"{"text":"Harbour.","id":"-n"}"#, 1, ""),
    (r#"{"text":"Harbour.","id":1.5}"#, 1, ""),
    (r#"{"text":"Harbour.","id":-7,"title":null,"authors":[null,""]}"#, 1, ""),
    (r#"{"text":"Harbour 😀 \ud83d\ude00."}"#, 1, ""),
    (r#"  {"text":"Harbour."}  "#, 1, ""),
];

/// A whole `.json` file.
const DOCUMENTS: &[(&str, usize, &str)] = &[
    ("[{\"text\":\"Harbour.\"}", 1, "nothing behind this is read"),
    ("[{\"text\":\"Harbour.\"},", 1, "nothing behind this is read"),
    ("[{\"text\":\"Harbour.\"},\n{\"text\":\"Two", 1, "nothing behind this is read"),
    ("[{\"text\":\"Harbour.\"} {\"text\":\"Two.\"}]", 1, "nothing behind this is read"),
    ("[{\"text\":\"Harbour.\"}]]", 1, "nothing behind this is read"),
    ("[{\"text\":\"Harbour.\"}] rubbish", 1, "nothing behind this is read"),
    ("[1, {\"text\":\"Harbour.\"}, null, \"x\", true, 2.5, -3]", 1, "record 1: not a JSON object"),
    ("[[{\"text\":\"Harbour.\"}]]", 0, "not a JSON object"),
    ("[{}, {\"text\":\"Harbour.\"}]", 1, "record 1: no `text` in it"),
    ("[{\"text\":\"Harbour.\",\"date\":\"soon\"}]", 1, "record 1: `date`"),
    ("{\n\"text\": \"Harbour.\"\n", 0, "nothing behind this is read"),
    ("{\n\"text\": \"Harbour.\",\n}", 0, "nothing behind this is read"),
    ("{\n\"articles\": [{\"text\":\"Harbour.\"}]\n}", 0, "no `text` in it"),
    ("\"Harbour.\"", 0, "not a JSON object"),
    ("7", 0, "not a JSON object"),
    ("rubbish", 0, "nothing behind this is read"),
    ("<html>", 0, "nothing behind this is read"),
    ("", 0, "no text in it"),
    (" \n ", 0, "no text in it"),
    ("{}", 0, "no `text` in it"),
    ("[]", 0, ""),
    ("{\"text\":\"Harbour.\"}\n{\"text\":\"Two.\"}", 2, ""),
    ("{\n\"text\":\"Harbour.\"}\n{\n\"text\":\"Two.\"}", 2, ""),
];

/// How files begin that are no text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "looks like PNG"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "looks like JPEG"),
    (b"GIF87a\x01\0\x01\0", "looks like GIF"),
    (b"GIF89a\x01\0\x01\0", "looks like GIF"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "looks like PDF"),
    (b"\x7fELF\x02\x01\x01\0\0\0", "looks like ELF"),
    (b"PK\x03\x04\x14\0\0\0\x08\0", "looks like ZIP"),
    (b"PK\x05\x06\0\0\0\0", "looks like ZIP"),
    (b"\x1f\x8b\x08\0\0\0\0\0", "looks like gzip"),
    (b"BZh91AY&SY\0\0", "looks like bzip2"),
    (b"\xfd7zXZ\0\0\x04", "looks like xz"),
    (b"\x28\xb5\x2f\xfd\x04\0", "looks like zstd"),
    (b"7z\xbc\xaf\x27\x1c\0\x04", "looks like 7z"),
    (b"Rar!\x1a\x07\x01\0", "looks like RAR"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "looks like an old Office file"),
    (b"SQLite format 3\0\x10\0", "looks like SQLite"),
    (b"{\\rtf1\\ansi Harbour.}", "looks like RTF"),
    (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "control characters"),
    (b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d\n\0\x06", "control characters"),
    (b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11", "control characters"),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "control characters"),
    (b"<?xml version=\"1.0\"?><a>Harbour.</a>", "no article known here in this XML document of `a`"),
    (b"<!DOCTYPE html><p>Harbour.", "no article found in this page"),
    (b"  \n<HTML><p>Harbour.", "no article found in this page"),
];

/// Plain files whose bytes are odd.
fn bytes() -> Vec<(Vec<u8>, usize, &'static str)> {
    let text = " date 2022-02-05 The harbour of Zürich is “open”. Nobody knows why, but it is so.";
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let four = |bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(u32::from(c))).collect::<Vec<u8>>();
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let broken = |bytes: &[u8]| [b"The harbour of Z\xc3\xbcrich and ", bytes, b" is open."].concat();
    vec![
        (Vec::new(), 0, "no text in it"),
        (b" ".to_vec(), 0, "no text in it"),
        (b"\n\r\n\t".to_vec(), 0, "no text in it"),
        (b"\xef\xbb\xbf".to_vec(), 0, "no text in it"),
        (b"\xff\xfe".to_vec(), 0, "no text in it"),
        (b"\xfe\xff".to_vec(), 0, "no text in it"),
        (b"\xe2\x80\x8b\xe2\x80\x8b".to_vec(), 0, "no text in it"),
        (b" date 2022-02-05 ".to_vec(), 0, "no text in it"),
        (b" date 2022-02-05".to_vec(), 0, "no text in it"),
        (b"date".to_vec(), 1, ""),
        (b"\0".to_vec(), 0, "no text in it"),
        (b"\x07".to_vec(), 0, "no text in it"),
        (wide(u16::to_le_bytes), 1, ""),
        (wide(u16::to_be_bytes), 1, ""),
        (marked(b"\xff\xfe", wide(u16::to_le_bytes)), 1, ""),
        (marked(b"\xfe\xff", wide(u16::to_be_bytes)), 1, ""),
        ([marked(b"\xff\xfe", wide(u16::to_le_bytes)), b"x".to_vec()].concat(), 1, "broken UTF-16LE"),
        ([marked(b"\xff\xfe", wide(u16::to_le_bytes)), b"\x00\xd8".to_vec()].concat(), 1, "broken UTF-16LE"),
        ([marked(b"\xfe\xff", wide(u16::to_be_bytes)), b"\xdc\x00".to_vec()].concat(), 1, "broken UTF-16BE"),
        (marked(b"\xff\xfe\0\0", four(u32::to_le_bytes)), 1, ""),
        (marked(b"\0\0\xfe\xff", four(u32::to_be_bytes)), 1, ""),
        ([marked(b"\xff\xfe\0\0", four(u32::to_le_bytes)), b"\x01\x02".to_vec()].concat(), 1, "broken UTF-32"),
        ([marked(b"\0\0\xfe\xff", four(u32::to_be_bytes)), b"\0\x11\0\0".to_vec()].concat(), 1, "broken UTF-32"),
        (four(u32::to_le_bytes), 0, "control characters"),
        (four(u32::to_be_bytes), 0, "control characters"),
        (marked(b"\xef\xbb\xbf", text.as_bytes().to_vec()), 1, ""),
        (b"The harbour of Z\xfcrich is \x93open\x94 \x96 caf\xe9.".to_vec(), 1, ""),
        (b"El ni\xf1o y la ma\xf1ana en Espa\xf1a est\xe1n aqu\xed.".to_vec(), 1, ""),
        (b"\xf0\xcf\xd2\xd4 \xcf\xd4\xcb\xd2\xd9\xd4. \xf7\xd3\xc5 \xd2\xc1\xc4\xd9.".to_vec(), 1, ""),
        (broken(b"\xff"), 1, "broken UTF-8 at byte"),
        (broken(b"\xc3"), 1, "broken UTF-8 at byte"),
        (broken(b"\x80"), 1, "broken UTF-8 at byte"),
        (broken(b"\xc0\xaf"), 1, ""),
        (broken(b"\xed\xa0\x80"), 1, ""),
        (broken(b"\xf4\x90\x80\x80"), 1, ""),
        (broken(b"\xe2\x82"), 1, "broken UTF-8 at byte"),
        (broken(b"\0"), 1, ""),
        (broken(b"\x1b[2J"), 1, ""),
        (b"One.\rTwo.\rThree.".to_vec(), 1, ""),
        (b"One.\r\n\r\nTwo.\r\n".to_vec(), 1, ""),
        (b"\"\"\"\"\"\"\"\"".to_vec(), 1, ""),
        ("“".repeat(20_000).into_bytes(), 1, ""),
        ("(".repeat(20_000).into_bytes(), 1, ""),
        ("said ".repeat(20_000).into_bytes(), 1, ""),
        ("A".repeat(200_000).into_bytes(), 1, ""),
        ("e\u{301}".repeat(30_000).into_bytes(), 1, ""),
        ("\u{202e}".repeat(1000).into_bytes(), 0, "no text in it"),
    ]
}

/// Names of files that hold a sound article, or that are passed over.
const NAMES: &[(&str, usize, &str)] = &[
    ("a b.txt", 1, ""),
    (" lead.txt", 1, ""),
    ("trail.txt ", 1, ""),
    ("-rf.txt", 1, ""),
    ("--rebuild", 1, ""),
    ("'; drop.txt", 1, ""),
    ("%s%n%x.txt", 1, ""),
    ("$(reboot).txt", 1, ""),
    ("`reboot`.txt", 1, ""),
    ("new\nline.txt", 1, ""),
    ("tab\there.txt", 1, ""),
    ("bell\u{7}.txt", 1, ""),
    ("escape\u{1b}[31m.txt", 1, ""),
    ("\u{202e}txt.exe", 0, ""),
    ("習近平.txt", 1, ""),
    ("😀.txt", 1, ""),
    ("e\u{301}.txt", 1, ""),
    ("back\\slash.txt", 1, ""),
    ("back\\x41.txt", 1, ""),
    ("\"quoted\".txt", 1, ""),
    ("star*.txt", 1, ""),
    ("=1+1.txt", 1, ""),
    ("CON.txt", 1, ""),
    ("UPPER.TXT", 1, ""),
    ("no extension", 1, ""),
    ("dispatch.001", 1, ""),
    ("Report No. 5", 1, ""),
    (".hidden.txt", 0, ""),
    (".git/config", 0, ""),
    ("README", 0, ""),
    ("README.txt", 0, ""),
    ("LICENSE-MIT", 0, ""),
    ("Thumbs.db", 0, ""),
    ("notes.md", 0, ""),
    ("paper.pdf", 0, ""),
    ("page.html", 0, "no article found in this page"),
    ("old.txt.bak", 0, ""),
    ("old.txt~", 0, ""),
    ("archive.zip", 0, ""),
];

/// Every row, each with a path of its own.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |path: String, bytes: Vec<u8>, articles: usize, said: &'static str| {
        rows.push(Row { path, bytes, articles, said });
    };
    for (number, (header, said)) in HEADERS.iter().enumerate() {
        let text = format!(" date {header} The harbour stands, number {number}.");
        add(format!("headers/{number}.txt"), text.into_bytes(), 1, said);
    }
    for (number, (date, said)) in DATES.iter().enumerate() {
        let text = format!("{{\"text\":\"The harbour stands.\",\"date\":{date}}}\n");
        add(format!("dates/{number}.jsonl"), text.into_bytes(), 1, said);
    }
    let good = "{\"text\":\"A sound harbour.\"}";
    for (number, (line, articles, said)) in LINES.iter().enumerate() {
        // A sound line on each side must be read whatever stands between them.
        let text = format!("{good}\n{line}\n{good}\n");
        add(format!("lines/{number}.jsonl"), text.into_bytes(), articles + 2, said);
    }
    for (number, (text, articles, said)) in DOCUMENTS.iter().enumerate() {
        add(format!("documents/{number}.json"), text.as_bytes().to_vec(), *articles, said);
    }
    for (number, (magic, said)) in MAGIC.iter().enumerate() {
        add(format!("magic/{number}.txt"), magic.to_vec(), 0, said);
    }
    for (number, (bytes, articles, said)) in bytes().into_iter().enumerate() {
        add(format!("bytes/{number}.txt"), bytes, articles, said);
    }
    for (name, articles, said) in NAMES {
        add(format!("names/{name}"), b"The harbour stands.".to_vec(), *articles, said);
    }
    let deep = format!("{{\"text\":\"The harbour stands.\",\"x\":{}", "[".repeat(100_000));
    add("deep/open.jsonl".to_owned(), deep.clone().into_bytes(), 0, "bad JSON");
    add("deep/shut.jsonl".to_owned(), format!("{deep}{}}}", "]".repeat(100_000)).into_bytes(), 1, "");
    add("deep/array.json".to_owned(), "[".repeat(100_000).into_bytes(), 0, "bad JSON");
    add("deep/objects.json".to_owned(), "{\"text\":".repeat(50_000).into_bytes(), 0, "bad JSON");
    add("deep/rubbish.jsonl".to_owned(), "x\n".repeat(3000).into_bytes(), 0, "2000 more failures like these");
    rows
}
