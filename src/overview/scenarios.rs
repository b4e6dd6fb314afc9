//! What the scenarios that a network brings change, and why some are left out.

use serde::Serialize;

use crate::calendar::DateTime;
use crate::comparison::{Base, Comparison, usual_moment};
use crate::files::Folder;
use crate::model::Model;
use crate::names;
use crate::region::Region;
use crate::routing::{Choice, Huff};
use crate::scenario::{CheckedScenario, Scenario, ScenarioDraft};

use super::OverviewError;

/// What the scenarios that a network brings change.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct ScenariosInShort {
    /// What each one changes, in the order of their files.
    pub changes: Vec<ScenarioChange>,
    /// Those that are not compared, by reason, then in the order of their files.
    pub left_out: Vec<LeftOut>,
}

/// What one scenario changes.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ScenarioChange {
    /// The scenario.
    pub scenario: Scenario,
    /// When it counts: the first moment at which all of its lasting changes are in force.
    pub at: DateTime,
    /// The region before and after; patients choose by Huff's model with default parameters.
    pub comparison: Comparison,
}

/// A scenario that is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// Why.
    pub reason: LeftOutReason,
    /// Its name.
    pub scenario: String,
}

/// Why a scenario is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// The region after it cannot be measured.
    NotMeasured,
    /// It begins before the day of the network.
    Earlier,
    /// All of its changes pass: only a simulation shows what they do.
    Passing,
    /// It has a fault.
    Faulty,
}

impl ScenariosInShort {
    /// Compares a region with what each scenario of its folder makes of it.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::overview::{LeftOutReason, ScenariosInShort};
    ///
    /// let folder = Folder::leipzig();
    /// let model = folder.read()?;
    /// let region = Region::new(&model, model.network.date())?;
    /// let scenarios = ScenariosInShort::of(&folder, &model, &region)?;
    /// let merger = "merger-delitzsch-eilenburg";
    /// assert!(scenarios.changes.iter().any(|change| change.scenario.key == merger));
    /// // A winter passes.
    /// let winter = scenarios.left_out.iter().find(|left_out| left_out.scenario == "winter").unwrap();
    /// assert_eq!(winter.reason, LeftOutReason::Passing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the folder of scenarios cannot be read, or the region cannot be compared with one after a scenario.
    pub fn of(folder: &Folder, model: &Model, region: &Region) -> Result<Self, OverviewError> {
        let mut scenarios = Self::default();
        // Worked out for the first scenario that needs it: a region without scenarios does not pay for it.
        let mut base = None;
        for name in folder.scenarios()? {
            let ready = match prepare(folder, &name, model, region) {
                Ok(ready) => ready,
                Err(reason) => {
                    scenarios.left_out.push(LeftOut { reason, scenario: name });
                    continue;
                }
            };
            let base = if let Some(base) = &base {
                base
            } else {
                let standards = &region.network().catalog().standards;
                base.insert(Base::new_in_short(region, standards, Choice::Huff(Huff::default()))?)
            };
            let comparison = base.compare(&ready.after)?;
            let Ready { scenario, at, .. } = ready;
            let scenario = scenario.into_scenario();
            scenarios.changes.push(ScenarioChange { scenario, at, comparison });
        }

        // Stable: those of one reason stay in the order of their files.
        scenarios.left_out.sort_by_key(|left_out| left_out.reason);
        Ok(scenarios)
    }
}

/// A scenario that can be compared.
struct Ready {
    scenario: CheckedScenario,
    /// The region after it.
    after: Region,
    /// When it counts.
    at: DateTime,
}

/// Reads and applies the scenario of a name, or says why it is left out.
fn prepare(
    folder: &Folder,
    name: &str,
    model: &Model,
    region: &Region,
) -> Result<Ready, LeftOutReason> {
    let network = region.network();
    let mut drafts = vec![ScenarioDraft::in_folder(folder, name, network)];
    let begins_before = ScenarioDraft::day_before(&drafts, network).is_some();
    names::put_keys(&mut drafts, network, &model.places);
    let checked = region.check_scenarios(drafts);
    // A day that is too early is one of the faults: it is told by its own name, because another day helps.
    let Some(scenario) = checked.ok().and_then(|mut scenarios| scenarios.pop()) else {
        return Err(if begins_before { LeftOutReason::Earlier } else { LeftOutReason::Faulty });
    };

    // The region after it would be the region before: a row of zeros would say that it changes nothing.
    if scenario.passing().changes.len() == scenario.changes.len() {
        return Err(LeftOutReason::Passing);
    }
    let moment = usual_moment(&[&scenario], network.date());
    match region.apply_checked(&[&scenario], moment) {
        Ok(after) => Ok(Ready { scenario, after, at: moment }),
        Err(_) => Err(LeftOutReason::NotMeasured),
    }
}
