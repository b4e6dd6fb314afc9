//! Pictures of `verbund page` that are asked for: they take seconds, or need figures that no network has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::alliance::{self, ComparisonSettings, IndicatorTable, alliance_view};
use verbund::page::PageSettings;
use verbund::plot::{self, FunnelView, NothingToDraw, Plot, Source};
use verbund::random::Seed;
use verbund::run::Control;
use verbund::said;
use verbund::simulation::{Figure, RunPlan, Sensitivity, Settings};

use super::alliance::{entered, find};
use super::input;
use super::terminal::remark;

#[derive(Debug, Args)]
pub(super) struct PictureOptions {
    /// Draw this picture as well, which takes about eight seconds for a region
    #[arg(long = "with", value_enum, value_name = "PICTURE")]
    with: Vec<Picture>,
    /// Draw the members of this alliance against chance, with --figures and --dictionary: a funnel for each of the first
    /// two indicators that have limits of chance
    #[arg(long, value_name = "KEY", requires = "figures")]
    alliance: Option<String>,
    /// With --alliance: figures of the members (CSV: member,year,indicator,count,denominator,expected,unit)
    #[arg(long, value_name = "FILE", requires = "dictionary")]
    figures: Option<PathBuf>,
    /// With --alliance: what their indicators are (CSV: id,name,kind,direction,unit,per,reference,source,definition)
    #[arg(long, value_name = "FILE", requires = "alliance")]
    dictionary: Option<PathBuf>,
}

/// A picture that takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Picture {
    /// What each of four assumptions changes in how full beds get and how many patients are turned away, by a small
    /// `verbund sensitivity`
    Tornado,
}

/// Days of each run of the tornado, after days that are not counted, and how often it runs.
const DAYS: u32 = 56;
const WARM_UP_DAYS: u32 = 28;
const REPLICATIONS: u64 = 4;
/// How much each factor rises and falls, as `verbund sensitivity` has it.
const SPREAD: f64 = 0.2;
/// Funnels of a page at most.
const MOST_FUNNELS: usize = 2;

impl PictureOptions {
    /// The same page with the pictures that are asked for, and with how to ask for the others.
    pub(super) fn add(
        &self,
        mut settings: PageSettings,
        region: &Region,
    ) -> anyhow::Result<PageSettings> {
        let mut source = Source::of(region);
        if let Some(change) = &settings.change {
            source = source.after(&change.name);
        }
        // What is not drawn is told in the page: who gets the file has not seen this command line.
        if self.with.contains(&Picture::Tornado) {
            match tornado(region, source.clone())? {
                Ok(picture) => settings = settings.picture(picture),
                Err(nothing) => remark(&format!("--with tornado: {nothing}")),
            }
        } else {
            settings = settings.not_asked_for(said!(
                "What each assumption changes in the simulated figures: --with tornado."
            ));
        }
        if let (Some(typed), Some(dictionary), Some(figures)) =
            (&self.alliance, &self.dictionary, &self.figures)
        {
            let network = region.network();
            // Before the figures are read: a name that is wrong makes every row of them wrong.
            let key = find(network, typed)?;
            let table = entered(network, key, dictionary, figures)?;
            for picture in funnels(region, key, &table, &source)? {
                settings = settings.picture(picture);
            }
        } else if !region.network().alliances().is_empty() {
            settings = settings.not_asked_for(said!(
                "Members of an alliance against chance: --alliance KEY --dictionary FILE --figures FILE."
            ));
        }
        Ok(settings)
    }
}

/// What each factor changes in a short run; its picture says of how many days.
fn tornado(region: &Region, source: Source) -> anyhow::Result<Result<Plot, NothingToDraw>> {
    let waiting = input::waiting("simulating what each assumption changes");
    // Short enough to wait for: what four assumptions do shows in two months as well as in a year.
    let chosen = Settings::default().days(DAYS).warm_up_days(WARM_UP_DAYS);
    let plan = RunPlan { seed: Seed(1), replications: REPLICATIONS, until: None };
    let study = Sensitivity::new(region, &chosen).plan(plan).spread(SPREAD);
    let tornado = study.tornado(&Control::default())?;
    waiting.finish_and_clear();
    let source = source.remark(said!(
        "{days} days after {warm_up}; {replications} replications; seed {seed}",
        days = DAYS,
        warm_up = WARM_UP_DAYS,
        replications = REPLICATIONS,
        seed = 1
    ));
    Ok(plot::tornado(&tornado, &[Figure::Occupancy, Figure::Forced], &source))
}

/// The members of an alliance in the first indicators that have limits of chance.
fn funnels(
    region: &Region,
    key: &str,
    table: &IndicatorTable,
    source: &Source,
) -> anyhow::Result<Vec<Plot>> {
    // By name: a page has no keys.
    let name = &alliance_view(region.network(), key)?.alliance.name;
    let settings = ComparisonSettings::default();
    let compared = alliance::compare_members(table, &settings)?;
    let mut pictures = Vec::new();
    let mut more = 0;
    for comparison in &compared.indicators {
        let indicator = &table.indicators[comparison.indicator];
        let lines = alliance::funnel_lines(comparison, &settings)?;
        let view = FunnelView {
            indicator,
            members: &table.members,
            comparison,
            lines: &lines,
            level: settings.level,
        };
        let source = source.clone().remark(said!(
            "{name}; indicator: {source}",
            name,
            source = indicator.source
        ));
        match plot::funnel(&view, &source) {
            Ok(_) if pictures.len() == MOST_FUNNELS => more += 1,
            Ok(picture) => pictures.push(picture),
            // A number by itself has no limits of chance.
            Err(_) => {}
        }
    }
    if pictures.is_empty() {
        remark(&format!("--alliance {key}: {}", NothingToDraw::NoFunnel));
    }
    if more > 0 {
        remark(&said!(
            "--alliance {key}: {more} more indicators are not drawn; verbund alliance --compare has all",
            key,
            more
        ));
    }
    Ok(pictures)
}
