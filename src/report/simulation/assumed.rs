//! What a simulation takes for granted.

use crate::region::Region;
use crate::report::columns::{
    SETTING, SETTING_DEFAULT, SETTING_FROM, SETTING_RANGE, SETTING_UNIT, SETTING_VALUE, SOURCE,
    WHAT,
};
use crate::report::document::{Cell, Document, Hint, Remark, Section, Table};
use crate::report::hours::{self, Cases};
use crate::report::open;
use crate::simulation::{
    BedSource, ChosenSettings, Results, SETTINGS, Setting, Settings, SimulationError, Ward,
    wards_of,
};

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
    Some(format!(
        "The beds of {} of {} wards are assumed, in the network or by the settings: beds_from in csv and json.",
        wards.assumed(),
        wards.count
    ))
}

/// How much is assumed, in one line.
pub(super) fn in_words(results: &Results<'_, '_>) -> Remark {
    let settings = results.flows()[0].settings().assumed().len();
    let wards = Wards::of(results);
    let told =
        format!("{settings} settings, the beds of {} of {} wards", wards.assumed(), wards.count);
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
            let (what, source) = (setting.in_words(settings), chosen.source(setting));
            rows.push(AssumedRow { what, source, setting: Some(setting) });
        }
    }
    let count = SETTINGS.iter().filter(|setting| setting.is_assumed).count();
    // Apart, because for the second ones the network has a guess, and for the first ones not even that.
    for (beds, source) in [
        (by_settings, "unknown in the network: by the settings above"),
        (marked, "marked as assumed in the network"),
    ] {
        let what = format!("beds of {beds} of {wards} wards");
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
        .column(WHAT, |row| Cell::text(&row.what))
        .column(SOURCE, |row| Cell::text(row.source))
        .column(SETTING, |row| told(row, |setting| setting.key.to_owned()))
        .detail(SETTING_VALUE, |row| value(row, settings))
        .detail(SETTING_UNIT, |row| told(row, |setting| setting.unit.to_owned()))
        .detail(SETTING_RANGE, |row| told(row, |setting| setting.range.to_string()))
        .detail(SETTING_DEFAULT, |row| value(row, &usual))
        .column(SETTING_FROM, |row| match row.setting {
            Some(setting) => Cell::text(chosen.origin(setting).as_str()),
            None => Cell::Missing,
        })
        .build();

    let section = Section::new("assumed", "What nobody published and is assumed", table);
    if in_full {
        return section.note(Hint::NetworkAssumptions);
    }
    let told = format!(
        "{count} settings (staff, stays, waiting lists, intensive care, transfers), and the beds of {by_settings} of {wards} wards, which the network does not know; those of {marked} more are marked as assumed there."
    );
    section.in_words(Remark::from(told).hint(Hint::SimulationAssumptions))
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
        .about("settings", chosen.in_words().unwrap_or_else(|| "all by default".to_owned()));
    Ok(document.section(simulation_assumed(chosen, &wards, true)))
}
