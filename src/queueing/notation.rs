//! Faults in the notation of a model's file, in the words of all files of this crate.

use super::error::ReadError;
use crate::problem::closest;

/// A fault of JSON, with its place.
pub(super) fn json_fault(error: &serde_json::Error, text: &str) -> ReadError {
    let line = error.line().max(1);
    // The reader counts bytes.
    let of_line = text.split('\n').nth(line - 1).unwrap_or_default();
    let bytes = error.column().saturating_sub(1).min(of_line.len());
    let column = String::from_utf8_lossy(&of_line.as_bytes()[..bytes]).chars().count() + 1;
    let described = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = described.strip_suffix(&place).unwrap_or(&described);
    ReadError::Notation { line, column, message: in_our_words(message) }
}

/// A fault of RON, with its place.
pub(super) fn ron_fault(error: &ron::error::SpannedError) -> ReadError {
    let start = error.span.start;
    let message = match &error.code {
        ron::Error::NoSuchStructField { expected, found, .. } => unknown("field", found, expected),
        ron::Error::NoSuchEnumVariant { expected, found, .. } => unknown("value", found, expected),
        ron::Error::MissingStructField { field, .. } => missing(field),
        other => other.to_string(),
    };
    ReadError::Notation { line: start.line, column: start.col, message }
}

/// What the reader of JSON says, in the words of all files of this crate.
fn in_our_words(message: &str) -> String {
    // Names stand in backticks: the wrong one first, then those that there are.
    let mut names = message.split('`').skip(1).step_by(2);
    let starts = [("unknown field", "field"), ("unknown variant", "value")];
    let what = starts.iter().find(|(start, _)| message.starts_with(start));
    match (what, names.next()) {
        (Some((_, what)), Some(name)) => unknown(what, name, &names.collect::<Vec<_>>()),
        (None, Some(name)) if message.starts_with("missing field") => missing(name),
        _ => message.to_owned(),
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let hint = match closest(name, known.iter().copied()) {
        Some(closest) => format!("; did you mean \"{closest}\"?"),
        None => format!("; expected {}", known.join(", ")),
    };
    format!("unknown {what} \"{name}\"{hint}")
}

fn missing(name: &str) -> String {
    format!("the field \"{name}\" is missing")
}
