//! What changes of scenarios refer to, and whether a key of it exists.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::calendar::DateTime;
use crate::model::check::Checker;
use crate::model::check::far::{Anchors, Far};
use crate::model::location::{Entity, Locations};
use crate::model::{Department, Hospital, Network, Places, Position, TravelSettings};
use crate::scenario::{Change, DatedChange, DepartmentKey};

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
    pub(super) start: DateTime,
}

impl<'a> Base<'a> {
    /// From the network of the start, the one that it was taken from, and all changes.
    pub(super) fn new(
        of_start: &'a Network,
        (network, places): (&'a Network, &'a Places),
        changes: &[Listed<'a>],
    ) -> Self {
        let changes = || changes.iter().map(|one| &one.change.change);
        let opened = changes().filter_map(|change| match change {
            Change::OpenHospital(hospital) => Some(hospital.as_ref()),
            _ => None,
        });
        let mut hospitals: BTreeSet<&str> =
            of_start.hospitals.iter().map(|one| one.key.as_str()).collect();
        let mut everything = of_start.clone();
        for hospital in opened {
            if hospitals.insert(&hospital.key) {
                everything.hospitals.push(hospital.clone());
            }
        }
        everything.hospitals.sort_by(|a, b| a.key.cmp(&b.key));
        for change in changes() {
            let (hospital, specialty) = match change {
                Change::AddDepartment(new) => (&new.hospital, &new.department.specialty),
                Change::MoveDepartment(one) => (&one.to, &one.specialty),
                _ => continue,
            };
            if let Some(id) = everything.find(hospital) {
                everything.hospitals[id.index()].departments.push(Department::new(specialty));
            }
        }
        let of_start_keys = of_start.cooperations.iter().map(|one| one.key.as_str());
        Self {
            network: of_start,
            everything,
            cooperations: network.cooperations.iter().map(|one| one.key.as_str()).collect(),
            known_cooperations: of_start_keys
                .chain(changes().filter_map(Change::started))
                .collect(),
            hospitals,
            all_places: places,
            places: OnceCell::new(),
            place_names: OnceCell::new(),
            districts: OnceCell::new(),
            anchors: OnceCell::new(),
            start: of_start.date.into(),
        }
    }

    /// The hospital of a key that is there at the start or that a change opens.
    pub(super) fn find(&self, key: &str) -> Option<&Hospital> {
        self.everything.find(key).map(|id| &self.everything[id])
    }

    /// Keys of places, with their names.
    pub(super) fn places(&self) -> &BTreeMap<&'a str, &'a str> {
        let all = self.all_places.places.iter();
        self.places.get_or_init(|| all.map(|one| (one.key.as_str(), one.name.as_str())).collect())
    }

    /// How a position is far from every place, with the key of the nearest; `None` for one that is not,
    /// and where there is no place.
    pub(super) fn far(&self, position: Position) -> Option<(Far, &'a str)> {
        let all = &self.all_places.places;
        let anchors = self.anchors.get_or_init(|| {
            Anchors::new(all.iter().map(|place| place.position), &TravelSettings::default())
        });
        let far = anchors.as_ref()?.far(position)?;
        let nearest = all[far.nearest as usize].key.as_str();
        Some((far, nearest))
    }

    /// Names of the districts of places.
    pub(super) fn districts(&self) -> &BTreeSet<&'a str> {
        let all = self.all_places.places.iter();
        self.districts.get_or_init(|| all.map(|place| place.district.as_str()).collect())
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

/// A change with its place in its file and what messages call it.
pub(super) struct Listed<'s> {
    pub(super) position: usize,
    pub(super) label: String,
    pub(super) change: &'s DatedChange,
    /// Where the values of its file stand.
    pub(super) locations: &'s Locations,
}

impl<'s> Listed<'s> {
    /// Faults are now those of this change.
    pub(super) fn enter(&self, checker: &mut Checker<'s>) {
        checker.locations = self.locations;
        checker.at(Entity::Change(self.position), self.label.clone());
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
        let known = catalog.specialties.iter().map(|one| one.key.as_str());
        checker.unknown(path, "specialty", key, known);
    }
}

/// Whether the hospital has such a department is a matter of the order of changes.
pub(super) fn check_department(key: &DepartmentKey, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_hospital_key("hospital", &key.hospital, base, checker);
    check_specialty("specialty", &key.specialty, base, checker);
}

/// Keys of a list: each known, each once.
pub(super) fn check_keys(
    (path, what): (&str, &str),
    list: &[String],
    known: &BTreeSet<&str>,
    checker: &mut Checker<'_>,
) {
    let mut seen = BTreeSet::new();
    for (index, key) in list.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if !known.contains(key.as_str()) {
            checker.unknown(&path, what, key, known.iter().copied());
        } else if !seen.insert(key) {
            checker.duplicate(&path, format!("{what} \"{key}\" is there twice"));
        }
    }
}
