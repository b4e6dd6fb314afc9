//! What must hold in pathways, and in the cooperations that they run over.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, Sites, check_assumed, check_major_trauma, check_requirement, keys_of};
use crate::model::first_leg::FIRST_LEG_PATHS;
use crate::model::location::{Entity, Fault};
use crate::model::pathway::{FARTHEST, LONGEST_DURATION, MOST_STAGES};
use crate::model::renamed::todays_key;
use crate::model::{
    Alert, Catalog, Cooperation, CooperationKind, Event, Hospital, Means, Network, Parties,
    Pathway, PublishedTime, Spread, Stage, StageFrom, StageProvision, Target,
};
use crate::problem::ProblemKind;
use crate::units::Seconds;

/// The longest limit of a target: a year.
const LONGEST_TARGET: u32 = 366 * 24 * 60;

pub(crate) fn check_duration(time: Seconds, path: &str, checker: &mut Checker<'_>) {
    if time > LONGEST_DURATION {
        let fault = Fault::new(ProblemKind::Range, said!("a time of {time}", time))
            .expected("at most 720 hours (30 days)");
        checker.fault(path, fault);
    }
}

/// The longest that a scattered duration may take: ten days.
const LONGEST_SCATTERED: f64 = 10.0 * 24.0 * 3600.0;

/// A spread is around its median, and what may be still ends within ten days.
fn check_spread(median: Seconds, spread: Option<Spread>, path: &str, checker: &mut Checker<'_>) {
    let Some(spread) = spread else { return };
    let fault = match spread {
        _ if median == Seconds(0) => {
            Fault::new(ProblemKind::Conflict, "a duration of nothing cannot scatter")
                .expected("a duration above 0, or no spread")
        }
        Spread::Iqr(low, high) if !(Seconds(0) < low && low < median && median < high) => {
            let message =
                said!("quartiles {low} and {high} around a median of {median}", low, high, median);
            Fault::new(ProblemKind::Range, message)
                .expected("one above 0 and below the median, one above it")
        }
        Spread::Cv(cv) if !(cv > 0.0 && cv <= 2.0) => {
            Fault::new(ProblemKind::Range, said!("a coefficient of variation of {cv}", cv))
                .expected("a number above 0 to 2")
        }
        _ => {
            // One patient who takes months would stand for the mean of all, and runs have an end.
            let longest = f64::from(median.0) * libm::exp(FARTHEST * spread.sigma());
            if longest <= LONGEST_SCATTERED {
                return;
            }
            let message = said!(
                "a duration of {median} that may take {longest} days",
                median,
                longest = crate::words::fixed(longest / 86400.0, 0)
            );
            Fault::new(ProblemKind::Range, message).expected(
                "at most 10 days for all but one of 3.5 million: a smaller spread, or none",
            )
        }
    };
    checker.fault(path, fault);
}

fn check_fields(catalog: &Catalog, fields: &[String], path: &str, checker: &mut Checker<'_>) {
    for (index, field) in fields.iter().enumerate() {
        if !catalog.is_field(field) {
            checker.unknown(&format!("{path}[{index}]"), "field", field, catalog.field_keys());
        }
    }
}

pub(crate) fn check_first_leg(catalog: &Catalog, checker: &mut Checker<'_>) {
    checker.at(Entity::FirstLeg, "first leg".to_owned());
    let leg = &catalog.first_leg;
    let (ambulance, helicopter, car) = (&leg.ambulance, &leg.helicopter, &leg.own_car);
    for (path, time) in [
        ("ambulance.call_handling", ambulance.call_handling),
        ("ambulance.turnout", ambulance.turnout),
        ("ambulance.drive_to_scene", ambulance.drive_to_scene),
        ("ambulance.on_scene", ambulance.on_scene),
        ("ambulance.handover", ambulance.handover),
        ("helicopter.call_handling", helicopter.call_handling),
        ("helicopter.turnout", helicopter.turnout),
        ("helicopter.flight_to_scene", helicopter.flight_to_scene),
        ("helicopter.on_scene", helicopter.on_scene),
        ("helicopter.start_and_landing", helicopter.start_and_landing),
        ("helicopter.handover", helicopter.handover),
        ("helicopter.least_gain", helicopter.least_gain),
        ("own_car.getting_ready", car.getting_ready),
        ("own_car.registration", car.registration),
    ] {
        check_duration(time, &format!("first_leg.{path}"), checker);
    }

    // A spread is named by its time, so that the same word may stand for an ambulance and for a helicopter.
    for (path, spread) in &leg.spreads {
        let means = [Means::Ambulance, Means::Helicopter, Means::OwnCar];
        let parts = means.map(|means| leg.parts(means));
        let mut known = Vec::new();
        for parts in &parts {
            known.extend(parts.until_contact.iter().chain(&parts.until_departure));
            known.push(&parts.handover);
        }
        let field = format!("first_leg.spreads[\"{path}\"]");
        if let Some((_, median)) = known.iter().find(|(known, _)| known == path) {
            check_spread(*median, Some(*spread), &field, checker);
        } else {
            let paths = known.iter().map(|(path, _)| *path);
            checker.unknown("first_leg.spreads", "time of the first leg", path, paths);
        }
    }
    if !(1.0..=1000.0).contains(&helicopter.km_per_hour) {
        let fault = Fault::new(
            ProblemKind::Range,
            said!("{km_per_hour} km/h is out of range", km_per_hour = helicopter.km_per_hour),
        );
        checker.fault("first_leg.helicopter.km_per_hour", fault.expected("1 to 1,000 km/h"));
    }
    check_assumed(&leg.assumed, &FIRST_LEG_PATHS, checker);
}

pub(crate) fn check_pathways(catalog: &Catalog, checker: &mut Checker<'_>) {
    checker.keys("pathway", Entity::Pathway, &catalog.pathways);
    for (index, pathway) in catalog.pathways.iter().enumerate() {
        checker.at(Entity::Pathway(index), format!("pathway \"{}\"", pathway.key));
        // Keys are read in the spelling of today, by simulations too: the old one names the specialty as well.
        let today = todays_key(&pathway.key);
        if catalog.specialty(today.unwrap_or(&pathway.key)).is_some() {
            // Simulations call patients by the one or the other, beside each other.
            let pathway = &pathway.key;
            let message = match today {
                Some(today) => {
                    said!(
                        "\"{pathway}\" is how the specialty \"{today}\" was spelled",
                        pathway,
                        today
                    )
                }
                None => said!("\"{pathway}\" is a specialty, too", pathway),
            };
            let fault = Fault::new(ProblemKind::Duplicate, message);
            checker.fault("id", fault.expected("a key that no specialty has"));
        }
        check_pathway(catalog, pathway, checker);
    }
}

fn check_pathway(catalog: &Catalog, pathway: &Pathway, checker: &mut Checker<'_>) {
    if let Some(cases) = &pathway.cases {
        let known = catalog.condition(&cases.of).is_some() || catalog.rate(&cases.of).is_some();
        if !known {
            let demand = &catalog.demand;
            let conditions = keys_of(&demand.conditions);
            let rates = keys_of(&demand.rates);
            let what = "condition or specialty";
            checker.unknown("cases.of", what, &cases.of, conditions.chain(rates));
        }
        if !(0.0..=1.0).contains(&cases.share) {
            let fault = Fault::new(
                ProblemKind::Range,
                said!("{share} is out of range", share = cases.share),
            );
            checker.fault("cases.share", fault.expected("a share from 0 to 1"));
        }
    }
    check_arrivals(&pathway.arrivals, checker);
    for (index, means) in pathway.first_leg.iter().enumerate() {
        if pathway.first_leg[..index].contains(means) {
            checker.duplicate("first_leg", said!("{means} is there twice", means = means.label()));
        }
    }
    // A way to hospital that nobody takes would be a pathway without patients.
    if pathway.first_leg.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "nobody can come")
            .expected("at least one of Ambulance, Helicopter, OwnCar");
        checker.fault("first_leg", fault);
    }
    check_transfer(catalog, pathway, checker);
    check_stages(catalog, pathway, checker);

    if let Some(door) = &pathway.door
        && pathway.stage(door).is_none()
    {
        checker.unknown("door", "stage", door, keys_of(&pathway.stages));
    }
    for (index, target) in pathway.targets.iter().enumerate() {
        let path = format!("targets[{index}]");
        check_event(pathway, &target.to, &format!("{path}.to"), checker);
        check_clock(pathway, target, &path, checker);
        if target.minutes == 0 || target.minutes > LONGEST_TARGET {
            let message = said!("a limit of {minutes} minutes", minutes = target.minutes);
            let fault =
                Fault::new(ProblemKind::Range, message).expected("1 to 527040 minutes (366 days)");
            checker.fault(&format!("targets[{index}].minutes"), fault);
        }
    }
    for (index, published) in pathway.published.iter().enumerate() {
        check_published(pathway, published, &format!("published[{index}]"), checker);
    }
    for (index, path) in pathway.assumed.iter().enumerate() {
        if !pathway.has_path(path) {
            let message = said!("\"{path}\" is nothing that this pathway has", path);
            let fault = Fault::new(ProblemKind::Unknown, message)
                .expected("the path of a value, such as cases.share or stages.imaging.duration");
            checker.fault(&format!("assumed[{index}]"), fault);
        }
    }
}

/// How patients change hospital.
fn check_transfer(catalog: &Catalog, pathway: &Pathway, checker: &mut Checker<'_>) {
    let rule = &pathway.transfer;
    check_fields(catalog, &rule.fields, "transfer.fields", checker);
    check_duration(rule.door_in_door_out, "transfer.door_in_door_out", checker);
    check_spread(rule.door_in_door_out, rule.spread, "transfer.spread", checker);
    if let Some(penalty) = rule.without_agreement.penalty() {
        check_duration(penalty, "transfer.without_agreement", checker);
    }
}

/// The stages, each with a key of its own.
fn check_stages(catalog: &Catalog, pathway: &Pathway, checker: &mut Checker<'_>) {
    if pathway.stages.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "a pathway without a stage");
        checker.fault("stages", fault.expected("at least one stage"));
    }
    if pathway.stages.len() > MOST_STAGES {
        let message = said!("a pathway of {stages} stages", stages = pathway.stages.len());
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault(
            "stages",
            fault.expected(said!("at most {most_stages}", most_stages = MOST_STAGES)),
        );
    }
    let mut seen = BTreeSet::new();
    for (index, stage) in pathway.stages.iter().enumerate() {
        let path = format!("stages[{index}]");
        // A team is alerted by `call` or by a stage, and both are written as one word.
        if stage.key == "call" || stage.key == "door" {
            let message = said!("\"{stage}\" is the name of something else", stage = stage.key);
            let fault = Fault::new(ProblemKind::Conflict, message).expected("another key");
            checker.fault(&format!("{path}.id"), fault);
        }
        if !seen.insert(stage.key.as_str()) {
            checker.duplicate(
                &format!("{path}.id"),
                said!("a second stage \"{stage}\"", stage = stage.key),
            );
        }
        check_stage(catalog, pathway, index, checker);
    }

    // The last stage is where the badly injured have to be in the end.
    if pathway.key == Catalog::MAJOR_TRAUMA
        && let Some(last) = pathway.stages.last()
    {
        let path = format!("stages[{}].requirement", pathway.stages.len() - 1);
        check_major_trauma(catalog, &last.requirement, &path, checker);
    }
}

/// An event names a stage that there is, and happens to somebody.
fn check_event(pathway: &Pathway, event: &Event, path: &str, checker: &mut Checker<'_>) {
    let Some(key) = event.stage() else { return };
    let Some(stage) = pathway.stage(key) else {
        let known = keys_of(&pathway.stages);
        checker.unknown(path, "stage", key, known);
        return;
    };
    // The first stage is where the first door is: whoever leaves for it comes from home.
    if stage.index() == 0 && matches!(event, Event::Departure(_)) {
        let fault = Fault::new(ProblemKind::Conflict, "nobody is transferred to the first stage");
        checker.fault(path, fault.expected("the departure for a later stage"));
    }
}

/// A published time is one between two events, the later one behind the earlier.
fn check_published(
    pathway: &Pathway,
    published: &PublishedTime,
    path: &str,
    checker: &mut Checker<'_>,
) {
    check_event(pathway, &published.from, &format!("{path}.from"), checker);
    check_event(pathway, &published.to, &format!("{path}.to"), checker);
    if published.from == Event::FirstContact {
        check_first_contact(pathway, &format!("{path}.from"), checker);
    }
    if let (Some(from), Some(to)) =
        (place_of(pathway, &published.from), place_of(pathway, &published.to))
        && from >= to
    {
        let words = pathway.span_words(&published.from, &published.to);
        let fault = Fault::new(ProblemKind::Conflict, said!("a time from {words}", words));
        checker.fault(&format!("{path}.to"), fault.expected("an event behind the first one"));
    }
    // Some publish quartiles alone.
    let median = published.median.unwrap_or_default();
    if let Some((low, high)) = published.quartiles
        && !(low < high && published.median.is_none_or(|_| low <= median && median <= high))
    {
        let message =
            said!("quartiles {low} and {high} around a median of {median}", low, high, median);
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault(&format!("{path}.quartiles"), fault.expected("the lower one first"));
    }
    if published.median.is_none() && published.quartiles.is_none() && published.within.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "nothing that was published");
        checker.fault(path, fault.expected("a median, quartiles or shares within limits"));
    }
    for (index, limit) in published.within.iter().enumerate() {
        if !(0.0..=1.0).contains(&limit.share) {
            let fault = Fault::new(
                ProblemKind::Range,
                said!("{share} is out of range", share = limit.share),
            );
            let path = format!("{path}.within[{index}].share");
            checker.fault(&path, fault.expected("a share from 0 to 1"));
        }
    }
}

/// The place of an event in the order of all; `None` where its stage is unknown.
fn place_of(pathway: &Pathway, event: &Event) -> Option<usize> {
    // Four events of each stage follow each other. Who arrives for the first stage is at the door.
    let stage = |key: &str| pathway.stage(key).map(|stage| 4 * stage.index());
    Some(match event {
        Event::Call => 0,
        Event::FirstContact => 1,
        Event::Door => 2,
        Event::Handover => 3,
        Event::Departure(key) => 4 + stage(key)?,
        Event::Arrival(key) if stage(key) == Some(0) => 2,
        Event::Arrival(key) => 5 + stage(key)?,
        Event::Start(key) => 6 + stage(key)?,
        Event::Done(key) => 7 + stage(key)?,
    })
}

/// The clock of a target starts at one of three events, and stops at a later one that everybody has.
fn check_clock(pathway: &Pathway, target: &Target, path: &str, checker: &mut Checker<'_>) {
    match target.from {
        Event::Call | Event::Door => {}
        Event::FirstContact => check_first_contact(pathway, &format!("{path}.from"), checker),
        _ => {
            let words = pathway.event_words(&target.from);
            let message = said!("a clock that starts with {words}", words);
            let fault = Fault::new(ProblemKind::Conflict, message);
            checker.fault(&format!("{path}.from"), fault.expected("Call, FirstContact or Door"));
        }
    }

    // Not everybody is transferred, so that a limit for a departure would be met by whoever stays.
    let is_possible = match target.to {
        Event::Call | Event::FirstContact | Event::Departure(_) => false,
        Event::Door => target.from != Event::Door,
        _ => true,
    };
    if !is_possible {
        let message = said!(
            "a limit from {span_words}",
            span_words = pathway.span_words(&target.from, &target.to)
        );
        let fault = Fault::new(ProblemKind::Conflict, message).expected(
            "an event behind the start of the clock that everybody has, such as Start(\"stage\")",
        );
        checker.fault(&format!("{path}.to"), fault);
    }
}

/// Somebody is with the patient before the door only by ambulance or helicopter.
fn check_first_contact(pathway: &Pathway, path: &str, checker: &mut Checker<'_>) {
    let is_alone = pathway.first_leg.iter().all(|means| *means == Means::OwnCar);
    if is_alone && !pathway.first_leg.is_empty() {
        let message = "nobody is with a patient in the own car before the door";
        let fault = Fault::new(ProblemKind::Conflict, message).expected("Door or Call");
        checker.fault(path, fault);
    }
}

fn check_arrivals(arrivals: &[f64], checker: &mut Checker<'_>) {
    if arrivals.is_empty() {
        return;
    }
    if arrivals.len() != 24 && arrivals.len() != 168 {
        let message = said!("arrivals of {arrivals} hours", arrivals = arrivals.len());
        let fault = Fault::new(ProblemKind::Range, message)
            .expected("24 numbers by hour of the day, or 168 by hour of the week");
        checker.fault("arrivals", fault);
    }

    // Only their proportions count: shares, cases and percentages are all right.
    let wrong = arrivals.iter().any(|share| !(0.0..=1e9).contains(share));
    if wrong || arrivals.iter().sum::<f64>() <= 0.0 {
        let fault = Fault::new(ProblemKind::Range, "arrivals that are no shares")
            .expected("numbers from 0, not all of them 0");
        checker.fault("arrivals", fault);
    }
}

fn check_stage(catalog: &Catalog, pathway: &Pathway, index: usize, checker: &mut Checker<'_>) {
    let stage = &pathway.stages[index];
    let path = format!("stages[{index}]");
    check_requirement(catalog, &stage.requirement, &format!("{path}.requirement"), checker);
    check_duration(stage.duration, &format!("{path}.duration"), checker);
    check_spread(stage.duration, stage.spread, &format!("{path}.spread"), checker);
    if index > 0 && stage.from != StageFrom::Door {
        let message = said!(
            "handover comes before the first stage, not before \"{stage}\"",
            stage = stage.key
        );
        let fault = Fault::new(ProblemKind::Conflict, message);
        checker.fault(&format!("{path}.from"), fault.expected("from: Handover in the first stage"));
    }
    if stage.ways.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "nobody can meet a stage without a way")
            .expected("at least one way, such as OnSite");
        checker.fault(&format!("{path}.ways"), fault);
    }
    for (position, way) in stage.ways.iter().enumerate() {
        let path = format!("{path}.ways[{position}]");
        check_way(catalog, stage, way, &path, checker);
        let StageProvision::VisitingTeam { alert: Some(Alert::Stage(alert)), .. } = way else {
            continue;
        };

        // An alert cannot come after the team is needed.
        let earlier = &pathway.stages[..index];
        if !earlier.iter().any(|before| before.key == *alert) {
            let known = keys_of(earlier).chain(["call"]);
            checker.unknown(&format!("{path}.alert"), "stage before this one", alert, known);
        }
    }
}

fn check_way(
    catalog: &Catalog,
    stage: &Stage,
    way: &StageProvision,
    path: &str,
    checker: &mut Checker<'_>,
) {
    let (fields, name, time) = match way {
        StageProvision::OnSite => return,
        StageProvision::Telemedicine { fields, consult, .. } => (fields, "consult", *consult),
        StageProvision::VisitingTeam { fields, call_out, .. } => (fields, "call_out", *call_out),
        StageProvision::CentralService { fields, turnaround, .. } => {
            (fields, "turnaround", *turnaround)
        }
    };
    check_duration(time, &format!("{path}.{name}"), checker);
    check_spread(time, way.spread(), &format!("{path}.spread"), checker);
    check_fields(catalog, fields, &format!("{path}.fields"), checker);
    for part in way.remote() {
        check_requirement(catalog, part, &format!("{path}.remote"), checker);
    }
    if way.remote().is_empty() {
        let fault = Fault::new(
            ProblemKind::Missing,
            said!("{way} without a remote part", way = way.name()),
        )
        .expected("the parts of the requirement that the partner meets");
        checker.fault(&format!("{path}.remote"), fault);
    } else if stage.on_site(way.remote()).is_none() {
        let message = "a remote part is no part of the stage's requirement";
        let fault = Fault::new(ProblemKind::Conflict, message).expected(
            "parts of its All([...]) as they are written there, or the whole requirement",
        );
        checker.fault(&format!("{path}.remote"), fault);
    } else if way.fields().is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "no field that a cooperation could cover")
            .expected("fields: [...], as the remote parts name no specialty");
        checker.fault(&format!("{path}.fields"), fault);
    }
}

/// An expert or centre must have what it helps with, on whatever day: a department of the field, or
/// of the broader specialty that treats it; where the field is a facility of that key, the facility.
pub(crate) fn check_expert(
    catalog: &Catalog,
    cooperation: &Cooperation,
    sites: Sites<'_>,
    checker: &mut Checker<'_>,
) {
    let helps = matches!(
        cooperation.kind,
        CooperationKind::Telemedicine { .. }
            | CooperationKind::VisitingTeam { .. }
            | CooperationKind::CentralService { .. }
    );
    let Parties::Directed { from, .. } = &cooperation.parties else { return };
    let Some(expert) = (sites.find)(from).filter(|_| helps) else { return };
    // A department of an unknown specialty has a fault of its own; the expert may have meant this.
    if expert.departments.iter().any(|held| catalog.specialty(&held.specialty).is_none()) {
        return;
    }
    for (index, field) in cooperation.fields.iter().enumerate() {
        if !has_field(expert, field, catalog) {
            let what = if catalog.specialty(field).is_some() { "department of " } else { "" };
            let message = said!("\"{from}\" has no {what}\"{field}\"", from, what, field);
            let fault =
                Fault::new(ProblemKind::Conflict, message).expected("a field that the expert has");
            checker.fault(&format!("fields[{index}]"), fault);
        }
    }
}

/// Whether a hospital has, on whatever day, what a field of cooperations is about: a department of the
/// specialty or of the broader one that treats it, or a facility of that key; any other field needs nothing.
pub(crate) fn has_field(hospital: &Hospital, field: &str, catalog: &Catalog) -> bool {
    if let Some(specialty) = catalog.specialty(field) {
        let treats = |key: &str| has_department(hospital, key);
        return treats(field) || specialty.part_of.as_deref().is_some_and(treats);
    }
    catalog.facility(field).is_none()
        || hospital.facilities.iter().any(|facility| facility.kind == field)
}

fn has_department(hospital: &Hospital, specialty: &str) -> bool {
    hospital.departments.iter().any(|department| department.specialty == specialty)
}

/// Most cycles of central services that are named.
const MOST_CYCLES: usize = 100;

/// Links of central services: for each centre the sites that it works for, with the cooperation.
type Links<'n> = BTreeMap<&'n str, Vec<(&'n str, usize)>>;

/// No two sites may be each other's centre for a field, directly or through others, at the date of
/// the network: then nobody does the work.
pub(crate) fn check_central_services(network: &Network, checker: &mut Checker<'_>) {
    let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
    let there: BTreeSet<&str> = keys_of(&network.hospitals).collect();
    let mut by_field: BTreeMap<&str, Links<'_>> = BTreeMap::new();
    for (index, service) in network.cooperations.iter().enumerate() {
        let Parties::Directed { from, to } = &service.parties else { continue };
        let is_service = matches!(service.kind, CooperationKind::CentralService { .. });
        if !is_service || service.as_of(network.date, &there).is_none() {
            continue;
        }
        for field in service.fields.iter().collect::<BTreeSet<_>>() {
            let links = by_field.entry(field).or_default();
            let sites = links.entry(from).or_default();
            for site in to {
                sites.push((site, index));
            }
        }
    }

    // Only so many cycles: in a dense web of services their number grows beyond all bounds.
    for (field, mut links) in by_field {
        keep_circular(&mut links);
        for &start in links.keys() {
            if seen.len() == MOST_CYCLES {
                return;
            }
            let Some(cycle) = cycle_through(start, &links) else { continue };

            // The same cycle comes up again from another of its hospitals or for another field.
            let (mut sites, mut members) = (Vec::new(), Vec::new());
            for (site, index) in &cycle {
                sites.push(*site);
                members.push(*index);
            }
            members.sort_unstable();
            if !seen.insert(members) {
                continue;
            }
            let index = cycle[0].1;
            let cooperation = &network.cooperations[index];
            checker.at(Entity::Cooperation(index), format!("cooperation \"{}\"", cooperation.key));
            let message = said!(
                "a cycle of central services for \"{field}\": {start} -> {sites}",
                field,
                start,
                sites = sites.join(" -> ")
            );
            let fault = Fault::new(ProblemKind::Conflict, message)
                .expected("centres that do the work themselves");
            checker.fault("to", fault);
        }
    }
}

/// Takes the centres away, one after the other, that work for no centre: no cycle leads through them.
fn keep_circular(links: &mut Links<'_>) {
    let mut centres_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for (&centre, sites) in links.iter() {
        let mut count = 0;
        for (site, _) in sites {
            if links.contains_key(site) {
                centres_of.entry(site).or_default().push(centre);
                count += 1;
            }
        }
        open.insert(centre, count);
    }

    let mut ends: Vec<&str> = Vec::new();
    for (centre, count) in &open {
        if *count == 0 {
            ends.push(centre);
        }
    }
    while let Some(end) = ends.pop() {
        links.remove(end);
        for &centre in centres_of.get(end).into_iter().flatten() {
            let Some(count) = open.get_mut(centre) else { continue };
            *count -= 1;
            if *count == 0 {
                ends.push(centre);
            }
        }
    }
}

/// A shortest way along the links from a hospital back to itself: the sites, with the cooperation
/// that leads there.
fn cycle_through<'n>(start: &'n str, links: &Links<'n>) -> Option<Vec<(&'n str, usize)>> {
    // Breadth first, so that the message names as few hospitals as it can.
    let mut came: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &(next, index) in links.get(at).into_iter().flatten() {
            if came.contains_key(next) {
                continue;
            }
            came.insert(next, (at, index));
            if next == start {
                let mut cycle = vec![(start, index)];
                let mut back = at;
                while back != start {
                    let (before, index) = came[back];
                    cycle.push((back, index));
                    back = before;
                }
                cycle.reverse();
                return Some(cycle);
            }
            queue.push_back(next);
        }
    }
    None
}
