//! Tables and cooperations as `GeoJSON` (RFC 7946), for maps.

use std::io;

use super::json::escaped;
use crate::model::{Area, Cooperation, CooperationGraph, Hospital, Network, Parties, Position};
use crate::report::document::{Atlas, Document, Section, Thing, ags, site_number};

/// Documents as one `GeoJSON` collection: a feature for every row that is a place, a hospital or a cooperation.
///
/// A place is its borders where the document has them ([`Document::with_areas`]), else its point; a hospital is a
/// point; a cooperation is lines between those who take part. The properties of a feature are the cells of its row,
/// with the key of its table (`table`) and the official key (`ags` or `site_number`). Coordinates are longitude and
/// latitude in degrees (WGS 84), and outer rings run counterclockwise. A row whose place or hospital the network does
/// not have, such as one that a scenario opens, has no geometry. Tables of anything else are left out
/// ([`Format::leaves_out`](super::Format::leaves_out) tells which).
///
/// # Errors
///
/// When no table of the documents has places, hospitals or cooperations as rows.
pub fn geojson(documents: &[Document]) -> io::Result<String> {
    let mut features = Vec::new();
    let mut is_on_map = false;
    for document in documents {
        let Some(ground) = &document.ground else { continue };
        let atlas = ground.atlas();
        for section in &document.sections {
            if let Some(subject) = section.table.subject() {
                is_on_map = true;
                push_rows(&mut features, &ground.network, &atlas, section, subject)?;
            }
        }
    }
    if !is_on_map {
        return Err(io::Error::other(
            "GeoJSON needs a table whose rows are places, hospitals or cooperations, and this result has none",
        ));
    }

    let mut members = Vec::new();
    if let [document, ..] = documents {
        members.push(member("title", &document.title)?);
        let mut about = Vec::new();
        for (key, value) in &document.about {
            about.push(member(key, value)?);
        }
        members.push(format!("\"about\":{{{}}}", about.join(",")));
    }
    Ok(collection(&members, &features))
}

/// The tables that no map has: their rows are no places, hospitals or cooperations.
pub(super) fn off_map(documents: &[Document]) -> Vec<&Section> {
    let mut left_out = Vec::new();
    for document in documents {
        for section in &document.sections {
            if document.ground.is_none() || section.table.subject().is_none() {
                left_out.push(section);
            }
        }
    }
    left_out
}

/// The hospitals of a network, and its cooperations as lines.
pub(super) fn of_graph(graph: &CooperationGraph<'_>, title: &str) -> io::Result<String> {
    let network = graph.network();
    let mut features = Vec::new();
    for hospital in network.hospitals() {
        let properties = [
            member("table", "hospitals")?,
            member("hospital", &hospital.key)?,
            member("hospital_name", &hospital.name)?,
            member("site_number", &site_number(hospital))?,
            member("city", &hospital.city)?,
            member("district", &hospital.district)?,
            member("outside", &hospital.outside)?,
            member("beds", &hospital.beds)?,
        ];
        features.push(feature(&properties, &of_hospital(hospital)));
    }

    for id in graph.cooperations() {
        let cooperation = &network[id];
        let is_directed = matches!(cooperation.parties, Parties::Directed { .. });
        let properties = [
            member("table", "cooperations")?,
            member("cooperation", &cooperation.key)?,
            member("kind", cooperation.kind.name())?,
            member("direction", if is_directed { "directed" } else { "mutual" })?,
            member("members", &cooperation.parties.keys())?,
            member("field", &cooperation.fields)?,
            member("since", &cooperation.since.map(|day| day.to_string()))?,
        ];
        features.push(feature(&properties, &of_cooperation(cooperation, network)));
    }
    Ok(collection(&[member("title", title)?], &features))
}

/// A feature for each row of a section.
fn push_rows(
    features: &mut Vec<String>,
    network: &Network,
    atlas: &Atlas<'_>,
    section: &Section,
    subject: usize,
) -> io::Result<()> {
    let table = &section.table;
    let is_known = |key: &str| table.columns().iter().any(|column| column.key() == key);
    for row in table.rows() {
        let mut properties = vec![member("table", section.key)?];
        for (column, cell) in table.columns().iter().zip(row) {
            properties.push(member(&column.key(), cell)?);
        }

        let thing = atlas.thing(table.columns()[subject], &row[subject]);
        let geometry = match thing {
            Some(Thing::Place(place)) => {
                if !is_known("ags") {
                    properties.push(member("ags", &ags(&place.key))?);
                }
                match atlas.area(place) {
                    Some(area) => of_area(area),
                    None => point(place.position),
                }
            }
            Some(Thing::Hospital(hospital)) => {
                if !is_known("site_number") {
                    properties.push(member("site_number", &site_number(hospital))?);
                }
                of_hospital(hospital)
            }
            Some(Thing::Cooperation(cooperation)) => of_cooperation(cooperation, network),
            None => "null".to_owned(),
        };
        features.push(feature(&properties, &geometry));
    }
    Ok(())
}

fn member(key: &str, value: &(impl serde::Serialize + ?Sized)) -> io::Result<String> {
    Ok(format!("{}:{}", serde_json::to_string(key)?, serde_json::to_string(value)?))
}

fn feature(properties: &[String], geometry: &str) -> String {
    let properties = properties.join(",");
    format!("{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{geometry}}}")
}

/// The features, a line each, so that two files can be compared.
fn collection(members: &[String], features: &[String]) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",");
    for member in members {
        text.push_str(member);
        text.push(',');
    }
    text.push_str("\"features\":[\n");
    text.push_str(&features.join(",\n"));
    text.push_str("\n]}\n");
    escaped(text)
}

/// A position as `GeoJSON` has it: longitude first.
fn pair(position: Position) -> String {
    let degrees = |degrees: f64| (degrees * 1e6).round() / 1e6 + 0.0;
    format!("[{},{}]", degrees(position.lon()), degrees(position.lat()))
}

fn pairs(positions: &[Position]) -> String {
    let pairs: Vec<String> = positions.iter().map(|position| pair(*position)).collect();
    format!("[{}]", pairs.join(","))
}

fn point(position: Position) -> String {
    format!("{{\"type\":\"Point\",\"coordinates\":{}}}", pair(position))
}

fn of_hospital(hospital: &Hospital) -> String {
    point(hospital.position)
}

/// A line from the giver to each receiver, or between every two partners.
fn of_cooperation(cooperation: &Cooperation, network: &Network) -> String {
    let mut lines = Vec::new();
    for (from, to) in network.pairs(&cooperation.parties) {
        lines.push(pairs(&[network[from].position, network[to].position]));
    }
    format!("{{\"type\":\"MultiLineString\",\"coordinates\":[{}]}}", lines.join(","))
}

/// The borders of a place. Files have rings without a word on which are holes: a ring within an odd number of others
/// is one.
fn of_area(area: &Area) -> String {
    let rings = &area.rings;
    let mut depths = Vec::with_capacity(rings.len());
    for ring in rings {
        depths.push(rings.iter().filter(|around| lies_in(ring, around)).count());
    }

    let mut polygons = Vec::new();
    for (position, outer) in rings.iter().enumerate() {
        if depths[position] % 2 == 1 {
            continue;
        }
        let mut parts = vec![pairs(&turned(outer, true))];
        for (number, hole) in rings.iter().enumerate() {
            if depths[number] == depths[position] + 1 && lies_in(hole, outer) {
                parts.push(pairs(&turned(hole, false)));
            }
        }
        polygons.push(format!("[{}]", parts.join(",")));
    }
    format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[{}]}}", polygons.join(","))
}

/// Whether most points of a ring lie within another one: rings may touch in some points.
fn lies_in(ring: &[Position], other: &[Position]) -> bool {
    if std::ptr::eq(ring, other) {
        return false;
    }
    let inside = ring.iter().filter(|point| is_inside(**point, other)).count();
    inside * 2 > ring.len()
}

/// Whether a ray from the point to the east crosses the ring an odd number of times.
fn is_inside(point: Position, ring: &[Position]) -> bool {
    let mut is_inside = false;
    let mut last = ring[ring.len() - 1];
    for &next in ring {
        if (next.lat() > point.lat()) != (last.lat() > point.lat()) {
            let share = (point.lat() - next.lat()) / (last.lat() - next.lat());
            if point.lon() < next.lon() + share * (last.lon() - next.lon()) {
                is_inside = !is_inside;
            }
        }
        last = next;
    }
    is_inside
}

/// A ring that runs as it should, closed: the right-hand rule of RFC 7946.
fn turned(ring: &[Position], is_counterclockwise: bool) -> Vec<Position> {
    let mut doubled_area = 0.0;
    let mut last = ring[ring.len() - 1];
    for &next in ring {
        doubled_area += last.lon() * next.lat() - next.lon() * last.lat();
        last = next;
    }
    let mut turned = ring.to_vec();
    if (doubled_area > 0.0) != is_counterclockwise {
        turned.reverse();
    }
    turned.push(turned[0]);
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: f64, to: f64) -> Vec<Position> {
        let corner = |lat, lon| Position::new(lat, lon).unwrap();
        // Clockwise.
        vec![corner(from, from), corner(to, from), corner(to, to), corner(from, to)]
    }

    #[test]
    fn outer_rings_run_counterclockwise_and_holes_clockwise() {
        let rings = vec![square(2.0, 3.0), square(1.0, 4.0)];
        let written = of_area(&Area { key: "a".into(), rings });
        let expected = "{\"type\":\"MultiPolygon\",\"coordinates\":[[\
            [[4,1],[4,4],[1,4],[1,1],[4,1]],[[2,2],[2,3],[3,3],[3,2],[2,2]]]]}";
        assert_eq!(written, expected);
    }
}
