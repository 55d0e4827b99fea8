//! All tables together, parsed once.
//!
//! The built-in tables are compiled in; parsing them is cheap and every mistake in them is found by a test. The
//! version is a hash of their bytes, so that an index made with other tables shows it.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::extract::bodies::{Bodies, bodies};
use crate::extract::calibrate::Calibration;
use crate::extract::contexts::Contexts;
use crate::extract::lexicon::{Gender, Lexicon};
use crate::extract::ministry::Ministries;
use crate::extract::office::Offices;
use crate::extract::overlay::Own;
use crate::extract::sources::{BUILTIN, Sources, grammar_of, version};
use crate::extract::table::{TableError, rows};
use crate::extract::tagger::Model;
use crate::extract::tenure::Tenures;
use crate::extract::trie::Trie;
use crate::extract::vocabulary::{Vocabulary, WordId, class};
use crate::facts::ActorKind;

/// How a cue takes what is said; bits.
pub mod frame {
    /// Bare quotative, allows inversion.
    pub const QUOTE: u16 = 1;
    /// Clause with `that`.
    pub const THAT: u16 = 1 << 1;
    /// Clause without `that`.
    pub const ZERO: u16 = 1 << 2;
    /// Person object first.
    pub const PERSON: u16 = 1 << 3;
    /// Person and infinitive.
    pub const INFINITIVE: u16 = 1 << 4;
    /// Noun phrase.
    pub const NOUN: u16 = 1 << 5;
    /// accuse X of
    pub const ACCUSE: u16 = 1 << 6;
    /// Infinitive without a person.
    pub const VOW: u16 = 1 << 7;
    /// Writing.
    pub const WRITE: u16 = 1 << 8;
    /// Its base and its third person are nouns as well: report, states.
    pub const HOMOGRAPH: u16 = 1 << 9;
}

/// The inflections of a cue; bits.
pub mod inflection {
    /// say
    pub const BASE: u8 = 1;
    /// says
    pub const THIRD: u8 = 1 << 1;
    /// said
    pub const PAST: u8 = 1 << 2;
    /// said (by)
    pub const PARTICIPLE: u8 = 1 << 3;
    /// saying
    pub const GERUND: u8 = 1 << 4;
}

/// What a cue reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CueClass {
    /// Speech.
    Speech,
    /// Writing.
    Writing,
    /// Belief.
    Belief,
    /// Intent.
    Intent,
}

/// One written form of a cue.
#[derive(Debug, Clone, Copy)]
pub struct CueForm {
    /// Bits of [`frame`].
    pub frames: u16,
    /// Bits of [`inflection`].
    pub inflections: u8,
    /// What it reports.
    pub class: CueClass,
    /// How often it is a cue at all.
    pub prior: f32,
}

impl CueForm {
    /// Whether the same letters are a noun as well.
    pub fn is_noun(&self) -> bool {
        self.frames & frame::HOMOGRAPH != 0
    }
}

/// A phrase that marks a source, like `according to`.
#[derive(Debug, Clone, Copy)]
pub struct PhraseCue {
    /// Whether the source follows the phrase.
    pub source_follows: bool,
    /// How often it marks a source.
    pub prior: f32,
}

/// Why a cue does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// declined to say
    Refusal,
    /// is said to
    Passive,
    /// might say
    Hypothetical,
    /// what he said
    Noun,
}

/// What a role noun tells.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// Which sort of role.
    pub class: RoleClass,
    /// Several people.
    pub plural: bool,
    /// The sex it tells.
    pub gender: Option<Gender>,
}

/// Sorts of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleClass {
    /// president, king
    Head,
    /// minister, secretary of state
    Minister,
    /// senator, lawmaker
    Legislator,
    /// official, ambassador, mayor
    Official,
    /// spokesman
    Spokes,
    /// general, soldier
    Military,
    /// Any other.
    Other,
}

/// Everything that extraction looks up.
#[derive(Debug, Default)]
pub struct Tables {
    /// All words.
    pub vocabulary: Vocabulary,
    /// Known actors.
    pub lexicon: Lexicon,
    /// Cues.
    pub cues: Trie<CueForm>,
    /// Source phrases.
    pub phrases: Trie<PhraseCue>,
    /// Guards.
    pub guards: Trie<Guard>,
    /// Role nouns.
    pub roles: Trie<Role>,
    /// Kinds by the last word of a name.
    pub last: FxHashMap<WordId, ActorKind>,
    /// Kinds by the first words of a name.
    pub first: Trie<ActorKind>,
    /// Bodies of states by state and head.
    pub bodies: Bodies,
    /// Countries by words that mark them.
    pub markers: FxHashMap<WordId, String>,
    /// Words that tell what a name beside them means.
    pub contexts: Contexts,
    /// How sure each rule is.
    pub calibration: Calibration,
    /// What the user's own tables changed.
    pub own: Own,
    /// A tagger that the user has trained.
    pub tagger: Option<Model>,
    pub(super) version: String,
    /// Offices by their titles.
    pub offices: Offices,
    /// Who held them when.
    pub tenures: Tenures,
    /// Ministries and agencies that every state has.
    pub ministries: Ministries,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| match Tables::parse(&BUILTIN) {
    Ok(tables) => tables,
    // The validator test parses the same bytes, so this cannot be reached in a tested build.
    Err(error) => panic!("a built-in table is broken: {error}"),
});

/// Words of the built-in tables, roughly.
const WORDS: usize = 1 << 15;

impl Tables {
    /// The tables that are compiled in, parsed at the first call.
    pub fn builtin() -> &'static Self {
        &TABLES
    }

    /// A short hash of all tables; another version finds other things.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Parses all tables.
    pub fn parse(sources: &Sources) -> Result<Self, TableError> {
        Self::parse_with(sources, &[])
    }

    /// Parses all tables; `own` are files of the user with rows for tables of the same name. They are read first, and
    /// of two rows for one phrase the first counts.
    pub fn parse_with(sources: &Sources, own: &[(&str, &str)]) -> Result<Self, TableError> {
        let vocabulary = Vocabulary::with_room(WORDS);
        let mut tables = Self { version: version(sources), vocabulary, ..Self::default() };
        tables.lexicon.names.reserve(2 * WORDS);
        tables.add_words(sources.words)?;
        let words = &mut tables.vocabulary;
        tables.lexicon.add_states(sources.states, words)?;
        tables.lexicon.add_places("places.tsv", sources.places, words)?;
        tables.lexicon.add_places("provinces.tsv", sources.provinces, words)?;
        tables.lexicon.add_orgs(sources.orgs, words)?;
        tables.lexicon.add_groups(sources.groups, words)?;
        tables.lexicon.add_persons(sources.persons, words)?;
        let builtin: [(&str, &str); 4] = [
            ("cues.tsv", sources.cues),
            ("cue_phrases.tsv", sources.cue_phrases),
            ("guards.tsv", sources.guards),
            ("roles.tsv", sources.roles),
        ];
        for (file, text) in own.iter().chain(&builtin) {
            match grammar_of(file) {
                Some("cues.tsv") => tables.add_cues(file, text)?,
                Some("cue_phrases.tsv") => tables.add_phrases(file, text)?,
                Some("guards.tsv") => tables.add_guards(file, text)?,
                _ => tables.add_roles(file, text)?,
            }
        }
        tables.add_names(sources.given, sources.family)?;
        tables.add_suffixes(sources.suffixes)?;
        tables.add_markers(sources.markers)?;
        tables.contexts = Contexts::parse(sources.contexts)?;
        tables.calibration = Calibration::parse(sources.calibration)?;
        tables.bodies = bodies(&tables.lexicon, &tables.vocabulary);
        tables.offices = Offices::parse(sources.offices, &tables.lexicon, &mut tables.vocabulary)?;
        tables.tenures = Tenures::parse(sources.tenures, &tables.lexicon, &tables.offices)?;
        tables.ministries = Ministries::parse(sources.ministries, &tables.lexicon, &mut tables.vocabulary)?;
        Ok(tables)
    }

    fn add_words(&mut self, text: &str) -> Result<(), TableError> {
        for row in rows("words.tsv", text, &["class", "words"])? {
            let class = match row.needed(0)? {
                "determiner" => class::DETERMINER,
                "preposition" => class::PREPOSITION,
                "conjunction" => class::CONJUNCTION,
                "subordinator" => class::SUBORDINATOR,
                "auxiliary" => class::AUXILIARY,
                "pronoun" => class::PRONOUN,
                "adverb" => class::ADVERB,
                "time" => class::TIME,
                "negation" => class::NEGATION,
                "modal" => class::MODAL,
                "verb" => class::VERB,
                "plain" => class::PLAIN,
                "title" => class::TITLE,
                "particle" => class::PARTICLE,
                "suffix" => class::SUFFIX,
                "work" => class::WORK,
                "event" => class::EVENT,
                "saying" => class::SAYING,
                "setting" => class::SETTING,
                other => return Err(row.error(format!("`{other}` is no class of words"))),
            };
            row.list(1).for_each(|word| {
                self.vocabulary.add(word, class);
            });
        }
        Ok(())
    }

    fn phrase(&mut self, phrase: &str, start: u32) -> Vec<WordId> {
        let mut tokens = Vec::new();
        crate::extract::token::cut(phrase, 0, phrase.len(), &Vocabulary::default(), &mut tokens);
        let piece = |token: &crate::extract::token::Token| &phrase[token.start as usize..token.end as usize];
        let ids: Vec<WordId> = tokens.iter().map(|token| self.vocabulary.add(piece(token), 0)).collect();
        if let Some(&first) = ids.first() {
            self.vocabulary.mark(first, start);
        }
        ids
    }

    fn add_cues(&mut self, file: &str, text: &str) -> Result<(), TableError> {
        let columns = ["lemma", "base", "third", "past", "participle", "gerund", "frames", "class", "prior"];
        let mut forms: FxHashMap<&str, CueForm> = FxHashMap::default();
        let mut order = Vec::new();
        let parsed = rows(file, text, &columns)?;
        for row in &parsed {
            let class = match row.needed(7)? {
                "speech" => CueClass::Speech,
                "writing" => CueClass::Writing,
                "belief" => CueClass::Belief,
                "intent" => CueClass::Intent,
                other => return Err(row.error(format!("`{other}` is no class of cues"))),
            };
            let frames = frames(row.cell(6)).ok_or_else(|| row.error(format!("`{}` are no frames", row.cell(6))))?;
            let prior = row.share(8)?;
            for (place, column) in (1..6).enumerate() {
                row.needed(column)?;
                for form in row.list(column) {
                    let entry = forms.entry(form).or_insert_with(|| {
                        order.push(form);
                        CueForm { frames, inflections: 0, class, prior }
                    });
                    entry.inflections |= 1 << place;
                    if entry.class == class {
                        entry.frames |= frames;
                    }
                }
            }
        }
        for form in order {
            let ids = self.phrase(form, class::CUE_START);
            self.cues.insert(&ids, forms[form]);
        }
        Ok(())
    }

    fn add_phrases(&mut self, file: &str, text: &str) -> Result<(), TableError> {
        for row in rows(file, text, &["phrase", "position", "prior"])? {
            let source_follows = match row.needed(1)? {
                "before" => true,
                "after" => false,
                other => return Err(row.error(format!("`{other}` is neither before nor after"))),
            };
            let prior = row.share(2)?;
            let ids = self.phrase(row.needed(0)?, class::PHRASE_START);
            self.phrases.insert(&ids, PhraseCue { source_follows, prior });
        }
        Ok(())
    }

    fn add_guards(&mut self, file: &str, text: &str) -> Result<(), TableError> {
        for row in rows(file, text, &["phrase", "kind"])? {
            let guard = match row.needed(1)? {
                "refusal" => Guard::Refusal,
                "passive" => Guard::Passive,
                "hypothetical" => Guard::Hypothetical,
                "noun" => Guard::Noun,
                other => return Err(row.error(format!("`{other}` is no kind of guard"))),
            };
            let ids = self.phrase(row.needed(0)?, class::GUARD_START);
            self.guards.insert(&ids, guard);
        }
        Ok(())
    }

    fn add_roles(&mut self, file: &str, text: &str) -> Result<(), TableError> {
        for row in rows(file, text, &["noun", "plural", "class", "gender"])? {
            let class = match row.needed(2)? {
                "head" => RoleClass::Head,
                "minister" => RoleClass::Minister,
                "legislator" => RoleClass::Legislator,
                "official" => RoleClass::Official,
                "spokes" => RoleClass::Spokes,
                "military" => RoleClass::Military,
                _ => RoleClass::Other,
            };
            let gender = Gender::parse(row.cell(3));
            let ids = self.phrase(row.needed(0)?, class::ROLE_START);
            self.roles.insert(&ids, Role { class, plural: false, gender });
            for plural in row.list(1) {
                let ids = self.phrase(plural, class::ROLE_START);
                self.roles.insert(&ids, Role { class, plural: true, gender });
            }
        }
        Ok(())
    }

    fn add_names(&mut self, given: &str, family: &str) -> Result<(), TableError> {
        for row in rows("given.tsv", given, &["name", "gender"])? {
            let bits = match row.cell(1) {
                "m" => class::MALE,
                "f" => class::FEMALE,
                _ => class::GIVEN & !(class::MALE | class::FEMALE),
            };
            self.vocabulary.add(row.needed(0)?, bits);
        }
        for row in rows("family.tsv", family, &["name", "origin"])? {
            self.vocabulary.add(row.needed(0)?, class::FAMILY);
        }
        Ok(())
    }

    fn add_suffixes(&mut self, text: &str) -> Result<(), TableError> {
        for row in rows("suffixes.tsv", text, &["word", "position", "kind"])? {
            let kind = affix_kind(row.needed(2)?).ok_or_else(|| row.error("no kind of actor"))?;
            match row.needed(1)? {
                "last" => {
                    let id = self.vocabulary.add(row.needed(0)?, class::ORG_LAST);
                    self.last.insert(id, kind);
                }
                "first" => {
                    let ids = self.phrase(row.needed(0)?, class::ORG_FIRST);
                    self.first.insert(&ids, kind);
                }
                other => return Err(row.error(format!("`{other}` is neither first nor last"))),
            }
        }
        Ok(())
    }

    fn add_markers(&mut self, text: &str) -> Result<(), TableError> {
        for row in rows("markers.tsv", text, &["country", "words"])? {
            let country = row.needed(0)?;
            for word in row.list(1) {
                let id = self.vocabulary.add(word, class::MARKER);
                self.markers.insert(id, country.to_owned());
            }
        }
        Ok(())
    }
}

fn frames(cell: &str) -> Option<u16> {
    let mut bits = 0;
    for letter in cell.chars() {
        bits |= match letter {
            'Q' => frame::QUOTE,
            'T' => frame::THAT,
            '0' => frame::ZERO,
            'P' => frame::PERSON,
            'I' => frame::INFINITIVE,
            'N' => frame::NOUN,
            'A' => frame::ACCUSE,
            'V' => frame::VOW,
            'W' => frame::WRITE,
            'H' => frame::HOMOGRAPH,
            _ => return None,
        };
    }
    Some(bits)
}

/// Kinds in `suffixes.tsv` are finer than those of actors.
fn affix_kind(cell: &str) -> Option<ActorKind> {
    match cell {
        "university" | "unknown" => Some(ActorKind::Ngo),
        "bank" => Some(ActorKind::Company),
        other => ActorKind::from_name(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_tables_are_sound() {
        let tables = Tables::parse(&BUILTIN).map_err(|error| error.to_string());
        let tables = tables.unwrap();
        assert_eq!(tables.version().len(), 8);
        let states = |id: &str| tables.lexicon.find(&format!("state:{id}")).is_some();
        for known in &tables.lexicon.actors {
            assert!(!known.name.is_empty() && !known.name.ends_with('?'), "{}", known.id);
            assert!(known.country.as_deref().is_none_or(states), "{} lies in no country", known.id);
            let parent = known.parent.as_deref();
            assert!(parent.is_none_or(|id| tables.lexicon.find(id).is_some()), "{} has a lost parent", known.id);
        }
        assert!(tables.markers.values().all(|country| states(country)));
        assert!(tables.cues.len() > 500 && tables.roles.len() > 500 && tables.guards.len() > 100);
    }
}
