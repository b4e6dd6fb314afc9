//! Scenarios applied to a copy of a model.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, DepartmentKey};
use super::state::{Refusal, State};
use super::{DatedChange, Scenario, in_order};
use crate::calendar::DateTime;
use crate::model::location::Fault;
use crate::model::{Model, Network, Places};
use crate::problem::{ProblemKind, Problems};

/// A copy of the model of its day under scenarios: what is in force at a moment is applied to it.
///
/// In force is every change that begins at or before the moment and is not over, in the order of
/// time; changes of one moment in the order of the scenarios, then of their lists. The network stays
/// that of its own day: the moment says which changes count, not which year it is. What the network
/// itself says of later days is left out, so that the two models differ by the scenarios alone.
///
/// Diverted departments, surges and incidents change nothing here; a closed department is not there;
/// values that a scenario sets are marked as assumed. Without scenarios it is [`Model::as_of`] the
/// day of the network.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::scenario::{Scenario, under};
///
/// let model = Folder::small().read()?;
/// let text = r#"(format: 1, id: "no-south", name: "Süd closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "no staff", change: CloseHospital("south")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-south.ron", &model.network, &model.places)?;
/// let on = |day: &str| under(&model, &[&scenario], day.parse().unwrap());
/// assert_eq!(on("2026-06-30")?.network.hospitals().len(), 4);
/// let changed = on("2026-07-01")?;
/// assert!(changed.network.find("south").is_none());
/// assert_eq!(changed.network.cooperations().len(), 2); // two of the four were with south
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
///
/// # Errors
///
/// Every fault of the scenarios, by themselves and one after the other; nothing is applied then.
pub fn under(model: &Model, scenarios: &[&Scenario], at: DateTime) -> Result<Model, Problems> {
    // The network of its own day: what its file says of later days is no part of the scenarios.
    let network = model.network.as_of(model.network.date());
    let changed = changed(&network, &model.places, scenarios, at)?;
    let places = changed.places(&model.places).unwrap_or_else(|| model.places.clone());
    let mut adjustments = model.adjustments.clone();
    adjustments.roads.extend(changed.adjustments.roads);
    adjustments.roads_of_map.extend(changed.adjustments.roads_of_map);
    adjustments.demand.extend(changed.adjustments.demand);
    Ok(Model { network: changed.network, places, adjustments, ..model.clone() })
}

/// What is in force at a moment, applied to a copy of a network of one day.
///
/// # Errors
///
/// Every fault of the scenarios.
pub(crate) fn changed<'s>(
    network: &Network,
    places: &Places,
    scenarios: &[&'s Scenario],
    at: DateTime,
) -> Result<State<'s>, Problems> {
    let problems = Scenario::check_together(scenarios, network, places);
    if problems.is_empty() { Ok(put_in_force(network, scenarios, at)) } else { Err(problems) }
}

/// The same of scenarios that were judged together against this network, and have no fault.
pub(crate) fn put_in_force<'s>(
    network: &Network,
    scenarios: &[&'s Scenario],
    at: DateTime,
) -> State<'s> {
    let mut state = State::new(network);
    for change in in_force(&in_order(scenarios), at) {
        // What the check let pass is there, or rested on something that is over and is over with it.
        let _ = change.change.apply(&mut state);
    }
    // Ids of the network before must not find other hospitals in it.
    state.network.tag_again();
    // A scenario may bring the first helipad: from then on a hospital without one is known to have
    // none.
    state.network.record_again();
    state
}

/// The changes that are in force at a moment, of changes in the order of time. Of closures without an end
/// those that a later change opened are over.
fn in_force<'s>(changes: &[&'s DatedChange], at: DateTime) -> Vec<&'s DatedChange> {
    let in_force = changes.iter().copied().filter(|change| change.is_in_force(at));
    let mut last_opened: BTreeMap<&DepartmentKey, usize> = BTreeMap::new();
    let in_force: Vec<&DatedChange> = in_force.collect();
    for (index, change) in in_force.iter().enumerate() {
        if let Change::OpenDepartment(key) = &change.change {
            last_opened.insert(key, index);
        }
    }
    let is_opened = |index: usize, change: &DatedChange| {
        let opened = closed(&change.change).and_then(|key| last_opened.get(key));
        change.until.is_none() && opened.is_some_and(|opened| *opened > index)
    };
    let mut kept = Vec::with_capacity(in_force.len());
    for (index, change) in in_force.into_iter().enumerate() {
        if !is_opened(index, change) {
            kept.push(change);
        }
    }
    kept
}

/// The department that a change closes or diverts.
fn closed(change: &Change) -> Option<&DepartmentKey> {
    match change {
        Change::CloseDepartment(key) | Change::DivertDepartment(key) => Some(key),
        _ => None,
    }
}

/// A fault that shows when changes follow each other.
pub(crate) struct FaultInOrder {
    /// The path within the change.
    pub(crate) path: &'static str,
    pub(crate) fault: Fault,
}

/// Steps of trying changes one after the other: changes applied, and hospitals and cooperations copied to
/// begin anew. A scenario that needs more, with thousands of changes that overlap and end, is refused.
const MOST_STEPS: usize = 20_000_000;

/// The faults that show when changes follow each other, by the number of the change. The
/// changes come in the order of time and have no fault by themselves. Each is tried at every
/// moment at which something begins or is over.
pub(crate) fn faults_in_order(
    network: &Network,
    dated: &[&DatedChange],
) -> BTreeMap<usize, FaultInOrder> {
    let mut moments: BTreeSet<DateTime> = BTreeSet::new();
    let mut ends: BTreeSet<DateTime> = BTreeSet::new();
    let tried = |index: &usize| dated[*index].change.needs_network();
    let mut coming = (0..dated.len()).filter(tried).peekable();
    for index in (0..dated.len()).filter(tried) {
        moments.insert(dated[index].on);
        moments.extend(dated[index].until);
        ends.extend(dated[index].until);
    }
    let size = network.hospitals.len() + network.cooperations.len() + network.alliances.len();
    let mut steps = 0;
    let mut faults = BTreeMap::new();
    let mut state = State::new(network);
    let mut in_force: Vec<usize> = Vec::new();
    // Closures and diversions without an end that are in force, by department.
    let mut endless: BTreeMap<&DepartmentKey, usize> = BTreeMap::new();
    for moment in moments {
        // What only begins follows what is in force already; once something is over, or opened again,
        // the rest is tried anew without it.
        let mut is_over = ends.contains(&moment);
        if is_over {
            in_force.retain(|&index| dated[index].is_in_force(moment));
        }
        let known = in_force.len();
        while let Some(index) = coming.next_if(|&index| dated[index].on == moment) {
            if let Change::OpenDepartment(key) = &dated[index].change
                && endless.remove(key).is_some()
            {
                let is_closure = |before: &usize| {
                    dated[*before].until.is_none() && closed(&dated[*before].change) == Some(key)
                };
                in_force.retain(|before| !is_closure(before));
                is_over = true;
            }
            if let Some(key) = closed(&dated[index].change).filter(|_| dated[index].until.is_none())
            {
                *endless.entry(key).or_default() += 1;
            }
            in_force.push(index);
        }
        let from = if is_over { 0 } else { known };
        if is_over {
            state = State::new(network);
            steps += size;
        }
        for &index in &in_force[from..] {
            let change = dated[index];
            steps += 1;
            if steps > MOST_STEPS {
                let message =
                    "so many changes overlap and end that they cannot be tried in their order";
                let fault = Fault::new(ProblemKind::Range, message)
                    .expected("fewer changes, or several scenarios");
                faults.entry(index).or_insert(FaultInOrder { path: "", fault });
                return faults;
            }
            let applied = change.change.apply(&mut state);
            let Err(Refusal { path, mut fault, is_gone }) = applied else { continue };
            if moment == change.on {
                fault.message = format!("{} on {moment}", fault.message);
            } else if is_gone {
                continue; // what it rested on is over, and it is over with it
            } else {
                fault.message = said!(
                    "when another change is over, on {moment}: {message}",
                    moment,
                    message = fault.message
                );
            }
            faults.entry(index).or_insert(FaultInOrder { path, fault });
        }
    }
    faults
}
