//! False discoveries: among many comparisons some are unusual by chance alone.
//!
//! Ten indicators of thirty members are 300 comparisons, of which 15 have a p-value below 5 % when nobody differs.

use serde::Serialize;

/// How comparisons hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Dependence {
    /// They do not, or a member that is high in one is rather high in others.
    ///
    /// Benjamini, Y., Hochberg, Y. (1995): Controlling the false discovery rate. Journal of the Royal Statistical
    /// Society B 57, 289-300.
    #[default]
    Positive,
    /// In any way: stricter by the sum of 1, 1/2, 1/3 ... over the comparisons.
    ///
    /// Benjamini, Y., Yekutieli, D. (2001): The control of the false discovery rate in multiple testing under dependency.
    /// Annals of Statistics 29, 1165-1188.
    Any,
}

/// The p-value of each comparison as the rate of false discoveries at which it is just discovered, in their order.
///
/// Who acts on all comparisons of at most 0.1 is wrong in about one of ten of them. A p-value that is no number from 0 to
/// 1 counts as 1: it says nothing. Equal p-values are equal afterwards, and the order stays.
///
/// ```
/// use verbund::alliance::{Dependence, discovery_rates};
///
/// let rates = discovery_rates(&[0.01, 0.04, 0.03, 0.5], Dependence::Positive);
/// // 0.01 * 4 / 1; 0.04 * 4 / 3 for the second and third; 0.5 * 4 / 4.
/// let rounded: Vec<f64> = rates.iter().map(|rate| (rate * 1e4).round()).collect();
/// assert_eq!(rounded, [400.0, 533.0, 533.0, 5_000.0]);
/// assert!(discovery_rates(&[], Dependence::Any).is_empty());
/// ```
pub fn discovery_rates(p_values: &[f64], dependence: Dependence) -> Vec<f64> {
    let counted = |position: usize| {
        let p_value = p_values[position];
        if (0.0..=1.0).contains(&p_value) { p_value } else { 1.0 }
    };
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|left, right| counted(*left).total_cmp(&counted(*right)));
    let mut strictness = 1.0;
    if dependence == Dependence::Any {
        strictness = (1..=p_values.len()).map(|rank| 1.0 / rank as f64).sum();
    }

    // From the largest down: a comparison is never worse than one with a larger p-value.
    let mut rates = vec![1.0; p_values.len()];
    let mut least = 1.0_f64;
    for (position, comparison) in order.iter().enumerate().rev() {
        let share = p_values.len() as f64 / (position + 1) as f64;
        least = least.min(counted(*comparison) * share * strictness);
        rates[*comparison] = least;
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fifteen p-values of Benjamini and Hochberg's own example (1995, section 3.2).
    const PUBLISHED: [f64; 15] = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ];

    fn discovered(p_values: &[f64], dependence: Dependence) -> usize {
        let rates = discovery_rates(p_values, dependence);
        rates.iter().filter(|rate| **rate <= 0.05).count()
    }

    #[test]
    fn the_published_example_has_four_discoveries() {
        assert_eq!(discovered(&PUBLISHED, Dependence::Positive), 4);
        // By hand: 0.0019 is the third, and 3 / 15 * 0.05 over 3.318 is 0.00301; 0.0095 is above 0.00402.
        assert_eq!(discovered(&PUBLISHED, Dependence::Any), 3);
    }

    #[test]
    fn rates_keep_the_order_of_p_values_wherever_they_stand() {
        let mut turned = PUBLISHED;
        turned.reverse();
        let rates = discovery_rates(&turned, Dependence::Positive);
        let mut expected = discovery_rates(&PUBLISHED, Dependence::Positive);
        expected.reverse();
        assert_eq!(rates, expected);
        assert!(rates.windows(2).all(|pair| pair[0] >= pair[1]));
        // By hand: 0.0095 * 15 / 4, and 0.0459 * 15 / 9.
        assert!((expected[11] - 0.035_625).abs() < 1e-12 && (expected[6] - 0.0765).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_p_value_discovers_nothing() {
        let rates = discovery_rates(&[f64::NAN, -1.0, 0.001], Dependence::Positive);
        assert_eq!(rates, [1.0, 1.0, 0.003]);
        assert_eq!(discovery_rates(&[0.04], Dependence::Any), [0.04]);
    }
}
