//! Means of replications with their intervals of Student's t.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The mean of independent replications with a two-sided 95 % interval of Student's t.
///
/// The unit is that of the values. The interval covers the true mean in 95 of 100 experiments when
/// the values are independent and nearly normal, as means over a long run are.
///
/// Student (1908): The probable error of a mean. Biometrika 6, 1-25.
///
/// ```
/// use verbund::stats::Interval;
///
/// // Mean 4, sum of squares 8, deviation sqrt(8 / 2) = 2; t with 2 degrees is 4.3027.
/// let waits = Interval::of(&[2.0, 4.0, 6.0]).unwrap();
/// assert_eq!((waits.mean, waits.count), (4.0, 3));
/// assert!((waits.half_width.unwrap() - 4.3027 * 2.0 / 3.0_f64.sqrt()).abs() < 1e-4);
/// assert!(waits.contains(0.0) && !waits.contains(-1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Mean of the values.
    pub mean: f64,
    /// Half of the width of the interval, 0 or more; `None` for one value, which says nothing
    /// about its own scatter.
    pub half_width: Option<f64>,
    /// How many values there are, at least 1.
    pub count: usize,
}

impl Interval {
    /// The interval of these values, summed in their order.
    ///
    /// Values that are all equal have half width 0. `None` without values, or when one is no
    /// finite number, or when they are too large to be summed.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len();
        let (mean, squares) = mean_and_squares(values)?;
        let mut half_width = None;
        if count > 1 {
            let degrees = (count - 1) as f64;
            let error = (squares / degrees / count as f64).sqrt();
            half_width = Some(student_t(degrees) * error);
        }
        Some(Self { mean, half_width, count })
    }

    /// The interval of the differences `scenario - base`, replication by replication.
    ///
    /// With the same random numbers in both, this interval is narrower than the two apart. `None`
    /// in the cases of [`Interval::of`].
    ///
    /// ```
    /// use verbund::stats::Interval;
    ///
    /// let change = Interval::paired(&[10.0, 20.0, 30.0], &[9.0, 19.0, 29.0]).unwrap();
    /// assert_eq!((change.mean, change.half_width), (-1.0, Some(0.0)));
    /// ```
    ///
    /// # Panics
    ///
    /// When the lists are not equally long.
    pub fn paired(base: &[f64], scenario: &[f64]) -> Option<Self> {
        Self::of(&changes(base, scenario))
    }

    /// The lower end; `None` for one value.
    pub fn low(&self) -> Option<f64> {
        Some(self.mean - self.half_width?)
    }

    /// The upper end; `None` for one value.
    pub fn high(&self) -> Option<f64> {
        Some(self.mean + self.half_width?)
    }

    /// Whether a value lies in the interval, ends included. One value excludes nothing.
    pub fn contains(&self, value: f64) -> bool {
        match self.half_width {
            Some(half) => (self.mean - half..=self.mean + half).contains(&value),
            None => true,
        }
    }

    /// Half width as a share of the distance of the mean from 0, 0 or more; `None` for one value
    /// or when the mean is 0.
    pub fn relative_half_width(&self) -> Option<f64> {
        let half = self.half_width?;
        if self.mean == 0.0 {
            return None;
        }
        Some(half / self.mean.abs())
    }

    /// Whether the half width is at most this share of the mean: enough replications were made.
    ///
    /// Values that are all equal are always narrow, one value never is. Replications that are added until
    /// this holds cover the true mean a little less often than in 95 of 100 experiments.
    ///
    /// ```
    /// // Mean 10, half width 12.7062 * sqrt(0.02 / 2) = 1.27.
    /// let wait = verbund::stats::Interval::of(&[9.9, 10.1]).unwrap();
    /// assert!(wait.is_narrow(0.13) && !wait.is_narrow(0.12));
    /// ```
    pub fn is_narrow(&self, share: f64) -> bool {
        match self.half_width {
            Some(half) => half <= share * self.mean.abs(),
            // Alone, a value may be far off.
            None => false,
        }
    }
}

/// By how much each value of a scenario is more than that of the base.
///
/// # Panics
///
/// When the lists are not equally long.
pub(super) fn changes(base: &[f64], scenario: &[f64]) -> Vec<f64> {
    assert_eq!(base.len(), scenario.len(), "pairs of lists of different length");
    let mut changes = scenario.to_vec();
    for (change, base) in changes.iter_mut().zip(base) {
        *change -= base;
    }
    changes
}

/// Mean of values, and the sum of the squares of their distances from it; `None` without values, or where either is no
/// finite number.
fn mean_and_squares(values: &[f64]) -> Option<(f64, f64)> {
    let first = values.first()?;
    // Distances to the first value: equal values have exactly their own mean, and values far
    // from zero lose no digits.
    let mut distances = 0.0;
    for value in values {
        distances += value - first;
    }
    let mean = first + distances / values.len() as f64;
    let mut squares = 0.0;
    for value in values {
        squares += (value - mean) * (value - mean);
    }
    (mean.is_finite() && squares.is_finite()).then_some((mean, squares))
}

/// Mean and variance of one of these values; `None` for fewer than two.
pub(super) fn mean_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let (mean, squares) = mean_and_squares(values)?;
    Some((mean, squares / (values.len() - 1) as f64))
}

/// Degrees of freedom from which the quantile of Student's t is expanded around that of the normal
/// distribution: the inverse of the incomplete beta function loses its digits (at 100,000 degrees
/// it is 7e-6 off, at ten million 0.13), and the series is right to 1e-11.
const EXPANDED_FROM: f64 = 1000.0;

/// The 97.5 % quantile of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// The 97.5 % quantile of Student's t, 1 degree of freedom or more.
pub(crate) fn student_t(degrees: f64) -> f64 {
    t_beside(degrees, 0.975, NORMAL)
}

/// A quantile of Student's t, of a share above 0.5, below 1, for 1 degree of freedom or more.
pub(super) fn t_quantile(degrees: f64, share: f64) -> f64 {
    t_beside(degrees, share, Normal::standard().inverse_cdf(share))
}

/// A quantile of Student's t beside that of the normal distribution, `z`.
///
/// Series: Abramowitz, M., Stegun, I. A. (1964): Handbook of mathematical functions, 26.7.5.
fn t_beside(degrees: f64, share: f64, z: f64) -> f64 {
    if degrees < EXPANDED_FROM {
        let student = StudentsT::new(0.0, 1.0, degrees).expect("the degrees are 1 or more");
        return student.inverse_cdf(share);
    }
    let z3 = z.powi(3);
    let z5 = z.powi(5);
    let z7 = z.powi(7);
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
    let third = (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
    z + (first + (second + third / degrees) / degrees) / degrees
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_are_those_of_the_tables() {
        // t.ppf(0.975, degrees) of SciPy 1.17 or any printed table.
        let table = [
            (1.0, 12.706_204_736_174_694),
            (2.0, 4.302_652_729_749_462),
            (3.0, 3.182_446_305_283_708),
            (9.0, 2.262_157_162_798_205),
            (29.0, 2.045_229_642_132_703),
            (99.0, 1.984_216_951_586_417_4),
            (999.0, 1.962_341_461_133_449_3),
            (9999.0, 1.960_201_263_621_357),
            (99999.0, 1.959_987_707_771_844_2),
            (1e6, 1.959_966_356_814_107),
            (1e7, 1.959_964_221_767_205),
        ];
        for (degrees, quantile) in table {
            let computed = student_t(degrees);
            assert!((computed - quantile).abs() < 1e-11, "{computed} at {degrees} degrees");
        }
    }

    #[test]
    fn the_quantiles_of_other_shares_are_those_of_the_tables() {
        // Any printed table; of 100,000 degrees the first term of the series by hand.
        let table = [
            (0.995, 9.0, 3.249_836),
            (0.9975, 19.0, 3.173_7),
            (0.995, 1e5, 2.575_829_3 + (17.090_51 + 2.575_83) / 4e5),
        ];
        for (share, degrees, quantile) in table {
            let computed = t_quantile(degrees, share);
            assert!((computed - quantile).abs() < 5e-5, "{computed} at {share}, {degrees}");
        }
    }

    #[test]
    fn the_quantile_falls_with_every_degree() {
        let mut before = f64::INFINITY;
        for degrees in 1..3000 {
            let quantile = student_t(f64::from(degrees));
            assert!(quantile < before, "{degrees} degrees");
            before = quantile;
        }
    }

    fn assert_near(value: Option<f64>, expected: f64) {
        let value = value.unwrap();
        assert!((value - expected).abs() < 1e-9, "{value} for {expected}");
    }

    #[test]
    fn ten_replications_written_out() {
        // Mean 5.5; the squares of 0.5, 1.5 ... 4.5 twice make 82.5, so the variance is 82.5 / 9;
        // t with 9 degrees is 2.262157.
        let mut values = Vec::new();
        for number in 1..=10 {
            values.push(f64::from(number));
        }
        let interval = Interval::of(&values).unwrap();
        let half = 2.262_157_162_8 * (82.5_f64 / 9.0 / 10.0).sqrt();
        assert_eq!(interval.mean, 5.5);
        assert_eq!(interval.count, 10);
        assert_near(interval.half_width, half);
        assert_near(interval.low(), 5.5 - half);
        assert_near(interval.high(), 5.5 + half);
        assert_near(interval.relative_half_width(), half / 5.5);
    }

    #[test]
    fn values_far_from_zero_keep_their_scatter() {
        let near = Interval::of(&[1.0, 2.0, 4.0]).unwrap();
        let far = Interval::of(&[1e12 + 1.0, 1e12 + 2.0, 1e12 + 4.0]).unwrap();
        let near_half = near.half_width.unwrap();
        let far_half = far.half_width.unwrap();
        assert!((near_half - far_half).abs() < 1e-3);
        assert!((far.mean - 1e12 - 7.0 / 3.0).abs() < 1e-3);
    }

    #[test]
    fn equal_values_have_no_width() {
        let interval = Interval::of(&[0.1; 7]).unwrap();
        assert_eq!(interval.mean, 0.1);
        assert_eq!(interval.half_width, Some(0.0));
        assert!(interval.contains(0.1));
        assert!(!interval.contains(0.2));
        assert!(!interval.contains(f64::NAN));
        let nothing = Interval::of(&[0.0; 3]).unwrap();
        assert_eq!(nothing.relative_half_width(), None);
        assert!(nothing.is_narrow(0.0));
    }

    #[test]
    fn one_value_excludes_nothing() {
        let interval = Interval::of(&[3.0]).unwrap();
        assert_eq!(interval.mean, 3.0);
        assert_eq!(interval.half_width, None);
        assert_eq!(interval.count, 1);
        assert_eq!(interval.low(), None);
        assert_eq!(interval.high(), None);
        assert!(interval.contains(1e9));
        assert!(!interval.is_narrow(1.0));
    }

    #[test]
    fn no_values_and_no_numbers_have_no_interval() {
        assert_eq!(Interval::of(&[]), None);
        assert_eq!(Interval::of(&[1.0, f64::NAN]), None);
        assert_eq!(Interval::of(&[f64::INFINITY, 1.0]), None);
        assert_eq!(Interval::of(&[f64::MAX, -f64::MAX]), None);
        assert_eq!(Interval::paired(&[], &[]), None);
    }

    #[test]
    fn a_pair_takes_the_scenario_minus_the_base() {
        // Differences 1, 2, 3: mean 2, deviation 1.
        let base = [10.0, 50.0, 90.0];
        let scenario = [11.0, 52.0, 93.0];
        let change = Interval::paired(&base, &scenario);
        assert_eq!(change, Interval::of(&[1.0, 2.0, 3.0]));
        assert!(change.is_some());
    }

    #[test]
    #[should_panic(expected = "different length")]
    fn a_pair_needs_lists_of_one_length() {
        let _ = Interval::paired(&[1.0], &[1.0, 2.0]);
    }
}
