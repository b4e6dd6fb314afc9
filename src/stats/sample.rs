//! Points that spread evenly over many parameters.

use rand::Rng;
use rand::seq::SliceRandom;

use crate::random::RandomStream;

/// A Latin hypercube: `points` points of `dimensions` values in [0, 1).
///
/// Every dimension is cut into `points` equal strata, and each stratum has exactly one of its
/// values. So no parameter is left with a gap, however few points there are. Without points the
/// list is empty; without dimensions every point is.
///
/// The draws go dimension by dimension: first the order of the strata, then one 32-bit number for
/// each point, its place inside the stratum.
///
/// McKay, M. D., Beckman, R. J., Conover, W. J. (1979): A comparison of three methods for selecting
/// values of input variables in the analysis of output from a computer code. Technometrics 21,
/// 239-245.
///
/// ```
/// use verbund::random::{Purpose, Seed};
///
/// let mut numbers = Seed(1).stream(0, "design", Purpose::Design);
/// let points = verbund::stats::latin_hypercube(4, 2, &mut numbers);
/// for dimension in 0..2 {
///     let mut quarters: Vec<u32> = points.iter().map(|p| (p[dimension] * 4.0) as u32).collect();
///     quarters.sort_unstable();
///     assert_eq!(quarters, [0, 1, 2, 3]);
/// }
/// ```
#[expect(clippy::doc_markdown, reason = "McKay is a name")]
pub fn latin_hypercube(
    points: usize,
    dimensions: usize,
    numbers: &mut RandomStream,
) -> Vec<Vec<f64>> {
    let mut sample = vec![Vec::with_capacity(dimensions); points];
    let mut strata: Vec<usize> = (0..points).collect();
    for _ in 0..dimensions {
        strata.shuffle(&mut numbers.0);
        for (point, &stratum) in sample.iter_mut().zip(&strata) {
            // 32 bits behind the point: the sum is exact for up to 2^21 points, so rounding never
            // lifts a value into the next stratum.
            let drawn = f64::from(numbers.0.next_u32());
            let inside = drawn / (f64::from(u32::MAX) + 1.0);
            point.push((stratum as f64 + inside) / points as f64);
        }
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};

    fn numbers(seed: u64) -> RandomStream {
        Seed(seed).stream(0, "design", Purpose::Design)
    }

    #[test]
    fn each_stratum_has_one_value_of_each_dimension() {
        for points in [1, 2, 7, 49, 1000] {
            let sample = latin_hypercube(points, 3, &mut numbers(7));
            assert_eq!(sample.len(), points);
            for dimension in 0..3 {
                let mut values = Vec::with_capacity(points);
                for point in &sample {
                    values.push(point[dimension]);
                }
                values.sort_by(f64::total_cmp);
                for (stratum, value) in values.into_iter().enumerate() {
                    let edge = |number: usize| number as f64 / points as f64;
                    let range = edge(stratum)..edge(stratum + 1);
                    assert!(range.contains(&value), "{value}");
                }
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_points() {
        let draw = |seed| latin_hypercube(20, 4, &mut numbers(seed));
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }

    #[test]
    fn nothing_is_drawn_for_no_points_or_no_dimensions() {
        let mut numbers = numbers(1);
        assert!(latin_hypercube(0, 3, &mut numbers).is_empty());
        assert_eq!(latin_hypercube(2, 0, &mut numbers), vec![Vec::<f64>::new(); 2]);
    }
}
