//! What is no figure of a comparison, and why a question about an alliance has no answer.

use crate::comparison::ComparisonError;
use crate::coverage::CoverageError;
use crate::model::Network;
use crate::pathways::PathwayError;
use crate::problem::closest;
use crate::region::RegionError;
use crate::routing::ChoiceError;
use crate::rules::RulesError;

/// A number that goes into a statistic and is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FigureError {
    /// A share that is not from 0 to 1.
    #[error("{}", said!("a share of {share} is out of range: 0 to 1", share))]
    Share {
        /// The share.
        share: f64,
    },
    /// Expected events, or cases, out of range.
    #[error("{}", said!("{expected} events are out of range: 0 to 1,000,000,000", expected))]
    Expected {
        /// How many.
        expected: f64,
    },
    /// A level of limits that is out of range.
    #[error("{}", said!("a level of {level} is out of range: 0.5 to below 1", level))]
    Level {
        /// The level.
        level: f64,
    },
    /// A share to trim at each end that is out of range.
    #[error("{}", said!("trimming {share} at each end is out of range: 0 to below 0.5", share))]
    Trim {
        /// The share.
        share: f64,
    },
    /// Rows that are not equally long, or too many of them.
    #[error("{}", said!("a table of {rows} rows and {columns} columns; expected equally long rows, at most 200 by 200", rows, columns))]
    Table {
        /// Rows.
        rows: usize,
        /// Columns of the first one.
        columns: usize,
    },
    /// A threshold of a release that hides nothing.
    #[error("{}", said!("a threshold of {threshold} is out of range: 2 to 1,000", threshold))]
    Threshold {
        /// The threshold.
        threshold: u64,
    },
}

/// Why a question about an alliance has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AllianceError {
    /// The network has no alliance of this key.
    #[error("{}", said!("unknown alliance \"{key}\"{did_you_mean}", key, did_you_mean = did_you_mean(closest.as_deref())))]
    Unknown {
        /// The key.
        key: String,
        /// The closest one that exists.
        closest: Option<String>,
    },
    /// The alliance has no such member in the network.
    #[error("{}", said!("\"{member}\" is no hospital of the network that is a member of alliance \"{alliance}\"{did_you_mean}", member, alliance, did_you_mean = did_you_mean(closest.as_deref())))]
    NoMember {
        /// The member.
        member: String,
        /// Key of the alliance.
        alliance: String,
        /// The closest member.
        closest: Option<String>,
    },
    /// Fewer than two members have a department of the field: nothing can be concentrated.
    #[error("{}", said!("{count} members of alliance \"{alliance}\" have a department of {field}; expected two or more", count, alliance, field))]
    NothingToConcentrate {
        /// Key of the alliance.
        alliance: String,
        /// Key of the specialty.
        field: String,
        /// Members with a department of it.
        count: usize,
    },
    /// A number of a statistic is out of range.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// A standard cannot be evaluated.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// A parameter of the choice of hospital is out of range.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A rule cannot be applied.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// A pathway cannot be evaluated.
    #[error(transparent)]
    Pathway(#[from] PathwayError),
    /// The region without a member, or with a field concentrated, cannot be made.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// Two regions cannot be compared.
    #[error(transparent)]
    Comparison(#[from] ComparisonError),
}

impl AllianceError {
    /// That the network has no such alliance, with the closest one.
    pub(super) fn unknown(network: &Network, key: &str) -> Self {
        let keys = network.alliances().iter().map(|alliance| alliance.key.as_str());
        Self::Unknown { key: key.to_owned(), closest: closest(key, keys) }
    }
}

fn did_you_mean(closest: Option<&str>) -> String {
    closest.map_or_else(String::new, |key| format!("; did you mean \"{key}\"?"))
}
