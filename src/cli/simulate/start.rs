//! Where the runs of scenarios start, and which runs are refused before they do.

use anyhow::bail;
use verbund::Region;
use verbund::problem::{Problem, ProblemKind};
use verbund::scenario::CheckedScenario;
use verbund::simulation::{PatientFlow, SimulationError, Started, other_wards};
use verbund::words;

use super::super::faults::fault;
use super::super::language::message;
use super::super::terminal::remark;

/// The region of each scenario at the start of the run, and what of the scenario the run follows.
pub(in crate::cli) fn started<'r>(
    region: &'r Region,
    scenarios: &'r [CheckedScenario],
) -> anyhow::Result<Vec<Started<'r>>> {
    let mut runs = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let key = &scenario.key;
        let started = Started::new(region, scenario).map_err(|error| {
            fault!(
                "scenario \"{key}\"\n{error}{way_out}",
                key,
                error,
                way_out = words::of(way_out(&error))
            )
        })?;
        if let Some(from) = started.brought_forward {
            let day = region.network().date();
            remark(&message!(
                "scenario \"{key}\": what it changes in hospitals, places and cases by {from} is in force from the first day of the run on, {day}",
                key,
                from,
                day
            ));
        }
        runs.push(started);
    }
    Ok(runs)
}

/// What shows a scenario that a run cannot follow, on whatever day it starts.
fn way_out(error: &SimulationError) -> &'static str {
    let SimulationError::Problems(problems) = error else { return "" };
    let is_ending =
        |problem: &Problem| problem.kind == ProblemKind::Conflict && problem.field == "until";
    if problems.list().iter().any(is_ending) {
        "\n`verbund compare` shows the region before and after it"
    } else {
        ""
    }
}

/// Figures are compared ward by ward, so all runs need the same hospitals and wards.
pub(super) fn same_wards(flows: &[PatientFlow<'_>]) -> anyhow::Result<()> {
    let Some(name) = other_wards(flows) else { return Ok(()) };
    bail!(fault!(
        "scenario \"{name}\" opens or closes hospitals or departments, and these tables go ward by ward; `verbund compare --simulate` sets such a scenario beside the region, --on DATE simulates the network as it is then, or close departments in its course with CloseDepartment",
        name
    ));
}

/// Most wards of all replications and runs together: what they count is kept in memory, about 2 GB.
const MOST_ROWS: u64 = 20_000_000;

/// Refuses more replications than fit into memory.
pub(super) fn refuse_too_much(flows: &[PatientFlow<'_>], replications: u64) -> anyhow::Result<()> {
    let wards: u64 = flows.iter().map(|flow| flow.wards().len() as u64).sum();
    let most = MOST_ROWS / wards.max(1);
    if replications > most {
        bail!(fault!(
            "--replications {replications}: with {wards} wards, at most {most} are possible, as what each counts is kept",
            replications,
            wards,
            most
        ));
    }
    Ok(())
}
