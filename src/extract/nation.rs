//! The bodies of a state: `Norwegian Supreme Court`, `Supreme Court of Norway` and `Norway Supreme Court` are one.
//!
//! Such a name has two parts, a state and a head (`supreme court`). The bodies of the tables are found by both parts,
//! however the article joins them; one that no table knows gets an id of both. A head in small letters (`the Norwegian
//! government`) counts where it is one that every state has.

use std::ops::Range;

use crate::extract::bodies::{head_key, is_forces, split};
use crate::extract::evidence::Spot;
use crate::extract::finder::Finder;
use crate::extract::lexicon::Known;
use crate::extract::name::{is_attribute, spot_at};
use crate::extract::token::shape;
use crate::facts::{ActorKind, Form};
use crate::text::slug;

/// Heads in small letters that every state has once, with the kind of the body.
const HEADS: [(&str, ActorKind); 12] = [
    ("government", ActorKind::Government),
    ("administration", ActorKind::Government),
    ("regime", ActorKind::Government),
    ("parliament", ActorKind::Government),
    ("military", ActorKind::Ministry),
    ("forces", ActorKind::Ministry),
    ("troops", ActorKind::Ministry),
    ("soldiers", ActorKind::Ministry),
    ("army", ActorKind::Ministry),
    ("navy", ActorKind::Ministry),
    ("police", ActorKind::Ministry),
    ("embassy", ActorKind::Ministry),
];

impl Finder<'_, '_, '_> {
    /// The actor of a body's name: one of the tables, one of a state, or a new one.
    pub(super) fn body(&mut self, tokens: Range<usize>, kind: ActorKind, country: Option<String>) -> u32 {
        let doc = self.doc;
        let the = tokens.len() > 1 && doc.reads(tokens.start, "the");
        let tokens = tokens.start + usize::from(the)..tokens.end;
        if let Some(known) = self.known_body(tokens.clone()) {
            return self.cast.add_known(known, self.tables);
        }
        if let Some((state, head)) = split(doc.text, &doc.tokens[tokens.clone()], None, &self.tables.lexicon) {
            return self.state_body(state, tokens.start + head.start..tokens.start + head.end, kind, tokens);
        }
        self.cast.add_body(doc.slice(tokens), kind, country)
    }

    /// The organisation of the tables that these tokens name as a whole.
    fn known_body(&self, tokens: Range<usize>) -> Option<u32> {
        let spot = spot_at(self.doc, tokens.start, tokens.end, false, self.tables).filter(|s| s.to == tokens.end)?;
        let kind = |actor: u32| self.tables.lexicon.actors[actor as usize].kind;
        let body = |doubtful: bool| {
            spot.senses.iter().find(|s| s.doubtful == doubtful && kind(s.actor).is_organisation()).map(|s| s.actor)
        };
        body(false).or_else(|| body(true).filter(|_| tokens.len() > 2))
    }

    /// The body of a state with this head, named by `whole`.
    fn state_body(&mut self, state: u32, head: Range<usize>, kind: ActorKind, whole: Range<usize>) -> u32 {
        let (doc, tables) = (self.doc, self.tables);
        let country = tables.lexicon.actors[state as usize].country.as_deref().unwrap_or_default();
        let of_all = head.len() == 1 && doc.reads_any(head.start, &["government", "administration", "regime"]);
        if of_all && let Some(government) = tables.lexicon.find(&format!("gov:{country}")) {
            return self.cast.add_known(government, tables);
        }
        if let Some(&known) = tables.bodies.get(&head_key(country, doc.text, &doc.tokens[head.clone()])) {
            return self.cast.add_known(known, tables);
        }
        let forces = is_forces(doc.text, &doc.tokens[head.clone()]);
        let tail = if forces { "armed-forces".to_owned() } else { slug(doc.slice(head)) };
        let id = format!("org:{}.{tail}", country.to_lowercase());
        if let Some(known) = tables.lexicon.find(&id) {
            return self.cast.add_known(known, tables);
        }
        let kind = if forces { ActorKind::Ministry } else { kind };
        self.cast.add_state_body(id, doc.slice(whole), kind, country)
    }

    /// `the Norwegian government`, `U.S. troops`: a state before a small word for what every state has.
    pub(super) fn take_state_head(&mut self, spot: &Spot, state: u32, form: Form) -> Option<usize> {
        let doc = self.doc;
        if form == Form::Metonym || self.tables.lexicon.actors[state as usize].kind != ActorKind::State {
            return None;
        }
        let mut head = spot.to;
        if doc.reads_any(head, &["transitional", "interim", "caretaker", "federal", "central"])
            && doc.reads(head + 1, "government")
        {
            head += 1;
        }
        let token = doc.tokens.get(head).filter(|token| token.is_lower() && token.is(shape::SPACED))?;
        let two =
            doc.reads_any(head, &["armed", "air", "coast"]) && doc.reads_any(head + 1, &["forces", "force", "guard"]);
        let (_, kind) = if two {
            *HEADS.get(4)?
        } else {
            let word = doc.slice_of(token);
            *HEADS.iter().find(|(head, _)| *head == word)?
        };
        let end = head + 1 + usize::from(two);
        if is_attribute(doc, end - 1) || doc.str(end) == "-" {
            return None;
        }
        let actor = self.state_body(state, head..end, kind, spot.from..end);
        self.push(spot.from..end, actor, Form::Nominal, 0.8, "state-body");
        Some(end)
    }

    /// `the Obama administration`: the government of the one who led it.
    pub(super) fn take_administration(&mut self, spot: &Spot, known: &Known, confidence: f32) -> Option<usize> {
        let named = known.kind == ActorKind::Person && self.doc.reads_any(spot.to, &["administration", "government"]);
        let country = known.country.as_deref().filter(|_| named)?;
        let government = self.tables.lexicon.find(&format!("gov:{country}"))?;
        let actor = self.cast.add_known(government, self.tables);
        self.push(spot.from..spot.to + 1, actor, Form::Nominal, confidence, "state-body");
        Some(spot.to + 1)
    }
}
