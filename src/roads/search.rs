//! The quickest ways to one junction: a queue of buckets, one for each tenth of a second (Dial 1969,
//! "Algorithm 360: shortest-path forest with topological ordering", CACM 12(11)).

use rayon::prelude::*;

use super::{Longest, RoadError, RoadGraph};
use crate::units::Seconds;

/// Of a junction that no search has come to.
const FAR: u32 = u32::MAX;

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
        let junctions = self.junctions();
        if junction >= junctions {
            return Err(RoadError::Junction { junction, junctions });
        }

        let mut times = Vec::with_capacity(junctions as usize);
        for tenths in self.tenths_to(junction, longest.tenths()) {
            // In 64 bits, as one that is far is the largest number.
            let seconds = (u64::from(tenths) + 5) / 10;
            times.push((tenths != FAR).then_some(Seconds(seconds as u32)));
        }
        Ok(times)
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
        let searches: Vec<Result<_, RoadError>> =
            targets.par_iter().map(|&junction| self.times_to(junction, longest)).collect();
        // In the order of the targets, so that the fault that is told does not depend on the threads.
        searches.into_iter().collect()
    }

    /// Tenths of a second from every junction; [`FAR`] beyond `most`.
    fn tenths_to(&self, target: u32, most: u32) -> Vec<u32> {
        let mut best = vec![FAR; self.junctions() as usize];
        let mut buckets: Vec<Vec<u32>> = vec![vec![target]];
        best[target as usize] = 0;
        let mut now = 0;
        while (now as usize) < buckets.len() {
            // A stretch without time puts a junction into the bucket that is being emptied.
            while let Some(junction) = buckets[now as usize].pop() {
                // It was put in again with a shorter time, and is done.
                if best[junction as usize] != now {
                    continue;
                }
                for &(from, tenths) in self.into_junction(junction) {
                    let time = now.saturating_add(tenths);
                    if time > most || time >= best[from as usize] {
                        continue;
                    }
                    best[from as usize] = time;
                    if buckets.len() <= time as usize {
                        buckets.resize_with(time as usize + 1, Vec::new);
                    }
                    buckets[time as usize].push(from);
                }
            }
            // Its room is given back: a search of hours would hold the memory of every bucket to its end.
            buckets[now as usize] = Vec::new();
            now += 1;
        }
        best
    }
}
