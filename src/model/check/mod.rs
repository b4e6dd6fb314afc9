//! What must hold among the parts of a network and its catalog.

pub(crate) mod bounds;
pub(crate) mod far;
mod ground;
pub(crate) mod pathway;
mod rules;
mod service_group;

pub(crate) use bounds::shown;
pub(crate) use ground::{Ground, check_ground, check_layout, check_places};
pub(crate) use pathway::has_field;

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Date;
use crate::model::alliance::ALLIANCE_PATHS;
use crate::model::cooperation::{COOPERATION_PATHS, Direction, Parties, Status};
use crate::model::location::{Entity, Fault, Locations};
use crate::model::network::NETWORK_PATHS;
use crate::model::place::check_bands;
use crate::model::{
    Alliance, Catalog, Cooperation, CooperationKind, Hospital, Measure, Network, Requirement,
};
use crate::problem::{Problem, ProblemKind, Problems, Suggestions, closest};

/// So many keys are listed where one of them is expected and none is close to what is there.
const FEW: usize = 10;

/// The longest limit of a standard in minutes: longer journeys are not kept.
const LONGEST_LIMIT: u32 = 120;

/// Which lists of the catalog were read: a reference into a list that could not be read says
/// nothing new.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a list of files, each read or not")]
pub(crate) struct Known {
    pub(crate) specialties: bool,
    pub(crate) fields: bool,
    pub(crate) facilities: bool,
    pub(crate) demand: bool,
    pub(crate) hospitals: bool,
    pub(crate) cooperations: bool,
}

impl Known {
    pub(crate) const ALL: Self = Self {
        specialties: true,
        fields: true,
        facilities: true,
        demand: true,
        hospitals: true,
        cooperations: true,
    };
    pub(crate) const NOTHING: Self = Self {
        specialties: false,
        fields: false,
        facilities: false,
        demand: false,
        hospitals: false,
        cooperations: false,
    };

    fn covers(&self, what: &str) -> bool {
        match what {
            "specialty" => self.specialties,
            "facility" => self.facilities,
            "field" => self.fields && self.specialties,
            "condition or specialty" => self.demand,
            "hospital" => self.hospitals,
            "cooperation" => self.cooperations,
            _ => true,
        }
    }
}

/// Collects faults of one entity after another.
pub(crate) struct Checker<'a> {
    pub(crate) known: &'a Known,
    pub(crate) locations: &'a Locations,
    pub(crate) problems: &'a mut Problems,
    pub(crate) entity: Entity,
    pub(crate) label: String,
    /// The path within the entity that other paths start from; empty for the entity itself.
    pub(crate) within: &'static str,
    pub(crate) suggestions: Suggestions,
}

impl Checker<'_> {
    pub(crate) fn at(&mut self, entity: Entity, label: String) {
        self.entity = entity;
        self.label = label;
    }

    pub(crate) fn fault(&mut self, path: &str, fault: Fault) {
        let path = match self.within {
            "" => path.to_owned(),
            within => format!("{within}.{path}"),
        };
        let place = self.locations.find(self.entity, &path);
        self.problems.push(Problem {
            kind: fault.kind,
            file: place.map(|(file, ..)| file.to_string()),
            line: place.map(|(_, line, _)| *line),
            column: place.map(|(.., column)| *column),
            entity: self.label.clone(),
            field: path,
            message: fault.message,
            expected: fault.expected,
            closest: fault.closest,
        });
    }

    pub(crate) fn unknown<'k>(
        &mut self,
        path: &str,
        what: &str,
        key: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) {
        if !self.known.covers(what) {
            return;
        }
        let mut keys = keys.into_iter();
        // A list of few keys is read as a whole; of a long one, only what suggestions may look at.
        let few: Vec<&str> = keys.by_ref().take(FEW + 1).collect();
        // Stages are those of one pathway; every other kind of key has one list.
        let scope = if what.starts_with("stage") { self.label.as_str() } else { what };
        let all = few.iter().copied().chain(keys);
        let closest = self.suggestions.closest(scope, key, all);
        let expected = if closest.is_none() && (1..=FEW).contains(&few.len()) {
            format!("one of {}", few.join(", "))
        } else {
            let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("the key of {article} {what} that exists")
        };
        let fault = Fault::new(ProblemKind::Unknown, format!("unknown {what} \"{key}\""));
        let fault = Fault { closest, ..fault.expected(expected) };
        self.fault(path, fault);
    }

    pub(crate) fn duplicate(&mut self, path: &str, message: String) {
        self.fault(path, Fault::new(ProblemKind::Duplicate, message));
    }

    /// Two dates that must follow each other.
    pub(crate) fn order(
        &mut self,
        first: (&str, Option<Date>),
        second: (&str, Option<Date>),
        prefix: &str,
    ) {
        if let (Some(from), Some(to)) = (first.1, second.1)
            && to.is_by(from)
        {
            let message = format!("{} {to} is not after {} {from}", second.0, first.0);
            let path = if prefix.is_empty() {
                second.0.to_owned()
            } else {
                format!("{prefix}.{}", second.0)
            };
            self.fault(&path, Fault::new(ProblemKind::Order, message).expected("a later date"));
        }
    }

    pub(crate) fn sources(&mut self, network: &Network, keys: &[String], path: &str) {
        for (index, key) in keys.iter().enumerate() {
            if !network.sources.contains_key(key) {
                let known = network.sources.keys().map(String::as_str);
                self.unknown(&format!("{path}[{index}]"), "source", key, known);
            }
        }
    }

    /// Keys must be words without spaces, each once.
    pub(crate) fn keys<'k>(
        &mut self,
        kind: &str,
        entities: impl Iterator<Item = (Entity, &'k str)>,
    ) {
        let mut seen = BTreeSet::new();
        for (entity, key) in entities {
            self.at(entity, format!("{kind} \"{key}\""));
            self.word(key);
            if !seen.insert(key) {
                self.duplicate("id", format!("there is a second {kind} \"{key}\""));
            }
        }
    }

    /// A key must be a word without spaces. A slash separates keys in what simulations and traces call
    /// wards, patients and rosters (`north/neurology`), so that it cannot be part of one.
    pub(crate) fn word(&mut self, key: &str) {
        let is_no_word = |letter: char| letter.is_whitespace() || letter.is_control();
        if key.is_empty() || key.chars().any(|letter| is_no_word(letter) || letter == '/') {
            let fault = Fault::new(ProblemKind::Range, format!("\"{key}\" is no key"))
                .expected("a word without spaces and slashes");
            self.fault("id", fault);
        }
    }

    pub(crate) fn choices(&mut self, path: &str, value: &str, what: &str, choices: &[&str]) {
        let mut fault = Fault::new(ProblemKind::Unknown, format!("\"{value}\" {what}"))
            .expected(format!("one of {}", choices.join(", ")));
        fault.closest = closest(value, choices.iter().copied());
        self.fault(path, fault);
    }
}

/// Every fault of cooperations that are added to a network, as if a scenario started them. Their status and
/// dates are nobody's: they are at work.
pub(crate) fn check_cooperations(network: &Network, added: &[Cooperation]) -> Problems {
    let (mut problems, locations) = (Problems::default(), Locations::default());
    if added.is_empty() {
        return problems;
    }
    let keys: BTreeSet<&str> = network.hospitals.iter().map(|one| one.key.as_str()).collect();
    let find = |key: &str| network.find(key).map(|id| &network[id]);
    let sites = Sites { keys: &keys, find: &find };
    let suggestions = Suggestions::default();
    let mut checker = Checker {
        known: &Known::ALL,
        locations: &locations,
        problems: &mut problems,
        entity: Entity::Network,
        label: String::new(),
        within: "",
        suggestions,
    };
    for (index, cooperation) in added.iter().enumerate() {
        let label = format!("cooperation \"{}\"", cooperation.key);
        checker.at(Entity::Cooperation(network.cooperations.len() + index), label);
        checker.word(&cooperation.key);
        let undated =
            Cooperation { since: None, until: None, status: Status::Active, ..cooperation.clone() };
        check_cooperation(network, &undated, sites, &mut checker);
    }
    problems
}

/// Appends every fault of a network whose parts were read.
pub(crate) fn check_network(
    network: &Network,
    locations: &Locations,
    known: &Known,
    problems: &mut Problems,
) {
    let (entity, label) = (Entity::Network, String::new());
    let suggestions = Suggestions::default();
    let mut checker =
        Checker { known, locations, problems, entity, label, within: "", suggestions };
    check_assumed(&network.assumed, &NETWORK_PATHS, &mut checker);
    for (path, rule) in &network.derived {
        if !NETWORK_PATHS.contains(&path.as_str()) {
            checker.choices("derived", path, "is nothing that it has", &NETWORK_PATHS);
        }
        check_derivation(network, &network.assumed, Derived { path, rule }, &mut checker);
    }
    if !bounds::are_lists_short(network, &mut checker) {
        return;
    }
    bounds::check_beds_in_all(network, &mut checker);
    check_catalog(&network.catalog, &mut checker);
    let hospitals = network.hospitals.iter().enumerate();
    checker.keys("hospital", hospitals.map(|(at, one)| (Entity::Hospital(at), one.key.as_str())));
    let cooperations = network.cooperations.iter().enumerate();
    checker.keys(
        "cooperation",
        cooperations.map(|(at, one)| (Entity::Cooperation(at), one.key.as_str())),
    );
    let alliances = network.alliances.iter().enumerate();
    checker.keys("alliance", alliances.map(|(at, one)| (Entity::Alliance(at), one.key.as_str())));

    let keys: BTreeSet<&str> = network.hospitals.iter().map(|one| one.key.as_str()).collect();
    let by_key: BTreeMap<&str, &Hospital> =
        network.hospitals.iter().map(|one| (one.key.as_str(), one)).collect();
    let find = |key: &str| by_key.get(key).copied();
    let sites = Sites { keys: &keys, find: &find };
    for (index, hospital) in network.hospitals.iter().enumerate() {
        checker.at(Entity::Hospital(index), format!("hospital \"{}\"", hospital.key));
        check_hospital(network, hospital, sites, &mut checker);
    }
    for (index, cooperation) in network.cooperations.iter().enumerate() {
        checker.at(Entity::Cooperation(index), format!("cooperation \"{}\"", cooperation.key));
        check_cooperation(network, cooperation, sites, &mut checker);
    }
    pathway::check_central_services(network, &mut checker);
    for (index, alliance) in network.alliances.iter().enumerate() {
        checker.at(Entity::Alliance(index), format!("alliance \"{}\"", alliance.key));
        check_alliance(network, alliance, &keys, &mut checker);
    }
    for (index, omission) in network.omitted.iter().enumerate() {
        checker.at(Entity::Omitted(index), format!("omission {}", index + 1));
        checker.sources(network, &omission.sources, "sources");
    }
    for (index, figure) in network.published.iter().enumerate() {
        checker.at(Entity::Published(index), format!("published figure \"{}\"", figure.name));
        checker.sources(network, std::slice::from_ref(&figure.source), "source");
        bounds::check_published_bounds(figure, &mut checker);
        if let Some(requirement) = &figure.requirement {
            check_requirement(&network.catalog, requirement, "requirement", &mut checker);
        }
        if let Some(requirement) = &figure.than {
            check_requirement(&network.catalog, requirement, "than", &mut checker);
        }
        if figure.minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST_LIMIT) {
            let fault = Fault::new(ProblemKind::Range, "minutes out of range");
            checker.fault("minutes", fault.expected("1 to 120 minutes"));
        }
        let sooner = figure.measure == Measure::ShareSooner;
        if sooner != figure.than.is_some() {
            let message = "what it is compared with belongs to a share of people who are sooner";
            checker.fault("than", Fault::new(ProblemKind::Conflict, message));
        }
        let handed_on = figure.measure == Measure::ShareHandedOn;
        if handed_on != figure.pathway.is_some() {
            let message = "a pathway belongs to a share of patients who are handed on";
            checker.fault("pathway", Fault::new(ProblemKind::Conflict, message));
        }
        if let Some(key) =
            figure.pathway.as_ref().filter(|key| network.catalog.pathway(key).is_none())
        {
            let known = network.catalog.pathways.iter().map(|one| one.key.as_str());
            checker.unknown("pathway", "pathway", key, known);
        }
        let share = sooner || figure.measure == Measure::ShareWithin;
        if share && (figure.requirement.is_none() || figure.minutes.is_none()) {
            let message = "a share of people needs a requirement and minutes";
            checker.fault("measure", Fault::new(ProblemKind::Missing, message));
        }
    }
}

/// The hospitals that others may name.
#[derive(Clone, Copy)]
pub(crate) struct Sites<'a> {
    pub(crate) keys: &'a BTreeSet<&'a str>,
    pub(crate) find: &'a dyn Fn(&str) -> Option<&'a Hospital>,
}

pub(crate) fn check_hospital(
    network: &Network,
    hospital: &Hospital,
    sites: Sites<'_>,
    checker: &mut Checker<'_>,
) {
    let Sites { keys, find } = sites;
    if let Some(parent) = &hospital.parent {
        if *parent == hospital.key {
            let message = "a hospital cannot be its own main site";
            checker.fault("parent", Fault::new(ProblemKind::Conflict, message));
        } else if !keys.contains(parent.as_str()) {
            checker.unknown("parent", "hospital", parent, keys.iter().copied());
        } else if find(parent).is_some_and(|main| main.parent.is_some()) {
            let message = format!("\"{parent}\" is itself a branch of another site");
            let fault = Fault::new(ProblemKind::Conflict, message).expected("a main site");
            checker.fault("parent", fault);
        }
    }
    checker.order(("opened", hospital.opened), ("closed", hospital.closed), "");
    bounds::check_hospital_bounds(hospital, checker);
    if bounds::are_parts_few(hospital, checker) {
        check_departments(&network.catalog, hospital, checker);
        check_facilities(&network.catalog, hospital, checker);
        check_beds(hospital, checker);
    }
    for (index, pair) in hospital.former_operators.windows(2).enumerate() {
        let path = format!("former_operators[{}]", index + 1);
        checker.order(("until", Some(pair[0].until)), ("until", Some(pair[1].until)), &path);
    }
    for (index, fact) in hospital.facts.iter().enumerate() {
        if !network.sources.contains_key(&fact.source) {
            let known = network.sources.keys().map(String::as_str);
            checker.unknown(&format!("facts[{index}].source"), "source", &fact.source, known);
        }
    }
    checker.sources(network, &hospital.sources, "sources");
    for (index, path) in hospital.assumed.iter().enumerate() {
        if !hospital.has_path(path) {
            let message = format!("\"{path}\" is nothing that this hospital has");
            let fault = Fault::new(ProblemKind::Unknown, message).expected(
                "the path of a value, such as emergency_level or departments.neurology.beds",
            );
            checker.fault(&format!("assumed[{index}]"), fault);
        }
    }
    check_unknown(&network.catalog, hospital, checker);
    for (path, rule) in &hospital.derived {
        if !hospital.has_path(path) {
            let message = format!("\"{path}\" is nothing that this hospital has");
            let fault = Fault::new(ProblemKind::Unknown, message)
                .expected("the path of a value, such as facilities.ct");
            checker.fault("derived", fault);
        }
        check_derivation(network, &hospital.assumed, Derived { path, rule }, checker);
    }
}

/// What is unknown must be a department or a facility that the catalog has, each once.
fn check_unknown(catalog: &Catalog, hospital: &Hospital, checker: &mut Checker<'_>) {
    for (index, path) in hospital.unknown.iter().enumerate() {
        let field = format!("unknown[{index}]");
        if hospital.unknown[..index].contains(path) {
            checker.duplicate(&field, format!("\"{path}\" is there twice"));
        }
        if let Some(specialty) = path.strip_prefix("departments.") {
            if catalog.specialty(specialty).is_none() {
                let known = catalog.specialties.iter().map(|known| known.key.as_str());
                checker.unknown(&field, "specialty", specialty, known);
            }
        } else if let Some(kind) = path.strip_prefix("facilities.") {
            if catalog.facility(kind).is_none() {
                let known = catalog.facilities.iter().map(|known| known.key.as_str());
                checker.unknown(&field, "facility", kind, known);
            }
        } else {
            let message = format!("\"{path}\" is no department and no facility");
            let fault = Fault::new(ProblemKind::Unknown, message)
                .expected("departments.KEY or facilities.KEY, such as departments.obstetrics");
            checker.fault(&field, fault);
        }
    }
}

/// A value that is marked as derived, and the key of its rule.
#[derive(Clone, Copy)]
struct Derived<'a> {
    path: &'a str,
    rule: &'a str,
}

/// The rule must be one of the network's, and what it gives cannot be assumed as well.
fn check_derivation(
    network: &Network,
    assumed: &[String],
    derived: Derived<'_>,
    checker: &mut Checker<'_>,
) {
    let Derived { path, rule } = derived;
    if !network.derivations.contains_key(rule) {
        let known = network.derivations.keys().map(String::as_str);
        checker.unknown("derived", "derivation", rule, known);
    }
    if assumed.iter().any(|mark| mark == path) {
        let message = format!("\"{path}\" is both assumed and derived");
        let fault = Fault::new(ProblemKind::Conflict, message).expected("one of the two");
        checker.fault("derived", fault);
    }
}

/// Whether two spans of dates share a day.
fn overlap(a: (Option<Date>, Option<Date>), b: (Option<Date>, Option<Date>)) -> bool {
    let before = |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(end), Some(start)) if end.is_by(start));
    !before(a.1, b.0) && !before(b.1, a.0)
}

fn check_departments(catalog: &Catalog, hospital: &Hospital, checker: &mut Checker<'_>) {
    for (index, department) in hospital.departments.iter().enumerate() {
        let path = format!("departments[{index}]");
        if catalog.specialty(&department.specialty).is_none() {
            let known = catalog.specialties.iter().map(|one| one.key.as_str());
            let field = format!("{path}.specialty");
            checker.unknown(&field, "specialty", &department.specialty, known);
        }
        checker.order(("opened", department.opened), ("closed", department.closed), &path);
        let twin = hospital.departments[..index].iter().any(|other| {
            (&other.specialty, other.kind) == (&department.specialty, department.kind)
                && overlap((other.opened, other.closed), (department.opened, department.closed))
        });
        if twin {
            let message = format!("a second department \"{}\" at once", department.specialty);
            checker.duplicate(&path, message);
        }
        if department.kind == super::DepartmentKind::Day && department.beds.is_some() {
            let message = "a day department has day places, not beds";
            checker.fault(&format!("{path}.beds"), Fault::new(ProblemKind::Conflict, message));
        }
    }
}

fn check_facilities(catalog: &Catalog, hospital: &Hospital, checker: &mut Checker<'_>) {
    for (index, facility) in hospital.facilities.iter().enumerate() {
        let path = format!("facilities[{index}]");
        checker.order(("opened", facility.opened), ("closed", facility.closed), &path);
        let twin = hospital.facilities[..index].iter().any(|other| {
            other.kind == facility.kind
                && overlap((other.opened, other.closed), (facility.opened, facility.closed))
        });
        if twin {
            checker.duplicate(&path, format!("a second facility \"{}\" at once", facility.kind));
        }
        let Some(kind) = catalog.facility(&facility.kind) else {
            let known = catalog.facilities.iter().map(|one| one.key.as_str());
            checker.unknown(&format!("{path}.kind"), "facility", &facility.kind, known);
            continue;
        };
        if let Some(grade) = &facility.grade {
            check_grade(kind, grade, &format!("{path}.grade"), checker);
        }
    }
}

pub(crate) fn check_grade(
    kind: &super::FacilityKind,
    grade: &str,
    path: &str,
    checker: &mut Checker<'_>,
) {
    if kind.grades.is_empty() {
        let message = format!("\"{}\" has no grades, but \"{grade}\" is given", kind.key);
        checker.fault(path, Fault::new(ProblemKind::Unknown, message));
    } else if !kind.grades.iter().any(|own| own == grade) {
        let grades: Vec<&str> = kind.grades.iter().map(String::as_str).collect();
        checker.choices(path, grade, &format!("is no grade of \"{}\"", kind.key), &grades);
    }
}

/// On no day may the departments have more beds than the hospital.
fn check_beds(hospital: &Hospital, checker: &mut Checker<'_>) {
    let Some(beds) = hospital.beds else { return };
    let days: BTreeSet<Option<Date>> =
        hospital.departments.iter().map(|one| one.opened).chain([None]).collect();
    for day in days {
        let open = hospital.departments.iter().filter(|one| match day {
            None => one.opened.is_none(),
            Some(day) => super::hospital::is_there(one.opened, one.closed, day),
        });
        let sum: u64 = open.filter_map(|one| one.beds).map(u64::from).sum();
        if sum > u64::from(beds) {
            let when = day.map_or_else(String::new, |day| format!(" on {day}"));
            let message = format!("its departments have {sum} beds{when}, the hospital {beds}");
            let fault = Fault::new(ProblemKind::Conflict, message)
                .expected("no more beds in departments than in the hospital");
            checker.fault("departments", fault);
            return;
        }
    }
}

pub(crate) fn check_cooperation(
    network: &Network,
    cooperation: &Cooperation,
    sites: Sites<'_>,
    checker: &mut Checker<'_>,
) {
    let keys = sites.keys;
    let named: Vec<(String, &String)> = match &cooperation.parties {
        Parties::Mutual(partners) => {
            partners.iter().enumerate().map(|(at, key)| (format!("partners[{at}]"), key)).collect()
        }
        Parties::Directed { from, to } => std::iter::once(("from".to_owned(), from))
            .chain(to.iter().enumerate().map(|(at, key)| (format!("to[{at}]"), key)))
            .collect(),
    };
    let mut seen = BTreeSet::new();
    for (path, key) in &named {
        if !keys.contains(key.as_str()) {
            checker.unknown(path, "hospital", key, keys.iter().copied());
        }
        if !seen.insert(key) {
            checker.duplicate(path, format!("hospital \"{key}\" takes part twice"));
        }
    }
    if seen.len() < 2 {
        let fault = Fault::new(ProblemKind::Conflict, "a cooperation of one partner")
            .expected("at least two different hospitals");
        let path =
            if matches!(cooperation.parties, Parties::Mutual(_)) { "partners" } else { "to" };
        checker.fault(path, fault);
    }
    let name = cooperation.kind.name();
    match (cooperation.kind.direction(), &cooperation.parties) {
        (Direction::Directed, Parties::Mutual(_)) => {
            let message = format!("{name} runs from one hospital to others");
            let fault = Fault::new(ProblemKind::Conflict, message).expected("from and to");
            checker.fault("partners", fault);
        }
        (Direction::Mutual, Parties::Directed { .. }) => {
            let message = format!("{name} is among partners");
            let fault = Fault::new(ProblemKind::Conflict, message).expected("partners");
            checker.fault("from", fault);
        }
        _ => {}
    }
    let mut fields = BTreeSet::new();
    for (index, field) in cooperation.fields.iter().enumerate() {
        let path = format!("fields[{index}]");
        if !network.catalog.is_field(field) {
            checker.unknown(&path, "field", field, network.catalog.field_keys());
        }
        if !fields.insert(field) {
            checker.duplicate(&path, format!("field \"{field}\" is there twice"));
        }
    }
    checker.order(("since", cooperation.since), ("until", cooperation.until), "");
    if cooperation.status == Status::Ended && cooperation.until.is_none() {
        let fault = Fault::new(ProblemKind::Missing, "it has ended, but nobody says when")
            .expected("until, the first day on which it is over");
        checker.fault("status", fault);
    }
    check_terms(&cooperation.kind, checker);
    let named = named.len();
    bounds::are_partners_few("partners", named, checker);
    pathway::check_expert(&network.catalog, cooperation, sites, checker);
    checker.sources(network, &cooperation.sources, "sources");
    check_assumed(&cooperation.assumed, &COOPERATION_PATHS, checker);
}

fn check_terms(kind: &CooperationKind, checker: &mut Checker<'_>) {
    let (name, time) = match kind {
        CooperationKind::Transfer { door_in_door_out, .. } => {
            ("door_in_door_out", door_in_door_out)
        }
        CooperationKind::Telemedicine { consult } => ("consult", consult),
        CooperationKind::VisitingTeam { call_out } => ("call_out", call_out),
        CooperationKind::CentralService { turnaround } => ("turnaround", turnaround),
        _ => ("", &None),
    };
    if let Some(time) = time {
        pathway::check_duration(*time, &format!("kind.{name}"), checker);
    }
    bounds::check_term_bounds(kind, checker);
}

fn check_assumed(assumed: &[String], known: &[&str], checker: &mut Checker<'_>) {
    for (index, path) in assumed.iter().enumerate() {
        if !known.contains(&path.as_str()) {
            checker.choices(&format!("assumed[{index}]"), path, "is nothing that it has", known);
        }
    }
}

fn check_alliance(
    network: &Network,
    alliance: &Alliance,
    keys: &BTreeSet<&str>,
    checker: &mut Checker<'_>,
) {
    let mut seen = BTreeSet::new();
    for (index, member) in alliance.members.iter().enumerate() {
        let path = format!("members[{index}]");
        if !keys.contains(member.as_str()) {
            checker.unknown(&path, "hospital", member, keys.iter().copied());
        }
        if !seen.insert(member) {
            checker.duplicate(&path, format!("hospital \"{member}\" is a member twice"));
        }
    }
    bounds::are_partners_few("members", alliance.members.len(), checker);
    bounds::check_alliance_bounds(alliance, checker);
    if alliance.members.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "an alliance without a member in the network");
        checker.fault("members", fault);
    }
    let named = alliance.members.len() + alliance.other_members.len();
    if alliance.total_members.is_some_and(|total| (total as usize) < named) {
        let message = format!("{named} members are named, but there are fewer in all");
        checker.fault("total_members", Fault::new(ProblemKind::Conflict, message));
    }
    checker.order(("since", alliance.since), ("until", alliance.until), "");
    checker.sources(network, &alliance.sources, "sources");
    check_assumed(&alliance.assumed, &ALLIANCE_PATHS, checker);
}

fn check_catalog(catalog: &Catalog, checker: &mut Checker<'_>) {
    let entries = catalog.specialties.iter().enumerate();
    checker.keys("specialty", entries.map(|(at, one)| (Entity::Specialty(at), one.key.as_str())));
    let entries = catalog.fields.iter().enumerate();
    checker.keys("field", entries.map(|(at, one)| (Entity::Field(at), one.key.as_str())));
    let entries = catalog.facilities.iter().enumerate();
    checker.keys("facility", entries.map(|(at, one)| (Entity::Facility(at), one.key.as_str())));
    let entries = catalog.standards.iter().enumerate();
    checker.keys("standard", entries.map(|(at, one)| (Entity::Standard(at), one.key.as_str())));
    let entries = catalog.demand.conditions.iter().enumerate();
    checker.keys("condition", entries.map(|(at, one)| (Entity::Condition(at), one.key.as_str())));
    let entries = catalog.demand.rates.iter().enumerate();
    checker.keys("rate", entries.map(|(at, one)| (Entity::Rate(at), one.specialty.as_str())));

    for (index, specialty) in catalog.specialties.iter().enumerate() {
        checker.at(Entity::Specialty(index), format!("specialty \"{}\"", specialty.key));
        let Some(broader) = &specialty.part_of else { continue };
        match catalog.specialty(broader) {
            None => {
                let known = catalog.specialties.iter().map(|one| one.key.as_str());
                checker.unknown("part_of", "specialty", broader, known);
            }
            Some(broader) if broader.part_of.is_some() => {
                let message = format!("\"{}\" is itself part of another specialty", broader.key);
                let fault = Fault::new(ProblemKind::Conflict, message)
                    .expected("a specialty that is part of none");
                checker.fault("part_of", fault);
            }
            Some(_) => {}
        }
    }
    for (index, standard) in catalog.standards.iter().enumerate() {
        checker.at(Entity::Standard(index), format!("standard \"{}\"", standard.key));
        check_requirement(catalog, &standard.requirement, "requirement", checker);
        checker.group(&standard.population);
        if standard.minutes == 0 || standard.minutes > LONGEST_LIMIT {
            let fault =
                Fault::new(ProblemKind::Range, format!("a limit of {} minutes", standard.minutes))
                    .expected("1 to 120 minutes");
            checker.fault("minutes", fault);
        }
    }
    for (index, condition) in catalog.demand.conditions.iter().enumerate() {
        checker.at(Entity::Condition(index), format!("condition \"{}\"", condition.key));
        if catalog.specialty(&condition.key).is_some() {
            checker.duplicate("id", format!("\"{}\" is a specialty, too", condition.key));
        }
        check_requirement(catalog, &condition.requirement, "requirement", checker);
        let numbers = (condition.per_1000, condition.stay_days);
        bounds::check_rate_bounds(numbers, &condition.population, checker);
        if condition.key == Catalog::MAJOR_TRAUMA {
            check_major_trauma(catalog, &condition.requirement, "requirement", checker);
        }
    }
    for (index, rate) in catalog.demand.rates.iter().enumerate() {
        checker.at(Entity::Rate(index), format!("rate \"{}\"", rate.specialty));
        if catalog.specialty(&rate.specialty).is_none() {
            let known = catalog.specialties.iter().map(|one| one.key.as_str());
            checker.unknown("specialty", "specialty", &rate.specialty, known);
        }
        let numbers = (rate.per_1000, rate.stay_days);
        bounds::check_rate_bounds(numbers, &rate.population, checker);
        checker.within("emergency_share", rate.emergency_share, (0.0, 1.0), ", as a share");
    }
    check_demand(catalog, checker);
    pathway::check_first_leg(catalog, checker);
    pathway::check_pathways(catalog, checker);
    service_group::check_service_groups(catalog, checker);
    rules::check_rules(catalog, checker);
}

fn check_requirement(
    catalog: &Catalog,
    requirement: &Requirement,
    path: &str,
    checker: &mut Checker<'_>,
) {
    for leaf in requirement.leaves() {
        match leaf {
            Requirement::Specialty(key) if catalog.specialty(key).is_none() => {
                let known = catalog.specialties.iter().map(|one| one.key.as_str());
                checker.unknown(path, "specialty", key, known);
            }
            Requirement::Facility { kind, at_least } => match (catalog.facility(kind), at_least) {
                (None, _) => {
                    let known = catalog.facilities.iter().map(|one| one.key.as_str());
                    checker.unknown(path, "facility", kind, known);
                }
                (Some(facility), Some(grade)) => {
                    check_grade(facility, grade, path, checker);
                }
                (Some(_), None) => {}
            },
            _ => {}
        }
    }
}

/// Who counts for the badly injured is one thing in the standard, the condition, the pathway and an
/// incident.
fn check_major_trauma(
    catalog: &Catalog,
    requirement: &Requirement,
    path: &str,
    checker: &mut Checker<'_>,
) {
    let Some(wanted) = catalog.major_trauma().filter(|wanted| *wanted != requirement) else {
        return;
    };
    let standard = Catalog::MAJOR_TRAUMA_STANDARD;
    let message = format!("{requirement} is not what the standard \"{standard}\" asks for");
    let fault = Fault::new(ProblemKind::Conflict, message)
        .expected(format!("{wanted}, as major trauma asks the same everywhere"));
    checker.fault(path, fault);
}

/// Bands of the reference population and of the age index rise without gaps or overlaps.
fn check_demand(catalog: &Catalog, checker: &mut Checker<'_>) {
    checker.at(Entity::Demand, "demand".to_owned());
    let people = |band: &super::ReferenceBand| u64::from(band.female) + u64::from(band.male);
    let all = &catalog.demand.reference_population;
    if !all.is_empty() && all.iter().map(people).sum::<u64>() == 0 {
        let fault = Fault::new(ProblemKind::Range, "nobody lives there").expected("people");
        checker.fault("reference_population", fault);
    }
    bounds::check_demand_bounds(catalog, checker);
    let reference = all.iter().map(|band| (band.from, band.to));
    let index = catalog.demand.age_index.iter().map(|band| (band.from, band.to));
    let lists: BTreeMap<&str, Vec<(u8, Option<u8>)>> = BTreeMap::from([
        ("reference_population", reference.collect()),
        ("age_index", index.collect()),
    ]);
    for (name, bands) in lists {
        if let Err(message) = check_bands(&bands) {
            let fault = Fault::new(ProblemKind::Order, message)
                .expected("bands from 0 without gaps, the last one open");
            checker.fault(name, fault);
        }
    }
}
