//! `verbund flows`

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::model::Model;
use verbund::overview::published_figures;
use verbund::report::{self, Document, FlowsBy, Section};
use verbund::routing::{
    Choice, ChoiceModel, Decay, FlowSettings, Flows, check_births_like, check_cases, check_models,
};
use verbund::said;

use super::after::{Answered, ScenarioOptions};
use super::faults::fault;
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How patients choose
    #[arg(long, alias = "model", value_enum, default_value_t = ChoiceModel::Huff)]
    choice: ChoiceModel,
    /// Only this specialty or tracer condition, by key or name
    #[arg(long, value_name = "SPECIALTY")]
    specialty: Option<String>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = FlowsBy::Hospital)]
    by: FlowsBy,
    /// Huff: exponent of the beds
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    beds_exponent: Option<f64>,
    /// Huff: decay of attraction per minute
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    decay_per_minute: Option<f64>,
    /// Capacity: share of the bed days at which a department is full
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = super::input::number)]
    occupancy_limit: Option<f64>,
    /// Hold the model in use (that of --choice), the nearest hospital, a fitted Huff model and a fitted
    /// multinomial logit against observed births and published cases, and the model in use against
    /// published figures
    #[arg(long, conflicts_with_all = ["specialty", "by"])]
    check: bool,
    /// Year of births on which --check fits the Huff model; the other years are the test
    #[arg(long, value_name = "YEAR", default_value_t = 2021, requires = "check")]
    fit_year: i16,
    #[command(flatten)]
    after: ScenarioOptions,
}

/// The choice that the flags describe; a flag of another model is an error.
fn choice(arguments: &Arguments) -> anyhow::Result<Choice> {
    let huff_flag = arguments.beds_exponent.is_some() || arguments.decay_per_minute.is_some();
    if huff_flag && arguments.choice != ChoiceModel::Huff {
        bail!(fault!("--beds-exponent and --decay-per-minute belong to --choice huff"));
    }
    if arguments.occupancy_limit.is_some() && arguments.choice != ChoiceModel::Capacity {
        bail!(fault!("--occupancy-limit belongs to --choice capacity"));
    }
    let mut choice = arguments.choice.usual();
    if let Choice::Huff(huff) = &mut choice {
        huff.beds_exponent = arguments.beds_exponent.unwrap_or(huff.beds_exponent);
        if let Some(per_minute) = arguments.decay_per_minute {
            huff.decay = Decay::Exponential { per_minute };
        }
    }
    if let Choice::Capacity(capacity) = &mut choice {
        let usual = capacity.occupancy_limit;
        capacity.occupancy_limit = arguments.occupancy_limit.unwrap_or(usual);
    }
    choice.check()?;
    Ok(choice)
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let choice = choice(arguments)?;
    if arguments.check && arguments.after.is_given() {
        bail!(fault!(
            "--check holds the model against what happened, and a scenario did not: without --scenario"
        ));
    }
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| {
        let document = if arguments.check {
            checked(&networks.model, region, choice, arguments.fit_year)?
        } else {
            let flows = flows(region, choice, arguments)?;
            report::flows(region, &flows, arguments.by)
        };
        Ok(Answered::done(document))
    })
}

/// The flows that the rows need.
fn flows(region: &Region, choice: Choice, arguments: &Arguments) -> anyhow::Result<Flows> {
    let mut settings = FlowSettings::new(choice);
    // Pairs take memory for every place and hospital in its reach, and only this table shows them.
    settings.has_pairs = arguments.by == FlowsBy::Place;
    if let Some(name) = &arguments.specialty {
        let key = input::demand(region, name)?;
        let cases = region.demand().cases(&key);
        settings.only = Some(cases.ok_or_else(|| fault!("no rate of demand for {key}", key))?);
    }
    Ok(Flows::new(region, &settings)?)
}

/// The model held against births, published cases and published figures.
fn checked(model: &Model, region: &Region, choice: Choice, year: i16) -> anyhow::Result<Document> {
    let waiting = input::waiting("fitting models of choice");
    let check = check_births_like(model, region, year, choice)?.ok_or_else(|| {
        fault!("--fit-year {year}: fewer than three hospitals with births in this year", year)
    })?;
    let flows = Flows::of_region(region, choice)?;
    let table = report::published(&published_figures(model, region, &flows)?);
    waiting.finish_and_clear();

    let mut document = report::births(region, &check);
    if let Some(counted) = check_cases(region, choice)? {
        document = document.section(report::cases(region, &counted));
    }
    if let Some(checked) = check_models(model, region, choice)? {
        document = document.section(report::models(&checked));
    }
    let heading = said!("Published figures beside the model ({choice})", choice);
    Ok(document.section(Section::new("published", heading, table)))
}
