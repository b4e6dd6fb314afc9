//! Stations looked at at moments: who was sent on, who lay beside, who was forced in since the warm-up.

use super::{Naive, State};

/// Counts of a station since the warm-up.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) sent_on: u32,
    pub(super) beside: u32,
    pub(super) forced: u32,
}

/// A station at a moment: busy, sent on, beside, forced.
pub(super) type Looked = [u32; 4];

impl Naive<'_> {
    fn is_same_site(&self, one: usize, other: usize) -> bool {
        let site = self.model.stations[one].site.as_ref();
        site.is_some() && site == self.model.stations[other].site.as_ref()
    }

    /// Somebody from outside gets in at a station.
    pub(super) fn count_entry(&mut self, number: usize, to: usize) {
        let visit = self.customers[number].visit;
        let first = visit.first as usize;
        // Those of the start asked for nothing, and those before the warm-up do not count.
        let asked = visit.came > 0.0 || visit.stream != u32::MAX;
        if visit.visit > 0 || first == to || !asked || visit.came < self.from {
            return;
        }
        if self.is_same_site(first, to) {
            self.counted[first].beside += 1;
        } else {
            self.counted[first].sent_on += 1;
        }
    }

    /// Somebody who was at a station of the network lies beside the one that it wanted.
    pub(super) fn count_move(&mut self, wanted: usize, to: usize) {
        self.counted[wanted].beside += u32::from(self.is_same_site(wanted, to));
    }

    /// All stations now.
    pub(super) fn look(&self) -> Vec<Looked> {
        let mut stations = Vec::new();
        for (station, own) in self.counted.iter().enumerate() {
            let busy = self.count(station, &[State::InService, State::Blocked]);
            stations.push([busy, own.sent_on, own.beside, own.forced]);
        }
        stations
    }
}
