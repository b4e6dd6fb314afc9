//! `verbund sensitivity`

use std::path::{Path, PathBuf};

use clap::Args;
use verbund::Region;
use verbund::random::Seed;
use verbund::report;
use verbund::run::Control;
use verbund::said;
use verbund::scenario::Scenario;
use verbund::simulation::{Ended, Figure, Hypercube, RunPlan, Sensitivity, Settings, Tornado};
use verbund::words;

use super::after::{Answered, Networks, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::simulate::started;
use super::terminal::tell;
use super::{Common, Ending, input, interrupt, output, plot};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How much each factor rises and falls
    #[arg(long, value_name = "PERCENT", default_value_t = 20.0, allow_negative_numbers = true, value_parser = super::input::number)]
    spread: f64,
    /// Points at which all factors change at once; 0 leaves this out
    #[arg(long, value_name = "COUNT", default_value_t = 32)]
    points: u32,
    /// Replications of the middle, of each end, and of each point
    #[arg(long, value_name = "COUNT", default_value_t = 4)]
    replications: u32,
    /// Days that are counted
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    days: u32,
    /// Days before them, that are not counted
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    warm_up: u32,
    /// Seed of all random numbers
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Figure that the factors are held against and ordered by, such as `occupancy_share` or `forced`;
    /// can be given several times
    #[arg(long, value_name = "KEY", default_value = Figure::Occupancy.key())]
    figure: Vec<String>,
    /// Draw what each factor changes in these figures, the widest bar first, into this file (SVG)
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    after: ScenarioOptions,
}

/// The most points and replications that are asked for by mistake only.
const MOST: u32 = 10_000;

impl Arguments {
    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }

    /// What the flags ask for; every value that is out of its range is told.
    fn settings(&self, faults: &mut Faults) -> (Settings, Vec<Figure>) {
        let mut range = |is_right: bool, flag: &str, value: String, expected: &str| {
            if !is_right {
                faults.add(&fault!(
                    "--{flag} {value}: expected {expected}",
                    flag,
                    value,
                    expected = words::of(expected)
                ));
            }
        };
        let spread = self.spread;
        let is_spread = spread > 0.0 && spread < 100.0;
        range(is_spread, "spread", spread.to_string(), "per cent above 0 and below 100");
        range(self.points <= MOST, "points", self.points.to_string(), "0 to 10,000 points");
        let is_right = (1..=MOST).contains(&self.replications);
        let expected = "1 to 10,000 replications";
        range(is_right, "replications", self.replications.to_string(), expected);
        let is_right = (1..=36_500).contains(&self.days);
        range(is_right, "days", self.days.to_string(), "1 to 36,500 days");
        let is_right = self.warm_up <= 36_500;
        range(is_right, "warm-up", self.warm_up.to_string(), "at most 36,500 days");
        let mut figures = Vec::new();
        for name in &self.figure {
            let figure = faults.note(input::figure(name));
            // A figure that is named twice is shown once.
            figures.extend(figure.filter(|figure| !figures.contains(figure)));
        }
        let settings = Settings::default().days(self.days).warm_up_days(self.warm_up);
        (settings, figures)
    }
}

/// What the flags name, read and checked.
struct Read {
    settings: Settings,
    figures: Vec<Figure>,
    networks: Networks,
}

/// Reads what the flags name; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments) -> anyhow::Result<Read> {
    let mut faults = Faults::default();
    let (settings, figures) = arguments.settings(&mut faults);
    let folder = faults.note(input::folder(common));
    faults.note(output::check(common));
    plot::check(common, arguments.plot(), ("", None), &mut faults);
    plot::check_single(&arguments.after, arguments.plot(), &mut faults);
    if folder.is_none() {
        return Err(faults.error());
    }
    let networks = arguments.after.read_noting(common, &mut faults)?;
    faults.tell()?;
    Ok(Read { settings, figures, networks })
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let read = read(common, arguments)?;
    let networks = &read.networks;
    if networks.on.is_some() || !networks.has_scenarios() {
        return networks.answer(common, |region| robust(arguments, &read, region, None));
    }
    networks.answer_in_time(common, |scenario| {
        // As in simulate: changes of structure that are in force at the start make the region, the run follows the
        // rest.
        let started = started(&networks.region, scenario.as_slice())?.pop();
        match &started {
            Some(started) => robust(arguments, &read, &started.region, Some(&*started.rest)),
            None => robust(arguments, &read, &networks.region, None),
        }
    })
}

/// How robust the figures of a region are, under what of a scenario the run follows.
fn robust(
    arguments: &Arguments,
    read: &Read,
    region: &Region,
    scenario: Option<&Scenario>,
) -> anyhow::Result<Answered> {
    let plan = RunPlan {
        seed: Seed(arguments.seed),
        replications: u64::from(arguments.replications),
        until: None,
    };
    let study = Sensitivity::new(region, &read.settings)
        .scenario(scenario)
        .plan(plan)
        .spread(arguments.spread / 100.0);
    let (tornado, hypercube) = results(&study, arguments.points)?;

    let points = hypercube.as_ref().map_or(0, |cube| cube.points.len());
    let (done, most) = (tornado.finished + points, Tornado::RUNS + arguments.points as usize);
    let is_interrupted = done < most;
    if is_interrupted {
        tell(&said!("interrupted after {done} of {most} runs", done, most));
        if done == 0 {
            return Ok(Answered::interrupted());
        }
    }
    if let Some(path) = arguments.plot() {
        let mut source = plot::source(region, &read.networks).remark(said!(
            "{days} days after {warm_up}; {replications} replications; seed {seed}",
            days = arguments.days,
            warm_up = arguments.warm_up,
            replications = arguments.replications,
            seed = arguments.seed
        ));
        if is_interrupted {
            source = source.remark(said!("partial: {done} of {most} runs", done, most));
        }
        plot::write(path, verbund::plot::tornado(&tornado, &read.figures, &source))?;
    }
    let document = report::sensitivity(&study, &tornado, hypercube.as_ref(), &read.figures);
    Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
}

/// The factors one by one, and all at once at so many points; without points, or once it was stopped, the first
/// alone.
fn results(study: &Sensitivity<'_>, points: u32) -> anyhow::Result<(Tornado, Option<Hypercube>)> {
    let runs = Tornado::RUNS as u64;
    let bar = input::bar(runs + u64::from(points), "runs");
    interrupt::watched("the runs that are finished are kept", &bar, |control| {
        let tornado = study.tornado(control)?;
        if points == 0 || tornado.ended == Ended::Interrupted {
            return Ok((tornado, None));
        }
        // Its points are counted behind the runs before.
        let progress = |done| control.tell(runs + done);
        let behind: Control<'_> = control.progress(&progress);
        let hypercube = study.hypercube(points as usize, &behind)?;
        Ok((tornado, Some(hypercube)))
    })
}
