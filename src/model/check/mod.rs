//! What must hold among the parts of a network and its catalog.

pub(crate) mod bounds;
mod catalog;
mod checker;
pub(crate) mod far;
mod ground;
pub(crate) mod pathway;
mod rules;
mod service_group;

pub(crate) use bounds::shown;
pub(crate) use catalog::check_grade;
use catalog::{check_catalog, check_major_trauma, check_requirement};
pub(crate) use checker::{Checker, Known, keys_of};
pub(crate) use ground::{Ground, check_ground, check_layout, check_places};
pub(crate) use pathway::has_field;

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Date;
use crate::model::alliance::ALLIANCE_PATHS;
use crate::model::cooperation::{COOPERATION_PATHS, Direction, KINDS_OF_CARE, Parties, Status};
use crate::model::location::{Entity, Fault, Locations};
use crate::model::network::NETWORK_PATHS;
use crate::model::{
    Alliance, Catalog, Cooperation, CooperationKind, Hospital, Measure, Network, Published,
};
use crate::problem::{ProblemKind, Problems, Suggestions};

/// The longest limit of a standard in minutes: longer journeys are not kept.
const LONGEST_LIMIT: u32 = 120;

/// Every fault of cooperations that are added to a network, as if a scenario started them. Their status and
/// dates are nobody's: they are at work.
pub(crate) fn check_cooperations(network: &Network, added: &[Cooperation]) -> Problems {
    let (mut problems, locations) = (Problems::default(), Locations::default());
    if added.is_empty() {
        return problems;
    }
    let keys: BTreeSet<&str> = keys_of(&network.hospitals).collect();
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

        // An analysis asks what it would do on the day that it looks at, whenever it is to begin.
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

    // What follows compares entries of a list with each other, which takes too long in one of millions.
    if !bounds::are_lists_short(network, &mut checker) {
        return;
    }
    bounds::check_beds_in_all(network, &mut checker);
    check_catalog(&network.catalog, &mut checker);

    // Keys first: a key that is there twice explains faults of whoever refers to it.
    checker.keys("hospital", Entity::Hospital, &network.hospitals);
    checker.keys("cooperation", Entity::Cooperation, &network.cooperations);
    checker.keys("alliance", Entity::Alliance, &network.alliances);

    let keys: BTreeSet<&str> = keys_of(&network.hospitals).collect();
    let mut by_key: BTreeMap<&str, &Hospital> = BTreeMap::new();
    for hospital in &network.hospitals {
        by_key.insert(&hospital.key, hospital);
    }
    // By a map: the list is not in the order of its keys yet.
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
        check_published(network, figure, &mut checker);
    }
}

/// A published figure says what it measures, and nothing that its measure does not need.
fn check_published(network: &Network, figure: &Published, checker: &mut Checker<'_>) {
    checker.sources(network, std::slice::from_ref(&figure.source), "source");
    bounds::check_published_bounds(figure, checker);
    if let Some(requirement) = &figure.requirement {
        check_requirement(&network.catalog, requirement, "requirement", checker);
    }
    if let Some(requirement) = &figure.than {
        check_requirement(&network.catalog, requirement, "than", checker);
    }
    if figure.minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST_LIMIT) {
        let fault = Fault::new(ProblemKind::Range, "minutes out of range");
        checker.fault("minutes", fault.expected("1 to 120 minutes"));
    }

    // What a measure needs must be there, and what it has no use for was meant for another one.
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
    if let Some(key) = figure.pathway.as_ref().filter(|key| network.catalog.pathway(key).is_none())
    {
        let known = keys_of(&network.catalog.pathways);
        checker.unknown("pathway", "pathway", key, known);
    }
    let share = sooner || figure.measure == Measure::ShareWithin;
    if share && (figure.requirement.is_none() || figure.minutes.is_none()) {
        let message = "a share of people needs a requirement and minutes";
        checker.fault("measure", Fault::new(ProblemKind::Missing, message));
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
        // One site has one main hospital: chains of branches would hide it.
        } else if find(parent).is_some_and(|main| main.parent.is_some()) {
            let message = said!("\"{parent}\" is itself a branch of another site", parent);
            let fault = Fault::new(ProblemKind::Conflict, message).expected("a main site");
            checker.fault("parent", fault);
        }
    }
    checker.order(("opened", hospital.opened), ("closed", hospital.closed), "");
    bounds::check_hospital_bounds(hospital, checker);

    // Every part is compared with all before it, which takes too long in a list of millions.
    if bounds::are_parts_few(hospital, checker) {
        check_departments(&network.catalog, hospital, checker);
        check_facilities(&network.catalog, hospital, checker);
        check_beds(hospital, checker);
    }

    // Who was there on a day is found by the first of these dates that is behind it.
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
    check_marks(network, hospital, checker);
}

/// What is marked as assumed, unknown or derived must be something that there is.
fn check_marks(network: &Network, hospital: &Hospital, checker: &mut Checker<'_>) {
    for (index, path) in hospital.assumed.iter().enumerate() {
        if !hospital.has_path(path) {
            let message = said!("\"{path}\" is nothing that this hospital has", path);
            let fault = Fault::new(ProblemKind::Unknown, message).expected(
                "the path of a value, such as emergency_level or departments.neurology.beds",
            );
            checker.fault(&format!("assumed[{index}]"), fault);
        }
    }
    check_unknown(&network.catalog, hospital, checker);
    for (path, rule) in &hospital.derived {
        if !hospital.has_path(path) {
            let message = said!("\"{path}\" is nothing that this hospital has", path);
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
        // Short lists: comparing each with those before costs less than a set.
        if hospital.unknown[..index].contains(path) {
            checker.duplicate(&field, said!("\"{path}\" is there twice", path));
        }
        if let Some(specialty) = path.strip_prefix("departments.") {
            if catalog.specialty(specialty).is_none() {
                let known = keys_of(&catalog.specialties);
                checker.unknown(&field, "specialty", specialty, known);
            }
        } else if let Some(kind) = path.strip_prefix("facilities.") {
            if catalog.facility(kind).is_none() {
                let known = keys_of(&catalog.facilities);
                checker.unknown(&field, "facility", kind, known);
            }
        } else {
            let message = said!("\"{path}\" is no department and no facility", path);
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
    // The rule would be told as the origin of a value that nobody derived.
    if assumed.iter().any(|mark| mark == path) {
        let message = said!("\"{path}\" is both assumed and derived", path);
        let fault = Fault::new(ProblemKind::Conflict, message).expected("one of the two");
        checker.fault("derived", fault);
    }
}

/// Whether two spans of dates share a day.
fn overlap(a: (Option<Date>, Option<Date>), b: (Option<Date>, Option<Date>)) -> bool {
    // An end is the first day on which it is over, so that the next one may begin on it. No date is no bound.
    let before = |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(end), Some(start)) if end.is_by(start));
    !before(a.1, b.0) && !before(b.1, a.0)
}

fn check_departments(catalog: &Catalog, hospital: &Hospital, checker: &mut Checker<'_>) {
    for (index, department) in hospital.departments.iter().enumerate() {
        let path = format!("departments[{index}]");
        if catalog.specialty(&department.specialty).is_none() {
            let known = keys_of(&catalog.specialties);
            let field = format!("{path}.specialty");
            checker.unknown(&field, "specialty", &department.specialty, known);
        }
        checker.order(("opened", department.opened), ("closed", department.closed), &path);

        // One that closes and another one that opens later are no twins; nor are a main and a day department.
        let twin = hospital.departments[..index].iter().any(|earlier| {
            (&earlier.specialty, earlier.kind) == (&department.specialty, department.kind)
                && overlap((earlier.opened, earlier.closed), (department.opened, department.closed))
        });
        if twin {
            let message = said!(
                "a second department \"{specialty}\" at once",
                specialty = department.specialty
            );
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
        let twin = hospital.facilities[..index].iter().any(|earlier| {
            earlier.kind == facility.kind
                && overlap((earlier.opened, earlier.closed), (facility.opened, facility.closed))
        });
        if twin {
            checker.duplicate(
                &path,
                said!("a second facility \"{kind}\" at once", kind = facility.kind),
            );
        }
        let Some(kind) = catalog.facility(&facility.kind) else {
            let known = keys_of(&catalog.facilities);
            checker.unknown(&format!("{path}.kind"), "facility", &facility.kind, known);
            continue;
        };
        if let Some(grade) = &facility.grade {
            check_grade(kind, grade, &format!("{path}.grade"), checker);
        }
    }
}

/// On no day may the departments have more beds than the hospital.
fn check_beds(hospital: &Hospital, checker: &mut Checker<'_>) {
    let Some(beds) = hospital.beds else { return };

    // Beds become more only on a day on which a department opens; `None` is the time before all of them.
    let mut days: BTreeSet<Option<Date>> = BTreeSet::from([None]);
    days.extend(hospital.departments.iter().map(|department| department.opened));
    for day in days {
        let mut sum = 0;
        for department in &hospital.departments {
            let is_open = match day {
                None => department.opened.is_none(),
                Some(day) => super::hospital::is_there(department.opened, department.closed, day),
            };
            if is_open {
                sum += u64::from(department.beds.unwrap_or(0));
            }
        }
        if sum > u64::from(beds) {
            let when = day.map_or_else(String::new, |day| format!(" on {day}"));
            let message = said!(
                "its departments have {sum} beds{when}, the hospital {beds}",
                sum,
                when,
                beds
            );
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
    check_parties(cooperation, sites.keys, checker);

    let mut fields = BTreeSet::new();
    for (index, field) in cooperation.fields.iter().enumerate() {
        let path = format!("fields[{index}]");
        if !network.catalog.is_field(field) {
            checker.unknown(&path, "field", field, network.catalog.field_keys());
        }
        if !fields.insert(field) {
            checker.duplicate(&path, said!("field \"{field}\" is there twice", field));
        }
    }
    checker.order(("since", cooperation.since), ("until", cooperation.until), "");

    // Without a day it would have worked on none: what happened before it ended could not be told.
    if cooperation.status == Status::Ended && cooperation.until.is_none() {
        let fault = Fault::new(ProblemKind::Missing, "it has ended, but nobody says when")
            .expected("until, the first day on which it is over");
        checker.fault("status", fault);
    }
    check_terms(&cooperation.kind, "kind", checker);
    check_field_terms(cooperation, checker);
    bounds::are_partners_few("partners", cooperation.parties.keys().len(), checker);
    pathway::check_expert(&network.catalog, cooperation, sites, checker);
    checker.sources(network, &cooperation.sources, "sources");
    check_assumed(&cooperation.assumed, &COOPERATION_PATHS, checker);
}

/// Who takes part: hospitals that there are, each once, at least two, and in the roles that the kind has.
fn check_parties(cooperation: &Cooperation, keys: &BTreeSet<&str>, checker: &mut Checker<'_>) {
    let mut named = Vec::new();
    let (field, several) = match &cooperation.parties {
        Parties::Mutual(partners) => ("partners", partners),
        Parties::Directed { from, to } => {
            named.push(("from".to_owned(), from));
            ("to", to)
        }
    };
    for (index, key) in several.iter().enumerate() {
        named.push((format!("{field}[{index}]"), key));
    }

    let mut seen = BTreeSet::new();
    for (path, key) in &named {
        if !keys.contains(key.as_str()) {
            checker.unknown(path, "hospital", key, keys.iter().copied());
        }
        if !seen.insert(key) {
            checker.duplicate(path, said!("hospital \"{key}\" takes part twice", key));
        }
    }

    // Keys that are there twice count once, because a hospital cannot cooperate with itself.
    if seen.len() < 2 {
        let fault = Fault::new(ProblemKind::Conflict, "a cooperation of one partner")
            .expected("at least two different hospitals");
        checker.fault(field, fault);
    }
    let name = cooperation.kind.name();
    match (cooperation.kind.direction(), &cooperation.parties) {
        (Direction::Directed, Parties::Mutual(_)) => {
            let message = said!("{name} runs from one hospital to others", name);
            let fault = Fault::new(ProblemKind::Conflict, message).expected("from and to");
            checker.fault("partners", fault);
        }
        (Direction::Mutual, Parties::Directed { .. }) => {
            let message = said!("{name} is among partners", name);
            let fault = Fault::new(ProblemKind::Conflict, message).expected("partners");
            checker.fault("from", fault);
        }
        _ => {}
    }
}

/// The terms by field of a framework agreement: of fields that it names, and of kinds that change something in care.
fn check_field_terms(cooperation: &Cooperation, checker: &mut Checker<'_>) {
    if !cooperation.terms.is_empty() && cooperation.kind != CooperationKind::Framework {
        let message = said!("{kind} has terms by field", kind = cooperation.kind.name());
        let fault = Fault::new(ProblemKind::Conflict, message)
            .expected("none: only a framework agreement has, other kinds have theirs in kind");
        checker.fault("terms", fault);
        return;
    }
    for (field, kinds) in &cooperation.terms {
        let path = format!("terms.{field}");
        // One that names no field at all is told so already.
        if !cooperation.fields.is_empty() && !cooperation.covers(field) {
            let fields: Vec<&str> = cooperation.fields.iter().map(String::as_str).collect();
            checker.choices(&path, field, "is no field of the agreement", &fields);
        }

        let mut names = BTreeSet::new();
        for (index, kind) in kinds.iter().enumerate() {
            let path = format!("{path}[{index}]");
            if !kind.has_effect_on_care() {
                let message = said!("{kind} changes nothing in care", kind = kind.name());
                let fault = Fault::new(ProblemKind::Conflict, message).expected(said!(
                    "one of {kinds_of_care}",
                    kinds_of_care = KINDS_OF_CARE.join(", ")
                ));
                checker.fault(&path, fault);
            }
            if !names.insert(kind.name()) {
                checker.duplicate(&path, said!("{kind} is there twice", kind = kind.name()));
            }
            check_terms(kind, &path, checker);
        }
    }
}

fn check_terms(kind: &CooperationKind, path: &str, checker: &mut Checker<'_>) {
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
        pathway::check_duration(*time, &format!("{path}.{name}"), checker);
    }
    bounds::check_term_bounds(kind, path, checker);
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
            checker.duplicate(&path, said!("hospital \"{member}\" is a member twice", member));
        }
    }
    bounds::are_partners_few("members", alliance.members.len(), checker);
    bounds::check_alliance_bounds(alliance, checker);
    if alliance.members.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "an alliance without a member in the network");
        checker.fault("members", fault);
    }

    // Members outside of the network are named by their words, and count as well.
    let named = alliance.members.len() + alliance.other_members.len();
    if alliance.total_members.is_some_and(|total| (total as usize) < named) {
        let message = said!("{named} members are named, but there are fewer in all", named);
        checker.fault("total_members", Fault::new(ProblemKind::Conflict, message));
    }
    checker.order(("since", alliance.since), ("until", alliance.until), "");
    checker.sources(network, &alliance.sources, "sources");
    check_assumed(&alliance.assumed, &ALLIANCE_PATHS, checker);
}
