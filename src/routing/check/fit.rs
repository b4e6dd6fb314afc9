//! Parameters that fit observations best: damped least squares.
//!
//! Levenberg, K. (1944): A method for the solution of certain non-linear problems in least squares. Quarterly of
//! Applied Mathematics 2, 164-168; Marquardt, D. (1963), SIAM Journal 11, 431-441. Slopes are differences.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::routing::choice::{ChoiceError, Decay, Huff};

/// Most steps of a fit.
const STEPS: usize = 40;
/// A fit ends when a step lowers the sum of squares by less than this share of it.
const LEAST_GAIN: f64 = 1e-6;
/// Distance over which slopes are taken, as a share of a parameter's range.
const SLOPE: f64 = 1e-5;
/// Damping that says that no step helps.
const MOST_DAMPING: f64 = 1e9;

/// A parameter that is fitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) start: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

/// The exponent of the beds and the decay per minute of a Huff model.
pub(super) const HUFF_RANGES: [Parameter; 2] = [
    Parameter { start: 1.0, least: 0.0, most: 2.0 },
    Parameter { start: 0.04, least: 0.0, most: 0.4 },
];

/// The Huff model of these two.
pub(super) fn huff(&[beds_exponent, per_minute]: &[f64; 2]) -> Huff {
    Huff { beds_exponent, decay: Decay::Exponential { per_minute } }
}

/// Parameters with other starts: near a known optimum a fit takes few steps.
pub(super) fn starting_at<const N: usize>(
    parameters: &[Parameter; N],
    starts: &[f64; N],
) -> [Parameter; N] {
    let mut moved = *parameters;
    for (parameter, start) in moved.iter_mut().zip(starts) {
        parameter.start = *start;
    }
    moved
}

/// Rounded to thousandths, so that what is printed is what was computed with.
pub(super) fn thousandths<const N: usize>(values: &[f64; N]) -> [f64; N] {
    values.map(|value| (value * 1000.0).round() / 1000.0)
}

/// What observations a model of these parameters predicts.
type Predict<'p, const N: usize> = dyn Fn(&[f64; N]) -> Result<Vec<f64>, ChoiceError> + Sync + 'p;

/// Predictions by parameters, each computed once: fits that leave out one hospital after the other share those
/// around their common start.
pub(super) struct Known<'p, const N: usize> {
    predict: Box<Predict<'p, N>>,
    /// By the bits of the parameters, because numbers with fractions are no keys.
    predictions: Mutex<HashMap<[u64; N], Arc<Vec<f64>>>>,
}

impl<'p, const N: usize> Known<'p, N> {
    pub(super) fn new(
        predict: impl Fn(&[f64; N]) -> Result<Vec<f64>, ChoiceError> + Sync + 'p,
    ) -> Self {
        Self { predict: Box::new(predict), predictions: Mutex::default() }
    }

    /// What is predicted with these parameters.
    pub(super) fn predict(&self, parameters: &[f64; N]) -> Result<Arc<Vec<f64>>, ChoiceError> {
        let key = parameters.map(f64::to_bits);
        if let Some(predicted) = self.lock().get(&key) {
            return Ok(Arc::clone(predicted));
        }
        // The lock is free meanwhile: other threads predict at the same time.
        let predicted = Arc::new((self.predict)(parameters)?);
        self.lock().insert(key, Arc::clone(&predicted));
        Ok(predicted)
    }

    /// Predicts with each of these parameters, in parallel.
    pub(super) fn learn(&self, points: &[[f64; N]]) -> Result<(), ChoiceError> {
        points.par_iter().try_for_each(|point| self.predict(point).map(drop))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u64; N], Arc<Vec<f64>>>> {
        self.predictions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The points at which a fit that starts here takes its first slopes.
pub(super) fn points_beside<const N: usize>(parameters: &[Parameter; N]) -> [[f64; N]; N] {
    let start = parameters.map(|parameter| parameter.start);
    std::array::from_fn(|number| beside(parameters, &start, number))
}

/// A point beside another one, along one of the parameters.
fn beside<const N: usize>(
    parameters: &[Parameter; N],
    point: &[f64; N],
    number: usize,
) -> [f64; N] {
    let mut beside = *point;
    beside[number] = parameters[number].beside(point[number]);
    beside
}

impl Parameter {
    /// The other end of a slope at a value: above it, or below where there is no room above.
    fn beside(&self, value: f64) -> f64 {
        let step = (self.most - self.least) * SLOPE;
        if value + step <= self.most { value + step } else { value - step }
    }
}

/// The parameters within their ranges with the least sum of squared residuals near their start: a local
/// optimum. Every call of `residuals` gives as many; the result does not depend on the number of threads.
pub(super) fn fit<const N: usize>(
    parameters: &[Parameter; N],
    residuals: impl Fn(&[f64; N]) -> Result<Vec<f64>, ChoiceError> + Sync,
) -> Result<[f64; N], ChoiceError> {
    let mut point = parameters.map(|parameter| parameter.start);
    let mut here = residuals(&point)?;
    let mut damping = 1e-3;
    for _ in 0..STEPS {
        let slopes = slopes(parameters, &point, &here, &residuals)?;
        let (mut next, mut there);
        loop {
            next = step(parameters, &point, &slopes, &here, damping);
            there = residuals(&next)?;
            if squares(&there) < squares(&here) {
                break;
            }
            damping *= 10.0;
            if damping > MOST_DAMPING {
                return Ok(point);
            }
        }

        let gain = squares(&here) - squares(&there);
        let is_done = gain < LEAST_GAIN * squares(&here);
        (point, here) = (next, there);
        if is_done {
            break;
        }
        // A step that helped lets the next one be bolder: nearer to Newton's.
        damping = (damping / 10.0).max(1e-9);
    }
    Ok(point)
}

fn squares(residuals: &[f64]) -> f64 {
    product(residuals, residuals)
}

/// The sum of the products of two lists, one by one.
fn product(left: &[f64], right: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (left, right) in left.iter().zip(right) {
        sum += left * right;
    }
    sum
}

/// By parameter: how each residual changes with it.
fn slopes<const N: usize>(
    parameters: &[Parameter; N],
    point: &[f64; N],
    here: &[f64],
    residuals: &(impl Fn(&[f64; N]) -> Result<Vec<f64>, ChoiceError> + Sync),
) -> Result<Vec<Vec<f64>>, ChoiceError> {
    let slope_of = |number: usize| {
        let beside = beside(parameters, point, number);
        let run = beside[number] - point[number];
        let mut slope = residuals(&beside)?;
        for (slope, here) in slope.iter_mut().zip(here) {
            *slope = (*slope - here) / run;
        }
        Ok(slope)
    };
    (0..N).into_par_iter().map(slope_of).collect()
}

/// The next point: the damped step, cut off at the ranges. A parameter at an end of its range that would go
/// on outwards stays there and takes no part.
fn step<const N: usize>(
    parameters: &[Parameter; N],
    point: &[f64; N],
    slopes: &[Vec<f64>],
    here: &[f64],
    damping: f64,
) -> [f64; N] {
    let mut matrix = [[0.0; N]; N];
    let mut right = [0.0; N];
    for row in 0..N {
        let downhill = -product(&slopes[row], here);
        let Parameter { least, most, .. } = parameters[row];
        let is_at_least = point[row] <= least && downhill < 0.0;
        let is_at_most = point[row] >= most && downhill > 0.0;
        if is_at_least || is_at_most {
            matrix[row][row] = 1.0;
            continue;
        }
        right[row] = downhill;
        for column in 0..N {
            matrix[row][column] = product(&slopes[row], &slopes[column]);
        }
        let width = most - least;
        // Damped in proportion to each parameter's own curvature, so that units do not matter; never by nothing.
        matrix[row][row] += damping * (matrix[row][row] + 1e-12 / (width * width));
    }

    let steps = solve(matrix, right);
    let mut next = *point;
    for (number, parameter) in parameters.iter().enumerate() {
        next[number] = (point[number] + steps[number]).clamp(parameter.least, parameter.most);
    }
    next
}

/// Solves linear equations by elimination with the largest pivots; an unknown that no equation determines is 0.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let size = |row: &usize| matrix[*row][column].abs();
        let pivot = (column..N).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let pivot_row = matrix[column];
        if pivot_row[column].abs() < f64::MIN_POSITIVE {
            continue;
        }
        for row in column + 1..N {
            let factor = matrix[row][column] / pivot_row[column];
            for (cell, above) in matrix[row].iter_mut().zip(pivot_row) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }

    let mut solution = [0.0; N];
    for row in (0..N).rev() {
        let mut known = 0.0;
        for column in row + 1..N {
            known += matrix[row][column] * solution[column];
        }
        if matrix[row][row].abs() >= f64::MIN_POSITIVE {
            solution[row] = (right[row] - known) / matrix[row][row];
        }
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: f64, least: f64, most: f64) -> Parameter {
        Parameter { start, least, most }
    }

    #[test]
    fn a_line_through_three_points_by_hand() {
        // y = 1, 3, 2 at x = 0, 1, 2: slope 1 / 2, intercept 3 / 2.
        let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)];
        let residuals =
            |line: &[f64; 2]| Ok(points.iter().map(|(x, y)| line[0] + line[1] * x - y).collect());
        let wide = [range(0.0, -9.0, 9.0), range(0.0, -9.0, 9.0)];
        let line = fit(&wide, residuals).unwrap();
        assert!((line[0] - 1.5).abs() < 1e-3 && (line[1] - 0.5).abs() < 1e-3, "{line:?}");

        // With no slope allowed the mean is left.
        let level = [range(0.0, -9.0, 9.0), range(-1.0, -1.0, 0.0)];
        let line = fit(&level, residuals).unwrap();
        assert!((line[0] - 2.0).abs() < 1e-3 && line[1].abs() < 1e-9, "{line:?}");
    }

    #[test]
    fn a_curve_that_is_not_linear_is_found() {
        // 5 e^(-0.3 x), exact.
        let residuals = |curve: &[f64; 2]| {
            let error = |x: f64| curve[0] * (-curve[1] * x).exp() - 5.0 * (-0.3 * x).exp();
            Ok([0.0, 1.0, 2.0, 5.0].map(error).to_vec())
        };
        let curve = fit(&[range(1.0, 0.0, 20.0), range(0.0, 0.0, 2.0)], residuals).unwrap();
        assert!((curve[0] - 5.0).abs() < 1e-3 && (curve[1] - 0.3).abs() < 1e-3, "{curve:?}");
    }

    #[test]
    fn a_parameter_that_changes_nothing_stays() {
        let residuals = |point: &[f64; 2]| Ok(vec![point[0] - 4.0]);
        let fitted = fit(&[range(0.0, -9.0, 9.0), range(0.5, 0.0, 1.0)], residuals).unwrap();
        assert!((fitted[0] - 4.0).abs() < 1e-3 && (fitted[1] - 0.5).abs() < 1e-12, "{fitted:?}");
    }
}
