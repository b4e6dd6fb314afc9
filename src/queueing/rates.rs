//! When customers arrive: rates that may vary by hour, by season and under a curve.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clock::WEEK;
use super::model::{Arrivals, Curve, Model};
use super::whole::{floor, whole};

/// When customers of one stream arrive.
#[derive(Debug, Clone)]
pub(super) enum Process {
    /// At a constant rate: the mean time between two.
    Even(f64),
    /// At a rate that varies by hour: the mean hours of relative rate 1 between two, and the number of the
    /// table.
    Varying { table: Arc<Varying>, hours: f64, number: u32 },
    /// At these times; boxed, as the others are small and read all the time.
    Replay(Box<[f64]>),
}

/// A rate that is constant within each hour and each step of a curve, as the integral of its
/// relative value.
#[derive(Debug)]
pub(super) struct Varying {
    /// The last sum, and the number below it.
    last: f64,
    below_last: f64,
    /// Parts of the table, as a number.
    hours: f64,
    /// Sum of the relative rates of the hours before each hour of the table; one entry more than
    /// hours.
    sums: Vec<f64>,
    /// The first entry of the sums above the start of each of as many equal parts of their range: where
    /// a search starts.
    guide: Vec<u32>,
    /// Parts in a unit of their range.
    parts_per_sum: f64,
    /// Where the parts of one rate start, in hours, and where the last one ends; empty where each part is
    /// an hour.
    starts: Vec<f64>,
    /// Whether the table starts again at its end; else nobody comes any more.
    repeats: bool,
    /// Length of an hour in units of time.
    hour: f64,
}

/// Hours of a year of 365 days.
const YEAR: usize = 365 * 24;

/// A list with mean 1.
fn normalised(rates: &[f64]) -> Vec<f64> {
    let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
    rates.iter().map(|rate| rate / mean).collect()
}

/// Tables by what they are made of, so that streams with the same profile share one.
#[derive(Default)]
pub(super) struct Tables(BTreeMap<Vec<u64>, (Arc<Varying>, u32)>);

impl Process {
    pub(super) fn new(model: &Model, arrivals: &Arrivals, tables: &mut Tables) -> Self {
        let (rate, week, year, curve) = match arrivals {
            Arrivals::Replay(times) => return Self::Replay(times.clone().into()),
            Arrivals::Batches { of, .. } => return Self::new(model, of, tables),
            Arrivals::Poisson { rate, week, year, curve } => (*rate, week, year, curve.as_ref()),
        };
        if week.is_empty() && year.is_empty() && curve.is_none() {
            return Self::Even(1.0 / rate);
        }
        let hour = 1.0 / model.time_unit.hours();
        let mut made_of: Vec<u64> = vec![week.len() as u64, year.len() as u64];
        made_of.extend(week.iter().chain(year).map(|rate| rate.to_bits()));
        if let Some(curve) = curve {
            made_of.extend([curve.from.to_bits(), curve.step.to_bits()]);
            made_of.extend(curve.factors.iter().map(|factor| factor.to_bits()));
        }
        let number = tables.0.len() as u32;
        let table = || Arc::new(Varying::new(model, week, year, curve, hour));
        let (table, number) = tables.0.entry(made_of).or_insert_with(|| (table(), number));
        Self::Varying { table: Arc::clone(table), hours: 1.0 / (rate * hour), number: *number }
    }

    /// Mean arrivals a unit of time, roughly, to size windows.
    pub(super) fn rate(&self) -> f64 {
        match self {
            Self::Even(gap) => 1.0 / gap,
            Self::Varying { table, hours, .. } => 1.0 / (hours * table.hour),
            Self::Replay(_) => 0.0,
        }
    }
}

impl Varying {
    fn new(model: &Model, week: &[f64], year: &[f64], curve: Option<&Curve>, hour: f64) -> Self {
        let week = if week.is_empty() { vec![1.0] } else { normalised(week) };
        // By day, as equal parts of a year do not have the same number of whole days.
        let days = if year.is_empty() { 0 } else { 365 };
        let year: Vec<f64> = (0..days).map(|day| year[day * year.len() / 365]).collect();
        let year = normalised(&year);
        let starts_at = model.starts_at_hour as usize;
        let factor = |middle: f64| {
            let hours = middle as usize;
            let day = (model.starts_on_day as usize + (starts_at % 24 + hours) / 24) % 365;
            let of_year = if year.is_empty() { 1.0 } else { year[day] };
            let of_curve = curve.map(|curve| curve.at(middle * hour).unwrap_or(0.0));
            week[(starts_at + hours) % week.len()] * of_year * of_curve.unwrap_or(1.0)
        };
        if let Some(curve) = curve {
            return Self::of_curve(cuts(curve, model.horizon, hour), factor, hour);
        }
        let last = (model.horizon / hour).ceil().max(0.0) as usize;
        let (hours, repeats) = if year.is_empty() {
            (WEEK, true)
        } else {
            // After seven years the same hours of the week fall on the same days.
            ((7 * YEAR).min(last.max(1)), last > 7 * YEAR)
        };
        let mut sums = Vec::with_capacity(hours + 1);
        let mut sum = 0.0;
        sums.push(sum);
        for hour in 0..hours {
            sum += factor(hour as f64 + 0.5);
            sums.push(sum);
        }
        Self::from_sums(sums, Vec::new(), repeats, hour)
    }

    /// Between times, in hours, that cut the steps of a curve and the hours.
    fn of_curve(starts: Vec<f64>, factor: impl Fn(f64) -> f64, hour: f64) -> Self {
        let mut sum = 0.0;
        let mut sums = vec![sum];
        for pair in starts.windows(2) {
            sum += (pair[1] - pair[0]) * factor(f64::midpoint(pair[0], pair[1]));
            sums.push(sum);
        }
        Self::from_sums(sums, starts, false, hour)
    }

    fn from_sums(sums: Vec<f64>, starts: Vec<f64>, repeats: bool, hour: f64) -> Self {
        let guide = guide(&sums);
        let last = sums[sums.len() - 1];
        let parts_per_sum = guide.len() as f64 / last;
        let (below_last, hours) = (last.next_down(), (sums.len() - 1) as f64);
        Self { last, below_last, hours, sums, guide, parts_per_sum, starts, repeats, hour }
    }

    /// The position of the first sum above what is wanted, which the last one is.
    #[inline]
    fn above(&self, wanted: f64) -> usize {
        let part = whole((wanted * self.parts_per_sum - 0.5).max(0.0)) as usize;
        let mut position = self.guide[part.min(self.guide.len() - 1)] as usize;
        // Mostly a part has no more than one sum: arithmetic, where a branch could not be predicted.
        position += usize::from(self.sums[position] <= wanted);
        while self.sums[position] <= wanted {
            position += 1;
        }
        position
    }

    /// The time by which the integral of the relative rate has come to `wanted`; never when it does not. It
    /// never falls.
    #[inline]
    pub(super) fn time_at(&self, wanted: f64) -> f64 {
        self.hour_at(wanted) * self.hour
    }

    /// The least sum that is not reached before a time.
    pub(super) fn sum_at(&self, time: f64) -> f64 {
        // Bits of numbers from 0 have the order of the numbers.
        let (mut before, mut from) = (0, f64::INFINITY.to_bits());
        while from - before > 1 {
            let middle = u64::midpoint(before, from);
            let is_before = self.time_at(f64::from_bits(middle)) < time;
            *(if is_before { &mut before } else { &mut from }) = middle;
        }
        f64::from_bits(from)
    }

    /// [`Self::time_at`] in hours.
    #[inline]
    fn hour_at(&self, wanted: f64) -> f64 {
        let (mut wanted, mut before) = (wanted, 0.0);
        if wanted >= self.last {
            if !self.repeats {
                return f64::INFINITY;
            }
            let rounds = floor(wanted / self.last);
            before = rounds * self.hours;
            wanted = (wanted - rounds * self.last).clamp(0.0, self.below_last);
        }
        // The last part whose sum is not above what is wanted has a rate above 0.
        let above = self.above(wanted);
        let part = above - 1;
        let share = (wanted - self.sums[part]) / (self.sums[above] - self.sums[part]);
        if self.starts.is_empty() {
            return before + part as f64 + share;
        }
        let (start, end) = (self.starts[part], self.starts[above]);
        (start + share * (end - start)).min(end)
    }
}

/// Where searches in rising sums start: some entries for each sum of a short list, so that most searches
/// end where they start; one for each sum of a long one.
fn guide(sums: &[f64]) -> Vec<u32> {
    let count = sums.len() - 1;
    let parts = count.max((8 * count).min(8 * WEEK)).max(1);
    let last = sums[sums.len() - 1];
    // Somewhat before the part, as the part of a number is rounded: the search never goes back.
    let start = |part: usize| last * (part as f64 / parts as f64 - 1e-9);
    (0..parts).map(|part| sums.partition_point(|sum| *sum <= start(part)) as u32).collect()
}

/// Where the rate under a curve may change, in rising order and in hours: at its steps and at every
/// whole hour between them. Empty where it is over before it starts.
fn cuts(curve: &Curve, horizon: f64, hour: f64) -> Vec<f64> {
    let end = (curve.from + curve.step * curve.factors.len() as f64).min(horizon) / hour;
    let first = curve.from.max(0.0) / hour;
    let steps = (0..=curve.factors.len()).map(|step| curve.from + curve.step * step as f64);
    let mut cuts: Vec<f64> = steps.map(|time| time / hour).collect();
    cuts.extend((first.ceil() as usize..=end.max(0.0) as usize).map(|hour| hour as f64));
    cuts.extend([first, end]);
    cuts.retain(|cut| (first..=end).contains(cut));
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(model: &Model, arrivals: &Arrivals) -> Arc<Varying> {
        match Process::new(model, arrivals, &mut Tables::default()) {
            Process::Varying { table, .. } => table,
            _ => panic!("it varies"),
        }
    }

    #[test]
    fn the_rate_of_every_hour_is_met_by_hand() {
        // Twice the mean by day (8 to 20), nothing at night: an integral of 2 from 19:30 is half an hour
        // of this day and half an hour of the next.
        let day: Vec<f64> =
            (0..24).map(|hour| f64::from(u8::from((8..20).contains(&hour)))).collect();
        let arrivals = Arrivals::Poisson { rate: 0.5, week: day, year: Vec::new(), curve: None };
        let model = Model { horizon: 1000.0, ..Model::default() };
        let varying = table(&model, &arrivals);
        // By 19:30 eleven and a half hours of 2 have come.
        assert!((varying.hour_at(2.0 * 11.5 + 2.0) - 32.5).abs() < 1e-9);
        assert!((varying.hour_at(0.5) - 8.25).abs() < 1e-9);
        // A week has 168 units, so nine weeks and a bit later it is the same hour of the week.
        assert!((varying.hour_at(9.0 * 168.0 + 0.5) - (9.0 * 168.0 + 8.25)).abs() < 1e-9);
    }

    #[test]
    fn a_search_finds_what_looking_at_all_finds() {
        // A year with nights of nothing and a season, and a curve with steps of no rate.
        let week: Vec<f64> = (0..168).map(|hour| f64::from(hour % 24 % 7)).collect();
        let year = vec![1.0, 0.01, 3.0, 2.0];
        let curve = Curve { from: 7.3, step: 11.9, factors: vec![0.5, 0.0, 3.0, 1e-6, 2.0] };
        for (week, year, curve) in [
            (week.clone(), Vec::new(), None),
            (week.clone(), year.clone(), None),
            (week, year, Some(curve)),
        ] {
            let arrivals = Arrivals::Poisson { rate: 1.0, week, year, curve };
            let varying = table(&Model { horizon: 8760.0, ..Model::default() }, &arrivals);
            let between = (0..200_000).map(|part| varying.last * f64::from(part) / 200_000.0);
            let on_sums =
                varying.sums.iter().flat_map(|sum| [*sum, sum.next_down(), sum.next_up()]);
            for wanted in between.chain(on_sums).filter(|sum| (0.0..varying.last).contains(sum)) {
                let above = varying.sums.partition_point(|sum| *sum <= wanted);
                assert_eq!(varying.above(wanted), above, "of {wanted}");
            }
        }
    }

    #[test]
    fn a_window_ends_at_the_least_sum_that_is_not_reached_before_its_end() {
        // Nothing at night, and an odd length of the hour.
        let day: Vec<f64> = (0..24).map(|hour| f64::from(u8::from(hour % 7 > 2))).collect();
        let arrivals = Arrivals::Poisson { rate: 0.3, week: day, year: Vec::new(), curve: None };
        let model =
            Model { horizon: 1000.0, time_unit: super::super::TimeUnit::Days, ..Model::default() };
        let varying = table(&model, &arrivals);
        let mut last = 0.0;
        for time in (1..4000).map(|number| f64::from(number) * 0.173) {
            let sum = varying.sum_at(time);
            assert!(varying.time_at(sum) >= time && varying.time_at(sum.next_down()) < time);
            assert!(sum >= last, "it never falls");
            last = sum;
        }
        // Where it never comes to the time, everything is before it.
        let curve = Some(Curve { from: 1.0, step: 1.0, factors: vec![1.0] });
        let arrivals = Arrivals::Poisson { rate: 1.0, week: Vec::new(), year: Vec::new(), curve };
        assert_eq!(table(&model, &arrivals).sum_at(3.0), 24.0);
    }

    #[test]
    fn a_curve_multiplies_its_steps_and_ends() {
        let curve = Curve { from: 10.0, step: 5.0, factors: vec![1.0, 3.0] };
        let arrivals =
            Arrivals::Poisson { rate: 1.0, week: Vec::new(), year: Vec::new(), curve: Some(curve) };
        let model = Model { horizon: 1000.0, ..Model::default() };
        let varying = table(&model, &arrivals);
        // From 0 nothing until 10; five hours at 1, then 3 an hour: 8 units are there at 16.
        assert!((varying.hour_at(8.0) - 16.0).abs() < 1e-9);
        assert_eq!(varying.hour_at(20.1), f64::INFINITY);
    }
}
