//! Roads of an extract: what was kept of it, and what was left out.

use super::document::{Cell, Document, Section, Table};
use crate::model::Basis;
use crate::report::columns::{
    BASIS, COUNT, ROAD_CLASS, ROAD_FACTOR, ROAD_GROUP, ROAD_KM, ROAD_PROFILE, SOURCE, WHAT,
};
use crate::roads::{Driving, ProfileFactor, RoadMap, RoadProfile};
use crate::units::grouped;

/// The roads of a map by class, and what its import kept and left out.
pub fn roads(map: &RoadMap) -> Document {
    let day = map.day().map_or_else(|| said!("the file does not say"), |day| day.to_string());
    let mut document = Document::new(said!("Roads of {file}", file = map.source()))
        .about("roads_of_day", day)
        .about("junctions", grouped(map.junctions() as u64))
        .about("pieces", grouped(map.pieces() as u64));
    if let Some(bounds) = map.bounds() {
        let (low, high) = (bounds.south_west, bounds.north_east);
        let text =
            format!("{:.3}, {:.3} – {:.3}, {:.3}", low.lat(), low.lon(), high.lat(), high.lon());
        document = document.about("bounds", text);
    }
    document.section(classes(map)).section(factors()).section(kept(map))
}

fn classes(map: &RoadMap) -> Section {
    let table = Table::of(map.kilometres())
        .column(ROAD_CLASS, |(class, _)| Cell::text(class.key()))
        .column(ROAD_KM, |(_, kilometres)| Cell::number(*kilometres, 1))
        .build();
    Section::new("classes", said!("Kilometres of road"), table)
}

/// A factor as the table shows it.
struct Shown {
    profile: &'static str,
    roads: &'static str,
    factor: f64,
    basis: Basis,
    source: &'static str,
}

/// What hours, weather and ambulances do to the times over roads, each with its source.
fn factors() -> Section {
    // First of all: it is on top of each profile.
    let mut rows = vec![Shown {
        profile: "any, by ambulance",
        roads: "all roads",
        factor: Driving::default().ambulance_factor,
        basis: Basis::Assumed,
        source: Driving::AMBULANCE_SOURCE,
    }];
    // Every one of them, also those of a profile that nobody asked for: who reads decides which to trust.
    for listed in ProfileFactor::ALL {
        rows.push(Shown {
            profile: profile_words(listed.profile),
            roads: listed.roads.words(),
            factor: listed.factor,
            basis: listed.basis,
            source: listed.source,
        });
    }
    let table = Table::of(rows)
        .column(ROAD_PROFILE, |row| Cell::word(row.profile))
        .column(ROAD_GROUP, |row| Cell::word(row.roads))
        .column(ROAD_FACTOR, |row| Cell::number(row.factor, 2))
        .column(BASIS, |row| Cell::word(basis_words(row.basis)))
        .column(SOURCE, |row| Cell::word(row.source))
        .build();
    Section::new("factors", said!("Factors on the time of free roads"), table)
}

fn profile_words(profile: RoadProfile) -> &'static str {
    match profile {
        RoadProfile::RushHour => "rush hour",
        RoadProfile::Night => "night",
        RoadProfile::Snow => "snow",
        RoadProfile::Free => "free roads",
    }
}

fn basis_words(basis: Basis) -> &'static str {
    match basis {
        Basis::Sourced => "sourced",
        Basis::Derived => "derived",
        Basis::Assumed => "assumed",
    }
}

/// What an import counts, and how many of it there are.
struct Counted {
    what: String,
    count: u64,
}

fn kept(map: &RoadMap) -> Section {
    let counts = map.counts();
    let cut_off = grouped(counts.cut_off_metres / 1000);
    let rows = [
        (said!("ways for cars, kept"), counts.ways),
        (said!("ways not for cars"), counts.ways_not_for_cars),
        (said!("tracks through fields and forests"), counts.tracks),
        (said!("ways on which no car may drive"), counts.ways_without_access),
        (said!("ways that are not open"), counts.ways_not_open),
        (said!("points that no car passes"), counts.barriers),
        (said!("points that the extract lacks"), counts.missing_points),
        (said!("turn restrictions, kept"), counts.turn_restrictions),
        (said!("turn restrictions of other forms, left out"), counts.other_restrictions),
        (
            said!("pieces that do not lead there and back ({cut_off} km), left out", cut_off),
            counts.cut_off_pieces,
        ),
    ];
    let mut counted = Vec::new();
    for (what, count) in rows {
        counted.push(Counted { what, count });
    }
    let table = Table::of(counted)
        .column(WHAT, |row| Cell::text(row.what.clone()))
        .column(COUNT, |row| Cell::count(row.count))
        .build();
    Section::new("import", said!("What was kept and left out"), table)
}
