//! The catalog's file of care pathways.

use super::catalog::{read_group, read_names};
use super::record::{Reader, Record, inside, split_tag, text_of};
use super::requirement::{read_requirement, read_requirements};
use crate::calendar::Hours;
use crate::model::location::{Entity, Fault};
use crate::model::{
    Alert, Ambulance, CaseShare, Event, FirstLeg, Helicopter, Means, OwnCar, Pathway, PatientGroup,
    PublishedTime, ShareWithin, Spread, Stage, StageFrom, StageProvision, Target, TransferRule,
    Urgency, WithoutAgreement,
};
use crate::problem::{ProblemKind, closest};
use crate::units::Seconds;

const URGENCIES: [(&str, Urgency); 2] =
    [("Emergency", Urgency::Emergency), ("Elective", Urgency::Elective)];
const MEANS: [(&str, Means); 3] =
    [("Ambulance", Means::Ambulance), ("Helicopter", Means::Helicopter), ("OwnCar", Means::OwnCar)];
const WAYS: [&str; 4] = ["OnSite", "Telemedicine", "VisitingTeam", "CentralService"];
const STAGE_FROM: [(&str, StageFrom); 2] =
    [("Door", StageFrom::Door), ("Handover", StageFrom::Handover)];
const GROUPS: [(&str, PatientGroup); 3] = [
    ("All", PatientGroup::All),
    ("Direct", PatientGroup::Direct),
    ("Transferred", PatientGroup::Transferred),
];
const SPREADS: [&str; 2] = ["Iqr", "Cv"];
const SPREADS_IN_WORDS: &str =
    "Iqr(\"32m\", \"66m\"), the quartiles, or Cv(0.5), deviation over mean";
const EVENTS: [&str; 8] =
    ["Call", "FirstContact", "Door", "Handover", "Arrival", "Departure", "Start", "Done"];
const EVENTS_IN_WORDS: &str =
    "Call, FirstContact, Door, Handover, Arrival(\"stage\"), Start(\"stage\") or Done(\"stage\")";
const RULES: [&str; 3] = ["Never", "Allowed", "After"];

/// Reads the file of pathways; `None` when nothing of it can be trusted.
pub(crate) fn read_pathways(reader: &mut Reader<'_>) -> Option<(FirstLeg, Vec<Pathway>)> {
    let mut root = reader.root("Pathways", Entity::FirstLeg)?;
    let first_leg = read_first_leg(reader, &mut root);
    let mut pathways = Vec::new();
    for raw in root.list(reader, "pathways") {
        let entity = Entity::Pathway(pathways.len());
        pathways.extend(read_pathway(reader, raw, entity));
    }
    root.finish(reader);
    Some((first_leg, pathways))
}

/// A span of time that must be there.
fn span<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> Seconds {
    if !record.has(name) {
        record.missing(reader, name, "a span of time such as \"10m\"");
    }
    record.parsed(reader, name).unwrap_or_default()
}

/// Times of the first leg; each one that is not there has its default and counts as assumed.
fn read_first_leg<'s>(reader: &mut Reader<'s>, root: &mut Record<'s>) -> FirstLeg {
    let mut leg = FirstLeg::default();
    let Some(mut record) = root.inner(reader, "first_leg") else { return leg };

    // What the file gives is no longer the assumption of this crate.
    leg.assumed.retain(|name| !record.has(name));
    if let Some(mut part) = record.inner(reader, "ambulance") {
        leg.ambulance = Ambulance {
            call_handling: span(reader, &mut part, "call_handling"),
            turnout: span(reader, &mut part, "turnout"),
            drive_to_scene: span(reader, &mut part, "drive_to_scene"),
            on_scene: span(reader, &mut part, "on_scene"),
            handover: span(reader, &mut part, "handover"),
        };
        part.finish(reader);
    }
    if let Some(mut part) = record.inner(reader, "helicopter") {
        let usual = leg.helicopter;
        if !part.has("km_per_hour") {
            part.missing(reader, "km_per_hour", "kilometres per hour");
        }
        leg.helicopter = Helicopter {
            call_handling: span(reader, &mut part, "call_handling"),
            turnout: span(reader, &mut part, "turnout"),
            flight_to_scene: span(reader, &mut part, "flight_to_scene"),
            on_scene: span(reader, &mut part, "on_scene"),
            start_and_landing: span(reader, &mut part, "start_and_landing"),
            km_per_hour: part
                .number(reader, "km_per_hour", (1.0, 1000.0))
                .unwrap_or(usual.km_per_hour),
            handover: span(reader, &mut part, "handover"),
            least_gain: span(reader, &mut part, "least_gain"),
            hours: part.parsed::<Hours>(reader, "hours").unwrap_or(usual.hours),
        };
        part.finish(reader);
    }
    if let Some(mut part) = record.inner(reader, "own_car") {
        leg.own_car = OwnCar {
            getting_ready: span(reader, &mut part, "getting_ready"),
            registration: span(reader, &mut part, "registration"),
        };
        part.finish(reader);
    }
    for (path, raw) in record.map(reader, "spreads") {
        let spread = spread_of(raw);
        if let Some(spread) = spread {
            leg.spreads.insert(path, spread);
        } else {
            record.report(reader, "spreads", no_spread(raw));
        }
    }
    leg.source = record.required_text(reader, "source").unwrap_or_default();
    let mut assumed = record.texts(reader, "assumed");
    assumed.retain(|path| !leg.assumed.contains(path));
    leg.assumed.append(&mut assumed);
    record.finish(reader);
    leg
}

fn read_pathway<'s>(reader: &mut Reader<'s>, raw: &'s str, entity: Entity) -> Option<Pathway> {
    let mut record = reader.record(raw, entity, "pathway", "")?;
    let key = record.required_text(reader, "id")?;
    record.label = format!("pathway \"{key}\"");
    let (name, name_de) = read_names(reader, &mut record);
    for (field, expected) in [
        ("urgency", "Emergency or Elective"),
        ("first_leg", "a list of Ambulance, Helicopter, OwnCar"),
        ("stages", "a list of stages"),
    ] {
        if !record.has(field) {
            record.missing(reader, field, expected);
        }
    }
    let pathway = Pathway {
        key,
        name,
        name_de,
        urgency: record.choice(reader, "urgency", &URGENCIES).unwrap_or_default(),
        cases: read_cases(reader, &mut record),
        population: read_group(reader, &mut record),
        arrivals: read_arrivals(reader, &mut record),
        first_leg: record.choices(reader, "first_leg", &MEANS),
        door: record.text(reader, "door"),
        transfer: read_transfer(reader, &mut record),
        stages: read_stages(reader, &mut record),
        targets: read_targets(reader, &mut record),
        published: read_published(reader, &mut record),
        source: record.required_text(reader, "source").unwrap_or_default(),
        assumed: record.texts(reader, "assumed"),
    };
    record.finish(reader);
    Some(pathway)
}

fn read_cases<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Option<CaseShare> {
    let mut inner = record.inner(reader, "cases")?;
    let whole = inner.required_text(reader, "of");
    let share = inner.number(reader, "share", (0.0, 1.0)).unwrap_or(1.0);
    inner.finish(reader);
    Some(CaseShare { of: whole?, share })
}

fn read_arrivals<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<f64> {
    let field = record.path_of("arrivals");
    let list = record.list(reader, "arrivals");
    let label = record.label.clone();
    let mut numbers = Vec::with_capacity(list.len());
    for raw in list {
        // Hours that stand at the wrong places are worse than none.
        let Some(number) = reader.value(raw, &label, &field, "a number") else {
            return Vec::new();
        };
        numbers.push(number);
    }
    numbers
}

fn read_transfer<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> TransferRule {
    // The strictest rule stands in for one that cannot be read.
    let mut rule = TransferRule {
        fields: Vec::new(),
        door_in_door_out: Seconds(0),
        spread: None,
        without_agreement: WithoutAgreement::Never,
    };
    if !record.has("transfer") {
        record.missing(reader, "transfer", "how patients change hospital");
        return rule;
    }
    let Some(mut inner) = record.inner(reader, "transfer") else { return rule };
    rule.fields = inner.texts(reader, "fields");
    rule.door_in_door_out = span(reader, &mut inner, "door_in_door_out");
    rule.spread = read_spread(reader, &mut inner);
    if !inner.has("without_agreement") {
        inner.missing(reader, "without_agreement", "Never, Allowed or After(\"30m\")");
    }
    if let Some(raw) = inner.raw_value("without_agreement") {
        let (word, terms) = split_tag(raw);
        let after = terms.and_then(|terms| text_of(inside(terms)?)?.parse::<Seconds>().ok());
        match (word, after) {
            ("Never", None) => {}
            ("Allowed", None) => rule.without_agreement = WithoutAgreement::Allowed,
            ("After", Some(time)) => rule.without_agreement = WithoutAgreement::After(time),
            _ => {
                let fault = Fault::new(ProblemKind::Type, said!("{raw} is no such rule", raw));
                let mut fault = fault.expected("Never, Allowed or After(\"30m\")");
                fault.closest = closest(word, RULES);
                inner.report(reader, "without_agreement", fault);
            }
        }
    }
    inner.finish(reader);
    rule
}

fn read_stages<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<Stage> {
    let mut stages = Vec::new();
    for mut part in record.records(reader, "stages") {
        let Some(key) = part.required_text(reader, "id") else { continue };
        let name = part.text(reader, "name").unwrap_or_else(|| key.clone());
        let requirement = read_requirement(reader, &mut part);
        let duration = span(reader, &mut part, "duration");
        let spread = read_spread(reader, &mut part);
        let from = part.choice(reader, "from", &STAGE_FROM).unwrap_or_default();
        let start_event = part.text(reader, "start_event");
        let end_event = part.text(reader, "end_event");
        let ways = read_ways(reader, &mut part);
        part.finish(reader);
        stages.push(Stage {
            key,
            name,
            requirement,
            duration,
            spread,
            from,
            start_event,
            end_event,
            ways,
        });
    }
    stages
}

/// The ways of a stage; on site when nothing is said.
fn read_ways<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<StageProvision> {
    if !record.has("ways") {
        // Asked for, so that `ways: None` is no unknown field.
        let _ = record.raw_value("ways");
        return vec![StageProvision::OnSite];
    }

    let mut ways = Vec::new();
    let (label, field) = (record.label.clone(), record.path_of("ways"));
    for (index, raw) in record.list(reader, "ways").into_iter().enumerate() {
        let (word, terms) = split_tag(raw);
        let path = format!("{field}[{index}]");
        if !WAYS.contains(&word) {
            let mut fault = Fault::new(ProblemKind::Unknown, said!("unknown way \"{word}\"", word))
                .expected(said!("one of {ways}", ways = WAYS.join(", ")));
            fault.closest = closest(word, WAYS);
            reader.problem(&label, &path, raw, fault);
            continue;
        }
        if word == "OnSite" {
            if terms.is_some_and(|terms| inside(terms) != Some("")) {
                let fault = Fault::new(ProblemKind::Type, "OnSite has no terms");
                reader.problem(&label, &path, raw, fault);
            }
            ways.push(StageProvision::OnSite);
            continue;
        }
        let Some(terms) = terms else {
            let fault = Fault::new(ProblemKind::Missing, said!("{word} without its terms", word))
                .expected(said!("{word}(remote: [...], ...)", word));
            reader.problem(&label, &path, raw, fault);
            continue;
        };
        let entity = record.entity;
        let Some(mut inner) = reader.record(terms, entity, &label, &path) else { continue };
        ways.push(read_way(reader, &mut inner, word));
        inner.finish(reader);
    }
    ways
}

fn read_way<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, word: &str) -> StageProvision {
    let remote = read_requirements(reader, record, "remote");
    let fields = record.texts(reader, "fields");
    let spread = read_spread(reader, record);
    match word {
        "Telemedicine" => StageProvision::Telemedicine {
            remote,
            fields,
            consult: span(reader, record, "consult"),
            spread,
        },
        "CentralService" => {
            let turnaround = span(reader, record, "turnaround");
            StageProvision::CentralService { remote, fields, turnaround, spread }
        }
        _ => StageProvision::VisitingTeam {
            remote,
            fields,
            call_out: span(reader, record, "call_out"),
            spread,
            // No stage may be called `call`, so that the word is free for this.
            alert: record.text(reader, "alert").map(|text| match text.as_str() {
                "call" => Alert::Call,
                _ => Alert::Stage(text),
            }),
        },
    }
}

fn read_targets<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<Target> {
    let mut targets = Vec::new();
    for mut part in record.records(reader, "targets") {
        for (name, expected) in [("to", EVENTS_IN_WORDS), ("minutes", "whole minutes")] {
            if !part.has(name) {
                part.missing(reader, name, expected);
            }
        }

        // Clocks run from the call where nothing else is said; a `from` that is wrong is something else.
        let is_from_call = !part.has("from");
        let from = read_event(reader, &mut part, "from");
        let to = read_event(reader, &mut part, "to");
        let minutes = part.count(reader, "minutes");
        let source = part.required_text(reader, "source").unwrap_or_default();
        part.finish(reader);
        let from = if is_from_call { Some(Event::Call) } else { from };
        if let (Some(from), Some(to), Some(minutes)) = (from, to, minutes) {
            targets.push(Target { from, to, minutes, source });
        }
    }
    targets
}

/// How the duration beside it scatters.
fn read_spread<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Option<Spread> {
    let raw = record.raw_value("spread")?;
    let spread = spread_of(raw);
    if spread.is_none() {
        record.report(reader, "spread", no_spread(raw));
    }
    spread
}

fn spread_of(raw: &str) -> Option<Spread> {
    let (word, terms) = split_tag(raw);
    match word {
        "Iqr" => two_spans(terms?).map(|(low, high)| Spread::Iqr(low, high)),
        "Cv" => inside(terms?)?.parse().ok().map(Spread::Cv),
        _ => None,
    }
}

fn no_spread(raw: &str) -> Fault {
    let fault = Fault::new(ProblemKind::Type, said!("{raw} is no such spread", raw));
    let mut fault = fault.expected(SPREADS_IN_WORDS);
    fault.closest = closest(split_tag(raw).0, SPREADS);
    fault
}

/// Two spans of time in parentheses.
fn two_spans(raw: &str) -> Option<(Seconds, Seconds)> {
    let (low, high) = inside(raw)?.split_once(',')?;

    // The notation allows a comma behind the last value.
    let high = high.trim_end();
    let span = |text: &str| text_of(text)?.parse().ok();
    Some((span(low)?, span(high.strip_suffix(',').unwrap_or(high))?))
}

/// Published times of a pathway.
fn read_published<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<PublishedTime> {
    let mut published = Vec::new();
    for mut part in record.records(reader, "published") {
        for name in ["from", "to"] {
            if !part.has(name) {
                part.missing(reader, name, EVENTS_IN_WORDS);
            }
        }
        let from = read_event(reader, &mut part, "from");
        let to = read_event(reader, &mut part, "to");
        let group = part.choice(reader, "group", &GROUPS).unwrap_or_default();
        let median = part.parsed(reader, "median");
        let quartiles = part.raw_value("quartiles").and_then(|raw| {
            let quartiles = two_spans(raw);
            if quartiles.is_none() {
                let fault = Fault::new(ProblemKind::Type, said!("{raw} are no quartiles", raw))
                    .expected("(\"32m\", \"66m\")");
                part.report(reader, "quartiles", fault);
            }
            quartiles
        });

        let mut within = Vec::new();
        for mut limit in part.records(reader, "within") {
            for (name, expected) in [("minutes", "whole minutes"), ("share", "a share from 0 to 1")]
            {
                if !limit.has(name) {
                    limit.missing(reader, name, expected);
                }
            }
            let minutes = limit.count(reader, "minutes");
            let share = limit.number(reader, "share", (0.0, 1.0));
            limit.finish(reader);
            if let (Some(minutes), Some(share)) = (minutes, share) {
                within.push(ShareWithin { minutes, share });
            }
        }
        let source = part.required_text(reader, "source").unwrap_or_default();
        let differs = part.text(reader, "differs").unwrap_or_default();
        part.finish(reader);
        if let (Some(from), Some(to)) = (from, to) {
            published.push(PublishedTime {
                from,
                to,
                group,
                median,
                quartiles,
                within,
                source,
                differs,
            });
        }
    }
    published
}

/// An event: a word, or a word with the key of a stage.
fn read_event<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> Option<Event> {
    let raw = record.raw_value(name)?;
    let (word, terms) = split_tag(raw);
    let key = terms.and_then(|terms| text_of(inside(terms)?));
    match (word, key) {
        ("Call", None) => Some(Event::Call),
        ("FirstContact", None) => Some(Event::FirstContact),
        ("Door", None) => Some(Event::Door),
        ("Handover", None) => Some(Event::Handover),
        ("Arrival", Some(key)) => Some(Event::Arrival(key)),
        ("Departure", Some(key)) => Some(Event::Departure(key)),
        ("Start", Some(key)) => Some(Event::Start(key)),
        ("Done", Some(key)) => Some(Event::Done(key)),
        _ => {
            let mut fault = Fault::new(ProblemKind::Type, said!("{raw} is no event", raw))
                .expected(EVENTS_IN_WORDS);
            fault.closest = closest(word, EVENTS);
            record.report(reader, name, fault);
            None
        }
    }
}
