//! Flows as tables, beside what was published.

use super::band;
use super::caveats;
use super::document::{Cell, Document, Section, Table, specialty_of};
use super::hours::{self, Cases};
use super::namesakes::Namesakes;
use super::open;
use crate::model::{BandEnd, Measure};
use crate::overview::PublishedFigure;
use crate::region::Region;
use crate::report::columns::{
    AREA, BED_DAYS, BEDS, CASES, CASES_FROM_BEYOND, CASES_INSIDE, COUNTED_AT, DEPARTMENT,
    ERROR_SHARE, FITTED, FITTED_CASES, FITTED_PARAMETERS, HOSPITAL, HOSPITAL_NAME, HOSPITALS, HUFF,
    IN_USE, IN_USE_CASES, IN_USE_ERROR, IS_IN_USE, LEFT_OUT, LEFT_OUT_BIRTHS_ERROR_SHARE,
    LEFT_OUT_CASES_ERROR_SHARE, LEFT_OUT_ERROR_SHARE, LEFTOVER_CASES, MEAN_ERROR, MEAN_MINUTES,
    MODEL, MODEL_IF_QUICK, MODEL_IF_SLOW, MODEL_VALUE, NAME, NEAREST, NEAREST_CASES, OBSERVED,
    OCCUPANCY_SHARE, PLACE, PLACE_NAME, PUBLISHED_CASES, PUBLISHED_VALUE, RANK_CORRELATION,
    SHARE_FROM_OUTSIDE, SPECIALTY, YEAR,
};
use crate::routing::{BirthCheck, CasesCheck, Choice, Flows, HospitalLoad, ModelsCheck, YearCheck};
use crate::words::{self, fixed, signed};

/// What the rows of a table of flows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum FlowsBy {
    /// One row a hospital.
    Hospital,
    /// One row a hospital and department.
    Department,
    /// One row a hospital and specialty.
    Treatment,
    /// One row a specialty.
    Specialty,
    /// One row a place and hospital.
    Place,
}

/// Flows of expected cases.
pub fn flows(region: &Region, flows: &Flows, by: FlowsBy) -> Document {
    let mut document = open("Flows of expected cases", region);
    if let [only] = flows.specialties.as_slice() {
        document = document.about("specialty", specialty_of(&only.key));
    }
    let document = document.about("choice", said!("{choice} (assumed)", choice = flows.choice));
    let document = hours::on_cases(document, region, Cases::Split);

    let mut section = rows(region, flows, by).note(said!(
        "Expected cases a year of all places; {leftover} find no hospital or bed within {cutoff}.",
        leftover = Cell::number(flows.leftover(), 0).display(),
        cutoff = region.times().cutoff()
    ));
    // The bed days of one specialty over the beds of whole departments are no occupancy.
    if flows.specialties.len() == 1 {
        section.table = section.table.hide(&[OCCUPANCY_SHARE]);
        section = section.note("One specialty alone: its departments are taken to be free for it.");
    }
    document.section(with_caveats(section, region, flows, by))
}

/// The table of flows whose rows are these.
fn rows(region: &Region, flows: &Flows, by: FlowsBy) -> Section {
    let (key, heading, table) = match by {
        FlowsBy::Hospital => {
            ("hospitals", "Cases and occupancy by hospital", by_hospital(region, flows))
        }
        FlowsBy::Department => {
            ("departments", "Cases and occupancy by department", by_department(region, flows))
        }
        FlowsBy::Treatment => {
            ("treatments", "Cases by hospital and specialty", by_treatment(region, flows))
        }
        FlowsBy::Specialty => ("specialties", "Cases by specialty", by_specialty(flows)),
        FlowsBy::Place => ("pairs", "Cases by place and hospital", by_place(region, flows)),
    };
    Section::new(key, heading, table)
}

/// A table of flows with what a reader must know before believing its numbers.
fn with_caveats(section: Section, region: &Region, flows: &Flows, by: FlowsBy) -> Section {
    let network = region.network();
    let mut requirements = Vec::new();
    for condition in &network.catalog().demand.conditions {
        if flows.specialties.iter().any(|flow| flow.key == condition.key) {
            requirements.push(&condition.requirement);
        }
    }

    let mut section = section.maybe_note(caveats::on_unknown_of(network, requirements));
    // Rows of places and specialties count the cases of the places alone, so nobody from beyond is in them.
    if matches!(by, FlowsBy::Hospital | FlowsBy::Department | FlowsBy::Treatment) {
        section = section.maybe_note(caveats::on_from_beyond(network));
    }
    // Specialties have no beds of their own.
    if by == FlowsBy::Hospital || by == FlowsBy::Department {
        section =
            section.maybe_note(caveats::on_the_edge(network)).maybe_note(caveats::on_beds(network));
    }
    section
}

fn by_hospital(region: &Region, flows: &Flows) -> Table {
    let loads = flows.hospital_loads(region.network().hospitals().len());
    let mut rows = Vec::new();
    for (id, hospital) in region.network().iter() {
        // Sites without inpatients have no cases by their kind: a row of zeros would read as a finding.
        if loads[id.index()].cases > 0.0 {
            rows.push((hospital, loads[id.index()]));
        }
    }

    // Those outside look empty, because most of their people are not in the places: they come last.
    rows.sort_by_key(|(hospital, _)| hospital.outside);
    Table::of(rows)
        .column(HOSPITAL, |(hospital, _)| Cell::text(&hospital.key))
        .detail(HOSPITAL_NAME, |(hospital, _)| Cell::text(&hospital.name))
        // Only known beds are counted: without any, 0 would read as a hospital without beds.
        .column(BEDS, |(_, load)| match load.beds {
            0 => Cell::Missing,
            beds => Cell::count(beds),
        })
        .column(CASES, |(_, load)| Cell::number(load.cases, 0))
        .column(CASES_INSIDE, |(_, load)| Cell::number(load.cases_inside, 0))
        .column(CASES_FROM_BEYOND, |(_, load)| Cell::number(load.cases_from_beyond, 0))
        .column(SHARE_FROM_OUTSIDE, |(_, load)| Cell::maybe_share(load.share_from_outside()))
        .column(BED_DAYS, |(_, load)| Cell::number(load.bed_days, 0))
        .column(OCCUPANCY_SHARE, |(_, load)| Cell::maybe_share(load.occupancy()))
        .build()
}

fn by_department(region: &Region, flows: &Flows) -> Table {
    Table::of(flows.loads.iter().filter(|load| load.cases > 0.0))
        .column(HOSPITAL, |load| Cell::text(&region.network()[load.hospital].key))
        .column(DEPARTMENT, |load| Cell::text(&load.department))
        .column(BEDS, |load| Cell::maybe_count(load.beds))
        .column(CASES, |load| Cell::number(load.cases, 0))
        .detail(CASES_INSIDE, |load| Cell::number(load.cases_inside, 0))
        .column(CASES_FROM_BEYOND, |load| Cell::number(load.cases_from_beyond, 0))
        .detail(SHARE_FROM_OUTSIDE, |load| {
            Cell::maybe_share(HospitalLoad::from(*load).share_from_outside())
        })
        .column(BED_DAYS, |load| Cell::number(load.bed_days, 0))
        .column(OCCUPANCY_SHARE, |load| Cell::maybe_share(load.occupancy()))
        .build()
}

fn by_treatment(region: &Region, flows: &Flows) -> Table {
    Table::of(&flows.treatments)
        .column(HOSPITAL, |row| Cell::text(&region.network()[row.hospital].key))
        .column(SPECIALTY, |row| Cell::text(&row.specialty))
        .column(DEPARTMENT, |row| Cell::text(&row.department))
        .column(CASES, |row| Cell::number(row.cases, 0))
        .column(CASES_FROM_BEYOND, |row| Cell::number(row.cases_from_beyond, 0))
        .column(BED_DAYS, |row| Cell::number(row.bed_days, 0))
        .build()
}

fn by_specialty(flows: &Flows) -> Table {
    Table::of(&flows.specialties)
        .column(SPECIALTY, |row| Cell::text(&row.key))
        .column(CASES, |row| Cell::number(row.cases, 0))
        .column(LEFTOVER_CASES, |row| Cell::number(row.leftover, 0))
        .column(MEAN_MINUTES, |row| Cell::maybe_minutes(row.mean_seconds))
        .build()
}

fn by_place(region: &Region, flows: &Flows) -> Table {
    let namesakes = Namesakes::new(region);
    Table::of(&flows.pairs)
        .detail(PLACE, |pair| Cell::text(&region.place(pair.place).key))
        .column(PLACE_NAME, |pair| namesakes.place(pair.place))
        .column(HOSPITAL, |pair| Cell::text(&region.network()[pair.hospital].key))
        .column(CASES, |pair| Cell::number(pair.cases, 1))
        .build()
}

/// How far a model is from the births of a year.
struct YearError<'c> {
    year: &'c YearCheck,
    choice: Choice,
    is_fit: bool,
    error: f64,
    correlation: Option<f64>,
}

/// Predicted births beside observed ones: the errors of each year, then every hospital.
pub fn births(region: &Region, check: &BirthCheck) -> Document {
    let mut births = Vec::new();
    for year in &check.years {
        for row in &year.rows {
            births.push((year.year, row));
        }
    }
    let births = Table::of(births)
        .column(YEAR, |(year, _)| Cell::text(year.to_string()))
        .column(HOSPITAL, |(_, row)| Cell::text(&row.hospital))
        .column(OBSERVED, |(_, row)| Cell::number(row.observed, 0))
        .column(NEAREST, |(_, row)| Cell::number(row.nearest, 0))
        .column(HUFF, |(_, row)| Cell::number(row.huff, 0))
        .column(IN_USE, |(_, row)| Cell::number(row.in_use, 0))
        .build();

    open("Births: predicted beside observed", region)
        .about("in_use", check.in_use.to_string())
        .about("fit", said!("{fit}, fitted on {fit_year}", fit = Choice::Huff(check.fitted), fit_year = check.fit_year))
        .section(
            Section::new("years", "Errors by year", year_table(check))
                .note(
                    "Mean absolute error in births per hospital. Predictions are scaled to the \
                     observed sum of the compared hospitals, because no yearly number of births \
                     of the region was published.",
                )
                .note("In use: the model that flows, beds, closures and simulations are computed with; the other two are held beside it.")
                .note("The year of the fit is no test of the fitted model; the others are."),
        )
        .section(Section::new("births", "Births by hospital", births))
}

/// One row a year and model.
fn year_table(check: &BirthCheck) -> Table {
    let mut errors = Vec::new();
    for year in &check.years {
        let fitted = Choice::Huff(check.fitted);
        errors.push(YearError {
            year,
            choice: Choice::Nearest,
            is_fit: false,
            error: year.mean_error_nearest,
            correlation: year.rank_nearest,
        });
        errors.push(YearError {
            year,
            choice: fitted,
            is_fit: year.is_fit,
            error: year.mean_error_huff,
            correlation: year.rank_huff,
        });
        // The nearest hospital as the model in use has its row already.
        if check.in_use != Choice::Nearest {
            errors.push(YearError {
                year,
                choice: check.in_use,
                is_fit: false,
                error: year.mean_error_in_use,
                correlation: year.rank_in_use,
            });
        }
    }

    Table::of(errors)
        .column(YEAR, |row| Cell::text(row.year.year.to_string()))
        .column(MODEL, |row| choice(row.choice))
        .column(IS_IN_USE, |row| Cell::flag(row.choice == check.in_use))
        .column(FITTED, |row| Cell::flag(row.is_fit))
        .column(HOSPITALS, |row| Cell::count(row.year.rows.len()))
        .column(MEAN_ERROR, |row| Cell::number(row.error, 0))
        .column(RANK_CORRELATION, |row| Cell::maybe_number(row.correlation, 2))
        .build()
}

/// Inpatient cases that sources count by hospital, beside what the models predict.
pub fn cases(region: &Region, check: &CasesCheck) -> Section {
    let table = Table::of(&check.rows)
        .column(COUNTED_AT, |row| {
            Cell::list(row.hospitals.iter().map(|id| &region.network()[*id].key))
        })
        .column(YEAR, |row| Cell::text(row.year.to_string()))
        .column(PUBLISHED_CASES, |row| Cell::number(row.published, 0))
        .column(NEAREST_CASES, |row| Cell::number(row.nearest, 0))
        .column(FITTED_CASES, |row| Cell::number(row.fitted, 0))
        .column(LEFT_OUT, |row| Cell::number(row.left_out, 0))
        .column(IN_USE_CASES, |row| Cell::number(row.in_use, 0))
        .column(IN_USE_ERROR, |row| Cell::share(row.in_use / row.published - 1.0))
        .build();

    let percent = |share: f64| format!("{} %", fixed(share * 100.0, 0));
    let errors = said!(
        "Mean absolute error, as a share of the published cases: nearest {nearest}, fitted ({fit}) {fitted}, each predicted by a fit to \
         the others {left_out}, in use ({choice}) {in_use}.",
        nearest = percent(check.mean_error(|row| row.nearest)),
        fit = Choice::Huff(check.fitted),
        fitted = percent(check.mean_error(|row| row.fitted)),
        left_out = percent(check.mean_error(|row| row.left_out)),
        choice = check.in_use,
        in_use = percent(check.mean_error(|row| row.in_use))
    );
    Section::new("cases", "Inpatient cases by hospital: published beside predicted", table)
        .note(errors)
        .maybe_note(far_off(region, check))
        .note(
            "Predicted cases are those of the year of the catalog's rates, not scaled: a count of an earlier year differs \
             by the change since, and one that counts part-time cases by those.",
        )
}

/// The counts that the model in use misses by more than a fifth, with what the source counts; `None` without any.
fn far_off(region: &Region, check: &CasesCheck) -> Option<String> {
    let mut told = Vec::new();
    for row in &check.rows {
        let error = row.in_use / row.published - 1.0;
        if error.abs() <= 0.2 {
            continue;
        }
        // A source that counts cases which the model leaves out, such as part-time ones, may explain the error.
        let names: Vec<&str> =
            row.hospitals.iter().map(|id| region.network()[*id].key.as_str()).collect();
        let unit = if row.unit.is_empty() { said!("nothing said") } else { row.unit.clone() };
        let percent = error * 100.0;
        let (hospitals, year) = (names.join(&words::of(" with ")), row.year);
        told.push(format!("{hospitals} {} % ({year}: {unit})", signed(percent, 0)));
    }
    if told.is_empty() {
        return None;
    }
    let listed = told.join("; ");
    Some(said!("In use off by more than a fifth, with what the source counts: {listed}.", listed))
}

/// Models of choice beside each other, on births and cases together.
pub fn models(check: &ModelsCheck) -> Section {
    let table = Table::of(&check.rows)
        .column(MODEL, |row| choice(row.choice))
        .column(IS_IN_USE, |row| Cell::flag(row.is_in_use))
        .column(FITTED_PARAMETERS, |row| Cell::count(row.fitted_parameters))
        .column(ERROR_SHARE, |row| Cell::share(row.errors.all))
        .column(LEFT_OUT_ERROR_SHARE, |row| Cell::share(row.left_out.all))
        .column(LEFT_OUT_BIRTHS_ERROR_SHARE, |row| Cell::maybe_share(row.left_out.births))
        .column(LEFT_OUT_CASES_ERROR_SHARE, |row| Cell::maybe_share(row.left_out.cases))
        .build();
    let observed = said!(
        "Mean absolute error as a share of {observations} observed births and published cases of {groups} hospitals, or groups that a \
         source counts together; a hospital's births count as one observation, whatever the number of years.",
        observations = check.observations,
        groups = check.groups
    );
    Section::new("models", "Models of choice on births and cases together", table)
        .note(observed)
        .note(
            "Left out: each hospital or group by a fit to all others; the fits are held near the default (ridge), because \
             there are few hospitals. A model that is fitted is better only where this error is lower.",
        )
}

/// A model of choice in words.
fn choice(choice: Choice) -> Cell {
    // Its parameters stand in it, with the decimal mark of the language.
    Cell::said(|| choice.to_string())
}

/// Published figures beside what the model gives for the same thing; a dash where it gives none.
pub fn published(figures: &[PublishedFigure]) -> Table {
    Table::of(figures)
        .column(NAME, |figure| Cell::text(&figure.published.name))
        .column(YEAR, |figure| Cell::text(figure.published.year.to_string()))
        .column(AREA, |figure| Cell::text(&figure.published.area))
        .column(PUBLISHED_VALUE, |figure| {
            measured(figure.published.measure, figure.published.value)
        })
        .column(MODEL_VALUE, |figure| match figure.model_value {
            Some(value) => measured(figure.published.measure, value),
            None => Cell::Missing,
        })
        .detail(MODEL_IF_SLOW, |figure| band::share_cell(figure.model_band, BandEnd::Slow))
        .detail(MODEL_IF_QUICK, |figure| band::share_cell(figure.model_band, BandEnd::Quick))
        .build()
}

/// Which published shares a wrong road model does not explain; `None` where it explains each, or there is no band.
pub(super) fn outside_of_band(figures: &[PublishedFigure]) -> Option<String> {
    let mut outside = Vec::new();
    for figure in figures {
        if figure.is_within_band() == Some(false) {
            outside.push(figure.published.name.as_str());
        }
    }
    if outside.is_empty() {
        return None;
    }
    Some(said!(
        "Published outside of the band of the travel times, so that their error alone does not explain the difference: {names}.",
        names = outside.join("; ")
    ))
}

/// A value of a published figure, or the model's.
fn measured(measure: Measure, value: f64) -> Cell {
    match measure {
        Measure::CasesPer1000 => Cell::number(value, 1),
        Measure::Occupancy
        | Measure::ShareWithin
        | Measure::ShareSooner
        | Measure::ShareHandedOn => Cell::share(value),
    }
}
