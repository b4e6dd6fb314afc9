//! What a network and its catalog hold, as lists.

use super::document::{Cell, Document, Section, Table};
use super::open;
use crate::model::Scenario;
use crate::region::Region;
use crate::routing::Need;

fn document(region: &Region, key: &'static str, heading: &str, table: Table) -> Document {
    open(heading, region).section(Section::new(key, heading, table))
}

/// The sources with their licences.
pub fn list_sources(region: &Region) -> Document {
    let mut table = Table::new(&["key", "source", "year", "licence", "url"]);
    for (key, source) in region.network().sources() {
        table.row(vec![
            Cell::text(key),
            Cell::text(&source.title),
            Cell::maybe_text(source.year.as_deref()),
            Cell::maybe_text(source.licence.as_deref()),
            Cell::maybe_text(source.url.as_deref()),
        ]);
    }
    document(region, "sources", "Sources", table.details(&["url"]))
}

/// The rules by which values are derived, and how many values of hospitals each gives.
pub fn list_derivations(region: &Region) -> Document {
    let network = region.network();
    let mut table = Table::new(&["derivation", "derived_values", "what"]);
    for (key, rule) in network.derivations() {
        let mut values = 0;
        for hospital in network.hospitals() {
            values += hospital.derived.values().filter(|used| *used == key).count() as u64;
        }
        table.row(vec![Cell::text(key), Cell::Count(values), Cell::text(rule)]);
    }
    document(region, "derivations", "Rules by which values are derived", table)
}

/// The hospital sites.
pub fn list_hospitals(region: &Region) -> Document {
    let mut table = Table::new(&["hospital", "hospital_name", "city", "kind", "beds", "operator"]);
    for hospital in region.network().hospitals() {
        table.row(vec![
            Cell::text(&hospital.key),
            Cell::text(&hospital.name),
            Cell::maybe_text(hospital.city.as_deref()),
            Cell::text(format!("{:?}", hospital.kind)),
            Cell::maybe_count(hospital.beds),
            Cell::text(&hospital.operator),
        ]);
    }
    document(region, "hospitals", "Hospital sites", table.details(&["operator"]))
}

/// Scenarios that a network brings, by the names of their files; `None` where a file cannot be read. Those of
/// `unfit` do not fit the region as it is on its day.
pub fn list_scenarios(
    region: &Region,
    scenarios: &[(String, Option<Scenario>)],
    unfit: &[String],
) -> Document {
    let mut table = Table::new(&["scenario", "name", "first_day", "changes", "assumed", "source"]);
    for (key, scenario) in scenarios {
        let own = scenario.as_ref();
        let first = own.and_then(|one| one.changes.iter().map(|change| change.on).min());
        table.row(vec![
            Cell::text(key),
            Cell::maybe_text(own.map(|one| one.name.as_str())),
            Cell::maybe_text(first.map(|moment| moment.date().to_string())),
            own.map_or(Cell::Missing, |one| Cell::Count(one.changes.len() as u64)),
            own.map_or(Cell::Missing, |one| Cell::List(one.assumed.clone())),
            Cell::maybe_text(own.map(|one| one.source.as_str())),
        ]);
    }
    let table = table.details(&["assumed", "source"]);
    let heading = "Scenarios that the network brings";
    let section = Section::new("scenarios", heading, table).note(
        "What each changes: verbund compare or simulate --scenario NAME. Its file, to write another one like it: verbund info --scenario NAME.",
    );
    let unfit = (!unfit.is_empty()).then(|| {
        format!(
            "Not for {}: {}. They start earlier (--as-of DATE reads the network of another day) or have a fault: \
             verbund check --scenario NAME.",
            region.network().date(),
            unfit.join(", ")
        )
    });
    open(heading, region).section(section.maybe_note(unfit))
}

/// The places with their people.
pub fn list_places(region: &Region) -> Document {
    let mut table = Table::new(&["place", "place_name", "district", "inhabitants", "is_outside"]);
    for place in &region.places().places {
        table.row(vec![
            Cell::text(&place.key),
            Cell::text(&place.name),
            Cell::text(&place.district),
            Cell::Count(place.population.people()),
            Cell::Flag(place.outside),
        ]);
    }
    document(region, "places", "Places", table)
}

/// What a person can need.
pub fn list_needs(region: &Region) -> Document {
    let catalog = region.network().catalog();
    let mut table = Table::new(&["key", "name", "name_de", "what"]);
    for (need, german) in Need::all(catalog) {
        table.row(vec![
            Cell::text(&need.key),
            Cell::text(&need.name),
            Cell::text(german),
            Cell::text(need.requirement.describe(catalog)),
        ]);
    }
    document(region, "needs", "What a person can need", table)
}

/// The standards of the catalog.
pub fn list_standards(region: &Region) -> Document {
    let catalog = region.network().catalog();
    let mut table = Table::new(&["standard", "population", "limit_minutes", "what", "source"]);
    for standard in &catalog.standards {
        table.row(vec![
            Cell::text(&standard.key),
            Cell::text(standard.population.label()),
            Cell::Count(u64::from(standard.minutes)),
            Cell::text(standard.requirement.describe(catalog)),
            Cell::text(&standard.source),
        ]);
    }
    document(region, "standards", "Standards", table)
}

/// The care pathways of the catalog.
pub fn list_pathways(region: &Region) -> Document {
    let mut table = Table::new(&[
        "pathway", "name", "urgency", "stages", "cases_of", "targets", "source", "assumed",
        "name_de",
    ]);
    for pathway in &region.network().catalog().pathways {
        let targets =
            pathway.targets.iter().map(|target| super::pathway::target_words(pathway, target));
        let cases = pathway.cases.as_ref();
        let cases = cases.map(|one| format!("{} of {}", Cell::Share(one.share).display(), one.of));
        table.row(vec![
            Cell::text(&pathway.key),
            Cell::text(&pathway.name),
            Cell::text(format!("{:?}", pathway.urgency).to_lowercase()),
            Cell::List(pathway.stages.iter().map(|stage| stage.key.clone()).collect()),
            Cell::maybe_text(cases),
            Cell::List(targets.collect()),
            Cell::text(&pathway.source),
            Cell::List(pathway.assumed.clone()),
            Cell::text(&pathway.name_de),
        ]);
    }
    document(
        region,
        "pathways",
        "Care pathways",
        table.details(&["cases_of", "source", "assumed", "name_de"]),
    )
}

/// The rates of demand: specialties, then tracer conditions.
pub fn list_rates(region: &Region) -> Document {
    let demand = &region.network().catalog().demand;
    let keys = [
        "specialty",
        "population",
        "cases_per_1000",
        "stay_days",
        "is_assumed",
        "derived_by",
        "source",
    ];
    let mut table = Table::new(&keys);
    let stay = |days: f64| Cell::Number(days * demand.stay_factor, 1);
    for rate in &demand.rates {
        table.row(vec![
            Cell::text(&rate.specialty),
            Cell::text(rate.population.label()),
            Cell::Number(rate.per_1000, 2),
            stay(rate.stay_days),
            Cell::Flag(rate.assumed),
            Cell::maybe_text(rate.derived.as_deref()),
            Cell::text(&rate.source),
        ]);
    }
    for condition in &demand.conditions {
        table.row(vec![
            Cell::text(&condition.key),
            Cell::text(condition.population.label()),
            Cell::Number(condition.per_1000, 3),
            stay(condition.stay_days),
            Cell::Flag(condition.assumed),
            Cell::Missing,
            Cell::text(&condition.source),
        ]);
    }
    let mut document =
        document(region, "rates", "Rates of demand", table.details(&["derived_by", "source"]));
    document.sections[0].notes.push(format!(
        "Cases a year per 1,000 people of the whole reference population; stays times {}.",
        demand.stay_factor
    ));
    document
}
