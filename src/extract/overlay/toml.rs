//! Own tables as TOML: one `[[actor]]` an entry.
//!
//! ```toml
//! [[actor]]
//! id = "org:harbour-board"
//! kind = "ministry"
//! country = "NO"
//! name = "Harbour Board"
//! alias = ["Port Board?", { text = "Pier House", form = "metonym" }]
//! ```

use toml_span::Value;
use toml_span::value::ValueInner;

use super::{Change, FIELDS, Overlay, form_of};
use crate::facts::Form;

/// Brackets in brackets beyond this are refused before the parser, which calls itself for each.
const DEEPEST: usize = 32;

/// Reads one file into `overlay`.
pub fn read(overlay: &mut Overlay, file: &str, text: &str) {
    let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
    if let Some(at) = too_deep(text) {
        overlay.wrong(file, line_of(at), "brackets are nested too deeply");
        return;
    }
    let mut root = match toml_span::parse(text) {
        Ok(root) => root,
        Err(error) => {
            overlay.wrong(file, line_of(error.span.start), format!("not TOML: {}", error.kind));
            return;
        }
    };
    let ValueInner::Table(root) = root.take() else { return };
    for (key, mut value) in root {
        let line = line_of(key.span.start);
        match (key.name.as_ref(), value.take()) {
            ("actor", ValueInner::Array(entries)) => {
                for entry in entries {
                    actor(overlay, file, &line_of, entry);
                }
            }
            ("actor", _) => overlay.wrong(file, line, "an actor begins with `[[actor]]`, in two brackets"),
            (other, _) => overlay.wrong(file, line, format!("`{other}` is not known here; there is `[[actor]]`")),
        }
    }
}

fn actor(overlay: &mut Overlay, file: &str, line_of: &impl Fn(usize) -> usize, mut entry: Value<'_>) {
    let line = line_of(entry.span.start);
    let ValueInner::Table(table) = entry.take() else {
        overlay.wrong(file, line, "an actor is a table of keys");
        return;
    };
    // A table of an array begins where its header does; the keys tell the line better where it does not.
    let mut change = Change { file: file.to_owned(), line, ..Change::default() };
    for (key, mut value) in table {
        let line = line_of(key.span.start);
        let name = key.name.as_ref();
        match (FIELDS.iter().find(|(known, _)| *known == name), form_of(name), value.take()) {
            (Some((_, field)), _, ValueInner::String(text)) => overlay.set(&mut change, *field, text.trim(), line),
            (Some(_), ..) => overlay.wrong(file, line, format!("`{name}` is a text in quotation marks")),
            (None, Some(form), ValueInner::String(text)) => overlay.add_name(&mut change, form, text.trim(), line),
            (None, Some(form), ValueInner::Array(list)) => {
                for one in list {
                    alias(overlay, &mut change, form, line_of, one);
                }
            }
            (None, Some(_), _) => overlay.wrong(file, line, format!("`{name}` is a list of names")),
            (None, None, _) => {
                let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
                let known = known.join(", ");
                overlay.wrong(file, line, format!("`{name}` is no key of an actor; there are {known}, alias"));
            }
        }
    }
    overlay.close(change);
}

/// `"Name"`, or `{ text = "Name", form = "metonym" }`.
fn alias(
    overlay: &mut Overlay,
    change: &mut Change,
    form: Form,
    line_of: &impl Fn(usize) -> usize,
    mut value: Value<'_>,
) {
    let line = line_of(value.span.start);
    let file = change.file.clone();
    let mut table = match value.take() {
        ValueInner::String(text) => return overlay.add_name(change, form, text.trim(), line),
        ValueInner::Table(table) => table,
        _ => return overlay.wrong(&file, line, "a name is a text, or a table with `text` and `form`"),
    };
    let mut part = |key: &str| table.remove(key).map(|value| value.as_str().map(str::to_owned));
    let form = match part("form") {
        None => Some(form),
        Some(word) => word.as_deref().filter(|word| !word.ends_with('s')).and_then(form_of),
    };
    let text = part("text").flatten();
    match (text, form) {
        (Some(text), Some(form)) => overlay.add_name(change, form, text.trim(), line),
        (None, _) => overlay.wrong(&file, line, "a name has a `text`"),
        (_, None) => overlay.wrong(&file, line, "the form of a name is name, acronym, metonym or demonym"),
    }
    for key in table.keys() {
        overlay.wrong(&file, line, format!("`{}` is no key of a name; there are text and form", key.name));
    }
}

/// Where brackets are nested more deeply than any table of actors needs.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth <= 2 => depth = 0,
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at);
        }
    }
    None
}
