//! Which closures hurt, alone and in pairs.

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::Serialize;

use crate::coverage::{Band, Coverage, CoverageError};
use crate::model::{HospitalId, OverBand, Standard};
use crate::planning::closures::{self, Closure, Order, Sites};
use crate::region::Region;

/// A hospital whose closure alone puts somebody beyond the limit of a standard.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SinglePoint {
    /// The hospital.
    pub hospital: HospitalId,
    /// Key of the standard.
    pub standard: String,
    /// People within the limit now who would be beyond it, or without any hospital, at least 1.
    pub newly_beyond: u64,
    /// The same at both ends of the band of the travel times; `None` without a band.
    pub newly_beyond_band: Option<Band>,
    /// Whether it puts somebody beyond the limit over the whole band; `None` without one.
    pub over_band: Option<OverBand>,
    /// Mean extra seconds of the people to whom it is the nearest, over those who have a second hospital.
    pub backup_seconds: Option<f64>,
}

/// Two hospitals that hurt more together than the sum of both alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PairTogether {
    /// Key of the standard.
    pub standard: String,
    /// What their closure does.
    pub closure: Closure,
}

impl PairTogether {
    /// Pairs of each standard that an overview has at most.
    pub const EACH: usize = 5;
}

/// The single points of failure of all standards: the most people first, equal ones in the order of `coverage`.
pub(super) fn single_points(coverage: &[Coverage]) -> Vec<SinglePoint> {
    let mut points = Vec::new();
    for standard in coverage {
        for catchment in standard.single_points_of_failure() {
            points.push(SinglePoint {
                hospital: catchment.hospital,
                standard: standard.standard.key.clone(),
                newly_beyond: catchment.newly_beyond_if_closed,
                newly_beyond_band: catchment.newly_beyond_band,
                over_band: catchment.over_band(),
                backup_seconds: catchment.backup_seconds,
            });
        }
    }

    // Stable: equal ones stay in the order of the standards.
    points.sort_by_key(|point| Reverse(point.newly_beyond));
    points
}

/// The pairs of hospitals inside that hurt more together than the sum, of every standard of the catalog.
pub(super) fn pairs_together(region: &Region) -> Result<Vec<PairTogether>, CoverageError> {
    let search = |standard: &Standard| {
        let searched = closures::search(region, standard, Sites::Inside, Order::Pair)?;
        Ok(searched.together(PairTogether::EACH))
    };
    let standards = &region.network().catalog().standards;
    let by_standard: Vec<Result<Vec<Closure>, CoverageError>> =
        standards.par_iter().map(search).collect();

    let mut pairs = Vec::new();
    // In the order of the standards, so that the first error is always the same one.
    for (standard, closures) in standards.iter().zip(by_standard) {
        for closure in closures? {
            pairs.push(PairTogether { standard: standard.key.clone(), closure });
        }
    }

    // Stable: equal ones stay in the order of the standards and keys.
    pairs.sort_by_key(|pair| Reverse(pair.closure.more_than_singles));
    Ok(pairs)
}
