//! Elements of an XML document: those of one article, held while a record is made of them.

use crate::corpus::markup::{self, Prose};

/// An element with what stands in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name, with the usual prefix of its namespace.
    pub name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

#[derive(Debug, PartialEq, Eq)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An element with nothing in it.
    pub fn new(name: String, attributes: Vec<(String, String)>) -> Self {
        Self { name, attributes, children: Vec::new() }
    }

    /// Puts an element behind what is in it.
    pub fn put(&mut self, element: Element) {
        self.children.push(Node::Element(element));
    }

    /// Puts characters behind what is in it.
    pub fn say(&mut self, text: &str) {
        match self.children.last_mut() {
            Some(Node::Text(said)) => said.push_str(text),
            _ => self.children.push(Node::Text(text.to_owned())),
        }
    }

    /// The elements right inside it.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element right inside it of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The first element at the end of a path like `head/docdata/date.issue`; `None` also when the first of each name leads nowhere.
    pub fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.child(name))
    }

    /// All elements of this name, however deep, in the order of the document.
    pub fn all<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a Element> + 'a> {
        Box::new(self.elements().flat_map(move |element| {
            let own = (element.name == name).then_some(element);
            own.into_iter().chain(element.all(name))
        }))
    }

    /// The value of an attribute, unless it is empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name)?.1.trim();
        Some(found).filter(|value| !value.is_empty())
    }

    /// All characters in it, unless there are only blanks.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.collect(&mut text);
        let inner = text.trim();
        (!inner.is_empty()).then(|| inner.to_owned())
    }

    /// The words in it in one line.
    pub fn words(&self) -> Option<String> {
        let words = self.prose().split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(words)
    }

    /// The text of the first element at the end of a path.
    pub fn text_at(&self, path: &str) -> Option<String> {
        self.at(path)?.text()
    }

    /// The words in it, in paragraphs.
    pub fn prose(&self) -> String {
        let mut prose = Prose::default();
        self.tell(&mut prose);
        prose.finish()
    }

    fn collect(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.collect(text),
                Node::Text(part) => text.push_str(part),
            }
        }
    }

    fn tell(&self, prose: &mut Prose) {
        let name = self.name.rsplit(':').next().unwrap_or(&self.name);
        if markup::is_silent(name) {
            return;
        }
        prose.edge(name);
        for node in &self.children {
            match node {
                Node::Element(element) => element.tell(prose),
                Node::Text(text) if name.eq_ignore_ascii_case("pre") => prose.lines(text),
                Node::Text(text) => prose.text(text),
            }
        }
        if !name.eq_ignore_ascii_case("br") {
            prose.edge(name);
        }
    }
}

/// What a document says of all its articles.
#[derive(Debug, Default)]
pub struct Carrier {
    /// The name of the feed.
    pub title: Option<String>,
    /// The language of what says no other.
    pub language: Option<String>,
}
