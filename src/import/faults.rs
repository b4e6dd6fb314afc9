//! Faults and remarks of an import.

use serde::Serialize;

use crate::problem::{Problem, ProblemKind, Problems};

/// The kind of a remark on an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemarkKind {
    /// Two sources say different things; the remark says which one is in use.
    Contradiction,
    /// A row of a source without a hospital of the network, or the other way round.
    NotJoined,
    /// A row that was joined by less than its number or its whole address.
    Joined,
    /// A value that no source gives.
    Missing,
    /// A value that nobody published and that the import assumed.
    Assumed,
    /// A value that a stated rule gives.
    Derived,
    /// A row that was read and left out.
    LeftOut,
    /// A value that a person changed after the last import, and that was kept.
    Kept,
}

impl RemarkKind {
    /// Every kind, in the order in which tables show them.
    pub const ALL: [Self; 8] = [
        Self::Contradiction,
        Self::NotJoined,
        Self::Joined,
        Self::Missing,
        Self::Assumed,
        Self::Derived,
        Self::LeftOut,
        Self::Kept,
    ];

    /// Its key in tables and files.
    ///
    /// ```
    /// use verbund::import::RemarkKind;
    ///
    /// assert_eq!(RemarkKind::NotJoined.key(), "not_joined");
    /// ```
    pub fn key(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::NotJoined => "not_joined",
            Self::Joined => "joined",
            Self::Missing => "missing",
            Self::Assumed => "assumed",
            Self::Derived => "derived",
            Self::LeftOut => "left_out",
            Self::Kept => "kept",
        }
    }
}

/// A remark on an import for those who use the network; no fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ImportRemark {
    /// Its kind.
    pub kind: RemarkKind,
    /// The part of a hospital or file that it is about, such as `position` or `beds`: remarks of one kind and topic
    /// belong together.
    pub topic: &'static str,
    /// Key of the hospital in the network, where it is about one.
    pub hospital: Option<String>,
    /// The file, as it was named.
    pub file: Option<String>,
    /// The row of the file, from 1 with its header.
    pub row: Option<u32>,
    /// The remark in words.
    pub message: String,
}

impl ImportRemark {
    /// A remark about nothing in particular.
    pub(super) fn new(kind: RemarkKind, topic: &'static str, message: impl Into<String>) -> Self {
        Self { kind, topic, hospital: None, file: None, row: None, message: message.into() }
    }

    /// Makes it a remark about a file as a whole.
    pub(super) fn in_file(mut self, file: &str) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    /// Makes it a remark about a row of a file.
    pub(super) fn at(mut self, file: &str, row: u32) -> Self {
        self.row = Some(row);
        self.in_file(file)
    }

    /// Makes it a remark about a hospital.
    pub(super) fn of(mut self, hospital: &str) -> Self {
        self.hospital = Some(hospital.to_owned());
        self
    }
}

/// A fault of the import as a whole.
pub(super) fn general_fault(kind: ProblemKind, message: impl Into<String>) -> Problem {
    Problem {
        kind,
        file: None,
        line: None,
        column: None,
        entity: String::new(),
        field: String::new(),
        message: message.into(),
        expected: String::new(),
        closest: None,
    }
}

/// A fault of a file as a whole.
pub(super) fn fault(file: &str, kind: ProblemKind, message: impl Into<String>) -> Problem {
    Problem { file: Some(file.to_owned()), ..general_fault(kind, message) }
}

/// A fault of a row of a file.
pub(super) fn fault_at(
    file: &str,
    row: u32,
    kind: ProblemKind,
    message: impl Into<String>,
) -> Problem {
    Problem { line: Some(row), ..fault(file, kind, message) }
}

/// A fault with what was expected instead.
pub(super) fn expecting(problem: Problem, expected: impl Into<String>) -> Problem {
    Problem { expected: expected.into(), ..problem }
}

/// A fault as the only one.
pub(super) fn only(problem: Problem) -> Problems {
    std::iter::once(problem).collect()
}

/// A value that was read; where faults were met on the way, these.
pub(super) fn unless_faulty<T>(value: T, problems: Problems) -> Result<T, Problems> {
    if problems.is_empty() { Ok(value) } else { Err(problems) }
}
