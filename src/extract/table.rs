//! One table file: tab-separated cells under a header, lists by `|`, comments by `#`.
//!
//! Tables are written by hand, so every mistake must name its file and line. A row shorter than the header has empty
//! cells at its end; a longer one, or a header other than the expected one, is an error.
//!
//! ```text
//! name    gender
//! # comment
//! Anna    f
//! ```

use std::fmt;

/// A mistake in a table, with the place to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The table's file name.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for TableError {}

/// One row, its cells in the order of the header.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    file: &'a str,
    line: usize,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// The cell of this column, trimmed; empty when the row is shorter.
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).copied().unwrap_or("")
    }

    /// The cell, or an error when it is empty.
    pub fn needed(&self, column: usize) -> Result<&'a str, TableError> {
        match self.cell(column) {
            "" => Err(self.error(format!("column {} is empty", column + 1))),
            cell => Ok(cell),
        }
    }

    /// The cell when it is not empty.
    pub fn optional(&self, column: usize) -> Option<&'a str> {
        Some(self.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// The members of a list cell.
    pub fn list(&self, column: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        self.cell(column).split('|').map(str::trim).filter(|item| !item.is_empty())
    }

    /// The cell as a number between 0 and 1.
    pub fn share(&self, column: usize) -> Result<f32, TableError> {
        let number = self.needed(column)?.parse::<f32>().ok().filter(|n| (0.0..=1.0).contains(n));
        number.ok_or_else(|| self.error(format!("`{}` is not between 0 and 1", self.cell(column))))
    }

    /// An error that points at this row.
    pub fn error(&self, reason: impl Into<String>) -> TableError {
        TableError { file: self.file.to_owned(), line: self.line, reason: reason.into() }
    }
}

/// Reads the rows of a table whose header must be `columns`.
pub fn rows<'a>(file: &'a str, text: &'a str, columns: &[&str]) -> Result<Vec<Row<'a>>, TableError> {
    let mut found = Vec::new();
    let mut header = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let row = Row { file, line: number + 1, cells: line.split('\t').map(str::trim).collect() };
        if !header {
            if row.cells != columns {
                return Err(row.error(format!("the header must be `{}`", columns.join(" "))));
            }
            header = true;
        } else if row.cells.len() > columns.len() {
            return Err(row.error(format!("{} cells under {} columns", row.cells.len(), columns.len())));
        } else {
            found.push(row);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_file_and_line() {
        let check = |text: &str, expected: &str| {
            let error = rows("x.tsv", text, &["name", "prior"])
                .and_then(|rows| rows.iter().try_for_each(|row| row.needed(0).and(row.share(1)).map(|_| ())));
            assert_eq!(error.err().map(|e| e.to_string()).unwrap_or_default(), expected);
        };
        check("name\tprior\na\t0.5\n", "");
        check("name\tprio\n", "x.tsv:1: the header must be `name prior`");
        check("name\tprior\n# c\n\na\t2\n", "x.tsv:4: `2` is not between 0 and 1");
        check("name\tprior\n\t0.5\n", "x.tsv:2: column 1 is empty");
        check("name\tprior\na\t0\tb\n", "x.tsv:2: 3 cells under 2 columns");
    }
}
