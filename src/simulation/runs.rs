//! What stands before and behind runs that are set side by side: their regions at the start, whether they can be
//! compared ward by ward, whether they add up.

use std::borrow::Cow;
use std::ops::Deref;

use super::start::structure_first;
use super::{PatientFlow, Results, Settings, SimulationError, start_of_run, structure_from};
use crate::calendar::DateTime;
use crate::region::Region;
use crate::routing::Flows;
use crate::scenario::{CheckedScenario, Scenario};

/// A region at the start of a run under a scenario.
///
/// # Example
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::scenario::ScenarioDraft;
/// use verbund::simulation::Started;
///
/// let region = Region::leipzig()?;
/// let key = "merger-delitzsch-eilenburg";
/// let folder = Folder::leipzig();
/// let merger = ScenarioDraft::in_folder(&folder, key, region.network());
/// let merger = region.check_scenario(merger)?;
/// let started = Started::new(&region, &merger)?;
/// // Two hospitals are one from the first day of the run on, and nothing is left to follow.
/// assert!(started.region.find_hospital("kkh-eilenburg").is_err());
/// assert!(started.rest.changes.is_empty());
/// assert_eq!(started.brought_forward, Some("2027-01-01".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Started<'r> {
    /// The region with the changes of structure; the one that was given where the scenario has none.
    pub region: Cow<'r, Region>,
    /// What of the scenario the run follows.
    pub rest: Rest<'r>,
    /// The moment from which all changes of structure are in force, where that is after the start of the run: they
    /// are in force from its first day on all the same.
    pub brought_forward: Option<DateTime>,
}

/// What of a scenario a run follows; it reads as the [`Scenario`] that it is.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rest<'r> {
    /// All of it, as it was judged.
    All(Cow<'r, CheckedScenario>),
    /// It without its changes of structure. It is judged when the patients are set up: for the region that those
    /// changes made, nobody judged it yet.
    Part(Scenario),
}

impl Deref for Rest<'_> {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        match self {
            Self::All(scenario) => scenario,
            Self::Part(scenario) => scenario,
        }
    }
}

impl<'r> Started<'r> {
    /// The region at the start of a run under this scenario.
    ///
    /// # Errors
    ///
    /// Those of [`start_of_run`].
    pub fn new(region: &'r Region, scenario: &'r CheckedScenario) -> Result<Self, SimulationError> {
        // Most scenarios change no structure, and a copy of the network is not made for them.
        if !scenario.changes.iter().any(|dated| dated.change.is_of_structure()) {
            let region = Cow::Borrowed(region);
            return Ok(Self {
                region,
                rest: Rest::All(Cow::Borrowed(scenario)),
                brought_forward: None,
            });
        }
        let (changed, rest) = if region.has_judged(&[scenario]) {
            structure_first(region, scenario)?
        } else {
            start_of_run(region, scenario)?
        };
        let start = DateTime::from(region.network().date());
        // What is in force on the first day anyway is not brought forward.
        let brought_forward = structure_from(scenario).filter(|moment| *moment > start);
        Ok(Self { region: Cow::Owned(changed), rest: Rest::Part(rest), brought_forward })
    }

    /// The patients of the run, ready to be simulated.
    ///
    /// # Errors
    ///
    /// Those of [`PatientFlow::new`].
    pub fn patients(&self, settings: &Settings) -> Result<PatientFlow<'_>, SimulationError> {
        match &self.rest {
            Rest::All(scenario) => PatientFlow::under(&self.region, settings, scenario),
            Rest::Part(rest) => PatientFlow::new(&self.region, settings, Some(rest)),
        }
    }

    /// The start to keep beyond the region that was given, with a copy of it where the scenario changes no structure.
    pub fn into_owned(self) -> Started<'static> {
        Started {
            region: Cow::Owned(self.region.into_owned()),
            rest: match self.rest {
                Rest::All(scenario) => Rest::All(Cow::Owned(scenario.into_owned())),
                Rest::Part(rest) => Rest::Part(rest),
            },
            brought_forward: self.brought_forward,
        }
    }
}

/// The name of the first flow that has other hospitals or wards than the first one: figures are compared ward by
/// ward, so all runs need the same.
pub fn other_wards<'f>(flows: &'f [PatientFlow<'_>]) -> Option<&'f str> {
    let (base, others) = flows.split_first()?;
    // Keys and not ids: the ids of another region mean nothing here.
    let keys = ward_keys(base);
    for flow in others {
        if ward_keys(flow) != keys {
            return Some(flow.name());
        }
    }
    None
}

/// Keys of the hospitals of a flow, and of its wards.
fn ward_keys(flow: &PatientFlow<'_>) -> Vec<String> {
    let hospitals = flow.region().network().hospitals();
    let mut keys: Vec<String> = Vec::with_capacity(hospitals.len() + flow.wards().len());
    for hospital in hospitals {
        keys.push(hospital.key.clone());
    }
    for ward in flow.wards() {
        keys.push(format!("{} {}", hospitals[ward.hospital.index()].key, ward.specialty));
    }
    keys
}

/// A run that does not add up: an error of this crate, not of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("the simulation does not add up; please report this with the network\n{faults}", faults = faults.join("\n")))]
pub struct DoesNotAddUp {
    /// What does not add up, with its replication.
    pub faults: Vec<String>,
}

impl Results<'_, '_> {
    /// An error where anything does not add up, see [`Results::faults`].
    ///
    /// # Errors
    ///
    /// All that does not add up.
    pub fn adds_up(&self) -> Result<(), DoesNotAddUp> {
        if self.faults().is_empty() {
            return Ok(());
        }
        Err(DoesNotAddUp { faults: self.faults().to_vec() })
    }
}

/// Keys of the specialties and departments that somebody treats or asks for, in their order: those of which a ward
/// can be meant.
pub fn treated_keys<'a>(region: &'a Region, flows: &'a Flows) -> Vec<&'a str> {
    let mut keys = Vec::new();
    for rate in &region.network().catalog().demand.rates {
        keys.push(rate.specialty.as_str());
    }
    for load in &flows.loads {
        keys.push(load.department.as_str());
    }
    keys.sort_unstable();
    // A specialty with a rate is mostly a department, too.
    keys.dedup();
    keys
}
