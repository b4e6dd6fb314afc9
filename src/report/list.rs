//! What a network and its catalog hold, as lists.

use super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::open;
use crate::model::{Pathway, PopulationGroup};
use crate::region::Region;
use crate::report::columns::{
    ASSUMED, BEDS, CASES_OF, CASES_PER_1000, CHANGE_KIND, CHANGES, CITY, COLUMNS, DERIVATION,
    DERIVED_BY, DERIVED_VALUES, DISTRICT, DOES, FIRST_DAY, HOSPITAL, HOSPITAL_NAME, INHABITANTS,
    IS_ASSUMED, IS_OUTSIDE, KEY, KIND, LICENCE, LIMIT_MINUTES, MEANING, NAME, NAME_DE, OPERATOR,
    PATHWAY, PLACE, PLACE_NAME, POPULATION, SCENARIO, SOURCE, SPECIALTY, STAGES, STANDARD,
    STAY_DAYS, TARGETS, URGENCY, URL, WHAT, WRITTEN, YEAR,
};
use crate::routing::Need;
use crate::scenario::{CHANGE_EXAMPLES, Scenario};
use crate::words::{self, with_mark};

fn document(region: &Region, key: &'static str, heading: &str, table: Table) -> Document {
    open(heading, region).section(Section::new(key, heading, table))
}

/// The sources with their licences.
pub fn list_sources(region: &Region) -> Document {
    let table = Table::of(region.network().sources())
        .column(KEY, |(key, _)| Cell::text(*key))
        .column(SOURCE, |(_, source)| Cell::text(&source.title))
        .column(YEAR, |(_, source)| Cell::maybe_text(source.year.as_deref()))
        .column(LICENCE, |(_, source)| Cell::maybe_text(source.licence.as_deref()))
        .detail(URL, |(_, source)| Cell::maybe_text(source.url.as_deref()))
        .build();
    document(region, "sources", "Sources", table)
}

/// The rules by which values are derived, and how many values of hospitals each gives.
pub fn list_derivations(region: &Region) -> Document {
    let network = region.network();
    let gives = |rule: &str| {
        let mut values = 0;
        for hospital in network.hospitals() {
            values += hospital.derived.values().filter(|used| *used == rule).count();
        }
        values
    };
    let table = Table::of(network.derivations())
        .column(DERIVATION, |(key, _)| Cell::text(*key))
        .column(DERIVED_VALUES, |(key, _)| Cell::count(gives(key)))
        .column(WHAT, |(_, rule)| Cell::text(*rule))
        .build();
    document(region, "derivations", "Rules by which values are derived", table)
}

/// Every column of every table: its key in files, its heading and what it means.
///
/// ```
/// let columns = serde_json::to_value(verbund::report::list_columns())?;
/// let rows = columns["tables"]["columns"].as_array().ok_or("no rows")?;
/// let lat = rows.iter().find(|row| row["key"] == "lat").ok_or("no latitude")?;
/// assert_eq!(lat["meaning"], "latitude in degrees (WGS 84)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn list_columns() -> Document {
    let table = Table::of(COLUMNS)
        .column(KEY, |column| Cell::text(column.key()))
        .column(NAME, |column| Cell::said(|| column.heading().replace('\n', " ")))
        .column(MEANING, |column| Cell::said(|| column.meaning().into_owned()))
        .build();
    let heading = "Columns of all tables";
    let section = Section::new("columns", heading, table).note(
        "Shares run from 0 to 1 in files; minutes have a fraction; what nobody knows is empty.",
    );
    Document::new(heading)
        .about("version", concat!("verbund ", env!("CARGO_PKG_VERSION")))
        .section(section)
}

/// The hospital sites.
pub fn list_hospitals(region: &Region) -> Document {
    let table = Table::of(region.network().hospitals())
        .column(HOSPITAL, |hospital| Cell::text(&hospital.key))
        .column(HOSPITAL_NAME, |hospital| Cell::text(&hospital.name))
        .column(CITY, |hospital| Cell::maybe_text(hospital.city.as_deref()))
        // As files write it, so that it can be copied into one.
        .column(KIND, |hospital| Cell::text(format!("{:?}", hospital.kind)))
        .column(BEDS, |hospital| Cell::maybe_count(hospital.beds))
        .detail(OPERATOR, |hospital| Cell::text(&hospital.operator))
        .build();
    document(region, "hospitals", "Hospital sites", table)
}

/// Scenarios that a network brings, by the names of their files; `None` where a file cannot be read. Those of
/// `unfit` do not fit the region as it is on its day.
pub fn list_scenarios(
    region: &Region,
    scenarios: &[(String, Option<Scenario>)],
    unfit: &[String],
) -> Document {
    // A file that cannot be read keeps its row: its name is all that is known of it.
    let mut rows = Vec::with_capacity(scenarios.len());
    for (key, scenario) in scenarios {
        rows.push(ListedScenario { key, scenario: scenario.as_ref() });
    }
    let table = Table::of(rows)
        .column(SCENARIO, |row| Cell::text(row.key))
        .column(NAME, |row| row.cell(|scenario| Cell::text(&scenario.name)))
        .column(FIRST_DAY, |row| row.cell(first_day))
        .column(CHANGES, |row| row.cell(|scenario| Cell::count(scenario.changes.len())))
        .detail(ASSUMED, |row| row.cell(|scenario| Cell::list(&scenario.assumed)))
        .detail(SOURCE, |row| row.cell(|scenario| Cell::text(&scenario.source)))
        .build();

    let heading = "Scenarios that the network brings";
    let mut section = Section::new("scenarios", heading, table).note(Hint::Scenarios);
    if !unfit.is_empty() {
        let (date, names) = (region.network().date(), unfit.join(", "));
        section = section.note(
            Remark::from(said!(
                "Not for {date}: {names}. They start earlier",
                date = date.in_print(),
                names
            ))
            .hint(Hint::AnotherDay)
            .and(" or have a fault")
            .hint(Hint::FaultsOfScenario)
            .and("."),
        );
    }
    open(heading, region).section(section)
}

/// A scenario that a network brings.
struct ListedScenario<'s> {
    key: &'s str,
    /// `None` where its file cannot be read.
    scenario: Option<&'s Scenario>,
}

impl ListedScenario<'_> {
    /// A cell of what the file says.
    fn cell(&self, cell: impl Fn(&Scenario) -> Cell) -> Cell {
        match self.scenario {
            Some(scenario) => cell(scenario),
            None => Cell::Missing,
        }
    }
}

/// The day of a scenario's first change: files need not have them in order.
fn first_day(scenario: &Scenario) -> Cell {
    match scenario.changes.iter().map(|change| change.on).min() {
        Some(first) => Cell::day(first.date()),
        None => Cell::Missing,
    }
}

/// Every kind of change that a scenario can make, the same for every network.
pub fn list_changes(region: &Region) -> Document {
    let table = Table::of(CHANGE_EXAMPLES)
        .column(CHANGE_KIND, |kind| Cell::text(kind.name))
        .column(DOES, |kind| Cell::word(kind.does))
        // A cell of a table has no lines of its own.
        .column(WRITTEN, |kind| Cell::text(kind.on_one_line()))
        .build();
    let heading = "Changes that a scenario can make";
    let section = Section::new("changes", heading, table).note(
        "The examples are for the network of Leipzig (leipzig) and stand in changes: [...] of a scenario's file. \
         The page network_format of the guide says more of each.",
    );
    open(heading, region).section(section)
}

/// The places with their people.
pub fn list_places(region: &Region) -> Document {
    let table = Table::of(&region.places().places)
        .column(PLACE, |place| Cell::text(&place.key))
        .column(PLACE_NAME, |place| Cell::text(&place.name))
        .column(DISTRICT, |place| Cell::text(&place.district))
        .column(INHABITANTS, |place| Cell::count(place.population.people()))
        .column(IS_OUTSIDE, |place| Cell::flag(place.outside))
        .build();
    document(region, "places", "Places", table)
}

/// What a person can need.
pub fn list_needs(region: &Region) -> Document {
    let catalog = region.network().catalog();
    let table = Table::of(Need::all(catalog))
        .column(KEY, |row| Cell::text(&row.need.key))
        .column(NAME, |row| Cell::text(&row.need.name))
        .column(NAME_DE, |row| Cell::text(&row.name_de))
        .column(WHAT, |row| Cell::said(|| row.need.requirement.describe(catalog)))
        .build();
    document(region, "needs", "What a person can need", table)
}

/// The standards of the catalog.
pub fn list_standards(region: &Region) -> Document {
    let catalog = region.network().catalog();
    let table = Table::of(&catalog.standards)
        .column(STANDARD, |standard| Cell::text(&standard.key))
        .column(POPULATION, |standard| people(&standard.population))
        .column(LIMIT_MINUTES, |standard| Cell::count(standard.minutes))
        .column(WHAT, |standard| Cell::said(|| standard.requirement.describe(catalog)))
        .column(SOURCE, |standard| Cell::text(&standard.source))
        .build();
    document(region, "standards", "Standards", table)
}

/// The care pathways of the catalog.
pub fn list_pathways(region: &Region) -> Document {
    let cases_of = |pathway: &Pathway| {
        let cases = pathway.cases.as_ref()?;
        Some(Cell::said(|| {
            let share = Cell::share(cases.share).display();
            said!("{share} of {specialty}", share, specialty = cases.of)
        }))
    };
    let targets = |pathway: &Pathway| {
        let in_words = |target| super::pathway::target_words(pathway, target);
        Cell::told(|| pathway.targets.iter().map(in_words).collect())
    };
    let table = Table::of(&region.network().catalog().pathways)
        .column(PATHWAY, |pathway| Cell::text(&pathway.key))
        .column(NAME, |pathway| Cell::text(&pathway.name))
        .column(URGENCY, |pathway| {
            let urgency = format!("{:?}", pathway.urgency).to_lowercase();
            Cell::both(urgency.clone(), words::of(&urgency))
        })
        .column(STAGES, |pathway| Cell::list(pathway.stages.iter().map(|stage| &stage.key)))
        .detail(CASES_OF, |pathway| cases_of(pathway).unwrap_or(Cell::Missing))
        .column(TARGETS, |pathway| targets(pathway))
        .detail(SOURCE, |pathway| Cell::text(&pathway.source))
        .detail(ASSUMED, |pathway| Cell::list(&pathway.assumed))
        .detail(NAME_DE, |pathway| Cell::text(&pathway.name_de))
        .build();
    document(region, "pathways", "Care pathways", table)
}

/// A group of people.
fn people(group: &PopulationGroup) -> Cell {
    // Programs find a group by its label, which is the same in every language.
    Cell::both(group.label(), group.in_print())
}

/// A rate of a specialty or of a tracer condition.
struct Rate<'c> {
    key: &'c str,
    population: Cell,
    /// Conditions are rarer, so theirs has a decimal more.
    cases_per_1000: Cell,
    stay_days: f64,
    is_assumed: bool,
    derived_by: Option<&'c str>,
    source: &'c str,
}

/// The rates of demand: specialties, then tracer conditions.
pub fn list_rates(region: &Region) -> Document {
    let demand = &region.network().catalog().demand;
    let mut rates = Vec::new();
    for rate in &demand.rates {
        rates.push(Rate {
            key: &rate.specialty,
            population: people(&rate.population),
            cases_per_1000: Cell::number(rate.per_1000, 2),
            stay_days: rate.stay_days,
            is_assumed: rate.assumed,
            derived_by: rate.derived.as_deref(),
            source: &rate.source,
        });
    }
    for condition in &demand.conditions {
        rates.push(Rate {
            key: &condition.key,
            population: people(&condition.population),
            cases_per_1000: Cell::number(condition.per_1000, 3),
            stay_days: condition.stay_days,
            is_assumed: condition.assumed,
            derived_by: None,
            source: &condition.source,
        });
    }

    // One column for both: a program reads specialties and conditions alike.
    let table = Table::of(rates)
        .column(SPECIALTY, |rate| Cell::text(rate.key))
        .column(POPULATION, |rate| rate.population.clone())
        .column(CASES_PER_1000, |rate| rate.cases_per_1000.clone())
        // As the model counts them, not as the table of rates has them: the remark names the factor.
        .column(STAY_DAYS, |rate| Cell::number(rate.stay_days * demand.stay_factor, 1))
        .column(IS_ASSUMED, |rate| Cell::flag(rate.is_assumed))
        .detail(DERIVED_BY, |rate| Cell::maybe_text(rate.derived_by))
        .detail(SOURCE, |rate| Cell::text(rate.source))
        .build();

    let mut document = document(region, "rates", "Rates of demand", table);
    let told = said!(
        "Cases a year per 1,000 people of the whole reference population; stays times {factor}.",
        factor = with_mark(demand.stay_factor.to_string())
    );
    document.sections[0].notes.push(told.into());
    document
}
