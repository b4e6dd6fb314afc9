//! What happens by the calendar: warm-up, hours of the week, absence, changes.

use std::collections::HashMap;

use rand_distr::{Distribution as _, StandardNormal};

use super::clock::{HourClock, WEEK};
use super::compile::{Compiled, NONE, Plan, usual_servers};
use super::model::{ChangeKind, Model, Servers};
use super::result::Record;
use super::settling::LEVELS;
use super::station::Access;
use crate::random::{Purpose, RandomStream, Seed};

/// What is due at a moment.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may be due with any other")]
pub(super) struct Due {
    pub(super) warm_up: bool,
    pub(super) servers: Vec<(u32, u32)>,
    pub(super) absent: Vec<(u32, f64)>,
    pub(super) opens: Vec<(u32, bool)>,
    /// Stations that let customers in without their team from now on.
    pub(super) without_team: Vec<u32>,
    pub(super) access: Vec<(u32, Access)>,
    /// The hour of the week that starts, when hours are counted.
    pub(super) hour: Option<usize>,
    /// A day ends, and days are counted.
    pub(super) day: bool,
    /// All stations are looked at: hours since time 0.
    pub(super) moment: Option<u32>,
    /// Customers of all stations are counted.
    pub(super) level: bool,
    /// A part of the run ends.
    pub(super) part: bool,
}

/// Stations whose absence is drawn at the same moments.
struct AbsencePeriods {
    every: f64,
    periods: u64,
    stations: Vec<AbsentStation>,
    /// Pools of all stations with absence.
    pools: usize,
}

/// A station with absence.
struct AbsentStation {
    station: u32,
    servers: f64,
    /// Number of its pool, or [`NONE`].
    pool: u32,
    numbers: RandomStream,
}

/// Servers of a pool that are absent, and all of them.
#[derive(Clone, Copy, Default)]
struct PoolSum {
    absent: f64,
    servers: f64,
}

/// The calendar of a replication.
pub(super) struct Ticks<'m> {
    model: &'m Model,
    compiled: &'m Compiled,
    record: Record,
    clock: HourClock,
    /// Whether anything depends on the hour.
    hourly: bool,
    hours: u64,
    days: u64,
    levels: u64,
    /// When all stations are looked at, rising, in hours since time 0, and how many of these are over.
    moments: Vec<u32>,
    looked: usize,
    /// Parts of the run, and the one that is going on.
    parts: u64,
    part: u64,
    drawn: Vec<AbsencePeriods>,
    /// By position of the change, the number of its station.
    changes: &'m [u32],
    /// Positions of the changes in the order of their times.
    order: Vec<usize>,
    changed: usize,
    /// By station, whether a change set its servers: shifts then count no more. Empty before the first one.
    is_set: Vec<bool>,
    warm: bool,
    first: u64,
}

impl<'m> Ticks<'m> {
    pub(super) fn new(
        model: &'m Model,
        compiled: &'m Compiled,
        record: Record,
        seed: Seed,
        replication: u64,
    ) -> Self {
        let mut order: Vec<usize> = (0..model.changes.len()).collect();
        order.sort_by(|&a, &b| model.changes[a].at.total_cmp(&model.changes[b].at));
        let is_hourly = record.hours || compiled.week.iter().any(|plans| !plans.is_empty());
        let mut ticks = Self {
            model,
            compiled,
            record,
            clock: HourClock::new(model),
            hourly: is_hourly,
            hours: 0,
            days: 0,
            levels: 0,
            moments: record.moments.all(),
            looked: 0,
            parts: 1,
            part: 1,
            drawn: drawn(model, seed, replication),
            changes: &compiled.changes,
            order,
            changed: 0,
            is_set: Vec::new(),
            warm: false,
            first: 0,
        };
        // -0 is 0; its bits would come after all others.
        ticks.first = (ticks.next() + 0.0).to_bits();
        ticks
    }

    /// Bits of the time of the next entry.
    #[inline]
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Seconds of a unit of time.
    pub(super) fn seconds(&self) -> f64 {
        3600.0 / self.clock.hour()
    }

    pub(super) fn clock(&self) -> HourClock {
        self.clock
    }

    #[inline]
    pub(super) fn hour_of_week(&self, now: f64) -> usize {
        self.clock.hour_of_week(now)
    }

    /// Cuts the time that is counted into parts of equal length.
    pub(super) fn cut_into(&mut self, parts: u64) {
        self.parts = parts;
    }

    /// When the part ends that is going on; the last one ends at the horizon.
    fn end_of_part(&self) -> f64 {
        let Model { warm_up, horizon, .. } = *self.model;
        warm_up + (horizon - warm_up) * (self.part as f64 / self.parts as f64)
    }

    /// When customers are counted next.
    fn next_level(&self) -> f64 {
        self.levels as f64 * (self.model.horizon / LEVELS as f64)
    }

    /// When the next day starts that is counted.
    fn start_of_day(&self) -> f64 {
        self.days as f64 * 24.0 * self.clock.hour()
    }

    /// The next moment at which all stations are looked at: hours since time 0.
    fn next_moment(&self) -> Option<u32> {
        self.moments.get(self.looked).copied()
    }

    /// The time at so many hours.
    fn at_hours(&self, hours: u32) -> f64 {
        f64::from(hours) * self.clock.hour()
    }

    /// The hours of the horizon, where all stations are looked at there.
    pub(super) fn moment_at(&self, horizon: f64) -> Option<u32> {
        self.next_moment().filter(|hours| self.at_hours(*hours) == horizon)
    }

    /// Whether a day ends at the horizon, and days are counted.
    pub(super) fn day_ends_at(&self, horizon: f64) -> bool {
        self.record.days && self.start_of_day() == horizon
    }

    fn next(&self) -> f64 {
        let mut next = self.model.horizon;
        if !self.warm {
            next = next.min(self.model.warm_up);
        }
        if self.hourly {
            next = next.min(self.clock.start_of(self.hours));
        }
        if self.record.days {
            next = next.min(self.start_of_day());
        }
        if self.record.levels {
            next = next.min(self.next_level());
        }
        if let Some(hours) = self.next_moment() {
            next = next.min(self.at_hours(hours));
        }
        if self.part < self.parts {
            next = next.min(self.end_of_part());
        }
        for absence in &self.drawn {
            next = next.min(absence.periods as f64 * absence.every);
        }
        if let Some(&change) = self.order.get(self.changed) {
            next = next.min(self.model.changes[change].at);
        }
        next
    }

    /// What is due at the next entry; the calendar then goes on.
    pub(super) fn take(&mut self) -> Due {
        let now = f64::from_bits(self.first);
        let mut due = Due::default();
        if !self.warm && self.model.warm_up <= now {
            self.warm = true;
            due.warm_up = true;
        }
        if self.hourly && self.clock.start_of(self.hours) <= now {
            let hour = (self.model.starts_at_hour as usize + self.hours as usize) % WEEK;
            // Time 0 is how the stations start.
            let plans = if self.hours == 0 { &[][..] } else { &self.compiled.week[hour][..] };
            for &(station, plan) in plans {
                match plan {
                    // A change of the servers counts from then on, whatever the shifts say.
                    Plan::Servers(_) if self.is_set.get(station as usize) == Some(&true) => {}
                    Plan::Servers(servers) => due.servers.push((station, servers)),
                    Plan::Opens(opens) => due.opens.push((station, opens)),
                    Plan::NeedsNoTeam => due.without_team.push(station),
                }
            }
            due.hour = self.record.hours.then_some(hour);
            self.hours += 1;
        }
        if self.record.days && self.start_of_day() <= now {
            due.day = true;
            self.days += 1;
        }
        if self.record.levels && self.next_level() <= now {
            due.level = true;
            self.levels += 1;
        }
        if let Some(hours) = self.next_moment().filter(|hours| self.at_hours(*hours) <= now) {
            due.moment = Some(hours);
            self.looked += 1;
        }
        if self.part < self.parts && self.end_of_part() <= now {
            due.part = true;
            self.part += 1;
        }
        for absence in &mut self.drawn {
            if absence.periods as f64 * absence.every <= now {
                absence.periods += 1;
                absence.draw(self.model, &mut due.absent);
            }
        }
        while let Some(&number) = self.order.get(self.changed) {
            let change = &self.model.changes[number];
            if change.at > now {
                break;
            }
            self.changed += 1;
            let station = self.changes[number];
            match change.change {
                ChangeKind::Close => due.access.push((station, Access::Closed)),
                ChangeKind::Divert => due.access.push((station, Access::Diverted)),
                ChangeKind::Open => due.access.push((station, Access::Open)),
                ChangeKind::Servers(servers) => {
                    // Most models change no servers, and have no such list.
                    self.is_set.resize(self.model.stations.len(), false);
                    self.is_set[station as usize] = true;
                    due.servers.push((station, servers.min(NONE - 1)));
                }
                ChangeKind::UsualServers => {
                    if let Some(is_set) = self.is_set.get_mut(station as usize) {
                        *is_set = false;
                    }
                    let hour = self.clock.hour_of_week(now);
                    let usual = usual_servers(&self.model.stations[station as usize], hour);
                    due.servers.push((station, usual));
                }
            }
        }
        self.first = (self.next() + 0.0).to_bits();
        due
    }
}

/// Stations with absence, by the length of their periods.
fn drawn(model: &Model, seed: Seed, replication: u64) -> Vec<AbsencePeriods> {
    let mut drawn: Vec<AbsencePeriods> = Vec::new();
    let mut pools: HashMap<&str, u32> = HashMap::new();
    let mut position_of: HashMap<u64, usize> = HashMap::new();
    for (number, station) in model.stations.iter().enumerate() {
        let Some(absence) = &station.absence else { continue };
        let Servers::Finite(servers) = station.servers else { continue };
        // By the key of the station, so that another station changes nobody else's absence.
        let numbers = seed.stream(replication, &station.key, Purpose::Absence);
        let next_pool = pools.len() as u32;
        let pool = absence.pool.as_deref();
        let pool = pool.map_or(NONE, |pool| *pools.entry(pool).or_insert(next_pool));
        // Stations of one period are due at once: one look at the calendar for all of them.
        let position = *position_of.entry(absence.every.to_bits()).or_insert(drawn.len());
        if position == drawn.len() {
            let every = absence.every;
            drawn.push(AbsencePeriods { every, periods: 0, stations: Vec::new(), pools: 0 });
        }
        let (station, servers) = (number as u32, f64::from(servers));
        drawn[position].stations.push(AbsentStation { station, servers, pool, numbers });
    }
    for absence in &mut drawn {
        absence.pools = pools.len();
    }
    drawn
}

impl AbsencePeriods {
    /// Draws the absent share of each station for a period; stations of a pool take the mean of all their shares.
    fn draw(&mut self, model: &Model, out: &mut Vec<(u32, f64)>) {
        let mut sums = vec![PoolSum::default(); self.pools];
        let from = out.len();
        for AbsentStation { station, servers, pool, numbers } in &mut self.stations {
            let Some(absence) = &model.stations[*station as usize].absence else { continue };
            let normal: f64 = StandardNormal.sample(&mut numbers.0);
            let share = (absence.mean * (1.0 + absence.cv * normal)).clamp(0.0, 0.9);
            out.push((*station, share));
            if *pool != NONE {
                let sum = &mut sums[*pool as usize];
                sum.absent += share * *servers;
                sum.servers += *servers;
            }
        }
        for ((_, share), station) in out[from..].iter_mut().zip(&self.stations) {
            if station.pool != NONE {
                let sum = sums[station.pool as usize];
                *share = sum.absent / sum.servers;
            }
        }
    }
}
