//! Figures of a region against sums over the routes of a walk over all routes.

use std::collections::BTreeMap;

use verbund::Region;
use verbund::calendar::{HourOfWeek, Moment};
use verbund::model::*;
use verbund::pathways::*;
use verbund::units::Seconds;

use super::networks::{Dice, World};
use super::oracle::{Oracle, PROTOCOLS};
use super::{objectives, on_networks};

const MILLION: u64 = 1_000_000;

/// Each hour in which patients call, with its share of the arrivals in millionths, by the
/// differences of the rounded running sums.
fn calls(when: When, pathway: &Pathway) -> Vec<(Moment, u64)> {
    let counts = |hour: HourOfWeek| match when {
        When::Week => true,
        When::Day => (8..20).contains(&hour.hour()),
        When::Night => !(8..20).contains(&hour.hour()),
        When::Weekend => hour.index() >= 5 * 24,
        When::At(_) => false,
    };
    if let When::At(moment) = when {
        return vec![(moment, MILLION)];
    }
    let arrivals = |hour: HourOfWeek| match pathway.arrivals.as_slice() {
        [] => 1.0,
        all => all[hour.index() % all.len()],
    };
    let all: Vec<_> = HourOfWeek::all().filter(|&hour| counts(hour)).collect();
    let sum: f64 = all.iter().map(|&hour| arrivals(hour)).sum();
    let mut until = 0.0;
    let mut shares = Vec::new();
    for hour in all {
        let from = (until / sum * MILLION as f64).round() as u64;
        until += arrivals(hour);
        let share = (until / sum * MILLION as f64).round() as u64 - from;
        shares.push((Moment::of(hour), share));
    }
    shares.retain(|(_, share)| *share > 0);
    shares
}

/// A time with how many people times millionths of arrivals have it.
type Weighted = Vec<(Option<Seconds>, u64)>;

fn check_times(times: &Times, expected: &Weighted) {
    let total: u64 = expected.iter().map(|(_, weight)| weight).sum();
    let mut known: Vec<(u32, u64)> =
        expected.iter().filter_map(|(time, weight)| Some((time.as_ref()?.0, *weight))).collect();
    known.sort_unstable();
    let reached: u64 = known.iter().map(|(_, weight)| weight).sum();
    let sum: u128 =
        known.iter().map(|(time, weight)| u128::from(*time) * u128::from(*weight)).sum();
    let mean = (reached > 0).then(|| sum as f64 / reached as f64);
    assert_eq!(times.mean_seconds, mean);
    // The median: the person in the middle, or the mean of the two in the middle, half a second up.
    let of_person = |person: u64| {
        let mut so_far = 0;
        let found = known.iter().find(|(_, weight)| {
            so_far += weight;
            so_far >= person
        });
        found.map(|(time, _)| *time)
    };
    let middle = of_person(total.div_ceil(2)).zip(of_person(total / 2 + 1));
    let median = middle.filter(|_| total > 0).map(|(low, high)| Seconds((low + high).div_ceil(2)));
    assert_eq!(times.median, median);
    // The share below P90 is less than nine tenths, with it at least that.
    let within = |limit: Option<u32>| {
        let those = known.iter().filter(|(time, _)| limit.is_none_or(|limit| *time <= limit));
        those.map(|(_, weight)| weight).sum::<u64>() * 10
    };
    match times.p90 {
        None => assert!(within(None) < 9 * total || total == 0),
        Some(time) => {
            assert!(within(Some(time.0)) >= 9 * total);
            let before = known.iter().filter(|(other, _)| *other < time.0);
            let before: u64 = before.map(|(_, weight)| weight).sum();
            assert!(before * 10 < 9 * total);
        }
    }
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// A route of a place with the share of its hour.
struct Taken {
    place: usize,
    share: u64,
    route: Option<PatientRoute>,
}

impl Taken {
    fn done(&self, stage: usize) -> Option<Seconds> {
        Some(self.route.as_ref()?.visits.get(stage)?.done)
    }

    fn start(&self, stage: usize) -> Option<Seconds> {
        Some(self.route.as_ref()?.visits.get(stage)?.start)
    }

    fn door(&self) -> Option<Seconds> {
        Some(self.route.as_ref()?.door)
    }

    fn handed_over(&self) -> Option<Seconds> {
        Some(self.route.as_ref()?.handover)
    }

    /// When an event happens; `None` where it does not.
    fn time(&self, pathway: &Pathway, event: &Event) -> Option<Seconds> {
        let route = self.route.as_ref()?;
        let stage = event.stage().map(|key| pathway.stage(key).unwrap());
        let visit = stage.map(|stage| route.visits.get(stage.index()));
        match (event, visit) {
            (Event::Call, _) => Some(Seconds(0)),
            (Event::FirstContact, _) => Some(route.contact),
            (Event::Door, _) => Some(route.door),
            (Event::Handover, _) => Some(route.handover),
            (Event::Start(_), Some(visit)) => Some(visit?.start),
            (Event::Done(_), Some(visit)) => Some(visit?.done),
            (Event::Arrival(_), Some(visit)) => {
                // The last transfer up to the stage, or the door.
                let until = visit?.stage.index() + 1;
                let moved = route.visits[..until].iter().rev().find(|one| one.transfer.is_some());
                Some(moved.map_or(route.door, |one| one.arrive))
            }
            _ => None,
        }
    }
}

/// What a region's figures are compared with.
struct Expected<'a> {
    region: &'a Region,
    pathway: &'a Pathway,
    taken: Vec<Taken>,
}

impl Expected<'_> {
    fn people(&self, place: usize) -> u64 {
        let place = &self.region.places().places[place];
        if place.outside { 0 } else { place.population.people() }
    }

    fn weighted(&self, of: Option<usize>, time: impl Fn(&Taken) -> Option<Seconds>) -> Weighted {
        let taken = self.taken.iter().filter(|one| of.is_none_or(|place| one.place == place));
        taken.map(|one| (time(one), one.share * self.people(one.place))).collect()
    }

    fn check_stages(&self, outcome: &Outcome<'_, '_>) {
        let stages = outcome.stages();
        assert_eq!(stages.len(), self.pathway.stages.len() + 1);
        for (index, figures) in stages.iter().enumerate() {
            let stage = index.checked_sub(1);
            let start = |one: &Taken| stage.map_or(one.door(), |stage| one.start(stage));
            let done = |one: &Taken| stage.map_or(one.handed_over(), |stage| one.done(stage));
            let done = self.weighted(None, done);
            let without = done.iter().filter(|(time, _)| time.is_none());
            let without: u64 = without.map(|(_, weight)| weight).sum();
            assert_eq!(figures.stage.map(StageIndex::index), stage);
            assert_eq!(figures.people, (0..3).map(|place| self.people(place)).sum::<u64>());
            assert_eq!(figures.without_way, without as f64 / MILLION as f64);
            check_times(&figures.start, &self.weighted(None, start));
            check_times(&figures.done, &done);
        }
    }

    fn share_within(&self, place: Option<usize>, target: &Target) -> f64 {
        let time = |one: &Taken| {
            let from = one.time(self.pathway, &target.from)?;
            Some(one.time(self.pathway, &target.to)? - from)
        };
        let limit = Seconds::from_minutes(target.minutes);
        let times = self.weighted(place, time);
        let total: u64 = times.iter().map(|(_, weight)| weight).sum();
        let within = times.iter().filter(|(time, _)| time.is_some_and(|time| time <= limit));
        let within: u64 = within.map(|(_, weight)| weight).sum();
        if total == 0 { 1.0 } else { within as f64 / total as f64 }
    }

    /// Nobody is faster than the shortest possible time or slower than the longest one.
    fn check_limits(&self, result: &TargetResult) {
        for one in &self.taken {
            let from = one.time(self.pathway, &result.target.from);
            let to = one.time(self.pathway, &result.target.to);
            let (Some(from), Some(to)) = (from, to) else { continue };
            let time = to - from;
            let (shortest, longest) = (result.shortest.unwrap(), result.longest.unwrap());
            assert!(shortest <= time && time <= longest, "{shortest} {time} {longest}");
        }
    }

    fn check_places(&self, outcome: &Outcome<'_, '_>) {
        for result in outcome.targets() {
            let share = self.share_within(None, &result.target);
            assert_eq!(result.share.is_none(), result.people == 0);
            assert!(result.share.is_none_or(|found| is_close(found, share)));
            self.check_limits(&result);
        }
        let inside = outcome.places();
        assert_eq!(inside.iter().map(|one| one.place.index()).collect::<Vec<_>>(), [1, 2]);
        for one in inside {
            let place = one.place.index();
            for (stage, times) in one.stages.iter().enumerate() {
                check_times(times, &self.weighted(Some(place), |taken| taken.done(stage)));
            }
            for (target, share) in self.pathway.targets.iter().zip(&one.targets) {
                let slow = self.share_within(Some(place), target);
                assert!(share.is_none_or(|found| is_close(found, slow)));
            }
        }
    }

    fn check_loads(&self, outcome: &Outcome<'_, '_>) {
        let loads = outcome.loads();
        assert_eq!(loads.are_cases, self.pathway.cases.is_some());
        // The catalog of the tests has one case a year for each person; the pathway takes half.
        let patients = |taken: &Taken| {
            let place = &self.region.places().places[taken.place];
            let cases = place.population.people() as f64 / 2.0;
            let all = if loads.are_cases { cases } else { self.people(taken.place) as f64 };
            let share = taken.share as f64 / MILLION as f64;
            (all * share, if place.outside { 0.0 } else { all * share })
        };
        let mut hospitals: BTreeMap<_, (f64, f64)> = BTreeMap::new();
        let mut links: BTreeMap<_, (f64, f64)> = BTreeMap::new();
        let mut ways = [0.0; 9];
        let mut inside = 0.0;
        for taken in &self.taken {
            let (all, own) = patients(taken);
            inside += own;
            let add = |to: &mut (f64, f64)| *to = (to.0 + all, to.1 + own);
            let Some(route) = &taken.route else {
                ways[8] += own;
                continue;
            };
            for visit in &route.visits {
                add(hospitals.entry((visit.stage, visit.hospital, visit.way)).or_default());
                if let (Some(one), Some(partner)) = (visit.cooperation, visit.partner) {
                    let key = (one, Some(visit.stage), partner, visit.hospital);
                    add(links.entry(key).or_default());
                }
                if let Some(TransferLeg { from, agreement: Some(one), .. }) = visit.transfer {
                    add(links.entry((one, None, from, visit.hospital)).or_default());
                }
            }
            let legs: Vec<_> =
                route.visits.iter().filter_map(|visit| visit.transfer.as_ref()).collect();
            let uses = |name: &str| {
                let mut visits = route.visits.iter();
                visits.any(|one| self.pathway[one.stage][one.way].name() == name)
            };
            let is_whole = route.visits.len() == self.pathway.stages.len();
            let is_alone = route.visits.iter().all(|visit| visit.partner.is_none());
            let counts = [
                is_whole && is_alone && legs.is_empty(),
                !legs.is_empty(),
                legs.iter().any(|leg| leg.agreement.is_none()),
                uses("Telemedicine"),
                uses("VisitingTeam"),
                uses("CentralService"),
                route.means == Means::Helicopter,
                route.wait > Seconds(0),
                !is_whole,
            ];
            ways.iter_mut().zip(counts).for_each(|(sum, counts)| *sum += f64::from(counts) * own);
        }
        assert!(is_close(loads.inside, inside));
        assert_eq!(loads.hospitals.len(), hospitals.len());
        for one in &loads.hospitals {
            let (all, own) = hospitals[&(one.stage, one.hospital, one.way)];
            assert!(
                is_close(one.patients, all) && is_close(one.inside, own),
                "{one:?} {all} {own}"
            );
        }
        let is_sorted = |a: &StageLoad, b: &StageLoad| {
            let order = a.stage.cmp(&b.stage).then(b.patients.total_cmp(&a.patients));
            order.then((a.hospital, a.way).cmp(&(b.hospital, b.way))).is_lt()
        };
        assert!(loads.hospitals.is_sorted_by(is_sorted), "{:?}", loads.hospitals);
        assert_eq!(loads.cooperations.len(), links.len());
        for one in &loads.cooperations {
            let (all, own) = links[&(one.cooperation, one.stage, one.from, one.to)];
            assert!(
                is_close(one.patients, all) && is_close(one.inside, own),
                "{one:?} {all} {own}"
            );
        }
        assert!(loads.cooperations.is_sorted_by(|a, b| a.patients >= b.patients));
        let shares = &loads.ways;
        let shares = [
            shares.direct,
            shares.transfer,
            shares.transfer_without_agreement,
            shares.telemedicine,
            shares.visiting_team,
            shares.central_service,
            shares.helicopter,
            shares.waited,
            shares.without_way,
        ];
        for (share, sum) in shares.iter().zip(ways) {
            assert!(is_close(*share, if inside > 0.0 { sum / inside } else { 0.0 }));
        }
    }
}

fn check_region(world: &World, dice: &mut Dice<'_>) -> bool {
    let region = world.region();
    let pathway = &region.network().catalog().pathways[0];
    let Ok(prepared) = Prepared::new(&region, pathway, &world.added) else { return false };
    let outage = world.outage(&region);
    let oracle = Oracle::new(&region, pathway, &world.added, outage.clone()).quick();
    let objectives = objectives(pathway);
    let (protocol, objective) = (dice.below(PROTOCOLS.len()), dice.below(objectives.len()));
    for when in [When::Week, When::Day, When::Night, When::Weekend, When::At(world.moment)] {
        let query = Query::default().when(when).outage(outage.clone());
        let query = query.protocol(PROTOCOLS[protocol]).objective(objectives[objective].clone());
        let outcome = prepared.evaluate(&query).unwrap();
        let mut taken = Vec::new();
        for (moment, share) in calls(when, pathway) {
            for place in region.place_ids() {
                assert_eq!(region.parts_of(place).len(), 1);
                let route = oracle.best(place, moment, (protocol, objective));
                taken.push(Taken { place: place.index(), share, route });
            }
        }
        let wanted = objective.checked_sub(1).unwrap_or(pathway.stages.len() - 1);
        let mut times: BTreeMap<(usize, Option<Seconds>), u64> = BTreeMap::new();
        for ObjectiveTime { part, share, time } in outcome.objective_times() {
            *times.entry((part, time)).or_default() += u64::from(share);
        }
        let mut slow: BTreeMap<(usize, Option<Seconds>), u64> = BTreeMap::new();
        for one in &taken {
            *slow.entry((one.place, one.done(wanted))).or_default() += one.share;
        }
        assert_eq!(times, slow, "{when:?} {:?}", query.protocol);
        let expected = Expected { region: &region, pathway, taken };
        expected.check_stages(&outcome);
        expected.check_places(&outcome);
        expected.check_loads(&outcome);
    }
    true
}

#[test]
fn figures_of_a_region_are_sums_over_the_routes_of_its_people() {
    let checked = std::cell::Cell::new(0);
    on_networks(400, |world, dice| {
        checked.set(checked.get() + u32::from(check_region(world, dice)));
    });
    assert!(checked.get() >= 200, "{}", checked.get());
}
