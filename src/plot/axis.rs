//! Axes: round ticks, where a value lies, and numbers as they stand beside them.

use crate::units::grouped;
use crate::words::with_mark;

/// Round values from below the least to above the greatest of some numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ticks {
    pub(super) values: Vec<f64>,
    step: f64,
}

/// Where values lie on a picture: two of them, and their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Ticks {
    /// Round values around a range, in steps of 1, 2 or 5 times a power of ten; about `most` steps.
    pub(super) fn around(low: f64, high: f64, most: u32) -> Self {
        let (mut low, mut high) = (low.min(high), low.max(high));
        if !(high - low).is_finite() {
            (low, high) = (0.0, 1.0);
        }
        // A range of nothing still needs a scale.
        if high - low <= high.abs().max(low.abs()) * 1e-12 {
            let around = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
            high += around;
            low = if low == 0.0 { 0.0 } else { low - around };
        }
        let step = round_step((high - low) / f64::from(most.max(1)));
        Self::in_steps(low, high, step)
    }

    /// The same for things that are counted: no step is below 1.
    pub(super) fn whole(low: f64, high: f64, most: u32) -> Self {
        let ticks = Self::around(low, high, most);
        if ticks.step >= 1.0 { ticks } else { Self::in_steps(low, high.max(low + 1.0), 1.0) }
    }

    fn in_steps(low: f64, high: f64, step: f64) -> Self {
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil();
        let mut values = Vec::new();
        // Multiplied, not added up: sums of 0.1 are no round numbers. Never more than fit on a picture.
        for number in 0..=((last - first).clamp(0.0, 100.0) as u32) {
            values.push((first + f64::from(number)) * step);
        }
        Self { values, step }
    }

    pub(super) fn low(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    pub(super) fn high(&self) -> f64 {
        self.values.last().copied().unwrap_or(1.0)
    }

    /// A tick in print: as many decimals as its step has.
    pub(super) fn label(&self, value: f64) -> String {
        let mut decimals = 0;
        let mut step = self.step;
        while decimals < 6 && (step - step.round()).abs() > 1e-9 * step {
            step *= 10.0;
            decimals += 1;
        }
        number(value, decimals)
    }
}

/// The least of 1, 2, 5, 10 .. that is not below a width.
fn round_step(width: f64) -> f64 {
    // The library's, as that of the system differs in its last digit from one to the next.
    let power = libm::pow(10.0, width.log10().floor());
    for factor in [1.0, 2.0, 5.0] {
        if width <= factor * power * (1.0 + 1e-9) {
            return factor * power;
        }
    }
    10.0 * power
}

impl Scale {
    pub(super) fn new(ticks: &Ticks, from: f64, to: f64) -> Self {
        Self { low: ticks.low(), high: ticks.high(), from, to }
    }

    pub(super) fn between(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self { low, high, from, to }
    }

    /// Where a value lies; what is beyond the ends lies at the end.
    pub(super) fn spot(&self, value: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.from;
        }
        let share = ((value - self.low) / width).clamp(0.0, 1.0);
        self.from + (self.to - self.from) * share
    }
}

/// A number with so many decimals and commas between thousands; a true minus below 0.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    // No minus before what is printed as 0.
    if value < 0.0 && text.contains(|letter: char| ('1'..='9').contains(&letter)) {
        out.push('−');
    }
    match whole.parse() {
        Ok(whole) => out.push_str(&grouped(whole)),
        Err(_) => out.push_str(whole),
    }
    if !rest.is_empty() {
        // The mark between thousands follows the language, and no number may have both from one and the other.
        out.push_str(&with_mark(format!(".{rest}")));
    }
    out
}

/// A number with its sign.
pub(super) fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// Two or three digits that count.
pub(super) fn short(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        small if small >= 0.1 || small == 0.0 => 2,
        _ => 4,
    };
    number(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels of the ticks around a range.
    fn labels(low: f64, high: f64) -> String {
        let ticks = Ticks::around(low, high, 5);
        let mut labels = Vec::new();
        for value in &ticks.values {
            labels.push(ticks.label(*value));
        }
        labels.join(" ")
    }

    #[test]
    fn ticks_are_round_and_hold_the_range() {
        assert_eq!(labels(0.0, 93.0), "0 20 40 60 80 100");
        assert_eq!(labels(0.0, 1.0), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(labels(71.2, 84.9), "70 75 80 85");
        assert_eq!(labels(-3.0, 4.0), "−4 −2 0 2 4");
        assert_eq!(labels(0.0, 0.002), "0.0000 0.0005 0.0010 0.0015 0.0020");
        assert_eq!(labels(0.0, 4e6), "0 1,000,000 2,000,000 3,000,000 4,000,000");
    }

    #[test]
    fn a_range_of_nothing_or_of_no_numbers_has_ticks() {
        let of_one = "0.0 0.2 0.4 0.6 0.8 1.0";
        assert_eq!(labels(0.0, 0.0), of_one);
        assert_eq!(labels(f64::NAN, f64::NAN), of_one);
        assert_eq!(labels(0.0, f64::INFINITY), of_one);
        assert_eq!(labels(f64::MIN, f64::MAX), of_one);
        assert_eq!(labels(5.0, 5.0), "4.4 4.6 4.8 5.0 5.2 5.4 5.6");
        assert!(labels(1e300, 1e300).len() < 10_000);
        // Half a hospital does not close.
        assert_eq!(Ticks::whole(0.0, 3.0, 6).high(), 3.0);
        assert_eq!(Ticks::whole(0.0, 0.0, 6).high(), 1.0);
    }

    #[test]
    fn a_value_in_the_middle_lies_in_the_middle() {
        let scale = Scale::between(0.0, 200.0, 150.0, 10.0);
        assert_eq!(scale.spot(0.0), 150.0);
        assert_eq!(scale.spot(100.0), 80.0);
        assert_eq!(scale.spot(200.0), 10.0);
        // Beyond the ends.
        assert_eq!(scale.spot(-9.0), 150.0);
        assert_eq!(scale.spot(999.0), 10.0);
        let nothing = Scale::between(1.0, 1.0, 3.0, 4.0);
        assert_eq!(nothing.spot(1.0), 3.0);
    }

    #[test]
    fn numbers_have_commas_a_true_minus_and_no_minus_zero() {
        assert_eq!(number(1_234_567.0, 0), "1,234,567");
        assert_eq!(number(-1_234.56, 1), "−1,234.6");
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!((signed(2.0, 0).as_str(), signed(-2.0, 0).as_str()), ("+2", "−2"));
        assert_eq!(
            [short(1234.5), short(12.34), short(1.234), short(0.0012)],
            ["1,234", "12.3", "1.23", "0.0012"]
        );
    }
}
