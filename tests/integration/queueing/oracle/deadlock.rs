//! Stations that hold each other up: the largest set of stations whose customers all want into the set is looked for
//! anew whenever it could have closed.

use verbund::queueing::{Deadlock, Outcome};

use super::{Naive, State};

impl Naive<'_> {
    /// Customers who are blocked at a station for others, by the station they want into, then by their turn.
    fn blocked_at(&self, station: usize) -> Vec<usize> {
        let mut blocked = Vec::new();
        for (number, own) in self.customers.iter().enumerate() {
            let is_here = own.visit.station as usize == station;
            if own.state == State::Blocked && is_here && own.target != station {
                blocked.push(number);
            }
        }
        blocked
            .sort_by_key(|number| (self.customers[*number].target, self.customers[*number].turn));
        blocked
    }

    /// Whether nobody at a station can make way, but by going to other stations.
    fn is_stuck(&self, station: usize) -> bool {
        self.count(station, &[State::InService]) == 0
            && self.setting_up[station] == 0
            && !self.has_free(station)
            && !self.blocked_at(station).is_empty()
    }

    /// The stations, by position, that nobody of leaves before somebody of them has left.
    fn held_up(&self) -> Vec<bool> {
        let count = self.model.stations.len();
        let mut set: Vec<bool> = (0..count).map(|station| self.is_stuck(station)).collect();
        loop {
            let before = set.clone();
            for (station, is_held) in set.iter_mut().enumerate() {
                let leads_out = |number: &usize| !before[self.customers[*number].target];
                if self.blocked_at(station).iter().any(leads_out) {
                    *is_held = false;
                }
            }
            if set == before {
                return set;
            }
        }
    }

    /// Dissolves a deadlock that somebody closes who is blocked from now on.
    pub(super) fn find_deadlock_of(&mut self, number: usize) {
        if self.held_up()[self.customers[number].visit.station as usize] {
            self.dissolve(number);
        }
    }

    /// Dissolves a deadlock of stations of which somebody went, or servers were taken; whether there was one.
    pub(super) fn find_deadlock(&mut self, first: &[usize]) -> bool {
        let set = self.held_up();
        let all = 0..self.model.stations.len();
        let mut order = first.iter().copied().chain(all);
        let is_closed = |station: &usize| {
            let wants =
                |own: &super::Customer| own.state == State::Blocked && own.target == *station;
            set[*station] && self.customers.iter().any(wants)
        };
        let Some(station) = order.find(is_closed) else { return false };
        let Some(&number) = self.blocked_at(station).first() else { return false };
        self.dissolve(number);
        true
    }

    /// From one blocked customer to the first one blocked where it wants to go, and so on, until a station comes again.
    fn dissolve(&mut self, first: usize) {
        let station_of = |own: &Self, number: usize| own.customers[number].visit.station as usize;
        let mut way = vec![first];
        let cycle = loop {
            let target = self.customers[way[way.len() - 1]].target;
            if let Some(at) = way.iter().position(|number| station_of(self, *number) == target) {
                break way.split_off(at);
            }
            way.push(self.blocked_at(target)[0]);
        };
        if self.deadlock.is_none() {
            let key = |number: &usize| self.model.stations[station_of(self, *number)].key.clone();
            self.deadlock = Some((self.now, cycle.iter().map(key).collect()));
        }
        if self.model.deadlock == Deadlock::Stop {
            self.stopped = true;
            return;
        }
        self.swaps += 1;
        let targets: Vec<usize> = cycle.iter().map(|own| self.customers[*own].target).collect();
        for &number in &cycle {
            self.go_without_set_up(number, Outcome::Moved);
        }
        for (&number, target) in cycle.iter().zip(targets) {
            self.come(number, target);
            self.start(number);
        }
    }
}
