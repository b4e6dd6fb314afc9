//! What wards gain that share their beds.

use serde::Serialize;

use super::erlang::{least_beds, refused};
use super::error::{FormulaError, check, check_offered};
use super::station::Station;

/// Refusals and beds of wards, each for itself and all together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pooling {
    /// Share of all patients, 0 to 1, who are refused while each ward has its own beds.
    pub separate_refused: f64,
    /// Share of all patients, 0 to 1, who are refused when all beds serve everybody.
    pub pooled_refused: f64,
    /// Beds of all wards.
    pub beds: u32,
    /// The least number of shared beds that refuse no greater share than the wards do today.
    pub pooled_beds: u32,
}

impl Pooling {
    /// Beds that sharing saves at today's share of refusals; negative when it costs some.
    pub fn beds_saved(&self) -> i64 {
        i64::from(self.beds) - i64::from(self.pooled_beds)
    }
}

/// What wards gain that share all their beds, by Erlang B before and after.
///
/// Holds for any distribution of the stays. With equal mean stays, sharing never refuses more. With
/// very different ones it can: many short stays then lose their own beds to few long ones.
///
/// Smith, D. R., Whitt, W. (1981): Resource sharing for efficiency in traffic systems. Bell System
/// Technical Journal 60, 39-55.
///
/// # Errors
///
/// Without wards, or when they are too large together: a load above ten million or more beds than
/// `u32` holds.
///
/// ```
/// use verbund::queueing::formulas::{Station, pooling};
///
/// // Two wards with a load of 1 and 3 beds refuse 1/16 each. Of their load of 2, six shared beds
/// // refuse 4/331, five 4/109 and four 2/21: five do as well as six do today.
/// let ward = Station::new(1.0, 1.0, 3)?;
/// let shared = pooling(&[ward, ward])?;
/// assert!((shared.separate_refused - 1.0 / 16.0).abs() < 1e-15);
/// assert!((shared.pooled_refused - 4.0 / 331.0).abs() < 1e-15);
/// assert_eq!((shared.pooled_beds, shared.beds_saved()), (5, 1));
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn pooling(wards: &[Station]) -> Result<Pooling, FormulaError> {
    check(!wards.is_empty(), "the number of wards", 0.0, "at least 1")?;
    let mut beds = 0;
    for ward in wards {
        beds += u64::from(ward.servers());
    }
    let expected = "at most 4,294,967,295";
    let beds = u32::try_from(beds).map_err(|_| FormulaError::OutOfRange {
        name: "the beds of all wards",
        value: beds as f64,
        expected,
    })?;
    let offered: f64 = wards.iter().map(Station::offered).sum();
    check_offered(offered)?;
    let arrivals: f64 = wards.iter().map(Station::arrivals).sum();
    check(arrivals.is_finite(), "the arrivals of all wards", arrivals, "a finite number")?;
    // Weighted by patients: a mean over wards would let a small ward count as much as a large one.
    let mut turned_away = 0.0;
    for ward in wards {
        turned_away += ward.arrivals() * ward.loss().refused;
    }
    let separate_refused = if arrivals > 0.0 { turned_away / arrivals } else { 0.0 };
    Ok(Pooling {
        separate_refused,
        pooled_refused: refused(offered, beds),
        beds,
        pooled_beds: least_beds(offered, separate_refused),
    })
}
