//! Small worlds of patients, and what becomes of each of them.

use std::collections::BTreeMap;

use verbund::Region;
use verbund::calendar::{DateTime, Hours};
use verbund::files::Folder;
use verbund::model::*;
use verbund::queueing::{Arrivals, Visit};
use verbund::random::Seed;
use verbund::routing::Choice;
use verbund::scenario::{AllocationKeys, Change, DatedChange, Incident, Scenario, Theatres};
use verbund::simulation::{PatientFlow, Rhythm, Sample, Settings};

use crate::common::{at, catalog, day, hospital, model_of, place};

/// Hospitals and places on one meridian, one kilometre a minute; everybody is a case of the specialty "s"
/// once a year.
pub(crate) struct World {
    pub(crate) catalog: Catalog,
    pub(crate) hospitals: Vec<Hospital>,
    pub(crate) cooperations: Vec<Cooperation>,
    pub(crate) places: Vec<Place>,
}

impl World {
    /// `(km, beds)` of hospitals a, b, c ... and `(km, cases a year)` of places p0, p1, p2 ...
    pub(crate) fn new(hospitals: &[(f64, u32)], places: &[(f64, u32)]) -> Self {
        let mut catalog = catalog();
        catalog.specialties.push(Specialty {
            key: "intensive_care".into(),
            name: "intensive care".into(),
            name_de: "Intensivmedizin".into(),
            part_of: None,
        });
        catalog.facilities.push(FacilityKind {
            key: "icu".into(),
            name: "icu".into(),
            name_de: "icu".into(),
            grades: vec![],
        });
        let hospitals = hospitals.iter().zip('a'..);
        let places = places.iter().enumerate();
        Self {
            catalog,
            hospitals: hospitals
                .map(|(&(km, beds), key)| hospital(&key.to_string(), at(km, 0.0), beds))
                .collect(),
            cooperations: Vec::new(),
            places: places
                .map(|(index, &(km, cases))| place(&format!("p{index}"), at(km, 0.0), cases))
                .collect(),
        }
    }

    /// Mean stay in days, and the share of the cases who are emergencies.
    pub(crate) fn cases(mut self, stay_days: f64, emergency_share: f64) -> Self {
        let rate = &mut self.catalog.demand.rates[0];
        (rate.stay_days, rate.emergency_share) = (stay_days, emergency_share);
        self
    }

    /// The same with this cooperation in "s".
    pub(crate) fn with(mut self, key: &str, kind: CooperationKind, parties: &[&str]) -> Self {
        self.cooperations.push(cooperation(key, kind, parties).fields(&["s"]));
        self
    }

    /// An intensive care unit of so many beds at the hospital at this position.
    pub(crate) fn icu(mut self, hospital: usize, beds: u32) -> Self {
        let unit = Facility { count: Some(beds), ..Facility::new("icu") };
        self.hospitals[hospital].facilities.push(unit);
        self
    }

    /// An intensive care unit at the hospital at this position whose beds are unknown.
    pub(crate) fn unknown_icu(mut self, hospital: usize) -> Self {
        self.hospitals[hospital].facilities.push(Facility::new("icu"));
        self
    }

    pub(crate) fn region(self) -> Region {
        let mut builder = NetworkBuilder::new("world", day(), self.catalog);
        for one in self.hospitals {
            builder = builder.hospital(one);
        }
        for one in self.cooperations {
            builder = builder.cooperation(one);
        }
        Region::new(&model_of(builder.build().unwrap(), self.places), day()).unwrap()
    }
}

/// The patient flow of a region as it is.
pub(crate) fn flow<'r>(region: &'r Region, settings: &Settings) -> PatientFlow<'r> {
    PatientFlow::new(region, settings, None).unwrap()
}

/// The same under these changes.
pub(crate) fn under<'r>(
    region: &'r Region,
    settings: &Settings,
    changes: Vec<DatedChange>,
) -> PatientFlow<'r> {
    PatientFlow::new(region, settings, Some(&scenario(changes))).unwrap()
}

/// A cooperation of partners or, where the kind is directed, from the first one to the others.
pub(crate) fn cooperation(key: &str, kind: CooperationKind, parties: &[&str]) -> Cooperation {
    let keys: Vec<String> = parties.iter().map(|&key| key.to_owned()).collect();
    let parties = match kind.direction() {
        Direction::Directed => Parties::Directed { from: keys[0].clone(), to: keys[1..].to_vec() },
        _ => Parties::Mutual(keys),
    };
    Cooperation::new(key, kind, parties)
}

/// Nothing but arrivals, beds and stays of one length: from empty wards, even arrivals, everybody to the nearest
/// hospital, all beds staffed and ready at once, no intensive care, nobody handed on.
pub(crate) fn plain() -> Settings {
    Settings::default()
        .days(365)
        .warm_up_days(50)
        .starts_full(false)
        .choice(Choice::Nearest)
        .stay_cv(0.0)
        .staffed_share(1.0)
        .turnaround_hours(0.0)
        .emergency_hours([1.0; 24])
        .elective_hours(Hours::ALWAYS)
        .icu_days_per_1000(0.0)
        .transfer_share(0.0)
        .rhythm(Rhythm::even())
}

/// A change from a moment on, until another.
pub(crate) fn change(on: &str, until: Option<&str>, change: Change) -> DatedChange {
    DatedChange {
        on: on.parse().unwrap(),
        until: until.map(|until| until.parse().unwrap()),
        reason: "test".into(),
        source: None,
        change,
    }
}

pub(crate) fn scenario(changes: Vec<DatedChange>) -> Scenario {
    Scenario {
        key: "scenario".into(),
        name: "scenario".into(),
        source: "invented".into(),
        assumed: vec![],
        changes,
    }
}

/// Everything that happened in a replication.
pub(crate) struct Trace<'f, 'r> {
    pub(crate) flow: &'f PatientFlow<'r>,
    /// In the order in which patients came.
    pub(crate) visits: Vec<Visit>,
    pub(crate) sample: Sample,
}

impl<'f, 'r> Trace<'f, 'r> {
    pub(crate) fn of(flow: &'f PatientFlow<'r>) -> Self {
        let mut visits: Vec<Visit> = Vec::new();
        let mut watch = |visit: &Visit| visits.push(*visit);
        let sample = flow.watch(Seed(1), 0, &mut watch);
        assert_eq!(sample.faults, Vec::<String>::new());
        visits.sort_by(|a, b| a.came.total_cmp(&b.came).then(a.visit.cmp(&b.visit)));
        Self { flow, visits, sample }
    }

    pub(crate) fn class(&self, visit: &Visit) -> &str {
        &self.flow.model().classes[visit.class as usize].key
    }

    pub(crate) fn stream(&self, visit: &Visit) -> &str {
        self.flow.model().streams.get(visit.stream as usize).map_or("start/", |one| &one.key)
    }

    pub(crate) fn place(&self, visit: &Visit) -> &str {
        self.stream(visit).split('/').next().unwrap()
    }

    /// Key of the station, as "hospital/specialty".
    pub(crate) fn station(&self, visit: &Visit) -> &str {
        &self.flow.model().stations[visit.station as usize].key
    }

    /// Beds of a ward that are occupied at a moment.
    pub(crate) fn occupied(&self, station: &str, time: f64) -> usize {
        let is_there = |one: &&Visit| {
            one.started.is_some_and(|started| started <= time)
                && time < one.went
                && self.station(one) == station
        };
        self.visits.iter().filter(is_there).count()
    }

    /// Stays by patient, in their order.
    pub(crate) fn patients(&self) -> BTreeMap<u64, Vec<Visit>> {
        let mut patients: BTreeMap<u64, Vec<Visit>> = BTreeMap::new();
        for visit in &self.visits {
            patients.entry(visit.customer).or_default().push(*visit);
        }
        patients.values_mut().for_each(|stays| stays.sort_by_key(|one| one.visit));
        patients
    }

    /// Days from the start of the run to a moment.
    pub(crate) fn time(&self, moment: &str) -> f64 {
        time(self.flow, moment)
    }
}

/// Days from the start of the run to a moment.
pub(crate) fn time(flow: &PatientFlow<'_>, moment: &str) -> f64 {
    let start = DateTime::from(flow.region().network().date());
    let moment: DateTime = moment.parse().unwrap();
    f64::from(flow.settings().warm_up_days) + moment.minutes_since(start) as f64 / 1440.0
}

/// Expected arrivals a year by key of the specialty or pathway.
pub(crate) fn expected(flow: &PatientFlow<'_>) -> BTreeMap<String, f64> {
    let mut expected = BTreeMap::new();
    for stream in &flow.model().streams {
        let Arrivals::Poisson { rate, .. } = &stream.arrivals else { continue };
        // By the class: the keys of streams, from which random numbers are drawn, keep the first spelling.
        let class = stream.kinds[0].class.as_ref().unwrap();
        let subject = class.split('/').next().unwrap();
        *expected.entry(subject.to_owned()).or_insert(0.0) += rate * 365.0;
    }
    expected
}

/// The small network with everything that a test changes of it.
pub(crate) fn small(edit: impl FnOnce(&mut World)) -> Region {
    let mut model = Folder::small().read().unwrap();
    let network = &model.network;
    let mut world = World {
        catalog: network.catalog().clone(),
        hospitals: network.hospitals().to_vec(),
        cooperations: network.cooperations().to_vec(),
        places: model.places.places.clone(),
    };
    edit(&mut world);
    let mut builder = NetworkBuilder::new("small", day(), world.catalog);
    for (key, source) in network.sources() {
        builder = builder.source(key.clone(), source.clone());
    }
    for one in world.hospitals {
        builder = builder.hospital(one);
    }
    for one in world.cooperations {
        builder = builder.cooperation(one);
    }
    model.network = builder.build().unwrap();
    model.places.places = world.places;
    Region::new(&model, day()).unwrap()
}

/// That a count is within five standard deviations of a Poisson mean: wrong in one of 1.7 million.
pub(crate) fn assert_poisson(count: f64, mean: f64, what: &str) {
    assert!((count - mean).abs() <= 5.0 * mean.sqrt() + 1e-9, "{what}: {count}, expected {mean}");
}

/// A bus: four red, three yellow and twelve green patients who leave a place within 38 minutes.
pub(crate) fn bus(place: &str) -> Incident {
    Incident {
        place: place.into(),
        red: 4,
        yellow: 3,
        green: 12,
        minutes: 38,
        keys: AllocationKeys { red: [1, 2, 9], yellow: [1, 1, 9], green: [20, 0, 9] },
        alarmed: None,
        helicopters: None,
        theatres: Theatres::default(),
    }
}
