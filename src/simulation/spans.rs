//! When the changes of a scenario begin and end, on the clock of a run.

use serde::Serialize;

use super::incident::Allocation;
use crate::calendar::DateTime;
use crate::scenario::{Change, DatedChange, Scenario};

/// Minutes of a day.
pub(super) const DAY: i64 = 1440;

/// When a change of a scenario begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangeSpan {
    /// Name of the change, as files write it.
    pub name: &'static str,
    /// When it begins.
    pub begins: DateTime,
    /// Minutes from there to its end: to the end of a surge, to the last patient whom an incident brings, else to the
    /// moment at which the scenario ends it; `None` for what stays.
    pub minutes: Option<i64>,
}

impl ChangeSpan {
    /// Whether it is an incident, of which hours matter and not days.
    pub(super) fn is_incident(&self) -> bool {
        self.name == "Incident"
    }
}

/// The changes of a scenario that a run follows, in their order.
pub(super) fn change_spans(scenario: &Scenario, allocations: &[Allocation]) -> Vec<ChangeSpan> {
    let mut spans = Vec::with_capacity(scenario.changes.len());
    for change in &scenario.changes {
        spans.push(ChangeSpan {
            name: change.change.name(),
            begins: change.on,
            minutes: minutes(change, allocations),
        });
    }
    spans
}

/// Minutes from the begin of a change to its end; `None` for what stays.
pub(super) fn minutes(change: &DatedChange, allocations: &[Allocation]) -> Option<i64> {
    match &change.change {
        Change::Surge(surge) => {
            // Steps of 1 at the end change nothing, so that it is over before them.
            let last = surge.factors.iter().rposition(|factor| *factor != 1.0);
            let Some(last) = last else { return Some(0) };
            let steps = i64::try_from(last).unwrap_or(i64::MAX - 1) + 1;
            Some(steps.saturating_mul(i64::from(surge.days) * DAY))
        }
        Change::Incident(incident) => {
            let mut last_arrival = None;
            for allocation in allocations {
                if allocation.on != change.on {
                    continue;
                }
                for brought in &allocation.brought {
                    last_arrival = last_arrival.max(Some(brought.last_arrival.0));
                }
            }
            Some(match last_arrival {
                Some(seconds) => i64::from(seconds.div_ceil(60)),
                None => i64::from(incident.minutes),
            })
        }
        _ => change.until.map(|until| until.minutes_since(change.on)),
    }
}
