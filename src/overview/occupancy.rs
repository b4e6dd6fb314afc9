//! How full hospitals are in an average year.

use crate::model::HospitalId;
use crate::region::Region;
use crate::routing::{Choice, Flows, HospitalLoad};

/// Cases and occupancy of all hospitals under one choice of hospital.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceLoads {
    /// How patients choose a hospital.
    pub choice: Choice,
    /// The load of every hospital, by id.
    pub hospitals: Vec<HospitalLoad>,
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LargestShare {
    /// The hospital.
    pub hospital: HospitalId,
    /// Its share, 0 to 1.
    pub share: f64,
}

impl ChoiceLoads {
    /// The loads of flows in their region.
    pub(super) fn of(region: &Region, flows: &Flows) -> Self {
        let hospitals = flows.hospital_loads(region.network().hospitals().len());
        let mut inside = HospitalLoad::default();
        let mut most_from_outside: Option<LargestShare> = None;
        for (hospital, site) in region.network().iter() {
            if site.outside {
                continue;
            }
            let load = hospitals[hospital.index()];
            inside.cases += load.cases;
            inside.cases_inside += load.cases_inside;
            inside.cases_from_beyond += load.cases_from_beyond;
            // A hospital without cases has no share, which is not the same as none from outside.
            let Some(share) = load.share_from_outside() else { continue };
            if most_from_outside.is_none_or(|most| share > most.share) {
                most_from_outside = Some(LargestShare { hospital, share });
            }
        }

        Self {
            choice: flows.choice,
            inside_occupancy: inside_occupancy(region, &hospitals),
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
    (beds > 0).then(|| days / (beds as f64 * 365.0))
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
