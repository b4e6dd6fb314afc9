//! Customers from outside: where they get in.

use super::super::arrivals::Arrival;
use super::super::compile::{CompiledAlternate, NONE};
use super::super::model::WhenFull;
use super::super::result::{Outcome, Visit, Watch};
use super::{Admission, Engine, State, seen};
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

/// Customers by [`Entry`].
pub(super) type EntryCounts = [u64; ENTRIES];

pub(super) const ENTRIES: usize = Entry::Nowhere as usize + 1;

/// A customer of a tracked stream who is not counted yet: where and how it got in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tracked {
    kind: u32,
    preference: u32,
    to: u32,
    how: Entry,
}

/// Customers of tracked streams, or waits, that are counted at once, so that their reads wait for memory side by
/// side.
const AT_ONCE: usize = 256;

impl<W: Watch> Engine<'_, '_, W> {
    #[inline]
    pub(super) fn arrive(&mut self, arrival: &Arrival) {
        self.run.events += 1;
        let (how, to) =
            if arrival.preference == NONE { (Entry::Nowhere, NONE) } else { self.ask(arrival) };
        let Arrival { preference, kind, .. } = *arrival;
        if arrival.is_tracked() {
            self.tracked.push(Tracked { kind, preference, to, how });
            if self.tracked.len() == AT_ONCE {
                self.count_tracked();
            }
        } else if self.record.streams {
            self.entries[kind as usize][how as usize] += 1;
        }
        // Here and not where a wait is noted: services start at many places of the code.
        if self.waits.len() >= AT_ONCE {
            self.count_waits();
        }
    }

    /// A customer who has a preference comes to its first choice. The fast path: it finds a server or a place to wait
    /// there.
    #[inline]
    fn ask(&mut self, arrival: &Arrival) -> (Entry, u32) {
        let first = arrival.first;
        let admission = Admission { first, to: first, alternate: NONE, forced: false };
        let by_appointment = arrival.by_appointment();
        let state = &mut self.stations[first as usize];
        state.settle_if_short(self.at);
        // A team may be missing, or is made busy: the slow path asks it.
        if state.has_team {
            return self.ask_on(arrival);
        }
        if state.takes(by_appointment) {
            state.at_once += 1;
            self.place(arrival, admission);
            return (Entry::First, first);
        }
        // With alternates, others would be asked before the customer waits.
        let waits = arrival.waits_at_once() && !state.has_alternates;
        if waits && state.has_place() && state.access.lets_in(by_appointment) {
            state.run.asked += 1;
            self.wait(arrival, admission);
            return (Entry::Queued, first);
        }
        self.ask_on(arrival)
    }

    /// The slow path: the first choice is full, closed, or needs a team.
    #[inline(never)]
    fn ask_on(&mut self, arrival: &Arrival) -> (Entry, u32) {
        let first = self.first_choice(arrival);
        self.stations[first as usize].run.asked += 1;
        let (how, to) = self.enter(arrival, first);
        let is_sent_on = match how {
            Entry::First | Entry::Queued => false,
            // Whoever lies in another ward of the same house is not sent on.
            Entry::Diverted => !self.is_same_site(first, to),
            Entry::Forced | Entry::Nowhere => true,
        };
        // Whoever has an appointment can wait for the own station.
        if is_sent_on && !arrival.by_appointment() {
            self.count_free_beside(first);
        }
        if how == Entry::Nowhere {
            self.stations[first as usize].run.lost += 1;
            if W::LOOKS {
                self.watch.visit(&lost(arrival, self.stream(arrival), first));
            }
        }
        (how, to)
    }

    /// Whether two stations are at one site.
    pub(super) fn is_same_site(&self, first: u32, other_station: u32) -> bool {
        let site = self.model.stations[first as usize].site;
        site != NONE && site == self.model.stations[other_station as usize].site
    }

    /// Counts how and where customers of tracked streams got in.
    #[cold]
    fn count_tracked(&mut self) {
        for Tracked { kind, preference, to, how } in self.tracked.drain(..) {
            self.entries[kind as usize][how as usize] += 1;
            if how == Entry::Nowhere {
                continue;
            }
            let kind = &self.model.streams.kinds[kind as usize];
            let preference = preference as usize - kind.preferences.range().start;
            // A preference leads to few stations: looking through them costs less than a map would.
            let taken = &mut self.taken[kind.taken as usize + preference];
            match taken.iter_mut().find(|(station, _)| *station == to) {
                Some((_, count)) => *count += 1,
                None => taken.push((to, 1)),
            }
        }
    }

    /// Sums up by stream how customers got in.
    pub(super) fn count_entries(&mut self) {
        self.count_tracked();
        for (kind, [first, queued, diverted, forced, lost]) in
            self.model.streams.kinds.iter().zip(&self.entries)
        {
            let counts = &mut self.run.streams[kind.stream as usize];
            counts.arrived += first + queued + diverted + forced + lost;
            counts.at_first += first;
            counts.queued += queued;
            counts.diverted += diverted;
            counts.forced += forced;
            counts.lost += lost;
        }
    }

    /// Moves the counts of tracked streams into the result.
    pub(super) fn give_taken(&mut self) {
        let streams = &self.model.streams;
        for (stream, run) in streams.list.iter().zip(&mut self.run.streams) {
            for kind in &streams.kinds[stream.kinds.range()] {
                if kind.taken != NONE {
                    let first = kind.taken as usize;
                    let end = first + kind.preferences.range().len();
                    let by_preference = self.taken[first..end].iter_mut();
                    run.taken.push(by_preference.map(std::mem::take).collect());
                }
            }
        }
    }

    /// Counts how long customers waited who were served since.
    #[cold]
    pub(super) fn count_waits(&mut self) {
        for (station, seconds) in self.waits.drain(..) {
            self.stations[station as usize].run.waits.add(seconds);
        }
    }

    /// The first choice among the stations that let the customer in, where there are any.
    ///
    /// A customer who drew one that does not draws again: the shares of the others keep their proportions, and
    /// a customer who chose another one in the first place still does.
    fn first_choice(&self, arrival: &Arrival) -> u32 {
        // The draw was among all stations, so that a closure moves only those who had chosen the closed one.
        let is_open =
            |station: u32| self.stations[station as usize].access.lets_in(arrival.by_appointment());
        if is_open(arrival.first) {
            return arrival.first;
        }
        let streams = &self.model.streams;
        let preference = &streams.preferences[arrival.preference as usize];
        let span = preference.first.range();
        let stations = &streams.first[span.clone()];
        let Some(open) = stations.iter().find(|station| is_open(**station)) else {
            return arrival.first;
        };
        let mut numbers = draws(arrival.key, 0, Draw::First);
        // Not for ever: the open ones may have weights so small that none is ever drawn.
        let mut again = (0..1000).map(|_| stations[streams.weighted(span.clone(), &mut numbers)]);
        again.find(|station| is_open(*station)).unwrap_or(*open)
    }

    /// Lets a customer in somewhere, or nowhere.
    fn enter(&mut self, arrival: &Arrival, first: u32) -> (Entry, u32) {
        let now = f64::from_bits(arrival.bits);
        let by_appointment = arrival.by_appointment();
        let admission = Admission { first, to: first, alternate: NONE, forced: false };
        // The team is asked last, here and below: whom it lets in keeps a member busy.
        if self.can_enter(first, by_appointment) && self.team_lets_in(first, now) {
            self.stations[first as usize].run.admitted += 1;
            self.place(arrival, admission);
            return (Entry::First, first);
        }
        let model = self.model;
        let is_full = self.is_only_full(first, by_appointment);
        for alternate in &model.stations[first as usize].alternates {
            if (is_full || !alternate.only_full)
                && self.is_offered(alternate, by_appointment, now)
                && self.team_lets_in(alternate.to, now)
            {
                let (to, number) = (alternate.to, alternate.number);
                *self.there_by(number) += 1;
                self.run.alternates[number as usize].used += 1;
                return self.divert(arrival, Admission { to, alternate: number, ..admission });
            }
        }
        let preference = &model.streams.preferences[arrival.preference as usize];
        let then = &model.streams.then[preference.then.range()];
        if arrival.when_full == WhenFull::WaitFirst {
            return self.wait_somewhere(arrival, first, then);
        }
        if preference.least_full
            && let Some(to) = self.least_full(first, then, by_appointment)
            && self.team_lets_in(to, now)
        {
            return self.divert(arrival, Admission { to, ..admission });
        }
        for &to in then {
            // The list may name the first choice, too, which was asked already.
            if to != first && self.can_enter(to, by_appointment) && self.team_lets_in(to, now) {
                return self.divert(arrival, Admission { to, ..admission });
            }
        }
        match arrival.when_full {
            WhenFull::Wait if self.has_place(first, by_appointment) => {
                self.wait(arrival, admission);
                (Entry::Queued, first)
            }
            WhenFull::Force => self.force(arrival, first, then),
            _ => (Entry::Nowhere, first),
        }
    }

    /// The station that has the largest share of free servers, of those that let the customer in.
    fn least_full(&mut self, first: u32, then: &[u32], by_appointment: bool) -> Option<u32> {
        let (mut best, mut largest) = (None, 0.0);
        for &to in then {
            if to == first || !self.can_enter(to, by_appointment) {
                continue;
            }
            let share = self.stations[to as usize].free_share();
            if share > largest {
                (best, largest) = (Some(to), share);
            }
        }
        best
    }

    /// Whether a customer can wait for a station.
    fn has_place(&self, station: u32, by_appointment: bool) -> bool {
        let state = &self.stations[station as usize];
        state.has_place() && state.access.lets_in(by_appointment)
    }

    /// Lets a customer in at the first station that is not closed, full or not.
    fn force(&mut self, arrival: &Arrival, first: u32, then: &[u32]) -> (Entry, u32) {
        let takes = |to: &u32| self.stations[*to as usize].can_be_forced();
        let Some(to) = std::iter::once(first).chain(then.iter().copied()).find(takes) else {
            return (Entry::Nowhere, first);
        };
        self.force_team(to, f64::from_bits(arrival.bits));
        self.stations[to as usize].run.forced += 1;
        if to == first {
            self.stations[first as usize].run.admitted += 1;
        } else {
            self.count_diverted(first, to);
        }
        self.place(arrival, Admission { first, to, alternate: NONE, forced: true });
        (Entry::Forced, to)
    }

    /// A customer waits at the first station that has a place to wait, unless one before it has a free
    /// server.
    fn wait_somewhere(&mut self, arrival: &Arrival, first: u32, then: &[u32]) -> (Entry, u32) {
        let now = f64::from_bits(arrival.bits);
        let by_appointment = arrival.by_appointment();
        let others = then.iter().copied().filter(|to| *to != first);
        for to in std::iter::once(first).chain(others) {
            let admission = Admission { first, to, alternate: NONE, forced: false };
            if to != first && self.can_enter(to, by_appointment) && self.team_lets_in(to, now) {
                return self.divert(arrival, admission);
            }
            if self.has_place(to, by_appointment) {
                self.wait(arrival, admission);
                return (Entry::Queued, to);
            }
        }
        (Entry::Nowhere, first)
    }

    /// A customer who gave up asks again where it waited, as if by appointment.
    #[cold]
    pub(super) fn come_again(&mut self, number: u32, now: f64) {
        let station = self.customers[number as usize].station;
        let first = self.first_choice_of(number) as usize;
        self.stations[first].run.asked += 1;
        self.stations[station as usize].run.came_again += 1;
        self.customers[number as usize].came = now;
        if self.can_enter(station, true) && self.team_lets_in(station, now) {
            self.stations[station as usize].run.came += 1;
            self.admit(number, station);
            return self.start(number, now);
        }
        if !self.has_place(station, true) {
            self.stations[first].run.lost += 1;
            if W::LOOKS {
                let details = &self.details[number as usize];
                let visit = seen(&self.customers[number as usize], details, now, Outcome::Lost);
                self.watch.visit(&visit);
            }
            self.customers[number as usize].state = State::Gone;
            return self.free.push(number);
        }
        self.stations[station as usize].run.came += 1;
        let again = self.details[number as usize].again.saturating_add(1);
        self.queue_again(number, self.length(number), now, again);
        if self.stations[station as usize].has_team {
            // Perhaps only the team was missing.
            self.to_fill.push(station);
            self.fill(now);
        }
    }

    fn divert(&mut self, arrival: &Arrival, admission: Admission) -> (Entry, u32) {
        self.count_diverted(admission.first, admission.to);
        self.place(arrival, admission);
        (Entry::Diverted, admission.to)
    }

    /// Counts somebody from outside who gets in at another station than the first choice.
    pub(super) fn count_diverted(&mut self, first: u32, to: u32) {
        let is_beside = u64::from(self.is_same_site(first, to));
        let state = &mut self.stations[first as usize];
        state.run.diverted += 1;
        state.diverted_beside += is_beside;
        self.stations[to as usize].run.received += 1;
    }

    /// Counts somebody who was in the network already and gets in at another station than the one it wanted.
    pub(super) fn count_moved(&mut self, wanted: u32, to: u32) {
        let is_beside = u64::from(self.is_same_site(wanted, to));
        self.stations[wanted as usize].moved_beside += is_beside;
    }

    /// Whether a station would let a customer in if it had a free server.
    fn is_only_full(&mut self, station: u32, by_appointment: bool) -> bool {
        let state = self.station(station);
        !state.has_free() && state.opens && state.access.lets_in(by_appointment)
    }

    /// Counts somebody for whom a station had no server while another one of its site had one.
    pub(super) fn count_free_beside(&mut self, station: u32) {
        let site = self.model.stations[station as usize].site;
        // While it is closed, nobody looks for a server beside it.
        if site == NONE || !self.is_only_full(station, false) {
            return;
        }
        let model = self.model;
        for &beside in &model.sites[site as usize] {
            if beside != station && self.can_enter(beside, false) {
                self.stations[station as usize].run.free_beside += 1;
                return;
            }
        }
    }

    #[inline]
    fn can_enter(&mut self, station: u32, by_appointment: bool) -> bool {
        self.station(station).takes(by_appointment)
    }

    /// Whether an alternate takes another customer now.
    pub(super) fn is_offered(
        &mut self,
        alternate: &CompiledAlternate,
        by_appointment: bool,
        now: f64,
    ) -> bool {
        let hour = self.ticks.hour_of_week(now);
        alternate.from <= now
            && now < alternate.until
            && alternate.hours.is_open(hour / 24, hour % 24)
            && !(alternate.without_appointment && by_appointment)
            && *self.there_by(alternate.number) < alternate.at_most
            && self.can_enter(alternate.to, by_appointment)
    }

    /// Whether the station's team, if it needs one now, has somebody free, who is then busy.
    #[inline]
    fn team_lets_in(&mut self, station: u32, now: f64) -> bool {
        !self.stations[station as usize].has_team || self.team_is_free(station, now)
    }

    fn team_is_free(&mut self, station: u32, now: f64) -> bool {
        let number = self.model.stations[station as usize].team;
        let team = &self.model.teams[number as usize];
        if !team.hours[self.ticks.hour_of_week(now)] {
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
    fn force_team(&mut self, station: u32, now: f64) {
        let number = self.model.stations[station as usize].team;
        if number == NONE || !self.model.teams[number as usize].hours[self.ticks.hour_of_week(now)]
        {
            return;
        }
        let members = self.teams[number as usize].iter_mut();
        // The member that is free first is the one who comes.
        if let Some(until) = members.min_by(|a, b| a.total_cmp(b)) {
            let starts = until.max(now);
            *until = starts + self.model.teams[number as usize].busy;
            let team = &mut self.run.teams[number as usize];
            team.used += 1;
            team.waiting_time += starts - now;
        }
    }
}

/// The visit of a customer who gets in nowhere, as a trace shows it.
fn lost(arrival: &Arrival, stream: u32, first: u32) -> Visit {
    let now = f64::from_bits(arrival.bits);
    Visit {
        customer: arrival.key,
        visit: 0,
        stream,
        class: u32::from(arrival.class),
        station: first,
        first,
        came: now,
        started: None,
        ended: None,
        went: now,
        forced: false,
        outcome: Outcome::Lost,
    }
}
