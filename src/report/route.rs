//! The way of one person as a table.

use super::document::{Cell, Document, Section, Table};
use super::open;
use crate::region::{PlaceId, Region};
use crate::routing::{HospitalOption, Need};

/// The first `count` hospitals that qualify and, of those that are nearer than the last of these
/// but do not qualify, why not.
pub fn route(
    region: &Region,
    place: PlaceId,
    need: &Need,
    options: &[HospitalOption],
    count: usize,
) -> Document {
    let catalog = region.network().catalog();
    let mut table =
        Table::new(&["rank", "hospital", "hospital_name", "city", "minutes", "beds", "district"]);
    let qualified: Vec<&HospitalOption> =
        options.iter().filter(|option| option.is_qualified()).take(count).collect();
    for (rank, option) in qualified.iter().enumerate() {
        let hospital = &region.network()[option.hospital];
        table.row(vec![
            Cell::Count(rank as u64 + 1),
            Cell::text(&hospital.key),
            Cell::text(&hospital.name),
            Cell::maybe_text(hospital.city.as_deref()),
            Cell::maybe_time(Some(option.time)),
            Cell::maybe_count(hospital.beds),
            Cell::maybe_text(hospital.district.as_deref()),
        ]);
    }
    let mut others = Table::new(&["hospital", "hospital_name", "minutes", "missing"]);
    let last = qualified.last().map(|option| option.time);
    let nearer = options
        .iter()
        .filter(|option| !option.is_qualified() && last.is_none_or(|last| option.time < last));
    for option in nearer.take(if qualified.is_empty() { count } else { usize::MAX }) {
        let hospital = &region.network()[option.hospital];
        others.row(vec![
            Cell::text(&hospital.key),
            Cell::text(&hospital.name),
            Cell::maybe_time(Some(option.time)),
            Cell::List(option.missing.clone()),
        ]);
    }
    let from = region.place(place);
    let cutoff = region.times().cutoff();
    let heading = if qualified.is_empty() {
        format!("No hospital within {cutoff} offers {}", need.requirement.describe(catalog))
    } else {
        format!("From {} to {}", from.name, need.name)
    };
    open(format!("Route from {} ({})", from.name, from.district), region)
        .about("need", need.requirement.describe(catalog))
        .section(Section::new("options", heading, table.details(&["hospital", "district"])))
        .section(
            Section::new("others", "Nearer, but not for this", others.details(&["hospital"]))
                .note("Times run from the centre of the place, by car and without traffic."),
        )
}
