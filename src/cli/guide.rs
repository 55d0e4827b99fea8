//! The guide of the query language as a manual page of section 7, made from the text that the documentation has.

/// The guide, in the Markdown of the documentation.
const QUERY: &str = include_str!("../../docs/query.md");

/// Name of the page, as `man` finds it.
pub const NAME: &str = "chancery-query.7";

/// The guide of the query language in the language of `man`.
pub fn query_page() -> String {
    let head = format!(".TH chancery\\-query 7 \"\" \"chancery {}\" \"chancery\"\n", env!("CARGO_PKG_VERSION"));
    let name = ".SH NAME\nchancery\\-query \\- the query language of chancery\n";
    head + name + &from_markdown(QUERY)
}

/// Headings, paragraphs, lists and tables; a row of a table is its first cell with the others below it.
fn from_markdown(text: &str) -> String {
    let mut page = String::new();
    let mut header: Vec<&str> = Vec::new();
    let mut in_paragraph = false;
    for line in text.lines() {
        let line = line.trim_end();
        let start = line.trim_start();
        let cells = table_cells(start);
        if cells.is_none() {
            header.clear();
        }
        if let Some(cells) = cells {
            if header.is_empty() {
                header = cells;
            } else if !cells.iter().all(|cell| cell.starts_with("---")) {
                page.push_str(&row(&header, &cells));
            }
            in_paragraph = false;
        } else if let Some(title) = start.strip_prefix("# ").or_else(|| start.strip_prefix("## ")) {
            page.push_str(&format!(".SH {}\n", inline(title).to_uppercase()));
            in_paragraph = false;
        } else if start.is_empty() {
            in_paragraph = false;
        } else if let Some((mark, rest)) = list_item(start) {
            page.push_str(&format!(".IP \"{mark}\" 3\n{}\n", guarded(&inline(rest))));
            in_paragraph = true;
        } else {
            if !in_paragraph {
                page.push_str(".PP\n");
            }
            page.push_str(&format!("{}\n", guarded(&inline(start))));
            in_paragraph = true;
        }
    }
    page
}

/// The cells of a line of a table; `\|` inside a cell is no border.
fn table_cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, _) in inner.match_indices('|').filter(|(at, _)| !inner[..*at].ends_with('\\')) {
        cells.push(inner[start..at].trim());
        start = at + 1;
    }
    cells.push(inner[start..].trim());
    Some(cells)
}

fn row(header: &[&str], cells: &[&str]) -> String {
    let mut lines = format!(".TP\n{}\n", guarded(&inline(cells.first().copied().unwrap_or_default())));
    for (at, cell) in cells.iter().enumerate().skip(1).filter(|(_, cell)| !cell.is_empty()) {
        match header.get(at).filter(|head| at > 1 && !head.is_empty()) {
            Some(head) => lines.push_str(&format!(".br\n{head}: {}\n", inline(cell))),
            None => lines.push_str(&format!("{}\n", guarded(&inline(cell)))),
        }
    }
    lines
}

/// The mark and the text of an item of a list.
fn list_item(line: &str) -> Option<(&str, &str)> {
    if let Some(rest) = line.strip_prefix("- ") {
        return Some(("\\(bu", rest));
    }
    let (number, rest) = line.split_once(". ")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((number, rest))
}

/// Code in bold, links as their text, everything else as it stands.
fn inline(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            shown.push_str(&format!("\\fB{}\\fR", escaped(&part.replace("\\|", "|"))));
        } else {
            shown.push_str(&escaped(&without_links(&part.replace("\\|", "|"))));
        }
    }
    shown
}

/// `[text](address)` as `text`.
fn without_links(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((name, behind)) = after.split_once("](") else { break };
        let Some((_, behind)) = behind.split_once(')') else { break };
        shown.push_str(before);
        shown.push_str(name);
        rest = behind;
    }
    shown + rest
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

/// A line that begins with a full stop or an apostrophe is no request.
fn guarded(line: &str) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_a_page() {
        let check = |markdown: &str, expected: &str| assert_eq!(from_markdown(markdown), expected, "{markdown}");
        check("# The guide\n\nOne line\nand `-x`.\n", ".SH THE GUIDE\n.PP\nOne line\nand \\fB\\-x\\fR.\n");
        check("- one\n  and more\n- two\n", ".IP \"\\(bu\" 3\none\nand more\n.IP \"\\(bu\" 3\ntwo\n");
        check("1. one\n", ".IP \"1\" 3\none\n");
        check(
            "| Write | Finds | Example |\n|---|---|---|\n| `OR`, `\\|` | one | `a \\| b` |\n",
            ".TP\n\\fBOR\\fR, \\fB|\\fR\none\n.br\nExample: \\fBa | b\\fR\n",
        );
        check("See [the rules](x.md) [1].\n", ".PP\nSee the rules [1].\n");
        check(".hidden\n", ".PP\n\\&.hidden\n");
        check("a\\b\n", ".PP\na\\eb\n");
        check("", "");
    }
}
