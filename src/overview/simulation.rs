//! A simulation in short: how full hospitals get over time.

use serde::Serialize;

use super::written;
use crate::demand::Cases;
use crate::model::HospitalId;
use crate::random::Seed;
use crate::region::Region;
use crate::run::Control;
use crate::simulation::{
    ChosenSettings, DayCensus, Figure, FlowIndex, PatientFlow, Results, RunPlan, Scope,
    SimulationError, simulate,
};
use crate::stats::Interval;
use crate::words;

// A run in short is to take about a second.
const REPLICATIONS: u64 = 4;
const DAYS: u32 = 120;
const WARM_UP_DAYS: u32 = 28;
const SEED: Seed = Seed(1);

/// Most patients of all replications, warm-up included: a second or two. A country has ten times as many.
const MOST_PATIENTS: f64 = 4_000_000.0;

/// A simulation by few and short replications, so that it takes about a second.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShortSimulation {
    /// Replications.
    pub replications: u64,
    /// Days of each that count.
    pub days: u32,
    /// Days before those, which do not count.
    pub warm_up_days: u32,
    /// What the random numbers start from.
    #[serde(serialize_with = "written::seed")]
    pub seed: Seed,
    /// How many settings a file or somebody else chose, and who, such as `3 from simulation.ron`; `None` where all are
    /// the defaults.
    pub settings: Option<String>,
    /// What came out, or why there is nothing.
    #[serde(serialize_with = "written::or_error")]
    pub run: Result<ShortRun, NoRun>,
}

/// What a simulation in short gives; intervals are over the replications.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShortRun {
    /// Hospitals inside that have beds, the fullest first, ties by id.
    pub hospitals: Vec<HospitalRun>,
    /// Occupancy of all hospitals inside together, 1 for full.
    pub occupancy: Option<Interval>,
    /// Patients who found their first choice full and were let in elsewhere, over all days that count.
    pub diverted_away: Option<Interval>,
    /// Patients who were let in without a free bed, over all days that count.
    pub forced: Option<Interval>,
    /// Beds of all hospitals inside together.
    pub beds: u32,
    /// Their occupied beds at the end of each day that counts.
    pub days: Vec<DayCensus>,
}

/// How full one hospital gets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HospitalRun {
    /// The hospital.
    pub hospital: HospitalId,
    /// Its beds.
    pub beds: u32,
    /// Mean occupancy, 1 for full.
    pub occupancy: Option<Interval>,
    /// Share of the time in which it is full, 0 to 1.
    pub full_share: Option<Interval>,
    /// Patients who are let in, over all days that count.
    pub admissions: Option<Interval>,
    /// Patients whose first choice it is and who are let in elsewhere.
    pub diverted_away: Option<Interval>,
    /// Patients who are let in without a free bed.
    pub forced: Option<Interval>,
    /// Mean wait of elective patients, in days.
    pub waiting_days: Option<Interval>,
}

/// Why there is no simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum NoRun {
    /// More patients are expected than it follows within seconds.
    TooManyPatients {
        /// Patients a day that are expected.
        a_day: f64,
        /// Patients a day that it follows.
        most_a_day: f64,
    },
    /// The patient flow cannot be simulated.
    Failed(#[serde(serialize_with = "written::message")] SimulationError),
}

impl ShortSimulation {
    /// Simulates a region over four months, four times.
    pub(super) fn of(region: &Region, chosen: &ChosenSettings) -> Self {
        let is_chosen = chosen.in_words().is_some();
        let in_words = || words::kept(|| chosen.in_words().unwrap_or_default());
        Self {
            settings: is_chosen.then(in_words),
            replications: REPLICATIONS,
            days: DAYS,
            warm_up_days: WARM_UP_DAYS,
            seed: SEED,
            run: run(region, chosen),
        }
    }
}

fn run(region: &Region, chosen: &ChosenSettings) -> Result<ShortRun, NoRun> {
    refuse_too_many(region)?;
    // Its days are its own, so that it stays short, whatever a file says of those of a whole run.
    let settings = chosen.settings().clone().days(DAYS).warm_up_days(WARM_UP_DAYS);
    let flow = PatientFlow::new(region, &settings, None).map_err(NoRun::Failed)?;
    let plan = RunPlan { seed: SEED, replications: REPLICATIONS, until: None };
    let flows = [flow];
    let results = simulate(&flows, plan, &Control::default());
    Ok(ShortRun::of(&results))
}

/// Refuses a region that is too large for a run in short.
fn refuse_too_many(region: &Region) -> Result<(), NoRun> {
    // From the demand alone: setting a country's wards up takes longer than the run that is refused.
    let a_year: f64 = region.demand().specialties.iter().map(Cases::total).sum();
    let a_day = a_year / 365.0;
    let days = f64::from(DAYS + WARM_UP_DAYS) * REPLICATIONS as f64;
    let most_a_day = MOST_PATIENTS / days;
    if a_day > most_a_day {
        return Err(NoRun::TooManyPatients { a_day, most_a_day });
    }
    Ok(())
}

impl ShortRun {
    fn of(results: &Results<'_, '_>) -> Self {
        let inside = |figure| results.interval(FlowIndex::BASE, figure, Scope::Inside);
        let mut run = Self {
            hospitals: Vec::new(),
            occupancy: inside(Figure::Occupancy),
            diverted_away: inside(Figure::DivertedAway),
            forced: inside(Figure::Forced),
            beds: results.beds(FlowIndex::BASE, Scope::Inside),
            days: results.census_by_day(FlowIndex::BASE, None),
        };
        for (hospital, site) in results.flows()[0].region().network().iter() {
            if !site.outside && results.beds(FlowIndex::BASE, Scope::Hospital(hospital)) > 0 {
                run.hospitals.push(HospitalRun::of(results, hospital));
            }
        }

        let occupancy = |run: &HospitalRun| run.occupancy.map_or(0.0, |interval| interval.mean);
        // Stable: equal ones stay in the order of their ids.
        run.hospitals.sort_by(|a, b| occupancy(b).total_cmp(&occupancy(a)));
        run
    }
}

impl HospitalRun {
    fn of(results: &Results<'_, '_>, hospital: HospitalId) -> Self {
        let scope = Scope::Hospital(hospital);
        let interval = |figure| results.interval(FlowIndex::BASE, figure, scope);
        Self {
            hospital,
            beds: results.beds(FlowIndex::BASE, scope),
            occupancy: interval(Figure::Occupancy),
            full_share: interval(Figure::FullShare),
            admissions: interval(Figure::Admissions),
            diverted_away: interval(Figure::DivertedAway),
            forced: interval(Figure::Forced),
            waiting_days: interval(Figure::WaitingDays),
        }
    }
}
