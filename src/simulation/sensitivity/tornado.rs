//! One factor at a time: how far each moves the answer.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use rayon::prelude::*;

use super::{Factor, Kept, Sensitivity, Variant, by_figure};
use crate::queueing::Ended;
use crate::run::Control;
use crate::simulation::{Figure, RunPlan, SimulationError, Ward};
use crate::stats::Interval;

impl Sensitivity<'_> {
    /// Each factor at its low and at its high end, the others as they are.
    ///
    /// The ends are run in parallel. Progress is how many of
    /// [`Tornado::RUNS`] are finished. When it is stopped, factors with both ends finished count.
    ///
    /// # Errors
    ///
    /// The faults that [`Self::check`] finds, and those of
    /// [`PatientFlow::new`](crate::simulation::PatientFlow::new), in the middle or at the first end that has one.
    pub fn tornado(&self, control: &Control<'_>) -> Result<Tornado, SimulationError> {
        let study = self.every_replication();
        let mut tornado = Tornado {
            plan: study.plan,
            spread: self.spread,
            finished: 0,
            ended: Ended::Interrupted,
            faults: Vec::new(),
            middle: Vec::new(),
            bars: Vec::new(),
        };
        let Some(middle) = study.middle(control)? else { return Ok(tornado) };
        let wards: Vec<Ward> = middle.wards().to_vec();
        let Some(middle) = study.finish(middle, &[], control) else { return Ok(tornado) };
        control.tell(1);

        let mut ends: Vec<(Factor, f64)> = Vec::with_capacity(Tornado::RUNS - 1);
        for factor in Factor::ALL {
            ends.extend([(factor, 1.0 - self.spread), (factor, 1.0 + self.spread)]);
        }
        // The middle is done.
        let finished = AtomicU64::new(1);
        let run = |end: &(Factor, f64)| {
            let variant = study.run(&[*end], Kept { wards: &wards, hospitals: &[] }, control)?;
            if variant.is_some() {
                control.tell(finished.fetch_add(1, Ordering::Relaxed) + 1);
            }
            Ok(variant)
        };
        let results: Vec<Result<Option<Variant>, SimulationError>> =
            ends.par_iter().map(run).collect();
        let mut variants: Vec<Option<Variant>> = Vec::with_capacity(results.len());
        for variant in results {
            variants.push(variant?);
        }

        tornado.faults.clone_from(&middle.faults);
        for ((factor, by), variant) in ends.iter().zip(&variants) {
            let Some(variant) = variant else { continue };
            for fault in &variant.faults {
                tornado.faults.push(format!("{} times {by}: {fault}", factor.key()));
            }
        }
        tornado.finished = 1 + variants.iter().flatten().count();
        if tornado.finished == Tornado::RUNS {
            tornado.ended = Ended::Completed;
        }
        for values in &middle.inside {
            tornado.middle.extend(Interval::of(values));
        }
        tornado.bars = study.bars(&middle, &variants);
        Ok(tornado)
    }

    /// The bars of all figures for the factors with both ends; `ends` are the low and the high end of each factor.
    fn bars(&self, middle: &Variant, ends: &[Option<Variant>]) -> Vec<Bar> {
        let mut bars = Vec::new();
        for figure in 0..Figure::ALL.len() {
            for (pair, factor) in ends.chunks_exact(2).zip(Factor::ALL) {
                // A bar with one end would look as if the other did nothing.
                let [Some(low), Some(high)] = pair else { continue };
                bars.extend(self.bar(figure, factor, middle, [low, high]));
            }
        }
        bars
    }

    /// The bar of a figure, by its position; `None` where the figure has no value.
    fn bar(
        &self,
        figure: usize,
        factor: Factor,
        middle: &Variant,
        ends: [&Variant; 2],
    ) -> Option<Bar> {
        let end = |variant: &Variant, by: f64| {
            let value = Interval::of(&variant.inside[figure])?;
            // Paired by replication, as every end sees the same patients.
            let change = Interval::paired(&middle.inside[figure], &variant.inside[figure])?;
            Some(End { factor: factor.possible(self.settings, by), value, change })
        };
        let [low, high] = ends;
        Some(Bar {
            figure: Figure::ALL[figure],
            factor,
            middle: Interval::of(&middle.inside[figure])?,
            low: end(low, 1.0 - self.spread)?,
            high: end(high, 1.0 + self.spread)?,
        })
    }
}

/// What each factor alone changes, in all figures of the hospitals inside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Tornado {
    /// What was asked of the middle and of each end.
    pub plan: RunPlan,
    /// How far factors go from 1.
    pub spread: f64,
    /// How many of [`Tornado::RUNS`] are finished.
    pub finished: usize,
    /// Why there are no more.
    pub ended: Ended,
    /// What did not add up in any replication: empty.
    pub faults: Vec<String>,
    /// With nothing changed, in the order of [`Figure::ALL`]; empty when it was stopped before.
    #[serde(serialize_with = "by_figure")]
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
        let position = Figure::ALL.iter().position(|known| *known == figure)?;
        self.middle.get(position).copied()
    }
}

/// What a factor changes in a figure of all hospitals inside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct End {
    /// The factor as far as it is possible: staffing ends where all beds are staffed.
    pub factor: f64,
    /// The figure, with its 95 % interval.
    pub value: Interval,
    /// Its difference to the middle, paired by replication.
    pub change: Interval,
}
