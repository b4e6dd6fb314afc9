//! The nearest hospitals that qualify, from the lists of hospitals in reach.

use std::ops::Range;

use fixedbitset::FixedBitSet;
use rayon::prelude::*;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::Reach;
use crate::model::{HospitalId, Network, Requirement, Tag};
use crate::stats::TimeDistribution;
use crate::travel::TravelTimes;
use crate::units::{Seconds, as_seconds};

/// A set of hospitals of one network; written as the list of its hospitals, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HospitalSet {
    members: FixedBitSet,
    tag: Tag,
}

impl HospitalSet {
    /// The hospitals that meet a requirement in some hour of the week.
    pub fn meeting(network: &Network, requirement: &Requirement) -> Self {
        Self::filter(network.ids(), |id| {
            !requirement.hours(&network[id], network.catalog()).is_never()
        })
    }

    /// The hospitals among these for which `is_in` holds: of [`Network::ids`], or of
    /// [`TravelTimes::hospitals`] where no network is at hand.
    ///
    /// # Panics
    ///
    /// When the ids are of several networks.
    pub fn filter(
        ids: impl IntoIterator<Item = HospitalId>,
        is_in: impl Fn(HospitalId) -> bool,
    ) -> Self {
        let mut members = FixedBitSet::new();
        let mut tag = None;
        for id in ids {
            // Hospitals of two networks may have the same number: a set is of one.
            assert!(*tag.get_or_insert(id.1) == id.1, "hospitals of several networks");
            members.grow(members.len().max(id.index() + 1));
            members.set(id.index(), is_in(id));
        }
        Self { members, tag: tag.unwrap_or(0) }
    }

    /// Whether a hospital is in the set; never one of a network of other hospitals.
    pub fn contains(&self, id: HospitalId) -> bool {
        id.1 == self.tag && self.members.contains(id.index())
    }

    /// The hospitals of the set, by id.
    pub fn ids(&self) -> Vec<HospitalId> {
        let mut ids = Vec::with_capacity(self.len());
        for index in self.members.ones() {
            ids.push(HospitalId(index as u32, self.tag));
        }
        ids
    }

    /// The hospitals of the set in reach of an origin, the nearest first.
    fn in_reach_of<'t>(
        &'t self,
        times: &'t TravelTimes,
        origin: usize,
    ) -> impl Iterator<Item = Journey> + 't {
        let (hospitals, seconds) = times.row(origin);
        let journeys = hospitals.iter().zip(seconds);
        let journeys = journeys.map(|(&hospital, &seconds)| Journey { hospital, seconds });
        journeys.filter(|journey| self.members.contains(journey.hospital as usize))
    }

    /// How many hospitals are in the set.
    pub fn len(&self) -> usize {
        self.members.count_ones(..)
    }

    /// Whether no hospital is in the set.
    pub fn is_empty(&self) -> bool {
        self.members.is_clear()
    }
}

impl Serialize for HospitalSet {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.ids().serialize(to)
    }
}

/// Marks that there is no hospital; never leaves this file.
const NOBODY: u32 = u32::MAX;
/// The time of an origin that reaches no hospital: longer than any cut-off.
const UNREACHED: u16 = u16::MAX;

/// A journey to a hospital, by number, or to `NOBODY`.
#[derive(Clone, Copy)]
struct Journey {
    hospital: u32,
    seconds: u16,
}

impl Journey {
    const NONE: Self = Self { hospital: NOBODY, seconds: UNREACHED };
}

/// The hospitals of one rank: the nearest of each origin, or the second nearest, and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rank {
    // Two arrays: questions about times alone read 2 bytes an origin.
    hospitals: Vec<u32>,
    seconds: Vec<u16>,
}

impl Rank {
    fn with_room(origins: usize) -> Self {
        Self { hospitals: Vec::with_capacity(origins), seconds: Vec::with_capacity(origins) }
    }

    fn push(&mut self, journey: Journey) {
        self.hospitals.push(journey.hospital);
        self.seconds.push(journey.seconds);
    }

    fn get(&self, origin: usize) -> Option<Journey> {
        let (hospital, seconds) = (self.hospitals[origin], self.seconds[origin]);
        (hospital != NOBODY).then_some(Journey { hospital, seconds })
    }
}

/// The k nearest hospitals of a set for each origin, with their times: the nearest, the second nearest, and as
/// many more as were asked for.
///
/// # When to use
///
/// For questions about one set of hospitals that are asked again and again: who is in time, who would be if the
/// nearest one closed. [`evaluate`](super::evaluate()) answers the usual ones for a standard of the catalog; after
/// a scenario, [`Delta::update`](super::Delta::update) looks up only what changed. Not for hospitals in the order of
/// what they lack: that is [`routing::options`](crate::routing::options).
///
/// # What it costs
///
/// One pass over the hospitals in reach of each origin, up to the k-th of the set, in parallel; then 6 bytes for
/// each origin and rank. What is asked afterwards reads these arrays instead of the lists.
///
/// # Example
///
/// ```
/// use verbund::Region;
/// use verbund::coverage::{HospitalSet, Nearest};
/// use verbund::model::{PopulationGroup, Requirement};
/// use verbund::units::Seconds;
///
/// let region = Region::leipzig()?;
/// let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
/// let set = HospitalSet::meeting(region.network(), &ct);
/// let nearest = Nearest::find(region.times(), region.parts().len(), &set);
/// let people = region.people(&PopulationGroup::ALL);
/// assert_eq!(nearest.people_within(&people, Seconds::from_minutes(30)), 1_058_179);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    ranks: Vec<Rank>,
    /// What the ids of the hospitals carry.
    tag: Tag,
}

/// Origins that one thread works on at a time: enough that threads seldom wait for work, few enough that all of
/// them have some.
const CHUNK: usize = 4096;

/// What comes out of chunks of so many origins, worked on in parallel, in their order.
pub(super) fn in_chunks<T: Send>(
    origins: usize,
    in_chunk: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let chunks = (0..origins.div_ceil(CHUNK)).into_par_iter();
    chunks.map(|chunk| in_chunk(chunk * CHUNK..((chunk + 1) * CHUNK).min(origins))).collect()
}

impl Nearest {
    /// Finds the nearest and the second nearest of the first `origins` origins in parallel; ties go
    /// to the smaller id.
    pub fn find(times: &TravelTimes, origins: usize, set: &HospitalSet) -> Self {
        Self::k_nearest(times, origins, set, 2)
    }

    /// Finds the `k` nearest hospitals of each origin, two to four: fewer count as two, more as four.
    pub fn k_nearest(times: &TravelTimes, origins: usize, set: &HospitalSet, k: usize) -> Self {
        let k = k.clamp(2, 4);
        // The number is part of the type, so that the loop over ranks is unrolled.
        let lists = in_chunks(origins, |chunk| match k {
            2 => scan::<2>(times, chunk, set),
            3 => scan::<3>(times, chunk, set),
            _ => scan::<4>(times, chunk, set),
        });
        Self::joined(lists, k, origins, times.tag())
    }

    /// The nearest hospital of an origin and its time.
    ///
    /// # Panics
    ///
    /// When there is no such origin.
    pub fn first(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        self.of_rank(0, origin)
    }

    /// The second nearest hospital of an origin and its time.
    ///
    /// # Panics
    ///
    /// When there is no such origin.
    pub fn second(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        self.of_rank(1, origin)
    }

    /// The time to the nearest hospital of an origin.
    pub(super) fn first_time(&self, origin: usize) -> Option<Seconds> {
        Some(self.first(origin)?.1)
    }

    /// The time to the second nearest hospital of an origin.
    pub(super) fn second_time(&self, origin: usize) -> Option<Seconds> {
        Some(self.second(origin)?.1)
    }

    /// The hospital of a rank, from 0, and its time.
    fn of_rank(&self, rank: usize, origin: usize) -> Option<(HospitalId, Seconds)> {
        let journey = self.ranks[rank].get(origin)?;
        Some((HospitalId(journey.hospital, self.tag), Seconds(u32::from(journey.seconds))))
    }

    /// How many hospitals each origin has at most.
    pub fn k(&self) -> usize {
        self.ranks.len()
    }

    /// The raw hospitals of one rank, from 0 for the nearest: numbers and seconds by origin. Where there is no
    /// hospital, the seconds are longer than any limit.
    pub(crate) fn rank(&self, rank: usize) -> (&[u32], &[u16]) {
        (&self.ranks[rank].hospitals, &self.ranks[rank].seconds)
    }

    /// The nearest hospitals of as many origins as `kept` has: those of the origin that it names, with hospitals
    /// as `number` gives them; where it names none, they are looked up in the lists.
    pub(super) fn taken_over(
        &self,
        times: &TravelTimes,
        set: &HospitalSet,
        kept: &[Option<u32>],
        number: impl Fn(u32) -> u32 + Sync,
    ) -> Self {
        let renumbered = |rank: &Rank, was: u32| match rank.get(was as usize) {
            Some(journey) => Journey { hospital: number(journey.hospital), ..journey },
            None => Journey::NONE,
        };
        let lists = in_chunks(kept.len(), |chunk| {
            let mut ranks = vec![Rank::with_room(chunk.len()); self.k()];
            for origin in chunk {
                let mut in_reach = set.in_reach_of(times, origin);
                for (rank, before) in ranks.iter_mut().zip(&self.ranks) {
                    rank.push(match kept[origin] {
                        Some(was) => renumbered(before, was),
                        None => in_reach.next().unwrap_or(Journey::NONE),
                    });
                }
            }
            ranks
        });
        Self::joined(lists, self.k(), kept.len(), times.tag())
    }

    /// The ranks of chunks of so many origins, one chunk after the other.
    fn joined(lists: Vec<Vec<Rank>>, k: usize, origins: usize, tag: Tag) -> Self {
        // Room for all at once: a list of a country that grows by halves is copied twice over.
        let mut nearest = Self { ranks: Vec::with_capacity(k), tag };
        for _ in 0..k {
            nearest.ranks.push(Rank::with_room(origins));
        }
        for list in lists {
            for (rank, of_chunk) in nearest.ranks.iter_mut().zip(list) {
                rank.hospitals.extend(of_chunk.hospitals);
                rank.seconds.extend(of_chunk.seconds);
            }
        }
        nearest
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.ranks[0].hospitals.len()
    }

    /// People within a limit of their nearest hospital.
    ///
    /// # Panics
    ///
    /// When `people` is not as long as the origins.
    pub fn people_within(&self, people: &[u32], limit: Seconds) -> u64 {
        assert_eq!(people.len(), self.origins(), "people of other origins");
        // What stands for "no hospital" is a time, too: no limit may reach up to it.
        let limit = limit.min(TravelTimes::MAX_CUTOFF).0;
        let mut within = 0;
        for (&people, &time) in people.iter().zip(&self.ranks[0].seconds) {
            // A product instead of a branch: several at once.
            within += u64::from(people) * u64::from(u32::from(time) <= limit);
        }
        within
    }

    /// How these people reach their nearest hospital: every figure of [`Reach`].
    ///
    /// # Panics
    ///
    /// When `people` is not as long as the origins.
    pub fn reach(&self, people: &[u32], limit: Seconds) -> Reach {
        assert_eq!(people.len(), self.origins(), "people of other origins");
        let mut times = TimeDistribution::new();
        for (origin, &people) in people.iter().enumerate() {
            times.add(self.first_time(origin), u64::from(people));
        }
        Reach::of(&times, limit)
    }
}

/// A journey to a hospital as results write it.
#[derive(Serialize)]
struct InReach {
    hospital: HospitalId,
    #[serde(rename = "seconds", serialize_with = "as_seconds")]
    time: Seconds,
}

impl Serialize for Nearest {
    /// By origin the list of its hospitals with `seconds`, the nearest first; shorter where fewer are in reach.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut lists = to.serialize_seq(Some(self.origins()))?;
        for origin in 0..self.origins() {
            let mut in_reach = Vec::with_capacity(self.k());
            for rank in 0..self.k() {
                if let Some((hospital, time)) = self.of_rank(rank, origin) {
                    in_reach.push(InReach { hospital, time });
                }
            }
            lists.serialize_element(&in_reach)?;
        }
        lists.end()
    }
}

fn scan<const RANKS: usize>(
    times: &TravelTimes,
    origins: Range<usize>,
    set: &HospitalSet,
) -> Vec<Rank> {
    let mut ranks: [Rank; RANKS] = std::array::from_fn(|_| Rank::with_room(origins.len()));
    for origin in origins {
        let mut in_reach = set.in_reach_of(times, origin);
        for rank in &mut ranks {
            rank.push(in_reach.next().unwrap_or(Journey::NONE));
        }
    }
    ranks.into()
}
