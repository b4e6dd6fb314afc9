//! The people of another year, and more or fewer cases.

use serde::{Deserialize, Serialize};

use crate::files::catalog::read_group;
use crate::model::check::Checker;
use crate::model::check::bounds::shown;
use crate::model::location::Fault;
use crate::model::{DemandScale, Place, Places};
use crate::problem::ProblemKind;
use crate::scenario::base::MOST_FACTOR;
use crate::scenario::base::{Base, check_keys};
use crate::scenario::kind::Kind;
use crate::scenario::refers::Refers;
use crate::scenario::state::{Refusal, State};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! population_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// More, or fewer, cases. Two that meet are multiplied; the people stay as many.
            ScaleDemand(DemandScale) => population::Scale {
                does: "cases are multiplied by `factor` (0 to 100), of a `population` (sex, ages) and in `districts`, \
                    where these are said.",
                example: r#"(on: "2030-01-01", reason: "more old people are treated at home",
 change: ScaleDemand(factor: 0.9, population: (from: 75), districts: ["Landkreis Nordsachsen"])),"#,
            }
            /// The people of another year; a later table replaces an earlier one.
            SetPopulation(PopulationTable) => population::Replace {
                does: "the people of another year, from a table beside the scenario's file with the columns of \
                    `places.csv` and the same places at the same positions.",
                example: r#"(on: "2035-01-01", reason: "fewer young people in the country, more old people everywhere",
 change: SetPopulation(table: "people-2035.csv")),"#,
            }
        }
    };
}

/// The people of another year.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationTable {
    /// Name of the table beside the file of the scenario, with the columns of `places.csv`.
    pub table: String,
    /// What the table says: the same places, at the same positions, with other people.
    #[serde(skip)]
    pub places: Places,
}

/// More, or fewer, cases.
pub(super) struct Scale;

impl Kind for Scale {
    type Terms = DemandScale;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<DemandScale> {
        terms.fields(|fields| {
            fields.expect("factor", "a factor from 0 to 100");
            let factor = fields.record.any_number(fields.reader, "factor");
            let population = read_group(fields.reader, &mut fields.record);
            let districts = fields.texts("districts");
            Some(DemandScale { factor: factor?, population, districts })
        })
    }

    fn check(scale: &DemandScale, base: &Base<'_>, checker: &mut Checker<'_>) {
        if !(0.0..=MOST_FACTOR).contains(&scale.factor) {
            let message = said!("{shown} is out of range", shown = shown(scale.factor));
            let fault = Fault::new(ProblemKind::Range, message);
            checker.fault(
                "factor",
                fault
                    .expected(said!("a factor from 0 to {most_factor}", most_factor = MOST_FACTOR)),
            );
        } else if scale.factor == 1.0 {
            // Exactly 1, as somebody wrote it: 1.0001 is a small change, but one.
            let fault = Fault::new(ProblemKind::Range, "a factor of 1 changes nothing");
            checker.fault("factor", fault.expected("another factor"));
        }
        let group = &scale.population;
        if group.to.is_some_and(|to| to < group.from) {
            let fault = Fault::new(ProblemKind::Order, "the group ends before it starts");
            checker.fault("population.to", fault);
        }
        check_keys("districts", "district", &scale.districts, base.districts(), checker);
    }

    fn apply<'s>(scale: &'s DemandScale, state: &mut State<'s>) -> Result<(), Refusal> {
        state.adjustments.demand.push(scale.clone());
        Ok(())
    }

    fn keys_mut(_scale: &mut DemandScale) -> Vec<(Refers, &mut String)> {
        Vec::new()
    }

    fn needs_network(_scale: &DemandScale) -> bool {
        false
    }
}

/// The people of another year.
pub(super) struct Replace;

impl Kind for Replace {
    type Terms = PopulationTable;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<PopulationTable> {
        terms.fields(|fields| {
            let table = fields.record.required_text(fields.reader, "table")?;
            match fields.tables.read(&table) {
                Ok(places) => Some(PopulationTable { table, places: places? }),
                Err(fault) => {
                    fields.report("table", fault);
                    None
                }
            }
        })
    }

    /// A table has the places of the network, where they are, and no others.
    fn check(table: &PopulationTable, base: &Base<'_>, checker: &mut Checker<'_>) {
        let rows = &table.places.places;
        let places = &base.all_places.places;
        for place in places {
            if let Some(position) = position_of(&place.key, rows) {
                check_same_place(place, &rows[position], &table.table, checker);
            } else {
                let message = said!(
                    "{table} has no place \"{place}\"",
                    table = table.table,
                    place = place.key
                );
                let fault = Fault::new(ProblemKind::Missing, message);
                checker.fault("table", fault.expected("a row for every place of the network"));
            }
        }
        // In both directions: people in a place that nobody knows would be lost without a word.
        for row in rows {
            if position_of(&row.key, places).is_none() {
                let message =
                    said!("{table}: unknown place \"{row}\"", table = table.table, row = row.key);
                let mut fault = Fault::new(ProblemKind::Unknown, message)
                    .expected("the key of a place of the network");
                let known = places.iter().map(|place| place.key.as_str());
                fault.closest = checker.suggestions.closest("place", &row.key, known);
                checker.fault("table", fault);
            }
        }
    }

    fn apply<'s>(table: &'s PopulationTable, state: &mut State<'s>) -> Result<(), Refusal> {
        // By reference: of the tables of a country only the one in force at the end is copied.
        state.population = Some(&table.places);
        Ok(())
    }

    fn keys_mut(_table: &mut PopulationTable) -> Vec<(Refers, &mut String)> {
        Vec::new()
    }

    fn needs_network(_table: &PopulationTable) -> bool {
        false
    }
}

/// The position of the place of a key among places in the order of their keys.
fn position_of(key: &str, places: &[Place]) -> Option<usize> {
    places.binary_search_by(|place| place.key.as_str().cmp(key)).ok()
}

/// A row of a table says nothing new of a place but its people.
fn check_same_place(place: &Place, row: &Place, table: &str, checker: &mut Checker<'_>) {
    for (column, is_same) in [
        // Exactly: journeys were measured from there, and both are read from the same notation.
        ("lat and lon", row.position == place.position),
        ("district", row.district == place.district),
        ("area_km2", row.area_km2 == place.area_km2),
        ("outside", row.outside == place.outside),
    ] {
        if !is_same {
            let message = said!(
                "{column} of \"{place}\" in {table} differs",
                column,
                place = place.key,
                table
            );
            let fault = Fault::new(ProblemKind::Conflict, message);
            checker.fault("table", fault.expected("only other people than in the network"));
        }
    }
}
