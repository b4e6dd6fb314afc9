//! What must hold in a scenario, by itself and against a network and its places.

use std::collections::{BTreeMap, BTreeSet};

use super::base::{Base, Listed, check_department, check_keys};
use super::bounds::shown;
use super::factors::{MOST_FACTOR, check_factors};
use super::far::{self, Guess};
use super::moments::check_moments;
use super::pathway::check_duration;
use super::structure::check_structure;
use super::{Checker, Known, Sites, Unread, UnreadChanges, check_cooperation};
use crate::model::file::scenario_label;
use crate::model::location::{Entity, Fault, Locations};
use crate::model::problem::{Problem, ProblemKind, Problems, Suggestions};
use crate::model::{
    Change, Cooperation, DateTime, DatedChange, DepartmentKey, FaultInOrder, Incident, Network,
    OF_THE_INJURED, Places, Position, Road, Scenario, Status, Surge, change_label, faults_in_order,
};
use crate::units::Seconds;

/// Longest step of a surge, in days.
const LONGEST_STEP: u32 = 366;
/// Most patients of one category of an incident.
const MOST_PATIENTS: u32 = 10_000;
/// Longest time in which the patients of an incident leave, in minutes: a day.
const LONGEST_INCIDENT: u32 = 24 * 60;
/// Most patients of an incident that a hospital takes in an hour.
const MOST_AN_HOUR: u32 = 1_000;

/// A scenario to be checked, and how it was read.
#[derive(Debug)]
pub(crate) struct ScenarioRead<'s> {
    pub(crate) scenario: &'s Scenario,
    /// The number of each change in its file, from 0.
    pub(crate) positions: Vec<usize>,
    /// Where the values of its file stand.
    pub(crate) locations: &'s Locations,
    /// Faults that reading found.
    pub(crate) problems: &'s [Problem],
}

/// What changes of several scenarios are called besides their own label.
fn prefix(scenarios: &[ScenarioRead<'_>], one: &ScenarioRead<'_>) -> String {
    if scenarios.len() > 1 {
        format!("{}, ", scenario_label(&one.scenario.key))
    } else {
        String::new()
    }
}

/// Every fault of scenarios, by themselves and one after the other, with those that reading found; a field
/// with a fault of reading is not named again.
pub(crate) fn check_scenarios(
    scenarios: &[ScenarioRead<'_>],
    unread: &[&Unread],
    (network, places): (&Network, &Places),
) -> Problems {
    let of_start = network.as_of(network.date());
    let mut changes: Vec<Listed<'_>> = Vec::new();
    let mut problems = Problems::default();
    for one in scenarios {
        let prefix = prefix(scenarios, one);
        for (&position, change) in one.positions.iter().zip(&one.scenario.changes) {
            let label = format!("{prefix}{}", change_label(position, change.change.name()));
            changes.push(Listed { position, label, change, locations: one.locations });
        }
        for problem in one.problems {
            let is_of_change = problem.entity.starts_with("change ");
            let prefix = if is_of_change { prefix.as_str() } else { "" };
            let entity = format!("{prefix}{}", problem.entity);
            problems.push(Problem { entity, ..problem.clone() });
        }
    }
    let base = Base::new(&of_start, (network, places), &changes);
    let keyless: Vec<Unread> = changes.iter().filter_map(|one| keyless(one.change)).collect();
    let alliances: BTreeSet<&str> = of_start.alliances.iter().map(|one| one.key.as_str()).collect();
    let is_known = |key: &str| {
        base.hospitals.contains(key)
            || base.known_cooperations.contains(key)
            || alliances.contains(key)
    };
    let unread = UnreadChanges::new(unread.iter().copied().chain(&keyless), is_known);
    let (mut found, nowhere) = (Problems::default(), Locations::default());
    let mut checker = Checker {
        known: &Known::ALL,
        locations: &nowhere,
        problems: &mut found,
        entity: Entity::Scenario,
        label: String::new(),
        within: "",
        unread: &unread,
        suggestions: Suggestions::default(),
    };
    for one in scenarios {
        checker.locations = one.locations;
        checker.at(Entity::Scenario, scenario_label(&one.scenario.key));
        check_head(one.scenario, &mut checker);
    }
    let mut started = BTreeSet::new();
    for one in &changes {
        one.enter(&mut checker);
        check_dates(one.change, &base, &mut checker);
        checker.within = "change";
        check_change(&one.change.change, &base, &mut started, &mut checker);
        checker.within = "";
    }
    // In the order of time; those of one moment by scenario and list.
    changes.sort_by_key(|one| one.change.on);
    check_factors(&changes, &mut checker);
    check_moments(&changes, &mut checker);
    check_order(&changes, (&base, &problems), &mut checker);
    let fields = problems.list().iter().map(|one| (one.entity.clone(), one.field.clone()));
    let of_reading: BTreeSet<(String, String)> = fields.collect();
    for problem in found.into_list() {
        let has_fault = |field: &str| {
            let key = (problem.entity.clone(), field.to_owned());
            // Of a value that was read in part, nothing more is said.
            let within = format!("{field}.");
            let next = of_reading.range(key..).find(|(_, own)| *own != field);
            of_reading.contains(&(problem.entity.clone(), field.to_owned()))
                || next.is_some_and(|(entity, own)| {
                    *entity == problem.entity && own.starts_with(&within)
                })
        };
        // An end says nothing about a start that could not be read.
        let is_undated = problem.field == "until" && has_fault("on");
        if !is_undated && !has_fault(&problem.field) {
            problems.push(problem);
        }
    }
    problems
}

/// A change that adds something whose key could not be read.
fn keyless(one: &DatedChange) -> Option<Unread> {
    let key = match &one.change {
        Change::StartCooperation(one) => &one.key,
        Change::OpenHospital(one) => &one.key,
        _ => return None,
    };
    let name = Some(one.change.name().to_owned());
    key.is_empty().then(|| Unread { name, on: Some(one.on), ..Unread::default() })
}

/// Changes follow each other in an order that makes sense; those with a fault in `on`, `until` or what
/// they change are left out, and so are faults that may rest on them or on what could not be read.
fn check_order<'s>(
    changes: &'s [Listed<'s>],
    (base, problems): (&'s Base<'_>, &Problems),
    checker: &mut Checker<'s>,
) {
    let all = problems.list().iter().chain(checker.problems.list());
    let labels: BTreeSet<String> = all
        .filter(|one| one.field == "on" || one.field == "until" || one.field.starts_with("change"))
        .map(|one| one.entity.clone())
        .collect();
    let (faulty, sound): (Vec<&Listed<'_>>, Vec<&Listed<'_>>) =
        changes.iter().partition(|one| labels.contains(&one.label));
    // Behind a change that is not understood, nobody knows what is closed or at work.
    let closes = |change: &Change| {
        matches!(change, Change::DivertDepartment(_) | Change::CloseDepartment(_))
    };
    let is_known =
        !checker.unread.may_close && !faulty.iter().any(|one| closes(&one.change.change));
    check_departments(&sound, is_known, checker);
    let always = Spell { from: base.start, until: None, is_closure: false };
    let present = base.network.cooperations.iter().map(|one| one.key.as_str());
    let started = faulty.iter().filter_map(|one| one.change.change.started());
    let at_work = present.chain(started).map(|key| (key, always)).collect();
    check_ends(&sound, at_work, base, checker);
    // What is sound so far is tried one after the other.
    let more: BTreeSet<String> =
        checker.problems.list().iter().map(|one| one.entity.clone()).collect();
    let is_faulty = |one: &Listed<'_>| labels.contains(&one.label) || more.contains(&one.label);
    let doubtful = doubtful(changes, is_faulty, checker.unread);
    let (mut sound, mut is_doubtful) = (Vec::new(), Vec::new());
    for (one, doubtful) in changes.iter().zip(doubtful) {
        if !is_faulty(one) {
            sound.push(one);
            is_doubtful.push(doubtful);
        }
    }
    let dated: Vec<&DatedChange> = sound.iter().map(|one| one.change).collect();
    for (at, FaultInOrder { path, fault, is_later }) in faults_in_order(base.network, &dated) {
        let Doubtful { then, ever } = is_doubtful[at];
        if then || (is_later && ever) {
            continue;
        }
        let one = sound[at];
        one.enter(checker);
        let path = if path.is_empty() { "change".to_owned() } else { format!("change.{path}") };
        checker.fault(&path, fault);
    }
}

/// Whether a fault of a change may be one of others.
#[derive(Debug, Clone, Copy)]
struct Doubtful {
    /// Of what comes before it.
    then: bool,
    /// Of what comes before or after it.
    ever: bool,
}

/// Whether changes, which come in the order of time, touch a key of which nobody knows how it stands: one
/// that a faulty change touches or an unread one may concern, or that a change touches together with such a
/// key.
fn doubtful<'s>(
    changes: &'s [Listed<'s>],
    is_faulty: impl Fn(&Listed<'_>) -> bool,
    unread: &UnreadChanges<'_>,
) -> Vec<Doubtful> {
    let mut unclear: BTreeSet<&str> = BTreeSet::new();
    let mut then = Vec::with_capacity(changes.len());
    for one in changes {
        let touched = one.change.change.touched();
        let rests_on = |key: &str| unread.may_concern(key, Some(one.change.on));
        let is_unclear = touched.iter().any(|key| unclear.contains(key) || rests_on(key));
        then.push(is_unclear);
        if is_unclear || is_faulty(one) {
            unclear.extend(touched);
        }
    }
    let ever = |one: &Listed<'_>| {
        let is_unclear = |key: &&str| unclear.contains(*key) || unread.may_concern(key, None);
        one.change.change.touched().iter().any(is_unclear)
    };
    changes.iter().zip(then).map(|(one, then)| Doubtful { then, ever: then || ever(one) }).collect()
}

/// A text that must say something.
fn check_text(path: &str, text: &str, checker: &mut Checker<'_>) {
    if text.trim().is_empty() {
        checker.fault(path, Fault::new(ProblemKind::Missing, "is empty"));
    }
}

fn check_head(scenario: &Scenario, checker: &mut Checker<'_>) {
    checker.word(&scenario.key);
    check_text("name", &scenario.name, checker);
    check_text("source", &scenario.source, checker);
    for (index, words) in scenario.assumed.iter().enumerate() {
        check_text(&format!("assumed[{index}]"), words, checker);
    }
}

fn check_dates(one: &DatedChange, base: &Base<'_>, checker: &mut Checker<'_>) {
    if one.on < base.start {
        let message = format!("{} is before the start on {}", one.on, base.start);
        let fault = Fault::new(ProblemKind::Order, message);
        checker.fault("on", fault.expected("a moment from the day of the network on"));
    }
    if let Some(until) = one.until {
        if let Some(why) = one.change.why_without_end() {
            let message = format!("{} has no end of its own: {why}", one.change.name());
            let fault = Fault::new(ProblemKind::Conflict, message).expected("no until");
            checker.fault("until", fault);
        } else if until <= one.on {
            let message = format!("until {until} is not after on {}", one.on);
            checker
                .fault("until", Fault::new(ProblemKind::Order, message).expected("a later moment"));
        }
    }
    check_text("reason", &one.reason, checker);
    if let Some(source) = &one.source {
        check_text("source", source, checker);
    }
}

fn check_change<'s>(
    change: &'s Change,
    base: &Base<'_>,
    started: &mut BTreeSet<&'s str>,
    checker: &mut Checker<'_>,
) {
    match change {
        Change::DivertDepartment(key)
        | Change::CloseDepartment(key)
        | Change::OpenDepartment(key) => check_department(key, base, checker),
        Change::StartCooperation(cooperation) => {
            check_start(cooperation, base, checker);
            if !started.insert(&cooperation.key) {
                let message = format!("cooperation \"{}\" is started twice", cooperation.key);
                checker.duplicate("id", message);
            }
        }
        Change::EndCooperation(_) => {} // with the other changes, in their order
        Change::Surge(surge) => check_surge(surge, base, checker),
        Change::Incident(incident) => check_incident(incident, base, checker),
        Change::Road(road) => check_road(road, base, checker),
        other => check_structure(other, base, checker),
    }
}

fn check_start(cooperation: &Cooperation, base: &Base<'_>, checker: &mut Checker<'_>) {
    checker.word(&cooperation.key);
    if base.cooperations.contains(cooperation.key.as_str()) {
        let message = format!("there is a cooperation \"{}\" already", cooperation.key);
        checker.duplicate("id", message);
    }
    let dated = [("since", cooperation.since.is_some()), ("until", cooperation.until.is_some())];
    for (name, _) in dated
        .into_iter()
        .chain([("status", cooperation.status != Status::Active)])
        .filter(|(_, is_there)| *is_there)
    {
        let message = "a cooperation that starts has no dates and no status of its own";
        let fault = Fault::new(ProblemKind::Conflict, message);
        checker.fault(name, fault.expected("on and until of the change"));
    }
    let undated =
        Cooperation { since: None, until: None, status: Status::Active, ..cooperation.clone() };
    let find = |key: &str| base.find(key);
    let sites = Sites { keys: &base.hospitals, find: &find };
    check_cooperation(&base.everything, &undated, sites, checker);
}

fn check_surge(surge: &Surge, base: &Base<'_>, checker: &mut Checker<'_>) {
    let demand = &base.network.catalog.demand;
    let rates = demand.rates.iter().map(|one| one.specialty.as_str()).collect();
    check_keys(("specialties", "specialty with a rate"), &surge.specialties, &rates, checker);
    let conditions = demand.conditions.iter().map(|one| one.key.as_str()).collect();
    check_keys(("conditions", "condition"), &surge.conditions, &conditions, checker);
    check_keys(("districts", "district"), &surge.districts, base.districts(), checker);
    if surge.specialties.is_empty() && surge.conditions.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "a surge of nothing");
        checker.fault("specialties", fault.expected("specialties or conditions"));
    }
    if surge.factors.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "a surge without a factor");
        checker.fault("factors", fault.expected("at least one factor"));
    }
    for (index, factor) in surge.factors.iter().enumerate() {
        if !(0.0..=MOST_FACTOR).contains(factor) {
            let message = format!("{} is out of range", shown(*factor));
            let fault = Fault::new(ProblemKind::Range, message);
            let fault = fault.expected(format!("a factor from 0 to {MOST_FACTOR}"));
            checker.fault(&format!("factors[{index}]"), fault);
        }
    }
    check_count("days", surge.days, (1, LONGEST_STEP), checker);
    if let Some(share) = surge.icu_share
        && !(0.0..=1.0).contains(&share)
    {
        let message = format!("{} is out of range", shown(share));
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault("icu_share", fault.expected("a share from 0 to 1"));
    }
}

fn check_count(path: &str, count: u32, (least, most): (u32, u32), checker: &mut Checker<'_>) {
    if !(least..=most).contains(&count) {
        let fault = Fault::new(ProblemKind::Range, format!("{count} is out of range"));
        checker.fault(path, fault.expected(format!("a whole number from {least} to {most}")));
    }
}

/// A key of a place; where a name was written, the key of the place of that name is offered.
fn check_place(path: &str, key: &str, base: &Base<'_>, checker: &mut Checker<'_>) {
    if base.places().contains_key(key) {
        return;
    }
    let message = format!("unknown place \"{key}\"");
    let mut fault =
        Fault::new(ProblemKind::Unknown, message).expected("the key of a place that exists");
    fault.closest = base
        .place_named(key)
        .map(str::to_owned)
        .or_else(|| checker.suggestions.closest("place", key, base.places().keys().copied()));
    checker.fault(path, fault);
}

fn check_incident(incident: &Incident, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_place("place", &incident.place, base, checker);
    let keys = &incident.keys;
    for (name, patients, takers) in [
        ("red", incident.red, keys.red),
        ("yellow", incident.yellow, keys.yellow),
        ("green", incident.green, keys.green),
    ] {
        check_count(name, patients, (0, MOST_PATIENTS), checker);
        for (index, takes) in takers.into_iter().enumerate() {
            check_count(&format!("keys.{name}[{index}]"), takes, (0, MOST_AN_HOUR), checker);
        }
        if patients > 0 && takers == [0, 0, 0] {
            let message = format!("no hospital takes the {patients} {name} patients");
            let fault = Fault::new(ProblemKind::Conflict, message);
            checker.fault(&format!("keys.{name}"), fault.expected("a number above 0"));
        }
    }
    if incident.patients() == 0 {
        let fault = Fault::new(ProblemKind::Range, "an incident without a patient");
        checker.fault("red", fault.expected("red, yellow or green patients"));
    }
    check_count("minutes", incident.minutes, (1, LONGEST_INCIDENT), checker);
    if base.network.catalog().rate(OF_THE_INJURED).is_none() {
        let message = format!(
            "the injured lie in beds of {OF_THE_INJURED}, of which the catalog has no rate with a stay: nobody would \
             come"
        );
        let expected = format!("a catalog with the specialty {OF_THE_INJURED} and its rate");
        checker.fault("", Fault::new(ProblemKind::Unknown, message).expected(&expected));
    }
}

fn check_road(road: &Road, base: &Base<'_>, checker: &mut Checker<'_>) {
    let mut seen = BTreeSet::new();
    for (index, key) in road.from.iter().enumerate() {
        let path = format!("from[{index}]");
        check_place(&path, key, base, checker);
        if !seen.insert(key) {
            checker.duplicate(&path, format!("place \"{key}\" is there twice"));
        }
    }
    check_keys(("to", "hospital"), &road.to, &base.hospitals, checker);
    if road.from.is_empty() && road.to.is_empty() && road.corridor.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "a road from everywhere to everywhere");
        checker.fault(
            "from",
            fault.expected("places in from, hospitals in to, a corridor, or several of them"),
        );
    }
    check_corridor(&road.corridor, checker);
    for (index, corner) in road.corridor.iter().enumerate() {
        if let Some((far, nearest)) = base.far(*corner)
            && far.guess != Guess::Nothing
        {
            let fault = far::fault(&far, &format!("place (\"{nearest}\")"));
            checker.fault(&format!("corridor[{index}]"), fault);
        }
    }
    match road.delay {
        Some(Seconds(0)) => {
            let fault = Fault::new(ProblemKind::Range, "a delay of 0s");
            let expected = "a longer time, or no delay where there is no way";
            checker.fault("delay", fault.expected(expected));
        }
        Some(delay) => check_duration(delay, "delay", checker),
        None => {}
    }
}

/// A corridor has three corners or more, and an area.
fn check_corridor(corridor: &[Position], checker: &mut Checker<'_>) {
    if corridor.is_empty() {
        return;
    }
    let mut corners: Vec<(f64, f64)> = corridor.iter().map(|one| (one.lat(), one.lon())).collect();
    corners.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    corners.dedup();
    if corners.len() < 3 {
        let message = format!("a corridor with fewer than three corners: {}", corners.len());
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault("corridor", fault.expected("three or more different corners"));
        return;
    }
    // The shorter ways from corner to corner must come back to where they started.
    let ring = corridor.iter().zip(corridor.iter().cycle().skip(1));
    let around: f64 =
        ring.map(|(one, next)| (next.lon() - one.lon() + 180.0).rem_euclid(360.0) - 180.0).sum();
    if around.abs() > 1.0 {
        let message = "the corridor goes around the whole Earth";
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault("corridor", fault.expected("corners around an area without a pole"));
        return;
    }
    // Whether all of them lie on one line.
    let ((y, x), (far_y, far_x)) = (corners[0], corners[corners.len() - 1]);
    let is_on_line = |&(lat, lon): &(f64, f64)| {
        ((far_x - x) * (lat - y) - (far_y - y) * (lon - x)).abs() < 1e-12
    };
    if corners.iter().all(is_on_line) {
        let fault = Fault::new(ProblemKind::Range, "all corners of the corridor lie on one line");
        checker.fault("corridor", fault.expected("corners around an area"));
    }
}

/// A time in which something holds.
#[derive(Clone, Copy)]
struct Spell {
    from: DateTime,
    until: Option<DateTime>,
    /// Of a department: closed, not only diverted.
    is_closure: bool,
}

impl Spell {
    fn covers(&self, at: DateTime) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// Departments close, divert and open in an order that makes sense; `changes` come in the order of
/// time.
fn check_departments<'s>(changes: &[&'s Listed<'s>], is_known: bool, checker: &mut Checker<'s>) {
    let mut spells: BTreeMap<&DepartmentKey, Vec<Spell>> = BTreeMap::new();
    for listed in changes {
        let one = listed.change;
        listed.enter(checker);
        match &one.change {
            Change::CloseDepartment(key) | Change::DivertDepartment(key) => {
                let is_closure = matches!(one.change, Change::CloseDepartment(_));
                let spells = spells.entry(key).or_default();
                // Changes come in the order of time: what is over covers none that follows.
                spells.retain(|spell| spell.until.is_none_or(|until| until > one.on));
                let before = spells
                    .iter()
                    .find(|spell| spell.covers(one.on) && (spell.is_closure || !is_closure));
                if let Some(before) = before {
                    let what = if before.is_closure { "closed" } else { "diverted" };
                    let message = format!(
                        "\"{}\" of \"{}\" is {what} already since {}",
                        key.specialty, key.hospital, before.from
                    );
                    let fault = Fault::new(ProblemKind::Conflict, message);
                    let expected = if is_closure {
                        "a department that is not closed then"
                    } else {
                        "a department that is neither closed nor diverted then"
                    };
                    checker.fault("change", fault.expected(expected));
                    continue;
                }
                spells.push(Spell { from: one.on, until: one.until, is_closure });
            }
            Change::OpenDepartment(key) => {
                let Err(by_itself) = open(spells.entry(key).or_default(), one.on) else { continue };
                let name = format!("\"{}\" of \"{}\"", key.specialty, key.hospital);
                let message = match by_itself {
                    Some(until) => format!("{name} opens by itself on {until}"),
                    None if is_known => format!("{name} is not closed then"),
                    None => continue,
                };
                let fault = Fault::new(ProblemKind::Conflict, message).expected(
                    "a department that an earlier change closed or diverted without until",
                );
                checker.fault("change", fault);
            }
            _ => {}
        }
    }
}

/// Ends the spells that have no end of their own. Where there is none: the end of one that has.
fn open(spells: &mut [Spell], at: DateTime) -> Result<(), Option<DateTime>> {
    let mut endless = spells.iter_mut().filter(|spell| spell.until.is_none()).peekable();
    if endless.peek().is_none() {
        return Err(spells.iter().find(|spell| spell.covers(at)).and_then(|spell| spell.until));
    }
    endless.for_each(|spell| spell.until = Some(at));
    Ok(())
}

/// A cooperation that ends exists and is at work; `changes` come in the order of time. `at_work`
/// holds the cooperations that are there without them.
fn check_ends<'s>(
    changes: &[&'s Listed<'s>],
    mut at_work: BTreeMap<&'s str, Spell>,
    base: &Base<'_>,
    checker: &mut Checker<'s>,
) {
    for one in changes.iter().map(|listed| listed.change) {
        if let Some(key) = one.change.started() {
            at_work.insert(key, Spell { from: one.on, until: one.until, is_closure: false });
        }
    }
    let mut ended: BTreeMap<&str, Vec<Spell>> = BTreeMap::new();
    for listed in changes {
        let one = listed.change;
        let Change::EndCooperation(key) = &one.change else { continue };
        listed.enter(checker);
        let Some(work) = at_work.get(key.as_str()) else {
            if base.cooperations.contains(key.as_str()) {
                let message = format!("cooperation \"{key}\" is not at work on {}", base.start);
                not_at_work(message, checker);
            } else {
                checker.unknown("change", "cooperation", key, at_work.keys().copied());
            }
            continue;
        };
        let ends = ended.entry(key).or_default();
        // Changes come in the order of time: what is over covers none that follows.
        ends.retain(|spell| spell.until.is_none_or(|until| until > one.on));
        if let Some(before) = ends.iter().find(|spell| spell.covers(one.on)) {
            let message = format!("cooperation \"{key}\" is over already since {}", before.from);
            not_at_work(message, checker);
        } else if !work.covers(one.on) {
            not_at_work(format!("cooperation \"{key}\" is not at work on {}", one.on), checker);
        } else {
            ends.push(Spell { from: one.on, until: one.until, is_closure: false });
        }
    }
}

fn not_at_work(message: String, checker: &mut Checker<'_>) {
    let fault = Fault::new(ProblemKind::Conflict, message);
    checker.fault("change", fault.expected("a cooperation that is at work then"));
}
