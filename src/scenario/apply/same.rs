//! Changes that would leave a hospital as it is.

use std::fmt::Debug;

use super::{Refusal, State, gone};
use crate::model::{Facility, Hospital};
use crate::scenario::Change;

impl State<'_> {
    /// What a change sets differs from what is there. A hospital or department that is not there is the
    /// matter of applying it.
    pub(super) fn check_differs(&self, change: &Change) -> Result<(), Refusal> {
        let hospital = |key: &str| self.network.find(key).map(|id| &self.network[id]);
        let (key, path, what) = match change {
            Change::ResizeDepartment(size) => {
                let own = |own: &Hospital| own.inpatient_department(&size.specialty)?.beds;
                let is_same = hospital(&size.hospital).and_then(own) == Some(size.beds);
                let what = || format!("{} beds in \"{}\"", size.beds, size.specialty);
                (&size.hospital, "beds", is_same.then(what))
            }
            Change::ResizeHospital(size) => {
                let is_same = hospital(&size.hospital).and_then(|own| own.beds) == Some(size.beds);
                (&size.hospital, "beds", is_same.then(|| format!("{} beds", size.beds)))
            }
            Change::SetCareLevel(new) => {
                let is_same =
                    hospital(&new.hospital).is_some_and(|own| own.care_level == new.level);
                let what = || level_in_words("care level", new.level);
                (&new.hospital, "level", is_same.then(what))
            }
            Change::SetEmergencyLevel(new) => {
                let is_same =
                    hospital(&new.hospital).is_some_and(|own| own.emergency_level == new.level);
                let what = || level_in_words("emergency level", new.level);
                (&new.hospital, "level", is_same.then(what))
            }
            Change::SetFacility(new) => {
                let undated =
                    |own: &Facility| Facility { opened: None, closed: None, ..own.clone() };
                let own = hospital(&new.hospital).and_then(|own| own.facility(&new.facility.kind));
                let is_same = own.is_some_and(|own| undated(own) == undated(&new.facility));
                let what = || format!("this \"{}\"", new.facility.kind);
                (&new.hospital, "facility", is_same.then(what))
            }
            Change::SetHours(new) => {
                let own = |own: &Hospital| {
                    let of_facility = own
                        .facilities
                        .iter()
                        .filter(|one| new.facility.as_ref() == Some(&one.kind));
                    let of_department = own
                        .departments
                        .iter()
                        .filter(|one| new.specialty.as_ref() == Some(&one.specialty));
                    let hours = of_facility.map(|one| one.hours);
                    let mut hours = hours.chain(of_department.map(|one| one.hours)).peekable();
                    hours.peek().is_some() && hours.all(|hours| hours == new.hours)
                };
                let is_same = hospital(&new.hospital).is_some_and(own);
                (&new.hospital, "hours", is_same.then(|| "these hours".to_owned()))
            }
            Change::SetStaffedShare(new) => {
                let own = hospital(&new.hospital).and_then(|own| own.staffed_share);
                let is_same = own == Some(new.share);
                let what = || format!("a staffed share of {}", new.share);
                (&new.hospital, "share", is_same.then(what))
            }
            Change::SetOperator(new) => {
                let own = |own: &Hospital| {
                    own.operator == new.operator
                        && new.ownership.is_none_or(|ownership| own.ownership == ownership)
                };
                let is_same = hospital(&new.hospital).is_some_and(own);
                let what = || format!("the operator \"{}\"", new.operator);
                (&new.hospital, "operator", is_same.then(what))
            }
            _ => return Ok(()),
        };
        match what {
            Some(what) => {
                let message = format!("\"{key}\" has {what} already");
                Err(gone(path, message, "something else than there is then"))
            }
            None => Ok(()),
        }
    }
}

fn level_in_words<L: Debug>(what: &str, level: Option<L>) -> String {
    level.map_or_else(|| format!("no {what}"), |level| format!("the {what} {level:?}"))
}
