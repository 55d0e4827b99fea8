//! The built-in tables with the user's own laid over them.

use std::ops::Deref;

use crate::extract::overlay::{Finding, Overlay, apply, card, named};
use crate::extract::sources::{BUILTIN, version};
use crate::extract::table::TableError;
use crate::extract::tables::Tables;
use crate::extract::tagger::Model;
use crate::facts::TableActor;

/// Tables that a run works with: the built-in ones, or those with the user's laid over them.
#[derive(Debug)]
pub enum OwnTables {
    /// Nothing but what is compiled in.
    Builtin,
    /// The built-in tables and the user's.
    Overlaid(Box<Tables>),
}

impl Deref for OwnTables {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        match self {
            Self::Builtin => Tables::builtin(),
            Self::Overlaid(tables) => tables,
        }
    }
}

impl OwnTables {
    /// Lays the overlay over the built-in tables.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of files and lines; warnings are handed back with the tables.
    pub fn new(mut overlay: Overlay) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        if overlay.is_empty() {
            return Ok((Self::Builtin, Vec::new()));
        }
        let mut findings = std::mem::take(&mut overlay.findings);
        let mut tables = grammar(&overlay, &mut findings);
        let (own, more) = apply(&overlay, &mut tables.lexicon, &mut tables.vocabulary);
        findings.extend(more);
        if let Some((file, text)) = &overlay.tagger {
            match Model::parse(file, text) {
                Ok(model) => tables.tagger = Some(model),
                Err(error) => findings.push(Finding { error, warning: false }),
            }
        }
        findings.sort_by(|a, b| (&a.error.file, a.error.line).cmp(&(&b.error.file, b.error.line)));
        findings.dedup();
        if findings.iter().any(|finding| !finding.warning) {
            return Err(findings);
        }
        tables.own = own;
        tables.version = version_of(&overlay);
        Ok((Self::Overlaid(Box::new(tables)), findings))
    }
}

/// The version of the built-in tables with this overlay: that of the built-in ones, a plus sign, that of the user's.
pub fn version_of(overlay: &Overlay) -> String {
    let builtin = version(&BUILTIN);
    overlay.version().map_or(builtin.clone(), |own| format!("{builtin}+{own}"))
}

/// The tables with the user's rows for cues and roles; a file with a mistake is left out and the mistake noted.
fn grammar(overlay: &Overlay, findings: &mut Vec<Finding>) -> Tables {
    let mut own: Vec<(&str, &str)> = Vec::new();
    for (file, text) in &overlay.grammar {
        own.push((file, text));
        match Tables::parse_with(&BUILTIN, &own[own.len() - 1..]) {
            Ok(_) => {}
            Err(error) => {
                findings.push(Finding { error, warning: false });
                own.pop();
            }
        }
    }
    let parsed = Tables::parse_with(&BUILTIN, &own);
    parsed.unwrap_or_else(|error: TableError| {
        findings.push(Finding { error, warning: false });
        Tables::default()
    })
}

impl Tables {
    /// The actor with this id; an id that was merged gives the actor it became.
    pub fn actor(&self, id: &str) -> Option<TableActor> {
        self.lexicon.find(id).map(|number| card(&self.lexicon, &self.vocabulary, &self.own, number))
    }

    /// Every actor with this name, whatever its case and accents, the usual meaning first.
    pub fn actors_named(&self, name: &str) -> Vec<TableActor> {
        let numbers = named(&self.lexicon, &self.vocabulary, name);
        numbers.into_iter().map(|number| card(&self.lexicon, &self.vocabulary, &self.own, number)).collect()
    }

    /// The tagger in one line: its file, kinds and size.
    pub fn tagger_line(&self, file: &str) -> Option<String> {
        let model = self.tagger.as_ref()?;
        let kinds: Vec<&str> = model.kinds().iter().map(|kind| kind.name()).collect();
        Some(format!("{file}: {} features for {}", model.features(), kinds.join(", ")))
    }

    /// Every actor, in the order of the tables.
    pub fn actors(&self) -> impl Iterator<Item = TableActor> {
        let stands = |(number, id): (usize, &str)| {
            let number = u32::try_from(number).ok()?;
            (self.lexicon.find(id) == Some(number)).then_some(number)
        };
        let all = self.lexicon.actors.iter().map(|known| known.id.as_str()).enumerate();
        all.filter_map(stands).map(|number| card(&self.lexicon, &self.vocabulary, &self.own, number))
    }
}
