//! Which way patients go: the choice of one person, and the flows of a region.

mod check;
mod choice;
mod flows;
mod need;
mod overflow;
mod shares;
mod split;
mod streams;

pub use check::{BirthCheck, BirthRow, YearCheck, check_births};
pub use choice::{Capacity, Choice, ChoiceError, Decay, Huff};
pub use flows::{Flows, HospitalLoad, Leftover, Load, LoadChange, SpecialtyFlow, Treatment};
pub use need::{Need, NeedError};
pub use shares::Shares;
pub use streams::PlaceFlow;

use crate::model::HospitalId;
use crate::region::{PlaceId, Region};
use crate::units::Seconds;

/// One hospital as seen by a person who needs something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HospitalOption {
    /// The hospital.
    pub hospital: HospitalId,
    /// Time from the centre of the person's place.
    pub time: Seconds,
    /// What the hospital lacks, then what the data do not say; empty when it is known to qualify.
    pub missing: Vec<String>,
}

impl HospitalOption {
    /// Whether the hospital is known to offer what is needed.
    pub fn is_qualified(&self) -> bool {
        self.missing.is_empty()
    }
}

/// The hospitals that a person at a place can reach: those that qualify first, each group by time,
/// ties by id. Hospitals beyond the region's cut-off are left out.
///
/// ```
/// use verbund::{Region, routing};
///
/// let region = Region::leipzig()?;
/// let torgau = region.find_place("Torgau")?;
/// let need = routing::Need::find(region.network().catalog(), "stroke_unit")?;
/// let options = routing::options(&region, torgau, &need);
/// let first = &region.network()[options[0].hospital];
/// assert_eq!(first.name, "Fachkrankenhaus Hubertusburg (Wermsdorf)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn options(region: &Region, place: PlaceId, need: &Need) -> Vec<HospitalOption> {
    let network = region.network();
    let mut options: Vec<HospitalOption> = region
        .from_centre(place)
        .map(|(hospital, time)| HospitalOption {
            hospital,
            time,
            missing: need.requirement.missing(&network[hospital], network.catalog()),
        })
        .collect();
    options.sort_by_key(|option| !option.is_qualified()); // stable: the order by time stays
    options
}
