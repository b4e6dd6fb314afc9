//! One person's route: each leg on a line, with clock times.

use crate::report::document::{cooperation_of, hospital_of};
use std::borrow::Cow;

use super::super::document::{Cell, Document, SECONDS_OF_A_DAY, Section, Table};
use super::super::namesakes::Namesakes;
use super::super::{caveats, open};
use super::{about, assumed, way_name};
use crate::calendar::Moment;
use crate::model::{CooperationId, HospitalId, Means, Stage, StageIndex, StageProvision, Urgency};
use crate::pathways::{PatientRoute, Prepared, Query, StageVisit};
use crate::region::PlaceId;
use crate::report::columns::{
    ARRIVAL_MINUTES, CLOCK, COOPERATION, DAYS, DONE_MINUTES, EVENT, HOSPITAL, MINUTES, PARTNER,
    ROUTE, STAGE, START_MINUTES, WAY, WHAT,
};
use crate::units::Seconds;
use crate::words::{self, Language, fixed, in_language};

/// Where a person is, and when they call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The place.
    pub place: PlaceId,
    /// The moment of the call.
    pub moment: Moment,
}

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
/// `routes` are those of [`Prepared::route`] or [`Prepared::routes`] for the place and moment of this caller;
/// none when nobody who can do the first stage is in reach.
pub fn pathway_route(
    prepared: &Prepared<'_>,
    caller: Caller,
    query: &Query,
    routes: &[PatientRoute],
) -> Document {
    let (region, pathway) = (prepared.region(), prepared.pathway());
    let Caller { place, moment } = caller;
    let namesakes = Namesakes::new(region);
    let from = namesakes.place_title(place);
    let title = said!(
        "{name}: from {from}, {moment}",
        name = words::name_of(&pathway.name, &pathway.name_de),
        from,
        moment = moment.in_print()
    );
    let document =
        about(open(title, region), region, pathway, query).about("moment", moment.in_print());

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
    let medians = if pathway.has_spread() { " Each duration counts by its median." } else { "" };
    let note = said!(
        "The person starts at the centre of {place}; no queue and no search for a free bed is part of this. {urgency}{medians}",
        place = namesakes.place_label(place),
        urgency = words::of(urgency),
        medians = words::of(medians)
    );
    document
        .section(summary)
        .section(Section::new("legs", heading, legs(prepared, moment, routes)).note(note))
        .section(assumed::section(prepared, &assumed::Used::by_routes(routes)))
}

/// A line of a route, with what it says for people and for programs.
struct Leg {
    /// Position of the route.
    route: usize,
    line: Line,
    what: Cell,
}

/// One row a line of a route; of no route, what happens all the same.
fn legs(prepared: &Prepared<'_>, moment: Moment, routes: &[PatientRoute]) -> Table {
    let (region, pathway) = (prepared.region(), prepared.pathway());
    let mut rows = Vec::new();
    let mut add = |index: usize, route: Option<&PatientRoute>| {
        // Told twice: names and times stand in a line, so no table of words could know it.
        let for_programs = in_language(Language::English, || lines(prepared, route));
        for (line, plain) in lines(prepared, route).into_iter().zip(for_programs) {
            let what = Cell::both(plain.what, &line.what);
            rows.push(Leg { route: index, line, what });
        }
    };
    if routes.is_empty() {
        add(0, None);
    }
    for (index, route) in routes.iter().enumerate() {
        add(index, Some(route));
    }
    let key = |id: Option<HospitalId>| match id {
        Some(id) => Cell::text(&region.network()[id].key),
        None => Cell::Missing,
    };
    let seconds = |line: &Line| Some(f64::from(line.time?.0));
    let (is_emergency, has_several) = (pathway.urgency == Urgency::Emergency, routes.len() > 1);

    Table::of(rows)
        .column(ROUTE, |leg| Cell::count(leg.route + 1))
        .column(CLOCK, |leg| match leg.line.time {
            Some(time) => {
                let clock = moment.after(time);
                Cell::both(clock.to_string(), clock.in_print())
            }
            None => Cell::Missing,
        })
        .column(MINUTES, |leg| Cell::maybe_minutes(seconds(&leg.line)))
        .column(DAYS, |leg| Cell::maybe_days(seconds(&leg.line)))
        .column(WHAT, |leg| leg.what.clone())
        // The sentence says it for people; programs get a word and keys.
        .detail(EVENT, |leg| Cell::text(leg.line.event))
        .detail(STAGE, |leg| Cell::maybe_text(leg.line.stage.map(|stage| &pathway[stage].key)))
        .detail(HOSPITAL, |leg| key(leg.line.hospital))
        .detail(PARTNER, |leg| key(leg.line.partner))
        .detail(COOPERATION, |leg| {
            Cell::maybe_text(leg.line.cooperation.map(|id| &prepared.cooperation(id).key))
        })
        .build()
        .hide(if is_emergency { &[DAYS] } else { &[MINUTES] })
        .hide_if(!has_several, &[ROUTE])
}

fn in_short(prepared: &Prepared<'_>, route: Option<&PatientRoute>) -> String {
    let pathway = prepared.pathway();
    let Some(route) = route else {
        let first = match pathway.stages.first() {
            Some(stage) => words::of(&stage.name),
            None => Cow::Borrowed(""),
        };
        return said!("No way: no hospital in reach can do {first}.", first);
    };
    let Some(last) = route.visits.last() else { return said!("No way.") };
    let hospital = &prepared.region().network()[last.hospital];
    let time = match pathway.urgency {
        Urgency::Emergency => said!("{minutes} minutes", minutes = fixed(last.done.minutes(), 1)),
        Urgency::Elective => {
            said!("{days} days", days = fixed(f64::from(last.done.0) / SECONDS_OF_A_DAY, 1))
        }
    };
    let moved = route.visits.iter().filter(|visit| visit.transfer.is_some()).count();
    let transfers = match moved {
        0 => said!("without a transfer"),
        1 => said!("with one transfer"),
        several => said!("with {several} transfers", several),
    };
    let stage = capital(&words::of(&pathway[last.stage].name));
    let mut words = said!(
        "{stage}: done {time} after the call, at {name}, {transfers}.",
        stage,
        time,
        name = hospital.name,
        transfers
    );

    // A route ends where nobody in reach can go on.
    let mut rest = Vec::new();
    for stage in pathway.stages.iter().skip(route.visits.len()) {
        rest.push(words::of(&stage.name));
    }
    if !rest.is_empty() {
        words.push_str(&said!(" No way to: {rest}.", rest = rest.join(", ")));
    }
    words
}

/// The text with a capital letter in front.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    // A letter may have two capitals: ß has SS.
    let mut words: String = first.to_uppercase().to_string();
    words.push_str(letters.as_str());
    words
}

/// A stage of a route, with the visit that does it; without one, nobody in reach can.
struct RouteStage<'r> {
    route: usize,
    stage: &'r Stage,
    visit: Option<&'r StageVisit>,
}

impl RouteStage<'_> {
    /// A cell of the visit.
    fn cell(&self, cell: impl Fn(&StageVisit) -> Cell) -> Cell {
        match self.visit {
            Some(visit) => cell(visit),
            None => Cell::Missing,
        }
    }
}

/// One row a route and stage.
fn stages(prepared: &Prepared<'_>, routes: &[PatientRoute]) -> Table {
    let (network, pathway) = (prepared.region().network(), prepared.pathway());
    let mut rows = Vec::new();
    for (index, route) in routes.iter().enumerate() {
        for (position, stage) in pathway.stages.iter().enumerate() {
            let visit = route.visits.get(position);
            rows.push(RouteStage { route: index, stage, visit });
        }
    }
    let key = |id: HospitalId| Cell::text(&network[id].key);

    Table::of(rows)
        .column(ROUTE, |row| Cell::count(row.route + 1))
        .column(STAGE, |row| Cell::text(&row.stage.key))
        .column(HOSPITAL, |row| row.cell(|visit| key(visit.hospital)))
        .column(WAY, |row| match row.visit {
            Some(visit) => Cell::word(way_name(&row.stage[visit.way])),
            None => Cell::word("no way"),
        })
        .column(PARTNER, |row| row.cell(|visit| visit.partner.map_or(Cell::Missing, key)))
        .detail(COOPERATION, |row| {
            row.cell(|visit| {
                Cell::maybe_text(visit.cooperation.map(|id| &prepared.cooperation(id).key))
            })
        })
        .detail(ARRIVAL_MINUTES, |row| row.cell(|visit| Cell::time(visit.arrive)))
        .column(START_MINUTES, |row| row.cell(|visit| Cell::time(visit.start)))
        .column(DONE_MINUTES, |row| row.cell(|visit| Cell::time(visit.done)))
        .build()
}

/// A time in words: minutes, and hours from three on.
fn span(time: Seconds) -> String {
    match time.0 {
        seconds if seconds >= 48 * 3600 => {
            said!("{days} days", days = fixed(f64::from(seconds) / SECONDS_OF_A_DAY, 1))
        }
        seconds if seconds > 180 * 60 => format!("{} h", fixed(f64::from(seconds) / 3600.0, 1)),
        _ => said!("{minutes} min", minutes = fixed(time.minutes(), 1)),
    }
}

/// The lines of a route in the order of their times; of none, the call and what has no way.
fn lines(prepared: &Prepared<'_>, route: Option<&PatientRoute>) -> Vec<Line> {
    let pathway = prepared.pathway();
    let call = match pathway.urgency {
        Urgency::Emergency => "call for help",
        Urgency::Elective => "asks for an appointment",
    };
    let mut lines = vec![line(Some(Seconds(0)), "call", words::of(call).into_owned())];
    let mut done = 0;
    if let Some(route) = route {
        done = route.visits.len();
        first_leg(prepared, route, &mut lines);
        let mut before = None;
        for visit in &route.visits {
            if let Some(before) = before {
                transfer(prepared, visit, before, &mut lines);
            }
            treatment(prepared, visit, &mut lines);
            before = Some(visit);
        }
        // A team may be alerted before the patient is there. The sort is stable: at one time, what was told
        // first comes first.
        lines.sort_by_key(|line| line.time);
    }

    for index in pathway.stage_indices().skip(done) {
        let stage = &pathway[index];
        let what =
            said!("no way to {name}: nobody in reach can do it now", name = words::of(&stage.name));
        lines.push(Line { stage: Some(index), ..line(None, "no_way", what) });
    }
    lines
}

fn line(time: Option<Seconds>, event: &'static str, what: String) -> Line {
    Line { time, event, stage: None, hospital: None, partner: None, cooperation: None, what }
}

fn first_leg(prepared: &Prepared<'_>, route: &PatientRoute, lines: &mut Vec<Line>) {
    let network = prepared.region().network();
    if route.wait.0 > 0 {
        let what = said!("has waited for opening hours; now gets ready");
        lines.push(line(Some(route.wait), "wait_over", what));
    }
    let journey = span(route.door - route.departure);
    let what = match route.means {
        Means::Ambulance => said!("ambulance leaves the scene, {journey} on the road", journey),
        Means::Helicopter => said!("helicopter leaves the scene, {journey} in the air", journey),
        Means::OwnCar => said!("leaves in the own car, {journey} on the road", journey),
    };
    lines.push(line(Some(route.departure), "departure", what));

    let Some(first) = route.visits.first() else { return };
    let hospital = &network[first.hospital];
    let what = said!("arrives at the door of {name}", name = hospital.name);
    let door = line(Some(route.door), "door", what);
    lines.push(Line { hospital: Some(first.hospital), ..door });
    let registered = match route.means {
        Means::OwnCar => "registered",
        Means::Ambulance | Means::Helicopter => "handed over to the hospital",
    };
    let handed = line(Some(route.handover), "handed_over", words::of(registered).into_owned());
    lines.push(Line { hospital: Some(first.hospital), ..handed });
}

/// The lines of how a patient is handed on from the visit before; none where nobody moves.
fn transfer(
    prepared: &Prepared<'_>,
    visit: &StageVisit,
    before: &StageVisit,
    lines: &mut Vec<Line>,
) {
    let Some(leg) = &visit.transfer else { return };
    let hospital = &prepared.region().network()[visit.hospital];
    // Some agreements let a patient leave only so long after arrival: then the stage before does not say why now.
    let why = if leg.departure > before.done {
        said!("{span} after arrival there", span = span(leg.term))
    } else {
        let stage = &prepared.pathway()[before.stage];
        said!("with the end of {stage}", stage = words::of(&stage.name))
    };
    let under = match leg.agreement {
        Some(id) => said!(
            "agreement {cooperation}",
            cooperation = cooperation_of(&prepared.cooperation(id).key)
        ),
        None => said!("no agreement"),
    };
    let journey = span(leg.journey);
    let what = said!(
        "leaves for {hospital} ({under}), {why}; {journey} on the road",
        hospital = hospital_of(&hospital.key),
        under,
        why,
        journey
    );
    let leaves = line(Some(leg.departure), "transfer_departure", what);
    lines.push(Line { hospital: Some(leg.from), cooperation: leg.agreement, ..leaves });

    let what = said!("arrives at {name}", name = hospital.name);
    let arrives = line(Some(visit.arrive), "transfer_arrival", what);
    lines.push(Line { hospital: Some(visit.hospital), ..arrives });
}

/// The lines of a stage at a hospital: who comes to help, its start, its end.
fn treatment(prepared: &Prepared<'_>, visit: &StageVisit, lines: &mut Vec<Line>) {
    let (network, stage) = (prepared.region().network(), &prepared.pathway()[visit.stage]);
    let hospital = hospital_of(&network[visit.hospital].key);
    let helper = match (visit.partner, visit.cooperation) {
        (Some(partner), Some(id)) => {
            let agreement = cooperation_of(&prepared.cooperation(id).key);
            let partner = hospital_of(&network[partner].key);
            said!("{partner} (cooperation {agreement})", partner, agreement)
        }
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
        let what =
            said!("team of {helper} is alerted for {name}", helper, name = words::of(&stage.name));
        lines.push(with("team_alerted", team.alerted, what));
        let what = said!("the team arrives at {hospital}", hospital);
        lines.push(with("team_arrives", team.arrives, what));
    }

    let late = span(visit.start - visit.arrive);
    let how = match &stage[visit.way] {
        StageProvision::OnSite => said!("on site"),
        StageProvision::Telemedicine { .. } => {
            said!("by telemedicine from {helper}, after {late} of consultation", helper, late)
        }
        StageProvision::VisitingTeam { .. } => said!("with the team that came"),
        StageProvision::CentralService { .. } => {
            said!("with the result of {helper}, which took {late}", helper, late)
        }
    };
    let what =
        said!("{name} starts at {hospital}, {how}", name = words::of(&stage.name), hospital, how);
    lines.push(with("start", visit.start, what));
    let what = said!(
        "{name} is done, after {span}",
        name = words::of(&stage.name),
        span = span(stage.duration)
    );
    lines.push(with("done", visit.done, what));
}
