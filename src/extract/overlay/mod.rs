//! The users' own tables, laid over the built-in ones by id: actors added, corrected and merged, names added and taken
//! away, and rows for the tables of cues and roles.
//!
//! A file is read into [`Change`]s, whatever its layout: `tsv` has columns, `toml` has keys. `apply` checks the changes
//! against the tables and makes them; `card` shows an actor with where each piece of knowledge stands. Everything that
//! is wrong is found in one go, with file and line.

mod apply;
mod card;
#[cfg(test)]
mod tests;
mod toml;
mod tsv;

use rustc_hash::FxHashMap;

use crate::extract::lexicon::Gender;
use crate::extract::sources::grammar_of;
use crate::extract::table::TableError;
use crate::extract::tagger::FILE;
use crate::facts::{ActorKind, Form};
use crate::text::slug;

pub use self::apply::apply;
pub use self::card::{card, named};

/// A file of the user's, as it was read from the disk.
#[derive(Debug, Clone)]
pub struct OwnFile {
    /// Its path, for messages.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Something that is wrong with a user's table, or that deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where, and what.
    pub error: TableError,
    /// Whether the tables can be used all the same.
    pub warning: bool,
}

/// What one row or entry says about one actor.
#[derive(Debug, Clone, Default)]
pub struct Change {
    file: String,
    line: usize,
    id: String,
    kind: Option<ActorKind>,
    name: Option<String>,
    /// `Some(None)` takes it away.
    country: Option<Option<String>>,
    parent: Option<Option<String>>,
    gender: Option<Option<Gender>>,
    family_first: Option<bool>,
    merge: Option<String>,
    names: Vec<NameChange>,
}

#[derive(Debug, Clone)]
struct NameChange {
    text: String,
    form: Form,
    remove: bool,
    line: usize,
}

/// Everything the user's tables say.
#[derive(Debug, Default)]
pub struct Overlay {
    changes: Vec<Change>,
    /// Files with rows for the tables of cues and roles.
    pub grammar: Vec<(String, String)>,
    /// The model of a tagger, with its file.
    pub tagger: Option<(String, String)>,
    /// What could not be read.
    pub findings: Vec<Finding>,
}

/// What the user's tables changed, for those who ask where something comes from.
#[derive(Debug, Default)]
pub struct Own {
    /// Where an actor was added.
    added: FxHashMap<String, String>,
    /// Where a name was added, by id and name.
    names: FxHashMap<(String, String), String>,
    /// What was changed or taken away, by id, with the place.
    changes: FxHashMap<String, Vec<(String, String)>>,
}

/// A field of an entry that is no list of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Kind,
    Name,
    Country,
    Parent,
    Gender,
    Order,
    Merge,
    Note,
}

const FIELDS: [(&str, Field); 9] = [
    ("id", Field::Id),
    ("kind", Field::Kind),
    ("name", Field::Name),
    ("country", Field::Country),
    ("parent", Field::Parent),
    ("gender", Field::Gender),
    ("order", Field::Order),
    ("merge", Field::Merge),
    ("note", Field::Note),
];

/// Takes away what the tables say: a cell that holds it is not the same as an empty one.
const NOTHING: &str = "-";

impl Overlay {
    /// Reads files in the order given; what is wrong is kept in [`Overlay::findings`].
    pub fn read(files: &[OwnFile]) -> Self {
        let mut overlay = Self::default();
        for OwnFile { name, bytes } in files {
            match std::str::from_utf8(bytes) {
                Ok(text) => overlay.read_file(name, text.trim_start_matches('\u{feff}')),
                Err(error) => {
                    let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                    overlay.wrong(name, line, "not valid UTF-8");
                }
            }
        }
        overlay
    }

    fn read_file(&mut self, name: &str, text: &str) {
        if is_tagger(name) {
            match &self.tagger {
                Some((other, _)) => {
                    let reason = format!("there is a tagger in {other} already; keep one of them");
                    self.wrong(name, 1, reason);
                }
                None => self.tagger = Some((name.to_owned(), text.to_owned())),
            }
        } else if grammar_of(name).is_some() {
            self.grammar.push((name.to_owned(), text.to_owned()));
        } else if name.ends_with(".toml") {
            toml::read(self, name, text);
        } else {
            tsv::read(self, name, text);
        }
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.grammar.is_empty() && self.tagger.is_none() && self.findings.is_empty()
    }

    /// Leaves a tagger out, whatever is wrong with it.
    pub fn without_tagger(&mut self) {
        self.tagger = None;
        self.findings.retain(|finding| !is_tagger(&finding.error.file));
    }

    /// A short hash of all that it says, wherever it is said; `None` when it says nothing.
    pub fn version(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut hash = blake3::Hasher::new();
        for change in &self.changes {
            let Change { id, kind, name, country, parent, gender, family_first, merge, names, .. } = change;
            hash.update(
                format!("{id:?}{kind:?}{name:?}{country:?}{parent:?}{gender:?}{family_first:?}{merge:?}").as_bytes(),
            );
            for name in names {
                hash.update(format!("{:?}{:?}{}", name.text, name.form, name.remove).as_bytes());
            }
        }
        for (_, text) in &self.grammar {
            for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
                hash.update(line.as_bytes()).update(b"\n");
            }
        }
        if let Some((_, text)) = &self.tagger {
            hash.update(text.as_bytes());
        }
        Some(hash.finalize().to_hex()[..8].to_owned())
    }

    fn wrong(&mut self, file: &str, line: usize, reason: impl Into<String>) {
        let error = TableError { file: file.to_owned(), line, reason: reason.into() };
        self.findings.push(Finding { error, warning: false });
    }

    /// Takes one value of an entry, or says what is wrong with it.
    fn set(&mut self, change: &mut Change, field: Field, value: &str, line: usize) {
        let cleared = || (value != NOTHING).then(|| value.to_owned());
        let fault = match field {
            Field::Id => {
                value.clone_into(&mut change.id);
                bad_id(value)
            }
            Field::Kind => {
                change.kind = ActorKind::from_name(value);
                let all = ActorKind::ALL.map(ActorKind::name).join(", ");
                change.kind.is_none().then(|| format!("`{value}` is no kind of actor; the kinds are {all}"))
            }
            Field::Name => {
                change.name = Some(value.to_owned());
                bad_name(value)
            }
            Field::Country => {
                change.country = Some(cleared());
                None
            }
            Field::Parent => {
                change.parent = Some(cleared());
                None
            }
            Field::Gender => {
                change.gender = Some(Gender::parse(value));
                (Gender::parse(value).is_none() && value != NOTHING)
                    .then(|| format!("`{value}` is no gender; write m, f or -"))
            }
            Field::Order => {
                change.family_first = Some(value == "family-first");
                (!matches!(value, "family-first" | "given-first"))
                    .then(|| format!("`{value}` is no order of names; write given-first or family-first"))
            }
            Field::Merge => {
                change.merge = Some(value.to_owned());
                None
            }
            Field::Note => None,
        };
        if let Some(fault) = fault {
            let file = change.file.clone();
            self.wrong(&file, line, fault);
        }
    }

    /// Takes one name of an entry: `-Name` takes it away, `Name?` counts only with evidence.
    fn add_name(&mut self, change: &mut Change, form: Form, text: &str, line: usize) {
        let (text, remove) = text.strip_prefix('-').map_or((text, false), |bare| (bare.trim(), true));
        if let Some(fault) = bad_name(text) {
            let file = change.file.clone();
            self.wrong(&file, line, fault);
            return;
        }
        change.names.push(NameChange { text: text.to_owned(), form, remove, line });
    }

    /// Keeps an entry that has been read to its end.
    fn close(&mut self, change: Change) {
        if change.id.is_empty() {
            self.wrong(&change.file, change.line, "there is no id");
        } else {
            self.changes.push(change);
        }
    }
}

/// Whether a file among the users' tables is the model of a tagger.
fn is_tagger(name: &str) -> bool {
    name.rsplit(['/', '\\']).next() == Some(FILE)
}

/// The kinds of names an entry can list, as columns and as `form` in TOML.
fn form_of(column: &str) -> Option<Form> {
    match column {
        "aliases" | "alias" | "name" => Some(Form::Name),
        "acronyms" | "acronym" => Some(Form::Acronym),
        "metonyms" | "metonym" => Some(Form::Metonym),
        "demonyms" | "demonym" => Some(Form::Demonym),
        _ => None,
    }
}

/// The kinds that an actor with such an id can have, the usual one first; `None` where no id begins so.
fn kinds_of(id: &str) -> Option<&'static [ActorKind]> {
    let (prefix, _) = id.split_once(':')?;
    Some(match prefix {
        "person" => &[ActorKind::Person],
        "state" => &[ActorKind::State],
        "gov" => &[ActorKind::Government],
        "igo" => &[ActorKind::Igo],
        "group" => &[ActorKind::ArmedGroup],
        "party" => &[ActorKind::Party],
        "court" => &[ActorKind::Court],
        "company" => &[ActorKind::Company],
        "media" => &[ActorKind::Media],
        "place" => &[ActorKind::Place],
        "region" => &[ActorKind::Region],
        "org" => &[
            ActorKind::Ministry,
            ActorKind::Government,
            ActorKind::Ngo,
            ActorKind::Igo,
            ActorKind::Party,
            ActorKind::Company,
            ActorKind::Media,
            ActorKind::Court,
            ActorKind::ArmedGroup,
            ActorKind::Unknown,
        ],
        _ => return None,
    })
}

/// What is wrong with an id, if anything.
fn bad_id(id: &str) -> Option<String> {
    let known = "person, state, gov, igo, org, group, party, court, company, media, place, region";
    let Some((prefix, rest)) = id.split_once(':').filter(|_| kinds_of(id).is_some()) else {
        return Some(format!("`{id}` is no id; it begins with one of {known}, and a colon"));
    };
    let code = matches!(prefix, "state" | "gov");
    let sound = if code {
        (2..=4).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_uppercase())
    } else {
        !rest.is_empty() && rest.split('.').all(|part| !part.is_empty() && slug(part) == part)
    };
    let better = if code { rest.to_uppercase() } else { slug(rest) };
    let hint = if better.is_empty() { String::new() } else { format!("; write `{prefix}:{better}`") };
    (!sound).then(|| format!("`{id}` is no id: small letters, digits, hyphens and dots, or a code in capitals{hint}"))
}

/// What is wrong with a name, if anything.
fn bad_name(name: &str) -> Option<String> {
    let bare = name.strip_suffix('?').unwrap_or(name);
    if !bare.chars().any(char::is_alphanumeric) {
        return Some(format!("`{name}` is no name"));
    }
    if bare.chars().any(char::is_control) {
        return Some("a name holds a control character".to_owned());
    }
    (bare.split_whitespace().count() > 16).then(|| "a name of more than 16 words is found nowhere".to_owned())
}
