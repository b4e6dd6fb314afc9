//! Borders of places: `areas.geojson`, which a network may have.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bytes::fault;
use super::folder::Folder;
use super::sources::{AREAS, File, Root};
use crate::model::location::Locations;
use crate::model::{Area, AreaSource, Areas, Position};
use crate::problem::{Problem, ProblemKind, Problems};

/// Most bytes of the file: all municipalities of Germany, simplified for a map, take a tenth.
// Read as a tree, a file takes some ten times its size in memory.
const MOST_BYTES: usize = 30_000_000;

impl Folder {
    /// The borders of its places, from `areas.geojson` beside `network.ron`; `None` where there is no such file.
    ///
    /// A `GeoJSON` `FeatureCollection` of `Polygon` and `MultiPolygon` in degrees (WGS 84). Each feature has the key
    /// of its place among its properties, as `key` or as `ags`; `sources` of the collection is a list of `title` and
    /// `licence`. Which areas match which places is a question to [`Areas::of_places`]: one that matches none is
    /// no fault.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let files = [("areas.geojson", r#"{"type": "FeatureCollection", "features": [{"type": "Feature"}]}"#)];
    /// let problems = Folder::of_files(files).areas().unwrap_err();
    /// assert_eq!(problems.list().len(), 2); // no key, no geometry
    /// assert_eq!(Folder::small().areas()?, None);
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every fault of the file: what cannot be read, is no JSON, larger than 30 MB, has no key, a key twice, or a
    /// ring that is none: not closed, or of fewer than three different points.
    pub fn areas(&self) -> Result<Option<Areas>, Problems> {
        if !self.files.has(AREAS) {
            return Ok(None);
        }
        let mut problems = Problems::default();
        let file = File { path: AREAS, root: Root::Network, field: "" };
        let Some(text) = self.text(file, &Locations::default(), &mut problems) else {
            return Err(problems);
        };
        let areas = read_areas(&text, &mut problems);
        if problems.is_empty() { Ok(Some(areas)) } else { Err(problems) }
    }
}

/// Faults of one feature, told with its number and key.
struct FeatureFaults<'p> {
    entity: String,
    problems: &'p mut Problems,
}

impl FeatureFaults<'_> {
    fn push(&mut self, kind: ProblemKind, field: &str, message: String, expected: &str) {
        let problem = fault(AREAS, kind, None, message);
        self.problems.push(Problem {
            entity: self.entity.clone(),
            field: field.to_owned(),
            expected: expected.to_owned(),
            ..problem
        });
    }
}

/// The areas of a text, as far as they can be read, and the faults of the rest.
fn read_areas(text: &str, problems: &mut Problems) -> Areas {
    let mut areas = Areas::default();
    if text.len() > MOST_BYTES {
        let message = said!("the file has {text} bytes", text = text.len());
        let problem = fault(AREAS, ProblemKind::Range, None, message);
        let expected = "at most 30 MB; simplify the borders".to_owned();
        problems.push(Problem { expected, ..problem });
        return areas;
    }
    let tree: Value = match serde_json::from_str(text) {
        Ok(tree) => tree,
        Err(error) => {
            let place = (error.line() as u32, error.column() as u32);
            problems.push(fault(AREAS, ProblemKind::Syntax, Some(place), error.to_string()));
            return areas;
        }
    };

    let features = list_in(&tree, "features");
    let is_collection = text_in(&tree, "type") == Some("FeatureCollection");
    let Some(features) = features.filter(|_| is_collection) else {
        let message = "the file is no GeoJSON of features".to_owned();
        let problem = fault(AREAS, ProblemKind::Type, None, message);
        let expected = "a FeatureCollection with a list of features".to_owned();
        problems.push(Problem { expected, ..problem });
        return areas;
    };
    areas.sources = read_sources(&tree, problems);

    let mut first_of: BTreeMap<String, usize> = BTreeMap::new();
    for (number, feature) in (1..).zip(features) {
        let key = key_of(feature);
        let entity = match &key {
            Some(key) => format!("feature {number} \"{key}\""),
            None => format!("feature {number}"),
        };
        let mut faults = FeatureFaults { entity, problems };
        let rings = read_rings(feature, &mut faults);

        let Some(key) = key else {
            let message = "there is no key of a place".to_owned();
            faults.push(ProblemKind::Missing, "properties", message, "key or ags, a text");
            continue;
        };
        if let Some(first) = first_of.get(&key) {
            let message =
                said!("there is a second area of this key; the first is feature {first}", first);
            faults.push(ProblemKind::Duplicate, "properties", message, "one feature a place");
            continue;
        }
        first_of.insert(key.clone(), number);
        areas.areas.push(Area { key, rings });
    }
    areas
}

/// The text of a field; `None` where there is none.
fn text_in<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field)?.as_str()
}

/// The list of a field; `None` where there is none.
fn list_in<'v>(value: &'v Value, field: &str) -> Option<&'v [Value]> {
    Some(value.get(field)?.as_array()?)
}

/// The key of the place that a feature belongs to.
fn key_of(feature: &Value) -> Option<String> {
    let properties = feature.get("properties")?;
    // A key of this network beats the official one, which is the same for most municipalities.
    let field = if properties.get("key").is_some() { "key" } else { "ags" };
    match text_in(properties, field) {
        None | Some("") => None,
        Some(key) => Some(key.to_owned()),
    }
}

/// What the file names as its sources; none where it names none.
fn read_sources(tree: &Value, problems: &mut Problems) -> Vec<AreaSource> {
    let mut sources = Vec::new();
    let Some(listed) = tree.get("sources") else { return sources };
    let listed = listed.as_array();
    for source in listed.into_iter().flatten() {
        if let Some(title) = text_in(source, "title") {
            let licence = text_in(source, "licence").map(str::to_owned);
            sources.push(AreaSource { title: title.to_owned(), licence });
        }
    }
    // A map without the name of whom its borders are from may not be handed out.
    if listed.is_none_or(|listed| listed.len() != sources.len()) {
        let message = "a source has no title".to_owned();
        let problem = fault(AREAS, ProblemKind::Type, None, message);
        let expected = "a list of title and licence".to_owned();
        problems.push(Problem { field: "sources".to_owned(), expected, ..problem });
    }
    sources
}

/// The rings of a feature, holes included.
fn read_rings(feature: &Value, faults: &mut FeatureFaults<'_>) -> Vec<Vec<Position>> {
    let geometry = feature.get("geometry").unwrap_or(&Value::Null);
    let coordinates = list_in(geometry, "coordinates").unwrap_or_default();
    let mut listed: Vec<&Value> = Vec::new();
    match text_in(geometry, "type") {
        Some("Polygon") => listed.extend(coordinates),
        Some("MultiPolygon") => {
            for polygon in coordinates {
                listed.extend(polygon.as_array().into_iter().flatten());
            }
        }
        kind => {
            let message = match kind {
                Some(kind) => said!("a geometry of type \"{kind}\" is no area", kind),
                None => "there is no geometry".to_owned(),
            };
            faults.push(ProblemKind::Type, "geometry", message, "Polygon or MultiPolygon");
            return Vec::new();
        }
    }

    let mut rings = Vec::new();
    for (number, ring) in (1..).zip(listed) {
        match read_ring(ring) {
            Ok(ring) => rings.push(ring),
            Err(wrong) => {
                let message = said!("ring {number}: {wrong}", number, wrong);
                let expected = "at least four points [longitude, latitude], the last one the first";
                faults.push(ProblemKind::Range, "geometry", message, expected);
            }
        }
    }
    if rings.is_empty() {
        let message = "there is no ring".to_owned();
        faults.push(ProblemKind::Missing, "geometry", message, "at least one");
    }
    rings
}

/// Whether three of these are different points: two are a line, which has nothing inside.
fn has_three(positions: &[Position]) -> bool {
    let mut different: Vec<Position> = Vec::with_capacity(3);
    for position in positions {
        if !different.contains(position) {
            different.push(*position);
        }
        if different.len() == 3 {
            return true;
        }
    }
    false
}

/// One ring without its last point, which is the first again; or what is wrong with it.
fn read_ring(ring: &Value) -> Result<Vec<Position>, String> {
    let points = ring.as_array().ok_or("is no list of points")?;
    let mut positions = Vec::with_capacity(points.len());
    for (number, point) in (1..).zip(points) {
        // A third number is a height, which a map has no use for.
        let degree = |position: usize| point.get(position).and_then(Value::as_f64);
        let (Some(lon), Some(lat)) = (degree(0), degree(1)) else {
            return Err(said!("point {number} is no pair of numbers", number));
        };
        let position = Position::new(lat, lon);
        positions.push(position.map_err(|error| said!("point {number}: {error}", number, error))?);
    }
    if positions.len() < 4 {
        return Err(said!("has {positions} points", positions = positions.len()));
    }
    if positions.first() != positions.last() {
        return Err("does not end where it starts".to_owned());
    }
    positions.pop();
    if !has_three(&positions) {
        return Err("has fewer than three different points".to_owned());
    }
    Ok(positions)
}
