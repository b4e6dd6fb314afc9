//! The catalog: the keys that networks use, standards of care, and rates of demand.

use serde::Serialize;

use crate::model::hospital::is_default;
use crate::model::{
    AgeBand, Answer, Basis, EmergencyRules, FirstLeg, GroupAssumptions, MinimumVolumes, Pathway,
    PopulationGroup, Requirement, ServiceGroups, SupplementRules,
};
use crate::units::Seconds;
use crate::words;

/// A specialty (Fachgebiet).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Specialty {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Key of the broader specialty whose department treats these cases where a hospital has no
    /// department of its own for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
}

/// A field of cooperation that is no specialty, such as pharmacy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
}

/// A kind of facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacilityKind {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Keys of its grades, the lowest first; empty when it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<String>,
}

/// A standard: what a hospital must offer, for whom, and within how many minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standard {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// What a hospital must offer.
    pub requirement: Requirement,
    /// For whom.
    #[serde(skip_serializing_if = "is_default")]
    pub population: PopulationGroup,
    /// The time limit in whole minutes, inclusive.
    pub minutes: u32,
    /// Where it comes from; the word "assumed" marks a limit that nobody published.
    pub source: String,
}

impl Standard {
    /// A standard for everybody.
    ///
    /// ```
    /// use verbund::model::{Requirement, Standard};
    ///
    /// let standard = Standard::new("neurology", Requirement::Specialty("neurology".into()), 45);
    /// assert_eq!(standard.limit().minutes(), 45.0);
    /// ```
    pub fn new(key: impl Into<String>, requirement: Requirement, minutes: u32) -> Self {
        let key = key.into();
        Self {
            name: key.clone(),
            name_de: key.clone(),
            key,
            requirement,
            population: PopulationGroup::ALL,
            minutes,
            source: "assumed".to_owned(),
        }
    }

    /// The same for a group of people.
    #[must_use]
    pub fn population(mut self, group: PopulationGroup) -> Self {
        self.population = group;
        self
    }

    /// The time limit, inclusive.
    pub fn limit(&self) -> Seconds {
        Seconds::from_minutes(self.minutes)
    }
}

/// How a rate is spread over the ages of its group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum ByAge {
    /// By the age index of inpatient cases.
    Index,
    /// The same for every age.
    #[default]
    Even,
}

/// Cases of a specialty: a rate, whom it concerns, and how long they stay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// Key of the specialty.
    pub specialty: String,
    /// Cases a year per 1,000 people of the whole reference population.
    pub per_1000: f64,
    /// Mean stay in days, before the catalog's `stay_factor`.
    pub stay_days: f64,
    /// Share of the cases that come as an emergency, 0 to 1.
    pub emergency_share: f64,
    /// Whom it concerns.
    #[serde(skip_serializing_if = "is_default")]
    pub population: PopulationGroup,
    /// How it is spread over their ages.
    pub by_age: ByAge,
    /// Where it comes from.
    pub source: String,
    /// Whether nobody published it.
    pub assumed: bool,
    /// The formula that gives it from published figures, in words; `None` where the figure itself is
    /// published or assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derived: Option<String>,
}

impl Rate {
    /// What it rests on.
    pub fn basis(&self) -> Basis {
        match (self.assumed, &self.derived) {
            // The lesser claim counts where somebody wrote both.
            (true, _) => Basis::Assumed,
            (false, Some(_)) => Basis::Derived,
            (false, None) => Basis::Sourced,
        }
    }
}

/// A tracer condition: a rate and what its patients need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Condition {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Cases a year per 1,000 people of the whole reference population.
    pub per_1000: f64,
    /// Mean stay in days, before the catalog's `stay_factor`.
    pub stay_days: f64,
    /// What a hospital must offer.
    pub requirement: Requirement,
    /// Whom it concerns.
    #[serde(skip_serializing_if = "is_default")]
    pub population: PopulationGroup,
    /// How it is spread over their ages.
    pub by_age: ByAge,
    /// Where it comes from.
    pub source: String,
    /// Whether nobody published it.
    pub assumed: bool,
}

/// People of the reference population in one age band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReferenceBand {
    /// Youngest age.
    pub from: u8,
    /// Oldest age; `None` for no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u8>,
    /// Women and girls.
    pub female: u32,
    /// Men and boys.
    pub male: u32,
}

/// How often people of an age become inpatients, relative to the mean of all ages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AgeIndex {
    /// Youngest age.
    pub from: u8,
    /// Oldest age; `None` for no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u8>,
    /// The index, 0 or more; only its proportions matter.
    pub index: f64,
}

impl ReferenceBand {
    /// Its ages.
    pub fn ages(&self) -> AgeBand {
        AgeBand { from: self.from, to: self.to }
    }
}

impl AgeIndex {
    /// Its ages.
    pub fn ages(&self) -> AgeBand {
        AgeBand { from: self.from, to: self.to }
    }
}

/// Rates of demand and the population that they were measured on.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DemandRates {
    /// Factor on every mean stay when bed days are computed.
    pub stay_factor: f64,
    /// The population that the rates refer to.
    pub reference_population: Vec<ReferenceBand>,
    /// Inpatient cases by age.
    pub age_index: Vec<AgeIndex>,
    /// Rates by specialty.
    pub rates: Vec<Rate>,
    /// Tracer conditions.
    pub conditions: Vec<Condition>,
}

/// The keys that networks use, standards of care, and rates of demand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// Specialties.
    pub specialties: Vec<Specialty>,
    /// Fields of cooperation that are no specialties.
    pub fields: Vec<Field>,
    /// Kinds of facilities.
    pub facilities: Vec<FacilityKind>,
    /// Standards.
    pub standards: Vec<Standard>,
    /// Demand.
    pub demand: DemandRates,
    /// Times of the way to the first hospital.
    pub first_leg: FirstLeg,
    /// Care pathways.
    pub pathways: Vec<Pathway>,
    /// Service groups of annex 1 SGB V; empty in a catalog without them.
    pub service_groups: ServiceGroups,
    /// What is assumed about who offers service groups.
    pub group_assumptions: GroupAssumptions,
    /// The G-BA rules on supplements; empty in a catalog without them.
    pub supplement: SupplementRules,
    /// The G-BA rules on emergency stages; empty in a catalog without them.
    pub emergency_rules: EmergencyRules,
    /// Minimum volumes; empty in a catalog without them.
    pub minimum_volumes: MinimumVolumes,
}

/// What something of the catalog is called.
struct Names<'a> {
    english: &'a str,
    german: &'a str,
}

impl Catalog {
    /// Key of the standard, [`Self::major_trauma`].
    pub const MAJOR_TRAUMA_STANDARD: &str = "trauma_centre";

    /// Key of the condition and of the pathway that ask for the same as [`Self::major_trauma`].
    pub const MAJOR_TRAUMA: &str = "major_trauma";

    /// What a hospital must offer for the badly injured: the requirement of the standard
    /// `trauma_centre`; `None` where the catalog has no such standard. Red patients of an incident
    /// are brought there, and a catalog whose condition or whose pathway `major_trauma` (its last
    /// stage) asks for something else is refused.
    pub fn major_trauma(&self) -> Option<&Requirement> {
        self.standard(Self::MAJOR_TRAUMA_STANDARD).map(|standard| &standard.requirement)
    }

    /// The specialty of this key.
    pub fn specialty(&self, key: &str) -> Option<&Specialty> {
        self.specialties.iter().find(|specialty| specialty.key == key)
    }

    /// The kind of facility of this key.
    pub fn facility(&self, key: &str) -> Option<&FacilityKind> {
        self.facilities.iter().find(|facility| facility.key == key)
    }

    /// The standard of this key.
    pub fn standard(&self, key: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.key == key)
    }

    /// The tracer condition of this key.
    pub fn condition(&self, key: &str) -> Option<&Condition> {
        self.demand.conditions.iter().find(|condition| condition.key == key)
    }

    /// The pathway of this key.
    pub fn pathway(&self, key: &str) -> Option<&Pathway> {
        self.pathways.iter().find(|pathway| pathway.key == key)
    }

    /// The rate of a specialty.
    pub fn rate(&self, specialty: &str) -> Option<&Rate> {
        self.demand.rates.iter().find(|rate| rate.specialty == specialty)
    }

    /// Whether a cooperation may name this field: a specialty or one of the other fields.
    pub fn is_field(&self, key: &str) -> bool {
        self.specialty(key).is_some() || self.fields.iter().any(|field| field.key == key)
    }

    /// The keys that a cooperation may name as fields: specialties, then the other fields.
    pub fn field_keys(&self) -> impl Iterator<Item = &str> {
        let specialties = self.specialties.iter().map(|specialty| specialty.key.as_str());
        specialties.chain(self.fields.iter().map(|field| field.key.as_str()))
    }

    /// The English name behind a key of a specialty, field, facility, standard or condition;
    /// the key itself when there is none.
    pub fn name<'a>(&'a self, key: &'a str) -> &'a str {
        self.names(key).map_or(key, |names| names.english)
    }

    /// The same name in the language in force, as people read it.
    ///
    /// ```
    /// use verbund::files::Folder;
    /// use verbund::words::{Language, in_language};
    ///
    /// let network = Folder::leipzig().read()?.network;
    /// let name = || network.catalog().name_in_print("cath_lab").to_owned();
    /// assert_eq!(name(), "cath lab");
    /// assert_eq!(in_language(Language::German, name), "Herzkatheterlabor");
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn name_in_print<'a>(&'a self, key: &'a str) -> &'a str {
        self.names(key).map_or(key, |names| words::name_of(names.english, names.german))
    }

    fn names(&self, key: &str) -> Option<Names<'_>> {
        // Two lists may have the same key: the one that comes first here counts.
        if let Some(specialty) = self.specialty(key) {
            return Some(Names { english: &specialty.name, german: &specialty.name_de });
        }
        if let Some(field) = self.fields.iter().find(|field| field.key == key) {
            return Some(Names { english: &field.name, german: &field.name_de });
        }
        if let Some(facility) = self.facility(key) {
            return Some(Names { english: &facility.name, german: &facility.name_de });
        }
        if let Some(standard) = self.standard(key) {
            return Some(Names { english: &standard.name, german: &standard.name_de });
        }
        let condition = self.condition(key)?;
        Some(Names { english: &condition.name, german: &condition.name_de })
    }

    /// The place of a grade among the grades of a facility, from 0; `None` where none is stated or the
    /// catalog does not have it.
    pub(crate) fn grade_rank(&self, kind: &str, grade: Option<&str>) -> Option<usize> {
        self.facility(kind)?.grades.iter().position(|known| Some(known.as_str()) == grade)
    }

    /// Whether a facility of this grade has at least another one.
    pub(crate) fn is_of_grade(
        &self,
        kind: &str,
        grade: Option<&str>,
        at_least: Option<&str>,
    ) -> Answer {
        // That it is there is enough.
        if at_least.is_none() {
            return Answer::Meets;
        }
        // A grade that the catalog does not have cannot be held against any other.
        let Some(least) = self.grade_rank(kind, at_least) else { return Answer::Unknown };
        match self.grade_rank(kind, grade) {
            Some(rank) if rank >= least => Answer::Meets,
            Some(_) => Answer::DoesNot,
            // Whatever its grade is, it is at least the lowest one.
            None if least == 0 => Answer::Meets,
            None => Answer::Unknown,
        }
    }
}
