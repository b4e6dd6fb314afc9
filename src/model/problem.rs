//! Problems: every fault of an input at once, each with its place and a helping hand.

use std::fmt;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A file cannot be opened or read.
    Unreadable,
    /// A file is not UTF-8.
    Encoding,
    /// A file does not follow its notation.
    Syntax,
    /// The format number is not one that this version reads.
    Format,
    /// A field has a value of the wrong type or notation.
    Type,
    /// A field that does not exist.
    UnknownField,
    /// A field that must be there is not.
    Missing,
    /// A key that refers to nothing.
    Unknown,
    /// The same thing twice.
    Duplicate,
    /// A value out of its range.
    Range,
    /// Dates, bands or grades in the wrong order.
    Order,
    /// A row of a table with too few or too many columns.
    Columns,
    /// Values that contradict each other.
    Conflict,
}

/// One fault of an input.
///
/// Printed as `network.ron:12:5: hospital "nort", field parent: unknown hospital "noth"; expected
/// the key of a hospital; did you mean "north"?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The file, relative to the network's folder; `None` for a network built in code.
    pub file: Option<String>,
    /// Line from 1, where known.
    pub line: Option<u32>,
    /// Column from 1, where known: in characters in RON, in fields in a table.
    pub column: Option<u32>,
    /// What it is in: `hospital "north"`; empty for the file as a whole.
    pub entity: String,
    /// The field; empty for the entity as a whole.
    pub field: String,
    /// What is wrong, in words, with the value.
    pub message: String,
    /// What was expected; empty when the message says it.
    pub expected: String,
    /// The closest existing key.
    pub closest: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            out.write_str(file)?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(out, ":{number}")?;
            }
            out.write_str(": ")?;
        }
        match (self.entity.is_empty(), self.field.is_empty()) {
            (false, false) => write!(out, "{}, field {}: ", self.entity, self.field)?,
            (false, true) => write!(out, "{}: ", self.entity)?,
            (true, false) => write!(out, "field {}: ", self.field)?,
            (true, true) => {}
        }
        out.write_str(&self.message)?;
        if !self.expected.is_empty() {
            write!(out, "; expected {}", self.expected)?;
        }
        if let Some(closest) = &self.closest {
            write!(out, "; did you mean \"{closest}\"?")?;
        }
        Ok(())
    }
}

/// Every fault of an input: `network.ron` first, then by file, line and column.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// The faults.
    pub fn list(&self) -> &[Problem] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn into_list(self) -> Vec<Problem> {
        self.0
    }

    /// `network.ron` first, then the other files by name; in a file by line and column; each fault
    /// once.
    pub(crate) fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| {
            let main = |p: &Problem| p.file.as_deref() != Some("network.ron");
            let key = |p: &Problem| (main(p), p.file.clone(), p.line, p.column, p.field.clone());
            key(a).cmp(&key(b))
        });
        self.0.dedup();
        self
    }
}

impl fmt::Display for Problems {
    /// One line a fault, then how many there are.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(out, "{problem}")?;
        }
        match self.0.len() {
            1 => write!(out, "1 problem"),
            count => write!(out, "{count} problems"),
        }
    }
}

/// The key that is closest to a mistyped one, when one is close enough to be meant.
///
/// Distance counts inserted, deleted, replaced and swapped characters; at most a third of the
/// characters may differ. Ties go to the first key.
pub fn closest<'a>(wrong: &str, keys: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let allowed = (wrong.chars().count() / 3).max(1);
    keys.into_iter()
        .map(|key| (strsim::damerau_levenshtein(wrong, key), key))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, key)| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_key_is_offered_only_when_it_is_close() {
        let keys = ["north", "south", "st-georg-leipzig"];
        assert_eq!(closest("nroth", keys).as_deref(), Some("north"));
        assert_eq!(closest("st-goerg-leipzig", keys).as_deref(), Some("st-georg-leipzig"));
        assert_eq!(closest("hamburg", keys), None);
        assert_eq!(closest("", keys), None);
    }
}
