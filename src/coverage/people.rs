//! How many people of some districts a hospital is near to, or nearer than another one.

use super::{HospitalSet, Nearest, share};
use crate::model::{PopulationGroup, Requirement};
use crate::region::Region;
use crate::units::Seconds;

/// People to whom something applies, among all who were asked about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PeopleAmong {
    /// Those to whom it applies.
    pub people: u64,
    /// All.
    pub total: u64,
}

impl PeopleAmong {
    /// The share, 0 to 1; `None` of nobody.
    pub fn share(&self) -> Option<f64> {
        share(self.people, self.total)
    }
}

/// Care that is nearer than other care.
#[derive(Debug, Clone, Copy)]
pub struct Sooner<'r> {
    /// What the nearer hospital offers.
    pub near: &'r Requirement,
    /// What the farther hospital offers.
    pub far: &'r Requirement,
    /// By how much nearer it is at least.
    pub by: Seconds,
}

/// The people to whom a hospital that meets `near` is nearer by at least `by` than one that meets
/// `far`, for some districts (all of them when none is named).
///
/// People who reach only one that meets `near` count as sooner. Two passes over the hospitals in reach of every
/// part; for the times themselves, [`evaluate`](super::evaluate()) a standard.
///
/// ```
/// use verbund::Region;
/// use verbund::coverage::{Sooner, people_sooner};
/// use verbund::model::Requirement;
/// use verbund::units::Seconds;
///
/// let region = Region::leipzig()?;
/// let facility = |kind: &str| Requirement::Facility { kind: kind.into(), at_least: None };
/// let (ct, stroke_unit) = (facility("ct"), facility("stroke_unit"));
/// let sooner = Sooner { near: &ct, far: &stroke_unit, by: Seconds::from_minutes(10) };
/// let sooner = people_sooner(&region, &sooner, &[]);
/// // For 17.3 % of the people, telemedicine at the nearest CT would save 10 minutes on the way.
/// assert_eq!(sooner.share().map(|share| (share * 1000.0).round()), Some(173.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn people_sooner(region: &Region, sooner: &Sooner<'_>, districts: &[String]) -> PeopleAmong {
    let near = nearest(region, sooner.near);
    let far = nearest(region, sooner.far);
    count_parts(region, districts, |part| match (near.first_time(part), far.first_time(part)) {
        (Some(near), Some(far)) => near + sooner.by <= far,
        // Nobody waits for care that is out of reach: what is in reach is sooner.
        (near, None) => near.is_some(),
        (None, Some(_)) => false,
    })
}

/// The people within a time of a hospital that meets a requirement, for some districts (all of them when none is
/// named); districts that do not exist have nobody. The limit is inclusive.
///
/// ```
/// use verbund::model::Requirement;
/// use verbund::units::Seconds;
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
/// let within = coverage::people_within(&region, &ct, Seconds::from_minutes(30), &[]);
/// assert_eq!(within.total, 1_058_179);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn people_within(
    region: &Region,
    requirement: &Requirement,
    limit: Seconds,
    districts: &[String],
) -> PeopleAmong {
    let nearest = nearest(region, requirement);
    count_parts(region, districts, |part| {
        nearest.first_time(part).is_some_and(|time| time <= limit)
    })
}

fn nearest(region: &Region, requirement: &Requirement) -> Nearest {
    let set = HospitalSet::meeting(region.network(), requirement);
    Nearest::find(region.times(), region.parts().len(), &set)
}

/// Residents at the parts that pass a test, and all, in some districts (all when none is named).
fn count_parts(
    region: &Region,
    districts: &[String],
    passes: impl Fn(usize) -> bool,
) -> PeopleAmong {
    let mut among = PeopleAmong::default();
    for (part, &count) in region.people(&PopulationGroup::ALL).iter().enumerate() {
        let place = region.place(region.parts()[part].place);
        if !districts.is_empty() && !districts.contains(&place.district) {
            continue;
        }
        among.total += u64::from(count);
        if passes(part) {
            among.people += u64::from(count);
        }
    }
    among
}
