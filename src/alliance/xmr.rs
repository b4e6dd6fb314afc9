//! A member over the years: charts (`XmR`) with the rules of the National Health Service.
//!
//! Values and their moving ranges from one to the next (Shewhart; Wheeler, D. J. (1993): Understanding Variation). Limits
//! and rules are those of NHS England's Making Data Count, as its package `NHSRplotthedots` computes them.

use serde::Serialize;

use super::indicators::Direction;

/// A chart with fewer points has limits that the next point may move a lot; readers are warned.
pub const FEWEST_POINTS: usize = 13;

/// How limits are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct XmrSettings {
    /// Whether moving ranges from 3.267 times their mean on are left out before limits are drawn: one jump of a process
    /// then does not widen them for all years.
    pub screens_ranges: bool,
    /// How many of the first points say where mean and limits are; `None` for all.
    pub baseline: Option<usize>,
}

impl Default for XmrSettings {
    fn default() -> Self {
        Self { screens_ranges: true, baseline: None }
    }
}

impl XmrSettings {
    /// Takes mean and limits from the first points only, at least 1.
    #[must_use]
    pub fn baseline(mut self, points: usize) -> Self {
        self.baseline = Some(points);
        self
    }

    /// Keeps every moving range.
    #[must_use]
    pub fn with_all_ranges(mut self) -> Self {
        self.screens_ranges = false;
        self
    }
}

/// Why a point is no common variation. A point may have several reasons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "four rules, of which several may hold at once")]
pub struct SpecialCause {
    /// It lies outside the limits.
    pub outside: bool,
    /// It is one of seven in a row on one side of the mean.
    pub shift: bool,
    /// It is one of seven in a row that rise, or fall, all the time.
    pub trend: bool,
    /// It lies near a limit, as does at least one more of three in a row on the same side of the mean.
    pub near_limit: bool,
}

impl SpecialCause {
    /// Whether there is any reason.
    pub fn is_any(self) -> bool {
        self.outside || self.shift || self.trend || self.near_limit
    }
}

/// What a point says to people who want the indicator to go one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Variation {
    /// Common variation: no reason to act on this point.
    Common,
    /// Better than common variation.
    Improvement,
    /// Worse than common variation.
    Concern,
    /// Special, high, where no direction is better.
    High,
    /// Special, low, where no direction is better.
    Low,
}

/// What limits say of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// The process, as it is, reaches the target every time.
    ConsistentPass,
    /// It misses it every time.
    ConsistentFail,
    /// It is chance whether it does.
    Inconsistent,
}

/// A point of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct XmrPoint {
    /// The value.
    pub value: f64,
    /// The distance to the point before; `None` of the first.
    pub moving_range: Option<f64>,
    /// Why it is special.
    pub special: SpecialCause,
    /// What it says.
    pub variation: Variation,
}

/// A chart: mean, limits and what each point says. All in the unit of the values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Xmr {
    /// The mean of the points, or of those of the baseline.
    pub mean: f64,
    /// The mean moving range, after screening.
    pub mean_range: f64,
    /// The lower limit: mean less 2.66 mean moving ranges.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// The points in their order.
    pub points: Vec<XmrPoint>,
    /// Whether there are fewer than [`FEWEST_POINTS`].
    pub is_short: bool,
}

/// From moving ranges to three standard deviations: 3 / 1.128.
const LIMIT: f64 = 2.66;
/// From here a moving range is a jump: 3.267 is D4 of Shewhart's table for pairs.
const JUMP: f64 = 3.267;
/// So many in a row make a shift or a trend.
const RUN: usize = 7;

/// The chart of values in the order of time, one for each period and none left out; `None` without values, or when one is
/// no finite number.
///
/// Seven points of equal distance are no trend unless each is higher (or lower) than the one before. Where all values are
/// equal, `NHSRplotthedots` has no limits (it screens every range of 0); here they are the mean itself.
///
/// ```
/// use verbund::alliance::{Direction, Variation, XmrSettings, xmr};
///
/// let waits = [10.0, 12.0, 11.0, 13.0, 12.0, 11.0, 30.0];
/// let chart = xmr(&waits, Direction::LowerIsBetter, XmrSettings::default()).unwrap();
/// // Ranges 2 1 2 1 1 19; the last one is a jump: 7 / 5 = 1.4 is left.
/// assert!((chart.mean_range - 1.4).abs() < 1e-12 && (chart.upper - (chart.mean + 2.66 * 1.4)).abs() < 1e-12);
/// assert_eq!(chart.points[6].variation, Variation::Concern);
/// assert!(chart.is_short);
/// ```
pub fn xmr(values: &[f64], direction: Direction, settings: XmrSettings) -> Option<Xmr> {
    if values.is_empty() || !values.iter().all(|value| value.is_finite()) {
        return None;
    }
    // Points behind the baseline are judged by its limits, and do not move them.
    let known = settings.baseline.unwrap_or(values.len()).clamp(1, values.len());
    let mean = values[..known].iter().sum::<f64>() / known as f64;
    let ranges: Vec<f64> =
        values[..known].windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let mean_range = mean_range(&ranges, settings.screens_ranges);
    let (lower, upper) = (mean - LIMIT * mean_range, mean + LIMIT * mean_range);
    if !(lower.is_finite() && upper.is_finite()) {
        return None;
    }

    // Two thirds of the way to a limit: two standard deviations.
    let near = LIMIT * 2.0 / 3.0 * mean_range;
    let sides: Vec<Side> = values.iter().map(|value| Side::of(*value, mean)).collect();
    // Exactly on a limit is within, as in the package.
    let is_outside = |value: f64| value < lower || value > upper;
    let mut is_near = Vec::new();
    for value in values {
        is_near.push(!is_outside(*value) && (*value < mean - near || *value > mean + near));
    }
    let shifts = runs(values.len(), |first| is_one_side(&sides[first..first + RUN]));
    let trends = runs(values.len(), |first| is_one_way(&values[first..first + RUN]));

    let mut points = Vec::new();
    for (position, value) in values.iter().enumerate() {
        let special = SpecialCause {
            outside: is_outside(*value),
            shift: shifts[position],
            trend: trends[position],
            near_limit: is_near[position] && is_two_of_three(position, &is_near, &sides),
        };
        let moving_range = position.checked_sub(1).map(|previous| (value - values[previous]).abs());
        let variation = variation(special, sides[position], direction);
        points.push(XmrPoint { value: *value, moving_range, special, variation });
    }
    let is_short = values.len() < FEWEST_POINTS;
    Some(Xmr { mean, mean_range, lower, upper, points, is_short })
}

impl Xmr {
    /// What the limits say of a target; `None` where no direction is better. A target on a limit is inconsistent.
    pub fn assurance(&self, target: f64, direction: Direction) -> Option<Assurance> {
        let is_always_below = target > self.upper;
        let is_always_above = target < self.lower;
        let (passes, fails) = match direction {
            Direction::HigherIsBetter => (is_always_above, is_always_below),
            Direction::LowerIsBetter => (is_always_below, is_always_above),
            Direction::Neutral => return None,
        };
        Some(if passes {
            Assurance::ConsistentPass
        } else if fails {
            Assurance::ConsistentFail
        } else {
            Assurance::Inconsistent
        })
    }
}

/// Where a point lies by the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Below,
    Mean,
    Above,
}

impl Side {
    fn of(value: f64, mean: f64) -> Self {
        if value < mean {
            Self::Below
        } else if value > mean {
            Self::Above
        } else {
            Self::Mean
        }
    }
}

/// The mean of moving ranges, without jumps where asked for; 0 of none.
fn mean_range(ranges: &[f64], screens: bool) -> f64 {
    let unscreened = mean_of(ranges);
    // Without an end no range is a jump, and there are no limits.
    if !screens || !unscreened.is_finite() {
        return unscreened;
    }
    // Once only, as the package does: screening again and again would leave no variation.
    let mut kept = Vec::new();
    for range in ranges {
        if *range < JUMP * unscreened {
            kept.push(*range);
        }
    }
    mean_of(&kept)
}

fn mean_of(ranges: &[f64]) -> f64 {
    if ranges.is_empty() { 0.0 } else { ranges.iter().sum::<f64>() / ranges.len() as f64 }
}

/// For each point whether it is part of a run, of which the first points are asked.
fn runs(points: usize, is_run: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut is_part = vec![false; points];
    for first in 0..(points + 1).saturating_sub(RUN) {
        if is_run(first) {
            is_part[first..first + RUN].fill(true);
        }
    }
    is_part
}

fn is_one_side(sides: &[Side]) -> bool {
    sides[0] != Side::Mean && sides.iter().all(|side| *side == sides[0])
}

fn is_one_way(values: &[f64]) -> bool {
    let rises = values.windows(2).all(|pair| pair[1] > pair[0]);
    let falls = values.windows(2).all(|pair| pair[1] < pair[0]);
    rises || falls
}

/// Whether three points in a row with this one are on one side of the mean, and two of them near a limit.
fn is_two_of_three(position: usize, is_near: &[bool], sides: &[Side]) -> bool {
    for first in position.saturating_sub(2)..=position {
        let Some(three) = sides.get(first..first + 3) else { continue };
        let near = is_near[first..first + 3].iter().filter(|near| **near).count();
        if near >= 2 && is_one_side(three) {
            return true;
        }
    }
    false
}

fn variation(special: SpecialCause, side: Side, direction: Direction) -> Variation {
    if !special.is_any() {
        return Variation::Common;
    }
    let is_high = side == Side::Above;
    match direction {
        Direction::Neutral if is_high => Variation::High,
        Direction::Neutral => Variation::Low,
        Direction::HigherIsBetter if is_high => Variation::Improvement,
        Direction::LowerIsBetter if side == Side::Below => Variation::Improvement,
        _ => Variation::Concern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[f64]) -> Xmr {
        xmr(values, Direction::Neutral, XmrSettings::default()).unwrap()
    }

    /// R's `set.seed(123); rnorm(20)`, the data of `NHSRplotthedots`'s own test of limits.
    const NORMAL: [f64; 20] = [
        -0.560_475_65,
        -0.230_177_49,
        1.558_708_31,
        0.070_508_39,
        0.129_287_74,
        1.715_064_99,
        0.460_916_21,
        -1.265_061_23,
        -0.686_852_85,
        -0.445_661_97,
        1.224_081_80,
        0.359_813_83,
        0.400_771_45,
        0.110_682_72,
        -0.555_841_13,
        1.786_913_14,
        0.497_850_48,
        -1.966_617_16,
        0.701_355_90,
        -0.472_791_41,
    ];

    #[test]
    fn limits_are_those_of_the_packages_own_snapshot() {
        // Its snapshot prints mean 0.142, limits -3.01 and 3.29.
        let steady = chart(&NORMAL);
        assert!((steady.mean - 0.142).abs() < 5e-4);
        assert!((steady.lower + 3.01).abs() < 5e-3 && (steady.upper - 3.29).abs() < 5e-3);

        // The same with a jump to 10, screened and not: the package's test asks for wider limits without screening.
        let mut jump = NORMAL;
        jump[14] = 10.0;
        let screened = chart(&jump);
        let every =
            xmr(&jump, Direction::Neutral, XmrSettings::default().with_all_ranges()).unwrap();
        assert!((screened.upper - 3.722_497_316).abs() < 1e-8);
        assert!((every.upper - 5.935_456_9).abs() < 1e-6);
        assert!(every.upper - every.lower > screened.upper - screened.lower);
    }

    #[test]
    fn seven_on_one_side_are_a_shift_and_six_are_none() {
        // The package's vectors of sides: six ones, then another; eight ones, then another.
        let shift =
            |sides: &[Side]| runs(sides.len(), |first| is_one_side(&sides[first..first + RUN]));
        let mut sides = vec![Side::Above; 6];
        sides.push(Side::Below);
        assert_eq!(shift(&sides), [false; 7]);
        let mut sides = vec![Side::Below; 8];
        sides.push(Side::Above);
        let mut expected = vec![true; 8];
        expected.push(false);
        assert_eq!(shift(&sides), expected);
        assert_eq!(shift(&[Side::Mean; 9]), [false; 9], "on the mean is no side");
        assert!(shift(&[]).is_empty());
    }

    #[test]
    fn seven_that_rise_are_a_trend_and_a_pause_ends_it() {
        let trend =
            |values: &[f64]| runs(values.len(), |first| is_one_way(&values[first..first + RUN]));
        assert_eq!(trend(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), [false; 6]);
        assert_eq!(trend(&[1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0]), [false; 7]);
        assert_eq!(trend(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), [true; 7]);
        let falling = trend(&[2.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 3.0]);
        assert_eq!(falling, [false, true, true, true, true, true, true, true, false]);
    }

    #[test]
    fn two_of_three_near_a_limit_count_on_one_side_only() {
        let pair = |near: &[u8], sides: &[Side]| -> Vec<bool> {
            let is_near: Vec<bool> = near.iter().map(|mark| *mark == 1).collect();
            let part = |position| is_near[position] && is_two_of_three(position, &is_near, sides);
            (0..near.len()).map(part).collect()
        };
        let above = [Side::Above; 7];
        assert_eq!(pair(&[1, 0, 1], &above[..3]), [true, false, true]);
        assert_eq!(pair(&[1, 0, 0, 1], &above[..4]), [false; 4]);
        assert_eq!(pair(&[1, 0, 0, 1, 1], &above[..5]), [false, false, false, true, true]);
        assert_eq!(
            pair(&[0, 0, 1, 0, 1, 0, 0], &above),
            [false, false, true, false, true, false, false]
        );
        let mixed = [Side::Above, Side::Above, Side::Below];
        assert_eq!(pair(&[1, 1, 1], &mixed), [false; 3]);

        // The package's own data: near both limits in turn is common variation.
        let mut values: Vec<f64> = [1.0, -1.0].repeat(8);
        values[14] = 5.5;
        values[15] = -5.5;
        let swing = chart(&values);
        assert_eq!(swing.points[14].variation, Variation::Common);
        assert_eq!(swing.points[15].variation, Variation::Common);
    }

    #[test]
    fn directions_turn_special_points_into_improvement_or_concern() {
        let mut values =
            vec![10.0, 11.0, 10.0, 9.0, 10.0, 11.0, 10.0, 9.0, 10.0, 11.0, 10.0, 9.0, 20.0];
        let last = |values: &[f64], direction| {
            let chart = xmr(values, direction, XmrSettings::default()).unwrap();
            chart.points.last().unwrap().variation
        };
        assert_eq!(last(&values, Direction::HigherIsBetter), Variation::Improvement);
        assert_eq!(last(&values, Direction::LowerIsBetter), Variation::Concern);
        assert_eq!(last(&values, Direction::Neutral), Variation::High);
        *values.last_mut().unwrap() = 0.0;
        assert_eq!(last(&values, Direction::LowerIsBetter), Variation::Improvement);
        assert_eq!(last(&values, Direction::Neutral), Variation::Low);
        let chart = chart(&values);
        assert!(!chart.is_short);
        let above = chart.upper + 1.0;
        let fail = Some(Assurance::ConsistentFail);
        assert_eq!(chart.assurance(above, Direction::HigherIsBetter), fail);
        let pass = Some(Assurance::ConsistentPass);
        assert_eq!(chart.assurance(above, Direction::LowerIsBetter), pass);
        let neither = Some(Assurance::Inconsistent);
        assert_eq!(chart.assurance(chart.mean, Direction::LowerIsBetter), neither);
        assert_eq!(chart.assurance(chart.mean, Direction::Neutral), None);
    }

    #[test]
    fn a_baseline_keeps_its_limits_and_odd_input_has_an_answer() {
        let mut values = [10.0, 12.0].repeat(6);
        values.push(40.0);
        let settings = XmrSettings::default().baseline(12);
        let chart = xmr(&values, Direction::Neutral, settings).unwrap();
        assert_eq!((chart.mean, chart.mean_range), (11.0, 2.0));
        assert!(chart.points[12].special.outside);

        let flat = xmr(&[5.0; 4], Direction::Neutral, XmrSettings::default()).unwrap();
        assert_eq!((flat.lower, flat.upper), (5.0, 5.0));
        assert!(flat.points.iter().all(|point| point.variation == Variation::Common));
        let single = xmr(&[5.0], Direction::Neutral, settings).unwrap();
        assert_eq!(single.points[0].moving_range, None);
        for wrong in [&[][..], &[1.0, f64::NAN], &[f64::MAX, f64::MIN]] {
            assert_eq!(xmr(wrong, Direction::Neutral, XmrSettings::default()), None);
        }
    }
}
