//! Bytes of files as text, and the faults of files that are none.

use crate::model::problem::{Problem, ProblemKind, Problems};

/// A fault of a file as a whole, or at a line and column.
pub(super) fn fault(
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

/// The bytes of a file as text; a fault at its place when they are no UTF-8.
pub(super) fn decode(path: &str, bytes: &[u8], problems: &mut Problems) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = String::from_utf8_lossy(before).matches('\n').count() as u32 + 1;
            let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let column = String::from_utf8_lossy(&before[start..]).chars().count() as u32 + 1;
            let byte = bytes[error.valid_up_to()];
            let message = format!("the file is not UTF-8 (byte {byte:#04x}); save it as UTF-8");
            let at = Some((line, column));
            problems.push(fault(path, ProblemKind::Encoding, at, message));
            None
        }
    }
}

/// What an error of the system says, without its number.
pub(super) fn describe(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
