//! How a condition is understood, in words: for people who wonder what a question asks.

use crate::field::{self, Field, FieldKind};
use crate::query::{Form, How, Node, Query, Zone};

impl Query {
    /// Every word, phrase and proximity that is looked for, as canonical text, with how it is understood.
    pub fn readings(&self) -> Vec<(String, String)> {
        let mut readings = Vec::new();
        collect(&self.root, None, false, &mut readings);
        readings
    }
}

fn collect(node: &Node, field: Option<Field>, excluded: bool, readings: &mut Vec<(String, String)>) {
    match node {
        Node::And(children) | Node::Or(children) => {
            children.iter().for_each(|child| collect(child, field, excluded, readings));
        }
        Node::Not(inside) => collect(inside, field, !excluded, readings),
        Node::In(field, inside) => collect(inside, Some(*field), excluded, readings),
        node => {
            let shown = field.map_or_else(|| node.clone(), |field| Node::In(field, Box::new(node.clone())));
            let place = field.map_or_else(|| usual_place(node).to_owned(), |field| field::info(field).help.to_owned());
            let prefix = if excluded { "excluded: " } else { "" };
            readings.push((shown.to_string(), format!("{prefix}{}{place}", form(node, field))));
        }
    }
}

/// How the word itself is matched; with a comma before the place that follows.
fn form(node: &Node, field: Option<Field>) -> String {
    let keyword = field.is_some_and(|field| field::info(field).kind == FieldKind::Keyword);
    let what = match node {
        Node::Word(word) => match word.form {
            Form::Plain if field == Some(Field::Id) => "this id",
            Form::Plain if keyword => "this value, case and accents aside",
            Form::Plain if field == Some(Field::Country) => "this code, or this word of a name",
            Form::Plain if field.is_some_and(|field| field::info(field).kind == FieldKind::Name) => {
                "this word of a name, or this id"
            }
            Form::Plain => "any inflection, case and accents aside",
            Form::Exact => "exactly as written",
            Form::Pattern => "every word that fits",
            Form::Fuzzy(1) => "up to one wrong letter",
            Form::Fuzzy(_) => "up to two wrong letters",
        },
        Node::Phrase(phrase) if phrase.slop > 0 => "these words, moved by so many places in all",
        Node::Phrase(_) => "these words in a row, in this very form",
        Node::Near(near) => match near.how {
            How::Near(_) => "both so many words apart at most, in either order",
            How::Adj(_) => "both so many words apart at most, in this order",
            How::Sentence => "both in one sentence",
            How::Paragraph => "both in one paragraph",
        },
        Node::AtLeast(..) => "so many times or more",
        Node::Inside(Zone::Quote, _) => "inside what somebody says",
        Node::Inside(Zone::Narration, _) => "outside of all quotes",
        _ => return String::new(),
    };
    format!("{what}; ")
}

/// Where a condition without a field is looked up.
fn usual_place(node: &Node) -> &'static str {
    match node {
        Node::Word(word) if word.form == Form::Exact => "text and headline",
        Node::Word(_) | Node::Phrase(_) => "text, headline, and every name of the actors in it",
        Node::Near(_) | Node::AtLeast(..) => "text, or headline",
        Node::Inside(..) => "text",
        Node::Period(field, _) => field::info(*field).help,
        Node::Confidence(_) => field::info(Field::Confidence).help,
        Node::Is(field, _) => field::info(*field).help,
        _ => "every article",
    }
}

#[cfg(test)]
mod tests {
    use crate::date::Day;
    use crate::query::{Options, parse};

    #[test]
    fn readings_say_how_and_where() {
        let options = Options { today: Day::from_ymd(2024, 6, 15).unwrap(), any: false };
        let check = |text: &str, expected: &str| {
            let readings = parse(text, &options).unwrap().query.readings();
            let shown: Vec<String> = readings.iter().map(|(term, reading)| format!("{term} = {reading}")).collect();
            assert_eq!(shown.join(" | "), expected, "{text}");
        };
        check(
            "NATO",
            "NATO = any inflection, case and accents aside; text, headline, and every name of the actors in it",
        );
        check("-=Turkey", "=Turkey = excluded: exactly as written; text and headline");
        check("title:red*", "title:red* = every word that fits; words of the headline");
        check("a NEAR/5 b", "a NEAR/5 b = both so many words apart at most, in either order; text, or headline");
        check("source:ap", "source:ap = this value, case and accents aside; the outlet or wire it comes from");
        check("date:2022", "date:2022 = when it was published");
    }
}
