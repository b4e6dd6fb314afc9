//! Faults and the places of values in files, so that a later check can point at them.

use std::collections::HashMap;

use super::problem::ProblemKind;

/// What a location belongs to: hospital 3, cooperation 0, the network itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Entity {
    Network,
    Source(usize),
    Hospital(usize),
    Cooperation(usize),
    Alliance(usize),
    Omitted(usize),
    Published(usize),
    Specialty(usize),
    Field(usize),
    Facility(usize),
    Standard(usize),
    Demand,
    Rate(usize),
    Condition(usize),
    FirstLeg,
    Pathway(usize),
    Scenario,
    ServiceGroups,
    ServiceGroup(usize),
    GroupAssumptions,
    GroupOffer(usize),
    Supplement,
    Provision(usize),
    EmergencyRules,
    EmergencyStage(usize),
    ListedDepartment(usize),
    MinimumVolumes,
    MinimumVolume(usize),
    Change(usize),
}

/// Where values stand in a file, so that a later check can point at them.
#[derive(Debug, Default)]
pub(crate) struct Locations {
    places: HashMap<(Entity, String), (String, u32, u32)>,
}

impl Locations {
    /// Adds the places of another file.
    pub(crate) fn extend(&mut self, other: Self) {
        self.places.extend(other.places);
    }

    /// Notes the file, line and column of a path.
    pub(crate) fn insert(&mut self, entity: Entity, path: &str, place: (String, u32, u32)) {
        self.places.insert((entity, path.to_owned()), place);
    }

    /// File, line and column of a path, or of the nearest path above it.
    pub(crate) fn find(&self, entity: Entity, path: &str) -> Option<&(String, u32, u32)> {
        let mut path = path.to_owned();
        loop {
            if let Some(place) = self.places.get(&(entity, path.clone())) {
                return Some(place);
            }
            let cut = path.rfind(['.', '['])?;
            path.truncate(cut);
            if path.is_empty() {
                break;
            }
        }
        self.places.get(&(entity, String::new()))
    }
}

/// A fault without its place.
pub(crate) struct Fault {
    pub(crate) kind: ProblemKind,
    pub(crate) message: String,
    pub(crate) expected: String,
    pub(crate) closest: Option<String>,
}

impl Fault {
    pub(crate) fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), expected: String::new(), closest: None }
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }
}
