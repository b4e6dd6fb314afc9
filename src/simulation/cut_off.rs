//! Changes of a scenario that lie outside of the days that a run counts.

use std::fmt;

use serde::Serialize;

use super::Settings;
use super::incident::Allocation;
use super::spans::{DAY, minutes};
use crate::calendar::{Date, DateTime};
use crate::region::Region;
use crate::scenario::Scenario;
use crate::words;

/// A change of a scenario of which the days that are counted show nothing, or not all.
///
/// Printed as `Surge of 2026-01-10: it lasts to 2026-03-04, but the last day that is counted is 2026-01-31; 63 days
/// are needed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CutOff {
    /// Name of the change, as files write it.
    pub name: &'static str,
    /// When it begins.
    pub begins: DateTime,
    /// The last day on which it brings patients, or before which it ends; for changes that stay, the day on which they
    /// begin.
    pub last_day: String,
    /// Days that have to be counted to see all of it; `None` where it is over before they begin.
    pub days_needed: Option<u32>,
    /// Whether nothing of it is counted.
    pub is_unseen: bool,
    /// The last day that is counted.
    pub counted_to: String,
}

impl fmt::Display for CutOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, day) = (words::of(self.name), self.begins.date().in_print());
        let in_print = |day: &String| match day.parse::<Date>() {
            Ok(date) => date.in_print(),
            // Beyond the calendar there are words in place of a day.
            Err(_) => words::of(day).into_owned(),
        };
        let (last, counted_to) = (in_print(&self.last_day), in_print(&self.counted_to));
        let Some(days) = self.days_needed else {
            let over = said!(
                "{name} of {day}: it is over on {last}, before the first day that is counted",
                name,
                day,
                last
            );
            return out.write_str(&over);
        };
        out.write_str(&if self.is_unseen {
            said!(
                "{name} of {day}: it begins after the last day that is counted, {counted_to}; {days} days are needed",
                name,
                day,
                counted_to,
                days
            )
        } else {
            said!(
                "{name} of {day}: it lasts to {last}, but the last day that is counted is {counted_to}; {days} days are needed",
                name,
                day,
                last,
                counted_to,
                days
            )
        })
    }
}

/// The changes of a scenario that the days that are counted do not show in full, in their order: those that begin or end
/// after them, or are over before them.
pub(super) fn cut_off(
    region: &Region,
    settings: &Settings,
    scenario: &Scenario,
    allocations: &[Allocation],
) -> Vec<CutOff> {
    let day = DateTime::from(region.network().date());
    let counted = i64::from(settings.days) * DAY;
    let mut cut_off = Vec::new();
    for change in &scenario.changes {
        let begins = change.on.minutes_since(day);
        let length = minutes(change, allocations);
        // What stays is seen as soon as it begins.
        let ends = begins.saturating_add(length.unwrap_or(0));
        let is_over = length.is_some() && ends <= 0;
        // The days that are counted begin with the region's day: minutes are counted from there.
        let is_unseen = begins >= counted || is_over;
        if !is_unseen && ends <= counted {
            continue;
        }
        // A change that begins with a day needs that day; what ends with it does not need the next one.
        let last_minute = (ends - 1).max(begins);
        let days_after = (i64::from(change.on.minute()) + last_minute - begins) / DAY;
        let counted_to = later(region.network().date(), i64::from(settings.days) - 1);
        let days_needed = u32::try_from(last_minute.div_euclid(DAY) + 1).unwrap_or(u32::MAX);
        cut_off.push(CutOff {
            name: change.change.name(),
            begins: change.on,
            last_day: later(change.on.date(), days_after),
            days_needed: (!is_over).then_some(days_needed),
            is_unseen,
            counted_to,
        });
    }
    cut_off
}

/// The day so many days after another one, in words where there is none.
fn later(day: Date, days: i64) -> String {
    if let Ok(days) = u32::try_from(days)
        && let Some(later) = day.plus_days(days)
    {
        return later.to_string();
    }
    "a day beyond all calendars".to_owned()
}
