//! Ends of service: where customers go on to, and what becomes of the server.

use rand::RngExt;

use super::super::compile::{HERE, NONE};
use super::super::model::WhenFull;
use super::super::result::{Outcome, Watch};
use super::super::station::{Access, SetUp, Wanting};
use super::{Belongs, Customer, Engine, SET_UP, State};
use crate::random::{Draw, draws};

impl<W: Watch> Engine<'_, '_, W> {
    #[inline]
    pub(super) fn end_service(&mut self, number: u32, now: f64) {
        self.run.events += 1;
        let customer = &self.customers[number as usize];
        let route = self.model.route(customer.station, customer.class);
        if route == NONE {
            self.leave(number, now);
        } else {
            self.go_on(number, route, now);
        }
    }

    /// A customer who has a route takes one of its branches.
    #[inline(never)]
    fn go_on(&mut self, number: u32, route: u32, now: f64) {
        let model = self.model;
        let customer = &mut self.customers[number as usize];
        let station = customer.station as usize;
        let drawn: f64 = draws(customer.key, customer.visit, Draw::Next).random();
        let route = model.routes[route as usize];
        let number_of_branch = model.branches.chosen(route, drawn, now, self.ticks.clock());
        if number_of_branch == NONE {
            return self.leave(number, now);
        }
        let branch = &model.branches.list[number_of_branch as usize];
        customer.next_class =
            if branch.class == NONE { customer.class } else { branch.class as u16 };
        let target = if branch.to == NONE { self.home(number) } else { branch.to };
        let home = branch.to == NONE && target as usize == station;
        let here = branch.to == HERE || home;
        // Staying at home is no move: such a branch does not count as taken.
        if !home {
            self.run.branches[number_of_branch as usize].taken += 1;
        }
        if here {
            return self.stay(number, now);
        }
        // A customer who comes back to where it is comes like anybody else, but that its server counts as freed.
        let returns = target as usize == station;
        if returns && self.station(target).takes_back() {
            return self.stay(number, now);
        }
        let then = &model.branches.then[branch.then.range()];
        let goes = |to: &u32| self.station(*to).takes_transfer();
        let to = std::iter::once(target).chain(then.iter().copied()).find(goes);
        if let Some(to) = to {
            return self.transfer(number, to, now);
        }
        if branch.alternates && self.moves_by_alternate(number, target, now) {
            return;
        }
        self.run.branches[number_of_branch as usize].found_full += 1;
        let state = &self.stations[target as usize];
        let is_closed = state.access == Access::Closed;
        match branch.when_full {
            WhenFull::Stay => self.stay(number, now),
            WhenFull::Leave => self.leave(number, now),
            _ if is_closed => {
                self.stations[target as usize].run.sent_away += 1;
                self.leave(number, now);
            }
            // Its server is freed and taken at once: others must not get in between.
            WhenFull::Force if returns => {
                self.stations[target as usize].run.forced += 1;
                self.stay(number, now);
                if W::LOOKS {
                    self.details[number as usize].forced = true;
                }
            }
            WhenFull::Force => {
                self.stations[target as usize].run.forced += 1;
                self.count_free_beside(target);
                self.free_server(number, now, Outcome::Moved);
                self.move_to(number, target, now);
                if W::LOOKS {
                    self.details[number as usize].forced = true;
                }
                self.start(number, now);
                self.fill(now);
            }
            WhenFull::Wait if state.has_place() => {
                self.free_server(number, now, Outcome::Moved);
                self.move_to(number, target, now);
                self.queue(number, self.length(number), now);
                self.fill(now);
            }
            _ if returns && state.leaves_server() => self.stay(number, now),
            _ if returns => self.block_here(number, now),
            _ => self.block(number, target, now),
        }
    }

    /// A customer leaves the network after service.
    #[inline]
    fn leave(&mut self, number: u32, now: f64) {
        let station = self.release(number, now, Outcome::Left);
        self.customers[number as usize].state = State::Gone;
        self.free.push(number);
        match station {
            // The fast path: one server got free, and only the waiting room has to be asked.
            Some(station) if self.stations[station as usize].has_one_to_give() => {
                self.give(station, now);
            }
            Some(station) => {
                self.fill_station(station, now);
                self.fill(now);
            }
            None => {}
        }
    }

    /// The customer's server is free, or made ready; whoever wants it gets it when the station is filled.
    pub(super) fn free_server(&mut self, number: u32, now: f64, outcome: Outcome) {
        if let Some(station) = self.release(number, now, outcome) {
            self.to_fill.push(station);
        }
    }

    /// Frees the customer's server, or has it made ready. Returns the station where somebody wants the server now.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every departure")]
    fn release(&mut self, number: u32, now: f64, outcome: Outcome) -> Option<u32> {
        let customer = &self.customers[number as usize];
        let station = customer.station;
        let state = &mut self.stations[station as usize];
        state.settle_if_short(self.at);
        state.touch(now);
        state.busy -= 1;
        self.busy[station as usize] = state.busy;
        state.count_time(customer.came, self.from, now);
        if outcome == Outcome::Left {
            state.left += 1;
        } else {
            state.run.went += 1;
        }
        let (is_wanted, is_set_up) = (!state.wants_nothing(), state.is_set_up);
        if is_set_up {
            self.set_up(number, now);
        }
        self.part(number, now, outcome);
        // A server that is set up first is given away when it is ready.
        (is_wanted && !is_set_up).then_some(station)
    }

    /// The customer's server is made ready.
    #[inline]
    fn set_up(&mut self, number: u32, now: f64) {
        let customer = &self.customers[number as usize];
        let station = customer.station;
        let state = &mut self.stations[station as usize];
        let length = match state.set_up {
            SetUp::Always(length) => length,
            SetUp::Drawn => {
                let mut numbers = draws(customer.key, customer.visit, Draw::SetUp);
                let set_up = self.model.stations[station as usize].set_up.as_ref();
                set_up.map_or(0.0, |sampler| sampler.draw(&mut numbers))
            }
        };
        // It gets a number although it is mostly never an event: should somebody ask for it later, equal times still
        // keep the order in which they were planned.
        state.make(self.events.number(now + length, SET_UP | station), self.at);
        if let Some(event) = state.ask_ready() {
            self.events.add(event);
        }
    }

    /// A server that somebody waits for got ready.
    pub(super) fn made_ready(&mut self, station: u32, now: f64) {
        let event = self.at;
        let state = self.station(station);
        state.is_ready(event);
        // Whoever waited when this was planned may have given up.
        if !state.wants_nothing() {
            self.to_fill.push(station);
            self.fill(now);
            self.ask_ready(station);
        }
    }

    /// The customer comes to another station.
    pub(super) fn move_to(&mut self, number: u32, to: u32, now: f64) {
        let customer = &mut self.customers[number as usize];
        let from = customer.station;
        customer.station = to;
        customer.class = customer.next_class;
        customer.came = now;
        customer.visit += 1;
        // As long as it has not moved, it is at home, and nothing has to be kept of that.
        if !customer.belongs {
            customer.belongs = true;
            self.belong(number, Belongs { home: from, alternate: NONE });
        }
        if W::LOOKS {
            self.details[number as usize].forced = false;
        }
        if from != to {
            self.stations[from as usize].run.transferred_out += 1;
            self.stations[to as usize].run.transferred_in += 1;
        }
        self.stations[to as usize].run.came += 1;
    }

    /// From one server to another; what is freed goes to others.
    fn transfer(&mut self, number: u32, to: u32, now: f64) {
        // It starts before what it freed is given away: a chain of blocked customers could take the server that it
        // found.
        self.free_server(number, now, Outcome::Moved);
        self.move_to(number, to, now);
        self.start(number, now);
        self.fill(now);
    }

    /// Whether an alternate of a full station takes a customer who wants to come from another one; it is there then.
    fn moves_by_alternate(&mut self, number: u32, target: u32, now: f64) -> bool {
        let from = self.customers[number as usize].station;
        let model = self.model;
        for alternate in &model.stations[target as usize].alternates {
            if alternate.to == from
                || alternate.only_full && !self.stations[target as usize].can_be_forced()
                || !self.is_offered(alternate, false, now)
            {
                continue;
            }
            let way = alternate.number;
            *self.there_by(way) += 1;
            let run = &mut self.run.alternates[way as usize];
            run.used += 1;
            run.moved += 1;
            self.count_moved(target, alternate.to);
            self.free_server(number, now, Outcome::Moved);
            self.move_to(number, alternate.to, now);
            // `move_to` made a place in the list.
            self.belongs[number as usize].alternate = way;
            self.start(number, now);
            self.fill(now);
            return true;
        }
        false
    }

    /// Another service at the same server. Who came by an alternate is there by it all the time.
    pub(super) fn stay(&mut self, number: u32, now: f64) {
        let Customer { station, belongs, .. } = self.customers[number as usize];
        let way = if belongs { self.belongs[number as usize].alternate } else { NONE };
        let state = self.station(station);
        state.touch(now);
        state.busy -= 1;
        self.busy[station as usize] = state.busy;
        // Another service is another visit, with draws of its own; so its times are counted as those of a visit.
        self.depart(number, now, Outcome::Moved);
        if way != NONE {
            *self.there_by(way) += 1;
            self.belongs[number as usize].alternate = way;
        }
        let customer = &mut self.customers[number as usize];
        customer.class = customer.next_class;
        customer.came = now;
        customer.visit += 1;
        self.stations[station as usize].run.came += 1;
        self.start(number, now);
    }

    /// The customer keeps its server until the target has one for it.
    fn block(&mut self, number: u32, target: u32, now: f64) {
        self.turns += 1;
        let wanting = Wanting { turn: self.turns, number };
        let station = self.count_blocked(number, now);
        let state = &mut self.stations[station as usize];
        state.hold(target, wanting);
        let is_stuck = state.is_stuck();
        // Both sides know of it: the target gives a server away, and from the station deadlocks are followed.
        self.stations[target as usize].want(wanting);
        self.ask_ready(target);
        if is_stuck {
            self.look_for_deadlock(station, target, wanting, now);
        }
    }

    /// The customer, whose server is one too many, or whose station lets nobody in at this hour, stays where it is
    /// until the station has a server for it.
    #[cold]
    fn block_here(&mut self, number: u32, now: f64) {
        let station = self.count_blocked(number, now);
        self.stations[station as usize].want_back(number);
        self.ask_ready(station);
        // It may be the turn of another one, or nobody is left whose service ends.
        self.to_fill.push(station);
        self.fill(now);
    }

    /// Counts that a customer is blocked from now on; where.
    fn count_blocked(&mut self, number: u32, now: f64) -> u32 {
        let customer = &mut self.customers[number as usize];
        customer.state = State::Blocked;
        let station = customer.station;
        self.details[number as usize].until = now;
        let state = self.station(station);
        state.touch(now);
        state.blocked += 1;
        state.run.blocked += 1;
        station
    }
}
