//! Facilities that come and go, and opening hours of facilities and departments.

use serde::{Deserialize, Serialize};

use crate::calendar::Hours;
use crate::files::network::read_facility;
use crate::model::check::bounds::check_facility_bounds;
use crate::model::check::{Checker, check_grade};
use crate::model::location::Fault;
use crate::model::{Facility, Hospital};
use crate::problem::ProblemKind;
use crate::scenario::base::{Base, check_hospital_key, check_specialty, check_undated};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, gone, mark, no_change, no_facility};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! facility_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A hospital gets a facility, or has it in another grade, number or at other hours.
            SetFacility(NewFacility) => facility::Set {
                does: "a hospital gets a facility, or has it in another `grade`, `count` or at other `hours`.",
                example: r#"(on: "2026-09-01", reason: "certified",
 change: SetFacility(hospital: "kkh-torgau", facility: (kind: "stroke_unit", grade: "regional"))),"#,
            }
            /// A hospital has a facility no more.
            CloseFacility(FacilityKey) => facility::Close {
                does: "a hospital has a facility no more.",
                example: r#"(on: "2027-01-01", reason: "one institute of pathology for both",
 change: CloseFacility(hospital: "st-georg-leipzig", kind: "pathology")),"#,
            }
            /// A department or a facility has other hours.
            SetHours(NewHours) => facility::SetHours {
                does: "a department (`specialty`) or a `facility` has other opening hours.",
                example: r#"(on: "2026-07-01", reason: "no team at night",
 change: SetHours(hospital: "sana-borna", facility: "cath_lab", hours: "Mon-Fri 8-18")),"#,
            }
        }
    };
}

/// A facility that a hospital gets, or another grade, count or hours of one that it has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewFacility {
    /// Key of the hospital.
    pub hospital: String,
    /// The facility as it then is, without dates of its own.
    pub facility: Facility,
}

/// A hospital gets a facility, or has it in another grade, number or at other hours.
pub(super) struct Set;

impl Kind for Set {
    type Terms = NewFacility;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewFacility> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            let record = fields.inner("facility")?;
            Some(NewFacility { hospital, facility: read_facility(record, fields.reader)? })
        })
    }

    fn check(new: &NewFacility, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        let facility = &new.facility;
        check_kind("facility.kind", &facility.kind, base, checker);
        check_facility_bounds("facility", facility, checker);
        let kind = base.network.catalog.facility(&facility.kind);
        // A kind that nobody knows was told, and has no grades to hold this one against.
        if let (Some(kind), Some(grade)) = (kind, &facility.grade) {
            check_grade(kind, grade, "facility.grade", checker);
        }
        check_undated("facility.opened", facility.opened.is_some(), checker);
        check_undated("facility.closed", facility.closed.is_some(), checker);
    }

    fn apply<'s>(new: &'s NewFacility, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        let kind = &new.facility.kind;
        // When it was opened says nothing of what it is: equal but for dates, nothing changes.
        let undated =
            |facility: &Facility| Facility { opened: None, closed: None, ..facility.clone() };
        match hospital.facilities.iter_mut().find(|facility| facility.kind == *kind) {
            Some(there) if undated(there) == undated(&new.facility) => {
                return Err(no_change("facility", &new.hospital, &said!("this \"{kind}\"", kind)));
            }
            Some(there) => there.clone_from(&new.facility),
            None => hospital.facilities.push(new.facility.clone()),
        }
        mark(hospital, &format!("facilities.{kind}"));
        Ok(())
    }

    fn keys_mut(new: &mut NewFacility) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}

/// A facility of one hospital.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityKey {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the kind of facility.
    #[serde(deserialize_with = "crate::model::renamed::read_key")]
    pub kind: String,
}

/// A hospital has a facility no more.
pub(super) struct Close;

impl Kind for Close {
    type Terms = FacilityKey;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<FacilityKey> {
        terms.fields(|fields| {
            Some(FacilityKey { hospital: fields.text("hospital"), kind: fields.text("kind") })
        })
    }

    fn check(key: &FacilityKey, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &key.hospital, base, checker);
        check_kind("kind", &key.kind, base, checker);
    }

    fn apply<'s>(key: &'s FacilityKey, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &key.hospital)?;
        if hospital.facility(&key.kind).is_none() {
            return Err(no_facility("kind", hospital, &key.kind));
        }
        // What a scenario closes is known to be gone, also where no source says whether it was
        // there.
        hospital.facilities.retain(|facility| facility.kind != key.kind);
        hospital.settle(&format!("facilities.{}", key.kind));
        hospital.drop_stale_marks();
        Ok(())
    }

    fn keys_mut(key: &mut FacilityKey) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut key.hospital])
    }
}

/// Other opening hours of one department or one facility.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewHours {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty of the department; either this or `facility`.
    #[serde(
        default,
        deserialize_with = "crate::model::renamed::read_maybe_key",
        skip_serializing_if = "Option::is_none"
    )]
    pub specialty: Option<String>,
    /// Key of the kind of facility; either this or `specialty`.
    #[serde(
        default,
        deserialize_with = "crate::model::renamed::read_maybe_key",
        skip_serializing_if = "Option::is_none"
    )]
    pub facility: Option<String>,
    /// When it is open.
    pub hours: Hours,
}

/// A department or a facility has other hours.
pub(super) struct SetHours;

impl Kind for SetHours {
    type Terms = NewHours;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewHours> {
        terms.fields(|fields| {
            fields.expect("hours", "opening hours such as \"Mon-Fri 8-16\"");
            Some(NewHours {
                hospital: fields.text("hospital"),
                specialty: fields.maybe_text("specialty"),
                facility: fields.maybe_text("facility"),
                hours: fields.parsed("hours").unwrap_or_default(),
            })
        })
    }

    fn check(new: &NewHours, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        if new.specialty.is_some() == new.facility.is_some() {
            let message = "hours are of one department or of one facility";
            let fault = Fault::new(ProblemKind::Conflict, message);
            checker.fault("hours", fault.expected("either specialty or facility"));
        }
        if let Some(specialty) = &new.specialty {
            check_specialty("specialty", specialty, base, checker);
        }
        if let Some(kind) = &new.facility {
            check_kind("facility", kind, base, checker);
        }
    }

    fn apply<'s>(new: &'s NewHours, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        // A change that changes nothing is most likely a slip in its hospital or its hours.
        if has_these_hours(hospital, new) {
            return Err(no_change("hours", &new.hospital, "these hours"));
        }

        if let Some(kind) = &new.facility {
            let mut facilities = hospital.facilities.iter_mut();
            let Some(facility) = facilities.find(|facility| facility.kind == *kind) else {
                return Err(no_facility("facility", hospital, kind));
            };
            facility.hours = new.hours;
            mark(hospital, &format!("facilities.{kind}.hours"));
        }
        if let Some(specialty) = &new.specialty {
            // Of every department of the specialty, as the change names no kind of it.
            let mut count = 0;
            for department in &mut hospital.departments {
                if department.specialty == *specialty {
                    department.hours = new.hours;
                    count += 1;
                }
            }
            if count == 0 {
                let message = said!(
                    "\"{hospital}\" has no department of \"{specialty}\"",
                    hospital = new.hospital,
                    specialty
                );
                return Err(gone("specialty", message, "a department that it has then"));
            }
            mark(hospital, &format!("departments.{specialty}.hours"));
        }
        Ok(())
    }

    fn keys_mut(new: &mut NewHours) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}

/// Whether everything that the change is about is open at its hours already.
fn has_these_hours(hospital: &Hospital, new: &NewHours) -> bool {
    let mut hours = Vec::new();
    for facility in &hospital.facilities {
        if new.facility.as_ref() == Some(&facility.kind) {
            hours.push(facility.hours);
        }
    }
    for department in &hospital.departments {
        if new.specialty.as_ref() == Some(&department.specialty) {
            hours.push(department.hours);
        }
    }
    !hours.is_empty() && hours.iter().all(|hours| *hours == new.hours)
}

/// The kind of a facility is one of the catalog.
fn check_kind(path: &str, kind: &str, base: &Base<'_>, checker: &mut Checker<'_>) {
    let catalog = &base.network.catalog;
    if catalog.facility(kind).is_none() {
        let known = catalog.facilities.iter().map(|facility| facility.key.as_str());
        checker.unknown(path, "facility", kind, known);
    }
}
