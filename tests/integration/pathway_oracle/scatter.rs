//! Durations that scatter, against draws: the same routes walked forward many times, each duration
//! drawn anew.

use std::cell::Cell;

use verbund::model::*;
use verbund::pathways::*;
use verbund::units::Seconds;

use super::networks::{Dice, World};
use super::oracle::{Oracle, PROTOCOLS};
use super::{objectives, on_networks};

/// Draws of each route.
const DRAWS: usize = 3000;

/// Standard errors that a share or mean may be off: one of 150,000 is by chance.
const ERRORS: f64 = 4.5;

/// A small generator (`SplitMix64`), so that the draws are the same everywhere.
struct Draws(u64);

impl Draws {
    /// Evenly between 0 and 1, without 0.
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + 1e-17
    }

    /// A normal deviate, by the method of Box and Muller.
    fn normal(&mut self) -> f64 {
        let angle = 2.0 * std::f64::consts::PI * self.even();
        (-2.0 * self.even().ln()).sqrt() * angle.cos()
    }

    /// A duration around its median, to the second.
    fn duration(&mut self, median: Seconds, spread: Option<Spread>) -> f64 {
        let Some(spread) = spread else { return f64::from(median.0) };
        // From quartiles or from the coefficient of variation, as textbooks have it.
        let sigma = match spread {
            Spread::Iqr(low, high) => (f64::from(high.0) / f64::from(low.0)).ln() / 1.348_979_5,
            Spread::Cv(cv) => (1.0 + cv * cv).ln().sqrt(),
        };
        (f64::from(median.0) * (sigma * self.normal()).exp()).round()
    }
}

/// When everything happened in one draw, in seconds from the call.
struct Times {
    contact: f64,
    door: f64,
    handover: f64,
    /// By stage: arrival at its hospital, start, end.
    stages: Vec<[f64; 3]>,
}

impl Times {
    fn at(&self, pathway: &Pathway, event: &Event) -> Option<f64> {
        let stage = event.stage().map(|key| pathway.stage(key).unwrap().index());
        match (event, stage) {
            (Event::Call, _) => Some(0.0),
            (Event::FirstContact, _) => Some(self.contact),
            (Event::Door, _) => Some(self.door),
            (Event::Handover, _) => Some(self.handover),
            (Event::Arrival(_), Some(stage)) => Some(self.stages.get(stage)?[0]),
            (Event::Start(_), Some(stage)) => Some(self.stages.get(stage)?[1]),
            (Event::Done(_), Some(stage)) => Some(self.stages.get(stage)?[2]),
            _ => None,
        }
    }
}

/// One person's way along a route.
fn draw(prepared: &Prepared<'_>, route: &PatientRoute, draws: &mut Draws) -> Times {
    let pathway = prepared.pathway();
    let leg = &prepared.region().network().catalog().first_leg;
    let mut part =
        |path: &str, median: Seconds| draws.duration(median, leg.spreads.get(path).copied());
    let wait = f64::from(route.wait.0);
    let (mut contact, mut departure, handover) = match route.means {
        Means::Ambulance => {
            let one = &leg.ambulance;
            let contact = part("ambulance.call_handling", one.call_handling)
                + part("ambulance.turnout", one.turnout)
                + part("ambulance.drive_to_scene", one.drive_to_scene);
            let departure = contact + part("ambulance.on_scene", one.on_scene);
            (contact, departure, part("ambulance.handover", one.handover))
        }
        Means::Helicopter => {
            let one = &leg.helicopter;
            let contact = part("helicopter.call_handling", one.call_handling)
                + part("helicopter.turnout", one.turnout)
                + part("helicopter.flight_to_scene", one.flight_to_scene);
            let departure = contact
                + part("helicopter.on_scene", one.on_scene)
                + part("helicopter.start_and_landing", one.start_and_landing);
            (contact, departure, part("helicopter.handover", one.handover))
        }
        Means::OwnCar => {
            let ready = part("own_car.getting_ready", leg.own_car.getting_ready);
            (f64::NAN, ready, part("own_car.registration", leg.own_car.registration))
        }
    };
    departure += wait;
    let door = departure + f64::from((route.door - route.departure).0);
    contact = if route.means == Means::OwnCar { door } else { contact + wait };
    let handover = door + handover;
    let mut came = door;
    let mut ready = match pathway.stages[0].from {
        StageFrom::Door => door,
        StageFrom::Handover => handover,
    };
    let mut stages: Vec<[f64; 3]> = Vec::new();
    for visit in &route.visits {
        let stage = &pathway[visit.stage];
        let rule = &pathway.transfer;
        if let Some(leg) = &visit.transfer {
            let term = if leg.agreement.is_some() {
                draws.duration(leg.term, rule.spread)
            } else {
                let penalty = leg.term - rule.door_in_door_out;
                draws.duration(rule.door_in_door_out, rule.spread) + f64::from(penalty.0)
            };
            came = ready.max(came + term) + f64::from(leg.journey.0);
            ready = came;
        }
        let way = &stage[visit.way];
        let start = match way {
            StageProvision::OnSite => ready,
            StageProvision::Telemedicine { spread, .. }
            | StageProvision::CentralService { spread, .. } => {
                ready + draws.duration(visit.start - visit.arrive, *spread)
            }
            StageProvision::VisitingTeam { call_out, spread, alert, .. } => {
                let alerted = match alert {
                    Some(Alert::Call) => wait,
                    Some(Alert::Stage(key)) => stages[pathway.stage(key).unwrap().index()][2],
                    None => stages.last().map_or(came, |before| before[2]),
                };
                let cooperation = prepared.cooperation(visit.cooperation.unwrap());
                let CooperationKind::VisitingTeam { call_out: term } = cooperation.kind else {
                    panic!("a team comes by its cooperation")
                };
                let call_out = term.unwrap_or(*call_out);
                let team = visit.team.unwrap();
                let journey = team.arrives - team.alerted - call_out;
                let there = alerted + draws.duration(call_out, *spread) + f64::from(journey.0);
                ready.max(there)
            }
        };
        let done = start + draws.duration(stage.duration, stage.spread);
        stages.push([came, start, done]);
        ready = done;
    }
    Times { contact, door, handover, stages }
}

/// Whether some team on a route was alerted before the patient came to its hospital: then a stage or a
/// departure waits for two things that share a part of what came before.
fn is_entangled(pathway: &Pathway, route: &PatientRoute) -> bool {
    route.visits.iter().enumerate().any(|(index, visit)| match &pathway[visit.stage][visit.way] {
        StageProvision::VisitingTeam { alert: Some(Alert::Call), .. } => true,
        StageProvision::VisitingTeam { alert: Some(Alert::Stage(key)), .. } => {
            let alerted = pathway.stage(key).unwrap().index();
            route.visits[alerted + 1..=index].iter().any(|visit| visit.transfer.is_some())
        }
        StageProvision::VisitingTeam { alert: None, .. } => visit.transfer.is_some(),
        _ => false,
    })
}

/// The same world with spreads.
fn scattered(world: &World, dice: &mut Dice<'_>) -> World {
    let mut world = world.clone();
    let mut catalog = world.model.network.catalog().clone();
    let mut spread = |median: Seconds| {
        if median == Seconds(0) {
            return None;
        }
        let part = |share: f64| Seconds((f64::from(median.0) * share).round() as u32);
        match dice.below(4) {
            0 => None,
            1 => Some(Spread::Cv(0.5)),
            2 => Some(Spread::Cv(0.2)),
            _ => Some(Spread::Iqr(part(0.7), part(1.5))),
        }
    };
    let leg = &mut catalog.first_leg;
    for (path, median) in [
        ("ambulance.call_handling", leg.ambulance.call_handling),
        ("ambulance.turnout", leg.ambulance.turnout),
        ("ambulance.on_scene", leg.ambulance.on_scene),
        ("ambulance.handover", leg.ambulance.handover),
        ("helicopter.start_and_landing", leg.helicopter.start_and_landing),
        ("own_car.getting_ready", leg.own_car.getting_ready),
    ] {
        if let Some(spread) = spread(median) {
            leg.spreads.insert(path.to_owned(), spread);
        }
    }
    let pathway = &mut catalog.pathways[0];
    pathway.transfer.spread = spread(pathway.transfer.door_in_door_out);
    for stage in &mut pathway.stages {
        stage.spread = spread(stage.duration);
        for way in &mut stage.ways {
            match way {
                StageProvision::OnSite => {}
                StageProvision::Telemedicine { consult: median, spread: own, .. }
                | StageProvision::VisitingTeam { call_out: median, spread: own, .. }
                | StageProvision::CentralService { turnaround: median, spread: own, .. } => {
                    *own = spread(*median);
                }
            }
        }
    }
    let network = &world.model.network;
    let (hospitals, cooperations) = (network.hospitals().to_vec(), network.cooperations().to_vec());
    world.model.network = super::networks::network(catalog, hospitals, cooperations);
    world
}

/// A share or mean of draws with its standard error.
struct Estimate {
    value: f64,
    error: f64,
}

impl Estimate {
    /// The mean over people of values by place: weight, and the values of the draws.
    fn of(places: &[(f64, Vec<f64>)]) -> Self {
        let total: f64 = places.iter().map(|(weight, _)| weight).sum();
        let (mut value, mut variance) = (0.0, 0.0);
        for (weight, values) in places {
            let count = values.len() as f64;
            let mean = values.iter().sum::<f64>() / count;
            let square = values.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>();
            value += weight / total * mean;
            variance += (weight / total) * (weight / total) * square / (count - 1.0) / count;
        }
        Self { value, error: variance.sqrt() }
    }

    fn is_near(&self, exact: f64, room: f64) -> bool {
        (self.value - exact).abs() <= ERRORS * self.error + room
    }
}

#[test]
fn shares_and_means_are_those_of_many_draws() {
    let (checked, scattering, entangled) = (Cell::new(0), Cell::new(0), Cell::new(0));
    on_networks(1500, |world, dice| {
        if entangled.get() == 30 {
            return; // convolutions take their time
        }
        let world = scattered(world, dice);
        let region = world.region();
        let pathway = &region.network().catalog().pathways[0];
        let Ok(prepared) = Prepared::new(&region, pathway, &world.added) else { return };
        let outage = world.outage(&region);
        let objective = objectives(pathway)[0].clone();
        let protocol = dice.below(PROTOCOLS.len());
        let query = Query::default().when(When::At(world.moment)).outage(outage.clone());
        let query = query.protocol(PROTOCOLS[protocol]).objective(objective);
        let outcome = prepared.evaluate(&query).unwrap();

        // Routes are those of the medians, whatever scatters.
        let oracle = Oracle::new(&region, pathway, &world.added, outage);
        let mut draws = Draws(7);
        let places = region.place_ids().filter(|id| !region.place(*id).outside);
        let routes: Vec<_> =
            places.map(|place| (place, oracle.best(place, world.moment, (protocol, 0)))).collect();
        let mut taken = routes.iter().filter_map(|(_, route)| route.as_ref());
        let is_one_entangled = taken.any(|route| is_entangled(pathway, route));
        // After the first ones, those with a team that is alerted early.
        if checked.get() >= 60 && !is_one_entangled {
            return;
        }
        let mut people = Vec::new();
        for (place, route) in routes {
            let times = route.map(|route| {
                (0..DRAWS).map(|_| draw(&prepared, &route, &mut draws)).collect::<Vec<_>>()
            });
            people.push((region.place(place).population.people() as f64, times));
        }
        check(pathway, &outcome, &people);
        checked.set(checked.get() + 1);
        scattering.set(scattering.get() + u32::from(pathway.has_spread()));
        entangled.set(entangled.get() + u32::from(is_one_entangled));
    });
    assert!(checked.get() >= 30 && scattering.get() >= 20, "{checked:?} {scattering:?}");
    assert!(entangled.get() == 30, "{entangled:?}");
    println!("{checked:?} networks, {entangled:?} of them with a team alerted early");
}

/// People of a place, with the draws of their route where they have one.
type Drawn = (f64, Option<Vec<Times>>);

/// Compares figures with draws: people by place with the draws of their route.
fn check(pathway: &Pathway, outcome: &Outcome<'_, '_>, people: &[Drawn]) {
    for result in outcome.targets() {
        let target = &result.target;
        let limit = f64::from(target.limit().0);
        let in_time: Vec<(f64, Vec<f64>)> = people
            .iter()
            .map(|(weight, times)| {
                let Some(times) = times else { return (*weight, vec![0.0; 2]) };
                let is_in_time = |times: &Times| {
                    let from = times.at(pathway, &target.from)?;
                    Some(times.at(pathway, &target.to)? - from <= limit)
                };
                let share = |times| f64::from(u8::from(is_in_time(times).unwrap_or(false)));
                (*weight, times.iter().map(share).collect())
            })
            .collect();
        let drawn = Estimate::of(&in_time);
        let (value, error) = (drawn.value, drawn.error);
        assert!(!result.is_bound, "{target:?}");
        // A share of nearly 0 or 1 may not show its scatter in so few draws.
        let exact = result.share.unwrap();
        assert!(drawn.is_near(exact, 2e-3), "{target:?} {exact} {value} {error}");
    }
    for (index, figures) in outcome.stages().iter().enumerate().skip(1) {
        let of_stage: Vec<(f64, Vec<f64>)> = people
            .iter()
            .filter_map(|(weight, times)| {
                let times = times.as_ref()?.iter();
                let ends: Option<Vec<f64>> =
                    times.map(|times| times.stages.get(index - 1).map(|stage| stage[2])).collect();
                Some((*weight, ends?))
            })
            .collect();
        let Some(mean) = figures.done.mean_seconds else {
            assert!(of_stage.is_empty());
            continue;
        };
        let drawn = Estimate::of(&of_stage);
        let (value, error) = (drawn.value, drawn.error);
        // The outermost durations count as at their end: a second at most.
        assert!(drawn.is_near(mean, 1.0), "stage {index}: {mean} {value} {error}");
    }
}
