//! The order of the hospitals by a figure, and how well it holds over a hypercube.

use serde::Serialize;

use super::Hypercube;
use crate::model::HospitalId;
use crate::simulation::Figure;
use crate::stats::{rank_correlation, rank_stability};

/// How well the points keep an order of the middle, by Spearman's rank correlation, -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stability {
    /// Mean over the points.
    pub mean: f64,
    /// At the point that keeps it least.
    pub least: f64,
}

/// A hospital in the order of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// How well the points keep the order of the hospitals by a figure of [`Self::RANKED`].
    ///
    /// `None` for other figures, without points, or when there is no order: fewer than two
    /// hospitals, or all alike.
    pub fn stability(&self, figure: Figure) -> Option<Stability> {
        let ranked = ranked_position(figure)?;
        let middle = &self.middle.as_ref()?.by_hospital[ranked];
        let mut points: Vec<Vec<f64>> = Vec::with_capacity(self.points.len());
        let mut least = 1.0;
        for point in &self.points {
            let values = &point.values.by_hospital[ranked];
            points.push(values.clone());
            if let Some(correlation) = rank_correlation(middle, values) {
                least = f64::min(least, correlation);
            }
        }
        Some(Stability { mean: rank_stability(middle, &points)?, least })
    }

    /// The hospitals that are among the first `count` by a figure of [`Self::RANKED`], the greatest
    /// first, in the middle or at any point; by their rank in the middle.
    ///
    /// A hospital with a figure of 0 is never among the first. Empty for other figures, or without
    /// a middle. Without points all shares are 0.
    pub fn first(&self, figure: Figure, count: usize) -> Vec<Ranked> {
        let (Some(ranked), Some(middle)) = (ranked_position(figure), &self.middle) else {
            return Vec::new();
        };
        let middle = &middle.by_hospital[ranked];
        let mut times_among_first = vec![0_usize; self.hospitals.len()];
        for point in &self.points {
            let values = &point.values.by_hospital[ranked];
            for hospital in order(values).into_iter().take(count) {
                if values[hospital] > 0.0 {
                    times_among_first[hospital] += 1;
                }
            }
        }

        let mut first = Vec::new();
        for (rank, hospital) in order(middle).into_iter().enumerate() {
            let times = times_among_first[hospital];
            // Also whoever is among the first at a point only: that is what the points are for.
            if times > 0 || rank < count && middle[hospital] > 0.0 {
                first.push(Ranked {
                    hospital: self.hospitals[hospital],
                    rank: rank + 1,
                    middle: middle[hospital],
                    share_among_first: times as f64 / self.points.len().max(1) as f64,
                });
            }
        }
        first
    }
}

/// Where a figure stands in [`Hypercube::RANKED`].
fn ranked_position(figure: Figure) -> Option<usize> {
    Hypercube::RANKED.iter().position(|ranked| *ranked == figure)
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
    use crate::queueing::Ended;
    use crate::simulation::{Factor, Point, RunPlan, Values};

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
            names: Factor::ALL.into(),
            values: values(*inside, own),
        };
        let hospitals = (0..middle.len() as u32).map(|number| HospitalId(number, 0)).collect();
        Hypercube {
            plan: RunPlan::default(),
            spread: 0.2,
            factors: Factor::ALL.to_vec(),
            asked: points.len(),
            ended: Ended::Completed,
            faults: Vec::new(),
            middle: Some(values(0.5, middle)),
            points: points.iter().enumerate().map(point).collect(),
            hospitals,
        }
    }

    #[test]
    fn quantiles_are_values_of_points() {
        let none: &[f64] = &[];
        let points: Vec<(f64, &[f64])> = (1..=20).map(|n| (f64::from(21 - n), none)).collect();
        let cube = cube(&[], &points);
        // 5 % of 20 is the first, half the tenth, 95 % the nineteenth.
        let quantiles = [0.0, 0.05, 0.5, 0.95, 1.0].map(|q| cube.quantile(Figure::Occupancy, q));
        assert_eq!(quantiles, [1.0, 1.0, 10.0, 19.0, 20.0].map(Some));
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
        let stability = cube.stability(Figure::Occupancy).unwrap();
        assert!((stability.mean - 0.8 / 3.0).abs() < 1e-12);
        assert!((stability.least + 1.0).abs() < 1e-12);
        // Nobody is forced in anywhere: there is no order.
        assert_eq!(cube.stability(Figure::Forced), None);
        assert_eq!(cube.stability(Figure::Waited), None);
        assert!(
            cube.first(Figure::Forced, 5).is_empty() && cube.first(Figure::Waited, 5).is_empty()
        );
        let mut first: Vec<(u32, usize, f64)> = Vec::new();
        for ranked in cube.first(Figure::Occupancy, 1) {
            first.push((ranked.hospital.0, ranked.rank, ranked.share_among_first));
        }
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
