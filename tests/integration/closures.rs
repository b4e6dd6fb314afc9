//! Closures of one, two and three hospitals on networks that can be checked by hand, and against
//! closing them and counting anew.

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use verbund::Region;
use verbund::coverage::{self, Band, CoverageError};
use verbund::files::Folder;
use verbund::model::*;
use verbund::planning::closures::{
    Aftermaths, Closure, Closures, Harmless, Order, Sites, harmless, harmless_with_beds, search,
};
use verbund::routing::{Choice, Flows, Huff};

use crate::common::*;
use verbund::run::Control;

const ORDERS: [Order; 3] = [Order::Single, Order::Pair, Order::Triple];

fn closures(region: &Region, minutes: u32, order: Order) -> Closures {
    search(region, &standard(minutes), Sites::Inside, order).unwrap()
}

fn keys<'r>(region: &'r Region, ids: &[HospitalId]) -> Vec<&'r str> {
    ids.iter().map(|id| region.network()[*id].key.as_str()).collect()
}

fn ids(region: &Region, keys: &[&str]) -> Vec<HospitalId> {
    keys.iter().map(|key| region.network().find(key).unwrap()).collect()
}

/// Closed hospitals, people newly beyond, more than the singles, only together.
fn told<'r>(region: &'r Region, found: &[Closure]) -> Vec<(Vec<&'r str>, [u64; 3])> {
    let figures = |one: &Closure| [one.newly_beyond, one.more_than_singles, one.only_together];
    found.iter().map(|one| (keys(region, &one.hospitals), figures(one))).collect()
}

fn largest(region: &Region, minutes: u32) -> Harmless {
    harmless(region, &standard(minutes), Sites::Inside, &Control::default()).unwrap()
}

/// a, b and c at km 0, 20 and 40; a kilometre a minute, limit 20 minutes, inclusive. At km -10 only
/// a is in time, at km 10 a and b, at km 20 all three, at km 30 b and c, at km 60 only c (exactly 20
/// minutes), at km 61 nobody.
fn three() -> Region {
    let places = [(-10.0, 1), (10.0, 2), (20.0, 4), (30.0, 8), (60.0, 16), (61.0, 32)];
    line(&[(0.0, 1), (20.0, 1), (40.0, 1)], &places)
}

#[test]
fn a_line_by_hand() {
    let region = three();
    // Only a: 1. Only c: 16. a and b: 2. b and c: 8. All three: 4. Nobody: 32, never counted.
    let singles = closures(&region, 20, Order::Single).worst(9);
    let expected = vec![(vec!["c"], [16, 0, 16]), (vec!["a"], [1, 0, 1]), (vec!["b"], [0, 0, 0])];
    assert_eq!(told(&region, &singles), expected);
    let pairs = closures(&region, 20, Order::Pair);
    let expected = vec![
        (vec!["b", "c"], [16 + 8, 8, 8]),
        (vec!["a", "c"], [1 + 16, 0, 0]),
        (vec!["a", "b"], [1 + 2, 2, 2]),
    ];
    assert_eq!(told(&region, &pairs.worst(9)), expected);
    let together = [expected[0].clone(), expected[2].clone()];
    assert_eq!(told(&region, &pairs.together(9)), together);
    assert_eq!((pairs.sets(), pairs.sets_together()), (3, 2));
    // All three: everybody within the limit. 2 + 8 + 4 more than the singles, 4 only together.
    let triples = closures(&region, 20, Order::Triple);
    let expected = vec![(vec!["a", "b", "c"], [31, 14, 4])];
    assert_eq!(told(&region, &triples.worst(9)), expected);
    assert_eq!(told(&region, &triples.together(9)), expected);
    assert_eq!(triples.signatures(), [2, 2, 1]);
}

#[test]
fn the_limit_is_inclusive_on_both_sides() {
    // From km 20, a and b are exactly 20 minutes away: within 20 both are in time, within 19 none.
    let region = line(&[(0.0, 1), (40.0, 1)], &[(20.0, 1)]);
    let beyond = |minutes| closures(&region, minutes, Order::Pair).worst(1)[0].newly_beyond;
    assert_eq!([beyond(19), beyond(20), beyond(21)], [0, 1, 1]);
}

#[test]
fn ties_of_people_go_to_the_smaller_keys() {
    // Three islands of one hospital and one person each.
    let islands = [(0.0, 1), (100.0, 1), (200.0, 1)];
    let region = line(&islands, &islands);
    let pairs = closures(&region, 20, Order::Pair).worst(2);
    let expected = vec![(vec!["a", "b"], [2, 0, 0]), (vec!["a", "c"], [2, 0, 0])];
    assert_eq!(told(&region, &pairs), expected);
}

#[test]
fn networks_with_too_few_hospitals_have_no_such_set() {
    for hospitals in [&[][..], &[(0.0, 1)][..]] {
        let region = line(hospitals, &[(5.0, 3)]);
        for order in [Order::Pair, Order::Triple] {
            let found = closures(&region, 30, order);
            assert_eq!((found.sets(), found.worst(9), found.together(9)), (0, vec![], vec![]));
        }
        let single = closures(&region, 30, Order::Single).worst(9);
        assert_eq!(single.len(), hospitals.len());
        assert_eq!(largest(&region, 30).closing, []);
    }
}

#[test]
fn hospitals_outside_stay_unless_they_may_close_and_people_outside_never_count() {
    // inside at km 0, outside at km 20; 1 person at km 0 has only the inside one, 2 at km 10 both; 4
    // live abroad.
    let mut outside = hospital("outside", at(20.0, 0.0), 1);
    outside.outside = true;
    let mut abroad = place("abroad", at(0.0, 0.0), 4);
    abroad.outside = true;
    let places = vec![place("p0", at(0.0, 0.0), 1), place("p1", at(10.0, 0.0), 2), abroad];
    let hospitals = vec![hospital("inside", at(0.0, 0.0), 1), outside];
    let region = Region::new(&model(hospitals, places), day()).unwrap();
    assert_eq!(closures(&region, 15, Order::Pair).sets(), 0);
    let all = search(&region, &standard(15), Sites::All, Order::Pair).unwrap();
    assert_eq!(told(&region, &all.worst(9)), vec![(vec!["inside", "outside"], [3, 2, 2])]);
    assert_eq!(closures(&region, 15, Order::Single).worst(1)[0].newly_beyond, 1);
}

#[test]
fn unknown_keys_and_limits_beyond_the_cutoff_are_errors() {
    let region = three();
    let unknown = Standard::new("x", Requirement::Specialty("r".into()), 30);
    let error = search(&region, &unknown, Sites::All, Order::Pair).unwrap_err();
    assert!(matches!(error, CoverageError::UnknownKey { .. }), "{error}");
    let error = search(&region, &standard(121), Sites::All, Order::Pair).unwrap_err();
    assert!(matches!(error, CoverageError::LimitBeyondCutoff { .. }), "{error}");
    assert!(Aftermaths::new(&region, &standard(121)).is_err());
    assert!(harmless(&region, &unknown, Sites::All, &Control::default()).is_err());
}

#[test]
fn backup_minutes_and_people_without_a_way_by_hand() {
    // a at km 0, b at km 30, c at km 200: the cut-off is 120 minutes. 1 person at km 10 goes 20 min
    // after 10, or after a and b 190: no way. 2 at km 30 go 0, then 30, then 170: no way. 4 at km 90
    // go 60, then 90 to a, then 110 to c.
    let region = line(&[(0.0, 1), (30.0, 1), (200.0, 1)], &[(10.0, 1), (30.0, 2), (90.0, 4)]);
    let all = Aftermaths::new(&region, &standard(40)).unwrap();
    let of = |keys: &[&str]| {
        let found = all.of(&ids(&region, keys));
        (found.people, found.backup_seconds.map(|mean| mean / 60.0), found.without_way)
    };
    assert_eq!(of(&["a"]), (1, Some(10.0), 0));
    assert_eq!(of(&["b"]), (6, Some((2.0 * 30.0 + 4.0 * 30.0) / 6.0), 0));
    assert_eq!(of(&["a", "b"]), (7, Some(50.0), 3));
    assert_eq!(of(&["a", "b", "c"]), (7, None, 7));
    assert_eq!(of(&["c"]), (0, None, 0));
}

#[test]
fn cases_of_closed_hospitals_fill_the_beds_of_the_next_by_hand() {
    // Everybody is a case of one day a year. a has 365 cases in 2 beds, b 730 in 3, c 0 in 1. When a
    // closes, b has 1,095 cases in 3 beds: exactly full, which is not overfull. When a and b close,
    // c has 1,095 in 1 bed: 300 %.
    let region = line(&[(0.0, 2), (30.0, 3), (100.0, 1)], &[(0.0, 365), (30.0, 730), (300.0, 999)]);
    let all = Aftermaths::new(&region, &standard(40)).unwrap();
    let all = all.with_overload(Choice::Nearest).unwrap();
    let of = |keys: &[&str]| all.of(&ids(&region, keys)).overload.unwrap();
    let first = of(&["a"]);
    assert_eq!((first.cases, first.leftover, first.overfull().count()), (365.0, 0.0, 0));
    let b = first.receivers[0];
    assert_eq!((b.load.cases().before, b.load.cases().after), (730.0, 1095.0));
    let occupancy = b.load.occupancy();
    assert_eq!((occupancy.before, occupancy.after), (Some(2.0 / 3.0), Some(1.0)));
    let both = of(&["a", "b"]);
    let overfull: Vec<_> = both.overfull().collect();
    assert_eq!(keys(&region, &[overfull[0].hospital]), ["c"]);
    assert_eq!(overfull[0].load.occupancy().after, Some(3.0));
    // All three: nobody takes the 1,095 cases; the 999 from afar had no hospital before either.
    let none = of(&["a", "b", "c"]);
    assert_eq!((none.cases, none.leftover, none.receivers.len()), (1095.0, 1095.0, 0));
}

#[test]
fn the_largest_harmless_set_by_hand() {
    // Only a: 1, only c: 16; a and b: 2 keep a, b and c: 8 keep c. So b can close, nothing else.
    let region = three();
    let found = largest(&region, 20);
    assert_eq!(keys(&region, &found.closing), ["b"]);
    assert_eq!(keys(&region, &found.staying), ["a", "c"]);
    assert!(found.is_proven);
    // One place within the limit of all three: any two can close, and a and b have the smallest keys.
    let region = line(&[(0.0, 1), (20.0, 1), (40.0, 1)], &[(20.0, 1)]);
    let found = largest(&region, 20);
    assert_eq!(keys(&region, &found.closing), ["a", "b"]);
    // Nobody is within the limit, or there is nobody: all can close.
    for places in [&[(200.0, 1)][..], &[][..]] {
        let region = line(&[(0.0, 1), (20.0, 1)], places);
        let found = largest(&region, 20);
        assert_eq!((found.closing.len(), found.most, found.is_proven), (2, 2, true));
    }
}

fn with_beds(region: &Region, minutes: u32, sites: Sites, choice: Choice) -> Harmless {
    let after = Aftermaths::new(region, &standard(minutes)).unwrap().with_overload(choice).unwrap();
    harmless_with_beds(region, &standard(minutes), sites, &after, &Control::default()).unwrap()
}

#[test]
fn the_largest_set_that_leaves_enough_beds_by_hand() {
    // Everybody is a case of one day a year: a has 365 cases in 2 beds, b 730 in 3, c 365 in 2. Within
    // 40 minutes b alone is enough, but then it has 1,460 cases in 3 beds, 133 %. Without a it has
    // 1,095 in 3, exactly full. Without b, a takes its 730 (a tie goes to the smaller key): 1,095 in 2.
    let region = line(&[(0.0, 2), (30.0, 3), (60.0, 2)], &[(0.0, 365), (30.0, 730), (60.0, 365)]);
    assert_eq!(keys(&region, &largest(&region, 40).closing), ["a", "c"]);
    let found = with_beds(&region, 40, Sites::Inside, Choice::Nearest);
    assert_eq!(keys(&region, &found.closing), ["a"]);
    assert_eq!(keys(&region, &found.staying), ["b", "c"]);
    assert_eq!((found.most, found.is_proven), (1, true));
    // b with 2 beds is exactly full before and overfull without a, c with 1: nothing can close.
    let region = line(&[(0.0, 2), (30.0, 2), (60.0, 1)], &[(0.0, 365), (30.0, 730), (60.0, 365)]);
    let found = with_beds(&region, 40, Sites::Inside, Choice::Nearest);
    assert_eq!((found.closing.len(), found.most, found.is_proven), (0, 0, true));
    // Whoever is overfilled may close, too: b takes a's cases, and c with its 9 beds those of both.
    let region = line(&[(0.0, 1), (10.0, 1), (20.0, 9)], &[(10.0, 730)]);
    let found = with_beds(&region, 40, Sites::Inside, Choice::Nearest);
    assert_eq!(keys(&region, &found.closing), ["a", "b"]);
    // Stopped, it has nothing yet, and only the bound of those who reach care.
    let after = Aftermaths::new(&region, &standard(40)).unwrap();
    let after = after.with_overload(Choice::Nearest).unwrap();
    let stop = AtomicBool::new(true);
    let stop = Control::default().stop(&stop);
    let cut = harmless_with_beds(&region, &standard(40), Sites::Inside, &after, &stop).unwrap();
    assert!(!cut.is_proven && cut.closing.is_empty() && cut.most >= 2);
}

#[test]
fn a_search_that_is_stopped_says_so() {
    // A ring of odd length needs a search: each place has two of five hospitals in a circle.
    let circle = |step: f64| {
        let angle = step * std::f64::consts::TAU / 5.0;
        at(50.0 * angle.cos(), 50.0 * angle.sin())
    };
    let hospitals = (0..5).map(|n| hospital(&format!("h{n}"), circle(f64::from(n)), 1));
    let places = (0..5).map(|n| place(&format!("p{n}"), circle(f64::from(n) + 0.5), 1));
    let region = Region::new(&model(hospitals.collect(), places.collect()), day()).unwrap();
    // Neighbours are 2 x 50 x sin(18 degrees) = 30.9 km away, the next 2 x 50 x sin(54 degrees) = 80.9.
    let found = largest(&region, 40);
    assert_eq!((keys(&region, &found.closing), found.is_proven), (vec!["h0", "h2"], true));
    let cut = harmless(
        &region,
        &standard(40),
        Sites::Inside,
        &Control::default().stop(&AtomicBool::new(true)),
    )
    .unwrap();
    assert!(!cut.is_proven && cut.closing.len() == 2 && cut.most == 3);
}

/// Hospitals and places on a grid of ten kilometres, so that ties and limits that are reached
/// exactly are frequent; some places are out of reach of everybody.
#[derive(Debug, Clone)]
struct Grid {
    /// Column, row, whether it meets the standard, whether it is outside.
    hospitals: Vec<(u8, u8, bool, bool)>,
    /// Column, row, people, whether it is outside.
    places: Vec<(u8, u8, u32, bool)>,
}

impl Grid {
    fn any(most: usize) -> impl Strategy<Value = Self> {
        let rarely = || prop::bool::weighted(0.15);
        let hospital = (0_u8..6, 0_u8..2, prop::bool::weighted(0.8), rarely());
        let place = (0_u8..40, 0_u8..2, 0_u32..2000, rarely());
        let near = (0_u8..7, 0_u8..2, 0_u32..2000, rarely());
        let place = prop_oneof![6 => near, 1 => place];
        let hospitals = prop::collection::vec(hospital, 0..most);
        let places = prop::collection::vec(place, 0..14);
        (hospitals, places).prop_map(|(hospitals, places)| Self { hospitals, places })
    }

    /// The region without the hospitals of these keys.
    fn without(&self, closed: &[&str]) -> Region {
        let spot = |column: u8, row: u8| at(f64::from(column) * 10.0, f64::from(row) * 10.0);
        let mut hospitals = Vec::new();
        for (index, &(column, row, meets, outside)) in self.hospitals.iter().enumerate() {
            let mut one = hospital(&format!("h{index:02}"), spot(column, row), index as u32 % 4);
            one.outside = outside;
            if !meets {
                one.departments[0].specialty = "t".into();
            }
            if !closed.contains(&one.key.as_str()) {
                hospitals.push(one);
            }
        }
        let places = self.places.iter().enumerate();
        let places = places.map(|(index, &(column, row, people, outside))| Place {
            outside,
            ..place(&format!("p{index:02}"), spot(column, row), people)
        });
        Region::new(&model(hospitals, places.collect()), day()).unwrap()
    }
}

/// All sets of so many of these, in the order of ids.
fn subsets(all: &[HospitalId], size: usize) -> Vec<Vec<HospitalId>> {
    if size == 0 {
        return vec![vec![]];
    }
    let mut found = Vec::new();
    for (at, &first) in all.iter().enumerate() {
        for rest in subsets(&all[at + 1..], size - 1) {
            found.push([vec![first], rest].concat());
        }
    }
    found
}

/// People who fall out when these close: closed in the model, counted anew.
fn slow_loss(grid: &Grid, region: &Region, closed: &[HospitalId], minutes: u32) -> u64 {
    let within = |region: &Region| {
        coverage::evaluate(region, &standard(minutes)).unwrap().total.within_limit
    };
    within(region) - within(&grid.without(&keys(region, closed)))
}

/// The same with every journey at the quick and at the slow end of the band, before and after.
fn slow_band(grid: &Grid, region: &Region, closed: &[HospitalId], minutes: u32) -> Band {
    let closed = grid.without(&keys(region, closed));
    let [quick, slow] = BandEnd::BOTH.map(|end| {
        let within = |region: &Region| {
            let region = region.at(end).unwrap();
            coverage::evaluate(&region, &standard(minutes)).unwrap().total.within_limit
        };
        within(region) - within(&closed)
    });
    Band::new(quick, slow)
}

/// What inclusion and exclusion gives for the people who fall out only together.
fn slow_together(set: &[HospitalId], loss: &dyn Fn(&[HospitalId]) -> u64) -> i64 {
    let sizes = 1..=set.len();
    let of_size = |size: usize| -> i64 {
        subsets(set, size).iter().map(|own| i64::try_from(loss(own)).unwrap()).sum()
    };
    sizes
        .map(
            |size| {
                if (set.len() - size).is_multiple_of(2) { of_size(size) } else { -of_size(size) }
            },
        )
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_set_loses_whom_closing_it_and_counting_anew_says(
        grid in Grid::any(7),
        minutes in prop::sample::select(vec![1_u32, 9, 10, 11, 20, 25, 30, 60]),
        sites in prop::sample::select(vec![Sites::Inside, Sites::All]),
    ) {
        let region = grid.without(&[]);
        let loss = |set: &[HospitalId]| slow_loss(&grid, &region, set, minutes);
        for order in ORDERS {
            let found = search(&region, &standard(minutes), sites, order).unwrap();
            let sets = subsets(found.sites(), order.size());
            prop_assert_eq!(found.sets(), sets.len() as u64);
            let mut slow: Vec<Closure> = Vec::new();
            for set in sets {
                let singles: u64 = set.iter().map(|one| loss(&[*one])).sum();
                let newly_beyond = loss(&set);
                let together = slow_together(&set, &loss);
                slow.push(Closure {
                    newly_beyond,
                    newly_beyond_band: Some(slow_band(&grid, &region, &set, minutes)),
                    more_than_singles: newly_beyond - singles,
                    only_together: u64::try_from(together).unwrap(),
                    hospitals: set,
                });
            }
            slow.sort_by_key(|one| std::cmp::Reverse(one.newly_beyond)); // stable: ids stay in order
            for count in [0, 1, 2, 3, 5, 1000] {
                let first = &slow[..count.min(slow.len())];
                prop_assert_eq!(found.worst(count), first, "{:?}", order);
            }
            slow.sort_by(|a, b| {
                b.only_together.cmp(&a.only_together).then(a.hospitals.cmp(&b.hospitals))
            });
            slow.retain(|one| one.only_together > 0);
            for count in [0, 1, 3, 1000] {
                prop_assert_eq!(found.together(count), &slow[..count.min(slow.len())]);
            }
        }
    }

    #[test]
    fn what_follows_a_closure_is_that_of_the_network_without_the_hospitals(
        grid in Grid::any(6), minutes in 1_u32..60, choice in 0..3,
    ) {
        let region = grid.without(&[]);
        let choice = match choice {
            0 => Choice::Nearest,
            1 => Choice::Huff(Huff::default()),
            _ => Choice::Capacity(verbund::routing::Capacity::default()),
        };
        let all = Aftermaths::new(&region, &standard(minutes)).unwrap();
        let all = all.with_overload(choice).unwrap();
        let sites = Sites::All.of(&region, &standard(minutes)).ids();
        let before = coverage::evaluate(&region, &standard(minutes)).unwrap();
        for set in (1..=3).flat_map(|size| subsets(&sites, size)).step_by(3) {
            let found = all.of(&set);
            let closed = grid.without(&keys(&region, &set));
            let after = coverage::evaluate(&closed, &standard(minutes)).unwrap();
            prop_assert_eq!(found.without_way, after.total.unreached - before.total.unreached);
            // Where all still reach one, their times before and after differ by the backup times.
            if found.without_way == 0 {
                let reached = (before.total.people - before.total.unreached) as f64;
                let sum = |total: &coverage::Reach| total.mean_seconds.unwrap_or(0.0) * reached;
                let extra = found.backup_seconds.unwrap_or(0.0) * found.people as f64;
                let slow = sum(&after.total) - sum(&before.total);
                prop_assert!((slow - extra).abs() < 1e-3, "{slow} {extra}");
            }
            let flows = Flows::of_region(&closed, choice).unwrap();
            let slow = flows.cases_by_hospital(closed.network().hospitals().len());
            let overload = found.overload.unwrap();
            for one in &overload.receivers {
                let key = &region.network()[one.hospital].key;
                let id = closed.network().find(key).unwrap();
                prop_assert!((one.load.cases().after - slow[id.index()]).abs() < 1e-6);
                prop_assert!(one.load.more_cases() > 0.0);
            }
            let slow: f64 = slow.iter().sum();
            let base = Flows::of_region(&region, choice).unwrap();
            let fast: f64 = base.loads.iter().map(|load| load.cases).sum::<f64>() - overload.leftover;
            prop_assert!((slow - fast).abs() < 1e-3, "{slow} {fast}");
        }
    }

    #[test]
    fn the_harmless_set_is_that_of_trying_all_sets(
        grid in Grid::any(10),
        minutes in prop::sample::select(vec![9_u32, 10, 15, 20, 30, 40, 60]),
        sites in prop::sample::select(vec![Sites::Inside, Sites::All]),
    ) {
        let region = grid.without(&[]);
        let found = harmless(&region, &standard(minutes), sites, &Control::default()).unwrap();
        let all = sites.of(&region, &standard(minutes)).ids();
        // Largest sets first, in the order of keys: the first without a loss.
        let mut sets = (0..=all.len()).rev().flat_map(|size| subsets(&all, size));
        let slow = sets.find(|set| slow_loss(&grid, &region, set, minutes) == 0).unwrap();
        prop_assert_eq!(&found.closing, &slow);
        prop_assert!(found.is_proven && found.most == slow.len());
        prop_assert_eq!(found.staying.len() + found.closing.len(), all.len());
    }

    #[test]
    fn the_set_that_leaves_enough_beds_is_that_of_trying_all_sets(
        grid in Grid::any(8),
        minutes in prop::sample::select(vec![10_u32, 20, 40, 60]),
        is_huff in any::<bool>(),
    ) {
        let region = grid.without(&[]);
        let choice = if is_huff { Choice::Huff(Huff::default()) } else { Choice::Nearest };
        let found = with_beds(&region, minutes, Sites::Inside, choice);
        let all = Sites::Inside.of(&region, &standard(minutes)).ids();
        let after = Aftermaths::new(&region, &standard(minutes)).unwrap();
        let after = after.with_overload(choice).unwrap();
        let leaves_beds = |set: &Vec<HospitalId>| {
            let overload = after.of(set).overload.unwrap();
            overload.receivers.iter().all(|one| {
                !one.load.is_newly_overfull() && !one.load.is_overfull_and_fuller()
            })
        };
        let mut sets = (0..=all.len()).rev().flat_map(|size| subsets(&all, size));
        let slow = sets
            .find(|set| slow_loss(&grid, &region, set, minutes) == 0 && leaves_beds(set))
            .unwrap_or_default();
        prop_assert_eq!(&found.closing, &slow);
        prop_assert!(found.is_proven && found.most == slow.len());
    }
}

#[test]
fn on_the_region_one_and_eight_threads_agree_and_pairs_are_those_of_counting_anew() {
    let folder = Folder::leipzig().read().unwrap();
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let region = Region::new(&folder, folder.network.date()).unwrap();
            let mut found = Vec::new();
            for standard in &region.network().catalog().standards {
                for order in ORDERS {
                    let closures = search(&region, standard, Sites::All, order).unwrap();
                    found.push(format!("{:?}", closures.worst(20)));
                    found.push(format!("{:?}", closures.together(20)));
                }
                let whole = Control::default();
                found.push(format!("{:?}", harmless(&region, standard, Sites::Inside, &whole)));
            }
            let stroke = region.network().catalog().standard("stroke_unit").unwrap();
            let after = Aftermaths::new(&region, stroke).unwrap();
            let after = after.with_overload(Choice::Huff(Huff::default())).unwrap();
            let pairs = search(&region, stroke, Sites::Inside, Order::Pair).unwrap();
            for one in pairs.worst(2) {
                found.push(format!("{:?}", after.of(&one.hospitals)));
            }
            found
        })
    };
    assert_eq!(all(1), all(8));

    let region = Region::new(&folder, folder.network.date()).unwrap();
    let stroke = region.network().catalog().standard("stroke_unit").unwrap().clone();
    let pairs = search(&region, &stroke, Sites::Inside, Order::Pair).unwrap();
    let before = coverage::evaluate(&region, &stroke).unwrap().total.within_limit;
    for one in pairs.worst(1000) {
        let set = coverage::HospitalSet::filter(region.network().ids(), |id| {
            !one.hospitals.contains(&id)
                && stroke.requirement.is_met_by(&region.network()[id], region.network().catalog())
        });
        let parts = region.parts().len();
        let nearest = coverage::Nearest::find(region.times(), parts, &set);
        let after = nearest.people_within(&region.people(&stroke.population), stroke.limit());
        assert_eq!(one.newly_beyond, before - after);
    }
}

#[test]
fn what_closures_do_is_written_by_key_and_in_seconds() {
    // Of the three, b and c leave 24 people beyond 20 minutes, of whom 8 rest on both.
    let region = three();
    let worst = closures(&region, 20, Order::Pair).worst(1);
    let written = serde_json::to_value(region.keyed(&worst)).unwrap();
    assert_eq!(written[0]["hospitals"], serde_json::json!(["b", "c"]));
    assert_eq!(written[0]["newly_beyond"], 24);
    assert_eq!(written[0]["only_together"], 8);

    // One person at km 10 goes to a at km 0, and without it to b at km 30, 10 minutes longer.
    let region = line(&[(0.0, 1), (30.0, 1)], &[(10.0, 1)]);
    let after = Aftermaths::new(&region, &standard(40)).unwrap();
    let after = after.with_overload(Choice::Nearest).unwrap().of(&ids(&region, &["a"]));
    let written = serde_json::to_value(region.keyed(&after)).unwrap();
    assert_eq!(written["hospitals"], serde_json::json!(["a"]));
    assert_eq!(written["people"], 1);
    assert_eq!(written["backup_seconds"], 600.0);
    assert_eq!(written["overload"]["receivers"][0]["hospital"], "b");

    let written = serde_json::to_value(region.keyed(&largest(&region, 40))).unwrap();
    assert_eq!(written["closing"], serde_json::json!(["a"]));
    assert_eq!(written["is_proven"], true);
}
