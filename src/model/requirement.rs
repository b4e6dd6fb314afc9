//! Requirements: what a hospital must offer to count.

use std::fmt;

use serde::Serialize;

use super::{CareLevel, Catalog, EmergencyLevel, Hospital, HourOfWeek, Hours, SiteKind};

/// What a hospital must offer to count.
///
/// Only inpatient sites meet a requirement: a day clinic or an outpatient centre never does.
/// In files: `All([Specialty("neurology"), Facility(kind: "stroke_unit", at_least: "regional")])`,
/// and `Facility("stroke_unit")` where any grade will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Requirement {
    /// An inpatient department of exactly this specialty. Trauma surgery is not enough where
    /// general surgery is asked for; say [`Requirement::Any`] where it is.
    Specialty(String),
    /// A facility of this kind.
    Facility {
        /// Key of the facility.
        kind: String,
        /// Least grade; `None` when any will do. A facility without a grade counts as the lowest.
        #[serde(skip_serializing_if = "Option::is_none")]
        at_least: Option<String>,
    },
    /// Exactly this level of care.
    CareLevel(CareLevel),
    /// At least this emergency level.
    EmergencyLevel(EmergencyLevel),
    /// All of these; met when empty.
    All(Vec<Requirement>),
    /// At least one of these; not met when empty.
    Any(Vec<Requirement>),
}

impl Requirement {
    /// Whether a hospital meets it, in whatever hours.
    pub fn is_met_by(&self, hospital: &Hospital, catalog: &Catalog) -> bool {
        self.is_met_when(hospital, catalog, &|_| true)
    }

    /// Whether a hospital meets it with what is open in an hour of the week. Levels have no hours.
    pub fn is_met_in(&self, hour: HourOfWeek, hospital: &Hospital, catalog: &Catalog) -> bool {
        self.is_met_when(hospital, catalog, &|hours| hours.is_open_in(hour))
    }

    /// The hours of the week in which a hospital meets it. Parts of it that are there at different
    /// hours only are never there together: such a hospital has [`Hours::NEVER`].
    ///
    /// ```
    /// use verbund::model::{Catalog, Facility, Folder, Hours, Requirement};
    ///
    /// let network = Folder::small().read()?.network;
    /// let mut south = network[network.find("south").unwrap()].clone();
    /// let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
    /// assert_eq!(ct.hours(&south, network.catalog()), Hours::ALWAYS);
    /// south.facilities[0].hours = "Mon-Fri 8-16".parse().unwrap();
    /// assert_eq!(ct.hours(&south, network.catalog()).to_string(), "Mon-Fri 8-16");
    /// # Ok::<(), verbund::model::Problems>(())
    /// ```
    pub fn hours(&self, hospital: &Hospital, catalog: &Catalog) -> Hours {
        if !self.is_met_by(hospital, catalog) {
            return Hours::NEVER;
        }
        let is_always = hospital.departments.iter().all(|department| department.hours.is_always())
            && hospital.facilities.iter().all(|facility| facility.hours.is_always());
        if is_always {
            return Hours::ALWAYS;
        }
        Hours::of(|hour| self.is_met_in(hour, hospital, catalog))
    }

    fn is_met_when(
        &self,
        hospital: &Hospital,
        catalog: &Catalog,
        is_open: &dyn Fn(&Hours) -> bool,
    ) -> bool {
        if !hospital.kind.has_inpatients() {
            return false;
        }
        match self {
            Self::Specialty(specialty) => hospital.departments.iter().any(|department| {
                department.specialty == *specialty
                    && department.is_inpatient()
                    && is_open(&department.hours)
            }),
            Self::Facility { kind, at_least } => hospital.facilities.iter().any(|facility| {
                let rank = |grade: Option<&str>| catalog.grade_rank(kind, grade);
                facility.kind == *kind
                    && rank(facility.grade.as_deref()) >= rank(at_least.as_deref())
                    && is_open(&facility.hours)
            }),
            Self::CareLevel(level) => hospital.care_level == Some(*level),
            Self::EmergencyLevel(level) => hospital.emergency_level >= Some(*level),
            Self::All(parts) => {
                parts.iter().all(|part| part.is_met_when(hospital, catalog, is_open))
            }
            Self::Any(parts) => {
                parts.iter().any(|part| part.is_met_when(hospital, catalog, is_open))
            }
        }
    }

    /// What a hospital lacks, in words, in the order of the requirement; empty when it is met.
    pub fn missing(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        if self.is_met_by(hospital, catalog) {
            return Vec::new();
        }
        match hospital.kind {
            SiteKind::Hospital | SiteKind::CrossSectorSite | SiteKind::HealthCentre => {}
            SiteKind::DayClinic => return vec!["day clinic, no inpatients".to_owned()],
            SiteKind::OutpatientCentre => return vec!["outpatients only".to_owned()],
        }
        match self {
            Self::All(parts) => {
                parts.iter().flat_map(|part| part.missing(hospital, catalog)).collect()
            }
            Self::Facility { kind, at_least: Some(_) } if hospital.facility(kind).is_some() => {
                let grade = hospital.facility(kind).and_then(|facility| facility.grade.as_deref());
                vec![format!("{} is {}", catalog.name(kind), grade.unwrap_or("without a grade"))]
            }
            other => vec![format!("no {}", other.describe(catalog))],
        }
    }

    /// What of a hospital this rests on that nobody published: paths as in its `assumed` list, in
    /// the order of the requirement. Of several ways to meet it, all that are met are named.
    pub fn assumed_of(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        let met = self.leaves().into_iter().filter(|leaf| leaf.is_met_by(hospital, catalog));
        let paths = met.flat_map(|leaf| match leaf {
            Self::Specialty(key) => vec![format!("departments.{key}")],
            Self::Facility { kind, at_least: None } => vec![format!("facilities.{kind}")],
            Self::Facility { kind, at_least: Some(_) } => {
                vec![format!("facilities.{kind}"), format!("facilities.{kind}.grade")]
            }
            Self::CareLevel(_) => vec!["care_level".to_owned()],
            Self::EmergencyLevel(_) => vec!["emergency_level".to_owned()],
            Self::All(_) | Self::Any(_) => Vec::new(),
        });
        paths.filter(|path| hospital.is_assumed(path)).collect()
    }

    /// The requirement in words: `internal medicine and (general surgery or trauma surgery)`.
    pub fn describe(&self, catalog: &Catalog) -> String {
        let join = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Self::All(inner) | Self::Any(inner) if inner.len() > 1 => {
                        format!("({})", part.describe(catalog))
                    }
                    _ => part.describe(catalog),
                })
                .collect();
            parts.join(word)
        };
        match self {
            Self::Specialty(key) => catalog.name(key).to_owned(),
            Self::Facility { kind, at_least: None } => catalog.name(kind).to_owned(),
            Self::Facility { kind, at_least: Some(grade) } => {
                format!("{} of grade {grade} or higher", catalog.name(kind))
            }
            Self::CareLevel(level) => format!("care level {level:?}"),
            Self::EmergencyLevel(level) => format!("emergency level {level:?} or higher"),
            Self::All(parts) if parts.is_empty() => "anything".to_owned(),
            Self::Any(parts) if parts.is_empty() => "something impossible".to_owned(),
            Self::All(parts) => join(parts, " and "),
            Self::Any(parts) => join(parts, " or "),
        }
    }

    /// The requirements at its leaves, each with its path.
    pub(crate) fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
            leaf => vec![leaf],
        }
    }
}

impl fmt::Display for Requirement {
    /// As files write it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |parts: &[Self]| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Specialty(key) => write!(out, "Specialty({key:?})"),
            Self::Facility { kind, at_least: None } => write!(out, "Facility({kind:?})"),
            Self::Facility { kind, at_least: Some(grade) } => {
                write!(out, "Facility(kind: {kind:?}, at_least: {grade:?})")
            }
            Self::CareLevel(level) => write!(out, "CareLevel({level:?})"),
            Self::EmergencyLevel(level) => write!(out, "EmergencyLevel({level:?})"),
            Self::All(parts) => write!(out, "All([{}])", list(parts)),
            Self::Any(parts) => write!(out, "Any([{}])", list(parts)),
        }
    }
}
