//! A user's examples in, a model and its figures out.
//!
//! A tenth of the texts is held out: a first model learns from the others and is measured on it; then another tenth, until
//! enough names were looked at. The model that is handed back learns from all. Names of kinds that the examples do not have are left alone, in training and after.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::article::{Article, ArticleId, Origin};
use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::finder;
use crate::extract::tables::Tables;
use crate::extract::tagged::RULE;
use crate::extract::tagger::learn::{Sequence, learn, shuffle};
use crate::extract::tagger::model::{Model, is_possible};
use crate::extract::tagger::path::{OUTSIDE, first, labels};
use crate::extract::tagger::run::runs;
use crate::extract::tagger::sight::{FEATURES, Sight, hash_of};
use crate::extract::{Options, extract_with};
use crate::facts::{ActorKind, Form};
use crate::text::Span;

/// A text with the names in it.
#[derive(Debug, Clone)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Every name in it, and what it names; [`ActorKind::Unknown`] is any organisation.
    pub names: Vec<(Span, ActorKind)>,
}

/// Right, found and there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Names found rightly: the same bytes, the same kind.
    pub right: usize,
    /// Names found.
    pub found: usize,
    /// Names that are there.
    pub there: usize,
}

impl Counts {
    /// Precision, recall and their harmonic mean.
    pub fn shares(self) -> (f32, f32, f32) {
        let share = |whole: usize| if whole == 0 { 0.0 } else { self.right as f32 / whole as f32 };
        let mean =
            if self.found + self.there == 0 { 0.0 } else { 2.0 * self.right as f32 / (self.found + self.there) as f32 };
        (share(self.found), share(self.there), mean)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.found += other.found;
        self.there += other.there;
    }
}

/// How well names of one kind are found in the texts held out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    /// The kind; `None` for all together.
    pub kind: Option<ActorKind>,
    /// By tables and rules alone.
    pub before: Counts,
    /// With the tagger.
    pub after: Counts,
}

/// What training came to.
#[derive(Debug)]
pub struct Trained {
    /// The file of the model.
    pub text: String,
    /// How many features it has weights for.
    pub features: usize,
    /// How many texts were held out.
    pub held_out: usize,
    /// Names in all texts.
    pub names: usize,
    /// Those that lie in no run of capitals, or begin or end inside a word: the tagger cannot find them.
    pub beyond: usize,
    /// Figures by kind, all together last.
    pub scores: Vec<Score>,
}

/// Texts below which nothing is learned that holds for another text.
const FEWEST_TEXTS: usize = 10;

/// The same, of names.
const FEWEST_NAMES: usize = 50;

/// A kind with fewer names than this is learned as one of its family.
const FEWEST_OF_A_KIND: usize = 20;

const ROUNDS: usize = 8;

/// One text in so many is held out.
const HELD_OUT: usize = 10;

/// Names in texts held out beyond which no other tenth is held out.
const ENOUGH: usize = 2000;

/// Weights below this share of the greatest possible step are left out of a model; in hundredths.
const LEAST_WEIGHT: i64 = 5;

/// Learns from examples.
///
/// # Errors
/// There are too few of them; says how many there are and how many are needed.
pub fn train(examples: &[Example], tables: &Tables) -> Result<Trained, String> {
    let names: usize = examples.iter().map(|example| example.names.len()).sum();
    if examples.len() < FEWEST_TEXTS || names < FEWEST_NAMES {
        let texts = examples.len();
        let needed = format!("at least {FEWEST_NAMES} names in {FEWEST_TEXTS} texts are needed");
        return Err(format!("{names} names in {texts} texts are too few to learn from; {needed}"));
    }
    let kinds = kinds(examples);
    let mut lessons = Lessons::new(&kinds);
    let sequences: Vec<Vec<Sequence>> = examples.iter().map(|example| lessons.read(example, tables)).collect();
    let mut figures = Figures::new(&kinds);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    shuffle(&mut order, 0);
    for part in 0..HELD_OUT {
        if figures.names() >= ENOUGH {
            break;
        }
        let held = |place: &usize| place % HELD_OUT == part;
        let rest = (0..order.len()).filter(|place| !held(place)).flat_map(|place| &sequences[order[place]]);
        let sketch = lessons.model(&rest.collect::<Vec<_>>(), vec![0.5; kinds.len()]).0;
        for place in (0..order.len()).filter(held) {
            figures.measure(&examples[order[place]], tables, &sketch);
        }
    }
    let confidence = figures.confidence();
    let (model, features) = lessons.model(&sequences.iter().flatten().collect::<Vec<_>>(), confidence);
    let text = model.write(&features);
    let (held_out, scores) = (figures.texts, figures.finish());
    Ok(Trained { text, features: features.len(), held_out, names, beyond: lessons.beyond, scores })
}

/// The kinds to learn: those that the examples have, rare ones folded into their families.
fn kinds(examples: &[Example]) -> Vec<ActorKind> {
    let mut counts: FxHashMap<ActorKind, usize> = FxHashMap::default();
    for (_, kind) in examples.iter().flat_map(|example| &example.names) {
        *counts.entry(*kind).or_default() += 1;
    }
    let enough = |kind: &ActorKind| counts.get(kind).is_some_and(|&count| count >= FEWEST_OF_A_KIND);
    let kinds = counts.keys().map(|kind| if enough(kind) { *kind } else { general(*kind) });
    kinds.collect::<BTreeSet<_>>().into_iter().collect()
}

fn general(kind: ActorKind) -> ActorKind {
    match kind {
        ActorKind::Person => ActorKind::Person,
        ActorKind::State | ActorKind::Place | ActorKind::Region => ActorKind::Place,
        _ => ActorKind::Unknown,
    }
}

/// Under which of the kinds a kind is learned and counted, if under any.
fn column(kind: ActorKind, kinds: &[ActorKind]) -> Option<usize> {
    let place = |wanted: ActorKind| kinds.iter().position(|known| *known == wanted);
    place(kind).or_else(|| place(general(kind)))
}

/// Turns examples into sequences of numbered features.
struct Lessons<'k> {
    kinds: &'k [ActorKind],
    numbers: FxHashMap<u64, u32>,
    features: Vec<String>,
    beyond: usize,
}

impl<'k> Lessons<'k> {
    fn new(kinds: &'k [ActorKind]) -> Self {
        Self { kinds, numbers: FxHashMap::default(), features: Vec::new(), beyond: 0 }
    }

    fn read(&mut self, example: &Example, tables: &Tables) -> Vec<Sequence> {
        let doc = Doc::new(&example.text, tables);
        let mut cast = Cast::default();
        let readings = finder::walk(&doc, tables, &mut cast).readings();
        let sight = Sight::new(&doc, &readings);
        let mut right = vec![OUTSIDE; doc.tokens.len()];
        let mut reached = vec![false; doc.tokens.len()];
        let runs = runs(&doc, &readings);
        runs.iter().for_each(|run| reached[run.clone()].fill(true));
        for (span, kind) in &example.names {
            let start = doc.tokens.partition_point(|token| token.start < span.start);
            let end = doc.tokens.partition_point(|token| token.end <= span.end);
            let whole = start < end && doc.span(start..end) == *span;
            let Some(kind) = column(*kind, self.kinds).filter(|_| whole) else {
                self.beyond += 1;
                continue;
            };
            if runs.iter().any(|run| run.start <= start && end <= run.end) {
                right[start..end].fill(first(kind) + 1);
                right[start] = first(kind);
            } else if !(start..end).all(|at| readings.over(at).is_some_and(|reading| reading.sure)) {
                self.beyond += 1;
            }
        }
        let sequence = |run: &std::ops::Range<usize>| Sequence {
            features: run.clone().map(|at| self.numbered(&sight, at)).collect(),
            right: right[run.clone()].to_vec(),
        };
        runs.iter().map(sequence).collect()
    }

    fn numbered(&mut self, sight: &Sight, at: usize) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(FEATURES);
        for feature in sight.written(at) {
            let next = self.features.len() as u32;
            let number = *self.numbers.entry(hash_of(&feature)).or_insert(next);
            if number == next {
                self.features.push(feature);
            }
            numbers.push(number);
        }
        numbers
    }

    /// Learns, and keeps what has weight; hands back the features in the order of their text.
    fn model(&self, sequences: &[&Sequence], confidence: Vec<f32>) -> (Model, Vec<&str>) {
        let labels = labels(self.kinds.len());
        let learned = learn(sequences, self.features.len(), labels, ROUNDS);
        let mut model = Model::new(self.kinds.to_vec(), confidence);
        let mut kept = Vec::new();
        let prune = |weight: &i64| if weight.abs() < LEAST_WEIGHT { 0 } else { *weight };
        let rows = self.features.iter().zip(learned.weights.chunks(labels));
        let mut rows: Vec<(&str, Vec<i64>)> =
            rows.map(|(feature, row)| (feature.as_str(), row.iter().map(prune).collect())).collect();
        rows.retain(|(_, row): &(&str, Vec<i64>)| row.iter().any(|weight| *weight != 0));
        rows.sort_unstable();
        for (feature, row) in &rows {
            model.set(feature, row);
            kept.push(*feature);
        }
        let mut after = learned.after;
        for (number, weight) in after.iter_mut().enumerate() {
            if !is_possible(number / labels, number % labels) {
                *weight = 0;
            }
        }
        model.set_after(&after);
        (model, kept)
    }
}

/// Figures by kind, and how often the tagger's own names were right.
struct Figures<'k> {
    kinds: &'k [ActorKind],
    scores: Vec<Score>,
    by_tagger: Vec<Counts>,
    texts: usize,
}

impl<'k> Figures<'k> {
    fn new(kinds: &'k [ActorKind]) -> Self {
        let score = |kind: &ActorKind| Score { kind: Some(*kind), ..Score::default() };
        let scores = kinds.iter().map(score).collect();
        Self { kinds, scores, by_tagger: vec![Counts::default(); kinds.len()], texts: 0 }
    }

    fn names(&self) -> usize {
        self.scores.iter().map(|score| score.after.there).sum()
    }

    fn measure(&mut self, example: &Example, tables: &Tables, model: &Model) {
        let kinds = self.kinds;
        let there: BTreeSet<(Span, usize)> =
            example.names.iter().filter_map(|(span, kind)| Some((*span, column(*kind, kinds)?))).collect();
        let article = article(&example.text);
        for tagger in [None, Some(model)] {
            for (span, kind, tagged) in found(&article, tables, tagger, kinds) {
                let right = usize::from(there.contains(&(span, kind)));
                let counts = Counts { right, found: 1, there: 0 };
                if tagged {
                    self.by_tagger[kind].add(counts);
                }
                side(&mut self.scores[kind], tagger).add(counts);
            }
            there.iter().for_each(|(_, kind)| side(&mut self.scores[*kind], tagger).there += 1);
        }
        self.texts += 1;
    }

    /// The share of the tagger's names that were right, by kind.
    fn confidence(&self) -> Vec<f32> {
        // A few imagined names keep it from being nothing or everything where few were measured.
        let share = |counts: &Counts| ((counts.right as f32 + 3.0) / (counts.found as f32 + 5.0)).clamp(0.3, 0.9);
        self.by_tagger.iter().map(|counts| (share(counts) * 100.0).round() / 100.0).collect()
    }

    fn finish(mut self) -> Vec<Score> {
        let mut all = Score::default();
        for one in &self.scores {
            all.before.add(one.before);
            all.after.add(one.after);
        }
        self.scores.push(all);
        self.scores
    }
}

fn side<'s>(score: &'s mut Score, tagger: Option<&Model>) -> &'s mut Counts {
    if tagger.is_some() { &mut score.after } else { &mut score.before }
}

/// The names found in an article, each with its kind's number and whether the tagger found it; names in names aside.
fn found(article: &Article, tables: &Tables, tagger: Option<&Model>, kinds: &[ActorKind]) -> Vec<(Span, usize, bool)> {
    let facts = extract_with(article, tables, tagger, &Options { beliefs: false });
    let mut names: Vec<(Span, Option<usize>, bool)> = Vec::new();
    for actor in &facts.actors {
        let mentions = actor.mentions.iter().filter(|mention| is_name(mention.form));
        let kind = column(actor.kind, kinds);
        names.extend(mentions.map(|mention| (mention.span, kind, mention.rule == RULE)));
    }
    names.sort_by_key(|(span, ..)| (span.start, std::cmp::Reverse(span.end)));
    let mut end = 0;
    names.retain(|(span, ..)| {
        let free = span.start >= end;
        end = end.max(span.end);
        free
    });
    names.into_iter().filter_map(|(span, kind, tagged)| Some((span, kind?, tagged))).collect()
}

/// Whether a mention of this form is a name, as examples have them.
fn is_name(form: Form) -> bool {
    matches!(form, Form::Name | Form::Acronym | Form::Metonym)
}

pub(super) fn article(text: &str) -> Article {
    Article {
        id: ArticleId::from_stored(""),
        date: None,
        title: String::new(),
        title_derived: true,
        text: text.to_owned(),
        text_offset: None,
        language: None,
        source: None,
        authors: Vec::new(),
        url: None,
        origin: Origin { path: String::new(), ordinal: 0 },
        standing: crate::article::Standing::Usable,
    }
}
