//! Tokens to tree.
//!
//! ```text
//! level   = clause { [ "AND" ] clause }          AND and a blank mean the same, but see below
//! clause  = operand { "OR" operand }             OR binds tighter than a blank, as in Google, Nexis and Recoll
//! operand = { "NOT" | "-" } atom { near atom }    near: NEAR/5 ADJ/5 SAME/S SAME/P
//! atom    = word | phrase | "*" | "(" level ")" | "atleast3(" level ")" | field ":" value
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
use crate::query::join::{Item, Join, Scope, is_zone, join, join_any};
use crate::query::lexer::{self, Kind, Lexed, Token};
use crate::query::near::{has_places, near};
use crate::query::{Form, MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, MOST_TIMES, Node, Options, Parsed, Query, Word, Zone};

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

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    end: usize,
    today: Day,
}

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
            let (node, near) = self.operand(scope, Some(token).filter(|_| join != Join::Adjacent))?;
            items.push(Item { join, at: token.at, node, near });
        }
        Ok(items)
    }

    /// Reads one operand with its exclusions and what is near it; `operator` is what it was promised to. Also says where
    /// its first proximity operator stands.
    fn operand(&mut self, scope: Scope, mut operator: Option<&'a Token>) -> Result<(Node, Option<usize>)> {
        let mut excluded = false;
        while let Some(token) = self.peek()
            && matches!(token.kind, Kind::Not)
        {
            excluded = !excluded;
            operator = Some(token);
            self.next += 1;
        }
        let token = self.begin(operator)?;
        let mut node = self.atom(token, scope)?;
        let mut first = None;
        while let Some(operator) = self.peek()
            && let Kind::Near(how) = operator.kind
        {
            self.next += 1;
            let token = self.begin(Some(operator))?;
            if matches!(token.kind, Kind::Not) {
                return Err(Error::query(format!("nothing can be near what is excluded by `{how}`"), token.at)
                    .hint(format!("exclude the whole: `-(a {how} b)`")));
            }
            let right = self.atom(token, scope)?;
            node = near(node, right, how, scope.map(|(row, _)| row.field), operator.at)?;
            first = first.or(Some(operator.at));
        }
        if !excluded {
            return Ok((node, first));
        }
        if is_zone(&node) {
            return Err(Error::query("a part of the text cannot be excluded", token.at)
                .hint("write `in:narration` for what nobody is quoted with, `in:quote` for what somebody says"));
        }
        Ok((Node::none_of(node), None))
    }

    /// Steps over the first token of an operand, which must be there; `operator` is what it was promised to.
    fn begin(&mut self, operator: Option<&'a Token>) -> Result<&'a Token> {
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
        Ok(token)
    }

    /// Reads the group behind `atleast3`.
    fn at_least(&mut self, times: u32, token: &Token, scope: Scope) -> Result<Node> {
        if !(1..=MOST_TIMES).contains(&times) {
            return Err(Error::query(format!("a word cannot be asked for `{times}` times"), token.at)
                .hint(format!("write a number from 1 to {MOST_TIMES}, such as `atleast3(sanctions)`")));
        }
        if !has_places(scope.map(|(row, _)| row.field)) {
            return Err(Error::query("`atleast` counts in the text, in `title:` and in `said:` only", token.at)
                .hint("leave it out here"));
        }
        let Some(open) = self.peek() else { return Ok(Node::All) };
        self.next += 1;
        match join(self.group(open, scope)?, scope)? {
            node if times == 1 => Ok(node),
            Node::Phrase(phrase) if phrase.slop > 0 => {
                Err(Error::query("a stretched phrase cannot be counted", open.at).hint("leave its `~` out"))
            }
            Node::Word(Word { form: Form::Exact, .. }) => {
                Err(Error::query("a word with `=` cannot be counted", open.at).hint("leave the `=` out"))
            }
            node @ (Node::Word(_) | Node::Phrase(_)) => Ok(Node::AtLeast(times, Box::new(node))),
            _ => Err(Error::query("`atleast` counts one word or phrase", open.at)
                .hint(format!("write `atleast{times}(a) atleast{times}(b)`"))),
        }
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
            Kind::AtLeast(times) => self.at_least(*times, token, scope),
            Kind::Word(word) => Ok(Node::Word(word.clone())),
            Kind::Phrase(phrase) => Ok(Node::Phrase(phrase.clone())),
            Kind::Value(value) => self.value(value, scope, token.at),
            // `operand` lets nothing else through.
            Kind::Close | Kind::And | Kind::Or | Kind::Not | Kind::Near(_) => Ok(Node::All),
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
        if (bound != Bound::On || row.field == Field::In) && matches!(token.kind, Kind::Open) {
            return Err(Error::query("one value belongs here, not a group", token.at)
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
                Some(known) if row.field == Field::In => Ok(Node::Inside(Zone::named(known), Box::new(Node::All))),
                Some(known) => Ok(Node::Is(row.field, known)),
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
            "NEAR" | "ADJ" if before && after => {
                format!("`{text}` was read as a word; write `{text}/5` for at most 5 words of distance")
            }
            "SAME" if before && after => {
                "`SAME` was read as a word; write `SAME/S` for one sentence, `SAME/P` for one paragraph".to_owned()
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
        Kind::Near(_) => "the proximity",
        _ => "",
    }
}
