//! What the law says: service groups (Leistungsgruppen), federal levels, and what counts as one site.
//!
//! | rule | where it stands | here |
//! |---|---|---|
//! | related service groups, on the site or by cooperation | annex 1 and section 135e SGB V, text of 29 April 2026 | [`Assessment`] |
//! | three ways to meet a criterion by cooperation | section 135e (4) no. 7 SGB V | [`Permission`] |
//! | federal levels 3U to F | section 135d (4) and (4a) SGB V | [`levels`] |
//! | buildings within 2,000 m are one site | section 2a KHG | [`sites`] |
//!
//! Equipment, staff and processes, the other three areas of criteria, are not checked: the data says
//! too little about them. Which site offers which group is assumed (`service_group_assumptions.ron`).

mod assessment;
mod frame;
mod group_set;
mod levels;
mod sites;
mod unlock;
mod ways;

pub use assessment::{Assessment, Clause, GroupVerdict, SiteGroups, Verdict};
pub use frame::GroupSettings;
pub use levels::{FederalLevel, LevelCounts, SiteLevel, levels};
pub use sites::{ONE_SITE, Site, is_same_operator, sites};
pub use unlock::{Unlock, UnlockSettings, unlocks};
pub use ways::{Permission, Supply, Way};

/// Why a rule cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// The catalog has no table of service groups.
    #[error("the catalog has no service groups; service_groups.ron is needed")]
    NoServiceGroups,
}
