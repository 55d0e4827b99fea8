//! A whole JSON document: an object, an array of objects, or a collection with articles under one of its keys.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::corpus::key::Key;
use crate::corpus::out::Out;
use crate::corpus::record::Record;
use crate::corpus::value::Taken;

/// Keys under which a document may have its articles: JSON Feed, and what programming interfaces of agencies return.
const COLLECTIONS: [&str; 3] = ["items", "data", "item"];

/// How deep such keys are followed into one another, as in `data.items[].item`.
const COLLECTION_DEPTH: u8 = 4;

/// An object, and the articles under the keys of [`COLLECTIONS`] in it.
#[derive(Default)]
struct Collection {
    record: Record,
    items: Vec<Record>,
}

impl Collection {
    /// The articles in it: those further inside, or itself if it has words or a headline.
    fn into_items(self) -> Vec<Record> {
        if !self.items.is_empty() {
            return self.items;
        }
        Some(self.record.or_headline()).filter(Record::has_text).into_iter().collect()
    }
}

struct CollectionVisitor {
    depth: u8,
}

impl<'de> Visitor<'de> for CollectionVisitor {
    type Value = Collection;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Collection, A::Error> {
        let mut found = Collection::default();
        while let Some(key) = map.next_key::<String>()? {
            if self.depth < COLLECTION_DEPTH && COLLECTIONS.contains(&key.as_str()) {
                found.items.extend(map.next_value_seed(Inside { depth: self.depth + 1 })?);
            } else {
                match Key::named(&key) {
                    Some(key) => found.record.put(key, map.next_value_seed(Taken::WHOLE)?),
                    None => drop(map.next_value::<IgnoredAny>()?),
                }
            }
        }
        Ok(found)
    }
}

/// What lies under such a key: objects and lists of them; anything else is passed over.
struct Inside {
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Inside {
    type Value = Vec<Record>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside {
    type Value = Vec<Record>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        CollectionVisitor { depth: self.depth }.visit_map(map).map(Collection::into_items)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        let depth = self.depth + 1;
        while let Some(more) = list.next_element_seed(Inside { depth })? {
            items.extend(more);
        }
        Ok(items)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}

/// A whole document: passes each object in it on as soon as it is read.
pub struct Document<'a, 'b> {
    /// Where its articles go.
    pub out: &'a mut Out<'b>,
    /// Whether it lies in an array already.
    pub nested: bool,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Document<'_, '_> {
    fn refuse<E>(self) -> Result<(), E> {
        self.out.record(None, Err("not a JSON object".to_owned()), false);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Collection { record, items } = CollectionVisitor { depth: 0 }.visit_map(map)?;
        // Who has words of its own is an article, whatever else lies in it.
        if record.has_body() || items.is_empty() {
            self.out.record(None, Ok(record), false);
            return Ok(());
        }
        let shared = || record.of_collection();
        items.into_iter().for_each(|item| self.out.record(None, Ok(item.without_number().or(shared())), false));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.nested {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return self.refuse();
        }
        while list.next_element_seed(Document { out: self.out, nested: true })?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.refuse()
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.refuse()
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.refuse()
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.refuse()
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.refuse()
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.refuse()
    }
}

#[cfg(test)]
mod tests {
    use crate::corpus::told_of;

    #[test]
    fn collections_give_what_is_in_them() {
        let check = |json: &str, expected: &str| {
            let (articles, said) = told_of("a.json", json.as_bytes());
            let texts = articles.into_iter().map(|article| article.text).chain(said);
            assert_eq!(texts.collect::<Vec<_>>().join(" | "), expected, "{json}");
        };
        check(
            r#"{"title": "Feed", "items": [{"content_html": "<p>a</p><p>b</p>"}, {"title": "c"}, 5, {"url": "d"}]}"#,
            "a\n\nb | c",
        );
        check(r#"{"data": {"items": [{"item": {"headline": "a", "body_text": "b"}}]}}"#, "b");
        check(r#"{"summary": "s", "items": [{"text": "b"}], "data": {"text": "c"}}"#, "b | c");
        check(r#"{"text": "a", "items": [{"text": "b"}], "data": "c"}"#, "a");
        check(r#"{"items": []}"#, "record 1: no `text` in it");
        check(r#"{"items": "a", "data": null, "item": 5}"#, "record 1: no `text` in it");
        check(&format!("{}{{\"text\": \"a\"}}{}", "{\"data\": ".repeat(9), "}".repeat(9)), "record 1: no `text` in it");
        check(r#"{"bodies": [{"value": "<b>a</b> b", "contenttype": "text/html"}]}"#, "a b");
        check(r#"{"bodies": [{"value": "a < b", "contentType": "text/plain"}, {"value": "<p>c</p>"}]}"#, "c");
        check(r#"{"bodies": [{"value": "a < b", "contentType": "text/plain"}]}"#, "a < b");
        check(r#"{"headlines": [{"value": "t"}], "summary": "s", "body": "b"}"#, "b");
        check(r#"{"title": "a"}"#, "record 1: no `text` in it");
    }
}
