//! Whether people reach a position within a limit of time, by the distance that a journey of the limit covers.

use crate::model::{Position, TravelSettings};
use crate::travel::{CrowFly, Stop};
use crate::units::Seconds;

/// The surroundings that people of the districts reach within a limit.
pub(super) struct ReachedArea {
    starts: Vec<Stop<'static>>,
    /// Great-circle metres of the longest journey.
    metres: f64,
}

impl ReachedArea {
    pub(super) fn new(starts: &[Position], travel: &TravelSettings, limit: Seconds) -> Self {
        // The default settings of travel are no fault; others would reach nobody.
        let starts = starts.iter().map(|position| Stop::new("", *position)).collect();
        let metres = CrowFly::new(travel.clone()).map_or(0.0, |model| farthest(&model, limit));
        Self { starts, metres }
    }

    /// Whether somebody reaches this position.
    pub(super) fn covers(&self, position: Position) -> bool {
        let goal = Stop::new("", position);
        self.starts.iter().any(|start| start.distance_to(&goal) <= self.metres)
    }
}

/// The greatest distance in metres that a journey of a limit covers, to a metre.
///
/// The travel model gives times of distances, which grow with them. It is asked the other way round here by halving,
/// so that thousands of pairs of positions need a distance each and no time.
fn farthest(model: &CrowFly, limit: Seconds) -> f64 {
    let (mut near, mut far) = (0.0, 1e6);
    while far - near > 1.0 {
        let middle = f64::midpoint(near, far);
        if model.time_over(middle) <= limit {
            near = middle;
        } else {
            far = middle;
        }
    }
    near
}
