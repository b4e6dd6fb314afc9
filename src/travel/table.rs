//! Travel times that somebody measured or computed elsewhere.

use std::collections::HashMap;

use super::build::{gather, in_order};
use super::pairs::{self, Pairs};
use super::{CrowFly, HospitalJourneys, Limits, Stop, TravelError, TravelModel, TravelTimes};
use crate::model::{Margin, TravelRow};
use crate::units::{Metres, Seconds};
use crate::words;

/// Origins whose rows are looked up at a time.
const ORIGINS_OF_GROUP: usize = 512;

/// Travel times by place and hospital, as read from `travel_times.csv`.
///
/// A place counts as a whole: every part of it has the place's time. A pair that the table does
/// not name has no way; between two hospitals, it says nothing about it.
///
/// Lists cost a search by key for each start and nothing for pairs that the table does not name.
///
/// ```
/// use verbund::model::{Position, TravelRow};
/// use verbund::travel::{Limits, Stop, TravelModel, TravelTable};
/// use verbund::units::Seconds;
///
/// let row = |hospital: &str, minutes: Option<u32>| TravelRow {
///     place: "torgau".into(),
///     hospital: hospital.into(),
///     time: minutes.map(Seconds::from_minutes),
/// };
/// let table = TravelTable::new(vec![row("north", Some(34)), row("south", Some(12)), row("west", None)]);
/// let position = Position::new(51.56, 13.0).unwrap();
/// let stops = ["north", "south", "west"].map(|key| Stop::new(key, position));
/// let limits = Limits::within(Seconds::from_minutes(120));
/// let times = table.lists(&[Stop::new("torgau", position)], &stops, limits)?;
/// let list: Vec<_> = times.from_origin(0).map(|(id, time)| (id.index(), time.minutes())).collect();
/// assert_eq!(list, [(1, 12.0), (0, 34.0)]);
/// # Ok::<(), verbund::travel::TravelError>(())
/// ```
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

    /// The rows of a start.
    fn rows_from(&self, key: &str) -> &[TravelRow] {
        let first = self.rows.partition_point(|row| &*row.place < key);
        let rows = &self.rows[first..];
        &rows[..rows.partition_point(|row| &*row.place == key)]
    }

    /// The row of a pair.
    fn row(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<&TravelRow> {
        // Rows are in the order of place, then hospital.
        let rows = self.rows_from(from.key);
        let index = rows.binary_search_by(|row| (*row.hospital).cmp(to.key)).ok()?;
        Some(&rows[index])
    }
}

impl TravelModel for TravelTable {
    fn name(&self) -> String {
        words::kept(|| said!("table of {journeys} journeys", journeys = self.rows.len()))
    }

    fn margin(&self) -> Option<Margin> {
        // Most tables come from a routing engine; a network's file may state another one.
        Some(Margin::roads())
    }

    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError> {
        let mut by_key: HashMap<&str, u32> = HashMap::with_capacity(to.len());
        for (number, stop) in (0..).zip(to) {
            by_key.insert(stop.key, number);
        }
        let groups = in_order(from.len(), ORIGINS_OF_GROUP);
        gather(&groups, to, limits, |group, lists| {
            for &origin in group {
                // By what the table names, not by pair: most pairs of a country are not named.
                for row in self.rows_from(from[origin as usize].key) {
                    if let Some(&hospital) = by_key.get(&*row.hospital) {
                        lists.note(hospital, row.time);
                    }
                }
                lists.end(origin)?;
            }
            Ok(())
        })
    }

    fn hospital_journeys(&self) -> HospitalJourneys {
        HospitalJourneys::Partly
    }

    fn lists_between_hospitals(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
        crow_fly: &CrowFly,
    ) -> Result<TravelTimes, TravelError> {
        pairs::lists(&TableElse { table: self, crow_fly }, from, to, limits)
    }
}

/// Journeys of a table, and of the crow where the table does not name a pair.
struct TableElse<'a> {
    table: &'a TravelTable,
    crow_fly: &'a CrowFly,
}

impl Pairs for TableElse<'_> {
    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Result<Option<Seconds>, TravelError> {
        match self.table.row(from, to) {
            Some(row) => Ok(row.time),
            None => self.crow_fly.time(from, to),
        }
    }

    fn reach(&self, limit: Seconds) -> Option<Metres> {
        self.crow_fly.reach(limit)
    }

    fn destinations<'m>(&'m self, from: &Stop<'_>) -> Vec<&'m str> {
        let rows = self.table.rows_from(from.key);
        let mut hospitals = Vec::with_capacity(rows.len());
        for row in rows {
            hospitals.push(&*row.hospital);
        }
        hospitals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    fn first_time(times: &TravelTimes, origin: usize) -> Option<Seconds> {
        let (_, time) = times.from_origin(origin).next()?;
        Some(time)
    }

    #[test]
    fn a_pair_that_is_not_named_has_no_way_and_the_shortest_counts() {
        let row = |place: &str, hospital: &str, time: Option<u32>| TravelRow {
            place: place.into(),
            hospital: hospital.into(),
            time: time.map(Seconds),
        };
        let table = TravelTable::new(vec![
            row("b", "h", Some(90)),
            row("a", "h", Some(60)),
            row("b", "h", None),
            row("b", "h", Some(30)),
            row("c", "h", None),
        ]);
        assert_eq!(table.len(), 3);

        let stop = |key: &'static str| Stop::new(key, Position::new(0.0, 0.0).unwrap());
        let limits = Limits::within(Seconds::from_minutes(60));
        let time = |place, hospital| {
            let times = table.lists(&[stop(place)], &[stop(hospital)], limits).unwrap();
            first_time(&times, 0)
        };
        assert_eq!(time("b", "h"), Some(Seconds(30)));
        assert_eq!(time("a", "h"), Some(Seconds(60)));
        assert_eq!(time("a", "g"), None);

        // Between hospitals, a pair without a way is known, one that is not there is not.
        let crow_fly = CrowFly::straight(60.0).unwrap();
        let from = ["a", "c", "d"].map(stop);
        let between =
            table.lists_between_hospitals(&from, &[stop("h")], limits, &crow_fly).unwrap();
        assert_eq!(first_time(&between, 0), Some(Seconds(60)));
        assert_eq!(first_time(&between, 1), None);
        assert_eq!(first_time(&between, 2), Some(Seconds(0)));
    }
}
