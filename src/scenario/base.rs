//! What changes of scenarios refer to, and whether a key of it exists.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::calendar::DateTime;
use crate::model::check::Checker;
use crate::model::check::bounds::check_department_bounds;
use crate::model::check::far::{Anchors, Far};
use crate::model::location::Fault;
use crate::model::{
    Cooperation, Department, DepartmentKind, Hospital, MissingRoad, Network, Places, Position,
    RoadOfMap, TravelSettings,
};
use crate::problem::ProblemKind;

/// Greatest product of factors of cases that meet, as of one factor.
pub(super) const MOST_FACTOR: f64 = 100.0;

/// What a change adds that later changes can name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Added<'c> {
    Nothing,
    Hospital(&'c Hospital),
    /// A department of a specialty at a hospital, both by their keys.
    Department {
        hospital: &'c str,
        specialty: &'c str,
    },
    Cooperation(&'c Cooperation),
}

/// Tells what of a road its map lacks.
pub(crate) type MissingRoads<'m> = dyn Fn(&RoadOfMap) -> Vec<MissingRoad> + 'm;

/// What scenarios are judged against.
#[derive(Clone, Copy)]
pub(crate) struct Against<'a> {
    pub(crate) network: &'a Network,
    pub(crate) places: &'a Places,
    /// `None` where nobody knows yet how journeys will be measured: then no road is missing.
    pub(crate) missing_roads: Option<&'a MissingRoads<'a>>,
}

impl<'a> Against<'a> {
    /// A network and its places, before anything is measured.
    pub(crate) fn new(network: &'a Network, places: &'a Places) -> Self {
        Self { network, places, missing_roads: None }
    }
}

/// What scenarios refer to: the network of their start, its places, and what they add themselves.
pub(super) struct Base<'a> {
    pub(super) network: &'a Network,
    /// The network of the start with every hospital and department that some change opens: what a key
    /// can mean at all.
    pub(super) everything: Network,
    /// Keys of all cooperations, those of other days included.
    pub(super) cooperations: BTreeSet<&'a str>,
    /// Keys of the cooperations of the start and of those that start.
    pub(super) known_cooperations: BTreeSet<&'a str>,
    pub(super) hospitals: BTreeSet<&'a str>,
    pub(super) all_places: &'a Places,
    /// Keys of places, with their names, once a change asks for them: a country has many.
    places: OnceCell<BTreeMap<&'a str, &'a str>>,
    /// Keys of places by their names in lower case.
    place_names: OnceCell<HashMap<String, &'a str>>,
    /// Names of the districts of places, once a change names some.
    districts: OnceCell<BTreeSet<&'a str>>,
    /// Where the places are, once a change says where something is.
    anchors: OnceCell<Option<Anchors>>,
    missing_roads: Option<&'a MissingRoads<'a>>,
    pub(super) start: DateTime,
}

impl<'a> Base<'a> {
    /// From the network of the start, the one that it was taken from, and what all changes add.
    pub(super) fn new(of_start: &'a Network, against: Against<'a>, added: &[Added<'a>]) -> Self {
        let Against { network, places, missing_roads } = against;
        let mut hospitals: BTreeSet<&str> = BTreeSet::new();
        for hospital in &of_start.hospitals {
            hospitals.insert(&hospital.key);
        }
        let mut everything = of_start.clone();
        let mut known_cooperations: BTreeSet<&str> = BTreeSet::new();
        for cooperation in &of_start.cooperations {
            known_cooperations.insert(&cooperation.key);
        }
        for added in added {
            match added {
                Added::Hospital(hospital) => {
                    if hospitals.insert(&hospital.key) {
                        everything.hospitals.push((*hospital).clone());
                    }
                }
                Added::Cooperation(cooperation) => {
                    known_cooperations.insert(&cooperation.key);
                }
                Added::Department { .. } | Added::Nothing => {}
            }
        }
        // A network finds a key by halves.
        everything.hospitals.sort_by(|a, b| a.key.cmp(&b.key));
        // Only now is every hospital there that a department may come to.
        for added in added {
            if let Added::Department { hospital, specialty } = added
                && let Some(id) = everything.find(hospital)
            {
                everything.hospitals[id.index()].departments.push(Department::new(*specialty));
            }
        }
        Self {
            network: of_start,
            everything,
            cooperations: network.cooperations.iter().map(|known| known.key.as_str()).collect(),
            known_cooperations,
            hospitals,
            all_places: places,
            places: OnceCell::new(),
            place_names: OnceCell::new(),
            districts: OnceCell::new(),
            anchors: OnceCell::new(),
            missing_roads,
            start: of_start.date.into(),
        }
    }

    /// What of a road the map lacks, over which journeys are measured.
    pub(super) fn missing_roads(&self, road: &RoadOfMap) -> Vec<MissingRoad> {
        self.missing_roads.map_or_else(Vec::new, |missing| missing(road))
    }

    /// The hospital of a key that is there at the start or that a change opens.
    pub(super) fn find(&self, key: &str) -> Option<&Hospital> {
        self.everything.find(key).map(|id| &self.everything[id])
    }

    /// Keys of places, with their names.
    pub(super) fn places(&self) -> &BTreeMap<&'a str, &'a str> {
        self.places.get_or_init(|| {
            let mut names = BTreeMap::new();
            for place in &self.all_places.places {
                names.insert(place.key.as_str(), place.name.as_str());
            }
            names
        })
    }

    /// How a position is far from every place, with the key of the nearest; `None` for one that is not,
    /// and where there is no place.
    pub(super) fn far(&self, position: Position) -> Option<(Far, &'a str)> {
        let places = &self.all_places.places;
        let anchors = self.anchors.get_or_init(|| {
            // By usual roads, whatever the network's own travel is: a slip is far from everybody by
            // any.
            Anchors::new(places.iter().map(|place| place.position), &TravelSettings::default())
        });
        let far = anchors.as_ref()?.far(position)?;
        let nearest = places[far.nearest as usize].key.as_str();
        Some((far, nearest))
    }

    /// Names of the districts of places.
    pub(super) fn districts(&self) -> &BTreeSet<&'a str> {
        let places = &self.all_places.places;
        self.districts.get_or_init(|| places.iter().map(|place| place.district.as_str()).collect())
    }

    /// The key of the first place of a name, whatever its case.
    pub(super) fn place_named(&self, name: &str) -> Option<&'a str> {
        let names = self.place_names.get_or_init(|| {
            let mut names = HashMap::new();
            for (key, name) in self.places() {
                names.entry(name.to_lowercase()).or_insert(*key);
            }
            names
        });
        names.get(&name.to_lowercase()).copied()
    }
}

/// The hospital that a field names is there on some day of the scenario.
pub(super) fn check_hospital_key(
    path: &str,
    key: &str,
    base: &Base<'_>,
    checker: &mut Checker<'_>,
) {
    if !base.hospitals.contains(key) {
        checker.unknown(path, "hospital", key, base.hospitals.iter().copied());
    }
}

pub(super) fn check_specialty(path: &str, key: &str, base: &Base<'_>, checker: &mut Checker<'_>) {
    let catalog = &base.network.catalog;
    if catalog.specialty(key).is_none() {
        let known = catalog.specialties.iter().map(|specialty| specialty.key.as_str());
        checker.unknown(path, "specialty", key, known);
    }
}

/// Whether the hospital has such a department is a matter of the order of changes.
pub(super) fn check_department(
    hospital: &str,
    specialty: &str,
    base: &Base<'_>,
    checker: &mut Checker<'_>,
) {
    check_hospital_key("hospital", hospital, base, checker);
    check_specialty("specialty", specialty, base, checker);
}

/// Keys of a list: each known, each once.
pub(super) fn check_keys(
    path: &str,
    what: &str,
    list: &[String],
    known: &BTreeSet<&str>,
    checker: &mut Checker<'_>,
) {
    let mut seen = BTreeSet::new();
    for (index, key) in list.iter().enumerate() {
        let path = format!("{path}[{index}]");
        // One that nobody knows is told as that, also where it is there twice.
        if !known.contains(key.as_str()) {
            checker.unknown(&path, what, key, known.iter().copied());
        } else if !seen.insert(key) {
            checker.duplicate(&path, said!("{what} \"{key}\" is there twice", what, key));
        }
    }
}

/// Whether the key of a place exists; where a name was written, the key of the place of that name is offered.
pub(super) fn check_place(path: &str, key: &str, base: &Base<'_>, checker: &mut Checker<'_>) {
    if base.places().contains_key(key) {
        return;
    }
    let message = said!("unknown place \"{key}\"", key);
    let mut fault =
        Fault::new(ProblemKind::Unknown, message).expected("the key of a place that exists");
    // People know a place by its name: the key behind it helps more than one that is spelled alike.
    fault.closest = match base.place_named(key) {
        Some(named) => Some(named.to_owned()),
        None => checker.suggestions.closest("place", key, base.places().keys().copied()),
    };
    checker.fault(path, fault);
}

/// The fault of a change between a hospital and itself; `what` is what it does.
pub(super) fn check_two(path: &str, key: &str, what: &str, checker: &mut Checker<'_>) {
    let message = said!("hospital \"{key}\" {what} itself", key, what);
    let fault = Fault::new(ProblemKind::Conflict, message);
    checker.fault(path, fault.expected("another hospital"));
}

/// What opens or is added has no dates of its own: the change says when.
pub(super) fn check_undated(path: &str, is_there: bool, checker: &mut Checker<'_>) {
    if is_there {
        let message = "what a scenario opens has no dates of its own";
        let fault = Fault::new(ProblemKind::Conflict, message);
        checker.fault(path, fault.expected("on and until of the change"));
    }
}

/// A department that comes to a hospital is sound by itself.
pub(super) fn check_new_department(
    path: &str,
    department: &Department,
    base: &Base<'_>,
    checker: &mut Checker<'_>,
) {
    check_specialty(&format!("{path}.specialty"), &department.specialty, base, checker);
    check_department_bounds(path, department, checker);
    // Beds of a day clinic would count as beds for the night.
    if department.kind == DepartmentKind::Day && department.beds.is_some() {
        let message = "a day department has day places, not beds";
        checker.fault(&format!("{path}.beds"), Fault::new(ProblemKind::Conflict, message));
    }
    check_undated(&format!("{path}.opened"), department.opened.is_some(), checker);
    check_undated(&format!("{path}.closed"), department.closed.is_some(), checker);
}

/// The fault of a change that is one key, which nothing has: one of the change, not of a field in it.
pub(super) fn unknown_change(
    what: &str,
    key: &str,
    known: &BTreeSet<&str>,
    checker: &mut Checker<'_>,
) {
    let within = std::mem::take(&mut checker.within);
    checker.unknown("change", what, key, known.iter().copied());
    checker.within = within;
}
