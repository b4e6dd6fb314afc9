//! Where something that only rises, or only falls, passes a value.

/// The border in a range below which something holds and above which it does not, as near as numbers are.
pub(super) fn halved(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    // Halving ends when the two are neighbours.
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}
