//! Own tables in columns: a header that names any of the columns, cells parted by tabs, lists by `|`, comments by `#`.
//!
//! ```text
//! id                 name           kind    country  aliases         demonyms
//! person:ada-brandt  Ada Brandt     person  NO       Brandt?|A. Brandt
//! igo:nato                                           -Alliance?
//! ```

use super::{Change, FIELDS, Field, Overlay, form_of};
use crate::facts::Form;

/// What a column holds.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    One(Field),
    Names(Form),
    /// Named wrongly; its cells are passed over.
    Unknown,
}

/// Reads one file into `overlay`.
pub fn read(overlay: &mut Overlay, file: &str, text: &str) {
    let mut columns: Option<Vec<Column>> = None;
    for (number, line) in text.lines().enumerate().map(|(number, line)| (number + 1, line)) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let Some(columns) = &columns else {
            columns = Some(header(overlay, file, number, &cells));
            continue;
        };
        if cells.len() > columns.len() {
            overlay.wrong(file, number, format!("{} cells under {} columns", cells.len(), columns.len()));
        }
        row(overlay, file, number, columns, &cells);
    }
}

fn header(overlay: &mut Overlay, file: &str, line: usize, cells: &[&str]) -> Vec<Column> {
    let mut columns = Vec::new();
    for (place, cell) in cells.iter().enumerate() {
        let field = FIELDS.iter().find(|(name, _)| name == cell).map(|(_, field)| Column::One(*field));
        let names = form_of(cell).filter(|_| cell.ends_with('s')).map(Column::Names);
        let column = field.or(names).unwrap_or(Column::Unknown);
        if column == Column::Unknown {
            let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
            let known = known.join(", ");
            let reason = format!("`{cell}` is no column; there are {known}, aliases, acronyms, metonyms, demonyms");
            overlay.wrong(file, line, reason);
        } else if cells[..place].contains(cell) {
            overlay.wrong(file, line, format!("the column `{cell}` is there twice"));
        }
        columns.push(column);
    }
    if !cells.contains(&"id") {
        overlay.wrong(file, line, "the header names no column `id`");
        // Without ids every row would be wrong once more.
        columns.fill(Column::Unknown);
    }
    columns
}

fn row(overlay: &mut Overlay, file: &str, line: usize, columns: &[Column], cells: &[&str]) {
    let mut change = Change { file: file.to_owned(), line, ..Change::default() };
    for (column, cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        if cell.starts_with('"') {
            overlay.wrong(file, line, "a cell begins with a quotation mark; cells are written without any");
            continue;
        }
        match column {
            Column::One(field) => overlay.set(&mut change, *field, cell, line),
            Column::Names(form) => {
                for name in cell.split('|').map(str::trim).filter(|name| !name.is_empty()) {
                    overlay.add_name(&mut change, *form, name, line);
                }
            }
            Column::Unknown => {}
        }
    }
    if columns.contains(&Column::One(Field::Id)) {
        overlay.close(change);
    }
}
