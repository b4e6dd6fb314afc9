//! Roads of an extract: what was kept of it, and what was left out.

use super::document::{Cell, Document, Section, Table};
use crate::report::columns::{COUNT, ROAD_CLASS, ROAD_KM, WHAT};
use crate::roads::RoadMap;
use crate::units::grouped;

/// The roads of a map by class, and what its import kept and left out.
pub fn roads(map: &RoadMap) -> Document {
    let mut document = Document::new(said!("Roads of {file}", file = map.source()))
        .about("junctions", grouped(map.junctions() as u64))
        .about("pieces", grouped(map.pieces() as u64));
    if let Some(bounds) = map.bounds() {
        let (low, high) = (bounds.south_west, bounds.north_east);
        let text =
            format!("{:.3}, {:.3} – {:.3}, {:.3}", low.lat(), low.lon(), high.lat(), high.lon());
        document = document.about("bounds", text);
    }
    document.section(classes(map)).section(kept(map))
}

fn classes(map: &RoadMap) -> Section {
    let table = Table::of(map.kilometres())
        .column(ROAD_CLASS, |(class, _)| Cell::text(class.key()))
        .column(ROAD_KM, |(_, kilometres)| Cell::number(*kilometres, 1))
        .build();
    Section::new("classes", said!("Kilometres of road"), table)
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
