//! Arrivals at rates that vary, hour by hour: each gap is walked through, with no table and no search.

use verbund::queueing::{Curve, Model};

/// A rate that varies, as a file writes it.
pub(super) struct Walk<'m> {
    pub(super) model: &'m Model,
    pub(super) rate: f64,
    pub(super) week: &'m [f64],
    pub(super) year: &'m [f64],
    pub(super) curve: Option<&'m Curve>,
}

impl Walk<'_> {
    /// When the next one comes after a time, who needs so many arrivals to be expected between; infinite for never.
    pub(super) fn after(&self, time: f64, wanted: f64) -> f64 {
        let (mut time, mut left) = (time, wanted);
        while time < self.model.horizon {
            let until = self.border_after(time);
            let rate = self.rate_at(f64::midpoint(time, until));
            let expected = rate * (until - time);
            if expected > left {
                return time + left / rate;
            }
            left -= expected;
            time = until;
        }
        f64::INFINITY
    }

    /// The next moment at which the rate may change: a full hour, or the border of a step of the curve.
    fn border_after(&self, time: f64) -> f64 {
        let hour = 1.0 / self.model.time_unit.hours();
        let mut border = ((time / hour + 1e-9).floor() + 1.0) * hour;
        let steps = self.curve.map_or(0, |curve| curve.factors.len() + 1);
        for step in 0..steps {
            let Some(curve) = self.curve else { continue };
            let at = curve.from + curve.step * step as f64;
            if at > time {
                border = border.min(at);
            }
        }
        border
    }

    /// The rate at a moment within an hour.
    fn rate_at(&self, time: f64) -> f64 {
        let hours = (time * self.model.time_unit.hours()) as usize;
        let mut rate = self.rate;
        if !self.week.is_empty() {
            let mean = self.week.iter().sum::<f64>() / self.week.len() as f64;
            let hour = (self.model.starts_at_hour as usize + hours) % self.week.len();
            rate *= self.week[hour] / mean;
        }
        if !self.year.is_empty() {
            // Parts of a year do not have the same number of whole days.
            let of_day = |day: usize| self.year[day * self.year.len() / 365];
            let mean = (0..365).map(of_day).sum::<f64>() / 365.0;
            let days = (self.model.starts_at_hour as usize % 24 + hours) / 24;
            rate *= of_day((self.model.starts_on_day as usize + days) % 365) / mean;
        }
        if let Some(curve) = self.curve {
            let step = (time - curve.from) / curve.step;
            let factor = curve.factors.get(step.max(0.0) as usize).filter(|_| step >= 0.0);
            rate *= factor.copied().unwrap_or(0.0);
        }
        rate
    }
}
