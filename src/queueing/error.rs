//! Why a text is no model.

/// A text that is no model. Lines and columns count from 1; a column counts characters.
///
/// Printed as `3:12: unknown field "horizn"; did you mean "horizon"?`
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Its notation, the name of a field or a value is wrong.
    #[error("{line}:{column}: {message}")]
    Notation {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A short form of a type that does not exist.
    #[error("{}", said!("{line}:{column}: unknown type \"{name}\"; expected MMc, MGcc or net", line, column, name))]
    UnknownType {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
        /// The type.
        name: String,
    },
}

impl ReadError {
    /// Line and column.
    pub fn place(&self) -> (usize, usize) {
        match self {
            Self::Notation { line, column, .. } | Self::UnknownType { line, column, .. } => {
                (*line, *column)
            }
        }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> String {
        match self {
            Self::Notation { message, .. } => message.clone(),
            Self::UnknownType { name, .. } => {
                format!("unknown type \"{name}\"; expected MMc, MGcc or net")
            }
        }
    }
}
