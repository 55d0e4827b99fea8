//! Days, partial dates, where a date was read, and periods: everything the archive knows about time.
//!
//! The only user of chrono. A date is a year, a month or a day, never a guess: `2022-02` stays a month and is not
//! rounded to the 1st. The clock is not read here except by [`Day::today`] and [`Moment::now`], which the doors call.
//!
//! ```
//! use chancery::date::{Date, Day, Period};
//! let february: Date = "2022-02".parse().unwrap();
//! assert_eq!(february.to_string(), "2022-02");
//! let today = Day::from_ymd(2024, 6, 1).unwrap();
//! assert_eq!(Period::parse("2022-Q1", today).unwrap().to_string(), "2022-01-01..2022-03-31");
//! ```

mod stamp;

use std::fmt;
use std::str::FromStr;

pub use self::stamp::dashed;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SecondsFormat, Utc};

/// The first year that an article can plausibly carry; the printed newspaper is younger.
pub const FIRST_PLAUSIBLE_YEAR: i32 = 1400;

/// How many days past today a date is still plausible: time zones and papers dated ahead.
pub const FUTURE_SLACK_DAYS: i32 = 2;

/// One calendar day (proleptic Gregorian), as the number of days since 1970-01-01; years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day with this civil date, if there is one in the years 1 to 9999.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        (1..=9999).contains(&year).then(|| Self::from_chrono(date))
    }

    /// The day with this number, if it lies in the years 1 to 9999.
    pub fn from_number(number: i32) -> Option<Self> {
        let date = NaiveDate::from_epoch_days(number)?;
        (1..=9999).contains(&date.year()).then_some(Self(number))
    }

    /// Days since 1970-01-01, negative before.
    pub fn number(self) -> i32 {
        self.0
    }

    /// Today in UTC, from the system clock.
    pub fn today() -> Self {
        Self::from_chrono(Utc::now().date_naive())
    }

    /// Year, month and day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.chrono();
        (date.year(), date.month(), date.day())
    }

    /// The day `days` later (earlier when negative), kept within the years 1 to 9999.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self::from_number(self.0.saturating_add(days)).unwrap_or(self)
    }

    /// Days from `other` to here; negative when this day is earlier.
    pub fn since(self, other: Day) -> i32 {
        self.0 - other.0
    }

    fn from_chrono(date: NaiveDate) -> Self {
        Self(date.to_epoch_days())
    }

    fn chrono(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<Date>()? {
            Date::Day(day) => Ok(day),
            _ => Err(format!("`{text}` is not a day; write YYYY-MM-DD")),
        }
    }
}

/// A date as exact as its source gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Date {
    /// Only the year is known.
    Year(i32),
    /// Year and month (1 to 12) are known.
    Month(i32, u32),
    /// The day is known.
    Day(Day),
}

/// How exact a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The year only.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

impl Precision {
    /// The word used in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

impl Date {
    /// How exact it is.
    pub fn precision(self) -> Precision {
        match self {
            Self::Year(_) => Precision::Year,
            Self::Month(..) => Precision::Month,
            Self::Day(_) => Precision::Day,
        }
    }

    /// The first day it may mean.
    pub fn first(self) -> Day {
        match self {
            Self::Year(year) => civil(year, 1, 1),
            Self::Month(year, month) => civil(year, month, 1),
            Self::Day(day) => day,
        }
    }

    /// The last day it may mean.
    pub fn last(self) -> Day {
        match self {
            Self::Year(year) => civil(year, 12, 31),
            Self::Month(year, 12) => civil(year, 12, 31),
            Self::Month(year, month) => civil(year, month + 1, 1).plus(-1),
            Self::Day(day) => day,
        }
    }

    /// The day in the middle of what it may mean: where it stands when articles are sorted or weighed by age.
    pub fn middle(self) -> Day {
        self.first().plus(self.last().since(self.first()) / 2)
    }

    /// The year.
    pub fn year(self) -> i32 {
        match self {
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(day) => day.ymd().0,
        }
    }

    /// Year and month as `yyyymm`, if the month is known.
    pub fn month(self) -> Option<u32> {
        let number = |year: i32, month: u32| u32::try_from(year).unwrap_or(0) * 100 + month;
        match self {
            Self::Year(_) => None,
            Self::Month(year, month) => Some(number(year, month)),
            Self::Day(day) => Some(number(day.ymd().0, day.ymd().1)),
        }
    }
}

/// The first valid civil day at or before these numbers; every caller passes numbers that were checked.
fn civil(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).unwrap_or(Day(0))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => day.fmt(f),
        }
    }
}

impl FromStr for Date {
    type Err = String;

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the reason of a refusal is a sentence without a full stop.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split('-');
        let year = digits(parts.next(), 4)
            .ok_or_else(|| format!("`{text}` is not a date; write YYYY-MM-DD, YYYY-MM or YYYY"))?;
        let month = parts
            .next()
            .map(|part| digits(Some(part), 2).ok_or_else(|| format!("`{text}` has no month of two digits")));
        let day =
            parts.next().map(|part| digits(Some(part), 2).ok_or_else(|| format!("`{text}` has no day of two digits")));
        if parts.next().is_some() {
            return Err(format!("`{text}` has too many parts for a date"));
        }
        let year = i32::try_from(year)
            .ok()
            .filter(|year| *year >= 1)
            .ok_or_else(|| format!("there is no year 0 in `{text}`"))?;
        match (month.transpose()?, day.transpose()?) {
            (None, _) => Ok(Self::Year(year)),
            (Some(month), _) if !(1..=12).contains(&month) => Err(format!("there is no month {month:02} in `{text}`")),
            (Some(month), None) => Ok(Self::Month(year, month)),
            (Some(month), Some(day)) => {
                Day::from_ymd(year, month, day).map(Self::Day).ok_or_else(|| format!("there is no day `{text}`"))
            }
        }
    }
}

fn digits(part: Option<&str>, length: usize) -> Option<u32> {
    let part = part?;
    let all_digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { part.parse().ok() } else { None }
}

/// Where a publication date was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// The header line of the plain format.
    Header,
    /// A field of the article's own record.
    Metadata,
    /// The address it was published under.
    Url,
    /// The name of its file.
    Filename,
    /// Its own text, such as a dateline.
    Text,
    /// The feed that carried it.
    Feed,
}

impl Provenance {
    /// Every value, in the order of trust.
    pub const ALL: [Self; 6] = [Self::Header, Self::Metadata, Self::Feed, Self::Url, Self::Filename, Self::Text];

    /// The word used in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Metadata => "metadata",
            Self::Url => "url",
            Self::Filename => "filename",
            Self::Text => "text",
            Self::Feed => "feed",
        }
    }
}

/// When an article was published, how exactly that is known, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The date, as exact as the source.
    pub date: Date,
    /// Seconds after midnight UTC, where the source gave a time.
    pub time: Option<u32>,
    /// Where it was read.
    pub provenance: Provenance,
}

impl Published {
    /// Whether the date may be true: not before the newspaper, not past `today` by more than [`FUTURE_SLACK_DAYS`].
    pub fn is_plausible(&self, today: Day) -> bool {
        self.date.year() >= FIRST_PLAUSIBLE_YEAR && self.date.first().since(today) <= FUTURE_SLACK_DAYS
    }

    /// Reads a day, a month, a year, or a time stamp of RFC 3339, RFC 2822, or the short form of ISO 8601.
    ///
    /// A time stamp keeps the calendar day as it was written, in its own time zone; the time is kept in UTC.
    pub fn parse(text: &str, provenance: Provenance) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(date) = text.parse::<Date>() {
            return Ok(Self { date, time: None, provenance });
        }
        let stamp = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok();
        // A wrong day of the week is common, and of no use.
        let stamp = stamp.or_else(|| DateTime::parse_from_rfc2822(text.split_once(", ")?.1).ok());
        let stamp = stamp.or_else(|| DateTime::parse_from_rfc3339(&stamp::spelled_out(text)?).ok());
        if let Some(stamp) = stamp {
            let day = Day::from_chrono(stamp.date_naive());
            let utc = stamp.to_utc();
            let seconds = u32::try_from(utc.timestamp().rem_euclid(86_400)).ok();
            return match Day::from_number(day.number()) {
                Some(day) => Ok(Self { date: Date::Day(day), time: seconds, provenance }),
                None => Err(format!("`{text}` lies outside the years 1 to 9999")),
            };
        }
        // A local time without a zone still names its day.
        if let Some((day, rest)) = text.split_once(['T', ' '])
            && rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
        {
            return dashed(day).parse().map(|date| Self { date, time: None, provenance });
        }
        text.parse::<Date>().map(|date| Self { date, time: None, provenance })
    }
}

/// A moment of the wall clock in seconds since 1970, for the second clock of an article: when it was ingested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// The present moment, from the system clock.
    pub fn now() -> Self {
        Self(Utc::now().timestamp())
    }

    /// The present moment in nanoseconds since 1970, as exact as file systems are.
    pub fn now_nanoseconds() -> i64 {
        Utc::now().timestamp_nanos_opt().unwrap_or(i64::MAX)
    }

    /// Reads a moment as it is displayed.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|stamp| Self(stamp.timestamp()))
    }

    /// So many seconds after midnight UTC of a day.
    pub fn of(day: Day, seconds: u32) -> Self {
        Self(i64::from(day.number()) * 86_400 + i64::from(seconds))
    }

    /// The UTC day it falls on.
    pub fn day(self) -> Day {
        i32::try_from(self.0.div_euclid(86_400)).ok().and_then(Day::from_number).unwrap_or(Day(0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamp = DateTime::from_timestamp(self.0, 0).unwrap_or_default();
        f.write_str(&stamp.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// A stretch of whole days; an open end is `None`. At least one end is given, and `from <= to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day of it.
    pub from: Option<Day>,
    /// The last day of it.
    pub to: Option<Day>,
}

impl Period {
    /// Whether a date lies wholly inside: a month is not inside one of its own days.
    pub fn holds(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date.first()) && self.to.is_none_or(|to| date.last() <= to)
    }

    /// Reads a period or a range of periods; `today` is what relative forms count from.
    ///
    /// Periods: `2022`, `2022-02`, `2022-02-05`, `2022-Q1`, `2022-W19`, `today`, `yesterday`, `this-week`, `last-week`,
    /// `this-month`, `last-month`, `this-year`, `last-year`. Ranges: `A..B`, `A..`, `..B`, where an end may also be
    /// `3d`, `2w`, `6mo` or `1y` ago.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what can be written instead.
    pub fn parse(text: &str, today: Day) -> Result<Self, String> {
        let text = text.trim();
        let Some((left, right)) = text.split_once("..") else {
            return match ago(text, today) {
                Some(day) => Err(format!(
                    "`{text}` may mean a day or the time since; write `{text}..` for the time since, `{day}` for the day"
                )),
                None => one_period(text, today),
            };
        };
        let (left, right) = (left.trim(), right.trim());
        if left.is_empty() && right.is_empty() {
            return Err("`..` has neither a beginning nor an end".to_owned());
        }
        let from = if left.is_empty() { None } else { range_end(left, today)?.from };
        let to = if right.is_empty() { None } else { range_end(right, today)?.to };
        match (from, to) {
            (Some(from), Some(to)) if from > to => {
                Err(format!("`{text}` ends before it begins ({from} is after {to})"))
            }
            _ => Ok(Self { from, to }),
        }
    }
}

impl fmt::Display for Period {
    /// The shortest text that parses back to the same period on any day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) => match whole(from, to) {
                Some(date) => date.fmt(f),
                None => write!(f, "{from}..{to}"),
            },
            (Some(from), None) => write!(f, "{from}.."),
            (None, Some(to)) => write!(f, "..{to}"),
            (None, None) => f.write_str(".."),
        }
    }
}

/// The date that means exactly the days `from..=to`, if one does.
fn whole(from: Day, to: Day) -> Option<Date> {
    let (year, month, _) = from.ymd();
    [Date::Day(from), Date::Month(year, month), Date::Year(year)]
        .into_iter()
        .find(|date| date.first() == from && date.last() == to)
}

fn of_date(date: Date) -> Period {
    Period { from: Some(date.first()), to: Some(date.last()) }
}

fn range_end(text: &str, today: Day) -> Result<Period, String> {
    match ago(text, today) {
        Some(day) => Ok(of_date(Date::Day(day))),
        None => one_period(text, today),
    }
}

fn one_period(text: &str, today: Day) -> Result<Period, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(period) = named(&lower, today) {
        return Ok(period);
    }
    if let Some((year, rest)) = lower.split_once('-')
        && let Some(year) = digits(Some(year), 4).and_then(|year| i32::try_from(year).ok()).filter(|year| *year >= 1)
    {
        if let Some(quarter) = rest.strip_prefix('q') {
            return quarter_of(year, quarter)
                .ok_or_else(|| format!("there is no quarter `{text}`; quarters are Q1 to Q4"));
        }
        if let Some(week) = rest.strip_prefix('w') {
            return week_of(year, week).ok_or_else(|| format!("there is no week `{text}`; weeks are W01 to W53"));
        }
    }
    if let Some(message) = slashed(text) {
        return Err(message);
    }
    if lower.ends_with('m') && lower[..lower.len() - 1].parse::<u32>().is_ok() {
        return Err(format!("`{text}` may mean minutes or months; write `{}mo` for months", &lower[..lower.len() - 1]));
    }
    text.parse::<Date>().map(of_date)
}

fn named(lower: &str, today: Day) -> Option<Period> {
    let (year, month, _) = today.ymd();
    let monday = today.plus(-i32::try_from(today.chrono().weekday().num_days_from_monday()).unwrap_or(0));
    let days = |from: Day, to: Day| Some(Period { from: Some(from), to: Some(to) });
    match lower {
        "today" => days(today, today),
        "yesterday" => days(today.plus(-1), today.plus(-1)),
        "this-week" => days(monday, monday.plus(6)),
        "last-week" => days(monday.plus(-7), monday.plus(-1)),
        "this-month" => Some(of_date(Date::Month(year, month))),
        "last-month" if month == 1 => Some(of_date(Date::Month(year - 1, 12))),
        "last-month" => Some(of_date(Date::Month(year, month - 1))),
        "this-year" => Some(of_date(Date::Year(year))),
        "last-year" => Some(of_date(Date::Year(year - 1))),
        _ => None,
    }
}

/// The day `3d`, `2w`, `6mo` or `1y` before `today`.
fn ago(text: &str, today: Day) -> Option<Day> {
    let split = text.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
    let count: u32 = text[..split].parse().ok()?;
    let date = today.chrono();
    let earlier = match text[split..].to_ascii_lowercase().as_str() {
        "d" => date.checked_sub_days(Days::new(u64::from(count))),
        "w" => date.checked_sub_days(Days::new(u64::from(count) * 7)),
        "mo" => date.checked_sub_months(Months::new(count)),
        "y" => date.checked_sub_months(Months::new(count.checked_mul(12)?)),
        _ => return None,
    };
    earlier.map(Day::from_chrono).and_then(|day| Day::from_number(day.number()))
}

fn quarter_of(year: i32, quarter: &str) -> Option<Period> {
    let quarter = digits(Some(quarter), 1).filter(|quarter| (1..=4).contains(quarter))?;
    let first = Date::Month(year, quarter * 3 - 2).first();
    Some(Period { from: Some(first), to: Some(Date::Month(year, quarter * 3).last()) })
}

fn week_of(year: i32, week: &str) -> Option<Period> {
    let week = digits(Some(week), 2).or_else(|| digits(Some(week), 1))?;
    let monday = NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon).map(Day::from_chrono)?;
    Some(Period { from: Some(monday), to: Some(monday.plus(6)) })
}

/// The refusal of a date with slashes or dots, with every reading it may have.
fn slashed(text: &str) -> Option<String> {
    let numbers: Vec<u32> = text.split(['/', '.']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [a, b, year] = numbers[..] else { return None };
    let year = i32::try_from(year).ok().filter(|year| *year >= 1000)?;
    let readings: Vec<String> = [Day::from_ymd(year, a, b), Day::from_ymd(year, b, a)]
        .into_iter()
        .flatten()
        .map(|day| format!("`{day}`"))
        .collect();
    match readings.as_slice() {
        [] => None,
        [first, second] if first != second => {
            Some(format!("`{text}` may mean {first} or {second}; write the one you mean"))
        }
        [only, ..] => Some(format!("dates are written year first; write {only}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn today() -> Day {
        Day::from_ymd(2024, 3, 31).unwrap()
    }

    #[test]
    fn dates_keep_their_precision() {
        let check = |text: &str, precision: Precision, first: &str, last: &str| {
            let date: Date = text.parse().unwrap();
            assert_eq!((date.precision(), date.to_string()), (precision, text.to_owned()));
            assert_eq!((date.first().to_string(), date.last().to_string()), (first.to_owned(), last.to_owned()));
        };
        check("2022", Precision::Year, "2022-01-01", "2022-12-31");
        check("2024-02", Precision::Month, "2024-02-01", "2024-02-29");
        check("1500-12", Precision::Month, "1500-12-01", "1500-12-31");
        check("9999-12", Precision::Month, "9999-12-01", "9999-12-31");
        check("2022-02-05", Precision::Day, "2022-02-05", "2022-02-05");
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "",
            "0000",
            "22",
            "2022-13",
            "2022-00-01",
            "2023-02-29",
            "2022-2-5",
            "2022-02-05-01",
            "+2022",
            "２０２２",
            "date",
            "2022-02-5x",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn time_stamps_keep_the_day_as_written() {
        let check = |text: &str, day: &str, time: Option<u32>| {
            let published = Published::parse(text, Provenance::Metadata).unwrap();
            assert_eq!((published.date.to_string(), published.time), (day.to_owned(), time), "{text}");
        };
        check("2022-02-05T23:30:00-05:00", "2022-02-05", Some(4 * 3600 + 1800));
        check("2022-02-05T10:00:00Z", "2022-02-05", Some(36_000));
        check("2022-02-05T10:00:00", "2022-02-05", None);
        check("20220205T100000Z", "2022-02-05", Some(36_000));
        check("20220205T110000+0100", "2022-02-05", Some(36_000));
        check("2022-02-05T11:00:00+0100", "2022-02-05", Some(36_000));
        check("2022-02-05 11:00+01", "2022-02-05", Some(36_000));
        check("2022-02-05 11:00:00 +0100", "2022-02-05", Some(36_000));
        check("Fri, 05 Feb 2022 10:00:00 GMT", "2022-02-05", Some(36_000));
        check("20220205T1000Z", "2022-02-05", Some(36_000));
        check("20220205T100000", "2022-02-05", None);
        check("2022-02-05 10:00", "2022-02-05", None);
        check("Sat, 05 Feb 2022 10:00:00 +0000", "2022-02-05", Some(36_000));
        check(" 2022-02 ", "2022-02", None);
        for text in ["last Friday", "2022-02-05Tx", "05.02.2022", "1e400", "20220205", "20220205Tééé+0", "2022ß205TZ"]
        {
            assert!(Published::parse(text, Provenance::Metadata).is_err(), "{text}");
        }
    }

    #[test]
    fn periods_are_whole_and_inclusive() {
        let check = |text: &str, expected: &str| {
            let period = Period::parse(text, today()).unwrap();
            assert_eq!(period.to_string(), expected, "{text}");
            assert_eq!(Period::parse(expected, today()), Ok(period), "{text}");
        };
        check("2022", "2022");
        check("2022-02", "2022-02");
        check("2022-02-05", "2022-02-05");
        check("2022-Q1", "2022-01-01..2022-03-31");
        check("2022-q4", "2022-10-01..2022-12-31");
        check("2020-W53", "2020-12-28..2021-01-03");
        check("2022-02..2022-03", "2022-02-01..2022-03-31");
        check("..2014", "..2014-12-31");
        check("2022..", "2022-01-01..");
        check("2022-01-01..2022-12-31", "2022");
        check("3w..", "2024-03-10..");
        check("1mo..", "2024-02-29..");
        check("1y..yesterday", "2023-03-31..2024-03-30");
        check("yesterday", "2024-03-30");
        check("last-month", "2024-02");
        check("this-week", "2024-03-25..2024-03-31");
        check("last-year", "2023");
    }

    #[test]
    fn unclear_periods_are_refused_with_the_way_out() {
        let check = |text: &str, part: &str| {
            let message = Period::parse(text, today()).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        };
        check("05/06/2024", "`2024-05-06` or `2024-06-05`");
        check("25/12/2024", "`2024-12-25`");
        check("3w", "`3w..`");
        check("5m", "`5mo`");
        check("2022-Q5", "Q1 to Q4");
        check("2023-W53", "no week");
        check("2023..2022", "ends before it begins");
        check("..", "neither");
        check("2022-02-30", "no day");
        check("soon", "YYYY-MM-DD");
        check("0-q1", "");
    }

    #[test]
    fn a_month_is_not_inside_one_of_its_days() {
        let day = Period::parse("2022-02-05", today()).unwrap();
        let year = Period::parse("2022", today()).unwrap();
        let february: Date = "2022-02".parse().unwrap();
        assert!(!day.holds(february) && year.holds(february));
    }

    proptest! {
        #[test]
        fn days_print_and_read_back(number in -719_162i32..=2_932_896) {
            let day = Day::from_number(number).unwrap();
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
            let (year, month, of_month) = day.ymd();
            prop_assert_eq!(Day::from_ymd(year, month, of_month), Some(day));
        }

        #[test]
        fn no_text_makes_a_period_panic(text in "\\PC{0,24}") {
            let _ = Period::parse(&text, today());
            let _ = Published::parse(&text, Provenance::Text);
        }
    }
}
