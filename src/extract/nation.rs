//! The bodies of a state: `Norwegian Supreme Court`, `Supreme Court of Norway` and `Norway Supreme Court` are one.
//!
//! Such a name has two parts, a state and a head (`supreme court`). The bodies of the tables are found by both parts,
//! however the article joins them; one that no table knows gets an id of both. A head in small letters (`the Norwegian
//! government`) counts where it is one that every state has.

use rustc_hash::FxHashMap;

use std::ops::Range;

use crate::extract::finder::Finder;
use crate::extract::lexicon::{Lexicon, slug};
use crate::extract::name::{is_attribute, spot_at};
use crate::extract::sense::Spot;
use crate::extract::token::{Token, cut, shape};
use crate::extract::vocabulary::Vocabulary;
use crate::facts::{ActorKind, Form};

/// Bodies of the tables by state and head.
pub type Bodies = FxHashMap<u64, u32>;

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

/// Gathers the bodies of the tables.
pub fn bodies(lexicon: &Lexicon, words: &Vocabulary) -> Bodies {
    let mut found = Bodies::default();
    let mut tokens = Vec::new();
    let kinds = [ActorKind::Government, ActorKind::Ministry, ActorKind::Court];
    for (number, known) in lexicon.actors.iter().enumerate() {
        let Some(country) = known.country.as_deref().filter(|_| kinds.contains(&known.kind)) else { continue };
        for alias in std::iter::once(&known.name).chain(&known.aliases) {
            tokens.clear();
            cut(alias, 0, alias.len(), words, &mut tokens);
            if let Some((_, head)) = split(alias, &tokens, Some(country), lexicon) {
                found.entry(head_key(country, alias, &tokens[head])).or_insert(number as u32);
            }
        }
    }
    found
}

/// The state and the head of a body's name, if it has these parts; `wanted` decides between states of one name.
fn split(text: &str, tokens: &[Token], wanted: Option<&str>, lexicon: &Lexicon) -> Option<(u32, Range<usize>)> {
    if let Some((length, state)) = state_at(tokens, wanted, lexicon) {
        let owned = tokens.get(length).is_some_and(|token| token.is(shape::POSSESSIVE));
        let head = length + usize::from(owned)..tokens.len();
        return (!head.is_empty()).then_some((state, head));
    }
    let reads = |at: usize, word: &str| piece(text, &tokens[at]).eq_ignore_ascii_case(word);
    let of = (1..tokens.len().saturating_sub(1)).rev().find(|&at| reads(at, "of"))?;
    let from = of + 1 + usize::from(reads(of + 1, "the"));
    let (length, state) = state_at(tokens.get(from..)?, wanted, lexicon)?;
    (from + length == tokens.len()).then_some((state, 0..of))
}

fn piece<'a>(text: &'a str, token: &Token) -> &'a str {
    &text[token.start as usize..token.end as usize]
}

/// The longest name or adjective of a state that these tokens begin with.
fn state_at(tokens: &[Token], wanted: Option<&str>, lexicon: &Lexicon) -> Option<(usize, u32)> {
    let mut best = None;
    lexicon.names.each(tokens.iter().map(|token| token.word), |length, senses| {
        let state = |actor: u32| {
            let known = &lexicon.actors[actor as usize];
            known.kind == ActorKind::State && (wanted.is_none() || known.country.as_deref() == wanted)
        };
        let fits = senses.iter().find(|sense| state(sense.actor) && sense.fits(&tokens[..length], false));
        best = fits.map(|sense| (length, sense.actor)).or(best);
    });
    best
}

/// State and head as one number; the words for all of a state's soldiers are one head.
fn head_key(country: &str, text: &str, head: &[Token]) -> u64 {
    let step = |hash: u64, key: u64| (hash.rotate_left(5) ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = country.bytes().fold(0, |hash, byte| step(hash, u64::from(byte)));
    if is_forces(text, head) { step(hash, 1) } else { head.iter().fold(hash, |hash, token| step(hash, token.key)) }
}

fn is_forces(text: &str, head: &[Token]) -> bool {
    let is = |at: usize, words: &[&str]| words.iter().any(|word| piece(text, &head[at]).eq_ignore_ascii_case(word));
    match head.len() {
        1 => is(0, &["military", "forces", "troops", "soldiers"]),
        2 => is(0, &["armed", "defense", "defence", "military"]) && is(1, &["forces", "force"]),
        _ => false,
    }
}

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
        let two = doc.reads_any(head, &["armed", "air", "coast"]) && doc.reads_any(head + 1, &["forces", "force", "guard"]);
        let (_, kind) = if two {
            *HEADS.get(4)?
        } else {
            let word = doc.slice_of(token);
            *HEADS.iter().find(|(head, _)| *head == word)?
        };
        let end = head + 1 + usize::from(two);
        if is_attribute(doc, end - 1) {
            return None;
        }
        let actor = self.state_body(state, head..end, kind, spot.from..end);
        self.push(spot.from..end, actor, Form::Nominal, 0.8, "state-body");
        Some(end)
    }
}
