//! Tokens to tree.
//!
//! ```text
//! level   = clause { [ "AND" ] clause }          AND and a blank mean the same, but see below
//! clause  = operand { "OR" operand }             OR binds tighter than a blank, as in Google, Nexis and Recoll
//! operand = { "NOT" | "-" } ( word | phrase | "*" | "(" level ")" | field ":" value )
//! value   = word | phrase | "(" level ")"        no field inside a field
//! ```
//!
//! Half of the tools our users come from bind `AND` tighter than `OR`, the other half do not; so the two in one level
//! without parentheses are refused with both readings. Sizes are checked on the tokens, before anything descends.

use crate::date::Day;
use crate::error::{Error, Result};
use crate::field::{self, Field, FieldInfo, FieldKind};
use crate::query::chance;
use crate::query::date::{self, Bound};
use crate::query::lexer::{self, Kind, Lexed, Token};
use crate::query::{Form, MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, Node, Options, Parsed, Query, Word};

/// Reads a question; see [`crate::query::parse`].
pub(super) fn parse(text: &str, options: &Options) -> Result<Parsed> {
    if text.len() > MAX_BYTES {
        let message = format!("the query has {} bytes, {MAX_BYTES} at most can be read", text.len());
        return Err(Error::query(message, MAX_BYTES).hint("leave words out, or ask in several queries"));
    }
    let Lexed { tokens, mut hints } = lexer::lex(text)?;
    check_sizes(&tokens)?;
    if tokens.is_empty() {
        let message = if text.trim().is_empty() { "the query is empty" } else { "the query has no words in it" };
        return Err(Error::query(message, 0).hint("write words to search for, or `*` for every article"));
    }
    let mut parser = Parser { tokens: &tokens, next: 0, end: text.len(), today: options.today };
    let items = parser.level(None)?;
    if let Some(token) = parser.peek() {
        return Err(Error::query("`)` closes nothing", token.at)
            .hint("open the group with `(`, or put the text in quotation marks"));
    }
    let root = if options.any { join_any(items)? } else { join(items, None)? };
    let query = Query { root };
    check_canonical(&query)?;
    hints.extend(misread_operators(&tokens));
    Ok(Parsed { query, hints })
}

/// Holds the tokens to the caps.
fn check_sizes(tokens: &[Token]) -> Result<()> {
    let (mut depth, mut clauses) = (0usize, 0usize);
    for token in tokens {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Every | Kind::Word(_) | Kind::Phrase(_) | Kind::Value(_) => clauses += 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            let message = format!("the parentheses are nested deeper than {MAX_DEPTH}");
            return Err(Error::query(message, token.at).hint("leave out the parentheses that change nothing"));
        }
        if clauses > MAX_CLAUSES {
            let message = format!("the query has more than {MAX_CLAUSES} words, phrases and values");
            return Err(
                Error::query(message, token.at).hint("leave some out, write `word*`, or ask in several queries")
            );
        }
    }
    Ok(())
}

/// Holds the canonical text to the same caps, so that whatever is stored can be read again.
fn check_canonical(query: &Query) -> Result<()> {
    let canonical = query.to_string();
    if canonical.len() <= MAX_BYTES && lexer::lex(&canonical).and_then(|lexed| check_sizes(&lexed.tokens)).is_ok() {
        return Ok(());
    }
    Err(Error::query("the query written out in full is too long or too deep", 0)
        .hint(format!("it has {} bytes then; leave words or parentheses out", canonical.len())))
}

/// How an operand hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    Adjacent,
    And,
    Or,
}

/// An operand with what stands before it.
#[derive(Debug, Clone)]
struct Item {
    join: Join,
    /// Where the operator stands.
    at: usize,
    node: Node,
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    end: usize,
    today: Day,
}

/// The field whose value is being read, with the bound its dates have.
type Scope = Option<(&'static FieldInfo, Bound)>;

impl<'a> Parser<'a> {
    /// Reads operands up to a `)` or the end.
    fn level(&mut self, scope: Scope) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        while let Some(token) = self.peek() {
            let join = match token.kind {
                Kind::Close => break,
                Kind::And => Join::And,
                Kind::Or => Join::Or,
                _ => Join::Adjacent,
            };
            if join != Join::Adjacent {
                if items.is_empty() {
                    let hint = "write a word on both sides of it, or put it in quotation marks to search for it";
                    return Err(
                        Error::query(format!("nothing stands before `{}`", name(&token.kind)), token.at).hint(hint)
                    );
                }
                self.next += 1;
            }
            let node = self.operand(scope, Some(token).filter(|_| join != Join::Adjacent))?;
            items.push(Item { join, at: token.at, node });
        }
        Ok(items)
    }

    /// Reads one operand with its exclusions; `operator` is what it was promised to.
    fn operand(&mut self, scope: Scope, mut operator: Option<&'a Token>) -> Result<Node> {
        let mut excluded = false;
        while let Some(token) = self.peek()
            && matches!(token.kind, Kind::Not)
        {
            excluded = !excluded;
            operator = Some(token);
            self.next += 1;
        }
        let token = match (self.peek(), operator) {
            (Some(token), _) if token.kind.begins_operand() => token,
            (found, operator) => {
                let (name, at) = operator.map_or(("", self.end), |token| (name(&token.kind), token.at));
                let at = found.map_or(at, |_| at);
                return Err(Error::query(format!("nothing stands after `{name}`"), at)
                    .hint("write a word after it, or put it in quotation marks to search for it"));
            }
        };
        self.next += 1;
        let node = self.atom(token, scope)?;
        Ok(if excluded { Node::none_of(node) } else { node })
    }

    fn atom(&mut self, token: &'a Token, scope: Scope) -> Result<Node> {
        match &token.kind {
            Kind::Open => {
                let items = self.group(token, scope)?;
                join(items, scope)
            }
            Kind::Field(row, bound) => self.field(row, *bound, token.at),
            Kind::Every => match scope {
                None => Ok(Node::All),
                Some((row, _)) => Err(Error::query(format!("`*` alone finds nothing in `{}:`", row.name), token.at)
                    .hint(has_hint(row.field))),
            },
            Kind::Word(word) => Ok(Node::Word(word.clone())),
            Kind::Phrase(phrase) => Ok(Node::Phrase(phrase.clone())),
            Kind::Value(value) => self.value(value, scope, token.at),
            // `operand` lets nothing else through.
            Kind::Close | Kind::And | Kind::Or | Kind::Not => Ok(Node::All),
        }
    }

    /// Reads the inside of the parentheses that `opener` opened, and the closing one.
    fn group(&mut self, opener: &Token, scope: Scope) -> Result<Vec<Item>> {
        let items = self.level(scope)?;
        if self.peek().is_none() {
            return Err(
                Error::query("`(` is never closed", opener.at).hint("close the group with `)`, or leave it out")
            );
        }
        self.next += 1;
        if items.is_empty() {
            return Err(Error::query("nothing stands between the parentheses", opener.at)
                .hint("write words between them, or leave them out"));
        }
        Ok(items)
    }

    fn field(&mut self, row: &'static FieldInfo, bound: Bound, at: usize) -> Result<Node> {
        let Some(token) = self.peek().filter(|token| token.kind.begins_operand()) else {
            return Err(Error::query(format!("`{}:` has no value", row.name), at)
                .hint(format!("write for example `{}`", row.example)));
        };
        if bound != Bound::On && matches!(token.kind, Kind::Open) {
            return Err(Error::query("one date or number belongs here, not a group", token.at)
                .hint(format!("write for example `{}`", row.example)));
        }
        self.next += 1;
        let inside = self.atom(token, Some((row, bound)))?;
        match row.kind {
            FieldKind::Words | FieldKind::Name | FieldKind::Keyword => Ok(Node::within(row.field, inside)),
            FieldKind::Period | FieldKind::Chance | FieldKind::Choice(_) => Ok(inside),
        }
    }

    /// Reads the value of a field that takes it as it stands.
    fn value(&self, value: &str, scope: Scope, at: usize) -> Result<Node> {
        let pattern = if value.contains(['*', '?']) { Form::Pattern } else { Form::Plain };
        let Some((row, bound)) = scope else {
            return Ok(Node::Word(Word { text: value.to_owned(), form: pattern }));
        };
        match row.kind {
            FieldKind::Period => date::condition(row.field, bound, value, self.today, at),
            FieldKind::Chance => chance::bounds(bound, value, at).map(Node::Confidence),
            FieldKind::Choice(values) => match values.iter().find(|known| known.eq_ignore_ascii_case(value)) {
                Some(known) => Ok(Node::Has(known)),
                None => Err(Error::query(
                    format!("`{}:` cannot be `{value}`; it is one of {}", row.name, values.join(", ")),
                    at,
                )
                .hint(format!("write for example `{}`", row.example))),
            },
            _ => Ok(Node::Word(Word { text: value.to_owned(), form: pattern })),
        }
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }
}

/// Joins the operands of one level.
///
/// # Errors
/// When `AND` and `OR` are mixed, with both readings.
fn join(items: Vec<Item>, scope: Scope) -> Result<Node> {
    check_mixture(&items, scope)?;
    Ok(or_first(items))
}

/// Joins the operands at the top so that one of the plain words is enough.
///
/// What an explicit operator holds together stays together; fields and exclusions stay required.
fn join_any(items: Vec<Item>) -> Result<Node> {
    check_mixture(&items, None)?;
    let has_or = items.iter().any(|item| item.join == Join::Or);
    let pieces: Vec<Node> = if has_or {
        runs(items, |join| join == Join::Or).map(Node::any_of).collect()
    } else {
        runs(items, |join| join == Join::And).map(Node::all_of).collect()
    };
    let (mut required, wanted): (Vec<Node>, Vec<Node>) = pieces.into_iter().partition(Node::is_filter);
    if !wanted.is_empty() {
        required.insert(0, Node::any_of(wanted));
    }
    Ok(Node::all_of(required))
}

/// Refuses `AND` next to `OR`.
fn check_mixture(items: &[Item], scope: Scope) -> Result<()> {
    let first = |join: Join| items.iter().find(|item| item.join == join).map(|item| item.at);
    let (Some(and), Some(or)) = (first(Join::And), first(Join::Or)) else { return Ok(()) };
    let shown = |root: Node| match scope {
        Some((row, _)) if !row.kind.is_range() && !matches!(row.kind, FieldKind::Choice(_)) => {
            Node::within(row.field, root)
        }
        _ => root,
    };
    let and_first = Node::any_of(runs(items.to_vec(), |join| join != Join::Or).map(Node::all_of).collect());
    Err(Error::query("`AND` and `OR` are mixed without parentheses", and.max(or)).hint(format!(
        "write `{}` or `{}`",
        shown(or_first(items.to_vec())),
        shown(and_first)
    )))
}

fn or_first(items: Vec<Item>) -> Node {
    Node::all_of(runs(items, |join| join == Join::Or).map(Node::any_of).collect())
}

/// Cuts the operands into runs, each held together by the joins that are `tight`.
fn runs(items: Vec<Item>, tight: fn(Join) -> bool) -> impl Iterator<Item = Vec<Node>> {
    let mut runs: Vec<Vec<Node>> = Vec::new();
    for item in items {
        match runs.last_mut() {
            Some(run) if tight(item.join) => run.push(item.node),
            _ => runs.push(vec![item.node]),
        }
    }
    runs.into_iter()
}

/// Says which words look like operators but were read as words.
fn misread_operators(tokens: &[Token]) -> Vec<String> {
    let mut hints = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Kind::Word(Word { text, form: Form::Plain }) = &token.kind else { continue };
        let after = tokens.get(index + 1).is_some_and(|next| next.kind.begins_operand());
        let before = index > 0 && tokens[index - 1].kind.ends_operand();
        let hint = match text.as_str() {
            "and" | "or" if before && after => {
                format!("`{text}` was read as a word; write `{}` for the operator", text.to_uppercase())
            }
            "not" if after => "`not` was read as a word; write `NOT` or `-` to exclude".to_owned(),
            "NEAR" | "ADJ" | "SAME" if before && after => {
                format!("`{text}` was read as a word; proximity is not built yet, `\"red line\"~5` comes close")
            }
            _ => continue,
        };
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    hints
}

/// The `has:` that comes nearest to asking for any value of a field.
fn has_hint(field: Field) -> String {
    let what = match field {
        Field::Actor | Field::Person | Field::Org => "actor",
        Field::Speaker => "speaker",
        Field::Said => "quote",
        Field::Author => "author",
        _ => return format!("write a word, such as `{}`", field::info(field).example),
    };
    format!("`has:{what}` finds the articles that have one")
}

fn name(kind: &Kind) -> &'static str {
    match kind {
        Kind::And => "AND",
        Kind::Or => "OR",
        Kind::Not => "NOT",
        _ => "",
    }
}
