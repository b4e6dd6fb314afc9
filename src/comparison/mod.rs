//! What a change does: a region before and after, side by side.
//!
//! [`compare`] sets two regions of the same places against each other, usually one and what
//! [`Region::apply`] made of it ([`Base`] serves several changes of the same region): who gains and
//! loses care by standard ([`StandardChange`]), how long pathways take, where the cases go and who gets
//! overfull, and what the law then says. [`simulated`] adds patients over time, with paired intervals.

mod law;
mod network;
mod people;
mod simulated;
mod standards;

use law::Law;
pub use law::{LawChange, LawPoint, WithoutSite, law_changes};
pub use network::{CooperationDifference, CountingDifference, MemberDifference, NetworkDifference};
pub use people::PeopleChange;
use people::people_changes;
pub use simulated::{SimulatedChange, simulated};
use standards::{BaseStandard, with_people_of};
pub use standards::{PlaceChange, ReachChange, StandardChange, compare_standard};

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::{CoverageError, Delta};
use crate::model::{Hospital, Moment, Pathway, Standard, Urgency};
use crate::pathways::{PathwayError, Prepared, Query, StageTimes, When};
use crate::region::{Region, RegionError};
use crate::routing::{Choice, ChoiceError, Flows, HospitalLoad, LoadChange};
use crate::rules::RulesError;

/// Why two regions cannot be compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// Other people live there after, and the region before cannot be measured with them.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// A standard cannot be evaluated.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// A pathway cannot be evaluated.
    #[error(transparent)]
    Pathway(#[from] PathwayError),
    /// The parameters of the choice of hospital are wrong.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A rule cannot be applied.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The patient flow cannot be simulated.
    #[error(transparent)]
    Simulation(#[from] crate::simulation::SimulationError),
}

/// When a stage of a pathway is done, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct StageChange {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage.
    pub stage: String,
    /// Whether it is the last one: definitive care.
    pub is_last: bool,
    /// How urgent the pathway is: an emergency takes minutes, an elective pathway days.
    pub urgency: Urgency,
    /// Before, over everybody inside.
    pub before: StageTimes,
    /// After.
    pub after: StageTimes,
}

impl StageChange {
    /// Whether any figure of it differs.
    pub fn is_changed(&self) -> bool {
        self.before.done != self.after.done || self.before.without_way != self.after.without_way
    }
}

/// The expected cases of a hospital before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalChange {
    /// Key of the hospital.
    pub hospital: String,
    /// Whether it is outside of the region.
    pub is_outside: bool,
    /// Its loads; `None` where it does not exist.
    pub load: LoadChange,
}

/// The expected cases of a department before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct DepartmentChange {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty; empty for cases of a condition that asks for none.
    pub specialty: String,
    /// Whether the hospital is outside of the region.
    pub is_outside: bool,
    /// Its loads; `None` where it does not exist.
    pub load: LoadChange,
}

/// A region before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The moment at which standards and pathways are looked at; `None` for all hours of the week.
    pub moment: Option<Moment>,
    /// Who lives there: all inside, then by district; empty where the same people do.
    pub people: Vec<PeopleChange>,
    /// Agreements, memberships and branches that are other, and who counts for these standards.
    pub network: NetworkDifference,
    /// By standard, in the order that was asked for.
    pub standards: Vec<StandardChange>,
    /// Every stage of every pathway that both catalogs have, in the order of the catalog.
    pub stages: Vec<StageChange>,
    /// Hospitals with a case a year more or fewer, or an overload that is new or grows: the largest change
    /// of cases first, ties by key.
    pub hospitals: Vec<HospitalChange>,
    /// Departments of which the same holds, in that order.
    pub departments: Vec<DepartmentChange>,
    /// Cases a year that no hospital takes, before and after.
    pub leftover: (f64, f64),
    /// What the law says differently.
    pub law: Vec<LawChange>,
    /// Provisions of the supplement rules by which other people have no suitable site at all.
    pub without_site: Vec<WithoutSite>,
}

/// A region worked out once, to be set beside what several changes make of it.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::Base;
/// use verbund::model::{Folder, Scenario};
/// use verbund::routing::Choice;
///
/// let region = Region::leipzig()?;
/// let ct = region.network().catalog().standard("ct").ok_or("no standard")?;
/// let base = Base::new(&region, std::slice::from_ref(ct), Choice::Nearest)?;
/// let of = |key: &str| -> Result<u64, Box<dyn std::error::Error>> {
///     let scenario = verbund::scenario::Scenario::in_folder(&Folder::leipzig(), key, region.network(), region.places())?;
///     let after = region.apply(&[&scenario], "2027-01-01".parse()?)?;
///     Ok(base.compare(&after)?.standards[0].won)
/// };
/// // Eilenburg is gone after the merger, and nobody gets nearer to a CT by that.
/// assert_eq!((of("merger-delitzsch-eilenburg")?, of("tele-stroke-eilenburg-ends")?), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Base<'r> {
    region: &'r Region,
    moment: Option<Moment>,
    /// The region in the hour of that moment.
    in_hour: Option<Region>,
    choice: Choice,
    standards: Vec<BaseStandard>,
    stages: Vec<PathwayStages>,
    loads: Loads,
    law: Law,
}

impl<'r> Base<'r> {
    /// Works a region out: hits of these standards, stage times of all pathways, flows by a choice of
    /// hospital, and the law.
    ///
    /// # Errors
    ///
    /// When a standard names unknown keys, a limit is beyond the region's cut-off, or the parameters of
    /// the choice are wrong.
    pub fn new(
        region: &'r Region,
        standards: &[Standard],
        choice: Choice,
    ) -> Result<Self, ComparisonError> {
        Self::at(region, standards, choice, None)
    }

    /// The same at a moment of the week: standards count what is open in its hour, and patients of
    /// pathways call then. Cases, occupancy and the law stay those of all hours. `None` for all hours.
    ///
    /// # Errors
    ///
    /// As [`Base::new`].
    pub fn at(
        region: &'r Region,
        standards: &[Standard],
        choice: Choice,
        moment: Option<Moment>,
    ) -> Result<Self, ComparisonError> {
        let in_hour = moment.map(|moment| region.in_hour(moment.hour));
        let looked_at = in_hour.as_ref().unwrap_or(region);
        let of_standard = |standard| BaseStandard::new(looked_at, standard);
        Ok(Self {
            region,
            moment,
            choice,
            standards: standards.iter().map(of_standard).collect::<Result<_, _>>()?,
            stages: stages(region, moment)?,
            loads: Loads::of(region, choice)?,
            law: Law::of(region)?,
            in_hour,
        })
    }

    /// What is other in a region of the same places.
    ///
    /// # Errors
    ///
    /// As [`Base::new`], of that region.
    pub fn compare(&self, after: &Region) -> Result<Comparison, ComparisonError> {
        let after_in_hour = self.moment.map(|moment| after.in_hour(moment.hour));
        let looked_at =
            (self.in_hour.as_ref().unwrap_or(self.region), after_in_hour.as_ref().unwrap_or(after));
        let then = with_people_of(looked_at.0, looked_at.1)?;
        let delta = Delta::new(then.as_ref().unwrap_or(looked_at.0), looked_at.1);
        let of_standard = |base: &BaseStandard| base.change(looked_at, (then.as_ref(), &delta));
        let (loads, law) = (Loads::of(after, self.choice)?, Law::of(after)?);
        let asked_for: Vec<Standard> =
            self.standards.iter().map(|base| base.standard().clone()).collect();
        let networks = (self.region.network(), after.network());
        Ok(Comparison {
            network: NetworkDifference::between(networks.0, networks.1, &asked_for),
            moment: self.moment,
            people: people_changes(self.region, after),
            standards: self.standards.iter().map(of_standard).collect::<Result<_, _>>()?,
            stages: stage_changes(&self.stages, stages(after, self.moment)?),
            hospitals: self.loads.hospitals(&loads),
            departments: self.loads.departments(&loads),
            leftover: (self.loads.leftover, loads.leftover),
            without_site: self.law.without_site(&law),
            law: self.law.changes(&law),
        })
    }
}

/// Compares two regions of the same places.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::compare;
/// use verbund::model::Scenario;
/// use verbund::routing::{Choice, Huff};
///
/// let region = Region::leipzig()?;
/// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-torgau.ron", region.network(), region.places())?;
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
/// let basic = region.network().catalog().standard("basic_care").ok_or("no standard")?;
/// let found = compare(&region, &after, std::slice::from_ref(basic), Choice::Huff(Huff::default()))?;
/// assert_eq!((found.standards[0].won, found.standards[0].lost), (0, 3_424));
/// // Only the points around Torgau were looked up again.
/// assert!(found.standards[0].looked_up < region.parts().len() / 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a standard names unknown keys, a limit is beyond a region's cut-off, or the parameters of the
/// choice are wrong.
pub fn compare(
    before: &Region,
    after: &Region,
    standards: &[Standard],
    choice: Choice,
) -> Result<Comparison, ComparisonError> {
    Base::new(before, standards, choice)?.compare(after)
}

/// The stages of a pathway that nobody chose anything for.
#[derive(Debug, Clone, PartialEq)]
struct PathwayStages {
    pathway: String,
    urgency: Urgency,
    stages: Vec<(String, StageTimes)>,
}

fn stages(region: &Region, moment: Option<Moment>) -> Result<Vec<PathwayStages>, PathwayError> {
    let query = Query::default().when(moment.map_or(When::Week, When::At));
    let of = |pathway: &Pathway| -> Result<PathwayStages, PathwayError> {
        let prepared = Prepared::even_if_unmet(region, pathway, &[])?;
        let times = prepared.evaluate(&query)?.stages().into_iter();
        let stages = times.filter_map(|times| {
            let stage = &pathway[times.stage?];
            Some((stage.key.clone(), times))
        });
        Ok(PathwayStages {
            pathway: pathway.key.clone(),
            urgency: pathway.urgency,
            stages: stages.collect(),
        })
    };
    region.network().catalog().pathways.iter().map(of).collect()
}

fn stage_changes(before: &[PathwayStages], after: Vec<PathwayStages>) -> Vec<StageChange> {
    let mut after: BTreeMap<String, PathwayStages> =
        after.into_iter().map(|one| (one.pathway.clone(), one)).collect();
    let mut changes = Vec::new();
    for old in before {
        let Some(new) = after.remove(&old.pathway) else { continue };
        let last = old.stages.len().saturating_sub(1);
        for (number, ((stage, before), (_, after))) in old.stages.iter().zip(new.stages).enumerate()
        {
            changes.push(StageChange {
                pathway: old.pathway.clone(),
                stage: stage.clone(),
                is_last: number == last,
                urgency: old.urgency,
                before: before.clone(),
                after,
            });
        }
    }
    changes
}

/// The loads of all hospitals and departments by key, and the cases that none takes.
#[derive(Debug, Clone, PartialEq)]
struct Loads {
    hospitals: BTreeMap<String, HospitalLoad>,
    departments: BTreeMap<(String, String), HospitalLoad>,
    /// Hospitals outside of the region.
    outside: BTreeSet<String>,
    leftover: f64,
}

impl Loads {
    fn of(region: &Region, choice: Choice) -> Result<Self, ChoiceError> {
        let flows = Flows::of_region(region, choice)?;
        let hospitals = region.network().hospitals();
        let key = |one: &Hospital| one.key.clone();
        let loads = hospitals.iter().zip(flows.hospital_loads(hospitals.len()));
        let departments = flows.loads.iter().map(|load| {
            let hospital = key(&region.network()[load.hospital]);
            ((hospital, load.department.clone()), HospitalLoad::from(load))
        });
        Ok(Self {
            departments: departments.collect(),
            hospitals: loads.map(|(one, load)| (key(one), load)).collect(),
            outside: hospitals.iter().filter(|one| one.outside).map(key).collect(),
            leftover: flows.leftover(),
        })
    }

    fn hospitals(&self, after: &Self) -> Vec<HospitalChange> {
        let changes = load_changes(&self.hospitals, &after.hospitals).into_iter();
        changes
            .map(|(hospital, load)| HospitalChange {
                is_outside: self.is_outside(after, &hospital),
                hospital,
                load,
            })
            .collect()
    }

    fn departments(&self, after: &Self) -> Vec<DepartmentChange> {
        let changes = load_changes(&self.departments, &after.departments).into_iter();
        changes
            .map(|((hospital, specialty), load)| DepartmentChange {
                is_outside: self.is_outside(after, &hospital),
                hospital,
                specialty,
                load,
            })
            .collect()
    }

    fn is_outside(&self, after: &Self, hospital: &str) -> bool {
        self.outside.contains(hospital) || after.outside.contains(hospital)
    }
}

/// Those with a case a year more or fewer, or an overload that is new or grows: the largest change of cases
/// first, ties by key.
fn load_changes<K: Ord + Clone>(
    before: &BTreeMap<K, HospitalLoad>,
    after: &BTreeMap<K, HospitalLoad>,
) -> Vec<(K, LoadChange)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    let of =
        |key: &K| LoadChange { before: before.get(key).copied(), after: after.get(key).copied() };
    let mut changes: Vec<(K, LoadChange)> =
        keys.into_iter().map(|key| (key.clone(), of(key))).collect();
    changes.retain(|(_, load)| {
        load.more_cases().abs() >= 1.0 || load.is_newly_overfull() || load.is_overfull_and_fuller()
    });
    // Stable: ties stay in the order of their keys.
    changes.sort_by(|(_, a), (_, b)| b.more_cases().abs().total_cmp(&a.more_cases().abs()));
    changes
}
