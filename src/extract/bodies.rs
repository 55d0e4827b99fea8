//! The bodies of states that the tables know, by state and head, however a text joins the two.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::extract::lexicon::Lexicon;
use crate::extract::token::{Token, cut, shape};
use crate::extract::vocabulary::Vocabulary;
use crate::facts::ActorKind;

/// Bodies of the tables by state and head.
pub type Bodies = FxHashMap<u64, u32>;

/// Gathers the bodies of the tables.
pub fn bodies(lexicon: &Lexicon, words: &Vocabulary) -> Bodies {
    let mut found = Bodies::default();
    let mut tokens = Vec::new();
    let kinds = [ActorKind::Government, ActorKind::Ministry, ActorKind::Court];
    for (number, known) in lexicon.actors.iter().enumerate() {
        let Some(country) = known.country.as_deref().filter(|_| kinds.contains(&known.kind)) else { continue };
        for alias in std::iter::once(&known.name).chain(known.aliases.iter()) {
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
pub fn split(text: &str, tokens: &[Token], wanted: Option<&str>, lexicon: &Lexicon) -> Option<(u32, Range<usize>)> {
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
pub fn head_key(country: &str, text: &str, head: &[Token]) -> u64 {
    let step = |hash: u64, key: u64| (hash.rotate_left(5) ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = country.bytes().fold(0, |hash, byte| step(hash, u64::from(byte)));
    if is_forces(text, head) { step(hash, 1) } else { head.iter().fold(hash, |hash, token| step(hash, token.key)) }
}

/// Whether the head is a word for all of a state's soldiers.
pub fn is_forces(text: &str, head: &[Token]) -> bool {
    let is = |at: usize, words: &[&str]| words.iter().any(|word| piece(text, &head[at]).eq_ignore_ascii_case(word));
    match head.len() {
        1 => is(0, &["military", "forces", "troops", "soldiers"]),
        2 => is(0, &["armed", "defense", "defence", "military"]) && is(1, &["forces", "force"]),
        _ => false,
    }
}
