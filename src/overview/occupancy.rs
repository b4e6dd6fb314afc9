//! How full hospitals are in an average year.

use serde::Serialize;

use crate::model::HospitalId;
use crate::region::Region;
use crate::routing::{Choice, Flows, HospitalLoad};

/// The load of one hospital.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LoadOfHospital {
    /// The hospital.
    pub hospital: HospitalId,
    /// Its load.
    #[serde(flatten)]
    pub load: HospitalLoad,
}

/// Cases and occupancy of all hospitals under one choice of hospital.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChoiceLoads {
    /// How patients choose a hospital.
    pub choice: Choice,
    /// The load of every hospital, by id.
    pub hospitals: Vec<LoadOfHospital>,
    /// Occupancy of the known beds inside of the region, 1 for full; `None` when no beds are known.
    pub inside_occupancy: Option<f64>,
    /// Cases a year of residents that no hospital takes.
    pub leftover_inside: f64,
    /// Which share of the cases at hospitals inside comes from beyond the region, 0 to 1; `None` without cases.
    pub share_from_outside: Option<f64>,
    /// The hospital inside where that share is largest, the first by id of equal ones; `None` without cases.
    pub most_from_outside: Option<LargestShare>,
}

/// The largest share of cases from beyond the region.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LargestShare {
    /// The hospital.
    pub hospital: HospitalId,
    /// Its share, 0 to 1.
    pub share: f64,
}

impl ChoiceLoads {
    /// The loads of flows in their region.
    pub(super) fn of(region: &Region, flows: &Flows) -> Self {
        let loads = flows.hospital_loads(region.network().hospitals().len());
        let mut hospitals = Vec::with_capacity(loads.len());
        let mut inside = HospitalLoad::default();
        let mut most_from_outside: Option<LargestShare> = None;
        for (hospital, site) in region.network().iter() {
            let load = loads[hospital.index()];
            hospitals.push(LoadOfHospital { hospital, load });
            if site.outside {
                continue;
            }
            inside.cases += load.cases;
            inside.cases_inside += load.cases_inside;
            inside.cases_from_beyond += load.cases_from_beyond;
            // A hospital without cases has no share, which is not the same as none from outside.
            let Some(share) = load.share_from_outside() else { continue };
            let is_largest = most_from_outside.is_none_or(|most| share > most.share);
            if is_largest {
                most_from_outside = Some(LargestShare { hospital, share });
            }
        }

        Self {
            choice: flows.choice,
            inside_occupancy: inside_occupancy(region, &loads),
            leftover_inside: leftover_inside(region, flows),
            share_from_outside: inside.share_from_outside(),
            most_from_outside,
            hospitals,
        }
    }
}

/// Occupancy of the known beds inside of the region; `None` when no beds are known. `loads` are those of all
/// hospitals, by id.
pub(super) fn inside_occupancy(region: &Region, loads: &[HospitalLoad]) -> Option<f64> {
    let (mut days, mut beds) = (0.0, 0);
    for (hospital, site) in region.network().iter() {
        if !site.outside {
            days += loads[hospital.index()].days_in_beds;
            beds += loads[hospital.index()].beds;
        }
    }
    // Without known beds there is nothing that could be full.
    if beds > 0 { Some(days / (beds as f64 * 365.0)) } else { None }
}

/// Cases a year of residents that no hospital takes.
fn leftover_inside(region: &Region, flows: &Flows) -> f64 {
    let mut cases = 0.0;
    for leftover in &flows.leftovers {
        if !region.place(leftover.place).outside {
            cases += leftover.cases;
        }
    }
    cases
}
