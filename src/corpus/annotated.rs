//! Reads texts in which somebody has marked the names: one JSON object a line.
//!
//! A line is either `{"text": …, "entities": [{"start", "end", "kind"}]}`, or what `chancery extract` prints, so that its
//! output can be corrected and learned from. A bad line costs nothing but itself.

use std::path::Path;

use serde_json::{Map, Value};

use crate::corpus::load;
use crate::error::{self, Error};
use crate::facts::{ActorKind, Form};
use crate::text::Span;

/// The limit on one file: it is held in memory as a whole.
const LARGEST_BYTES: u64 = 256 << 20;

/// A text with the names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// The text.
    pub text: String,
    /// Every name, in order, none inside another; [`ActorKind::Unknown`] is any organisation.
    pub names: Vec<(Span, ActorKind)>,
}

/// The texts of a file; lines that cannot be used go to `bad`, with their number and the reason.
///
/// # Errors
/// The file cannot be read.
pub fn annotated(path: &Path, bad: &mut dyn FnMut(usize, String)) -> error::Result<Vec<Annotated>> {
    let real = path.canonicalize().map_err(|error| Error::io(path, error))?;
    let bytes =
        load::load(&real, LARGEST_BYTES).map_err(|reason| Error::usage(format!("{}: {reason}", path.display())))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut found = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match parse(line) {
            Ok(one) => found.push(one),
            Err(reason) => bad(number + 1, reason),
        }
    }
    Ok(found)
}

fn parse(line: &[u8]) -> Result<Annotated, String> {
    let line = std::str::from_utf8(line).map_err(|_| "not valid UTF-8; save the file as UTF-8".to_owned())?;
    let value: Value = serde_json::from_str(line).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        format!("not JSON ({reason}, column {}); write one object a line", error.column())
    })?;
    let object = value.as_object().ok_or("not an object; write {\"text\": …, \"entities\": […]}")?;
    let text = object.get("text").and_then(Value::as_str).ok_or("there is no `text`; add it, as a string")?;
    let mut names = Vec::new();
    match (object.get("entities"), object.get("actors")) {
        (Some(entities), _) => {
            for entity in list(entities, "entities")? {
                names.extend(entity_of(entity, text)?);
            }
        }
        (None, Some(actors)) => {
            for actor in list(actors, "actors")? {
                mentions(actor, text, &mut names)?;
            }
        }
        (None, None) => {
            return Err("there are neither `entities` nor `actors`; write \"entities\": [] where no name is".to_owned());
        }
    }
    names.sort_by_key(|(span, _): &(Span, ActorKind)| (span.start, std::cmp::Reverse(span.end)));
    let mut end = 0;
    names.retain(|(span, _)| {
        let free = span.start >= end;
        end = end.max(span.end);
        free
    });
    Ok(Annotated { text: text.to_owned(), names })
}

fn list<'v>(value: &'v Value, name: &str) -> Result<Vec<&'v Map<String, Value>>, String> {
    let items: Option<Vec<_>> = value.as_array().and_then(|items| items.iter().map(Value::as_object).collect());
    items.ok_or_else(|| format!("`{name}` is no list of objects"))
}

/// A name that somebody marked; `none` marks what is none.
fn entity_of(entity: &Map<String, Value>, text: &str) -> Result<Option<(Span, ActorKind)>, String> {
    let span = span_of(entity, text)?;
    let word = ["kind", "type", "label"].iter().find_map(|key| entity.get(*key)).and_then(Value::as_str);
    let word = word.ok_or_else(|| format!("the entity at {} has no `kind`; add one", span.start))?;
    Ok(kind_of(word)?.map(|kind| (span, kind)))
}

/// The names of an actor as `chancery extract` prints it; what is no name, like a pronoun, is left out.
fn mentions(actor: &Map<String, Value>, text: &str, names: &mut Vec<(Span, ActorKind)>) -> Result<(), String> {
    let word = actor.get("kind").and_then(Value::as_str).ok_or("an actor has no `kind`; add one")?;
    let Some(kind) = kind_of(word)? else { return Ok(()) };
    let Some(mentions) = actor.get("mentions") else { return Ok(()) };
    for mention in list(mentions, "mentions")? {
        let word = |key: &str| mention.get(key).and_then(Value::as_str);
        let form = word("form").unwrap_or_else(|| Form::Name.name());
        let is_name = [Form::Name, Form::Acronym, Form::Metonym].iter().any(|known| known.name() == form);
        if is_name && word("rule") != Some(crate::facts::ALTERNATIVE) {
            names.push((span_of(mention, text)?, kind));
        }
    }
    Ok(())
}

fn kind_of(word: &str) -> Result<Option<ActorKind>, String> {
    let word = word.to_lowercase();
    Ok(Some(match word.as_str() {
        "none" => return Ok(None),
        "org" | "organisation" | "organization" => ActorKind::Unknown,
        "country" => ActorKind::State,
        "group" => ActorKind::ArmedGroup,
        "location" => ActorKind::Place,
        _ => ActorKind::from_name(&word).ok_or_else(|| {
            let all = ActorKind::ALL.map(ActorKind::name).join(", ");
            format!("`{word}` is no kind; the kinds are {all}, and org, country, group, location, none")
        })?,
    }))
}

fn span_of(entity: &Map<String, Value>, text: &str) -> Result<Span, String> {
    let number = |key: &str| entity.get(key).and_then(Value::as_u64).and_then(|at| u32::try_from(at).ok());
    let (start, end) = number("start").zip(number("end")).ok_or("an entity has no `start` and `end`; add both")?;
    let hint = "`start` and `end` count the bytes of the text in UTF-8, from 0";
    let named = text.get(start as usize..end as usize).filter(|name| !name.is_empty());
    let named = named.ok_or_else(|| format!("{start} to {end} is no part of the text; {hint}"))?;
    match entity.get("text").and_then(Value::as_str) {
        Some(wanted) if wanted != named => Err(format!("at {start} stands `{named}`, not `{wanted}`; {hint}")),
        _ => Ok(Span { start, end }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_layouts_say_the_same() {
        let text = "Örn Vale met the Tarn League.";
        let names =
            vec![(Span { start: 0, end: 9 }, ActorKind::Person), (Span { start: 18, end: 29 }, ActorKind::Unknown)];
        let check = |rest: &str| {
            let line = format!("{{\"text\":\"{text}\",{rest}}}");
            assert_eq!(parse(line.as_bytes()), Ok(Annotated { text: text.to_owned(), names: names.clone() }), "{rest}");
        };
        check(
            r#""entities":[{"start":18,"end":29,"kind":"org"},{"start":0,"end":9,"label":"Person","text":"Örn Vale"},
            {"start":10,"end":13,"kind":"none"},{"start":0,"end":4,"kind":"place"}]"#,
        );
        check(
            r#""actors":[{"kind":"person","mentions":[{"start":0,"end":9,"form":"name"}]},{"kind":"none","mentions":[]},
            {"kind":"unknown","mentions":[{"start":18,"end":29},{"start":14,"end":29,"form":"nominal"}]}]"#,
        );
    }

    #[test]
    fn a_bad_line_says_why_and_what_to_do() {
        let check = |line: &[u8], expected: &str| {
            let found = parse(line).map(|_| ()).unwrap_err();
            assert!(found.contains(expected), "{found}");
        };
        check(b"{", "not JSON (EOF while parsing an object, column 1); write one object a line");
        check(b"\xff{}", "not valid UTF-8; save");
        check(b"[1]", "not an object; write {\"text\"");
        check(b"{}", "there is no `text`; add it");
        check(b"{\"text\":\"a\"}", "neither `entities` nor `actors`");
        check(b"{\"text\":\"a\",\"entities\":{}}", "`entities` is no list of objects");
        let entity = |rest: &str| format!("{{\"text\":\"Ör Vale\",\"entities\":[{{{rest}}}]}}");
        check(entity("\"start\":0,\"end\":2").as_bytes(), "the entity at 0 has no `kind`");
        check(entity("\"start\":0,\"end\":2,\"kind\":\"club\"").as_bytes(), "`club` is no kind; the kinds are person,");
        check(
            entity("\"start\":1,\"end\":2,\"kind\":\"org\"").as_bytes(),
            "1 to 2 is no part of the text; `start` and",
        );
        check(entity("\"start\":3,\"end\":99,\"kind\":\"org\"").as_bytes(), "3 to 99 is no part");
        check(entity("\"start\":3,\"end\":3,\"kind\":\"org\"").as_bytes(), "3 to 3 is no part");
        check(entity("\"start\":-3,\"end\":3,\"kind\":\"org\"").as_bytes(), "no `start` and `end`");
        check(
            entity("\"start\":0,\"end\":3,\"kind\":\"org\",\"text\":\"Vale\"").as_bytes(),
            "at 0 stands `Ör`, not `Vale`; `start` and `end` count the bytes",
        );
    }
}
