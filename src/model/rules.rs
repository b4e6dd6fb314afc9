//! Numbers of the G-BA rules on supplements, on emergency stages, and of minimum volumes.

use serde::Serialize;

use super::hospital::is_default;
use super::{EmergencyLevel, PopulationGroup, Requirement};
use crate::units::Seconds;

/// A provision of the rules on supplements (Sicherstellungszuschläge), with its thresholds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provision {
    /// Written key, such as `A`; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// What makes a site suitable.
    pub requirement: Requirement,
    /// Whose number counts.
    #[serde(skip_serializing_if = "is_default")]
    pub population: PopulationGroup,
    /// Limit in whole car minutes, inclusive: exactly the limit is still within it.
    pub minutes: u32,
    /// Coverage is endangered from so many people on.
    pub least_people: u32,
    /// Demand is low below this density, in people of the group per square kilometre.
    pub low_density: f64,
    /// Paragraph, date and where it was read.
    pub source: String,
}

impl Provision {
    /// The limit, inclusive.
    pub fn limit(&self) -> Seconds {
        Seconds::from_minutes(self.minutes)
    }
}

/// The rules on supplements.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SupplementRules {
    /// Where they come from, with their date.
    pub source: String,
    /// The provisions, in the order of the file.
    pub provisions: Vec<Provision>,
}

/// Which list of the rules on emergency stages a department stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum DepartmentList {
    /// Category A, of which a least number is asked for.
    A,
    /// Category B.
    B,
}

/// A department of the rules on emergency stages, and what is taken for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedDepartment {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Its list.
    pub list: DepartmentList,
    /// What a hospital must have: an assumption about how specialties match the rule's words.
    pub offered_by: Requirement,
}

/// What a stage asks for beyond the stages below it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EmergencyStage {
    /// The stage.
    pub level: EmergencyLevel,
    /// Departments and facilities that must be there.
    pub requirement: Requirement,
    /// Least number of listed departments.
    pub departments: u32,
    /// How many of them must be of list A, at least.
    pub from_a: u32,
    /// Least number of intensive care beds.
    pub intensive_beds: u32,
    /// Paragraph, date, and which of it is assumed.
    pub source: String,
    /// Whether some of its numbers could not be verified.
    pub assumed: bool,
}

/// The rules on emergency stages.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EmergencyRules {
    /// Where they come from, with their date.
    pub source: String,
    /// The stages, the lowest first.
    pub stages: Vec<EmergencyStage>,
    /// The departments of lists A and B, in the order of the file.
    pub departments: Vec<ListedDepartment>,
    /// What the rules ask for and no network says.
    pub not_checked: Vec<String>,
}

/// A service of which a hospital should have a least number of cases a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MinimumVolume {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Key of the specialty or tracer condition whose expected cases count.
    pub counted_by: String,
    /// Share of those cases that are cases of the service, above 0, at most 1.
    pub share: f64,
    /// Least cases a year.
    pub least_cases: f64,
    /// Where the number comes from, and what of it is assumed.
    pub source: String,
    /// Whether nobody published the number, or not for this.
    pub assumed: bool,
}

/// Minimum volumes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MinimumVolumes {
    /// Where they come from.
    pub source: String,
    /// The services, in the order of the file.
    pub services: Vec<MinimumVolume>,
}
