//! Stages of emergency care: which one a hospital's departments, beds and facilities would allow.

use serde::Serialize;

use super::RulesError;
use super::sites::{ONE_SITE, Site, inpatient_sites};
use crate::model::{
    Answer, Catalog, Department, DepartmentList, EmergencyLevel, EmergencyStage, Gaps, Hospital,
    HospitalId, ListedDepartment, Network, Recorded,
};
use crate::words;

/// The kind of facility that is an intensive care unit; its count is its beds.
const INTENSIVE_UNIT: &str = "icu";
/// The specialty whose beds count where the unit's count is not known.
const INTENSIVE_SPECIALTY: &str = "intensive_care";

/// Intensive care beds of a hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum IntensiveBeds {
    /// So many round the clock, 0 for a hospital with neither a unit nor a department nor a stage.
    Known(u32),
    /// So many in departments of intensive care, and perhaps more: most such beds lie in units of other
    /// departments, and the number of its units' is not stated.
    AtLeast(u32),
    /// It has a unit or a department, or states a stage, which asks for such beds, but nobody says
    /// how many there are.
    Unknown,
    /// No hospital of the data has a unit or a department.
    Nowhere,
}

impl IntensiveBeds {
    /// The beds of its units (`icu`, their counts together) that are open round the clock; where one of those
    /// is not known, at least those of the departments of intensive care.
    pub fn of(hospital: &Hospital, recorded: &Recorded) -> Self {
        let by_night = open_always(hospital);
        if let Some(beds) = unit_beds(&by_night) {
            return Self::Known(beds);
        }
        let is_recorded =
            recorded.has_facility(INTENSIVE_UNIT) || recorded.has_specialty(INTENSIVE_SPECIALTY);
        // A stage asks for such beds, so that a record which names none is not complete.
        let is_silent =
            !is_named(hospital) && hospital.emergency_level >= Some(EmergencyLevel::Basic);
        // Most such beds lie in units of other departments, so a department's beds are a least number.
        match by_night.beds_of(INTENSIVE_SPECIALTY) {
            Some(beds) => Self::AtLeast(beds),
            None if !is_recorded => Self::Nowhere,
            None if is_silent || is_named(&by_night) => Self::Unknown,
            None => Self::Known(0),
        }
    }
}

/// Whether a hospital's record names a unit or a department of intensive care.
fn is_named(hospital: &Hospital) -> bool {
    hospital.facility(INTENSIVE_UNIT).is_some() || hospital.has_specialty(INTENSIVE_SPECIALTY)
}

/// The beds of all units of intensive care; `None` where there is none, or one of them is not counted.
fn unit_beds(hospital: &Hospital) -> Option<u32> {
    let mut beds = None;
    for facility in &hospital.facilities {
        if facility.kind == INTENSIVE_UNIT {
            beds = Some(beds.unwrap_or(0) + facility.count?);
        }
    }
    beds
}

/// The verdict on one stage, those below it left aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StageCheck {
    /// The stage.
    pub level: EmergencyLevel,
    /// Whether it is in force.
    pub in_force: bool,
    /// What the hospital lacks for it, and what nobody can tell from the data.
    pub gaps: Gaps,
}

/// How the stage that a network states fits what the data would allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum StageComparison {
    /// The same as the data allows.
    Same,
    /// Nobody can tell: reached if what the data lack is there.
    Unknown,
    /// Higher than the data allows, whatever is unknown.
    Higher,
    /// Lower than the data allows.
    Lower,
}

/// A site under the rules on emergency stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HospitalStage {
    /// The hospital; the main one where several count as one site.
    pub hospital: HospitalId,
    /// All hospitals of the site, by key.
    pub hospitals: Vec<HospitalId>,
    /// The stage that the network states; `None` for none.
    pub stated: Option<EmergencyLevel>,
    /// Whether that is assumed there.
    pub is_stated_assumed: bool,
    /// Its intensive care beds.
    pub intensive_beds: IntensiveBeds,
    /// Keys of its departments of list A, in the order of the catalog.
    pub of_a: Vec<String>,
    /// Keys of its departments of list B.
    pub of_b: Vec<String>,
    /// Keys of listed departments that the network does not name, but that may be hidden in a broader
    /// department which the hospital has, such as cardiology in internal medicine.
    pub perhaps: Vec<String>,
    /// The verdict on each stage, the lowest first.
    pub stages: Vec<StageCheck>,
}

impl HospitalStage {
    /// The highest stage that holds with all stages below it.
    pub fn allowed(&self) -> Option<EmergencyLevel> {
        self.reached(|_| true).allowed
    }

    /// The highest stage that does not fail, nor any below it: what it would reach if all that is
    /// unknown were there.
    pub fn possible(&self) -> Option<EmergencyLevel> {
        self.reached(|_| true).possible
    }

    /// The first stage in force above [`HospitalStage::allowed`].
    pub fn next(&self) -> Option<&StageCheck> {
        let is_ahead = |stage: &&StageCheck| stage.in_force && stage.gaps.answer() != Answer::Meets;
        self.stages.iter().find(is_ahead)
    }

    /// What it reaches for sure and at best.
    pub fn range(&self) -> StageRange {
        self.reached(|_| true)
    }

    /// What it reaches of some of the stages.
    fn reached(&self, counts: impl Fn(&StageCheck) -> bool) -> StageRange {
        let mut range = StageRange::default();
        let mut is_sure = true;
        for stage in self.stages.iter().filter(|stage| counts(stage)) {
            // Each stage builds on those below it: beyond one that fails, none is reached.
            match stage.gaps.answer() {
                Answer::DoesNot => break,
                Answer::Unknown => is_sure = false,
                Answer::Meets => {}
            }
            range.possible = Some(stage.level);
            if is_sure {
                range.allowed = Some(stage.level);
            }
        }
        range
    }

    /// How the stated stage fits, among the stages that are in force, and itself.
    pub fn comparison(&self) -> StageComparison {
        let is_stated = |level| self.stated == Some(level);
        let StageRange { allowed, possible } =
            self.reached(|stage| stage.in_force || is_stated(stage.level));
        // `None` is below every stage, so that a hospital without one compares like any other.
        if self.stated == allowed && allowed == possible {
            StageComparison::Same
        } else if self.stated < allowed {
            StageComparison::Lower
        } else if self.stated > possible {
            StageComparison::Higher
        } else {
            StageComparison::Unknown
        }
    }
}

/// The stages that a hospital reaches for sure and at best; the same where the data say all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct StageRange {
    /// The highest stage that holds; `None` for none.
    pub allowed: Option<EmergencyLevel>,
    /// The highest stage that does not fail.
    pub possible: Option<EmergencyLevel>,
}

/// Which stage of the G-BA rules on emergency structures (section 136c (4) SGB V) each site with
/// inpatients would reach, by the id of its main hospital: basic, extended or comprehensive by the
/// rules of 19 April 2018, and below them the lowest stage of section 7 by the decision of 20 November
/// 2025, whose entry into force was not seen ([`StageCheck::in_force`]).
///
/// Hospitals of one operator within 2,000 m are one site ([`sites`](super::sites())), with all that they have.
/// Checked are departments, facilities and intensive care beds, each stage with all below it; the departments
/// and facilities that a stage names must be open round the clock, those of the lists A and B need not. What no
/// network says is listed in the catalog
/// ([`EmergencyRules::not_checked`](crate::model::EmergencyRules::not_checked)). Which specialties
/// stand for the rule's departments is an assumption of the catalog (`emergency_stages.ron`).
///
/// Each stage holds, fails, or is unknown by the rule of [`Answer`]. Beyond that a stage is unknown where the
/// beds of an intensive care unit are not stated (those of a department of intensive care are a least number), where a hospital states a stage and its record names no
/// unit, and where departments that a stage needs may be hidden in broader ones
/// ([`HospitalStage::perhaps`]).
///
/// ```
/// use verbund::files::Folder;
/// use verbund::model::EmergencyLevel;
/// use verbund::rules::emergency_stages;
///
/// let network = Folder::small().read()?.network;
/// let all = emergency_stages(&network).unwrap();
/// let north = all.iter().find(|one| network[one.hospital].key == "north").unwrap();
/// assert_eq!(north.allowed(), Some(EmergencyLevel::Basic)); // twelve beds, medicine, surgery
/// assert_eq!(north.of_a, ["neurology", "gynaecology_obstetrics"]); // and paediatrics of list B
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
///
/// # Errors
///
/// When the catalog has no rules on emergency stages.
pub fn emergency_stages(network: &Network) -> Result<Vec<HospitalStage>, RulesError> {
    let rules = &network.catalog().emergency_rules;
    if rules.stages.is_empty() {
        return Err(RulesError::NoEmergencyStages);
    }
    let mut sites = inpatient_sites(network, ONE_SITE);
    sites.sort_by_key(|site| site.main);
    Ok(sites.into_iter().map(|site| stage_of(network, site)).collect())
}

fn stage_of(network: &Network, site: Site) -> HospitalStage {
    let rules = &network.catalog().emergency_rules;
    let hospital = site.whole(network);
    let listed = Listed::of(network, &hospital);
    let by_night = open_always(&hospital);
    let beds = IntensiveBeds::of(&hospital, network.recorded());
    let mut stages = Vec::new();
    for stage in &rules.stages {
        let mut gaps = network.judge(&stage.requirement, &hospital);
        // Rules under section 136c (4) SGB V: what a stage names must be there round the clock, departments of
        // the lists A and B need not.
        add_night(&mut gaps, network.judge(&stage.requirement, &by_night));
        listed.add_gaps(stage, &mut gaps);
        add_beds(beds, stage.intensive_beds, &mut gaps);
        stages.push(StageCheck { level: stage.level, in_force: stage.in_force, gaps });
    }
    HospitalStage {
        hospital: site.main,
        hospitals: site.hospitals,
        stated: hospital.emergency_level,
        is_stated_assumed: hospital.is_assumed("emergency_level"),
        intensive_beds: beds,
        stages,
        perhaps: keys(&listed.hidden),
        of_a: keys(&listed.of_list(DepartmentList::A)),
        of_b: keys(&listed.of_list(DepartmentList::B)),
    }
}

/// Adds what is there by day only, which counts for no stage.
fn add_night(gaps: &mut Gaps, by_night: Gaps) {
    for what in by_night.missing {
        if !gaps.missing.contains(&what) {
            gaps.missing.push(words::kept(|| round_the_clock(&what)));
        }
    }
    gaps.add(Gaps { missing: Vec::new(), ..by_night });
}

/// What is missing by night, in the language in force.
fn round_the_clock(what: &str) -> String {
    said!("{what} round the clock", what = words::of(what))
}

/// Adds what is missing or unknown of the intensive care beds that a stage asks for.
fn add_beds(beds: IntensiveBeds, least: u32, gaps: &mut Gaps) {
    match beds {
        IntensiveBeds::Known(beds) if beds < least => {
            let more = least - beds;
            gaps.missing.push(words::kept(|| match more {
                1 => said!("1 intensive care bed"),
                more => said!("{more} intensive care beds", more),
            }));
        }
        IntensiveBeds::AtLeast(beds) if beds < least => {
            gaps.unknown.push(words::kept(|| {
                said!("whether it has {least} intensive care beds, at least {beds}", least, beds)
            }));
        }
        IntensiveBeds::Unknown if least > 0 => {
            gaps.unknown
                .push(words::kept(|| said!("whether it has {least} intensive care beds", least)));
        }
        IntensiveBeds::Nowhere if least > 0 => {
            gaps.nowhere.push("intensive care unit".to_owned());
        }
        _ => {}
    }
}

/// The departments of the lists A and B, by what the data say of a hospital.
struct Listed<'r> {
    /// Those that it has.
    there: Vec<&'r ListedDepartment>,
    /// Those that it may have: hidden in a broader department, or not told of this hospital.
    hidden: Vec<&'r ListedDepartment>,
    /// Those that no hospital of the data has.
    nowhere: Vec<Nowhere<'r>>,
}

/// A department that no hospital of the data has.
struct Nowhere<'r> {
    department: &'r ListedDepartment,
    /// What no hospital has of it, in words.
    kinds: Vec<String>,
}

impl<'r> Listed<'r> {
    fn of(network: &'r Network, hospital: &Hospital) -> Self {
        let catalog = network.catalog();
        let broad = with_parts(hospital, catalog);
        let mut listed = Self { there: Vec::new(), hidden: Vec::new(), nowhere: Vec::new() };
        for department in &catalog.emergency_rules.departments {
            let answer = network.answer(&department.offered_by, hospital);
            // The directory often names internal medicine only, where cardiology is a part of it.
            if answer == Answer::Meets {
                listed.there.push(department);
            } else if department.offered_by.is_met_by(&broad, catalog) {
                listed.hidden.push(department);
            } else if answer == Answer::Unknown {
                let gaps = network.judge(&department.offered_by, hospital);
                if gaps.unknown.is_empty() {
                    listed.nowhere.push(Nowhere { department, kinds: gaps.nowhere });
                } else {
                    listed.hidden.push(department);
                }
            }
        }
        listed
    }

    /// Those of one list that it has.
    fn of_list(&self, list: DepartmentList) -> Vec<&'r ListedDepartment> {
        let mut of_list = self.there.clone();
        of_list.retain(|department| department.list == list);
        of_list
    }

    /// Adds what is missing or unknown of the departments that a stage asks for. Of what is missing, that
    /// is sure which nothing can hide.
    fn add_gaps(&self, stage: &EmergencyStage, gaps: &mut Gaps) {
        let mut counted = self.there.clone();
        let Some(words) = short(stage, &counted) else { return };
        counted.extend(&self.hidden);
        let Some(sure) = short(stage, &counted) else {
            gaps.unknown.push(format!("{words}, unless hidden in broader ones"));
            return;
        };
        counted.extend(self.nowhere.iter().map(|entry| entry.department));
        if short(stage, &counted).is_none() {
            let mut nowhere = Vec::new();
            for entry in &self.nowhere {
                nowhere.extend(entry.kinds.iter().cloned());
            }
            gaps.add(Gaps { nowhere, ..Gaps::default() });
        } else if sure == words {
            gaps.missing.push(words);
        } else {
            gaps.missing.push(format!("{sure} ({words}, unless hidden in broader ones)"));
        }
    }
}

/// How many departments a stage asks for beyond these, in words; `None` for none.
fn short(stage: &EmergencyStage, departments: &[&ListedDepartment]) -> Option<String> {
    let mut of_a = 0_u32;
    for department in departments {
        of_a += u32::from(department.list == DepartmentList::A);
    }
    let in_all = stage.departments.saturating_sub(departments.len() as u32);
    in_words(in_all, stage.from_a.saturating_sub(of_a))
}

fn keys(departments: &[&ListedDepartment]) -> Vec<String> {
    let mut keys = Vec::with_capacity(departments.len());
    for department in departments {
        keys.push(department.key.clone());
    }
    keys
}

/// The hospital with what is open round the clock alone.
fn open_always(hospital: &Hospital) -> Hospital {
    let mut always = hospital.clone();
    always.departments.retain(|department| department.hours.is_always());
    always.facilities.retain(|facility| facility.hours.is_always());
    always
}

/// The hospital with a department for every specialty that is part of one that it has.
fn with_parts(hospital: &Hospital, catalog: &Catalog) -> Hospital {
    let mut broad = hospital.clone();
    for specialty in &catalog.specialties {
        let broader = specialty.part_of.as_ref();
        if broader.is_some_and(|broader| hospital.has_specialty(broader)) {
            broad.departments.push(Department::new(&specialty.key));
        }
    }
    broad
}

/// So many departments in all and of list A, in words that results keep; `None` for none.
fn in_words(in_all: u32, from_a: u32) -> Option<String> {
    let is_some = in_all > 0 || from_a > 0;
    is_some.then(|| words::kept(|| departments_in_words(in_all, from_a)))
}

/// The same in the language in force.
fn departments_in_words(in_all: u32, from_a: u32) -> String {
    match (in_all, from_a) {
        (1, 0) => said!("1 department of list A or B"),
        (more, 0) => said!("{more} departments of list A or B", more),
        (0 | 1, 1) => said!("1 department of list A"),
        (more, a) if more <= a => said!("{more} departments of list A", more = a),
        (more, a) => said!("{more} departments, {a} of list A", more, a),
    }
}
