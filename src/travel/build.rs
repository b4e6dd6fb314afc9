//! Making ranked lists: groups of origins in parallel, appended in a fixed order.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use super::{Stop, TravelError, TravelTimes};
use crate::units::{Seconds, as_seconds};

/// Groups of origins that are worked on before their lists are appended: bounds the memory in flight.
const GROUPS_AT_ONCE: usize = 128;
/// Origins of a group when each has a row of its own.
const ROWS_OF_GROUP: usize = 16;

/// How long the journeys of ranked lists are at most, and how many there may be.
///
/// ```
/// use verbund::travel::Limits;
/// use verbund::units::Seconds;
///
/// let limits = Limits::within(Seconds::from_minutes(120));
/// assert_eq!(limits.most_journeys, 4_294_967_295);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Limits {
    /// The longest journey that is kept, inclusive; one above [`TravelTimes::MAX_CUTOFF`] counts as that.
    #[serde(rename = "cutoff_seconds", serialize_with = "as_seconds")]
    pub cutoff: Seconds,
    /// How many journeys the lists may hold; 4,294,967,295 at most, which take 26 gigabytes.
    pub most_journeys: u64,
    /// Whether one thread makes the lists: for a caller on whom other threads wait.
    pub is_one_thread: bool,
}

impl Limits {
    /// Journeys up to this cut-off, as many as lists can hold, on all threads.
    pub fn within(cutoff: Seconds) -> Self {
        Self { cutoff, most_journeys: u64::from(u32::MAX), is_one_thread: false }
    }

    /// With another number of journeys that the lists may hold.
    #[must_use]
    pub fn most_journeys(mut self, most_journeys: u64) -> Self {
        self.most_journeys = most_journeys;
        self
    }

    /// With lists that one thread makes.
    #[must_use]
    pub fn on_one_thread(mut self) -> Self {
        self.is_one_thread = true;
        self
    }
}

/// Counts the journeys of all threads.
struct Counter {
    journeys: AtomicU64,
    most: u64,
}

impl Counter {
    fn add(&self, journeys: usize) {
        // A sum is the same in every order of the threads.
        self.journeys.fetch_add(journeys as u64, Ordering::Relaxed);
    }

    fn check(&self) -> Result<(), TravelError> {
        let most = self.most;
        if self.journeys.load(Ordering::Relaxed) > most {
            return Err(TravelError::TooManyJourneys { most });
        }
        Ok(())
    }
}

/// The lists of a group of origins, one after another.
pub(super) struct GroupLists<'c> {
    counter: &'c Counter,
    cutoff: Seconds,
    /// The journeys of the origin that is worked on: seconds, then the hospital's number, in one number.
    journeys: Vec<u64>,
    /// Origins and the lengths of their lists.
    pub(super) lengths: Vec<(u32, u32)>,
    pub(super) hospitals: Vec<u32>,
    pub(super) seconds: Vec<u16>,
}

impl<'c> GroupLists<'c> {
    fn new(origins: usize, counter: &'c Counter, cutoff: Seconds) -> Self {
        Self {
            counter,
            cutoff,
            journeys: Vec::new(),
            lengths: Vec::with_capacity(origins),
            hospitals: Vec::new(),
            seconds: Vec::new(),
        }
    }

    /// Notes a journey from the origin that is worked on, if it is within the cut-off.
    pub(super) fn note(&mut self, hospital: u32, time: Option<Seconds>) {
        if let Some(time) = time
            && time <= self.cutoff
        {
            // One number sorts faster than a pair, and in the same order.
            self.journeys.push(u64::from(time.0) << 32 | u64::from(hospital));
        }
    }

    /// Ends the list of an origin.
    ///
    /// # Errors
    ///
    /// When there are too many journeys in all, which ends the work early.
    pub(super) fn end(&mut self, origin: u32) -> Result<(), TravelError> {
        self.journeys.sort_unstable();
        self.lengths.push((origin, self.journeys.len() as u32));
        self.hospitals.extend(self.journeys.iter().map(|&journey| journey as u32));
        self.seconds.extend(self.journeys.iter().map(|&journey| (journey >> 32) as u16));
        self.counter.add(self.journeys.len());
        // Keeps its room for the next origin.
        self.journeys.clear();
        self.counter.check()
    }
}

/// Lists of groups of origins: `rank` notes and ends the list of every origin of a group.
pub(super) fn gather(
    groups: &[Vec<u32>],
    to: &[Stop<'_>],
    limits: Limits,
    rank: impl Fn(&[u32], &mut GroupLists<'_>) -> Result<(), TravelError> + Sync,
) -> Result<TravelTimes, TravelError> {
    let cutoff = limits.cutoff.min(TravelTimes::MAX_CUTOFF);
    let most = limits.most_journeys.min(u64::from(u32::MAX));
    let counter = Counter { journeys: AtomicU64::new(0), most };
    let rank_group = |group: &Vec<u32>| {
        let mut lists = GroupLists::new(group.len(), &counter, cutoff);
        rank(group, &mut lists).map(|()| lists)
    };

    let origins = groups.iter().map(Vec::len).sum();
    let mut times = TravelTimes::without_journeys(origins, to, cutoff);
    for batch in groups.chunks(GROUPS_AT_ONCE) {
        let lists: Vec<Result<GroupLists<'_>, TravelError>> = if limits.is_one_thread {
            batch.iter().map(rank_group).collect()
        } else {
            batch.par_iter().map(rank_group).collect()
        };

        // Before the faults of groups: which of them stop early because of it depends on the threads.
        counter.check()?;
        // In the order of the groups, so that the first fault of them is always the same.
        for group in lists {
            times.append(&group?);
        }
    }
    times.shrink_to_fit();
    Ok(times)
}

/// Origins in their order, so many in a group.
pub(super) fn in_order(origins: usize, of_group: usize) -> Vec<Vec<u32>> {
    let mut groups = Vec::with_capacity(origins.div_ceil(of_group));
    for first in (0..origins).step_by(of_group) {
        let end = (first + of_group).min(origins);
        groups.push((first as u32..end as u32).collect());
    }
    groups
}

impl TravelTimes {
    /// Lists from times by row: `row` tells the times from one start to every stop of `to`, in their order,
    /// or `None` for no way. Rows are asked for in parallel; of several that fail the first start's counts.
    ///
    /// It holds some 2,000 rows at a time and keeps what is within the limits. Where two or three hospitals
    /// in a thousand are in reach, [`from_fn`](super::from_fn) with a bound asks for less.
    ///
    /// ```
    /// use verbund::model::Position;
    /// use verbund::travel::{Limits, Stop, TravelTimes};
    /// use verbund::units::Seconds;
    ///
    /// let home = Position::new(51.34, 12.37).unwrap();
    /// let from = [Stop::new("home", home)];
    /// let to = [Stop::new("slow", home), Stop::new("island", home), Stop::new("fast", home)];
    /// let limits = Limits::within(Seconds(1800));
    /// let times = TravelTimes::by_rows(&from, &to, limits, |_| {
    ///     Ok(vec![Some(Seconds(1800)), None, Some(Seconds(600))])
    /// })?;
    /// let list: Vec<_> = times.from_origin(0).map(|(id, time)| (id.index(), time.0)).collect();
    /// assert_eq!(list, [(2, 600), (0, 1800)]);
    /// # Ok::<(), verbund::travel::TravelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `row`; a row of another length than `to`; more journeys than the limits allow.
    pub fn by_rows(
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
        row: impl Fn(&Stop<'_>) -> Result<Vec<Option<Seconds>>, TravelError> + Sync,
    ) -> Result<Self, TravelError> {
        gather(&in_order(from.len(), ROWS_OF_GROUP), to, limits, |group, lists| {
            for &origin in group {
                let start = &from[origin as usize];
                let times = row(start)?;
                if times.len() != to.len() {
                    let (asked, told) = (to.len(), times.len());
                    return Err(TravelError::Row { from: start.key.to_owned(), asked, told });
                }
                for (hospital, time) in (0..).zip(times) {
                    lists.note(hospital, time);
                }
                lists.end(origin)?;
            }
            Ok(())
        })
    }

    /// Lists from times by column: `column` tells the times to one stop of `to` from every start of `from`, in
    /// their order, or `None` for no way. Columns are asked for in parallel; of several that fail the first
    /// end's counts.
    ///
    /// One search of a road graph from a hospital, against the traffic, is such a column: a region has few
    /// hospitals and many places. It holds the journeys within the limits twice, 14 bytes each.
    ///
    /// ```
    /// use verbund::model::Position;
    /// use verbund::travel::{Limits, Stop, TravelTimes};
    /// use verbund::units::Seconds;
    ///
    /// let home = Position::new(51.34, 12.37).unwrap();
    /// let from = [Stop::new("a", home), Stop::new("b", home)];
    /// let to = [Stop::new("slow", home), Stop::new("fast", home)];
    /// let limits = Limits::within(Seconds(1800));
    /// let times = TravelTimes::by_columns(&from, &to, limits, |end| match end.key {
    ///     "slow" => Ok(vec![Some(Seconds(1800)), None]),
    ///     _ => Ok(vec![Some(Seconds(600)), Some(Seconds(700))]),
    /// })?;
    /// let list: Vec<_> = times.from_origin(0).map(|(id, time)| (id.index(), time.0)).collect();
    /// assert_eq!(list, [(1, 600), (0, 1800)]);
    /// assert_eq!(times.from_origin(1).len(), 1);
    /// # Ok::<(), verbund::travel::TravelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `column`; a column of another length than `from`; more journeys than the limits allow.
    pub fn by_columns(
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
        column: impl Fn(&Stop<'_>) -> Result<Vec<Option<Seconds>>, TravelError> + Sync,
    ) -> Result<Self, TravelError> {
        let cutoff = limits.cutoff.min(Self::MAX_CUTOFF);
        let most = limits.most_journeys.min(u64::from(u32::MAX));
        let counter = Counter { journeys: AtomicU64::new(0), most };
        let reached = |end: &Stop<'_>| {
            let times = column(end)?;
            if times.len() != from.len() {
                let (told, asked) = (times.len(), from.len());
                return Err(TravelError::Row { from: end.key.to_owned(), asked, told });
            }
            let mut journeys: Vec<Arrival> = Vec::new();
            for (origin, time) in (0..).zip(times) {
                if let Some(time) = time.filter(|time| *time <= cutoff) {
                    journeys.push(Arrival { origin, seconds: time.0 });
                }
            }
            counter.add(journeys.len());
            counter.check().map(|()| journeys)
        };

        let columns: Vec<Result<Vec<Arrival>, TravelError>> = if limits.is_one_thread {
            to.iter().map(reached).collect()
        } else {
            to.par_iter().map(reached).collect()
        };
        // Before the faults of columns: which of them stop early because of it depends on the threads.
        counter.check()?;
        let mut columns_in_order = Vec::with_capacity(columns.len());
        for column in columns {
            columns_in_order.push(column?);
        }
        Ok(Self::of_columns(from.len(), to, cutoff, &columns_in_order))
    }

    /// Lists of so many origins from the arrivals at each hospital.
    fn of_columns(
        origins: usize,
        to: &[Stop<'_>],
        cutoff: Seconds,
        columns: &[Vec<Arrival>],
    ) -> Self {
        let mut first = vec![0; origins + 1];
        for arrival in columns.iter().flatten() {
            first[arrival.origin as usize + 1] += 1;
        }
        for origin in 0..origins {
            first[origin + 1] += first[origin];
        }

        let mut next: Vec<usize> = first.clone();
        let mut journeys = vec![0; next[origins]];
        for (hospital, column) in (0_u32..).zip(columns) {
            for arrival in column {
                let place = &mut next[arrival.origin as usize];
                // One number sorts faster than a pair, and in the same order.
                journeys[*place] = u64::from(arrival.seconds) << 32 | u64::from(hospital);
                *place += 1;
            }
        }
        let mut times = Self::without_journeys(origins, to, cutoff);
        for origin in 0..origins {
            times.push(origin, &mut journeys[first[origin]..first[origin + 1]]);
        }
        times
    }
}

/// A journey to the hospital that a column is of.
struct Arrival {
    origin: u32,
    seconds: u32,
}
