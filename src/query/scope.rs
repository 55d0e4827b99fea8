//! The field whose value is being read, and what that says about where values begin and end.

use crate::field::{FieldInfo, FieldKind};
use crate::query::word;
use crate::text;

/// The field whose value is being read; none at the top of a question.
pub(super) type Scope = Option<&'static FieldInfo>;

/// Whether the field takes its values as they stand.
pub(super) fn is_raw(scope: Scope) -> bool {
    scope.is_some_and(|row| !matches!(row.kind, FieldKind::Words | FieldKind::Name))
}

/// Whether the field takes ids of actors, which have colons in them.
pub(super) fn is_name(scope: Scope) -> bool {
    scope.is_some_and(|row| row.kind == FieldKind::Name)
}

/// Whether a value that is taken as it stands ends before `c`.
pub(super) fn is_value_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|') || text::is_double_mark(c)
}

/// Whether no such value stands here.
pub(super) fn ends_value(rest: &str) -> bool {
    rest.chars().next().is_none_or(is_value_end)
}

/// Whether something that can be excluded begins here, in a field that takes its values as they stand.
pub(super) fn begins_raw(rest: &str) -> bool {
    rest.starts_with(|c: char| c == '(' || text::is_double_mark(c) || (c != '-' && !is_value_end(c)))
}

/// Whether the value of this field begins here; if not, its name with a colon was prose.
pub(super) fn begins_value(row: &'static FieldInfo, value: &str) -> bool {
    let mut chars = value.chars();
    let first = chars.next();
    let second = chars.next();
    match first {
        None => false,
        Some('(') => true,
        Some(c) if text::is_double_mark(c) => true,
        Some(c) if is_raw(Some(row)) => !is_value_end(c),
        Some(c) if matches!(c, '=' | '-') || text::is_single_mark(c) => second.is_some_and(word::is_letter),
        Some(c) => word::is_letter(c) || c == '*' || (c == '?' && second.is_some_and(word::is_letter)),
    }
}

/// The name that may be a field's: letters, digits, hyphens and underscores, beginning with a letter.
pub(super) fn field_name(rest: &str) -> &str {
    let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(rest.len());
    if rest.starts_with(char::is_alphabetic) { &rest[..end] } else { "" }
}
