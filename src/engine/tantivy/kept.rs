//! What is read of a stored article to show it in a list: its head and its text, without the facts behind them.

use tantivy::schema::Field;
use tantivy::schema::document::{
    DeserializeError, DocumentDeserialize, DocumentDeserializer, ValueDeserialize, ValueDeserializer, ValueVisitor,
};

use super::schema::Fields;

/// The values of a stored article up to its text.
#[derive(Debug, Default)]
pub struct Kept(Vec<(Field, Value)>);

#[derive(Debug)]
enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

impl Kept {
    /// The record of it.
    pub fn head(&self, fields: &Fields) -> &[u8] {
        let head = self.0.iter().find_map(|(field, value)| match value {
            Value::Bytes(bytes) if *field == fields.head => Some(bytes.as_slice()),
            _ => None,
        });
        head.unwrap_or_default()
    }

    /// Its text.
    pub fn text(&self, fields: &Fields) -> &str {
        let text = self.0.iter().find_map(|(field, value)| match value {
            Value::Text(text) if *field == fields.text => Some(text.as_str()),
            _ => None,
        });
        text.unwrap_or_default()
    }
}

impl DocumentDeserialize for Kept {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut deserializer: D) -> Result<Self, DeserializeError> {
        let mut kept = Vec::with_capacity(2);
        while let Some((field, value)) = deserializer.next_field::<Value>()? {
            let is_text = matches!(value, Value::Text(_));
            kept.push((field, value));
            // There is one text, and what stands behind it is not wanted.
            if is_text {
                break;
            }
        }
        Ok(Self(kept))
    }
}

impl ValueDeserialize for Value {
    fn deserialize<'de, D: ValueDeserializer<'de>>(deserializer: D) -> Result<Self, DeserializeError> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl ValueVisitor for Visitor {
    type Value = Value;

    fn visit_string(&self, text: String) -> Result<Value, DeserializeError> {
        Ok(Value::Text(text))
    }

    fn visit_bytes(&self, bytes: Vec<u8>) -> Result<Value, DeserializeError> {
        Ok(Value::Bytes(bytes))
    }
}
