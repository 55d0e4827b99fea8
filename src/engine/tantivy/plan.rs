//! A question made ready for ranking: what must match and scores, what only sifts, and what adds to a score.

use tantivy::Term;
use tantivy::query::{EmptyQuery, Occur};
use tantivy::schema::Field as IndexField;

use super::clause::{Clause, only_token, row, union};
use super::extras::{Ceiling, Extra};
use super::lower::{Lowering, Target};
use super::near::Positional;
use super::schema;
use super::sources::List;
use super::together::Together;
use crate::analysis::{Form as TokenForm, tokens};
use crate::engine::proximity::Pattern;
use crate::error::Result;
use crate::field::Field;
use crate::query::{Form, Node, Query, Word};
use crate::rank::{self, FORM_BOOST, PAIR_BOOST};

/// So few documents are not worth skipping blocks for: the list has not filled before most of them are seen.
const FEW: f32 = 100.0;

/// A word so many times as rare as the commonest meets fewer documents than that one has blocks (of 128 documents).
const RARER: f32 = 128.0;

/// Whether a condition gives no score to what meets it.
fn sifts(node: &Node) -> bool {
    match node {
        Node::In(field, _) => field.is_keyword() || field.is_of_quote(),
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

/// Whether ranking a question looks at everything that matches, because little of it can be skipped, and of quotes nothing:
/// then what it sees need not be walked again to be counted.
pub fn sees_all(query: &Query, target: Target) -> bool {
    let words: Vec<&Node> = query.clauses().iter().filter(|node| !sifts(node)).collect();
    !words.is_empty() && (target == Target::Quotes || plain_words(&words).is_none())
}

/// Where no more documents than this can match, scoring all of them costs less than walking them once more to count.
const FEW_MATCHES: u64 = 10_000;

/// The plain words of a question, and whether all of them are asked for.
enum PlainWords<'a> {
    All(Vec<&'a Word>),
    Any(Vec<&'a Word>),
}

/// A plain word, taken apart.
struct Plain<'a> {
    text: &'a str,
    /// Its stems, one for each place; of a compound there are several.
    parts: Vec<String>,
    /// Its stem and its very form, when it is one word in every reading.
    whole: Option<(String, String)>,
}

impl<'a> Plain<'a> {
    fn new(text: &'a str) -> Self {
        let parts = row(text, TokenForm::Stemmed).into_iter().map(|token| token.text).collect();
        let whole = only_token(text, TokenForm::Stemmed).zip(only_token(text, TokenForm::Filed));
        Self { text, parts, whole }
    }
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
        let all = self.documents(self.target)? as f32;
        let mut clauses = Vec::with_capacity(words.len());
        let mut likely = all;
        for word in words {
            let mut parts = self.leaf(&Node::Word((*word).clone()), None)?.into_iter();
            let share = self.share_of(&word.text)?;
            likely *= share;
            clauses.extend(parts.next().map(|(_, clause)| (share, clause)));
            ranking.extras.extend(parts.map(|(_, clause)| Extra::Clause(clause)));
        }
        clauses.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let is_led = clauses.first().zip(clauses.last()).is_some_and(|(rarest, most)| rarest.0 * RARER < most.0);
        let few = likely < FEW || is_led;
        let clauses: Vec<Clause> = clauses.into_iter().map(|(_, clause)| clause).collect();
        ranking.scored = match occur {
            Occur::Must if clauses.len() > 1 => Box::new(Together { clauses, few }),
            _ => union(clauses),
        };
        let words: Vec<Plain> = words.iter().map(|word| Plain::new(&word.text)).collect();
        let pairs = if occur == Occur::Must { words.windows(2) } else { [].windows(2) };
        for two in pairs {
            ranking.extras.extend(self.pair(&two[0], &two[1])?);
        }
        ranking.ceiling = self.ceiling(&words, occur)?;
        Ok(())
    }

    /// Two words side by side in the text.
    fn pair(&self, first: &Plain, second: &Plain) -> Result<Option<Extra>> {
        let (ranks, forms) = self.ranking_fields();
        let parts = [first, second].into_iter().flat_map(|word| &word.parts);
        let lists: Vec<List> = parts.map(|part| self.list_of_forms(forms, part)).collect::<Result<_>>()?;
        let positional = Positional {
            field: ranks,
            bounds: self.fields.bounds,
            pattern: Pattern::Row((0..lists.len()).zip(0..).collect()),
            inside: None,
            times: 1,
            lists,
        };
        Ok((positional.lists.len() > 1).then_some(Extra::Placed(positional, PAIR_BOOST)))
    }

    /// The most that the extras of these words can add.
    ///
    /// A word in its very form, and one beside another, comes up no more often than the word in the field that ranks, and
    /// is scored by the length of that field: what it adds is at most a multiple of what the word gives. That does not
    /// hold for compounds; what they add is at most what BM25 can give at all.
    fn ceiling(&self, words: &[Plain], occur: Occur) -> Result<Ceiling> {
        let (_, forms) = self.ranking_fields();
        let is_simple = |at: usize| words.get(at).is_none_or(|word| word.whole.is_some());
        let mut ceiling = Ceiling::default();
        for (at, word) in words.iter().enumerate() {
            let neighbours = [at > 0, at + 1 < words.len()].into_iter().filter(|there| *there && occur == Occur::Must);
            let pairs = neighbours.count() as f32 * PAIR_BOOST;
            match &word.whole {
                Some((stem, form)) if is_simple(at + 1) && (at == 0 || is_simple(at - 1)) => {
                    let given = self.idf_having(self.having_stem(stem)?)?;
                    let form = if given > 0.0 { FORM_BOOST * self.idf_of_form(forms, form)? / given } else { 0.0 };
                    ceiling.times = ceiling.times.max(1.0 + form + pairs / self.rarity_of(word.text)?);
                }
                _ => {
                    let mut most = 0.0;
                    for part in &word.parts {
                        most += pairs * self.idf_having(self.having_stem(part)?)?;
                    }
                    for token in tokens(word.text, TokenForm::Filed) {
                        most += FORM_BOOST * self.idf_of_form(forms, &token.text)?;
                    }
                    ceiling.plus += most * rank::SATURATION;
                }
            }
        }
        Ok(ceiling)
    }

    /// Whether a question of plain words can be met by few documents only.
    ///
    /// # Errors
    /// The statistics of the index cannot be read.
    pub fn meets_few(&self, query: &Query) -> Result<bool> {
        let words: Vec<&Node> = query.clauses().iter().filter(|node| !sifts(node)).collect();
        let having = |word: &&Word| match only_token(&word.text, TokenForm::Stemmed) {
            Some(stem) => self.having_stem(&stem),
            None => Ok(u64::MAX),
        };
        let most = match plain_words(&words) {
            Some(PlainWords::All(words)) => words.iter().map(having).collect::<Result<Vec<_>>>()?.into_iter().min(),
            Some(PlainWords::Any(words)) => {
                Some(words.iter().map(having).collect::<Result<Vec<_>>>()?.into_iter().fold(0, u64::saturating_add))
            }
            None => None,
        };
        Ok(most.is_some_and(|most| most <= FEW_MATCHES))
    }

    /// The share of documents that have a plain word; of compounds, which are rare, nothing is known.
    fn share_of(&self, text: &str) -> Result<f32> {
        let Some(stem) = only_token(text, TokenForm::Stemmed) else { return Ok(0.0) };
        let having = self.having_stem(&stem)?;
        Ok(having as f32 / self.documents(self.target)?.max(1) as f32)
    }

    /// The idf of a word in its very form.
    fn idf_of_form(&self, forms: IndexField, token: &str) -> Result<f32> {
        self.idf_having(self.frequency(&Term::from_field_text(forms, token))?)
    }

    /// The idf of what so many documents have; 0 when nothing has it, because nothing comes of it then.
    fn idf_having(&self, having: u64) -> Result<f32> {
        Ok(if having == 0 { 0.0 } else { rank::idf(having, self.documents(self.target)?) })
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
            false => Some(self.unscored().query(&Query { root: together(&sifting) })?),
        };
        let days = sifting.iter().fold((0, u64::MAX), |days, node| match node {
            Node::Period(Field::Date, period) => {
                let from = period.from.map_or(1, schema::day_number).max(days.0);
                (from, period.to.map_or(u64::MAX, schema::day_number).min(days.1))
            }
            _ => days,
        });
        let mut ranking = Ranking { sifter, days, ..Ranking::default() };
        match plain_words(&words).filter(|_| self.scored) {
            Some(PlainWords::All(words)) => self.words(&words, Occur::Must, &mut ranking)?,
            Some(PlainWords::Any(words)) => self.words(&words, Occur::Should, &mut ranking)?,
            None => ranking.scored = self.query(&Query { root: together(&words) })?,
        }
        Ok(ranking)
    }
}
