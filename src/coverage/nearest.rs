//! The first hits in the ranked lists.

use fixedbitset::FixedBitSet;
use rayon::prelude::*;

use super::Reach;
use crate::model::{HospitalId, Network, Requirement, Tag};
use crate::stats::TimeDistribution;
use crate::travel::TravelTimes;
use crate::units::Seconds;

/// A set of hospitals of one network.
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
        self.members.ones().map(|index| HospitalId(index as u32, self.tag)).collect()
    }

    /// The hospitals of the set in the list of an origin, with seconds, the nearest first.
    fn hits_of<'t>(
        &'t self,
        times: &'t TravelTimes,
        origin: usize,
    ) -> impl Iterator<Item = (u32, u16)> + 't {
        let (hospitals, seconds) = times.row(origin);
        let pairs = hospitals.iter().copied().zip(seconds.iter().copied());
        pairs.filter(|(hospital, _)| self.members.contains(*hospital as usize))
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

/// Marks that there is no hospital; never leaves this file.
const NOBODY: u32 = u32::MAX;
/// The time of an origin without a hit: longer than any cut-off.
const UNREACHED: u16 = u16::MAX;

/// One hit of each origin: hospital, or `NOBODY`, and seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rank {
    hospitals: Vec<u32>,
    seconds: Vec<u16>,
}

impl Rank {
    fn with_room(origins: usize) -> Self {
        Self { hospitals: Vec::with_capacity(origins), seconds: Vec::with_capacity(origins) }
    }

    fn push(&mut self, (hospital, seconds): (u32, u16)) {
        self.hospitals.push(hospital);
        self.seconds.push(seconds);
    }

    fn get(&self, origin: usize) -> Option<(u32, u16)> {
        let hospital = self.hospitals[origin];
        (hospital != NOBODY).then(|| (hospital, self.seconds[origin]))
    }
}

/// The nearest hospitals of a set for each origin: the nearest, the second nearest, and as many more
/// as were asked for.
///
/// Contiguous arrays, two for each rank: whoever asks again for the same set reads those instead of
/// the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    ranks: Vec<Rank>,
    /// What the ids of the hospitals carry.
    tag: Tag,
}

/// Origins that one thread works on at a time.
pub(super) const CHUNK: usize = 4096;

impl Nearest {
    /// Finds the nearest and the second nearest of the first `origins` origins in parallel; ties go
    /// to the smaller id.
    pub fn find(times: &TravelTimes, origins: usize, set: &HospitalSet) -> Self {
        Self::find_ranks(times, origins, set, 2)
    }

    /// The same with the nearest `ranks` hospitals of each origin, two to four: fewer count as two,
    /// more as four.
    pub fn find_ranks(
        times: &TravelTimes,
        origins: usize,
        set: &HospitalSet,
        ranks: usize,
    ) -> Self {
        let ranks = ranks.clamp(2, 4);
        let chunks: Vec<usize> = (0..origins).step_by(CHUNK).collect();
        let found: Vec<Vec<Rank>> = chunks
            .into_par_iter()
            .map(|from| {
                let origins = from..(from + CHUNK).min(origins);
                match ranks {
                    2 => scan::<2>(times, origins, set),
                    3 => scan::<3>(times, origins, set),
                    _ => scan::<4>(times, origins, set),
                }
            })
            .collect();
        Self::joined(found, ranks, times.tag())
    }

    /// The nearest hospital of an origin and its time.
    ///
    /// # Panics
    ///
    /// When there is no such origin.
    pub fn first(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        self.hit(0, origin)
    }

    /// The second nearest hospital of an origin and its time.
    ///
    /// # Panics
    ///
    /// When there is no such origin.
    pub fn second(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        self.hit(1, origin)
    }

    /// The hit of a rank, from 0.
    fn hit(&self, rank: usize, origin: usize) -> Option<(HospitalId, Seconds)> {
        let (hospital, seconds) = self.ranks[rank].get(origin)?;
        Some((HospitalId(hospital, self.tag), Seconds(u32::from(seconds))))
    }

    /// How many hospitals each origin has at most.
    pub fn ranks(&self) -> usize {
        self.ranks.len()
    }

    /// The raw hits of one rank, from 0: ids and seconds by origin. Where there is no hospital, the
    /// seconds are longer than any limit.
    pub(crate) fn rank(&self, rank: usize) -> (&[u32], &[u16]) {
        (&self.ranks[rank].hospitals, &self.ranks[rank].seconds)
    }

    /// Hits of as many origins as `kept` has: those of the origin that it names, with hospitals as `number`
    /// gives them; where it names none, the first of the set in the lists.
    pub(super) fn taken_over(
        &self,
        (times, set): (&TravelTimes, &HospitalSet),
        kept: &[Option<u32>],
        number: impl Fn(u32) -> u32 + Sync,
    ) -> Self {
        let hit = |rank: &Rank, was: u32| match rank.get(was as usize) {
            Some((hospital, time)) => (number(hospital), time),
            None => (NOBODY, UNREACHED),
        };
        let chunks: Vec<&[Option<u32>]> = kept.chunks(CHUNK).collect();
        let lists = chunks.into_par_iter().enumerate().map(|(chunk, kept)| {
            let mut ranks = vec![Rank::with_room(kept.len()); self.ranks()];
            for (at, was) in kept.iter().enumerate() {
                let mut found = set.hits_of(times, chunk * CHUNK + at);
                for (own, before) in ranks.iter_mut().zip(&self.ranks) {
                    own.push(match was {
                        Some(was) => hit(before, *was),
                        None => found.next().unwrap_or((NOBODY, UNREACHED)),
                    });
                }
            }
            ranks
        });
        Self::joined(lists.collect(), self.ranks(), times.tag())
    }

    /// The hits of chunks one after the other.
    fn joined(lists: Vec<Vec<Rank>>, ranks: usize, tag: Tag) -> Self {
        let mut nearest = Self { ranks: vec![Rank::default(); ranks], tag };
        for list in lists {
            for (all, part) in nearest.ranks.iter_mut().zip(list) {
                all.hospitals.extend(part.hospitals);
                all.seconds.extend(part.seconds);
            }
        }
        nearest
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.ranks[0].hospitals.len()
    }

    /// People within a limit, from the array of first hits alone.
    ///
    /// # Panics
    ///
    /// When `people` is not as long as the origins.
    pub fn people_within(&self, people: &[u32], limit: Seconds) -> u64 {
        assert_eq!(people.len(), self.origins(), "people of other origins");
        let limit = limit.min(TravelTimes::MAX_CUTOFF).0;
        let pairs = people.iter().zip(&self.ranks[0].seconds);
        pairs.map(|(&people, &time)| u64::from(people) * u64::from(u32::from(time) <= limit)).sum()
    }

    /// How these people reach the set: every figure of [`Reach`], from the array of first hits.
    ///
    /// # Panics
    ///
    /// When `people` is not as long as the origins.
    pub fn reach(&self, people: &[u32], limit: Seconds) -> Reach {
        assert_eq!(people.len(), self.origins(), "people of other origins");
        let mut times = TimeDistribution::new();
        for (origin, &people) in people.iter().enumerate() {
            times.add(self.first(origin).map(|(_, time)| time), u64::from(people));
        }
        Reach::of(&times, limit)
    }
}

fn scan<const RANKS: usize>(
    times: &TravelTimes,
    origins: std::ops::Range<usize>,
    set: &HospitalSet,
) -> Vec<Rank> {
    let mut ranks: [Rank; RANKS] = std::array::from_fn(|_| Rank::with_room(origins.len()));
    for origin in origins {
        let mut hits = set.hits_of(times, origin);
        for rank in &mut ranks {
            rank.push(hits.next().unwrap_or((NOBODY, UNREACHED)));
        }
    }
    ranks.into()
}
