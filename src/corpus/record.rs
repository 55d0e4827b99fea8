//! One record of a structured file: which keys it may have, and how they become an article.
//!
//! Nothing here knows JSON: a reader puts values in under the keys it met. Sources spell the keys in many ways, so
//! each field answers to several, compared without case, `_` and `-`. A value that makes no sense is left out and
//! named; only a record without text is no article.

use crate::article::{Article, ArticleId, Origin, Standing};
use crate::corpus::key::{Field, Key, Value};
use crate::corpus::{language, markup, plain, reason, title};
use crate::date::{Date, Day, FIRST_PLAUSIBLE_YEAR, Moment, Provenance, Published};

/// Keys whose values are only taken where they fit: they are names of many things.
const QUIET: [&str; 7] = ["uri", "guid", "provider", "by", "byline", "summary", "headlines"];

/// What `status` says of an article that may not be shown any more: the words of ninjs and NewsML-G2, and of wires.
const WITHDRAWN: [&str; 6] = ["canceled", "cancelled", "killed", "kill", "withdrawn", "retracted"];

/// What it says of one that may not be shown yet.
const WITHHELD: [&str; 2] = ["withheld", "embargoed"];

/// The end of an embargo of which nobody says when it ends: the last moment but one that there is.
const NO_END: Moment = Moment(i64::MAX - 1);

/// The longest text that is tried as a date; it also bounds what a refusal repeats.
const LONGEST_DATE: usize = 64;

/// A number of seconds beyond the year 5000; such a time stamp counts milliseconds.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// The values of one record, and what was odd about them.
#[derive(Debug, Default)]
pub struct Record {
    values: Vec<(Key, Value)>,
    warnings: Vec<String>,
    /// Where the date was read, if not in a record of the article's own.
    provenance: Option<Provenance>,
}

impl Record {
    /// Puts a value in; of a key that is given twice, the last value counts, as most programs have it.
    pub fn put(&mut self, key: Key, value: Value) {
        // These keys mean other things as well.
        if QUIET.contains(&key.name()) && matches!(value, Value::Number(_) | Value::Other(_)) {
            return;
        }
        match self.values.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => {
                *old = value;
                self.warn(format!("`{}` is given twice; the last one is kept", key.name()));
            }
            None => self.values.push((key, value)),
        }
    }

    /// Puts a value in under a key of the table.
    pub fn put_named(&mut self, key: &str, value: Value) {
        if let Some(key) = Key::named(key) {
            self.put(key, value);
        }
    }

    /// Puts text in under a key of the table, if there is any.
    pub fn put_text(&mut self, key: &str, text: Option<String>) {
        if let Some(text) = text {
            self.put_named(key, Value::Text(text));
        }
    }

    /// Puts text in under a key, in place of everything that other keys say of the same.
    pub fn replace_text(&mut self, key: &str, text: String) {
        if let Some(key) = Key::named(key) {
            self.values.retain(|(known, _)| known.field() != key.field());
            self.put(key, Value::Text(text));
        }
    }

    /// Takes from another record what this one lacks and can use.
    pub fn or(mut self, other: Self) -> Self {
        for (key, value) in other.values {
            if !self.has(key.field()) && !matches!(value, Value::Other(_)) {
                self.put(key, value);
            }
        }
        self
    }

    /// Leaves out the words and the identifier.
    pub fn forget_text(&mut self) {
        self.values.retain(|(key, _)| !matches!(key.field(), Field::Text | Field::Markup | Field::Id | Field::Status));
    }

    /// Whether there is a headline in it.
    pub fn has_title(&self) -> bool {
        self.has(Field::Title)
    }

    /// Whether there is a date in it that can be read and be true.
    pub fn has_true_date(&self) -> bool {
        let is_true = |value: &Value| matches!(value, Value::Text(date) if is_date(date));
        self.values.iter().any(|(key, value)| key.field() == Field::Date && is_true(value))
    }

    /// Whether there is a date in it.
    pub fn has_date(&self) -> bool {
        self.has(Field::Date)
    }

    /// Whether there are authors in it.
    pub fn has_authors(&self) -> bool {
        self.has(Field::Authors)
    }

    fn has(&self, field: Field) -> bool {
        self.values.iter().any(|(key, value)| key.field() == field && !value.is_empty())
    }

    /// Says where the date was read.
    pub fn published_by(&mut self, provenance: Provenance) {
        self.provenance = Some(provenance);
    }

    /// Takes the headline for the text where there is no other: some items of a feed are no more than that.
    pub fn or_headline(mut self) -> Self {
        let is_title = |(key, value): &&(Key, Value)| key.field() == Field::Title && !value.is_empty();
        if !self.has_text()
            && let Some((_, title)) = self.values.iter().find(is_title)
        {
            let text = match title {
                Value::List(values) => values.iter().find_map(|value| value.clone().valued()),
                Value::Text(text) => Some(text.clone()),
                _ => None,
            };
            self.put_text("text", text);
        }
        self
    }

    /// What it says of those that lie in it: its title is their source.
    pub fn of_collection(&self) -> Self {
        let mut shared = Self::default();
        for (key, value) in &self.values {
            match key.field() {
                Field::Title => shared.put_named("source", value.clone()),
                Field::Language | Field::Authors => shared.put(*key, value.clone()),
                _ => {}
            }
        }
        shared
    }

    /// Leaves out an identifier that other sources may give too.
    pub fn without_number(mut self) -> Self {
        self.values
            .retain(|(key, value)| key.field() != Field::Id || matches!(value, Value::Text(own) if is_unique(own)));
        self
    }

    /// Whether there is a body in it, and not only what stands for one.
    pub fn has_body(&self) -> bool {
        let stands_for = ["descriptions", "descriptiontext", "summary"];
        let is_body =
            |key: &Key| matches!(key.field(), Field::Text | Field::Markup) && !stands_for.contains(&key.name());
        self.values.iter().any(|(key, value)| is_body(key) && !value.is_empty())
    }

    /// Whether there are words in it.
    pub fn has_text(&self) -> bool {
        let is_text = |key: &Key| matches!(key.field(), Field::Text | Field::Markup);
        self.values.iter().any(|(key, value)| is_text(key) && !value.is_empty())
    }

    /// Makes the article, and says what was left out of it; an article without text is refused.
    pub fn into_article(mut self, origin: Origin) -> (Result<Article, String>, Vec<String>) {
        let article = self.article(origin);
        (article, self.warnings)
    }

    fn article(&mut self, origin: Origin) -> Result<Article, String> {
        let standing = self.standing();
        let text = match self.take(&[Field::Text, Field::Markup]) {
            Some((key, value)) if Key::named(key).is_some_and(|key| key.field() == Field::Markup) => prose(key, value)?,
            Some((_, Value::Text(text))) => trimmed(text),
            // A notice that an article is withdrawn often says no more than its id.
            None if standing == Standing::Withdrawn => String::new(),
            Some((key, value)) => return Err(format!("`{key}` is {}, not text", value.what())),
            None => return Err("no `text` in it".to_owned()),
        };
        // Records are sometimes made of plain files, header and all. The text stays as it is; the header still counts.
        let header = plain::header(&text);
        let derived = title::derive(&text[header.text_start..]);
        if derived.is_empty() && standing != Standing::Withdrawn {
            return Err("no `text` in it".to_owned());
        }
        let title = self.text(Field::Title).map(|title| title::one_line(&title)).filter(|title| !title.is_empty());
        Ok(Article {
            id: match self.id() {
                Some(own) => ArticleId::from_own(&own),
                None => ArticleId::from_path(&origin.path, origin.ordinal),
            },
            date: self.date(header.date),
            title_derived: title.is_none(),
            title: title.unwrap_or(derived),
            text,
            text_offset: None,
            language: self.language(),
            source: self.text(Field::Source),
            authors: self.authors(),
            url: self.text(Field::Url),
            origin,
            standing,
        })
    }

    fn id(&mut self) -> Option<String> {
        match self.take(&[Field::Id])? {
            ("uri" | "guid", Value::Text(id)) if !is_unique(&id) => None,
            (_, Value::Text(id) | Value::Number(id)) => Some(id),
            (key, value) => self.wrong(key, &value, "text or a number"),
        }
    }

    /// Words that are no known status say nothing: `status` is a key of many meanings.
    fn standing(&mut self) -> Standing {
        let status = match self.take(&[Field::Status]) {
            Some((_, Value::Text(status))) => status.trim().to_ascii_lowercase(),
            _ => String::new(),
        };
        let embargo = self.take(&[Field::Embargo]);
        if WITHDRAWN.contains(&status.as_str()) {
            return Standing::Withdrawn;
        }
        match embargo {
            Some((key, value)) => self.embargo(key, &value),
            None if WITHHELD.contains(&status.as_str()) => Standing::Embargoed(NO_END),
            None => Standing::Usable,
        }
    }

    /// The end of an embargo; one that cannot be read has none, since to show too late does less harm than too early.
    fn embargo(&mut self, key: &str, value: &Value) -> Standing {
        let end = match value {
            Value::Text(text) | Value::Number(text) => written_date(text),
            other => Err(format!("{} is not a date", other.what())),
        };
        Standing::Embargoed(end.map_or_else(
            |reason| {
                self.warn(format!("`{key}`: {reason}; the article is held back"));
                NO_END
            },
            |published| Moment::of(published.date.first(), published.time.unwrap_or(0)),
        ))
    }

    fn date(&mut self, in_text: Option<Published>) -> Option<Published> {
        let Some((key, value)) = self.take(&[Field::Date, Field::Stamp]) else { return in_text };
        let parsed = match &value {
            Value::Number(number) if key == "timestamp" => unix_time(number),
            Value::Text(text) | Value::Number(text) => written_date(text),
            other => Err(format!("{} is not a date", other.what())),
        };
        let read_in = |published| match self.provenance {
            Some(provenance) => Published { provenance, ..published },
            None => published,
        };
        parsed.map(read_in).map_err(|reason| self.warn(format!("`{key}`: {reason}; kept as undated"))).ok()
    }

    fn language(&mut self) -> Option<String> {
        let named = self.text(Field::Language).filter(|named| !language::is_unknown(named))?;
        let code = language::code(&named);
        if code.is_none() {
            self.warn(format!("`language`: {} is no language known here; left out", reason::quoted(&named)));
        }
        code
    }

    fn authors(&mut self) -> Vec<String> {
        let (key, values) = match self.take(&[Field::Authors]) {
            None => return Vec::new(),
            Some((key, Value::List(values))) => (key, values),
            Some((key, value)) => (key, vec![value]),
        };
        let mut authors = Vec::new();
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            match value {
                Value::Text(name) | Value::Named(name) => authors.push(trimmed(name)),
                other => authors.extend(self.wrong(key, &other, "a name")),
            }
        }
        authors
    }

    /// The text of a short field; an object stands for the name in it.
    fn text(&mut self, field: Field) -> Option<String> {
        match self.take(&[field])? {
            (_, Value::Text(text)) => Some(trimmed(text)),
            (_, Value::Named(name)) if field == Field::Source => Some(trimmed(name)),
            (key, Value::List(values)) if field == Field::Title => match values.into_iter().find_map(Value::valued) {
                Some(text) => Some(trimmed(text)),
                None => self.wrong(key, &Value::List(Vec::new()), "text"),
            },
            (key, value) => self.wrong(key, &value, "text"),
        }
    }

    /// The value under the preferred key among those that hold anything.
    fn take(&mut self, fields: &[Field]) -> Option<(&'static str, Value)> {
        let fits = |(key, value): &&mut (Key, Value)| fields.contains(&key.field()) && !value.is_empty();
        let (key, value) = self.values.iter_mut().filter(fits).min_by_key(|(key, _)| *key)?;
        Some((key.name(), std::mem::replace(value, Value::Nothing)))
    }

    fn wrong<T>(&mut self, key: &str, value: &Value, wanted: &str) -> Option<T> {
        self.warn(format!("`{key}` is {}, not {wanted}; left out", value.what()));
        None
    }

    /// Once each: a list of a million wrong authors is one fault.
    fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// The prose of a body in HTML, or of the first of several bodies; one that says it is plain text only where there is no other.
fn prose(key: &str, value: Value) -> Result<String, String> {
    let values = match value {
        Value::List(values) => values,
        value => vec![value],
    };
    let mut plain = None;
    for value in values {
        match value {
            Value::Text(html) | Value::Valued(html, false) => return Ok(markup::prose(&html)),
            Value::Valued(text, true) => plain = plain.or(Some(trimmed(text))),
            other if plain.is_none() => return Err(format!("`{key}` is {}, not text", other.what())),
            _ => {}
        }
    }
    plain.ok_or_else(|| "no `text` in it".to_owned())
}

/// Whether an identifier is one in the whole world, an address or a name with a scheme: not the number of a post, which other
/// sources give too, nor the address of a whole site.
pub fn is_unique(own: &str) -> bool {
    let Some((scheme, rest)) = own.split_once(':') else { return is_uuid(own) };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let leads_on = |place: &str| place.trim_end_matches('/').contains(['/', '?', '#']);
    is_scheme && rest.strip_prefix("//").map_or(rest.len() > 3, leads_on)
}

/// `8d19cf88-b3ab-4972-8fec-1207599f2872`.
fn is_uuid(own: &str) -> bool {
    own.len() == 36 && own.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether text is a date that can be read and be true; machines write the year 1 where they know none.
pub fn is_date(text: &str) -> bool {
    written_date(text).is_ok_and(|published| published.date.year() >= FIRST_PLAUSIBLE_YEAR)
}

/// Without the white space around it; the same allocation when there is none.
fn trimmed(text: String) -> String {
    let inner = text.trim();
    if inner.len() == text.len() { text } else { inner.to_owned() }
}

fn written_date(text: &str) -> Result<Published, String> {
    let text = text.trim();
    if text.len() > LONGEST_DATE || text.contains(char::is_control) {
        return Err(format!("{} is not a date", reason::quoted(text)));
    }
    Published::parse(text, Provenance::Metadata).map_err(|_| {
        format!("{} is not a date (write YYYY-MM-DD, YYYY-MM, YYYY or an RFC 3339 time)", reason::quoted(text))
    })
}

/// Reads a Unix time in seconds or milliseconds; a fraction is dropped.
fn unix_time(number: &str) -> Result<Published, String> {
    let refuse = || format!("{} is not a Unix time", reason::quoted(number));
    let whole = number.split('.').next().unwrap_or(number);
    let count: i64 = whole.parse().map_err(|_| refuse())?;
    let seconds = if count.unsigned_abs() >= MILLISECONDS_FROM { count.div_euclid(1000) } else { count };
    let day = i32::try_from(seconds.div_euclid(86_400)).ok().and_then(Day::from_number).ok_or_else(refuse)?;
    let time = u32::try_from(seconds.rem_euclid(86_400)).ok();
    Ok(Published { date: Date::Day(day), time, provenance: Provenance::Metadata })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_times_are_days_of_utc() {
        let check = |number: &str, expected: Option<(&str, u32)>| {
            let found = unix_time(number).ok();
            let found = found.map(|published| (published.date.to_string(), published.time.unwrap()));
            assert_eq!(found, expected.map(|(date, time)| (date.to_owned(), time)), "{number}");
        };
        check("0", Some(("1970-01-01", 0)));
        check("-1", Some(("1969-12-31", 86_399)));
        check("1644055200", Some(("2022-02-05", 36_000)));
        check("1644055200.75", Some(("2022-02-05", 36_000)));
        check("1644055200000", Some(("2022-02-05", 36_000)));
        check("9223372036854775807", None);
        check("1e18", None);
    }

    fn origin() -> Origin {
        Origin { path: "a.jsonl".to_owned(), ordinal: 3 }
    }

    #[test]
    fn a_header_inside_the_text_counts_where_the_record_is_silent() {
        let check = |date: &str, expected: &str| {
            let mut record = Record::default();
            record.put(Key::named("text").unwrap(), Value::Text(" date 2022-02-05 Talks went on. More.".to_owned()));
            record.put(Key::named("date").unwrap(), Value::Text(date.to_owned()));
            let article = record.into_article(origin()).0.unwrap();
            assert_eq!(article.date.unwrap().date.to_string(), expected);
            assert_eq!(article.title, "Talks went on.");
            assert_eq!(article.text, "date 2022-02-05 Talks went on. More.");
        };
        check("", "2022-02-05");
        check("2021", "2021");
    }

    #[test]
    fn the_preferred_key_with_a_value_wins() {
        let mut record = Record::default();
        let mut put = |key: &str, text: &str| record.put(Key::named(key).unwrap(), Value::Text(text.to_owned()));
        put("headline", "Second");
        put("title", "First");
        put("text", " ");
        put("content", " Words. ");
        put("published", "2022-02-05");
        put("timestamp", "2021-01-01");
        let (article, warnings) = record.into_article(origin());
        let article = article.unwrap();
        assert_eq!((article.title.as_str(), article.text.as_str(), warnings.len()), ("First", "Words.", 0));
        assert_eq!(article.date.unwrap().date.to_string(), "2022-02-05");
        assert_eq!(article.id, ArticleId::from_path("a.jsonl", 3));
    }
}
