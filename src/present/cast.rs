//! Who is in the articles that answer a question, and who beside whom.
//!
//! ```text
//! NATO            igo:nato       12   48.0 %
//!     Jens Stoltenberg 9, Russia 7, Turkey 4
//! ```
//!
//! Rows for machines have one row a pair, as programs that draw networks take them in.

use std::io::{self, Write};

use super::facets::share_of;
use super::number::{articles, thousands};
use super::paint::{DATE, FAINT, PLAIN, Pen, padded};
use super::runs::Run;
use super::table::Table;
use super::{Format, Style, actors_json, sanitize};
use crate::error::{Error, Result};
use crate::hits::{Cast, CastMember, FacetCount};

/// Columns of a number and of a share, with the blanks between.
const NUMBER: usize = 9;
const PERCENT: usize = 10;

/// Names and ids are cut at so many columns.
const WIDEST: usize = 36;

const INDENT: &str = "    ";

/// Writes who is in the answers.
///
/// # Errors
/// It cannot be written.
pub fn cast(out: &mut dyn Write, found: &Cast, format: Format, style: &Style) -> Result<()> {
    let done = match format {
        Format::Text => text(out, found, style),
        Format::Lines => found.members.iter().try_for_each(|member| line(out, found, member)),
        Format::Csv | Format::Tsv => table(out, found, format == Format::Tsv),
        Format::Jsonl | Format::Json => actors_json::cast(out, found, format == Format::Json),
    };
    done.map_err(Error::output)
}

/// What the list does not show, in one line.
pub fn cast_line(found: &Cast) -> String {
    let mut line = articles(found.total);
    if found.missing > 0 {
        line.push_str(&format!("; {} name nobody", thousands(found.missing)));
    }
    if found.left_out > 0 {
        line.push_str(&format!("; {} more actors (-n)", thousands(found.left_out)));
    }
    line
}

fn name(row: &FacetCount) -> String {
    sanitize::line(row.name.as_deref().unwrap_or(&row.value)).into_owned()
}

fn cut(text: &str) -> String {
    text.chars().take(WIDEST).collect()
}

fn text(out: &mut dyn Write, found: &Cast, style: &Style) -> io::Result<()> {
    let mut pen = Pen::new(out, style);
    let rows: Vec<(String, String)> =
        found.members.iter().map(|member| (cut(&name(&member.actor)), cut(&member.actor.value))).collect();
    let width =
        |of: fn(&(String, String)) -> &String| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let (names, ids) = (width(|row| &row.0), width(|row| &row.1));
    for (member, (name_cell, id)) in found.members.iter().zip(&rows) {
        pen.put(&padded(name_cell, names), DATE)?;
        pen.put(&format!("  {}", padded(id, ids)), FAINT)?;
        pen.put(&format!("{:>NUMBER$}", thousands(member.actor.articles)), PLAIN)?;
        let share = share_of(member.actor.articles, found.total) * 100.0;
        pen.put(&format!("{:>PERCENT$}", format!("{share:.1} %")), FAINT)?;
        pen.end()?;
        let beside: Vec<String> =
            member.beside.iter().map(|other| format!("{} {}", name(other), thousands(other.articles))).collect();
        if !beside.is_empty() {
            let lead = Run::owned(INDENT.to_owned(), PLAIN);
            pen.block(&lead, &lead, &[Run::owned(beside.join(", "), FAINT)], usize::MAX)?;
        }
    }
    Ok(())
}

fn line(out: &mut dyn Write, found: &Cast, member: &CastMember) -> io::Result<()> {
    let beside: Vec<String> =
        member.beside.iter().map(|other| format!("{} {}", sanitize::line(&other.value), other.articles)).collect();
    let share = share_of(member.actor.articles, found.total);
    let value = sanitize::line(&member.actor.value);
    let articles = member.actor.articles;
    writeln!(out, "{value}\t{articles}\t{share:.4}\t{}\t{}", name(&member.actor), beside.join(", "))
}

/// One row a pair; an actor that stands alone has one row.
fn table(out: &mut dyn Write, found: &Cast, tabs: bool) -> io::Result<()> {
    let mut table = Table::new(out, tabs, false);
    table.row(&["value", "name", "articles", "share", "beside", "beside_name", "together"])?;
    for CastMember { actor, beside } in &found.members {
        let (articles, share) = (actor.articles.to_string(), format!("{:.4}", share_of(actor.articles, found.total)));
        let own = [actor.value.as_str(), actor.name.as_deref().unwrap_or(""), &articles, &share];
        if beside.is_empty() {
            table.row(&[own[0], own[1], own[2], own[3], "", "", ""])?;
        }
        for other in beside {
            let together = other.articles.to_string();
            let name = other.name.as_deref().unwrap_or("");
            table.row(&[own[0], own[1], own[2], own[3], &other.value, name, &together])?;
        }
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_of_a_cast() {
        let row = |value: &str, name: Option<&str>, articles: u64| FacetCount {
            value: value.to_owned(),
            name: name.map(str::to_owned),
            articles,
        };
        let members = vec![
            CastMember {
                actor: row("igo:nato", Some("NATO"), 3),
                beside: vec![row("state:TR", Some("Turkey"), 2), row("x:b", None, 1)],
            },
            CastMember { actor: row("x:a\u{1b}b", Some("=1+1"), 1), beside: Vec::new() },
        ];
        let found = Cast { members, left_out: 2, missing: 1, total: 4 };
        let check = |format: Format, expected: &str| {
            let mut out = Vec::new();
            cast(&mut out, &found, format, &Style { width: 60, ..Style::PLAIN }).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{format:?}");
        };
        check(
            Format::Text,
            "NATO  igo:nato        3    75.0 %\n    Turkey 2, x:b 1\n=1+1  x:a\u{fffd}b            1    25.0 %\n",
        );
        check(Format::Lines, "igo:nato\t3\t0.7500\tNATO\tstate:TR 2, x:b 1\nx:a\u{fffd}b\t1\t0.2500\t=1+1\t\n");
        check(
            Format::Csv,
            "value,name,articles,share,beside,beside_name,together\r\nigo:nato,NATO,3,0.7500,state:TR,Turkey,2\r\n\
             igo:nato,NATO,3,0.7500,x:b,,1\r\nx:a\u{fffd}b,'=1+1,1,0.2500,,,\r\n",
        );
        check(
            Format::Jsonl,
            "{\"value\":\"igo:nato\",\"name\":\"NATO\",\"articles\":3,\"share\":0.75,\"beside\":[\
             {\"value\":\"state:TR\",\"name\":\"Turkey\",\"articles\":2},{\"value\":\"x:b\",\"name\":null,\"articles\":1}]}\n\
             {\"value\":\"x:a\\u001bb\",\"name\":\"=1+1\",\"articles\":1,\"share\":0.25,\"beside\":[]}\n",
        );
        assert_eq!(cast_line(&found), "4 articles; 1 name nobody; 2 more actors (-n)");
    }
}
