//! Settings: options that need not be typed, out of a file of TOML.
//!
//! ```toml
//! index = "/srv/archive/index"
//!
//! [command.index]
//! paths = ["/srv/news"]
//! wait = "1h"
//! ```
//!
//! A setting is an option under its long name, so every setting has a flag. What is typed wins, then the environment, then
//! the file. What is left is put behind what was typed and read again, so that a setting means what its option means.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};
use toml_span::Value;
use toml_span::value::{Table, ValueInner};

use crate::cli::args::Arguments;
use crate::error::{Error, Result};
use crate::text::edits;

/// The table of settings for single commands.
const COMMANDS: &str = "command";

/// Brackets in brackets beyond this are refused before the parser, which calls itself for each.
const DEEPEST: usize = 32;

/// Options that are none to be set.
const NO_SETTINGS: [&str; 3] = ["config", "help", "version"];

/// One option, set.
#[derive(Debug, PartialEq)]
struct Setting {
    /// The command that it is for; every command that has the option if there is none.
    command: Option<String>,
    name: String,
    values: Vec<String>,
    /// The line of the file.
    line: usize,
}

/// What was typed, and whatever `file` adds to it.
///
/// # Errors
/// The file cannot be read, is no TOML, or sets what is no option of the command; with its line.
pub fn applied(typed: &[OsString], file: &Path) -> Result<Arguments> {
    let text = fs::read_to_string(file).map_err(|error| Error::io(file, error))?;
    let wrong = |line: usize, message: String| Error::usage(format!("{}:{line}: {message}", file.display()));
    let settings = read(&text).map_err(|(line, message)| wrong(line, message))?;
    let mut tree = Arguments::command();
    tree.build();
    for setting in &settings {
        check(&tree, setting).map_err(|message| wrong(setting.line, message))?;
    }
    let unread = |error: clap::Error| Error::usage(format!("{}: {}", file.display(), told(&error)));
    let matches = Arguments::command().try_get_matches_from(typed).map_err(unread)?;
    let beside = file.parent().unwrap_or(Path::new(""));
    let added = added(&tree, &matches, &settings, beside).map_err(|(line, message)| wrong(line, message))?;
    let end = typed.iter().position(|argument| argument == "--").unwrap_or(typed.len());
    let read = |added: &[Added]| {
        let added = added.iter().flat_map(|one| &one.typed);
        let all: Vec<&OsString> = typed[..end].iter().chain(added).chain(&typed[end..]).collect();
        Arguments::command().try_get_matches_from(all)
    };
    read(&added).and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| {
        // The one that is refused by itself is told with its line.
        let refused = added.chunks(1).find_map(|one| Some((one[0].line, told(&read(one).err()?))));
        refused.map_or_else(|| unread(error), |(line, message)| wrong(line, message))
    })
}

/// What a setting adds to what was typed.
struct Added {
    typed: Vec<OsString>,
    line: usize,
}

/// What clap says, on one line, without the usage that follows.
fn told(error: &clap::Error) -> String {
    let message = error.to_string();
    let lines =
        message.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:")).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned()
}

/// A line of the file, and what is wrong there.
type Wrong = (usize, String);

/// Reads the settings of a file.
fn read(text: &str) -> std::result::Result<Vec<Setting>, Wrong> {
    let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
    if let Some(at) = too_deep(text) {
        return Err((line_of(at), "brackets are nested too deeply".into()));
    }
    let mut root = toml_span::parse(text)
        .map_err(|error| (line_of(error.span.start), format!("not TOML that is read here: {}", error.kind)))?;
    let ValueInner::Table(root) = root.take() else { return Ok(Vec::new()) };
    let mut settings = Vec::new();
    for (key, mut value) in root {
        match (key.name.as_ref(), value.take()) {
            (COMMANDS, ValueInner::Table(commands)) => {
                for (command, mut table) in commands {
                    let line = line_of(command.span.start);
                    let ValueInner::Table(table) = table.take() else {
                        return Err((line, format!("write `[{COMMANDS}.{}]`, and settings below", command.name)));
                    };
                    add(&mut settings, Some(command.name.as_ref()), table, &line_of)?;
                }
            }
            (name, inner) => settings.push(setting(None, name, inner, line_of(key.span.start))?),
        }
    }
    // Of two settings that are wrong the first in the file is told.
    settings.sort_by_key(|setting| setting.line);
    Ok(settings)
}

fn add(
    settings: &mut Vec<Setting>,
    command: Option<&str>,
    table: Table<'_>,
    line_of: &impl Fn(usize) -> usize,
) -> std::result::Result<(), Wrong> {
    for (key, mut value) in table {
        settings.push(setting(command, key.name.as_ref(), value.take(), line_of(key.span.start))?);
    }
    Ok(())
}

fn setting(
    command: Option<&str>,
    name: &str,
    value: ValueInner<'_>,
    line: usize,
) -> std::result::Result<Setting, Wrong> {
    let one = |value: ValueInner<'_>| match value {
        ValueInner::String(text) => Some(text.into_owned()),
        ValueInner::Integer(number) => Some(number.to_string()),
        ValueInner::Float(number) => Some(number.to_string()),
        ValueInner::Boolean(flag) => Some(flag.to_string()),
        ValueInner::Array(_) | ValueInner::Table(_) => None,
    };
    let values = match value {
        ValueInner::Array(list) => list.into_iter().map(|mut value: Value<'_>| one(value.take())).collect(),
        single => one(single).map(|value| vec![value]),
    };
    let values =
        values.ok_or_else(|| (line, format!("`{name}` is a text, a number, true or false, or a list of these")))?;
    Ok(Setting { command: command.map(str::to_owned), name: name.to_owned(), values, line })
}

/// Where brackets go deeper than anything that is meant.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// What can be set of a command: its options, and the folders that `index` reads.
fn settable(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
    let named = |arg| Some((name_of(arg)?, arg));
    command.get_arguments().filter_map(named)
}

fn name_of(arg: &Arg) -> Option<&str> {
    let name = arg.get_long().or_else(|| (arg.get_id() == "paths").then_some("paths"))?;
    (!NO_SETTINGS.contains(&name)).then_some(name)
}

/// Whether a setting can ever do anything.
fn check(tree: &Command, setting: &Setting) -> std::result::Result<(), String> {
    let commands: Vec<&Command> = match &setting.command {
        None => tree.get_subcommands().collect(),
        Some(name) => vec![tree.find_subcommand(name).ok_or_else(|| format!("`{name}` is no command"))?],
    };
    let all = || commands.iter().copied().chain(commands.iter().flat_map(|command| command.get_subcommands()));
    let names = || all().flat_map(settable).map(|(name, _)| name);
    if names().any(|name| name == setting.name) {
        return Ok(());
    }
    let nearest = names().min_by_key(|name| edits(&setting.name, name));
    let meant = nearest.filter(|name| edits(&setting.name, name) <= 1 + setting.name.len() / 4);
    let of = setting.command.as_ref().map_or_else(|| "any command".into(), |name| format!("`{name}`"));
    let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Err(format!("`{}` is no option of {of}{meant}", setting.name))
}

/// The options that were not given, as they would be typed; paths are meant from the folder of the file.
fn added(
    tree: &Command,
    matches: &ArgMatches,
    settings: &[Setting],
    beside: &Path,
) -> std::result::Result<Vec<Added>, Wrong> {
    let (mut command, mut matches) = (tree, matches);
    let asked = matches.subcommand_name();
    while let Some((name, inner)) = matches.subcommand() {
        let Some(next) = command.find_subcommand(name) else { break };
        (command, matches) = (next, inner);
    }
    // What is set for one command stands before what is set for all.
    let for_one = |setting: &&Setting| setting.command.as_deref() == asked;
    let for_all = |setting: &&Setting| setting.command.is_none();
    let mut added = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for setting in settings.iter().filter(for_one).chain(settings.iter().filter(for_all)) {
        let Some((name, arg)) = settable(command).find(|(name, _)| *name == setting.name) else { continue };
        if is_given(matches, arg) || done.contains(&name) {
            continue;
        }
        done.push(name);
        added.push(Added { typed: as_typed(arg, setting, beside)?, line: setting.line });
    }
    Ok(added)
}

/// Whether an option was typed, or stands in the environment with a value.
fn is_given(matches: &ArgMatches, arg: &Arg) -> bool {
    let id = arg.get_id().as_str();
    match matches.value_source(id) {
        Some(ValueSource::CommandLine) => true,
        Some(ValueSource::EnvVariable) => {
            matches.get_raw(id).is_some_and(|mut values| values.any(|value| !value.is_empty()))
        }
        _ => false,
    }
}

fn as_typed(arg: &Arg, setting: &Setting, beside: &Path) -> std::result::Result<Vec<OsString>, Wrong> {
    let name = &setting.name;
    if !arg.get_action().takes_values() {
        return match setting.values.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["true"] => Ok(vec![format!("--{name}").into()]),
            ["false"] => Ok(Vec::new()),
            _ => Err((setting.line, format!("`{name}` is true or false"))),
        };
    }
    let is_path = arg.get_value_parser().type_id() == std::any::TypeId::of::<PathBuf>();
    let typed = |value: &String| {
        let value = if is_path && !value.is_empty() { beside.join(value).into_os_string() } else { value.into() };
        if arg.is_positional() {
            return value;
        }
        let mut option = OsString::from(format!("--{name}="));
        option.push(value);
        option
    };
    Ok(setting.values.iter().map(typed).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_with_their_lines() {
        let check = |text: &str, expected: &[(&str, &str, &[&str], usize)]| {
            let shown = |one: Setting| (one.command.unwrap_or_default(), one.name, one.values, one.line);
            let found: Vec<_> = read(text).unwrap().into_iter().map(shown).collect();
            let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
            let wanted =
                expected.iter().map(|(a, b, values, line)| (a.to_string(), b.to_string(), owned(values), *line));
            assert_eq!(found, wanted.collect::<Vec<_>>(), "{text}");
        };
        check("", &[]);
        check("index = \"a\"\n\nlimit = 5", &[("", "index", &["a"], 1), ("", "limit", &["5"], 3)]);
        check(
            "[command.index]\npaths = ['a', 'b']\nquiet = true",
            &[("index", "paths", &["a", "b"], 2), ("index", "quiet", &["true"], 3)],
        );
        check("[command.search]\nrecency = 0.5", &[("search", "recency", &["0.5"], 2)]);
    }

    #[test]
    fn what_cannot_be_set_is_told_with_its_line() {
        let check = |text: &str, line: usize, message: &str| {
            let mut tree = Arguments::command();
            tree.build();
            let found = read(text).and_then(|settings| {
                settings.iter().try_for_each(|one| super::check(&tree, one).map_err(|message| (one.line, message)))
            });
            assert_eq!(found, Err((line, message.to_owned())), "{text}");
        };
        check("\nindx = 'a'", 2, "`indx` is no option of any command; did you mean `index`?");
        check("[command.index]\nlimit = 5", 2, "`limit` is no option of `index`");
        check("[command.serach]\nlimit = 5", 2, "`serach` is no command");
        check("config = 'a'", 1, "`config` is no option of any command");
        check("command = 5", 1, "`command` is no option of any command");
        check("[command]\nindex = 5", 2, "write `[command.index]`, and settings below");
        check("index = { a = 1 }", 1, "`index` is a text, a number, true or false, or a list of these");
        check(&"[".repeat(9_999), 1, "brackets are nested too deeply");
    }
}
