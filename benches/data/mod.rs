//! Germany, or a generated country of its size, for the benches.
#![allow(dead_code, reason = "each bench uses a part of it")]
//!
//! Germany is the census grid of 2011 (214,633 cells of one square kilometre) and the hospital
//! sites of 2018 without day clinics where `../shared/data` is there; else a generated country of
//! the same size (seed 20260101), and the output says so.

use std::io::Read;
use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, LogNormal, Normal};
use verbund::calendar::Date;
use verbund::files::Folder;
use verbund::model::{
    Adjustments, AgeBand, Cooperation, CooperationKind, Department, EmergencyLevel, Facility,
    Hospital, Model, NetworkBuilder, PartRule, Parties, Place, Places, Population, Position,
    TravelSettings,
};
use verbund::units::Seconds;

pub(crate) const SEED: u64 = 20_260_101;
const CELLS: usize = 214_633;
const SITES: usize = 2_322;
const COOPERATIONS: usize = 10_000;

/// Where people live and where hospital sites are.
pub(crate) struct Country {
    pub(crate) name: &'static str,
    pub(crate) cells: Vec<Position>,
    pub(crate) people: Vec<u32>,
    pub(crate) sites: Vec<Position>,
}

impl Country {
    /// The real one, or nothing where the tables are absent.
    pub(crate) fn real() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
        let file = std::fs::File::open(folder.join("grid1km_germany_2011.csv.gz")).ok()?;
        let mut text = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a gzipped table");
        let (mut cells, mut people) = (Vec::new(), Vec::new());
        let laea = "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m";
        let laea = proj4rs::Proj::from_proj_string(laea).expect("EPSG:3035");
        let degrees =
            proj4rs::Proj::from_proj_string("+proj=longlat +ellps=GRS80").expect("WGS 84");
        for row in rows(text.as_bytes()) {
            // The corner at the lower left in kilometres; the cell's centre is half a kilometre on.
            let centre = |key: &str| row[key].parse::<f64>().expect("kilometres") * 1000.0 + 500.0;
            let mut point = (centre("x_km"), centre("y_km"), 0.0);
            proj4rs::transform::transform(&laea, &degrees, &mut point).expect("in Europe");
            let cell = Position::new(point.1.to_degrees(), point.0.to_degrees());
            cells.push(cell.expect("on the globe"));
            people.push(row["pop"].parse().expect("people"));
        }
        let mut sites = Vec::new();
        let table = std::fs::read(folder.join("hospitals_germany_2018.csv")).ok()?;
        for row in rows(&table) {
            let name = format!("{} {}", row["hospital_name"], row["site_name"]).to_lowercase();
            let ambulant =
                ["tagesklinik", "ambulanz", "pia"].iter().any(|word| name.contains(word));
            if !ambulant {
                sites.push(position(&row));
            }
        }
        Some(Self { name: "Germany, census grid 2011 and sites 2018", cells, people, sites })
    }

    /// The country as a planner has it: municipalities of twenty cells each, laid out as parts, and at every
    /// site up to eight departments of 5 to 120 beds and a stage, drawn with the seed.
    pub(crate) fn municipalities(&self) -> Model {
        const CELLS_OF_PLACE: usize = 20;
        let catalog = Folder::leipzig().read().expect("it is shipped").network.catalog().clone();
        let specialties: Vec<String> =
            catalog.demand.rates.iter().map(|rate| rate.specialty.clone()).collect();
        let mut random = ChaCha12Rng::seed_from_u64(SEED);
        let date: Date = "2026-01-01".parse().expect("a date");
        let mut builder = NetworkBuilder::new(self.name, date, catalog);
        for (index, &position) in self.sites.iter().enumerate() {
            let key = format!("h{index:04}");
            let mut hospital = Hospital::new(&key, &key, position);
            let basic = ["internal_medicine", "general_surgery"].map(str::to_owned);
            let mut own: Vec<String> = Vec::new();
            if random.random_bool(0.6) {
                own.extend(basic);
                hospital.emergency_level = Some(EmergencyLevel::Basic);
                hospital.facilities.push(Facility::new("ct"));
            }
            for _ in 0..random.random_range(1..=6) {
                own.push(specialties[random.random_range(0..specialties.len())].clone());
            }
            own.sort();
            own.dedup();
            for specialty in own {
                let beds = random.random_range(5..=120);
                hospital.departments.push(Department::new(specialty).beds(beds));
            }
            builder = builder.hospital(hospital);
        }
        let groups = self.cells.chunks(CELLS_OF_PLACE).zip(self.people.chunks(CELLS_OF_PLACE));
        let places = groups.enumerate().map(|(index, (cells, people))| Place {
            key: format!("p{index:05}"),
            name: String::new(),
            district: String::new(),
            position: cells[0],
            area_km2: Some(cells.len() as f64),
            outside: false,
            population: Population { female: vec![people.iter().sum()], male: vec![0] },
        });
        Model {
            network: builder.build().expect("generated without a fault"),
            places: Places {
                bands: vec![AgeBand { from: 0, to: None }],
                places: places.collect(),
                ages_assumed: false,
            },
            parts: PartRule { people: 1000, radius_factor: 0.6 },
            travel: TravelSettings::default(),
            travel_times: None,
            adjustments: Adjustments::default(),
        }
    }

    /// The country as a model, with drawn departments and cooperations.
    pub(crate) fn model(&self) -> Model {
        let catalog = Folder::leipzig().read().expect("it is shipped").network.catalog().clone();
        let mut random = ChaCha12Rng::seed_from_u64(SEED);
        let date: Date = "2026-01-01".parse().expect("a date");
        let mut builder = NetworkBuilder::new(self.name, date, catalog);
        let mut hospitals = Vec::new();
        for (index, &position) in self.sites.iter().enumerate() {
            let key = format!("h{index:04}");
            let mut one = Hospital::new(&key, &key, position);
            if random.random_bool(2.0 / 3.0) {
                one.facilities.push(Facility::new("ct"));
                one.facilities.push(Facility::new("icu"));
            }
            if random.random_bool(1.0 / 3.0) {
                one.departments.push(Department::new("neurology"));
            }
            if random.random_bool(0.05) {
                one.facilities.push(Facility::new("thrombectomy"));
            }
            hospitals.push(one);
        }
        let experts: Vec<usize> =
            (0..hospitals.len()).filter(|&at| hospitals[at].has_specialty("neurology")).collect();
        let mut made = 0;
        while made < COOPERATIONS {
            let from = experts[random.random_range(0..experts.len())];
            let to = random.random_range(0..hospitals.len());
            let is_near = hospitals[from].position.distance_to(hospitals[to].position).0 < 60_000;
            if from == to || !is_near {
                continue;
            }
            let (kind, from, to) = match made % 3 {
                0 => (CooperationKind::Telemedicine { consult: Some(Seconds(600)) }, from, to),
                1 => (CooperationKind::VisitingTeam { call_out: Some(Seconds(1200)) }, from, to),
                _ => {
                    let door_in_door_out = Some(Seconds(3600));
                    (CooperationKind::Transfer { door_in_door_out, acceptance: None }, to, from)
                }
            };
            let parties = Parties::Directed {
                from: hospitals[from].key.clone(),
                to: vec![hospitals[to].key.clone()],
            };
            let one = Cooperation::new(format!("c{made:05}"), kind, parties).fields(&["neurology"]);
            builder = builder.cooperation(one);
            made += 1;
        }
        for one in hospitals {
            builder = builder.hospital(one);
        }
        let places = self.cells.iter().zip(&self.people).enumerate();
        let places = places.map(|(index, (&position, &people))| Place {
            key: format!("p{index:06}"),
            name: String::new(),
            district: String::new(),
            position,
            area_km2: None,
            outside: false,
            population: Population { female: vec![people], male: vec![0] },
        });
        Model {
            network: builder.build().expect("generated without a fault"),
            places: Places {
                bands: vec![AgeBand { from: 0, to: None }],
                places: places.collect(),
                ages_assumed: false,
            },
            parts: PartRule::default(),
            travel: TravelSettings::default(),
            travel_times: None,
            adjustments: Adjustments::default(),
        }
    }

    /// A country of the same size: towns of lognormal size in a square of 600 km, cells around them.
    pub(crate) fn generated() -> Self {
        let mut random = ChaCha12Rng::seed_from_u64(SEED);
        let at = |x: f64, y: f64| {
            let lat = 47.5 + y / 111.195;
            let lon = 6.0 + x / (111.195 * lat.to_radians().cos());
            Position::new(lat, lon).expect("in Europe")
        };
        let size = LogNormal::new(4.5, 1.6).expect("parameters in range");
        let near = Normal::new(0.0, 12.0).expect("parameters in range");
        let towns: Vec<(f64, f64)> = (0..800)
            .map(|_| (random.random_range(0.0..600.0), random.random_range(0.0..600.0)))
            .collect();
        let spot = |random: &mut ChaCha12Rng| {
            let (x, y) = towns[random.random_range(0..towns.len())];
            at(x + near.sample(random), y + near.sample(random))
        };
        let cells: Vec<Position> = (0..CELLS).map(|_| spot(&mut random)).collect();
        let sites = (0..SITES).map(|_| spot(&mut random)).collect();
        let people = cells.iter().map(|_| size.sample(&mut random) as u32 + 1).collect();
        Self {
            name: "generated country, seed 20260101 (shared tables absent)",
            cells,
            people,
            sites,
        }
    }
}

fn rows(table: &[u8]) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(table).deserialize().map(|row| row.expect("a row")).collect()
}

fn position(row: &std::collections::HashMap<String, String>) -> Position {
    let number = |key: &str| row[key].parse::<f64>().expect("degrees");
    Position::new(number("lat"), number("lon")).expect("on the globe")
}
