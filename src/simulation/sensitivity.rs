//! How robust the answer is: what the factors that nobody knows exactly change in it, one at a time
//! and all together.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::build::Order;
use super::{Ended, Figure, PatientFlow, Plan, Scope, Settings, SimulationError, Ward, simulate};
use crate::model::{HospitalId, Problem, ProblemKind, Problems, Scenario};
use crate::random::Purpose;
use crate::region::Region;
use crate::run::Control;
use crate::stats::{Interval, latin_hypercube, rank_correlation, rank_stability};

/// What is made larger and smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
/// use verbund::model::Folder;
/// use verbund::random::Seed;
/// use verbund::run::Control;
/// use verbund::simulation::{Factor, Figure, Plan, Sensitivity, Settings};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let settings = Settings { days: 60, warm_up_days: 30, ..Settings::default() };
/// let plan = Plan { seed: Seed(1), replications: 2, until: None };
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
    pub plan: Plan,
    /// How far factors go from 1, above 0 and below 1.
    pub spread: f64,
}

impl<'r> Sensitivity<'r> {
    /// How far factors go from 1 unless another spread is asked for: 20 %, both ways.
    pub const SPREAD: f64 = 0.2;

    /// A region with settings, without a scenario, with [`Plan::default`] and [`Self::SPREAD`].
    pub fn new(region: &'r Region, settings: &'r Settings) -> Self {
        let plan = Plan::default();
        Self { region, settings, scenario: None, plan, spread: Self::SPREAD }
    }

    /// The same under a scenario, in the middle and in every variant.
    #[must_use]
    pub fn scenario(self, scenario: Option<&'r Scenario>) -> Self {
        Self { scenario, ..self }
    }

    /// The same with another seed and number of replications. [`Plan::until`] is ignored: all
    /// variants have as many.
    #[must_use]
    pub fn plan(self, plan: Plan) -> Self {
        Self { plan, ..self }
    }

    /// The same with factors from `1 - spread` to `1 + spread`, above 0 and below 1.
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
        let speeds = factors.iter().filter(|(factor, by)| *factor == Factor::Speeds && *by != 1.0);
        let faster: f64 = speeds.map(|(_, by)| by).product();
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
        unless_stopped(PatientFlow::ordered(
            self.region,
            self.settings,
            &Order { scenario: self.scenario, beds: None, stop: control.flag() },
        ))
    }

    /// Each factor at its low and at its high end, the others as they are.
    ///
    /// The ends are run in parallel. Progress is how many of [`Tornado::RUNS`] are
    /// finished. When it is stopped, factors with both ends finished count.
    ///
    /// # Errors
    ///
    /// What [`Self::check`] finds, and those of [`PatientFlow::new`], in the middle or at the first
    /// end that has one.
    pub fn tornado(&self, control: &Control<'_>) -> Result<Tornado, SimulationError> {
        let own = self.every_replication();
        let mut tornado = Tornado {
            plan: own.plan,
            spread: self.spread,
            finished: 0,
            ended: Ended::Interrupted,
            faults: Vec::new(),
            middle: Vec::new(),
            bars: Vec::new(),
        };
        let Some(middle) = own.middle(control)? else { return Ok(tornado) };
        let wards: Vec<Ward> = middle.wards().to_vec();
        let Some(middle) = own.finish(middle, &[], control) else { return Ok(tornado) };
        let done = AtomicU64::new(1);
        control.tell(1);
        let ends = [1.0 - self.spread, 1.0 + self.spread];
        let variants = Factor::ALL.iter().flat_map(|factor| ends.map(|end| (*factor, end)));
        let variants: Vec<(Factor, f64)> = variants.collect();
        let run = |one: &(Factor, f64)| {
            let found = own.run(&[*one], (&wards, &[]), control)?;
            if found.is_some() {
                control.tell(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
            Ok(found)
        };
        let found: Vec<Result<Option<Done>, SimulationError>> =
            variants.par_iter().map(run).collect();
        let found: Vec<Option<Done>> = found.into_iter().collect::<Result<_, _>>()?;
        tornado.faults.clone_from(&middle.faults);
        for ((factor, by), done) in variants.iter().zip(&found) {
            let faults = done.iter().flat_map(|done| &done.faults);
            let named = faults.map(|fault| format!("{} times {by}: {fault}", factor.key()));
            tornado.faults.extend(named);
        }
        tornado.finished = 1 + found.iter().flatten().count();
        if tornado.finished == Tornado::RUNS {
            tornado.ended = Ended::Completed;
        }
        tornado.middle = middle.inside.iter().filter_map(|own| Interval::of(own)).collect();
        tornado.bars = own.bars(&middle, &found);
        Ok(tornado)
    }

    /// The bars of all figures for the factors with both ends.
    fn bars(&self, middle: &Done, ends: &[Option<Done>]) -> Vec<Bar> {
        let end = |done: &Done, figure: usize, factor: f64| {
            let value = Interval::of(&done.inside[figure])?;
            let change = Interval::paired(&middle.inside[figure], &done.inside[figure])?;
            Some(End { factor, value, change })
        };
        let bar = |at: usize, pair: &[Option<Done>], factor: Factor| {
            let possible = |by| factor.possible(self.settings, by);
            let [Some(low), Some(high)] = pair else { return None };
            Some(Bar {
                figure: Figure::ALL[at],
                factor,
                middle: Interval::of(&middle.inside[at])?,
                low: end(low, at, possible(1.0 - self.spread))?,
                high: end(high, at, possible(1.0 + self.spread))?,
            })
        };
        let pairs = || ends.chunks_exact(2).zip(Factor::ALL);
        let of = |at| pairs().filter_map(move |(pair, factor)| bar(at, pair, factor));
        (0..Figure::ALL.len()).flat_map(of).collect()
    }

    /// All factors at once, at points of a Latin hypercube: uniform from `1 - spread` to
    /// `1 + spread`, each independent of the others.
    ///
    /// Points are run in parallel. Progress is how many are finished. When it is stopped, the finished
    /// ones count.
    ///
    /// # Errors
    ///
    /// What [`Self::check`] finds, and those of [`PatientFlow::new`], in the middle or at the first
    /// point that has one.
    pub fn hypercube(
        &self,
        points: usize,
        control: &Control<'_>,
    ) -> Result<Hypercube, SimulationError> {
        let own = self.every_replication();
        let mut cube = Hypercube {
            plan: own.plan,
            spread: self.spread,
            asked: points,
            ended: Ended::Interrupted,
            faults: Vec::new(),
            middle: None,
            points: Vec::new(),
            hospitals: Vec::new(),
        };
        let Some(middle) = own.middle(control)? else { return Ok(cube) };
        let wards: Vec<Ward> = middle.wards().to_vec();
        let network = self.region.network();
        cube.hospitals = wards.iter().map(|ward| ward.hospital).collect();
        cube.hospitals.retain(|id| !network[*id].outside);
        cube.hospitals.dedup();
        if let Some(middle) = own.finish(middle, &cube.hospitals, control) {
            cube.faults.clone_from(&middle.faults);
            cube.middle = Some(middle.values());
        }
        let done = AtomicU64::new(0);
        let run = |(number, factors): (usize, Vec<f64>)| -> Found {
            let by: Vec<(Factor, f64)> =
                Factor::ALL.into_iter().zip(factors.iter().copied()).collect();
            let Some(found) = own.run(&by, (&wards, &cube.hospitals), control)? else {
                return Ok((None, Vec::new()));
            };
            control.tell(done.fetch_add(1, Ordering::Relaxed) + 1);
            let faults = found.faults.iter().map(|fault| format!("point {number}: {fault}"));
            let faults = faults.collect();
            Ok((Some(Point { number, factors, values: found.values() }), faults))
        };
        let design = own.design(points);
        let found: Vec<Found> = design.into_par_iter().enumerate().map(run).collect();
        for one in found {
            let (point, faults) = one?;
            cube.faults.extend(faults);
            cube.points.extend(point);
        }
        if cube.middle.is_some() && cube.points.len() == points {
            cube.ended = Ended::Completed;
        }
        Ok(cube)
    }

    /// The factors of each point, in the order of [`Factor::ALL`].
    fn design(&self, points: usize) -> Vec<Vec<f64>> {
        let mut stream = self.plan.seed.stream(0, "sensitivity", Purpose::Design);
        let mut design = latin_hypercube(points, Factor::ALL.len(), &mut stream);
        for factor in design.iter_mut().flatten() {
            *factor = 1.0 - self.spread + 2.0 * self.spread * *factor;
        }
        design
    }

    /// The same without an early end: all variants have the same replications.
    fn every_replication(&self) -> Self {
        self.plan(Plan { until: None, ..self.plan })
    }

    /// Sets the variant with these factors up and runs it, with the beds of these wards and the
    /// figures of these hospitals; `None` when it was stopped before all replications were done.
    fn run(
        &self,
        factors: &[(Factor, f64)],
        (wards, hospitals): (&[Ward], &[HospitalId]),
        control: &Control<'_>,
    ) -> Result<Option<Done>, SimulationError> {
        if control.is_stopped() {
            return Ok(None);
        }
        let (region, settings) = (self.region_with(factors), self.settings_with(factors));
        let order = Order { scenario: self.scenario, beds: Some(wards), stop: control.flag() };
        let flow = unless_stopped(PatientFlow::ordered(&region, &settings, &order))?;
        Ok(flow.and_then(|flow| self.finish(flow, hospitals, control)))
    }

    /// Runs one flow; `None` when it was stopped before all replications were done.
    fn finish(
        &self,
        flow: PatientFlow<'_>,
        hospitals: &[HospitalId],
        control: &Control<'_>,
    ) -> Option<Done> {
        let flow = [flow];
        let results = simulate(&flow, self.plan, &control.silent());
        if results.ended() == Ended::Interrupted {
            drop(results);
            flow.into_iter().for_each(PatientFlow::give_up);
            return None;
        }
        let of_hospital = |figure, id: &HospitalId| {
            let interval = results.interval(0, figure, Scope::Hospital(*id));
            interval.map_or(0.0, |interval| interval.mean)
        };
        Some(Done {
            inside: Figure::ALL.map(|figure| results.values(0, figure, Scope::Inside)),
            by_hospital: Hypercube::RANKED
                .map(|figure| hospitals.iter().map(|id| of_hospital(figure, id)).collect()),
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

/// What is kept of a variant.
struct Done {
    /// By figure and replication, of all hospitals inside.
    inside: [Vec<f64>; Figure::ALL.len()],
    /// Means over the replications, by [`Hypercube::RANKED`] and hospital.
    by_hospital: [Vec<f64>; Hypercube::RANKED.len()],
    faults: Vec<String>,
}

impl Done {
    fn values(&self) -> Values {
        let mean = |own: &Vec<f64>| Interval::of(own).map_or(0.0, |interval| interval.mean);
        Values { inside: self.inside.each_ref().map(mean), by_hospital: self.by_hospital.clone() }
    }
}

/// A point, unless it was stopped, with what did not add up.
type Found = Result<(Option<Point>, Vec<String>), SimulationError>;

/// What each factor alone changes, in all figures of the hospitals inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// What was asked of the middle and of each end.
    pub plan: Plan,
    /// How far factors go from 1.
    pub spread: f64,
    /// How many of [`Tornado::RUNS`] are finished.
    pub finished: usize,
    /// Why there are no more.
    pub ended: Ended,
    /// What did not add up in any replication: empty.
    pub faults: Vec<String>,
    /// With nothing changed, in the order of [`Figure::ALL`]; empty when it was stopped before.
    pub middle: Vec<Interval>,
    /// By figure, then by factor, in the orders of their `ALL`; of factors with both ends finished.
    pub bars: Vec<Bar>,
}

impl Tornado {
    /// The middle, and both ends of each factor.
    pub const RUNS: usize = 1 + 2 * Factor::ALL.len();

    /// The bars of a figure, the widest first, ties in the order of [`Factor::ALL`].
    pub fn bars(&self, figure: Figure) -> Vec<&Bar> {
        let mut bars: Vec<&Bar> = self.bars.iter().filter(|bar| bar.figure == figure).collect();
        bars.sort_by(|a, b| b.width().total_cmp(&a.width()));
        bars
    }

    /// A figure with nothing changed; `None` when that was not finished.
    pub fn middle(&self, figure: Figure) -> Option<Interval> {
        let at = Figure::ALL.iter().position(|one| *one == figure)?;
        self.middle.get(at).copied()
    }
}

/// What a factor changes in a figure of all hospitals inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The figure, in whose unit all values are.
    pub figure: Figure,
    /// The factor.
    pub factor: Factor,
    /// The figure with nothing changed.
    pub middle: Interval,
    /// With the factor at its low end.
    pub low: End,
    /// With the factor at its high end.
    pub high: End,
}

impl Bar {
    /// From the least to the greatest of both ends and the middle, 0 or more.
    pub fn width(&self) -> f64 {
        let (low, middle, high) = (self.low.value.mean, self.middle.mean, self.high.value.mean);
        low.max(middle).max(high) - low.min(middle).min(high)
    }
}

/// An end of a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The factor as far as it is possible: staffing ends where all beds are staffed.
    pub factor: f64,
    /// The figure, with its 95 % interval.
    pub value: Interval,
    /// Its difference to the middle, paired by replication.
    pub change: Interval,
}

/// What all factors together change.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypercube {
    /// What was asked of each point.
    pub plan: Plan,
    /// How far factors go from 1.
    pub spread: f64,
    /// Points that were asked for.
    pub asked: usize,
    /// Why there are no more.
    pub ended: Ended,
    /// What did not add up in any replication: empty.
    pub faults: Vec<String>,
    /// With nothing changed; `None` when it was stopped before.
    pub middle: Option<Values>,
    /// The points that were finished, in their order.
    pub points: Vec<Point>,
    /// The hospitals inside that have a ward, by id.
    pub hospitals: Vec<HospitalId>,
}

/// A point of the hypercube.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its number, from 0.
    pub number: usize,
    /// The factors in the order of [`Factor::ALL`], as they were drawn: above what is possible,
    /// staffing is what is possible.
    pub factors: Vec<f64>,
    /// What came of it.
    pub values: Values,
}

/// Means over the replications of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Of all hospitals inside, in the order of [`Figure::ALL`].
    pub inside: [f64; Figure::ALL.len()],
    /// By [`Hypercube::RANKED`] and [`Hypercube::hospitals`].
    pub by_hospital: [Vec<f64>; Hypercube::RANKED.len()],
}

impl Values {
    /// A figure of all hospitals inside.
    pub fn figure(&self, figure: Figure) -> f64 {
        let at = Figure::ALL.iter().position(|one| *one == figure);
        at.map_or(f64::NAN, |at| self.inside[at])
    }
}

/// How well the points keep an order of the middle, by Spearman's rank correlation, -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// Mean over the points.
    pub mean: f64,
    /// At the point that keeps it least.
    pub least: f64,
}

/// A hospital in the order of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The hospital.
    pub hospital: HospitalId,
    /// Its rank in the middle, from 1, ties by id.
    pub rank: usize,
    /// The figure in the middle.
    pub middle: f64,
    /// Share of the points, 0 to 1, at which it is among the first.
    pub share_among_first: f64,
}

impl Hypercube {
    /// The figures by which hospitals are ranked.
    pub const RANKED: [Figure; 2] = [Figure::Occupancy, Figure::Forced];

    /// The least value of a figure that at least this share of the points does not exceed.
    ///
    /// `None` without points.
    pub fn quantile(&self, figure: Figure, share: f64) -> Option<f64> {
        let mut values = self.figures(figure);
        values.sort_by(f64::total_cmp);
        let needed = (share * values.len() as f64).ceil() as usize;
        values.get(needed.clamp(1, values.len().max(1)) - 1).copied()
    }

    fn figures(&self, figure: Figure) -> Vec<f64> {
        self.points.iter().map(|point| point.values.figure(figure)).collect()
    }

    /// Spearman's rank correlation of a factor with a figure over the points, -1 to 1; `None` for
    /// fewer than two points, or a figure that is the same at all of them.
    pub fn correlation(&self, factor: Factor, figure: Figure) -> Option<f64> {
        let at = Factor::ALL.iter().position(|one| *one == factor)?;
        let factors: Vec<f64> = self.points.iter().map(|point| point.factors[at]).collect();
        rank_correlation(&factors, &self.figures(figure))
    }

    /// How well the points keep the order of the hospitals by a figure of [`Self::RANKED`].
    ///
    /// `None` for other figures, without points, or when there is no order: fewer than two
    /// hospitals, or all alike.
    pub fn stability(&self, figure: Figure) -> Option<Stability> {
        let at = Self::RANKED.iter().position(|one| *one == figure)?;
        let middle = &self.middle.as_ref()?.by_hospital[at];
        let points: Vec<Vec<f64>> =
            self.points.iter().map(|point| point.values.by_hospital[at].clone()).collect();
        let mean = rank_stability(middle, &points)?;
        let each = points.iter().filter_map(|point| rank_correlation(middle, point));
        Some(Stability { mean, least: each.fold(1.0, f64::min) })
    }

    /// The hospitals that are among the first `count` by a figure of [`Self::RANKED`], the greatest
    /// first, in the middle or at any point; by their rank in the middle.
    ///
    /// A hospital with a figure of 0 is never among the first. Empty for other figures, or without
    /// a middle. Without points all shares are 0.
    pub fn first(&self, figure: Figure, count: usize) -> Vec<Ranked> {
        let at = Self::RANKED.iter().position(|one| *one == figure);
        let (Some(at), Some(middle)) = (at, &self.middle) else { return Vec::new() };
        let middle = &middle.by_hospital[at];
        let mut times = vec![0_usize; self.hospitals.len()];
        for point in &self.points {
            let own = &point.values.by_hospital[at];
            let first = order(own).into_iter().take(count).filter(|one| own[*one] > 0.0);
            first.for_each(|one| times[one] += 1);
        }
        let all = order(middle)
            .into_iter()
            .enumerate()
            .filter(|(rank, one)| times[*one] > 0 || *rank < count && middle[*one] > 0.0);
        all.map(|(rank, one)| Ranked {
            hospital: self.hospitals[one],
            rank: rank + 1,
            middle: middle[one],
            share_among_first: times[one] as f64 / self.points.len().max(1) as f64,
        })
        .collect()
    }
}

/// Positions of the values, the greatest first, ties by position.
fn order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hypercube whose points have this occupancy inside and by hospital.
    fn cube(middle: &[f64], points: &[(f64, &[f64])]) -> Hypercube {
        let values = |inside: f64, by_hospital: &[f64]| Values {
            inside: Figure::ALL
                .map(|figure| if figure == Figure::Occupancy { inside } else { 0.0 }),
            by_hospital: [by_hospital.to_vec(), vec![0.0; by_hospital.len()]],
        };
        let point = |(number, (inside, own)): (usize, &(f64, &[f64]))| Point {
            number,
            factors: vec![1.0 + number as f64 / 10.0, 1.0 - number as f64 / 10.0, 1.0, 1.0],
            values: values(*inside, own),
        };
        Hypercube {
            plan: Plan::default(),
            spread: 0.2,
            asked: points.len(),
            ended: Ended::Completed,
            faults: Vec::new(),
            middle: Some(values(0.5, middle)),
            points: points.iter().enumerate().map(point).collect(),
            hospitals: (0..middle.len() as u32).map(|number| HospitalId(number, 0)).collect(),
        }
    }

    #[test]
    fn quantiles_are_values_of_points() {
        let none: &[f64] = &[];
        let points: Vec<(f64, &[f64])> = (1..=20).map(|n| (f64::from(21 - n), none)).collect();
        let cube = cube(&[], &points);
        // 5 % of 20 is the first, half the tenth, 95 % the nineteenth.
        let found = [0.0, 0.05, 0.5, 0.95, 1.0].map(|q| cube.quantile(Figure::Occupancy, q));
        assert_eq!(found, [1.0, 1.0, 10.0, 19.0, 20.0].map(Some));
        // The figure falls from point to point, as the second factor does.
        assert_eq!(cube.correlation(Factor::Rates, Figure::Occupancy), Some(-1.0));
        assert_eq!(cube.correlation(Factor::Stays, Figure::Occupancy), Some(1.0));
        assert_eq!(cube.correlation(Factor::Speeds, Figure::Occupancy), None);
        assert_eq!(cube.correlation(Factor::Rates, Figure::Forced), None);
    }

    #[test]
    fn ranks_by_hand() {
        // Base 3 > 2 > 1 > 0: the same order, then one swap of neighbours (1 - 6 * 2 / 60 = 0.8),
        // then the reverse.
        let cube = cube(
            &[0.9, 0.8, 0.7, 0.0],
            &[
                (0.5, &[9.0, 8.0, 7.0, 6.0]),
                (0.5, &[8.0, 9.0, 7.0, 6.0]),
                (0.5, &[6.0, 7.0, 8.0, 9.0]),
            ],
        );
        let found = cube.stability(Figure::Occupancy).unwrap();
        assert!((found.mean - 0.8 / 3.0).abs() < 1e-12 && (found.least + 1.0).abs() < 1e-12);
        // Nobody is forced in anywhere: there is no order.
        assert_eq!(cube.stability(Figure::Forced), None);
        assert_eq!(cube.stability(Figure::Waited), None);
        assert!(
            cube.first(Figure::Forced, 5).is_empty() && cube.first(Figure::Waited, 5).is_empty()
        );
        let first: Vec<(u32, usize, f64)> = cube
            .first(Figure::Occupancy, 1)
            .iter()
            .map(|one| (one.hospital.0, one.rank, one.share_among_first))
            .collect();
        // The last one has nothing in the middle, and is the first at one point.
        assert_eq!(first, [(0, 1, 1.0 / 3.0), (1, 2, 1.0 / 3.0), (3, 4, 1.0 / 3.0)]);
    }

    #[test]
    fn nothing_finished_has_no_figures() {
        let empty = cube(&[1.0, 2.0], &[]);
        assert_eq!(empty.quantile(Figure::Occupancy, 0.5), None);
        assert_eq!(empty.stability(Figure::Occupancy), None);
        assert_eq!(empty.correlation(Factor::Rates, Figure::Occupancy), None);
    }
}
