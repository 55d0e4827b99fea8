//! Places that no table knows, by the words around them.
//!
//! Their last or first word tells (`Kohat District`, `Gulf of Riga`, `Lake Onega`), or a known place behind a comma
//! (`Dayton, Ohio`), or a preposition of place before a word that is no other name (`near Vadsø`).

use std::ops::Range;

use crate::extract::evidence::Spot;
use crate::extract::finder::Finder;
use crate::extract::name::spot_at;
use crate::extract::sense::region_behind;
use crate::extract::shape::{body_end, is_land};
use crate::extract::token::{is_function, shape};
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

/// Types of land that a state is divided into: `Darfur` and `Darfur Region` are one.
const DIVISIONS: [&str; 9] =
    ["province", "region", "state", "oblast", "governorate", "prefecture", "territory", "emirate", "canton"];

/// Types of land in small letters that belong to the name in front of them.
const SMALL: [&str; 8] =
    ["province", "district", "region", "county", "governorate", "prefecture", "oblast", "municipality"];

/// How many parts of an address stand behind a place at most: `Tine, Wadi Fira, Chad`.
const MOST_PARTS: usize = 4;

impl Finder<'_, '_, '_> {
    /// `San Jose, Calif.`: a town in another country than the one of the tables.
    pub(super) fn take_town(&mut self, spot: &Spot) -> Option<usize> {
        let doc = self.doc;
        let behind = self.spot_here(spot.to + 1).filter(|_| doc.str(spot.to) == ",")?;
        let region = region_behind(doc, spot, &behind, self.tables)?;
        let name = format!("{}, {}", doc.slice(spot.from..spot.to), region.name);
        let actor = self.cast.add_land(&name, ActorKind::Place, region.country.clone());
        self.push(spot.from..spot.to, actor, Form::Name, 0.9, "place-in");
        Some(spot.to)
    }

    /// Takes a place or region whose type is part of its name.
    pub(super) fn take_land(&mut self, tokens: Range<usize>, kind: ActorKind, rule: &'static str) -> usize {
        let end = tokens.end;
        let actor = self.land(tokens.clone(), kind);
        self.push(tokens, actor, Form::Name, 0.7, rule);
        end
    }

    /// The place or region that these tokens name.
    pub(super) fn land(&mut self, tokens: Range<usize>, kind: ActorKind) -> u32 {
        let doc = self.doc;
        let known = self.known_land(tokens.clone(), false).or_else(|| {
            let division = tokens.len() > 1 && doc.reads_any(tokens.end - 1, &DIVISIONS);
            division.then(|| self.known_land(tokens.start..tokens.end - 1, true)).flatten()
        });
        if let Some(known) = known {
            return self.cast.add_known(known, self.tables);
        }
        let country = self.country_inside(tokens.clone()).or_else(|| self.country_behind(tokens.end));
        self.cast.add_land(doc.slice(tokens), kind, country)
    }

    /// The place of the tables that these tokens name as a whole; only a region if `region`.
    fn known_land(&self, tokens: Range<usize>, region: bool) -> Option<u32> {
        let spot = spot_at(self.doc, tokens.start, tokens.end, false, self.tables).filter(|s| s.to == tokens.end)?;
        let fits = |actor: u32| match self.tables.lexicon.actors[actor as usize].kind {
            ActorKind::Region => true,
            ActorKind::Place => !region,
            _ => false,
        };
        spot.senses.iter().find(|sense| sense.form != Form::Demonym && fits(sense.actor)).map(|sense| sense.actor)
    }

    /// The country of the first known place in the address behind `end`: `…, Wadi Fira, Chad`.
    pub(super) fn country_behind(&self, end: usize) -> Option<String> {
        let at = self.known_behind(end)?;
        let spot = self.spot_here(at)?;
        self.tables.lexicon.actors[spot.senses[0].actor as usize].country.clone()
    }

    /// Where the first known place of the address behind `end` begins.
    pub(super) fn known_behind(&self, end: usize) -> Option<usize> {
        let doc = self.doc;
        let mut at = end;
        for _ in 0..MOST_PARTS {
            let next = doc.tokens.get(at + 1)?;
            if doc.str(at) != "," || !next.is_capital() || is_function(next) || next.any(class::TIME) {
                return None;
            }
            if self.geographic_at(at + 1) {
                return Some(at + 1);
            }
            at += 1;
            let start = at;
            while doc.tokens.get(at).is_some_and(|t| t.is_capital() || doc.str(at) == "-" && !t.is(shape::SPACED))
                && at - start < 5
            {
                at += 1;
            }
        }
        None
    }

    /// `Lake Onega`, `Mount Elbrus`: the type stands first, without `of`.
    pub(super) fn try_land_first(&mut self, at: usize) -> Option<usize> {
        let doc = self.doc;
        if !self.goes_on(at + 1) || !doc.reads_any(at, &["lake", "mount", "cape", "fort", "camp"]) {
            return None;
        }
        let mut end = at + 2;
        while end < at + 4 && self.goes_on(end) && !doc.tokens[end].any(class::ROLE_START | class::TIME) {
            end += 1;
        }
        let place = doc.reads_any(at, &["fort", "camp"]);
        Some(self.take_land(at..end, if place { ActorKind::Place } else { ActorKind::Region }, "land-first"))
    }

    /// `Kohat district`: capitals before a type of land in small letters.
    pub(super) fn try_small_land(&mut self, at: usize, from: usize) -> Option<usize> {
        let doc = self.doc;
        let mut end = from;
        while end < at + 4 && self.goes_on(end) && !doc.tokens[end].any(class::ROLE_START | class::TIME) {
            end += 1;
        }
        let camp = doc.reads(end, "refugee") && doc.reads(end + 1, "camp");
        let first = &doc.tokens[at];
        let small = doc.tokens.get(end).is_some_and(|t| t.is_lower() && t.is(shape::SPACED));
        if !small || !(camp || doc.reads_any(end, &SMALL)) || first.any(class::TITLE | class::ROLE_START | class::TIME)
        {
            return None;
        }
        let end = end + 1 + usize::from(camp);
        Some(self.take_land(at..end, if camp { ActorKind::Place } else { ActorKind::Region }, "land-last"))
    }

    /// A place whose name begins with another name: `Damascus International Airport`, `Prince Sultan Air Base`.
    pub(super) fn try_land_behind(&mut self, at: usize, from: usize) -> Option<usize> {
        if !self.goes_on(from) || self.doc.foreign {
            return None;
        }
        let (end, kind) = body_end(self.doc, at, self.tables).filter(|(end, kind)| is_land(*kind) && *end > from)?;
        Some(self.take_land(at..end, kind, "land-last"))
    }

    /// Whether capitals that no table knows stand where only a place does.
    pub(super) fn is_placed(&self, at: usize) -> bool {
        let doc = self.doc;
        let sentence = doc.sentence(at).start;
        at > sentence && doc.reads_any(at - 1, &["in", "near", "outside", "around", "at"])
    }
}
