//! Patients over time, before and after.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use crate::simulation::{Figure, FlowIndex, Results, Scope};
use crate::stats::Interval;

/// A simulated figure before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SimulatedChange {
    /// Key of the hospital; `None` for all inside.
    pub hospital: Option<String>,
    /// The figure.
    #[serde(serialize_with = "by_key")]
    pub figure: Figure,
    /// Before, mean over the replications; `None` where the hospital does not exist.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// The difference with its 95 % interval, paired by replication; `None` without both.
    pub change: Option<Interval>,
}

/// Writes a figure as tables name it: `occupancy_share`.
fn by_key<S: Serializer>(figure: &Figure, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(figure.key())
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

/// Pairs the figures of a simulated base, the first flow of the results, and of the flow with this number:
/// those of all inside, then those of these hospitals, in the order of their keys.
///
/// Both flows may have other hospitals and wards, as [`Region::apply`](crate::Region::apply) makes
/// them; hospitals are paired by key. A patient of a place who comes for a specialty comes at the same
/// moment and needs the same stay in both, unless the scenario scales the cases. Beds that the
/// network does not know are laid out for each region's own journeys.
///
/// # Panics
///
/// When there is no flow with this number.
pub fn simulated(
    results: &Results<'_, '_>,
    flow: FlowIndex,
    hospitals: &[String],
) -> Vec<SimulatedChange> {
    // In the order of their keys, each once.
    let known: BTreeSet<&String> = hospitals.iter().collect();
    let inside = Some(Scope::Inside);
    let mut changes = Vec::new();
    for figure in FIGURES {
        changes.push(change(results, flow, figure, [inside, inside]));
    }
    for key in known {
        let scopes = [scope_of(results, FlowIndex::BASE, key), scope_of(results, flow, key)];
        for figure in FIGURES {
            let change = change(results, flow, figure, scopes);
            changes.push(SimulatedChange { hospital: Some(key.clone()), ..change });
        }
    }
    changes
}

/// A figure of the base and of another flow, each in its scope; `None` where there is none.
fn change(
    results: &Results<'_, '_>,
    flow: FlowIndex,
    figure: Figure,
    scopes: [Option<Scope>; 2],
) -> SimulatedChange {
    let [before, after] = scopes;
    let before = before.map(|scope| results.values(FlowIndex::BASE, figure, scope));
    let after = after.map(|scope| results.values(flow, figure, scope));
    let mean = |values: &Option<Vec<f64>>| Some(Interval::of(values.as_ref()?)?.mean);
    // The same patients come to both, so that differences scatter far less than the figures themselves.
    let paired = match (&before, &after) {
        (Some(before), Some(after)) => Interval::paired(before, after),
        _ => None,
    };
    SimulatedChange {
        hospital: None,
        figure,
        before: mean(&before),
        after: mean(&after),
        change: paired,
    }
}

/// The scope of a hospital that has wards.
fn scope_of(results: &Results<'_, '_>, flow: FlowIndex, key: &str) -> Option<Scope> {
    // Without a ward there is no figure: an occupancy of 0 would read as empty beds.
    let scope = Scope::Hospital(results.flow(flow).region().network().find(key)?);
    (results.beds(flow, scope) > 0).then_some(scope)
}
