//! Actors of the tables, for `chancery actors show` and `list`: their names, and where each piece of knowledge stands.

use std::io::{self, Write};

use super::number::thousands;
use super::paint::{FAINT, PLAIN, Pen, STRONG};
use super::runs::Run;
use super::table::{BETWEEN, Table};
use super::{Format, Style, actors_json, lines};
use crate::error::{Error, Result};
use crate::facts::{BUILT_IN, TableActor, TableName};

/// Columns of the labels in the layout for people.
const LABEL_COLUMNS: usize = 10;

const COLUMNS: [&str; 9] = ["id", "kind", "name", "country", "parent", "gender", "names", "origin", "articles"];

/// Writes actors: with all their names when `whole`, else a line for each.
pub fn actors(out: &mut dyn Write, actors: &[TableActor], whole: bool, format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text if whole => actors.iter().enumerate().try_for_each(|(number, actor)| {
            if number > 0 {
                out.write_all(b"\n")?;
            }
            card(&mut Pen::new(out, style), actor)
        }),
        Format::Lines if whole => actors.iter().try_for_each(|actor| names(out, actor)),
        Format::Text | Format::Lines => actors.iter().try_for_each(|actor| {
            let country = actor.country.as_deref().unwrap_or_default();
            lines::columns(out, &[&actor.id, actor.kind.name(), country, &actor.name, &actor.origin])
        }),
        Format::Jsonl => actors.iter().try_for_each(|actor| {
            actors_json::actor(out, actor)?;
            out.write_all(b"\n")
        }),
        Format::Json => array(out, actors),
        Format::Csv | Format::Tsv => table(out, actors, format == Format::Tsv),
    };
    done.map_err(Error::output)
}

/// `id form name origin`, a line for each name; an ambiguous one ends in `?`, as in the tables.
fn names(out: &mut dyn Write, actor: &TableActor) -> io::Result<()> {
    let line = |name: &TableName| (written(name), name.form.name());
    actor.names.iter().try_for_each(|name| {
        let (text, form) = line(name);
        lines::columns(out, &[&actor.id, form, &text, &name.origin])
    })
}

fn written(name: &TableName) -> String {
    if name.ambiguous { format!("{}?", name.text) } else { name.text.clone() }
}

fn card(pen: &mut Pen<'_>, actor: &TableActor) -> io::Result<()> {
    pen.runs(&[Run::new(&actor.name, STRONG), Run::owned(format!("  {}", actor.id), FAINT)])?;
    pen.end()?;
    let mut facts = vec![actor.kind.name().to_owned()];
    facts.extend(actor.gender.map(|gender| if gender == "m" { "he" } else { "she" }.to_owned()));
    facts.extend(actor.country.clone());
    facts.extend(actor.parent.as_ref().map(|parent| format!("part of {parent}")));
    if actor.family_first {
        facts.push("family name first".to_owned());
    }
    pen.labelled("  is", LABEL_COLUMNS, &[Run::owned(facts.join(", "), PLAIN)])?;
    for (number, name) in actor.names.iter().enumerate() {
        let label = if number == 0 { "  names" } else { "" };
        let mut runs = vec![Run::owned(written(name), PLAIN)];
        let mut notes = Vec::new();
        if name.form.name() != "name" {
            notes.push(name.form.name().to_owned());
        }
        if name.ambiguous {
            notes.push("only with evidence".to_owned());
        }
        if name.origin != actor.origin {
            notes.push(name.origin.clone());
        }
        if !notes.is_empty() {
            runs.push(Run::owned(format!(" ({})", notes.join(", ")), FAINT));
        }
        pen.labelled(label, LABEL_COLUMNS, &runs)?;
    }
    pen.labelled("  from", LABEL_COLUMNS, &[Run::new(&actor.origin, PLAIN)])?;
    for (what, origin) in &actor.changes {
        pen.labelled("  changed", LABEL_COLUMNS, &[Run::new(what, PLAIN), Run::owned(format!(" ({origin})"), FAINT)])?;
    }
    let Some(articles) = actor.articles else { return Ok(()) };
    let count = if articles == 1 { "in 1 article".to_owned() } else { format!("in {} articles", thousands(articles)) };
    pen.labelled("  found", LABEL_COLUMNS, &[Run::owned(count, PLAIN)])
}

fn array(out: &mut dyn Write, actors: &[TableActor]) -> io::Result<()> {
    out.write_all(b"[")?;
    for (number, actor) in actors.iter().enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        actors_json::actor(out, actor)?;
    }
    out.write_all(if actors.is_empty() { b"]\n" } else { b"\n]\n" })
}

fn table(out: &mut dyn Write, actors: &[TableActor], tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&COLUMNS)?;
    for actor in actors {
        let all: Vec<String> = actor.names.iter().map(written).collect();
        table.row(&[
            &actor.id,
            actor.kind.name(),
            &actor.name,
            actor.country.as_deref().unwrap_or_default(),
            actor.parent.as_deref().unwrap_or_default(),
            actor.gender.unwrap_or_default(),
            &all.join(BETWEEN),
            if actor.changes.is_empty() { &actor.origin } else { changed_origin(actor) },
            &actor.articles.map(|count| count.to_string()).unwrap_or_default(),
        ])?;
    }
    table.finish()
}

/// Where a built-in actor was last changed.
fn changed_origin(actor: &TableActor) -> &str {
    actor.changes.last().map_or(BUILT_IN, |(_, origin)| origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{ActorKind, Form};

    fn sample() -> TableActor {
        let name = |text: &str, form, ambiguous, origin: &str| TableName {
            text: text.into(),
            form,
            ambiguous,
            origin: origin.into(),
        };
        TableActor {
            id: "org:port-board".into(),
            kind: ActorKind::Ministry,
            name: "Port\u{1b} Board".into(),
            country: Some("NO".into()),
            parent: Some("gov:NO".into()),
            gender: None,
            family_first: false,
            names: vec![
                name("Port Board", Form::Name, false, BUILT_IN),
                name("Pier House", Form::Metonym, true, "a.tsv:2"),
            ],
            origin: BUILT_IN.into(),
            changes: vec![("country NO, not SE".into(), "a.tsv:2".into())],
            articles: Some(1342),
        }
    }

    #[test]
    fn one_actor_in_every_format() {
        let check = |format: Format, whole: bool, expected: &str| {
            let mut out = Vec::new();
            actors(&mut out, &[sample()], whole, format, &Style::PLAIN).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(
            Format::Text,
            true,
            "Port� Board  org:port-board\n  is      ministry, NO, part of gov:NO\n  names   Port Board\n\
             \x20         Pier House? (metonym, only with evidence, a.tsv:2)\n  from    built in\n\
             \x20 changed country NO, not SE (a.tsv:2)\n  found   in 1,342 articles\n",
        );
        check(Format::Lines, false, "org:port-board\tministry\tNO\tPort� Board\tbuilt in\n");
        check(
            Format::Lines,
            true,
            "org:port-board\tname\tPort Board\tbuilt in\norg:port-board\tmetonym\tPier House?\ta.tsv:2\n",
        );
        check(
            Format::Jsonl,
            true,
            "{\"id\":\"org:port-board\",\"kind\":\"ministry\",\"name\":\"Port\\u001b Board\",\"country\":\"NO\",\
             \"parent\":\"gov:NO\",\"gender\":null,\"order\":null,\"names\":[{\"text\":\"Port Board\",\"form\":\"name\",\
             \"ambiguous\":false,\"origin\":\"built in\"},{\"text\":\"Pier House\",\"form\":\"metonym\",\
             \"ambiguous\":true,\"origin\":\"a.tsv:2\"}],\"origin\":\"built in\",\
             \"changes\":[{\"what\":\"country NO, not SE\",\"origin\":\"a.tsv:2\"}],\"articles\":1342}\n",
        );
        check(
            Format::Tsv,
            true,
            "id\tkind\tname\tcountry\tparent\tgender\tnames\torigin\tarticles\norg:port-board\tministry\tPort� Board\t\
             NO\tgov:NO\t\tPort Board; Pier House?\ta.tsv:2\t1342\n",
        );
    }
}
