//! Deadlocks.

use std::collections::HashMap;

use super::super::model::Deadlock;
use super::super::result::{DeadlockCycle, Outcome, Watch};
use super::super::station::Wanting;
use super::Engine;

/// A customer who is blocked: where it is, and into which station it wants.
#[derive(Clone, Copy)]
pub(super) struct Held {
    station: u32,
    target: u32,
    wanting: Wanting,
}

impl<W: Watch> Engine<'_, '_, W> {
    /// Looks for a set of stations, this one's among them, that holds itself up, and dissolves it. The customer is
    /// blocked at the station, for the target. It costs what there is to look at: the stations that the
    /// wishes of blocked customers lead to.
    #[cold]
    pub(super) fn look_for_deadlock(
        &mut self,
        station: u32,
        target: u32,
        wanting: Wanting,
        now: f64,
    ) {
        let Some(cycle) = self.deadlock(Held { station, target, wanting }) else { return };
        if self.run.deadlock.is_none() {
            let key =
                |held: &Held| self.simulator.model.stations[held.station as usize].key.clone();
            let stations = cycle.iter().map(key).collect();
            self.run.deadlock = Some(DeadlockCycle { at: now, stations });
        }
        match self.simulator.model.deadlock {
            Deadlock::Stop => self.stopped = true,
            Deadlock::Swap => self.swap(&cycle, now),
        }
    }

    /// The customers of a cycle, when no station that can be reached from a blocked customer over the
    /// wishes of blocked customers has anybody who is not blocked.
    fn deadlock(&mut self, first: Held) -> Option<Vec<Held>> {
        self.searches += 1;
        // The number of the search marks what it reached, so that nothing has to be cleared.
        self.reached.resize(self.stations.len(), 0);
        let mut to_visit = vec![first.station];
        self.reached[first.station as usize] = self.searches;
        while let Some(station) = to_visit.pop() {
            let state = self.station(station);
            if !state.is_stuck() {
                return None;
            }
            let state = &self.stations[station as usize];
            let mut from = 0;
            while let Some(target) = state.next_target(from) {
                if self.reached[target as usize] != self.searches {
                    self.reached[target as usize] = self.searches;
                    to_visit.push(target);
                }
                from = target + 1;
            }
        }
        // From the customer on, always the first who is blocked at the station that is wanted, until
        // a station comes again.
        let mut way = vec![first];
        let mut position_of = HashMap::from([(first.station, 0)]);
        loop {
            let station = way.last()?.target;
            if let Some(&position) = position_of.get(&station) {
                return Some(way.split_off(position));
            }
            position_of.insert(station, way.len());
            let (target, wanting) = self.stations[station as usize].first_blocked_here()?;
            way.push(Held { station, target, wanting });
        }
    }

    /// Every customer of a cycle takes the server that the next one holds.
    fn swap(&mut self, cycle: &[Held], now: f64) {
        self.run.swaps += 1;
        for &Held { station, target, wanting } in cycle {
            let state = self.station(station);
            state.touch(now);
            state.release(target, wanting.turn);
            state.busy -= 1;
            self.busy[station as usize] = state.busy;
            self.stations[target as usize].forget(wanting.turn);
            self.depart(wanting.number, now, Outcome::Moved);
        }
        // Only now, as every server of the cycle is free.
        for &Held { target, wanting, .. } in cycle {
            self.move_to(wanting.number, target, now);
            self.start(wanting.number, now);
        }
    }
}
