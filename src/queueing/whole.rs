//! Whole numbers of times, without the checks that a conversion makes for numbers that do not fit.

/// 2^52: from here on all numbers are whole.
const ALL_WHOLE: f64 = 4_503_599_627_370_496.0;

/// The greatest whole number up to one that is not below 0, without a call of the system's library.
#[inline]
pub(super) fn floor(value: f64) -> f64 {
    if value < ALL_WHOLE { (value as i64) as f64 } else { value }
}

/// The nearest whole number of one from 0 to 2^32 - 1; it never falls. The last bits of a sum with 2^52 are
/// that number.
#[inline]
pub(super) fn whole(value: f64) -> u32 {
    (value + ALL_WHOLE).to_bits() as u32
}

/// The place of a number among parts of length 1, of which the first has all below 0.5 and the last all from
/// 2^31; it never falls.
#[inline]
pub(super) fn place(value: f64) -> usize {
    whole(value.clamp(0.0, 2_147_483_648.0)) as usize
}
