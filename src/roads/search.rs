//! The quickest ways to one junction.

use rayon::prelude::*;

use super::buckets::Buckets;
use super::{Longest, RoadError, RoadGraph};
use crate::units::Seconds;

/// Of a junction that no search has come to.
pub(super) const FAR: u32 = u32::MAX;

/// What a search works on; it is made once and used again, as clearing it costs what the search reached.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Tenths of a second from each junction; [`FAR`] beyond the search.
    pub(super) best: Vec<u32>,
    /// Junctions that have a time.
    touched: Vec<u32>,
    /// Junctions, by their time.
    buckets: Buckets<u32>,
}

/// A junction where a search begins, with the tenths of a second that are left from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed {
    pub(super) junction: u32,
    pub(super) tenths: u32,
}

impl RoadGraph {
    /// The time from every junction to this one, in their order: rounded to whole seconds, half a second up;
    /// `None` where no way is within the limit.
    ///
    /// # Errors
    ///
    /// When the junction is not there.
    pub fn times_to(
        &self,
        junction: u32,
        longest: Longest,
    ) -> Result<Vec<Option<Seconds>>, RoadError> {
        let mut scratch = Scratch::default();
        self.search_to(junction, longest, &mut scratch)?;
        Ok(scratch.best.iter().copied().map(within).collect())
    }

    /// [`Self::times_to`] for each of these junctions, in their order, on all threads.
    ///
    /// # Errors
    ///
    /// The first junction that is not there.
    pub fn times_to_each(
        &self,
        targets: &[u32],
        longest: Longest,
    ) -> Result<Vec<Vec<Option<Seconds>>>, RoadError> {
        // A thread keeps what it works on: making it costs as much as a short search.
        let searches: Vec<Result<_, RoadError>> = targets
            .par_iter()
            .map_init(Scratch::default, |scratch, &junction| {
                self.search_to(junction, longest, scratch)?;
                Ok(scratch.best.iter().copied().map(within).collect())
            })
            .collect();
        // In the order of the targets, so that the fault that is told does not depend on the threads.
        searches.into_iter().collect()
    }

    /// The times from these junctions to each of those, a row for each of `targets` in their order, on all threads.
    ///
    /// Quicker than [`Self::times_to_each`] where few junctions are asked about: a search ends in a row of these only.
    ///
    /// ```
    /// use verbund::roads::{Longest, RoadGraph, Stretch};
    /// use verbund::units::Seconds;
    ///
    /// let graph = RoadGraph::new(3, &[
    ///     Stretch { from: 0, to: 1, tenths: 604 },
    ///     Stretch { from: 1, to: 2, tenths: 301 },
    /// ])?;
    /// let rows = graph.times_between(&[0, 2], &[2, 1], Longest::new(Seconds(600)))?;
    /// // To junction 2 and to junction 1; nothing leads back from 2.
    /// assert_eq!(rows, [[Some(Seconds(91)), Some(Seconds(0))], [Some(Seconds(60)), None]]);
    /// # Ok::<(), verbund::roads::RoadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first junction that is not there, of `from` before `targets`.
    pub fn times_between(
        &self,
        from: &[u32],
        targets: &[u32],
        longest: Longest,
    ) -> Result<Vec<Vec<Option<Seconds>>>, RoadError> {
        for &junction in from {
            self.must_have(junction)?;
        }
        let searches: Vec<Result<_, RoadError>> = targets
            .par_iter()
            .map_init(Scratch::default, |scratch, &target| {
                self.search_to(target, longest, scratch)?;
                Ok(from.iter().map(|&junction| within(scratch.best[junction as usize])).collect())
            })
            .collect();
        searches.into_iter().collect()
    }

    /// Fills `scratch.best` with the tenths of a second from every junction to this one.
    fn search_to(
        &self,
        junction: u32,
        longest: Longest,
        scratch: &mut Scratch,
    ) -> Result<(), RoadError> {
        self.must_have(junction)?;
        self.search(&[Seed { junction, tenths: 0 }], longest.tenths(), scratch);
        Ok(())
    }

    fn must_have(&self, junction: u32) -> Result<(), RoadError> {
        let junctions = self.junctions();
        if junction >= junctions {
            return Err(RoadError::Junction { junction, junctions });
        }
        Ok(())
    }

    /// Fills `scratch.best` with the tenths of a second from every junction to the nearest of the seeds, up to
    /// `most`.
    pub(super) fn search(&self, seeds: &[Seed], most: u32, scratch: &mut Scratch) {
        scratch.clear(self.junctions() as usize);
        // What is ahead of the bucket that is emptied: a stretch, or a seed before the first one is.
        let farthest_seed = seeds.iter().map(|seed| seed.tenths).max().unwrap_or(0);
        scratch.buckets.start(self.longest_stretch().max(farthest_seed).min(most));
        for seed in seeds {
            scratch.reach(seed.junction, seed.tenths, most);
        }

        while let Some((now, junction)) = scratch.buckets.pop() {
            // It was put in again with a shorter time, and is done.
            if scratch.best[junction as usize] != now {
                continue;
            }
            for &(from, tenths) in self.ending_at(junction) {
                scratch.reach(from, now.saturating_add(tenths), most);
            }
        }
    }
}

/// The time of a junction in whole seconds, if the search came to it.
fn within(tenths: u32) -> Option<Seconds> {
    (tenths != FAR).then_some(whole_seconds(tenths))
}

/// Tenths of a second in whole seconds, half a second up.
pub(super) fn whole_seconds(tenths: u32) -> Seconds {
    Seconds(tenths / 10 + u32::from(tenths % 10 >= 5))
}

impl Scratch {
    /// Forgets the last search.
    fn clear(&mut self, junctions: usize) {
        if self.best.len() != junctions {
            *self = Self { best: vec![FAR; junctions], ..Self::default() };
        }
        // A search of an hour reaches a part of a country: clearing all of it would cost more than the search.
        for junction in self.touched.drain(..) {
            self.best[junction as usize] = FAR;
        }
    }

    /// Puts a junction into its bucket if it is reached sooner than before.
    fn reach(&mut self, junction: u32, time: u32, most: u32) {
        let best = &mut self.best[junction as usize];
        if time > most || time >= *best {
            return;
        }
        if *best == FAR {
            self.touched.push(junction);
        }
        *best = time;
        self.buckets.push(time, junction);
    }
}
