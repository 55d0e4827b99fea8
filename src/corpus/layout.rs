//! How a page of the web is laid out: its blocks of text, the elements around them, and what it says of itself.

use std::cmp::Ordering;

use crate::corpus::markup::{self, Prose, Tags};

/// Elements that stand inside a line; every other one begins and ends a block.
const INLINE: [&str; 43] = [
    "img", "input", "source", "picture", "nobr", "ruby", "rt", "rp", "rb", "a", "abbr", "acronym", "b", "bdi", "bdo",
    "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "br",
];

/// Elements that have no end.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content nobody reads as text.
const SILENT: [&str; 11] =
    ["script", "style", "template", "svg", "iframe", "object", "noscript", "select", "textarea", "button", "math"];

/// Elements that are never part of an article.
const SHUNNED: [&str; 6] = ["nav", "footer", "aside", "figure", "dialog", "menu"];

/// Words in the class or the id of an element that is not part of an article.
const SHUNNED_WORDS: [&str; 44] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "caption",
    "comment",
    "comments",
    "cookie",
    "credit",
    "dateline",
    "disqus",
    "footer",
    "hidden",
    "login",
    "masthead",
    "menu",
    "meta",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "outbrain",
    "pagination",
    "popular",
    "popup",
    "promo",
    "recommended",
    "related",
    "share",
    "sharing",
    "sidebar",
    "signup",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "taboola",
    "tags",
    "trending",
];

/// Words there after which nothing else counts.
const SURELY_SHUNNED: [&str; 11] = [
    "breadcrumb",
    "breadcrumbs",
    "comments",
    "footer",
    "nav",
    "navbar",
    "newsletter",
    "related",
    "share",
    "sharing",
    "sponsored",
];

/// Words there that speak for an article, whatever else is said.
const WANTED_WORDS: [&str; 9] = ["article", "body", "column", "content", "entry", "main", "page", "post", "story"];

/// More times than this are passed over.
const MOST_TIMES: usize = 100;

/// Elements deeper than this are taken for part of the one they stand in.
const DEEPEST: usize = 256;

/// How far out an end looks for its beginning.
const FARTHEST: usize = 32;

/// Shorter blocks say nothing about where the article is.
const SPEAKING: usize = 25;

/// A paragraph beside the article belongs to it from this length on: a lead often stands before the body.
const LONG: usize = 80;

/// How much of what a block speaks goes to the elements around it, the nearest first.
const SHARES: [f32; 5] = [1.0, 0.5, 1.0 / 6.0, 1.0 / 9.0, 1.0 / 12.0];

/// Elements beside the article belong to it with this part of its voices, and with so many.
const BESIDE: (f32, f32) = (0.2, 10.0);

/// How surely an element is not part of an article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Shun {
    #[default]
    Not,
    Perhaps,
    Surely,
}

/// An element around the text.
#[derive(Debug, Default)]
struct Place {
    parent: Option<usize>,
    shunned: Shun,
    /// The voices for it.
    score: f32,
    /// Bytes of text in it, and of those bytes in links.
    text: usize,
    links: usize,
}

/// A stretch of text between two edges.
#[derive(Debug)]
pub struct Block {
    /// Its words.
    pub text: String,
    /// The element that it stands in, by name.
    pub name: String,
    place: usize,
    links: usize,
}

impl Block {
    /// Whether it is a heading.
    pub fn is_heading(&self) -> bool {
        matches!(self.name.as_bytes(), [b'h', b'1'..=b'6'])
    }

    /// Whether it leads elsewhere rather than say something: a paragraph may be one long link and little else, a list may not.
    fn leads_away(&self) -> bool {
        match self.name.as_str() {
            "p" | "blockquote" => self.links * 10 > self.text.len() * 9,
            _ => self.links * 2 > self.text.len(),
        }
    }

    /// Whether it is a paragraph of some length.
    fn is_long(&self) -> bool {
        matches!(self.name.as_str(), "p" | "blockquote") && self.text.len() >= LONG
    }
}

/// A page as it is laid out.
#[derive(Debug, Default)]
pub struct Layout {
    /// Its blocks of text, in order.
    pub blocks: Vec<Block>,
    /// Its title.
    pub title: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// The address it calls its own.
    pub canonical: Option<String>,
    /// The times that stand in it, outside of menus.
    pub times: Vec<String>,
    /// What it says of itself in JSON-LD.
    pub linked_data: Vec<String>,
    metas: Vec<(String, String)>,
    places: Vec<Place>,
}

impl Layout {
    /// Looks at a page. Whether the classes of elements count says `trusting`: some pages name the whole of themselves after a
    /// sidebar.
    pub fn read(html: &str, trusting: bool) -> Self {
        let mut reader = Reader {
            trusting,
            layout: Self::default(),
            open: Vec::new(),
            prose: Prose::default(),
            links: 0,
            in_link: false,
        };
        reader.layout.places.push(Place::default());
        reader.read(html);
        reader.layout
    }

    /// What `meta` says under a name.
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metas.iter().find(|(known, _)| known == name).map(|(_, content)| content.as_str())
    }

    /// The blocks of the article, in order.
    pub fn article(&self) -> Vec<&Block> {
        let weight = |place: &Place| place.score * (1.0 - place.links as f32 / place.text.max(1) as f32);
        let heavier =
            |a: &(usize, f32), b: &(usize, f32)| a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal).then(b.0.cmp(&a.0));
        let weighed = self.places.iter().map(weight).enumerate().filter(|(_, weight)| *weight > 0.0);
        let Some((best, most)) = weighed.max_by(heavier) else { return Vec::new() };
        let parent = self.places[best].parent;
        let belongs = |at: usize| {
            let place = &self.places[at];
            at == best || place.parent == parent && parent.is_some() && weight(place) >= (most * BESIDE.0).max(BESIDE.1)
        };
        let wanted = |block: &&Block| {
            let beside = parent.is_some() && self.places[block.place].parent == parent;
            if beside && block.is_long() && self.is_kept(block) && !block.leads_away() {
                return true;
            }
            let mut around = Some(block.place);
            while let Some(at) = around {
                if belongs(at) {
                    return self.is_kept(block) && !block.leads_away();
                }
                around = self.places[at].parent;
            }
            false
        };
        self.blocks.iter().filter(wanted).collect()
    }

    fn is_kept(&self, block: &Block) -> bool {
        self.places[block.place].shunned == Shun::Not
    }

    /// Lets a block speak for the elements around it.
    fn count(&mut self, block: &Block) {
        let speaks = block.text.len() >= SPEAKING && self.is_kept(block) && !block.leads_away() && !block.is_heading();
        let commas = block.text.matches([',', '،', '、', '，']).count() as f32;
        let voice = 1.0 + commas + (block.text.len() as f32 / 100.0).min(3.0);
        // A paragraph speaks for what it stands in; text that stands in an element by itself for that element.
        let own = matches!(block.name.as_str(), "p" | "li" | "blockquote" | "pre" | "td" | "dd");
        let mut shares = SHARES.iter();
        let mut around = Some(block.place);
        while let Some(at) = around {
            let place = &mut self.places[at];
            place.text += block.text.len();
            place.links += block.links;
            if speaks && !(own && at == block.place) {
                place.score += shares.next().map_or(0.0, |share| share * voice);
            }
            around = place.parent;
        }
    }
}

/// A page while it is read.
struct Reader {
    layout: Layout,
    /// The elements around, with their places.
    open: Vec<(String, usize)>,
    prose: Prose,
    /// Bytes of the present block in links.
    links: usize,
    in_link: bool,
    trusting: bool,
}

impl Reader {
    fn read(&mut self, html: &str) {
        let mut tags = Tags::default();
        let mut rest = html;
        while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
            self.say(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with('&') {
                let (said, length) = markup::read_reference(rest);
                self.say(&said);
                rest = &rest[length..];
            } else if let Some((name, length)) = tags.tag(rest) {
                let (tag, behind) = rest.split_at(length);
                rest = self.tag(&name.to_ascii_lowercase(), tag, behind);
            } else {
                self.say("<");
                rest = &rest[1..];
            }
        }
        self.say(rest);
        self.flush();
    }

    fn say(&mut self, text: &str) {
        self.prose.text(text);
        self.links += if self.in_link { text.trim().len() } else { 0 };
    }

    /// Takes a tag, and says where reading goes on.
    fn tag<'a>(&mut self, name: &str, tag: &str, behind: &'a str) -> &'a str {
        if tag.starts_with("</") {
            self.close(name);
            return behind;
        }
        match name {
            "meta" => self.meta(tag),
            "link" => self.link(tag),
            "html" => self.layout.language = value_of(tag, "lang").or_else(|| value_of(tag, "xml:lang")),
            "time" if self.layout.times.len() < MOST_TIMES && !self.is_aside() => {
                self.layout.times.extend(value_of(tag, "datetime"));
            }
            _ => {}
        }
        let is_title = name == "title" && self.layout.title.is_none();
        if is_title || SILENT.contains(&name) && !tag.ends_with("/>") {
            let after = markup::behind(behind, name);
            let within = &behind[..behind.len() - after.len()];
            if is_title {
                self.layout.title = Some(markup::prose(within).replace('\n', " ")).filter(|title| !title.is_empty());
            } else if name == "script" && value_of(tag, "type").is_some_and(|kind| kind.contains("ld+json")) {
                let json = within.rfind("</").map_or(within, |end| &within[..end]);
                self.layout.linked_data.push(json.to_owned());
            }
            return after;
        }
        self.open(name, tag);
        behind
    }

    fn open(&mut self, name: &str, tag: &str) {
        if INLINE.contains(&name) {
            self.in_link |= name == "a";
            if name == "br" {
                self.prose.edge(name);
            }
            return;
        }
        self.flush();
        if VOID.contains(&name) || tag.ends_with("/>") {
            return;
        }
        // A paragraph or an item that was not ended ends where the next one begins.
        if matches!(name, "p" | "li" | "td" | "tr" | "dd" | "dt")
            && self.open.last().is_some_and(|(last, _)| last == name)
        {
            self.open.pop();
        }
        if self.open.len() >= DEEPEST {
            return;
        }
        let parent = self.place();
        let around = &self.layout.places[parent];
        let place = Place { parent: Some(parent), shunned: self.shun(name, tag, around.shunned), ..Place::default() };
        self.layout.places.push(place);
        self.open.push((name.to_owned(), self.layout.places.len() - 1));
    }

    /// How surely an element is not part of an article, inside one of which so much is known.
    fn shun(&self, name: &str, tag: &str, around: Shun) -> Shun {
        if SHUNNED.contains(&name) {
            return Shun::Surely;
        }
        let own = if self.trusting { shun_by_class(tag) } else { Shun::Not };
        match name {
            // The page itself is not beside its article, whatever it is called.
            "html" | "body" => around,
            // An article in an element that is called after its sidebar is an article.
            "article" | "main" if around < Shun::Surely => own,
            _ => around.max(own),
        }
    }

    fn close(&mut self, name: &str) {
        if INLINE.contains(&name) {
            self.in_link &= name != "a";
            return;
        }
        self.flush();
        let near = self.open.len().saturating_sub(FARTHEST);
        if let Some(at) = self.open[near..].iter().rposition(|(open, _)| open == name) {
            self.open.truncate(near + at);
        }
    }

    fn place(&self) -> usize {
        self.open.last().map_or(0, |(_, place)| *place)
    }

    /// Whether it is no part of an article by its name: what is shunned by its class may be the line of the date.
    fn is_aside(&self) -> bool {
        self.open.iter().any(|(name, _)| SHUNNED.contains(&name.as_str()))
    }

    /// Ends the present block.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.prose).finish();
        let links = std::mem::take(&mut self.links);
        // A link goes on over an edge only where it was not ended.
        self.in_link = false;
        if text.is_empty() {
            return;
        }
        let name = self.open.last().map_or_else(String::new, |(name, _)| name.clone());
        let block = Block { text, name, place: self.place(), links };
        self.layout.count(&block);
        self.layout.blocks.push(block);
    }

    fn meta(&mut self, tag: &str) {
        let attributes = markup::attributes(tag);
        let named = |wanted: &[&str]| {
            let found =
                attributes.iter().find(|(name, value)| wanted.contains(&name.as_str()) && !value.trim().is_empty());
            found.map(|(_, value)| value.trim().to_owned())
        };
        if let (Some(name), Some(content)) =
            (named(&["property", "name", "itemprop", "http-equiv"]), named(&["content"]))
        {
            self.layout.metas.push((name.to_ascii_lowercase(), content));
        }
    }

    fn link(&mut self, tag: &str) {
        if value_of(tag, "rel").is_some_and(|rel| rel == "canonical") {
            self.layout.canonical = value_of(tag, "href").filter(|address| address.starts_with("http"));
        }
    }
}

fn value_of(tag: &str, name: &str) -> Option<String> {
    let value = markup::attributes(tag).into_iter().find(|(known, _)| known == name)?.1;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// How surely the words in the class and the id of an element say that it is not part of an article.
fn shun_by_class(tag: &str) -> Shun {
    let attributes = markup::attributes(tag);
    let says = |name: &str, value: &str| match name {
        "hidden" => true,
        "role" => matches!(value, "navigation" | "complementary" | "contentinfo" | "dialog"),
        "style" => value.split_whitespace().collect::<String>().contains("display:none"),
        _ => false,
    };
    let words = || {
        let named = attributes.iter().filter(|(name, _)| matches!(name.as_str(), "class" | "id"));
        named.flat_map(|(_, value)| value.split(|c: char| !c.is_ascii_alphanumeric()))
    };
    let has = |list: &[&str]| words().any(|word| list.iter().any(|known| known.eq_ignore_ascii_case(word)));
    if has(&SURELY_SHUNNED) || attributes.iter().any(|(name, value)| says(name, value)) {
        Shun::Surely
    } else if has(&SHUNNED_WORDS) && !has(&WANTED_WORDS) {
        Shun::Perhaps
    } else {
        Shun::Not
    }
}
