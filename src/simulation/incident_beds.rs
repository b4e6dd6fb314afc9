//! Where the patients of incidents found a bed.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{FlowIndex, Results, WardId};

/// Patients of a scenario's incidents who were brought to a ward, and the ward in which they found a bed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IncidentBed {
    /// The ward that they were brought to: intensive care for red patients where the hospital has it, else that of the
    /// injured.
    #[serde(skip)]
    pub brought_to: WardId,
    /// Where they got a bed: the same ward, full or not, another one of the house, or one of another hospital that takes
    /// such patients, to which they were moved on.
    #[serde(skip)]
    pub found_in: WardId,
    /// How many, mean of the replications.
    pub patients: f64,
}

impl Results<'_, '_> {
    /// Where the patients of a scenario's incidents who need a bed found one, in the days that are counted; by the ward
    /// that they were brought to and the one in which they lie. Green patients who go home are not among them.
    ///
    /// # Panics
    ///
    /// When there is no such flow.
    pub fn incident_beds(&self, flow: FlowIndex) -> Vec<IncidentBed> {
        let model = self.flow(flow).model();
        let mut wards: HashMap<&str, WardId> = HashMap::with_capacity(model.stations.len());
        for (position, station) in model.stations.iter().enumerate() {
            wards.insert(&station.key, WardId::at(position));
        }
        let mut sums: BTreeMap<(WardId, WardId), u64> = BTreeMap::new();
        for (stream, taken) in model.streams.iter().zip(&self.totals(flow).taken) {
            if !stream.key.starts_with("incident ") {
                continue;
            }
            let Some(kind) = stream.kinds.first() else { continue };
            let Some(preference) = kind.preferences.first() else { continue };
            let Some(brought_to) = wards.get(&*preference.first[0].0) else { continue };
            for (found_in, patients) in taken.iter().flatten() {
                *sums.entry((*brought_to, *found_in)).or_default() += patients;
            }
        }
        let count = self.replications().max(1) as f64;
        let mut beds = Vec::with_capacity(sums.len());
        for ((brought_to, found_in), patients) in sums {
            beds.push(IncidentBed { brought_to, found_in, patients: patients as f64 / count });
        }
        beds
    }
}
