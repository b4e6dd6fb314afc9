//! What a simulation takes for granted.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::region::Region;
use crate::report::columns::{
    HOSPITAL, LAW, LAW_CHANCE, LAW_DISTANCE, LAW_NEXT, SETTING, SETTING_DEFAULT, SETTING_FROM,
    SETTING_RANGE, SETTING_UNIT, SETTING_VALUE, SOURCE, SPECIALTY, STAY_CV, STAY_MEAN_DAYS, STAYS,
    URGENCY, WHAT,
};
use crate::report::document::{Cell, Document, Hint, Remark, Section, Table, specialty_of};
use crate::report::hours::{self, Cases};
use crate::report::open;
use crate::simulation::{
    BedSource, ChosenSettings, Results, SETTINGS, Setting, Settings, SimulationError, StayFit,
    StayRow, Stays, Ward, wards_of,
};
use crate::words::{self, Language, in_language};

/// How many wards there are, and whose beds nobody published.
struct Wards {
    count: usize,
    /// With beds by the settings, as the network does not know them.
    by_settings: usize,
    /// With beds that the network marks as assumed.
    marked: usize,
}

impl Wards {
    fn of(results: &Results<'_, '_>) -> Self {
        Self::counted(results.flows()[0].wards())
    }

    fn counted(wards: &[Ward]) -> Self {
        let mut counts = Self { count: wards.len(), by_settings: 0, marked: 0 };
        for ward in wards {
            match ward.source {
                BedSource::Published => {}
                BedSource::SettingsAssumed => counts.by_settings += 1,
                BedSource::NetworkAssumed => counts.marked += 1,
            }
        }
        counts
    }

    /// With beds that are assumed, by whomever.
    fn assumed(&self) -> usize {
        self.by_settings + self.marked
    }
}

/// Of how many wards the beds are assumed; `None` where all are published.
pub(super) fn on_wards(results: &Results<'_, '_>) -> Option<String> {
    let wards = Wards::of(results);
    if wards.assumed() == 0 {
        return None;
    }
    Some(said!(
        "The beds of {assumed} of {count} wards are assumed, in the network or by the settings: csv and json say which.",
        assumed = wards.assumed(),
        count = wards.count
    ))
}

/// How much is assumed, in one line.
pub(super) fn in_words(results: &Results<'_, '_>) -> Remark {
    let settings = results.flows()[0].settings().assumed().len();
    let wards = Wards::of(results);
    let told = said!(
        "{settings} settings, the beds of {assumed} of {count} wards",
        settings,
        assumed = wards.assumed(),
        count = wards.count
    );
    Remark::from(told).hint(Hint::AllSettings)
}

/// What a simulation takes for granted, with who chose each value: a table, which text shows as a sentence unless
/// `in_full`. `wards` are those of a run, or of [`wards_of`].
pub fn simulation_assumed(chosen: &ChosenSettings, wards: &[Ward], in_full: bool) -> Section {
    let settings = chosen.settings();
    let Wards { count: wards, by_settings, marked } = Wards::counted(wards);
    let mut rows: Vec<AssumedRow<'_>> = Vec::with_capacity(SETTINGS.len() + 2);
    for setting in SETTINGS {
        // What a run is asked for is told at its head, unless somebody looks for settings.
        if setting.is_assumed || in_full {
            let what = words::kept(|| setting.in_words(settings));
            let source = chosen.source(setting);
            rows.push(AssumedRow { what, source, setting: Some(setting) });
        }
    }
    let count = SETTINGS.iter().filter(|setting| setting.is_assumed).count();
    // Apart, because for the second ones the network has a guess, and for the first ones not even that.
    for (beds, source) in [
        (by_settings, "unknown in the network: by the settings above"),
        (marked, "marked as assumed in the network"),
    ] {
        let what = words::kept(|| said!("beds of {beds} of {wards} wards", beds, wards));
        rows.push(AssumedRow { what, source, setting: None });
    }

    let usual = Settings::default();
    let told = |row: &AssumedRow<'_>, text: fn(&Setting) -> String| match row.setting {
        Some(setting) => Cell::text(text(setting)),
        None => Cell::Missing,
    };
    let value = |row: &AssumedRow<'_>, settings: &Settings| match row.setting {
        Some(setting) => Cell::text(written(&setting.value(settings))),
        None => Cell::Missing,
    };
    let table = Table::of(rows)
        .column(WHAT, |row| with_specialties(|| words::of(&row.what).into_owned(), settings))
        .column(SOURCE, |row| Cell::known(row.source))
        .column(SETTING, |row| told(row, |setting| setting.key.to_owned()))
        .detail(SETTING_VALUE, |row| value(row, settings))
        .detail(SETTING_UNIT, |row| told(row, |setting| setting.unit.to_owned()))
        .detail(SETTING_RANGE, |row| told(row, |setting| setting.range.to_string()))
        .detail(SETTING_DEFAULT, |row| value(row, &usual))
        .column(SETTING_FROM, |row| match row.setting {
            Some(setting) => Cell::known(chosen.origin(setting).as_str()),
            None => Cell::Missing,
        })
        .build();

    let section = Section::new("assumed", "What nobody published and is assumed", table);
    if in_full {
        return section.note(Hint::NetworkAssumptions);
    }
    let told = said!(
        "{count} settings (staff, stays, waiting lists, intensive care, transfers), and the beds of {by_settings} of {wards} wards, which the network does not know; those of {marked} more are marked as assumed there.",
        count,
        by_settings,
        wards,
        marked
    );
    section.in_words(Remark::from(told).hint(Hint::SimulationAssumptions))
}

/// A text about settings, with the specialties that they name by name for people.
pub(in crate::report) fn with_specialties(say: impl Fn() -> String, settings: &Settings) -> Cell {
    let mut keys = BTreeSet::new();
    add_keys(&serde_json::to_value(settings).unwrap_or_default(), &mut keys);
    let in_print = say();
    let (mut label, mut rest) = (String::new(), in_print.as_str());
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    while let Some(start) = rest.find(is_part) {
        let word = &rest[start..];
        let word = &word[..word.find(|letter| !is_part(letter)).unwrap_or(word.len())];
        label.push_str(&rest[..start]);
        // What is no specialty stays as it is where names are put in.
        label.push_str(&if keys.contains(word) { specialty_of(word) } else { word.to_owned() });
        rest = &rest[start + word.len()..];
    }
    Cell::both(in_language(Language::English, say), label + rest)
}

/// The texts of a written value, which may be keys.
fn add_keys(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            keys.insert(text.clone());
        }
        Value::Array(list) => list.iter().for_each(|value| add_keys(value, keys)),
        Value::Object(fields) => fields.values().for_each(|value| add_keys(value, keys)),
        _ => {}
    }
}

/// A row of what is taken for granted: a setting, or the beds of some wards.
struct AssumedRow<'c> {
    what: String,
    source: &'c str,
    setting: Option<&'static Setting>,
}

/// A value as files write it.
fn written(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// All settings of a run that was not started, with who chose each.
///
/// # Errors
///
/// When the settings choose hospitals in a way that is not possible.
pub fn simulation_settings(
    region: &Region,
    chosen: &ChosenSettings,
) -> Result<Document, SimulationError> {
    let settings = chosen.settings();
    let wards = wards_of(region, settings)?;
    let document = open("What a simulation takes for granted", region);
    let document = hours::on_cases(document, region, Cases::OverTime)
        .about("scenarios", "none: what is assumed is the same for all")
        .about("seed", "none: nothing is drawn")
        .about("replications", "none: nothing is simulated")
        .about("days", settings.days.to_string())
        .about("warm_up", settings.warm_up_days.to_string())
        .about("settings", chosen.in_words().unwrap_or_else(|| said!("all by default")));
    let document = document.section(simulation_assumed(chosen, &wards, true));
    Ok(match &settings.stays {
        Some(stays) => document.section(known_stays(stays)),
        None => document,
    })
}

/// Stays that somebody knows, with how their laws were found.
fn known_stays(stays: &Stays) -> Section {
    let of_fit = |row: &StayRow, text: fn(&StayFit) -> Cell| match &row.fit {
        Some(fit) => text(fit),
        None => Cell::Missing,
    };
    let table = Table::of(stays.rows())
        .column(HOSPITAL, |row| Cell::maybe_text(row.hospital.as_deref()))
        .column(SPECIALTY, |row| Cell::text(&row.specialty))
        .column(URGENCY, |row| match row.is_elective {
            Some(true) => Cell::word("elective"),
            Some(false) => Cell::word("emergency"),
            None => Cell::Missing,
        })
        .column(STAY_MEAN_DAYS, |row| Cell::number(row.law.mean(), 2))
        .column(STAY_CV, |row| Cell::number(row.law.cv(), 2))
        .column(STAYS, |row| of_fit(row, |fit| Cell::count(fit.stays)))
        .column(LAW, |row| of_fit(row, |fit| Cell::text(&fit.law)))
        .column(LAW_NEXT, |row| {
            of_fit(row, |fit| match &fit.next {
                Some((law, more)) => Cell::text(format!("{law}, +{more:.1}")),
                None => Cell::Missing,
            })
        })
        .column(LAW_DISTANCE, |row| of_fit(row, |fit| Cell::number(fit.distance, 3)))
        .column(LAW_CHANCE, |row| of_fit(row, |fit| Cell::number(fit.chance, 3)))
        .build();
    Section::new("stays", "Stays that are known, and the laws fitted to them", table).note(
        "By likelihood; the law with the least AIC is taken, and what the next one has more: up to 2 is as good. \
         Empirical: that law is refuted, and the stays themselves are drawn. Distance of the distribution functions (Kolmogorov and Smirnov), with the chance of one as large if the law \
         were right: a small one refutes it, a large one says little, as the law was fitted to the same stays.",
    )
}
