//! Which scenarios are set beside a region, as on which day, before anything is compared.

use std::fmt;

use crate::calendar::{Date, DateTime};
use crate::region::{Region, RegionError};
use crate::scenario::{Change, CheckedScenario, DatedChange, Scenario};
use crate::simulation::{PatientFlow, Settings, SimulationError};

/// How several scenarios are set beside a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Each by itself.
    Each,
    /// All as one, in the order of their dates.
    Together,
}

/// Scenarios that are set beside a region as one change.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Planned {
    /// The scenarios, at least one.
    pub scenarios: Vec<Scenario>,
    /// When they count.
    pub at: DateTime,
    /// The region then.
    pub after: Region,
    /// What passes of them and is possible then, which only a simulation shows.
    pub passing: Scenario,
    /// How many changes that pass are left out: what they concern is gone by then.
    pub skipped: usize,
}

/// What a comparison sets beside its region.
///
/// # Example
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::{Grouping, Plan};
/// use verbund::calendar::DateTime;
/// use verbund::scenario::ScenarioDraft;
///
/// let region = Region::leipzig()?;
/// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
/// ])"#;
/// let draft = ScenarioDraft::read(text, "no-torgau.ron", region.network());
/// let scenarios = region.check_scenarios([draft])?;
/// let plan = Plan::of(&region, &scenarios, Grouping::Each, None);
/// let plan = plan.map_err(|faults| faults[0].to_string())?;
/// // Without a day: the first one on which all lasting changes are in force.
/// let day: DateTime = "2026-07-01".parse()?;
/// assert_eq!(plan.changes[0].at, day);
/// assert!(plan.changes[0].after.find_hospital("kkh-torgau").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Plan {
    /// What is set beside it, in the order of the scenarios; one where they are taken together.
    pub changes: Vec<Planned>,
}

/// Why a scenario cannot be set beside a region.
#[derive(Debug)]
#[non_exhaustive]
pub enum PlanError {
    /// The scenario cannot be applied.
    Region {
        /// Keys of the scenarios.
        scenarios: String,
        /// Why.
        error: RegionError,
    },
    /// The patients of the region under the scenario cannot be simulated.
    Patients {
        /// Keys of the scenarios; `None` for the region as it is.
        scenarios: Option<String>,
        /// Why.
        error: SimulationError,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region { scenarios, error } => {
                f.write_str(&said!("scenario {scenarios} has problems\n{error}", scenarios, error))
            }
            Self::Patients { scenarios: Some(scenarios), error } => {
                f.write_str(&said!("scenario {scenarios} has problems\n{error}", scenarios, error))
            }
            Self::Patients { scenarios: None, error } => error.fmt(f),
        }
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// Applies scenarios to a region as on a day; without one, as on [`usual_moment`].
    ///
    /// # Errors
    ///
    /// Every group that cannot be applied.
    pub fn of(
        region: &Region,
        scenarios: &[CheckedScenario],
        grouping: Grouping,
        on: Option<Date>,
    ) -> Result<Self, Vec<PlanError>> {
        let groups: Vec<Vec<&CheckedScenario>> = match grouping {
            Grouping::Together if scenarios.is_empty() => Vec::new(),
            Grouping::Together => vec![scenarios.iter().collect()],
            Grouping::Each => scenarios.iter().map(|scenario| vec![scenario]).collect(),
        };

        let mut changes = Vec::with_capacity(groups.len());
        let mut faults = Vec::new();
        for group in groups {
            let mut scenarios: Vec<&Scenario> = Vec::with_capacity(group.len());
            for &checked in &group {
                scenarios.push(checked);
            }
            // Each group has its own day: what one scenario needs to settle, another does not wait for.
            let start = region.network().date();
            let moment = on.map_or_else(|| usual_moment(&scenarios, start), DateTime::from);
            match region.apply_checked(&group, moment) {
                Ok(after) => changes.push(Planned::new(&scenarios, moment, after)),
                Err(error) => {
                    faults.push(PlanError::Region { scenarios: keys(&scenarios), error });
                }
            }
        }
        if faults.is_empty() { Ok(Self { changes }) } else { Err(faults) }
    }

    /// The patients of the region as it is, then of what each change makes of it, ready to be simulated side by
    /// side.
    ///
    /// # Errors
    ///
    /// Every one that cannot be simulated.
    pub fn patients<'r>(
        &'r self,
        region: &'r Region,
        settings: &Settings,
    ) -> Result<Vec<PatientFlow<'r>>, Vec<PlanError>> {
        let mut flows = Vec::with_capacity(1 + self.changes.len());
        let mut faults = Vec::new();
        // All are set up, also behind a fault, so that every fault is told at once.
        match PatientFlow::new(region, settings, None) {
            Ok(flow) => flows.push(flow),
            Err(error) => faults.push(PlanError::Patients { scenarios: None, error }),
        }
        for change in &self.changes {
            match PatientFlow::new(&change.after, settings, Some(&change.passing)) {
                Ok(flow) => flows.push(flow),
                Err(error) => {
                    let together: Vec<&Scenario> = change.scenarios.iter().collect();
                    let scenarios = Some(keys(&together));
                    faults.push(PlanError::Patients { scenarios, error });
                }
            }
        }
        if faults.is_empty() { Ok(flows) } else { Err(faults) }
    }
}

impl Planned {
    fn new(scenarios: &[&Scenario], at: DateTime, after: Region) -> Self {
        let passing = passing(scenarios);
        let possible = still_possible(&passing, &after);
        let skipped = passing.changes.len() - possible.changes.len();
        let mut planned = Vec::with_capacity(scenarios.len());
        for &scenario in scenarios {
            planned.push(scenario.clone());
        }
        Self { scenarios: planned, at, after, passing: possible, skipped }
    }
}

/// When scenarios are compared if nobody says when: the first day on which all lasting changes are in
/// force; where all changes have an end, when the last one begins; `start` without any change.
pub fn usual_moment(scenarios: &[&Scenario], start: Date) -> DateTime {
    let settled = scenarios.iter().filter_map(|scenario| scenario.settled_on()).max();
    if let Some(day) = settled {
        return day.into();
    }
    let changes = scenarios.iter().flat_map(|scenario| &scenario.changes);
    changes.map(|change| change.on).max().unwrap_or(start.into())
}

fn keys(scenarios: &[&Scenario]) -> String {
    let keys: Vec<&str> = scenarios.iter().map(|scenario| scenario.key.as_str()).collect();
    keys.join(", ")
}

/// What passes of all scenarios, as one.
fn passing(scenarios: &[&Scenario]) -> Scenario {
    let mut changes = Vec::new();
    for scenario in scenarios {
        changes.extend(scenario.passing().changes);
    }
    Scenario { changes, ..scenarios[0].clone() }
}

/// What passes and is possible in the network in which all else has settled: nobody diverts a department
/// that is closed.
fn still_possible(passing: &Scenario, after: &Region) -> Scenario {
    let mut possible = Scenario { changes: Vec::new(), ..passing.clone() };
    for change in &passing.changes {
        if is_possible(change, passing, after) {
            possible.changes.push(change.clone());
        }
    }
    possible
}

fn is_possible(change: &DatedChange, passing: &Scenario, after: &Region) -> bool {
    // Whatever has settled, people fall ill and are hurt.
    if matches!(change.change, Change::Surge(_) | Change::Incident(_)) {
        return true;
    }
    // By itself: another change that is not possible either must not stand in its way.
    let alone = Scenario { changes: vec![change.clone()], ..passing.clone() };
    alone.check(after.network(), after.places()).is_empty()
}
