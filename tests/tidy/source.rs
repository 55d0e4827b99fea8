//! One source file as the rules of the house see it: its code without comments, words in quotation marks and tests, and
//! the modules it names.

use std::collections::BTreeSet;

/// A file of `src/`.
pub struct Source {
    /// Its path inside `src/`.
    pub path: String,
    /// Its place among the modules; empty for `lib.rs`.
    pub module: Vec<String>,
    /// The file as it is.
    pub text: String,
    /// The same lines without comments, what stands in quotation marks, and tests.
    pub code: String,
}

/// A word or a sign of the code, with its line counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub line: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let bare = path.trim_end_matches(".rs");
        let bare = bare.strip_suffix("/mod").unwrap_or(bare);
        let module =
            if matches!(bare, "lib" | "main") { Vec::new() } else { bare.split('/').map(str::to_owned).collect() };
        Self { path: path.to_owned(), module, text: text.to_owned(), code: without_tests(&bare_code(text)) }
    }

    /// The folder of `src/` it belongs to.
    pub fn room(&self) -> &str {
        self.module.first().map_or("", String::as_str)
    }

    /// How many lines have code on them.
    pub fn lines(&self) -> usize {
        self.code.lines().filter(|line| !line.trim().is_empty()).count()
    }

    /// The names of modules that this file declares for tests only.
    pub fn test_modules(&self) -> Vec<Vec<String>> {
        let bare = bare_code(&self.text);
        let tokens = tokens(&bare);
        let declared =
            tokens.windows(4).filter(|four| four[0].text == "]" && four[1].text == "mod" && four[3].text == ";");
        let after_mark = declared.filter(|four| {
            let line = bare.lines().nth(four[0].line - 1).unwrap_or_default();
            line.contains("cfg(test)")
        });
        after_mark.map(|four| [self.module.clone(), vec![four[2].text.to_owned()]].concat()).collect()
    }

    /// Every path into our own modules, from the root of the library, with its line.
    pub fn paths(&self) -> Vec<(Vec<String>, usize)> {
        let tokens = tokens(&self.code);
        let mut paths = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let base = match tokens[at].text {
                "crate" => Some(Vec::new()),
                "self" => Some(self.module.clone()),
                "super" => Some(self.module[..self.module.len().saturating_sub(1)].to_vec()),
                _ => None,
            };
            let begins = at == 0 || tokens[at - 1].text != "::";
            match base {
                Some(base) if begins && tokens.get(at + 1).is_some_and(|next| next.text == "::") => {
                    at = tree(&tokens, at + 2, base, &mut paths);
                }
                _ => at += 1,
            }
        }
        paths
    }

    /// The foreign crates that the code names with `crate::` or `use crate;`, with the line of each.
    pub fn crates(&self) -> Vec<(&str, usize)> {
        let tokens = tokens(&self.code);
        let after = |at: usize| tokens[..at].last().map_or("", |token| token.text);
        let inside = |at: usize| after(at) == "::" && at > 1 && (is_word(after(at - 1)) || after(at - 1) == ">");
        let first = |at: usize| !matches!(after(at), "." | "mod") && !inside(at);
        let named = tokens
            .windows(2)
            .enumerate()
            .filter(|(at, pair)| is_word(pair[0].text) && first(*at) && (pair[1].text == "::" || after(*at) == "use"));
        named.map(|(_, pair)| (pair[0].text, pair[0].line)).collect()
    }

    /// Every function with the number of its lines of code.
    pub fn functions(&self) -> Vec<(&str, usize)> {
        let tokens = tokens(&self.code);
        let full: BTreeSet<usize> =
            self.code.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(at, _)| at + 1).collect();
        let mut functions = Vec::new();
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.text == "fn") {
            let Some(name) = tokens.get(at + 1).filter(|name| is_word(name.text)) else { continue };
            let Some(open) = tokens[at..].iter().position(|token| matches!(token.text, "{" | ";")) else { continue };
            if tokens[at + open].text == ";" {
                continue;
            }
            let end = tokens[block_end(&tokens, at + open)].line;
            functions.push((name.text, full.range(token.line..=end).count()));
        }
        functions
    }
}

/// Reads the rest of a path, with all its branches when it is an import; returns where it ends.
fn tree(tokens: &[Token<'_>], mut at: usize, mut path: Vec<String>, paths: &mut Vec<(Vec<String>, usize)>) -> usize {
    let line = tokens.get(at).map_or(0, |token| token.line);
    while let Some(token) = tokens.get(at) {
        match token.text {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = if tokens[at].text == "," { at + 1 } else { tree(tokens, at, path.clone(), paths) };
                }
                return at + 1;
            }
            "super" => _ = path.pop(),
            "self" => {}
            word if is_word(word) => path.push(word.to_owned()),
            _ => break,
        }
        at += 1;
        if tokens.get(at).is_none_or(|token| token.text != "::") {
            break;
        }
        at += 1;
    }
    if tokens.get(at).is_some_and(|token| token.text == "as") {
        at += 2;
    }
    paths.push((path, line));
    at
}

/// The token that closes the block opened at `open`.
fn block_end(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len() - 1
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Cuts code without comments into words and signs.
pub fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let length = match first {
                c if is_part(c) => rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                c => c.len_utf8(),
            };
            tokens.push(Token { text: &rest[..length], line: number + 1 });
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// The text with comments and the inside of quotation marks taken out, line by line where it was.
fn bare_code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, length) = match c {
            '/' if rest.starts_with("//") => ("", rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => ("", block_comment(rest)),
            '"' => ("\"\"", quotation(rest)),
            'r' | 'b' if !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') && raw(rest).is_some() => {
                ("\"\"", raw(rest).unwrap_or(1))
            }
            '\'' if character(rest).is_some() => ("' '", character(rest).unwrap_or(1)),
            c => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        out.push_str(kept);
        if kept != &rest[..length] {
            out.extend(rest[..length].chars().filter(|c| *c == '\n'));
        }
        rest = &rest[length..];
    }
    out
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quotation(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"`, `r#"…"#`, `b"…"` or `br"…"`.
fn raw(rest: &str) -> Option<usize> {
    let after_b = rest.strip_prefix('b').unwrap_or(rest);
    let Some(after_r) = after_b.strip_prefix('r') else {
        return after_b.starts_with('"').then(|| 1 + quotation(after_b));
    };
    let marks = after_r.bytes().take_while(|byte| *byte == b'#').count();
    let body = after_r[marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let length = body.find(&end)? + end.len();
    Some(rest.len() - body.len() + length)
}

/// The length of a character in single marks; a lifetime has none.
fn character(rest: &str) -> Option<usize> {
    let inside = &rest[1..];
    let length = match inside.chars().next()? {
        '\\' => inside[2..].find('\'')? + 2,
        c => inside[c.len_utf8()..].starts_with('\'').then_some(c.len_utf8())?,
    };
    Some(length + 2)
}

/// The code with every item under `#[cfg(test)]` taken out.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let mut depth = 0;
        let mut end = item.len();
        for (at, c) in item.char_indices().skip(MARK.len()) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(c, '}' | ';') {
                end = at + 1;
                break;
            }
        }
        out.extend(item[..end].chars().filter(|c| *c == '\n'));
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

#[test]
fn code_is_told_from_what_only_looks_like_it() {
    let check = |text: &str, expected: &str| assert_eq!(Source::new("a.rs", text).code, expected, "{text}");
    check("a // b\nc", "a \nc");
    check("a /* b /* c */ \n */ d", "a \n d");
    check(r#"x("a // \" b") y"#, r#"x("") y"#);
    check("r#\"a \" b\"# c br\"d\" b\"e\"", "\"\" c \"\" \"\"");
    check("'\"' '\\'' 'a 'b", "' ' ' ' 'a 'b");
    check("a\n#[cfg(test)]\nmod tests {\n  b {} \n}\nc", "a\n\n\n\n\nc");
    check("#[cfg(test)]\nmod tests;\nmod c;", "\n\nmod c;");
}

#[test]
fn paths_are_read_from_the_root() {
    let check = |module: &str, text: &str, expected: &[&str]| {
        let paths: Vec<String> = Source::new(module, text).paths().iter().map(|(path, _)| path.join("::")).collect();
        assert_eq!(paths, expected, "{text}");
    };
    check("a/b.rs", "use crate::x::{self, y::Z, w as v};", &["x", "x::y::Z", "x::w"]);
    check("a/b.rs", "use super::{c, d::{E, F}}; use super::super::g;", &["a::c", "a::d::E", "a::d::F", "g"]);
    check("a/mod.rs", "use self::c::D; fn f(x: crate::k::L) -> crate::m::<N> {}", &["a::c::D", "k::L", "m"]);
    check("a.rs", "pub(super) fn f() { \"crate::b\" } // crate::c", &[]);
}
