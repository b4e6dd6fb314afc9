//! Free servers: who gets them.

use super::super::compile::CompiledAlternate;
use super::super::result::{Outcome, Watch};
use super::super::station::{Waiting, Wanting};
use super::{Engine, State, TEAM};

impl<W: Watch> Engine<'_, '_, W> {
    /// Gives free servers to those who want them, station by station.
    #[inline]
    pub(super) fn fill(&mut self, now: f64) {
        if !self.to_fill.is_empty() {
            self.give_away(now);
        }
    }

    /// Gives free servers of the listed stations away; a function of its own, as the list is mostly empty.
    fn give_away(&mut self, now: f64) {
        // A list, not calls within calls: one freed server can move a chain of blocked customers through the whole
        // network.
        while let Some(station) = self.to_fill.pop() {
            if !self.station(station).wants_nothing() {
                self.fill_station(station, now);
            }
        }
    }

    /// Gives the free servers of a station to those who want them.
    pub(super) fn fill_station(&mut self, station: u32, now: f64) {
        while self.gives_one(station, now) {}
        if self.stations[station as usize].holds_up() {
            self.look_again(station, now);
        }
    }

    /// Gives a free server of a station to a customer who wants it, if there are both: blocked customers go first.
    #[inline]
    fn gives_one(&mut self, station: u32, now: f64) -> bool {
        // Customers who are here already come before all others: they only need a server again.
        let state = &mut self.stations[station as usize];
        if state.has_returning()
            && let Some(number) = state.next_returning()
        {
            state.touch(now);
            state.blocked -= 1;
            self.stay(number, now);
            return true;
        }
        if !state.gives_away() {
            return false;
        }
        // They hold a server elsewhere that others may wait for.
        let is_in_line = self.waits_longer(station, now);
        let state = &mut self.stations[station as usize];
        if !is_in_line && let Some(wanting) = state.next_wanted() {
            self.unblock(wanting, station, now);
            return true;
        }
        if state.has_team && self.waits_for_team(station, now) {
            // Who is blocked needs no team, and must not be held up by somebody who does.
            if let Some(wanting) = self.stations[station as usize].next_wanted() {
                self.unblock(wanting, station, now);
                return true;
            }
            return false;
        }
        self.stations[station as usize].touch(now);
        self.give(station, now);
        true
    }

    /// Whether the next one of the waiting room asked before the one who has been blocked longest, where that counts.
    #[inline]
    fn waits_longer(&self, station: u32, now: f64) -> bool {
        let state = &self.stations[station as usize];
        // In this order: mostly nobody is blocked, and the model's own entry need not be read.
        let Some(wanting) = state.first_wanted() else { return false };
        if !self.model.stations[station as usize].is_first_come {
            return false;
        }
        let Some(waiting) = self.first_waiting(station, now) else { return false };
        let blocked_since = self.details[wanting.number as usize].until;
        self.customers[waiting as usize].came < blocked_since
    }

    /// The next one of a waiting room.
    #[inline]
    fn first_waiting(&self, station: u32, now: f64) -> Option<u32> {
        let state = &self.stations[station as usize];
        if self.model.ages {
            return state.first_of(self.priority_in_turn(station, now)?);
        }
        state.first_waiting()
    }

    /// Takes the next one out of a waiting room.
    #[inline]
    fn next_waiting(&mut self, station: u32, now: f64) -> Option<Waiting> {
        if self.model.ages {
            let priority = self.priority_in_turn(station, now)?;
            return self.stations[station as usize].next_of(priority);
        }
        self.stations[station as usize].next_waiting()
    }

    /// The rank of the priority whose first one is next, where priorities change while customers wait.
    #[cold]
    fn priority_in_turn(&self, station: u32, now: f64) -> Option<u16> {
        let state = &self.stations[station as usize];
        let (mut lowest, mut in_turn) = (f64::INFINITY, None);
        for (rank, priority) in (0..).zip(&self.model.priorities) {
            // Of those who age alike, the first one has aged most.
            let Some(first) = state.first_of(rank) else { continue };
            let reached = priority.after(now - self.customers[first as usize].came);
            if reached < lowest {
                (lowest, in_turn) = (reached, Some(rank));
            }
        }
        in_turn
    }

    /// Gives a free server of a station, whose areas are up to now, to the next one who waits.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every wait")]
    pub(super) fn give(&mut self, station: u32, now: f64) {
        let Some(Waiting { number, length, .. }) = self.next_waiting(station, now) else { return };
        if self.customers[number as usize].visit == 0 {
            self.admit(number, station);
        }
        self.serve(number, length, now);
    }

    /// A customer who was blocked elsewhere comes at last.
    #[inline(never)]
    fn unblock(&mut self, Wanting { turn, number }: Wanting, station: u32, now: f64) {
        let from = self.customers[number as usize].station;
        self.touch(from, now);
        self.stations[from as usize].release(station, turn);
        self.free_server(number, now, Outcome::Moved);
        self.move_to(number, station, now);
        self.start(number, now);
    }

    /// A server was freed or taken away, but nobody can have it, because there are more customers than
    /// servers: the blocked ones may be the only ones left here, and none of them can move.
    #[cold]
    fn look_again(&mut self, station: u32, now: f64) {
        if let Some((target, wanting)) = self.stations[station as usize].first_blocked_here() {
            self.look_for_deadlock(station, target, wanting, now);
        }
    }

    /// Whether the first who waits came from outside and the station's team has nobody free for it;
    /// it is then asked again as soon as somebody is. Otherwise the team, if it is needed, is busy.
    #[inline]
    fn waits_for_team(&mut self, station: u32, now: f64) -> bool {
        let number = self.model.stations[station as usize].team;
        let first = self.first_waiting(station, now);
        if first.is_none_or(|first| self.customers[first as usize].visit > 0) {
            return false;
        }
        let hour = self.ticks.hour_of_week(now);
        if !self.model.teams[number as usize].hours[hour] {
            return false;
        }
        let members = &mut self.teams[number as usize];
        let Some(until) = members.iter_mut().min_by(|a, b| a.total_cmp(b)) else { return false };
        // A free member lets the first one in, and is busy from now on.
        if *until <= now {
            *until = now + self.model.teams[number as usize].busy;
            self.run.teams[number as usize].used += 1;
            return false;
        }
        // Once for each moment, however many wait.
        let state = &mut self.stations[station as usize];
        if state.asks_team != *until {
            state.asks_team = *until;
            self.events.plan(*until, TEAM | station);
        }
        true
    }

    /// Counts that a customer from outside who waited gets in. A customer who asked before the statistics started, or
    /// waited at the start, is not among those who asked.
    #[inline]
    pub(super) fn admit(&mut self, number: u32, station: u32) {
        let first = self.first_choice_of(number);
        let came = self.customers[number as usize].came;
        // Minus zero is the mark of those of the start.
        let is_earlier = came < self.from || came.is_sign_negative();
        if first != station && is_earlier {
            self.stations[station as usize].run.received += 1;
        } else if first != station {
            self.count_diverted(first, station);
        } else if is_earlier {
            self.stations[station as usize].run.admitted_earlier += 1;
        } else {
            self.stations[station as usize].run.admitted += 1;
        }
    }

    /// A station closes: customers who wait for it go to an alternate with a free server, or leave.
    pub(super) fn send_away(&mut self, station: u32, now: f64) {
        self.touch(station, now);
        while let Some(next) = self.next_waiting(station, now) {
            let number = next.number;
            let customer = self.customers[number as usize];
            let mut alternates = self.model.stations[station as usize].alternates.iter();
            let Some(&CompiledAlternate { to, number: alternate, .. }) =
                // As if by appointment: it was let in once, and is nobody whom a station that diverts would turn away.
                alternates.find(|alternate| !alternate.only_full && self.is_offered(alternate, true, now))
            else {
                self.stations[station as usize].run.sent_away += 1;
                self.go(number, now, Outcome::SentAway);
                continue;
            };
            *self.there_by(alternate) += 1;
            self.run.alternates[alternate as usize].used += 1;
            if customer.visit == 0 {
                self.admit(number, to);
            } else {
                self.count_moved(station, to);
            }
            self.depart(number, now, Outcome::Moved);
            self.customers[number as usize].next_class = customer.class;
            self.move_to(number, to, now);
            // `move_to` made a place in the list.
            self.belongs[number as usize].alternate = alternate;
            self.start(number, now);
        }
        while let Some(Wanting { turn, number }) = self.stations[station as usize].next_wanted() {
            let from = self.customers[number as usize].station;
            self.touch(from, now);
            self.stations[from as usize].release(station, turn);
            self.send_blocked_away(number, station, now);
        }
        while let Some(number) = self.stations[station as usize].any_returning() {
            self.stations[station as usize].blocked -= 1;
            self.send_blocked_away(number, station, now);
        }
    }

    /// A customer who is blocked for a station that closes leaves from where it is.
    fn send_blocked_away(&mut self, number: u32, station: u32, now: f64) {
        let from = self.customers[number as usize].station;
        self.stations[station as usize].run.sent_away += 1;
        self.stations[from as usize].run.left += 1;
        self.free_server(number, now, Outcome::SentAway);
        self.customers[number as usize].state = State::Gone;
        self.free.push(number);
    }
}
