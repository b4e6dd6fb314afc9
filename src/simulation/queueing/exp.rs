//! e^x, bit for bit as `libm` has it, in fewer steps: it is part of every lognormal draw.

/// e^x.
///
/// The steps are those of `libm::exp` (after FreeBSD's `e_exp.c`, Sun Microsystems 1993: x = k ln 2 + r,
/// a quotient of polynomials of r, times 2^k), without its branches on the size of x, which for
/// draws come as they will. Very large and very small numbers go to `libm` itself.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const P: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    // The upper halves of |x|: 2^-28, ln 2 / 2, 3 ln 2 / 2, 708.
    const TINY: u32 = 0x3e30_0000;
    const HALF: u32 = 0x3fd6_2e42;
    const ONE_AND_A_HALF: u32 = 0x3ff0_a2b2;
    const LARGE: u32 = 0x4086_2000;
    let size = (x.to_bits() >> 32) as u32 & 0x7fff_ffff;
    if size <= TINY || size >= LARGE {
        return libm::exp(x);
    }
    let one = 1.0_f64.copysign(x);
    let rounded = (std::f64::consts::LOG2_E * x + 0.5 * one) as i32;
    let near = if size > HALF { one as i32 } else { 0 };
    let k = if size >= ONE_AND_A_HALF { rounded } else { near };
    let high = x - f64::from(k) * LN2_HIGH;
    let low = f64::from(k) * LN2_LOW;
    let r = high - low;
    let square = r * r;
    let c =
        r - square * (P[0] + square * (P[1] + square * (P[2] + square * (P[3] + square * P[4]))));
    let y = 1.0 + (r * c / (2.0 - c) - low + high);
    // Within the normal numbers, so that the product is exact.
    y * f64::from_bits(((1023 + k) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(x: f64) {
        for x in [x, -x] {
            assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits(), "e^{x}");
        }
    }

    #[test]
    fn it_has_the_bits_of_libm() {
        // Steps of 2^-10 up to beyond the largest, and as many of random size below 4.
        (0..800_000).for_each(|step| check(f64::from(step) / 1024.0));
        let scrambled = |n: u64| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11) as f64;
        (0..800_000).for_each(|n| check(scrambled(n) / (1_u64 << 51) as f64));
        // Both sides of every bound.
        let ln2 = std::f64::consts::LN_2;
        for bound in [2.0_f64.powi(-28), ln2 / 2.0, 1.5 * ln2, 708.0, 709.782_712_893_384, 745.2] {
            let upper = bound.to_bits() >> 32;
            for half in upper - 2..=upper + 2 {
                for lower in [0, 1, 0x7fff_ffff, 0xffff_ffff] {
                    check(f64::from_bits(half << 32 | lower));
                }
            }
        }
        [0.0, f64::MIN_POSITIVE, 1e300, f64::INFINITY].into_iter().for_each(check);
        assert!(exp(f64::NAN).is_nan());
    }
}
