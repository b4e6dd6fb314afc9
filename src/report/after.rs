//! The answer for a region after a change: what was changed, in the head of its document.

use super::against::{Extent, against};
use super::comparison::network::network_in_short;
use super::document::{Document, Hint, Remark};
use crate::calendar::DateTime;
use crate::comparison::{NetworkDifference, Planned};
use crate::region::Region;
use crate::scenario::{DatedChange, Scenario};
use crate::words;

/// What was changed before an answer was worked out, and how the answer is shown.
#[derive(Debug, Clone, Copy)]
pub struct AfterChange<'a> {
    /// The region before.
    pub region: &'a Region,
    /// The scenarios, their day and the region then.
    pub change: &'a Planned,
    /// The answer before, to stand beside the one after, and the figures of which the comparison speaks;
    /// `None` for the answer after alone.
    pub beside: Option<(&'a Document, Extent)>,
}

/// The answer for the region after a change; in its head the scenarios, the day whose changes count, what else
/// ends by them, and what of them does not count. With the answer before, both [side by side](against).
///
/// ```
/// use verbund::comparison::{Grouping, Plan};
/// use verbund::report::{self, AfterChange, CoverageBy};
/// use verbund::scenario::{Change, DatedChange, Scenario};
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let closes = Change::CloseHospital("fkh-hubertusburg".into());
/// let dated = DatedChange::new("2026-07-01".parse()?, "an example", closes);
/// let scenario = Scenario::new("no-hub", "Hubertusburg closes", "invented").change(dated);
/// let scenarios = [region.check_scenario(scenario)?];
/// let plan = Plan::of(&region, &scenarios, Grouping::Each, None).map_err(|faults| faults[0].to_string())?;
///
/// let change = &plan.changes[0];
/// let results = coverage::evaluate_all(&change.after, &region.network().catalog().standards)?;
/// let answer = report::coverage(&change.after, &results, CoverageBy::Region);
/// let document = report::after_change(&answer, &AfterChange { region: &region, change, beside: None });
/// assert_eq!(document.title, "Coverage after: Hubertusburg closes");
/// let about = serde_json::to_value(&document)?["about"].clone();
/// assert_eq!(about["scenarios"], "no-hub");
/// assert!(about["also"].as_str().ok_or("it ends agreements")?.contains("at an end: "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn after_change(answer: &Document, view: &AfterChange<'_>) -> Document {
    let change = view.change;
    let scenarios = first_first(&change.scenarios);
    let names = names(&scenarios);
    let (mut document, when) = match view.beside {
        None => (answer.clone(), "after"),
        Some((before, extent)) => (against(before, answer, extent), "before and after"),
    };
    let (when, names) = (words::of(when), names.join(&words::of(", then ")));
    document.title = format!("{} {when}: {names}", document.title);

    // What a simulation says of scenarios is that it follows none.
    document.about.retain(|(key, _)| !["scenario", "scenarios"].contains(key));
    // Behind the network and its day: whatever follows is that of the changed network.
    let day = document.about.iter().position(|(key, _)| *key == "as_of");
    let position = day.map_or(0, |position| position + 1);
    document.about.splice(position..position, head(view, &scenarios));
    document
}

/// What was changed, in the lines of a head.
fn head(view: &AfterChange<'_>, scenarios: &[&Scenario]) -> Vec<(&'static str, Remark)> {
    let change = view.change;
    let network = view.region.network();
    let mut head = vec![
        ("scenarios", Remark::from(keys(scenarios))),
        ("in_force", Remark::from(in_force(view.region, change))),
    ];

    let standards = &network.catalog().standards;
    let difference = NetworkDifference::between(network, change.after.network(), standards);
    let also = network_in_short(&difference);
    if !also.is_empty() {
        head.push(("also", Remark::from(also.join("; "))));
    }
    if let Some(other) = other_changes(scenarios, change.at) {
        head.push(("other_changes", Remark::from(other)));
    }
    let passing = change.passing.changes.len() + change.skipped;
    if passing > 0 {
        let is_all = changes(scenarios).count() == passing;
        let rest = if is_all { "; nothing else changes, so that all is as before" } else { "" };
        let told = said!(
            "{passing} (surges, incidents, staff shortages, departments that divert) do not count",
            passing
        );
        head.push(("passing_changes", Remark::from(told).hint(Hint::PassingScenarios).and(rest)));
    }

    head.push(("scenario_source", Remark::from(sources(scenarios))));
    let assumed = assumed(scenarios);
    if !assumed.is_empty() {
        head.push(("scenario_assumed", Remark::from(assumed)));
    }
    head
}

/// Scenarios as they are applied: by the first change of each.
pub(super) fn first_first<'s>(
    scenarios: impl IntoIterator<Item = &'s Scenario>,
) -> Vec<&'s Scenario> {
    let mut scenarios: Vec<&Scenario> = scenarios.into_iter().collect();
    scenarios.sort_by_key(|scenario| scenario.changes.iter().map(|change| change.on).min());
    scenarios
}

/// What scenarios are called.
pub(super) fn names<'s>(scenarios: &[&'s Scenario]) -> Vec<&'s str> {
    let mut names = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        names.push(scenario.name.as_str());
    }
    names
}

/// The keys of scenarios, as a head names them.
pub(super) fn keys(scenarios: &[&Scenario]) -> String {
    let mut keys = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        keys.push(scenario.key.as_str());
    }
    keys.join(&words::of(", then "))
}

/// Where scenarios come from, each source once where they follow each other.
pub(super) fn sources(scenarios: &[&Scenario]) -> String {
    let mut sources = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        sources.push(scenario.source.as_str());
    }
    sources.dedup();
    sources.join("; ")
}

/// What of scenarios nobody published.
pub(super) fn assumed(scenarios: &[&Scenario]) -> String {
    let mut assumed = Vec::new();
    for scenario in scenarios {
        assumed.extend_from_slice(&scenario.assumed);
    }
    assumed.join("; ")
}

/// Which changes count.
fn in_force(region: &Region, change: &Planned) -> String {
    said!(
        "the changes of {at} and before; what the network itself says of days after {date} does not count",
        at = change.at.in_print(),
        date = region.network().date().in_print()
    )
}

/// What scenarios change.
pub(super) fn changes<'s>(scenarios: &[&'s Scenario]) -> impl Iterator<Item = &'s DatedChange> {
    scenarios.iter().flat_map(|scenario| &scenario.changes)
}

/// Changes that are not in force at a moment, in words; `None` where all are.
pub(super) fn other_changes(scenarios: &[&Scenario], at: DateTime) -> Option<String> {
    let (mut later, mut over) = (0, 0);
    for change in changes(scenarios) {
        later += usize::from(change.on > at);
        over += usize::from(change.until.is_some_and(|until| until <= at));
    }
    let told = said!("{later} begin later and {over} are over: they do not count", later, over);
    (later + over > 0).then_some(told)
}
