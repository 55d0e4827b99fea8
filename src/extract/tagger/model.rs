//! What was learned: the weights, and the file they lie in.
//!
//! The file is plain text with tabs, one feature a line, so that it can be read, compared and kept under version control:
//!
//! ```text
//! chancery tagger  1
//! kinds            person        party
//! confidence       0.86          0.71
//! features         2
//! w senator        >person:112   =party:-40
//! after >person    =person:250
//! checksum         1f2e…
//! ```
//!
//! `>person` is the first word of a person's name, `=person` a later one, `-` no name. The checksum is over all lines
//! before it: a model that was cut short or changed by hand finds nothing that anybody has measured.

use std::fmt::Write;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::extract::table::TableError;
use crate::extract::tagger::path::{best, kind_of, labels, may_follow};
use crate::extract::tagger::sight::{FEATURES, Sight, hash_of, heads};
use crate::facts::ActorKind;

/// The name of a model among the users' own tables.
pub const FILE: &str = "tagger.tsv";

const TITLE: &str = "chancery tagger";
const VERSION: &str = "1";

/// The template of labels behind one another.
const AFTER: &str = "after ";

/// A trained tagger.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    kinds: Vec<ActorKind>,
    confidence: Vec<f32>,
    rows: FxHashMap<u64, u32>,
    weights: Vec<i16>,
    after: Vec<i32>,
    heads: [u64; FEATURES],
}

impl Model {
    /// A model that knows these kinds and nothing of them yet.
    pub fn new(kinds: Vec<ActorKind>, confidence: Vec<f32>) -> Self {
        let labels = labels(kinds.len());
        let after = vec![0; labels * labels];
        Self { kinds, confidence, rows: FxHashMap::default(), weights: Vec::new(), after, heads: heads() }
    }

    /// The kinds it tells apart.
    pub fn kinds(&self) -> &[ActorKind] {
        &self.kinds
    }

    /// How many features it has weights for.
    pub fn features(&self) -> usize {
        self.rows.len()
    }

    /// The share of names of this kind that it found rightly when it was measured.
    pub fn confidence(&self, kind: ActorKind) -> f32 {
        self.kinds.iter().zip(&self.confidence).find(|(known, _)| **known == kind).map_or(0.5, |(_, share)| *share)
    }

    /// Sets the weights of a feature, one for each label.
    pub fn set(&mut self, feature: &str, weights: &[i64]) {
        let small = |weight: &i64| (*weight).clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16;
        self.rows.insert(hash_of(feature), (self.weights.len() / labels(self.kinds.len())) as u32);
        self.weights.extend(weights.iter().map(small));
    }

    /// Sets the weights of labels behind one another, a row for each label before.
    pub fn set_after(&mut self, weights: &[i64]) {
        let small = |weight: &i64| (*weight).clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i32;
        self.after = weights.iter().map(small).collect();
    }

    /// The names in a run.
    pub fn names(&self, sight: &Sight, run: Range<usize>, found: &mut Vec<(Range<usize>, ActorKind)>) {
        let labels = labels(self.kinds.len());
        let mut scores = Vec::with_capacity(run.len() * labels);
        sight.features(run.clone(), &self.heads, |hashes| {
            let from = scores.len();
            scores.resize(from + labels, 0);
            for hash in hashes {
                let Some(&row) = self.rows.get(hash) else { continue };
                let weights = &self.weights[row as usize * labels..][..labels];
                scores[from..].iter_mut().zip(weights).for_each(|(score, weight)| *score += i32::from(*weight));
            }
        });
        for (word, label) in best(&scores, &self.after, labels).into_iter().enumerate() {
            let at = run.start + word;
            match kind_of(label) {
                Some((kind, true)) => found.push((at..at + 1, self.kinds[kind])),
                Some((_, false)) => {
                    if let Some((tokens, _)) = found.last_mut() {
                        tokens.end = at + 1;
                    }
                }
                None => {}
            }
        }
    }

    /// The word for a label.
    fn label_name(&self, label: usize) -> String {
        match kind_of(label as u8) {
            Some((kind, first)) => format!("{}{}", if first { '>' } else { '=' }, self.kinds[kind].name()),
            None => "-".to_owned(),
        }
    }

    /// The file of a model with these features, in their order.
    pub fn write(&self, features: &[&str]) -> String {
        let labels = labels(self.kinds.len());
        let names: Vec<String> = (0..labels).map(|label| self.label_name(label)).collect();
        let mut text = format!("{TITLE}\t{VERSION}\nkinds");
        self.kinds.iter().for_each(|kind| text.extend(["\t", kind.name()]));
        text.push_str("\nconfidence");
        for share in &self.confidence {
            let _ = write!(text, "\t{share:.2}");
        }
        let _ = writeln!(text, "\nfeatures\t{}", features.len());
        let row = |text: &mut String, feature: &str, weights: &mut dyn Iterator<Item = i32>| {
            text.push_str(feature);
            for (weight, name) in weights.zip(&names).filter(|(weight, _)| *weight != 0) {
                let _ = write!(text, "\t{name}:{weight}");
            }
            text.push('\n');
        };
        for feature in features {
            let at = self.rows.get(&hash_of(feature)).map_or(0, |row| *row as usize * labels);
            row(&mut text, feature, &mut self.weights[at..at + labels].iter().map(|weight| i32::from(*weight)));
        }
        for (before, weights) in names.iter().zip(self.after.chunks(labels)) {
            row(&mut text, &format!("{AFTER}{before}"), &mut weights.iter().copied());
        }
        let _ = writeln!(text, "checksum\t{}", checksum(text.lines()));
        text
    }

    /// Reads a model.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let wrong = |line: usize, reason: String| TableError { file: file.to_owned(), line, reason };
        let lines: Vec<&str> = text.lines().collect();
        let cells = |number: usize, name: &str| {
            let mut cells = lines.get(number).copied().unwrap_or_default().split('\t');
            if cells.next() == Some(name) {
                Ok(cells)
            } else {
                Err(wrong(number + 1, format!("a model has `{name}` here; train it anew")))
            }
        };
        let version = cells(0, TITLE)?.next().unwrap_or_default();
        if version != VERSION {
            let reason = format!("this program reads models of version {VERSION}, not `{version}`; train it anew");
            return Err(wrong(1, reason));
        }
        let kind = |name: &str| ActorKind::from_name(name).ok_or_else(|| wrong(2, format!("`{name}` is no kind")));
        let kinds = cells(1, "kinds")?.map(kind).collect::<Result<Vec<_>, _>>()?;
        let share = |cell: &str| cell.parse::<f32>().ok().filter(|share| (0.0..=1.0).contains(share));
        let confidence: Option<Vec<f32>> = cells(2, "confidence")?.map(share).collect();
        let confidence = confidence.filter(|shares| shares.len() == kinds.len() && !kinds.is_empty());
        let confidence =
            confidence.ok_or_else(|| wrong(3, "it has a number between 0 and 1 for each kind".to_owned()))?;
        let count = cells(3, "features")?.next().and_then(|count| count.parse::<usize>().ok());
        let mut model = Self::new(kinds, confidence);
        let last = lines.len() - 1;
        for (number, line) in lines.iter().enumerate().take(last).skip(4) {
            model.read_row(line).map_err(|reason| wrong(number + 1, reason))?;
        }
        if cells(last, "checksum")?.next() != Some(&*checksum(lines[..last].iter().copied())) {
            let reason = "the checksum is another one: the model was changed or damaged; train it anew";
            return Err(wrong(last + 1, reason.to_owned()));
        }
        if count != Some(model.features()) {
            return Err(wrong(4, format!("{} features stand below", model.features())));
        }
        Ok(model)
    }

    fn read_row(&mut self, line: &str) -> Result<(), String> {
        let labels = labels(self.kinds.len());
        let (feature, rest) = line.split_once('\t').unwrap_or((line, ""));
        let mut weights = vec![0; labels];
        for cell in rest.split('\t').filter(|cell| !cell.is_empty()) {
            let read = cell.rsplit_once(':').and_then(|(name, weight)| {
                let label = self.label(name)?;
                Some((label, weight.parse::<i16>().ok()?))
            });
            let (label, weight) = read.ok_or_else(|| format!("`{cell}` is no label with a weight; train it anew"))?;
            weights[label] = i64::from(weight);
        }
        if let Some(before) = feature.strip_prefix(AFTER) {
            let before = self.label(before).ok_or_else(|| format!("`{before}` is no label; train it anew"))?;
            for (label, weight) in weights.iter().enumerate() {
                self.after[before * labels + label] = *weight as i32;
            }
            return Ok(());
        }
        let before = self.rows.len();
        self.set(feature, &weights);
        if self.rows.len() == before {
            return Err(format!("the feature `{feature}` stands here a second time; train it anew"));
        }
        Ok(())
    }

    fn label(&self, name: &str) -> Option<usize> {
        if name == "-" {
            return Some(0);
        }
        let (first, kind) = match name.as_bytes().first()? {
            b'>' => (1, &name[1..]),
            b'=' => (2, &name[1..]),
            _ => return None,
        };
        self.kinds.iter().position(|known| known.name() == kind).map(|kind| first + 2 * kind)
    }
}

/// Whether labels behind one another can have a weight at all.
pub fn is_possible(before: usize, label: usize) -> bool {
    may_follow(Some(before as u8), label as u8)
}

fn checksum<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut hash = blake3::Hasher::new();
    for line in lines {
        hash.update(line.as_bytes()).update(b"\n");
    }
    hash.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURES: [&str; 2] = ["w senator", "back,shape tor cap |"];

    fn model() -> Model {
        let mut model = Model::new(vec![ActorKind::Person, ActorKind::Party], vec![0.75, 0.5]);
        model.set(FEATURES[0], &[-3, 112, 0, 0, -40]);
        model.set(FEATURES[1], &[0, 0, 0, 7, 0]);
        model.set_after(&(0..25).map(|number| if number == 7 { 250 } else { 0 }).collect::<Vec<_>>());
        model
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let text = model().write(&FEATURES);
        assert_eq!(Model::parse("tagger.tsv", &text), Ok(model()), "{text}");
        assert_eq!(Model::parse("tagger.tsv", &text.replace('\n', "\r\n")), Ok(model()));
    }

    #[test]
    fn a_mistake_names_its_line() {
        let text = model().write(&FEATURES);
        let check = |old: &str, new: &str, expected: &str| {
            let found = Model::parse("t.tsv", &text.replacen(old, new, 1)).map(|_| ());
            let found = found.map_err(|error| error.to_string()).err().unwrap_or_default();
            assert!(found.starts_with(expected), "{found}");
        };
        check("tagger\t1", "tagger\t2", "t.tsv:1: this program reads models of version 1, not `2`");
        check("chancery tagger", "id\tname", "t.tsv:1: a model has `chancery tagger` here");
        check("\tparty\n", "\tclub\n", "t.tsv:2: `club` is no kind");
        check("\t0.50", "", "t.tsv:3: it has a number between 0 and 1 for each kind");
        check("\t0.50", "\tNaN", "t.tsv:3: it has a number");
        check(":112", ":many", "t.tsv:5: `>person:many` is no label with a weight");
        check(":112", ":99999", "t.tsv:5: `>person:99999` is no label");
        check(">person:112", ">club:112", "t.tsv:5: `>club:112` is no label");
        check(":112", ":113", "t.tsv:12: the checksum is another one");
        check("w senator", FEATURES[1], "t.tsv:6: the feature `back,shape tor cap |` stands here a second time");
        check("checksum", "sum", "t.tsv:12: a model has `checksum` here");
        check(&text, "", "t.tsv:1: a model has `chancery tagger` here");
        let half = &text[..text.len() / 2];
        assert!(Model::parse("t.tsv", half).is_err());
    }
}
