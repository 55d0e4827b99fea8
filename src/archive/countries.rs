//! Countries in questions: a name is asked by its code, as articles are filed by it.
//!
//! Names are indexed word by word, so that `country:China` alone would find Taiwan, the Republic of China, too.

use crate::extract::Tables;
use crate::facts::ActorKind;
use crate::field::Field;
use crate::query::{Form, Node, Query, Word};
use crate::text::fold;

/// How the ids of states begin; what follows is the code of the country.
const STATE: &str = "state:";

/// The same question with the code of every country that is asked for by one of its names in the tables.
pub fn with_codes(query: Query) -> Query {
    Query { root: coded(query.root, false) }
}

fn coded(node: Node, is_country: bool) -> Node {
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| coded(node, is_country)).collect();
    match node {
        Node::And(nodes) => Node::And(each(nodes)),
        Node::Or(nodes) => Node::Or(each(nodes)),
        Node::Not(node) => Node::Not(Box::new(coded(*node, is_country))),
        Node::In(field, node) => Node::In(field, Box::new(coded(*node, field == Field::Country))),
        Node::Word(Word { form: Form::Plain | Form::Exact, ref text }) if is_country => code_of(text).unwrap_or(node),
        Node::Phrase(ref phrase) if is_country && phrase.slop == 0 => code_of(&phrase.text).unwrap_or(node),
        other => other,
    }
}

/// The code of the one country of this name; none for what nobody is called, and for what two are called.
fn code_of(name: &str) -> Option<Node> {
    let name = &*name.replace('.', "");
    let code = |code: &str| Node::Word(Word { text: code.to_owned(), form: Form::Plain });
    // What needs no tables; `UK` is the only code that people write and that is none.
    if name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase()) && name != "UK" {
        return Some(code(name));
    }
    let of_name = Tables::builtin().actors_named(name);
    let states = of_name.iter().filter(|actor| actor.kind == ActorKind::State);
    let mut codes = states
        .filter(|actor| actor.names.iter().any(|known| fold(&known.text) == fold(name)))
        .filter_map(|actor| actor.id.strip_prefix(STATE));
    match (codes.next(), codes.next()) {
        (Some(of_state), None) => Some(code(of_state)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Day;
    use crate::query::{Options, parse};

    #[test]
    fn names_of_countries_become_codes() {
        let options = Options { today: Day::from_number(20_000).unwrap(), any: false };
        let check = |typed: &str, expected: &str| {
            assert_eq!(with_codes(parse(typed, &options).unwrap().query).to_string(), expected, "{typed}");
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
    }
}
