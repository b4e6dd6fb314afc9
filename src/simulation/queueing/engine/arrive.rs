//! Customers from outside: where they get in.

use super::super::arrivals::{Arrival, weighted};
use super::super::compile::{CompiledAlternate, NONE};
use super::super::model::WhenFull;
use super::super::result::{Outcome, Watch};
use super::{Customer, Details, Engine, Newcomer, State, seen};
use crate::random::{Draw, draws};

/// How a customer from outside got in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    First,
    Queued,
    Diverted,
    Forced,
    Nowhere,
}

impl<W: Watch> Engine<'_, '_, W> {
    pub(super) fn arrive(&mut self, arrival: Arrival) {
        let now = f64::from_bits(arrival.bits);
        self.run.events += 1;
        let counts = self.simulator.counts(arrival.stream);
        if counts {
            self.run.streams[arrival.stream as usize].arrived += 1;
        }
        if arrival.preference == NONE {
            if counts {
                self.run.streams[arrival.stream as usize].lost += 1;
            }
            return;
        }
        let first = self.first_choice(&arrival);
        self.stations[first as usize].run.asked += 1;
        let customer = Customer {
            key: arrival.key,
            came: now,
            station: first,
            home: arrival.home,
            alternate: NONE,
            visit: 0,
            class: arrival.class,
            next_class: 0,
            state: State::Gone,
        };
        let details = Details {
            started: f64::NAN,
            until: f64::NAN,
            stream: arrival.stream,
            first,
            target: NONE,
            forced: false,
        };
        let newcomer = Newcomer { customer, details };
        let hour = self.ticks.hour_of_week(now);
        let (how, to) = self.enter(newcomer, &arrival, hour);
        if how == Entry::Nowhere {
            self.stations[first as usize].run.lost += 1;
            let visit = seen(&customer, &details, now, Outcome::Lost);
            self.watch.visit(&visit);
        }
        if counts {
            self.count(&arrival, how, to);
        }
    }

    /// Counts what became of a stream's customer.
    fn count(&mut self, arrival: &Arrival, how: Entry, to: u32) {
        let counts = &mut self.run.streams[arrival.stream as usize];
        match how {
            Entry::First => counts.at_first += 1,
            Entry::Queued => counts.queued += 1,
            Entry::Diverted => counts.diverted += 1,
            Entry::Forced => counts.forced += 1,
            Entry::Nowhere => {
                counts.lost += 1;
                return;
            }
        }
        if let Some(kind) = counts.taken.get_mut(usize::from(arrival.kind)) {
            let streams = &self.model.streams;
            let kinds = streams.kinds_of[arrival.stream as usize].range();
            let span = streams.kinds[kinds.start + usize::from(arrival.kind)].preferences.range();
            let taken = &mut kind[arrival.preference as usize - span.start];
            match taken.iter_mut().find(|(station, _)| *station == to) {
                Some((_, count)) => *count += 1,
                None => taken.push((to, 1)),
            }
        }
    }

    /// The first choice among the stations that let the customer in, where there are any.
    ///
    /// Who drew one that does not draws again: the shares of the others keep their proportions, and
    /// who chose another one in the first place still does.
    fn first_choice(&self, arrival: &Arrival) -> u32 {
        let is_open = |station: u32| {
            self.stations[station as usize].admission.lets_in(arrival.by_appointment)
        };
        if is_open(arrival.first) {
            return arrival.first;
        }
        let streams = &self.model.streams;
        let preference = &streams.preferences[arrival.preference as usize];
        let stations = &streams.first[preference.first.range()];
        let Some((open, _)) = stations.iter().find(|(station, _)| is_open(*station)) else {
            return arrival.first;
        };
        let mut numbers = draws(arrival.key, 0, Draw::First);
        let mut again = (0..1000).map(|_| weighted(stations, &mut numbers));
        again.find(|station| is_open(*station)).unwrap_or(*open)
    }

    /// Lets a customer in somewhere, or nowhere.
    fn enter(&mut self, mut newcomer: Newcomer, arrival: &Arrival, hour: usize) -> (Entry, u32) {
        let (now, first) = (newcomer.customer.came, newcomer.details.first);
        let by_appointment = arrival.by_appointment;
        if self.can_enter(first, by_appointment) && self.team_lets_in(first, hour, now) {
            self.stations[first as usize].run.admitted += 1;
            self.place(newcomer);
            return (Entry::First, first);
        }
        let model = self.model;
        for one in &model.stations[first as usize].alternates {
            if self.is_offered(one, by_appointment, now) && self.team_lets_in(one.to, hour, now) {
                self.by_alternate[one.number as usize] += 1;
                self.run.alternates[one.number as usize].used += 1;
                newcomer.customer.alternate = one.number;
                return self.divert(newcomer, one.to);
            }
        }
        let preference = &model.streams.preferences[arrival.preference as usize];
        let then = &model.streams.then[preference.then.range()];
        if arrival.when_full == WhenFull::WaitFirst {
            return self.wait_somewhere(newcomer, (arrival, then), hour);
        }
        for &to in then {
            if to != first && self.can_enter(to, by_appointment) && self.team_lets_in(to, hour, now)
            {
                return self.divert(newcomer, to);
            }
        }
        match arrival.when_full {
            WhenFull::Wait if self.has_place(first, by_appointment) => {
                self.wait(newcomer);
                (Entry::Queued, first)
            }
            WhenFull::Force => self.force(newcomer, then, hour),
            _ => (Entry::Nowhere, first),
        }
    }

    /// Whether a customer can wait for a station.
    fn has_place(&self, station: u32, by_appointment: bool) -> bool {
        let state = &self.stations[station as usize];
        state.admission.lets_in(by_appointment)
            && state.waiting < self.model.stations[station as usize].room
    }

    /// Lets a customer in at the first station that is not closed, full or not.
    fn force(&mut self, mut newcomer: Newcomer, then: &[u32], hour: usize) -> (Entry, u32) {
        let first = newcomer.details.first;
        let takes = |to: &u32| self.stations[*to as usize].can_be_forced();
        let Some(to) = std::iter::once(first).chain(then.iter().copied()).find(takes) else {
            return (Entry::Nowhere, first);
        };
        self.force_team(to, hour, newcomer.customer.came);
        self.stations[to as usize].run.forced += 1;
        if to == first {
            self.stations[first as usize].run.admitted += 1;
        } else {
            self.stations[first as usize].run.diverted += 1;
            self.stations[to as usize].run.received += 1;
        }
        newcomer.customer.station = to;
        newcomer.details.forced = true;
        self.place(newcomer);
        (Entry::Forced, to)
    }

    /// A customer waits at the first station that has a place to wait, unless one before it has a free
    /// server.
    fn wait_somewhere(
        &mut self,
        mut newcomer: Newcomer,
        (arrival, then): (&Arrival, &[u32]),
        hour: usize,
    ) -> (Entry, u32) {
        let (first, now) = (newcomer.details.first, newcomer.customer.came);
        let by_appointment = arrival.by_appointment;
        let others = then.iter().copied().filter(|to| *to != first);
        for to in std::iter::once(first).chain(others) {
            if to != first && self.can_enter(to, by_appointment) && self.team_lets_in(to, hour, now)
            {
                return self.divert(newcomer, to);
            }
            if self.has_place(to, by_appointment) {
                newcomer.customer.station = to;
                self.wait(newcomer);
                return (Entry::Queued, to);
            }
        }
        (Entry::Nowhere, first)
    }

    fn divert(&mut self, mut newcomer: Newcomer, to: u32) -> (Entry, u32) {
        self.stations[newcomer.details.first as usize].run.diverted += 1;
        self.stations[to as usize].run.received += 1;
        newcomer.customer.station = to;
        self.place(newcomer);
        (Entry::Diverted, to)
    }

    #[inline]
    fn can_enter(&self, station: u32, by_appointment: bool) -> bool {
        let state = &self.stations[station as usize];
        state.has_free() && state.opens && state.admission.lets_in(by_appointment)
    }

    /// Whether an alternate takes another customer now.
    pub(super) fn is_offered(
        &self,
        one: &CompiledAlternate,
        by_appointment: bool,
        now: f64,
    ) -> bool {
        let hour = self.ticks.hour_of_week(now);
        one.from <= now
            && now < one.until
            && one.hours.is_open(hour / 24, hour % 24)
            && self.by_alternate[one.number as usize] < one.at_most
            && self.can_enter(one.to, by_appointment)
    }

    /// Whether the station's team, if it needs one now, has somebody free, who is then busy.
    fn team_lets_in(&mut self, station: u32, hour: usize, now: f64) -> bool {
        let number = self.model.stations[station as usize].team;
        if number == NONE {
            return true;
        }
        let team = &self.model.teams[number as usize];
        if !team.hours[hour] {
            return true;
        }
        let members = &mut self.teams[number as usize];
        let Some(until) = members.iter_mut().find(|until| **until <= now) else {
            self.run.teams[number as usize].missed += 1;
            return false;
        };
        *until = now + team.busy;
        self.run.teams[number as usize].used += 1;
        true
    }

    /// A customer who is forced in waits for the team.
    fn force_team(&mut self, station: u32, hour: usize, now: f64) {
        let number = self.model.stations[station as usize].team;
        if number == NONE || !self.model.teams[number as usize].hours[hour] {
            return;
        }
        let members = self.teams[number as usize].iter_mut();
        if let Some(until) = members.min_by(|a, b| a.total_cmp(b)) {
            let starts = until.max(now);
            *until = starts + self.model.teams[number as usize].busy;
            let team = &mut self.run.teams[number as usize];
            team.used += 1;
            team.waiting_time += starts - now;
        }
    }
}
