//! How many wait at a desk, by theory and by simulation?
//!
//! Customers come at random and are served by one of `c` clerks for an exponential time: M/M/c. Erlang's second
//! formula says how many wait in the long run, and how long. The simulator is run on the same queue; its 95 % intervals
//! should hold the formula's figures in about 19 of 20 cases.
//!
//! `cargo run --example queue`

use verbund::queueing::formulas;
use verbund::queueing::{
    ArrivalStream, Distribution, Model, Simulator, Station, Summary, TimeUnit,
};
use verbund::random::Seed;
use verbund::run::Control;
use verbund::stats::Interval;

/// A service takes half an hour on average.
const SERVICE_HOURS: f64 = 0.5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("clerks  load   share who wait              mean wait of all, minutes");
    println!("               formula  simulated          formula  simulated");
    for (clerks, load) in [(1, 0.5), (1, 0.8), (2, 0.8), (5, 0.8), (5, 0.9)] {
        let arrivals_per_hour = load * f64::from(clerks) / SERVICE_HOURS;
        let theory = formulas::Station::new(arrivals_per_hour, SERVICE_HOURS, clerks)?.wait()?;
        let summary = simulate(clerks, arrivals_per_hour)?;

        let share = summary
            .station(0, |station, _| Some(station.waited as f64 / station.started as f64))
            .ok_or("no replication was run")?;
        let wait = summary
            .station(0, |station, _| Some(station.waiting_time / station.started as f64 * 60.0))
            .ok_or("no replication was run")?;
        println!(
            "{clerks:>6}  {load:.1}    {:>7.4}  {}    {:>7.2}  {}",
            theory.waits,
            in_words(share, 4),
            theory.mean_wait * 60.0,
            in_words(wait, 2),
        );
    }
    Ok(())
}

/// Ten replications of 2,000 hours, after 200 hours from an empty desk.
fn simulate(clerks: u32, arrivals_per_hour: f64) -> Result<Summary, verbund::problem::Problems> {
    let service = Distribution::Exponential { mean: SERVICE_HOURS };
    let model = Model::new("desk", TimeUnit::Hours)
        .warm_up(200.0)
        .horizon(2200.0)
        .station(Station::new("desk", clerks).service(service))
        .stream(ArrivalStream::poisson("customers", arrivals_per_hour, "desk"));
    let simulator = Simulator::new(&model)?;
    Ok(simulator.replications(Seed(1), 10, &Control::default()))
}

/// A mean with half of the width of its 95 % interval.
fn in_words(interval: Interval, digits: usize) -> String {
    let half_width = interval.half_width.unwrap_or(f64::INFINITY);
    format!("{:.digits$} ± {half_width:.digits$}", interval.mean)
}
