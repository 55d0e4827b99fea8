//! A question over time: dates sorted into years, months, weeks or days.

use std::collections::HashMap;

use crate::date::Day;
use crate::hits::{Bin, Dated, Share, Timeline, Unit};

/// Bins up to which a shorter unit is taken when none is asked for.
const FEW_BINS: i32 = 40;

/// Puts the dates of hits, and of all articles, into bins; without a unit, the shortest that gives few bins is taken.
pub fn timeline(hits: &[Dated], all: &[Dated], unit: Option<Unit>) -> Timeline {
    let unit = unit.unwrap_or_else(|| fitting(hits));
    binned(hits, all, unit, range(hits, unit))
}

/// The same for several questions, over one axis: from the first period that has a hit of any of them to the last.
pub fn timelines(questions: &[Vec<Dated>], all: &[Dated], unit: Option<Unit>) -> Vec<Timeline> {
    let together = questions.concat();
    let unit = unit.unwrap_or_else(|| fitting(&together));
    let range = range(&together, unit);
    questions.iter().map(|hits| binned(hits, all, unit, range)).collect()
}

/// The bin that a date lies in, if it lies in one.
fn place(dated: &Dated, unit: Unit) -> Option<i32> {
    let (first, last) = dated.days?;
    (number(first, unit) == number(last, unit)).then(|| number(first, unit))
}

/// The first and the last bin that has a hit.
fn range(hits: &[Dated], unit: Unit) -> Option<(i32, i32)> {
    let places = || hits.iter().filter_map(|dated| place(dated, unit));
    places().min().zip(places().max())
}

fn binned(hits: &[Dated], all: &[Dated], unit: Unit, range: Option<(i32, i32)>) -> Timeline {
    let mut timeline = Timeline { unit, bins: Vec::new(), vague: Share::default(), undated: Share::default() };
    let mut binned: HashMap<i32, Share> = HashMap::new();
    for (dates, is_hit) in [(hits, true), (all, false)] {
        for dated in dates {
            let share = match (place(dated, unit), dated.days) {
                (Some(place), _) => binned.entry(place).or_default(),
                (None, Some(_)) => &mut timeline.vague,
                (None, None) => &mut timeline.undated,
            };
            *(if is_hit { &mut share.hits } else { &mut share.all }) += dated.articles;
        }
    }
    let bin = |place: i32| Bin { label: label(place, unit), articles: binned.get(&place).copied().unwrap_or_default() };
    timeline.bins = range.map_or_else(Vec::new, |(from, to)| (from..=to).map(bin).collect());
    timeline
}

/// The shortest unit whose bins are few between the first and the last exact date.
fn fitting(hits: &[Dated]) -> Unit {
    let days = || hits.iter().filter_map(|dated| dated.days);
    let exact = || days().filter(|(first, last)| number(*first, Unit::Month) == number(*last, Unit::Month));
    let first = exact().map(|(first, _)| first).min();
    let Some((first, last)) = first.zip(exact().map(|(_, last)| last).max()) else { return Unit::Year };
    let few = |unit: &Unit| number(last, *unit) - number(first, *unit) < FEW_BINS;
    let whole = days().all(|(first, last)| first == last);
    let units = [Unit::Day, Unit::Week, Unit::Month];
    units.into_iter().filter(|unit| whole || *unit == Unit::Month).find(few).unwrap_or(Unit::Year)
}

/// The number of the bin that a day lies in; the next bin has the next number.
fn number(day: Day, unit: Unit) -> i32 {
    let (year, month, _) = day.ymd();
    match unit {
        Unit::Year => year,
        Unit::Month => year * 12 + month as i32 - 1,
        // 1970-01-01 was a Thursday: three days behind a Monday.
        Unit::Week => (day.number() + 3).div_euclid(7),
        Unit::Day => day.number(),
    }
}

fn label(place: i32, unit: Unit) -> String {
    match unit {
        Unit::Year => format!("{place:04}"),
        Unit::Month => format!("{:04}-{:02}", place.div_euclid(12), place.rem_euclid(12) + 1),
        // The week belongs to the year of its Thursday.
        Unit::Week => Day::from_number(place * 7).map_or_else(String::new, |thursday| {
            let year = thursday.ymd().0;
            let start = Day::from_ymd(year, 1, 1).map_or(0, Day::number);
            format!("{year:04}-W{:02}", (thursday.number() - start) / 7 + 1)
        }),
        Unit::Day => Day::from_number(place).map_or_else(String::new, |day| day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(first: &str, last: &str) -> Dated {
        Dated { days: Some((first.parse().unwrap(), last.parse().unwrap())), articles: 1 }
    }

    fn shown(dates: &[Dated], unit: Option<Unit>) -> String {
        let found = timeline(dates, dates, unit);
        let bins: Vec<String> = found.bins.iter().map(|bin| format!("{}={}", bin.label, bin.articles.hits)).collect();
        format!("{} vague {} undated {}", bins.join(" "), found.vague.hits, found.undated.hits)
    }

    #[test]
    fn dates_fall_into_bins() {
        let days = [dated("2021-12-31", "2021-12-31"), dated("2022-01-03", "2022-01-03")];
        let check = |unit: Unit, expected: &str| assert_eq!(shown(&days, Some(unit)), expected);
        check(Unit::Year, "2021=1 2022=1 vague 0 undated 0");
        check(Unit::Month, "2021-12=1 2022-01=1 vague 0 undated 0");
        check(Unit::Week, "2021-W52=1 2022-W01=1 vague 0 undated 0");
        check(Unit::Day, "2021-12-31=1 2022-01-01=0 2022-01-02=0 2022-01-03=1 vague 0 undated 0");
    }

    #[test]
    fn what_lies_in_no_bin_is_told_apart() {
        let dates = [dated("2022-01-01", "2022-12-31"), Dated { days: None, articles: 3 }];
        assert_eq!(shown(&dates, Some(Unit::Month)), " vague 1 undated 3");
        assert_eq!(shown(&dates, Some(Unit::Year)), "2022=1 vague 0 undated 3");
        assert_eq!(shown(&[], None), " vague 0 undated 0");
    }

    #[test]
    fn several_questions_share_an_axis() {
        let one = vec![dated("2021-05-01", "2021-05-01")];
        let two = vec![dated("2023-05-01", "2023-05-01"), Dated { days: None, articles: 2 }];
        let found = timelines(&[one, two, Vec::new()], &[], Some(Unit::Year));
        let hits = |timeline: &Timeline| timeline.bins.iter().map(|bin| bin.articles.hits).collect::<Vec<_>>();
        assert_eq!(found.iter().map(hits).collect::<Vec<_>>(), [[1, 0, 0], [0, 0, 1], [0, 0, 0]]);
        assert_eq!((found[0].bins[2].label.as_str(), found[1].undated.hits), ("2023", 2));
    }

    #[test]
    fn the_unit_fits_the_dates() {
        let check = |first: &str, last: &str, expected: Unit| {
            let dates = [dated(first, first), dated(last, last)];
            assert_eq!(timeline(&dates, &dates, None).unit, expected, "{first} {last}");
        };
        check("2022-01-01", "2022-01-20", Unit::Day);
        check("2022-01-01", "2022-05-20", Unit::Week);
        check("2022-01-01", "2024-05-20", Unit::Month);
        check("1990-01-01", "2024-05-20", Unit::Year);
        assert_eq!(timeline(&[dated("2022-02-01", "2022-02-28")], &[], None).unit, Unit::Month);
        assert_eq!(timeline(&[dated("1969-12-29", "1969-12-29")], &[], Some(Unit::Week)).bins[0].label, "1970-W01");
    }
}
