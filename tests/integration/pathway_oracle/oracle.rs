//! A slow second reading of the rules in the documentation of [`verbund::pathways`].
//!
//! It knows no labels and no backward pass: it walks every route forward, each door, means, way,
//! partner, cooperation and transfer, and keeps the best by comparing whole routes.

use std::cell::RefCell;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use verbund::Region;
use verbund::calendar::{HourOfWeek, Hours, Moment};
use verbund::model::*;
use verbund::pathways::*;
use verbund::region::PlaceId;
use verbund::travel::Stop;
use verbund::units::Seconds;

use super::networks::cooperation_ids;

/// The protocols that an oracle answers for; a door is at most ten minutes nearer than a centre.
pub(super) const PROTOCOLS: [Protocol; 4] = [
    Protocol::Free,
    Protocol::NearestDoor,
    Protocol::Bypass { detour: Seconds::from_minutes(10) },
    Protocol::DirectToCentre,
];

/// By which rule one of two routes with equal times was taken, in the order of the rules.
pub(super) const RULES: [&str; 7] = [
    "wait",
    "transfers",
    "hospitals",
    "ways, partners, cooperations",
    "agreements",
    "arrival",
    "means",
];

/// A route under way.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    wait: Seconds,
    /// Position in the pathway's means.
    means: usize,
    departure: Seconds,
    contact: Seconds,
    door: Seconds,
    handover: Seconds,
    visits: Vec<StageVisit>,
}

impl Walk {
    fn end(&self) -> Seconds {
        self.visits.last().expect("it does the first stage").done
    }

    fn ends(&self) -> Vec<Seconds> {
        self.visits.iter().map(|visit| visit.done).collect()
    }

    /// The same after a wait.
    fn after(&self, wait: Seconds) -> Self {
        let mut walk = self.clone();
        walk.wait = wait;
        let Walk { contact, departure, door, handover, .. } = &mut walk;
        for time in [contact, departure, door, handover] {
            *time = *time + wait;
        }
        for visit in &mut walk.visits {
            if let Some(leg) = &mut visit.transfer {
                leg.came = leg.came + wait;
                leg.departure = leg.departure + wait;
            }
            for time in [&mut visit.arrive, &mut visit.start, &mut visit.done] {
                *time = *time + wait;
            }
            if let Some(team) = &mut visit.team {
                team.alerted = team.alerted + wait;
                team.arrives = team.arrives + wait;
            }
        }
        walk
    }
}

/// How a hospital can do a stage.
#[derive(Debug, Clone)]
struct Service<'a> {
    way: WayIndex,
    help: Option<(HospitalId, CooperationId)>,
    /// Consult or turnaround.
    before: Seconds,
    /// A team's call-out and journey, `None` beyond the cut-off, and its alert.
    team: Option<(Option<Seconds>, &'a Option<Alert>)>,
}

/// What is possible in an hour.
struct Tables<'a> {
    /// By stage and hospital.
    services: Vec<Vec<Vec<Service<'a>>>>,
    /// By sender.
    transfers: Vec<Vec<Transfer>>,
}

/// One way to hand a patient on.
#[derive(Debug, Clone)]
struct Transfer {
    to: HospitalId,
    agreement: Option<CooperationId>,
    /// From arrival at the sender.
    term: Seconds,
    journey: Seconds,
}

/// The answers of one hour, without waiting, under one protocol.
#[derive(Debug, Clone, Default)]
struct Answer {
    /// By objective: the last stage, then each stage.
    best: Vec<Option<Walk>>,
    /// Which rules of ties stood between the best route and another one with the same times.
    ties: Vec<[bool; RULES.len()]>,
    front: Vec<Walk>,
}

/// The answers of one hour by protocol.
type Answers = Rc<Vec<Answer>>;

/// Every route of a pathway.
pub(super) struct Oracle<'a> {
    region: &'a Region,
    pathway: &'a Pathway,
    cooperations: Vec<&'a Cooperation>,
    outage: Outage,
    /// For each hour of the week the first one in which the same is open.
    same_as: Vec<HourOfWeek>,
    is_quick: bool,
    known: RefCell<BTreeMap<(PlaceId, HourOfWeek), Answers>>,
    /// Routes walked so far, those that stop early included.
    pub(super) walked: RefCell<u64>,
    /// How often each rule of ties decided.
    pub(super) ties: RefCell<[u64; RULES.len()]>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(
        region: &'a Region,
        pathway: &'a Pathway,
        added: &'a [Cooperation],
        outage: Outage,
    ) -> Self {
        let cooperations: Vec<&Cooperation> =
            region.network().cooperations().iter().chain(added).collect();
        let open: Vec<Vec<bool>> =
            HourOfWeek::all().map(|hour| what_is_open(region, &cooperations, hour)).collect();
        let first_like = |own: &Vec<bool>| open.iter().position(|other| other == own);
        let same_as = open.iter().filter_map(|own| HourOfWeek::all().nth(first_like(own)?));
        Self {
            region,
            pathway,
            same_as: same_as.collect(),
            is_quick: false,
            cooperations,
            outage,
            known: RefCell::default(),
            walked: RefCell::default(),
            ties: RefCell::default(),
        }
    }

    /// The same, without hours that cannot be better.
    pub(super) fn quick(mut self) -> Self {
        self.is_quick = true;
        self
    }

    fn hospitals(&self) -> impl Iterator<Item = HospitalId> + use<'a> {
        self.region.network().iter().map(|(id, _)| id)
    }

    fn is_gone(&self, hospital: HospitalId) -> bool {
        self.outage.hospitals.contains(&hospital)
    }

    fn meets(&self, hour: HourOfWeek, hospital: HospitalId, requirement: &Requirement) -> bool {
        self.knows(Some(hour), hospital, requirement) == Some(true)
    }

    /// Whether a hospital meets a requirement, in an hour or in any; `None` where a grade that is not
    /// stated decides it, or a list of departments that is not there. The random catalog has one facility with grades, "low" and "high".
    fn knows(
        &self,
        hour: Option<HourOfWeek>,
        hospital: HospitalId,
        requirement: &Requirement,
    ) -> Option<bool> {
        let own = &self.region.network()[hospital];
        let is_open = |hours: &Hours| hour.is_none_or(|hour| hours.is_open_in(hour));
        if !matches!(own.kind, SiteKind::Hospital) {
            return Some(false);
        }
        match requirement {
            // Of whom the data have no department at all, nobody knows which ones there are.
            Requirement::Specialty(_) if own.departments.is_empty() => None,
            Requirement::Specialty(key) => Some(own.departments.iter().any(|unit| {
                unit.specialty == *key && unit.kind != DepartmentKind::Day && is_open(&unit.hours)
            })),
            Requirement::Facility { kind, at_least } => {
                let unit = own.facilities.iter().find(|unit| unit.kind == *kind);
                let Some(unit) = unit.filter(|unit| is_open(&unit.hours)) else {
                    return Some(false);
                };
                match (unit.grade.as_deref(), at_least.as_deref()) {
                    (_, None | Some("low")) => Some(true),
                    (None, _) => None,
                    (grade, _) => Some(grade == Some("high")),
                }
            }
            Requirement::All(parts) => {
                let answers: Vec<_> =
                    parts.iter().map(|part| self.knows(hour, hospital, part)).collect();
                if answers.contains(&Some(false)) {
                    Some(false)
                } else if answers.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Requirement::Any(parts) => {
                let answers: Vec<_> =
                    parts.iter().map(|part| self.knows(hour, hospital, part)).collect();
                if answers.contains(&Some(true)) {
                    Some(true)
                } else if answers.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            other => panic!("{other} is in no random pathway"),
        }
    }

    /// The hospitals of which nobody knows whether they can do a stage or help with it.
    pub(super) fn unknown(&self) -> Vec<HospitalId> {
        let is_unknown = |hospital: &HospitalId| {
            self.pathway.stages.iter().any(|stage| {
                stage.ways.iter().any(|way| {
                    if *way == StageProvision::OnSite {
                        return self.knows(None, *hospital, &stage.requirement).is_none();
                    }
                    let own = stage.on_site(way.remote()).expect("remote parts are parts");
                    let partner = Requirement::All(way.remote().to_vec());
                    [own, partner].iter().any(|part| self.knows(None, *hospital, part).is_none())
                })
            })
        };
        self.hospitals().filter(is_unknown).collect()
    }

    /// Cooperations open in an hour that run from an existing hospital to this one.
    ///
    /// A region's own are all active; one that is added is at work whatever its record says.
    fn links(
        &self,
        hour: HourOfWeek,
        to: HospitalId,
    ) -> Vec<(CooperationId, &'a Cooperation, HospitalId)> {
        let network = self.region.network();
        let mut found = Vec::new();
        for (id, &one) in cooperation_ids(network).zip(&self.cooperations) {
            let is_open = one.hours.is_open_in(hour) && !self.outage.cooperations.contains(&id);
            let Parties::Directed { from, to: sites } = &one.parties else { continue };
            let from = network.find(from).expect("cooperations name hospitals that exist");
            if is_open && from != to && !self.is_gone(from) && sites.contains(&network[to].key) {
                found.push((id, one, from));
            }
        }
        found
    }

    /// Every way in which a hospital can do a stage in an hour, teams out of reach included.
    fn services(&self, hour: HourOfWeek, stage: usize, at: HospitalId) -> Vec<Service<'a>> {
        let stage = &self.pathway.stages[stage];
        let mut found = Vec::new();
        if self.is_gone(at) {
            return found;
        }
        for (index, way) in stage.way_indices().zip(&stage.ways) {
            let mut service = Service { way: index, help: None, before: Seconds(0), team: None };
            if *way == StageProvision::OnSite {
                if self.meets(hour, at, &stage.requirement) {
                    found.push(service);
                }
                continue;
            }
            let own = stage.on_site(way.remote()).expect("remote parts are parts");
            if !self.meets(hour, at, &own) {
                continue;
            }
            for (cooperation, one, partner) in self.links(hour, at) {
                let covers = way.fields().iter().all(|field| one.covers(field));
                let mut remote = way.remote().iter();
                if !covers || !remote.all(|part| self.meets(hour, partner, part)) {
                    continue;
                }
                match (way, one.kind) {
                    (
                        StageProvision::Telemedicine { consult: rule, .. },
                        CooperationKind::Telemedicine { consult: term },
                    )
                    | (
                        StageProvision::CentralService { turnaround: rule, .. },
                        CooperationKind::CentralService { turnaround: term },
                    ) => service.before = term.unwrap_or(*rule),
                    (
                        StageProvision::VisitingTeam { call_out, alert, .. },
                        CooperationKind::VisitingTeam { call_out: term },
                    ) => {
                        let drive = self.region.between(partner, at);
                        let offset = drive.map(|drive| term.unwrap_or(*call_out) + drive);
                        service.team = Some((offset, alert));
                    }
                    _ => continue,
                }
                service.help = Some((partner, cooperation));
                found.push(service.clone());
            }
        }
        found
    }

    /// Every transfer from a hospital in an hour.
    fn transfers(&self, hour: HourOfWeek, from: HospitalId) -> Vec<Transfer> {
        let rule = &self.pathway.transfer;
        let mut found = Vec::new();
        for to in self.hospitals().filter(|&to| to != from && !self.is_gone(to)) {
            let Some(journey) = self.region.between(from, to) else { continue };
            let mut add = |agreement, term| {
                found.push(Transfer { to, agreement, term, journey });
            };
            match rule.without_agreement {
                WithoutAgreement::Never => {}
                WithoutAgreement::Allowed => add(None, rule.door_in_door_out),
                WithoutAgreement::After(penalty) => add(None, rule.door_in_door_out + penalty),
            }
            for (index, one, sender) in self.links(hour, to) {
                let CooperationKind::Transfer { door_in_door_out, .. } = one.kind else { continue };
                if sender == from && rule.fields.iter().any(|field| one.covers(field)) {
                    add(Some(index), door_in_door_out.unwrap_or(rule.door_in_door_out));
                }
            }
        }
        found
    }

    fn tables(&self, hour: HourOfWeek) -> Tables<'a> {
        let in_reach = |stage: usize, at: HospitalId| {
            let mut services = self.services(hour, stage, at);
            services.retain(|one| one.team.is_none_or(|(offset, _)| offset.is_some()));
            services
        };
        let services = (0..self.pathway.stages.len())
            .map(|stage| self.hospitals().map(|at| in_reach(stage, at)).collect())
            .collect();
        let transfers = self.hospitals().map(|from| self.transfers(hour, from)).collect();
        Tables { services, transfers }
    }

    /// Every first leg of a place in an hour, to whatever hospital.
    fn first_legs(&self, hour: HourOfWeek, place: PlaceId) -> Vec<(HospitalId, Walk)> {
        let network = self.region.network();
        let FirstLeg { ambulance, helicopter, own_car, .. } = &network.catalog().first_leg;
        let by_road: BTreeMap<HospitalId, Seconds> = self.region.from_centre(place).collect();
        let mut found = Vec::new();
        for at in self.hospitals() {
            if self.is_gone(at) || self.outage.doors.contains(&at) {
                continue;
            }
            let leg = |means: usize, before: Seconds, journey: Seconds, handover: Seconds| Walk {
                wait: Seconds(0),
                means,
                contact: before + journey,
                departure: before,
                door: before + journey,
                handover: before + journey + handover,
                visits: Vec::new(),
            };
            let mut legs = Vec::new();
            for (index, means) in self.pathway.first_leg.iter().enumerate() {
                let Some(&drive) = by_road.get(&at) else { continue };
                match means {
                    Means::Ambulance => {
                        let contact =
                            ambulance.call_handling + ambulance.turnout + ambulance.drive_to_scene;
                        let before = contact + ambulance.on_scene;
                        let driven = leg(index, before, drive, ambulance.handover);
                        legs.push(Walk { contact, ..driven });
                    }
                    Means::OwnCar => {
                        legs.push(leg(index, own_car.getting_ready, drive, own_car.registration));
                    }
                    Means::Helicopter => {}
                }
            }
            let flies = self.pathway.first_leg.iter().position(|one| *one == Means::Helicopter);
            let mut pads = network[at].facilities.iter().filter(|one| one.kind == "helipad");
            if let Some(index) = flies
                && helicopter.hours.is_open_in(hour)
                && pads.any(|pad| pad.hours.is_open_in(hour))
            {
                let from = Stop::new("", self.region.place(place).position);
                let metres = from.distance_to(&Stop::new("", network[at].position));
                let flight = (metres * 3.6 / helicopter.km_per_hour).round() as u32;
                let contact =
                    helicopter.call_handling + helicopter.turnout + helicopter.flight_to_scene;
                let before = contact + helicopter.on_scene + helicopter.start_and_landing;
                let flown = leg(index, before, Seconds(flight), helicopter.handover);
                let flown = Walk { contact, ..flown };
                let gains = |road: &Walk| flown.door + helicopter.least_gain <= road.door;
                if Seconds(flight) <= Region::CUTOFF && legs.iter().all(gains) {
                    legs.push(flown);
                }
            }
            found.extend(legs.into_iter().map(|leg| (at, leg)));
        }
        found
    }

    /// The first doors that a protocol allows in an hour, of those that can do the first stage.
    fn doors(
        &self,
        hour: HourOfWeek,
        legs: &[(HospitalId, Walk)],
        protocol: Protocol,
    ) -> Vec<HospitalId> {
        let is_centre = |at: HospitalId| {
            self.pathway.stages.iter().all(|stage| {
                stage.ways.contains(&StageProvision::OnSite)
                    && self.meets(hour, at, &stage.requirement)
            })
        };
        // A team that has no way there cannot do anything.
        let can = |stage: usize, at: HospitalId| {
            let services = self.services(hour, stage, at);
            services.iter().any(|one| !matches!(one.team, Some((None, _))))
        };
        let last = self.pathway.door.as_deref().and_then(|key| self.pathway.stage(key));
        let last = last.map_or(0, StageIndex::index);
        let is_gate = |at: HospitalId| (1..=last).all(|stage| can(stage, at));
        let gates = legs.iter().filter(|(at, _)| is_gate(*at));
        let nearest = gates.map(|(at, leg)| (leg.door, *at)).min();
        let nearest = nearest.or_else(|| legs.iter().map(|(at, leg)| (leg.door, *at)).min());
        let centres = legs.iter().filter(|(at, _)| is_centre(*at));
        let centre = centres.map(|(at, leg)| (leg.door, *at)).min();
        let prescribed = match (protocol, nearest, centre) {
            (Protocol::Free, ..) => return legs.iter().map(|(at, _)| *at).collect(),
            (Protocol::Bypass { detour }, Some(nearest), Some(centre)) => {
                Some(if centre.0 <= nearest.0 + detour { centre } else { nearest })
            }
            (Protocol::NearestDoor, nearest, _) | (Protocol::Bypass { .. }, nearest, None) => {
                nearest
            }
            (Protocol::DirectToCentre, nearest, centre) => centre.or(nearest),
            (_, None, _) => None,
            (unknown, ..) => panic!("the slow method does not know {unknown:?}"),
        };
        prescribed.into_iter().map(|(_, at)| at).collect()
    }

    /// Goes on with each way of the next stage at a hospital, then with every stage behind it.
    ///
    /// The patient came to the hospital at one moment, and is ready for the stage at another.
    fn go_on(
        &self,
        tables: &Tables<'a>,
        walk: &mut Walk,
        (at, came, arrive, transfer): (HospitalId, Seconds, Seconds, Option<&TransferLeg>),
        each: &mut dyn FnMut(&Walk),
    ) {
        let stage = walk.visits.len();
        for service in &tables.services[stage][at.index()] {
            let team = service.team.and_then(|(offset, alert)| Some((offset?, alert)));
            let team = team.map(|(offset, alert)| {
                let alerted = match alert {
                    Some(Alert::Call) => Seconds(0),
                    Some(Alert::Stage(key)) => {
                        let is_it = |at: &usize| self.pathway.stages[*at].key == *key;
                        walk.visits[(0..stage).find(is_it).expect("an earlier stage")].done
                    }
                    None => walk.visits.last().map_or(came, |before| before.done),
                };
                TeamLeg { alerted, arrives: alerted + offset }
            });
            let start = team.map_or(arrive, |team| team.arrives.max(arrive)) + service.before;
            let done = start + self.pathway.stages[stage].duration;
            walk.visits.push(StageVisit {
                stage: self.pathway.stage_indices().nth(stage).unwrap(),
                hospital: at,
                transfer: transfer.cloned(),
                arrive,
                way: service.way,
                partner: service.help.map(|(partner, _)| partner),
                cooperation: service.help.map(|(_, cooperation)| cooperation),
                team,
                start,
                done,
            });
            *self.walked.borrow_mut() += 1;
            each(walk);
            if stage + 1 < self.pathway.stages.len() {
                self.go_on(tables, walk, (at, came, done, None), each);
                for one in &tables.transfers[at.index()] {
                    let departure = done.max(came + one.term);
                    let leg = TransferLeg {
                        from: at,
                        agreement: one.agreement,
                        came,
                        term: one.term,
                        departure,
                        journey: one.journey,
                    };
                    let there = departure + one.journey;
                    self.go_on(tables, walk, (one.to, there, there, Some(&leg)), each);
                }
            }
            walk.visits.pop();
        }
    }

    /// Every route in an hour that can be done in it, also those that stop early.
    fn walk_all(&self, hour: HourOfWeek, place: PlaceId) -> Vec<Answer> {
        let tables = self.tables(hour);
        let mut legs = self.first_legs(hour, place);
        legs.retain(|(at, _)| !tables.services[0][at.index()].is_empty());
        let doors = PROTOCOLS.map(|protocol| self.doors(hour, &legs, protocol));
        let objectives = self.pathway.stages.len() + 1;
        let empty = Answer {
            best: vec![None; objectives],
            ties: vec![Default::default(); objectives],
            ..Answer::default()
        };
        let mut answers = vec![empty; PROTOCOLS.len()];
        for (at, leg) in legs {
            let mut walk = leg.clone();
            let ready = match self.pathway.stages[0].from {
                StageFrom::Door => leg.door,
                StageFrom::Handover => leg.handover,
            };
            self.go_on(&tables, &mut walk, (at, leg.door, ready, None), &mut |walk| {
                for (answer, doors) in answers.iter_mut().zip(&doors) {
                    if doors.contains(&at) {
                        take(answer, walk);
                    }
                }
            });
        }
        answers
    }

    /// The answers of an hour; hours in which the same is open are walked once.
    fn answers(&self, hour: HourOfWeek, place: PlaceId) -> Answers {
        let key = (place, self.same_as[hour.index()]);
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }
        let answers = Rc::new(self.walk_all(hour, place));
        self.known.borrow_mut().insert(key, Rc::clone(&answers));
        answers
    }

    /// The hours in which a patient who calls at a moment can go, each with the wait for its start.
    ///
    /// A quick oracle leaves out hours in which the same is open as in an earlier one.
    fn hours(&self, moment: Moment) -> Vec<(HourOfWeek, Seconds)> {
        let mut hours = vec![(moment.hour, Seconds(0))];
        if self.pathway.urgency == Urgency::Elective {
            for hour in HourOfWeek::all().filter(|hour| *hour != moment.hour) {
                let wait = moment.hour.until(hour) * 3600 - u32::from(moment.minute) * 60;
                hours.push((hour, Seconds(wait)));
            }
        }
        if self.is_quick {
            hours.sort_by_key(|(_, wait)| *wait);
            let mut seen = BTreeSet::new();
            hours.retain(|(hour, _)| seen.insert(self.same_as[hour.index()]));
        }
        hours
    }

    /// The best route of a person at a moment for an objective: 0 for the last stage, then stages.
    pub(super) fn best(
        &self,
        place: PlaceId,
        moment: Moment,
        (protocol, objective): (usize, usize),
    ) -> Option<PatientRoute> {
        let mut best: Option<Walk> = None;
        let mut ties = [false; RULES.len()];
        for (hour, wait) in self.hours(moment) {
            let answer = &self.answers(hour, place)[protocol];
            let Some(own) = &answer.best[objective] else { continue };
            let own = own.after(wait);
            take_as_best((&mut best, &mut ties), &own, objective);
            if best.as_ref().is_some_and(|best| rank(objective, best) == rank(objective, &own)) {
                ties.iter_mut().zip(answer.ties[objective]).for_each(|(all, own)| *all |= own);
            }
        }
        let mut counts = self.ties.borrow_mut();
        counts.iter_mut().zip(ties).for_each(|(count, tie)| *count += u64::from(tie));
        best.map(|walk| self.route(&walk))
    }

    /// The Pareto set of a person at a moment.
    pub(super) fn front(
        &self,
        place: PlaceId,
        moment: Moment,
        protocol: usize,
    ) -> Vec<PatientRoute> {
        let hours = self.hours(moment);
        let mut front = Vec::new();
        for (hour, wait) in hours {
            let answer = &self.answers(hour, place)[protocol];
            for walk in &answer.front {
                take_into_front(&mut front, &walk.after(wait));
            }
        }
        front.sort_by_key(|walk| (Reverse(walk.visits.len()), walk.end(), walk.ends()));
        front.iter().map(|walk| self.route(walk)).collect()
    }

    fn route(&self, walk: &Walk) -> PatientRoute {
        PatientRoute {
            wait: walk.wait,
            means: self.pathway.first_leg[walk.means],
            contact: walk.contact,
            departure: walk.departure,
            door: walk.door,
            handover: walk.handover,
            visits: walk.visits.clone(),
        }
    }

    fn different_hours(&self) -> BTreeSet<HourOfWeek> {
        self.same_as.iter().copied().collect()
    }

    /// The stages that nobody can do in any hour.
    pub(super) fn unmet_by_anybody(&self) -> Vec<String> {
        let stages = self.pathway.stages.iter().enumerate();
        let unmet = stages.filter(|(index, _)| {
            self.different_hours()
                .into_iter()
                .all(|hour| self.hospitals().all(|at| self.services(hour, *index, at).is_empty()))
        });
        unmet.map(|(_, stage)| stage.key.clone()).collect()
    }

    /// Cooperations over which somebody can be helped or handed on in some hour.
    pub(super) fn that_can_serve(&self) -> BTreeSet<CooperationId> {
        let mut found = BTreeSet::new();
        for hour in self.different_hours() {
            for at in self.hospitals() {
                for stage in 0..self.pathway.stages.len() {
                    let services = self.services(hour, stage, at);
                    found.extend(services.iter().filter_map(|one| Some(one.help?.1)));
                }
                let transfers = self.transfers(hour, at);
                found.extend(transfers.iter().filter_map(|one| one.agreement));
            }
        }
        found
    }

    /// Cooperations of a kind and for fields that the pathway has a use for, whoever takes part.
    pub(super) fn that_fit(&self) -> Vec<CooperationId> {
        let fits = |one: &Cooperation| {
            let ways = self.pathway.stages.iter().flat_map(|stage| &stage.ways);
            let mut helps = ways.filter(|way| way.name() == one.kind.name());
            let mut fields = self.pathway.transfer.fields.iter();
            match one.kind {
                CooperationKind::Transfer { .. } => fields.any(|field| one.covers(field)),
                _ => helps.any(|way| way.fields().iter().all(|field| one.covers(field))),
            }
        };
        let ids = cooperation_ids(self.region.network()).zip(&self.cooperations);
        ids.filter(|(_, one)| fits(one)).map(|(id, _)| id).collect()
    }
}

/// Keeps a route if it is better than what is known.
fn take(answer: &mut Answer, walk: &Walk) {
    let all = answer.best.iter_mut().zip(&mut answer.ties).enumerate();
    for (objective, (best, ties)) in all {
        take_as_best((best, ties), walk, objective);
    }
    take_into_front(&mut answer.front, walk);
}

fn take_as_best(
    (best, ties): (&mut Option<Walk>, &mut [bool; RULES.len()]),
    walk: &Walk,
    objective: usize,
) {
    let Some(known) = best else {
        *best = Some(walk.clone());
        return;
    };
    match rank(objective, walk).cmp(&rank(objective, known)) {
        Ordering::Greater => {}
        Ordering::Less => (*best, *ties) = (Some(walk.clone()), Default::default()),
        Ordering::Equal => {
            let (order, rule) = tie(walk, known);
            ties[rule] = true;
            if order == Ordering::Less {
                *best = Some(walk.clone());
            }
        }
    }
}

fn take_into_front(front: &mut Vec<Walk>, walk: &Walk) {
    // A stage without a way is later than any.
    let no_later = |a: &Walk, b: &Walk| {
        let mut both = a.visits.iter().zip(&b.visits);
        a.visits.len() >= b.visits.len() && both.all(|(a, b)| a.done <= b.done)
    };
    for other in front.iter() {
        let is_equal = no_later(other, walk) && no_later(walk, other);
        if is_equal && tie(walk, other).0 == Ordering::Less {
            continue;
        }
        if no_later(other, walk) {
            return;
        }
    }
    front.retain(|other| !no_later(walk, other));
    front.push(walk.clone());
}

/// Which of two routes with equal times counts, and by which of [`RULES`].
///
/// Positions of hospitals and of a network's cooperations follow their keys; cooperations that
/// are added come behind these, whatever their keys.
fn tie(a: &Walk, b: &Walk) -> (Ordering, usize) {
    let transfers =
        |walk: &Walk| walk.visits.iter().filter(|visit| visit.transfer.is_some()).count();
    let hospitals = |walk: &Walk| -> Vec<HospitalId> {
        walk.visits.iter().map(|visit| visit.hospital).collect()
    };
    let ways = |walk: &Walk| -> Vec<_> {
        let each = walk.visits.iter();
        each.map(|visit| (visit.way, visit.partner, visit.cooperation)).collect()
    };
    let agreements = |walk: &Walk| -> Vec<_> {
        let legs = walk.visits.iter().filter_map(|visit| visit.transfer.as_ref());
        legs.map(|leg| (leg.agreement.is_none(), leg.agreement)).collect()
    };
    let rules = [
        // A patient only waits to be done earlier.
        a.wait.cmp(&b.wait),
        transfers(a).cmp(&transfers(b)),
        hospitals(a).cmp(&hospitals(b)),
        ways(a).cmp(&ways(b)),
        agreements(a).cmp(&agreements(b)),
        a.door.cmp(&b.door),
        a.means.cmp(&b.means),
    ];
    let decides = rules.iter().position(|order| order.is_ne());
    decides.map_or((Ordering::Equal, RULES.len() - 1), |rule| (rules[rule], rule))
}

/// What an objective compares, the least is the best: 0 for the last stage, then each stage.
///
/// More stages come before less time, but behind a chosen stage only after that one's time.
fn rank(objective: usize, walk: &Walk) -> (Reverse<usize>, Seconds, Reverse<usize>, Seconds) {
    let depth = walk.visits.len();
    let wanted = if objective == 0 { usize::MAX } else { objective };
    let chosen = walk.visits.get(wanted - 1).map_or(Seconds(0), |visit| visit.done);
    (Reverse(depth.min(wanted)), chosen, Reverse(depth), walk.end())
}

/// What is open in an hour, in a fixed order.
fn what_is_open(region: &Region, cooperations: &[&Cooperation], hour: HourOfWeek) -> Vec<bool> {
    let network = region.network();
    let units = network.hospitals().iter().flat_map(|one| {
        let departments = one.departments.iter().map(|one| one.hours);
        departments.chain(one.facilities.iter().map(|one| one.hours)).collect::<Vec<_>>()
    });
    let cooperations = cooperations.iter().map(|one| one.hours);
    let helicopter = [network.catalog().first_leg.helicopter.hours];
    units.chain(cooperations).chain(helicopter).map(|hours| hours.is_open_in(hour)).collect()
}
