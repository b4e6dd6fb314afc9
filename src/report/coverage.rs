//! Coverage as tables.

use super::document::{Cell, Document, Section, Table};
use super::namesakes::Namesakes;
use super::{caveats, hours, open};
use crate::coverage::{Coverage, Reach, share};
use crate::region::Region;
use crate::units::grouped;

/// What the rows of a coverage table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum CoverageBy {
    /// One row a standard.
    Region,
    /// One row a standard and district.
    District,
    /// One row a standard and place.
    Place,
    /// One row a standard and hospital: its catchment, and what its closure would do.
    Hospital,
    /// Only places with people beyond the limit.
    Gap,
}

/// The coverage of standards.
pub fn coverage(region: &Region, results: &[Coverage], by: CoverageBy) -> Document {
    let mut document = open("Coverage", region);
    if region.hour().is_none() {
        let has_part_time = results.iter().any(|coverage| coverage.week.has_part_time());
        document = document.about("hours", hours::of_all(has_part_time));
    }
    let section = match by {
        CoverageBy::Region => {
            Section::new("coverage", "Who reaches care in time", by_region(region, results))
                .note("Limits are inclusive. --format json or csv has more columns: 45, 60 minutes, median, P90.")
                .maybe_note(at_best(results))
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
    let mut section = section;
    for remark in results.iter().filter_map(|coverage| hours::of_coverage(region, coverage)) {
        section = section.note(remark);
    }
    for coverage in results {
        let note = caveats::on_unknown(region.network(), &coverage.unknown);
        section = section.maybe_note(note.map(|note| format!("{}: {note}", coverage.standard.key)));
    }
    document
        .section(section.maybe_note(not_offered(region, results)).maybe_note(of_nobody(results)))
}

/// Which standards no site of the data offers: nobody knows who is in time.
pub(super) fn not_offered(region: &Region, results: &[Coverage]) -> Option<String> {
    let catalog = region.network().catalog();
    let (mut by_nobody, mut perhaps) = (Vec::new(), Vec::new());
    for coverage in results.iter().filter(|coverage| !coverage.is_offered()) {
        let standard = &coverage.standard;
        let named = format!("{} ({})", standard.key, standard.requirement.describe(catalog));
        match coverage.unknown.len() {
            0 => by_nobody.push(named),
            1 => perhaps.push(format!("{named}, which 1 site may offer")),
            count => {
                perhaps.push(format!("{named}, which {} sites may offer", grouped(count as u64)));
            }
        }
    }
    let mut told = Vec::new();
    if !by_nobody.is_empty() {
        told.push(format!("No site in the data offers {}: no share.", by_nobody.join(", ")));
    }
    if !perhaps.is_empty() {
        told.push(format!(
            "No site in the data is known to offer {}: no share.",
            perhaps.join("; ")
        ));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

/// What the column of the best case is, where it is there.
pub(super) fn at_best(results: &[Coverage]) -> Option<String> {
    results.iter().any(Coverage::has_doubts).then(|| {
        "At best: if all hospitals qualified of which the data do not say whether they do."
            .to_owned()
    })
}

/// Which standards are for nobody here.
pub(super) fn of_nobody(results: &[Coverage]) -> Option<String> {
    let of_nobody = results.iter().filter(|coverage| coverage.total.people == 0);
    let told: Vec<String> = of_nobody
        .map(|coverage| {
            let standard = &coverage.standard;
            format!("{} ({})", standard.key, standard.population.label())
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!("Nobody lives there for whom {} would be: no share, no verdict.", told.join(", "))
    })
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

/// The figures of some people. Where no site of the data offers the care, nobody knows a share.
fn reach(reach: &Reach, is_offered: bool) -> Vec<Cell> {
    let mut cells = vec![Cell::Count(reach.people)];
    let share_of = |people: u64| share(people, reach.people).filter(|_| is_offered);
    cells.push(Cell::maybe_share(share_of(reach.within_limit)));
    cells.extend(reach.within.map(|within| Cell::maybe_share(share_of(within))));
    cells.extend(reach.within.map(Cell::Count));
    cells.push(Cell::Count(reach.within_limit));
    cells.push(Cell::maybe_minutes(reach.mean_seconds));
    cells.extend([reach.median, reach.p90, reach.p95, reach.longest].map(Cell::maybe_time));
    cells
}

fn by_region(region: &Region, results: &[Coverage]) -> Table {
    let mut keys = vec!["standard", "population", "limit_minutes", "hospitals"];
    keys.extend(REACH);
    keys.extend(["verdict", "share_at_best"]);
    keys.extend(["unreached_people", "part_time_hospitals", "unknown_hospitals"]);
    keys.extend(["share_over_week", "share_in_worst_hours", "worst_hours"]);
    let mut table = Table::new(&keys);
    for coverage in results {
        let standard = &coverage.standard;
        let mut cells = vec![
            Cell::text(&standard.key),
            Cell::text(standard.population.label()),
            Cell::Count(u64::from(standard.minutes)),
            Cell::Count(coverage.hospitals.len() as u64),
        ];
        let (is_offered, week) = (coverage.is_offered(), &coverage.week);
        cells.extend(reach(&coverage.total, is_offered));
        cells.push(Cell::text(coverage.answer().word()));
        cells.push(Cell::maybe_share(coverage.share_at_best()));
        cells.push(Cell::Count(coverage.total.unreached));
        cells.push(Cell::Count(week.part_time.len() as u64));
        let unknown = coverage.unknown.iter();
        let keys = unknown.map(|site| region.network()[site.hospital].key.clone());
        cells.push(Cell::List(keys.collect()));
        cells.push(Cell::maybe_share(week.mean_share().filter(|_| is_offered)));
        cells.push(Cell::maybe_share(week.worst_share().filter(|_| is_offered)));
        cells.push(Cell::text(week.worst().hours.to_string()));
        table.row(cells);
    }
    let in_files = ["hospitals", "verdict", "unreached_people", "unknown_hospitals", "worst_hours"];
    let table = table.details(&IN_DETAIL).details(&in_files);
    // Where nobody doubts any hospital, the best case is the case.
    let has_doubts = results.iter().any(Coverage::has_doubts);
    let table = if has_doubts { table } else { table.details(&["share_at_best"]) };
    let of_week = ["part_time_hospitals", "share_over_week", "share_in_worst_hours"];
    // Where all is always open, they say nothing that the other columns do not.
    let has_part_time = results.iter().any(|coverage| coverage.week.has_part_time());
    if has_part_time { table.details(&of_week[..1]) } else { table.details(&of_week) }
}

fn by_district(results: &[Coverage]) -> Table {
    let mut keys = vec!["standard", "district"];
    keys.extend(REACH);
    let mut table = Table::new(&keys);
    for coverage in results {
        for (district, own) in &coverage.districts {
            let mut cells = vec![Cell::text(&coverage.standard.key), Cell::text(district)];
            cells.extend(reach(own, coverage.is_offered()));
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
