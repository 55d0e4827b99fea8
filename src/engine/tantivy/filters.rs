//! Conditions that score nothing: flags, dates, and values that are looked up whole.

use tantivy::Term;
use tantivy::query::RegexQuery;

use super::clause::{Clause, between, filter, glob_to_regex, term, union};
use super::lower::Lowering;
use super::schema;
use crate::article::ArticleId;
use crate::date::{Day, Period, Provenance};
use crate::error::{Error, Result};
use crate::field::Field;
use crate::text::fold;

const SECONDS_A_DAY: i64 = 86_400;

impl Lowering<'_> {
    /// One of the few values of a field of articles.
    pub fn is(&self, field: Field, what: &str) -> Clause {
        let flag = |what: &str| term(Term::from_field_text(self.fields.has, what));
        if field != Field::DateQuality {
            return filter(flag(what));
        }
        let any = |read: &[Provenance]| {
            filter(union(read.iter().map(|read| flag(&schema::date_flag(read.name()))).collect()))
        };
        match what {
            "stated" => any(&[Provenance::Header, Provenance::Metadata, Provenance::Feed]),
            "inferred" => any(&[Provenance::Url, Provenance::Filename, Provenance::Text]),
            what => filter(flag(&schema::date_flag(what))),
        }
    }

    pub fn keyword(&self, field: Option<Field>, value: &str) -> Result<Clause> {
        let (index_field, value) = match field {
            // A source's own identifier may be stored as a hash.
            Some(Field::Id) if !value.contains(['*', '?']) => {
                (self.fields.id, ArticleId::from_own(value).as_str().to_owned())
            }
            Some(Field::Id) => (self.fields.id, value.to_owned()),
            Some(Field::Lang) => (self.fields.lang, fold(value)),
            Some(Field::Path) => (self.fields.path, fold(value)),
            _ => (self.fields.source, fold(value)),
        };
        let whole = |value: &str| term(Term::from_field_text(index_field, value));
        if !value.contains(['*', '?']) {
            return Ok(whole(&value));
        }
        let regex = glob_to_regex(&value);
        let pattern = RegexQuery::from_pattern(&regex, index_field)
            .map_err(|error| Error::usage(format!("`{value}` cannot be used as a pattern: {error}")))?;
        // An identifier may be an address with a question in it.
        let own = (field == Some(Field::Id)).then(|| whole(ArticleId::from_own(&value).as_str()));
        Ok(union(own.into_iter().chain([Box::new(pattern) as Clause]).collect()))
    }

    /// Articles or quotes whose date lies wholly in the period.
    pub fn period(field: Field, period: Period) -> Clause {
        if field == Field::Ingested {
            let seconds =
                |day: Day, days: i64| u64::try_from((i64::from(day.number()) + days) * SECONDS_A_DAY).unwrap_or(0);
            let from = period.from.map_or(0, |day| seconds(day, 0));
            let to = period.to.map_or(u64::MAX, |day| seconds(day, 1).saturating_sub(1));
            return between(vec![("ingested", from, to)]);
        }
        let from = period.from.map_or(1, schema::day_number);
        let to = period.to.map_or(u64::MAX, schema::day_number);
        between(vec![("first", from, u64::MAX), ("last", 1, to)])
    }
}
