//! What a change of structure says: which hospital, department, agreement, and what becomes of it.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::DepartmentKey;
use crate::calendar::Hours;
use crate::model::{
    CareLevel, CooperationKind, Department, EmergencyLevel, Facility, Ownership, Parties, Places,
    SiteKind,
};

/// A department that a hospital gets in addition.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct NewDepartment {
    /// Key of the hospital.
    pub hospital: String,
    /// The department, without dates of its own. Its beds must fit into the site's total.
    pub department: Department,
}

/// A department that moves from one hospital to another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DepartmentMove {
    /// Key of the specialty; main and attending departments move together.
    pub specialty: String,
    /// Key of the hospital that has it.
    pub from: String,
    /// Key of the hospital that gets it, or whose department of the specialty grows.
    pub to: String,
    /// Beds that move and leave the total of the one site for that of the other; `None` for all. What
    /// does not move is closed; more than there are cannot move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beds: Option<u32>,
}

/// A department with another number of beds. The total of the site stays: `ResizeHospital` says that.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DepartmentSize {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty. Of a main and an attending department, the main one.
    pub specialty: String,
    /// Beds that it then has, 1 or more; at most the site's total together with the other departments.
    pub beds: u32,
}

impl DepartmentSize {
    /// The department that it is about.
    pub fn key(&self) -> DepartmentKey {
        DepartmentKey::new(&self.hospital, &self.specialty)
    }
}

/// A site with another total of beds. Departments keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HospitalSize {
    /// Key of the hospital.
    pub hospital: String,
    /// Beds that it then has; at least those of its departments.
    pub beds: u32,
}

/// A level in the state's plan, or none.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NewCareLevel {
    /// Key of the hospital.
    pub hospital: String,
    /// The level; `None` (left out in files) for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<CareLevel>,
}

/// A G-BA emergency stage, or none.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NewEmergencyLevel {
    /// Key of the hospital.
    pub hospital: String,
    /// The stage; `None` (left out in files) for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<EmergencyLevel>,
}

/// A facility that a hospital gets, or another grade, count or hours of one that it has.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NewFacility {
    /// Key of the hospital.
    pub hospital: String,
    /// The facility as it then is, without dates of its own.
    pub facility: Facility,
}

/// A facility of one hospital.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FacilityKey {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the kind of facility.
    pub kind: String,
}

/// Other opening hours of one department or one facility.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NewHours {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty of the department; either this or `facility`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    /// Key of the kind of facility; either this or `specialty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<String>,
    /// When it is open.
    pub hours: Hours,
}

/// Another share of beds that are staffed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct StaffedShare {
    /// Key of the hospital.
    pub hospital: String,
    /// Share of the beds, 0.2 to 1.
    pub share: f64,
}

/// Another operator (Träger) of a hospital.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NewOperator {
    /// Key of the hospital.
    pub hospital: String,
    /// Its name.
    pub operator: String,
    /// Who owns it; `None` when that stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
}

/// Two hospitals that become one, at the site of the second.
///
/// All departments, beds, day places, facilities, cooperations, memberships and branches of `from` move to
/// `into`; `from` is closed. Departments and facilities of the same kind become one: beds and counts add
/// up, the higher grade stays, and it is open when either was. The site has the higher of the two care levels
/// (a Fachkrankenhaus that becomes one with a general hospital is general), the higher emergency stage and
/// the larger kind of site; the staffed share is the mean by beds, where both are known. What it has
/// from `from` or from both is marked as assumed; `SetCareLevel`, `SetEmergencyLevel` and the like say
/// otherwise. Cooperations between the two end; those of `from` go on with `into`, beside its own. Name,
/// position, operator, dates and facts are those of `into`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Merger {
    /// Key of the hospital that closes.
    pub from: String,
    /// Key of the hospital that stays.
    pub into: String,
}

/// What a hospital is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
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
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Conversion {
    /// Key of the hospital.
    pub hospital: String,
    /// What it becomes.
    pub to: SmallerSite,
    /// The departments that it then has, without dates of their own; one without beds keeps those that
    /// it has. Empty: those of [`SmallerSite::usual_departments`] that it has, with their beds (assumed).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Department>,
    /// Kinds of the facilities that it keeps. Empty: those of [`SmallerSite::USUAL_FACILITIES`] that it
    /// has (assumed).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facilities: Vec<String>,
}

/// Other terms, partners, fields or hours of a cooperation; `None` for what stays.
#[derive(Debug, Clone, PartialEq)]
pub struct CooperationChange {
    /// Key of the cooperation; `id` in files.
    pub key: String,
    /// Its kind with all of its terms.
    pub kind: Option<CooperationKind>,
    /// Who takes part.
    pub parties: Option<Parties>,
    /// The fields that it covers.
    pub fields: Option<Vec<String>>,
    /// When it works.
    pub hours: Option<Hours>,
}

impl Serialize for CooperationChange {
    /// As files write it: `partners`, or `from` and `to`; what stays is left out.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut out = to.serialize_struct("CooperationChange", 6)?;
        out.serialize_field("id", &self.key)?;
        if let Some(kind) = &self.kind {
            out.serialize_field("kind", kind)?;
        }
        match &self.parties {
            Some(Parties::Mutual(partners)) => out.serialize_field("partners", partners)?,
            Some(Parties::Directed { from, to }) => {
                out.serialize_field("from", from)?;
                out.serialize_field("to", to)?;
            }
            None => {}
        }
        if let Some(fields) = &self.fields {
            out.serialize_field("fields", fields)?;
        }
        if let Some(hours) = &self.hours {
            out.serialize_field("hours", hours)?;
        }
        out.end()
    }
}

/// A hospital that is a member of an alliance.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Membership {
    /// Key of the alliance.
    pub alliance: String,
    /// Key of the hospital.
    pub hospital: String,
}

/// The people of another year.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PopulationTable {
    /// Name of the table beside the file of the scenario, with the columns of `places.csv`.
    pub table: String,
    /// What the table says: the same places, at the same positions, with other people.
    #[serde(skip)]
    pub places: Places,
}
