//! Networks that can be checked by hand, and the way to the shared tables.

use std::path::PathBuf;

use proptest::prelude::*;
use verbund::Region;
use verbund::calendar::Date;
use verbund::files::Folder;
use verbund::model::*;
use verbund::units::Seconds;

/// Metres of one degree of latitude on the sphere that the crate uses.
pub(crate) const METRES_PER_DEGREE: f64 = 111_195.08;

/// The point at `km` kilometres south and `east` kilometres east of 51 N 12 E.
pub(crate) fn at(km: f64, east: f64) -> Position {
    let lat = 51.0 - km * 1000.0 / METRES_PER_DEGREE;
    let lon = 12.0 + east * 1000.0 / (METRES_PER_DEGREE * lat.to_radians().cos());
    Position::new(lat, lon).unwrap()
}

/// One kilometre a minute, no detour, no access time.
pub(crate) fn km_a_minute() -> TravelSettings {
    TravelSettings {
        detour: 1.0,
        access: Seconds(0),
        speeds: vec![SpeedBand { up_to_km: None, km_per_hour: 60.0 }],
        margin: None,
    }
}

pub(crate) fn day() -> Date {
    "2026-01-01".parse().unwrap()
}

/// The small network that comes with the crate.
pub(crate) fn small_model() -> Model {
    Folder::small().read().unwrap()
}

/// A change of a scenario as its file writes it.
pub(crate) fn dated_change(on: &str, what: &str) -> String {
    format!("(on: \"{on}\", reason: \"r\", change: {what}),")
}

/// Telemedicine without a time for the consultation.
pub(crate) fn telemedicine() -> CooperationKind {
    CooperationKind::Telemedicine { consult: None }
}

/// A catalog with the specialties "s" and "t", the facility "f" and one rate for "s".
pub(crate) fn catalog() -> Catalog {
    let specialty = |key: &str| Specialty {
        key: key.into(),
        name: key.into(),
        name_de: key.into(),
        part_of: None,
    };
    Catalog {
        specialties: vec![specialty("s"), specialty("t")],
        fields: vec![],
        facilities: vec![FacilityKind {
            key: "f".into(),
            name: "f".into(),
            name_de: "f".into(),
            grades: vec!["low".into(), "high".into()],
        }],
        standards: vec![],
        demand: DemandRates {
            stay_factor: 1.0,
            rates: vec![Rate {
                specialty: "s".into(),
                per_1000: 1000.0,
                stay_days: 1.0,
                emergency_share: 0.0,
                population: PopulationGroup::ALL,
                by_age: ByAge::Even,
                source: String::new(),
                assumed: true,
                derived: None,
            }],
            ..DemandRates::default()
        },
        ..Catalog::default()
    }
}

/// A hospital with a department "s" of so many beds.
pub(crate) fn hospital(key: &str, position: Position, beds: u32) -> Hospital {
    let mut hospital = Hospital::new(key, key, position);
    hospital.departments.push(Department::new("s").beds(beds));
    hospital.beds = Some(beds);
    hospital
}

pub(crate) fn place(key: &str, position: Position, people: u32) -> Place {
    Place {
        key: key.into(),
        name: key.into(),
        district: "d".into(),
        position,
        area_km2: None,
        outside: false,
        population: Population { female: vec![people], male: vec![0] },
    }
}

pub(crate) fn model(hospitals: Vec<Hospital>, mut places: Vec<Place>) -> Model {
    places.sort_by(|a, b| a.key.cmp(&b.key));
    let mut builder = NetworkBuilder::new("test", day(), catalog());
    for hospital in hospitals {
        builder = builder.hospital(hospital);
    }
    model_of(builder.build().unwrap(), places)
}

/// A network with places, one kilometre a minute.
pub(crate) fn model_of(network: Network, places: Vec<Place>) -> Model {
    Model {
        network,
        places: Places { bands: vec![AgeBand { from: 0, to: None }], places, ages_assumed: false },
        parts: PartRule::default(),
        travel: km_a_minute(),
        travel_times: None,
        adjustments: Adjustments::default(),
    }
}

/// Hospitals and places on one meridian, one kilometre a minute: `(km, beds)` and `(km, people)`.
/// Hospitals are called a, b, c ... and places p0, p1, p2 ... in the order given.
pub(crate) fn line(hospitals: &[(f64, u32)], places: &[(f64, u32)]) -> Region {
    let hospitals = hospitals
        .iter()
        .zip('a'..)
        .map(|(&(km, beds), key)| hospital(&key.to_string(), at(km, 0.0), beds));
    let places = places
        .iter()
        .enumerate()
        .map(|(index, &(km, people))| place(&format!("p{index}"), at(km, 0.0), people));
    Region::new(&model(hospitals.collect(), places.collect()), day()).unwrap()
}

/// Everybody within a time of a department "s".
pub(crate) fn standard(minutes: u32) -> Standard {
    Standard::new("s", Requirement::Specialty("s".into()), minutes)
}

/// Any text of one line that a person could write: quotes, umlauts, backslashes.
pub(crate) fn any_line() -> impl Strategy<Value = String> {
    any_text()
        .prop_map(|text| text.replace(['\n', '\t'], " "))
        .prop_filter("says something", |text| !text.trim().is_empty())
}

/// Any text that a person could write at length, with line ends.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    "[a-zA-ZäöüßÄ0-9 .,;:()\\[\\]{}'\"\\\\\n\t–„“€/-]{1,24}"
        .prop_filter("says something", |text| !text.trim().is_empty())
}

/// Random regions: up to 12 hospitals and 30 places in a square of 120 km.
pub(crate) fn any_region() -> impl Strategy<Value = Region> {
    let spot = || (0.0..120.0, 0.0..120.0);
    let hospitals = prop::collection::vec((spot(), 0_u32..40, any::<bool>()), 0..12);
    let places = prop::collection::vec((spot(), 1_u32..5000, prop::bool::weighted(0.2)), 0..30);
    (hospitals, places).prop_map(|(hospitals, places)| {
        let hospitals = hospitals.into_iter().enumerate().map(|(index, ((x, y), beds, has))| {
            let mut one = hospital(&format!("h{index:02}"), at(x, y), beds);
            if !has {
                one.departments[0].specialty = "t".into();
            }
            one
        });
        let places = places.into_iter().enumerate().map(|(index, ((x, y), people, outside))| {
            let area_km2 = (index % 3 == 0).then_some(30.0);
            Place { outside, area_km2, ..place(&format!("p{index:02}"), at(x, y), people) }
        });
        Region::new(&model(hospitals.collect(), places.collect()), day()).unwrap()
    })
}

/// The folder of the shared tables, which lies beside the checkout. A test that needs it is ignored, with the
/// tables that it reads as the reason, and fails where it is run without them.
pub(crate) fn shared_data() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    assert!(folder.is_dir(), "{} is absent", folder.display());
    folder
}

/// The rows of a table as maps from column to text.
pub(crate) fn table(path: &std::path::Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}
