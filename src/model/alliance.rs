//! Alliances: named groups of members.

use serde::Serialize;

use crate::calendar::Date;

/// What an alliance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub enum Purpose {
    /// Comparing figures among members.
    Benchmarking,
    /// Speaking with one voice.
    Policy,
    /// A common owner.
    Ownership,
    /// A certificate, common standards.
    Quality,
    /// Caring for patients together.
    Care,
}

/// A named group of members: an association, an operator's group, a certified network.
///
/// Membership alone is no cooperation: it draws no edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alliance {
    /// Written key, unique among alliances; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// Full name.
    pub name: String,
    /// Keys of the members that are hospitals of the network.
    pub members: Vec<String>,
    /// Names of members that the network does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_members: Vec<String>,
    /// How many members there are in all, where a source says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_members: Option<u32>,
    /// What it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Purpose>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// First day on which it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Keys of its sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// What of it nobody published: `members`, `purposes`, `since`, `until`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
    /// A remark for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What `assumed` of an alliance may name.
pub(crate) const ALLIANCE_PATHS: [&str; 4] = ["members", "purposes", "since", "until"];
