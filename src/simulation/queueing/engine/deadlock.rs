//! Deadlocks.

use super::super::model::Deadlock;
use super::super::result::{DeadlockCycle, Outcome, Watch};
use super::Engine;

impl<W: Watch> Engine<'_, '_, W> {
    /// Looks for a set of stations, this one's among them, that holds itself up, and dissolves it.
    #[cold]
    pub(super) fn look_for_deadlock(&mut self, number: u32, now: f64) {
        let at = self.at;
        self.stations.iter_mut().for_each(|state| state.settle(at));
        let Some(cycle) = self.deadlock(number) else { return };
        let names = cycle.iter().map(|number| {
            let station = self.customers[*number as usize].station;
            self.simulator.model.stations[station as usize].key.clone()
        });
        if self.run.deadlock.is_none() {
            self.run.deadlock = Some(DeadlockCycle { at: now, stations: names.collect() });
        }
        match self.simulator.model.deadlock {
            Deadlock::Stop => self.stopped = true,
            Deadlock::Swap => self.swap(&cycle, now),
        }
    }

    /// The customers of a cycle, when no station that can be reached from a blocked customer over the
    /// wishes of blocked customers has anybody who is not blocked.
    fn deadlock(&self, number: u32) -> Option<Vec<u32>> {
        // Who is blocked at each station, in the order of the stations that they want into.
        let mut blocked_at: Vec<Vec<u32>> = vec![Vec::new(); self.stations.len()];
        for state in &self.stations {
            for own in state.blocked_for() {
                blocked_at[self.customers[own as usize].station as usize].push(own);
            }
        }
        let start = self.customers[number as usize].station;
        let mut reached = vec![false; self.stations.len()];
        let mut to_visit = vec![start];
        reached[start as usize] = true;
        while let Some(station) = to_visit.pop() {
            if !self.stations[station as usize].is_stuck() {
                return None;
            }
            for own in &blocked_at[station as usize] {
                let target = self.details[*own as usize].target;
                if !std::mem::replace(&mut reached[target as usize], true) {
                    to_visit.push(target);
                }
            }
        }
        // From the customer on, always the first who is blocked at the station that is wanted, until
        // a station comes again.
        let mut way = vec![number];
        loop {
            let last = *way.last()?;
            let target = self.details[last as usize].target;
            let again = way.iter().position(|own| self.customers[*own as usize].station == target);
            if let Some(first) = again {
                return Some(way.split_off(first));
            }
            way.push(*blocked_at[target as usize].first()?);
        }
    }

    /// Every customer of a cycle takes the server that the next one holds.
    fn swap(&mut self, cycle: &[u32], now: f64) {
        self.run.swaps += 1;
        let targets: Vec<u32> =
            cycle.iter().map(|number| self.details[*number as usize].target).collect();
        for (&number, &target) in cycle.iter().zip(&targets) {
            let from = self.customers[number as usize].station;
            let state = self.station(from);
            state.touch(now);
            state.blocked -= 1;
            state.busy -= 1;
            self.busy[from as usize] = state.busy;
            self.stations[target as usize].forget(number);
            self.depart(number, now, Outcome::Moved);
        }
        for (&number, &target) in cycle.iter().zip(&targets) {
            self.move_to(number, target, now);
            self.start(number, now);
        }
    }
}
