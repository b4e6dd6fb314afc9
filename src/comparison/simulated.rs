//! Patients over time, before and after.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use crate::model::{HospitalId, Scenario};
use crate::region::Region;
use crate::simulation::{
    Figure, PatientFlow, Plan, Results, Scope, Settings, SimulationError, simulate,
};
use crate::stats::Interval;

/// A simulated figure before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedChange {
    /// Key of the hospital; `None` for all inside.
    pub hospital: Option<String>,
    /// The figure.
    pub figure: Figure,
    /// Before, mean over the replications; `None` where the hospital does not exist.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// The difference with its 95 % interval, paired by replication; `None` without both.
    pub change: Option<Interval>,
}

/// Figures that are compared.
const FIGURES: [Figure; 6] = [
    Figure::Admissions,
    Figure::Occupancy,
    Figure::FullShare,
    Figure::DivertedAway,
    Figure::Forced,
    Figure::Refused,
];

/// Simulates a region and what a scenario made of it, the same patients in both, and pairs the figures
/// of all inside and of these hospitals by their keys.
///
/// A patient of a place who comes for a specialty comes at the same moment and needs the same stay
/// in both, unless the scenario scales the cases. Beds that the network does not know are laid out
/// for each region's own flows. `passing` comes on top in the region after: surges, incidents and
/// departments that divert ([`Scenario::passing`]). Also says how many replications both finished; when `stop` is set, those count.
///
/// # Errors
///
/// Settings out of range, or a region without beds or patients.
pub fn simulated(
    (before, after): (&Region, &Region),
    passing: Option<&Scenario>,
    (settings, plan): (&Settings, Plan),
    hospitals: &[String],
    stop: &AtomicBool,
) -> Result<(Vec<SimulatedChange>, usize), SimulationError> {
    let old = [PatientFlow::new(before, settings, None)?];
    let new = [PatientFlow::new(after, settings, passing)?];
    let (old, new) = (simulate(&old, plan, stop, |_| ()), simulate(&new, plan, stop, |_| ()));
    let done = old.replications().min(new.replications());
    let known: BTreeSet<&String> = hospitals.iter().collect();
    let mut changes = Vec::new();
    for hospital in std::iter::once(None).chain(known.into_iter().map(Some)) {
        for figure in FIGURES {
            let values = |results: &Results<'_, '_>, region: &Region| {
                let scope = match hospital {
                    None => Some(Scope::Inside),
                    Some(key) => scope_of(results, region, key),
                };
                let mut values = results.values(0, figure, scope?);
                values.truncate(done);
                Some(values)
            };
            let (old, new) = (values(&old, before), values(&new, after));
            let mean = |values: &Option<Vec<f64>>| {
                values.as_ref().and_then(|values| Interval::of(values)).map(|one| one.mean)
            };
            let change = old.as_ref().zip(new.as_ref());
            changes.push(SimulatedChange {
                hospital: hospital.cloned(),
                figure,
                before: mean(&old),
                after: mean(&new),
                change: change.and_then(|(old, new)| Interval::paired(old, new)),
            });
        }
    }
    Ok((changes, done))
}

/// The scope of a hospital that has wards.
fn scope_of(results: &Results<'_, '_>, region: &Region, key: &str) -> Option<Scope> {
    let id: HospitalId = region.network().find(key)?;
    (results.beds(0, Scope::Hospital(id)) > 0).then_some(Scope::Hospital(id))
}
