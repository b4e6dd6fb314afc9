//! What is no figure of a comparison.

/// A number that goes into a statistic and is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FigureError {
    /// A share that is not from 0 to 1.
    #[error("a share of {share} is out of range: 0 to 1")]
    Share {
        /// The share.
        share: f64,
    },
    /// Expected events, or cases, out of range.
    #[error("{expected} events are out of range: 0 to 1,000,000,000")]
    Expected {
        /// How many.
        expected: f64,
    },
    /// A level of limits that is out of range.
    #[error("a level of {level} is out of range: 0.5 to below 1")]
    Level {
        /// The level.
        level: f64,
    },
    /// A share to trim at each end that is out of range.
    #[error("trimming {share} at each end is out of range: 0 to below 0.5")]
    Trim {
        /// The share.
        share: f64,
    },
}
