//! Beds that a scenario closes for want of staff, for a while.

use super::WardId;
use super::periods::{Clock, changes_of};
use super::wards::Wards;
use crate::queueing::ChangeKind;
use crate::region::Region;
use crate::scenario::{Change, Scenario, closed_of};

/// A time in which a share of the beds of a ward is closed, in days since the start of the run.
#[derive(Debug, Clone, Copy)]
struct Spell {
    from: f64,
    until: f64,
    closed_share: f64,
}

/// When a scenario closes beds for want of staff.
#[derive(Debug)]
pub(super) struct Shortages {
    /// By ward.
    spells: Vec<Vec<Spell>>,
}

/// Beds of a ward over the week.
#[derive(Debug, Clone, Copy)]
pub(super) struct WeekBeds {
    pub(super) weekdays: u32,
    /// On Saturdays and Sundays.
    pub(super) weekends: u32,
    /// Days from Monday to the first day of the run, 0 to 6.
    pub(super) first_weekday: u32,
}

impl WeekBeds {
    /// The beds of a day of the run.
    fn on(self, day: f64) -> u32 {
        let weekday = (f64::from(self.first_weekday) + day.floor()).rem_euclid(7.0);
        if weekday < 5.0 { self.weekdays } else { self.weekends }
    }
}

impl Shortages {
    pub(super) fn new(
        region: &Region,
        wards: &Wards,
        scenario: Option<&Scenario>,
        clock: &Clock,
    ) -> Self {
        let mut spells: Vec<Vec<Spell>> = vec![Vec::new(); wards.list.len()];
        for dated in changes_of(scenario) {
            let Change::StaffShortage(shortage) = &dated.change else { continue };
            let Some(hospital) = region.network().find(&shortage.hospital) else { continue };
            let (from, until) = clock.time_of(dated);
            let closed_share = shortage.closed_share;
            for ward in wards.ids() {
                let (of_house, specialty) = (wards[ward].hospital, &wards[ward].specialty);
                if of_house == hospital && shortage.concerns(specialty) {
                    spells[ward.index()].push(Spell { from, until, closed_share });
                }
            }
        }
        Self { spells }
    }

    /// How many beds a ward has from when on. A change of the servers holds over the borders of shifts, so that each
    /// border within a shortage is one more; behind it the shifts count again.
    pub(super) fn changes(
        &self,
        ward: WardId,
        beds: WeekBeds,
        horizon: f64,
    ) -> Vec<(f64, ChangeKind)> {
        let spells = &self.spells[ward.index()];
        let mut changes: Vec<(f64, ChangeKind)> = Vec::new();
        for time in borders(spells, beds, horizon) {
            let mut open = 1.0;
            for spell in spells {
                if spell.from <= time && time < spell.until {
                    open *= 1.0 - spell.closed_share;
                }
            }
            let there = beds.on(time);
            let kind = if open < 1.0 {
                ChangeKind::Servers(there - closed_of(there, 1.0 - open))
            } else {
                ChangeKind::UsualServers
            };
            if changes.last().is_none_or(|(_, last)| *last != kind) {
                changes.push((time, kind));
            }
        }
        changes
    }
}

/// The moments within the run at which another number of beds may be open, rising.
fn borders(spells: &[Spell], beds: WeekBeds, horizon: f64) -> Vec<f64> {
    let mut borders = Vec::new();
    for spell in spells {
        let (from, until) = (spell.from.max(0.0), spell.until.min(horizon));
        if from >= until {
            continue;
        }
        borders.extend([from, until]);
        let mut day = from.floor() + 1.0;
        while day < until {
            if beds.on(day) != beds.on(day - 1.0) {
                borders.push(day);
            }
            day += 1.0;
        }
    }
    borders.sort_by(f64::total_cmp);
    borders.dedup();
    borders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(spells: &[Spell], beds: WeekBeds, horizon: f64) -> Vec<(f64, ChangeKind)> {
        Shortages { spells: vec![spells.to_vec()] }.changes(WardId(0), beds, horizon)
    }

    #[test]
    fn weekends_within_a_shortage_keep_their_beds_and_come_back_behind_it() {
        // From Thursday noon (day 3 of a run that begins on a Monday) to the second Tuesday, three tenths of 20 beds and of
        // 11 at weekends: 14 and, of 3.3 rounded up to 4, 7.
        let beds = WeekBeds { weekdays: 20, weekends: 11, first_weekday: 0 };
        let spell = Spell { from: 3.5, until: 8.0, closed_share: 0.3 };
        assert_eq!(
            changes(&[spell], beds, 30.0),
            [
                (3.5, ChangeKind::Servers(14)),
                (5.0, ChangeKind::Servers(7)),
                (7.0, ChangeKind::Servers(14)),
                (8.0, ChangeKind::UsualServers),
            ]
        );
    }

    #[test]
    fn shortages_that_meet_are_multiplied_and_those_beyond_the_run_are_cut() {
        let beds = WeekBeds { weekdays: 10, weekends: 10, first_weekday: 2 };
        let half = |from: f64, until: f64| Spell { from, until, closed_share: 0.5 };
        // A half of 10 are 5; a half of a half are 7.5 closed, 8 in whole beds.
        assert_eq!(
            changes(&[half(-4.0, 6.0), half(2.0, f64::INFINITY)], beds, 20.0),
            [
                (0.0, ChangeKind::Servers(5)),
                (2.0, ChangeKind::Servers(2)),
                (6.0, ChangeKind::Servers(5)),
                (20.0, ChangeKind::Servers(5)),
            ][..3]
        );
        assert_eq!(changes(&[half(20.0, 30.0)], beds, 20.0), []);
    }
}
