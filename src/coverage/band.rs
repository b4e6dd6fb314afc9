//! What counts of people become at the ends of the band of travel times.

use serde::Serialize;

use crate::model::{BandEnd, Margin};
use crate::units::Seconds;

/// A number of people at both ends of the band: all journeys as quick, and all as slow, as the margin allows.
///
/// Where a limit and the margin reach beyond the journeys that the region keeps, the quick end counts those kept
/// only.
///
/// ```
/// use verbund::coverage::Band;
/// use verbund::model::Margin;
/// use verbund::units::Seconds;
///
/// // Two people, 24 and 35 minutes away; 30 minutes are the limit.
/// let minutes = [24, 35];
/// let within = |limit: Seconds| minutes.iter().filter(|time| Seconds::from_minutes(**time) <= limit).count() as u64;
/// let band = Band::of(&Margin::new(0.2, Seconds::from_minutes(2)), Seconds::from_minutes(30), within);
/// // 35 x 0.8 = 28 minutes at the quick end; 24 x 1.2 + 2 = 30.8 at the slow one.
/// assert_eq!((band.quick, band.slow), (2, 0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Band {
    /// At the quick end.
    pub quick: u64,
    /// At the slow end.
    pub slow: u64,
}

impl Band {
    /// What `count` gives with the limit of each end: the longest journey as stated that is within `limit` there.
    /// An end at which no journey is has nobody.
    pub fn of(margin: &Margin, limit: Seconds, count: impl Fn(Seconds) -> u64) -> Self {
        let [quick, slow] = BandEnd::BOTH.map(|end| margin.latest(end, limit).map_or(0, &count));
        Self { quick, slow }
    }

    /// These numbers of people.
    pub fn new(quick: u64, slow: u64) -> Self {
        Self { quick, slow }
    }

    /// The people at an end.
    pub fn at(self, end: BandEnd) -> u64 {
        match end {
            BandEnd::Quick => self.quick,
            BandEnd::Slow => self.slow,
        }
    }

    /// The least and the greatest of the stated number and those of the ends.
    ///
    /// A bias may leave the stated number outside of its ends.
    pub fn around(self, stated: u64) -> (u64, u64) {
        let (least, most) = (self.quick.min(self.slow), self.quick.max(self.slow));
        (least.min(stated), most.max(stated))
    }
}
