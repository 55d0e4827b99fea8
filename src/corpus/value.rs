//! JSON values as they are met: those that a record knows are taken, all others are skipped without being built.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::corpus::key::{Key, Value};
use crate::corpus::record::Record;

/// What a page says of its article in JSON-LD, on top, in a list, or in a graph: in the first object that calls itself an
/// article, else in the first that has a date.
pub fn record(json: &str) -> Option<Record> {
    let Linked(found) = serde_json::from_str(json.trim()).ok()?;
    found.map(|(_, record)| record)
}

/// What the types of articles end with in schema.org: `NewsArticle`, `BlogPosting`, `Report`.
const ARTICLES: [&str; 3] = ["Article", "Posting", "Report"];

/// The record of an article in JSON-LD, and whether it calls itself one.
struct Linked(Option<(bool, Record)>);

impl Linked {
    /// The better of two, the first of equals.
    fn or(self, other: Self) -> Self {
        match (&self.0, &other.0) {
            (None, _) | (Some((false, _)), Some((true, _))) => other,
            _ => self,
        }
    }
}

impl<'de> Deserialize<'de> for Linked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinkedVisitor)
    }
}

struct LinkedVisitor;

impl LinkedVisitor {
    /// Whether a type, or one of several, is that of an article.
    fn is_article(named: Value) -> bool {
        match named {
            Value::Text(name) => ARTICLES.iter().any(|end| name.ends_with(end)),
            Value::List(names) => names.into_iter().any(Self::is_article),
            _ => false,
        }
    }
}

impl<'de> Visitor<'de> for LinkedVisitor {
    type Value = Linked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON-LD")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Linked, A::Error> {
        let mut found = Linked(None);
        while let Some(more) = list.next_element()? {
            found = found.or(more);
        }
        Ok(found)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Linked, A::Error> {
        let (mut record, mut inside, mut is_article) = (Record::default(), Linked(None), false);
        while let Some(key) = map.next_key::<String>()? {
            match (key.as_str(), Key::named(&key)) {
                ("@graph", _) => inside = map.next_value()?,
                ("@type", _) => is_article = Self::is_article(map.next_value_seed(Taken::WHOLE)?),
                (_, Some(key)) => record.put(key, map.next_value_seed(Taken::WHOLE)?),
                (_, None) => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let own = (is_article || record.has_date()).then_some((is_article, record));
        Ok(Linked(own).or(inside))
    }

    fn visit_str<E>(self, _: &str) -> Result<Linked, E> {
        Ok(Linked(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Linked, E> {
        Ok(Linked(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Linked, E> {
        Ok(Linked(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Linked, E> {
        Ok(Linked(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Linked, E> {
        Ok(Linked(None))
    }

    fn visit_unit<E>(self) -> Result<Linked, E> {
        Ok(Linked(None))
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut record = Record::default();
        while let Some(Name(key)) = map.next_key()? {
            match key {
                Some(key) => record.put(key, map.next_value_seed(Taken::WHOLE)?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(record)
    }
}

/// The key of a record, if it is one that is read.
struct Name(Option<Key>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Spelled;

        impl Visitor<'_> for Spelled {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<Name, E> {
                Ok(Name(Key::named(key)))
            }
        }

        deserializer.deserialize_str(Spelled)
    }
}

/// How deep a value of a known key is looked into: a list, objects in it, and their names.
const VALUE_DEPTH: u8 = 2;

/// Takes a value of a known key, whatever its type; what nests deeper is skipped, so no input exhausts the stack.
pub struct Taken {
    depth: u8,
}

impl Taken {
    /// A value that nothing holds yet.
    pub const WHOLE: Self = Self { depth: VALUE_DEPTH };
}

impl<'de> DeserializeSeed<'de> for Taken {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Taken {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(if truth { Value::Other("true or false") } else { Value::Nothing })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        if self.depth < VALUE_DEPTH {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Other("a list"));
        }
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Taken { depth: self.depth - 1 })? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let (mut name, mut value, mut plain) = (None, None, false);
        while let Some(key) = map.next_key::<String>()? {
            let known = ["name", "value", "contenttype"].iter().find(|known| key.eq_ignore_ascii_case(known));
            let Some(known) = known.filter(|_| self.depth > 0) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Value::Text(text) = map.next_value_seed(Taken { depth: 0 })? {
                match *known {
                    "name" => name = Some(text),
                    "value" => value = Some(text),
                    _ => plain = text == "text/plain",
                }
            }
        }
        let valued = value.map(|value| Value::Valued(value, plain));
        Ok(name.map(Value::Named).or(valued).unwrap_or(Value::Other("an object")))
    }
}
