//! Limits of targets in words.

use crate::model::Target;

/// A limit in the largest unit that it is a whole number of, from two days and two hours on.
pub(super) fn limit(target: &Target) -> String {
    // Limits up to two hours are published in minutes, so a reader finds them again.
    match target.minutes {
        minutes if minutes >= 2880 && minutes.is_multiple_of(1440) => {
            said!("{minutes} days", minutes = minutes / 1440)
        }
        minutes if minutes > 120 && minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        minutes => said!("{minutes} min", minutes),
    }
}
