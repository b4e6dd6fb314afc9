//! The way of one person as a table.

use super::document::{Cell, Document, Section, Table};
use super::namesakes::Namesakes;
use super::{hours, open};
use crate::region::{PlaceId, Region};
use crate::report::columns::{
    BEDS, CITY, DISTRICT, HOSPITAL, HOSPITAL_NAME, MINUTES, MISSING, OPEN_HOURS, RANK, RESTS_ON,
};
use crate::routing::{HospitalOption, Need};
use crate::words;

/// The first `count` hospitals that qualify, with what of it is assumed, and why nearer ones do not
/// qualify: all that are nearer than the first, or the first `count` where none qualifies.
pub fn route(
    region: &Region,
    place: PlaceId,
    need: &Need,
    options: &[HospitalOption],
    count: usize,
) -> Document {
    let namesakes = Namesakes::new(region);
    let mut qualified: Vec<&HospitalOption> =
        options.iter().filter(|option| option.is_qualified()).collect();
    qualified.truncate(count);

    let mut document =
        open(said!("Route from {place}", place = namesakes.place_title(place)), region)
            .about("need", need.requirement.describe(region.network().catalog()));
    // With one hour asked for, the head says so already.
    if region.hour().is_none() {
        document = document.about("hours", hours::of_all(options.iter().any(is_part_time)));
    }

    let heading = if qualified.is_empty() {
        nobody_offers(region, need, options)
    } else {
        said!("From {place} to {need}", place = namesakes.place_label(place), need = need.name)
    };
    let nearer = nearer(options, qualified.first().copied(), count);
    document
        .section(Section::new("options", heading, offers(region, need, &qualified, &namesakes)))
        .section(
            Section::new("others", "Nearer, but not for this", others(region, &nearer, &namesakes))
                .note("Times run from the centre of the place, by the travel times named above."),
        )
}

/// The hospitals that qualify, the nearest first.
fn offers(
    region: &Region,
    need: &Need,
    qualified: &[&HospitalOption],
    namesakes: &Namesakes<'_>,
) -> Table {
    let hospital = |option: &HospitalOption| &region.network()[option.hospital];
    let catalog = region.network().catalog();
    let is_always = qualified.iter().all(|option| option.hours.is_always());
    Table::of(qualified.iter().enumerate())
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
        .column(OPEN_HOURS, |(_, option)| {
            Cell::both(option.hours.to_string(), option.hours.in_print())
        })
        .build()
        // A column of "Always" is no news.
        .hide_if(is_always, &[OPEN_HOURS])
}

/// The hospitals that do not qualify and are nearer than the first that does; the first `count` where none does.
fn nearer<'o>(
    options: &'o [HospitalOption],
    first: Option<&HospitalOption>,
    count: usize,
) -> Vec<&'o HospitalOption> {
    let mut nearer = Vec::new();
    for option in options.iter().filter(|option| !option.is_qualified()) {
        let is_shown = match first {
            // Farther ones answer no question: nobody would go there.
            Some(first) => option.time < first.time,
            None => nearer.len() < count,
        };
        if is_shown {
            nearer.push(option);
        }
    }
    nearer
}

fn others(region: &Region, nearer: &[&HospitalOption], namesakes: &Namesakes<'_>) -> Table {
    Table::of(nearer)
        .detail(HOSPITAL, |option| Cell::text(&region.network()[option.hospital].key))
        .column(HOSPITAL_NAME, |option| namesakes.hospital(option.hospital))
        .column(MINUTES, |option| Cell::time(option.time))
        .column(MISSING, |option| Cell::told(|| words::each_of(&option.missing)))
        .build()
}

/// That no hospital is known to qualify: none in this hour, or none at all.
fn nobody_offers(region: &Region, need: &Need, options: &[HospitalOption]) -> String {
    let is_doubtful = options.iter().any(HospitalOption::is_unknown);
    // Closed now is another answer than never there.
    let is_offered = options.iter().any(|option| option.is_qualified() || is_part_time(option));
    let then = words::of(if is_offered { " then" } else { "" });
    let what = need.requirement.describe(region.network().catalog());
    let cutoff = region.times().cutoff();
    // Two sentences: a verb alone has no place of its own in German.
    if is_doubtful {
        return said!(
            "No hospital within {cutoff} is known to offer {what}{then}",
            cutoff,
            what,
            then
        );
    }
    said!("No hospital within {cutoff} offers {what}{then}", cutoff, what, then)
}

/// Whether a hospital offers what is needed in some hours of the week only.
fn is_part_time(option: &HospitalOption) -> bool {
    !option.hours.is_always() && !option.hours.is_never()
}
