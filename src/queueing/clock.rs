//! The hour of the week of a time.

use super::model::Model;

/// Hours of a week.
pub(super) const WEEK: usize = 168;

/// Hours of the week by time.
#[derive(Debug, Clone, Copy)]
pub(super) struct HourClock {
    per_unit: f64,
    starts_at: usize,
}

impl HourClock {
    pub(super) fn new(model: &Model) -> Self {
        Self { per_unit: model.time_unit.hours(), starts_at: model.starts_at_hour as usize }
    }

    #[inline]
    pub(super) fn hour_of_week(self, now: f64) -> usize {
        (self.starts_at + (now * self.per_unit) as usize) % WEEK
    }
}
