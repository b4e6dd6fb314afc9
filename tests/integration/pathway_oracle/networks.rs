//! Random small networks with a pathway, on coarse grids of places and times: ties are frequent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use verbund::Region;
use verbund::calendar::{Hours, Moment};
use verbund::model::*;
use verbund::pathways::Outage;
use verbund::units::Seconds;

use crate::common::{METRES_PER_DEGREE, at, catalog, day, hospital, model, place};

/// Bytes that a network is drawn from; smaller bytes give simpler networks.
pub(super) const BYTES: usize = 700;

const MOMENTS: [&str; 6] =
    ["Mon 12:00", "Mon 07:40", "Fri 15:50", "Sat 03:00", "Sun 19:30", "Tue 10:10"];
const HOURS: [&str; 4] = ["Mon-Fri 8-16", "Mon-Sun 8-20", "Mon-Sun 20-8", "Tue 10-12"];
const FIELDS: [&str; 4] = ["s", "t", "u", "x"];

/// A random network with what is asked of it.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) model: Model,
    /// Cooperations that the network does not have.
    pub(super) added: Vec<Cooperation>,
    pub(super) moment: Moment,
    /// Positions of cooperations, the network's first; keys of doors and of hospitals.
    pub(super) out: (BTreeSet<usize>, Vec<String>, Vec<String>),
}

impl World {
    pub(super) fn region(&self) -> Region {
        Region::new(&self.model, day()).unwrap()
    }

    /// The same with other hospitals and cooperations of the network, other helicopter hours.
    pub(super) fn rebuilt(
        &self,
        hospitals: Vec<Hospital>,
        cooperations: Vec<Cooperation>,
        flying: Hours,
    ) -> Self {
        let mut catalog = self.model.network.catalog().clone();
        catalog.first_leg.helicopter.hours = flying;
        let mut world = self.clone();
        world.model.network = network(catalog, hospitals, cooperations);
        world
    }

    pub(super) fn outage(&self, region: &Region) -> Outage {
        let ids = |keys: &[String]| {
            keys.iter().map(|key| region.network().find(key).unwrap()).collect::<BTreeSet<_>>()
        };
        let (cooperations, doors, hospitals) = &self.out;
        // Planned ones are not in the region.
        let there: Vec<CooperationId> = cooperation_ids(region.network())
            .take(region.network().cooperations().len() + self.added.len())
            .collect();
        let cooperations =
            cooperations.iter().filter_map(|number| there.get(*number).copied()).collect();
        Outage { cooperations, doors: ids(doors), hospitals: ids(hospitals) }
    }
}

/// The ids of the network's cooperations, then those of added ones, without an end.
pub(super) fn cooperation_ids(network: &Network) -> impl Iterator<Item = CooperationId> {
    network.cooperation_ids().chain((0..).map(|number| network.added_cooperation(number)))
}

impl fmt::Display for World {
    /// All that a reader needs to walk the routes by hand.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spot = |position: Position| {
            let km = at(0.0, 0.0).lat() - position.lat();
            let east = (position.lon() - 12.0) * position.lat().to_radians().cos();
            let round = |degrees: f64| (degrees * METRES_PER_DEGREE / 1000.0).round();
            format!("({}, {})", round(km), round(east))
        };
        let network = &self.model.network;
        writeln!(out, "at {}, out of order {:?}", self.moment, self.out)?;
        for one in network.hospitals() {
            write!(out, "{} at {} {:?}:", one.key, spot(one.position), one.kind)?;
            for unit in &one.departments {
                write!(out, " {} {:?} {},", unit.specialty, unit.kind, unit.hours)?;
            }
            for unit in &one.facilities {
                write!(out, " {} {:?} {},", unit.kind, unit.grade, unit.hours)?;
            }
            writeln!(out)?;
        }
        for one in &self.model.places.places {
            writeln!(out, "{} at {}", one.key, spot(one.position))?;
        }
        for (index, one) in network.cooperations().iter().chain(&self.added).enumerate() {
            let (key, fields, hours) = (&one.key, &one.fields, one.hours);
            write!(out, "{index} {key} {:?} {:?} {fields:?} ", one.kind, one.parties)?;
            writeln!(out, "{hours} {:?}", one.status)?;
        }
        for row in self.model.travel_times.iter().flatten() {
            write!(out, "{}-{} {:?}, ", row.place, row.hospital, row.time)?;
        }
        writeln!(out, "{:?}", network.catalog().pathways[0])?;
        writeln!(out, "{:?}", network.catalog().first_leg)
    }
}

/// A network that keeps its rules.
pub(super) fn network(
    catalog: Catalog,
    hospitals: Vec<Hospital>,
    cooperations: Vec<Cooperation>,
) -> Network {
    let mut builder = NetworkBuilder::new("test", day(), catalog);
    for one in hospitals {
        builder = builder.hospital(one);
    }
    for one in cooperations {
        builder = builder.cooperation(one);
    }
    builder.build().unwrap()
}

fn targets(stages: usize) -> Vec<Target> {
    let last = format!("stage{}", stages - 1);
    let points = [
        (Event::Call, Event::Door, 20),
        (Event::Call, Event::Start(last.clone()), 60),
        (Event::Call, Event::Done("stage0".to_owned()), 40),
        (Event::Call, Event::Done(last.clone()), 90),
        (Event::Call, Event::Handover, 30),
        (Event::FirstContact, Event::Done(last.clone()), 90),
        (Event::FirstContact, Event::Door, 20),
        (Event::Door, Event::Start(last.clone()), 40),
        (Event::Door, Event::Arrival(last), 30),
    ];
    let target = |(from, to, minutes)| Target { from, to, minutes, source: "assumed".to_owned() };
    points.map(target).into()
}

/// Random choices out of bytes.
pub(super) struct Dice<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl<'b> Dice<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number from 0 to below this one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % end
    }

    /// The same, more often high than low.
    fn high_below(&mut self, end: usize) -> usize {
        self.below(end).max(self.below(end))
    }

    pub(super) fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == number - 1
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// So many minutes.
    fn minutes(&mut self, from: &[u32]) -> Seconds {
        Seconds::from_minutes(self.pick(from))
    }

    /// Always, or once in so often less.
    fn hours(&mut self, number: usize) -> Hours {
        if self.one_in(number) { self.pick(&HOURS).parse().unwrap() } else { Hours::ALWAYS }
    }

    fn several(&mut self, from: &[&str]) -> Vec<String> {
        let chosen = from.iter().filter(|_| self.one_in(2));
        chosen.map(|&key| key.to_owned()).collect()
    }

    fn position(&mut self, is_line: bool) -> Position {
        let km = if self.one_in(16) { 150.0 } else { 10.0 * self.below(7) as f64 };
        let east = if is_line { 0.0 } else { 10.0 * self.below(4) as f64 };
        at(km, east)
    }

    fn hospital(&mut self, key: &str, position: Position) -> Hospital {
        let mut one = hospital(key, position, 10);
        one.departments.clear();
        for specialty in ["s", "t", "u"] {
            if self.below(3) < 2 {
                let mut department = Department::new(specialty);
                department.hours = self.hours(4);
                if self.one_in(16) {
                    department.kind = DepartmentKind::Day;
                }
                one.departments.push(department);
            }
        }
        for kind in ["f", "helipad"] {
            if self.below(3) < 2 {
                let mut facility = Facility::new(kind);
                facility.hours = self.hours(4);
                if kind == "f" {
                    facility.grade = self.pick(&[None, Some("low".into()), Some("high".into())]);
                }
                one.facilities.push(facility);
            }
        }
        if self.one_in(16) {
            one.kind = SiteKind::DayClinic;
        }
        one
    }

    fn requirement(&mut self) -> Requirement {
        let specialty = |key: &str| Requirement::Specialty(key.to_owned());
        let facility = |grade: Option<&str>| Requirement::Facility {
            kind: "f".to_owned(),
            at_least: grade.map(str::to_owned),
        };
        let (s, t, u) = (specialty("s"), specialty("t"), specialty("u"));
        match self.below(9) {
            0 => s,
            1 => t,
            2 => Requirement::All(vec![s, t]),
            3 => Requirement::All(vec![s, facility(None)]),
            4 => Requirement::All(vec![t, facility(Some("high"))]),
            5 => Requirement::Any(vec![s, t]),
            6 => Requirement::All(vec![Requirement::Any(vec![s, t]), u, facility(None)]),
            7 => Requirement::Any(vec![t, facility(Some("high"))]),
            _ => facility(Some("low")),
        }
    }

    fn way(&mut self, stage: usize, requirement: &Requirement) -> StageProvision {
        let mut remote = Vec::new();
        if let Requirement::All(parts) = requirement {
            remote.extend(parts.iter().filter(|_| self.one_in(2)).cloned());
        }
        if remote.is_empty() {
            remote.push(requirement.clone());
        }
        let names = |leaf: &Requirement| matches!(leaf, Requirement::Specialty(_));
        let names_one = remote.iter().any(|part| match part {
            Requirement::All(parts) | Requirement::Any(parts) => parts.iter().any(names),
            leaf => names(leaf),
        });
        let fields = if self.one_in(3) || !names_one {
            vec![self.pick(&FIELDS).to_owned()]
        } else {
            Vec::new()
        };
        let time = self.minutes(&[0, 10, 20, 30]);
        match self.below(3) {
            0 => StageProvision::Telemedicine { remote, fields, consult: time, spread: None },
            1 => {
                let alert = match self.below(stage + 2) {
                    0 => None,
                    1 => Some(Alert::Call),
                    earlier => Some(Alert::Stage(format!("stage{}", earlier - 2))),
                };
                StageProvision::VisitingTeam { remote, fields, call_out: time, spread: None, alert }
            }
            _ => StageProvision::CentralService { remote, fields, turnaround: time, spread: None },
        }
    }

    fn stage(&mut self, index: usize) -> Stage {
        let requirement = self.requirement();
        let mut ways: Vec<StageProvision> =
            (0..self.high_below(4)).map(|_| self.way(index, &requirement)).collect();
        if ways.is_empty() || !self.one_in(8) {
            let at = self.below(ways.len() + 1);
            ways.insert(at, StageProvision::OnSite);
        }
        let key = format!("stage{index}");
        let mut stage = Stage::new(key, requirement, self.minutes(&[0, 10, 20, 30]), ways);
        if index == 0 && self.one_in(3) {
            stage.from = StageFrom::Handover;
        }
        stage
    }

    fn pathway(&mut self) -> Pathway {
        use Means::{Ambulance, Helicopter, OwnCar};
        let means: [&[Means]; 6] = [
            &[Ambulance],
            &[Ambulance, Helicopter],
            &[Helicopter, Ambulance],
            &[OwnCar, Ambulance],
            &[Helicopter, OwnCar, Ambulance],
            &[Helicopter],
        ];
        let without = [
            WithoutAgreement::Allowed,
            WithoutAgreement::Never,
            WithoutAgreement::After(self.minutes(&[0, 10, 20])),
        ];
        let stages = 1 + self.high_below(4);
        Pathway {
            key: "p".into(),
            name: "p".into(),
            name_de: "p".into(),
            urgency: if self.one_in(3) { Urgency::Elective } else { Urgency::Emergency },
            cases: self.one_in(2).then(|| CaseShare { of: "s".into(), share: 0.5 }),
            population: PopulationGroup::ALL,
            arrivals: match self.below(3) {
                0 => vec![],
                1 => (0..24).map(|hour| f64::from(hour % 5)).collect(),
                _ => (0..168).map(|hour| f64::from(hour % 7)).collect(),
            },
            first_leg: self.pick(&means).to_vec(),
            transfer: TransferRule {
                fields: self.several(&FIELDS),
                door_in_door_out: self.minutes(&[0, 10, 20]),
                spread: None,
                without_agreement: self.pick(&without),
            },
            door: self.one_in(3).then(|| format!("stage{}", self.below(stages))),
            stages: (0..stages).map(|index| self.stage(index)).collect(),
            targets: targets(stages),
            published: vec![],
            source: "assumed".into(),
            assumed: vec![],
        }
    }

    fn first_leg(&mut self) -> FirstLeg {
        let zero = Seconds(0);
        FirstLeg {
            ambulance: Ambulance {
                call_handling: self.minutes(&[0, 10]),
                turnout: Seconds(self.pick(&[0, 90])),
                drive_to_scene: zero,
                on_scene: self.minutes(&[0, 10]),
                handover: self.minutes(&[0, 10]),
            },
            helicopter: Helicopter {
                call_handling: self.minutes(&[0, 10]),
                turnout: zero,
                flight_to_scene: Seconds(self.pick(&[0, 90])),
                on_scene: zero,
                start_and_landing: self.minutes(&[0, 10]),
                km_per_hour: self.pick(&[120.0, 60.0, 240.0, 70.0]),
                handover: self.minutes(&[0, 10]),
                least_gain: self.minutes(&[0, 5, 10]),
                hours: self.hours(3),
            },
            own_car: OwnCar {
                getting_ready: self.minutes(&[0, 10, 20]),
                registration: self.minutes(&[0, 10]),
            },
            spreads: BTreeMap::new(),
            source: "assumed".into(),
            assumed: vec![],
        }
    }

    /// A cooperation among two or three of the hospitals: an expert has the fields. In those of a network
    /// no two sites are each other's centre.
    pub(super) fn cooperation(
        &mut self,
        index: usize,
        hospitals: &[Hospital],
        is_added: bool,
    ) -> Cooperation {
        let count = hospitals.len();
        let mut from = self.below(count);
        let mut to = (from + 1 + self.below(count - 1)) % count;
        let term = self.one_in(2).then(|| self.minutes(&[0, 10, 20, 30]));
        let kind = match self.below(4) {
            0 => CooperationKind::Transfer { door_in_door_out: term, acceptance: None },
            1 => CooperationKind::Telemedicine { consult: term },
            2 => CooperationKind::VisitingTeam { call_out: term },
            _ => CooperationKind::CentralService { turnaround: term },
        };
        let is_central = matches!(kind, CooperationKind::CentralService { .. });
        if is_central && !is_added && from > to {
            std::mem::swap(&mut from, &mut to);
        }
        let key = |at: usize| hospitals[at].key.clone();
        let mut sites = vec![key(to)];
        let third = self.below(count);
        let is_possible = third != from && third != to && (is_added || !is_central || third > from);
        if self.one_in(2) && is_possible {
            sites.push(key(third));
        }
        let parties = Parties::Directed { from: key(from), to: sites };
        // The order of keys is not the order in which cooperations are added.
        let letter = self.pick(&["c", "b", "a"]);
        let mut one = Cooperation::new(format!("{letter}{index}"), kind, parties);
        one.fields = FIELDS.iter().filter(|_| self.below(5) < 4).map(|&f| f.to_owned()).collect();
        if !matches!(kind, CooperationKind::Transfer { .. }) {
            let has = |field: &String| {
                hospitals[from].departments.iter().any(|one| one.specialty == *field)
            };
            one.fields.retain(|field| field == "x" || has(field));
        }
        one.hours = self.hours(5);
        if self.one_in(16) {
            one.status = Status::Planned;
        }
        one
    }

    /// Journeys to each hospital, not the same both ways, some of them missing.
    fn travel_times(&mut self, hospitals: &[Hospital], places: &[Place]) -> Vec<TravelRow> {
        let from = places.iter().map(|one| &one.key).chain(hospitals.iter().map(|one| &one.key));
        let mut rows = Vec::new();
        for (place, to) in from.flat_map(|from| hospitals.iter().map(move |to| (from, &to.key))) {
            // A hospital that is not named would be reached as the crow flies.
            let is_there = place != to && !self.one_in(12);
            let time = is_there.then(|| self.minutes(&[10, 20, 30, 40, 60]));
            rows.push(TravelRow {
                place: place.as_str().into(),
                hospital: to.as_str().into(),
                time,
            });
        }
        rows
    }

    pub(super) fn world(&mut self) -> World {
        let is_line = !self.one_in(4);
        let hospitals: Vec<Hospital> = (0..=self.high_below(6))
            .map(|index| {
                let position = self.position(is_line);
                self.hospital(&format!("h{index}"), position)
            })
            .collect();
        let mut catalog = catalog();
        let named = |key: &str| (key.to_owned(), key.to_owned(), key.to_owned());
        let (key, name, name_de) = named("u");
        catalog.specialties.push(Specialty { key, name, name_de, part_of: None });
        let (key, name, name_de) = named("x");
        catalog.fields.push(Field { key, name, name_de });
        let (key, name, name_de) = named("helipad");
        catalog.facilities.push(FacilityKind { key, name, name_de, grades: vec![] });
        catalog.first_leg = self.first_leg();
        catalog.pathways.push(self.pathway());
        let (mut own, mut added) = (Vec::new(), Vec::new());
        let cooperations = if hospitals.len() > 1 { self.high_below(9) } else { 0 };
        for index in 0..cooperations {
            let is_added = self.one_in(3);
            let one = self.cooperation(index, &hospitals, is_added);
            if is_added { added.push(one) } else { own.push(one) }
        }
        let places: Vec<Place> = (0..3)
            .map(|index| {
                let position = self.position(is_line);
                let one = place(&format!("p{index}"), position, 100 << (2 * index));
                Place { outside: index == 0, ..one }
            })
            .collect();
        let mut out: (BTreeSet<usize>, Vec<String>, Vec<String>) = Default::default();
        if self.one_in(3) {
            out.0 = (0..cooperations).filter(|_| self.one_in(4)).collect();
            for hospital in &hospitals {
                match self.below(8) {
                    6 => out.1.push(hospital.key.clone()),
                    7 => out.2.push(hospital.key.clone()),
                    _ => {}
                }
            }
        }
        let travel_times = self.one_in(3).then(|| self.travel_times(&hospitals, &places));
        let mut model = model(vec![], places);
        model.travel_times = travel_times;
        model.network = network(catalog, hospitals, own);
        World { model, added, moment: self.pick(&MOMENTS).parse().unwrap(), out }
    }
}
