//! Hospitals that become smaller sites.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::files::network::read_departments;
use crate::model::check::{Checker, bounds};
use crate::model::{CareLevel, Department, Hospital, SiteKind};
use crate::scenario::base::{Base, check_hospital_key, check_keys, check_new_department};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, conflict, mark, no_facility};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! conversion_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A hospital becomes a cross-sector site or a Gesundheitszentrum. `departments` and `facilities` say what
            /// stays; without them, internal medicine and geriatrics (of a Gesundheitszentrum internal medicine) with
            /// CT, MRI and dialysis, which is assumed.
            ConvertHospital(Conversion) => conversion::Convert {
                does: "a hospital becomes a sektorenübergreifende Versorgungseinrichtung (`CrossSectorSite`, level 1i) \
                    or a Gesundheitszentrum (`HealthCentre`).",
                example: r#"(on: "2027-01-01", reason: "beds for short stays only",
 change: ConvertHospital(hospital: "kkh-eilenburg", to: CrossSectorSite,
     departments: [(specialty: "internal_medicine", beds: 30)], facilities: ["ct"])),"#,
            }
        }
    };
}

/// Smaller sites, as files name them.
const SMALLER_SITES: [(&str, SmallerSite); 2] = [
    ("CrossSectorSite", SmallerSite::CrossSectorSite),
    ("HealthCentre", SmallerSite::HealthCentre),
];

/// What a hospital is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[non_exhaustive]
pub enum SmallerSite {
    /// A cross-sector site (sektorenübergreifende Versorgungseinrichtung, level 1i; § 115g SGB V,
    /// § 6c KHG).
    CrossSectorSite,
    /// A Gesundheitszentrum (Regelversorgung with only one of surgery and internal medicine, or with
    /// both in reduced scope; § 6 `SächsKHG`).
    HealthCentre,
}

impl SmallerSite {
    /// The kind of site that it then is.
    pub fn kind(self) -> SiteKind {
        match self {
            Self::CrossSectorSite => SiteKind::CrossSectorSite,
            Self::HealthCentre => SiteKind::HealthCentre,
        }
    }

    /// Specialties of the departments that stay when nothing is said.
    ///
    /// An ASSUMPTION. Of a cross-sector site the law asks for inpatient internal medicine or geriatrics
    /// (§ 115g SGB V); which others a state allows differs. Of a Gesundheitszentrum the law asks for
    /// surgery or internal medicine: internal medicine stays, and surgery only where there is none.
    pub fn usual_departments(self) -> &'static [&'static str] {
        match self {
            Self::CrossSectorSite => &["internal_medicine", "geriatrics"],
            Self::HealthCentre => &["internal_medicine"],
        }
    }

    /// Facilities that stay when nothing is said: an ASSUMPTION, imaging and dialysis.
    pub const USUAL_FACILITIES: [&'static str; 3] = ["ct", "mri", "dialysis"];
}

/// A hospital that becomes a smaller site.
///
/// A cross-sector site has no care level and no emergency level any more. A Gesundheitszentrum is of the
/// care level Basic, and keeps its emergency level only where internal medicine and surgery or trauma
/// surgery both stay, as the basic stage asks for both (G-BA, 19 April 2018). The total of beds becomes
/// that of the departments, where all of them are known, and is unknown otherwise.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// Key of the hospital.
    pub hospital: String,
    /// What it becomes.
    pub to: SmallerSite,
    /// The departments that it then has, without dates of their own; one without beds keeps those that
    /// it has. Empty: those of [`SmallerSite::usual_departments`] that it has, with their beds (assumed).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Department>,
    /// Kinds of the facilities that it keeps. Empty: those of [`SmallerSite::USUAL_FACILITIES`] that it
    /// has (assumed).
    #[serde(
        default,
        deserialize_with = "crate::model::renamed::read_keys",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub facilities: Vec<String>,
}

/// A hospital becomes a cross-sector site or a Gesundheitszentrum.
pub(super) struct Convert;

impl Kind for Convert {
    type Terms = Conversion;
    const WHY_WITHOUT_END: Option<&'static str> = Some("a site does not turn back by itself");
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Conversion> {
        terms.fields(|fields| {
            fields.expect("to", "CrossSectorSite or HealthCentre");
            let hospital = fields.text("hospital");
            let to = fields.choice("to", &SMALLER_SITES);
            let departments = read_departments(&mut fields.record, fields.reader);
            let facilities = fields.texts("facilities");
            Some(Conversion { hospital, to: to?, departments, facilities })
        })
    }

    fn check(conversion: &Conversion, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &conversion.hospital, base, checker);
        // Thousands of departments are a slip that would be told thousands of times below.
        if !bounds::are_departments_few(conversion.departments.len(), checker) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, department) in conversion.departments.iter().enumerate() {
            let path = format!("departments[{index}]");
            check_new_department(&path, department, base, checker);
            if !seen.insert((&department.specialty, department.kind)) {
                let message =
                    said!("a second department \"{specialty}\"", specialty = department.specialty);
                checker.duplicate(&path, message);
            }
        }
        let facilities = &base.network.catalog.facilities;
        let known = facilities.iter().map(|facility| facility.key.as_str()).collect();
        check_keys("facilities", "facility", &conversion.facilities, &known, checker);
    }

    fn apply<'s>(conversion: &'s Conversion, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &conversion.hospital)?;
        if !hospital.kind.has_inpatients() {
            let message = said!("\"{hospital}\" has no inpatients", hospital = hospital.key);
            return Err(conflict("hospital", message, "a site with inpatients"));
        }
        if hospital.kind == conversion.to.kind() {
            let message = said!("\"{hospital}\" is one already", hospital = hospital.key);
            return Err(conflict("hospital", message, "a site of another kind"));
        }
        // All is judged before anything is taken away.
        let departments = remaining(hospital, conversion);
        if departments.is_empty() {
            let usual = conversion.to.usual_departments().join(" nor ");
            let message =
                said!("\"{hospital}\" has neither {usual}", hospital = hospital.key, usual);
            return Err(conflict("departments", message, "the departments that it then has"));
        }
        for kind in &conversion.facilities {
            if hospital.facility(kind).is_none() {
                return Err(no_facility("facilities", hospital, kind));
            }
        }

        // Marks come last: they are only kept for what is there.
        hospital.facilities.retain(|facility| conversion.keeps(&facility.kind));
        hospital.kind = conversion.to.kind();
        hospital.departments = departments;
        hospital.beds = known_beds(hospital);
        lower_levels(hospital, conversion.to);
        for path in ["kind", "beds", "departments", "facilities", "care_level"] {
            mark(hospital, path);
        }
        Ok(())
    }

    fn keys_mut(conversion: &mut Conversion) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut conversion.hospital])
    }
}

impl Conversion {
    /// Whether the site keeps its facility of a kind.
    fn keeps(&self, kind: &str) -> bool {
        if self.facilities.is_empty() {
            return SmallerSite::USUAL_FACILITIES.contains(&kind);
        }
        self.facilities.iter().any(|kept| kept == kind)
    }
}

/// Beds of the inpatient departments; `None` where those of one are unknown.
fn known_beds(hospital: &Hospital) -> Option<u32> {
    let mut total = 0;
    for department in &hospital.departments {
        if department.is_inpatient() {
            // One unknown part makes the sum unknown: a total that is too small would refuse
            // patients.
            total += department.beds?;
        }
    }
    Some(total)
}

/// The levels that a smaller site can have.
fn lower_levels(hospital: &mut Hospital, to: SmallerSite) {
    match to {
        SmallerSite::CrossSectorSite => {
            hospital.care_level = None;
            hospital.emergency_level = None;
        }
        SmallerSite::HealthCentre => {
            hospital.care_level = Some(CareLevel::Basic);
            // By the departments that are left: they were put in before.
            let has_surgery = hospital.has_specialty("general_surgery")
                || hospital.has_specialty("trauma_orthopaedics");
            if !(hospital.has_specialty("internal_medicine") && has_surgery) {
                hospital.emergency_level = None;
            }
        }
    }
}

/// The departments that a smaller site has.
fn remaining(hospital: &Hospital, conversion: &Conversion) -> Vec<Department> {
    if conversion.departments.is_empty() {
        // A Gesundheitszentrum may have surgery in the place of internal medicine (§ 6 SächsKHG).
        let usual = inpatient_departments(hospital, conversion.to.usual_departments());
        if usual.is_empty() && conversion.to == SmallerSite::HealthCentre {
            return inpatient_departments(hospital, &["general_surgery", "trauma_orthopaedics"]);
        }
        return usual;
    }

    let mut departments = conversion.departments.clone();
    for department in &mut departments {
        let mut before = hospital.departments.iter();
        let before = before.find(|before| {
            before.specialty == department.specialty && before.kind == department.kind
        });
        if let Some(before) = before {
            department.beds = department.beds.or(before.beds);
            department.day_places = department.day_places.or(before.day_places);
            if department.name.is_none() {
                department.name.clone_from(&before.name);
            }
        }
    }
    departments
}

/// Inpatient departments of these specialties.
fn inpatient_departments(hospital: &Hospital, specialties: &[&str]) -> Vec<Department> {
    let mut departments = Vec::new();
    for department in &hospital.departments {
        if department.is_inpatient() && specialties.contains(&department.specialty.as_str()) {
            departments.push(department.clone());
        }
    }
    departments
}
