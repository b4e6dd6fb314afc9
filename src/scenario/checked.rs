//! Scenarios that were judged, and against what.

use std::ops::Deref;
use std::sync::Arc;

use super::base::{Against, MissingRoads};
use super::{Scenario, ScenarioDraft};
use crate::model::{Network, Places};
use crate::problem::Problems;

/// A scenario without a fault in the network and the places of a region, by itself and behind those that it was
/// checked with.
///
/// [`Region::check_scenario`](crate::Region::check_scenario) and
/// [`Region::check_scenarios`](crate::Region::check_scenarios) make them, and
/// [`Region::apply_checked`](crate::Region::apply_checked) and
/// [`PatientFlow::under`](crate::simulation::PatientFlow::under) take what was judged: where it was judged against
/// the same network and places, alone or with the same scenarios before and behind it, they do not judge it again.
/// Elsewhere they do. A region of another day, or one to which another scenario was applied, may lack what this one
/// names, and a scenario that was checked behind others may rest on what those add.
///
/// It reads as the [`Scenario`] that it holds, and cannot be changed: [`Self::into_scenario`] gives that back. It
/// shares the network that it was judged against, which stays in memory as long as it does.
///
/// ```
/// use verbund::Region;
/// use verbund::calendar::DateTime;
/// use verbund::scenario::{Change, DatedChange, Scenario};
///
/// let region = Region::leipzig()?;
/// let day: DateTime = "2026-07-01".parse()?;
/// let closes = |key: &str| {
///     let change = DatedChange::new(day, "an example", Change::CloseHospital(key.into()));
///     Scenario::new(key, format!("{key} closes"), "invented").change(change)
/// };
/// let checked = region.check_scenario(closes("kkh-torgau"))?;
/// assert_eq!(checked.key, "kkh-torgau");
/// let after = region.apply_checked(&[&checked], day)?;
///
/// // There the hospital is gone: the scenario is judged anew, and has a fault.
/// assert!(after.apply_checked(&[&checked], day).is_err());
/// // Every fault is told before anything is applied.
/// let problems = region.check_scenario(closes("kkh-trogau")).unwrap_err();
/// assert_eq!(problems.list()[0].closest.as_deref(), Some("kkh-torgau"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CheckedScenario {
    scenario: Scenario,
    group: Arc<Group>,
    /// Its position among those that it was judged with.
    position: usize,
}

/// Scenarios that were judged together, and against what.
#[derive(Debug)]
struct Group {
    network: Arc<Network>,
    places: Arc<Places>,
    /// How many they are.
    size: usize,
}

impl CheckedScenario {
    /// Judges scenarios one after the other against a network of one day, its places, and the map of roads over which
    /// its journeys are measured.
    pub(crate) fn check(
        drafts: Vec<ScenarioDraft>,
        network: &Arc<Network>,
        places: &Arc<Places>,
        missing_roads: Option<&MissingRoads<'_>>,
    ) -> Result<Vec<Self>, Problems> {
        let against = Against { network, places, missing_roads };
        let scenarios = ScenarioDraft::check_against(drafts, against)?;
        let group = Arc::new(Group {
            network: Arc::clone(network),
            places: Arc::clone(places),
            size: scenarios.len(),
        });
        let mut checked = Vec::with_capacity(scenarios.len());
        for (position, scenario) in scenarios.into_iter().enumerate() {
            checked.push(Self { scenario, group: Arc::clone(&group), position });
        }
        Ok(checked)
    }

    /// Whether these, in this order, are known to have no fault against a network and its places.
    pub(crate) fn are_judged(
        together: &[&Self],
        network: &Arc<Network>,
        places: &Arc<Places>,
    ) -> bool {
        let Some(first) = together.first() else { return true };
        // The very same network, not an equal one: to compare two of a country costs as much as to judge.
        let group = &first.group;
        if !Arc::ptr_eq(&group.network, network) || !Arc::ptr_eq(&group.places, places) {
            return false;
        }
        // A part of a group may miss what it rests on, and another order may close what is closed.
        together.len() == group.size
            && together.iter().enumerate().all(|(position, checked)| {
                Arc::ptr_eq(&checked.group, group) && checked.position == position
            })
    }

    /// The scenario, which may be changed again.
    pub fn into_scenario(self) -> Scenario {
        self.scenario
    }
}

impl Deref for CheckedScenario {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.scenario
    }
}

impl From<CheckedScenario> for Scenario {
    fn from(checked: CheckedScenario) -> Self {
        checked.scenario
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Folder;
    use crate::scenario::{Change, DatedChange};

    /// A scenario that closes a hospital of the small network.
    fn closes(key: &str) -> ScenarioDraft {
        let day = "2026-07-01".parse().unwrap();
        let change = DatedChange::new(day, "a test", Change::CloseHospital(key.into()));
        Scenario::new(key, key, "invented").change(change).into()
    }

    #[test]
    fn what_was_judged_is_known_by_its_network_its_group_and_its_order() {
        let model = Folder::small().read().unwrap();
        let (network, places) = (Arc::new(model.network), Arc::new(model.places));
        let drafts = vec![closes("south"), closes("west")];
        let both = CheckedScenario::check(drafts, &network, &places, None).unwrap();
        let [south, west] = both.as_slice() else { panic!("there are two") };
        let are_judged = |together: &[&CheckedScenario]| {
            CheckedScenario::are_judged(together, &network, &places)
        };
        assert!(are_judged(&[south, west]) && are_judged(&[]));
        assert!(are_judged(&[&south.clone(), &west.clone()]));
        for part in [&[south][..], &[west], &[west, south], &[south, south], &[south, west, west]] {
            assert!(!are_judged(part), "{} of two", part.len());
        }

        // What was judged at another time, or against another network, is not known by it.
        let again = CheckedScenario::check(vec![closes("south")], &network, &places, None).unwrap();
        assert!(are_judged(&[&again[0]]) && !are_judged(&[&again[0], west]));
        let equal = Arc::new(Network::clone(&network));
        assert!(!CheckedScenario::are_judged(&[south, west], &equal, &places));
        let equal = Arc::new(Places::clone(&places));
        assert!(!CheckedScenario::are_judged(&[south, west], &network, &equal));
    }
}
