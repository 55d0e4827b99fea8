//! A question lowered to tantivy queries, for articles or for quotes.
//!
//! Where a clause speaks of the other kind of document, it is answered there first and joined by the article's key:
//! `speaker:` and `said:` among the clauses of one AND bind to one and the same quote. Filters score nothing, so
//! relevance is a matter of words alone.

use std::rc::Rc;

use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, Occur};
use tantivy::schema::Field as IndexField;
use tantivy::{Searcher, Term};

use super::blocks;
use super::clause::{Clause, between, filter, having_keys, row, term, union};
use super::grounds::Grounds;
use super::schema::{self, Fields};
use super::statistics::{Frequencies, KindStatistics};
use crate::analysis::Form as TokenForm;
use crate::error::Result;
use crate::facts::QuoteKind;
use crate::field::Field;
use crate::query::{Form, Node, Query, Word, Zone};
use crate::rank::{self, Sort};

/// Which kind of document the question is put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Articles.
    Articles,
    /// Quotes.
    Quotes,
}

/// Whether a condition is met by one quote, the same as the others of its kind.
fn of_one_quote(node: &Node) -> bool {
    match node {
        Node::In(field, _) => field.is_of_quote(),
        Node::Confidence(_) | Node::Is(Field::Kind, _) => true,
        _ => false,
    }
}

/// Lowers questions against one state of the index.
pub struct Lowering<'a> {
    /// The state.
    pub searcher: &'a Searcher,
    /// Its fields.
    pub fields: Fields,
    /// The kind of document wanted.
    pub target: Target,
    /// Whether scores are wanted; what only adds to a score is left out otherwise.
    pub scored: bool,
    /// The idf of the rarest plain word of the question; 0 when there is none.
    rarest: f32,
    /// How many documents have each term.
    frequencies: Rc<Frequencies<'a>>,
}

impl<'a> Lowering<'a> {
    /// For finding and counting what matches.
    pub fn matching(searcher: &'a Searcher, fields: Fields, target: Target) -> Self {
        let frequencies = Rc::new(Frequencies::new(searcher));
        Self { searcher, fields, target, scored: false, rarest: 0.0, frequencies }
    }

    /// For a list of what answers `query`: sorted by date, it needs no scores.
    ///
    /// # Errors
    /// As [`Lowering::scoring`].
    pub fn listing(searcher: &'a Searcher, fields: Fields, target: Target, query: &Query, sort: Sort) -> Result<Self> {
        if sort.is_by_date() {
            return Ok(Self::matching(searcher, fields, target));
        }
        Self::scoring(searcher, fields, target, query)
    }

    /// For scoring what answers `query`.
    ///
    /// # Errors
    /// The statistics of the index cannot be read.
    pub fn scoring(searcher: &'a Searcher, fields: Fields, target: Target, query: &Query) -> Result<Self> {
        let mut lowering = Self { scored: true, ..Self::matching(searcher, fields, target) };
        for (field, node) in query.terms() {
            if let (None, Node::Word(Word { text, form: Form::Plain })) = (field, node) {
                lowering.rarest = lowering.rarest.max(lowering.idf(text)?);
            }
        }
        Ok(lowering)
    }

    /// The same for what only has to match: no score is wanted, and nothing is counted for one.
    pub fn unscored(&self) -> Self {
        Self { scored: false, frequencies: Rc::clone(&self.frequencies), ..*self }
    }

    /// How many documents have `term`.
    pub fn frequency(&self, term: &Term) -> Result<u64> {
        self.frequencies.of(term).map_err(super::failed)
    }

    /// How many documents have any form of a stem, in a field that has the forms.
    pub fn having_any(&self, field: IndexField, stem: &str) -> Result<u64> {
        self.frequencies.of_forms(field, stem).map_err(super::failed)
    }

    /// How many documents of a kind there are, deleted ones among them, as in the frequencies of words.
    pub fn documents(&self, target: Target) -> Result<u64> {
        self.frequency(&self.kind_term(target))
    }

    /// What every document of a kind has.
    fn kind_term(&self, target: Target) -> Term {
        let kind = if target == Target::Articles { schema::ARTICLE } else { schema::QUOTE };
        Term::from_field_u64(self.fields.kind, kind)
    }

    /// What BM25 weighs the words of the target kind by.
    pub fn statistics(&self) -> KindStatistics<'a> {
        KindStatistics { frequencies: Rc::clone(&self.frequencies), kind: self.kind_term(self.target) }
    }

    /// How much a plain word of the question counts beside its rarest.
    pub fn rarity_of(&self, word: &str) -> Result<f32> {
        Ok(rank::rarity(self.idf(word)?, self.rarest))
    }

    /// The idf of a plain word among articles; 0 when no article has it, or when it is a compound.
    fn idf(&self, text: &str) -> Result<f32> {
        let [token] = &row(text, TokenForm::Stemmed)[..] else { return Ok(0.0) };
        let having = self.frequency(&Term::from_field_text(self.fields.all, &token.text))?;
        let all = self.documents(Target::Articles)?;
        Ok(if having == 0 { 0.0 } else { rank::idf(having, all) })
    }
}

impl Lowering<'_> {
    /// The whole question, restricted to documents of the target kind.
    pub fn query(&self, query: &Query) -> Result<Clause> {
        let lowered = self.node(&query.root, None)?;
        if self.is_bound(&query.root) {
            return Ok(lowered);
        }
        Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, lowered), (Occur::Must, self.kind())])))
    }

    /// Whether only documents of the target kind can match, because every way to match goes through a field of theirs.
    fn is_bound(&self, node: &Node) -> bool {
        match node {
            Node::Word(_) | Node::Phrase(_) | Node::Near(_) | Node::AtLeast(..) | Node::Inside(..) => true,
            Node::And(children) => children.iter().any(|child| self.is_bound(child)),
            Node::Or(children) => children.iter().all(|child| self.is_bound(child)),
            Node::In(field, _) => {
                matches!(
                    field,
                    Field::Title
                        | Field::Text
                        | Field::Actor
                        | Field::Person
                        | Field::Org
                        | Field::Author
                        | Field::Country
                ) && self.target == Target::Articles
            }
            Node::All | Node::Not(_) | Node::Period(..) | Node::Confidence(_) | Node::Is(..) => false,
        }
    }

    /// Every document of the target kind.
    pub fn kind(&self) -> Clause {
        filter(term(self.kind_term(self.target)))
    }

    /// One node under a field, `None` outside of any.
    fn node(&self, node: &Node, field: Option<Field>) -> Result<Clause> {
        match node {
            Node::All => Ok(filter(Box::new(AllQuery))),
            Node::And(children) => self.all_of(children, field),
            Node::Or(children) => self.any_of(children, field),
            Node::Not(child) => self.none_of(child, field),
            Node::In(field, child) => self.in_field(*field, child),
            Node::Period(field, period) => Ok(filter(Self::period(*field, *period))),
            Node::Confidence(chance) => match self.target {
                Target::Articles => self.join_quotes(&[node]),
                Target::Quotes => Ok(between(vec![("confidence", chance.from.into(), chance.to.into())])),
            },
            Node::Is(Field::Kind, what) => match self.target {
                Target::Articles => self.join_quotes(&[node]),
                Target::Quotes => Ok(filter(term(Term::from_field_text(self.fields.rendering, what)))),
            },
            Node::Is(field, what) => self.of_articles(node, || Ok(self.is(*field, what))),
            Node::Inside(zone, child) => match (self.target, zone) {
                (Target::Articles, _) => self.inside(*zone, child),
                (Target::Quotes, Zone::Quote) => {
                    let is = |kind: QuoteKind| term(Term::from_field_text(self.fields.rendering, kind.name()));
                    let verbatim = union(vec![is(QuoteKind::Direct), is(QuoteKind::Mixed)]);
                    let both = vec![(Occur::Must, self.node(child, None)?), (Occur::Must, filter(verbatim))];
                    Ok(Box::new(BooleanQuery::new(both)))
                }
                (Target::Quotes, Zone::Narration) => self.of_articles(node, || Ok(Box::new(EmptyQuery))),
            },
            Node::Word(_) | Node::Phrase(_) | Node::Near(_) | Node::AtLeast(..) => {
                if let Some(grounds) = self.of_places(node, field)? {
                    return Ok(Box::new(Grounds(grounds)));
                }
                let parts = self.leaf(node, field)?;
                Ok(union(parts.into_iter().map(|(_, clause)| clause).collect()))
            }
        }
    }

    fn all_of(&self, children: &[Node], field: Option<Field>) -> Result<Clause> {
        let mut clauses = Vec::with_capacity(children.len());
        let bound: Vec<&Node> = children.iter().filter(|child| of_one_quote(child)).collect();
        for child in children {
            match child {
                Node::Not(child) => clauses.push((Occur::MustNot, self.node(child, field)?)),
                child if self.target == Target::Articles && of_one_quote(child) => {}
                child => clauses.push((Occur::Must, self.node(child, field)?)),
            }
        }
        if self.target == Target::Articles && !bound.is_empty() {
            clauses.push((Occur::Must, self.join_quotes(&bound)?));
        }
        if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
            clauses.push((Occur::Must, self.kind()));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn any_of(&self, children: &[Node], field: Option<Field>) -> Result<Clause> {
        let mut clauses = Vec::with_capacity(children.len());
        for child in children {
            match child {
                // One flat union of words lets the engine skip whole blocks of articles.
                Node::Word(_) | Node::Phrase(_) => {
                    clauses.extend(self.leaf(child, field)?.into_iter().map(|(_, clause)| clause));
                }
                child => clauses.push(self.node(child, field)?),
            }
        }
        Ok(union(clauses))
    }

    fn none_of(&self, child: &Node, field: Option<Field>) -> Result<Clause> {
        let clauses = vec![(Occur::Must, self.kind()), (Occur::MustNot, self.node(child, field)?)];
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn in_field(&self, field: Field, child: &Node) -> Result<Clause> {
        match field {
            field if field.is_of_quote() && self.target == Target::Articles => {
                self.join_quotes(&[&Node::In(field, Box::new(child.clone()))])
            }
            Field::Title | Field::Text | Field::Actor | Field::Person | Field::Org | Field::Author | Field::Country
                if self.target == Target::Quotes =>
            {
                let node = Node::In(field, Box::new(child.clone()));
                self.of_articles(&node, || Ok(Box::new(EmptyQuery)))
            }
            field if field.is_keyword() => Ok(filter(self.node(child, Some(field))?)),
            _ => self.node(child, Some(field)),
        }
    }

    /// Answers `node` among articles: directly, or joined by their key when quotes are wanted.
    fn of_articles(&self, node: &Node, direct: impl FnOnce() -> Result<Clause>) -> Result<Clause> {
        if self.target == Target::Articles {
            return direct();
        }
        let other = Lowering { target: Target::Articles, ..self.unscored() };
        self.joined(&other, node)
    }

    fn join_quotes(&self, bound: &[&Node]) -> Result<Clause> {
        let node = match bound {
            [only] => (*only).clone(),
            several => Node::And(several.iter().map(|node| (*node).clone()).collect()),
        };
        self.joined(&Lowering { target: Target::Quotes, ..self.unscored() }, &node)
    }

    /// Documents of the target kind whose article is that of a document of the other kind that matches.
    fn joined(&self, other: &Lowering<'_>, node: &Node) -> Result<Clause> {
        let there = other.query(&Query { root: node.clone() })?;
        let keys = blocks::keys(self.searcher, &there).map_err(super::failed)?;
        let clauses = vec![(Occur::Must, having_keys(keys)), (Occur::Must, self.kind())];
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A word or phrase in every place it is looked up, each with the name of the place.
    pub fn leaf(&self, node: &Node, field: Option<Field>) -> Result<Vec<(&'static str, Clause)>> {
        if let Some(parts) = self.of_places(node, field)? {
            return Ok(parts.into_iter().map(|ground| (ground.name, ground.clause())).collect());
        }
        match (node, field) {
            (Node::Word(word), Some(keyword)) if keyword.is_keyword() => {
                Ok(vec![("filter", self.keyword(field, &word.text)?)])
            }
            (Node::Phrase(phrase), Some(keyword)) if keyword.is_keyword() => {
                Ok(vec![("filter", self.keyword(field, &phrase.text)?)])
            }
            (Node::Word(word), field) => self.word(word, field),
            (Node::Phrase(phrase), field) => Ok(self.phrase(phrase, field)),
            (Node::Inside(..), _) => Ok(vec![("part of the text", self.node(node, None)?)]),
            _ => Ok(Vec::new()),
        }
    }
}
