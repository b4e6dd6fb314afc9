//! How robust the answer is: what the factors that nobody knows exactly change in it, one at a time
//! and all together.

mod hypercube;
mod ranking;
mod screening;
mod tornado;

pub use hypercube::{Hypercube, Point, Values};
pub use ranking::{Ranked, Stability};
pub use screening::{Effect, Screening};
pub use tornado::{Bar, End, Tornado};

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::build::Order;
use super::{
    ChosenSettings, Ended, Figure, FlowIndex, PatientFlow, RunPlan, SETTINGS, Scope, Setting,
    SettingRange, Settings, SimulationError, Ward, simulate, wards_of,
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
    /// A setting of the list of all settings, by its key ([`Factor::of_settings`]). A number is multiplied, or where a
    /// file says between which it may be, moved from there to there; rates of hours and months get flatter below 1 and
    /// steeper above; of two words, the second one holds above 1.
    Setting(&'static str),
}

impl Serialize for Factor {
    /// Its key.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}

impl Factor {
    /// Those that every region has; ties are broken in this order.
    pub const ALL: [Self; 4] = [Self::Rates, Self::Stays, Self::Speeds, Self::Staffing];

    /// Its key in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Rates => "rates",
            Self::Stays => "stays",
            Self::Speeds => "speeds",
            Self::Staffing => "staffing",
            Self::Setting(key) => key,
        }
    }

    /// All factors: [`Self::ALL`], and each assumed setting that is a number, a list of rates or a choice of words, and
    /// is none of these already.
    pub fn of_settings() -> Vec<Self> {
        let mut factors = Self::ALL.to_vec();
        for setting in SETTINGS {
            let is_varied = matches!(
                setting.range,
                SettingRange::Numbers(..)
                    | SettingRange::Whole(..)
                    | SettingRange::Rates(_)
                    | SettingRange::Words(_)
            );
            // Staffing is one of them already.
            if is_varied && setting.is_assumed && setting.key != "staffed_share" {
                factors.push(Self::Setting(setting.key));
            }
        }
        factors
    }

    /// Whether it changes beds that the network does not know.
    fn is_of_beds(self) -> bool {
        matches!(self, Self::Setting("unknown_beds_occupancy" | "icu_bed_share" | "choice"))
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
    /// Between which settings may be, where a file says so.
    pub chosen: Option<&'r ChosenSettings>,
}

impl<'r> Sensitivity<'r> {
    /// How far factors go from 1 unless another spread is asked for: 20 %, both ways.
    pub const SPREAD: f64 = 0.2;

    /// A region with settings, without a scenario, with [`RunPlan::default`] and [`Self::SPREAD`].
    pub fn new(region: &'r Region, settings: &'r Settings) -> Self {
        let plan = RunPlan::default();
        Self { region, settings, scenario: None, plan, spread: Self::SPREAD, chosen: None }
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

    /// Moves settings from one end to the other of what a file says of them, where it says so, instead of by the spread.
    #[must_use]
    pub fn chosen(self, chosen: &'r ChosenSettings) -> Self {
        Self { chosen: Some(chosen), ..self }
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
                Factor::Setting(key) => {
                    let changed = Setting::find(key)
                        .filter(|_| by != 1.0)
                        .and_then(|setting| self.moved(setting, &settings, by));
                    settings = changed.unwrap_or(settings);
                }
            }
        }
        settings
    }

    /// The settings with a factor on one of them; `None` for one that cannot be moved.
    fn moved(&self, setting: &Setting, settings: &Settings, by: f64) -> Option<Settings> {
        match setting.range {
            SettingRange::Words(words) => {
                let value = setting.value(settings);
                // The first of the others: lists of words are short, and most have two.
                let changed = words.iter().find(|word| value.as_str() != Some(**word))?;
                if by > 1.0 { setting.with(settings, (*changed).into()) } else { None }
            }
            SettingRange::Rates(_) => {
                let mut rates: Vec<f64> = Vec::new();
                for rate in setting.value(settings).as_array()? {
                    rates.push(libm::pow(rate.as_f64()?, by));
                }
                setting.with(settings, rates.into())
            }
            _ => {
                let value = setting.number_of(settings)?;
                let span = self.chosen.and_then(|chosen| chosen.span(setting));
                let number = match span {
                    None => value * by,
                    Some([low, _]) if by < 1.0 => value - (1.0 - by) / self.spread * (value - low),
                    Some([_, high]) => value + (by - 1.0) / self.spread * (high - value),
                };
                setting.with_number(settings, number)
            }
        }
    }

    /// The wards with those factors on them that change beds which the network does not know; `None` where none does.
    fn wards_with(
        &self,
        factors: &[(Factor, f64)],
        kept: &[Ward],
    ) -> Result<Option<Vec<Ward>>, SimulationError> {
        let mut of_beds = factors.to_vec();
        of_beds.retain(|(factor, by)| factor.is_of_beds() && *by != 1.0);
        if of_beds.is_empty() {
            return Ok(None);
        }
        let wards = wards_of(self.region, &self.settings_with(&of_beds))?;
        // The same wards with other beds: what a share of beds opens or closes could not be compared.
        let is_same = wards.len() == kept.len()
            && wards.iter().zip(kept).all(|(ward, kept)| {
                ward.hospital == kept.hospital && ward.specialty == kept.specialty
            });
        Ok(is_same.then_some(wards))
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
        let other_beds = self.wards_with(factors, kept.wards)?;
        let order = Order {
            scenario: self.scenario,
            // The middle was set up before, and factors leave network and places as they are.
            is_judged: true,
            beds: Some(other_beds.as_deref().unwrap_or(kept.wards)),
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
