//! Scenarios applied to a copy of a model.

mod same;
mod sites;

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, CooperationChange, DatedChange, DepartmentKey, Membership, in_order};
use crate::calendar::DateTime;
use crate::model::location::Fault;
use crate::model::{Adjustments, Cooperation, Hospital, Model, Network, Places};
use crate::problem::{ProblemKind, Problems, closest};
use crate::scenario::{PopulationTable, Scenario};

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
    let network = model.network.as_of(model.network.date());
    let changed = changed((&network, &model.places), scenarios, at)?;
    let places = changed.places(&model.places).unwrap_or_else(|| model.places.clone());
    let mut adjustments = model.adjustments.clone();
    adjustments.roads.extend(changed.adjustments.roads);
    adjustments.demand.extend(changed.adjustments.demand);
    Ok(Model { network: changed.network, places, adjustments, ..model.clone() })
}

/// What is in force at a moment, applied to a copy of a network of one day.
///
/// # Errors
///
/// Every fault of the scenarios.
pub(crate) fn changed<'s>(
    (network, places): (&Network, &Places),
    scenarios: &[&'s Scenario],
    at: DateTime,
) -> Result<State<'s>, Problems> {
    let problems = Scenario::check_together(scenarios, network, places);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut state = State::new(network);
    for change in in_force(&in_order(scenarios), at) {
        // What the check let pass is there, or rested on something that is over and is over with it.
        let _ = state.apply(&change.change);
    }
    state.network.tag_again();
    state.network.record_again();
    Ok(state)
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
    let tried = |index: &usize| needs_network(&dated[*index].change);
    let mut coming = (0..dated.len()).filter(tried).peekable();
    for index in (0..dated.len()).filter(tried) {
        moments.insert(dated[index].on);
        moments.extend(dated[index].until);
        ends.extend(dated[index].until);
    }
    let size = network.hospitals.len() + network.cooperations.len() + network.alliances.len();
    let mut steps = 0;
    let mut found = BTreeMap::new();
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
                found.entry(index).or_insert(FaultInOrder { path: "", fault });
                return found;
            }
            let applied = state.apply(&change.change);
            let Err(Refusal { path, mut fault, is_gone }) = applied else { continue };
            if moment == change.on {
                fault.message = format!("{} on {moment}", fault.message);
            } else if is_gone {
                continue; // what it rested on is over, and it is over with it
            } else {
                fault.message =
                    format!("when another change is over, on {moment}: {}", fault.message);
            }
            found.entry(index).or_insert(FaultInOrder { path, fault });
        }
    }
    found
}

/// Whether a change rests on the network or alters it, so that it can be a fault behind others.
fn needs_network(change: &Change) -> bool {
    match change {
        Change::Surge(_)
        | Change::Incident(_)
        | Change::ScaleDemand(_)
        | Change::SetPopulation(_) => false,
        Change::Road(road) => !road.to.is_empty(),
        _ => true,
    }
}

/// Why a change cannot follow those before it.
pub(super) struct Refusal {
    path: &'static str,
    fault: Fault,
    /// Whether what it changes is not there, so that it may do nothing once an earlier change is over.
    is_gone: bool,
}

/// A network with what changed so far.
pub(crate) struct State<'s> {
    pub(crate) network: Network,
    pub(crate) adjustments: Adjustments,
    population: Option<&'s PopulationTable>,
}

fn gone(path: &'static str, message: String, expected: &str) -> Refusal {
    let fault = Fault::new(ProblemKind::Unknown, message).expected(expected);
    Refusal { path, fault, is_gone: true }
}

fn conflict(path: &'static str, message: String, expected: &str) -> Refusal {
    let fault = Fault::new(ProblemKind::Conflict, message).expected(expected);
    Refusal { path, fault, is_gone: false }
}

impl<'s> State<'s> {
    /// The state of a network of one day before any change.
    fn new(network: &Network) -> Self {
        let adjustments = Adjustments::default();
        Self { network: network.clone(), adjustments, population: None }
    }

    /// The places with the people that there are then; `None` where nothing says anything about them.
    pub(crate) fn places(&self, places: &Places) -> Option<Places> {
        let table = self.population?;
        let mut places = places.clone();
        places.bands.clone_from(&table.places.bands);
        places.ages_assumed = table.places.ages_assumed;
        for (own, other) in places.places.iter_mut().zip(&table.places.places) {
            own.population.clone_from(&other.population);
        }
        Some(places)
    }

    /// Applies a change, or says why it cannot follow those before it and does nothing.
    fn apply(&mut self, change: &'s Change) -> Result<(), Refusal> {
        self.check_differs(change)?;
        match change {
            Change::DivertDepartment(key) | Change::OpenDepartment(key) => {
                self.department(("hospital", &key.hospital), &key.specialty).map(drop)
            }
            Change::CloseDepartment(key) => self.close_department(key),
            Change::StartCooperation(one) => self.start(one),
            Change::EndCooperation(key) => {
                let at = self.cooperation(key)?;
                self.network.cooperations.remove(at);
                Ok(())
            }
            Change::Surge(_) | Change::Incident(_) => Ok(()),
            Change::Road(road) => {
                road.to.iter().try_for_each(|key| self.hospital("to", key).map(drop))?;
                self.adjustments.roads.push(road.clone());
                Ok(())
            }
            Change::CloseHospital(key) => self.close_hospital(key),
            Change::OpenHospital(hospital) => self.open_hospital(hospital),
            Change::AddDepartment(new) => self.add_department(new),
            Change::MoveDepartment(one) => self.move_department(one),
            Change::ResizeDepartment(size) => self.resize_department(size),
            Change::ResizeHospital(size) => self.resize_hospital(size),
            Change::SetCareLevel(new) => {
                let hospital = self.hospital("hospital", &new.hospital)?;
                hospital.care_level = new.level;
                mark(hospital, "care_level");
                Ok(())
            }
            Change::SetEmergencyLevel(new) => {
                let hospital = self.hospital("hospital", &new.hospital)?;
                hospital.emergency_level = new.level;
                mark(hospital, "emergency_level");
                Ok(())
            }
            Change::SetFacility(new) => self.set_facility(new),
            Change::CloseFacility(key) => self.close_facility(key),
            Change::SetHours(new) => self.set_hours(new),
            Change::SetStaffedShare(new) => {
                let hospital = self.hospital("hospital", &new.hospital)?;
                hospital.staffed_share = Some(new.share);
                mark(hospital, "staffed_share");
                Ok(())
            }
            Change::SetOperator(new) => {
                let hospital = self.hospital("hospital", &new.hospital)?;
                hospital.operator.clone_from(&new.operator);
                mark(hospital, "operator");
                if let Some(ownership) = new.ownership {
                    hospital.ownership = ownership;
                    mark(hospital, "ownership");
                }
                Ok(())
            }
            Change::MergeHospitals(merger) => self.merge(merger),
            Change::ConvertHospital(conversion) => self.convert(conversion),
            Change::ChangeCooperation(one) => self.change_cooperation(one),
            Change::JoinAlliance(membership) => self.join(membership),
            Change::LeaveAlliance(membership) => self.leave(membership),
            Change::ScaleDemand(scale) => {
                self.adjustments.demand.push(scale.clone());
                Ok(())
            }
            Change::SetPopulation(table) => {
                self.population = Some(table);
                Ok(())
            }
        }
    }

    /// The hospital of a key that a field names.
    fn hospital(&mut self, path: &'static str, key: &str) -> Result<&mut Hospital, Refusal> {
        match self.network.find(key) {
            Some(id) => Ok(&mut self.network.hospitals[id.index()]),
            None => Err(gone(
                path,
                format!("hospital \"{key}\" is not there"),
                "a hospital that is there then",
            )),
        }
    }

    /// The hospital, which has an inpatient department of the specialty.
    fn department(
        &mut self,
        (path, key): (&'static str, &str),
        specialty: &str,
    ) -> Result<&mut Hospital, Refusal> {
        let hospital = self.hospital(path, key)?;
        if hospital.has_specialty(specialty) {
            return Ok(hospital);
        }
        let own: BTreeSet<&str> = hospital
            .departments
            .iter()
            .map(|one| one.specialty.as_str())
            .filter(|specialty| hospital.has_specialty(specialty))
            .collect();
        let message = format!("\"{key}\" has no inpatient department of \"{specialty}\"");
        let expected = if own.is_empty() {
            "a hospital with departments".to_owned()
        } else {
            format!("one of {}", own.iter().copied().collect::<Vec<_>>().join(", "))
        };
        let mut refusal = gone("specialty", message, &expected);
        refusal.fault.closest = closest(specialty, own);
        Err(refusal)
    }

    fn cooperation(&self, key: &str) -> Result<usize, Refusal> {
        let found = self.network.cooperations.binary_search_by(|one| one.key.as_str().cmp(key));
        found.map_err(|_| {
            let message = format!("cooperation \"{key}\" is not at work");
            gone("", message, "a cooperation that is at work then")
        })
    }

    /// The hospitals that take part in a cooperation are there.
    fn check_parties(&mut self, cooperation: &Cooperation) -> Result<(), Refusal> {
        let keys = cooperation.parties.keys();
        keys.into_iter().try_for_each(|key| self.hospital("", key).map(drop))
    }

    fn start(&mut self, cooperation: &Cooperation) -> Result<(), Refusal> {
        self.check_parties(cooperation)?;
        if self.cooperation(&cooperation.key).is_ok() {
            let message = format!("there is a cooperation \"{}\" already", cooperation.key);
            return Err(conflict("id", message, "another key"));
        }
        let before = |one: &Cooperation| one.key < cooperation.key;
        let at = self.network.cooperations.partition_point(before);
        self.network.cooperations.insert(at, cooperation.clone());
        Ok(())
    }

    fn change_cooperation(&mut self, change: &CooperationChange) -> Result<(), Refusal> {
        let at = self.cooperation(&change.key)?;
        let changed = change.applied_to(&self.network.cooperations[at]);
        self.check_parties(&changed)?;
        self.network.cooperations[at] = changed;
        Ok(())
    }

    fn join(&mut self, Membership { alliance, hospital }: &Membership) -> Result<(), Refusal> {
        self.hospital("hospital", hospital)?;
        let found = self.network.alliances.iter_mut().find(|one| one.key == *alliance);
        let Some(found) = found else {
            return Err(gone("alliance", format!("alliance \"{alliance}\" is not there"), ""));
        };
        if found.members.contains(hospital) {
            let message = format!("\"{hospital}\" is a member of \"{alliance}\" already");
            return Err(gone("hospital", message, "a hospital that is no member then"));
        }
        found.members.push(hospital.clone());
        // What was the number of all members is one more.
        found.total_members = found.total_members.map(|total| total.saturating_add(1));
        Ok(())
    }

    fn leave(&mut self, Membership { alliance, hospital }: &Membership) -> Result<(), Refusal> {
        self.hospital("hospital", hospital)?;
        let found = self.network.alliances.iter_mut().find(|one| one.key == *alliance);
        let Some(found) = found else {
            return Err(gone("alliance", format!("alliance \"{alliance}\" is not there"), ""));
        };
        let Some(at) = found.members.iter().position(|own| own == hospital) else {
            let message = format!("\"{hospital}\" is no member of \"{alliance}\"");
            let mut refusal = gone("hospital", message, "a hospital that is a member then");
            refusal.fault.closest = closest(hospital, found.members.iter().map(String::as_str));
            return Err(refusal);
        };
        found.members.remove(at);
        found.total_members = found.total_members.map(|total| total.saturating_sub(1));
        Ok(())
    }
}

impl CooperationChange {
    /// The cooperation as it then is; what a scenario sets is marked as assumed.
    pub(crate) fn applied_to(&self, cooperation: &Cooperation) -> Cooperation {
        let mut changed = cooperation.clone();
        for (path, is_set) in [
            ("kind", self.kind.is_some()),
            ("terms", self.kind.is_some()),
            ("partners", self.parties.is_some()),
            ("fields", self.fields.is_some()),
            ("hours", self.hours.is_some()),
        ] {
            if is_set && !changed.assumed.iter().any(|own| own == path) {
                changed.assumed.push(path.to_owned());
            }
        }
        changed.kind = self.kind.unwrap_or(changed.kind);
        if let Some(parties) = &self.parties {
            changed.parties.clone_from(parties);
        }
        if let Some(fields) = &self.fields {
            changed.fields.clone_from(fields);
        }
        changed.hours = self.hours.unwrap_or(changed.hours);
        changed
    }
}

/// Marks a value that a scenario sets as assumed; that it is there is known then.
fn mark(hospital: &mut Hospital, path: &str) {
    hospital.settle(path);
    mark_assumed(hospital, path);
}

/// Marks a value as assumed, where the hospital has one; marks of what is not there any more go.
fn mark_assumed(hospital: &mut Hospital, path: &str) {
    hospital.derived.remove(path);
    if !hospital.is_assumed(path) {
        hospital.assumed.push(path.to_owned());
    }
    hospital.drop_stale_marks();
}
