//! Rounding without the checks that a conversion makes for numbers that do not fit.

/// 2^52: from here on all numbers are whole.
const ALL_WHOLE: f64 = 4_503_599_627_370_496.0;

/// Rounds a number from 0 on down, without a call of the system's library.
#[inline]
pub(super) fn floor(value: f64) -> f64 {
    if value < ALL_WHOLE { (value as i64) as f64 } else { value }
}

/// Rounds a number from 0 to 2^32 - 1; monotone. Beside 2^52 there is no room for a fraction, so that the last bits of
/// the sum are the rounded number: one addition, where a conversion would check its range.
#[inline]
pub(super) fn whole(value: f64) -> u32 {
    (value + ALL_WHOLE).to_bits() as u32
}

/// Rounds any number into 0 to 2^31: lower ones become 0, higher ones 2^31. Monotone.
#[inline]
pub(super) fn place(value: f64) -> usize {
    whole(value.clamp(0.0, 2_147_483_648.0)) as usize
}
