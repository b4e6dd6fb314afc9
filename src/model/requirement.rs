//! Requirements: what a hospital must offer to count.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{
    CareLevel, Catalog, EmergencyLevel, Hospital, HospitalId, HourOfWeek, Hours, Network, SiteKind,
};

/// Whether a hospital meets a requirement, as far as its data say.
///
/// In rising order, so that [`Requirement::All`] has the least answer of its parts and
/// [`Requirement::Any`] the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Answer {
    /// It does not.
    DoesNot,
    /// The data do not say: a grade or a care level is not stated. It never counts as met.
    Unknown,
    /// It does.
    Meets,
}

/// A hospital of which the data do not say whether it meets a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSite {
    /// The hospital.
    pub hospital: HospitalId,
    /// What is not stated, in words: `grade of trauma centre`.
    pub unknown: Vec<String>,
}

/// What keeps a hospital from meeting a requirement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// What it lacks, in words: `no CT`.
    pub missing: Vec<String>,
    /// What the data do not say, in words: `grade of trauma centre`.
    pub unknown: Vec<String>,
}

impl UnknownSite {
    /// Each hospital once, by id, with everything that is not stated.
    pub fn merged(sites: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut by_hospital: BTreeMap<HospitalId, Vec<String>> = BTreeMap::new();
        for site in sites {
            let unknown = by_hospital.entry(site.hospital).or_default();
            for what in site.unknown {
                if !unknown.contains(&what) {
                    unknown.push(what);
                }
            }
        }
        let sites = by_hospital.into_iter();
        sites.map(|(hospital, unknown)| Self { hospital, unknown }).collect()
    }
}

/// What a hospital must offer to count.
///
/// Only inpatient sites meet a requirement: a day clinic or an outpatient centre never does.
/// What the data of a hospital do not say is neither met nor missed but [`Answer::Unknown`]; in
/// coverage, pathways, rules and incidents it does not count as met, and they name the hospital.
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
        /// Least grade; `None` when any will do. Whether a facility without a stated grade has it is
        /// unknown, unless it is the lowest one.
        #[serde(skip_serializing_if = "Option::is_none")]
        at_least: Option<String>,
    },
    /// Exactly this level of care. At a site of its own without a stated level it is unknown; a branch
    /// and a cross-sector site have none.
    CareLevel(CareLevel),
    /// At least this emergency level.
    EmergencyLevel(EmergencyLevel),
    /// All of these; met when empty.
    All(Vec<Requirement>),
    /// At least one of these; not met when empty.
    Any(Vec<Requirement>),
}

impl Requirement {
    /// Whether a hospital is known to meet it, in whatever hours.
    pub fn is_met_by(&self, hospital: &Hospital, catalog: &Catalog) -> bool {
        self.judge(hospital, catalog) == Answer::Meets
    }

    /// Whether a hospital is known to meet it with what is open in an hour of the week. Levels have
    /// no hours.
    pub fn is_met_in(&self, hour: HourOfWeek, hospital: &Hospital, catalog: &Catalog) -> bool {
        self.judge_in(hour, hospital, catalog) == Answer::Meets
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

    /// Whether a hospital meets it, in whatever hours, as far as its data say.
    ///
    /// ```
    /// use verbund::model::{Answer, Catalog, Facility, FacilityKind, Hospital, Position, Requirement};
    ///
    /// let mut catalog = Catalog::default();
    /// catalog.facilities.push(FacilityKind {
    ///     key: "trauma_centre".into(),
    ///     name: "trauma centre".into(),
    ///     name_de: "Traumazentrum".into(),
    ///     grades: vec!["local".into(), "regional".into()],
    /// });
    /// let mut hospital = Hospital::new("a", "A", Position::new(51.0, 12.0)?);
    /// hospital.facilities.push(Facility::new("trauma_centre"));
    /// let asks = |grade: &str| Requirement::Facility {
    ///     kind: "trauma_centre".into(),
    ///     at_least: Some(grade.into()),
    /// };
    /// assert_eq!(asks("regional").judge(&hospital, &catalog), Answer::Unknown);
    /// assert_eq!(asks("local").judge(&hospital, &catalog), Answer::Meets); // every grade is
    /// # Ok::<(), verbund::model::PositionError>(())
    /// ```
    pub fn judge(&self, hospital: &Hospital, catalog: &Catalog) -> Answer {
        self.judge_when(hospital, catalog, &|_| true)
    }

    /// The same with what is open in an hour of the week. Levels have no hours.
    pub fn judge_in(&self, hour: HourOfWeek, hospital: &Hospital, catalog: &Catalog) -> Answer {
        self.judge_when(hospital, catalog, &|hours| hours.is_open_in(hour))
    }

    fn judge_when(
        &self,
        hospital: &Hospital,
        catalog: &Catalog,
        is_open: &dyn Fn(&Hours) -> bool,
    ) -> Answer {
        if !hospital.kind.has_inpatients() {
            return Answer::DoesNot;
        }
        let answers = |parts: &[Self]| -> Vec<Answer> {
            parts.iter().map(|part| part.judge_when(hospital, catalog, is_open)).collect()
        };
        match self {
            Self::Specialty(specialty) => {
                let has_it = hospital.departments.iter().any(|department| {
                    department.specialty == *specialty
                        && department.is_inpatient()
                        && is_open(&department.hours)
                });
                known(has_it)
            }
            Self::Facility { kind, at_least } => {
                let facilities = hospital.facilities.iter();
                let answers = facilities
                    .filter(|facility| facility.kind == *kind && is_open(&facility.hours))
                    .map(|facility| {
                        let grade = facility.grade.as_deref();
                        catalog.is_of_grade(kind, grade, at_least.as_deref())
                    });
                answers.max().unwrap_or(Answer::DoesNot)
            }
            Self::CareLevel(level) => match hospital.care_level {
                Some(own) => known(own == *level),
                None if hospital.has_no_care_level() => Answer::DoesNot,
                None => Answer::Unknown,
            },
            Self::EmergencyLevel(level) => known(hospital.emergency_level >= Some(*level)),
            Self::All(parts) => answers(parts).into_iter().min().unwrap_or(Answer::Meets),
            Self::Any(parts) => answers(parts).into_iter().max().unwrap_or(Answer::DoesNot),
        }
    }

    /// What a hospital lacks, in words, in the order of the requirement; empty when it is met. What
    /// the data do not say comes behind it: `unknown: grade of trauma centre`.
    pub fn missing(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        let Gaps { mut missing, unknown } = self.gaps(hospital, catalog);
        missing.extend(unknown.into_iter().map(|what| format!("unknown: {what}")));
        missing
    }

    /// What a hospital lacks, and what the data do not say, each in words and in the order of the
    /// requirement; both empty when it is met.
    pub fn gaps(&self, hospital: &Hospital, catalog: &Catalog) -> Gaps {
        match self.judge(hospital, catalog) {
            Answer::Meets => return Gaps::default(),
            Answer::Unknown => {
                return Gaps { missing: Vec::new(), unknown: self.unknown(hospital, catalog) };
            }
            Answer::DoesNot => {}
        }
        let lacks = |what: String| Gaps { missing: vec![what], unknown: Vec::new() };
        match hospital.kind {
            SiteKind::Hospital | SiteKind::CrossSectorSite | SiteKind::HealthCentre => {}
            SiteKind::DayClinic => return lacks("day clinic, no inpatients".to_owned()),
            SiteKind::OutpatientCentre => return lacks("outpatients only".to_owned()),
        }
        match self {
            Self::All(parts) => {
                let mut gaps = Gaps::default();
                for part in parts {
                    let Gaps { missing, unknown } = part.gaps(hospital, catalog);
                    gaps.missing.extend(missing);
                    gaps.unknown.extend(unknown);
                }
                gaps
            }
            Self::Facility { kind, at_least: Some(_) } if hospital.facility(kind).is_some() => {
                let grade = hospital.facility(kind).and_then(|facility| facility.grade.as_deref());
                lacks(format!("{} is {}", catalog.name(kind), grade.unwrap_or("without a grade")))
            }
            other => lacks(format!("no {}", other.describe(catalog))),
        }
    }

    /// What would have to be known to say whether a hospital meets it, in words, in the order of the
    /// requirement; empty unless the answer is [`Answer::Unknown`].
    pub fn unknown(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        if self.judge(hospital, catalog) != Answer::Unknown {
            return Vec::new();
        }
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let mut words: Vec<String> = Vec::new();
                for word in parts.iter().flat_map(|part| part.unknown(hospital, catalog)) {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
                words
            }
            Self::Facility { kind, .. } => vec![format!("grade of {}", catalog.name(kind))],
            Self::CareLevel(_) => vec!["care level".to_owned()],
            Self::Specialty(_) | Self::EmergencyLevel(_) => Vec::new(),
        }
    }

    /// The hospitals of a network of which the data do not say whether they meet it, by id. They
    /// count as not meeting it.
    pub fn unknown_sites(&self, network: &Network) -> Vec<UnknownSite> {
        let sites = network.iter().map(|(hospital, own)| {
            let unknown = self.unknown(own, network.catalog());
            UnknownSite { hospital, unknown }
        });
        sites.filter(|site| !site.unknown.is_empty()).collect()
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

/// The answer where the data say it.
fn known(is_met: bool) -> Answer {
    if is_met { Answer::Meets } else { Answer::DoesNot }
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
