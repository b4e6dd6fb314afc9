//! Arrivals whose rate varies.

use statrs::distribution::ChiSquared;

use super::*;

/// When customers arrive: those of a stream to a station without waiting, in one replication.
fn arrivals(model: &Model, replication: u64) -> Vec<f64> {
    let mut visits = trace(model, 4, replication).1;
    visits.sort_by(|a, b| a.came.total_cmp(&b.came));
    visits.iter().map(|visit| visit.came).collect()
}

fn varying(time_unit: TimeUnit, horizon: f64, arrivals: Arrivals) -> Model {
    let mut own = station("a", 1, Distribution::Deterministic(0.0));
    own.servers = Servers::Infinite;
    let streams = vec![stream("s", arrivals, "a")];
    Model { time_unit, horizon, stations: vec![own], streams, ..Model::default() }
}

/// Counts fit their expected values: chi-square at 1 - 1e-6; no count where none is expected.
fn fits(counts: &[f64], expected: &[f64]) {
    let mut squares = 0.0;
    let mut cells = 0.0;
    for (count, expected) in counts.iter().zip(expected) {
        if *expected == 0.0 {
            assert_eq!(*count, 0.0, "{counts:?}");
            continue;
        }
        squares += (count - expected).powi(2) / expected;
        cells += 1.0;
    }
    let limit = ChiSquared::new(cells).unwrap().inverse_cdf(1.0 - 1e-6);
    assert!(squares < limit, "chi-square {squares} above {limit}: {counts:?} {expected:?}");
    // The total is Poisson: 4.9 standard deviations are 1e-6.
    let (count, expected): (f64, f64) = (counts.iter().sum(), expected.iter().sum());
    assert!((count - expected).abs() < 4.9 * expected.sqrt(), "{count} of {expected}");
}

#[test]
fn every_hour_of_the_week_has_its_rate() {
    // 60 weeks from Tuesday 6:00, 10 an hour on average: 600 expected in a mean hour of the week,
    // 100,800 in all. Power: an hour off by 20 % adds 24 to a chi-square with standard deviation 18; a
    // profile that is one hour late adds thousands; a total off by 2 % is found.
    let week: Vec<f64> = (0..168).map(|hour| f64::from(hour * 37 % 11)).collect();
    let mean = week.iter().sum::<f64>() / 168.0;
    let (year, curve) = (Vec::new(), None);
    let rates = Arrivals::Poisson { rate: 10.0, week: week.clone(), year, curve };
    let mut model = varying(TimeUnit::Hours, 60.0 * 168.0, rates);
    model.starts_at_hour = 30;
    let mut counts = vec![0.0; 168];
    for time in arrivals(&model, 0) {
        counts[(30 + time as usize) % 168] += 1.0;
    }
    fits(&counts, &week.iter().map(|rate| rate / mean * 600.0).collect::<Vec<_>>());
}

#[test]
fn the_rate_is_even_within_an_hour() {
    // 24 rates, minutes as unit: 96 quarters of an hour over 200 days, 480 arrivals a day on average.
    let day: Vec<f64> = (0..24).map(|hour| f64::from((hour + 1) % 5)).collect();
    let mean = day.iter().sum::<f64>() / 24.0;
    let (year, curve) = (Vec::new(), None);
    let rates = Arrivals::Poisson { rate: 1.0 / 3.0, week: day.clone(), year, curve };
    let model = varying(TimeUnit::Minutes, 200.0 * 1440.0, rates);
    let mut counts = vec![0.0; 96];
    for time in arrivals(&model, 0) {
        counts[time as usize % 1440 / 15] += 1.0;
    }
    let expected = |quarter: usize| day[quarter / 4] / mean * 200.0 * 5.0;
    fits(&counts, &(0..96).map(expected).collect::<Vec<_>>());
}

#[test]
fn every_part_of_the_year_has_its_rate_and_the_year_its_total() {
    // Parts of 12 have 30 or 31 days, those of 52 have 7 or 8: relative rates hold by day, and the mean
    // over the days of a year is the rate. Two years from day 100, 100 a day.
    for parts in [12, 52, 365] {
        let year: Vec<f64> = (0..parts).map(|part| f64::from(part % 4)).collect();
        let of_day = |day: usize| year[day * parts as usize / 365];
        let mean = (0..365).map(of_day).sum::<f64>() / 365.0;
        let (week, curve) = (Vec::new(), None);
        let rates = Arrivals::Poisson { rate: 100.0, week, year: year.clone(), curve };
        let mut model = varying(TimeUnit::Days, 730.0, rates);
        model.starts_on_day = 100;
        let mut counts = vec![0.0; 365];
        for time in arrivals(&model, 0) {
            counts[(100 + time as usize) % 365] += 1.0;
        }
        fits(&counts, &(0..365).map(|day| of_day(day) / mean * 200.0).collect::<Vec<_>>());
    }
}

#[test]
fn the_census_with_infinite_servers_is_the_integral_of_the_rate() {
    // M_t/G/infinity: E N(t) = integral of rate(t - u) P(S > u). Rate 40 an hour from 8 to 20, 8 at night.
    // Size: 30 replications of 70 days, the first 14 left out. Power: each of 24 hours to 3 %; a census
    // that is an hour late is ruled out at the steepest hour.
    let rate = |hour: i64| if (8..20).contains(&hour.rem_euclid(24)) { 40.0 } else { 8.0 };
    let week = (0..24).map(rate).collect();
    let rates = Arrivals::Poisson { rate: 24.0, week, year: Vec::new(), curve: None };
    let deterministic = |hour: i64| (1..=5).map(|ago| rate(hour - ago)).sum::<f64>();
    // P(S > u) = exp(-u / 5): an hour's integral is 5 (exp(-k / 5) - exp(-(k + 1) / 5)).
    let exponential_law = |hour: i64| {
        let weight = |ago: i64| 5.0 * ((-(ago - 1) as f64 / 5.0).exp() - (-ago as f64 / 5.0).exp());
        (1..=200).map(|ago| rate(hour - ago) * weight(ago)).sum::<f64>()
    };
    let laws: [(Distribution, &dyn Fn(i64) -> f64); 2] =
        [(Distribution::Deterministic(5.0), &deterministic), (exponential(5.0), &exponential_law)];
    for (law, expected) in laws {
        let mut model = varying(TimeUnit::Hours, 70.0 * 24.0, rates.clone());
        model.warm_up = 14.0 * 24.0;
        model.stations[0].service = Some(law);
        let simulator = Simulator::new(&model).unwrap();
        let simulator = simulator.record(Record { hours: true, ..Record::default() });
        let runs: Vec<Vec<f64>> = (0..30)
            .into_par_iter()
            .map(|replication| {
                let run = simulator.run(Seed(4), replication);
                let of = |hour: usize| {
                    let days = (0..7).map(|day| day * 24 + hour);
                    let sum = days.clone().map(|at| run.by_hour[at][0] as f64).sum::<f64>();
                    sum / days.map(|at| run.hours[at]).sum::<u64>() as f64
                };
                (0..24).map(of).collect()
            })
            .collect();
        for (hour, number) in (0..24).zip(0_i64..) {
            let own = Interval::of(&runs.iter().map(|run| run[hour]).collect::<Vec<_>>());
            own.meets(&format!("{hour}:00"), expected(number), 0.03);
            if hour == 10 {
                own.rules_out("an hour late", expected(9));
            }
        }
    }
}

#[test]
fn replayed_times_are_kept_exactly() {
    // Equal times stay two arrivals; one at the horizon is not in the run.
    let times = vec![0.0, 0.1, 0.1, 7.3, 7.300_000_000_000_001, 19.999, 20.0, 31.0];
    let model = varying(TimeUnit::Days, 20.0, Arrivals::Replay(times.clone()));
    assert_eq!(arrivals(&model, 0), times[..6]);
}

#[test]
fn a_curve_has_its_steps_and_nobody_comes_outside() {
    // Steps of 20 minutes from 10:18 on, not on the hour, on a rate of 3,000 an hour; and steps of a day
    // and a half.
    for (from, step) in [(10.3, 1.0 / 3.0), (10.75, 36.0), (0.0, 1.0)] {
        let factors = vec![0.5, 0.0, 4.0, 1.0];
        let curve = Some(Curve { from, step, factors: factors.clone() });
        let rate = 1000.0 / step;
        let rates = Arrivals::Poisson { rate, week: Vec::new(), year: Vec::new(), curve };
        let mut counts = vec![0.0; 4];
        for time in arrivals(&varying(TimeUnit::Hours, 200.0, rates), 0) {
            let at = (time - from) / step;
            assert!((0.0..4.0).contains(&at), "{time}");
            counts[at as usize] += 1.0;
        }
        fits(&counts, &factors.iter().map(|own| own * 1000.0).collect::<Vec<_>>());
    }
}

#[test]
fn a_curve_lies_over_the_hours_of_the_day() {
    // From 5:30 two hours at 1, then two at 3; the day's profile is 0 before 6:00 and 2 from 18:00 on, so
    // between 6:00 and 9:30 the mean profile is 1: 1.5 h at 1, 2 h at 3.
    let mut day = vec![1.0; 24];
    day[..6].fill(0.0);
    day[18..].fill(2.0);
    let curve = Some(Curve { from: 5.5, step: 2.0, factors: vec![1.0, 3.0] });
    let rates = Arrivals::Poisson { rate: 1000.0, week: day, year: Vec::new(), curve };
    let mut counts = vec![0.0; 3];
    for time in arrivals(&varying(TimeUnit::Hours, 48.0, rates), 0) {
        counts[if time < 6.0 {
            0
        } else if time < 7.5 {
            1
        } else {
            2
        }] += 1.0;
    }
    fits(&counts, &[0.0, 1500.0, 6000.0]);
}

#[test]
fn a_year_with_one_short_season_keeps_its_total() {
    // The first of 52 parts has 8 days, not 365 / 52: all 36,500 customers of the year come in these.
    let mut year = vec![0.0; 52];
    year[0] = 1.0;
    let (week, curve) = (Vec::new(), None);
    let rates = Arrivals::Poisson { rate: 100.0, week, year, curve };
    let times = arrivals(&varying(TimeUnit::Days, 365.0, rates), 0);
    let (first, last) = (times[0], times[times.len() - 1]);
    assert!(first < 0.01 && (7.99..8.0).contains(&last), "{first} {last}");
    assert!((times.len() as f64 - 36_500.0).abs() < 4.9 * 36_500.0_f64.sqrt(), "{}", times.len());
}

#[test]
fn a_negative_zero_is_time_zero() {
    // Its bits sort after every other time.
    let mut model = varying(TimeUnit::Days, 20.0, Arrivals::Replay(vec![-0.0, 1.0, 25.0]));
    model.warm_up = -0.0;
    model.changes = vec![Change { at: -0.0, station: "a".into(), change: ChangeKind::Divert }];
    model.streams[0].kinds[0].by_appointment = true;
    assert_eq!(arrivals(&model, 0), [0.0, 1.0]);
    assert_eq!(trace(&model, 4, 0).0.window, 20.0);
}

#[test]
fn days_are_counted_up_to_the_last() {
    // One customer on each of four days, who stays on: 1, 2, 3 at the ends of days 2 to 4 after a
    // warm-up of one day.
    let rates = Arrivals::Replay(vec![1.5, 2.5, 3.5]);
    let mut model = varying(TimeUnit::Days, 4.0, rates);
    model.warm_up = 1.0;
    model.stations[0].service = Some(Distribution::Deterministic(100.0));
    let simulator = Simulator::new(&model).unwrap();
    let run = simulator.record(Record { days: true, ..Record::default() }).run(Seed(1), 0);
    assert_eq!(run.by_day, [[1], [2], [3]]);
}
