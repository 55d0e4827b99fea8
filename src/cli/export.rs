//! `chancery export`: every hit, uncapped, streamed; a file is whole or not there.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::archive::{Archive, Plan};
use crate::cli::args::{ExportArguments, FormatName, RowsName};
use crate::cli::ask;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Terminal, format_of, output};
use crate::error::{Error, Result};
use crate::present::{self, ActorCount, Exporter, Format, Rows};
use crate::query::Query;

/// Names of standard output: whatever it is redirected to must be written on, not replaced.
const STANDARD_OUTPUT: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Runs the command.
pub fn run(arguments: &ExportArguments, folder: &Path, terminal: &Terminal, asked: Option<FormatName>) -> Result<Exit> {
    let format = format(arguments, asked)?;
    let query = ask::question(&arguments.query, terminal)?;
    let archive = ask::open(folder)?;
    let ranking = ask::ranking(&arguments.ranking, arguments.query.any);
    let plan = Plan { limit: 0, offset: 0, ranking, explain: false, snippets: 1, fold: false };
    let mut rows = 0;
    let mut write = |out: &mut dyn Write| {
        rows = export(archive, &query, &plan, arguments, format, out)?;
        Ok(())
    };
    match arguments.file.as_deref().filter(|file| *file != Path::new("-")) {
        Some(file) => to_file(file, write)?,
        None => output(&mut write)?,
    }
    let what = match arguments.output {
        RowsName::Hits => "articles",
        RowsName::Quotes => "quotes",
        RowsName::Actors => "actors",
    };
    terminal.say(&format!("{} {what} exported", present::thousands(rows)));
    Ok(if rows == 0 { Exit::Nothing } else { Exit::Success })
}

/// The format that was asked for, else that of the file's ending, else CSV.
fn format(arguments: &ExportArguments, asked: Option<FormatName>) -> Result<Format> {
    if let Some(name) = asked {
        return match format_of(name) {
            Format::Text | Format::Lines => {
                Err(Error::usage("an export has no layout for people").hint("use csv, tsv, jsonl or json"))
            }
            format => Ok(format),
        };
    }
    let ending = arguments.file.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        None | Some("csv") => Ok(Format::Csv),
        Some("tsv") => Ok(Format::Tsv),
        Some("jsonl" | "ndjson") => Ok(Format::Jsonl),
        Some("json") => Ok(Format::Json),
        Some(other) => Err(Error::usage(format!("no format goes by the ending `.{other}`"))
            .hint("name one with `--format csv`, tsv, jsonl or json")),
    }
}

fn export(
    archive: &Archive,
    query: &Query,
    plan: &Plan,
    arguments: &ExportArguments,
    format: Format,
    out: &mut dyn Write,
) -> Result<u64> {
    match arguments.output {
        RowsName::Hits => {
            let mut exporter = Exporter::new(out, format, Rows::Hits, arguments.raw)?;
            let rows = archive.stream(query, plan, &mut |hit| exporter.hit(&hit))?;
            exporter.finish().map(|()| rows)
        }
        RowsName::Quotes => {
            let mut exporter = Exporter::new(out, format, Rows::Quotes, arguments.raw)?;
            let rows = archive.stream_quotes(query, plan, &mut |quote| exporter.quote(&quote))?;
            exporter.finish().map(|()| rows)
        }
        RowsName::Actors => {
            let actors = count_actors(archive, query, plan)?;
            let mut exporter = Exporter::new(out, format, Rows::Actors, arguments.raw)?;
            actors.iter().try_for_each(|actor| exporter.actor(actor))?;
            exporter.finish().map(|()| actors.len() as u64)
        }
    }
}

/// Every actor of the hits with the number of articles it is in, most first, ties by id.
fn count_actors(archive: &Archive, query: &Query, plan: &Plan) -> Result<Vec<ActorCount>> {
    let mut counts: HashMap<String, ActorCount> = HashMap::new();
    let plan = Plan { snippets: 0, ..plan.clone() };
    archive.stream(query, &plan, &mut |hit| {
        for actor in hit.actors {
            let count = counts.entry(actor.id.clone()).or_insert(ActorCount {
                id: actor.id,
                name: actor.name,
                kind: actor.kind,
                articles: 0,
            });
            count.articles += 1;
        }
        Ok(())
    })?;
    let mut actors: Vec<ActorCount> = counts.into_values().collect();
    actors.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.id.cmp(&b.id)));
    Ok(actors)
}

/// Where a link leads, though nothing is there yet.
fn target(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| match fs::read_link(file) {
        Ok(link) => file.parent().unwrap_or(Path::new("")).join(link),
        Err(_) => file.to_owned(),
    })
}

/// Ctrl-C takes what is half written with it.
fn end_without(partial: PathBuf) {
    // Without a handler the process ends too, and leaves the part.
    let _ = ctrlc::set_handler(move || {
        let _ = fs::remove_file(&partial);
        std::process::exit(i32::from(Exit::Interrupted.code()));
    });
}

/// Writes beside the file first and renames at the end, so that a failed export leaves the old file as it was. A link stays
/// one, and what is no file, such as `/dev/null` or a named pipe, takes the words as they come: it must not become a file.
pub fn to_file(file: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    if STANDARD_OUTPUT.iter().any(|name| file == Path::new(name)) {
        return output(write);
    }
    let io = |error| Error::io(file, error);
    let into = |opened: File| -> Result<File> {
        let mut out = BufWriter::new(opened);
        write(&mut out).map_err(|error| error.of_file(file))?;
        out.into_inner().map_err(|error| io(error.into_error()))
    };
    if fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        return into(File::options().write(true).open(file).map_err(io)?).map(drop);
    }
    let target = target(file);
    let mut partial = target.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    end_without(partial.clone());
    let written = File::create(&partial).map_err(io).and_then(into).and_then(|written| {
        written.sync_all().map_err(io)?;
        fs::rename(&partial, &target).map_err(io)
    });
    if written.is_err() {
        // The error that stopped the export is the one to tell.
        let _ = fs::remove_file(&partial);
    }
    written
}
