//! Services that end in some hours of the week only.

use rand::{Rng, RngExt};

use super::clock::WEEK;
use super::model::Model;

/// Hours of a day.
const DAY: usize = 24;

/// Days that are looked at at most before a service ends wherever it is: only with days of nearly no ends are there more.
const MOST_DAYS: usize = 30;

/// When services end: by day of the week and hour.
#[derive(Debug, Clone)]
pub(super) struct Ends {
    /// By day of the week, the chance that a service ends on it whose length is over then.
    days: [f64; 7],
    /// By hour of the week, the share of the ends of its day up to and with the hour.
    up_to: Vec<f64>,
    /// Hours in a unit of time.
    per_unit: f64,
    /// Hour of the week of time 0.
    starts_at: f64,
}

impl Ends {
    /// By relative ends of the hours of a day or a week, not all of them 0.
    pub(super) fn new(relative: &[f64], model: &Model) -> Self {
        let mut up_to = Vec::with_capacity(WEEK);
        let mut days = [0.0; 7];
        for (day, total) in days.iter_mut().enumerate() {
            let mut sum = 0.0;
            for hour in 0..DAY {
                sum += relative[(day * DAY + hour) % relative.len()];
                up_to.push(sum);
            }
            *total = sum;
            // A day without any end is never chosen, so what stands there counts for nothing.
            for part in &mut up_to[day * DAY..] {
                *part /= sum;
            }
        }
        let most = days.iter().copied().fold(0.0, f64::max);
        let starts_at = f64::from(model.starts_at_hour);
        let days = days.map(|total| total / most);
        Self { days, up_to, per_unit: model.time_unit.hours(), starts_at }
    }

    /// When a service ends that started at a time and whose length is over at another.
    pub(super) fn end(&self, started: f64, over: f64, numbers: &mut impl Rng) -> f64 {
        let earliest = self.starts_at + started * self.per_unit;
        // Times are never below 0, and the remainder of a whole number takes a part of the time of that of another.
        let mut day = ((self.starts_at + over * self.per_unit) / DAY as f64) as i64;
        let is_later = numbers.random::<f64>() < 0.5;
        let mut step = if is_later { 1 } else { -1 };
        for _ in 0..MOST_DAYS {
            let weekday = day.rem_euclid(7) as usize;
            if numbers.random::<f64>() < self.days[weekday] {
                let hour = day as f64 * DAY as f64 + self.hour(weekday, numbers);
                if hour > earliest {
                    return (hour - self.starts_at) / self.per_unit;
                }
                // It has not started by then: from here on only later days are possible.
                step = 1;
            }
            day += step;
        }
        over
    }

    /// Hours of a day that are over at an end.
    fn hour(&self, weekday: usize, numbers: &mut impl Rng) -> f64 {
        let up_to = &self.up_to[weekday * DAY..(weekday + 1) * DAY];
        let drawn: f64 = numbers.random();
        // All are compared: a search would take branches that cannot be predicted.
        let mut hour = 0;
        for part in up_to {
            hour += usize::from(*part <= drawn);
        }
        let hour = hour.min(DAY - 1);
        let within: f64 = numbers.random();
        hour as f64 + within
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queueing::TimeUnit;
    use crate::random::{Draw, draws};

    #[test]
    fn ends_follow_the_hours_and_days_and_keep_the_mean() {
        // From Thursday on, in days: from 10 to 12 only, at the weekend half as many.
        let mut week = vec![0.0; WEEK];
        for (hour, share) in week.iter_mut().enumerate() {
            if (10..12).contains(&(hour % DAY)) {
                *share = if hour / DAY >= 5 { 0.5 } else { 1.0 };
            }
        }
        let model = Model { time_unit: TimeUnit::Days, starts_at_hour: 72, ..Model::default() };
        let ends = Ends::new(&week, &model);
        let (mut by_day, mut sum) = ([0.0; 7], 0.0);
        let count: u32 = 70_000;
        for number in 0..count {
            // Evenly over the weeks, of four days each.
            let started = 100.0 + 7.0 * f64::from(number) / f64::from(count);
            let mut numbers = draws(u64::from(number), 0, Draw::Next);
            let end = ends.end(started, started + 4.0, &mut numbers);
            assert!(end > started);
            let hours = 72.0 + end * 24.0;
            assert!((10.0..12.0).contains(&(hours % 24.0)), "{}", hours % 24.0);
            by_day[(hours / 24.0) as usize % 7] += 1.0;
            sum += end - started;
        }
        // Ten thousand a day; of a Saturday's, half end there. Of the rest half goes to Friday, half to Sunday, which keeps
        // half of it, and so on: p = 1/2 in each direction gives 5,000 + 1,250 from the other day.
        for (day, expected) in
            [(5, 6250.0), (6, 6250.0), (0, 13_750.0), (4, 13_750.0), (2, 10_000.0)]
        {
            let share: f64 = by_day[day] / expected;
            assert!((share - 1.0).abs() < 0.05, "day {day}: {}", by_day[day]);
        }
        // The middle of the window is 11:00, an hour before that of the day.
        let mean = sum / f64::from(count);
        assert!((mean - (4.0 - 1.0 / 24.0)).abs() < 0.02, "{mean} days");
    }

    #[test]
    fn what_would_end_before_it_started_ends_later() {
        // At 11:00 on a Monday for half an hour: the only hour of the week is Monday from 8 to 9.
        let mut week = vec![0.0; WEEK];
        week[8] = 1.0;
        let ends = Ends::new(&week, &Model::default());
        for number in 0..100 {
            let mut numbers = draws(number, 0, Draw::Next);
            let end = ends.end(11.0, 11.5, &mut numbers);
            // A week later, whichever way it looks first.
            assert!((176.0..177.0).contains(&end), "{end}");
        }
    }
}
