//! Numbers of the G-BA rules on supplements, on emergency stages, and of minimum volumes.

use serde::Serialize;

use crate::model::hospital::is_default;
use crate::model::{EmergencyLevel, PopulationGroup, Requirement};
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
    /// Whether it is in force; the stage that a network states is compared with those only.
    #[serde(skip_serializing_if = "is_true")]
    pub in_force: bool,
    /// Paragraph, date, and which of it is assumed.
    pub source: String,
    /// Whether some of its numbers could not be verified.
    pub assumed: bool,
}

/// For `skip_serializing_if`: what is in force needs no word.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(flag: &bool) -> bool {
    *flag
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

/// What a least number of cases rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum VolumeBasis {
    /// A minimum volume of the G-BA (Mindestmenge, section 136b SGB V): who is below may not do it.
    #[default]
    Law,
    /// A line that planners use; no rule forbids to be below it.
    Planning,
}

/// The least number of cases a year from a year on, until the next line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VolumeLine {
    /// First year.
    pub from: i16,
    /// Least cases a year of a site; `None` where the number is suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_cases: Option<f64>,
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
    /// What the number rests on.
    #[serde(skip_serializing_if = "is_default")]
    pub basis: VolumeBasis,
    /// Key of the specialty or tracer condition whose expected cases count; `None` where no rate of
    /// demand counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_by: Option<String>,
    /// Share of those cases that are cases of the service, above 0, at most 1.
    pub share: f64,
    /// Field of the facts of a hospital that give its counted cases of a year, such as `births`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// Who may do it, where no rate counts it: an assumption, to say of how many nobody knows a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered_by: Option<Requirement>,
    /// The numbers, by year, rising.
    pub lines: Vec<VolumeLine>,
    /// Where the numbers come from, and what of them is assumed.
    pub source: String,
    /// Whether nobody published a number, or not for this.
    pub assumed: bool,
}

impl MinimumVolume {
    /// The least cases in a year; `None` where there is no number for it: before the first line, or
    /// while it is suspended.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let network = Folder::small().read()?.network;
    /// let services = &network.catalog().minimum_volumes.services;
    /// let colon = services.iter().find(|one| one.key == "colon_cancer").unwrap();
    /// let in_year = |year: i16| colon.least_cases(year);
    /// assert_eq!([2026, 2027, 2028, 2029, 2035].map(in_year), [None, Some(20.0), Some(25.0), Some(30.0), Some(30.0)]);
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn least_cases(&self, year: i16) -> Option<f64> {
        self.lines.iter().rfind(|line| line.from <= year)?.least_cases
    }

    /// The lines that begin after a year.
    pub fn later(&self, year: i16) -> impl Iterator<Item = &VolumeLine> {
        self.lines.iter().filter(move |line| line.from > year)
    }
}

/// Minimum volumes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MinimumVolumes {
    /// Where they come from, with their date.
    pub source: String,
    /// The services, in the order of the file.
    pub services: Vec<MinimumVolume>,
}
