//! Fields in a question: which words before a colon are one, and where the value after it ends.
//!
//! A second half of the lexer. A name that no field has is an error with the nearest one, never a word to search for;
//! a colon in prose (`Xi: "no limits"`, `12:30`, `https://…`) is told apart by what follows it.

use crate::error::{Error, Result};
use crate::field::{self, FieldInfo, FieldKind};
use crate::query::date::{self, Bound};
use crate::query::lexer::{Kind, Lexer, Token, operator};
use crate::query::scope::{Scope, begins_value, ends_value, field_name, is_name, is_raw, is_value_end};
use crate::query::word;
use crate::text;

/// The kinds of actors that ids begin with and that are no fields themselves.
const ID_KINDS: [&str; 10] =
    ["state", "gov", "government", "igo", "group", "party", "court", "company", "media", "region"];

impl Lexer<'_> {
    /// Reads `name:` or `date>=` with the value after it, if that is what stands here.
    pub(super) fn field(&mut self, scope: Scope) -> Result<bool> {
        let rest = self.rest();
        let name = field_name(rest);
        if name.is_empty() || self.at < self.address_end {
            return Ok(false);
        }
        let after = &rest[name.len()..];
        let known = date::named(name);
        if let Some((row, Bound::On)) = known.filter(|(row, _)| row.kind.is_range())
            && let Some((bound, width)) = date::comparison(after)
        {
            return self.known_field((row, bound), name.len() + width, name, scope).map(|()| true);
        }
        let Some(value) = after.strip_prefix(':') else {
            if known.is_some() && after.strip_prefix('=').is_some_and(|value| value.starts_with(word::is_letter)) {
                self.hint(format!("`{name}=` was read as a word; write `{name}:` for the field"));
            }
            return Ok(false);
        };
        if value.starts_with("//") && known.is_none_or(|(row, _)| !is_raw(Some(row))) {
            let address = rest.find(|c: char| c.is_whitespace() || text::is_double_mark(c) || matches!(c, '(' | ')'));
            self.address_end = self.at + address.unwrap_or(rest.len());
            return Ok(false);
        }
        let Some(known) = known else { return self.unknown_field(name, value, scope).map(|()| false) };
        // An id may begin like a field: `actor:(person:xi-jinping OR state:CN)`.
        if is_name(scope) && known.0.kind == FieldKind::Name {
            return Ok(false);
        }
        if !begins_value(known.0, value) {
            self.hint(format!(
                "`{name}` was read as a word; for the field write `{name}:` and the value without a blank"
            ));
            return Ok(false);
        }
        self.known_field(known, name.len() + 1, name, scope).map(|()| true)
    }

    /// Reads a field, whose name and colon have `width` bytes, with its value.
    fn known_field(
        &mut self,
        known: (&'static FieldInfo, Bound),
        width: usize,
        name: &str,
        outer: Scope,
    ) -> Result<()> {
        let (row, mut bound) = known;
        if let Some(outer) = outer {
            return Err(self.nested(name, outer));
        }
        let at = self.at;
        self.at += width;
        if row.kind.is_range()
            && bound == Bound::On
            && let Some((found, width)) = date::comparison(self.rest())
        {
            bound = found;
            self.at += width;
        }
        self.lexed.tokens.push(Token { kind: Kind::Field(row, bound), at });
        match self.peek() {
            Some('(') => {
                self.open(Some(row));
                Ok(())
            }
            Some('-') => Err(Error::query(format!("`-` stands after `{name}:`"), self.at)
                .hint(format!("put it before the field, `-{name}:…`, or the value in double marks"))),
            Some(c) if text::is_double_mark(c) => self.quotation(Some(row)),
            Some(c) if text::is_single_mark(c) => Err(Error::query(format!("`{c}` stands after `{name}:`"), self.at)
                .hint(format!("phrases and values take double marks: `{name}:\"…\"`"))),
            _ if is_raw(Some(row)) => self.value(Some(row), true),
            _ => self.word_value(row),
        }
    }

    /// Reads the value of a field of words; it must not begin like another field.
    fn word_value(&mut self, row: &'static FieldInfo) -> Result<()> {
        let inner = field_name(self.rest());
        let known = date::named(inner).filter(|_| self.rest()[inner.len()..].starts_with(':'));
        match known {
            Some((found, _)) if row.kind != FieldKind::Name || found.kind != FieldKind::Name => {
                Err(self.nested(inner, row))
            }
            _ => self.words(Some(row), true),
        }
    }

    fn nested(&self, name: &str, outer: &FieldInfo) -> Error {
        let message = format!("`{name}:` stands inside `{}:`; a field cannot hold another one", outer.name);
        Error::query(message, self.at).hint(format!("write them side by side: `{} {name}:…`", outer.example))
    }

    /// Refuses a field that does not exist, unless what stands here is prose.
    fn unknown_field(&self, name: &str, value: &str, scope: Scope) -> Result<()> {
        let bare = value.trim_start_matches(|c: char| "<>=-".contains(c) || text::is_single_mark(c));
        let is_value = bare.starts_with(|c| word::is_letter(c) || text::is_double_mark(c) || "(*[".contains(c));
        if !is_value || is_name(scope) {
            return Ok(());
        }
        let prose = format!("if `{name}` is a word, put a blank after its colon");
        let hint = match field::nearest(name) {
            _ if ID_KINDS.contains(&name.to_ascii_lowercase().as_str()) => {
                format!("ids of actors go after a field, as in `actor:state:CN`; {prose}")
            }
            _ if name.eq_ignore_ascii_case("in") => format!("`said:word` finds words of quotes; {prose}"),
            Some(near) => format!("did you mean `{near}:`? {prose}"),
            None => {
                let names: Vec<&str> = field::TABLE.iter().map(|row| row.name).collect();
                format!("the fields are {}, after, before, since, until, on; {prose}", names.join(", "))
            }
        };
        Err(Error::query(format!("there is no field `{name}`"), self.at).hint(hint))
    }

    /// Reads the value of a field that takes it as it stands.
    pub(super) fn value(&mut self, scope: Scope, after_colon: bool) -> Result<()> {
        let at = self.at;
        let is_period = scope.is_some_and(|row| row.kind.is_range());
        if is_period && self.rest().starts_with(['[', '{']) {
            return self.brackets();
        }
        // Such values are exact as it is.
        let rest = self.rest().strip_prefix('=').filter(|value| !ends_value(value)).unwrap_or(self.rest());
        self.at = self.text.len() - rest.len();
        let end = rest.find(|c: char| is_value_end(c)).unwrap_or(rest.len());
        let value = &rest[..end];
        self.at += end;
        let spaced = self.rest().trim_start();
        if is_period && spaced.len() < self.rest().len() && spaced.starts_with("..") && !spaced.starts_with("...") {
            return Err(Error::query("a range of dates has no blanks", self.at).hint("write `2022..2023`"));
        }
        let kind = match operator(value) {
            Some(kind) if !after_colon => kind,
            _ => Kind::Value(value.to_owned()),
        };
        self.lexed.tokens.push(Token { kind, at });
        Ok(())
    }

    /// Reads `[A TO B]`.
    fn brackets(&mut self) -> Result<()> {
        let at = self.at;
        let rest = self.rest();
        let Some(inside) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
            return Err(Error::query("this is not a period in brackets", at)
                .hint("write `2020..2021`, or `[2020 TO 2021]` as in Lucene; both ends count"));
        };
        self.at += inside.0.len() + 2;
        let value = date::bracketed(inside.0, at)?;
        self.lexed.tokens.push(Token { kind: Kind::Value(value), at });
        Ok(())
    }
}
