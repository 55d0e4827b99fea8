//! A score in plain words: how relevance and date made it, and what each word of the question gave.

use super::number::score;
use crate::date::Day;
use crate::hits::{Hit, TermPart};

/// Says how the score came about: `score 7.1 = relevance 8.2 × recency 0.87 (310 days from 2022-12-12)`.
pub(super) fn sentence(hit: &Hit, as_of: Option<Day>) -> String {
    let parts = &hit.parts;
    let mut sentence =
        format!("score {} = relevance {} × recency {:.2}", score(hit.score), score(parts.relevance), parts.recency);
    if let Some(distance) = distance(hit, as_of) {
        sentence.push_str(&format!(" ({distance})"));
    }
    sentence
}

/// Says what one word gave: `"nato" 4.1: text 3.0, title 1.1`.
pub(super) fn term(part: &TermPart) -> String {
    let fields: Vec<String> = part.fields.iter().map(|(field, share)| format!("{field} {}", score(*share))).collect();
    let term = if part.term.contains('"') { part.term.clone() } else { format!("\"{}\"", part.term) };
    match fields.is_empty() {
        true => format!("{term} {}", score(part.score)),
        false => format!("{term} {}: {}", score(part.score), fields.join(", ")),
    }
}

fn distance(hit: &Hit, as_of: Option<Day>) -> Option<String> {
    if hit.date.is_none() {
        return Some("undated".to_owned());
    }
    let days = hit.parts.age_days?.unsigned_abs();
    let unit = if days == 1 { "day" } else { "days" };
    Some(match as_of {
        Some(as_of) => format!("{days} {unit} from {as_of}"),
        None => format!("{days} {unit}"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_score_is_told_in_words() {
        let as_of = Day::from_ymd(2022, 12, 12);
        let check = |change: fn(&mut Hit), as_of: Option<Day>, expected: &str| {
            let mut hit = sample::explained_hit();
            change(&mut hit);
            assert_eq!(sentence(&hit, as_of), expected);
        };
        check(|_| (), as_of, "score 7.1 = relevance 8.2 × recency 0.87 (310 days from 2022-12-12)");
        check(|_| (), None, "score 7.1 = relevance 8.2 × recency 0.87 (310 days)");
        check(
            |hit| hit.parts.age_days = Some(-1),
            as_of,
            "score 7.1 = relevance 8.2 × recency 0.87 (1 day from 2022-12-12)",
        );
        check(|hit| hit.date = None, as_of, "score 7.1 = relevance 8.2 × recency 0.87 (undated)");
        check(|hit| hit.parts.age_days = None, as_of, "score 7.1 = relevance 8.2 × recency 0.87");
    }

    #[test]
    fn a_term_is_quoted_once() {
        let check = |word: &str, fields: &[(&str, f32)], expected: &str| {
            let fields = fields.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect();
            assert_eq!(term(&TermPart { term: word.to_owned(), score: 4.1, fields }), expected);
        };
        check("nato", &[("text", 3.0), ("title", 1.1)], "\"nato\" 4.1: text 3.0, title 1.1");
        check("\"red line\"", &[], "\"red line\" 4.1");
    }
}
