//! What the law says: service groups (Leistungsgruppen), federal levels, what counts as one site,
//! supplements, emergency stages, minimum volumes. As of 29 November 2026.
//!
//! | rule | where it stands, and of when | here |
//! |---|---|---|
//! | related service groups, on the site or by cooperation | annex 1 and section 135e SGB V, text of 29 April 2026 | [`Assessment`] |
//! | three ways to meet a criterion by cooperation, and the rights of levels F and 1i | section 135e (4) SGB V, text of 29 April 2026 | [`Permission`] |
//! | federal levels 3U to F | section 135d (4) and (4a) SGB V, text of 29 April 2026 | [`levels()`] |
//! | buildings within 2,000 m are one site | section 2a KHG, text of 29 April 2026 | [`sites()`] |
//! | supplements (Sicherstellungszuschläge) | G-BA rules under section 136c (3) SGB V of 2016 and 2020; suitable as the closure simulator of the statutory funds reads it in November 2026 | [`Supplement`], [`SupplementSensitivity`] |
//! | emergency stages | G-BA rules under section 136c (4) SGB V of 19 April 2018, and the lowest stage of section 7 of 20 November 2025, entry into force not seen | [`emergency_stages`] |
//! | minimum volumes (Mindestmengen) | section 136b SGB V, by year up to 2029; planning lines apart | [`minimum_volumes`], [`VolumeSensitivity`] |
//!
//! Each number stands in the catalog (`networks/catalog`) with its source.
//!
//! **Three verdicts.** A rule holds, fails, or is unknown because the data lack something: the rule for that
//! stands at [`Answer`](crate::model::Answer). What no hospital of the data has is told once
//! ([`Gaps::nowhere`](crate::model::Gaps::nowhere)). Of service groups a verdict that holds says whether it
//! does on the site or by cooperation ([`Verdict`]); numbers of cases near a line are too close to call
//! ([`Volume::verdict`]).
//!
//! Equipment, staff and processes, the other three areas of criteria, are not checked: the data says
//! too little about them. Which site offers which group is assumed (`service_group_assumptions.ron`).

mod assessment;
mod emergency;
mod frame;
mod group_set;
mod levels;
mod sensitivity;
mod sites;
mod supplement;
mod supply;
mod unlock;
mod volumes;

pub use assessment::{
    Assessment, Clause, Doubt, GroupAt, GroupStanding, GroupVerdict, SiteGroups, UncheckedGroup,
    Verdict,
};
pub use emergency::{
    HospitalStage, IntensiveBeds, StageCheck, StageComparison, StageRange, emergency_stages,
};
pub use frame::{GroupSettings, NowhereOffers, Permission, UnknownOffer};
pub use levels::{FederalLevel, LevelCounts, NextLevel, SiteLevel, levels};
pub use sensitivity::{
    LIMIT_SPREAD, SPEED_SPREAD, SupplementRow, SupplementSensitivity, Variant, VolumeRow,
    VolumeSensitivity,
};
pub(crate) use sites::whole;
pub use sites::{ONE_SITE, Site, is_same_operator, site_of, sites};
pub use supplement::{
    Affected, Supplement, SupplementAnswer, SupplementSettings, SupplementTest, SupplementVerdict,
};
pub use supply::{GroupSupply, Supply};
pub use unlock::{
    Agreed, AgreedUnlocks, FieldUnlock, Unlock, UnlockSettings, agreed_unlocks, unlocks,
};
pub use volumes::{
    CaseRange, MODEL_ERROR, OLDEST_COUNT, Pooling, ServiceVolumes, Volume, VolumeSettings,
    minimum_volumes,
};

use crate::routing::ChoiceError;
use crate::units::Seconds;

/// Why a rule cannot be applied.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// The catalog has no table of service groups.
    #[error("{}", said!("the catalog has no service groups; service_groups.ron is needed"))]
    NoServiceGroups,
    /// The catalog has no rules on emergency stages.
    #[error("{}", said!("the catalog has no emergency stages; emergency_stages.ron is needed"))]
    NoEmergencyStages,
    /// A limit is longer than the journeys that the region keeps.
    #[error("{}", said!("the limit is {limit}, but the region keeps journeys up to {cutoff} only", limit, cutoff))]
    LimitBeyondCutoff {
        /// The limit.
        limit: Seconds,
        /// The region's cut-off.
        cutoff: Seconds,
    },
    /// The catalog has no rate by which a service is counted.
    #[error("{}", said!("nothing in the catalog's demand counts the cases of service \"{service}\"", service))]
    NotCounted {
        /// The service.
        service: String,
    },
    /// A parameter of the choice of hospitals is out of range.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}
