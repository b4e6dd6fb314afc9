//! Which of many factors matter at all, by elementary effects.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use super::{Factor, Kept, Sensitivity, Variant};
use crate::queueing::Ended;
use crate::random::{Purpose, RandomStream};
use crate::run::Control;
use crate::simulation::{Figure, RunPlan, SimulationError, Ward};

/// Values that a factor takes in a screening: the thirds of its span.
const LEVELS: u32 = 4;

/// How far one step moves a factor, as a share of its span: half of the levels (Morris 1991).
const STEP: f64 = 2.0 / 3.0;

impl Sensitivity<'_> {
    /// Looks which factors matter: so many trajectories through their spans, each of which moves one factor after
    /// the other, in an order of its own, from a start of its own.
    ///
    /// An elementary effect is the change of a figure over a step, scaled to the whole span of the factor; the mean of
    /// their sizes says how much a factor moves the figure, and their standard deviation how much that hangs on where
    /// the others are. It takes `trajectories x (factors + 1)` runs, which see the same patients.
    ///
    /// Morris, M. D. (1991): Factorial sampling plans for preliminary computational experiments. Technometrics 33,
    /// 161-174; sizes instead of signed effects: Campolongo, Cariboni & Saltelli (2007), Environmental Modelling &
    /// Software 22, 1509-1518.
    ///
    /// Trajectories run in parallel. Progress is how many runs are finished. When it is stopped, trajectories that are
    /// finished count.
    ///
    /// # Errors
    ///
    /// The faults that [`Self::check`] finds, and those of
    /// [`PatientFlow::new`](crate::simulation::PatientFlow::new), in the middle or at the first run that has one.
    ///
    /// # Example
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
    /// let settings = Settings::default().days(30).warm_up_days(0);
    /// let plan = RunPlan { seed: Seed(1), replications: 1, until: None };
    /// let study = Sensitivity::new(&region, &settings).plan(plan);
    /// let factors = [Factor::Rates, Factor::Setting("stay_cv"), Factor::Setting("on_call_hours")];
    /// let screening = study.screening(&factors, 3, &Control::default())?;
    /// // Nobody has a shared roster there, and everybody is a case.
    /// let order = screening.order(Figure::Admissions);
    /// assert_eq!((order[0].factor, order[2].mean_size), (Factor::Rates, 0.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn screening(
        &self,
        factors: &[Factor],
        trajectories: usize,
        control: &Control<'_>,
    ) -> Result<Screening, SimulationError> {
        let study = self.every_replication();
        let mut screening = Screening {
            plan: study.plan,
            spread: self.spread,
            factors: factors.to_vec(),
            asked: trajectories,
            finished: 0,
            ended: Ended::Interrupted,
            faults: Vec::new(),
            effects: Vec::new(),
        };
        let Some(middle) = study.middle(control)? else { return Ok(screening) };
        let wards: Vec<Ward> = middle.wards().to_vec();
        middle.give_up();

        let mut stream = self.plan.seed.stream(0, "screening", Purpose::Design);
        let mut designs: Vec<Trajectory> = Vec::with_capacity(trajectories);
        for _ in 0..trajectories {
            designs.push(Trajectory::drawn(factors.len(), &mut stream));
        }
        let finished = AtomicU64::new(0);
        let tell = || control.tell(finished.fetch_add(1, Ordering::Relaxed) + 1);
        let kept = Kept { wards: &wards, hospitals: &[] };
        let run = |design: &Trajectory| study.along(design, factors, kept, control, &tell);
        // In the order of the designs, whichever ended first.
        let results: Vec<Result<Option<Along>, SimulationError>> =
            designs.par_iter().map(run).collect();

        let mut sums = vec![[Sums::default(); Figure::ALL.len()]; factors.len()];
        for along in results {
            let Some(along) = along? else { continue };
            screening.finished += 1;
            screening.faults.extend(along.faults);
            for (of_factor, effects) in sums.iter_mut().zip(along.effects) {
                for (sum, effect) in of_factor.iter_mut().zip(effects) {
                    sum.add(effect);
                }
            }
        }
        if screening.finished == trajectories {
            screening.ended = Ended::Completed;
        }
        if screening.finished > 0 {
            for (position, figure) in Figure::ALL.into_iter().enumerate() {
                for (factor, of_factor) in factors.iter().zip(&sums) {
                    screening.effects.push(of_factor[position].effect(figure, *factor));
                }
            }
        }
        Ok(screening)
    }

    /// The runs of a trajectory, one after the other; `None` when it was stopped before the last.
    fn along(
        &self,
        design: &Trajectory,
        factors: &[Factor],
        kept: Kept<'_>,
        control: &Control<'_>,
        tell: &(impl Fn() + Sync),
    ) -> Result<Option<Along>, SimulationError> {
        let mut levels = design.start.clone();
        // From 0 to 1 through the span: a half is the middle.
        let spanned = |levels: &[f64]| {
            let mut by: Vec<(Factor, f64)> = Vec::with_capacity(factors.len());
            for (factor, level) in factors.iter().zip(levels) {
                by.push((*factor, 1.0 - self.spread + 2.0 * self.spread * level));
            }
            by
        };
        let Some(mut before) = self.run(&spanned(&levels), kept, control)? else { return Ok(None) };
        tell();
        let nothing = [0.0; Figure::ALL.len()];
        let mut along = Along {
            effects: vec![nothing; factors.len()],
            faults: std::mem::take(&mut before.faults),
        };
        for &factor in &design.order {
            // Upwards from the lower levels and downwards from the upper ones: both ends are within.
            let step = if levels[factor] < 0.5 { STEP } else { -STEP };
            levels[factor] += step;
            let Some(after) = self.run(&spanned(&levels), kept, control)? else { return Ok(None) };
            tell();
            along.effects[factor] = effects(&before, &after, step);
            along.faults.extend(after.faults.iter().cloned());
            before = after;
        }
        Ok(Some(along))
    }
}

/// What a step changes in each figure, scaled to the whole span of the factor that was moved.
fn effects(before: &Variant, after: &Variant, step: f64) -> [f64; Figure::ALL.len()] {
    let mut effects = [0.0; Figure::ALL.len()];
    // Means over the replications, in which both saw the same patients.
    let (before, after) = (before.values(), after.values());
    for (position, figure) in Figure::ALL.into_iter().enumerate() {
        effects[position] = (after.figure(figure) - before.figure(figure)) / step;
    }
    effects
}

/// Where a trajectory starts, as levels from 0 to 1 by factor, and in which order factors move.
struct Trajectory {
    start: Vec<f64>,
    order: Vec<usize>,
}

impl Trajectory {
    fn drawn(factors: usize, stream: &mut RandomStream) -> Self {
        let mut start = Vec::with_capacity(factors);
        for _ in 0..factors {
            let level = (stream.uniform() * f64::from(LEVELS)).floor();
            start.push(level.min(f64::from(LEVELS - 1)) / f64::from(LEVELS - 1));
        }
        let mut order: Vec<usize> = (0..factors).collect();
        // Fisher and Yates: any order with the same chance.
        for last in (1..factors).rev() {
            let chosen = (stream.uniform() * (last + 1) as f64) as usize;
            order.swap(last, chosen.min(last));
        }
        Self { start, order }
    }
}

/// What came of a trajectory.
struct Along {
    /// By factor and figure.
    effects: Vec<[f64; Figure::ALL.len()]>,
    faults: Vec<String>,
}

/// Elementary effects being added up.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    sum: f64,
    sizes: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, effect: f64) {
        self.count += 1.0;
        self.sum += effect;
        self.sizes += effect.abs();
        self.squares += effect * effect;
    }

    fn effect(&self, figure: Figure, factor: Factor) -> Effect {
        let mean = self.sum / self.count;
        let rest = (self.squares - self.count * mean * mean).max(0.0);
        let deviation = (self.count > 1.0).then(|| (rest / (self.count - 1.0)).sqrt());
        Effect { figure, factor, mean, mean_size: self.sizes / self.count, deviation }
    }
}

/// Which factors matter, in all figures of the hospitals inside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Screening {
    /// What was asked of each run.
    pub plan: RunPlan,
    /// How far factors go from 1.
    pub spread: f64,
    /// The factors that were moved.
    pub factors: Vec<Factor>,
    /// Trajectories that were asked for.
    pub asked: usize,
    /// Trajectories that are finished.
    pub finished: usize,
    /// Why there are no more.
    pub ended: Ended,
    /// What did not add up in any replication: empty.
    pub faults: Vec<String>,
    /// By figure in the order of [`Figure::ALL`], then by factor; empty without a finished trajectory.
    pub effects: Vec<Effect>,
}

impl Screening {
    /// Runs that so many trajectories of so many factors take.
    pub fn runs(factors: usize, trajectories: usize) -> usize {
        trajectories * (factors + 1)
    }

    /// The effects on a figure, the largest first, ties in the order of the factors.
    pub fn order(&self, figure: Figure) -> Vec<&Effect> {
        let mut effects: Vec<&Effect> =
            self.effects.iter().filter(|effect| effect.figure == figure).collect();
        effects.sort_by(|a, b| b.mean_size.total_cmp(&a.mean_size));
        effects
    }

    /// The factors that move any of these figures most, so many of each; those without any effect are left out.
    pub fn important(&self, figures: &[Figure], count: usize) -> Vec<Factor> {
        let mut important: Vec<Factor> = Vec::new();
        for figure in figures {
            for effect in self.order(*figure).into_iter().take(count) {
                if effect.mean_size > 0.0 && !important.contains(&effect.factor) {
                    important.push(effect.factor);
                }
            }
        }
        important
    }
}

/// What a factor changes in a figure when it moves through its whole span, in the figure's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Effect {
    /// The figure.
    pub figure: Figure,
    /// The factor.
    pub factor: Factor,
    /// Mean of the elementary effects: what it changes, with its sign.
    pub mean: f64,
    /// Mean of their sizes, 0 or more: how much it matters, also where it works both ways.
    pub mean_size: f64,
    /// Their standard deviation, which is large where the effect hangs on the other factors, or on how large it is
    /// itself; `None` for one trajectory.
    pub deviation: Option<f64>,
}
