//! Faults and the places of values in files, so that a later check can point at them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::problem::ProblemKind;

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
    Simulation,
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
    places: HashMap<(Entity, String), (Arc<str>, u32, u32)>,
}

impl Locations {
    /// Adds the places of another file.
    pub(crate) fn extend(&mut self, other: Self) {
        self.places.extend(other.places);
    }

    /// Notes the file, line and column of a path.
    pub(crate) fn insert(&mut self, entity: Entity, path: &str, place: (Arc<str>, u32, u32)) {
        self.places.insert((entity, path.to_owned()), place);
    }

    /// File, line and column of a path, or of the nearest path above it.
    pub(crate) fn find(&self, entity: Entity, path: &str) -> Option<&(Arc<str>, u32, u32)> {
        // A value that is not written stands where the value around it stands: shorter and shorter paths.
        let mut path = path.to_owned();
        loop {
            if let Some(place) = self.places.get(&(entity, path.clone())) {
                return Some(place);
            }
            let Some(cut) = path.rfind(['.', '[']) else { break };
            path.truncate(cut);
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

    /// What cannot be read, and why.
    pub(crate) fn unreadable(message: String) -> Self {
        Self::new(ProblemKind::Unreadable, message)
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_stands_where_its_record_stands() {
        let mut locations = Locations::default();
        let mut note =
            |path, line| locations.insert(Entity::Alliance(0), path, ("f".into(), line, 1));
        note("", 3);
        note("members", 4);
        let line = |path| locations.find(Entity::Alliance(0), path).map(|(_, line, _)| *line);
        assert_eq!([line("members"), line("members[7].x")], [Some(4), Some(4)]);
        assert_eq!([line("purposes"), line("purposes[0]")], [Some(3), Some(3)]);
        assert_eq!(locations.find(Entity::Alliance(1), "members"), None);
    }
}
