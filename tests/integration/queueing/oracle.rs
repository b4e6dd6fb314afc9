//! A second simulator, slow and obvious, written from the documentation: with the same draws, every
//! visit of every customer is the same to the last bit.
//!
//! It knows all that stands in a model: arrivals, at rates that vary too, and who of them comes, kinds, first choices,
//! alternates, `then`, what happens when all is full, waiting rooms, priorities, patience and coming again, set-up, class
//! changes, stays, services of a class at one station, homes, coming back, blocking in both orders of service, deadlocks that
//! are swapped or stop the run, hours, shifts, absence, teams, closing, diverting, opening, other numbers of servers, customers
//! who are there at the start, and every law. It has no heap, no tables and no list of free places: it looks through all
//! customers for every question. Stations that are looked at at moments, and who found a station full while another one of
//! its site had a free server, are counted, too.
//!
//! Two things are taken from the run that is looked at. Times of arrivals at rates that vary are walked hour by hour, to 1e-9 of
//! what the simulator says, and then rounded to that. And of services that have gone on for a known time, it knows the laws whose
//! rest has a formula; the others are held to their distribution functions in `queueing/rest.rs`.

mod deadlock;
mod moments;
mod rates;
mod start;

use std::collections::HashMap;
use std::f64::consts::LOG2_E;

use proptest::prelude::*;
use rand::RngExt;
use rand_distr::{Distribution as _, Exp1, Gamma, StandardNormal};
use verbund::random::Purpose;

use super::laws::Dice;
use super::*;
use moments::{Counted, Looked};
use rates::Walk;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    InService,
    Blocked,
    /// Gave up waiting, and will ask again.
    Away,
    Gone,
}

#[derive(Clone)]
struct Customer {
    visit: Visit,
    state: State,
    /// The alternate by which it came: station and position.
    alternate: Option<(usize, usize)>,
    /// Where it wants to go when blocked, and its class then.
    target: usize,
    next_class: u32,
    /// Its turn in a waiting room or among the blocked.
    turn: u64,
    home: usize,
    /// When it was blocked last.
    blocked_at: f64,
    /// How often it has asked again.
    again: u32,
}

#[derive(Clone, Copy)]
enum What {
    EndOfService(usize),
    EndOfPatience(usize, u64),
    ComesAgain(usize),
    Ready(usize),
    /// Somebody of the station's team may be free for those who wait there.
    Team(usize),
}

struct Naive<'m> {
    model: &'m Model,
    now: f64,
    events: Vec<(f64, u64, What)>,
    planned: u64,
    customers: Vec<Customer>,
    setting_up: Vec<u32>,
    admission: Vec<ChangeKind>,
    /// By the calendar, or by the last change, which then counts for good.
    servers: Vec<Servers>,
    is_set: Vec<bool>,
    absent: Vec<f64>,
    /// Parts of a server that rounding took, of stations that make up for them.
    owed: Vec<f64>,
    /// Servers that are there; `None` for infinitely many.
    capacity: Vec<Option<u32>>,
    /// By station, who found it full while another one of its site had a free server.
    free_beside: Vec<u64>,
    opens: Vec<bool>,
    /// Until when each member of each team is busy.
    teams: Vec<Vec<f64>>,
    /// By station, the last moment for which somebody asked its team.
    asked_team: Vec<f64>,
    absences: Vec<AbsentStation>,
    seen: Vec<Visit>,
    /// Start of the statistics, and what stations counted since.
    from: f64,
    counted: Vec<Counted>,
    /// Deadlocks that were swapped, and when the first one closed, with its stations.
    swaps: u64,
    deadlock: Option<(f64, Vec<String>)>,
    stopped: bool,
    /// Stations of which somebody has gone since all was settled, the last one first.
    left: Vec<usize>,
}

/// A station with absence, and how many periods it has drawn.
struct AbsentStation {
    station: usize,
    periods: u64,
    numbers: Numbers,
}

/// The numbers of a stream, for the laws of another crate.
struct Numbers(verbund::random::RandomStream);

impl rand::TryRng for Numbers {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        panic!("laws of 64 bits only")
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
        panic!("laws of 64 bits only")
    }
}

fn length(distribution: &Distribution, customer: u64, visit: u32, purpose: Draw) -> f64 {
    drawn(distribution, &mut draws(customer, visit, purpose))
}

/// The position that a number falls on, of weights that sum to the whole.
fn chosen(weights: &[f64], numbers: &mut SplitMix64) -> usize {
    let mut sums = Vec::new();
    for weight in weights {
        sums.push(sums.last().unwrap_or(&0.0) + weight);
    }
    let whole = sums[sums.len() - 1];
    let drawn: f64 = numbers.random();
    sums.iter().position(|sum| drawn < sum / whole).unwrap_or(sums.len() - 1)
}

fn unit(numbers: &mut SplitMix64) -> f64 {
    Exp1.sample(numbers)
}

/// Each law by its definition, to the last bit what the simulator draws.
fn drawn(distribution: &Distribution, numbers: &mut SplitMix64) -> f64 {
    match distribution {
        Distribution::Exponential { mean } => mean * unit(numbers),
        Distribution::Lognormal { mean, cv } => {
            let variance = libm::log1p(cv * cv);
            let normal: f64 = StandardNormal.sample(numbers);
            let (mu, sigma) = (libm::log(*mean) - variance / 2.0, variance.sqrt());
            libm::exp2(mu * LOG2_E + sigma * LOG2_E * normal)
        }
        Distribution::Gamma { mean, cv } => {
            let shape = 1.0 / (cv * cv);
            Gamma::new(shape, mean / shape).unwrap().sample(numbers)
        }
        Distribution::Erlang { mean, stages } => {
            let shape = f64::from(*stages);
            Gamma::new(shape, mean / shape).unwrap().sample(numbers)
        }
        Distribution::Deterministic(value) => *value,
        Distribution::Empirical(values) => values[numbers.random_range(0..values.len())],
        Distribution::Uniform { from, to } => from + (to - from) * numbers.random::<f64>(),
        Distribution::Triangular { least, mode, most } => {
            let (drawn, width) = (numbers.random::<f64>(), most - least);
            if drawn * width < mode - least {
                least + (drawn * width * (mode - least)).sqrt()
            } else {
                most - ((1.0 - drawn) * width * (most - mode)).sqrt()
            }
        }
        Distribution::Weibull { mean, shape } => {
            let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
            scale * libm::pow(unit(numbers), 1.0 / shape)
        }
        Distribution::Hyperexponential { shares, means } => {
            means[chosen(shares, numbers)] * unit(numbers)
        }
        Distribution::PhaseType { initial, rates } => {
            let mut phase = chosen(initial, numbers);
            let mut length = 0.0;
            loop {
                let row = &rates[phase];
                length += -1.0 / row[phase] * unit(numbers);
                let drawn: f64 = numbers.random();
                let mut sum = 0.0;
                let next = (0..row.len()).find(|next| {
                    sum += if *next == phase { 0.0 } else { -row[*next] / row[phase] };
                    drawn < sum
                });
                let Some(next) = next else { return length };
                phase = next;
            }
        }
        Distribution::Mixture(parts) => {
            let shares: Vec<f64> = parts.iter().map(|part| part.share).collect();
            drawn(&parts[chosen(&shares, numbers)].law, numbers)
        }
        Distribution::Truncated { law, from, to } => loop {
            let length = drawn(law, numbers);
            if *from <= length && length <= *to {
                return length;
            }
        },
    }
}

impl Naive<'_> {
    fn at(&self, key: &str) -> usize {
        self.model.stations.iter().position(|own| own.key == key).unwrap()
    }

    fn class(&self, key: Option<&String>) -> u32 {
        let of = |key: &String| {
            self.model.classes.iter().position(|own| own.key == *key).unwrap() as u32
        };
        key.map_or(0, of)
    }

    fn plan(&mut self, after: f64, what: What) {
        self.plan_at(self.now + after, what);
    }

    fn plan_at(&mut self, time: f64, what: What) {
        self.planned += 1;
        self.events.push((time, self.planned, what));
    }

    fn count(&self, station: usize, states: &[State]) -> u32 {
        let here = |own: &&Customer| own.visit.station as usize == station;
        self.customers.iter().filter(here).filter(|own| states.contains(&own.state)).count() as u32
    }

    fn has_free(&self, station: usize) -> bool {
        let held = self.count(station, &[State::InService, State::Blocked]);
        self.has_more_than(station, held)
    }

    fn has_more_than(&self, station: usize, held: u32) -> bool {
        self.capacity[station].is_none_or(|there| held + self.setting_up[station] < there)
    }

    /// Counts the servers that are there anew; with another share that is absent, what rounding takes is owed.
    fn count_servers(&mut self, station: usize, is_drawn: bool) {
        let Servers::Finite(servers) = self.servers[station] else {
            self.capacity[station] = None;
            return;
        };
        if self.absent[station] == 0.0 {
            self.capacity[station] = Some(servers);
            return;
        }
        let there = f64::from(servers) * (1.0 - self.absent[station]) + self.owed[station];
        let whole = there.round().clamp(0.0, f64::from(servers));
        let absence = self.model.stations[station].absence.as_ref();
        if is_drawn && absence.is_some_and(|absence| absence.carries) {
            self.owed[station] = there - whole;
        }
        self.capacity[station] = Some(whole as u32);
    }

    /// The share of a station's servers that are free.
    fn free_share(&self, station: usize) -> f64 {
        let held = self.count(station, &[State::InService, State::Blocked]);
        let Some(there) = self.capacity[station] else { return 1.0 };
        1.0 - f64::from(held + self.setting_up[station]) / f64::from(there.max(1))
    }

    /// Whether it would let somebody in if it had a free server.
    fn is_only_full(&self, station: usize, by_appointment: bool) -> bool {
        !self.has_free(station) && self.opens[station] && self.lets_in(station, by_appointment)
    }

    /// Counts somebody whom another station of the same site could have taken.
    fn count_beside(&mut self, station: usize) {
        let Some(site) = &self.model.stations[station].site else { return };
        if !self.is_only_full(station, false) {
            return;
        }
        let is_beside = |other: usize| {
            other != station
                && self.model.stations[other].site.as_ref() == Some(site)
                && self.has_free(other)
                && self.opens[other]
                && self.lets_in(other, false)
        };
        if (0..self.model.stations.len()).any(is_beside) {
            self.free_beside[station] += 1;
        }
    }

    /// Whether it lets anybody in at this hour, and is not closed.
    fn is_at_work(&self, station: usize) -> bool {
        self.opens[station] && self.admission[station] != ChangeKind::Close
    }

    /// The number of the station's team, if one is needed now.
    fn needed_team(&self, station: usize) -> Option<usize> {
        let key = self.model.stations[station].team.as_ref()?;
        let number = self.model.teams.iter().position(|team| team.key == *key)?;
        self.is_open(self.model.teams[number].hours).then_some(number)
    }

    /// Whether the team lets somebody from outside in now, who then keeps a member busy.
    fn team_lets_in(&mut self, station: usize) -> bool {
        let Some(team) = self.needed_team(station) else { return true };
        let (now, busy) = (self.now, self.model.teams[team].busy);
        match self.teams[team].iter_mut().find(|until| **until <= now) {
            Some(until) => {
                *until = now + busy;
                true
            }
            None => false,
        }
    }

    /// Somebody who is forced in keeps the first member busy who gets free.
    fn force_team(&mut self, station: usize) {
        let Some(team) = self.needed_team(station) else { return };
        let (now, busy) = (self.now, self.model.teams[team].busy);
        let first = self.teams[team].iter_mut().min_by(|a, b| a.total_cmp(b)).unwrap();
        *first = first.max(now) + busy;
    }

    /// Blocked where they want to come again.
    fn returning(&self, station: usize) -> impl Iterator<Item = (usize, &Customer)> {
        self.customers.iter().enumerate().filter(move |(_, own)| {
            own.state == State::Blocked
                && own.target == station
                && own.visit.station as usize == station
        })
    }

    /// Whether anybody waits or is blocked for a station.
    fn is_wanted(&self, station: usize) -> bool {
        self.customers.iter().any(|own| match own.state {
            State::Waiting => own.visit.station as usize == station,
            State::Blocked => own.target == station,
            State::InService | State::Away | State::Gone => false,
        })
    }

    fn lets_in(&self, station: usize, by_appointment: bool) -> bool {
        match self.admission[station] {
            ChangeKind::Close => false,
            ChangeKind::Divert => by_appointment,
            _ => true,
        }
    }

    fn has_room(&self, station: usize) -> bool {
        match self.model.stations[station].waiting_room {
            WaitingRoom::None => false,
            WaitingRoom::Infinite => true,
            WaitingRoom::Finite(places) => self.count(station, &[State::Waiting]) < places,
        }
    }

    /// Somebody who comes to a station now.
    fn somebody(&self, key: u64, stream: u32, class: u32, station: usize) -> Customer {
        let visit = Visit {
            customer: key,
            visit: 0,
            stream,
            class,
            station: station as u32,
            first: station as u32,
            came: self.now,
            started: None,
            ended: None,
            went: self.now,
            forced: false,
            outcome: Outcome::Lost,
        };
        Customer {
            visit,
            state: State::Gone,
            alternate: None,
            target: 0,
            next_class: 0,
            turn: 0,
            home: station,
            blocked_at: 0.0,
            again: 0,
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arrival, told from beginning to end as the guide tells it"
    )]
    fn arrive(&mut self, stream: usize, key: u64) {
        let now = self.now;
        if let Some(keeps) = &self.model.streams[stream].keeps {
            let step = (now - keeps.from) / keeps.step;
            let share = keeps.factors.get(step as usize).filter(|_| step >= 0.0);
            let own: f64 = draws(key, 0, Draw::Comes).random();
            if share.is_some_and(|share| own >= *share) {
                return;
            }
        }
        let share: f64 = draws(key, 0, Draw::Kind).random();
        let mut sum = 0.0;
        let kinds = &self.model.streams[stream].kinds;
        let chosen = kinds.iter().find(|kind| {
            sum += kind.share;
            share < sum
        });
        let kind = chosen.unwrap_or(&kinds[kinds.len() - 1]);
        let holds = |own: &&Preference| {
            own.from.is_none_or(|from| from <= now)
                && own.until.is_none_or(|until| now < until)
                && self.is_open(own.hours)
        };
        let Some(preference) = kind.preferences.iter().find(holds) else { return };
        let first = self.first(preference, kind.by_appointment, key);
        let class = self.class(kind.class.as_ref());
        let mut customer = self.somebody(key, stream as u32, class, first);
        let visit = customer.visit;
        let number = self.customers.len();
        // The team comes last: whom it lets in keeps somebody of it busy.
        let enters = |own: &mut Self, station| {
            own.has_free(station)
                && own.opens[station]
                && own.lets_in(station, kind.by_appointment)
                && own.team_lets_in(station)
        };
        let mut found = enters(self, first).then_some(first);
        let is_full = self.is_only_full(first, kind.by_appointment);
        for (position, one) in self.model.stations[first].alternates.iter().enumerate() {
            let to = self.at(&one.to);
            let is_for = (is_full || !one.only_full)
                && !(one.without_appointment && kind.by_appointment)
                && self.alternate_takes(first, position);
            if found.is_none() && is_for && enters(self, to) {
                found = Some(to);
                customer.alternate = Some((first, position));
            }
        }
        let others: Vec<usize> = preference.then.iter().map(|key| self.at(key)).collect();
        let others = others.into_iter().filter(|to| *to != first);
        let has_place = |own: &Self, station| {
            own.lets_in(station, kind.by_appointment) && own.has_room(station)
        };
        let mut waits_at = None;
        if found.is_none() && kind.when_full == WhenFull::WaitFirst {
            for to in std::iter::once(first).chain(others) {
                if to != first && enters(self, to) {
                    found = Some(to);
                    break;
                }
                if has_place(self, to) {
                    waits_at = Some(to);
                    break;
                }
            }
        } else if found.is_none() {
            let mut others: Vec<usize> = others.collect();
            if preference.least_full {
                // The emptiest of those that let somebody in comes first; its team may still refuse.
                let (mut emptiest, mut most) = (None, 0.0);
                for &to in &others {
                    let is_open = self.opens[to] && self.lets_in(to, kind.by_appointment);
                    if self.has_free(to) && is_open && self.free_share(to) > most {
                        (emptiest, most) = (Some(to), self.free_share(to));
                    }
                }
                others.splice(0..0, emptiest);
            }
            found = others.into_iter().find(|to| enters(self, *to));
            waits_at =
                (kind.when_full == WhenFull::Wait && has_place(self, first)).then_some(first);
        }
        if found.is_none() && kind.when_full == WhenFull::Force {
            let mut all = vec![first];
            all.extend(preference.then.iter().map(|key| self.at(key)));
            found = all.into_iter().find(|to| self.is_at_work(*to));
            customer.visit.forced = found.is_some();
            if let Some(to) = found {
                self.force_team(to);
            }
        }
        let is_sent_on = match found {
            Some(to) => {
                let site = |station: usize| self.model.stations[station].site.as_ref();
                let is_same = site(first).is_some() && site(first) == site(to);
                customer.visit.forced || to != first && !is_same
            }
            None => waits_at.is_none(),
        };
        customer.home = match &preference.home {
            Some(key) => self.at(key),
            None => found.or(waits_at).unwrap_or(first),
        };
        if let Some(to) = found {
            self.counted[to].forced += u32::from(customer.visit.forced);
            customer.visit.station = to as u32;
            self.customers.push(customer);
            self.count_entry(number, to);
            self.start(number);
        } else if let Some(station) = waits_at {
            customer.visit.station = station as u32;
            self.customers.push(customer);
            self.queue(number);
        } else {
            self.counted[first].sent_on += 1;
            self.seen.push(visit);
        }
        if is_sent_on && !kind.by_appointment {
            self.count_beside(first);
        }
    }

    fn first(&self, preference: &Preference, by_appointment: bool, key: u64) -> usize {
        if let [(only, _)] = &preference.first[..] {
            return self.at(only);
        }
        let mut numbers = draws(key, 0, Draw::First);
        let sum: f64 = preference.first.iter().map(|(_, weight)| weight).sum();
        let mut draw = || {
            let at: f64 = numbers.random::<f64>() * sum;
            let mut so_far = 0.0;
            let chosen = preference.first.iter().find(|(_, weight)| {
                so_far += weight;
                at < so_far
            });
            self.at(&chosen.unwrap().0)
        };
        let chosen = draw();
        let open = |own: &usize| self.lets_in(*own, by_appointment);
        if !preference.first.iter().any(|(own, _)| open(&self.at(own))) {
            return chosen;
        }
        std::iter::once(chosen).chain(std::iter::repeat_with(draw)).find(open).unwrap()
    }

    /// Whether hours of the week have this moment.
    fn is_open(&self, hours: verbund::calendar::Hours) -> bool {
        let hour = 1.0 / self.model.time_unit.hours();
        let passed = (self.now / hour).round() as usize;
        // By the moments at which the calendar says that hours begin.
        let passed = if passed as f64 * hour <= self.now { passed } else { passed - 1 };
        self.is_open_in(hours, passed)
    }

    /// Whether hours of the week have the hour that begins so many hours after the start.
    fn is_open_in(&self, hours: verbund::calendar::Hours, passed: usize) -> bool {
        let hour = (self.model.starts_at_hour as usize + passed) % 168;
        hours.is_open(hour / 24, hour % 24)
    }

    /// An hour begins, so many after the start; the stations for which something changes, the last one first.
    fn begin_hour(&mut self, passed: usize) -> Vec<usize> {
        let (mut by_shift, mut by_hours, mut by_team) = (Vec::new(), Vec::new(), Vec::new());
        for (number, station) in self.model.stations.iter().enumerate() {
            let shift = station.shifts.iter().find(|shift| self.is_open_in(shift.hours, passed));
            let servers = shift.map_or(station.servers, |shift| Servers::Finite(shift.servers));
            if !self.is_set[number] && servers != self.servers[number] {
                self.servers[number] = servers;
                self.count_servers(number, false);
                by_shift.push(number);
            }
            let opens = self.is_open_in(station.hours, passed);
            if opens != self.opens[number] {
                self.opens[number] = opens;
                by_hours.push(number);
            }
            let team =
                self.model.teams.iter().find(|team| Some(&team.key) == station.team.as_ref());
            if team.is_some_and(|team| !self.is_open_in(team.hours, passed)) {
                by_team.push(number);
            }
        }
        let all = by_shift.into_iter().chain(by_hours).chain(by_team);
        all.rev().collect()
    }

    /// Draws absence where a period begins now; the stations, the last one first.
    fn begin_period(&mut self) -> Vec<usize> {
        let now = self.now;
        let mut begun = Vec::new();
        for own in &mut self.absences {
            let absence = self.model.stations[own.station].absence.as_ref().unwrap();
            if own.periods as f64 * absence.every <= now {
                own.periods += 1;
                let normal: f64 = StandardNormal.sample(&mut own.numbers);
                let share = (absence.mean * (1.0 + absence.cv * normal)).clamp(0.0, 0.9);
                self.absent[own.station] = share;
                begun.push(own.station);
            }
        }
        // Those of a pool, of which all begin a period together, share what is absent.
        let drawn = self.absent.clone();
        for &station in &begun {
            let own = self.model.stations[station].absence.as_ref().unwrap();
            let (mut absent, mut servers) = (0.0, 0.0);
            for &other in begun.iter().filter(|_| own.pool.is_some()) {
                let others = self.model.stations[other].absence.as_ref().unwrap();
                let Servers::Finite(count) = self.model.stations[other].servers else { continue };
                if others.pool == own.pool && others.every == own.every {
                    absent += drawn[other] * f64::from(count);
                    servers += f64::from(count);
                }
            }
            if own.pool.is_some() {
                self.absent[station] = absent / servers;
            }
            self.count_servers(station, true);
        }
        begun.reverse();
        begun
    }

    fn alternate_takes(&self, station: usize, position: usize) -> bool {
        let one = &self.model.stations[station].alternates[position];
        // Those of a group into one station are counted together.
        let is_counted = |way: (usize, usize)| {
            let other = &self.model.stations[way.0].alternates[way.1];
            way == (station, position)
                || !one.group.is_empty() && (&other.to, &other.group) == (&one.to, &one.group)
        };
        let by_it =
            |own: &&Customer| own.state != State::Gone && own.alternate.is_some_and(is_counted);
        let used = self.customers.iter().filter(by_it).count() as u32;
        one.from.is_none_or(|from| from <= self.now)
            && one.until.is_none_or(|until| self.now < until)
            && self.is_open(one.hours)
            && one.at_most.is_none_or(|most| used < most)
    }

    /// How long the services of a customer where it is take.
    fn law(&self, number: usize) -> Distribution {
        let visit = self.customers[number].visit;
        let class = self.model.classes.get(visit.class as usize);
        let station = &self.model.stations[visit.station as usize];
        let special = self.model.services.iter().find(|special| {
            special.station == station.key && class.is_some_and(|class| class.key == special.class)
        });
        let special = special.map(|special| &special.service);
        let of_class = class.and_then(|class| class.service.as_ref());
        special.or(of_class).or(station.service.as_ref()).unwrap().clone()
    }

    fn start(&mut self, number: usize) {
        let visit = &mut self.customers[number].visit;
        visit.started = Some(self.now);
        let visit = *visit;
        self.customers[number].state = State::InService;
        let mut length = length(&self.law(number), visit.customer, visit.visit, Draw::Service);
        if let Some((station, position)) = self.customers[number].alternate {
            length *= 1.0 + self.model.stations[station].alternates[position].extra;
        }
        self.plan_end(number, self.now + length);
    }

    /// Plans the end of a service whose length is over at a time.
    fn plan_end(&mut self, number: usize, over: f64) {
        let visit = self.customers[number].visit;
        let class = self.model.classes.get(visit.class as usize);
        let mut until = over;
        if let Some(ends) = class.map(|class| &class.ends).filter(|ends| !ends.is_empty()) {
            until = self.end(ends, over, &mut draws(visit.customer, visit.visit, Draw::Next));
        }
        self.plan_at(until, What::EndOfService(number));
    }

    /// When a service ends that starts now and whose length is over at a time, by the ends of the hours.
    fn end(&self, ends: &[f64], over: f64, numbers: &mut SplitMix64) -> f64 {
        let of_hour = |hour: usize| ends[hour % ends.len()];
        let of_day = |day: usize| (0..24).fold(0.0, |sum, hour| sum + of_hour(day * 24 + hour));
        let most = (0..7).map(of_day).fold(0.0, f64::max);
        let (start, per_unit) =
            (f64::from(self.model.starts_at_hour), self.model.time_unit.hours());
        // The first number says where the customer goes on to.
        let _: f64 = numbers.random();
        let mut forward = numbers.random::<f64>() < 0.5;
        let mut day = ((start + over * per_unit) / 24.0).floor();
        for _ in 0..30 {
            let weekday = day.rem_euclid(7.0) as usize;
            if numbers.random::<f64>() < of_day(weekday) / most {
                let (drawn, within): (f64, f64) = (numbers.random(), numbers.random());
                let up_to = |last: usize| {
                    (0..=last).fold(0.0, |sum, hour| sum + of_hour(weekday * 24 + hour))
                };
                let hour = (0..24).find(|hour| drawn < up_to(*hour) / of_day(weekday));
                let at = day * 24.0 + (hour.unwrap_or(23) as f64 + within);
                if at > start + self.now * per_unit {
                    return (at - start) / per_unit;
                }
                forward = true;
            }
            day += if forward { 1.0 } else { -1.0 };
        }
        over
    }

    /// Whether the first who waits at a station has to wait for its team, which is then asked again.
    fn waits_for_team(&mut self, station: usize) -> bool {
        let Some(first) = self.next_waiting(station) else { return false };
        let Some(team) = self.needed_team(station) else { return false };
        if self.customers[first].visit.visit > 0 {
            return false;
        }
        let until = self.teams[team].iter().copied().min_by(f64::total_cmp).unwrap();
        if until <= self.now {
            return false;
        }
        if self.asked_team[station] != until {
            self.asked_team[station] = until;
            self.plan_at(until, What::Team(station));
        }
        true
    }

    fn queue(&mut self, number: usize) {
        self.planned += 1;
        let turn = self.planned;
        let own = &mut self.customers[number];
        (own.state, own.turn) = (State::Waiting, turn);
        let visit = own.visit;
        let class = self.model.classes.get(visit.class as usize);
        if let Some(patience) = class.and_then(|class| class.patience.as_ref()) {
            // Each time that it asks from outside, its patience is another one.
            let again = if visit.visit == 0 { self.customers[number].again } else { 0 };
            let draw = visit.visit | again << 24;
            let length = length(patience, visit.customer, draw, Draw::Patience);
            self.plan(length, What::EndOfPatience(number, turn));
        }
    }

    /// Somebody who waits gives up, and perhaps asks again later.
    fn give_up(&mut self, number: usize) {
        let own = &self.customers[number];
        let (visit, again) = (own.visit, own.again);
        let class = &self.model.classes[visit.class as usize];
        if let Some(comes_again) = class.comes_again.as_ref().filter(|_| visit.visit == 0) {
            let mut numbers = draws(visit.customer, again + 1, Draw::Comes);
            if numbers.random::<f64>() < comes_again.share {
                let after = drawn(&comes_again.after, &mut numbers);
                self.go(number, Outcome::Rebooked);
                self.customers[number].state = State::Away;
                return self.plan(after, What::ComesAgain(number));
            }
        }
        self.go(number, Outcome::Reneged);
    }

    /// Somebody who gave up asks again where it waited, as if by appointment.
    fn come_again(&mut self, number: usize) {
        let (now, visit) = (self.now, self.customers[number].visit);
        let station = visit.station as usize;
        self.customers[number].visit.came = now;
        self.customers[number].again += 1;
        let is_let_in = self.lets_in(station, true);
        let enters = self.has_free(station) && self.opens[station] && is_let_in;
        if enters && self.team_lets_in(station) {
            self.count_entry(number, station);
            return self.start(number);
        }
        if is_let_in && self.has_room(station) {
            return self.queue(number);
        }
        self.counted[visit.first as usize].sent_on += 1;
        self.customers[number].state = State::Gone;
        self.seen.push(Visit { came: now, went: now, outcome: Outcome::Lost, ..visit });
    }

    /// Shows that a customer goes from where it is, and frees its server when it has one.
    fn go(&mut self, number: usize, outcome: Outcome) {
        let state = self.customers[number].state;
        let had_server = matches!(state, State::InService | State::Blocked);
        self.go_without_set_up(number, outcome);
        let visit = self.customers[number].visit;
        let station = visit.station as usize;
        if had_server {
            self.left.insert(0, station);
        }
        if let Some(set_up) = self.model.stations[station].set_up.as_ref().filter(|_| had_server) {
            self.setting_up[station] += 1;
            let length = length(set_up, visit.customer, visit.visit, Draw::SetUp);
            self.plan(length, What::Ready(station));
        }
    }

    /// Shows that a customer goes from where it is; its server goes to another one as it is.
    fn go_without_set_up(&mut self, number: usize, outcome: Outcome) {
        let own = &mut self.customers[number];
        own.state = State::Gone;
        own.alternate = None;
        own.visit.went = self.now;
        own.visit.outcome = outcome;
        self.seen.push(own.visit);
    }

    /// Another service at the same server, without set-up.
    fn stay(&mut self, number: usize) {
        let now = self.now;
        let own = &mut self.customers[number];
        let visit = Visit { went: now, outcome: Outcome::Moved, ..own.visit };
        self.seen.push(visit);
        self.come(number, visit.station as usize);
        self.customers[number].visit.forced = visit.forced;
        self.start(number);
    }

    fn come(&mut self, number: usize, to: usize) {
        let own = &mut self.customers[number];
        let visit = own.visit;
        own.visit = Visit {
            visit: visit.visit + 1,
            class: own.next_class,
            station: to as u32,
            came: self.now,
            started: None,
            ended: None,
            forced: false,
            ..visit
        };
    }

    fn end_service(&mut self, number: usize) {
        self.customers[number].visit.ended = Some(self.now);
        let visit = self.customers[number].visit;
        let routes = &self.model.stations[visit.station as usize].routes;
        let class = self.model.classes.get(visit.class as usize).map(|class| &class.key);
        let own =
            routes.iter().find(|route| route.class.is_some() && route.class.as_ref() == class);
        let route = own.or(routes.iter().find(|route| route.class.is_none()));
        let share: f64 = draws(visit.customer, visit.visit, Draw::Next).random();
        let now = self.now;
        let holds = |own: &&Branch| {
            own.from.is_none_or(|from| from <= now)
                && own.until.is_none_or(|until| now < until)
                && self.is_open(own.hours)
        };
        let mut sum = 0.0;
        let branch = route.and_then(|route| {
            let found = route.branches.iter().filter(holds).find(|branch| {
                sum += branch.share;
                share < sum
            });
            found.or(route.rest.as_ref())
        });
        let Some(branch) = branch else {
            return self.go(number, Outcome::Left);
        };
        let next_class = branch.class.as_ref().map_or(visit.class, |key| self.class(Some(key)));
        self.customers[number].next_class = next_class;
        let target = match &branch.to {
            Target::Here => return self.stay(number),
            Target::Home => self.customers[number].home,
            Target::Station(key) => self.at(key),
        };
        let returns = target == visit.station as usize;
        if returns && branch.to == Target::Home {
            return self.stay(number);
        }
        // The server of the customer counts as freed.
        let others = self.count(target, &[State::InService, State::Blocked]) - u32::from(returns);
        let has_server = self.is_at_work(target) && self.has_more_than(target, others);
        if returns && has_server && !self.is_wanted(target) {
            return self.stay(number);
        }
        let mut all = vec![target];
        all.extend(branch.then.iter().map(|key| self.at(key)));
        let takes = |own: &usize| self.has_free(*own) && self.is_at_work(*own);
        if let Some(to) = all.into_iter().find(takes) {
            if to == visit.station as usize {
                return self.stay(number);
            }
            self.go(number, Outcome::Moved);
            self.come(number, to);
            return self.start(number);
        }
        if branch.alternates && self.goes_by_alternate(number, target) {
            return;
        }
        match branch.when_full {
            WhenFull::Stay => self.stay(number),
            WhenFull::Leave => self.go(number, Outcome::Left),
            _ if !self.lets_in(target, true) => {
                self.counted[target].sent_on += 1;
                self.go(number, Outcome::Left);
            }
            WhenFull::Force if returns => {
                self.counted[target].forced += 1;
                self.stay(number);
                self.customers[number].visit.forced = true;
            }
            WhenFull::Force => {
                self.counted[target].forced += 1;
                self.count_beside(target);
                self.go(number, Outcome::Moved);
                self.come(number, target);
                self.customers[number].visit.forced = true;
                self.start(number);
            }
            WhenFull::Wait if self.has_room(target) => {
                self.go(number, Outcome::Moved);
                self.come(number, target);
                self.queue(number);
            }
            _ if returns && has_server && self.returning(target).next().is_none() => {
                self.stay(number);
            }
            _ => {
                self.planned += 1;
                let own = &mut self.customers[number];
                (own.state, own.target, own.turn) = (State::Blocked, target, self.planned);
                own.blocked_at = self.now;
                if !returns {
                    self.find_deadlock_of(number);
                }
            }
        }
    }

    /// Whether an alternate of a full station takes a customer of another one, who starts there.
    fn goes_by_alternate(&mut self, number: usize, target: usize) -> bool {
        let here = self.customers[number].visit.station as usize;
        for (position, one) in self.model.stations[target].alternates.iter().enumerate() {
            let to = self.at(&one.to);
            let takes = to != here
                && (!one.only_full || self.is_at_work(target))
                && self.alternate_takes(target, position)
                && self.has_free(to)
                && self.opens[to]
                && self.lets_in(to, false);
            if takes {
                self.count_move(target, to);
                self.go(number, Outcome::Moved);
                self.come(number, to);
                self.customers[number].alternate = Some((target, position));
                self.start(number);
                return true;
            }
        }
        false
    }

    /// Gives every free server to who wants it, until nobody can move and nobody holds others up for good; some
    /// stations come first.
    fn settle(&mut self, first: &[usize]) {
        let mut order = first.to_vec();
        order.extend(0..self.model.stations.len());
        loop {
            self.give_servers(&order);
            let mut changed = std::mem::take(&mut self.left);
            changed.extend(first);
            if self.stopped || !self.find_deadlock(&changed) {
                return;
            }
        }
    }

    fn give_servers(&mut self, order: &[usize]) {
        while let Some((number, station)) = self.next_to_move(order) {
            if self.customers[number].state == State::Blocked {
                if self.customers[number].visit.station as usize == station {
                    self.stay(number);
                    continue;
                }
                self.go(number, Outcome::Moved);
                self.come(number, station);
            } else if self.customers[number].visit.visit == 0 {
                assert!(self.team_lets_in(station), "it was asked");
                self.count_entry(number, station);
            }
            self.start(number);
        }
    }

    fn next_to_move(&mut self, order: &[usize]) -> Option<(usize, usize)> {
        order.iter().find_map(|station| Some((self.next_at(*station)?, *station)))
    }

    /// Who gets a server of a station now.
    fn next_at(&mut self, station: usize) -> Option<usize> {
        if !self.is_at_work(station) {
            return None;
        }
        // Who comes back holds no server of those that there are.
        let back = self.returning(station).min_by_key(|(_, own)| own.turn);
        let back = back.map(|(number, _)| number);
        let held = self.count(station, &[State::InService, State::Blocked])
            - self.returning(station).count() as u32;
        if back.is_some() && self.has_more_than(station, held) {
            return back;
        }
        if !self.has_free(station) {
            return None;
        }
        let all = self.customers.iter().enumerate();
        let elsewhere = |own: &Customer| own.visit.station as usize != station;
        let blocked = all
            .filter(|(_, own)| {
                own.state == State::Blocked && own.target == station && elsewhere(own)
            })
            .min_by_key(|(_, own)| own.turn)
            .map(|(number, _)| number);
        let waiting = self.next_waiting(station);
        let mut blocked_first = blocked.is_some();
        if let (Some(blocked), Some(waiting)) = (blocked, waiting)
            && self.model.stations[station].order == ServiceOrder::FirstCome
        {
            let asked = self.customers[waiting].visit.came;
            blocked_first = asked >= self.customers[blocked].blocked_at;
        }
        if blocked_first {
            return blocked;
        }
        if self.waits_for_team(station) { blocked } else { waiting }
    }

    /// The next one of the waiting room.
    fn next_waiting(&self, station: usize) -> Option<usize> {
        let all = self.customers.iter().enumerate();
        let waiting = all.filter(|(_, own)| {
            own.state == State::Waiting && own.visit.station as usize == station
        });
        let first = waiting.min_by(|(_, a), (_, b)| {
            let [own, other] = [self.priority(a), self.priority(b)];
            own.partial_cmp(&other).unwrap().then(a.turn.cmp(&b.turn))
        });
        first.map(|(number, _)| number)
    }

    /// What decides who is next of those who wait, the lowest first: the priority by now, and what it was made of.
    fn priority(&self, customer: &Customer) -> [f64; 3] {
        let Some(class) = self.model.classes.get(customer.visit.class as usize) else {
            return [0.0; 3];
        };
        let start = f64::from(class.priority);
        [start - class.ageing * (self.now - customer.visit.came), start, class.ageing]
    }

    fn close(&mut self, station: usize) {
        while let Some(number) = self.next_waiting(station) {
            let alternates = &self.model.stations[station].alternates;
            let found = alternates.iter().enumerate().find(|(position, one)| {
                let to = self.at(&one.to);
                // As if by appointment: it was let in once.
                !one.only_full
                    && !one.without_appointment
                    && self.alternate_takes(station, *position)
                    && self.has_free(to)
                    && self.is_at_work(to)
            });
            let Some((position, one)) = found else {
                self.counted[station].sent_on += 1;
                self.go(number, Outcome::SentAway);
                continue;
            };
            let to = self.at(&one.to);
            if self.customers[number].visit.visit == 0 {
                self.count_entry(number, to);
            } else {
                self.count_move(station, to);
            }
            self.go(number, Outcome::Moved);
            self.customers[number].next_class = self.customers[number].visit.class;
            self.come(number, self.at(&one.to));
            self.customers[number].alternate = Some((station, position));
            self.start(number);
        }
        for number in 0..self.customers.len() {
            let own = &self.customers[number];
            if own.state == State::Blocked && own.target == station {
                self.counted[station].sent_on += 1;
                self.go(number, Outcome::SentAway);
            }
        }
    }

    fn change(&mut self, change: &Change) {
        let station = self.at(&change.station);
        if let ChangeKind::Servers(servers) = change.change {
            self.servers[station] = Servers::Finite(servers);
            self.is_set[station] = true;
            self.count_servers(station, false);
            return;
        }
        if change.change == ChangeKind::UsualServers {
            let own = &self.model.stations[station];
            let shift = own.shifts.iter().find(|shift| self.is_open(shift.hours));
            self.servers[station] =
                shift.map_or(own.servers, |shift| Servers::Finite(shift.servers));
            self.is_set[station] = false;
            self.count_servers(station, false);
            return;
        }
        self.admission[station] = change.change;
        if change.change == ChangeKind::Close {
            self.close(station);
        }
    }
}

/// Every arrival before the horizon: time, stream, key. Times at rates that vary are rounded to those that were seen, by
/// key, where they are so near that only the order of the sums tells them apart.
fn arrivals(
    model: &Model,
    seed: Seed,
    replication: u64,
    seen: &HashMap<u64, f64>,
) -> Vec<(f64, usize, u64)> {
    let mut all = Vec::new();
    for (number, stream) in model.streams.iter().enumerate() {
        let mut keys = seed.keys(replication, &stream.key);
        let mut time = 0.0;
        let (process, sizes) = match &stream.arrivals {
            Arrivals::Batches { of, sizes } => (&**of, &sizes[..]),
            alone => (alone, &[1.0][..]),
        };
        let mut listed = Vec::new().into_iter();
        if let Arrivals::Replay(times) = process {
            listed = times.clone().into_iter();
        }
        loop {
            let key = keys.next();
            time = match process {
                Arrivals::Poisson { rate, week, year, curve } => {
                    let unit = unit(&mut draws(key, 0, Draw::Gap));
                    let curve = curve.as_ref();
                    if week.is_empty() && year.is_empty() && curve.is_none() {
                        time + 1.0 / rate * unit
                    } else {
                        Walk { model, rate: *rate, week, year, curve }.after(time, unit)
                    }
                }
                _ => listed.next().unwrap_or(f64::INFINITY),
            };
            if time >= model.horizon {
                break;
            }
            // A batch of one has nobody behind the first.
            let mut batch = vec![key];
            for _ in 0..chosen(sizes, &mut draws(key, 1, Draw::Gap)) {
                batch.push(keys.next());
            }
            for key in batch {
                let near = |own: &&f64| (**own - time).abs() <= 1e-9 * time.max(1.0);
                all.push((*seen.get(&key).filter(near).unwrap_or(&time), number, key));
            }
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    all
}

impl<'m> Naive<'m> {
    fn new(model: &'m Model, seed: Seed, replication: u64) -> Self {
        let mut absences = Vec::new();
        for (number, station) in model.stations.iter().enumerate() {
            if station.absence.is_some() {
                let numbers = seed.stream(replication, &station.key, Purpose::Absence);
                absences.push(AbsentStation {
                    station: number,
                    periods: 0,
                    numbers: Numbers(numbers),
                });
            }
        }
        let count = model.stations.len();
        let mut naive = Self {
            model,
            now: 0.0,
            events: Vec::new(),
            planned: 0,
            customers: Vec::new(),
            setting_up: vec![0; count],
            admission: vec![ChangeKind::Open; count],
            servers: model.stations.iter().map(|station| station.servers).collect(),
            is_set: vec![false; count],
            absent: vec![0.0; count],
            owed: vec![0.0; count],
            capacity: vec![None; count],
            free_beside: vec![0; count],
            opens: vec![true; count],
            teams: model.teams.iter().map(|team| vec![0.0; team.members as usize]).collect(),
            asked_team: vec![0.0; count],
            absences,
            seen: Vec::new(),
            from: 0.0,
            counted: vec![Counted::default(); count],
            swaps: 0,
            deadlock: None,
            stopped: false,
            left: Vec::new(),
        };
        for station in 0..count {
            naive.count_servers(station, false);
        }
        naive.begin_hour(0);
        naive
    }

    /// When the next period of absence begins.
    fn next_period(&self) -> f64 {
        let every = |own: &AbsentStation| {
            self.model.stations[own.station].absence.as_ref().unwrap().every * own.periods as f64
        };
        self.absences.iter().map(every).fold(f64::INFINITY, f64::min)
    }
}

/// What the second simulator saw.
struct Seen {
    visits: Vec<Visit>,
    free_beside: Vec<u64>,
    swaps: u64,
    deadlock: Option<(f64, Vec<String>)>,
    /// Hours since time 0, and all stations then.
    moments: Vec<(u32, Vec<Looked>)>,
}

impl Naive<'_> {
    /// All that the calendar says of a moment, but for the changes; the stations that may move, the last one first.
    fn begin_moment(&mut self, hours: &mut usize) -> Vec<usize> {
        let hour = 1.0 / self.model.time_unit.hours();
        let mut order = Vec::new();
        if *hours as f64 * hour <= self.now {
            order = self.begin_hour(*hours);
            *hours += 1;
        }
        order.splice(0..0, self.begin_period());
        order
    }

    /// Handles the event of a position; the station that it is about, where only its team is asked.
    fn happen(&mut self, at: usize) -> Option<usize> {
        match self.events.swap_remove(at).2 {
            What::EndOfService(number) => self.end_service(number),
            What::EndOfPatience(number, turn) => {
                let own = &self.customers[number];
                if own.state == State::Waiting && own.turn == turn {
                    self.give_up(number);
                }
            }
            What::ComesAgain(number) => self.come_again(number),
            What::Ready(station) => self.setting_up[station] -= 1,
            What::Team(station) => return Some(station),
        }
        None
    }

    /// The statistics start at the warm-up.
    fn warm_up(&mut self) {
        self.from = self.now;
        self.counted.fill(Counted::default());
        self.free_beside.fill(0);
    }

    /// Shows those who are there at the end.
    fn end_run(mut self, moments: Vec<(u32, Vec<Looked>)>) -> Seen {
        if !self.stopped {
            self.now = self.model.horizon;
        }
        for number in 0..self.customers.len() {
            let own = &self.customers[number];
            if !matches!(own.state, State::Gone | State::Away) {
                let (went, outcome) = (self.now, Outcome::Present);
                self.seen.push(Visit { went, outcome, ..own.visit });
            }
        }
        let Self { seen: visits, free_beside, swaps, deadlock, .. } = self;
        Seen { visits, free_beside, swaps, deadlock, moments }
    }
}

/// Runs a model; visits of the run that it is held to round the times of arrivals at rates that vary.
fn simulate(model: &Model, seed: Seed, to_look: &[u32], visits: &[Visit]) -> Seen {
    let mut naive = Naive::new(model, seed, 1);
    let mut first_seen: HashMap<u64, f64> = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.visit == 0) {
        let came = first_seen.entry(visit.customer).or_insert(visit.came);
        *came = came.min(visit.came);
    }
    let mut arrivals = arrivals(model, seed, 1, &first_seen).into_iter().peekable();
    let mut changes = model.changes.clone();
    changes.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut changes = changes.into_iter().peekable();
    let hour = 1.0 / model.time_unit.hours();
    let (mut hours, mut looked, mut is_warm) = (1, Vec::new(), false);
    let mut to_look = to_look.iter().copied().peekable();
    let order = naive.begin(seed, 1);
    naive.settle(&order);
    loop {
        let positions = 0..naive.events.len();
        let first = positions.min_by(|a, b| {
            let (a, b) = (&naive.events[*a], &naive.events[*b]);
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        });
        let event = first.map_or(f64::INFINITY, |at| naive.events[at].0);
        let arrival = arrivals.peek().map_or(f64::INFINITY, |own| own.0);
        let mut calendar = changes.peek().map_or(f64::INFINITY, |own| own.at);
        calendar = calendar.min(hours as f64 * hour).min(naive.next_period());
        if !is_warm {
            calendar = calendar.min(model.warm_up);
        }
        if let Some(next) = to_look.peek() {
            calendar = calendar.min(f64::from(*next) * hour);
        }
        let now = event.min(arrival).min(calendar);
        if now >= model.horizon || naive.stopped {
            break;
        }
        naive.now = now;
        let mut order = Vec::new();
        if calendar <= now {
            // All that the calendar says of a moment holds before anybody moves.
            if !is_warm && model.warm_up <= now {
                is_warm = true;
                naive.warm_up();
            }
            order = naive.begin_moment(&mut hours);
            while let Some(change) = changes.next_if(|change| change.at <= now) {
                order.insert(0, naive.at(&change.station));
                naive.change(&change);
            }
            if !order.is_empty() {
                naive.settle(&order);
            }
            if let Some(hours) = to_look.next_if(|next| f64::from(*next) * hour <= now)
                && now >= naive.from
                && is_warm
            {
                looked.push((hours, naive.look()));
            }
            continue;
        }
        if let Some(at) = first.filter(|_| event <= now) {
            order.extend(naive.happen(at));
        } else {
            let (_, stream, key) = arrivals.next().unwrap();
            naive.arrive(stream, key);
        }
        naive.settle(&order);
    }
    if let Some(hours) = to_look.peek().filter(|_| !naive.stopped)
        && f64::from(*hours) * hour == model.horizon
    {
        looked.push((*hours, naive.look()));
    }
    naive.end_run(looked)
}

/// A model of what the second simulator knows.
fn subset(dice: &mut Dice) -> Model {
    let mut model = dice.model();
    if dice.is(0.2) {
        model.deadlock = Deadlock::Stop;
    }
    if dice.is(0.2) {
        // So that stations can be looked at at the end.
        let hour = 1.0 / model.time_unit.hours();
        model.horizon = (model.horizon / hour).floor() * hour;
    }
    let may_circle = dice.is(0.5);
    let count = model.stations.len() - 1;
    let mut teams: Vec<String> = Vec::new();
    for (number, station) in model.stations.iter_mut().enumerate() {
        station.service = Some(dice.length());
        // Which of several stations gets a member for whom all of them wait is nowhere said.
        station.team = station.team.take().filter(|team| !teams.contains(team));
        teams.extend(station.team.clone());
        station.set_up = station.set_up.take().map(|_| dice.length());
        for branch in station.routes.iter_mut().flat_map(|route| &mut route.branches) {
            branch.then.retain(|key| *key != format!("n{number}"));
            if !may_circle {
                lead_forward(branch, number, count, dice);
            }
        }
    }
    for class in &mut model.classes {
        class.service = class.service.take().map(|_| dice.length());
        class.patience = class.patience.take().map(|_| dice.length());
    }
    for special in &mut model.services {
        special.service = dice.length();
    }
    let laws: Vec<Distribution> =
        model.present.iter().map(|present| law_of(&model, present)).collect();
    for (present, law) in model.present.iter_mut().zip(laws) {
        if start::after(&law, 1.0, &mut draws(0, 0, Draw::Service)).is_none() {
            present.so_far.clear();
        }
    }
    model
}

/// How long those who are there are served.
fn law_of(model: &Model, present: &Present) -> Distribution {
    let naive = Naive::new(model, Seed(0), 0);
    let (station, class) = (naive.at(&present.station), naive.class(present.class.as_ref()));
    let mut naive = naive;
    let customer = naive.somebody(0, 0, class, station);
    naive.customers.push(customer);
    naive.law(0)
}

/// What can block leads forward, or back to the station itself: then nobody holds others up for good.
fn lead_forward(branch: &mut Branch, number: usize, count: usize, dice: &mut Dice) {
    let to =
        if dice.is(0.2) { number } else { (number + 1 + dice.below(count.max(2) - 1)) % count };
    match branch.to {
        // A home may lie behind: who wants there must not hold a server up.
        Target::Home if branch.when_full != WhenFull::Stay => {
            branch.when_full = dice.one(&[WhenFull::Leave, WhenFull::Force]);
        }
        Target::Here | Target::Home => {}
        Target::Station(_) => branch.to = Target::Station(format!("n{to}")),
    }
    if to < number && branch.when_full != WhenFull::Stay {
        branch.when_full = dice.one(&[WhenFull::Leave, WhenFull::Force]);
    }
}

/// Moments within the longest run, and a little behind it.
fn moments(dice: &mut Dice) -> Moments {
    if dice.is(0.3) {
        return Moments::default();
    }
    Moments {
        from_day: dice.below(60) as u32,
        days: dice.below(200) as u32,
        from_hour: dice.below(60) as u32,
        hours: dice.below(100) as u32,
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    /// Size: 1,000 models of about 150 arrivals, by chance; more cases by PROPTEST_CASES.
    #[test]
    fn a_slow_and_obvious_simulator_sees_the_same_visits(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let model = subset(&mut dice);
        let moments = moments(&mut dice);
        prop_assert!(model.check().is_empty(), "{}", model.check());
        let mut visits = Vec::new();
        let record = Record { moments, ..Record::default() };
        let simulator = Simulator::new(&model).unwrap().record(record);
        let run = simulator.watch(Seed(seed), 1, &mut |visit: &Visit| visits.push(*visit));
        prop_assert_eq!(run.faults(), Vec::<String>::new());
        let mut to_look: Vec<u32> = moments.days().chain(moments.hours()).collect();
        to_look.sort_unstable();
        to_look.dedup();
        let expected = simulate(&model, Seed(seed), &to_look, &visits);
        // Who asks again is on the same visit as before.
        let key = |visit: &Visit| (visit.customer, visit.visit, visit.came.to_bits());
        let twins: HashMap<_, _> = expected.visits.iter().map(|visit| (key(visit), visit)).collect();
        // Of all differences, the first one in time is the cause of the others.
        let differs = |own: &&Visit| twins.get(&key(own)) != Some(own);
        let first = visits.iter().filter(differs).min_by(|a, b| a.went.total_cmp(&b.went));
        let text = model.write(FileFormat::Ron);
        if let Some(own) = first {
            let twin = twins.get(&key(own)).copied();
            prop_assert_eq!(Some(own), twin, "{}", text);
        }
        prop_assert_eq!(visits.len(), expected.visits.len(), "{}", text);
        let counted: Vec<u64> = run.stations.iter().map(|station| station.free_beside).collect();
        prop_assert_eq!(counted, expected.free_beside, "{}", text);
        let deadlock = run.deadlock.map(|cycle| (cycle.at, cycle.stations));
        prop_assert_eq!((run.swaps, deadlock), (expected.swaps, expected.deadlock), "{}", text);
        let of = |own: &StationMoment| [own.busy, own.sent_on, own.beside, own.forced];
        let looked: Vec<(u32, Vec<Looked>)> = run
            .moments
            .iter()
            .map(|moment| (moment.hours, moment.stations.iter().map(of).collect()))
            .collect();
        prop_assert_eq!(looked, expected.moments, "{}", text);
    }
}
