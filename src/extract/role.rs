//! Offices and roles that stand beside a name: before it (`Foreign Minister X`) or behind it (`X, the minister,`).
//!
//! A role tells the article's readers who somebody is, so a later `the minister` can be led back to a name.

use std::ops::Range;

use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::name::Names;
use crate::extract::tables::{Role, RoleClass, Tables};
use crate::extract::token::shape;
use crate::extract::vocabulary::class;
use crate::facts::ActorKind;

/// Tokens that a role phrase has at most.
const LONGEST_ROLE: usize = 12;

/// Roles beyond which an article is a list of persons: nobody speaks through an office there.
const MOST_OFFICES: usize = 400;

/// One role of one person.
#[derive(Debug, Clone)]
pub struct Office {
    /// Index into the cast.
    pub actor: u32,
    /// What sort of role.
    pub class: RoleClass,
    /// Keys of the role's words.
    pub keys: Vec<u64>,
    /// The country it belongs to.
    pub country: Option<String>,
    /// Whether it is over, or not yet: `former`, `designate`.
    pub past: bool,
}

/// What the text says of the offices of persons.
#[derive(Debug, Default)]
pub struct Offices {
    /// The roles of the first persons.
    pub list: Vec<Office>,
    /// The words for an office beside a name, and the person: `[U.S. president] Jane Doe`.
    pub titles: Vec<(u32, Range<usize>)>,
}

/// All roles that the text gives to persons; they are noted in the cast too.
pub fn find(doc: &Doc, names: &Names, cast: &mut Cast, tables: &Tables) -> Offices {
    let mut found = Offices::default();
    for name in &names.list {
        if cast.get(name.actor).actor.kind != ActorKind::Person || doc.paragraph(name.tokens.start).upper {
            continue;
        }
        for tokens in [before(doc, names, name.tokens.start, tables), behind(doc, names, name.tokens.end, tables)]
            .into_iter()
            .flatten()
        {
            let Some((role, at)) = last_role(doc, tokens.clone(), tables) else { continue };
            let country = country(names, cast, tokens.clone());
            let draft = &mut cast.drafts[name.actor as usize];
            draft.gender = draft.gender.or(role.gender);
            if draft.actor.country.is_none() {
                draft.actor.country.clone_from(&country);
            }
            let tokens = without_determiner(doc, tokens);
            cast.add_role(name.actor, &words(doc, tokens.clone()));
            if role.class != RoleClass::Other {
                found.titles.push((name.actor, tokens.clone()));
            }
            if found.list.len() < MOST_OFFICES {
                let keys = doc.tokens[at].iter().map(|t| t.key).collect();
                let past = is_past(doc, tokens);
                found.list.push(Office { actor: name.actor, class: role.class, keys, country, past });
            }
        }
    }
    found
}

/// Whether the phrase speaks of an office that somebody held once or will hold.
fn is_past(doc: &Doc, tokens: Range<usize>) -> bool {
    let mut tokens = tokens;
    tokens.any(|at| doc.reads_any(at, &["former", "ex", "late", "then", "next", "future", "elect", "designate"]))
}

fn without_determiner(doc: &Doc, mut tokens: Range<usize>) -> Range<usize> {
    while tokens.start < tokens.end && doc.tokens[tokens.start].any(class::DETERMINER) {
        tokens.start += 1;
    }
    tokens
}

fn words(doc: &Doc, tokens: Range<usize>) -> String {
    doc.slice(tokens).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The role phrase that ends right before the name.
fn before(doc: &Doc, names: &Names, name: usize, tables: &Tables) -> Option<Range<usize>> {
    let sentence = doc.sentence(name).start;
    let mut start = name;
    if start > sentence && doc.str(start - 1) == "," {
        // `his counterpart, X`
        start -= 1;
    }
    let end = start;
    while start > sentence && end - start < LONGEST_ROLE {
        let token = &doc.tokens[start - 1];
        if token.quoted != doc.tokens[name].quoted {
            break;
        }
        // A country or an organisation belongs to the role, a person does not.
        if let Some(inner) = names.over(start - 1) {
            if inner.person {
                break;
            }
            start = inner.tokens.start.max(sentence);
            continue;
        }
        let joined = doc.reads_any(start - 1, &["of", "for"]) && end - start > 0;
        let worded = token.is(shape::WORD)
            && !token.any(
                class::PREPOSITION
                    | class::CONJUNCTION
                    | class::SUBORDINATOR
                    | class::AUXILIARY
                    | class::PRONOUN
                    | class::TIME
                    | class::VERB,
            );
        let hyphen = doc.str(start - 1) == "-";
        if !(joined || worded || hyphen)
            || token.any(class::CUE_START) && token.is_lower() && !token.any(class::ROLE_START)
        {
            break;
        }
        start -= 1;
        if token.any(class::DETERMINER) {
            break;
        }
    }
    // The role must end where the name begins.
    (start..end)
        .find(|&at| role_at(doc, at, end, tables).is_some_and(|(length, role)| at + length == end && !role.plural))
        .map(|_| start..end)
}

/// The role phrase between the comma behind the name and the next one.
fn behind(doc: &Doc, names: &Names, end: usize, tables: &Tables) -> Option<Range<usize>> {
    if doc.str(end) != "," || end + 1 >= doc.tokens.len() {
        return None;
    }
    let sentence = doc.sentence(end).end;
    let start = end + 1;
    let stop = (start..sentence.min(start + LONGEST_ROLE + 4)).find(|&at| {
        matches!(doc.str(at), "," | "." | ";" | "—" | "--") || doc.reads_any(at, &["who", "said", "told"])
    })?;
    let opens = doc.tokens[start].any(class::DETERMINER | class::ROLE_START)
        || names.at[start] != 0
        || doc.tokens[start].is_capital()
        || doc.reads_any(start, &["former", "senior", "deputy", "chief", "then"]);
    let role = (start..stop).take(8).any(|at| role_at(doc, at, stop, tables).is_some());
    (opens && role && stop > start).then_some(start..stop)
}

fn role_at(doc: &Doc, at: usize, end: usize, tables: &Tables) -> Option<(usize, Role)> {
    if !doc.tokens[at].any(class::ROLE_START) {
        return None;
    }
    let (length, roles) = tables.roles.longest(doc.tokens[at..end].iter().map(|token| token.word))?;
    Some((length, roles[0]))
}

/// The last role noun inside these tokens, before any `of`.
pub fn last_role(doc: &Doc, tokens: Range<usize>, tables: &Tables) -> Option<(Role, Range<usize>)> {
    let mut found = None;
    let mut at = tokens.start;
    while at < tokens.end {
        match role_at(doc, at, tokens.end, tables) {
            Some((length, role)) => {
                found = Some((role, at..at + length));
                at += length;
            }
            None if found.is_some() && doc.reads_any(at, &["of", "for", "at", "in", ","]) => break,
            None => at += 1,
        }
    }
    found
}

/// The country that a name inside a role phrase tells.
pub fn country(names: &Names, cast: &Cast, tokens: Range<usize>) -> Option<String> {
    let mut inside = names.within(tokens).filter(|name| cast.get(name.actor).actor.kind != ActorKind::Person);
    inside.find_map(|name| cast.get(name.actor).actor.country.clone())
}
