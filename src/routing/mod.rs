//! Which way patients go: the choice of one person, and the flows of a region.

mod check;
mod choice;
mod flows;
mod gravity;
mod need;
mod overflow;
mod shares;
mod split;
mod streams;

pub use check::{
    BirthCheck, BirthRow, CasesCheck, CasesRow, CheckError, ModelErrors, ModelRow, ModelsCheck,
    YearCheck, check_births, check_births_like, check_cases, check_models,
};
pub use choice::{Capacity, Choice, ChoiceError, ChoiceModel, Decay, Huff, Logit};
pub(crate) use flows::FlowChange;
pub use flows::{
    CasesChange, FlowSettings, Flows, HospitalLoad, Leftover, Load, LoadChange, OccupancyChange,
    SpecialtyFlow, Treatment,
};
pub use gravity::SMALL_ICU_DRAW;
pub(crate) use gravity::draw_of_unit;
pub use need::{NamedNeed, Need, NeedError};
pub use shares::{HospitalShare, Shares};
pub use streams::PlaceFlow;

use serde::Serialize;

use crate::calendar::{HourOfWeek, Hours};
use crate::model::{Answer, Catalog, Gaps, Hospital, HospitalId};
use crate::region::{PlaceId, Region};
use crate::units::{Seconds, as_seconds};

/// One hospital as seen by a person who needs something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HospitalOption {
    /// The hospital.
    pub hospital: HospitalId,
    /// Time from the centre of the person's place.
    #[serde(rename = "time_seconds", serialize_with = "as_seconds")]
    pub time: Seconds,
    /// What the hospital lacks, then what the data do not say, or when it is open where it is closed in the
    /// hour of the region; empty when it is known to qualify.
    pub missing: Vec<String>,
    /// Whether it offers what is needed, in some hour or in the hour of the region: unknown where it is known to
    /// lack nothing, but the data do not say all.
    pub answer: Answer,
    /// The hours of the week in which it offers what is needed.
    pub hours: Hours,
}

impl HospitalOption {
    /// Whether the hospital is known to offer what is needed.
    pub fn is_qualified(&self) -> bool {
        self.answer == Answer::Meets
    }

    /// Whether the hospital may offer what is needed: the data do not say.
    pub fn is_unknown(&self) -> bool {
        self.answer == Answer::Unknown
    }
}

/// The hospitals that a person at a place can reach: those that qualify first, each group by time,
/// ties by id. Hospitals beyond the region's cut-off are left out. A hospital qualifies when it offers what
/// is needed in some hour of the week; in a region of one hour ([`Region::in_hour`]), when it does in that one.
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
    let mut options = Vec::new();
    for (hospital, time) in region.from_centre(place) {
        // By the whole week: a region of one hour has forgotten what is closed in it, and so could not say when it opens.
        let of_week = &region.network_of_week()[hospital];
        let hours = need.requirement.hours(of_week, network.catalog());
        let gaps = gaps(need, of_week, &hours, region.hour(), network.catalog());
        let answer = gaps.answer();
        options.push(HospitalOption { hospital, time, missing: gaps.in_words(), answer, hours });
    }
    options.sort_by_key(|option| !option.is_qualified()); // stable: the order by time stays
    options
}

/// What a hospital lacks and what the data do not say, or that it is closed: in the hour that is asked for, or
/// always in part.
fn gaps(
    need: &Need,
    hospital: &Hospital,
    open: &Hours,
    hour: Option<HourOfWeek>,
    catalog: &Catalog,
) -> Gaps {
    let gaps = need.requirement.gaps(hospital, catalog);
    // What is not there at all says more than when it would be open.
    if gaps.answer() != Answer::Meets {
        return gaps;
    }
    let closed = if open.is_never() {
        "never all of it open together".to_owned()
    } else if hour.is_some_and(|hour| !open.is_open_in(hour)) {
        format!("closed then, open {open}")
    } else {
        return gaps;
    };
    Gaps { missing: vec![closed], ..Gaps::default() }
}
