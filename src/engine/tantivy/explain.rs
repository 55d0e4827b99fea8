//! Why a hit stands where it does, and why a question has few: term by term.

use std::collections::HashSet;

use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocAddress, Searcher};

use super::clause::{Clause, meets};
use super::expand;
use super::lower::{Lowering, Target};
use super::{TantivyEngine, blocks, failed};
use crate::analysis::{Form as TokenForm, tokens};
use crate::error::Result;
use crate::field::Field;
use crate::hits::{TermCount, TermPart};
use crate::query::{Form, Node, Query, Word};

/// Scores single documents place by place.
pub struct Explainer {
    terms: Vec<(String, Weighed)>,
}

/// The places of one word, each with what weighs it there.
type Weighed = Vec<(&'static str, Box<dyn Weight>)>;

impl Explainer {
    /// Prepares the words of `query`.
    pub fn new(lowering: &Lowering<'_>, query: &Query) -> Result<Self> {
        let statistics = lowering.statistics();
        let mut terms = Vec::new();
        for (field, node) in leaves(query) {
            // Quotes are answered apart, and filters give nothing.
            if field.is_some_and(|field| field.is_of_quote() || field.is_keyword()) {
                continue;
            }
            let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, lowering.searcher);
            let weighed = |(name, clause): (&'static str, Clause)| Ok((name, clause.weight(scoring).map_err(failed)?));
            let places = lowering.leaf(node, field)?.into_iter().map(weighed).collect::<Result<Vec<_>>>()?;
            terms.push((shown(field, node), places));
        }
        Ok(Self { terms })
    }

    /// What each word gives to the document at `address`.
    pub fn terms(&self, searcher: &Searcher, address: DocAddress) -> Result<Vec<TermPart>> {
        let segment = searcher.segment_reader(address.segment_ord);
        let mut parts = Vec::new();
        for (term, places) in &self.terms {
            let mut fields: Vec<(String, f32)> = Vec::new();
            for (name, weight) in places {
                let mut scorer = weight.scorer(segment, 1.0).map_err(failed)?;
                if meets(scorer.as_mut(), address.doc_id) {
                    // Names of actors stand in several fields.
                    match fields.iter_mut().find(|(known, _)| known == name) {
                        Some((_, score)) => *score += scorer.score(),
                        None => fields.push(((*name).to_owned(), scorer.score())),
                    }
                }
            }
            let score = fields.iter().map(|(_, score)| score).sum();
            parts.push(TermPart { term: term.clone(), score, fields });
        }
        Ok(parts)
    }
}

/// How many articles have each term of the question, and what the missing ones may be misspellings of.
pub fn term_counts(engine: &TantivyEngine, query: &Query) -> Result<Vec<TermCount>> {
    let searcher = engine.searcher();
    let lowering = Lowering::matching(&searcher, engine.fields, Target::Articles);
    let mut counts = Vec::new();
    let mut seen = HashSet::new();
    for (field, node) in leaves(query) {
        let term = shown(field, node);
        if !seen.insert(term.clone()) {
            continue;
        }
        let alone = field.map_or_else(|| node.clone(), |field| Node::In(field, Box::new(node.clone())));
        let lowered = lowering.query(&Query { root: alone })?;
        let articles = blocks::count(&searcher, &lowered).map_err(failed)?;
        let nearest = if articles == 0 { nearest(engine, &searcher, field, node)? } else { None };
        counts.push(TermCount { term, articles, nearest });
    }
    Ok(counts)
}

fn nearest(engine: &TantivyEngine, searcher: &Searcher, field: Option<Field>, node: &Node) -> Result<Option<String>> {
    let Node::Word(Word { text, form: Form::Plain }) = node else { return Ok(None) };
    let Some(word) = tokens(text, TokenForm::Folded).next() else { return Ok(None) };
    let fields = &engine.fields;
    let place = match field {
        None | Some(Field::Text) => fields.text_forms,
        Some(Field::Title) => fields.title_forms,
        Some(Field::Said) => fields.said_forms,
        Some(Field::Speaker) => fields.speaker_name,
        Some(Field::Actor | Field::Person | Field::Org) => {
            return expand::nearest(searcher, &fields.names(), &word.text);
        }
        Some(Field::Country) => fields.country_name,
        Some(Field::Author) => fields.author,
        Some(_) => return Ok(None),
    };
    expand::nearest(searcher, &[place], &word.text)
}

/// The positive words and phrases of a question, each with its field, in the order they were asked.
fn leaves(query: &Query) -> Vec<(Option<Field>, &Node)> {
    fn walk<'a>(node: &'a Node, field: Option<Field>, found: &mut Vec<(Option<Field>, &'a Node)>) {
        match node {
            Node::And(children) | Node::Or(children) => children.iter().for_each(|child| walk(child, field, found)),
            Node::In(field, child) => walk(child, Some(*field), found),
            Node::Word(_) | Node::Phrase(_) | Node::Near(_) | Node::AtLeast(..) | Node::Inside(..) => {
                found.push((field, node));
            }
            Node::All | Node::Not(_) | Node::Period(..) | Node::Confidence(_) | Node::Is(..) => {}
        }
    }
    let mut found = Vec::new();
    walk(&query.root, None, &mut found);
    found
}

/// The leaf as the canonical query prints it.
fn shown(field: Option<Field>, leaf: &Node) -> String {
    let root = field.map_or_else(|| leaf.clone(), |field| Node::In(field, Box::new(leaf.clone())));
    Query { root }.to_string()
}
