//! `verbund sensitivity`

use std::path::{Path, PathBuf};

use clap::Args;
use verbund::Region;
use verbund::model::Network;
use verbund::random::Seed;
use verbund::report::{self, SensitivityView};
use verbund::run::Control;
use verbund::said;
use verbund::scenario::Scenario;
use verbund::simulation::{
    ChosenSettings, Ended, Factor, Figure, Hypercube, RunPlan, Screening, Sensitivity, Tornado,
};
use verbund::words;

use super::after::{Answered, Networks, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::settings::SettingsOptions;
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
    /// Rounds in which every assumed setting moves once (Morris), so that the points change those that matter; 0 leaves this
    /// out, and the points change the four factors of the first table [default: 4, without points 0]
    #[arg(long, value_name = "COUNT")]
    trajectories: Option<u32>,
    /// Replications of the middle, of each end, and of each point
    #[arg(long, value_name = "COUNT", default_value_t = 4)]
    replications: u32,
    /// Days that are counted [default: 365]
    #[arg(long, value_name = "DAYS")]
    days: Option<u32>,
    /// Days before them, that are not counted [default: 28]
    #[arg(long, value_name = "DAYS")]
    warm_up: Option<u32>,
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
    #[command(flatten)]
    assumed: SettingsOptions,
}

/// How often every setting moves, unless another number is asked for.
const ROUNDS: u32 = 4;

/// Factors of each figure that the points change.
const IMPORTANT: usize = 6;

/// The most points and replications that are asked for by mistake only.
const MOST: u32 = 10_000;

impl Arguments {
    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }

    /// How often every setting moves.
    fn rounds(&self) -> u32 {
        self.trajectories.unwrap_or(if self.points == 0 { 0 } else { ROUNDS })
    }

    /// What the flags ask for; every value that is out of its range is told.
    fn check(&self, faults: &mut Faults) -> Vec<Figure> {
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
        let trajectories = self.rounds();
        let is_right = trajectories <= MOST;
        range(is_right, "trajectories", trajectories.to_string(), "0 to 10,000 trajectories");
        let is_right = (1..=MOST).contains(&self.replications);
        let expected = "1 to 10,000 replications";
        range(is_right, "replications", self.replications.to_string(), expected);
        let days = self.days.unwrap_or(365);
        range((1..=36_500).contains(&days), "days", days.to_string(), "1 to 36,500 days");
        let warm_up = self.warm_up.unwrap_or(28);
        range(warm_up <= 36_500, "warm-up", warm_up.to_string(), "at most 36,500 days");
        let mut figures = Vec::new();
        for name in &self.figure {
            let figure = faults.note(input::figure(name));
            // A figure that is named twice is shown once.
            figures.extend(figure.filter(|figure| !figures.contains(figure)));
        }
        figures
    }

    /// What is assumed: these flags before files, and files before defaults. Flags out of their range are told before.
    fn chosen(&self, common: &Common, network: &Network, faults: &mut Faults) -> ChosenSettings {
        let mut chosen = self.assumed.read(common, network, &self.after.scenario, faults);
        for (flag, key, days) in
            [("--days", "days", self.days), ("--warm-up", "warm_up_days", self.warm_up)]
        {
            if let Some(days) = days {
                let _ = chosen.set(flag, key, days);
            }
        }
        chosen
    }
}

/// What the flags name, read and checked.
struct Read {
    chosen: ChosenSettings,
    figures: Vec<Figure>,
    networks: Networks,
}

/// Reads what the flags name; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments) -> anyhow::Result<Read> {
    let mut faults = Faults::default();
    let figures = arguments.check(&mut faults);
    let folder = faults.note(input::folder(common));
    faults.note(output::check(common));
    plot::check(common, arguments.plot(), ("", None), &mut faults);
    plot::check_single(&arguments.after, arguments.plot(), &mut faults);
    if folder.is_none() {
        return Err(faults.error());
    }
    let networks = arguments.after.read_noting(common, &mut faults)?;
    let chosen = arguments.chosen(common, networks.region.network(), &mut faults);
    faults.tell()?;
    Ok(Read { chosen, figures, networks })
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
    let settings = read.chosen.settings();
    let study = Sensitivity::new(region, settings)
        .scenario(scenario)
        .plan(plan)
        .spread(arguments.spread / 100.0);
    let study = study.chosen(&read.chosen);
    let Finished { tornado, screening, hypercube } = results(&study, arguments, &read.figures)?;

    let (done, most) = (
        tornado.finished
            + screening.as_ref().map_or(0, runs_of)
            + hypercube.as_ref().map_or(0, |cube| cube.points.len()),
        Tornado::RUNS + screened_runs(arguments) + arguments.points as usize,
    );
    let is_interrupted = done < most;
    if is_interrupted {
        tell(&message!("interrupted after {done} of {most} runs", done, most));
        if done == 0 {
            return Ok(Answered::interrupted());
        }
    }
    if let Some(path) = arguments.plot() {
        let mut source = plot::source(region, &read.networks).remark(said!(
            "{days} days after {warm_up}; {replications} replications; seed {seed}",
            days = settings.days,
            warm_up = settings.warm_up_days,
            replications = arguments.replications,
            seed = arguments.seed
        ));
        if is_interrupted {
            source = source.remark(said!("partial: {done} of {most} runs", done, most));
        }
        plot::write(
            path,
            super::language::for_reader(|| {
                verbund::plot::tornado(&tornado, &read.figures, &source)
            }),
        )?;
    }
    let mut document = report::sensitivity(&SensitivityView {
        study: &study,
        tornado: &tornado,
        screening: screening.as_ref(),
        hypercube: hypercube.as_ref(),
        figures: &read.figures,
    });
    if let Some(told) = read.chosen.in_words() {
        document = document.about("settings", told);
    }
    Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
}

/// What is finished of a study.
struct Finished {
    tornado: Tornado,
    screening: Option<Screening>,
    hypercube: Option<Hypercube>,
}

/// Runs that a screening takes.
fn screened_runs(arguments: &Arguments) -> usize {
    Screening::runs(Factor::of_settings().len(), arguments.rounds() as usize)
}

/// Runs of the finished trajectories of a screening.
fn runs_of(screening: &Screening) -> usize {
    Screening::runs(screening.factors.len(), screening.finished)
}

/// The factors one by one, then which of all settings matter, then those at once at so many points; once it was
/// stopped, what came before.
fn results(
    study: &Sensitivity<'_>,
    arguments: &Arguments,
    figures: &[Figure],
) -> anyhow::Result<Finished> {
    let (points, rounds) = (arguments.points as usize, arguments.rounds() as usize);
    let alone = Tornado::RUNS as u64;
    let screened = screened_runs(arguments) as u64;
    let bar = input::bar(alone + screened + u64::from(arguments.points), "runs");
    interrupt::watched("the runs that are finished are kept", &bar, |control| {
        let tornado = study.tornado(control)?;
        let mut finished = Finished { tornado, screening: None, hypercube: None };
        if finished.tornado.ended == Ended::Interrupted {
            return Ok(finished);
        }
        let mut factors = Factor::ALL.to_vec();
        if rounds > 0 {
            // Its runs are counted behind those before.
            let progress = |done| control.tell(alone + done);
            let behind: Control<'_> = control.progress(&progress);
            let screening = study.screening(&Factor::of_settings(), rounds, &behind)?;
            let important = screening.important(figures, IMPORTANT);
            if !important.is_empty() {
                factors = important;
            }
            let is_over = screening.ended == Ended::Interrupted;
            finished.screening = Some(screening);
            if is_over {
                return Ok(finished);
            }
        }
        if points > 0 {
            let progress = |done| control.tell(alone + screened + done);
            let behind: Control<'_> = control.progress(&progress);
            finished.hypercube = Some(study.hypercube_of(&factors, points, &behind)?);
        }
        Ok(finished)
    })
}
