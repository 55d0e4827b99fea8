//! Questions as the archive is asked: countries and languages by their codes, as articles are filed by them.
//!
//! Names are indexed word by word, so that `country:China` alone would find Taiwan, the Republic of China, too.

use crate::corpus::language_code;
use crate::error::Result;
use crate::extract::Tables;
use crate::facts::ActorKind;
use crate::field::Field;
use crate::query::{self, Form, Node, Options, Parsed, Query, Word};
use crate::text::fold;

/// How the ids of states begin; what follows is the code of the country.
const STATE: &str = "state:";

/// Reads a question to an archive: a country or a language that it names is asked for by its code.
///
/// # Errors
/// As [`query::parse`].
pub fn parse(text: &str, options: &Options) -> Result<Parsed> {
    let parsed = query::parse(text, options)?;
    Ok(Parsed { query: Query { root: coded(parsed.query.root, None) }, ..parsed })
}

/// The same node with codes, which stands under `field`.
fn coded(node: Node, field: Option<Field>) -> Node {
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| coded(node, field)).collect();
    match node {
        Node::And(nodes) => Node::And(each(nodes)),
        Node::Or(nodes) => Node::Or(each(nodes)),
        Node::Not(node) => Node::Not(Box::new(coded(*node, field))),
        Node::In(field, node) => Node::In(field, Box::new(coded(*node, Some(field)))),
        Node::Word(Word { form: Form::Plain | Form::Exact, ref text }) => code_of(text, field).unwrap_or(node),
        Node::Phrase(ref phrase) if phrase.slop == 0 => code_of(&phrase.text, field).unwrap_or(node),
        other => other,
    }
}

/// The code of what has this name, where the field has codes.
fn code_of(name: &str, field: Option<Field>) -> Option<Node> {
    let code = match field? {
        Field::Country => country_code(name)?,
        Field::Lang => language_code(name)?,
        _ => return None,
    };
    Some(Node::Word(Word { text: code, form: Form::Plain }))
}

/// The ISO code of the one country of this name or code; none for what nobody is called, and for what two are called.
pub fn country_code(name: &str) -> Option<String> {
    let name = &*name.replace('.', "");
    // What needs no tables; `UK` is the only code that people write and that is none.
    if name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase()) && name != "UK" {
        return Some(name.to_owned());
    }
    let of_name = Tables::builtin().actors_named(name);
    let states = of_name.iter().filter(|actor| actor.kind == ActorKind::State);
    let mut codes = states
        .filter(|actor| actor.names.iter().any(|known| fold(&known.text) == fold(name)))
        .filter_map(|actor| actor.id.strip_prefix(STATE));
    match (codes.next(), codes.next()) {
        (Some(of_state), None) => Some(of_state.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Day;

    #[test]
    fn names_become_codes() {
        let options = Options { today: Day::from_number(20_000).unwrap(), any: false };
        let check = |typed: &str, expected: &str| {
            assert_eq!(parse(typed, &options).unwrap().query.to_string(), expected, "{typed}");
        };
        check("country:China", "country:CN");
        check("country:china -country:Taiwan", "country:CN -country:TW");
        check("country:\"United Kingdom\"", "country:GB");
        check("country:UK", "country:GB");
        check("country:(Türkiye OR \"South Korea\")", "country:(TR OR KR)");
        check("country:CN", "country:CN");
        check("country:\"US\" country:U.S. country:us", "country:US country:US country:US");
        check("country:=China", "country:CN");
        check("country:Atlantis China", "country:Atlantis China");
        check("country:Ukr*", "country:Ukr*");
        check("actor:China", "actor:China");
        check("lang:English -lang:Russian", "lang:en -lang:ru");
        check("lang:(EN-us OR fra)", "lang:(en OR fr)");
        check("lang:\"Persian\" lang:Klingon", "lang:fa lang:Klingon");
    }
}
