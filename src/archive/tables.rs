//! The users' own tables: where they lie, whether they are sound, and whether an index was made with them.

use std::path::{Path, PathBuf};

use crate::corpus::{self, Annotated};
use crate::error::{Error, Result};
use crate::extract::{self, Example, Finding, Overlay, OwnFile, OwnTables, TAGGER_FILE, Tables, Trained, version_of};

/// The folder of a user's own tables inside that of the index.
pub const FOLDER: &str = "actors";

/// The version of the tables of an index without actors and quotes.
pub(super) const NONE: &str = "none";

/// How many mistakes an error shows; `chancery actors check` shows all.
const MOST_SHOWN: usize = 20;

/// What a check of own tables came to.
#[derive(Debug, Default)]
pub struct Checked {
    /// The files that were read.
    pub files: usize,
    /// What keeps them from being used, each with file and line.
    pub errors: Vec<String>,
    /// What deserves a look.
    pub warnings: Vec<String>,
}

/// How the tables of an index stand to those that a run would use now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablesState {
    /// The version of the tables a run would use; `None` when the user's own have mistakes.
    pub now: Option<String>,
    /// Whether the index was made without any tables, and so has neither actors nor quotes.
    pub without: bool,
    /// Whether the built-in tables are others.
    pub builtin_changed: bool,
    /// Whether the user's own tables are others.
    pub own_changed: bool,
    /// The tagger that a run would use, in words.
    pub tagger: Option<String>,
}

impl TablesState {
    pub(super) fn new(index: &str, overlay: Overlay) -> Self {
        let now = version_of(&overlay);
        let halves = |version: &str| -> (String, String) {
            let (builtin, own) = version.split_once('+').unwrap_or((version, ""));
            (builtin.to_owned(), own.to_owned())
        };
        let ((builtin, own), (builtin_now, own_now)) = (halves(index), halves(&now));
        let file = overlay.tagger.as_ref().map(|(file, _)| file.clone());
        let sound = OwnTables::new(overlay);
        let tagger = sound.as_ref().ok().and_then(|(tables, _)| tables.tagger_line(&file?));
        let (builtin_changed, own_changed) = (builtin != builtin_now, own != own_now);
        Self { now: sound.is_ok().then_some(now), without: index == NONE, builtin_changed, own_changed, tagger }
    }

    /// Whether the next run extracts articles anew.
    pub fn changed(&self) -> bool {
        self.builtin_changed || self.own_changed
    }
}

/// The files of the folder that was typed, else of the one beside the index, which need not be there.
pub(super) fn overlay(index: &Path, typed: Option<&Path>) -> Result<Overlay> {
    let folder = match typed {
        Some(folder) => folder.to_owned(),
        None => index.join(FOLDER),
    };
    if typed.is_none() && !folder.exists() {
        return Ok(Overlay::default());
    }
    Ok(Overlay::read(&files(&[folder], &mut |_| {})?))
}

/// The tables that a run works with, and their version: the built-in ones, with those of the user laid over them. The
/// built-in ones are not read before something is looked up.
///
/// # Errors
/// The user's tables cannot be read, or have mistakes; all are named with file and line.
pub fn load(index: &Path, typed: Option<&Path>) -> Result<(OwnTables, String)> {
    let overlay = overlay(index, typed)?;
    let version = version_of(&overlay);
    let (tables, _) = OwnTables::new(overlay).map_err(|findings| refusal(&findings))?;
    Ok((tables, version))
}

fn refusal(findings: &[Finding]) -> Error {
    let errors: Vec<String> = findings.iter().filter(|one| !one.warning).map(|one| one.error.to_string()).collect();
    let mut message = match errors.len() {
        1 => "your own tables have a mistake, so nothing was done".to_owned(),
        several => format!("your own tables have {several} mistakes, so nothing was done"),
    };
    for error in errors.iter().take(MOST_SHOWN) {
        message.push_str(&format!("\n  {error}"));
    }
    if errors.len() > MOST_SHOWN {
        message.push_str("\n  …");
    }
    Error::usage(message).hint("`chancery actors check` shows all of them and changes nothing")
}

/// Looks for mistakes in own tables: these files and folders, else those beside the index.
///
/// # Errors
/// A file cannot be read at all.
pub fn check(index: &Path, typed: Option<&Path>, paths: &[PathBuf]) -> Result<Checked> {
    let usual = typed.map_or_else(|| index.join(FOLDER), Path::to_owned);
    let mut checked = Checked::default();
    if paths.is_empty() && typed.is_none() && !usual.exists() {
        return Ok(checked);
    }
    let chosen = if paths.is_empty() { vec![usual] } else { paths.to_vec() };
    let mut passed = |path: &Path| {
        checked.warnings.push(format!("{}: not read; tables are files in .tsv and .toml", path.display()));
    };
    let files = files(&chosen, &mut passed)?;
    checked.files = files.len();
    let findings = match OwnTables::new(Overlay::read(&files)) {
        Ok((_, findings)) | Err(findings) => findings,
    };
    for Finding { error, warning } in findings {
        let list = if warning { &mut checked.warnings } else { &mut checked.errors };
        list.push(error.to_string());
    }
    Ok(checked)
}

/// What training a tagger came to, with the lines that could not be used.
#[derive(Debug)]
pub struct Training {
    /// The model and its figures, or why there is none.
    pub trained: std::result::Result<Trained, String>,
    /// How many texts were read.
    pub texts: usize,
    /// What could not be used, each with file and line.
    pub unused: Vec<String>,
}

/// Where the model of a tagger lies among the user's own tables.
pub fn tagger_file(index: &Path, typed: Option<&Path>) -> PathBuf {
    typed.map_or_else(|| index.join(FOLDER), Path::to_owned).join(TAGGER_FILE)
}

/// Trains a tagger on files of annotated texts, with the tables that a run would use, but for an older tagger.
///
/// # Errors
/// A file cannot be read, or the user's own tables have mistakes.
pub fn train(index: &Path, typed: Option<&Path>, files: &[PathBuf]) -> Result<Training> {
    // The folder may be made only for the model that is to be written there.
    let typed = typed.filter(|folder| folder.exists());
    let mut overlay = overlay(index, typed)?;
    overlay.without_tagger();
    let (tables, _) = OwnTables::new(overlay).map_err(|findings| refusal(&findings))?;
    let mut unused = Vec::new();
    let mut examples = Vec::new();
    for file in files {
        let found = corpus::annotated(file, &mut |line, reason| {
            unused.push(format!("{}:{line}: {reason}", file.display()));
        })?;
        examples.extend(found.into_iter().map(|Annotated { text, names }| Example { text, names }));
    }
    Ok(Training { trained: extract::train(&examples, &tables), texts: examples.len(), unused })
}

/// What a list of another program became.
#[derive(Debug, Default)]
pub struct Imported {
    /// The table, as text.
    pub table: String,
    /// How many actors it has.
    pub actors: usize,
    /// How many names.
    pub names: usize,
    /// How many names were left out because the tables have them already.
    pub known: usize,
    /// What could not be used, each with file and line.
    pub unused: Vec<String>,
}

/// Turns a list of actors with CAMEO codes into a table; built-in actors keep their ids and get the names they lack.
///
/// # Errors
/// The file cannot be read.
pub fn import(file: &Path) -> Result<Imported> {
    let mut imported = Imported::default();
    for (path, bytes) in corpus::tables(file, &mut |_| {})? {
        let list = extract::import(&path.display().to_string(), &bytes, Tables::builtin());
        imported.table.push_str(&list.table);
        imported.actors += list.actors;
        imported.names += list.names;
        imported.known += list.known;
        imported.unused.extend(list.unused.iter().map(ToString::to_string));
    }
    Ok(imported)
}

fn files(paths: &[PathBuf], passed: &mut dyn FnMut(&Path)) -> Result<Vec<OwnFile>> {
    let mut all = Vec::new();
    for path in paths {
        let found = corpus::tables(path, passed)?;
        all.extend(found.into_iter().map(|(path, bytes)| OwnFile { name: path.display().to_string(), bytes }));
    }
    Ok(all)
}
