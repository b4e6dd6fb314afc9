//! How robust the answer is: what the factors that nobody knows exactly change in it, one at a time
//! and all together.

mod hypercube;
mod ranking;
mod tornado;

pub use hypercube::{Hypercube, Point, Values};
pub use ranking::{Ranked, Stability};
pub use tornado::{Bar, End, Tornado};

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::build::Order;
use super::{
    Ended, Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, SimulationError, Ward,
    simulate,
};
use crate::model::HospitalId;
use crate::problem::{Problem, ProblemKind, Problems};
use crate::region::Region;
use crate::run::Control;
use crate::scenario::Scenario;
use crate::stats::Interval;

/// What is made larger and smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Factor {
    /// Cases of every place: [`Settings::rate_factor`].
    Rates,
    /// Every stay: [`Settings::stay_factor`].
    Stays,
    /// Speeds on all roads, from places and between hospitals. At 1.25 a journey takes 0.8 times as
    /// long. Faster roads bring no hospital into reach that was beyond the cut-off.
    Speeds,
    /// The share of beds that are staffed, at most 1: [`Settings::staffed_share`]. Hospitals whose
    /// own share the network knows keep it.
    Staffing,
}

impl Serialize for Factor {
    /// Its key.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}

impl Factor {
    /// All of them; ties are broken in this order.
    pub const ALL: [Self; 4] = [Self::Rates, Self::Stays, Self::Speeds, Self::Staffing];

    /// Its key in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Rates => "rates",
            Self::Stays => "stays",
            Self::Speeds => "speeds",
            Self::Staffing => "staffing",
        }
    }

    /// What of a factor is left when settings allow no more: staffing ends where all beds are.
    fn possible(self, settings: &Settings, factor: f64) -> f64 {
        match self {
            Self::Staffing => factor.min(1.0 / settings.staffed_share),
            _ => factor,
        }
    }
}

/// A region and its settings, with one or all factors made larger and smaller.
///
/// All variants see the same patients (common random numbers: the same seed and replications), so
/// that differences are paired. Beds that the network does not know are those of the middle in every
/// variant: more patients, or faster roads, build no ward.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::random::Seed;
/// use verbund::run::Control;
/// use verbund::simulation::{Factor, Figure, RunPlan, Sensitivity, Settings};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let settings = Settings::default().days(60).warm_up_days(30);
/// let plan = RunPlan { seed: Seed(1), replications: 2, until: None };
/// let study = Sensitivity::new(&region, &settings).plan(plan).spread(0.1);
/// let tornado = study.tornado(&Control::default())?;
/// let bars = tornado.bars(Figure::Occupancy);
/// assert_eq!(bars.len(), Factor::ALL.len());
/// assert!(bars[0].width() >= bars[3].width());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Sensitivity<'r> {
    /// The region.
    pub region: &'r Region,
    /// The settings of the middle.
    pub settings: &'r Settings,
    /// The scenario of the middle and of every variant.
    pub scenario: Option<&'r Scenario>,
    /// Seed and replications of the middle and of every variant.
    pub plan: RunPlan,
    /// How far factors go from 1, above 0 and below 1.
    pub spread: f64,
}

impl<'r> Sensitivity<'r> {
    /// How far factors go from 1 unless another spread is asked for: 20 %, both ways.
    pub const SPREAD: f64 = 0.2;

    /// A region with settings, without a scenario, with [`RunPlan::default`] and [`Self::SPREAD`].
    pub fn new(region: &'r Region, settings: &'r Settings) -> Self {
        let plan = RunPlan::default();
        Self { region, settings, scenario: None, plan, spread: Self::SPREAD }
    }

    /// Puts the middle and every variant under a scenario.
    #[must_use]
    pub fn scenario(self, scenario: Option<&'r Scenario>) -> Self {
        Self { scenario, ..self }
    }

    /// Sets the seed and the number of replications. [`RunPlan::until`] is ignored: all
    /// variants have as many.
    #[must_use]
    pub fn plan(self, plan: RunPlan) -> Self {
        Self { plan, ..self }
    }

    /// Lets factors go from `1 - spread` to `1 + spread`; the spread is above 0 and below 1.
    #[must_use]
    pub fn spread(self, spread: f64) -> Self {
        Self { spread, ..self }
    }

    /// Everything that keeps it from being run: a spread out of its range, settings that are, and
    /// settings that would be with a factor at its end.
    pub fn check(&self) -> Problems {
        let mut problems = self.settings.check();
        if !(self.spread > 0.0 && self.spread < 1.0) {
            problems.push(Problem {
                kind: ProblemKind::Range,
                file: None,
                line: None,
                column: None,
                entity: "sensitivity".into(),
                field: "spread".into(),
                message: self.spread.to_string(),
                expected: "above 0 and below 1".into(),
                closest: None,
            });
        }
        // Settings that are wrong already would be told eight times more.
        if !problems.is_empty() {
            return problems;
        }
        for factor in Factor::ALL {
            for end in [1.0 - self.spread, 1.0 + self.spread] {
                for fault in self.settings_with(&[(factor, end)]).check().list() {
                    let entity = format!("settings with {} times {end}", factor.key());
                    problems.push(Problem { entity, ..fault.clone() });
                }
            }
        }
        problems
    }

    /// The settings with factors on them. A factor of exactly 1 changes nothing.
    fn settings_with(&self, factors: &[(Factor, f64)]) -> Settings {
        let mut settings = self.settings.clone();
        for &(factor, by) in factors {
            match factor {
                Factor::Rates => settings.rate_factor *= by,
                Factor::Stays => settings.stay_factor *= by,
                Factor::Staffing => {
                    settings.staffed_share = (settings.staffed_share * by).min(1.0);
                }
                Factor::Speeds => {}
            }
        }
        settings
    }

    /// The region with the factor on its roads.
    fn region_with(&self, factors: &[(Factor, f64)]) -> Cow<'r, Region> {
        let mut faster = 1.0;
        for (factor, by) in factors {
            if *factor == Factor::Speeds {
                faster *= by;
            }
        }
        // The same region, and not a copy that rounding of journeys could change.
        if faster == 1.0 {
            return Cow::Borrowed(self.region);
        }
        Cow::Owned(self.region.with_slower_roads(1.0 / faster))
    }

    /// The flow with nothing changed; `None` when it was stopped before.
    fn middle(&self, control: &Control<'_>) -> Result<Option<PatientFlow<'r>>, SimulationError> {
        let problems = self.check();
        if !problems.is_empty() {
            return Err(SimulationError::Problems(problems));
        }
        let order =
            Order { scenario: self.scenario, is_judged: false, beds: None, stop: control.flag() };
        unless_stopped(PatientFlow::ordered(self.region, self.settings, &order))
    }

    /// The same study without an early end: all variants have the same replications, so that they can be paired.
    fn every_replication(&self) -> Self {
        self.plan(RunPlan { until: None, ..self.plan })
    }

    /// Sets the variant with these factors up and runs it; `None` when it was stopped before all replications were
    /// done.
    fn run(
        &self,
        factors: &[(Factor, f64)],
        kept: Kept<'_>,
        control: &Control<'_>,
    ) -> Result<Option<Variant>, SimulationError> {
        // Asked before the variant is set up, which nobody needs any more.
        if control.is_stopped() {
            return Ok(None);
        }
        let (region, settings) = (self.region_with(factors), self.settings_with(factors));
        let order = Order {
            scenario: self.scenario,
            // The middle was set up before, and factors leave network and places as they are.
            is_judged: true,
            beds: Some(kept.wards),
            stop: control.flag(),
        };
        let flow = unless_stopped(PatientFlow::ordered(&region, &settings, &order))?;
        Ok(flow.and_then(|flow| self.finish(flow, kept.hospitals, control)))
    }

    /// Runs one flow; `None` when it was stopped before all replications were done.
    fn finish(
        &self,
        flow: PatientFlow<'_>,
        hospitals: &[HospitalId],
        control: &Control<'_>,
    ) -> Option<Variant> {
        let flow = [flow];
        let results = simulate(&flow, self.plan, &control.silent());
        if results.ended() == Ended::Interrupted {
            // The results borrow the flow, which is freed beside.
            drop(results);
            flow.into_iter().for_each(PatientFlow::give_up);
            return None;
        }
        let mean = |figure: Figure, hospital: HospitalId| {
            mean_of(&results.values(FlowIndex::BASE, figure, Scope::Hospital(hospital)))
        };
        let by_hospital = Hypercube::RANKED.map(|figure| {
            let mut means = Vec::with_capacity(hospitals.len());
            for hospital in hospitals {
                means.push(mean(figure, *hospital));
            }
            means
        });
        Some(Variant {
            inside: Figure::ALL
                .map(|figure| results.values(FlowIndex::BASE, figure, Scope::Inside)),
            by_hospital,
            faults: results.faults().to_vec(),
        })
    }
}

/// The flow; `None` when it was stopped before it was set up.
fn unless_stopped(
    flow: Result<PatientFlow<'_>, SimulationError>,
) -> Result<Option<PatientFlow<'_>>, SimulationError> {
    match flow {
        Err(SimulationError::Stopped) => Ok(None),
        flow => flow.map(Some),
    }
}

/// What every variant has from the middle.
#[derive(Clone, Copy)]
struct Kept<'m> {
    /// Their beds count.
    wards: &'m [Ward],
    /// Those whose figures are asked for.
    hospitals: &'m [HospitalId],
}

/// What is kept of a variant that was run.
struct Variant {
    /// By figure and replication, of all hospitals inside.
    inside: [Vec<f64>; Figure::ALL.len()],
    /// Means over the replications, by [`Hypercube::RANKED`] and hospital.
    by_hospital: [Vec<f64>; Hypercube::RANKED.len()],
    faults: Vec<String>,
}

impl Variant {
    fn values(&self) -> Values {
        Values {
            inside: self.inside.each_ref().map(|values| mean_of(values)),
            by_hospital: self.by_hospital.clone(),
        }
    }
}

/// The mean over replications; 0 without any.
fn mean_of(values: &[f64]) -> f64 {
    match Interval::of(values) {
        Some(interval) => interval.mean,
        None => 0.0,
    }
}

/// Writes values that stand in the order of [`Figure::ALL`], each by the key of its figure.
fn by_figure<V, T, S>(values: &V, to: S) -> Result<S::Ok, S::Error>
where
    V: AsRef<[T]>,
    T: Serialize,
    S: Serializer,
{
    to.collect_map(Figure::ALL.iter().zip(values.as_ref()))
}

/// Writes lists that stand in the order of [`Hypercube::RANKED`], each by the key of its figure.
fn by_ranked<S: Serializer>(lists: &[Vec<f64>], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(Hypercube::RANKED.iter().zip(lists))
}

/// Writes values that stand in the order of [`Factor::ALL`], each by the key of its factor.
fn by_factor<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(Factor::ALL.iter().zip(values))
}
