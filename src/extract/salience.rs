//! Which countries an article is about: not every one it names.
//!
//! Every mention gives its country weight, more in the title and the first sentences; a country counts when it has a
//! fair share of the weight of the most prominent one.

use rustc_hash::FxHashMap;

use crate::extract::doc::Doc;
use crate::extract::tables::Tables;
use crate::extract::vocabulary::class;
use crate::facts::{Actor, ActorKind};

/// Share of the first country's weight from which another one counts.
const FAIR_SHARE: f32 = 0.2;

/// Weight from which a country counts at all.
const ENOUGH: f32 = 1.5;

/// Codes of the countries the article is about, most salient first.
pub fn countries(doc: &Doc, title: &str, actors: &[Actor], tables: &Tables) -> Vec<String> {
    let mut weights: FxHashMap<&str, f32> = FxHashMap::default();
    let lede = doc.sentences.get(1).map_or(u32::MAX, |s| doc.tokens[s.end - 1].end).max(300);
    for actor in actors {
        let Some(country) = actor.country.as_deref() else { continue };
        let base = match actor.kind {
            ActorKind::State => 1.0,
            ActorKind::Government => 1.0,
            ActorKind::Place | ActorKind::Region => 1.0,
            _ => 0.3,
        };
        // A title apart from the text counts like one more early mention.
        let named = !doc.text.starts_with(title) && title.contains(&actor.name);
        let mut sum = if named { 2.0 * base } else { 0.0 };
        for mention in actor.mentions.iter().take(20) {
            let early = if mention.span.start < lede { 2.0 } else { 1.0 };
            sum += base * early;
        }
        *weights.entry(country).or_default() += sum;
    }
    if weights.is_empty() {
        return marked(doc, tables);
    }
    let mut list: Vec<(&str, f32)> = weights.into_iter().collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let top = list[0].1;
    let counts = |weight: f32| weight >= ENOUGH.min(top) && weight >= top * FAIR_SHARE;
    list.into_iter().filter(|(_, weight)| counts(*weight)).map(|(code, _)| code.to_owned()).collect()
}

/// The country that units of money and of trade speak for, when no name does.
fn marked(doc: &Doc, tables: &Tables) -> Vec<String> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for token in doc.tokens.iter().filter(|token| token.any(class::MARKER)).take(200) {
        if let Some(country) = tables.markers.get(&token.word) {
            *counts.entry(country).or_default() += 1;
        }
    }
    let best = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    best.map(|(code, _)| code.to_owned()).into_iter().collect()
}
