//! The graph itself.

use crate::units::Seconds;

/// A one-way stretch of road between two junctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Number of the junction where it starts, from 0.
    pub from: u32,
    /// Number of the junction where it ends, from 0.
    pub to: u32,
    /// How long it takes in tenths of a second; 0 is a stretch that takes no time.
    pub tenths: u32,
}

/// Why there is no road graph, or no search of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoadError {
    /// A stretch or a search names a junction that is not there.
    #[error("there is no junction {junction}; there are {junctions}, numbered from 0")]
    Junction {
        /// What was named.
        junction: u32,
        /// How many there are.
        junctions: u32,
    },
    /// More stretches than a graph can hold.
    #[error("{0} stretches of road; a graph holds at most 4,294,967,295")]
    TooManyStretches(usize),
}

/// The longest journey that a search looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Longest(pub(super) u32);

impl Longest {
    /// Journeys up to so many seconds, inclusive; one above 65,535 (18 hours) counts as that.
    pub fn new(limit: Seconds) -> Self {
        Self(limit.0.min(u32::from(u16::MAX)))
    }

    /// The most tenths of a second that are rounded to a time within the limit.
    pub(super) fn tenths(self) -> u32 {
        self.0 * 10 + 4
    }
}

/// Junctions and one-way stretches of road, kept by the junction where they end.
///
/// Takes 8 bytes a stretch and 4 a junction. Times are kept in tenths of a second, so that the sum over hundreds of
/// short stretches is not off by minutes, and told in whole seconds.
///
/// ```
/// use verbund::roads::{Longest, RoadGraph, Stretch};
/// use verbund::units::Seconds;
///
/// // 0 -> 1 takes 60.4 s, 1 -> 2 takes 30.1 s, and nothing leads back.
/// let graph = RoadGraph::new(3, &[
///     Stretch { from: 0, to: 1, tenths: 604 },
///     Stretch { from: 1, to: 2, tenths: 301 },
/// ])?;
/// let times = graph.times_to(2, Longest::new(Seconds::from_minutes(60)))?;
/// // 90.5 s are rounded up.
/// assert_eq!(times, [Some(Seconds(91)), Some(Seconds(30)), Some(Seconds(0))]);
/// assert_eq!(graph.times_to(0, Longest::new(Seconds(60)))?, [Some(Seconds(0)), None, None]);
/// # Ok::<(), verbund::roads::RoadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadGraph {
    /// Where the stretches into each junction start in `into`, and where the last ones end.
    first: Vec<u32>,
    /// For each stretch the junction where it starts, and its tenths of a second.
    into: Vec<(u32, u32)>,
    /// Tenths of a second of the longest stretch.
    longest: u32,
}

impl RoadGraph {
    /// The graph of so many junctions, numbered from 0, with these stretches. Two stretches between the same
    /// junctions are both kept; a search takes the quicker one.
    ///
    /// # Errors
    ///
    /// When a stretch names a junction that is not there, or there are more stretches than a graph can hold.
    pub fn new(junctions: u32, stretches: &[Stretch]) -> Result<Self, RoadError> {
        if u32::try_from(stretches.len()).is_err() {
            return Err(RoadError::TooManyStretches(stretches.len()));
        }

        let mut first = vec![0; junctions as usize + 1];
        for stretch in stretches {
            for junction in [stretch.from, stretch.to] {
                if junction >= junctions {
                    return Err(RoadError::Junction { junction, junctions });
                }
            }
            first[stretch.to as usize + 1] += 1;
        }
        for junction in 0..junctions as usize {
            first[junction + 1] += first[junction];
        }

        // Into each junction in the order in which the stretches were given: the same graph for the same input.
        let mut next = first.clone();
        let mut into = vec![(0, 0); stretches.len()];
        let mut longest = 0;
        for stretch in stretches {
            longest = longest.max(stretch.tenths);
            let place = &mut next[stretch.to as usize];
            into[*place as usize] = (stretch.from, stretch.tenths);
            *place += 1;
        }
        Ok(Self { first, into, longest })
    }

    /// How many junctions there are.
    pub fn junctions(&self) -> u32 {
        // The last entry is an end and no junction.
        self.first.len() as u32 - 1
    }

    /// How many one-way stretches there are.
    pub fn stretches(&self) -> u32 {
        self.into.len() as u32
    }

    /// Tenths of a second of the longest stretch.
    pub(super) fn longest_stretch(&self) -> u32 {
        self.longest
    }

    /// All stretches, by the junction where they end.
    #[cfg(test)]
    pub(super) fn all_stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        for to in 0..self.junctions() {
            for &(from, tenths) in self.ending_at(to) {
                stretches.push(Stretch { from, to, tenths });
            }
        }
        stretches
    }

    /// The stretches that end at a junction: where they start, and their tenths of a second.
    pub(super) fn ending_at(&self, junction: u32) -> &[(u32, u32)] {
        let start = self.first[junction as usize] as usize;
        let end = self.first[junction as usize + 1] as usize;
        &self.into[start..end]
    }
}
