//! The faults of files that are no text.

use crate::disk;
use crate::problem::{Problem, ProblemKind, Problems};

/// A fault of a file as a whole, or at a line and column.
pub(crate) fn fault(
    path: &str,
    kind: ProblemKind,
    at: Option<(u32, u32)>,
    message: String,
) -> Problem {
    Problem {
        kind,
        file: Some(path.to_owned()),
        line: at.map(|(line, _)| line),
        column: at.map(|(_, column)| column),
        entity: String::new(),
        field: String::new(),
        message,
        expected: String::new(),
        closest: None,
    }
}

/// The bytes of a file as text ([`disk::decode`]); one fault, at its place, when they are none.
pub(crate) fn decode(path: &str, bytes: &[u8], problems: &mut Problems) -> Option<String> {
    match disk::decode(bytes) {
        Ok(text) => Some(text),
        Err(wrong) => {
            let place = Some((wrong.line, wrong.column));
            problems.push(fault(path, ProblemKind::Encoding, place, wrong.message));
            None
        }
    }
}
