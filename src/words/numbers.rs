//! Numbers as the language in force writes them.

use super::{Language, language};

/// A whole number with a mark between thousands: 1,058,179, in German 1.058.179.
pub fn grouped(number: u64) -> String {
    let mark = match language() {
        Language::German => '.',
        Language::English => ',',
    };
    // Both are three digits apart; Switzerland, India and others would be languages of their own here.
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals and nothing between thousands: 94.6, in German 94,6.
///
/// ```
/// use verbund::words::{Language, fixed, in_language};
///
/// assert_eq!(fixed(94.64, 1), "94.6");
/// assert_eq!(in_language(Language::German, || fixed(94.64, 1)), "94,6");
/// ```
pub fn fixed(number: f64, decimals: usize) -> String {
    with_mark(format!("{number:.decimals$}"))
}

/// The same with its sign, also in front of what is not below zero: +3.1, in German +3,1.
///
/// ```
/// use verbund::words::signed;
///
/// assert_eq!((signed(3.14, 1), signed(-3.14, 1)), ("+3.1".to_owned(), "-3.1".to_owned()));
/// ```
pub fn signed(number: f64, decimals: usize) -> String {
    with_mark(format!("{number:+.decimals$}"))
}

/// A number as the code writes it, with the decimal mark of the language in force.
pub(crate) fn with_mark(number: String) -> String {
    // What comes in has no mark between thousands, so that its only point is the decimal one.
    match language() {
        Language::German => number.replace('.', ","),
        Language::English => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::in_language;

    #[test]
    fn german_has_points_between_thousands_and_a_decimal_comma() {
        let both = || (grouped(1_058_179), grouped(999), fixed(-1234.56, 1));
        let texts = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(both(), texts("1,058,179", "999", "-1234.6"));
        let german = in_language(Language::German, both);
        assert_eq!(german, texts("1.058.179", "999", "-1234,6"));
    }
}
