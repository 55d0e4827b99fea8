//! The keys of a record, and the values that may stand under them.

/// Every key that is read, the preferred spelling of each field first. Other keys are passed over.
const KEYS: [(&str, Field); 44] = [
    ("id", Field::Id),
    ("uri", Field::Id),
    ("guid", Field::Id),
    ("date", Field::Date),
    ("published", Field::Date),
    ("publishedat", Field::Date),
    ("datepublished", Field::Date),
    ("pubdate", Field::Date),
    ("versioncreated", Field::Date),
    ("firstcreated", Field::Date),
    ("datemodified", Field::Date),
    ("timestamp", Field::Stamp),
    ("title", Field::Title),
    ("headline", Field::Title),
    ("headlines", Field::Title),
    ("text", Field::Text),
    ("body", Field::Text),
    ("content", Field::Text),
    ("bodyxhtml", Field::Markup),
    ("bodyhtml", Field::Markup),
    ("contenthtml", Field::Markup),
    ("bodies", Field::Markup),
    ("bodytext", Field::Text),
    ("contenttext", Field::Text),
    ("descriptions", Field::Markup),
    ("descriptiontext", Field::Text),
    ("summary", Field::Text),
    ("source", Field::Source),
    ("publisher", Field::Source),
    ("provider", Field::Source),
    ("url", Field::Url),
    ("link", Field::Url),
    ("language", Field::Language),
    ("lang", Field::Language),
    ("authors", Field::Authors),
    ("author", Field::Authors),
    ("byline", Field::Authors),
    ("by", Field::Authors),
    ("status", Field::Status),
    ("pubstatus", Field::Status),
    ("embargo", Field::Embargo),
    ("embargoed", Field::Embargo),
    ("embargountil", Field::Embargo),
    ("embargoeduntil", Field::Embargo),
];

/// What a key is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The source's own identifier.
    Id,
    /// The date of publication.
    Date,
    /// The same, where a bare number is a Unix time.
    Stamp,
    /// The headline.
    Title,
    /// The article's own text.
    Text,
    /// The same in HTML.
    Markup,
    /// The outlet or wire.
    Source,
    /// Where it was published.
    Url,
    /// Its language.
    Language,
    /// Its authors.
    Authors,
    /// Whether its source withdrew it or holds it back.
    Status,
    /// Before when it may not be shown.
    Embargo,
}

/// A known key: its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(usize);

impl Key {
    /// The key spelled like this, if it is one that is read.
    pub fn named(written: &str) -> Option<Self> {
        let letters = || written.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase());
        KEYS.iter().position(|(known, _)| letters().eq(known.chars())).map(Self)
    }

    /// How it is spelled in the table.
    pub fn name(self) -> &'static str {
        KEYS[self.0].0
    }

    /// What it is about.
    pub fn field(self) -> Field {
        KEYS[self.0].1
    }
}

/// A value, as far as any field needs to tell values apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// No value: the key might as well be missing.
    Nothing,
    /// Text.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// Several values.
    List(Vec<Value>),
    /// An object with a `name` in it.
    Named(String),
    /// An object with a `value` in it, and whether it says that this is plain text.
    Valued(String, bool),
    /// Something that no field takes, and what it is.
    Other(&'static str),
}

impl Value {
    /// What sort of value it is.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::List(_) => "a list",
            Self::Named(_) | Self::Valued(..) => "an object",
            Self::Other(what) => what,
        }
    }

    /// The text of an object with a `value`.
    pub fn valued(self) -> Option<String> {
        match self {
            Self::Valued(text, _) => Some(text),
            _ => None,
        }
    }

    /// Whether the key might as well be missing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) | Self::Named(text) | Self::Valued(text, _) => text.trim().is_empty(),
            Self::List(values) => values.is_empty(),
            Self::Number(_) | Self::Other(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_in_many_spellings() {
        let check = |written: &str, expected: Option<Field>| {
            assert_eq!(Key::named(written).map(Key::field), expected, "{written}");
        };
        check("date", Some(Field::Date));
        check("publishedAt", Some(Field::Date));
        check("published_at", Some(Field::Date));
        check("date-published", Some(Field::Date));
        check("Title", Some(Field::Title));
        check("AUTHOR", Some(Field::Authors));
        check("", None);
        check("dates", None);
        check("subtitle", None);
    }
}
