//! What no rebuild brings back: when each article first came in, and the user's own tables.
//!
//! A dump is JSON lines that begin with their version and end with their number, so that one which was cut is found out
//! before anything is taken in. It is made for backups, and for moving an archive to another machine or index format.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::tables;
use crate::catalogue::Catalogue;
use crate::corpus;
use crate::date::Moment;
use crate::engine::tantivy::TantivyEngine;
use crate::error::{Error, Result};

/// Version of the lines.
///
/// History: 1, the first.
const VERSION: u32 = 1;

/// The file in the folder of the index that keeps restored times until a build has taken them in.
const RESTORED: &str = "restored.jsonl";

/// One line of a dump.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Begin { dump: u32, program: String, written: String },
    Table { table: String, text: String },
    Article { article: String, ingested: String },
    End { lines: u64 },
}

/// How much a dump holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Tables of the user's own.
    pub tables: u64,
    /// Articles with the moment they came in.
    pub articles: u64,
}

/// Writes the dump of an archive, even of one whose index this program cannot search.
///
/// # Errors
/// There is no index whose catalogue can be read, the tables cannot be read, or `out` cannot be written.
pub fn dump(folder: &Path, typed: Option<&Path>, now: Moment, out: &mut dyn Write) -> Result<Amount> {
    let Some(catalogue) = TantivyEngine::salvage(folder) else {
        return Err(match TantivyEngine::exists(folder) {
            true => Error::index_damaged(folder, "its catalogue cannot be read"),
            false => Error::index_missing(folder),
        });
    };
    let mut amount = Amount::default();
    let program = format!("chancery {}", env!("CARGO_PKG_VERSION"));
    write(out, &Line::Begin { dump: VERSION, program, written: now.to_string() })?;
    for (path, bytes) in own_tables(folder, typed)? {
        let table = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = String::from_utf8(bytes).map_err(|_| Error::input(&path, None, "not UTF-8"))?;
        write(out, &Line::Table { table, text })?;
        amount.tables += 1;
    }
    amount.articles = articles(&catalogue, &mut |line| write(out, line))?;
    write(out, &Line::End { lines: amount.tables + amount.articles })?;
    Ok(amount)
}

fn own_tables(folder: &Path, typed: Option<&Path>) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let usual = typed.map_or_else(|| folder.join(tables::FOLDER), Path::to_owned);
    if typed.is_none() && !usual.exists() {
        return Ok(Vec::new());
    }
    corpus::tables(&usual, &mut |_| {})
}

fn articles(catalogue: &Catalogue, take: &mut dyn FnMut(&Line) -> Result<()>) -> Result<u64> {
    let mut count = 0;
    for article in catalogue.files.values().flat_map(|file| &file.articles) {
        take(&Line::Article { article: article.id.clone(), ingested: article.ingested.to_string() })?;
        count += 1;
    }
    Ok(count)
}

fn write(out: &mut dyn Write, line: &Line) -> Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(|error| Error::output(error.into()))?;
    out.write_all(b"\n").map_err(Error::output)
}

/// Takes in a dump: tables at once, times with the next build of the index.
///
/// Everything is read before anything is written. A run that is under way has asked for restored times already, and would
/// forget those that it never saw.
///
/// # Errors
/// The file is no dump, was cut, or is of another version; a run holds the lock; a table of this name is there with other
/// words, unless `replace`; the disk refused.
pub fn restore(folder: &Path, file: &Path, replace: bool) -> Result<Amount> {
    let (own, times) = read(file)?;
    let _lock = TantivyEngine::hold(folder)?;
    let actors = folder.join(tables::FOLDER);
    for (name, text) in &own {
        let path = actors.join(name);
        let there = fs::read(&path).ok();
        if !replace && there.is_some_and(|there| there != text.as_bytes()) {
            return Err(Error::usage(format!("`{}` is there already, with other words", path.display()))
                .hint("add `--replace` to write over tables of your own; nothing was changed"));
        }
    }
    if !own.is_empty() {
        fs::create_dir_all(&actors).map_err(|error| Error::io(&actors, error))?;
    }
    let mut lines = Vec::new();
    for (article, ingested) in &times {
        write(&mut lines, &Line::Article { article: article.clone(), ingested: ingested.to_string() })?;
    }
    let tables = own.iter().map(|(name, text)| (actors.join(name), text.as_bytes()));
    replace_all(&tables.chain([(folder.join(RESTORED), lines.as_slice())]).collect::<Vec<_>>())?;
    Ok(Amount { tables: own.len() as u64, articles: times.len() as u64 })
}

/// Puts files in the place of others: all are written beside them first, so that a full disk leaves the old ones. A link
/// stays one.
fn replace_all(files: &[(PathBuf, &[u8])]) -> Result<()> {
    let target = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let files: Vec<(PathBuf, &[u8])> = files.iter().map(|(path, bytes)| (target(path), *bytes)).collect();
    let partial = |path: &Path| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        path.with_file_name(name)
    };
    let write = |path: &Path, bytes: &[u8]| {
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut file = fs::File::create(partial(path))?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    let written = files.iter().try_for_each(|(path, bytes)| write(path, bytes).map_err(|error| Error::io(path, error)));
    if let Err(error) = written {
        for (path, _) in &files {
            // What is half there is of no use to anybody.
            let _ = fs::remove_file(partial(path));
        }
        return Err(error.hint("nothing was changed"));
    }
    for (path, _) in &files {
        fs::rename(partial(path), path).map_err(|error| Error::io(path, error))?;
        if let Some(folder) = path.parent().filter(|_| cfg!(unix)) {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Error::io(folder, error))?;
        }
    }
    Ok(())
}

type Dumped = (Vec<(String, String)>, Vec<(String, Moment)>);

fn read(file: &Path) -> Result<Dumped> {
    let reader = BufReader::new(fs::File::open(file).map_err(|error| Error::io(file, error))?);
    let (mut own, mut times) = (Vec::new(), Vec::new());
    let (mut begun, mut ended) = (false, false);
    for (number, line) in (1..).zip(reader.lines()) {
        let wrong = |what: String| Error::input(file, Some(number), what);
        let line = line.map_err(|error| Error::io(file, error))?;
        let line: Line = serde_json::from_str(&line).map_err(|_| wrong("not a line of a dump".to_owned()))?;
        if ended || begun == matches!(line, Line::Begin { .. }) {
            return Err(wrong("not a dump of an archive, or two in one file".to_owned()));
        }
        match line {
            Line::Begin { dump: VERSION, .. } => begun = true,
            Line::Begin { dump, .. } => {
                return Err(wrong(format!("a dump of version {dump}, this program reads {VERSION}")));
            }
            Line::Table { table, text } => {
                if !is_table_name(&table) {
                    return Err(wrong(format!("`{table}` is no name of a table")));
                }
                own.push((table, text));
            }
            Line::Article { article, ingested } => {
                let moment = Moment::parse(&ingested).ok_or_else(|| wrong(format!("`{ingested}` is no moment")))?;
                times.push((article, moment));
            }
            Line::End { lines } if lines == (own.len() + times.len()) as u64 => ended = true,
            Line::End { .. } => return Err(wrong("lines are missing".to_owned())),
        }
    }
    if ended { Ok((own, times)) } else { Err(Error::input(file, None, "the dump was cut: its last line is missing")) }
}

/// A file in the folder of tables and nowhere else.
fn is_table_name(name: &str) -> bool {
    let ending = name.ends_with(".tsv") || name.ends_with(".toml");
    ending && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])
}

/// The restored times that no build has taken in yet.
///
/// # Errors
/// They are there and cannot be read.
pub fn restored(folder: &Path) -> Result<HashMap<String, Moment>> {
    let path = folder.join(RESTORED);
    let file = match fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(Error::io(&path, error)),
    };
    let mut times = HashMap::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|error| Error::io(&path, error))?;
        match serde_json::from_str(&line) {
            Ok(Line::Article { article, ingested }) => times.extend(Moment::parse(&ingested).map(|at| (article, at))),
            _ => return Err(Error::input(&path, Some(number), "not a line of a dump").hint("restore the dump again")),
        }
    }
    Ok(times)
}

/// Forgets the restored times: a whole build has taken them in.
pub fn settle(folder: &Path) {
    // One that stays is taken in once more, which changes nothing.
    let _ = fs::remove_file(folder.join(RESTORED));
}
