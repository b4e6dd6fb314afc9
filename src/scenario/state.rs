//! A network with what changed so far, and how a change says that it cannot follow those before it.

use std::collections::BTreeSet;

use crate::model::location::Fault;
use crate::model::{Adjustments, Cooperation, Department, Hospital, Network, Places};
use crate::problem::{ProblemKind, closest};

/// Why a change cannot follow those before it.
pub(super) struct Refusal {
    /// The path within the change.
    pub(super) path: &'static str,
    pub(super) fault: Fault,
    /// Whether what it changes is not there, so that it may do nothing once an earlier change is over.
    pub(super) is_gone: bool,
}

/// A network with what changed so far.
pub(crate) struct State<'s> {
    pub(crate) network: Network,
    pub(crate) adjustments: Adjustments,
    pub(super) population: Option<&'s Places>,
}

/// What the change is about is not there.
pub(super) fn gone(path: &'static str, message: String, expected: &str) -> Refusal {
    let fault = Fault::new(ProblemKind::Unknown, message).expected(expected);
    Refusal { path, fault, is_gone: true }
}

/// The change contradicts what is there.
pub(super) fn conflict(path: &'static str, message: String, expected: &str) -> Refusal {
    let fault = Fault::new(ProblemKind::Conflict, message).expected(expected);
    Refusal { path, fault, is_gone: false }
}

/// What the change sets is so already.
pub(super) fn no_change(path: &'static str, hospital: &str, what: &str) -> Refusal {
    let message = said!("\"{hospital}\" has {what} already", hospital, what);
    gone(path, message, "something else than there is then")
}

/// The hospital has no facility of the kind that the change is about.
pub(super) fn no_facility(path: &'static str, hospital: &Hospital, kind: &str) -> Refusal {
    let mut kinds: Vec<&str> = Vec::new();
    for facility in &hospital.facilities {
        kinds.push(&facility.kind);
    }
    let expected = if kinds.is_empty() {
        "a hospital with facilities".to_owned()
    } else {
        said!("one of {kinds}", kinds = kinds.join(", "))
    };
    let message = said!("\"{hospital}\" has no facility \"{kind}\"", hospital = hospital.key, kind);
    let mut refusal = gone(path, message, &expected);
    refusal.fault.closest = closest(kind, kinds);
    refusal
}

impl State<'_> {
    /// The state of a network of one day before any change.
    pub(super) fn new(network: &Network) -> Self {
        let adjustments = Adjustments::default();
        Self { network: network.clone(), adjustments, population: None }
    }

    /// The places with the people that there are then; `None` where nothing says anything about them.
    pub(crate) fn places(&self, places: &Places) -> Option<Places> {
        let population = self.population?;
        let mut places = places.clone();
        places.bands.clone_from(&population.bands);
        places.ages_assumed = population.ages_assumed;
        for (place, row) in places.places.iter_mut().zip(&population.places) {
            place.population.clone_from(&row.population);
        }
        Some(places)
    }

    /// The hospital of a key that a field names.
    pub(super) fn hospital(
        &mut self,
        path: &'static str,
        key: &str,
    ) -> Result<&mut Hospital, Refusal> {
        match self.network.find(key) {
            Some(id) => Ok(&mut self.network.hospitals[id.index()]),
            None => Err(gone(
                path,
                said!("hospital \"{key}\" is not there", key),
                "a hospital that is there then",
            )),
        }
    }

    /// The hospital, which has an inpatient department of the specialty.
    pub(super) fn department(
        &mut self,
        path: &'static str,
        key: &str,
        specialty: &str,
    ) -> Result<&mut Hospital, Refusal> {
        let hospital = self.hospital(path, key)?;
        if hospital.has_specialty(specialty) {
            return Ok(hospital);
        }
        let mut specialties: BTreeSet<&str> = BTreeSet::new();
        for department in &hospital.departments {
            if hospital.has_specialty(&department.specialty) {
                specialties.insert(&department.specialty);
            }
        }
        let message =
            said!("\"{key}\" has no inpatient department of \"{specialty}\"", key, specialty);
        // Most often the specialty is a broader or a narrower one than the department: the list
        // shows it.
        let expected = if specialties.is_empty() {
            "a hospital with departments".to_owned()
        } else {
            let known: Vec<&str> = specialties.iter().copied().collect();
            said!("one of {known}", known = known.join(", "))
        };
        let mut refusal = gone("specialty", message, &expected);
        refusal.fault.closest = closest(specialty, specialties);
        Err(refusal)
    }

    /// The position of the cooperation of a key, which is at work.
    pub(super) fn cooperation(&self, key: &str) -> Result<usize, Refusal> {
        // They stand in the order of their keys: whoever adds one puts it in its place.
        let by_key = |cooperation: &Cooperation| cooperation.key.as_str().cmp(key);
        self.network.cooperations.binary_search_by(by_key).map_err(|_| {
            let message = said!("cooperation \"{key}\" is not at work", key);
            gone("", message, "a cooperation that is at work then")
        })
    }

    /// The hospitals that take part in a cooperation are there.
    pub(super) fn check_parties(&mut self, cooperation: &Cooperation) -> Result<(), Refusal> {
        for key in cooperation.parties.keys() {
            self.hospital("", key)?;
        }
        Ok(())
    }

    /// Cooperations go on among those of their parties that are there, when at least two are.
    pub(super) fn keep_whole_cooperations(&mut self) {
        let network = &mut self.network;
        let mut there: BTreeSet<&str> = BTreeSet::new();
        for hospital in &network.hospitals {
            there.insert(&hospital.key);
        }
        let mut kept = Vec::with_capacity(network.cooperations.len());
        for cooperation in &network.cooperations {
            // By the rule that gives the network of a day, so that both agree on who is left.
            kept.extend(cooperation.as_of(network.date, &there));
        }
        network.cooperations = kept;
    }
}

/// The departments and so many beds more fit into the total of the site.
pub(super) fn check_total(
    hospital: &Hospital,
    path: &'static str,
    more: u64,
) -> Result<(), Refusal> {
    let Some(total) = hospital.beds else { return Ok(()) };
    // In 64 bits: the greatest counts of files do not fit into 32 when they add up.
    let mut beds = more;
    for department in &hospital.departments {
        beds += department.beds.map_or(0, u64::from);
    }
    if beds <= u64::from(total) {
        return Ok(());
    }
    let message = said!(
        "the departments of \"{hospital}\" would have {beds} beds, the site {total}",
        hospital = hospital.key,
        beds,
        total
    );
    Err(conflict(path, message, "no more beds in departments than at the site"))
}

/// A department comes to a hospital: where it has one of the kind already, beds and day places add up, and
/// it is open when either was.
pub(super) fn receive(hospital: &mut Hospital, department: Department) {
    let is_same = |there: &&mut Department| {
        there.specialty == department.specialty && there.is_inpatient() == department.is_inpatient()
    };
    let Some(there) = hospital.departments.iter_mut().find(is_same) else {
        hospital.departments.push(department);
        return;
    };
    there.beds = match (there.beds, department.beds) {
        (Some(beds), Some(more)) => Some(beds.saturating_add(more)),
        // A sum with an unknown part is unknown.
        _ => None,
    };
    there.day_places = sum(there.day_places, department.day_places);
    there.hours = there.hours.or(department.hours);
    // A main department stays one, whoever comes.
    there.kind = there.kind.min(department.kind);
}

/// The sum of what is known; `None` when neither is.
pub(super) fn sum(count: Option<u32>, more: Option<u32>) -> Option<u32> {
    match (count, more) {
        (Some(count), Some(more)) => Some(count.saturating_add(more)),
        (count, more) => count.or(more),
    }
}

/// That a department or facility is open at other hours than before is assumed.
pub(super) fn mark_other_hours(site: &mut Hospital, before: &Hospital) {
    let mut paths = Vec::new();
    for department in &site.departments {
        let mut departments = before.departments.iter();
        let earlier = departments.find(|earlier| earlier.specialty == department.specialty);
        if earlier.is_some_and(|earlier| earlier.hours != department.hours) {
            paths.push(format!("departments.{}.hours", department.specialty));
        }
    }
    for facility in &site.facilities {
        let earlier = before.facility(&facility.kind);
        if earlier.is_some_and(|earlier| earlier.hours != facility.hours) {
            paths.push(format!("facilities.{}.hours", facility.kind));
        }
    }
    for path in paths {
        mark(site, &path);
    }
}

/// Marks a value that a scenario sets as assumed; that it is there is known then.
pub(super) fn mark(hospital: &mut Hospital, path: &str) {
    hospital.settle(path);
    mark_assumed(hospital, path);
}

/// Marks a value as assumed, where the hospital has one; marks of what is not there any more go.
pub(super) fn mark_assumed(hospital: &mut Hospital, path: &str) {
    // A value that a scenario sets follows from no rule any more.
    hospital.derived.remove(path);
    if !hospital.is_assumed(path) {
        hospital.assumed.push(path.to_owned());
    }
    hospital.drop_stale_marks();
}
