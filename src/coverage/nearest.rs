//! First and second hits in the ranked lists.

use fixedbitset::FixedBitSet;
use rayon::prelude::*;

use super::Reach;
use crate::model::{HospitalId, Network, Requirement};
use crate::stats::TimeDistribution;
use crate::travel::TravelTimes;
use crate::units::Seconds;

/// A set of hospitals of one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HospitalSet(FixedBitSet);

impl HospitalSet {
    /// The hospitals that meet a requirement.
    pub fn meeting(network: &Network, requirement: &Requirement) -> Self {
        Self::filter(network.hospitals().len(), |id| {
            requirement.is_met_by(&network[id], network.catalog())
        })
    }

    /// The hospitals among the first `count` ids for which `is_in` holds.
    pub fn filter(count: usize, is_in: impl Fn(HospitalId) -> bool) -> Self {
        let mut set = FixedBitSet::with_capacity(count);
        (0..count).for_each(|index| set.set(index, is_in(HospitalId(index as u32))));
        Self(set)
    }

    /// Whether a hospital is in the set.
    pub fn contains(&self, id: HospitalId) -> bool {
        self.0.contains(id.index())
    }

    /// The hospitals of the set, by id.
    pub fn ids(&self) -> Vec<HospitalId> {
        self.0.ones().map(|index| HospitalId(index as u32)).collect()
    }

    /// How many hospitals are in the set.
    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// Whether no hospital is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }
}

/// Marks that there is no hospital; never leaves this file.
const NOBODY: u32 = u32::MAX;

/// One hit of each origin: hospital, or `NOBODY`, and seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Hits {
    hospitals: Vec<u32>,
    seconds: Vec<u16>,
}

impl Hits {
    fn get(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        let hospital = self.hospitals[origin];
        (hospital != NOBODY)
            .then(|| (HospitalId(hospital), Seconds(u32::from(self.seconds[origin]))))
    }
}

/// The nearest and the second nearest hospital of a set, for each origin.
///
/// Four contiguous arrays: whoever asks again for the same set reads those instead of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    first: Hits,
    second: Hits,
}

/// Origins that one thread works on at a time.
const CHUNK: usize = 4096;

impl Nearest {
    /// Finds the hits of the first `origins` origins in parallel; ties go to the smaller id.
    pub fn find(times: &TravelTimes, origins: usize, set: &HospitalSet) -> Self {
        let chunks: Vec<usize> = (0..origins).step_by(CHUNK).collect();
        let found: Vec<(Hits, Hits)> = chunks
            .into_par_iter()
            .map(|from| scan(times, from..(from + CHUNK).min(origins), set))
            .collect();
        let mut nearest = Self { first: Hits::default(), second: Hits::default() };
        for (first, second) in found {
            for (all, part) in [(&mut nearest.first, first), (&mut nearest.second, second)] {
                all.hospitals.extend(part.hospitals);
                all.seconds.extend(part.seconds);
            }
        }
        nearest
    }

    /// The nearest hospital of an origin and its time.
    pub fn first(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        self.first.get(origin)
    }

    /// The second nearest hospital of an origin and its time.
    pub fn second(&self, origin: usize) -> Option<(HospitalId, Seconds)> {
        self.second.get(origin)
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.first.hospitals.len()
    }

    /// People within a limit, from the array of first hits alone.
    ///
    /// # Panics
    ///
    /// When `people` is not as long as the origins.
    pub fn people_within(&self, people: &[u32], limit: Seconds) -> u64 {
        assert_eq!(people.len(), self.origins(), "people of other origins");
        let limit = limit.min(TravelTimes::MAX_CUTOFF).0;
        let pairs = people.iter().zip(&self.first.seconds);
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

    /// For each hospital the people within the limit who would be beyond it if only that hospital
    /// closed: those for whom it is the first hit in time and the second is not.
    ///
    /// # Panics
    ///
    /// When `people` is not as long as the origins.
    pub fn single_closures(&self, people: &[u32], limit: Seconds, hospitals: usize) -> Vec<u64> {
        assert_eq!(people.len(), self.origins(), "people of other origins");
        // One more slot takes those who are not concerned, so that the loop has no branch.
        let mut newly_beyond = vec![0; hospitals + 1];
        let limit = limit.min(TravelTimes::MAX_CUTOFF).0;
        let times = self.first.seconds.iter().zip(&self.second.seconds);
        for ((&people, &hospital), (&first, &second)) in
            people.iter().zip(&self.first.hospitals).zip(times)
        {
            let concerned = u32::from(first) <= limit && u32::from(second) > limit;
            let slot = if concerned { hospital as usize } else { hospitals };
            newly_beyond[slot] += u64::from(people);
        }
        newly_beyond.truncate(hospitals);
        newly_beyond
    }
}

/// The time of an origin without a hit: longer than any cut-off.
const UNREACHED: u16 = u16::MAX;

fn scan(times: &TravelTimes, origins: std::ops::Range<usize>, set: &HospitalSet) -> (Hits, Hits) {
    let with_room = || Hits {
        hospitals: Vec::with_capacity(origins.len()),
        seconds: Vec::with_capacity(origins.len()),
    };
    let (mut first, mut second) = (with_room(), with_room());
    for origin in origins.clone() {
        let (hospitals, seconds) = times.row(origin);
        let mut hits = hospitals
            .iter()
            .zip(seconds)
            .filter(|(hospital, _)| set.0.contains(**hospital as usize));
        for list in [&mut first, &mut second] {
            let (&hospital, &time) = hits.next().unwrap_or((&NOBODY, &UNREACHED));
            list.hospitals.push(hospital);
            list.seconds.push(time);
        }
    }
    (first, second)
}
