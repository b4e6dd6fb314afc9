//! `verbund simulate`

mod asked;
mod start;
mod written;

use std::mem;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use verbund::Region;
use verbund::model::{HospitalId, Pathway};
use verbund::plot::{OccupancyCurve, OccupancyView, Source};
use verbund::report::{self, Document, SimulationBy, SimulationView};
use verbund::routing::ChoiceModel;
use verbund::said;
use verbund::scenario::CheckedScenario;
use verbund::simulation::{
    ChosenSettings, Ended, Hypercube, PatientFlow, Results, RunPlan, Scope, Sensitivity, simulate,
};

pub(super) use start::started;
use start::{refuse_too_much, same_wards};
use written::{traced, write_model};

use super::after::{Answered, Networks, ScenarioOptions};
use super::faults::Faults;
use super::language::message;
use super::settings::SettingsOptions;
use super::terminal::tell;
use super::{Common, Ending, Format, choice, input, interrupt, plot, scenarios};

/// Most replications where the width of an interval says when to stop.
const MOST: i64 = 1000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Days that are counted, from the day of the network (or --as-of) on [default: 365]
    // Signed, so that -1 is refused with the numbers that are possible.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    days: Option<i64>,
    /// Days before them, from hospitals as full as their patients make them, that are not counted
    /// [default: 28]
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    warm_up: Option<i64>,
    /// How many times [default: 20; with --until-half-width at most 1000]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    replications: Option<i64>,
    /// What all random numbers start from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Stop when half of the 95 % interval of --figure is at most this wide, in the base and in the
    /// difference of every scenario; of shares in per cent points. At least 5 replications are needed
    #[arg(long, value_name = "WIDTH", allow_negative_numbers = true, value_parser = super::input::number)]
    until_half_width: Option<f64>,
    /// Figure of --until-half-width, of all hospitals inside [default: `occupancy_share`]; with --scenario also the one by
    /// which the scenarios are ranked, where fewer of it is better [default: refused and sent on]
    #[arg(long, value_name = "KEY")]
    figure: Option<String>,
    /// Beside the intervals, which are chance only: a band of what is assumed, from so many points at which rates, stays,
    /// speeds and staffing lie anywhere from 20 % less to 20 % more; each takes as long as setting a run up and 4 replications
    /// [with --by region, of the network as it is]
    #[arg(long, value_name = "POINTS", value_parser = clap::value_parser!(u32).range(8..=1000))]
    band: Option<u32>,
    #[command(flatten)]
    after: ScenarioOptions,
    /// Write every stay of replication 0 to this file: CSV, or Parquet where it ends in .parquet and the program was
    /// built with that feature
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Draw how full the beds get from day to day, those of --hospital or of all inside, into this file (SVG); with
    /// --by assumed and --stays the listed stays with the laws fitted to them
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Write the queueing model of the network, without the scenarios beside it, to this file (.json), for `verbund queue`
    #[arg(long, value_name = "FILE")]
    export_model: Option<PathBuf>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = SimulationBy::Region)]
    by: SimulationBy,
    /// Only this hospital [with --by hospital, ward, hour, day]
    #[arg(long, value_name = "HOSPITAL")]
    hospital: Option<String>,
    /// Only this care pathway [with --by pathway, place]
    #[arg(long, alias = "condition", value_name = "PATHWAY")]
    pathway: Option<String>,
    /// Hospitals outside, places where nothing happens and differences that may be chance, too
    #[arg(long)]
    all: bool,
    /// How patients choose a hospital, those of care pathways aside [default: huff]
    #[arg(long, value_parser = choice::plain())]
    choice: Option<ChoiceModel>,
    /// Beds that are staffed on average, where the network does not say [default: 95]
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = super::input::number)]
    staffed: Option<f64>,
    /// Most of a ward's beds in which patients of full wards of the same hospital lie; 0: wards do not help each
    /// other [default: 20]
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = super::input::number)]
    outliers: Option<f64>,
    /// Start from this census instead of what is expected in the long run: a table (CSV) with the columns hospital,
    /// specialty, occupied, and where known `days_so_far` and waiting. Without days before it, over 14 days unless --days
    /// says more
    #[arg(long, value_name = "FILE")]
    census: Option<PathBuf>,
    #[command(flatten)]
    assumed: SettingsOptions,
}

impl Arguments {
    /// The file of the trace.
    pub(super) fn trace(&self) -> Option<&Path> {
        self.trace.as_deref()
    }

    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }
}

/// What the flags name, read and checked.
struct Read {
    networks: Networks,
    /// Key of the pathway.
    pathway: Option<String>,
    chosen: ChosenSettings,
}

/// Reads what the flags name; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments, mut faults: Faults) -> anyhow::Result<Read> {
    let networks = arguments.after.read_noting(common, &mut faults)?;
    let Networks { model, region, .. } = &networks;
    if networks.on.is_none() {
        // Of a network after a change it is looked up there: one may open by it.
        input::maybe_hospital(model, region, arguments.hospital.as_ref(), &mut faults);
    }
    let pathway: Option<&Pathway> = match &arguments.pathway {
        Some(name) => faults.note(input::pathway(region, name)),
        None => None,
    };
    let pathway = pathway.map(|pathway| pathway.key.clone());
    let mut chosen = arguments.chosen(common, region.network(), &mut faults);
    arguments.count_in(region, &mut chosen, &mut faults);
    faults.tell()?;
    Ok(Read { networks, pathway, chosen })
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let mut faults = Faults::default();
    let plan = arguments.asked(common, &mut faults);
    let read = read(common, arguments, faults)?;
    let networks = &read.networks;
    let run = Run { common, arguments, plan, read: &read };
    if networks.on.is_some() {
        return networks.answer(common, |region| run.simulated(region, &[]));
    }
    run.simulated(&networks.region, &networks.runs()?)?.print(common)
}

/// What a run is asked for.
#[derive(Clone, Copy)]
struct Run<'c> {
    common: &'c Common,
    arguments: &'c Arguments,
    plan: RunPlan,
    read: &'c Read,
}

impl Run<'_> {
    /// The patients of a region, and beside it under scenarios.
    fn simulated(
        &self,
        region: &Region,
        scenarios: &[CheckedScenario],
    ) -> anyhow::Result<Answered> {
        let (chosen, plan) = (&self.read.chosen, self.plan);
        let settings = chosen.settings();
        let networks = &self.read.networks;
        if self.arguments.only_lists() {
            self.draw_stays(region)?;
            let document = report::simulation_settings(region, chosen)?;
            return Ok(Answered::done(document));
        }
        let name = self.arguments.hospital.as_ref();
        let hospital = name.map(|name| input::hospital(&networks.model, region, name));
        let hospital = hospital.transpose()?;

        let waiting = input::waiting("setting the patient flow up");
        let started = started(region, scenarios)?;
        // The network as it is comes first: every scenario is held against it.
        let mut flows = vec![PatientFlow::new(region, settings, None)?];
        for run in &started {
            flows.push(run.patients(settings)?);
        }
        same_wards(&flows)?;
        refuse_too_much(&flows, plan.replications)?;
        waiting.finish_and_clear();
        if let Some(path) = &self.arguments.export_model {
            write_model(path, &flows[0])
                .with_context(|| format!("--export-model {}", path.display()))?;
        }
        let traced = match &self.arguments.trace {
            None => None,
            Some(path) => Some(traced(path, &flows, plan.seed)?),
        };

        let bar = input::bar(plan.replications, "replications");
        let kept = "the replications that are finished are kept";
        let results = interrupt::watched(kept, &bar, |control| simulate(&flows, plan, control));
        let is_interrupted = results.ended() == Ended::Interrupted;
        if is_interrupted {
            let (done, most) = (results.replications(), plan.replications);
            tell(&message!("interrupted after {done} of {most} replications", done, most));
            if done == 0 {
                return Ok(Answered::interrupted());
            }
        }
        results.adds_up()?;
        if let Some(path) = self.arguments.plot() {
            self.draw(path, hospital, &results)?;
        }
        let (band, is_cut) = self.band(region)?;
        let is_interrupted = is_interrupted || is_cut;
        let mut document = self.document(hospital, &results, band.as_ref());
        if let Some(traced) = traced {
            document = document.about("trace", traced);
        }
        drop(results);
        if networks.on.is_none() {
            // They are many small pieces, and the program ends with them: the system takes them back faster. Where
            // other networks follow, they need the room.
            mem::forget(flows);
        }
        Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
    }

    /// Draws the stays that are known, where a picture is asked for.
    fn draw_stays(&self, region: &Region) -> anyhow::Result<()> {
        let Some(path) = self.arguments.plot() else { return Ok(()) };
        let Some(stays) = &self.read.chosen.settings().stays else { return Ok(()) };
        plot::write(path, verbund::plot::stays(stays, &Source::of(region)))
    }

    /// The band of what is assumed, where it is asked for, and whether somebody stopped it.
    fn band(&self, region: &Region) -> anyhow::Result<(Option<Hypercube>, bool)> {
        let Some(points) = self.arguments.band else { return Ok((None, false)) };
        let chosen = &self.read.chosen;
        let replications = self.plan.replications.min(REPLICATIONS_OF_BAND);
        let plan = RunPlan { replications, until: None, ..self.plan };
        let study = Sensitivity::new(region, chosen.settings()).plan(plan).chosen(chosen);
        let bar = input::bar(u64::from(points), "points");
        let kept = "the replications and points that are finished are kept";
        // The replications are finished: a signal does not take them away.
        interrupt::keep();
        let cube =
            interrupt::watched(kept, &bar, |control| study.hypercube(points as usize, control))?;
        let is_cut = cube.ended == Ended::Interrupted;
        if is_cut {
            let done = cube.points.len();
            tell(&said!("interrupted after {done} of {points} points", done, points));
        }
        // Of fewer, 5 % and 95 % are the least and the most.
        let is_enough = cube.points.len() >= LEAST_POINTS;
        Ok((is_enough.then_some(cube), is_cut))
    }

    /// Draws how full the beds get.
    fn draw(
        &self,
        path: &Path,
        hospital: Option<HospitalId>,
        results: &Results<'_, '_>,
    ) -> anyhow::Result<()> {
        let networks = &self.read.networks;
        let region = results.flows()[0].region();
        let scope = hospital.map_or(Scope::Inside, Scope::Hospital);
        let mut curves = Vec::new();
        for (number, flow) in results.flows_with_indices() {
            let days = results.census_by_day(number, hospital);
            curves.push(OccupancyCurve::new(flow.name(), results.beds(number, scope), days));
        }
        let done = results.replications() as u64;
        let mut view = OccupancyView::new(region.network().date(), done, curves);
        if let Some(hospital) = hospital {
            view = view.of_hospital(region.network()[hospital].name.as_str());
        }

        let settings = self.read.chosen.settings();
        // Scenarios beside the network as it is are named by their lines.
        let source = match networks.on {
            Some(_) => plot::source(region, networks),
            None => Source::of(region),
        };
        let mut source = source.remark(said!(
            "{days} days after {warm_up}; seed {seed}",
            days = settings.days,
            warm_up = settings.warm_up_days,
            seed = self.arguments.seed
        ));
        if results.ended() == Ended::Interrupted {
            let most = self.plan.replications;
            source = source.remark(said!("partial: {done} of {most} replications", done, most));
        }
        plot::write(path, super::language::for_reader(|| verbund::plot::occupancy(&view, &source)))
    }

    fn document(
        &self,
        hospital: Option<HospitalId>,
        results: &Results<'_, '_>,
        band: Option<&Hypercube>,
    ) -> Document {
        let view = SimulationView {
            by: self.arguments.by,
            all: self.arguments.all,
            hospital,
            condition: self.read.pathway.as_deref(),
            rank_by: self.arguments.rank_by(),
            band,
            narrow: self.common.format == Format::Table,
        };
        let mut document = report::simulation(results, &view);
        let chosen = &self.read.chosen;
        if let Some(told) = chosen.in_words() {
            document = document.about("settings", told);
        }
        // After a change the head tells the day itself.
        let remark =
            self.read.networks.remark.as_deref().filter(|_| self.read.networks.on.is_none());
        let document = scenarios::tell_day(document, remark);
        // One table stays one table in CSV; what is assumed is counted in every output.
        if self.common.is_one_table() || self.arguments.by == SimulationBy::Assumed {
            return document;
        }
        let wards = results.flows()[0].wards();
        document.section(report::simulation_assumed(chosen, wards, false))
    }
}

/// Most replications of a point of a band: what is assumed moves the figures further than chance.
const REPLICATIONS_OF_BAND: u64 = 4;

/// Fewer points make no band.
const LEAST_POINTS: usize = 8;
