//! Who held which office when, and who can therefore be meant on a day.
//!
//! Dates are as exact as they are known: a term that began in 2005 may have begun on any day of it. Whoever may have
//! held the office within the article's date is a candidate, and only a lone candidate whose term surely covers that
//! date is the holder.

use rustc_hash::FxHashMap;

use crate::date::Date;
use crate::extract::lexicon::Lexicon;
use crate::extract::office::Offices;
use crate::extract::table::{Row, TableError, rows};
use crate::extract::vocabulary::{key, name_keys};

/// Days before and after a term in which somebody is still `the former president` by surname alone.
const NEAR: i32 = 5 * 366;

/// One term of one person in one office, in day numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenure {
    /// The office, by its place in the table.
    pub office: u16,
    /// Key of the state or organisation.
    pub place: u64,
    /// Key of the country that an ambassador or envoy goes to, or 0.
    pub object: u64,
    /// The person, by its number in the lexicon.
    pub person: u32,
    /// The first day it may have begun, and the last.
    pub from: (i32, i32),
    /// The first day it may have ended, and the last.
    pub to: (i32, i32),
}

/// Who holds an office on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// This person, and nobody else.
    One(u32),
    /// One of these: the tables cannot tell which.
    Among(Vec<u32>),
}

/// All terms, sorted by office and place.
#[derive(Debug, Default)]
pub struct Tenures {
    list: Vec<Tenure>,
    /// Persons by the key of a word that alone can name them, sorted.
    families: Vec<(u64, u32)>,
}

impl Tenures {
    /// Reads `tenures.tsv`.
    pub fn parse(text: &str, lexicon: &Lexicon, offices: &Offices) -> Result<Self, TableError> {
        let mut tenures = Self::default();
        let mut dates: FxHashMap<&str, (i32, i32)> = FxHashMap::default();
        let mut known: FxHashMap<&str, Option<(u16, u64)>> = FxHashMap::default();
        let all = rows("tenures.tsv", text, &["person", "office", "from", "to"])?;
        tenures.list.reserve(all.len());
        for row in &all {
            let id = row.needed(0)?;
            let person = lexicon.find(id).ok_or_else(|| row.error(format!("no table has `{id}`")))?;
            let id = row.needed(1)?;
            let (place, role) = id.split_once('.').ok_or_else(|| row.error(format!("`{id}` has no dot")))?;
            let office = *known.entry(id).or_insert_with(|| offices.find(place, role));
            let (office, object) = office.ok_or_else(|| row.error(format!("no office is `{id}`")))?;
            row.needed(2)?;
            let from = days(row, 2, &mut dates)?;
            let to = if row.cell(3).is_empty() { (i32::MAX, i32::MAX) } else { days(row, 3, &mut dates)? };
            if to.1 < from.0 {
                return Err(row.error("ends before it begins"));
            }
            tenures.list.push(Tenure { office, place: key(place), object, person, from, to });
        }
        tenures.list.sort_unstable();
        tenures.gather_families(lexicon);
        Ok(tenures)
    }

    /// The words that alone can name each person.
    fn gather_families(&mut self, lexicon: &Lexicon) {
        let mut persons: Vec<u32> = self.list.iter().map(|tenure| tenure.person).collect();
        persons.sort_unstable();
        persons.dedup();
        for person in persons {
            let known = &lexicon.actors[person as usize];
            let words = name_keys(&known.name);
            if known.family_first {
                self.families.extend(words.iter().map(|&word| (word, person)));
            } else {
                self.families.extend(words.last().map(|&word| (word, person)));
            }
        }
        self.families.sort_unstable();
        self.families.dedup();
    }

    /// All terms in one office of one place.
    fn terms(&self, office: u16, place: u64) -> &[Tenure] {
        let from = self.list.partition_point(|tenure| (tenure.office, tenure.place) < (office, place));
        let to = self.list.partition_point(|tenure| (tenure.office, tenure.place) <= (office, place));
        &self.list[from..to]
    }

    /// Who of those that `fits` holds one of these offices, each with its place and object, on a date.
    pub fn holder(&self, offices: &[(u16, u64, u64)], date: Date, fits: impl Fn(u32) -> bool) -> Option<Holder> {
        let (first, last) = (date.first().number(), date.last().number());
        let mut persons = Vec::new();
        let mut sure = false;
        for &(office, place, object) in offices {
            for tenure in self.terms(office, place).iter().filter(|tenure| tenure.object == object) {
                if tenure.from.0 <= last && tenure.to.1 >= first && fits(tenure.person) {
                    sure |= tenure.from.1 <= first && tenure.to.0 >= last;
                    persons.push(tenure.person);
                }
            }
        }
        persons.sort_unstable();
        persons.dedup();
        match persons.as_slice() {
            [] => None,
            [only] if sure => Some(Holder::One(*only)),
            _ => Some(Holder::Among(persons)),
        }
    }

    /// Persons whom this one word can name.
    pub fn by_family(&self, word: u64) -> impl Iterator<Item = u32> {
        let from = self.families.partition_point(|&(other, _)| other < word);
        self.families[from..].iter().take_while(move |&&(other, _)| other == word).map(|&(_, person)| person)
    }

    /// Whether the person held this office around a date, or years before it when the article says `former`.
    pub fn held(&self, person: u32, office: u16, place: Option<u64>, date: Date, past: bool) -> bool {
        let slack = if past { NEAR } else { 0 };
        let (first, last) = (date.first().number() - slack, date.last().number() + slack);
        let from = self.list.partition_point(|tenure| tenure.office < office);
        let of_office = self.list[from..].iter().take_while(|tenure| tenure.office == office);
        let of_place =
            of_office.filter(|tenure| tenure.person == person && place.is_none_or(|place| tenure.place == place));
        of_place.into_iter().any(|tenure| tenure.from.0 <= last && tenure.to.1 >= first)
    }
}

/// The first and the last day that a cell may mean; most dates stand there many times.
fn days<'a>(
    row: &Row<'a>,
    column: usize,
    dates: &mut FxHashMap<&'a str, (i32, i32)>,
) -> Result<(i32, i32), TableError> {
    let cell = row.cell(column);
    if let Some(&found) = dates.get(cell) {
        return Ok(found);
    }
    let date = cell.parse::<Date>().map_err(|reason| row.error(format!("column {}: {reason}", column + 1)))?;
    let found = (date.first().number(), date.last().number());
    dates.insert(cell, found);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tables::Tables;
    use crate::extract::vocabulary::Vocabulary;

    /// Days that terms of a single-holder office may overlap: acting holders, and months known roughly.
    const HAND_OVER: i32 = 62;

    #[test]
    fn the_builtin_terms_do_not_overlap() {
        let tables = Tables::builtin();
        let name = |tenure: &Tenure| tables.lexicon.actors[tenure.person as usize].id.as_str();
        let mut found = Vec::new();
        for (at, a) in tables.tenures.list.iter().enumerate() {
            let office = &tables.offices.list[a.office as usize];
            let same = |b: &&Tenure| (a.office, a.place, a.object) == (b.office, b.place, b.object);
            for b in tables.tenures.list[at + 1..].iter().take_while(same).filter(|_| office.single) {
                let overlap = a.to.0.min(b.to.0).saturating_sub(a.from.1.max(b.from.1));
                if overlap > HAND_OVER {
                    let country = tables.lexicon.actors[a.person as usize].country.as_deref().unwrap_or("-");
                    found.push(format!("{country} {}: {} and {} share {overlap} days", office.role, name(a), name(b)));
                }
            }
        }
        assert!(found.is_empty(), "{} overlaps:\n{}", found.len(), found.join("\n"));
    }

    fn small(tenures: &str) -> (Lexicon, Result<Tenures, TableError>) {
        let persons = "id\tname\torder\tgender\tcountry\taliases\n\
            person:ada-lund\tAda Lund\tgiven-first\tf\tNO\nperson:bo-berg\tBo Berg\tgiven-first\tm\tNO\n";
        let offices = "id\tbodies\ttitles\tbeside\tclass\tholders\n*.president\t\tpresident\t\thead\tone\n";
        let (mut lexicon, mut words) = (Lexicon::default(), Vocabulary::default());
        lexicon.add_persons(persons, &mut words).unwrap();
        let offices = Offices::parse(offices, &lexicon, &mut words).unwrap();
        let found = Tenures::parse(&format!("person\toffice\tfrom\tto\n{tenures}"), &lexicon, &offices);
        (lexicon, found)
    }

    #[test]
    fn a_date_tells_the_holder() {
        let (lexicon, tenures) = small(
            "person:ada-lund\tno.president\t2001-03-05\t2005-03-05\nperson:bo-berg\tno.president\t2005-03-05\t2010\n",
        );
        let tenures = tenures.unwrap();
        let check = |date: &str, expected: &str| {
            let found = tenures.holder(&[(0, key("no"), 0)], date.parse().unwrap(), |_| true);
            let name = |person: &u32| lexicon.actors[*person as usize].name.clone();
            let found = match found {
                None => String::new(),
                Some(Holder::One(person)) => name(&person),
                Some(Holder::Among(list)) => list.iter().map(name).collect::<Vec<_>>().join(" or "),
            };
            assert_eq!(found, expected.replace('?', ""), "{date}");
        };
        check("2001-03-04", "");
        check("2003-07-01", "Ada Lund");
        check("2003", "Ada Lund");
        check("2005-03-05", "Ada Lund or Bo Berg");
        check("2005-03-06", "Bo Berg");
        check("2005-03", "Ada Lund or Bo Berg");
        check("2005", "Ada Lund or Bo Berg");
        // The year of the end is known, the day is not.
        check("2009-12-31", "Bo Berg");
        assert!(matches!(
            tenures.holder(&[(0, key("no"), 0)], "2010-06-01".parse().unwrap(), |_| true),
            Some(Holder::Among(_))
        ));
        check("2011-01-01", "");
    }

    #[test]
    fn a_mistake_is_named() {
        let check = |row: &str, expected: &str| {
            assert_eq!(small(row).1.err().map(|error| error.to_string()).unwrap_or_default(), expected);
        };
        check("person:ada-lund\tno.president\t2001\n", "");
        check("person:eva-moe\tno.president\t2001\n", "tenures.tsv:2: no table has `person:eva-moe`");
        check("person:ada-lund\tno.baker\t2001\n", "tenures.tsv:2: no office is `no.baker`");
        check("person:ada-lund\tno.president\t2001\t2000-12\n", "tenures.tsv:2: ends before it begins");
        check("person:ada-lund\tno.president\t2001-13\n", "tenures.tsv:2: column 3: there is no month 13 in `2001-13`");
        check("person:ada-lund\tno.president\n", "tenures.tsv:2: column 3 is empty");
    }
}
