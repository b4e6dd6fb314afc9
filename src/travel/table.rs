//! Travel times that somebody measured or computed elsewhere.

use super::{Stop, TravelModel};
use crate::model::TravelRow;
use crate::units::Seconds;

/// Travel times by place and hospital, as read from `travel_times.csv`.
///
/// A place counts as a whole: every part of it has the place's time. A pair that the table does
/// not name has no way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravelTable {
    rows: Vec<TravelRow>,
}

impl TravelTable {
    /// The table of these journeys, in any order; of several for one pair the shortest counts.
    pub fn new(mut rows: Vec<TravelRow>) -> Self {
        rows.sort_unstable();
        rows.dedup_by(|b, a| (&a.place, &a.hospital) == (&b.place, &b.hospital));
        Self { rows }
    }

    /// How many journeys it holds.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl TravelModel for TravelTable {
    fn name(&self) -> String {
        format!("table of {} journeys", self.rows.len())
    }

    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds> {
        let key = (from.key, to.key);
        let found =
            self.rows.binary_search_by(|row| (row.place.as_str(), row.hospital.as_str()).cmp(&key));
        found.ok().map(|index| self.rows[index].time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    #[test]
    fn a_pair_that_is_not_named_has_no_way_and_the_shortest_counts() {
        let row = |place: &str, hospital: &str, time| TravelRow {
            place: place.to_owned(),
            hospital: hospital.to_owned(),
            time: Seconds(time),
        };
        let table = TravelTable::new(vec![row("b", "h", 90), row("a", "h", 60), row("b", "h", 30)]);
        let position = Position::new(0.0, 0.0).unwrap();
        let time = |place, hospital| {
            table.time(&Stop::new(place, position), &Stop::new(hospital, position))
        };
        assert_eq!(time("b", "h"), Some(Seconds(30)));
        assert_eq!(time("a", "h"), Some(Seconds(60)));
        assert_eq!(time("a", "g"), None);
        assert_eq!(table.len(), 2);
    }
}
