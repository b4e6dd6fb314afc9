//! The way of one person as a table.

use super::document::{Cell, Document, Section, Table};
use super::namesakes::Namesakes;
use super::open;
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
        ]);
    }
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
    let heading = if qualified.is_empty() {
        format!("No hospital within {cutoff} offers {}", need.requirement.describe(catalog))
    } else {
        format!("From {} to {}", namesakes.place_label(place), need.name)
    };
    open(format!("Route from {}", namesakes.place_title(place)), region)
        .about("need", need.requirement.describe(catalog))
        .section(Section::new("options", heading, table.details(&["hospital", "district", "beds"])))
        .section(
            Section::new("others", "Nearer, but not for this", others.details(&["hospital"]))
                .note("Times run from the centre of the place, by the travel times named above."),
        )
}
