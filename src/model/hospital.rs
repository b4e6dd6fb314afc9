//! Hospitals: sites with their departments, facilities and beds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{Date, Hours};
use crate::model::Position;

/// Level of care in the hospital plan of the state (Versorgungsstufe).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum CareLevel {
    /// Regelversorgung.
    Basic,
    /// Schwerpunktversorgung.
    Priority,
    /// Maximalversorgung.
    Maximum,
    /// Fachkrankenhaus: a hospital for one specialty or group of diseases.
    Specialist,
}

impl CareLevel {
    /// The rank of the levels of general care, in rising order: 1 for Basic, 2 for Priority, 3 for Maximum. A
    /// Fachkrankenhaus stands beside them, not above: `None`.
    ///
    /// ```
    /// use verbund::model::CareLevel;
    ///
    /// assert!(CareLevel::Maximum.rank() > CareLevel::Priority.rank());
    /// assert_eq!(CareLevel::Specialist.rank(), None);
    /// ```
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::Basic => Some(1),
            Self::Priority => Some(2),
            Self::Maximum => Some(3),
            // A Fachkrankenhaus stands beside the three levels, not above or below them.
            Self::Specialist => None,
        }
    }
}

/// Stage of the G-BA rules on emergency structures (Notfallstufe), in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum EmergencyLevel {
    /// The lowest stage of section 7, by the decision of 20 November 2025: it takes part in emergency
    /// care and is free of deductions, but in none of the three stages. When it enters into force was
    /// not seen; no network needs to state it.
    Minimum,
    /// Basisnotfallversorgung, stage 1.
    Basic,
    /// Erweiterte Notfallversorgung, stage 2.
    Extended,
    /// Umfassende Notfallversorgung, stage 3.
    Comprehensive,
}

/// Who owns the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Ownership {
    /// A municipality, district, state or other public body.
    Public,
    /// A church or charity (freigemeinnützig).
    NonProfit,
    /// A private company.
    Private,
    /// A state's university hospital.
    University,
}

/// What kind of site this is. Only a site with inpatients ([`SiteKind::has_inpatients`]) meets
/// requirements of inpatient care.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
pub enum SiteKind {
    /// A site with beds.
    #[default]
    Hospital,
    /// Day places only (Tagesklinik).
    DayClinic,
    /// Outpatients only (for instance a psychiatric outpatient department on its own).
    OutpatientCentre,
    /// A cross-sector site (sektorenübergreifende Versorgungseinrichtung, level 1i): some inpatients,
    /// usually no emergencies.
    CrossSectorSite,
    /// A Gesundheitszentrum of the Saxon plan: Regelversorgung in reduced scope.
    HealthCentre,
}

impl SiteKind {
    /// Whether it takes inpatients.
    pub fn has_inpatients(self) -> bool {
        matches!(self, Self::Hospital | Self::CrossSectorSite | Self::HealthCentre)
    }
}

/// How a department is run.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
pub enum DepartmentKind {
    /// With doctors of the hospital (Hauptabteilung).
    #[default]
    Main,
    /// With attending doctors from their own practices (Belegabteilung).
    Attending,
    /// With day places only (teilstationär). Never meets a requirement of inpatient care.
    Day,
}

/// A specialty at one hospital.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Key of the specialty in the catalog.
    #[serde(deserialize_with = "crate::model::renamed::read_key")]
    pub specialty: String,
    /// The department's own name, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it is run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: DepartmentKind,
    /// Inpatient beds; `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beds: Option<u32>,
    /// Day places; `None` when unknown or without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_places: Option<u32>,
    /// Opening hours.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hours: Hours,
    /// First day on which it is there; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Date>,
    /// First day on which it is gone; `None` when no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl Department {
    /// A main department that is always open, with beds unknown.
    pub fn new(specialty: impl Into<String>) -> Self {
        Self {
            specialty: specialty.into(),
            name: None,
            kind: DepartmentKind::Main,
            beds: None,
            day_places: None,
            hours: Hours::ALWAYS,
            opened: None,
            closed: None,
        }
    }

    /// The same with this many beds.
    #[must_use]
    pub fn beds(mut self, beds: u32) -> Self {
        self.beds = Some(beds);
        self
    }

    /// Whether it takes inpatients.
    pub fn is_inpatient(&self) -> bool {
        self.kind != DepartmentKind::Day
    }
}

/// A unit or piece of equipment that care depends on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Key of the facility in the catalog, such as `stroke_unit`.
    #[serde(deserialize_with = "crate::model::renamed::read_key")]
    pub kind: String,
    /// Key of its grade in the catalog; `None` when its kind has none or it is unknown. A requirement
    /// that asks for more than the lowest grade is then neither met nor missed
    /// ([`Answer::Unknown`](super::Answer::Unknown)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// How many there are (beds of an intensive care unit, labs); `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Opening hours.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hours: Hours,
    /// First day on which it is there; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Date>,
    /// First day on which it is gone; `None` when no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl Facility {
    /// A facility without a grade that is always open.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            grade: None,
            count: None,
            hours: Hours::ALWAYS,
            opened: None,
            closed: None,
        }
    }

    /// The same with this grade.
    #[must_use]
    pub fn grade(mut self, grade: impl Into<String>) -> Self {
        self.grade = Some(grade.into());
        self
    }
}

/// An operator that a hospital had before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FormerOperator {
    /// Its name.
    pub operator: String,
    /// Who owned it.
    pub ownership: Ownership,
    /// First day of the next operator.
    pub until: Date,
}

/// Something that a source says about a hospital: births, cases, staff.
///
/// Facts stand beside the model: nothing is computed from them but comparisons.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it is about, such as `births`.
    pub field: String,
    /// What the source says, as it says it.
    pub value: String,
    /// In which unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For which year, as the source says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// Key of the source.
    pub source: String,
}

/// What a value rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A source says it.
    Sourced,
    /// A stated rule gives it from what sources say.
    Derived,
    /// Nobody published it: an assumption.
    Assumed,
}

/// The largest share of patients from beyond the places: with all of them, nobody would be left whose
/// number the places give.
pub(crate) const MOST_FROM_BEYOND: f64 = 0.95;

/// One hospital site: level, beds, departments, facilities, each with what nobody published marked as assumed.
///
/// A site is where patients arrive, with a position of its own; what counts as one site before the law is a question to
/// [`rules`](crate::rules). Beds are inpatient beds that stand in the plan ([`Hospital::staffed_share`] says how many
/// are staffed), day places are apart. `None` is unknown, never zero: judge a site by
/// [`Network::answer`](super::Network::answer), which tells "does not meet it" from "nobody knows".
///
/// It is plain data, read and written by serde as files have it, and checked when it becomes part of a network
/// or of a scenario; alone it may be anything.
///
/// ```
/// use verbund::files::Folder;
///
/// let model = Folder::small().read()?;
/// let network = &model.network;
/// let south = &network[network.find("south").ok_or("no such hospital")?];
/// assert_eq!((south.name.as_str(), south.beds), ("Krankenhaus Süd", Some(80)));
/// assert!(south.inpatient_department("neurology").is_none(), "strokes are treated with the help of others");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Hospital {
    /// Written key, unique in the network; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// Full name.
    pub name: String,
    /// Operator (Träger).
    pub operator: String,
    /// Who owns the operator.
    pub ownership: Ownership,
    /// What kind of site it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: SiteKind,
    /// Where it is.
    pub position: Position,
    /// Town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// District (Kreis).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// Whether it lies outside of the region and is here because people of the region use it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub outside: bool,
    /// Key of the main site that this one belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Level in the state's plan; `None` when unknown or when the site has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_level: Option<CareLevel>,
    /// G-BA emergency stage; `None` when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_level: Option<EmergencyLevel>,
    /// Inpatient beds of the site, its branches included where the source counts them together
    /// (those branches then have `None`); `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beds: Option<u32>,
    /// Day places; `None` when unknown or without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_places: Option<u32>,
    /// Share of the beds that are staffed, 0.2 to 1; `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staffed_share: Option<f64>,
    /// Share of its patients, those of every department alike, who come from beyond the places of the
    /// network, 0 to 0.95: a national centre has them. They fill its beds and belong to no place; `None`
    /// for nobody.
    ///
    /// With the share s, every 1 - s patients from the places come with s from beyond: at a heart centre
    /// with 0.6, 1,200 cases a year from the places with 1,800 from beyond.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_beyond: Option<f64>,
    /// Departments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Department>,
    /// Facilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facilities: Vec<Facility>,
    /// First day on which it is there; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Date>,
    /// First day on which it is gone; `None` when no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
    /// Operators before the present one, in the order of their ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_operators: Vec<FormerOperator>,
    /// What sources say beside the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Keys of the sources of this record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Paths of the values that nobody published: `emergency_level`, `departments.neurology.beds`.
    #[serde(
        default,
        deserialize_with = "super::renamed::read_keys",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub assumed: Vec<String>,
    /// Values that a stated rule gives from what is published, where nobody published the value itself:
    /// its path, as in `assumed`, and the key of the rule in
    /// [`Network::derivations`](super::Network::derivations). A value is sourced, derived or assumed;
    /// never two of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub derived: BTreeMap<String, String>,
    /// Departments and facilities of which no source says whether it has them: `departments.obstetrics`,
    /// `facilities.stroke_unit`. A requirement that asks for one of them is unknown here
    /// ([`Answer::Unknown`](super::Answer::Unknown)), whether it is listed or not. Flows and simulation use what is
    /// listed: it stands in for what is not known.
    #[serde(
        default,
        deserialize_with = "super::renamed::read_keys",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub unknown: Vec<String>,
    /// A remark for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Hospital {
    /// A public hospital with beds unknown and nothing in it; the operator has the site's name.
    ///
    /// ```
    /// use verbund::model::{Department, Hospital, Position};
    ///
    /// let mut north = Hospital::new("north", "Klinik Nord", Position::new(51.5, 12.4)?);
    /// north.departments.push(Department::new("internal_medicine").beds(40));
    /// assert!(north.has_specialty("internal_medicine"));
    /// # Ok::<(), verbund::model::PositionError>(())
    /// ```
    pub fn new(key: impl Into<String>, name: impl Into<String>, position: Position) -> Self {
        let name = name.into();
        Self {
            key: key.into(),
            // Many hospitals are their own operator; whoever knows better says so.
            operator: name.clone(),
            name,
            ownership: Ownership::Public,
            kind: SiteKind::Hospital,
            position,
            city: None,
            district: None,
            outside: false,
            parent: None,
            care_level: None,
            emergency_level: None,
            beds: None,
            day_places: None,
            staffed_share: None,
            from_beyond: None,
            departments: Vec::new(),
            facilities: Vec::new(),
            opened: None,
            closed: None,
            former_operators: Vec::new(),
            facts: Vec::new(),
            sources: Vec::new(),
            assumed: Vec::new(),
            derived: BTreeMap::new(),
            unknown: Vec::new(),
            note: None,
        }
    }

    /// Whether it has an inpatient department of exactly this specialty.
    pub fn has_specialty(&self, specialty: &str) -> bool {
        self.inpatient_department(specialty).is_some()
    }

    /// The inpatient department of exactly this specialty; a main one before an attending one.
    pub fn inpatient_department(&self, specialty: &str) -> Option<&Department> {
        // A day clinic may list departments: nobody lies in them at night.
        if !self.kind.has_inpatients() {
            return None;
        }

        // `Main` comes before `Attending`.
        let is_asked_for = |department: &&Department| {
            department.specialty == specialty && department.is_inpatient()
        };
        self.departments.iter().filter(is_asked_for).min_by_key(|department| department.kind)
    }

    /// Beds of all inpatient departments of exactly this specialty, main and attending ones
    /// together; `None` when there is none or the beds of one are unknown.
    pub fn beds_of(&self, specialty: &str) -> Option<u32> {
        self.inpatient_department(specialty)?;

        // One department without a number makes the sum unknown: it would only be a lower bound.
        let mut beds = 0;
        for department in &self.departments {
            if department.specialty == specialty && department.is_inpatient() {
                beds += department.beds?;
            }
        }
        Some(beds)
    }

    /// Patients from beyond the places of the network for each one from them, 0 to 19; see
    /// [`Hospital::from_beyond`].
    pub fn beyond_per_case(&self) -> f64 {
        // Cases in code may say anything: at a share of 1 there would be no case of the region to
        // multiply.
        let share = self.from_beyond.unwrap_or(0.0).clamp(0.0, MOST_FROM_BEYOND);
        share / (1.0 - share)
    }

    /// Whether that no care level is stated means that it has none: a branch, whose main site has
    /// one, and a cross-sector site.
    pub(crate) fn has_no_care_level(&self) -> bool {
        self.parent.is_some() || self.kind == SiteKind::CrossSectorSite
    }

    /// The facility of this kind.
    pub fn facility(&self, kind: &str) -> Option<&Facility> {
        self.facilities.iter().find(|facility| facility.kind == kind)
    }

    /// Whether the value at this path is marked as assumed, itself or with what it is part of:
    /// `departments` marks every department, `departments.neurology` also its beds.
    ///
    /// A value with a mark of its own as derived is not assumed with the whole that it is part of:
    /// departments may be assumed and the beds of one derived.
    pub fn is_assumed(&self, path: &str) -> bool {
        // A mark of everything in a department does not reach what a rule gave one value of it.
        let is_marked = self.assumed.iter().any(|mark| covers(mark, path));
        is_marked && !self.derived.contains_key(path)
    }

    /// The key of the rule that gives the value at this path, or what it is part of; `None` where it is
    /// sourced or assumed.
    pub fn derivation(&self, path: &str) -> Option<&str> {
        // What is said of the value itself comes before what is said of all around it.
        if let Some(rule) = self.derived.get(path) {
            return Some(rule);
        }
        if self.is_assumed(path) {
            return None;
        }
        let whole = self.derived.iter().find(|(mark, _)| covers(mark, path));
        whole.map(|(_, rule)| rule.as_str())
    }

    /// What the value at this path rests on.
    pub fn basis(&self, path: &str) -> Basis {
        if self.is_assumed(path) {
            Basis::Assumed
        } else if self.derivation(path).is_some() {
            Basis::Derived
        } else {
            Basis::Sourced
        }
    }

    /// Whether no source says if it has the department or facility at this path, `departments.obstetrics`.
    pub fn is_unknown(&self, path: &str) -> bool {
        self.unknown.iter().any(|mark| mark == path)
    }

    /// Notes that it is known now whether it has what is at this path.
    pub(crate) fn settle(&mut self, path: &str) {
        self.unknown.retain(|mark| mark != path);
    }

    /// What is unknown of two hospitals that become one: what either may have and neither has for sure.
    pub(crate) fn unknown_with(&self, other: &Self) -> Vec<String> {
        // A department that only stands in for an unknown one has its path, too.
        let has_for_sure =
            |hospital: &Self, path: &str| hospital.has_path(path) && !hospital.is_unknown(path);

        // What one of the two has for sure, the two have together.
        let mut unknown: Vec<String> = Vec::new();
        for path in self.unknown.iter().chain(&other.unknown) {
            let is_sure = has_for_sure(self, path) || has_for_sure(other, path);
            if !is_sure && !unknown.contains(path) {
                unknown.push(path.clone());
            }
        }
        unknown
    }

    /// Takes the marks of what is not there any more away.
    pub(crate) fn drop_stale_marks(&mut self) {
        // Taken out and put back, because whether there is a path is asked of the hospital itself.
        let mut assumed = std::mem::take(&mut self.assumed);
        assumed.retain(|path| self.has_path(path));
        self.assumed = assumed;
        let mut derived = std::mem::take(&mut self.derived);
        derived.retain(|path, _| self.has_path(path));
        self.derived = derived;
    }

    /// The hospital as it is on a day, or `None` when it is not there.
    pub fn as_of(&self, day: Date) -> Option<Self> {
        if !is_there(self.opened, self.closed, day) {
            return None;
        }
        let mut hospital = self.clone();
        hospital.departments.retain(|part| is_there(part.opened, part.closed, day));
        hospital.facilities.retain(|part| is_there(part.opened, part.closed, day));

        // Of those whose time was not over, the first one was there then.
        let former = self.former_operators.iter().filter(|former| !former.until.is_by(day));
        if let Some(then) = former.min_by_key(|former| former.until) {
            hospital.operator.clone_from(&then.operator);
            hospital.ownership = then.ownership;
        }
        hospital.former_operators.retain(|former| former.until.is_by(day));

        // A department that is not there that day is no longer assumed either.
        hospital.drop_stale_marks();
        Some(hospital)
    }

    /// Whether a path as used in `assumed` refers to something that this hospital has.
    pub fn has_path(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            // What every hospital has, whether or not anybody wrote it down.
            ["position" | "operator" | "ownership" | "kind"] => true,
            ["care_level"] => self.care_level.is_some(),
            ["emergency_level"] => self.emergency_level.is_some(),
            ["beds"] => self.beds.is_some(),
            ["day_places"] => self.day_places.is_some(),
            ["staffed_share"] => self.staffed_share.is_some(),
            ["from_beyond"] => self.from_beyond.is_some(),
            ["opened"] => self.opened.is_some(),
            ["closed"] => self.closed.is_some(),
            ["departments"] => !self.departments.is_empty(),
            ["facilities"] => !self.facilities.is_empty(),
            ["departments", specialty, rest @ ..] => {
                self.departments.iter().filter(|part| part.specialty == *specialty).any(|part| {
                    match rest {
                        [] | ["kind" | "hours"] => true,
                        ["beds"] => part.beds.is_some(),
                        ["day_places"] => part.day_places.is_some(),
                        ["opened"] => part.opened.is_some(),
                        ["closed"] => part.closed.is_some(),
                        _ => false,
                    }
                })
            }
            ["facilities", kind, rest @ ..] => {
                self.facilities.iter().filter(|part| part.kind == *kind).any(|part| match rest {
                    [] | ["hours"] => true,
                    ["grade"] => part.grade.is_some(),
                    ["count"] => part.count.is_some(),
                    ["opened"] => part.opened.is_some(),
                    ["closed"] => part.closed.is_some(),
                    _ => false,
                })
            }
            _ => false,
        }
    }
}

/// Whether a mark is the path of a value or of the whole that the value is part of.
pub(crate) fn covers(mark: &str, path: &str) -> bool {
    match path.strip_prefix(mark) {
        // `departments.neuro` is no part of `departments.neurology`.
        Some(rest) => rest.is_empty() || rest.starts_with('.'),
        None => false,
    }
}

/// Whether something that opens and closes on these dates is there on a day.
pub(crate) fn is_there(from: Option<Date>, until: Option<Date>, day: Date) -> bool {
    // The day of an end is the first without it, so that two that follow each other never overlap.
    from.is_none_or(|from| from.is_by(day)) && until.is_none_or(|until| !until.is_by(day))
}

/// For `skip_serializing_if`: leave out what has its default value.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
