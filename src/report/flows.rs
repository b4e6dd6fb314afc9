//! Flows as tables, beside what was published.

use super::caveats;
use super::document::{Cell, Document, Section, Table};
use super::hours::{self, Cases};
use super::namesakes::Namesakes;
use super::open;
use crate::model::Measure;
use crate::overview::PublishedFigure;
use crate::region::Region;
use crate::routing::{BirthCheck, CasesCheck, Choice, Flows, HospitalLoad, ModelsCheck};

/// What the rows of a table of flows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowsBy {
    /// One row a hospital.
    Hospital,
    /// One row a hospital and department.
    Department,
    /// One row a hospital and specialty.
    Treatment,
    /// One row a specialty.
    Specialty,
    /// One row a pair of place and hospital.
    Place,
}

/// Flows of expected cases.
pub fn flows(region: &Region, flows: &Flows, by: FlowsBy) -> Document {
    let mut document = open("Flows of expected cases", region);
    if let [only] = flows.specialties.as_slice() {
        let key = &only.key;
        let name = region.network().catalog().name(key);
        let told = if name == key { key.clone() } else { format!("{name} ({key})") };
        document = document.about("specialty", told);
    }
    let document = document.about("choice", format!("{} (assumed)", flows.choice));
    let document = hours::on_cases(document, region, Cases::Split);

    let mut section = rows(region, flows, by).note(format!(
        "Expected cases a year of all places; {} find no hospital or bed within {}.",
        Cell::Number(flows.leftover(), 0).display(),
        region.times().cutoff()
    ));
    if flows.specialties.len() == 1 {
        section.table = section.table.details(&["occupancy_share"]);
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
    let mut table = Table::new(&[
        "hospital",
        "hospital_name",
        "beds",
        "cases",
        "cases_inside",
        "cases_from_beyond",
        "share_from_outside",
        "bed_days",
        "occupancy_share",
    ]);
    let loads = flows.hospital_loads(region.network().hospitals().len());
    let mut order: Vec<_> = region.network().iter().collect();
    // Those outside look empty, because most of their people are not in the places: they come last.
    order.sort_by_key(|(id, hospital)| (hospital.outside, *id));
    for (id, hospital) in order {
        let load = loads[id.index()];
        if load.cases > 0.0 {
            table.row(vec![
                Cell::text(&hospital.key),
                Cell::text(&hospital.name),
                if load.beds > 0 { Cell::Count(load.beds) } else { Cell::Missing },
                Cell::Number(load.cases, 0),
                Cell::Number(load.cases_inside, 0),
                Cell::Number(load.cases_from_beyond, 0),
                Cell::maybe_share(load.share_from_outside()),
                Cell::Number(load.bed_days, 0),
                Cell::maybe_share(load.occupancy()),
            ]);
        }
    }
    table.details(&["hospital_name"])
}

fn by_department(region: &Region, flows: &Flows) -> Table {
    let mut table = Table::new(&[
        "hospital",
        "department",
        "beds",
        "cases",
        "cases_inside",
        "cases_from_beyond",
        "share_from_outside",
        "bed_days",
        "occupancy_share",
    ]);
    for load in flows.loads.iter().filter(|load| load.cases > 0.0) {
        table.row(vec![
            Cell::text(&region.network()[load.hospital].key),
            Cell::text(&load.department),
            Cell::maybe_count(load.beds),
            Cell::Number(load.cases, 0),
            Cell::Number(load.cases_inside, 0),
            Cell::Number(load.cases_from_beyond, 0),
            Cell::maybe_share(HospitalLoad::from(load).share_from_outside()),
            Cell::Number(load.bed_days, 0),
            Cell::maybe_share(load.occupancy()),
        ]);
    }
    table.details(&["cases_inside", "share_from_outside"])
}

fn by_treatment(region: &Region, flows: &Flows) -> Table {
    let mut table = Table::new(&[
        "hospital",
        "specialty",
        "department",
        "cases",
        "cases_from_beyond",
        "bed_days",
    ]);
    for treatment in &flows.treatments {
        table.row(vec![
            Cell::text(&region.network()[treatment.hospital].key),
            Cell::text(&treatment.specialty),
            Cell::text(&treatment.department),
            Cell::Number(treatment.cases, 0),
            Cell::Number(treatment.cases_from_beyond, 0),
            Cell::Number(treatment.bed_days, 0),
        ]);
    }
    table
}

fn by_specialty(flows: &Flows) -> Table {
    let mut table = Table::new(&["specialty", "cases", "leftover_cases", "mean_minutes"]);
    for specialty in &flows.specialties {
        table.row(vec![
            Cell::text(&specialty.key),
            Cell::Number(specialty.cases, 0),
            Cell::Number(specialty.leftover, 0),
            Cell::maybe_minutes(specialty.mean_seconds),
        ]);
    }
    table
}

fn by_place(region: &Region, flows: &Flows) -> Table {
    let mut table = Table::new(&["place", "place_name", "hospital", "cases"]);
    let namesakes = Namesakes::new(region);
    for pair in &flows.pairs {
        let place = region.place(pair.place);
        table.row(vec![
            Cell::text(&place.key),
            namesakes.place(pair.place),
            Cell::text(&region.network()[pair.hospital].key),
            Cell::Number(pair.cases, 1),
        ]);
    }
    table.details(&["place"])
}

/// Predicted births beside observed ones: the errors of each year, then every hospital.
pub fn births(region: &Region, check: &BirthCheck) -> Document {
    let mut years = Table::new(&[
        "year",
        "model",
        "is_in_use",
        "fitted",
        "hospitals",
        "mean_error",
        "rank_correlation",
    ]);
    let mut rows = Table::new(&["year", "hospital", "observed", "nearest", "huff", "in_use"]);
    let rank = |value: Option<f64>| value.map_or(Cell::Missing, |value| Cell::Number(value, 2));
    for year in &check.years {
        let fitted = Choice::Huff(check.fitted);
        let mut models = vec![
            (Choice::Nearest, false, year.mean_error_nearest, year.rank_nearest),
            (fitted, year.is_fit, year.mean_error_huff, year.rank_huff),
        ];
        if check.in_use != Choice::Nearest {
            models.push((check.in_use, false, year.mean_error_in_use, year.rank_in_use));
        }
        for (choice, is_fit, error, correlation) in models {
            years.row(vec![
                Cell::text(year.year.to_string()),
                Cell::text(choice.to_string()),
                Cell::Flag(choice == check.in_use),
                Cell::Flag(is_fit),
                Cell::Count(year.rows.len() as u64),
                Cell::Number(error, 0),
                rank(correlation),
            ]);
        }
        for row in &year.rows {
            rows.row(vec![
                Cell::text(year.year.to_string()),
                Cell::text(&row.hospital),
                Cell::Number(row.observed, 0),
                Cell::Number(row.nearest, 0),
                Cell::Number(row.huff, 0),
                Cell::Number(row.in_use, 0),
            ]);
        }
    }
    open("Births: predicted beside observed", region)
        .about("in_use", check.in_use.to_string())
        .about("fit", format!("{}, fitted on {}", Choice::Huff(check.fitted), check.fit_year))
        .section(
            Section::new("years", "Errors by year", years)
                .note(
                    "Mean absolute error in births per hospital. Predictions are scaled to the \
                     observed sum of the compared hospitals, because no yearly number of births \
                     of the region was published.",
                )
                .note("In use: the model that flows, beds, closures and simulations are computed with; the other two are held beside it.")
                .note("The year of the fit is no test of the fitted model; the others are."),
        )
        .section(Section::new("births", "Births by hospital", rows))
}

/// Inpatient cases that sources count by hospital, beside what the models predict.
pub fn cases(region: &Region, check: &CasesCheck) -> Section {
    let mut table = Table::new(&[
        "counted_at",
        "year",
        "published_cases",
        "nearest_cases",
        "fitted_cases",
        "left_out",
        "in_use_cases",
        "in_use_error",
    ]);
    for row in &check.rows {
        let mut names = Vec::new();
        for id in &row.hospitals {
            names.push(region.network()[*id].key.clone());
        }
        table.row(vec![
            Cell::List(names),
            Cell::text(row.year.to_string()),
            Cell::Number(row.published, 0),
            Cell::Number(row.nearest, 0),
            Cell::Number(row.fitted, 0),
            Cell::Number(row.left_out, 0),
            Cell::Number(row.in_use, 0),
            Cell::Share(row.in_use / row.published - 1.0),
        ]);
    }
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let errors = format!(
        "Mean absolute error, as a share of the published cases: nearest {}, fitted ({}) {}, each predicted by a fit to \
         the others {}, in use ({}) {}.",
        percent(check.mean_error(|row| row.nearest)),
        Choice::Huff(check.fitted),
        percent(check.mean_error(|row| row.fitted)),
        percent(check.mean_error(|row| row.left_out)),
        check.in_use,
        percent(check.mean_error(|row| row.in_use)),
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
        let names: Vec<&str> =
            row.hospitals.iter().map(|id| region.network()[*id].key.as_str()).collect();
        let unit = if row.unit.is_empty() { "nothing said" } else { &row.unit };
        let percent = error * 100.0;
        told.push(format!("{} {percent:+.0} % ({}: {unit})", names.join(" with "), row.year));
    }
    if told.is_empty() {
        return None;
    }
    let listed = told.join("; ");
    Some(format!("In use off by more than a fifth, with what the source counts: {listed}."))
}

/// Models of choice beside each other, on births and cases together.
pub fn models(check: &ModelsCheck) -> Section {
    let mut table = Table::new(&[
        "model",
        "is_in_use",
        "fitted_parameters",
        "error_share",
        "left_out_error_share",
        "left_out_births_error_share",
        "left_out_cases_error_share",
    ]);
    for row in &check.rows {
        table.row(vec![
            Cell::text(row.choice.to_string()),
            Cell::Flag(row.is_in_use),
            Cell::Count(u64::from(row.fitted_parameters)),
            Cell::Share(row.errors.all),
            Cell::Share(row.left_out.all),
            Cell::maybe_share(row.left_out.births),
            Cell::maybe_share(row.left_out.cases),
        ]);
    }
    let observed = format!(
        "Mean absolute error as a share of {} observed births and published cases of {} hospitals, or groups that a \
         source counts together; a hospital's births count as one observation, whatever the number of years.",
        check.observations, check.groups
    );
    Section::new("models", "Models of choice on births and cases together", table)
        .note(observed)
        .note(
            "Left out: each hospital or group by a fit to all others; the fits are held near the default (ridge), because \
             there are few hospitals. A model that is fitted is better only where this error is lower.",
        )
}

/// Published figures beside what the model gives for the same thing; a dash where it gives none.
pub fn published(figures: &[PublishedFigure]) -> Table {
    let mut table = Table::new(&["name", "year", "area", "published_value", "model_value"]);
    for figure in figures {
        let published = &figure.published;
        let cell = |value: f64| match published.measure {
            Measure::CasesPer1000 => Cell::Number(value, 1),
            Measure::Occupancy
            | Measure::ShareWithin
            | Measure::ShareSooner
            | Measure::ShareHandedOn => Cell::Share(value),
        };
        table.row(vec![
            Cell::text(&published.name),
            Cell::text(published.year.to_string()),
            Cell::text(&published.area),
            cell(published.value),
            figure.model_value.map_or(Cell::Missing, cell),
        ]);
    }
    table
}
