//! Changes of structure before a run: a run follows departments, cooperations, roads and patients, not
//! hospitals that open or close within it.

use super::SimulationError;
use crate::model::{DateTime, Problem, ProblemKind, Problems, Scenario};
use crate::region::{Region, RegionError};

/// The region with the changes of structure of a scenario that are in force on its day, and the rest of
/// the scenario, which a run can follow: what to give to
/// [`PatientFlow::new`](super::PatientFlow::new).
///
/// # Errors
///
/// Every fault of the scenario; every change of structure that begins after the start or has an end, by
/// its name: a run cannot follow it.
pub fn start_of_run(
    region: &Region,
    scenario: &Scenario,
) -> Result<(Region, Scenario), SimulationError> {
    let problems = scenario.check(region.network(), region.places());
    if !problems.is_empty() {
        return Err(SimulationError::Problems(problems));
    }
    let start = DateTime::from(region.network().date());
    let problems = late(scenario, start);
    if !problems.is_empty() {
        return Err(SimulationError::Problems(problems));
    }
    let (structure, rest) =
        scenario.changes.iter().cloned().partition(|one| one.change.is_of_structure());
    let structure = Scenario { changes: structure, ..scenario.clone() };
    let rest = Scenario { changes: rest, ..scenario.clone() };
    if structure.changes.is_empty() {
        return Ok((region.clone(), rest));
    }
    match region.apply(&[&structure], start) {
        Ok(region) => Ok((region, rest)),
        Err(RegionError::Problems(problems)) => Err(SimulationError::Problems(problems)),
        Err(error) => Err(SimulationError::Region(error)),
    }
}

/// The changes of structure that a run from a moment on cannot follow.
fn late(scenario: &Scenario, start: DateTime) -> Problems {
    let mut problems = Problems::default();
    for (number, one) in scenario.changes.iter().enumerate() {
        if !one.change.is_of_structure() {
            continue;
        }
        let (field, when) = match one.until {
            _ if one.on > start => ("on", format!("begins on {}", one.on)),
            Some(until) => ("until", format!("is over on {until}")),
            None => continue,
        };
        problems.push(refusal(number, one.change.name(), (field, when), start));
    }
    problems
}

/// All changes of structure of a scenario, which a run as it is cannot follow.
pub(super) fn refused(scenario: &Scenario, start: DateTime) -> Problems {
    let mut problems = Problems::default();
    for (number, one) in scenario.changes.iter().enumerate() {
        if one.change.is_of_structure() {
            let when = ("on", format!("begins on {}", one.on));
            problems.push(refusal(number, one.change.name(), when, start));
        }
    }
    problems
}

fn refusal(number: usize, name: &str, (field, when): (&str, String), start: DateTime) -> Problem {
    Problem {
        kind: ProblemKind::Conflict,
        file: None,
        line: None,
        column: None,
        entity: format!("change {} ({name})", number + 1),
        field: field.to_owned(),
        message: format!("it {when}, but a run cannot follow changes of structure in its course"),
        expected: format!("a lasting change that begins by the start of the run on {start}"),
        closest: None,
    }
}
