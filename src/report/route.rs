//! The way of one person as a table.

use super::document::{Cell, Document, Section, Table};
use super::namesakes::Namesakes;
use super::{hours, open};
use crate::region::{PlaceId, Region};
use crate::routing::{HospitalOption, Need};

/// The first `count` hospitals that qualify, with what of it is assumed, and why nearer ones do not
/// qualify: all that are nearer than the first, or the first `count` where none qualifies.
pub fn route(
    region: &Region,
    place: PlaceId,
    need: &Need,
    options: &[HospitalOption],
    count: usize,
) -> Document {
    let catalog = region.network().catalog();
    let namesakes = Namesakes::new(region);
    let mut table = Table::new(&[
        "rank",
        "hospital",
        "hospital_name",
        "city",
        "minutes",
        "rests_on",
        "beds",
        "district",
        "open_hours",
    ]);
    let qualified: Vec<&HospitalOption> =
        options.iter().filter(|option| option.is_qualified()).take(count).collect();
    for (rank, option) in qualified.iter().enumerate() {
        let hospital = &region.network()[option.hospital];
        table.row(vec![
            Cell::Count(rank as u64 + 1),
            Cell::text(&hospital.key),
            namesakes.hospital(option.hospital),
            Cell::maybe_text(hospital.city.as_deref()),
            Cell::maybe_time(Some(option.time)),
            Cell::List(need.requirement.assumed_of(hospital, catalog)),
            Cell::maybe_count(hospital.beds),
            Cell::maybe_text(hospital.district.as_deref()),
            Cell::text(option.hours.to_string()),
        ]);
    }
    let has_part_time = options.iter().any(is_part_time);
    let is_always = qualified.iter().all(|option| option.hours.is_always());
    let table = if is_always { table.details(&["open_hours"]) } else { table };
    let mut others = Table::new(&["hospital", "hospital_name", "minutes", "missing"]);
    let first = qualified.first().map(|option| option.time);
    let nearer = options
        .iter()
        .filter(|option| !option.is_qualified() && first.is_none_or(|first| option.time < first));
    for option in nearer.take(if qualified.is_empty() { count } else { usize::MAX }) {
        let hospital = &region.network()[option.hospital];
        others.row(vec![
            Cell::text(&hospital.key),
            namesakes.hospital(option.hospital),
            Cell::maybe_time(Some(option.time)),
            Cell::List(option.missing.clone()),
        ]);
    }
    let cutoff = region.times().cutoff();
    let is_offered = options.iter().any(|option| option.is_qualified() || is_part_time(option));
    let heading = if qualified.is_empty() {
        let then = if is_offered { " then" } else { "" };
        let is_doubt = |what: &String| what.starts_with("unknown: ");
        let may = options
            .iter()
            .any(|option| !option.missing.is_empty() && option.missing.iter().all(is_doubt));
        let offers = if may { "is known to offer" } else { "offers" };
        format!("No hospital within {cutoff} {offers} {}{then}", need.requirement.describe(catalog))
    } else {
        format!("From {} to {}", namesakes.place_label(place), need.name)
    };
    let mut document = open(format!("Route from {}", namesakes.place_title(place)), region)
        .about("need", need.requirement.describe(catalog));
    if region.hour().is_none() {
        document = document.about("hours", hours::of_all(has_part_time));
    }
    document
        .section(Section::new("options", heading, table.details(&["hospital", "district", "beds"])))
        .section(
            Section::new("others", "Nearer, but not for this", others.details(&["hospital"]))
                .note("Times run from the centre of the place, by the travel times named above."),
        )
}

/// Whether a hospital offers what is needed in some hours of the week only.
fn is_part_time(option: &HospitalOption) -> bool {
    !option.hours.is_always() && !option.hours.is_never()
}
