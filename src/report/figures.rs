//! Figures of the simulation and the factors that move them, in few words: tables and sentences say them, data keep
//! the keys.

use crate::simulation::Setting;
use crate::words;

/// Figures by key; columns of the same key say it in even fewer words.
const FIGURES: [(&str, &str); 22] = [
    ("occupancy_share", "occupancy"),
    ("occupancy_p95_share", "occupancy not exceeded on 95 % of the days"),
    ("full_share", "time in which a ward is full"),
    ("icu_occupancy_share", "occupancy of intensive care"),
    ("icu_full_share", "time in which intensive care is full"),
    ("admissions", "admissions"),
    ("waited", "waited for a bed"),
    ("waiting_days", "days that these waited"),
    ("outliers", "laid in another ward of the house"),
    ("diverted_away", "first choice full, let in elsewhere"),
    ("received", "came because another hospital was full"),
    ("forced", "let in without a free bed"),
    ("free_beside", "sent on or without a bed, with a free one in the house"),
    ("refused", "let in nowhere"),
    ("gave_up", "gave up waiting, and do not come again"),
    ("rebooked", "gave up waiting, and got another date"),
    ("transferred_in", "came from another ward"),
    ("blocked_beds", "beds held by patients who wait for a ward"),
    ("elsewhere_share", "brought to another hospital"),
    ("queued_median_minutes", "minutes with queues, median"),
    ("queued_p90_minutes", "minutes with queues, 90 % at most"),
    ("uses", "patients"),
];

// The others are settings, which say themselves what they are.
/// Factors by key that are no setting of their own.
const FACTORS: [(&str, &str); 4] = [
    ("rates", "cases"),
    ("stays", "length of stay"),
    ("speeds", "speed on roads"),
    ("staffing", "staffed beds"),
];

/// A figure or factor in words of the language in force; `None` for a key that is neither.
pub(super) fn in_words(key: &str) -> Option<String> {
    for (known, told) in FIGURES.into_iter().chain(FACTORS) {
        if known == key {
            return Some(words::of(told).into_owned());
        }
    }
    let setting = Setting::find(key)?;
    Some(words::of(setting.what).into_owned())
}

/// The same where a heading says it, which has no keys.
pub(super) fn told(key: &str) -> String {
    in_words(key).unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{Factor, Figure};
    use crate::words::{Language, in_language};

    #[test]
    fn every_figure_and_factor_is_told_in_both_languages() {
        let mut keys: Vec<&str> = Figure::ALL.iter().map(|figure| figure.key()).collect();
        keys.extend(Factor::ALL.iter().map(|factor| factor.key()));
        for key in keys {
            let english = in_words(key).expect("it is told");
            let german = in_language(Language::German, || in_words(key).expect("it is told"));
            assert!(!english.contains('_') && english != german, "{key}: {english}, {german}");
        }
        assert_eq!(told("nothing_of_this_name"), "nothing_of_this_name");
    }
}
