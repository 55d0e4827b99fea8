//! A question made ready for ranking: what must match and scores, what only sifts, and what adds to a score.

use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur};
use tantivy::schema::Field as IndexField;

use super::clause::{Clause, boosted, phrase, row};
use super::lower::{Lowering, Target};
use super::schema;
use crate::analysis::{Form as TokenForm, Token};
use crate::error::Result;
use crate::field::Field;
use crate::query::{Form, Node, Query, Word};
use crate::rank::{self, FORM_BOOST, PAIR_BOOST};

/// Whether a condition gives no score to what meets it.
fn sifts(node: &Node) -> bool {
    match node {
        Node::In(field, _) => {
            matches!(
                field,
                Field::Source | Field::Lang | Field::Path | Field::Id | Field::Said | Field::Speaker | Field::Addressee
            )
        }
        Node::And(children) | Node::Or(children) => children.iter().all(sifts),
        Node::Period(..) | Node::Confidence(_) | Node::Is(..) | Node::Not(_) | Node::All => true,
        Node::Word(_) | Node::Phrase(_) | Node::Near(_) | Node::AtLeast(..) | Node::Inside(..) => false,
    }
}

/// A question lowered for ranking.
pub struct Ranking {
    /// What must match, and what it scores.
    pub scored: Clause,
    /// What else must match; it scores nothing.
    pub sifter: Option<Clause>,
    /// What may match and then adds to the score.
    pub extras: Vec<Extra>,
    /// The first and the last day that a match may have, as the index keeps days; a match may still be sifted.
    pub days: (u64, u64),
    /// Whether words were asked for; without any, all matches score alike.
    pub has_words: bool,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { scored: Box::new(EmptyQuery), sifter: None, extras: Vec::new(), days: (0, u64::MAX), has_words: true }
    }
}

/// What adds to the score of a match.
pub struct Extra {
    /// What it is.
    pub clause: Clause,
    /// The most that it can add.
    pub most: f32,
}

impl Lowering<'_> {
    /// Neighbours among the plain words that are all asked for, each pair side by side in the text.
    fn pairs(&self, children: &[Node], field: Option<Field>) -> Result<Vec<Extra>> {
        let plain = |node: &Node| match node {
            Node::Word(Word { text, form: Form::Plain }) => Some(row(text, TokenForm::Stemmed)),
            _ => None,
        };
        let field = match (self.target, field) {
            (Target::Articles, None | Some(Field::Text)) => self.fields.text_stem,
            (Target::Quotes, None | Some(Field::Said)) => self.fields.said_stem,
            _ => return Ok(Vec::new()),
        };
        let mut pairs = Vec::new();
        for two in children.windows(2) {
            if let [Some(first), Some(second)] = [plain(&two[0]), plain(&two[1])] {
                let both: Vec<Token> = first.into_iter().chain(second).collect();
                if both.len() > 1 {
                    let clause = boosted(phrase(field, both.iter().map(|token| token.text.as_str())), PAIR_BOOST);
                    pairs.push(Extra { clause, most: self.most(field, &both)? * PAIR_BOOST });
                }
            }
        }
        Ok(pairs)
    }

    /// The most that BM25 can give to these words of a field together.
    fn most(&self, field: IndexField, words: &[Token]) -> Result<f32> {
        let count = |term: Term| self.searcher.doc_freq(&term).map_err(super::failed);
        let all = self.documents(self.target)?;
        let mut most = 0.0;
        for word in words {
            most += rank::idf(count(Term::from_field_text(field, &word.text))?, all);
        }
        Ok(most * rank::SATURATION)
    }

    /// The question for ranking: what must match and scores, what sifts, and what adds to the score of a match.
    ///
    /// Words that are all asked for become one flat intersection, words of which any is enough one flat union, so that
    /// the engine can skip what cannot win; everything else is tested on the few that may.
    ///
    /// # Errors
    /// As [`Lowering::query`].
    pub fn plan(&self, query: &Query) -> Result<Ranking> {
        let children = query.clauses();
        let (sifting, words): (Vec<&Node>, Vec<&Node>) = children.iter().partition(|node| sifts(node));
        if words.is_empty() {
            return Ok(Ranking { scored: self.query(query)?, has_words: false, ..Ranking::default() });
        }
        let together = |nodes: &[&Node]| Node::all_of(nodes.iter().map(|node| (*node).clone()).collect());
        let sifter = match sifting.is_empty() {
            true => None,
            false => Some(self.query(&Query { root: together(&sifting) })?),
        };
        let days = sifting.iter().fold((0, u64::MAX), |days, node| match node {
            Node::Period(Field::Date, period) => {
                let from = period.from.map_or(1, schema::day_number).max(days.0);
                (from, period.to.map_or(u64::MAX, schema::day_number).min(days.1))
            }
            _ => days,
        });
        let mut ranking = Ranking { sifter, days, ..Ranking::default() };
        let plain = |node: &&Node| matches!(node, Node::Word(Word { form: Form::Plain, .. }));
        if words.len() < 2 || !words.iter().all(plain) {
            ranking.scored = self.query(&Query { root: together(&words) })?;
            return Ok(ranking);
        }
        let mut required = Vec::with_capacity(words.len());
        for node in &words {
            let mut parts = self.leaf(node, None)?.into_iter();
            required.extend(parts.next().map(|(_, clause)| (Occur::Must, clause)));
            if let Node::Word(word) = node {
                let form =
                    if self.target == Target::Articles { self.fields.text_exact } else { self.fields.said_exact };
                let most = self.most(form, &row(&word.text, TokenForm::Folded))? * FORM_BOOST;
                ranking.extras.extend(parts.map(|(_, clause)| Extra { clause, most }));
            }
        }
        ranking.scored = Box::new(BooleanQuery::new(required));
        let words: Vec<Node> = words.into_iter().cloned().collect();
        ranking.extras.extend(self.pairs(&words, None)?);
        Ok(ranking)
    }
}
