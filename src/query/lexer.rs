//! Text to tokens, each with the byte where it stands.
//!
//! Strict with syntax, forgiving with prose: a quotation that is not closed or a field that does not exist is an
//! error, while punctuation that means nothing here only parts words, so that a pasted headline is a question too.
//! What a character means depends on the field whose value is being read: `source:` and `date:` take their values as
//! they stand, `actor:` takes ids with colons. So the lexer keeps the field of every open parenthesis; `value` is its
//! other half.

use crate::error::{Error, Result};
use crate::field::FieldInfo;
use crate::query::date::Bound;
use crate::query::scope::{Scope, begins_raw, field_name, is_name, is_raw};
use crate::query::word::{self, Joins};
use crate::query::{Form, How, Phrase, Word, near};
use crate::text;

/// One piece of a question.
#[derive(Debug)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub at: usize,
}

/// What a token is.
#[derive(Debug)]
pub(super) enum Kind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`
    And,
    /// `OR`
    Or,
    /// `NOT`
    Not,
    /// A field with its colon; an operand or `(` follows.
    Field(&'static FieldInfo, Bound),
    /// `NEAR/5`, `ADJ/5`, `SAME/S` …
    Near(How),
    /// `atleast3`; `(` follows.
    AtLeast(u32),
    /// `*` standing alone.
    Every,
    /// A word.
    Word(Word),
    /// A phrase.
    Phrase(Phrase),
    /// The value of a field that takes its values as they stand.
    Value(String),
}

/// A question in tokens.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    /// The tokens in order.
    pub tokens: Vec<Token>,
    /// What may have been meant otherwise.
    pub hints: Vec<String>,
}

/// Cuts a question into tokens.
///
/// # Errors
/// For an unclosed quotation, an unknown field, a malformed value or form of a word, and a proximity operator.
pub(super) fn lex(text: &str) -> Result<Lexed> {
    let mut lexer = Lexer { text, at: 0, scopes: Vec::new(), address_end: 0, lexed: Lexed::default() };
    while let Some(c) = lexer.peek() {
        lexer.step(c)?;
    }
    Ok(lexer.lexed)
}

/// How far apart the words of a phrase may be allowed to be; more is no phrase.
const MAX_SLOP: u32 = 100;

/// A question on its way to tokens.
pub(super) struct Lexer<'a> {
    /// The whole question.
    pub(super) text: &'a str,
    /// The byte that is read next.
    pub(super) at: usize,
    /// The field of each open parenthesis.
    scopes: Vec<Scope>,
    /// Up to here an address (`https://…`) is read: its punctuation is no syntax.
    pub(super) address_end: usize,
    /// What was read so far.
    pub(super) lexed: Lexed,
}

impl<'a> Lexer<'a> {
    fn step(&mut self, c: char) -> Result<()> {
        let scope = self.scopes.last().copied().flatten();
        match c {
            '(' => self.open(scope),
            ')' => {
                self.scopes.pop();
                self.push(Kind::Close, 1);
            }
            '|' => {
                let bars = self.rest().bytes().take_while(|byte| *byte == b'|').count();
                self.push(Kind::Or, bars);
            }
            _ if c.is_whitespace() => self.at += c.len_utf8(),
            _ if text::is_double_mark(c) => return self.quotation(scope),
            '-' if self.is_fresh() && self.excludes(scope) => self.push(Kind::Not, 1),
            _ if is_raw(scope) => return self.value(scope, false),
            '&' if self.rest().starts_with("&&") => self.push(Kind::And, 2),
            _ => return self.prose(c, scope),
        }
        Ok(())
    }

    /// Reads a word, a field or a piece of punctuation.
    fn prose(&mut self, c: char, scope: Scope) -> Result<()> {
        if self.follows_operand()
            && self.is_fresh()
            && let Some(operator) = word::proximity(self.rest())
            && let Some(how) = near::operator(operator)
        {
            self.push(Kind::Near(how), operator.len());
            return Ok(());
        }
        if self.is_fresh()
            && let Some(operator) = word::spelled_proximity(self.rest())
        {
            self.hint(format!("`{operator}` was read as words; as an operator it stands between two words or phrases"));
        }
        if self.is_fresh()
            && let Some((times, width)) = word::at_least(self.rest())
        {
            self.push(Kind::AtLeast(times), width);
            return Ok(());
        }
        let next = self.rest()[c.len_utf8()..].chars().next();
        let starts_word = match c {
            '=' => self.is_fresh() && next.is_some_and(word::is_letter),
            '*' => self.is_fresh(),
            '?' => self.is_fresh() && next.is_some_and(word::is_letter),
            _ => word::is_letter(c),
        };
        if !starts_word {
            self.punctuation(c, next);
            return Ok(());
        }
        if self.field(scope)? {
            return Ok(());
        }
        self.words(scope, false)
    }

    /// Skips what is no syntax, with a hint where another tool would have read it as syntax.
    fn punctuation(&mut self, c: char, next: Option<char>) {
        if self.is_fresh() && next.is_some_and(word::is_letter) {
            match c {
                '!' | '–' | '—' | '−' => {
                    self.hint(format!("`{c}` was read as punctuation; write `-word` to exclude"))
                }
                _ if text::is_single_mark(c) && self.opens_single_quotation(c) => {
                    self.hint("single marks make no phrase; write `\"red line\"` with double ones".to_owned());
                }
                _ => {}
            }
        }
        self.at += c.len_utf8();
    }

    /// Whether the single mark here is closed by another one after more than one word.
    fn opens_single_quotation(&self, c: char) -> bool {
        let inside = &self.rest()[c.len_utf8()..];
        let closes = |(at, mark): &(usize, char)| {
            text::is_single_mark(*mark) && !inside[at + mark.len_utf8()..].starts_with(word::is_letter)
        };
        inside.char_indices().find(closes).is_some_and(|(end, _)| inside[..end].contains(char::is_whitespace))
    }

    /// Reads a word with all that hang on it by mere punctuation: `AT&T`, `Reuters/AP`.
    ///
    /// Such words are one group, so that what stands before the first, a field or a `-`, holds for all of them.
    pub(super) fn words(&mut self, scope: Scope, is_value: bool) -> Result<()> {
        let at = self.at;
        let first = self.lexed.tokens.len();
        self.word(scope, is_value)?;
        while let Some(token) = self.lexed.tokens.last()
            && matches!(token.kind, Kind::Word(_))
            && let Some(skipped) = self.glue()
        {
            self.at += skipped;
            self.word(scope, true)?;
        }
        if self.lexed.tokens.len() > first + 1 {
            self.lexed.tokens.insert(first, Token { kind: Kind::Open, at });
            self.lexed.tokens.push(Token { kind: Kind::Close, at: self.at });
        }
        Ok(())
    }

    /// The length of the punctuation between the word that ends here and one that hangs on it.
    fn glue(&self) -> Option<usize> {
        let rest = self.rest();
        let stops = |c: char| {
            c.is_whitespace() || word::is_letter(c) || matches!(c, '(' | ')' | '|') || text::is_double_mark(c)
        };
        let skipped = rest.find(stops).filter(|skipped| *skipped > 0)?;
        let next = &rest[skipped..];
        let name = field_name(next);
        let is_field = !name.is_empty() && self.at >= self.address_end && next[name.len()..].starts_with(':');
        (next.starts_with(word::is_letter) && !is_field).then_some(skipped)
    }

    /// Reads a word with its form; there is one here.
    fn word(&mut self, scope: Scope, is_value: bool) -> Result<()> {
        let at = self.at;
        let exact = self.rest().starts_with('=');
        let is_address = at < self.address_end;
        let joins = Joins { colon: is_name(scope), wild: !is_address };
        let body = word::take(&self.rest()[usize::from(exact)..], joins);
        if body.is_empty() {
            // Nothing but a question mark or a joiner: punctuation after all.
            self.at += self.peek().map_or(0, char::len_utf8);
            return Ok(());
        }
        self.at += usize::from(exact) + body.len();
        if body.bytes().all(|byte| byte == b'*') {
            self.lexed.tokens.push(Token { kind: Kind::Every, at });
            return Ok(());
        }
        // Words of scripts without blanks are found in any stretch of letters, whatever goes on behind them.
        let stem =
            body.strip_suffix('*').filter(|stem| stem.ends_with(text::is_unspaced) && !stem.contains(word::is_wild));
        let body = stem.filter(|_| !is_raw(scope)).unwrap_or(body);
        if body.contains(text::is_unspaced) && self.rest().starts_with('~') && !is_raw(scope) {
            self.hint(format!(
                "`{body}~` finds nothing: in this script letters stand for themselves, without blanks between words"
            ));
        }
        let mut text = body.to_owned();
        if let Some(kind) = operator(body).filter(|_| !exact && word::tilde_number(self.rest()).is_empty()) {
            if !is_value && self.glue().is_none() {
                self.lexed.tokens.push(Token { kind, at });
                return Ok(());
            }
            // A word in capitals would be an operator when it is printed.
            text.make_ascii_lowercase();
        }
        let form = if is_address { Form::Plain } else { self.form(body, exact, at)? };
        self.lexed.tokens.push(Token { kind: Kind::Word(Word { text, form }), at });
        Ok(())
    }

    /// Reads what follows the word `body` and says how it is to be matched.
    fn form(&mut self, body: &str, exact: bool, at: usize) -> Result<Form> {
        let pattern = body.contains(word::is_wild);
        let tilde = self.at;
        let number = self.tilde();
        self.refuse_boost()?;
        if usize::from(exact) + usize::from(pattern) + usize::from(number.is_some()) > 1 {
            let message = format!("`{}` asks for two ways of matching one word", &self.text[at..self.at]);
            return Err(Error::query(message, at).hint("keep one of `=` in front, `*` or `?` inside, `~` behind"));
        }
        word::check_pattern(body, at)?;
        match number {
            None if exact => Ok(Form::Exact),
            None if pattern => Ok(Form::Pattern),
            None => Ok(Form::Plain),
            Some("1") => Ok(Form::Fuzzy(1)),
            Some("2") => Ok(Form::Fuzzy(2)),
            Some(number) => Err(Error::query(format!("a word cannot have `{number}` letters wrong"), tilde)
                .hint(format!("write `{body}~1` or `{body}~2`"))),
        }
    }

    /// Reads `~` and the number after it.
    fn tilde(&mut self) -> Option<&'a str> {
        let number = word::tilde_number(self.rest());
        if !self.rest().starts_with('~') {
            return None;
        }
        if number.is_empty() {
            self.hint(
                "`~` was read as punctuation; write `word~1` for one wrong letter, `\"a b\"~5` for near".to_owned(),
            );
            return None;
        }
        self.at += 1 + number.len();
        Some(number)
    }

    /// Refuses Lucene's `word^2`: the 2 must not become a word to search for.
    fn refuse_boost(&self) -> Result<()> {
        match self.rest().strip_prefix('^') {
            Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                Err(Error::query("words cannot be given weights with `^`", self.at)
                    .hint("leave `^` and its number out"))
            }
            _ => Ok(()),
        }
    }

    /// Reads a quotation; any double mark closes it.
    pub(super) fn quotation(&mut self, scope: Scope) -> Result<()> {
        let at = self.at;
        let mark = self.peek().unwrap_or('"');
        let body = &self.rest()[mark.len_utf8()..];
        let closes = |(at, c): &(usize, char)| text::is_double_mark(*c) && !word::is_letter_mark(body, *at);
        let Some((end, close)) = body.char_indices().find(closes) else {
            return Err(Error::query(format!("the quotation mark `{mark}` is never closed"), at)
                .hint("close the phrase with `\"`, or leave the mark out"));
        };
        let body = &body[..end];
        self.at += mark.len_utf8() + end + close.len_utf8();
        let is_empty = if is_raw(scope) { body.trim().is_empty() } else { !body.contains(word::is_letter) };
        if is_empty {
            return Err(Error::query("there is no word between the quotation marks", at)
                .hint("write the words between them, or leave the marks out"));
        }
        let kind = if is_raw(scope) { Kind::Value(body.trim().to_owned()) } else { self.phrase(body)? };
        self.lexed.tokens.push(Token { kind, at });
        Ok(())
    }

    fn phrase(&mut self, body: &str) -> Result<Kind> {
        if body.contains('*') {
            self.hint("`*` between quotation marks is read as punctuation; it works in single words".to_owned());
        }
        let tilde = self.at;
        let slop = match self.tilde() {
            None => 0,
            Some(number) => number.parse().ok().filter(|slop| *slop <= MAX_SLOP).ok_or_else(|| {
                Error::query(format!("a phrase cannot be stretched by `{number}`"), tilde)
                    .hint(format!("write a whole number up to {MAX_SLOP}, such as `\"red line\"~5`"))
            })?,
        };
        self.refuse_boost()?;
        let words: Vec<&str> = body.split_whitespace().collect();
        Ok(Kind::Phrase(Phrase { text: words.join(" "), slop }))
    }

    pub(super) fn open(&mut self, scope: Scope) {
        self.scopes.push(scope);
        self.push(Kind::Open, 1);
    }

    fn push(&mut self, kind: Kind, width: usize) {
        self.lexed.tokens.push(Token { kind, at: self.at });
        self.at += width;
    }

    pub(super) fn hint(&mut self, hint: String) {
        if !self.lexed.hints.contains(&hint) {
            self.lexed.hints.push(hint);
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether a new piece begins here: nothing, white space, a parenthesis, a bar or an exclusion stands before.
    fn is_fresh(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let excluded = |token: &Token| matches!(token.kind, Kind::Not) && token.at + 1 == self.at;
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '|'))
            || self.lexed.tokens.last().is_some_and(excluded)
    }

    /// Whether the `-` here belongs to something that can be excluded, and is no dash.
    fn excludes(&self, scope: Scope) -> bool {
        let after = &self.rest()[1..];
        if is_raw(scope) {
            return begins_raw(after);
        }
        let first = after.chars().find(|c| is_operand(*c) || c.is_whitespace() || matches!(c, '-' | ')'));
        first.is_some_and(is_operand)
    }

    fn follows_operand(&self) -> bool {
        self.lexed.tokens.last().is_some_and(|token| token.kind.ends_operand())
    }
}

impl Kind {
    /// Whether a word, a phrase, a value or a group ends here.
    pub fn ends_operand(&self) -> bool {
        matches!(self, Self::Close | Self::Every | Self::Word(_) | Self::Phrase(_) | Self::Value(_))
    }

    /// Whether a word, a phrase, a value or a group begins here.
    pub fn begins_operand(&self) -> bool {
        matches!(
            self,
            Self::Open
                | Self::Every
                | Self::AtLeast(_)
                | Self::Word(_)
                | Self::Phrase(_)
                | Self::Value(_)
                | Self::Field(..)
                | Self::Not
        )
    }
}

/// The operator that `word` is.
pub(super) fn operator(word: &str) -> Option<Kind> {
    match word {
        "AND" => Some(Kind::And),
        "OR" => Some(Kind::Or),
        "NOT" => Some(Kind::Not),
        _ => None,
    }
}

fn is_operand(c: char) -> bool {
    word::is_letter(c) || text::is_double_mark(c) || matches!(c, '(' | '*')
}
