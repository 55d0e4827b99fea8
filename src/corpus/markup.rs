//! Makes prose of marked-up text: the HTML and XHTML that feeds, wires and mails carry as the body of an article.
//!
//! What is wanted is the author's words in paragraphs, not a page: tags only say where a paragraph or a line ends.
//! Nothing is trusted to be closed or nested well, and nothing is looked for twice, so that any input is read in one pass.

use quick_xml::escape::resolve_html5_entity;

/// Elements that begin and end a paragraph: those of HTML, and of NITF, which borrows them.
const BLOCKS: [&str; 50] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "block",
    "body",
    "body.content",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hl1",
    "hl2",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
    "fieldset",
    "summary",
    "details",
    "legend",
    "fn",
    "bq",
    "credit",
    "hedline",
    "tagline",
    "byttl",
    "tfoot",
    "dir",
    "headline",
    "byline",
];

/// Elements whose content nobody reads as text.
const SILENT: [&str; 16] = [
    "script",
    "style",
    "template",
    "svg",
    "iframe",
    "object",
    "head",
    "media",
    "select",
    "textarea",
    "noscript",
    "figure",
    "figcaption",
    "math",
    "button",
    "header",
];

/// How far the end of an element that nobody reads is looked for, a script aside.
const FARTHEST_END: usize = 64 << 10;

/// The longest name of a character: `&CounterClockwiseContourIntegral;` has 31 letters.
const LONGEST_REFERENCE: usize = 40;

/// More attributes than this of one tag are passed over.
const MOST_ATTRIBUTES: usize = 64;

/// What separates the words written so far from the next one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

/// Prose while it is written: white space is folded, paragraphs stand apart by a blank line.
#[derive(Debug, Default)]
pub struct Prose {
    text: String,
    gap: Gap,
}

impl Prose {
    /// Adds characters; white space among them is a space.
    pub fn text(&mut self, text: &str) {
        let mut words = text.split(char::is_whitespace);
        // A first or a last piece that is empty stands for white space at that end.
        if let Some(first) = words.next() {
            self.word(first);
        }
        for word in words {
            self.gap = self.gap.max(Gap::Space);
            self.word(word);
        }
    }

    /// Adds characters in which lines were broken by hand, and blank lines part paragraphs.
    pub fn lines(&mut self, text: &str) {
        for line in text.split('\n') {
            match line.trim() {
                "" => self.gap = Gap::Paragraph,
                words => self.text(words),
            }
            self.gap = self.gap.max(Gap::Line);
        }
    }

    /// Notes the beginning or the end of an element, named without its prefix.
    pub fn edge(&mut self, name: &str) {
        let is = |known: &&str| known.eq_ignore_ascii_case(name);
        if BLOCKS.iter().any(is) {
            self.gap = Gap::Paragraph;
        } else if is(&"td") || is(&"th") {
            self.gap = self.gap.max(Gap::Space);
        } else if is(&"br") {
            self.gap = if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line };
        }
    }

    /// The prose.
    pub fn finish(self) -> String {
        self.text
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::None;
        self.text.push_str(word);
    }
}

/// Whether nobody reads what stands in such an element.
pub fn is_silent(name: &str) -> bool {
    SILENT.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The prose of an HTML fragment.
pub fn prose(html: &str) -> String {
    let mut prose = Prose::default();
    let mut tags = Tags::default();
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        prose.text(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (said, length) = reference(rest);
            said.with(|said| prose.text(said));
            rest = &rest[length..];
        } else if let Some((name, length)) = tags.tag(rest) {
            let opens = rest.as_bytes().get(1) != Some(&b'/');
            prose.edge(name);
            let closed = rest[..length].ends_with("/>");
            rest = if opens && !closed && is_silent(name) { behind(&rest[length..], name) } else { &rest[length..] };
        } else {
            prose.text("<");
            rest = &rest[1..];
        }
    }
    prose.text(rest);
    prose.finish()
}

/// Text in which references to characters stand for these.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (said, length) = reference(&rest[at..]);
        said.with(|said| out.push_str(said));
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

/// The character or characters at the `&` that `text` begins with, and how long they are there.
pub fn read_reference(text: &str) -> (String, usize) {
    let (said, length) = reference(text);
    let mut out = String::new();
    said.with(|said| out.push_str(said));
    (out, length)
}

/// What a reference stands for.
enum Said {
    Known(&'static str),
    Letter(char),
}

impl Said {
    fn with(&self, take: impl FnOnce(&str)) {
        match self {
            Self::Known(text) => take(text),
            Self::Letter(letter) => take(letter.encode_utf8(&mut [0; 4])),
        }
    }
}

/// Reads a reference at the `&` that `text` begins with, and says how long it is; what is none stands for itself.
fn reference(text: &str) -> (Said, usize) {
    let within = &text.as_bytes()[1..text.len().min(LONGEST_REFERENCE)];
    let end = memchr::memchr(b';', within).filter(|end| within[..*end].is_ascii());
    let Some(end) = end else { return (Said::Known("&"), 1) };
    named(&text[1..=end]).map_or((Said::Known("&"), 1), |said| (said, end + 2))
}

/// What the name between `&` and `;` stands for.
fn named(name: &str) -> Option<Said> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some(Said::Letter(letter(code)));
    }
    resolve_html5_entity(name).map(Said::Known)
}

/// The character of a number. Between 128 and 159 writers mean windows-1252, as every browser knows (HTML, 13.2.5.80).
fn letter(code: u32) -> char {
    if let Ok(byte) = u8::try_from(code)
        && (128..160).contains(&byte)
    {
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
        return text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::from_u32(code).filter(|letter| *letter != '\0').unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The character or characters that `&name;` stands for in a document; as it is written when nobody knows.
pub fn character(name: &str) -> String {
    let mut out = String::new();
    match named(name) {
        Some(said) => said.with(|said| out.push_str(said)),
        None => out = format!("&{name};"),
    }
    out
}

/// Tells tags, and remembers what is missing in the rest of the text, so that it is not looked for again.
#[derive(Default)]
pub struct Tags {
    no_end: bool,
    no_comment_end: bool,
    no_double: bool,
    no_single: bool,
}

impl Tags {
    /// The name of the tag that `text` begins with and how long the tag is; `None` where it is no tag. A comment has no name.
    pub fn tag<'a>(&mut self, text: &'a str) -> Option<(&'a str, usize)> {
        if self.no_end {
            return None;
        }
        if text.starts_with("<!--") && !self.no_comment_end {
            match memchr::memmem::find(text.as_bytes(), b"-->") {
                Some(end) => return Some(("", end + 3)),
                None => self.no_comment_end = true,
            }
        }
        let inner = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
            return None;
        }
        let name = inner.split(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).next().unwrap_or("");
        let name = name.rsplit(':').next().unwrap_or(name);
        let end = self.end(text.as_bytes())?;
        Some((name, end + 1))
    }

    /// Where the tag ends: at the first `>` that stands in no value.
    fn end(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 1;
        while let Some(step) = memchr::memchr3(b'>', b'"', b'\'', &text[at..]) {
            let found = at + step;
            at = found + 1;
            let missing = match text[found] {
                b'>' => return Some(found),
                b'"' => &mut self.no_double,
                _ => &mut self.no_single,
            };
            // A mark that no `=` comes before opens nothing.
            if *missing || !text[..found].trim_ascii_end().ends_with(b"=") {
                continue;
            }
            match memchr::memchr(text[found], &text[at..]) {
                Some(close) => at += close + 1,
                None => *missing = true,
            }
        }
        self.no_end = true;
        None
    }
}

/// The attributes of a tag as it is written, names in small letters.
pub fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let inner = tag.trim_start_matches('<').trim_end_matches('>');
    let mut rest = inner.find(|c: char| c.is_ascii_whitespace()).map_or("", |at| &inner[at..]);
    while found.len() < MOST_ATTRIBUTES {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_ascii_start();
        if name.is_empty() && !rest.starts_with('=') {
            break;
        }
        let mut value = "";
        if let Some(behind) = rest.strip_prefix('=') {
            let behind = behind.trim_ascii_start();
            let mark = behind.chars().next().filter(|mark| matches!(mark, '"' | '\''));
            (value, rest) = match mark {
                Some(mark) => behind[1..].split_once(mark).unwrap_or((&behind[1..], "")),
                None => behind.split_at(behind.find(|c: char| c.is_ascii_whitespace()).unwrap_or(behind.len())),
            };
        }
        found.push((name, unescape(value)));
    }
    found
}

/// What follows the end of an element that nobody reads. One that is never closed holds nothing, unless it is a script or a
/// style, which browsers read to the end.
pub fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let is_code = name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style");
    // What is looked through in vain is looked through again by the next one.
    let within = &text.as_bytes()[..if is_code { text.len() } else { text.len().min(FARTHEST_END) }];
    let ends = memchr::memmem::find_iter(within, b"</").map(|at| at + 2);
    let mut ends = ends.filter(|at| {
        let (found, goes_on) = (text.as_bytes().get(*at..at + name.len()), text.as_bytes().get(at + name.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && !goes_on.is_some_and(u8::is_ascii_alphanumeric)
    });
    match ends.next() {
        Some(at) => memchr::memchr(b'>', &text.as_bytes()[at..]).map_or("", |end| &text[at + end + 1..]),
        None if is_code => "",
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_become_paragraphs() {
        let check = |html: &str, expected: &str| assert_eq!(prose(html), expected, "{html}");
        check("", "");
        check("Plain words.", "Plain words.");
        check("<p>One.</p><p>Two  and\nthree.</p>", "One.\n\nTwo and three.");
        check("<p>An <b>emb</b>argo.</p>", "An embargo.");
        check("First<br>second<br/><br/>third", "First\nsecond\n\nthird");
        check("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3");
        check("Fish &amp; chips &eacute;t&#233; &#x2014; &#147;so&#148; &nbsp;x", "Fish & chips été — “so” x");
        check("AT&T & R&D; &unknown; &", "AT&T & R&D; &unknown; &");
        check("<script>if (a < b) { x = \"</p>\" }</script>After", "After");
        check("<STYLE>p {}</Style >After", "After");
        check("<a href=\"x>y\" title='>'>link</a>", "link");
        check("<p title=it's>word</p>", "word");
        check("1 < 2 and <3> stays", "1 < 2 and <3> stays");
        check("<!-- <p>not this</p> -->this", "this");
        check("open <a href=\"never closed", "open <a href=\"never closed");
        check("<media><caption>Not this.</caption></media>This.", "This.");
        check("<o:p>Office</o:p> text", "Office\n\ntext");
        check("<p>One.</p><svg class='i'/><iframe src='x' /><p>Two.</p>", "One.\n\nTwo.");
        check("<svg>never closed <p>Two.</p>", "never closed\n\nTwo.");
        check("<head>x</headings>y</head>Two.", "Two.");
        check("<header><h1>Title</h1></header>Text.", "Text.");
        check("<figure><img><figcaption>Caption.</figcaption></figure>Text.", "Text.");
    }

    #[test]
    fn attributes_are_read_however_they_are_written() {
        let check = |tag: &str, expected: &str| {
            let shown: Vec<String> =
                attributes(tag).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(shown.join("|"), expected, "{tag}");
        };
        check("<a>", "");
        check("<a HREF=\"x y\" b='c' d=e f/>", "href=x y|b=c|d=e|f=");
        check("<a b = \"c&amp;d\">", "b=c&d");
        check("<a =c b=\"open>", "=c|b=open");
    }

    #[test]
    fn lines_keep_their_breaks() {
        let mut prose = Prose::default();
        prose.lines("One line\nand another.\n\n  A paragraph.\n");
        assert_eq!(prose.finish(), "One line\nand another.\n\nA paragraph.");
    }

    #[test]
    fn characters_are_named_or_left() {
        let check = |name: &str, expected: &str| assert_eq!(character(name), expected, "{name}");
        check("amp", "&");
        check("hellip", "…");
        check("#8217", "’");
        check("#x1F600", "😀");
        check("#0", "\u{fffd}");
        check("#xD800", "\u{fffd}");
        check("#99999999999", "&#99999999999;");
        check("nobody", "&nobody;");
        assert_eq!(unescape("a &lt;b&gt; &amp;amp; c&"), "a <b> &amp; c&");
    }

    #[test]
    fn hostile_fragments_cost_what_prose_costs() {
        for piece in
            ["<", "<a ", "<a b=\"", "<a b='", "<!--", "</", "<script>", "&", "&#", "<p>", "</script", "<a b=\"'>"]
        {
            let html = piece.repeat(300_000 / piece.len());
            // With a square in it this would take hours.
            assert!(prose(&html).len() <= html.len() + 2);
        }
    }
}
