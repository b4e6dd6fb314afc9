//! The hour of the week of a time.

use super::model::Model;

/// Hours of a week.
pub(super) const WEEK: usize = 168;

/// Hours of the week by time.
#[derive(Debug, Clone, Copy)]
pub(super) struct HourClock {
    per_unit: f64,
    /// Length of an hour in units of time.
    hour: f64,
    starts_at: usize,
}

impl HourClock {
    pub(super) fn new(model: &Model) -> Self {
        let per_unit = model.time_unit.hours();
        Self { per_unit, hour: 1.0 / per_unit, starts_at: model.starts_at_hour as usize }
    }

    /// Length of an hour in units of time.
    pub(super) fn hour(self) -> f64 {
        self.hour
    }

    /// When an hour starts, by its number from time 0 on.
    pub(super) fn start_of(self, hour: u64) -> f64 {
        // Multiplied and never added up: after thousands of hours the sums of rounded lengths would be off.
        hour as f64 * self.hour
    }

    #[inline]
    pub(super) fn hour_of_week(self, now: f64) -> usize {
        let hour = (now * self.per_unit) as u64;
        // Of a moment at which an hour starts, the product may be rounded down: in days, that of one hour in seven. It
        // would then be the last moment of the hour before, while the calendar has begun the next.
        let hour = hour + u64::from(self.start_of(hour + 1) <= now);
        (self.starts_at + hour as usize) % WEEK
    }
}

#[cfg(test)]
mod tests {
    use super::super::TimeUnit;
    use super::*;

    #[test]
    fn an_hour_starts_at_the_moment_at_which_the_calendar_says_so() {
        let units = [
            TimeUnit::Seconds,
            TimeUnit::Minutes,
            TimeUnit::Hours,
            TimeUnit::Days,
            TimeUnit::Weeks,
        ];
        for time_unit in units {
            let clock = HourClock::new(&Model { time_unit, starts_at_hour: 5, ..Model::default() });
            for hour in 0..100_000_u64 {
                let start = clock.start_of(hour);
                assert_eq!(clock.hour_of_week(start), (hour as usize + 5) % WEEK, "{time_unit:?}");
                if hour > 0 {
                    assert_eq!(clock.hour_of_week(start.next_down()), (hour as usize + 4) % WEEK);
                }
            }
        }
    }
}
