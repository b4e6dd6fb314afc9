//! Flows against the slow way: stream by stream, and every journey in the order of time.

use std::collections::BTreeMap;

use proptest::prelude::*;
use verbund::Region;
use verbund::model::*;
use verbund::planning::closures::Aftermaths;
use verbund::routing::*;

use crate::common::*;

/// What goes where: cases by stream and hospital, and those that stay by stream.
#[derive(Default)]
struct Slow {
    cases: BTreeMap<(usize, usize), f64>,
    left: BTreeMap<usize, f64>,
    seconds: BTreeMap<usize, f64>,
}

impl Slow {
    fn send(&mut self, (stream, hospital): (usize, usize), cases: f64, seconds: f64) {
        *self.cases.entry((stream, hospital)).or_default() += cases;
        *self.seconds.entry(stream).or_default() += cases * seconds;
    }
}

/// The department that treats a stream at a hospital, its beds, and the share of them that are for the stream.
fn department(
    region: &Region,
    hospital: HospitalId,
    stream: usize,
) -> Option<(String, Option<u32>, f64)> {
    let network = region.network();
    let rates = &network.catalog().demand.rates;
    let of = |rate: &Rate| network.treating_department(hospital, &rate.specialty);
    let own = of(&rates[stream])?;
    let days = |rate: &Rate| rate.per_1000 * rate.stay_days;
    let all: f64 = rates.iter().filter(|rate| of(rate) == Some(own)).map(days).sum();
    Some((own.to_owned(), network[hospital].beds_of(own), days(&rates[stream]) / all))
}

/// Cases of each part of a place.
fn of_part(region: &Region, part: usize, stream: usize) -> f64 {
    let place = region.parts()[part].place;
    let cases = &region.demand().specialties[stream].cases;
    cases[place.index()] / region.parts_of(place).len() as f64
}

/// By the Huff model or all to the nearest, stream by stream and part by part.
fn slow_split(region: &Region, huff: Option<Huff>) -> Slow {
    let mut slow = Slow::default();
    for stream in 0..region.demand().specialties.len() {
        let beds_of = |hospital| {
            let (_, beds, share) = department(region, hospital, stream)?;
            Some(beds.map(|beds| f64::from(beds) * share))
        };
        let mut known: Vec<f64> = region.network().ids().filter_map(beds_of).flatten().collect();
        known.retain(|beds| *beds > 0.0);
        known.sort_by(f64::total_cmp);
        let middle = |at: usize| known[at];
        let median = match known.len() {
            0 => 1.0,
            odd if odd % 2 == 1 => middle(odd / 2),
            even => f64::midpoint(middle(even / 2 - 1), middle(even / 2)),
        };

        // Where attraction is next to nothing, the order of its parts matters.
        let most = known.iter().copied().fold(median, f64::max);
        for part in 0..region.parts().len() {
            let all = of_part(region, part, stream);
            let row = region.times().from_origin(part);
            let reached: Vec<(HospitalId, f64, f64)> = row
                .filter_map(|(id, time)| {
                    Some((id, f64::from(time.0), beds_of(id)?.unwrap_or(median)))
                })
                .collect();
            let pull = |&(_, seconds, beds): &(HospitalId, f64, f64)| match huff {
                Some(huff) if beds > 0.0 => {
                    (beds / most).powf(huff.beds_exponent) * huff.decay.at(seconds / 60.0)
                }
                _ => 0.0,
            };
            let sum: f64 = reached.iter().map(pull).sum();
            let Some(nearest) = reached.first() else {
                *slow.left.entry(stream).or_default() += all;
                continue;
            };
            if sum <= 0.0 {
                slow.send((stream, nearest.0.index()), all, nearest.1);
                continue;
            }
            for one in &reached {
                slow.send((stream, one.0.index()), all * (pull(one) / sum), one.1);
            }
        }
    }
    slow
}

/// Every journey of everybody, sorted by time, part, hospital and stream, one after the other.
fn slow_overflow(region: &Region, limit: f64) -> Slow {
    let streams = region.demand().specialties.len();
    let mut journeys = Vec::new();
    for part in 0..region.parts().len() {
        for (id, time) in region.times().from_origin(part) {
            journeys.extend((0..streams).map(|stream| (time.0, part, id, stream)));
        }
    }
    journeys.sort_unstable();
    let mut by_department: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for id in region.network().ids() {
        let mut own: Vec<(String, Option<u32>)> = (0..streams)
            .filter_map(|stream| department(region, id, stream))
            .map(|(department, beds, _)| (department, beds))
            .collect();
        own.sort();
        own.dedup();
        for (department, beds) in own {
            let known = beds.filter(|beds| *beds > 0).map(f64::from);
            by_department.entry(department).or_default().extend(known);
        }
    }
    let median = |department: &str| {
        let mut known = by_department.get(department).cloned().unwrap_or_default();
        known.sort_by(f64::total_cmp);
        let count = known.len();
        match count {
            0 => None,
            odd if odd % 2 == 1 => Some(known[odd / 2]),
            _ => Some(f64::midpoint(known[count / 2 - 1], known[count / 2])),
        }
    };

    let mut room: BTreeMap<(usize, String), f64> = BTreeMap::new();
    let mut waiting: Vec<Vec<f64>> = (0..region.parts().len())
        .map(|part| (0..streams).map(|stream| of_part(region, part, stream)).collect())
        .collect();
    let mut slow = Slow::default();
    for (seconds, part, id, stream) in journeys {
        let Some((department, beds, _)) = department(region, id, stream) else { continue };
        let beds = beds.map(f64::from).or_else(|| median(&department));
        let full = beds.map_or(f64::INFINITY, |beds| beds * 365.0 * limit);
        let room = room.entry((id.index(), department)).or_insert(full);
        let stay = region.demand().specialties[stream].stay_days;
        let waiting = &mut waiting[part][stream];
        let taken = waiting.min(*room / stay);
        if taken > 0.0 {
            *room -= taken * stay;
            *waiting -= taken;
            slow.send((stream, id.index()), taken, f64::from(seconds));
        }
    }
    for part in waiting {
        for (stream, left) in part.into_iter().enumerate() {
            *slow.left.entry(stream).or_default() += left;
        }
    }
    slow
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

/// Flows with pairs, after they were held against the slow ones in every figure.
fn held_against(region: &Region, choice: Choice, slow: &Slow) -> Result<(), TestCaseError> {
    let flows = Flows::new(region, &FlowSettings::new(choice).with_pairs()).unwrap();
    let keys: Vec<&str> = flows.specialties.iter().map(|one| one.key.as_str()).collect();
    let mut cases = slow.cases.clone();
    for one in &flows.treatments {
        let stream = keys.iter().position(|key| *key == one.specialty).unwrap();
        let expected = cases.remove(&(stream, one.hospital.index())).unwrap_or(0.0);
        prop_assert!(is_near(one.cases, expected), "{} instead of {expected}", one.cases);
    }
    prop_assert!(cases.values().all(|cases| *cases < 1e-9), "{cases:?} are missing");
    for (stream, one) in flows.specialties.iter().enumerate() {
        let left = slow.left.get(&stream).copied().unwrap_or(0.0);
        prop_assert!(is_near(one.leftover, left), "{} instead of {left}", one.leftover);
        let own = slow.cases.iter().filter(|((of, _), _)| *of == stream);
        let moved: f64 = own.map(|(_, cases)| cases).sum();
        if moved > 1e-6 {
            let mean = slow.seconds.get(&stream).copied().unwrap_or(0.0) / moved;
            prop_assert!(is_near(one.mean_seconds.unwrap_or(0.0), mean));
        }
    }
    // The pairs are the same cases, by place and hospital, each once and in order.
    let by_hospital = flows.cases_by_hospital(region.network().hospitals().len());
    for id in region.network().ids() {
        let pairs = flows.pairs.iter().filter(|pair| pair.hospital == id);
        let sum: f64 = pairs.map(|pair| pair.cases).sum();
        prop_assert!(is_near(sum, by_hospital[id.index()]));
    }
    let order: Vec<_> = flows.pairs.iter().map(|pair| (pair.place, pair.hospital)).collect();
    prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
    let inside: f64 = flows.loads.iter().map(|load| load.cases_inside).sum();
    let of_inside = flows.pairs.iter().filter(|pair| !region.place(pair.place).outside);
    prop_assert!(is_near(inside, of_inside.map(|pair| pair.cases).sum()));
    Ok(())
}

/// Random regions of several specialties, the third one part of the first; `more` are treated nowhere else.
fn any_region_of_specialties(more: usize) -> impl Strategy<Value = Region> {
    let spot = || (0.0..100.0, 0.0..100.0);
    let departments = prop::collection::vec((0..3_usize + more, prop::option::of(0_u32..30)), 0..5);
    let hospitals = prop::collection::vec((spot(), departments), 0..9);
    let places = prop::collection::vec((spot(), 1_u32..4000, prop::bool::weighted(0.2)), 1..14);
    (hospitals, places).prop_map(move |(hospitals, places)| {
        let mut catalog = catalog();
        let specialty = catalog.specialties[0].clone();
        let rate = catalog.demand.rates[0].clone();
        let part_of = |index: usize| (index == 2).then(|| "s0".to_owned());
        let indices = 0..3 + more;
        catalog.specialties = indices
            .clone()
            .map(|index| Specialty {
                key: format!("s{index}"),
                part_of: part_of(index),
                ..specialty.clone()
            })
            .collect();
        catalog.demand.rates = indices
            .map(|index| Rate {
                specialty: format!("s{index}"),
                per_1000: 5.0 + index as f64,
                stay_days: 1.0 + (index % 7) as f64,
                ..rate.clone()
            })
            .collect();
        let mut builder = NetworkBuilder::new("test", day(), catalog);
        for (index, ((x, y), departments)) in hospitals.into_iter().enumerate() {
            let mut one = Hospital::new(format!("h{index}"), format!("h{index}"), at(x, y));
            for (specialty, beds) in departments {
                let key = format!("s{specialty}");
                if !one.has_specialty(&key) {
                    one.departments.push(Department { beds, ..Department::new(key) });
                }
            }
            builder = builder.hospital(one);
        }
        let places = places.into_iter().enumerate().map(|(index, ((x, y), people, outside))| {
            let area_km2 = (index % 2 == 0).then_some(40.0);
            Place { outside, area_km2, ..place(&format!("p{index:02}"), at(x, y), people) }
        });
        Region::new(&model_of(builder.build().unwrap(), places.collect()), day()).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn all_specialties_at_once_are_each_one_alone(region in any_region_of_specialties(1)) {
        held_against(&region, Choice::Nearest, &slow_split(&region, None))?;
        let steep = Huff { beds_exponent: 1.5, decay: Decay::Power { exponent: 2.0 } };
        for huff in [Huff::default(), steep] {
            held_against(&region, Choice::Huff(huff), &slow_split(&region, Some(huff)))?;
        }
        // A decay at which all attraction vanishes: the nearest gets everybody.
        let none = Huff { beds_exponent: 0.5, decay: Decay::Exponential { per_minute: 100.0 } };
        held_against(&region, Choice::Huff(none), &slow_split(&region, Some(none)))?;
    }

    #[test]
    fn overflow_is_every_journey_in_the_order_of_time(region in any_region_of_specialties(1)) {
        for occupancy_limit in [0.2, 0.85] {
            let slow = slow_overflow(&region, occupancy_limit);
            held_against(&region, Choice::Capacity(Capacity { occupancy_limit }), &slow)?;
        }
    }

    #[test]
    fn what_a_closure_changes_around_it_is_what_it_changes_at_all(
        region in any_region_of_specialties(0),
        closed in prop::collection::vec(0_usize..9, 1..3),
    ) {
        let ids: Vec<HospitalId> = region.network().ids().collect();
        let closed: Vec<HospitalId> = closed.iter().filter_map(|at| ids.get(*at).copied()).collect();
        for choice in [Choice::Nearest, Choice::Huff(Huff::default())] {
            let standard = Standard::new("s", Requirement::Specialty("s0".into()), 30);
            let aftermaths = Aftermaths::new(&region, &standard).unwrap();
            let overload = aftermaths.with_overload(choice).unwrap().of(&closed).overload.unwrap();

            let (before, after) = (
                Flows::of_region(&region, choice).unwrap(),
                Flows::new(&region, &FlowSettings::new(choice).without(&closed)).unwrap(),
            );
            let loads = |flows: &Flows| flows.hospital_loads(ids.len());
            let (old, new) = (loads(&before), loads(&after));
            for id in &ids {
                let more = new[id.index()].cases - old[id.index()].cases;
                let found = overload.receivers.iter().find(|one| one.hospital == *id);
                let Some(found) = found else {
                    prop_assert!(more <= 1e-5, "{more} more cases are no change");
                    continue;
                };
                let load = found.load.after.unwrap();
                let expected = new[id.index()];
                prop_assert!(is_near(load.cases, expected.cases));
                prop_assert!(is_near(load.cases_inside, expected.cases_inside));
                prop_assert!(is_near(load.days_in_beds, expected.days_in_beds));
                prop_assert_eq!(load.beds, expected.beds);
            }
            let left = after.leftover() - before.leftover();
            prop_assert!((overload.leftover - left).abs() < 1e-5);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn more_specialties_than_bits_of_a_word(region in any_region_of_specialties(67)) {
        held_against(&region, Choice::Nearest, &slow_split(&region, None))?;
        let huff = Huff::default();
        held_against(&region, Choice::Huff(huff), &slow_split(&region, Some(huff)))?;
        let slow = slow_overflow(&region, 0.85);
        held_against(&region, Choice::Capacity(Capacity::default()), &slow)?;
    }
}
