//! What is open when: coverage, routes, comparisons, closures and rules in one hour and over the week.

use proptest::prelude::*;
use verbund::calendar::{HourOfWeek, Hours, Moment};
use verbund::comparison::{Base, compare_standard};
use verbund::coverage::{self, Week};
use verbund::files::Folder;
use verbund::model::*;
use verbund::planning::closures::{Order, Sites, search};
use verbund::routing::{self, Choice, Need};
use verbund::rules::{Supplement, SupplementSettings, emergency_stages};
use verbund::scenario::{Change, DepartmentKey, NewHours};
use verbund::units::Seconds;
use verbund::{Region, coverage::evaluate};

use crate::common::{at, day, hospital, model, place, standard};
use crate::run::{json, output, refused};

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

fn hours(text: &str) -> Hours {
    text.parse().unwrap()
}

/// A line, a kilometre a minute: `a` at km 0 is always open, `b` at km 40 from Monday to Friday, 8:00 to
/// 16:00. People: 1 at km 5, 2 at km 35, 4 at km 100.
fn two_hospitals() -> Region {
    let mut office = hospital("b", at(40.0, 0.0), 1);
    office.departments[0].hours = hours("Mon-Fri 8-16");
    let places = [(5.0, 1), (35.0, 2), (100.0, 4)];
    let places = places
        .iter()
        .enumerate()
        .map(|(number, (km, people))| place(&format!("p{number}"), at(*km, 0.0), *people));
    let hospitals = vec![hospital("a", at(0.0, 0.0), 1), office];
    Region::new(&model(hospitals, places.collect()), day()).unwrap()
}

#[test]
fn an_hour_counts_what_is_open_in_it_and_the_week_all_of_them() {
    let region = two_hospitals();
    let within = |region: &Region| evaluate(region, &standard(30)).unwrap().total.within_limit;
    assert_eq!(within(&region), 3); // km 5 by a, km 35 by b
    for (text, people) in
        [("Fri 15:59", 3), ("Fri 16:00", 1), ("Sun 03:00", 1), ("Mon 07:59", 1), ("Mon 08:00", 3)]
    {
        assert_eq!(within(&region.in_hour(moment(text).hour)), people, "{text}");
    }
    let week = evaluate(&region, &standard(30)).unwrap().week;
    assert_eq!(week.part_time.len(), 1);
    assert_eq!(
        (week.part_time[0].key.as_str(), week.part_time[0].hours),
        ("b", hours("Mon-Fri 8-16"))
    );
    // 40 hours with 3 of 7 people, 128 with 1.
    let share = (40.0 * 3.0 + 128.0) / 168.0 / 7.0;
    assert!((week.mean_share().unwrap() - share).abs() < 1e-12);
    assert_eq!(week.worst_share(), Some(1.0 / 7.0));
    assert_eq!(week.worst().hours.open_hours(), 128);
    // The week is the same whatever hour the region is looked at in.
    let night = region.in_hour(moment("Sun 03:00").hour);
    assert_eq!(Week::find(&night, &standard(30)).unwrap(), week);
    let at_night = evaluate(&night, &standard(30)).unwrap();
    assert!(at_night.is_offered());
    assert_eq!(at_night.is_met(), Some(false));
}

#[test]
fn shares_over_the_week_have_a_band() {
    // Off by a tenth: of 30 minutes 33.3 count at the quick end, 27.3 at the slow one. Then `a` at km 0 reaches km 5
    // (1 person) at both; `b` at km 40 reaches km 35 (2 people) at both, and nobody reaches km 100 (4).
    let tenth = two_hospitals().with_margin(Margin::new(0.1, Seconds(0)));
    let week = evaluate(&tenth, &standard(30)).unwrap().week;
    let stated = week.mean_share().unwrap();
    assert_eq!(week.mean_share_band(), Some(Ends { quick: stated, slow: stated }));

    // Off by nine tenths to the slow side only, by two hours in addition: nobody is in time there. At the quick end
    // (x 0.4) 75 minutes count: `b` reaches km 100 from Monday to Friday, 8 to 16, and km 5 and 35 are reached by `a`,
    // too, at any hour.
    let wide = two_hospitals().with_margin(Margin::new(0.6, Seconds::from_minutes(120)));
    let week = evaluate(&wide, &standard(30)).unwrap().week;
    let quick = (40.0 * 7.0 + 128.0 * 3.0) / 168.0 / 7.0;
    let band = week.mean_share_band().unwrap();
    assert!((band.quick - quick).abs() < 1e-12 && band.slow == 0.0, "{band:?}");
    assert_eq!(week.worst_share_band(), Some(Ends { quick: 3.0 / 7.0, slow: 0.0 }));
    let night = wide.in_hour(moment("Sun 03:00").hour);
    assert_eq!(Week::find(&night, &standard(30)).unwrap(), week);

    // Within 15 minutes at the quick end are those within 37.5; in 30 and more everybody.
    let found = evaluate(&wide, &standard(30)).unwrap();
    let all = coverage::Band::new(7, 0);
    assert_eq!(found.total.within_band, Some([coverage::Band::new(3, 0), all, all, all]));
    // Nobody doubts any hospital: the best case is the case.
    assert_eq!(found.within_limit_at_best_band, found.total.within_limit_band);
}

#[test]
fn where_the_only_site_is_closed_nobody_is_in_time_but_the_care_is_offered() {
    let mut only = hospital("a", at(0.0, 0.0), 1);
    only.departments[0].hours = hours("Mon 8-9");
    let model = model(vec![only], vec![place("p", at(1.0, 0.0), 5)]);
    let region = Region::new(&model, day()).unwrap().in_hour(moment("Mon 09:00").hour);
    let found = evaluate(&region, &standard(30)).unwrap();
    assert!(found.hospitals.is_empty() && found.is_offered());
    assert_eq!(found.share_within_limit(), Some(0.0));
}

#[test]
fn parts_that_are_never_open_together_never_meet_a_requirement() {
    let mut shifts = hospital("a", at(0.0, 0.0), 1);
    shifts.departments.push(Department::new("t"));
    shifts.departments[0].hours = hours("Mon-Fri 8-16");
    shifts.departments[1].hours = hours("Mon-Fri 16-20");
    let model = model(vec![shifts], vec![place("p", at(1.0, 0.0), 5)]);
    let region = Region::new(&model, day()).unwrap();
    let both = Requirement::All(vec![
        Requirement::Specialty("s".into()),
        Requirement::Specialty("t".into()),
    ]);
    let found = evaluate(&region, &Standard::new("both", both.clone(), 30)).unwrap();
    assert_eq!(found.total.within_limit, 0);
    assert_eq!(found.week.part_time[0].hours, Hours::NEVER);
    let either = Requirement::Any(vec![
        Requirement::Specialty("s".into()),
        Requirement::Specialty("t".into()),
    ]);
    let found = evaluate(&region, &Standard::new("either", either, 30)).unwrap();
    assert_eq!(found.week.part_time[0].hours, hours("Mon-Fri 8-20"));
    let need = Need { key: "both".into(), name: "both".into(), requirement: both };
    let options = routing::options(&region, region.find_place("p").unwrap(), &need);
    assert_eq!(options[0].missing, ["never all of it open together"]);
}

#[test]
fn a_person_goes_where_it_is_open() {
    let region = two_hospitals();
    let need =
        Need { key: "s".into(), name: "s".into(), requirement: Requirement::Specialty("s".into()) };
    let first = |region: &Region| {
        let options = routing::options(region, region.find_place("p1").unwrap(), &need);
        let closed = options.last().unwrap().missing.clone();
        (region.network()[options[0].hospital].key.clone(), closed)
    };
    assert_eq!(first(&region), ("b".into(), vec![]));
    let night = region.in_hour(moment("Sun 03:00").hour);
    assert_eq!(first(&night), ("a".into(), vec!["closed then, open Mon-Fri 8-16".into()]));
}

#[test]
fn other_hours_show_in_a_comparison_over_the_week_and_at_a_moment() {
    let mut open = hospital("b", at(40.0, 0.0), 1);
    open.departments[0].hours = Hours::ALWAYS;
    let hospitals = vec![hospital("a", at(0.0, 0.0), 1), open];
    let places = vec![place("p0", at(5.0, 0.0), 1), place("p1", at(35.0, 0.0), 2)];
    let region = Region::new(&model(hospitals, places), day()).unwrap();
    let change = Change::SetHours(NewHours {
        hospital: "b".into(),
        specialty: Some("s".into()),
        facility: None,
        hours: hours("Mon-Fri 8-16"),
    });
    let scenario = crate::structure::scenario(&[change]);
    let after = region.apply(&[&scenario], "2026-02-01".parse().unwrap()).unwrap();
    let standards = [standard(30)];
    let of = |moment: Option<Moment>| {
        let base = Base::at(&region, &standards, Choice::Nearest, moment).unwrap();
        base.compare(&after).unwrap().standards.remove(0)
    };
    let any_hour = of(None);
    assert_eq!((any_hour.won, any_hour.lost), (0, 0));
    assert_eq!(any_hour.week_before.mean_share(), Some(1.0));
    let share = (40.0 * 3.0 + 128.0) / 168.0 / 3.0;
    assert!((any_hour.week_after.mean_share().unwrap() - share).abs() < 1e-12);
    assert_eq!((of(Some(moment("Sun 03:00"))).lost, of(Some(moment("Wed 12:00"))).lost), (2, 0));
}

#[test]
fn elective_patients_of_a_moment_wait_before_and_after_alike() {
    // One hospital, its department open on weekdays 8-16, its lab on Mondays 8-10. A call on Sunday at 23:30 waits
    // 8 h 30 and is done after 20 + 30 minutes.
    let mut elective = crate::pathways::pathway(5, None);
    elective.urgency = Urgency::Elective;
    let build = |people: u32| {
        let sites: [(&str, f64, bool, &[&str]); 1] = [("full", 0.0, true, &["ct"])];
        let mut model =
            crate::pathways::line_model(&sites, vec![], &[("a", 0, people)], elective.clone());
        let mut hospital = model.network.hospitals()[0].clone();
        hospital.departments[0].hours = hours("Mon-Fri 8-16");
        let mut lab = Facility::new("lab");
        lab.hours = hours("Mon 8-10");
        hospital.facilities.push(lab);
        let builder = NetworkBuilder::new("test", day(), model.network.catalog().clone());
        model.network = builder.hospital(hospital).build().unwrap();
        Region::new(&model, day()).unwrap()
    };
    let region = build(1);
    let sunday_night = Some(moment("Sun 23:30"));
    let base = Base::at(&region, &[], Choice::Nearest, sunday_night).unwrap();

    // What does not change; and other people, with whom the region before is measured anew.
    for after in [region.clone(), build(3)] {
        let found = base.compare(&after).unwrap();
        assert_eq!(found.stages.len(), 2);
        for change in &found.stages {
            assert!(!change.is_changed(), "{change:?}");
            assert_eq!(change.after.without_way, 0.0);
        }
        let last = found.stages.last().unwrap();
        assert_eq!(last.after.done.mean_seconds, Some(f64::from((510 + 50) * 60)));
        assert_eq!(found.pathways.len(), 1, "elective patients choose freely");
        for clock in &found.pathways[0].clocks {
            assert!(clock.all.shift.is_nothing(), "{clock:?}");
            assert_eq!(clock.all.before.with_way, clock.all.after.people);
        }
    }
    let in_short = base.in_short().compare(&region).unwrap();
    assert!(in_short.pathways.is_empty() && !in_short.stages[1].is_changed());
}

#[test]
fn an_hour_is_kept_when_a_scenario_is_applied() {
    let region = two_hospitals();
    let scenario = crate::structure::scenario(&[Change::SetHours(NewHours {
        hospital: "b".into(),
        specialty: Some("s".into()),
        facility: None,
        hours: hours("Sun 0-24"),
    })]);
    let (on, sunday) = ("2026-02-01".parse().unwrap(), moment("Sun 03:00").hour);
    let then = region.in_hour(sunday).apply(&[&scenario], on).unwrap();
    assert!(then == region.apply(&[&scenario], on).unwrap().in_hour(sunday));
    assert_eq!(evaluate(&then, &standard(30)).unwrap().total.within_limit, 3);
}

#[test]
fn a_supplement_needs_a_site_at_any_time() {
    let provision = Provision {
        key: "A".into(),
        name: "A".into(),
        name_de: "A".into(),
        source: "invented".into(),
        requirement: Requirement::Specialty("s".into()),
        population: PopulationGroup::ALL,
        minutes: 30,
        least_people: 1,
        low_density: 100.0,
    };
    let found =
        Supplement::new(&two_hospitals(), &provision, &SupplementSettings::default()).unwrap();
    let suitable: Vec<usize> = found.tests.iter().map(|test| test.hospital.index()).collect();
    assert_eq!(suitable, [0]);
    assert_eq!(found.part_time[0].key, "b");
    // As if b were closed: km 5 rests on a alone.
    assert_eq!(found.tests[0].affected, 1);
}

#[test]
fn intensive_care_by_day_counts_for_no_emergency_stage() {
    let beds = |network: &Network| {
        let stages = emergency_stages(network).unwrap();
        let north = network.find("north").unwrap();
        stages.iter().find(|stage| stage.hospital == north).unwrap().intensive_beds
    };
    let small = Folder::small().read().unwrap();
    let scenario = crate::structure::scenario(&[Change::SetHours(NewHours {
        hospital: "north".into(),
        specialty: None,
        facility: Some("icu".into()),
        hours: hours("Mon-Fri 8-16"),
    })]);
    let after =
        verbund::scenario::under(&small, &[&scenario], "2026-02-01".parse().unwrap()).unwrap();
    let before = small.network.as_of(small.network.date());
    assert_eq!(beds(&before), verbund::rules::IntensiveBeds::Known(12));
    assert_eq!(beds(&after.network), verbund::rules::IntensiveBeds::Known(0));
}

/// Hospitals with hours, as `(km east, km south, hours)`, and places with people.
fn any_hours() -> impl Strategy<Value = Model> {
    let texts = ["Always", "Mon-Fri 8-16", "Sat-Sun 0-24", "Mon-Sun 20-8", "Wed 12-13"];
    let spot = || (0.0..80.0, 0.0..80.0);
    let hospitals = prop::collection::vec((spot(), prop::sample::select(texts.to_vec())), 1..8);
    let places = prop::collection::vec((spot(), 0_u32..5000), 1..15);
    (hospitals, places).prop_map(|(hospitals, places)| {
        let hospitals = hospitals.into_iter().enumerate().map(|(number, ((x, y), text))| {
            let mut site = hospital(&format!("h{number}"), at(x, y), 3);
            site.departments[0].hours = hours(text);
            site.departments.push(Department::new("t"));
            site
        });
        let places = places
            .into_iter()
            .enumerate()
            .map(|(number, ((x, y), people))| place(&format!("p{number:02}"), at(x, y), people));
        model(hospitals.collect(), places.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_site_closed_in_an_hour_is_as_a_site_closed_by_a_scenario(
        model in any_hours(),
        hour in 0_usize..168,
        minutes in 5_u32..60,
    ) {
        let region = Region::new(&model, day()).unwrap();
        let hour = HourOfWeek::all().nth(hour).unwrap();
        let is_closed = |site: &&Hospital| !site.departments[0].hours.is_open_in(hour);
        let closes = |site: &Hospital| Change::CloseDepartment(DepartmentKey::new(&site.key, "s"));
        let changes: Vec<Change> =
            region.network().hospitals().iter().filter(is_closed).map(closes).collect();
        let scenario = crate::structure::scenario(&changes);
        let closed = region.apply(&[&scenario], "2026-02-01".parse().unwrap()).unwrap();
        let in_hour = region.in_hour(hour);

        let standard = standard(minutes);
        let (then, by_scenario) =
            (evaluate(&in_hour, &standard).unwrap(), evaluate(&closed, &standard).unwrap());
        prop_assert_eq!(&then.total, &by_scenario.total);
        prop_assert_eq!(&then.hospitals, &by_scenario.hospitals);
        prop_assert_eq!(&then.places, &by_scenario.places);
        let all = |region: &Region| {
            let found = search(region, &standard, Sites::All, Order::Single).unwrap();
            found.worst(20).into_iter().map(|one| one.newly_beyond).collect::<Vec<u64>>()
        };
        prop_assert_eq!(all(&in_hour), all(&closed));

        // What the hour costs beside all hours is what the scenario costs.
        let change = compare_standard(&region, &closed, &standard).unwrap();
        prop_assert_eq!(change.after, then.total);
    }

    #[test]
    fn the_week_is_the_mean_and_the_worst_of_its_168_hours(
        model in any_hours(),
        minutes in 5_u32..60,
    ) {
        let margin = Margin::new(0.2, Seconds::from_minutes(2));
        let region = Region::new(&model, day()).unwrap().with_margin(margin);
        let standard = standard(minutes);
        let week = Week::find(&region, &standard).unwrap();
        let (mut within, mut slow) = (Vec::new(), Vec::new());
        for hour in HourOfWeek::all() {
            let total = evaluate(&region.in_hour(hour), &standard).unwrap().total;
            within.push(total.within_limit);
            slow.push(total.within_limit_band.unwrap().slow);
        }
        for class in &week.classes {
            for hour in HourOfWeek::all().filter(|hour| class.hours.is_open_in(*hour)) {
                prop_assert_eq!(within[hour.index()], class.within_limit);
            }
        }
        let counted: u32 = week.classes.iter().map(|class| class.hours.open_hours()).sum();
        prop_assert_eq!(counted, 168);
        let mean = coverage::share(within.iter().sum(), week.people * 168);
        prop_assert_eq!(week.mean_share(), mean);
        let at_slow = |share: Option<verbund::model::Ends<f64>>| share.map(|share| share.slow);
        let mean_if_slow = coverage::share(slow.iter().sum(), week.people * 168);
        prop_assert_eq!(at_slow(week.mean_share_band()), mean_if_slow);
        let worst_if_slow = coverage::share(*slow.iter().min().unwrap(), week.people);
        prop_assert_eq!(at_slow(week.worst_share_band()), worst_if_slow);
        prop_assert_eq!(Some(week.worst().within_limit), within.into_iter().min());
    }
}

#[test]
fn where_all_is_always_open_every_hour_is_the_same() {
    let region = Region::leipzig().unwrap();
    let night = region.in_hour(moment("Sun 03:00").hour);
    for standard in &region.network().catalog().standards {
        let (all, then) =
            (evaluate(&region, standard).unwrap(), evaluate(&night, standard).unwrap());
        assert_eq!(all, then);
        assert_eq!(all.week.mean_share(), all.share_within_limit());
    }
}

/// The small network with a CT of `south` that is open in these hours, in a folder.
fn small_with(ct: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/small");
    let text = std::fs::read_to_string(source.join("network.ron")).unwrap();
    let text = text.replace("    catalog: \"../catalog\",\n", "");
    let (before, after) = text.split_once("id: \"south\"").unwrap();
    let after = after.replacen("(kind: \"ct\")", &format!("(kind: \"ct\", hours: \"{ct}\")"), 1);
    let text = format!("{before}id: \"south\"{after}");
    std::fs::write(folder.path().join("network.ron"), text).unwrap();
    std::fs::copy(source.join("places.csv"), folder.path().join("places.csv")).unwrap();
    folder
}

#[test]
fn the_program_says_what_is_not_always_open_and_can_be_asked_for_a_moment() {
    let folder = small_with("Mon-Fri 8-16");
    let network = folder.path().to_str().unwrap();
    let ct = |more: &[&str]| {
        let value = json(&[&["coverage", "ct", "--network", network], more].concat());
        (value["tables"]["coverage"][0].clone(), value.to_string())
    };
    let (row, text) = ct(&[]);
    assert_eq!(row["share_within_limit"], 0.4839); // 15,000 of 31,000
    assert_eq!(row["part_time_hospitals"], 1);
    // Dedorf's 8,000 in 40 of 168 hours, and always the 7,000 around north.
    assert_eq!(row["share_over_week"], 0.2873);
    assert_eq!(row["share_in_worst_hours"], 0.2258);
    // Journeys may be off by a quarter to either side and two minutes: 40 minutes count at the quick end, when `north`
    // reaches Dedorf (35), too, and `south` Edorf (35); 22.4 at the slow one, which move nobody.
    assert_eq!(row["share_over_week_if_quick"], 0.6068); // (40 x 31,000 + 128 x 15,000) / 168 / 31,000
    assert_eq!(row["share_in_worst_hours_if_quick"], 0.4839);
    assert_eq!(row["share_over_week_if_slow"], row["share_over_week"]);
    assert_eq!(row["share_in_worst_hours_if_slow"], row["share_in_worst_hours"]);
    assert!(
        text.contains("28.7 % (if slow 28.7 %, if quick 60.7 %) are within the limit"),
        "{text}"
    );
    assert!(text.contains("1 of 2 sites that offer it is not open round the clock"), "{text}");
    assert!(text.contains("south (Mon-Fri 8-16)"), "{text}");
    let (row, text) = ct(&["--at", "Sun 03:00"]);
    assert_eq!(row["share_within_limit"], 0.2258);
    assert!(text.contains("Sun 3-4 only"), "{text}");
    assert_eq!(ct(&["--at", "Fri 15:59"]).0["share_within_limit"], 0.4839);
    assert_eq!(ct(&["--at", "Fri 16:00"]).0["share_within_limit"], 0.2258);

    let report = |more: &[&str]| {
        let value = json(&[&["report", "--network", network], more].concat());
        let rows = value["tables"]["coverage"].as_array().unwrap();
        let row = rows.iter().find(|row| row["standard"] == "ct").unwrap();
        (row["share_within_limit"].clone(), value["about"].to_string(), value.clone())
    };
    let (week, night) = (report(&[]), report(&["--at", "Sun 03:00"]));
    assert_eq!((week.0, night.0), (0.4839.into(), 0.2258.into()));
    assert!(!week.1.contains("whole_week") && night.1.contains("Sun 3-4 only"), "{}", night.1);
    assert!(night.1.contains("occupancy, simulation"), "{}", night.1);
    // Cases are those of a year: they stay.
    assert_eq!(week.2["tables"]["occupancy"], night.2["tables"]["occupancy"]);
    assert!(week.2["tables"]["occupancy"].is_array());

    let route = |more: &[&str]| {
        let base = ["route", "--from", "Dedorf", "--need", "ct", "--network", network];
        json(&[&base, more].concat())
    };
    let (day, night) = (route(&[]), route(&["--at", "Sun 03:00"]));
    assert_eq!(day["tables"]["options"][0]["hospital"], "south");
    assert_eq!(day["tables"]["options"][0]["open_hours"], "Mon-Fri 8-16");
    assert_eq!(night["tables"]["options"][0]["hospital"], "north");
    assert_eq!(night["tables"]["options"][0]["minutes"], 35.0);
    assert_eq!(night["tables"]["others"][0]["missing"][0], "closed then, open Mon-Fri 8-16");

    let closures = ["closures", "--standard", "ct", "--network", network];
    let (_, text, _) = output(&closures);
    assert!(text.contains("not open round the clock"), "{text}");
    let night = json(&[&closures[..], &["--at", "Sun 03:00"]].concat());
    // Everybody in time rests on north alone then.
    assert_eq!(night["tables"]["closures"][0]["newly_beyond_people"], 7_000);
    assert_eq!(night["tables"]["closures"].as_array().unwrap().len(), 1);
    // Cases are those of a year, not of an hour.
    for more in [&["--by", "receiver"][..], &["--nobody-beyond", "--none-overfull"]] {
        let asked = [&closures[..], &["--at", "Sun 03:00"], more].concat();
        refused(&asked, &["cases are those of a whole year"]);
    }
}

#[test]
fn the_program_compares_other_hours() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hours.ron");
    let text = "Scenario(format: 1, id: \"hours\", name: \"hours\", source: \"invented\", changes: [(on: \
                \"2026-02-01\", reason: \"x\", change: SetHours(hospital: \"south\", facility: \"ct\", hours: \
                \"Mon-Fri 8-16\"))])";
    std::fs::write(&file, text).unwrap();
    let arguments =
        ["compare", "--network", "small", "--scenario", file.to_str().unwrap(), "--standard", "ct"];
    let value = json(&arguments);
    assert_eq!(value["tables"]["standards"][0]["lost_people"], 0);
    let notes = value["notes"]["standards"].to_string();
    assert!(notes.contains("before, all sites are open round the clock"), "{notes}");
    assert!(notes.contains("after, not open round the clock: south (Mon-Fri 8-16)"), "{notes}");
    assert!(notes.contains("28.7 %"), "{notes}");
    let value = json(&[&arguments[..], &["--at", "Sun 03:00"]].concat());
    assert_eq!(value["tables"]["standards"][0]["lost_people"], 8_000);
    assert_eq!(value["tables"]["standards"][0]["within_after_share"], 0.2258);
}

#[test]
fn a_standard_for_nobody_and_one_that_nobody_offers_do_not_pass() {
    let arguments = ["coverage", "perinatal_level_1", "--network", "small", "--fail-on-gap"];
    let (code, text, error) = output(&arguments);
    assert_eq!(code, 1, "{text}");
    assert!(
        error.contains("no verdict on perinatal_level_1: no site in the data offers it"),
        "{error}"
    );
    assert!(text.contains("No site in the data offers perinatal level 1"), "{text}");
    let value = json(&arguments[..4]);
    assert!(value["tables"]["coverage"][0]["share_within_limit"].is_null());
    assert_eq!(value["tables"]["coverage"][0]["people"], 4_521);

    // Men only: nobody is a woman of 15 to 49.
    let folder = small_with("Always");
    let places = folder.path().join("places.csv");
    let mut text = String::new();
    for (number, line) in std::fs::read_to_string(&places).unwrap().lines().enumerate() {
        let mut cells: Vec<&str> = line.split(',').collect();
        if number > 0 {
            cells[7..11].fill("0");
        }
        text.push_str(&format!("{}\n", cells.join(",")));
    }
    std::fs::write(&places, text).unwrap();
    let network = folder.path().to_str().unwrap();
    let arguments = ["coverage", "obstetrics", "--network", network, "--fail-on-gap"];
    let (code, text, error) = output(&arguments);
    assert_eq!(code, 1, "{text}");
    assert!(error.contains("nobody lives there for whom it is (women 15-49)"), "{error}");
    for by in ["region", "district"] {
        let value = json(&[&arguments[..4], &["--by", by]].concat());
        assert!(value["tables"]["coverage"][0]["share_within_limit"].is_null(), "{by}");
    }
}

#[test]
fn cases_that_do_not_weigh_hours_say_what_is_not_always_open() {
    let folder = small_with("Mon-Fri 8-16");
    let network = folder.path().to_str().unwrap();
    let simulate = ["--replications", "1", "--days", "5", "--warm-up", "0"];
    let beds = ["--hospital", "north", "--specialty", "internal_medicine", "--replications", "0"];
    let closures = ["--standard", "basic_care"];
    let commands: [(&str, &[&str]); 5] = [
        ("report", &[]),
        ("flows", &[]),
        ("simulate", &simulate),
        ("beds", &beds),
        ("closures", &closures),
    ];
    for (command, flags) in commands {
        let hours = |network: &str| {
            let document = json(&[&[command, "--network", network], flags].concat());
            document["about"]["hours"].as_str().unwrap_or_default().to_owned()
        };
        let said = hours(network);
        assert_eq!(said.matches("south (ct Mon-Fri 8-16) is not").count(), 1, "{command}: {said}");
        // Where everything is always open there is nothing to say.
        let said = hours("builtin:small");
        assert!(!said.contains("always open: "), "{command}: {said}");
    }
}

#[test]
fn every_district_says_how_many_people_are_beyond_the_limit() {
    let value = json(&["coverage", "--network", "builtin:small", "--by", "district"]);
    let rows = value["tables"]["coverage"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        if row["share_within_limit"].is_null() {
            continue;
        }
        let count = |key: &str| row[key].as_u64().unwrap_or_else(|| panic!("{key}: {row}"));
        assert_eq!(count("people_beyond"), count("people") - count("people_within_limit"), "{row}");
    }
}
