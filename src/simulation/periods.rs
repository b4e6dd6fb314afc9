//! The run cut into periods in which cooperations and roads are the same.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Settings;
use crate::model::{Change, Cooperation, DateTime, Scenario};
use crate::region::Region;

/// Days since the start of the run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// The region's day.
    pub(super) day: DateTime,
    pub(super) warm_up: f64,
    pub(super) horizon: f64,
}

impl Clock {
    pub(super) fn new(region: &Region, settings: &Settings) -> Self {
        let day = DateTime::from(region.network().date());
        let warm_up = f64::from(settings.warm_up_days);
        Self { day, warm_up, horizon: warm_up + f64::from(settings.days) }
    }

    /// Days from the start of the run to a moment.
    pub(super) fn days_to(&self, moment: DateTime) -> f64 {
        self.warm_up + moment.minutes_since(self.day) as f64 / 1440.0
    }
}

/// A time in which cooperations and roads are the same.
#[derive(Debug)]
pub(super) struct Period<'r> {
    pub(super) from: f64,
    pub(super) until: f64,
    pub(super) region: Cow<'r, Region>,
    /// Cooperations of the network that are over, by position.
    pub(super) ended: BTreeSet<usize>,
    /// Cooperations that are there in addition.
    pub(super) added: Vec<Cooperation>,
}

impl Period<'_> {
    /// The cooperations that are at work.
    pub(super) fn cooperations(&self) -> impl Iterator<Item = &Cooperation> {
        let own = self.region.network().cooperations().iter().enumerate();
        let own = own.filter(|(number, _)| !self.ended.contains(number)).map(|(_, one)| one);
        own.chain(&self.added)
    }
}

/// The periods of a run; one for a scenario that changes neither cooperations nor roads.
pub(super) fn periods<'r>(
    region: &'r Region,
    scenario: Option<&Scenario>,
    clock: &Clock,
) -> Vec<Period<'r>> {
    let changes = scenario.map(Scenario::changes_in_order).unwrap_or_default();
    let span = |change: &crate::model::DatedChange| {
        let until = change.until.map_or(f64::INFINITY, |until| clock.days_to(until));
        (clock.days_to(change.on), until)
    };
    let mut borders = vec![0.0];
    for change in &changes {
        let matters = matches!(
            change.change,
            Change::StartCooperation(_) | Change::EndCooperation(_) | Change::Road(_)
        );
        let (from, until) = span(change);
        if matters {
            borders.extend([from, until].into_iter().filter(|time| *time < clock.horizon));
        }
    }
    borders.sort_by(f64::total_cmp);
    borders.dedup();
    let mut periods = Vec::with_capacity(borders.len());
    for (number, &from) in borders.iter().enumerate() {
        let until = borders.get(number + 1).copied().unwrap_or(f64::INFINITY);
        let mut period = Period {
            from,
            until,
            region: Cow::Borrowed(region),
            ended: BTreeSet::new(),
            added: Vec::new(),
        };
        for change in &changes {
            let (on, over) = span(change);
            if from < on || over <= from {
                continue;
            }
            match &change.change {
                Change::StartCooperation(one) => period.added.push(one.clone()),
                Change::EndCooperation(key) => {
                    period.added.retain(|one| one.key != *key);
                    let own = region.network().cooperations().iter();
                    period.ended.extend(
                        own.enumerate().filter(|(_, one)| one.key == *key).map(|(at, _)| at),
                    );
                }
                Change::Road(road) => {
                    let changed = period.region.with_roads(std::slice::from_ref(road));
                    period.region = Cow::Owned(changed);
                }
                _ => {}
            }
        }
        periods.push(period);
    }
    periods
}

/// A time in which a cooperation is at work without a gap.
#[derive(Debug)]
pub(super) struct CooperationSpell {
    pub(super) cooperation: Cooperation,
    pub(super) from: f64,
    pub(super) until: f64,
}

/// When the cooperations are at work, in the order in which they start.
pub(super) fn spells(periods: &[Period<'_>]) -> Vec<CooperationSpell> {
    let mut spells: Vec<CooperationSpell> = Vec::new();
    // By key: the last spell of it.
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for period in periods {
        for one in period.cooperations() {
            let known = last.get(one.key.as_str()).copied();
            if let Some(at) = known.filter(|at| spells[*at].until == period.from) {
                spells[at].until = period.until;
                continue;
            }
            last.insert(&one.key, spells.len());
            let (from, until) = (period.from, period.until);
            spells.push(CooperationSpell { cooperation: one.clone(), from, until });
        }
    }
    spells
}

/// The cooperations that are at work in at least half of the days that are counted: what kinds that do
/// not change within a run (rosters, pools, recruitment) go by.
pub(super) fn lasting(spells: &[CooperationSpell], clock: &Clock) -> Vec<Cooperation> {
    let mut days: Vec<(&Cooperation, f64)> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for one in spells {
        let counted = (one.until.min(clock.horizon) - one.from.max(clock.warm_up)).max(0.0);
        let at = *known.entry(&one.cooperation.key).or_insert(days.len());
        match days.get_mut(at) {
            Some((_, days)) => *days += counted,
            None => days.push((&one.cooperation, counted)),
        }
    }
    let half = 0.5 * (clock.horizon - clock.warm_up);
    days.into_iter().filter(|(_, days)| *days >= half).map(|(one, _)| one.clone()).collect()
}
