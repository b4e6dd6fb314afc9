//! A simulation in short, for the report.

use super::hospitals_of;
use super::tables::published;
use super::{SimulationBy, SimulationView, cells, unit};
use crate::demand::Cases;
use crate::random::Seed;
use crate::region::Region;
use crate::report::document::{Cell, Section, Table};
use crate::run::Control;
use crate::simulation::{Figure, PatientFlow, Plan, Results, Scope, Settings, simulate};

/// Replications, days and warm-up of a run in short: it is to take about a second.
const REPLICATIONS: u64 = 4;
const DAYS: u32 = 120;
const WARM_UP: u32 = 28;

/// Most patients of all replications, warm-up included: a second or two. A country has ten times as many.
const MOST_PATIENTS: f64 = 4_000_000.0;

/// How full the hospitals get over time, by few and short replications; a section that says why
/// where there is no simulation.
pub(in crate::report) fn in_short(region: &Region, most: usize) -> Section {
    let heading = format!("Over {DAYS} days: how full the hospitals get");
    if let Some(why) = too_many_patients(region) {
        return Section::new("simulation", heading, Table::new(&COLUMNS)).in_words(why);
    }
    let settings = Settings { days: DAYS, warm_up_days: WARM_UP, ..Settings::default() };
    match PatientFlow::new(region, &settings, None) {
        Ok(flow) => {
            let plan = Plan { seed: Seed(1), replications: REPLICATIONS, until: None };
            let flows = [flow];
            let results = simulate(&flows, plan, &Control::default());
            fullest(&results, heading, most)
        }
        Err(error) => Section::new("simulation", heading, Table::new(&COLUMNS))
            .in_words(format!("No simulation: {error}.")),
    }
}

/// Why a region is too large for a run in short; `None` for one that is not.
fn too_many_patients(region: &Region) -> Option<String> {
    let a_year: f64 = region.demand().specialties.iter().map(Cases::total).sum();
    let a_day = a_year / 365.0;
    let days = f64::from(DAYS + WARM_UP) * REPLICATIONS as f64;
    let most_a_day = MOST_PATIENTS / days;
    (a_day > most_a_day).then(|| {
        format!(
            "No simulation in this report: {} patients a day are expected, more than it follows within seconds ({}). verbund simulate does it in minutes.",
            Cell::Number(a_day, 0).display(),
            Cell::Number(most_a_day, 0).display(),
        )
    })
}

const COLUMNS: [&str; 9] = [
    "hospital",
    "beds",
    "occupancy_share",
    "occupancy_share_half_width",
    "full_share",
    "admissions",
    "diverted_away",
    "forced",
    "waiting_days",
];

fn fullest(results: &Results<'_, '_>, heading: String, most: usize) -> Section {
    let region = results.flows()[0].region();
    let network = region.network();
    let view = SimulationView {
        by: SimulationBy::Hospital,
        all: false,
        hospital: None,
        condition: None,
        narrow: true,
    };
    let value = |figure, scope| results.interval(0, figure, scope).map_or(0.0, |one| one.mean);
    let mut hospitals = hospitals_of(results, &view);
    let occupancy = |id| value(Figure::Occupancy, Scope::Hospital(id));
    hospitals.sort_by(|a, b| occupancy(*b).total_cmp(&occupancy(*a)).then(a.cmp(b)));
    let mut table = Table::new(&COLUMNS);
    for id in hospitals.into_iter().take(most) {
        let scope = Scope::Hospital(id);
        let of = |figure: Figure| cells(results.interval(0, figure, scope), unit(figure));
        let [occupancy, half] = of(Figure::Occupancy);
        let mut row = vec![
            Cell::text(&network[id].key),
            Cell::Count(u64::from(results.beds(0, scope))),
            occupancy,
            half,
        ];
        let others = [
            Figure::FullShare,
            Figure::Admissions,
            Figure::DivertedAway,
            Figure::Forced,
            Figure::WaitingDays,
        ];
        row.extend(others.map(|figure| of(figure)[0].clone()));
        table.row(row);
    }
    let [mean, half] = cells(results.interval(0, Figure::Occupancy, Scope::Inside), "share");
    let known = published(network).map_or_else(String::new, |(value, name)| {
        format!(" ({name}: {})", Cell::Share(value).display())
    });
    let per_day =
        |figure| Cell::Number(value(figure, Scope::Inside) / f64::from(DAYS), 1).display();
    let section = Section::new("simulation", heading, table).note(format!(
        "The fullest hospitals inside. All of them: {} ± {} occupied{known}; a day {} patients find their first choice full and are let in elsewhere, {} are let in without a free bed.",
        mean.display(),
        half.display(),
        per_day(Figure::DivertedAway),
        per_day(Figure::Forced),
    ));
    section.note(format!(
        "{REPLICATIONS} replications of {DAYS} days after {WARM_UP} days of warm-up, seed 1; more, and with scenarios: verbund simulate. Most of what it rests on is assumed: verbund simulate --by assumed."
    ))
}
