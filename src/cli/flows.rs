//! `verbund flows`

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::overview::published_figures;
use verbund::report::{self, FlowsBy, Section};
use verbund::routing::{
    Capacity, Choice, Decay, FlowSettings, Flows, Huff, check_births, check_cases, check_models,
};

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How patients choose
    #[arg(long, value_enum, default_value_t = Model::Huff)]
    model: Model,
    /// Only this specialty or tracer condition, by key or name
    #[arg(long, value_name = "SPECIALTY")]
    specialty: Option<String>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = By::Hospital)]
    by: By,
    /// Huff: exponent of the beds
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    beds_exponent: Option<f64>,
    /// Huff: decay of attraction per minute
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    decay_per_minute: Option<f64>,
    /// Capacity: share of the bed days at which a department is full
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = super::input::number)]
    occupancy_limit: Option<f64>,
    /// Hold the model in use (that of --model), the nearest hospital, a fitted Huff model and a fitted
    /// multinomial logit against observed births and published cases, and the model in use against
    /// published figures
    #[arg(long, conflicts_with_all = ["specialty", "by"])]
    check: bool,
    /// Year of births on which --check fits the Huff model; the other years are the test
    #[arg(long, value_name = "YEAR", default_value_t = 2021, requires = "check")]
    fit_year: i16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Model {
    /// Everybody goes to the nearest hospital
    Nearest,
    /// Shares by beds and time
    Huff,
    /// Nearest first, full departments overflow
    Capacity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// One row a hospital
    Hospital,
    /// One row a hospital and department
    Department,
    /// One row a hospital and specialty
    Treatment,
    /// One row a specialty
    Specialty,
    /// One row a place and hospital
    Place,
}

/// The choice that the flags describe; a flag of another model is an error.
fn choice(arguments: &Arguments) -> anyhow::Result<Choice> {
    let huff_flag = arguments.beds_exponent.is_some() || arguments.decay_per_minute.is_some();
    if huff_flag && arguments.model != Model::Huff {
        bail!("--beds-exponent and --decay-per-minute belong to --model huff");
    }
    if arguments.occupancy_limit.is_some() && arguments.model != Model::Capacity {
        bail!("--occupancy-limit belongs to --model capacity");
    }
    let choice = match arguments.model {
        Model::Nearest => Choice::Nearest,
        Model::Huff => {
            let mut huff = Huff::default();
            huff.beds_exponent = arguments.beds_exponent.unwrap_or(huff.beds_exponent);
            if let Some(per_minute) = arguments.decay_per_minute {
                huff.decay = Decay::Exponential { per_minute };
            }
            Choice::Huff(huff)
        }
        Model::Capacity => {
            let usual = Capacity::default();
            let occupancy_limit = arguments.occupancy_limit.unwrap_or(usual.occupancy_limit);
            Choice::Capacity(Capacity { occupancy_limit })
        }
    };
    choice.check()?;
    Ok(choice)
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    let choice = choice(arguments)?;
    output::check(common)?;
    let (model, region) = input::region(common)?;
    if arguments.check {
        let waiting = input::waiting("fitting models of choice");
        let year = arguments.fit_year;
        let check = check_births(&model, year, choice)?.ok_or_else(|| {
            anyhow!("--fit-year {year}: fewer than three hospitals with births in this year")
        })?;
        let flows = Flows::of_region(&region, choice)?;
        let table = report::published(&published_figures(&model, &region, &flows)?);
        waiting.finish_and_clear();
        let heading = format!("Published figures beside the model ({choice})");
        let mut document = report::births(&region, &check);
        if let Some(counted) = check_cases(&region, choice)? {
            document = document.section(report::cases(&region, &counted));
        }
        if let Some(checked) = check_models(&model, &region, choice)? {
            document = document.section(report::models(&checked));
        }
        let document = document.section(Section::new("published", heading, table));
        output::print(common, &document)?;
        return Ok(true);
    }
    let key =
        arguments.specialty.as_deref().map(|name| input::demand(&region, name)).transpose()?;
    let mut settings = FlowSettings::new(choice);
    settings.has_pairs = matches!(arguments.by, By::Place);
    if let Some(key) = key.as_deref() {
        let cases = region.demand().cases(key);
        settings.only = Some(cases.ok_or_else(|| anyhow!("no rate of demand for {key}"))?);
    }
    let flows = Flows::new(&region, &settings)?;
    let by = match arguments.by {
        By::Hospital => FlowsBy::Hospital,
        By::Department => FlowsBy::Department,
        By::Treatment => FlowsBy::Treatment,
        By::Specialty => FlowsBy::Specialty,
        By::Place => FlowsBy::Place,
    };
    output::print(common, &report::flows(&region, &flows, by))?;
    Ok(true)
}
