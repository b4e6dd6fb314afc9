//! Where the patients of incidents found a bed.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{FlowIndex, PatientFlow, Results, WardId};
use crate::units::{Seconds, as_seconds};

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
    /// How they are moved on; `None` for those who stay in the house.
    pub moved_on: Option<Journey>,
}

/// How patients are moved on from one hospital to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Journey {
    /// With what.
    pub transport: Transport,
    /// From door to door by road; `None` where there is no way within the cut-off.
    #[serde(rename = "journey_seconds", serialize_with = "as_seconds")]
    pub time: Option<Seconds>,
}

/// With what a patient is moved on. Which vehicles there are is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Transport {
    /// A vehicle for intensive care (Intensivtransportwagen): patients who were brought to intensive care.
    IntensiveCare,
    /// An ambulance (Rettungswagen or Krankentransportwagen): all others.
    Ambulance,
}

impl Transport {
    /// As tables write it.
    pub fn label(self) -> &'static str {
        match self {
            Self::IntensiveCare => "intensive care transport",
            Self::Ambulance => "patient transport",
        }
    }
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
        let flow = self.flow(flow);
        let mut beds = Vec::with_capacity(sums.len());
        for ((brought_to, found_in), patients) in sums {
            let patients = patients as f64 / count;
            let moved_on = journey(flow, brought_to, found_in);
            beds.push(IncidentBed { brought_to, found_in, patients, moved_on });
        }
        beds
    }
}

/// How patients come from the ward to which they were brought to the one in which they lie; `None` within a house.
fn journey(flow: &PatientFlow<'_>, brought_to: WardId, found_in: WardId) -> Option<Journey> {
    let (from, to) = (flow.ward(brought_to), flow.ward(found_in));
    if from.hospital == to.hospital {
        return None;
    }
    let transport = if from.is_icu() { Transport::IntensiveCare } else { Transport::Ambulance };
    let time = flow.region().between(from.hospital, to.hospital);
    Some(Journey { transport, time })
}
