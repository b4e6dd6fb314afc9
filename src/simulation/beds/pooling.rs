//! What wards gain when all beds serve everybody.

use super::BedQuestion;
use super::answer::{BedCurve, BedPooling, PooledWard};
use super::search::{Search, Watched};
use super::trial::{Counted, Patients, over};
use crate::problem::Problems;
use crate::stats::Interval;

impl BedQuestion {
    /// What the wards gain when all beds serve everybody; `searches` and `curves` are those of each ward for itself.
    pub(super) fn pool(
        &self,
        searches: &mut [Search<'_>],
        curves: &[BedCurve],
        watch: Watched<'_>,
    ) -> Result<BedPooling, Problems> {
        let (mut beds_apart, mut beds, mut least_apart) = (Vec::new(), 0, 0);
        for curve in curves {
            // A ward whose beds are asked for brings what it would need alone.
            let own_beds = curve.beds.unwrap_or(curve.least);
            beds_apart.push(own_beds);
            beds += own_beds;
            least_apart += curve.least;
        }
        let mut shared = Search::new(self, &self.wards, watch);
        let curve = shared.curve("all together".to_owned(), Some(beds))?;
        shared.counts(beds)?;
        for (search, beds) in searches.iter_mut().zip(&beds_apart) {
            search.counts(*beds)?;
        }

        let arrivals = shared.arrivals();
        let counts_together = shared.known_counts(beds);
        let (mut apart, mut by_ward, mut counts_apart) = (Some(0.0), Vec::new(), Vec::new());
        for (number, ward) in self.wards.iter().enumerate() {
            let (search, beds) = (&searches[number], beds_apart[number]);
            let alone = search.share_by_formula(beds);
            // One queue that grows without end is enough: then there is no share of all.
            apart = match (apart, alone) {
                (Some(sum), Some(share)) => Some(sum + share * ward.arrivals / arrivals),
                _ => None,
            };
            let counts = search.known_counts(beds);
            by_ward.push(PooledWard {
                name: ward.name.clone(),
                beds,
                apart: alone,
                apart_simulated: over(counts, |counted| counted.total().share()),
                together_simulated: over(counts_together, |counted| counted.wards[number].share()),
            });
            counts_apart.push(counts);
        }
        // A share of 0 has no least number of beds.
        let beds_for_same = match apart {
            Some(share) if share > 0.0 => Some(shared.least(share)),
            _ => None,
        };
        Ok(BedPooling {
            beds,
            apart,
            apart_simulated: Interval::of(&shares_of_all(&counts_apart)),
            together: shared.share_by_formula(beds),
            together_simulated: over(counts_together, |counted| counted.total().share()),
            least_apart,
            beds_for_same,
            by_ward,
            curve,
        })
    }
}

/// The share over all wards, replication by replication: an interval needs values that are independent of each other,
/// and replications are.
fn shares_of_all(by_ward: &[&[Counted]]) -> Vec<f64> {
    let replications = by_ward.iter().map(|counts| counts.len()).min().unwrap_or(0);
    let mut shares = Vec::with_capacity(replications);
    for number in 0..replications {
        let mut patients = Patients::default();
        for counts in by_ward {
            patients = patients + counts[number].total();
        }
        shares.push(patients.share());
    }
    shares
}
