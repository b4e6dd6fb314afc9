//! A region before and after a change: hits from those before, who gains and who loses, the program.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;
use verbund::Region;
use verbund::calendar::{Date, DateTime};
use verbund::comparison::{
    self, Base, Grouping, LawPoint, Shift, compare, compare_standard, law_changes, simulated,
};
use verbund::coverage::{self, Delta, HospitalSet, Nearest, NearestQualifying};
use verbund::files::Folder;
use verbund::impact::{self, CandidateKind, Sought};
use verbund::model::*;
use verbund::pathways::Query;
use verbund::random::Seed;
use verbund::routing::{Choice, Huff};
use verbund::rules::GroupStanding;
use verbund::run::Control;
use verbund::scenario::{
    Change, DepartmentKey, HospitalSize, NewDepartment, Scenario, ScenarioDraft,
};
use verbund::simulation::{Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, simulate};
use verbund::units::Seconds;

use crate::common::{day, standard};
use crate::run::{json, output, refused, text};
use crate::scenario_region::{any_model, any_seeds, scenarios};
use crate::structure::{line, scenario};

/// The nearest of the region after, by update and from scratch, and how many were looked up.
fn updated_and_fresh_hits(
    before: &Region,
    after: &Region,
    standard: &Standard,
) -> (Nearest, Nearest, usize) {
    let find = |region: &Region| NearestQualifying::find(region, &standard.requirement);
    let (updated, anew) = (Delta::new(before, after).update(&find(before)), find(after));
    assert_eq!(&updated.set, anew.set());
    (updated.nearest, anew.nearest().clone(), updated.looked_up.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn updated_hits_are_those_found_anew(
        model in any_model(),
        seeds in any_seeds(),
        days in 0_u32..420,
        asks_facility in any::<bool>(),
    ) {
        let both = scenarios(&model, &seeds);
        let moment = DateTime::from(day().plus_days(days).unwrap());
        let region = Region::new(&model, day()).unwrap();
        let after = region.apply(&[&both[0], &both[1]], moment).unwrap();
        let mut asked = standard(30);
        if asks_facility {
            asked.requirement = Requirement::Facility { kind: "f".into(), at_least: None };
        }
        let (updated, anew, _) = updated_and_fresh_hits(&region, &after, &asked);
        prop_assert_eq!(&updated, &anew);
        // And the comparison is made of both coverages.
        let change = compare_standard(&region, &after, &asked).unwrap();
        prop_assert_eq!(&change.before, &coverage::evaluate(&region, &asked).unwrap().total);
        let (first, second) =
            [&region, &after].map(|one| coverage::evaluate(one, &asked).unwrap()).into();
        prop_assert_eq!(&change.after, &second.total);
        for (one, (before, after)) in
            change.districts.iter().zip(first.districts.iter().zip(&second.districts))
        {
            prop_assert_eq!((&one.name, &one.before), (&before.district, &before.reach));
            prop_assert_eq!((&one.name, &one.after), (&after.district, &after.reach));
        }
        prop_assert_eq!(change.districts.len(), second.districts.len());
        // Who won and lost, and every place of which something differs, with its means: against the network
        // before with the people of after, measured anew.
        let people = both.clone().map(only_people);
        let then = verbund::scenario::under(&model, &[&people[0], &people[1]], moment).unwrap();
        let then = Region::new(&then, day()).unwrap();
        prop_assert_eq!(then.places(), after.places());
        let of_then = coverage::evaluate(&then, &asked).unwrap();
        for (before, after) in of_then.places.iter().zip(&second.places) {
            let key = &then.place(before.place).key;
            let means = (before.mean_seconds, after.mean_seconds);
            let own = change.places.iter().find(|one| one.place == *key);
            prop_assert!(own.is_some() || means.0 == means.1);
            if let Some(own) = own {
                prop_assert_eq!((own.before_seconds, own.after_seconds), means);
                prop_assert_eq!(own.people, after.people);
            }
        }
        let within = |region: &Region, part| {
            let hits = NearestQualifying::find(region, &asked.requirement);
            hits.nearest().first(part).is_some_and(|(_, time)| time <= asked.limit())
        };
        let (mut won, mut lost) = (0, 0);
        for (part, people) in after.people(&asked.population).into_iter().enumerate() {
            match (within(&then, part), within(&after, part)) {
                (false, true) => won += u64::from(people),
                (true, false) => lost += u64::from(people),
                _ => {}
            }
        }
        prop_assert_eq!((change.won, change.lost), (won, lost));
        prop_assert_eq!(of_then.total.within_limit + won, change.after.within_limit + lost);
        // Winners less losers are the change of the total, of those with a way on both sides, to the second.
        let time = |region: &Region, part| {
            let hits = NearestQualifying::find(region, &asked.requirement);
            hits.nearest().first(part).map(|(_, time)| i128::from(time.0))
        };
        let (mut net, mut sooner, mut later, mut ways) = (0_i128, 0, 0, (0, 0));
        for (part, people) in after.people(&asked.population).into_iter().enumerate() {
            match (time(&then, part), time(&after, part)) {
                (Some(old), Some(new)) => {
                    net += (old - new) * i128::from(people) * 1_000_000;
                    sooner += u64::from(new < old) * u64::from(people);
                    later += u64::from(new > old) * u64::from(people);
                }
                (None, Some(_)) => ways.0 += people,
                (Some(_), None) => ways.1 += people,
                (None, None) => {}
            }
        }
        let shift = &change.shift;
        prop_assert_eq!(shift.net_seconds_millionths(), net);
        prop_assert_eq!(shift.sooner.people(), sooner as f64);
        prop_assert_eq!(shift.later.people(), later as f64);
        prop_assert_eq!((shift.new_way, shift.without_way), (f64::from(ways.0), f64::from(ways.1)));
        prop_assert_eq!((shift.new_in_time, shift.no_longer_in_time), (won as f64, lost as f64));
        let sum = |shifts: &[Shift]| shifts.iter().fold(Shift::default(), |sum, one| sum.and(*one));
        let places: Vec<Shift> = change.places.iter().map(|place| place.shift).collect();
        prop_assert_eq!(&sum(&places), shift);
        let districts: Vec<Shift> = change.districts.iter().map(|district| district.shift).collect();
        // A district that nobody lived in before is left out.
        if change.districts.len() == first.districts.len() {
            prop_assert_eq!(&sum(&districts), shift);
        }
        // Age bands, counted one by one.
        let bands = after.places().bands.iter();
        let groups = bands.map(|band| PopulationGroup { sex: None, from: band.from, to: band.to });
        let groups: Vec<_> = groups
            .filter(|group| [&region, &after].iter().any(|one| one.people(group).iter().any(|&people| people > 0)))
            .collect();
        prop_assert_eq!(change.bands.len(), groups.len());
        for (own, group) in change.bands.iter().zip(&groups) {
            for (one, reach) in [(&region, &own.before), (&after, &own.after)] {
                let hits = NearestQualifying::find(one, &asked.requirement);
                // Found anew without the band, which has tests of its own.
                let mut without_band = reach.clone();
                without_band.within_limit_band = None;
                without_band.within_band = None;
                prop_assert_eq!(without_band, hits.nearest().reach(&one.people(group), asked.limit()));
            }
        }
        // Nothing changes from a region to itself.
        let same = compare_standard(&after, &after, &asked).unwrap();
        prop_assert_eq!((same.won, same.lost, same.looked_up, same.places.len()), (0, 0, 0, 0));
    }
}

/// A scenario of which only the people of another year are left.
fn only_people(mut scenario: Scenario) -> Scenario {
    scenario.changes.retain(|one| matches!(one.change, Change::SetPopulation(_)));
    scenario
}

/// The line of `structure` before and after these changes.
fn before_and_after(changes: &[Change]) -> (Region, Region) {
    let before = Region::new(&line(), day()).unwrap();
    let scenario = scenario(changes);
    let at = DateTime::from(scenario.settled_on().unwrap_or(day()));
    let after = before.apply(&[&scenario], at).unwrap();
    (before, after)
}

#[test]
fn who_wins_and_who_loses_by_hand() {
    // "s" is at a (km 0) and b (km 20); 1, 2, 4 and 8 people live at km 5, 15, 30 and 50. Within 10 minutes
    // are 1 of a, 2 of b and 4 of b. When b closes and one opens at km 50, 2 and 4 are lost, 8 are won.
    let new = crate::common::hospital("new", crate::common::at(50.0, 0.0), 3);
    let (before, after) =
        before_and_after(&[Change::CloseHospital("b".into()), Change::OpenHospital(Box::new(new))]);
    let change = compare_standard(&before, &after, &standard(10)).unwrap();
    assert_eq!((change.before.within_limit, change.after.within_limit), (7, 9));
    assert_eq!((change.won, change.lost), (8, 6));
    let places: Vec<_> =
        change.places.iter().map(|one| (one.place.as_str(), one.won, one.lost)).collect();
    // The most people lost first.
    assert_eq!(places, [("p2", 0, 4), ("p1", 0, 2), ("p3", 8, 0)]);
    // km 30 was 10 minutes from b and is 20 from the new one.
    assert_eq!(change.places[0].before_seconds, Some(600.0));
    assert_eq!(change.places[0].after_seconds, Some(1200.0));
    assert_eq!(change.places[0].extra_seconds(), 4.0 * 600.0);
    // Mean of 1, 2, 4, 8 people: 5, 5, 10, 30 minutes before; 5, 15, 20, 0 after.
    let mean = |minutes: f64| Some(minutes * 60.0 / 15.0);
    assert_eq!(change.before.mean_seconds, mean(5.0 + 10.0 + 40.0 + 240.0));
    assert_eq!(change.after.mean_seconds, mean(5.0 + 30.0 + 80.0 + 0.0));
    let south = change.districts.iter().find(|one| one.name == "south").unwrap();
    assert_eq!((south.before.within_limit, south.after.within_limit), (4, 8));
}

#[test]
fn only_touched_points_are_looked_up() {
    // b is a hit of everybody on the line, c has no "s": its end touches nobody.
    let (before, after_c) = before_and_after(&[Change::CloseHospital("c".into())]);
    let (updated, anew, looked_up) = updated_and_fresh_hits(&before, &after_c, &standard(10));
    assert_eq!((updated, looked_up), (anew, 0));
    let region = Region::leipzig().unwrap();
    let basic = region.network().catalog().standard("basic_care").unwrap();
    let closes = scenario_of("CloseHospital(\"kkh-torgau\")", &region);
    let changed = region.apply(&[&closes], "2026-07-01".parse().unwrap()).unwrap();
    let (updated, anew, looked_up) = updated_and_fresh_hits(&region, &changed, basic);
    assert_eq!(updated, anew);
    // Exactly the points that have Torgau as one of their two hits.
    let set = HospitalSet::meeting(region.network(), &basic.requirement);
    let old = Nearest::find(region.times(), region.parts().len(), &set);
    let torgau = region.network().find("kkh-torgau");
    let is_hit = |part: &usize| {
        [old.first(*part), old.second(*part)].iter().flatten().any(|(id, _)| Some(*id) == torgau)
    };
    assert_eq!(looked_up, (0..region.parts().len()).filter(is_hit).count());
    assert!(looked_up > 50 && looked_up < region.parts().len() / 4);
}

fn scenario_of(change: &str, region: &Region) -> Scenario {
    let text = format!(
        "(format: 1, id: \"x\", name: \"X\", source: \"invented\", changes: [(on: \"2026-07-01\", \
         reason: \"a test\", change: {change})])"
    );
    Scenario::read(&text, "x.ron", region.network(), region.places()).unwrap()
}

#[test]
fn cases_go_to_others_and_none_are_lost() {
    let region = Region::leipzig().unwrap();
    let closes = scenario_of("CloseHospital(\"kkh-torgau\")", &region);
    let after = region.apply(&[&closes], "2026-07-01".parse().unwrap()).unwrap();
    let found = compare(&region, &after, &[], Choice::Huff(Huff::default())).unwrap();
    let torgau = &found.hospitals[0];
    assert_eq!((torgau.hospital.as_str(), torgau.load.after), ("kkh-torgau", None));
    // What Torgau loses, others take, but for what is left over; hospitals below one case are not listed.
    let gained: f64 = found.hospitals[1..].iter().map(|one| one.load.more_cases()).sum();
    let left = found.leftover.more_cases();
    let all = region.network().hospitals().len() as f64;
    assert!((gained + left + torgau.load.more_cases()).abs() < all, "{gained} and {left}");
    // A closed hospital has no service group, level, stage and no supplement any more.
    let law = law_changes(&region, &after).unwrap();
    let of_torgau = law.iter().filter(|one| one.hospital == "kkh-torgau");
    let is_gone = |point: &LawPoint| match point {
        LawPoint::Group { before, after, .. } => before.is_some() && after.is_none(),
        LawPoint::Level { before, after } => before.is_some() && after.is_none(),
        LawPoint::Stage { before, after } => before.is_some() && after.is_none(),
        LawPoint::Supplement { before, after, .. } => before.is_some() && after.is_none(),
        _ => false,
    };
    assert!(of_torgau.clone().count() > 5 && of_torgau.clone().all(|one| is_gone(&one.point)));
    let general = LawPoint::Group {
        number: 1,
        name: "Allgemeine Innere Medizin".to_owned(),
        before: Some(GroupStanding::OnSite),
        after: None,
    };
    assert!(of_torgau.clone().any(|one| one.point == general));
}

#[test]
fn simulated_figures_are_paired_by_key() {
    let model = Folder::small().read().unwrap();
    let before = Region::new(&model, day_of(&model)).unwrap();
    let closes = scenario_of("CloseHospital(\"west\")", &before);
    let after = before.apply(&[&closes], "2026-07-01".parse().unwrap()).unwrap();
    let settings = Settings::default().days(60).warm_up_days(20);
    let plan = RunPlan { seed: Seed(3), replications: 4, until: None };
    let stop = std::sync::atomic::AtomicBool::new(false);
    let keys = ["north".to_owned(), "west".to_owned()];
    let run = |passing| {
        let base = PatientFlow::new(&before, &settings, None).unwrap();
        let flows = [base, PatientFlow::new(&after, &settings, passing).unwrap()];
        simulated(&simulate(&flows, plan, &Control::default().stop(&stop)), FlowIndex(1), &keys)
    };
    let changes = run(None);
    // What passes comes on top, after only: five times the emergencies.
    let surge = r#"Surge(specialties: ["internal_medicine"], factors: [5.0], days: 60)"#;
    let surge = scenario_of(surge, &after);
    let mut surge = surge.passing();
    surge.changes[0].on = before.network().date().into();
    let more = run(Some(&surge));
    assert_eq!(more[0].before, changes[0].before);
    assert!(more[0].after.unwrap() > 1.3 * changes[0].after.unwrap());
    // The same as two runs by themselves.
    let mean = |region: &Region, key: Option<&str>| {
        let flows = [PatientFlow::new(region, &settings, None).unwrap()];
        let results = simulate(&flows, plan, &Control::default().stop(&stop));
        let scope = match key {
            None => Scope::Inside,
            Some(key) => Scope::Hospital(region.network().find(key)?),
        };
        Some(results.interval(FlowIndex::BASE, Figure::Admissions, scope)?.mean)
    };
    for key in [None, Some("north")] {
        let own = changes
            .iter()
            .find(|one| one.hospital.as_deref() == key && one.figure == Figure::Admissions)
            .unwrap();
        assert_eq!((own.before, own.after), (mean(&before, key), mean(&after, key)));
        let change = own.change.unwrap().mean;
        assert!((change - (own.after.unwrap() - own.before.unwrap())).abs() < 1e-9);
    }
    let west = changes.iter().find(|one| one.hospital.as_deref() == Some("west")).unwrap();
    assert!(west.before.is_some() && west.after.is_none() && west.change.is_none());
}

fn day_of(model: &Model) -> Date {
    model.network.date()
}

#[test]
fn the_program_compares_a_shipped_scenario() {
    let out = text(&["compare", "--scenario", "merger-delitzsch-eilenburg", "--limit", "5"]);
    for part in [
        "Before and after: Delitzsch and Eilenburg merge at Delitzsch",
        "the changes that are in force on 2027-01-01",
        "Who gains and who loses",
        "As before for everybody: basic care, paediatrics,",
        "The places that gain most, and those hit hardest",
        "How long care pathways take",
        "Where the cases go",
        "What the law then says",
        "the merger, its site and its date",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 110), "{out}");
    let value = json(&["compare", "--scenario", "merger-delitzsch-eilenburg"]);
    let rows = value["tables"]["standards"].as_array().unwrap();
    let ct = rows.iter().find(|row| row["standard"] == "ct").unwrap();
    assert!(ct["mean_after_minutes"].as_f64() > ct["mean_before_minutes"].as_f64());
    let one = json(&["compare", "--scenario", "merger-delitzsch-eilenburg", "--standard", "ct"]);
    assert_eq!(one["tables"]["standards"].as_array().unwrap().len(), 1);
    // Before the merger nothing is other.
    let early =
        json(&["compare", "--scenario", "merger-delitzsch-eilenburg", "--on", "2026-12-31"]);
    for row in early["tables"]["standards"].as_array().unwrap() {
        assert_eq!(row["mean_before_minutes"], row["mean_after_minutes"]);
    }
    for table in ["places", "stages", "hospitals", "law"] {
        assert_eq!(early["tables"][table], Value::Array(vec![]), "{table}");
    }
    // One table as CSV; two scenarios together are one comparison.
    let csv = text(&["compare", "--scenario", "merger-delitzsch-eilenburg", "--format", "csv"]);
    assert!(csv.starts_with("standard,"), "{csv}");
    let both =
        ["--scenario", "merger-delitzsch-eilenburg", "--scenario", "tele-stroke-eilenburg-ends"];
    let together = text(&[&["compare", "--together"], &both[..]].concat());
    assert_eq!(together.matches("Who gains and who loses").count(), 1);
    assert_eq!(
        text(&[&["compare"], &both[..]].concat()).matches("Who gains and who loses").count(),
        2
    );
}

#[test]
fn the_program_tells_all_faults_and_computes_nothing() {
    refused(&["compare"], &["--scenario"]);
    refused(
        &["compare", "--scenario", "wintre", "--standard", "ctt", "--on", "soon"],
        &["did you mean \"winter\"?", "ctt", "--on soon"],
    );
    // A closure of the past needs an earlier day; who names none gets the day before it.
    refused(
        &["compare", "--scenario", "schkeuditz-closed", "--as-of", "2026-01-01"],
        &["before the start on 2026-01-01"],
    );
    let (code, out, _) =
        output(&["compare", "--scenario", "schkeuditz-closed", "--as-of", "2025-05-01"]);
    assert_eq!(code, 0);
    assert!(out.contains("schkeuditz-closed"), "{out}");
    assert!(out.contains("Helios Klinik Schkeuditz"), "{out}");
}

#[test]
fn what_opens_and_roads_touch_only_whom_they_concern() {
    // Hospitals every 40 km with "s"; the places at km 40n + 10 have n and n + 1 as their two hits.
    let hospitals: Vec<(f64, u32)> = (0..6).map(|n| (40.0 * f64::from(n), 1)).collect();
    let places: Vec<(f64, u32)> = (0..5).map(|n| (40.0 * f64::from(n) + 10.0, 1)).collect();
    let before = crate::common::line(&hospitals, &places);
    let looked_up = |change: Change| {
        let scenario = scenario(&[change]);
        let at = scenario.settled_on().unwrap().into();
        let after = before.apply(&[&scenario], at).unwrap();
        let (updated, anew, looked_up) = updated_and_fresh_hits(&before, &after, &standard(30));
        assert_eq!(updated, anew);
        looked_up
    };
    let open = |km: f64, has_s: bool| {
        let mut new = crate::common::hospital("z", crate::common::at(km, 0.0), 1);
        if !has_s {
            new.departments[0].specialty = "t".into();
        }
        Change::OpenHospital(Box::new(new))
    };
    // c (km 80) is the first hit of p2 and the second of p1; a is the first of p0 alone.
    assert_eq!(looked_up(Change::CloseHospital("c".into())), 2);
    assert_eq!(looked_up(Change::CloseHospital("a".into())), 1);
    // At km 91 it is nearer than a hit for p2 (1 minute) only: p1 at km 50 has 10 and 30 minutes, and 41
    // to it; p3 at km 130 has 10 and 30, and 39.
    assert_eq!(looked_up(open(91.0, true)), 1);
    assert_eq!(looked_up(open(91.0, false)), 0);
    // At km 80 it is as far as c: the smaller key stays before it for p1, whose second hit is c.
    assert_eq!(looked_up(open(80.0, true)), 1);
    // More beds touch nobody; a road of one place touches that place.
    let size = HospitalSize { hospital: "c".into(), beds: 99 };
    assert_eq!(looked_up(Change::ResizeHospital(size)), 0);
    let delay = Some(Seconds(60));
    let road = |from: &str, to: &[&str]| {
        let to = to.iter().map(|key| (*key).to_owned()).collect();
        Change::Road(Road { from: vec![from.into()], to, corridor: vec![], delay })
    };
    assert_eq!(looked_up(road("p4", &[])), 1);
    // Even a journey that is nobody's hit is another list.
    assert_eq!(looked_up(road("p1", &["b"])), 1);
}

#[test]
fn who_newly_meets_a_standard_concerns_those_to_whom_it_is_near() {
    // "t" is at a (km 0) and c (km 200), not at b (km 100); places at km 10, 90 and 190. With "t" at b, it
    // comes before the second hit of all; with c at km 20 as well, of the two that are nearer to it.
    let region = |second: f64| {
        let at = |km| crate::common::at(km, 0.0);
        let mut hospitals: Vec<Hospital> = [("a", 0.0), ("b", 100.0), ("c", second)]
            .iter()
            .map(|(key, km)| crate::common::hospital(key, at(*km), 1))
            .collect();
        hospitals[0].departments.push(Department::new("t"));
        hospitals[2].departments.push(Department::new("t"));
        let places = [("p0", 10.0), ("p1", 90.0), ("p2", 190.0)];
        let places = places.map(|(key, km)| crate::common::place(key, at(km), 1));
        Region::new(&crate::common::model(hospitals, places.to_vec()), day()).unwrap()
    };
    let t = Standard::new("t", Requirement::Specialty("t".into()), 30);
    let opens = NewDepartment { hospital: "b".into(), department: Department::new("t") };
    let opens = scenario(&[Change::AddDepartment(opens)]);
    for (second, touched) in [(200.0, 3), (20.0, 2)] {
        let before = region(second);
        let after = before.apply(&[&opens], opens.settled_on().unwrap().into()).unwrap();
        let (updated, anew, looked_up) = updated_and_fresh_hits(&before, &after, &t);
        assert_eq!((&updated, looked_up), (&anew, touched), "{second}");
    }
}

#[test]
fn journeys_that_change_without_a_scenario_are_seen() {
    let region = Region::leipzig().unwrap();
    let basic = region.network().catalog().standard("basic_care").unwrap();
    let slower = region.with_slower_roads(1.25);
    let (updated, anew, _) = updated_and_fresh_hits(&region, &slower, basic);
    assert_eq!(updated, anew);
    let torgau = region.find_place("Torgau").unwrap();
    let longer = region.with_journeys(|place, _, time| {
        Some(if place == torgau { time + Seconds(60) } else { time })
    });
    let (updated, anew, looked_up) = updated_and_fresh_hits(&region, &longer, basic);
    assert_eq!((updated, looked_up), (anew, region.parts_of(torgau).len()));
    // Measured by itself, the same region is the same.
    let again = Region::leipzig().unwrap();
    assert_eq!(updated_and_fresh_hits(&region, &again, basic).2, 0);
    // More people live on other points: whoever counts them finds the same.
    let change = compare_standard(&region, &slower, basic).unwrap();
    assert_eq!(change.after, coverage::evaluate(&slower, basic).unwrap().total);
    assert!(change.won == 0 && change.after.mean_seconds > change.before.mean_seconds);
}

#[test]
fn a_base_serves_every_change() {
    let region = Region::leipzig().unwrap();
    let standards = &region.network().catalog().standards;
    let choice = Choice::Huff(Huff::default());
    let base = Base::new(&region, standards, choice).unwrap();
    for key in ["merger-delitzsch-eilenburg", "tele-stroke-eilenburg-ends", "demography-2035"] {
        let scenario = verbund::scenario::Scenario::in_folder(
            &Folder::leipzig(),
            key,
            region.network(),
            region.places(),
        )
        .unwrap();
        let at = scenario.settled_on().unwrap();
        let after = region.apply(&[&scenario], at.into()).unwrap();
        let found = base.compare(&after).unwrap();
        assert_eq!(found, compare(&region, &after, standards, choice).unwrap(), "{key}");
        for one in &found.standards {
            let anew = coverage::evaluate(&after, &one.standard).unwrap();
            assert_eq!(one.after, anew.total, "{key} {}", one.standard.key);
            // People move, hospitals and roads stay: nobody wins or loses a thing.
            let moved = (one.won, one.lost, one.places.len());
            assert!(key != "demography-2035" || moved == (0, 0, 0), "{moved:?}");
        }
    }
}

#[test]
fn a_base_lives_on_without_what_it_was_made_of() {
    /// What a server keeps for long and hands to its threads.
    fn may_be_kept<T: Send + Sync + 'static>() {}
    let region = Region::leipzig().unwrap();
    let standards = region.network().catalog().standards.clone();
    let closes = Change::CloseHospital("kkh-torgau".into());
    let day: Date = "2026-07-01".parse().unwrap();
    let scenario = Scenario::new("no-torgau", "Torgau closes", "invented")
        .change(verbund::scenario::DatedChange::new(day.into(), "an example", closes));
    let after = region.apply(&[&scenario], day.into()).unwrap();
    let expected = compare(&region, &after, &standards, Choice::Nearest).unwrap();

    may_be_kept::<Base>();
    may_be_kept::<comparison::Comparison>();
    may_be_kept::<comparison::Plan>();
    may_be_kept::<Delta>();
    may_be_kept::<NearestQualifying>();
    may_be_kept::<verbund::impact::Study<'static>>();
    may_be_kept::<verbund::overview::Overview>();
    may_be_kept::<verbund::planning::closures::Aftermaths>();

    // As a server keeps it: shared by threads, while whoever made it is gone.
    let base = std::sync::Arc::new(Base::new(&region, &standards, Choice::Nearest).unwrap());
    drop(region);
    drop(standards);
    let after = std::sync::Arc::new(after);
    let threads = [(); 2].map(|()| {
        let (base, after) = (std::sync::Arc::clone(&base), std::sync::Arc::clone(&after));
        std::thread::spawn(move || base.compare(&after).unwrap())
    });
    for thread in threads {
        assert_eq!(thread.join().unwrap(), expected);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_simulation_with_what_is_finished() {
    let long = ["compare", "--scenario", "winter", "--simulate"];
    let more = ["--replications", "9999", "--days", "30", "--format", "json"];
    let arguments = [&long[..], &more].concat();
    let (code, text, error) = crate::run::interrupted(&arguments, |time| time.as_millis() > 3000);
    assert_eq!(code, 130, "{error}");
    // On a machine so busy that the simulation had not begun, there is nothing to print.
    if !text.is_empty() {
        let value: Value = serde_json::from_str(&text).unwrap();
        let told = value["about"]["interrupted"].as_str().unwrap();
        assert!(
            told.starts_with("partial: ") && told.ends_with(" of 9999 replications are finished")
        );
        assert!(value["tables"]["standards"].is_array() && value["tables"]["simulated"].is_array());
        assert!(error.contains("verbund: interrupted after "), "{error}");
    }
}

#[test]
fn who_loses_every_way_is_not_better_off() {
    // p3 (8 people at km 50) was 30 minutes from b, beyond the limit of 10: nobody is lost by its road, the
    // mean of the others falls, and the place is worse off.
    let (before, after) = before_and_after(&[Change::Road(Road {
        from: vec!["p3".into()],
        to: vec![],
        corridor: vec![],
        delay: None,
    })]);
    let change = compare_standard(&before, &after, &standard(10)).unwrap();
    assert_eq!((change.won, change.lost, change.after.unreached), (0, 0, 8));
    let [place] = change.places.as_slice() else { panic!("one place changes") };
    assert_eq!((place.place.as_str(), place.without_way, place.after_seconds), ("p3", 8, None));
    // The program says so.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("road.ron");
    let road = "(format: 1, id: \"road\", name: \"A road closes\", source: \"invented\", changes: [(on: \
                \"2026-07-01\", reason: \"a test\", change: Road(from: [\"e\"]))])";
    std::fs::write(&file, road).unwrap();
    let path = file.to_str().unwrap();
    let out =
        text(&["compare", "--network", "small", "--scenario", path, "--standard", "basic_care"]);
    assert!(out.contains("16,000 more people reach no such hospital at all"), "{out}");
    assert!(!out.contains("no place is worse off"), "{out}");
}

#[test]
fn a_diversion_passes_until_its_department_opens() {
    let key = || DepartmentKey { hospital: "a".into(), specialty: "s".into() };
    let mut both = scenario(&[Change::DivertDepartment(key()), Change::OpenDepartment(key())]);
    both.changes[1].on = "2026-03-01".parse().unwrap();
    let passing = both.passing();
    assert_eq!(passing.changes.len(), 1);
    assert_eq!(passing.changes[0].until, Some(both.changes[1].on));
    // Its own end stays; an opening of another department, or before it, ends nothing.
    both.changes[0].until = Some("2026-02-10".parse().unwrap());
    assert_eq!(both.passing().changes[0].until, both.changes[0].until);
    both.changes[0].until = None;
    both.changes[1].on = "2026-01-05".parse().unwrap();
    assert_eq!(both.passing().changes[0].until, None);
    let other = DepartmentKey { hospital: "b".into(), specialty: "s".into() };
    both.changes[1].on = "2026-03-01".parse().unwrap();
    both.changes[1].change = Change::OpenDepartment(other);
    assert_eq!(both.passing().changes[0].until, None);
}

#[test]
fn a_change_with_an_end_counts_when_it_begins() {
    let value = json(&["compare", "--scenario", "mulde-bridge", "--standard", "ct"]);
    assert!(value["about"]["after"].as_str().unwrap().contains("2026-04-13"));
    assert_ne!(value["tables"]["hospitals"], Value::Array(vec![]));
    let two = ["compare", "--scenario", "mulde-bridge", "--scenario", "winter"];
    // As CSV they are one table: the rows of each, with the key of its scenario.
    let rows = |flags: &[&str]| -> Vec<BTreeMap<String, String>> {
        let csv = text(&[flags, &["--format", "csv"]].concat());
        csv::Reader::from_reader(csv.as_bytes()).deserialize().map(Result::unwrap).collect()
    };
    let (both, first) = (rows(&two), rows(&two[..3]));
    let second = rows(&["compare", "--scenario", "winter"]);
    assert!(!first.is_empty() && both.len() == first.len() + second.len());
    for (row, own) in both.iter().zip(first.iter().chain(&second)) {
        // What only the other one says is empty.
        for (key, value) in row {
            assert_eq!(value, own.get(key).map_or("", String::as_str), "{key}");
        }
    }
    let scenarios: Vec<&str> = both.iter().map(|row| row["scenarios"].as_str()).collect();
    let expected = first.iter().map(|_| "mulde-bridge").chain(second.iter().map(|_| "winter"));
    assert_eq!(scenarios, expected.collect::<Vec<_>>());
    // As JSON they are a list, in one file.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.json");
    let file = ["--format", "json", "--output", path.to_str().unwrap()];
    assert_eq!(output(&[&two[..], &file].concat()).0, 0);
    let list: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let titles: Vec<&str> =
        list.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    assert_eq!(titles.len(), 2);
    assert_ne!(titles[0], titles[1]);
    // A file has every row, also those that a screen cuts: the first is held against a file of its own.
    let alone = folder.path().join("one.json");
    let file = ["--format", "json", "--output", alone.to_str().unwrap()];
    assert_eq!(output(&[&two[..3], &file].concat()).0, 0);
    let alone: Value = serde_json::from_str(&std::fs::read_to_string(&alone).unwrap()).unwrap();
    assert_eq!(list[0], alone);
    refused(
        &["compare", "--scenario", "winter", "--on", "1800-01-01"],
        &["before the day of the network"],
    );
}

#[test]
fn a_slower_road_wins_nobody() {
    let (before, after) = before_and_after(&[Change::Road(Road {
        from: vec!["p0".into()],
        to: vec![],
        corridor: vec![],
        delay: Some(Seconds::from_minutes(6)),
    })]);
    // km 5 was 5 minutes from a and is 11.
    let change = compare_standard(&before, &after, &standard(10)).unwrap();
    assert_eq!((change.won, change.lost), (0, 1));
}

#[test]
fn a_plan_has_a_change_for_each_scenario_or_one_for_all() {
    let region = Region::leipzig().unwrap();
    let folder = Folder::leipzig();
    let read = |key| {
        let draft = ScenarioDraft::in_folder(&folder, key, region.network());
        region.check_scenario(draft).unwrap()
    };
    let scenarios = [read("merger-delitzsch-eilenburg"), read("winter")];
    let each = comparison::Plan::of(&region, &scenarios, Grouping::Each, None).unwrap();
    let sizes: Vec<usize> = each.changes.iter().map(|change| change.scenarios.len()).collect();
    assert_eq!(sizes, [1, 1]);
    // A merger lasts: nothing of it passes. A winter is all that passes, and changes no hospital.
    assert!(each.changes[0].passing.changes.is_empty());
    assert_eq!(each.changes[1].passing.changes, scenarios[1].changes);
    assert_eq!(each.changes[1].after.network().hospitals(), region.network().hospitals());

    let together = comparison::Plan::of(&region, &scenarios, Grouping::Together, None).unwrap();
    let [change] = together.changes.as_slice() else { panic!("one for both") };
    assert_eq!((change.scenarios.len(), change.skipped), (2, 0));
    // All of it is in force once the merger is; the winter passes and waits for nothing.
    assert_eq!(change.at, each.changes[0].at);

    for grouping in [Grouping::Each, Grouping::Together] {
        assert!(comparison::Plan::of(&region, &[], grouping, None).unwrap().changes.is_empty());
    }
}

#[test]
fn a_comparison_is_written_by_key_and_in_seconds() {
    let region = Region::leipzig().unwrap();
    let closes = scenario_of("CloseHospital(\"kkh-torgau\")", &region);
    let after = region.apply(&[&closes], "2026-07-01".parse().unwrap()).unwrap();
    let basic = region.network().catalog().standard("basic_care").unwrap();
    let found = compare(&region, &after, std::slice::from_ref(basic), Choice::Nearest).unwrap();
    let written = serde_json::to_value(region.keyed(&found)).unwrap();
    assert_eq!(written["standards"][0]["won"], 0);
    assert_eq!(written["standards"][0]["lost"], 3424);
    assert!(written["standards"][0]["after"]["median_seconds"].is_u64());
    assert_eq!(written["hospitals"][0]["hospital"], "kkh-torgau");
    assert!(written["hospitals"][0]["load"]["after"].is_null());
    assert_eq!(written["leftover"]["after"], found.leftover.after);
    let law = written["law"].as_array().unwrap();
    let is_general = |change: &&Value| {
        change["hospital"] == "kkh-torgau" && change["point"]["group"]["number"] == 1
    };
    let general = law.iter().find(is_general).unwrap();
    assert_eq!(general["point"]["group"]["before"], "OnSite");
    assert!(general["point"]["group"]["after"].is_null());
    assert_eq!(written["stages"].as_array().unwrap().len(), found.stages.len());
}

#[test]
fn a_new_link_brings_what_its_suggestion_says() {
    let region = Region::leipzig().unwrap();
    let change = r#"StartCooperation(id: "tele-stroke-torgau", kind: Telemedicine(), from: "fkh-hubertusburg",
        to: ["kkh-torgau"], fields: ["neurology"], sources: ["project-assumption"])"#;
    let after =
        region.apply(&[&scenario_of(change, &region)], "2026-07-01".parse().unwrap()).unwrap();
    let comparison = compare(&region, &after, &[], Choice::Huff(Huff::default())).unwrap();

    let stroke = [region.network().catalog().pathway("stroke").unwrap()];
    for protocol in impact::PROTOCOLS {
        let query = Query::default().protocol(protocol);
        let sought = Sought { kind: CandidateKind::Telemedicine, field: "neurology" };
        let suggested = impact::suggest(&region, &stroke, sought, 1, &query).unwrap();
        let torgau = region.find_hospital("kkh-torgau").unwrap();
        let both = suggested.ranked.iter().chain(&suggested.harmful);
        let suggestion = both.into_iter().find(|one| one.to == torgau).unwrap().total();

        let mut shifts = comparison.pathways.iter();
        let shift = shifts.find(|one| one.pathway == "stroke" && one.protocol == protocol);
        let shift = shift.unwrap().stage("thrombolysis").unwrap().all.shift;
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6 * (1.0 + a.abs());
        assert!(close(shift.sooner.people(), suggestion.people), "{shift:?} {suggestion:?}");
        assert!(close(shift.later.people(), suggestion.people_later), "{shift:?} {suggestion:?}");
        assert!(close(shift.sooner.case_seconds, suggestion.seconds), "{shift:?} {suggestion:?}");
        assert_eq!(shift.new_way, suggestion.people_with_way);
    }
}
