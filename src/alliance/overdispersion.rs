//! Overdispersion: members differ by more than chance, for reasons that no indicator knows.
//!
//! Limits of chance alone then call nearly every large member unusual. An additive random effect widens them by what
//! members differ among each other (`tau`): Spiegelhalter, D. J. (2005): Handling over-dispersion of performance
//! indicators. Quality and Safety in Health Care 14, 347-351; DerSimonian, R., Laird, N. (1986): Meta-analysis in
//! clinical trials. Controlled Clinical Trials 7, 177-188.

use std::f64::consts::FRAC_PI_2;

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::error::FigureError;
use super::funnel::{Level, Limits};
use super::halving::halved;

/// The scale on which members are compared, where the scatter of chance depends on size alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scale {
    /// The logarithm of observed over expected, as NHS Digital's SHMI has it; centre 0, error `1 / sqrt(expected)`.
    /// A member without any event has no place on it.
    LogRatio,
    /// The root of observed over expected, as the Care Quality Commission has it; centre 1, error
    /// `1 / (2 sqrt(expected))`.
    RootRatio,
    /// The arcsine of the root of a share; error `1 / (2 sqrt(cases))`.
    Arcsine,
}

impl Scale {
    /// A ratio or share on this scale; `None` where it has no place.
    pub fn of(self, value: f64) -> Option<f64> {
        match self {
            Self::LogRatio => (value > 0.0).then(|| libm::log(value)),
            Self::RootRatio => (value >= 0.0).then(|| value.sqrt()),
            Self::Arcsine => (0.0..=1.0).contains(&value).then(|| libm::asin(value.sqrt())),
        }
    }

    /// Back from this scale; below its lowest point is the lowest value.
    pub fn back(self, scaled: f64) -> f64 {
        match self {
            Self::LogRatio => libm::exp(scaled),
            Self::RootRatio => scaled.max(0.0) * scaled.max(0.0),
            Self::Arcsine => {
                // FunnelPlotR lets the angle run beyond its ends, where the sine comes back: limits of small
                // members then cross.
                let sine = libm::sin(scaled.clamp(0.0, FRAC_PI_2));
                sine * sine
            }
        }
    }

    /// The standard error of chance on this scale, of a member with so many expected events (or cases, for a share);
    /// these are above 0.
    pub fn error(self, base: f64) -> f64 {
        match self {
            Self::LogRatio => 1.0 / base.sqrt(),
            Self::RootRatio | Self::Arcsine => 0.5 / base.sqrt(),
        }
    }
}

/// What is done with the members at both ends before they say how much members differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trim {
    /// All count as they are.
    None,
    /// So large a share at each end is left out (SHMI: 0.1), by rank, as `FunnelPlotR` cuts it.
    Truncate(f64),
    /// So large a share at each end is drawn in to the quantile there (CQC: 0.1).
    Winsorise(f64),
}

/// A member's value on a scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scaled {
    /// The value on the scale.
    pub value: f64,
    /// Its standard error by chance, above 0.
    pub error: f64,
}

/// How much members differ beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Overdispersion {
    /// Members that count: all, or those that were not left out.
    pub members: usize,
    /// The mean of their squared z-scores: 1 when chance is all there is.
    pub phi: f64,
    /// The variance between members on the scale, 0 or more (DerSimonian and Laird).
    pub tau_squared: f64,
    /// Lower and upper end of a 95 % interval of that variance, over all members untrimmed; `None` for fewer than
    /// two. Viechtbauer, W. (2007): Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics
    /// in Medicine 26, 37-52 (Q-profile).
    pub tau_squared_interval: Option<(f64, f64)>,
}

impl Overdispersion {
    /// The standard deviation between members on the scale.
    pub fn tau(&self) -> f64 {
        self.tau_squared.sqrt()
    }
}

/// What members are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Centre {
    /// A value on the scale that is known beforehand, such as a ratio of 1: all degrees of freedom stay.
    Fixed(f64),
    /// The mean of the members, weighted by their precision, as in a meta-analysis.
    WeightedMean,
}

/// How much members differ beyond chance, around a centre.
///
/// `phi` and the variance are those of `FunnelPlotR` for a fixed centre; with the weighted mean and no trimming, those
/// of DerSimonian and Laird. Without members all is 0.
///
/// # Errors
///
/// When the share to trim is not from 0 to below 0.5.
///
/// ```
/// use verbund::alliance::{Centre, Scale, Scaled, Trim, overdispersion};
///
/// // Observed and expected of six hospitals, from FunnelPlotR's tests.
/// let pairs = [(100.0, 108.0), (150.0, 112.0), (180.0, 165.0), (80.0, 95.0), (120.0, 100.0), (225.0, 220.0)];
/// let scale = Scale::LogRatio;
/// let members: Vec<Scaled> = pairs
///     .iter()
///     .filter_map(|(observed, expected)| Some(Scaled { value: scale.of(observed / expected)?, error: scale.error(*expected) }))
///     .collect();
/// let spread = overdispersion(&members, Centre::Fixed(0.0), Trim::Truncate(0.1))?;
/// assert!((spread.phi - 2.948_033).abs() < 1e-6 && (spread.tau() - 0.139_562).abs() < 1e-6);
/// # Ok::<(), verbund::alliance::FigureError>(())
/// ```
pub fn overdispersion(
    members: &[Scaled],
    centre: Centre,
    trim: Trim,
) -> Result<Overdispersion, FigureError> {
    if let Trim::Truncate(share) | Trim::Winsorise(share) = trim
        && !(0.0..0.5).contains(&share)
    {
        return Err(FigureError::Trim { share });
    }
    let middle = match centre {
        Centre::Fixed(value) => value,
        Centre::WeightedMean => weighted_mean(members, 0.0),
    };
    let mut z_scores = Vec::new();
    for member in members {
        z_scores.push((member.value - middle) / member.error);
    }
    let kept = match trim {
        Trim::None => members.to_vec(),
        Trim::Truncate(share) => truncated(members, &z_scores, share),
        Trim::Winsorise(share) => winsorised(members, &z_scores, middle, share),
    };

    let count = kept.len() as f64;
    let squares = sum_of_squares(&kept, middle, 0.0);
    Ok(Overdispersion {
        members: kept.len(),
        phi: if kept.is_empty() { 0.0 } else { squares / count },
        tau_squared: tau_squared(&kept, squares),
        tau_squared_interval: interval(members, centre),
    })
}

/// The variance between members whose squared z-scores have this sum.
fn tau_squared(members: &[Scaled], squares: f64) -> f64 {
    let (mut weights, mut weights_squared) = (0.0, 0.0);
    for member in members {
        let weight = 1.0 / (member.error * member.error);
        weights += weight;
        weights_squared += weight * weight;
    }
    let spare = weights - weights_squared / weights;
    let excess = squares - (members.len() as f64 - 1.0);
    // One member alone has nothing to differ from, and leaves a divisor of 0.
    let is_spread = members.len() > 1 && spare > 0.0 && excess > 0.0;
    if is_spread { excess / spare } else { 0.0 }
}

/// The mean of the members, each weighted by its precision with this variance between them; 0 of none.
fn weighted_mean(members: &[Scaled], between: f64) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for member in members {
        let weight = 1.0 / (member.error * member.error + between);
        sum += weight * member.value;
        weights += weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// The squared distances to a centre, each over the variance of chance and this one between members.
fn sum_of_squares(members: &[Scaled], middle: f64, between: f64) -> f64 {
    let mut sum = 0.0;
    for member in members {
        let distance = member.value - middle;
        sum += distance * distance / (member.error * member.error + between);
    }
    sum
}

/// Members without the lowest and the highest share, by the rank of their z-scores.
fn truncated(members: &[Scaled], z_scores: &[f64], share: f64) -> Vec<Scaled> {
    if share == 0.0 {
        return members.to_vec();
    }
    // Groups of equal size by rank, of which the outermost are left out: the count of the package.
    let groups = 1.0 / share;
    let mut kept = Vec::new();
    for (member, z_score) in members.iter().zip(z_scores) {
        let group = (rank(z_scores, *z_score) * groups / (members.len() as f64 + 1.0)).floor();
        if group > 0.0 && group < groups - 1.0 {
            kept.push(*member);
        }
    }
    kept
}

/// The rank of a value from 1; those that are equal share their mean rank.
fn rank(values: &[f64], value: f64) -> f64 {
    let (mut lower, mut equal) = (0, 0);
    for candidate in values {
        if *candidate < value {
            lower += 1;
        } else if *candidate == value {
            equal += 1;
        }
    }
    f64::from(lower) + f64::from(equal + 1) / 2.0
}

/// Members whose z-scores are drawn in to the quantiles at both ends.
fn winsorised(members: &[Scaled], z_scores: &[f64], middle: f64, share: f64) -> Vec<Scaled> {
    let (Some(low), Some(high)) = (quantile(z_scores, share), quantile(z_scores, 1.0 - share))
    else {
        return Vec::new();
    };
    let mut drawn_in = Vec::new();
    for (member, z_score) in members.iter().zip(z_scores) {
        // In deviations, so that large and small members are treated alike.
        let value = middle + z_score.clamp(low, high) * member.error;
        drawn_in.push(Scaled { value, error: member.error });
    }
    drawn_in
}

/// The quantile of some values on a straight line between two of them (R's type 7), `share` from 0 to 1; `None` of none.
///
/// Hyndman, R. J., Fan, Y. (1996): Sample quantiles in statistical packages. The American Statistician 50, 361-365.
///
/// ```
/// use verbund::alliance::quantile;
///
/// assert_eq!(quantile(&[4.0, 1.0, 2.0, 3.0], 0.25), Some(1.75));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * share.clamp(0.0, 1.0);
    let lower = (position.floor() as usize).min(last);
    let upper = (lower + 1).min(last);
    Some(sorted[lower] + (position - lower as f64) * (sorted[upper] - sorted[lower]))
}

/// The variances between members for which the sum of squares is as large as chance lets it be.
fn interval(members: &[Scaled], centre: Centre) -> Option<(f64, f64)> {
    if members.len() < 2 {
        return None;
    }
    // A centre that the members themselves give costs one degree of freedom.
    let degrees = match centre {
        Centre::Fixed(_) => members.len(),
        Centre::WeightedMean => members.len() - 1,
    };
    let law = ChiSquared::new(degrees as f64).ok()?;
    let sum = |between: f64| {
        let middle = match centre {
            Centre::Fixed(value) => value,
            Centre::WeightedMean => weighted_mean(members, between),
        };
        sum_of_squares(members, middle, between)
    };
    // The sum falls as the variance grows, so that halving finds the variance of any sum.
    let variance_at = |target: f64| {
        if sum(0.0) <= target {
            return 0.0;
        }
        let mut high = 1.0;
        while sum(high) > target && high < f64::MAX / 4.0 {
            high *= 2.0;
        }
        halved(0.0, high, |middle| sum(middle) > target)
    };
    Some((variance_at(law.inverse_cdf(0.975)), variance_at(law.inverse_cdf(0.025))))
}

/// The limits of a ratio or share with the scatter between members: `centre` on the scale, then chance and `tau`
/// together as a normal law, then back.
///
/// Equal to the adjusted limits of `FunnelPlotR` for SHMI. For the root of a ratio that program draws `1 +- z s` without
/// going back from the root (its limits are near ours for large members only); for shares it lets the arcsine leave its
/// range. `base` is the expected events, or the cases, and above 0.
///
/// ```
/// use verbund::alliance::{Level, Scale, widened_limits};
///
/// let funnel = widened_limits(Scale::LogRatio, 0.0, 0.0011_f64.sqrt(), 100.0, Level::P95);
/// assert!((funnel.lower.unwrap() - 0.8134).abs() < 1e-4);
/// ```
pub fn widened_limits(scale: Scale, centre: f64, tau: f64, base: f64, level: Level) -> Limits {
    let error = scale.error(base);
    let width = level.deviations() * (error * error + tau * tau).sqrt();
    Limits { lower: Some(scale.back(centre - width)), upper: Some(scale.back(centre + width)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alliance::chi_square_limits;

    fn members(scale: Scale, counts: &[f64], bases: &[f64]) -> Vec<Scaled> {
        let mut scaled = Vec::new();
        for (count, base) in counts.iter().zip(bases) {
            let value = scale.of(count / base).unwrap();
            scaled.push(Scaled { value, error: scale.error(*base) });
        }
        scaled
    }

    fn assert_near(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-10 * right.abs().max(1.0), "{left} is not {right}");
    }

    const SIX: ([f64; 6], [f64; 6]) =
        ([100.0, 150.0, 180.0, 80.0, 120.0, 225.0], [108.0, 112.0, 165.0, 95.0, 100.0, 220.0]);

    const OBSERVED: [f64; 20] = [
        62.0, 31.0, 118.0, 95.0, 240.0, 77.0, 15.0, 48.0, 160.0, 84.0, 51.0, 29.0, 133.0, 202.0,
        66.0, 38.0, 91.0, 110.0, 21.0, 57.0,
    ];
    const EXPECTED: [f64; 20] = [
        50.2, 40.1, 100.5, 99.9, 190.3, 80.8, 20.4, 45.5, 170.6, 60.7, 55.5, 33.3, 120.1, 230.2,
        70.7, 30.3, 88.8, 140.4, 25.5, 60.6,
    ];

    #[test]
    fn shmi_and_cqc_give_what_funnelplotr_gives() {
        // Its test data, its formulas run in another language.
        let (observed, expected) = SIX;
        let log = members(Scale::LogRatio, &observed, &expected);
        let shmi = overdispersion(&log, Centre::Fixed(0.0), Trim::Truncate(0.1)).unwrap();
        assert_eq!(shmi.members, 6);
        assert_near(shmi.phi, 2.948_033_175_102_358);
        assert_near(shmi.tau_squared, 0.019_477_530_578_021_57);
        let root = members(Scale::RootRatio, &observed, &expected);
        let cqc = overdispersion(&root, Centre::Fixed(1.0), Trim::Winsorise(0.1)).unwrap();
        assert_near(cqc.phi, 2.327_178_257_594_119);
        assert_near(cqc.tau_squared, 0.003_439_780_154_186_273_5);

        // Twenty hospitals, of which SHMI leaves out two at each end.
        let log = members(Scale::LogRatio, &OBSERVED, &EXPECTED);
        let shmi = overdispersion(&log, Centre::Fixed(0.0), Trim::Truncate(0.1)).unwrap();
        assert_eq!(shmi.members, 16);
        assert_near(shmi.phi, 1.006_150_248_251_538_5);
        assert_near(shmi.tau_squared, 0.001_096_050_652_580_824_3);
        let root = members(Scale::RootRatio, &OBSERVED, &EXPECTED);
        let cqc = overdispersion(&root, Centre::Fixed(1.0), Trim::Winsorise(0.1)).unwrap();
        assert_near(cqc.phi, 1.365_787_773_183_907_2);
        assert_near(cqc.tau_squared, 0.001_306_740_236_089_264_7);

        // Seven of its vignette scatter less than chance: no variance is left.
        let seven = members(
            Scale::LogRatio,
            &[15.0, 40.0, 72.0, 28.0, 50.0, 66.0, 75.0],
            &[13.0, 32.0, 75.0, 33.0, 54.0, 60.0, 72.0],
        );
        let shmi = overdispersion(&seven, Centre::Fixed(0.0), Trim::Truncate(0.1)).unwrap();
        assert_near(shmi.phi, 0.551_470_093_261_263_2);
        assert_eq!(shmi.tau_squared, 0.0);
    }

    /// Observed and expected days of stay of the 54 hospitals of Arizona's Medicare files of 1991 (`medpar` of R's
    /// package COUNT; Hilbe, J. M. (2014): Modeling Count Data). Expected by the Poisson regression of FunnelPlotR's
    /// vignette on membership of a health maintenance organisation, death, age of 80 and more and kind of admission.
    #[rustfmt::skip]
    const MEDPAR: [(f64, f64); 54] = [
        (406.0, 523.6963), (642.0, 612.9786), (46.0, 53.7914), (764.0, 763.7179),
        (82.0, 120.9374), (201.0, 250.1860), (193.0, 155.4921), (569.0, 484.7149),
        (404.0, 362.2221), (134.0, 188.9266), (614.0, 554.3848), (491.0, 616.7380),
        (501.0, 360.1473), (131.0, 245.6126), (274.0, 263.5646), (124.0, 154.6624),
        (456.0, 475.0159), (48.0, 38.9339), (429.0, 445.0966), (14.0, 28.7971),
        (369.0, 347.5364), (8.0, 7.5611), (37.0, 73.2056), (128.0, 118.1138),
        (145.0, 273.3377), (493.0, 449.7932), (104.0, 172.3786), (6.0, 19.1963),
        (308.0, 321.8580), (34.0, 36.5630), (7.0, 19.9643), (935.0, 851.7164),
        (134.0, 198.9406), (339.0, 302.3934), (458.0, 410.1635), (22.0, 45.8653),
        (2.0, 9.6673), (160.0, 212.3450), (87.0, 38.9222), (55.0, 31.7379),
        (252.0, 285.6359), (174.0, 186.6561), (43.0, 33.9818), (228.0, 255.6547),
        (210.0, 242.0259), (321.0, 279.4762), (631.0, 619.2636), (543.0, 626.1302),
        (105.0, 145.6749), (389.0, 413.8621), (92.0, 111.2628), (1012.0, 685.5857),
        (283.0, 181.1079), (95.0, 24.8065),
    ];

    #[test]
    fn hospitals_outside_the_limits_are_as_many_as_in_the_vignette_of_funnelplotr() {
        // Its level of "99" is 99.8 %: 25 outliers by chance alone, 9 with the scatter between hospitals.
        let mut beyond_chance = 0;
        let mut scaled = Vec::new();
        for (observed, expected) in MEDPAR {
            let funnel = chi_square_limits(expected, Level::P998).unwrap();
            if observed < funnel.lower.unwrap() || observed > funnel.upper.unwrap() {
                beyond_chance += 1;
            }
            let value = Scale::LogRatio.of(observed / expected).unwrap();
            scaled.push(Scaled { value, error: Scale::LogRatio.error(expected) });
        }
        assert_eq!(beyond_chance, 25);

        let spread = overdispersion(&scaled, Centre::Fixed(0.0), Trim::Truncate(0.1)).unwrap();
        assert_eq!(spread.members, 44);
        assert_near(spread.phi, 8.532_056_926_011_359);
        assert_near(spread.tau_squared, 0.028_407_220_434_398_89);
        let mut beyond_scatter = 0;
        for (observed, expected) in MEDPAR {
            let funnel = widened_limits(Scale::LogRatio, 0.0, spread.tau(), expected, Level::P998);
            let ratio = observed / expected;
            if ratio < funnel.lower.unwrap() || ratio > funnel.upper.unwrap() {
                beyond_scatter += 1;
            }
        }
        assert_eq!(beyond_scatter, 9);
    }

    #[test]
    fn the_limits_of_shmi_are_those_of_funnelplotr() {
        // That program rounds 1.96 and 3.09 to six decimals, which moves its limits by less than 1e-7.
        let tau = 0.001_096_050_652_580_824_3_f64.sqrt();
        for (level, lower, upper) in [
            (Level::P95, 0.813_460_196_444_639_7, 1.229_316_448_881_780_3),
            (Level::P998, 0.722_153_023_233_910_4, 1.384_748_062_843_867_8),
        ] {
            let funnel = widened_limits(Scale::LogRatio, 0.0, tau, 100.0, level);
            assert!((funnel.lower.unwrap() - lower).abs() < 1e-7, "{funnel:?}");
            assert!((funnel.upper.unwrap() - upper).abs() < 1e-7, "{funnel:?}");
        }
    }

    #[test]
    fn the_variance_of_the_vaccine_trials_is_the_published_one() {
        // Thirteen trials of BCG (Colditz et al. 1994), log risk ratios; R's metafor (dat.bcg): Q 152.2330, tau^2
        // 0.3088 by DerSimonian and Laird, 95 % interval 0.1197 to 1.1115 by Q-profile.
        // Ill and well of those who were vaccinated, ill and well of those who were not.
        let trials: [[f64; 4]; 13] = [
            [4.0, 119.0, 11.0, 128.0],
            [6.0, 300.0, 29.0, 274.0],
            [3.0, 228.0, 11.0, 209.0],
            [62.0, 13536.0, 248.0, 12619.0],
            [33.0, 5036.0, 47.0, 5761.0],
            [180.0, 1361.0, 372.0, 1079.0],
            [8.0, 2537.0, 10.0, 619.0],
            [505.0, 87886.0, 499.0, 87892.0],
            [29.0, 7470.0, 45.0, 7232.0],
            [17.0, 1699.0, 65.0, 1600.0],
            [186.0, 50448.0, 141.0, 27197.0],
            [5.0, 2493.0, 3.0, 2338.0],
            [27.0, 16886.0, 29.0, 17825.0],
        ];
        let scaled = trials.map(|[ill, well, control_ill, control_well]| {
            let (treated, control) = (ill + well, control_ill + control_well);
            let variance = 1.0 / ill - 1.0 / treated + 1.0 / control_ill - 1.0 / control;
            let value = (ill / treated / (control_ill / control)).ln();
            Scaled { value, error: variance.sqrt() }
        });
        let between = overdispersion(&scaled, Centre::WeightedMean, Trim::None).unwrap();
        assert!((between.phi * 13.0 - 152.2330).abs() < 1e-4, "{between:?}");
        assert!((between.tau_squared - 0.3088).abs() < 1e-4, "{between:?}");
        let (low, high) = between.tau_squared_interval.unwrap();
        assert!((low - 0.1197).abs() < 1e-4 && (high - 1.1115).abs() < 1e-4, "{between:?}");
    }

    #[test]
    fn few_members_and_wrong_shares_have_an_answer() {
        let nobody = overdispersion(&[], Centre::WeightedMean, Trim::Winsorise(0.1)).unwrap();
        assert_eq!((nobody.members, nobody.phi, nobody.tau_squared), (0, 0.0, 0.0));
        let alone = [Scaled { value: 9.0, error: 0.1 }];
        let alone = overdispersion(&alone, Centre::Fixed(0.0), Trim::None).unwrap();
        assert_eq!((alone.tau_squared, alone.tau_squared_interval), (0.0, None));
        for share in [0.5, -0.1, f64::NAN] {
            assert!(overdispersion(&[], Centre::WeightedMean, Trim::Truncate(share)).is_err());
        }
        let equal = [Scaled { value: 0.0, error: 1.0 }; 5];
        let equal = overdispersion(&equal, Centre::Fixed(0.0), Trim::Truncate(0.1)).unwrap();
        assert_eq!(equal.tau_squared, 0.0);
    }

    #[test]
    fn limits_of_small_shares_stay_in_order_and_within_0_and_1() {
        let centre = Scale::Arcsine.of(0.02).unwrap();
        for cases in [1.0, 5.0, 50.0, 5_000.0] {
            let funnel = widened_limits(Scale::Arcsine, centre, 0.0, cases, Level::P998);
            let (lower, upper) = (funnel.lower.unwrap(), funnel.upper.unwrap());
            assert!((0.0..=0.02).contains(&lower) && (0.02..=1.0).contains(&upper), "{funnel:?}");
        }
        // The arcsine is close to exact limits where there are many cases: 0.02 +- 1.96 sqrt(0.02 * 0.98 / 5000).
        let funnel = widened_limits(Scale::Arcsine, centre, 0.0, 5_000.0, Level::P95);
        assert!((funnel.upper.unwrap() - 0.02388).abs() < 2e-4);
    }
}
