//! Coverage as tables.

use super::document::{Cell, Document, Section, Table};
use super::namesakes::Namesakes;
use super::open;
use crate::coverage::{Coverage, Reach};
use crate::region::Region;

/// What the rows of a coverage table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageBy {
    /// One row a standard.
    Region,
    /// One row a standard and district.
    District,
    /// One row a standard and place.
    Place,
    /// One row a standard and hospital.
    Hospital,
    /// One row a standard and place with people beyond the limit.
    Gap,
}

/// The coverage of standards.
pub fn coverage(region: &Region, results: &[Coverage], by: CoverageBy) -> Document {
    let document = open("Coverage", region);
    let section = match by {
        CoverageBy::Region => {
            Section::new("coverage", "Who reaches care in time", by_region(results))
                .note("Limits are inclusive. --format json or csv has more columns: 45, 60 minutes, median, P90.")
        }
        CoverageBy::District => {
            Section::new("coverage", "Who reaches care in time, by district", by_district(results))
        }
        CoverageBy::Place => {
            let table = by_place(region, results, false);
            Section::new("places", "How each place reaches care", table)
        }
        CoverageBy::Gap => {
            let table = by_place(region, results, true);
            Section::new("gaps", "Places with people beyond the limit", table)
        }
        CoverageBy::Hospital => {
            let table = by_hospital(region, results);
            Section::new("catchments", "Whom each hospital is nearest to", table)
        }
    };
    let section = match (results, by) {
        ([only], CoverageBy::Place | CoverageBy::Gap | CoverageBy::Hospital) => {
            let standard = &only.standard;
            section.note(format!(
                "Standard: {}, {} minutes, for {}.",
                standard.name,
                standard.minutes,
                standard.population.label()
            ))
        }
        _ => section,
    };
    document.section(section)
}

/// The cells that every table of [`Reach`] shares, from `people` on.
const REACH: [&str; 16] = [
    "people",
    "share_within_limit",
    "share_within_15",
    "share_within_30",
    "share_within_45",
    "share_within_60",
    "people_within_15",
    "people_within_30",
    "people_within_45",
    "people_within_60",
    "people_within_limit",
    "mean_minutes",
    "median_minutes",
    "p90_minutes",
    "p95_minutes",
    "longest_minutes",
];

/// Those of them that are for programs only: a screen has no room for all.
const IN_DETAIL: [&str; 10] = [
    "share_within_45",
    "share_within_60",
    "people_within_15",
    "people_within_30",
    "people_within_45",
    "people_within_60",
    "people_within_limit",
    "median_minutes",
    "p90_minutes",
    "longest_minutes",
];

fn reach(reach: &Reach) -> Vec<Cell> {
    let mut cells = vec![Cell::Count(reach.people)];
    let shares = reach.within.map(|within| crate::coverage::share(within, reach.people));
    cells.push(Cell::Share(reach.share_within_limit()));
    cells.extend(shares.map(Cell::Share));
    cells.extend(reach.within.map(Cell::Count));
    cells.push(Cell::Count(reach.within_limit));
    cells.push(Cell::maybe_minutes(reach.mean_seconds));
    cells.extend([reach.median, reach.p90, reach.p95, reach.longest].map(Cell::maybe_time));
    cells
}

fn by_region(results: &[Coverage]) -> Table {
    let mut keys = vec!["standard", "population", "limit_minutes", "hospitals"];
    keys.extend(REACH);
    keys.push("unreached_people");
    let mut table = Table::new(&keys);
    for coverage in results {
        let standard = &coverage.standard;
        let mut cells = vec![
            Cell::text(&standard.key),
            Cell::text(standard.population.label()),
            Cell::Count(u64::from(standard.minutes)),
            Cell::Count(coverage.hospitals.len() as u64),
        ];
        cells.extend(reach(&coverage.total));
        cells.push(Cell::Count(coverage.total.unreached));
        table.row(cells);
    }
    table.details(&IN_DETAIL).details(&["hospitals", "unreached_people"])
}

fn by_district(results: &[Coverage]) -> Table {
    let mut keys = vec!["standard", "district"];
    keys.extend(REACH);
    let mut table = Table::new(&keys);
    for coverage in results {
        for (district, own) in &coverage.districts {
            let mut cells = vec![Cell::text(&coverage.standard.key), Cell::text(district)];
            cells.extend(reach(own));
            table.row(cells);
        }
    }
    table.details(&IN_DETAIL)
}

fn by_place(region: &Region, results: &[Coverage], only_gaps: bool) -> Table {
    let mut table = Table::new(&[
        "standard",
        "place",
        "place_name",
        "district",
        "people",
        "people_beyond",
        "mean_minutes",
        "longest_minutes",
        "nearest_hospital",
        "second_hospital",
        "backup_minutes",
    ]);
    let namesakes = Namesakes::new(region);
    let name = |id| region.network().hospitals().get(crate::model::HospitalId::index(id));
    for coverage in results {
        let places: Vec<_> =
            if only_gaps { coverage.gaps() } else { coverage.places.iter().collect() };
        for own in places {
            let place = region.place(own.place);
            table.row(vec![
                Cell::text(&coverage.standard.key),
                Cell::text(&place.key),
                namesakes.place(own.place),
                Cell::text(&place.district),
                Cell::Count(own.people),
                Cell::Count(own.beyond_limit()),
                Cell::maybe_minutes(own.mean_seconds),
                Cell::maybe_time(own.longest),
                Cell::maybe_text(own.nearest.and_then(name).map(|one| one.key.as_str())),
                Cell::maybe_text(own.second.and_then(name).map(|one| one.key.as_str())),
                Cell::maybe_minutes(own.backup_seconds),
            ]);
        }
    }
    let table = table.details(&["place", "district", "longest_minutes"]);
    if results.len() == 1 { table.details(&["standard"]) } else { table }
}

fn by_hospital(region: &Region, results: &[Coverage]) -> Table {
    let mut table = Table::new(&[
        "standard",
        "hospital",
        "hospital_name",
        "catchment_people",
        "places",
        "mean_minutes",
        "newly_beyond_people",
        "backup_minutes",
        "rests_on",
    ]);
    for coverage in results {
        for own in &coverage.catchments {
            let hospital = &region.network()[own.hospital];
            table.row(vec![
                Cell::text(&coverage.standard.key),
                Cell::text(&hospital.key),
                Cell::text(&hospital.name),
                Cell::Count(own.people),
                Cell::Count(own.places as u64),
                Cell::maybe_minutes(own.mean_seconds),
                Cell::Count(own.newly_beyond_if_closed),
                Cell::maybe_minutes(own.backup_seconds),
                Cell::List(
                    coverage.standard.requirement.assumed_of(hospital, region.network().catalog()),
                ),
            ]);
        }
    }
    let table = table.details(&["hospital_name"]);
    if results.len() == 1 { table.details(&["standard"]) } else { table }
}
