//! Offices that stand for their holders: `the US president`, `Norway's top diplomat`, `the president of Norway`.
//!
//! Who is meant depends on the article's date. What the article itself says of somebody with the same title comes
//! first; where the tables know several holders, only one whom the article names counts.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::date::Date;
use crate::extract::cast::Cast;
use crate::extract::doc::Doc;
use crate::extract::lexicon::Gender;
use crate::extract::name::{Name, Names};
use crate::extract::office::{Body, Title, Use};
use crate::extract::role::Office;
use crate::extract::tables::Tables;
use crate::extract::tenure::Holder;
use crate::extract::token::{Token, shape};
use crate::extract::vocabulary::{class, key};
use crate::facts::ActorKind;

/// Words of a title at most.
const LONGEST_TITLE: usize = 10;

/// An office in the text, led back to a person where one can be told.
#[derive(Debug, Clone)]
pub struct Incumbent {
    /// Its words, without the article.
    pub tokens: Range<usize>,
    /// Index into the cast.
    pub actor: Option<u32>,
    /// Between 0 and 1.
    pub confidence: f32,
}

/// A title in the text, with the state or body it stands with.
struct Phrase {
    tokens: Range<usize>,
    /// The words of the title alone.
    title: Range<usize>,
    /// Offices it can mean: the office, its place, and the country it goes to.
    offices: Vec<(u16, u64, u64)>,
    country: Option<String>,
}

/// All offices of the text, in order.
pub fn find(doc: &Doc, names: &Names, cast: &mut Cast, own: &[Office], date: Date, tables: &Tables) -> Vec<Incumbent> {
    let seeker = Seeker { doc, names, tables, named: names.list.iter().map(|name| name.actor).collect() };
    let mut phrases = Vec::new();
    for name in names.list.iter().filter(|name| !name.person && !doc.paragraph(name.tokens.start).upper) {
        let Some((body, country)) = seeker.body(name, cast) else { continue };
        let phrase = seeker.behind(name, body, country.as_deref(), cast);
        phrases.extend(phrase.or_else(|| seeker.before(name, body, country.as_deref())));
    }
    phrases.extend((1..doc.tokens.len()).filter_map(|at| seeker.alone(at)));
    phrases.sort_by_key(|phrase| (phrase.tokens.start, std::cmp::Reverse(phrase.tokens.end)));
    let mut found: Vec<Incumbent> = Vec::new();
    for phrase in phrases {
        if found.last().is_some_and(|last| last.tokens.end > phrase.tokens.start) {
            continue;
        }
        let stands = seeker.stands_for_somebody(&phrase);
        let holder = if stands { seeker.holder(&phrase, cast, own, date) } else { None };
        let (actor, confidence) = holder.map_or((None, 0.0), |(actor, confidence)| (Some(actor), confidence));
        found.push(Incumbent { tokens: phrase.tokens, actor, confidence });
    }
    found
}

/// The state or body that an actor is as a place of offices, with its country.
pub fn body_of(actor: u32, cast: &Cast, tables: &Tables) -> Option<(Body, Option<String>)> {
    let actor = &cast.get(actor).actor;
    let state = matches!(actor.kind, ActorKind::State | ActorKind::Government);
    let known = if actor.kind == ActorKind::State { None } else { tables.lexicon.find(&actor.id) };
    let known = known.filter(|&known| tables.offices.is_body(known));
    let national = state && !actor.id.starts_with("org:");
    let state = actor.country.as_deref().filter(|_| national).map(key);
    (known.is_some() || state.is_some()).then(|| (Body { known, state }, actor.country.clone()))
}

struct Seeker<'a> {
    doc: &'a Doc<'a>,
    names: &'a Names,
    tables: &'a Tables,
    /// Actors that the article names.
    named: FxHashSet<u32>,
}

impl Seeker<'_> {
    /// The place of offices that a name is; a ministry is one of its country (`the Chinese foreign ministry spokesman`).
    fn body(&self, name: &Name, cast: &Cast) -> Option<(Body, Option<String>)> {
        body_of(name.actor, cast, self.tables).or_else(|| {
            let actor = &cast.get(name.actor).actor;
            let country = actor.country.clone().filter(|_| actor.kind.is_organisation())?;
            Some((Body { known: None, state: None }, Some(country)))
        })
    }

    /// `Norway's foreign minister`, `UN chief`, `Chinese foreign ministry spokesman`, `US ambassador to Norway`.
    fn behind(&self, name: &Name, body: Body, country: Option<&str>, cast: &Cast) -> Option<Phrase> {
        let doc = self.doc;
        let mut at = name.tokens.end;
        if doc.tokens.get(at)?.is(shape::POSSESSIVE) {
            at += 1;
        }
        if doc.reads_any(at, &["current", "incumbent", "veteran", "embattled", "long-serving"]) {
            at += 1;
        }
        let within = Body { known: None, state: country.map(key) };
        // The country may lie inside a longer name that holds the first words of the title.
        let inside = name.tokens.len() > 1 && body.state.is_none();
        let starts = (name.tokens.start + 1..name.tokens.end).filter(|_| inside).map(|at| (at, within));
        let (end, at, titles, body) = std::iter::once((at, body)).chain(starts).find_map(|(at, body)| {
            let (end, titles) = self.title_at(at, |title| {
                title.usage != Use::Beside && self.tables.offices.placed(title, body).is_some()
            })?;
            (end > name.tokens.end).then_some((end, at, titles, body))
        })?;
        self.phrase(name.tokens.start..end, at..end, &titles, body, country, cast)
    }

    /// Makes the phrase, with the country that an ambassador goes to.
    fn phrase(
        &self,
        tokens: Range<usize>,
        title: Range<usize>,
        titles: &[Title],
        body: Body,
        country: Option<&str>,
        cast: &Cast,
    ) -> Option<Phrase> {
        let mut tokens = tokens;
        let offices = &self.tables.offices;
        let mut object = 0;
        if titles.iter().any(|title| offices.has_object(title.office)) {
            let at = tokens.end + usize::from(self.doc.reads(tokens.end, "the"));
            let goal = self.names.over(at).filter(|goal| goal.tokens.start == at);
            if let Some(goal) = goal {
                let id = &cast.get(goal.actor).actor.id;
                object = key(id.split_once(':').map_or("", |(_, code)| code));
                tokens.end = goal.tokens.end;
            }
        }
        let offices = titles
            .iter()
            .filter(|title| offices.has_object(title.office) == (object != 0))
            .filter_map(|title| Some((title.office, offices.placed(*title, body)?, object)))
            .collect::<Vec<_>>();
        (!offices.is_empty()).then(|| Phrase { tokens, title, offices, country: country.map(str::to_owned) })
    }

    /// `president of Norway`, `secretary-general of the United Nations`.
    fn before(&self, name: &Name, body: Body, country: Option<&str>) -> Option<Phrase> {
        let doc = self.doc;
        let mut of = name.tokens.start.checked_sub(1)?;
        if doc.reads(of, "the") {
            of = of.checked_sub(1)?;
        }
        let next = doc.tokens.get(name.tokens.end);
        // `the president of Norway's parliament`: another president.
        let goes_on = next
            .is_some_and(|t| t.is(shape::POSSESSIVE) || t.is_capital() && !t.is(shape::FIRST) && !t.any(class::TIME));
        if !doc.reads(of, "of") || goes_on {
            return None;
        }
        let sentence = doc.sentence(of).start;
        let fits = |title: Title| title.usage != Use::Beside && self.tables.offices.placed(title, body).is_some();
        (of.saturating_sub(LONGEST_TITLE).max(sentence)..of).find_map(|at| {
            let (end, titles) = self.title_at(at, fits).filter(|(end, _)| *end == of)?;
            let offices = titles
                .iter()
                .filter(|title| !self.tables.offices.has_object(title.office))
                .filter_map(|title| Some((title.office, self.tables.offices.placed(*title, body)?, 0)))
                .collect::<Vec<_>>();
            let named = at > 0 && doc.reads(at - 1, "the") || doc.tokens[at].is_capital();
            let country = country.map(str::to_owned);
            (named && !offices.is_empty()).then_some(Phrase {
                tokens: at..name.tokens.end,
                title: at..end,
                offices,
                country,
            })
        })
    }

    /// `the pope`
    fn alone(&self, at: usize) -> Option<Phrase> {
        let before = &self.doc.tokens[at - 1];
        if !before.any(class::DETERMINER) || !self.doc.reads(at - 1, "the") || self.names.at[at] != 0 {
            return None;
        }
        let (end, titles) = self.title_at(at, |title| title.usage == Use::Alone)?;
        let place = |title: &Title| self.tables.offices.list[title.office as usize].place;
        let offices = titles.iter().filter_map(|title| Some((title.office, place(title)?, 0))).collect();
        Some(Phrase { tokens: at..end, title: at..end, offices, country: None })
    }

    /// The longest title at `at` with meanings that fit, and its end.
    fn title_at(&self, at: usize, fits: impl Fn(Title) -> bool) -> Option<(usize, Vec<Title>)> {
        let end = self.doc.sentence(at).end.min(at + LONGEST_TITLE);
        let mut found = None;
        self.tables.offices.titles.each(
            self.doc.tokens.get(at..end)?.iter().map(|token| token.word),
            |length, titles| {
                let titles: Vec<Title> = titles.iter().copied().filter(|title| fits(*title)).collect();
                if !titles.is_empty() {
                    found = Some((at + length, titles));
                }
            },
        );
        found
    }

    /// Whether the words around leave the phrase to stand for the one who holds the office.
    fn stands_for_somebody(&self, phrase: &Phrase) -> bool {
        let own = |at: usize| self.doc.tokens[at].is(shape::POSSESSIVE);
        let possessed = phrase.title.start > phrase.tokens.start && phrase.tokens.clone().any(own);
        self.led_in(phrase.tokens.start, possessed) && self.led_out(phrase.tokens.end)
    }

    /// What stands before: an article, a preposition or a verb, but not `former`, `became` or a name that it explains.
    fn led_in(&self, start: usize, possessed: bool) -> bool {
        let doc = self.doc;
        let sentence = doc.sentence(start).start;
        let mut at = start;
        if at > sentence
            && doc.reads_any(at - 1, &["current", "incumbent", "visiting", "embattled", "present", "sitting"])
        {
            at -= 1;
        }
        let article = at > sentence && doc.reads(at - 1, "the");
        at -= usize::from(article);
        if at == sentence {
            return true;
        }
        let before = &doc.tokens[at - 1];
        if doc.reads_any(at - 1, BECOMES) || doc.str(at - 1) == "," && at >= 2 && self.is_person(at - 2) {
            return false;
        }
        if !before.is(shape::WORD) {
            return doc.str(at - 1) != "-";
        }
        if article || possessed && before.is_lower() && !doc.reads_any(at - 1, NOT_NOW) {
            return true;
        }
        let verb = before.is_lower() && before.any(class::CUE_START | class::VERB | class::AUXILIARY);
        let links = class::PREPOSITION | class::CONJUNCTION | class::SUBORDINATOR;
        !doc.reads_any(at - 1, NOT_NOW)
            && (verb || before.any(links) && !doc.reads_any(at - 1, &["for", "like", "one"]))
    }

    /// What stands behind: no name that it introduces, no longer title, no time of its own.
    fn led_out(&self, end: usize) -> bool {
        let doc = self.doc;
        let Some(next) = doc.tokens.get(end) else { return true };
        if doc.tokens[end - 1].sentence != next.sentence {
            return true;
        }
        if next.is(shape::POSSESSIVE) {
            let noun = |token: &Token| token.any(class::ROLE_START);
            let stop = doc.sentence(end).end.min(end + 4);
            return !(end + 1..stop).any(|at| noun(&doc.tokens[at]) || doc.reads(at, "office"));
        }
        if !next.is(shape::WORD) {
            let explained = matches!(doc.str(end), "," | "(" | "—" | "–" | "--") && self.is_person(end + 1);
            let hyphen = doc.str(end) == "-" && !next.is(shape::SPACED);
            return !explained && !hyphen;
        }
        if self.is_person(end)
            || next.is_capital() && self.names.at[end] == 0 && !next.any(class::TIME) && !doc.paragraph(end).titled
        {
            return false;
        }
        let year = |at: usize| doc.tokens.get(at).is_some_and(|token| token.is(shape::DIGIT));
        let then = doc.reads_any(end, &["at", "of"]) && doc.reads(end + 1, "the") && doc.reads(end + 2, "time");
        !(then
            || doc.reads_any(end, &["in", "from", "until", "since", "between"]) && year(end + 1)
            || doc.reads_any(
                end,
                &["elect", "designate", "candidate", "hopeful", "nominee", "race", "election", "post", "job"],
            )
            || next.is_lower() && next.any(class::ROLE_START) && !next.any(class::CUE_START | class::VERB))
    }

    fn is_person(&self, at: usize) -> bool {
        self.names.over(at).is_some_and(|name| name.person)
    }

    /// Who is meant: whom the article calls so, else who held the office on its date.
    fn holder(&self, phrase: &Phrase, cast: &mut Cast, own: &[Office], date: Date) -> Option<(u32, f32)> {
        let doc = self.doc;
        let keys: Vec<u64> = doc.tokens[phrase.title.clone()].iter().map(|token| token.key).collect();
        let called = |office: &&Office| {
            !office.past && office.keys == keys && office.country.is_some() && office.country == phrase.country
        };
        let mut called: Vec<u32> = own.iter().filter(called).map(|office| office.actor).collect();
        called.sort_unstable();
        called.dedup();
        let gender = self.gender(phrase.title.clone());
        let of_sex = |person: u32| {
            let known = &self.tables.lexicon.actors[person as usize];
            gender.is_none() || known.gender.is_none() || known.gender == gender
        };
        match called.as_slice() {
            [] => {}
            [only] => return Some((*only, 0.85)),
            _ => return None,
        }
        match self.tables.tenures.holder(&phrase.offices, date, of_sex)? {
            Holder::One(person) => Some((cast.add_known(person, self.tables), 0.85)),
            Holder::Among(persons) => {
                let mut named = persons.iter().filter_map(|person| self.named(*person, cast));
                let first = named.next()?;
                named.next().is_none().then_some((first, 0.6))
            }
        }
    }

    /// The person of the tables as the article names it.
    fn named(&self, person: u32, cast: &Cast) -> Option<u32> {
        let actor = cast.find(&self.tables.lexicon.actors[person as usize].id)?;
        self.named.contains(&actor).then_some(actor)
    }

    /// The sex that the title's last word tells: `spokeswoman`, `king`.
    fn gender(&self, title: Range<usize>) -> Option<Gender> {
        let word = &self.doc.tokens[title.end - 1].word;
        let (_, roles) = self.tables.roles.longest(std::iter::once(*word))?;
        roles[0].gender
    }
}

/// What makes the phrase the name of a post and not of a person.
const BECOMES: &[&str] = &[
    "as",
    "became",
    "become",
    "becomes",
    "becoming",
    "elected",
    "appointed",
    "named",
    "nominated",
    "chosen",
    "sworn",
    "former",
    "ex",
    "late",
    "then",
    "next",
    "future",
    "deputy",
    "acting",
    "vice",
    "first",
    "last",
    "previous",
    "new",
    "every",
    "any",
];

/// What says that no particular or no present holder is meant.
const NOT_NOW: &[&str] = &[
    "former", "ex", "late", "then", "next", "future", "deputy", "acting", "vice", "first", "last", "previous", "new",
    "incoming", "outgoing", "interim", "would-be", "a", "an", "no", "any", "every", "each", "another", "some", "was",
    "were", "been", "be", "being",
];
