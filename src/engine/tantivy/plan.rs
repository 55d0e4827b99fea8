//! A question made ready for ranking: what must match and scores, what only sifts, and what adds to a score.

use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur};
use tantivy::schema::Field as IndexField;

use super::clause::{Clause, row};
use super::extras::{Ceiling, Extra};
use super::lower::{Lowering, Target, only_token};
use super::near::Positional;
use super::schema;
use crate::analysis::{Form as TokenForm, tokens};
use crate::engine::proximity::Pattern;
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
    /// The most that it can add.
    pub ceiling: Ceiling,
    /// The first and the last day that a match may have, as the index keeps days; a match may still be sifted.
    pub days: (u64, u64),
    /// Whether words were asked for; without any, all matches score alike.
    pub has_words: bool,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            scored: Box::new(EmptyQuery),
            sifter: None,
            extras: Vec::new(),
            ceiling: Ceiling::default(),
            days: (0, u64::MAX),
            has_words: true,
        }
    }
}

/// The plain words of a question, and whether all of them are asked for.
enum PlainWords<'a> {
    All(Vec<&'a Word>),
    Any(Vec<&'a Word>),
}

/// The words of a question that has nothing but plain words, all or any of them.
fn plain_words<'a>(nodes: &[&'a Node]) -> Option<PlainWords<'a>> {
    let plain = |node: &'a Node| match node {
        Node::Word(word @ Word { form: Form::Plain, .. }) => Some(word),
        _ => None,
    };
    match nodes {
        [Node::Or(children)] => children.iter().map(plain).collect::<Option<_>>().map(PlainWords::Any),
        nodes => nodes.iter().map(|node| plain(node)).collect::<Option<_>>().map(PlainWords::All),
    }
}

impl Lowering<'_> {
    /// The words themselves into what must match, what else they may add into the extras.
    fn words(&self, words: &[&Word], occur: Occur, ranking: &mut Ranking) -> Result<()> {
        let mut clauses = Vec::with_capacity(words.len());
        for word in words {
            let mut parts = self.leaf(&Node::Word((*word).clone()), None)?.into_iter();
            clauses.extend(parts.next().map(|(_, clause)| (occur, clause)));
            ranking.extras.extend(parts.map(|(_, clause)| Extra::Clause(clause)));
        }
        ranking.scored = match clauses.len() {
            1 => clauses.remove(0).1,
            _ => Box::new(BooleanQuery::new(clauses)),
        };
        let pairs = if occur == Occur::Must { words.windows(2) } else { [].windows(2) };
        ranking.extras.extend(pairs.filter_map(|two| self.pair(two[0], two[1])));
        ranking.ceiling = self.ceiling(words, occur)?;
        Ok(())
    }

    /// Two words side by side in the text.
    fn pair(&self, first: &Word, second: &Word) -> Option<Extra> {
        let (places, length_of) = match self.target {
            Target::Articles => (self.fields.text_stem, self.fields.all),
            Target::Quotes => (self.fields.said_stem, self.fields.said_stem),
        };
        let both: Vec<_> = [first, second].into_iter().flat_map(|word| row(&word.text, TokenForm::Stemmed)).collect();
        let lists = both.iter().map(|token| vec![Term::from_field_text(places, &token.text)]).collect();
        let pattern = Pattern::Row((0..).zip(0..).take(both.len()).collect());
        let bounds = self.fields.bounds;
        let positional = Positional { field: length_of, bounds, lists, pattern, inside: None, times: 1 };
        (both.len() > 1).then_some(Extra::Placed(positional, PAIR_BOOST))
    }

    /// The most that the extras of these words can add.
    ///
    /// A word in its very form, and one beside another, comes up no more often than the word in the field that ranks, and
    /// is scored by the length of that field: whatever it adds is at most a multiple of what the word gives. That does not
    /// hold for compounds; what they add is at most what BM25 can give at all.
    fn ceiling(&self, words: &[&Word], occur: Occur) -> Result<Ceiling> {
        let mut ceiling = Ceiling::default();
        for (at, word) in words.iter().enumerate() {
            let neighbours =
                if occur == Occur::Must { usize::from(at > 0) + usize::from(at + 1 < words.len()) } else { 0 };
            let pairs = neighbours as f32 * PAIR_BOOST;
            let (ranks, form, placed) = match self.target {
                Target::Articles => (self.fields.all, self.fields.text_exact, self.fields.text_stem),
                Target::Quotes => (self.fields.said_stem, self.fields.said_exact, self.fields.said_stem),
            };
            let stem = only_token(&word.text, TokenForm::Stemmed);
            let folded = only_token(&word.text, TokenForm::Folded);
            if let (Some(stem), Some(folded)) = (stem, folded) {
                let given = self.rarity_of(word)? * self.idf_in(ranks, &stem)?;
                let added = FORM_BOOST * self.rarity_of(word)? * self.idf_in(form, &folded)?
                    + pairs * self.idf_in(placed, &stem)?;
                // Of a word that no article has nothing comes.
                if given > 0.0 {
                    ceiling.times = ceiling.times.max(1.0 + added / given);
                }
            } else {
                let mut most = 0.0;
                for token in row(&word.text, TokenForm::Stemmed) {
                    most += pairs * self.idf_in(placed, &token.text)?;
                }
                for token in tokens(&word.text, TokenForm::Folded) {
                    most += FORM_BOOST * self.idf_in(form, &token.text)?;
                }
                ceiling.plus += most * rank::SATURATION;
            }
        }
        Ok(ceiling)
    }

    fn idf_in(&self, field: IndexField, token: &str) -> Result<f32> {
        let having = self.frequency(&Term::from_field_text(field, token))?;
        Ok(rank::idf(having, self.documents(self.target)?))
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
        match plain_words(&words) {
            Some(PlainWords::All(words)) => self.words(&words, Occur::Must, &mut ranking)?,
            Some(PlainWords::Any(words)) => self.words(&words, Occur::Should, &mut ranking)?,
            None => ranking.scored = self.query(&Query { root: together(&words) })?,
        }
        Ok(ranking)
    }
}
