//! Reads XML documents that carry articles: feeds, exports of blogs, and what wires send.
//!
//! A document is read as it comes, and only the elements of one article are held at a time. Which elements those are,
//! [`ITEMS`] says; [`feed`] and [`wire`] make records of them. XML in the wild is often not well-formed: names of
//! characters that nobody declared, ends that are missing, text that is cut. All that can be read is read, and what is wrong is
//! said. Nothing that a document declares or refers to is ever fetched or expanded.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::element::{Carrier, Element};
use crate::corpus::out::Out;
use crate::corpus::record::Record;
use crate::corpus::{encoding, feed, markup, reason, wire};

/// Elements that are an article, and who makes a record of them.
const ITEMS: [(&str, Maker); 5] = [
    ("item", feed::record),
    ("entry", feed::record),
    ("newsItem", wire::newsml_g2),
    ("NewsItem", wire::newsml),
    ("nitf", wire::nitf),
];

/// Makes a record of an article's element; `None` for one that is no article by nature, such as a page of a blog's menu.
type Maker = fn(&Element, &Carrier) -> Option<Record>;

/// Namespaces by the prefix that they are usually given, whatever prefix a document gives them.
const NAMESPACES: [(&str, &str); 12] = [
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://search.yahoo.com/mrss/", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://wordpress.org/export/1.2/", "wp"),
    ("http://www.w3.org/2005/Atom", ""),
    ("http://purl.org/rss/1.0/", ""),
    ("http://iptc.org/std/nar/2006-10-01/", ""),
    ("http://iptc.org/std/NITF/2006-10-18/", ""),
    ("http://www.w3.org/1999/xhtml", ""),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
];

/// Elements deeper than this are taken for part of the one they stand in: nobody nests so deep on purpose.
const DEEPEST: usize = 256;

/// More attributes than this of one element are passed over.
const MOST_ATTRIBUTES: usize = 64;

/// Reads one document.
pub fn read(relative: &str, bytes: &[u8], sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let mut fail = |reason: String| sink(Err(Failure { line: None, reason }));
    let opened = match encoding::open(bytes) {
        Ok(opened) => opened,
        Err(reason) => return fail(reason),
    };
    if let Some(warning) = opened.warning {
        fail(warning);
    }
    let (text, broken) = encoding::decode_declared(&opened.bytes, declared(&opened.bytes));
    if let Some(warning) = broken {
        fail(warning);
    }
    let mut document = Document::new(relative, sink);
    document.read(&text);
    document.finish(&text);
}

/// Whether bytes begin like an XML document, whatever the file is called: with its declaration, or the root of one with articles.
pub fn is_one(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let Some(inner) = bytes.strip_prefix(b"<") else { return false };
    let root = inner.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')).next().unwrap_or_default();
    ["?xml", "rss", "feed", "rdf:RDF", "nitf", "newsItem", "newsMessage", "NewsML"]
        .iter()
        .any(|known| root == known.as_bytes())
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.trim_ascii_start().strip_prefix(b"<?xml")?;
    let head = &head[..memchr::memmem::find(head, b"?>")?];
    let value = head[memchr::memmem::find(head, b"encoding")? + 8..].trim_ascii_start().strip_prefix(b"=")?;
    let value = value.trim_ascii_start();
    let mark = *value.first().filter(|mark| matches!(mark, b'"' | b'\''))?;
    value[1..].split(|byte| *byte == mark).next()
}

/// A document while it is read.
struct Document<'a> {
    out: Out<'a>,
    prefixes: HashMap<String, &'static str>,
    carrier: Carrier,
    root: Option<String>,
    /// The elements around the one that is read, as far as no article holds them, by name.
    around: Vec<String>,
    /// The elements that are being built, the outermost first.
    building: Vec<Element>,
    /// How many elements deeper than the deepest are open.
    deeper: usize,
    /// Whether the document ended inside an article.
    cut: bool,
    /// Whether something in it could not be read on.
    broken: bool,
}

impl<'a> Document<'a> {
    fn new(relative: &'a str, sink: &'a mut dyn FnMut(Result<Article, Failure>)) -> Self {
        Self {
            out: Out::new(relative, sink),
            prefixes: HashMap::new(),
            carrier: Carrier::default(),
            root: None,
            around: Vec::new(),
            building: Vec::new(),
            deeper: 0,
            cut: false,
            broken: false,
        }
    }

    fn read(&mut self, text: &str) {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        config.expand_empty_elements = true;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => self.open(&start),
                Ok(Event::End(end)) => {
                    let name = self.name(end.name().as_ref());
                    self.close(&name);
                }
                Ok(Event::Text(text)) => self.say(&text),
                Ok(Event::CData(text)) => self.say(&text),
                Ok(Event::GeneralRef(name)) => self.say(&markup::character(&name)),
                Ok(Event::Eof) => return,
                Ok(_) => {}
                Err(error) => {
                    let place = usize::try_from(reader.error_position()).unwrap_or(usize::MAX).min(text.len());
                    let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..place]).count() as u64;
                    self.broken = true;
                    return self.out.fail(Some(line), format!("bad XML: {error}; nothing behind this is read"));
                }
            }
        }
    }

    /// The usual name of what is written with a prefix of the document's own.
    fn name(&self, written: &str) -> String {
        match written.split_once(':') {
            Some((prefix, local)) => match self.prefixes.get(prefix) {
                Some(&"") => local.to_owned(),
                Some(usual) => format!("{usual}:{local}"),
                None => written.to_owned(),
            },
            None => written.to_owned(),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) {
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false).flatten().take(MOST_ATTRIBUTES) {
            let name = attribute.key.as_ref().to_owned();
            let value = markup::unescape(&attribute.value);
            if let Some(prefix) = name.strip_prefix("xmlns:")
                && let Some((_, usual)) = NAMESPACES.iter().find(|(namespace, _)| *namespace == value)
            {
                self.prefixes.insert(prefix.to_owned(), usual);
            }
            attributes.push((name, value));
        }
        let name = self.name(start.name().as_ref());
        if self.around.len() + self.building.len() >= DEEPEST {
            self.deeper += 1;
            return;
        }
        // An article does not lie in another: one that begins inside was left open before.
        if ITEMS.iter().any(|(known, _)| *known == name && *known != "nitf")
            && self.building.iter().any(|open| open.name == name)
        {
            self.close(&name);
        }
        let element = Element::new(name, attributes);
        if self.root.is_none() {
            self.root = Some(element.name.clone());
        }
        if self.building.is_empty() && !self.is_wanted(&element.name) {
            let speaks_for_all = self.around.is_empty() || element.name == "channel";
            let language = element.attribute("xml:lang").filter(|_| speaks_for_all).map(str::to_owned);
            self.carrier.language = language.or(self.carrier.language.take());
            self.around.push(element.name);
        } else {
            self.building.push(element);
        }
    }

    /// Whether an element is held: an article, or what a feed says of itself.
    fn is_wanted(&self, name: &str) -> bool {
        let of_feed = || self.around.last().is_some_and(|around| matches!(around.as_str(), "channel" | "feed"));
        ITEMS.iter().any(|(known, _)| *known == name)
            || (matches!(name, "title" | "language" | "dc:language") && of_feed())
    }

    fn close(&mut self, name: &str) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        // An end that nothing was opened for is passed over; one of something further out ends all that is inside.
        if let Some(at) = self.building.iter().rposition(|element| element.name == name) {
            while self.building.len() > at {
                self.close_last();
            }
        } else if self.building.is_empty()
            && let Some(at) = self.around.iter().rposition(|around| around == name)
        {
            self.around.truncate(at);
        }
    }

    fn close_last(&mut self) {
        let Some(element) = self.building.pop() else { return };
        match self.building.last_mut() {
            Some(parent) => parent.put(element),
            None => self.take(&element),
        }
    }

    fn say(&mut self, text: &str) {
        if let Some(element) = self.building.last_mut() {
            element.say(text);
        }
    }

    /// Takes a whole element that was wanted.
    fn take(&mut self, element: &Element) {
        match ITEMS.iter().find(|(known, _)| *known == element.name) {
            Some((_, maker)) => {
                if let Some(record) = maker(element, &self.carrier) {
                    // That it is cut was said; one without words is not worth another.
                    if !self.cut || record.has_text() {
                        self.out.record(None, Ok(record), false);
                    }
                }
            }
            None if element.name == "title" => {
                let title = element.words().map(|title| markup::prose(&title));
                self.carrier.title = title.filter(|title| !title.is_empty());
            }
            None => self.carrier.language = element.text().or(self.carrier.language.take()),
        }
    }

    /// Ends what the document did not end, and says so.
    fn finish(mut self, text: &str) {
        if !self.building.is_empty() {
            let line = 1 + memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
            self.out.fail(Some(line), "ends inside an article, which is kept as far as it goes".to_owned());
            self.cut = true;
            while !self.building.is_empty() {
                self.close_last();
            }
        }
        if !self.cut
            && !self.broken
            && let Some(open) = self.around.first()
        {
            let reason = format!("ends before the end of {}; more may have been meant to come", reason::quoted(open));
            self.out.fail(None, reason);
        }
        if self.out.ordinal == 0 && self.out.failed == 0 {
            match &self.root {
                Some(root) if matches!(root.as_str(), "rss" | "feed" | "rdf:RDF") => {}
                Some(root) => {
                    let reason = format!("no article known here in this XML document of {}", reason::quoted(root));
                    self.out.fail(None, reason);
                }
                None => self.out.fail(None, "no text in it".to_owned()),
            }
        }
        self.out.finish();
    }
}

#[cfg(test)]
mod tests {
    use crate::corpus::told_of;

    /// The texts of the articles, then what was said.
    fn shown(document: &[u8]) -> String {
        let (articles, said) = told_of("a.xml", document);
        let texts = articles.iter().map(|article| article.text.replace('\n', "/"));
        texts.chain(said.into_iter().map(|said| format!("({said})"))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_not_well_formed_is_read_as_far_as_it_goes() {
        let check = |document: &str, expected: &str| assert_eq!(shown(document.as_bytes()), expected, "{document}");
        check("<rss><channel></channel></rss>", "");
        check("<rss><item><title>One</title></item><item><title>Two</title></item></rss>", "One Two");
        check("<rss><item><title>One</item><item><title>Two</title></item></rss>", "One Two");
        check(
            "<rss><item><title>One</title></item>",
            "One (ends before the end of `rss`; more may have been meant to come)",
        );
        check(
            "<rss><item><title>One</title><item><title>Two</title></item><item><title>Three</title></item></rss>",
            "One Two Three",
        );
        check("<rss><item></b><title>One</title></item></rss>", "One");
        check("<rss><item><title>A & B</title></item></rss>", "A & B");
        check("<rss>\n<item><title>One", "One (2: ends inside an article, which is kept as far as it goes)");
        check("<urlset><url/></urlset>", "(no article known here in this XML document of `urlset`)");
        check("<rss><item><link>x</link></item></rss>", "(record 1: no `text` in it)");
        check("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><item><title>&a;</title></item></rss>", "&a;");
        check(
            "<rss><item><title>One</title></item><item><title></item",
            "One (1: bad XML: syntax error: tag not closed: `>` not found before end of input; nothing behind this is read) (1: ends inside an article, which is kept as far as it goes)",
        );
    }

    #[test]
    fn encodings_are_declared_or_seen() {
        let check = |document: &[u8], expected: &str| assert_eq!(shown(document), expected);
        check(b"<?xml version='1.0' encoding='ISO-8859-1'?><rss><item><title>caf\xe9</title></item></rss>", "café");
        check(
            "<?xml version='1.0' encoding='ISO-8859-1'?><rss><item><title>café</title></item></rss>".as_bytes(),
            "café",
        );
        check(b"\xef\xbb\xbf<?xml version='1.0'?><rss><item><title>x</title></item></rss>", "x");
        check(b"<?xml version='1.0' encoding='nonsense'?><rss><item><title>x</title></item></rss>", "x");
    }

    #[test]
    fn documents_are_told_by_how_they_begin() {
        let check = |text: &str, expected: bool| assert_eq!(super::is_one(text.as_bytes()), expected, "{text}");
        check("<?xml version=\"1.0\"?><x/>", true);
        check("\u{feff} <rss version='2.0'>", true);
        check("<feed>", true);
        check("<p>Words</p>", false);
        check("<rsspeople> met", false);
        check("", false);
    }

    #[test]
    fn hostile_documents_cost_what_others_cost() {
        let many = 60_000;
        let around = |inside: String| format!("<rss><item><title>{inside}</title></item></rss>");
        let documents = [
            "<a>".repeat(many),
            "</a>".repeat(many),
            format!("<rss>{}", "<item>".repeat(many)),
            around("<a>".repeat(many)),
            around("<a xmlns:b='c'>".repeat(many)),
            around("&".repeat(many)),
            around("&lt;".repeat(many)),
            around("<![CDATA[".repeat(many)),
            around(format!("<a {}/>", "b='c' ".repeat(many))),
            format!("<rss>{}</rss>", "<item><title>x</title>".repeat(many / 10)),
            format!("<!DOCTYPE x [{}]>", "<!ENTITY a '&a;&a;'>".repeat(many / 10)),
        ];
        for document in documents {
            // With a square in it this would take hours.
            told_of("a.xml", document.as_bytes());
        }
    }
}
