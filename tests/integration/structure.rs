//! What every change of structure does, by hand.
//!
//! One line: a at km 0 with departments "s" (10 beds) and "t" (5), b at km 20 with "s" (8) and the facility
//! "f", c at km 60 with "t" (4). At a kilometre a minute, places with 1, 2, 4 and 8 people stand at km 5,
//! 15, 30 and 50, so that a sum of people tells which of them were counted.

use std::sync::Arc;

use verbund::calendar::{DateTime, Hours};
use verbund::files::Folder;
use verbund::model::*;
use verbund::scenario::{
    Change, Conversion, CooperationChange, DatedChange, DepartmentKey, DepartmentMove,
    DepartmentSize, FacilityKey, HospitalSize, Membership, Merger, NewCareLevel, NewDepartment,
    NewEmergencyLevel, NewFacility, NewHours, NewName, NewOperator, NewParent, Scenario,
    SmallerSite, StaffedShare,
};
use verbund::travel::{TravelModel, from_fn};
use verbund::units::Seconds;
use verbund::{Region, coverage};

use crate::common::{at, catalog, day, hospital, model_of, place, standard};

pub(crate) fn line() -> Model {
    let mut a = hospital("a", at(0.0, 0.0), 10);
    a.departments.push(Department::new("t").beds(5));
    (a.beds, a.emergency_level, a.care_level) =
        (Some(15), Some(EmergencyLevel::Extended), Some(CareLevel::Priority));
    let mut b = hospital("b", at(20.0, 0.0), 8);
    b.facilities.push(Facility::new("f").grade("low"));
    b.parent = Some("a".into());
    let mut c = hospital("c", at(60.0, 0.0), 4);
    c.departments[0].specialty = "t".into();
    let mutual = |keys: &[&str]| Parties::Mutual(keys.iter().map(|&key| key.into()).collect());
    let directed = Parties::Directed { from: "a".into(), to: vec!["b".into(), "c".into()] };
    let network = NetworkBuilder::new("line", day(), catalog())
        .hospital(a)
        .hospital(b)
        .hospital(c)
        .cooperation(Cooperation::new("ab", CooperationKind::StaffPool, mutual(&["a", "b"])))
        .cooperation(Cooperation::new("abc", CooperationKind::Framework, mutual(&["a", "b", "c"])))
        .cooperation(
            Cooperation::new("tele", CooperationKind::Telemedicine { consult: None }, directed)
                .fields(&["s"]),
        )
        .alliance(Alliance {
            key: "group".into(),
            name: "Group".into(),
            members: vec!["a".into(), "b".into()],
            other_members: vec![],
            total_members: Some(7),
            purposes: vec![],
            since: None,
            until: None,
            sources: vec![],
            assumed: vec![],
            note: None,
        })
        .build()
        .unwrap();
    let people = [(5.0, 1), (15.0, 2), (30.0, 4), (50.0, 8)];
    let places = people.iter().enumerate().map(|(number, &(km, people))| Place {
        district: if km < 20.0 { "north".into() } else { "south".into() },
        ..place(&format!("p{number}"), at(km, 0.0), people)
    });
    model_of(network, places.collect())
}

/// A scenario of these changes, each for ever from 1 February 2026 on.
pub(crate) fn scenario(changes: &[Change]) -> Scenario {
    let dated = |change: &Change| DatedChange {
        on: "2026-02-01".parse().unwrap(),
        until: None,
        reason: "r".into(),
        source: None,
        change: change.clone(),
    };
    Scenario {
        key: "k".into(),
        name: "K".into(),
        source: "invented".into(),
        assumed: vec![],
        changes: changes.iter().map(dated).collect(),
    }
}

/// The line under these changes; the region applied to agrees with the one measured anew.
fn under(changes: &[Change]) -> (Model, Region) {
    let (model, scenario) = (line(), scenario(changes));
    let moment = DateTime::from(scenario.settled_on().unwrap_or(day()));
    let changed = verbund::scenario::under(&model, &[&scenario], moment)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let region = Region::new(&model, day()).unwrap().apply(&[&scenario], moment).unwrap();
    assert!(region == Region::new(&changed, day()).unwrap(), "measured anew");
    let again = Scenario::read(&scenario.to_ron(), "k.ron", &model.network, &model.places);
    assert_eq!(
        again.map_err(|problems| format!("{problems}\n{}", scenario.to_ron())),
        Ok(scenario)
    );
    (changed, region)
}

/// People who reach a department "s" within the minutes.
fn reach(region: &Region, minutes: u32) -> u64 {
    coverage::evaluate(region, &standard(minutes)).unwrap().total.within_limit
}

fn one<'m>(model: &'m Model, key: &str) -> &'m Hospital {
    let id = model.network.find(key).unwrap_or_else(|| panic!("{key} is there"));
    &model.network[id]
}

fn cooperations(model: &Model) -> Vec<(&str, Vec<&str>)> {
    model.network.cooperations().iter().map(|one| (one.key.as_str(), one.parties.keys())).collect()
}

#[test]
fn without_a_change_nothing_changes() {
    let (model, region) = under(&[]);
    assert_eq!(model, line().as_of(day()));
    assert!(region == Region::new(&line(), day()).unwrap());
    // Within 10 minutes of "s": km 5 of a, km 15 and km 30 of b.
    assert_eq!(reach(&region, 10), 1 + 2 + 4);
    assert!(region.apply(&[], day().into()).unwrap() == region);
}

#[test]
fn a_hospital_that_closes_leaves_its_people_cooperations_and_alliance() {
    let (model, region) = under(&[Change::CloseHospital("a".into())]);
    assert_eq!(reach(&region, 10), 2 + 4); // km 5 is 15 minutes from b
    assert_eq!(reach(&region, 15), 1 + 2 + 4);
    // What ran between two hospitals or was given by a is over; three partners go on as two.
    assert_eq!(cooperations(&model), [("abc", vec!["b", "c"])]);
    assert_eq!(model.network.alliances()[0].members, ["b"]);
    assert_eq!(one(&model, "b").parent, None);
}

#[test]
fn a_hospital_that_opens_is_reached() {
    let mut new = hospital("ab", at(50.0, 0.0), 3);
    new.parent = Some("c".into());
    let (model, region) = under(&[Change::OpenHospital(Box::new(new))]);
    assert_eq!(reach(&region, 10), 1 + 2 + 4 + 8);
    let keys: Vec<&str> = model.network.hospitals().iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["a", "ab", "b", "c"], "in the order of the keys");
    let (from, to) = (model.network.find("ab").unwrap(), model.network.find("a").unwrap());
    assert_eq!(region.between(from, to), Some(Seconds(50 * 60)));
}

#[test]
fn closed_and_opened_elsewhere_is_another_site() {
    let moved = hospital("a", at(45.0, 0.0), 10);
    let open = Change::OpenHospital(Box::new(moved));
    let (_, region) = under(&[Change::CloseHospital("a".into()), open]);
    assert_eq!(reach(&region, 10), 2 + 4 + 8);
}

#[test]
fn a_department_closes_opens_and_is_added() {
    let key = || DepartmentKey::new("b", "s");
    let (model, region) = under(&[Change::CloseDepartment(key())]);
    assert_eq!(reach(&region, 10), 1); // km 15 is 15 minutes from a
    assert_eq!(one(&model, "b").beds, Some(8), "the total of the site stays");
    let (_, region) = under(&[Change::CloseDepartment(key()), Change::OpenDepartment(key())]);
    assert_eq!(reach(&region, 10), 1 + 2 + 4);
    // A diverted department takes patients, if no emergencies.
    let (_, region) = under(&[Change::DivertDepartment(key())]);
    assert_eq!(reach(&region, 10), 1 + 2 + 4);
    // c has 4 beds in all, and all of them in "t".
    let size = Change::ResizeHospital(HospitalSize { hospital: "c".into(), beds: 10 });
    let department = Department::new("s").beds(6);
    let add = NewDepartment { hospital: "c".into(), department };
    let (model, region) = under(&[size, Change::AddDepartment(add)]);
    assert_eq!(reach(&region, 10), 1 + 2 + 4 + 8);
    assert_eq!(one(&model, "c").beds_of("s"), Some(6));
    assert!(one(&model, "c").is_assumed("departments.s") && one(&model, "c").is_assumed("beds"));
}

#[test]
fn a_department_moves_with_its_beds_unless_they_are_stated() {
    let go = |beds| {
        Change::MoveDepartment(DepartmentMove {
            specialty: "s".into(),
            from: "a".into(),
            to: "c".into(),
            beds,
        })
    };
    for (stated, moved) in [(None, 10), (Some(6), 6), (Some(0), 0)] {
        let (model, region) = under(&[go(stated)]);
        assert_eq!(reach(&region, 10), 2 + 4 + 8, "from km 0 to km 60");
        assert_eq!(one(&model, "a").beds, Some(15 - moved));
        assert!(!one(&model, "a").has_specialty("s"));
        assert_eq!(one(&model, "c").beds, Some(4 + moved));
        assert_eq!(one(&model, "c").beds_of("s"), Some(moved));
        assert_eq!(one(&model, "c").is_assumed("departments.s.beds"), stated.is_some());
    }
    // Where there is such a department already, it grows: 5 of a and 4 of c.
    let t = DepartmentMove { specialty: "t".into(), from: "a".into(), to: "c".into(), beds: None };
    let (model, _) = under(&[Change::MoveDepartment(t)]);
    assert_eq!((one(&model, "c").beds_of("t"), one(&model, "c").beds), (Some(9), Some(9)));
    assert_eq!(one(&model, "c").departments.len(), 1);
}

#[test]
fn departments_and_sites_change_their_size() {
    let department = |beds| {
        Change::ResizeDepartment(DepartmentSize {
            hospital: "a".into(),
            specialty: "s".into(),
            beds,
        })
    };
    let site = |beds| Change::ResizeHospital(HospitalSize { hospital: "a".into(), beds });
    let (model, _) = under(&[department(1)]);
    assert_eq!((one(&model, "a").beds_of("s"), one(&model, "a").beds), (Some(1), Some(15)));
    // 5 beds of "t" leave 10 of 15.
    let (model, _) = under(&[department(9), department(10), site(16), site(15)]);
    assert_eq!((one(&model, "a").beds_of("s"), one(&model, "a").beds), (Some(10), Some(15)));
    let (model, _) = under(&[site(20), department(15)]);
    assert_eq!((one(&model, "a").beds_of("s"), one(&model, "a").beds), (Some(15), Some(20)));
}

#[test]
fn levels_facilities_hours_staff_and_operator_are_set() {
    let hospital = || "a".to_owned();
    let facility = Facility { count: Some(2), ..Facility::new("f").grade("high") };
    let hours: Hours = "Mon-Fri 8-19".parse().unwrap();
    let (model, _) = under(&[
        Change::SetCareLevel(NewCareLevel {
            hospital: hospital(),
            level: Some(CareLevel::Maximum),
        }),
        Change::SetEmergencyLevel(NewEmergencyLevel { hospital: hospital(), level: None }),
        Change::SetFacility(NewFacility { hospital: hospital(), facility: facility.clone() }),
        Change::SetHours(NewHours {
            hospital: hospital(),
            specialty: Some("t".into()),
            facility: None,
            hours,
        }),
        Change::SetHours(NewHours {
            hospital: "b".into(),
            specialty: None,
            facility: Some("f".into()),
            hours,
        }),
        Change::SetStaffedShare(StaffedShare { hospital: hospital(), share: 0.8 }),
        Change::SetOperator(NewOperator {
            hospital: hospital(),
            operator: "New".into(),
            ownership: Some(Ownership::Private),
        }),
        Change::RenameHospital(NewName { hospital: hospital(), name: "New name".into() }),
    ]);
    let a = one(&model, "a");
    assert_eq!((a.key.as_str(), a.name.as_str()), ("a", "New name"));
    assert_eq!((a.care_level, a.emergency_level), (Some(CareLevel::Maximum), None));
    assert_eq!(a.facilities, [facility]);
    assert_eq!((a.departments[0].hours, a.departments[1].hours), (Hours::ALWAYS, hours));
    assert_eq!(one(&model, "b").facilities[0].hours, hours);
    assert_eq!((a.staffed_share, a.operator.as_str()), (Some(0.8), "New"));
    assert_eq!(a.ownership, Ownership::Private);
    let marks = [
        "care_level",
        "facilities.f",
        "departments.t.hours",
        "staffed_share",
        "operator",
        "ownership",
    ];
    assert_eq!(a.assumed, marks, "what a scenario sets nobody published");

    // A requirement of the higher grade is met by what was set, and by nothing once it is closed.
    let needs = Requirement::Facility { kind: "f".into(), at_least: Some("high".into()) };
    let set = Facility::new("f").grade("high");
    let (model, region) =
        under(&[Change::SetFacility(NewFacility { hospital: "b".into(), facility: set })]);
    assert_eq!(one(&model, "b").facilities.len(), 1, "the facility in another grade");
    let high = coverage::evaluate(&region, &Standard::new("f", needs, 10)).unwrap();
    assert_eq!(high.total.within_limit, 2 + 4);
    let key = FacilityKey { hospital: "b".into(), kind: "f".into() };
    let (model, _) = under(&[Change::CloseFacility(key)]);
    assert!(one(&model, "b").facilities.is_empty());
}

#[test]
fn a_merger_moves_everything_to_one_site() {
    let (model, region) =
        under(&[Change::MergeHospitals(Merger { from: "a".into(), into: "b".into() })]);
    assert!(model.network.find("a").is_none());
    let b = one(&model, "b");
    // "s" 10 + 8, "t" 5 + 0; the totals 15 + 8.
    assert_eq!((b.beds_of("s"), b.beds_of("t"), b.beds), (Some(18), Some(5), Some(23)));
    assert_eq!((b.facilities.len(), b.parent.as_deref()), (1, None));
    assert_eq!(reach(&region, 10), 2 + 4);
    // What was between the two ends; the others go on with b in the place of a.
    assert_eq!(cooperations(&model), [("abc", vec!["b", "c"]), ("tele", vec!["b", "c"])]);
    assert_eq!(model.network.alliances()[0].members, ["b"]);

    // Into c: the branch b has its main site there then.
    let (model, _) =
        under(&[Change::MergeHospitals(Merger { from: "a".into(), into: "c".into() })]);
    assert_eq!(one(&model, "b").parent.as_deref(), Some("c"));
    assert_eq!(model.network.alliances()[0].members, ["c", "b"]);
    // The other way round the facility moves: a has none.
    let (model, _) =
        under(&[Change::MergeHospitals(Merger { from: "b".into(), into: "a".into() })]);
    assert_eq!(one(&model, "a").facilities[0].kind, "f");
}

#[test]
fn a_site_becomes_a_branch_and_a_branch_stands_for_itself() {
    let set = |hospital: &str, parent: Option<&str>| {
        let parent = parent.map(str::to_owned);
        Change::SetParent(NewParent { hospital: hospital.into(), parent })
    };
    let (model, region) = under(&[set("b", None)]);
    assert_eq!(one(&model, "b").parent, None);
    assert_eq!(reach(&region, 10), 1 + 2 + 4, "journeys and departments stay");

    // b is a branch of c then, and a is free to become one, too.
    let (model, _) = under(&[set("b", Some("c")), set("a", Some("c"))]);
    let parents = ["a", "b", "c"].map(|key| one(&model, key).parent.as_deref());
    assert_eq!(parents, [Some("c"), Some("c"), None]);
}

#[test]
fn of_two_facilities_the_higher_grade_and_both_counts_are_left() {
    let facility =
        |grade: &str, count| Facility { count: Some(count), ..Facility::new("f").grade(grade) };
    let set = |hospital: &str, facility| {
        Change::SetFacility(NewFacility { hospital: hospital.into(), facility })
    };
    let merge = Change::MergeHospitals(Merger { from: "b".into(), into: "a".into() });
    let (model, _) = under(&[set("a", facility("low", 2)), set("b", facility("high", 3)), merge]);
    assert_eq!(one(&model, "a").facilities, [facility("high", 5)]);
}

#[test]
fn a_site_becomes_a_smaller_one() {
    // The usual departments are internal medicine and geriatrics: neither is here, so they are named.
    let conversion = |to, departments| {
        Change::ConvertHospital(Conversion {
            hospital: "a".into(),
            to,
            departments,
            facilities: vec![],
        })
    };
    let t = || vec![Department::new("t")];
    let (model, region) = under(&[conversion(SmallerSite::CrossSectorSite, t())]);
    let a = one(&model, "a");
    assert_eq!((a.kind, a.beds, a.beds_of("t")), (SiteKind::CrossSectorSite, Some(5), Some(5)));
    assert_eq!((a.emergency_level, a.care_level), (None, None));
    assert_eq!(reach(&region, 10), 2 + 4, "no \"s\" any more");
    let s = vec![Department::new("s").beds(3)];
    let (model, region) = under(&[conversion(SmallerSite::HealthCentre, s)]);
    let a = one(&model, "a");
    assert_eq!(
        (a.kind, a.beds, a.care_level),
        (SiteKind::HealthCentre, Some(3), Some(CareLevel::Basic))
    );
    assert_eq!(a.emergency_level, None, "the basic stage asks for surgery and internal medicine");
    assert_eq!(reach(&region, 10), 1 + 2 + 4, "it still takes inpatients");
}

#[test]
fn what_stays_of_a_real_hospital_when_nothing_is_said() {
    let model = Folder::small().read().unwrap();
    let convert = |key: &str, to| {
        let change = Change::ConvertHospital(Conversion {
            hospital: key.into(),
            to,
            departments: vec![],
            facilities: vec![],
        });
        let scenario = scenario(&[change]);
        let changed =
            verbund::scenario::under(&model, &[&scenario], "2026-02-01".parse().unwrap()).unwrap();
        one(&changed, key).clone()
    };
    let kinds = |one: &Hospital| -> Vec<String> {
        let departments = one.departments.iter().map(|one| one.specialty.clone());
        departments.chain(one.facilities.iter().map(|one| one.kind.clone())).collect()
    };
    // North has 90 beds of internal medicine, and of its facilities the CT is imaging.
    let north = convert("north", SmallerSite::CrossSectorSite);
    assert_eq!(kinds(&north), ["internal_medicine", "ct"]);
    assert_eq!((north.beds, north.emergency_level), (Some(90), None));
    let south = convert("south", SmallerSite::HealthCentre);
    assert_eq!(
        (kinds(&south), south.beds),
        (vec!["internal_medicine".into(), "ct".into()], Some(40))
    );
    assert_eq!((south.care_level, south.emergency_level), (Some(CareLevel::Basic), None));
    // With both named, the emergency level stays.
    let both = vec![Department::new("internal_medicine"), Department::new("general_surgery")];
    let change = Change::ConvertHospital(Conversion {
        hospital: "south".into(),
        to: SmallerSite::HealthCentre,
        departments: both,
        facilities: vec!["ct".into()],
    });
    let changed =
        verbund::scenario::under(&model, &[&scenario(&[change])], "2026-02-01".parse().unwrap())
            .unwrap();
    assert_eq!(one(&changed, "south").emergency_level, Some(EmergencyLevel::Basic));
    assert_eq!(one(&changed, "south").beds, Some(40 + 32));
}

#[test]
fn cooperations_start_end_and_change() {
    let parties = Parties::Mutual(vec!["b".into(), "c".into()]);
    let new = Cooperation::new("bc", CooperationKind::StaffPool, parties.clone());
    let (model, _) = under(&[
        Change::StartCooperation(new),
        Change::EndCooperation("ab".into()),
        Change::ChangeCooperation(CooperationChange {
            key: "abc".into(),
            kind: Some(CooperationKind::SharedBeds { pooled_share: Some(0.5) }),
            parties: Some(parties),
            fields: Some(vec!["s".into()]),
            hours: Some("Mon-Fri 8-16".parse().unwrap()),
        }),
    ]);
    let found = cooperations(&model);
    assert_eq!(found[0], ("abc", vec!["b", "c"]));
    assert_eq!(found.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["abc", "bc", "tele"]);
    let abc = &model.network.cooperations()[0];
    assert_eq!(abc.kind, CooperationKind::SharedBeds { pooled_share: Some(0.5) });
    assert_eq!((abc.fields.as_slice(), abc.hours.open_hours()), (["s".to_owned()].as_slice(), 40));
    assert_eq!(abc.assumed, ["kind", "terms", "partners", "fields", "hours"]);
    // What is not named stays.
    let hours = Some("Sat 0-24".parse().unwrap());
    let change =
        CooperationChange { key: "tele".into(), kind: None, parties: None, fields: None, hours };
    let (model, _) = under(&[Change::ChangeCooperation(change)]);
    let tele = model.network.cooperations().iter().find(|one| one.key == "tele").unwrap();
    assert_eq!((tele.parties.keys(), tele.hours.open_hours()), (vec!["a", "b", "c"], 24));
}

#[test]
fn members_join_and_leave() {
    let member = |key: &str| Membership { alliance: "group".into(), hospital: key.into() };
    let (model, _) =
        under(&[Change::JoinAlliance(member("c")), Change::LeaveAlliance(member("a"))]);
    assert_eq!(model.network.alliances()[0].members, ["b", "c"]);
    assert_eq!(model.network.alliances()[0].total_members, Some(7));
}

#[test]
fn cases_are_scaled_by_district_and_the_people_stay() {
    // One case a head and year: 1, 2 (north), 4, 8 (south).
    let scale = |factor, districts: &[&str]| {
        Change::ScaleDemand(DemandScale {
            factor,
            population: PopulationGroup::ALL,
            districts: districts.iter().map(|&one| one.into()).collect(),
        })
    };
    let cases = |region: &Region| region.demand().specialties[0].cases.clone();
    let (_, region) = under(&[scale(3.0, &["south"])]);
    assert_eq!(cases(&region), [1.0, 2.0, 12.0, 24.0]);
    assert_eq!(region.people_inside(), 15);
    // Where two meet, they are multiplied.
    let (_, region) = under(&[scale(3.0, &["south"]), scale(0.5, &[])]);
    assert_eq!(cases(&region), [0.5, 1.0, 6.0, 12.0]);
}

#[test]
fn cases_are_scaled_by_age_and_sex() {
    // 10 women and 10 men in each band, everybody the same rate: 1 case a head.
    let mut model = line();
    model.places.bands = vec![AgeBand { from: 0, to: Some(64) }, AgeBand { from: 65, to: None }];
    for place in &mut model.places.places {
        place.population = Population { female: vec![10, 10], male: vec![10, 10] };
    }
    let total = |groups: &[(f64, PopulationGroup)]| {
        let changes: Vec<Change> = groups
            .iter()
            .map(|&(factor, population)| {
                Change::ScaleDemand(DemandScale { factor, population, districts: vec![] })
            })
            .collect();
        let scenario = scenario(&changes);
        let changed =
            verbund::scenario::under(&model, &[&scenario], "2026-02-01".parse().unwrap()).unwrap();
        Region::new(&changed, day()).unwrap().demand().specialties[0].cases[0]
    };
    let group = |sex, from, to| PopulationGroup { sex, from, to };
    let close = |one: f64, other: f64| assert!((one - other).abs() < 1e-9, "{one} {other}");
    close(total(&[(2.0, group(None, 65, None))]), 20.0 + 2.0 * 20.0);
    close(total(&[(2.0, group(Some(Sex::Female), 65, None))]), 30.0 + 2.0 * 10.0);
    // A band that is cut: of 30 years (65 to 94), 15 are 80 or older.
    close(total(&[(3.0, group(None, 80, None))]), 20.0 + 10.0 + 3.0 * 10.0);
    // 65 to 79 twice and 80+ six times as many, by two scales that overlap.
    close(
        total(&[(2.0, group(None, 65, None)), (3.0, group(None, 80, None))]),
        20.0 + 2.0 * 10.0 + 6.0 * 10.0,
    );
    // Bands that together are everybody scale everything.
    close(total(&[(2.0, group(None, 0, Some(30))), (2.0, group(None, 31, None))]), 80.0);
    close(total(&[(0.0, PopulationGroup::ALL)]), 0.0);
}

#[test]
fn a_corridor_blocks_the_journeys_that_cross_it() {
    // A box around km 8 to 12, 1 km to both sides of the line.
    let corner = |km, east| at(km, east);
    let corridor = vec![corner(8.0, -1.0), corner(8.0, 1.0), corner(12.0, 1.0), corner(12.0, -1.0)];
    let road = |delay: Option<u32>, corridor: Vec<Position>| {
        let delay = delay.map(Seconds::from_minutes);
        Change::Road(Road { from: vec![], to: vec![], corridor, delay })
    };
    let times = |region: &Region, place: &str| -> Vec<(String, u32)> {
        let id = region.find_place(place).unwrap();
        let key = |id: HospitalId| region.network()[id].key.clone();
        region.from_centre(id).map(|(id, time)| (key(id), time.0 / 60)).collect()
    };
    let named = |list: &[(&str, u32)]| -> Vec<(String, u32)> {
        list.iter().map(|&(key, time)| (key.to_owned(), time)).collect()
    };
    // From km 5 only the way to a at km 0 does not cross.
    let (_, region) = under(&[road(None, corridor.clone())]);
    assert_eq!(times(&region, "p0"), named(&[("a", 5)]));
    assert_eq!(times(&region, "p2"), named(&[("b", 10), ("c", 30)]));
    let (_, region) = under(&[road(Some(7), corridor.clone())]);
    assert_eq!(times(&region, "p0"), named(&[("a", 5), ("b", 22), ("c", 62)]));
    // A journey that ends in it is concerned, and one that only touches its border.
    let around_b = vec![corner(20.0, 0.0), corner(22.0, 1.0), corner(22.0, -1.0)];
    let (_, region) = under(&[road(Some(1), around_b)]);
    assert_eq!(times(&region, "p1"), named(&[("b", 6), ("a", 15), ("c", 46)]));
    // East of the line it concerns nobody; lists and corridor must both fit.
    let aside = vec![corner(8.0, 1.0), corner(12.0, 1.0), corner(12.0, 2.0)];
    let (_, region) = under(&[road(None, aside)]);
    assert_eq!(times(&region, "p0").len(), 3);
    let both = Road { from: vec!["p0".into()], to: vec!["c".into()], corridor, delay: None };
    let (_, region) = under(&[Change::Road(both)]);
    assert_eq!(times(&region, "p0"), named(&[("a", 5), ("b", 15)]));
    assert_eq!(times(&region, "p1").len(), 3);
}

#[test]
fn transfers_take_the_roads_that_no_place_is_named_for() {
    // Minutes from a (km 0), b (km 20) and c (km 60) to each other.
    let minutes = |region: &Region| -> Vec<Option<u32>> {
        let id = |key: &str| region.network().find(key).unwrap();
        let pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("b", "c"), ("c", "b"), ("b", "b")];
        let time = |(from, to)| region.between(id(from), id(to)).map(|time| time.0 / 60);
        pairs.map(time).to_vec()
    };
    let road = |from: &[&str], to: &[&str], corridor: &[Position], delay: Option<u32>| {
        let keys = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
        let delay = delay.map(Seconds::from_minutes);
        Change::Road(Road { from: keys(from), to: keys(to), corridor: corridor.to_vec(), delay })
    };
    let (_, region) = under(&[]);
    assert_eq!(minutes(&region), [20, 20, 60, 40, 40, 0].map(Some));
    // Around km 8 to 12: between b and c nothing changes. Around b itself: who stays there travels nowhere.
    let at_10 = [at(8.0, -1.0), at(8.0, 1.0), at(12.0, 1.0), at(12.0, -1.0)];
    let (_, region) = under(&[road(&[], &[], &at_10, Some(7))]);
    assert_eq!(minutes(&region), [27, 27, 67, 40, 40, 0].map(Some));
    let around_b = [at(19.0, -1.0), at(19.0, 1.0), at(21.0, 1.0), at(21.0, -1.0)];
    let (_, region) = under(&[road(&[], &[], &around_b, None)]);
    assert_eq!(minutes(&region), [None, None, None, None, None, Some(0)]);
    // To b only, from wherever; a road from a place concerns no transfer.
    let (_, region) = under(&[road(&[], &["b"], &[], Some(5))]);
    assert_eq!(minutes(&region), [25, 20, 60, 40, 45, 0].map(Some));
    let (_, region) = under(&[road(&["p0"], &["b"], &[], Some(5))]);
    assert_eq!(minutes(&region), [20, 20, 60, 40, 40, 0].map(Some));
}

#[test]
fn a_change_counts_from_its_day_until_its_end() {
    let model = line();
    let mut pause = scenario(&[Change::CloseHospital("a".into())]);
    pause.changes[0].until = Some("2026-03-01".parse().unwrap());
    let count = |at: &str| {
        let changed = verbund::scenario::under(&model, &[&pause], at.parse().unwrap()).unwrap();
        changed.network.hospitals().len()
    };
    let counts = ["2026-01-31 23:59", "2026-02-01", "2026-02-28 23:59", "2026-03-01"].map(count);
    assert_eq!(counts, [3, 2, 2, 3]);
    assert_eq!(pause.settled_on(), None, "nothing of it lasts");
    // All lasting changes are in force on the last of their days, at its end.
    let mut two =
        scenario(&[Change::EndCooperation("ab".into()), Change::EndCooperation("tele".into())]);
    two.changes[1].on = "2026-05-01 06:00".parse().unwrap();
    assert_eq!(two.settled_on(), Some("2026-05-02".parse().unwrap()));
    two.changes[1].on = "2026-05-01".parse().unwrap();
    assert_eq!(two.settled_on(), Some("2026-05-01".parse().unwrap()));
}

#[test]
fn what_rested_on_a_change_that_is_over_is_over_too() {
    let model = line();
    let new = Box::new(hospital("n", at(50.0, 0.0), 3));
    let facility = Facility::new("f");
    let set = Change::SetFacility(NewFacility { hospital: "n".into(), facility });
    let mut both = scenario(&[Change::OpenHospital(new), set]);
    both.changes[0].until = Some("2026-03-01".parse().unwrap());
    let on = |at: &str| verbund::scenario::under(&model, &[&both], at.parse().unwrap()).unwrap();
    assert_eq!(one(&on("2026-02-01"), "n").facilities.len(), 1);
    assert!(on("2026-03-01").network.find("n").is_none());
}

#[test]
fn scenarios_follow_each_other_by_time_and_then_by_list() {
    let model = line();
    let size = |beds| Change::ResizeHospital(HospitalSize { hospital: "a".into(), beds });
    let (first, second) = (scenario(&[size(20)]), scenario(&[size(30)]));
    let beds = |scenarios: &[&Scenario]| {
        let changed =
            verbund::scenario::under(&model, scenarios, "2026-12-31".parse().unwrap()).unwrap();
        one(&changed, "a").beds
    };
    assert_eq!(beds(&[&first, &second]), Some(30));
    assert_eq!(beds(&[&second, &first]), Some(20));
    let mut late = first.clone();
    late.changes[0].on = "2026-02-02".parse().unwrap();
    assert_eq!(beds(&[&late, &second]), Some(20), "the later one counts, whatever the list");
}

#[test]
fn a_travel_model_of_ones_own_is_kept_and_asked_for_what_is_new() {
    // Three minutes a kilometre, but an hour from "p3" to "n", which opens at km 50.
    let travel = || -> Arc<dyn TravelModel> {
        Arc::new(from_fn("on foot", |from, to| {
            let minutes = (from.distance_to(to) * 0.003).round() as u32;
            let is_hilly = (from.key, to.key) == ("p3", "n");
            Ok(Some(Seconds::from_minutes(if is_hilly { 60 } else { minutes })))
        }))
    };
    let model = line();
    let moment = "2026-02-01".parse().unwrap();
    let region = Region::with_travel(&model, day(), travel(), Region::CUTOFF).unwrap();
    let close = Change::CloseHospital("a".into());
    let open = Change::OpenHospital(Box::new(hospital("n", at(50.0, 0.0), 3)));
    for changes in [vec![close.clone()], vec![open.clone()], vec![close, open]] {
        let scenario = scenario(&changes);
        let after = region.apply(&[&scenario], moment).unwrap();
        let changed = verbund::scenario::under(&model, &[&scenario], moment).unwrap();
        let measured = Region::with_travel(&changed, day(), travel(), Region::CUTOFF).unwrap();
        assert!(after == measured, "{changes:?}");
    }
}

#[test]
fn a_journey_that_the_travel_model_cannot_tell_is_named() {
    let travel = from_fn("a service", |from, to| match (from.key, to.key) {
        (_, "n") => Err(format!("no answer for {}", from.key).into()),
        _ => Ok(Some(Seconds::from_minutes(10))),
    });
    let region = Region::with_travel(&line(), day(), Arc::new(travel), Region::CUTOFF).unwrap();
    let open = scenario(&[Change::OpenHospital(Box::new(hospital("n", at(50.0, 0.0), 3)))]);
    let error = region.apply(&[&open], "2026-02-01".parse().unwrap()).unwrap_err();
    // The southernmost place comes first.
    let told = "no time for the journey from \"p3\" to \"n\": no answer for p3";
    assert_eq!(error.to_string(), told);
}

#[test]
fn what_the_shipped_scenarios_change() {
    let all = Folder::leipzig().read().unwrap();
    let under = |name: &str, day: &str| {
        let model = all.as_of(day.parse().unwrap());
        let scenario = verbund::scenario::Scenario::in_folder(
            &Folder::leipzig(),
            name,
            &model.network,
            &model.places,
        )
        .unwrap();
        let moment = DateTime::from(scenario.settled_on().unwrap());
        let changed = verbund::scenario::under(&model, &[&scenario], moment).unwrap();
        let day = model.network.date();
        let region = Region::new(&model, day).unwrap().apply(&[&scenario], moment).unwrap();
        assert!(region == Region::new(&changed, day).unwrap(), "{name}");
        changed
    };
    let today = "2026-01-01";
    assert!(under("schkeuditz-closed", "2025-05-01").network.find("helios-schkeuditz").is_none());
    let model = under("sana-wurzen-26-beds", "2025-01-01");
    let wurzen = one(&model, "sana-wurzen");
    // 10 obstetrics, 4 gynaecology, 10 paediatrics, 2 internal medicine
    assert_eq!((wurzen.beds, wurzen.emergency_level), (Some(26), None));
    assert_eq!(wurzen.departments.iter().filter_map(|one| one.beds).sum::<u32>(), 10 + 4 + 10 + 2);
    assert_eq!(wurzen.departments[0].hours.open_hours(), 5 * 11);
    assert!(one(&model, "sana-grimma").operator.contains("Sana 89.9 %"));
    let model = under("grimma-delivery-ward-closed", "2023-10-01");
    assert!(!one(&model, "sana-grimma").has_specialty("obstetrics"));
    let model = under("merger-delitzsch-eilenburg", today);
    let delitzsch = one(&model, "kkh-delitzsch");
    assert_eq!(
        (delitzsch.beds, delitzsch.beds_of("internal_medicine")),
        (Some(270), Some(67 + 74))
    );
    assert_eq!(delitzsch.facility("icu").unwrap().count, Some(7 + 6));
    assert!(delitzsch.has_specialty("obstetrics"));
    let model = under("ukl-st-georg-concentrate", today);
    assert_eq!(one(&model, "ukl-leipzig").beds_of("neonatology"), Some(51 + 21));
    assert_eq!(one(&model, "ukl-leipzig").beds, Some(1433 + 21 + 25));
    let model = under("tele-stroke-eilenburg-ends", today);
    assert_eq!(
        model.network.cooperations().len() + 2,
        all.as_of(all.network.date()).network.cooperations().len()
    );
    // Sum of people-2035.csv without the places outside, by a script.
    let model = under("demography-2035", today);
    let inside = model.places.places.iter().filter(|place| !place.outside);
    assert_eq!(inside.map(|place| place.population.people()).sum::<u64>(), 1_038_325);
}
