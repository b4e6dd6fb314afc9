//! One person's route: each leg on a line, with clock times.

use super::super::document::{Cell, Document, SECONDS_OF_A_DAY, Section, Table};
use super::super::namesakes::Namesakes;
use super::super::{caveats, open};
use super::{about, assumed, way_name};
use crate::calendar::Moment;
use crate::model::{CooperationId, HospitalId, Means, StageIndex, StageProvision, Urgency};
use crate::pathways::{PatientRoute, Prepared, Query, StageVisit};
use crate::region::PlaceId;
use crate::report::columns::{
    ARRIVAL_MINUTES, CLOCK, COOPERATION, DAYS, DONE_MINUTES, EVENT, HOSPITAL, MINUTES, PARTNER,
    ROUTE, STAGE, START_MINUTES, WAY, WHAT,
};
use crate::units::Seconds;

/// What happens at one time of a route.
struct Line {
    time: Option<Seconds>,
    /// One word for programs.
    event: &'static str,
    stage: Option<StageIndex>,
    hospital: Option<HospitalId>,
    partner: Option<HospitalId>,
    cooperation: Option<CooperationId>,
    what: String,
}

/// One person's route, or several that no other one beats: every leg with its clock time and the
/// minutes since the call.
///
/// `routes` are those of [`Prepared::route`] or [`Prepared::routes`] for this place and moment; none
/// when nobody who can do the first stage is in reach.
pub fn pathway_route(
    prepared: &Prepared<'_>,
    (place, moment): (PlaceId, Moment),
    query: &Query,
    routes: &[PatientRoute],
) -> Document {
    let (region, pathway) = (prepared.region(), prepared.pathway());
    let namesakes = Namesakes::new(region);
    let from = namesakes.place_title(place);
    let title = format!("{}: from {from}, {moment}", pathway.name);
    let document =
        about(open(title, region), region, pathway, query).about("moment", moment.to_string());
    let unknown = caveats::on_unknown(region.network(), &prepared.unknown_sites());
    let mut summary =
        Section::new("routes", "In short", stages(prepared, routes)).maybe_note(unknown);
    if let [] | [_] = routes {
        summary = summary.in_words(in_short(prepared, routes.first()));
    } else {
        summary = summary.note("None of these routes is beaten by another one in all stages: each is earlier somewhere.");
    }
    let heading = if routes.len() < 2 { "Leg by leg" } else { "Leg by leg, route by route" };
    let urgency = match pathway.urgency {
        Urgency::Emergency => "What is open is judged at the moment of the call.",
        Urgency::Elective => "What is open is judged in the hour that the patient waits for.",
    };
    document
        .section(summary)
        .section(Section::new("legs", heading, legs(prepared, moment, routes)).note(format!(
            "The person starts at the centre of {}; no queue and no search for a free bed is part of this. {urgency}{}",
            namesakes.place_label(place),
            if pathway.has_spread() { " Each duration counts by its median." } else { "" }
        )))
        .section(assumed::section(prepared, &assumed::Used::by_routes(routes)))
}

/// One row a line of a route; of no route, what happens all the same.
fn legs(prepared: &Prepared<'_>, moment: Moment, routes: &[PatientRoute]) -> Table {
    let (region, pathway) = (prepared.region(), prepared.pathway());
    let mut rows = Vec::new();
    if routes.is_empty() {
        rows.extend(lines(prepared, None).into_iter().map(|line| (0, line)));
    }
    for (index, route) in routes.iter().enumerate() {
        rows.extend(lines(prepared, Some(route)).into_iter().map(|line| (index, line)));
    }
    let key = |id: Option<HospitalId>| Cell::maybe_text(id.map(|id| &region.network()[id].key));
    let seconds = |line: &Line| line.time.map(|time| f64::from(time.0));
    let (is_emergency, has_several) = (pathway.urgency == Urgency::Emergency, routes.len() > 1);
    Table::of(rows)
        .column(ROUTE, |(index, _)| Cell::count(index + 1))
        .column(CLOCK, |(_, line)| {
            Cell::maybe_text(line.time.map(|time| moment.after(time).to_string()))
        })
        .column(MINUTES, |(_, line)| Cell::maybe_minutes(seconds(line)))
        .column(DAYS, |(_, line)| Cell::maybe_days(seconds(line)))
        .column(WHAT, |(_, line)| Cell::text(&line.what))
        .detail(EVENT, |(_, line)| Cell::text(line.event))
        .detail(STAGE, |(_, line)| Cell::maybe_text(line.stage.map(|stage| &pathway[stage].key)))
        .detail(HOSPITAL, |(_, line)| key(line.hospital))
        .detail(PARTNER, |(_, line)| key(line.partner))
        .detail(COOPERATION, |(_, line)| {
            Cell::maybe_text(line.cooperation.map(|id| &prepared.cooperation(id).key))
        })
        .build()
        .hide(if is_emergency { &[DAYS] } else { &[MINUTES] })
        .hide_if(!has_several, &[ROUTE])
}

fn in_short(prepared: &Prepared<'_>, route: Option<&PatientRoute>) -> String {
    let pathway = prepared.pathway();
    let Some(route) = route else {
        return format!(
            "No way: no hospital in reach can do {}.",
            pathway.stages.first().map_or("", |stage| &stage.name)
        );
    };
    let Some(last) = route.visits.last() else { return "No way.".to_owned() };
    let hospital = &prepared.region().network()[last.hospital];
    let time = match pathway.urgency {
        Urgency::Emergency => format!("{:.1} minutes", last.done.minutes()),
        Urgency::Elective => format!("{:.1} days", f64::from(last.done.0) / SECONDS_OF_A_DAY),
    };
    let moved = route.visits.iter().filter(|visit| visit.transfer.is_some()).count();
    let transfers = match moved {
        0 => "without a transfer".to_owned(),
        1 => "with one transfer".to_owned(),
        several => format!("with {several} transfers"),
    };
    let stage = capital(&pathway[last.stage].name);
    let mut words =
        format!("{stage}: done {time} after the call, at {}, {transfers}.", hospital.name);
    let rest: Vec<&str> =
        (pathway.stages.iter().skip(route.visits.len())).map(|stage| stage.name.as_str()).collect();
    if !rest.is_empty() {
        words.push_str(&format!(" No way to: {}.", rest.join(", ")));
    }
    words
}

/// The text with a capital letter in front.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One row a route and stage.
fn stages(prepared: &Prepared<'_>, routes: &[PatientRoute]) -> Table {
    let (network, pathway) = (prepared.region().network(), prepared.pathway());
    let mut rows = Vec::new();
    for (index, route) in routes.iter().enumerate() {
        for (position, stage) in pathway.stages.iter().enumerate() {
            rows.push((index, stage, route.visits.get(position)));
        }
    }
    let key = |id: HospitalId| &network[id].key;
    Table::of(rows)
        .column(ROUTE, |(index, ..)| Cell::count(index + 1))
        .column(STAGE, |(_, stage, _)| Cell::text(&stage.key))
        .column(HOSPITAL, |(.., visit)| Cell::maybe_text(visit.map(|visit| key(visit.hospital))))
        .column(WAY, |(_, stage, visit)| {
            Cell::text(visit.map_or("no way", |visit| way_name(&stage.ways[visit.way])))
        })
        .column(PARTNER, |(.., visit)| {
            Cell::maybe_text(visit.and_then(|visit| visit.partner).map(key))
        })
        .detail(COOPERATION, |(.., visit)| {
            let cooperation = visit.and_then(|visit| visit.cooperation);
            Cell::maybe_text(cooperation.map(|index| &prepared.cooperation(index).key))
        })
        .detail(ARRIVAL_MINUTES, |(.., visit)| Cell::maybe_time(visit.map(|visit| visit.arrive)))
        .column(START_MINUTES, |(.., visit)| Cell::maybe_time(visit.map(|visit| visit.start)))
        .column(DONE_MINUTES, |(.., visit)| Cell::maybe_time(visit.map(|visit| visit.done)))
        .build()
}

/// A time in words: minutes, and hours from three on.
fn span(time: Seconds) -> String {
    match time.0 {
        seconds if seconds >= 48 * 3600 => {
            format!("{:.1} days", f64::from(seconds) / SECONDS_OF_A_DAY)
        }
        seconds if seconds > 180 * 60 => format!("{:.1} h", f64::from(seconds) / 3600.0),
        _ => format!("{:.1} min", time.minutes()),
    }
}

/// The lines of a route in the order of their times; of none, the call and what has no way.
fn lines(prepared: &Prepared<'_>, route: Option<&PatientRoute>) -> Vec<Line> {
    let pathway = prepared.pathway();
    let call = match pathway.urgency {
        Urgency::Emergency => "call for help",
        Urgency::Elective => "asks for an appointment",
    };
    let mut lines = vec![line(Some(Seconds(0)), "call", call.to_owned())];
    let done = route.map_or(0, |route| route.visits.len());
    if let Some(route) = route {
        first_leg(prepared, route, &mut lines);
        let mut before = None;
        for visit in &route.visits {
            stage(prepared, visit, before, &mut lines);
            before = Some(visit);
        }
        lines.sort_by_key(|line| line.time);
    }
    for index in pathway.stage_indices().skip(done) {
        let stage = &pathway[index];
        let mut out = line(
            None,
            "no_way",
            format!("no way to {}: nobody in reach can do it now", stage.name),
        );
        out.stage = Some(index);
        lines.push(out);
    }
    lines
}

fn line(time: Option<Seconds>, event: &'static str, what: String) -> Line {
    Line { time, event, stage: None, hospital: None, partner: None, cooperation: None, what }
}

fn first_leg(prepared: &Prepared<'_>, route: &PatientRoute, lines: &mut Vec<Line>) {
    let network = prepared.region().network();
    if route.wait.0 > 0 {
        let what = "has waited for opening hours; now gets ready".to_owned();
        lines.push(line(Some(route.wait), "wait_over", what));
    }
    let journey = span(route.door - route.departure);
    let what = match route.means {
        Means::Ambulance => format!("ambulance leaves the scene, {journey} on the road"),
        Means::Helicopter => format!("helicopter leaves the scene, {journey} in the air"),
        Means::OwnCar => format!("leaves in the own car, {journey} on the road"),
    };
    lines.push(line(Some(route.departure), "departure", what));
    let Some(first) = route.visits.first() else { return };
    let hospital = &network[first.hospital];
    let mut door =
        line(Some(route.door), "door", format!("arrives at the door of {}", hospital.name));
    door.hospital = Some(first.hospital);
    lines.push(door);
    let registered = match route.means {
        Means::OwnCar => "registered",
        Means::Ambulance | Means::Helicopter => "handed over to the hospital",
    };
    let mut handed = line(Some(route.handover), "handed_over", registered.to_owned());
    handed.hospital = Some(first.hospital);
    lines.push(handed);
}

fn stage(
    prepared: &Prepared<'_>,
    visit: &StageVisit,
    before: Option<&StageVisit>,
    lines: &mut Vec<Line>,
) {
    let (network, pathway) = (prepared.region().network(), prepared.pathway());
    let key = |id: HospitalId| network[id].key.as_str();
    let agreement = |id: CooperationId| prepared.cooperation(id).key.as_str();
    let stage = &pathway[visit.stage];
    if let (Some(leg), Some(before)) = (&visit.transfer, before) {
        let why = if leg.departure > before.done {
            format!("{} after arrival there", span(leg.term))
        } else {
            format!("with the end of {}", pathway[before.stage].key)
        };
        let under = match leg.agreement {
            Some(id) => format!("agreement {}", agreement(id)),
            None => "no agreement".to_owned(),
        };
        let mut leaves = line(
            Some(leg.departure),
            "transfer_departure",
            format!(
                "leaves for {} ({under}), {why}; {} on the road",
                key(visit.hospital),
                span(leg.journey)
            ),
        );
        (leaves.hospital, leaves.cooperation) = (Some(leg.from), leg.agreement);
        lines.push(leaves);
        let hospital = &network[visit.hospital];
        let mut arrives =
            line(Some(visit.arrive), "transfer_arrival", format!("arrives at {}", hospital.name));
        arrives.hospital = Some(visit.hospital);
        lines.push(arrives);
    }
    let helper = match (visit.partner, visit.cooperation) {
        (Some(partner), Some(id)) => format!("{} (cooperation {})", key(partner), agreement(id)),
        _ => String::new(),
    };
    let with = |event: &'static str, time: Seconds, what: String| Line {
        stage: Some(visit.stage),
        hospital: Some(visit.hospital),
        partner: visit.partner,
        cooperation: visit.cooperation,
        ..line(Some(time), event, what)
    };
    if let Some(team) = visit.team {
        let what = format!("team of {helper} is alerted for {}", stage.name);
        lines.push(with("team_alerted", team.alerted, what));
        let what = format!("the team arrives at {}", key(visit.hospital));
        lines.push(with("team_arrives", team.arrives, what));
    }
    let late = span(visit.start - visit.arrive);
    let how = match &stage.ways[visit.way] {
        StageProvision::OnSite => "on site".to_owned(),
        StageProvision::Telemedicine { .. } => {
            format!("by telemedicine from {helper}, after {late} of consultation")
        }
        StageProvision::VisitingTeam { .. } => "with the team that came".to_owned(),
        StageProvision::CentralService { .. } => {
            format!("with the result of {helper}, which took {late}")
        }
    };
    let at = key(visit.hospital);
    let what = format!("{} starts at {at}, {how}", stage.name);
    lines.push(with("start", visit.start, what));
    let what = format!("{} is done, after {}", stage.name, span(stage.duration));
    lines.push(with("done", visit.done, what));
}
