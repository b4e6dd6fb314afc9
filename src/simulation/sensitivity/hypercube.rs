//! All factors at once, at points of a Latin hypercube.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use rayon::prelude::*;

use super::{Factor, Kept, Sensitivity, Variant, by_figure, by_ranked};
use crate::model::HospitalId;
use crate::queueing::Ended;
use crate::random::Purpose;
use crate::run::Control;
use crate::simulation::{Figure, RunPlan, SimulationError, Ward};
use crate::stats::{latin_hypercube, rank_correlation};

impl Sensitivity<'_> {
    /// All factors at once, at points of a Latin hypercube: uniform from `1 - spread` to
    /// `1 + spread`, each independent of the others.
    ///
    /// Points are run in parallel. Progress is how many are finished. When
    /// it is stopped, the finished ones count.
    ///
    /// # Errors
    ///
    /// The faults that [`Self::check`] finds, and those of
    /// [`PatientFlow::new`](crate::simulation::PatientFlow::new), in the middle or at the first point that has one.
    pub fn hypercube(
        &self,
        points: usize,
        control: &Control<'_>,
    ) -> Result<Hypercube, SimulationError> {
        self.hypercube_of(&Factor::ALL, points, control)
    }

    /// The same of these factors: those that [`Self::screening`] found to matter.
    ///
    /// # Errors
    ///
    /// Those of [`Self::hypercube`].
    pub fn hypercube_of(
        &self,
        factors: &[Factor],
        points: usize,
        control: &Control<'_>,
    ) -> Result<Hypercube, SimulationError> {
        let varied: Arc<[Factor]> = factors.into();
        let study = self.every_replication();
        let mut cube = Hypercube {
            plan: study.plan,
            spread: self.spread,
            factors: factors.to_vec(),
            asked: points,
            ended: Ended::Interrupted,
            faults: Vec::new(),
            middle: None,
            points: Vec::new(),
            hospitals: Vec::new(),
        };
        let Some(middle) = study.middle(control)? else { return Ok(cube) };
        let wards: Vec<Ward> = middle.wards().to_vec();
        let network = self.region.network();
        for ward in &wards {
            if !network[ward.hospital].outside {
                cube.hospitals.push(ward.hospital);
            }
        }
        // Wards stand hospital by hospital, so that equal ones are neighbours.
        cube.hospitals.dedup();
        if let Some(middle) = study.finish(middle, &cube.hospitals, control) {
            cube.faults.clone_from(&middle.faults);
            cube.middle = Some(middle.values());
        }

        // Points end in any order; only how many is told.
        let finished = AtomicU64::new(0);
        let kept = Kept { wards: &wards, hospitals: &cube.hospitals };
        let run = |factors: &Vec<f64>| {
            let mut by: Vec<(Factor, f64)> = Vec::with_capacity(varied.len());
            by.extend(varied.iter().copied().zip(factors.iter().copied()));
            let variant = study.run(&by, kept, control)?;
            if variant.is_some() {
                control.tell(finished.fetch_add(1, Ordering::Relaxed) + 1);
            }
            Ok(variant)
        };
        let design = study.design(points, varied.len());
        // In the order of the design, whichever ended first.
        let results: Vec<Result<Option<Variant>, SimulationError>> =
            design.par_iter().map(run).collect();
        for (number, (variant, factors)) in results.into_iter().zip(design).enumerate() {
            let Some(variant) = variant? else { continue };
            for fault in &variant.faults {
                cube.faults.push(format!("point {number}: {fault}"));
            }
            let names = Arc::clone(&varied);
            cube.points.push(Point { number, factors, names, values: variant.values() });
        }
        if cube.middle.is_some() && cube.points.len() == points {
            cube.ended = Ended::Completed;
        }
        Ok(cube)
    }

    /// The factors of each point, so many.
    fn design(&self, points: usize, factors: usize) -> Vec<Vec<f64>> {
        let mut stream = self.plan.seed.stream(0, "sensitivity", Purpose::Design);
        let mut design = latin_hypercube(points, factors, &mut stream);
        for factor in design.iter_mut().flatten() {
            *factor = 1.0 - self.spread + 2.0 * self.spread * *factor;
        }
        design
    }
}

/// What all factors together change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hypercube {
    /// What was asked of each point.
    pub plan: RunPlan,
    /// How far factors go from 1.
    pub spread: f64,
    /// The factors that were changed.
    pub factors: Vec<Factor>,
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
#[non_exhaustive]
pub struct Point {
    /// Its number, from 0.
    pub number: usize,
    /// The factors in the order of [`Hypercube::factors`], as they were drawn: above what is possible,
    /// a value is what is possible.
    pub factors: Vec<f64>,
    /// What they are.
    pub(super) names: Arc<[Factor]>,
    /// What came of it.
    pub values: Values,
}

impl Serialize for Point {
    /// Its number, its factors by their keys, and its values.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut point = to.serialize_struct("Point", 3)?;
        point.serialize_field("number", &self.number)?;
        point.serialize_field("factors", &ByName(self))?;
        point.serialize_field("values", &self.values)?;
        point.end()
    }
}

/// The factors of a point by their keys.
struct ByName<'p>(&'p Point);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.names.iter().zip(&self.0.factors))
    }
}

/// Means over the replications of a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Values {
    /// Of all hospitals inside, in the order of [`Figure::ALL`].
    #[serde(serialize_with = "by_figure")]
    pub inside: [f64; Figure::ALL.len()],
    /// By [`Hypercube::RANKED`] and [`Hypercube::hospitals`].
    #[serde(serialize_with = "by_ranked")]
    pub by_hospital: [Vec<f64>; Hypercube::RANKED.len()],
}

impl Values {
    /// A figure of all hospitals inside.
    pub fn figure(&self, figure: Figure) -> f64 {
        for (known, value) in Figure::ALL.into_iter().zip(self.inside) {
            if known == figure {
                return value;
            }
        }
        f64::NAN
    }
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
        let mut values = Vec::with_capacity(self.points.len());
        for point in &self.points {
            values.push(point.values.figure(figure));
        }
        values
    }

    /// Spearman's rank correlation of a factor with a figure over the points, -1 to 1; `None` for
    /// fewer than two points, or a figure that is the same at all of them.
    pub fn correlation(&self, factor: Factor, figure: Figure) -> Option<f64> {
        let position = self.factors.iter().position(|known| *known == factor)?;
        let mut factors = Vec::with_capacity(self.points.len());
        for point in &self.points {
            factors.push(point.factors[position]);
        }
        rank_correlation(&factors, &self.figures(figure))
    }
}
