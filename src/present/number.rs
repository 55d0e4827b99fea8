//! Numbers as people read them: thousands parted, scores short.

use crate::hits::Hits;

/// How many articles, in words.
pub fn articles(count: u64) -> String {
    if count == 1 { "1 article".to_owned() } else { format!("{} articles", thousands(count)) }
}

/// Says how much of a list is shown: `20 of 1,342 articles`. The doors print it beside the data, not into it.
pub fn count_line(shown: usize, total: u64, what: &str) -> String {
    format!("{} of {} {what}", thousands(shown as u64), thousands(total))
}

/// Says how much of a list of stories is shown: `20 of 1,342 articles`, or `20 of 1,100 stories in 1,342 articles`.
pub fn stories_line(shown: usize, hits: &Hits) -> String {
    match hits.stories.filter(|stories| *stories < hits.total) {
        Some(stories) => {
            let (total, what) = (thousands(hits.total), "articles; --all shows every copy");
            format!("{} of {} stories in {total} {what}", thousands(shown as u64), thousands(stories))
        }
        None => count_line(shown, hits.total, "articles"),
    }
}

/// Writes a number with a comma between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// Writes a score for people: one decimal, two below 1 where one would hide the difference.
pub(super) fn score(score: f32) -> String {
    let places = if score.abs() < 1.0 { 2 } else { 1 };
    format!("{:.*}", places as usize, rounded(score, places))
}

/// Rounds to `places` decimals in double precision, so that 0.87 is printed as 0.87.
pub(super) fn rounded(number: f32, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    // Adding zero turns -0 into 0.
    (f64::from(number) * scale).round() / scale + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let check = |number: u64, expected: &str| assert_eq!(thousands(number), expected);
        check(0, "0");
        check(999, "999");
        check(1342, "1,342");
        check(u64::MAX, "18,446,744,073,709,551,615");
        assert_eq!(count_line(20, 1342, "articles"), "20 of 1,342 articles");
    }

    #[test]
    fn scores_are_short() {
        let check = |number: f32, shown: &str, stored: &str| {
            assert_eq!((score(number).as_str(), rounded(number, 4).to_string().as_str()), (shown, stored));
        };
        check(7.1, "7.1", "7.1");
        check(0.87, "0.87", "0.87");
        check(12.345678, "12.3", "12.3457");
        check(-0.00001, "0.00", "0");
        check(f32::NAN, "NaN", "NaN");
    }
}
