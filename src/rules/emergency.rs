//! Stages of emergency care: which one a hospital's departments, beds and facilities would allow.

use super::RulesError;
use super::sites::{ONE_SITE, Site, inpatient_sites};
use crate::model::{
    Catalog, Department, DepartmentList, EmergencyLevel, EmergencyRules, EmergencyStage, Gaps,
    Hospital, HospitalId, ListedDepartment, Network, Specialty,
};

/// The kind of facility that is an intensive care unit; its count is its beds.
const INTENSIVE_UNIT: &str = "icu";
/// The specialty whose beds count where the unit's count is not known.
const INTENSIVE_SPECIALTY: &str = "intensive_care";

/// Intensive care beds of a hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntensiveBeds {
    /// So many, 0 for a hospital with neither a unit nor a department.
    Known(u32),
    /// It has a unit or a department, but nobody says how many beds.
    Unknown,
}

impl IntensiveBeds {
    /// The beds of its units (`icu`, their counts together); where one of those is not known, those of the
    /// departments of intensive care.
    pub fn of(hospital: &Hospital) -> Self {
        let units = || hospital.facilities.iter().filter(|one| one.kind == INTENSIVE_UNIT);
        let has_unit = units().next().is_some();
        let counted: Option<u32> = units().map(|unit| unit.count).sum();
        let beds = counted.filter(|_| has_unit).or(hospital.beds_of(INTENSIVE_SPECIALTY));
        match beds {
            Some(beds) => Self::Known(beds),
            None if has_unit || hospital.has_specialty(INTENSIVE_SPECIALTY) => Self::Unknown,
            None => Self::Known(0),
        }
    }
}

/// What a hospital lacks for one stage, those below it left aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageCheck {
    /// The stage.
    pub level: EmergencyLevel,
    /// What it lacks, in words.
    pub missing: Vec<String>,
    /// What nobody can tell from the data, in words.
    pub unknown: Vec<String>,
}

/// How the stage that a network states fits what the data would allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageComparison {
    /// The same as the data allows.
    Same,
    /// Reached if what is unknown is there.
    Open,
    /// Higher than the data allows, whatever is unknown.
    Higher,
    /// Lower than the data allows.
    Lower,
}

/// A site under the rules on emergency stages.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// What it lacks for each stage, the lowest first.
    pub stages: Vec<StageCheck>,
}

impl HospitalStage {
    /// The highest stage for which nothing is missing or unknown, nor for any stage below it.
    pub fn allowed(&self) -> Option<EmergencyLevel> {
        let met = self.stages.iter();
        let met = met.take_while(|one| one.missing.is_empty() && one.unknown.is_empty());
        met.last().map(|one| one.level)
    }

    /// The highest stage for which nothing is missing: what it would reach if all that is unknown
    /// were there.
    pub fn possible(&self) -> Option<EmergencyLevel> {
        self.stages.iter().take_while(|one| one.missing.is_empty()).last().map(|one| one.level)
    }

    /// The first stage above [`HospitalStage::allowed`].
    pub fn next(&self) -> Option<&StageCheck> {
        self.stages.iter().find(|one| !one.missing.is_empty() || !one.unknown.is_empty())
    }

    /// How the stated stage fits.
    pub fn comparison(&self) -> StageComparison {
        let (allowed, possible) = (self.allowed(), self.possible());
        if self.stated == allowed && allowed == possible {
            StageComparison::Same
        } else if self.stated < allowed {
            StageComparison::Lower
        } else if self.stated > possible {
            StageComparison::Higher
        } else {
            StageComparison::Open
        }
    }
}

/// Which stage of the G-BA rules on emergency structures (section 136c (4) SGB V, 19 April 2018) each
/// site with inpatients would reach, by the id of its main hospital: basic, extended or comprehensive.
///
/// Hospitals of one operator within 2,000 m are one site ([`sites`](super::sites)), with all that they have.
/// Checked are departments, facilities and intensive care beds, each stage with all below it; the departments
/// and facilities that a stage names must be open round the clock, those of the lists A and B need not. What no
/// network says is listed in the catalog
/// ([`EmergencyRules::not_checked`](crate::model::EmergencyRules::not_checked)). Which specialties
/// stand for the rule's departments is an assumption of the catalog (`emergency_stages.ron`). Where the
/// beds of an intensive care unit are unknown, or departments that a stage needs may be hidden in broader
/// ones ([`HospitalStage::perhaps`]), the stage is open, neither reached nor missed.
///
/// ```
/// use verbund::model::{EmergencyLevel, Folder};
/// use verbund::rules::emergency_stages;
///
/// let network = Folder::leipzig().read()?.network;
/// let network = network.as_of(network.date());
/// let all = emergency_stages(&network).unwrap();
/// let ukl = all.iter().find(|one| network[one.hospital].key == "ukl-leipzig").unwrap();
/// assert_eq!(ukl.of_a.len(), 4); // its plan names internal medicine, not cardiology
/// assert_eq!(ukl.possible(), Some(EmergencyLevel::Comprehensive)); // and if its unit has 20 beds
/// # Ok::<(), verbund::model::Problems>(())
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
    let stage = |site: Site| stage_of(network.catalog(), rules, (&site.whole(network), site));
    Ok(sites.into_iter().map(stage).collect())
}

fn stage_of(
    catalog: &Catalog,
    rules: &EmergencyRules,
    (hospital, site): (&Hospital, Site),
) -> HospitalStage {
    let listed = |list: DepartmentList| -> Vec<String> {
        let departments = rules.departments.iter().filter(|one| one.list == list);
        let here = departments.filter(|one| one.offered_by.is_met_by(hospital, catalog));
        here.map(|one| one.key.clone()).collect()
    };
    let (of_a, of_b) = (listed(DepartmentList::A), listed(DepartmentList::B));
    let broad = with_parts(hospital, catalog);
    let hidden: Vec<&ListedDepartment> = rules
        .departments
        .iter()
        .filter(|one| !one.offered_by.is_met_by(hospital, catalog))
        .filter(|one| one.offered_by.is_met_by(&broad, catalog))
        .collect();
    let hidden_a = hidden.iter().filter(|one| one.list == DepartmentList::A).count();
    let by_night = open_always(hospital);
    let beds = IntensiveBeds::of(&by_night);
    let check = |stage: &EmergencyStage| {
        let Gaps { mut missing, mut unknown } = stage.requirement.gaps(hospital, catalog);
        // What is there by day only counts for no stage.
        let Gaps { missing: by_night, unknown: unknown_by_night } =
            stage.requirement.gaps(&by_night, catalog);
        for words in by_night {
            if !missing.contains(&words) {
                missing.push(format!("{words} round the clock"));
            }
        }
        for words in unknown_by_night {
            if !unknown.contains(&words) {
                unknown.push(words);
            }
        }
        let short = |all: usize, a: usize| {
            let lacks = |least: u32, have: usize| least.saturating_sub(have as u32);
            (lacks(stage.departments, all), lacks(stage.from_a, a))
        };
        let named = of_a.len() + of_b.len();
        if let Some(words) = departments(short(named, of_a.len())) {
            // Of what is missing, that is sure which no broader department can hide.
            match departments(short(named + hidden.len(), of_a.len() + hidden_a)) {
                None => unknown.push(format!("{words}, unless hidden in broader ones")),
                Some(sure) if sure == words => missing.push(words),
                Some(sure) => {
                    missing.push(format!("{sure} ({words}, unless hidden in broader ones)"));
                }
            }
        }
        match beds {
            IntensiveBeds::Known(beds) if beds < stage.intensive_beds => {
                let more = stage.intensive_beds - beds;
                let s = if more == 1 { "" } else { "s" };
                missing.push(format!("{more} intensive care bed{s}"));
            }
            IntensiveBeds::Unknown if stage.intensive_beds > 0 => {
                unknown
                    .push(format!("whether it has {} intensive care beds", stage.intensive_beds));
            }
            _ => {}
        }
        StageCheck { level: stage.level, missing, unknown }
    };
    HospitalStage {
        hospital: site.main,
        hospitals: site.hospitals,
        stated: hospital.emergency_level,
        is_stated_assumed: hospital.is_assumed("emergency_level"),
        intensive_beds: beds,
        stages: rules.stages.iter().map(check).collect(),
        perhaps: hidden.into_iter().map(|one| one.key.clone()).collect(),
        of_a,
        of_b,
    }
}

/// The hospital with what is open round the clock alone.
fn open_always(hospital: &Hospital) -> Hospital {
    let mut always = hospital.clone();
    always.departments.retain(|one| one.hours.is_always());
    always.facilities.retain(|one| one.hours.is_always());
    always
}

/// The hospital with a department for every specialty that is part of one that it has.
fn with_parts(hospital: &Hospital, catalog: &Catalog) -> Hospital {
    let mut broad = hospital.clone();
    let is_part = |one: &&Specialty| {
        one.part_of.as_ref().is_some_and(|broader| hospital.has_specialty(broader))
    };
    let parts = catalog.specialties.iter().filter(is_part);
    broad.departments.extend(parts.map(|one| Department::new(&one.key)));
    broad
}

/// So many departments in all and of list A, in words; `None` for none.
fn departments((in_all, from_a): (u32, u32)) -> Option<String> {
    let count = |count: u32| match count {
        1 => "1 department".to_owned(),
        count => format!("{count} departments"),
    };
    match (in_all, from_a) {
        (0, 0) => None,
        (all, 0) => Some(format!("{} of list A or B", count(all))),
        (all, a) if all <= a => Some(format!("{} of list A", count(a))),
        (all, a) => Some(format!("{}, {a} of list A", count(all))),
    }
}
