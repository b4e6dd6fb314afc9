//! The way of one person as a table.

use super::document::{Cell, Document, Section, Table};
use super::namesakes::Namesakes;
use super::{hours, open};
use crate::region::{PlaceId, Region};
use crate::report::columns::{
    BEDS, CITY, DISTRICT, HOSPITAL, HOSPITAL_NAME, MINUTES, MISSING, OPEN_HOURS, RANK, RESTS_ON,
};
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
    let qualified: Vec<&HospitalOption> =
        options.iter().filter(|option| option.is_qualified()).take(count).collect();
    let hospital = |option: &HospitalOption| &region.network()[option.hospital];
    let table = Table::of(qualified.iter().enumerate())
        .column(RANK, |(index, _)| Cell::count(index + 1))
        .detail(HOSPITAL, |(_, option)| Cell::text(&hospital(option).key))
        .column(HOSPITAL_NAME, |(_, option)| namesakes.hospital(option.hospital))
        .column(CITY, |(_, option)| Cell::maybe_text(hospital(option).city.as_deref()))
        .column(MINUTES, |(_, option)| Cell::time(option.time))
        .column(RESTS_ON, |(_, option)| {
            Cell::list(need.requirement.assumed_of(hospital(option), catalog))
        })
        .detail(BEDS, |(_, option)| Cell::maybe_count(hospital(option).beds))
        .detail(DISTRICT, |(_, option)| Cell::maybe_text(hospital(option).district.as_deref()))
        .column(OPEN_HOURS, |(_, option)| Cell::text(option.hours.to_string()))
        .build();
    let has_part_time = options.iter().any(is_part_time);
    let is_always = qualified.iter().all(|option| option.hours.is_always());
    let table = table.hide_if(is_always, &[OPEN_HOURS]);
    let first = qualified.first().map(|option| option.time);
    let nearer = options
        .iter()
        .filter(|option| !option.is_qualified() && first.is_none_or(|first| option.time < first));
    let others = Table::of(nearer.take(if qualified.is_empty() { count } else { usize::MAX }))
        .detail(HOSPITAL, |option| Cell::text(&hospital(option).key))
        .column(HOSPITAL_NAME, |option| namesakes.hospital(option.hospital))
        .column(MINUTES, |option| Cell::time(option.time))
        .column(MISSING, |option| Cell::list(&option.missing))
        .build();
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
    document.section(Section::new("options", heading, table)).section(
        Section::new("others", "Nearer, but not for this", others)
            .note("Times run from the centre of the place, by the travel times named above."),
    )
}

/// Whether a hospital offers what is needed in some hours of the week only.
fn is_part_time(option: &HospitalOption) -> bool {
    !option.hours.is_always() && !option.hours.is_never()
}
