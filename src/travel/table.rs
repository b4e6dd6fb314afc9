//! Travel times that somebody measured or computed elsewhere.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{HospitalJourney, Stop, TravelModel};
use crate::model::TravelRow;
use crate::units::{Metres, Seconds};

/// Travel times by place and hospital, as read from `travel_times.csv`.
///
/// A place counts as a whole: every part of it has the place's time. A pair that the table does
/// not name has no way; between two hospitals, it says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravelTable {
    rows: Vec<TravelRow>,
}

impl TravelTable {
    /// The table of these journeys, in any order; of several for one pair the shortest counts.
    pub fn new(mut rows: Vec<TravelRow>) -> Self {
        // What has no way comes behind what has one.
        let key = |row: &TravelRow| (row.time.is_none(), row.time);
        rows.sort_unstable_by(|a, b| {
            (&a.place, &a.hospital, key(a)).cmp(&(&b.place, &b.hospital, key(b)))
        });
        rows.dedup_by(|b, a| (&a.place, &a.hospital) == (&b.place, &b.hospital));
        Self { rows }
    }

    /// How many journeys it holds, those without a way included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row of a pair.
    fn row(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<&TravelRow> {
        let key = (from.key, to.key);
        let found =
            self.rows.binary_search_by(|row| (row.place.as_str(), row.hospital.as_str()).cmp(&key));
        found.ok().map(|index| &self.rows[index])
    }
}

impl TravelModel for TravelTable {
    fn name(&self) -> String {
        format!("table of {} journeys", self.rows.len())
    }

    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds> {
        self.row(from, to)?.time
    }

    fn between_hospitals(&self, from: &Stop<'_>, to: &Stop<'_>) -> HospitalJourney {
        self.row(from, to).map_or(HospitalJourney::Unknown, |row| row.time.into())
    }

    fn destinations<'t>(&'t self, from: &Stop<'_>) -> Vec<&'t str> {
        let first = self.rows.partition_point(|row| row.place.as_str() < from.key);
        let own = self.rows[first..].iter().take_while(|row| row.place == from.key);
        own.map(|row| row.hospital.as_str()).collect()
    }

    /// None: it knows its journeys one by one.
    fn reach(&self, _: Seconds) -> Option<Metres> {
        Some(Metres(0))
    }
}

/// Journeys between hospitals: what a model knows of them, and another one where it knows nothing.
pub(crate) struct Between<'m> {
    own: &'m dyn TravelModel,
    otherwise: &'m dyn TravelModel,
    known: AtomicU64,
    unknown: AtomicU64,
}

impl<'m> Between<'m> {
    pub(crate) fn new(own: &'m dyn TravelModel, otherwise: &'m dyn TravelModel) -> Self {
        Self { own, otherwise, known: AtomicU64::new(0), unknown: AtomicU64::new(0) }
    }

    /// How many journeys between two different hospitals the one and the other model was asked for.
    pub(crate) fn asked(&self) -> (u64, u64) {
        (self.known.load(Ordering::Relaxed), self.unknown.load(Ordering::Relaxed))
    }
}

impl TravelModel for Between<'_> {
    fn name(&self) -> String {
        format!("{}; else {}", self.own.name(), self.otherwise.name())
    }

    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds> {
        let own = self.own.between_hospitals(from, to);
        let asked = if own == HospitalJourney::Unknown { &self.unknown } else { &self.known };
        // A sum of counts is the same in every order.
        asked.fetch_add(u64::from(from.key != to.key), Ordering::Relaxed);
        match own {
            HospitalJourney::Takes(time) => Some(time),
            HospitalJourney::NoWay => None,
            HospitalJourney::Unknown => self.otherwise.time(from, to),
        }
    }

    fn destinations<'t>(&'t self, from: &Stop<'_>) -> Vec<&'t str> {
        self.own.destinations(from)
    }

    fn reach(&self, limit: Seconds) -> Option<Metres> {
        Some(self.own.reach(limit)?.max(self.otherwise.reach(limit)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    #[test]
    fn a_pair_that_is_not_named_has_no_way_and_the_shortest_counts() {
        let row = |place: &str, hospital: &str, time: Option<u32>| TravelRow {
            place: place.to_owned(),
            hospital: hospital.to_owned(),
            time: time.map(Seconds),
        };
        let table = TravelTable::new(vec![
            row("b", "h", Some(90)),
            row("a", "h", Some(60)),
            row("b", "h", None),
            row("b", "h", Some(30)),
            row("c", "h", None),
        ]);
        let position = Position::new(0.0, 0.0).unwrap();
        let time = |place, hospital| {
            table.time(&Stop::new(place, position), &Stop::new(hospital, position))
        };
        assert_eq!(time("b", "h"), Some(Seconds(30)));
        assert_eq!(time("a", "h"), Some(Seconds(60)));
        assert_eq!(time("a", "g"), None);
        assert_eq!(table.len(), 3);
        // Between hospitals, a pair without a way is known, one that is not there is not.
        let between = |place, hospital| {
            table.between_hospitals(&Stop::new(place, position), &Stop::new(hospital, position))
        };
        assert_eq!(between("a", "h"), HospitalJourney::Takes(Seconds(60)));
        assert_eq!(between("c", "h"), HospitalJourney::NoWay);
        assert_eq!(between("d", "h"), HospitalJourney::Unknown);
    }
}
