//! Ranked lists: for each origin the hospitals in reach, the nearest first.

use std::ops::Range;

use rayon::prelude::*;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Stop;
use super::build::GroupLists;
use crate::model::{HospitalId, Network, Tag, tag_of};
use crate::units::{Seconds, as_seconds};

/// Origins that one thread works on at a time when lists are made from others.
const CHUNK: usize = 512;

/// Travel times in whole seconds: for each origin the hospitals within a cut-off, the nearest first, ties by
/// the hospital's id.
///
/// It is what a [`TravelModel`](super::TravelModel) makes and what every analysis reads
/// ([`Region::times`](crate::Region::times)): the first hospital of a list that meets a requirement is the
/// nearest one that does.
///
/// One flat array of hospitals and one of seconds for all origins: six bytes a journey, eight an origin.
/// Memory grows with the journeys within the cut-off, never with origins times hospitals. The nearest is
/// found at once; the time to one given hospital by reading the list, so that who needs all pairs is better
/// served by a matrix. The 3,342 lists of Leipzig / Nordwestsachsen hold 400,483 journeys
/// of up to two hours: 2.4 MB, made in 6 ms on two cores. Those of Germany's 214,633 census cells hold 54 million:
/// 328 MB.
///
/// A journey that is not in a list is longer than the cut-off or has no way: lists do not tell which.
///
/// Two are equal when the cut-off and the list of every origin are, wherever the lists stand in memory.
///
/// ```
/// use verbund::model::Position;
/// use verbund::travel::{CrowFly, Limits, Stop, TravelModel};
/// use verbund::units::Seconds;
///
/// // 60 km/h straight ahead, on a meridian: a degree is 111.195 km, a tenth of it 11 minutes.
/// let at = |lat| Position::new(lat, 12.0).unwrap();
/// let to = [Stop::new("far", at(51.3)), Stop::new("near", at(51.1)), Stop::new("beyond", at(52.0))];
/// let limits = Limits::within(Seconds::from_minutes(60));
/// let times = CrowFly::straight(60.0)?.lists(&[Stop::new("home", at(51.0))], &to, limits)?;
///
/// let list: Vec<_> = times.from_origin(0).map(|(id, time)| (id.index(), time.0)).collect();
/// assert_eq!(list, [(1, 667), (0, 2002)]);
/// assert_eq!((times.origins(), times.pairs(), times.bytes()), (1, 2, 8 + 2 * 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TravelTimes {
    /// Start and end of each origin's list.
    spans: Vec<(u32, u32)>,
    hospitals: Vec<u32>,
    seconds: Vec<u16>,
    cutoff: Seconds,
    /// How many hospitals there are, in reach or not, and what their ids carry.
    count: u32,
    tag: Tag,
}

/// A list of an origin that is written.
struct ListMut<'s> {
    hospitals: &'s mut [u32],
    seconds: &'s mut [u16],
}

impl ListMut<'_> {
    /// The first `count` entries, and the others.
    fn split(self, count: usize) -> (Self, Self) {
        let (hospitals, other_hospitals) = self.hospitals.split_at_mut(count);
        let (seconds, other_seconds) = self.seconds.split_at_mut(count);
        let rest = Self { hospitals: other_hospitals, seconds: other_seconds };
        (Self { hospitals, seconds }, rest)
    }

    fn copy(&mut self, hospitals: &[u32], seconds: &[u16]) {
        self.hospitals.copy_from_slice(hospitals);
        self.seconds.copy_from_slice(seconds);
    }

    /// Puts hospitals that are equally near in the order of their ids.
    fn sort_ties(&mut self) {
        let mut first = 0;
        while first < self.seconds.len() {
            let time = self.seconds[first];
            let mut end = first + 1;
            while end < self.seconds.len() && self.seconds[end] == time {
                end += 1;
            }
            self.hospitals[first..end].sort_unstable();
            first = end;
        }
    }

    /// Writes times and hospitals, which are sorted.
    fn write(&mut self, journeys: &[(u16, u32)]) {
        for (slot, &(time, hospital)) in journeys.iter().enumerate() {
            self.hospitals[slot] = hospital;
            self.seconds[slot] = time;
        }
    }
}

impl Serialize for TravelTimes {
    /// The cut-off, then by origin the list of its journeys, each with the hospital and the seconds.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut times = to.serialize_struct("TravelTimes", 2)?;
        times.serialize_field("cutoff_seconds", &self.cutoff.0)?;
        times.serialize_field("origins", &Lists(self))?;
        times.end()
    }
}

/// All lists, to be written one by one: those of a country are too many to be collected before.
struct Lists<'t>(&'t TravelTimes);

impl Serialize for Lists<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(times) = self;
        to.collect_seq((0..times.origins()).map(|origin| List { times, origin }))
    }
}

/// The list of one origin, to be written.
struct List<'t> {
    times: &'t TravelTimes,
    origin: usize,
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let journeys = self.times.from_origin(self.origin);
        to.collect_seq(journeys.map(|(hospital, time)| ListedJourney { hospital, time }))
    }
}

/// A journey of a list, as it is written.
#[derive(Serialize)]
struct ListedJourney {
    hospital: HospitalId,
    #[serde(rename = "time_seconds", serialize_with = "as_seconds")]
    time: Seconds,
}

impl TravelTimes {
    /// The longest possible cut-off, 18 hours: times are kept in 16 bits.
    pub const MAX_CUTOFF: Seconds = Seconds(u16::MAX as u32 - 1);

    /// Lists of so many origins that reach none of these hospitals.
    pub(super) fn without_journeys(origins: usize, to: &[Stop<'_>], cutoff: Seconds) -> Self {
        let (count, tag) = (to.len() as u32, tag_of(to.iter().map(|stop| stop.key)));
        Self { count, tag, ..Self::empty(origins, cutoff) }
    }

    /// Lists of so many origins, where there are no hospitals.
    pub(crate) fn empty(origins: usize, cutoff: Seconds) -> Self {
        let spans = vec![(0, 0); origins];
        Self { spans, hospitals: Vec::new(), seconds: Vec::new(), cutoff, count: 0, tag: 0 }
    }

    pub(super) fn append(&mut self, group: &GroupLists<'_>) {
        let mut first = self.hospitals.len() as u32;
        for &(origin, length) in &group.lengths {
            self.spans[origin as usize] = (first, first + length);
            first += length;
        }
        self.hospitals.extend_from_slice(&group.hospitals);
        self.seconds.extend_from_slice(&group.seconds);
    }

    /// Appends the list of an origin: journeys as seconds, then the hospital's number, in one number each.
    pub(super) fn push(&mut self, origin: usize, journeys: &mut [u64]) {
        journeys.sort_unstable();
        let start = self.hospitals.len() as u32;
        self.spans[origin] = (start, start + journeys.len() as u32);
        for journey in journeys {
            self.hospitals.push(*journey as u32);
            self.seconds.push((*journey >> 32) as u16);
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.hospitals.shrink_to_fit();
        self.seconds.shrink_to_fit();
    }

    /// The same lists with hospital `n` called `ids[n]`, of this network; `ids` rise, so that ties stay in
    /// order.
    pub(crate) fn renumbered(mut self, ids: &[u32], network: &Network) -> Self {
        self.renumber(ids);
        self.set_network(network);
        self
    }

    fn renumber(&mut self, ids: &[u32]) {
        for hospital in &mut self.hospitals {
            *hospital = ids[*hospital as usize];
        }
    }

    /// The ids of the hospitals are now those of this network.
    pub(crate) fn set_network(&mut self, network: &Network) {
        self.count = network.hospitals().len() as u32;
        self.tag = network.tag;
    }

    /// The ids of all hospitals that the lists were made of, in reach or not, in their order.
    pub fn hospitals(&self) -> impl ExactSizeIterator<Item = HospitalId> + use<> {
        let tag = self.tag;
        (0..self.count).map(move |number| HospitalId(number, tag))
    }

    /// What the ids of the hospitals carry.
    pub(crate) fn tag(&self) -> Tag {
        self.tag
    }

    /// Lists of which some origins and hospitals are new, and others are gone. `origins` and `hospitals`
    /// give for each one of the new lists the number that it had, if any; the numbers of hospitals rise.
    ///
    /// `ask` makes the lists of some origins to some hospitals by their new numbers. It is asked for nothing
    /// but what is new: from origins that stay to new hospitals, and from new origins to all.
    pub(crate) fn renewed<E>(
        &self,
        origins: &[Option<u32>],
        hospitals: &[Option<u32>],
        ask: impl Fn(&[u32], &[u32]) -> Result<Self, E>,
    ) -> Result<Self, E> {
        let (mut staying, mut fresh) = (Vec::new(), Vec::new());
        for (number, before) in (0..).zip(origins) {
            if before.is_some() { staying.push(number) } else { fresh.push(number) }
        }
        let mut opened = Vec::new();
        let mut numbers_now: Vec<Option<u32>> = vec![None; self.count as usize];
        for (number, before) in (0..).zip(hospitals) {
            match before {
                Some(before) => numbers_now[*before as usize] = Some(number),
                None => opened.push(number),
            }
        }

        let ask_if_any = |from: &[u32], to: &[u32]| {
            // A scenario that only closes hospitals asks for nothing.
            if from.is_empty() || to.is_empty() {
                return Ok(Self::empty(from.len(), self.cutoff));
            }
            let mut lists = ask(from, to)?;
            lists.renumber(to);
            Ok(lists)
        };
        let every: Vec<u32> = (0..hospitals.len() as u32).collect();
        let added = ask_if_any(&staying, &opened)?;
        let fresh = ask_if_any(&fresh, &every)?;
        Ok(self.merged(origins, &numbers_now, &added, &fresh))
    }

    /// Lists of these origins: those that were take their hospitals that stay and the next list of `added`,
    /// the others the next list of `fresh`.
    fn merged(
        &self,
        origins: &[Option<u32>],
        numbers_now: &[Option<u32>],
        added: &Self,
        fresh: &Self,
    ) -> Self {
        // Each of the two has its lists in the order of the origins.
        let (mut next_added, mut next_fresh) = (0, 0);
        let mut new_rows: Vec<(&[u32], &[u16])> = Vec::with_capacity(origins.len());
        for before in origins {
            let (lists, next) = match before {
                Some(_) => (added, &mut next_added),
                None => (fresh, &mut next_fresh),
            };
            new_rows.push(lists.row(*next));
            *next += 1;
        }

        let old_row = |origin: usize| match origins[origin] {
            Some(before) => self.row(before as usize),
            None => (&[][..], &[][..]),
        };
        // Where every hospital stays, nobody needs to look at the lists to know their lengths.
        let do_all_stay = numbers_now.iter().all(Option::is_some);
        let stays = |hospital: &&u32| numbers_now[**hospital as usize].is_some();
        let length = |origin: usize| {
            let (hospitals, _) = old_row(origin);
            let staying =
                if do_all_stay { hospitals.len() } else { hospitals.iter().filter(stays).count() };
            (staying + new_rows[origin].0.len()) as u32
        };
        self.rebuilt(origins.len(), length, |origin, list| {
            merge(old_row(origin), new_rows[origin], numbers_now, list);
        })
    }

    /// The same lists with other times: `change` gives the time of each journey that has one, by origin
    /// and hospital, or `None` for no way. Times beyond the cut-off are no way.
    pub(crate) fn changed(
        &self,
        change: impl Fn(usize, HospitalId, Seconds) -> Option<Seconds> + Sync,
    ) -> Self {
        let within = |origin, hospital, seconds| {
            change(origin, hospital, seconds).filter(|seconds| *seconds <= self.cutoff)
        };
        let changed_row = |origin: usize| {
            // Most lists are far from what changed: they are copied without a row of their own.
            let is_changed = self
                .from_origin(origin)
                .any(|(hospital, time)| within(origin, hospital, time) != Some(time));
            if !is_changed {
                return None;
            }

            let mut journeys: Vec<(u16, u32)> = Vec::new();
            for (hospital, time) in self.from_origin(origin) {
                if let Some(time) = within(origin, hospital, time) {
                    journeys.push((time.0 as u16, hospital.0));
                }
            }
            journeys.sort_unstable();
            Some(journeys)
        };

        let origins = (0..self.origins()).into_par_iter().with_min_len(CHUNK);
        let rows: Vec<Option<Vec<(u16, u32)>>> = origins.map(changed_row).collect();
        let length = |origin: usize| match &rows[origin] {
            Some(journeys) => journeys.len() as u32,
            None => self.span(origin).len() as u32,
        };
        self.rebuilt(self.origins(), length, |origin, mut list| {
            if let Some(journeys) = &rows[origin] {
                list.write(journeys);
            } else {
                let (hospitals, seconds) = self.row(origin);
                list.copy(hospitals, seconds);
            }
        })
    }

    /// The same lists with other times, which rise with the time of a journey, or stay: a tenth more for all, say. Times
    /// beyond the cut-off are no way.
    pub(crate) fn stretched(&self, time: impl Fn(Seconds) -> Seconds) -> Self {
        // Journeys take whole seconds up to the cut-off: a table spares the arithmetic of each of millions.
        let mut times: Vec<u16> = Vec::with_capacity(self.cutoff.0 as usize + 1);
        for stated in 0..=self.cutoff.0 {
            let seconds = time(Seconds(stated));
            if seconds > self.cutoff {
                break;
            }
            times.push(seconds.0 as u16);
        }
        // The nearest come first, so that those which stay within the cut-off are the first of each list.
        let length = |origin: usize| {
            let (_, seconds) = self.row(origin);
            seconds.partition_point(|stated| usize::from(*stated) < times.len()) as u32
        };
        self.rebuilt(self.origins(), length, |origin, mut list| {
            let (hospitals, seconds) = self.row(origin);
            let kept = list.hospitals.len();
            list.copy(&hospitals[..kept], &seconds[..kept]);
            for seconds in list.seconds.iter_mut() {
                *seconds = times[usize::from(*seconds)];
            }
            list.sort_ties();
        })
    }

    /// Lists of so many origins, written in parallel and in place: `length` gives the length of each, `fill`
    /// its hospitals and seconds.
    fn rebuilt(
        &self,
        origins: usize,
        length: impl Fn(usize) -> u32 + Sync + Send,
        fill: impl Fn(usize, ListMut<'_>) + Sync,
    ) -> Self {
        let lengths: Vec<u32> =
            (0..origins).into_par_iter().with_min_len(CHUNK).map(length).collect();
        let mut spans = Vec::with_capacity(origins);
        let mut end = 0;
        for &length in &lengths {
            spans.push((end, end + length));
            end += length;
        }

        let mut hospitals = vec![0; end as usize];
        let mut seconds = vec![0; end as usize];
        // Every thread gets its own piece of the flat arrays: nothing is copied together at the end.
        let mut rest = ListMut { hospitals: &mut hospitals, seconds: &mut seconds };
        let mut chunks: Vec<(Range<usize>, ListMut<'_>)> = Vec::new();
        for first in (0..origins).step_by(CHUNK) {
            let origins = first..(first + CHUNK).min(origins);
            let entries: u32 = lengths[origins.clone()].iter().sum();
            let lists;
            (lists, rest) = rest.split(entries as usize);
            chunks.push((origins, lists));
        }

        chunks.into_par_iter().for_each(|(origins, mut lists)| {
            for origin in origins {
                let list;
                (list, lists) = lists.split(lengths[origin] as usize);
                fill(origin, list);
            }
        });
        Self { spans, hospitals, seconds, cutoff: self.cutoff, count: self.count, tag: self.tag }
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.spans.len()
    }

    /// How many pairs of origin and hospital lie within the cut-off.
    pub fn pairs(&self) -> usize {
        self.hospitals.len()
    }

    /// Bytes that the lists take.
    pub fn bytes(&self) -> usize {
        self.spans.len() * 8 + self.hospitals.len() * 4 + self.seconds.len() * 2
    }

    /// The cut-off, inclusive.
    pub fn cutoff(&self) -> Seconds {
        self.cutoff
    }

    /// The hospitals in reach of an origin with their times, the nearest first, ties by id.
    ///
    /// # Panics
    ///
    /// When there is no such origin.
    pub fn from_origin(
        &self,
        origin: usize,
    ) -> impl ExactSizeIterator<Item = (HospitalId, Seconds)> {
        let (hospitals, seconds) = self.row(origin);
        let tag = self.tag;
        hospitals.iter().zip(seconds).map(move |(&hospital, &seconds)| {
            (HospitalId(hospital, tag), Seconds(u32::from(seconds)))
        })
    }

    /// Where the list of an origin stands in the flat arrays.
    pub(crate) fn span(&self, origin: usize) -> Range<usize> {
        let (first, end) = self.spans[origin];
        first as usize..end as usize
    }

    /// The raw list of an origin.
    pub(crate) fn row(&self, origin: usize) -> (&[u32], &[u16]) {
        let span = self.span(origin);
        (&self.hospitals[span.clone()], &self.seconds[span])
    }
}

impl PartialEq for TravelTimes {
    fn eq(&self, other: &Self) -> bool {
        self.cutoff == other.cutoff
            && self.origins() == other.origins()
            && (0..self.origins()).all(|origin| self.row(origin) == other.row(origin))
    }
}

impl Eq for TravelTimes {}

/// Writes what stays of an old list, by its new numbers, together with a new one.
fn merge(
    old: (&[u32], &[u16]),
    new: (&[u32], &[u16]),
    numbers_now: &[Option<u32>],
    mut list: ListMut<'_>,
) {
    // The most frequent case by far: a change elsewhere.
    if list.hospitals.len() == old.0.len() && new.0.is_empty() {
        list.copy(old.0, old.1);
        for hospital in list.hospitals {
            *hospital = numbers_now[*hospital as usize].unwrap_or_default();
        }
        return;
    }

    let mut slot = 0;
    for (hospital, &time) in old.0.iter().zip(old.1) {
        if let Some(number) = numbers_now[*hospital as usize] {
            list.hospitals[slot] = number;
            list.seconds[slot] = time;
            slot += 1;
        }
    }
    // Numbers rise: what stays is in order already.
    if new.0.is_empty() {
        return;
    }

    list.hospitals[slot..].copy_from_slice(new.0);
    list.seconds[slot..].copy_from_slice(new.1);
    let mut journeys: Vec<(u16, u32)> = Vec::with_capacity(list.hospitals.len());
    for (&hospital, &time) in list.hospitals.iter().zip(list.seconds.iter()) {
        journeys.push((time, hospital));
    }
    journeys.sort_unstable();
    list.write(&journeys);
}
