//! Changes of structure before a run: a run follows departments, cooperations, roads and patients, not
//! hospitals that open or close within it.

use super::SimulationError;
use crate::calendar::DateTime;
use crate::problem::{Problem, ProblemKind, Problems};
use crate::region::{Region, RegionError};
use crate::scenario::{Change, DatedChange, Scenario};

/// The region with the changes of structure of a scenario, and the rest of the scenario, which a run can follow:
/// what to give to [`PatientFlow::new`](super::PatientFlow::new).
///
/// Changes of structure that begin after the region's day are in force from the start of the run on: it shows the
/// region as it is once all of them are ([`structure_from`]).
///
/// # Errors
///
/// Every fault of the scenario; every change of structure that has an end, by its name: a run cannot follow it.
pub fn start_of_run(
    region: &Region,
    scenario: &Scenario,
) -> Result<(Region, Scenario), SimulationError> {
    // All faults of the scenario before what a run cannot follow: a wrong key would hide it.
    let problems = scenario.check(region.network(), region.places());
    if problems.is_empty() {
        structure_first(region, scenario)
    } else {
        Err(SimulationError::Problems(problems))
    }
}

/// The same of a scenario that has no fault against the region.
///
/// Its parts are other scenarios than the whole: the first is judged when it is applied, the rest when the patients
/// of the region that the first one made are set up.
pub(super) fn structure_first(
    region: &Region,
    scenario: &Scenario,
) -> Result<(Region, Scenario), SimulationError> {
    let start = DateTime::from(region.network().date());
    let problems = ending(scenario);
    if !problems.is_empty() {
        return Err(SimulationError::Problems(problems));
    }
    let Some(structure_from) = structure_from(scenario) else {
        return Ok((region.clone(), scenario.clone()));
    };
    // What began before the region's day is in force on it.
    let in_force = structure_from.max(start);
    let (first, rest) =
        scenario.changes.iter().cloned().partition(|dated| is_first(dated, start, in_force));
    // Two scenarios of the same name and sources: what the region takes, and what the run follows.
    let structure = Scenario { changes: first, ..scenario.clone() };
    let rest = Scenario { changes: rest, ..scenario.clone() };
    match region.apply(&[&structure], in_force) {
        Ok(region) => Ok((region, rest)),
        Err(RegionError::Problems(problems)) => Err(SimulationError::Problems(problems)),
        Err(error) => Err(SimulationError::Region(error)),
    }
}

/// Whether a change is in force from the start of a run: one of structure, and where that begins later than the
/// start, also departments and cooperations that begin or end for good by then: beds of a site fit those of its
/// departments only together.
fn is_first(dated: &DatedChange, start: DateTime, in_force: DateTime) -> bool {
    let is_lasting = dated.until.is_none()
        && matches!(
            dated.change,
            Change::CloseDepartment(_)
                | Change::OpenDepartment(_)
                | Change::StartCooperation(_)
                | Change::EndCooperation(_)
        );
    dated.change.is_of_structure() || (in_force > start && is_lasting && dated.on <= in_force)
}

/// The moment from which all changes of structure of a scenario are in force; `None` where it has none.
pub fn structure_from(scenario: &Scenario) -> Option<DateTime> {
    let mut from = None;
    for dated in &scenario.changes {
        if dated.change.is_of_structure() {
            from = from.max(Some(dated.on));
        }
    }
    from
}

/// The changes of structure with an end, which a run cannot follow.
fn ending(scenario: &Scenario) -> Problems {
    let mut problems = Problems::default();
    for (number, dated) in scenario.changes.iter().enumerate() {
        if !dated.change.is_of_structure() {
            continue;
        }
        if let Some(until) = dated.until {
            let when = format!("is over on {until}");
            problems.push(refusal(number, dated.change.name(), "until", &when));
        }
    }
    problems
}

/// All changes of structure of a scenario, which a run as it is cannot follow.
pub(super) fn refused(scenario: &Scenario) -> Problems {
    let mut problems = Problems::default();
    for (number, dated) in scenario.changes.iter().enumerate() {
        if dated.change.is_of_structure() {
            let when = format!("begins on {}", dated.on);
            problems.push(refusal(number, dated.change.name(), "on", &when));
        }
    }
    problems
}

fn refusal(number: usize, name: &str, field: &str, when: &str) -> Problem {
    Problem {
        kind: ProblemKind::Conflict,
        file: None,
        line: None,
        column: None,
        entity: format!("change {} ({name})", number + 1),
        field: field.to_owned(),
        message: format!("it {when}, but a run cannot follow changes of structure in its course"),
        expected: "a lasting change, which is in force from the start of the run on".to_owned(),
        closest: None,
    }
}
