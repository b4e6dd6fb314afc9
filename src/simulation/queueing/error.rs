//! Why a file is no model.

/// A file that is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Its notation or a type is wrong; the message says where.
    #[error("{0}")]
    Notation(String),
    /// A short form of a type that does not exist.
    #[error("unknown type \"{0}\"; expected MMc, MGcc or net")]
    UnknownType(String),
}
