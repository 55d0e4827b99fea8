//! Questions of places: proximity, stretched phrases, counts of a word, words inside quotes or outside.

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur};
use tantivy::schema::Field as IndexField;

use super::clause::{Clause, parts_and_wholes, row};
use super::expand;
use super::grounds::{Ground, Grounds};
use super::lower::{Lowering, Target};
use super::near::Positional;
use super::sources::List;
use crate::analysis::{Form as TokenForm, Token, filed_form};
use crate::engine::bounds::Mark;
use crate::engine::proximity::{Pattern, Reach};
use crate::error::{Error, Result};
use crate::field::Field;
use crate::query::{Form, How, Node, Phrase, Word, Zone};
use crate::rank::TITLE_BOOST;
use crate::text::fold;

/// A row of words that has places, each word under its stem.
struct WordRow {
    name: &'static str,
    forms: IndexField,
    boost: f32,
}

/// The words of a pattern while it is made.
struct Words {
    lists: Vec<List>,
    /// How many lists there will be; the lists of marks come behind them.
    total: usize,
}

impl Words {
    fn list(&mut self, list: List) -> usize {
        self.lists.push(list);
        self.lists.len() - 1
    }
}

impl Lowering<'_> {
    /// A question of places in every ground it is looked up in; `None` when places do not decide it.
    ///
    /// # Errors
    /// As [`Lowering::placed`]; a stretched phrase where words have no places.
    pub fn of_places(&self, node: &Node, field: Option<Field>) -> Result<Option<Vec<Ground>>> {
        match node {
            Node::Near(_) => self.placed(node, field, None, 1).map(Some),
            Node::AtLeast(times, child) => self.placed(child, field, None, *times).map(Some),
            Node::Phrase(Phrase { text, slop }) if *slop > 0 && row(text, TokenForm::Folded).len() > 1 => {
                let grounds = self.placed(node, field, None, 1)?;
                if grounds.is_empty() && !field.is_some_and(Field::is_keyword) {
                    let message = format!("`\"{text}\"~{slop}` stretches a phrase where words have no places");
                    return Err(Error::usage(message).hint("leave its `~` out, or ask the text: `\"…\"~5`"));
                }
                Ok(Some(grounds).filter(|grounds| !grounds.is_empty()))
            }
            _ => Ok(None),
        }
    }

    /// A question of places in every ground it is looked up in.
    ///
    /// # Errors
    /// A pattern stands for too many words, or a word has no places.
    fn placed(&self, node: &Node, field: Option<Field>, inside: Option<bool>, times: u32) -> Result<Vec<Ground>> {
        let mut parts = Vec::new();
        for row in self.rows(field, inside) {
            // The numbers of the lists of marks depend on how many lists of words there are.
            let mut words = Words { lists: Vec::new(), total: 0 };
            self.pattern(node, &row, &mut words)?;
            let mut words = Words { total: words.lists.len(), lists: Vec::new() };
            let pattern = self.pattern(node, &row, &mut words)?;
            let query =
                Positional { field: row.forms, bounds: self.fields.bounds, lists: words.lists, pattern, inside, times };
            parts.push(Ground { name: row.name, query, boost: row.boost });
        }
        Ok(parts)
    }

    /// Words that must stand in a part of the text.
    ///
    /// # Errors
    /// As [`Lowering::placed`].
    pub fn inside(&self, zone: Zone, node: &Node) -> Result<Clause> {
        let each = |children: &[Node], occur: Occur| {
            children.iter().map(|child| Ok((occur, self.inside(zone, child)?))).collect::<Result<Vec<_>>>()
        };
        Ok(match node {
            Node::Or(children) => Box::new(BooleanQuery::new(each(children, Occur::Should)?)),
            Node::And(children) => {
                let mut clauses = Vec::with_capacity(children.len());
                for child in children {
                    clauses.push(match child {
                        Node::Not(child) => (Occur::MustNot, self.inside(zone, child)?),
                        child => (Occur::Must, self.inside(zone, child)?),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, self.kind()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Not(child) => {
                let clauses = vec![(Occur::Must, self.kind()), (Occur::MustNot, self.inside(zone, child)?)];
                Box::new(BooleanQuery::new(clauses))
            }
            Node::AtLeast(times, child) => {
                Box::new(Grounds(self.placed(child, None, Some(zone == Zone::Quote), *times)?))
            }
            word => Box::new(Grounds(self.placed(word, None, Some(zone == Zone::Quote), 1)?)),
        })
    }

    fn rows(&self, field: Option<Field>, inside: Option<bool>) -> Vec<WordRow> {
        let fields = &self.fields;
        let text = WordRow { name: "text", forms: fields.text_forms, boost: 1.0 };
        let title = WordRow { name: "title", forms: fields.title_forms, boost: TITLE_BOOST };
        match (self.target, field) {
            (Target::Quotes, None | Some(Field::Said)) => {
                vec![WordRow { name: "quote", forms: fields.said_forms, boost: 1.0 }]
            }
            // A headline has no quotes that were told apart.
            (Target::Articles, None) if inside.is_none() => vec![text, title],
            (Target::Articles, None | Some(Field::Text)) => vec![text],
            (Target::Articles, Some(Field::Title)) => vec![title],
            _ => Vec::new(),
        }
    }

    fn pattern(&self, node: &Node, of: &WordRow, words: &mut Words) -> Result<Pattern> {
        match node {
            Node::Word(word) => self.word_pattern(word, of, words),
            Node::Phrase(Phrase { text, slop }) => {
                let tokens = row(text, TokenForm::Filed);
                let first = tokens.first().map_or(0, |token| token.position);
                let list = |text: &str| List::of_terms(vec![Term::from_field_text(of.forms, text)]);
                let row: Vec<(usize, u32)> =
                    tokens.iter().map(|token| (words.list(list(&token.text)), token.position - first)).collect();
                Ok(if *slop == 0 { Pattern::Row(row) } else { Pattern::Loose(row, *slop) })
            }
            Node::Or(children) => {
                let parts = children.iter().map(|child| self.pattern(child, of, words)).collect::<Result<_>>()?;
                Ok(Pattern::AnyOf(parts))
            }
            Node::Near(near) => {
                let left = self.pattern(&near.left, of, words)?;
                let right = self.pattern(&near.right, of, words)?;
                let reach = match near.how {
                    How::Near(distance) => Reach::Near(distance),
                    How::Adj(distance) => Reach::Adj(distance),
                    How::Sentence => Reach::Unit(Positional::list_of(words.total, Mark::Sentence)),
                    How::Paragraph => Reach::Unit(Positional::list_of(words.total, Mark::Paragraph)),
                };
                Ok(Pattern::Near(Box::new(left), Box::new(right), reach))
            }
            // The parser lets nothing else stand here.
            _ => Err(Error::usage(format!("`{node}` has no place in a text"))),
        }
    }

    fn word_pattern(&self, word: &Word, of: &WordRow, words: &mut Words) -> Result<Pattern> {
        let exact = |text: &String| Term::from_field_text(of.forms, &filed_form(text));
        let folded = fold(&word.text);
        match word.form {
            Form::Exact => {
                Err(Error::usage(format!("`={}` has no place in the index that could be compared", word.text))
                    .hint(format!("write `{}` without `=` here", word.text)))
            }
            Form::Pattern => {
                let found = expand::pattern(self.searcher, &[of.forms], &folded)?;
                Ok(Pattern::Word(words.list(List::of_terms(found.iter().map(exact).collect()))))
            }
            Form::Fuzzy(most) => {
                let found = expand::misspelt(self.searcher, &[of.forms], &folded, usize::from(most))?;
                Ok(Pattern::Word(words.list(List::of_terms(found.iter().map(exact).collect()))))
            }
            Form::Plain => {
                let list = |token: &Token| self.list_of_forms(of.forms, &token.text);
                let any = |tokens: Vec<Token>| tokens.iter().map(list).collect::<Result<_>>().map(List::any_of);
                // A compound stands in its parts, or as one word.
                let (parts, wholes) = parts_and_wholes(&word.text, TokenForm::Stemmed);
                let Some(first) = parts.first() else { return Ok(Pattern::Word(words.list(any(wholes)?))) };
                let places = parts.iter().map(|part| part.position - first.position);
                let row: Vec<usize> = parts.iter().map(|part| Ok(words.list(list(part)?))).collect::<Result<_>>()?;
                let row = row.into_iter().zip(places).collect();
                Ok(Pattern::AnyOf(vec![Pattern::Row(row), Pattern::Word(words.list(any(wholes)?))]))
            }
        }
    }
}
