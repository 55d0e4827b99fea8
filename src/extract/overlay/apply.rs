//! Checks what the user's tables say against the built-in ones, and makes the changes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Change, Finding, NameChange, Overlay, Own, kinds_of};
use crate::extract::lexicon::{Known, Lexicon, Sense, known, spelled};
use crate::extract::table::TableError;
use crate::extract::vocabulary::Vocabulary;
use crate::facts::Form;

/// Lays the overlay over the lexicon. What is wrong is found in one go; after an error the lexicon is of no use.
pub fn apply(overlay: &Overlay, lexicon: &mut Lexicon, words: &mut Vocabulary) -> (Own, Vec<Finding>) {
    let mut work = Work { lexicon, words, own: Own::default(), findings: Vec::new(), merged: FxHashMap::default() };
    let mut first: FxHashMap<&str, &Change> = FxHashMap::default();
    for change in &overlay.changes {
        if let Some(other) = first.get(change.id.as_str()) {
            let reason = format!("`{}` is there twice, first in {}:{}", change.id, other.file, other.line);
            work.wrong(change, reason);
            continue;
        }
        first.insert(&change.id, change);
        if change.merge.is_none() {
            work.admit(change);
        }
    }
    let own: FxHashMap<&str, &Change> = first;
    for change in own_order(overlay, &own) {
        match &change.merge {
            Some(into) => work.check_merge(change, into, &own),
            None => work.correct(change),
        }
    }
    for change in own_order(overlay, &own).filter(|change| change.merge.is_some()) {
        work.merge(change, &own);
    }
    work.settle_merges();
    own_order(overlay, &own).for_each(|change| work.warn_of_sharing(change));
    (work.own, work.findings)
}

/// The changes in the order of the files, each id once.
fn own_order<'a>(overlay: &'a Overlay, own: &FxHashMap<&str, &'a Change>) -> impl Iterator<Item = &'a Change> {
    overlay
        .changes
        .iter()
        .filter(|change| own.get(change.id.as_str()).is_some_and(|first| std::ptr::eq(*first, *change)))
}

struct Work<'a> {
    lexicon: &'a mut Lexicon,
    words: &'a mut Vocabulary,
    own: Own,
    findings: Vec<Finding>,
    /// Numbers of actors that were merged, with the number of the one they became.
    merged: FxHashMap<u32, u32>,
}

impl Work<'_> {
    fn wrong(&mut self, change: &Change, reason: impl Into<String>) {
        self.find(change, change.line, reason.into(), false);
    }

    fn find(&mut self, change: &Change, line: usize, reason: String, warning: bool) {
        let error = TableError { file: change.file.clone(), line, reason };
        self.findings.push(Finding { error, warning });
    }

    fn note(&mut self, change: &Change, what: String, line: usize) {
        let place = format!("{}:{line}", change.file);
        self.own.changes.entry(change.id.clone()).or_default().push((what, place));
    }

    /// Adds an actor that no table has, so that others can name it whatever their order.
    fn admit(&mut self, change: &Change) {
        if self.lexicon.find(&change.id).is_some() {
            return;
        }
        let Some(name) = &change.name else {
            self.wrong(change, format!("`{}` is in no table, so it needs a name to be added", change.id));
            return;
        };
        let Some(kind) = change.kind.or_else(|| kinds_of(&change.id)?.first().copied()) else { return };
        if change.id.starts_with("org:") && change.kind.is_none() {
            self.wrong(change, format!("`{}` is new, so it needs a kind", change.id));
        }
        let code = change.id.strip_prefix("state:").or_else(|| change.id.strip_prefix("gov:")).map(str::to_owned);
        let bare = name.strip_suffix('?').unwrap_or(name);
        let actor = self.lexicon.push(known(change.id.clone(), kind, bare, code, None));
        self.lexicon.add_name(name, actor, Form::Name, self.words);
        self.own.added.insert(change.id.clone(), format!("{}:{}", change.file, change.line));
    }

    /// Corrects the fields and names of an actor.
    fn correct(&mut self, change: &Change) {
        let Some(actor) = self.lexicon.find(&change.id) else { return };
        let new = self.own.added.contains_key(&change.id);
        self.check_references(change);
        let mut known = self.lexicon.actors[actor as usize].clone();
        let before = known.clone();
        set_fields(&mut known, change);
        if !new {
            for what in changed_fields(&before, &known) {
                self.note(change, what, change.line);
            }
        }
        if known.name != before.name && !known.aliases.contains(&before.name) {
            Arc::make_mut(&mut known.aliases).push(before.name.clone());
        }
        self.lexicon.actors[actor as usize] = known;
        if let Some(name) = change.name.as_ref().filter(|_| !new) {
            self.add(actor, name, Form::Name);
        }
        for name in change.names.iter().filter(|name| name.remove) {
            self.remove(change, actor, name);
        }
        for name in change.names.iter().filter(|name| !name.remove) {
            self.take_name(change, actor, &change.id, name);
        }
    }

    fn check_references(&mut self, change: &Change) {
        if let Some(Some(code)) = &change.country
            && self.lexicon.find(&format!("state:{code}")).is_none()
        {
            self.wrong(change, format!("`{code}` is the code of no country; codes are those of ISO 3166, like NO"));
        }
        if let Some(Some(parent)) = &change.parent {
            if self.lexicon.find(parent).is_none() {
                self.wrong(change, format!("the parent `{parent}` is in no table"));
            } else if *parent == change.id {
                self.wrong(change, "it cannot be its own parent");
            }
        }
        if let (Some(kind), Some(kinds)) = (change.kind, kinds_of(&change.id))
            && !kinds.contains(&kind)
        {
            let usual: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
            self.wrong(change, format!("`{}` cannot be `{}`, only {}", change.id, kind.name(), usual.join(", ")));
        }
        let person = change.id.starts_with("person:");
        if !person && (change.gender.is_some() || change.family_first.is_some()) {
            self.wrong(change, "gender and order are for persons");
        }
    }

    /// Adds one name and remembers where it stands.
    fn take_name(&mut self, change: &Change, actor: u32, id: &str, name: &NameChange) {
        let bare = name.text.strip_suffix('?').unwrap_or(&name.text).to_owned();
        self.own.names.insert((id.to_owned(), bare), format!("{}:{}", change.file, name.line));
        self.add(actor, &name.text, name.form);
    }

    /// Adds a name, or corrects how it is known already.
    fn add(&mut self, actor: u32, text: &str, form: Form) {
        let (ids, sense) = spelled(text, actor, form, self.lexicon.new_word(actor), self.words);
        let known = self.lexicon.names.exact_mut(&ids);
        let same = known.and_then(|senses| {
            let alike = |other: &Sense| other.uppers == sense.uppers || other.form != sense.form;
            senses.iter_mut().find(|other| other.actor == actor && other.capitals == sense.capitals && alike(other))
        });
        match same {
            // A second sense of one actor would look like a choice between two.
            Some(other) => *other = sense,
            None => self.lexicon.add_name(text, actor, form, self.words),
        }
        let known = &mut self.lexicon.actors[actor as usize];
        let bare = text.strip_suffix('?').unwrap_or(text);
        known.demonyms.retain(|other| other != bare);
        let listed = if form == Form::Demonym { &mut known.demonyms } else { Arc::make_mut(&mut known.aliases) };
        if *bare != known.name && !listed.iter().any(|other| other == bare) {
            listed.push(bare.to_owned());
        }
    }

    /// Takes away every spelling of a name that differs in case and accents only.
    fn remove(&mut self, change: &Change, actor: u32, name: &NameChange) {
        let (ids, _) = spelled(&name.text, actor, name.form, 0, self.words);
        let mut gone = false;
        if let Some(senses) = self.lexicon.names.exact_mut(&ids) {
            let before = senses.len();
            senses.retain(|sense| sense.actor != actor);
            gone = senses.len() < before;
        }
        if !gone {
            let reason = format!("`{}` is no name of `{}`, so it cannot be taken away", name.text, change.id);
            self.find(change, name.line, reason, false);
            return;
        }
        let words = &mut *self.words;
        let mut differs = |other: &String| spelled(other, actor, name.form, 0, words).0 != ids;
        let known = &mut self.lexicon.actors[actor as usize];
        Arc::make_mut(&mut known.aliases).retain(&mut differs);
        known.demonyms.retain(&mut differs);
        self.note(change, format!("without the name {}", name.text), name.line);
    }

    fn check_merge(&mut self, change: &Change, into: &str, own: &FxHashMap<&str, &Change>) {
        let more = change.kind.is_some()
            || change.country.is_some()
            || change.parent.is_some()
            || change.gender.is_some()
            || change.family_first.is_some();
        if more {
            self.wrong(change, "an actor that is merged into another keeps nothing but its names");
        }
        let fixed = |id: &str| id.starts_with("state:") || id.starts_with("gov:");
        if fixed(&change.id) {
            self.wrong(change, "states and their governments cannot be merged: countries go by their codes");
        }
        if self.lexicon.find(&change.id).is_none() && change.name.is_none() && change.names.is_empty() {
            let reason = format!("`{}` is in no table, so it needs its name as it is written", change.id);
            self.wrong(change, reason);
        }
        if end_of_merges(change, own).is_none() {
            self.wrong(change, format!("`{}` is merged in a circle", change.id));
        } else if self.lexicon.find(into).is_none() && !own.contains_key(into) {
            self.wrong(change, format!("`{into}` is in no table, so nothing can be merged into it"));
        }
    }

    /// Gives the names of one actor to another.
    fn merge(&mut self, change: &Change, own: &FxHashMap<&str, &Change>) {
        let Some(target) = end_of_merges(change, own) else { return };
        let Some(into) = self.lexicon.find(target) else { return };
        let target = target.to_owned();
        for name in change.names.iter().filter(|name| name.remove) {
            self.wrong(change, format!("`-{}`: take names away from `{target}`, after the merge", name.text));
        }
        if let Some(from) = self.lexicon.find(&change.id).filter(|from| *from != into) {
            let Known { name, aliases, demonyms, .. } = self.lexicon.actors[from as usize].clone();
            let known = &mut self.lexicon.actors[into as usize];
            for alias in std::iter::once(name).chain(aliases.iter().cloned()) {
                if alias != known.name && !known.aliases.contains(&alias) {
                    Arc::make_mut(&mut known.aliases).push(alias);
                }
            }
            known.demonyms.extend(demonyms);
            self.merged.insert(from, into);
            self.lexicon.redirect(&change.id, into);
        }
        if let Some(text) = &change.name {
            let name = NameChange { text: text.clone(), form: Form::Name, remove: false, line: change.line };
            self.take_name(change, into, &target, &name);
        }
        for name in change.names.iter().filter(|name| !name.remove) {
            self.take_name(change, into, &target, name);
        }
        let place = format!("{}:{}", change.file, change.line);
        self.own.changes.entry(target).or_default().push((format!("with {}", change.id), place));
    }

    /// Leads every name and every part of a merged actor to the one it became.
    fn settle_merges(&mut self) {
        if self.merged.is_empty() {
            return;
        }
        for senses in self.lexicon.names.all_mut() {
            let mut place = 0;
            while place < senses.len() {
                if let Some(into) = self.merged.get(&senses[place].actor) {
                    senses[place].actor = *into;
                }
                let sense = senses[place];
                let twice = |other: &Sense| *other == sense;
                if senses[..place].iter().any(twice) {
                    senses.remove(place);
                } else {
                    place += 1;
                }
            }
        }
        let ids: FxHashMap<String, u32> =
            self.merged.iter().map(|(from, into)| (self.lexicon.actors[*from as usize].id.clone(), *into)).collect();
        for number in 0..self.lexicon.actors.len() {
            let parent = self.lexicon.actors[number].parent.as_ref().and_then(|parent| ids.get(parent)).copied();
            if let Some(into) = parent {
                let into = self.lexicon.actors[into as usize].id.clone();
                let known = &mut self.lexicon.actors[number];
                known.parent = (known.id != into).then_some(into);
            }
        }
    }

    /// Says where a name that was added is the name of another actor too.
    fn warn_of_sharing(&mut self, change: &Change) {
        let Some(actor) = self.lexicon.find(&change.id) else { return };
        let main = change.name.iter().map(|name| (name, Form::Name, change.line));
        let others = change.names.iter().filter(|name| !name.remove).map(|name| (&name.text, name.form, name.line));
        for (text, form, line) in main.chain(others) {
            let (ids, sense) = spelled(text, actor, form, self.lexicon.new_word(actor), self.words);
            let rivals = self.lexicon.names.exact(&ids).iter().filter(|other| {
                other.actor != actor && other.capitals == sense.capitals && !other.doubtful && !sense.doubtful
            });
            let mut rivals: Vec<&str> =
                rivals.map(|other| self.lexicon.actors[other.actor as usize].id.as_str()).collect();
            rivals.dedup();
            if !rivals.is_empty() {
                let reason =
                    format!("`{text}` is a name of {} too; the article decides which is meant", rivals.join(", "));
                self.find(change, line, reason, true);
            }
        }
    }
}

fn set_fields(known: &mut Known, change: &Change) {
    if let Some(name) = &change.name {
        known.name = name.strip_suffix('?').unwrap_or(name).to_owned();
    }
    known.kind = change.kind.unwrap_or(known.kind);
    if let Some(country) = &change.country {
        known.country.clone_from(country);
    }
    if let Some(parent) = &change.parent {
        known.parent.clone_from(parent);
    }
    if let Some(gender) = change.gender {
        known.gender = gender;
    }
    known.family_first = change.family_first.unwrap_or(known.family_first);
}

/// The fields in which two versions of an actor differ, with the new value.
fn changed_fields(before: &Known, after: &Known) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let order = |known: &Known| if known.family_first { "family-first" } else { "given-first" };
    let all = [
        ("name", before.name.clone(), after.name.clone()),
        ("kind", before.kind.name().to_owned(), after.kind.name().to_owned()),
        ("country", text(&before.country), text(&after.country)),
        ("parent", text(&before.parent), text(&after.parent)),
        ("gender", format!("{:?}", before.gender), format!("{:?}", after.gender)),
        ("order", order(before).to_owned(), order(after).to_owned()),
    ];
    let changed = all.into_iter().filter(|(_, old, new)| old != new);
    changed
        .map(|(field, old, new)| if field == "gender" { field.to_owned() } else { format!("{field} {new}, not {old}") })
        .collect()
}

/// The id that a chain of merges ends at; `None` when it goes in a circle.
fn end_of_merges<'a>(change: &'a Change, own: &FxHashMap<&str, &'a Change>) -> Option<&'a str> {
    let mut at = change;
    for _ in 0..=own.len() {
        let into = at.merge.as_deref()?;
        match own.get(into).filter(|next| next.merge.is_some()) {
            Some(next) => at = next,
            None => return Some(into),
        }
    }
    None
}
