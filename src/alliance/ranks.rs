//! Ranks with their uncertainty, instead of a league table.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::funnel::Level;
use super::overdispersion::{Scaled, quantile};

/// The quartiles of members' values, in their unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quartiles {
    /// A quarter of the members is lower.
    pub lower: f64,
    /// The median.
    pub median: f64,
    /// A quarter of the members is higher.
    pub upper: f64,
}

impl Quartiles {
    /// The quartiles of some values ([`quantile`]); `None` of none.
    pub fn of(values: &[f64]) -> Option<Self> {
        Some(Self {
            lower: quantile(values, 0.25)?,
            median: quantile(values, 0.5)?,
            upper: quantile(values, 0.75)?,
        })
    }

    /// The quarter in which a value lies, 1 (lowest) to 4; on a quartile it is in the lower one.
    pub fn quarter(&self, value: f64) -> u8 {
        let mut quarter = 1;
        for border in [self.lower, self.median, self.upper] {
            quarter += u8::from(value > border);
        }
        quarter
    }
}

/// The rank of a member and the ranks that it may have, from 1, the lowest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rank {
    /// By the bare values; members with equal ones share the lowest.
    pub rank: usize,
    /// The lowest rank that the data allow; `None` where the values have no uncertainty that is known.
    pub lowest: Option<usize>,
    /// The highest.
    pub highest: Option<usize>,
}

/// The ranks of bare values, which have no uncertainty, from 1 for the lowest.
///
/// ```
/// use verbund::alliance::ranks;
///
/// let beds = ranks(&[1066.0, 777.0, 1066.0]);
/// assert_eq!(beds.iter().map(|rank| rank.rank).collect::<Vec<_>>(), [2, 1, 2]);
/// ```
pub fn ranks(values: &[f64]) -> Vec<Rank> {
    let mut ranked = Vec::new();
    for value in values {
        let mut rank = 1;
        for candidate in values {
            rank += usize::from(candidate < value);
        }
        ranked.push(Rank { rank, lowest: None, highest: None });
    }
    ranked
}

/// The ranks of members with intervals that hold the true rank of a member with the probability of the level.
///
/// A member is compared with each of the others; as many as are surely lower stand before it, as many as are surely higher
/// behind it. Sure is a difference beyond the level divided by the number of comparisons (Bonferroni), so that all of
/// them together hold. Mogstad, M., Romano, J. P., Shaikh, A. M., Wilhelm, D. (2024): Inference for ranks with applications to
/// mobility across neighbourhoods and academic achievement across countries. Review of Economic Studies 91, 476-518.
///
/// ```
/// use verbund::alliance::{Level, Scaled, ranks_with_intervals};
///
/// let member = |value| Scaled { value, error: 1.0 };
/// let ranks = ranks_with_intervals(&[member(0.0), member(1.0), member(10.0)], Level::P95);
/// assert_eq!((ranks[0].rank, ranks[0].lowest, ranks[0].highest), (1, Some(1), Some(2)));
/// assert_eq!((ranks[2].lowest, ranks[2].highest), (Some(3), Some(3)));
/// ```
pub fn ranks_with_intervals(members: &[Scaled], level: Level) -> Vec<Rank> {
    // Each member is compared with all others, never with itself.
    let comparisons = members.len().saturating_sub(1).max(1) as f64;
    let sure = Normal::standard().inverse_cdf(1.0 - level.tail() / comparisons);
    let mut ranked = Vec::new();
    for member in members {
        let (mut lower, mut surely_lower, mut surely_higher) = (0, 0, 0);
        for rival in members {
            let difference = member.value - rival.value;
            let error = (member.error * member.error + rival.error * rival.error).sqrt();
            // Only lower values count, so that equal ones share a rank.
            lower += usize::from(difference > 0.0);
            surely_lower += usize::from(difference > sure * error);
            surely_higher += usize::from(-difference > sure * error);
        }
        ranked.push(Rank {
            rank: lower + 1,
            lowest: Some(surely_lower + 1),
            highest: Some(members.len() - surely_higher),
        });
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_a_spreadsheet() {
        let quartiles = Quartiles::of(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!((quartiles.lower, quartiles.median, quartiles.upper), (1.75, 2.5, 3.25));
        let quarters = [1.0, 1.75, 2.0, 3.0, 9.0].map(|value| quartiles.quarter(value));
        assert_eq!(quarters, [1, 1, 2, 3, 4]);
        assert_eq!(Quartiles::of(&[]), None);
    }

    #[test]
    fn more_data_make_narrower_intervals_that_hold_the_rank() {
        let values = [0.1, 0.2, 0.3, 0.4, 0.5];
        let with_error = |error| {
            let members = values.map(|value| Scaled { value, error });
            ranks_with_intervals(&members, Level::P95)
        };
        let width = |ranks: &[Rank]| -> usize {
            ranks.iter().map(|rank| rank.highest.unwrap() - rank.lowest.unwrap()).sum()
        };
        let (coarse, fine, exact) = (with_error(1.0), with_error(0.05), with_error(1e-6));
        assert_eq!((width(&coarse), width(&exact)), (4 * 5, 0));
        assert!(width(&fine) < width(&coarse) && width(&fine) > 0);
        for ranks in [coarse, fine, exact] {
            for (position, rank) in ranks.iter().enumerate() {
                assert_eq!(rank.rank, position + 1);
                assert!(rank.lowest.unwrap() <= rank.rank && rank.rank <= rank.highest.unwrap());
            }
        }
    }

    #[test]
    fn the_line_between_sure_and_not_is_bonferronis() {
        // Three members, two comparisons: 2.5 % / 2 on a side is 2.2414 deviations of sqrt(2).
        let pair = |distance: f64| {
            let member = |value| Scaled { value, error: 1.0 };
            let members = [member(0.0), member(distance), member(100.0)];
            ranks_with_intervals(&members, Level::P95)[1].lowest
        };
        assert_eq!(pair(2.2414 * 2.0_f64.sqrt() - 1e-3), Some(1));
        assert_eq!(pair(2.2414 * 2.0_f64.sqrt() + 1e-3), Some(2));
        let single = ranks_with_intervals(&[Scaled { value: 1.0, error: 1.0 }], Level::P95);
        assert_eq!(single, [Rank { rank: 1, lowest: Some(1), highest: Some(1) }]);
        assert!(ranks_with_intervals(&[], Level::P95).is_empty());
    }
}
