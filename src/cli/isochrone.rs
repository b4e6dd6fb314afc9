//! `verbund isochrone`: areas from which a hospital is reached in time.

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use verbund::model::{BandEnd, Hospital, Position};
use verbund::roads::{Outline, OutlinePolygon, RoadTravel};
use verbund::travel::{Stop, TravelModel};
use verbund::units::Seconds;

use super::faults::fault;
use super::{Common, Ending, Format, input, output, roads};

#[derive(Debug, Args)]
#[command(
    override_usage = "verbund isochrone [OPTIONS] --from <HOSPITAL> --roads <FILE> [--output FILE.geojson]"
)]
pub(super) struct Arguments {
    /// The hospital, by key or name
    #[arg(long, value_name = "HOSPITAL")]
    from: String,
    /// Limits in whole minutes, separated by commas
    #[arg(long, value_name = "MINUTES", value_delimiter = ',', default_values_t = [15, 30, 45],
        value_parser = clap::value_parser!(u32).range(1..=120))]
    minutes: Vec<u32>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    if !matches!(common.format, Format::Table | Format::GeoJson) {
        bail!(fault!("--format: areas are GeoJSON"));
    }
    output::check(common)?;
    let Some(travel) = roads::travel(common)? else {
        bail!(fault!(
            "--roads is missing: outlines are of roads (`verbund roads import` makes the file)"
        ));
    };
    // The hospital alone: journeys of a whole region would take longer than its outlines.
    let model = input::model(common)?;
    let network = model.network.as_of(input::day(common, &model)?);
    let index = input::listed("hospital", &arguments.from, network.hospitals())?;
    let hospital = &network.hospitals()[index];
    let stop = Stop::new(&hospital.key, hospital.position);
    if let Some(far) = travel.far_stops(std::slice::from_ref(&stop), RoadTravel::FARTHEST).first() {
        roads::tell_islands(travel.map().source(), &travel);
        bail!(fault!(
            "{hospital} lies {distance} from any road of {file}",
            hospital = far.key,
            distance = far.distance,
            file = travel.map().source()
        ));
    }
    let mut limits = Vec::new();
    for minutes in &arguments.minutes {
        limits.push(Seconds::from_minutes(*minutes));
    }
    limits.sort_unstable();
    limits.dedup();

    let outlines = travel.outlines(&stop, &limits);
    let mut features = Vec::new();
    for outline in &outlines {
        features.push(json!({
            "type": "Feature",
            "properties": properties(common, hospital, &travel, outline.limit),
            "geometry": { "type": "MultiPolygon", "coordinates": coordinates(outline) },
        }));
    }
    let collection = json!({ "type": "FeatureCollection", "features": features });
    output::write_file(common, format!("{collection}\n"))?;
    Ok(Ending::Done)
}

/// What an outline is of, and how far its minutes may be off. All of it in each feature, and flat: programs for maps drop
/// what stands elsewhere.
fn properties(common: &Common, hospital: &Hospital, travel: &RoadTravel, limit: Seconds) -> Value {
    let mut properties = json!({
        "hospital": hospital.key,
        "name": hospital.name,
        "minutes": limit.0 / 60,
        "roads": travel.map().source(),
        "roads_of_day": travel.map().day().map(|day| day.to_string()),
        "travel": travel.name(),
        "profile": common.profile,
        "ambulance_factor": common.ambulance_factor,
        "drive_on": common.drive_on,
    });
    if let Some(margin) = travel.margin() {
        let [quick, slow] = BandEnd::BOTH.map(|end| margin.time(end, limit));
        properties["minutes_if_quick"] = json!(f64::from(quick.0) / 60.0);
        properties["minutes_if_slow"] = json!(f64::from(slow.0) / 60.0);
        properties["travel_bias"] = json!(margin.bias);
        properties["travel_relative_error"] = json!(margin.relative);
        properties["travel_absolute_error_seconds"] = json!(margin.absolute.0);
        properties["travel_error_source"] = json!(margin.source);
    }
    properties
}

fn coordinates(outline: &Outline) -> Value {
    let mut polygons = Vec::new();
    for OutlinePolygon { outer, holes, .. } in &outline.polygons {
        let mut rings = vec![ring(outer)];
        for hole in holes {
            rings.push(ring(hole));
        }
        polygons.push(rings);
    }
    json!(polygons)
}

/// Corners as `GeoJSON` has them: longitude first, to a metre.
fn ring(corners: &[Position]) -> Vec<[f64; 2]> {
    let rounded = |degrees: f64| (degrees * 1e5).round() / 1e5;
    let mut points = Vec::with_capacity(corners.len());
    for corner in corners {
        points.push([rounded(corner.lon()), rounded(corner.lat())]);
    }
    points
}
